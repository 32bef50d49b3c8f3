//! A report that is sealed without a network and sent later, by a page that never knew its receipt.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use recourse_client::acknowledgement;
use recourse_client::kept::{Kept, Recorded, Waiting};
use recourse_client::manifest::CheckedManifest;
use recourse_client::outbox::{Outbox, Sent};
use recourse_client::transport::{HttpRequest, HttpResponse, NetworkError, Transport};
use recourse_domain::channel::GroupKind;
use recourse_domain::ids::CaseId;
use recourse_domain::time::Timestamp;
use recourse_seal::keys::GroupSecret;
use recourse_seal::receipt::{Receipt, case_id};
use recourse_seal::sign::SigningKey;
use recourse_testkit::{Failing, InProcess, Tampering, World};
use recourse_wire::engine::{Failure, Outgoing};
use recourse_wire::problem::ProblemKind;
use serde_json::{Value, json};

use crate::people::{ADA, BO, File, checked, come_back, console, intake, outgoing, rng, sign_in, world};

/// The second is one byte longer than a chunk.
fn files() -> [File; 2] {
    [File::of(0), File::of((2 << 20) + 1)]
}

/// Requests of the later sending of these files: as of any other.
const REQUESTS: usize = 2 + 3 + 2;

/// What lies on the device: all that a later visit has.
struct Device {
    letter: String,
    sealed: File,
}

async fn keep(outbox: &mut Outbox, checked: &CheckedManifest, outgoing: &Outgoing, files: &[File]) -> (Kept, Device) {
    // No two with the same receipt.
    static SEED: AtomicU64 = AtomicU64::new(1_000);
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    let mut sealed = Vec::new();
    let shelf = |piece: Vec<u8>| sealed.extend(piece);
    let kept = outbox.keep(&mut rng(seed), checked, outgoing, files, shelf).await.unwrap();
    let letter = kept.letter.clone();
    (kept, Device { letter, sealed: File(sealed) })
}

/// A visit that sends what waits: reads the letter anew, as after the tab was closed, and stores what the upload came to.
async fn visit(world: &World, transport: &impl Transport, device: &mut Device, seed: u64) -> Result<Recorded, Failure> {
    let current = checked(world, &intake(world)).await;
    let mut waiting = Waiting::open(&device.letter, &current, world.now())?;
    device.letter = waiting.upload(transport, &mut rng(seed), &device.sealed, |_| ()).await?;
    waiting.post(transport, world.now(), |_| ()).await
}

/// The receipt that the person kept opens the one case that was added, and readers find everything in it.
async fn check_one_case(world: &World, before: usize, kept: &Kept, recorded: &Recorded, files: &[File], what: &str) {
    assert_eq!(world.cases().await.len(), before + 1, "{what}");
    assert_eq!(recorded.case, kept.case, "{what}");
    acknowledgement::check(&recorded.acknowledgement_file).unwrap();
    let sent = Sent {
        receipt: kept.receipt.clone(),
        acknowledgement_file: recorded.acknowledgement_file.clone(),
        recorded_at: recorded.recorded_at,
        due: recorded.due.clone(),
        case: recorded.case,
    };
    let (_, view) = come_back(world, &sent, &intake(world)).await;
    assert!(!view.tampered && view.entries.len() == 2, "{what}");
    let desk = console(world);
    let mut ada = sign_in(world, ADA, &desk).await;
    let view = ada.open(&desk, &kept.case).await.unwrap();
    assert_eq!(view.findings, [], "{what}");
    let report = view.report.unwrap();
    assert_eq!(report.what_happened, "kept", "{what}");
    assert_eq!(report.evidence.len(), files.len(), "{what}");
    for (item, file) in report.evidence.iter().zip(files) {
        let opened = ada.evidence(&desk, &kept.case, &item.blob).await.unwrap();
        assert!(opened.verified && *opened.bytes == file.0, "{what}");
    }
}

fn kind(failure: &Failure) -> Option<ProblemKind> {
    let Failure::Problem { problem } = failure else { return None };
    problem.kind()
}

