//! The receipt, and what happens next.

use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_flow::intake::{KeepAct, Msg, Sent, State, calendar};
use yew::prelude::*;

use super::{Input, Screen, waiting};
use crate::controls::{Choice, Field, Kind, Tone, Weight};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::qr::qr;
use crate::text::{count, fill, form, is_right_to_left, isolate, language, of, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(sent) = &screen.state.sent else { return };
    if let Some(waits) = sent.waits {
        return waiting::kept(draw, screen, sent, waits);
    }
    if sent.receipt.is_empty() {
        waiting::arrived(draw, screen);
    } else {
        draw.words("p", "lead", screen.named(form::SENT_LEAD));
        code(draw, screen, sent);
        group(draw, sent);
        kept(draw, screen, sent);
        ways(draw, screen, sent);
    }
    dates(draw, screen, sent);
    remind(draw, screen);
    draw.open("div", "no-print").key("more").details("other-routes", t(form::ROUTES_TITLE));
    draw.line("p", "hint", form::ROUTES_LEAD);
    routes(draw, screen);
    draw.close().close();
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

pub(super) fn code(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
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
    draw.open("div", "scan").open("div", "");
    qr(draw, &opening(screen, sent), t(form::CODE_QR));
    draw.close().open("p", "").icon(Icon::Phone).line("span", "", form::CODE_SCAN).close().close().close();
}

/// Address of the follow-up page with the code behind the `#`: a browser sends that part to nobody.
fn opening(screen: &Screen<'_>, sent: &Sent) -> String {
    [screen.follow_up, "#", &sent.receipt.replace('-', "")].concat()
}

/// The other ways to keep the code, each with who might see it.
pub(super) fn ways(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
    draw.open("section", "stack medium no-print").name("code-ways").line("h2", "", form::CODE_WAYS);
    draw.open("ul", "kept-ways plain");
    let ways: [(_, _, _, Callback<MouseEvent>, _); 3] = [
        (Icon::Copy, "receipt-copy", form::CODE_COPY, screen.act(0, |_| Msg::CodeCopy), form::CODE_COPY_HINT),
        (
            Icon::Download,
            "receipt-download",
            form::CODE_DOWNLOAD,
            screen.ask(|| Input::SaveCode),
            form::CODE_DOWNLOAD_HINT,
        ),
        (Icon::Print, "receipt-print", form::CODE_PRINT, screen.ask(|| Input::Print), form::CODE_PRINT_HINT),
    ];
    for (icon, name, label, click, hint) in ways {
        draw.open("li", "").key(name);
        screen.button(draw, (Weight::Plain, Some(icon)), name, label, click);
        let hint = match sent.copied {
            Some(true) if icon == Icon::Copy => form::CODE_COPIED,
            Some(false) if icon == Icon::Copy => form::CODE_NOT_COPIED,
            _ => hint,
        };
        draw.line("p", "hint", hint).close();
    }
    draw.open("li", "").key("password");
    manager(draw, screen, sent);
    draw.line("p", "hint", if screen.state.keep.handed { form::CODE_MANAGER_DONE } else { form::CODE_MANAGER_HINT });
    draw.close().close().close();
}

/// A form of name and password: what browsers and password managers know how to keep. It goes nowhere, and is gone once it was sent, by
/// which they see that it worked.
fn manager(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
    if screen.state.keep.handed {
        draw.open("p", "").name("password-handed").icon(Icon::Check).line("span", "", form::CODE_MANAGER).close();
        return;
    }
    let send = screen.send.clone();
    draw.open("form", "keep-form").name("password-form").submit(Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Input::Manager);
    }));
    draw.open("input", "visually-hidden").set(At::Type, "text").set(At::Name, "username").set(At::Id, "manager-name");
    draw.set(At::Autocomplete, "username").set(At::Tabindex, "-1").set(At::AriaHidden, "true").set(At::Readonly, "");
    draw.value(t(form::CODE_MANAGER_NAME)).close();
    draw.open("input", "visually-hidden")
        .set(At::Type, "password")
        .set(At::Name, "password")
        .set(At::Id, "manager-code");
    draw.set(At::Autocomplete, "new-password")
        .set(At::Tabindex, "-1")
        .set(At::AriaHidden, "true")
        .set(At::Readonly, "");
    draw.value(sent.receipt.clone().into()).close();
    draw.open("button", "button").name("receipt-manager").set(At::Type, "submit").icon(Icon::Lock);
    draw.line("span", "", form::CODE_MANAGER).close().close();
}

