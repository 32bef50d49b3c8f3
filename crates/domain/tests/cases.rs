//! Folding a case, without keys: what the caller found out about each event stands in the tables.
#![allow(clippy::unwrap_used, reason = "tests")]

use recourse_domain::case::{CaseWhat, Finding, FoldedCase, Opened, OpenedEvent, fold};
use recourse_domain::content::{CONTENT_VERSION, ReporterContent, TeamContent, TeamStatement};
use recourse_domain::event::{ActKind, Author, BlobRef, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState::{self, *};
use recourse_domain::report::{Purpose, ReplyKeys, Report, ReportDraft, ReportKeys};
use recourse_domain::time::Timestamp;

const ADA: &str = "ada";

fn channel() -> ChannelId {
    "demo".parse().unwrap()
}

/// Stands for the hash that the caller computes.
fn hash(place: u64) -> Digest {
    Digest::new([place as u8 + 1; 32])
}

fn report() -> Report {
    let draft = ReportDraft { purpose: Some(Purpose::FlagMisuse), ..ReportDraft::default() };
    let reply = ReplyKeys { recipient: "age1pq1".to_owned(), reporter_key: "key".to_owned() };
    let keys =
        ReportKeys { channel: channel(), manifest: Digest::ZERO, language: "en".parse().unwrap(), reply, test: false };
    draft.into_report(keys, Vec::new())
}

/// A case in the making, as an honest server and honest people make it.
struct Case(Vec<OpenedEvent>);

impl Case {
    /// A report, acknowledged.
    fn new() -> Self {
        let mut case = Self(Vec::new());
        case.push(Author::Reporter, EventClass::Reporter, None, Opened::Report(Box::new(report())));
        case.push(Author::Server, EventClass::Transition, Some(Acknowledged), Opened::Nothing);
        case
    }

    fn push(&mut self, author: Author, class: EventClass, to: Option<CaseState>, opened: Opened) {
        let sequence = self.0.len() as u64;
        let header = EventHeader {
            channel: channel(),
            case: CaseId::new([0xca; 16]),
            sequence,
            previous: sequence.checked_sub(1).map_or(Digest::ZERO, hash),
            class,
            author,
            to,
            assign: None,
            contact_opened: false,
            urgent: false,
            bodies: Vec::new(),
            blobs: Vec::new(),
            recorded_at: Timestamp(sequence),
            signature: None,
            salt: None,
        };
        let record = EventRecord { header, hash: hash(sequence) };
        self.0.push(OpenedEvent { record, computed_hash: hash(sequence), opened });
    }

    fn says(&mut self, content: TeamContent) {
        let (class, to) = match &content {
            TeamContent::Transition { to, .. } => (EventClass::Transition, Some(*to)),
            _ => (EventClass::Team, None),
        };
        let assign = if let TeamContent::Assigned { owner } = &content { Some(owner.clone()) } else { None };
        let contact_opened = matches!(content, TeamContent::ContactOpened { .. });
        let sequence = self.0.len() as u64;
        let statement = TeamStatement {
            version: CONTENT_VERSION,
            channel: channel(),
            case: CaseId::new([0xca; 16]),
            sequence,
            previous: hash(sequence - 1),
            content,
        };
        let opened = Opened::Team { signer: ADA.to_owned(), statement: Box::new(statement) };
        self.push(Author::Reviewer { key: ADA.to_owned() }, class, to, opened);
        let header = &mut self.last().record.header;
        (header.assign, header.contact_opened) = (assign, contact_opened);
    }

    fn step(&mut self, to: CaseState) {
        self.says(TeamContent::Transition {
            to,
            reason: "because".to_owned(),
            rights_considered: Vec::new(),
            remedies: Vec::new(),
        });
    }

    fn acts(&mut self, content: ReporterContent) {
        let kind = content.act();
        let (class, to) = kind.visible();
        self.push(Author::Reporter, class, to, Opened::Reporter(content, Some(kind)));
    }

    /// The server does it: by its clock, or because it lies.
    fn happens(&mut self, to: CaseState) {
        self.push(Author::Server, EventClass::Transition, Some(to), Opened::Nothing);
    }

    fn last(&mut self) -> &mut OpenedEvent {
        self.0.last_mut().unwrap()
    }

    fn statement(&mut self) -> &mut TeamStatement {
        match &mut self.last().opened {
            Opened::Team { statement, .. } => statement,
            other => panic!("{other:?}"),
        }
    }

    fn fold(&self) -> FoldedCase {
        fold(&self.0, None)
    }
}

fn note() -> TeamContent {
    TeamContent::Note { text: "a note".to_owned() }
}

fn message() -> ReporterContent {
    ReporterContent::Message { text: "a message".to_owned() }
}

fn withdrawn() -> ReporterContent {
    ReporterContent::Withdrawn { text: String::new() }
}

fn contested() -> ReporterContent {
    ReporterContent::Contested { text: String::new() }
}

/// Everything that people may do, in one case.
#[test]
fn an_honest_case_has_no_findings() {
    let mut case = Case::new();
    case.step(InTriage);
    case.acts(message());
    case.says(note());
    case.says(TeamContent::Reply { text: "a reply".to_owned(), language: "en".to_owned() });
    case.says(TeamContent::Assigned { owner: Some(ADA.to_owned()) });
    case.says(TeamContent::Assigned { owner: None });
    case.says(TeamContent::ContactOpened { reason: "to call".to_owned() });
    case.step(InReview);
    case.step(Decided);
    case.acts(ReporterContent::DecisionAccepted { text: String::new() });
    case.acts(contested());
    case.step(Decided);
    case.acts(ReporterContent::EvidenceAdded { text: String::new(), evidence: Vec::new() });
    case.step(RemedyInProgress);
    case.step(Remedied);
    case.happens(Closed);
    case.step(InTriage);
    case.acts(withdrawn());
    // An act that has no body is signed all the same.
    case.step(InTriage);
    case.push(Author::Reporter, EventClass::Transition, Some(Withdrawn), Opened::Act(Some(ActKind::Withdrawn)));
    let folded = case.fold();
    assert_eq!(folded.findings, []);
    assert_eq!((folded.state, folded.shown, folded.contact_opened), (Withdrawn, Withdrawn, true));
    assert_eq!(folded.report, Some(Box::new(report())));
    assert!(!folded.entries.iter().any(|entry| entry.what == CaseWhat::Unreadable));
    assert_eq!(folded.entries[2].reviewer.as_deref(), Some(ADA));
    assert_eq!(folded.entries[17].what, CaseWhat::Automatic { to: Closed });
    let places: Vec<u64> = folded.entries.iter().map(|entry| entry.sequence).collect();
    assert_eq!(places, (0..case.0.len() as u64).collect::<Vec<_>>());

    assert!(!Case::new().fold().contact_opened, "as a control");
}

/// Attachments without a word on them, or words on attachments that are not there: nobody's lie, but nothing to go by.
#[test]
fn evidence_that_does_not_name_its_attachments_is_found() {
    let mut case = Case::new();
    case.acts(ReporterContent::EvidenceAdded { text: String::new(), evidence: Vec::new() });
    case.last().record.header.blobs.push(BlobRef { sha256: Digest::ZERO, size: 1 });
    let place = case.0.len() as u64 - 1;
    let folded = case.fold();
    assert_eq!(folded.findings, [Finding::MalformedReport { path: format!("events[{place}].evidence") }]);
    assert_eq!(folded.entries[place as usize].what, CaseWhat::Unreadable);
}

/// What is wrong, what makes it so in a case whose honest part is given, and what is found. `Unreadable` is the event at the named place, and
/// the state stays.
#[test]
fn everything_that_does_not_hold_is_found() {
    type Make = fn(&mut Case);
    let before = Case::new().0.len() as u64;
    let reporter = vec![Finding::NotTheReporter { sequence: before }];
    let reviewer = vec![Finding::NotTheReviewer { sequence: before }];
    let forged = vec![Finding::ForgedTransition { sequence: before }];
    let unopened = vec![Finding::Unopened { sequence: before }];
    let cases: Vec<(&str, Make, &Vec<Finding>)> = vec![
        (
            "a message without a signature",
            |case| {
                case.push(Author::Reporter, EventClass::Reporter, None, Opened::Reporter(message(), None));
            },
            &reporter,
        ),
        (
            "a message under the signature of another act",
            |case| {
                case.push(
                    Author::Reporter,
                    EventClass::Reporter,
                    None,
                    Opened::Reporter(message(), Some(ActKind::Feedback)),
                );
            },
            &reporter,
        ),
        (
            "a body that is none of the reporter's",
            |case| {
                case.push(Author::Reporter, EventClass::Reporter, None, Opened::Unsigned);
            },
            &reporter,
        ),
        (
            "a withdrawal without body and signature",
            |case| {
                case.push(Author::Reporter, EventClass::Transition, Some(Withdrawn), Opened::Act(None));
            },
            &reporter,
        ),
        (
            "a message shown as a withdrawal",
            |case| {
                let opened = Opened::Reporter(message(), Some(ActKind::Message));
                case.push(Author::Reporter, EventClass::Transition, Some(Withdrawn), opened);
            },
            &reporter,
        ),
        (
            "a withdrawal shown as a message",
            |case| {
                let opened = Opened::Reporter(withdrawn(), Some(ActKind::Withdrawn));
                case.push(Author::Reporter, EventClass::Reporter, None, opened);
            },
            &reporter,
        ),
        (
            "a second report",
            |case| {
                case.push(Author::Reporter, EventClass::Reporter, None, Opened::Report(Box::new(report())));
            },
            &reporter,
        ),
        (
            "a reviewer's words in the reporter's name",
            |case| {
                case.says(note());
                case.last().record.header.author = Author::Reporter;
            },
            &reporter,
        ),
        ("contested before there is a decision", |case| case.acts(contested()), &forged),
        (
            "a reviewer's event that nobody signed",
            |case| {
                let ada = Author::Reviewer { key: ADA.to_owned() };
                case.push(ada, EventClass::Team, None, Opened::Unsigned);
            },
            &reviewer,
        ),
        (
            "a reviewer's event without a body",
            |case| {
                let ada = Author::Reviewer { key: ADA.to_owned() };
                case.push(ada, EventClass::Team, None, Opened::Nothing);
            },
            &reviewer,
        ),
        (
            "another signer than author",
            |case| {
                case.says(note());
                case.last().record.header.author = Author::Reviewer { key: "bo".to_owned() };
            },
            &reviewer,
        ),
        (
            "words for another case",
            |case| {
                case.says(note());
                case.statement().case = CaseId::new([0; 16]);
            },
            &reviewer,
        ),
        (
            "words for another channel",
            |case| {
                case.says(note());
                case.statement().channel = "other".parse().unwrap();
            },
            &reviewer,
        ),
        (
            "words for another place",
            |case| {
                case.says(note());
                case.statement().sequence = 9;
            },
            &reviewer,
        ),
        (
            "words behind another event",
            |case| {
                case.says(note());
                case.statement().previous = Digest::ZERO;
            },
            &reviewer,
        ),
        (
            "assigned to somebody else",
            |case| {
                case.says(TeamContent::Assigned { owner: Some(ADA.to_owned()) });
                case.last().record.header.assign = Some(None);
            },
            &reviewer,
        ),
        (
            "assigned by the words alone",
            |case| {
                case.says(TeamContent::Assigned { owner: None });
                case.last().record.header.assign = None;
            },
            &reviewer,
        ),
        (
            "assigned by a note",
            |case| {
                case.says(note());
                case.last().record.header.assign = Some(None);
            },
            &reviewer,
        ),
        (
            "assigned by the reporter",
            |case| {
                case.acts(message());
                case.last().record.header.assign = Some(None);
            },
            &reviewer,
        ),
        (
            "contact details released by a note",
            |case| {
                case.says(note());
                case.last().record.header.contact_opened = true;
            },
            &reviewer,
        ),
        (
            "contact details released by the reporter",
            |case| {
                case.acts(message());
                case.last().record.header.contact_opened = true;
            },
            &reviewer,
        ),
        (
            "contact details opened and not marked",
            |case| {
                case.says(TeamContent::ContactOpened { reason: String::new() });
                case.last().record.header.contact_opened = false;
            },
            &reviewer,
        ),
        ("decided by the server", |case| case.happens(Decided), &forged),
        ("withdrawn by the server", |case| case.happens(Withdrawn), &forged),
        (
            "moved nowhere by the server",
            |case| {
                case.push(Author::Server, EventClass::Transition, None, Opened::Nothing);
            },
            &forged,
        ),
        (
            "a note by the server",
            |case| {
                case.push(Author::Server, EventClass::Team, None, Opened::Nothing);
            },
            &forged,
        ),
        (
            "a reviewer's step in the server's name",
            |case| {
                case.step(InTriage);
                case.last().record.header.author = Author::Server;
            },
            &forged,
        ),
        (
            "a step that leads elsewhere",
            |case| {
                case.step(InTriage);
                case.last().record.header.to = Some(Spam);
            },
            &forged,
        ),
        (
            "a step that is shown as a note",
            |case| {
                case.step(InTriage);
                case.last().record.header.class = EventClass::Team;
            },
            &forged,
        ),
        (
            "a note that is shown as a step",
            |case| {
                case.says(note());
                case.last().record.header.class = EventClass::Transition;
                case.last().record.header.to = Some(InTriage);
            },
            &forged,
        ),
        ("a step off the table", |case| case.step(Decided), &forged),
        ("withdrawn by a reviewer", |case| case.step(Withdrawn), &forged),
        (
            "a body that does not open",
            |case| {
                let ada = Author::Reviewer { key: ADA.to_owned() };
                case.push(ada, EventClass::Team, None, Opened::Unopened);
            },
            &unopened,
        ),
    ];
    for (name, make, found) in cases {
        let mut case = Case::new();
        make(&mut case);
        let folded = case.fold();
        assert_eq!(&folded.findings, found, "{name}");
        assert_eq!((folded.state, folded.shown, folded.contact_opened), (Acknowledged, Acknowledged, false), "{name}");
        assert_eq!(folded.entries.last().unwrap().what, CaseWhat::Unreadable, "{name}");
        // A case with one forged event is still a case.
        case.step(InTriage);
        let folded = case.fold();
        assert_eq!((&folded.findings, folded.state), (found, InTriage), "{name}, and then an honest step");
    }
}

#[test]
fn a_report_that_does_not_open_or_parse_is_found() {
    let first = |opened: Opened| {
        let mut case = Case::new();
        case.0[0].opened = opened;
        let folded = case.fold();
        assert_eq!((folded.report, folded.state), (None, Acknowledged));
        folded.findings
    };
    assert_eq!(first(Opened::Unopened), [Finding::Unopened { sequence: 0 }]);
    assert_eq!(first(Opened::Unsigned), [Finding::NotTheReporter { sequence: 0 }]);
    let path = "what_happened".to_owned();
    assert_eq!(first(Opened::Malformed(path.clone())), [Finding::MalformedReport { path }]);
}

#[test]
fn a_broken_chain_is_found_where_it_breaks() {
    type Break = fn(&mut Vec<OpenedEvent>);
    let broken: &[(&str, Break, &[u64])] = &[
        ("whole, as a control", |_| (), &[]),
        ("a hash that is not the header's", |events| events[3].record.hash = Digest::ZERO, &[3]),
        ("another event before", |events| events[3].record.header.previous = Digest::ZERO, &[3]),
        ("another place", |events| events[3].record.header.sequence = 4, &[3]),
        ("something before the first", |events| events[0].record.header.previous = hash(7), &[0]),
        ("an event of another case", |events| events[3].record.header.case = CaseId::new([0; 16]), &[3]),
        ("an event of another channel", |events| events[3].record.header.channel = "other".parse().unwrap(), &[3]),
        ("one dropped", |events| drop(events.remove(2)), &[2, 3]),
        ("the first dropped", |events| drop(events.remove(0)), &[0, 1, 2, 3]),
        ("two swapped", |events| events.swap(2, 3), &[2, 3, 4]),
        ("one twice", |events| events.insert(3, events[2].clone()), &[3, 4, 5]),
    ];
    for (name, change, places) in broken {
        let mut case = Case::new();
        for _ in 0..3 {
            case.acts(message());
        }
        change(&mut case.0);
        let found: Vec<u64> = case
            .fold()
            .findings
            .iter()
            .filter_map(|finding| if let Finding::BrokenChain { sequence } = finding { Some(*sequence) } else { None })
            .collect();
        assert_eq!(&found, places, "{name}");
    }
}

#[test]
fn what_was_seen_before_must_still_be_there() {
    let mut case = Case::new();
    case.acts(message());
    for (name, seen, found) in [
        ("never seen", None, false),
        ("seen empty", Some((0, Digest::ZERO)), false),
        ("seen shorter", Some((2, hash(1))), false),
        ("seen as it is", Some((3, hash(2))), false),
        ("seen longer", Some((4, hash(3))), true),
        ("seen far longer", Some((u64::MAX, hash(3))), true),
        ("seen otherwise", Some((3, hash(9))), true),
        ("seen otherwise before", Some((1, hash(9))), true),
    ] {
        let expected = seen.filter(|_| found).map(|(seen, _)| Finding::Truncated { seen });
        assert_eq!(fold(&case.0, seen).findings, Vec::from_iter(expected), "{name}");
    }
    let nothing = fold(&[], Some((3, hash(2))));
    assert_eq!(nothing.findings, [Finding::Truncated { seen: 3 }]);
}

/// What the clock may do, from every state to every state.
#[test]
fn the_server_takes_two_steps_alone() {
    let mut taken = Vec::new();
    for from in CaseState::ALL {
        for to in CaseState::ALL {
            if from.is_automatic(to) {
                assert!(from.transition(to).is_ok(), "{from} to {to}");
                taken.push((from, to));
            }
        }
    }
    assert_eq!(taken, [(Received, Acknowledged), (Remedied, Closed)], "a decision does not lapse");

    let mut case = Case::new();
    for state in [InTriage, InReview, Decided] {
        case.step(state);
    }
    case.happens(Closed);
    let folded = case.fold();
    assert_eq!(
        (folded.state, folded.findings.as_slice()),
        (Decided, [Finding::ForgedTransition { sequence: 5 }].as_slice())
    );
}

/// Steps of a case, what its reporter was told last after each, and what a reviewer may do then.
#[test]
fn a_reporter_is_told_nothing_of_the_way_through_an_internal_state() {
    let steps: &[(&[CaseState], &[CaseState])] = &[
        (&[InTriage, InReview, Duplicate, InReview, Decided], &[InTriage, InReview, InReview, InReview, Decided]),
        (&[InTriage, Duplicate, InReview, Duplicate, Decided], &[InTriage, InTriage, InReview, InReview, Decided]),
    ];
    for (states, told) in steps {
        let mut case = Case::new();
        for (state, told) in states.iter().zip(*told) {
            assert!(case.fold().next().contains(state), "{states:?}: {state}");
            case.step(*state);
            let folded = case.fold();
            assert_eq!((folded.state, folded.shown, folded.findings.as_slice()), (*state, *told, [].as_slice()));
        }
    }

    // From triage nobody decides; a case folded there takes the same way as others.
    let mut case = Case::new();
    case.step(InTriage);
    case.step(Duplicate);
    assert_eq!(case.fold().next(), [InReview, Spam]);
}

/// The states that a reporter may be told one after the other are the steps of the table that are not internal, and around those.
#[test]
fn what_may_be_shown_next_follows_from_the_table() {
    for shown in CaseState::ALL {
        for to in CaseState::ALL {
            let direct = shown.transition(to).is_ok() && to != Duplicate;
            let around = shown.transition(Duplicate).is_ok() && Duplicate.transition(to).is_ok() && to != shown;
            assert_eq!(shown.may_show_next(to), direct || around, "{shown} to {to}");
        }
    }
    assert!(!InReview.may_show_next(InReview) && InReview.may_show_next(Decided) && !Decided.may_show_next(InReview));
}

/// What is offered to a reviewer is never refused by the server, and never the reporter's or the retention job's to do.
#[test]
fn a_reviewer_is_offered_their_own_steps() {
    for state in CaseState::ALL {
        let folded = FoldedCase { state, shown: state, ..Case::new().fold() };
        for to in folded.next() {
            assert!(state.transition(to).is_ok() && ![Withdrawn, Appealed, Erased].contains(&to), "{state} to {to}");
        }
    }
    let decided = FoldedCase { state: Decided, shown: Decided, ..Case::new().fold() };
    assert_eq!(decided.next(), [RemedyInProgress, Closed]);
}
