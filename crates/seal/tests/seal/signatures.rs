use proptest::prelude::*;
use recourse_seal::envelope::{EnvelopeError, Signed};
use recourse_seal::label::Label;
use recourse_seal::sign::{Signature, SignatureError, SigningKey, VerifyingKey};

use crate::rng;

#[test]
fn a_signature_holds_for_its_key_label_and_message_only() {
    let key = SigningKey::generate(&mut rng(1));
    let public = key.verifying_key();
    let signature = key.sign(Label::Event, b"message");
    assert_eq!(public.verify(Label::Event, b"message", &signature), Ok(()));

    assert_eq!(public.verify(Label::Manifest, b"message", &signature), Err(SignatureError::Mismatch));
    assert_eq!(public.verify(Label::Event, b"messagE", &signature), Err(SignatureError::Mismatch));
    let other = SigningKey::generate(&mut rng(2)).verifying_key();
    assert_eq!(other.verify(Label::Event, b"message", &signature), Err(SignatureError::Mismatch));
    for bit in 0..512 {
        let mut bytes = *signature.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(public.verify(Label::Event, b"message", &Signature::from_bytes(bytes)).is_err(), "bit {bit}");
    }
}

/// Under the neutral point as a key, R = [s]B is a "signature" of every message.
#[test]
fn weak_and_impossible_keys_are_refused() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifyingKey::from_bytes(neutral), Err(SignatureError::Key));
    assert_eq!(VerifyingKey::from_bytes([0; 32]), Err(SignatureError::Key));
    // y = 2 has no x on the curve.
    let mut off = [0; 32];
    off[0] = 2;
    assert_eq!(VerifyingKey::from_bytes(off), Err(SignatureError::Key));
    assert_eq!("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".parse::<VerifyingKey>(), Err(SignatureError::Key));
}

#[test]
fn texts_are_strict() {
    let key = SigningKey::generate(&mut rng(1)).verifying_key();
    let text = key.to_string();
    assert_eq!(text.parse(), Ok(key));
    for wrong in ["", "AAAA", &text[1..], &format!("{text}="), &format!("{text}A"), &text.replace(&text[42..], "_")] {
        assert_eq!(wrong.parse::<VerifyingKey>(), Err(SignatureError::Encoding), "{wrong}");
    }
    let json = serde_json::to_string(&key).unwrap();
    assert_eq!(json, format!("{text:?}"));
    assert_eq!(serde_json::from_str::<VerifyingKey>(&json).unwrap(), key);
    assert!(serde_json::from_str::<VerifyingKey>("7").is_err());
}

#[test]
fn debug_shows_the_public_half_only() {
    let key = SigningKey::from_seed(&[9; 32]);
    assert_eq!(format!("{key:?}"), format!("SigningKey(of {})", key.verifying_key()));
}

#[test]
fn each_fault_of_an_envelope_has_its_error() {
    let key = SigningKey::generate(&mut rng(1));
    let other = SigningKey::generate(&mut rng(2)).verifying_key();
    let signed = Signed::seal(Label::Manifest, &key, b"payload");
    let open = |signed: &Signed| signed.verify(Label::Manifest, Some(&key.verifying_key()));
    assert_eq!(open(&signed), Ok(b"payload".to_vec()));
    assert_eq!(signed.verify(Label::Manifest, None), Ok(b"payload".to_vec()));

    assert_eq!(open(&Signed { version: 2, ..signed.clone() }), Err(EnvelopeError::UnknownVersion { found: 2 }));
    assert_eq!(signed.verify(Label::Manifest, Some(&other)), Err(EnvelopeError::WrongKey));
    assert_eq!(open(&Signed { payload: "cGF5bG9hZA==".to_owned(), ..signed.clone() }), Err(EnvelopeError::Encoding));
    // The same bytes, written with spare bits: one payload, one text.
    assert_eq!(open(&Signed { payload: "cGF5bG9hZB".to_owned(), ..signed.clone() }), Err(EnvelopeError::Encoding));
    assert_eq!(open(&Signed { payload: "cGF5bG9hZQ".to_owned(), ..signed.clone() }), Err(EnvelopeError::Signature));
    assert_eq!(signed.verify(Label::Acknowledgement, None), Err(EnvelopeError::Signature));
    assert_eq!(Signed { key: other, ..signed.clone() }.verify(Label::Manifest, None), Err(EnvelopeError::Signature));

    let mut json = serde_json::to_value(&signed).unwrap();
    json["unsigned"] = "extra".into();
    assert!(serde_json::from_value::<Signed>(json).is_err());
}

proptest! {
    #[test]
    fn envelopes_round_trip(seed: [u8; 32], payload: Vec<u8>) {
        let key = SigningKey::from_seed(&seed);
        let json = serde_json::to_string(&Signed::seal(Label::ReviewerContent, &key, &payload)).unwrap();
        let signed: Signed = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(signed.verify(Label::ReviewerContent, Some(&key.verifying_key())), Ok(payload));
    }
}
