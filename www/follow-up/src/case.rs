//! The case as its reporter sees it. Nothing here repeats the report.

use recourse_domain::channel::Manifest;
use recourse_domain::lifecycle::CaseState;
use recourse_flow::follow_up::{Asking, Coming, Done, Msg, OwnCase, Page, Phase};
use recourse_ui::controls::{Button, Field, Kind, Tone, Weight, details, notice};
use recourse_ui::format::{day, day_and_time, language_name, long_day};
use recourse_ui::icons::Icon;
use recourse_ui::text::{fill, find, follow_up as f, language, of, t};
use recourse_wire::engine::{FollowUpEntry, FollowUpWhat};
use yew::prelude::*;

use crate::app::fault_id;
use crate::receipt::trouble_text;

type Send = Callback<Msg>;

/// Everything that the receipt opens.
pub(crate) fn view(page: &Page, case: &OwnCase, send: &Send) -> Html {
    let manifest = &case.view.manifest;
    let tag = language();
    let entry = |entry: &FollowUpEntry| happened(case, entry);
    let coming = case.coming(page.now);
    html! {
        <div class="stack" data-testid="case">
            <div class="stack">
                <h1 id="case-title" tabindex="-1">{ fill(f::CASE_TITLE, &[("provider", &manifest.provider)]) }</h1>
                <p class="soft">{ fill(f::CASE_ABOUT, &[("product", &manifest.product)]) }</p>
            </div>
            if case.view.tampered {
                { notice(Tone::Danger, "tampered", html! { <><h2>{ t(f::CASE_TAMPERED) }</h2><p>{ t(f::CASE_TAMPERED_TEXT) }</p></> }) }
            }
            { trouble(page) }
            { done(case) }
            <div class="card now">
                <span class="label">{ t(f::CASE_NOW) }</span>
                <strong data-testid="case-state" data-state={case.view.state.as_str()}>{ of(f::STATE_, case.view.state.as_str()) }</strong>
                if let Some(next) = coming.first() {
                    { next_line(case, next, manifest) }
                }
            </div>
            <section class="part" aria-labelledby="happened">
                <div class="head">
                    <h2 id="happened">{ t(f::CASE_HAPPENED) }</h2>
                    { Button::new(Weight::Quiet, "reload", t(f::CASE_RELOAD), send.reform(|_| Msg::Reload)).busy(case.busy).view() }
                </div>
                <ol class="timeline plain" data-testid="timeline">{ for case.view.entries.iter().map(entry) }</ol>
            </section>
            <section class="part" aria-labelledby="coming">
                <h2 id="coming">{ t(f::COMING_TITLE) }</h2>
                if coming.is_empty() {
                    <p>{ t(f::COMING_NONE) }</p>
                } else {
                    <ol class="timeline coming plain">{ for coming.iter().map(|coming| comes(case, coming, manifest, &tag)) }</ol>
                }
            </section>
            if case.can_write() { { write(case, manifest, &tag, send) } }
            { acts(case, send) }
            { routes(manifest, &tag) }
            <div class="other">
                { Button::new(Weight::Plain, "close", t(f::CASE_CLOSE), send.reform(|_| Msg::Close)).icon(Icon::Close).view() }
            </div>
        </div>
    }
}

/// What a screen reader hears when something was done.
pub(crate) fn status(page: &Page) -> AttrValue {
    match &page.phase {
        Phase::Case(case) => case.done.map(done_text).unwrap_or_default(),
        Phase::Code { .. } => AttrValue::default(),
    }
}

fn done_text(done: Done) -> AttrValue {
    t(match done {
        Done::Written => f::WRITE_SENT,
        Done::Contested => f::CONTEST_DONE,
        Done::Withdrawn => f::WITHDRAW_DONE,
        Done::Reloaded => f::CASE_RELOADED,
    })
}

fn done(case: &OwnCase) -> Html {
    let Some(done) = case.done.filter(|done| *done != Done::Reloaded) else { return Html::default() };
    let name = match done {
        Done::Written => "write-sent",
        Done::Contested => "contest-done",
        Done::Withdrawn | Done::Reloaded => "withdraw-done",
    };
    html! { <div id="done" key="done" tabindex="-1">{ notice(Tone::Success, name, html! { <p>{ done_text(done) }</p> }) }</div> }
}

