//! Channels and their manifests.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use recourse_domain::channel::Manifest;
use recourse_domain::ids::ChannelId;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::settings::Settings;
use recourse_domain::time::Timestamp;
use recourse_store::ChannelRecord;
use recourse_wire::console::Channels;

use crate::fault::Fault;
use crate::request::{InChannel, none_match};
use crate::session::SignedIn;
use crate::state::State;

/// The channel with its current manifest.
pub(crate) async fn find(state: &State, channel: &ChannelId) -> Result<ChannelRecord, Fault> {
    state.store.channel(channel).await?.ok_or(Fault::UnknownChannel)
}

/// Whether reports are still taken: until the days of grace after the manifest's end are over.
pub(crate) fn is_open(manifest: &Manifest, now: Timestamp) -> bool {
    now <= manifest.expires_at.plus_days(Manifest::GRACE_DAYS)
}

/// When each stage is over. Settings that cannot be read, which `init` refuses, count as none.
pub(crate) fn due(manifest: &Manifest, from: Timestamp) -> Vec<(CaseState, Timestamp)> {
    Settings::read(&manifest.settings).unwrap_or_default().due(&manifest.stages, from)
}

/// `GET …/manifest`: the signed envelope as it is. Its entity tag is the digest that reports name.
pub(crate) async fn manifest(
    Shared(state): Shared<State>,
    InChannel { channel }: InChannel,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let record = find(&state, &channel).await?;
    let etag = format!("\"{}\"", record.payload_sha256);
    let mut response = if none_match(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(&record.envelope).into_response()
    };
    let etag = HeaderValue::from_str(&etag).map_err(|_| Fault::Inside("a digest is no header value"))?;
    response.headers_mut().insert(header::ETAG, etag);
    // Asked again each time, so that a new reader group or key is seen at once; not `no-store`, so that asking is cheap.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// `GET /channels`: all signed manifests, for reviewers.
pub(crate) async fn list(_: SignedIn, Shared(state): Shared<State>) -> Result<Json<Channels>, Fault> {
    let channels = state.store.channels().await?;
    Ok(Json(Channels { manifests: channels.into_iter().map(|record| record.envelope).collect() }))
}
