//! Loads the locale of a page: the best language that it was built with for those that the person reads.

use js_sys::{Array, JSON, Object};
use recourse_glue::{Fault, body_data, document, get_json, window};
use wasm_bindgen::JsCast;

use crate::text::{Key, Locale, choose, language, t};

/// Loads and installs. The page names its locales in the body's `data-locales`, an object of file names to addresses; `suffix` is what
/// follows the language in their names, `.console.json`.
///
/// # Errors
/// [`Fault::Missing`] where page or server has no locale.
pub async fn load(suffix: &str) -> Result<(), Fault> {
    load_first(None, suffix).await
}

/// Like [`load`], with a language to try before those of the browser: the one that a host page asks for.
///
/// # Errors
/// [`Fault::Missing`] where page or server has no locale.
pub async fn load_first(first: Option<&str>, suffix: &str) -> Result<(), Fault> {
    let list =
        body_data("locales").and_then(|text| JSON::parse(&text).ok()).and_then(|list| list.dyn_into::<Object>().ok());
    let entries = list.as_ref().map(Object::entries).unwrap_or_default();
    let there: Vec<(String, String)> = entries
        .iter()
        .filter_map(|entry| {
            let entry: Array = entry.dyn_into().ok()?;
            Some((entry.get(0).as_string()?.strip_suffix(suffix)?.to_owned(), entry.get(1).as_string()?))
        })
        .collect();
    let tags: Vec<String> = there.iter().map(|(tag, _)| tag.clone()).collect();
    let mut wanted: Vec<String> = first.map(str::to_owned).into_iter().collect();
    wanted.extend(window().navigator().languages().iter().filter_map(|tag| tag.as_string()));
    let tag = choose(&tags, &wanted);
    if tag == language() {
        return Ok(());
    }
    let (_, address) = there.iter().find(|(other, _)| other == tag).ok_or(Fault::Missing)?;
    let texts = get_json(address, false).await.map_err(|_| Fault::Missing)?;
    Locale::from_js(tag, &texts).install();
    Ok(())
}

/// Says in the language that was just installed what the page says when it breaks, and its title. The server drew both in the browser's language,
/// and by the time it breaks no text can be asked for any more.
pub fn say_beforehand(page: Key, broken: [(&str, Key); 3]) {
    let document = document();
    document.set_title(&t(page));
    for (place, key) in broken {
        if let Ok(Some(place)) = document.query_selector(&["[data-broken=", place, "]"].concat()) {
            place.set_text_content(Some(&t(key)));
        }
    }
}
