//! Journeys through the reducer.

mod evidence;
mod exchange;
mod keep;
mod lines;
mod rules;
mod steps;
mod subject;
mod waiting;

use recourse_domain::category::Category;
use recourse_domain::channel::{Manifest, ReaderGroup};
use recourse_domain::draft::ReportDraft;
use recourse_domain::report::Purpose;
use recourse_domain::time::Timestamp;
use recourse_domain::vocabulary::*;
use recourse_wire::engine::{Outgoing, Progress, Request};

use super::*;

const NOW: Timestamp = Timestamp(1_795_190_400);
const CODE: &str = "4GJX-90BQ-7ZNM-K2TT-W8PD-3HVC-5RXA";

/// The domain's, with somebody independent.
fn manifest() -> Manifest {
    let mut manifest: Manifest =
        serde_json::from_str(include_str!("../../../domain/tests/data/manifest.json")).unwrap();
    if manifest.group(GroupKind::Independent).is_none() {
        let other =
            ReaderGroup { kind: GroupKind::Independent, name: "Ombudsperson".into(), ..manifest.groups[0].clone() };
        manifest.groups.push(other);
    }
    manifest
}

/// A form whose channel is open, after these messages.
fn form(msgs: impl IntoIterator<Item = Msg>) -> State {
    let mut state = State::default();
    update(&mut state, Msg::ChannelChecked(Box::new(OpenChannel::of(&manifest(), false, "en"))));
    for msg in msgs {
        update(&mut state, msg);
    }
    state
}

fn file(id: u32, media_type: &str, size: u64) -> NewFile {
    NewFile { id, name: format!("file {id}"), media_type: media_type.to_owned(), size }
}

fn cleaned(id: u32, media_type: &str, size: u64) -> Msg {
    let removed = vec!["place".to_owned(), "device".to_owned()];
    Msg::Evidence(EvidenceAct::Cleaned { id, media_type: media_type.to_owned(), size, removed, notes: Vec::new() })
}

fn said(text: &str) -> Msg {
    Msg::Edit(Edit::WhatHappened(text.to_owned()))
}

fn send() -> Msg {
    Msg::Send { now: NOW, language: "en".to_owned() }
}

/// Everything that a form can hold, at the check.
fn full() -> State {
    let edits = [
        Edit::ReaderInvolved(Answer::No),
        Edit::Identity(Identity::Confidential),
        Edit::ContactName(" Sam ".to_owned()),
        Edit::ContactReach("by phone, evenings".to_owned()),
        Edit::ShareIdentity(ShareIdentity::Authority),
        Edit::ShareContent(ShareContent::Anonymised),
        Edit::LawEnforcement(LawEnforcement::Ok),
        Edit::Relationship(Relationship::NonUser),
        Edit::Age(AgeBand::Adult),
        Edit::TellAge(true),
        Edit::Category(Category::PersonalDataMisuse),
        Edit::AlsoCategory(Category::Retaliation),
        Edit::WhatHappened("  “Quoted” \\ \u{7} line\nnext\ttab 😀\u{202e}".to_owned()),
        Edit::OpenLine(Line::When),
        Edit::When(When::Ongoing),
        Edit::Undone(Answer::No),
        Edit::OpenLine(Line::Who),
        Edit::HowMany(" 1,200 ".to_owned()),
        Edit::Affected(AffectedGroup::Workers),
        Edit::Affected(AffectedGroup::Women),
        Edit::OpenLine(Line::Where),
        Edit::SubjectKind(SubjectKind::CustomerOrg),
        Edit::SubjectName("Acme Lending".to_owned()),
        Edit::Sector(Sector::Private),
        Edit::Item("no. \"4711\"".to_owned()),
        Edit::UseCase("to collect \\ debts".to_owned()),
        Edit::Market("at".to_owned()),
        Edit::Feature("Contact lists".to_owned()),
        Edit::Url(" https://app.example/lists/1 ".to_owned()),
        Edit::Danger(Answer::Yes),
        Edit::Retaliation(Answer::NotSure),
        Edit::AlsoRemedy(true),
        Edit::Harm("People got calls.".to_owned()),
        Edit::Remedy(Remedy::StopTheHarm),
        Edit::Remedy(Remedy::DeleteOrCorrectMyData),
        Edit::MayTellDataHolder(true),
        Edit::SpeaksForOthers(true),
        Edit::RepresentedHowMany("12".to_owned()),
        Edit::RepresentedKnow(Answer::Yes),
        Edit::Under18(Answer::No),
        Edit::Urgent(true),
    ];
    let mut msgs = vec![
        Msg::Offered(Offered {
            subject: Some(OfferedSubject { kind: "message".into(), id: "m-17".into(), label: "Spring sale".into() }),
            context: vec![("campaign".into(), "Spring \"27\"".into()), ("screen".into(), "Editor".into())],
            ..Offered::default()
        }),
        Msg::Door(Purpose::FlagMisuse),
    ];
    msgs.extend(edits.map(Msg::Edit));
    msgs.push(Msg::AddFiles(vec![file(1, "text/plain; charset=utf-8", 5), file(3, "Image/PNG", 7)]));
    msgs.extend([cleaned(1, "text/plain", 5), cleaned(3, "image/png", 7)]);
    msgs.push(Msg::Evidence(EvidenceAct::Describe(3, " A picture ".into())));
    msgs.push(Msg::GoTo(Step::Check));
    form(msgs)
}

