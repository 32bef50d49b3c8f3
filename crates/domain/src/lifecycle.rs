//! The life of a case: its states and which may follow which (TAXONOMY section 10). No transition off this table.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the vocabulary; each is described in the locale files")]
pub enum CaseState {
    Received,
    Acknowledged,
    InTriage,
    NeedsInfo,
    InReview,
    Escalated,
    Referred,
    Decided,
    RemedyInProgress,
    Remedied,
    Appealed,
    Duplicate,
    OutOfScope,
    Withdrawn,
    Spam,
    Closed,
    Erased,
}

use CaseState::*;

/// A transition that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a case that is {from} cannot become {to}")]
pub struct InvalidTransition {
    /// The state it is in.
    pub from: CaseState,
    /// The state that was asked for.
    pub to: CaseState,
}

impl CaseState {
    /// Every state, in the order of the table.
    pub const ALL: [Self; 17] = [
        Received,
        Acknowledged,
        InTriage,
        NeedsInfo,
        InReview,
        Escalated,
        Referred,
        Decided,
        RemedyInProgress,
        Remedied,
        Appealed,
        Duplicate,
        OutOfScope,
        Withdrawn,
        Spam,
        Closed,
        Erased,
    ];

    /// The id used on the wire and in sealed bodies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Received => "received",
            Acknowledged => "acknowledged",
            InTriage => "in_triage",
            NeedsInfo => "needs_info",
            InReview => "in_review",
            Escalated => "escalated",
            Referred => "referred",
            Decided => "decided",
            RemedyInProgress => "remedy_in_progress",
            Remedied => "remedied",
            Appealed => "appealed",
            Duplicate => "duplicate",
            OutOfScope => "out_of_scope",
            Withdrawn => "withdrawn",
            Spam => "spam",
            Closed => "closed",
            Erased => "erased",
        }
    }

    /// The states that may follow. `withdrawn` may from every open state; `spam` only until the case is decided, since a reviewer could
    /// otherwise escape an appeal or a promised remedy by it.
    pub fn next(self) -> Vec<Self> {
        let mut next: Vec<Self> = match self {
            Received => vec![Acknowledged],
            Acknowledged => vec![InTriage],
            InTriage => vec![InReview, NeedsInfo, Escalated, Referred, Duplicate, OutOfScope],
            NeedsInfo => vec![InTriage, InReview, Closed],
            InReview => vec![Decided, NeedsInfo, Escalated, Referred, Duplicate],
            Escalated | Duplicate => vec![InReview, Decided],
            Referred => vec![InReview, Decided, Closed],
            Decided => vec![RemedyInProgress, Appealed, Closed],
            RemedyInProgress => vec![Remedied, Appealed],
            Remedied => vec![Closed, Appealed],
            Appealed => vec![Decided],
            OutOfScope => vec![Closed, Appealed, InTriage],
            Withdrawn => vec![Closed, InTriage],
            Spam => vec![Closed, InTriage, Appealed],
            Closed => vec![Appealed, InTriage, Erased],
            Erased => vec![],
        };
        if self.is_open() {
            next.push(Withdrawn);
        }
        if self.is_undecided() {
            next.push(Spam);
        }
        next
    }

    /// Whether nobody has come to an outcome yet.
    pub const fn is_undecided(self) -> bool {
        matches!(self, Received | Acknowledged | InTriage | NeedsInfo | InReview | Escalated | Referred | Duplicate)
    }

    /// Whether somebody still has to do something: from here a reporter may withdraw.
    pub const fn is_open(self) -> bool {
        !matches!(self, Withdrawn | Spam | Closed | Erased)
    }

    /// Moves on, if the table allows it.
    ///
    /// # Errors
    /// [`InvalidTransition`] names both states.
    pub fn transition(self, to: Self) -> Result<Self, InvalidTransition> {
        if self.next().contains(&to) { Ok(to) } else { Err(InvalidTransition { from: self, to }) }
    }

    /// Which states only the reporter's signature can bring about.
    pub const fn needs_reporter(self) -> bool {
        matches!(self, Withdrawn | Appealed)
    }

    /// States that say something of other reports, and are therefore never told to a reporter.
    pub const fn is_internal(self) -> bool {
        matches!(self, Duplicate)
    }

    /// Whether this state may follow where a reporter was last told `shown`: a step that the table does not have from there would tell of
    /// the detour in between, and so of another report.
    pub fn tells_nothing_after(self, shown: Self) -> bool {
        self.is_internal() || self == shown || shown.transition(self).is_ok()
    }

    /// Whether a reporter who was last told `shown` is told of this state. Nor is the way back from an internal state told, where it leads
    /// to what the reporter believes already: the table has no step from a state to itself, so the repetition would give the detour away.
    pub fn is_shown_after(self, shown: Self) -> bool {
        !self.is_internal() && self != shown
    }

    /// Whether a reporter who was last told this state may be told `to` next: by a step of the table, or by two around an internal state.
    pub fn may_show_next(self, to: Self) -> bool {
        let around = |state: Self| state.is_internal() && state.transition(to).is_ok();
        to.is_shown_after(self) && (self.transition(to).is_ok() || self.next().into_iter().any(around))
    }

    /// What the server's clock may do by itself. A decision does not lapse; a remedy that nobody confirmed in time does.
    pub const fn is_automatic(self, to: Self) -> bool {
        matches!((self, to), (Received, Acknowledged) | (Remedied, Closed))
    }
}

