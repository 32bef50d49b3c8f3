#![doc = include_str!("../README.md")]

mod engine;
mod error;
mod listener;
mod net;
mod object;
mod page;

pub use engine::{Engine, Heard};
pub use error::{Fault, js_error};
pub use listener::Listener;
pub use net::{NetFault, get_json};
pub use object::{get, get_list, get_number, get_some, get_text, list_of, object_with};
pub use page::{
    address_segment, body_data, copy_text, document, focus_by_id, hand_over, hand_over_blob, now, print_page,
    replace_page, report_panic, report_panics, window,
};

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Turns a JavaScript value into a type of ours. Unlike JSON it goes through no text.
///
/// # Errors
/// [`Fault::Shape`] when the value is not of that shape.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, Fault> {
    serde_wasm_bindgen::from_value(value).map_err(|_| Fault::Shape)
}

/// Turns a type of ours into a plain object that `JSON.stringify` and `postMessage` understand: maps as objects, numbers as numbers.
///
/// # Errors
/// [`Fault::Shape`] when a map's key is not a text.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, Fault> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|_| Fault::Shape)
}
