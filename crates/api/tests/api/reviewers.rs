//! What reviewers, admins and auditors can do.

use axum::body::Body;
use axum::http::Method;
use recourse_domain::event::{Author, BodyPart, EventClass};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_store::Store;
use recourse_wire::console::{AppendEvent, CaseDetail, CasePage, Channels, Keyring};
use recourse_wire::path;
use recourse_wire::problem::ProblemKind;

use recourse_testkit::{Answer, Reporter, World, event_request, get, post, request, send, with};

async fn ask(world: &World, session: &str, path: &str) -> Answer {
    send(&world.console, with(get(path), "authorization", session)).await
}

#[tokio::test]
async fn a_session_opens_lists_keyring_channels_and_ends() {
    let world = World::new().await;
    let session = world.sign_in(0).await;
    assert!(session.starts_with("Bearer rcs_"));
    let keyring: Keyring = ask(&world, &session, path::KEYRING).await.expect(200).json();
    assert_eq!((keyring.entries.len(), keyring.reviewers.len()), (1, 4));
    let channels: Channels = ask(&world, &session, path::CHANNELS).await.expect(200).json();
    assert_eq!(channels.manifests.len(), 1);
    for seed in 1..=3 {
        world.file(&Reporter::new(seed), Vec::new()).await;
    }
    let page: CasePage = ask(&world, &session, "/api/v1/cases?open=true&limit=2").await.expect(200).json();
    assert_eq!(page.cases.len(), 2);
    let rest = format!("/api/v1/cases?open=true&limit=2&cursor={}", page.next.unwrap());
    let rest: CasePage = ask(&world, &session, &rest).await.expect(200).json();
    assert_eq!((rest.cases.len(), rest.next), (1, None));

    let end = with(request(Method::DELETE, path::SESSIONS, Body::empty()), "authorization", &session);
    send(&world.console, end).await.expect(204);
    ask(&world, &session, path::CASES).await.problem(ProblemKind::SignInRequired);

    let session = world.sign_in(0).await;
    world.advance(12 * Timestamp::HOUR);
    ask(&world, &session, path::CASES).await.problem(ProblemKind::SignInRequired);
}

#[tokio::test]
async fn a_case_is_moved_assigned_and_answered_once() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let session = world.sign_in(0).await;
    let own = world.people[0].verifying_key().to_string();
    let claim = AppendEvent { assign: Some(Some(own.clone())), ..world.team_event("mine") };
    let sent = || with(event_request(&session, &reporter.case, 2, &claim), "idempotency-key", "claim-1");
    let first = send(&world.console, sent()).await.expect(201);
    assert_eq!(first.header("etag"), "\"3\"");
    let again = send(&world.console, sent()).await.expect(200);
    assert_eq!(first.body, again.body);
    world.append(&session, &reporter.case, 3, &world.transition(CaseState::InTriage)).await;

    let detail = ask(&world, &session, &path::fill(path::CASE, &[&reporter.case])).await.expect(200);
    assert_eq!(detail.header("etag"), "\"4\"");
    let detail: CaseDetail = detail.json();
    assert_eq!((detail.summary.state, detail.summary.assignee), (CaseState::InTriage, Some(own.clone())));
    assert_eq!(detail.events[3].header.author, Author::Reviewer { key: own });
    assert_eq!(detail.events[3].header.recorded_at, world.now(), "a reviewer's time is kept to the second");
    assert!(detail.events.windows(2).all(|pair| pair[1].header.previous == pair[0].hash));
}

