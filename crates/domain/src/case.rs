//! Folding the events of a case into what a reviewer sees. Nothing is edited in place: a case is what its events make of it.
//!
//! The caller opens bodies and checks hashes and signatures (that needs keys) and hands over what it found; the fold decides what
//! follows. It never stops at a fault: a case with one forged event is still a case, with a finding.

use serde::{Deserialize, Serialize};

use crate::content::{ReporterContent, TeamContent, TeamStatement};
use crate::event::{ActKind, Author, EventClass, EventRecord};
use crate::ids::Digest;
use crate::lifecycle::CaseState;
use crate::report::{EvidenceItem, Report};
use crate::time::Timestamp;

/// An event with what the keys at hand made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedEvent {
    /// As the server gave it.
    pub record: EventRecord,
    /// The labelled hash of the header's canonical bytes, computed by the caller.
    pub computed_hash: Digest,
    /// What stands in the body.
    pub opened: Opened,
}

/// What opening an event's body gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// No body.
    Nothing,
    /// The report.
    Report(Box<Report>),
    /// The body of the first event opened, but does not follow the vocabulary: path of the fault.
    Malformed(String),
    /// The reporter's words, and which act's signature over this place in the chain holds with the reporter's key.
    Reporter(ReporterContent, Option<ActKind>),
    /// A bodiless act of the reporter, if a signature holds.
    Act(Option<ActKind>),
    /// A reviewer's words with the key whose signature holds.
    Team {
        /// Signing key, base64url.
        signer: String,
        /// What was signed.
        statement: Box<TeamStatement>,
    },
    /// The body opened, but no reviewer's signature holds.
    Unsigned,
    /// No key at hand opens it, or it is damaged.
    Unopened,
}

/// A case folded.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldedCase {
    /// The state that verified events lead to.
    pub state: CaseState,
    /// The last state that the reporter was told.
    pub shown: CaseState,
    /// The report, if it opened.
    pub report: Option<Box<Report>>,
    /// A `contact_opened` event stands in the case.
    pub contact_opened: bool,
    /// What happened, oldest first.
    pub entries: Vec<CaseEntry>,
    /// What does not hold.
    pub findings: Vec<Finding>,
}

/// One event of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// Its place.
    pub sequence: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Signing key of the reviewer, `None` for reporter and server.
    pub reviewer: Option<String>,
    /// What.
    pub what: CaseWhat,
}

/// What an event says to a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseWhat {
    /// The report.
    Reported,
    /// The reporter.
    Reporter {
        /// What they say.
        content: ReporterContent,
    },
    /// A reviewer.
    Team {
        /// What they say.
        content: TeamContent,
    },
    /// The server's clock, or a bodiless act of the reporter.
    Automatic {
        /// Whereto.
        to: CaseState,
    },
    /// Cannot be opened or does not verify; see the findings.
    Unreadable,
}

impl CaseWhat {
    /// What the reporter added with it.
    pub fn evidence(&self) -> &[EvidenceItem] {
        match self {
            Self::Reporter { content } => content.evidence(),
            _ => &[],
        }
    }
}

/// Something that does not hold in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The chain is broken at that place: an event was dropped, reordered or changed.
    BrokenChain {
        /// Where.
        sequence: u64,
    },
    /// Fewer events than were seen before, or other ones.
    Truncated {
        /// How many were seen.
        seen: u64,
    },
    /// An event that claims to be the reporter's and is not signed with their key.
    NotTheReporter {
        /// Where.
        sequence: u64,
    },
    /// A reviewer's event whose signature, author or place does not fit.
    NotTheReviewer {
        /// Where.
        sequence: u64,
    },
    /// A state that no signed event brought about and the server may not set, or that the table does not have.
    ForgedTransition {
        /// Where.
        sequence: u64,
    },
    /// A body that no key of this reviewer opens, or that is damaged.
    Unopened {
        /// Where.
        sequence: u64,
    },
    /// The report does not follow the vocabulary.
    MalformedReport {
        /// Path of the fault.
        path: String,
    },
}

/// Folds the events in the order that the server gave them. `seen` is the number of events and the head's hash that were seen
/// at an earlier time, if they were.
pub fn fold(events: &[OpenedEvent], seen: Option<(u64, Digest)>) -> FoldedCase {
    let mut case = FoldedCase {
        state: CaseState::Received,
        shown: CaseState::Received,
        report: None,
        contact_opened: false,
        entries: Vec::with_capacity(events.len()),
        findings: Vec::new(),
    };
    let mut previous = Digest::ZERO;
    for (place, event) in events.iter().enumerate() {
        let header = &event.record.header;
        let place = place as u64;
        let same_case = events.first().is_some_and(|first| {
            first.record.header.case == header.case && first.record.header.channel == header.channel
        });
        if !same_case
            || header.sequence != place
            || header.previous != previous
            || event.record.hash != event.computed_hash
        {
            case.findings.push(Finding::BrokenChain { sequence: place });
        }
        previous = event.computed_hash;
        let (reviewer, what) = case.take(place, event);
        case.entries.push(CaseEntry { sequence: place, at: header.recorded_at, reviewer, what });
    }
    if let Some((count, head)) = seen {
        let holds = count == 0 || events.get(count as usize - 1).is_some_and(|event| event.computed_hash == head);
        if !holds {
            case.findings.push(Finding::Truncated { seen: count });
        }
    }
    case
}

