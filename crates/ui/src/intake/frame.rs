//! What is always there: title, steps, the way out, and around the screen of the moment.

use recourse_flow::intake::{Channel, Gone, Line, Msg, Question, Sending, Step, Wrong};
use recourse_wire::engine::Progress;
use yew::prelude::*;

use super::{Input, Screen, check, evidence, gone, happened, sent, start, what, who};
use crate::controls::{Button, Weight, error_summary, live};
use crate::icons::{Icon, icon};
use crate::text::{fill, form, of, t};

/// The whole form.
pub fn view(screen: Screen<'_>) -> Html {
    let state = screen.state;
    match state.gone {
        // A blank page, and nothing that could be read over a shoulder.
        Some(Gone::Left) => return html! {},
        Some(Gone::Closed) => return gone::closed(),
        None => {}
    }
    let (name, body) = match &state.channel {
        Channel::Loading => ("loading", gone::loading()),
        Channel::Shut(why) => ("unavailable", gone::unavailable(screen, *why)),
        Channel::Open(_) => (state.step.as_str(), step(screen)),
    };
    let asking = state.asking.is_some();
    html! {
        <div class="form">
            <div class="behind" key="behind" inert={asking}>
                { header(screen) }
                <main key={name} data-testid={format!("screen-{name}")} class="screen stack">{ body }</main>
            </div>
            { for state.asking.map(|question| ask(screen, question)) }
            { live(announcement(screen)) }
        </div>
    }
}

fn header(screen: Screen<'_>) -> Html {
    let open = matches!(screen.state.channel, Channel::Open(_));
    html! {
        <header key="header" class="head no-print">
            <div class="bar">
                <div class="title">
                    <span class="title-main">{ t(form::FRAME_TITLE) }</span>
                    { for open.then(|| html! { <span class="title-to">{ fill(form::FRAME_TO, &[("provider", &screen.provider())]) }</span> }) }
                </div>
                <div class="exits">
                    <button key="quick-exit" type="button" class="button exit" data-testid="quick-exit" title={t(form::FRAME_LEAVE_HINT)}
                        onclick={screen.click(|| Msg::QuickExit)}>{ icon(Icon::Leave) }<span>{ t(form::FRAME_LEAVE) }</span></button>
                    { for screen.framed.then(|| html! {
                        <button key="close" type="button" class="button icon-only" data-testid="close" aria-label={t(form::COMMON_CLOSE)}
                            onclick={screen.click(|| Msg::Close)}>{ icon(Icon::Close) }</button>
                    }) }
                </div>
            </div>
            { for open.then(|| steps(screen)) }
        </header>
    }
}

fn steps(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let now = state.step;
    // Any order, once it is known what the report is for; after sending nothing leads back.
    let free = state.draft.purpose.is_some() && state.sent.is_none();
    let items = Step::ALL.into_iter().map(|step| {
        let label = format!("{}. {}", step.number(), of(form::STEP_, step.as_str()));
        let class = match step.cmp(&now) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "to-come",
        };
        let inner = if free && step != Step::Sent && step != now {
            html! { <button type="button" aria-label={label.clone()} title={label} onclick={screen.click(move || Msg::GoTo(step))}><span></span></button> }
        } else {
            html! { <span class="still"><span></span></span> }
        };
        html! { <li {class} key={step.as_str()} aria-current={(step == now).then_some("step")}>{ inner }</li> }
    });
    html! {
        <div class="progress-line" key="steps">
            <p class="step-count" data-testid="step-count">
                <span>{ fill(form::FRAME_STEP, &[("number", &now.number()), ("total", &Step::ALL.len())]) }</span>
                <span class="step-name" aria-hidden="true">{ of(form::STEP_, now.as_str()) }</span>
            </p>
            <nav aria-label={t(form::FRAME_STEPS)}><ol class="steps plain">{ for items }</ol></nav>
        </div>
    }
}

fn step(screen: Screen<'_>) -> Html {
    let step = screen.state.step;
    let title = match step {
        Step::Start => t(form::START_TITLE),
        Step::Who => t(form::WHO_TITLE),
        Step::What => t(form::WHAT_TITLE),
        Step::WhatHappened => t(form::HAPPENED_TITLE),
        Step::Evidence => t(form::EVIDENCE_TITLE),
        Step::Check => t(form::CHECK_TITLE),
        Step::Sent => t(form::SENT_TITLE),
    };
    let body = match step {
        Step::Start => start::view(screen),
        Step::Who => who::view(screen),
        Step::What => what::view(screen),
        Step::WhatHappened => happened::view(screen),
        Step::Evidence => evidence::view(screen),
        Step::Check => check::view(screen),
        Step::Sent => sent::view(screen),
    };
    html! {
        <>
            { for summary(screen) }
            <h1 key="heading" id="step-heading" data-testid="step-heading" tabindex="-1">{ title }</h1>
            <div key={step.as_str()} class="stack">{ body }</div>
            { ways(screen) }
        </>
    }
}

