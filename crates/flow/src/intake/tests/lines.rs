//! The lines under the text: one open at a time, and nothing lost.

use super::*;

fn open(line: Line) -> Msg {
    Msg::Edit(Edit::OpenLine(line))
}

#[test]
fn one_line_is_open_at_a_time_and_a_closed_one_keeps_what_is_in_it() {
    let mut state = full();
    let whole = outgoing(&state).draft;
    assert_eq!(state.line, Some(Line::Where), "the last that was opened");
    for (line, field) in [(Line::When, "when"), (Line::Who, "how-many"), (Line::Where, "subject")] {
        let effects = update(&mut state, open(line));
        assert!(matches!(effects[..], [Effect::Focus(there)] if there == field), "{effects:?}");
        assert_eq!(state.line, Some(line));
        assert_eq!(outgoing(&state).draft, whole);
    }
    assert!(update(&mut state, open(Line::Where)).is_empty(), "the focus stays on the chip");
    assert_eq!((state.line, outgoing(&state).draft), (None, whole));
}

#[test]
fn emptying_a_line_takes_out_what_is_in_it_and_nothing_else() {
    for line in Line::ALL {
        let mut state = full();
        state.line = Some(line);
        assert!(state.details_in(line).iter().all(|detail| state.has_detail(*detail)));
        let effects = update(&mut state, Msg::Edit(Edit::EmptyLine(line)));
        assert!(matches!(effects[..], [Effect::Focus(_)]), "{effects:?}");
        assert_eq!(state.line, Some(line), "it stays open");
        for detail in Detail::ALL {
            assert_eq!(state.has_detail(detail), !state.details_in(line).contains(&detail), "{line:?}: {detail:?}");
        }
    }
}

#[test]
fn every_detail_is_in_one_line_or_seen_beside_them() {
    let beside = [Detail::Danger, Detail::Retaliation];
    for (category, above) in [(Category::SpamBulk, false), (Category::IntimateImageAbuse, true)] {
        let state = form([Msg::Edit(Edit::Category(category))]);
        for detail in Detail::ALL {
            let lines = Line::ALL.iter().filter(|line| state.details_in(**line).contains(&detail)).count();
            let seen = beside.contains(&detail) || (above && detail == Detail::Url);
            assert_eq!(lines, usize::from(!seen), "{detail:?}");
        }
    }
    // Where the addresses stand above the text, they are none of the line's.
    let mut state = form([
        Msg::Edit(Edit::Category(Category::IntimateImageAbuse)),
        Msg::Edit(Edit::Url("https://one.example/a".into())),
        Msg::Edit(Edit::Feature("Messages".into())),
    ]);
    update(&mut state, Msg::Edit(Edit::EmptyLine(Line::Where)));
    assert_eq!((state.url.as_str(), state.draft.subject.feature.as_str()), ("https://one.example/a", ""));
}

#[test]
fn a_field_that_is_to_be_put_right_is_opened() {
    for (field, line) in [
        ("how-many", Some(Line::Who)),
        ("url", Some(Line::Where)),
        ("subject-name", Some(Line::Where)),
        ("feature", Some(Line::Where)),
        ("item", Some(Line::Where)),
        ("use-case", Some(Line::Where)),
        ("market", Some(Line::Where)),
        ("text-what-happened", Some(Line::When)),
    ] {
        let mut state = form([Msg::Door(Purpose::FlagMisuse), Msg::GoTo(Step::WhatHappened), open(Line::When)]);
        update(&mut state, Msg::GoToField(field.into()));
        assert_eq!(state.line, line, "{field}");
    }
    // Above the text they are seen as it is.
    let mut state = form([Msg::Edit(Edit::Category(Category::IntimateImageAbuse)), Msg::GoTo(Step::WhatHappened)]);
    update(&mut state, Msg::GoToField("url".into()));
    assert_eq!(state.line, None);
}
