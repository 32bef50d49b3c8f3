//! Drives the intake over a real connection: what is refused before it is read, and what is in the log and in the data folder after a whole
//! report.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use recourse_domain::event::EventClass;
use recourse_domain::lifecycle::CaseState;
use recourse_seal::receipt;
use recourse_wire::limits::REQUEST_BYTES;
use recourse_wire::path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::fmt::MakeWriter;

use recourse_testkit::{Reporter, World};

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// Sends a head and perhaps a body, and gives everything that comes back.
async fn exchange(address: SocketAddr, head: &str, body: &[u8]) -> (String, SocketAddr) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let own = stream.local_addr().unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may answer and close before it has read the body: that is what one test is about.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    // Only so that a server that waits for the body fails the test instead of hanging it.
    let read = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_to_end(&mut answer));
    let _ = read.await.expect("an answer");
    (String::from_utf8_lossy(&answer).into_owned(), own)
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let world = World::new().await;
    let upload = world.begin_upload(1, 100).await;
    let address = listen(world.intake.clone()).await;
    let reports = world.path(path::REPORTS);
    let json = "Content-Type: application/json\r\n".to_owned();
    let tus = format!(
        "Content-Type: application/offset+octet-stream\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nRecourse-Upload-Token: {}\r\n",
        BASE64URL_NOPAD.encode(&[1; 32])
    );
    let cases = [
        (format!("POST {reports}"), &json, REQUEST_BYTES + 1),
        (format!("POST {reports}"), &json, 1 << 40),
        (format!("PATCH {upload}"), &tus, 101),
    ];
    for (line, headers, length) in cases {
        // Not one byte of the body is sent: an answer shows that none was waited for.
        let head =
            format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n");
        let (answer, _) = exchange(address, &head, b"").await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{line}: {answer}");
        assert!(answer.contains("urn:recourse:problem:too-large"), "{answer}");
    }
    // Without a length, reading stops at the limit.
    let head =
        format!("POST {reports} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{json}Transfer-Encoding: chunked\r\n\r\n");
    let mut body = format!("{:x}\r\n", REQUEST_BYTES + 1).into_bytes();
    body.resize(body.len() + REQUEST_BYTES + 1, b' ');
    let (answer, _) = exchange(address, &head, &body).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(world.stored().await.len(), 1, "the upload that was begun, and no case");
}