#[tokio::test]
async fn what_was_sealed_without_a_network_is_sent_on_another_visit() {
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing("kept", &files), &files).await;
    assert_eq!(world.cases().await, []);
    world.advance(6 * Timestamp::DAY);
    let line = Tampering::new(intake(&world));
    let recorded = visit(&world, &line, &mut device, 8).await.unwrap();
    check_one_case(&world, 0, &kept, &recorded, &files, "six days later").await;
    assert_eq!(recorded.recorded_at, world.now().floor_to_hour(), "when it was sent, not when it was written");
    let asked = line.sent();
    assert!(asked[REQUESTS - 2].ends_with("/tickets") && asked[REQUESTS - 1].ends_with("/reports"), "{asked:?}");
    assert_eq!(asked.len(), REQUESTS, "{asked:?}");
}

#[tokio::test]
async fn what_lies_on_the_device_holds_neither_content_nor_receipt() {
    let world = world().await;
    let files = [File(b"Mallory's ledger, page one".repeat(300))];
    let current = checked(&world, &intake(&world)).await;
    let mut outgoing = outgoing("kept, Mallory did it", &files);
    outgoing.readers = GroupKind::Independent;
    let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing, &files).await;
    let before = device.letter.clone();
    // And once its uploads are claimed.
    let line = Tampering::new(intake(&world)).failing(3, Failing::Before);
    visit(&world, &line, &mut device, 8).await.unwrap_err();
    assert_ne!(device.letter, before);
    let receipt: Receipt = kept.receipt.parse().unwrap();
    assert_eq!(kept.case, CaseId::new(case_id(&receipt.lookup())));
    let (lookup, token) = (receipt.lookup(), receipt.token());
    let reporter = receipt.reporter_key().verifying_key().to_string();
    let reply = receipt.reply_identity();
    let mut secrets: Vec<Vec<u8>> = vec![
        kept.receipt.as_bytes().to_vec(),
        kept.receipt.replace('-', "").into_bytes(),
        lookup.to_vec(),
        token.to_vec(),
        reporter.clone().into_bytes(),
        BASE64URL_NOPAD.decode(reporter.as_bytes()).unwrap(),
        reply.to_recipient().to_string().into_bytes(),
        b"Mallory".to_vec(),
        b"Robin".to_vec(),
        b"screenshot 0.png".to_vec(),
        b"flag_misuse".to_vec(),
    ];
    for secret in secrets.clone() {
        let (hex, url) = (HEXLOWER.encode(&secret), BASE64URL_NOPAD.encode(&secret));
        // Ends apart, which depend on what stands beside.
        let whole = |text: &str| text.as_bytes().chunks(4).filter(|four| four.len() == 4).flatten().copied().collect();
        secrets.extend([hex.into_bytes(), whole(&url), whole(&BASE64.encode(&secret))]);
    }
    let places = [before.as_bytes(), device.letter.as_bytes(), &device.sealed.0];
    let holds = |place: &[u8], secret: &[u8]| place.windows(secret.len()).any(|window| window == secret);
    for (at, secret) in secrets.iter().enumerate() {
        for place in places {
            assert!(!holds(place, secret), "secret {at}");
        }
    }
    // These and no others: what is added to it has to be thought about here.
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let letter: Value = serde_json::from_str(&device.letter).unwrap();
    assert_eq!(keys(&letter), ["files", "manifest", "nonce", "request", "version"]);
    assert_eq!(keys(&letter["files"][0]), ["sha256", "size"]);
    let request: Value = serde_json::from_str(letter["request"].as_str().unwrap()).unwrap();
    assert_eq!(
        keys(&request),
        [
            "blobs",
            "bodies",
            "case",
            "commitment",
            "manifest",
            "recipient",
            "schema",
            "signature",
            "token_hash",
            "urgent"
        ]
    );
    assert_eq!(keys(&request["blobs"][0]), ["sha256", "token", "upload"]);
    assert_eq!(keys(&request["bodies"][0]), ["part", "sealed", "sha256"]);
    // The search finds what is there.
    assert!(holds(places[0], kept.case.to_string().as_bytes()));
    assert!(holds(places[2], b"age-encryption.org/v1"));
    // Sealed to whom the person was shown, and to nobody else.
    let recorded = visit(&world, &intake(&world), &mut device, 9).await.unwrap();
    let desk = console(&world);
    let (ada, bo) = (sign_in(&world, ADA, &desk).await, sign_in(&world, BO, &desk).await);
    for (mut reader, opens) in [(ada, false), (bo, true)] {
        assert_eq!(reader.open(&desk, &recorded.case).await.unwrap().report.is_some(), opens);
    }
}

