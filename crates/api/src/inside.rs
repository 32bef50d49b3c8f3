//! The reporters' client against the router in process: how a plain form is sealed and recorded. It takes the same way as every
//! report – uploads, bodies, signature, acknowledgement – so that there is one.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http_body_util::BodyExt;
use rand_core::{TryCryptoRng, TryRng};
use recourse_client::manifest::{self, CheckedManifest};
use recourse_client::outbox::{Outbox, Sent, Source, SourceError};
use recourse_client::transport::{HttpRequest, HttpResponse, NetworkError, Transport};
use recourse_domain::ids::ChannelId;
use recourse_wire::engine::{Failure, Outgoing};
use tower::ServiceExt;
use zeroize::Zeroizing;

use crate::state::State;

/// Marks a report that the plain form made: it has drawn from its own quota and works for no ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InHand;

/// A file in memory, wiped when it is let go of.
pub(crate) struct Held(pub(crate) Zeroizing<Vec<u8>>);

impl Source for Held {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    async fn read(&self, offset: u64, size: u64) -> Result<Vec<u8>, SourceError> {
        let start = usize::try_from(offset).map_err(|_| SourceError)?;
        let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size)).ok_or(SourceError)?;
        self.0.get(start..end).map(<[u8]>::to_vec).ok_or(SourceError)
    }
}

/// Sends reports of one channel.
pub(crate) struct Post {
    state: State,
    transport: InProcess,
    checked: CheckedManifest,
}

impl Post {
    pub(crate) async fn open(state: State, channel: &ChannelId) -> Result<Self, Failure> {
        let transport = InProcess::new(&state);
        let checked = manifest::fetch(&transport, channel, None, state.now()).await?;
        Ok(Self { state, transport, checked })
    }

    pub(crate) async fn send(&self, outgoing: &Outgoing, files: &[Held]) -> Result<Sent, Failure> {
        let mut random = Random(&self.state);
        Outbox::default().send(&self.transport, &mut random, &self.checked, outgoing, files, |_| ()).await
    }
}

/// The router, asked without a socket.
pub(crate) struct InProcess(Router);

impl InProcess {
    pub(crate) fn new(state: &State) -> Self {
        Self(crate::inside_router(state.clone()))
    }
}

impl Transport for InProcess {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        let HttpRequest { method, path, headers, body } = request;
        let mut sent = Request::builder().method(method.as_str()).uri(path);
        for (name, value) in headers {
            sent = sent.header(name, value);
        }
        let mut sent = sent.body(Body::from(body.unwrap_or_default())).map_err(|_| NetworkError)?;
        sent.extensions_mut().insert(InHand);
        let Ok(response) = self.0.clone().oneshot(sent).await;
        let status = response.status().as_u16();
        let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let body = response.into_body().collect().await.map_err(|_| NetworkError)?.to_bytes().to_vec();
        Ok(HttpResponse { status, headers, body })
    }

    /// No line can break in here, and nobody says *later*.
    async fn wait(&self, _: u32) {}
}

/// The server's randomness, for keys that are made and forgotten here.
pub(crate) struct Random<'a>(pub(crate) &'a State);

impl TryRng for Random<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.0.random()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.0.random()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Random<'_> {}
