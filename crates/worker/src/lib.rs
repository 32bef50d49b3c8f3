#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

mod files;
mod net;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use rand_core::UnwrapErr;
use recourse_wire::engine::{Call, Failure, FromEngine, Progress};
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// What works on calls.
#[allow(async_fn_in_trait, reason = "a worker has one thread")]
pub trait Desk: Default + 'static {
    /// What may be asked.
    type Request: DeserializeOwned + 'static;
    /// What is answered.
    type Answer: Serialize + 'static;

    /// Works on one call; the `Blob` goes beside the answer.
    ///
    /// # Errors
    /// Why the call failed.
    async fn handle(
        &mut self,
        request: Self::Request,
        files: &Array,
        progress: impl FnMut(Progress),
    ) -> Result<(Self::Answer, Option<Blob>), Failure>;
}

/// Calls with the files beside them.
type Queue<D> = Rc<RefCell<VecDeque<(Call<<D as Desk>::Request>, Array)>>>;

/// The calls of a worker, in order.
pub struct Worker<D: Desk> {
    queue: Queue<D>,
    /// Away while at work.
    desk: Rc<RefCell<Option<D>>>,
}

impl<D: Desk> Worker<D> {
    /// An empty desk; tells the page that calls are taken.
    pub fn start() -> Self {
        recourse_glue::report_panics();
        post(&FromEngine::<D::Answer>::Ready, None);
        Self { queue: Rc::default(), desk: Rc::new(RefCell::new(Some(D::default()))) }
    }

    /// Takes what the page posted: `{call, files}`. Anything else is dropped: only our own page can post here.
    pub fn receive(&self, data: &JsValue) {
        let part = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let call = part("call").as_string().and_then(|text| serde_json::from_str(&text).ok());
        let Some(call) = call else { return };
        let files = part("files").dyn_into().unwrap_or_else(|_| Array::new());
        self.queue.borrow_mut().push_back((call, files));
        let Some(desk) = self.desk.borrow_mut().take() else { return };
        wasm_bindgen_futures::spawn_local(work(desk, self.queue.clone(), self.desk.clone()));
    }
}

async fn work<D: Desk>(mut desk: D, queue: Queue<D>, place: Rc<RefCell<Option<D>>>) {
    loop {
        let next = queue.borrow_mut().pop_front();
        let Some((call, files)) = next else { break };
        let id = call.id;
        let progress = move |progress| post(&FromEngine::<D::Answer>::Progress { id, progress }, None);
        match desk.handle(call.request, &files, progress).await {
            Ok((answer, blob)) => post(&FromEngine::Answer { id, answer: Box::new(answer) }, blob.as_ref()),
            Err(failure) => post(&FromEngine::<D::Answer>::Failed { id, failure }, None),
        }
    }
    *place.borrow_mut() = Some(desk);
}

fn post<A: Serialize>(message: &FromEngine<A>, blob: Option<&Blob>) {
    let envelope = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&envelope, &name.into(), value).is_ok();
    let written = serde_json::to_string(message).is_ok_and(|message| set("message", &message.into()));
    if written && blob.is_none_or(|blob| set("blob", blob)) {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        // A page that is gone does not hear it; there is nobody to tell.
        let _ = scope.post_message(&envelope);
    }
}
