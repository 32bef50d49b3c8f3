//! Pause and go on: said beside the queue of calls, for the call that is to pause holds the desk.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, DedicatedWorkerGlobalScope};

thread_local! {
    static PAUSED: Cell<bool> = const { Cell::new(false) };
    /// The call in hand is given up for now.
    static STOPPED: Cell<bool> = const { Cell::new(false) };
    /// Comes back who waits for the person to go on.
    static WAITING: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// Comes back who waits for the network.
    static RECONNECTED: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// Cuts the piece of a file that is on its way: over a slow line it would take minutes.
    static CUT: RefCell<Option<AbortController>> = const { RefCell::new(None) };
}

/// Hears the person.
pub(crate) fn set(paused: bool) {
    PAUSED.set(paused);
    if paused {
        if let Some(cut) = CUT.take() {
            cut.abort();
        }
    } else if let Some(done) = WAITING.take() {
        // A promise's own function does not throw.
        let _ = done.call0(&JsValue::UNDEFINED);
    }
}

/// Gives the call in hand up for now: what waits for the person or for the network comes back.
pub(crate) fn stop() {
    STOPPED.set(true);
    if let Some(cut) = CUT.take() {
        cut.abort();
    }
    set(false);
    if let Some(done) = RECONNECTED.take() {
        let _ = done.call0(&JsValue::UNDEFINED);
    }
}

/// A new call is worked on: what was said to the one before does not count for it.
pub(crate) fn begin() {
    STOPPED.set(false);
}

pub(crate) fn is_stopped() -> bool {
    STOPPED.get()
}

pub(crate) fn is_paused() -> bool {
    PAUSED.get()
}

/// Comes back once nothing is paused.
pub(crate) async fn go_on() {
    while PAUSED.get() {
        let resumed = Promise::new(&mut |done, _| WAITING.set(Some(done)));
        let _ = JsFuture::from(resumed).await;
    }
}

/// What a request that may be cut listens to.
pub(crate) fn signal() -> Option<AbortSignal> {
    let controller = AbortController::new().ok()?;
    let signal = controller.signal();
    CUT.set(Some(controller));
    Some(signal)
}

/// Whether the device says that it has no network.
pub(crate) fn is_offline() -> bool {
    !scope().navigator().on_line()
}

/// Comes back when the device says that the network is there, after so many milliseconds at the latest.
pub(crate) async fn reconnected(milliseconds: i32) {
    let mut listening = None;
    let elapsed = Promise::new(&mut |done, _| {
        let scope = scope();
        // Refused only where there is no scope any more, and then nobody waits.
        let _ = scope.add_event_listener_with_callback("online", &done);
        let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
        RECONNECTED.set(Some(done.clone()));
        listening = Some(done);
    });
    let _ = JsFuture::from(elapsed).await;
    if let Some(done) = listening {
        let _ = scope().remove_event_listener_with_callback("online", &done);
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
