//! Whether the server lives and whether it can work.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use serde::Serialize;

use crate::fault::Chain;
use crate::state::State;

/// Whether requests can be served, and what an operator should look at.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    ready: bool,
    warnings: Vec<&'static str>,
}

/// `/healthz`: the process answers.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// `/readyz`: storage works, there is a channel, and each channel's manifest names our acknowledgement key and has not expired.
pub(crate) async fn ready(Shared(state): Shared<State>) -> (StatusCode, Json<Readiness>) {
    let mut warnings = Vec::new();
    let stored = match state.store.ready().await {
        Ok(()) => state.store.channels().await,
        Err(error) => Err(error),
    };
    let mut ready = true;
    match stored {
        Err(error) => {
            tracing::error!(cause = %Chain(&error), "not ready");
            warnings.push("storage-unavailable");
            ready = false;
        }
        Ok(channels) => {
            let key = state.acknowledgement_key.verifying_key().to_string();
            if channels.is_empty() {
                warnings.push("no-channel");
                ready = false;
            }
            if channels.iter().any(|record| record.manifest.acknowledgement_keys.iter().all(|known| known.key != key)) {
                warnings.push("acknowledgement-key-not-in-manifest");
                ready = false;
            }
            if channels.iter().any(|record| record.manifest.expires_at <= state.now()) {
                warnings.push("manifest-expired");
            }
        }
    }
    if state.traffic.has_cookie_arrived() {
        warnings.push("cookie-arrived");
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, warnings }))
}
