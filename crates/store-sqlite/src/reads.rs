//! Reading cases, events, bodies and attachments.

use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes as Chunk;
use futures_util::StreamExt;
use recourse_domain::event::{BodyPart, EventRecord};
use recourse_domain::ids::{CaseId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_store::cursor::Position;
use recourse_store::{BlobReader, BodyRow, CaseRow, ListOutcome, StoreError};
use recourse_wire::console::{CasePage, CaseQuery, CaseSummary};
use recourse_wire::limits::{PAGE, PAGE_MAX};
use recourse_wire::reporter::DueDate;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::cases::{Stage, case_num, channel_id, next_due};
use crate::rows::{Bytes, digest, from_json, from_word, id, moment_of, number, number_of};
use crate::{Inner, blocking, error};

/// Bytes of an attachment read at a time.
const CHUNK: u64 = 256 << 10;

const SUMMARY: &str = "SELECT case_id, channel, state, queue_rank, assignee, stages, received_at, updated_at, events, token_hash, head FROM cases";

/// A case as its columns have it.
struct Columns {
    case: CaseId,
    channel: String,
    state: String,
    calm: bool,
    assignee: Option<String>,
    stages: String,
    received_at: Timestamp,
    updated_at: Timestamp,
    events: u64,
    token_hash: Digest,
    head: Digest,
}

impl Columns {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            case: row.get::<_, Bytes<16>>(0)?.into(),
            channel: row.get(1)?,
            state: row.get(2)?,
            calm: row.get(3)?,
            assignee: row.get(4)?,
            stages: row.get(5)?,
            received_at: moment_of(row, 6)?,
            updated_at: moment_of(row, 7)?,
            events: number_of(row, 8)?,
            token_hash: digest(row, 9)?,
            head: digest(row, 10)?,
        })
    }

    fn into_row(self, now: Timestamp) -> Result<CaseRow, StoreError> {
        let state: CaseState = from_word(&self.state)?;
        let stages: Vec<Stage> = from_json(&self.stages)?;
        let due_date = |stage: &Stage| DueDate {
            state: stage.state,
            at: stage.at,
            late: state.is_open() && !stage.reached && stage.at < now,
        };
        Ok(CaseRow {
            summary: CaseSummary {
                case: self.case,
                channel: channel_id(&self.channel)?,
                state,
                urgent: !self.calm,
                assignee: self.assignee,
                due: next_due(state, &stages).map(due_date),
                received_at: self.received_at,
                updated_at: self.updated_at,
                events: self.events,
            },
            token_hash: self.token_hash,
            due: stages.iter().map(due_date).collect(),
            head: self.head,
        })
    }
}

/// The clear header of a case.
pub(crate) fn case(connection: &Connection, case: &CaseId, now: Timestamp) -> Result<Option<CaseRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SUMMARY} WHERE case_id = ?1")).map_err(error::sql)?;
    let found = statement.query_row([id(case)], Columns::of).optional().map_err(error::sql)?;
    found.map(|columns| columns.into_row(now)).transpose()
}

/// The events of a case.
pub(crate) fn events(connection: &Connection, case: &CaseId) -> Result<Vec<EventRecord>, StoreError> {
    let Some(num) = case_num(connection, case)? else { return Ok(Vec::new()) };
    let sql = "SELECT record FROM events WHERE case_num = ?1 ORDER BY sequence";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let mut rows = statement.query([num]).map_err(error::sql)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next().map_err(error::sql)? {
        let record: String = row.get(0).map_err(error::sql)?;
        events.push(from_json(&record)?);
    }
    Ok(events)
}

/// A sealed body.
pub(crate) fn body(connection: &Connection, case: &CaseId, sha256: &Digest) -> Result<Option<BodyRow>, StoreError> {
    let Some(num) = case_num(connection, case)? else { return Ok(None) };
    let sql = "SELECT sequence, part, sealed FROM bodies WHERE case_num = ?1 AND sha256 = ?2 ORDER BY num LIMIT 1";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let found = statement
        .query_row((num, id(sha256)), |row| Ok((number_of(row, 0)?, row.get::<_, String>(1)?, row.get(2)?)))
        .optional()
        .map_err(error::sql)?;
    let Some((sequence, part, sealed)) = found else { return Ok(None) };
    let part: BodyPart = from_word(&part)?;
    Ok(Some(BodyRow { sequence, part, sealed }))
}

