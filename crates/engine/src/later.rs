//! What a follow-up page calls for, and the form's rarer wishes: a file of its own, loaded at the first such call.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, Uint8Array};
use recourse_client::follow_up::{OwnSession, parse_receipt};
use recourse_client::kept::{Recorded, Waiting};
use recourse_client::{acknowledgement, record};
use recourse_domain::content::ReporterContent;
use recourse_wire::engine::{Answer, Failure, Progress, Request};
use recourse_worker::{BrowserFile, Fetch, Reply, request, rng};
use web_sys::Blob;

use crate::desk::{Desk, sources};

type Progressing<'a> = Box<dyn FnMut(Progress) + 'a>;
type Work<'a> = Pin<Box<dyn Future<Output = Result<Reply, Failure>> + 'a>>;

/// The calls that the first part does not know, reached through a pointer: what it names directly would be part of it.
pub(crate) struct Later {
    pub(crate) handle: for<'a> fn(&'a mut Desk, &'a str, &'a Array, Progressing<'a>) -> Work<'a>,
}

impl Later {
    pub(crate) fn all() -> Self {
        Self { handle: |desk, call, files, progress| Box::pin(handle(desk, call, files, progress)) }
    }
}

async fn handle(desk: &mut Desk, call: &str, files: &Array, progress: Progressing<'_>) -> Result<Reply, Failure> {
    let answer = match request(call).ok_or(Failure::Unexpected)? {
        // The first part's.
        Request::CheckManifest { .. } | Request::Send(_) | Request::Keep(_) | Request::Forget => {
            return Err(Failure::Unexpected);
        }
        Request::SealRecord(outgoing) => {
            let checked = desk.checked.as_ref().ok_or(Failure::OutOfOrder)?;
            let (code, sealed) =
                record::seal(&mut rng(), &checked.manifest.channel, &outgoing, &sources(files)).await?;
            let file = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&sealed[..])))
                .map_err(|_| Failure::Unexpected)?;
            return Reply::new(&Answer::RecordSealed { code: code.to_string() }, Some(file));
        }
        Request::UploadKept { letter, now } => {
            let checked = desk.checked.as_ref().ok_or(Failure::OutOfOrder)?;
            let begun = desk.waiting.take().and_then(|begun| begun.downcast().ok());
            let mut waiting = Waiting::open(&letter, checked, now)?.or_begun(begun.map(|begun| *begun));
            let empty = Blob::new().map_err(|_| Failure::Unexpected)?;
            let sealed = sources(files).pop().unwrap_or(BrowserFile(empty));
            let uploaded = waiting.upload(&Fetch, &mut rng(), &sealed, progress).await;
            desk.waiting = Some(Box::new(waiting));
            Answer::Uploaded { letter: uploaded? }
        }
        Request::SendKept { now } => {
            let waiting = desk.waiting.as_mut().and_then(|waiting| waiting.downcast_mut::<Waiting>());
            let Recorded { acknowledgement_file, recorded_at, due, case } =
                waiting.ok_or(Failure::OutOfOrder)?.post(&Fetch, now, progress).await?;
            desk.waiting = None;
            Answer::Sent { receipt: String::new(), acknowledgement_file, recorded_at, due, case }
        }
        Request::CheckAcknowledgement { file } => {
            let (proven, fault) = match acknowledgement::check(&file) {
                Ok(proof) => (Some(Box::new(proof.proven())), None),
                Err(fault) => (None, Some(fault.as_str().to_owned())),
            };
            Answer::AcknowledgementChecked { proven, fault }
        }
        Request::CheckReceipt { code } => Answer::ReceiptChecked { code: parse_receipt(&code)?.to_text().to_string() },
        Request::OpenReceipt { channel, code, pinned_root, now } => {
            let (session, view) = OwnSession::open(&Fetch, &channel, &code, pinned_root.as_deref(), now).await?;
            desk.own = Some(Box::new(session));
            Answer::OwnCase(Box::new(view))
        }
        Request::Reread { now } => Answer::OwnCase(Box::new(own(desk)?.reread(&Fetch, now).await?)),
        Request::Act { content, files: sent, now } => {
            let own = own(desk)?;
            let view = match content {
                ReporterContent::EvidenceAdded { text, .. } => {
                    own.add_evidence(&Fetch, &mut rng(), text, &sent, &sources(files), now, progress).await?
                }
                content => own.act(&Fetch, &mut rng(), &content).await?,
            };
            Answer::OwnCase(Box::new(view))
        }
    };
    Reply::new(&answer, None)
}

/// The session that a receipt opened.
fn own(desk: &mut Desk) -> Result<&mut OwnSession, Failure> {
    desk.own.as_mut().and_then(|own| own.downcast_mut()).ok_or(Failure::OutOfOrder)
}
