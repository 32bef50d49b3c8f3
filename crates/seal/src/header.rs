//! The header of an age v1 file (C2SP age specification): who can open it, under a MAC of the file key.
//!
//! ```text
//! age-encryption.org/v1
//! -> mlkem768x25519 <argument>…
//! <body in base64, 64 characters a line, the last one shorter, if need be empty>
//! --- <HMAC-SHA256 of everything up to here, base64>
//! ```

use data_encoding::BASE64_NOPAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::file::OpenError;

/// The first line.
pub(crate) const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";
pub(crate) const MAGIC: &[u8] = b"age-encryption.org/";
pub(crate) const STANZA: &[u8] = b"->";
pub(crate) const LAST_LINE: &[u8] = b"---";
/// Base64 characters of a full line.
pub(crate) const COLUMNS: usize = 64;
/// Bytes of a file key.
pub(crate) const FILE_KEY_BYTES: usize = 16;

/// The key of one file, from which its MAC and payload keys come. Wiped when dropped.
pub struct FileKey(Zeroizing<[u8; FILE_KEY_BYTES]>);

impl FileKey {
    pub(crate) fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = Zeroizing::new([0; FILE_KEY_BYTES]);
        rng.fill_bytes(key.as_mut_slice());
        Self(key)
    }

    /// The key of these bytes.
    pub fn new(bytes: [u8; FILE_KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for another implementation of the format.
    pub fn as_bytes(&self) -> &[u8; FILE_KEY_BYTES] {
        &self.0
    }

    /// HKDF-SHA256 with the file key as its input.
    pub(crate) fn derive(&self, salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let expanded = Hkdf::<Sha256>::new(Some(salt), self.0.as_slice()).expand(info, key.as_mut_slice());
        // Unwrap safety: 32 bytes are far below what HKDF can give.
        expanded.expect("one block");
        key
    }

    fn mac(&self, covered: &[u8]) -> Hmac<Sha256> {
        let key = self.derive(&[], b"header");
        // Unwrap safety: HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("any length fits");
        mac.update(covered);
        mac
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(…)")
    }
}

/// The file key wrapped for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stanza {
    /// The kind of recipient.
    pub tag: String,
    /// What the kind needs beside the body, visible ASCII.
    pub args: Vec<String>,
    /// Usually the sealed file key.
    pub body: Vec<u8>,
}

impl Stanza {
    fn write(&self, header: &mut Vec<u8>) {
        header.extend_from_slice(STANZA);
        for word in std::iter::once(&self.tag).chain(&self.args) {
            header.push(b' ');
            header.extend_from_slice(word.as_bytes());
        }
        header.push(b'\n');
        let body = BASE64_NOPAD.encode(&self.body);
        let mut lines = body.as_bytes().chunks_exact(COLUMNS);
        for line in lines.by_ref() {
            header.extend_from_slice(line);
            header.push(b'\n');
        }
        header.extend_from_slice(lines.remainder());
        header.push(b'\n');
    }
}

/// The bytes of a header.
pub(crate) fn write(file_key: &FileKey, stanzas: &[Stanza]) -> Vec<u8> {
    let mut header = FIRST_LINE.to_vec();
    for stanza in stanzas {
        stanza.write(&mut header);
    }
    header.extend_from_slice(LAST_LINE);
    let mac = file_key.mac(&header).finalize().into_bytes();
    header.push(b' ');
    header.extend_from_slice(BASE64_NOPAD.encode(&mac).as_bytes());
    header.push(b'\n');
    header
}

/// A header as read; nothing in it is proven before [`Header::verify`].
pub(crate) struct Header {
    pub(crate) stanzas: Vec<Stanza>,
    covered: Vec<u8>,
    mac: [u8; 32],
}

impl Header {
    /// Parses a header with all its lines. One header has one spelling: anything else than what [`write`] could have written is refused.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, OpenError> {
        Self::read(bytes).ok_or(OpenError::Malformed)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(FIRST_LINE)?.strip_suffix(b"\n")?;
        let mut lines = rest.split(|&byte| byte == b'\n').peekable();
        let mut stanzas = Vec::new();
        loop {
            let line = lines.next()?;
            if let Some(mac) = line.strip_prefix(LAST_LINE) {
                let mac = BASE64_NOPAD.decode(mac.strip_prefix(b" ")?).ok()?.try_into().ok()?;
                // A passphrase gives nobody else's file away, so its stanza has to be the only one (the specification's rule).
                let mixed = stanzas.len() > 1 && stanzas.iter().any(|stanza: &Stanza| stanza.tag == "scrypt");
                if stanzas.is_empty() || mixed || lines.next().is_some() {
                    return None;
                }
                let covered = bytes[..bytes.len() - 1 - line.len() + LAST_LINE.len()].to_vec();
                return Some(Self { stanzas, covered, mac });
            }
            let mut words = line.strip_prefix(STANZA)?.strip_prefix(b" ")?.split(|&byte| byte == b' ');
            let mut text = || {
                let word = words.next()?;
                let visible = !word.is_empty() && word.iter().all(u8::is_ascii_graphic);
                Some(visible.then(|| String::from_utf8_lossy(word).into_owned()))
            };
            let tag = text()??;
            let args = std::iter::from_fn(text).collect::<Option<Vec<_>>>()?;
            let mut body = Vec::new();
            loop {
                let line = lines.next()?;
                body.extend_from_slice(line);
                match line.len() {
                    COLUMNS => {}
                    0..COLUMNS => break,
                    _ => return None,
                }
            }
            stanzas.push(Stanza { tag, args, body: BASE64_NOPAD.decode(&body).ok()? });
        }
    }

    /// Whether the file key made this header.
    pub(crate) fn verify(&self, file_key: &FileKey) -> Result<(), OpenError> {
        file_key.mac(&self.covered).verify_slice(&self.mac).map_err(|_| OpenError::HeaderChanged)
    }
}
