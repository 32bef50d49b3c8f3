//! Reports that were sealed and wait on the device.

use super::*;

const FIRST: Waiting = Waiting { id: 4, day: NOW, until: NOW.plus_days(7) };
const SECOND: Waiting = Waiting { id: 9, ..FIRST };

fn shelf(state: &mut State, act: ShelfAct) -> Vec<Effect> {
    update(state, Msg::Shelf(act))
}

fn tasks(effects: &[Effect]) -> Vec<ShelfTask> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Shelf(task) = effect { Some(task.clone()) } else { None })
        .collect()
}

fn keep() -> ShelfAct {
    ShelfAct::Keep { now: NOW, language: "en".to_owned() }
}

fn sealed(name: &str) -> ShelfAct {
    ShelfAct::Sealed { receipt: format!("{name}-CODE"), letter: format!("letter {name}"), case: CASE.to_owned() }
}

const CASE: &str = "07070707070707070707070707070707";

/// A whole report that could not be sent.
fn offline(trouble: Trouble) -> State {
    let mut state = full();
    update(&mut state, send());
    update(&mut state, Msg::SendFailed(trouble));
    state
}

/// What the engine is asked.
fn asked(effects: &[Effect]) -> Vec<Request> {
    let request = |effect: &Effect| match effect {
        Effect::Send(json) | Effect::SendBare(json) | Effect::SendSealed(json) => {
            Some(serde_json::from_str(json).unwrap())
        }
        _ => None,
    };
    effects.iter().filter_map(request).collect()
}

/// A form that was opened where two reports wait.
fn visit() -> State {
    let mut state = form([]);
    shelf(&mut state, ShelfAct::Found(vec![FIRST, SECOND]));
    state
}

fn letters(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("letter {name}")).collect()
}

fn recorded(name: &str) -> Msg {
    Msg::SendDone(Box::new(Sent { acknowledgement_file: format!("proof {name}"), ..Sent::default() }))
}

#[test]
fn only_where_the_network_was_missing_can_a_report_be_kept() {
    for (trouble, can) in [
        (Trouble::Network, true),
        (Trouble::Stopped, true),
        (Trouble::Later(3), false),
        (Trouble::Acknowledgement, false),
        (Trouble::Problem("too-large"), false),
        (Trouble::Unexpected, false),
    ] {
        let mut state = offline(trouble.clone());
        assert_eq!(state.can_be_kept(), can, "{trouble:?}");
        let effects = shelf(&mut state, keep());
        assert_eq!(asked(&effects).len(), usize::from(can), "{trouble:?}");
        assert!(tasks(&effects).is_empty(), "nothing is stored before it is sealed");
    }
    let mut state = full();
    assert!(shelf(&mut state, keep()).is_empty(), "nothing was tried yet");
}

#[test]
fn it_is_sealed_then_stored_and_only_then_is_the_code_shown() {
    let mut state = offline(Trouble::Network);
    let expected = outgoing(&state);
    let effects = shelf(&mut state, keep());
    let [Request::Keep(sealed_report)] = &asked(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(**sealed_report, expected, "the whole report, as it would be sent");
    assert!(matches!(effects[..], [Effect::Send(_)]), "with its files");
    assert!(matches!(state.sending, Sending::Busy(_)));
    update(&mut state, said("changed meanwhile"));
    assert!(!state.draft.what_happened.contains("meanwhile"), "it stands still");

    let effects = shelf(&mut state, sealed("A"));
    assert_eq!(tasks(&effects), [ShelfTask::Put(letters(&["A"]))]);
    let stored = format!("{:?}", tasks(&effects));
    assert!(!stored.contains("CODE"), "a receipt is never stored: {stored}");
    assert!(state.sent.is_none(), "no code before it is stored");

    let effects = shelf(&mut state, ShelfAct::Stored(Some(FIRST)));
    let sent = state.sent.clone().unwrap();
    assert_eq!((state.step, sent.receipt.as_str(), sent.waits), (Step::Sent, "A-CODE", Some(FIRST)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::DropFiles(_))), "{effects:?}");
    assert!(!format!("{:?}", state.draft).contains("Quoted") && state.contact_name.is_empty(), "nothing is left of it");
    // Closing asks, and the browser does, until the code was kept.
    assert!(state.is_at_risk());
    update(&mut state, Msg::Done);
    assert_eq!((state.gone, state.asking), (None, Some(Question::CodeNotKept)));
    update(&mut state, Msg::LeaveCancelled);
    update(&mut state, Msg::CodeTyped("CODE".to_owned()));
    update(&mut state, Msg::CodeCheck);
    assert!(!state.is_at_risk());
    let effects = update(&mut state, Msg::Done);
    assert_eq!(state.gone, Some(Gone::Waiting));
    assert!(tasks(&effects).is_empty(), "it stays where it is: {effects:?}");
}

