//! One test for each rule of a purpose, a topic, a group, and of what is found in texts.

use recourse_domain::channel::LegalProfile;
use recourse_domain::question::{Question as Asking, QuestionKind};

use super::*;

fn dsa(msgs: impl IntoIterator<Item = Msg>) -> State {
    let mut manifest = manifest();
    manifest.legal_profile = LegalProfile::DsaHosting;
    let mut state = form([]);
    update(&mut state, Msg::ChannelChecked(Box::new(OpenChannel::of(&manifest, false, "en"))));
    for msg in msgs {
        update(&mut state, msg);
    }
    state
}

fn wrongs(state: &State) -> Vec<Wrong> {
    state.all_faults().into_iter().map(|fault| fault.wrong).collect()
}

#[test]
fn a_notice_needs_place_reasons_and_good_faith_where_the_law_holds() {
    let mut state = dsa([Msg::Door(Purpose::IllegalContentNotice)]);
    assert_eq!(wrongs(&state), [Wrong::NoAddress, Wrong::NoReasons, Wrong::NoGoodFaith]);
    for edit in [
        Edit::Url("https://one.example/a\n\n https://two.example/b ".into()),
        Edit::Reasons("It sells stolen cards.".into()),
        Edit::GoodFaith(true),
    ] {
        update(&mut state, Msg::Edit(edit));
    }
    assert_eq!(wrongs(&state), []);
    let draft = outgoing(&state).draft;
    let urls: Vec<_> = draft.subject.locations.iter().map(|place| place.url.as_str()).collect();
    assert_eq!(urls, ["https://one.example/a", "https://two.example/b"]);
    assert!(draft.notice.is_some_and(|notice| notice.good_faith_statement && notice.reasons.starts_with("It sells")));
    // Through another door the same words stay here and are not sent.
    update(&mut state, Msg::Door(Purpose::FlagMisuse));
    assert_eq!(outgoing(&state).draft.notice, None);
    update(&mut state, Msg::Door(Purpose::IllegalContentNotice));
    assert!(outgoing(&state).draft.notice.is_some());
}

#[test]
fn a_notice_of_child_abuse_material_asks_and_sends_no_name() {
    let mut state = dsa([
        Msg::Door(Purpose::IllegalContentNotice),
        Msg::Edit(Edit::Identity(Identity::Named)),
        Msg::Edit(Edit::ContactName("Sam".into())),
    ]);
    assert_eq!(outgoing(&state).contact.name.as_deref(), Some("Sam"));
    update(&mut state, Msg::Edit(Edit::ChildNotice(true)));
    let sent = outgoing(&state);
    assert_eq!((sent.draft.identity, sent.contact), (Identity::Anonymous, Default::default()));
    assert!(state.asks_no_name() && !wrongs(&state).contains(&Wrong::NoName));
    assert!(!parts(&state).iter().any(|(part, _)| *part == Part::Contact));
    update(&mut state, Msg::Edit(Edit::ChildNotice(false)));
    assert_eq!(outgoing(&state).contact.name.as_deref(), Some("Sam"), "what was typed is still there");
}

#[test]
fn an_appeal_says_enough_with_its_decision_and_goes_to_others() {
    let mut state = form([Msg::Door(Purpose::Appeal)]);
    assert_eq!(wrongs(&state), [Wrong::NothingSaid]);
    update(&mut state, Msg::Edit(Edit::Decision(" D-17 of May ".into())));
    assert_eq!(wrongs(&state), []);
    let sent = outgoing(&state);
    assert_eq!(sent.draft.appeal.unwrap().decision, "D-17 of May");
    assert_eq!(sent.readers, GroupKind::Independent);
}

#[test]
fn a_record_is_sealed_and_never_sent() {
    let mut state = form([Msg::Door(Purpose::RecordOnly), said("for myself"), Msg::GoTo(Step::Check)]);
    let effects = update(&mut state, send());
    let [Effect::Send(request)] = &effects[..] else { panic!("{effects:?}") };
    let Request::SealRecord(outgoing) = serde_json::from_str(request).unwrap() else { panic!("{request}") };
    assert_eq!(outgoing.draft.purpose, Some(Purpose::RecordOnly));
    update(&mut state, Msg::Recorded(CODE.into()));
    assert_eq!((state.step, state.draft.what_happened.as_str()), (Step::Sent, ""));
    update(&mut state, Msg::Done);
    assert_eq!(state.asking, Some(Question::CodeNotKept), "the file was not saved");
    update(&mut state, Msg::LeaveCancelled);
    update(&mut state, Msg::RecordSaved);
    assert!(matches!(update(&mut state, Msg::Done)[..], [Effect::Close]));
}

