//! Coming back without script: `/follow-up/{channel}/plain`. The code is posted, opens the case in memory for this one request and signs what
//! is done in it, and is wiped with everything that it opened. It comes again with the next post, from a field of the page: nothing is kept
//! between two requests, in no cookie and under no number.
//!
//! What can be done and what it says is [`recourse_flow::follow_up`]'s, how it is read, signed and checked
//! [`recourse_client::follow_up`]'s, as on the page with script.

use std::collections::VecDeque;

use axum::Extension;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::Response;
use recourse_client::follow_up::{OwnSession, parse_receipt};
use recourse_domain::content::ReporterContent;
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::report::{Remedy, SHORT_CHARS};
use recourse_flow::follow_up::{Act, Effect, EvidenceAct, Msg, NewFile, Page, Phase, Standing, Tag, Trouble};
use recourse_flow::intake::OpenChannel;
use recourse_pages::{ACTS, Field, FollowUpPage, Language, Stopped};
use recourse_seal::receipt::{Receipt, case_id, token_hash};
use recourse_wire::engine::{Answer, Failure, FollowUp, OutgoingFile, Request as Asked};
use recourse_wire::problem::{Problem, ProblemKind};
use tokio::sync::OwnedSemaphorePermit;
use zeroize::{Zeroize as _, Zeroizing};

use crate::fault::{Chain, Fault};
use crate::guard::Visit;
use crate::inside::{Held, InProcess, Random};
use crate::network::Network;
use crate::own;
use crate::page::{Wanted, find, no_such_page};
use crate::plain::{clean, served};
use crate::posted::Posted;
use crate::state::State;

/// The file whose placeholders are filled.
const FILE: &str = "plain-follow-up.html";

/// A page for one channel in one language.
struct Desk {
    state: State,
    id: ChannelId,
    channel: OpenChannel,
    language: Language,
    action: String,
    scripted: String,
}

/// `GET /follow-up/{channel}/plain`.
pub(crate) async fn begin(
    Shared(state): Shared<State>,
    Path(channel): Path<String>,
    Query(wanted): Query<Wanted>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Fault> {
    let Some(desk) = Desk::open(state, &channel, &wanted, visit).await? else {
        return Ok(no_such_page(wanted.language(visit)));
    };
    Ok(desk.answer(StatusCode::OK, &desk.page().begin("", None, None)))
}

/// `POST /follow-up/{channel}/plain`: opens the case, and does in it what the button says.
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
        return Ok(desk.answer(StatusCode::FORBIDDEN, &desk.page().begin("", None, Some(&Stopped::Foreign))));
    }
    let Ok(parts) = Multipart::from_request(request, &state).await else {
        return Ok(desk.answer(StatusCode::BAD_REQUEST, &desk.page().begin("", None, None)));
    };
    let mut posted = Posted::read(&state, &desk.channel.limits, parts).await;
    let typed = Typed(std::mem::take(&mut posted.fields));
    Ok(desk.take(&typed, posted, network).await)
}

impl Desk {
    async fn open(state: State, channel: &str, wanted: &Wanted, visit: Visit) -> Result<Option<Self>, Fault> {
        let Some(record) = find(&state, channel).await? else { return Ok(None) };
        let manifest = &record.manifest;
        let (id, expired) = (manifest.channel.clone(), state.now() > manifest.expires_at);
        let language = wanted.language(visit);
        let lang = wanted.asked().map_or(String::new(), |language| format!("?lang={}", language.tag()));
        Ok(Some(Self {
            channel: OpenChannel::of(manifest, expired, language.tag()),
            action: format!("/follow-up/{id}/plain{lang}"),
            scripted: format!("{}/follow-up/{id}", manifest.intake_origin),
            state,
            id,
            language,
        }))
    }

