//! What a reviewer's client and the server say to each other.

use recourse_domain::event::{EventClass, EventRecord, double_option};
use recourse_domain::ids::{CaseId, ChannelId};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reporter::{DueDate, SealedBody, SignedEnvelope};

/// `POST /challenges`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// The reviewer's signing key, base64url. Unknown keys get a challenge too.
    pub key: String,
}

/// Something to sign: base64url of 32 random bytes. What is signed under the sign-in label is `domain::encoding`'s canonical
/// (challenge text, console origin).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// The challenge, good for one try.
    pub challenge: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// `POST /sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The signing key.
    pub key: String,
    /// The challenge that was given.
    pub challenge: String,
    /// Its signature, base64url.
    pub signature: String,
}

/// A session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// `rcs_…`, for the `Authorization` header.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub reviewer: Reviewer,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("reviewer", &self.reviewer).finish_non_exhaustive()
    }
}

/// What a reviewer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reviewers, groups, channels; reads what the groups they are in can read.
    Admin,
    /// Handles cases.
    Reviewer,
    /// Metadata and log only.
    Auditor,
}

/// A reviewer as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewer {
    /// Signing key, base64url: their id.
    pub key: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// `GET /keyring`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyring {
    /// One entry for each group and epoch that the reviewer is in.
    pub entries: Vec<KeyringEntry>,
    /// Everybody, so that owners and authors have names.
    pub reviewers: Vec<Reviewer>,
}

/// A group's secret, sealed to one reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyringEntry {
    /// The channel.
    pub channel: ChannelId,
    /// The group: `team`, `restricted`, `independent`.
    pub group: String,
    /// The epoch.
    pub epoch: u32,
    /// The epoch's recipient.
    pub recipient: String,
    /// The age file that holds the secret.
    #[serde(with = "crate::base64")]
    pub sealed: Vec<u8>,
}

/// `GET /channels`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// Signed manifests.
    pub manifests: Vec<SignedEnvelope>,
}

/// Query of `GET /cases`. The list is by urgency, then by due date, then by case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseQuery {
    /// Only this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// Only this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CaseState>,
    /// Only open ones (`true`) or only ended ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// Only of this owner (signing key), or `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Cases of channels in test mode: only these (`true`); otherwise none of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<bool>,
    /// Where the last page ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// At most so many, 1 to 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasePage {
    /// The cases.
    pub cases: Vec<CaseSummary>,
    /// Where the next page begins; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The clear header of a case: all that the server can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSummary {
    /// The case.
    pub case: CaseId,
    /// Its channel.
    pub channel: ChannelId,
    /// Where it stands.
    pub state: CaseState,
    /// The reporter said so.
    pub urgent: bool,
    /// Signing key of the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// The next due date of an open case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueDate>,
    /// Hour of the report.
    pub received_at: Timestamp,
    /// The last event's time.
    pub updated_at: Timestamp,
    /// Events so far; the `ETag` of the case is this number in quotes.
    pub events: u64,
}

/// `GET /cases/{case}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDetail {
    /// The clear header.
    pub summary: CaseSummary,
    /// All events in order.
    pub events: Vec<EventRecord>,
}

/// `POST /cases/{case}/events`, with `If-Match` naming the number of events that the signature was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendEvent {
    /// `team` or `transition`.
    pub class: EventClass,
    /// The state of a transition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<CaseState>,
    /// Assigns to this signing key, or to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "double_option")]
    pub assign: Option<Option<String>>,
    /// Releases the contact body to the author.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contact_opened: bool,
    /// The sealed body, `main`.
    pub body: SealedBody,
}
