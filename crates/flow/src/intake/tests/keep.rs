//! What stays: the page on leaving, drafts, and a report that waits for the network.

use super::*;

fn keep(state: &mut State, act: KeepAct) -> Vec<Effect> {
    update(state, Msg::Keeping(act))
}

fn tasks(effects: &[Effect]) -> Vec<&KeepTask> {
    effects.iter().filter_map(|effect| if let Effect::Keeping(task) = effect { Some(task) } else { None }).collect()
}

#[test]
fn the_page_on_leaving_stands_before_the_first_sensitive_screen_once() {
    let mut state = form([]);
    assert!(!state.is_interrupted());
    update(&mut state, Msg::Door(Purpose::FlagMisuse));
    assert!(state.is_interrupted());
    update(&mut state, Msg::GoTo(Step::Evidence));
    assert!(state.is_interrupted(), "whichever comes first");
    let effects = keep(&mut state, KeepAct::Warned);
    assert!(matches!(effects[..], [Effect::Focus("step-heading")]), "{effects:?}");
    for step in Step::ALL {
        update(&mut state, Msg::GoTo(step));
        assert!(!state.is_interrupted(), "{step:?}");
    }
    update(&mut state, Msg::QuickExit);
    assert!(!state.keep.warned, "the next report begins anew");
}

#[test]
fn a_draft_is_kept_only_when_asked_for_and_holds_all_but_files() {
    let mut state = full();
    assert!(tasks(&update(&mut state, said("words"))).is_empty());
    assert_eq!(tasks(&keep(&mut state, KeepAct::Draft(true))), [&KeepTask::Begin]);
    assert!(tasks(&update(&mut state, said("words"))).is_empty(), "not before the browser said that it can");
    keep(&mut state, KeepAct::Kept(true));
    let mut answered = state.clone();
    update(&mut answered, Msg::Edit(Edit::Reasons("because".to_owned())));
    let effects = update(&mut answered, said(" \"all\" of it\n"));
    let [KeepTask::Store(draft)] = tasks(&effects)[..] else { panic!("{effects:?}") };
    assert!(!draft.contains("file 1") && !draft.contains("Spring sale"), "{draft}");

    let mut again = form([Msg::Offered(answered.offered.clone())]);
    keep(&mut again, KeepAct::Found(draft.clone()));
    assert!(!again.has_words(), "nothing is shown before the person says so");
    keep(&mut again, KeepAct::Restore);
    assert_eq!((again.step, again.keep.draft), (Step::Check, Drafting::Device));
    answered.evidence.files.clear();
    assert_eq!(outgoing(&again), outgoing(&answered));
    assert_eq!(again.pack(), answered.pack());
    assert_eq!(again.draft.notice.unwrap().reasons, "because");
}

#[test]
fn every_choice_comes_back() {
    // One at a time, each value of each list, so that none is lost by a name that was misspelt once.
    let mut edits: Vec<Edit> = Vec::new();
    edits.extend(Relationship::ALL.map(Edit::Relationship));
    edits.extend(Category::ALL.map(Edit::Category));
    edits.extend(AffectedGroup::ALL.map(Edit::Affected));
    edits.extend(Remedy::ALL.map(Edit::Remedy));
    edits.extend(When::ALL.map(Edit::When));
    edits.extend(AgeBand::ALL.map(Edit::Age));
    edits.extend(SubjectKind::ALL.map(Edit::SubjectKind));
    edits.extend(Sector::ALL.map(Edit::Sector));
    edits.extend(Identity::ALL.map(Edit::Identity));
    edits.extend(ShareIdentity::ALL.map(Edit::ShareIdentity));
    edits.extend(ShareContent::ALL.map(Edit::ShareContent));
    edits.extend(LawEnforcement::ALL.map(Edit::LawEnforcement));
    for answer in Answer::ALL {
        edits.extend([Edit::ReaderInvolved(answer), Edit::Undone(answer), Edit::Danger(answer)]);
        edits.extend([Edit::Retaliation(answer), Edit::Under18(answer)]);
    }
    edits.extend([true, false].map(Edit::SpeaksForOthers));
    edits.extend([true, false].map(Edit::AlsoRemedy));
    edits.extend([Line::When, Line::Who, Line::Where].map(Edit::OpenLine));
    edits.extend([Edit::Market("de".into()), Edit::Item("4711".into()), Edit::UseCase("to sort".into())]);
    edits.extend([Edit::Customer(None), Edit::CustomerQuery("city".into())]);
    edits.extend([Edit::TellAge(true), Edit::Urgent(true), Edit::KeepToken(true), Edit::GoodFaith(true)]);
    for edit in edits {
        let name = format!("{edit:?}");
        let state = form([Msg::Door(Purpose::FlagMisuse), Msg::Edit(edit)]);
        let mut again = form([]);
        again.unpack(&state.pack());
        assert_eq!(again.pack(), state.pack(), "{name}");
        assert_eq!(again.draft.consent, state.draft.consent, "{name}");
        assert_eq!(again.draft.relationships, state.draft.relationships, "{name}");
        assert_eq!(again.draft.category, state.draft.category, "{name}");
        assert_eq!(again.line, state.line, "{name}");
    }
}

