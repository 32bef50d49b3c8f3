//! What the form calls for. The rest is `later`.

use std::any::Any;

use js_sys::{Array, Uint8Array};
use recourse_client::manifest::{self, CheckedManifest};
use recourse_client::outbox::Outbox;
use recourse_wire::engine::{Failure, FormAnswer, FormRequest, Progress};
use recourse_worker::{BrowserFile, Fetch, Reply, request, rng};
use wasm_bindgen::JsCast;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::Blob;

use crate::later::Later;

/// What the engine holds between calls.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) checked: Option<CheckedManifest>,
    outbox: Outbox,
    /// An `OwnSession`, without the first part knowing what that is.
    pub(crate) own: Option<Box<dyn Any>>,
    /// A `Waiting`, likewise.
    pub(crate) waiting: Option<Box<dyn Any>>,
}

impl recourse_worker::Desk for Desk {
    async fn handle(&mut self, call: &str, files: &Array, progress: impl FnMut(Progress)) -> Result<Reply, Failure> {
        let Some(asked) = request(call) else {
            let later = later().await.map_err(|_| Failure::Network)?;
            return (later.handle)(self, call, files, Box::new(progress)).await;
        };
        let answer = match asked {
            FormRequest::Forget => {
                *self = Self::default();
                FormAnswer::Done
            }
            FormRequest::CheckManifest { channel, envelope, pinned_root, seen_serial, now } => {
                let checked = manifest::check(&channel, &envelope, pinned_root.as_deref(), seen_serial, now)?;
                let checked = self.checked.insert(checked);
                FormAnswer::Checked {
                    manifest: Box::new(checked.manifest.clone()),
                    fingerprint: checked.fingerprint.clone(),
                    expired: checked.expired,
                }
            }
            FormRequest::Send(outgoing) => {
                let checked = self.checked.as_ref().ok_or(Failure::OutOfOrder)?;
                let files = sources(files);
                let sent = self.outbox.send(&Fetch, &mut rng(), checked, &outgoing, &files, progress).await?;
                FormAnswer::Sent {
                    receipt: sent.receipt.to_string(),
                    acknowledgement_file: sent.acknowledgement_file,
                    recorded_at: sent.recorded_at,
                    due: sent.due,
                    case: sent.case,
                }
            }
            FormRequest::Keep(outgoing) => {
                let checked = self.checked.as_ref().ok_or(Failure::OutOfOrder)?;
                // Sealed pieces leave Wasm's memory as they come.
                let sealed = Array::new();
                let shelf = |piece: Vec<u8>| {
                    sealed.push(&Uint8Array::from(&piece[..]));
                };
                let kept = self.outbox.keep(&mut rng(), checked, &outgoing, &sources(files), shelf).await?;
                let file = Blob::new_with_u8_array_sequence(&sealed).map_err(|_| Failure::Unexpected)?;
                let answer =
                    FormAnswer::Kept { receipt: kept.receipt.to_string(), letter: kept.letter, case: kept.case };
                return Reply::new(&answer, Some(file));
            }
        };
        Reply::new(&answer, None)
    }
}

/// Where the build cuts: what only this function reaches is a file of its own, `engine_later.wasm`.
#[wasm_split(later, fallible)]
fn later() -> Result<Later, SplitLoaderError> {
    Ok(Later::all())
}

/// The files beside a call.
pub(crate) fn sources(files: &Array) -> Vec<BrowserFile> {
    files.iter().filter_map(|file| file.dyn_into().ok().map(BrowserFile)).collect()
}
