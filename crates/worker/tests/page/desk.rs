//! A desk that does on request whatever a desk can do. This module is loaded once more in a worker, which calls the two exports.

use js_sys::Array;
use recourse_client::outbox::Source;
use recourse_wire::engine::{Failure, Progress};
use recourse_wire::problem::{Problem, ProblemKind};
use recourse_worker::{BrowserFile, Reply, Worker, request};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// What the page asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    /// The text back, and which call this was by the desk's own count.
    Echo { text: String },
    /// Bytes of a file beside the call.
    Read { file: u32, offset: u64, size: u64 },
    /// A file back, as evidence is.
    Return,
    /// Two words of progress and a failure.
    Fail,
    /// A panic, after waiting for something or at once.
    Panic { later: bool },
}

/// What the desk answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Echoed { text: String, call: u32 },
    Bytes(Vec<u8>),
    Returned,
}

#[derive(Default)]
struct Desk {
    calls: u32,
}

impl recourse_worker::Desk for Desk {
    async fn handle(
        &mut self,
        call: &str,
        files: &Array,
        mut progress: impl FnMut(Progress),
    ) -> Result<Reply, Failure> {
        self.calls += 1;
        match request(call).ok_or(Failure::Unexpected)? {
            Request::Echo { text } => Reply::new(&Answer::Echoed { text, call: self.calls }, None),
            Request::Read { file, offset, size } => {
                let failure = Failure::File { file };
                let file = BrowserFile(files.get(file).dyn_into().map_err(|_| failure.clone())?);
                let bytes = file.read(offset, size).await.map_err(|_| failure)?;
                Reply::new(&Answer::Bytes(bytes), None)
            }
            Request::Return => Reply::new(&Answer::Returned, files.get(0).dyn_into().ok()),
            Request::Fail => {
                progress(Progress::Uploading { file: 7, sent: 1 << 40, total: (1 << 53) - 1 });
                progress(Progress::Sealing);
                Err(Failure::Problem { problem: Problem::new(ProblemKind::TooLarge, Some("said \"no\"".to_owned())) })
            }
            Request::Panic { later } => {
                if later {
                    let blob = BrowserFile(Blob::new().unwrap());
                    blob.read(0, 1).await.unwrap();
                }
                panic!("as asked")
            }
        }
    }
}

thread_local! {
    static WORKER: Worker<Desk> = Worker::start();
}

/// As in the engines.
#[wasm_bindgen]
pub fn start() {
    WORKER.with(|_| ());
}

/// As in the engines.
#[wasm_bindgen]
pub fn receive(data: &JsValue) {
    WORKER.with(|worker| worker.receive(data));
}