    fn page(&self) -> FollowUpPage<'_> {
        let Self { state, channel, language, action, scripted, .. } = self;
        FollowUpPage { channel, language: *language, action, scripted, now: state.now() }
    }

    fn answer(&self, status: StatusCode, body: &str) -> Response {
        served(&self.state, status, self.language, &self.id, (FILE, self.page().title(), body))
    }

    /// Too early: everything typed goes along, to be posted again.
    fn wait(&self, typed: &Typed, seconds: u32) -> Response {
        let body = self.page().again(&typed.0, None, Some(&Stopped::Wait(seconds)));
        let mut response = self.answer(StatusCode::TOO_MANY_REQUESTS, &body);
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        response
    }

    async fn take(&self, typed: &Typed, posted: Posted, network: Network) -> Response {
        let code = match parse_receipt(typed.one("code")) {
            Ok(code) => code,
            Err(failure) => return self.refuse(typed, failure),
        };
        let now = self.state.now();
        match self.is_known(&code).await {
            Ok(true) => {}
            Ok(false) => {
                // As on the page with script: whoever guesses is slowed down, and nobody else.
                return match self.state.limits.guess(network, now) {
                    Ok(()) => self.refuse(typed, problem(ProblemKind::UnknownCase)),
                    Err(later) => self.wait(typed, later.wait),
                };
            }
            Err(fault) => {
                tracing::error!(cause = %Chain(&fault), "a case could not be looked for");
                return self.failed(typed);
            }
        }
        if let Err(later) = self.state.limits.plain_follow_up(network, now) {
            return self.wait(typed, later.wait);
        }
        let work = self.prepare(typed, posted).await;
        match self.work(code.to_text(), work).await {
            Ok(done) => self.show(done, typed, &code.to_text()),
            Err(_) => self.failed(typed),
        }
    }

    /// What came of it, on the case as it is now.
    fn show(&self, (mut page, stopped): (Page, Option<Stopped>), typed: &Typed, code: &str) -> Response {
        let status = match (&stopped, &page.trouble) {
            (None | Some(Stopped::FilesApart), None) => StatusCode::OK,
            (Some(Stopped::Busy | Stopped::Broken), _) | (_, Some(Trouble::Failed(_))) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            (Some(Stopped::Twice), _) | (_, Some(Trouble::CaseChanged)) => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let body = match &page.phase {
            Phase::Case(case) => self.page().case(&page, case, code, &typed.0, stopped.as_ref()),
            Phase::Code { .. } => self.page().again(&typed.0, page.trouble.as_ref(), stopped.as_ref()),
        };
        if let Phase::Case(case) = &mut page.phase {
            case.each_text(|text| text.zeroize());
        }
        self.answer(status, &body)
    }

    /// Something of ours did not work; everything typed goes along, to be posted again.
    fn failed(&self, typed: &Typed) -> Response {
        let trouble = Trouble::Failed(problem(ProblemKind::Unavailable));
        self.answer(StatusCode::SERVICE_UNAVAILABLE, &self.page().again(&typed.0, Some(&trouble), None))
    }

    /// The code again, with what is wrong with it.
    fn refuse(&self, typed: &Typed, failure: Failure) -> Response {
        let mut page = Page::new(self.id.clone(), self.state.now());
        page.update(Msg::Failed(Tag::Open, failure));
        let body = self.page().begin(typed.one("code"), page.trouble.as_ref(), None);
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, &body)
    }

    /// Whether a code opens something here. An unknown code, another channel's and a wrong token are one.
    async fn is_known(&self, code: &Receipt) -> Result<bool, Fault> {
        let (case, token) = (CaseId::new(case_id(&code.lookup())), Digest::new(token_hash(&code.token())));
        match own::owned(&self.state, &self.id, &case, &token, self.state.now()).await {
            Ok(_) => Ok(true),
            Err(Fault::UnknownCase) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// What is to be done, with its files cleaned.
    async fn prepare(&self, typed: &Typed, posted: Posted) -> Work {
        let act = ACTS.iter().find(|(name, _)| *name == typed.one("go")).map(|(_, act)| *act);
        let Posted { files, refused, busy, broken, held, .. } = posted;
        let mut work = Work { typed: typed.clone(), act, files: Vec::new(), stopped: None, noted: None, _held: held };
        if act != Some(Act::Evidence) {
            // A press of another button: what it says is done, and the files are chosen anew.
            work.noted = (!files.is_empty() || !refused.is_empty()).then_some(Stopped::FilesApart);
            work.stopped = (broken && work.noted.is_none()).then_some(Stopped::Broken);
            return work;
        }
        work.stopped = if broken && refused.is_empty() {
            Some(Stopped::Broken)
        } else if busy {
            Some(Stopped::Busy)
        } else if !refused.is_empty() {
            Some(Stopped::Files(refused))
        } else {
            let (as_is, limit) = (typed.one("as-is") == "yes", self.channel.limits.attachment_bytes);
            match tokio::task::spawn_blocking(move || clean(files, as_is, limit)).await {
                Ok(Ok((listed, cleaned))) => {
                    work.files = listed.into_iter().zip(cleaned).collect();
                    None
                }
                Ok(Err(refused)) => Some(Stopped::Files(refused)),
                Err(_) => Some(Stopped::Broken),
            }
        };
        work
    }

    /// Opens the case and does what is to be done on a thread of its own: the client is made for one thread, and opening is work.
    async fn work(
        &self,
        code: Zeroizing<String>,
        work: Work,
    ) -> Result<(Page, Option<Stopped>), tokio::task::JoinError> {
        let (state, id) = (self.state.clone(), self.id.clone());
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            runtime.block_on(async move {
                let mut back = Back::open(state, id, &code).await;
                let stopped = back.work(work).await;
                (back.page, stopped)
            })
        })
        .await
    }
}

