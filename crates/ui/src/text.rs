//! Texts for people: one locale at a time, loaded by the page; keys are their numbers in what it loads (see `build.rs`).

use std::cell::RefCell;
use std::fmt::Display;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use yew::AttrValue;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// One text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u16);

/// A text that depends on a number, which it has as `{count}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plural(u16);

/// The texts under one prefix, for ids that are known at run time: `category.` and the id of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    name: &'static str,
    ids: &'static [&'static str],
    places: &'static [u16],
}

/// A loaded locale.
#[derive(Debug, Default)]
pub struct Locale {
    tag: String,
    /// By number; of a plural all forms, each with its name: see [`FORM`].
    texts: Vec<AttrValue>,
    /// The later part came.
    whole: bool,
}

/// Numbers from this on count back from the end.
const SHARED: u16 = 1 << 15;

/// Stands before and after the name of a plural form. No text has it: `recourse-locale` sees to that, which packs the texts.
const FORM: char = '\u{1}';

/// Primary subtags of languages written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// Stands between a text and its English where a locale has both, because nobody has checked the text and an error could harm.
pub(crate) const ENGLISH: char = '\u{2}';

thread_local! {
    static CURRENT: RefCell<Locale> = RefCell::default();
}

impl Locale {
    /// A locale from the array of strings that its (first) file holds; `tag` is BCP 47. That no text is missing is the build's affair.
    pub fn from_js(tag: &str, texts: &JsValue) -> Self {
        Self::new(tag, strings(texts))
    }

    /// A locale from its texts in the order of their keys.
    pub fn new(tag: &str, texts: Vec<AttrValue>) -> Self {
        Self { tag: tag.to_owned(), texts, whole: false }
    }

    /// Gives the current locale its later part, an array of strings too. Refuses it (`false`, and nothing changes) when it is another
    /// language's, when it is there already, and when it is empty, as what did not come is.
    pub fn append(tag: &str, texts: &JsValue) -> bool {
        CURRENT.with_borrow_mut(|locale| locale.take(tag, strings(texts)))
    }

    fn take(&mut self, tag: &str, texts: Vec<AttrValue>) -> bool {
        if tag != self.tag || self.whole || texts.is_empty() {
            return false;
        }
        self.whole = true;
        self.texts.extend(texts);
        true
    }

    /// Makes it the one that [`t`] and its like read, and tells the document its language and direction.
    pub fn install(self) {
        if let Some(root) = recourse_glue::document().document_element() {
            let _ = root.set_attribute("lang", &self.tag);
            let _ = root.set_attribute("dir", if is_right_to_left(&self.tag) { "rtl" } else { "ltr" });
        }
        self.make_current();
    }

    /// Like [`Self::install`] without a document: for tests.
    pub fn make_current(self) {
        CURRENT.set(self);
    }
}

/// The strings of an array; none where it is something else.
fn strings(array: &JsValue) -> Vec<AttrValue> {
    let array = array.dyn_ref::<Array>().map(Array::iter);
    array.into_iter().flatten().map(|text| text.as_string().unwrap_or_default().into()).collect()
}

/// Whether a language is written from right to left.
pub fn is_right_to_left(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default();
    RIGHT_TO_LEFT.iter().any(|other| other.eq_ignore_ascii_case(primary))
}

/// The text of that number: what several surfaces share is counted from the end, where it stands in each. Where a locale did not come there
/// is nothing, and the page says so.
fn at(place: u16) -> AttrValue {
    CURRENT.with_borrow(|locale| {
        let texts = &locale.texts;
        let back = usize::from(place.wrapping_neg());
        let place = if place < SHARED { usize::from(place) } else { texts.len().wrapping_sub(back) };
        texts.get(place).cloned().unwrap_or_default()
    })
}

/// The tag of the current locale, BCP 47.
pub fn language() -> String {
    CURRENT.with_borrow(|locale| locale.tag.clone())
}

/// A text.
pub fn t(key: Key) -> AttrValue {
    at(key.0)
}

/// A text with its `{placeholders}` filled.
pub fn fill(key: Key, values: &[(&str, &dyn Display)]) -> AttrValue {
    replace(&at(key.0), values).into()
}

