//! The console as a whole, driven as a person and an engine would.

use recourse_domain::case::{CaseEntry, CaseWhat, Finding};
use recourse_domain::content::{Contact, ReporterContent, TeamContent};
use recourse_domain::ids::Digest;
use recourse_domain::report::Report;
use recourse_wire::console::{CaseSummary, Role};
use recourse_wire::problem::Problem;
use recourse_wire::reporter::DueDate;
use recourse_wire::reviewing::{CaseView, Glance, QueueRow};

use super::*;

const ME: &str = "me";
const NOW: Timestamp = Timestamp(1_800_000_000);

fn case_id(number: u8) -> CaseId {
    CaseId::new([number; 16])
}

fn row(number: u8, purpose: &str, assignee: Option<&str>, urgent: bool) -> QueueRow {
    QueueRow {
        summary: summary(number, CaseState::InTriage, assignee, urgent),
        glance: Some(Glance {
            purpose: purpose.to_owned(),
            category: Some("surveillance_tracking".to_owned()),
            excerpt: format!("What happened in case {number}"),
            imminent_danger: false,
            evidence: 0,
        }),
    }
}

fn summary(number: u8, state: CaseState, assignee: Option<&str>, urgent: bool) -> CaseSummary {
    CaseSummary {
        case: case_id(number),
        channel: "demo".parse().unwrap(),
        state,
        urgent,
        assignee: assignee.map(str::to_owned),
        due: None,
        received_at: NOW,
        updated_at: NOW,
        events: 1,
    }
}

fn view(number: u8, state: CaseState, assignee: Option<&str>) -> CaseView {
    CaseView {
        summary: summary(number, state, assignee, false),
        state,
        shown: state,
        next: state.next(),
        vouched: None,
        listed: None,
        report: None,
        contact_opened: false,
        entries: Vec::new(),
        findings: Vec::new(),
    }
}

fn entry(what: CaseWhat) -> CaseEntry {
    CaseEntry { sequence: 0, at: NOW, reviewer: None, what }
}

fn said(text: &str) -> CaseWhat {
    CaseWhat::Reporter { content: ReporterContent::Message { text: text.to_owned() } }
}

fn moved(to: CaseState) -> CaseWhat {
    CaseWhat::Team {
        content: TeamContent::Transition {
            to,
            reason: "why".to_owned(),
            rights_considered: Vec::new(),
            remedies: Vec::new(),
        },
    }
}

fn replied() -> CaseWhat {
    CaseWhat::Team { content: TeamContent::Reply { text: "hello".to_owned(), language: "en".to_owned() } }
}

struct Driver {
    console: Console,
    effects: Vec<Effect>,
}

impl Driver {
    fn signed_in() -> Self {
        let mut driver = Self { console: Console::new("https://console.example".to_owned(), NOW), effects: Vec::new() };
        driver.send(Msg::EngineReady);
        driver.sign_in(ME);
        driver
    }

    fn sign_in(&mut self, key: &str) {
        self.send(Msg::KeyFile(Some("{}".to_owned())));
        let reviewer = Reviewer { key: key.to_owned(), name: "Maya".to_owned(), role: Role::Reviewer };
        let answer = Answer::SignedIn {
            reviewer,
            reviewers: Vec::new(),
            manifests: Vec::new(),
            groups: Vec::new(),
            expires_at: NOW,
        };
        self.send(Msg::Answered(Tag::SignIn, answer));
        let rows = vec![
            row(1, "flag_misuse", None, true),
            row(2, "seek_remedy", Some(ME), false),
            row(3, "both", Some("other"), false),
        ];
        self.send(Msg::Answered(Tag::Page(Pile::Open), Answer::Queue { rows, next: None }));
    }

    fn send(&mut self, msg: Msg) -> &mut Self {
        self.effects = self.console.update(msg, &|id: &str| id.replace('_', " "));
        self
    }

    fn open(&mut self, view: CaseView) -> &mut Self {
        let case = view.summary.case;
        self.send(Msg::Open(case));
        self.send(Msg::Answered(Tag::Case(case), Answer::Case(Box::new(view))))
    }

