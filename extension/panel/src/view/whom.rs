//! Who will get it: a full step, for what is sealed to the wrong people cannot be taken back.

use recourse_ui::controls::{Choice, Choices, Field, Kind, Shape, Tone, Weight, details, notice};
use recourse_ui::icons::Icon;
use recourse_ui::text::{Key, fill, panel as p, t};
use yew::prelude::*;

use super::{button, heading};
use crate::app::{Act, App};
use crate::whom::{Found, Looked, Way};

pub(super) fn view(app: &App, act: &Callback<Act>) -> Html {
    let whom = &app.whom;
    let host = whom.host();
    let choices = whom.ways.iter().enumerate().map(|(at, way)| {
        let (label, hint) = match way {
            Way::Bundle => (t(p::WHOM_BUNDLE), Some(t(p::WHOM_BUNDLE_HINT))),
            Way::Listed(_) => (fill(p::WHOM_LISTED, &[("host", &host)]), None),
            Way::Before(one) => (fill(p::WHOM_BEFORE, &[("provider", &one.provider)]), Some(one.origin.clone().into())),
            Way::Domain { domain, .. } => {
                let values: [(&str, &dyn std::fmt::Display); 1] = [("domain", domain)];
                (fill(p::WHOM_DOMAIN, &values), Some(fill(p::WHOM_DOMAIN_HINT, &values)))
            }
            Way::Site { host, .. } => (fill(p::WHOM_SITE, &[("host", host)]), Some(t(p::WHOM_SITE_HINT))),
            Way::Link => (t(p::WHOM_LINK), None),
        };
        let choice = Choice::new(at.to_string(), label, at == whom.chosen);
        match hint {
            Some(hint) => choice.hint(hint),
            None => choice,
        }
    });
    let choices = Choices::one("way", t(p::WHOM_WAY), Shape::Cards, choices.collect(), act.reform(Act::Way));
    html! {
        <>
            { heading(p::WHOM_TITLE) }
            <p class="lead">{ t(p::WHOM_LEAD) }</p>
            { choices.view() }
            { chosen(app, act) }
            { known(app, act) }
            <div class="ways" key="back">{ button(Weight::Quiet, "back", p::PANEL_BACK, act, Act::Back).view() }</div>
        </>
    }
}

fn chosen(app: &App, act: &Callback<Act>) -> Html {
    let whom = &app.whom;
    if *whom.way() == Way::Bundle {
        return html! {
            <div class="stack medium" key="bundle">
                <p>{ fill(p::WHOM_BUNDLE_REACH, &[("domain", &whom.host())]) }</p>
                <div class="ways">{ button(Weight::Primary, "bundle", p::WHOM_START, act, Act::Bundle).view() }</div>
            </div>
        };
    }
    let fault = match whom.looked {
        Looked::Failed(why) => Some(why_not(why)),
        _ => None,
    };
    let in_link = *whom.way() == Way::Link;
    let typed = in_link.then(|| {
        Field::new(Kind::Line, "link", t(p::WHOM_LINK_LABEL), whom.link.clone(), act.reform(Act::LinkTyped))
            .hint(t(p::WHOM_LINK_HINT))
            .fault(fault.map(t))
            .view()
    });
    let rest = match &whom.looked {
        Looked::Found(found) => full(app, found, act),
        Looked::Looking => html! { <p role="status">{ t(p::WHOM_LOOKING) }</p> },
        Looked::Not | Looked::Failed(_) => html! {
            <>
                if let Some(why) = fault.filter(|_| !in_link) {
                    { notice(Tone::Warning, "looked", html! { <p role="alert">{ t(why) }</p> }) }
                }
                <div class="ways">
                    { button(Weight::Primary, "look", p::WHOM_LOOK, act, Act::Look).view() }
                    { button(Weight::Plain, "save", p::WHOM_SAVE, act, Act::Bundle).view() }
                </div>
            </>
        },
    };
    html! { <div class="stack medium" key="chosen">{ typed }{ rest }</div> }
}

fn why_not(why: &str) -> Key {
    match why {
        "no_link" => p::WHOM_NO_LINK,
        "nobody" => p::WHOM_NOBODY,
        "unreachable" => p::WHOM_UNREACHABLE,
        "expired" => p::WHOM_EXPIRED,
        _ => p::WHOM_NOT_VALID,
    }
}

