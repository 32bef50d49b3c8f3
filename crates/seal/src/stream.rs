//! The payload of an age v1 file: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over ChaCha20-Poly1305 in chunks of 64 KiB, whose last says
//! that it is the last.

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce, Tag};
use zeroize::Zeroizing;

use crate::header::FileKey;

/// Bytes of plaintext in every chunk but the last.
pub(crate) const CHUNK: usize = 64 << 10;
/// Bytes that each chunk grows by.
pub(crate) const TAG: usize = 16;
/// Bytes of a full sealed chunk.
pub(crate) const SEALED_CHUNK: usize = CHUNK + TAG;
/// Bytes of the nonce between header and first chunk.
pub(crate) const NONCE: usize = 16;

/// Seals or opens the chunks of one file, in order.
#[derive(Clone)]
pub(crate) struct Stream {
    cipher: ChaCha20Poly1305,
    counter: u64,
}

impl Stream {
    pub(crate) fn new(file_key: &FileKey, nonce: &[u8; NONCE]) -> Self {
        let key: Zeroizing<Key> = Zeroizing::new((*file_key.derive(nonce, b"payload")).into());
        Self { cipher: ChaCha20Poly1305::new(&key), counter: 0 }
    }

    /// How many chunks went before.
    pub(crate) const fn counter(&self) -> u64 {
        self.counter
    }

    /// Eleven bytes count (64 bits are never used up), the twelfth marks the last.
    fn nonce(&self, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.counter.to_be_bytes());
        nonce[11] = u8::from(last);
        nonce.into()
    }

    /// Seals a chunk in place and appends its tag.
    pub(crate) fn seal(&mut self, chunk: &mut Vec<u8>, last: bool) {
        let tag = self.cipher.encrypt_inout_detached(&self.nonce(last), &[], chunk.as_mut_slice().into());
        // Unwrap safety: a chunk is far below the cipher's limit of 256 GiB.
        chunk.extend_from_slice(&tag.expect("64 KiB fit"));
        self.counter += 1;
    }

    /// Opens a chunk in place and takes its tag off; on failure the chunk is as it was.
    pub(crate) fn open(&mut self, chunk: &mut Vec<u8>, last: bool) -> bool {
        let Some(length) = chunk.len().checked_sub(TAG) else { return false };
        let (content, tag) = chunk.split_at_mut(length);
        let Ok(tag) = Tag::try_from(&*tag) else { return false };
        if self.cipher.decrypt_inout_detached(&self.nonce(last), &[], content.into(), &tag).is_err() {
            return false;
        }
        chunk.truncate(length);
        self.counter += 1;
        true
    }
}
