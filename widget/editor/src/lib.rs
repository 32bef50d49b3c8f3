#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

mod editor;
mod output;
mod parts;

use recourse_cover::Rect;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageBitmap;

/// Shows the editor until it is finished with. `job` has `bitmap` (an `ImageBitmap`, closed at the end), `name`, `description`, `lossy`
/// (whether the picture was packed with loss), `max` (bytes of the result) and `texts` by name.
///
/// With `region` boxes are frames to look through: what is in one is meant to stay. With `boxes`, a list of `[x, y, width, height]`, those are there already, and nothing is burned in: the result is `{rects}`, all boxes in the end.
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

/// Burns boxes into a picture without showing anything. `job` has `bitmap` (closed at the end), `boxes` and, where only that goes along, `part`, as
/// `[x, y, width, height]`, and `max`. Gives `{blob}`, or `{}` where the browser does not give out the true pixels or makes no such picture.
///
/// # Errors
/// A `RecourseFault` where the job has no picture.
#[wasm_bindgen]
pub async fn burn(job: JsValue) -> Result<JsValue, JsValue> {
    let bitmap: ImageBitmap =
        recourse_glue::get(&job, "bitmap").dyn_into().map_err(|_| recourse_glue::Fault::Missing)?;
    let boxes: Vec<Rect> = recourse_glue::get_list(&job, "boxes").iter().filter_map(output::rect_of).collect();
    let part = output::rect_of(&recourse_glue::get(&job, "part"));
    let max = recourse_glue::get(&job, "max").as_f64().unwrap_or(f64::INFINITY);
    let covered = output::cover(&bitmap, &boxes, part, false, max).await;
    bitmap.close();
    Ok(match covered {
        Ok(blob) => recourse_glue::object_with(&[("blob", blob.into())]),
        Err(_) => recourse_glue::object_with(&[]),
    })
}
