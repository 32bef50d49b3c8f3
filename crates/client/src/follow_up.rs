//! Coming back with a receipt: reading what reviewers wrote, and writing as the reporter.

use rand_core::CryptoRng;
use recourse_domain::content::{ReporterContent, TeamContent};
use recourse_domain::event::{Act, BodyRef, EventClass};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::commitment::commit;
use recourse_seal::kem::Identity;
use recourse_seal::label::Label;
use recourse_seal::receipt::{Receipt, ReceiptError, case_id};
use recourse_wire::engine::{Failure, FollowUp, FollowUpEntry, FollowUpWhat, ReceiptFault};
use recourse_wire::reporter::{Acknowledged, AppendAct, OwnCase, OwnEvent};
use recourse_wire::{header, path};
use zeroize::Zeroizing;

use crate::manifest::{self, CheckedManifest};
use crate::opening::{open_body, open_statement};
use crate::outbox::{body_ref, group_of, open_acknowledgement, seal_body};
use crate::transport::{HttpRequest, Method, Transport, ask};

/// Parses a code as typed.
///
/// # Errors
/// [`Failure::Receipt`] with what is wrong.
pub fn parse_receipt(code: &str) -> Result<Receipt, Failure> {
    code.parse().map_err(|error| {
        let fault = match error {
            ReceiptError::Empty => ReceiptFault::Empty,
            ReceiptError::Length { got } => ReceiptFault::Length { got: u32::try_from(got).unwrap_or(u32::MAX) },
            ReceiptError::Character { found, .. } => ReceiptFault::Character { found },
            ReceiptError::Checksum => ReceiptFault::Checksum,
        };
        Failure::Receipt { fault }
    })
}

/// A case opened by its receipt.
pub struct OwnSession {
    checked: CheckedManifest,
    receipt: Receipt,
    identity: Identity,
    case: CaseId,
    /// Number of events and hash of the last, as last read.
    head: (u64, Digest),
    /// Events that the server acknowledged in this session: they must stay.
    acknowledged: Vec<(u64, Digest)>,
}

impl OwnSession {
    /// Opens a case.
    ///
    /// # Errors
    /// A slip in the code is found before anything is sent.
    pub async fn open(
        transport: &impl Transport,
        channel: &ChannelId,
        code: &str,
        pinned_root: Option<&str>,
        now: Timestamp,
    ) -> Result<(Self, FollowUp), Failure> {
        let receipt = parse_receipt(code)?;
        let checked = manifest::fetch(transport, channel, pinned_root, now).await?;
        let identity = receipt.reply_identity();
        let case = CaseId::new(case_id(&receipt.lookup()));
        let mut session =
            Self { checked, receipt, identity, case, head: (0, Digest::ZERO), acknowledged: Vec::new() };
        let view = session.read(transport).await?;
        Ok((session, view))
    }

    /// Writes as the reporter, signed for the place after what was last read, and reads anew.
    ///
    /// # Errors
    /// `case-changed` where somebody wrote in between: read again, then repeat.
    pub async fn act(
        &mut self,
        transport: &impl Transport,
        rng: &mut impl CryptoRng,
        content: &ReporterContent,
    ) -> Result<FollowUp, Failure> {
        let manifest = &self.checked.manifest;
        let group = group_of(self.receipt.audience()).ok_or(Failure::Unexpected)?;
        let recipient = self.checked.recipient(group)?;
        let kind = content.act();
        let (class, to) = kind.visible();
        let plaintext = Zeroizing::new(serde_json::to_vec(content).map_err(|_| Failure::Unexpected)?);
        let body = seal_body(rng, &[recipient.clone()], recourse_domain::event::BodyPart::Main, &plaintext)?;
        let refs: [BodyRef; 1] = [body_ref(&body)];
        let (sequence, previous) = self.head;
        let act = Act {
            channel: &manifest.channel,
            case: &self.case,
            sequence,
            previous: &previous,
            kind,
            bodies: &refs,
            blobs: &[],
        };
        let mut nonce = [0; 32];
        rng.fill_bytes(&mut nonce);
        let commitment = Digest::new(commit(&nonce, &plaintext));
        let request = AppendAct {
            class,
            to,
            recipient: Some(recipient.to_string()),
            manifest: self.checked.digest,
            commitment,
            bodies: vec![body],
            blobs: Vec::new(),
            signature: self.receipt.reporter_key().sign(Label::ReporterEvent, &act.canonical_bytes()).to_string(),
        };
        let request = self
            .request(Method::Post, path::OWN_EVENTS, &[&manifest.channel])
            .header("if-match", format!("\"{sequence}\""))
            .json(&request);
        let answer: Acknowledged = ask(transport, request).await?.json()?;
        let acknowledgement = open_acknowledgement(&self.checked, &answer.acknowledgement)?;
        let fits = acknowledgement.case == self.case
            && acknowledgement.channel == manifest.channel
            && acknowledgement.sequence == sequence
            && acknowledgement.previous == previous
            && acknowledgement.commitment == commitment;
        if !fits {
            return Err(Failure::Acknowledgement);
        }
        self.acknowledged.push((sequence, acknowledgement.event));
        self.read(transport).await
    }

