//! Channels, cases and events to store. Everything follows from a seed, so that another process can tell what it should find.

use recourse_domain::channel::{
    Controller, GroupKind, LegalProfile, Limits, MANIFEST_VERSION, Manifest, ReaderGroup, Stage,
};
use recourse_domain::event::{Author, BlobRef, BodyPart, BodyRef, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest, UploadId};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::console::{Reviewer, Role};
use recourse_wire::reporter::SignedEnvelope;
use sha2::{Digest as _, Sha256};

use crate::{ChannelRecord, Claim, NewCase, NewEvent, NewUpload, StoredBody};

/// A full hour.
pub const NOW: Timestamp = Timestamp(472_224 * Timestamp::HOUR);

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest::new(Sha256::digest(bytes).into())
}

/// Bytes that look like ciphertext and follow from purpose and seed.
pub fn bytes(purpose: &str, seed: u64, length: usize) -> Vec<u8> {
    let start = sha256(format!("{purpose} {seed}").as_bytes());
    // xorshift64*: SHA-256 of every block would be most of what a benchmark measures.
    let mut state = start.as_bytes().iter().fold(seed | 1, |state, &byte| state.rotate_left(8) ^ u64::from(byte)) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend(state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn id16(purpose: &str, seed: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&sha256(format!("{purpose} {seed}").as_bytes()).as_bytes()[..16]);
    id
}

/// The case of a seed.
pub fn case_id(seed: u64) -> CaseId {
    CaseId::new(id16("case", seed))
}

/// The channel used unless a test needs two.
pub fn channel() -> ChannelId {
    "acme".parse().unwrap()
}

/// A channel's manifest of that serial, with one recipient a serial.
pub fn channel_record(channel: &ChannelId, serial: u64) -> ChannelRecord {
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        channel: channel.clone(),
        serial,
        issued_at: NOW,
        expires_at: NOW.plus_days(365),
        intake_origin: "https://intake.example".into(),
        console_origin: "https://console.example".into(),
        provider: "Acme".into(),
        product: "Acme CRM".into(),
        reading_hours: [("en".into(), "on weekdays".into())].into(),
        languages: vec!["en".into()],
        groups: vec![ReaderGroup {
            kind: GroupKind::Team,
            name: "Trust team".into(),
            members: vec![],
            epoch: serial as u32,
            recipient: recipient(channel, serial),
        }],
        acknowledgement_keys: vec![],
        stages: vec![Stage { state: CaseState::Acknowledged, days: 7, text: [("en".into(), "Seen".into())].into() }],
        limits: Limits::default(),
        legal_profile: LegalProfile::None,
        controller: Controller {
            name: "Acme".into(),
            contact: "privacy@acme.example".into(),
            privacy_notice: [].into(),
            rules: [].into(),
        },
        other_routes: vec![],
        hidden_categories: vec![],
        test: false,
        settings: String::new(),
    };
    let payload = format!("{channel} {serial}");
    ChannelRecord {
        manifest,
        payload_sha256: sha256(payload.as_bytes()),
        envelope: SignedEnvelope { version: 1, payload, key: "key".into(), signature: "signature".into() },
        embed_origins: vec!["https://app.acme.example".into()],
    }
}

/// The recipient that [`channel_record`] names.
pub fn recipient(channel: &ChannelId, serial: u64) -> String {
    format!("age1pq1{channel}{serial}")
}

/// A reviewer.
pub fn reviewer(name: &str, role: Role) -> Reviewer {
    Reviewer { key: format!("key-of-{name}"), name: name.into(), role }
}

/// The upload of a seed.
pub fn upload(seed: u64, length: u64) -> NewUpload {
    NewUpload {
        channel: channel(),
        upload: UploadId::new(id16("upload", seed)),
        token_hash: sha256(format!("token {seed}").as_bytes()),
        length,
        expires_at: Timestamp(NOW.0 + Timestamp::DAY),
    }
}

/// A claim on [`upload`] of that seed, if it has those bytes.
pub fn claim(seed: u64, content: &[u8]) -> Claim {
    let upload = upload(seed, content.len() as u64);
    Claim { upload: upload.upload, token_hash: upload.token_hash, sha256: sha256(content), size: content.len() as u64 }
}

