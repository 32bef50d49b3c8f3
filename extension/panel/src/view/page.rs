//! What else was taken of the page, each with a switch.

use recourse_capture::address::Why;
use recourse_ui::controls::{Choice, Weight, tick};
use recourse_ui::text::{Key, count, fill, of, panel as p, t};
use yew::prelude::*;

use super::{button, heading, ways};
use crate::app::{Act, App};
use crate::state::{State, Words};

const ALL: [(Words, &str, Key); 5] = [
    (Words::Selection, "selection", p::PAGE_SELECTION),
    (Words::Address, "address", p::PAGE_ADDRESS),
    (Words::Title, "title", p::PAGE_TITLE_OF),
    (Words::Language, "language", p::PAGE_LANGUAGE_OF),
    (Words::Canonical, "canonical", p::PAGE_CANONICAL),
];

pub(super) fn view(app: &App, act: &Callback<Act>) -> Html {
    let state = &app.state;
    let there: Vec<_> = ALL.into_iter().filter(|(words, _, _)| state.has(*words)).collect();
    let clicked = [(&state.image, "image", p::PAGE_IMAGE, Act::Image), (&state.link, "link", p::PAGE_LINK, Act::Link)];
    let clicked = clicked.into_iter().filter(|(address, ..)| !address.is_empty()).map(|(address, name, key, drop)| {
        let choice = Choice::new(name, t(key), true).hint(address.clone().into());
        html! { <div class="stack small" key={name}>{ tick(&format!("keep-{name}"), choice, act.reform(move |_| drop.clone())) }</div> }
    });
    html! {
        <>
            { heading(p::PAGE_TITLE) }
            <p class="lead">{ t(p::PAGE_LEAD) }</p>
            if there.is_empty() { <p>{ t(p::PAGE_NOTHING) }</p> }
            { for there.into_iter().map(|(words, name, label)| row(state, act, words, name, label)) }
            { for clicked }
            <p class="hint">{ t(p::PAGE_TIME) }</p>
            { ways(act, state.shot.is_some()) }
        </>
    }
}

/// One of them: the switch, the very words, and what is covered in them.
fn row(state: &State, act: &Callback<Act>, words: Words, name: &'static str, label: Key) -> Html {
    let on = state.keeps(words);
    let choice = Choice::new(name, t(label), on);
    let found = state.findings(words).len();
    let bare = state.bare.contains(&words);
    html! {
        <section class="stack small" key={name} data-testid={format!("taken-{name}")}>
            { tick(&format!("keep-{name}"), choice, act.reform(move |_| Act::Keep(words))) }
            if on {
                <blockquote class="quote typed" dir="auto" data-testid={format!("words-{name}")}>{ state.words(words) }</blockquote>
                if found > 0 {
                    <div class="row">
                        if !bare { <span class="hint">{ count(p::PAGE_MASKED, u32::try_from(found).unwrap_or(u32::MAX)) }</span> }
                        { button(Weight::Quiet, if bare { "cover-words" } else { "bare-words" }, if bare { p::PAGE_COVER } else { p::PAGE_BARE }, act, Act::Bare(words)).view() }
                    </div>
                }
                if words == Words::Address { { parameters(state, act) } }
            }
        </section>
    }
}

fn parameters(state: &State, act: &Callback<Act>) -> Html {
    let parameters = state.parameters();
    if parameters.is_empty() {
        return Html::default();
    }
    let fragment = state.address.as_ref().is_some_and(|address| address.fragment.is_some());
    let last = parameters.len() - 1;
    let row = |(at, parameter): (usize, &recourse_capture::address::Parameter)| {
        let why = parameter.why.map(|why| match why {
            Why::Person => t(p::PAGE_WHY_PERSON),
            Why::Tracking => t(p::PAGE_WHY_TRACKING),
            Why::Holds(kind) => fill(p::PAGE_WHY_HOLDS, &[("what", &of(p::REASON_, kind.as_str()))]),
        });
        let name = if fragment && at == last { t(p::PAGE_FRAGMENT) } else { parameter.name.clone().into() };
        let label = if parameter.value.is_empty() { name.to_string() } else { format!("{name} = {}", parameter.value) };
        let mut choice = Choice::new(at.to_string(), label.into(), parameter.keep);
        if let Some(why) = why {
            choice = choice.hint(why);
        }
        html! { <li key={at.to_string()}>{ tick(&format!("parameter-{at}"), choice, act.reform(move |_| Act::Parameter(at))) }</li> }
    };
    html! {
        <details class="plainly" data-testid="parameters">
            <summary>{ t(p::PAGE_PARAMETERS) }</summary>
            <ul class="plain stack small">{ for parameters.into_iter().enumerate().map(row) }</ul>
        </details>
    }
}
