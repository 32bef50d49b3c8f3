//! Drives both routers in process, on the SQLite store, with a clock that stands still.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod dialogue;
mod faults;
mod limits;
mod pages;
mod plain;
mod plain_subject;
mod reports;
mod reviewers;
mod uploads;
