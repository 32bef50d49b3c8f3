//! Objects of PDF: reading and writing them.

use crate::bytes::{damaged, truncated};
use crate::verdict::Refusal;

// Deeper than any program nests, shallow enough for a worker's stack.
const MAX_DEPTH: u8 = 60;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Null,
    Bool(bool),
    /// As written, so that no digit is lost.
    Number(Vec<u8>),
    Text(Vec<u8>),
    /// Without the slash, decoded.
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    /// By number; generations differ only in files that were never written anew.
    Ref(u32),
}

impl Object {
    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn number(&self) -> Option<usize> {
        if let Self::Number(digits) = self { str::from_utf8(digits).ok()?.parse().ok() } else { None }
    }

    pub(super) fn count(count: usize) -> Self {
        Self::Number(count.to_string().into_bytes())
    }

    pub(super) fn named(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Number(digits) => out.extend_from_slice(digits),
            Self::Text(text) => write_text(text, out),
            Self::Name(name) => write_name(name, out),
            Self::Array(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dict(dict) => dict.write(out),
            Self::Ref(number) => out.extend_from_slice(format!("{number} 0 R").as_bytes()),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Dict(pub(super) Vec<(Vec<u8>, Object)>);

impl Dict {
    pub(super) fn get(&self, key: &[u8]) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(super) fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key)?.name()
    }

    pub(super) fn has(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn set(&mut self, key: &str, value: Object) {
        self.remove(key.as_bytes());
        self.0.push((key.as_bytes().to_vec(), value));
    }

    pub(super) fn remove(&mut self, key: &[u8]) {
        self.0.retain(|(name, _)| name != key);
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<<");
        for (key, value) in &self.0 {
            write_name(key, out);
            out.push(b' ');
            value.write(out);
        }
        out.extend_from_slice(b">>");
    }
}

fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'(');
    for &byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for &byte in name {
        if is_regular(byte) && byte != b'#' && (33..127).contains(&byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

/// Reads objects from some place on.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at: at.min(bytes.len()) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Passes `word` if it is next.
    pub(super) fn eat(&mut self, word: &[u8]) -> bool {
        self.skip_space();
        let next = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if next {
            self.at += word.len();
        }
        next
    }

    fn word(&mut self) -> &'a [u8] {
        let from = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        &self.bytes[from..self.at]
    }

    pub(super) fn integer(&mut self) -> Result<usize, Refusal> {
        self.skip_space();
        let word = self.word();
        str::from_utf8(word).ok().and_then(|word| word.parse().ok()).ok_or_else(damaged)
    }

    /// A dictionary, and nothing else.
    pub(super) fn dict(&mut self) -> Result<Dict, Refusal> {
        if let Object::Dict(dict) = self.object()? { Ok(dict) } else { Err(damaged()) }
    }

    pub(super) fn object(&mut self) -> Result<Object, Refusal> {
        self.nested(0)
    }

    fn nested(&mut self, depth: u8) -> Result<Object, Refusal> {
        if depth > MAX_DEPTH {
            return Err(damaged());
        }
        self.skip_space();
        match self.peek().ok_or_else(truncated)? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal().map(Object::Text),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                let mut dict = Dict::default();
                while !self.eat(b">>") {
                    if self.peek() != Some(b'/') {
                        return Err(damaged());
                    }
                    let key = self.name()?;
                    let value = self.nested(depth + 1)?;
                    // Each key is looked for among the others: this must not become quadratic.
                    if dict.0.len() >= 10_000 {
                        return Err(damaged());
                    }
                    // Of two the last counts for most readers; one alone must be written.
                    dict.remove(&key);
                    dict.0.push((key, value));
                }
                Ok(Object::Dict(dict))
            }
            b'<' => self.hexadecimal().map(Object::Text),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.eat(b"]") {
                    items.push(self.nested(depth + 1)?);
                }
                Ok(Object::Array(items))
            }
            _ => self.keyword(),
        }
    }

    fn keyword(&mut self) -> Result<Object, Refusal> {
        match self.word() {
            b"null" => Ok(Object::Null),
            b"true" => Ok(Object::Bool(true)),
            b"false" => Ok(Object::Bool(false)),
            word if !word.is_empty() && word.iter().all(|byte| b"+-.0123456789".contains(byte)) => {
                Ok(self.reference(word).unwrap_or_else(|| Object::Number(word.to_vec())))
            }
            _ => Err(damaged()),
        }
    }

    /// Two more words make a reference of a number.
    fn reference(&mut self, number: &[u8]) -> Option<Object> {
        let number = str::from_utf8(number).ok()?.parse().ok()?;
        let back = self.at;
        let mut rest = || {
            self.skip_space();
            let generation = self.word();
            (!generation.is_empty() && generation.len() < 6 && generation.iter().all(u8::is_ascii_digit))
                .then_some(())?;
            self.skip_space();
            (self.word() == b"R").then_some(Object::Ref(number))
        };
        let found = rest();
        if found.is_none() {
            self.at = back;
        }
        found
    }

    fn name(&mut self) -> Result<Vec<u8>, Refusal> {
        self.at += 1;
        let word = self.word();
        let mut name = Vec::with_capacity(word.len());
        let mut rest = word;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            match (byte, tail) {
                (b'#', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    name.push(nibble(*high) << 4 | nibble(*low));
                    rest = tail;
                }
                _ => name.push(byte),
            }
        }
        Ok(name)
    }

    fn literal(&mut self) -> Result<Vec<u8>, Refusal> {
        let mut text = Vec::new();
        let mut open = 0u32;
        loop {
            let byte = self.peek().ok_or_else(truncated)?;
            self.at += 1;
            match byte {
                b'(' => {
                    open += 1;
                    if open == 1 {
                        continue;
                    }
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(text);
                    }
                }
                b'\\' => {
                    self.escape(&mut text)?;
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Result<(), Refusal> {
        let byte = self.peek().ok_or_else(truncated)?;
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push(value as u8);
            }
            _ => text.push(byte),
        }
        Ok(())
    }

    fn hexadecimal(&mut self) -> Result<Vec<u8>, Refusal> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            let byte = self.peek().ok_or_else(truncated)?;
            self.at += 1;
            match byte {
                b'>' => break,
                _ if byte.is_ascii_hexdigit() => digits.push(nibble(byte)),
                _ if is_space(byte) => {}
                _ => return Err(damaged()),
            }
        }
        Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect())
    }
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 32) - b'a' + 10,
    }
}
