//! Drives the state machine: brings it what the engine, the clock and the keyboard say, and does what it wants done.

use std::collections::HashMap;

use js_sys::{Array, Function};
use recourse_domain::ids::ChannelId;
use recourse_domain::time::Timestamp;
use recourse_flow::evidence::Evidence;
use recourse_flow::follow_up::{Act, Effect, Msg, Page, Phase, Tag, Target, Task, Trouble};
use recourse_glue::{Engine, Heard, Listener, document, focus_by_id, hand_over, replace_page, window};
use recourse_ui::controls::{Button, Weight};
use recourse_ui::draw::draw;
use recourse_ui::evidence::Did;
use recourse_ui::files::{Files, Told};
use recourse_ui::icons::Icon;
use recourse_ui::language::languages;
use recourse_ui::locale;
use recourse_ui::text::{follow_up as f, t};
use recourse_wire::engine::{Answer, FromEngine, Request};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::evidence::Held;
use crate::{TEXTS, case, receipt, save};

/// What the page gives.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AppProps {
    /// Makes the engine's worker.
    pub(crate) spawn: JsValue,
    /// What `widget/pages/evidence.js` can.
    pub(crate) evidence: Function,
    /// Whose page it is.
    pub(crate) channel: ChannelId,
    /// The code of a link, or nothing.
    pub(crate) code: String,
}

/// The page.
pub(crate) struct App {
    page: Page,
    engine: Option<Engine>,
    calls: HashMap<u32, Tag>,
    /// Ids of what the focus goes to.
    focus: Vec<String>,
    send: Callback<Msg>,
    /// What is done to files.
    did: Callback<Did>,
    /// Files that were chosen.
    files: Files,
    /// Hears what became of a task.
    told: Closure<dyn FnMut(JsValue)>,
    /// Asks before the page goes with something unsent.
    guard: Option<Listener>,
    _keys: Listener,
    _links: Listener,
    _clock: gloo_timers::callback::Interval,
}

/// What the driver hears.
pub(crate) enum Event {
    Msg(Msg),
    Heard(Heard<FromEngine<Answer>>),
    Did(Did),
    /// A task was done.
    Told(JsValue),
    /// Another language was chosen.
    Speak(String),
    /// It is there, or it did not come and the page stays in the one that it is in.
    Spoken,
}

impl Component for App {
    type Message = Event;
    type Properties = AppProps;

    fn create(context: &Context<Self>) -> Self {
        let link = context.link().clone();
        let spawn: Function = context.props().spawn.clone().unchecked_into();
        let engine = Engine::start(&spawn, {
            let link = link.clone();
            move |heard| link.send_message(Event::Heard(heard))
        });
        let send = link.callback(Event::Msg);
        if engine.is_err() {
            send.emit(Msg::EngineBroken);
        }
        let keys = Listener::new(&window(), "keydown", {
            let send = send.clone();
            move |event| {
                let event: &KeyboardEvent = event.unchecked_ref();
                if !event.repeat() {
                    send.emit(Msg::Key { shift: event.key() == "Shift", at_ms: event.time_stamp() });
                }
            }
        });
        let clock = gloo_timers::callback::Interval::new(60_000, {
            let send = send.clone();
            move || send.emit(Msg::Tick(now()))
        });
        let did = link.callback(Event::Did);
        let told = Closure::new(move |answer| link.send_message(Event::Told(answer)));
        // A link to this page that is followed from it changes only what stands behind the `#`.
        let links = Listener::new(&window(), "hashchange", {
            let send = send.clone();
            move |_| send.emit(Msg::Link(take_code()))
        });
        let page = Page::new(context.props().channel.clone(), now());
        if !context.props().code.is_empty() {
            send.emit(Msg::Link(context.props().code.clone()));
        }
        Self {
            page,
            engine: engine.ok(),
            calls: HashMap::new(),
            focus: Vec::new(),
            send,
            did,
            files: Files::default(),
            told,
            guard: None,
            _keys: keys,
            _links: links,
            _clock: clock,
        }
    }

