//! The case as its reporter sees it. Nothing here repeats the report.

use recourse_domain::channel::{Manifest, OtherRoute};
use recourse_domain::event::ActKind;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_flow::follow_up::{Act, Asking, Coming, Done, Msg, OwnCase, Page, Phase};
use recourse_ui::controls::{Button, Field, Kind, Tone, Weight, details, notice};
use recourse_ui::format::{day, day_and_time, language_name, long_day};
use recourse_ui::icons::Icon;
use recourse_ui::text::{count, fill, find, follow_up as f, language, of, t};
use recourse_wire::engine::{FollowUpEntry, FollowUpWhat};
use yew::prelude::*;

use crate::app::fault_id;
use crate::evidence::Held;
use crate::receipt::trouble_text;
use crate::{acts, evidence};

pub(crate) type Send = Callback<Msg>;

/// Everything that the receipt opens.
pub(crate) fn view(page: &Page, case: &OwnCase, send: &Send, held: Held<'_>) -> Html {
    let manifest = &case.view.manifest;
    let tag = language();
    let now = page.now;
    let coming = case.coming(now);
    let late = coming.first().filter(|next| next.late);
    let entry = |entry: &FollowUpEntry| happened(case, entry);
    html! {
        <div class="stack" data-testid="case">
            <div class="stack" key="head">
                <h1 id="case-title" tabindex="-1">{ fill(f::CASE_TITLE, &[("provider", &manifest.provider)]) }</h1>
                <p class="soft">{ fill(f::CASE_ABOUT, &[("product", &manifest.product)]) }</p>
            </div>
            if case.view.tampered {
                { notice(Tone::Danger, "tampered", html! { <><h2>{ t(f::CASE_TAMPERED) }</h2><p>{ t(f::CASE_TAMPERED_TEXT) }</p></> }) }
            }
            if now > manifest.expires_at {
                { notice(Tone::Warning, "expired", html! { <p>{ fill(f::CASE_EXPIRED, &[("date", &day(manifest.expires_at)),
                    ("days", &Manifest::GRACE_DAYS), ("provider", &manifest.provider)]) }</p> }) }
            }
            { trouble(page, case) }
            { done(case) }
            <div class="card now" key="now">
                <span class="label">{ t(f::CASE_NOW) }</span>
                <strong data-testid="case-state" data-state={case.view.state.as_str()}>{ of(f::STATE_, case.view.state.as_str()) }</strong>
                if let Some(next) = coming.first() {
                    { next_line(case, next) }
                }
            </div>
            if late.is_some() && !manifest.other_routes.is_empty() {
                { notice(Tone::Warning, "late-routes", html! { <><h2>{ t(f::CASE_OTHER_ROUTES) }</h2>{ routes(manifest, &tag) }</> }) }
            }
            { acts::decision(case, now, send) }
            { acts::offers(case, now, send) }
            { acts::delivered(case, now, send) }
            { acts::feedback(case, now, send) }
            <section class="part" aria-labelledby="happened" key="happened">
                <div class="head">
                    <h2 id="happened">{ t(f::CASE_HAPPENED) }</h2>
                    { Button::new(Weight::Quiet, "reload", t(f::CASE_RELOAD), send.reform(|_| Msg::Reload)).busy(case.busy).view() }
                </div>
                <ol class="timeline plain" data-testid="timeline">{ for case.view.entries.iter().map(entry) }</ol>
            </section>
            <section class="part" aria-labelledby="coming" key="coming">
                <h2 id="coming">{ t(f::COMING_TITLE) }</h2>
                if coming.is_empty() {
                    <p>{ t(f::COMING_NONE) }</p>
                } else {
                    <ol class="timeline coming plain">{ for coming.iter().map(|coming| comes(case, coming)) }</ol>
                }
            </section>
            if case.can(Act::Message, now) { { write(case, page, &tag, send) } }
            if case.asking == Some(Asking::Act(Act::Evidence)) { { evidence::view(case, now, send, held) } }
            { acts::others(case, now, send) }
            if late.is_none() && !manifest.other_routes.is_empty() {
                { details("other-routes", t(f::CASE_OTHER_ROUTES), routes(manifest, &tag)) }
            }
            { closing(case, send) }
        </div>
    }
}

