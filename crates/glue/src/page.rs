//! The page around a module.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, Url, Window};

use crate::Fault;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = window, js_name = print)]
    fn window_print();
}

/// The window. There always is one where these modules run.
#[allow(clippy::expect_used, reason = "a page without a window cannot run this")]
pub fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// Its document.
#[allow(clippy::expect_used, reason = "a page without a document cannot run this")]
pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Seconds since 1970 by the device's clock.
#[allow(clippy::disallowed_methods, reason = "this is where the time is handed in")]
pub fn now() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}

/// What follows `/prefix/` in the page's path, up to the next slash: `address_segment("embed")` of `/embed/demo` is `demo`.
pub fn address_segment(prefix: &str) -> Option<String> {
    let path = window().location().pathname().ok()?;
    let mut parts = path.split('/').skip(1);
    (parts.next()? == prefix).then_some(())?;
    parts.next().filter(|part| !part.is_empty()).map(str::to_owned)
}

/// A `data-…` attribute of the body, by its name in camel case.
pub fn body_data(name: &str) -> Option<String> {
    document().body()?.dataset().get(name)
}

/// Moves the focus to the element of that id, scrolling it into view; nothing happens where there is none. What is folded around it opens:
/// nothing in there could have the focus.
pub fn focus_by_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        while let Ok(Some(folded)) = element.closest("details:not([open])") {
            if folded.set_attribute("open", "").is_err() {
                break;
            }
        }
        let _ = element.focus();
    }
}

/// Gives the person a file made here, under that name.
///
/// # Errors
/// [`Fault::Refused`] where the browser makes no address for it.
pub fn hand_over(text: &str, media_type: &str, name: &str) -> Result<(), Fault> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob =
        Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).map_err(|_| Fault::Refused)?;
    offer(&blob, name)
}

/// Gives the person bytes under that name, as a type that browsers save and never open.
///
/// # Errors
/// [`Fault::Refused`] where the browser makes no address for them.
pub fn hand_over_blob(bytes: &Blob, name: &str) -> Result<(), Fault> {
    let plain = bytes.slice_with_f64_and_f64_and_content_type(0.0, bytes.size(), "application/octet-stream");
    offer(&plain.map_err(|_| Fault::Refused)?, name)
}

fn offer(blob: &Blob, name: &str) -> Result<(), Fault> {
    let address = Url::create_object_url_with_blob(blob).map_err(|_| Fault::Refused)?;
    let link: HtmlAnchorElement =
        document().create_element("a").map_err(|_| Fault::Refused)?.dyn_into().map_err(|_| Fault::Shape)?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The download holds the bytes by now; the address would keep them in memory.
    Url::revoke_object_url(&address).map_err(|_| Fault::Refused)
}

/// Copies a text to the clipboard.
///
/// # Errors
/// [`Fault::Refused`] where the browser or the person says no.
pub async fn copy_text(text: &str) -> Result<(), Fault> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).map_err(|_| Fault::Refused)?;
    let write = Reflect::get(&clipboard, &"writeText".into()).map_err(|_| Fault::Refused)?;
    let write: js_sys::Function = write.dyn_into().map_err(|_| Fault::Refused)?;
    let promise = write.call1(&clipboard, &text.into()).map_err(|_| Fault::Refused)?;
    JsFuture::from(js_sys::Promise::resolve(&promise)).await.map(drop).map_err(|_| Fault::Refused)
}

/// Opens the browser's print dialogue.
pub fn print_page() {
    window_print();
}

/// Puts another page in place of this one, without a step back to it in the history of the tab.
pub fn replace_page(address: &str) {
    let _ = window().location().replace(address);
}

/// What a module does when it panics: shows the page's element `#broken`, and writes the place of the fault to the browser's console, never
/// its message, which can hold what somebody typed. `recourse_ui::report_panics` sets it, since Yew would put its own in its place.
pub fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    if let Some(place) = info.location() {
        let place = Array::of3(&place.file().into(), &place.line().into(), &place.column().into());
        web_sys::console::error_2(&"The page broke at".into(), &place);
    }
    // A worker has no document.
    if let Some(element) = web_sys::window().and_then(|window| window.document()?.get_element_by_id("broken")) {
        let _ = element.remove_attribute("hidden");
    }
}

/// Sets [`report_panic`] where there is no Yew.
pub fn report_panics() {
    std::panic::set_hook(Box::new(report_panic));
}
