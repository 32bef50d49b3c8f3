//! A case in the hands of a server that lies to reviewers.

use std::collections::BTreeMap;

use recourse_client::outbox::Outbox;
use recourse_domain::content::{CONTENT_VERSION, ReporterContent, TeamContent, TeamStatement};
use recourse_domain::event::{Act, ActKind, Author, BodyPart, BodyRef, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Report;
use recourse_seal::body;
use recourse_seal::chain::event_hash;
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::label::Label;
use recourse_seal::sign::SigningKey;
use recourse_testkit::{InProcess, Tampering, World};
use recourse_wire::console::CaseDetail;

use crate::people::{
    ADA, File, case_of, checked, come_back, console, intake, note, outgoing, reply, rng, sign_in, step,
};

/// What the honest case below holds.
pub(crate) const EVENTS: u64 = 8;
pub(crate) const TRIAGE: usize = 2;
pub(crate) const MESSAGE: usize = 3;
pub(crate) const NOTE: usize = 4;
pub(crate) const REPLY: usize = 5;

/// A report, triage, a message of the reporter, a note, a reply, an owner, the contact details opened.
pub(crate) async fn honest_case(world: &World, seed: u64) -> CaseId {
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
pub(crate) struct Served {
    pub(crate) channel: ChannelId,
    pub(crate) case: CaseId,
    pub(crate) group: Recipient,
    pub(crate) mallory: SigningKey,
    pub(crate) ada: String,
    pub(crate) events: Vec<EventRecord>,
    /// Bodies that it hands out instead.
    pub(crate) bodies: BTreeMap<Digest, Option<Vec<u8>>>,
    /// An event of another case of the same channel.
    pub(crate) other: EventRecord,
    pub(crate) other_body: Vec<u8>,
    /// The report as it would be if the server made it.
    pub(crate) own_report: Report,
}

impl Served {
    /// Makes a whole chain of what stands there.
    pub(crate) fn rehash(&mut self) {
        let mut previous = Digest::ZERO;
        for (place, event) in self.events.iter_mut().enumerate() {
            event.header.sequence = place as u64;
            event.header.previous = previous;
            event.hash = Digest::new(event_hash(&event.header.canonical_bytes()));
            previous = event.hash;
        }
    }

    pub(crate) fn put_body(&mut self, sealed: Vec<u8>) -> BodyRef {
        let reference =
            BodyRef { part: BodyPart::Main, sha256: Digest::new(sha256(&sealed)), size: sealed.len() as u64 };
        self.bodies.insert(reference.sha256, Some(sealed));
        reference
    }

    pub(crate) fn seal(&mut self, plaintext: &[u8]) -> BodyRef {
        let sealed = body::seal(&mut rng(99), &[self.group.clone(), self.group.clone()], plaintext).unwrap();
        self.put_body(sealed)
    }

    /// Appends an event in somebody's name.
    pub(crate) fn append(&mut self, author: Author, class: EventClass, to: Option<CaseState>, bodies: Vec<BodyRef>) {
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
    pub(crate) fn sign(&mut self, place: usize, kind: ActKind) {
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
    pub(crate) fn statement(&mut self, content: TeamContent) -> BodyRef {
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

    pub(crate) fn own_report_sealed(&mut self) {
        let report = serde_json::to_vec(&self.own_report).unwrap();
        let reference = self.seal(&report);
        self.events[0].header.bodies[0] = reference;
    }

    pub(crate) fn reviewer(&self, key: &str) -> Author {
        Author::Reviewer { key: key.to_owned() }
    }

    pub(crate) fn mallory(&self) -> Author {
        self.reviewer(&self.mallory.verifying_key().to_string())
    }
}

pub(crate) async fn served(world: &World, case: CaseId, other: CaseId) -> Served {
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
pub(crate) fn tell(desk: &Tampering<InProcess>, lie: Served) {
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
