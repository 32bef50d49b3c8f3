//! Runs the binary as an operator does: keys, data folder, serving, stopping, checking an acknowledgement.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use data_encoding::BASE64URL_NOPAD;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use recourse_client::work::Effort;
use recourse_domain::channel::{GroupKind, Manifest};
use recourse_domain::event::BodyPart;
use recourse_domain::ids::{CaseId, Digest};
use recourse_seal::body;
use recourse_seal::hash::sha256;
use recourse_seal::kem::Recipient;
use recourse_seal::keys::{GroupSecret, ReviewerSeed, RootKey, fingerprint};
use recourse_wire::reporter::{CreateReport, SealedBody, SignedEnvelope};
use serde_json::{Value, json};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (folder, files) in [
            (
                "intake",
                vec![
                    "embed.html",
                    "hosted.html",
                    "follow-up.html",
                    "plain.html",
                    "plain-follow-up.html",
                    "verify.html",
                ],
            ),
            ("console", vec!["index.html"]),
        ] {
            let folder = place.path("www").join(folder);
            std::fs::create_dir_all(folder.join("assets")).unwrap();
            for file in files {
                std::fs::write(folder.join(file), format!("page {file}")).unwrap();
            }
            std::fs::write(folder.join("assets/app-1.js"), "export {};").unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_recourse"));
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    #[track_caller]
    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn refuse(&self, arguments: &[&str], reason: &str) {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(reason), "{error}");
    }

    fn keygen(&self, out: &str, public: &str) -> String {
        self.succeed(&[
            "keygen",
            "--out",
            out,
            "--public",
            public,
            "--channel",
            "demo",
            "--provider",
            "Northwind",
            "--product",
            "CRM",
            "--intake-origin",
            "http://127.0.0.1:8080",
            "--console-origin",
            "http://127.0.0.1:8081",
            "--reviewer",
            "Ada",
            "--embed-origin",
            "http://localhost:9000",
        ])
    }

    fn init(&self) {
        self.succeed(&[
            "init",
            "--data",
            "data",
            "--public",
            "public",
            "--acknowledgement-key",
            "keys/acknowledgement.key",
        ]);
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.path(name)).unwrap()).unwrap()
    }
}

/// A server that is killed when a test fails.
struct Server {
    child: Child,
    intake: String,
    console: String,
}

