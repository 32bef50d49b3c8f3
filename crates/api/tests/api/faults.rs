//! Every kind of problem: told as a whole document, with nothing stored.

use std::collections::HashSet;

use axum::body::Body;
use axum::http::{Method, Request};
use data_encoding::BASE64URL_NOPAD;
use recourse_domain::event::{BodyPart, EventClass};
use recourse_domain::ids::{CaseId, Digest, UploadId};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::hash::sha256;
use recourse_store::{CreateOutcome, NewCase, Store};
use recourse_wire::console::AppendEvent;
use recourse_wire::header::{TICKET, TUS_RESUMABLE, UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET, UPLOAD_TOKEN};
use recourse_wire::limits::{EVENTS_PER_CASE, REQUEST_BYTES, TICKET_SECONDS};
use recourse_wire::path;
use recourse_wire::problem::ProblemKind::{self as Kind, *};
use recourse_wire::reporter::{AppendAct, BlobClaim, CreateReport, SealedBody};

use recourse_testkit::{Reporter, World, event_request, get, largest, patch, post, request, send, tus, with};

const REPORTER: u64 = 1;

struct Cases {
    world: World,
    session: String,
    auditor: String,
    /// Stands at 4 of 10 bytes; token of seed 1.
    unfinished: String,
    /// Complete; token of seed 2.
    finished: BlobClaim,
    /// Belongs to the reporter's case; token of seed 3.
    claimed: BlobClaim,
    seen: HashSet<Kind>,
}

impl Cases {
    async fn new() -> Self {
        let world = World::new().await;
        let unfinished = world.begin_upload(1, 10).await;
        send(&world.intake, patch(&unfinished, 1, 0, b"0123")).await.expect(204);
        let finished = world.upload(2, b"finished").await;
        let claimed = world.upload(3, b"claimed").await;
        world.file(&Reporter::new(REPORTER), vec![claimed.clone()]).await;
        let (session, auditor) = (world.sign_in(0).await, world.sign_in(3).await);
        Self { world, session, auditor, unfinished, finished, claimed, seen: HashSet::new() }
    }

    /// Sends to the intake and expects that problem, that detail, and nothing stored.
    async fn intake(&mut self, name: &str, request: Request<Body>, kind: Kind, detail: &str) {
        let router = self.world.intake.clone();
        self.check(name, &router, request, kind, detail).await;
    }

    async fn console(&mut self, name: &str, request: Request<Body>, kind: Kind, detail: &str) {
        let router = self.world.console.clone();
        self.check(name, &router, request, kind, detail).await;
    }

    async fn check(&mut self, name: &str, router: &axum::Router, request: Request<Body>, kind: Kind, detail: &str) {
        let before = self.world.stored().await;
        let answer = send(router, request).await;
        assert_eq!(answer.status.as_u16(), kind.status(), "{name}: {}", answer.text());
        let problem = answer.problem(kind);
        assert_eq!(problem.detail.as_deref().unwrap_or_default(), detail, "{name}");
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
        assert_eq!(self.world.stored().await, before, "{name}: something was stored");
        self.seen.insert(kind);
    }

    /// A new report with something changed.
    fn report(&self, change: impl FnOnce(&mut CreateReport)) -> Request<Body> {
        let mut report = self.world.report(&Reporter::new(99), Vec::new());
        change(&mut report);
        post(&self.world.path(path::REPORTS), &report)
    }

    /// An act at the end of the reporter's case, with something changed.
    fn act(&self, change: impl FnOnce(&mut AppendAct)) -> Request<Body> {
        let mut act = self.world.act(EventClass::Reporter, None);
        change(&mut act);
        let request = post(&self.world.path(path::OWN_EVENTS), &act);
        with(with(request, "authorization", &Reporter::new(REPORTER).authorization()), "if-match", "\"2\"")
    }

    /// A reviewer's event at the end of that case, with something changed.
    fn event(&self, change: impl FnOnce(&mut AppendEvent)) -> Request<Body> {
        let mut event = self.world.team_event("note");
        change(&mut event);
        event_request(&self.session, &Reporter::new(REPORTER).case, 2, &event)
    }

    fn create_upload(&self, length: &str) -> Request<Body> {
        with(tus(Method::POST, &self.world.path(path::UPLOADS), 50, Body::empty()), UPLOAD_LENGTH, length)
    }

    fn asked(&self, session: &str, path: &str) -> Request<Body> {
        with(get(path), "authorization", session)
    }
}

