//! A server that lies to a reviewer: whatever it does to a case, a finding says so.

use recourse_client::reviewer::ReviewerSession;
use recourse_domain::content::ReporterContent;
use recourse_domain::event::{ActKind, Author, BlobRef, BodyPart, BodyRef, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, Digest, Salt};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::chain::event_hash;
use recourse_seal::{blob, body};
use recourse_testkit::{InProcess, Tampering};
use recourse_wire::engine::Failure;
use recourse_wire::reviewing::{CaseView, Finding};

use crate::people::{ADA, console, note, reply, rng, sign_in, step, world};

use crate::served::{EVENTS, MESSAGE, NOTE, REPLY, Served, TRIAGE, honest_case, served, tell};

struct Lie {
    name: &'static str,
    /// Whether the reviewer had the case open before.
    seen: bool,
    tell: fn(&mut Served),
    found: &'static [Finding],
}

const fn lie(name: &'static str, tell: fn(&mut Served), found: &'static [Finding]) -> Lie {
    Lie { name, seen: false, tell, found }
}

const fn to_a_witness(name: &'static str, tell: fn(&mut Served), found: &'static [Finding]) -> Lie {
    Lie { name, seen: true, tell, found }
}

use Finding::{BrokenChain, ForgedTransition, NotTheReporter, NotTheReviewer, Truncated, Unopened};

