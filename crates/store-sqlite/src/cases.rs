//! Storing cases and events.
//!
//! Bytes of claimed uploads get their name in `blobs/` and are synced, file first and then folder, before the transaction that
//! names them is queued. Whether they may be claimed is decided in the transaction; if not, the names go again.

use std::sync::Arc;

use recourse_domain::event::EventRecord;
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_store::cursor::Position;
use recourse_store::{AppendEventOutcome, Claim, CreateOutcome, NewCase, NewEvent, StoreError, StoredBody};
use recourse_wire::limits::EVENTS_PER_CASE;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use crate::rows::{Bytes, digest, from_json, id, moment, number, number_of, to_json};
use crate::uploads::{claim_fault, mark_claimed};
use crate::{Inner, blocking, error};

/// A stage in `cases.stages`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) state: CaseState,
    pub(crate) at: Timestamp,
    /// The case was in that state once.
    pub(crate) reached: bool,
}

/// The next due date of a case in that state.
pub(crate) fn next_due(state: CaseState, stages: &[Stage]) -> Option<&Stage> {
    stages.iter().filter(|stage| state.is_open() && !stage.reached).min_by_key(|stage| stage.at)
}

fn due_key(state: CaseState, stages: &[Stage]) -> i64 {
    next_due(state, stages).map_or(number(Position::NO_DUE), |stage| moment(stage.at))
}

/// Names in `blobs/` for the claims of a call, in order.
type Links = Arc<[String]>;

/// What a storing job says: its outcome, or that claims are good and their bytes have no names yet.
enum Stored<T> {
    Done(T),
    NeedsLinks,
}

impl Inner {
    pub(crate) async fn create_case(self: Arc<Self>, case: NewCase) -> Result<CreateOutcome, StoreError> {
        case.check()?;
        let case = Arc::new(case);
        let (look, store) = (Arc::clone(&case), Arc::clone(&case));
        self.store_with_claims(
            &case.claims,
            move |connection| {
                let exists = case_num(connection, &look.case)?.is_some();
                Ok(!exists && claim_fault(connection, &look.channel, &look.claims)?.is_none())
            },
            move |connection, links| create(connection, &store, links),
            |outcome| *outcome == CreateOutcome::Created,
        )
        .await
    }

    pub(crate) async fn append_event(self: Arc<Self>, event: NewEvent) -> Result<AppendEventOutcome, StoreError> {
        event.check()?;
        let event = Arc::new(event);
        let (look, store) = (Arc::clone(&event), Arc::clone(&event));
        self.store_with_claims(
            &event.claims,
            move |connection| {
                let header = &look.record.header;
                Ok(claim_fault(connection, &header.channel, &look.claims)?.is_none())
            },
            move |connection, links| append(connection, &store, links),
            |outcome| *outcome == AppendEventOutcome::Appended,
        )
        .await
    }

