//! Sending a report: seal and upload the files, seal the report, send it, check what the server signed.

use std::cell::RefCell;
use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use rand_core::CryptoRng;
use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::channel::GroupKind;
use recourse_domain::draft::ReportKeys;
use recourse_domain::event::{Act, ActKind, Author, BlobRef, BodyPart, BodyRef, EventClass, EventHeader};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::report::{EvidenceDraft, EvidenceItem, Language, Moment, REPORT_SCHEMA_SHA256, ReplyKeys, Tool};
use recourse_domain::time::Timestamp;
use recourse_seal::chain::event_hash;
use recourse_seal::commitment::commit;
use recourse_seal::hash::sha256;
use recourse_seal::label::Label;
use recourse_seal::receipt::{Receipt, case_id, token_hash};
use recourse_seal::{body, kem};
use recourse_wire::engine::{Failure, Outgoing, OutgoingFile, Progress};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{Acknowledged, BlobClaim, CreateReport, DueDate, SealedBody, SignedEnvelope};
use recourse_wire::ticket::TicketRequest;
use recourse_wire::{header, path};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::manifest::CheckedManifest;
use crate::patience::Patient;
use crate::transport::{HttpRequest, Method, Transport, ask, signed};
use crate::upload::FileUpload;
use crate::work::Effort;

/// A file that can be read piece by piece and again.
#[allow(async_fn_in_trait, reason = "used on one thread only")]
pub trait Source {
    /// Bytes.
    fn length(&self) -> u64;
    /// Reads exactly so many bytes.
    ///
    /// # Errors
    /// The file was moved or may not be read any more.
    async fn read(&self, offset: u64, size: u64) -> Result<Vec<u8>, SourceError>;
}

/// A file that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceError;

/// A report that the server has recorded.
#[derive(Debug)]
pub struct Sent {
    /// The receipt code.
    pub receipt: Zeroizing<String>,
    /// The acknowledgement file, JSON.
    pub acknowledgement_file: String,
    /// The hour of recording.
    pub recorded_at: Timestamp,
    /// What happens next.
    pub due: Vec<DueDate>,
    /// Its case.
    pub case: CaseId,
}

/// The acknowledgement file: everything that somebody needs to check that the report was recorded, and nothing that opens it.
#[derive(Debug, Serialize)]
struct AcknowledgementFile<'a> {
    version: u32,
    kind: &'static str,
    acknowledgement: &'a SignedEnvelope,
    manifest: &'a SignedEnvelope,
    nonce: String,
}

/// What is kept between a failed sending and its repetition.
#[derive(Default)]
pub struct Outbox {
    attempt: Option<Attempt>,
}

struct Attempt {
    receipt: Receipt,
    nonce: [u8; 32],
    group: GroupKind,
    content: [u8; 32],
    uploads: Vec<FileUpload>,
    request: Option<Prepared>,
}

/// The sealed request and what is needed to check its answer.
struct Prepared {
    bytes: Vec<u8>,
    /// The manifest it was made under. The answer is checked against this one, whatever was issued since.
    checked: CheckedManifest,
    header: EventHeader,
    commitment: Digest,
    schema: Digest,
    posted: bool,
}

impl Outbox {
    /// Sends, or goes on with what an earlier call began. `files` stand in the order of `outgoing.files`.
    ///
    /// # Errors
    /// See [`Failure`]. After any of them the same call may be repeated.
    pub async fn send<T: Transport, S: Source>(
        &mut self,
        transport: &T,
        rng: &mut impl CryptoRng,
        checked: &CheckedManifest,
        outgoing: &Outgoing,
        files: &[S],
        progress: impl FnMut(Progress),
    ) -> Result<Sent, Failure> {
        if files.len() != outgoing.files.len() {
            return Err(Failure::Unexpected);
        }
        let progress = RefCell::new(progress);
        let transport = &Patient::new(transport, &progress);
        let mut progress = |so_far| (progress.borrow_mut())(so_far);
        let attempt = self.resume(rng, outgoing, files);
        let recipient = checked.recipient(attempt.group)?;
        if attempt.request.is_none() {
            drop_resealed(&mut attempt.uploads, &recipient);
        }
        let (channel, sent) = (&checked.manifest.channel, &outgoing.files);
        upload_all(&mut attempt.uploads, transport, rng, (channel, &recipient), sent, files, &mut progress).await?;
        progress(Progress::Sealing);
        if attempt.request.is_none() {
            attempt.request = Some(attempt.prepare(rng, checked, outgoing)?);
        }
        let result = attempt.prove_and_post(transport, &mut progress).await;
        if let Err(Failure::Problem { problem }) = &result {
            attempt.refused(problem.kind());
        }
        let answer = result?;
        let sent = attempt.check(&answer, outgoing.now)?;
        self.attempt = None;
        Ok(sent)
    }

