//! The parts of the report as the check shows them.

use recourse_domain::content::Contact;
use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{Identity, Sector, SubjectKind};

use super::{Line, State, Step};

/// A part of the report on the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// What the person wants.
    Purpose,
    /// What the host offered.
    About,
    /// What the host vouches for.
    Token,
    /// Who may know, and consent.
    Identity,
    /// How to reach them.
    Contact,
    /// How the person stands to it, and how old they are.
    Person,
    /// The category.
    Category,
    /// The decision that is contested.
    Decision,
    /// What happened.
    Text,
    /// Reasons and good faith of a notice.
    Notice,
    /// When, who, where, danger, retaliation.
    Details,
    /// Answers to the channel's own questions.
    Answers,
    /// Harm, remedies, representation.
    Remedy,
    /// Files.
    Evidence,
}

impl Part {
    /// All of them, in the order of the screens.
    pub const ALL: [Self; 14] = [
        Self::Purpose,
        Self::About,
        Self::Token,
        Self::Identity,
        Self::Contact,
        Self::Person,
        Self::Category,
        Self::Decision,
        Self::Text,
        Self::Notice,
        Self::Details,
        Self::Answers,
        Self::Remedy,
        Self::Evidence,
    ];

    /// The name used in ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::About => "about",
            Self::Token => "token",
            Self::Identity => "identity",
            Self::Contact => "contact",
            Self::Person => "person",
            Self::Category => "category",
            Self::Decision => "decision",
            Self::Text => "text",
            Self::Notice => "notice",
            Self::Details => "details",
            Self::Answers => "answers",
            Self::Remedy => "remedy",
            Self::Evidence => "evidence",
        }
    }

    /// Where it is changed.
    pub const fn step(self) -> Step {
        match self {
            Self::Purpose | Self::About => Step::Start,
            Self::Identity | Self::Contact | Self::Person | Self::Token => Step::Who,
            Self::Category => Step::What,
            Self::Decision | Self::Text | Self::Notice | Self::Details | Self::Answers => Step::WhatHappened,
            Self::Remedy => Step::PuttingRight,
            Self::Evidence => Step::Evidence,
        }
    }

    /// Whether it can be taken out as a whole.
    pub const fn is_removable(self) -> bool {
        !matches!(self, Self::Purpose | Self::Identity)
    }
}

/// An answer among the details, which can be taken out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// When it happened.
    When,
    /// Whether it can be undone.
    Undone,
    /// How many people.
    HowMany,
    /// Which groups.
    Groups,
    /// Which part of the product.
    Feature,
    /// Addresses.
    Url,
    /// Whom or what it is about.
    Subject,
    /// Number of the item.
    Item,
    /// What it is used for.
    UseCase,
    /// In which country.
    Market,
    /// Whether somebody is in danger.
    Danger,
    /// Whether they fear to be punished.
    Retaliation,
}

impl Detail {
    /// All of them, as the check shows them.
    pub const ALL: [Self; 12] = [
        Self::When,
        Self::Undone,
        Self::HowMany,
        Self::Groups,
        Self::Subject,
        Self::Feature,
        Self::UseCase,
        Self::Market,
        Self::Url,
        Self::Item,
        Self::Danger,
        Self::Retaliation,
    ];

    /// The name used in ids and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::When => "when",
            Self::Undone => "undone",
            Self::HowMany => "how_many",
            Self::Groups => "groups",
            Self::Subject => "subject",
            Self::Item => "item",
            Self::UseCase => "use_case",
            Self::Market => "market",
            Self::Feature => "feature",
            Self::Url => "url",
            Self::Danger => "danger",
            Self::Retaliation => "retaliation",
        }
    }
}

impl State {
    /// What a line under the text asks for.
    pub fn details_in(&self, line: Line) -> &'static [Detail] {
        const WHERE: [Detail; 6] =
            [Detail::Url, Detail::Subject, Detail::Feature, Detail::Item, Detail::UseCase, Detail::Market];
        match line {
            Line::When => &[Detail::When, Detail::Undone],
            Line::Who => &[Detail::HowMany, Detail::Groups],
            // The addresses stand above the text.
            Line::Where if self.places_first() => &WHERE[1..],
            Line::Where => &WHERE,
        }
    }

    /// The line that a field stands in.
    pub(super) fn line_of(&self, field: &str) -> Option<Line> {
        match field {
            "how-many" => Some(Line::Who),
            "url" if self.places_first() => None,
            "subject-name" | "url" | "feature" | "item" | "use-case" | "market" => Some(Line::Where),
            _ => None,
        }
    }

    /// Whether that detail was answered.
    pub fn has_detail(&self, detail: Detail) -> bool {
        let draft = &self.draft;
        match detail {
            Detail::When => draft.when.is_some(),
            Detail::Undone => draft.can_be_undone.is_some(),
            Detail::HowMany => !self.how_many.trim().is_empty(),
            Detail::Groups => !draft.affected_groups.is_empty(),
            Detail::Feature => !draft.subject.feature.trim().is_empty(),
            Detail::Url => self.addresses().next().is_some(),
            Detail::Subject => {
                draft.subject.kind != SubjectKind::Unknown
                    || self.sector() != Sector::Unknown
                    || !self.subject_name.trim().is_empty()
            }
            Detail::Item => !self.item.trim().is_empty(),
            Detail::UseCase => !draft.subject.use_case.trim().is_empty(),
            Detail::Market => self.market().is_some(),
            Detail::Danger => draft.imminent_danger.is_some(),
            Detail::Retaliation => draft.fear_of_retaliation.is_some(),
        }
    }
}

/// The parts that this report has something in, and those that can be filled, in the order of the screens.
pub fn parts(state: &State) -> Vec<(Part, bool)> {
    let draft = &state.draft;
    let details = Detail::ALL.into_iter().any(|detail| state.has_detail(detail));
    let remedy = !draft.harm.trim().is_empty() || !draft.remedy_sought.is_empty() || state.speaks_for_others.is_some();
    let person = !draft.relationships.is_empty() || (state.tell_age && state.age.is_some());
    let questions = state.questions_shown().contains(&true);
    let notice = state.purpose_is(Purpose::IllegalContentNotice);
    let appeal = state.purpose_is(Purpose::Appeal);
    let about = state.offered.subject.is_some() || !state.offered.context.is_empty();
    let contact = state.contact();
    let mut parts = Vec::new();
    for (part, shown, filled) in [
        (Part::Purpose, true, true),
        (Part::About, about, about),
        (Part::Token, !state.offered.claims.is_empty(), true),
        (Part::Identity, true, true),
        (Part::Contact, state.identity() != Identity::Anonymous, contact != Contact::default()),
        (Part::Person, person, true),
        (Part::Category, true, draft.category.is_some()),
        (Part::Decision, appeal, state.appeal().is_some_and(|appeal| !appeal.decision.trim().is_empty())),
        (Part::Text, true, !draft.what_happened.trim().is_empty()),
        (Part::Notice, notice, state.notice().is_some()),
        (Part::Details, true, details),
        (Part::Answers, questions, !state.settled_answers().is_empty()),
        (Part::Remedy, state.seeks_remedy(), remedy),
        (Part::Evidence, true, !state.evidence.files.is_empty()),
    ] {
        if shown {
            parts.push((part, filled));
        }
    }
    parts
}
