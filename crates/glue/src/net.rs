//! Requests of the page itself: its manifest and its locale. Everything else is the engine's.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::object_with;

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum NetFault {
    /// The server cannot be reached.
    Unreachable,
    /// It answered with another status than 2xx; with the body, if that was JSON.
    Status(u16, JsValue),
    /// The answer is not JSON.
    NotJson,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(address: &str, init: &JsValue) -> Result<js_sys::Promise, JsValue>;
}

/// Gets JSON without cookies or referrer. With `fresh` no cache is asked or filled; without, addresses are taken to hold their content's
/// hash.
///
/// # Errors
/// See [`NetFault`].
pub async fn get_json(address: &str, fresh: bool) -> Result<JsValue, NetFault> {
    let init = object_with(&[
        ("credentials", "omit".into()),
        ("referrerPolicy", "no-referrer".into()),
        ("cache", if fresh { "no-store" } else { "default" }.into()),
        ("redirect", "error".into()),
    ]);
    let promise = fetch(address, &init).map_err(|_| NetFault::Unreachable)?;
    let response: Response = JsFuture::from(promise).await.map_err(|_| NetFault::Unreachable)?.unchecked_into();
    let body = async {
        let promise = response.json().ok()?;
        JsFuture::from(promise).await.ok()
    }
    .await;
    match (response.ok(), body) {
        (true, Some(json)) => Ok(json),
        (true, None) => Err(NetFault::NotJson),
        (false, body) => Err(NetFault::Status(response.status(), body.unwrap_or(JsValue::NULL))),
    }
}
