//! Waiting where a server says *later*: a report is not given up for that.

use std::cell::{Cell, RefCell};

use recourse_wire::engine::Progress;
use recourse_wire::limits::WAIT_SECONDS;

use crate::transport::{HttpRequest, HttpResponse, NetworkError, Transport, retry_after};

/// Seconds between two words on how long it will still take.
const STEP: u32 = 5;

/// A transport that repeats what was answered by 429 once the time named there has passed, as long as all waits together stay below
/// [`WAIT_SECONDS`]. After that the answer goes through, and the person is told when to come back.
///
/// It knows the person's side as a `dyn`, like all that sends: one code for every caller, since a browser loads each of them.
pub(crate) struct Patient<'a, T> {
    inner: &'a T,
    progress: &'a RefCell<dyn FnMut(Progress) + 'a>,
    left: Cell<u32>,
}

impl<'a, T> Patient<'a, T> {
    pub(crate) fn new(inner: &'a T, progress: &'a RefCell<dyn FnMut(Progress) + 'a>) -> Self {
        Self { inner, progress, left: Cell::new(WAIT_SECONDS) }
    }
}

impl<T: Transport> Transport for Patient<'_, T> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        loop {
            let response = self.inner.send(request.clone()).await?;
            let Some(seconds) = retry_after(&response) else { return Ok(response) };
            let Some(left) = self.left.get().checked_sub(seconds) else { return Ok(response) };
            self.left.set(left);
            self.wait(seconds).await;
        }
    }

    fn is_paused(&self) -> bool {
        self.inner.is_paused()
    }

    async fn go_on(&self) {
        self.inner.go_on().await;
    }

    fn is_stopped(&self) -> bool {
        self.inner.is_stopped()
    }

    fn is_offline(&self) -> bool {
        self.inner.is_offline()
    }

    async fn reconnected(&self, seconds: u32) {
        self.inner.reconnected(seconds).await;
    }

    async fn wait(&self, mut seconds: u32) {
        while seconds > 0 {
            (self.progress.borrow_mut())(Progress::Waiting { seconds });
            let step = seconds.min(STEP);
            self.inner.wait(step).await;
            seconds -= step;
        }
    }
}
