//! Reads JSON as the engine and the server write it: whole numbers, no fractions. A quarter of what a general reader weighs, and it
//! decodes into names and values, which costs a page less than decoding into types (see [`super::heard`]).

/// A value. `null`, and numbers that are not whole, are [`Value::Nothing`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing to read.
    Nothing,
    /// `true` or `false`.
    Flag(bool),
    /// Not negative.
    Number(u64),
    /// Less than nothing, without its sign.
    Minus(u64),
    /// Unescaped.
    Text(String),
    /// In order.
    List(Vec<Value>),
    /// In order; of two members of one name the first counts.
    Object(Vec<(String, Value)>),
}

/// How deep values may lie in each other.
const DEPTH: u32 = 32;

static NOTHING: Value = Value::Nothing;

impl Value {
    /// Reads one value with nothing after it but space.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { left: text.as_bytes() };
        let value = reader.value(DEPTH)?;
        reader.space();
        if reader.left.is_empty() { Some(value) } else { None }
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> &Self {
        if let Self::Object(members) = self {
            for (other, value) in members {
                if other == name {
                    return value;
                }
            }
        }
        &NOTHING
    }

    /// Whether there is something.
    pub fn is_there(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// A text; empty if this is none.
    pub fn as_text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// A member that is text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).as_text().to_owned()
    }

    /// A member that is a number; 0 if it is none.
    pub fn number(&self, name: &str) -> u64 {
        if let Self::Number(number) = self.get(name) { *number } else { 0 }
    }

    /// A number with its sign.
    pub fn as_signed(&self) -> Option<i64> {
        match self {
            Self::Number(number) => i64::try_from(*number).ok(),
            Self::Minus(number) => i64::try_from(*number).ok().map(|number| -number),
            _ => None,
        }
    }

    /// A member that is `true`.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Self::Flag(true))
    }

    /// A member's values.
    pub fn list(&self, name: &str) -> &[Self] {
        if let Self::List(values) = self.get(name) { values } else { &[] }
    }
}

struct Reader<'a> {
    left: &'a [u8],
}

impl Reader<'_> {
    fn space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.left {
            self.left = rest;
        }
    }

    /// Takes that byte if it is next, after space.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        match self.left {
            [first, rest @ ..] if *first == byte => {
                self.left = rest;
                true
            }
            _ => false,
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.left = self.left.strip_prefix(word.as_bytes())?;
        Some(value)
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.space();
        match *self.left.first()? {
            b'{' => {
                let mut members = Vec::new();
                self.take(b'{');
                if !self.take(b'}') {
                    loop {
                        self.space();
                        let name = self.string()?;
                        if !self.take(b':') {
                            return None;
                        }
                        members.push((name, self.value(depth)?));
                        if self.take(b'}') {
                            break;
                        }
                        if !self.take(b',') {
                            return None;
                        }
                    }
                }
                Some(Value::Object(members))
            }
            b'[' => {
                let mut values = Vec::new();
                self.take(b'[');
                if !self.take(b']') {
                    loop {
                        values.push(self.value(depth)?);
                        if self.take(b']') {
                            break;
                        }
                        if !self.take(b',') {
                            return None;
                        }
                    }
                }
                Some(Value::List(values))
            }
            b'"' => self.string().map(Value::Text),
            b't' => self.word("true", Value::Flag(true)),
            b'f' => self.word("false", Value::Flag(false)),
            b'n' => self.word("null", Value::Nothing),
            b'-' => {
                self.take(b'-');
                Some(match self.digits()? {
                    Value::Number(number) => Value::Minus(number),
                    _ => Value::Nothing,
                })
            }
            _ => self.digits(),
        }
    }

    fn digits(&mut self) -> Option<Value> {
        let mut number = Some(0_u64);
        let mut any = false;
        while let [byte @ (b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'), rest @ ..] = self.left {
            any = true;
            number = match byte {
                b'0'..=b'9' => number.and_then(|so_far| so_far.checked_mul(10)?.checked_add(u64::from(byte - b'0'))),
                _ => None,
            };
            self.left = rest;
        }
        any.then(|| number.map_or(Value::Nothing, Value::Number))
    }

    fn string(&mut self) -> Option<String> {
        self.left = self.left.strip_prefix(b"\"")?;
        let mut bytes = Vec::new();
        loop {
            let (byte, rest) = self.left.split_first()?;
            self.left = rest;
            match byte {
                b'"' => return String::from_utf8(bytes).ok(),
                b'\\' => self.escape(&mut bytes)?,
                0..b' ' => return None,
                _ => bytes.push(*byte),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let (byte, rest) = self.left.split_first()?;
        self.left = rest;
        bytes.push(match byte {
            b'"' | b'\\' | b'/' => *byte,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let mut code = self.hex()?;
                if (0xd800..0xdc00).contains(&code) {
                    self.left = self.left.strip_prefix(b"\\u")?;
                    let low = self.hex()?.checked_sub(0xdc00)?;
                    code = 0x1_0000 + ((code - 0xd800) << 10) + low;
                }
                bytes.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes());
                return Some(());
            }
            _ => return None,
        });
        Some(())
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let (byte, rest) = self.left.split_first()?;
            self.left = rest;
            code = code * 16 + (*byte as char).to_digit(16)?;
        }
        Some(code)
    }
}
