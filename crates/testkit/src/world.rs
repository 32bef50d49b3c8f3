//! A provider with one channel and four people, on a real store in a temporary folder, with a clock that stands still and seeded randomness.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http_body_util::BodyExt;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng};
use recourse_api::{Assets, Policy, Setup, State, console_router, intake_router};
use recourse_client::work::Effort;
use recourse_domain::channel::{
    AcknowledgementKey, Controller, GroupKind, LegalProfile, Limits, Manifest, Member, ReaderGroup, Stage,
};
use recourse_domain::encoding::Canonical;
use recourse_domain::event::{BodyPart, EventClass, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::keys::{GroupSecret, ReviewerSeed};
use recourse_seal::label::Label;
use recourse_seal::receipt;
use recourse_seal::sign::SigningKey;
use recourse_seal::{body, kem};
use recourse_store::{ChannelRecord, ListOutcome, Store};
use recourse_store_sqlite::SqliteStore;
use recourse_wire::console::{AppendEvent, CaseQuery, CaseSummary, Challenge, KeyringEntry, Reviewer, Role, Session};
use recourse_wire::header::{PROBLEM_JSON, TICKET, TUS_RESUMABLE, UPLOAD_LENGTH, UPLOAD_OFFSET, UPLOAD_TOKEN};
use recourse_wire::problem::{Problem, ProblemKind};
use recourse_wire::reporter::{AppendAct, BlobClaim, CreateReport, OwnCase, SealedBody, SignedEnvelope};
use recourse_wire::ticket::TicketRequest;
use recourse_wire::{limits, path};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower::ServiceExt;

/// Not a full hour, so that rounding shows.
pub const START: Timestamp = Timestamp(1_795_000_000 + 1_234);
/// Origin of the console.
pub const CONSOLE: &str = "https://console.example";
/// Limits of the channel, unless a test sets others.
pub const LIMITS: Limits =
    Limits { attachment_bytes: 100_000, report_bytes: 150_000, attachments: 3, text_chars: 20_000 };

/// A provider with everything that it has and knows.
pub struct World {
    /// The reporters' side.
    pub intake: Router,
    /// The reviewers' side.
    pub console: Router,
    /// What both share.
    pub state: State,
    /// Where everything is kept.
    pub store: Arc<SqliteStore>,
    /// The store's folder.
    pub folder: tempfile::TempDir,
    /// The channel.
    pub channel: ChannelId,
    /// Its manifest.
    pub manifest: Manifest,
    /// Hash of the signed manifest.
    pub manifest_digest: Digest,
    /// Signs manifests.
    pub root: SigningKey,
    /// Signs acknowledgements.
    pub acknowledgement: SigningKey,
    /// Who usually reads: Ada.
    pub team: GroupSecret,
    /// Who reads reports about the readers: Bo.
    pub independent: GroupSecret,
    /// The secrets of `people`.
    pub seeds: [ReviewerSeed; 4],
    /// Ada and Bo, reviewers; Cleo, admin; Dev, auditor.
    pub people: [SigningKey; 4],
    clock: Arc<AtomicU64>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Panics, showing the body, unless the status is that.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// It is a whole problem document of that kind.
    #[track_caller]
    pub fn problem(&self, kind: ProblemKind) -> Problem {
        assert_eq!(self.header("content-type"), PROBLEM_JSON, "{kind:?}: {}", self.text());
        let problem: Problem = self.json();
        assert_eq!(problem.kind(), Some(kind), "{problem:?}");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.title, kind.title());
        problem
    }
}

/// A reporter with the one secret they keep.
pub struct Reporter {
    /// Finds the case.
    pub lookup: [u8; 16],
    /// Opens it.
    pub token: [u8; 32],
    /// The case's id.
    pub case: CaseId,
}

impl Reporter {
    /// Each number is another reporter, the same in every run.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1_000 + seed);
        let (mut lookup, mut token) = ([0; 16], [0; 32]);
        rng.fill_bytes(&mut lookup);
        rng.fill_bytes(&mut token);
        Self { lookup, token, case: CaseId::new(receipt::case_id(&lookup)) }
    }

    /// The value of the header that opens the case.
    pub fn authorization(&self) -> String {
        let lookup = data_encoding::HEXLOWER.encode(&self.lookup);
        format!("Recourse-Receipt {lookup}.{}", BASE64URL_NOPAD.encode(&self.token))
    }
}

