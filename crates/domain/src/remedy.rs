//! What becomes of remedies: offered, accepted or declined, delivered, and verified – by the reporter, never by the provider (TAXONOMY
//! section 6).

use crate::case::CaseWhat;
use crate::content::{ReporterContent, TeamContent};
use crate::lifecycle::CaseState;
use crate::report::Remedy;

crate::vocabulary::vocabulary! {
    /// How far a remedy is.
    RemedyState {
        Offered = "offered",
        Accepted = "accepted",
        Declined = "declined",
        /// By the word of the provider.
        Delivered = "delivered",
        /// The reporter says that it was done.
        Verified = "verified",
        /// The reporter says that it was not.
        NotDone = "not_done",
    }
}

impl Remedy {
    /// Whether it can be offered: two of the list say what a reporter expects, not what anybody could do.
    pub const fn can_be_offered(self) -> bool {
        !matches!(self, Self::InformOnly | Self::NotSure)
    }
}

/// The remedies of a case and how far each is, in the order in which they were offered.
///
/// A decision offers anew: what an earlier one offered and nobody confirmed is off the table. An answer to what was never offered counts for
/// nothing.
pub fn remedies<'a>(entries: impl IntoIterator<Item = &'a CaseWhat>) -> Vec<(Remedy, RemedyState)> {
    let mut all: Vec<(Remedy, RemedyState)> = Vec::new();
    for what in entries {
        match what {
            CaseWhat::Team { content: TeamContent::Transition { to, remedies, .. } } => match to {
                CaseState::Decided => {
                    all.retain(|(_, state)| *state == RemedyState::Verified);
                    offer(&mut all, remedies);
                }
                CaseState::RemedyInProgress => offer(&mut all, remedies),
                CaseState::Remedied => {
                    for (remedy, state) in &mut all {
                        let is_named = remedies.contains(remedy);
                        let is_meant = remedies.is_empty() && *state != RemedyState::Declined;
                        if (is_named || is_meant) && *state != RemedyState::Verified {
                            *state = RemedyState::Delivered;
                        }
                    }
                }
                _ => {}
            },
            CaseWhat::Reporter { content: ReporterContent::RemedyAnswered { answers, .. } } => {
                for answer in answers {
                    let before = [RemedyState::Offered, RemedyState::Accepted, RemedyState::Declined];
                    let to = if answer.yes { RemedyState::Accepted } else { RemedyState::Declined };
                    set(&mut all, answer.remedy, &before, to);
                }
            }
            CaseWhat::Reporter { content: ReporterContent::RemedyConfirmed { answers, .. } } => {
                for answer in answers {
                    let before = [RemedyState::Delivered, RemedyState::Verified, RemedyState::NotDone];
                    let to = if answer.yes { RemedyState::Verified } else { RemedyState::NotDone };
                    set(&mut all, answer.remedy, &before, to);
                }
            }
            _ => {}
        }
    }
    all
}

fn offer(all: &mut Vec<(Remedy, RemedyState)>, remedies: &[Remedy]) {
    for remedy in remedies {
        if !all.iter().any(|(known, _)| known == remedy) {
            all.push((*remedy, RemedyState::Offered));
        }
    }
}

fn set(all: &mut [(Remedy, RemedyState)], remedy: Remedy, before: &[RemedyState], to: RemedyState) {
    for (known, state) in all {
        if *known == remedy && before.contains(state) {
            *state = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::RemedyAnswer;
    use Remedy::{Apology, Explanation, Restitution};

    fn step(to: CaseState, remedies: &[Remedy]) -> CaseWhat {
        let (reason, rights_considered) = (String::new(), Vec::new());
        CaseWhat::Team {
            content: TeamContent::Transition { to, reason, rights_considered, remedies: remedies.to_vec() },
        }
    }

    fn answers(given: &[(Remedy, bool)]) -> Vec<RemedyAnswer> {
        given.iter().map(|&(remedy, yes)| RemedyAnswer { remedy, yes }).collect()
    }

    fn answered(given: &[(Remedy, bool)]) -> CaseWhat {
        CaseWhat::Reporter { content: ReporterContent::RemedyAnswered { answers: answers(given), text: String::new() } }
    }

    fn confirmed(given: &[(Remedy, bool)]) -> CaseWhat {
        CaseWhat::Reporter {
            content: ReporterContent::RemedyConfirmed { answers: answers(given), text: String::new() },
        }
    }

    #[test]
    fn only_the_reporter_verifies_and_only_what_was_delivered() {
        use RemedyState::*;
        let mut case = Vec::new();
        let mut check = |what, expected: &[(Remedy, RemedyState)]| {
            case.push(what);
            assert_eq!(remedies(&case), expected, "after {} events", case.len());
        };
        check(answered(&[(Apology, true)]), &[]);
        check(
            step(CaseState::Decided, &[Apology, Explanation, Apology]),
            &[(Apology, Offered), (Explanation, Offered)],
        );
        // Confirmed before anybody said that it was done, and an answer to what nobody offered.
        check(confirmed(&[(Apology, true)]), &[(Apology, Offered), (Explanation, Offered)]);
        check(
            answered(&[(Apology, true), (Explanation, false), (Restitution, true)]),
            &[(Apology, Accepted), (Explanation, Declined)],
        );
        check(
            step(CaseState::RemedyInProgress, &[Restitution, Apology]),
            &[(Apology, Accepted), (Explanation, Declined), (Restitution, Offered)],
        );
        check(
            step(CaseState::Remedied, &[]),
            &[(Apology, Delivered), (Explanation, Declined), (Restitution, Delivered)],
        );
        check(
            confirmed(&[(Apology, true), (Explanation, true), (Restitution, false)]),
            &[(Apology, Verified), (Explanation, Declined), (Restitution, NotDone)],
        );
        // What is verified is not offered, declined or delivered again by anybody's word.
        check(step(CaseState::Decided, &[Apology, Restitution]), &[(Apology, Verified), (Restitution, Offered)]);
        check(answered(&[(Apology, false)]), &[(Apology, Verified), (Restitution, Offered)]);
        check(step(CaseState::Remedied, &[Apology]), &[(Apology, Verified), (Restitution, Offered)]);
    }

    #[test]
    fn what_nobody_can_do_is_not_offered() {
        let offered = Remedy::ALL.into_iter().filter(|remedy| remedy.can_be_offered()).count();
        assert_eq!(offered, Remedy::ALL.len() - 2);
    }
}
