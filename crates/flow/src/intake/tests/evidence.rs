//! Files from being chosen to being sent.

use recourse_wire::engine::OutgoingFile;

use super::*;

fn doubted(id: u32, may: bool) -> Msg {
    let doubt = Doubt { reason: "encrypted".to_owned(), way: "save-without-password".to_owned() };
    Msg::Evidence(EvidenceAct::NotCleaned { id, doubt, may })
}

fn tasks(effects: &[Effect]) -> Vec<Task> {
    effects.iter().filter_map(|effect| if let Effect::Evidence(task) = effect { Some(*task) } else { None }).collect()
}

/// What is wrong on the screen of evidence.
fn wrong(state: &State) -> Vec<(String, Wrong)> {
    let faults = state.all_faults().into_iter().filter(|fault| fault.step == Step::Evidence);
    faults.map(|fault| (fault.field, fault.wrong)).collect()
}

#[test]
fn a_file_counts_once_it_is_cleaned() {
    let mut state = form([]);
    let effects = update(&mut state, Msg::AddFiles(vec![file(1, "image/jpeg", 9)]));
    assert_eq!(tasks(&effects), [Task::Clean(1)]);
    assert!(state.evidence.is_cleaning());
    assert_eq!(wrong(&state), [("evidence-card-1".to_owned(), Wrong::FileBusy)]);
    update(&mut state, cleaned(1, "image/png", 7));
    assert_eq!((wrong(&state), state.evidence.is_cleaning()), (vec![], false));
    let first = &state.evidence.files[0];
    assert_eq!((&*first.media_type, first.size, first.removed.len()), ("image/png", 7, 2));
    // An answer on what is not there any more is none.
    update(&mut state, Msg::Evidence(EvidenceAct::Remove(1)));
    update(&mut state, cleaned(1, "image/png", 7));
    assert!(state.evidence.files.is_empty());
}

#[test]
fn what_cannot_be_cleaned_is_the_persons_to_decide() {
    let mut state = form([Msg::AddFiles(vec![file(1, "application/pdf", 9)]), doubted(1, true)]);
    assert_eq!(wrong(&state), [("evidence-card-1".to_owned(), Wrong::FileUndecided)]);
    update(&mut state, Msg::Evidence(EvidenceAct::Insist(1)));
    assert!(matches!(&state.evidence.files[0].cleaning, Cleaning::Kept(doubt) if doubt.reason == "encrypted"));
    assert_eq!(wrong(&state), []);
}

#[test]
fn what_must_not_be_sent_is_let_go_of_and_named() {
    let mut state = form([Msg::AddFiles(vec![file(1, "image/png", 9)])]);
    let effects = update(&mut state, doubted(1, false));
    assert!(matches!(&effects[..], [Effect::DropFiles(ids)] if ids == &[1]), "{effects:?}");
    assert!(state.evidence.files.is_empty());
    assert!(matches!(&state.evidence.problems[0].why, Offence::Refused(doubt) if doubt.reason == "encrypted"));
    // Insisting is for what was asked.
    update(&mut state, Msg::Evidence(EvidenceAct::Insist(1)));
    assert!(state.evidence.files.is_empty());
}

#[test]
fn an_address_stays_where_media_may_not() {
    let mut state = form([Msg::Evidence(EvidenceAct::AddLink), Msg::AddFiles(vec![file(1, "image/png", 9)])]);
    let id = state.evidence.files[0].id;
    update(&mut state, Msg::Edit(Edit::Under18(Answer::Yes)));
    assert_eq!(state.evidence.files.iter().map(|file| file.id).collect::<Vec<_>>(), [id]);
    assert!(state.evidence.dropped);
}

#[test]
fn what_was_put_right_is_no_longer_called_wrong() {
    let mut state = form([said("words"), Msg::GoTo(Step::Evidence), Msg::Evidence(EvidenceAct::AddLink)]);
    let id = state.evidence.files[0].id;
    update(&mut state, Msg::Next);
    assert_eq!(state.faults.iter().map(|fault| fault.wrong).collect::<Vec<_>>(), [Wrong::NoLink]);
    update(&mut state, Msg::Evidence(EvidenceAct::Address(id, "example.org".to_owned())));
    assert_eq!(state.faults.len(), 1);
    update(&mut state, Msg::Evidence(EvidenceAct::Address(id, "https://example.org".to_owned())));
    assert!(state.faults.is_empty());
}

