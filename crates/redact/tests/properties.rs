//! What holds for every text: places on characters, masks that change nothing else, no finding in a mask, no panic, linear time.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use recourse_redact::{Finding, Kind, Mask, Options, Own, find, mask, mask_with};

fn own() -> Own {
    Own {
        names: vec![
            "María José O'Neill-Müller".into(),
            "Phone Card".into(),
            "佐藤 花子".into(),
            "Вера Кузнецова".into(),
            String::new(),
        ],
        handles: vec!["@maria_k".into(), "id".into(), "@".into()],
        emails: vec!["m.oneill@example.org".into(), "@".into()],
    }
}

fn search(text: &str) -> Vec<Finding> {
    find(text, &own(), &Options::default())
}

/// Pieces that scanners look at, so that random texts reach deep into them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(vec![
            "4111 1111 1111 1111", "+49 30 23125 ", "0171/39200", "(202) 555-0143", "maria@example.org", "@", "＠", "://", "https://", "u:p@", "?token=",
            "DE89370400440532013000", "DE89 3704 ", "192.0.2.1", "2001:db8::", "::", ":", ".", "-", " ", "+", "(", ")", "/", "=", "&", "#", "\n", "AB123456C",
            "X1234567L", "12345678Z", "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", "ghp_", "Bearer ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "SSN ", "№", "[phone]",
            "[e-mail", "María", "佐藤さん", "@maria_k", "Кузнецовой", "\u{200F}", "\u{0301}", "٠٩١٢", "९८७६५", "０９０", "v1.2.3.4", "$", "電話", "हाँ", "𝒳", "🙂",
        ]).prop_map(str::to_owned),
        2 => "[0-9]{1,9}",
        1 => "[ -~]{1,12}",
        1 => "\\PC{1,6}",
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_are_in_order_and_on_characters(text in pieces()) {
        let mut done = 0;
        for finding in search(&text) {
            prop_assert!(finding.bytes.start >= done && finding.bytes.start < finding.bytes.end);
            let part = text.get(finding.bytes.clone());
            prop_assert!(part.is_some());
            let before = text[..finding.bytes.start].encode_utf16().count();
            prop_assert_eq!(finding.utf16.clone(), before..before + part.unwrap().encode_utf16().count());
            prop_assert!(finding.kind != Kind::NationalId || finding.country.is_some());
            done = finding.bytes.end;
        }
    }

    #[test]
    fn masking_leaves_the_rest(text in pieces()) {
        let findings = search(&text);
        let masked = mask(&text, &findings);
        let (mut rest, mut done) = (masked.as_str(), 0);
        for finding in &findings {
            let expected = format!("{}{}", &text[done..finding.bytes.start], finding.mask().neutral());
            prop_assert!(rest.starts_with(&expected));
            rest = &rest[expected.len()..];
            done = finding.bytes.end;
        }
        prop_assert_eq!(rest, &text[done..]);
    }

    #[test]
    fn nothing_is_found_in_masks(text in pieces()) {
        let masked = mask(&text, &search(&text));
        let again = search(&masked);
        for word in Mask::ALL.map(Mask::neutral) {
            for (at, _) in masked.match_indices(word) {
                prop_assert!(again.iter().all(|finding| finding.bytes.end <= at || finding.bytes.start >= at + word.len()));
            }
        }
    }

    #[test]
    fn findings_of_another_text_do_no_harm(text in pieces(), other in pieces()) {
        let masked = mask_with(&text, &search(&other), |_| "");
        prop_assert!(masked.len() <= text.len());
    }
}

#[test]
fn nothing_is_asked_nothing_is_changed() {
    let text = "Call +49 30 23125 123 or maria@example.org.";
    assert_eq!(search(text).len(), 2);
    assert_eq!(mask(text, &[]), text);
    assert_eq!(mask(text, &search(text)), "Call [phone] or [e-mail].");
    assert_eq!(mask_with(text, &search(text)[1..], |_| "…"), "Call +49 30 23125 123 or ….");
}

#[test]
fn masks_have_ids() {
    assert_eq!(
        Mask::ALL.map(Mask::as_str),
        ["e-mail", "phone", "account", "card", "ip", "id", "secret", "name", "handle"]
    );
}

#[test]
fn of_overlapping_findings_the_telling_one_stays() {
    let kinds = |text: &str| search(text).iter().map(|finding| finding.kind).collect::<Vec<_>>();
    assert_eq!(kinds("https://u:Secret9@example.org/"), [Kind::UrlSecret]);
    assert_eq!(kinds("Mail m.oneill@example.org"), [Kind::OwnEmail]);
    assert_eq!(kinds("Mail maria@example.org"), [Kind::Email]);
    assert_eq!(kinds("Paid with 4111 1111 1111 1111, call 020 7946 0123"), [Kind::Card, Kind::Phone]);
    let token = "https://example.org/?token=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjMifQ.";
    assert_eq!(kinds(&format!("{token} x")), [Kind::Jwt]);
}
