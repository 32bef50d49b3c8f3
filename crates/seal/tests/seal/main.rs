//! Tests of the crate at its public boundary.
#![allow(clippy::unwrap_used, missing_docs)]

mod blobs;
mod bodies;
mod chains;
mod files;
mod golden;
mod keys;
mod other;
mod receipts;
mod signatures;

use std::sync::LazyLock;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use recourse_seal::kem::Identity;

/// Randomness that is the same in every run.
pub(crate) fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

/// One of ten, made once: without optimisation a key costs several milliseconds.
pub(crate) fn identity(seed: u8) -> Identity {
    static IDENTITIES: LazyLock<Vec<Identity>> =
        LazyLock::new(|| (0..10).map(|seed| Identity::from_seed([seed; 32])).collect());
    IDENTITIES[usize::from(seed)].clone()
}

/// Bytes without pattern, so that a swap or shift shows; at most 3 MB.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut bytes = vec![0; 3_000_000];
        rng(200).fill_bytes(&mut bytes);
        bytes
    });
    NOISE[..length].to_vec()
}