#[tokio::test]
async fn a_line_that_breaks_at_any_request_costs_nothing_and_repeats_nothing() {
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let mut seed = 20;
    for request in 0..REQUESTS {
        for failing in Failing::BOTH {
            let what = format!("request {request}, {failing:?}");
            let before = world.cases().await.len();
            seed += 1;
            let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing("kept", &files), &files).await;
            // Three times in a row ends an upload, once the rest. Then the tab is closed, and all but the device is forgotten.
            let line = Tampering::new(intake(&world)).failing_from(request, 3, failing);
            assert_eq!(visit(&world, &line, &mut device, seed + 100).await.unwrap_err(), Failure::Network, "{what}");
            let line = Tampering::new(intake(&world));
            let status = Rc::new(Cell::new(0));
            let answered = Rc::clone(&status);
            line.change_responses(move |request, response| {
                if request.path.ends_with("/reports") {
                    answered.set(response.status);
                }
            });
            let recorded = visit(&world, &line, &mut device, seed + 200).await.unwrap();
            check_one_case(&world, before, &kept, &recorded, &files, &what).await;
            let repeated = request == REQUESTS - 1 && failing == Failing::After;
            assert_eq!(status.get(), if repeated { 200 } else { 201 }, "{what}");
        }
    }
}

#[tokio::test]
async fn in_the_same_visit_an_upload_goes_on_where_the_server_stands() {
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing("kept", &files), &files).await;
    let mut begun = None;
    let mut letter = String::new();
    for line in [Tampering::new(intake(&world)).failing_from(4, 3, Failing::Before), Tampering::new(intake(&world))] {
        let mut waiting = Waiting::open(&device.letter, &current, world.now()).unwrap().or_begun(begun.take());
        match waiting.upload(&line, &mut rng(5), &device.sealed, |_| ()).await {
            Err(failure) => assert_eq!(failure, Failure::Network),
            Ok(uploaded) => {
                letter = uploaded;
                assert!(!line.sent().iter().any(|sent| sent.starts_with("POST")), "{:?}", line.sent());
            }
        }
        begun = Some(waiting);
    }
    assert_ne!(letter, "");
    // Of another report it takes nothing.
    let mut other = outgoing("kept", &[]);
    other.urgent = false;
    let (another, _) = keep(&mut Outbox::default(), &current, &other, &[]).await;
    let mut waiting = Waiting::open(&another.letter, &current, world.now()).unwrap().or_begun(begun);
    let nothing = File(Vec::new());
    assert_eq!(waiting.upload(&intake(&world), &mut rng(6), &nothing, |_| ()).await.unwrap(), another.letter);

    device.letter = letter;
    let recorded = visit(&world, &intake(&world), &mut device, 7).await.unwrap();
    check_one_case(&world, 0, &kept, &recorded, &files, "gone on").await;
}

#[tokio::test]
async fn uploads_that_expired_are_made_anew_from_the_same_bytes() {
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing("kept", &files), &files).await;
    let line = Tampering::new(intake(&world)).failing(REQUESTS - 1, Failing::Before);
    visit(&world, &line, &mut device, 5).await.unwrap_err();
    world.advance(2 * Timestamp::DAY);
    world.expire_uploads().await;
    let current = checked(&world, &intake(&world)).await;
    let mut waiting = Waiting::open(&device.letter, &current, world.now()).unwrap();
    let line = intake(&world);
    waiting.upload(&line, &mut rng(6), &device.sealed, |_| ()).await.unwrap();
    let gone = waiting.post(&line, world.now(), |_| ()).await.unwrap_err();
    assert!(matches!(kind(&gone), Some(ProblemKind::UnknownUpload | ProblemKind::UploadGone)), "{gone:?}");
    // *Try again*, as the person is told.
    waiting.upload(&line, &mut rng(7), &device.sealed, |_| ()).await.unwrap();
    let recorded = waiting.post(&line, world.now(), |_| ()).await.unwrap();
    check_one_case(&world, 0, &kept, &recorded, &files, "uploaded anew").await;
}