fn raw_json(path: &str, text: &str) -> Request<Body> {
    with(request(Method::POST, path, Body::from(text.to_owned())), "content-type", "application/json")
}

#[tokio::test]
async fn every_problem_is_told_and_leaves_nothing() {
    let mut cases = Cases::new().await;
    reports(&mut cases).await;
    uploads(&mut cases).await;
    acts(&mut cases).await;
    reviewers(&mut cases).await;
    addresses(&mut cases).await;

    // What the time and the channel do comes last.
    full_case(&mut cases).await;
    tickets(&mut cases).await;
    cases.world.advance(26 * Timestamp::HOUR);
    let unfinished = cases.unfinished.clone();
    cases.intake("expired upload", patch(&unfinished, 1, 4, b"x"), UploadGone, "").await;
    cases.world.advance(400 * Timestamp::DAY);
    let report = cases.report(|_| {});
    cases.intake("closed channel", report, ChannelClosed, "").await;

    // Faults of ours have a test of their own below.
    cases.seen.extend([Internal, Unavailable]);
    let missing: Vec<_> = Kind::ALL.iter().filter(|kind| !cases.seen.contains(kind)).collect();
    assert!(missing.is_empty(), "not reached: {missing:?}");
}

async fn tickets(cases: &mut Cases) {
    cases.intake("no ticket", cases.report(|_| {}), TicketRequired, "").await;
    let sent = cases.world.report(&Reporter::new(99), Vec::new());
    let other = cases.world.report(&Reporter::new(98), Vec::new());
    let ticket = cases.world.ticketed(&other).await.headers()[TICKET].to_str().unwrap().to_owned();
    let reused = with(post(&cases.world.path(path::REPORTS), &sent), TICKET, &ticket);
    cases.intake("another report's ticket", reused, TicketRefused, "").await;
    let noise = with(post(&cases.world.path(path::REPORTS), &sent), TICKET, "noise");
    cases.intake("no ticket but noise", noise, MalformedHeader, TICKET).await;
    let late = cases.world.ticketed(&sent).await;
    cases.world.advance(TICKET_SECONDS);
    cases.intake("a late ticket", late, TicketExpired, "").await;
    // Later acts need no ticket, and wrong receipts are told so a while.
    let guess = || with(get(&cases.world.path(path::OWN_CASE)), "authorization", &Reporter::new(70).authorization());
    for _ in 0..20 * 10 {
        send(&cases.world.intake, guess()).await.problem(UnknownCase);
    }
    let guess = guess();
    cases.intake("too many guesses", guess, TooManyRequests, "in 3 s").await;
}

