//! Channels, reviewers, keyrings, challenges and sessions: the small tables.

use recourse_domain::ids::{ChannelId, Digest};
use recourse_domain::time::Timestamp;
use recourse_store::{ACCEPTED_DAYS, AcceptedManifest, ChannelRecord, PutChannelOutcome, SessionRow, StoreError};
use recourse_wire::console::{KeyringEntry, Reviewer};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::cases::channel_id;
use crate::error;
use crate::rows::{digest, from_json, from_word, id, moment, moment_of, number, number_of, to_json, to_word};

/// Stores a manifest, unless it is older than the current one.
pub(crate) fn put_channel(
    connection: &Connection,
    record: &ChannelRecord,
    now: Timestamp,
) -> Result<PutChannelOutcome, StoreError> {
    let manifest = &record.manifest;
    let channel = manifest.channel.as_str();
    let current = connection
        .query_row("SELECT serial, payload_sha256 FROM channels WHERE channel = ?1", [channel], |row| {
            Ok((number_of(row, 0)?, digest(row, 1)?))
        })
        .optional()
        .map_err(error::sql)?;
    if let Some((current, payload)) = current {
        let same = current == manifest.serial && payload == record.payload_sha256;
        if current >= manifest.serial && !same {
            return Ok(PutChannelOutcome::StaleSerial { current });
        }
    }
    let sql = "INSERT INTO channels (channel, serial, payload_sha256, manifest, envelope, embed_origins)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (channel) DO UPDATE SET serial = excluded.serial, payload_sha256 = excluded.payload_sha256,
                   manifest = excluded.manifest, envelope = excluded.envelope, embed_origins = excluded.embed_origins";
    connection
        .execute(
            sql,
            (
                channel,
                number(manifest.serial),
                id(&record.payload_sha256),
                to_json(manifest)?,
                to_json(&record.envelope)?,
                to_json(&record.embed_origins)?,
            ),
        )
        .map_err(error::sql)?;
    let sql = "UPDATE manifests SET replaced_at = ?3 WHERE channel = ?1 AND serial < ?2 AND replaced_at IS NULL";
    connection.execute(sql, (channel, number(manifest.serial), moment(now))).map_err(error::sql)?;
    let recipients: Vec<&str> = manifest.groups.iter().map(|group| group.recipient.as_str()).collect();
    let sql = "INSERT INTO manifests (channel, serial, payload_sha256, recipients) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (channel, serial) DO NOTHING";
    connection
        .execute(sql, (channel, number(manifest.serial), id(&record.payload_sha256), to_json(&recipients)?))
        .map_err(error::sql)?;
    Ok(PutChannelOutcome::Stored)
}

/// One channel, or all of them by id.
pub(crate) fn channels(connection: &Connection, only: Option<&ChannelId>) -> Result<Vec<ChannelRecord>, StoreError> {
    let sql = "SELECT payload_sha256, manifest, envelope, embed_origins FROM channels
               WHERE ?1 IS NULL OR channel = ?1 ORDER BY channel";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let mut rows = statement.query([only.map(ChannelId::as_str)]).map_err(error::sql)?;
    let mut channels = Vec::new();
    while let Some(row) = rows.next().map_err(error::sql)? {
        channels.push(ChannelRecord {
            payload_sha256: digest(row, 0).map_err(error::sql)?,
            manifest: from_json(&text(row, 1)?)?,
            envelope: from_json(&text(row, 2)?)?,
            embed_origins: from_json(&text(row, 3)?)?,
        });
    }
    Ok(channels)
}

/// The manifests that reports may refer to.
pub(crate) fn accepted(
    connection: &Connection,
    channel: &ChannelId,
    now: Timestamp,
) -> Result<Vec<AcceptedManifest>, StoreError> {
    let since = Timestamp(now.0.saturating_sub(Timestamp(0).plus_days(ACCEPTED_DAYS).0));
    let sql = "SELECT payload_sha256, serial, recipients, replaced_at FROM manifests
               WHERE channel = ?1 AND (replaced_at IS NULL OR replaced_at >= ?2) ORDER BY serial DESC";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let mut rows = statement.query((channel.as_str(), moment(since))).map_err(error::sql)?;
    let mut manifests = Vec::new();
    while let Some(row) = rows.next().map_err(error::sql)? {
        let replaced: Option<i64> = row.get(3).map_err(error::sql)?;
        manifests.push(AcceptedManifest {
            payload_sha256: digest(row, 0).map_err(error::sql)?,
            serial: number_of(row, 1).map_err(error::sql)?,
            recipients: from_json(&text(row, 2)?)?,
            replaced_at: replaced.map(|_| moment_of(row, 3)).transpose().map_err(error::sql)?,
        });
    }
    Ok(manifests)
}

/// Replaces the list of reviewers; sessions of those who left go by the foreign key.
pub(crate) fn put_reviewers(connection: &Connection, reviewers: &[Reviewer]) -> Result<(), StoreError> {
    let sql = "INSERT INTO reviewers (reviewer, place, name, role) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (reviewer) DO UPDATE SET place = excluded.place, name = excluded.name, role = excluded.role";
    connection.execute("UPDATE reviewers SET place = -1", []).map_err(error::sql)?;
    for (place, reviewer) in reviewers.iter().enumerate() {
        connection
            .execute(sql, (&reviewer.key, place as i64, &reviewer.name, to_word(&reviewer.role)?))
            .map_err(error::sql)?;
    }
    connection.execute("DELETE FROM reviewers WHERE place = -1", []).map_err(error::sql)?;
    Ok(())
}

