//! Sealed bodies and attachments on their way out.

use std::ops::Range;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use recourse_domain::event::{Author, BodyPart};
use recourse_domain::ids::Digest;

use crate::case;
use crate::fault::{Chain, Fault};
use crate::request::{InBody, text};
use crate::session::Reader;
use crate::state::State;

const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// `GET /cases/{case}/bodies/{sha256}`. Contact details come out only for whoever has had their opening recorded.
pub(crate) async fn body(
    Reader(reviewer): Reader,
    Shared(state): Shared<State>,
    InBody { case, sha256 }: InBody,
) -> Result<Response, Fault> {
    case::find(&state, &case).await?;
    let body = state.store.body(&case, &sha256).await?.ok_or(Fault::UnknownBody)?;
    if body.part == BodyPart::Contact {
        let own = Author::Reviewer { key: reviewer.key };
        let events = state.store.events(&case).await?;
        if !events.iter().any(|event| event.header.contact_opened && event.header.author == own) {
            return Err(Fault::ContactClosed);
        }
    }
    Ok(sealed_body(body.sealed))
}

/// A sealed body as an answer.
pub(crate) fn sealed_body(sealed: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, OCTETS)], sealed).into_response()
}

/// `GET /cases/{case}/blobs/{sha256}`, whole or one range of it (RFC 9110, section 14).
pub(crate) async fn blob(
    _: Reader,
    Shared(state): Shared<State>,
    InBody { case, sha256 }: InBody,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    case::find(&state, &case).await?;
    let size = state.store.blob_size(&case, &sha256).await?.ok_or(Fault::UnknownBody)?;
    let range = if range_applies(&headers, &sha256) { asked_range(&headers, size)? } else { None };
    let blob = state.store.blob(&case, &sha256, range.clone()).await?.ok_or(Fault::UnknownBody)?;
    // The head is sent by the time that reading fails: all that is left is to break off, and to say why in the log.
    let bytes = blob.bytes.inspect(|piece| {
        if let Err(error) = piece {
            tracing::error!(cause = %Chain(error), "an attachment could not be read to its end");
        }
    });
    let length = blob.range.end.saturating_sub(blob.range.start);
    let mut response = Body::from_stream(bytes).into_response();
    let mut set = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_LENGTH, length.to_string());
    set(header::ETAG, format!("\"{sha256}\""));
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    if range.is_some() {
        set(header::CONTENT_RANGE, format!("bytes {}-{}/{size}", blob.range.start, blob.range.end.saturating_sub(1)));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response.headers_mut().insert(header::CONTENT_TYPE, OCTETS);
    Ok(response)
}

/// `If-Range` with another entity tag asks for everything.
fn range_applies(headers: &HeaderMap, sha256: &Digest) -> bool {
    headers.get(header::IF_RANGE).is_none_or(|tag| tag.as_bytes() == format!("\"{sha256}\"").as_bytes())
}

/// The range asked for. What is no range, or several, is ignored, as RFC 9110 allows; one that begins past the end is refused.
fn asked_range(headers: &HeaderMap, size: u64) -> Result<Option<Range<u64>>, Fault> {
    let Some((first, last)) = text(headers, "range")?
        .and_then(|range| range.strip_prefix("bytes="))
        .and_then(|range| range.trim().split_once('-'))
        .map(|(first, last)| (parse(first), parse(last)))
    else {
        return Ok(None);
    };
    match (first, last) {
        (Number::Is(first), Number::Is(last)) if first <= last && first < size => {
            Ok(Some(first..last.saturating_add(1).min(size)))
        }
        (Number::Is(first), Number::None) if first < size => Ok(Some(first..size)),
        (Number::None, Number::Is(suffix)) if suffix > 0 && size > 0 => Ok(Some(size.saturating_sub(suffix)..size)),
        (Number::Is(first), Number::Is(last)) if first > last => Ok(None),
        (Number::Other, _) | (_, Number::Other) | (Number::None, Number::None) => Ok(None),
        (Number::Is(_) | Number::None, _) => Err(Fault::Range { size }),
    }
}

enum Number {
    None,
    Is(u64),
    Other,
}

fn parse(text: &str) -> Number {
    if text.is_empty() {
        return Number::None;
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Number::Other;
    }
    // More digits than a size can have are past any end.
    text.parse().map_or(Number::Is(u64::MAX), Number::Is)
}