/// What the engine would read of the request.
fn outgoing(state: &State) -> Outgoing {
    let mut state = state.clone();
    state.given.now = Some(NOW);
    state.given.language = "en".to_owned();
    match serde_json::from_str(&state.letter()).unwrap() {
        Request::Send(outgoing) | Request::SealRecord(outgoing) => *outgoing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn continue_walks_all_screens_and_back_loses_nothing() {
    let mut state = form([Msg::Door(Purpose::FlagMisuse), said("words")]);
    for step in [Step::What, Step::WhatHappened, Step::Evidence, Step::Check] {
        let effects = update(&mut state, Msg::Next);
        assert_eq!(state.step, step);
        assert!(matches!(effects[..], [Effect::Focus("step-heading")]), "{effects:?}");
    }
    assert!(update(&mut state, Msg::Next).is_empty(), "only sending leads on");
    assert_eq!(state.step, Step::Check);
    for step in [Step::Evidence, Step::WhatHappened, Step::What, Step::Who, Step::Start] {
        update(&mut state, Msg::Back);
        assert_eq!(state.step, step);
    }
    update(&mut state, Msg::GoTo(Step::Evidence));
    update(&mut state, Msg::GoTo(Step::Sent));
    assert_eq!((state.step, state.draft.what_happened.as_str()), (Step::Evidence, "words"));
}

#[test]
fn a_screen_with_a_fault_stays_until_it_is_put_right() {
    let mut state = form([Msg::Door(Purpose::FlagMisuse), Msg::GoTo(Step::WhatHappened)]);
    let effects = update(&mut state, Msg::Next);
    assert!(matches!(effects[..], [Effect::Focus("error-summary")]));
    let fault = FormFault { step: Step::WhatHappened, field: "text-what-happened".into(), wrong: Wrong::NothingSaid };
    assert_eq!((state.step, &state.faults), (Step::WhatHappened, &vec![fault]));
    update(&mut state, Msg::Edit(Edit::Danger(Answer::No)));
    assert_eq!(state.faults.len(), 1, "something else was changed");
    update(&mut state, said("It happened"));
    assert!(state.faults.is_empty());
    update(&mut state, Msg::Next);
    assert_eq!(state.step, Step::Evidence);
}

#[test]
fn sending_names_faults_of_all_screens_and_leads_there() {
    let mut state = form([Msg::Edit(Edit::Identity(Identity::Named)), Msg::GoTo(Step::Check)]);
    assert!(matches!(update(&mut state, send())[..], [Effect::Focus("error-summary")]));
    let wrong: Vec<_> = state.faults.iter().map(|fault| (fault.step, fault.wrong)).collect();
    assert_eq!(
        wrong,
        [(Step::Start, Wrong::NoDoor), (Step::Who, Wrong::NoName), (Step::WhatHappened, Wrong::NothingSaid)]
    );
    let effects = update(&mut state, Msg::GoToField("contact-name".into()));
    assert!(matches!(&effects[..], [Effect::FocusField(field)] if field == "contact-name"));
    assert_eq!((state.step, state.faults.len()), (Step::Who, 1));
    update(&mut state, Msg::Edit(Edit::ContactName("Sam".into())));
    update(&mut state, Msg::Next);
    assert_eq!(state.step, Step::Check, "changed from the check, so back to it");
}

#[test]
fn a_text_that_is_too_long_is_named_by_its_field() {
    let files = [
        (EvidenceAct::Name(3, "x".repeat(1_001)), "evidence-name-3"),
        (EvidenceAct::Describe(3, "x".repeat(1_001)), "evidence-description-3"),
    ];
    let files = files.map(|(act, field)| (Msg::Evidence(act), Step::Evidence, field, 1_000));
    let edits = [
        (Edit::ContactName("x".repeat(1_001)), Step::Who, "contact-name", 1_000),
        (Edit::ContactReach("x".repeat(1_001)), Step::Who, "contact-reach", 1_000),
        (Edit::WhatHappened("x".repeat(20_001)), Step::WhatHappened, "text-what-happened", 20_000),
        (Edit::Feature("x".repeat(1_001)), Step::WhatHappened, "feature", 1_000),
        (Edit::Url("x".repeat(4_001)), Step::WhatHappened, "url", 4_000),
        (Edit::Harm("x".repeat(20_001)), Step::PuttingRight, "text-harm", 20_000),
    ];
    let edits = edits.map(|(edit, step, field, limit)| (Msg::Edit(edit), step, field, limit));
    for (msg, step, field, limit) in edits.into_iter().chain(files) {
        let mut state = full();
        update(&mut state, msg);
        let fault = FormFault { step, field: field.into(), wrong: Wrong::TooLong(limit) };
        assert_eq!(state.all_faults(), [fault]);
    }
}

#[test]
fn failure_and_retry_keep_what_was_typed() {
    let mut state = full();
    let first = update(&mut state, send());
    let [Effect::Send(first)] = &first[..] else { panic!("{first:?}") };
    assert!(update(&mut state, send()).is_empty(), "once at a time");
    update(&mut state, Msg::Progress(Progress::Sealing));
    assert_eq!(state.sending, Sending::Busy(Some(Progress::Sealing)));
    // The server asks to wait: sending does, and goes on by itself.
    update(&mut state, Msg::Progress(Progress::Waiting { seconds: 42 }));
    assert_eq!(state.sending, Sending::Busy(Some(Progress::Waiting { seconds: 42 })));
    for msg in [
        said("other"),
        Msg::Back,
        Msg::Evidence(EvidenceAct::Remove(1)),
        Msg::Remove(Part::Text),
        Msg::Door(Purpose::SeekRemedy),
    ] {
        update(&mut state, msg);
    }
    assert_eq!(state.step, Step::Check);
    let effects = update(&mut state, Msg::SendFailed(Trouble::Network));
    assert!(matches!(effects[..], [Effect::Focus("send-problem")]));
    assert_eq!(state.sending, Sending::Failed(Trouble::Network));
    let again = update(&mut state, send());
    let [Effect::Send(again)] = &again[..] else { panic!("{again:?}") };
    assert_eq!(first, again);
}

#[test]
fn a_channel_that_changed_is_seen_again_before_sending() {
    let mut state = full();
    update(&mut state, send());
    assert!(matches!(update(&mut state, Msg::ChannelChanged)[..], [Effect::FetchChannel]));
    assert!(update(&mut state, send()).is_empty());
    let mut other = manifest();
    other.provider = "Another".into();
    update(&mut state, Msg::ChannelChecked(Box::new(OpenChannel::of(&other, false, "en"))));
    assert_eq!((state.step, &state.sending), (Step::Check, &Sending::Renewed));
    assert_eq!(state.open().unwrap().provider, "Another");
    assert!(matches!(update(&mut state, send())[..], [Effect::Send(_)]));

    // It cannot be had just now: the text stays on the screen.
    update(&mut state, Msg::ChannelChanged);
    update(&mut state, Msg::ChannelShut(Shut::Unreachable));
    assert_eq!(state.sending, Sending::Failed(Trouble::Network));
    assert!(state.open().is_some() && !state.draft.what_happened.is_empty());
}

#[test]
fn once_sent_nothing_of_the_report_is_left() {
    let mut state = full();
    update(&mut state, send());
    let sent = Sent { receipt: CODE.into(), acknowledgement_file: "{}".into(), ..Sent::default() };
    let effects = update(&mut state, Msg::SendDone(Box::new(sent.clone())));
    assert!(
        matches!(&effects[..], [Effect::DropFiles(ids), Effect::Focus("step-heading")] if ids == &[1, 3]),
        "{effects:?}"
    );
    let channel = Channel::Open(Box::new(state.open().unwrap().clone()));
    let bare = State { channel, step: Step::Sent, sent: Some(sent), whole: true, ..State::default() };
    assert_eq!(format!("{state:?}"), format!("{bare:?}"));
    for msg in [Msg::Back, Msg::GoTo(Step::Check), Msg::Change(Step::Who), send()] {
        assert!(update(&mut state, msg).is_empty());
    }
    assert_eq!(state.step, Step::Sent);
}

#[test]
fn the_code_is_asked_for_until_it_was_kept() {
    let sent = || Sent { receipt: CODE.into(), ..Sent::default() };
    for (typed, right) in [
        ("5RXA", true),
        (" 5r xa ", true),
        (CODE, true),
        ("4gjx 90bq 7znm k2tt w8pd 3hvc 5rxa", true),
        ("", false),
        ("RXA", false),
        ("4GJX", false),
        ("5RXB", false),
    ] {
        let mut state = form([]);
        update(&mut state, Msg::SendDone(Box::new(sent())));
        update(&mut state, Msg::CodeTyped(typed.into()));
        update(&mut state, Msg::CodeCheck);
        assert_eq!(state.sent.as_ref().unwrap().kept, Some(right), "{typed:?}");
        update(&mut state, Msg::Done);
        assert_eq!(
            (state.gone, state.asking),
            if right { (Some(Gone::Closed), None) } else { (None, Some(Question::CodeNotKept)) }
        );
    }
    let mut state = form([]);
    update(&mut state, Msg::SendDone(Box::new(sent())));
    update(&mut state, Msg::Close);
    assert_eq!(state.asking, Some(Question::CodeNotKept));
    assert!(matches!(&update(&mut state, Msg::CodeCopy)[..], [Effect::Copy(code)] if code == CODE));
    assert!(matches!(update(&mut state, Msg::LeaveConfirmed)[..], [Effect::Close]));
}

#[test]
fn quick_exit_wipes_at_every_step_and_nothing_comes_after() {
    for step in Step::ALL {
        let mut state = full();
        state.step = step;
        assert!(matches!(update(&mut state, Msg::QuickExit)[..], [Effect::Leave]));
        let bare = State { gone: Some(Gone::Left), whole: true, ..State::default() };
        assert_eq!(format!("{state:?}"), format!("{bare:?}"));
        assert!(update(&mut state, said("late")).is_empty() && state.draft.what_happened.is_empty());
    }
}

#[test]
fn three_shifts_within_five_seconds_leave() {
    for (keys, leaves) in [
        (&[(true, 0.0), (true, 100.0), (true, 200.0)][..], true),
        (&[(true, 0.0), (true, 2_000.0), (true, 5_000.0)], true),
        (&[(true, 0.0), (true, 2_000.0), (true, 5_001.0)], false),
        (&[(true, 0.0), (true, 4_000.0), (true, 6_000.0), (true, 8_000.0)], true),
        (&[(true, 0.0), (true, 100.0), (false, 150.0), (true, 200.0)], false),
        (&[(true, 0.0), (true, 100.0)], false),
    ] {
        let mut state = full();
        let mut last = vec![];
        for &(shift, at_ms) in keys {
            last = update(&mut state, Msg::Key { shift, at_ms });
        }
        assert_eq!((state.gone == Some(Gone::Left), matches!(last[..], [Effect::Leave])), (leaves, leaves), "{keys:?}");
    }
}

#[test]
fn closing_asks_only_where_something_would_be_lost() {
    let mut state = form([Msg::Door(Purpose::FlagMisuse), said(" \n")]);
    assert!(matches!(update(&mut state, Msg::Close)[..], [Effect::Close]));
    assert_eq!(state.gone, Some(Gone::Closed));
    let mut state = form([said("words")]);
    assert!(matches!(update(&mut state, Msg::Close)[..], [Effect::Focus("leave-cancel")]));
    update(&mut state, Msg::LeaveCancelled);
    assert_eq!((state.asking, state.draft.what_happened.as_str()), (None, "words"));
}

#[test]
fn files_past_a_limit_are_named_and_let_go() {
    let mut state = form([]);
    let limits = Limits { attachment_bytes: 100, report_bytes: 150, attachments: 2, text_chars: 50 };
    let Channel::Open(channel) = &mut state.channel else { panic!() };
    channel.limits = limits;
    let files =
        vec![file(1, "", 100), file(2, "", 101), file(3, "", 51), file(4, "", 0), file(5, "", 50), file(6, "", 1)];
    let effects = update(&mut state, Msg::AddFiles(files));
    assert!(matches!(&effects[..], [.., Effect::DropFiles(ids)] if ids == &[2, 3, 4, 6]), "{effects:?}");
    let kept: Vec<_> = state.evidence.files.iter().map(|file| file.id).collect();
    assert_eq!(kept, [1, 5]);
    let why: Vec<_> = state.evidence.problems.iter().map(|problem| problem.why.clone()).collect();
    assert_eq!(why, [Offence::TooLarge(100), Offence::TogetherTooLarge(150), Offence::Empty, Offence::TooMany(2)]);
    assert_eq!(state.evidence.files[0].media_type, "application/octet-stream");
}

#[test]
fn where_children_may_be_shown_no_file_stays_and_none_is_taken() {
    for edit in [Edit::Category(Category::ChildSafety), Edit::Under18(Answer::Yes), Edit::Under18(Answer::NotSure)] {
        let mut state = form([Msg::AddFiles(vec![file(1, "image/png", 5)])]);
        let effects = update(&mut state, Msg::Edit(edit));
        assert!(matches!(&effects[..], [Effect::DropFiles(ids)] if ids == &[1]));
        assert!(state.evidence.files.is_empty() && state.evidence.dropped);
        let effects = update(&mut state, Msg::AddFiles(vec![file(2, "text/plain", 5)]));
        assert!(matches!(&effects[..], [Effect::DropFiles(ids)] if ids == &[2]));
        assert!(state.evidence.files.is_empty());
    }
}

#[test]
fn parts_can_be_taken_out_on_the_check() {
    let mut state = full();
    let shown: Vec<_> = parts(&state).into_iter().map(|(part, _)| part).collect();
    let others = [Part::Token, Part::Decision, Part::Notice, Part::Answers];
    let all: Vec<_> = Part::ALL.into_iter().filter(|part| !others.contains(part)).collect();
    assert_eq!(shown, all);
    for part in Part::ALL {
        update(&mut state, Msg::Remove(part));
    }
    let left: Vec<_> = parts(&state).into_iter().filter(|(_, filled)| *filled).map(|(part, _)| part).collect();
    assert_eq!(left, [Part::Purpose, Part::Identity]);
    let sent = outgoing(&state);
    let consent = state.draft.consent;
    let bare = ReportDraft {
        purpose: Some(Purpose::Both),
        identity: Identity::Confidential,
        reader_involved: Some(Answer::No),
        under_18_shown: Some(Answer::No),
        consent,
        ..ReportDraft::default()
    };
    assert_eq!((sent.draft, sent.files, sent.contact), (bare, vec![], Default::default()));
}

#[test]
fn the_engine_reads_what_was_said() {
    let sent = outgoing(&full());
    let draft = &sent.draft;
    assert_eq!(draft.purpose, Some(Purpose::Both));
    assert_eq!(
        draft.what_happened, "  “Quoted” \\ \u{7} line\nnext\ttab 😀\u{202e}",
        "the person's own text, untouched"
    );
    assert_eq!((draft.how_many, draft.when), (Some(1_200), Some(When::Ongoing)));
    assert_eq!(draft.affected_groups, [AffectedGroup::Workers, AffectedGroup::Women]);
    assert_eq!(draft.relationships, [Relationship::NonUser, Relationship::Representative]);
    assert_eq!((draft.age_band, draft.can_be_undone), (Some(AgeBand::Adult), Some(Answer::No)));
    assert_eq!(draft.secondary_categories, [Category::Retaliation]);
    let represented = draft.represented.as_ref().unwrap();
    assert_eq!((represented.how_many, represented.do_they_know), (Some(12), Some(Answer::Yes)));
    assert_eq!(draft.remedy_sought, [Remedy::StopTheHarm, Remedy::DeleteOrCorrectMyData]);
    assert!(draft.may_tell_data_holder && draft.harm == "People got calls.");
    assert_eq!(draft.consent.share_identity_with, ShareIdentity::Authority);
    assert_eq!(draft.consent.share_content_with_customer, ShareContent::Anonymised);
    assert_eq!(draft.consent.law_enforcement, LawEnforcement::Ok);
    assert_eq!((draft.imminent_danger, draft.fear_of_retaliation), (Some(Answer::Yes), Some(Answer::NotSure)));
    assert_eq!((draft.subject.kind, draft.subject.feature.as_str()), (SubjectKind::CustomerOrg, "Contact lists"));
    let [item, name, number, page] = &draft.subject.locations[..] else { panic!() };
    assert_eq!((name.tenant_ref.as_str(), number.item_id.as_str()), ("Acme Lending", "no. \"4711\""));
    assert_eq!((draft.subject.sector, draft.subject.market), (Sector::Private, "AT".parse().ok()));
    assert_eq!((draft.subject.use_case.as_str(), &draft.subject.public_customer), ("to collect \\ debts", &None));
    assert_eq!((item.item_id.as_str(), item.description.as_str()), ("m-17", "message: Spring sale"));
    assert_eq!(page.url, "https://app.example/lists/1");
    assert_eq!(draft.provider_context["campaign"], "Spring \"27\"");
    assert_eq!(
        (sent.contact.name.as_deref(), sent.contact.reach.as_deref()),
        (Some("Sam"), Some("by phone, evenings"))
    );
    assert_eq!((sent.urgent, sent.readers, sent.now, sent.language.as_str()), (true, GroupKind::Team, NOW, "en"));
    let [text, picture] = &sent.files[..] else { panic!() };
    assert_eq!((text.id, text.media_type.as_str(), text.size, &text.description), (1, "text/plain", 5, &None));
    assert_eq!((picture.id, picture.media_type.as_str()), (3, "image/png"));
    assert_eq!(picture.description.as_deref(), Some("A picture"));
}

#[test]
fn what_is_not_asked_is_not_sent() {
    let mut state = full();
    for edit in [Edit::Identity(Identity::Anonymous), Edit::AlsoRemedy(false)] {
        update(&mut state, Msg::Edit(edit));
    }
    let sent = outgoing(&state);
    assert_eq!(sent.contact, Default::default());
    assert!(sent.draft.harm.is_empty() && sent.draft.remedy_sought.is_empty() && sent.draft.represented.is_none());
    assert!(!sent.draft.may_tell_data_holder && sent.draft.relationships == [Relationship::NonUser]);
    // And it is still there, should the person change their mind.
    for edit in [Edit::Identity(Identity::Confidential), Edit::AlsoRemedy(true)] {
        update(&mut state, Msg::Edit(edit));
    }
    assert_eq!(outgoing(&state), outgoing(&full()));
}

#[test]
fn a_reader_who_is_involved_does_not_read() {
    let mut state = full();
    update(&mut state, Msg::Edit(Edit::ReaderInvolved(Answer::Yes)));
    assert_eq!(outgoing(&state).readers, GroupKind::Independent);
    assert_eq!(state.readers().unwrap().kind, GroupKind::Independent);
    let Channel::Open(channel) = &mut state.channel else { panic!() };
    channel.groups.retain(|group| group.kind == GroupKind::Team);
    assert!(state.lacks_readers() && outgoing(&state).readers == GroupKind::Team);
    assert_eq!(state.readers().unwrap().kind, GroupKind::Team);
}
