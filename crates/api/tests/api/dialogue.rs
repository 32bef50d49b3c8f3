//! Coming back with a receipt.

use recourse_domain::acknowledgement::Acknowledgement;
use recourse_domain::event::{Author, EventClass};
use recourse_domain::ids::Digest;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_store::Store;
use recourse_wire::path;
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{Acknowledged, OwnCase};

use recourse_testkit::{Reporter, World, get, post, send, with};

#[tokio::test]
async fn a_reporter_sees_what_is_theirs_and_internal_things_look_like_notes() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let session = world.sign_in(0).await;
    let case = reporter.case;
    world.append(&session, &case, 2, &world.transition(CaseState::InTriage)).await;
    world.append(&session, &case, 3, &world.team_event("a note")).await;
    let duplicate = world.append(&session, &case, 4, &world.transition(CaseState::Duplicate)).await;

    let own = world.own_case(&reporter).await;
    assert_eq!(own.state, CaseState::InTriage, "the last state that is not internal");
    let seen: Vec<_> =
        own.events.iter().map(|event| (event.class, event.to, event.automatic, event.body.is_some())).collect();
    assert_eq!(
        seen,
        [
            (EventClass::Reporter, None, false, false),
            (EventClass::Transition, Some(CaseState::Acknowledged), true, false),
            (EventClass::Transition, Some(CaseState::InTriage), false, true),
            (EventClass::Team, None, false, true),
            (EventClass::Team, None, false, true),
        ]
    );
    let events = world.store.events(&case).await.unwrap();
    assert!(own.events.iter().zip(&events).all(|(own, event)| own.hash == event.hash));
    let text = serde_json::to_string(&own).unwrap();
    assert!(!text.contains("duplicate") && !text.contains("reviewer"), "{text}");

    // What reviewers wrote comes out; what the reporter wrote does not, and the contact details do not.
    let body = |sha256: &Digest| {
        let request = get(&path::fill(path::OWN_BODY, &[&world.channel, sha256]));
        with(request, "authorization", &reporter.authorization())
    };
    let answer = send(&world.intake, body(&duplicate.header.bodies[0].sha256)).await.expect(200);
    assert_eq!(recourse_seal::body::open(world.team.identity(), &answer.body).unwrap(), b"to duplicate");
    for part in &events[0].header.bodies {
        send(&world.intake, body(&part.sha256)).await.problem(ProblemKind::UnknownBody);
    }
}

#[tokio::test]
async fn a_folded_case_is_as_late_as_one_that_is_not() {
    let world = World::new().await;
    let (plain, folded) = (Reporter::new(1), Reporter::new(2));
    let session = world.sign_in(0).await;
    for reporter in [&plain, &folded] {
        world.file(reporter, Vec::new()).await;
        world.append(&session, &reporter.case, 2, &world.transition(CaseState::InTriage)).await;
    }
    world.append(&session, &folded.case, 3, &world.transition(CaseState::Duplicate)).await;
    world.append(&session, &plain.case, 3, &world.team_event("a note")).await;
    world.advance(31 * Timestamp::DAY);
    let (plain, folded) = (world.own_case(&plain).await, world.own_case(&folded).await);
    let late = |own: &OwnCase| own.due.iter().map(|due| due.late).collect::<Vec<_>>();
    assert_eq!(late(&plain), [false, true, false], "triage was reached, review is overdue, the decision is not due");
    assert_eq!(plain.due, folded.due);
    let shape = |own: &OwnCase| own.events.iter().map(|event| (event.class, event.to)).collect::<Vec<_>>();
    assert_eq!((plain.state, shape(&plain)), (folded.state, shape(&folded)));
}

#[tokio::test]
async fn a_reporter_writes_back_withdraws_and_gets_the_same_answer_twice() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let request = |at: u64, act| {
        let request = with(post(&world.path(path::OWN_EVENTS), act), "authorization", &reporter.authorization());
        with(request, "if-match", &format!("\"{at}\""))
    };
    let message = world.act(EventClass::Reporter, None);
    let first = send(&world.intake, request(2, &message)).await.expect(201);
    let acknowledged: Acknowledged = first.json();
    let payload = data_encoding::BASE64URL_NOPAD.decode(acknowledged.acknowledgement.payload.as_bytes()).unwrap();
    let statement: Acknowledgement = serde_json::from_slice(&payload).unwrap();
    let events = world.store.events(&reporter.case).await.unwrap();
    assert_eq!((statement.sequence, statement.previous, statement.event), (2, events[1].hash, events[2].hash));
    assert_eq!(statement.schema, Digest::ZERO, "an act has no schema of its own");
    assert_eq!(events[2].header.recorded_at, world.now().floor_to_hour());

    let again = send(&world.intake, request(2, &message)).await.expect(200);
    assert_eq!(first.body, again.body);
    assert_eq!(world.store.events(&reporter.case).await.unwrap().len(), 3);

    let mut withdrawal = world.act(EventClass::Transition, Some(CaseState::Withdrawn));
    withdrawal.bodies.clear();
    withdrawal.recipient = None;
    send(&world.intake, request(3, &withdrawal)).await.expect(201);
    assert_eq!(world.own_case(&reporter).await.state, CaseState::Withdrawn);
    // The retry of a step is no second step.
    send(&world.intake, request(3, &withdrawal)).await.expect(200);
    let events = world.store.events(&reporter.case).await.unwrap();
    assert_eq!((events.len(), &events[3].header.author), (4, &Author::Reporter));
}

#[tokio::test]
async fn a_receipt_opens_its_own_case_alone() {
    let world = World::new().await;
    let (one, other) = (Reporter::new(1), Reporter::new(2));
    world.file(&one, Vec::new()).await;
    let ask = async |authorization: &str| {
        send(&world.intake, with(get(&world.path(path::OWN_CASE)), "authorization", authorization)).await
    };
    let unknown = ask(&other.authorization()).await;
    let crossed = Reporter { token: other.token, ..Reporter::new(1) };
    let wrong_token = ask(&crossed.authorization()).await;
    unknown.problem(ProblemKind::UnknownCase);
    assert_eq!((unknown.body, unknown.headers), (wrong_token.body, wrong_token.headers), "told alike");
}

#[tokio::test]
async fn the_entity_tag_is_the_number_of_events() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    world.file(&reporter, Vec::new()).await;
    let ask = |tag: &str| {
        let request = with(get(&world.path(path::OWN_CASE)), "authorization", &reporter.authorization());
        with(request, "if-none-match", tag)
    };
    let answer = send(&world.intake, ask("\"1\"")).await.expect(200);
    assert_eq!(answer.header("etag"), "\"2\"");
    send(&world.intake, ask("\"2\"")).await.expect(304);
}
