//! A sealed report on its last way: a ticket is worked for, the same bytes are posted, and what the server signed is compared with them.

use data_encoding::BASE64URL_NOPAD;
use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::event::{Author, BlobRef, EventClass, EventHeader};
use recourse_domain::ids::{CaseId, Digest};
use recourse_domain::time::Timestamp;
use recourse_seal::chain::event_hash;
use recourse_seal::hash::sha256;
use recourse_seal::label::Label;
use recourse_wire::engine::{Failure, Progress};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{Acknowledged, CreateReport, DueDate, SignedEnvelope};
use recourse_wire::ticket::TicketRequest;
use recourse_wire::{header, path};
use serde::Serialize;

use crate::manifest::CheckedManifest;
use crate::outbox::body_ref;
use crate::transport::{HttpRequest, Method, Transport, ask, signed};
use crate::work::Effort;

/// The acknowledgement file: everything that somebody needs to check that the report was recorded, and nothing that opens it.
#[derive(Debug, Serialize)]
struct AcknowledgementFile<'a> {
    version: u32,
    kind: &'static str,
    acknowledgement: &'a SignedEnvelope,
    manifest: &'a SignedEnvelope,
    nonce: String,
}

/// What the server signed, compared with what was sent.
#[derive(Debug)]
pub struct Recorded {
    /// The acknowledgement file, JSON.
    pub acknowledgement_file: String,
    /// The hour of recording.
    pub recorded_at: Timestamp,
    /// What happens next.
    pub due: Vec<DueDate>,
    /// Its case.
    pub case: CaseId,
}

/// The sealed request and what is needed to check its answer.
pub(crate) struct Prepared {
    pub(crate) bytes: Vec<u8>,
    /// The manifest it was made under. The answer is checked against this one, whatever was issued since.
    pub(crate) checked: CheckedManifest,
    pub(crate) header: EventHeader,
    commitment: Digest,
    schema: Digest,
    pub(crate) posted: bool,
}

impl Prepared {
    /// A request as these bytes, with hashes and sizes of its attachments.
    pub(crate) fn new(checked: &CheckedManifest, request: CreateReport, blobs: Vec<BlobRef>, bytes: Vec<u8>) -> Self {
        let header = EventHeader {
            channel: checked.manifest.channel.clone(),
            case: request.case,
            sequence: 0,
            previous: Digest::ZERO,
            class: EventClass::Reporter,
            author: Author::Reporter,
            to: None,
            assign: None,
            contact_opened: false,
            urgent: request.urgent,
            bodies: request.bodies.iter().map(body_ref).collect(),
            blobs,
            recorded_at: Timestamp(0),
            signature: Some(request.signature),
            salt: None,
        };
        let (commitment, schema) = (request.commitment, request.schema);
        Self { bytes, checked: checked.clone(), header, commitment, schema, posted: false }
    }

    /// Works for a ticket and posts with it; a ticket that the server does not take, because it expired or the server began anew, is
    /// replaced once.
    pub(crate) async fn prove_and_post(
        &mut self,
        transport: &impl Transport,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Acknowledged, Failure> {
        use ProblemKind::{TicketExpired, TicketRefused, TicketRequired};
        let mut effort = Effort::default();
        let mut fresh = true;
        loop {
            let ticket = self.ticket(transport, &mut effort, progress).await?;
            progress(Progress::Sending);
            match self.post(transport, ticket).await {
                Err(Failure::Problem { problem })
                    if fresh && matches!(problem.kind(), Some(TicketExpired | TicketRefused | TicketRequired)) =>
                {
                    fresh = false;
                }
                result => return result,
            }
        }
    }

    /// A solved ticket for the request; none from a server that knows of no tickets.
    async fn ticket(
        &self,
        transport: &impl Transport,
        effort: &mut Effort,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<String>, Failure> {
        progress(Progress::Proving);
        let attached: u64 = self.header.blobs.iter().map(|blob| blob.size).sum();
        let wanted = TicketRequest {
            report: Digest::new(sha256(&self.bytes)),
            bytes: self.bytes.len() as u64 + attached,
            count: self.header.blobs.len() as u32,
        };
        let address = path::fill(path::TICKETS, &[&self.header.channel]);
        match ask(transport, HttpRequest::new(Method::Post, address).json(&wanted)).await {
            Ok(response) => effort.solve(response.json()?).map(Some),
            Err(Failure::Problem { problem }) if problem.kind() == Some(ProblemKind::NotFound) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn post(&mut self, transport: &impl Transport, ticket: Option<String>) -> Result<Acknowledged, Failure> {
        self.posted = true;
        let mut request = HttpRequest::new(Method::Post, path::fill(path::REPORTS, &[&self.header.channel]))
            .header("content-type", "application/json")
            .header(header::IDEMPOTENCY_KEY, format!("\"{}\"", self.header.case));
        if let Some(ticket) = ticket {
            request = request.header(header::TICKET, ticket);
        }
        request.body = Some(self.bytes.clone());
        ask(transport, request).await?.json()
    }

    /// Checks that what the server signed is what was sent.
    pub(crate) fn check(&self, answer: &Acknowledged, nonce: &[u8; 32], now: Timestamp) -> Result<Recorded, Failure> {
        let checked = &self.checked;
        let acknowledgement = open_acknowledgement(checked, &answer.acknowledgement)?;
        let header = EventHeader { recorded_at: acknowledgement.hour, ..self.header.clone() };
        let expected = Acknowledgement {
            version: ACKNOWLEDGEMENT_VERSION,
            channel: header.channel.clone(),
            root_fingerprint: checked.fingerprint.clone(),
            key_id: acknowledgement.key_id.clone(),
            case: header.case,
            sequence: 0,
            previous: Digest::ZERO,
            event: Digest::new(event_hash(&header.canonical_bytes())),
            blobs: header.blobs.iter().map(|blob| blob.sha256).collect(),
            commitment: self.commitment,
            schema: self.schema,
            manifest: checked.digest,
            hour: acknowledgement.hour,
        };
        if expected != acknowledgement {
            return Err(Failure::Acknowledgement);
        }
        let file = AcknowledgementFile {
            version: 1,
            kind: "recourse-acknowledgement",
            acknowledgement: &answer.acknowledgement,
            manifest: &checked.envelope,
            nonce: BASE64URL_NOPAD.encode(nonce),
        };
        Ok(Recorded {
            acknowledgement_file: serde_json::to_string_pretty(&file).map_err(|_| Failure::Unexpected)?,
            recorded_at: acknowledgement.hour,
            due: checked.due(acknowledgement.hour, now),
            case: header.case,
        })
    }
}

/// Opens an acknowledgement that must be signed by a key of the manifest.
pub(crate) fn open_acknowledgement(
    checked: &CheckedManifest,
    envelope: &SignedEnvelope,
) -> Result<Acknowledgement, Failure> {
    let parsed = signed(envelope).ok_or(Failure::Acknowledgement)?;
    let key = parsed.key.to_string();
    let known = checked.manifest.acknowledgement_keys.iter().find(|known| known.key == key);
    let known = known.ok_or(Failure::Acknowledgement)?;
    let payload = parsed.verify(Label::Acknowledgement, None).map_err(|_| Failure::Acknowledgement)?;
    let acknowledgement: Acknowledgement = serde_json::from_slice(&payload).map_err(|_| Failure::Acknowledgement)?;
    if acknowledgement.key_id == known.id { Ok(acknowledgement) } else { Err(Failure::Acknowledgement) }
}
