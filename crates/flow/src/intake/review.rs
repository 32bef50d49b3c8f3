//! The parts of the report as the check shows them.

use recourse_domain::content::Contact;
use recourse_domain::vocabulary::Identity;

use super::{State, Step};

/// A part of the report on the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// What the person wants.
    Purpose,
    /// What the host offered.
    About,
    /// Who may know, and consent.
    Identity,
    /// How to reach them.
    Contact,
    /// The category.
    Category,
    /// What happened.
    Text,
    /// When, who, where, danger, retaliation.
    Details,
    /// Harm, remedies, representation.
    Remedy,
    /// Files.
    Evidence,
}

impl Part {
    /// All of them, in the order of the screens.
    pub const ALL: [Self; 9] = [
        Self::Purpose,
        Self::About,
        Self::Identity,
        Self::Contact,
        Self::Category,
        Self::Text,
        Self::Details,
        Self::Remedy,
        Self::Evidence,
    ];

    /// The name used in ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::About => "about",
            Self::Identity => "identity",
            Self::Contact => "contact",
            Self::Category => "category",
            Self::Text => "text",
            Self::Details => "details",
            Self::Remedy => "remedy",
            Self::Evidence => "evidence",
        }
    }

    /// Where it is changed.
    pub const fn step(self) -> Step {
        match self {
            Self::Purpose | Self::About => Step::Start,
            Self::Identity | Self::Contact => Step::Who,
            Self::Category => Step::What,
            Self::Text | Self::Details | Self::Remedy => Step::WhatHappened,
            Self::Evidence => Step::Evidence,
        }
    }

    /// Whether it can be taken out as a whole.
    pub const fn is_removable(self) -> bool {
        !matches!(self, Self::Purpose | Self::Identity)
    }
}

/// The parts that this report has something in, and those that can be filled, in the order of the screens.
pub fn parts(state: &State) -> Vec<(Part, bool)> {
    let draft = &state.draft;
    let details = draft.when.is_some()
        || draft.how_many.is_some()
        || !draft.affected_groups.is_empty()
        || !draft.subject.feature.trim().is_empty()
        || !state.url.trim().is_empty()
        || draft.imminent_danger.is_some()
        || draft.fear_of_retaliation.is_some();
    let remedy = !draft.harm.trim().is_empty() || !draft.remedy_sought.is_empty() || draft.represented.is_some();
    let about = state.offered.subject.is_some() || !state.offered.context.is_empty();
    let contact = state.contact();
    let mut parts = Vec::new();
    for (part, shown, filled) in [
        (Part::Purpose, true, true),
        (Part::About, about, about),
        (Part::Identity, true, true),
        (Part::Contact, draft.identity != Identity::Anonymous, contact != Contact::default()),
        (Part::Category, true, draft.category.is_some()),
        (Part::Text, true, !draft.what_happened.trim().is_empty()),
        (Part::Details, true, details),
        (Part::Remedy, state.seeks_remedy(), remedy),
        (Part::Evidence, true, !state.files.is_empty()),
    ] {
        if shown {
            parts.push((part, filled));
        }
    }
    parts
}
