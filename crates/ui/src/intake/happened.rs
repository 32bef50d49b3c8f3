//! What happened: one text that grows, and lines that open on demand.

use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{AffectedGroup, Answer, Remedy, When};
use recourse_flow::intake::{Edit, Line, Msg};

use super::{Question, Screen};
use crate::controls::{Choice, Kind, Shape, Tone};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{form, t};

const LINES: [(Line, &str); 3] = [(Line::When, "chip-when"), (Line::Who, "chip-who"), (Line::Where, "chip-where")];

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let draft = &screen.state.draft;
    draw.open("div", "stack medium");
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::WhatHappened(text)));
    let hint = Some(form::HAPPENED_HINT);
    screen.field(draw, (Kind::Area, "text-what-happened"), t(form::HAPPENED_LABEL), hint, &draft.what_happened, typed);
    lines(draw, screen);
    draw.close();

    draw.open("div", "stack medium");
    screen
        .answers(draw, "danger", form::DANGER_LEGEND, None, draft.imminent_danger, |at| Edit::Danger(Answer::ALL[at]));
    if draft.imminent_danger == Some(Answer::Yes) {
        draw.notice(Tone::Danger, "danger-help").line("p", "", form::DANGER_HELP).close().close();
    }
    draw.close().open("div", "stack medium");
    let edit = |at| Edit::Retaliation(Answer::ALL[at]);
    screen.answers(draw, "retaliation", form::RETALIATION_LEGEND, None, draft.fear_of_retaliation, edit);
    if draft.fear_of_retaliation == Some(Answer::Yes) {
        draw.notice(Tone::Info, "retaliation-help").line("p", "", form::RETALIATION_HELP).close().close();
    }
    draw.close();

    if draft.purpose != Some(Purpose::SeekRemedy) {
        // After a report of misuse: whether there was harm to put right as well.
        let question = Question { shape: Shape::Row, ..Question::of("also-remedy", form::ALSO_LEGEND, form::ALSO_, 2) };
        let (both, answered) = (draft.purpose == Some(Purpose::Both), screen.state.also_answered);
        let list = |at: usize| if at == 0 { ("yes", both) } else { ("no", answered && !both) };
        screen.choices(draw, question, &list, |at| Edit::AlsoRemedy(at == 0));
    }
    if screen.state.seeks_remedy() {
        remedy(draw, screen);
    }
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
        screen.choices(draw, question, &list, |at| Edit::When(When::ALL[at]));
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
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Feature(text)));
        let label = screen.named(form::WHERE_FEATURE);
        screen.field(
            draw,
            (Kind::Line, "feature"),
            label,
            Some(form::WHERE_FEATURE_HINT),
            &state.draft.subject.feature,
            typed,
        );
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Url(text)));
        screen.field(draw, (Kind::Line, "url"), t(form::WHERE_URL), Some(form::WHERE_URL_HINT), &state.url, typed);
        draw.close();
    }
}

fn remedy(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let draft = &state.draft;
    draw.open("section", "stack").key("remedy").set(At::AriaLabelledby, "remedy-title");
    draw.open("h2", "").set(At::Id, "remedy-title").say(form::REMEDY_TITLE).close();

    draw.open("div", "stack medium");
    let others = draft.represented.is_some();
    let question = Question { shape: Shape::Row, ..Question::of("speaks", form::SPEAKS_LEGEND, form::SPEAKS_, 2) };
    let list =
        |at: usize| if at == 0 { ("self", !others && !draft.relationships.is_empty()) } else { ("others", others) };
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
    let question = Question {
        several: true,
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
