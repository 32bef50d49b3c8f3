//! What is covered is in nothing that goes out, in none of the forms in which bytes carry text.
#![allow(clippy::unwrap_used)]

use data_encoding::BASE64;
use proptest::prelude::*;
use recourse_capture::address::Address;
use recourse_capture::bundle::write;
use recourse_capture::evidence::{BuiltTool, Content, EVIDENCE_VERSION, Item, Manifest, Redaction};
use recourse_capture::selection::Selection;
use recourse_domain::ids::{Digest, Salt};
use recourse_domain::report::{EvidenceKind, Source};
use recourse_redact::{Options, Own, find};

/// A text in UTF-8, UTF-16 of both orders, percent-encoded, HTML-escaped, and in base64 wherever it begins.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let mut forms = vec![
        text.as_bytes().to_vec(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>().into_bytes(),
        text.replace('@', "%40").into_bytes(),
        text.replace('@', "&#64;").into_bytes(),
        text.replace('@', "&commat;").into_bytes(),
    ];
    for before in 0..3 {
        let encoded = BASE64.encode(&[vec![b'x'; before], text.as_bytes().to_vec()].concat());
        // What does not depend on the bytes before and after it.
        let whole = encoded.trim_end_matches('=');
        forms.push(whole.as_bytes()[if before == 0 { 0 } else { 4 }..whole.len() - 2].to_vec());
    }
    forms
}

fn outputs(secret: &str, before: &str, after: &str) -> Vec<Vec<u8>> {
    let own = Own::default();
    let look = |text: &str| find(text, &own, &Options::default());
    let exact = format!("{before} {secret} {after}");
    let selection = Selection {
        prefix: format!("{secret} "),
        suffix: format!(" {secret}"),
        start: 0,
        end: exact.encode_utf16().count().try_into().unwrap(),
        css: format!("#row-{secret}"),
        exact: exact.clone(),
    };
    let kept = selection.keep(&look(&exact), |text| !look(text).is_empty());
    let href = format!(
        "https://crm.example/c/{secret}/{}?view=all&q={secret}&to={}#{secret}",
        secret.replace('@', "%40"),
        secret.replace('@', "%40")
    );
    let url = Address::read(&href, &own).unwrap().write();
    assert!(url.starts_with("https://crm.example/c/") && url.contains("view=all"), "{url}");
    let item = Item {
        id: "a".parse().unwrap(),
        kind: EvidenceKind::Selection,
        media_type: "text/plain".parse().unwrap(),
        content: Content::of(b"", Salt::new([0; 16])),
        captured_at: "2026-03-01".parse().unwrap(),
        source: Source { url, selector: serde_json::to_string(&kept.selectors).unwrap(), ..Source::default() },
        redactions: look(&exact)
            .iter()
            .map(|finding| Redaction { reason: finding.kind.as_str().to_owned(), area: None })
            .collect(),
        composite: false,
        description: String::new(),
        sensitive: false,
    };
    assert_eq!(item.redactions.len(), 1, "{exact}");
    let tool = BuiltTool { name: "x".to_owned(), version: "1".to_owned(), build: Digest::new([7; 32]) };
    let manifest = Manifest { version: EVIDENCE_VERSION.to_owned(), tool, items: vec![item] };
    let bundle = write(manifest, b"{}", &kept.text, &[&kept.text], || Salt::new([3; 16])).unwrap();
    vec![bundle, kept.fragment.unwrap_or_default().into_bytes()]
}

#[test]
fn the_search_finds_each_form() {
    for form in forms("ana.ruiz@example.org") {
        let hay = [b"abc ".as_slice(), &form, b" def"].concat();
        assert!(hay.windows(form.len()).any(|part| part == form));
        assert!(form.len() > 8);
    }
    // In base64, from each of the three places where it may begin.
    for before in 0..3 {
        let hay = BASE64.encode(format!("{}ana.ruiz@example.org and more", "-".repeat(before)).as_bytes());
        assert!(
            forms("ana.ruiz@example.org")
                .iter()
                .any(|form| hay.as_bytes().windows(form.len()).any(|part| part == *form)),
            "{before}"
        );
    }
}

proptest! {
    #[test]
    fn no_form_of_a_covered_address_is_in_any_output(
        name in "[a-z]{4,9}\\.[a-z]{4,9}", host in "[a-z]{4,10}", before in "[A-Za-zäßж ]{0,20}", after in "[A-Za-zäßж ]{0,20}",
    ) {
        let secret = format!("{name}@{host}.example");
        for output in outputs(&secret, &before, &after) {
            for form in forms(&secret) {
                prop_assert!(!output.windows(form.len()).any(|part| part == form), "{} in {}", String::from_utf8_lossy(&form), String::from_utf8_lossy(&output));
            }
        }
    }
}
