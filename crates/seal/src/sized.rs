//! Sealed files in the making, whose size is known beforehand: an upload must announce its length before it is sealed. Nothing in a header or
//! stream of ours has a random length (the `age` tools add a stanza of random length, which the specification leaves to the writer).

use std::fmt;
use std::io::Write as _;

use rand_core::CryptoRng;

use crate::file::{SealError, SealWriter};
use crate::hash::Sha256Stream;
use crate::kem::{ENCAPSULATED_BYTES, Recipient};
use crate::stream::{CHUNK, NONCE, TAG};

/// First and last line: `age-encryption.org/v1`, `--- ` and 43 characters.
const FRAME: u64 = 22 + 48;
/// A hybrid stanza: `-> mlkem768x25519 `, the encapsulated key, a line of 43 characters for the file key.
const STANZA: u64 = 18 + (ENCAPSULATED_BYTES as u64 * 4).div_ceil(3) + 1 + 44;

/// Size of a sealed file of `padded` bytes; saturates.
pub(crate) const fn sealed_size(padded: u64, recipients: usize) -> u64 {
    let chunks = if padded == 0 { 1 } else { padded.div_ceil(CHUNK as u64) };
    let stream = padded.saturating_add(chunks.saturating_mul(TAG as u64));
    STANZA.saturating_mul(recipients as u64).saturating_add(FRAME + NONCE as u64).saturating_add(stream)
}

/// A sealed file in the making. Its bytes are taken out as they come.
pub(crate) struct SizedSealer {
    writer: SealWriter<Outlet>,
}

/// Where sealed bytes wait.
#[derive(Default, Clone)]
struct Outlet {
    bytes: Vec<u8>,
    size: u64,
    hash: Sha256Stream,
}

impl SizedSealer {
    pub(crate) fn new(rng: &mut impl CryptoRng, recipients: &[Recipient]) -> Result<Self, SealError> {
        SealWriter::new(rng, recipients, Outlet::default()).map(|writer| Self { writer })
    }

    /// See [`SealWriter::twin`].
    pub(crate) fn twin(&self) -> Self {
        Self { writer: self.writer.twin() }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), SealError> {
        self.writer.write_all(bytes).map_err(|error| SealError::Write(error.kind()))
    }

    pub(crate) fn push_zeros(&mut self, mut count: u64) -> Result<(), SealError> {
        const ZEROS: [u8; 4096] = [0; 4096];
        while count > 0 {
            let now = count.min(ZEROS.len() as u64);
            self.push(&ZEROS[..now as usize])?;
            count -= now;
        }
        Ok(())
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.writer.outlet().bytes)
    }

    /// The last bytes, the size of all and their SHA-256.
    pub(crate) fn finish(self) -> Result<(Vec<u8>, u64, [u8; 32]), SealError> {
        let Outlet { bytes, size, hash } = self.writer.finish()?;
        Ok((bytes, size, hash.finish()))
    }
}

impl fmt::Debug for SizedSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SizedSealer(…)")
    }
}

impl std::io::Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        self.size += bytes.len() as u64;
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_do_not_overflow() {
        assert_eq!(sealed_size(u64::MAX, usize::MAX), u64::MAX);
    }
}
