//! The screens before the form.

mod page;
mod picture;
mod whom;

use recourse_domain::time::Timestamp;
use recourse_ui::controls::{Button, Tone, Weight, details, live, notice};
use recourse_ui::draw::draw;
use recourse_ui::icons::Icon;
use recourse_ui::language::languages;
use recourse_ui::text::{Key, fill, panel as p, t};
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::app::{Act, App};
use crate::state::Stage;

/// The texts of the picture editor.
pub(crate) fn editor_texts() -> JsValue {
    recourse_ui::evidence::editor_texts(&t(p::PICTURE_TITLE))
}

/// The same for drawing a frame around a part.
pub(crate) fn region_texts() -> JsValue {
    let texts = editor_texts();
    for (name, key) in [("title", p::REGION_TITLE), ("gone", p::REGION_GONE), ("picture", p::REGION_TITLE)] {
        // Setting a property of an object of our own cannot fail.
        let _ = js_sys::Reflect::set(&texts, &name.into(), &(&*t(key)).into());
    }
    texts
}

/// A button that does one thing.
fn button(weight: Weight, name: &'static str, label: Key, act: &Callback<Act>, what: Act) -> Button {
    Button::new(weight, name, t(label), act.reform(move |_: MouseEvent| what.clone()))
}

/// All that the panel shows.
pub(crate) fn panel(app: &App, act: &Callback<Act>) -> Html {
    let stage = app.state.stage;
    let (name, body) = match stage {
        Stage::Idle => ("idle", idle(app, act)),
        Stage::Looking => ("looking", html! { <p class="waiting" role="status">{ t(p::PANEL_WAIT) }</p> }),
        Stage::Picture => ("picture", picture::view(app, act)),
        Stage::Page => ("page", page::view(app, act)),
        Stage::Whom => ("whom", whom::view(app, act)),
        Stage::Away => return Html::default(),
        Stage::Beside => return beside(act),
        Stage::Again => ("again", again(act)),
    };
    let step = match stage {
        Stage::Picture => 1,
        Stage::Page => 2,
        Stage::Whom => 3,
        _ => 0,
    };
    let head = html! {
        <header class="head">
            <div class="bar">
                <div class="title">
                    <span class="title-main">{ t(p::PANEL_TITLE) }</span>
                    if step > 0 { <span class="title-to">{ fill(p::PANEL_STEP, &[("step", &step)]) }</span> }
                </div>
                if step > 0 {
                    <div class="exits">{ button(Weight::Plain, "stop", p::PANEL_LEAVE, act, Act::Stop).icon(Icon::Bin).view() }</div>
                }
            </div>
        </header>
    };
    let foot = draw(|draw| languages(draw, p::PANEL_LANGUAGE, p::PANEL_UNCHECKED, act.reform(Act::Speak)));
    html! {
        <div class="form" key={name}>
            { head }
            <main class="screen stack" data-testid={format!("screen-{name}")}>
                { trouble(app) }
                { body }
            </main>
            { foot }
            { live(AttrValue::default()) }
        </div>
    }
}

fn trouble(app: &App) -> Html {
    let key = match app.state.trouble {
        Some("page") => p::TROUBLE_PAGE,
        Some("shot") => p::TROUBLE_SHOT,
        Some("whole") => p::TROUBLE_WHOLE,
        Some("gone") => p::TROUBLE_GONE,
        Some("cut") => p::PICTURE_CUT,
        Some(_) => p::TROUBLE_BURN,
        None => return Html::default(),
    };
    notice(Tone::Warning, "trouble", html! { <p role="alert">{ t(key) }</p> })
}

/// The heading of a screen, which gets the focus.
fn heading(text: Key) -> Html {
    html! { <h1 id="panel-heading" tabindex="-1">{ t(text) }</h1> }
}

/// On and back.
fn ways(act: &Callback<Act>, back: bool) -> Html {
    html! {
        <div class="ways" key="ways">
            { button(Weight::Primary, "next", p::PANEL_NEXT, act, Act::Next).view() }
            if back { { button(Weight::Quiet, "back", p::PANEL_BACK, act, Act::Back).view() } }
        </div>
    }
}

/// Under the form: what anybody can open, for who must have it.
fn beside(act: &Callback<Act>) -> Html {
    html! {
        <div class="screen stack small" key="beside">
            { details("unsealed", t(p::BUNDLE_PLAIN), html! {
                <>
                    <p>{ t(p::BUNDLE_PLAIN_TEXT) }</p>
                    <div class="row">{ button(Weight::Plain, "save-unsealed", p::BUNDLE_PLAIN, act, Act::Unsealed).icon(Icon::Download).view() }</div>
                </>
            }) }
        </div>
    }
}

fn again(act: &Callback<Act>) -> Html {
    html! {
        <>
            { heading(p::AGAIN_TITLE) }
            <p class="lead">{ t(p::AGAIN_TEXT) }</p>
            <div class="ways">
                { button(Weight::Primary, "go-on", p::AGAIN_KEEP, act, Act::GoOn).view() }
                { button(Weight::Plain, "delete", p::AGAIN_ANEW, act, Act::Delete).view() }
            </div>
        </>
    }
}

/// A sealed report that could not be sent: nothing goes before somebody was asked.
fn waiting((id, day, domain): &(u32, Timestamp, String), act: &Callback<Act>) -> Html {
    let day = recourse_ui::format::day(*day);
    html! {
        <section class="card stack medium" data-testid="waits" key={*id}>
            <h2>{ t(p::WAITS_TITLE) }</h2>
            <p>{ fill(p::WAITS_TEXT, &[("day", &day), ("domain", domain)]) }</p>
            <div class="row">{ button(Weight::Plain, "waits-open", p::WAITS_OPEN, act, Act::Waiting(*id)).view() }</div>
        </section>
    }
}

fn idle(app: &App, act: &Callback<Act>) -> Html {
    let draft = html! {
        <section class="card stack medium" aria-labelledby="draft-title">
            <h2 id="draft-title">{ t(p::DRAFT_TITLE) }</h2>
            <p>{ t(p::DRAFT_TEXT) }</p>
            <div class="row">
                { button(Weight::Primary, "go-on", p::DRAFT_GO_ON, act, Act::GoOn).view() }
                { button(Weight::Plain, "delete", p::DRAFT_DELETE, act, Act::Delete).view() }
            </div>
        </section>
    };
    html! {
        <>
            { heading(p::IDLE_TITLE) }
            if app.begun { { draft } }
            { for app.waits.iter().map(|one| waiting(one, act)) }
            if let Some((_, domain)) = &app.to_remember {
                <section class="card stack medium" aria-labelledby="remember-title">
                    <h2 id="remember-title">{ t(p::REMEMBER_TITLE) }</h2>
                    <p>{ fill(p::REMEMBER_TEXT, &[("domain", domain)]) }</p>
                    <div class="row">
                        { button(Weight::Primary, "remember-no", p::REMEMBER_NO, act, Act::Remember(false)).view() }
                        { button(Weight::Plain, "remember-yes", p::REMEMBER_YES, act, Act::Remember(true)).view() }
                    </div>
                </section>
            }
            <p class="lead">{ fill(p::IDLE_TEXT, &[("key", &app.shortcut)]) }</p>
            <div class="ways">{ button(Weight::Plain, "without", p::IDLE_WITHOUT, act, Act::WithoutPicture).view() }</div>
            { notice(Tone::Warning, "employer", html! { <p>{ t(p::IDLE_EMPLOYER) }</p> }) }
            <p class="hint">{ t(p::IDLE_NOTHING) }</p>
            { whom::known(app, act) }
        </>
    }
}