impl fmt::Display for CaseState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// TAXONOMY section 10, the first two columns as they stand there.
    const TABLE: &str = "
        received: acknowledged
        acknowledged: in_triage
        in_triage: in_review, needs_info, escalated, referred, duplicate, out_of_scope
        needs_info: in_triage, in_review, closed
        in_review: decided, needs_info, escalated, referred, duplicate
        escalated: in_review, decided
        referred: in_review, decided, closed
        decided: remedy_in_progress, appealed, closed
        remedy_in_progress: remedied, appealed
        remedied: closed, appealed
        appealed: decided
        duplicate: in_review, decided
        out_of_scope: closed, appealed, in_triage
        withdrawn: closed, in_triage
        spam: closed, in_triage
        closed: appealed, in_triage, erased
        erased:
    ";

    /// What the table says in words: where `withdrawn` and `spam` come from, and that spam may be appealed.
    const IN_WORDS: &str = "
        received: withdrawn, spam
        acknowledged: withdrawn, spam
        in_triage: withdrawn, spam
        needs_info: withdrawn, spam
        in_review: withdrawn, spam
        escalated: withdrawn, spam
        referred: withdrawn, spam
        duplicate: withdrawn, spam
        decided: withdrawn
        remedy_in_progress: withdrawn
        remedied: withdrawn
        appealed: withdrawn
        out_of_scope: withdrawn
        spam: appealed
    ";

    fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
        text.lines()
            .filter_map(|line| line.trim().split_once(':'))
            .map(|(from, to)| (from, to.split(',').map(str::trim).filter(|state| !state.is_empty()).collect()))
    }

    #[test]
    fn the_table_holds_and_nothing_else() {
        let mut table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (from, to) in rows(TABLE).chain(rows(IN_WORDS)) {
            table.entry(from).or_default().extend(to);
        }
        assert_eq!(table.len(), CaseState::ALL.len());
        let mut allowed = 0;
        for from in CaseState::ALL {
            for to in CaseState::ALL {
                let expected = table[from.as_str()].contains(&to.as_str());
                let found = from.transition(to);
                assert_eq!(
                    found,
                    if expected { Ok(to) } else { Err(InvalidTransition { from, to }) },
                    "{from} to {to}"
                );
                allowed += usize::from(found.is_ok());
            }
        }
        assert_eq!(allowed, 41 + 13 + 8 + 1, "no row is missing and none stands twice");
    }

    #[test]
    fn ids_are_those_on_the_wire() {
        for state in CaseState::ALL {
            let json = serde_json::to_string(&state).unwrap();
            assert_eq!(json, format!("\"{state}\""));
            assert_eq!(serde_json::from_str::<CaseState>(&json).unwrap(), state);
        }
    }
}
