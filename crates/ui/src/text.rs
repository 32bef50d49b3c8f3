//! Texts for people: one locale at a time, loaded by the page; keys are constants made from the English files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Display;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use yew::AttrValue;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// One text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(&'static str);

/// A text that depends on a number, which it has as `{count}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plural(&'static str);

/// The texts under one prefix, for ids that are known at run time: `category.` and the id of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family(&'static str);

/// A loaded locale.
#[derive(Debug, Default)]
pub struct Locale {
    tag: String,
    texts: HashMap<String, AttrValue>,
}

thread_local! {
    static CURRENT: RefCell<Locale> = RefCell::default();
}

impl Locale {
    /// A locale from its texts; `tag` is BCP 47.
    pub fn new(tag: &str, texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut map = HashMap::new();
        for (key, text) in texts {
            map.insert(key, AttrValue::from(text));
        }
        Self { tag: tag.to_owned(), texts: map }
    }

    /// A locale from the object that its file holds.
    pub fn from_js(tag: &str, object: &JsValue) -> Self {
        let entries = object.dyn_ref::<Object>().map(Object::entries).unwrap_or_default();
        Self::new(
            tag,
            entries.iter().filter_map(|entry| {
                let entry: Array = entry.dyn_into().ok()?;
                Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
            }),
        )
    }

    /// Makes it the one that [`t`] and its like read, and tells the document its language and direction.
    pub fn install(self) {
        if let Some(root) = recourse_glue::document().document_element() {
            let _ = root.set_attribute("lang", &self.tag);
            let _ = root.set_attribute("dir", self.get("locale.direction").as_deref().unwrap_or("ltr"));
        }
        self.make_current();
    }

    /// Like [`Self::install`] without a document: for tests.
    pub fn make_current(self) {
        CURRENT.set(self);
    }

    fn get(&self, key: &str) -> Option<AttrValue> {
        self.texts.get(key).cloned()
    }
}

fn look_up(key: &str) -> AttrValue {
    // A key that English has is in every locale: the build sees to it. Ids from elsewhere show as they are.
    CURRENT.with_borrow(|locale| locale.get(key)).unwrap_or_else(|| AttrValue::from(key.to_owned()))
}

/// The tag of the current locale, BCP 47.
pub fn language() -> String {
    CURRENT.with_borrow(|locale| locale.tag.clone())
}

/// A text.
pub fn t(key: Key) -> AttrValue {
    look_up(key.0)
}

/// A text with its `{placeholders}` filled.
pub fn fill(key: Key, values: &[(&str, &dyn Display)]) -> AttrValue {
    replace(&look_up(key.0), values).into()
}

/// A text in the form that the language has for that number.
pub fn count(plural: Plural, number: u32) -> AttrValue {
    let language = Array::of1(&language().into());
    let form = js_sys::Intl::PluralRules::new(&language, &Object::new()).select(f64::from(number)).as_string();
    let text = form
        .and_then(|form| CURRENT.with_borrow(|locale| locale.get(&format!("{}.{form}", plural.0))))
        .unwrap_or_else(|| look_up(&format!("{}.other", plural.0)));
    replace(&text, &[("count", &number)]).into()
}

/// The text of an id.
pub fn of(family: Family, id: &str) -> AttrValue {
    look_up(&format!("{}.{id}", family.0))
}

/// The text of an id, if the locale has one.
pub fn find(family: Family, id: &str) -> Option<AttrValue> {
    CURRENT.with_borrow(|locale| locale.get(&format!("{}.{id}", family.0)))
}

/// Fills the `{placeholders}` of a text; one that is not named stays.
pub fn replace(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            rest = tail;
            break;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(&value.to_string()),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The best of the languages that there are for those that a person reads, in their order; English if none fits. `pt-BR` is
/// served by `pt`, and `pt` by `pt-BR`.
pub fn choose<'a>(there: &'a [String], wanted: &[String]) -> &'a str {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    for want in wanted {
        let exact = there.iter().find(|tag| tag.eq_ignore_ascii_case(want));
        if let Some(tag) = exact.or_else(|| there.iter().find(|tag| primary(tag) == primary(want))) {
            return tag;
        }
    }
    there.iter().find(|tag| *tag == "en").or(there.first()).map_or("en", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_values_are_never_read_again() {
        let filled = |text: &str| replace(text, &[("name", &"{other}"), ("other", &7)]);
        assert_eq!(filled("To {name}, {other} times"), "To {other}, 7 times");
        assert_eq!(filled("{unknown} stays"), "{unknown} stays");
        assert_eq!(filled("an open brace {"), "an open brace ");
        assert_eq!(filled(""), "");
    }

    #[test]
    fn the_first_wanted_language_that_there_is_wins() {
        let there: Vec<String> = ["de", "en", "pt-BR"].map(str::to_owned).to_vec();
        for (wanted, chosen) in
            [(&["fr", "de-AT"][..], "de"), (&["pt"], "pt-BR"), (&["PT-br"], "pt-BR"), (&["fr"], "en"), (&[], "en")]
        {
            let wanted: Vec<String> = wanted.iter().map(|tag| (*tag).to_owned()).collect();
            assert_eq!(choose(&there, &wanted), chosen, "{wanted:?}");
        }
    }

    #[test]
    fn an_id_without_a_text_shows_as_it_is() {
        Locale::new("en", [("door.misuse".to_owned(), "Misuse".to_owned())]).make_current();
        assert_eq!(of(Family("door"), "misuse"), "Misuse");
        assert_eq!(of(Family("door"), "none"), "door.none");
        assert_eq!(find(Family("door"), "none"), None);
    }
}