#[test]
fn where_nothing_can_be_stored_it_waits_in_the_tab_and_the_form_says_so() {
    let mut state = offline(Trouble::Network);
    let before = state.pack();
    shelf(&mut state, keep());
    shelf(&mut state, sealed("A"));
    let effects = shelf(&mut state, ShelfAct::Stored(None));
    assert!(state.shelf.refused && state.sent.is_none(), "no code for nothing");
    assert_eq!(state.keep.waits, Some(Network::Away));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Keeping(KeepTask::Watch))), "{effects:?}");
    assert_eq!((state.pack(), state.evidence.files.len()), (before, 2), "nothing is lost");
    let effects = update(&mut state, send());
    assert!(matches!(asked(&effects)[..], [Request::Send(_)]), "{effects:?}");
    // And a sealing that fails ends as any sending does.
    let mut state = offline(Trouble::Network);
    shelf(&mut state, keep());
    shelf(&mut state, sealed("A"));
    update(&mut state, Msg::SendFailed(Trouble::File(3)));
    assert!(matches!(state.sending, Sending::Failed(Trouble::File(3))) && state.sent.is_none());
    assert!(tasks(&shelf(&mut state, ShelfAct::Stored(Some(FIRST)))).is_empty() && state.sent.is_none());
}

#[test]
fn a_group_is_stored_all_or_none_and_has_all_its_codes() {
    let mut state = form([
        Msg::Door(Purpose::SeekRemedy),
        said("all of us"),
        Msg::Edit(Edit::SpeaksForOthers(true)),
        Msg::Edit(Edit::Receipts("3".into())),
        Msg::AddFiles(vec![file(1, "text/plain", 5)]),
        cleaned(1, "text/plain", 5),
        Msg::GoTo(Step::Check),
        send(),
        Msg::SendFailed(Trouble::Network),
    ]);
    let mut effects = shelf(&mut state, keep());
    for (name, number) in [("A", 1), ("B", 2), ("C", 3)] {
        let [Request::Keep(report)] = &asked(&effects)[..] else { panic!("{effects:?}") };
        let shared = report.draft.represented.as_ref().unwrap().shared.clone().unwrap();
        assert_eq!((shared.number, shared.of, report.files.len()), (number, 3, usize::from(number == 1)));
        assert_eq!(shared.first.map(|first| first.to_string()), (number > 1).then(|| CASE.to_owned()));
        effects = shelf(&mut state, sealed(name));
    }
    assert_eq!(tasks(&effects), [ShelfTask::Put(letters(&["A", "B", "C"]))]);
    shelf(&mut state, ShelfAct::Stored(Some(FIRST)));
    let sent = state.sent.unwrap();
    assert_eq!(
        (sent.receipt.as_str(), sent.others, sent.missing),
        ("A-CODE", vec!["B-CODE".into(), "C-CODE".into()], 0)
    );
}

