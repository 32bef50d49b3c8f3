//! The page as a whole, driven as a person and an engine would.

use recourse_domain::channel::{Controller, LegalProfile, Limits, Manifest, Stage};
use recourse_domain::content::{RemedyAnswer, ReporterContent};
use recourse_domain::event::ActKind;
use recourse_domain::lifecycle::CaseState;
use recourse_wire::engine::{FollowUp, FollowUpEntry, FollowUpWhat};
use recourse_wire::problem::Problem;
use recourse_wire::reporter::DueDate;

use super::*;
use crate::evidence::{Doubt, Flaw};

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
        test: false,
        settings: String::new(),
    }
}

fn moved(to: CaseState) -> FollowUpWhat {
    told(to, &[])
}

fn told(to: CaseState, remedies: &[Remedy]) -> FollowUpWhat {
    FollowUpWhat::Moved { to, from: None, reason: None, rights: Vec::new(), remedies: remedies.to_vec() }
}

/// A case in the state that the last step leads to.
fn after(whats: &[FollowUpWhat]) -> FollowUp {
    let mut view = view(CaseState::Acknowledged);
    for what in whats {
        if let FollowUpWhat::Moved { to, .. } = what {
            view.state = *to;
        }
        let sequence = view.entries.len() as u64;
        view.entries.push(FollowUpEntry { sequence, at: NOW, what: what.clone() });
    }
    view
}

fn decided() -> FollowUp {
    after(&[moved(CaseState::InTriage), moved(CaseState::InReview), moved(CaseState::Decided)])
}