/// *Continue* and *Back*. Each step's buttons have keys of their own, so that no click ends on a button that has just become another.
fn ways(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let step = state.step;
    let next = step.next().is_some() && (step != Step::Start || state.draft.purpose.is_some());
    let next = next.then(|| Button::new(Weight::Primary, "next", t(form::COMMON_CONTINUE), screen.click(|| Msg::Next)).view());
    let back = step.back().map(|_| {
        Button::new(Weight::Quiet, "back", t(form::COMMON_BACK), screen.click(|| Msg::Back)).icon(Icon::Back).view()
    });
    if next.is_none() && back.is_none() {
        return html! {};
    }
    html! { <div class="ways no-print" key={format!("ways-{}", step.as_str())}>{ for next }{ for back }</div> }
}

fn summary(screen: Screen<'_>) -> Option<Html> {
    let faults: Vec<(AttrValue, AttrValue)> =
        screen.state.faults.iter().map(|fault| (fault.field.clone().into(), wrong(fault.wrong))).collect();
    let jump = screen.send.reform(|field: AttrValue| Input::Msg(Msg::GoToField(field.to_string())));
    (!faults.is_empty()).then(|| error_summary(t(form::SUMMARY_TITLE), &faults, &jump))
}

/// What is wrong with a field, to stand beside it.
pub(super) fn fault_of(screen: Screen<'_>, field: &str) -> Option<AttrValue> {
    screen.state.faults.iter().find(|fault| fault.field == field).map(|fault| wrong(fault.wrong))
}

fn wrong(wrong: Wrong) -> AttrValue {
    match wrong {
        Wrong::NoDoor => t(form::FAULT_NO_DOOR),
        Wrong::NothingSaid => t(form::FAULT_NOTHING_SAID),
        Wrong::TooLong(limit) => fill(form::FAULT_TOO_LONG, &[("limit", &limit)]),
        Wrong::NotANumber => t(form::FAULT_NOT_A_NUMBER),
        Wrong::NoName => t(form::FAULT_NO_NAME),
        Wrong::AllTooLong => t(form::FAULT_ALL_TOO_LONG),
        Wrong::FilesRefused => t(form::FAULT_FILES_REFUSED),
        Wrong::FilesTooLarge => t(form::FAULT_FILES_TOO_LARGE),
    }
}

fn ask(screen: Screen<'_>, question: Question) -> Html {
    let (title, text, yes, no) = match question {
        Question::Unsent => (form::ASK_UNSENT_TITLE, t(form::ASK_UNSENT), form::ASK_UNSENT_YES, form::ASK_UNSENT_NO),
        Question::CodeNotKept => (
            form::ASK_CODE_TITLE,
            fill(form::ASK_CODE, &[("provider", &screen.provider())]),
            form::ASK_CODE_YES,
            form::ASK_CODE_NO,
        ),
    };
    let stay = Button::new(Weight::Primary, "leave-cancel", t(no), screen.click(|| Msg::LeaveCancelled));
    let leave = Button::new(Weight::Plain, "leave-confirm", t(yes), screen.click(|| Msg::LeaveConfirmed));
    html! {
        <div class="veil" key="ask">
            <div class="card asking stack medium" role="alertdialog" aria-modal="true" aria-labelledby="ask-title" aria-describedby="ask-text"
                data-testid="leave-dialog">
                <h2 id="ask-title">{ t(title) }</h2>
                <p id="ask-text">{ text }</p>
                <div class="row">{ stay.with_id().view() }{ leave.view() }</div>
            </div>
        </div>
    }
}

/// What a screen reader hears without moving.
fn announcement(screen: Screen<'_>) -> AttrValue {
    let state = screen.state;
    match &state.sending {
        Sending::Busy(progress) => return progress_text(progress.as_ref(), false),
        Sending::Renewing => return t(form::TROUBLE_RENEWING),
        _ => {}
    }
    match state.step {
        Step::What if !state.query.trim().is_empty() => what::found(screen),
        Step::Evidence if state.files_dropped => t(form::EVIDENCE_DROPPED),
        Step::Sent => sent::announcement(state),
        _ => AttrValue::default(),
    }
}

/// Where sending is; percents are for the eyes only.
pub(super) fn progress_text(progress: Option<&Progress>, percents: bool) -> AttrValue {
    match progress {
        Some(Progress::Uploading { sent, total, .. }) if percents => {
            fill(form::PROGRESS_UPLOADING, &[("percent", &(sent * 100 / (*total).max(1)))])
        }
        Some(Progress::Uploading { .. }) | None => t(form::SEND_BUSY),
        Some(Progress::Sealing) => t(form::PROGRESS_SEALING),
        Some(Progress::Sending) => t(form::PROGRESS_SENDING),
    }
}

/// Whether a line under the text is open.
pub(super) fn is_open(screen: Screen<'_>, line: Line) -> bool {
    screen.state.lines.contains(&line)
}
