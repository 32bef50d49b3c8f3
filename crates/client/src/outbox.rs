//! Sending a report: seal and upload the files, seal the report, send it, check what the server signed.

use std::cell::RefCell;

use rand_core::CryptoRng;
use recourse_domain::channel::GroupKind;
use recourse_domain::draft::ReportKeys;
use recourse_domain::event::{Act, ActKind, BlobRef, BodyPart, BodyRef};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::report::{EvidenceDraft, EvidenceItem, Language, Moment, REPORT_SCHEMA_SHA256, ReplyKeys, Tool};
use recourse_domain::time::Timestamp;
use recourse_seal::commitment::commit;
use recourse_seal::hash::sha256;
use recourse_seal::label::Label;
use recourse_seal::receipt::{Receipt, case_id, token_hash};
use recourse_seal::{body, kem};
use recourse_wire::engine::{Failure, Outgoing, OutgoingFile, Progress};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{BlobClaim, CreateReport, DueDate, SealedBody};
use zeroize::Zeroizing;

use crate::kept::Kept;
use crate::manifest::CheckedManifest;
use crate::patience::Patient;
use crate::post::{Prepared, Recorded};
use crate::transport::Transport;
use crate::upload::FileUpload;

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

/// What is kept between a failed sending and its repetition.
#[derive(Default)]
pub struct Outbox {
    attempt: Option<Attempt>,
    /// Those that were sealed for later and that nobody said yet are kept: should storage refuse them, the same report goes on under
    /// the same receipt.
    sealed: Vec<Attempt>,
}

