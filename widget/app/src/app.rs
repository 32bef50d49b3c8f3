//! The one component: what the reducer asks for is done here, and what happens in the world is told to it.

use js_sys::{Array, Function};
use recourse_domain::report::Purpose;
use recourse_domain::time::Timestamp;
use recourse_flow::intake::{
    Edit, Effect, Embedder, Gone, Hello, KeepAct, KeepTask, Msg, ShelfAct, Shut, State, Step, Task, Trouble, embedder,
    first, heard, hello, json::Value, manifest_request,
};
use recourse_glue::{Engine, Heard, Listener, get, get_number, get_text, object_with, window};
use recourse_ui::intake::{Arrival, Input, Later, Screen, view};
use recourse_ui::locale::say_beforehand;
use recourse_ui::text::{Locale, form, language};
use recourse_wire::path;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{Blob, KeyboardEvent, Url};
use yew::prelude::*;

use crate::files::{Files, Work};
use crate::host::{Host, Word};

/// What the starter hands over.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) spawn: Function,
    pub(crate) ask: Function,
    pub(crate) channel: String,
    pub(crate) framed: bool,
    /// Where answers are read.
    pub(crate) follow_up: String,
}

/// What happens to the page.
pub(crate) enum Event {
    Input(Input),
    /// The starter did what it was asked to.
    Told(String, JsValue),
    Engine(Heard<String>),
    Host(Word),
    Key(KeyboardEvent),
    /// The later screens came, or not.
    Later(Option<(Later, Work)>),
}

pub(crate) struct App {
    state: State,
    send: Callback<Input>,
    files: Files,
    /// The host, in a frame that was opened.
    host: Option<Host>,
    root_key: Option<String>,
    /// Hears the starter.
    tell: Closure<dyn FnMut(String, JsValue)>,
    /// Texts and the host's word are there: there is something to show.
    ready: bool,
    /// The first screen was on show.
    drawn: bool,
    greeted: bool,
    engine: Option<Engine>,
    /// What came for the manifest, status and body, until the engine can be asked.
    manifest: Option<(u16, String)>,
    manifest_call: u32,
    /// Where the focus goes after the next rendering.
    focus: Option<String>,
    later: Arrival,
    /// Comes with it.
    work: Option<Work>,
    /// The browser asks before the page goes.
    guarded: bool,
    /// It was asked what the device can do for evidence.
    doors: bool,
    /// What came before the later part did and needs it.
    waiting: Vec<Msg>,
    /// The sealed record, until it is saved.
    record: Option<Blob>,
    /// Its texts are there.
    spoken: bool,
    _keys: Listener,
}

