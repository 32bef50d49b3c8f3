//! Two doors, and what one should know before typing.

use recourse_domain::channel::Manifest;
use recourse_domain::report::Purpose;
use recourse_flow::intake::{Msg, Part};
use yew::prelude::*;

use super::{Screen, about};
use crate::controls::{Button, Tone, Weight, notice};
use crate::icons::{Icon, icon};
use crate::text::{Key, fill, form, language, t};

pub(super) fn view(screen: Screen<'_>) -> Html {
    let Some(manifest) = screen.manifest() else { return html! {} };
    let product: &dyn std::fmt::Display = &manifest.product;
    let chosen = screen.state.draft.purpose;
    let remedy = chosen == Some(Purpose::SeekRemedy);
    let misuse = matches!(chosen, Some(Purpose::FlagMisuse | Purpose::Both));
    let facts = [
        (Icon::People, fill(form::START_MAKER, &[("provider", &manifest.provider), ("product", product)])),
        (Icon::Lock, t(form::START_ACCOUNT)),
        (Icon::Phone, t(form::START_WORK)),
        (Icon::Clock, fill(form::START_HOURS, &[("hours", &Manifest::text(&manifest.reading_hours, &language()))])),
    ];
    let open = matches!(&screen.state.channel, recourse_flow::intake::Channel::Open(channel) if channel.expired);
    html! {
        <>
            <p class="lead" key="lead">{ fill(form::START_LEAD, &[("product", product)]) }</p>
            { for open.then(|| notice(Tone::Warning, "expired", html! { <p>{ t(form::START_EXPIRED) }</p> })) }
            { for offered(screen) }
            <section key="doors" id="doors" tabindex="-1" class="stack medium" aria-labelledby="doors-title">
                <h2 id="doors-title" class="visually-hidden">{ t(form::START_DOORS) }</h2>
                { door(screen, ("door-misuse", Icon::Flag), (form::START_MISUSE, form::START_MISUSE_HINT), misuse, Purpose::FlagMisuse) }
                { door(screen, ("door-remedy", Icon::Hands), (form::START_REMEDY, form::START_REMEDY_HINT), remedy, Purpose::SeekRemedy) }
            </section>
            <section key="safety" class="stack medium" data-testid="safety">
                <h2>{ t(form::START_SAFETY) }</h2>
                <ul class="facts plain">
                    { for facts.into_iter().map(|(mark, text)| html! { <li>{ icon(mark) }<span>{ text }</span></li> }) }
                </ul>
                { notice(Tone::Warning, "emergency", html! { <p>{ t(form::START_EMERGENCY) }</p> }) }
            </section>
        </>
    }
}

fn door(screen: Screen<'_>, (name, mark): (&'static str, Icon), (title, hint): (Key, Key), on: bool, purpose: Purpose) -> Html {
    let product: &dyn std::fmt::Display = &screen.product();
    html! {
        <button key={name} type="button" class={classes!("door", on.then_some("on"))} data-testid={name} aria-pressed={if on { "true" } else { "false" }}
            onclick={screen.click(move || Msg::Door(purpose))}>
            <span class="door-mark">{ icon(mark) }</span>
            <span class="door-text"><strong>{ fill(title, &[("product", product)]) }</strong><span class="hint">{ t(hint) }</span></span>
            { icon(Icon::Next) }
        </button>
    }
}

fn offered(screen: Screen<'_>) -> Option<Html> {
    let offered = &screen.state.offered;
    if offered.subject.is_none() && offered.context.is_empty() {
        return None;
    }
    let remove = Button::new(Weight::Quiet, "about-remove", t(form::ABOUT_REMOVE), screen.click(|| Msg::Remove(Part::About)))
        .described(t(form::ABOUT_REMOVE_ITEM));
    Some(html! {
        <section key="about" id="about" tabindex="-1" class="card about" data-testid="about" aria-labelledby="about-title">
            <div class="row spread">
                <h2 id="about-title" class="label">{ t(form::ABOUT_TITLE) }</h2>
                { remove.view() }
            </div>
            { for offered.subject.as_ref().map(|subject| html! { <p class="typed" dir="auto">{ about::item(subject) }</p> }) }
            { for (!offered.context.is_empty()).then(|| html! {
                <div class="stack small">
                    <p class="hint">{ fill(form::ABOUT_CONTEXT, &[("product", &screen.product())]) }</p>
                    { about::context(screen.state) }
                </div>
            }) }
        </section>
    })
}