    fn asked(&self) -> Option<(&Tag, &Request)> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Ask(tag, request) => Some((tag, request)),
            _ => None,
        })
    }

    fn appended(&self) -> Option<&TeamContent> {
        match self.asked()?.1 {
            Request::Append { content, .. } => Some(content),
            _ => None,
        }
    }

    fn desk(&self) -> &Desk {
        match &self.console.phase {
            Phase::Desk(desk) => desk,
            other => panic!("nobody is signed in: {other:?}"),
        }
    }

    fn case(&self) -> &OpenCase {
        self.desk().open.as_ref().unwrap()
    }

    fn shown(&self) -> Vec<u8> {
        let label = |id: &str| id.replace('_', " ");
        self.desk().queue.rows(ME, label).map(|row| row.summary.case.as_bytes()[0]).collect()
    }
}

fn problem(kind: ProblemKind) -> Failure {
    Failure::Problem { problem: Problem::new(kind, None) }
}

#[test]
fn a_key_file_is_tried_once_and_its_fault_is_told() {
    let mut driver = Driver { console: Console::new("https://console.example".to_owned(), NOW), effects: Vec::new() };
    assert!(driver.send(Msg::KeyFile(Some("early".to_owned()))).effects.is_empty());
    driver.send(Msg::EngineReady).send(Msg::KeyFile(None));
    assert_eq!(driver.console.alert, Some(Alert::FileUnreadable));
    driver.send(Msg::KeyFile(Some("{}".to_owned())));
    let expected = Request::SignIn { key_file: "{}".to_owned(), origin: "https://console.example".to_owned() };
    assert_eq!(driver.asked(), Some((&Tag::SignIn, &expected)));
    assert!(driver.send(Msg::KeyFile(Some("again".to_owned()))).effects.is_empty());
    driver.send(Msg::Failed(Tag::SignIn, Failure::KeyFile));
    assert_eq!(driver.console.alert, Some(Alert::Failed(Failure::KeyFile)));
    assert!(matches!(driver.console.phase, Phase::SignedOut { busy: false }));
}

#[test]
fn saved_searches_and_the_filter_narrow_the_queue() {
    let mut driver = Driver::signed_in();
    for (search, rows) in [
        (SavedSearch::Open, &[1, 2, 3][..]),
        (SavedSearch::Urgent, &[1]),
        (SavedSearch::Mine, &[2]),
        (SavedSearch::Unassigned, &[1]),
        (SavedSearch::Misuse, &[1, 3]),
        (SavedSearch::Remedy, &[2, 3]),
    ] {
        driver.send(Msg::Search(search));
        assert_eq!(driver.shown(), rows, "{search:?}");
        assert_eq!(driver.desk().queue.count(search, ME), Some(rows.len()));
        assert_eq!(driver.asked(), None);
    }
    driver.send(Msg::Search(SavedSearch::Open));
    for (words, rows) in [("CASE 2", &[2][..]), ("surveillance tracking", &[1, 2, 3]), ("0303", &[3]), ("nothing", &[])]
    {
        driver.send(Msg::Filter(words.to_owned()));
        assert_eq!(driver.shown(), rows, "{words}");
    }
    driver.send(Msg::Filter(String::new())).send(Msg::Search(SavedSearch::Closed));
    assert!(
        matches!(driver.asked(), Some((Tag::Page(Pile::Ended), Request::ListCases { query })) if query.open == Some(false))
    );
}