/// What was posted; wiped when it is let go of.
#[derive(Clone)]
struct Typed(Vec<Field>);

impl Typed {
    fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A text; browsers send other line ends than people type.
    fn text(&self, name: &str) -> String {
        self.one(name).replace("\r\n", "\n")
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

/// What is to be done in a case.
struct Work {
    typed: Typed,
    act: Option<Act>,
    /// Cleaned, and what is said of each.
    files: Vec<(OutgoingFile, Held)>,
    /// Why it is not done.
    stopped: Option<Stopped>,
    /// What is to be said beside.
    noted: Option<Stopped>,
    /// Room in memory for the files.
    _held: Vec<OwnedSemaphorePermit>,
}

/// A case that is open for one request, and the page that shows it.
struct Back {
    state: State,
    transport: InProcess,
    session: Option<OwnSession>,
    page: Page,
}

impl Back {
    async fn open(state: State, channel: ChannelId, code: &str) -> Self {
        let transport = InProcess::new(&state);
        let now = state.now();
        let mut page = Page::new(channel.clone(), now);
        // As the page stands while a case is being opened. It is not given the code.
        page.update(Msg::Open);
        let session = match OwnSession::open(&transport, &channel, code, None, now).await {
            Ok((session, view)) => {
                page.update(Msg::Answered(Tag::Open, Answer::OwnCase(Box::new(view))));
                Some(session)
            }
            Err(failure) => {
                page.update(Msg::Failed(Tag::Open, failure));
                None
            }
        };
        Self { state, transport, session, page }
    }

    /// Does what is to be done; says what kept it from being done, where it is not the page that says so.
    async fn work(&mut self, work: Work) -> Option<Stopped> {
        let Work { typed, act, mut files, stopped, noted, _held } = work;
        if !self.fill(&typed, &files) || stopped.is_some() {
            return stopped;
        }
        let Some(act) = act else { return noted };
        let seen = typed.one("seen").parse().unwrap_or_default();
        if let Some(stopped) = self.keeps(act, seen) {
            return stopped;
        }
        let files: Vec<Held> = files.drain(..).map(|(_, held)| held).collect();
        let mut effects = VecDeque::from(self.page.update(Msg::Send(act)));
        while let Some(effect) = effects.pop_front() {
            let Effect::Ask(tag, asked) = effect else { continue };
            let msg = match self.ask(asked, &files).await {
                // Pressed twice: the first press was faster, and this one says the same.
                Ok(view) if tag == Tag::Reread && self.is_there_twice(act, seen, &view) => {
                    self.page.update(Msg::Answered(Tag::Reload, Answer::OwnCase(Box::new(view))));
                    return Some(Stopped::Twice);
                }
                Ok(view) => Msg::Answered(tag, Answer::OwnCase(Box::new(view))),
                Err(failure) => Msg::Failed(tag, failure),
            };
            effects.extend(self.page.update(msg));
        }
        noted
    }

    /// Puts what was typed into the page; says whether there is a case.
    fn fill(&mut self, typed: &Typed, files: &[(OutgoingFile, Held)]) -> bool {
        let mut told: Vec<Msg> = Vec::new();
        for (name, act) in ACTS {
            let text = typed.text(&["text-", name].concat());
            if !text.trim().is_empty() {
                told.push(Msg::Text(act, text));
            }
        }
        let answer = |of: &str, remedy: Remedy| match typed.one(&[of, "-", remedy.as_str()].concat()) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let Phase::Case(case) = &self.page.phase else { return false };
        for remedy in case.offered().0 {
            told.extend(answer("offer", remedy).map(|yes| Msg::Offer(remedy, yes)));
        }
        for remedy in case.said_delivered().0 {
            told.extend(answer("delivered", remedy).map(|yes| Msg::Delivered(remedy, yes)));
        }
        told.extend(typed.one("heard").parse().ok().map(Msg::Heard));
        told.extend(typed.one("fair").parse().ok().map(Msg::Fair));
        let chosen = |(file, _): &(OutgoingFile, Held)| NewFile {
            id: file.id,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
        };
        told.push(Msg::AddFiles(files.iter().map(chosen).collect()));
        for (file, _) in files {
            let (id, media_type, size) = (file.id, file.media_type.clone(), file.size);
            let cleaned = EvidenceAct::Cleaned { id, media_type, size, removed: Vec::new(), notes: Vec::new() };
            told.push(Msg::Evidence(cleaned));
            let words = typed.one("description").chars().take(SHORT_CHARS).collect();
            told.push(Msg::Evidence(EvidenceAct::Describe(id, words)));
        }
        // After the files: those that may show a child are let go of again, and the page says so.
        told.extend(typed.one("under-18").parse().ok().map(Msg::Under18));
        for msg in told {
            self.page.update(msg);
        }
        true
    }

    /// What keeps an act from being done. The inner answer is nothing where the page says it itself.
    fn keeps(&mut self, act: Act, seen: u64) -> Option<Option<Stopped>> {
        let Phase::Case(case) = &self.page.phase else { return Some(None) };
        match case.standing(act, seen) {
            Standing::Repeated => return Some(Some(Stopped::Twice)),
            Standing::Changed => {
                self.page.trouble = Some(Trouble::CaseChanged);
                return Some(None);
            }
            Standing::Holds => {}
        }
        if case.is_ready(act, self.page.now) {
            return None;
        }
        Some(Some(if case.excess(act) > 0 {
            Stopped::TooLong
        } else if act == Act::Evidence && case.more.refuses() {
            Stopped::Dropped
        } else if act == Act::Evidence && !case.more.is_empty() {
            Stopped::Under18
        } else {
            Stopped::Nothing
        }))
    }

    fn is_there_twice(&self, act: Act, seen: u64, view: &FollowUp) -> bool {
        let Phase::Case(case) = &self.page.phase else { return false };
        let mut now = case.clone();
        now.view = view.clone();
        now.standing(act, seen) == Standing::Repeated
    }

    async fn ask(&mut self, asked: Asked, files: &[Held]) -> Result<FollowUp, Failure> {
        let session = self.session.as_mut().ok_or(Failure::OutOfOrder)?;
        let mut random = Random(&self.state);
        match asked {
            Asked::Act { content: ReporterContent::EvidenceAdded { text, .. }, files: sent, now } => {
                session.add_evidence(&self.transport, &mut random, text, &sent, files, now, |_| ()).await
            }
            Asked::Act { content, .. } => session.act(&self.transport, &mut random, &content).await,
            Asked::Reread { now } => session.reread(&self.transport, now).await,
            _ => Err(Failure::OutOfOrder),
        }
    }
}

fn problem(kind: ProblemKind) -> Failure {
    Failure::Problem { problem: Problem::new(kind, None) }
}
