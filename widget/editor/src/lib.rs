#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

mod editor;
mod output;
mod parts;

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageBitmap;

/// Shows the editor until it is finished with. `job` has `bitmap` (an `ImageBitmap`, closed at the end), `name`, `description`, `lossy`
/// (whether the picture was packed with loss), `max` (bytes of the result) and `texts` by name.
///
/// Gives `{blob, boxes, description}` for a covered picture, `{description}` where no box was drawn, `{leave: true}` for *Leave this
/// page*, and `{}` where nothing is to change.
///
/// # Errors
/// A `RecourseFault` where the job has no picture or the browser makes no canvas.
#[wasm_bindgen]
pub async fn edit(job: JsValue) -> Result<JsValue, JsValue> {
    recourse_glue::report_panics();
    let bitmap: ImageBitmap =
        recourse_glue::get(&job, "bitmap").dyn_into().map_err(|_| recourse_glue::Fault::Missing)?;
    let result = editor::run(&job, &bitmap).await;
    bitmap.close();
    result
}
