//! The picture with its boxes.

use recourse_cover::Rect;
use recourse_ui::controls::{Choice, Field, Kind, Tone, Weight, details, notice, tick};
use recourse_ui::icons::Icon;
use recourse_ui::text::{count, fill, of, panel as p, t};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::{button, heading, ways};
use crate::app::{Act, App};
use crate::state::{Shot, State};

/// Of one kind so many are listed by themselves; the rest goes with them.
const LISTED: usize = 40;

pub(super) fn view(app: &App, act: &Callback<Act>) -> Html {
    let state = &app.state;
    if !state.with_picture {
        return html! {
            <>
                { heading(p::PICTURE_TITLE) }
                <p class="lead">{ t(p::PICTURE_NO) }</p>
                <div class="ways">{ button(Weight::Plain, "with", p::PICTURE_WITH, act, Act::WithPicture(true)).view() }</div>
                { ways(act, false) }
            </>
        };
    }
    let covered = u32::try_from(state.covered()).unwrap_or(u32::MAX);
    let said = if state.boxes.is_empty() { t(p::PICTURE_NONE_FOUND) } else { count(p::PICTURE_COUNT, covered) };
    let masked = state.boxes.iter().any(|one| matches!(one.reason, "frame" | "canvas" | "video"));
    let composite = state.shot.is_some_and(|shot| shot.composite);
    html! {
        <>
            { heading(p::PICTURE_TITLE) }
            <div class="row">
                { button(Weight::Plain, "without", p::PICTURE_WITHOUT, act, Act::WithPicture(false)).view() }
            </div>
            <p class="lead" data-testid="count" role="status">{ said }</p>
            if state.restless { { notice(Tone::Warning, "restless", html! { <p>{ t(p::PICTURE_RESTLESS) }</p> }) } }
            { picture(app, act) }
            { pointing(state, act) }
            <p class="hint">{ t(p::PICTURE_LEAD) }</p>
            if composite { <p class="hint">{ t(p::PICTURE_COMPOSITE) }</p> }
            if masked { <p class="hint">{ t(p::PICTURE_MASKED) }</p> }
            // What is under it is for who wants more: with the picture in sight the way on is as well.
            { ways(act, false) }
            <div class="row" key="tools">
                { button(Weight::Plain, "edit", p::PICTURE_EDIT, act, Act::Edit).icon(Icon::Cover).view() }
                { button(Weight::Plain, "part", p::PICTURE_PART, act, if composite { Act::Region } else { Act::Point }).view() }
                if state.part.is_some() { { button(Weight::Plain, "part-off", p::PICTURE_PART_OFF, act, Act::WholePart).view() } }
                { whole(state, act) }
                { button(Weight::Quiet, "again", p::PICTURE_AGAIN, act, Act::Again).view() }
            </div>
            { list(state, act) }
            // A picture of the whole page is searched while it is taken, and not afterwards.
            if !composite { { own(state, act) } }
            { exact(app, act) }
        </>
    }
}

fn whole(state: &State, act: &Callback<Act>) -> Html {
    match state.whole {
        Some(percent) => {
            html! { <p role="status" data-testid="whole-busy">{ fill(p::PICTURE_WHOLE_BUSY, &[("percent", &percent)]) }</p> }
        }
        None => button(Weight::Plain, "whole", p::PICTURE_WHOLE, act, Act::Whole).view(),
    }
}

/// The picture as an SVG: boxes keep their place at any size, and nothing in it needs a style.
fn picture(app: &App, act: &Callback<Act>) -> Html {
    let state = &app.state;
    let Some(shot) = state.shot else { return Html::default() };
    let Shot { size, .. } = shot;
    let part = state.part.unwrap_or(Rect { x: 0, y: 0, width: size.width, height: size.height });
    let shown =
        if state.pointing.is_some() { Rect { x: 0, y: 0, width: size.width, height: size.height } } else { part };
    let scale = state.seen.as_ref().map_or(1.0, |seen| f64::from(size.width) / seen.measured.moment.width.max(1.0));
    let place = move |event: &PointerEvent| {
        let target = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
        let rect = target.get_bounding_client_rect();
        let ratio = f64::from(shown.width) / rect.width().max(1.0) / scale;
        let x = (f64::from(event.client_x()) - rect.left()) * ratio + f64::from(shown.x) / scale;
        let y = (f64::from(event.client_y()) - rect.top()) * ratio + f64::from(shown.y) / scale;
        Some((x, y))
    };
    let pointing = state.pointing.is_some();
    let moved = {
        let act = act.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some((x, y)) = place(&event).filter(|_| pointing) {
                act.emit(Act::PointAt(x, y));
            }
        })
    };
    let pressed = {
        let act = act.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some((x, y)) = place(&event).filter(|_| pointing) {
                act.emit(Act::PointAt(x, y));
                act.emit(Act::ChoosePart);
            }
        })
    };
    let rect = |class: &'static str, rect: &Rect| {
        html! {
            <rect class={class} x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} />
        }
    };
    let pointed = state.pointed().map(|(at, _)| rect("pointed", &at));
    let class = if pointing { "shot pointing" } else { "shot" };
    html! {
        <figure class="shot-frame" key="picture" dir="ltr">
            <svg class={class} role="img" aria-label={t(p::PICTURE_ALT)} data-testid="picture"
                viewBox={format!("{} {} {} {}", shown.x, shown.y, shown.width, shown.height)}
                onpointermove={moved} onpointerup={pressed}>
                <image href={app.picture.clone()} width={size.width.to_string()} height={size.height.to_string()} />
                { for state.burned().iter().map(|one| rect("burned", one)) }
                { pointed }
            </svg>
        </figure>
    }
}

