//! How a client's requests reach a router in process, and how they are kept from it.

use std::cell::{Cell, RefCell};

use axum::Router;
use axum::body::Body;
use recourse_client::transport::{HttpRequest, HttpResponse, NetworkError, Transport};

use crate::world;

/// Hands requests to a router, without a socket.
#[derive(Debug, Clone)]
pub struct InProcess(Router);

impl InProcess {
    /// To that router.
    pub const fn new(router: Router) -> Self {
        Self(router)
    }
}

impl Transport for InProcess {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        let HttpRequest { method, path, headers, body } = request;
        let method = method.as_str().parse().unwrap();
        let length = body.as_ref().map(|body| body.len().to_string());
        let mut sent = world::request(method, &path, Body::from(body.unwrap_or_default()));
        for (name, value) in headers {
            sent = world::with(sent, name, &value);
        }
        // As a browser does, for a body that it has whole.
        if let Some(length) = length {
            sent = world::with(sent, "content-length", &length);
        }
        let answer = world::send(&self.0, sent).await;
        let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
            (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
        };
        Ok(HttpResponse {
            status: answer.status.as_u16(),
            headers: answer.headers.iter().map(header).collect(),
            body: answer.body.to_vec(),
        })
    }

    /// No time passes in a test.
    async fn wait(&self, _: u32) {}
}

/// When the connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// The server never hears of the request.
    Before,
    /// The server has done what was asked; its answer is lost.
    After,
}

impl Failing {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Before, Self::After];
}

type OnRequest = Box<dyn FnMut(&mut HttpRequest)>;
type OnResponse = Box<dyn FnMut(&HttpRequest, &mut HttpResponse)>;

/// Stands between a client and its server.
pub struct Tampering<T> {
    inner: T,
    breaks: Cell<Option<(usize, usize, Failing)>>,
    on_request: RefCell<OnRequest>,
    on_response: RefCell<OnResponse>,
    sent: RefCell<Vec<String>>,
}

impl<T> Tampering<T> {
    /// Changes nothing yet.
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            breaks: Cell::new(None),
            on_request: RefCell::new(Box::new(|_| ())),
            on_response: RefCell::new(Box::new(|_, _| ())),
            sent: RefCell::default(),
        }
    }

    /// Breaks the connection at one request, counted from 0 from the first that was sent through this.
    #[must_use]
    pub fn failing(self, request: usize, failing: Failing) -> Self {
        self.failing_from(request, 1, failing)
    }

    /// Breaks the connection at so many requests in a row.
    #[must_use]
    pub fn failing_from(self, request: usize, count: usize, failing: Failing) -> Self {
        self.breaks.set(Some((request, count, failing)));
        self
    }

    /// Changes requests on their way, from now on.
    pub fn change_requests(&self, change: impl FnMut(&mut HttpRequest) + 'static) {
        *self.on_request.borrow_mut() = Box::new(change);
    }

    /// Changes answers on their way, from now on.
    pub fn change_responses(&self, change: impl FnMut(&HttpRequest, &mut HttpResponse) + 'static) {
        *self.on_response.borrow_mut() = Box::new(change);
    }

    /// What was sent so far: method and path, in order.
    pub fn sent(&self) -> Vec<String> {
        self.sent.borrow().clone()
    }
}

impl<T: Transport> Transport for Tampering<T> {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        let place = self.sent.borrow().len();
        self.sent.borrow_mut().push(format!("{} {}", request.method.as_str(), request.path));
        (self.on_request.borrow_mut())(&mut request);
        let broken = self.breaks.get().filter(|(first, count, _)| (*first..first + count).contains(&place));
        let broken = broken.map(|(_, _, failing)| failing);
        if broken == Some(Failing::Before) {
            return Err(NetworkError);
        }
        let mut response = self.inner.send(request.clone()).await?;
        if broken == Some(Failing::After) {
            return Err(NetworkError);
        }
        (self.on_response.borrow_mut())(&request, &mut response);
        Ok(response)
    }

    async fn wait(&self, seconds: u32) {
        self.inner.wait(seconds).await;
    }
}
