//! Which attachment the hammer's report of a seed has.

use recourse_store::conformance::sample;

/// Bytes of one chunk of its upload.
pub(crate) const CHUNK: usize = 24 << 10;

/// Every third report has one, of two chunks; all have one where `always`.
pub(crate) fn of(seed: u64, always: bool) -> Option<Vec<u8>> {
    (always || seed.is_multiple_of(3)).then(|| sample::bytes("attachment", seed, 40_000))
}
