//! The demo product page: a few static files on an origin of their own, under the strictest policy that a host may have.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::assets::extension;

/// What is served, and what its placeholders become.
#[derive(Debug)]
pub(crate) struct Product {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// `{{intake-origin}}`.
    pub(crate) intake_origin: String,
    /// `{{channel}}`.
    pub(crate) channel: String,
    /// `{{root-key}}`.
    pub(crate) root_key: String,
}

/// An answer before it is written.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: &'static str,
    media_type: &'static str,
    body: Vec<u8>,
}

/// Serves until the process ends; one thread a connection, which is closed after its answer.
pub(crate) fn serve(listener: TcpListener, product: Arc<Product>) {
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let product = Arc::clone(&product);
            // A browser that goes away in the middle is no news.
            thread::spawn(move || drop(converse(stream, &product)));
        }
    });
}

fn converse(stream: TcpStream, product: &Product) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(16 * 1024));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let answer = product.answer(&request);
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nContent-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.media_type,
        answer.body.len(),
        product.policy(),
    )?;
    if !request.starts_with("HEAD ") {
        stream.write_all(&answer.body)?;
    }
    stream.flush()?;
    Ok(())
}

impl Product {
    /// Nothing but its own style, our loader and our frame; Trusted Types as well.
    fn policy(&self) -> String {
        let intake = &self.intake_origin;
        format!(
            "default-src 'none'; script-src {intake}; style-src 'self'; frame-src {intake}; require-trusted-types-for 'script'"
        )
    }

    fn answer(&self, request: &str) -> Answer {
        let text = |status, text: &str| Answer { status, media_type: "text/plain; charset=utf-8", body: text.into() };
        let mut words = request.split(' ');
        let (Some("GET" | "HEAD"), Some(target)) = (words.next(), words.next()) else {
            return text("405 Method Not Allowed", "only GET and HEAD\n");
        };
        let path = target.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
        let path = if path.is_empty() { "index.html" } else { path };
        match self.read(path) {
            Ok(body) => Answer { status: "200 OK", media_type: media_type(path), body },
            Err(_) => text("404 Not Found", "no such page\n"),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>> {
        let plain = |part: &str| !part.is_empty() && part != ".." && !part.contains(['\\', '%', '\0', ':']);
        anyhow::ensure!(path.split('/').all(plain), "no plain path");
        let bytes = std::fs::read(self.folder.join(Path::new(path))).with_context(|| path.to_owned())?;
        if extension(path) != "html" {
            return Ok(bytes);
        }
        let page = String::from_utf8(bytes)?
            .replace("{{intake-origin}}", &self.intake_origin)
            .replace("{{channel}}", &self.channel)
            .replace("{{root-key}}", &self.root_key);
        Ok(page.into_bytes())
    }
}

fn media_type(path: &str) -> &'static str {
    match extension(path) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> (tempfile::TempDir, Product) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("site")).unwrap();
        std::fs::write(folder.path().join("secret"), "secret").unwrap();
        std::fs::write(
            folder.path().join("site/index.html"),
            "<script src={{intake-origin}}/x.js></script><report-concern channel={{channel}} root-key={{root-key}}>",
        )
        .unwrap();
        std::fs::write(folder.path().join("site/a.css"), "{{channel}}").unwrap();
        let product = Product {
            folder: folder.path().join("site"),
            intake_origin: "http://127.0.0.1:8480".into(),
            channel: "demo".into(),
            root_key: "KEY".into(),
        };
        (folder, product)
    }

    #[test]
    fn pages_are_filled_in_and_other_files_are_not() {
        let (_folder, product) = product();
        for target in ["/", "/index.html", "/?a=b"] {
            let answer = product.answer(&format!("GET {target} HTTP/1.1\r\n"));
            assert_eq!((answer.status, answer.media_type), ("200 OK", "text/html; charset=utf-8"));
            assert_eq!(
                String::from_utf8(answer.body).unwrap(),
                "<script src=http://127.0.0.1:8480/x.js></script><report-concern channel=demo root-key=KEY>"
            );
        }
        assert_eq!(product.answer("GET /a.css HTTP/1.1\r\n").body, b"{{channel}}");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let (_folder, product) = product();
        for target in ["/../secret", "/..%2fsecret", "//etc/passwd", "/x/../../secret", "/none.html", "/site/.."] {
            assert_eq!(product.answer(&format!("GET {target} HTTP/1.1\r\n")).status, "404 Not Found", "{target}");
        }
        for request in ["POST / HTTP/1.1\r\n", "", "GET"] {
            assert_eq!(product.answer(request).status, "405 Method Not Allowed", "{request}");
        }
    }

    #[test]
    fn the_policy_names_the_intake_alone() {
        let (_folder, product) = product();
        assert_eq!(
            product.policy(),
            "default-src 'none'; script-src http://127.0.0.1:8480; style-src 'self'; frame-src http://127.0.0.1:8480; \
             require-trusted-types-for 'script'"
        );
    }

    #[test]
    fn a_request_over_a_socket_gets_the_headers() {
        let (_folder, product) = product();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        serve(listener, Arc::new(product));
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(
            text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("Content-Security-Policy: default-src 'none'"),
            "{text}"
        );
    }
}
