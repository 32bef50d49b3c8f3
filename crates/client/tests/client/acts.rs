//! Everything that a reporter can do after the report: done, verified by a reviewer, and not to be done by anybody else.

use recourse_client::follow_up::OwnSession;
use recourse_client::outbox::Sent;
use recourse_domain::content::{Degree, RemedyAnswer, ReporterContent, TeamContent};
use recourse_domain::event::{ActKind, Author, EventClass};
use recourse_domain::ids::{CaseId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::remedy::{RemedyState, remedies};
use recourse_domain::report::Remedy;
use recourse_testkit::{Failing, START, Tampering, World};
use recourse_wire::engine::{Failure, FollowUp, FollowUpWhat, OutgoingFile, Progress};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::OwnCase;
use recourse_wire::reviewing::{CaseView, CaseWhat, Finding};

use crate::people::{ADA, File, case_of, come_back, console, intake, note, report, rng, sign_in, step, world};
use crate::served::{served, tell};

const ANSWERS: [(Remedy, bool); 2] = [(Remedy::Apology, true), (Remedy::Explanation, false)];

fn answers(given: &[(Remedy, bool)]) -> Vec<RemedyAnswer> {
    given.iter().map(|&(remedy, yes)| RemedyAnswer { remedy, yes }).collect()
}

fn words(kind: ActKind) -> ReporterContent {
    let text = format!("words for {}", kind.as_str());
    match kind {
        ActKind::Message => ReporterContent::Message { text },
        ActKind::DecisionAccepted => ReporterContent::DecisionAccepted { text },
        ActKind::RemedyAnswered => ReporterContent::RemedyAnswered { answers: answers(&ANSWERS), text },
        ActKind::RemedyConfirmed => {
            ReporterContent::RemedyConfirmed { answers: answers(&[(Remedy::Apology, true)]), text }
        }
        ActKind::Contested => ReporterContent::Contested { text },
        ActKind::Withdrawn => ReporterContent::Withdrawn { text },
        ActKind::Feedback => ReporterContent::Feedback { heard: Some(Degree::Yes), fair: Some(Degree::Partly), text },
        ActKind::EvidenceAdded => ReporterContent::EvidenceAdded { text, evidence: Vec::new() },
        ActKind::Report | ActKind::PurposeChanged => panic!("not one of these"),
    }
}

fn decide(to: CaseState, remedies: &[Remedy]) -> TeamContent {
    TeamContent::Transition {
        to,
        reason: format!("because {to}"),
        rights_considered: vec!["UDHR 12".to_owned()],
        remedies: remedies.to_vec(),
    }
}

fn metas(files: &[File]) -> Vec<OutgoingFile> {
    let meta = |(at, file): (usize, &File)| OutgoingFile {
        id: at as u32 + 1,
        name: format!("letter {at}.png"),
        media_type: "image/png".to_owned(),
        size: file.0.len() as u64,
        description: Some(format!("letter number {at}")),
        kind: recourse_domain::report::EvidenceKind::File,
        redactions: 0,
        sensitive: false,
        url: String::new(),
        title: String::new(),
        selector: String::new(),
        captured_by: String::new(),
    };
    files.iter().enumerate().map(meta).collect()
}

async fn add(
    own: &mut OwnSession,
    transport: &impl recourse_client::transport::Transport,
    files: &[File],
    progress: impl FnMut(Progress),
) -> Result<FollowUp, Failure> {
    own.add_evidence(transport, &mut rng(30), "Two letters.".to_owned(), &metas(files), files, START, progress).await
}

/// A case in which everything was done, and the reporter's view of it.
async fn told(world: &World, seed: u64) -> (Sent, FollowUp) {
    let (transport, desk) = (intake(world), console(world));
    let sent = report(world, seed, "They read my mail.", &[]).await;
    let case = case_of(&sent);
    let mut ada = sign_in(world, ADA, &desk).await;
    let (mut own, _) = come_back(world, &sent, &transport).await;
    let team: [&[TeamContent]; 3] = [
        &[
            step(CaseState::InTriage),
            step(CaseState::InReview),
            decide(CaseState::Decided, &[Remedy::Apology, Remedy::Explanation]),
        ],
        &[step(CaseState::RemedyInProgress), decide(CaseState::Remedied, &[Remedy::Apology])],
        &[step(CaseState::Closed)],
    ];
    let acts: [&[ActKind]; 3] = [
        &[ActKind::DecisionAccepted, ActKind::RemedyAnswered],
        &[ActKind::RemedyConfirmed],
        &[ActKind::Feedback, ActKind::Contested, ActKind::Withdrawn],
    ];
    add(&mut own, &transport, &[File::of(70_000), File::of(3)], |_| ()).await.unwrap();
    let mut view = None;
    for (says, does) in team.iter().zip(acts) {
        ada.open(&desk, &case).await.unwrap();
        for content in *says {
            ada.append(&desk, &mut rng(seed + 1), &case, content.clone()).await.unwrap();
        }
        own.read(&transport).await.unwrap();
        for kind in does {
            view = Some(own.act(&transport, &mut rng(seed + 2), &words(*kind)).await.unwrap());
        }
    }
    (sent, view.unwrap())
}

fn said(view: &CaseView) -> Vec<&ReporterContent> {
    let mut said = Vec::new();
    for entry in &view.entries {
        if let CaseWhat::Reporter { content } = &entry.what {
            said.push(content);
        }
    }
    said
}

#[tokio::test]
async fn every_act_is_done_signed_and_seen_by_a_reviewer() {
    let world = world().await;
    let (sent, view) = told(&world, 1).await;
    let case = case_of(&sent);
    assert!(!view.tampered);
    assert_eq!(view.state, CaseState::Withdrawn);
    let own: Vec<ActKind> = view
        .entries
        .iter()
        .filter_map(|entry| if let FollowUpWhat::Wrote { act } = entry.what { Some(act) } else { None })
        .collect();
    let kinds = [
        ActKind::EvidenceAdded,
        ActKind::DecisionAccepted,
        ActKind::RemedyAnswered,
        ActKind::RemedyConfirmed,
        ActKind::Feedback,
    ];
    assert_eq!(own, kinds);
    let decided = view.entries.iter().find_map(|entry| match &entry.what {
        FollowUpWhat::Moved { to: CaseState::Decided, rights, remedies, .. } => Some((rights, remedies)),
        _ => None,
    });
    let (rights, offered) = decided.unwrap();
    assert_eq!(
        (rights.as_slice(), offered.as_slice()),
        (["UDHR 12".to_owned()].as_slice(), [Remedy::Apology, Remedy::Explanation].as_slice())
    );
    // Nothing that the reporter wrote comes back by the receipt, whatever the server hands out.
    let shown = serde_json::to_string(&view.entries).unwrap();
    assert!(!shown.contains("words for") && !shown.contains("letter"), "{shown}");

    let desk = console(&world);
    let mut ada = sign_in(&world, ADA, &desk).await;
    let opened = ada.open(&desk, &case).await.unwrap();
    assert_eq!(opened.findings, []);
    let said = said(&opened);
    let expected = kinds[1..].iter().chain(&[ActKind::Contested, ActKind::Withdrawn]).map(|kind| words(*kind));
    assert!(said[1..].iter().copied().eq(expected.collect::<Vec<_>>().iter()), "{said:?}");
    let outcome = remedies(opened.entries.iter().map(|entry| &entry.what));
    assert_eq!(outcome, [(Remedy::Apology, RemedyState::Verified), (Remedy::Explanation, RemedyState::Declined)]);

    // The files open as those of the report do.
    let ReporterContent::EvidenceAdded { text, evidence } = said[0] else { panic!("{said:?}") };
    assert_eq!((text.as_str(), evidence.len()), ("Two letters.", 2));
    for (item, file) in evidence.iter().zip([File::of(70_000), File::of(3)]) {
        let content = ada.evidence(&desk, &case, &item.blob).await.unwrap();
        assert!(content.verified && *content.bytes == file.0);
        assert!(item.description.starts_with("letter number") && content.name.starts_with("letter"));
        assert_eq!(item.captured_at.to_string().len(), "2026-01-01".len(), "only the day");
    }
    // The server knows of each act its class and no more, and the reporter's hours.
    for event in world.events(&case).await.iter().filter(|event| event.header.author == Author::Reporter) {
        let header = &event.header;
        assert_eq!(header.recorded_at, header.recorded_at.floor_to_hour());
        let visible = [
            (EventClass::Reporter, None),
            (EventClass::Transition, Some(CaseState::Appealed)),
            (EventClass::Transition, Some(CaseState::Withdrawn)),
        ];
        assert!(visible.contains(&(header.class, header.to)));
        assert!(header.signature.is_some() && !header.bodies.is_empty());
    }
}

/// For each act: the server does it under its own key, gives it the signature of each other act, tells it again, and changes it.
#[tokio::test]
async fn no_act_of_a_reporter_can_be_made_by_a_server_that_lies_to_a_reviewer() {
    let world = world().await;
    let (sent, _) = told(&world, 1).await;
    let case = case_of(&sent);
    let other = crate::served::honest_case(&world, 50).await;
    let events = world.events(&case).await;
    let acts: Vec<usize> = (1..events.len()).filter(|at| events[*at].header.author == Author::Reporter).collect();
    assert_eq!(acts.len(), 7);
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    let mut look = async |served| -> CaseView {
        tell(&desk, served);
        ada.open(&desk, &case).await.unwrap()
    };
    let end = events.len() as u64;
    assert_eq!(look(served(&world, case, other).await).await.findings, [], "as a control");
    let forged = Finding::NotTheReporter { sequence: end };
    for &place in &acts {
        let header = events[place].header.clone();
        let kind_of = |at: usize| (at, events[at].header.signature.clone());

        // Made up.
        for kind in ActKind::ALL {
            if (header.class, header.to) != kind.visible() || matches!(kind, ActKind::Report | ActKind::PurposeChanged)
            {
                continue;
            }
            let mut lie = served(&world, case, other).await;
            let body = lie.seal(&serde_json::to_vec(&words(kind)).unwrap());
            let (class, to) = kind.visible();
            lie.append(Author::Reporter, class, to, vec![body]);
            lie.sign(end as usize, kind);
            let findings = look(lie).await.findings;
            assert!(findings.contains(&forged), "{kind:?} made up: {findings:?}");
        }
        // Told again.
        let mut lie = served(&world, case, other).await;
        lie.append(Author::Reporter, header.class, header.to, header.bodies.clone());
        let last = &mut lie.events.last_mut().unwrap().header;
        (last.signature, last.blobs) = (header.signature.clone(), header.blobs.clone());
        lie.rehash();
        let findings = look(lie).await.findings;
        assert!(findings.contains(&forged), "event {place} again: {findings:?}");
        // Under the signature of another one.
        for (at, signature) in acts.iter().map(|at| kind_of(*at)).filter(|(at, _)| *at != place) {
            let mut lie = served(&world, case, other).await;
            lie.events[place].header.signature = signature;
            lie.rehash();
            let view = look(lie).await;
            let wrong = Finding::NotTheReporter { sequence: place as u64 };
            assert!(view.findings.contains(&wrong), "event {place} signed as {at}: {:?}", view.findings);
            assert_eq!(view.entries[place].what, CaseWhat::Unreadable);
        }
        // With another body.
        let mut lie = served(&world, case, other).await;
        lie.events[place].header.bodies = events[acts[usize::from(acts[0] == place)]].header.bodies.clone();
        lie.rehash();
        assert_eq!(look(lie).await.entries[place].what, CaseWhat::Unreadable, "event {place} with another body");
        // Left out, or shown as something else.
        let mut lie = served(&world, case, other).await;
        lie.events.remove(place);
        assert!(!look(lie).await.findings.is_empty(), "event {place} left out");
        let mut lie = served(&world, case, other).await;
        let header = &mut lie.events[place].header;
        (header.class, header.to) = match header.to {
            None => (EventClass::Transition, Some(CaseState::Withdrawn)),
            Some(_) => (EventClass::Reporter, None),
        };
        lie.rehash();
        assert_eq!(look(lie).await.entries[place].what, CaseWhat::Unreadable, "event {place} as something else");
    }
    // The attachments of the evidence: one taken away, two swapped, one brought in.
    let changes: [fn(&mut Vec<recourse_domain::event::BlobRef>); 3] =
        [|blobs| blobs.truncate(1), |blobs| blobs.swap(0, 1), |blobs| blobs.push(blobs[0])];
    for change in changes {
        let mut lie = served(&world, case, other).await;
        change(&mut lie.events[acts[0]].header.blobs);
        lie.rehash();
        let view = look(lie).await;
        assert!(view.findings.contains(&Finding::NotTheReporter { sequence: acts[0] as u64 }));
        assert_eq!(view.entries[acts[0]].what, CaseWhat::Unreadable);
    }
}

/// The same towards the reporter, whose page believes no act that they did not sign.
#[tokio::test]
async fn no_act_of_a_reporter_can_be_shown_to_them_that_was_not_theirs() {
    let world = world().await;
    let (sent, honest) = told(&world, 1).await;
    let (line, receipt) = (Tampering::new(intake(&world)), sent.receipt.parse().unwrap());
    let reporter = reporter(&receipt, case_of(&sent));
    let own = world.own_case(&reporter).await;
    let acts: Vec<usize> = (1..own.events.len()).filter(|at| own.events[*at].act.is_some()).collect();
    let look = async |told: OwnCase| {
        line.change_responses(move |request, response| {
            if request.path.ends_with("/case") {
                response.body = serde_json::to_vec(&told).unwrap();
            }
        });
        come_back(&world, &sent, &line).await.1
    };
    assert_eq!(look(own.clone()).await, honest, "as a control");
    for &place in &acts {
        for &from in acts.iter().filter(|from| **from != place) {
            let mut told = own.clone();
            told.events[place].act = own.events[from].act.clone();
            let view = look(told).await;
            assert!(view.tampered, "event {place} with the signature of {from}");
            assert!(!view.entries.iter().any(|entry| entry.sequence == place as u64));
        }
        let changes: [fn(&mut recourse_wire::reporter::OwnAct); 3] = [
            |act| act.body = Some(Digest::ZERO),
            |act| act.blobs.push(Digest::ZERO),
            |act| act.signature = "A".repeat(86),
        ];
        for change in changes {
            let mut told = own.clone();
            change(told.events[place].act.as_mut().unwrap());
            assert!(look(told).await.tampered, "event {place} changed");
        }
        // Told once more at the end.
        let mut told = own.clone();
        let last = told.events.last().unwrap();
        let mut again = own.events[place].clone();
        (again.sequence, again.previous, again.hash) = (last.sequence + 1, last.hash, Digest::new([9; 32]));
        told.events.push(again);
        assert!(look(told).await.tampered, "event {place} again");
    }
}

fn reporter(receipt: &recourse_seal::receipt::Receipt, case: CaseId) -> recourse_testkit::Reporter {
    recourse_testkit::Reporter { lookup: receipt.lookup(), token: receipt.token(), case }
}

/// The line breaks before or after each request in turn: the files arrive once, and the act is recorded once.
#[tokio::test]
async fn files_added_over_a_bad_line_arrive_once() {
    let world = world().await;
    let desk = console(&world);
    let files = [File::of((3 << 20) + 1), File::of(5)];
    // Manifest, case; two uploads with three requests at least; the act; the case again.
    for (seed, (failing, at)) in (0..).zip((2..10).flat_map(|at| [(Failing::Before, at), (Failing::After, at)])) {
        let sent = report(&world, 100 + seed, "something", &[]).await;
        let line = Tampering::new(intake(&world)).failing_from(at, 3, failing);
        let (mut own, _) = come_back(&world, &sent, &line).await;
        let mut last = (0, 0);
        let mut view = None;
        for _ in 0..5 {
            let moved = |progress| {
                if let Progress::Uploading { sent, total, .. } = progress {
                    last = (sent, total);
                }
            };
            match add(&mut own, &line, &files, moved).await {
                Ok(done) => {
                    view = Some(done);
                    break;
                }
                Err(failure) => assert_eq!(failure, Failure::Network, "{failing:?} {at}"),
            }
        }
        let view = view.unwrap();
        assert_eq!(last.0, last.1, "{failing:?} {at}");
        let added = |entry: &&recourse_wire::engine::FollowUpEntry| {
            entry.what == FollowUpWhat::Wrote { act: ActKind::EvidenceAdded }
        };
        assert_eq!((view.tampered, view.entries.iter().filter(added).count()), (false, 1), "{failing:?} {at}");
        let mut ada = sign_in(&world, ADA, &desk).await;
        let opened = ada.open(&desk, &case_of(&sent)).await.unwrap();
        assert_eq!((opened.findings.as_slice(), said(&opened)[0].evidence().len()), ([].as_slice(), 2));
    }
}

/// Changes what there is of a file.
type Change = fn(&mut OutgoingFile);

/// Sending fails at every request in turn, and then parts of a picture are covered, or a link gets another address: same number, same length.
/// What arrives is what it is now, in a report and after it.
#[tokio::test]
async fn what_was_changed_after_a_failure_goes_as_it_is_now() {
    let world = world().await;
    let desk = console(&world);
    let changes: [Change; 2] = [|file| file.redactions = 1, |file| file.url = "https://example.org/2".to_owned()];
    let (before, after) = (File::of(5_000), File(vec![7; 5_000]));
    for (seed, (change, at)) in (0..).zip(changes.into_iter().flat_map(|change| (2..5).map(move |at| (change, at)))) {
        // Manifest, case; an upload of two requests; the act.
        let sent = report(&world, 300 + seed, "something", &[]).await;
        let line = Tampering::new(intake(&world)).failing_from(at, 3, Failing::Before);
        let (mut own, _) = come_back(&world, &sent, &line).await;
        let mut files = metas(std::slice::from_ref(&before));
        let (mut rng, text) = (rng(400 + seed), "One.".to_owned());
        let first =
            own.add_evidence(&line, &mut rng, text.clone(), &files, std::slice::from_ref(&before), START, |_| ());
        assert_eq!(first.await.unwrap_err(), Failure::Network, "{at}");
        change(&mut files[0]);
        let mut tries = 0;
        while let Err(failure) =
            own.add_evidence(&line, &mut rng, text.clone(), &files, std::slice::from_ref(&after), START, |_| ()).await
        {
            tries += 1;
            assert!(failure == Failure::Network && tries < 4, "{failure:?} at {at}");
        }
        let mut ada = sign_in(&world, ADA, &desk).await;
        let opened = ada.open(&desk, &case_of(&sent)).await.unwrap();
        let item = &said(&opened)[0].evidence()[0];
        let content = ada.evidence(&desk, &case_of(&sent), &item.blob).await.unwrap();
        assert!(
            content.verified && *content.bytes == after.0,
            "what was there before arrived, after a failure at {at}"
        );

        // Manifest; an upload; ticket and report.
        let line = Tampering::new(intake(&world)).failing_from(at - 1, 3, Failing::Before);
        let checked = crate::people::checked(&world, &line).await;
        let mut outgoing = crate::people::outgoing("something", std::slice::from_ref(&before));
        let mut outbox = recourse_client::outbox::Outbox::default();
        let first = outbox.send(&line, &mut rng, &checked, &outgoing, std::slice::from_ref(&before), |_| ()).await;
        assert!(matches!(first, Err(Failure::Network)), "{at}");
        change(&mut outgoing.files[0]);
        let mut tries = 0;
        let sent = loop {
            match outbox.send(&line, &mut rng, &checked, &outgoing, std::slice::from_ref(&after), |_| ()).await {
                Ok(sent) => break sent,
                Err(failure) => assert!(failure == Failure::Network && tries < 4, "{failure:?} at {at}"),
            }
            tries += 1;
        };
        let case = case_of(&sent);
        assert_eq!(ada.open(&desk, &case).await.unwrap().findings, []);
        let blob = world.events(&case).await[0].header.blobs[0].sha256;
        let content = ada.evidence(&desk, &case, &blob).await.unwrap();
        assert!(
            content.verified && *content.bytes == after.0,
            "what was there before was reported, after a failure at {at}"
        );
    }
}

/// Somebody was faster: read anew, the same is signed for its new place, and what was uploaded is not uploaded again.
#[tokio::test]
async fn an_act_that_came_too_late_is_signed_anew() {
    let world = world().await;
    let (transport, desk) = (intake(&world), console(&world));
    let sent = report(&world, 1, "something", &[]).await;
    let case = case_of(&sent);
    let files = [File::of(100)];
    let (mut own, _) = come_back(&world, &sent, &transport).await;
    let mut ada = sign_in(&world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    ada.append(&desk, &mut rng(2), &case, note("I know this one.")).await.unwrap();
    let failure = add(&mut own, &transport, &files, |_| ()).await.unwrap_err();
    let Failure::Problem { problem } = failure else { panic!("{failure:?}") };
    assert_eq!(problem.kind(), Some(ProblemKind::CaseChanged));

    // A newer manifest comes with it.
    world.issue(|manifest| manifest.product = "CRM 2".to_owned()).await;
    let view = own.reread(&transport, world.now()).await.unwrap();
    assert_eq!((view.entries.len(), view.manifest.product.as_str()), (2, "CRM 2"), "the note is not told of");
    let mut uploaded = Vec::new();
    let view = add(&mut own, &transport, &files, |progress| uploaded.push(progress)).await.unwrap();
    assert_eq!((view.tampered, view.entries.len()), (false, 3));
    assert_eq!(uploaded, [Progress::Sending]);
    let opened = ada.open(&desk, &case).await.unwrap();
    assert_eq!((opened.findings.as_slice(), said(&opened).len()), ([].as_slice(), 1));
    // Files that were claimed are let go of: the same ones are new ones the next time.
    add(&mut own, &transport, &files, |_| ()).await.unwrap();
}