/// A text in the form that the language has for that number.
pub fn count(plural: Plural, number: u32) -> AttrValue {
    let language = Array::of1(&language().into());
    let form = js_sys::Intl::PluralRules::new(&language, &Object::new()).select(f64::from(number)).as_string();
    replace(in_form(&at(plural.0), &form.unwrap_or_default()), &[("count", &number)]).into()
}

/// The text of that form, else of `other`.
fn in_form<'a>(forms: &'a str, form: &str) -> &'a str {
    let mut found = "";
    let mut parts = forms.split(FORM).skip(1);
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        if name == form {
            return text;
        }
        if name == "other" {
            found = text;
        }
    }
    found
}

/// The text of an id; one that the family does not have shows as it is.
pub fn of(family: Family, id: &str) -> AttrValue {
    find(family, id).unwrap_or_else(|| [family.name, ".", id].concat().into())
}

/// The text of an id, if the family has it.
pub fn find(family: Family, id: &str) -> Option<AttrValue> {
    let place = family.ids.iter().position(|other| *other == id)?;
    Some(at(*family.places.get(place)?))
}

/// All texts of a family with their ids.
pub(crate) fn all(family: Family) -> impl Iterator<Item = (&'static str, AttrValue)> {
    family.ids.iter().zip(family.places).map(|(id, place)| (*id, at(*place)))
}

/// Fills the `{placeholders}` of a text; one that is not named stays. In a text that runs right to left a value keeps a direction of its
/// own: *9 to 17.* would else end as *.9 to 17*.
pub fn replace(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let apart = text.contains(|letter| matches!(letter, '\u{590}'..='\u{8ff}'));
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            rest = tail;
            break;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) if apart => out.push_str(&isolate(&value.to_string())),
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