#[test]
fn tests_lie_apart_and_are_counted_nowhere_else() {
    let mut driver = Driver::signed_in();
    driver.send(Msg::Search(SavedSearch::Tests));
    assert!(matches!(driver.asked(), Some((Tag::Page(Pile::Tests), Request::ListCases { query }))
        if query.tests == Some(true) && query.open.is_none()));
    let rows = vec![row(7, "flag_misuse", None, true)];
    driver.send(Msg::Answered(Tag::Page(Pile::Tests), Answer::Queue { rows, next: None }));
    assert_eq!((driver.shown(), driver.desk().queue.count(SavedSearch::Tests, ME)), (vec![7], Some(1)));
    // Opening one reads it anew, which must not carry it over.
    driver.open(view(7, CaseState::InReview, None));
    for search in [SavedSearch::Open, SavedSearch::Urgent, SavedSearch::Unassigned, SavedSearch::Misuse] {
        driver.send(Msg::Search(search));
        assert!(!driver.shown().contains(&7), "{search:?}");
    }
    driver.send(Msg::Search(SavedSearch::Open)).send(Msg::Reload);
    assert!(
        matches!(driver.asked(), Some((Tag::Page(Pile::Open), Request::ListCases { query })) if query.tests.is_none())
    );
}

#[test]
fn pages_are_read_to_the_end_and_a_reload_keeps_the_old_rows_until_then() {
    let mut driver = Driver::signed_in();
    driver.send(Msg::Reload);
    assert_eq!(driver.shown(), [1, 2, 3]);
    let first = Answer::Queue { rows: vec![row(4, "both", None, false)], next: Some("cursor".to_owned()) };
    driver.send(Msg::Answered(Tag::Page(Pile::Open), first));
    assert!(
        matches!(driver.asked(), Some((_, Request::ListCases { query })) if query.cursor.as_deref() == Some("cursor"))
    );
    let last = Answer::Queue { rows: vec![row(4, "both", None, false), row(5, "both", None, false)], next: None };
    driver.send(Msg::Answered(Tag::Page(Pile::Open), last));
    assert_eq!(driver.shown(), [4, 5]);
    assert!(!driver.desk().queue.loading);
}

#[test]
fn keys_move_open_and_write_and_can_be_switched_off() {
    let mut driver = Driver::signed_in();
    assert_eq!(driver.send(Msg::Key(Key::Down)).effects, [Effect::Focus(Target::Row(case_id(1)))]);
    driver.send(Msg::Key(Key::Down)).send(Msg::Key(Key::Up)).send(Msg::Key(Key::Up));
    assert_eq!(driver.desk().queue.current, Some(case_id(1)));
    driver.send(Msg::Key(Key::Enter));
    assert_eq!(driver.case().case, case_id(1));
    // Before the case is here there is nothing to write to.
    assert!(driver.send(Msg::Key(Key::Reply)).effects.is_empty());
    driver.open(view(1, CaseState::InReview, None));
    for (key, dock) in [
        (Key::Reply, Dock::Reply),
        (Key::Note, Dock::Note),
        (Key::Assign, Dock::Assign),
        (Key::Decide, Dock::Step(CaseState::Decided)),
    ] {
        assert_eq!(driver.send(Msg::Key(key)).case().dock, Some(dock));
    }
    assert_eq!(driver.send(Msg::Key(Key::Escape)).case().dock, None);
    driver.send(Msg::Key(Key::Claim));
    assert_eq!(driver.appended(), Some(&TeamContent::Assigned { owner: Some(ME.to_owned()) }));
    driver.send(Msg::Keys(false)).send(Msg::Key(Key::Note));
    assert_eq!(driver.case().dock, None);
    assert!(driver.send(Msg::Key(Key::Escape)).desk().open.is_none());
    driver.send(Msg::Keys(true)).send(Msg::Key(Key::Help)).send(Msg::Key(Key::Down));
    assert!(driver.console.sheet && driver.effects.is_empty());
}