    /// Gives claimed bytes their names where that has a prospect, runs the job, and takes the names away unless `keeps`.
    async fn store_with_claims<T: Send + 'static>(
        self: Arc<Self>,
        claims: &[Claim],
        look: impl Fn(&Connection) -> Result<bool, StoreError> + Clone + Send + 'static,
        store: impl Fn(&Connection, Option<&[String]>) -> Result<Stored<T>, StoreError> + Clone + Send + 'static,
        keeps: impl Fn(&T) -> bool,
    ) -> Result<T, StoreError> {
        loop {
            let (links, vanished) = if claims.is_empty() {
                (Some(Links::from([])), false)
            } else if self.readers.read(look.clone()).await? {
                let links = self.link(claims).await?;
                let vanished = links.is_none();
                (links, vanished)
            } else {
                (None, false)
            };
            let (job, given) = (store.clone(), links.clone());
            let outcome = self.writer.write(move |connection| job(connection, given.as_deref())).await;
            let stored = match &outcome {
                Ok(Stored::Done(outcome)) => keeps(outcome),
                Ok(Stored::NeedsLinks) => false,
                // Perhaps it is stored after all: the next start knows, and sweeps the names if not.
                Err(cause) => cause.undecided,
            };
            if let Some(links) = links.filter(|links| !links.is_empty()) {
                let inner = Arc::clone(&self);
                let uploads: Vec<_> = claims.iter().map(|claim| claim.upload).collect();
                let committed = outcome.is_ok();
                let tidied = blocking(move || match (stored, committed) {
                    (true, true) => uploads.iter().try_for_each(|upload| inner.files.delete(upload)).map_err(error::io),
                    (true, false) => Ok(()),
                    (false, _) => links.iter().try_for_each(|name| inner.files.delete_blob(name)).map_err(error::io),
                });
                // What is stored is stored; a name too many is swept at the next start.
                if let Err(error) = tidied.await {
                    tracing::warn!(%error, "a file that is not needed any more could not be deleted");
                }
            }
            match outcome? {
                Stored::Done(outcome) => return Ok(outcome),
                Stored::NeedsLinks if vanished => {
                    return Err(StoreError::Damaged("an upload's file is missing".into()));
                }
                // The upload was completed between the look and the job.
                Stored::NeedsLinks => continue,
            }
        }
    }

    /// None if an upload's file is not there any more: somebody else claimed or expired it since the look, and the job will see.
    async fn link(self: &Arc<Self>, claims: &[Claim]) -> Result<Option<Links>, StoreError> {
        let inner = Arc::clone(self);
        let claims: Vec<_> = claims.iter().map(|claim| (claim.upload, claim.size)).collect();
        blocking(move || {
            let mut names = Vec::with_capacity(claims.len());
            let linked = claims
                .iter()
                .try_for_each(|(upload, size)| inner.files.link_blob(upload, *size).map(|name| names.push(name)))
                .and_then(|()| inner.files.sync_blobs());
            match linked {
                Ok(()) => Ok(Some(names.into())),
                Err(cause) => {
                    for name in &names {
                        let _ = inner.files.delete_blob(name);
                    }
                    if cause.kind() == std::io::ErrorKind::NotFound { Ok(None) } else { Err(error::io(cause)) }
                }
            }
        })
        .await
    }
}

/// The number of a case within the database.
pub(crate) fn case_num(connection: &Connection, case: &CaseId) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT num FROM cases WHERE case_id = ?1").map_err(error::sql)?;
    statement.query_row([id(case)], |row| row.get(0)).optional().map_err(error::sql)
}

fn create(
    connection: &Connection,
    case: &NewCase,
    links: Option<&[String]>,
) -> Result<Stored<CreateOutcome>, StoreError> {
    if let Some(outcome) = created_before(connection, case)? {
        return Ok(Stored::Done(outcome));
    }
    if let Some((index, fault)) = claim_fault(connection, &case.channel, &case.claims)? {
        return Ok(Stored::Done(CreateOutcome::ClaimFault { index, fault }));
    }
    let Some(links) = links else { return Ok(Stored::NeedsLinks) };
    let reached = |state| case.state == state || case.events.iter().any(|event| event.header.to == Some(state));
    let stages: Vec<Stage> = case.due.iter().map(|&(state, at)| Stage { state, at, reached: reached(state) }).collect();
    let last = case.events.last().ok_or(StoreError::Inconsistent("a case without events"))?;
    let assignee = case.events.iter().rev().find_map(|event| event.header.assign.clone()).flatten();
    let sql =
        "INSERT INTO cases (case_id, channel, token_hash, request_sha256, queue_rank, state, is_open, assignee, due_at,
                   stages, received_at, updated_at, events, head, acknowledgement)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    statement
        .execute(rusqlite::params![
            id(&case.case),
            case.channel.as_str(),
            id(&case.token_hash),
            id(&case.request_sha256),
            !case.urgent,
            case.state.as_str(),
            case.state.is_open(),
            assignee,
            due_key(case.state, &stages),
            to_json(&stages)?,
            moment(case.received_at),
            moment(last.header.recorded_at),
            number(case.events.len() as u64),
            id(&last.hash),
            case.acknowledgement,
        ])
        .map_err(error::sql)?;
    let num = connection.last_insert_rowid();
    for record in &case.events {
        let request = Request { author_scope: "", sha256: &case.request_sha256, key: None, acknowledgement: None };
        insert_event(connection, num, record, &request)?;
    }
    insert_bodies(connection, num, &case.bodies)?;
    insert_blobs(connection, num, &case.claims, &case.claim_places(), links)?;
    Ok(Stored::Done(CreateOutcome::Created))
}

