//! The one component: what the reducer asks for is done here, and what happens in the world is told to it.

use std::borrow::Cow;

use js_sys::{Array, Function, JSON};
use recourse_domain::time::Timestamp;
use recourse_flow::intake::{Effect, Gone, Msg, Shut, State, Trouble, meaning, not_to_be_had, update};
use recourse_glue::{Engine, Fault, Heard, Listener, address_segment, get, get_number, get_text, object_with, window};
use recourse_ui::intake::{Input, Screen, code_file, view};
use recourse_ui::text::Locale;
use recourse_wire::path;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::convert;
use crate::files::Files;
use crate::host::{Connection, Host, Word};

/// Where a hosted page goes on a quick exit: nothing to fetch, nothing to explain.
const NEUTRAL: &str = "about:blank";

/// What the starter hands over.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) spawn: Function,
    pub(crate) ask: Function,
}

/// What happens to the page.
pub(crate) enum Event {
    Input(Input),
    /// The starter did what it was asked to.
    Told(String, JsValue),
    Engine(Heard<JsValue>),
    Host(Word),
    Key(KeyboardEvent),
}

pub(crate) struct App {
    state: State,
    send: Callback<Input>,
    files: Files,
    /// The host, in a frame that was opened.
    host: Option<Host>,
    framed: bool,
    channel: String,
    root_key: Option<String>,
    /// Hears the starter.
    tell: Closure<dyn FnMut(String, JsValue)>,
    /// Texts and the host's word are there: there is something to show.
    ready: bool,
    greeted: bool,
    engine: Option<Engine>,
    /// What `GET …/manifest` gave, until the engine can be asked.
    envelope: Option<JsValue>,
    manifest_call: u32,
    focus: Option<Cow<'static, str>>,
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
        let embedded = address_segment("embed");
        let framed = embedded.is_some();
        let channel = embedded.or_else(|| address_segment("r")).unwrap_or_default();