#[test]
fn what_was_typed_outlives_everything_but_being_sent() {
    let mut driver = Driver::signed_in();
    driver.open(view(1, CaseState::InReview, Some(ME))).send(Msg::Dock(Some(Dock::Note)));
    assert!(driver.send(Msg::Confirm).effects.is_empty(), "nothing to send");
    driver.send(Msg::Draft(Draft::Note("  Ask infra. ".to_owned()))).send(Msg::Confirm);
    assert_eq!(driver.appended(), Some(&TeamContent::Note { text: "Ask infra.".to_owned() }));
    assert!(driver.send(Msg::Confirm).effects.is_empty(), "not twice");
    let tag = Tag::Append(case_id(1), Status::Noted);

    // Somebody was faster: read again, nothing lost, and the next try goes out.
    driver.send(Msg::Failed(tag.clone(), problem(ProblemKind::CaseChanged)));
    assert_eq!(driver.console.alert, Some(Alert::CaseChanged));
    assert_eq!(driver.asked(), Some((&Tag::Case(case_id(1)), &Request::OpenCase { case: case_id(1) })));
    assert_eq!(driver.console.drafts(case_id(1)).note, "  Ask infra. ");

    // Another case and back.
    driver.open(view(2, CaseState::InReview, None)).open(view(1, CaseState::InReview, Some(ME)));
    assert_eq!(driver.console.drafts(case_id(1)).note, "  Ask infra. ");

    // The session ends.
    driver.send(Msg::Dock(Some(Dock::Note))).send(Msg::Confirm);
    driver.send(Msg::Failed(tag.clone(), problem(ProblemKind::SignInRequired)));
    assert_eq!(driver.console.alert, Some(Alert::SessionEnded));
    driver.sign_in(ME);
    assert_eq!(driver.console.drafts(case_id(1)).note, "  Ask infra. ");

    driver.open(view(1, CaseState::InReview, Some(ME))).send(Msg::Dock(Some(Dock::Note))).send(Msg::Confirm);
    driver.send(Msg::Answered(tag, Answer::Case(Box::new(view(1, CaseState::InReview, Some(ME))))));
    assert_eq!(driver.console.drafts(case_id(1)), Drafts::default());
    assert_eq!((driver.case().dock, driver.case().tab), (None, Tab::Dialogue));
    assert_eq!(driver.console.status, Some(Status::Noted));
}

#[test]
fn nobody_gets_what_another_person_typed() {
    let mut driver = Driver::signed_in();
    driver.open(view(1, CaseState::InReview, None)).send(Msg::Draft(Draft::Note("mine".to_owned())));
    driver.send(Msg::Failed(Tag::Page(Pile::Open), problem(ProblemKind::SignInRequired)));
    driver.sign_in("another");
    assert_eq!(driver.console.drafts(case_id(1)), Drafts::default());
}

#[test]
fn a_step_needs_a_reason_and_names_rights_only_in_decisions() {
    let mut driver = Driver::signed_in();
    driver.open(view(1, CaseState::InReview, Some(ME))).send(Msg::Dock(Some(Dock::Step(CaseState::Decided))));
    driver.send(Msg::Draft(Draft::Right("UDHR 12".to_owned(), true))).send(Msg::Confirm);
    assert_eq!(driver.asked(), None);
    driver.send(Msg::Draft(Draft::Reason(CaseState::Decided, "Because.".to_owned()))).send(Msg::Confirm);
    let rights_considered = vec!["UDHR 12".to_owned()];
    let decided = TeamContent::Transition {
        to: CaseState::Decided,
        reason: "Because.".to_owned(),
        rights_considered,
        remedies: Vec::new(),
    };
    assert_eq!(driver.appended(), Some(&decided));
    driver.send(Msg::Failed(Tag::Append(case_id(1), Status::Moved(CaseState::Decided)), Failure::Network));
    assert_eq!(driver.console.drafts(case_id(1)).reasons[&CaseState::Decided], "Because.");

    driver.send(Msg::Dock(Some(Dock::Step(CaseState::Escalated))));
    driver.send(Msg::Draft(Draft::Reason(CaseState::Escalated, "To legal.".to_owned()))).send(Msg::Confirm);
    assert!(
        matches!(driver.appended(), Some(TeamContent::Transition { rights_considered, .. }) if rights_considered.is_empty())
    );

    // The case went elsewhere meanwhile: the dock for a step that is gone closes.
    let elsewhere = view(1, CaseState::Closed, Some(ME));
    driver.send(Msg::Answered(Tag::Case(case_id(1)), Answer::Case(Box::new(elsewhere))));
    assert_eq!(driver.case().dock, None);
    assert_eq!(driver.console.drafts(case_id(1)).reasons.len(), 2);
}