/// Where the log goes in these tests.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn neither_log_nor_data_folder_tell_who_reported_what() {
    let log = Log::default();
    // For the whole process: the store writes from threads of its own.
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(log.clone()).init();
    let world = World::new().await;
    let address = listen(world.intake.clone()).await;
    let reporter = Reporter::new(1);
    let token = [0x5a; 32];
    let identifying = "User-Agent: Agent-Marker/1.0\r\nOrigin: https://origin-marker.example\r\nReferer: https://referer-marker.example/page\r\n\
        Cookie: cookie-marker=value\r\nX-Forwarded-For: 203.0.113.77\r\nForwarded: for=203.0.113.77\r\nAccept-Language: xx-Marker\r\n\
        Connection: close\r\nHost: host-marker.example\r\n";
    let upload_token = format!("Recourse-Upload-Token: {}\r\nTus-Resumable: 1.0.0\r\n", BASE64URL_NOPAD.encode(&token));
    let mut own_addresses = Vec::new();
    let mut ask = async |line: String, headers: String, body: Vec<u8>| {
        let length = body.len();
        let head = format!("{line} HTTP/1.1\r\n{identifying}{headers}Content-Length: {length}\r\n\r\n");
        let (answer, own) = exchange(address, &head, &body).await;
        own_addresses.push(own.to_string());
        answer
    };

    let answer = ask(format!("GET {}", world.path(path::MANIFEST)), String::new(), Vec::new()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let content = vec![0xa7; 3_000];
    let create = format!("{upload_token}Upload-Length: {}\r\n", content.len());
    let answer = ask(format!("POST {}", world.path(path::UPLOADS)), create, Vec::new()).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
    let chunk = format!("{upload_token}Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n");
    let answer = ask(format!("PATCH {location}"), chunk, content.clone()).await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let blob = recourse_wire::reporter::BlobClaim {
        upload: location.rsplit('/').next().unwrap().parse().unwrap(),
        token: BASE64URL_NOPAD.encode(&token),
        sha256: recourse_domain::ids::Digest::new(recourse_seal::hash::sha256(&content)),
    };
    let sent = world.report(&reporter, vec![blob.clone()]);
    let json = "Content-Type: application/json\r\n".to_owned();
    let ticket = world.ticketed(&sent).await.headers()["recourse-ticket"].to_str().unwrap().to_owned();
    let ticket = format!("{json}Recourse-Ticket: {ticket}\r\n");
    let body = serde_json::to_vec(&sent).unwrap();
    let answer = ask(format!("POST {}", world.path(path::REPORTS)), ticket, body).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    // A refused one too: what is wrong with it must not be repeated either.
    let broken = br#"{"case":"text-marker","bodies":"text-marker"}"#.to_vec();
    let answer = ask(format!("POST {}", world.path(path::REPORTS)), json.clone(), broken).await;
    assert!(answer.starts_with("HTTP/1.1 400") && !answer.contains("text-marker"), "{answer}");
    let receipt = format!("Authorization: {}\r\n", reporter.authorization());
    let answer = ask(format!("GET {}", world.path(path::OWN_CASE)), receipt.clone(), Vec::new()).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let act = world.act(EventClass::Transition, Some(CaseState::Withdrawn));
    let headers = format!("{receipt}{json}If-Match: \"2\"\r\nIdempotency-Key: key-marker\r\n");
    let answer =
        ask(format!("POST {}", world.path(path::OWN_EVENTS)), headers, serde_json::to_vec(&act).unwrap()).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let session = world.sign_in(0).await;
    let so_far = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(!so_far.contains("{channel}"), "a line for a single request tells when somebody reported:\n{so_far}");
    world.state.traffic().log_and_reset();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for line in [
        "a reviewer signed in",
        "route=\"/api/v1/challenges\"",
        "/api/v1/channels/{channel}/reports",
        "a cookie arrived",
    ] {
        assert!(log.contains(line), "the log was not captured: {line}\n{log}");
    }
    let both = |bytes: &[u8]| [HEXLOWER.encode(bytes), BASE64URL_NOPAD.encode(bytes), BASE64.encode(bytes)];
    let mut secrets: Vec<String> = Vec::new();
    for secret in [token, reporter.token, receipt::token_hash(&token), receipt::token_hash(&reporter.token)] {
        secrets.extend(both(&secret));
    }
    secrets.extend(both(&reporter.lookup));
    let markers = ["-marker", "Agent-Marker", "xx-Marker", "203.0.113.77"].map(str::to_owned);
    let mut forbidden = [secrets.clone(), markers.to_vec(), own_addresses.clone()].concat();
    forbidden.push(session.trim_start_matches("Bearer ").to_owned());
    forbidden.extend([
        reporter.case.to_string(),
        blob.upload.to_string(),
        blob.sha256.to_string(),
        sent.signature.clone(),
    ]);
    for body in sent.bodies.iter().chain(&act.bodies) {
        forbidden.push(body.sha256.to_string());
        forbidden.extend(both(&body.sealed[200..248]));
    }
    for text in &forbidden {
        assert!(!log.contains(text.as_str()), "{text} is in the log:\n{log}");
    }

    // The folder holds what was sealed and hashes of tokens, but no token, and nothing of the request around it.
    drop(world.intake);
    let stored = files(world.folder.path());
    assert!(find(&stored, &sent.bodies[0].sealed[200..248]), "the folder was not read as it is");
    for text in markers.iter().filter(|text| *text != "-marker").chain(&own_addresses) {
        assert!(!find(&stored, text.as_bytes()), "{text} is in the data folder");
    }
    for marker in ["origin-marker", "referer-marker", "cookie-marker", "host-marker", "text-marker"] {
        assert!(!find(&stored, marker.as_bytes()), "{marker} is in the data folder");
    }
    for secret in [token.as_slice(), &reporter.token, &reporter.lookup] {
        assert!(!find(&stored, secret), "a secret is in the data folder");
        assert!(both(secret).iter().all(|text| !find(&stored, text.as_bytes())), "a secret is in the data folder");
    }
}

fn files(folder: &std::path::Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all.extend(if path.is_dir() { files(&path) } else { std::fs::read(&path).unwrap() });
        all.extend([0; 64]);
    }
    all
}

fn find(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
