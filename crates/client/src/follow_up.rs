//! Coming back with a receipt: reading what reviewers wrote, and writing as the reporter.

use rand_core::CryptoRng;
use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::content::{ReporterContent, TeamContent};
use recourse_domain::event::{Act, ActKind, Author, BlobRef, BodyPart, BodyRef, EventClass, EventHeader};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::commitment::commit;
use recourse_seal::kem::Identity;
use recourse_seal::label::Label;
use recourse_seal::receipt::{Receipt, ReceiptError, case_id};
use recourse_seal::sign::{Signature, VerifyingKey};
use recourse_wire::engine::{Failure, FollowUp, FollowUpEntry, FollowUpWhat, ReceiptFault};
use recourse_wire::reporter::{Acknowledged, AppendAct, OwnCase, OwnEvent};
use recourse_wire::{header, path};
use zeroize::Zeroizing;

use crate::manifest::{self, CheckedManifest};
use crate::opening::{Seen, computed_hash, look_into, open_statement};
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
    /// Hashes of all events that were seen or acknowledged in this session: they must stay.
    seen: Vec<Digest>,
    /// An act that may have arrived without an answer.
    pending: Option<Pending>,
}

/// An act as it was sent, to be sent again as it is.
struct Pending {
    content: ReporterContent,
    sequence: u64,
    previous: Digest,
    commitment: Digest,
    request: AppendAct,
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
            Self { checked, receipt, identity, case, head: (0, Digest::ZERO), seen: Vec::new(), pending: None };
        let view = session.read(transport).await?;
        Ok((session, view))
    }

    /// Writes as the reporter, signed for the place after what was last read, and reads anew. Where the connection broke, the same call may
    /// be repeated: it sends the same bytes, so that nothing is said twice.
    ///
    /// # Errors
    /// `case-changed` where somebody wrote in between: read again, then repeat.
    pub async fn act(
        &mut self,
        transport: &impl Transport,
        rng: &mut impl CryptoRng,
        content: &ReporterContent,
    ) -> Result<FollowUp, Failure> {
        let pending = match self.pending.take().filter(|pending| pending.content == *content) {
            Some(pending) => pending,
            None => self.prepare(rng, content)?,
        };
        let request = self
            .request(Method::Post, path::OWN_EVENTS, &[&self.checked.manifest.channel])
            .header("if-match", format!("\"{}\"", pending.sequence))
            .json(&pending.request);
        let answer = ask(transport, request).await;
        if matches!(answer, Err(Failure::Network)) {
            self.pending = Some(pending);
            return Err(Failure::Network);
        }
        let answer: Acknowledged = answer?.json()?;
        let acknowledgement = open_acknowledgement(&self.checked, &answer.acknowledgement)?;
        let expected = Acknowledgement {
            version: ACKNOWLEDGEMENT_VERSION,
            channel: self.checked.manifest.channel.clone(),
            root_fingerprint: self.checked.fingerprint.clone(),
            key_id: acknowledgement.key_id.clone(),
            case: self.case,
            sequence: pending.sequence,
            previous: pending.previous,
            event: pending.hash(&self.checked, self.case, acknowledgement.hour),
            blobs: Vec::new(),
            commitment: pending.commitment,
            schema: Digest::ZERO,
            manifest: pending.request.manifest,
            hour: acknowledgement.hour,
        };
        if expected != acknowledgement {
            return Err(Failure::Acknowledgement);
        }
        // Where more was seen, reading finds out whether it is still there.
        if self.seen.len() as u64 == pending.sequence {
            self.seen.push(acknowledgement.event);
        }
        self.read(transport).await
    }

    fn prepare(&self, rng: &mut impl CryptoRng, content: &ReporterContent) -> Result<Pending, Failure> {
        let manifest = &self.checked.manifest;
        let group = group_of(self.receipt.audience()).ok_or(Failure::Unexpected)?;
        let recipient = self.checked.recipient(group)?;
        let kind = content.act();
        let (class, to) = kind.visible();
        let plaintext = Zeroizing::new(serde_json::to_vec(content).map_err(|_| Failure::Unexpected)?);
        let body = seal_body(rng, std::slice::from_ref(&recipient), BodyPart::Main, &plaintext)?;
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
        Ok(Pending { content: content.clone(), sequence, previous, commitment, request })
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
        let starts = own.events.first().is_some_and(|event| event.class == EventClass::Reporter);
        let mut reading = Reading {
            checked: &self.checked,
            case: &self.case,
            reporter: self.receipt.reporter_key().verifying_key(),
            state: CaseState::Received,
            entries: Vec::new(),
            tampered: !starts,
        };
        let mut previous = Digest::ZERO;
        for (place, event) in own.events.iter().enumerate() {
            if event.sequence != place as u64 || event.previous != previous {
                reading.tampered = true;
            }
            previous = event.hash;
            let body = match &event.body {
                Some(sha256) if event.class != EventClass::Reporter => self.body(transport, sha256).await?,
                _ => Seen::Absent,
            };
            reading.take(event, body);
        }
        let (state, entries) = (reading.state, reading.entries);
        let hashes: Vec<Digest> = own.events.iter().map(|event| event.hash).collect();
        let is_whole = hashes.starts_with(&self.seen);
        let tampered = reading.tampered || !is_whole;
        self.head = (hashes.len() as u64, previous);
        if is_whole {
            self.seen = hashes;
        }
        // Arrived, or its place was taken: the person sees which.
        self.pending = self.pending.take().filter(|pending| pending.sequence >= self.head.0);
        Ok(FollowUp { manifest: self.checked.manifest.clone(), state, due: own.due, entries, tampered })
    }

    async fn body(&self, transport: &impl Transport, sha256: &Digest) -> Result<Seen, Failure> {
        let fetch = self.request(Method::Get, path::OWN_BODY, &[&self.checked.manifest.channel, sha256]);
        match ask(transport, fetch).await {
            Ok(response) => Ok(look_into(&self.identity, sha256, &response.body)),
            // Named and then withheld: the rest is shown, and that something is wrong.
            Err(Failure::Problem { problem }) if problem.status == 404 => Ok(Seen::Damaged),
            Err(failure) => Err(failure),
        }
    }

    fn request(&self, method: Method, path: &str, values: &[&dyn std::fmt::Display]) -> HttpRequest {
        let lookup = data_encoding::HEXLOWER.encode(&self.receipt.lookup());
        let token = data_encoding::BASE64URL_NOPAD.encode(&self.receipt.token());
        HttpRequest::new(method, path::fill(path, values))
            .header("authorization", format!("{} {lookup}.{token}", header::RECEIPT_SCHEME))
    }
}