    /// Forgets receipt, keys and sealed bytes.
    pub fn forget(&mut self) {
        self.attempt = None;
    }

    /// The attempt that goes on, or a new one.
    fn resume(&mut self, rng: &mut impl CryptoRng, outgoing: &Outgoing, files: &[impl Source]) -> &mut Attempt {
        let content = content_hash(outgoing, files);
        let group = outgoing.readers;
        let kept = self.attempt.take().and_then(|mut attempt| {
            let posted = attempt.request.as_ref().is_some_and(|request| request.posted);
            if attempt.content == content {
                return Some(attempt);
            }
            // What was posted may have been recorded: other content under the same receipt would be refused for good.
            if posted || attempt.group != group {
                return None;
            }
            attempt.request = None;
            attempt.content = content;
            let wanted: BTreeSet<(u32, u64)> =
                outgoing.files.iter().zip(files).map(|(file, source)| (file.id, source.length())).collect();
            attempt.uploads.retain(|upload| wanted.contains(&(upload.file, upload.length)));
            Some(attempt)
        });
        self.attempt.insert(kept.unwrap_or_else(|| {
            let mut nonce = [0; 32];
            rng.fill_bytes(&mut nonce);
            let receipt = Receipt::generate(rng).with_audience(audience(group));
            Attempt { receipt, nonce, group, content, uploads: Vec::new(), request: None }
        }))
    }
}

/// The two bits of a receipt that tell to whom later messages are to be sealed, so that the server need not be asked.
pub(crate) const fn audience(group: GroupKind) -> u8 {
    match group {
        GroupKind::Team => 0,
        GroupKind::Restricted => 1,
        GroupKind::Independent => 2,
    }
}

/// The group of such an audience.
pub(crate) const fn group_of(audience: u8) -> Option<GroupKind> {
    match audience {
        0 => Some(GroupKind::Team),
        1 => Some(GroupKind::Restricted),
        2 => Some(GroupKind::Independent),
        _ => None,
    }
}

/// Tells whether two calls send the same. The time of the call is left out.
fn content_hash(outgoing: &Outgoing, files: &[impl Source]) -> [u8; 32] {
    let timeless = Outgoing { now: Timestamp(0), ..outgoing.clone() };
    let mut bytes = Zeroizing::new(serde_json::to_vec(&timeless).unwrap_or_default());
    for file in files {
        bytes.extend_from_slice(&file.length().to_be_bytes());
    }
    sha256(&bytes)
}

/// Lets go of what is sealed to a key that the channel has replaced since, perhaps because it is compromised.
pub(crate) fn drop_resealed(uploads: &mut Vec<FileUpload>, recipient: &kem::Recipient) {
    uploads.retain(|upload| upload.recipient == *recipient);
}

/// Uploads what is not there yet. `files` stand in the order of `sent`.
pub(crate) async fn upload_all<T: Transport, S: Source>(
    uploads: &mut Vec<FileUpload>,
    transport: &T,
    rng: &mut impl CryptoRng,
    (channel, recipient): (&ChannelId, &kem::Recipient),
    sent: &[OutgoingFile],
    files: &[S],
    progress: &mut impl FnMut(Progress),
) -> Result<(), Failure> {
    let total = files.iter().map(Source::length).sum();
    let mut before = 0;
    for (file, source) in sent.iter().zip(files) {
        let known = uploads.iter().position(|upload| upload.file == file.id);
        let place = match known {
            Some(place) => place,
            None => {
                uploads.push(FileUpload::new(rng, recipient, file.id, source.length())?);
                uploads.len() - 1
            }
        };
        let result = uploads[place].run(transport, channel, source, (before, total), progress).await;
        if let Err(Failure::Problem { problem }) = &result
            && matches!(problem.kind(), Some(ProblemKind::UploadGone | ProblemKind::UnknownUpload))
        {
            // Waited too long: the next try uploads this file anew.
            uploads.remove(place);
        }
        result?;
        before += source.length();
    }
    Ok(())
}

/// What an event says of finished uploads: claims, hashes and sizes, and the evidence list.
pub(crate) type Finished = (Vec<BlobClaim>, Vec<BlobRef>, Vec<EvidenceItem>);

