//! The third column: a case.

use recourse_domain::lifecycle::CaseState;
use recourse_flow::console::{Act, Console, Deadline, Desk, Dock, Msg, OpenCase, Tab, Use};
use recourse_ui::controls::{Button, Tone, Weight, notice};
use recourse_ui::format::day_and_time;
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{console as c, fill, of, t};
use recourse_wire::reviewing::{CaseView, Finding};
use yew::prelude::*;

use crate::desk::category_label;
use crate::parts::{Send, bar, sends, use_chip};
use crate::{dialogue, dock, evidence, report};

/// The case, or what stands in its place until it is read.
pub(crate) fn view(console: &Console, desk: &Desk, open: &OpenCase, frame: &Callback<usize>, send: &Send) -> Html {
    let Some(view) = &open.view else {
        return html! {
            <section class="case" data-testid="case" data-case={open.case.to_string()} aria-labelledby="case-title" aria-busy="true">
                <header class="head">
                    { back(send) }
                    <h2 id="case-title" tabindex="-1">{ t(if open.failed { c::CASE_FAILED } else { c::CASE_LOADING }) }</h2>
                </header>
                if open.failed {
                    { Button::new(Weight::Plain, "case-again", t(c::CASE_AGAIN), sends(send, Msg::Open(open.case))).view() }
                }
            </section>
        };
    };
    let drafts = console.drafts(open.case);
    let panel = match open.tab {
        Tab::Report => report::view(open, view, send),
        Tab::Dialogue => dialogue::view(desk, view),
        Tab::Evidence => evidence::view(open, view, frame, send),
        Tab::Log => dialogue::log(desk, view),
    };
    html! {
        <section class="case" data-testid="case" data-case={open.case.to_string()} data-events={view.summary.events.to_string()}
            aria-labelledby="case-title" aria-busy={open.busy.to_string()}>
            { head(console, desk, open, view, send) }
            { findings(view) }
            { tabs(open, view, send) }
            <div class="body" key="body">
                <div class="panel" role="tabpanel" id="panel" tabindex="0" key={open.tab.as_str()}
                    data-testid={format!("panel-{}", open.tab.as_str())} aria-labelledby={format!("tab-{}", open.tab.as_str())}>
                    { panel }
                </div>
            </div>
            { dock::view(desk, open, view, &drafts, send) }
        </section>
    }
}

fn back(send: &Send) -> Html {
    html! {
        <div class="back">{ Button::new(Weight::Quiet, "case-back", t(c::CASE_BACK), sends(send, Msg::CloseCase)).icon(Icon::Back).view() }</div>
    }
}

fn head(console: &Console, desk: &Desk, open: &OpenCase, view: &CaseView, send: &Send) -> Html {
    let summary = &view.summary;
    let report = view.report.as_ref();
    let title = report.map_or_else(|| short(open), |report| category_label(report.category.primary.as_str()));
    let owner = match summary.assignee.as_deref() {
        None => t(c::CASE_NOBODY),
        Some(key) if key == desk.me.key => t(c::CASE_YOU),
        Some(key) => desk.name_of(key).unwrap_or(key).to_owned().into(),
    };
    let danger = report.is_some_and(|report| report.imminent_danger == Some(recourse_domain::report::Answer::Yes));
    let marks = html! {
        <>
            if danger { <span class="mark danger">{ icon(Icon::Warning) }<span>{ t(c::QUEUE_DANGER) }</span></span> }
            if summary.urgent { <span class="mark">{ icon(Icon::Clock) }<span>{ t(c::QUEUE_URGENT) }</span></span> }
        </>
    };
    html! {
        <header class="head" key="head">
            { back(send) }
            <div class="title">
                { for report.map(|report| use_chip(Use::of(report.purpose.as_str()), false)) }
                <h2 id="case-title" data-testid="case-title" tabindex="-1">{ title }</h2>
                { marks }
            </div>
            <p class="facts">
                <span class="badge" data-testid="case-state" data-state={view.state.as_str()}>{ of(c::STATE_, view.state.as_str()) }</span>
                <span class="clock" data-testid="case-clock">{ clock(console, view) }</span>
                <span>{ fill(c::CASE_RECEIVED, &[("date", &day_and_time(summary.received_at))]) }</span>
                <span>{ fill(c::CASE_NUMBER, &[("case", &short(open))]) }</span>
                if view.shown != view.state {
                    <span>{ fill(c::CASE_SHOWN, &[("state", &of(c::STATE_, view.shown.as_str()))]) }</span>
                }
                <span>{ t(c::CASE_OWNER) }{ ": " }<b data-testid="case-owner" data-owner={summary.assignee.clone()}>{ owner }</b></span>
            </p>
            { acts(desk, open, view, send) }
        </header>
    }
}

fn short(open: &OpenCase) -> String {
    open.case.to_string().chars().take(8).collect()
}

fn clock(console: &Console, view: &CaseView) -> Html {
    let (Some(deadline), Some(due)) = (Deadline::of(&view.summary, console.now), view.summary.due) else {
        return html! { { t(c::CASE_NO_CLOCK) } };
    };
    let key = if deadline.late { c::CASE_LATE } else { c::CASE_DUE };
    let text = fill(key, &[("what", &of(c::STATE_, due.state.as_str())), ("date", &day_and_time(due.at))]);
    html! { <>{ bar(deadline) }<span class={deadline.late.then_some("late-text")}>{ text }</span></> }
}

