//! Drives the state machine: brings it what the engine, the clock and the keyboard say, and does what it wants done.

use std::collections::HashMap;

use js_sys::{Array, Function, Uint8Array};
use recourse_domain::time::Timestamp;
use recourse_flow::console::case::attachment_name;
use recourse_flow::console::picture::{HEAD_BYTES, Picture, picture};
use recourse_flow::console::{Attachment, Console, Dock, Effect, Key, Msg, Phase, Tag, Target};
use recourse_glue::{Engine, Heard, Listener, document, focus_by_id, hand_over_blob, object_with, window};
use recourse_ui::text::{console as c, fill, t};
use recourse_wire::reviewing::{Answer, Failure, FromEngine, Request};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, HtmlDialogElement, HtmlElement, HtmlIFrameElement, KeyboardEvent};
use yew::prelude::*;

use crate::{case, desk, sheet};

/// What the page gives.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AppProps {
    /// Makes the engine's worker.
    pub(crate) spawn: JsValue,
}

/// The console.
pub(crate) struct App {
    console: Console,
    engine: Option<Engine>,
    calls: HashMap<u32, Tag>,
    /// Bytes of opened attachments of the open case, by number.
    blobs: HashMap<usize, Blob>,
    focus: Vec<Target>,
    send: Callback<Msg>,
    _keys: Listener,
    _clock: gloo_timers::callback::Interval,
}

/// What the driver hears.
pub(crate) enum Event {
    Msg(Msg),
    Heard(Heard<FromEngine<Answer>>),
    File(File),
    Looked { case: recourse_domain::ids::CaseId, index: usize, blob: Blob, verified: bool, picture: Option<Picture> },
    FrameLoaded(usize),
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
        let keys = Listener::new(&window(), "keydown", {
            let send = send.clone();
            move |event| keydown(event.unchecked_ref(), &send)
        });
        let clock = gloo_timers::callback::Interval::new(60_000, {
            let send = send.clone();
            move || send.emit(Msg::Tick(now()))
        });
        if engine.is_err() {
            send.emit(Msg::EngineBroken);
        }
        let origin = window().location().origin().unwrap_or_default();
        Self {
            console: Console::new(origin, now()),
            engine: engine.ok(),
            calls: HashMap::new(),
            blobs: HashMap::new(),
            focus: Vec::new(),
            send,
            _keys: keys,
            _clock: clock,
        }
    }

    fn update(&mut self, context: &Context<Self>, event: Event) -> bool {
        let msg = match event {
            Event::Msg(Msg::Cover(index, covered)) => {
                post(index, &[("covered", covered.into())]);
                Some(Msg::Cover(index, covered))
            }
            Event::Msg(msg) => Some(msg),
            Event::Heard(heard) => self.heard(context, heard),
            Event::File(file) => {
                let send = self.send.clone();
                spawn_local(async move {
                    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
                    send.emit(Msg::KeyFile(text));
                });
                None
            }
            Event::Looked { case, index, blob, verified, picture } => {
                self.blobs.insert(index, blob);
                Some(Msg::AttachmentRead { case, index, verified, picture })
            }
            Event::FrameLoaded(index) => {
                self.show(index);
                None
            }
        };
        let Some(msg) = msg else { return false };
        for effect in self.console.update(msg, &desk::category_label) {
            self.run(effect);
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let console = &self.console;
        let send = &self.send;
        match &console.phase {
            Phase::Starting => html! { <p class="waiting" key="starting">{ t(c::APP_LOADING) }</p> },
            Phase::SignedOut { busy } => {
                html! { <div key="out">{ desk::sign_in(console, *busy, &context.link().callback(Event::File)) }</div> }
            }
            Phase::Desk(desk) => {
                let frame = context.link().callback(Event::FrameLoaded);
                html! {
                    <div class={classes!("console", desk.open.is_some().then_some("has-case"))} key="desk">
                        { desk::bar(console, desk, send) }
                        { desk::alert(console, send) }
                        <main class="columns">
                            { desk::searches(desk, send) }
                            { desk::queue(console, desk, send) }
                            { for desk.open.as_ref().map(|open| html! { <div class="third" key={open.case.to_string()}>{ case::view(console, desk, open, &frame, send) }</div> }) }
                        </main>
                        { sheet::view(console, send) }
                    </div>
                }
            }
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(dialog) =
            document().get_element_by_id("sheet").and_then(|element| element.dyn_into::<HtmlDialogElement>().ok())
        {
            match (self.console.sheet, dialog.open()) {
                // Refused only for a dialog that is open or not in the page.
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
        for target in std::mem::take(&mut self.focus) {
            focus_by_id(&self.id_of(target));
        }
    }
}

impl App {
    fn heard(&mut self, context: &Context<Self>, heard: Heard<FromEngine<Answer>>) -> Option<Msg> {
        match heard {
            Heard::Message(FromEngine::Ready, _) => Some(Msg::EngineReady),
            Heard::Message(FromEngine::Progress { .. }, _) => None,
            Heard::Message(FromEngine::Failed { id, failure }, _) => {
                Some(Msg::Failed(self.calls.remove(&id)?, failure))
            }
            Heard::Message(FromEngine::Answer { id, answer }, blob) => match (self.calls.remove(&id)?, *answer) {
                (Tag::Attachment(case, index), Answer::Evidence { verified, .. }) => {
                    let link = context.link().clone();
                    let Some(blob) = blob else {
                        return Some(Msg::Failed(Tag::Attachment(case, index), Failure::Unexpected));
                    };
                    spawn_local(async move {
                        let picture = look(&blob).await;
                        link.send_message(Event::Looked { case, index, blob, verified, picture });
                    });
                    None
                }
                (tag, answer) => Some(Msg::Answered(tag, answer)),
            },
            Heard::Unreadable | Heard::Broken => Some(Msg::EngineBroken),
        }
    }

    fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(tag, request) => self.ask(tag, &request),
            Effect::Focus(target) => self.focus.push(target),
            Effect::DropAttachments => self.blobs.clear(),
            Effect::Save(index) => {
                let picture = match self.attachment(index) {
                    Some(Attachment::Open { picture, .. }) => picture,
                    _ => None,
                };
                if let Some(blob) = self.blobs.get(&index) {
                    // Where the browser refuses there is nothing that could be done instead.
                    let _ = hand_over_blob(blob, &attachment_name(index, picture));
                }
            }
        }
    }

    fn ask(&mut self, tag: Tag, request: &Request) {
        let id = self.engine.as_ref().and_then(|engine| engine.call(request, &Array::new()).ok());
        match id {
            Some(id) => drop(self.calls.insert(id, tag)),
            None => self.send.emit(Msg::EngineBroken),
        }
    }

    fn attachment(&self, index: usize) -> Option<Attachment> {
        let Phase::Desk(desk) = &self.console.phase else { return None };
        desk.open.as_ref()?.attachments.get(index).copied()
    }

    /// Gives a frame that has just loaded its picture.
    fn show(&self, index: usize) {
        let (Some(blob), Some(Attachment::Open { picture: Some(picture), covered, .. })) =
            (self.blobs.get(&index), self.attachment(index))
        else {
            return;
        };
        let typed = blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), picture.media_type);
        let label = fill(c::EVIDENCE_ITEM, &[("number", &(index + 1))]);
        if let Ok(blob) = typed {
            post(index, &[("picture", blob.into()), ("label", label.as_str().into()), ("covered", covered.into())]);
        }
    }

    fn id_of(&self, target: Target) -> String {
        let dock = || match &self.console.phase {
            Phase::Desk(desk) => desk.open.as_ref().and_then(|open| open.dock),
            _ => None,
        };
        match target {
            Target::SignIn => "sign-in-title",
            Target::Filter => "queue-filter",
            Target::Row(case) => return format!("row-{case}"),
            Target::CaseTitle => "case-title",
            Target::Sheet => "sheet-title",
            Target::Alert => "alert",
            Target::Dock => match dock() {
                Some(Dock::Reply) => "reply-text",
                Some(Dock::Note) => "note-text",
                Some(Dock::Step(_)) => "transition-reason",
                Some(Dock::Assign) => "assign-owner",
                Some(Dock::Contact) => "contact-reason",
                None => "case-title",
            },
        }
        .to_owned()
    }
}

