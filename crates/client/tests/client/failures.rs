//! A connection that breaks, a form that stays open for too long, a channel that changes meanwhile.

use std::cell::Cell;
use std::rc::Rc;

use recourse_client::outbox::{Outbox, Sent};
use recourse_domain::content::{ReporterContent, TeamContent};
use recourse_domain::time::Timestamp;
use recourse_seal::blob;
use recourse_seal::keys::GroupSecret;
use recourse_testkit::{Failing, InProcess, Tampering, World};
use recourse_wire::engine::{Failure, FollowUpWhat, Outgoing};
use recourse_wire::problem::ProblemKind;

use crate::people::{ADA, File, case_of, checked, come_back, console, intake, outgoing, report, rng, sign_in, world};

/// The second is one byte longer than a chunk.
fn files() -> [File; 2] {
    [File::of(0), File::of((2 << 20) + 1)]
}

/// Requests of a sending with these files: each is announced, the large one takes two chunks; then the ticket and the report.
const REQUESTS: usize = 2 + 3 + 2;

fn faulty(world: &World) -> Tampering<InProcess> {
    Tampering::new(intake(world))
}

/// Repeats the same call until it succeeds; gives what failed on the way.
async fn send(
    outbox: &mut Outbox,
    world: &World,
    transport: &Tampering<InProcess>,
    seed: u64,
    outgoing: &Outgoing,
    files: &[File],
) -> (Sent, Vec<Failure>) {
    let checked = checked(world, &intake(world)).await;
    let mut failures = Vec::new();
    loop {
        match outbox.send(transport, &mut rng(seed), &checked, outgoing, files, |_| ()).await {
            Ok(sent) => return (sent, failures),
            Err(failure) if failures.len() < 5 => failures.push(failure),
            Err(failure) => panic!("{failures:?}, {failure:?}"),
        }
    }
}

/// The receipt opens the one case that was added, and what was acknowledged is what is stored.
async fn check_one_case(world: &World, before: usize, sent: &Sent, what: &str) {
    assert_eq!(world.cases().await.len(), before + 1, "{what}");
    let events = world.events(&case_of(sent)).await;
    let file: serde_json::Value = serde_json::from_str(&sent.acknowledgement_file).unwrap();
    let payload = file["acknowledgement"]["payload"].as_str().unwrap();
    let payload = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["event"], events[0].hash.to_string(), "{what}");
    let (_, view) = come_back(world, sent, &intake(world)).await;
    assert!(!view.tampered && view.entries.len() == 2, "{what}");
}

#[tokio::test]
async fn a_sending_survives_a_broken_connection_at_any_request() {
    let world = world().await;
    let files = files();
    let mut seed = 0;
    for request in 0..REQUESTS {
        for failing in Failing::BOTH {
            // Once is not even noticed in an upload; three times in a row the person has to try again.
            for count in [1, 3] {
                let what = format!("request {request}, {failing:?}, {count} times");
                let before = world.cases().await.len();
                let transport = faulty(&world).failing_from(request, count, failing);
                let answered = Rc::new(Cell::new(0));
                let status = Rc::clone(&answered);
                transport.change_responses(move |request, response| {
                    if request.path.ends_with("/reports") {
                        status.set(response.status);
                    }
                });
                seed += 1;
                let outgoing = outgoing(&what, &files);
                let (sent, failures) = send(&mut Outbox::default(), &world, &transport, seed, &outgoing, &files).await;
                check_one_case(&world, before, &sent, &what).await;
                assert!(failures.iter().all(|failure| *failure == Failure::Network), "{what}: {failures:?}");
                let posting = request == REQUESTS - 1;
                assert_eq!(failures.len(), if request >= REQUESTS - 2 { count } else { count / 3 }, "{what}");
                let repeated = posting && failing == Failing::After;
                assert_eq!(answered.get(), if repeated { 200 } else { 201 }, "{what}: answered as the first time");
                let again: usize = transport
                    .sent()
                    .iter()
                    .filter(|sent| sent.starts_with("POST") && sent.ends_with("/uploads"))
                    .count();
                let lost = [0, 2].contains(&request);
                assert_eq!(again, 2 + if lost { count } else { 0 }, "{what}: no upload begins anew");
            }
        }
    }
    // And every one of them opens whole.
    let desk = console(&world);
    let mut ada = sign_in(&world, ADA, &desk).await;
    for summary in world.cases().await {
        let view = ada.open(&desk, &summary.case).await.unwrap();
        assert_eq!(view.findings, []);
        let report = view.report.unwrap();
        for (item, file) in report.evidence.iter().zip(&files) {
            let opened = ada.evidence(&desk, &summary.case, &item.blob).await.unwrap();
            assert!(opened.verified && *opened.bytes == file.0, "{}", report.what_happened);
        }
    }
}

