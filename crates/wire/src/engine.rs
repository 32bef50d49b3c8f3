//! What a page and its engine (the Web Worker that alone holds keys and plaintext bodies) say to each other by `postMessage`.
//!
//! The page posts a [`Call`], the engine answers with one [`Answer`] of the same id, with [`Progress`] in between where that is worth
//! showing. Reporters' pages and the console have an engine each ([`crate::reviewing`]): a reporter's device need not load what opens
//! reports. Enums are tagged from outside, which is a third of the code of the other ways. Files cross beside the call as `File`/`Blob` objects (see the engine's README), never as text.

use recourse_domain::channel::{GroupKind, Manifest};
use recourse_domain::content::{Contact, ReporterContent};
use recourse_domain::event::ActKind;
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::{EvidenceKind, Remedy, ReportDraft};
use recourse_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::reporter::{DueDate, SignedEnvelope};

/// A call with the number that its answer will carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call<R = Request> {
    /// Chosen by the page, rising.
    pub id: u32,
    /// What to do.
    pub request: R,
}

/// What a reporter's page may ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Checks a manifest that the page fetched. Nothing is sent. Must come before `send`. Answer: `Checked`.
    CheckManifest {
        /// The channel the page is for.
        channel: ChannelId,
        /// What `GET …/manifest` gave.
        envelope: SignedEnvelope,
        /// The root key that the host page or the receipt pins, base64url.
        pinned_root: Option<String>,
        /// The highest serial seen before, if the page could keep one.
        seen_serial: Option<u64>,
        /// The page's clock.
        now: Timestamp,
    },
    /// Seals and sends. The files of `files` are handed over beside the call in the same order. After a failure the same
    /// call may be repeated: what was sealed and uploaded is kept, so that nothing is sent twice. Answer: `Sent`.
    Send(Box<Outgoing>),
    /// Seals a report and its files to be sent later, as far as it can be without a network. Nothing is sent. Files as with `Send`. Answer:
    /// `Kept`, and all sealed files in one beside it. The receipt in it is for the person alone and must not be stored.
    Keep(Box<Outgoing>),
    /// Uploads the files of a report that was kept; its sealed files are beside the call. Needs `CheckManifest` before. After a failure the
    /// same call may be repeated. Answer: `Uploaded`.
    UploadKept {
        /// As it was stored.
        letter: String,
        /// The page's clock.
        now: Timestamp,
    },
    /// Sends the report of the last `UploadKept`. Answer: `Sent`, without a receipt.
    SendKept {
        /// The page's clock.
        now: Timestamp,
    },
    /// Seals a report and its files to a code of its own, for the person's device alone. Nothing is sent. Files as with `Send`. Answer:
    /// `RecordSealed`, and the file beside it.
    SealRecord(Box<Outgoing>),
    /// Checks the file of an acknowledgement; nothing is sent. Answer: `AcknowledgementChecked`.
    CheckAcknowledgement {
        /// Its text.
        file: String,
    },
    /// Forgets everything: keys, plaintext, receipts. Answer: `Done`.
    Forget,

    /// Checks a receipt code on this device. Answer: `ReceiptChecked`; nothing is sent.
    CheckReceipt {
        /// As typed.
        code: String,
    },
    /// Reads the case that a receipt opens. Answer: `OwnCase`.
    OpenReceipt {
        /// The channel.
        channel: ChannelId,
        /// As typed.
        code: String,
        /// Pins the root key, if the receipt file was there.
        pinned_root: Option<String>,
        /// The page's clock.
        now: Timestamp,
    },
    /// Reads the opened case anew, with the channel's newest manifest; needs `OpenReceipt` before. Answer: `OwnCase`.
    Reread {
        /// The page's clock.
        now: Timestamp,
    },
    /// Writes as the reporter; needs `OpenReceipt` before. With `evidence_added` the files of `files` are handed over beside the call in the
    /// same order, and its evidence list is left empty: the engine makes it of what it sent. After a failure the same call may be
    /// repeated. Answer: `OwnCase`, read anew.
    Act {
        /// What is said.
        content: ReporterContent,
        /// What goes with it.
        files: Vec<OutgoingFile>,
        /// The page's clock; rounded to the day before it goes into anything.
        now: Timestamp,
    },
}

/// What the form alone asks for, spelled as in [`Request`]. It is all that the engine's first part knows how to read; the rest comes with
/// what works on it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "as in Request")]
pub enum FormRequest {
    /// As in [`Request`].
    CheckManifest {
        channel: ChannelId,
        envelope: SignedEnvelope,
        pinned_root: Option<String>,
        seen_serial: Option<u64>,
        now: Timestamp,
    },
    /// As in [`Request`].
    Send(Box<Outgoing>),
    /// As in [`Request`]; it must work without a network.
    Keep(Box<Outgoing>),
    /// As in [`Request`].
    Forget,
}