impl Server {
    fn start(place: &Place) -> Self {
        let mut child = place
            .command(&[
                "serve",
                "--data",
                "data",
                "--assets",
                "www",
                "--intake",
                "127.0.0.1:0",
                "--console",
                "127.0.0.1:0",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).expect("one line once it listens");
        let address = |name: &str| line[name].as_str().unwrap().to_owned();
        Self { intake: address("intake"), console: address("console"), child }
    }

    /// Asks to stop and waits; gives whether it ended well.
    fn stop(mut self) -> bool {
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        kill.success() && self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(address: &str, line: &str, body: Option<&str>) -> (u16, String) {
    ask_with(address, line, "", body)
}

fn ask_with(address: &str, line: &str, headers: &str, body: Option<&str>) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let (length, body) = (body.map_or(0, str::len), body.unwrap_or_default());
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn keygen_keeps_secrets_apart_from_what_is_public() {
    let place = Place::new();
    let said = place.keygen("keys", "public");
    let secrets = ["root.key", "recovery.key", "acknowledgement.key", "reviewer.key.json", "independent.key.json"];
    for name in secrets {
        let path = place.path("keys").join(name);
        assert_eq!(mode(&path), 0o600, "{name}");
    }
    assert_eq!(mode(&place.path("keys")), 0o700);

    let read = |name: &str| std::fs::read_to_string(place.path("keys").join(name)).unwrap();
    let root: RootKey = read("root.key").parse().unwrap();
    assert!(said.contains(&fingerprint(&root.verifying_key())));
    assert!(read("recovery.key").starts_with("AGE-SECRET-KEY-PQ-1"));
    let keyring = place.json("public/keyring.json");
    let manifest = manifest(&place);
    let reviewers = place.json("public/reviewers.json");
    for (at, (file, kind)) in [("reviewer.key.json", GroupKind::Team), ("independent.key.json", GroupKind::Independent)]
        .into_iter()
        .enumerate()
    {
        let key = place.json(&format!("keys/{file}"));
        assert_eq!((&key["version"], &key["kind"]), (&json!(1), &json!("recourse-reviewer-key")));
        assert_eq!(key["console"], "http://127.0.0.1:8081");
        assert_eq!(key["root_keys"]["demo"], root.verifying_key().to_string());
        let seed: ReviewerSeed = key["seed"].as_str().unwrap().parse().unwrap();
        let signing = seed.signing_key().verifying_key().to_string();
        assert_eq!((&reviewers[at]["key"], &reviewers[at]["name"]), (&json!(signing), &key["name"]));
        // Each opens the secret of their own group and of no other.
        let members = keyring["members"].as_array().unwrap();
        assert_eq!(members[at]["reviewer"], signing);
        let sealed = |at: usize| {
            BASE64URL_NOPAD.decode(members[at]["entries"][0]["sealed"].as_str().unwrap().as_bytes()).unwrap()
        };
        let secret = GroupSecret::open(&seed.identity(), &sealed(at)).unwrap();
        assert_eq!(secret.recipient().to_string(), manifest.group(kind).unwrap().recipient);
        assert!(GroupSecret::open(&seed.identity(), &sealed(1 - at)).is_err());
        // Nothing secret is in the public folder.
        let public: String = ["manifest.json", "keyring.json", "reviewers.json", "channel.json"]
            .map(|name| std::fs::read_to_string(place.path("public").join(name)).unwrap())
            .concat();
        assert!(!public.contains(key["seed"].as_str().unwrap()) && !public.contains("SECRET"));
    }

    let again =
        ["keygen", "--out", "keys", "--public", "public", "--channel", "demo", "--provider", "N", "--product", "C"];
    let origins = ["--intake-origin", "http://a", "--console-origin", "http://b", "--reviewer", "R"];
    place.refuse(&[again.as_slice(), &origins].concat(), "never overwritten");
    let path = ["--intake-origin", "http://a/path", "--console-origin", "http://b", "--reviewer", "R"];
    place.refuse(&[again.as_slice(), &path].concat(), "an origin is");
}

fn manifest(place: &Place) -> Manifest {
    let payload = place.json("public/manifest.json")["payload"].as_str().unwrap().to_owned();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

#[test]
fn init_takes_public_parts_that_belong_together_and_nothing_else() {
    let place = Place::new();
    place.keygen("keys", "public");
    place.keygen("keys2", "public2");
    let init = |public: &str, key: &str| {
        let key = format!("{key}/acknowledgement.key");
        ["init", "--data", "data", "--public", public, "--acknowledgement-key", &key].map(str::to_owned).to_vec()
    };
    let refuse = |public: &str, key: &str, reason: &str| {
        let arguments = init(public, key);
        place.refuse(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), reason);
    };
    refuse("public", "keys2", "does not name this acknowledgement key");
    place.refuse(&["init", "--data", "data", "--public", "public"], "give --acknowledgement-key");
    place.init();
    assert_eq!(mode(&place.path("data/acknowledgement.key")), 0o600);
    place.init();
    place.succeed(&["init", "--data", "data", "--public", "public"]);
    refuse("public2", "keys2", "holds another key");

    // Another provider's channel of the same name.
    std::fs::rename(place.path("data/acknowledgement.key"), place.path("old.key")).unwrap();
    refuse("public2", "keys2", "another root key");
    std::fs::copy(place.path("public2/keyring.json"), place.path("public/keyring.json")).unwrap();
    std::fs::remove_file(place.path("data/acknowledgement.key")).unwrap();
    refuse("public", "keys", "who is no reviewer");
    let mut envelope = place.json("public/manifest.json");
    let payload = serde_json::to_vec(&Manifest { provider: "Somebody else".to_owned(), ..manifest(&place) }).unwrap();
    envelope["payload"] = json!(BASE64URL_NOPAD.encode(&payload));
    std::fs::write(place.path("public/manifest.json"), envelope.to_string()).unwrap();
    refuse("public", "keys", "signature does not hold");
    // No secret but the acknowledgement key has come into the data folder.
    let names: Vec<_> =
        std::fs::read_dir(place.path("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("root")), "{names:?}");
}

#[test]
fn a_report_is_filed_survives_a_restart_and_its_acknowledgement_is_proven() {
    let place = Place::new();
    place.keygen("keys", "public");
    place.init();
    let server = Server::start(&place);
    place.succeed(&["healthcheck", "--address", &server.intake]);
    place.succeed(&["healthcheck", "--address", &server.console]);
    assert_eq!(ask(&server.intake, "GET /embed/demo", None), (200, "page embed.html".to_owned()));
    assert_eq!(ask(&server.intake, "GET /assets/app-1.js", None), (200, "export {};".to_owned()));
    assert_eq!(ask(&server.console, "GET /", None), (200, "page index.html".to_owned()));
    assert_eq!(ask(&server.intake, "GET /api/v1/cases", None).0, 404, "the reviewer API is not on the intake");
    place.refuse(
        &["serve", "--data", "data", "--assets", "www", "--intake", "127.0.0.1:0", "--console", "127.0.0.1:0"],
        "cannot be opened",
    );

    let (status, envelope) = ask(&server.intake, "GET /api/v1/channels/demo/manifest", None);
    assert_eq!(status, 200);
    let envelope: SignedEnvelope = serde_json::from_str(&envelope).unwrap();
    let payload = BASE64URL_NOPAD.decode(envelope.payload.as_bytes()).unwrap();
    let report = report(&serde_json::from_slice(&payload).unwrap(), Digest::new(sha256(&payload)));
    let line = "POST /api/v1/channels/demo/reports";
    let (status, refused) = ask(&server.intake, line, Some(&report));
    assert_eq!(status, 428, "{refused}");
    let wanted = json!({ "report": Digest::new(sha256(report.as_bytes())), "bytes": report.len(), "count": 0 });
    let (status, ticket) = ask(&server.intake, "POST /api/v1/channels/demo/tickets", Some(&wanted.to_string()));
    assert_eq!(status, 201, "{ticket}");
    let ticket = Effort::default().solve(serde_json::from_str(&ticket).unwrap()).unwrap();
    let ticket = format!("Recourse-Ticket: {ticket}\r\n");
    let (status, first) = ask_with(&server.intake, line, &ticket, Some(&report));
    assert_eq!(status, 201, "{first}");
    assert!(server.stop(), "it ends well when told to");

    let server = Server::start(&place);
    assert_eq!(ask(&server.intake, line, Some(&report)), (200, first.clone()), "a retry gets the same answer");
    assert!(server.stop());
    place.refuse(&["healthcheck", "--address", "127.0.0.1:9"], "nothing answers");

    let acknowledgement = serde_json::from_str::<Value>(&first).unwrap()["acknowledgement"].clone();
    let file = json!({
        "version": 1, "kind": "recourse-acknowledgement", "acknowledgement": acknowledgement,
        "manifest": envelope, "nonce": BASE64URL_NOPAD.encode(&[3; 32]),
    });
    let verify = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        std::fs::write(place.path(name), file.to_string()).unwrap();
        place.run(&["verify-acknowledgement", name])
    };
    let good = verify("good.json", &|_| {});
    let said = String::from_utf8(good.stdout).unwrap();
    assert!(good.status.success() && said.contains("genuine") && said.contains("Northwind"), "{said}");
    place.refuse(&["verify-acknowledgement", "good.json", "--fingerprint", "AAAA"], "has the fingerprint");

    place.keygen("keys2", "public2");
    let other = place.json("public2/manifest.json");
    type Change<'a> = (&'a str, Box<dyn Fn(&mut Value)>, &'a str);
    let changes: [Change<'_>; 5] = [
        ("manifest", Box::new(move |file| file["manifest"] = other.clone()), "does not name"),
        (
            "signature",
            Box::new(|file| file["acknowledgement"]["signature"] = json!(BASE64URL_NOPAD.encode(&[0; 64]))),
            "does not hold",
        ),
        ("receipt", Box::new(|file| file["receipt"] = json!("X")), "not what it should be"),
        ("version", Box::new(|file| file["version"] = json!(2)), "not what it should be"),
        ("kind", Box::new(|file| file["kind"] = json!("other")), "not what it should be"),
    ];
    for (name, change, reason) in changes {
        let output = verify("bad.json", &*change);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(reason), "{name}: {error}");
    }
}

/// A report as small as there is one.
fn report(manifest: &Manifest, digest: Digest) -> String {
    let recipient: Recipient = manifest.group(GroupKind::Team).unwrap().recipient.parse().unwrap();
    let body = |part| {
        let sealed = body::seal(&mut UnwrapErr(SysRng), std::slice::from_ref(&recipient), b"what happened").unwrap();
        SealedBody { part, sha256: Digest::new(sha256(&sealed)), sealed }
    };
    let report = CreateReport {
        case: CaseId::new([1; 16]),
        token_hash: Digest::new([2; 32]),
        recipient: recipient.to_string(),
        manifest: digest,
        schema: Digest::new([4; 32]),
        commitment: Digest::new([5; 32]),
        urgent: true,
        bodies: vec![body(BodyPart::Main), body(BodyPart::Contact)],
        blobs: Vec::new(),
        signature: BASE64URL_NOPAD.encode(&[6; 64]),
    };
    serde_json::to_string(&report).unwrap()
}