fn pointing(state: &State, act: &Callback<Act>) -> Html {
    if state.pointing.is_none() {
        return match state.part {
            Some(_) => html! { <p role="status" data-testid="part-on">{ t(p::PICTURE_PART_ON) }</p> },
            None => Html::default(),
        };
    }
    html! {
        <div class="card stack medium" key="pointing">
            <p>{ t(p::PICTURE_POINT) }</p>
            <div class="row">
                { button(Weight::Primary, "point-this", p::PICTURE_POINT_THIS, act, Act::ChoosePart).view() }
                { button(Weight::Plain, "region", p::PICTURE_REGION, act, Act::Region).view() }
                { button(Weight::Quiet, "point-end", p::PICTURE_POINT_END, act, Act::PointEnd).view() }
            </div>
        </div>
    }
}

/// Each covered thing with its reason and a switch.
fn list(state: &State, act: &Callback<Act>) -> Html {
    if state.boxes.is_empty() {
        return Html::default();
    }
    let row = |at: usize| {
        let one = &state.boxes[at];
        let choice = Choice::new(at.to_string(), of(p::REASON_, one.reason), one.on);
        html! { <li key={at.to_string()}>{ tick(&format!("cover-{at}"), choice, act.reform(move |_| Act::Turn(at))) }</li> }
    };
    let mut listed = Vec::new();
    let mut more: Vec<(&'static str, u32)> = Vec::new();
    for (at, one) in state.boxes.iter().enumerate() {
        if listed.len() < LISTED {
            listed.push(at);
        } else if let Some((_, number)) = more.iter_mut().find(|(reason, _)| *reason == one.reason) {
            *number += 1;
        } else {
            more.push((one.reason, 1));
        }
    }
    let rest = more.into_iter().map(|(reason, number)| {
        let on = state.boxes.iter().any(|one| one.reason == reason && one.on);
        let label = format!("{} · {}", of(p::REASON_, reason), fill(p::PICTURE_MORE, &[("count", &number)]));
        let choice = Choice::new(reason, label.into(), on);
        html! { <li key={reason}>{ tick(&format!("cover-all-{reason}"), choice, act.reform(move |_| Act::TurnAll(reason))) }</li> }
    });
    details(
        "covered",
        t(p::PICTURE_LIST),
        html! { <ul class="plain stack small">{ for listed.into_iter().map(row) }{ for rest }</ul> },
    )
}

fn own(state: &State, act: &Callback<Act>) -> Html {
    details(
        "own",
        t(p::PICTURE_OWN),
        html! {
            <>
                <p class="hint">{ t(p::PICTURE_OWN_HINT) }</p>
                { Field::new(Kind::Line, "own-name", t(p::PICTURE_OWN_NAME), state.own.name.clone(), act.reform(Act::OwnName)).view() }
                { Field::new(Kind::Line, "own-handle", t(p::PICTURE_OWN_HANDLE), state.own.handle.clone(), act.reform(Act::OwnHandle)).view() }
            </>
        },
    )
}

/// The very bytes.
fn exact(app: &App, act: &Callback<Act>) -> Html {
    let shown = app.preview.as_ref().map(|(address, said)| {
        html! {
            <figure class="stack small" data-testid="exact-picture">
                <img class="exact" src={address.clone()} alt={t(p::PICTURE_ALT)} />
                <figcaption class="hint ltr">{ said.clone() }</figcaption>
            </figure>
        }
    });
    details(
        "exact",
        t(p::PICTURE_EXACT),
        html! {
            <>
                <div class="row">{ button(Weight::Plain, "see", p::PICTURE_SEE, act, Act::Preview).view() }</div>
                { shown }
            </>
        },
    )
}
