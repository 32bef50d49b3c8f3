//! Who does what in these tests.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use recourse_client::follow_up::OwnSession;
use recourse_client::manifest::{self, CheckedManifest};
use recourse_client::outbox::{Outbox, Sent, Source, SourceError};
use recourse_client::reviewer::ReviewerSession;
use recourse_client::transport::Transport;
use recourse_domain::channel::Limits;
use recourse_domain::content::{Contact, TeamContent};
use recourse_domain::ids::CaseId;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::{Purpose, ReportDraft};
use recourse_seal::receipt::{Receipt, case_id};
use recourse_testkit::{CONSOLE, InProcess, START, World};
use recourse_wire::engine::{FollowUp, Outgoing, OutgoingFile};

pub(crate) const ADA: usize = 0;
pub(crate) const BO: usize = 1;

pub(crate) fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// A file in memory.
pub(crate) struct File(pub(crate) Vec<u8>);

impl File {
    /// So many bytes, no two megabytes of them alike.
    pub(crate) fn of(length: usize) -> Self {
        Self((0..length).map(|at| (at % 251) as u8 ^ (at >> 20) as u8).collect())
    }
}

impl Source for File {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    async fn read(&self, offset: u64, size: u64) -> Result<Vec<u8>, SourceError> {
        let range = offset as usize..(offset + size) as usize;
        self.0.get(range).map(<[u8]>::to_vec).ok_or(SourceError)
    }
}

/// The world with the limits of a real channel.
pub(crate) async fn world() -> World {
    World::with(|manifest| manifest.limits = Limits::default()).await
}

pub(crate) fn intake(world: &World) -> InProcess {
    InProcess::new(world.intake.clone())
}

pub(crate) fn console(world: &World) -> InProcess {
    InProcess::new(world.console.clone())
}

pub(crate) fn outgoing(text: &str, files: &[File]) -> Outgoing {
    let draft =
        ReportDraft { purpose: Some(Purpose::FlagMisuse), what_happened: text.to_owned(), ..ReportDraft::default() };
    let file = |(place, file): (usize, &File)| OutgoingFile {
        id: place as u32 + 7,
        name: format!("screenshot {place}.png"),
        media_type: "image/png".to_owned(),
        size: file.length(),
        description: None,
        kind: recourse_domain::report::EvidenceKind::File,
        redactions: 0,
        sensitive: false,
        url: String::new(),
        title: String::new(),
        selector: String::new(),
        captured_by: String::new(),
    };
    Outgoing {
        draft,
        language: "en".to_owned(),
        contact: Contact { name: Some("Robin".to_owned()), reach: Some("by day".to_owned()) },
        urgent: true,
        readers: recourse_domain::channel::GroupKind::Team,
        files: files.iter().enumerate().map(file).collect(),
        now: START,
    }
}

pub(crate) async fn checked(world: &World, transport: &impl Transport) -> CheckedManifest {
    let root = world.root.verifying_key().to_string();
    manifest::fetch(transport, &world.channel, Some(&root), world.now()).await.unwrap()
}

/// Sends on a connection that holds.
pub(crate) async fn report(world: &World, seed: u64, text: &str, files: &[File]) -> Sent {
    let transport = intake(world);
    let checked = checked(world, &transport).await;
    let outgoing = outgoing(text, files);
    Outbox::default().send(&transport, &mut rng(seed), &checked, &outgoing, files, |_| ()).await.unwrap()
}

pub(crate) fn case_of(sent: &Sent) -> CaseId {
    let receipt: Receipt = sent.receipt.parse().unwrap();
    CaseId::new(case_id(&receipt.lookup()))
}

pub(crate) async fn sign_in(world: &World, person: usize, transport: &impl Transport) -> ReviewerSession {
    ReviewerSession::sign_in(transport, &world.key_file(person), CONSOLE, world.now()).await.unwrap()
}

pub(crate) async fn come_back(world: &World, sent: &Sent, transport: &impl Transport) -> (OwnSession, FollowUp) {
    OwnSession::open(transport, &world.channel, &sent.receipt, None, world.now()).await.unwrap()
}

pub(crate) fn step(to: CaseState) -> TeamContent {
    TeamContent::Transition { to, reason: format!("because {to}"), rights_considered: Vec::new(), remedies: Vec::new() }
}

pub(crate) fn reply(text: &str) -> TeamContent {
    TeamContent::Reply { text: text.to_owned(), language: "en".to_owned() }
}

pub(crate) fn note(text: &str) -> TeamContent {
    TeamContent::Note { text: text.to_owned() }
}
