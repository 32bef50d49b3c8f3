//! What the reporter is asked, and what they can do: the decision, the remedies, the feedback, and what asks once more before it is done.

use recourse_domain::report::Remedy;
use recourse_domain::time::Timestamp;
use recourse_flow::console::rights::slug;
use recourse_flow::follow_up::{Act, Asking, Degree, Msg, OwnCase};
use recourse_ui::controls::{Button, Choice, Choices, Shape, Tone, Weight, notice};
use recourse_ui::format::{day, long_day};
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{Key, fill, find, follow_up as f, of, t};
use recourse_wire::engine::FollowUpWhat;
use yew::prelude::*;

use crate::case::{Send, remedies_text, words};
use crate::save::FILE_NAME;

const DEGREES: [Degree; 3] = Degree::ALL;

/// The decision that holds, whole, and what can be done about it.
pub(crate) fn decision(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    let asking = match case.asking {
        Some(Asking::Act(act @ (Act::Accept | Act::Contest))) => Some(act),
        _ => None,
    };
    let entry = case.decision().map(|entry| (entry.at, &entry.what));
    let Some((at, FollowUpWhat::Moved { from, reason, rights, remedies, .. })) = entry else {
        // Set aside without one, as spam or out of scope: that can be contested, too.
        if !case.can(Act::Contest, now) {
            return Html::default();
        }
        return html! {
            <section class="part card" key="decision" aria-labelledby="decision-title" data-testid="decision">
                <h2 id="decision-title">{ of(f::STATE_, case.view.state.as_str()) }</h2>
                { until(case, now) }
                { asking.map_or_else(|| ways(case, now, send), |act| ask(case, act, now, send)) }
            </section>
        };
    };
    let provider = &case.view.manifest.provider;
    let reason = reason.as_deref().unwrap_or_default().trim();
    let rights: Vec<String> = rights
        .iter()
        .map(|id| find(f::RIGHT_, &slug(id)).map_or_else(|| id.clone(), |label| label.to_string()))
        .collect();
    let pending = case.view.state == recourse_domain::lifecycle::CaseState::Appealed;
    html! {
        <section class="part card" key="decision" aria-labelledby="decision-title" data-testid="decision">
            <div>
                <h2 id="decision-title">{ t(f::DECISION_TITLE) }</h2>
                if let Some(name) = from {
                    <p class="small-print">{ fill(f::DECISION_BY, &[("name", name), ("provider", provider), ("date", &day(at))]) }</p>
                }
            </div>
            <div class="fact">
                <h3>{ t(f::DECISION_REASONS) }</h3>
                if reason.is_empty() {
                    <p>{ t(f::DECISION_NO_REASONS) }</p>
                } else {
                    <p class="answer typed" dir="auto" data-testid="decision-reasons">{ reason }</p>
                }
            </div>
            if !rights.is_empty() {
                <div class="fact" data-testid="decision-rights">
                    <h3>{ t(f::DECISION_RIGHTS) }</h3>
                    <ul class="bullets">{ for rights.iter().map(|right| html! { <li>{ right }</li> }) }</ul>
                </div>
            }
            if !remedies.is_empty() {
                <div class="fact" data-testid="decision-remedies">
                    <h3>{ t(f::DECISION_OFFERED) }</h3>
                    <ul class="bullets">{ for remedies.iter().map(|remedy| html! { <li>{ of(f::REMEDY_, remedy.as_str()) }</li> }) }</ul>
                </div>
            }
            if let Some(at) = case.accepted() {
                <p class="settled" data-testid="accepted">{ icon(Icon::Check) }<span>{ fill(f::DECISION_ACCEPTED, &[("date", &day(at))]) }</span></p>
            }
            if pending { <p data-testid="appealed">{ t(f::DECISION_APPEALED) }</p> } else { { until(case, now) } }
            { asking.map_or_else(|| ways(case, now, send), |act| ask(case, act, now, send)) }
        </section>
    }
}

/// Until when it can be contested, or that it no longer can.
fn until(case: &OwnCase, now: Timestamp) -> Html {
    let Some(at) = case.contest_until().filter(|at| case.can(Act::Contest, now) || now > *at) else {
        return Html::default();
    };
    let (over, text) = if now > at { (true, f::DECISION_CONTEST_OVER) } else { (false, f::DECISION_CONTEST_UNTIL) };
    html! { <p class="small-print" data-testid="contest-until" data-over={over.to_string()}>{ fill(text, &[("date", &long_day(at))]) }</p> }
}

fn ways(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    let open = |act| send.reform(move |_| Msg::Ask(Some(Asking::Act(act))));
    let (accept, contest) = (case.can(Act::Accept, now), case.can(Act::Contest, now));
    if !accept && !contest {
        return Html::default();
    }
    html! {
        <div class="row" key="ways">
            if accept { { Button::new(Weight::Plain, "accept-open", t(f::ACCEPT_OPEN), open(Act::Accept)).view() } }
            if contest { { Button::new(Weight::Plain, "contest-open", t(f::CONTEST_OPEN), open(Act::Contest)).view() } }
        </div>
    }
}

