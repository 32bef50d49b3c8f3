//! Filing a report.

use recourse_domain::acknowledgement::Acknowledgement;
use recourse_domain::event::{Author, EventClass};
use recourse_domain::ids::Digest;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::chain::event_hash;
use recourse_seal::envelope::Signed;
use recourse_seal::keys::fingerprint;
use recourse_seal::label::Label;
use recourse_store::Store;
use recourse_wire::path;
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{Acknowledged, SignedEnvelope};

use recourse_testkit::{Reporter, START, World, get, post, send, with};

fn signed(envelope: &SignedEnvelope) -> Signed {
    Signed {
        version: envelope.version,
        payload: envelope.payload.clone(),
        key: envelope.key.parse().unwrap(),
        signature: envelope.signature.parse().unwrap(),
    }
}

#[tokio::test]
async fn a_manifest_is_served_as_it_was_signed() {
    let world = World::new().await;
    let answer = send(&world.intake, get(&world.path(path::MANIFEST))).await.expect(200);
    let envelope: SignedEnvelope = answer.json();
    assert!(signed(&envelope).verify(Label::Manifest, Some(&world.root.verifying_key())).is_ok());
    assert_eq!(answer.header("etag"), format!("\"{}\"", world.manifest_digest));
    let again = with(get(&world.path(path::MANIFEST)), "if-none-match", answer.header("etag"));
    let again = send(&world.intake, again).await.expect(304);
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn a_report_becomes_a_case_with_two_events_and_a_signed_acknowledgement() {
    let world = World::new().await;
    let reporter = Reporter::new(1);
    let blob = world.upload(1, &[42; 5_000]).await;
    let sent = world.report(&reporter, vec![blob.clone()]);
    let answer = send(&world.intake, world.ticketed(&sent).await).await.expect(201);

    let Acknowledged { acknowledgement } = answer.json();
    let payload =
        signed(&acknowledgement).verify(Label::Acknowledgement, Some(&world.acknowledgement.verifying_key())).unwrap();
    let statement: Acknowledgement = serde_json::from_slice(&payload).unwrap();
    let events = world.store.events(&reporter.case).await.unwrap();
    let hour = START.floor_to_hour();
    let expected = Acknowledgement {
        version: 1,
        channel: world.channel.clone(),
        root_fingerprint: fingerprint(&world.root.verifying_key()),
        key_id: "a1".to_owned(),
        case: reporter.case,
        sequence: 0,
        previous: Digest::ZERO,
        event: events[0].hash,
        blobs: vec![blob.sha256],
        commitment: sent.commitment,
        schema: sent.schema,
        manifest: world.manifest_digest,
        hour,
    };
    assert_eq!(statement, expected);

    let [report, acknowledged] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(report.hash, Digest::new(event_hash(&report.header.canonical_bytes())));
    assert_eq!(acknowledged.hash, Digest::new(event_hash(&acknowledged.header.canonical_bytes())));
    assert_eq!((report.header.class, &report.header.author), (EventClass::Reporter, &Author::Reporter));
    assert_eq!(report.header.signature.as_ref(), Some(&sent.signature));
    assert_eq!(report.header.blobs[0].size, 5_000);
    assert_eq!((acknowledged.header.class, &acknowledged.header.author), (EventClass::Transition, &Author::Server));
    assert_eq!(acknowledged.header.to, Some(CaseState::Acknowledged));
    assert_eq!(acknowledged.header.previous, report.hash);
    // Neither may tell the minute: the second happens in the same moment as the first.
    assert_eq!((report.header.recorded_at, acknowledged.header.recorded_at), (hour, hour));

    let row = world.store.case(&reporter.case, world.now()).await.unwrap().unwrap();
    assert_eq!((row.summary.received_at, row.summary.state), (hour, CaseState::Acknowledged));
    let due: Vec<_> = row.due.iter().map(|due| (due.state, due.at)).collect();
    let days = |days| hour.plus_days(days);
    assert_eq!(due, [(CaseState::InTriage, days(3)), (CaseState::InReview, days(30)), (CaseState::Decided, days(90))]);
}

#[tokio::test]
async fn a_retry_gets_the_same_bytes_whatever_has_changed_since() {
    let world = World::new().await;
    let reporter = Reporter::new(2);
    let blob = world.upload(2, &[1; 100]).await;
    let sent = world.report(&reporter, vec![blob]);
    let request = || with(post(&world.path(path::REPORTS), &sent), "idempotency-key", "\"0123-abc\"");
    let first = send(&world.intake, world.ticketed(&sent).await).await.expect(201);
    let stored = world.stored().await;

    world.advance(7_200);
    let second = send(&world.intake, request()).await.expect(200);
    assert_eq!(first.body, second.body);

    // The upload is forgotten, the manifest is replaced and long ended.
    world.advance(500 * Timestamp::DAY);
    world.store.expire_uploads(world.now()).await.unwrap();
    world.issue(|manifest| manifest.groups[0].recipient = "age1pq1other".to_owned()).await;
    let third = send(&world.intake, request()).await.expect(200);
    assert_eq!(first.body, third.body);

    let mut other = world.report(&reporter, Vec::new());
    other.urgent = true;
    let refused = send(&world.intake, post(&world.path(path::REPORTS), &other)).await;
    refused.problem(ProblemKind::IdempotencyMismatch);
    assert_eq!(world.store.events(&reporter.case).await.unwrap().len(), 2);
    assert_eq!(stored.len(), world.stored().await.len());
}

#[tokio::test]
async fn a_replaced_manifest_is_taken_for_ninety_days_and_an_ended_one_for_thirty() {
    let world = World::new().await;
    let file = async |seed| {
        let request = world.ticketed(&world.report(&Reporter::new(seed), Vec::new())).await;
        send(&world.intake, request).await
    };
    world.issue(|manifest| manifest.product = "CRM 2".to_owned()).await;
    world.advance(89 * Timestamp::DAY);
    file(10).await.expect(201);
    world.advance(2 * Timestamp::DAY);
    file(11).await.problem(ProblemKind::OldManifest);

    let world = World::new().await;
    let file = async |seed| {
        let request = world.ticketed(&world.report(&Reporter::new(seed), Vec::new())).await;
        send(&world.intake, request).await
    };
    world.advance((365 + 30) * Timestamp::DAY);
    file(12).await.expect(201);
    world.advance(1);
    file(13).await.problem(ProblemKind::ChannelClosed);
}