#[test]
fn a_later_visit_asks_and_nothing_goes_by_itself() {
    let mut state = form([]);
    assert!(shelf(&mut state, ShelfAct::Found(vec![FIRST, SECOND])).is_empty());
    assert!(state.shows_waiting() && !matches!(state.sending, Sending::Busy(_)));
    // Whoever writes is not interrupted.
    let mut writing = state.clone();
    update(&mut writing, Msg::Door(Purpose::FlagMisuse));
    update(&mut writing, said("new"));
    update(&mut writing, Msg::GoTo(Step::Start));
    assert!(!writing.shows_waiting() && shelf(&mut writing, ShelfAct::Send(4, NOW)).is_empty());

    let effects = shelf(&mut state, ShelfAct::Send(4, NOW));
    assert_eq!(tasks(&effects), [ShelfTask::Take(4)]);
    assert!(asked(&effects).is_empty());
    let effects = shelf(&mut state, ShelfAct::Taken(Some(letters(&["A"]))));
    assert!(matches!(effects[..], [Effect::SendSealed(_)]), "{effects:?}");
    assert_eq!(asked(&effects), [Request::UploadKept { letter: "letter A".into(), now: NOW }]);
    // What the upload came to is stored before the report is posted.
    let effects = shelf(&mut state, ShelfAct::Uploaded("letter A2".into()));
    assert_eq!(tasks(&effects), [ShelfTask::Swap(4, letters(&["A2"]))]);
    assert!(asked(&effects).is_empty());
    let effects = shelf(&mut state, ShelfAct::Swapped);
    assert_eq!(asked(&effects), [Request::SendKept { now: NOW }]);
    let effects = update(&mut state, recorded("A"));
    assert_eq!(tasks(&effects), [ShelfTask::Drop(4)]);
    let sent = state.sent.clone().unwrap();
    assert_eq!((state.step, sent.receipt.as_str(), sent.acknowledgement_file.as_str()), (Step::Sent, "", "proof A"));
    // There is no code here that could be lost.
    assert!(!state.is_at_risk());
    update(&mut state, Msg::Done);
    assert_eq!(state.gone, Some(Gone::Closed));
}

#[test]
fn a_group_goes_one_after_the_other_and_a_broken_line_repeats_none() {
    let mut state = visit();
    shelf(&mut state, ShelfAct::Send(9, NOW));
    shelf(&mut state, ShelfAct::Taken(Some(letters(&["A", "B"]))));
    shelf(&mut state, ShelfAct::Uploaded("letter A2".into()));
    shelf(&mut state, ShelfAct::Swapped);
    let effects = update(&mut state, recorded("A"));
    assert_eq!(tasks(&effects), [ShelfTask::Swap(9, letters(&["B"]))], "what is recorded is not sent again");
    assert!(state.sent.is_none());
    let effects = shelf(&mut state, ShelfAct::Swapped);
    assert_eq!(asked(&effects), [Request::UploadKept { letter: "letter B".into(), now: NOW }]);
    let effects = update(&mut state, Msg::SendFailed(Trouble::Network));
    assert!(matches!(effects[..], [Effect::Focus("send-problem")]), "{effects:?}");
    assert!(matches!(state.sending, Sending::Failed(Trouble::Network)) && state.sent.is_none());

    shelf(&mut state, ShelfAct::Send(9, NOW));
    shelf(&mut state, ShelfAct::Taken(Some(letters(&["B"]))));
    shelf(&mut state, ShelfAct::Uploaded("letter B2".into()));
    shelf(&mut state, ShelfAct::Swapped);
    assert_eq!(tasks(&update(&mut state, recorded("B"))), [ShelfTask::Drop(9)]);
    assert_eq!(state.sent.unwrap().acknowledgement_file, "proof A", "the proof of the report that has the files");
}

#[test]
fn what_cannot_be_sent_any_more_says_so() {
    let stale = [
        Msg::ChannelChanged,
        Msg::SendFailed(Trouble::Stale),
        Msg::SendFailed(Trouble::File(0)),
        Msg::SendFailed(Trouble::Problem("idempotency-mismatch")),
        Msg::SendFailed(Trouble::Problem("too-large")),
    ];
    for msg in stale {
        let mut state = visit();
        shelf(&mut state, ShelfAct::Send(4, NOW));
        shelf(&mut state, ShelfAct::Taken(Some(letters(&["A"]))));
        let effects = update(&mut state, msg.clone());
        assert!(matches!(state.sending, Sending::Failed(Trouble::Stale)), "{msg:?}");
        assert!(matches!(effects[..], [Effect::Focus("send-problem")]), "{msg:?}: it stays until somebody removes it");
    }
    for (trouble, kept) in [
        (Trouble::Network, Trouble::Network),
        (Trouble::Acknowledgement, Trouble::Acknowledgement),
        (Trouble::Problem("channel-closed"), Trouble::Problem("channel-closed")),
        (Trouble::Problem("upload-gone"), Trouble::Problem("upload-gone")),
    ] {
        let mut state = visit();
        shelf(&mut state, ShelfAct::Send(4, NOW));
        shelf(&mut state, ShelfAct::Taken(Some(letters(&["A"]))));
        update(&mut state, Msg::SendFailed(trouble));
        assert!(matches!(&state.sending, Sending::Failed(seen) if *seen == kept));
        assert!(state.can_send() && state.shelf.waiting.len() == 2, "it can be tried again");
    }
    // Removed in another tab, or expired.
    for gone in [None, Some(Vec::new())] {
        let mut state = visit();
        shelf(&mut state, ShelfAct::Send(4, NOW));
        let effects = shelf(&mut state, ShelfAct::Taken(gone));
        assert!(asked(&effects).is_empty());
        assert!(matches!(state.sending, Sending::Failed(Trouble::Gone)));
    }
    // Of a report that is being written the same trouble is no such thing.
    let mut state = full();
    update(&mut state, send());
    update(&mut state, Msg::SendFailed(Trouble::Stale));
    assert!(matches!(state.sending, Sending::Failed(Trouble::Unexpected)));
}