#[tokio::test]
async fn contact_details_come_out_only_for_whoever_had_it_recorded() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let events = world.store.events(&reporter.case).await.unwrap();
    let [main, contact] = events[0].header.bodies.as_slice() else { panic!("two bodies") };
    assert_eq!(contact.part, BodyPart::Contact);
    let address = |sha256| path::fill(path::CASE_BODY, &[&reporter.case, sha256]);
    let (ada, bo) = (world.sign_in(0).await, world.sign_in(1).await);
    let report = ask(&world, &ada, &address(&main.sha256)).await.expect(200);
    assert_eq!(recourse_seal::body::open(world.team.identity(), &report.body).unwrap(), b"what happened");
    ask(&world, &ada, &address(&contact.sha256)).await.problem(ProblemKind::ContactClosed);

    let opened = AppendEvent { contact_opened: true, ..world.team_event("to call back") };
    world.append(&ada, &reporter.case, 2, &opened).await;
    ask(&world, &ada, &address(&contact.sha256)).await.expect(200);
    ask(&world, &bo, &address(&contact.sha256)).await.problem(ProblemKind::ContactClosed);
}

#[tokio::test]
async fn an_auditor_reads_metadata_and_an_admin_does_not_act() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    let blob = world.upload(1, b"sealed bytes").await;
    world.file(&reporter, vec![blob.clone()]).await;
    let (admin, auditor) = (world.sign_in(2).await, world.sign_in(3).await);
    let case = path::fill(path::CASE, &[&reporter.case]);
    let detail: CaseDetail = ask(&world, &auditor, &case).await.expect(200).json();
    let main = path::fill(path::CASE_BODY, &[&reporter.case, &detail.events[0].header.bodies[0].sha256]);
    let blob = path::fill(path::CASE_BLOB, &[&reporter.case, &blob.sha256]);
    ask(&world, &auditor, &main).await.problem(ProblemKind::Forbidden);
    ask(&world, &auditor, &blob).await.problem(ProblemKind::Forbidden);
    let keyring: Keyring = ask(&world, &auditor, path::KEYRING).await.expect(200).json();
    assert_eq!((keyring.entries.len(), keyring.reviewers.len()), (0, 4));
    ask(&world, &admin, &main).await.expect(200);
    ask(&world, &admin, &blob).await.expect(200);
    for session in [&admin, &auditor] {
        let append = event_request(session, &reporter.case, 2, &world.team_event("x"));
        send(&world.console, append).await.problem(ProblemKind::Forbidden);
    }
    assert_eq!(world.store.events(&reporter.case).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_appeal_is_decided_by_somebody_else() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let (ada, bo) = (world.sign_in(0).await, world.sign_in(1).await);
    for (at, to) in (2..).zip([CaseState::InTriage, CaseState::InReview, CaseState::Decided]) {
        world.append(&ada, &reporter.case, at, &world.transition(to)).await;
    }
    let appeal = post(&world.path(path::OWN_EVENTS), &world.act(EventClass::Transition, Some(CaseState::Appealed)));
    let appeal = with(with(appeal, "authorization", &reporter.authorization()), "if-match", "\"5\"");
    send(&world.intake, appeal).await.expect(201);
    let decision = world.transition(CaseState::Decided);
    let own = send(&world.console, event_request(&ada, &reporter.case, 6, &decision)).await;
    own.problem(ProblemKind::InvalidTransition);
    world.append(&bo, &reporter.case, 6, &decision).await;
}

/// A decision that the table does not have from what the reporter was last told would tell of the other report in between.
#[tokio::test]
async fn a_folded_case_is_not_decided_past_what_its_reporter_was_told() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let session = world.sign_in(0).await;
    for (at, to) in (2..).zip([CaseState::InTriage, CaseState::Duplicate]) {
        world.append(&session, &reporter.case, at, &world.transition(to)).await;
    }
    let decision = world.transition(CaseState::Decided);
    let refused = send(&world.console, event_request(&session, &reporter.case, 4, &decision)).await;
    refused.problem(ProblemKind::InvalidTransition);
    world.append(&session, &reporter.case, 4, &world.transition(CaseState::InReview)).await;
    world.append(&session, &reporter.case, 5, &decision).await;
}

