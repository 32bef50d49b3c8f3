//! The choice of language, and how far the present one can be trusted.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::draw::{At, Draw};
use crate::text::{Key, LANGUAGES, language};

/// A page's foot: the languages that there are, and a word where no native speaker has checked this one.
pub fn languages(draw: &mut Draw, label: Key, unchecked: Key, pick: Callback<String>) {
    let now = language();
    draw.open("footer", "small-print no-print");
    if LANGUAGES.len() > 1 {
        let picked = Callback::from(move |event: Event| {
            if let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) {
                pick.emit(select.value());
            }
        });
        draw.open("label", "language").line("span", "", label).open("select", "").id("language").change(picked);
        for (tag, name, _) in LANGUAGES {
            draw.open("option", "").set(At::Value, tag).set(At::Lang, tag);
            if *tag == now {
                draw.set(At::Selected, "");
            }
            draw.text(AttrValue::Static(name)).close();
        }
        draw.close().close();
    }
    if !LANGUAGES.iter().any(|(tag, _, trusted)| *tag == now && *trusted) {
        draw.open("p", "").name("unchecked").say(unchecked).close();
    }
    draw.close();
}
