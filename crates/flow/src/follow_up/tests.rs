//! The page as a whole, driven as a person and an engine would.

use recourse_domain::channel::{Controller, LegalProfile, Limits, Stage};
use recourse_wire::engine::FollowUpEntry;
use recourse_wire::problem::Problem;

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000);
const CODE: &str = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345";

fn manifest() -> Manifest {
    Manifest {
        version: 1,
        channel: "demo".parse().unwrap(),
        serial: 1,
        issued_at: NOW,
        expires_at: NOW.plus_days(90),
        intake_origin: String::new(),
        console_origin: String::new(),
        provider: "Northwind".to_owned(),
        product: "CRM".to_owned(),
        reading_hours: [].into(),
        languages: Vec::new(),
        groups: Vec::new(),
        acknowledgement_keys: Vec::new(),
        stages: vec![Stage {
            state: CaseState::InReview,
            days: 7,
            text: [("en".to_owned(), "We look into it".to_owned())].into(),
        }],
        limits: Limits::default(),
        legal_profile: LegalProfile::None,
        controller: Controller {
            name: String::new(),
            contact: String::new(),
            privacy_notice: [].into(),
            rules: [].into(),
        },
        other_routes: Vec::new(),
        hidden_categories: Vec::new(),
    }
}

fn view(state: CaseState) -> FollowUp {
    let entry = |sequence, what| FollowUpEntry { sequence, at: NOW, what };
    let moved = |to| FollowUpWhat::Moved { to, from: None, reason: None };
    let due = |state, days, late| DueDate { state, at: NOW.plus_days(days), late };
    FollowUp {
        manifest: manifest(),
        state,
        due: vec![
            due(CaseState::Decided, 90, false),
            due(CaseState::Acknowledged, 0, false),
            due(CaseState::InReview, 7, false),
            due(CaseState::InTriage, 3, true),
        ],
        entries: vec![entry(0, FollowUpWhat::Reported), entry(1, moved(CaseState::Acknowledged))],
        tampered: false,
    }
}

struct Driver {
    page: Page,
    effects: Vec<Effect>,
}

impl Driver {
    fn new() -> Self {
        Self { page: Page::new("demo".parse().unwrap(), NOW), effects: Vec::new() }
    }

    fn opened(state: CaseState) -> Self {
        let mut driver = Self::new();
        driver.send(Msg::EngineReady).send(Msg::Code("abcd".to_owned())).send(Msg::Open);
        driver.send(Msg::Answered(Tag::Check, Answer::ReceiptChecked { code: CODE.to_owned() }));
        driver.send(Msg::Answered(Tag::Open, Answer::OwnCase(Box::new(view(state)))));
        driver
    }

    fn send(&mut self, msg: Msg) -> &mut Self {
        self.effects = self.page.update(msg);
        self
    }

    fn asked(&self) -> Option<(&Tag, &Request)> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Ask(tag, request) => Some((tag, request)),
            _ => None,
        })
    }

    fn case(&self) -> &OwnCase {
        match &self.page.phase {
            Phase::Case(case) => case,
            Phase::Code { .. } => panic!("no case is open"),
        }
    }
}

fn problem(kind: ProblemKind) -> Failure {
    Failure::Problem { problem: Problem::new(kind, None) }
}

#[test]
fn a_code_is_checked_on_the_device_before_anything_is_sent() {
    let mut driver = Driver::new();
    driver.send(Msg::Code("abcd".to_owned())).send(Msg::Open);
    assert!(driver.effects.is_empty(), "the engine is not there yet");
    driver.send(Msg::EngineReady);
    assert_eq!(driver.asked(), Some((&Tag::Check, &Request::CheckReceipt { code: "abcd".to_owned() })));
    driver.send(Msg::Failed(Tag::Check, Failure::Receipt { fault: ReceiptFault::Checksum }));
    assert_eq!(driver.page.trouble, Some(Trouble::Code(ReceiptFault::Checksum)));
    assert_eq!(driver.effects, [Effect::Focus(Target::Code)]);
    assert_eq!(driver.page.code, "abcd", "to be corrected, not typed again");

    driver.send(Msg::Code("abce".to_owned())).send(Msg::Open);
    assert_eq!(driver.page.trouble, None);
    assert!(driver.send(Msg::Open).effects.is_empty(), "not twice");
    driver.send(Msg::Answered(Tag::Check, Answer::ReceiptChecked { code: CODE.to_owned() }));
    assert!(matches!(driver.asked(), Some((Tag::Open, Request::OpenReceipt { code, .. })) if code == CODE));
    driver.send(Msg::Failed(Tag::Open, problem(ProblemKind::UnknownCase)));
    assert_eq!(driver.page.trouble, Some(Trouble::UnknownCode));
    driver.send(Msg::Open).send(Msg::Failed(Tag::Open, Failure::Network));
    assert_eq!(driver.page.trouble, Some(Trouble::Failed(Failure::Network)));
}

