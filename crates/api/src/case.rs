//! Cases as reviewers work on them.

use axum::Json;
use axum::extract::{Query, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use recourse_domain::event::{Author, BodyPart, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_seal::hash::sha256;
use recourse_store::{AppendEventOutcome, CaseRow, ListOutcome, NewEvent};
use recourse_wire::console::{AppendEvent, CaseDetail, CasePage, CaseQuery, Reviewer, Role};
use recourse_wire::limits::PAGE_MAX;

use crate::fault::Fault;
use crate::own::Place;
use crate::request::{InCase, idempotency_key, if_match, json_bytes, none_match, parse_json};
use crate::sealed;
use crate::session::{Handler, SignedIn};
use crate::state::State;

/// `GET /cases`.
pub(crate) async fn list(
    _: SignedIn,
    Shared(state): Shared<State>,
    query: Result<Query<CaseQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<CasePage>, Fault> {
    let Query(query) = query.map_err(|_| Fault::MalformedRequest("query".to_owned()))?;
    if query.limit.is_some_and(|limit| !(1..=PAGE_MAX).contains(&limit)) {
        return Err(Fault::MalformedRequest("limit".to_owned()));
    }
    match state.store.list_cases(&query, state.now()).await? {
        ListOutcome::Page(page) => Ok(Json(page)),
        ListOutcome::BadCursor => Err(Fault::MalformedRequest("cursor".to_owned())),
    }
}

/// `GET /cases/{case}`. The entity tag is the number of events.
pub(crate) async fn detail(
    _: SignedIn,
    Shared(state): Shared<State>,
    InCase { case }: InCase,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let row = find(&state, &case).await?;
    if none_match(&headers, &etag(row.summary.events)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag(row.summary.events))]).into_response());
    }
    let events = state.store.events(&case).await?;
    // Counted from the events themselves: one may have come in between, and a tag ahead of its content would hide it.
    let mut summary = row.summary;
    summary.events = summary.events.min(events.len() as u64);
    let events = events.into_iter().take(usize::try_from(summary.events).unwrap_or(usize::MAX)).collect();
    Ok(([(header::ETAG, etag(summary.events))], Json(CaseDetail { summary, events })).into_response())
}

/// `POST /cases/{case}/events`. Answers with the event as it was recorded.
pub(crate) async fn append(
    Handler(reviewer): Handler,
    Shared(state): Shared<State>,
    InCase { case }: InCase,
    request: Request,
) -> Result<Response, Fault> {
    let expected = if_match(request.headers())?;
    let idempotency_key = idempotency_key(request.headers())?;
    let bytes = json_bytes(request).await?;
    let request_sha256 = Digest::new(sha256(&bytes));
    let sent: AppendEvent = parse_json(&bytes)?;
    let row = find(&state, &case).await?;
    let bodies = sealed::bodies(vec![sent.body], &[BodyPart::Main], expected)?;
    let place = Place::of(&state, &row, expected).await?;
    match (sent.class, sent.to) {
        (EventClass::Team, None) => {}
        (EventClass::Transition, Some(to)) => may_move(&state, &reviewer, &row, &place, to).await?,
        (EventClass::Team | EventClass::Transition, _) => return Err(Fault::MalformedRequest("to".to_owned())),
        (EventClass::Reporter, _) => return Err(Fault::MalformedRequest("class".to_owned())),
    }
    if sent.contact_opened && sent.class != EventClass::Team {
        return Err(Fault::MalformedRequest("contact_opened".to_owned()));
    }
    if let Some(Some(owner)) = &sent.assign {
        let handles = |known: &Reviewer| known.key == *owner && known.role == Role::Reviewer;
        if !state.store.reviewers().await?.iter().any(handles) {
            return Err(Fault::MalformedRequest("assign".to_owned()));
        }
    }
    let record = sealed::record(EventHeader {
        channel: row.summary.channel,
        case,
        sequence: expected,
        previous: place.previous,
        class: sent.class,
        author: Author::Reviewer { key: reviewer.key.clone() },
        to: sent.to,
        assign: sent.assign.clone(),
        contact_opened: sent.contact_opened,
        urgent: false,
        bodies: sealed::body_refs(&bodies),
        blobs: Vec::new(),
        recorded_at: state.now(),
        signature: None,
        salt: Some(state.salt()),
    });
    let outcome = state
        .store
        .append_event(NewEvent {
            case,
            expected_events: expected,
            record: record.clone(),
            bodies,
            claims: Vec::new(),
            state: sent.to,
            assignee: sent.assign,
            acknowledgement: None,
            request_sha256,
            idempotency_key,
            author_scope: reviewer.key,
        })
        .await?;
    match outcome {
        AppendEventOutcome::Appended => Ok(answer(StatusCode::CREATED, &record)),
        AppendEventOutcome::Repeated { record, .. } => Ok(answer(StatusCode::OK, &record)),
        AppendEventOutcome::Changed { events } => Err(Fault::CaseChanged { events }),
        AppendEventOutcome::KeyReused => Err(Fault::IdempotencyMismatch),
        AppendEventOutcome::Missing => Err(Fault::UnknownCase),
        AppendEventOutcome::Full => Err(Fault::CaseFull),
        AppendEventOutcome::ClaimFault { .. } => Err(Fault::Inside("an event without claims had a fault in one")),
    }
}

/// The case, which every reviewer may look for.
pub(crate) async fn find(state: &State, case: &CaseId) -> Result<CaseRow, Fault> {
    state.store.case(case, state.now()).await?.ok_or(Fault::UnknownCase)
}

/// Whether this reviewer may move the case there. What only the reporter or the retention job does is not theirs, and an appeal is decided by
/// somebody other than whoever decided before.
async fn may_move(
    state: &State,
    reviewer: &Reviewer,
    row: &CaseRow,
    place: &Place,
    to: CaseState,
) -> Result<(), Fault> {
    if to.needs_reporter() || to == CaseState::Erased {
        return Err(Fault::InvalidTransition);
    }
    place.may_become(to)?;
    if place.repeated {
        return Ok(());
    }
    if place.state().is_internal() {
        let events = state.store.events(&row.summary.case).await?;
        let told = |shown, event: &EventRecord| event.header.to.filter(|to| to.is_shown_after(shown)).unwrap_or(shown);
        if !to.tells_nothing_after(events.iter().fold(CaseState::Received, told)) {
            return Err(Fault::InvalidTransition);
        }
    }
    if place.state() == CaseState::Appealed && to == CaseState::Decided {
        let events = state.store.events(&row.summary.case).await?;
        let own = Author::Reviewer { key: reviewer.key.clone() };
        if events.iter().any(|event| event.header.to == Some(CaseState::Decided) && event.header.author == own) {
            return Err(Fault::InvalidTransition);
        }
    }
    Ok(())
}

fn answer(status: StatusCode, record: &EventRecord) -> Response {
    (status, [(header::ETAG, etag(record.header.sequence + 1))], Json(record)).into_response()
}

fn etag(events: u64) -> String {
    format!("\"{events}\"")
}
