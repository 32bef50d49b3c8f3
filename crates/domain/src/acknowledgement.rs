//! The acknowledgement: the server's signed statement that it recorded an event of the reporter.

use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, ChannelId, Digest};
use crate::time::Timestamp;

/// The version of the statement.
pub const ACKNOWLEDGEMENT_VERSION: u32 = 1;

/// What the server signs (as the JSON payload of a signed envelope under the acknowledgement label).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// [`ACKNOWLEDGEMENT_VERSION`].
    pub version: u32,
    /// The channel.
    pub channel: ChannelId,
    /// Fingerprint of the channel's root key: the acknowledgement cannot be moved to another provider's channel.
    pub root_fingerprint: String,
    /// The key that signed, as the manifest names it.
    pub key_id: String,
    /// The case, which is the hash of the receipt's lookup id.
    pub case: CaseId,
    /// The event's place in the case.
    pub sequence: u64,
    /// Hash of the event before.
    pub previous: Digest,
    /// Hash of the event.
    pub event: Digest,
    /// Hashes of the sealed attachments, in order.
    pub blobs: Vec<Digest>,
    /// Commitment to the content with a nonce that only the reporter holds.
    pub commitment: Digest,
    /// Hash of the schema that the report follows; zeros for later acts, which follow none.
    pub schema: Digest,
    /// Hash of the signed manifest (form, readers, stages) that the reporter saw.
    pub manifest: Digest,
    /// The hour of recording.
    pub hour: Timestamp,
}