#[test]
fn what_comes_is_what_was_not_reached_in_order_of_time() {
    let driver = Driver::opened(CaseState::Acknowledged);
    let coming = |now| driver.case().coming(now).iter().map(|it| (it.state, it.late)).collect::<Vec<_>>();
    let (triage, review, decided) = (CaseState::InTriage, CaseState::InReview, CaseState::Decided);
    assert_eq!(coming(NOW), [(triage, true), (review, false), (decided, false)]);
    assert_eq!(coming(NOW.plus_days(8)), [(triage, true), (review, true), (decided, false)]);
    assert!(Driver::opened(CaseState::Withdrawn).case().coming(NOW).is_empty());
    assert_eq!(driver.case().stage_text(review, "fr"), "We look into it");
    assert_eq!(driver.case().stage_text(decided, "en"), "");
}

#[test]
fn a_message_is_kept_until_it_was_sent() {
    let mut driver = Driver::opened(CaseState::InTriage);
    assert!(driver.send(Msg::Send).effects.is_empty(), "nothing to send");
    driver.send(Msg::Text(" On Fridays. ".to_owned())).send(Msg::Send);
    let content = ReporterContent::Message { text: "On Fridays.".to_owned() };
    assert_eq!(driver.asked(), Some((&Tag::Act(Done::Written), &Request::Act { content })));
    assert!(driver.send(Msg::Send).effects.is_empty(), "not twice");

    driver.send(Msg::Failed(Tag::Act(Done::Written), Failure::Network));
    assert_eq!((driver.case().text.as_str(), driver.case().busy), (" On Fridays. ", false));

    driver.send(Msg::Send).send(Msg::Failed(Tag::Act(Done::Written), problem(ProblemKind::CaseChanged)));
    assert_eq!(driver.page.trouble, Some(Trouble::CaseChanged));
    assert!(matches!(driver.asked(), Some((Tag::Reread, Request::OpenReceipt { .. }))));
    driver.send(Msg::Answered(Tag::Reread, Answer::OwnCase(Box::new(view(CaseState::InReview)))));
    assert_eq!((driver.case().text.as_str(), driver.case().view.state), (" On Fridays. ", CaseState::InReview));
    assert_eq!(driver.page.trouble, Some(Trouble::CaseChanged), "still to be read");

    driver.send(Msg::Send);
    driver.send(Msg::Answered(Tag::Act(Done::Written), Answer::OwnCase(Box::new(view(CaseState::InReview)))));
    assert_eq!((driver.case().text.as_str(), driver.case().done), ("", Some(Done::Written)));
    assert_eq!(driver.page.trouble, None);
}

#[test]
fn withdrawing_and_contesting_ask_once_more_and_only_where_the_table_has_them() {
    let mut driver = Driver::opened(CaseState::Decided);
    assert!(driver.send(Msg::Confirm).effects.is_empty());
    driver.send(Msg::Ask(Some(Asking::Withdraw))).send(Msg::AskedText("Too risky".to_owned())).send(Msg::Ask(None));
    assert!(driver.send(Msg::Confirm).effects.is_empty());
    driver.send(Msg::Ask(Some(Asking::Contest))).send(Msg::Confirm);
    let content = ReporterContent::Contested { text: String::new() };
    assert_eq!(driver.asked(), Some((&Tag::Act(Done::Contested), &Request::Act { content })));
    driver.send(Msg::Answered(Tag::Act(Done::Contested), Answer::OwnCase(Box::new(view(CaseState::Appealed)))));
    assert!(!driver.case().can_contest() && driver.case().asking.is_none());
    driver.send(Msg::Ask(Some(Asking::Withdraw))).send(Msg::Confirm);
    let content = ReporterContent::Withdrawn { text: "Too risky".to_owned() };
    assert_eq!(driver.asked(), Some((&Tag::Act(Done::Withdrawn), &Request::Act { content })));
    driver.send(Msg::Answered(Tag::Act(Done::Withdrawn), Answer::OwnCase(Box::new(view(CaseState::Withdrawn)))));
    assert!(!driver.case().can_withdraw());
    assert!(driver.send(Msg::Ask(Some(Asking::Withdraw))).send(Msg::Confirm).effects.is_empty());
}

#[test]
fn closing_and_leaving_forget_the_code() {
    let mut driver = Driver::opened(CaseState::InTriage);
    driver.send(Msg::Close);
    assert_eq!(driver.asked(), Some((&Tag::Forget, &Request::Forget)));
    assert!(driver.page.code.is_empty() && matches!(driver.page.phase, Phase::Code { busy: false }));
    // What was on its way when it was closed stays out.
    driver.send(Msg::Answered(Tag::Open, Answer::OwnCase(Box::new(view(CaseState::InTriage)))));
    assert!(matches!(driver.page.phase, Phase::Code { .. }));

    let mut driver = Driver::opened(CaseState::InTriage);
    let shift = |at_ms| Msg::Key { shift: true, at_ms };
    driver.send(shift(0.0)).send(Msg::Key { shift: false, at_ms: 1.0 }).send(shift(2.0)).send(shift(3.0));
    assert!(driver.effects.is_empty());
    assert_eq!(driver.send(shift(4.0)).effects, [Effect::Leave]);
    assert!(driver.page.code.is_empty());
    assert_eq!(Driver::opened(CaseState::InTriage).send(Msg::Leave).effects, [Effect::Leave]);
}