/// A report on its way to be sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// What the person wrote and chose.
    pub draft: ReportDraft,
    /// BCP 47 tag of the language that the form was used in.
    pub language: String,
    /// How to reach them; may be empty.
    pub contact: Contact,
    /// The separate mark.
    pub urgent: bool,
    /// Whom it is sealed to: the group that the person was shown.
    pub readers: GroupKind,
    /// What goes with it, in the order of the file objects beside the call.
    pub files: Vec<OutgoingFile>,
    /// The page's clock; rounded to the day before it goes into anything.
    pub now: Timestamp,
}

/// A file as the form knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingFile {
    /// The form's number for it, used in progress.
    pub id: u32,
    /// The name that the reader will see; the person may have changed it.
    pub name: String,
    /// Media type as found out by the form.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The person's own words on it.
    pub description: Option<String>,
    /// What it is.
    #[serde(default = "plain_file")]
    pub kind: EvidenceKind,
    /// Parts that were covered in it.
    #[serde(default)]
    pub redactions: u32,
    /// Distressing or private, as the person says.
    #[serde(default)]
    pub sensitive: bool,
    /// Where it comes from, or what a link leads to; may be empty.
    #[serde(default)]
    pub url: String,
    /// Title of the page it comes from; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// W3C selectors of the place there, as JSON; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selector: String,
    /// What captured it, where that was not the form: version and build.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub captured_by: String,
}

const fn plain_file() -> EvidenceKind {
    EvidenceKind::File
}

/// What the engine posts: progress, or the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromEngine<A = Answer> {
    /// Posted once, when calls are taken.
    Ready,
    /// Something moves.
    Progress {
        /// Of which call.
        id: u32,
        /// How far.
        progress: Progress,
    },
    /// Done.
    Answer {
        /// Of which call.
        id: u32,
        /// With what.
        answer: Box<A>,
    },
    /// Not done. Nothing that was typed is lost by it.
    Failed {
        /// Of which call.
        id: u32,
        /// Why.
        failure: Failure,
    },
}

/// What the engine posts with an answer that is JSON already: [`FromEngine::Answer`].
pub fn answered(id: u32, answer: &str) -> String {
    format!("{{\"answer\":{{\"id\":{id},\"answer\":{answer}}}}}")
}

/// How far a sending is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// A file is being sealed and uploaded.
    Uploading {
        /// The form's number.
        file: u32,
        /// Bytes of all files sent so far.
        sent: u64,
        /// Bytes of all files.
        total: u64,
    },
    /// The person has paused; what has arrived is kept.
    Paused,
    /// The line is away; sending goes on by itself.
    Offline,
    /// The report itself is being sealed.
    Sealing,
    /// The device works for the report's ticket.
    Proving,
    /// The server asked to come back later; sending goes on by itself.
    Waiting {
        /// In so many seconds.
        seconds: u32,
    },
    /// On its way.
    Sending,
}

/// What an engine may answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "always boxed in FromEngine")]
pub enum Answer {
    /// The manifest holds.
    Checked {
        /// Its content.
        manifest: Box<Manifest>,
        /// The root key's fingerprint, for people.
        fingerprint: String,
        /// Past its end, within the days of grace.
        expired: bool,
    },
    /// The server has it, signed.
    Sent {
        /// The receipt code in groups of four; empty for a report that was kept.
        receipt: String,
        /// Text of the acknowledgement file.
        acknowledgement_file: String,
        /// The hour it was recorded.
        recorded_at: Timestamp,
        /// What happens next.
        due: Vec<DueDate>,
        /// Its case, which further reports of a group name inside.
        case: CaseId,
    },
    /// A report was sealed for later; its sealed files are beside the answer.
    Kept {
        /// The receipt code in groups of four, which opens nothing before the report was sent.
        receipt: String,
        /// What is stored of it, with the sealed files: see `recourse_client::kept`.
        letter: String,
        /// Its case.
        case: CaseId,
    },
    /// The files of a kept report are uploaded.
    Uploaded {
        /// What is stored in the place of the letter before it is sent.
        letter: String,
    },
    /// A record was sealed; the file is beside the answer.
    RecordSealed {
        /// What opens it.
        code: String,
    },
    /// What the file of an acknowledgement proves, or why it proves nothing.
    AcknowledgementChecked {
        /// What it proves.
        proven: Option<Box<Proven>>,
        /// Else `not_one`, `manifest`, `unknown_key`, `signature`, `other_manifest` or `time`.
        fault: Option<String>,
    },
    /// Nothing more to say.
    Done,
    /// The code is complete and its checksum holds; the code in its own spelling.
    ReceiptChecked {
        /// In groups of four.
        code: String,
    },
    /// The reporter's view.
    OwnCase(Box<FollowUp>),
}

