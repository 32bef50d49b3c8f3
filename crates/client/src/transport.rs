//! The way bytes travel, and the typed requests on top of it.

use recourse_seal::envelope::Signed;
use recourse_wire::engine::Failure;
use recourse_wire::header::PROBLEM_JSON;
use recourse_wire::problem::{Problem, ProblemKind};
use recourse_wire::reporter::SignedEnvelope;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in HTTP")]
pub enum Method {
    Get,
    Head,
    Post,
    Patch,
    Delete,
}

impl Method {
    /// As HTTP spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request to the origin that the client talks to.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Path and query, beginning with a slash.
    pub path: String,
    /// Headers in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
}

impl HttpRequest {
    /// A request without headers and body.
    pub const fn new(method: Method, path: String) -> Self {
        Self { method, path, headers: Vec::new(), body: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(value).ok();
        self.header("content-type", "application/json")
    }
}

/// What came back.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Headers in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`Failure::Unexpected`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|_| Failure::Unexpected)
    }
}

/// The server could not be reached, or the connection broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkError;

/// Sends requests without cookies and referrer, to one origin. Not `Send`: browsers have one thread.
#[allow(async_fn_in_trait, reason = "used on one thread only")]
pub trait Transport {
    /// Sends and waits for the whole answer.
    ///
    /// # Errors
    /// [`NetworkError`], whatever the reason: browsers do not tell.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError>;

    /// Lets so many seconds pass.
    async fn wait(&self, seconds: u32);

    /// Whether the person has paused. What was on its way then is cut on purpose.
    fn is_paused(&self) -> bool {
        false
    }

    /// Comes back once the person wants to go on; at once where nothing is paused.
    async fn go_on(&self) {}

    /// Whether the person has given this sending up for now: what waits comes back, and the call fails as if the line had broken.
    fn is_stopped(&self) -> bool {
        false
    }

    /// Whether the device says that it has no network. A hint to be patient and no more: some say so wrongly.
    fn is_offline(&self) -> bool {
        false
    }

    /// Comes back as soon as the network may be there again, after so many seconds at the latest.
    async fn reconnected(&self, seconds: u32) {
        self.wait(seconds).await;
    }
}

/// Seconds after which a server that is too busy wants to be asked again. Dates instead of seconds are not read.
pub(crate) fn retry_after(response: &HttpResponse) -> Option<u32> {
    let busy = response.status == 429;
    busy.then(|| response.header("retry-after").and_then(|text| text.trim().parse().ok()).unwrap_or(30).max(1))
}

/// Sends; anything but success becomes the failure that the problem document names.
pub(crate) async fn ask(transport: &impl Transport, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let method = request.method;
    let response = transport.send(request).await.map_err(|NetworkError| Failure::Network)?;
    if (200..300).contains(&response.status) {
        return Ok(response);
    }
    // Whoever stands in front of the server may say this too, in a document of its own; what counts is the time.
    if let Some(seconds) = retry_after(&response) {
        return Err(Failure::Problem {
            problem: Problem::new(ProblemKind::TooManyRequests, Some(seconds.to_string())),
        });
    }
    let is_problem = response.header("content-type").is_some_and(|kind| kind.starts_with(PROBLEM_JSON));
    if is_problem && let Ok(problem) = serde_json::from_slice::<Problem>(&response.body) {
        return Err(Failure::Problem { problem });
    }
    // An answer to HEAD carries no document; only uploads are asked that way.
    let kind = match response.status {
        404 => Some(ProblemKind::UnknownUpload),
        410 => Some(ProblemKind::UploadGone),
        _ => None,
    };
    if let Some(kind) = kind.filter(|_| method == Method::Head) {
        return Err(Failure::Problem { problem: Problem::new(kind, None) });
    }
    // A layer in front that cannot reach the server answers like this; the person can only try again.
    if matches!(response.status, 502..=504) { Err(Failure::Network) } else { Err(Failure::Unexpected) }
}

/// The envelope with its key and signature parsed.
pub(crate) fn signed(envelope: &SignedEnvelope) -> Option<Signed> {
    Some(Signed {
        version: envelope.version,
        payload: envelope.payload.clone(),
        key: envelope.key.parse().ok()?,
        signature: envelope.signature.parse().ok()?,
    })
}
