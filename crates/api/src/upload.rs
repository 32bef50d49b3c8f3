//! Resumable uploads: tus 1.0 with creation, expiration and termination. The token in `Recourse-Upload-Token`, chosen by the client, is the
//! only thing that opens an upload; its id is not a secret.

use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use recourse_domain::ids::{ChannelId, Digest, UploadId};
use recourse_domain::time::Timestamp;
use recourse_store::{AppendOutcome, CreateUploadOutcome, NewUpload, UploadStatus};
use recourse_wire::header::{
    OFFSET_OCTET_STREAM, TUS_RESUMABLE, TUS_VERSION, UPLOAD_EXPIRES, UPLOAD_LENGTH, UPLOAD_OFFSET,
};
use recourse_wire::limits::{UNCLAIMED_HOURS, sealed_blob_bytes};
use recourse_wire::path;

use crate::channel;
use crate::fault::Fault;
use crate::guard::METHOD_OVERRIDE;
use crate::request::{InChannel, InUpload, media_type, number, text, tus, upload_token};
use crate::state::State;

/// Bytes that are gathered before they are stored: each piece is synced, and a sync for each packet would be slow.
const PIECE_BYTES: usize = 1 << 20;

/// `OPTIONS …/uploads`: what of tus is spoken.
pub(crate) async fn options(Shared(state): Shared<State>, InChannel { channel }: InChannel) -> Result<Response, Fault> {
    let limits = channel::find(&state, &channel).await?.manifest.limits;
    Ok((
        StatusCode::NO_CONTENT,
        [
            (HeaderName::from_static("tus-version"), TUS_VERSION.to_owned()),
            (HeaderName::from_static("tus-extension"), "creation,expiration,termination".to_owned()),
            (HeaderName::from_static("tus-max-size"), sealed_blob_bytes(limits.attachment_bytes).to_string()),
        ],
    )
        .into_response())
}

/// `POST …/uploads`. Taken from a channel that is closed for reports too: cases that exist can still be added to.
pub(crate) async fn create(
    Shared(state): Shared<State>,
    InChannel { channel }: InChannel,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    tus(&headers)?;
    let token_hash = upload_token(&headers)?;
    let length = number(&headers, UPLOAD_LENGTH)?.ok_or(Fault::MalformedHeader(UPLOAD_LENGTH))?;
    let limit = sealed_blob_bytes(channel::find(&state, &channel).await?.manifest.limits.attachment_bytes);
    if length > limit {
        return Err(Fault::TooLarge { limit });
    }
    // Begun anew at each full hour: to the second, it would tell when a reporter was here.
    let expires_at = Timestamp(state.now().floor_to_hour().0 + (UNCLAIMED_HOURS + 1) * Timestamp::HOUR);
    loop {
        let upload = UploadId::new(state.random());
        let new = NewUpload { channel: channel.clone(), upload, token_hash, length, expires_at };
        match state.store.create_upload(new).await? {
            CreateUploadOutcome::Exists => {}
            CreateUploadOutcome::Created => {
                let location = path::fill(path::UPLOAD, &[&channel, &upload]);
                let headers = [(header::LOCATION, location), expires(expires_at)];
                return Ok((StatusCode::CREATED, headers).into_response());
            }
        }
    }
}

/// `HEAD …/uploads/{upload}`: where to go on.
pub(crate) async fn status(
    Shared(state): Shared<State>,
    InUpload { channel, upload }: InUpload,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    tus(&headers)?;
    let status = find(&state, &channel, &upload, &upload_token(&headers)?).await?;
    let headers = [
        (HeaderName::from_static(UPLOAD_OFFSET), status.offset.to_string()),
        (HeaderName::from_static(UPLOAD_LENGTH), status.length.to_string()),
        expires(status.expires_at),
    ];
    Ok((StatusCode::OK, headers).into_response())
}

