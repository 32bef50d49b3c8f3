#![doc = include_str!("../README.md")]

mod app;
pub mod convert;
mod files;
mod host;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Renderer;

/// Shows the form in the page's element `#app`.
///
/// `spawn` makes the engine's worker. `ask(what, detail, tell)` does something and calls `tell(what, value)` when it is done, once:
/// `begin` gives `{tag, texts, offer?, port?}`, on a framed page not before the host's first word; `manifest` gives `{status, body?}` of an
/// address; `copy` puts a text on the clipboard and gives whether that worked.
///
/// # Errors
/// A `RecourseFault` of variant `missing` where the page has no `#app`.
#[wasm_bindgen]
pub fn start(spawn: Function, ask: Function) -> Result<(), JsValue> {
    recourse_glue::report_panics();
    let root = recourse_glue::document().get_element_by_id("app").ok_or(recourse_glue::Fault::Missing)?;
    root.set_text_content(None);
    Renderer::<app::App>::with_root_and_props(root, app::Props { spawn, ask }).render();
    Ok(())
}
