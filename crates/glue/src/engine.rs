//! The page's side of the engine.

use std::cell::Cell;

use js_sys::{Array, Function, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, MessageEvent, Worker};

use crate::{Fault, Listener, from_js, to_js};

/// What the engine let the page hear.
#[derive(Debug)]
pub enum Heard<M> {
    /// A message, with the bytes that came beside it.
    Message(M, Option<Blob>),
    /// A message that is not of the agreed shape.
    Unreadable,
    /// The worker could not be loaded, or broke.
    Broken,
}

/// The engine: a Web Worker that ends when this is dropped, and all that it knew with it.
#[derive(Debug)]
pub struct Engine {
    worker: Worker,
    next: Cell<u32>,
    _listeners: [Listener; 2],
}

impl Engine {
    /// Starts the worker that `spawn` makes (see `widget/pages/engine-start.js`). The first message is `{type: "ready"}`; calls made
    /// before it wait in the worker's queue.
    ///
    /// # Errors
    /// [`Fault::Refused`] where `spawn` throws, [`Fault::Shape`] where it returns something else.
    pub fn start<M: DeserializeOwned + 'static>(
        spawn: &Function,
        heard: impl Fn(Heard<M>) + Clone + 'static,
    ) -> Result<Self, Fault> {
        let worker: Worker =
            spawn.call0(&JsValue::NULL).map_err(|_| Fault::Refused)?.dyn_into().map_err(|_| Fault::Shape)?;
        let broken = heard.clone();
        let on_message = Listener::new(&worker, "message", move |event| {
            let data = event.unchecked_into::<MessageEvent>().data();
            let blob = Reflect::get(&data, &"blob".into()).ok().and_then(|blob| blob.dyn_into().ok());
            let message = Reflect::get(&data, &"message".into()).unwrap_or(JsValue::UNDEFINED);
            let message = message.as_string().and_then(|text| js_sys::JSON::parse(&text).ok()).map(from_js);
            heard(match message {
                Some(Ok(message)) => Heard::Message(message, blob),
                _ => Heard::Unreadable,
            });
        });
        let on_error = Listener::new(&worker, "error", move |_| broken(Heard::Broken));
        Ok(Self { worker, next: Cell::new(1), _listeners: [on_message, on_error] })
    }

    /// Posts a call with files beside it and returns its number, which the answer will carry.
    ///
    /// # Errors
    /// [`Fault::Shape`] where the request cannot be written as a plain object, [`Fault::Refused`] where it cannot be posted.
    pub fn call<R: Serialize + ?Sized>(&self, request: &R, files: &Array) -> Result<u32, Fault> {
        self.post(&to_js(request)?, files)
    }

    /// Like [`Self::call`] with a plain object made by hand, which must have `op`.
    ///
    /// # Errors
    /// [`Fault::Refused`] where it cannot be posted.
    pub fn post(&self, request: &JsValue, files: &Array) -> Result<u32, Fault> {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        let set = |object: &Object, name: &str, value: &JsValue| {
            Reflect::set(object, &name.into(), value).map(drop).map_err(|_| Fault::Shape)
        };
        let call = Object::new();
        set(&call, "id", &id.into())?;
        set(&call, "request", request)?;
        let envelope = Object::new();
        let text = js_sys::JSON::stringify(&call).map_err(|_| Fault::Shape)?;
        set(&envelope, "call", &text.into())?;
        set(&envelope, "files", files)?;
        self.worker.post_message(&envelope).map_err(|_| Fault::Refused)?;
        Ok(id)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
