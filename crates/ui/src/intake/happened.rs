//! What happened: one text that grows, and lines that open on demand.

use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{AffectedGroup, Answer, When};
use recourse_flow::intake::{Detail, Edit, FreeText, Line, Msg};
use yew::AttrValue;

use super::{Question, Screen, check, privacy, whom};
use crate::controls::{Button, Choice, Kind, Shape, Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{fill, form, t};

/// Letters of what was answered on a closed line's chip.
const SAID: usize = 40;

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let draft = &state.draft;
    draw.open("div", "stack medium").key("story");
    if state.purpose_is(Purpose::Appeal) {
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Decision(text)));
        let decision = state.appeal().map_or("", |appeal| &appeal.decision);
        let hint = Some(form::APPEAL_DECISION_HINT);
        screen.field(draw, (Kind::Line, "decision"), t(form::APPEAL_DECISION), hint, decision, typed);
    }
    if state.places_first() {
        addresses(draw, screen);
    }
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::WhatHappened(text)));
    let (label, hint) = match draft.purpose {
        Some(Purpose::Appeal) => (form::APPEAL_LABEL, form::APPEAL_HINT),
        _ if state.never_used() => (form::HAPPENED_LABEL, form::HAPPENED_HINT_NON_USER),
        _ => (form::HAPPENED_LABEL, form::HAPPENED_HINT),
    };
    screen.field(draw, (Kind::Area, "text-what-happened"), t(label), Some(hint), &draft.what_happened, typed);
    privacy::found(draw, screen, FreeText::Happened);
    if state.purpose_is(Purpose::IllegalContentNotice) {
        notice(draw, screen);
    }
    lines(draw, screen);
    privacy::own(draw, screen);
    draw.close();

    draw.open("div", "stack medium");
    screen
        .answers(draw, "danger", form::DANGER_LEGEND, None, draft.imminent_danger, |at| Edit::Danger(Answer::ALL[at]));
    if draft.imminent_danger == Some(Answer::Yes) {
        draw.notice(Tone::Danger, "danger-help").line("p", "", form::DANGER_HELP);
        super::help::view(draw, screen);
        draw.close().close();
    }
    draw.close().open("div", "stack medium");
    let edit = |at| Edit::Retaliation(Answer::ALL[at]);
    screen.answers(draw, "retaliation", form::RETALIATION_LEGEND, None, draft.fear_of_retaliation, edit);
    if draft.fear_of_retaliation == Some(Answer::Yes) {
        draw.notice(Tone::Info, "retaliation-help").line("p", "", form::RETALIATION_HELP).close().close();
    }
    draw.close();

    if matches!(draft.purpose, Some(Purpose::FlagMisuse | Purpose::Both)) {
        // After a report of misuse: whether there was harm to put right as well.
        let question = Question { shape: Shape::Row, ..Question::of("also-remedy", form::ALSO_LEGEND, form::ALSO_, 2) };
        let (both, answered) = (draft.purpose == Some(Purpose::Both), state.also_answered);
        let list = |at: usize| if at == 0 { ("yes", both) } else { ("no", answered && !both) };
        screen.choices(draw, question, &list, |at| Edit::AlsoRemedy(at == 0));
    }
    super::questions::view(draw, screen);
}

/// Where it is to be seen: several addresses, each on a line.
fn addresses(draw: &mut Draw, screen: &Screen<'_>) {
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Url(text)));
    let label = if screen.state.places_first() { form::WHERE_URLS } else { form::WHERE_URL };
    screen.field(draw, (Kind::Few, "url"), t(label), Some(form::WHERE_URL_HINT), &screen.state.url, typed);
}

/// What DSA Art. 16 asks of a notice beside the places.
fn notice(draw: &mut Draw, screen: &Screen<'_>) {
    let (reasons, faith) =
        screen.state.notice().map_or(("", false), |notice| (&*notice.reasons, notice.good_faith_statement));
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Reasons(text)));
    let hint = Some(form::NOTICE_REASONS_HINT);
    screen.field(draw, (Kind::Area, "text-reasons"), t(form::NOTICE_REASONS), hint, reasons, typed);
    privacy::found(draw, screen, FreeText::Reasons);
    let fault = screen.state.faults.iter().find(|fault| fault.field == "good-faith");
    draw.open("div", if fault.is_some() { "field wrong" } else { "field" }).key("faith");
    if let Some(fault) = fault {
        draw.open("p", "fault").icon(Icon::Warning).words("span", "", super::frame::wrong(fault.wrong)).close();
    }
    let choice = Choice::new("faith", t(form::NOTICE_GOOD_FAITH), faith);
    choice.draw(draw, "good-faith", None, screen.picked(usize::from(!faith), |said| Edit::GoodFaith(said == 1)));
    draw.close();
}