#[test]
fn from_one_door_to_the_other_and_back_nothing_is_lost() {
    let mut state = form([
        Msg::Door(Purpose::SeekRemedy),
        Msg::Edit(Edit::Harm("I lost shifts.".into())),
        Msg::Edit(Edit::Remedy(Remedy::Apology)),
        Msg::Edit(Edit::SpeaksForOthers(true)),
    ]);
    let before = outgoing(&state).draft;
    update(&mut state, Msg::Edit(Edit::AlsoRemedy(false)));
    let only = outgoing(&state).draft;
    assert_eq!((only.purpose, only.harm.as_str(), only.relationships.len()), (Some(Purpose::FlagMisuse), "", 0));
    update(&mut state, Msg::Edit(Edit::AlsoRemedy(true)));
    assert_eq!(outgoing(&state).draft, ReportDraft { purpose: Some(Purpose::Both), ..before });
}

#[test]
fn a_childs_safety_as_another_topic_drops_files_and_changes_the_readers() {
    let mut state = form([
        Msg::Edit(Edit::Category(Category::SpamBulk)),
        Msg::AddFiles(vec![file(1, "image/png", 5), file(2, "text/plain", 5)]),
    ]);
    let effects = update(&mut state, Msg::Edit(Edit::AlsoCategory(Category::ChildSafety)));
    assert!(matches!(&effects[..], [Effect::DropFiles(ids)] if ids == &[1, 2]), "{effects:?}");
    assert!(state.evidence.dropped && state.evidence.files.is_empty());
    let Channel::Open(channel) = &mut state.channel else { panic!() };
    channel.groups.retain(|group| group.kind != GroupKind::Restricted);
    assert_eq!(outgoing(&state).readers, GroupKind::Team, "as the form shows");
    let Channel::Open(channel) = &mut state.channel else { panic!() };
    channel.groups.push(Readers { kind: GroupKind::Restricted, name: "Child safety".into(), members: vec![] });
    assert_eq!(outgoing(&state).readers, GroupKind::Restricted);
    // With somebody involved it goes to others; where there are none, never back to the whole team.
    update(&mut state, Msg::Edit(Edit::ReaderInvolved(Answer::Yes)));
    assert_eq!(outgoing(&state).readers, GroupKind::Independent);
    let Channel::Open(channel) = &mut state.channel else { panic!() };
    channel.groups.retain(|group| group.kind != GroupKind::Independent);
    assert_eq!(outgoing(&state).readers, GroupKind::Restricted);
}

#[test]
fn a_topic_is_primary_or_secondary_but_not_both() {
    let mut state = form([
        Msg::Edit(Edit::Category(Category::SpamBulk)),
        Msg::Edit(Edit::AlsoCategory(Category::Defamation)),
        Msg::Edit(Edit::AlsoCategory(Category::SpamBulk)),
    ]);
    assert_eq!(state.draft.secondary_categories, [Category::Defamation]);
    update(&mut state, Msg::Edit(Edit::Category(Category::Defamation)));
    assert!(state.draft.secondary_categories.is_empty());
}

#[test]
fn age_and_country_stay_on_the_device_unless_told() {
    let mut state = form([
        Msg::Edit(Edit::Age(AgeBand::From13To15)),
        Msg::Edit(Edit::Country("DE".into())),
        said("words"),
        Msg::Edit(Edit::OwnName("Maria Ortega".into())),
    ]);
    let letter = format!("{:?}", outgoing(&state));
    assert!(!letter.contains("Ortega") && !letter.contains("13") && !letter.contains("\"DE\""), "{letter}");
    update(&mut state, Msg::Edit(Edit::TellAge(true)));
    assert_eq!(outgoing(&state).draft.age_band, Some(AgeBand::From13To15));
}

#[test]
fn a_group_gets_a_report_and_a_code_for_each() {
    let mut state = form([
        Msg::Door(Purpose::SeekRemedy),
        said("all of us"),
        Msg::Edit(Edit::SpeaksForOthers(true)),
        Msg::Edit(Edit::Receipts("3".into())),
        Msg::AddFiles(vec![file(1, "text/plain", 5)]),
        cleaned(1, "text/plain", 5),
        Msg::GoTo(Step::Check),
    ]);
    let effects = update(&mut state, send());
    let [Effect::Send(first)] = &effects[..] else { panic!("{effects:?}") };
    let read = |request: &str| match serde_json::from_str(request).unwrap() {
        Request::Send(outgoing) => *outgoing,
        other => panic!("{other:?}"),
    };
    let shared = read(first).draft.represented.unwrap().shared.unwrap();
    assert_eq!((shared.first, shared.number, shared.of), (None, 1, 3));
    let case = recourse_domain::ids::CaseId::new([7; 16]);
    let sent = |receipt: &str| {
        Msg::SendDone(Box::new(Sent { receipt: receipt.into(), case: case.to_string(), ..Sent::default() }))
    };
    for (receipt, number) in [("ONE", 2), ("TWO", 3)] {
        let effects = update(&mut state, sent(receipt));
        let [Effect::SendBare(next)] = &effects[..] else { panic!("{effects:?}") };
        let next = read(next);
        let shared = next.draft.represented.unwrap().shared.unwrap();
        assert_eq!((shared.first, shared.number, next.files.len()), (Some(case), number, 0));
        assert_eq!(next.draft.what_happened, "all of us");
        assert!(state.sent.is_none());
    }
    update(&mut state, sent("THREE"));
    let done = state.sent.as_ref().unwrap();
    assert_eq!(
        (done.receipt.as_str(), &done.others[..], done.missing),
        ("ONE", &["TWO".into(), "THREE".into()][..], 0)
    );
}

