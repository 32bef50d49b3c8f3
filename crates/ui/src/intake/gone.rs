//! Screens without a form: loading, not to be had, closed.

use recourse_flow::intake::Shut;

use super::{Input, Screen};
use crate::controls::Weight;
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::form;

pub(super) fn loading(draw: &mut Draw) {
    draw.open("p", "waiting").set(At::Role, "status").say(form::FRAME_LOADING).close();
}

pub(super) fn unavailable(draw: &mut Draw, screen: &Screen<'_>, why: Shut) {
    draw.open("h1", "").spot("step-heading").say(form::SHUT_TITLE).close();
    let text = match why {
        Shut::Unreachable => form::SHUT_UNREACHABLE,
        Shut::Unknown => form::SHUT_UNKNOWN,
        Shut::Closed => form::SHUT_CLOSED,
        Shut::Untrusted => form::SHUT_UNTRUSTED,
    };
    draw.line("p", "", text);
    if why == Shut::Unreachable {
        draw.open("div", "ways");
        screen.button(draw, (Weight::Primary, None), "reload", form::COMMON_TRY_AGAIN, screen.ask(|| Input::Reload));
        draw.close();
    }
}

pub(super) fn closed(draw: &mut Draw, waits: bool) {
    draw.open("main", "screen stack over").name("screen-closed").open("span", "big-mark").icon(Icon::Check).close();
    draw.open("h1", "").spot("step-heading").say(form::CLOSED_TITLE).close();
    draw.line("p", "", form::CLOSED_TEXT);
    draw.line("p", "soft", if waits { form::CLOSED_WAITS } else { form::LEFT_TEXT }).close();
}