/// Asks once more, with words if one likes.
fn ask(case: &OwnCase, act: Act, now: Timestamp, send: &Send) -> Html {
    let date = case.contest_until().map(long_day).unwrap_or_default();
    let (name, title, text, label, confirm, keep, weight) = match act {
        Act::Accept => {
            let text = fill(f::ACCEPT_TEXT, &[("date", &date)]);
            (ACCEPT, f::ACCEPT_TITLE, text, f::ACCEPT_LABEL, f::ACCEPT_CONFIRM, f::COMMON_CANCEL, Weight::Primary)
        }
        Act::Contest => {
            let text = t(f::CONTEST_TEXT);
            (CONTEST, f::CONTEST_TITLE, text, f::CONTEST_LABEL, f::CONTEST_CONFIRM, f::COMMON_CANCEL, Weight::Primary)
        }
        _ => {
            let text = t(f::WITHDRAW_TEXT);
            (
                WITHDRAW,
                f::WITHDRAW_TITLE,
                text,
                f::WITHDRAW_LABEL,
                f::WITHDRAW_CONFIRM,
                f::WITHDRAW_KEEP,
                Weight::Danger,
            )
        }
    };
    let confirm = if case.busy { t(f::WRITE_BUSY) } else { t(confirm) };
    html! {
        <section class="asking" key={name[0]} aria-labelledby="asking-title">
            <h3 id="asking-title" tabindex="-1">{ t(title) }</h3>
            <p>{ text }</p>
            { words(case, act, name[0], t(label), send).view() }
            <div class="row">
                { Button::new(weight, name[1], confirm, send.reform(move |_| Msg::Send(act))).busy(!case.is_ready(act, now)).view() }
                { Button::new(Weight::Plain, name[2], t(keep), send.reform(|_| Msg::Ask(None))).view() }
            </div>
        </section>
    }
}

/// Names of the field and the two buttons.
const ACCEPT: [&str; 3] = ["accept-text", "accept-confirm", "accept-cancel"];
const CONTEST: [&str; 3] = ["contest-text", "contest-confirm", "contest-cancel"];
const WITHDRAW: [&str; 3] = ["withdraw-text", "withdraw-confirm", "withdraw-cancel"];