#[test]
fn the_next_sensible_act_is_one_that_the_table_has() {
    let act = |view: CaseView| {
        let mut open = OpenCase::new(view.summary.case);
        open.take(Box::new(view));
        open.next_act()
    };
    assert_eq!(act(view(1, CaseState::InTriage, None)), Some(Act::Claim));
    for state in CaseState::ALL {
        match act(view(1, state, Some(ME))) {
            Some(Act::Step(to)) => assert!(state.next().contains(&to), "{state} to {to}"),
            None => assert!(!state.is_open(), "{state}"),
            other => panic!("{state}: {other:?}"),
        }
        // Where this reviewer may not, nothing is offered.
        assert_eq!(act(CaseView { next: Vec::new(), ..view(1, state, Some(ME)) }), None);
    }
    let broken = vec![Finding::BrokenChain { sequence: 1 }];
    assert_eq!(act(CaseView { findings: broken, ..view(1, CaseState::InTriage, None) }), None, "tampered with");
    let mut wrote = view(1, CaseState::InReview, Some(ME));
    wrote.entries = vec![
        entry(replied()),
        entry(said("more")),
        entry(CaseWhat::Team { content: TeamContent::Note { text: String::new() } }),
    ];
    assert_eq!(act(wrote.clone()), Some(Act::Reply));
    wrote.entries.push(entry(moved(CaseState::Duplicate)));
    assert_eq!(act(wrote.clone()), Some(Act::Reply), "an internal step answers nobody");
    wrote.entries.push(entry(replied()));
    assert_eq!(act(wrote), Some(Act::Step(CaseState::Decided)));
}

#[test]
fn steps_that_would_tell_of_other_reports_count_as_internal() {
    let mut view = view(1, CaseState::InReview, Some(ME));
    view.entries = [
        CaseWhat::Reported,
        moved(CaseState::InReview),
        moved(CaseState::Duplicate),
        moved(CaseState::InReview),
        moved(CaseState::Decided),
    ]
    .map(entry)
    .to_vec();
    assert_eq!(case::told(&view), [true, true, false, false, true]);
}

#[test]
fn a_case_that_ended_leaves_the_open_ones() {
    let mut driver = Driver::signed_in();
    driver.open(view(2, CaseState::Decided, Some(ME)));
    let closed = view(2, CaseState::Closed, Some(ME));
    let tag = Tag::Append(case_id(2), Status::Moved(CaseState::Closed));
    driver.send(Msg::Answered(tag, Answer::Case(Box::new(closed))));
    assert_eq!(driver.shown(), [1, 3]);
    assert!(driver.desk().open.is_some());
    driver.send(Msg::Answered(Tag::Case(case_id(2)), Answer::Case(Box::new(view(2, CaseState::InTriage, Some(ME))))));
    assert_eq!(driver.shown(), [2, 1, 3]);
}

#[test]
fn contact_details_need_a_reason_and_go_with_the_case() {
    let mut driver = Driver::signed_in();
    driver.open(view(1, CaseState::InReview, Some(ME))).send(Msg::Dock(Some(Dock::Contact))).send(Msg::Confirm);
    assert_eq!(driver.asked(), None);
    driver.send(Msg::Draft(Draft::ContactReason("To call".to_owned()))).send(Msg::Confirm);
    assert!(matches!(driver.asked(), Some((_, Request::OpenContact { reason, .. })) if reason == "To call"));
    let contact = Contact { name: Some("R.".to_owned()), reach: None };
    driver.send(Msg::Answered(Tag::Contact(case_id(1)), Answer::Contact(contact)));
    assert!(driver.case().contact.is_some());
    assert!(matches!(driver.asked(), Some((Tag::Case(_), _))), "the log has a new entry");
    assert!(driver.send(Msg::CloseCase).desk().open.is_none());
    assert!(driver.effects.contains(&Effect::DropAttachments));
}