const LIES: &[Lie] = &[
    lie("tells the truth", |_| (), &[]),
    to_a_witness("tells the truth again", |_| (), &[]),
    lie(
        "withdraws without a signature",
        |served| served.append(Author::Reporter, EventClass::Transition, Some(CaseState::Withdrawn), Vec::new()),
        &[NotTheReporter { sequence: EVENTS }],
    ),
    lie(
        "withdraws under its own key",
        |served| {
            served.append(Author::Reporter, EventClass::Transition, Some(CaseState::Withdrawn), Vec::new());
            served.sign(EVENTS as usize, ActKind::Withdrawn);
        },
        &[NotTheReporter { sequence: EVENTS }],
    ),
    lie(
        "writes as the reporter under its own key",
        |served| {
            let words = ReporterContent::Message { text: "Forget it.".to_owned() };
            let body = served.seal(&serde_json::to_vec(&words).unwrap());
            served.append(Author::Reporter, EventClass::Reporter, None, vec![body]);
            served.sign(EVENTS as usize, ActKind::Message);
        },
        &[NotTheReporter { sequence: EVENTS }],
    ),
    lie(
        "uses the signature of a message for a withdrawal",
        |served| {
            let header = served.events[MESSAGE].header.clone();
            served.append(Author::Reporter, EventClass::Transition, Some(CaseState::Withdrawn), header.bodies);
            served.events.last_mut().unwrap().header.signature = header.signature;
            served.rehash();
        },
        &[NotTheReporter { sequence: EVENTS }],
    ),
    lie(
        "makes a withdrawal of the message",
        |served| {
            let header = &mut served.events[MESSAGE].header;
            header.class = EventClass::Transition;
            header.to = Some(CaseState::Withdrawn);
            served.rehash();
        },
        &[NotTheReporter { sequence: MESSAGE as u64 }],
    ),
    lie(
        "repeats a message at another place",
        |served| {
            let header = served.events[MESSAGE].header.clone();
            served.append(Author::Reporter, EventClass::Reporter, None, header.bodies);
            served.events.last_mut().unwrap().header.signature = header.signature;
            served.rehash();
        },
        &[NotTheReporter { sequence: EVENTS }],
    ),
    lie(
        "lets a reviewer withdraw",
        |served| {
            let body = served.statement(step(CaseState::Withdrawn));
            let mallory = served.mallory();
            served.append(mallory, EventClass::Transition, Some(CaseState::Withdrawn), vec![body]);
        },
        &[NotTheReviewer { sequence: EVENTS }],
    ),
    lie(
        "swaps the bytes of the report",
        |served| {
            let report = serde_json::to_vec(&served.own_report).unwrap();
            let sealed = body::seal(&mut rng(9), std::slice::from_ref(&served.group), &report).unwrap();
            served.bodies.insert(served.events[0].header.bodies[0].sha256, Some(sealed));
        },
        &[Unopened { sequence: 0 }],
    ),
    lie(
        "swaps the report and with it the reply recipient",
        |served| {
            served.own_report_sealed();
            served.rehash();
        },
        &[NotTheReporter { sequence: 0 }],
    ),
    lie(
        "swaps the report and signs it",
        |served| {
            served.own_report_sealed();
            served.sign(0, ActKind::Report);
        },
        &[NotTheReporter { sequence: MESSAGE as u64 }, NotTheReviewer { sequence: TRIAGE as u64 }],
    ),
    to_a_witness(
        "swaps the report, signs it, and drops everything that came after",
        |served| {
            served.own_report_sealed();
            served.sign(0, ActKind::Report);
            served.events.truncate(2);
        },
        &[Truncated { seen: EVENTS }],
    ),
    lie("drops an event", |served| drop(served.events.remove(NOTE)), &[BrokenChain { sequence: NOTE as u64 }]),
    lie(
        "drops an event and mends the chain",
        |served| {
            served.events.remove(NOTE);
            served.rehash();
        },
        &[NotTheReviewer { sequence: NOTE as u64 }],
    ),
    lie("drops the server's own event", |served| drop(served.events.remove(1)), &[BrokenChain { sequence: 1 }]),
    to_a_witness("drops the end", |served| drop(served.events.pop()), &[Truncated { seen: EVENTS }]),
    to_a_witness("drops all", |served| served.events.clear(), &[Truncated { seen: EVENTS }]),
    to_a_witness(
        "puts something else at the end",
        |served| {
            served.events.pop();
            let other = served.events[NOTE].header.clone();
            served.append(other.author, EventClass::Team, None, other.bodies);
        },
        &[Truncated { seen: EVENTS }, NotTheReviewer { sequence: EVENTS - 1 }],
    ),
    lie(
        "reorders",
        |served| served.events.swap(NOTE, REPLY),
        &[BrokenChain { sequence: NOTE as u64 }, BrokenChain { sequence: REPLY as u64 }],
    ),
    lie(
        "reorders and mends the chain",
        |served| {
            served.events.swap(NOTE, REPLY);
            served.rehash();
        },
        &[NotTheReviewer { sequence: NOTE as u64 }, NotTheReviewer { sequence: REPLY as u64 }],
    ),
    lie(
        "repeats a reviewer's words at another place",
        |served| {
            let header = served.events[NOTE].header.clone();
            served.append(header.author, EventClass::Team, None, header.bodies);
        },
        &[NotTheReviewer { sequence: EVENTS }],
    ),
    lie(
        "brings a reviewer's words from another case",
        |served| {
            let body = served.put_body(served.other_body.clone());
            served.append(served.other.header.author.clone(), EventClass::Team, None, vec![body]);
        },
        &[NotTheReviewer { sequence: EVENTS }],
    ),
    lie(
        "invents a reviewer",
        |served| {
            let body = served.statement(note("Nothing to see."));
            let mallory = served.mallory();
            served.append(mallory, EventClass::Team, None, vec![body]);
        },
        &[NotTheReviewer { sequence: EVENTS }],
    ),
    lie(
        "puts invented words under a reviewer's name",
        |served| {
            let body = served.statement(note("Nothing to see."));
            let ada = served.reviewer(&served.ada);
            served.append(ada, EventClass::Team, None, vec![body]);
        },
        &[NotTheReviewer { sequence: EVENTS }],
    ),
    lie(
        "puts the reply under another name",
        |served| {
            served.events[REPLY].header.author = served.mallory();
            served.rehash();
        },
        &[NotTheReviewer { sequence: REPLY as u64 }],
    ),
    lie(
        "decides by itself",
        |served| served.append(Author::Server, EventClass::Transition, Some(CaseState::Decided), Vec::new()),
        &[ForgedTransition { sequence: EVENTS }],
    ),
    lie(
        "closes by itself",
        |served| served.append(Author::Server, EventClass::Transition, Some(CaseState::Closed), Vec::new()),
        &[ForgedTransition { sequence: EVENTS }],
    ),
    lie(
        "makes a step lead elsewhere",
        |served| {
            served.events[TRIAGE].header.to = Some(CaseState::Spam);
            served.rehash();
        },
        &[ForgedTransition { sequence: TRIAGE as u64 }],
    ),
    lie(
        "makes a step of a note",
        |served| {
            let header = &mut served.events[NOTE].header;
            header.class = EventClass::Transition;
            header.to = Some(CaseState::InReview);
            served.rehash();
        },
        &[ForgedTransition { sequence: NOTE as u64 }],
    ),
    lie(
        "releases the contact details with a note",
        |served| {
            served.events[NOTE].header.contact_opened = true;
            served.rehash();
        },
        &[NotTheReviewer { sequence: NOTE as u64 }],
    ),
    lie(
        "hides that the contact details were released",
        |served| {
            served.events.last_mut().unwrap().header.contact_opened = false;
            served.rehash();
        },
        &[NotTheReviewer { sequence: EVENTS - 1 }],
    ),
    lie(
        "assigns the case with a reply",
        |served| {
            served.events[REPLY].header.assign = Some(None);
            served.rehash();
        },
        &[NotTheReviewer { sequence: REPLY as u64 }],
    ),
    lie(
        "assigns the case to somebody else",
        |served| {
            served.events[REPLY + 1].header.assign = Some(Some("somebody".to_owned()));
            served.rehash();
        },
        &[NotTheReviewer { sequence: REPLY as u64 + 1 }],
    ),
    lie(
        "swaps the bytes of a note",
        |served| {
            let sha256 = served.events[NOTE].header.bodies[0].sha256;
            served.bodies.insert(sha256, Some(served.other_body.clone()));
        },
        &[Unopened { sequence: NOTE as u64 }],
    ),
    lie(
        "withholds a note",
        |served| drop(served.bodies.insert(served.events[NOTE].header.bodies[0].sha256, None)),
        &[Unopened { sequence: NOTE as u64 }],
    ),
    lie(
        "takes away an attachment",
        |served| {
            served.events[0].header.blobs.clear();
            served.rehash();
        },
        &[NotTheReporter { sequence: 0 }],
    ),
];

