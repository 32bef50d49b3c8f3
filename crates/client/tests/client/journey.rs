//! What people do when nothing goes wrong.

use recourse_client::outbox::Outbox;
use recourse_domain::case::CaseWhat;
use recourse_domain::content::{ReporterContent, TeamContent};
use recourse_domain::event::ActKind;
use recourse_domain::lifecycle::CaseState;
use recourse_seal::envelope::Signed;
use recourse_seal::label::Label;
use recourse_seal::receipt::Receipt;
use recourse_wire::console::CaseQuery;
use recourse_wire::engine::{Failure, FollowUp, FollowUpWhat, Progress};
use recourse_wire::reviewing::Finding;

use crate::people::{
    ADA, BO, File, case_of, checked, come_back, console, intake, note, outgoing, reply, rng, sign_in, step, world,
};

fn whats(view: &FollowUp) -> Vec<FollowUpWhat> {
    view.entries.iter().map(|entry| entry.what.clone()).collect()
}

fn moved(to: CaseState, from: Option<&str>) -> FollowUpWhat {
    let reason = from.map(|_| format!("because {to}"));
    FollowUpWhat::Moved { to, from: from.map(str::to_owned), reason, rights: Vec::new(), remedies: Vec::new() }
}

#[tokio::test]
async fn a_report_is_sent_answered_and_followed_up() {
    let world = world().await;
    let files = [File::of(0), File::of((5 << 20) + 1)];
    let transport = intake(&world);
    let manifest = checked(&world, &transport).await;
    let mut progress = Vec::new();
    let sent = Outbox::default()
        .send(&transport, &mut rng(1), &manifest, &outgoing("They read my mail.", &files), &files, |step| {
            progress.push(step);
        })
        .await
        .unwrap();
    let uploaded: Vec<u64> = progress
        .iter()
        .filter_map(|step| if let Progress::Uploading { sent, .. } = step { Some(*sent) } else { None })
        .collect();
    assert!(uploaded.is_sorted() && uploaded.last() == Some(&((5 << 20) + 1)), "{uploaded:?}");
    assert_eq!(progress[progress.len() - 3..], [Progress::Sealing, Progress::Proving, Progress::Sending]);
    assert_eq!(sent.recorded_at, world.now().floor_to_hour());

    // The file holds what somebody needs to check it, and not the receipt.
    let file: serde_json::Value = serde_json::from_str(&sent.acknowledgement_file).unwrap();
    let envelope: Signed = serde_json::from_value(file["acknowledgement"].clone()).unwrap();
    let payload = envelope.verify(Label::Acknowledgement, Some(&world.acknowledgement.verifying_key())).unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    let case = case_of(&sent);
    assert_eq!(payload["event"], world.events(&case).await[0].hash.to_string());
    assert!(!sent.acknowledgement_file.contains(sent.receipt.as_str()));

    // A reviewer.
    let desk = console(&world);
    let mut ada = sign_in(&world, ADA, &desk).await;
    let (rows, next) = ada.list(&desk, &CaseQuery::default()).await.unwrap();
    let glance = rows[0].glance.as_ref().unwrap();
    assert_eq!((rows.len(), next, rows[0].summary.case, rows[0].summary.urgent), (1, None, case, true));
    assert_eq!((glance.excerpt.as_str(), glance.evidence), ("They read my mail.", 2));
    let view = ada.open(&desk, &case).await.unwrap();
    assert_eq!((view.state, view.findings.as_slice()), (CaseState::Acknowledged, [].as_slice()));
    let report = view.report.unwrap();
    for (item, file) in report.evidence.iter().zip(&files) {
        let opened = ada.evidence(&desk, &case, &item.blob).await.unwrap();
        assert!(opened.verified && *opened.bytes == file.0, "{}", item.file_name);
        assert_eq!((opened.media_type.as_str(), opened.name.as_str()), ("image/png", item.file_name.as_str()));
    }
    for content in [
        step(CaseState::InTriage),
        note("I know this one."),
        reply("Thank you. Which day?"),
        TeamContent::Assigned { owner: Some(ada.reviewer.key.clone()) },
        step(CaseState::InReview),
        step(CaseState::Decided),
    ] {
        let view = ada.append(&desk, &mut rng(2), &case, content).await.unwrap();
        assert_eq!(view.findings, []);
    }
    let contact = ada.contact(&desk, &mut rng(3), &case, "to call back".to_owned()).await.unwrap();
    assert_eq!((contact.name.as_deref(), contact.reach.as_deref()), (Some("Robin"), Some("by day")));

    // The reporter comes back.
    let (mut own, view) = come_back(&world, &sent, &transport).await;
    assert!(!view.tampered);
    let mut expected = vec![
        FollowUpWhat::Reported,
        moved(CaseState::Acknowledged, None),
        moved(CaseState::InTriage, Some("Ada")),
        FollowUpWhat::Reply { from: "Ada".into(), text: "Thank you. Which day?".into(), language: "en".into() },
        moved(CaseState::InReview, Some("Ada")),
        moved(CaseState::Decided, Some("Ada")),
    ];
    assert_eq!((view.state, whats(&view)), (CaseState::Decided, expected.clone()), "and not the note");
    let message = ReporterContent::Message { text: "On Monday.".to_owned() };
    let view = own.act(&transport, &mut rng(4), &message).await.unwrap();
    expected.push(FollowUpWhat::Wrote { act: ActKind::Message });
    assert_eq!((view.tampered, whats(&view)), (false, expected.clone()));
    let withdrawn = ReporterContent::Withdrawn { text: "I changed my mind.".to_owned() };
    let view = own.act(&transport, &mut rng(5), &withdrawn).await.unwrap();
    expected.push(moved(CaseState::Withdrawn, None));
    assert_eq!((view.tampered, view.state, whats(&view)), (false, CaseState::Withdrawn, expected));

    // The reviewer sees all of it, and so does another session of hers.
    for mut session in [ada, sign_in(&world, ADA, &desk).await] {
        let view = session.open(&desk, &case).await.unwrap();
        assert_eq!((view.findings.as_slice(), view.state), ([].as_slice(), CaseState::Withdrawn));
        assert!(view.contact_opened);
        let contents: Vec<_> = view.entries.iter().map(|entry| entry.what.clone()).collect();
        assert_eq!(contents.len(), 11);
        assert_eq!(contents[3], CaseWhat::Team { content: note("I know this one.") });
        assert_eq!(
            contents[9..],
            [CaseWhat::Reporter { content: message.clone() }, CaseWhat::Reporter { content: withdrawn.clone() }]
        );
        assert_eq!(view.entries[4].reviewer.as_deref(), Some("Ada"));
    }
}

