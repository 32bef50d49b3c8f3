//! `recourse verify-bundle`, as somebody runs it who was handed a bundle.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use getrandom::SysRng;
use rand_core::UnwrapErr;
use recourse_capture::bundle::write;
use recourse_capture::evidence::{BuiltTool, Content, EVIDENCE_VERSION, Item, Manifest};
use recourse_client::{bundle, record};
use recourse_domain::ids::{Digest, Salt};
use recourse_domain::report::{EvidenceKind, Source};

const PICTURE: &[u8] = b"\x89PNG and so on";

fn plain() -> Vec<u8> {
    let item = Item {
        id: "a".parse().unwrap(),
        kind: EvidenceKind::Screenshot,
        media_type: "image/png".parse().unwrap(),
        content: Content::of(b"", Salt::new([0; 16])),
        captured_at: "2026-03-01".parse().unwrap(),
        source: Source { title: "A title of the page's own".to_owned(), ..Source::default() },
        redactions: Vec::new(),
        composite: true,
        description: String::new(),
        sensitive: false,
    };
    let tool = BuiltTool {
        name: "recourse\u{1b}[2J-extension".to_owned(),
        version: "0.1.0".to_owned(),
        build: Digest::new([7; 32]),
    };
    let evidence = Manifest { version: EVIDENCE_VERSION.to_owned(), tool, items: vec![item] };
    write(evidence, b"{}", "What happened\n", &[PICTURE], || Salt::new([3; 16])).unwrap()
}

fn verify(folder: &Path, arguments: &[&str], code: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_recourse"))
        .current_dir(folder)
        .arg("verify-bundle")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A bundle that is not sealed asks for no code.
    let _ = writeln!(child.stdin.take().unwrap(), "{code}");
    child.wait_with_output().unwrap()
}

#[test]
fn a_sealed_bundle_opens_with_its_code_alone_and_says_what_it_proves() {
    let folder = tempfile::tempdir().unwrap();
    let mut rng = UnwrapErr(SysRng);
    let code = record::new_code(&mut rng);
    let sealed = bundle::seal(&mut rng, &code, &plain()).unwrap();
    assert!(!sealed.windows(8).any(|part| part == b"manifest"));
    fs::write(folder.path().join("bundle"), &sealed).unwrap();

    let output = verify(folder.path(), &["bundle", "--into", "out"], &code.to_text());
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("whole: every part has the hash"), "{told}");
    assert!(told.contains("sealed: yes"));
    assert!(
        told.contains("items/1.png: screenshot, 14 bytes, 2026-03-01, 0 covered, put together from several pictures"),
        "{told}"
    );
    assert!(told.contains("not who made it"));
    assert!(!told.contains('\u{1b}') && !told.contains("of the page's own"), "{told}");
    assert_eq!(fs::read(folder.path().join("out/items/1.png")).unwrap(), PICTURE);
    assert_eq!(fs::read(folder.path().join("out/report.txt")).unwrap(), b"What happened\n");

    let refused = |code: &str, reason: &str| {
        let output = verify(folder.path(), &["bundle"], code);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty() && error.contains(reason), "{error}");
    };
    refused(&record::new_code(&mut rng).to_text(), "cannot be opened with this code");
    refused("not a code", "recourse: ");
    // The folder is there now, and nothing in it is overwritten.
    let again = verify(folder.path(), &["bundle", "--into", "out"], &code.to_text());
    assert!(String::from_utf8(again.stderr).unwrap().contains("out is there already"));
}

#[test]
fn a_plain_one_needs_no_code_and_a_changed_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bundle.zip"), plain()).unwrap();
    let output = verify(folder.path(), &["bundle.zip"], "");
    assert!(String::from_utf8(output.stdout).unwrap().contains("sealed: no"));

    let mut changed = plain();
    let at = changed.windows(PICTURE.len()).position(|part| part == PICTURE).unwrap();
    changed[at + 5] ^= 1;
    fs::write(folder.path().join("changed.zip"), &changed).unwrap();
    let output = verify(folder.path(), &["changed.zip"], "");
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("items/1.png was changed"));
    assert!(!verify(folder.path(), &["nowhere.zip"], "").status.success());
}