fn trouble(page: &Page) -> Html {
    let Some(trouble) = &page.trouble else { return Html::default() };
    html! {
        <div id="trouble" key="trouble" tabindex="-1" role="alert" data-fault={fault_id(trouble)}>
            { notice(Tone::Danger, "write-error", html! { <p>{ trouble_text(trouble) }</p> }) }
        </div>
    }
}

fn next_line(case: &OwnCase, next: &Coming, manifest: &Manifest) -> Html {
    let what = coming_text(case, next.state, &language());
    if next.late {
        return html! {
            <>
                <p>{ fill(f::COMING_NEXT_LATE, &[("what", &what)]) }</p>
                <p class="late-text" data-testid="late">
                    { fill(f::COMING_LATE, &[("date", &day(next.at)), ("provider", &manifest.provider)]) }
                </p>
            </>
        };
    }
    html! { <p>{ fill(f::COMING_NEXT, &[("what", &what), ("date", &day(next.at))]) }</p> }
}

/// What the channel says of a stage, else what the locale says of the state.
fn coming_text(case: &OwnCase, state: CaseState, tag: &str) -> AttrValue {
    let own = case.stage_text(state, tag).trim_end_matches('.');
    if !own.is_empty() {
        return own.to_owned().into();
    }
    find(f::COMING_, state.as_str()).unwrap_or_else(|| of(f::STATE_, state.as_str()))
}

fn comes(case: &OwnCase, coming: &Coming, manifest: &Manifest, tag: &str) -> Html {
    let when = if coming.late {
        html! { <span class="late-text">{ fill(f::COMING_LATE, &[("date", &long_day(coming.at)), ("provider", &manifest.provider)]) }</span> }
    } else {
        html! { <span class="when">{ fill(f::COMING_BY, &[("date", &long_day(coming.at))]) }</span> }
    };
    html! {
        <li key={coming.state.as_str()} class={coming.late.then_some("late")} data-testid="coming" data-state={coming.state.as_str()}
            data-late={coming.late.to_string()}>
            <span class="what">{ coming_text(case, coming.state, tag) }</span>
            { when }
        </li>
    }
}

fn happened(case: &OwnCase, entry: &FollowUpEntry) -> Html {
    let provider = &case.view.manifest.provider;
    let exact = html! { <span class="when">{ day_and_time(entry.at) }</span> };
    // The reporter's own events are kept to the hour.
    let hour = html! { <span class="when">{ fill(f::ENTRY_HOUR, &[("date", &day_and_time(entry.at))]) }</span> };
    let (id, body) = match &entry.what {
        FollowUpWhat::Reported => {
            ("reported", html! { <><span class="what">{ t(f::ENTRY_REPORTED) }</span>{ hour }</> })
        }
        FollowUpWhat::Wrote => (
            "wrote",
            html! { <><span class="what">{ t(f::ENTRY_WROTE) }</span>{ hour }<span class="when">{ t(f::ENTRY_WROTE_HINT) }</span></> },
        ),
        FollowUpWhat::Reply { from, text, language: tag } => {
            let foreign = *tag != language();
            (
                "reply",
                html! {
                    <>
                        <span class="what">{ fill(f::ENTRY_REPLY, &[("name", &format!("{from}, {provider},"))]) }</span>
                        { exact }
                        if foreign { <span class="when">{ fill(f::ENTRY_LANGUAGE, &[("language", &language_name(tag))]) }</span> }
                        <p class="answer typed" data-testid="reply-text" dir="auto" lang={tag.clone()}>{ text }</p>
                    </>
                },
            )
        }
        FollowUpWhat::Moved { to, from, reason } => {
            let reason = reason.as_ref().filter(|reason| !reason.trim().is_empty());
            (
                "moved",
                html! {
                    <>
                        <span class="what">{ of(f::STATE_, to.as_str()) }</span>
                        { exact }
                        if let Some(name) = from {
                            <span class="when">{ fill(f::ENTRY_MOVED_BY, &[("name", name), ("provider", provider)]) }</span>
                        }
                        if let Some(reason) = reason { <p class="answer typed" dir="auto">{ reason }</p> }
                    </>
                },
            )
        }
    };
    html! { <li key={entry.sequence} data-testid="timeline-entry" data-what={id} data-sequence={entry.sequence.to_string()}>{ body }</li> }
}