/// What the engine answers to a [`FormRequest`], spelled as in [`Answer`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "as in Answer")]
pub enum FormAnswer {
    /// As in [`Answer`].
    Checked { manifest: Box<Manifest>, fingerprint: String, expired: bool },
    /// As in [`Answer`].
    Sent { receipt: String, acknowledgement_file: String, recorded_at: Timestamp, due: Vec<DueDate>, case: CaseId },
    /// As in [`Answer`].
    Kept { receipt: String, letter: String, case: CaseId },
    /// As in [`Answer`].
    Done,
}

/// What an acknowledgement proves, if the root key of that fingerprint is the provider's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// Who signed, by the manifest.
    pub provider: String,
    /// Its product.
    pub product: String,
    /// The channel.
    pub channel: ChannelId,
    /// The channel was in test mode.
    pub test: bool,
    /// The case.
    pub case: CaseId,
    /// The hour of recording.
    pub hour: Timestamp,
    /// How many files went with it.
    pub attachments: u32,
    /// Hash of the event.
    pub event: Digest,
    /// To the content, with the file's nonce.
    pub commitment: Digest,
    /// Of the channel's root key.
    pub fingerprint: String,
    /// Of the manifest.
    pub serial: u64,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server gave a problem document.
    Problem {
        /// It.
        problem: Problem,
    },
    /// The server cannot be reached.
    Network,
    /// The server's answer makes no sense.
    Unexpected,
    /// The receipt code has a slip.
    Receipt {
        /// What is wrong with it.
        fault: ReceiptFault,
    },
    /// The manifest does not hold: `signature`, `root_key`, `channel`, `rollback`, `expired`, `version`.
    Manifest {
        /// Which check failed.
        check: String,
    },
    /// The report has faults that the form should have caught: path and fault.
    Report {
        /// The first of them.
        path: String,
        /// What is wrong.
        fault: String,
    },
    /// A file could not be read (it was moved, or the page may not read it any more).
    File {
        /// The form's number.
        file: u32,
    },
    /// The server's signature on the acknowledgement does not hold: it may have stored something else.
    Acknowledgement,
    /// The server asked this device for more work than any report may cost; nothing was worked.
    Overworked,
    /// The key file is not one, or it is for something else.
    KeyFile,
    /// Nothing this person holds opens it.
    NoKey,
    /// Sealed bytes are damaged or were tampered with.
    Damaged,
    /// A call came out of order, for instance `Act` before `OpenReceipt`.
    OutOfOrder,
}

/// What is wrong with a receipt code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptFault {
    /// Nothing was typed.
    Empty,
    /// Too few or too many characters.
    Length {
        /// How many there are; 28 are needed.
        got: u32,
    },
    /// A character that codes never have.
    Character {
        /// It.
        found: char,
    },
    /// A slip somewhere: two letters swapped or one misread.
    Checksum,
}

/// A case as its reporter sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The channel's manifest, verified.
    pub manifest: Manifest,
    /// Where it stands, as far as what is signed shows; the server's word only where nothing is signed.
    pub state: CaseState,
    /// Due dates.
    pub due: Vec<DueDate>,
    /// What happened, oldest first.
    pub entries: Vec<FollowUpEntry>,
    /// Something does not fit together: a broken chain, or a text signed by nobody who may.
    pub tampered: bool,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpEntry {
    /// Its place.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: FollowUpWhat,
}

/// What a reporter can see happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpWhat {
    /// The report was recorded.
    Reported,
    /// The reporter wrote or answered; what is not shown again.
    Wrote {
        /// What kind of act their signature holds for.
        act: ActKind,
    },
    /// A reviewer wrote.
    Reply {
        /// Name in the manifest.
        from: String,
        /// Plain text.
        text: String,
        /// BCP 47.
        language: String,
    },
    /// The case moved on.
    Moved {
        /// Whereto.
        to: CaseState,
        /// Who decided it, or nobody for automatic steps and the reporter's own.
        from: Option<String>,
        /// Why.
        reason: Option<String>,
        /// Ids of the rights considered, in decisions.
        rights: Vec<String>,
        /// Remedies offered or delivered with it.
        remedies: Vec<Remedy>,
    },
}
