use proptest::prelude::*;
use recourse_seal::file::{self, OpenError};
use recourse_seal::kem::{Identity, KeyTextError, Recipient};
use recourse_seal::keys::{GroupSecret, GroupSecretError, ReviewerSeed, RootKey, SeedTextError};

use crate::{identity, rng};

#[test]
fn recipients_and_identities_have_one_text() {
    let identity = Identity::generate(&mut rng(1));
    let text = identity.to_text();
    assert_eq!(text.parse::<Identity>().unwrap(), identity);
    let recipient = identity.to_recipient();
    let public = recipient.to_string();
    assert_eq!(public.parse::<Recipient>(), Ok(recipient.clone()));
    assert_eq!(Recipient::from_bytes(&recipient.to_bytes()), Ok(recipient.clone()));
    let json = serde_json::to_string(&recipient).unwrap();
    assert_eq!(serde_json::from_str::<Recipient>(&json).unwrap(), recipient);
    assert_eq!(format!("{recipient:?}"), format!("Recipient({}…)", &public[..24]));

    for wrong in [&text.to_lowercase(), &text[..text.len() - 1], "", "AGE-SECRET-KEY-PQ-1"] {
        assert_eq!(wrong.parse::<Identity>().unwrap_err(), KeyTextError::Encoding, "{wrong}");
    }
    for wrong in [&public.to_uppercase(), &public[..public.len() - 1], "", "age1pq1"] {
        assert_eq!(wrong.parse::<Recipient>().unwrap_err(), KeyTextError::Encoding, "{wrong}");
    }
    let classic = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    assert_eq!(classic.parse::<Recipient>().unwrap_err(), KeyTextError::Kind);
    let classic = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
    assert_eq!(classic.parse::<Identity>().unwrap_err(), KeyTextError::Kind);
}

#[test]
fn unusable_recipients_are_refused() {
    let good = identity(1).to_recipient().to_bytes();
    // ML-KEM: a coefficient that is not reduced (FIPS 203, 7.2). X25519: the points of small order.
    let mut unreduced = good;
    unreduced[..3].fill(0xff);
    assert_eq!(Recipient::from_bytes(&unreduced), Err(KeyTextError::Key));
    for (low, rest, high) in
        [(0, 0, 0), (1, 0, 0), (0, 0, 0x80), (0xec, 0xff, 0x7f), (0xed, 0xff, 0x7f), (0xee, 0xff, 0xff)]
    {
        let mut weak = good;
        weak[1184..].fill(rest);
        weak[1184] = low;
        weak[1215] = high;
        assert_eq!(Recipient::from_bytes(&weak), Err(KeyTextError::Key), "{low:x} {rest:x} {high:x}");
    }
    let mut nearly = good;
    nearly[1184..].fill(0);
    nearly[1184] = 2;
    assert!(Recipient::from_bytes(&nearly).is_ok());
}

#[test]
fn seeds_are_read_forgivingly_and_checked() {
    let seed = ReviewerSeed::generate(&mut rng(4));
    let text = seed.to_text();
    assert_eq!(text.parse::<ReviewerSeed>().unwrap(), seed);
    assert_eq!(
        format!(
            "  {}\n",
            text.to_lowercase().replace('-', " ").replacen("recourse reviewer 1 ", "recourse-reviewer-1-", 1)
        )
        .parse::<ReviewerSeed>()
        .unwrap(),
        seed
    );
    assert_eq!(text.parse::<RootKey>().unwrap_err(), SeedTextError::Kind);
    assert_eq!(text.replacen("-1-", "-2-", 1).parse::<ReviewerSeed>().unwrap_err(), SeedTextError::Kind);
    assert_eq!("".parse::<ReviewerSeed>().unwrap_err(), SeedTextError::Kind);
    assert_eq!("RECOURSE-REVIEWER-1–".parse::<ReviewerSeed>().unwrap_err(), SeedTextError::Kind);
    assert_eq!(text[..text.len() - 4].parse::<ReviewerSeed>().unwrap_err(), SeedTextError::Length { got: 52 });
    assert_eq!(
        "RECOURSE-ROOT-1-00*".parse::<RootKey>().unwrap_err(),
        SeedTextError::Character { position: 2, found: '*' }
    );
    // A root key's groups behind a reviewer's prefix: the checksum covers the kind.
    let root = RootKey::from_bytes(*seed.as_bytes()).to_text().replacen("ROOT", "REVIEWER", 1);
    assert_eq!(root.parse::<ReviewerSeed>().unwrap_err(), SeedTextError::Checksum);
    assert_eq!(format!("{seed:?}"), "ReviewerSeed(…)");
}

#[test]
fn seeds_of_each_purpose_differ() {
    let seed = ReviewerSeed::from_bytes([5; 32]);
    let root = RootKey::from_bytes([5; 32]);
    let group = GroupSecret::from_seed("team", 1, [5; 32]);
    assert_ne!(seed.identity(), group.identity());
    assert_ne!(seed.signing_key().verifying_key(), root.verifying_key());
    assert_ne!(seed.identity(), identity(5));
}

#[test]
fn group_secrets_open_for_members_only() {
    let group = GroupSecret::generate(&mut rng(1), "independent", 7);
    let (reviewer, recovery) = (identity(2), identity(3));
    let sealed = group.seal_to(&mut rng(9), &[reviewer.to_recipient(), recovery.to_recipient()]).unwrap();
    for member in [&reviewer, &recovery] {
        let opened = GroupSecret::open(member, &sealed).unwrap();
        assert_eq!((opened.group(), opened.epoch()), ("independent", 7));
        assert_eq!(opened.recipient(), group.recipient());
    }
    let refused = GroupSecret::open(&identity(4), &sealed).unwrap_err();
    assert!(matches!(refused, GroupSecretError::Open(OpenError::NoMatchingKey)));
    assert_eq!(format!("{group:?}"), "GroupSecret(independent epoch 7, …)");
}

#[test]
fn other_sealed_things_are_no_group_secret() {
    let open = |json: &str| {
        let sealed = file::seal(&mut rng(1), &[identity(1).to_recipient()], json.as_bytes()).unwrap();
        GroupSecret::open(&identity(1), &sealed).unwrap_err()
    };
    // A later version may have other fields; its number is what must be reported.
    assert!(matches!(open(r#"{"version":2,"x":0}"#), GroupSecretError::UnknownVersion { found: 2 }));
    for malformed in [
        "",
        "{}",
        r#"{"version":1,"group":"team","epoch":1,"seed":"AAAA"}"#,
        r#"{"version":1,"group":"team","epoch":1}"#,
    ] {
        assert!(matches!(open(malformed), GroupSecretError::Malformed), "{malformed}");
    }
}

proptest! {
    #[test]
    fn seed_texts_round_trip(bytes: [u8; 32]) {
        let seed = ReviewerSeed::from_bytes(bytes);
        prop_assert_eq!(seed.to_text().parse::<ReviewerSeed>().unwrap(), seed);
        let root = RootKey::from_bytes(bytes);
        prop_assert_eq!(root.to_text().parse::<RootKey>().unwrap(), root);
    }

    #[test]
    fn no_key_text_panics(text: String) {
        let _ = (text.parse::<Recipient>(), text.parse::<Identity>(), text.parse::<ReviewerSeed>());
        let _ = format!("RECOURSE-REVIEWER-1-{text}").parse::<ReviewerSeed>();
    }
}