/// What a screen reader hears when something was done.
pub(crate) fn status(page: &Page) -> AttrValue {
    let Phase::Case(case) = &page.phase else { return AttrValue::default() };
    let done = case.done.filter(|_| !case.is_adding());
    done.map_or_else(|| evidence::announcement(case), done_text)
}

fn done_text(done: Done) -> AttrValue {
    t(match done {
        Done::Sent(Act::Message) => f::WRITE_SENT,
        Done::Sent(Act::Evidence) => f::MORE_DONE,
        Done::Sent(Act::Accept) => f::ACCEPT_DONE,
        Done::Sent(Act::Contest) => f::CONTEST_DONE,
        Done::Sent(Act::Offer) => f::OFFER_DONE,
        Done::Sent(Act::Delivered) => f::DELIVERED_DONE,
        Done::Sent(Act::Withdraw) => f::WITHDRAW_DONE,
        Done::Sent(Act::Feedback) => f::FEEDBACK_DONE,
        Done::Saved => f::SAVE_DONE,
        Done::Reloaded => f::CASE_RELOADED,
    })
}

fn done(case: &OwnCase) -> Html {
    let Some(done) = case.done.filter(|done| *done != Done::Reloaded) else { return Html::default() };
    let name = match done {
        Done::Sent(Act::Message) => "write-sent",
        Done::Sent(Act::Evidence) => "more-done",
        Done::Sent(Act::Accept) => "accept-done",
        Done::Sent(Act::Contest) => "contest-done",
        Done::Sent(Act::Offer) => "offer-done",
        Done::Sent(Act::Delivered) => "delivered-done",
        Done::Sent(Act::Withdraw) => "withdraw-done",
        Done::Sent(Act::Feedback) => "feedback-done",
        Done::Saved | Done::Reloaded => "save-done",
    };
    html! { <div id="done" key="done" tabindex="-1">{ notice(Tone::Success, name, html! { <p>{ done_text(done) }</p> }) }</div> }
}

fn trouble(page: &Page, case: &OwnCase) -> Html {
    let Some(trouble) = &page.trouble else { return Html::default() };
    html! {
        <div id="trouble" key="trouble" tabindex="-1" role="alert" data-fault={fault_id(trouble)}>
            { notice(Tone::Danger, "write-error", html! { <p>{ trouble_text(trouble, &case.more.evidence.files) }</p> }) }
        </div>
    }
}

fn next_line(case: &OwnCase, next: &Coming) -> Html {
    let what = coming_text(case, next.state);
    if next.late {
        return html! {
            <>
                <p>{ fill(f::COMING_NEXT_LATE, &[("what", &what)]) }</p>
                <p class="late-text" data-testid="late">
                    { fill(f::COMING_LATE, &[("date", &day(next.at)), ("provider", &case.view.manifest.provider)]) }
                </p>
            </>
        };
    }
    html! { <p>{ fill(f::COMING_NEXT, &[("what", &what), ("date", &day(next.at))]) }</p> }
}

/// What the channel says of a stage, else what the locale says of the state.
fn coming_text(case: &OwnCase, state: CaseState) -> AttrValue {
    let tag = language();
    let own = case.stage_text(state, &tag).trim_end_matches('.');
    if !own.is_empty() {
        return own.to_owned().into();
    }
    find(f::COMING_, state.as_str()).unwrap_or_else(|| of(f::STATE_, state.as_str()))
}

/// What comes next and by when, as a sentence.
pub(crate) fn coming_line(case: &OwnCase, coming: &Coming) -> String {
    let when = if coming.late {
        fill(f::COMING_LATE, &[("date", &long_day(coming.at)), ("provider", &case.view.manifest.provider)])
    } else {
        fill(f::COMING_BY, &[("date", &long_day(coming.at))])
    };
    format!("{}: {when}", coming_text(case, coming.state))
}

