#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cases;
mod channels;
mod error;
mod files;
mod open;
mod readers;
mod reads;
mod rows;
mod uploads;
mod writer;

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use recourse_domain::event::EventRecord;
use recourse_domain::ids::{CaseId, ChannelId, Digest, UploadId};
use recourse_domain::time::Timestamp;
use recourse_store::{
    AcceptedManifest, AppendEventOutcome, AppendOutcome, BlobReader, BodyRow, CaseRow, ChannelRecord, CreateOutcome,
    CreateUploadOutcome, ListOutcome, NewCase, NewEvent, NewUpload, PutChannelOutcome, SessionRow, Store, StoreError,
    UploadStatus,
};
use recourse_wire::console::{CaseQuery, KeyringEntry, Reviewer};
use rusqlite::Connection;

use crate::files::Files;
use crate::readers::Readers;
use crate::uploads::UploadLocks;
use crate::writer::Writer;

/// Connections that read.
const READERS: usize = 4;

/// A store in one data folder. Needs a Tokio runtime; cloning shares it.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    writer: Writer,
    readers: Readers,
    files: Files,
    locks: UploadLocks,
    /// Last, so that the folder is free only when the writer has ended.
    _lock: File,
}

impl SqliteStore {
    /// Opens a data folder, making it where it is missing, brings its schema up to date and clears away what a stopped process
    /// left half-done. Blocks; open it before serving.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use by another process, or was written by a newer version.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let opened = open::open(data)?;
        let readers = Readers::open(&data.join(open::DATABASE), READERS)?;
        let writer = Writer::start(opened.writer).map_err(error::io)?;
        let locks = UploadLocks::new();
        Ok(Self { inner: Arc::new(Inner { writer, readers, files: opened.files, locks, _lock: opened.lock }) })
    }

    async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.inner.readers.read(read).await
    }

    async fn write<T, F>(&self, write: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        Ok(self.inner.writer.write(write).await?)
    }

    fn inner(&self) -> Arc<Inner> {
        Arc::clone(&self.inner)
    }
}

/// Runs what blocks on the threads for that.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(StoreError::unavailable)?
}

/// Runs what touches files and database to its end even when the caller goes away half-way, as a server's handler does when its
/// client hangs up.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work).await.map_err(StoreError::unavailable)?
}

#[async_trait]
impl Store for SqliteStore {
    async fn put_channel(&self, record: ChannelRecord, now: Timestamp) -> Result<PutChannelOutcome, StoreError> {
        self.write(move |connection| channels::put_channel(connection, &record, now)).await
    }

    async fn channel(&self, channel: &ChannelId) -> Result<Option<ChannelRecord>, StoreError> {
        let channel = channel.clone();
        Ok(self.read(move |connection| channels::channels(connection, Some(&channel))).await?.pop())
    }

    async fn channels(&self) -> Result<Vec<ChannelRecord>, StoreError> {
        self.read(|connection| channels::channels(connection, None)).await
    }

    async fn accepted_recipients(
        &self,
        channel: &ChannelId,
        now: Timestamp,
    ) -> Result<Vec<AcceptedManifest>, StoreError> {
        let channel = channel.clone();
        self.read(move |connection| channels::accepted(connection, &channel, now)).await
    }

    async fn put_reviewers(&self, reviewers: Vec<Reviewer>) -> Result<(), StoreError> {
        self.write(move |connection| channels::put_reviewers(connection, &reviewers)).await
    }

    async fn reviewers(&self) -> Result<Vec<Reviewer>, StoreError> {
        self.read(channels::reviewers).await
    }

    async fn put_keyring(&self, reviewer_key: &str, entries: Vec<KeyringEntry>) -> Result<(), StoreError> {
        let owner = reviewer_key.to_owned();
        self.write(move |connection| channels::put_keyring(connection, &owner, &entries)).await
    }

    async fn keyring(&self, reviewer_key: &str) -> Result<Vec<KeyringEntry>, StoreError> {
        let owner = reviewer_key.to_owned();
        self.read(move |connection| channels::keyring(connection, &owner)).await
    }

    async fn create_upload(&self, upload: NewUpload) -> Result<CreateUploadOutcome, StoreError> {
        to_the_end(self.inner().create_upload(upload)).await
    }

