//! What stands inside sealed bodies: the reporter's acts and the reviewers' signed content. The report itself is in [`crate::report`].

use serde::{Deserialize, Serialize};

use crate::event::ActKind;
use crate::ids::{CaseId, ChannelId, Digest};
use crate::lifecycle::CaseState;
use crate::report::{EvidenceItem, Remedy};

/// The version of the contents below.
pub const CONTENT_VERSION: u32 = 1;

/// The longest free text in characters that a body may carry.
pub const TEXT_CHARS: usize = 20_000;

/// Contact details: sealed apart from the report, and present in every report, empty or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What the person wants to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How to reach them, in their own words: an address, a number, a time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<String>,
}

/// What the reporter says after the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReporterContent {
    /// A message to the readers.
    Message {
        /// Plain text.
        text: String,
    },
    /// More files, which are the attachments of the same event.
    EvidenceAdded {
        /// Plain text; may be empty.
        text: String,
        /// One for each attachment, in their order.
        evidence: Vec<EvidenceItem>,
    },
    /// The last decision is accepted. Nothing is waived by it: until the time for it is over it may still be contested.
    DecisionAccepted {
        /// Plain text; may be empty.
        text: String,
    },
    /// A decision is contested, with what should be looked at again.
    Contested {
        /// Plain text; may be empty.
        text: String,
    },
    /// Which of the remedies offered the reporter wants.
    RemedyAnswered {
        /// One for each remedy that was answered; `yes` accepts.
        answers: Vec<RemedyAnswer>,
        /// Plain text; may be empty.
        text: String,
    },
    /// Whether remedies that are said to be delivered were: only this verifies one.
    RemedyConfirmed {
        /// One for each remedy that was answered; `yes` verifies.
        answers: Vec<RemedyAnswer>,
        /// Plain text; may be empty.
        text: String,
    },
    /// The report is taken back.
    Withdrawn {
        /// Plain text; may be empty.
        text: String,
    },
    /// How it was, once the case has ended.
    Feedback {
        /// Whether they were listened to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard: Option<Degree>,
        /// Whether it was fair.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fair: Option<Degree>,
        /// Plain text; may be empty.
        text: String,
    },
}

/// A yes or no to one remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyAnswer {
    /// Which.
    pub remedy: Remedy,
    /// The answer.
    pub yes: bool,
}

crate::vocabulary::vocabulary! {
    /// An answer of the feedback.
    Degree { Yes = "yes", Partly = "partly", No = "no" }
}

impl ReporterContent {
    /// The act that has to be signed for it.
    pub const fn act(&self) -> ActKind {
        match self {
            Self::Message { .. } => ActKind::Message,
            Self::EvidenceAdded { .. } => ActKind::EvidenceAdded,
            Self::DecisionAccepted { .. } => ActKind::DecisionAccepted,
            Self::Contested { .. } => ActKind::Contested,
            Self::RemedyAnswered { .. } => ActKind::RemedyAnswered,
            Self::RemedyConfirmed { .. } => ActKind::RemedyConfirmed,
            Self::Withdrawn { .. } => ActKind::Withdrawn,
            Self::Feedback { .. } => ActKind::Feedback,
        }
    }

    /// The reporter's own words in it.
    pub fn text(&self) -> &str {
        match self {
            Self::Message { text }
            | Self::EvidenceAdded { text, .. }
            | Self::DecisionAccepted { text }
            | Self::Contested { text }
            | Self::RemedyAnswered { text, .. }
            | Self::RemedyConfirmed { text, .. }
            | Self::Withdrawn { text }
            | Self::Feedback { text, .. } => text,
        }
    }

    /// What comes as attachments of the same event.
    pub fn evidence(&self) -> &[EvidenceItem] {
        match self {
            Self::EvidenceAdded { evidence, .. } => evidence,
            _ => &[],
        }
    }
}

/// What reviewers write. Which of these a body holds is not seen by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TeamContent {
    /// To the reporter, and kept for the group.
    Reply {
        /// Plain text.
        text: String,
        /// BCP 47 tag of the text.
        language: String,
    },
    /// For the group only.
    Note {
        /// Plain text.
        text: String,
    },
    /// The case moves on; the reporter is told, unless [`CaseState::is_shown_after`] says otherwise.
    Transition {
        /// Whereto. Where from is not said: it may be a state that says something of other reports.
        to: CaseState,
        /// Why, in words for the reporter (or for the group, if the state is internal). "No action" needs it.
        reason: String,
        /// Ids of the rights considered, in decisions.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rights_considered: Vec<String>,
        /// With `decided` and `remedy_in_progress` those that are offered; with `remedied` those that were delivered (none named: all that
        /// were not declined).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remedies: Vec<Remedy>,
    },
    /// Somebody took or was given the case.
    Assigned {
        /// Signing key of the owner, or nobody.
        owner: Option<String>,
    },
    /// The contact details were opened, and why.
    ContactOpened {
        /// Plain text.
        reason: String,
    },
}

impl TeamContent {
    /// Whether it is sealed to the reporter too; `shown` is the last state that the reporter was told.
    pub fn is_for_reporter(&self, shown: CaseState) -> bool {
        match self {
            Self::Reply { .. } => true,
            Self::Transition { to, .. } => to.is_shown_after(shown),
            Self::Note { .. } | Self::Assigned { .. } | Self::ContactOpened { .. } => false,
        }
    }
}

/// What a reviewer signs: the content bound to its place, so that it cannot be moved to another case or another point in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamStatement {
    /// [`CONTENT_VERSION`].
    pub version: u32,
    /// The channel.
    pub channel: ChannelId,
    /// The case.
    pub case: CaseId,
    /// The sequence it was written for.
    pub sequence: u64,
    /// The event before.
    pub previous: Digest,
    /// What is said.
    pub content: TeamContent,
}