fn created_before(connection: &Connection, case: &NewCase) -> Result<Option<CreateOutcome>, StoreError> {
    let sql = "SELECT request_sha256, token_hash, channel, acknowledgement FROM cases WHERE case_id = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let found = statement.query_row([id(&case.case)], |row| {
        let same = digest(row, 0)? == case.request_sha256
            && digest(row, 1)? == case.token_hash
            && row.get_ref(2)?.as_str()? == case.channel.as_str();
        Ok(if same { CreateOutcome::Repeated { acknowledgement: row.get(3)? } } else { CreateOutcome::Conflict })
    });
    found.optional().map_err(error::sql)
}

/// A case as an append needs it.
struct Head {
    num: i64,
    channel: String,
    events: u64,
    head: Digest,
    state: String,
    stages: String,
    assignee: Option<String>,
}

fn append(
    connection: &Connection,
    event: &NewEvent,
    links: Option<&[String]>,
) -> Result<Stored<AppendEventOutcome>, StoreError> {
    let done = |outcome| Ok(Stored::Done(outcome));
    let Some(case) = head(connection, &event.case)? else { return done(AppendEventOutcome::Missing) };
    if let Some(outcome) = appended_before(connection, case.num, event)? {
        return done(outcome);
    }
    if case.events != event.expected_events {
        return done(AppendEventOutcome::Changed { events: case.events });
    }
    if case.events >= EVENTS_PER_CASE {
        return done(AppendEventOutcome::Full);
    }
    let header = &event.record.header;
    if header.previous != case.head || header.channel.as_str() != case.channel {
        return Err(StoreError::Inconsistent("an event that does not continue the case"));
    }
    if let Some((index, fault)) = claim_fault(connection, &header.channel, &event.claims)? {
        return done(AppendEventOutcome::ClaimFault { index, fault });
    }
    let Some(links) = links else { return Ok(Stored::NeedsLinks) };
    let request = Request {
        author_scope: &event.author_scope,
        sha256: &event.request_sha256,
        key: event.idempotency_key.as_deref(),
        acknowledgement: event.acknowledgement.as_deref(),
    };
    insert_event(connection, case.num, &event.record, &request)?;
    insert_bodies(connection, case.num, &event.bodies)?;
    insert_blobs(connection, case.num, &event.claims, &event.claim_places(), links)?;
    advance(connection, case, event)?;
    done(AppendEventOutcome::Appended)
}

fn head(connection: &Connection, case: &CaseId) -> Result<Option<Head>, StoreError> {
    let sql = "SELECT num, channel, events, head, state, stages, assignee FROM cases WHERE case_id = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let found = statement.query_row([id(case)], |row| {
        Ok(Head {
            num: row.get(0)?,
            channel: row.get(1)?,
            events: number_of(row, 2)?,
            head: digest(row, 3)?,
            state: row.get(4)?,
            stages: row.get(5)?,
            assignee: row.get(6)?,
        })
    });
    found.optional().map_err(error::sql)
}