    fn update(&mut self, context: &Context<Self>, event: Event) -> bool {
        let msg = match event {
            Event::Msg(msg) => Some(msg),
            Event::Heard(Heard::Message(FromEngine::Ready, _)) => Some(Msg::EngineReady),
            Event::Heard(Heard::Message(FromEngine::Answer { id, answer }, _)) => {
                self.calls.remove(&id).map(|tag| Msg::Answered(tag, *answer))
            }
            Event::Heard(Heard::Message(FromEngine::Failed { id, failure }, _)) => {
                self.calls.remove(&id).map(|tag| Msg::Failed(tag, failure))
            }
            Event::Heard(Heard::Message(FromEngine::Progress { progress, .. }, _)) => Some(Msg::Progress(progress)),
            Event::Did(Did::Files(files)) => Some(Msg::AddFiles(self.files.take(files))),
            Event::Did(Did::Act(act)) => Some(Msg::Evidence(act)),
            Event::Told(answer) => self.files.told(&answer).map(|told| match told {
                Told::Act(act) => Msg::Evidence(act),
                Told::Leave => Msg::Leave,
            }),
            Event::Heard(Heard::Unreadable | Heard::Broken) => Some(Msg::EngineBroken),
            Event::Speak(tag) => {
                context.link().send_future(async move {
                    let _ = locale::load_first(Some(&tag), TEXTS).await;
                    Event::Spoken
                });
                return false;
            }
            Event::Spoken => {
                crate::say_beforehand();
                return true;
            }
        };
        let Some(msg) = msg else { return false };
        for effect in self.page.update(msg) {
            match effect {
                Effect::Ask(tag, request) => self.ask(tag, &request),
                Effect::Focus(target) => self.focus.push(place(target).to_owned()),
                Effect::FocusField(id) => self.focus.push(id),
                Effect::DropFiles(ids) => self.files.drop_all(&ids),
                Effect::Evidence(task) => self.do_evidence(context, task),
                Effect::Pause(paused) => {
                    if let Some(engine) = &self.engine {
                        engine.pause(paused);
                    }
                }
                Effect::Save => {
                    if let Phase::Case(case) = &self.page.phase {
                        // Where the browser refuses there is nothing that could be done instead.
                        let _ = hand_over(&save::text(&self.page, case), "text/plain;charset=utf-8", save::FILE_NAME);
                    }
                }
                Effect::Leave => self.leave(context),
            }
        }
        match &self.page.phase {
            Phase::Case(case) => self.files.show(&case.more.evidence),
            Phase::Code { .. } => self.forget_files(context),
        }
        self.watch();
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let (page, send) = (&self.page, &self.send);
        let held = Held { previews: self.files.previews(), send: &self.did };
        let leave =
            Button::new(Weight::Plain, "quick-exit", t(f::COMMON_LEAVE), send.reform(|_| Msg::Leave)).icon(Icon::Leave);
        let body = match &page.phase {
            Phase::Code { busy } => html! { <main key="code">{ receipt::view(page, *busy, send) }</main> },
            Phase::Case(case) => html! { <main key="case">{ case::view(page, case, send, held) }</main> },
        };
        html! {
            <div class="page">
                <div class="bar">{ leave.view() }</div>
                { body }
                { draw(|draw| languages(draw, f::COMMON_LANGUAGE, f::COMMON_UNCHECKED, context.link().callback(Event::Speak))) }
                <p class="visually-hidden" role="status" data-testid="status">{ case::status(page) }</p>
            </div>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        for id in std::mem::take(&mut self.focus) {
            focus_by_id(&id);
        }
    }
}

impl App {
    fn ask(&mut self, tag: Tag, request: &Request) {
        let files = match (request, &self.page.phase) {
            (Request::Act { files, .. }, Phase::Case(case)) if !files.is_empty() => {
                self.files.in_order(&case.more.evidence)
            }
            _ => Array::new(),
        };
        let id = self.engine.as_ref().and_then(|engine| engine.call(request, &files).ok());
        match id {
            Some(id) => drop(self.calls.insert(id, tag)),
            None => self.send.emit(Msg::EngineBroken),
        }
    }