struct Attempt {
    receipt: Receipt,
    nonce: [u8; 32],
    group: GroupKind,
    content: [u8; 32],
    uploads: Vec<FileUpload>,
    request: Option<Prepared>,
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
            let claims = claims(&attempt.uploads, &outgoing.files)?;
            attempt.request = Some(attempt.prepare(rng, checked, outgoing, claims)?);
        }
        let request = attempt.request.as_mut().ok_or(Failure::Unexpected)?;
        let result = request.prove_and_post(transport, &mut progress).await;
        if let Err(Failure::Problem { problem }) = &result {
            attempt.refused(problem.kind());
        }
        let answer = result?;
        let request = attempt.request.as_ref().ok_or(Failure::Unexpected)?;
        let Recorded { acknowledgement_file, recorded_at, due, case } =
            request.check(&answer, &attempt.nonce, outgoing.now)?;
        let receipt = attempt.receipt.to_text();
        self.attempt = None;
        Ok(Sent { receipt, acknowledgement_file, recorded_at, due, case })
    }

    /// Seals the report and its files on this device, to be sent later by whoever has the [`Kept`] and the bytes that `shelf` gets:
    /// all sealed files, one after the other. Nothing is sent. What was posted already, and perhaps recorded, is kept as the same bytes.
    /// After an error what the shelf got must be thrown away.
    ///
    /// # Errors
    /// See [`Failure`]; the network is none of them.
    pub async fn keep<S: Source>(
        &mut self,
        rng: &mut impl CryptoRng,
        checked: &CheckedManifest,
        outgoing: &Outgoing,
        files: &[S],
        mut shelf: impl FnMut(Vec<u8>),
    ) -> Result<Kept, Failure> {
        if files.len() != outgoing.files.len() {
            return Err(Failure::Unexpected);
        }
        self.resume(rng, outgoing, files);
        let mut attempt = self.attempt.take().ok_or(Failure::Unexpected)?;
        let kept = attempt.keep(rng, checked, outgoing, files, &mut shelf).await;
        self.sealed.push(attempt);
        kept
    }

    /// Forgets receipts, keys and sealed bytes.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// The attempt that goes on, or a new one.
    fn resume(&mut self, rng: &mut impl CryptoRng, outgoing: &Outgoing, files: &[impl Source]) -> &mut Attempt {
        let content = content_hash(outgoing, files);
        let group = outgoing.readers;
        if let Some(place) = self.sealed.iter().position(|attempt| attempt.content == content) {
            self.attempt = Some(self.sealed.swap_remove(place));
        }
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
            drop_unwanted(&mut attempt.uploads, &outgoing.files, files);
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

/// Lets go of uploads of what was taken out, or is not the same any more: parts of it were covered, or another address was given.
pub(crate) fn drop_unwanted(uploads: &mut Vec<FileUpload>, sent: &[OutgoingFile], files: &[impl Source]) {
    uploads.retain(|upload| sent.iter().zip(files).any(|(file, source)| upload.is_of(file, source.length())));
}

/// Uploads what is not there yet. `files` stand in the order of `sent`.
pub(crate) async fn upload_all<T: Transport, S: Source>(
    uploads: &mut Vec<FileUpload>,
    transport: &T,
    rng: &mut impl CryptoRng,
    (channel, recipient): (&ChannelId, &kem::Recipient),
    sent: &[OutgoingFile],
    files: &[S],
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Failure> {
    let total = files.iter().map(Source::length).sum();
    let mut before = 0;
    for (file, source) in sent.iter().zip(files) {
        let known = uploads.iter().position(|upload| upload.file == file.id);
        let place = match known {
            Some(place) => place,
            None => {
                uploads.push(FileUpload::new(rng, recipient, file, source.length())?);
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

/// By what an event claims its uploads.
pub(crate) fn claims(uploads: &[FileUpload], files: &[OutgoingFile]) -> Result<Vec<BlobClaim>, Failure> {
    files.iter().map(|file| of_file(uploads, file)?.claim().ok_or(Failure::Unexpected)).collect()
}

fn of_file<'a>(uploads: &'a [FileUpload], file: &OutgoingFile) -> Result<&'a FileUpload, Failure> {
    uploads.iter().find(|upload| upload.file == file.id).ok_or(Failure::Unexpected)
}

/// What an event says of finished uploads: hashes and sizes, and the evidence list.
pub(crate) type Finished = (Vec<BlobRef>, Vec<EvidenceItem>);

/// Completes the evidence list with what was really sent.
pub(crate) fn finish(
    uploads: &[FileUpload],
    files: &[OutgoingFile],
    drafts: Vec<EvidenceDraft>,
) -> Result<Finished, Failure> {
    let (mut blobs, mut items) = (Vec::new(), Vec::new());
    for (file, item) in files.iter().zip(drafts) {
        let upload = of_file(uploads, file)?;
        let finished = upload.finished().ok_or(Failure::Unexpected)?;
        blobs.push(BlobRef { sha256: finished.sealed, size: finished.size });
        items.push(item.into_item(upload.length, finished.plain, finished.sealed));
    }
    Ok((blobs, items))
}

impl Attempt {
    async fn keep<S: Source>(
        &mut self,
        rng: &mut impl CryptoRng,
        checked: &CheckedManifest,
        outgoing: &Outgoing,
        files: &[S],
        shelf: &mut impl FnMut(Vec<u8>),
    ) -> Result<Kept, Failure> {
        if let Some(posted) = self.request.as_ref().filter(|request| request.posted) {
            for (file, source) in outgoing.files.iter().zip(files) {
                of_file(&self.uploads, file)?.seal_again(source, shelf).await?;
            }
            return Kept::of(posted, &self.receipt, &self.nonce);
        }
        // What was uploaded of it so far expires unclaimed.
        self.request = None;
        self.uploads.clear();
        let recipient = checked.recipient(self.group)?;
        for (file, source) in outgoing.files.iter().zip(files) {
            let mut upload = FileUpload::new(rng, &recipient, file, source.length())?;
            upload.seal(source, shelf).await?;
            self.uploads.push(upload);
        }
        let prepared = self.prepare(rng, checked, outgoing, Vec::new());
        // It is not there: should the report go from here after all, the files are sealed and uploaded anew.
        self.uploads.clear();
        Kept::of(&prepared?, &self.receipt, &self.nonce)
    }

    /// Seals the report under the manifest and makes the request, once: a retry must send the same bytes.
    fn prepare(
        &self,
        rng: &mut impl CryptoRng,
        checked: &CheckedManifest,
        outgoing: &Outgoing,
        claims: Vec<BlobClaim>,
    ) -> Result<Prepared, Failure> {
        let manifest = &checked.manifest;
        let recipient = checked.recipient(self.group)?;
        let mut draft = outgoing.draft.clone();
        draft.evidence = evidence(&outgoing.files, outgoing.now)?;
        if let Some(first) = draft.check(&manifest.limits, manifest.legal_profile).into_iter().next() {
            return Err(Failure::Report { path: first.path, fault: first.fault.to_string() });
        }
        let (blobs, items) = finish(&self.uploads, &outgoing.files, std::mem::take(&mut draft.evidence))?;
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
            signature,
        };
        let bytes = serde_json::to_vec(&request).map_err(|_| Failure::Unexpected)?;
        Ok(Prepared::new(checked, request, blobs, bytes))
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
            tool: match &*file.captured_by {
                "" => Tool { name: "recourse-intake".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
                version => Tool { name: "recourse-extension".to_owned(), version: version.to_owned() },
            },
            source: recourse_domain::report::Source {
                url: file.url.clone(),
                title: file.title.clone(),
                selector: file.selector.clone(),
            },
            redactions: file.redactions,
            description: file.description.clone().unwrap_or_default(),
            sensitive: file.sensitive,
            file_name: file.name.clone(),
        })
    };
    files.iter().enumerate().map(item).collect()
}
