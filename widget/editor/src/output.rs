//! The picture that is sent: decoded pixels with the boxes burned in, packed anew.

use js_sys::{Array, Promise};
use recourse_cover::{Grain, Rect, Size, burn, is_burned};
use recourse_glue::{Fault, document, object_with, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, ImageData};

/// Pixels handled between two pauses: about ten milliseconds on a slow phone.
const BAND_PIXELS: u32 = 1 << 18;
/// Of JPEGs: at this nobody sees a difference.
const QUALITY: f64 = 0.92;

/// Why there is no covered picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmade {
    /// The browser makes no canvas of that size, or cannot pack it.
    TooLarge,
    /// The browser does not give pages the true pixels.
    Withheld,
}

impl From<JsValue> for Unmade {
    fn from(_: JsValue) -> Self {
        Self::TooLarge
    }
}

/// A canvas of that size with the picture on it.
pub(crate) fn canvas_of(bitmap: &ImageBitmap) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(bitmap.width());
    canvas.set_height(bitmap.height());
    let options = object_with(&[("willReadFrequently", true.into())]);
    let context = canvas.get_context_with_context_options("2d", &options)?.ok_or(Fault::Refused)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_image_bitmap(bitmap, 0.0, 0.0)?;
    Ok((canvas, context))
}

/// A box from `[x, y, width, height]`.
pub(crate) fn rect_of(value: &JsValue) -> Option<Rect> {
    let numbers: Vec<u32> =
        value.dyn_ref::<Array>()?.iter().filter_map(|number| number.as_f64().map(|n| n as u32)).collect();
    let [x, y, width, height] = *numbers.as_slice() else { return None };
    Some(Rect { x, y, width, height })
}

/// And back.
pub(crate) fn rect_js(rect: &Rect) -> JsValue {
    [rect.x, rect.y, rect.width, rect.height]
        .into_iter()
        .map(|n| JsValue::from_f64(f64::from(n)))
        .collect::<Array>()
        .into()
}

/// A part of a picture, with nothing of the rest behind it.
pub(crate) fn cut(canvas: &HtmlCanvasElement, part: Rect) -> Result<HtmlCanvasElement, JsValue> {
    let smaller: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    smaller.set_width(part.width);
    smaller.set_height(part.height);
    let context: CanvasRenderingContext2d = smaller.get_context("2d")?.ok_or(Fault::Refused)?.dyn_into()?;
    context.draw_image_with_html_canvas_element(canvas, -f64::from(part.x), -f64::from(part.y))?;
    canvas.set_width(0);
    Ok(smaller)
}

/// Burns the boxes into the picture and packs it: as PNG, else, or where it came with loss, as JPEG.
/// Where only a `part` goes along, it is cut out after the boxes were burned in.
pub(crate) async fn cover(
    bitmap: &ImageBitmap,
    boxes: &[Rect],
    part: Option<Rect>,
    lossy: bool,
    max: f64,
) -> Result<Blob, Unmade> {
    let size = Size { width: bitmap.width(), height: bitmap.height() };
    let grain = if lossy { Grain::Blocks } else { Grain::Exact };
    let boxes: Vec<Rect> = boxes.iter().map(|rect| grain.widen(*rect, size)).collect();
    let (canvas, context) = canvas_of(bitmap)?;
    let rows = (BAND_PIXELS / size.width.max(1)).max(1);
    let mut top = 0;
    while top < size.height {
        let height = rows.min(size.height - top);
        if boxes.iter().any(|rect| rect.y < top + height && rect.bottom() > top) {
            let (at, width) = (f64::from(top), f64::from(size.width));
            let band = |context: &CanvasRenderingContext2d| context.get_image_data(0.0, at, width, f64::from(height));
            let mut pixels = band(&context)?.data().0;
            burn(&mut pixels, size.width, top, &boxes).map_err(|_| Unmade::TooLarge)?;
            let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), size.width, height)?;
            context.put_image_data(&image, 0.0, at)?;
            let back = band(&context)?.data().0;
            if is_burned(&back, size.width, top, &boxes) != Ok(true) {
                return Err(Unmade::Withheld);
            }
            pause().await;
        }
        top += height;
    }
    let canvas = match part {
        Some(part) => cut(&canvas, part)?,
        None => canvas,
    };
    let mut blob = if lossy { None } else { pack(&canvas, "image/png").await };
    if blob.as_ref().is_none_or(|blob| blob.size() > max) {
        blob = pack(&canvas, "image/jpeg").await;
    }
    // Gives the pixels back at once, not when somebody collects them.
    canvas.set_width(0);
    blob.filter(|blob| blob.size() > 0.0 && blob.size() <= max).ok_or(Unmade::TooLarge)
}

async fn pack(canvas: &HtmlCanvasElement, media_type: &str) -> Option<Blob> {
    let packed = Promise::new(&mut |done, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = done.call1(&JsValue::NULL, &blob);
        });
        // Throws only for pictures of strangers, and this one was decoded here.
        let _ =
            canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), media_type, &JsValue::from_f64(QUALITY));
    });
    JsFuture::from(packed).await.ok()?.dyn_into().ok()
}

/// Lets the page breathe.
async fn pause() {
    let elapsed = Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback(&done);
    });
    let _ = JsFuture::from(elapsed).await;
}
