//! What was said, and the log of everything that happened.

use recourse_domain::content::{ReporterContent, TeamContent};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::remedy::RemedyState;
use recourse_domain::report::Remedy;
use recourse_flow::console::Desk;
use recourse_flow::console::case::{outcomes, told};
use recourse_flow::console::rights::slug;
use recourse_ui::format::day_and_time;
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{console as c, count, fill, find, of, t};
use recourse_wire::reviewing::{CaseEntry, CaseView, CaseWhat};
use yew::prelude::*;

use crate::parts::typed;

/// Messages, notes and decisions, oldest first.
pub(crate) fn view(desk: &Desk, view: &CaseView) -> Html {
    let said: Vec<Html> =
        view.entries.iter().zip(told(view)).filter_map(|(entry, told)| message(desk, view, entry, told)).collect();
    if said.is_empty() {
        return html! { <p class="nothing">{ t(c::DIALOGUE_NONE) }</p> };
    }
    html! { <>{ remedies(view) }<ol class="messages plain">{ for said }</ol></> }
}

/// How far each remedy is. Only the reporter's own signature makes one confirmed.
fn remedies(view: &CaseView) -> Html {
    let all = outcomes(view);
    if all.is_empty() {
        return Html::default();
    }
    let one = |(remedy, state): &(Remedy, RemedyState)| {
        html! {
            <li key={remedy.as_str()} data-testid="remedy" data-remedy={remedy.as_str()} data-state={state.as_str()}>
                { of(c::REMEDY_, remedy.as_str()) }{ ": " }<b>{ of(c::REMEDY_STATE_, state.as_str()) }</b>
            </li>
        }
    };
    html! {
        <section class="remedies" aria-labelledby="remedies-title">
            <h3 id="remedies-title">{ t(c::DIALOGUE_REMEDIES) }</h3>
            <ul>{ for all.iter().map(one) }</ul>
        </section>
    }
}

/// What was answered, before the words.
fn answers(content: &ReporterContent) -> Html {
    let line = |label: AttrValue, answer: AttrValue| html! { <li>{ label }{ ": " }<b>{ answer }</b></li> };
    let lines: Vec<Html> = match content {
        ReporterContent::RemedyAnswered { answers, .. } | ReporterContent::RemedyConfirmed { answers, .. } => {
            let (yes, no) = match content {
                ReporterContent::RemedyAnswered { .. } => (RemedyState::Accepted, RemedyState::Declined),
                _ => (RemedyState::Verified, RemedyState::NotDone),
            };
            let state = |yes_it_is| of(c::REMEDY_STATE_, if yes_it_is { yes } else { no }.as_str());
            answers.iter().map(|answer| line(of(c::REMEDY_, answer.remedy.as_str()), state(answer.yes))).collect()
        }
        ReporterContent::Feedback { heard, fair, .. } => [(c::DIALOGUE_HEARD, heard), (c::DIALOGUE_FAIR, fair)]
            .into_iter()
            .filter_map(|(label, degree)| Some(line(t(label), of(c::DEGREE_, (*degree)?.as_str()))))
            .collect(),
        ReporterContent::EvidenceAdded { evidence, .. } => {
            return html! { <p data-testid="added">{ count(c::DIALOGUE_ADDED, evidence.len() as u32) }</p> };
        }
        _ => return Html::default(),
    };
    html! { <ul data-testid="answers">{ for lines }</ul> }
}

