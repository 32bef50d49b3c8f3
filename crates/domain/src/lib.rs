#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod acknowledgement;
pub mod case;
pub mod category;
pub mod channel;
pub mod check;
pub mod clocks;
pub mod content;
pub mod draft;
pub mod encoding;
pub mod event;
pub mod ids;
pub mod lifecycle;
#[cfg(feature = "json")]
pub mod parse;
pub mod report;
#[cfg(feature = "schema")]
pub mod schema;
pub mod severity;
pub mod text;
pub mod time;
pub mod vocabulary;
