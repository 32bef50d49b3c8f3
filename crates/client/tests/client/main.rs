//! Client and server together: the routers in process on a real store, and everything that can go wrong in between.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "tests")]

mod acts;
mod failures;
mod journey;
mod kept;
mod manifests;
mod pausing;
mod people;
mod proof;
mod records;
mod reporters_view;
mod reviewers_view;
mod served;
mod tickets;
mod vouching;