#[test]
fn only_what_is_verified_is_drawn_and_it_comes_covered() {
    let mut driver = Driver::signed_in();
    driver.open(CaseView { report: Some(Box::new(report())), ..view(1, CaseState::InReview, Some(ME)) });
    driver.send(Msg::OpenAttachment(0));
    assert!(matches!(driver.asked(), Some((_, Request::OpenEvidence { blob, .. })) if *blob == Digest::new([7; 32])));
    assert!(driver.send(Msg::OpenAttachment(0)).effects.is_empty(), "once");
    assert!(driver.send(Msg::OpenAttachment(1)).effects.is_empty(), "there is none");
    let picture = Some(Picture { media_type: "image/png", width: 1, height: 1 });
    let read = |verified| Msg::AttachmentRead { case: case_id(1), index: 0, verified, picture };
    driver.send(read(false));
    assert_eq!(driver.case().attachments, [Attachment::Open { verified: false, picture: None, covered: true }]);
    driver.send(read(true));
    assert_eq!(driver.case().attachments, [Attachment::Open { verified: true, picture, covered: true }]);
    driver.send(Msg::Cover(0, false));
    assert_eq!(driver.case().attachments, [Attachment::Open { verified: true, picture, covered: false }]);
    assert_eq!(case::attachment_name(0, picture), "attachment-1.png");
    assert_eq!(case::attachment_name(1, None), "attachment-2.bin");
}

#[test]
fn a_reply_that_repeats_report_or_messages_is_noticed() {
    let mut driver = Driver::signed_in();
    let mut report = report();
    report.answers = vec![recourse_domain::report::CustomAnswer {
        question: "since".into(),
        value: "since the new owner came in spring".into(),
        ..Default::default()
    }];
    let mut view = CaseView { report: Some(Box::new(report)), ..view(1, CaseState::InReview, Some(ME)) };
    view.entries = vec![entry(said("He keeps the list in the red folder."))];
    driver.open(view);
    let open = driver.case();
    assert_eq!(
        open.quote("You wrote that my manager exports the list each week."),
        Some("my manager exports the list each")
    );
    assert_eq!(open.quote("Where he keeps the list in the office"), Some("he keeps the list in the"));
    assert_eq!(open.quote("So, since the new owner came."), Some("since the new owner came"));
    assert_eq!(open.quote("Thank you. We look into it."), None);
}

#[test]
fn a_deadline_fills_turns_and_passes() {
    let mut summary = summary(1, CaseState::InTriage, None, false);
    assert_eq!(Deadline::of(&summary, NOW), None);
    summary.due = Some(DueDate { state: CaseState::InReview, at: NOW.plus_days(4), late: false });
    let at = |days: u32| {
        let deadline = Deadline::of(&summary, NOW.plus_days(days)).unwrap();
        (deadline.run, deadline.soon, deadline.late, deadline.distance / Timestamp::DAY)
    };
    assert_eq!(
        [at(0), at(1), at(3), at(4), at(6)],
        [
            (0, false, false, 4),
            (25, false, false, 3),
            (75, true, false, 1),
            (100, true, false, 0),
            (100, false, true, 2)
        ]
    );
}

#[test]
fn signing_out_forgets_and_a_lost_line_does_not_keep_anybody_in() {
    let mut driver = Driver::signed_in();
    driver.open(view(1, CaseState::InReview, None)).send(Msg::Draft(Draft::Note("mine".to_owned()))).send(Msg::SignOut);
    assert_eq!(driver.asked(), Some((&Tag::SignOut, &Request::SignOut)));
    driver.send(Msg::Failed(Tag::SignOut, Failure::Network));
    assert!(matches!(driver.console.phase, Phase::SignedOut { busy: false }) && driver.console.alert.is_none());
    // An answer that comes late changes nothing.
    driver.send(Msg::Answered(Tag::Case(case_id(1)), Answer::Case(Box::new(view(1, CaseState::InReview, None)))));
    assert!(matches!(driver.console.phase, Phase::SignedOut { .. }));
    driver.sign_in(ME);
    assert_eq!(driver.console.drafts(case_id(1)), Drafts::default());
}

