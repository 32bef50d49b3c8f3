//! Values that must never change, computed with other tools (Node's crypto, scure-base, age-encryption) from the definitions in the docs. A
//! change here means that receipts, signatures or chains already out in the world stop working.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use recourse_seal::envelope::Signed;
use recourse_seal::hash::{digest, sha256};
use recourse_seal::keys::{GroupSecret, ReviewerSeed, RootKey, fingerprint};
use recourse_seal::label::Label;
use recourse_seal::pad;
use recourse_seal::receipt::{Receipt, case_id, token_hash};
use recourse_seal::sign::SigningKey;
use recourse_seal::{body, chain, commitment};

use crate::{identity, rng};

/// 00 01 02 …
fn counting<const N: usize>() -> [u8; N] {
    std::array::from_fn(|index| index as u8)
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}

#[test]
fn receipt() {
    let receipt = Receipt::from_bytes(counting());
    // 26 characters of data, the last of which, "W", holds three bits and two of audience 0; "EC" checks.
    assert_eq!(*receipt.to_text(), "000G-40R4-0M30-E209-185G-R38E-1WEC");
    assert_eq!(*Receipt::from_bytes([255; 16]).to_text(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZWBH");

    // HKDF-SHA256, no salt, info = the label, of the 16 bytes and the audience in one more.
    assert_eq!(hex(receipt.lookup()), "c2079d6f5b05a35da7c9c91826d1dc5b");
    assert_eq!(hex(receipt.token()), "f5b7c0a8b898a7a82da61a33bba2b9eed46e3a006ad2b6e00fc4d19b7e910367");
    assert_eq!(
        *receipt.reply_identity().to_text(),
        "AGE-SECRET-KEY-PQ-1UNVUUWLV48A7WW9LFVLMPPMEWYTH7DEZ978K45G0YECVZQKU4Q7S8J25SL"
    );
    let recipient = receipt.reply_identity().to_recipient().to_string();
    assert!(recipient.starts_with("age1pq1qfe6frxtj0vs0jwwkd5d48q97kmk4ycvh"));
    assert_eq!(recipient.len(), 1959);
    assert_eq!(hex(sha256(recipient.as_bytes())), "41c0b1ad10a2962659f173a7975bddfc4689756e08a33fede8a8d277c9d270ff");
    assert_eq!(receipt.reporter_key().verifying_key().to_string(), "PhFXqxMhQIMJ0fBzfOh72NMm9GV8nWitnrfS0mf1EHo");

    // What the server makes of them.
    assert_eq!(hex(token_hash(&receipt.token())), "0597a793b9eddbd7d9f7542c600b02b4682c664028a5df2dd656a9e7a8dbedf5");
    assert_eq!(hex(case_id(&receipt.lookup())), "da6c4b682476fb66a845b47d3d20f083");
}

#[test]
fn receipt_of_another_audience() {
    let receipt = Receipt::from_bytes(counting()).with_audience(2);
    assert_eq!(*receipt.to_text(), "000G-40R4-0M30-E209-185G-R38E-1Y2W");
    assert_eq!(hex(receipt.lookup()), "cd6f33a482d1e9cb7d07dba55c13e6b0");
    assert_eq!(hex(receipt.token()), "8e03f2a688db07ba620a73e77c2d6fdf02123a85133ddc1ddd8836c3ddc34132");
    assert_eq!(receipt.reporter_key().verifying_key().to_string(), "QgtVcCoHA2dGMEaXYx7QpVYPQgeGe6gxqEjTK7O39ws");
}

#[test]
fn digests() {
    // SHA-256("recourse/v1/event" 00 · 00000001 "a" · 00000002 "bc")
    assert_eq!(
        hex(digest(Label::Event, &[b"a", b"bc"])),
        "1d88086c9cdd0797da60b9c16cc8c78e32f5479c9f03ad7103dc8b2c05a0977f"
    );
    // SHA-256("recourse/v1/event" 00 · 0000000f "canonical bytes")
    assert_eq!(
        hex(chain::event_hash(b"canonical bytes")),
        "49018eb01cb3a3c9e46de62e8b7f261f28c184eb82e451468f5eb14e02f22382"
    );
    // SHA-256("recourse/v1/content-commitment" 00 · 00000020 nonce · 00000007 "content")
    assert_eq!(
        hex(commitment::commit(&[7; 32], b"content")),
        "128323c87eaefee15f19baedc4803cd72548e63b1dcafd3e804a64c5aac0678d"
    );
}

#[test]
fn signed_envelope() {
    let key = SigningKey::from_seed(&counting());
    let signed = Signed::seal(Label::Manifest, &key, br#"{"a":1}"#);
    assert_eq!(
        serde_json::to_string(&signed).unwrap(),
        concat!(
            r#"{"version":1,"#,
            // {"a":1}
            r#""payload":"eyJhIjoxfQ","#,
            r#""key":"A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg","#,
            // Ed25519 over "recourse/v1/manifest" 00 {"a":1}
            r#""signature":"my1IfFLFy41WMWfKndw95cf1RjQv1bBihsyXp6TOfIBdoAhucfSWmjBLnUgem_HkXZnPrnJQktTRx7N0b4-YDA"}"#
        )
    );
    // First 100 bits of SHA-256("recourse/v1/fingerprint" 00 · 00000020 key)
    assert_eq!(fingerprint(&key.verifying_key()), "1WKK-F1K9-GQRG-JZ8A-HNK0");
}

#[test]
fn provider_keys() {
    // 52 characters of seed, four of checksum.
    let reviewer = ReviewerSeed::from_bytes(counting());
    assert_eq!(
        *reviewer.to_text(),
        "RECOURSE-REVIEWER-1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG-027D"
    );
    assert_eq!(
        *reviewer.identity().to_text(),
        "AGE-SECRET-KEY-PQ-19GG9666L4WY0EYRZNRK5STTHS8S52QR0MVDTQ7C7QLMUC6DRPF7SMGM052"
    );
    assert_eq!(reviewer.signing_key().verifying_key().to_string(), "u10DiVQAtCpnSE4tKyKCe6OJTfAY0ogCs_mshW654Zk");
    let root = RootKey::from_bytes(counting());
    assert_eq!(
        *root.to_text(),
        "RECOURSE-ROOT-1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG-3JWG"
    );
    assert_eq!(root.verifying_key().to_string(), "4bb3VvUU0TpMNTQ6fHkla0Yail6HD7k5Y-TML5jrXO0");
    let group = GroupSecret::from_seed("team", 1, counting());
    assert_eq!(
        *group.identity().to_text(),
        "AGE-SECRET-KEY-PQ-1RX8RHNLFRS0S6490Z67DHS8LG3Z3574NPNFZ53DEVV56VC0Z2AESXC9LMX"
    );
}

#[test]
fn padding() {
    let padded = pad::body(b"abc").unwrap();
    assert_eq!(padded.len(), 8192);
    // Length, content, zeros.
    assert_eq!(padded[..12], *b"\0\0\0\0\0\0\0\x03abc\0");
    assert!(padded[11..].iter().all(|&byte| byte == 0));

    let layout = pad::blob_layout(1000);
    // 1008 has exponent 9, so a mantissa of 4 bits: rounded up to a multiple of 32.
    assert_eq!((layout.prefix, layout.zeros, layout.total), ([0, 0, 0, 0, 0, 0, 3, 232], 16, 1024));
    // length → Padmé, from its definition.
    for (length, padme) in [
        (0, 0),
        (1, 1),
        (8, 8),
        (9, 10),
        (15, 16),
        (100, 104),
        (999, 1024),
        (1_000_000, 1_015_808),
        (u64::MAX, u64::MAX),
    ] {
        assert_eq!(pad::padme(length), padme, "{length}");
    }
}

#[test]
fn sealed_sizes() {
    // 70 for the frame, 1557 a stanza, nonce 16, padded content and a tag of 16 a chunk.
    assert_eq!(body::sealed_sizes(1), [70 + 1557 + 16 + 8192 + 16, 34_427, 132_747]);
    assert_eq!(body::sealed_sizes(2), [11_408, 35_984, 134_304]);
}

/// Nothing but the caller's generator decides the bytes of a sealed file.
#[test]
fn sealed_bytes() {
    let recipients = [identity(1).to_recipient(), identity(2).to_recipient()];
    let sealed = body::seal(&mut rng(1), &recipients, b"content").unwrap();
    assert_eq!(sealed[..40], *b"age-encryption.org/v1\n-> mlkem768x25519 ");
    assert_eq!(hex(sha256(&sealed)), "8deaff14aa57e99aed7b330505d422b726679970b15ef84b072f575687ddfc59");
}

/// Sealed once with the `age` crate as writer and kept: every later version must open it. Its header has a stanza of a random kind, as the age
/// tools write them, and more zero bytes behind the padding than ours have.
#[test]
fn kept_body_still_opens() {
    let sealed = include_bytes!("../golden/body-v1.age");
    let receipt = Receipt::from_bytes(counting());
    let group = GroupSecret::from_seed("team", 1, counting());
    for identity in [receipt.reply_identity(), group.identity()] {
        assert_eq!(body::open(identity, sealed).unwrap(), "Grüße – 问候 – تحية".as_bytes());
    }
}

#[test]
fn kept_group_secret_still_opens() {
    let sealed = include_bytes!("../golden/group-secret-v1.age");
    let reviewer = ReviewerSeed::from_bytes(counting());
    let group = GroupSecret::open(&reviewer.identity(), sealed).unwrap();
    assert_eq!((group.group(), group.epoch()), ("team", 1));
    assert_eq!(group.identity(), GroupSecret::from_seed("team", 1, counting()).identity());
}

#[test]
fn labels_are_distinct_and_versioned() {
    let mut texts: Vec<_> = Label::ALL.iter().map(|label| label.as_str()).collect();
    assert!(texts.iter().all(|text| text.starts_with("recourse/v1/") && text.is_ascii()));
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), Label::ALL.len());
    assert_eq!(BASE64URL_NOPAD.encode(&digest(Label::Event, &[])).len(), 43);
}