#[tokio::test]
async fn attachments_come_whole_or_in_ranges() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    let content: Vec<u8> = (0..50_000_u32).map(|at| (at % 251) as u8).collect();
    let blob = world.upload(1, &content).await;
    world.file(&reporter, vec![blob.clone()]).await;
    let session = world.sign_in(0).await;
    let address = path::fill(path::CASE_BLOB, &[&reporter.case, &blob.sha256]);
    let range = async |range: &str, if_range: &str| {
        let request = with(with(get(&address), "authorization", &session), "range", range);
        send(&world.console, with(request, "if-range", if_range)).await
    };

    let whole = range("", "").await.expect(200);
    assert_eq!((whole.body.as_ref(), whole.header("accept-ranges")), (content.as_slice(), "bytes"));
    let tag = whole.header("etag").to_owned();
    let cases = [
        ("bytes=0-0", 0..1),
        ("bytes=100-199", 100..200),
        ("bytes=49990-", 49_990..50_000),
        ("bytes=49990-99999999999999999999999", 49_990..50_000),
        ("bytes=-10", 49_990..50_000),
        ("bytes=-60000", 0..50_000),
    ];
    for (asked, expected) in cases {
        let answer = range(asked, &tag).await.expect(206);
        assert_eq!(answer.body.as_ref(), &content[expected.clone()], "{asked}");
        assert_eq!(answer.header("content-range"), format!("bytes {}-{}/50000", expected.start, expected.end - 1));
        assert_eq!(answer.header("content-length"), expected.len().to_string());
    }
    for ignored in ["bytes=5-1", "bytes=0-1,5-9", "bytes=a-b", "lines=1-2", "bytes=-"] {
        assert_eq!(range(ignored, "").await.expect(200).body.len(), content.len(), "{ignored}");
    }
    assert_eq!(range("bytes=0-9", "\"other\"").await.expect(200).body.len(), content.len());
    for outside in ["bytes=50000-", "bytes=50000-60000", "bytes=-0"] {
        let answer = range(outside, "").await;
        answer.problem(ProblemKind::RangeNotSatisfiable);
        assert_eq!(answer.header("content-range"), "bytes */50000");
    }
}

#[tokio::test]
async fn a_challenge_is_good_once_for_its_key_and_this_origin() {
    let world = World::new().await;
    let key = &world.people[0];
    let name = key.verifying_key().to_string();
    let other = world.people[1].verifying_key().to_string();
    let challenge = async |key: &str| {
        let request = post(path::CHALLENGES, &serde_json::json!({ "key": key }));
        send(&world.console, request).await.expect(201).json::<recourse_wire::console::Challenge>().challenge
    };
    let sign_in = async |challenge: &str, origin: &str, label| {
        let message = recourse_domain::encoding::Canonical::new().text(challenge).text(origin).finish();
        let signature = key.sign(label, &message).to_string();
        let sent = serde_json::json!({ "key": name, "challenge": challenge, "signature": signature });
        send(&world.console, post(path::SESSIONS, &sent)).await
    };
    use recourse_seal::label::Label;
    use recourse_testkit::CONSOLE;

    let good = challenge(&name).await;
    sign_in(&good, CONSOLE, Label::SignIn).await.expect(201);
    let mut refused = vec![sign_in(&good, CONSOLE, Label::SignIn).await];
    refused.push(sign_in(&challenge(&name).await, "https://phish.example", Label::SignIn).await);
    refused.push(sign_in(&challenge(&name).await, CONSOLE, Label::ReviewerContent).await);
    refused.push(sign_in(&challenge(&other).await, CONSOLE, Label::SignIn).await);
    refused.push(sign_in("never given", CONSOLE, Label::SignIn).await);
    let late = challenge(&name).await;
    world.advance(120);
    refused.push(sign_in(&late, CONSOLE, Label::SignIn).await);
    for answer in &refused {
        answer.problem(ProblemKind::SignInRefused);
        assert_eq!(answer.body, refused[0].body, "told alike");
    }
}