    /// Reads the case anew.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn read(&mut self, transport: &impl Transport) -> Result<FollowUp, Failure> {
        let request = self.request(Method::Get, path::OWN_CASE, &[&self.checked.manifest.channel]);
        let own: OwnCase = ask(transport, request).await?.json()?;
        if own.case != self.case || own.channel != self.checked.manifest.channel {
            return Err(Failure::Unexpected);
        }
        let mut reading = Reading { state: CaseState::Received, entries: Vec::new(), tampered: false };
        let mut previous = Digest::ZERO;
        for (place, event) in own.events.iter().enumerate() {
            if event.sequence != place as u64 || event.previous != previous {
                reading.tampered = true;
            }
            previous = event.hash;
            let body = match &event.body {
                None => None,
                Some(sha256) => {
                    let fetch = self.request(Method::Get, path::OWN_BODY, &[&self.checked.manifest.channel, sha256]);
                    let sealed = ask(transport, fetch).await?.body;
                    open_body(std::slice::from_ref(&self.identity), sha256, &sealed)
                }
            };
            reading.take(&self.checked, &self.case, event, body.as_ref().map(|body| body.as_slice()));
        }
        let held = |(sequence, hash): &(u64, Digest)| {
            own.events.get(*sequence as usize).is_some_and(|event| event.hash == *hash)
        };
        let known = self.head.0 == 0 || held(&(self.head.0 - 1, self.head.1));
        if !known || !self.acknowledged.iter().all(held) {
            reading.tampered = true;
        }
        self.head = (own.events.len() as u64, previous);
        Ok(FollowUp {
            manifest: self.checked.manifest.clone(),
            state: reading.state,
            due: own.due,
            entries: reading.entries,
            tampered: reading.tampered,
        })
    }

    fn request(&self, method: Method, path: &str, values: &[&dyn std::fmt::Display]) -> HttpRequest {
        let lookup = data_encoding::HEXLOWER.encode(&self.receipt.lookup());
        let token = data_encoding::BASE64URL_NOPAD.encode(&self.receipt.token());
        HttpRequest::new(method, path::fill(path, values))
            .header("authorization", format!("{} {lookup}.{token}", header::RECEIPT_SCHEME))
    }
}

/// What is pieced together while events are read.
struct Reading {
    state: CaseState,
    entries: Vec<FollowUpEntry>,
    tampered: bool,
}

impl Reading {
    fn take(&mut self, checked: &CheckedManifest, case: &CaseId, event: &OwnEvent, body: Option<&[u8]>) {
        let what = match (event.class, body) {
            (EventClass::Reporter, _) if event.sequence == 0 => Some(FollowUpWhat::Reported),
            (EventClass::Reporter, _) => Some(FollowUpWhat::Wrote),
            // Opened: it is meant for the reporter, so it has to be signed by one of the readers, for this very place.
            (_, Some(plaintext)) => self.statement(checked, case, event, plaintext),
            // What the server's clock may do alone, or what only the reporter can have done: the receipt signs those.
            (EventClass::Transition, None) => self.transition(event),
            // Not for the reporter.
            (EventClass::Team, None) => None,
        };
        if let Some(what) = what {
            self.entries.push(FollowUpEntry { sequence: event.sequence, at: event.recorded_at, what });
        }
    }

    fn statement(
        &mut self,
        checked: &CheckedManifest,
        case: &CaseId,
        event: &OwnEvent,
        plaintext: &[u8],
    ) -> Option<FollowUpWhat> {
        let known = open_statement(plaintext).and_then(|(key, statement)| {
            let name = checked.reader(&key)?.to_owned();
            let bound = statement.channel == checked.manifest.channel
                && statement.case == *case
                && statement.sequence == event.sequence
                && statement.previous == event.previous;
            bound.then_some((name, statement.content))
        });
        match known {
            Some((from, TeamContent::Reply { text, language })) if event.class == EventClass::Team => {
                Some(FollowUpWhat::Reply { from, text, language })
            }
            Some((from, TeamContent::Transition { to, reason, .. })) if event.to == Some(to) => {
                self.state = to;
                Some(FollowUpWhat::Moved { to, from: Some(from), reason: Some(reason).filter(|text| !text.is_empty()) })
            }
            _ => {
                self.tampered = true;
                None
            }
        }
    }

    fn transition(&mut self, event: &OwnEvent) -> Option<FollowUpWhat> {
        let to = event.to?;
        let by_clock = event.automatic && matches!(to, CaseState::Acknowledged | CaseState::Closed);
        if !by_clock && !to.needs_reporter() {
            self.tampered = true;
            return None;
        }
        self.state = to;
        Some(FollowUpWhat::Moved { to, from: None, reason: None })
    }
}