/// A code for each other member of a group.
pub(super) fn group(draw: &mut Draw, sent: &Sent) {
    if sent.others.is_empty() && sent.missing == 0 {
        return;
    }
    draw.open("section", "card stack medium").name("group-codes").line("h2", "label", form::GROUP_CODES_TITLE);
    draw.line("p", "hint", form::GROUP_CODES_HINT).open("ol", "plain stack small");
    for (at, code) in sent.others.iter().enumerate() {
        draw.open("li", "code").name(&["group-code-", &(at + 2).to_string()].concat()).set(At::Translate, "no");
        draw.quote("span", "ltr", code).close();
    }
    draw.close();
    if sent.missing > 0 {
        draw.notice(Tone::Warning, "group-missing").words("p", "", count(form::GROUP_CODES_MISSING, sent.missing));
        draw.close().close();
    }
    draw.close();
}

/// One question, asked until it is answered: a code that was not kept is a report that nobody can be answered on.
pub(super) fn kept(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
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
    draw.line("h2", "", form::KEPT_TITLE).open("div", "asked-back");
    Field::new(Kind::Code, "receipt-check-input", t(form::KEPT_LABEL), sent.typed.clone(), Callback::noop())
        .fault(wrong.then(|| t(form::KEPT_WRONG)))
        .draw(draw, screen.typed(0, |_, text| Msg::CodeTyped(text)));
    screen.button(draw, (Weight::Plain, None), "receipt-check", form::KEPT_BUTTON, screen.act(0, |_| Msg::CodeCheck));
    draw.close().close();
}

fn dates(draw: &mut Draw, screen: &Screen<'_>, sent: &Sent) {
    draw.open("section", "stack medium").name("next-dates").line("h2", "", form::DATES_TITLE);
    if let Some(first) = sent.due.first() {
        let provider = screen.open().map_or("", |channel| &channel.provider);
        let date = format::long_day(first.at);
        draw.words("p", "", fill(form::DATES_FIRST, &[("provider", &provider), ("date", &date)]));
    }
    draw.open("ol", "timeline plain");
    for due in &sent.due {
        draw.open("li", "").words("p", "", stage(screen, due.state));
        draw.words("p", "hint", fill(form::DATES_BY, &[("date", &format::long_day(due.at))])).close();
    }
    draw.close().close();
}

/// The dates for the person's own calendar, under a title that says nothing to others.
fn remind(draw: &mut Draw, screen: &Screen<'_>) {
    let keep = &screen.state.keep;
    draw.open("section", "no-print").key("calendar").details("calendar", t(form::CALENDAR_TITLE));
    draw.line("p", "", form::CALENDAR_TEXT);
    let neutral = t(form::CALENDAR_NEUTRAL);
    let title = if keep.title.is_empty() { neutral } else { keep.title.clone().into() };
    Field::new(Kind::Line, "calendar-title", t(form::CALENDAR_LABEL), title, Callback::noop())
        .draw(draw, screen.typed(0, |_, text| Msg::Keeping(KeepAct::Title(text))));
    let wanted = !keep.address;
    let change = screen.send.reform(move |_| Input::Msg(Msg::Keeping(KeepAct::Address(wanted))));
    Choice::new("", t(form::CALENDAR_ADDRESS), keep.address).hint(t(form::CALENDAR_ADDRESS_HINT)).draw(
        draw,
        "calendar-address",
        None,
        change,
    );
    draw.open("div", "");
    screen.button(
        draw,
        (Weight::Plain, Some(Icon::Download)),
        "calendar-download",
        form::CALENDAR_BUTTON,
        screen.ask(|| Input::SaveCalendar),
    );
    draw.close().close().close().close();
}

/// The calendar file, as it was chosen.
#[allow(
    clippy::disallowed_methods,
    reason = "a file's name among a calendar's, no secret; `calendar` is tested with a seed"
)]
pub(super) fn calendar_file(state: &State, follow_up: &str, now: Timestamp) -> String {
    let title = state.keep.title.trim();
    let title = if title.is_empty() { t(form::CALENDAR_NEUTRAL) } else { title.to_owned().into() };
    let address = if state.keep.address { Some(follow_up) } else { None };
    let mut days = Vec::new();
    for due in state.sent.iter().flat_map(|sent| &sent.due) {
        days.push(due.at);
    }
    // A name that no other file has, as calendars want it; no secret.
    let seed = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    calendar(&title, address, &days, now, seed)
}

/// What a stage is in the provider's words, else in ours.
pub(super) fn stage(screen: &Screen<'_>, state: CaseState) -> AttrValue {
    let stages = screen.open().map_or(&[][..], |channel| &channel.stages);
    let text = stages.iter().find(|stage| stage.state == state).map_or("", |stage| &*stage.text);
    if text.is_empty() {
        of(form::STATE_, state.as_str())
    } else if is_right_to_left(&language()) {
        isolate(text).into()
    } else {
        text.to_owned().into()
    }
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
    for code in &sent.others {
        text.push_str(&[&*t(form::FILE_FIRST), " ", code, "\n"].concat());
    }
    for due in &sent.due {
        text.push_str(&[&*of(form::STATE_, due.state.as_str()), ": ", &format::day(due.at), "\n"].concat());
    }
    text
}
