//! The receipt, and what happens next.

use recourse_domain::lifecycle::CaseState;
use recourse_flow::intake::{Msg, Sent, State};
use yew::prelude::*;

use super::{Input, Screen};
use crate::controls::{Field, Kind, Tone, Weight};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::text::{fill, form, of, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(sent) = &screen.state.sent else { return };
    draw.words("p", "lead", screen.named(form::SENT_LEAD));
    code(draw, screen, sent);
    kept(draw, screen, sent);
    dates(draw, screen, sent);
    draw.open("section", "stack medium no-print").name("other-routes").line("h2", "", form::ROUTES_TITLE);
    draw.line("p", "hint", form::ROUTES_LEAD);
    routes(draw, screen);
    draw.close().open("div", "no-print").key("more");
    draw.details("proof", t(form::PROOF_TITLE)).words("p", "", screen.named(form::PROOF_TEXT)).open("div", "");
    screen.button(
        draw,
        (Weight::Plain, Some(Icon::Download)),
        "proof-download",
        form::PROOF_BUTTON,
        screen.ask(|| Input::SaveProof),
    );
    draw.close()
        .close()
        .close()
        .details("left", t(form::LEFT_TITLE))
        .line("p", "", form::LEFT_TEXT)
        .close()
        .close()
        .close();
    draw.open("div", "ways no-print").key("ways-done");
    screen.button(draw, (Weight::Primary, None), "done", form::SENT_DONE, screen.act(0, |_| Msg::Done));
    draw.close();
}

fn code(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
    draw.open("section", "card receipt stack medium").set(At::AriaLabelledby, "code-title");
    draw.open("h2", "label").set(At::Id, "code-title").say(form::CODE_TITLE).close();
    draw.open("p", "code big").name("receipt-code").set(At::Translate, "no");
    for (at, group) in sent.receipt.split('-').enumerate() {
        if at > 0 {
            draw.words("span", "dash", AttrValue::Static("-"));
        }
        draw.quote("span", "group", group);
    }
    draw.close().line("p", "hint", form::CODE_HINT).open("p", "follow").line("span", "hint", form::CODE_FOLLOW);
    draw.text(AttrValue::Static(" "))
        .open("span", "ltr")
        .name("follow-up-address")
        .foreign(screen.follow_up)
        .close()
        .close();
    draw.open("div", "row no-print");
    screen.button(
        draw,
        (Weight::Plain, Some(Icon::Copy)),
        "receipt-copy",
        form::CODE_COPY,
        screen.act(0, |_| Msg::CodeCopy),
    );
    screen.button(
        draw,
        (Weight::Plain, Some(Icon::Download)),
        "receipt-download",
        form::CODE_DOWNLOAD,
        screen.ask(|| Input::SaveCode),
    );
    screen.button(
        draw,
        (Weight::Plain, Some(Icon::Print)),
        "receipt-print",
        form::CODE_PRINT,
        screen.ask(|| Input::Print),
    );
    draw.close().open("div", "no-print stack small");
    if let Some(worked) = sent.copied {
        draw.line("p", "hint", if worked { form::CODE_COPIED } else { form::CODE_NOT_COPIED });
    }
    draw.line("p", "hint", form::CODE_DOWNLOAD_HINT).close().close();
}

/// One question, asked until it is answered: a code that was not kept is a report that nobody can be answered on.
fn kept(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
    if sent.kept == Some(true) {
        draw.open("div", "no-print").name("receipt-check-ok").notice(Tone::Success, "kept");
        draw.line("p", "", form::KEPT_RIGHT).close().close().close();
        return;
    }
    let wrong = sent.kept == Some(false);
    draw.open("section", "stack medium no-print").key("ask");
    if wrong {
        draw.set(At::TestId, "receipt-check-wrong");
    }
    draw.line("h2", "", form::KEPT_TITLE).open("div", "beside");
    Field::new(Kind::Code, "receipt-check-input", t(form::KEPT_LABEL), sent.typed.clone(), Callback::noop())
        .fault(wrong.then(|| t(form::KEPT_WRONG)))
        .draw(draw, screen.typed(0, |_, text| Msg::CodeTyped(text)));
    screen.button(draw, (Weight::Plain, None), "receipt-check", form::KEPT_BUTTON, screen.act(0, |_| Msg::CodeCheck));
    draw.close().close();
}

fn dates(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
    draw.open("section", "stack medium")
        .name("next-dates")
        .line("h2", "", form::DATES_TITLE)
        .open("ol", "timeline plain");
    for due in &sent.due {
        draw.open("li", "").words("p", "", stage(screen, due.state));
        draw.words("p", "hint", fill(form::DATES_BY, &[("date", &format::long_day(due.at))])).close();
    }
    draw.close().close();
}

/// What a stage is in the provider's words, else in ours.
pub(super) fn stage(screen: &Screen<'_>, state: CaseState) -> AttrValue {
    let stages = screen.open().map_or(&[][..], |channel| &channel.stages);
    let text = stages.iter().find(|stage| stage.state == state).map_or("", |stage| &*stage.text);
    if text.is_empty() { of(form::STATE_, state.as_str()) } else { text.to_owned().into() }
}

/// Regulator, court, helpline: shown as text and link, never fetched.
pub(super) fn routes(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    draw.open("ul", "routes plain");
    for route in &channel.other_routes {
        draw.open("li", "");
        // A link for the web, mail or telephone; anything else of a manifest is text.
        if ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| route.url.starts_with(scheme)) {
            draw.open("a", "")
                .attr(At::Href, route.url.clone().into())
                .set(At::Target, "_blank")
                .set(At::Rel, "noopener noreferrer");
            draw.foreign(&route.name).close();
        } else {
            draw.quote("strong", "", &route.name);
        }
        draw.quote("p", "hint", &route.text).close();
    }
    draw.close();
}

/// What a screen reader hears.
pub(super) fn announcement(state: &State) -> AttrValue {
    match state.sent.as_ref().map(|sent| (sent.kept, sent.copied)) {
        Some((Some(true), _)) => t(form::KEPT_RIGHT),
        Some((Some(false), _)) => t(form::KEPT_WRONG),
        Some((None, Some(true))) => t(form::CODE_COPIED),
        Some((None, Some(false))) => t(form::CODE_NOT_COPIED),
        _ => AttrValue::default(),
    }
}

/// Text of the file with the code: no name of provider or product, so that a file manager's preview gives nothing away at a glance.
pub(super) fn code_file(sent: &Sent, follow_up: &str) -> String {
    let mut text =
        [&*t(form::FILE_FIRST), " ", &sent.receipt, "\n\n", &*t(form::FILE_SECOND), " ", follow_up, "\n\n"].concat();
    for due in &sent.due {
        text.push_str(&[&*of(form::STATE_, due.state.as_str()), ": ", &format::day(due.at), "\n"].concat());
    }
    text
}
