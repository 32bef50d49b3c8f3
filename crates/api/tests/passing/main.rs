//! What passes through the server's memory on the pages without script – code, keys, answers, words, files, records – is in no log at level
//! trace and in no file of the data folder, whatever comes of the request.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use recourse_client::reviewer::ReviewerSession;
use recourse_domain::content::TeamContent;
use recourse_domain::ids::CaseId;
use recourse_seal::receipt::{Receipt, case_id};
use recourse_testkit::{CONSOLE, InProcess, World, send};
use recourse_wire::console::CaseQuery;
use tracing_subscriber::fmt::MakeWriter;

#[path = "../api/form.rs"]
#[allow(dead_code, reason = "shared with the tests of single pages")]
mod form;

use form::{File, below, hidden, posted};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const PLAIN: &str = "/r/demo/plain";
const PAGE: &str = "/follow-up/demo/plain";

#[tokio::test]
async fn nothing_that_passes_through_is_logged_or_kept() {
    let log = Log::default();
    // For the whole process: opening and sealing have threads of their own.
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(log.clone()).init();
    let world = World::new().await;
    let story = [
        ("purpose", "flag_misuse"),
        ("text-what-happened", "reported-marker"),
        ("feature", "feature-marker"),
        ("go", "send"),
    ];
    let file: File<'_> = ("name-marker.txt", "text/plain", b"content-marker");
    let sent = send(&world.intake, posted(PLAIN, &story, &[file])).await.expect(200).text();
    let code =
        sent.split_once("id=\"code\"").unwrap().1.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned();
    let receipt: Receipt = code.parse().unwrap();

    let desk = InProcess::new(world.console.clone());
    let mut ada = ReviewerSession::sign_in(&desk, &world.key_file(0), CONSOLE, world.now()).await.unwrap();
    ada.list(&desk, &CaseQuery::default()).await.unwrap();
    let case = CaseId::new(case_id(&receipt.lookup()));
    ada.open(&desk, &case).await.unwrap();
    let reply = TeamContent::Reply { text: "answer-marker".to_owned(), language: "en".to_owned() };
    ada.append(&desk, &mut ChaCha20Rng::seed_from_u64(2), &case, reply).await.unwrap();

    let page = send(&world.intake, posted(PAGE, &[("code", &code), ("go", "open")], &[])).await.expect(200);
    assert!(page.text().contains("answer-marker"));
    let seen = hidden(&page, "seen");
    for (order, field, status) in [
        ("message", ("text-message", "message-marker"), 200),
        ("message", ("text-message", "message-marker"), 409),
        ("offer", ("text-offer", "offer-marker"), 409),
        ("files", ("text-files", "words-marker"), 200),
        ("withdraw", ("text-withdraw", "withdraw-marker"), 409),
    ] {
        let fields = [("code", &*code), ("seen", &seen), ("go", order), field];
        let files: &[File<'_>] =
            if order == "files" { &[("later-marker.txt", "text/plain", b"later-content-marker")] } else { &[] };
        send(&world.intake, posted(PAGE, &fields, files)).await.expect(status);
    }
    // A case that is in disorder, a slip, an unknown code, and what breaks off.
    let unknown = Receipt::from_bytes([7; 16]).to_text();
    for typed in ["typed-marker", &unknown, &code[..20]] {
        send(&world.intake, posted(PAGE, &[("code", typed), ("go", "open")], &[])).await.expect(422);
    }
    let record = [("purpose", "record_only"), ("text-what-happened", "record-marker")];
    let check: Vec<_> = record.into_iter().chain([("go", "check")]).collect();
    let own = hidden(&send(&world.intake, posted(PLAIN, &check, &[])).await.expect(200), "record-code");
    let save: Vec<_> = record.into_iter().chain([("record-code", &*own), ("go", "save")]).collect();
    send(&world.intake, posted(PLAIN, &save, &[file])).await.expect(200);
    // A fault of ours, told by what it is and nothing else.
    world.issue(|manifest| manifest.acknowledgement_keys.clear()).await;
    let story = [story[0], story[1], story[3]];
    send(&world.intake, posted(PLAIN, &story, &[])).await.expect(503);
    let fields = [("code", &*code), ("seen", "9"), ("go", "message"), ("text-message", "failed-marker")];
    send(&world.intake, posted(PAGE, &fields, &[])).await.expect(503);
    world.state.traffic().log_and_reset();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for line in ["/follow-up/{channel}/plain", "could not be recorded", "a reviewer signed in"] {
        assert!(log.contains(line), "the log was not captured: {line}\n{log}");
    }
    let key = receipt.reporter_key().verifying_key();
    let secrets = [&receipt.token()[..], &receipt.lookup()[..]].map(<[u8]>::to_vec);
    let mut needles: Vec<Vec<u8>> = secrets.to_vec();
    for secret in &secrets {
        needles
            .extend([HEXLOWER.encode(secret), BASE64URL_NOPAD.encode(secret), BASE64.encode(secret)].map(Into::into));
    }
    for code in [&code, &own, &*unknown] {
        needles.extend(
            [code.to_owned(), code.to_lowercase(), code.replace('-', ""), code[..9].to_owned()].map(Into::into),
        );
    }
    needles.extend([key.to_string().into(), b"-marker".to_vec()]);
    let folder = below(world.folder.path());
    assert!(folder.len() > 10_000 && folder.windows(case.to_string().len()).count() > 0);
    for needle in needles {
        let shown = String::from_utf8_lossy(&needle);
        assert!(!log.as_bytes().windows(needle.len()).any(|bytes| bytes == needle), "{shown} is in the log:\n{log}");
        assert!(!folder.windows(needle.len()).any(|bytes| bytes == needle), "{shown} is in the data folder");
    }
}