#[test]
fn codes_that_were_made_are_shown_when_the_line_breaks() {
    let mut state = form([
        Msg::Door(Purpose::SeekRemedy),
        said("all of us"),
        Msg::Edit(Edit::SpeaksForOthers(true)),
        Msg::Edit(Edit::Receipts("4".into())),
        Msg::GoTo(Step::Check),
        send(),
        Msg::SendDone(Box::new(Sent { receipt: "ONE".into(), ..Sent::default() })),
        Msg::SendDone(Box::new(Sent { receipt: "TWO".into(), ..Sent::default() })),
        Msg::SendFailed(Trouble::Network),
    ]);
    let done = state.sent.clone().unwrap();
    assert_eq!((state.step, done.receipt.as_str(), done.others.len(), done.missing), (Step::Sent, "ONE", 1, 2));
    update(&mut state, Msg::Edit(Edit::Receipts("11".into())));
    assert!(state.sent.is_some());
}

#[test]
fn what_points_to_somebody_is_offered_and_never_changed_by_itself() {
    let words = "Write to mara@example.org, says Maria Ortega.";
    let mut state = form([said(words), Msg::Edit(Edit::OwnName("Maria Ortega".into()))]);
    let found: Vec<_> = state.privacy.of(FreeText::Happened).map(|(_, spot)| spot.words.clone()).collect();
    assert_eq!(found, ["mara@example.org", "Maria Ortega"]);
    assert_eq!(state.draft.what_happened, words);
    update(&mut state, Msg::Cover(0));
    assert_eq!(state.draft.what_happened, "Write to [e-mail], says Maria Ortega.");
    update(&mut state, Msg::Uncover(FreeText::Happened));
    assert_eq!(state.draft.what_happened, words);
    update(&mut state, Msg::Keep(0));
    assert_eq!(state.privacy.of(FreeText::Happened).count(), 1, "it is not offered again");
    update(&mut state, said(&format!("{words} More.")));
    assert_eq!(state.privacy.of(FreeText::Happened).count(), 1);
    update(&mut state, Msg::CoverAll(FreeText::Happened));
    assert_eq!(state.draft.what_happened, "Write to mara@example.org, says [name]. More.");
    // Typing on makes going back the wrong thing to do.
    update(&mut state, said("New words"));
    assert!(!state.privacy.was_covered(FreeText::Happened));
}

#[test]
fn the_channels_questions_are_asked_in_order_and_sent_with_their_words() {
    let option = |id: &str| recourse_domain::question::QuestionOption { id: id.into(), label: format!("Label {id}") };
    let question = |id: &str, kind| Asking {
        id: id.into(),
        kind,
        label: format!("{id}?"),
        help: None,
        options: vec![],
        several: false,
        max_chars: None,
        multiline: false,
        min: None,
        max: None,
        show_if: vec![],
    };
    let mut state = form([Msg::Door(Purpose::FlagMisuse), said("words")]);
    let asked = state.asked.as_mut().unwrap();
    asked.questions = vec![
        Asking { options: vec![option("free"), option("paid")], ..question("plan", QuestionKind::Choice) },
        Asking {
            show_if: vec![recourse_domain::question::Condition { question: "plan".into(), is: vec!["paid".into()] }],
            min: Some(-5),
            ..question("since", QuestionKind::Number)
        },
    ];
    assert_eq!(state.questions_shown(), [true, false]);
    update(&mut state, Msg::Edit(Edit::Option(0, 1)));
    update(&mut state, Msg::Edit(Edit::Answer(1, "-9".into())));
    assert_eq!(state.questions_shown(), [true, true]);
    let wrong = Wrong::Answer(recourse_domain::question::AnswerFault::TooSmall(-5));
    assert_eq!(wrongs(&state), [wrong]);
    update(&mut state, Msg::Edit(Edit::Answer(1, "-5".into())));
    let answers = outgoing(&state).draft.answers;
    assert_eq!(answers.len(), 2);
    assert_eq!((&*answers[0].asked, &*answers[0].value, &*answers[0].chosen), ("plan?", "paid", "Label paid"));
    // Without its reason a question is not asked, and its answer is not sent.
    update(&mut state, Msg::Edit(Edit::Option(0, 0)));
    assert_eq!(outgoing(&state).draft.answers.len(), 1);
}