/// `PATCH …/uploads/{upload}`: the next bytes, in one request all that are left if the client likes: they are stored as they come.
pub(crate) async fn append(
    Shared(state): Shared<State>,
    InUpload { channel, upload }: InUpload,
    request: Request,
) -> Result<Response, Fault> {
    let headers = request.headers();
    tus(headers)?;
    let token_hash = upload_token(headers)?;
    media_type(headers, OFFSET_OCTET_STREAM)?;
    let offset = number(headers, UPLOAD_OFFSET)?.ok_or(Fault::MalformedHeader(UPLOAD_OFFSET))?;
    let status = find(&state, &channel, &upload, &token_hash).await?;
    if status.claimed {
        return Err(Fault::UploadClaimed);
    }
    if status.offset != offset {
        return Err(Fault::OffsetMismatch { at: status.offset });
    }
    let limit = status.length - status.offset;
    if number(headers, "content-length")?.is_some_and(|length| length > limit) {
        return Err(Fault::TooLarge { limit });
    }
    // A task of its own: when the connection breaks, this handler is dropped, and what has arrived should still be kept.
    let chunk = Chunk { state, upload, token_hash, offset, limit };
    let offset =
        tokio::spawn(chunk.store(request.into_body())).await.map_err(|_| Fault::Inside("an upload broke off"))??;
    let headers = [(HeaderName::from_static(UPLOAD_OFFSET), offset.to_string()), expires(status.expires_at)];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// `DELETE …/uploads/{upload}`.
pub(crate) async fn delete(
    Shared(state): Shared<State>,
    InUpload { channel, upload }: InUpload,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    tus(&headers)?;
    let token_hash = upload_token(&headers)?;
    if find(&state, &channel, &upload, &token_hash).await?.claimed {
        return Err(Fault::UploadClaimed);
    }
    if !state.store.delete_upload(&upload, &token_hash).await? {
        return Err(Fault::UnknownUpload);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST …/uploads/{upload}`: for clients that can send nothing else, the method stands in a header (tus 1.0).
pub(crate) async fn overridden(state: Shared<State>, upload: InUpload, request: Request) -> Result<Response, Fault> {
    let method = text(request.headers(), METHOD_OVERRIDE)?.unwrap_or_default();
    match method.parse() {
        Ok(Method::PATCH) => append(state, upload, request).await,
        Ok(Method::DELETE) => delete(state, upload, request.headers().clone()).await,
        Ok(Method::HEAD) => status(state, upload, request.headers().clone()).await,
        _ => Err(Fault::MethodNotAllowed),
    }
}

/// Every answer to tus names its version.
pub(crate) async fn speak_tus(mut response: Response) -> Response {
    response.headers_mut().insert(TUS_RESUMABLE, HeaderValue::from_static(TUS_VERSION));
    response
}

/// The upload that the token opens, if it is of this channel and not expired.
pub(crate) async fn find(
    state: &State,
    channel: &ChannelId,
    upload: &UploadId,
    token_hash: &Digest,
) -> Result<UploadStatus, Fault> {
    let status = state.store.upload(upload, token_hash).await?.filter(|status| status.channel == *channel);
    let status = status.ok_or(Fault::UnknownUpload)?;
    if !status.claimed && status.expires_at <= state.now() { Err(Fault::UploadGone) } else { Ok(status) }
}

struct Chunk {
    state: State,
    upload: UploadId,
    token_hash: Digest,
    offset: u64,
    /// Bytes that may still come.
    limit: u64,
}

impl Chunk {
    /// Reads to the end and stores piece by piece; gives the offset reached.
    async fn store(mut self, mut body: Body) -> Result<u64, Fault> {
        let mut piece = BytesMut::new();
        let mut left = self.limit;
        let mut fault = None;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                fault = Some(Fault::MalformedRequest("body".to_owned()));
                break;
            };
            let Ok(data) = frame.into_data() else { continue };
            if data.len() as u64 > left {
                fault = Some(Fault::TooLarge { limit: self.limit });
                break;
            }
            left -= data.len() as u64;
            piece.extend_from_slice(&data);
            if piece.len() >= PIECE_BYTES {
                self.append(piece.split().freeze()).await?;
            }
        }
        // What came before the fault is good, and the client can go on from there.
        if !piece.is_empty() {
            self.append(piece.freeze()).await?;
        }
        fault.map_or(Ok(self.offset), Err)
    }

    async fn append(&mut self, piece: Bytes) -> Result<(), Fault> {
        match self.state.store.append_upload(&self.upload, &self.token_hash, self.offset, piece).await? {
            AppendOutcome::Offset(offset) => {
                self.offset = offset;
                Ok(())
            }
            AppendOutcome::Mismatch(at) => Err(Fault::OffsetMismatch { at }),
            AppendOutcome::TooLong => Err(Fault::TooLarge { limit: self.limit }),
            AppendOutcome::Claimed => Err(Fault::UploadClaimed),
            AppendOutcome::Missing => Err(Fault::UnknownUpload),
        }
    }
}

fn expires(at: Timestamp) -> (HeaderName, String) {
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(at.0));
    (HeaderName::from_static(UPLOAD_EXPIRES), date)
}
