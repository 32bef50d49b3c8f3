//! What is always there: title, steps, the way out, and around the screen of the moment.

use recourse_domain::question::AnswerFault;
use recourse_domain::report::Purpose;
use recourse_flow::evidence::Flaw;
use recourse_flow::intake::{Channel, Gone, Msg, Shut, Step, Wrong};
use recourse_wire::engine::Progress;
use yew::prelude::*;

use super::{Arrival, Input, Screen, gone, start};
use crate::controls::{Weight, live};
use crate::draw::{At, Draw};
use crate::evidence::{self, flaw};
use crate::icons::Icon;
use crate::language::languages;
use crate::text::{Key, fill, form, of, t};

/// The whole form.
pub fn view(screen: &Screen<'_>) -> Html {
    let state = screen.state;
    let draw = &mut Draw::default();
    match state.gone {
        // A blank page, and nothing that could be read over a shoulder.
        Some(Gone::Left) => return Html::default(),
        Some(gone @ (Gone::Closed | Gone::Waiting)) => {
            gone::closed(draw, gone == Gone::Waiting);
            return std::mem::take(draw).done();
        }
        None => {}
    }
    draw.open("div", "form").open("div", "behind").key("behind");
    if state.asking.is_some() {
        draw.set(At::Inert, "");
    }
    header(draw, screen);
    let name = match &state.channel {
        Channel::Loading => "loading",
        Channel::Shut(_) => "unavailable",
        Channel::Open(_) if is_interrupted(screen) => "before",
        Channel::Open(_) => state.step.as_str(),
    };
    draw.open("main", "screen stack").name(&["screen-", name].concat());
    match &state.channel {
        Channel::Loading => gone::loading(draw),
        Channel::Shut(why) => {
            // What waits here can be deleted all the same.
            if let Arrival::There(later) = screen.later {
                (later.above)(draw, screen);
            }
            gone::unavailable(draw, screen, *why);
        }
        Channel::Open(_) => step(draw, screen),
    }
    draw.close();
    // Not before: what the server drew has no foot, and one that moves with the first screen would shift the page.
    if matches!(screen.later, Arrival::There(_)) {
        languages(draw, form::FRAME_LANGUAGE, form::FRAME_UNCHECKED, screen.send.reform(Input::Speak));
    }
    draw.close();
    if let (Some(question), Arrival::There(later)) = (state.asking, screen.later) {
        (later.ask)(draw, screen, question);
    }
    draw.put(live(announcement(screen)));
    std::mem::take(draw).done()
}

fn header(draw: &mut Draw, screen: &Screen<'_>) {
    let open = matches!(screen.state.channel, Channel::Open(_));
    draw.open("header", "head no-print").open("div", "bar").open("div", "title").line(
        "span",
        "title-main",
        form::FRAME_TITLE,
    );
    // A record goes to nobody.
    if open && screen.state.draft.purpose != Some(Purpose::RecordOnly) && screen.state.record.is_none() {
        draw.words("span", "title-to", screen.named(form::FRAME_TO));
    }
    if screen.open().is_some_and(|channel| channel.test) {
        draw.open("span", "test-mark").name("test-mode").say(form::FRAME_TEST).close();
    }
    draw.close().open("div", "exits");
    draw.open("button", "button exit")
        .name("quick-exit")
        .set(At::Type, "button")
        .attr_said(At::Title, form::FRAME_LEAVE_HINT);
    draw.click(screen.act(0, |_| Msg::QuickExit)).icon(Icon::Leave).line("span", "", form::FRAME_LEAVE).close();
    if screen.framed {
        draw.open("button", "button icon-only")
            .name("close")
            .set(At::Type, "button")
            .attr_said(At::AriaLabel, form::COMMON_CLOSE);
        draw.click(screen.act(0, |_| Msg::Close)).icon(Icon::Close).close();
    }
    draw.close().close();
    if open {
        steps(draw, screen);
    }
    draw.close();
}

fn steps(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let now = state.step;
    // Any order, once it is known what the report is for; after sending nothing leads back.
    let free = state.draft.purpose.is_some() && now != Step::Sent;
    draw.open("div", "progress-line").open("p", "step-count").name("step-count");
    draw.words("span", "", fill(form::FRAME_STEP, &[("number", &now.number()), ("total", &Step::COUNTED.len())]));
    // A name for each, or the old one would be seen to move when the new one is longer.
    draw.open("span", "step-name").key(now.as_str());
    // What waits on the device is not sent.
    if state.sent.as_ref().is_none_or(|sent| sent.waits.is_none()) {
        draw.text(of(form::STEP_, Step::COUNTED[now.number() as usize - 1].as_str()));
    }
    draw.close().close();
    draw.open("nav", "").attr_said(At::AriaLabel, form::FRAME_STEPS).open("ol", "steps plain");
    for (at, step) in Step::COUNTED.into_iter().enumerate() {
        let here = step.number() == now.number();
        draw.open(
            "li",
            if here {
                "now"
            } else if step < now {
                "done"
            } else {
                ""
            },
        );
        if here {
            draw.set(At::AriaCurrent, "step");
        }
        if free && step != Step::Sent && !here {
            let label = fill(form::FRAME_GO, &[("number", &step.number()), ("step", &of(form::STEP_, step.as_str()))]);
            draw.open("button", "").name(&["step-", step.as_str()].concat()).set(At::Type, "button");
            draw.attr(At::AriaLabel, label.clone())
                .attr(At::Title, label)
                .click(screen.act(at, |at| Msg::GoTo(Step::COUNTED[at])));
        } else {
            draw.open("span", "still");
        }
        draw.open("span", "").close().close().close();
    }
    draw.close().close().close();
}

