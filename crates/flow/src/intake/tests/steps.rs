//! The way from screen to screen, above all through the fourth step, which has a second one where something is to be put right.

use super::*;

/// A report with enough in it for every purpose, at the second step.
fn begun(purpose: Purpose) -> State {
    form([Msg::Door(purpose), said("words"), Msg::Edit(Edit::Url("https://one.example/a".into()))])
}

fn yes(wanted: bool) -> Msg {
    Msg::Edit(Edit::AlsoRemedy(wanted))
}

#[test]
fn the_fourth_step_has_a_second_screen_where_something_is_to_be_put_right() {
    let short = [Step::What, Step::WhatHappened, Step::Evidence, Step::Check];
    let long = [Step::What, Step::WhatHappened, Step::PuttingRight, Step::Evidence, Step::Check];
    for (purpose, also, way) in [
        (Purpose::FlagMisuse, None, &short[..]),
        (Purpose::FlagMisuse, Some(false), &short),
        (Purpose::FlagMisuse, Some(true), &long),
        (Purpose::SeekRemedy, None, &long),
        (Purpose::SeekRemedy, Some(false), &short),
        (Purpose::IllegalContentNotice, None, &short),
        (Purpose::Appeal, None, &short),
        (Purpose::RecordOnly, None, &short),
    ] {
        let mut state = begun(purpose);
        if let Some(wanted) = also {
            update(&mut state, yes(wanted));
        }
        let mut there = Vec::new();
        while let Some(next) = state.next() {
            let effects = update(&mut state, Msg::Next);
            assert!(matches!(effects[..], [Effect::Focus("step-heading")]), "{purpose:?}: {effects:?}");
            assert_eq!((state.step, state.changing), (next, false));
            there.push(next);
        }
        assert_eq!(there, way, "{purpose:?} {also:?}");
        let mut back = vec![state.step];
        while state.step != Step::What {
            update(&mut state, Msg::Back);
            back.insert(0, state.step);
        }
        assert_eq!(back, way, "{purpose:?} {also:?}, back");
    }
}

#[test]
fn seven_steps_are_counted_whatever_is_asked_for() {
    let numbers = Step::ALL.map(Step::number);
    assert_eq!(numbers, [1, 2, 3, 4, 4, 5, 6, 7]);
    assert_eq!(Step::COUNTED.map(Step::number), [1, 2, 3, 4, 5, 6, 7]);
    for step in Step::ALL {
        assert_eq!(Step::ALL[step as usize], step, "the place by which a click names it");
    }
}

#[test]
fn a_screen_that_is_not_there_is_the_one_before() {
    for (purpose, at) in [(Purpose::SeekRemedy, Step::PuttingRight), (Purpose::FlagMisuse, Step::WhatHappened)] {
        for msg in [Msg::GoTo(Step::PuttingRight), Msg::Change(Step::PuttingRight)] {
            let mut state = begun(purpose);
            update(&mut state, msg);
            assert_eq!(state.step, at, "{purpose:?}");
        }
        // And in a draft.
        let mut state = begun(Purpose::SeekRemedy);
        update(&mut state, Msg::GoTo(Step::PuttingRight));
        state.draft.purpose = Some(purpose);
        let mut again = form([]);
        update(&mut again, Msg::Keeping(KeepAct::Found(state.pack())));
        update(&mut again, Msg::Keeping(KeepAct::Restore));
        assert_eq!((again.step, again.draft.purpose), (at, Some(purpose)));
    }
}

#[test]
fn change_leads_to_the_screen_of_the_part_and_continue_back() {
    for part in Part::ALL {
        let mut state = full();
        update(&mut state, Msg::Change(part.step()));
        assert_eq!(state.step == Step::PuttingRight, part == Part::Remedy, "{part:?}");
        if part.step() != Step::Start {
            update(&mut state, Msg::Next);
            assert_eq!((state.step, state.changing), (Step::Check, false), "{part:?}");
        }
    }
}

