//! What the console and its engine say to each other; the frame around it is that of [`crate::engine`].

use recourse_domain::channel::Manifest;
use recourse_domain::content::{Contact, TeamContent};
use recourse_domain::context_token::ClaimKind;
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Report;
use recourse_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::console::{CaseQuery, CaseSummary, Reviewer};

pub use crate::engine::{Call, Failure, FromEngine};
pub use recourse_domain::case::{CaseEntry, CaseWhat, Finding};

/// What the console may ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Signs a reviewer in. The key stays in the engine. Answer: `SignedIn`.
    SignIn {
        /// Contents of the key file.
        key_file: String,
        /// The console's own origin, which is part of what is signed.
        origin: String,
    },
    /// Signs out and forgets. Answer: `Done`.
    SignOut,
    /// Lists cases and opens their reports. Answer: `Queue`.
    ListCases {
        /// Which.
        query: CaseQuery,
    },
    /// Reads and opens one case. Answer: `Case`.
    OpenCase {
        /// Which.
        case: CaseId,
    },
    /// Opens an attachment. Answer: `Evidence`, with the bytes beside it as a `Blob`.
    OpenEvidence {
        /// The case.
        case: CaseId,
        /// The sealed attachment.
        blob: Digest,
    },
    /// Appends as the reviewer, on top of what `OpenCase` last read. Answer: `Case`, read anew.
    Append {
        /// The case.
        case: CaseId,
        /// What is said or done.
        content: TeamContent,
    },
    /// Has the contact details released, as a logged act, and opens them. Answer: `Contact`.
    OpenContact {
        /// The case.
        case: CaseId,
        /// Why.
        reason: String,
    },
}

/// What the console's engine may answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing more to say.
    Done,
    /// Signed in.
    SignedIn {
        /// Who.
        reviewer: Reviewer,
        /// Everybody, for names.
        reviewers: Vec<Reviewer>,
        /// The channels' manifests.
        manifests: Vec<Manifest>,
        /// Groups whose reports this person can open: channel and group name.
        groups: Vec<(ChannelId, String)>,
        /// Until when the session holds.
        expires_at: Timestamp,
    },
    /// Cases.
    Queue {
        /// Rows, in the server's order.
        rows: Vec<QueueRow>,
        /// Where the next page begins.
        next: Option<String>,
    },
    /// A case.
    Case(Box<CaseView>),
    /// The attachment's bytes stand beside this answer.
    Evidence {
        /// From the evidence list.
        media_type: String,
        /// From the evidence list.
        name: String,
        /// The plaintext has the hash that the report names.
        verified: bool,
    },
    /// How to reach the reporter.
    Contact(Contact),
}

/// A row of the queue: the clear header, and of the report what a row shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRow {
    /// The clear header.
    pub summary: CaseSummary,
    /// What the report says, if it could be opened.
    pub glance: Option<Glance>,
}

/// A report at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// Id of the purpose.
    pub purpose: String,
    /// Id of the primary category.
    pub category: Option<String>,
    /// The first words of what happened.
    pub excerpt: String,
    /// The reporter says somebody is in danger now.
    pub imminent_danger: bool,
    /// Attachments.
    pub evidence: u32,
}

/// A case opened by a reviewer: the events folded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseView {
    /// The clear header.
    pub summary: CaseSummary,
    /// The state as signed events make it.
    pub state: CaseState,
    /// The last state that the reporter was told.
    pub shown: CaseState,
    /// States that this reviewer could move it to now.
    pub next: Vec<CaseState>,
    /// The report, if it could be opened.
    pub report: Option<Box<Report>>,
    /// What the product vouches for with the report's context token, and whether it can be believed; nothing where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched: Option<Vouched>,
    /// Whether the agency that the report says was picked is in the channel's list, as that is now; nothing where none was picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<bool>,
    /// Whether there are contact details is not known before they are opened; whether they were opened is.
    pub contact_opened: bool,
    /// What happened, oldest first.
    pub entries: Vec<CaseEntry>,
    /// What does not hold. Shown before everything else.
    pub findings: Vec<Finding>,
}

/// A context token as a reader is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vouched {
    /// It is none, or says what no token may say: nothing of it is shown.
    Refused,
    /// It was read.
    Read {
        /// What it says. Hostile text like any, unless the signature holds.
        claims: Vec<VouchedClaim>,
        /// The signature, by the keys of the channel's manifest.
        signature: TokenSignature,
        /// Its day, by the hour of the report.
        day: TokenDay,
    },
}

/// One thing that a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VouchedClaim {
    /// What it is.
    pub kind: ClaimKind,
    /// Name of a label; empty for the others.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// What became of the check of a token's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenSignature {
    /// A key of the channel signed it.
    Holds,
    /// It names a key of the channel, which did not sign it.
    Forged,
    /// No key of the manifest, as it is now, could have signed it.
    UnknownKey,
    /// There is nothing here that checks such signatures.
    Unchecked,
}

/// The day of a token beside the hour of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenDay {
    /// The report came while it held.
    Held,
    /// It had ended.
    Ended,
    /// It had not begun.
    NotBegun,
}
