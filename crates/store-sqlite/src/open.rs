//! Opening a data folder: one process at a time, schema brought up to date, leftovers of a stopped process cleared away.

use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use recourse_domain::ids::UploadId;
use recourse_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::error;
use crate::files::{Files, private_file, private_folder, sync_folder};
use crate::rows::{Bytes, number_of};

/// The database's name in the data folder.
pub(crate) const DATABASE: &str = "recourse.sqlite";
const LOCK: &str = "recourse.lock";

/// Numbered from 1 in this order; never edited once released.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_initial.sql")];

/// Pages of 8 KiB that the log may have before it is copied into the database: larger copies write each page less often,
/// smaller ones hold the writer up for less long.
const LOG_PAGES: u32 = 2_000;

/// What is found in a data folder.
pub(crate) struct Opened {
    pub(crate) writer: Connection,
    pub(crate) files: Files,
    /// Held as long as the store is open.
    pub(crate) lock: File,
}

/// Opens a data folder, making it where it is missing.
pub(crate) fn open(data: &Path) -> Result<Opened, StoreError> {
    private_folder(data).map_err(error::io)?;
    let lock = lock(data)?;
    let files = Files::open(data).map_err(error::io)?;
    // Made here, because SQLite would make it readable for others; its log gets the same mode.
    let path = data.join(DATABASE);
    let database =
        private_file(OpenOptions::new().write(true).create(true).truncate(false), &path).map_err(error::io)?;
    drop(database);
    sync_folder(data).map_err(error::io)?;
    let writer = open_writer(&path).map_err(error::sql)?;
    let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(error::sql)?;
    if mode != "wal" {
        return Err(StoreError::unavailable(format!("the file system of the data folder cannot keep a log: {mode}")));
    }
    migrate(&writer)?;
    clear_leftovers(&writer, &files)?;
    Ok(Opened { writer, files, lock })
}

fn lock(data: &Path) -> Result<File, StoreError> {
    let file = private_file(OpenOptions::new().write(true).create(true).truncate(false), &data.join(LOCK));
    let file = file.map_err(error::io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::unavailable("the data folder is in use by another process")),
        Err(TryLockError::Error(cause)) => Err(error::io(cause)),
    }
}

fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // `synchronous = FULL` syncs the log at each commit; the last two make a sync on macOS what it is elsewhere.
    connection.execute_batch(
        "PRAGMA page_size = 8192;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;",
    )?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Opens a connection that only reads.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Applies what is missing, each migration with its number in one transaction.
fn migrate(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY NOT NULL)")
        .map_err(error::sql)?;
    let newest = connection
        .query_row("SELECT COALESCE(MAX(number), 0) FROM schema_migrations", [], |row| number_of(row, 0))
        .map_err(error::sql)? as usize;
    if newest > MIGRATIONS.len() {
        let known = MIGRATIONS.len();
        return Err(StoreError::unavailable(format!(
            "the database is of a newer version: schema {newest}, known {known}"
        )));
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(newest) {
        let transaction = connection.unchecked_transaction().map_err(error::sql)?;
        transaction.execute_batch(migration).map_err(error::sql)?;
        transaction
            .execute("INSERT INTO schema_migrations (number) VALUES (?1)", [(index + 1) as i64])
            .map_err(error::sql)?;
        transaction.commit().map_err(error::sql)?;
    }
    Ok(())
}

/// What a process that was stopped half-way left: tails of chunks that were never acknowledged, files whose transaction never
/// came, files of uploads that a case has under its own name already.
fn clear_leftovers(connection: &Connection, files: &Files) -> Result<(), StoreError> {
    let mut open = HashSet::new();
    for (upload, received) in open_uploads(connection).map_err(error::sql)? {
        if files.cut(&upload, received).map_err(error::io)? {
            open.insert(upload.to_string());
        } else {
            // Only a restored or damaged folder has this. Its sender is told that there is no such upload and begins again.
            tracing::error!(%upload, "an upload's bytes are missing: it is forgotten");
            connection.execute("DELETE FROM uploads WHERE upload = ?1", [Bytes::from(&upload)]).map_err(error::sql)?;
        }
    }
    let mut statement = connection.prepare("SELECT file FROM blobs").map_err(error::sql)?;
    let blobs = statement
        .query_map([], |row| row.get::<_, String>(0))
        .and_then(|rows| rows.collect::<rusqlite::Result<HashSet<_>>>())
        .map_err(error::sql)?;
    let swept = files.sweep(|name| open.contains(name), |name| blobs.contains(name)).map_err(error::io)?;
    if swept > 0 {
        tracing::info!(files = swept, "swept files that belong to nothing");
    }
    Ok(())
}

fn open_uploads(connection: &Connection) -> rusqlite::Result<Vec<(UploadId, u64)>> {
    let mut statement = connection.prepare("SELECT upload, received FROM uploads WHERE claimed = 0")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, Bytes<16>>(0)?.into(), number_of(row, 1)?)))?;
    rows.collect()
}
