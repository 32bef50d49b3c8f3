//! The form without script: `/r/{channel}/plain`. What is posted is in memory until it is sealed, and is wiped then; nothing is kept
//! between two pages, and nothing of it is logged.
//!
//! There is no session that another site's page could ride on: a post proves nothing but that somebody filled a form. All it could do is
//! to spend the quota of the network it comes from, and for that it is enough to ask where it comes from.

use axum::Extension;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State as Shared};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use recourse_client::outbox::Sent;
use recourse_client::record;
use recourse_domain::ids::ChannelId;
use recourse_domain::report::EvidenceKind;
use recourse_domain::time::Timestamp;
use recourse_flow::intake::{self, OpenChannel};
use recourse_pages::{Answers, Language, Page, RECORD_CODE, Refused, Trouble, fill_page};
use recourse_scrub::{Options, Refusal, Verdict, scrub};
use recourse_seal::receipt::Receipt;
use recourse_store::ChannelRecord;
use recourse_wire::engine::{Failure, Outgoing, OutgoingFile};
use recourse_wire::problem::ProblemKind;
use tokio::sync::OwnedSemaphorePermit;

use crate::channel;
use crate::fault::Fault;
use crate::guard::Visit;
use crate::inside::{Held, Post, Random};
use crate::network::Network;
use crate::page::{PERMISSIONS, PERMISSIONS_POLICY, Wanted, no_such_page};
use crate::posted::{Posted, PostedFile};
use crate::state::State;

/// No script at all, and nothing from anywhere else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The file whose placeholders are filled.
const FILE: &str = "plain.html";

/// A page for one channel in one language.
struct Desk {
    state: State,
    id: ChannelId,
    record: ChannelRecord,
    channel: OpenChannel,
    language: Language,
    action: String,
    hosted: String,
    follow_up: String,
}

