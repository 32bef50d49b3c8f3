//! The way into every screen but the first.

use recourse_flow::intake::Step;
use yew::AttrValue;

use super::{Screen, check, evidence, frame, happened, sent, what, who};
use crate::draw::Draw;
use crate::text::{form, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let step = screen.state.step;
    let (key, view): (_, fn(&mut Draw, &Screen<'_>)) = match step {
        Step::Start => return,
        Step::Who => (form::WHO_TITLE, who::view),
        Step::What => (form::WHAT_TITLE, what::view),
        Step::WhatHappened => (form::HAPPENED_TITLE, happened::view),
        Step::Evidence => (form::EVIDENCE_TITLE, evidence::view),
        Step::Check => (form::CHECK_TITLE, check::view),
        Step::Sent => (form::SENT_TITLE, sent::view),
    };
    frame::title(draw, step, key);
    view(draw, screen);
}

/// What a screen reader hears of these screens without moving.
pub(super) fn announcement(screen: &Screen<'_>) -> AttrValue {
    let state = screen.state;
    match state.step {
        Step::What if !state.query.trim().is_empty() => what::found(screen),
        Step::Evidence if state.files_dropped => t(form::EVIDENCE_DROPPED),
        Step::Sent => sent::announcement(state),
        _ => AttrValue::default(),
    }
}