#[tokio::test]
async fn what_is_for_the_independent_readers_is_for_them_alone() {
    let world = world().await;
    let transport = intake(&world);
    let manifest = checked(&world, &transport).await;
    let files = [File::of(3)];
    let mut to_bo = outgoing("It was Ada.", &files);
    to_bo.readers = recourse_domain::channel::GroupKind::Independent;
    let sent = Outbox::default().send(&transport, &mut rng(1), &manifest, &to_bo, &files, |_| ()).await.unwrap();
    let case = case_of(&sent);
    let receipt: Receipt = sent.receipt.parse().unwrap();
    assert_eq!(receipt.audience(), 2);

    // What the reporter adds goes to the same readers, although the server is not asked who they are.
    let (mut own, _) = come_back(&world, &sent, &transport).await;
    let message = ReporterContent::Message { text: "And again.".to_owned() };
    own.act(&transport, &mut rng(2), &message).await.unwrap();

    let desk = console(&world);
    let mut ada = sign_in(&world, ADA, &desk).await;
    let view = ada.open(&desk, &case).await.unwrap();
    assert!(view.report.is_none());
    assert_eq!(view.findings, [Finding::Unopened { sequence: 0 }, Finding::Unopened { sequence: 2 }]);
    assert!(ada.list(&desk, &CaseQuery::default()).await.unwrap().0[0].glance.is_none());
    let refused = ada.append(&desk, &mut rng(3), &case, note("who?")).await;
    assert_eq!(refused.unwrap_err(), Failure::NoKey);
    let blob = world.events(&case).await[0].header.blobs[0].sha256;
    assert_eq!(ada.evidence(&desk, &case, &blob).await.err(), Some(Failure::NoKey));

    let mut bo = sign_in(&world, BO, &desk).await;
    let view = bo.open(&desk, &case).await.unwrap();
    assert_eq!((view.findings.as_slice(), view.report.unwrap().what_happened.as_str()), ([].as_slice(), "It was Ada."));
    assert_eq!(*bo.evidence(&desk, &case, &blob).await.unwrap().bytes, files[0].0);
    let view = bo.append(&desk, &mut rng(4), &case, reply("I read it.")).await.unwrap();
    assert_eq!(view.findings, []);
    let view = own.read(&transport).await.unwrap();
    assert!(!view.tampered && matches!(&whats(&view)[3], FollowUpWhat::Reply { from, .. } if from == "Bo"));
}

/// A probe that was folded into another case sees what it would see alone (invariant 8).
#[tokio::test]
async fn a_folded_case_looks_to_its_reporter_like_one_that_is_not() {
    let world = world().await;
    let (transport, desk) = (intake(&world), console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    let mut seen = Vec::new();
    for (seed, folded) in [(1, false), (2, true)] {
        let sent = crate::people::report(&world, seed, "something", &[]).await;
        let case = case_of(&sent);
        ada.open(&desk, &case).await.unwrap();
        for content in [step(CaseState::InTriage), step(CaseState::InReview)] {
            ada.append(&desk, &mut rng(3), &case, content).await.unwrap();
        }
        let between =
            if folded { [step(CaseState::Duplicate), step(CaseState::InReview)] } else { [note("a"), note("b")] };
        for content in between {
            let view = ada.append(&desk, &mut rng(4), &case, content).await.unwrap();
            assert_eq!((view.shown, view.findings.as_slice()), (CaseState::InReview, [].as_slice()));
        }
        let (mut own, before) = come_back(&world, &sent, &transport).await;
        ada.append(&desk, &mut rng(5), &case, step(CaseState::Decided)).await.unwrap();
        let after = own.read(&transport).await.unwrap();
        assert!(!before.tampered && !after.tampered);
        seen.push((before.state, whats(&before), before.due, after.state, whats(&after), after.due));
    }
    assert_eq!(seen[0], seen[1]);

    // Straight from triage there is no decision, so a case folded there has to take the step that others take.
    let sent = crate::people::report(&world, 6, "something", &[]).await;
    let case = case_of(&sent);
    ada.open(&desk, &case).await.unwrap();
    ada.append(&desk, &mut rng(7), &case, step(CaseState::InTriage)).await.unwrap();
    let view = ada.append(&desk, &mut rng(8), &case, step(CaseState::Duplicate)).await.unwrap();
    assert_eq!(view.next, [CaseState::InReview, CaseState::Spam]);
}