fn message(desk: &Desk, view: &CaseView, entry: &CaseEntry, told: bool) -> Option<Html> {
    let of_report = view.report.as_ref().map(|report| report.language.as_str());
    let (from, mark, head, body) = match &entry.what {
        CaseWhat::Reporter { content } => {
            let head = match content {
                ReporterContent::Message { .. } => None,
                content => find(c::DIALOGUE_, content.act().as_str()),
            };
            let body = html! {
                <>
                    { answers(content) }
                    if !content.text().is_empty() { { typed(content.text(), of_report) } }
                    // It was folded, so it is: what does not verify is a finding and shows nothing.
                    <p class="small-print verified" data-testid="signed">{ icon(Icon::Check) }<span>{ t(c::DIALOGUE_SIGNED) }</span></p>
                </>
            };
            ("reporter", Icon::People, head, body)
        }
        CaseWhat::Team { content: TeamContent::Reply { text, language } } => {
            let foreign = of_report.is_some_and(|tag| tag != language);
            let head =
                foreign.then(|| fill(c::DIALOGUE_LANGUAGE, &[("language", &crate::dock::language_name(language))]));
            ("team", Icon::Next, head, typed(text, Some(language)))
        }
        CaseWhat::Team { content: TeamContent::Note { text } } => ("note", Icon::Lock, None, typed(text, None)),
        CaseWhat::Team { content: TeamContent::Transition { to, reason, rights_considered, remedies } } => {
            let from = if told { "team" } else { "note" };
            let rights: Vec<String> = rights_considered
                .iter()
                .map(|id| find(c::RIGHT_, &slug(id)).map_or_else(|| id.clone(), |label| label.to_string()))
                .collect();
            let body = html! {
                <>
                    { typed(reason, None) }
                    if !rights.is_empty() {
                        <p class="small-print">{ fill(c::DIALOGUE_RIGHTS, &[("rights", &rights.join(", "))]) }</p>
                    }
                    if !remedies.is_empty() {
                        <p class="small-print">
                            { t(if *to == CaseState::Remedied { c::DIALOGUE_DELIVERED } else { c::DIALOGUE_OFFERED }) }{ ": " }
                            { remedies.iter().map(|remedy| of(c::REMEDY_, remedy.as_str()).to_string()).collect::<Vec<_>>().join(", ") }
                        </p>
                    }
                </>
            };
            let mark = if from == "note" { Icon::Lock } else { Icon::Next };
            (from, mark, Some(fill(c::DIALOGUE_MOVED, &[("state", &of(c::STATE_, to.as_str()))])), body)
        }
        _ => return None,
    };
    let label = of(c::DIALOGUE_, from);
    Some(html! {
        <li key={entry.sequence} class={classes!("message", from)} data-testid="message" data-from={from}>
            <p class="by">
                { icon(mark) }<strong>{ label }</strong>
                if from != "reporter" { <span>{ author(desk, entry) }</span> }
                <time>{ day_and_time(entry.at) }</time>
            </p>
            if let Some(head) = head { <p><b>{ head }</b></p> }
            { body }
        </li>
    })
}

/// Everything, oldest first.
pub(crate) fn log(desk: &Desk, view: &CaseView) -> Html {
    let row = |entry: &CaseEntry| {
        let (id, text) = what(desk, entry);
        html! {
            <tr key={entry.sequence} data-testid="log-entry" data-sequence={entry.sequence.to_string()} data-what={id}>
                <td class="number">{ entry.sequence }</td>
                <td>{ text }</td>
                <td>{ author(desk, entry) }</td>
                <td class="time"><time>{ day_and_time(entry.at) }</time></td>
            </tr>
        }
    };
    html! {
        <table class="log">
            <thead><tr>
                <th scope="col">{ t(c::LOG_NUMBER) }</th><th scope="col">{ t(c::LOG_WHAT) }</th>
                <th scope="col">{ t(c::LOG_WHO) }</th><th scope="col">{ t(c::LOG_WHEN) }</th>
            </tr></thead>
            <tbody>{ for view.entries.iter().map(row) }</tbody>
        </table>
    }
}

fn what(desk: &Desk, entry: &CaseEntry) -> (&'static str, AttrValue) {
    match &entry.what {
        CaseWhat::Reported => ("reported", t(c::LOG_REPORTED)),
        CaseWhat::Reporter { content } => {
            let id = content.act().as_str();
            (id, of(c::LOG_, id))
        }
        CaseWhat::Team { content } => match content {
            TeamContent::Reply { .. } => ("reply", t(c::LOG_REPLY)),
            TeamContent::Note { .. } => ("note", t(c::LOG_NOTE)),
            TeamContent::Transition { to, .. } => {
                ("transition", fill(c::LOG_TRANSITION, &[("to", &of(c::STATE_, to.as_str()))]))
            }
            TeamContent::Assigned { owner: None } => ("assigned", t(c::LOG_ASSIGNED_NOBODY)),
            TeamContent::Assigned { owner: Some(key) } => {
                ("assigned", fill(c::LOG_ASSIGNED, &[("name", &desk.name_of(key).unwrap_or(key))]))
            }
            TeamContent::ContactOpened { reason } => {
                ("contact_opened", fill(c::LOG_CONTACT_OPENED, &[("reason", reason)]))
            }
        },
        CaseWhat::Automatic { to } => ("automatic", fill(c::LOG_AUTOMATIC, &[("to", &of(c::STATE_, to.as_str()))])),
        CaseWhat::Unreadable => ("unreadable", t(c::LOG_UNREADABLE)),
    }
}

fn author(desk: &Desk, entry: &CaseEntry) -> AttrValue {
    match (&entry.reviewer, &entry.what) {
        (Some(key), _) => desk.name_of(key).unwrap_or(key).to_owned().into(),
        (None, CaseWhat::Reported | CaseWhat::Reporter { .. }) => t(c::LOG_REPORTER),
        (None, _) => t(c::LOG_SERVER),
    }
}