/// One primary button, the sensible next act; beside it writing, and behind a button all other steps.
fn acts(desk: &Desk, open: &OpenCase, view: &CaseView, send: &Send) -> Html {
    let next = open.next_act();
    let weight = |act: Act| if next == Some(act) { Weight::Primary } else { Weight::Plain };
    let step = |to: CaseState| {
        let click = sends(send, Msg::Dock(Some(Dock::Step(to))));
        Button::new(weight(Act::Step(to)), format!("transition-{to}"), of(c::STEP_, to.as_str()), click)
            .busy(open.busy)
            .view()
    };
    let mine = view.summary.assignee.as_deref() == Some(&*desk.me.key);
    let others: Vec<CaseState> = view
        .next
        .iter()
        .copied()
        .filter(|to| next != Some(Act::Step(*to)) && !to.needs_reporter() && *to != CaseState::Erased)
        .collect();
    let reply = sends(send, Msg::Dock(Some(Dock::Reply)));
    let note = sends(send, Msg::Dock(Some(Dock::Note)));
    html! {
        <div class="acts">
            <div class="row" key="row">
                if view.state.is_open() && !mine {
                    { Button::new(weight(Act::Claim), "case-claim", t(c::CASE_CLAIM), sends(send, Msg::Claim)).busy(open.busy).view() }
                }
                { for next.and_then(|next| if let Act::Step(to) = next { Some(step(to)) } else { None }) }
                { Button::new(weight(Act::Reply), "reply-open", t(c::CASE_REPLY), reply).view() }
                { Button::new(Weight::Plain, "note-open", t(c::CASE_NOTE), note).view() }
                { Button::new(Weight::Plain, "case-assign", t(c::CASE_ASSIGN), sends(send, Msg::Dock(Some(Dock::Assign)))).view() }
                if !others.is_empty() {
                    <button type="button" class="button" data-testid="transition-more" key="more" aria-expanded={open.menu.to_string()}
                        aria-controls="steps" onclick={sends(send, Msg::Menu(!open.menu))}>
                        <span>{ t(c::CASE_STEPS) }</span>{ icon(Icon::Next) }
                    </button>
                }
            </div>
            if open.menu {
                <div class="row steps" id="steps" key="steps">{ for others.into_iter().map(step) }</div>
            }
        </div>
    }
}

/// What does not hold, before everything else.
fn findings(view: &CaseView) -> Html {
    if view.findings.is_empty() {
        return Html::default();
    }
    let line = |(at, finding): (usize, &Finding)| {
        let (id, text) = match finding {
            Finding::BrokenChain { sequence } => {
                ("broken_chain", fill(c::FINDING_BROKEN_CHAIN, &[("sequence", sequence)]))
            }
            Finding::Truncated { seen } => ("truncated", fill(c::FINDING_TRUNCATED, &[("seen", seen)])),
            Finding::NotTheReporter { sequence } => {
                ("not_the_reporter", fill(c::FINDING_NOT_THE_REPORTER, &[("sequence", sequence)]))
            }
            Finding::NotTheReviewer { sequence } => {
                ("not_the_reviewer", fill(c::FINDING_NOT_THE_REVIEWER, &[("sequence", sequence)]))
            }
            Finding::ForgedTransition { sequence } => {
                ("forged_transition", fill(c::FINDING_FORGED_TRANSITION, &[("sequence", sequence)]))
            }
            Finding::Unopened { sequence } => ("unopened", fill(c::FINDING_UNOPENED, &[("sequence", sequence)])),
            Finding::MalformedReport { path } => {
                ("malformed_report", fill(c::FINDING_MALFORMED_REPORT, &[("path", path)]))
            }
        };
        html! { <li key={at} data-testid="finding" data-finding={id}>{ text }</li> }
    };
    let body = html! {
        <>
            <h3>{ t(c::FINDING_TITLE) }</h3>
            <ul>{ for view.findings.iter().enumerate().map(line) }</ul>
            <p>{ t(c::FINDING_ADVICE) }</p>
        </>
    };
    notice(Tone::Danger, "findings", body)
}

fn tabs(open: &OpenCase, view: &CaseView, send: &Send) -> Html {
    let evidence = recourse_flow::console::case::evidence(view).count();
    let moved = send.clone();
    let current = open.tab;
    let onkeydown = move |event: KeyboardEvent| {
        let all = Tab::ALL;
        let at = all.iter().position(|tab| *tab == current).unwrap_or_default();
        let rtl = recourse_glue::document().document_element().and_then(|root| root.get_attribute("dir")).as_deref()
            == Some("rtl");
        let to = match (event.key().as_str(), rtl) {
            ("ArrowRight", false) | ("ArrowLeft", true) => (at + 1) % all.len(),
            ("ArrowLeft", false) | ("ArrowRight", true) => (at + all.len() - 1) % all.len(),
            ("Home", _) => 0,
            ("End", _) => all.len() - 1,
            _ => return,
        };
        event.prevent_default();
        moved.emit(Msg::Tab(all[to]));
        recourse_glue::focus_by_id(&format!("tab-{}", all[to].as_str()));
    };
    let tab = |tab: Tab| {
        let on = open.tab == tab;
        let id = format!("tab-{}", tab.as_str());
        html! {
            <button type="button" role="tab" class="tab" key={tab.as_str()} id={id.clone()} data-testid={id} aria-selected={on.to_string()}
                aria-controls={on.then_some("panel")} tabindex={if on { "0" } else { "-1" }} onclick={sends(send, Msg::Tab(tab))}>
                { of(c::TAB_, tab.as_str()) }
                if tab == Tab::Evidence && evidence > 0 { <span class="count">{ evidence }</span> }
            </button>
        }
    };
    html! {
        <div class="tabs" role="tablist" key="tabs" aria-label={t(c::CASE_TABS)} {onkeydown}>{ for Tab::ALL.into_iter().map(tab) }</div>
    }
}