#[tokio::test]
async fn a_text_changed_after_a_failure_is_never_lost() {
    for (request, failing, cases) in [
        // Nothing was posted yet: the same case goes on.
        (1, Failing::Before, 1),
        (2, Failing::After, 1),
        // The first text never arrived, but nobody knows.
        (3, Failing::Before, 1),
        // Both arrived.
        (3, Failing::After, 2),
    ] {
        let world = world().await;
        let files = [File::of(10)];
        let transport = faulty(&world).failing_from(request, 3, failing);
        let checked = checked(&world, &intake(&world)).await;
        let mut outbox = Outbox::default();
        let first = outbox.send(&transport, &mut rng(1), &checked, &outgoing("first", &files), &files, |_| ()).await;
        assert_eq!(first.unwrap_err(), Failure::Network);
        let healthy = faulty(&world);
        let (sent, failures) = send(&mut outbox, &world, &healthy, 2, &outgoing("second", &files), &files).await;
        assert_eq!(failures, []);
        let what = format!("request {request}, {failing:?}");
        check_one_case(&world, cases - 1, &sent, &what).await;

        let desk = console(&world);
        let mut ada = sign_in(&world, ADA, &desk).await;
        let own = case_of(&sent);
        for summary in world.cases().await {
            let text = ada.open(&desk, &summary.case).await.unwrap().report.unwrap().what_happened;
            assert_eq!(text, if summary.case == own { "second" } else { "first" }, "{what}");
        }
    }
}

#[tokio::test]
async fn what_expired_meanwhile_is_uploaded_anew() {
    // In the middle of an upload, and when all of them were done.
    for request in [4, REQUESTS - 1] {
        let world = world().await;
        let files = files();
        let outgoing = outgoing("slowly", &files);
        let checked = checked(&world, &intake(&world)).await;
        let transport = faulty(&world).failing_from(request, 3, Failing::Before);
        let mut outbox = Outbox::default();
        let first = outbox.send(&transport, &mut rng(1), &checked, &outgoing, &files, |_| ()).await;
        assert_eq!(first.unwrap_err(), Failure::Network);
        world.advance(2 * Timestamp::DAY);
        world.expire_uploads().await;
        let (sent, failures) = send(&mut outbox, &world, &faulty(&world), 2, &outgoing, &files).await;
        let gone = |failure: &Failure| {
            let Failure::Problem { problem } = failure else { return false };
            matches!(problem.kind(), Some(ProblemKind::UnknownUpload | ProblemKind::UploadGone))
        };
        assert!(!failures.is_empty() && failures.iter().all(gone), "request {request}: {failures:?}");
        check_one_case(&world, 0, &sent, &format!("request {request}")).await;
    }
}

