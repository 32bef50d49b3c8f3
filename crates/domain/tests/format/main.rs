//! The format of a report, from the draft in the form to the JSON that readers open.
#![cfg(all(feature = "paths", feature = "schema"))]
#![allow(clippy::unwrap_used)]

mod any;
mod draft;
mod report;
