//! What it is about: groups, then detail; a search over all; and "I'm not sure".

use recourse_domain::category::{Category, CategoryGroup};
use recourse_flow::intake::{Edit, Msg};
use yew::prelude::*;

use super::{Input, Screen};
use crate::controls::{Button, Choice, Choices, Field, Kind, Shape, Weight};
use crate::icons::{Icon, icon};
use crate::text::{count, fill, find, form, of, t};

pub(super) fn view(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let searching = !state.query.trim().is_empty();
    let search = Field::new(Kind::Search, "category-search", t(form::WHAT_SEARCH), state.query.clone(), screen.text(Edit::Query))
        .hint(t(form::WHAT_SEARCH_HINT));
    let chosen = state.draft.category;
    let body = if searching {
        let found = offered(screen).filter(|category| matches(*category, &state.query)).collect();
        html! { <div key="found" class="stack medium"><p class="hint" aria-hidden="true">{ self::found(screen) }</p>{ pick(screen, found) }</div> }
    } else if let Some(group) = state.group {
        let all = screen.send.reform(|_| Input::Msg(Msg::Edit(Edit::Group(None))));
        html! {
            <div key="group" class="stack medium">
                <div class="row spread">
                    <h2>{ of(form::GROUP_, group.as_str()) }</h2>
                    { Button::new(Weight::Quiet, "groups-all", t(form::WHAT_ALL), all).icon(Icon::Back).view() }
                </div>
                { pick(screen, offered(screen).filter(|category| category.group() == group).collect()) }
            </div>
        }
    } else {
        html! { <div key="groups" class="stack medium">{ groups(screen) }{ pick(screen, vec![]) }</div> }
    };
    html! {
        <>
            <p class="lead" key="lead">{ t(form::WHAT_LEAD) }</p>
            { search.view() }
            { for chosen.map(|category| html! {
                <p key="chosen" class="picked" data-testid="category-chosen">{ icon(Icon::Check) }
                    <span>{ fill(form::WHAT_CHOSEN, &[("category", &of(form::CATEGORY_, category.as_str()))]) }</span></p>
            }) }
            { body }
        </>
    }
}

/// How many were found, in words.
pub(super) fn found(screen: Screen<'_>) -> AttrValue {
    match offered(screen).filter(|category| matches(*category, &screen.state.query)).count() {
        0 => t(form::WHAT_NONE),
        many => count(form::WHAT_FOUND, many as u32),
    }
}

/// All categories of this channel but "not sure", which stands apart.
fn offered<'a>(screen: Screen<'a>) -> impl Iterator<Item = Category> + 'a {
    let hidden = screen.state.manifest().map_or(&[][..], |manifest| &manifest.hidden_categories);
    Category::ALL
        .into_iter()
        .filter(|category| *category != Category::OtherUnsure)
        .filter(|category| !hidden.iter().any(|id| id == category.as_str()))
}

/// Every word typed begins or is part of a word of the label, its group or its other names.
fn matches(category: Category, query: &str) -> bool {
    let id = category.as_str();
    let other = find(form::SEARCH_, id).unwrap_or_default();
    let text = format!("{} {} {other}", of(form::CATEGORY_, id), of(form::GROUP_, category.group().as_str())).to_lowercase();
    query.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn groups(screen: Screen<'_>) -> Html {
    let rows = CategoryGroup::ALL.into_iter().filter(|group| offered(screen).any(|category| category.group() == *group));
    html! {
        <ul class="plain stack small-gap">
            { for rows.map(|group| {
                let id = group.as_str();
                let on = screen.state.draft.category.is_some_and(|category| category.group() == group);
                html! {
                    <li key={id}>
                        <button type="button" class={classes!("door", "slim", on.then_some("on"))} data-testid={format!("group-{id}")}
                            onclick={screen.click(move || Msg::Edit(Edit::Group(Some(group))))}>
                            <span class="door-text"><strong>{ of(form::GROUP_, id) }</strong><span class="hint">{ of(form::GROUP_HINT_, id) }</span></span>
                            { icon(Icon::Next) }
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}

/// The categories as radio buttons, "I'm not sure" always last.
fn pick(screen: Screen<'_>, mut list: Vec<Category>) -> Html {
    list.push(Category::OtherUnsure);
    let chosen = screen.state.draft.category;
    let choices = list
        .iter()
        .map(|category| {
            let id = category.as_str();
            let choice = Choice::new(id, of(form::CATEGORY_, id), chosen == Some(*category));
            if *category == Category::OtherUnsure { choice.hint(t(form::GROUP_HINT_NOT_SURE)) } else { choice }
        })
        .collect();
    let pick = screen.send.reform(move |at: usize| Input::Msg(Msg::Edit(Edit::Category(list[at]))));
    Choices::one("category", t(form::WHAT_PICK), Shape::Cards, choices, pick).view()
}
