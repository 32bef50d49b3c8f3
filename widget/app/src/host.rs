//! The product's page, seen from inside the frame. What crosses stands in `widget/loader/README.md`; nothing here depends on what was typed.

use js_sys::Object;
use recourse_flow::intake::{Offered, OfferedSubject};
use recourse_glue::{Listener, get, object_with};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

/// Entries of the host's context, and characters of each of its texts, that are taken; the rest is left.
const ENTRIES: usize = 64;
const CHARS: usize = 1_000;
const NAME_CHARS: usize = 64;

/// The tallest of the loader's fixed steps. One for all screens: a frame that changes its height tells the host where somebody is.
const HEIGHT_STEP: u32 = 3;

/// The host's first word.
pub(crate) struct Connection {
    pub(crate) host: Host,
    pub(crate) offered: Offered,
    pub(crate) theme: Option<String>,
    pub(crate) root_key: Option<String>,
}

/// The way back to the host.
pub(crate) struct Host {
    port: MessagePort,
    listener: Option<Listener>,
}

/// What the host may say later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// The form is seen again.
    Shown,
    /// Somebody wants to close.
    CloseRequested,
}

impl Connection {
    /// Reads `{offer, port}`; `None` on a page of its own.
    pub(crate) fn from_js(value: &JsValue) -> Option<Self> {
        let offer = get(value, "offer");
        let port: MessagePort = get(value, "port").dyn_into().ok()?;
        let subject = get(&offer, "subject");
        let part = |name| text(&subject, name).unwrap_or_default();
        let subject = OfferedSubject { kind: part("type"), id: part("id"), label: part("label") };
        let mut context = Vec::new();
        if let Ok(offered) = get(&offer, "context").dyn_into::<Object>() {
            for name in Object::keys(&offered).iter().take(ENTRIES) {
                let name = name.as_string().unwrap_or_default();
                if let Some(value) = text(&offered, &name).filter(|_| name.chars().count() <= NAME_CHARS) {
                    context.push((name, value));
                }
            }
        }
        Some(Self {
            host: Host { port, listener: None },
            offered: Offered { subject: (subject != OfferedSubject::default()).then_some(subject), context },
            theme: text(&offer, "theme"),
            root_key: text(&offer, "root_key"),
        })
    }
}

impl Host {
    /// Hears the host from now on.
    pub(crate) fn listen(&mut self, heard: impl Fn(Word) + 'static) {
        self.listener = Some(Listener::new(&self.port, "message", move |event| {
            let data = event.unchecked_into::<MessageEvent>().data();
            match text(&data, "recourse").as_deref() {
                Some("shown") => heard(Word::Shown),
                Some("close-requested") => heard(Word::CloseRequested),
                _ => {}
            }
        }));
        self.port.start();
    }

    /// The form can be used and its first screen is painted.
    pub(crate) fn ready(&self) {
        self.say("ready");
        self.post(&[("recourse", "height".into()), ("step", HEIGHT_STEP.into())]);
        self.say("open");
    }

    /// Done or given up: told alike.
    pub(crate) fn close(&self) {
        self.say("close");
    }

    /// Quick exit.
    pub(crate) fn leave(&self) {
        self.say("leave");
    }

    fn say(&self, word: &str) {
        self.post(&[("recourse", word.into())]);
    }

    fn post(&self, entries: &[(&str, JsValue)]) {
        // Fails only for what cannot be cloned.
        let _ = self.port.post_message(&object_with(entries));
    }
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    let text = get(object, name).as_string()?;
    Some(text.chars().take(CHARS).collect::<String>()).filter(|text| !text.is_empty())
}
