//! A server that lies to a reporter: the follow-up page says that something does not fit, and shows nothing that was made up.

use recourse_client::follow_up::OwnSession;
use recourse_client::outbox::{Outbox, Sent};
use recourse_domain::content::{CONTENT_VERSION, ReporterContent, TeamContent, TeamStatement};
use recourse_domain::event::{Act, ActKind, BodyPart, BodyRef, EventClass};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_seal::body;
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::kem::Recipient;
use recourse_seal::label::Label;
use recourse_seal::receipt::Receipt;
use recourse_seal::sign::SigningKey;
use recourse_testkit::{InProcess, Tampering, World, envelope};
use recourse_wire::engine::{Failure, FollowUp};
use recourse_wire::reporter::{Acknowledged, OwnAct, OwnCase, OwnEvent};

use crate::people::{
    ADA, File, case_of, checked, come_back, console, intake, note, outgoing, reply, report, rng, sign_in, step, world,
};

const TRIAGE: usize = 2;
const MESSAGE: usize = 3;
const NOTE: usize = 4;
const REPLY: usize = 5;
const EVENTS: usize = 6;

async fn honest_case(world: &World) -> Sent {
    let (transport, desk) = (intake(world), console(world));
    let sent = report(world, 1, "They read my mail.", &[]).await;
    let case = case_of(&sent);
    let mut ada = sign_in(world, ADA, &desk).await;
    ada.open(&desk, &case).await.unwrap();
    ada.append(&desk, &mut rng(2), &case, step(CaseState::InTriage)).await.unwrap();
    let (mut own, _) = come_back(world, &sent, &transport).await;
    let message = ReporterContent::Message { text: "On Monday.".to_owned() };
    own.act(&transport, &mut rng(3), &message).await.unwrap();
    ada.open(&desk, &case).await.unwrap();
    ada.append(&desk, &mut rng(4), &case, note("I know this one.")).await.unwrap();
    ada.append(&desk, &mut rng(5), &case, reply("Thank you.")).await.unwrap();
    sent
}

/// The case as a server tells it that has a key of its own, and a reviewer's that it should not have.
struct Told {
    channel: ChannelId,
    case: CaseId,
    reporter: Recipient,
    ada: SigningKey,
    mallory: SigningKey,
    own: OwnCase,
    bodies: Vec<(Digest, Option<Vec<u8>>)>,
}

impl Told {
    fn event(&self, class: EventClass, to: Option<CaseState>) -> OwnEvent {
        let last = self.own.events.last().unwrap();
        OwnEvent {
            sequence: last.sequence + 1,
            previous: last.hash,
            hash: Digest::new([9; 32]),
            class,
            to,
            recorded_at: last.recorded_at,
            automatic: false,
            body: None,
            act: None,
        }
    }

    fn append(&mut self, class: EventClass, to: Option<CaseState>) -> &mut OwnEvent {
        let event = self.event(class, to);
        self.own.events.push(event);
        self.own.events.last_mut().unwrap()
    }

    /// An act under the server's own key.
    fn act(&self, kind: ActKind) -> OwnAct {
        let last = self.own.events.last().unwrap();
        let bodies = [BodyRef { part: BodyPart::Main, sha256: Digest::ZERO, size: 0 }];
        let act = Act {
            channel: &self.channel,
            case: &self.case,
            sequence: last.sequence + 1,
            previous: &last.hash,
            kind,
            bodies: &bodies,
            blobs: &[],
        };
        let signature = self.mallory.sign(Label::ReporterEvent, &act.canonical_bytes()).to_string();
        OwnAct { signature, body: Some(Digest::ZERO), blobs: Vec::new() }
    }

    /// A statement for the end of the case, sealed to the reporter. Everybody who may write to the reporter has the recipient.
    fn statement(&mut self, key: &SigningKey, change: fn(&mut TeamStatement)) -> Digest {
        let last = self.own.events.last().unwrap();
        let mut statement = TeamStatement {
            version: CONTENT_VERSION,
            channel: self.channel.clone(),
            case: self.case,
            sequence: last.sequence + 1,
            previous: last.hash,
            content: reply("Nothing to see."),
        };
        change(&mut statement);
        let payload = serde_json::to_vec(&statement).unwrap();
        let signed = serde_json::to_vec(&Signed::seal(Label::ReviewerContent, key, &payload)).unwrap();
        let sealed = body::seal(&mut rng(8), std::slice::from_ref(&self.reporter), &signed).unwrap();
        let digest = Digest::new(sha256(&sealed));
        self.bodies.push((digest, Some(sealed)));
        digest
    }

    fn say(&mut self, key: &SigningKey, change: fn(&mut TeamStatement)) {
        let body = self.statement(key, change);
        self.append(EventClass::Team, None).body = Some(body);
    }

