//! A report that was sealed and waits on the device: the offer, its code, the question on a later visit, and what came of it.

use recourse_domain::time::Timestamp;
use recourse_flow::intake::{Msg, Question, Sending, Sent, ShelfAct, Trouble, Waiting};
use recourse_wire::engine::Progress;
use yew::prelude::*;

use super::{Input, Screen, check, sent};
use crate::controls::{Button, Tone, Weight};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::text::{Key, fill, form, t};

/// Where a report could not be sent: who cannot stay can have it kept here. Nothing is kept unless this is pressed.
pub(super) fn offer(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("div", "stack small").name("stays-offer");
    if screen.state.shelf.refused {
        draw.notice(Tone::Warning, "stays-refused").line("p", "", form::STAYS_REFUSED).close().close();
    } else {
        draw.line("p", "", form::STAYS_OFFER).line("p", "hint", form::STAYS_RISK).open("div", "row");
        let keep = screen.ask(|| Input::Keep);
        screen.button(draw, (Weight::Plain, Some(Icon::Lock)), "stays-keep", form::STAYS_BUTTON, keep);
        draw.close();
    }
    draw.close();
}

/// Beside what is on its way and does not come on: to stop waiting for it.
pub(super) fn stop(draw: &mut Draw, screen: &Screen<'_>, progress: Option<&Progress>) {
    if matches!(progress, Some(Progress::Paused | Progress::Offline)) {
        draw.open("div", "row").key("stop");
        let stop = screen.act(0, |_| Msg::Shelf(ShelfAct::Stop));
        screen.button(draw, (Weight::Quiet, None), "stop", form::STAYS_STOP, stop);
        draw.close();
    }
}

/// Above the first screen: what waits here, and whether it may go now.
pub(super) fn above(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    if !state.shows_waiting() {
        return;
    }
    for waiting in &state.shelf.waiting {
        let going = state.shelf.going.as_ref().is_some_and(|going| going.id == waiting.id);
        one(draw, screen, *waiting, going);
    }
}

fn one(draw: &mut Draw, screen: &Screen<'_>, waiting: Waiting, going: bool) {
    let state = screen.state;
    let number = waiting.id.to_string();
    let title = ["stays-title-", &number].concat();
    draw.open("section", "card stack medium").name(&["stays-", &number].concat());
    draw.attr(At::AriaLabelledby, title.clone().into());
    draw.open("h2", "").attr(At::Id, title.into()).text(dated(form::STAYS_FOUND_TITLE, waiting.day)).close();
    let mut send = screen.open().is_some();
    match &state.sending {
        Sending::Busy(progress) if going => {
            check::bar(draw, screen, progress.as_ref());
            draw.close();
            return;
        }
        Sending::Failed(trouble) if going => {
            send = send && !problem(draw, screen, trouble);
        }
        _ => {}
    }
    // Each time, for each time it may be another network.
    if send {
        draw.words("p", "", screen.named(form::WAITS_BACK)).line("p", "", form::STAYS_FOUND);
    }
    if !matches!(state.sending, Sending::Failed(Trouble::Gone)) {
        draw.words("p", "hint", dated(form::STAYS_UNTIL, waiting.until));
    }
    // While one is on its way the others stand still.
    let busy = matches!(state.sending, Sending::Busy(_));
    draw.open("div", "row");
    let mut act = |weight, icon, name: &str, label: Key, click| {
        let button = Button { icon, ..Button::new(weight, [name, &number].concat(), t(label), click) };
        draw.put(button.busy(busy).view());
    };
    if send {
        let callback = screen.send.clone();
        let click = Callback::from(move |_| callback.emit(Input::SendWaiting(waiting.id)));
        act(Weight::Primary, None, "stays-send-", form::WAITS_SEND, click);
    }
    let remove = screen.act(waiting.id as usize, |id| Msg::Shelf(ShelfAct::Remove(id as u32)));
    act(Weight::Plain, Some(Icon::Bin), "stays-remove-", form::WAITS_DELETE, remove);
    draw.close().close();
}

/// What went wrong; true where trying again is of no use.
fn problem(draw: &mut Draw, screen: &Screen<'_>, trouble: &Trouble) -> bool {
    let closed = matches!(trouble, Trouble::Problem("channel-closed" | "unknown-channel"));
    let last = closed || matches!(trouble, Trouble::Stale | Trouble::Gone);
    draw.open("div", "summary").spot("send-problem").set(At::Role, "alert").open("h3", "row").icon(Icon::Warning);
    draw.line("span", "", form::TROUBLE_TITLE).close();
    draw.words("p", "", if closed { t(form::SHUT_CLOSED) } else { check::trouble(screen, trouble) });
    if *trouble != Trouble::Gone {
        draw.line("p", "", form::STAYS_KEPT);
    }
    if closed {
        sent::routes(draw, screen);
    }
    draw.close();
    last
}

/// The last screen of a report that waits: its code, while there is still somebody who has it.
pub(super) fn kept(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent, waiting: Waiting) {
    draw.open("div", "stack small").name("stays-kept").line("p", "lead", form::STAYS_LEAD);
    draw.words("p", "", dated(form::STAYS_UNTIL, waiting.until)).line("p", "", form::STAYS_RISK).close();
    draw.notice(Tone::Warning, "stays-code").line("p", "", form::STAYS_CODE).close().close();
    sent::code(draw, screen, sent);
    sent::group(draw, sent);
    sent::kept(draw, screen, sent);
    sent::ways(draw, screen, sent);
    draw.open("div", "ways no-print").key("ways-done");
    screen.button(draw, (Weight::Primary, None), "done", form::SENT_DONE, screen.act(0, |_| Msg::Done));
    let remove = screen.act(waiting.id as usize, |id| Msg::Shelf(ShelfAct::Remove(id as u32)));
    screen.button(draw, (Weight::Quiet, Some(Icon::Bin)), "stays-remove", form::WAITS_DELETE, remove);
    draw.close();
}

/// Once it was sent: whoever sends it has the code, or not; here it is not known.
pub(super) fn arrived(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("p", "lead").name("stays-sent").text(screen.named(form::STAYS_SENT)).close();
    draw.open("p", "follow").line("span", "hint", form::CODE_FOLLOW).text(AttrValue::Static(" "));
    draw.open("span", "ltr").name("follow-up-address").foreign(screen.follow_up).close().close();
}

/// The question before one is deleted, or before the form closes over a code that was not kept.
pub(super) fn asked(question: Question, screen: &Screen<'_>) -> Option<(Key, Key, Key, Key)> {
    let waits = screen.state.sent.as_ref().is_some_and(|sent| sent.waits.is_some());
    match question {
        Question::Waiting(_) => Some((form::STAYS_ASK_TITLE, form::STAYS_ASK, form::WAITS_DELETE, form::STAYS_ASK_NO)),
        Question::CodeNotKept if waits => {
            Some((form::ASK_CODE_TITLE, form::STAYS_ASK_CODE, form::ASK_CODE_YES, form::ASK_CODE_NO))
        }
        _ => None,
    }
}

fn dated(key: Key, day: Timestamp) -> AttrValue {
    fill(key, &[("date", &format::day(day))])
}