        let link = ctx.link().clone();
        let tell = Closure::new(move |what, value| link.send_message(Event::Told(what, value)));
        let app = Self {
            state: State::default(),
            send: ctx.link().callback(Event::Input),
            files: Files::default(),
            host: None,
            framed,
            channel,
            root_key: None,
            tell,
            ready: false,
            greeted: false,
            engine: None,
            envelope: None,
            manifest_call: 0,
            focus: None,
            _keys: keys,
        };
        app.ask(ctx, "begin", "");
        app.fetch_manifest(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        match event {
            Event::Input(input) => self.input(ctx, input),
            Event::Told(what, value) => self.told(ctx, &what, &value),
            Event::Engine(Heard::Message(message, _)) => {
                if let Some(msg) = convert::heard(&message).and_then(|heard| meaning(heard, self.manifest_call)) {
                    self.tell(ctx, msg);
                }
            }
            Event::Engine(Heard::Unreadable | Heard::Broken) => {
                self.tell(ctx, Msg::ChannelShut(Shut::Unreachable));
                self.tell(ctx, Msg::SendFailed(Trouble::Unexpected));
            }
            Event::Host(Word::CloseRequested) => self.tell(ctx, Msg::Close),
            // The focus is the host's when a frame is shown again.
            Event::Host(Word::Shown) => self.focus = Some("step-heading".into()),
            Event::Key(key) => {
                if key.repeat() || self.state.gone.is_some() {
                    return false;
                }
                if key.key() == "Escape" && (self.framed || self.state.asking.is_some()) {
                    let msg = if self.state.asking.is_some() { Msg::LeaveCancelled } else { Msg::Close };
                    self.tell(ctx, msg);
                } else {
                    self.tell(ctx, Msg::Key { shift: key.key() == "Shift", at_ms: key.time_stamp() });
                    return self.state.gone.is_some();
                }
            }
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        if !self.ready {
            return html! { <p class="waiting" role="status" data-testid="screen-loading"></p> };
        }
        let follow_up = format!("{}/follow-up/{}", window().location().origin().unwrap_or_default(), self.channel);
        view(&Screen {
            state: &self.state,
            send: &self.send,
            previews: self.files.previews(),
            framed: self.framed,
            follow_up: &follow_up,
        })
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(id) = self.focus.take() {
            if id == "step-heading" {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            recourse_glue::focus_by_id(&id);
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
        match input {
            Input::Msg(msg) => self.tell(ctx, msg),
            Input::Files(files) => {
                let files = self.files.take(files);
                self.tell(ctx, Msg::AddFiles(files));
                self.files.show(&self.state);
            }
            Input::Send => {
                let now = Timestamp(recourse_glue::now());
                self.tell(ctx, Msg::Send { now, language: recourse_ui::text::language() });
            }
            Input::Reload => {
                let _ = window().location().reload();
            }
            Input::SaveCode => {
                if let Some(sent) = &self.state.sent {
                    let address =
                        format!("{}/follow-up/{}", window().location().origin().unwrap_or_default(), self.channel);
                    let _ = recourse_glue::hand_over(&code_file(sent, &address), "text/plain", "notes.txt");
                }
            }
            Input::SaveProof => {
                if let Some(sent) = &self.state.sent {
                    let _ = recourse_glue::hand_over(&sent.acknowledgement_file, "application/json", "record.json");
                }
            }
            Input::Print => recourse_glue::print_page(),
        }
    }

    fn tell(&mut self, ctx: &Context<Self>, msg: Msg) {
        for effect in update(&mut self.state, msg) {
            self.perform(ctx, effect);
        }
    }

    fn perform(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::FocusHeading => self.focus = Some("step-heading".into()),
            Effect::FocusSummary => self.focus = Some("error-summary".into()),
            Effect::Focus(id) => self.focus = Some(id.into()),
            Effect::FocusField(id) => self.focus = Some(id.into()),
            Effect::DropFiles(ids) => self.files.drop_all(&ids),
            Effect::Send(request) => {
                let files = self.files.in_order(&self.state);
                let posted = self.engine.as_ref().map(|engine| engine.post(&request, &files));
                if !matches!(posted, Some(Ok(_))) {
                    self.tell(ctx, Msg::SendFailed(Trouble::Unexpected));
                }
            }
            Effect::FetchChannel => self.fetch_manifest(ctx),
            Effect::Copy(text) => self.ask(ctx, "copy", &text),
            Effect::Leave | Effect::Close => self.end(),
        }
    }

    /// Ends the engine and lets go of everything; the reducer's state is wiped already.
    fn end(&mut self) {
        self.engine = None;
        self.envelope = None;
        self.files = Files::default();
        let left = self.state.gone == Some(Gone::Left);
        match &self.host {
            Some(host) if left => host.leave(),
            Some(host) => host.close(),
            None if left => recourse_glue::replace_page(NEUTRAL),
            None => self.focus = Some("step-heading".into()),
        }
    }

    fn ask(&self, ctx: &Context<Self>, what: &str, detail: &str) {
        // The starter's function does not throw: it answers later.
        let _ = ctx.props().ask.call3(&JsValue::NULL, &what.into(), &detail.into(), self.tell.as_ref());
    }

    fn told(&mut self, ctx: &Context<Self>, what: &str, value: &JsValue) {
        match what {
            "begin" => {
                // Without the file texts show as their keys, which is still better than nothing.
                Locale::from_js(&get_text(value, "tag"), &get(value, "texts")).install();
                self.begin(ctx, Connection::from_js(value));
            }
            "copy" => self.tell(ctx, Msg::CodeCopied(value.is_truthy())),
            _ => {
                let (status, body) = (get_number(value, "status") as u16, get(value, "body"));
                if (200..300).contains(&status) {
                    self.envelope = Some(body);
                    self.check_manifest();
                } else {
                    self.tell(ctx, Msg::ChannelShut(not_to_be_had(status, Some(&convert::problem(&body)))));
                }
            }
        }
    }

    fn begin(&mut self, ctx: &Context<Self>, connection: Option<Connection>) {
        self.ready = true;
        if let Some(Connection { mut host, offered, theme, root_key, .. }) = connection {
            let link = ctx.link().clone();
            host.listen(move |word| link.send_message(Event::Host(word)));
            self.host = Some(host);
            self.root_key = root_key;
            if let (Some(theme @ ("light" | "dark")), Some(root)) =
                (theme.as_deref(), recourse_glue::document().document_element())
            {
                let _ = root.set_attribute("data-theme", theme);
            }
            self.tell(ctx, Msg::Offered(offered));
        }
        // Only now is it sure that somebody means to write, and which key the host pins.
        let link = ctx.link().clone();
        match Engine::start_plain(&ctx.props().spawn, move |heard| link.send_message(Event::Engine(heard))) {
            Ok(engine) => self.engine = Some(engine),
            Err(_) => self.tell(ctx, Msg::ChannelShut(Shut::Unreachable)),
        }
        self.check_manifest();
    }

    fn fetch_manifest(&self, ctx: &Context<Self>) {
        self.ask(ctx, "manifest", &path::fill(path::MANIFEST, &[&self.channel]));
    }

    /// Has the engine check the manifest as soon as both are there.
    fn check_manifest(&mut self) {
        let (Some(engine), Some(envelope)) = (&self.engine, &self.envelope) else { return };
        let request = object_with(&[
            ("channel", self.channel.as_str().into()),
            ("envelope", envelope.clone()),
            ("pinned_root", self.root_key.as_deref().map_or(JsValue::NULL, JsValue::from)),
            ("seen_serial", JsValue::NULL),
            ("now", (recourse_glue::now() as f64).into()),
        ]);
        let request = JSON::stringify(&object_with(&[("check_manifest", request)]));
        if let Ok(call) =
            request.map_err(|_| Fault::Shape).and_then(|request| engine.post(&String::from(request), &Array::new()))
        {
            self.manifest_call = call;
        }
    }
}
