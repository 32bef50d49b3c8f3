//! A record that is kept and not sent.

use recourse_flow::intake::Msg;

use super::{Input, Screen};
use crate::controls::{Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{form, t};

/// On the check: what a record is, in the place of readers and stages.
pub(super) fn explain(draw: &mut Draw) {
    draw.notice(Tone::Info, "record-explained").line("p", "", form::RECORD_WHAT).line("p", "", form::RECORD_OPEN);
    draw.close().close();
}

/// Once it is sealed: code and file.
pub(super) fn done(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(record) = &screen.state.record else { return };
    draw.line("p", "lead", form::RECORD_DONE);
    draw.open("section", "card receipt stack medium").set(At::AriaLabelledby, "code-title");
    draw.open("h2", "label").set(At::Id, "code-title").say(form::CODE_TITLE).close();
    draw.open("p", "code big").name("record-code").set(At::Translate, "no");
    for (at, group) in record.code.split('-').enumerate() {
        if at > 0 {
            draw.words("span", "dash", yew::AttrValue::Static("-"));
        }
        draw.quote("span", "group", group);
    }
    draw.close().line("p", "hint", form::RECORD_CODE).open("div", "row");
    let weight = if record.saved { Weight::Plain } else { Weight::Primary };
    screen.button(
        draw,
        (weight, Some(Icon::Download)),
        "record-save",
        form::RECORD_SAVE,
        screen.ask(|| Input::SaveRecord),
    );
    draw.close().close();
    if record.saved {
        draw.notice(Tone::Success, "record-saved").line("p", "", form::RECORD_SAVED).close().close();
    }
    draw.line("p", "hint", form::RECORD_OPEN);
    draw.open("div", "").key("more").details("left", t(form::LEFT_TITLE)).line("p", "", form::LEFT_TEXT);
    draw.close().close().close();
    draw.open("div", "ways").key("ways-done");
    screen.button(
        draw,
        (if record.saved { Weight::Primary } else { Weight::Plain }, None),
        "done",
        form::SENT_DONE,
        screen.act(0, |_| Msg::Done),
    );
    draw.close();
}
