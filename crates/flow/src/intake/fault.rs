//! What keeps a screen, or the whole, from going on; the rules of the report itself are the domain's.

use recourse_domain::channel::LegalProfile;
use recourse_domain::check::Fault;
use recourse_domain::vocabulary::Identity;

use super::{State, Step};

/// Something to put right, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFault {
    /// The screen it is on.
    pub step: Step,
    /// Id of the element to go to.
    pub field: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// No door was chosen.
    NoDoor,
    /// Nothing says what happened.
    NothingSaid,
    /// Longer than so many characters.
    TooLong(u64),
    /// Not a number of people.
    NotANumber,
    /// Named, but without a name.
    NoName,
    /// All texts together are too long.
    AllTooLong,
    /// Files that may not be taken.
    FilesRefused,
    /// Files past the channel's limits.
    FilesTooLarge,
}

/// Characters of a name or an address to reach somebody.
const CONTACT_CHARS: usize = 1_000;

impl State {
    /// Everything that is wrong, in the order of the screens.
    pub fn all_faults(&self) -> Vec<FormFault> {
        let mut faults = Vec::new();
        let mut add = |step, field: &str, wrong| faults.push(FormFault { step, field: field.to_owned(), wrong });
        if self.draft.identity != Identity::Anonymous {
            if self.draft.identity == Identity::Named && self.contact_name.trim().is_empty() {
                add(Step::Who, "contact-name", Wrong::NoName);
            }
            for (field, text) in [("contact-name", &self.contact_name), ("contact-reach", &self.contact_reach)] {
                if text.chars().count() > CONTACT_CHARS {
                    add(Step::Who, field, Wrong::TooLong(CONTACT_CHARS as u64));
                }
            }
        }
        for (field, text, asked) in [
            ("how-many", &self.how_many, true),
            ("represented-how-many", &self.represented_how_many, self.draft.represented.is_some()),
        ] {
            if asked && !text.trim().is_empty() && number(text).is_none() {
                add(Step::WhatHappened, field, Wrong::NotANumber);
            }
        }
        let legal = self.manifest().map_or(LegalProfile::None, |manifest| manifest.legal_profile);
        for fault in self.draft_to_send(None).check(&self.limits(), legal) {
            let (step, field) = self.place(&fault.path);
            let wrong = match fault.fault {
                Fault::TooLong(limit) => Wrong::TooLong(limit),
                Fault::MediaRefused => Wrong::FilesRefused,
                Fault::Missing if step == Step::Start => Wrong::NoDoor,
                Fault::Missing => Wrong::NothingSaid,
                _ if step == Step::Evidence => Wrong::FilesTooLarge,
                _ => Wrong::AllTooLong,
            };
            add(step, &field, wrong);
        }
        faults.sort_by_key(|fault| fault.step);
        faults.dedup();
        faults
    }

    /// What is wrong on one screen.
    pub(super) fn faults_of(&self, step: Step) -> Vec<FormFault> {
        let mut faults = self.all_faults();
        faults.retain(|fault| fault.step == step);
        faults
    }

    /// Where the path of a report is edited in this form.
    fn place(&self, path: &str) -> (Step, String) {
        let head = path.split(['.', '[']).next().unwrap_or_default();
        let (step, field) = match head {
            "purpose" => (Step::Start, "doors"),
            "harm" => (Step::WhatHappened, "text-harm"),
            "provider_context" => (Step::Start, "about"),
            "subject" if path.ends_with("feature") => (Step::WhatHappened, "feature"),
            "subject" if path.ends_with("url") => (Step::WhatHappened, "url"),
            "subject" => (Step::Start, "about"),
            "evidence" => (Step::Evidence, self.evidence_field(path)),
            _ => (Step::WhatHappened, "text-what-happened"),
        };
        let file = || path.strip_prefix("evidence[")?.split_once(']')?.0.parse().ok();
        match file().and_then(|at: usize| self.files.get(at)) {
            Some(file) if field != "files" => (step, format!("{field}-{}", file.id)),
            _ => (step, field.to_owned()),
        }
    }

    fn evidence_field(&self, path: &str) -> &'static str {
        if path.ends_with("description") {
            "evidence-description"
        } else if path.ends_with("file_name") {
            "evidence-name"
        } else {
            "files"
        }
    }
}

/// A number of people as people type it: spaces, dots and commas between thousands are left out.
pub(super) fn number(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | ',' | '\'' | '’')).collect();
    if digits.is_empty() { None } else { digits.parse().ok() }
}
