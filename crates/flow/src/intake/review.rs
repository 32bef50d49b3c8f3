//! The report as it would be sent, and its parts as the check shows them.

use recourse_domain::channel::GroupKind;
use recourse_domain::content::Contact;
use recourse_domain::draft::ReportDraft;
use recourse_domain::report::{Location, SHORT_CHARS};
use recourse_domain::time::Timestamp;
use recourse_domain::vocabulary::{Identity, Remedy, SubjectKind};
use recourse_wire::engine::{Outgoing, OutgoingFile};

use super::{State, Step, fault::number};

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

impl State {
    /// The draft with the places joined in and nothing that its purpose does not ask. The evidence stays empty: the engine makes it from
    /// the files.
    pub fn draft_to_send(&self) -> ReportDraft {
        let mut draft = self.draft.clone();
        draft.how_many = number(&self.how_many);
        if self.seeks_remedy() {
            if let Some(represented) = &mut draft.represented {
                represented.how_many = number(&self.represented_how_many);
            }
        } else {
            draft.represented = None;
            draft.relationships.clear();
            draft.harm.clear();
            draft.remedy_sought.clear();
        }
        if !draft.remedy_sought.contains(&Remedy::DeleteOrCorrectMyData) {
            draft.may_tell_data_holder = false;
        }
        draft.subject.kind = SubjectKind::Unknown;
        if let Some(subject) = &self.offered.subject {
            draft.subject.kind = SubjectKind::ContentItem;
            let (kind, label) = (subject.kind.trim(), subject.label.trim());
            let between = if kind.is_empty() || label.is_empty() { "" } else { ": " };
            let description = [kind, between, label].concat().chars().take(SHORT_CHARS).collect();
            draft.subject.locations.push(Location { item_id: subject.id.trim().to_owned(), description, ..Location::default() });
        }
        if !self.url.trim().is_empty() {
            draft.subject.locations.push(Location { url: self.url.trim().to_owned(), ..Location::default() });
        }
        for (name, value) in &self.offered.context {
            draft.provider_context.insert(name.clone(), value.clone());
        }
        draft
    }

    /// Contact details as they would be sent: none in an anonymous report, whatever was typed before.
    pub fn contact(&self) -> Contact {
        if self.draft.identity == Identity::Anonymous {
            return Contact::default();
        }
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Contact { name: some(&self.contact_name), reach: some(&self.contact_reach) }
    }

    /// Everything that the engine seals.
    pub(super) fn outgoing(&self, now: Timestamp, language: String) -> Outgoing {
        let draft = self.draft_to_send();
        let independent = draft.readers() == GroupKind::Independent
            && self.open().is_some_and(|channel| channel.group(GroupKind::Independent).is_some());
        Outgoing {
            language,
            contact: self.contact(),
            urgent: self.urgent,
            independent,
            files: self
                .files
                .iter()
                .map(|file| OutgoingFile {
                    id: file.id,
                    name: file.name.trim().to_owned(),
                    media_type: file.media_type.clone(),
                    size: file.size,
                    description: Some(file.description.trim().to_owned()).filter(|text| !text.is_empty()),
                })
                .collect(),
            draft,
            now,
        }
    }
}