/// One line at a time, for each of them is a screen of its own on a phone; the chip of a closed one says what stands in it.
fn lines(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    draw.open("div", "chips").set(At::Role, "group").attr_said(At::AriaLabel, form::HAPPENED_MORE);
    for (at, line) in Line::ALL.into_iter().enumerate() {
        let open = state.line == Some(line);
        let said = said(screen, state.details_in(line));
        draw.open("button", if open { "chip on" } else { "chip" }).name(&["chip-", line.as_str()].concat());
        draw.set(At::Type, "button").set(At::AriaExpanded, if open { "true" } else { "false" });
        draw.click(screen.act(at, |at| Msg::Edit(Edit::OpenLine(Line::ALL[at])))).icon(match (said.is_empty(), open) {
            (false, _) => Icon::Check,
            (true, true) => Icon::Minus,
            (true, false) => Icon::Plus,
        });
        draw.open("span", "two-lines").words("span", "", name(screen, line));
        if !open && !said.is_empty() {
            draw.quote("span", "hint", &said);
        }
        draw.close().close();
    }
    draw.close();
    let Some(line) = state.line else { return };
    draw.open("div", "card stack").key(line.as_str());
    match line {
        Line::When => when(draw, screen),
        Line::Who => who(draw, screen),
        Line::Where => place(draw, screen),
    }
    if state.details_in(line).iter().any(|detail| state.has_detail(*detail)) {
        let remove = screen.act(line as usize, |at| Msg::Edit(Edit::EmptyLine(Line::ALL[at])));
        let button = Button::new(Weight::Quiet, "line-empty", t(form::CHECK_REMOVE), remove).icon(Icon::Bin);
        let button = button.described(fill(form::CHECK_REMOVE_PART, &[("part", &name(screen, line))]));
        draw.open("div", "row").key("line-empty").put(button.view()).close();
    }
    draw.close();
}

fn name(screen: &Screen<'_>, line: Line) -> AttrValue {
    screen.named(match line {
        Line::When => form::CHIP_WHEN,
        Line::Who => form::CHIP_WHO,
        Line::Where if screen.state.never_used() => form::CHIP_WHERE_NON_USER,
        Line::Where => form::CHIP_WHERE,
    })
}

/// The first words of what was answered; empty for nothing.
fn said(screen: &Screen<'_>, details: &[Detail]) -> String {
    let mut words = String::new();
    for detail in details {
        if screen.state.has_detail(*detail) {
            check::add(&mut words, &check::said(screen, *detail).replace('\n', " "));
        }
    }
    if let Some((end, _)) = words.char_indices().nth(SAID) {
        words.truncate(end);
        words.push('…');
    }
    words
}

fn when(draw: &mut Draw, screen: &Screen<'_>) {
    let draft = &screen.state.draft;
    let question =
        Question { shape: Shape::Row, ..Question::of("when", form::WHEN_LEGEND, form::WHEN_, When::ALL.len()) };
    let list = |at: usize| (When::ALL[at].as_str(), draft.when == Some(When::ALL[at]));
    screen.choices(draw, question, &list, |at| Edit::When(When::ALL[at]));
    let edit = |at| Edit::Undone(Answer::ALL[at]);
    screen.answers(draw, "undone", form::UNDONE_LEGEND, None, draft.can_be_undone, edit);
}

fn who(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::HowMany(text)));
    screen.field(draw, (Kind::Number, "how-many"), t(form::WHO_LINE_HOW_MANY), None, &state.how_many, typed);
    let question = Question {
        shape: Shape::Tokens,
        several: true,
        hint: Some(form::WHO_LINE_GROUPS_HINT),
        ..Question::of("affected", form::WHO_LINE_GROUPS, form::AFFECTED_, AffectedGroup::ALL.len())
    };
    let chosen = &state.draft.affected_groups;
    let list = |at: usize| (AffectedGroup::ALL[at].as_str(), chosen.contains(&AffectedGroup::ALL[at]));
    screen.choices(draw, question, &list, |at| Edit::Affected(AffectedGroup::ALL[at]));
}

/// What leads a reader there comes first; the rest is behind one summary that says whether it has something.
fn place(draw: &mut Draw, screen: &Screen<'_>) {
    whom::view(draw, screen);
    if !screen.state.places_first() {
        addresses(draw, screen);
    }
    whom::feature(draw, screen);
    draw.open("details", "").name("where-more").open("summary", "").icon(Icon::Next);
    draw.open("span", "two-lines").line("span", "", form::WHERE_MORE);
    let said = said(screen, &[Detail::Item, Detail::UseCase, Detail::Market]);
    if !said.is_empty() {
        draw.quote("span", "hint", &said);
    }
    draw.close().close().open("div", "stack inside");
    whom::rest(draw, screen);
    draw.close().close();
}
