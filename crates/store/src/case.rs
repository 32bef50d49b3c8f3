//! Cases: what is stored of them in one go, and what is read back.

use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use recourse_domain::event::{BodyPart, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::console::{CasePage, CaseSummary};
use recourse_wire::reporter::DueDate;

use crate::{Claim, ClaimFault, StoreError};

/// A sealed body of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBody {
    /// The event.
    pub sequence: u64,
    /// Which body of it.
    pub part: BodyPart,
    /// SHA-256 of the sealed bytes.
    pub sha256: Digest,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// A case to store. [`NewCase::check`] says how its parts must fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// The case.
    pub case: CaseId,
    /// Its channel.
    pub channel: ChannelId,
    /// SHA-256 of the reporter's access token.
    pub token_hash: Digest,
    /// SHA-256 of the request, by which a retry is told from another request.
    pub request_sha256: Digest,
    /// The reporter's separate choice.
    pub urgent: bool,
    /// The state after all of `events`: the last `to` among their headers, else `received`.
    pub state: CaseState,
    /// When each stage should be reached.
    pub due: Vec<(CaseState, Timestamp)>,
    /// The first events, sequences from 0, the report first.
    pub events: Vec<EventRecord>,
    /// The bodies that the events' headers name, in that order.
    pub bodies: Vec<StoredBody>,
    /// The uploads that the events' headers name, in that order.
    pub claims: Vec<Claim>,
    /// The answer's bytes, JSON, given again to a retry.
    pub acknowledgement: String,
    /// Hour of the report.
    pub received_at: Timestamp,
}

/// What became of a new case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateOutcome {
    /// Stored and synced.
    Created,
    /// The same request was stored before.
    Repeated {
        /// The answer that was given then.
        acknowledgement: String,
    },
    /// The case exists and came from another request.
    Conflict,
    /// A claim is refused; nothing is stored and no upload is claimed.
    ClaimFault {
        /// Which, from 0.
        index: usize,
        /// Why.
        fault: ClaimFault,
    },
}

/// An event to append. [`NewEvent::check`] says how its parts must fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The case.
    pub case: CaseId,
    /// Events that the case had when this one was made; its sequence.
    pub expected_events: u64,
    /// The event.
    pub record: EventRecord,
    /// The bodies that its header names, in that order.
    pub bodies: Vec<StoredBody>,
    /// The uploads that its header names, in that order.
    pub claims: Vec<Claim>,
    /// The state that the case gets: the header's `to`.
    pub state: Option<CaseState>,
    /// The owner that the case gets, somebody or nobody: the header's `assign`.
    pub assignee: Option<Option<String>>,
    /// The answer's bytes, JSON, where a retry must get the same.
    pub acknowledgement: Option<String>,
    /// SHA-256 of the request.
    pub request_sha256: Digest,
    /// The client's idempotency key, which holds within the case and `author_scope`.
    pub idempotency_key: Option<String>,
    /// Who asks: `reporter`, or a reviewer's key. Two authors never meet each other's idempotency keys.
    pub author_scope: String,
}

/// What became of a new event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppendEventOutcome {
    /// Stored and synced.
    Appended,
    /// The same request was stored before: told by key, or without one by author, place and request hash.
    Repeated {
        /// The answer that was given then.
        acknowledgement: Option<String>,
        /// The event that was stored then.
        record: Box<EventRecord>,
    },
    /// The case does not have the expected number of events.
    Changed {
        /// How many it has.
        events: u64,
    },
    /// The idempotency key was used with another request.
    KeyReused,
    /// No such case.
    Missing,
    /// The case has as many events as a case may have.
    Full,
    /// A claim is refused; nothing is stored and no upload is claimed.
    ClaimFault {
        /// Which, from 0.
        index: usize,
        /// Why.
        fault: ClaimFault,
    },
}

/// A case as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The clear header.
    pub summary: CaseSummary,
    /// SHA-256 of the reporter's access token.
    pub token_hash: Digest,
    /// Every stage; `late` only where the case is open and the stage is not reached.
    pub due: Vec<DueDate>,
    /// Hash of the last event: what the next one has as its previous.
    pub head: Digest,
}

/// A sealed body as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRow {
    /// The event that it belongs to.
    pub sequence: u64,
    /// Which body of it.
    pub part: BodyPart,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// A sealed attachment being read.
pub struct BlobReader {
    /// Bytes of the whole attachment.
    pub size: u64,
    /// The part that `bytes` gives.
    pub range: Range<u64>,
    /// The bytes, in chunks. An error ends them.
    pub bytes: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobReader").field("size", &self.size).field("range", &self.range).finish_non_exhaustive()
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListOutcome {
    /// The page.
    Page(CasePage),
    /// The cursor is not one that this list gave.
    BadCursor,
}
