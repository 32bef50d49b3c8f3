//! What stays and for how long: the page before the first sensitive screen, drafts, and a report that waits for the network.

use recourse_flow::intake::{Drafting, KeepAct, Msg, Network, Step};

use super::{Input, Screen};
use crate::controls::{Choice, Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{form, t};

/// Before the first screen that asks for anything: how to leave, and what leaving does not undo.
pub(super) fn interruption(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("h1", "").spot("step-heading").say(form::BEFORE_TITLE).close().open("div", "stack").key("before");
    draw.open("section", "stack small").line("h2", "", form::BEFORE_LEAVE_TITLE);
    draw.open("ul", "facts plain");
    for (icon, text) in [(Icon::Leave, form::BEFORE_LEAVE_BUTTON), (Icon::Leave, form::BEFORE_LEAVE_KEYS)] {
        draw.open("li", "").icon(icon).line("span", "", text).close();
    }
    draw.close().line("p", "", if screen.framed { form::BEFORE_LEAVE_FRAME } else { form::BEFORE_LEAVE_PAGE });
    if !screen.state.shelf.waiting.is_empty() {
        draw.open("p", "").name("before-waits").say(form::STAYS_EXIT).close();
    }
    draw.close();
    draw.open("section", "stack small").line("h2", "", form::BEFORE_STAYS_TITLE);
    draw.open("ul", "facts plain");
    for (icon, text) in [
        (Icon::Clock, form::BEFORE_STAYS_HISTORY),
        (Icon::Screen, form::BEFORE_STAYS_LOGS),
        (Icon::Download, form::BEFORE_STAYS_DOWNLOADS),
    ] {
        draw.open("li", "").icon(icon).line("span", "", text).close();
    }
    draw.close().line("p", "", form::BEFORE_STAYS_ELSE).close().close();
    draw.open("div", "ways no-print").key("ways-before");
    screen.button(
        draw,
        (Weight::Primary, None),
        "before-continue",
        form::COMMON_CONTINUE,
        screen.act(0, |_| Msg::Keeping(KeepAct::Warned)),
    );
    screen.button(
        draw,
        (Weight::Quiet, Some(Icon::Back)),
        "back",
        form::COMMON_BACK,
        screen.act(Step::Start as usize, |at| Msg::GoTo(Step::ALL[at])),
    );
    draw.close();
}

/// Above every screen: a draft that was found, and a report that can go now.
pub(super) fn above(draw: &mut Draw, screen: &Screen<'_>) {
    let keep = &screen.state.keep;
    if keep.found.is_some() && screen.open().is_some() {
        draw.notice(Tone::Info, "draft-found").line("p", "", form::DRAFT_FOUND).open("div", "row");
        let restore = screen.act(0, |_| Msg::Keeping(KeepAct::Restore));
        screen.button(draw, (Weight::Primary, None), "draft-restore", form::DRAFT_RESTORE, restore);
        let forget = screen.act(0, |_| Msg::Keeping(KeepAct::Forget));
        screen.button(draw, (Weight::Plain, Some(Icon::Bin)), "draft-forget", form::DRAFT_FORGET, forget);
        draw.close().close().close();
    }
    super::waiting::above(draw, screen);
    if keep.waits == Some(Network::Back) {
        draw.open("div", "summary").spot("network-back").set(At::Role, "alert").line("h2", "", form::WAITS_BACK_TITLE);
        draw.words("p", "", screen.named(form::WAITS_BACK)).open("div", "row");
        if screen.state.step == Step::Check {
            screen.button(draw, (Weight::Primary, None), "network-send", form::WAITS_SEND, screen.ask(|| Input::Send));
        } else {
            let check = screen.act(0, |_| Msg::GoTo(Step::Check));
            screen.button(draw, (Weight::Primary, None), "network-check", form::WAITS_CHECK, check);
        }
        let later = screen.act(0, |_| Msg::Keeping(KeepAct::NotNow));
        screen.button(draw, (Weight::Plain, None), "network-later", form::WAITS_LATER, later);
        let delete = screen.act(0, |_| Msg::Close);
        screen.button(draw, (Weight::Plain, Some(Icon::Bin)), "network-delete", form::WAITS_DELETE, delete);
        draw.close().close();
    }
}

/// Below the screens on which something is written: whether a draft is kept.
pub(super) fn below(draw: &mut Draw, screen: &Screen<'_>) {
    if matches!(screen.state.step, Step::Start | Step::What | Step::Sent) {
        return;
    }
    let keep = &screen.state.keep;
    let kept = keep.draft;
    // Of a page in a tab, or in the words of the tool that holds it.
    let (off, text, hint) = if keep.held.is_empty() {
        let text = if kept == Drafting::Device { form::DRAFT_ON } else { form::DRAFT_OFF };
        (form::DRAFT_TITLE, t(text), t(form::DRAFT_HINT))
    } else {
        (form::DRAFT_SWITCH, keep.held.clone().into(), keep.hint.clone().into())
    };
    let title = if kept == Drafting::Device { form::DRAFT_TITLE_ON } else { off };
    draw.open("div", "no-print").key("draft").details("drafts", t(title));
    draw.words("p", "", text);
    let choice = Choice::new("", t(form::DRAFT_SWITCH), matches!(kept, Drafting::Device | Drafting::Asked));
    let wanted = matches!(kept, Drafting::Off | Drafting::Refused);
    let change = screen.send.reform(move |_| Input::Msg(Msg::Keeping(KeepAct::Draft(wanted))));
    choice.hint(hint).draw(draw, "draft-switch", None, change);
    if kept == Drafting::Refused {
        draw.notice(Tone::Warning, "draft-refused").line("p", "", form::DRAFT_REFUSED).close().close();
    }
    draw.close().close().close();
}

/// When the server cannot be reached: wait, and be asked again.
pub(super) fn offline(draw: &mut Draw, screen: &Screen<'_>) {
    match screen.state.keep.waits {
        None | Some(Network::Back) => {
            draw.line("p", "", form::WAITS_OFFER).open("div", "row");
            let wait = screen.act(0, |_| Msg::Keeping(KeepAct::Wait));
            screen.button(draw, (Weight::Plain, Some(Icon::Clock)), "network-wait", form::WAITS_BUTTON, wait);
            draw.close();
        }
        Some(Network::Away | Network::NotNow) => {
            draw.open("p", "").name("network-waits").say(form::WAITS_KEPT).close().open("div", "row");
            let delete = screen.act(0, |_| Msg::Close);
            screen.button(draw, (Weight::Plain, Some(Icon::Bin)), "network-delete", form::WAITS_DELETE, delete);
            draw.close();
        }
    }
    super::waiting::offer(draw, screen);
}