impl Pending {
    /// The hash that the event has, if the server recorded what was sent.
    fn hash(&self, checked: &CheckedManifest, case: CaseId, hour: Timestamp) -> Digest {
        computed_hash(&EventHeader {
            channel: checked.manifest.channel.clone(),
            case,
            sequence: self.sequence,
            previous: self.previous,
            class: self.request.class,
            author: Author::Reporter,
            to: self.request.to,
            assign: None,
            contact_opened: false,
            urgent: false,
            bodies: self.request.bodies.iter().map(body_ref).collect(),
            blobs: Vec::new(),
            recorded_at: hour,
            signature: Some(self.request.signature.clone()),
            salt: None,
        })
    }
}

/// What is pieced together while events are read.
struct Reading<'a> {
    checked: &'a CheckedManifest,
    case: &'a CaseId,
    reporter: VerifyingKey,
    state: CaseState,
    entries: Vec<FollowUpEntry>,
    tampered: bool,
}

impl Reading<'_> {
    fn take(&mut self, event: &OwnEvent, body: Seen) {
        let what = match (event.class, body) {
            (EventClass::Reporter, _) if event.sequence == 0 => Some(FollowUpWhat::Reported),
            (EventClass::Reporter, _) => self.is_own(event).then_some(FollowUpWhat::Wrote),
            // Opened: it is meant for the reporter, so it has to be signed by one of the readers, for this very place.
            (_, Seen::Open(plaintext)) => self.statement(event, &plaintext),
            // What the server's clock may do alone, or what only the reporter can have done.
            (EventClass::Transition, Seen::Absent) => self.transition(event),
            // A note, or a step that is not told.
            (EventClass::Team, Seen::NotOurs) => return,
            // A step that is told comes with reasons for the reporter, and no reviewer says anything without a body.
            (EventClass::Transition, Seen::NotOurs) | (EventClass::Team, Seen::Absent) | (_, Seen::Damaged) => None,
        };
        match what {
            Some(what) => {
                self.entries.push(FollowUpEntry { sequence: event.sequence, at: event.recorded_at, what });
            }
            None => self.tampered = true,
        }
    }

    /// Whether the reporter signed an act like this for this place.
    fn is_own(&self, event: &OwnEvent) -> bool {
        let Some(act) = &event.act else { return false };
        let Ok(signature) = act.signature.parse::<Signature>() else { return false };
        // Sizes are not signed.
        let body = |sha256| BodyRef { part: BodyPart::Main, sha256, size: 0 };
        let bodies: Vec<BodyRef> = act.body.into_iter().map(body).collect();
        let blobs: Vec<BlobRef> = act.blobs.iter().map(|&sha256| BlobRef { sha256, size: 0 }).collect();
        let kinds = ActKind::ALL.into_iter().filter(|kind| kind.visible() == (event.class, event.to));
        kinds.filter(|kind| *kind != ActKind::Report).any(|kind| {
            let act = Act {
                channel: &self.checked.manifest.channel,
                case: self.case,
                sequence: event.sequence,
                previous: &event.previous,
                kind,
                bodies: &bodies,
                blobs: &blobs,
            };
            self.reporter.verify(Label::ReporterEvent, &act.canonical_bytes(), &signature).is_ok()
        })
    }

    fn statement(&mut self, event: &OwnEvent, plaintext: &[u8]) -> Option<FollowUpWhat> {
        let (key, statement) = open_statement(plaintext)?;
        let from = self.checked.reader(&key)?.to_owned();
        let is_bound = statement.channel == self.checked.manifest.channel
            && statement.case == *self.case
            && statement.sequence == event.sequence
            && statement.previous == event.previous;
        match statement.content {
            _ if !is_bound => None,
            TeamContent::Reply { text, language } if event.class == EventClass::Team => {
                Some(FollowUpWhat::Reply { from, text, language })
            }
            TeamContent::Transition { to, reason, .. }
                if event.class == EventClass::Transition
                    && event.to == Some(to)
                    && !to.needs_reporter()
                    && self.state.may_show_next(to) =>
            {
                self.state = to;
                Some(FollowUpWhat::Moved { to, from: Some(from), reason: Some(reason).filter(|text| !text.is_empty()) })
            }
            _ => None,
        }
    }

    fn transition(&mut self, event: &OwnEvent) -> Option<FollowUpWhat> {
        let to = event.to?;
        let holds = if to.needs_reporter() {
            self.state.may_show_next(to) && self.is_own(event)
        } else {
            event.automatic && self.state.is_automatic(to)
        };
        holds.then(|| {
            self.state = to;
            FollowUpWhat::Moved { to, from: None, reason: None }
        })
    }
}
