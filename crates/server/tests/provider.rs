//! What a provider does with the binary: a channel's next manifest, test mode, context tokens, and the doctor against real listeners.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use data_encoding::BASE64URL_NOPAD;
use recourse_domain::channel::Manifest;
use recourse_domain::settings::Settings;
use serde_json::Value;

struct Place(tempfile::TempDir);

impl Place {
    /// With the keys of the channel `demo`, which `embed` may embed.
    fn new(embed: &str, more: &[&str]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (folder, files) in [
            (
                "intake",
                &["embed.html", "hosted.html", "follow-up.html", "plain.html", "plain-follow-up.html", "verify.html"][..],
            ),
            ("console", &["index.html"]),
        ] {
            let folder = place.path("www").join(folder);
            std::fs::create_dir_all(folder.join("widget")).unwrap();
            for file in files {
                std::fs::write(folder.join(file), format!("<!doctype html><title>{file}</title>")).unwrap();
            }
            std::fs::write(folder.join("widget/report-concern.js"), "export {};\n").unwrap();
        }
        let arguments = [
            &["keygen", "--out", "keys", "--public", "public", "--channel", "demo", "--provider", "Northwind"][..],
            &["--product", "CRM", "--intake-origin", "http://127.0.0.1:8080", "--console-origin"],
            &["http://127.0.0.1:8081", "--reviewer", "Ada", "--embed-origin", embed],
            more,
        ];
        place.succeed(&arguments.concat());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_recourse")).current_dir(self.0.path()).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn refuse(&self, arguments: &[&str], reason: &str) {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(reason), "{arguments:?}: {error}");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes `edited.toml`: the file that `keygen` wrote with one passage changed.
    fn edit(&self, from: &str, to: &str) {
        let text = self.text("public/channel.toml");
        assert!(text.contains(from), "{from:?} is not in the file");
        std::fs::write(self.path("edited.toml"), text.replacen(from, to, 1)).unwrap();
    }

    fn sign(&self) -> [&'static str; 7] {
        ["channel", "sign", "edited.toml", "--root-key", "keys/root.key", "--public", "public"]
    }

    fn init(&self) -> [&'static str; 7] {
        ["init", "--data", "data", "--public", "public", "--acknowledgement-key", "keys/acknowledgement.key"]
    }

    fn manifest(&self, name: &str) -> Manifest {
        let envelope: Value = serde_json::from_str(&self.text(name)).unwrap();
        let payload = BASE64URL_NOPAD.decode(envelope["payload"].as_str().unwrap().as_bytes()).unwrap();
        serde_json::from_slice(&payload).unwrap()
    }
}

#[test]
fn a_change_becomes_the_next_signed_manifest_and_nothing_false_is_signed() {
    let place = Place::new("http://localhost:9000", &[]);
    place.succeed(&place.init());
    place.edit("embed = [\"http://localhost:9000\"]", "embed = [\"https://app.example\"]");
    let said = place.succeed(&place.sign());
    assert!(said.contains("serial 2") && said.contains("manifest-1.json"), "{said}");
    let (before, now) = (place.manifest("public/manifest-1.json"), place.manifest("public/manifest.json"));
    assert_eq!((before.serial, now.serial), (1, 2));
    assert_eq!(
        Manifest { serial: 1, issued_at: before.issued_at, expires_at: before.expires_at, ..now.clone() },
        before
    );
    assert!(place.text("public/channel.json").contains("https://app.example"));
    place.succeed(&["init", "--data", "data", "--public", "public"]);
    // The one before is refused from now on.
    std::fs::copy(place.path("public/manifest.json"), place.path("second.json")).unwrap();
    std::fs::copy(place.path("public/manifest-1.json"), place.path("public/manifest.json")).unwrap();
    place.refuse(&["init", "--data", "data", "--public", "public"], "serial 2 is stored already");
    std::fs::copy(place.path("second.json"), place.path("public/manifest.json")).unwrap();

    let check = |from: &str, to: &str, reason: &str| {
        place.edit(from, to);
        place.refuse(&place.sign(), reason);
        assert_eq!(place.manifest("public/manifest.json").serial, 2, "{reason}");
    };
    check("days = 30", "days = 0", "stages.in_review.days: 0 is too few (1–365)");
    check("channel = \"demo\"", "channel = \"other\"", "the manifest before demo");
    check("version = 1", "version = 1\ntest = true", "a channel is a test for all of its life or never");
    let stranger = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let key = now.groups[0].members[0].key.clone();
    check(&key, stranger, "is in no line of reviewers.json");
    check(&key, &now.groups[1].members[0].key, "has no key of the group team");
    place.edit("days = 30", "days = 31");
    let other = Place::new("http://localhost:9000", &[]);
    let key = other.path("keys/root.key").display().to_string();
    place.refuse(&["channel", "sign", "edited.toml", "--root-key", &key, "--public", "public"], "another root key");

    // What is exported is what was signed.
    let exported = place.succeed(&["channel", "export", "--public", "public"]);
    std::fs::write(place.path("exported.toml"), exported).unwrap();
    place.succeed(&["channel", "check", "exported.toml"]);
    place.refuse(&["channel", "check", "keys/root.key"], "is not TOML");
}

#[test]
fn no_channel_goes_live_without_notices_unless_it_is_a_marked_test() {
    let place = Place::new("http://localhost:9000", &[]);
    place.succeed(&place.init());
    let text = place.text("public/channel.toml");
    let (from, to) = (text.find("[controller.privacy_notice]").unwrap(), text.find("[[groups]]").unwrap());
    let without = format!("{}[controller.privacy_notice]\n[controller.rules]\n{}", &text[..from], &text[to..]);
    std::fs::write(place.path("edited.toml"), &without).unwrap();
    place.refuse(&place.sign(), "controller.privacy_notice.en: is missing");

    // Signed by other means: neither `init` nor `serve` takes it.
    let root: recourse_seal::keys::RootKey = place.text("keys/root.key").trim().parse().unwrap();
    let mut bare = place.manifest("public/manifest.json");
    (bare.serial, bare.controller.rules) = (2, [("en".to_owned(), " ".to_owned())].into());
    let signed = recourse_seal::envelope::Signed::seal(
        recourse_seal::label::Label::Manifest,
        &root.signing_key(),
        &serde_json::to_vec(&bare).unwrap(),
    );
    let envelope = serde_json::json!({
        "version": signed.version, "payload": signed.payload,
        "key": signed.key.to_string(), "signature": signed.signature.to_string(),
    });
    std::fs::write(place.path("public/manifest.json"), envelope.to_string()).unwrap();
    place.refuse(&place.init(), "cannot go live: controller.rules is empty");

    let test = Place::new("http://localhost:9000", &["--test"]);
    assert!(test.manifest("public/manifest.json").test);
    std::fs::write(test.path("edited.toml"), {
        let text = test.text("public/channel.toml");
        let (from, to) = (text.find("[controller.privacy_notice]").unwrap(), text.find("[[groups]]").unwrap());
        format!("{}[controller.privacy_notice]\n[controller.rules]\n{}", &text[..from], &text[to..])
    })
    .unwrap();
    test.succeed(&test.sign());
    test.succeed(&test.init());
}

#[test]
fn context_tokens_are_checked_with_the_keys_of_the_manifest() {
    let place = Place::new("http://localhost:9000", &[]);
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/conformance/context-tokens.json")).unwrap();
    let key = &vectors["keys"][1];
    let table = format!(
        "[[context_keys]]\nid = {}\nalg = \"ES256\"\nx = {}\ny = {}\n\n[[groups]]",
        key["id"], key["x"], key["y"]
    );
    place.edit("[[groups]]", &table);
    place.succeed(&place.sign());
    let settings = Settings::read(&place.manifest("public/manifest.json").settings).unwrap();
    assert_eq!(settings.context_keys.len(), 1);
    // Its day is long over, or not yet there: which of the two depends on when this runs.
    let token = vectors["vectors"][0]["token"].as_str().unwrap();
    let output = place.run(&["context-token", "--manifest", "public/manifest.json", token]);
    let error = String::from_utf8_lossy(&output.stderr);
    let reasons = ["has expired", "no key of the channel", "of a day to come"];
    assert!(!output.status.success() && reasons.iter().any(|reason| error.contains(reason)), "{error}");
    place.refuse(&["context-token", "--manifest", "public/manifest.json", "a.b.c"], "cannot be read");
}

/// A server that is killed when a test fails.
struct Server {
    child: Child,
    intake: String,
}

impl Server {
    fn start(place: &Place) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_recourse"))
            .current_dir(place.0.path())
            .args(["serve", "--data", "data", "--assets", "www", "--intake", "127.0.0.1:0", "--console", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).expect("one line once it listens");
        Self { child, intake: format!("http://{}", line["intake"].as_str().unwrap()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers each request with what `answer` makes of its path: header lines and body. Ends with the test.
fn listen(listener: TcpListener, answer: impl Fn(&str) -> (String, String) + Send + 'static) {
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let (headers, body) = answer(head.split(' ').nth(1).unwrap_or("/"));
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
            );
        }
    });
}

fn doctor(place: &Place, arguments: &[&str]) -> (Option<i32>, Vec<(String, String, String)>) {
    let output = place.run(&[&["doctor", "--json"], arguments].concat());
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let rows = findings.map(|one| {
        let detail = format!("{} → {}", text(&one["text"]), text(&one["fix"]));
        (text(&one["check"]), text(&one["level"]), detail)
    });
    (output.status.code(), rows.collect())
}

#[track_caller]
fn found(rows: &[(String, String, String)], check: &str, level: &str, part: &str) {
    let fits = rows.iter().any(|(name, grade, text)| name == check && grade == level && text.contains(part));
    assert!(fits, "no {level} {check} with {part:?} in {rows:#?}");
}

#[test]
fn the_doctor_finds_what_a_page_lacks_and_what_stands_in_front() {
    let product = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://localhost:{}", product.local_addr().unwrap().port());
    let place = Place::new(&origin, &[]);
    place.succeed(&place.init());
    let server = Server::start(&place);
    let intake = server.intake.clone();
    let root_key = {
        let envelope: Value = serde_json::from_str(&place.text("public/manifest.json")).unwrap();
        envelope["key"].as_str().unwrap().to_owned()
    };
    let tag = |script: &str, attributes: &str, inside: &str| {
        format!(
            "<!doctype html><script type=\"module\" async src=\"{script}\" crossorigin></script><report-concern {attributes}>{inside}</report-concern>"
        )
    };
    let script = format!("{intake}/widget/report-concern.js");
    let link = format!("<a href=\"{intake}/r/demo\">Report a concern</a>");
    let good = tag(&script, &format!("channel=\"demo\" root-key=\"{root_key}\""), &link);
    let wrong_key = tag(&script, "channel=\"demo\" root-key=\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"", &link);
    let bare = tag(&script, "channel=\"demo\"", "");
    let nobody = tag(&script, "channel=\"nobody\"", &link);
    let pinned = good.replace(" crossorigin", " crossorigin integrity=\"sha384-AAAA\"");
    let host = intake.clone();
    listen(product, move |path| {
        let html = "content-type: text/html\r\n";
        match path {
            "/good" => (
                format!("{html}content-security-policy: default-src 'self'; script-src {host}; frame-src {host}\r\n"),
                good.clone(),
            ),
            "/strict" => (
                format!(
                    "{html}content-security-policy: default-src 'self'\r\npermissions-policy: display-capture=()\r\ncross-origin-embedder-policy: require-corp\r\n"
                ),
                good.clone(),
            ),
            "/dynamic" => {
                (format!("{html}content-security-policy: script-src 'strict-dynamic' 'nonce-x'\r\n"), good.clone())
            }
            "/cookie" => (format!("{html}set-cookie: session=1; Domain=127.0.0.1; Path=/\r\n"), good.clone()),
            "/wrong-key" => (html.to_owned(), wrong_key.clone()),
            "/bare" => (html.to_owned(), bare.clone()),
            "/nobody" => (html.to_owned(), nobody.clone()),
            "/pinned" => (html.to_owned(), pinned.clone()),
            _ => (html.to_owned(), "<p>nothing</p>".to_owned()),
        }
    });
    let look = |path: &str| doctor(&place, &[&format!("{origin}{path}")]);

    let (code, rows) = look("/good");
    assert!(code == Some(0) && rows.iter().all(|(_, level, _)| level != "fault"), "{rows:#?}");
    for check in ["tag.script", "csp", "intake.frame_ancestors", "intake.manifest", "cookies.domain", "front"] {
        found(&rows, check, "good", "");
    }
    found(&rows, "tag.sri", "note", "sha384-");

    let (code, rows) = look("/strict");
    assert_eq!(code, Some(2));
    found(&rows, "csp.script", "fault", &format!("script-src 'self' {intake}"));
    found(&rows, "csp.frame", "fault", &format!("frame-src 'self' {intake}"));
    found(&rows, "page.permissions", "note", "screenshot");
    found(&rows, "intake.coep", "good", "");
    found(&look("/dynamic").1, "csp.script", "fault", "nonce");
    found(&look("/cookie").1, "cookies.reach", "fault", "\"session\"");
    found(&look("/wrong-key").1, "intake.manifest", "fault", "root_key");
    let (code, rows) = look("/bare");
    assert_eq!(code, Some(0), "warnings do not fail");
    found(&rows, "tag.root_key", "warning", "");
    found(&rows, "tag.fallback", "warning", "/r/");
    found(&look("/nobody").1, "intake.reached", "fault", "404");
    found(&look("/pinned").1, "tag.sri", "fault", "does not fit");
    found(&look("/nothing").1, "tag.element", "warning", "--intake");

    // Another page's origin, a hosted form, and what cannot be looked at.
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = format!("http://localhost:{}", elsewhere.local_addr().unwrap().port());
    listen(elsewhere, |_| ("content-type: text/html\r\n".to_owned(), "<p>".to_owned()));
    let (_, rows) = doctor(&place, &[&other, "--intake", &intake, "--channel", "demo"]);
    found(&rows, "intake.frame_ancestors", "fault", &format!("add \"{other}\""));
    let (code, rows) = doctor(&place, &[&format!("{intake}/r/demo")]);
    assert_eq!(code, Some(0), "{rows:#?}");
    found(&rows, "page.hosted", "good", "");
    place.refuse(&["doctor", "http://127.0.0.1:9/"], "cannot be reached");
    assert_eq!(place.run(&["doctor", "http://127.0.0.1:9/"]).status.code(), Some(1));

    // A layer in front that talks too much, and spoils the frame.
    let front = TcpListener::bind("127.0.0.1:0").unwrap();
    let front_origin = format!("http://{}", front.local_addr().unwrap());
    listen(front, |_| {
        let headers = "content-type: text/html\r\nvia: 1.1 edge\r\ncf-ray: 1-VIE\r\nserver: nginx\r\nx-frame-options: DENY\r\n\
             nel: {\"report_to\":\"x\"}\r\nset-cookie: __cf_bm=1; Path=/\r\n";
        (headers.to_owned(), "<script>alert(1)</script><script src=\"https://cdn.example/x.js\"></script>".to_owned())
    });
    let (code, rows) = doctor(&place, &[&other, "--intake", &front_origin, "--channel", "demo"]);
    assert_eq!(code, Some(2));
    found(&rows, "front.layer", "note", "cf-ray");
    found(&rows, "front.layer", "note", "nginx");
    found(&rows, "front.reporting", "fault", "nel");
    found(&rows, "front.injected", "fault", "https://cdn.example/x.js");
    found(&rows, "front.injected", "fault", "of its own");
    found(&rows, "intake.x_frame_options", "fault", "DENY");
    found(&rows, "intake.frame_ancestors", "fault", "taken out");
    found(&rows, "cookies.set", "fault", "__cf_bm");
}

#[test]
fn a_preview_serves_the_form_as_a_test_and_leaves_nothing() {
    let place = Place::new("http://localhost:9000", &[]);
    let temporary = place.path("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_recourse"))
        .current_dir(place.0.path())
        .env("TMPDIR", &temporary)
        .args(["channel", "preview", "public/channel.toml", "--assets", "www", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("The form is at http://").unwrap().to_owned();
    let (host, _) = address.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET /api/v1/channels/demo/manifest HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let envelope: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let payload = BASE64URL_NOPAD.decode(envelope["payload"].as_str().unwrap().as_bytes()).unwrap();
    let manifest: Manifest = serde_json::from_slice(&payload).unwrap();
    assert!(manifest.test, "a preview is a test whatever the file says");
    assert_eq!(manifest.intake_origin, format!("http://{host}"));
    assert!(std::fs::read_dir(&temporary).unwrap().next().is_some());
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(child.wait().unwrap().success());
    assert!(std::fs::read_dir(&temporary).unwrap().next().is_none(), "its folder is gone");
}
