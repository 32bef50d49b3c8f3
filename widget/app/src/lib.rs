#![doc = include_str!("../README.md")]

mod app;
pub mod convert;
mod files;
mod host;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Renderer;

/// Shows the form in the page's element `#app`.
///
/// `spawn` makes the engine's worker. `connected` gives `null` on a page of its own, and in a frame the host's first word
/// (`{offer, port}`), which may come much later: the frame is made before the button is pressed.
///
/// # Errors
/// A `RecourseFault` of variant `missing` where the page has no `#app`.
#[wasm_bindgen]
pub fn start(spawn: Function, connected: Promise) -> Result<(), JsValue> {
    recourse_glue::report_panics();
    let root = recourse_glue::document().get_element_by_id("app").ok_or(recourse_glue::Fault::Missing)?;
    root.set_text_content(None);
    Renderer::<app::App>::with_root_and_props(root, app::Props { spawn, connected: connected.into() }).render();
    Ok(())
}
