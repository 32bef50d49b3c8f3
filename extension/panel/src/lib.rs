#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod app;
mod bundle;
mod readable;
mod state;
mod tile;
mod view;
mod whom;

pub use bundle::{evidence_manifest, seal_bundle};
pub use tile::{boxes, tiles};

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Renderer;

/// Shows the panel in the page's element `#panel`. `ask(what, detail, tell)` does what only the browser can and calls `tell(what, value)`: see
/// `extension/pages/panel-start.js`.
///
/// # Errors
/// A `RecourseFault` of variant `missing` where the page has no `#panel`.
#[wasm_bindgen]
pub fn start(ask: Function) -> Result<(), JsValue> {
    recourse_ui::report_panics();
    let root = recourse_glue::document().get_element_by_id("panel").ok_or(recourse_glue::Fault::Missing)?;
    Renderer::<app::App>::with_root_and_props(root, app::Props { ask }).render();
    Ok(())
}