#[test]
fn a_draft_goes_with_the_report_and_with_the_wish_for_it() {
    let begin = || {
        let mut state = full();
        keep(&mut state, KeepAct::Draft(true));
        keep(&mut state, KeepAct::Kept(true));
        state
    };
    let mut state = begin();
    update(&mut state, send());
    let effects = update(&mut state, Msg::SendDone(Box::new(Sent { receipt: CODE.to_owned(), ..Sent::default() })));
    assert_eq!(tasks(&effects), [&KeepTask::Erase]);
    let mut state = begin();
    assert_eq!(tasks(&keep(&mut state, KeepAct::Draft(false))), [&KeepTask::Erase]);
    assert!(tasks(&update(&mut state, said("more"))).is_empty());
    let mut state = full();
    keep(&mut state, KeepAct::Draft(true));
    keep(&mut state, KeepAct::Kept(false));
    assert_eq!(state.keep.draft, Drafting::Refused);
    assert!(tasks(&update(&mut state, said("more"))).is_empty());
    // Whoever writes already is not asked about an older draft.
    keep(&mut state, KeepAct::Found("{}".to_owned()));
    assert_eq!(state.keep.found, None);
}

#[test]
fn what_is_no_draft_changes_nothing() {
    for text in
        ["", "[]", "{}", "{\"version\":2,\"text\":\"x\"}", "{\"version\":1,\"step\":\"sent\",\"purpose\":\"no\"}"]
    {
        let mut state = form([]);
        let before = state.pack();
        state.unpack(text);
        assert_eq!((state.pack(), state.step), (before, Step::Start), "{text}");
    }
}

#[test]
fn a_report_that_waits_goes_only_when_the_person_says_so() {
    let mut state = full();
    keep(&mut state, KeepAct::Wait);
    assert_eq!(state.keep.waits, None, "nothing to wait for");
    update(&mut state, send());
    update(&mut state, Msg::SendFailed(Trouble::Network));
    assert_eq!(tasks(&keep(&mut state, KeepAct::Wait)), [&KeepTask::Watch]);
    let effects = keep(&mut state, KeepAct::Back);
    assert!(matches!(effects[..], [Effect::Focus("network-back")]), "{effects:?}");
    assert!(!matches!(state.sending, Sending::Busy(_)), "nothing goes by itself");
    keep(&mut state, KeepAct::NotNow);
    keep(&mut state, KeepAct::Back);
    assert_eq!(state.keep.waits, Some(Network::NotNow), "asked once");
    let effects = update(&mut state, send());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Send(_))), "{effects:?}");
    assert_eq!(state.keep.waits, None);
}

#[test]
fn the_page_is_guarded_while_there_is_something_to_lose() {
    assert!(!form([Msg::Door(Purpose::FlagMisuse)]).is_at_risk());
    assert!(form([Msg::Door(Purpose::FlagMisuse), said("x")]).is_at_risk());
    let mut state = full();
    update(&mut state, send());
    update(&mut state, Msg::SendDone(Box::new(Sent { receipt: CODE.to_owned(), ..Sent::default() })));
    assert!(state.is_at_risk(), "the code was not kept yet");
    update(&mut state, Msg::CodeTyped("5RXA".to_owned()));
    update(&mut state, Msg::CodeCheck);
    assert!(!state.is_at_risk());
}

#[test]
fn a_tool_that_may_be_closed_holds_what_is_typed_and_gives_it_back_unasked() {
    let mut state = form([]);
    state.keep.held = "It is held.".to_owned();
    let effects = update(&mut state, said("words"));
    let [KeepTask::Store(draft)] = tasks(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(state.keep.draft, Drafting::Off, "nothing of it is on the device");
    let mut again = form([]);
    again.keep.held = "It is held.".to_owned();
    keep(&mut again, KeepAct::Found(draft.clone()));
    assert_eq!((&*again.draft.what_happened, &again.keep.found, again.keep.draft), ("words", &None, Drafting::Off));
}