/// `GET /r/{channel}/plain`.
pub(crate) async fn begin(
    Shared(state): Shared<State>,
    Path(channel): Path<String>,
    Query(wanted): Query<Wanted>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Fault> {
    let Some(desk) = Desk::open(state, &channel, &wanted, visit).await? else {
        return Ok(no_such_page(wanted.language(visit)));
    };
    Ok(desk.answer(StatusCode::OK, &desk.page().begin(false)))
}

/// `POST /r/{channel}/plain`: to the next page, or the report itself.
pub(crate) async fn go_on(
    Shared(state): Shared<State>,
    Path(channel): Path<String>,
    Query(wanted): Query<Wanted>,
    Extension(visit): Extension<Visit>,
    Extension(network): Extension<Network>,
    request: Request,
) -> Result<Response, Fault> {
    let Some(desk) = Desk::open(state.clone(), &channel, &wanted, visit).await? else {
        return Ok(no_such_page(wanted.language(visit)));
    };
    if !visit.from_own_page {
        return Ok(desk.answer(StatusCode::FORBIDDEN, &desk.page().begin(true)));
    }
    let Ok(parts) = Multipart::from_request(request, &state).await else {
        return Ok(desk.answer(StatusCode::BAD_REQUEST, &desk.page().begin(false)));
    };
    let mut posted = Posted::read(&state, &desk.channel.limits, parts).await;
    let fields = std::mem::take(&mut posted.fields);
    let mut answers = Answers::read(desk.channel.clone(), fields);
    let response = desk.next(&mut answers, posted, network).await;
    answers.wipe();
    Ok(response)
}

impl Desk {
    async fn open(state: State, channel: &str, wanted: &Wanted, visit: Visit) -> Result<Option<Self>, Fault> {
        let Ok(id) = channel.parse::<ChannelId>() else { return Ok(None) };
        let record = match channel::find(&state, &id).await {
            Ok(record) => record,
            Err(Fault::UnknownChannel) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let asked = wanted.asked();
        let language = asked.unwrap_or(visit.language);
        let manifest = &record.manifest;
        let expired = state.now() > manifest.expires_at;
        let lang = asked.map_or(String::new(), |language| format!("?lang={}", language.tag()));
        Ok(Some(Self {
            channel: OpenChannel::of(manifest, expired, language.tag()),
            action: format!("/r/{id}/plain{lang}"),
            hosted: format!("{}/r/{id}", manifest.intake_origin),
            follow_up: format!("{}/follow-up/{id}", manifest.intake_origin),
            state,
            id,
            record,
            language,
        }))
    }

    fn page(&self) -> Page<'_> {
        let Self { channel, language, action, hosted, follow_up, .. } = self;
        Page { channel, language: *language, action, hosted, follow_up }
    }

    fn answer(&self, status: StatusCode, body: &str) -> Response {
        served(&self.state, status, self.language, &self.id, (FILE, self.page().title(), body))
    }

    async fn next(&self, answers: &mut Answers, posted: Posted, network: Network) -> Response {
        let page = self.page();
        if !answers.has_purpose() {
            return self.answer(StatusCode::OK, &page.begin(false));
        }
        match answers.order() {
            "check" | "send" | "save" if !answers.faults().is_empty() => {
                self.answer(StatusCode::UNPROCESSABLE_ENTITY, &page.questions(answers, true))
            }
            "check" | "send" | "save" if answers.is_record() => self.record(answers, posted, network).await,
            "check" => self.answer(StatusCode::OK, &page.check(answers, None)),
            "send" => match self.send(answers, posted, network).await {
                Ok(sent) => {
                    let others = answers.other_codes();
                    self.answer(StatusCode::OK, &page.sent(&sent, &others))
                }
                Err(trouble) => self.trouble(answers, &trouble),
            },
            _ => self.answer(StatusCode::OK, &page.questions(answers, false)),
        }
    }

    /// The check again, with everything typed and why it was not sent.
    fn trouble(&self, answers: &Answers, trouble: &Trouble) -> Response {
        later(self.answer(status(trouble), &self.page().check(answers, Some(trouble))), trouble)
    }

    /// The page with a record's code, or the file that this code opens. Nothing of it is stored.
    async fn record(&self, answers: &mut Answers, posted: Posted, network: Network) -> Response {
        let saves = answers.order() == "save";
        // What is no code of a record was not made here. Then there is another one, on the page, before there is a file.
        let carried = record::parse_code(answers.one(RECORD_CODE)).ok();
        let known = carried.is_some();
        let code = carried.unwrap_or_else(|| record::new_code(&mut Random(&self.state)));
        let trouble = if saves && known {
            match self.seal(answers, posted, network, code.clone()).await {
                Ok(sealed) => return saved(sealed),
                Err(trouble) => Some(trouble),
            }
        } else {
            None
        };
        let body = self.page().record(answers, &code.to_text(), trouble.as_ref());
        match &trouble {
            Some(trouble) => later(self.answer(status(trouble), &body), trouble),
            None => self.answer(StatusCode::OK, &body),
        }
    }

    async fn seal(
        &self,
        answers: &mut Answers,
        posted: Posted,
        network: Network,
        code: Receipt,
    ) -> Result<Vec<u8>, Trouble> {
        let (listed, held, _room) = self.cleaned(answers, posted).await?;
        let now = self.state.now();
        self.state.limits.plain_form(network, now).map_err(|later| Trouble::Wait(later.wait))?;
        let outgoing = self.outgoing(answers, listed)?;
        let (state, id) = (self.state.clone(), self.id.clone());
        let runtime = tokio::runtime::Handle::current();
        let sealed = tokio::task::spawn_blocking(move || {
            runtime.block_on(record::seal_to(&mut Random(&state), &code, &id, &outgoing, &held))
        });
        sealed.await.map_err(|_| Trouble::Failed)?.map_err(|_| Trouble::Failed)
    }

    async fn send(&self, answers: &mut Answers, posted: Posted, network: Network) -> Result<intake::Sent, Trouble> {
        let now = self.state.now();
        if !channel::is_open(&self.record.manifest, now) {
            return Err(Trouble::Closed);
        }
        let (listed, held, _room) = self.cleaned(answers, posted).await?;
        // Only now: what has to be put right first costs nothing.
        self.state.limits.plain_form(network, now).map_err(|later| Trouble::Wait(later.wait))?;
        let outgoing = self.outgoing(answers, listed)?;
        let sent = self.post(outgoing, held).await?;
        let mut next = answers.sent(sent.clone());
        while let Some(outgoing) = next {
            // The codes so far must not be lost for those that are missing.
            match self.post(outgoing, Vec::new()).await {
                Ok(another) => next = answers.sent(another),
                Err(_) => {
                    answers.give_up();
                    break;
                }
            }
        }
        Ok(sent)
    }

    /// What the form asks its engine for, with the files.
    fn outgoing(&self, answers: &mut Answers, listed: Vec<OutgoingFile>) -> Result<Outgoing, Trouble> {
        let mut outgoing = answers.outgoing(self.state.now(), self.language.tag()).ok_or(Trouble::Failed)?;
        let description = answers.one("description");
        outgoing.files = listed;
        for file in &mut outgoing.files {
            file.description = (!description.is_empty()).then(|| description.chars().take(1_000).collect());
        }
        Ok(outgoing)
    }

    /// Files without hidden data, and the room in memory that they hold.
    async fn cleaned(
        &self,
        answers: &Answers,
        posted: Posted,
    ) -> Result<(Vec<OutgoingFile>, Vec<Held>, Vec<OwnedSemaphorePermit>), Trouble> {
        let Posted { files, mut refused, busy, broken, held: room, .. } = posted;
        if broken && refused.is_empty() {
            return Err(Trouble::Failed);
        }
        if busy {
            return Err(Trouble::Busy);
        }
        if answers.refuses_media() && !files.is_empty() {
            refused.push(Refused::Media);
        }
        if !refused.is_empty() {
            return Err(Trouble::Files(refused));
        }
        let (as_is, limits) = (answers.ticked("as-is"), self.channel.limits);
        let cleaned = tokio::task::spawn_blocking(move || clean(files, as_is, limits.attachment_bytes)).await;
        let (listed, held) = cleaned.map_err(|_| Trouble::Failed)?.map_err(Trouble::Files)?;
        Ok((listed, held, room))
    }

    /// Seals and records on a thread of its own: the client is made for one thread, and sealing is work.
    async fn post(&self, outgoing: Outgoing, held: Vec<Held>) -> Result<intake::Sent, Trouble> {
        let (state, id) = (self.state.clone(), self.id.clone());
        let runtime = tokio::runtime::Handle::current();
        let sealed = tokio::task::spawn_blocking(move || {
            runtime.block_on(async move { Post::open(state, &id).await?.send(&outgoing, &held).await })
        });
        match sealed.await {
            Ok(Ok(sent)) => Ok(told(sent)),
            Ok(Err(failure)) => Err(why(&failure)),
            Err(_) => Err(Trouble::Failed),
        }
    }
}

const fn status(trouble: &Trouble) -> StatusCode {
    match trouble {
        Trouble::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        Trouble::Busy | Trouble::Failed => StatusCode::SERVICE_UNAVAILABLE,
        Trouble::Closed => StatusCode::GONE,
        Trouble::Files(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Says when, where somebody has to wait.
fn later(mut response: Response, trouble: &Trouble) -> Response {
    if let Trouble::Wait(seconds) = trouble {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// The file of a record, to be saved and not to be shown.
fn saved(sealed: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"notes.age\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, sealed).into_response()
}

/// A page that runs nothing, speaks to nobody but us, and is not kept. Of it are told file, title and body.
pub(crate) fn served(
    state: &State,
    status: StatusCode,
    language: Language,
    channel: &ChannelId,
    (file, title, body): (&str, &str, &str),
) -> Response {
    let template = state.intake_assets.text(file).unwrap_or("{{body}}");
    let html = fill_page(template, language, channel.as_str(), title, body);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // A post has to say where it comes from: with `no-referrer` its `Origin` would be `null`.
        (header::REFERRER_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, PERMISSIONS),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_LANGUAGE, language.tag()),
    ];
    let headers: [(HeaderName, HeaderValue); 6] = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    (status, headers, html).into_response()
}

fn told(sent: Sent) -> intake::Sent {
    intake::Sent {
        receipt: sent.receipt.to_string(),
        acknowledgement_file: sent.acknowledgement_file,
        due: sent.due,
        case: sent.case.to_string(),
        ..intake::Sent::default()
    }
}

fn why(failure: &Failure) -> Trouble {
    match failure {
        Failure::Problem { problem } if problem.kind() == Some(ProblemKind::ChannelClosed) => Trouble::Closed,
        Failure::Problem { problem } => {
            // A kind is no part of a report.
            tracing::error!(problem = ?problem.kind(), "a plain form could not be recorded");
            Trouble::Failed
        }
        Failure::Manifest { .. } => Trouble::Closed,
        _ => {
            tracing::error!("a plain form could not be recorded");
            Trouble::Failed
        }
    }
}

/// Takes hidden data out of files, in memory. Their names stay behind: nobody could look at them before sending.
pub(crate) fn clean(
    files: Vec<PostedFile>,
    as_is: bool,
    limit: u64,
) -> Result<(Vec<OutgoingFile>, Vec<Held>), Vec<Refused>> {
    let (mut listed, mut held, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (place, PostedFile { name, media_type, bytes }) in files.into_iter().enumerate() {
        let options = Options { max_bytes: limit, ..Options::default() };
        let (bytes, media_type) = match scrub(&bytes, &media_type, &options) {
            Ok(Verdict::Clean(clean)) => (clean.bytes.into(), clean.media_type.as_str()),
            Ok(Verdict::CannotClean(found)) if as_is => (bytes, found.media_type.as_str()),
            Ok(Verdict::CannotClean(found)) => {
                refused.push(Refused::Reason(name, "", found.way_out.id()));
                continue;
            }
            Err(refusal) if as_is && refusal.may_be_sent_as_it_is() => (bytes, "application/octet-stream"),
            Err(refusal) => {
                refused.push(match refusal {
                    Refusal::Empty => Refused::Empty(name),
                    Refusal::TooLarge { .. } => Refused::TooLarge(name),
                    Refusal::PictureBomb { .. } | Refusal::ZipBomb => Refused::Offence(name, refusal.id()),
                    _ => Refused::Reason(name, refusal.id(), refusal.way_out().id()),
                });
                continue;
            }
        };
        listed.push(OutgoingFile {
            id: place as u32 + 1,
            name: format!("file {}", place + 1),
            media_type: media_type.to_owned(),
            size: bytes.len() as u64,
            description: None,
            kind: EvidenceKind::File,
            redactions: 0,
            sensitive: false,
            url: String::new(),
            title: String::new(),
            selector: String::new(),
            captured_by: String::new(),
        });
        held.push(Held(bytes));
    }
    if refused.is_empty() { Ok((listed, held)) } else { Err(refused) }
}

/// The first step for a form's page: nothing where the channel takes no reports any more.
pub(crate) fn first_step(record: &ChannelRecord, language: Language, framed: bool, now: Timestamp) -> Option<String> {
    let manifest = &record.manifest;
    if !channel::is_open(manifest, now) {
        return None;
    }
    let shown = OpenChannel::of(manifest, now > manifest.expires_at, language.tag());
    let phone = format!("{}/r/{}", manifest.intake_origin, manifest.channel);
    Some(recourse_pages::first_step(&shown, language, framed, &phone))
}