/// Opens the case through the lie, twice: what was found must not be forgotten.
async fn open_twice(desk: &Tampering<InProcess>, ada: &mut ReviewerSession, case: &CaseId, name: &str) -> CaseView {
    let first = ada.open(desk, case).await.unwrap();
    let second = ada.open(desk, case).await.unwrap();
    assert_eq!(first, second, "{name}: found once and forgotten");
    first
}

#[tokio::test]
async fn every_lie_about_a_case_is_found() {
    let world = world().await;
    let case = honest_case(&world, 10).await;
    let other = honest_case(&world, 20).await;
    for Lie { name, seen, tell: change, found } in LIES {
        let desk = Tampering::new(console(&world));
        let mut ada = sign_in(&world, ADA, &desk).await;
        if *seen {
            assert_eq!(ada.open(&desk, &case).await.unwrap().findings, []);
        }
        let mut served = served(&world, case, other).await;
        change(&mut served);
        tell(&desk, served);
        let view = open_twice(&desk, &mut ada, &case, name).await;
        assert_eq!(view.findings.is_empty(), found.is_empty(), "{name}: {:?}", view.findings);
        for finding in *found {
            assert!(view.findings.contains(finding), "{name}: {:?}", view.findings);
        }
        let untold = [CaseState::Received, CaseState::Acknowledged, CaseState::InTriage];
        assert!(untold.contains(&view.state), "{name}: {}", view.state);
        let words = serde_json::to_string(&view.entries).unwrap();
        assert!(!words.contains("Nothing to see.") && !words.contains("Forget it."), "{name}: {words}");
    }
}