impl World {
    /// As it is set up first.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With a manifest that differs.
    pub async fn with(change: impl FnOnce(&mut Manifest)) -> Self {
        let pages = assets(&[
            "verify.html",
            "embed.html",
            "hosted.html",
            "follow-up.html",
            "plain.html",
            "plain-follow-up.html",
            "assets/app-1.js",
            "widget/report-concern.js",
            "widget/1.2.3/report-concern.js",
        ]);
        Self::with_pages(change, pages).await
    }

    /// With a manifest that differs, and other files of the intake site.
    pub async fn with_pages(change: impl FnOnce(&mut Manifest), intake_assets: Assets) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path()).unwrap());
        let clock = Arc::new(AtomicU64::new(START.0));
        let acknowledgement = SigningKey::generate(&mut rng);
        let root = SigningKey::generate(&mut rng);
        let team = GroupSecret::generate(&mut rng, "team", 1);
        let independent = GroupSecret::generate(&mut rng, "independent", 1);
        let seeds = [(); 4].map(|()| ReviewerSeed::generate(&mut rng));
        let people = seeds.each_ref().map(ReviewerSeed::signing_key);
        let mut manifest = manifest(&acknowledgement, &team, &independent, &people);
        change(&mut manifest);
        let channel = manifest.channel.clone();
        let manifest_digest = put_manifest(&store, &manifest, &root, START).await;
        store.put_reviewers(reviewers(&people)).await.unwrap();
        // Dev has a key that the server does not hand out to auditors.
        for (place, secret) in [(0, &team), (1, &independent), (3, &team)] {
            let sealed = secret.seal_to(&mut rng, &[seeds[place].identity().to_recipient()]).unwrap();
            let entry = KeyringEntry {
                channel: channel.clone(),
                group: secret.group().to_owned(),
                epoch: secret.epoch(),
                recipient: secret.recipient().to_string(),
                sealed,
            };
            store.put_keyring(&people[place].verifying_key().to_string(), vec![entry]).await.unwrap();
        }

        let time = Arc::clone(&clock);
        let state = State::new(Setup {
            store: Arc::clone(&store) as Arc<dyn Store>,
            clock: Arc::new(move || Timestamp(time.load(Ordering::SeqCst))),
            random: Box::new(ChaCha20Rng::seed_from_u64(8)),
            acknowledgement_key: acknowledgement.clone(),
            console_origin: CONSOLE.to_owned(),
            embed_origins: vec!["https://everywhere.example".to_owned()],
            policy: Policy { least_work: 1_000, ..Policy::default() },
            intake_assets,
            console_assets: assets(&["index.html", "evidence-frame.html", "assets/app-1.wasm"]),
        });
        Self {
            intake: intake_router(state.clone()),
            console: console_router(state.clone()),
            state,
            store,
            folder,
            channel,
            manifest,
            manifest_digest,
            root,
            acknowledgement,
            team,
            independent,
            seeds,
            people,
            clock,
        }
    }

    /// Replaces the manifest by one that differs from the first, with the next serial unless `change` sets another.
    pub async fn issue(&self, change: impl FnOnce(&mut Manifest)) {
        let mut manifest = self.manifest.clone();
        manifest.serial += 1;
        change(&mut manifest);
        put_manifest(&self.store, &manifest, &self.root, self.now()).await;
    }

    /// What a person's key file says, as `recourse keygen` writes it.
    pub fn key_file(&self, person: usize) -> String {
        serde_json::json!({
            "version": 1,
            "kind": "recourse-reviewer-key",
            "name": "for people who look into the file",
            "seed": self.seeds[person].to_text().as_str(),
            "console": CONSOLE,
            "root_keys": { (self.channel.as_str()): self.root.verifying_key().to_string() },
        })
        .to_string()
    }

    /// All cases, as the list gives them.
    pub async fn cases(&self) -> Vec<CaseSummary> {
        let query = CaseQuery { limit: Some(200), ..CaseQuery::default() };
        let ListOutcome::Page(page) = self.store.list_cases(&query, self.now()).await.unwrap() else {
            panic!("a list without a cursor")
        };
        page.cases
    }

    /// The events of a case.
    pub async fn events(&self, case: &CaseId) -> Vec<EventRecord> {
        self.store.events(case).await.unwrap()
    }

    /// A sealed body of a case, as it is stored.
    pub async fn stored_body(&self, case: &CaseId, sha256: &Digest) -> Vec<u8> {
        self.store.body(case, sha256).await.unwrap().unwrap().sealed
    }

    /// A sealed attachment of a case, as a reviewer gets it.
    pub async fn blob(&self, case: &CaseId, sha256: &Digest) -> Bytes {
        let request = get(&path::fill(path::CASE_BLOB, &[case, sha256]));
        let session = self.sign_in(0).await;
        send(&self.console, with(request, "authorization", &session)).await.expect(200).body
    }

    /// Forgets what nobody claimed in time.
    pub async fn expire_uploads(&self) {
        self.store.expire_uploads(self.now()).await.unwrap();
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What the clock says.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::SeqCst))
    }

    /// A path of the API, for the channel.
    pub fn path(&self, pattern: &str) -> String {
        path::fill(pattern, &[&self.channel])
    }

    /// Everything that is kept, to show that a refused request left nothing.
    pub async fn stored(&self) -> Vec<String> {
        let mut all = Vec::new();
        for folder in ["uploads", "blobs"] {
            for entry in std::fs::read_dir(self.folder.path().join(folder)).unwrap() {
                let entry = entry.unwrap();
                all.push(format!("{:?} {}", entry.file_name(), entry.metadata().unwrap().len()));
            }
        }
        all.extend(self.cases().await.iter().map(|case| format!("{case:?}")));
        all.sort();
        all
    }

    /// A body sealed to the team and so many others.
    pub fn body(&self, part: BodyPart, recipients: usize, text: &str) -> SealedBody {
        let mut rng = ChaCha20Rng::seed_from_u64(text.len() as u64 + 31 * recipients as u64);
        let mut all = vec![self.team.recipient()];
        all.extend((1..recipients).map(|_| kem::Identity::generate(&mut rng).to_recipient()));
        let sealed = body::seal(&mut rng, &all, text.as_bytes()).unwrap();
        SealedBody { part, sha256: Digest::new(sha256(&sealed)), sealed }
    }

    /// A report as the server sees one. Its bodies open, but hold no report.
    pub fn report(&self, reporter: &Reporter, blobs: Vec<BlobClaim>) -> CreateReport {
        CreateReport {
            case: reporter.case,
            token_hash: Digest::new(receipt::token_hash(&reporter.token)),
            recipient: self.team.recipient().to_string(),
            manifest: self.manifest_digest,
            schema: Digest::new([5; 32]),
            commitment: Digest::new([6; 32]),
            urgent: false,
            bodies: vec![self.body(BodyPart::Main, 1, "what happened"), self.body(BodyPart::Contact, 1, "")],
            blobs,
            signature: BASE64URL_NOPAD.encode(&[9; 64]),
        }
    }

    /// A later act of the reporter, likewise.
    pub fn act(&self, class: EventClass, to: Option<CaseState>) -> AppendAct {
        AppendAct {
            class,
            to,
            recipient: Some(self.team.recipient().to_string()),
            manifest: self.manifest_digest,
            commitment: Digest::new([7; 32]),
            bodies: vec![self.body(BodyPart::Main, 1, "one more thing")],
            blobs: Vec::new(),
            signature: BASE64URL_NOPAD.encode(&[8; 64]),
        }
    }

    /// An event of a reviewer, likewise.
    pub fn team_event(&self, text: &str) -> AppendEvent {
        AppendEvent {
            class: EventClass::Team,
            to: None,
            assign: None,
            contact_opened: false,
            body: self.body(BodyPart::Main, 2, text),
        }
    }

    /// A reviewer's transition, likewise.
    pub fn transition(&self, to: CaseState) -> AppendEvent {
        let event = self.team_event(&format!("to {to}"));
        AppendEvent { class: EventClass::Transition, to: Some(to), ..event }
    }

    /// Files a report and expects it to be taken.
    pub async fn file(&self, reporter: &Reporter, blobs: Vec<BlobClaim>) -> Answer {
        let request = self.ticketed(&self.report(reporter, blobs)).await;
        send(&self.intake, request).await.expect(201)
    }

    /// The request that files a report, with a solved ticket for it.
    pub async fn ticketed(&self, report: &CreateReport) -> Request<Body> {
        let wanted = self.wanted(report).await;
        let ticket = send(&self.intake, post(&self.path(path::TICKETS), &wanted)).await.expect(201).json();
        let solved = Effort::default().solve(ticket).unwrap();
        with(post(&self.path(path::REPORTS), report), TICKET, &solved)
    }

    /// What a ticket for a report is asked with.
    pub async fn wanted(&self, report: &CreateReport) -> TicketRequest {
        let body = serde_json::to_vec(report).unwrap();
        let mut bytes = body.len() as u64;
        for blob in &report.blobs {
            let token: [u8; 32] = BASE64URL_NOPAD.decode(blob.token.as_bytes()).unwrap().try_into().unwrap();
            let token_hash = Digest::new(receipt::token_hash(&token));
            bytes += self.store.upload(&blob.upload, &token_hash).await.unwrap().map_or(0, |upload| upload.length);
        }
        TicketRequest { report: Digest::new(sha256(&body)), bytes, count: report.blobs.len() as u32 }
    }

    /// What a receipt opens.
    pub async fn own_case(&self, reporter: &Reporter) -> OwnCase {
        let request = get(&self.path(path::OWN_CASE));
        send(&self.intake, with(request, "authorization", &reporter.authorization())).await.expect(200).json()
    }

    /// Uploads whole and gives what a report claims.
    pub async fn upload(&self, seed: u8, content: &[u8]) -> BlobClaim {
        let token = BASE64URL_NOPAD.encode(&[seed; 32]);
        let address = self.begin_upload(seed, content.len() as u64).await;
        send(&self.intake, patch(&address, seed, 0, content)).await.expect(204);
        let upload = address.rsplit('/').next().unwrap().parse().unwrap();
        BlobClaim { upload, token, sha256: Digest::new(sha256(content)) }
    }

    /// Begins an upload and gives its address.
    pub async fn begin_upload(&self, seed: u8, length: u64) -> String {
        let request = tus(Method::POST, &self.path(path::UPLOADS), seed, Body::empty());
        let answer = send(&self.intake, with(request, UPLOAD_LENGTH, &length.to_string())).await.expect(201);
        answer.header("location").to_owned()
    }

    /// Signs one of the people in.
    pub async fn sign_in(&self, person: usize) -> String {
        let key = &self.people[person];
        let name = key.verifying_key().to_string();
        let asked = post(path::CHALLENGES, &serde_json::json!({ "key": name }));
        let challenge: Challenge = send(&self.console, asked).await.expect(201).json();
        let message = Canonical::new().text(&challenge.challenge).text(CONSOLE).finish();
        let signature = key.sign(Label::SignIn, &message).to_string();
        let answer = serde_json::json!({ "key": name, "challenge": challenge.challenge, "signature": signature });
        let session: Session = send(&self.console, post(path::SESSIONS, &answer)).await.expect(201).json();
        format!("Bearer {}", session.token)
    }

    /// Appends as a reviewer and expects it to be taken.
    pub async fn append(&self, session: &str, case: &CaseId, at: u64, event: &AppendEvent) -> EventRecord {
        send(&self.console, event_request(session, case, at, event)).await.expect(201).json()
    }
}

