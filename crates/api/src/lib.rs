#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod asset;
mod case;
mod channel;
mod coming_back;
mod content;
mod fault;
mod guard;
mod health;
mod inside;
mod limit;
mod network;
mod own;
mod page;
mod plain;
mod posted;
mod report;
mod request;
mod sealed;
mod session;
mod state;
mod ticket;
mod traffic;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{delete, get, head, options, post};
use recourse_wire::path;
use tower_http::catch_panic::CatchPanicLayer;

pub use asset::Assets;
pub use limit::{Bucket, Limits, Policy, TooMany};
pub use network::{Network, TrustedProxy, TrustedProxyError};
pub use page::is_origin;
pub use state::{Clock, Setup, State};
pub use traffic::Traffic;

/// Everything that reporters and product pages ask for. The reviewer API is not here.
pub fn intake_router(state: State) -> Router {
    Router::new()
        .route(path::MANIFEST, get(channel::manifest))
        .route(path::TICKETS, post(ticket::create))
        .route(path::REPORTS, post(report::create))
        .route(path::OWN_CASE, get(own::case))
        .route(path::OWN_BODY, get(own::body))
        .route(path::OWN_EVENTS, post(own::append))
        .merge(uploads())
        .route("/embed/{channel}", get(page::embed))
        .route("/r/{channel}", get(page::hosted))
        // Bounded by its own reader, which takes a channel's limits.
        .route("/r/{channel}/plain", get(plain::begin).post(plain::go_on).layer(DefaultBodyLimit::disable()))
        .route("/follow-up/{channel}", get(page::follow_up))
        .route(
            "/follow-up/{channel}/plain",
            get(coming_back::begin).post(coming_back::go_on).layer(DefaultBodyLimit::disable()),
        )
        .route("/verify", get(page::verify))
        .route("/left", get(page::left))
        .route("/assets/{*path}", get(page::intake_asset))
        .route("/widget/{*path}", get(page::widget))
        .merge(health_routes())
        .fallback(fault::not_found)
        .method_not_allowed_fallback(fault::method_not_allowed)
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(state.clone(), guard::intake))
        .with_state(state)
}

/// What the pages without script need of the reporter API, in process: without the guard, which is about requests from outside, and without tickets.
fn inside_router(state: State) -> Router {
    Router::new()
        .route(path::MANIFEST, get(channel::manifest))
        .route(path::REPORTS, post(report::create))
        .route(path::OWN_CASE, get(own::case))
        .route(path::OWN_BODY, get(own::body))
        .route(path::OWN_EVENTS, post(own::append))
        .merge(uploads())
        .fallback(fault::not_found)
        .with_state(state)
}

fn uploads() -> Router<State> {
    Router::new()
        .route(path::UPLOADS, options(upload::options).post(upload::create))
        .route(path::UPLOAD, head(upload::status).patch(upload::append).delete(upload::delete).post(upload::overridden))
        .layer(map_response(upload::speak_tus))
}

/// Everything that reviewers ask for, on an origin of its own.
pub fn console_router(state: State) -> Router {
    Router::new()
        .route(path::CHALLENGES, post(session::challenge))
        .route(path::SESSIONS, post(session::sign_in).merge(delete(session::sign_out)))
        .route(path::KEYRING, get(session::keyring))
        .route(path::CHANNELS, get(channel::list))
        .route(path::CASES, get(case::list))
        .route(path::CASE, get(case::detail))
        .route(path::CASE_EVENTS, post(case::append))
        .route(path::CASE_BODY, get(content::body))
        .route(path::CASE_BLOB, get(content::blob))
        .route("/", get(page::console))
        .route("/evidence-frame.html", get(page::evidence))
        .route("/assets/{*path}", get(page::console_asset))
        .merge(health_routes())
        .fallback(fault::not_found)
        .method_not_allowed_fallback(fault::method_not_allowed)
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(state.clone(), guard::console))
        .with_state(state)
}

fn health_routes() -> Router<State> {
    Router::new().route("/healthz", get(health::live)).route("/readyz", get(health::ready))
}