/// All reviewers.
pub(crate) fn reviewers(connection: &Connection) -> Result<Vec<Reviewer>, StoreError> {
    let sql = "SELECT reviewer, name, role FROM reviewers ORDER BY place";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let mut rows = statement.query([]).map_err(error::sql)?;
    let mut reviewers = Vec::new();
    while let Some(row) = rows.next().map_err(error::sql)? {
        reviewers.push(reviewer(row)?);
    }
    Ok(reviewers)
}

/// Adds or replaces sealed group secrets.
pub(crate) fn put_keyring(connection: &Connection, owner: &str, entries: &[KeyringEntry]) -> Result<(), StoreError> {
    let sql = "INSERT INTO keyring (reviewer, channel, reader_group, epoch, recipient, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (reviewer, channel, reader_group, epoch)
               DO UPDATE SET recipient = excluded.recipient, sealed = excluded.sealed";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    for entry in entries {
        statement
            .execute((owner, entry.channel.as_str(), &entry.group, entry.epoch, &entry.recipient, &entry.sealed))
            .map_err(error::sql)?;
    }
    Ok(())
}

/// The sealed group secrets of a reviewer.
pub(crate) fn keyring(connection: &Connection, owner: &str) -> Result<Vec<KeyringEntry>, StoreError> {
    let sql = "SELECT channel, reader_group, epoch, recipient, sealed FROM keyring WHERE reviewer = ?1
               ORDER BY channel, reader_group, epoch";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let mut rows = statement.query([owner]).map_err(error::sql)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().map_err(error::sql)? {
        entries.push(KeyringEntry {
            channel: channel_id(&text(row, 0)?)?,
            group: text(row, 1)?,
            epoch: row.get(2).map_err(error::sql)?,
            recipient: text(row, 3)?,
            sealed: row.get(4).map_err(error::sql)?,
        });
    }
    Ok(entries)
}

/// Remembers a challenge.
pub(crate) fn put_challenge(connection: &Connection, sha256: &Digest, expires_at: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO challenges (sha256, expires_at) VALUES (?1, ?2)";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    statement.execute((id(sha256), moment(expires_at))).map_err(error::sql)?;
    Ok(())
}

/// Spends a challenge, an expired one too.
pub(crate) fn take_challenge(connection: &Connection, sha256: &Digest, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "DELETE FROM challenges WHERE sha256 = ?1 RETURNING expires_at > ?2";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let good = statement.query_row((id(sha256), moment(now)), |row| row.get(0)).optional().map_err(error::sql)?;
    Ok(good.unwrap_or(false))
}

/// Opens a session.
pub(crate) fn put_session(
    connection: &Connection,
    token_hash: &Digest,
    reviewer: &str,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO sessions (token_hash, reviewer, expires_at) VALUES (?1, ?2, ?3)";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    statement.execute((id(token_hash), reviewer, moment(expires_at))).map_err(error::sql)?;
    Ok(())
}

/// An open session.
pub(crate) fn session(
    connection: &Connection,
    token_hash: &Digest,
    now: Timestamp,
) -> Result<Option<SessionRow>, StoreError> {
    let sql = "SELECT reviewer, name, role, expires_at FROM sessions JOIN reviewers USING (reviewer)
               WHERE token_hash = ?1 AND expires_at > ?2";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let mut rows = statement.query((id(token_hash), moment(now))).map_err(error::sql)?;
    let Some(row) = rows.next().map_err(error::sql)? else { return Ok(None) };
    let expires_at = moment_of(row, 3).map_err(error::sql)?;
    Ok(Some(SessionRow { reviewer: reviewer(row)?, expires_at }))
}

/// Ends a session.
pub(crate) fn delete_session(connection: &Connection, token_hash: &Digest) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM sessions WHERE token_hash = ?1").map_err(error::sql)?;
    statement.execute([id(token_hash)]).map_err(error::sql)?;
    Ok(())
}

/// Forgets what has expired.
pub(crate) fn expire_sign_ins(connection: &Connection, now: Timestamp) -> Result<u64, StoreError> {
    let challenges = connection.execute("DELETE FROM challenges WHERE expires_at <= ?1", [moment(now)]);
    let sessions = connection.execute("DELETE FROM sessions WHERE expires_at <= ?1", [moment(now)]);
    Ok((challenges.map_err(error::sql)? + sessions.map_err(error::sql)?) as u64)
}

/// A reviewer from the first three columns.
fn reviewer(row: &Row<'_>) -> Result<Reviewer, StoreError> {
    Ok(Reviewer { key: text(row, 0)?, name: text(row, 1)?, role: from_word(&text(row, 2)?)? })
}

fn text(row: &Row<'_>, column: usize) -> Result<String, StoreError> {
    row.get(column).map_err(error::sql)
}