    /// Counts anew and links whatever is there.
    fn mend(&mut self) {
        let mut previous = Digest::ZERO;
        for (place, event) in self.own.events.iter_mut().enumerate() {
            event.sequence = place as u64;
            event.previous = previous;
            previous = event.hash;
        }
    }
}

struct Lie {
    name: &'static str,
    /// Whether the reporter had read the case before.
    seen: bool,
    tell: fn(&mut Told),
    found: bool,
}

const fn lie(name: &'static str, tell: fn(&mut Told)) -> Lie {
    Lie { name, seen: false, tell, found: true }
}

const fn to_a_witness(name: &'static str, tell: fn(&mut Told)) -> Lie {
    Lie { name, seen: true, tell, found: true }
}

const LIES: &[Lie] = &[
    Lie { name: "tells the truth", seen: false, tell: |_| (), found: false },
    Lie { name: "tells the truth again", seen: true, tell: |_| (), found: false },
    Lie {
        name: "shows words that hold, as a control",
        seen: false,
        tell: |told| {
            let ada = told.ada.clone();
            told.say(&ada, |statement| statement.content = reply("All is well."));
        },
        found: false,
    },
    lie("withdraws", |told| {
        told.append(EventClass::Transition, Some(CaseState::Withdrawn));
    }),
    lie("withdraws under its own key", |told| {
        let act = told.act(ActKind::Withdrawn);
        told.append(EventClass::Transition, Some(CaseState::Withdrawn)).act = Some(act);
    }),
    lie("withdraws with the signature of a message", |told| {
        let act = told.own.events[MESSAGE].act.clone();
        told.append(EventClass::Transition, Some(CaseState::Withdrawn)).act = act;
    }),
    lie("makes a withdrawal of a message", |told| {
        told.own.events[MESSAGE].class = EventClass::Transition;
        told.own.events[MESSAGE].to = Some(CaseState::Withdrawn);
    }),
    lie("writes as the reporter", |told| {
        told.append(EventClass::Reporter, None);
    }),
    lie("writes as the reporter under its own key", |told| {
        let act = told.act(ActKind::Message);
        told.append(EventClass::Reporter, None).act = Some(act);
    }),
    lie("repeats the reporter's message", |told| {
        let act = told.own.events[MESSAGE].act.clone();
        told.append(EventClass::Reporter, None).act = act;
    }),
    lie("swaps what the reporter wrote", |told| {
        told.own.events[MESSAGE].act.as_mut().unwrap().body = Some(Digest::ZERO);
    }),
    lie("drops an event", |told| drop(told.own.events.remove(NOTE))),
    lie("drops an event and mends the chain", |told| {
        told.own.events.remove(NOTE);
        told.mend();
    }),
    lie("drops all", |told| told.own.events.clear()),
    to_a_witness("drops the end", |told| drop(told.own.events.pop())),
    to_a_witness("puts something else at the end", |told| {
        told.own.events[REPLY].hash = Digest::new([9; 32]);
        told.own.events[REPLY].body = told.own.events[NOTE].body;
    }),
    lie("reorders", |told| told.own.events.swap(NOTE, REPLY)),
    lie("reorders and mends the chain", |told| {
        told.own.events.swap(NOTE, REPLY);
        told.mend();
    }),
    lie("swaps the bytes of a reply", |told| {
        let note = told.own.events[NOTE].body.unwrap();
        told.bodies.push((told.own.events[REPLY].body.unwrap(), Some(note.as_bytes().to_vec())));
    }),
    lie("withholds a reply", |told| told.bodies.push((told.own.events[REPLY].body.unwrap(), None))),
    lie("hides that there is a reply", |told| told.own.events[REPLY].body = None),
    lie("invents a reader", |told| {
        let mallory = told.mallory.clone();
        told.say(&mallory, |_| ());
    }),
    lie("moves a reader's words to another case", |told| {
        let ada = told.ada.clone();
        told.say(&ada, |statement| statement.case = CaseId::new([7; 16]));
    }),
    lie("moves a reader's words to another channel", |told| {
        let ada = told.ada.clone();
        told.say(&ada, |statement| statement.channel = "other".parse().unwrap());
    }),
    lie("moves a reader's words to another place", |told| {
        let ada = told.ada.clone();
        told.say(&ada, |statement| statement.sequence -= 1);
    }),
    lie("moves a reader's words behind another event", |told| {
        let ada = told.ada.clone();
        told.say(&ada, |statement| statement.previous = Digest::ZERO);
    }),
    lie("repeats a reader's words", |told| {
        let body = told.own.events[REPLY].body;
        told.append(EventClass::Team, None).body = body;
    }),
    lie("shows a note that was sealed to the reporter by mistake", |told| {
        let ada = told.ada.clone();
        told.say(&ada, |statement| statement.content = note("Nothing to see."));
    }),
    lie("decides", |told| {
        told.append(EventClass::Transition, Some(CaseState::Decided));
    }),
    lie("decides by the clock", |told| {
        told.append(EventClass::Transition, Some(CaseState::Decided)).automatic = true;
    }),
    lie("closes by the clock", |told| {
        told.append(EventClass::Transition, Some(CaseState::Closed)).automatic = true;
    }),
    lie("acknowledges again by the clock", |told| {
        told.append(EventClass::Transition, Some(CaseState::Acknowledged)).automatic = true;
    }),
    lie("gives a step the body of a note", |told| {
        let body = told.own.events[NOTE].body;
        let event = told.append(EventClass::Transition, Some(CaseState::Closed));
        (event.body, event.automatic) = (body, true);
    }),
    lie("makes a step lead elsewhere", |told| told.own.events[TRIAGE].to = Some(CaseState::Decided)),
    lie("hides a step", |told| {
        told.own.events[TRIAGE].class = EventClass::Team;
        told.own.events[TRIAGE].to = None;
    }),
    lie("lets a reader withdraw", |told| {
        let ada = told.ada.clone();
        let body = told.statement(&ada, |statement| statement.content = step(CaseState::Withdrawn));
        told.append(EventClass::Transition, Some(CaseState::Withdrawn)).body = Some(body);
    }),
    lie("has a reader take a step off the table", |told| {
        let ada = told.ada.clone();
        let body = told.statement(&ada, |statement| statement.content = step(CaseState::Closed));
        told.append(EventClass::Transition, Some(CaseState::Closed)).body = Some(body);
    }),
    lie("has a reader reply as a step", |told| {
        let ada = told.ada.clone();
        let body = told.statement(&ada, |statement| statement.content = TeamContent::Note { text: String::new() });
        told.append(EventClass::Transition, Some(CaseState::InReview)).body = Some(body);
    }),
];