/// File and size of a sealed attachment.
pub(crate) fn blob(
    connection: &Connection,
    case: &CaseId,
    sha256: &Digest,
) -> Result<Option<(String, u64)>, StoreError> {
    let Some(num) = case_num(connection, case)? else { return Ok(None) };
    let sql = "SELECT file, size FROM blobs WHERE case_num = ?1 AND sha256 = ?2 ORDER BY sequence, place LIMIT 1";
    let mut statement = connection.prepare_cached(sql).map_err(error::sql)?;
    let found = statement.query_row((num, id(sha256)), |row| Ok((row.get(0)?, number_of(row, 1)?)));
    found.optional().map_err(error::sql)
}

impl Inner {
    /// A sealed attachment as a stream.
    pub(crate) async fn read_blob(
        self: Arc<Self>,
        case: CaseId,
        sha256: Digest,
        range: Option<Range<u64>>,
    ) -> Result<Option<BlobReader>, StoreError> {
        let found = self.readers.read(move |connection| blob(connection, &case, &sha256)).await?;
        let Some((name, size)) = found else { return Ok(None) };
        let range = range.unwrap_or(0..size);
        let end = range.end.min(size);
        let range = range.start.min(end)..end;
        let start = range.start;
        // Opened before the answer begins, so that a missing file is an error and not a short attachment.
        let file = blocking(move || self.files.open_blob(&name, start).map_err(error::io)).await?;
        let left = range.end - range.start;
        let chunks = futures_util::stream::unfold(Some((file, left)), |rest| async move {
            let (mut file, left) = rest.filter(|(_, left)| *left > 0)?;
            let chunk = blocking(move || {
                let mut chunk = vec![0; left.min(CHUNK) as usize];
                file.read_exact(&mut chunk).map_err(error::io)?;
                Ok((file, chunk))
            });
            Some(match chunk.await {
                Ok((file, chunk)) => {
                    let left = left - chunk.len() as u64;
                    (Ok(Chunk::from(chunk)), Some((file, left)))
                }
                Err(error) => (Err(error), None),
            })
        });
        Ok(Some(BlobReader { size, range, bytes: chunks.boxed() }))
    }
}

/// A page of cases.
pub(crate) fn list(connection: &Connection, query: &CaseQuery, now: Timestamp) -> Result<ListOutcome, StoreError> {
    let mut conditions: Vec<&str> = Vec::new();
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    // Few channels, and fewer tests: read once for the statement.
    conditions.push(match query.tests {
        Some(true) => "channel IN (SELECT channel FROM channels WHERE manifest ->> '$.test' = 1)",
        _ => "channel NOT IN (SELECT channel FROM channels WHERE manifest ->> '$.test' = 1)",
    });
    if let Some(open) = query.open {
        conditions.push("is_open = ?");
        values.push(Box::new(open));
    }
    if let Some(channel) = &query.channel {
        conditions.push("channel = ?");
        values.push(Box::new(channel.as_str().to_owned()));
    }
    if let Some(state) = query.state {
        conditions.push("state = ?");
        values.push(Box::new(state.as_str()));
    }
    match query.assignee.as_deref() {
        None => {}
        Some("none") => conditions.push("assignee IS NULL"),
        Some(key) => {
            conditions.push("assignee = ?");
            values.push(Box::new(key.to_owned()));
        }
    }
    if let Some(cursor) = &query.cursor {
        let Some(position) = Position::decode(cursor) else { return Ok(ListOutcome::BadCursor) };
        conditions.push("(queue_rank, due_at, case_id) > (?, ?, ?)");
        values.push(Box::new(!position.urgent));
        values.push(Box::new(number(position.due_key())));
        values.push(Box::new(id(&position.case)));
    }
    let filter = conditions.join(" AND ");
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX) as usize;
    // One more than asked for tells whether there is another page.
    let sql = format!("{SUMMARY} WHERE {filter} ORDER BY queue_rank, due_at, case_id LIMIT {}", limit + 1);
    let mut statement = connection.prepare_cached(&sql).map_err(error::sql)?;
    let rows = statement.query_map(params_from_iter(values), Columns::of).map_err(error::sql)?;
    let mut cases = Vec::with_capacity(limit + 1);
    for columns in rows {
        cases.push(columns.map_err(error::sql)?.into_row(now)?.summary);
    }
    let more = cases.len() > limit;
    cases.truncate(limit);
    let next = cases
        .last()
        .filter(|_| more)
        .map(|last| Position { urgent: last.urgent, due: last.due.map(|due| due.at), case: last.case }.encode());
    Ok(ListOutcome::Page(CasePage { cases, next }))
}
