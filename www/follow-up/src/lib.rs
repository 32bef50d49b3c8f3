#![doc = include_str!("../README.md")]

mod acts;
mod app;
mod case;
mod evidence;
mod receipt;
mod save;

use js_sys::Function;
use recourse_domain::ids::ChannelId;
use recourse_glue::{Fault, address_segment, document};
use recourse_ui::text::follow_up as f;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::{App, AppProps};

/// How the names of this page's texts end.
const TEXTS: &str = ".follow-up.json";

/// Starts the page in `#app`, for the channel of the address. `spawn` makes the engine's worker; `evidence(job, tell)` does what
/// `widget/pages/evidence.js` can and calls `tell(answer)` once; `code` is what stood behind the `#` of the address, which the starter has wiped.
///
/// # Errors
/// A `RecourseFault` of variant `missing` where address, page or locale is not as it should be.
#[wasm_bindgen]
pub async fn start(spawn: Function, evidence: Function, code: String) -> Result<(), JsValue> {
    recourse_ui::report_panics();
    let channel: ChannelId = address_segment("follow-up").and_then(|name| name.parse().ok()).ok_or(Fault::Missing)?;
    recourse_ui::locale::load(TEXTS).await?;
    say_beforehand();
    let root = document().get_element_by_id("app").ok_or(Fault::Missing)?;
    root.set_text_content(None);
    yew::Renderer::<App>::with_root_and_props(root, AppProps { spawn: spawn.into(), evidence, channel, code }).render();
    Ok(())
}

/// Title, and what the page says should it break, in its language.
fn say_beforehand() {
    let broken = [("title", f::BROKEN_TITLE), ("text", f::BROKEN_TEXT), ("plain", f::BROKEN_PLAIN)];
    recourse_ui::locale::say_beforehand(f::RECEIPT_TITLE, broken);
}