/// A reviewer's append, made for a case of so many events.
pub fn event_request(session: &str, case: &CaseId, at: u64, event: &impl Serialize) -> Request<Body> {
    let request = post(&path::fill(path::CASE_EVENTS, &[case]), event);
    with(with(request, "authorization", session), "if-match", &format!("\"{at}\""))
}

fn manifest(
    acknowledgement: &SigningKey,
    team: &GroupSecret,
    independent: &GroupSecret,
    people: &[SigningKey],
) -> Manifest {
    let group = |kind, name: &str, secret: &GroupSecret, member: &str, key: &SigningKey| ReaderGroup {
        kind,
        name: name.to_owned(),
        members: vec![Member { name: member.to_owned(), key: key.verifying_key().to_string() }],
        epoch: secret.epoch(),
        recipient: secret.recipient().to_string(),
    };
    let text = |text: &str| BTreeMap::from([("en".to_owned(), text.to_owned())]);
    let stage = |state, days| Stage { state, days, text: text("then") };
    Manifest {
        version: 1,
        channel: "demo".parse().unwrap(),
        serial: 3,
        issued_at: START,
        expires_at: START.plus_days(365),
        intake_origin: "https://intake.example".to_owned(),
        console_origin: CONSOLE.to_owned(),
        provider: "Northwind".to_owned(),
        product: "CRM".to_owned(),
        reading_hours: text("on weekdays"),
        languages: vec!["en".to_owned()],
        groups: vec![
            group(GroupKind::Team, "Report team", team, "Ada", &people[0]),
            group(GroupKind::Independent, "Ombudsperson", independent, "Bo", &people[1]),
        ],
        acknowledgement_keys: vec![AcknowledgementKey {
            id: "a1".to_owned(),
            key: acknowledgement.verifying_key().to_string(),
        }],
        stages: vec![stage(CaseState::InTriage, 3), stage(CaseState::InReview, 30), stage(CaseState::Decided, 90)],
        limits: LIMITS,
        legal_profile: LegalProfile::None,
        controller: Controller {
            name: "Northwind".to_owned(),
            contact: "post".to_owned(),
            privacy_notice: text("notice"),
            rules: text("rules"),
        },
        other_routes: Vec::new(),
        hidden_categories: Vec::new(),
        test: false,
        settings: String::new(),
    }
}

