//! The receipt, and what happens next.

use recourse_domain::channel::Manifest;
use recourse_flow::intake::{Msg, Sent, State};
use yew::prelude::*;

use super::{Input, Screen};
use crate::controls::{Button, Field, Kind, Tone, Weight, details, notice};
use crate::format;
use crate::icons::Icon;
use crate::text::{fill, form, language, of, t};

pub(super) fn view(screen: Screen<'_>) -> Html {
    let Some(sent) = &screen.state.sent else { return html! {} };
    html! {
        <>
            <p class="lead" key="lead">{ fill(form::SENT_LEAD, &[("provider", &screen.provider())]) }</p>
            { code(screen, sent) }
            { kept(screen, sent) }
            { dates(screen, sent) }
            <section key="routes" class="stack medium no-print" data-testid="other-routes">
                <h2>{ t(form::ROUTES_TITLE) }</h2>
                <p class="hint">{ t(form::ROUTES_LEAD) }</p>
                { routes(screen) }
            </section>
            <div key="more" class="no-print">
                { details("proof", t(form::PROOF_TITLE), html! {
                    <>
                        <p>{ fill(form::PROOF_TEXT, &[("provider", &screen.provider())]) }</p>
                        <div>{ Button::new(Weight::Plain, "proof-download", t(form::PROOF_BUTTON), screen.send.reform(|_| Input::SaveProof)).icon(Icon::Download).view() }</div>
                    </>
                }) }
                { details("left", t(form::LEFT_TITLE), html! { <p>{ t(form::LEFT_TEXT) }</p> }) }
            </div>
            <div class="ways no-print" key="ways-done">
                { Button::new(Weight::Primary, "done", t(form::SENT_DONE), screen.click(|| Msg::Done)).view() }
            </div>
        </>
    }
}

fn code(screen: Screen<'_>, sent: &Sent) -> Html {
    let groups = sent.receipt.split('-').enumerate().map(|(at, group)| {
        html! { <>{ for (at > 0).then(|| html! { <span class="dash">{ "-" }</span> }) }<span class="group">{ group }</span></> }
    });
    let copy = match sent.copied {
        None => html! {},
        Some(worked) => html! { <p key="copied" class="hint">{ t(if worked { form::CODE_COPIED } else { form::CODE_NOT_COPIED }) }</p> },
    };
    html! {
        <section key="code" class="card receipt stack medium" aria-labelledby="code-title">
            <h2 id="code-title" class="label">{ t(form::CODE_TITLE) }</h2>
            <p class="code big" data-testid="receipt-code" translate="no">{ for groups }</p>
            <p class="hint">{ t(form::CODE_HINT) }</p>
            <p class="follow"><span class="hint">{ t(form::CODE_FOLLOW) }</span>{ " " }<span class="ltr typed" data-testid="follow-up-address">{ screen.follow_up }</span></p>
            <div class="row no-print">
                { Button::new(Weight::Plain, "receipt-copy", t(form::CODE_COPY), screen.click(|| Msg::CodeCopy)).icon(Icon::Copy).view() }
                { Button::new(Weight::Plain, "receipt-download", t(form::CODE_DOWNLOAD), screen.send.reform(|_| Input::SaveCode)).icon(Icon::Download).view() }
                { Button::new(Weight::Plain, "receipt-print", t(form::CODE_PRINT), screen.send.reform(|_| Input::Print)).icon(Icon::Print).view() }
            </div>
            <div class="no-print stack small">{ copy }<p class="hint">{ t(form::CODE_DOWNLOAD_HINT) }</p></div>
        </section>
    }
}

/// One question, asked until it is answered: a code that was not kept is a report that nobody can be answered on.
fn kept(screen: Screen<'_>, sent: &Sent) -> Html {
    if sent.kept == Some(true) {
        return html! {
            <div key="kept" class="no-print" data-testid="receipt-check-ok">{ notice(Tone::Success, "kept", html! { <p>{ t(form::KEPT_RIGHT) }</p> }) }</div>
        };
    }
    let wrong = sent.kept == Some(false);
    let typed = screen.send.reform(|text| Input::Msg(Msg::CodeTyped(text)));
    let field = Field::new(Kind::Code, "receipt-check-input", t(form::KEPT_LABEL), sent.typed.clone(), typed)
        .fault(wrong.then(|| t(form::KEPT_WRONG)));
    html! {
        <section key="ask" class="stack medium no-print" data-testid={wrong.then_some("receipt-check-wrong")}>
            <h2>{ t(form::KEPT_TITLE) }</h2>
            <div class="beside">
                { field.view() }
                { Button::new(Weight::Plain, "receipt-check", t(form::KEPT_BUTTON), screen.click(|| Msg::CodeCheck)).view() }
            </div>
        </section>
    }
}

fn dates(screen: Screen<'_>, sent: &Sent) -> Html {
    let Some(manifest) = screen.manifest() else { return html! {} };
    let language = language();
    html! {
        <section key="dates" class="stack medium" data-testid="next-dates">
            <h2>{ t(form::DATES_TITLE) }</h2>
            <ol class="timeline plain">
                { for sent.due.iter().map(|due| {
                    let stage = manifest.stages.iter().find(|stage| stage.state == due.state);
                    let text = stage.map_or("", |stage| Manifest::text(&stage.text, &language));
                    let text = if text.is_empty() { of(form::STATE_, due.state.as_str()) } else { text.to_owned().into() };
                    html! { <li key={due.state.as_str()}><p>{ text }</p><p class="hint">{ fill(form::DATES_BY, &[("date", &format::long_day(due.at))]) }</p></li> }
                }) }
            </ol>
        </section>
    }
}

/// Regulator, court, helpline: shown as text and link, never fetched.
pub(super) fn routes(screen: Screen<'_>) -> Html {
    let Some(manifest) = screen.manifest() else { return html! {} };
    let language = language();
    html! {
        <ul class="routes plain">
            { for manifest.other_routes.iter().map(|route| html! {
                <li key={route.name.as_str()}>
                    <p>{ link(&route.url, &route.name) }</p>
                    <p class="hint">{ Manifest::text(&route.text, &language) }</p>
                </li>
            }) }
        </ul>
    }
}

/// A link for the web, mail or telephone; anything else of a manifest is text.
fn link(url: &str, name: &str) -> Html {
    if ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme)) {
        html! { <a href={url.to_owned()} target="_blank" rel="noopener noreferrer">{ name }</a> }
    } else {
        html! { <strong>{ name }</strong> }
    }
}

/// What a screen reader hears.
pub(super) fn announcement(state: &State) -> AttrValue {
    match state.sent.as_ref().map(|sent| (sent.kept, sent.copied)) {
        Some((Some(true), _)) => t(form::KEPT_RIGHT),
        Some((Some(false), _)) => t(form::KEPT_WRONG),
        Some((None, Some(true))) => t(form::CODE_COPIED),
        Some((None, Some(false))) => t(form::CODE_NOT_COPIED),
        _ => AttrValue::default(),
    }
}

/// Text of the file with the code: no name of provider or product, so that a file manager's preview gives nothing away at a glance.
pub fn code_file(sent: &Sent, follow_up: &str) -> String {
    let mut text = format!("{} {}\n\n{} {follow_up}\n\n", t(form::FILE_FIRST), sent.receipt, t(form::FILE_SECOND));
    for due in &sent.due {
        text.push_str(&format!("{}: {}\n", of(form::STATE_, due.state.as_str()), format::day(due.at)));
    }
    text
}
