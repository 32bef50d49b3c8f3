//! Everything that can go wrong with a request, and the one place where it becomes a problem document.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use recourse_store::{ClaimFault, StoreError};
use recourse_wire::header::{PROBLEM_JSON, TUS_VERSION, UPLOAD_OFFSET};
use recourse_wire::problem::{Problem, ProblemKind};

use crate::guard::Guess;
use crate::limit::{Bucket, TooMany};

/// A fault. What it carries is for the detail of the problem document: names, numbers and places, never a part of a body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the request is malformed at {0}")]
    MalformedRequest(String),
    #[error("the header {0} is missing or malformed")]
    MalformedHeader(&'static str),
    #[error("the bodies are malformed at {0}")]
    MalformedBodies(String),
    #[error("unknown channel")]
    UnknownChannel,
    #[error("unknown case")]
    UnknownCase,
    #[error("unknown body")]
    UnknownBody,
    #[error("unknown upload")]
    UnknownUpload,
    #[error("nothing at this address")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed,
    #[error("unknown recipient")]
    UnknownRecipient,
    #[error("old manifest")]
    OldManifest,
    #[error("the channel is closed")]
    ChannelClosed,
    #[error("wrong checksum at {0}")]
    WrongChecksum(String),
    #[error("larger than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("more than {limit} attachments")]
    TooManyAttachments { limit: u32 },
    #[error("the upload stands at {at}")]
    OffsetMismatch { at: u64 },
    #[error("the upload has expired")]
    UploadGone,
    #[error("the upload is claimed")]
    UploadClaimed,
    #[error("claim {index} is refused: {fault:?}")]
    Claim { index: usize, fault: ClaimFault },
    #[error("another tus version")]
    TusVersion,
    #[error("upload metadata")]
    Metadata,
    #[error("another media type than {expected}")]
    MediaType { expected: &'static str },
    #[error("idempotency key or receipt used before")]
    IdempotencyMismatch,
    #[error("If-Match is missing")]
    PreconditionRequired,
    #[error("the case has {events} events")]
    CaseChanged { events: u64 },
    #[error("invalid transition")]
    InvalidTransition,
    #[error("no session")]
    SignInRequired,
    #[error("sign-in refused")]
    SignInRefused,
    #[error("forbidden")]
    Forbidden,
    #[error("contact not opened")]
    ContactClosed,
    #[error("range outside {size} bytes")]
    Range { size: u64 },
    #[error("case full")]
    CaseFull,
    #[error("no ticket")]
    TicketRequired,
    #[error("not a ticket for this report")]
    TicketRefused,
    #[error("the ticket has expired")]
    TicketExpired,
    #[error(transparent)]
    TooMany(TooMany),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something of ours does not fit together.
    #[error("{0}")]
    Inside(&'static str),
}

impl Fault {
    /// The one table from faults to problems.
    fn problem(&self) -> Problem {
        use ProblemKind as Kind;
        let (kind, detail) = match self {
            Self::MalformedRequest(at) => (Kind::MalformedRequest, Some(at.clone())),
            Self::MalformedHeader(name) => (Kind::MalformedHeader, Some((*name).to_owned())),
            Self::MalformedBodies(at) => (Kind::MalformedBodies, Some(at.clone())),
            Self::UnknownChannel => (Kind::UnknownChannel, None),
            Self::UnknownCase => (Kind::UnknownCase, None),
            Self::UnknownBody => (Kind::UnknownBody, None),
            Self::UnknownUpload => (Kind::UnknownUpload, None),
            Self::NotFound => (Kind::NotFound, None),
            Self::MethodNotAllowed => (Kind::MethodNotAllowed, None),
            Self::UnknownRecipient => (Kind::UnknownRecipient, None),
            Self::OldManifest => (Kind::OldManifest, None),
            Self::ChannelClosed => (Kind::ChannelClosed, None),
            Self::WrongChecksum(at) => (Kind::WrongChecksum, Some(at.clone())),
            Self::TooLarge { limit } => (Kind::TooLarge, Some(format!("at most {limit} bytes"))),
            Self::TooManyAttachments { limit } => (Kind::TooManyAttachments, Some(format!("at most {limit}"))),
            Self::OffsetMismatch { at } => (Kind::OffsetMismatch, Some(format!("at {at}"))),
            Self::UploadGone => (Kind::UploadGone, None),
            Self::UploadClaimed => (Kind::UploadClaimed, None),
            Self::Claim { index, fault } => {
                let kind = match fault {
                    ClaimFault::Missing => Kind::UnknownUpload,
                    ClaimFault::Incomplete => Kind::IncompleteUpload,
                    ClaimFault::Claimed => Kind::UploadClaimed,
                    ClaimFault::WrongHash | ClaimFault::WrongSize => Kind::WrongChecksum,
                };
                (kind, Some(format!("blobs[{index}]")))
            }
            Self::TusVersion => (Kind::UnsupportedTusVersion, None),
            Self::Metadata => (Kind::MetadataRefused, None),
            Self::MediaType { expected } => (Kind::UnsupportedMediaType, Some((*expected).to_owned())),
            Self::IdempotencyMismatch => (Kind::IdempotencyMismatch, None),
            Self::PreconditionRequired => (Kind::PreconditionRequired, None),
            Self::CaseChanged { .. } => (Kind::CaseChanged, None),
            Self::InvalidTransition => (Kind::InvalidTransition, None),
            Self::SignInRequired => (Kind::SignInRequired, None),
            Self::SignInRefused => (Kind::SignInRefused, None),
            Self::Forbidden => (Kind::Forbidden, None),
            Self::ContactClosed => (Kind::ContactClosed, None),
            Self::Range { size } => (Kind::RangeNotSatisfiable, Some(format!("{size} bytes"))),
            Self::CaseFull => (Kind::CaseFull, None),
            Self::TicketRequired => (Kind::TicketRequired, None),
            Self::TicketRefused => (Kind::TicketRefused, None),
            Self::TicketExpired => (Kind::TicketExpired, None),
            Self::TooMany(later) => (Kind::TooManyRequests, Some(format!("in {} s", later.wait))),
            Self::Store(StoreError::NoSpace | StoreError::Unavailable(_)) => (Kind::Unavailable, None),
            Self::Store(StoreError::Damaged(_) | StoreError::Inconsistent(_)) | Self::Inside(_) => {
                (Kind::Internal, None)
            }
        };
        Problem::new(kind, detail)
    }

    /// Headers that the status asks for.
    fn headers(&self, response: &mut Response) {
        if let Self::TooMany(TooMany { name, bucket: Bucket { burst, seconds }, wait }) = self {
            // draft-ietf-httpapi-ratelimit-headers-10: so many in the time in which an empty bucket fills.
            let window = u64::from(*burst) * u64::from(*seconds);
            for (header, value) in [
                ("retry-after", wait.to_string()),
                ("ratelimit-policy", format!("\"{name}\";q={burst};w={window}")),
                ("ratelimit", format!("\"{name}\";r=0;t={wait}")),
            ] {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    response.headers_mut().insert(header, value);
                }
            }
        }
        let pair = match self {
            Self::SignInRequired => Some((header::WWW_AUTHENTICATE, "Bearer".to_owned())),
            Self::TusVersion => Some((header::HeaderName::from_static("tus-version"), TUS_VERSION.to_owned())),
            Self::OffsetMismatch { at } => Some((header::HeaderName::from_static(UPLOAD_OFFSET), at.to_string())),
            Self::CaseChanged { events } => Some((header::ETAG, format!("\"{events}\""))),
            Self::Range { size } => Some((header::CONTENT_RANGE, format!("bytes */{size}"))),
            Self::Store(StoreError::NoSpace | StoreError::Unavailable(_)) => {
                Some((header::RETRY_AFTER, "30".to_owned()))
            }
            _ => None,
        };
        if let Some((name, value)) = pair
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            // Here and nowhere else: the cause goes into the log, and the answer says nothing of it.
            tracing::error!(cause = %Chain(&self), "a request failed here");
        }
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        self.headers(&mut response);
        if matches!(self, Self::UnknownCase) {
            response.extensions_mut().insert(Guess);
        }
        response
    }
}

/// An error with its causes in one line.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut error = Some(self.0);
        let mut first = true;
        while let Some(current) = error {
            if !first {
                f.write_str(": ")?;
            }
            write!(f, "{current}")?;
            first = false;
            error = current.source();
        }
        Ok(())
    }
}

/// Nothing stands here.
pub(crate) async fn not_found() -> Fault {
    Fault::NotFound
}

/// Something stands here, but takes another method.
pub(crate) async fn method_not_allowed() -> Fault {
    Fault::MethodNotAllowed
}