/// Completes the evidence list with what was really sent.
pub(crate) fn finish(
    uploads: &[FileUpload],
    files: &[OutgoingFile],
    drafts: Vec<EvidenceDraft>,
) -> Result<Finished, Failure> {
    let (mut claims, mut blobs, mut items) = (Vec::new(), Vec::new(), Vec::new());
    for (file, item) in files.iter().zip(drafts) {
        let upload = uploads.iter().find(|upload| upload.file == file.id).ok_or(Failure::Unexpected)?;
        let finished = upload.finished().ok_or(Failure::Unexpected)?;
        claims.push(upload.claim().ok_or(Failure::Unexpected)?);
        blobs.push(BlobRef { sha256: finished.sealed, size: finished.size });
        items.push(item.into_item(upload.length, finished.plain, finished.sealed));
    }
    Ok((claims, blobs, items))
}

impl Attempt {
    /// Seals the report under the manifest and makes the request, once: a retry must send the same bytes.
    fn prepare(
        &self,
        rng: &mut impl CryptoRng,
        checked: &CheckedManifest,
        outgoing: &Outgoing,
    ) -> Result<Prepared, Failure> {
        let manifest = &checked.manifest;
        let recipient = checked.recipient(self.group)?;
        let mut draft = outgoing.draft.clone();
        draft.evidence = evidence(&outgoing.files, outgoing.now)?;
        if let Some(first) = draft.check(&manifest.limits, manifest.legal_profile).into_iter().next() {
            return Err(Failure::Report { path: first.path, fault: first.fault.to_string() });
        }
        let (claims, blobs, items) = finish(&self.uploads, &outgoing.files, std::mem::take(&mut draft.evidence))?;
        let reporter = self.receipt.reporter_key();
        let keys = ReplyKeys {
            recipient: self.receipt.reply_identity().to_recipient().to_string(),
            reporter_key: reporter.verifying_key().to_string(),
        };
        let language = outgoing_language(outgoing)?;
        let test = manifest.test;
        let keys =
            ReportKeys { channel: manifest.channel.clone(), manifest: checked.digest, language, reply: keys, test };
        let report = draft.into_report(keys, items);
        let report = Zeroizing::new(serde_json::to_vec(&report).map_err(|_| Failure::Unexpected)?);
        let contact = Zeroizing::new(serde_json::to_vec(&outgoing.contact).map_err(|_| Failure::Unexpected)?);
        let commitment = Digest::new(commit(&self.nonce, &report));
        let schema = REPORT_SCHEMA_SHA256.parse().map_err(|_| Failure::Unexpected)?;

        let bodies = vec![
            seal_body(rng, std::slice::from_ref(&recipient), BodyPart::Main, &report)?,
            seal_body(rng, std::slice::from_ref(&recipient), BodyPart::Contact, &contact)?,
        ];
        let refs: Vec<BodyRef> = bodies.iter().map(body_ref).collect();
        let case = CaseId::new(case_id(&self.receipt.lookup()));
        let act = Act {
            channel: &manifest.channel,
            case: &case,
            sequence: 0,
            previous: &Digest::ZERO,
            kind: ActKind::Report,
            bodies: &refs,
            blobs: &blobs,
        };
        let signature = reporter.sign(Label::ReporterEvent, &act.canonical_bytes()).to_string();
        let request = CreateReport {
            case,
            token_hash: Digest::new(token_hash(&self.receipt.token())),
            recipient: recipient.to_string(),
            manifest: checked.digest,
            schema,
            commitment,
            urgent: outgoing.urgent,
            bodies,
            blobs: claims,
            signature: signature.clone(),
        };
        let header = EventHeader {
            channel: manifest.channel.clone(),
            case,
            sequence: 0,
            previous: Digest::ZERO,
            class: EventClass::Reporter,
            author: Author::Reporter,
            to: None,
            assign: None,
            contact_opened: false,
            urgent: outgoing.urgent,
            bodies: refs,
            blobs,
            recorded_at: Timestamp(0),
            signature: Some(signature),
            salt: None,
        };
        let bytes = serde_json::to_vec(&request).map_err(|_| Failure::Unexpected)?;
        Ok(Prepared { bytes, checked: checked.clone(), header, commitment, schema, posted: false })
    }

