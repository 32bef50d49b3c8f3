//! Counts of what the intake was asked. A line for each request would tell when a reporter was here, so there is none.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counts by route pattern, method and status.
#[derive(Debug, Default)]
pub struct Traffic {
    counts: Mutex<BTreeMap<(String, String, u16), u64>>,
    cookie: AtomicBool,
}

impl Traffic {
    pub(crate) fn count(&self, route: &str, method: &str, status: u16) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((route.to_owned(), method.to_owned(), status)).or_default() += 1;
    }

    /// Remembers that a cookie arrived; `true` the first time.
    pub(crate) fn cookie_arrived(&self) -> bool {
        !self.cookie.swap(true, Ordering::Relaxed)
    }

    /// Whether a cookie has arrived since the start: then the intake shares a registrable domain with something that sets cookies, and
    /// those would name reporters to whoever ran a less careful server.
    pub fn has_cookie_arrived(&self) -> bool {
        self.cookie.load(Ordering::Relaxed)
    }

    /// Logs the counts since the last call and begins anew. Meant to be called on the hour.
    pub fn log_and_reset(&self) {
        let counts = std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        for ((route, method, status), count) in counts {
            tracing::info!(route, method, status, count, "requests at the intake in the last hour");
        }
    }
}
