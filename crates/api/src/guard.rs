//! What surrounds every handler: dropping what would identify people, headers of every answer, and the log.

use std::any::Any;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use recourse_pages::Language;
use recourse_wire::header::{
    IDEMPOTENCY_KEY, TICKET, TUS_RESUMABLE, UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET, UPLOAD_TOKEN,
};
use recourse_wire::path;

use crate::fault::Fault;
use crate::state::State;

/// The request headers that handlers get to see. All others – addresses set by proxies, user agent, origin, referrer, languages, client
/// hints – are dropped, so that no later line of code can log or keep them.
const KEPT: [HeaderName; 18] = [
    header::ACCEPT_ENCODING,
    header::AUTHORIZATION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::RANGE,
    header::TRANSFER_ENCODING,
    HeaderName::from_static(IDEMPOTENCY_KEY),
    HeaderName::from_static(METHOD_OVERRIDE),
    HeaderName::from_static(TICKET),
    HeaderName::from_static(TUS_RESUMABLE),
    HeaderName::from_static(UPLOAD_LENGTH),
    HeaderName::from_static(UPLOAD_METADATA),
    HeaderName::from_static(UPLOAD_OFFSET),
    HeaderName::from_static(UPLOAD_TOKEN),
];

/// For clients that cannot send PATCH or DELETE (tus 1.0).
pub(crate) const METHOD_OVERRIDE: &str = "x-http-method-override";

/// What is kept of headers that are dropped: one of our languages, and whether a page of this origin asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// The best of ours for what the browser says it reads.
    pub(crate) language: Language,
    /// A post came from a page of this origin.
    pub(crate) from_own_page: bool,
}

impl Visit {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let language = Language::accepted(text(&header::ACCEPT_LANGUAGE).unwrap_or_default());
        // Every browser that can be made to post from another site's page sends one of the two; a browser without script may send none.
        let from_own_page = match (text(&FETCH_SITE), text(&header::ORIGIN)) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => {
                origin.split_once("://").map(|(_, host)| host) == text(&header::HOST) && text(&header::HOST).is_some()
            }
            (None, None) => true,
        };
        Self { language, from_own_page }
    }
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Around the intake: counted, never logged singly, cookies dropped unread.
pub(crate) async fn intake(
    axum::extract::State(state): axum::extract::State<State>,
    mut request: Request,
    next: Next,
) -> Response {
    if request.headers().contains_key(header::COOKIE) && state.traffic.cookie_arrived() {
        tracing::warn!(
            "a cookie arrived at the intake and was dropped unread; give the intake a registrable domain of its own"
        );
    }
    let network = state.take_network(&mut request);
    let visit = Visit::of(request.headers());
    request.extensions_mut().insert(visit);
    let shared = request.uri().path().starts_with("/api/");
    let preflight = shared && is_preflight(&request);
    keep_known(request.headers_mut());
    let (route, method) = (route(&request), method(&request));
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    if shared {
        for_other_origins(response.headers_mut(), preflight);
    }
    // Looked at afterwards: whoever holds a receipt is not made to wait for others who guess.
    if response.extensions().get::<Guess>().is_some()
        && let Err(later) = state.limits.guess(network, state.now())
    {
        response = Fault::TooMany(later).into_response();
    }
    state.traffic.count(&route, method, response.status().as_u16());
    default_headers(response.headers_mut());
    response
}

/// Around the console: each request is logged by its route pattern.
#[allow(clippy::disallowed_methods, reason = "how long a request took goes into the log and nowhere else")]
pub(crate) async fn console(
    axum::extract::State(state): axum::extract::State<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let network = state.take_network(&mut request);
    keep_known(request.headers_mut());
    let (route, method) = (route(&request), method(&request));
    let start = Instant::now();
    // Each challenge is kept for a while.
    let admitted = if (route.as_str(), method) == (path::CHALLENGES, "POST") {
        state.limits.challenge(network, state.now())
    } else {
        Ok(())
    };
    let mut response = match admitted {
        Ok(()) => next.run(request).await,
        Err(later) => Fault::TooMany(later).into_response(),
    };
    let (status, duration_ms) = (response.status().as_u16(), start.elapsed().as_millis() as u64);
    tracing::info!(route, method, status, duration_ms, "console request");
    default_headers(response.headers_mut());
    response
}

/// What a browser asks before a page of another origin may send something.
fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The reporters' API answers pages of every origin: an extension has none that a server can know, and nothing here rests on cookies or on who asks.
fn for_other_origins(headers: &mut HeaderMap, preflight: bool) {
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if preflight {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PATCH, DELETE");
        set(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
        set(header::ACCESS_CONTROL_MAX_AGE, "600");
    } else {
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}

/// What clients of the reporters' API send beside what browsers always may.
const ALLOWED: &str = "authorization, content-type, idempotency-key, if-match, recourse-ticket, recourse-upload-token, tus-resumable, upload-length, upload-offset, x-http-method-override";
/// What they read of an answer.
const EXPOSED: &str = "etag, location, ratelimit, ratelimit-policy, retry-after, tus-resumable, tus-version, upload-expires, upload-length, upload-offset";

/// Marks the answer to a receipt that opens nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guess;

/// A panic is a fault of ours like any other. Its message may hold a part of the request and is not looked at; the panic hook tells the place.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Fault::Inside("a handler panicked").into_response()
}

fn keep_known(headers: &mut HeaderMap) {
    let unknown: Vec<_> = headers.keys().filter(|name| !KEPT.contains(name)).cloned().collect();
    for name in unknown {
        headers.remove(name);
    }
    for name in [&header::AUTHORIZATION, &HeaderName::from_static(UPLOAD_TOKEN)] {
        if let Some(value) = headers.get_mut(name) {
            value.set_sensitive(true);
        }
    }
}

/// The pattern, never the path: paths hold ids.
fn route(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned())
}

/// The method, if it is one of HTTP's own: others are text that somebody chose.
fn method(request: &Request) -> &'static str {
    use axum::http::Method;
    const KNOWN: [(Method, &str); 7] = [
        (Method::GET, "GET"),
        (Method::HEAD, "HEAD"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::OPTIONS, "OPTIONS"),
    ];
    KNOWN.iter().find(|(known, _)| known == request.method()).map_or("-", |(_, name)| name)
}

/// Strict unless a handler said otherwise.
fn default_headers(headers: &mut HeaderMap) {
    const DEFAULTS: [(HeaderName, &str); 7] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    ];
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