/// Signs as JSON under a label.
pub fn envelope(label: Label, key: &SigningKey, content: &impl Serialize) -> SignedEnvelope {
    let signed = Signed::seal(label, key, &serde_json::to_vec(content).unwrap());
    SignedEnvelope {
        version: signed.version,
        payload: signed.payload,
        key: signed.key.to_string(),
        signature: signed.signature.to_string(),
    }
}

async fn put_manifest(store: &SqliteStore, manifest: &Manifest, root: &SigningKey, now: Timestamp) -> Digest {
    let payload_sha256 = Digest::new(sha256(&serde_json::to_vec(manifest).unwrap()));
    let record = ChannelRecord {
        manifest: manifest.clone(),
        envelope: envelope(Label::Manifest, root, manifest),
        embed_origins: vec!["https://app.example".to_owned(), "https://*.vanity.example:8443".to_owned()],
        payload_sha256,
    };
    store.put_channel(record, now).await.unwrap();
    payload_sha256
}

fn reviewers(people: &[SigningKey; 4]) -> Vec<Reviewer> {
    let roles = [("Ada", Role::Reviewer), ("Bo", Role::Reviewer), ("Cleo", Role::Admin), ("Dev", Role::Auditor)];
    let reviewer = |(key, (name, role)): (&SigningKey, (&str, Role))| Reviewer {
        key: key.verifying_key().to_string(),
        name: name.to_owned(),
        role,
    };
    people.iter().zip(roles).map(reviewer).collect()
}