/// A report with a main and a contact body of 8 KiB each and those attachments.
pub fn case(seed: u64, claims: Vec<Claim>) -> NewCase {
    case_with_bodies(seed, claims, 8 << 10)
}

/// A report with a main and a contact body of that many bytes and those attachments.
pub fn case_with_bodies(seed: u64, claims: Vec<Claim>, body_bytes: usize) -> NewCase {
    let body = |part: BodyPart| {
        let sealed = bytes(part.as_str(), seed, body_bytes);
        StoredBody { sequence: 0, part, sha256: sha256(&sealed), sealed }
    };
    let bodies = vec![body(BodyPart::Main), body(BodyPart::Contact)];
    let header = EventHeader {
        author: Author::Reporter,
        signature: Some("signature".into()),
        salt: None,
        ..header(case_id(seed), 0, Digest::ZERO, EventClass::Reporter, &bodies, &claims)
    };
    NewCase {
        case: case_id(seed),
        channel: channel(),
        token_hash: sha256(format!("access {seed}").as_bytes()),
        request_sha256: sha256(format!("request {seed}").as_bytes()),
        urgent: false,
        state: CaseState::Received,
        due: vec![(CaseState::Acknowledged, NOW.plus_days(7)), (CaseState::Decided, NOW.plus_days(90))],
        events: vec![record(header)],
        bodies,
        claims,
        acknowledgement: format!("{{\"acknowledged\":{seed}}}"),
        received_at: NOW,
    }
}

/// An event of a reviewer with a body of 8 KiB.
pub fn event(case: CaseId, sequence: u64, previous: Digest, seed: u64) -> NewEvent {
    let sealed = bytes("team", seed, 8 << 10);
    let bodies = vec![StoredBody { sequence, part: BodyPart::Main, sha256: sha256(&sealed), sealed }];
    let header = header(case, sequence, previous, EventClass::Team, &bodies, &[]);
    NewEvent {
        case,
        expected_events: sequence,
        record: record(header),
        bodies,
        claims: vec![],
        state: None,
        assignee: None,
        acknowledgement: None,
        request_sha256: sha256(format!("append {seed}").as_bytes()),
        idempotency_key: None,
        author_scope: "key-of-ada".into(),
    }
}

/// That event as a transition.
#[must_use]
pub fn to_state(mut event: NewEvent, to: CaseState) -> NewEvent {
    event.state = Some(to);
    event.record.header.class = EventClass::Transition;
    event.record.header.to = Some(to);
    event.record = record(event.record.header);
    event
}

/// That event as one that assigns.
#[must_use]
pub fn assigning(mut event: NewEvent, owner: Option<&str>) -> NewEvent {
    event.assignee = Some(owner.map(str::to_owned));
    event.record.header.assign = event.assignee.clone();
    event.record = record(event.record.header);
    event
}

/// That event with attachments.
#[must_use]
pub fn claiming(mut event: NewEvent, claims: Vec<Claim>) -> NewEvent {
    event.record.header.blobs = claims.iter().map(|claim| BlobRef { sha256: claim.sha256, size: claim.size }).collect();
    event.claims = claims;
    event.record = record(event.record.header);
    event
}

/// A header with its hash. The label that real hashes have is `seal`'s; a store does not look at it.
pub fn record(header: EventHeader) -> EventRecord {
    EventRecord { hash: sha256(&header.canonical_bytes()), header }
}

fn header(
    case: CaseId,
    sequence: u64,
    previous: Digest,
    class: EventClass,
    bodies: &[StoredBody],
    claims: &[Claim],
) -> EventHeader {
    EventHeader {
        channel: channel(),
        case,
        sequence,
        previous,
        class,
        author: Author::Reviewer { key: "key-of-ada".into() },
        to: None,
        assign: None,
        contact_opened: false,
        urgent: false,
        bodies: bodies
            .iter()
            .map(|body| BodyRef { part: body.part, sha256: body.sha256, size: body.sealed.len() as u64 })
            .collect(),
        blobs: claims.iter().map(|claim| BlobRef { sha256: claim.sha256, size: claim.size }).collect(),
        recorded_at: NOW,
        signature: None,
        salt: None,
    }
}
