//! Canonical bytes of what is signed or hashed. JSON has many spellings of one value, so nothing is ever signed as re-serialised JSON:
//! each field goes in as a length (four bytes, big-endian) and its bytes, in a fixed order, optional ones as an empty or one-item list.

/// Collects length-prefixed fields.
#[derive(Debug, Default)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes with their length.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    /// Adds a text as UTF-8.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a number, eight bytes big-endian.
    #[must_use]
    pub fn number(self, number: u64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Adds a count and then each item.
    #[must_use]
    pub fn list<T>(self, items: &[T], each: impl Fn(Self, &T) -> Self) -> Self {
        items.iter().fold(self.number(items.len() as u64), each)
    }

    /// Adds a text that may be missing, which differs from an empty one.
    #[must_use]
    pub fn optional(self, text: Option<&str>) -> Self {
        match text {
            None => self.number(0),
            Some(text) => self.number(1).text(text),
        }
    }

    /// All of it.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}