#[test]
fn one_is_removed_after_a_question_and_the_others_stay() {
    let mut state = visit();
    assert!(tasks(&shelf(&mut state, ShelfAct::Remove(4))).is_empty());
    assert_eq!(state.asking, Some(Question::Waiting(4)));
    update(&mut state, Msg::LeaveCancelled);
    assert_eq!((state.asking, state.shelf.waiting.len()), (None, 2));
    shelf(&mut state, ShelfAct::Remove(4));
    let effects = update(&mut state, Msg::LeaveConfirmed);
    assert_eq!(tasks(&effects), [ShelfTask::Drop(4)]);
    assert_eq!((&state.shelf.waiting[..], state.gone, state.asking), (&[SECOND][..], None, None));
    // On the last screen too: its code opens nothing then.
    let mut state = offline(Trouble::Network);
    shelf(&mut state, keep());
    shelf(&mut state, sealed("A"));
    shelf(&mut state, ShelfAct::Stored(Some(FIRST)));
    shelf(&mut state, ShelfAct::Remove(4));
    let effects = update(&mut state, Msg::LeaveConfirmed);
    assert_eq!(tasks(&effects), [ShelfTask::Drop(4)]);
    assert_eq!(state.gone, Some(Gone::Closed));
}

#[test]
fn a_report_that_is_written_is_none_of_those_that_wait() {
    let mut state = visit();
    shelf(&mut state, ShelfAct::Send(4, NOW));
    shelf(&mut state, ShelfAct::Taken(Some(letters(&["A"]))));
    update(&mut state, Msg::SendFailed(Trouble::Network));
    for msg in [Msg::Door(Purpose::FlagMisuse), said("another"), Msg::GoTo(Step::Check), send()] {
        update(&mut state, msg);
    }
    let sent = Sent { receipt: CODE.to_owned(), ..Sent::default() };
    let effects = update(&mut state, Msg::SendDone(Box::new(sent)));
    assert!(tasks(&effects).is_empty(), "{effects:?}");
    assert_eq!(state.sent.unwrap().receipt, CODE);
}

#[test]
fn whoever_cannot_wait_for_the_line_stops() {
    let mut state = full();
    update(&mut state, send());
    update(&mut state, Msg::Progress(Progress::Offline));
    assert!(matches!(shelf(&mut state, ShelfAct::Stop)[..], [Effect::Stop]));
    update(&mut state, Msg::SendFailed(Trouble::Network));
    assert!(matches!(state.sending, Sending::Failed(Trouble::Stopped)) && state.can_be_kept());
    // The next time it is the line.
    update(&mut state, send());
    update(&mut state, Msg::SendFailed(Trouble::Network));
    assert!(matches!(state.sending, Sending::Failed(Trouble::Network)));
    assert!(shelf(&mut state, ShelfAct::Stop).is_empty(), "nothing is on its way");
}

#[test]
fn quick_exit_forgets_codes_and_what_comes_too_late() {
    let mut state = offline(Trouble::Network);
    shelf(&mut state, keep());
    shelf(&mut state, sealed("A"));
    assert!(matches!(update(&mut state, Msg::QuickExit)[..], [Effect::Leave]));
    assert!(shelf(&mut state, ShelfAct::Stored(Some(FIRST))).is_empty());
    assert!(!format!("{state:?}").contains("CODE") && state.gone == Some(Gone::Left));
}
