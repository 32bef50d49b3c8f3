//! The way into every screen but the first.

use recourse_domain::report::Purpose;
use recourse_flow::intake::{FreeText, Msg, Question, Sending, Step};
use yew::AttrValue;

use super::{
    Input, Screen, check, evidence, frame, happened, keep, putting_right, record, sent, waiting, what, who, whom,
};
use crate::controls::{Button, Weight, error_summary};
use crate::draw::{At, Draw};
use crate::text::{count, form, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let step = screen.state.step;
    let (key, view): (_, fn(&mut Draw, &Screen<'_>)) = match step {
        Step::Start => return,
        Step::Who => (form::WHO_TITLE, who::view),
        Step::What => (form::WHAT_TITLE, what::view),
        Step::WhatHappened if screen.state.purpose_is(Purpose::Appeal) => (form::APPEAL_TITLE, happened::view),
        Step::WhatHappened => (form::HAPPENED_TITLE, happened::view),
        Step::PuttingRight => (form::REMEDY_TITLE, putting_right::view),
        Step::Evidence => (form::EVIDENCE_TITLE, evidence::view),
        Step::Check if screen.state.purpose_is(Purpose::RecordOnly) => (form::RECORD_TITLE, check::view),
        Step::Check => (form::CHECK_TITLE, check::view),
        Step::Sent if screen.state.record.is_some() => (form::RECORD_DONE_TITLE, record::done),
        Step::Sent if screen.state.sent.as_ref().is_some_and(|sent| sent.waits.is_some()) => {
            (form::STAYS_TITLE, sent::view)
        }
        Step::Sent => (form::SENT_TITLE, sent::view),
    };
    frame::title(draw, step, key);
    view(draw, screen);
    keep::below(draw, screen);
}

/// On the first screen: the address that stands there, for the camera of an own phone. It names the form and nothing else.
pub(super) fn phone(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("div", "stack small").name("phone-scan").line("p", "hint", form::PHONE_SCAN);
    crate::qr::qr(draw, &screen.address(), t(form::PHONE_QR));
    draw.close();
}

/// What a screen reader hears of these screens without moving.
pub(super) fn announcement(screen: &Screen<'_>) -> AttrValue {
    let state = screen.state;
    match &state.sending {
        Sending::Busy(progress) => return frame::progress_text(progress.as_ref(), false),
        Sending::Renewing => return t(form::TROUBLE_RENEWING),
        _ => {}
    }
    let texts: &[FreeText] = match state.step {
        Step::WhatHappened => &[FreeText::Happened, FreeText::Reasons],
        Step::PuttingRight => &[FreeText::Harm],
        _ => &[],
    };
    let found = texts.iter().map(|text| state.privacy.of(*text).count()).sum::<usize>();
    if let (Step::WhatHappened, Some(said)) = (state.step, whom::announcement(screen)) {
        return said;
    }
    match state.step {
        _ if found > 0 => count(form::PRIVACY_FOUND, found as u32),
        Step::What if !state.query.trim().is_empty() => what::found(screen),
        Step::Evidence => evidence::announcement(state),
        Step::Sent => sent::announcement(state),
        _ => AttrValue::default(),
    }
}

/// The summary of what has to be put right.
pub(super) fn faults(draw: &mut Draw, screen: &Screen<'_>) {
    let mut faults: Vec<(AttrValue, AttrValue)> = Vec::new();
    for fault in &screen.state.faults {
        faults.push((fault.field.clone().into(), frame::wrong(fault.wrong)));
    }
    if !faults.is_empty() {
        let jump = screen.send.reform(|field: AttrValue| Input::Msg(Msg::GoToField(field.to_string())));
        draw.put(error_summary(t(form::SUMMARY_TITLE), &faults, &jump));
    }
}

/// A question before something is lost.
pub(super) fn ask(draw: &mut Draw, screen: &Screen<'_>, question: Question) {
    let (title, text, yes, no) = waiting::asked(question, screen).unwrap_or(match question {
        Question::Unsent => (form::ASK_UNSENT_TITLE, form::ASK_UNSENT, form::ASK_UNSENT_YES, form::ASK_UNSENT_NO),
        _ => (form::ASK_CODE_TITLE, form::ASK_CODE, form::ASK_CODE_YES, form::ASK_CODE_NO),
    });
    draw.open("div", "veil")
        .key("ask")
        .open("div", "card asking stack medium")
        .name("leave-dialog")
        .set(At::Role, "alertdialog");
    draw.set(At::AriaModal, "true").set(At::AriaLabelledby, "ask-title").set(At::AriaDescribedby, "ask-text");
    draw.open("h2", "").set(At::Id, "ask-title").say(title).close();
    draw.open("p", "").set(At::Id, "ask-text").text(screen.named(text)).close().open("div", "row");
    draw.put(
        Button::new(Weight::Primary, "leave-cancel", t(no), screen.act(0, |_| Msg::LeaveCancelled)).with_id().view(),
    );
    screen.button(draw, (Weight::Plain, None), "leave-confirm", yes, screen.act(0, |_| Msg::LeaveConfirmed));
    draw.close().close().close();
}
