//! Which language the form speaks, and fetching it.

use js_sys::{JSON, Object};
use recourse_glue::{body_data, get_json, window};
use recourse_ui::text::{Locale, choose};
use wasm_bindgen::JsCast;

const SUFFIX: &str = ".form.json";

/// Loads the best language there is for those that are wanted, first the host's, then the browser's. Without the file texts show as
/// their keys, which is still better than nothing.
pub(crate) async fn load(wanted: Option<&str>) {
    let there = addresses();
    let tags: Vec<String> = there.iter().map(|(tag, _)| tag.clone()).collect();
    let mut wishes: Vec<String> = wanted.filter(|tag| !tag.is_empty()).map(str::to_owned).into_iter().collect();
    wishes.extend(window().navigator().languages().iter().filter_map(|tag| tag.as_string()));
    let tag = choose(&tags, &wishes).to_owned();
    if recourse_ui::text::language() == tag {
        return;
    }
    let Some((_, address)) = there.iter().find(|(other, _)| *other == tag) else { return };
    if let Ok(json) = get_json(address, false).await {
        Locale::from_js(&tag, &json).install();
    }
}

/// Language and address of each locale that the page was built with.
fn addresses() -> Vec<(String, String)> {
    let list = body_data("locales").and_then(|text| JSON::parse(&text).ok()).and_then(|list| list.dyn_into::<Object>().ok());
    let entries = list.as_ref().map(Object::entries).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| {
            let entry: js_sys::Array = entry.dyn_into().ok()?;
            Some((entry.get(0).as_string()?.strip_suffix(SUFFIX)?.to_owned(), entry.get(1).as_string()?))
        })
        .collect()
}
