//! Faults between Rust and JavaScript.

use wasm_bindgen::JsValue;

/// What can go wrong at the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A value is not of the shape that was agreed.
    Shape,
    /// The browser refused to do something: no worker, no clipboard.
    Refused,
    /// Something of the page that must be there is not.
    Missing,
}

impl Fault {
    /// Its name for JavaScript.
    pub const fn variant(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Refused => "refused",
            Self::Missing => "missing",
        }
    }
}

impl From<Fault> for JsValue {
    fn from(fault: Fault) -> Self {
        js_error("RecourseFault", fault.variant())
    }
}

/// A real `Error` with `name` and `variant`, for everything that a module's exports throw.
pub fn js_error(name: &str, variant: &str) -> JsValue {
    let error = js_sys::Error::new(variant);
    error.set_name(name);
    // Setting a property of an object just made cannot fail.
    let _ = js_sys::Reflect::set(&error, &"variant".into(), &variant.into());
    error.into()
}
