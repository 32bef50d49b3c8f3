//! Whom or what it is about, and where: the agency from the channel's list, name, part of the product, use, country, number.

use recourse_domain::report::PublicCustomer;
use recourse_domain::text::Country;
use recourse_domain::vocabulary::{Sector, SubjectKind};
use recourse_flow::intake::{CUSTOMERS_SHOWN, Edit, Msg};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Input, Question, Screen};
use crate::controls::{Choice, Choices, Kind, Shape};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::text::{fill, form, t};

/// Whom, by kind and name.
pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let question = Question {
        shape: Shape::Tokens,
        ..Question::of("subject", form::SUBJECT_LEGEND, form::SUBJECT_, SubjectKind::ALL.len())
    };
    let subject = &state.draft.subject;
    let list = |at: usize| (SubjectKind::ALL[at].as_str(), subject.kind == SubjectKind::ALL[at]);
    screen.choices(draw, question, &list, |at| Edit::SubjectKind(SubjectKind::ALL[at]));
    if state.asks_sector() {
        let question = Question {
            shape: Shape::Tokens,
            ..Question::of("sector", form::SECTOR_LEGEND, form::SECTOR_, Sector::ALL.len())
        };
        let list = |at: usize| (Sector::ALL[at].as_str(), subject.sector == Sector::ALL[at]);
        screen.choices(draw, question, &list, |at| Edit::Sector(Sector::ALL[at]));
    }
    if state.asks_customer() {
        customers(draw, screen);
    }
    if state.asks_name() {
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::SubjectName(text)));
        let (label, hint) = match state.customer() {
            Some(_) => (form::CUSTOMER_PART, None),
            None => (form::SUBJECT_NAME, Some(form::SUBJECT_NAME_HINT)),
        };
        screen.field(draw, (Kind::Line, "subject-name"), t(label), hint, &state.subject_name, typed);
    }
}

/// Which part of the product, or how it reached somebody who never used it.
pub(super) fn feature(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Feature(text)));
    let (label, hint) = if state.never_used() {
        (t(form::WHERE_REACHED), form::WHERE_REACHED_HINT)
    } else {
        (screen.named(form::WHERE_FEATURE), form::WHERE_FEATURE_HINT)
    };
    screen.field(draw, (Kind::Line, "feature"), label, Some(hint), &state.draft.subject.feature, typed);
}

/// Number, use and country.
pub(super) fn rest(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Item(text)));
    screen.field(draw, (Kind::Line, "item"), t(form::WHERE_ITEM), Some(form::WHERE_ITEM_HINT), &state.item, typed);
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::UseCase(text)));
    let use_case = (Kind::Line, "use-case");
    let hint = Some(form::WHERE_USE_CASE_HINT);
    screen.field(draw, use_case, t(form::WHERE_USE_CASE), hint, &state.draft.subject.use_case, typed);
    market(draw, screen);
}

/// The channel's customers of the public sector: a search over radio buttons, which every keyboard, screen reader and thumb knows, where a
/// list that pops up under a field is another thing in each of them. Few names need no search.
fn customers(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.open("div", "stack medium").name("customers");
    let all = state.customers();
    let mut shown: Vec<usize> = (0..all.len()).collect();
    if all.len() > CUSTOMERS_SHOWN {
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::CustomerQuery(text)));
        let hint = Some(form::CUSTOMER_SEARCH_HINT);
        let search = (Kind::Search, "customer-search");
        screen.field(draw, search, t(form::CUSTOMER_SEARCH), hint, &state.customer_query, typed);
        shown = found(screen);
        draw.open("p", "hint").key("found").set(At::AriaHidden, "true").text(said(shown.len())).close();
        shown.truncate(CUSTOMERS_SHOWN);
    }
    if let Some(chosen) = state.customer() {
        draw.open("p", "picked").name("customer-chosen").icon(Icon::Check);
        draw.words("span", "", fill(form::CUSTOMER_CHOSEN, &[("name", &called(chosen))])).close();
    }
    let mut choices = Vec::new();
    for at in &shown {
        let on = !state.unlisted && state.customer() == Some(&all[*at]);
        choices.push(Choice::new(at.to_string(), called(&all[*at]).into(), on));
    }
    choices.push(Choice::new("unlisted", t(form::CUSTOMER_UNLISTED), state.unlisted));
    let made = Choices::one("customer", t(form::CUSTOMER_LEGEND), Shape::Cards, choices, Callback::noop());
    made.hint(screen.named(form::CUSTOMER_HINT)).draw(draw, &|place| {
        let (send, at) = (screen.send.clone(), shown.get(place).copied());
        Callback::from(move |_: Event| send.emit(Input::Msg(Msg::Edit(Edit::Customer(at)))))
    });
    draw.close();
}

/// Places of those that fit what is searched.
fn found(screen: &Screen<'_>) -> Vec<usize> {
    let countries = format::countries();
    screen.state.customers_found(&|code| {
        let named = countries.iter().find(|(_, country)| country.as_str() == code);
        named.map(|(name, _)| name.clone()).unwrap_or_default()
    })
}

/// How many were found, in words.
fn said(many: usize) -> AttrValue {
    match many {
        0 => t(form::CUSTOMER_NONE),
        many if many > CUSTOMERS_SHOWN => fill(form::CUSTOMER_FIRST, &[("count", &many), ("shown", &CUSTOMERS_SHOWN)]),
        many => fill(form::CUSTOMER_FOUND, &[("count", &many)]),
    }
}

/// What a screen reader hears of the search while it goes on; nothing once something is chosen.
pub(super) fn announcement(screen: &Screen<'_>) -> Option<AttrValue> {
    let state = screen.state;
    let searching = !state.customer_query.trim().is_empty() && !state.unlisted && state.customer().is_none();
    (state.asks_customer() && searching).then(|| said(found(screen).len()))
}

/// A name with its country. The name may run the other way than the page: the isolates keep the two apart.
pub(super) fn called(customer: &PublicCustomer) -> String {
    let mut text = ["\u{2068}", &customer.name, "\u{2069}"].concat();
    if let Some(country) = &customer.country {
        text.push_str(" · ");
        text.push_str(&format::country_name(country.as_str()));
    }
    text
}

/// The country in which the product is used.
fn market(draw: &mut Draw, screen: &Screen<'_>) {
    let chosen = screen.state.market();
    let chosen = chosen.as_ref().map_or("", Country::as_str);
    let send = screen.send.clone();
    let picked = Callback::from(move |event: Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            send.emit(Input::Msg(Msg::Edit(Edit::Market(select.value()))));
        }
    });
    draw.open("div", "field").key("market-field");
    draw.open("label", "").set(At::For, "market").say(form::WHERE_MARKET).close();
    draw.open("select", "").id("market").change(picked);
    option(draw, "", &t(form::HELP_PICK), chosen);
    for (name, country) in format::countries().iter() {
        option(draw, country.as_str(), name, chosen);
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