/// A question of several parts with one button, or that it was answered.
struct Question {
    act: Act,
    name: &'static str,
    title: Key,
    text: AttrValue,
    parts: Vec<Html>,
    words: (&'static str, Key),
    send: (&'static str, Key),
    answered: Key,
    again: (&'static str, Key),
}

impl Question {
    fn view(self, case: &OwnCase, now: Timestamp, send: &Send) -> Html {
        let Self { act, name, title, text, parts, words: (field, label), send: (button, sends), answered, again } =
            self;
        let heading = format!("{name}-title");
        let body = match case.answered(act) {
            Some(at) => html! {
                <>
                    <p class="settled" data-testid={format!("{name}-answered")}>
                        { icon(Icon::Check) }<span>{ fill(answered, &[("date", &day(at))]) }</span>
                    </p>
                    <div class="row">{ Button::new(Weight::Quiet, again.0, t(again.1), send.reform(move |_| Msg::Again(act))).view() }</div>
                </>
            },
            None => html! {
                <>
                    <p>{ text }</p>
                    { for parts }
                    { words(case, act, field, t(label), send).view() }
                    <div class="row">
                        { Button::new(Weight::Primary, button, t(if case.busy { f::WRITE_BUSY } else { sends }),
                            send.reform(move |_| Msg::Send(act))).busy(!case.is_ready(act, now)).view() }
                    </div>
                </>
            },
        };
        html! {
            <section class="part card asked" key={name} aria-labelledby={heading.clone()} data-testid={name}>
                <h2 id={heading} tabindex="-1">{ t(title) }</h2>
                { body }
            </section>
        }
    }
}

/// One remedy, yes or no.
fn remedy(
    (group, yes, no): (&str, Key, Key),
    remedy: Remedy,
    given: Option<bool>,
    pick: impl Fn(bool) -> Msg + 'static,
    send: &Send,
) -> Html {
    let choices = vec![Choice::new("yes", t(yes), given == Some(true)), Choice::new("no", t(no), given == Some(false))];
    let group = format!("{group}-{}", remedy.as_str());
    let pick = send.reform(move |at: usize| pick(at == 0));
    Choices::one(group, of(f::REMEDY_, remedy.as_str()), Shape::Row, choices, pick).view()
}

/// Which of the remedies offered are wanted.
pub(crate) fn offers(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    if !case.can(Act::Offer, now) {
        return Html::default();
    }
    let keys = ("offer", f::OFFER_YES, f::OFFER_NO);
    let one = |of: Remedy| remedy(keys, of, case.offers.get(&of).copied(), move |yes| Msg::Offer(of, yes), send);
    Question {
        act: Act::Offer,
        name: "offer",
        title: f::OFFER_TITLE,
        text: t(f::OFFER_TEXT),
        parts: case.offered().0.into_iter().map(one).collect(),
        words: ("offer-text", f::OFFER_LABEL),
        send: ("offer-send", f::OFFER_SEND),
        answered: f::OFFER_ANSWERED,
        again: ("offer-again", f::OFFER_AGAIN),
    }
    .view(case, now, send)
}

/// Whether what is said to be done was done.
pub(crate) fn delivered(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    if !case.can(Act::Delivered, now) {
        return Html::default();
    }
    let keys = ("delivered", f::DELIVERED_YES, f::DELIVERED_NO);
    let one = |of: Remedy| remedy(keys, of, case.delivered.get(&of).copied(), move |yes| Msg::Delivered(of, yes), send);
    Question {
        act: Act::Delivered,
        name: "delivered",
        title: f::DELIVERED_TITLE,
        text: fill(f::DELIVERED_TEXT, &[("provider", &case.view.manifest.provider)]),
        parts: case.said_delivered().0.into_iter().map(one).collect(),
        words: ("delivered-text", f::DELIVERED_LABEL),
        send: ("delivered-send", f::DELIVERED_SEND),
        answered: f::DELIVERED_ANSWERED,
        again: ("delivered-again", f::DELIVERED_AGAIN),
    }
    .view(case, now, send)
}

/// How it was, once it is over.
pub(crate) fn feedback(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    if !case.can(Act::Feedback, now) {
        return Html::default();
    }
    let question = |group: &'static str, legend: Key, given: Option<Degree>, msg: fn(Degree) -> Msg| {
        let choice =
            |degree: Degree| Choice::new(degree.as_str(), of(f::DEGREE_, degree.as_str()), given == Some(degree));
        let pick = send.reform(move |at: usize| msg(DEGREES.get(at).copied().unwrap_or(Degree::Partly)));
        Choices::one(group, t(legend), Shape::Row, DEGREES.map(choice).to_vec(), pick).view()
    };
    Question {
        act: Act::Feedback,
        name: "feedback",
        title: f::FEEDBACK_TITLE,
        text: t(f::FEEDBACK_TEXT),
        parts: vec![
            question("heard", f::FEEDBACK_HEARD, case.heard, Msg::Heard),
            question("fair", f::FEEDBACK_FAIR, case.fair, Msg::Fair),
        ],
        words: ("feedback-text", f::FEEDBACK_LABEL),
        send: ("feedback-send", f::FEEDBACK_SEND),
        answered: f::FEEDBACK_ANSWERED,
        again: ("feedback-again", f::FEEDBACK_AGAIN),
    }
    .view(case, now, send)
}

/// Saving and withdrawing, each asked once more.
pub(crate) fn others(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    let open = |asking| send.reform(move |_| Msg::Ask(Some(asking)));
    let body = match case.asking {
        Some(Asking::Act(Act::Withdraw)) => ask(case, Act::Withdraw, now, send),
        Some(Asking::Save) => html! {
            <section class="asking" key="save" aria-labelledby="asking-title">
                <h3 id="asking-title" tabindex="-1">{ t(f::SAVE_TITLE) }</h3>
                <p>{ t(f::SAVE_TEXT) }</p>
                { notice(Tone::Warning, "save-warn", html! { <p>{ fill(f::SAVE_WARN, &[("name", &FILE_NAME)]) }</p> }) }
                <div class="row">
                    { Button::new(Weight::Primary, "save-confirm", t(f::SAVE_CONFIRM), send.reform(|_| Msg::Save)).icon(Icon::Download).view() }
                    { Button::new(Weight::Plain, "save-cancel", t(f::COMMON_CANCEL), send.reform(|_| Msg::Ask(None))).view() }
                </div>
            </section>
        },
        _ => html! {
            <div class="row" key="acts">
                { Button::new(Weight::Plain, "save-open", t(f::SAVE_OPEN), open(Asking::Save)).icon(Icon::Download).view() }
                if case.can(Act::Withdraw, now) {
                    { Button::new(Weight::Plain, "withdraw-open", t(f::WITHDRAW_OPEN), open(Asking::Act(Act::Withdraw))).view() }
                }
            </div>
        },
    };
    html! {
        <section class="part" key="others" aria-labelledby="others-title">
            <h2 id="others-title">{ t(f::CASE_ACTS) }</h2>
            { body }
        </section>
    }
}

/// Remedies of a step as one line of the file that is saved.
pub(crate) fn remedies_line(remedies: &[Remedy], delivered: bool) -> Option<String> {
    let key = if delivered { f::ENTRY_DELIVERED } else { f::ENTRY_OFFERED };
    (!remedies.is_empty()).then(|| fill(key, &[("remedies", &remedies_text(remedies))]).to_string())
}
