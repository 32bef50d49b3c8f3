//! Uploads. Bytes are synced before the offset that counts them is committed, so that the database never promises a byte that
//! the file does not have; bytes past the offset were never acknowledged.

use std::sync::Arc;

use bytes::Bytes as Chunk;
use recourse_domain::ids::{ChannelId, Digest, UploadId};
use recourse_domain::time::Timestamp;
use recourse_store::{AppendOutcome, Claim, ClaimFault, CreateUploadOutcome, NewUpload, StoreError, UploadStatus};
use rusqlite::{Connection, OptionalExtension};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::cases::channel_id;
use crate::rows::{Bytes, digest, id, moment, moment_of, number, number_of};
use crate::{Inner, blocking, error};

/// Appends to one upload wait for each other; two uploads that share a lock only wait a little longer.
#[derive(Debug)]
pub(crate) struct UploadLocks(Vec<Arc<Mutex<()>>>);

impl UploadLocks {
    const COUNT: usize = 64;

    pub(crate) fn new() -> Self {
        Self((0..Self::COUNT).map(|_| Arc::default()).collect())
    }

    async fn lock(&self, upload: &UploadId) -> OwnedMutexGuard<()> {
        Arc::clone(&self.0[usize::from(upload.as_bytes()[0]) % Self::COUNT]).lock_owned().await
    }
}

/// An upload's row.
struct Row {
    token_hash: Digest,
    status: UploadStatus,
}

impl Inner {
    pub(crate) async fn create_upload(self: Arc<Self>, upload: NewUpload) -> Result<CreateUploadOutcome, StoreError> {
        let inner = Arc::clone(&self);
        let created = blocking(move || match inner.files.create(&upload.upload) {
            Ok(()) => Ok(true),
            Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            Err(cause) => Err(error::io(cause)),
        });
        let id = upload.upload;
        if !created.await? {
            return Ok(CreateUploadOutcome::Exists);
        }
        let outcome = self.writer.write(move |connection| insert(connection, &upload)).await;
        let keep = match &outcome {
            Ok(outcome) => *outcome == CreateUploadOutcome::Created,
            Err(cause) => cause.undecided,
        };
        if !keep {
            blocking(move || self.files.delete(&id).map_err(error::io)).await?;
        }
        Ok(outcome?)
    }

    pub(crate) async fn append_upload(
        self: Arc<Self>,
        upload: UploadId,
        token_hash: Digest,
        offset: u64,
        chunk: Chunk,
    ) -> Result<AppendOutcome, StoreError> {
        let _guard = self.locks.lock(&upload).await;
        let status = self.readers.read(move |connection| status(connection, &upload, &token_hash)).await?;
        let Some(status) = status else { return Ok(AppendOutcome::Missing) };
        if status.claimed {
            return Ok(AppendOutcome::Claimed);
        }
        if status.offset != offset {
            return Ok(AppendOutcome::Mismatch(status.offset));
        }
        let end = match offset.checked_add(chunk.len() as u64) {
            Some(end) if end <= status.length => end,
            _ => return Ok(AppendOutcome::TooLong),
        };
        if chunk.is_empty() {
            return Ok(AppendOutcome::Offset(offset));
        }
        let inner = Arc::clone(&self);
        let complete = end == status.length;
        let sha256 = blocking(move || {
            inner.files.append(&upload, offset, &chunk).map_err(error::io)?;
            if !complete {
                return Ok(None);
            }
            match inner.files.hash(&upload).map_err(error::io)? {
                (sha256, length) if length == end => Ok(Some(sha256)),
                _ => Err(StoreError::Damaged("an upload's file has another length than the database says".into())),
            }
        });
        let sha256 = sha256.await?;
        let advanced = self.writer.write(move |connection| advance(connection, &upload, offset, end, sha256)).await?;
        Ok(if advanced { AppendOutcome::Offset(end) } else { AppendOutcome::Missing })
    }

    pub(crate) async fn delete_upload(
        self: Arc<Self>,
        upload: UploadId,
        token_hash: Digest,
    ) -> Result<bool, StoreError> {
        let _guard = self.locks.lock(&upload).await;
        let deleted = self.writer.write(move |connection| {
            let sql = "DELETE FROM uploads WHERE upload = ?1 AND token_hash = ?2 AND claimed = 0";
            let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
            Ok(statement.execute((id(&upload), id(&token_hash))).map_err(error::sql)? == 1)
        });
        let deleted = deleted.await?;
        if deleted {
            let inner = Arc::clone(&self);
            blocking(move || inner.files.delete(&upload).map_err(error::io)).await?;
        }
        Ok(deleted)
    }