fn step(draw: &mut Draw, screen: &Screen<'_>) {
    let step = screen.state.step;
    if let Arrival::There(later) = screen.later {
        (later.above)(draw, screen);
        if is_interrupted(screen) {
            return (later.before)(draw, screen);
        }
        (later.faults)(draw, screen);
    }
    match (step, screen.later) {
        (Step::Start, _) => {
            title(draw, step, form::START_TITLE);
            start::view(draw, screen);
        }
        (_, Arrival::There(later)) => (later.screen)(draw, screen),
        (_, Arrival::Awaited) => return gone::loading(draw),
        (_, Arrival::Lost) => return gone::unavailable(draw, screen, Shut::Unreachable),
    }
    draw.close();
    ways(draw, screen);
}

/// The page on leaving stands before the screen: with the later part, which has its words.
fn is_interrupted(screen: &Screen<'_>) -> bool {
    matches!(screen.later, Arrival::There(_)) && screen.state.is_interrupted()
}

/// The heading of a step, and the box of its screen.
pub(super) fn title(draw: &mut Draw, step: Step, key: Key) {
    draw.open("h1", "").spot("step-heading").say(key).close().open("div", "stack").key(step.as_str());
}

/// *Continue* and *Back*. Their box has a key for each step, so that no click ends on a button that has just become another.
fn ways(draw: &mut Draw, screen: &Screen<'_>) {
    let step = screen.state.step;
    if step == Step::Check {
        // Beside *Send*.
        return;
    }
    let next = screen.state.next().is_some() && (step != Step::Start || screen.state.draft.purpose.is_some());
    let back = screen.state.back().is_some();
    if next || back {
        draw.open("div", "ways no-print").key(&["ways-", step.as_str()].concat());
        if next {
            screen.button(draw, (Weight::Primary, None), "next", form::COMMON_CONTINUE, screen.act(0, |_| Msg::Next));
        }
        if back {
            screen.button(
                draw,
                (Weight::Quiet, Some(Icon::Back)),
                "back",
                form::COMMON_BACK,
                screen.act(0, |_| Msg::Back),
            );
        }
        draw.close();
    }
}

/// What is wrong, in words.
pub(super) fn wrong(wrong: Wrong) -> AttrValue {
    t(match wrong {
        Wrong::NoDoor => form::FAULT_NO_DOOR,
        Wrong::NothingSaid => form::FAULT_NOTHING_SAID,
        Wrong::TooLong(limit) | Wrong::Answer(AnswerFault::TooLong(limit)) => return flaw(Flaw::TooLong(limit)),
        Wrong::NotANumber => form::FAULT_NOT_A_NUMBER,
        Wrong::NoCountry => form::FAULT_NO_COUNTRY,
        Wrong::NoName => form::FAULT_NO_NAME,
        Wrong::AllTooLong => form::FAULT_ALL_TOO_LONG,
        Wrong::FileBusy => return flaw(Flaw::Busy),
        Wrong::FileUndecided => return flaw(Flaw::Undecided),
        Wrong::NoLink => return flaw(Flaw::NoLink),
        Wrong::NoAddress => form::FAULT_NO_ADDRESS,
        Wrong::TooManyAddresses(limit) => return fill(form::FAULT_TOO_MANY_ADDRESSES, &[("limit", &limit)]),
        Wrong::NoReasons => form::FAULT_NO_REASONS,
        Wrong::NoGoodFaith => form::FAULT_NO_GOOD_FAITH,
        Wrong::TooManyReceipts(limit) => return fill(form::FAULT_TOO_MANY_RECEIPTS, &[("limit", &limit)]),
        Wrong::Answer(AnswerFault::NotADay) => form::FAULT_NOT_A_DAY,
        Wrong::Answer(AnswerFault::NotANumber) => form::FAULT_NOT_WHOLE,
        Wrong::Answer(AnswerFault::TooSmall(least)) => return fill(form::FAULT_TOO_SMALL, &[("limit", &least)]),
        Wrong::Answer(AnswerFault::TooLarge(most)) => return fill(form::FAULT_TOO_LARGE, &[("limit", &most)]),
        Wrong::Answer(AnswerFault::NotAnOption) => form::FAULT_NOT_AN_OPTION,
    })
}

/// What a screen reader hears without moving.
fn announcement(screen: &Screen<'_>) -> AttrValue {
    match screen.later {
        Arrival::There(later) => (later.announcement)(screen),
        _ => AttrValue::default(),
    }
}

/// Where sending is; percents are for the eyes only.
pub(super) fn progress_text(progress: Option<&Progress>, percents: bool) -> AttrValue {
    t(match progress {
        Some(Progress::Waiting { .. }) => form::PROGRESS_BUSY,
        Some(Progress::Proving) => form::PROGRESS_PROVING,
        Some(Progress::Sealing) => form::PROGRESS_SEALING,
        Some(Progress::Sending) => form::PROGRESS_SENDING,
        uploads => return evidence::progress_text(uploads, percents),
    })
}
