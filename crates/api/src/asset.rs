//! Static files of a site, held in memory: they are few and small, and no path of a request ever reaches a file system.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use recourse_seal::hash::sha256;

use crate::fault::Fault;
use crate::request::none_match;

/// The files of one site by path without a leading slash, `assets/app-3f9c2a.js`.
#[derive(Debug, Default)]
pub struct Assets(HashMap<String, Asset>);

#[derive(Debug)]
struct Asset {
    bytes: Bytes,
    /// The same, compressed with brotli.
    brotli: Option<Bytes>,
    /// Hash of `bytes`, without quotes.
    tag: String,
    media_type: &'static str,
}

impl Assets {
    /// Takes all files of a site. A file `X.br` beside `X` is its compressed form, not a file of its own.
    pub fn from_files(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let (compressed, plain): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| path.ends_with(".br"));
        let mut compressed: HashMap<_, _> = compressed.into_iter().collect();
        let asset = |(path, bytes): (String, Bytes)| {
            let asset = Asset {
                brotli: compressed.remove(&format!("{path}.br")),
                tag: HEXLOWER.encode(&sha256(&bytes)[..16]),
                media_type: media_type(&path),
                bytes,
            };
            (path, asset)
        };
        Self(plain.into_iter().map(asset).collect())
    }

    /// Whether there is a file at that path.
    pub fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// A page's text, for the server to fill in.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(&self.0.get(path)?.bytes).ok()
    }

    /// A page that was filled in, as an answer.
    pub(crate) fn filled(text: String, headers: &HeaderMap) -> Result<Response, Fault> {
        let tag = HEXLOWER.encode(&sha256(text.as_bytes())[..16]);
        let brotli = takes_brotli(headers).then(|| compress(text.as_bytes()));
        let asset = Asset { brotli, tag, media_type: "text/html; charset=utf-8", bytes: text.into() };
        let mut response = asset.answer(headers)?;
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language"));
        Ok(response)
    }

    /// The file as an answer, compressed where the client takes that.
    pub(crate) fn answer(&self, path: &str, headers: &HeaderMap) -> Result<Response, Fault> {
        self.0.get(path).ok_or(Fault::NotFound)?.answer(headers)
    }
}

impl Asset {
    fn answer(&self, headers: &HeaderMap) -> Result<Response, Fault> {
        let (bytes, etag, encoding) = match &self.brotli {
            Some(brotli) if takes_brotli(headers) => (brotli, format!("\"{}-br\"", self.tag), Some("br")),
            _ => (&self.bytes, format!("\"{}\"", self.tag), None),
        };
        let mut response = if none_match(headers, &etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            bytes.clone().into_response()
        };
        let etag = HeaderValue::from_str(&etag).map_err(|_| Fault::Inside("a hash is no header value"))?;
        let set = response.headers_mut();
        set.insert(header::ETAG, etag);
        set.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Ok(response)
    }
}

/// A page of a few kilobytes takes a fraction of a millisecond at this level.
fn compress(bytes: &[u8]) -> Bytes {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 6, lgwin: 18, ..Default::default() };
    // Writing to memory does not fail.
    let _ = brotli::BrotliCompress(&mut &*bytes, &mut out, &params);
    out.into()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let list = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    list.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let refused = |weight: &str| weight.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        parts.next() == Some("br") && !parts.any(refused)
    })
}
