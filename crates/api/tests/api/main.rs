//! Drives both routers in process, on the SQLite store, with a clock that stands still.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod coming_back;
mod dialogue;
mod faults;
mod form;
mod languages;
mod limits;
mod pages;
mod plain;
mod plain_subject;
mod record;
mod reports;
mod reviewers;
mod uploads;