fn tell(line: &Tampering<InProcess>, lie: Told) {
    line.change_responses(move |request, response| {
        let last = request.path.rsplit('/').next().unwrap();
        if last == "case" {
            response.body = serde_json::to_vec(&lie.own).unwrap();
        } else if let Some((_, body)) =
            last.parse().ok().and_then(|sha256: Digest| lie.bodies.iter().find(|(known, _)| *known == sha256))
        {
            response.status = if body.is_some() { 200 } else { 404 };
            let problem = recourse_wire::problem::ProblemKind::UnknownBody;
            let problem = recourse_wire::problem::Problem::new(problem, None);
            response.headers = vec![("content-type".to_owned(), "application/problem+json".to_owned())];
            response.body = body.clone().unwrap_or_else(|| serde_json::to_vec(&problem).unwrap());
        }
    });
}

async fn told(world: &World, sent: &Sent) -> Told {
    let receipt: Receipt = sent.receipt.parse().unwrap();
    let reporter = recourse_testkit::Reporter { lookup: receipt.lookup(), token: receipt.token(), case: case_of(sent) };
    Told {
        channel: world.channel.clone(),
        case: reporter.case,
        reporter: receipt.reply_identity().to_recipient(),
        ada: world.people[ADA].clone(),
        mallory: SigningKey::generate(&mut rng(66)),
        own: world.own_case(&reporter).await,
        bodies: Vec::new(),
    }
}

#[tokio::test]
async fn every_lie_to_a_reporter_is_found() {
    let world = world().await;
    let sent = honest_case(&world).await;
    for Lie { name, seen, tell: change, found } in LIES {
        let line = Tampering::new(intake(&world));
        let mut told = told(&world, &sent).await;
        assert_eq!(told.own.events.len(), EVENTS);
        change(&mut told);
        let (first, second): (FollowUp, FollowUp) = if *seen {
            let (mut own, honest) = come_back(&world, &sent, &line).await;
            assert!(!honest.tampered);
            tell(&line, told);
            (own.read(&line).await.unwrap(), own.read(&line).await.unwrap())
        } else {
            tell(&line, told);
            let (mut own, first) = come_back(&world, &sent, &line).await;
            (first, own.read(&line).await.unwrap())
        };
        assert_eq!(first.tampered, *found, "{name}: {:?}", first.entries);
        assert_eq!(first, second, "{name}: found once and forgotten");
        let known = [CaseState::Received, CaseState::Acknowledged, CaseState::InTriage];
        assert!(known.contains(&first.state), "{name}: {}", first.state);
        let words = serde_json::to_string(&first.entries).unwrap();
        assert!(!words.contains("Nothing to see."), "{name}: {words}");
    }
}