/// Name, domain, fingerprint, and the question that matters.
fn full(app: &App, found: &Found, act: &Callback<Act>) -> Html {
    let said = match app.whom.way() {
        Way::Domain { domain, .. } => Some(domain),
        Way::Site { host, .. } => Some(host),
        _ => None,
    };
    let elsewhere = said.filter(|said| !(found.domain == **said || found.domain.ends_with(&format!(".{said}"))));
    let domain: [(&str, &dyn std::fmt::Display); 1] = [("domain", &found.domain)];
    // The one that leads away from danger is the plain choice unless the channel is one that the extension or the person knows.
    let vouched = matches!(app.whom.way(), Way::Listed(_) | Way::Before(_)) && !found.changed;
    let (send, save) = if vouched { (Weight::Primary, Weight::Plain) } else { (Weight::Plain, Weight::Primary) };
    let acts = [
        (vouched, Button { name: "send", weight: send, label: fill(p::WHOM_SEND, &domain), what: Act::Start }),
        (!vouched, Button { name: "save", weight: save, label: t(p::WHOM_SAVE), what: Act::Bundle }),
    ];
    let mut acts: Vec<_> = acts.into_iter().collect();
    acts.sort_by_key(|(first, _)| !first);
    html! {
        <section class="card stack medium" aria-labelledby="goes-to" data-testid="goes-to" tabindex="-1">
            <h2 id="goes-to">{ fill(p::WHOM_FOUND, &domain) }</h2>
            { notice(Tone::Warning, "warning", html! { <p><strong>{ fill(p::WHOM_WARNING, &domain) }</strong></p> }) }
            if let Some(said) = elsewhere {
                { notice(Tone::Warning, "elsewhere", html! { <p>{ fill(p::WHOM_TENANT, &[("said", said), ("domain", &found.domain)]) }</p> }) }
            }
            if found.changed { { notice(Tone::Danger, "changed", html! { <p role="alert">{ t(p::WHOM_CHANGED) }</p> }) } }
            if found.test { { notice(Tone::Info, "test", html! { <p>{ t(p::WHOM_TEST) }</p> }) } }
            if found.expired { { notice(Tone::Warning, "old", html! { <p>{ t(p::WHOM_OLD) }</p> }) } }
            <dl class="pairs">
                <div><dt>{ t(p::WHOM_PROVIDER) }</dt><dd data-testid="provider" dir="auto">{ format!("{} ({})", found.provider, found.product) }</dd></div>
                <div><dt>{ t(p::WHOM_DOMAIN_NAME) }</dt><dd class="ltr" data-testid="domain">{ found.domain.clone() }</dd></div>
                <div><dt>{ t(p::WHOM_FINGERPRINT) }</dt><dd class="code" data-testid="fingerprint">{ found.fingerprint.clone() }</dd></div>
            </dl>
            <p class="hint">{ t(p::WHOM_FINGERPRINT_HINT) }</p>
            <div class="ways">
                { for acts.into_iter().map(|(_, one)| one.view(act)) }
            </div>
        </section>
    }
}

struct Button {
    name: &'static str,
    weight: Weight,
    label: AttrValue,
    what: Act,
}

impl Button {
    fn view(self, act: &Callback<Act>) -> Html {
        let Self { name, weight, label, what } = self;
        recourse_ui::controls::Button::new(weight, name, label, act.reform(move |_: MouseEvent| what.clone())).view()
    }
}

/// What the extension remembers, to be erased.
pub(super) fn known(app: &App, act: &Callback<Act>) -> Html {
    let remembered = &app.whom.remembered;
    if remembered.is_empty() {
        return Html::default();
    }
    let row = |(at, one): (usize, &crate::whom::Remembered)| {
        html! {
            <li class="row" key={at.to_string()}>
                <span class="typed">{ format!("{} – {}", one.provider, one.origin) }</span>
                { button(Weight::Quiet, "forget", p::WHOM_FORGET, act, Act::Forget(at)).icon(Icon::Bin).view() }
            </li>
        }
    };
    details(
        "known",
        t(p::WHOM_KNOWN),
        html! { <ul class="plain stack small">{ for remembered.iter().enumerate().map(row) }</ul> },
    )
}