/// The answer to a report is lost, nobody knows whether it arrived, and the person cannot wait.
#[tokio::test]
async fn what_was_posted_is_kept_as_the_same_bytes() {
    for (failing, expired) in [(Failing::Before, false), (Failing::Before, true), (Failing::After, false)] {
        let world = world().await;
        let (files, current) = (files(), checked(&world, &intake(&world)).await);
        let outgoing = outgoing("kept", &files);
        let mut outbox = Outbox::default();
        let line = Tampering::new(intake(&world)).failing(REQUESTS - 1, failing);
        let lost = outbox.send(&line, &mut rng(1), &current, &outgoing, &files, |_| ()).await;
        assert_eq!(lost.unwrap_err(), Failure::Network);
        let (kept, mut device) = keep(&mut outbox, &current, &outgoing, &files).await;
        if expired {
            world.advance(2 * Timestamp::DAY);
            world.expire_uploads().await;
            let current = checked(&world, &intake(&world)).await;
            let mut waiting = Waiting::open(&device.letter, &current, world.now()).unwrap();
            waiting.post(&intake(&world), world.now(), |_| ()).await.unwrap_err();
            device.letter = waiting.upload(&intake(&world), &mut rng(7), &device.sealed, |_| ()).await.unwrap();
        }
        let recorded = visit(&world, &intake(&world), &mut device, 8).await.unwrap();
        check_one_case(&world, 0, &kept, &recorded, &files, &format!("{failing:?}, {expired}")).await;
    }
    // A file that is another one by now: nothing is kept, for two contents must not be sealed under one key.
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let outgoing = outgoing("kept", &files);
    let mut outbox = Outbox::default();
    let line = Tampering::new(intake(&world)).failing(REQUESTS - 1, Failing::Before);
    outbox.send(&line, &mut rng(1), &current, &outgoing, &files, |_| ()).await.unwrap_err();
    let mut others = files;
    others[1].0[7] ^= 1;
    let changed = outbox.keep(&mut rng(2), &current, &outgoing, &others, drop).await.unwrap_err();
    assert_eq!(changed, Failure::File { file: outgoing.files[1].id });
}

#[tokio::test]
async fn where_nothing_can_be_stored_the_report_goes_on_in_its_tab() {
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let mut outbox = Outbox::default();
    let first = outgoing("kept", &files);
    let second = Outgoing { urgent: false, ..outgoing("kept", &[]) };
    let (one, _) = keep(&mut outbox, &current, &first, &files).await;
    // A group's next report has a receipt of its own.
    let (two, _) = keep(&mut outbox, &current, &second, &[]).await;
    assert_ne!((one.case, one.receipt.as_str()), (two.case, two.receipt.as_str()));
    for (kept, outgoing, files) in [(&one, &first, &files[..]), (&two, &second, &[])] {
        let sent = outbox.send(&intake(&world), &mut rng(9), &current, outgoing, files, |_| ()).await.unwrap();
        assert_eq!(sent.receipt, kept.receipt);
        let Sent { acknowledgement_file, recorded_at, due, case, .. } = sent;
        let recorded = Recorded { acknowledgement_file, recorded_at, due, case };
        let before = world.cases().await.len() - 1;
        check_one_case(&world, before, kept, &recorded, files, "in its tab").await;
    }
}

