use proptest::prelude::*;
use recourse_seal::body::{open, seal, seal_with_decoy, sealed_sizes};
use recourse_seal::file::{self, OpenError, SealError};
use recourse_seal::pad::{self, BODY_LIMIT, BODY_SIZES, PadError};

use crate::{identity, noise, rng};

/// Sealed many times, because the header has a part of random length.
#[test]
fn the_size_tells_the_class_and_nothing_else() {
    for (class, size) in BODY_SIZES.into_iter().enumerate() {
        let smallest = if class == 0 { 0 } else { BODY_SIZES[class - 1] - 7 };
        for length in [smallest, size - 9, size - 8] {
            for round in 0..5 {
                let recipients = [identity(1).to_recipient(), identity(2).to_recipient()];
                let sealed = seal(&mut rng(round), &recipients, &noise(length)).unwrap();
                assert_eq!(sealed.len() as u64, sealed_sizes(2)[class], "{length}");
                assert_eq!(open(identity(2), &sealed), Ok(noise(length)));
            }
        }
    }
}

#[test]
fn too_long_is_refused() {
    assert_eq!(seal(&mut rng(1), &[identity(1).to_recipient()], &noise(BODY_LIMIT + 1)), Err(SealError::TooLong));
    assert_eq!(pad::body(&noise(BODY_LIMIT + 1)), Err(PadError::TooLong));
    assert_eq!(pad::body(&noise(BODY_LIMIT)).map(|padded| padded.len()), Ok(BODY_SIZES[2]));
}

#[test]
fn a_note_looks_like_a_reply() {
    let group = identity(1);
    let reply = seal(&mut rng(1), &[identity(2).to_recipient(), group.to_recipient()], b"to the reporter").unwrap();
    let note = seal_with_decoy(&mut rng(1), &group.to_recipient(), b"among us").unwrap();
    assert_eq!(note.len(), reply.len());
    let stanzas = |sealed: &[u8]| {
        sealed.split(|&byte| byte == b'\n').filter(|line| line.starts_with(b"-> mlkem768x25519 ")).count()
    };
    assert_eq!((stanzas(&note), stanzas(&reply)), (2, 2));
    assert_eq!(open(&group, &note), Ok(b"among us".to_vec()));
    assert_eq!(open(identity(2), &note), Err(OpenError::NoMatchingKey));
}

#[test]
fn what_is_not_padded_is_refused() {
    let group = identity(1);
    let check = |padded: &[u8]| {
        assert_eq!(pad::unpad_body(padded), Err(PadError::Layout));
        let sealed = file::seal(&mut rng(1), &[group.to_recipient()], padded).unwrap();
        assert_eq!(open(&group, &sealed), Err(OpenError::Layout));
    };
    check(b"");
    check(&[0; 7]);
    check(&[255; 100]);
    // One byte longer than there is.
    check(b"\0\0\0\0\0\0\0\x04abc");
    // Something hidden in the padding.
    let mut hidden = pad::body(b"abc").unwrap();
    hidden[8191] = 1;
    check(&hidden);
}

proptest! {
    #[test]
    fn padding_comes_off(content in prop::collection::vec(any::<u8>(), 0..40_000), more in 0..300usize) {
        let mut padded = pad::body(&content).unwrap();
        prop_assert!(BODY_SIZES.contains(&padded.len()));
        padded.resize(padded.len() + more, 0);
        prop_assert_eq!(pad::unpad_body(&padded), Ok(content.as_slice()));
    }
}
