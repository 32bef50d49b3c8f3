//! What happened: one text that grows, and lines that open on demand.

use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{AffectedGroup, Answer, Remedy, When};
use recourse_flow::intake::{Edit, FreeText, Line, Msg};

use super::{Question, Screen, privacy};
use crate::controls::{Choice, Kind, Shape, Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{form, t};

const LINES: [(Line, &str); 3] = [(Line::When, "chip-when"), (Line::Who, "chip-who"), (Line::Where, "chip-where")];

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
    if screen.state.seeks_remedy() {
        remedy(draw, screen);
    }
    super::questions::view(draw, screen);
}

/// Where it is to be seen: several addresses, each on a line.
fn addresses(draw: &mut Draw, screen: &Screen<'_>) {
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Url(text)));
    let first = screen.state.places_first();
    let (label, kind) = if first { (form::WHERE_URLS, Kind::Area) } else { (form::WHERE_URL, Kind::Area) };
    screen.field(draw, (kind, "url"), t(label), Some(form::WHERE_URL_HINT), &screen.state.url, typed);
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

fn lines(draw: &mut Draw, screen: &Screen<'_>) {
    draw.open("div", "chips").set(At::Role, "group").attr_said(At::AriaLabel, form::HAPPENED_MORE);
    for (at, (line, name)) in LINES.into_iter().enumerate() {
        let open = screen.state.lines.contains(&line);
        draw.open("button", if open { "chip on" } else { "chip" }).name(name).set(At::Type, "button");
        draw.set(At::AriaExpanded, if open { "true" } else { "false" });
        draw.click(screen.act(at, |at| Msg::Edit(Edit::OpenLine(LINES[at].0)))).icon(if open {
            Icon::Check
        } else {
            Icon::Plus
        });
        let label = match line {
            Line::When => form::CHIP_WHEN,
            Line::Who => form::CHIP_WHO,
            Line::Where if screen.state.never_used() => form::CHIP_WHERE_NON_USER,
            Line::Where => form::CHIP_WHERE,
        };
        draw.words("span", "", screen.named(label)).close();
    }
    draw.close();
    let state = screen.state;
    if state.lines.contains(&Line::When) {
        let question =
            Question { shape: Shape::Row, ..Question::of("when", form::WHEN_LEGEND, form::WHEN_, When::ALL.len()) };
        let list = |at: usize| (When::ALL[at].as_str(), state.draft.when == Some(When::ALL[at]));
        draw.open("div", "card stack").key("when");
        screen.choices(draw, question, &list, |at| Edit::When(When::ALL[at]));
        let edit = |at| Edit::Undone(Answer::ALL[at]);
        screen.answers(draw, "undone", form::UNDONE_LEGEND, None, state.draft.can_be_undone, edit);
        draw.close();
    }
    if state.lines.contains(&Line::Who) {
        draw.open("div", "card stack").key("who");
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
        draw.close();
    }
    if state.lines.contains(&Line::Where) {
        draw.open("div", "card stack").key("where");
        super::whom::view(draw, screen);
        if !state.places_first() {
            addresses(draw, screen);
        }
        super::whom::rest(draw, screen);
        draw.close();
    }
}

fn remedy(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let draft = &state.draft;
    draw.open("section", "stack").key("remedy").set(At::AriaLabelledby, "remedy-title").open("div", "row spread");
    draw.open("h2", "").set(At::Id, "remedy-title").say(form::REMEDY_TITLE).close();
    if draft.purpose == Some(Purpose::SeekRemedy) {
        // The way to the other door; what was written of remedy is kept for the way back.
        let only = screen.act(0, |_| Msg::Edit(Edit::AlsoRemedy(false)));
        screen.button(draw, (Weight::Quiet, None), "only-report", form::REMEDY_ONLY_REPORT, only);
    }
    draw.close();

    draw.open("div", "stack medium");
    let others = draft.represented.is_some();
    let question = Question {
        shape: Shape::Row,
        hint: Some(form::SPEAKS_HINT),
        ..Question::of("speaks", form::SPEAKS_LEGEND, form::SPEAKS_, 2)
    };
    let list = |at: usize| if at == 0 { ("self", state.speaks_for_others == Some(false)) } else { ("others", others) };
    screen.choices(draw, question, &list, |at| Edit::SpeaksForOthers(at == 1));
    if let Some(represented) = &draft.represented {
        draw.open("div", "card stack").key("represented");
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::RepresentedHowMany(text)));
        screen.field(
            draw,
            (Kind::Number, "represented-how-many"),
            t(form::SPEAKS_HOW_MANY),
            None,
            &state.represented_how_many,
            typed,
        );
        let edit = |at| Edit::RepresentedKnow(Answer::ALL[at]);
        screen.answers(draw, "represented-know", form::SPEAKS_KNOW, None, represented.do_they_know, edit);
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Receipts(text)));
        let receipts = (Kind::Number, "receipts");
        screen.field(
            draw,
            receipts,
            t(form::SPEAKS_RECEIPTS),
            Some(form::SPEAKS_RECEIPTS_HINT),
            &state.receipts,
            typed,
        );
        draw.close();
    }
    draw.close();

    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Harm(text)));
    screen.field(
        draw,
        (Kind::Area, "text-harm"),
        t(form::REMEDY_HARM),
        Some(form::REMEDY_HARM_HINT),
        &draft.harm,
        typed,
    );
    privacy::found(draw, screen, FreeText::Harm);
    let question = Question {
        several: true,
        shape: Shape::Tokens,
        hint: Some(form::REMEDY_HINT),
        ..Question::of("remedy", form::REMEDY_LEGEND, form::REMEDIES_, Remedy::ALL.len())
    };
    let list = |at: usize| (Remedy::ALL[at].as_str(), draft.remedy_sought.contains(&Remedy::ALL[at]));
    screen.choices(draw, question, &list, |at| Edit::Remedy(Remedy::ALL[at]));
    if state.asks_for_data() {
        let may = draft.may_tell_data_holder;
        let choice =
            Choice::new("holder", screen.named(form::REMEDY_HOLDER), may).hint(screen.named(form::REMEDY_HOLDER_HINT));
        choice.draw(
            draw,
            "tell-data-holder",
            None,
            screen.picked(usize::from(!may), |may| Edit::MayTellDataHolder(may == 1)),
        );
    }
    draw.close();
}
