#![doc = include_str!("../README.md")]

mod app;
mod case;
mod desk;
mod dialogue;
mod dock;
mod evidence;
mod parts;
mod report;
mod rows;
mod sheet;
mod vouched;

use js_sys::Function;
use recourse_glue::{Fault, document};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::{App, AppProps};

/// Starts the page in `#app`. `spawn` makes the engine's worker.
///
/// # Errors
/// A `RecourseFault` of variant `missing` where address, page or locale is not as it should be.
#[wasm_bindgen]
pub async fn start(spawn: Function) -> Result<(), JsValue> {
    recourse_ui::report_panics();
    recourse_ui::locale::load(".console.json").await?;
    let root = document().get_element_by_id("app").ok_or(Fault::Missing)?;
    root.set_text_content(None);
    yew::Renderer::<App>::with_root_and_props(root, AppProps { spawn: spawn.into() }).render();
    Ok(())
}
