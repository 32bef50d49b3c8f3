//! A report is filed.

use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use recourse_domain::event::{Author, BodyPart, EventClass, EventHeader};
use recourse_domain::ids::Digest;
use recourse_domain::lifecycle::CaseState;
use recourse_seal::hash::sha256;
use recourse_store::{CreateOutcome, NewCase};
use recourse_wire::reporter::CreateReport;

use crate::channel;
use crate::fault::Fault;
use crate::inside::InHand;
use crate::request::{InChannel, idempotency_key, json_bytes, parse_json};
use crate::sealed::{self, Seen};
use crate::state::State;
use crate::ticket::Purpose;

/// `POST …/reports`. The case's id comes from the receipt, so it is what tells a retry from another report; an `Idempotency-Key` may be sent, is
/// checked for its shape, and could not say more.
pub(crate) async fn create(
    Shared(state): Shared<State>,
    InChannel { channel: id }: InChannel,
    request: Request,
) -> Result<Response, Fault> {
    let channel = channel::find(&state, &id).await?;
    idempotency_key(request.headers())?;
    let headers = request.headers().clone();
    // The plain form works for no ticket: it has a quota of its own.
    let in_hand = request.extensions().get::<InHand>().is_some();
    let bytes = json_bytes(request).await?;
    let request_sha256 = Digest::new(sha256(&bytes));
    let sent: CreateReport = parse_json(&bytes)?;

    let now = state.now();
    let hour = now.floor_to_hour();
    sealed::signature_shape(&sent.signature)?;
    let bodies = sealed::bodies(sent.bodies, &[BodyPart::Main, BodyPart::Contact], 0)?;
    // A retry must get its answer even if the channel has closed, or has changed its keys, since the first try.
    let repeated = state.store.case(&sent.case, now).await?.is_some();
    if !repeated {
        if !channel::is_open(&channel.manifest, now) {
            return Err(Fault::ChannelClosed);
        }
        let accepted = state.store.accepted_recipients(&id, now).await?;
        sealed::accepted_manifest(&accepted, &sent.manifest)?;
        sealed::accepted_recipient(&accepted, &sent.recipient)?;
    }
    let claims = sealed::claims(&state, &channel, &sent.blobs, repeated).await?;
    let size = bytes.len() as u64 + claims.iter().map(|claim| claim.size).sum::<u64>();
    let count = claims.len() as u32;
    if !repeated && !in_hand {
        Purpose { channel: &id, report: request_sha256, bytes: size, count }.check(&state.ticket_key, &headers, now)?;
    }

    let report = sealed::record(EventHeader {
        channel: id.clone(),
        case: sent.case,
        sequence: 0,
        previous: Digest::ZERO,
        class: EventClass::Reporter,
        author: Author::Reporter,
        to: None,
        assign: None,
        contact_opened: false,
        urgent: sent.urgent,
        bodies: sealed::body_refs(&bodies),
        blobs: sealed::blob_refs(&claims),
        recorded_at: hour,
        signature: Some(sent.signature),
        salt: None,
    });
    // The hour too, although the server did it: it happens in the same moment as the report.
    let acknowledged = sealed::record(EventHeader {
        channel: id.clone(),
        case: sent.case,
        sequence: 1,
        previous: report.hash,
        class: EventClass::Transition,
        author: Author::Server,
        to: Some(CaseState::Acknowledged),
        assign: None,
        contact_opened: false,
        urgent: false,
        bodies: Vec::new(),
        blobs: Vec::new(),
        recorded_at: hour,
        signature: None,
        salt: Some(state.salt()),
    });
    let seen = Seen { commitment: sent.commitment, schema: sent.schema, manifest: sent.manifest };
    let acknowledgement = sealed::acknowledge(&state, &channel, &report, &seen)?;
    let outcome = state
        .store
        .create_case(NewCase {
            case: sent.case,
            channel: id.clone(),
            token_hash: sent.token_hash,
            request_sha256,
            urgent: sent.urgent,
            state: CaseState::Acknowledged,
            due: channel::due(&channel.manifest, hour),
            events: vec![report, acknowledged],
            bodies,
            claims,
            acknowledgement: acknowledgement.clone(),
            received_at: hour,
        })
        .await?;
    match outcome {
        CreateOutcome::Created => {
            state.limits.recorded(&id, size, count, now);
            Ok(answer(StatusCode::CREATED, acknowledgement))
        }
        CreateOutcome::Repeated { acknowledgement } => Ok(answer(StatusCode::OK, acknowledgement)),
        CreateOutcome::Conflict => Err(Fault::IdempotencyMismatch),
        CreateOutcome::ClaimFault { index, fault } => Err(Fault::Claim { index, fault }),
    }
}

/// The acknowledgement as it was stored.
pub(crate) fn answer(status: StatusCode, acknowledgement: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], acknowledgement).into_response()
}
