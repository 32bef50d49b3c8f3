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

use js_sys::{Array, Function, JSON, Object};
use recourse_glue::{body_data, document, get_json, report_panics, window};
use recourse_ui::text::{Locale, choose};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::{App, AppProps};

/// Starts the console in `#app`. `spawn` makes the engine's worker.
///
/// # Errors
/// A fault's `Error` where page or locale is not as it should be.
#[wasm_bindgen]
pub async fn start(spawn: Function) -> Result<(), JsValue> {
    report_panics();
    let missing = || JsValue::from(recourse_glue::Fault::Missing);
    let locales = body_data("locales").ok_or_else(missing)?;
    let locales: Object = JSON::parse(&locales)?.into();
    let name_of = |tag: &str| format!("{tag}.console.json");
    let there: Vec<String> = Object::keys(&locales)
        .iter()
        .filter_map(|name| Some(name.as_string()?.strip_suffix(".console.json")?.to_owned()))
        .collect();
    let wanted: Vec<String> = Array::from(&window().navigator().languages()).iter().filter_map(|tag| tag.as_string()).collect();
    let tag = choose(&there, &wanted);
    let address = js_sys::Reflect::get(&locales, &name_of(tag).into())?.as_string().ok_or_else(missing)?;
    let texts = get_json(&address, false).await.map_err(|_| missing())?;
    Locale::from_js(tag, &texts).install();
    let root = document().get_element_by_id("app").ok_or_else(missing)?;
    root.set_text_content(None);
    yew::Renderer::<App>::with_root_and_props(root, AppProps { spawn: spawn.into() }).render();
    Ok(())
}
