//! The page's side of the engine.

use std::cell::Cell;

use js_sys::{Array, Function};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, MessageEvent, Worker};

use crate::{Fault, Listener, from_js, get, object_with, to_js};

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
    /// Starts the worker that `spawn` makes (see `widget/pages/engine-start.js`). The first message is `Ready`; calls made before it
    /// wait in the worker's queue.
    ///
    /// # Errors
    /// [`Fault::Refused`] where `spawn` throws, [`Fault::Shape`] where it returns something else.
    pub fn start<M: DeserializeOwned + 'static>(
        spawn: &Function,
        heard: impl Fn(Heard<M>) + Clone + 'static,
    ) -> Result<Self, Fault> {
        Self::start_plain(spawn, move |message| {
            heard(match message {
                Heard::Message(text, blob) => {
                    match js_sys::JSON::parse(&text).map_err(|_| Fault::Shape).and_then(from_js) {
                        Ok(message) => Heard::Message(message, blob),
                        Err(_) => Heard::Unreadable,
                    }
                }
                Heard::Unreadable => Heard::Unreadable,
                Heard::Broken => Heard::Broken,
            });
        })
    }

    /// Like [`Self::start`] for a page that reads the JSON of the messages itself, because serde would be a quarter of its Wasm.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_plain(spawn: &Function, heard: impl Fn(Heard<String>) + Clone + 'static) -> Result<Self, Fault> {
        let worker: Worker =
            spawn.call0(&JsValue::NULL).map_err(|_| Fault::Refused)?.dyn_into().map_err(|_| Fault::Shape)?;
        let broken = heard.clone();
        let on_message = Listener::new(&worker, "message", move |event| {
            let data = event.unchecked_into::<MessageEvent>().data();
            // The worker writes JSON text (see its README).
            heard(match get(&data, "message").as_string() {
                Some(text) => Heard::Message(text, get(&data, "blob").dyn_into().ok()),
                None => Heard::Unreadable,
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
        let request = js_sys::JSON::stringify(&to_js(request)?).map_err(|_| Fault::Shape)?;
        self.post(&String::from(request), files)
    }

    /// Like [`Self::call`] with a request that is JSON already.
    ///
    /// # Errors
    /// [`Fault::Refused`] where it cannot be posted.
    pub fn post(&self, request: &str, files: &Array) -> Result<u32, Fault> {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        let call = ["{\"id\":", &id.to_string(), ",\"request\":", request, "}"].concat();
        let envelope = object_with(&[("call", call.as_str().into()), ("files", files.clone().into())]);
        self.worker.post_message(&envelope).map_err(|_| Fault::Refused)?;
        Ok(id)
    }
}

impl Engine {
    /// Has the uploads of the call in hand pause, or go on.
    pub fn pause(&self, paused: bool) {
        // Refused only by what cannot be cloned.
        let _ = self.worker.post_message(&object_with(&[("paused", paused.into())]));
    }

    /// Has the call in hand give its uploads up for now: it fails as if the line had broken.
    pub fn stop(&self) {
        // As above.
        let _ = self.worker.post_message(&object_with(&[("stopped", true.into())]));
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
