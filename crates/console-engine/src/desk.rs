//! Which call leads where.

use js_sys::{Array, Uint8Array};
use recourse_client::reviewer::ReviewerSession;
use recourse_domain::time::Timestamp;
use recourse_wire::engine::Progress;
use recourse_wire::reviewing::{Answer, CaseView, Failure, Request};
use recourse_worker::{Fetch, Reply, request, rng};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

use crate::p256::Browser;

/// What the engine holds between calls.
#[derive(Default)]
pub(crate) struct Desk(Option<ReviewerSession>);

impl recourse_worker::Desk for Desk {
    async fn handle(&mut self, call: &str, _: &Array, _: impl FnMut(Progress)) -> Result<Reply, Failure> {
        let request = request(call).ok_or(Failure::Unexpected)?;
        if let Request::OpenEvidence { case, blob } = request {
            let opened = self.session()?.evidence(&Fetch, &case, &blob).await?;
            let bytes = as_blob(&opened.bytes, &opened.media_type).map_err(|_| Failure::Unexpected)?;
            let answer =
                Answer::Evidence { media_type: opened.media_type, name: opened.name, verified: opened.verified };
            return Reply::new(&answer, Some(bytes));
        }
        Reply::new(&self.answer(request).await?, None)
    }
}

impl Desk {
    async fn answer(&mut self, request: Request) -> Result<Answer, Failure> {
        match request {
            Request::SignIn { key_file, origin } => {
                let session =
                    ReviewerSession::sign_in(&Fetch, &key_file, &origin, Timestamp(recourse_glue::now())).await?;
                let session = self.0.insert(session);
                Ok(Answer::SignedIn {
                    reviewer: session.reviewer.clone(),
                    reviewers: session.reviewers.clone(),
                    manifests: session.manifests(),
                    groups: session.groups(),
                    expires_at: session.expires_at,
                })
            }
            Request::SignOut => {
                // Forgets first, then tells the server: a line that is down keeps nobody signed in here.
                if let Some(session) = self.0.take() {
                    session.sign_out(&Fetch).await?;
                }
                Ok(Answer::Done)
            }
            Request::ListCases { query } => {
                let (rows, next) = self.session()?.list(&Fetch, &query).await?;
                Ok(Answer::Queue { rows, next })
            }
            Request::OpenCase { case } => {
                let view = self.session()?.open(&Fetch, &case).await?;
                self.case(view).await
            }
            Request::Append { case, content } => {
                let view = self.session()?.append(&Fetch, &mut rng(), &case, content).await?;
                self.case(view).await
            }
            Request::OpenContact { case, reason } => {
                Ok(Answer::Contact(self.session()?.contact(&Fetch, &mut rng(), &case, reason).await?))
            }
            // Answered with its bytes before it comes here.
            Request::OpenEvidence { .. } => Err(Failure::Unexpected),
        }
    }

    /// A case as it is shown: with what the product vouches for.
    async fn case(&mut self, mut view: CaseView) -> Result<Answer, Failure> {
        view.vouched = self.session()?.vouched(&view.summary.case, &Browser).await;
        Ok(Answer::Case(Box::new(view)))
    }

    fn session(&mut self) -> Result<&mut ReviewerSession, Failure> {
        self.0.as_mut().ok_or(Failure::OutOfOrder)
    }
}

/// Not the media type that the report claims, unless browsers only ever draw it. The page decides what to show.
fn as_blob(bytes: &[u8], media_type: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    let harmless = matches!(media_type, "image/png" | "image/jpeg" | "image/webp" | "image/gif");
    options.set_type(if harmless { media_type } else { "application/octet-stream" });
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)
}
