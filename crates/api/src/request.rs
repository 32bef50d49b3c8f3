//! Reading requests: headers, path parts and bodies, each refused with its own fault.

use axum::body::Body;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, header};
use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use recourse_domain::ids::{CaseId, ChannelId, Digest, UploadId};
use recourse_seal::hash::sha256;
use recourse_seal::receipt;
use recourse_wire::header::{
    IDEMPOTENCY_KEY, RECEIPT_SCHEME, SESSION_PREFIX, SESSION_SCHEME, TUS_RESUMABLE, TUS_VERSION, UPLOAD_METADATA,
    UPLOAD_TOKEN,
};
use recourse_wire::limits::REQUEST_BYTES;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// A header's text, if it is there once and visible ASCII.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Fault> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Fault::MalformedHeader(name)),
        (Some(_), Some(_)) => Err(Fault::MalformedHeader(name)),
    }
}

/// A number in plain digits.
pub(crate) fn number(headers: &HeaderMap, name: &'static str) -> Result<Option<u64>, Fault> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::MalformedHeader(name));
    }
    text.parse().map(Some).map_err(|_| Fault::MalformedHeader(name))
}

/// `If-Match: "N"`, the number of events that the request was made for.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<u64, Fault> {
    let name = "if-match";
    let text = text(headers, name)?.ok_or(Fault::PreconditionRequired)?;
    let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    digits
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .ok_or(Fault::MalformedHeader(name))
}

/// Whether `If-None-Match` names this entity tag (or any).
pub(crate) fn none_match(headers: &HeaderMap, etag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    })
}

/// `Idempotency-Key`, quoted or bare, 1 to 64 visible characters.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let Some(text) = text(headers, IDEMPOTENCY_KEY)? else { return Ok(None) };
    let key = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').ok_or(Fault::MalformedHeader(IDEMPOTENCY_KEY))?,
        None => text,
    };
    let fits = (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    if fits { Ok(Some(key.to_owned())) } else { Err(Fault::MalformedHeader(IDEMPOTENCY_KEY)) }
}

/// SHA-256 of a secret of 32 bytes in base64url: all that is kept or compared of it.
pub(crate) fn token_hash(token: &str) -> Option<Digest> {
    let bytes: [u8; 32] = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?.try_into().ok()?;
    Some(Digest::new(receipt::token_hash(&bytes)))
}

/// The hash of the upload token in the header.
pub(crate) fn upload_token(headers: &HeaderMap) -> Result<Digest, Fault> {
    text(headers, UPLOAD_TOKEN)?.and_then(token_hash).ok_or(Fault::MalformedHeader(UPLOAD_TOKEN))
}

/// What every tus request must and must not carry.
pub(crate) fn tus(headers: &HeaderMap) -> Result<(), Fault> {
    if text(headers, TUS_RESUMABLE)? != Some(TUS_VERSION) {
        return Err(Fault::TusVersion);
    }
    if headers.contains_key(UPLOAD_METADATA) {
        return Err(Fault::Metadata);
    }
    Ok(())
}

/// What a receipt opens: the case, and the hash of the token that proves it.
pub(crate) fn receipt(headers: &HeaderMap) -> Result<(CaseId, Digest), Fault> {
    const NAME: &str = "authorization";
    let parse = |text: &str| {
        let (lookup, token) = credentials(text, RECEIPT_SCHEME)?.split_once('.')?;
        // A lookup id has the length and text form of an upload id.
        let lookup: UploadId = lookup.parse().ok()?;
        Some((CaseId::new(receipt::case_id(lookup.as_bytes())), token_hash(token)?))
    };
    text(headers, NAME)?.and_then(parse).ok_or(Fault::MalformedHeader(NAME))
}

/// The hash of the session token.
pub(crate) fn session_token(headers: &HeaderMap) -> Result<Digest, Fault> {
    let token = text(headers, "authorization")?.and_then(|text| credentials(text, SESSION_SCHEME));
    match token {
        Some(token) if token.starts_with(SESSION_PREFIX) => Ok(Digest::new(sha256(token.as_bytes()))),
        _ => Err(Fault::SignInRequired),
    }
}

/// What follows the scheme, whose name is told without regard to case (RFC 9110).
fn credentials<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (found, rest) = text.split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then(|| rest.trim_start_matches(' '))
}

/// Requires a media type; parameters are not looked at.
pub(crate) fn media_type(headers: &HeaderMap, expected: &'static str) -> Result<(), Fault> {
    let found = text(headers, "content-type")?.unwrap_or_default();
    let essence = found.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(expected) { Ok(()) } else { Err(Fault::MediaType { expected }) }
}

/// The whole body of a JSON request. A body that says it is too large is refused before a byte of it is read.
pub(crate) async fn json_bytes(request: Request<Body>) -> Result<Bytes, Fault> {
    media_type(request.headers(), "application/json")?;
    let too_large = || Fault::TooLarge { limit: REQUEST_BYTES as u64 };
    if number(request.headers(), "content-length")?.is_some_and(|length| length > REQUEST_BYTES as u64) {
        return Err(too_large());
    }
    match Limited::new(request.into_body(), REQUEST_BYTES).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Fault::MalformedRequest("body".to_owned())),
    }
}

/// Reads JSON. The fault names the place alone: serde's message would repeat the content.
pub(crate) fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // A key of the request is a part of the path; one that is no field name of ours could be anything.
        let path: String = error.path().to_string().chars().take(200).collect();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.[]?".contains(c);
        Fault::MalformedRequest(if path.chars().all(plain) { path } else { "?".to_owned() })
    })?;
    json.end().map_err(|_| Fault::MalformedRequest("end".to_owned()))?;
    Ok(value)
}

/// Reads a JSON request whole.
pub(crate) async fn json<T: DeserializeOwned>(request: Request<Body>) -> Result<T, Fault> {
    parse_json(&json_bytes(request).await?)
}

/// Parts of the path, each of which has its own way of not being found.
macro_rules! path_parts {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $placeholder:literal, $fault:expr;)* })*) => {$(
        $(#[$doc])*
        pub(crate) struct $name { $(pub(crate) $field: $type,)* }

        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = Fault;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
                let Path(mut values) = Path::<std::collections::HashMap<String, String>>::from_request_parts(parts, state)
                    .await
                    .map_err(|_| Fault::NotFound)?;
                Ok(Self { $($field: values.remove($placeholder).and_then(|text| text.parse().ok()).ok_or($fault)?,)* })
            }
        }
    )*};
}

path_parts! {
    InChannel { channel: ChannelId = "channel", Fault::UnknownChannel; }
    InUpload { channel: ChannelId = "channel", Fault::UnknownChannel; upload: UploadId = "upload", Fault::UnknownUpload; }
    InOwnBody { channel: ChannelId = "channel", Fault::UnknownChannel; sha256: Digest = "sha256", Fault::UnknownBody; }
    InCase { case: CaseId = "case", Fault::UnknownCase; }
    InBody { case: CaseId = "case", Fault::UnknownCase; sha256: Digest = "sha256", Fault::UnknownBody; }
}
