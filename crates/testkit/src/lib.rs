#![doc = include_str!("../README.md")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "for tests alone, on files of its own")]

mod transport;
mod world;

pub use transport::{Failing, InProcess, Tampering};
pub use world::{
    Answer, CONSOLE, LIMITS, Reporter, START, World, envelope, event_request, get, largest, patch, post, request, send,
    tus, with,
};