fn write(case: &OwnCase, manifest: &Manifest, tag: &str, send: &Send) -> Html {
    let idle = case.busy || case.text.trim().is_empty();
    let hours = Manifest::text(&manifest.reading_hours, tag);
    html! {
        <section class="part card" aria-labelledby="write-title" key="write">
            <h2 id="write-title">{ t(f::WRITE_TITLE) }</h2>
            { Field::new(Kind::Area, "write-text", t(f::WRITE_LABEL), case.text.clone(), send.reform(Msg::Text)).hint(t(f::WRITE_HINT)).view() }
            <div class="row">
                { Button::new(Weight::Primary, "write-send", t(if case.busy { f::WRITE_BUSY } else { f::WRITE_SEND }), send.reform(|_| Msg::Send))
                    .busy(idle).view() }
                if !hours.is_empty() { <span class="small-print">{ fill(f::CASE_READING_HOURS, &[("hours", &hours)]) }</span> }
            </div>
        </section>
    }
}

/// Contesting and withdrawing, each asked once more.
fn acts(case: &OwnCase, send: &Send) -> Html {
    let ask = |asking: Option<Asking>| send.reform(move |_| Msg::Ask(asking));
    let confirm = || send.reform(|_| Msg::Confirm);
    match case.asking {
        Some(Asking::Contest) => html! {
            <section class="part card" key="contest" aria-labelledby="contest-title">
                <h2 id="contest-title" tabindex="-1">{ t(f::CONTEST_TITLE) }</h2>
                <p>{ t(f::CONTEST_TEXT) }</p>
                { Field::new(Kind::Area, "contest-text", t(f::CONTEST_LABEL), case.contest.clone(), send.reform(Msg::AskedText)).view() }
                <div class="row">
                    { Button::new(Weight::Primary, "contest-confirm", t(f::CONTEST_CONFIRM), confirm()).busy(case.busy).view() }
                    { Button::new(Weight::Plain, "contest-cancel", t(f::COMMON_CANCEL), ask(None)).view() }
                </div>
            </section>
        },
        Some(Asking::Withdraw) => html! {
            <section class="part card" key="withdraw" aria-labelledby="withdraw-title">
                <h2 id="withdraw-title" tabindex="-1">{ t(f::WITHDRAW_TITLE) }</h2>
                <p>{ t(f::WITHDRAW_TEXT) }</p>
                { Field::new(Kind::Area, "withdraw-text", t(f::WITHDRAW_LABEL), case.withdrawal.clone(), send.reform(Msg::AskedText)).view() }
                <div class="row">
                    { Button::new(Weight::Danger, "withdraw-confirm", t(f::WITHDRAW_CONFIRM), confirm()).busy(case.busy).view() }
                    { Button::new(Weight::Plain, "withdraw-cancel", t(f::WITHDRAW_KEEP), ask(None)).view() }
                </div>
            </section>
        },
        None => html! {
            <div class="row" key="acts">
                if case.can_contest() {
                    { Button::new(Weight::Plain, "contest-open", t(f::CONTEST_OPEN), ask(Some(Asking::Contest))).view() }
                }
                if case.can_withdraw() {
                    { Button::new(Weight::Plain, "withdraw-open", t(f::WITHDRAW_OPEN), ask(Some(Asking::Withdraw))).view() }
                }
            </div>
        },
    }
}

/// Other ways to be heard: always there.
fn routes(manifest: &Manifest, tag: &str) -> Html {
    if manifest.other_routes.is_empty() {
        return Html::default();
    }
    let route = |route: &recourse_domain::channel::OtherRoute| {
        let linked = route.url.starts_with("https://");
        html! {
            <li key={route.name.clone()}>
                if linked {
                    <a href={route.url.clone()} target="_blank" rel="noopener noreferrer">{ &route.name }</a>
                } else {
                    <b>{ &route.name }</b>
                }
                <p>{ Manifest::text(&route.text, tag) }</p>
                if !linked && !route.url.is_empty() { <p class="ltr">{ &route.url }</p> }
            </li>
        }
    };
    details(
        "other-routes",
        t(f::CASE_OTHER_ROUTES),
        html! { <ul class="plain routes">{ for manifest.other_routes.iter().map(route) }</ul> },
    )
}