/// Whether this very request was stored: by its key, or without one by what stands in the place that it was made for.
fn appended_before(
    connection: &Connection,
    num: i64,
    event: &NewEvent,
) -> Result<Option<AppendEventOutcome>, StoreError> {
    let by_key = "SELECT request_sha256, acknowledgement, record FROM events
                  WHERE case_num = ?1 AND author_scope = ?2 AND idempotency_key = ?3";
    let by_place = "SELECT request_sha256, acknowledgement, record FROM events
                    WHERE case_num = ?1 AND author_scope = ?2 AND sequence = ?3 AND idempotency_key IS NULL";
    let read = |row: &rusqlite::Row<'_>| Ok((digest(row, 0)?, row.get(1)?, row.get::<_, String>(2)?));
    let found = match &event.idempotency_key {
        Some(key) => {
            let mut statement = connection.prepare_cached(by_key).map_err(error::sql)?;
            statement.query_row((num, &event.author_scope, key), read).optional()
        }
        None => {
            let mut statement = connection.prepare_cached(by_place).map_err(error::sql)?;
            statement.query_row((num, &event.author_scope, number(event.expected_events)), read).optional()
        }
    };
    let Some((sha256, acknowledgement, record)) = found.map_err(error::sql)? else { return Ok(None) };
    if sha256 == event.request_sha256 {
        return Ok(Some(AppendEventOutcome::Repeated { acknowledgement, record: Box::new(from_json(&record)?) }));
    }
    Ok(event.idempotency_key.is_some().then_some(AppendEventOutcome::KeyReused))
}

fn advance(connection: &Connection, case: Head, event: &NewEvent) -> Result<(), StoreError> {
    let mut stages: Vec<Stage> = from_json(&case.stages)?;
    let state = match event.state {
        Some(state) => state,
        None => crate::rows::from_word(&case.state)?,
    };
    for stage in &mut stages {
        stage.reached |= event.state == Some(stage.state);
    }
    let assignee = event.assignee.clone().unwrap_or(case.assignee);
    let sql = "UPDATE cases SET state = ?2, is_open = ?3, assignee = ?4, due_at = ?5, stages = ?6, updated_at = ?7,
                   events = ?8, head = ?9 WHERE num = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    statement
        .execute(rusqlite::params![
            case.num,
            state.as_str(),
            state.is_open(),
            assignee,
            due_key(state, &stages),
            to_json(&stages)?,
            moment(event.record.header.recorded_at),
            number(case.events + 1),
            id(&event.record.hash),
        ])
        .map_err(error::sql)?;
    Ok(())
}

/// The request that an event came by.
struct Request<'a> {
    author_scope: &'a str,
    sha256: &'a Digest,
    key: Option<&'a str>,
    acknowledgement: Option<&'a str>,
}

fn insert_event(
    connection: &Connection,
    num: i64,
    record: &EventRecord,
    request: &Request<'_>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO events (case_num, sequence, record, author_scope, request_sha256, idempotency_key, acknowledgement)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    statement
        .execute(rusqlite::params![
            num,
            number(record.header.sequence),
            to_json(record)?,
            request.author_scope,
            id(request.sha256),
            request.key,
            request.acknowledgement,
        ])
        .map_err(error::sql)?;
    Ok(())
}

fn insert_bodies(connection: &Connection, num: i64, bodies: &[StoredBody]) -> Result<(), StoreError> {
    let sql = "INSERT INTO bodies (case_num, sequence, part, sha256, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    for body in bodies {
        statement
            .execute((num, number(body.sequence), body.part.as_str(), id(&body.sha256), &body.sealed))
            .map_err(error::sql)?;
    }
    Ok(())
}

fn insert_blobs(
    connection: &Connection,
    num: i64,
    claims: &[Claim],
    places: &[(u64, usize)],
    links: &[String],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO blobs (case_num, sequence, place, sha256, size, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    for ((claim, &(sequence, place)), link) in claims.iter().zip(places).zip(links) {
        let sha256: Bytes<32> = id(&claim.sha256);
        statement
            .execute((num, number(sequence), place as i64, sha256, number(claim.size), link))
            .map_err(error::sql)?;
        mark_claimed(connection, &claim.upload).map_err(error::sql)?;
    }
    Ok(())
}

/// A channel's id from a column.
pub(crate) fn channel_id(text: &str) -> Result<ChannelId, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged("a channel's id".into()))
}