    /// Works for a ticket and posts with it; a ticket that the server does not take, because it expired or the server began anew, is
    /// replaced once.
    async fn prove_and_post(
        &mut self,
        transport: &impl Transport,
        progress: &mut impl FnMut(Progress),
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
        progress: &mut impl FnMut(Progress),
    ) -> Result<Option<String>, Failure> {
        let prepared = self.request.as_ref().ok_or(Failure::Unexpected)?;
        progress(Progress::Proving);
        let attached: u64 = prepared.header.blobs.iter().map(|blob| blob.size).sum();
        let wanted = TicketRequest {
            report: Digest::new(sha256(&prepared.bytes)),
            bytes: prepared.bytes.len() as u64 + attached,
            count: prepared.header.blobs.len() as u32,
        };
        let address = path::fill(path::TICKETS, &[&prepared.header.channel]);
        match ask(transport, HttpRequest::new(Method::Post, address).json(&wanted)).await {
            Ok(response) => effort.solve(response.json()?).map(Some),
            Err(Failure::Problem { problem }) if problem.kind() == Some(ProblemKind::NotFound) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn post(&mut self, transport: &impl Transport, ticket: Option<String>) -> Result<Acknowledged, Failure> {
        let prepared = self.request.as_mut().ok_or(Failure::Unexpected)?;
        prepared.posted = true;
        let mut request = HttpRequest::new(Method::Post, path::fill(path::REPORTS, &[&prepared.header.channel]))
            .header("content-type", "application/json")
            .header(header::IDEMPOTENCY_KEY, format!("\"{}\"", prepared.header.case));
        if let Some(ticket) = ticket {
            request = request.header(header::TICKET, ticket);
        }
        request.body = Some(prepared.bytes.clone());
        ask(transport, request).await?.json()
    }

    /// The server says that it did not record the request and never did, since a repetition is answered as the first try was. What it
    /// would refuse again is made anew by the next call.
    fn refused(&mut self, kind: Option<ProblemKind>) {
        use ProblemKind::*;
        match kind {
            // Under the manifest that the next call brings.
            Some(OldManifest | UnknownRecipient) => self.request = None,
            // With uploads that are there.
            Some(UnknownUpload | UploadGone | UploadClaimed | IncompleteUpload | WrongChecksum) => {
                self.request = None;
                self.uploads.clear();
            }
            _ => {}
        }
    }

    /// Checks that what the server signed is what was sent.
    fn check(&self, answer: &Acknowledged, now: Timestamp) -> Result<Sent, Failure> {
        let prepared = self.request.as_ref().ok_or(Failure::Unexpected)?;
        let checked = &prepared.checked;
        let acknowledgement = open_acknowledgement(checked, &answer.acknowledgement)?;
        let header = EventHeader { recorded_at: acknowledgement.hour, ..prepared.header.clone() };
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
            commitment: prepared.commitment,
            schema: prepared.schema,
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
            nonce: BASE64URL_NOPAD.encode(&self.nonce),
        };
        Ok(Sent {
            receipt: self.receipt.to_text(),
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

pub(crate) fn seal_body(
    rng: &mut impl CryptoRng,
    recipients: &[kem::Recipient],
    part: BodyPart,
    plaintext: &[u8],
) -> Result<SealedBody, Failure> {
    let too_long = |_| Failure::Report { path: String::new(), fault: "is too long to be sealed".to_owned() };
    let sealed = body::seal(rng, recipients, plaintext).map_err(too_long)?;
    Ok(SealedBody { part, sha256: Digest::new(sha256(&sealed)), sealed })
}

pub(crate) fn body_ref(body: &SealedBody) -> BodyRef {
    BodyRef { part: body.part, sha256: body.sha256, size: body.sealed.len() as u64 }
}

fn outgoing_language(outgoing: &Outgoing) -> Result<Language, Failure> {
    let fault = |_| Failure::Report { path: "language".to_owned(), fault: "is not a language tag".to_owned() };
    outgoing.language.parse().map_err(fault)
}

/// The evidence list before hashes are known. Times only to the day: a minute in the provider's logs points at one session.
pub(crate) fn evidence(files: &[OutgoingFile], now: Timestamp) -> Result<Vec<EvidenceDraft>, Failure> {
    let fault = |path: String| move |_| Failure::Report { path, fault: "cannot be used".to_owned() };
    let item = |(place, file): (usize, &OutgoingFile)| {
        Ok(EvidenceDraft {
            id: format!("file-{}", place + 1).parse().map_err(fault(format!("evidence[{place}].id")))?,
            kind: file.kind,
            media_type: file.media_type.parse().map_err(fault(format!("evidence[{place}].media_type")))?,
            size: file.size,
            captured_at: Moment::day_of(now),
            tool: Tool { name: "recourse-intake".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            source: recourse_domain::report::Source { url: file.url.clone(), ..Default::default() },
            redactions: file.redactions,
            description: file.description.clone().unwrap_or_default(),
            sensitive: file.sensitive,
            file_name: file.name.clone(),
        })
    };
    files.iter().enumerate().map(item).collect()
}