fn report() -> Report {
    let hash = |byte: u8| Digest::new([byte; 32]).to_string();
    let key = "A".repeat(43);
    let json = serde_json::json!({
        "version": "recourse.report/1", "channel": "demo", "manifest": hash(1), "language": "en",
        "reply": { "recipient": "age1pq1qqqqqqqqqq", "reporter_key": key },
        "purpose": "flag_misuse", "identity": "anonymous",
        "subject": { "kind": "unknown", "sector": "unknown" },
        "category": { "primary": "other_unsure" },
        "what_happened": "My manager exports the list each Friday.",
        "consent": { "share_identity_with": "handlers_only", "share_content_with_customer": "never",
            "law_enforcement": "only_if_legally_required" },
        "evidence": [{ "id": "e1", "kind": "file", "media_type": "image/png", "size": 1, "sha256": hash(6), "blob": hash(7),
            "captured_at": "2026-11-20", "tool": { "name": "x", "version": "1" }, "redactions": 0, "sensitive": false }],
    });
    serde_json::from_value(json).unwrap()
}

#[test]
fn remedies_are_named_with_their_steps_and_only_the_reporter_confirms_them() {
    use recourse_domain::content::RemedyAnswer;
    use recourse_domain::report::Remedy::{self, Apology, Explanation};
    let step = |to, remedies: &[Remedy]| CaseWhat::Team {
        content: TeamContent::Transition {
            to,
            reason: "why".to_owned(),
            rights_considered: Vec::new(),
            remedies: remedies.to_vec(),
        },
    };
    let mut driver = Driver::signed_in();
    driver.open(view(1, CaseState::InReview, Some(ME))).send(Msg::Dock(Some(Dock::Step(CaseState::Decided))));
    assert!(driver.case().remedies_for(CaseState::Decided).iter().all(|remedy| remedy.can_be_offered()));
    assert!(driver.case().remedies_for(CaseState::Closed).is_empty());
    driver.send(Msg::Draft(Draft::Reason(CaseState::Decided, "Because.".to_owned())));
    driver.send(Msg::Draft(Draft::Remedies(CaseState::Decided, [Apology].into()))).send(Msg::Confirm);
    assert!(matches!(driver.appended(), Some(TeamContent::Transition { remedies, .. }) if *remedies == [Apology]));

    // What was declined is not called delivered unless somebody says so.
    let mut remedied = view(1, CaseState::RemedyInProgress, Some(ME));
    let declined = vec![RemedyAnswer { remedy: Explanation, yes: false }];
    remedied.entries = vec![
        entry(step(CaseState::Decided, &[Apology, Explanation])),
        entry(CaseWhat::Reporter {
            content: ReporterContent::RemedyAnswered { answers: declined, text: String::new() },
        }),
    ];
    let mut driver = Driver::signed_in();
    driver.open(remedied.clone());
    let drafts = driver.console.drafts(case_id(1));
    assert_eq!(driver.case().named_remedies(&drafts, CaseState::Remedied), [Apology].into());

    // Delivered by our word: nobody is led to close what the reporter has not confirmed.
    remedied.state = CaseState::Remedied;
    remedied.next = CaseState::Remedied.next();
    remedied.entries.push(entry(step(CaseState::Remedied, &[Apology])));
    let confirmed = |yes| {
        let mut view = remedied.clone();
        let answers = vec![RemedyAnswer { remedy: Apology, yes }];
        view.entries.push(entry(CaseWhat::Reporter {
            content: ReporterContent::RemedyConfirmed { answers, text: String::new() },
        }));
        view
    };
    for (view, act) in
        [(remedied.clone(), None), (confirmed(false), None), (confirmed(true), Some(Act::Step(CaseState::Closed)))]
    {
        let mut driver = Driver::signed_in();
        driver.open(view);
        assert_eq!(driver.case().next_act(), act);
    }
}
