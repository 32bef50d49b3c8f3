//! Dates, sizes and numbers as the person's language writes them: the browser's `Intl` does it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Date, Function, Intl, JsString, Object, Reflect};
use recourse_domain::text::Country;
use recourse_domain::time::Timestamp;
use recourse_glue::object_with;
use wasm_bindgen::{JsCast, JsValue};

use crate::text::language;

fn date(at: Timestamp, options: &[(&str, JsValue)]) -> String {
    let date = Date::new(&((at.0 * 1000) as f64).into());
    String::from(date.to_locale_string(&language(), &object_with(options)))
}

/// `Monday, 23 November 2026`
pub fn long_day(at: Timestamp) -> String {
    date(at, &[("dateStyle", "full".into())])
}

/// `23 November 2026`
pub fn day(at: Timestamp) -> String {
    date(at, &[("dateStyle", "long".into())])
}

/// `23 Nov 2026, 14:05`
pub fn day_and_time(at: Timestamp) -> String {
    date(at, &[("dateStyle", "medium".into()), ("timeStyle", "short".into())])
}

/// `2.4 MB`, in steps of a thousand.
pub fn size(bytes: u64) -> String {
    let (unit, divisor) = match bytes {
        0..1_000 => ("byte", 1.0),
        1_000..1_000_000 => ("kilobyte", 1e3),
        _ => ("megabyte", 1e6),
    };
    number(
        bytes as f64 / divisor,
        &[("style", "unit".into()), ("unit", unit.into()), ("maximumFractionDigits", 1.into())],
    )
}

/// A limit as it was meant: `25 MB` for 25 × 2²⁰ bytes.
pub fn limit(bytes: u64) -> String {
    let (unit, divisor) = if bytes < 1 << 20 { ("kilobyte", 1024.0) } else { ("megabyte", 1_048_576.0) };
    number(
        bytes as f64 / divisor,
        &[("style", "unit".into()), ("unit", unit.into()), ("maximumFractionDigits", 1.into())],
    )
}

fn number(value: f64, options: &[(&str, JsValue)]) -> String {
    let format = Intl::NumberFormat::new(&Array::of1(&language().into()), object_with(options).unchecked_ref());
    format.format().call1(&JsValue::NULL, &value.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// What people call a language: `French` for `fr`; the tag itself where the browser knows no name.
pub fn language_name(tag: &str) -> String {
    display_name("language", tag)
}

/// What people call a country by its ISO 3166-1 code: `France` for `FR`.
pub fn country_name(code: &str) -> String {
    display_name("region", code)
}

/// Countries with their names.
pub type Countries = Rc<[(String, Country)]>;

thread_local! {
    static COUNTRIES: RefCell<Option<(String, Countries)>> = const { RefCell::new(None) };
}

/// All countries as people call them, in the order of the language. The browser is asked once for each language: a form is drawn at every
/// letter typed.
pub fn countries() -> Countries {
    let tag = language();
    let kept = COUNTRIES.with_borrow(|kept| kept.as_ref().filter(|(of, _)| *of == tag).map(|(_, list)| list.clone()));
    kept.unwrap_or_else(|| {
        let name = namer("region");
        let mut list: Vec<(String, Country)> =
            Country::all().map(|country| (name(country.as_str()), country)).collect();
        let (locales, options) = (Array::of1(&tag.clone().into()), Object::new());
        list.sort_by(|(a, _), (b, _)| JsString::from(&**a).locale_compare(b, &locales, &options).cmp(&0));
        let list = Countries::from(list);
        COUNTRIES.set(Some((tag, list.clone())));
        list
    })
}

fn display_name(kind: &str, code: &str) -> String {
    namer(kind)(code)
}

/// Names things of that kind by their codes.
fn namer(kind: &str) -> impl Fn(&str) -> String + use<> {
    let options = object_with(&[("type", kind.into())]);
    let names = Intl::DisplayNames::new(&Array::of1(&language().into()), options.unchecked_ref());
    // Called by hand: it throws on a tag that has the shape of one and is none.
    let of = Reflect::get(&names, &"of".into()).ok().and_then(|of| of.dyn_into::<Function>().ok());
    move |code| {
        let name = of.as_ref().and_then(|of| of.call1(&names, &code.into()).ok()).and_then(|name| name.as_string());
        name.unwrap_or_else(|| code.to_owned())
    }
}
