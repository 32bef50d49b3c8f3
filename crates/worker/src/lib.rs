#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

mod files;
mod net;
mod pause;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use rand_core::UnwrapErr;
use recourse_wire::engine::{Call, Failure, FromEngine, Progress, answered};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope};

pub use files::BrowserFile;
pub use net::Fetch;

/// The browser's generator, which does not fail where pages run at all.
pub type Rng = UnwrapErr<getrandom::SysRng>;

/// The browser's generator.
pub fn rng() -> Rng {
    UnwrapErr(getrandom::SysRng)
}

/// What comes of a call.
#[derive(Debug)]
pub struct Reply {
    /// The answer's JSON.
    answer: String,
    /// Goes beside it.
    blob: Option<Blob>,
}

impl Reply {
    /// An answer, with a file beside it or none.
    ///
    /// # Errors
    /// [`Failure::Unexpected`] where it cannot be written, which no answer of ours comes to.
    pub fn new(answer: &impl Serialize, blob: Option<Blob>) -> Result<Self, Failure> {
        let answer = serde_json::to_string(answer).map_err(|_| Failure::Unexpected)?;
        Ok(Self { answer, blob })
    }
}

/// What works on calls.
#[allow(async_fn_in_trait, reason = "a worker has one thread")]
pub trait Desk: Default + 'static {
    /// Works on one call, the JSON text of a [`Call`]: see [`request`]. A desk reads it itself, for one that comes in two parts knows only
    /// some requests at first.
    ///
    /// # Errors
    /// Why the call failed.
    async fn handle(&mut self, call: &str, files: &Array, progress: impl FnMut(Progress)) -> Result<Reply, Failure>;
}

/// What a call asks for; nothing if it is no `R`.
pub fn request<R: DeserializeOwned>(call: &str) -> Option<R> {
    serde_json::from_str::<Call<R>>(call).ok().map(|call| call.request)
}

/// Calls, each with its number and the files beside it.
type Queue = Rc<RefCell<VecDeque<(u32, String, Array)>>>;

/// The calls of a worker, in order.
pub struct Worker<D: Desk> {
    queue: Queue,
    /// Away while at work.
    desk: Rc<RefCell<Option<D>>>,
}

impl<D: Desk> Worker<D> {
    /// An empty desk; tells the page that calls are taken.
    pub fn start() -> Self {
        recourse_glue::report_panics();
        post_plain(&FromEngine::Ready);
        Self { queue: Rc::default(), desk: Rc::new(RefCell::new(Some(D::default()))) }
    }

    /// Takes what the page posted: `{call, files}`, or for the uploads of the call in hand `{paused}`, or `{stopped}`. Anything else is
    /// dropped: only our own page can post here.
    pub fn receive(&self, data: &JsValue) {
        let part = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if let Some(paused) = part("paused").as_bool() {
            pause::set(paused);
            return;
        }
        if part("stopped").is_truthy() {
            pause::stop();
            return;
        }
        let Some(call) = part("call").as_string() else { return };
        let Ok(Call { id, request: IgnoredAny }) = serde_json::from_str(&call) else { return };
        let files = part("files").dyn_into().unwrap_or_else(|_| Array::new());
        self.queue.borrow_mut().push_back((id, call, files));
        let Some(desk) = self.desk.borrow_mut().take() else { return };
        wasm_bindgen_futures::spawn_local(work(desk, self.queue.clone(), self.desk.clone()));
    }
}

async fn work<D: Desk>(mut desk: D, queue: Queue, place: Rc<RefCell<Option<D>>>) {
    loop {
        let next = queue.borrow_mut().pop_front();
        let Some((id, call, files)) = next else { break };
        pause::begin();
        let progress = move |progress| post_plain(&FromEngine::Progress { id, progress });
        match desk.handle(&call, &files, progress).await {
            Ok(reply) => post(&answered(id, &reply.answer), reply.blob.as_ref()),
            Err(failure) => post_plain(&FromEngine::Failed { id, failure }),
        }
    }
    *place.borrow_mut() = Some(desk);
}

/// Posts what is no answer.
fn post_plain(message: &FromEngine<()>) {
    if let Ok(message) = serde_json::to_string(message) {
        post(&message, None);
    }
}

fn post(message: &str, blob: Option<&Blob>) {
    let envelope = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&envelope, &name.into(), value).is_ok();
    if set("message", &message.into()) && blob.is_none_or(|blob| set("blob", blob)) {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        // A page that is gone does not hear it; there is nobody to tell.
        let _ = scope.post_message(&envelope);
    }
}