    pub(crate) async fn expire_uploads(self: Arc<Self>, now: Timestamp) -> Result<u64, StoreError> {
        let expired = self.writer.write(move |connection| {
            let sql = "DELETE FROM uploads WHERE expires_at <= ?1 RETURNING upload";
            let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
            let rows = statement.query_map([moment(now)], |row| row.get::<_, Bytes<16>>(0).map(UploadId::from));
            rows.and_then(|rows| rows.collect::<rusqlite::Result<Vec<_>>>()).map_err(error::sql)
        });
        let expired = expired.await?;
        let inner = Arc::clone(&self);
        blocking(move || {
            expired.iter().try_for_each(|upload| inner.files.delete(upload)).map_err(error::io)?;
            Ok(expired.len() as u64)
        })
        .await
    }
}

/// How far an upload is; none for an unknown one and a wrong token.
pub(crate) fn status(
    connection: &Connection,
    upload: &UploadId,
    token_hash: &Digest,
) -> Result<Option<UploadStatus>, StoreError> {
    Ok(row(connection, upload)?.filter(|row| row.token_hash == *token_hash).map(|row| row.status))
}

/// The first claim that is refused. Claims of one event are looked at in order, so the same upload twice is a fault.
pub(crate) fn claim_fault(
    connection: &Connection,
    channel: &ChannelId,
    claims: &[Claim],
) -> Result<Option<(usize, ClaimFault)>, StoreError> {
    for (index, claim) in claims.iter().enumerate() {
        let status = status(connection, &claim.upload, &claim.token_hash)?.filter(|status| status.channel == *channel);
        let repeated = claims[..index].iter().any(|earlier| earlier.upload == claim.upload);
        let fault = match status {
            None => ClaimFault::Missing,
            Some(status) if status.claimed || repeated => ClaimFault::Claimed,
            Some(UploadStatus { length, .. }) if length != claim.size => ClaimFault::WrongSize,
            Some(UploadStatus { sha256: None, .. }) => ClaimFault::Incomplete,
            Some(UploadStatus { sha256: Some(sha256), .. }) if sha256 != claim.sha256 => ClaimFault::WrongHash,
            Some(_) => continue,
        };
        return Ok(Some((index, fault)));
    }
    Ok(None)
}

/// Marks an upload claimed.
pub(crate) fn mark_claimed(connection: &Connection, upload: &UploadId) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE uploads SET claimed = 1 WHERE upload = ?1")?.execute([id(upload)])?;
    Ok(())
}

fn insert(connection: &Connection, upload: &NewUpload) -> Result<CreateUploadOutcome, StoreError> {
    // SHA-256 of nothing, for an upload that is complete from the start.
    let sha256 = (upload.length == 0).then(|| Bytes(<sha2::Sha256 as sha2::Digest>::digest([]).into()));
    let sql = "INSERT INTO uploads (upload, channel, token_hash, length, received, sha256, claimed, expires_at)
               VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, ?6) ON CONFLICT DO NOTHING";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let inserted = statement.execute((
        id(&upload.upload),
        upload.channel.as_str(),
        id(&upload.token_hash),
        number(upload.length),
        sha256,
        moment(upload.kept_expiry()),
    ));
    match inserted.map_err(error::sql)? {
        0 => Ok(CreateUploadOutcome::Exists),
        _ => Ok(CreateUploadOutcome::Created),
    }
}

fn advance(
    connection: &Connection,
    upload: &UploadId,
    from: u64,
    to: u64,
    sha256: Option<Digest>,
) -> Result<bool, StoreError> {
    let sql = "UPDATE uploads SET received = ?3, sha256 = ?4 WHERE upload = ?1 AND received = ?2 AND claimed = 0";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let sha256 = sha256.as_ref().map(Bytes::from);
    Ok(statement.execute((id(upload), number(from), number(to), sha256)).map_err(error::sql)? == 1)
}

fn row(connection: &Connection, upload: &UploadId) -> Result<Option<Row>, StoreError> {
    let sql =
        "SELECT channel, token_hash, length, received, sha256, claimed, expires_at FROM uploads WHERE upload = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let found = statement.query_row([id(upload)], |row| {
        let status = (number_of(row, 2)?, number_of(row, 3)?, row.get::<_, Option<Bytes<32>>>(4)?, row.get(5)?);
        Ok((row.get::<_, String>(0)?, digest(row, 1)?, status, moment_of(row, 6)?))
    });
    let Some((channel, token_hash, (length, offset, sha256, claimed), expires_at)) =
        found.optional().map_err(error::sql)?
    else {
        return Ok(None);
    };
    let channel = channel_id(&channel)?;
    let sha256 = sha256.map(Digest::from);
    Ok(Some(Row { token_hash, status: UploadStatus { channel, offset, length, sha256, claimed, expires_at } }))
}