/// Each field of a header, changed in each event: the chain breaks; and if the server mends the chain, signatures do not hold.
#[tokio::test]
async fn no_field_of_a_header_can_be_changed() {
    let world = world().await;
    let case = honest_case(&world, 10).await;
    let other = honest_case(&world, 20).await;
    type Change = fn(&mut EventHeader);
    let changes: [(&str, Change); 14] = [
        ("channel", |header| header.channel = "other".parse().unwrap()),
        ("sequence", |header| header.sequence += 1),
        ("previous", |header| header.previous = Digest::new([1; 32])),
        ("class", |header| {
            header.class = if header.class == EventClass::Team { EventClass::Reporter } else { EventClass::Team };
        }),
        ("author", |header| {
            header.author = if header.author == Author::Server { Author::Reporter } else { Author::Server };
        }),
        ("to", |header| header.to = Some(CaseState::Referred)),
        ("assign", |header| header.assign = Some(Some("somebody".to_owned()))),
        ("contact_opened", |header| header.contact_opened ^= true),
        ("urgent", |header| header.urgent ^= true),
        ("bodies", |header| header.bodies = vec![BodyRef { part: BodyPart::Contact, sha256: Digest::ZERO, size: 1 }]),
        ("blobs", |header| header.blobs.push(BlobRef { sha256: Digest::ZERO, size: 1 })),
        ("recorded_at", |header| header.recorded_at = Timestamp(header.recorded_at.0 + Timestamp::HOUR)),
        ("salt", |header| header.salt = Some(Salt::new([1; 16]))),
        ("signature", |header| header.signature = Some("A".repeat(86))),
    ];
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    for (field, change) in changes {
        for place in 0..EVENTS {
            let what = format!("{field} of event {place}");
            let mut kept = served(&world, case, other).await;
            change(&mut kept.events[place as usize].header);
            let mut mended = served(&world, case, other).await;
            change(&mut mended.events[place as usize].header);
            mended.rehash();

            tell(&desk, kept);
            let findings = ada.open(&desk, &case).await.unwrap().findings;
            assert!(findings.contains(&BrokenChain { sequence: place }), "{what}: {findings:?}");

            // Mending puts these two right again.
            let is_same = ["sequence", "previous"].contains(&field);
            tell(&desk, mended);
            let findings = ada.open(&desk, &case).await.unwrap().findings;
            assert_eq!(findings.contains(&Truncated { seen: EVENTS }), !is_same, "{what}, mended: {findings:?}");
            // Nothing comes after the last event that would hold it; whoever saw it knows, anybody else does not.
            let others = findings.iter().filter(|finding| !matches!(finding, Truncated { .. })).count();
            assert!(is_same || others > 0 || place == EVENTS - 1, "{what}, mended: {findings:?}");
        }
    }
}

#[tokio::test]
async fn a_case_served_for_another_is_refused() {
    let world = world().await;
    let (case, other) = (honest_case(&world, 10).await, honest_case(&world, 20).await);
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    desk.change_requests(move |request| request.path = request.path.replace(&case.to_string(), &other.to_string()));
    assert_eq!(ada.open(&desk, &case).await.unwrap_err(), Failure::Unexpected);
}

#[tokio::test]
async fn swapped_evidence_is_not_opened() {
    let world = world().await;
    let case = honest_case(&world, 10).await;
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    let report = ada.open(&desk, &case).await.unwrap().report.unwrap();
    let named = report.evidence[0].blob;
    let sealed = blob::seal(&mut rng(1), &[world.team.recipient()], b"something else").unwrap();
    desk.change_responses(move |request, response| {
        if request.path.contains("/blobs/") {
            response.body.clone_from(&sealed.rest);
        }
    });
    assert_eq!(ada.evidence(&desk, &case, &named).await.err(), Some(Failure::Damaged));
    // Nor is one that the report does not name, even if it is sealed to the readers.
    assert_eq!(ada.evidence(&desk, &case, &Digest::ZERO).await.err(), Some(Failure::Damaged));
}

/// A server that says it took what it did not take.
#[tokio::test]
async fn a_swallowed_event_is_missed() {
    let world = world().await;
    let case = honest_case(&world, 10).await;
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    let truth = served(&world, case, case).await;
    tell(&desk, truth);
    let view = ada.append(&desk, &mut rng(1), &case, reply("Do you hear me?")).await.unwrap();
    assert_eq!(view.findings, [Truncated { seen: EVENTS + 1 }]);

    let case = honest_case(&world, 20).await;
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    let truth = served(&world, case, case).await;
    tell(&desk, truth);
    let contact = ada.contact(&desk, &mut rng(2), &case, "curious".to_owned()).await;
    assert_eq!(contact.unwrap_err(), Failure::Unexpected, "no contact details without a trace");
    let details = world.events(&case).await[0].header.bodies[1].sha256.to_string();
    assert!(!desk.sent().iter().any(|sent| sent.contains(&details)), "nor were they asked for");

    // Or that took something else.
    let desk = Tampering::new(console(&world));
    let mut ada = sign_in(&world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    desk.change_responses(|request, response| {
        if request.path.ends_with("/events") {
            let mut record: EventRecord = serde_json::from_slice(&response.body).unwrap();
            record.header.bodies[0].sha256 = Digest::ZERO;
            record.hash = Digest::new(event_hash(&record.header.canonical_bytes()));
            response.body = serde_json::to_vec(&record).unwrap();
        }
    });
    let taken = ada.append(&desk, &mut rng(3), &case, reply("Do you hear me?")).await;
    assert_eq!(taken.unwrap_err(), Failure::Unexpected);
}