async fn reports(cases: &mut Cases) {
    let address = cases.world.path(path::REPORTS);
    let request = with(cases.report(|_| {}), "content-type", "text/plain");
    cases.intake("media type", request, UnsupportedMediaType, "application/json").await;
    cases.intake("no JSON", raw_json(&address, "{"), MalformedRequest, "?").await;
    cases.intake("unknown field", raw_json(&address, r#"{"secret words":1}"#), MalformedRequest, "?").await;
    let request = raw_json(&address, r#"{"bodies":[{"part":"main","sha256":"00"}]}"#);
    cases.intake("nested fault", request, MalformedRequest, "bodies[0].sha256").await;
    let text = serde_json::to_string(&cases.world.report(&Reporter::new(99), Vec::new())).unwrap();
    cases.intake("something after", raw_json(&address, &(text + "{}")), MalformedRequest, "end").await;
    let limit = format!("at most {REQUEST_BYTES} bytes");
    let large = with(cases.report(|_| {}), "content-length", &(REQUEST_BYTES + 1).to_string());
    cases.intake("says it is large", large, TooLarge, &limit).await;
    cases.intake("is large", raw_json(&address, &" ".repeat(REQUEST_BYTES + 1)), TooLarge, &limit).await;
    let request = with(cases.report(|_| {}), "idempotency-key", "\"unclosed");
    cases.intake("idempotency key", request, MalformedHeader, "idempotency-key").await;

    let request = cases.report(|report| report.signature = "AAAA".to_owned());
    cases.intake("signature", request, MalformedRequest, "signature").await;
    let request = cases.report(|report| report.bodies.truncate(1));
    cases.intake("one body", request, MalformedBodies, "bodies").await;
    let request = cases.report(|report| report.bodies.swap(0, 1));
    cases.intake("order of bodies", request, MalformedBodies, "bodies[0].part").await;
    let request = cases.report(|report| report.bodies[1].sha256 = Digest::new([0; 32]));
    cases.intake("hash of a body", request, WrongChecksum, "bodies[1].sha256").await;
    let plain =
        |text: &[u8]| SealedBody { part: BodyPart::Main, sha256: Digest::new(sha256(text)), sealed: text.to_vec() };
    let request = cases.report(|report| report.bodies[0] = plain(b"not sealed at all"));
    cases.intake("plain text", request, MalformedBodies, "bodies[0].sealed").await;
    let request = cases.report(|report| {
        let mut longer = report.bodies[0].sealed.clone();
        longer.push(0);
        report.bodies[0] = plain(&longer);
    });
    cases.intake("not padded", request, MalformedBodies, "bodies[0].sealed").await;
    let request = cases.report(|report| report.bodies[0] = plain(&vec![0; 160 << 10]));
    cases.intake("large body", request, TooLarge, "at most 147456 bytes").await;
    let request = cases.report(|report| report.manifest = Digest::new([0; 32]));
    cases.intake("manifest", request, OldManifest, "").await;
    let request = cases.report(|report| report.recipient = "age1pq1other".to_owned());
    cases.intake("recipient", request, UnknownRecipient, "").await;
    let request = cases.report(|report| report.case = Reporter::new(REPORTER).case);
    cases.intake("receipt used", request, IdempotencyMismatch, "").await;
    let elsewhere = address.replace("demo", "other");
    let text = serde_json::to_string(&cases.world.report(&Reporter::new(99), Vec::new())).unwrap();
    cases.intake("channel", raw_json(&elsewhere, &text), UnknownChannel, "").await;

    let finished = cases.finished.clone();
    let request = cases.report(|report| report.blobs = vec![finished.clone(); 4]);
    cases.intake("too many", request, TooManyAttachments, "at most 3").await;
    let claims: [(&str, BlobClaim, Kind); 5] = [
        ("missing", BlobClaim { upload: UploadId::new([0; 16]), ..finished.clone() }, UnknownUpload),
        ("wrong token", BlobClaim { token: BASE64URL_NOPAD.encode(&[77; 32]), ..finished.clone() }, UnknownUpload),
        ("claimed", cases.claimed.clone(), UploadClaimed),
        ("wrong hash", BlobClaim { sha256: Digest::new([0; 32]), ..finished.clone() }, WrongChecksum),
        (
            "incomplete",
            BlobClaim {
                upload: cases.unfinished.rsplit('/').next().unwrap().parse().unwrap(),
                token: BASE64URL_NOPAD.encode(&[1; 32]),
                sha256: Digest::new([0; 32]),
            },
            IncompleteUpload,
        ),
    ];
    for (name, claim, kind) in claims {
        let request = cases.report(|report| report.blobs = vec![finished.clone(), claim]);
        cases.intake(name, request, kind, "blobs[1]").await;
    }
    let twice = cases.world.report(&Reporter::new(99), vec![finished.clone(), finished.clone()]);
    let request = cases.world.ticketed(&twice).await;
    cases.intake("claimed twice", request, UploadClaimed, "blobs[1]").await;
    let mut all = Vec::new();
    for seed in 60..63 {
        all.push(cases.world.upload(seed, &vec![seed; largest() as usize]).await);
    }
    let request = cases.report(|report| report.blobs = all);
    cases.intake("large together", request, TooLarge, "at most 430894 bytes").await;
    let token = BlobClaim { token: "short".to_owned(), ..finished };
    let request = cases.report(|report| report.blobs = vec![token]);
    cases.intake("token", request, MalformedRequest, "blobs[0].token").await;
}

async fn uploads(cases: &mut Cases) {
    let limit = format!("at most {} bytes", largest());
    let request = cases.create_upload(&(largest() + 1).to_string());
    cases.intake("long upload", request, TooLarge, &limit).await;
    for (length, name) in [("", "none"), ("-1", "negative"), ("1e3", "no digits"), ("99999999999999999999", "huge")] {
        let request = cases.create_upload(length);
        cases.intake(name, request, MalformedHeader, UPLOAD_LENGTH).await;
    }
    for version in ["", "0.2.2"] {
        let request = with(cases.create_upload("10"), TUS_RESUMABLE, version);
        cases.intake("tus version", request, UnsupportedTusVersion, "").await;
    }
    let request = with(cases.create_upload("10"), UPLOAD_METADATA, "filename c2VjcmV0LnBkZg==");
    cases.intake("metadata", request, MetadataRefused, "").await;
    for token in ["", "short", "AAAA+AAA"] {
        let request = with(cases.create_upload("10"), UPLOAD_TOKEN, token);
        cases.intake("token", request, MalformedHeader, UPLOAD_TOKEN).await;
    }

    let address = cases.unfinished.clone();
    let request = with(patch(&address, 1, 4, b"x"), "content-type", "application/octet-stream");
    cases.intake("media type", request, UnsupportedMediaType, "application/offset+octet-stream").await;
    cases.intake("offset", patch(&address, 1, 3, b"x"), OffsetMismatch, "at 4").await;
    let request = with(patch(&address, 1, 4, b"x"), UPLOAD_OFFSET, "four");
    cases.intake("no offset", request, MalformedHeader, UPLOAD_OFFSET).await;
    cases.intake("past the end", patch(&address, 1, 4, b"4567890"), TooLarge, "at most 6 bytes").await;
    let unsaid = with(patch(&address, 1, 4, b"4567890"), "content-length", "");
    cases.intake("past the end unsaid", unsaid, TooLarge, "at most 6 bytes").await;
    let request = with(patch(&address, 1, 4, b"x"), "content-length", "9000000");
    cases.intake("says it is large", request, TooLarge, "at most 6 bytes").await;
    cases.intake("wrong token", patch(&address, 9, 4, b"x"), UnknownUpload, "").await;
    let unknown = path::fill(path::UPLOAD, &[&cases.world.channel, &UploadId::new([0; 16])]);
    cases.intake("unknown", patch(&unknown, 1, 4, b"x"), UnknownUpload, "").await;
    let odd = path::fill(path::UPLOAD, &[&cases.world.channel, &"no-id"]);
    cases.intake("no id", patch(&odd, 1, 4, b"x"), UnknownUpload, "").await;
    let claimed = path::fill(path::UPLOAD, &[&cases.world.channel, &cases.claimed.upload]);
    cases.intake("claimed", patch(&claimed, 3, 7, b"x"), UploadClaimed, "").await;
    let request = tus(Method::DELETE, &claimed, 3, Body::empty());
    cases.intake("delete claimed", request, UploadClaimed, "").await;
    let request = with(tus(Method::POST, &address, 1, Body::empty()), "x-http-method-override", "PUT");
    cases.intake("override", request, MethodNotAllowed, "").await;
}

async fn acts(cases: &mut Cases) {
    for authorization in ["", "Bearer abc", "Recourse-Receipt abc.def", "Recourse-Receipt"] {
        let request = with(cases.act(|_| {}), "authorization", authorization);
        cases.intake("receipt", request, MalformedHeader, "authorization").await;
    }
    let request = with(cases.act(|_| {}), "authorization", &Reporter::new(5).authorization());
    cases.intake("unknown case", request, UnknownCase, "").await;
    let request = with(cases.act(|_| {}), "if-match", "");
    cases.intake("no If-Match", request, PreconditionRequired, "").await;
    for tag in ["2", "W/\"2\"", "*", "\"two\""] {
        let request = with(cases.act(|_| {}), "if-match", tag);
        cases.intake("If-Match", request, MalformedHeader, "if-match").await;
    }
    for events in ["\"0\"", "\"1\"", "\"3\"", "\"18446744073709551615\""] {
        let request = with(cases.act(|_| {}), "if-match", events);
        cases.intake("another head", request, CaseChanged, "").await;
    }
    let states = [CaseState::Decided, CaseState::Acknowledged, CaseState::Erased, CaseState::Appealed];
    for to in states {
        let request = cases.act(|act| (act.class, act.to) = (EventClass::Transition, Some(to)));
        cases.intake("state", request, InvalidTransition, "").await;
    }
    let request = cases.act(|act| act.class = EventClass::Team);
    cases.intake("class", request, MalformedRequest, "class").await;
    let request = cases.act(|act| act.to = Some(CaseState::Withdrawn));
    cases.intake("message with a state", request, MalformedRequest, "to").await;
    let request = cases.act(|act| act.recipient = None);
    cases.intake("no recipient", request, MalformedRequest, "recipient").await;
    let request = cases.act(|act| act.recipient = Some("age1pq1other".to_owned()));
    cases.intake("recipient", request, UnknownRecipient, "").await;
    let request = cases.act(|act| act.manifest = Digest::ZERO);
    cases.intake("manifest", request, OldManifest, "").await;
    let request = cases.act(|act| act.bodies[0].part = BodyPart::Contact);
    cases.intake("contact body", request, MalformedBodies, "bodies[0].part").await;
    let request = cases.act(|act| act.bodies.push(act.bodies[0].clone()));
    cases.intake("two bodies", request, MalformedBodies, "bodies").await;
}

async fn reviewers(cases: &mut Cases) {
    let case = Reporter::new(REPORTER).case;
    let session = cases.session.clone();
    for authorization in ["", "Bearer rcs_unknown", "Bearer other", &Reporter::new(REPORTER).authorization()] {
        let request = with(get(path::CASES), "authorization", authorization);
        cases.console("session", request, SignInRequired, "").await;
    }
    let request = post(path::CHALLENGES, &serde_json::json!({ "key": "no key" }));
    cases.console("challenge", request, MalformedRequest, "key").await;
    let name = cases.world.people[0].verifying_key().to_string();
    let request = post(path::SESSIONS, &serde_json::json!({ "key": name, "challenge": "x", "signature": "y" }));
    cases.console("sign in", request, SignInRefused, "").await;
    let auditor = cases.auditor.clone();
    let request = with(cases.event(|_| {}), "authorization", &auditor);
    cases.console("auditor", request, Forbidden, "").await;
    let request = with(cases.event(|_| {}), "if-match", "");
    cases.console("no If-Match", request, PreconditionRequired, "").await;
    let request = with(cases.event(|_| {}), "if-match", "\"1\"");
    cases.console("another head", request, CaseChanged, "").await;
    for to in [CaseState::Withdrawn, CaseState::Appealed, CaseState::Decided, CaseState::Erased] {
        let request = cases.event(|event| (event.class, event.to) = (EventClass::Transition, Some(to)));
        cases.console("state", request, InvalidTransition, "").await;
    }
    let request = cases.event(|event| event.class = EventClass::Reporter);
    cases.console("class", request, MalformedRequest, "class").await;
    let request = cases.event(|event| event.class = EventClass::Transition);
    cases.console("no state", request, MalformedRequest, "to").await;
    let request = cases.event(|event| {
        (event.class, event.to) = (EventClass::Transition, Some(CaseState::InTriage));
        event.contact_opened = true;
    });
    cases.console("contact by the way", request, MalformedRequest, "contact_opened").await;
    let dev = cases.world.people[3].verifying_key().to_string();
    for owner in [dev, "nobody".to_owned()] {
        let request = cases.event(|event| event.assign = Some(Some(owner)));
        cases.console("owner", request, MalformedRequest, "assign").await;
    }
    let request = cases.event(|event| event.body.sha256 = Digest::ZERO);
    cases.console("hash", request, WrongChecksum, "bodies[0].sha256").await;
    let contact = cases.world.store.events(&case).await.unwrap()[0].header.bodies[1].sha256;
    let request = cases.asked(&session, &path::fill(path::CASE_BODY, &[&case, &contact]));
    cases.console("contact", request, ContactClosed, "").await;
    for pattern in [path::CASE_BODY, path::CASE_BLOB] {
        let request = cases.asked(&session, &path::fill(pattern, &[&case, &Digest::ZERO]));
        cases.console("unknown body", request, UnknownBody, "").await;
        let request = cases.asked(&session, &path::fill(pattern, &[&CaseId::new([0; 16]), &Digest::ZERO]));
        cases.console("unknown case", request, UnknownCase, "").await;
    }
    let request = cases.asked(&session, &path::fill(path::CASE_BLOB, &[&case, &cases.claimed.sha256]));
    cases.console("range", with(request, "range", "bytes=7-"), RangeNotSatisfiable, "7 bytes").await;
    for (query, at) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("state=odd", "query"),
        ("x=1", "query"),
        ("cursor=zz", "cursor"),
    ] {
        let request = cases.asked(&session, &format!("{}?{query}", path::CASES));
        cases.console(query, request, MalformedRequest, at).await;
    }
    // The key was used for something else; the first use is stored, so it stands outside of `check`.
    let first = with(cases.event(|_| {}), "idempotency-key", "once");
    send(&cases.world.console, first).await.expect(201);
    let other = cases.world.team_event("something else altogether");
    let other = with(event_request(&session, &case, 3, &other), "idempotency-key", "once");
    cases.console("key used", other, IdempotencyMismatch, "").await;
}

async fn addresses(cases: &mut Cases) {
    for path in [
        "/",
        "/api/v1/nothing",
        "/assets/none.js",
        "/assets/../embed.html",
        "/widget/none.js",
        path::CASES,
        path::SESSIONS,
    ] {
        cases.intake(path, get(path), NotFound, "").await;
    }
    let manifest = cases.world.path(path::MANIFEST);
    for path in [manifest.as_str(), "/r/demo", "/nothing"] {
        cases.console(path, get(path), NotFound, "").await;
    }
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS] {
        cases.intake(path::MANIFEST, request(method, &manifest, Body::empty()), MethodNotAllowed, "").await;
    }
    cases.intake("unknown channel", get(&manifest.replace("demo", "other")), UnknownChannel, "").await;
    cases.intake("no channel's name", get(&manifest.replace("demo", "%FF")), NotFound, "").await;
}

/// A case with as many events as there may be, put into the store directly.
async fn full_case(cases: &mut Cases) {
    let world = &cases.world;
    let reporter = Reporter::new(7);
    let model = world.store.events(&Reporter::new(REPORTER).case).await.unwrap()[1].clone();
    let mut previous = Digest::ZERO;
    let events = (0..EVENTS_PER_CASE).map(|sequence| {
        let mut event = model.clone();
        event.header.case = reporter.case;
        event.header.sequence = sequence;
        event.header.previous = std::mem::replace(&mut previous, Digest::new(sha256(&sequence.to_be_bytes())));
        event.hash = previous;
        event
    });
    let outcome = world.store.create_case(NewCase {
        case: reporter.case,
        channel: world.channel.clone(),
        token_hash: Digest::ZERO,
        request_sha256: Digest::ZERO,
        urgent: false,
        state: CaseState::Acknowledged,
        due: Vec::new(),
        events: events.collect(),
        bodies: Vec::new(),
        claims: Vec::new(),
        acknowledgement: "{}".to_owned(),
        received_at: world.now().floor_to_hour(),
    });
    assert_eq!(outcome.await.unwrap(), CreateOutcome::Created);
    let session = cases.session.clone();
    let request = event_request(&session, &reporter.case, EVENTS_PER_CASE, &cases.world.team_event("one too many"));
    cases.console("full", request, CaseFull, "").await;
}

#[tokio::test]
async fn a_fault_of_ours_tells_nothing() {
    let world = World::with(|manifest| manifest.acknowledgement_keys.clear()).await;
    let request = world.ticketed(&world.report(&Reporter::new(1), Vec::new())).await;
    let answer = send(&world.intake, request).await;
    assert_eq!(answer.problem(Internal).detail, None);
    assert_eq!(world.stored().await, Vec::<String>::new());
    send(&world.intake, get("/readyz")).await.expect(503);

    world.issue(|_| ()).await;
    let address = world.begin_upload(1, 10).await;
    std::fs::remove_dir_all(world.folder.path().join("uploads")).unwrap();
    let answer = send(&world.intake, patch(&address, 1, 0, b"0123")).await;
    assert_eq!(answer.problem(Unavailable).detail, None);
    assert_eq!(answer.header("retry-after"), "30");
}

#[tokio::test]
async fn pages_of_any_origin_may_ask_the_reporters_api_and_no_page_may_be_read() {
    let world = World::new().await;
    let ask = |path: &str| {
        let mut request = request(Method::OPTIONS, path, Body::empty());
        for (name, value) in [("origin", "null"), ("access-control-request-method", "PATCH")] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request
    };
    for path in [path::MANIFEST, path::TICKETS, path::REPORTS, path::UPLOADS, path::OWN_CASE] {
        let answer = send(&world.intake, ask(&world.path(path))).await.expect(204);
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-allow-methods").contains("PATCH"));
        for name in [
            "authorization",
            "idempotency-key",
            "recourse-ticket",
            "recourse-upload-token",
            "upload-offset",
            "tus-resumable",
        ] {
            assert!(answer.header("access-control-allow-headers").contains(name), "{name}");
        }
    }
    let manifest = send(&world.intake, get(&world.path(path::MANIFEST))).await.expect(200);
    assert_eq!(manifest.header("access-control-allow-origin"), "*");
    assert!(manifest.header("access-control-expose-headers").contains("location"));
    // Credentials are never invited, and a form is not to be read by others.
    assert_eq!(manifest.header("access-control-allow-credentials"), "");
    let page = send(&world.intake, get(&world.path("/r/{channel}"))).await.expect(200);
    assert_eq!(page.header("access-control-allow-origin"), "");
}
