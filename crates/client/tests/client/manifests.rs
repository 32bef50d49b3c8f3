//! What a manifest must be for anything to be sealed under it.

use recourse_client::manifest::check;
use recourse_domain::channel::Manifest;
use recourse_domain::time::Timestamp;
use recourse_seal::label::Label;
use recourse_seal::sign::SigningKey;
use recourse_testkit::{START, envelope};
use recourse_wire::engine::Failure;
use recourse_wire::reporter::SignedEnvelope;
use serde_json::Value;

use crate::people::{rng, world};

type Change = Box<dyn Fn(&mut SignedEnvelope)>;

#[tokio::test]
async fn a_manifest_that_does_not_hold_is_refused() {
    let world = world().await;
    let pinned = world.root.verifying_key().to_string();
    let mallory = SigningKey::generate(&mut rng(66));
    let manifest = serde_json::to_value(&world.manifest).unwrap();
    let signed = |key: &SigningKey, field: &str, value: Value| -> Change {
        let (key, mut manifest) = (key.clone(), manifest.clone());
        if !field.is_empty() {
            manifest[field] = value;
        }
        Box::new(move |envelope_| *envelope_ = envelope(Label::Manifest, &key, &manifest))
    };
    let root = world.root.clone();
    let other_label = manifest.clone();
    let cases: Vec<(&str, Change, Option<&str>)> = vec![
        ("as it is", Box::new(|_| ()), None),
        ("signed again, as a control", signed(&world.root, "", Value::Null), None),
        ("another root", signed(&mallory, "", Value::Null), Some("root_key")),
        ("a key that is none", Box::new(|envelope| envelope.key = "A".to_owned()), Some("encoding")),
        (
            "the root's key on another's signature",
            {
                let pinned = pinned.clone();
                let signed = signed(&mallory, "", Value::Null);
                Box::new(move |envelope| {
                    signed(envelope);
                    envelope.key.clone_from(&pinned);
                })
            },
            Some("signature"),
        ),
        (
            "another label",
            Box::new(move |envelope_| {
                *envelope_ = envelope(Label::Acknowledgement, &root, &other_label);
            }),
            Some("signature"),
        ),
        ("an envelope of another version", Box::new(|envelope| envelope.version = 2), Some("signature")),
        (
            "another payload",
            {
                let signed = signed(&world.root, "product", "CRM 2".into());
                Box::new(move |envelope| {
                    let signature = envelope.signature.clone();
                    signed(envelope);
                    envelope.signature = signature;
                })
            },
            Some("signature"),
        ),
        ("another version", signed(&world.root, "version", 2.into()), Some("version")),
        ("another channel", signed(&world.root, "channel", "other".into()), Some("channel")),
        ("a serial that was passed", signed(&world.root, "serial", 2.into()), Some("rollback")),
        ("a later serial", signed(&world.root, "serial", 4.into()), None),
        ("a field that nobody knows", signed(&world.root, "risk_to_the_business", 1.into()), Some("encoding")),
        (
            "over for longer than the grace",
            signed(&world.root, "expires_at", START.0.saturating_sub(31 * Timestamp::DAY).into()),
            Some("expired"),
        ),
    ];
    let honest = envelope(Label::Manifest, &world.root, &world.manifest);
    for (name, change, refused) in cases {
        let mut envelope = honest.clone();
        change(&mut envelope);
        let checked = check(&world.channel, &envelope, Some(&pinned), Some(3), START);
        let expected = refused.map(|check| Failure::Manifest { check: check.to_owned() });
        assert_eq!(checked.err(), expected, "{name}");
    }
    // Without a pin the key that signed is believed; its fingerprint is what people compare.
    let other = envelope(Label::Manifest, &mallory, &world.manifest);
    let believed = check(&world.channel, &other, None, None, START).unwrap();
    assert_ne!(believed.fingerprint, check(&world.channel, &honest, None, None, START).unwrap().fingerprint);
}

#[tokio::test]
async fn an_ended_manifest_is_good_for_the_days_of_grace() {
    let world = world().await;
    let honest = envelope(Label::Manifest, &world.root, &world.manifest);
    let end = world.manifest.expires_at;
    let last = end.plus_days(Manifest::GRACE_DAYS);
    for (now, expected) in
        [(end, Some(false)), (Timestamp(end.0 + 1), Some(true)), (last, Some(true)), (Timestamp(last.0 + 1), None)]
    {
        let checked = check(&world.channel, &honest, None, None, now);
        assert_eq!(checked.ok().map(|checked| checked.expired), expected, "{now:?}");
    }
}