#[test]
fn who_asks_for_remedy_while_changing_is_asked_for_it_before_the_check() {
    for (edits, way) in [
        (vec![], &[Step::Check][..]),
        (vec![said("other words")], &[Step::Check]),
        (vec![yes(true)], &[Step::PuttingRight, Step::Check]),
        (vec![yes(true), said("other words")], &[Step::PuttingRight, Step::Check]),
        (vec![yes(true), yes(false)], &[Step::Check]),
    ] {
        let mut state = begun(Purpose::FlagMisuse);
        update(&mut state, Msg::GoTo(Step::Check));
        update(&mut state, Msg::Change(Part::Text.step()));
        let name = format!("{edits:?}");
        for edit in edits {
            update(&mut state, edit);
        }
        for step in way {
            update(&mut state, Msg::Next);
            assert_eq!(state.step, *step, "{name}");
        }
    }
    // Somebody who was asked before is not led there again.
    let mut state = full();
    update(&mut state, Msg::Change(Part::Text.step()));
    update(&mut state, Msg::Next);
    assert_eq!(state.step, Step::Check);
}

#[test]
fn whoever_only_wants_to_report_is_back_where_that_is_asked() {
    // From the first screen of the step: the second is gone.
    let mut state = begun(Purpose::SeekRemedy);
    update(&mut state, Msg::GoTo(Step::WhatHappened));
    assert!(update(&mut state, yes(false)).is_empty(), "it stays where it is");
    assert_eq!((state.step, state.next()), (Step::WhatHappened, Some(Step::Evidence)));
    // From the second.
    for changing in [false, true] {
        let mut state = begun(Purpose::SeekRemedy);
        update(&mut state, Msg::Edit(Edit::Harm("I lost shifts.".into())));
        update(&mut state, if changing { Msg::Change(Step::PuttingRight) } else { Msg::GoTo(Step::PuttingRight) });
        let effects = update(&mut state, yes(false));
        assert!(matches!(effects[..], [Effect::Focus("also-remedy")]), "{effects:?}");
        assert_eq!((state.step, state.changing, state.also_answered), (Step::WhatHappened, changing, true));
        assert_eq!(outgoing(&state).draft.harm, "");
        update(&mut state, Msg::Next);
        assert_eq!(state.step, if changing { Step::Check } else { Step::Evidence });
        update(&mut state, Msg::GoTo(Step::WhatHappened));
        update(&mut state, yes(true));
        update(&mut state, Msg::Next);
        assert_eq!((state.step, state.draft.harm.as_str()), (Step::PuttingRight, "I lost shifts."));
    }
}

#[test]
fn a_fault_stops_its_own_screen_and_is_found_from_the_check() {
    for (edit, step, field) in [
        (Edit::WhatHappened("x".repeat(20_001)), Step::WhatHappened, "text-what-happened"),
        (Edit::HowMany("some".into()), Step::WhatHappened, "how-many"),
        (Edit::Harm("x".repeat(20_001)), Step::PuttingRight, "text-harm"),
        (Edit::RepresentedHowMany("some".into()), Step::PuttingRight, "represented-how-many"),
        (Edit::Receipts("11".into()), Step::PuttingRight, "receipts"),
    ] {
        let mut state = begun(Purpose::SeekRemedy);
        update(&mut state, Msg::Edit(Edit::SpeaksForOthers(true)));
        update(&mut state, Msg::Edit(edit));
        update(&mut state, Msg::GoTo(Step::What));
        // On as far as it goes.
        for _ in 0..4 {
            update(&mut state, Msg::Next);
        }
        assert_eq!((state.step, state.faults.len()), (step, 1), "{field}");
        update(&mut state, Msg::GoTo(Step::Check));
        update(&mut state, send());
        assert_eq!(state.faults.iter().map(|fault| &*fault.field).collect::<Vec<_>>(), [field]);
        let effects = update(&mut state, Msg::GoToField(field.to_owned()));
        assert!(matches!(&effects[..], [Effect::FocusField(there)] if there == field), "{effects:?}");
        assert_eq!((state.step, state.faults.len(), state.changing), (step, 1, true), "{field}");
        // Without remedy nothing of it is asked, and nothing is wrong.
        update(&mut state, yes(false));
        assert_eq!(state.all_faults().is_empty(), step == Step::PuttingRight, "{field}");
    }
}

#[test]
fn the_page_on_leaving_stands_before_the_second_screen_too() {
    let mut state = begun(Purpose::SeekRemedy);
    update(&mut state, Msg::GoTo(Step::PuttingRight));
    assert!(state.is_interrupted());
    update(&mut state, Msg::Keeping(KeepAct::Warned));
    assert_eq!((state.is_interrupted(), state.step), (false, Step::PuttingRight));
}
