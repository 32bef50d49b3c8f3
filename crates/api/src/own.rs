//! The case that a receipt opens: what its reporter may see of it, and what they add to it.

use axum::Json;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use recourse_domain::event::{Author, BodyPart, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::hash::sha256;
use recourse_store::{AppendEventOutcome, CaseRow, NewEvent};
use recourse_wire::reporter::{AppendAct, DueDate, OwnAct, OwnCase, OwnEvent};
use subtle::ConstantTimeEq as _;

use crate::channel;
use crate::content::sealed_body;
use crate::fault::Fault;
use crate::report::answer;
use crate::request::{InChannel, InOwnBody, idempotency_key, if_match, json_bytes, none_match, parse_json, receipt};
use crate::sealed::{self, Seen};
use crate::state::State;

/// `GET …/case`.
pub(crate) async fn case(
    Shared(state): Shared<State>,
    InChannel { channel }: InChannel,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let now = state.now();
    let row = open(&state, &channel, &headers, now).await?;
    let etag = format!("\"{}\"", row.summary.events);
    if none_match(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let events = state.store.events(&row.summary.case).await?;
    Ok(([(header::ETAG, etag)], Json(view(&row, &events, now))).into_response())
}

/// `GET …/case/bodies/{sha256}`: what reviewers wrote. The reporter's own bodies are as unknown here as those of other cases.
pub(crate) async fn body(
    Shared(state): Shared<State>,
    InOwnBody { channel, sha256 }: InOwnBody,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let row = open(&state, &channel, &headers, state.now()).await?;
    let case = row.summary.case;
    let events = state.store.events(&case).await?;
    if !events.iter().any(|event| own_body(event) == Some(sha256)) {
        return Err(Fault::UnknownBody);
    }
    let body = state.store.body(&case, &sha256).await?.ok_or(Fault::UnknownBody)?;
    Ok(sealed_body(body.sealed))
}

/// `POST …/case/events`.
pub(crate) async fn append(
    Shared(state): Shared<State>,
    InChannel { channel: id }: InChannel,
    request: Request,
) -> Result<Response, Fault> {
    let now = state.now();
    let channel = channel::find(&state, &id).await?;
    let row = open(&state, &id, request.headers(), now).await?;
    let expected = if_match(request.headers())?;
    let idempotency_key = idempotency_key(request.headers())?;
    let bytes = json_bytes(request).await?;
    let request_sha256 = Digest::new(sha256(&bytes));
    let sent: AppendAct = parse_json(&bytes)?;

    sealed::signature_shape(&sent.signature)?;
    let parts: &[BodyPart] = if sent.bodies.is_empty() { &[] } else { &[BodyPart::Main] };
    let bodies = sealed::bodies(sent.bodies, parts, expected)?;
    let place = Place::of(&state, &row, expected).await?;
    match (sent.class, sent.to) {
        (EventClass::Reporter, None) => {}
        (EventClass::Transition, Some(to)) if to.needs_reporter() => place.may_become(to)?,
        (EventClass::Transition, Some(_)) => return Err(Fault::InvalidTransition),
        (EventClass::Reporter | EventClass::Transition, _) => return Err(Fault::MalformedRequest("to".to_owned())),
        (EventClass::Team, _) => return Err(Fault::MalformedRequest("class".to_owned())),
    }
    if !place.repeated {
        let accepted = state.store.accepted_recipients(&id, now).await?;
        sealed::accepted_manifest(&accepted, &sent.manifest)?;
        match &sent.recipient {
            Some(recipient) => sealed::accepted_recipient(&accepted, recipient)?,
            None if bodies.is_empty() => {}
            None => return Err(Fault::MalformedRequest("recipient".to_owned())),
        }
    }
    let claims = sealed::claims(&state, &channel, &sent.blobs, place.repeated).await?;

    let record = sealed::record(EventHeader {
        channel: id,
        case: row.summary.case,
        sequence: expected,
        previous: place.previous,
        class: sent.class,
        author: Author::Reporter,
        to: sent.to,
        assign: None,
        contact_opened: false,
        urgent: false,
        bodies: sealed::body_refs(&bodies),
        blobs: sealed::blob_refs(&claims),
        recorded_at: now.floor_to_hour(),
        signature: Some(sent.signature),
        salt: None,
    });
    let seen = Seen { commitment: sent.commitment, schema: Digest::ZERO, manifest: sent.manifest };
    let acknowledgement = sealed::acknowledge(&state, &channel, &record, &seen)?;
    let outcome = state
        .store
        .append_event(NewEvent {
            case: row.summary.case,
            expected_events: expected,
            record,
            bodies,
            claims,
            state: sent.to,
            assignee: None,
            acknowledgement: Some(acknowledgement.clone()),
            request_sha256,
            idempotency_key,
            author_scope: "reporter".to_owned(),
        })
        .await?;
    match outcome {
        AppendEventOutcome::Appended => Ok(answer(StatusCode::CREATED, acknowledgement)),
        AppendEventOutcome::Repeated { acknowledgement: Some(first), .. } => Ok(answer(StatusCode::OK, first)),
        AppendEventOutcome::Repeated { acknowledgement: None, .. } => {
            Err(Fault::Inside("a reporter's event was stored without its acknowledgement"))
        }
        AppendEventOutcome::Changed { events } => Err(Fault::CaseChanged { events }),
        AppendEventOutcome::KeyReused => Err(Fault::IdempotencyMismatch),
        AppendEventOutcome::Missing => Err(Fault::UnknownCase),
        AppendEventOutcome::Full => Err(Fault::CaseFull),
        AppendEventOutcome::ClaimFault { index, fault } => Err(Fault::Claim { index, fault }),
    }
}

/// Where an event is to be appended.
pub(crate) struct Place {
    /// Hash of the event before it.
    pub(crate) previous: Digest,
    /// The state of the case there.
    state: CaseState,
    /// The case has an event there already: this can only be a retry, and the store finds out whether it is one.
    pub(crate) repeated: bool,
}

impl Place {
    pub(crate) async fn of(state: &State, row: &CaseRow, expected: u64) -> Result<Self, Fault> {
        let events = row.summary.events;
        if expected == events {
            return Ok(Self { previous: row.head, state: row.summary.state, repeated: false });
        }
        let before = state.store.events(&row.summary.case).await?;
        let before = expected.checked_sub(1).and_then(|index| before.get(usize::try_from(index).ok()?));
        match before {
            Some(before) if expected < events => {
                Ok(Self { previous: before.hash, state: row.summary.state, repeated: true })
            }
            _ => Err(Fault::CaseChanged { events }),
        }
    }

    /// Whether the table has this step. A retry is not asked: the case has taken the step already.
    pub(crate) fn may_become(&self, to: CaseState) -> Result<(), Fault> {
        if self.repeated || self.state.transition(to).is_ok() { Ok(()) } else { Err(Fault::InvalidTransition) }
    }

    /// The state before the event.
    pub(crate) const fn state(&self) -> CaseState {
        self.state
    }
}

/// The case of the receipt in the header. An unknown case, a wrong token and another channel are told alike.
async fn open(state: &State, channel: &ChannelId, headers: &HeaderMap, now: Timestamp) -> Result<CaseRow, Fault> {
    channel::find(state, channel).await?;
    let (case, token_hash) = receipt(headers)?;
    owned(state, channel, &case, &token_hash, now).await
}

/// The same for a receipt that was taken apart already.
pub(crate) async fn owned(
    state: &State,
    channel: &ChannelId,
    case: &CaseId,
    token_hash: &Digest,
    now: Timestamp,
) -> Result<CaseRow, Fault> {
    let row = state.store.case(case, now).await?.ok_or(Fault::UnknownCase)?;
    let same: bool = row.token_hash.as_bytes().ct_eq(token_hash.as_bytes()).into();
    if same && row.summary.channel == *channel { Ok(row) } else { Err(Fault::UnknownCase) }
}

/// The body of an event that its reporter may read.
fn own_body(event: &EventRecord) -> Option<Digest> {
    match event.header.author {
        Author::Reviewer { .. } => event.header.bodies.first().map(|body| body.sha256),
        Author::Reporter | Author::Server => None,
    }
}

/// With what a reporter finds out that something which looks like theirs is. Of the report itself nothing is told.
fn own_act(event: &EventRecord) -> Option<OwnAct> {
    let header = &event.header;
    (header.author == Author::Reporter && header.sequence > 0).then(|| OwnAct {
        signature: header.signature.clone().unwrap_or_default(),
        body: header.bodies.first().map(|body| body.sha256),
        blobs: header.blobs.iter().map(|blob| blob.sha256).collect(),
    })
}

/// What a reporter sees. An internal transition looks like a note, and the state before it stays. Dates are late by what is shown, not by what
/// is: a case that was folded into another answers as one that was not.
fn view(row: &CaseRow, events: &[EventRecord], now: Timestamp) -> OwnCase {
    let mut shown = CaseState::Received;
    let mut reached = Vec::new();
    let events = events
        .iter()
        .map(|event| {
            let header = &event.header;
            let (class, to) = match (header.class, header.to) {
                (EventClass::Transition, Some(to)) if to.is_shown_after(shown) => {
                    shown = to;
                    reached.push(to);
                    (EventClass::Transition, Some(to))
                }
                (EventClass::Transition, _) => (EventClass::Team, None),
                (class, _) => (class, None),
            };
            OwnEvent {
                sequence: header.sequence,
                previous: header.previous,
                hash: event.hash,
                class,
                to,
                recorded_at: header.recorded_at,
                automatic: header.author == Author::Server,
                body: own_body(event),
                act: own_act(event),
            }
        })
        .collect();
    OwnCase {
        channel: row.summary.channel.clone(),
        case: row.summary.case,
        state: shown,
        due: due(&row.due, shown, &reached, now),
        events,
    }
}

/// A stage is late when its day has passed, the case is open and neither its state nor a later stage's was reached.
fn due(stages: &[DueDate], shown: CaseState, reached: &[CaseState], now: Timestamp) -> Vec<DueDate> {
    let is_reached =
        |stage: &DueDate| stages.iter().any(|later| later.at >= stage.at && reached.contains(&later.state));
    stages
        .iter()
        .map(|stage| DueDate { late: now > stage.at && shown.is_open() && !is_reached(stage), ..*stage })
        .collect()
}
