//! SHA-256: labelled digests of our own structures, plain ones of files, and derivation of secrets from secrets.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::label::Label;

/// SHA-256 over the label, a zero byte, and each part behind its length (four bytes, big-endian).
///
/// # Panics
/// When a part is 4 GiB or longer; such things are hashed with [`Sha256Stream`].
pub fn digest(label: Label, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(label.as_str());
    hash.update([0]);
    for part in parts {
        // Unwrap safety: parts are ids, hashes and records bounded far below this by `wire`.
        let length = u32::try_from(part.len()).expect("a part of a digest is shorter than 4 GiB");
        hash.update(length.to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Plain SHA-256, for files and for what others must be able to recompute with any tool.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Plain SHA-256 of bytes that come in pieces.
#[derive(Debug, Clone, Default)]
pub struct Sha256Stream(Sha256);

impl Sha256Stream {
    /// Nothing hashed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of everything added.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// HMAC-SHA256 (RFC 2104), for what a server hands out and wants to know again: formats of others that leave no room for a label.
pub fn hmac_sha256(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    // Unwrap safety: HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length fits");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// HKDF-SHA256 (RFC 5869) without salt, the label as `info`. `secret` must have at least 128 random bits.
pub(crate) fn derive<const N: usize>(label: Label, secret: &[u8]) -> Zeroizing<[u8; N]> {
    let mut output = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(None, secret)
        .expand(label.as_str().as_bytes(), output.as_mut_slice())
        // Unwrap safety: HKDF-SHA256 gives up to 8160 bytes and every caller asks for 16 or 32.
        .expect("an output of 16 or 32 bytes");
    output
}