#[tokio::test]
async fn a_manifest_that_was_replaced_is_taken_for_ninety_days_and_then_refused_for_good() {
    let world = world().await;
    let files = [File::of(10)];
    let current = checked(&world, &intake(&world)).await;
    let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing("kept", &files), &files).await;
    let (late, mut later) = keep(&mut Outbox::default(), &current, &outgoing("late", &[]), &[]).await;
    let second = GroupSecret::generate(&mut rng(9), "team", 2);
    world
        .issue(|manifest| {
            manifest.groups[0].recipient = second.recipient().to_string();
            manifest.groups[0].epoch = 2;
        })
        .await;
    world.advance(6 * Timestamp::DAY);
    let recorded = visit(&world, &intake(&world), &mut device, 8).await.unwrap();
    assert_eq!((world.cases().await.len(), recorded.case), (1, kept.case));
    acknowledgement::check(&recorded.acknowledgement_file).unwrap();

    world.advance(85 * Timestamp::DAY);
    let refused = visit(&world, &intake(&world), &mut later, 9).await.unwrap_err();
    assert_eq!(kind(&refused), Some(ProblemKind::OldManifest));
    assert_eq!(world.cases().await.len(), 1);
    assert_eq!(later.letter, late.letter, "what lies there stays as it was");
}

#[tokio::test]
async fn a_lying_server_is_not_believed() {
    type Lie = Box<dyn Fn(&mut Value)>;
    let lie = |change: fn(&mut Value)| Box::new(change) as Lie;
    let lies: [(&str, Lie, Failure); 5] = [
        (
            "nothing signed",
            lie(|answer| answer["acknowledgement"]["signature"] = json!("AA")),
            Failure::Acknowledgement,
        ),
        (
            "signed with a key that nobody named",
            Box::new(|answer| {
                let key = SigningKey::generate(&mut rng(66)).verifying_key().to_string();
                answer["acknowledgement"]["key"] = json!(key);
            }),
            Failure::Acknowledgement,
        ),
        (
            "another payload",
            lie(|answer| {
                let payload = answer["acknowledgement"]["payload"].as_str().unwrap();
                let payload = BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap();
                let payload = String::from_utf8(payload).unwrap().replacen("\"sequence\":0", "\"sequence\":1", 1);
                answer["acknowledgement"]["payload"] = json!(BASE64URL_NOPAD.encode(payload.as_bytes()));
            }),
            Failure::Acknowledgement,
        ),
        ("no answer of ours", lie(|answer| *answer = json!([])), Failure::Unexpected),
        ("nothing", lie(|answer| *answer = Value::Null), Failure::Unexpected),
    ];
    let world = world().await;
    let current = checked(&world, &intake(&world)).await;
    let (kept, mut device) = keep(&mut Outbox::default(), &current, &outgoing("kept", &[]), &[]).await;
    for (what, lie, failure) in lies {
        let line = Tampering::new(intake(&world));
        line.change_responses(move |request, response| {
            if request.path.ends_with("/reports") {
                let mut answer = serde_json::from_slice(&response.body).unwrap();
                lie(&mut answer);
                response.body = serde_json::to_vec(&answer).unwrap();
            }
        });
        assert_eq!(visit(&world, &line, &mut device, 8).await.unwrap_err(), failure, "{what}");
    }
    // One that answers with what it signed for another report.
    let (_, mut other) = keep(&mut Outbox::default(), &current, &outgoing("other", &[]), &[]).await;
    let answer = Rc::new(RefCell::new(Vec::new()));
    let line = Tampering::new(intake(&world));
    let signed = Rc::clone(&answer);
    line.change_responses(move |request, response| {
        if request.path.ends_with("/reports") {
            *signed.borrow_mut() = response.body.clone();
        }
    });
    visit(&world, &line, &mut other, 9).await.unwrap();
    let line = Tampering::new(intake(&world));
    line.change_responses(move |request, response| {
        if request.path.ends_with("/reports") {
            response.body = answer.borrow().clone();
        }
    });
    assert_eq!(visit(&world, &line, &mut device, 8).await.unwrap_err(), Failure::Acknowledgement);
    // It lies there still, and an honest answer ends it: recorded once, whatever was said.
    let recorded = visit(&world, &intake(&world), &mut device, 8).await.unwrap();
    check_one_case(&world, 1, &kept, &recorded, &[], "honest at last").await;
}

