//! Help for a country that the person picks. It is never looked up from the address, never sent, and never fetched: the list is part of the
//! form (`data/help.json`, with what each number was compared with, and when). The sources are named and not linked: following one would leave
//! a trace.

use js_sys::{Array, Function, JsString, Reflect};
use recourse_domain::time::Timestamp;
use recourse_flow::intake::{Edit, Msg};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Input, Screen};
use crate::draw::{At, Draw};
use crate::format;
use crate::text::{fill, find, form, language, t};

/// Country, numbers by what they are for, helplines by their names, and who published them.
type Country =
    (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)], &'static str);

include!(concat!(env!("OUT_DIR"), "/help.rs"));

/// A country to pick, and its numbers.
pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let chosen = &*screen.state.country;
    draw.open("div", "stack small").key("help").open("div", "field");
    draw.open("label", "").set(At::For, "help-country").say(form::HELP_COUNTRY).close();
    let send = screen.send.clone();
    let picked = Callback::from(move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            send.emit(Input::Msg(Msg::Edit(Edit::Country(select.value()))));
        }
    });
    draw.open("select", "").id("help-country").change(picked);
    option(draw, "", &t(form::HELP_PICK), chosen);
    for (name, code) in names() {
        option(draw, code, &name, chosen);
    }
    option(draw, "-", &t(form::HELP_ELSEWHERE), chosen);
    draw.close().close();
    // Said politely: the focus stays in the list.
    draw.open("div", "stack small").name("help-numbers").set(At::AriaLive, "polite");
    match COUNTRIES.iter().find(|(code, ..)| *code == chosen) {
        Some((_, emergency, helplines, sources)) => {
            draw.open("ul", "numbers plain");
            for (purpose, number) in *emergency {
                line(draw, &find(form::HELP_FOR_, purpose).unwrap_or_default(), number);
            }
            for (name, number) in *helplines {
                line(draw, name, number);
            }
            draw.close();
            let day = format::day(Timestamp(day(CHECKED)));
            draw.words("p", "hint", fill(form::HELP_AS_OF, &[("sources", sources), ("date", &day)]));
        }
        None if chosen.is_empty() => {}
        None => {
            draw.line("p", "", form::HELP_NEUTRAL);
        }
    }
    draw.close().close();
}

fn option(draw: &mut Draw, code: &str, name: &str, chosen: &str) {
    draw.open("option", "").key(code).attr(At::Value, code.to_owned().into());
    if code == chosen {
        draw.set(At::Selected, "");
    }
    draw.foreign(name).close();
}

fn line(draw: &mut Draw, name: &str, number: &str) {
    let dial: String = number.chars().filter(char::is_ascii_digit).collect();
    draw.open("li", "").quote("span", "", name);
    draw.open("a", "number ltr").attr(At::Href, ["tel:", &dial].concat().into()).foreign(number).close().close();
}

/// Countries by their names in the language of the form, in its order.
fn names() -> Vec<(String, &'static str)> {
    let tag = language();
    let options = recourse_glue::object_with(&[("type", "region".into())]);
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or_default();
    let constructor =
        Reflect::get(&intl, &"DisplayNames".into()).ok().and_then(|made| made.dyn_into::<Function>().ok());
    let names = constructor
        .and_then(|made| Reflect::construct(&made, &Array::of2(&tag.clone().into(), &options)).ok())
        .unwrap_or(JsValue::NULL);
    let of = Reflect::get(&names, &"of".into()).ok().and_then(|of| of.dyn_into::<Function>().ok());
    let mut list: Vec<(String, &str)> = Vec::new();
    for (code, ..) in &COUNTRIES {
        let name = of.as_ref().and_then(|of| of.call1(&names, &(*code).into()).ok()).and_then(|name| name.as_string());
        list.push((name.unwrap_or_else(|| (*code).to_owned()), code));
    }
    let (locales, options) = (Array::of1(&tag.into()), js_sys::Object::new());
    list.sort_by(|(a, _), (b, _)| JsString::from(&**a).locale_compare(b, &locales, &options).cmp(&0));
    list
}

/// Seconds of a day written as `2026-11-22`.
fn day(text: &str) -> u64 {
    (js_sys::Date::parse(text) / 1000.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_comes_with_who_published_its_numbers() {
        let of = |code| COUNTRIES.iter().find(|(country, ..)| *country == code).map(|(.., sources)| *sources);
        assert_eq!(of("CL"), Some("gov.uk"));
        assert_eq!(
            of("SK"),
            Some("gov.uk, smartraveller.gov.au"),
            "a number that the first does not have brings the second"
        );
        assert_eq!(of("NL"), Some("gov.uk, 113.nl"), "and so does a helpline");
        assert_eq!(of("ZZ"), None);
        for (code, .., sources) in COUNTRIES {
            // What a number was compared with is not shipped.
            assert!(
                !sources.is_empty() && !sources.contains(['/', ':']) && !sources.contains("github"),
                "{code}: {sources}"
            );
        }
        assert_eq!(CHECKED.len(), 10);
    }
}
