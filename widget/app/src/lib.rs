#![doc = include_str!("../README.md")]

mod app;
mod files;
mod host;
mod shelf;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Renderer;

/// Shows the form in the page's element `#app`.
///
/// `spawn` makes the engine's worker. `ask(what, detail, tell)` does what takes JavaScript a line, and calls `tell(what, value)` once
/// when that is done: see `widget/pages/intake-start.js`. `channel` is the channel, `framed` whether a product frames the page, `origin`
/// the page's own.
///
/// # Errors
/// A `RecourseFault` of variant `missing` where the page has no `#app`.
#[wasm_bindgen]
pub fn start(spawn: Function, ask: Function, channel: String, framed: bool, origin: String) -> Result<(), JsValue> {
    recourse_ui::report_panics();
    let root = recourse_glue::document().get_element_by_id("app").ok_or(recourse_glue::Fault::Missing)?;
    root.set_text_content(None);
    let follow_up = [&*origin, "/follow-up/", &*channel].concat();
    Renderer::<app::App>::with_root_and_props(root, app::Props { spawn, ask, channel, framed, follow_up }).render();
    Ok(())
}