#[test]
fn the_engine_hears_what_was_done_to_a_file() {
    let mut state = full();
    let shot = NewFile { id: 9, name: "screen.png".to_owned(), media_type: "image/png".to_owned(), size: 5 };
    for act in [
        EvidenceAct::Shot(shot),
        EvidenceAct::Sensitive(9),
        EvidenceAct::Covered {
            id: 9,
            media_type: "image/png".to_owned(),
            size: 6,
            parts: 2,
            description: "x".to_owned(),
        },
        EvidenceAct::AddLink,
        EvidenceAct::Address(1_000_001, " https://example.org/é ".to_owned()),
    ] {
        update(&mut state, Msg::Evidence(act));
    }
    update(&mut state, cleaned(9, "image/png", 6));
    let files = outgoing(&state).files;
    let [.., shot, link] = &files[..] else { panic!("{files:?}") };
    let known = |file: &OutgoingFile| (file.kind, file.redactions, file.sensitive, file.url.clone(), file.size);
    assert_eq!(known(shot), (EvidenceKind::Screenshot, 2, true, String::new(), 6));
    assert_eq!(known(link), (EvidenceKind::Link, 0, false, "https://example.org/é".to_owned(), 22));
    assert_eq!((&*link.media_type, &*link.name), ("text/plain", ""));
}

#[test]
fn sending_is_paused_only_while_it_runs() {
    let mut state = full();
    let pauses = |effects: Vec<Effect>| matches!(&effects[..], [Effect::Pause(true)]);
    assert!(!pauses(update(&mut state, Msg::Pause(true))));
    update(&mut state, send());
    assert!(pauses(update(&mut state, Msg::Pause(true))) && state.paused);
    update(&mut state, Msg::SendFailed(Trouble::Network));
    // Trying again goes on.
    let effects = update(&mut state, send());
    assert!(matches!(&effects[..], [Effect::Pause(false), Effect::Send(_)]), "{effects:?}");
}

#[test]
fn what_was_captured_beforehand_is_there_at_once_and_goes_like_all_pictures() {
    let brought = || {
        Msg::Evidence(EvidenceAct::Brought {
            file: file(1, "image/png", 9),
            kind: EvidenceKind::Screenshot,
            address: "https://crm.example/a".to_owned(),
            covered: 3,
        })
    };
    let mut state = form([]);
    assert_eq!(tasks(&update(&mut state, brought())), [], "it was cleaned, and looked at");
    assert_eq!(wrong(&state), []);
    let OutgoingFile { kind, redactions, url, .. } = state.evidence.files[0].outgoing();
    assert_eq!((kind, redactions, &*url), (EvidenceKind::Screenshot, 3, "https://crm.example/a"));
    let dropped =
        |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::DropFiles(ids) if *ids == [1]));
    assert!(dropped(&update(&mut state, Msg::Edit(Edit::Category(Category::ChildSafety)))));
    assert!(state.evidence.files.is_empty());
    assert!(dropped(&update(&mut state, brought())), "and comes in by no other way");
}

#[test]
fn an_address_that_was_captured_is_a_link_like_one_that_was_typed() {
    let act = EvidenceAct::BroughtLink { address: "https://crm.example/a".to_owned(), description: "Lists".to_owned() };
    let mut state = form([Msg::Evidence(act)]);
    update(&mut state, Msg::Evidence(EvidenceAct::AddLink));
    let first = state.evidence.files[0].outgoing();
    assert_eq!(
        (first.kind, &*first.url, first.description.as_deref()),
        (EvidenceKind::Link, "https://crm.example/a", Some("Lists"))
    );
    assert_eq!(state.evidence.files.len(), 2);
    assert_ne!(state.evidence.files[0].id, state.evidence.files[1].id);
}