    async fn upload(&self, upload: &UploadId, token_hash: &Digest) -> Result<Option<UploadStatus>, StoreError> {
        let (upload, token_hash) = (*upload, *token_hash);
        self.read(move |connection| uploads::status(connection, &upload, &token_hash)).await
    }

    async fn append_upload(
        &self,
        upload: &UploadId,
        token_hash: &Digest,
        offset: u64,
        chunk: Bytes,
    ) -> Result<AppendOutcome, StoreError> {
        to_the_end(self.inner().append_upload(*upload, *token_hash, offset, chunk)).await
    }

    async fn delete_upload(&self, upload: &UploadId, token_hash: &Digest) -> Result<bool, StoreError> {
        to_the_end(self.inner().delete_upload(*upload, *token_hash)).await
    }

    async fn expire_uploads(&self, now: Timestamp) -> Result<u64, StoreError> {
        to_the_end(self.inner().expire_uploads(now)).await
    }

    async fn create_case(&self, case: NewCase) -> Result<CreateOutcome, StoreError> {
        to_the_end(self.inner().create_case(case)).await
    }

    async fn append_event(&self, event: NewEvent) -> Result<AppendEventOutcome, StoreError> {
        to_the_end(self.inner().append_event(event)).await
    }

    async fn case(&self, case: &CaseId, now: Timestamp) -> Result<Option<CaseRow>, StoreError> {
        let case = *case;
        self.read(move |connection| reads::case(connection, &case, now)).await
    }

    async fn events(&self, case: &CaseId) -> Result<Vec<EventRecord>, StoreError> {
        let case = *case;
        self.read(move |connection| reads::events(connection, &case)).await
    }

    async fn body(&self, case: &CaseId, sha256: &Digest) -> Result<Option<BodyRow>, StoreError> {
        let (case, sha256) = (*case, *sha256);
        self.read(move |connection| reads::body(connection, &case, &sha256)).await
    }

    async fn blob_size(&self, case: &CaseId, sha256: &Digest) -> Result<Option<u64>, StoreError> {
        let (case, sha256) = (*case, *sha256);
        self.read(move |connection| Ok(reads::blob(connection, &case, &sha256)?.map(|(_, size)| size))).await
    }

    async fn blob(
        &self,
        case: &CaseId,
        sha256: &Digest,
        range: Option<Range<u64>>,
    ) -> Result<Option<BlobReader>, StoreError> {
        self.inner().read_blob(*case, *sha256, range).await
    }

    async fn list_cases(&self, query: &CaseQuery, now: Timestamp) -> Result<ListOutcome, StoreError> {
        let query = query.clone();
        self.read(move |connection| reads::list(connection, &query, now)).await
    }

    async fn put_challenge(&self, sha256: &Digest, expires_at: Timestamp) -> Result<(), StoreError> {
        let sha256 = *sha256;
        self.write(move |connection| channels::put_challenge(connection, &sha256, expires_at)).await
    }

    async fn take_challenge(&self, sha256: &Digest, now: Timestamp) -> Result<bool, StoreError> {
        let sha256 = *sha256;
        self.write(move |connection| channels::take_challenge(connection, &sha256, now)).await
    }

    async fn put_session(
        &self,
        token_hash: &Digest,
        reviewer_key: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (token_hash, reviewer) = (*token_hash, reviewer_key.to_owned());
        self.write(move |connection| channels::put_session(connection, &token_hash, &reviewer, expires_at)).await
    }

    async fn session(&self, token_hash: &Digest, now: Timestamp) -> Result<Option<SessionRow>, StoreError> {
        let token_hash = *token_hash;
        self.read(move |connection| channels::session(connection, &token_hash, now)).await
    }

    async fn delete_session(&self, token_hash: &Digest) -> Result<(), StoreError> {
        let token_hash = *token_hash;
        self.write(move |connection| channels::delete_session(connection, &token_hash)).await
    }

    async fn expire_sign_ins(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.write(move |connection| channels::expire_sign_ins(connection, now)).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.write(|_| Ok(())).await?;
        self.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).map_err(error::sql)).await
    }
}