#[test]
fn settings_are_read_as_the_domain_writes_them() {
    let settings = recourse_domain::settings::Settings {
        category_order: vec![Category::SpamBulk, Category::HateSpeech],
        questions: serde_json::from_str(
            r#"[{"id":"age","kind":"number","label":{"en":"Age?","de":"Alter?"},"help":{"en":"h"},"min":-3,"max":9},
                {"id":"plan","kind":"choice","label":{"en":"Plan?"},"several":true,
                 "options":[{"id":"a","label":{"en":"A"}},{"id":"b","label":{"en":"B","de":"Be"}}],
                 "show_if":[{"question":"age"}]},
                {"id":"words","kind":"text","label":{"en":"W?"},"max_chars":7,"multiline":true}]"#,
        )
        .unwrap(),
        ..Default::default()
    };
    let mut manifest = manifest();
    manifest.hidden_categories = vec!["defamation".into(), "child_safety".into()];
    manifest.settings = serde_json::to_string(&settings).unwrap();
    let asked = Asked::of(&OpenChannel::of(&manifest, false, "de"));
    let expected: Vec<_> = settings.questions.iter().map(|question| question.in_language("de")).collect();
    assert_eq!(asked.questions, expected);
    assert_eq!(asked.categories[..2], [Category::SpamBulk, Category::HateSpeech]);
    assert!(!asked.categories.contains(&Category::Defamation) && asked.categories.contains(&Category::ChildSafety));
    assert_eq!(asked.categories.last(), Some(&Category::OtherUnsure));
}

#[test]
fn what_comes_before_the_later_part_comes_back_and_is_not_lost() {
    let mut state = State::default();
    assert!(first(&mut state, Msg::ChannelChecked(Box::new(OpenChannel::of(&manifest(), false, "en")))).is_ok());
    assert!(first(&mut state, Msg::Door(Purpose::FlagMisuse)).is_ok());
    assert_eq!(state.step, Step::Who);
    let back = first(&mut state, said("early")).unwrap_err();
    assert_eq!(state.draft.what_happened, "");
    later(&mut state, back);
    assert_eq!((state.draft.what_happened.as_str(), state.whole), ("early", true));
    // Before that there is nothing to lose, and closing closes; now it asks.
    assert!(matches!(update(&mut state, Msg::Close)[..], [Effect::Focus("leave-cancel")]));
    let mut state = State::default();
    assert!(matches!(first(&mut state, Msg::Close).unwrap()[..], [Effect::Close]));
}

#[test]
fn a_token_goes_with_an_anonymous_report_only_if_it_was_switched_on() {
    let mut state = form([Msg::Door(Purpose::FlagMisuse), said("words")]);
    state.offered.token = "a.b.c".into();
    assert_eq!(outgoing(&state).draft.context_token, "", "not read yet");
    update(&mut state, Msg::Whole { channel: "demo".into(), now: NOW });
    assert_eq!(state.offered.token, "", "what is no token is gone");
    state.offered.token = "a.b.c".into();
    state.offered.claims = vec![Claim {
        kind: recourse_domain::context_token::ClaimKind::Object,
        name: String::new(),
        value: "m-17".into(),
    }];
    assert_eq!(outgoing(&state).draft.context_token, "");
    update(&mut state, Msg::Edit(Edit::KeepToken(true)));
    assert_eq!(outgoing(&state).draft.context_token, "a.b.c");
    for msg in [Msg::Edit(Edit::KeepToken(false)), Msg::Edit(Edit::Identity(Identity::Confidential))] {
        update(&mut state, msg);
    }
    assert_eq!(outgoing(&state).draft.context_token, "a.b.c");
}

#[test]
fn details_and_context_can_be_taken_out_one_by_one() {
    let mut state = full();
    for detail in Detail::ALL {
        assert!(state.has_detail(detail), "{detail:?}");
        update(&mut state, Msg::RemoveDetail(detail));
        assert!(!state.has_detail(detail), "{detail:?}");
    }
    update(&mut state, Msg::RemoveContext(0));
    update(&mut state, Msg::RemoveContext(7));
    assert_eq!(state.offered.context, [("screen".to_owned(), "Editor".to_owned())]);
}