fn assets(paths: &[&str]) -> Assets {
    let plain = paths.iter().map(|path| ((*path).to_owned(), Bytes::from(content(path))));
    let compressed = paths.iter().filter(|path| path.starts_with("assets/"));
    let compressed = compressed.map(|path| (format!("{path}.br"), Bytes::from(format!("brotli of {path}"))));
    Assets::from_files(plain.chain(compressed))
}

/// What stands in a file. Pages that the server draws have the placeholders that it fills.
fn content(path: &str) -> String {
    let placeholders = if matches!(path, "plain.html" | "plain-follow-up.html") {
        "<html lang=\"{{lang}}\" dir=\"{{dir}}\"><title>{{title}}</title>{{body}}"
    } else {
        ""
    };
    format!("content of {path}{placeholders}")
}

/// Asks a router and waits for the whole answer.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// A request without headers.
pub fn request(method: Method, path: &str, body: Body) -> Request<Body> {
    Request::builder().method(method).uri(path).body(body).unwrap()
}

/// A plain request.
pub fn get(path: &str) -> Request<Body> {
    request(Method::GET, path, Body::empty())
}

/// A request with a JSON body.
pub fn post(path: &str, value: &impl Serialize) -> Request<Body> {
    let body = Body::from(serde_json::to_vec(value).unwrap());
    with(request(Method::POST, path, body), "content-type", "application/json")
}

/// A request of an upload, whose token is `seed` 32 times.
pub fn tus(method: Method, path: &str, seed: u8, body: Body) -> Request<Body> {
    let request = with(request(method, path, body), TUS_RESUMABLE, "1.0.0");
    with(request, UPLOAD_TOKEN, &BASE64URL_NOPAD.encode(&[seed; 32]))
}

/// The next bytes of an upload.
pub fn patch(path: &str, seed: u8, offset: u64, content: &[u8]) -> Request<Body> {
    let request = tus(Method::PATCH, path, seed, Body::from(content.to_vec()));
    let request = with(request, "content-type", "application/offset+octet-stream");
    with(with(request, UPLOAD_OFFSET, &offset.to_string()), "content-length", &content.len().to_string())
}

/// Sets a header; an empty value takes it away.
pub fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    if value.is_empty() {
        request.headers_mut().remove(name);
    } else {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

/// The largest sealed attachment of the channel.
pub fn largest() -> u64 {
    limits::sealed_blob_bytes(LIMITS.attachment_bytes)
}
