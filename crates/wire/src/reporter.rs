//! What a reporter's client and the server say to each other.

use recourse_domain::event::{BodyPart, EventClass};
use recourse_domain::ids::{CaseId, ChannelId, Digest, UploadId};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A signed envelope as it travels: the payload is opaque here, so that it is verified before it is read. Same shape as `seal::envelope::Signed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedEnvelope {
    /// Version of the envelope: 1.
    pub version: u8,
    /// The signed bytes, base64url.
    pub payload: String,
    /// The Ed25519 key that signed, base64url.
    pub key: String,
    /// The signature, base64url.
    pub signature: String,
}

/// A sealed body on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedBody {
    /// Which body.
    pub part: BodyPart,
    /// SHA-256 of the sealed bytes, so that a damaged one is noticed before it is stored.
    pub sha256: Digest,
    /// The age file.
    #[serde(with = "crate::base64")]
    pub sealed: Vec<u8>,
}

/// Claims an upload for an event, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobClaim {
    /// The finished upload.
    pub upload: UploadId,
    /// Its token, base64url of 32 bytes.
    pub token: String,
    /// SHA-256 of the sealed bytes.
    pub sha256: Digest,
}

impl std::fmt::Debug for BlobClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobClaim").field("upload", &self.upload).field("sha256", &self.sha256).finish_non_exhaustive()
    }
}

/// `POST …/reports`. A retry with the same receipt and the same bytes gets the same answer; other bytes are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateReport {
    /// Hash of the lookup id: the case that this report starts.
    pub case: CaseId,
    /// SHA-256 of the access token.
    pub token_hash: Digest,
    /// Recipient the bodies are sealed to, which must be current or still accepted.
    pub recipient: String,
    /// Digest (SHA-256) of the signed manifest's payload that the reporter saw.
    pub manifest: Digest,
    /// Digest of the report's schema.
    pub schema: Digest,
    /// Commitment to the content.
    pub commitment: Digest,
    /// The separate, unticked choice.
    pub urgent: bool,
    /// The report and the contact body, in this order.
    pub bodies: Vec<SealedBody>,
    /// Attachments, in the order of the evidence list.
    pub blobs: Vec<BlobClaim>,
    /// The reporter's signature over the act `report` at sequence 0, base64url.
    pub signature: String,
}

/// `POST …/case/events`, with `If-Match` naming the head that the signature was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendAct {
    /// `reporter`, or `transition` for withdrawing and contesting.
    pub class: EventClass,
    /// The state of a transition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<CaseState>,
    /// Recipient the body is sealed to; none without bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Digest of the manifest seen.
    pub manifest: Digest,
    /// Commitment to the content.
    pub commitment: Digest,
    /// At most one body, `main`.
    pub bodies: Vec<SealedBody>,
    /// Attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<BlobClaim>,
    /// The reporter's signature, base64url.
    pub signature: String,
}

/// Answer to a report or act: `201` (or `200` for the repeated one, with the same bytes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledged {
    /// The signed acknowledgement (`domain::Acknowledgement` as its payload).
    pub acknowledgement: SignedEnvelope,
}

/// What a receipt opens: nothing that the reporter wrote, and nothing that tells of other reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCase {
    /// The channel.
    pub channel: ChannelId,
    /// The case.
    pub case: CaseId,
    /// The state, internal ones masked by the last that was not.
    pub state: CaseState,
    /// Due dates by the uniform stages.
    pub due: Vec<DueDate>,
    /// The chain, each event as far as the reporter may see it.
    pub events: Vec<OwnEvent>,
}

/// When a stage should be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueDate {
    /// The state that ends the stage.
    pub state: CaseState,
    /// Until when.
    pub at: Timestamp,
    /// Passed without being reached.
    pub late: bool,
}

/// An event as a reporter sees it. An internal transition looks like any other event of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnEvent {
    /// Place in the chain.
    pub sequence: u64,
    /// Hash of the event before.
    pub previous: Digest,
    /// Hash of this one.
    pub hash: Digest,
    /// What it is.
    pub class: EventClass,
    /// The state of a transition that is not internal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<CaseState>,
    /// When: to the hour for the reporter's own and to the second for others.
    pub recorded_at: Timestamp,
    /// Whether the server's own clock did it: unsigned, and only ever an automatic transition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// The sealed body of a reviewer's event. The reporter's own are never handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Digest>,
    /// What proves that a later event is the reporter's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<OwnAct>,
}

/// An act of the reporter after the report, as far as is needed to check that it was theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnAct {
    /// The reporter's signature, base64url.
    pub signature: String,
    /// Hash of its sealed body, which is not handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Digest>,
    /// Hashes of its sealed attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<Digest>,
}
