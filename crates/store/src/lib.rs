#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod case;
mod channel;
mod check;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod cursor;
mod session;
mod upload;

use async_trait::async_trait;
use bytes::Bytes;
use recourse_domain::event::EventRecord;
use recourse_domain::ids::{CaseId, ChannelId, Digest, UploadId};
use recourse_domain::time::Timestamp;
use recourse_wire::console::{CaseQuery, KeyringEntry, Reviewer};
use std::ops::Range;

pub use case::{
    AppendEventOutcome, BlobReader, BodyRow, CaseRow, CreateOutcome, ListOutcome, NewCase, NewEvent, StoredBody,
};
pub use channel::{ACCEPTED_DAYS, AcceptedManifest, ChannelRecord, PutChannelOutcome};
pub use session::SessionRow;
pub use upload::{AppendOutcome, Claim, ClaimFault, CreateUploadOutcome, NewUpload, UploadStatus};

/// Why storage could not do what it was asked. Nothing of the failed call is stored, or, where the failure came while
/// committing, all of it is: a retry with the same bytes finds out. Mistakes of callers are outcomes, not errors.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk or quota is full.
    #[error("storage has no room left")]
    NoSpace,
    /// The backend failed or is shut: worth a retry later.
    #[error("storage cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be read back as what was written.
    #[error("storage is damaged: {0}")]
    Damaged(String),
    /// The parts of one call contradict each other (a header naming a body that is not there): a fault of the calling code.
    #[error("the call contradicts itself: {0}")]
    Inconsistent(&'static str),
}

impl StoreError {
    /// The backend failed for that reason.
    pub fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }
}

/// Where cases, uploads and sign-ins are kept. When a writing method returns, what it wrote survives `kill -9` and loss of power.
///
/// No method looks at a clock: moments come in as parameters. Tokens come in as their SHA-256.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Stores a channel's manifest. The one that it replaces stays accepted for [`ACCEPTED_DAYS`] from `now`.
    async fn put_channel(&self, record: ChannelRecord, now: Timestamp) -> Result<PutChannelOutcome, StoreError>;
    /// A channel with its current manifest.
    async fn channel(&self, channel: &ChannelId) -> Result<Option<ChannelRecord>, StoreError>;
    /// All channels, by id.
    async fn channels(&self) -> Result<Vec<ChannelRecord>, StoreError>;
    /// The current manifest and those replaced at most [`ACCEPTED_DAYS`] before `now`, newest first; empty for an unknown channel.
    async fn accepted_recipients(
        &self,
        channel: &ChannelId,
        now: Timestamp,
    ) -> Result<Vec<AcceptedManifest>, StoreError>;

    /// Replaces the list of reviewers. The sessions of those no longer in it end.
    async fn put_reviewers(&self, reviewers: Vec<Reviewer>) -> Result<(), StoreError>;
    /// All reviewers, in the order in which they were put.
    async fn reviewers(&self) -> Result<Vec<Reviewer>, StoreError>;
    /// Adds or replaces sealed group secrets of one reviewer, each by channel, group and epoch.
    async fn put_keyring(&self, reviewer_key: &str, entries: Vec<KeyringEntry>) -> Result<(), StoreError>;
    /// The sealed group secrets of one reviewer, by channel, group and epoch.
    async fn keyring(&self, reviewer_key: &str) -> Result<Vec<KeyringEntry>, StoreError>;

    /// Begins an upload. Its expiry is kept rounded up to the hour: an exact one would tell when a reporter was here.
    async fn create_upload(&self, upload: NewUpload) -> Result<CreateUploadOutcome, StoreError>;
    /// How far an upload is; `None` alike for an unknown upload and a wrong token.
    async fn upload(&self, upload: &UploadId, token_hash: &Digest) -> Result<Option<UploadStatus>, StoreError>;
    /// Appends a chunk. The offset that it answers is synced. A chunk that would go past the length is refused whole.
    async fn append_upload(
        &self,
        upload: &UploadId,
        token_hash: &Digest,
        offset: u64,
        chunk: Bytes,
    ) -> Result<AppendOutcome, StoreError>;
    /// Deletes an unclaimed upload; `false` alike for an unknown upload, a wrong token and a claimed one.
    async fn delete_upload(&self, upload: &UploadId, token_hash: &Digest) -> Result<bool, StoreError>;
    /// Forgets uploads whose time has come (`expires_at <= now`), with their bytes unless claimed, and says how many. Claimed
    /// bytes stay with their case.
    async fn expire_uploads(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Stores a new case with its first events, bodies and claimed uploads: all or nothing.
    async fn create_case(&self, case: NewCase) -> Result<CreateOutcome, StoreError>;
    /// Appends one event with its bodies and claimed uploads: all or nothing, and only if the case has `expected_events` events.
    async fn append_event(&self, event: NewEvent) -> Result<AppendEventOutcome, StoreError>;
    /// The clear header of a case. `now` decides only whether a due date is late.
    async fn case(&self, case: &CaseId, now: Timestamp) -> Result<Option<CaseRow>, StoreError>;
    /// The events of a case in order; empty for an unknown case.
    async fn events(&self, case: &CaseId) -> Result<Vec<EventRecord>, StoreError>;
    /// A sealed body of that case.
    async fn body(&self, case: &CaseId, sha256: &Digest) -> Result<Option<BodyRow>, StoreError>;
    /// Size in bytes of a sealed attachment of that case.
    async fn blob_size(&self, case: &CaseId, sha256: &Digest) -> Result<Option<u64>, StoreError>;
    /// A sealed attachment of that case, or the part of it in `range` (end exclusive, cut to what there is).
    async fn blob(
        &self,
        case: &CaseId,
        sha256: &Digest,
        range: Option<Range<u64>>,
    ) -> Result<Option<BlobReader>, StoreError>;
    /// A page of cases: urgent ones first, then by next due date, then by case. Walking by cursor meets every case that is
    /// there throughout and keeps its place exactly once, whatever is added meanwhile. Cases of channels in test mode are listed only
    /// where the query asks for tests. `limit` is cut to 1…`PAGE_MAX`.
    async fn list_cases(&self, query: &CaseQuery, now: Timestamp) -> Result<ListOutcome, StoreError>;

    /// Remembers the SHA-256 of a sign-in challenge.
    async fn put_challenge(&self, sha256: &Digest, expires_at: Timestamp) -> Result<(), StoreError>;
    /// Spends a challenge: `true` once, and only before it expires.
    async fn take_challenge(&self, sha256: &Digest, now: Timestamp) -> Result<bool, StoreError>;
    /// Opens a session.
    async fn put_session(
        &self,
        token_hash: &Digest,
        reviewer_key: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;
    /// The session of that token, if it is open and its reviewer is still one.
    async fn session(&self, token_hash: &Digest, now: Timestamp) -> Result<Option<SessionRow>, StoreError>;
    /// Ends a session, if there is one.
    async fn delete_session(&self, token_hash: &Digest) -> Result<(), StoreError>;
    /// Forgets expired challenges and sessions and says how many.
    async fn expire_sign_ins(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Whether it can be read and written at this moment.
    async fn ready(&self) -> Result<(), StoreError>;
}
