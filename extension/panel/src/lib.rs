#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod app;
mod bundle;
mod kept;
mod readable;
mod state;
mod tile;
mod view;
mod whom;

pub use bundle::{evidence_manifest, seal_bundle};
pub use tile::{boxes, tiles};

use js_sys::Function;
use recourse_ui::text::{Locale, panel, t};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Renderer;

/// The panel speaks that language from now on: `texts` are its texts. Returns its words on what it holds of a report, for the form inside it, as JSON.
#[wasm_bindgen]
pub fn speak(tag: &str, texts: &JsValue) -> String {
    Locale::from_js(tag, texts).install();
    serde_json::json!({ "held": &*t(panel::DRAFT_HELD), "hint": &*t(panel::DRAFT_HINT) }).to_string()
}

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