fn comes(case: &OwnCase, coming: &Coming) -> Html {
    let provider = &case.view.manifest.provider;
    let when = if coming.late {
        html! { <span class="late-text">{ fill(f::COMING_LATE, &[("date", &long_day(coming.at)), ("provider", provider)]) }</span> }
    } else {
        html! { <span class="when">{ fill(f::COMING_BY, &[("date", &long_day(coming.at))]) }</span> }
    };
    html! {
        <li key={coming.state.as_str()} class={coming.late.then_some("late")} data-testid="coming" data-state={coming.state.as_str()}
            data-late={coming.late.to_string()}>
            <span class="what">{ coming_text(case, coming.state) }</span>
            { when }
        </li>
    }
}

/// What an act of the reporter is called afterwards.
pub(crate) fn act_text(act: ActKind) -> AttrValue {
    t(match act {
        ActKind::EvidenceAdded => f::ENTRY_EVIDENCE_ADDED,
        ActKind::DecisionAccepted => f::ENTRY_DECISION_ACCEPTED,
        ActKind::RemedyAnswered => f::ENTRY_REMEDY_ANSWERED,
        ActKind::RemedyConfirmed => f::ENTRY_REMEDY_CONFIRMED,
        ActKind::Feedback => f::ENTRY_FEEDBACK,
        ActKind::PurposeChanged => f::ENTRY_PURPOSE_CHANGED,
        ActKind::Report => f::ENTRY_REPORTED,
        ActKind::Message | ActKind::Contested | ActKind::Withdrawn => f::ENTRY_WROTE,
    })
}

/// Remedies in words, one after the other.
pub(crate) fn remedies_text(remedies: &[Remedy]) -> String {
    remedies.iter().map(|remedy| of(f::REMEDY_, remedy.as_str()).to_string()).collect::<Vec<_>>().join("; ")
}

fn happened(case: &OwnCase, entry: &FollowUpEntry) -> Html {
    let provider = &case.view.manifest.provider;
    // The reporter's own events are kept to the hour.
    let hour = || html! { <span class="when">{ fill(f::ENTRY_HOUR, &[("date", &day_and_time(entry.at))]) }</span> };
    let exact = || html! { <span class="when">{ day_and_time(entry.at) }</span> };
    let (id, body) = match &entry.what {
        FollowUpWhat::Reported => {
            ("reported", html! { <><span class="what">{ t(f::ENTRY_REPORTED) }</span>{ hour() }</> })
        }
        FollowUpWhat::Wrote { act } => (
            "wrote",
            html! { <><span class="what">{ act_text(*act) }</span>{ hour() }<span class="when">{ t(f::ENTRY_WROTE_HINT) }</span></> },
        ),
        FollowUpWhat::Reply { from, text, language: tag } => {
            let foreign = *tag != language();
            (
                "reply",
                html! {
                    <>
                        <span class="what">{ fill(f::ENTRY_REPLY, &[("name", &format!("{from}, {provider},"))]) }</span>
                        { exact() }
                        if foreign { <span class="when">{ fill(f::ENTRY_LANGUAGE, &[("language", &language_name(tag))]) }</span> }
                        <p class="answer typed" data-testid="reply-text" dir="auto" lang={tag.clone()}>{ text }</p>
                    </>
                },
            )
        }
        FollowUpWhat::Moved { to, from, reason, remedies, .. } => {
            let above = case.decision().is_some_and(|decision| decision.sequence == entry.sequence);
            let reason = reason.as_ref().filter(|reason| !above && !reason.trim().is_empty());
            let offered = if *to == CaseState::Remedied { f::ENTRY_DELIVERED } else { f::ENTRY_OFFERED };
            let when = if to.needs_reporter() { hour() } else { exact() };
            let unconfirmed = *to == CaseState::Closed && from.is_none() && case.is_unconfirmed();
            (
                "moved",
                html! {
                    <>
                        <span class="what">{ of(f::STATE_, to.as_str()) }</span>
                        { when }
                        if let Some(name) = from {
                            <span class="when">{ fill(f::ENTRY_MOVED_BY, &[("name", name), ("provider", provider)]) }</span>
                        }
                        if unconfirmed { <span class="when" data-testid="unconfirmed">{ t(f::ENTRY_UNCONFIRMED) }</span> }
                        if above {
                            <span class="when">{ t(f::ENTRY_DECISION_ABOVE) }</span>
                        } else if !remedies.is_empty() {
                            <span class="when">{ fill(offered, &[("remedies", &remedies_text(remedies))]) }</span>
                        }
                        if let Some(reason) = reason { <p class="answer typed" dir="auto">{ reason }</p> }
                    </>
                },
            )
        }
    };
    let act = if let FollowUpWhat::Wrote { act } = &entry.what { Some(act.as_str()) } else { None };
    html! {
        <li key={entry.sequence} data-testid="timeline-entry" data-what={id} data-act={act} data-sequence={entry.sequence.to_string()}>
            { body }
        </li>
    }
}

