//! What it is about: groups, then detail; a search over all; and "I'm not sure".

use js_sys::JsString;
use recourse_domain::category::{Category, CategoryGroup};
use recourse_flow::intake::{Edit, Msg};
use yew::prelude::*;

use super::Screen;
use crate::controls::{Choice, Choices, Kind, Shape, Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{count, fill, find, form, of, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.line("p", "lead", form::WHAT_LEAD);
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Query(text)));
    let hint = Some(form::WHAT_SEARCH_HINT);
    screen.field(draw, (Kind::Search, "category-search"), t(form::WHAT_SEARCH), hint, &state.query, typed);
    if let Some(category) = state.draft.category {
        let text = fill(form::WHAT_CHOSEN, &[("category", &of(form::CATEGORY_, category.as_str()))]);
        draw.open("p", "picked").name("category-chosen").icon(Icon::Check).words("span", "", text).close();
    }
    warn(draw, screen);
    draw.open("div", "stack medium").key("list");
    if !state.query.trim().is_empty() {
        draw.key("found").open("p", "hint").set(At::AriaHidden, "true").text(found(screen)).close();
        pick(draw, screen, &matching(screen));
    } else if let Some(group) = state.group {
        draw.key("group").open("div", "row spread").words("h2", "", of(form::GROUP_, group.as_str()));
        let all = screen.act(0, |_| Msg::Edit(Edit::Group(None)));
        screen.button(draw, (Weight::Quiet, Some(Icon::Back)), "groups-all", form::WHAT_ALL, all);
        draw.close();
        pick(draw, screen, &offered(screen, &|category| category.group() == group));
    } else {
        draw.key("groups");
        groups(draw, screen);
        pick(draw, screen, &[]);
    }
    draw.close();
    if state.draft.category.is_some() {
        others(draw, screen);
    }
}

/// What a topic changes: who reads, and that pictures are not taken.
fn warn(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    if state.draft.is_child_safety() {
        let readers = state.readers().map_or("", |readers| &readers.name);
        draw.notice(Tone::Warning, "child-safety").line("p", "", form::EVIDENCE_CHILD);
        draw.words("p", "", fill(form::WHAT_CHILD_READERS, &[("name", &readers)]));
        if state.evidence.dropped {
            draw.line("p", "", form::EVIDENCE_DROPPED);
        }
        draw.close().close();
    } else if state.is_about(Category::IntimateImageAbuse) {
        draw.notice(Tone::Info, "intimate").line("p", "", form::EVIDENCE_INTIMATE).line(
            "p",
            "",
            form::WHAT_INTIMATE_MINOR,
        );
        draw.close().close();
    }
}

/// Other topics beside the first.
fn others(draw: &mut Draw, screen: &Screen<'_>) {
    let draft = &screen.state.draft;
    draw.details("also-categories", t(form::WHAT_ALSO));
    let mut choices = Vec::new();
    let mut places = Vec::new();
    for (at, category) in Category::ALL.into_iter().enumerate() {
        let there = screen.state.categories().contains(&category) && category != Category::OtherUnsure;
        if there && draft.category != Some(category) {
            let id = category.as_str();
            choices.push(Choice::new(id, of(form::CATEGORY_, id), draft.secondary_categories.contains(&category)));
            places.push(at);
        }
    }
    Choices::several("also-category", t(form::WHAT_ALSO_LEGEND), Shape::Tokens, choices, Callback::noop())
        .draw(draw, &|at| screen.picked(places[at], |at| Edit::AlsoCategory(Category::ALL[at])));
    draw.close().close();
}

/// How many were found, in words.
pub(super) fn found(screen: &Screen<'_>) -> AttrValue {
    match matching(screen).len() {
        0 => t(form::WHAT_NONE),
        many => count(form::WHAT_FOUND, many as u32),
    }
}

/// All categories of this channel that `fits` lets pass, but for "not sure", which stands apart.
fn offered(screen: &Screen<'_>, fits: &dyn Fn(Category) -> bool) -> Vec<Category> {
    let mut list = Vec::new();
    for category in screen.state.categories() {
        if *category != Category::OtherUnsure && fits(*category) {
            list.push(*category);
        }
    }
    list
}

/// Those in which every word typed stands somewhere: in the label, the group's, or the other names.
fn matching(screen: &Screen<'_>) -> Vec<Category> {
    // The browser knows more of upper and lower case than is worth carrying here.
    let lower = |text: &str| String::from(JsString::from(text).to_lower_case());
    let query = lower(&screen.state.query);
    offered(screen, &|category| {
        let id = category.as_str();
        let other = find(form::SEARCH_, id).unwrap_or_default();
        let text = lower(
            &[&*of(form::CATEGORY_, id), " ", &*of(form::GROUP_, category.group().as_str()), " ", &*other].concat(),
        );
        query.split_whitespace().all(|word| text.contains(word))
    })
}

fn groups(draw: &mut Draw, screen: &Screen<'_>) {
    let chosen = screen.state.draft.category.map(Category::group);
    draw.open("ul", "plain stack small-gap");
    // In the order in which the channel names them.
    let mut order: Vec<CategoryGroup> = Vec::new();
    for category in offered(screen, &|_| true) {
        if !order.contains(&category.group()) {
            order.push(category.group());
        }
    }
    for group in order {
        let at = group as usize;
        let id = group.as_str();
        draw.open("li", "").open("button", if chosen == Some(group) { "door slim on" } else { "door slim" });
        draw.name(&["group-", id].concat()).set(At::Type, "button");
        draw.click(screen.act(at, |at| Msg::Edit(Edit::Group(Some(CategoryGroup::ALL[at])))));
        draw.open("span", "door-text")
            .words("strong", "", of(form::GROUP_, id))
            .words("span", "hint", of(form::GROUP_HINT_, id))
            .close();
        draw.icon(Icon::Next).close().close();
    }
    draw.close();
}

/// The categories as radio buttons, "I'm not sure" always last.
fn pick(draw: &mut Draw, screen: &Screen<'_>, list: &[Category]) {
    let chosen = screen.state.draft.category;
    let mut choices = Vec::new();
    let mut places = Vec::new();
    for category in list.iter().copied().chain([Category::OtherUnsure]) {
        let id = category.as_str();
        choices.push(Choice::new(id, of(form::CATEGORY_, id), chosen == Some(category)));
        places.push(category as usize);
    }
    if let Some(last) = choices.last_mut() {
        last.hint = Some(t(form::GROUP_HINT_NOT_SURE));
    }
    Choices::one("category", t(form::WHAT_PICK), Shape::Cards, choices, Callback::noop())
        .draw(draw, &|at| screen.picked(places[at], |at| Edit::Category(Category::ALL[at])));
}