#[tokio::test]
async fn what_is_no_letter_is_refused_before_anything_is_asked() {
    let world = world().await;
    let files = [File::of(10), File::of(20)];
    let current = checked(&world, &intake(&world)).await;
    let (kept, _) = keep(&mut Outbox::default(), &current, &outgoing("kept", &files), &files).await;
    let whole: Value = serde_json::from_str(&kept.letter).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut letter = whole.clone();
        change(&mut letter);
        letter.to_string()
    };
    let request = |change: &dyn Fn(&mut Value)| {
        changed(&|letter| {
            let mut inner: Value = serde_json::from_str(letter["request"].as_str().unwrap()).unwrap();
            change(&mut inner);
            letter["request"] = json!(inner.to_string());
        })
    };
    let open = |letter: &str| Waiting::open(letter, &current, world.now()).map(drop);
    open(&changed(&|_| ())).unwrap();
    let claim = json!({ "upload": "00".repeat(16), "token": "A", "sha256": "00".repeat(32) });
    for (what, letter) in [
        ("nothing", String::new()),
        ("cut", kept.letter[..kept.letter.len() - 1].to_owned()),
        ("another version", changed(&|letter| letter["version"] = json!(2))),
        ("more in it", changed(&|letter| letter["more"] = json!(1))),
        ("a short nonce", changed(&|letter| letter["nonce"] = json!("AAAA"))),
        ("no request", changed(&|letter| letter["request"] = json!("{}"))),
        ("more in the request", request(&|request| request["more"] = json!(1))),
        ("a recipient that is none", request(&|request| request["recipient"] = json!("age1"))),
        ("another manifest's digest", request(&|request| request["manifest"] = json!("00".repeat(32)))),
        ("one claim for two files", request(&|request| request["blobs"] = json!([claim]))),
    ] {
        assert_eq!(open(&letter).unwrap_err(), Failure::Damaged, "{what}");
    }
    let manifest = |check: &str| Failure::Manifest { check: check.to_owned() };
    let forged = changed(&|letter| letter["manifest"]["signature"] = json!("AA"));
    assert_eq!(open(&forged).unwrap_err(), manifest("encoding"));
    // Kept under a root key that is not the channel's any more.
    let mut elsewhere = current.clone();
    elsewhere.root = SigningKey::generate(&mut rng(66)).verifying_key();
    assert_eq!(Waiting::open(&kept.letter, &elsewhere, world.now()).map(drop).unwrap_err(), manifest("root_key"));
    let ended = current.manifest.expires_at.plus_days(31);
    assert_eq!(Waiting::open(&kept.letter, &current, ended).map(drop).unwrap_err(), manifest("expired"));
    assert_eq!(world.cases().await, []);
}

/// A line on which a device without network gives up at once where the person says so.
struct Stopped(InProcess, Cell<bool>);

impl Transport for Stopped {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, NetworkError> {
        assert!(!self.1.get(), "nothing is asked any more");
        Err(NetworkError)
    }

    async fn wait(&self, seconds: u32) {
        self.0.wait(seconds).await;
    }

    fn is_offline(&self) -> bool {
        true
    }

    fn is_stopped(&self) -> bool {
        self.1.get()
    }

    async fn reconnected(&self, _: u32) {
        self.1.set(true);
    }
}

#[tokio::test]
async fn whoever_cannot_wait_for_the_network_stops_and_keeps_it() {
    let world = world().await;
    let (files, current) = (files(), checked(&world, &intake(&world)).await);
    let outgoing = outgoing("kept", &files);
    let mut outbox = Outbox::default();
    let line = Stopped(intake(&world), Cell::new(false));
    let stopped = outbox.send(&line, &mut rng(1), &current, &outgoing, &files, |_| ()).await;
    assert_eq!(stopped.unwrap_err(), Failure::Network);
    let (kept, mut device) = keep(&mut outbox, &current, &outgoing, &files).await;
    let recorded = visit(&world, &intake(&world), &mut device, 8).await.unwrap();
    check_one_case(&world, 0, &kept, &recorded, &files, "stopped").await;
}
