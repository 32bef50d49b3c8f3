//! Resumable uploads and how an event claims them.

use recourse_domain::ids::{ChannelId, Digest, UploadId};
use recourse_domain::time::Timestamp;

/// An upload to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// The channel, which is the only one whose cases can claim it.
    pub channel: ChannelId,
    /// Its id, random.
    pub upload: UploadId,
    /// SHA-256 of its token.
    pub token_hash: Digest,
    /// Bytes that it will have; may be 0.
    pub length: u64,
    /// When it is forgotten unless claimed.
    pub expires_at: Timestamp,
}

impl NewUpload {
    /// The expiry as kept: the next full hour. Kept exactly, it would tell to the second when a reporter was here.
    pub fn kept_expiry(&self) -> Timestamp {
        Timestamp(self.expires_at.0.div_ceil(Timestamp::HOUR) * Timestamp::HOUR)
    }
}

/// What became of a new upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateUploadOutcome {
    /// It stands at offset 0.
    Created,
    /// The id is taken.
    Exists,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadStatus {
    /// Its channel.
    pub channel: ChannelId,
    /// Bytes that have arrived and are synced.
    pub offset: u64,
    /// Bytes in all.
    pub length: u64,
    /// SHA-256 of all bytes, once they are there.
    pub sha256: Option<Digest>,
    /// Whether an event has it.
    pub claimed: bool,
    /// When it is forgotten, a full hour. It may still be found for a while after.
    pub expires_at: Timestamp,
}

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendOutcome {
    /// Taken; the upload now stands at this offset, synced.
    Offset(u64),
    /// Not taken: the upload stands at this offset.
    Mismatch(u64),
    /// Not taken: it would go past the length.
    TooLong,
    /// Not taken: an event has the upload already.
    Claimed,
    /// No such upload, or a wrong token.
    Missing,
}

/// Claims a finished upload for an event, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The upload.
    pub upload: UploadId,
    /// SHA-256 of its token.
    pub token_hash: Digest,
    /// SHA-256 that it must have.
    pub sha256: Digest,
    /// Bytes that it must have.
    pub size: u64,
}

/// Why a claim is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimFault {
    /// No such upload, a wrong token, or an upload of another channel.
    Missing,
    /// Bytes are still to come.
    Incomplete,
    /// An event has it, or an earlier claim of the same event.
    Claimed,
    /// Its bytes have another hash.
    WrongHash,
    /// It has another size.
    WrongSize,
}