/// A field for the words of an act, with what is wrong with them.
pub(crate) fn words(case: &OwnCase, act: Act, id: &'static str, label: AttrValue, send: &Send) -> Field {
    let excess = case.excess(act);
    let fault = (excess > 0).then(|| fill(f::FAULT_TEXT_LONG, &[("count", &excess)]));
    let input = send.reform(move |text| Msg::Text(act, text));
    Field::new(Kind::Area, id, label, case.text(act).to_owned(), input).fault(fault)
}

fn write(case: &OwnCase, page: &Page, tag: &str, send: &Send) -> Html {
    let hours = Manifest::text(&case.view.manifest.reading_hours, tag);
    let adding = case.asking == Some(Asking::Act(Act::Evidence));
    let more = send.reform(|_| Msg::Ask(Some(Asking::Act(Act::Evidence))));
    let files = case.more.evidence.files.len() as u32;
    html! {
        <section class="part card" aria-labelledby="write-title" key="write">
            <h2 id="write-title">{ t(f::WRITE_TITLE) }</h2>
            if case.view.state == CaseState::NeedsInfo {
                { notice(Tone::Info, "write-asked", html! { <p>{ t(f::WRITE_ASKED) }</p> }) }
            }
            { words(case, Act::Message, "write-text", t(f::WRITE_LABEL), send).hint(t(f::WRITE_HINT)).view() }
            <div class="row">
                { Button::new(Weight::Primary, "write-send", t(if case.busy { f::WRITE_BUSY } else { f::WRITE_SEND }),
                    send.reform(|_| Msg::Send(Act::Message))).busy(!case.is_ready(Act::Message, page.now)).view() }
                if case.can(Act::Evidence, page.now) && !adding {
                    { Button::new(Weight::Plain, "more-open", t(f::MORE_OPEN), more).icon(Icon::Plus).view() }
                    if files > 0 { <span class="small-print">{ count(f::MORE_COUNT, files) }</span> }
                }
            </div>
            if !hours.is_empty() { <p class="small-print">{ fill(f::CASE_READING_HOURS, &[("hours", &hours)]) }</p> }
        </section>
    }
}

/// Closing, which asks where something would be lost.
fn closing(case: &OwnCase, send: &Send) -> Html {
    let close = send.reform(|_| Msg::Close);
    if case.asking == Some(Asking::Close) {
        return html! {
            <section class="part card" key="closing" aria-labelledby="asking-title">
                <h2 id="asking-title" tabindex="-1">{ t(f::CLOSE_TITLE) }</h2>
                <p>{ t(f::CLOSE_TEXT) }</p>
                <div class="row">
                    { Button::new(Weight::Danger, "close-confirm", t(f::CLOSE_CONFIRM), close).view() }
                    { Button::new(Weight::Plain, "close-keep", t(f::CLOSE_KEEP), send.reform(|_| Msg::Ask(None))).view() }
                </div>
            </section>
        };
    }
    html! {
        <div class="other" key="close">
            { Button::new(Weight::Plain, "close", t(f::CASE_CLOSE), close).icon(Icon::Close).view() }
        </div>
    }
}

/// Other ways to be heard: always there, and unfolded where this one is late.
fn routes(manifest: &Manifest, tag: &str) -> Html {
    let route = |route: &OtherRoute| {
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
    html! { <ul class="plain routes">{ for manifest.other_routes.iter().map(route) }</ul> }
}
