#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

mod desk;
mod p256;

use recourse_worker::Worker;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static WORKER: Worker<desk::Desk> = Worker::start();
}

/// Tells the page that calls are taken.
#[wasm_bindgen]
pub fn start() {
    WORKER.with(|_| ());
}

/// Takes what the page posted.
#[wasm_bindgen]
pub fn receive(data: &JsValue) {
    WORKER.with(|worker| worker.receive(data));
}
