//! What must not be taken, and what the law has to say of a purpose.

use recourse_domain::category::Category;
use recourse_domain::report::{AppealReference, Notice, Purpose};
use recourse_domain::vocabulary::{Identity, Relationship};

use super::State;

impl State {
    /// Whether name and address are not even asked for: a notice of child-abuse material (DSA Art. 16(2)(c)).
    pub fn asks_no_name(&self) -> bool {
        self.purpose_is(Purpose::IllegalContentNotice) && self.draft.is_child_safety()
    }

    /// Who may know, as it would be sent.
    pub fn identity(&self) -> Identity {
        if self.asks_no_name() { Identity::Anonymous } else { self.draft.identity }
    }

    /// Whether the places come before the story: where pictures need not be shown to be found.
    pub fn places_first(&self) -> bool {
        self.purpose_is(Purpose::IllegalContentNotice) || self.is_about(Category::IntimateImageAbuse)
    }

    /// Whether that is the category, or one of the others.
    pub fn is_about(&self, category: Category) -> bool {
        self.draft.category == Some(category) || self.draft.secondary_categories.contains(&category)
    }

    /// The addresses, each without the space around it.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.url.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// The notice, where the purpose is one.
    pub fn notice(&self) -> Option<&Notice> {
        if self.purpose_is(Purpose::IllegalContentNotice) { self.draft.notice.as_ref() } else { None }
    }

    /// The decision that is contested, where one is.
    pub fn appeal(&self) -> Option<&AppealReference> {
        if self.purpose_is(Purpose::Appeal) { self.draft.appeal.as_ref() } else { None }
    }

    /// How the person stands to it, as it would be sent: what was chosen, and for whom they speak.
    pub fn relationships(&self) -> Vec<Relationship> {
        let mut all = self.draft.relationships.clone();
        if self.seeks_remedy()
            && let Some(others) = self.speaks_for_others
        {
            let said = if others { Relationship::Representative } else { Relationship::AffectedPerson };
            if !all.contains(&said) {
                all.push(said);
            }
        }
        all
    }

    /// Receipts that a group asked for; one where it did not.
    pub fn receipts_wanted(&self) -> u32 {
        if !self.seeks_remedy() || self.speaks_for_others != Some(true) {
            return 1;
        }
        super::fault::number(&self.receipts).unwrap_or(1).clamp(1, super::fault::RECEIPTS)
    }
}
