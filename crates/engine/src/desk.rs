//! Which call leads where.

use js_sys::Array;
use recourse_client::follow_up::{OwnSession, parse_receipt};
use recourse_client::manifest::{self, CheckedManifest};
use recourse_client::outbox::Outbox;
use recourse_wire::engine::{Answer, Failure, Progress, Request};
use recourse_worker::{BrowserFile, Fetch, rng};
use wasm_bindgen::JsCast;
use web_sys::Blob;

/// What the engine holds between calls.
#[derive(Default)]
pub(crate) struct Desk {
    checked: Option<CheckedManifest>,
    outbox: Outbox,
    own: Option<OwnSession>,
}

impl recourse_worker::Desk for Desk {
    type Request = Request;
    type Answer = Answer;

    async fn handle(
        &mut self,
        request: Request,
        files: &Array,
        progress: impl FnMut(Progress),
    ) -> Result<(Answer, Option<Blob>), Failure> {
        self.answer(request, files, progress).await.map(|answer| (answer, None))
    }
}

impl Desk {
    async fn answer(
        &mut self,
        request: Request,
        files: &Array,
        progress: impl FnMut(Progress),
    ) -> Result<Answer, Failure> {
        match request {
            Request::Forget => {
                *self = Self::default();
                Ok(Answer::Done)
            }
            Request::CheckManifest { channel, envelope, pinned_root, seen_serial, now } => {
                let checked = manifest::check(&channel, &envelope, pinned_root.as_deref(), seen_serial, now)?;
                let checked = self.checked.insert(checked);
                Ok(Answer::Checked {
                    manifest: Box::new(checked.manifest.clone()),
                    fingerprint: checked.fingerprint.clone(),
                    expired: checked.expired,
                })
            }
            Request::Send(outgoing) => {
                let checked = self.checked.as_ref().ok_or(Failure::OutOfOrder)?;
                let files: Vec<BrowserFile> =
                    files.iter().filter_map(|file| file.dyn_into().ok().map(BrowserFile)).collect();
                let sent = self.outbox.send(&Fetch, &mut rng(), checked, &outgoing, &files, progress).await?;
                Ok(Answer::Sent {
                    receipt: sent.receipt.to_string(),
                    acknowledgement_file: sent.acknowledgement_file,
                    recorded_at: sent.recorded_at,
                    due: sent.due,
                })
            }
            Request::CheckReceipt { code } => {
                Ok(Answer::ReceiptChecked { code: parse_receipt(&code)?.to_text().to_string() })
            }
            Request::OpenReceipt { channel, code, pinned_root, now } => {
                let (session, view) = OwnSession::open(&Fetch, &channel, &code, pinned_root.as_deref(), now).await?;
                self.own = Some(session);
                Ok(Answer::OwnCase(Box::new(view)))
            }
            Request::Act { content } => {
                let own = self.own.as_mut().ok_or(Failure::OutOfOrder)?;
                Ok(Answer::OwnCase(Box::new(own.act(&Fetch, &mut rng(), &content).await?)))
            }
        }
    }
}