#[tokio::test]
async fn another_case_in_its_place_is_refused() {
    let world = world().await;
    let sent = honest_case(&world).await;
    for change in [(|own: &mut OwnCase| own.case = CaseId::new([7; 16])) as fn(&mut OwnCase), |own| {
        own.channel = "other".parse().unwrap()
    }] {
        let line = Tampering::new(intake(&world));
        let mut told = told(&world, &sent).await;
        change(&mut told.own);
        tell(&line, told);
        let opened = OwnSession::open(&line, &world.channel, &sent.receipt, None, world.now()).await;
        assert_eq!(opened.err(), Some(Failure::Unexpected));
    }
}

type Forge = Box<dyn Fn(&mut Acknowledged)>;

/// Every field changed, under the right key; and the right statement under a wrong one.
fn forgeries(world: &World) -> Vec<(String, Forge)> {
    fn payload(answer: &Acknowledged) -> serde_json::Value {
        let payload = data_encoding::BASE64URL_NOPAD.decode(answer.acknowledgement.payload.as_bytes()).unwrap();
        serde_json::from_slice(&payload).unwrap()
    }
    let fields = [
        ("version", serde_json::json!(2)),
        ("channel", "other".into()),
        ("root_fingerprint", "AAAA".into()),
        ("key_id", "a2".into()),
        ("case", "00".repeat(16).into()),
        ("sequence", serde_json::json!(1)),
        ("previous", "11".repeat(32).into()),
        ("event", "11".repeat(32).into()),
        ("blobs", serde_json::json!(["11".repeat(32)])),
        ("commitment", "11".repeat(32).into()),
        ("schema", "11".repeat(32).into()),
        ("manifest", "11".repeat(32).into()),
        ("hour", serde_json::json!(0)),
    ];
    let mut all: Vec<(String, Forge)> = Vec::new();
    for (field, value) in fields {
        let key = world.acknowledgement.clone();
        let forge = move |answer: &mut Acknowledged| {
            let mut payload = payload(answer);
            assert_ne!(payload[field], value);
            payload[field] = value.clone();
            answer.acknowledgement = envelope(Label::Acknowledgement, &key, &payload);
        };
        all.push((field.to_owned(), Box::new(forge)));
    }
    let mallory = SigningKey::generate(&mut rng(66));
    let key = world.acknowledgement.clone();
    let wrong: [(&str, Forge); 4] = [
        (
            "another key",
            Box::new(move |answer| {
                answer.acknowledgement = envelope(Label::Acknowledgement, &mallory, &payload(answer));
            }),
        ),
        (
            "another label",
            Box::new(move |answer| {
                answer.acknowledgement = envelope(Label::Manifest, &key, &payload(answer));
            }),
        ),
        ("a broken signature", Box::new(|answer| answer.acknowledgement.signature = "A".repeat(86))),
        ("another version", Box::new(|answer| answer.acknowledgement.version = 2)),
    ];
    all.extend(wrong.map(|(name, forge)| (name.to_owned(), forge)));
    all
}

fn forge(line: &Tampering<InProcess>, forge: Forge) {
    line.change_responses(move |request, response| {
        if request.path.ends_with("/reports") || request.path.ends_with("/events") {
            let mut answer: Acknowledged = serde_json::from_slice(&response.body).unwrap();
            forge(&mut answer);
            response.body = serde_json::to_vec(&answer).unwrap();
        }
    });
}

#[tokio::test]
async fn an_acknowledgement_of_something_else_is_refused() {
    let world = world().await;
    let files = [File::of(10)];
    for (seed, (name, change)) in forgeries(&world).into_iter().enumerate() {
        let line = Tampering::new(intake(&world));
        let checked = checked(&world, &line).await;
        forge(&line, change);
        let mut outbox = Outbox::default();
        let mut rng = rng(100 + seed as u64);
        let outgoing = outgoing(&name, &files);
        let refused = outbox.send(&line, &mut rng, &checked, &outgoing, &files, |_| ()).await;
        assert_eq!(refused.unwrap_err(), Failure::Acknowledgement, "{name}");
        // Nothing is lost by it: the honest answer to the same bytes is taken.
        let sent = outbox.send(&intake(&world), &mut rng, &checked, &outgoing, &files, |_| ()).await.unwrap();
        assert_eq!(world.events(&case_of(&sent)).await.len(), 2, "{name}");
    }
    assert_eq!(world.cases().await.len(), forgeries(&world).len());

    let sent = report(&world, 1, "something", &[]).await;
    for (name, change) in forgeries(&world) {
        let line = Tampering::new(intake(&world));
        let (mut own, _) = come_back(&world, &sent, &line).await;
        forge(&line, change);
        let message = ReporterContent::Message { text: name.clone() };
        let refused = own.act(&line, &mut rng(2), &message).await;
        assert_eq!(refused.unwrap_err(), Failure::Acknowledgement, "{name}");
    }
}
