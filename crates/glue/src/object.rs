//! Plain JavaScript objects, read and written by hand where serde would weigh too much.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A property; `undefined` where there is none.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A text; empty where there is none.
pub fn get_text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// A whole number of at most 53 bits; 0 where there is none.
pub fn get_number(object: &JsValue, name: &str) -> u64 {
    get(object, name).as_f64().map_or(0, |number| number as u64)
}

/// Something that may be missing.
pub fn get_some(object: &JsValue, name: &str) -> Option<JsValue> {
    Some(get(object, name)).filter(|value| !value.is_undefined() && !value.is_null())
}

/// The values of a list, in order; none where there is no list.
pub fn get_list(object: &JsValue, name: &str) -> Vec<JsValue> {
    get(object, name).dyn_into::<Array>().map(|list| list.to_vec()).unwrap_or_default()
}

/// A plain object of names and values; what is `undefined` is left out.
pub fn object_with(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        if !value.is_undefined() {
            // Setting a property of an object just made cannot fail.
            let _ = Reflect::set(&object, &(*name).into(), value);
        }
    }
    object.into()
}

/// A list.
pub fn list_of(values: &[JsValue]) -> JsValue {
    let list = Array::new();
    for value in values {
        list.push(value);
    }
    list.into()
}