fn view(state: CaseState) -> FollowUp {
    let entry = |sequence, what| FollowUpEntry { sequence, at: NOW, what };
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
        Self::showing(view(state))
    }

    fn showing(view: FollowUp) -> Self {
        let mut driver = Self::new();
        driver.send(Msg::EngineReady).send(Msg::Code("abcd".to_owned())).send(Msg::Open);
        driver.send(Msg::Answered(Tag::Check, Answer::ReceiptChecked { code: CODE.to_owned() }));
        driver.send(Msg::Answered(Tag::Open, Answer::OwnCase(Box::new(view))));
        driver
    }

    /// The act that was asked of the engine, with what it says.
    fn acted(&self) -> Option<(Act, &ReporterContent)> {
        match self.asked() {
            Some((Tag::Act(act), Request::Act { content, .. })) => Some((*act, content)),
            _ => None,
        }
    }

    fn answer(&mut self, tag: Tag, view: FollowUp) -> &mut Self {
        self.send(Msg::Answered(tag, Answer::OwnCase(Box::new(view))))
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

fn file(id: u32, media_type: &str, size: u64) -> NewFile {
    NewFile { id, name: format!("file {id}"), media_type: media_type.to_owned(), size }
}

#[test]
fn a_message_is_kept_until_it_was_sent() {
    let mut driver = Driver::opened(CaseState::InTriage);
    let message = Tag::Act(Act::Message);
    assert!(driver.page.code.is_empty(), "from now on the engine alone has it");
    assert!(driver.send(Msg::Send(Act::Message)).effects.is_empty(), "nothing to send");
    driver.send(Msg::Text(Act::Message, " On Fridays. ".to_owned())).send(Msg::Send(Act::Message));
    assert_eq!(driver.acted(), Some((Act::Message, &ReporterContent::Message { text: "On Fridays.".to_owned() })));
    assert!(driver.send(Msg::Send(Act::Message)).effects.is_empty(), "not twice");

    driver.send(Msg::Failed(message, Failure::Network));
    assert_eq!((driver.case().text(Act::Message), driver.case().busy), (" On Fridays. ", false));
    assert!(driver.page.has_unsent());

    driver.send(Msg::Send(Act::Message)).answer(message, view(CaseState::InReview));
    assert_eq!((driver.case().text(Act::Message), driver.case().done), ("", Some(Done::Sent(Act::Message))));
    assert!(driver.page.trouble.is_none() && !driver.page.has_unsent());

    let long = "x".repeat(20_001);
    driver.send(Msg::Text(Act::Message, long)).send(Msg::Send(Act::Message));
    assert_eq!((driver.effects.len(), driver.case().excess(Act::Message)), (0, 1));
}

/// Somebody wrote in between: read anew, signed anew, sent again.
#[test]
fn an_act_whose_place_was_taken_is_sent_again_unless_it_could_mean_something_else() {
    for kind in [ProblemKind::CaseChanged, ProblemKind::OldManifest, ProblemKind::UnknownRecipient] {
        let mut driver = Driver::opened(CaseState::InTriage);
        let message = Tag::Act(Act::Message);
        driver.send(Msg::Text(Act::Message, "On Fridays.".to_owned())).send(Msg::Send(Act::Message));
        driver.send(Msg::Failed(message, problem(kind)));
        assert_eq!(driver.asked(), Some((&Tag::Reread, &Request::Reread { now: NOW })));
        assert!(driver.case().busy && driver.page.trouble.is_none());
        // A message says the same whatever came in.
        driver.answer(Tag::Reread, decided());
        assert!(
            matches!(driver.acted(), Some((Act::Message, ReporterContent::Message { text })) if text == "On Fridays.")
        );
        // Not for ever.
        driver.send(Msg::Failed(message, problem(kind))).answer(Tag::Reread, decided());
        driver.send(Msg::Failed(message, problem(kind)));
        assert!(driver.asked().is_none() && driver.page.trouble.is_some() && !driver.case().busy);
        assert_eq!(driver.case().text(Act::Message), "On Fridays.");
    }

    let accept = Tag::Act(Act::Accept);
    let accepting = || {
        let mut driver = Driver::showing(decided());
        driver.send(Msg::Ask(Some(Asking::Act(Act::Accept)))).send(Msg::Text(Act::Accept, "Fine.".to_owned()));
        driver.send(Msg::Send(Act::Accept)).send(Msg::Failed(accept, problem(ProblemKind::CaseChanged)));
        driver
    };
    // A note, say: the reporter sees nothing of it, and must not.
    let mut driver = accepting();
    driver.answer(Tag::Reread, decided());
    assert!(matches!(driver.acted(), Some((Act::Accept, _))) && driver.page.trouble.is_none());
    // Another decision: nobody accepts it for them.
    let mut driver = accepting();
    let mut other = decided();
    other.entries.push(FollowUpEntry { sequence: 9, at: NOW, what: moved(CaseState::Decided) });
    driver.answer(Tag::Reread, other);
    assert!(driver.acted().is_none() && !driver.case().busy);
    assert_eq!(driver.page.trouble, Some(Trouble::CaseChanged));
    assert_eq!(driver.case().text(Act::Accept), "Fine.");
    // A case that does not hold together is not written into unasked.
    let mut driver = accepting();
    driver.answer(Tag::Reread, FollowUp { tampered: true, ..decided() });
    assert!(driver.acted().is_none() && !driver.case().busy);
}

#[test]
fn a_decision_is_accepted_or_contested_once_and_for_six_months() {
    let mut driver = Driver::showing(decided());
    assert!(driver.case().can(Act::Accept, NOW) && driver.case().can(Act::Contest, NOW));
    let until = driver.case().contest_until().unwrap();
    assert_eq!(until, NOW.plus_months(6));
    assert!(driver.case().can(Act::Contest, until) && !driver.case().can(Act::Contest, Timestamp(until.0 + 1)));

    driver.send(Msg::Ask(Some(Asking::Act(Act::Accept)))).send(Msg::Send(Act::Accept));
    assert_eq!(driver.acted(), Some((Act::Accept, &ReporterContent::DecisionAccepted { text: String::new() })));
    let mut accepted = decided();
    let what = FollowUpWhat::Wrote { act: ActKind::DecisionAccepted };
    accepted.entries.push(FollowUpEntry { sequence: 5, at: NOW.plus_days(1), what });
    driver.answer(Tag::Act(Act::Accept), accepted);
    assert_eq!(driver.case().accepted(), Some(NOW.plus_days(1)));
    assert!(driver.case().asking.is_none() && !driver.case().can(Act::Accept, NOW));
    assert!(driver.case().can(Act::Contest, NOW), "nothing is waived");

    driver.send(Msg::Ask(Some(Asking::Act(Act::Contest)))).send(Msg::Text(Act::Contest, "It goes on.".to_owned()));
    driver.send(Msg::Send(Act::Contest));
    assert_eq!(driver.acted(), Some((Act::Contest, &ReporterContent::Contested { text: "It goes on.".to_owned() })));
    let mut appealed = decided();
    appealed.state = CaseState::Appealed;
    appealed.entries.push(FollowUpEntry { sequence: 5, at: NOW, what: moved(CaseState::Appealed) });
    driver.answer(Tag::Act(Act::Contest), appealed.clone());
    assert!(!driver.case().can(Act::Contest, NOW) && !driver.case().can(Act::Accept, NOW));
    // Decided anew: what was said to the first decision says nothing of this one.
    appealed.state = CaseState::Decided;
    appealed.entries.push(FollowUpEntry { sequence: 6, at: NOW, what: moved(CaseState::Decided) });
    driver.answer(Tag::Reload, appealed);
    assert!(driver.case().can(Act::Accept, NOW) && driver.case().decision().unwrap().sequence == 6);

    for (state, contest) in [(CaseState::OutOfScope, true), (CaseState::Spam, true), (CaseState::InReview, false)] {
        let driver = Driver::showing(after(&[moved(CaseState::InTriage), moved(state)]));
        assert_eq!((driver.case().can(Act::Accept, NOW), driver.case().can(Act::Contest, NOW)), (false, contest));
    }
}

#[test]
fn remedies_are_answered_when_offered_and_confirmed_when_delivered() {
    use Remedy::{Apology, Explanation, Restitution};
    let mut steps = vec![moved(CaseState::InReview), told(CaseState::Decided, &[Apology, Explanation])];
    let mut driver = Driver::showing(after(&steps));
    assert_eq!(driver.case().offered().0, [Apology, Explanation]);
    assert!(driver.send(Msg::Send(Act::Offer)).effects.is_empty(), "nothing was answered");
    driver.send(Msg::Offer(Apology, true)).send(Msg::Offer(Explanation, true)).send(Msg::Offer(Explanation, false));
    driver.send(Msg::Send(Act::Offer));
    let answers = vec![RemedyAnswer { remedy: Explanation, yes: false }, RemedyAnswer { remedy: Apology, yes: true }];
    let expected = ReporterContent::RemedyAnswered { answers, text: String::new() };
    assert_eq!(driver.acted(), Some((Act::Offer, &expected)));
    steps.push(FollowUpWhat::Wrote { act: ActKind::RemedyAnswered });
    driver.answer(Tag::Act(Act::Offer), after(&steps));
    assert!(driver.case().answered(Act::Offer).is_some() && driver.case().offers.is_empty());
    driver.send(Msg::Again(Act::Offer));
    assert_eq!(
        (driver.case().answered(Act::Offer), &*driver.effects),
        (None, &[Effect::Focus(Target::Question(Act::Offer))][..])
    );
    assert!(!driver.case().can(Act::Delivered, NOW));

    // A later offer is a new question.
    steps.push(told(CaseState::RemedyInProgress, &[Restitution]));
    let driver = Driver::showing(after(&steps));
    assert_eq!(driver.case().offered().0, [Apology, Explanation, Restitution]);
    assert_eq!(driver.case().answered(Act::Offer), None);

    let mut named = steps.clone();
    named.push(told(CaseState::Remedied, &[Apology]));
    assert_eq!(Driver::showing(after(&named)).case().said_delivered().0, [Apology]);
    steps.push(moved(CaseState::Remedied));
    let mut driver = Driver::showing(after(&steps));
    assert_eq!(driver.case().said_delivered().0, [Apology, Explanation, Restitution], "all, where none is named");
    assert!(!driver.case().can(Act::Offer, NOW));
    driver.send(Msg::Delivered(Apology, false)).send(Msg::Text(Act::Delivered, "Nobody wrote.".to_owned()));
    driver.send(Msg::Send(Act::Delivered));
    let answers = vec![RemedyAnswer { remedy: Apology, yes: false }];
    let expected = ReporterContent::RemedyConfirmed { answers, text: "Nobody wrote.".to_owned() };
    assert_eq!(driver.acted(), Some((Act::Delivered, &expected)));

    // The clock closes what nobody confirmed, and that is what it is called; a word still counts afterwards.
    let mut closed = steps.clone();
    closed.push(moved(CaseState::Closed));
    let driver = Driver::showing(after(&closed));
    assert!(driver.case().is_unconfirmed() && driver.case().can(Act::Delivered, NOW));
    steps.push(FollowUpWhat::Wrote { act: ActKind::RemedyConfirmed });
    steps.push(moved(CaseState::Closed));
    let driver = Driver::showing(after(&steps));
    assert!(!driver.case().is_unconfirmed() && driver.case().answered(Act::Delivered).is_some());
    // Contested and decided anew: the old delivery is over.
    steps.extend([moved(CaseState::Appealed), moved(CaseState::Decided), moved(CaseState::Closed)]);
    assert!(!Driver::showing(after(&steps)).case().can(Act::Delivered, NOW));
}

#[test]
fn how_it_was_is_asked_when_it_is_over() {
    assert!(!Driver::showing(decided()).case().can(Act::Feedback, NOW));
    let mut steps = vec![moved(CaseState::Decided), moved(CaseState::Closed)];
    let mut driver = Driver::showing(after(&steps));
    assert!(driver.send(Msg::Send(Act::Feedback)).effects.is_empty(), "nothing was said");
    driver.send(Msg::Heard(Degree::Partly)).send(Msg::Send(Act::Feedback));
    let expected = ReporterContent::Feedback { heard: Some(Degree::Partly), fair: None, text: String::new() };
    assert_eq!(driver.acted(), Some((Act::Feedback, &expected)));
    steps.push(FollowUpWhat::Wrote { act: ActKind::Feedback });
    driver.answer(Tag::Act(Act::Feedback), after(&steps));
    assert!(driver.case().answered(Act::Feedback).is_some() && driver.case().heard.is_none());
    assert!(!Driver::opened(CaseState::Erased).case().can(Act::Feedback, NOW));
}

#[test]
fn withdrawing_asks_first_and_only_where_the_table_has_it() {
    let mut driver = Driver::showing(decided());
    driver.send(Msg::Ask(Some(Asking::Act(Act::Withdraw))));
    assert_eq!(driver.effects, [Effect::Focus(Target::Asking)]);
    driver.send(Msg::Text(Act::Withdraw, "Too risky".to_owned())).send(Msg::Ask(None));
    driver.send(Msg::Ask(Some(Asking::Act(Act::Withdraw)))).send(Msg::Send(Act::Withdraw));
    assert_eq!(driver.acted(), Some((Act::Withdraw, &ReporterContent::Withdrawn { text: "Too risky".to_owned() })));
    driver.answer(Tag::Act(Act::Withdraw), view(CaseState::Withdrawn));
    assert!(!driver.case().can(Act::Withdraw, NOW) && driver.case().asking.is_none());
    assert!(driver.send(Msg::Send(Act::Withdraw)).effects.is_empty());
}

fn cleaned(id: u32, media_type: &str, size: u64) -> Msg {
    let removed = vec!["place".to_owned()];
    Msg::Evidence(EvidenceAct::Cleaned { id, media_type: media_type.to_owned(), size, removed, notes: Vec::new() })
}

fn ids(driver: &Driver) -> Vec<u32> {
    driver.case().more.evidence.files.iter().map(|file| file.id).collect()
}

#[test]
fn files_have_the_limits_of_the_form_and_stay_until_they_were_sent() {
    let mut view = view(CaseState::InReview);
    view.manifest.limits = Limits { attachment_bytes: 100, report_bytes: 150, attachments: 2, text_chars: 100 };
    let mut driver = Driver::showing(view.clone());
    driver.send(Msg::Ask(Some(Asking::Act(Act::Evidence))));
    assert_eq!(driver.effects, [Effect::Focus(Target::Asking), Effect::Evidence(Task::Doors)]);
    driver.send(Msg::Evidence(EvidenceAct::Doors { shoot: false, touch: true }));
    driver.send(Msg::AddFiles(vec![file(1, "", 100), file(2, "", 0), file(5, "not a type", 50), file(6, "", 1)]));
    let clean = |id| Effect::Evidence(Task::Clean(id));
    assert_eq!(driver.effects, [clean(1), clean(5), Effect::DropFiles(vec![2, 6])]);
    assert_eq!(driver.case().more.evidence.problems.len(), 2);
    driver.send(cleaned(1, "text/plain", 90)).send(cleaned(5, "text/plain", 50));

    driver.send(Msg::Evidence(EvidenceAct::Describe(5, " The invoice ".to_owned()))).send(Msg::Send(Act::Evidence));
    let Some((_, Request::Act { files, now: NOW, .. })) = driver.asked() else { panic!("{:?}", driver.effects) };
    assert_eq!(
        files.iter().map(|file| (file.id, file.size, file.description.as_deref())).collect::<Vec<_>>(),
        [(1, 90, None), (5, 50, Some("The invoice"))]
    );
    let progress = Progress::Uploading { file: 1, sent: 20, total: 140 };
    driver.send(Msg::Progress(progress));
    assert_eq!(driver.case().more.progress, Some(progress));
    // What is on its way stands still.
    assert_eq!(driver.send(Msg::AddFiles(vec![file(7, "", 1)])).effects, [Effect::DropFiles(vec![7])]);
    assert_eq!(driver.send(Msg::Evidence(EvidenceAct::Shot(file(8, "", 1)))).effects, [Effect::DropFiles(vec![8])]);
    assert!(driver.send(Msg::Evidence(EvidenceAct::Remove(1))).effects.is_empty());
    assert_eq!(ids(&driver), [1, 5]);
    driver.send(Msg::Failed(Tag::Act(Act::Evidence), Failure::Network));
    assert_eq!((ids(&driver), driver.case().more.progress), (vec![1, 5], None));
    driver.send(Msg::Send(Act::Evidence)).answer(Tag::Act(Act::Evidence), view);
    assert_eq!(driver.effects, [Effect::Focus(Target::Status), Effect::DropFiles(vec![1, 5])]);
    assert!(driver.case().more.is_empty() && driver.case().asking.is_none() && !driver.page.has_unsent());
    assert!(driver.case().more.evidence.by_touch, "the device is the same");
}

/// Nothing goes that was not cleaned, or that somebody did not say of that it may go as it is; and no word is lost by that.
#[test]
fn a_file_counts_once_it_is_cleaned() {
    let mut driver = Driver::opened(CaseState::InReview);
    driver.send(Msg::Text(Act::Evidence, "They came today.".to_owned()));
    driver.send(Msg::AddFiles(vec![file(1, "application/pdf", 9), file(2, "text/plain", 9)]));
    let wrong = |driver: &Driver| driver.case().more.flaws.clone();
    assert!(driver.send(Msg::Send(Act::Evidence)).asked().is_none());
    let busy = |id| (format!("evidence-card-{id}"), Flaw::Busy);
    assert_eq!((&*driver.effects, wrong(&driver)), (&[Effect::Focus(Target::Flaws)][..], vec![busy(1), busy(2)]));
    // Another act does not hold the cleaning up.
    driver.send(Msg::Text(Act::Message, "Wait.".to_owned())).send(Msg::Send(Act::Message));
    driver.send(cleaned(2, "text/plain", 9));
    assert_eq!(wrong(&driver), [busy(1)]);
    driver.answer(Tag::Act(Act::Message), view(CaseState::InReview));
    let doubt = Doubt { reason: "encrypted".to_owned(), way: "save-without-password".to_owned() };
    driver.send(Msg::Evidence(EvidenceAct::NotCleaned { id: 1, doubt: doubt.clone(), may: true }));
    assert!(driver.send(Msg::Send(Act::Evidence)).asked().is_none());
    assert_eq!(wrong(&driver), [("evidence-card-1".to_owned(), Flaw::Undecided)]);
    driver.send(Msg::GoToField("evidence-card-1".to_owned()));
    assert_eq!(driver.effects, [Effect::FocusField("evidence-card-1".to_owned())]);
    driver.send(Msg::Evidence(EvidenceAct::Insist(1)));
    assert!(wrong(&driver).is_empty());
    // A bomb, say: refused, and what else there is stays.
    driver.send(Msg::AddFiles(vec![file(3, "image/png", 9)]));
    driver.send(Msg::Evidence(EvidenceAct::NotCleaned { id: 3, doubt, may: false }));
    assert_eq!((driver.effects.as_slice(), ids(&driver)), (&[Effect::DropFiles(vec![3])][..], vec![1, 2]));
    let expected = ReporterContent::EvidenceAdded { text: "They came today.".to_owned(), evidence: Vec::new() };
    assert_eq!(driver.send(Msg::Send(Act::Evidence)).acted(), Some((Act::Evidence, &expected)));
}

#[test]
fn uploads_pause_only_while_they_run() {
    let mut driver = Driver::opened(CaseState::InReview);
    driver.send(Msg::AddFiles(vec![file(1, "text/plain", 9)])).send(cleaned(1, "text/plain", 9));
    assert!(driver.send(Msg::Pause(true)).effects.is_empty());
    driver.send(Msg::Send(Act::Evidence));
    assert_eq!(driver.send(Msg::Pause(true)).effects, [Effect::Pause(true)]);
    assert!(driver.send(Msg::Pause(true)).effects.is_empty());
    driver.send(Msg::Progress(Progress::Paused)).send(Msg::Failed(Tag::Act(Act::Evidence), Failure::Network));
    // Trying again goes on.
    driver.send(Msg::Send(Act::Evidence));
    assert!(matches!(&driver.effects[..], [Effect::Pause(false), Effect::Ask(..)]), "{:?}", driver.effects);
}

#[test]
fn pictures_wait_for_an_answer_and_go_where_somebody_may_be_a_child() {
    let mut driver = Driver::opened(CaseState::InReview);
    driver.send(Msg::AddFiles(vec![file(1, "", 10)])).send(cleaned(1, "image/png", 10));
    assert!(!driver.case().is_ready(Act::Evidence, NOW), "a picture by its content");
    driver.send(Msg::Under18(YesNo::No));
    assert!(driver.case().is_ready(Act::Evidence, NOW));
    driver.send(Msg::Evidence(EvidenceAct::Remove(1)));
    assert_eq!(driver.case().more.under_18, None, "asked anew with the next");
    for answer in [YesNo::NotSure, YesNo::Yes] {
        let mut driver = Driver::opened(CaseState::InReview);
        driver.send(Msg::AddFiles(vec![file(1, "video/mp4", 10)])).send(Msg::Under18(answer));
        assert_eq!(driver.effects, [Effect::DropFiles(vec![1])]);
        assert!(driver.case().more.evidence.dropped && driver.case().more.is_empty());
        assert_eq!(driver.send(Msg::AddFiles(vec![file(2, "image/png", 10)])).effects, [Effect::DropFiles(vec![2])]);
        assert!(driver.send(Msg::Send(Act::Evidence)).effects.is_empty());
        // An address is words.
        driver.send(Msg::Evidence(EvidenceAct::AddLink));
        let id = ids(&driver)[0];
        driver.send(Msg::Evidence(EvidenceAct::Address(id, "https://example.org/7".to_owned())));
        assert_eq!(driver.case().more.under_18, Some(answer), "to be seen and changed");
        let act = driver.send(Msg::Send(Act::Evidence)).asked();
        let Some((_, Request::Act { files, .. })) = act else { panic!("{act:?}") };
        assert_eq!(&*files[0].url, "https://example.org/7");
    }
}

#[test]
fn a_code_from_a_link_opens_and_never_takes_the_place_of_what_is_being_written() {
    let mut driver = Driver::new();
    assert!(driver.send(Msg::Link("abcd".to_owned())).effects.is_empty(), "the engine is not there yet");
    driver.send(Msg::EngineReady);
    assert_eq!(driver.asked(), Some((&Tag::Check, &Request::CheckReceipt { code: "abcd".to_owned() })));

    let mut driver = Driver::opened(CaseState::InTriage);
    driver.send(Msg::Text(Act::Message, "On Fridays.".to_owned()));
    assert!(driver.send(Msg::Link("efgh".to_owned())).effects.is_empty());
    assert_eq!(driver.case().text(Act::Message), "On Fridays.");
    driver.send(Msg::Text(Act::Message, String::new())).send(Msg::Link("efgh".to_owned()));
    assert_eq!(driver.asked(), Some((&Tag::Check, &Request::CheckReceipt { code: "efgh".to_owned() })));
}

#[test]
fn closing_asks_where_something_would_be_lost() {
    let mut driver = Driver::opened(CaseState::InTriage);
    driver.send(Msg::Text(Act::Message, "On Fridays.".to_owned())).send(Msg::Close);
    assert_eq!((driver.case().asking, &*driver.effects), (Some(Asking::Close), &[Effect::Focus(Target::Asking)][..]));
    driver.send(Msg::Ask(None)).send(Msg::Close).send(Msg::Close);
    assert_eq!(driver.asked(), Some((&Tag::Forget, &Request::Forget)));
    // Quick exit never asks.
    let mut driver = Driver::opened(CaseState::InTriage);
    driver.send(Msg::Text(Act::Message, "On Fridays.".to_owned()));
    assert_eq!(driver.send(Msg::Leave).effects, [Effect::Leave]);
    assert!(!driver.page.has_unsent());
}

#[test]
fn saving_asks_first() {
    let mut driver = Driver::showing(decided());
    driver.send(Msg::Ask(Some(Asking::Save))).send(Msg::Save);
    assert_eq!(driver.effects, [Effect::Save, Effect::Focus(Target::Status)]);
    assert_eq!((driver.case().asking, driver.case().done), (None, Some(Done::Saved)));
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

/// What a page without script has to ask before it does something for somebody who saw the case as it was.
#[test]
fn an_act_stands_as_long_as_nothing_came_in_that_may_change_it() {
    let reply = || FollowUpWhat::Reply { from: "Ada".to_owned(), text: "And?".to_owned(), language: "en".to_owned() };
    let wrote = |act| FollowUpWhat::Wrote { act };
    let steps = [moved(CaseState::InTriage), moved(CaseState::InReview), moved(CaseState::Decided)];
    for (since, act, expected) in [
        (vec![], Act::Accept, Standing::Holds),
        (vec![], Act::Message, Standing::Holds),
        (vec![reply()], Act::Message, Standing::Holds),
        (vec![reply()], Act::Evidence, Standing::Holds),
        (vec![reply()], Act::Accept, Standing::Changed),
        (vec![reply()], Act::Withdraw, Standing::Changed),
        (vec![wrote(ActKind::Message)], Act::Message, Standing::Repeated),
        (vec![reply(), wrote(ActKind::Message), reply()], Act::Message, Standing::Repeated),
        (vec![wrote(ActKind::Message)], Act::Evidence, Standing::Holds),
        (vec![wrote(ActKind::DecisionAccepted)], Act::Accept, Standing::Repeated),
        (vec![moved(CaseState::Appealed)], Act::Contest, Standing::Repeated),
        (vec![moved(CaseState::Withdrawn)], Act::Withdraw, Standing::Repeated),
        (vec![moved(CaseState::Withdrawn)], Act::Contest, Standing::Changed),
    ] {
        let seen = OwnCase::new(after(&steps)).newest();
        assert_eq!(seen, 4);
        let case = OwnCase::new(after(&[&steps[..], &since].concat()));
        assert_eq!(case.standing(act, seen), expected, "{act:?} after {since:?}");
        assert_eq!(case.standing(act, case.newest()), Standing::Holds, "{act:?}: seen");
    }
}
