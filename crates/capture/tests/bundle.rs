//! Bundles: the same bytes each time, whole or refused, and nothing in them that was covered.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

use recourse_capture::bundle::{Bundle, BundleError, read, write};
use recourse_capture::evidence::{BuiltTool, Content, EVIDENCE_VERSION, Item, Manifest, Redaction};
use recourse_domain::ids::{Digest, Salt};
use recourse_domain::report::{EvidenceKind, Source};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const REPORT: &[u8] = b"{\"version\":\"x\"}";
const READABLE: &str = "What happened\n\nThey send mail to people who left.\n";
const PICTURE: &[u8] = b"\x89PNG and so on";
const TEXT: &[u8] = "gr\u{fc}\u{df} [e-mail]".as_bytes();

fn item(id: &str, kind: EvidenceKind, media_type: &str) -> Item {
    Item {
        id: id.parse().unwrap(),
        kind,
        media_type: media_type.parse().unwrap(),
        content: Content::of(b"", Salt::new([0; 16])),
        captured_at: "2026-03-01".parse().unwrap(),
        source: Source { url: "https://crm.example/c/42".to_owned(), ..Source::default() },
        redactions: vec![Redaction { reason: "email".to_owned(), area: Some([1, 2, 3, 4]) }],
        composite: kind == EvidenceKind::Screenshot,
        description: String::new(),
        sensitive: false,
    }
}

fn manifest() -> Manifest {
    Manifest {
        version: EVIDENCE_VERSION.to_owned(),
        tool: BuiltTool {
            name: "recourse-extension".to_owned(),
            version: "0.1.0".to_owned(),
            build: Digest::new([7; 32]),
        },
        items: vec![item("a", EvidenceKind::Screenshot, "image/png"), item("b", EvidenceKind::Selection, "text/plain")],
    }
}

fn written() -> Vec<u8> {
    let mut next = 0;
    let salt = || {
        next += 1;
        Salt::new([next; 16])
    };
    write(manifest(), REPORT, READABLE, &[PICTURE, TEXT], salt).unwrap()
}

/// The parts of a whole bundle, by name, to be put together in another way.
fn parts() -> Vec<(String, Vec<u8>)> {
    let Bundle { head, report, readable, items } = read(&written()).unwrap();
    let manifest = serde_json::to_vec_pretty(&head).unwrap();
    let texts = [("manifest.json", manifest), ("report.json", report), ("report.txt", readable)];
    texts.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).chain(items).collect()
}

fn zipped(parts: &[(String, Vec<u8>)], comment: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        archive.start_file(name.as_str(), options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.set_comment(comment).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn what_was_written_is_read_and_is_the_same_bytes_each_time() {
    assert_eq!(written(), written());
    let bundle = read(&written()).unwrap();
    assert_eq!((bundle.report.as_slice(), bundle.readable.as_slice()), (REPORT, READABLE.as_bytes()));
    let items: Vec<(&str, &[u8])> =
        bundle.items.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    assert_eq!(items, [("items/1.png", PICTURE), ("items/2.txt", TEXT)]);
    // The hash, as anybody can make it: label, zero byte, salt, content.
    let Content { size, salt, sha256 } = bundle.head.evidence.items[0].content;
    assert_eq!((size, salt), (PICTURE.len() as u64, Salt::new([1; 16])));
    let by_hand = [b"recourse/v1/evidence/item\0".as_slice(), &[1; 16], PICTURE].concat();
    use sha2::Digest as _;
    assert_eq!(sha256.as_bytes().as_slice(), sha2::Sha256::digest(by_hand).as_slice());
    // The same content under another salt has another hash.
    assert_ne!(Content::of(PICTURE, Salt::new([9; 16])).sha256, sha256);
}

#[test]
fn no_time_and_no_account_is_in_it() {
    let bytes = written();
    // The date of an entry is the format's first day: 1 January 1980, midnight.
    assert_eq!(&bytes[10..14], [0, 0, 0x21, 0]);
}

#[test]
fn whatever_was_changed_is_named() {
    assert!(read(&zipped(&parts(), "")).is_ok(), "put together by hand it is still whole");
    for name in ["report.json", "report.txt", "items/1.png", "items/2.txt"] {
        let changed = parts().into_iter().map(|(part, mut content)| {
            if part == name {
                content[0] ^= 1;
            }
            (part, content)
        });
        assert_eq!(read(&zipped(&changed.collect::<Vec<_>>(), "")), Err(BundleError::Changed(name.to_owned())));
        let without: Vec<_> = parts().into_iter().filter(|(part, _)| part != name).collect();
        assert_eq!(read(&zipped(&without, "")), Err(BundleError::Missing(name.to_owned())));
    }
    let mut more = parts();
    more.push(("items/3.exe".to_owned(), vec![1]));
    assert_eq!(read(&zipped(&more, "")), Err(BundleError::Stranger("items/3.exe".to_owned())));
    let mut away = parts();
    away[3].0 = "../1.png".to_owned();
    assert!(matches!(read(&zipped(&away, "")), Err(BundleError::Stranger(_))));
}

#[test]
fn nothing_is_hidden_beside_the_parts() {
    assert_eq!(read(&zipped(&parts(), "a comment")), Err(BundleError::Hidden));
    let in_front = [b"GIF89a".as_slice(), &written()].concat();
    assert!(read(&in_front).is_err());
    let behind = [written().as_slice(), b"more"].concat();
    assert!(read(&behind).is_err());
    // Two parts of one name: a reader may take either.
    let twice = doubled(&written());
    assert!(
        matches!(read(&twice), Err(BundleError::Hidden | BundleError::Archive | BundleError::Changed(_))),
        "{:?}",
        read(&twice)
    );
}

/// An archive with its first local entry once more in front, where only careless readers look.
fn doubled(whole: &[u8]) -> Vec<u8> {
    let mut other = parts();
    other[1].1[0] ^= 1;
    let mut first = zipped(&other, "");
    // Without its directory the first archive is only bytes before the second's start.
    let directory = first.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    first.truncate(directory);
    [first.as_slice(), whole].concat()
}

#[test]
fn other_versions_and_what_is_no_bundle_are_refused() {
    for bytes in [b"".as_slice(), b"PK\x03\x04", b"age-encryption.org/v1\n", &[0; 4096]] {
        assert_eq!(read(bytes), Err(BundleError::Archive));
    }
    for (from, to) in [
        ("recourse.bundle/1", "recourse.bundle/2"),
        ("recourse.evidence/1", "recourse.evidence/9"),
        ("\"size\"", "\"sise\""),
    ] {
        let mut other = parts();
        other[0].1 = String::from_utf8(other[0].1.clone()).unwrap().replacen(from, to, 1).into_bytes();
        assert_eq!(read(&zipped(&other, "")), Err(BundleError::Manifest), "{to}");
    }
    assert_eq!(write(manifest(), REPORT, READABLE, &[PICTURE], || Salt::new([0; 16])), Err(BundleError::Manifest));
}

#[test]
fn cut_off_anywhere_it_is_refused() {
    let whole = written();
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_err(), "{end} of {} bytes", whole.len());
    }
}
