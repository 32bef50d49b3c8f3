//! The clocks of the life of a case (TAXONOMY section 10) as data: what is due, counted from when. Dates are not computed here: working
//! days, holidays and time zone belong to the channel.

use crate::channel::LegalProfile;
use crate::lifecycle::CaseState;

/// A span of time in the unit in which it is promised: a month is not thirty days, nor a working day 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// Without waiting.
    AtOnce,
    /// Hours by the clock.
    Hours(u32),
    /// Calendar days.
    Days(u32),
    /// Days on which the channel is read.
    WorkingDays(u32),
    /// Calendar months.
    Months(u32),
}

/// From when a span is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Start {
    /// The report was recorded.
    Received,
    /// The report was acknowledged; the end of the time for that, if it was not.
    Acknowledged,
    /// The case came into the state.
    Entered,
    /// The decision was told to the reporter.
    Decided,
}

/// What has to have happened when the span is over, or happens then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// The case has reached the state, or gone past it.
    Reach,
    /// The case has left the state.
    Leave,
    /// Somebody owns the case.
    Own,
    /// The reporter is reminded; the clock of the state before keeps running.
    Remind,
    /// The case closes as not confirmed.
    CloseUnconfirmed,
    /// The way into the state closes: until then an appeal may be opened.
    Open,
}

/// A clock of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Clock {
    /// What is due.
    pub duty: Duty,
    /// Counted from when.
    pub from: Start,
    /// Our default, which a channel may change within the bound.
    pub default: Span,
    /// What the law of the profile says, if it says something: for [`Duty::Open`] the least, otherwise the most that is allowed.
    pub bound: Option<Span>,
}

/// The clock of a state, if it has one. `remedy_in_progress` runs by the plan agreed; `decided` has a clock only where a law gives one.
pub const fn clock(state: CaseState, legal: LegalProfile, urgent: bool) -> Option<Clock> {
    use CaseState::*;
    let whistleblower = matches!(legal, LegalProfile::EuWhistleblower);
    let (duty, from, default, bound) = match state {
        Acknowledged => {
            (Duty::Reach, Start::Received, Span::AtOnce, if whistleblower { Some(Span::Days(7)) } else { None })
        }
        InTriage => {
            (Duty::Leave, Start::Acknowledged, if urgent { Span::Hours(1) } else { Span::WorkingDays(3) }, None)
        }
        NeedsInfo => (Duty::Remind, Start::Entered, Span::Days(14), None),
        InReview => (Duty::Leave, Start::Entered, Span::Days(30), None),
        Escalated => (Duty::Own, Start::Entered, Span::Hours(24), None),
        Decided if whistleblower => (Duty::Reach, Start::Acknowledged, Span::Months(3), Some(Span::Months(3))),
        Remedied => (Duty::CloseUnconfirmed, Start::Entered, Span::Days(60), None),
        Appealed => {
            let platform = matches!(legal, LegalProfile::DsaPlatform);
            (Duty::Open, Start::Decided, Span::Months(6), if platform { Some(Span::Months(6)) } else { None })
        }
        Received | Referred | Decided | RemedyInProgress | Duplicate | OutOfScope | Withdrawn | Spam | Closed
        | Erased => {
            return None;
        }
    };
    Some(Clock { duty, from, default, bound })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::LegalProfile::*;

    /// State, profile, urgent, and the clock as the table of TAXONOMY section 10 has it.
    #[test]
    fn clocks_follow_the_table() {
        let check = |state, legal, urgent, expected: Option<(Duty, Start, Span, Option<Span>)>| {
            let found = clock(state, legal, urgent).map(|clock| (clock.duty, clock.from, clock.default, clock.bound));
            assert_eq!(found, expected, "{state} {legal:?} urgent={urgent}");
        };
        for legal in [None, DsaHosting, DsaPlatform, EuWhistleblower, UkOsa] {
            let eu = legal == EuWhistleblower;
            let only = |given: bool, span| if given { Some(span) } else { Option::None };
            for urgent in [false, true] {
                for state in CaseState::ALL {
                    use CaseState::*;
                    let expected = match state.as_str() {
                        "acknowledged" => Some((Duty::Reach, Start::Received, Span::AtOnce, only(eu, Span::Days(7)))),
                        "in_triage" if urgent => Some((Duty::Leave, Start::Acknowledged, Span::Hours(1), Option::None)),
                        "in_triage" => Some((Duty::Leave, Start::Acknowledged, Span::WorkingDays(3), Option::None)),
                        "needs_info" => Some((Duty::Remind, Start::Entered, Span::Days(14), Option::None)),
                        "in_review" => Some((Duty::Leave, Start::Entered, Span::Days(30), Option::None)),
                        "escalated" => Some((Duty::Own, Start::Entered, Span::Hours(24), Option::None)),
                        "decided" if eu => {
                            Some((Duty::Reach, Start::Acknowledged, Span::Months(3), Some(Span::Months(3))))
                        }
                        "remedied" => Some((Duty::CloseUnconfirmed, Start::Entered, Span::Days(60), Option::None)),
                        "appealed" => {
                            let least = only(legal == DsaPlatform, Span::Months(6));
                            Some((Duty::Open, Start::Decided, Span::Months(6), least))
                        }
                        _ => Option::None,
                    };
                    check(state, legal, urgent, expected);
                    assert!(!matches!(state, Erased) || expected.is_none());
                }
            }
        }
    }
}
