//! What a saved acknowledgement proves, and which files prove nothing.

use recourse_client::acknowledgement::{ProofFault, check};
use recourse_client::outbox::Outbox;
use recourse_domain::acknowledgement::Acknowledgement;
use recourse_domain::channel::Manifest;
use recourse_domain::ids::Digest;
use recourse_domain::time::Timestamp;
use recourse_seal::hash::sha256;
use recourse_seal::label::Label;
use recourse_seal::sign::SigningKey;
use recourse_testkit::envelope;
use serde_json::{Value, json};

use crate::people::{File, case_of, checked, intake, outgoing, rng, world};

#[tokio::test]
async fn a_file_proves_what_was_signed_and_a_changed_one_nothing() {
    let world = world().await;
    let transport = intake(&world);
    let manifest = checked(&world, &transport).await;
    let files = [File::of(3)];
    let letter = outgoing("They read my mail.", &files);
    let sent = Outbox::default().send(&transport, &mut rng(1), &manifest, &letter, &files, |_| {}).await.unwrap();
    let proof = check(&sent.acknowledgement_file).unwrap();
    let proven = proof.proven();
    assert_eq!((proven.case, proven.hour, proven.attachments), (case_of(&sent), sent.recorded_at, 1));
    assert_eq!((&*proven.provider, &proven.fingerprint), (&*world.manifest.provider, &manifest.fingerprint));

    let file: Value = serde_json::from_str(&sent.acknowledgement_file).unwrap();
    // Signed again by whoever holds the keys: the provider, or a forger with keys of their own.
    let signed = |root: &SigningKey, key: &SigningKey, manifest: &Manifest, statement: &Acknowledgement| {
        let mut file = file.clone();
        file["manifest"] = serde_json::to_value(envelope(Label::Manifest, root, manifest)).unwrap();
        file["acknowledgement"] = serde_json::to_value(envelope(Label::Acknowledgement, key, statement)).unwrap();
        file
    };
    let with = |change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        file
    };
    let (root, key) = (&world.root, &world.acknowledgement);
    let mallory = SigningKey::generate(&mut rng(66));
    let (manifest, statement) = (&proof.manifest, &proof.acknowledgement);
    let later = Manifest { serial: manifest.serial + 1, ..manifest.clone() };
    let elsewhere = Manifest { channel: "other".parse().unwrap(), ..manifest.clone() };
    let digest = |manifest: &Manifest| Digest::new(sha256(&serde_json::to_vec(manifest).unwrap()));
    let of = |manifest: &Manifest| Acknowledgement { manifest: digest(manifest), ..statement.clone() };
    let at = |hour| Acknowledgement { hour, ..statement.clone() };
    let end = manifest.expires_at.plus_days(Manifest::GRACE_DAYS);
    let cases: Vec<(&str, Value, Option<ProofFault>)> = vec![
        ("signed again, as a control", signed(root, key, manifest, statement), None),
        (
            "another root, which people have to notice",
            signed(&mallory, key, manifest, statement),
            Some(ProofFault::OtherManifest),
        ),
        ("a later manifest", signed(root, key, &later, statement), Some(ProofFault::OtherManifest)),
        ("another channel's", signed(root, key, &elsewhere, &of(&elsewhere)), Some(ProofFault::OtherManifest)),
        ("a stranger's key", signed(root, &mallory, manifest, statement), Some(ProofFault::UnknownKey)),
        ("before its manifest", signed(root, key, manifest, &at(Timestamp(0))), Some(ProofFault::Time)),
        ("after its manifest", signed(root, key, manifest, &at(Timestamp(end.0 + 1))), Some(ProofFault::Time)),
        (
            "a signature of nothing",
            with(&|file| file["acknowledgement"]["signature"] = json!("A".repeat(86))),
            Some(ProofFault::Signature),
        ),
        (
            "a manifest nobody signed",
            with(&|file| file["manifest"]["signature"] = json!("A".repeat(86))),
            Some(ProofFault::Manifest),
        ),
        (
            "the two swapped",
            with(&|file| file["manifest"] = file["acknowledgement"].clone()),
            Some(ProofFault::Manifest),
        ),
        ("with more", with(&|file| file["receipt"] = json!("X")), Some(ProofFault::NotOne)),
        ("another kind", with(&|file| file["kind"] = json!("X")), Some(ProofFault::NotOne)),
        ("another version", with(&|file| file["version"] = json!(2)), Some(ProofFault::NotOne)),
        ("a short nonce", with(&|file| file["nonce"] = json!("AAAA")), Some(ProofFault::NotOne)),
    ];
    for (name, file, expected) in cases {
        assert_eq!(check(&file.to_string()).err(), expected, "{name}");
    }
    assert_eq!(check("").err(), Some(ProofFault::NotOne));
}