impl Component for App {
    type Message = Event;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let keys = Listener::new(&window(), "keydown", move |event| {
            link.send_message(Event::Key(event.unchecked_into()));
        });
        let link = ctx.link().clone();
        let tell = Closure::new(move |what, value| link.send_message(Event::Told(what, value)));
        let app = Self {
            state: State::default(),
            send: ctx.link().callback(Event::Input),
            files: Files::default(),
            host: None,
            root_key: None,
            tell,
            ready: false,
            drawn: false,
            greeted: false,
            engine: None,
            manifest: None,
            manifest_call: 0,
            focus: None,
            later: Arrival::Awaited,
            work: None,
            guarded: false,
            doors: false,
            waiting: Vec::new(),
            record: None,
            spoken: false,
            _keys: keys,
        };
        app.ask(ctx, "begin", "");
        app.fetch_manifest(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        match event {
            Event::Later(arrived) => {
                let arrival = arrived.map_or(Arrival::Lost, |(later, _)| Arrival::There(later));
                self.work = arrived.map(|(_, work)| work);
                self.later = arrival;
                if matches!(arrival, Arrival::There(_)) {
                    self.tell(ctx, Msg::Whole { channel: ctx.props().channel.clone(), now: now() });
                    self.keep(ctx, &[("do", "find".into())]);
                    self.keep(ctx, &[("do", "list".into()), ("channel", ctx.props().channel.as_str().into())]);
                    for msg in std::mem::take(&mut self.waiting) {
                        self.tell(ctx, msg);
                    }
                }
                // Somebody went ahead of them.
                if self.state.step != Step::Start {
                    self.focus = Some("step-heading".to_owned());
                }
            }
            Event::Input(input) => self.input(ctx, input),
            Event::Told(what, value) => self.told(ctx, &what, &value),
            Event::Engine(Heard::Message(message, blob)) => self.heard(ctx, &message, blob),
            Event::Engine(Heard::Unreadable | Heard::Broken) => {
                self.tell(ctx, Msg::ChannelShut(Shut::Unreachable));
                self.tell(ctx, Msg::SendFailed(Trouble::Unexpected));
            }
            Event::Host(Word::CloseRequested) => self.tell(ctx, Msg::Close),
            // The focus is the host's when a frame is shown again.
            Event::Host(Word::Shown) => self.focus = Some("step-heading".to_owned()),
            Event::Key(key) => {
                if key.repeat() || self.state.gone.is_some() {
                    return false;
                }
                let name = key.key();
                let asking = self.state.asking.is_some();
                if name != "Escape" || !(asking || ctx.props().framed) {
                    self.tell(ctx, Msg::Key { shift: name == "Shift", at_ms: key.time_stamp() });
                    return self.state.gone.is_some();
                }
                self.tell(ctx, if asking { Msg::LeaveCancelled } else { Msg::Close });
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        if !self.ready {
            return Html::default();
        }
        view(&Screen {
            state: &self.state,
            send: &self.send,
            previews: self.files.previews(),
            framed: ctx.props().framed,
            follow_up: &ctx.props().follow_up,
            later: self.later,
        })
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if let Some(id) = self.focus.take() {
            if id == "step-heading" {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            recourse_glue::focus_by_id(&id);
        }
        if self.ready && !self.drawn {
            // Only now: on a slow line the first screen has it to itself.
            self.drawn = true;
            self.ask(ctx, "later", &language());
        }
        if self.state.step == Step::Evidence && !self.doors && self.work.is_some() {
            self.doors = true;
            self.do_evidence(ctx, Task::Doors);
        }
        if self.ready
            && !self.greeted
            && let Some(host) = &self.host
        {
            self.greeted = true;
            host.ready();
        }
    }
}

impl App {
    fn input(&mut self, ctx: &Context<Self>, input: Input) {
        let msg = match input {
            Input::Msg(msg) => msg,
            Input::Files(files) => {
                let Some(work) = self.work else { return };
                Msg::AddFiles((work.take)(&mut self.files, files))
            }
            Input::Send => Msg::Send { now: now(), language: language() },
            Input::Keep => Msg::Shelf(ShelfAct::Keep { now: now(), language: language() }),
            Input::SendWaiting(id) => Msg::Shelf(ShelfAct::Send(id, now())),
            Input::Reload if matches!(self.later, Arrival::Lost) => {
                self.later = Arrival::Awaited;
                return self.ask(ctx, "later", &language());
            }
            Input::Reload => return self.ask(ctx, "reload", ""),
            Input::Speak(tag) => return self.ask(ctx, "speak", &tag),
            Input::Print => return self.ask(ctx, "print", ""),
            Input::SaveCalendar => {
                if let Arrival::There(later) = self.later {
                    let file = (later.calendar_file)(&self.state, &ctx.props().follow_up, now());
                    self.ask(ctx, "save", &["dates.ics\n", &file].concat());
                }
                return;
            }
            Input::Manager => {
                if let Some(sent) = &self.state.sent {
                    self.keep(ctx, &[("do", "hand".into()), ("code", sent.receipt.as_str().into())]);
                }
                return self.tell(ctx, Msg::Keeping(KeepAct::Handed));
            }
            Input::SaveCode => {
                if let (Some(sent), Arrival::There(later)) = (&self.state.sent, self.later) {
                    self.ask(ctx, "save", &["notes.txt\n", &(later.code_file)(sent, &ctx.props().follow_up)].concat());
                }
                return;
            }
            Input::SaveRecord => {
                if let Some(address) = self.record.as_ref().and_then(|file| Url::create_object_url_with_blob(file).ok())
                {
                    self.ask(ctx, "saveAt", &["notes.age\n", &address].concat());
                    self.tell(ctx, Msg::RecordSaved);
                }
                return;
            }
            Input::SaveProof => {
                if let Some(sent) = &self.state.sent {
                    self.ask(ctx, "save", &["record.json\n", &sent.acknowledgement_file].concat());
                }
                return;
            }
        };
        self.tell(ctx, msg);
    }

    fn heard(&mut self, ctx: &Context<Self>, message: &str, blob: Option<Blob>) {
        let Some(message) = Value::parse(message) else { return };
        let mut msg = heard(&message, self.manifest_call, &language());
        if let (None, Arrival::There(later)) = (&msg, self.later) {
            msg = (later.reported)(&message);
        }
        if blob.is_some() {
            self.record = blob;
        }
        if let Some(msg) = msg {
            self.tell(ctx, msg);
        }
    }

    fn tell(&mut self, ctx: &Context<Self>, msg: Msg) {
        let effects = match (first(&mut self.state, msg), self.later) {
            (Ok(effects), _) => effects,
            (Err(msg), Arrival::There(later)) => (later.update)(&mut self.state, msg),
            (Err(msg), _) => return self.waiting.push(msg),
        };
        for effect in effects {
            self.perform(ctx, effect);
        }
        // The browser asks before the page is closed or loaded again only while there is something to lose.
        let at_risk = self.state.is_at_risk();
        if at_risk != self.guarded && self.state.gone.is_none() {
            self.guarded = at_risk;
            self.keep(ctx, &[("do", "guard".into()), ("on", at_risk.into())]);
        }
    }

    fn perform(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::Focus(id) => self.focus = Some(id.to_owned()),
            Effect::FocusField(id) => self.focus = Some(id),
            Effect::DropFiles(ids) => {
                self.files.drop_all(&ids);
                self.ask(ctx, "dropped", "");
            }
            Effect::Evidence(task) => self.do_evidence(ctx, task),
            Effect::Pause(paused) => {
                if let Some(engine) = &self.engine {
                    engine.pause(paused);
                }
            }
            Effect::Send(request) => {
                let files = self.work.map_or_else(Array::new, |work| (work.in_order)(&self.files, &self.state));
                self.post(ctx, &request, &files);
            }
            Effect::SendBare(request) => self.post(ctx, &request, &Array::new()),
            Effect::SendSealed(request) => self.post(ctx, &request, &self.record.iter().collect()),
            Effect::Stop => {
                if let Some(engine) = &self.engine {
                    engine.stop();
                }
            }
            Effect::Shelf(task) => {
                if let Some(work) = self.work {
                    self.ask_with(ctx, "keep", &(work.shelf)(task, &ctx.props().channel, self.record.as_ref()));
                }
            }
            Effect::Keeping(KeepTask::Begin) => self.keep(ctx, &[("do", "begin".into())]),
            Effect::Keeping(KeepTask::Store(draft)) => {
                self.keep(ctx, &[("do", "store".into()), ("text", draft.as_str().into())]);
            }
            Effect::Keeping(KeepTask::Erase) => self.keep(ctx, &[("do", "erase".into())]),
            Effect::Keeping(KeepTask::Watch) => self.keep(ctx, &[("do", "watch".into())]),
            Effect::FetchChannel => self.fetch_manifest(ctx),
            Effect::Copy(text) => self.ask(ctx, "copy", &text),
            Effect::Leave | Effect::Close => self.end(ctx),
        }
    }

    fn post(&mut self, ctx: &Context<Self>, request: &str, files: &Array) {
        let posted = self.engine.as_ref().is_some_and(|engine| engine.post(request, files).is_ok());
        if !posted {
            self.tell(ctx, Msg::SendFailed(Trouble::Unexpected));
        }
    }

    /// Ends the engine and lets go of everything; the reducer's state is wiped already.
    fn end(&mut self, ctx: &Context<Self>) {
        self.engine = None;
        self.manifest = None;
        if !self.files.is_empty() {
            self.do_evidence(ctx, Task::Stop);
        }
        self.files = Files::default();
        self.record = None;
        self.waiting.clear();
        let left = self.state.gone == Some(Gone::Left);
        // Before the host hears of it: it takes the frame away at once.
        self.ask(ctx, if left { "leave" } else { "close" }, "");
        match &self.host {
            Some(host) => host.say(if left { "leave" } else { "close" }),
            None if left => {}
            None => self.focus = Some("step-heading".to_owned()),
        }
    }

    fn ask(&self, ctx: &Context<Self>, what: &str, detail: &str) {
        self.ask_with(ctx, what, &detail.into());
    }

    fn ask_with(&self, ctx: &Context<Self>, what: &str, detail: &JsValue) {
        // The starter's function does not throw: it answers later.
        let _ = ctx.props().ask.call3(&JsValue::NULL, &what.into(), detail, self.tell.as_ref());
    }

    fn keep(&self, ctx: &Context<Self>, job: &[(&str, JsValue)]) {
        self.ask_with(ctx, "keep", &object_with(job));
    }

    fn do_evidence(&self, ctx: &Context<Self>, task: Task) {
        if let Some(work) = self.work {
            self.ask_with(ctx, "evidence", &(work.job)(&self.files, &self.state, task));
        }
    }

    fn told(&mut self, ctx: &Context<Self>, what: &str, value: &JsValue) {
        match what {
            "begin" => self.begin(ctx, value),
            "manifest" => {
                self.manifest = Some((get_number(value, "status") as u16, get_text(value, "body")));
                self.check_manifest(ctx);
            }
            "later" => self.later(ctx, value),
            "speak" => self.speak(value),
            "evidence" => {
                if let Some(work) = self.work {
                    if let Some(msg) = (work.told)(&mut self.files, value) {
                        self.tell(ctx, msg);
                    }
                    (work.show)(&mut self.files, &self.state);
                }
            }
            "keep" => {
                let msg = match &*get_text(value, "did") {
                    "begin" => KeepAct::Kept(get(value, "can").is_truthy()),
                    "find" if get(value, "text").is_string() => KeepAct::Found(get_text(value, "text")),
                    "watch" => KeepAct::Back,
                    _ => {
                        let record = &mut self.record;
                        if let Some(msg) = self.work.and_then(|work| (work.shelved)(value, record)) {
                            self.tell(ctx, msg);
                        }
                        return;
                    }
                };
                self.tell(ctx, Msg::Keeping(msg));
            }
            "copy" => self.tell(ctx, Msg::CodeCopied(value.is_truthy())),
            _ => {}
        }
    }

    fn begin(&mut self, ctx: &Context<Self>, value: &JsValue) {
        self.ready = true;
        install(Locale::from_js(&get_text(value, "tag"), &get(value, "texts")));
        let link = ctx.link().clone();
        self.host = Host::listen(get(value, "port"), move |word| link.send_message(Event::Host(word)));
        let Hello { offered, theme, root_key } = hello(&get_text(value, "offer"));
        let Embedder { address, record, .. } = self.embedded(value);
        self.root_key = root_key;
        if let (Some(theme), Some(root)) = (theme, recourse_glue::document().document_element()) {
            let _ = root.set_attribute("data-theme", theme);
        }
        self.tell(ctx, Msg::Offered(offered));
        if record {
            self.tell(ctx, Msg::Door(Purpose::RecordOnly));
        }
        if !address.is_empty() {
            self.tell(ctx, Msg::Edit(Edit::Url(address)));
        }
        // Only now is it sure that somebody means to write, and which key the host pins.
        let link = ctx.link().clone();
        match Engine::start_plain(&ctx.props().spawn, move |heard| link.send_message(Event::Engine(heard))) {
            Ok(engine) => self.engine = Some(engine),
            Err(_) => self.tell(ctx, Msg::ChannelShut(Shut::Unreachable)),
        }
        self.check_manifest(ctx);
    }

    /// What the tool around the form says; its own words on what it holds are in the language of the texts that came with them.
    fn embedded(&mut self, value: &JsValue) -> Embedder {
        let said = embedder(&get_text(value, "embedder"));
        self.state.keep.held.clone_from(&said.held);
        self.state.keep.hint.clone_from(&said.hint);
        said
    }

    /// The texts of the later screens came, or nothing; their code is on its way since.
    fn later(&mut self, ctx: &Context<Self>, part: &JsValue) {
        self.spoken = self.spoken || Locale::append(&get_text(part, "tag"), &get(part, "texts"));
        if !self.spoken {
            self.later = Arrival::Lost;
            return;
        }
        ctx.link().send_future(async { Event::Later(later().await.ok()) });
    }

    /// The texts of another language came; where they did not, the form stays in this one.
    fn speak(&mut self, parts: &JsValue) {
        let (texts, later) = (get(parts, "texts"), get(parts, "later"));
        if texts.is_truthy() && later.is_truthy() {
            let tag = get_text(parts, "tag");
            install(Locale::from_js(&tag, &texts));
            self.spoken = Locale::append(&tag, &later);
            self.embedded(parts);
        }
        // The list shows the language that there is.
        self.focus = Some("language".to_owned());
    }

    fn fetch_manifest(&self, ctx: &Context<Self>) {
        self.ask(ctx, "manifest", &path::fill(path::MANIFEST, &[&ctx.props().channel]));
    }

    /// Has the engine check the manifest as soon as both are there.
    fn check_manifest(&mut self, ctx: &Context<Self>) {
        let (Some(engine), Some((status, body))) = (&self.engine, &self.manifest) else { return };
        match manifest_request((*status, body), &ctx.props().channel, self.root_key.as_deref(), now()) {
            Ok(request) => self.manifest_call = engine.post(&request, &Array::new()).unwrap_or_default(),
            Err(why) => self.tell(ctx, Msg::ChannelShut(why)),
        }
    }
}

/// From now on the form speaks this language, and what it says should it break.
fn install(locale: Locale) {
    locale.install();
    let broken = [("title", form::BROKEN_TITLE), ("text", form::BROKEN_TEXT), ("plain", form::BROKEN_PLAIN)];
    say_beforehand(form::FRAME_TITLE, broken);
}

/// The device's clock.
fn now() -> Timestamp {
    Timestamp(recourse_glue::now())
}

/// Where the build cuts: what only this function reaches is a file of its own, `intake_app_later.wasm`.
#[wasm_split(later, fallible)]
fn later() -> Result<(Later, Work), SplitLoaderError> {
    Ok((Later::all(), Work::all()))
}