    fn do_evidence(&self, context: &Context<Self>, task: Task) {
        let (evidence, max) = match &self.page.phase {
            Phase::Case(case) => (&case.more.evidence, case.view.manifest.limits.attachment_bytes),
            // Only to stop: nothing is there any more.
            Phase::Code { .. } => (&Evidence::default(), 0),
        };
        let job = self.files.job(evidence, max, task);
        // It does not throw: it answers later.
        let _ = context.props().evidence.call2(&JsValue::NULL, &job, self.told.as_ref());
    }

    /// Lets go of all files, and of what is done to them.
    fn forget_files(&mut self, context: &Context<Self>) {
        if !self.files.is_empty() {
            self.do_evidence(context, Task::Stop);
            self.files.clear();
        }
    }

    /// While something is unsent, the browser asks before the page goes. Leaving at once does not: it lets go of the guard first.
    fn watch(&mut self) {
        let unsent = self.page.has_unsent();
        if unsent != self.guard.is_some() {
            self.guard = unsent.then(|| Listener::new(&window(), "beforeunload", |event| event.prevent_default()));
        }
    }

    /// Blank at once, keys gone with the worker, then another page in this one's place.
    fn leave(&mut self, context: &Context<Self>) {
        self.engine = None;
        self.guard = None;
        self.forget_files(context);
        document().set_title("");
        if let Some(body) = document().body() {
            body.set_hidden(true);
        }
        replace_page("about:blank");
    }
}

/// Where the focus goes, by id.
const fn place(target: Target) -> &'static str {
    match target {
        Target::Code => "receipt-input",
        Target::Title => "case-title",
        Target::Trouble => "trouble",
        Target::Status => "done",
        Target::Asking => "asking-title",
        Target::Question(Act::Offer) => "offer-title",
        Target::Question(Act::Delivered) => "delivered-title",
        Target::Question(_) => "feedback-title",
        Target::Flaws => "error-summary",
    }
}

/// What a slug stands for in tests and styles.
pub(crate) fn fault_id(trouble: &Trouble) -> &'static str {
    use recourse_wire::engine::{Failure, ReceiptFault};
    match trouble {
        Trouble::Code(ReceiptFault::Empty) => "empty",
        Trouble::Code(ReceiptFault::Length { .. }) => "length",
        Trouble::Code(ReceiptFault::Character { .. }) => "character",
        Trouble::Code(ReceiptFault::Checksum) => "checksum",
        Trouble::UnknownCode => "unknown-case",
        Trouble::CaseChanged => "case-changed",
        Trouble::EngineBroken => "engine",
        Trouble::Failed(Failure::Network) => "network",
        Trouble::Failed(Failure::Problem { problem }) => problem.kind().map_or("problem", |kind| kind.slug()),
        Trouble::Failed(Failure::Damaged | Failure::NoKey) => "damaged",
        Trouble::Failed(Failure::Manifest { check }) if check == "expired" => "expired",
        Trouble::Failed(Failure::Manifest { .. }) => "manifest",
        Trouble::Failed(Failure::File { .. }) => "file",
        Trouble::Failed(Failure::Report { .. }) => "too-large",
        Trouble::Failed(Failure::Acknowledgement) => "acknowledgement",
        Trouble::Failed(_) => "unexpected",
    }
}

/// What stands behind the `#` of the address, which is wiped: nobody who looks at the address or its history should find a code there.
fn take_code() -> String {
    let window = window();
    let location = window.location();
    let code = location.hash().unwrap_or_default();
    let bare = location.pathname().unwrap_or_default();
    // Fails only where the document is gone.
    let _ = window.history().map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&bare)));
    code.trim_start_matches('#').to_owned()
}

fn now() -> Timestamp {
    Timestamp(recourse_glue::now())
}
