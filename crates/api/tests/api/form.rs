//! What a browser without script sends, and what every page for it has to be.

use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request};
use recourse_testkit::{Answer, request, with};

const BOUNDARY: &str = "----a-boundary-of-a-test";

/// A file: name, type, bytes.
pub(crate) type File<'a> = (&'a str, &'a str, &'a [u8]);

/// What a browser without script posts there.
pub(crate) fn posted(path: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(head.into_bytes());
    }
    for (name, media_type, bytes) in files {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n").into_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let sent = request(Method::POST, path, Body::from(body));
    let sent = with(sent, "content-type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    with(sent, "sec-fetch-site", "same-origin")
}

/// All bytes below a folder.
pub(crate) fn below(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all.extend(if path.is_dir() { below(&path) } else { std::fs::read(path).unwrap() });
    }
    all
}

/// It is a page that runs nothing and that nobody keeps.
#[track_caller]
pub(crate) fn runs_nothing(answer: &Answer) {
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    assert_eq!(answer.header("content-security-policy"), policy);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!((answer.header("set-cookie"), answer.header("referrer-policy")), ("", "same-origin"));
    assert!(!answer.text().contains("<script") && !answer.text().contains(" style="));
}

/// The value of a hidden field.
pub(crate) fn hidden(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let start = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
    let value = text.split_once(&start).unwrap_or_else(|| panic!("no {name} in {text}")).1;
    value.split_once('"').unwrap().0.to_owned()
}
