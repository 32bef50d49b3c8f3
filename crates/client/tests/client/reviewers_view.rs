//! A server that lies to a reviewer: whatever it does to a case, a finding says so.

use std::collections::BTreeMap;

use recourse_client::outbox::Outbox;
use recourse_client::reviewer::ReviewerSession;
use recourse_domain::content::{CONTENT_VERSION, ReporterContent, TeamContent, TeamStatement};
use recourse_domain::event::{Act, ActKind, Author, BlobRef, BodyPart, BodyRef, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest, Salt};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Report;
use recourse_domain::time::Timestamp;
use recourse_seal::chain::event_hash;
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::label::Label;
use recourse_seal::sign::SigningKey;
use recourse_seal::{blob, body};
use recourse_testkit::{InProcess, Tampering, World};
use recourse_wire::console::CaseDetail;
use recourse_wire::engine::Failure;
use recourse_wire::reviewing::{CaseView, Finding};

use crate::people::{
    ADA, File, case_of, checked, come_back, console, intake, note, outgoing, reply, rng, sign_in, step, world,
};

/// What the honest case below holds.
const EVENTS: u64 = 8;
const TRIAGE: usize = 2;
const MESSAGE: usize = 3;
const NOTE: usize = 4;
const REPLY: usize = 5;

/// A report, triage, a message of the reporter, a note, a reply, an owner, the contact details opened.
async fn honest_case(world: &World, seed: u64) -> CaseId {
    let (transport, desk) = (intake(world), console(world));
    let checked = checked(world, &transport).await;
    let files = [File::of(10)];
    let outgoing = outgoing("They read my mail.", &files);
    let sent = Outbox::default().send(&transport, &mut rng(seed), &checked, &outgoing, &files, |_| ()).await.unwrap();
    let case = case_of(&sent);
    let mut ada = sign_in(world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    ada.append(&desk, &mut rng(seed + 1), &case, step(CaseState::InTriage)).await.unwrap();
    let (mut own, _) = come_back(world, &sent, &transport).await;
    let message = ReporterContent::Message { text: "On Monday.".to_owned() };
    own.act(&transport, &mut rng(seed + 2), &message).await.unwrap();
    ada.open(&desk, &case).await.unwrap();
    let owner = Some(ada.reviewer.key.clone());
    for content in [note("I know this one."), reply("Thank you."), TeamContent::Assigned { owner }] {
        ada.append(&desk, &mut rng(seed + 3), &case, content).await.unwrap();
    }
    ada.contact(&desk, &mut rng(seed + 4), &case, "to call back".to_owned()).await.unwrap();
    assert_eq!(world.events(&case).await.len() as u64, EVENTS);
    case
}

/// A case in the hands of a server that has keys of its own and knows everything that is public.
struct Served {
    channel: ChannelId,
    case: CaseId,
    group: Recipient,
    mallory: SigningKey,
    ada: String,
    events: Vec<EventRecord>,
    /// Bodies that it hands out instead.
    bodies: BTreeMap<Digest, Option<Vec<u8>>>,
    /// An event of another case of the same channel.
    other: EventRecord,
    other_body: Vec<u8>,
    /// The report as it would be if the server made it.
    own_report: Report,
}

impl Served {
    /// Makes a whole chain of what stands there.
    fn rehash(&mut self) {
        let mut previous = Digest::ZERO;
        for (place, event) in self.events.iter_mut().enumerate() {
            event.header.sequence = place as u64;
            event.header.previous = previous;
            event.hash = Digest::new(event_hash(&event.header.canonical_bytes()));
            previous = event.hash;
        }
    }

    fn put_body(&mut self, sealed: Vec<u8>) -> BodyRef {
        let reference =
            BodyRef { part: BodyPart::Main, sha256: Digest::new(sha256(&sealed)), size: sealed.len() as u64 };
        self.bodies.insert(reference.sha256, Some(sealed));
        reference
    }

    fn seal(&mut self, plaintext: &[u8]) -> BodyRef {
        let sealed = body::seal(&mut rng(99), &[self.group.clone(), self.group.clone()], plaintext).unwrap();
        self.put_body(sealed)
    }

    /// Appends an event in somebody's name.
    fn append(&mut self, author: Author, class: EventClass, to: Option<CaseState>, bodies: Vec<BodyRef>) {
        let header = EventHeader {
            channel: self.channel.clone(),
            case: self.case,
            sequence: 0,
            previous: Digest::ZERO,
            class,
            author,
            to,
            assign: None,
            contact_opened: false,
            urgent: false,
            bodies,
            blobs: Vec::new(),
            recorded_at: self.events[0].header.recorded_at,
            signature: None,
            salt: None,
        };
        self.events.push(EventRecord { header, hash: Digest::ZERO });
        self.rehash();
    }

    /// Signs an event as a reporter would, with the server's own key.
    fn sign(&mut self, place: usize, kind: ActKind) {
        let header = &self.events[place].header;
        let act = Act {
            channel: &header.channel,
            case: &header.case,
            sequence: header.sequence,
            previous: &header.previous,
            kind,
            bodies: &header.bodies,
            blobs: &header.blobs,
        };
        let signature = self.mallory.sign(Label::ReporterEvent, &act.canonical_bytes()).to_string();
        self.events[place].header.signature = Some(signature);
        self.rehash();
    }

    /// A statement made for the end of this case, under the server's own key.
    fn statement(&mut self, content: TeamContent) -> BodyRef {
        let statement = TeamStatement {
            version: CONTENT_VERSION,
            channel: self.channel.clone(),
            case: self.case,
            sequence: self.events.len() as u64,
            previous: self.events.last().unwrap().hash,
            content,
        };
        let payload = serde_json::to_vec(&statement).unwrap();
        let signed = Signed::seal(Label::ReviewerContent, &self.mallory, &payload);
        self.seal(&serde_json::to_vec(&signed).unwrap())
    }

    fn own_report_sealed(&mut self) {
        let report = serde_json::to_vec(&self.own_report).unwrap();
        let reference = self.seal(&report);
        self.events[0].header.bodies[0] = reference;
    }

    fn reviewer(&self, key: &str) -> Author {
        Author::Reviewer { key: key.to_owned() }
    }

    fn mallory(&self) -> Author {
        self.reviewer(&self.mallory.verifying_key().to_string())
    }
}

async fn served(world: &World, case: CaseId, other: CaseId) -> Served {
    let other = world.events(&other).await.swap_remove(NOTE);
    let other_body = world.stored_body(&other.header.case, &other.header.bodies[0].sha256).await;
    let events = world.events(&case).await;
    let sealed = world.stored_body(&case, &events[0].header.bodies[0].sha256).await;
    let report = body::open(world.team.identity(), &sealed).unwrap();
    let mut own_report = Report::from_json(&report).unwrap();
    let mallory = SigningKey::generate(&mut rng(66));
    own_report.reply.recipient = Identity::generate(&mut rng(67)).to_recipient().to_string();
    own_report.reply.reporter_key = mallory.verifying_key().to_string();
    Served {
        channel: world.channel.clone(),
        case,
        group: world.team.recipient(),
        mallory,
        ada: world.people[ADA].verifying_key().to_string(),
        events,
        bodies: BTreeMap::new(),
        other,
        other_body,
        own_report,
    }
}

/// Has a desk tell the lie about the case.
fn tell(desk: &Tampering<InProcess>, lie: Served) {
    desk.change_responses(move |request, response| {
        let last = request.path.rsplit('/').next().unwrap();
        if last == lie.case.to_string() {
            let mut detail: CaseDetail = serde_json::from_slice(&response.body).unwrap();
            detail.events.clone_from(&lie.events);
            detail.summary.events = lie.events.len() as u64;
            response.body = serde_json::to_vec(&detail).unwrap();
        } else if let Some(body) = last.parse().ok().and_then(|sha256: Digest| lie.bodies.get(&sha256)) {
            response.status = if body.is_some() { 200 } else { 404 };
            if body.is_none() {
                response.headers = vec![("content-type".to_owned(), "application/problem+json".to_owned())];
                let problem = recourse_wire::problem::ProblemKind::UnknownBody;
                response.body = serde_json::to_vec(&recourse_wire::problem::Problem::new(problem, None)).unwrap();
            } else {
                response.body.clone_from(body.as_ref().unwrap());
            }
        }
    });
}

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
            let sealed = body::seal(&mut rng(9), &[served.group.clone()], &report).unwrap();
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
    let changes: [(&str, fn(&mut EventHeader)); 14] = [
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
