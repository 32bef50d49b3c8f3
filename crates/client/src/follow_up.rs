//! Coming back with a receipt: reading what reviewers wrote, and writing as the reporter.

use rand_core::CryptoRng;
use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::content::{ReporterContent, TeamContent};
use recourse_domain::event::{Act, ActKind, Author, BlobRef, BodyPart, BodyRef, EventClass, EventHeader};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::commitment::commit;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::label::Label;
use recourse_seal::receipt::{Receipt, ReceiptError, case_id};
use recourse_seal::sign::{Signature, VerifyingKey};
use recourse_wire::engine::{Failure, FollowUp, FollowUpEntry, FollowUpWhat, OutgoingFile, Progress, ReceiptFault};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{Acknowledged, AppendAct, BlobClaim, OwnCase, OwnEvent};
use recourse_wire::{header, path};
use zeroize::Zeroizing;

use crate::manifest::{self, CheckedManifest};
use crate::opening::{Seen, computed_hash, look_into, open_statement};
use crate::outbox::{
    Source, body_ref, claims, drop_resealed, drop_unwanted, evidence, finish, group_of, seal_body, upload_all,
};
use crate::post::open_acknowledgement;
use crate::transport::{HttpRequest, Method, Transport, ask};
use crate::upload::FileUpload;

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
    /// Files on their way, until the event that claims them was recorded.
    uploads: Vec<FileUpload>,
}