/// A text between Unicode's isolates (UAX 9), in the direction of its own first letter.
pub fn isolate(text: &str) -> String {
    ["\u{2068}", text, "\u{2069}"].concat()
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
        // From the right a value has a direction of its own.
        assert_eq!(filled("إلى {name}."), "إلى \u{2068}{other}\u{2069}.");
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

    const SHARED_TEXTS: &str = include_str!("../locales/en.evidence.json");

    /// A part of the English form, packed as the build packs it.
    fn part(part: recourse_locale::Part) -> Vec<AttrValue> {
        let file = include_str!("../locales/en.form.json");
        let locales =
            recourse_locale::Locales::of([("en.form.json", file), ("en.evidence.json", SHARED_TEXTS)]).unwrap();
        let texts = locales.surface("form").unwrap().texts("en", part).unwrap();
        texts.into_iter().map(AttrValue::from).collect()
    }

    #[test]
    fn keys_are_numbers_in_the_order_of_what_is_loaded() {
        use recourse_locale::Part;
        let file: std::collections::BTreeMap<String, String> =
            serde_json::from_str(include_str!("../locales/en.form.json")).unwrap();
        let mut locale = Locale::new("en", part(Part::First));
        assert!(locale.take("en", part(Part::Later)));
        locale.make_current();
        assert_eq!(t(form::START_TITLE), file["start.title"]);
        assert_eq!(t(form::WHO_TITLE), file["who.title"]);
        assert_eq!(t(form::WHO_READERS), file["who.readers"]);
        assert_eq!(in_form(&at(form::WHAT_FOUND.0), "one"), file["what.found#one"]);
        assert_eq!(in_form(&at(form::WHAT_FOUND.0), "few"), file["what.found#other"]);
        assert_eq!(of(form::CATEGORY_, "spam_bulk"), file["category.spam_bulk"]);
        assert_eq!(of(form::STEP_, "sent"), file["step.sent"]);
        assert_eq!(of(form::CATEGORY_, "none"), "category.none");
        assert_eq!(find(form::PROBLEM_, "none"), None);
    }

    #[test]
    fn what_surfaces_share_is_found_in_each() {
        use recourse_locale::Part;
        let shared: std::collections::BTreeMap<String, String> = serde_json::from_str(SHARED_TEXTS).unwrap();
        let follow_up = ("en.follow-up.json", include_str!("../locales/en.follow-up.json"));
        let locales = recourse_locale::Locales::of([follow_up, ("en.evidence.json", SHARED_TEXTS)]).unwrap();
        let texts = locales.surface("follow-up").unwrap().texts("en", Part::First).unwrap();
        let mut form = Locale::new("en", part(Part::First));
        assert!(form.take("en", part(Part::Later)));
        for locale in [form, Locale::new("en", texts.into_iter().map(AttrValue::from).collect())] {
            locale.make_current();
            assert_eq!(t(evidence::EVIDENCE_BUSY), shared["evidence.busy"]);
            assert_eq!(t(evidence::SEND_PAUSE), shared["send.pause"]);
            assert_eq!(of(evidence::OFFENCE_, "damaged"), shared["offence.damaged"]);
            assert_eq!(in_form(&at(evidence::EVIDENCE_COVERED.0), "one"), shared["evidence.covered#one"]);
            let editor: Vec<_> = all(evidence::EDITOR_).collect();
            assert_eq!(editor.len(), shared.keys().filter(|key| key.starts_with("editor.")).count());
            assert!(editor.iter().all(|(id, text)| *text == shared[&format!("editor.{id}")]));
        }
        // Before anything came there is nothing, and not something else.
        Locale::new("en", Vec::new()).make_current();
        assert_eq!(t(evidence::EVIDENCE_BUSY), "");
    }

    #[test]
    fn the_later_part_is_taken_once_and_of_the_same_language_alone() {
        use recourse_locale::Part;
        let mut locale = Locale::new("en", part(Part::First));
        let first = locale.texts.len();
        assert!(!locale.take("de", part(Part::Later)), "another language's");
        assert!(!locale.take("en", Vec::new()), "what did not come");
        assert_eq!(locale.texts.len(), first);
        assert!(locale.take("en", part(Part::Later)));
        let whole = locale.texts.len();
        assert!(whole > first);
        assert!(!locale.take("en", part(Part::Later)), "twice");
        assert_eq!(locale.texts.len(), whole);
    }

    #[test]
    fn the_language_says_which_way_it_is_written() {
        for tag in ["ar", "fa-IR", "he-IL", "ur", "AR-eg"] {
            assert!(is_right_to_left(tag), "{tag}");
        }
        for tag in ["en", "zh-Hans", "pt-BR", "arn", "", "x-ar"] {
            assert!(!is_right_to_left(tag), "{tag}");
        }
    }

    #[test]
    fn the_form_has_a_text_for_every_id_that_it_can_show() {
        use recourse_domain::category::{Category, CategoryGroup};
        use recourse_domain::vocabulary::*;
        fn check<const N: usize>(family: Family, ids: [&str; N]) {
            for id in ids {
                assert!(family.ids.contains(&id), "{}.{id} has no text", family.name);
            }
        }
        check(form::CATEGORY_, Category::ALL.map(Category::as_str));
        check(form::SEARCH_, Category::ALL.map(Category::as_str));
        check(form::GROUP_, CategoryGroup::ALL.map(CategoryGroup::as_str));
        check(form::GROUP_HINT_, CategoryGroup::ALL.map(CategoryGroup::as_str));
        check(form::REMEDIES_, Remedy::ALL.map(Remedy::as_str));
        check(form::AFFECTED_, AffectedGroup::ALL.map(AffectedGroup::as_str));
        check(form::ANSWER_, Answer::ALL.map(Answer::as_str));
        check(form::WHEN_, When::ALL.map(When::as_str));
        for family in [form::IDENTITY_, form::IDENTITY_HINT_, form::IDENTITY_SHORT_] {
            check(family, Identity::ALL.map(Identity::as_str));
        }
        check(form::CONSENT_IDENTITY_, ShareIdentity::ALL.map(ShareIdentity::as_str));
        check(form::CONSENT_CONTENT_, ShareContent::ALL.map(ShareContent::as_str));
        check(form::CONSENT_LAW_, LawEnforcement::ALL.map(LawEnforcement::as_str));
        check(form::PART_, recourse_flow::intake::Part::ALL.map(recourse_flow::intake::Part::as_str));
        check(form::STEP_, recourse_flow::intake::Step::COUNTED.map(recourse_flow::intake::Step::as_str));
        let told = recourse_domain::lifecycle::CaseState::ALL.into_iter().filter(|state| !state.is_internal());
        for state in told {
            check(form::STATE_, [state.as_str()]);
        }
        for purpose in [Purpose::FlagMisuse, Purpose::SeekRemedy, Purpose::Both] {
            check(form::PURPOSE_, [purpose.as_str()]);
        }
    }
}
