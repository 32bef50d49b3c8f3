use std::io::Read as _;

use proptest::prelude::*;
use recourse_seal::blob::{BlobOpener, BlobSealer, open, seal, sealed_size};
use recourse_seal::file::{self, OpenError, SealError};
use recourse_seal::hash::sha256;
use recourse_seal::kem::Recipient;
use recourse_seal::pad::padme;

use crate::{identity, noise, rng};

const CHUNK: usize = 64 << 10;

fn recipients(count: u8) -> Vec<Recipient> {
    (1..=count).map(|seed| identity(seed).to_recipient()).collect()
}

/// Seals in pieces, taking out as it goes, and checks everything that was promised.
fn check(length: usize, count: u8, piece: usize, round: u8) {
    let content = noise(length);
    let mut sealer = BlobSealer::new(&mut rng(round), &recipients(count), length as u64).unwrap();
    let mut sealed = Vec::new();
    for piece in content.chunks(piece) {
        sealer.push(piece).unwrap();
        sealed.extend(sealer.take());
    }
    let end = sealer.finish().unwrap();
    sealed.extend(&end.rest);
    assert_eq!(sealed.len() as u64, sealed_size(length as u64, count.into()), "{length} bytes, {count} recipients");
    assert_eq!(end.size, sealed.len() as u64);
    assert_eq!(end.sha256, sha256(&sealed));
    assert_eq!(open(identity(count), &sealed).unwrap(), content);
}

#[test]
fn the_announced_size_is_exact() {
    let edges = [0, 1, 2, 7, 8, 9, 1000, CHUNK, 2 * CHUNK, 1 << 20];
    for length in edges
        .into_iter()
        .flat_map(|edge| [edge.saturating_sub(9), edge.saturating_sub(8), edge.saturating_sub(1), edge, edge + 1])
    {
        check(length, 1, 10_000, 1);
    }
    // Padded to just under, at and just over whole chunks, where the random header can push the end over the edge. Many rounds: it is random.
    for length in [CHUNK - 520, CHUNK - 264, CHUNK - 200, CHUNK - 8, CHUNK - 7] {
        for round in 0..12 {
            check(length, 2, CHUNK, round);
        }
    }
    check(3_000_000, 3, 70_000, 1);
}

#[test]
fn lengths_that_pad_alike_seal_alike() {
    assert_eq!(padme(1_000_008), padme(1_000_100));
    assert_eq!(sealed_size(1_000_000, 2), sealed_size(1_000_092, 2));
    assert!(sealed_size(1_000_000, 3) > sealed_size(1_000_000, 2));
}

#[test]
fn sealed_bytes_come_out_while_content_goes_in() {
    let mut sealer = BlobSealer::new(&mut rng(1), &recipients(1), 10 * CHUNK as u64).unwrap();
    let mut most = 0;
    for _ in 0..10 {
        sealer.push(&noise(CHUNK)).unwrap();
        most = most.max(sealer.take().len());
    }
    assert!(most > 0 && most < 2 * CHUNK, "{most}");
}

#[test]
fn the_announced_length_is_kept() {
    let mut sealer = BlobSealer::new(&mut rng(1), &recipients(1), 10).unwrap();
    sealer.push(&[0; 9]).unwrap();
    assert_eq!(sealer.push(&[0; 2]), Err(SealError::TooLong));
    assert_eq!(sealer.finish().unwrap_err(), SealError::TooShort);
    assert_eq!(BlobSealer::new(&mut rng(1), &recipients(1), u64::MAX).unwrap_err(), SealError::TooLong);
    assert_eq!(BlobSealer::new(&mut rng(1), &[], 10).unwrap_err(), SealError::NoRecipients);
}

#[test]
fn opening_streams_and_proves_the_end() {
    let content = noise(300_000);
    let sealed = seal(&mut rng(1), &recipients(1), &content).unwrap().rest;
    let mut opener = BlobOpener::new(identity(1), sealed.as_slice()).unwrap();
    assert_eq!(opener.length(), 300_000);
    let mut opened = Vec::new();
    opener.read_to_end(&mut opened).unwrap();
    assert_eq!(opened, content);
    assert_eq!(opener.read_some(&mut [0; 10]), Ok(0));

    // All of the content is there, only the padding was cut: still no whole blob.
    let cut = &sealed[..sealed.len() - 20];
    let mut opener = BlobOpener::new(identity(1), cut).unwrap();
    assert!(opener.read_to_end(&mut Vec::new()).is_err());
    assert_eq!(open(identity(1), cut), Err(OpenError::Damaged));
    assert_eq!(open(identity(2), &sealed), Err(OpenError::NoMatchingKey));
}

#[test]
fn what_is_not_laid_out_as_a_blob_is_refused() {
    for inside in [&b""[..], b"\0\0\0", b"\0\0\0\0\0\0\0\x05abcd", &[255; 64], b"\0\0\0\0\0\0\0\x01ab"] {
        let sealed = file::seal(&mut rng(1), &recipients(1), inside).unwrap();
        assert_eq!(open(identity(1), &sealed), Err(OpenError::Layout), "{inside:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_length_in_any_pieces(length in 0..400_000usize, count in 1..4u8, piece in 1..100_000usize, round: u8) {
        check(length, count, piece, round);
    }
}

proptest! {
    #[test]
    fn padme_is_close_above_and_idempotent(length in 2..u64::MAX / 2) {
        let padded = padme(length);
        prop_assert!(padded >= length);
        prop_assert!(padded - length <= length / 8 + 1);
        prop_assert_eq!(padme(padded), padded);
    }
}

#[test]
fn sealed_again_the_same_content_gives_the_same_bytes() {
    for length in [0, 1, CHUNK - 8, CHUNK + 1, 3 * CHUNK] {
        let fresh = BlobSealer::new(&mut rng(4), &recipients(2), length as u64).unwrap();
        let seal = |content: &[u8]| {
            let mut sealer = fresh.again();
            sealer.push(content).unwrap();
            let end = sealer.finish().unwrap();
            (end.sha256, end.rest)
        };
        let content = noise(length);
        let (first, again) = (seal(&content), seal(&content));
        assert_eq!(first, again, "{length} bytes");
        assert_eq!(open(identity(1), &again.1).unwrap(), content);
        if length > 0 {
            // What tells the caller that this must not get out.
            let mut other = content.clone();
            other[length - 1] ^= 1;
            assert_ne!(seal(&other).0, first.0, "{length} bytes");
        }
    }
}
