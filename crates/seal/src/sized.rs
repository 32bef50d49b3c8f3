//! Sealed files of a size known beforehand.
//!
//! `age` puts a stanza of random length into every header, so that readers learn to skip what they don't know. An upload must announce its
//! length before it is sealed, and the length of a body should say nothing but its class. So the random part is evened out inside: a few more
//! zero bytes behind the padding, exactly as many as the random stanza is short of [`GREASE_LIMIT`].

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand_core::CryptoRng;

use crate::file::{SealError, SealWriter};
use crate::hash::Sha256Stream;
use crate::kem::{ENCAPSULATED_BYTES, Recipient};

/// More than the longest random stanza of `age-core` 0.11 (190 bytes). Should a later one write longer ones, they are drawn again.
const GREASE_LIMIT: u64 = 256;
const DRAWS: usize = 16;

const NONCE: u64 = 16;
const CHUNK: u64 = 64 << 10;
const TAG: u64 = 16;
const SEALED_CHUNK: u64 = CHUNK + TAG;

/// First and last line: `age-encryption.org/v1`, `--- ` and 43 characters.
const FRAME: u64 = 22 + 48;
/// A hybrid stanza: `-> mlkem768x25519 `, the encapsulated key, a line of 43 characters for the file key.
const STANZA: u64 = 18 + (ENCAPSULATED_BYTES as u64 * 4).div_ceil(3) + 1 + 44;

/// Size of a sealed file of `padded` bytes and what evens it out; saturates.
pub(crate) const fn sealed_size(padded: u64, recipients: usize) -> u64 {
    header_limit(recipients).saturating_add(NONCE).saturating_add(stream_floor(padded))
}

/// A sealed file in the making. Its bytes are taken out as they come.
pub(crate) struct SizedSealer {
    writer: SealWriter<Outlet>,
    outlet: Outlet,
    /// Zero bytes still to be written behind the padded content.
    filler: u64,
}

impl SizedSealer {
    pub(crate) fn new(rng: &mut impl CryptoRng, recipients: &[Recipient], padded: u64) -> Result<Self, SealError> {
        for _ in 0..DRAWS {
            let outlet = Outlet::default();
            let writer = SealWriter::new(rng, recipients, outlet.clone())?;
            let header = outlet.lock().size;
            let Some(stream) = sealed_size(padded, recipients.len()).checked_sub(header) else { continue };
            if header <= header_limit(recipients.len()) + NONCE {
                let filler = plaintext_of(stream).checked_sub(padded).ok_or(SealError::TooLong)?;
                return Ok(Self { writer, outlet, filler });
            }
        }
        Err(SealError::Header)
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
        std::mem::take(&mut self.outlet.lock().bytes)
    }

    /// The last bytes, the size of all and their SHA-256. Exactly the announced number of bytes must have been pushed.
    pub(crate) fn finish(mut self) -> Result<(Vec<u8>, u64, [u8; 32]), SealError> {
        self.push_zeros(self.filler)?;
        let Self { writer, outlet, .. } = self;
        writer.finish()?;
        let mut state = outlet.lock();
        let bytes = std::mem::take(&mut state.bytes);
        let hash = std::mem::take(&mut state.hash);
        Ok((bytes, state.size, hash.finish()))
    }
}

impl fmt::Debug for SizedSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SizedSealer").field("size", &self.outlet.lock().size).finish_non_exhaustive()
    }
}

/// Where sealed bytes wait: `age`'s writer keeps its end of it, we take from ours. A lock, not a cell, so that a sealer may cross threads.
#[derive(Clone, Default)]
struct Outlet(Arc<Mutex<OutletState>>);

#[derive(Default)]
struct OutletState {
    bytes: Vec<u8>,
    size: u64,
    hash: Sha256Stream,
}

impl Outlet {
    fn lock(&self) -> MutexGuard<'_, OutletState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.lock();
        state.bytes.extend_from_slice(bytes);
        state.size += bytes.len() as u64;
        state.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const fn header_limit(recipients: usize) -> u64 {
    STANZA.saturating_mul(recipients as u64).saturating_add(FRAME + GREASE_LIMIT)
}

/// Bytes of the encrypted stream of `plaintext` bytes: each started chunk has a tag, and an empty file has one chunk.
const fn stream_of(plaintext: u64) -> u64 {
    let chunks = if plaintext == 0 { 1 } else { plaintext.div_ceil(CHUNK) };
    plaintext.saturating_add(chunks.saturating_mul(TAG))
}

/// The inverse of [`stream_of`].
const fn plaintext_of(stream: u64) -> u64 {
    stream - stream.div_ceil(SEALED_CHUNK) * TAG
}

/// The smallest stream that holds `padded` bytes and has every one of the next [`GREASE_LIMIT`] sizes above it possible too. Sizes of 1 to 16
/// bytes beyond whole chunks are not: a new chunk starts with a tag and at least one byte.
const fn stream_floor(padded: u64) -> u64 {
    let smallest = stream_of(padded);
    let chunks = smallest.saturating_add(GREASE_LIMIT) / SEALED_CHUNK;
    let whole = chunks.saturating_mul(SEALED_CHUNK);
    let crosses = chunks > 0 && smallest.saturating_add(GREASE_LIMIT) > whole && smallest <= whole.saturating_add(TAG);
    if crosses { whole.saturating_add(TAG + 1) } else { smallest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_that_grease_may_ask_for_is_possible() {
        let around: Vec<u64> =
            (0..4).flat_map(|k| (0..700).map(move |d| (k * CHUNK).saturating_add(d).saturating_sub(350))).collect();
        for padded in around {
            let floor = stream_floor(padded);
            assert!(floor >= stream_of(padded));
            for grease in 0..=GREASE_LIMIT {
                let plaintext = plaintext_of(floor + grease);
                assert!(plaintext >= padded, "{padded} {grease}");
                assert_eq!(stream_of(plaintext), floor + grease, "{padded} {grease}");
            }
        }
    }

    #[test]
    fn sizes_do_not_overflow() {
        assert_eq!(sealed_size(u64::MAX, usize::MAX), u64::MAX);
    }
}