#[tokio::test]
async fn under_an_old_manifest_everything_is_sealed_anew() {
    let world = world().await;
    let files = [File::of(10)];
    let outgoing = outgoing("waited", &files);
    let old = checked(&world, &intake(&world)).await;
    let second = GroupSecret::generate(&mut rng(9), "team", 2);
    world
        .issue(|manifest| {
            manifest.groups[0].recipient = second.recipient().to_string();
            manifest.groups[0].epoch = 2;
        })
        .await;
    world.advance(91 * Timestamp::DAY);
    let mut outbox = Outbox::default();
    let transport = faulty(&world);
    let refused = outbox.send(&transport, &mut rng(1), &old, &outgoing, &files, |_| ()).await.unwrap_err();
    assert!(matches!(&refused, Failure::Problem { problem } if problem.kind() == Some(ProblemKind::OldManifest)));
    assert_eq!(world.cases().await, []);

    let (sent, failures) = send(&mut outbox, &world, &transport, 2, &outgoing, &files).await;
    assert_eq!(failures, []);
    check_one_case(&world, 0, &sent, "resealed").await;
    let case = case_of(&sent);
    let header = &world.events(&case).await[0].header;
    for part in &header.bodies {
        let sealed = world.stored_body(&case, &part.sha256).await;
        recourse_seal::body::open(second.identity(), &sealed).unwrap();
    }
    let bytes = world.blob(&case, &header.blobs[0].sha256).await;
    assert_eq!(blob::open(second.identity(), &bytes).unwrap(), files[0].0);
}

/// The first try arrived under a manifest that was replaced before the second.
#[tokio::test]
async fn a_repetition_is_checked_against_the_manifest_that_it_was_made_under() {
    let world = world().await;
    let outgoing = outgoing("once", &[]);
    let old = checked(&world, &intake(&world)).await;
    let mut outbox = Outbox::default();
    let transport = faulty(&world).failing(1, Failing::After);
    let first = outbox.send(&transport, &mut rng(1), &old, &outgoing, &[] as &[File], |_| ()).await;
    assert_eq!(first.unwrap_err(), Failure::Network);
    world.issue(|manifest| manifest.product = "CRM 2".to_owned()).await;
    let (sent, failures) = send(&mut outbox, &world, &transport, 2, &outgoing, &[]).await;
    assert_eq!(failures, []);
    check_one_case(&world, 0, &sent, "an answer under the old manifest").await;
}

#[tokio::test]
async fn a_message_is_said_once() {
    let world = world().await;
    let desk = console(&world);
    for (seed, failing) in [(1, Failing::Before), (2, Failing::After)] {
        let sent = report(&world, seed, "something", &[]).await;
        let message = ReporterContent::Message { text: format!("{failing:?}") };
        // Manifest, case, then the message.
        let transport = faulty(&world).failing(2, failing);
        let (mut own, _) = come_back(&world, &sent, &transport).await;
        assert_eq!(own.act(&transport, &mut rng(3), &message).await.unwrap_err(), Failure::Network);
        let view = own.act(&transport, &mut rng(4), &message).await.unwrap();
        let wrote = view.entries.iter().filter(|entry| matches!(entry.what, FollowUpWhat::Wrote { .. })).count();
        assert_eq!((wrote, view.tampered), (1, false), "{failing:?}");
        // The same words on purpose are another message.
        let view = own.act(&transport, &mut rng(5), &message).await.unwrap();
        assert_eq!((view.entries.len(), view.tampered), (4, false), "{failing:?}");

        let mut ada = sign_in(&world, ADA, &desk).await;
        let view = ada.open(&desk, &case_of(&sent)).await.unwrap();
        assert_eq!((view.entries.len(), view.findings.as_slice()), (4, [].as_slice()), "{failing:?}");
    }
}

#[tokio::test]
async fn a_reviewers_reply_is_said_once() {
    let world = world().await;
    let sent = report(&world, 1, "something", &[]).await;
    let case = case_of(&sent);
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    let reply = TeamContent::Reply { text: "Thank you".to_owned(), language: "en".to_owned() };
    let desk = Tampering::new(console(&world)).failing(0, Failing::After);
    assert_eq!(ada.append(&desk, &mut rng(2), &case, reply.clone()).await.unwrap_err(), Failure::Network);
    let again = ada.append(&desk, &mut rng(3), &case, reply).await.unwrap_err();
    assert!(matches!(again, Failure::Problem { problem } if problem.kind() == Some(ProblemKind::CaseChanged)));
    let view = ada.open(&desk, &case).await.unwrap();
    assert_eq!((view.entries.len(), view.findings.as_slice()), (3, [].as_slice()));
}
