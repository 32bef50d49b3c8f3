#![doc = include_str!("../README.md")]

pub mod console;
pub mod engine;
pub mod header;
pub mod limits;
pub mod path;
pub mod problem;
pub mod reporter;
pub mod reviewing;
pub mod ticket;

/// Bytes as base64url without padding in JSON.
pub mod base64 {
    use data_encoding::BASE64URL_NOPAD;
    use serde::{Deserialize, Deserializer, Serializer, de};

    /// Writes the text form.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64URL_NOPAD.encode(bytes))
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// On characters outside the alphabet, padding or stray bits.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| de::Error::custom("is not base64url without padding"))
    }
}