fn now() -> Timestamp {
    Timestamp(recourse_glue::now())
}

/// What an attachment is, by its first bytes.
async fn look(blob: &Blob) -> Option<Picture> {
    let head = blob.slice_with_f64_and_f64(0.0, HEAD_BYTES as f64).ok()?;
    let buffer = JsFuture::from(head.array_buffer()).await.ok()?;
    picture(&Uint8Array::new(&buffer).to_vec())
}

/// Says something to the frame of an attachment. Its origin is opaque, so it cannot be named: the window can.
fn post(index: usize, entries: &[(&str, JsValue)]) {
    let frame = document().get_element_by_id(&format!("evidence-frame-{}", index + 1));
    let window = frame.and_then(|frame| frame.dyn_into::<HtmlIFrameElement>().ok()?.content_window());
    if let Some(window) = window {
        // Refused only for what cannot be cloned.
        let _ = window.post_message(&object_with(entries), "*");
    }
}

/// Single keys count outside fields only, and Enter not on what has a use for it.
fn keydown(event: &KeyboardEvent, send: &Callback<Msg>) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || event.default_prevented() {
        return;
    }
    let Some(key) = Key::from_name(&event.key()) else { return };
    if event.repeat() && !matches!(key, Key::Down | Key::Up) {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let tag = target.as_ref().map(|element| element.tag_name().to_ascii_lowercase()).unwrap_or_default();
    let kind = target.as_ref().and_then(|element| element.get_attribute("type")).unwrap_or_default();
    let typing = tag == "textarea"
        || tag == "select"
        || (tag == "input" && !matches!(kind.as_str(), "checkbox" | "radio" | "file"));
    let passes = match key {
        // In a search field Escape empties it.
        Key::Escape => kind != "search",
        Key::Enter => !typing && !matches!(tag.as_str(), "button" | "a" | "summary" | "input" | "label"),
        _ => !typing,
    };
    if passes {
        // Otherwise the key would be typed into the field that gets the focus.
        if key != Key::Escape {
            event.prevent_default();
        }
        send.emit(Msg::Key(key));
    }
}