/// An act as it was sent, to be sent again as it is.
struct Pending {
    content: ReporterContent,
    sequence: u64,
    previous: Digest,
    blobs: Vec<BlobRef>,
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
        let mut session = Self {
            checked,
            receipt,
            identity,
            case,
            head: (0, Digest::ZERO),
            seen: Vec::new(),
            pending: None,
            uploads: Vec::new(),
        };
        let view = session.read(transport).await?;
        Ok((session, view))
    }

    /// Writes as the reporter, signed for the place after what was last read, and reads anew. Where the connection broke, the same call may
    /// be repeated: it sends the same bytes, so that nothing is said twice. More evidence goes by [`Self::add_evidence`].
    ///
    /// # Errors
    /// `case-changed` where somebody wrote in between: read again, then repeat.
    pub async fn act(
        &mut self,
        transport: &impl Transport,
        rng: &mut impl CryptoRng,
        content: &ReporterContent,
    ) -> Result<FollowUp, Failure> {
        self.post(transport, rng, content.clone(), Vec::new(), Vec::new()).await
    }

    /// Uploads more files and says what they are, as one act. `files` stand in the order of `sent`. May be repeated after every failure: what
    /// was uploaded is kept until an event has claimed it.
    ///
    /// # Errors
    /// As [`Self::act`], and those of uploading.
    #[allow(clippy::too_many_arguments, reason = "as a report's sending, with the text in place of the draft")]
    pub async fn add_evidence<T: Transport, S: Source>(
        &mut self,
        transport: &T,
        rng: &mut impl CryptoRng,
        text: String,
        sent: &[OutgoingFile],
        files: &[S],
        now: Timestamp,
        mut progress: impl FnMut(Progress),
    ) -> Result<FollowUp, Failure> {
        if files.is_empty() || files.len() != sent.len() {
            return Err(Failure::Unexpected);
        }
        let recipient = self.recipient()?;
        drop_resealed(&mut self.uploads, &recipient);
        drop_unwanted(&mut self.uploads, sent, files);
        let to = (&self.checked.manifest.channel, &recipient);
        upload_all(&mut self.uploads, transport, rng, to, sent, files, &mut progress).await?;
        progress(Progress::Sending);
        let claims = claims(&self.uploads, sent)?;
        let (blobs, evidence) = finish(&self.uploads, sent, evidence(sent, now)?)?;
        let content = ReporterContent::EvidenceAdded { text, evidence };
        let result = self.post(transport, rng, content, claims, blobs).await;
        if let Err(Failure::Problem { problem }) = &result {
            use ProblemKind::*;
            if let Some(UnknownUpload | UploadGone | UploadClaimed | IncompleteUpload | WrongChecksum) = problem.kind()
            {
                self.uploads.clear();
            }
        }
        result
    }

    async fn post(
        &mut self,
        transport: &impl Transport,
        rng: &mut impl CryptoRng,
        content: ReporterContent,
        claims: Vec<BlobClaim>,
        blobs: Vec<BlobRef>,
    ) -> Result<FollowUp, Failure> {
        let pending = match self.pending.take().filter(|pending| pending.content == content) {
            Some(pending) => pending,
            None => self.prepare(rng, content, claims, blobs)?,
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
            blobs: pending.blobs.iter().map(|blob| blob.sha256).collect(),
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
        // Until the case was read, the person does not know: a repetition sends the same bytes and is no second act.
        self.pending = Some(pending);
        self.read(transport).await
    }

    /// Whom the report went to, and what is added to it goes.
    fn recipient(&self) -> Result<Recipient, Failure> {
        self.checked.recipient(group_of(self.receipt.audience()).ok_or(Failure::Unexpected)?)
    }

    fn prepare(
        &self,
        rng: &mut impl CryptoRng,
        content: ReporterContent,
        claims: Vec<BlobClaim>,
        blobs: Vec<BlobRef>,
    ) -> Result<Pending, Failure> {
        let manifest = &self.checked.manifest;
        let recipient = self.recipient()?;
        let kind = content.act();
        let (class, to) = kind.visible();
        let plaintext = Zeroizing::new(serde_json::to_vec(&content).map_err(|_| Failure::Unexpected)?);
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
            blobs: &blobs,
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
            blobs: claims,
            signature: self.receipt.reporter_key().sign(Label::ReporterEvent, &act.canonical_bytes()).to_string(),
        };
        Ok(Pending { content, sequence, previous, blobs, commitment, request })
    }

    /// Reads the case anew, with the channel's newest manifest under the same root key.
    ///
    /// # Errors
    /// Those of the requests, and what does not hold of the manifest.
    pub async fn reread(&mut self, transport: &impl Transport, now: Timestamp) -> Result<FollowUp, Failure> {
        let root = self.checked.envelope.key.clone();
        let seen = self.checked.manifest.serial;
        let checked = manifest::fetch(transport, &self.checked.manifest.channel, Some(&root), now).await?;
        if checked.manifest.serial < seen {
            return Err(Failure::Manifest { check: "rollback".to_owned() });
        }
        self.checked = checked;
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
        if let Some(settled) = self.pending.take_if(|pending| pending.sequence < self.head.0)
            && !settled.blobs.is_empty()
        {
            self.uploads.clear();
        }
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
            blobs: self.blobs.clone(),
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
            (EventClass::Reporter, _) => self.own_act(event).map(|act| FollowUpWhat::Wrote { act }),
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

    /// Which act the reporter signed for this place, if any: the kind is told to nobody, so each possible one is tried.
    fn own_act(&self, event: &OwnEvent) -> Option<ActKind> {
        let act = event.act.as_ref()?;
        let signature: Signature = act.signature.parse().ok()?;
        // Sizes are not signed.
        let body = |sha256| BodyRef { part: BodyPart::Main, sha256, size: 0 };
        let bodies: Vec<BodyRef> = act.body.into_iter().map(body).collect();
        let blobs: Vec<BlobRef> = act.blobs.iter().map(|&sha256| BlobRef { sha256, size: 0 }).collect();
        let mut kinds = ActKind::ALL.into_iter().filter(|kind| kind.visible() == (event.class, event.to));
        kinds.find(|&kind| {
            let act = Act {
                channel: &self.checked.manifest.channel,
                case: self.case,
                sequence: event.sequence,
                previous: &event.previous,
                kind,
                bodies: &bodies,
                blobs: &blobs,
            };
            kind != ActKind::Report
                && self.reporter.verify(Label::ReporterEvent, &act.canonical_bytes(), &signature).is_ok()
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
            TeamContent::Transition { to, reason, rights_considered, remedies }
                if event.class == EventClass::Transition
                    && event.to == Some(to)
                    && !to.needs_reporter()
                    && self.state.may_show_next(to) =>
            {
                self.state = to;
                let reason = Some(reason).filter(|text| !text.is_empty());
                Some(FollowUpWhat::Moved { to, from: Some(from), reason, rights: rights_considered, remedies })
            }
            _ => None,
        }
    }

    fn transition(&mut self, event: &OwnEvent) -> Option<FollowUpWhat> {
        let to = event.to?;
        let holds = if to.needs_reporter() {
            self.state.may_show_next(to) && self.own_act(event).is_some()
        } else {
            event.automatic && self.state.is_automatic(to)
        };
        holds.then(|| {
            self.state = to;
            FollowUpWhat::Moved { to, from: None, reason: None, rights: Vec::new(), remedies: Vec::new() }
        })
    }
}
