//! The product's page, seen from inside the frame. What crosses stands in `widget/loader/README.md`; nothing here depends on what was typed.

use recourse_glue::{Listener, get_text, object_with};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort};

/// The tallest of the loader's fixed steps. One for all screens: a frame that changes its height tells the host where somebody is.
const HEIGHT_STEP: u32 = 3;

/// The way back to the host.
pub(crate) struct Host {
    port: MessagePort,
    _listener: Listener,
}

/// What the host may say later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// The form is seen again.
    Shown,
    /// Somebody wants to close.
    CloseRequested,
}

impl Host {
    /// Hears the host from now on, if this is a port.
    pub(crate) fn listen(port: JsValue, heard: impl Fn(Word) + 'static) -> Option<Self> {
        let port: MessagePort = port.dyn_into().ok()?;
        let listener = Listener::new(&port, "message", move |event| {
            match &*get_text(&event.unchecked_into::<MessageEvent>().data(), "recourse") {
                "shown" => heard(Word::Shown),
                "close-requested" => heard(Word::CloseRequested),
                _ => {}
            }
        });
        port.start();
        Some(Self { port, _listener: listener })
    }

    /// The form can be used and its first screen is painted.
    pub(crate) fn ready(&self) {
        self.say("ready");
        self.post(&[("recourse", "height".into()), ("step", HEIGHT_STEP.into())]);
        self.say("open");
    }

    /// `close`, for done and given up alike, or `leave`.
    pub(crate) fn say(&self, word: &str) {
        self.post(&[("recourse", word.into())]);
    }

    fn post(&self, entries: &[(&str, JsValue)]) {
        // Fails only for what cannot be cloned.
        let _ = self.port.post_message(&object_with(entries));
    }
}