impl FoldedCase {
    /// States that a reviewer may move the case to. From an internal state only what the reporter could be told had there been none: a step
    /// that the table does not have would tell of another report.
    pub fn next(&self) -> Vec<CaseState> {
        let mut next = self.state.next();
        next.retain(|to| !to.needs_reporter() && *to != CaseState::Erased && to.tells_nothing_after(self.shown));
        next
    }

    fn take(&mut self, place: u64, event: &OpenedEvent) -> (Option<String>, CaseWhat) {
        let header = &event.record.header;
        // What the server acts on has to be what somebody signed.
        let content = match &event.opened {
            Opened::Team { statement, .. } => Some(&statement.content),
            _ => None,
        };
        let assigns = match content {
            Some(TeamContent::Assigned { owner }) => Some(owner),
            _ => None,
        };
        let opens_contact = matches!(content, Some(TeamContent::ContactOpened { .. }));
        let is_opened = event.opened != Opened::Unopened;
        if is_opened && (header.assign.as_ref() != assigns || header.contact_opened != opens_contact) {
            return self.refuse(Finding::NotTheReviewer { sequence: place });
        }
        match (&header.author, &event.opened) {
            (Author::Server, Opened::Nothing) => match (header.class, header.to) {
                (EventClass::Transition, Some(to)) if self.state.is_automatic(to) => {
                    self.enter(to);
                    (None, CaseWhat::Automatic { to })
                }
                _ => self.refuse(Finding::ForgedTransition { sequence: place }),
            },
            (Author::Reporter, Opened::Report(report)) if place == 0 => {
                self.report = Some(report.clone());
                (None, CaseWhat::Reported)
            }
            (Author::Reporter, Opened::Malformed(path)) if place == 0 => {
                self.findings.push(Finding::MalformedReport { path: path.clone() });
                (None, CaseWhat::Unreadable)
            }
            (Author::Reporter, Opened::Reporter(content, Some(kind))) if content.act() == *kind => {
                let named = content.evidence().iter().map(|item| item.blob);
                if !named.eq(header.blobs.iter().map(|blob| blob.sha256)) {
                    // Signed by the reporter, so nobody else's doing: a client that does not follow the format.
                    self.findings.push(Finding::MalformedReport { path: format!("events[{place}].evidence") });
                    (None, CaseWhat::Unreadable)
                } else if self.reporter_moves(place, event, *kind) {
                    (None, CaseWhat::Reporter { content: content.clone() })
                } else {
                    (None, CaseWhat::Unreadable)
                }
            }
            (Author::Reporter, Opened::Act(Some(kind))) => {
                if self.reporter_moves(place, event, *kind) {
                    (None, header.to.map_or(CaseWhat::Unreadable, |to| CaseWhat::Automatic { to }))
                } else {
                    (None, CaseWhat::Unreadable)
                }
            }
            (Author::Reviewer { key }, Opened::Team { signer, statement }) => {
                let bound = signer == key
                    && statement.channel == header.channel
                    && statement.case == header.case
                    && statement.sequence == header.sequence
                    && statement.previous == header.previous;
                if !bound {
                    return self.refuse(Finding::NotTheReviewer { sequence: place });
                }
                self.take_team(place, event, signer, &statement.content)
            }
            (_, Opened::Unopened) => self.refuse(Finding::Unopened { sequence: place }),
            (Author::Reporter, _) => self.refuse(Finding::NotTheReporter { sequence: place }),
            (Author::Reviewer { .. }, _) => self.refuse(Finding::NotTheReviewer { sequence: place }),
            (Author::Server, _) => self.refuse(Finding::ForgedTransition { sequence: place }),
        }
    }

    fn take_team(
        &mut self,
        place: u64,
        event: &OpenedEvent,
        signer: &str,
        content: &TeamContent,
    ) -> (Option<String>, CaseWhat) {
        let header = &event.record.header;
        match content {
            TeamContent::Transition { to, .. } => {
                let fits = header.class == EventClass::Transition && header.to == Some(*to) && !to.needs_reporter();
                match self.state.transition(*to) {
                    Ok(state) if fits => self.enter(state),
                    _ => return self.refuse(Finding::ForgedTransition { sequence: place }),
                }
            }
            _ if header.class != EventClass::Team => {
                return self.refuse(Finding::ForgedTransition { sequence: place });
            }
            TeamContent::ContactOpened { .. } => self.contact_opened = true,
            TeamContent::Assigned { .. } | TeamContent::Reply { .. } | TeamContent::Note { .. } => {}
        }
        (Some(signer.to_owned()), CaseWhat::Team { content: content.clone() })
    }

    /// Whether what the server shows of a reporter's act is what was signed; moves the state where the act does.
    fn reporter_moves(&mut self, place: u64, event: &OpenedEvent, kind: ActKind) -> bool {
        let header = &event.record.header;
        if (header.class, header.to) != kind.visible() {
            self.findings.push(Finding::NotTheReporter { sequence: place });
            return false;
        }
        let Some(to) = header.to else { return true };
        match self.state.transition(to) {
            Ok(state) => {
                self.enter(state);
                true
            }
            Err(_) => {
                self.findings.push(Finding::ForgedTransition { sequence: place });
                false
            }
        }
    }

    fn enter(&mut self, state: CaseState) {
        self.state = state;
        if state.is_shown_after(self.shown) {
            self.shown = state;
        }
    }

    fn refuse(&mut self, finding: Finding) -> (Option<String>, CaseWhat) {
        self.findings.push(finding);
        (None, CaseWhat::Unreadable)
    }
}
