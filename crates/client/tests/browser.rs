//! Sealing as browsers do it: the same bytes as on any other machine, and how fast.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use data_encoding::HEXLOWER;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use recourse_seal::hash::sha256;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::{blob, body, file};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen]
extern "C" {
    /// Milliseconds, for the figures alone.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn identity(seed: u8) -> Identity {
    Identity::from_seed([seed; 32])
}

fn recipients() -> [Recipient; 2] {
    [identity(1).to_recipient(), identity(2).to_recipient()]
}

/// The value of `sealed_bytes` in `crates/seal/tests/seal/golden.rs`: one seed, one file, whatever the machine.
#[wasm_bindgen_test]
fn the_same_seed_gives_the_same_bytes_as_natively() {
    let sealed = body::seal(&mut rng(1), &recipients(), b"content").unwrap();
    let hash = HEXLOWER.encode(&sha256(&sealed));
    assert_eq!(hash, "8deaff14aa57e99aed7b330505d422b726679970b15ef84b072f575687ddfc59");
}

/// One of each size: beyond 64 KiB a body has several chunks.
#[wasm_bindgen_test]
fn bodies_open_for_each_recipient_and_for_nobody_else() {
    for (length, size) in [0, 20_000, 120_000].into_iter().zip(body::sealed_sizes(2)) {
        let mut content = vec![0; length];
        rng(9).fill_bytes(&mut content);
        let mut sealed = body::seal(&mut rng(3), &recipients(), &content).unwrap();
        assert_eq!(sealed.len() as u64, size);
        assert!(body::open(identity(1), &sealed) == Ok(content.clone()));
        assert!(body::open(identity(2), &sealed) == Ok(content));
        assert_eq!(body::open(identity(3), &sealed), Err(file::OpenError::NoMatchingKey));
        *sealed.last_mut().unwrap() ^= 1;
        assert!(body::open(identity(1), &sealed).is_err());
    }
}

/// Not a bound: test builds leave our own code unoptimised.
#[wasm_bindgen_test]
fn throughput() {
    let content = vec![7; 4 << 20];
    let recipients = recipients();
    let begun = now();
    let sealed = blob::seal(&mut rng(4), &recipients, &content).unwrap();
    let between = now();
    let all = body::seal(&mut rng(4), &recipients, b"report").unwrap();
    let done = now();
    assert_eq!(sealed.size, blob::sealed_size(content.len() as u64, 2));
    let rate = content.len() as f64 / (1 << 20) as f64 / (between - begun) * 1_000.0;
    console_log!("sealing 4 MiB to two: {rate:.0} MiB/s; a body of {} bytes: {:.0} ms", all.len(), done - between);
}
