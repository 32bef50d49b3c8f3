//! An open case: what is shown of it, what is being written, what would be sensible to do next.

use std::collections::{BTreeMap, BTreeSet};

use recourse_domain::content::{Contact, ReporterContent, TeamContent};
use recourse_domain::ids::{CaseId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::remedy::{RemedyState, remedies};
use recourse_domain::report::{EvidenceItem, Remedy};
use recourse_wire::reviewing::{CaseView, CaseWhat, Finding, Request};

use super::Status;
use super::message::{Draft, Effect, Msg, Tag, Target};
use super::picture::Picture;
use super::quote::longest_quote;

/// The parts of a case view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Tab {
    Report,
    Dialogue,
    Evidence,
    Log,
}

impl Tab {
    /// All, in the order shown.
    pub const ALL: [Self; 4] = [Self::Report, Self::Dialogue, Self::Evidence, Self::Log];

    /// The id, in locale files and test ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Dialogue => "dialogue",
            Self::Evidence => "evidence",
            Self::Log => "log",
        }
    }
}

/// What the dock under a case is open for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dock {
    /// Writing to the reporter.
    Reply,
    /// Writing for the team.
    Note,
    /// Moving the case on.
    Step(CaseState),
    /// Naming an owner.
    Assign,
    /// Having the contact details opened.
    Contact,
}

/// The sensible next act: the one primary button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nobody has the case.
    Claim,
    /// The reporter wrote last.
    Reply,
    /// To move it on.
    Step(CaseState),
}

/// How far an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attachment {
    /// Not asked for.
    #[default]
    Closed,
    /// On its way.
    Loading,
    /// Here.
    Open {
        /// It has the hash that the report names.
        verified: bool,
        /// What it is, if it can be shown.
        picture: Option<Picture>,
        /// Blurred and grey.
        covered: bool,
    },
}

/// What has been typed for a case and not been sent. Kept until it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drafts {
    /// To the reporter.
    pub reply: String,
    /// In which language, if it was changed.
    pub reply_language: Option<String>,
    /// For the team.
    pub note: String,
    /// Reasons, by the step they were written for.
    pub reasons: BTreeMap<CaseState, String>,
    /// Ids of the rights considered.
    pub rights: BTreeSet<String>,
    /// Remedies that a step offers, or calls delivered, by the step; of the latter all that were not declined until one was picked.
    pub remedies: BTreeMap<CaseState, BTreeSet<Remedy>>,
    /// The owner to be, by signing key, or nobody; nothing until one was picked.
    pub owner: Option<Option<String>>,
    /// Why the contact details are needed.
    pub contact_reason: String,
}

impl Drafts {
    pub(super) fn change(&mut self, draft: Draft) {
        match draft {
            Draft::Reply(text) => self.reply = text,
            Draft::ReplyLanguage(tag) => self.reply_language = Some(tag),
            Draft::Note(text) => self.note = text,
            Draft::Reason(to, text) => {
                self.reasons.insert(to, text);
            }
            Draft::Right(id, true) => {
                self.rights.insert(id);
            }
            Draft::Right(id, false) => {
                self.rights.remove(&id);
            }
            Draft::Remedies(to, remedies) => {
                self.remedies.insert(to, remedies);
            }
            Draft::Owner(owner) => self.owner = Some(owner),
            Draft::ContactReason(text) => self.contact_reason = text,
        }
    }

    /// Lets go of what was stored.
    pub(super) fn sent(&mut self, status: &Status) {
        match status {
            Status::Replied => {
                self.reply.clear();
                self.reply_language = None;
            }
            Status::Noted => self.note.clear(),
            Status::Moved(to) => {
                self.reasons.remove(to);
                self.remedies.remove(to);
                self.rights.clear();
            }
            Status::Assigned => self.owner = None,
            Status::ContactOpened => self.contact_reason.clear(),
            Status::Claimed | Status::SignedOut => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An open case.
#[derive(Debug, Clone)]
pub struct OpenCase {
    /// Which.
    pub case: CaseId,
    /// Its content, once it is here.
    pub view: Option<Box<CaseView>>,
    /// It could not be read.
    pub failed: bool,
    /// The part shown.
    pub tab: Tab,
    /// What is being written.
    pub dock: Option<Dock>,
    /// Something is on its way to the server.
    pub busy: bool,
    /// The menu of further steps is open.
    pub menu: bool,
    /// Contact details, once they were released.
    pub contact: Option<Contact>,
    /// Attachments, in the order of [`evidence`].
    pub attachments: Vec<Attachment>,
}

impl OpenCase {
    pub(super) fn new(case: CaseId) -> Self {
        Self {
            case,
            view: None,
            failed: false,
            tab: Tab::Report,
            dock: None,
            busy: false,
            menu: false,
            contact: None,
            attachments: Vec::new(),
        }
    }

    /// Takes the case as it was read. A dock for a step that is not to be had any more closes; what was typed in it stays.
    pub(super) fn take(&mut self, view: Box<CaseView>) {
        self.attachments.resize(evidence(&view).count(), Attachment::Closed);
        if let Some(Dock::Step(to)) = self.dock
            && !view.next.contains(&to)
        {
            self.dock = None;
        }
        self.view = Some(view);
        self.failed = false;
    }

    /// Whether the reporter is told of a step.
    pub fn is_told(&self, to: CaseState) -> bool {
        self.view.as_ref().is_some_and(|view| to.is_shown_after(view.shown))
    }

    /// The one act that a reviewer should be offered first.
    pub fn next_act(&self) -> Option<Act> {
        next_act(self.view.as_ref()?)
    }

    /// What a text for the reporter repeats of what the reporter wrote, if it is long enough to matter.
    pub fn quote<'a>(&self, text: &'a str) -> Option<&'a str> {
        let view = self.view.as_ref()?;
        let mut sources: Vec<&str> = Vec::new();
        if let Some(report) = &view.report {
            let subject = &report.subject;
            sources.extend([
                &*report.what_happened,
                &report.harm,
                &subject.product,
                &subject.feature,
                &subject.use_case,
            ]);
            sources.extend(report.notice.as_ref().map(|notice| &*notice.reasons));
            for location in &subject.locations {
                sources.extend([&*location.url, &location.item_id, &location.tenant_ref, &location.description]);
            }
            sources.extend(report.provider_context.values().map(String::as_str));
            sources.extend(report.answers.iter().map(|answer| &*answer.value));
        }
        for entry in &view.entries {
            if let CaseWhat::Reporter { content } = &entry.what {
                sources.push(content.text());
            }
        }
        for item in evidence(view) {
            sources.extend([&*item.description, &item.file_name, &item.source.url, &item.source.title]);
        }
        longest_quote(text, &sources)
    }
}

impl OpenCase {
    pub(super) fn update(&mut self, msg: Msg, me: &str, drafts: &BTreeMap<CaseId, Drafts>) -> Vec<Effect> {
        match msg {
            Msg::Tab(tab) => self.tab = tab,
            Msg::Menu(shown) => self.menu = shown,
            Msg::Dock(dock) => {
                self.dock = dock;
                self.menu = false;
                return vec![Effect::Focus(if dock.is_some() { Target::Dock } else { Target::CaseTitle })];
            }
            Msg::Claim => {
                let content = TeamContent::Assigned { owner: Some(me.to_owned()) };
                return self.append(content, Status::Claimed);
            }
            Msg::Confirm => return self.confirm(&drafts.get(&self.case).cloned().unwrap_or_default()),
            Msg::OpenAttachment(index) => return self.open_attachment(index),
            Msg::AttachmentRead { case, index, verified, picture } if case == self.case => {
                if let Some(attachment) = self.attachments.get_mut(index) {
                    // What is not what the report names is not decoded.
                    let picture = picture.filter(|_| verified);
                    *attachment = Attachment::Open { verified, picture, covered: true };
                }
            }
            Msg::Cover(index, cover) => {
                if let Some(Attachment::Open { covered, .. }) = self.attachments.get_mut(index) {
                    *covered = cover;
                }
            }
            Msg::SaveAttachment(index) => return vec![Effect::Save(index)],
            _ => {}
        }
        Vec::new()
    }

    /// Whether the dock holds enough to be sent.
    pub fn is_ready(&self, drafts: &Drafts) -> bool {
        let filled = |text: &str| !text.trim().is_empty();
        !self.busy
            && self.view.is_some()
            && match self.dock {
                None => false,
                Some(Dock::Reply) => filled(&drafts.reply),
                Some(Dock::Note) => filled(&drafts.note),
                Some(Dock::Step(to)) => drafts.reasons.get(&to).is_some_and(|reason| filled(reason)),
                Some(Dock::Assign) => drafts.owner.is_some(),
                Some(Dock::Contact) => filled(&drafts.contact_reason),
            }
    }

    /// The language that a reply is in unless the reviewer says otherwise: the report's.
    pub fn reply_language(&self, drafts: &Drafts) -> String {
        let of_report = || self.view.as_ref()?.report.as_ref().map(|report| report.language.to_string());
        drafts.reply_language.clone().or_else(of_report).unwrap_or_else(|| "en".to_owned())
    }

    fn confirm(&mut self, drafts: &Drafts) -> Vec<Effect> {
        if !self.is_ready(drafts) {
            return Vec::new();
        }
        let Some(dock) = self.dock else { return Vec::new() };
        let trimmed = |text: &str| text.trim().to_owned();
        let (content, status) = match dock {
            Dock::Reply => {
                let language = self.reply_language(drafts);
                (TeamContent::Reply { text: trimmed(&drafts.reply), language }, Status::Replied)
            }
            Dock::Note => (TeamContent::Note { text: trimmed(&drafts.note) }, Status::Noted),
            Dock::Step(to) => {
                let reason = drafts.reasons.get(&to).map(|reason| trimmed(reason)).unwrap_or_default();
                let rights =
                    if to == CaseState::Decided { drafts.rights.iter().cloned().collect() } else { Vec::new() };
                let remedies = self.named_remedies(drafts, to).into_iter().collect();
                let content = TeamContent::Transition { to, reason, rights_considered: rights, remedies };
                (content, Status::Moved(to))
            }
            Dock::Assign => {
                let owner = drafts.owner.clone().flatten();
                (TeamContent::Assigned { owner }, Status::Assigned)
            }
            Dock::Contact => {
                self.busy = true;
                let reason = trimmed(&drafts.contact_reason);
                return vec![Effect::Ask(Tag::Contact(self.case), Request::OpenContact { case: self.case, reason })];
            }
        };
        self.append(content, status)
    }

    /// Remedies that can be named with a step: those that can be offered, the ones that were asked for first; or those that were offered.
    pub fn remedies_for(&self, to: CaseState) -> Vec<Remedy> {
        let Some(view) = &self.view else { return Vec::new() };
        match to {
            CaseState::Decided | CaseState::RemedyInProgress => {
                let sought = view.report.iter().flat_map(|report| report.remedy_sought.iter().copied());
                let mut all: Vec<Remedy> = sought.filter(|remedy| remedy.can_be_offered()).collect();
                let rest = Remedy::ALL.into_iter().filter(|remedy| remedy.can_be_offered() && !all.contains(remedy));
                let rest: Vec<Remedy> = rest.collect();
                all.extend(rest);
                all
            }
            CaseState::Remedied => outcomes(view).into_iter().map(|(remedy, _)| remedy).collect(),
            _ => Vec::new(),
        }
    }

    /// Remedies that the dock names with a step now.
    pub fn named_remedies(&self, drafts: &Drafts, to: CaseState) -> BTreeSet<Remedy> {
        if let Some(picked) = drafts.remedies.get(&to) {
            return picked.clone();
        }
        match (to, &self.view) {
            (CaseState::Remedied, Some(view)) => outcomes(view)
                .into_iter()
                .filter(|(_, state)| *state != RemedyState::Declined)
                .map(|(remedy, _)| remedy)
                .collect(),
            _ => BTreeSet::new(),
        }
    }

    fn append(&mut self, content: TeamContent, status: Status) -> Vec<Effect> {
        if self.busy || self.view.is_none() {
            return Vec::new();
        }
        self.busy = true;
        let tag = Tag::Append(self.case, status);
        vec![Effect::Ask(tag, Request::Append { case: self.case, content })]
    }

    fn open_attachment(&mut self, index: usize) -> Vec<Effect> {
        let blob = |view: &CaseView| -> Option<Digest> { Some(evidence(view).nth(index)?.blob) };
        let (Some(blob), Some(attachment @ Attachment::Closed)) =
            (self.view.as_deref().and_then(blob), self.attachments.get_mut(index))
        else {
            return Vec::new();
        };
        *attachment = Attachment::Loading;
        let tag = Tag::Attachment(self.case, index);
        vec![Effect::Ask(tag, Request::OpenEvidence { case: self.case, blob })]
    }
}

/// All evidence of a case: the report's, then what the reporter added.
pub fn evidence(view: &CaseView) -> impl Iterator<Item = &EvidenceItem> {
    let of_report = view.report.iter().flat_map(|report| &report.evidence);
    of_report.chain(view.entries.iter().flat_map(|entry| entry.what.evidence()))
}

/// How far each remedy of a case is.
pub fn outcomes(view: &CaseView) -> Vec<(Remedy, RemedyState)> {
    remedies(view.entries.iter().map(|entry| &entry.what))
}

/// A neutral name to save an attachment under, counted from 1: what the reporter called it may tell who they are.
pub fn attachment_name(index: usize, picture: Option<Picture>) -> String {
    let ending = picture.map_or("bin", |picture| picture.media_type.strip_prefix("image/").unwrap_or("bin"));
    format!("attachment-{}.{ending}", index + 1)
}

/// For each entry of a case, whether the reporter sees its content.
pub fn told(view: &CaseView) -> Vec<bool> {
    let mut shown = CaseState::Received;
    let mut steps = |to: CaseState| {
        let told = to.is_shown_after(shown);
        if told {
            shown = to;
        }
        told
    };
    let told = |what: &CaseWhat| match what {
        CaseWhat::Reported => true,
        CaseWhat::Reporter { content: ReporterContent::Contested { .. } } => steps(CaseState::Appealed),
        CaseWhat::Reporter { content: ReporterContent::Withdrawn { .. } } => steps(CaseState::Withdrawn),
        CaseWhat::Reporter { .. } => true,
        CaseWhat::Team { content: TeamContent::Transition { to, .. } } | CaseWhat::Automatic { to } => steps(*to),
        CaseWhat::Team { content: TeamContent::Reply { .. } } => true,
        CaseWhat::Team { .. } | CaseWhat::Unreadable => false,
    };
    view.entries.iter().map(|entry| &entry.what).map(told).collect()
}

fn next_act(view: &CaseView) -> Option<Act> {
    use CaseState as S;
    // Nobody should be led to act on a case that was tampered with.
    if view.findings.iter().any(|finding| !matches!(finding, Finding::MalformedReport { .. })) {
        return None;
    }
    if view.state.is_open() && view.summary.assignee.is_none() {
        return Some(Act::Claim);
    }
    if view.state.is_open() && reporter_wrote_last(view) {
        return Some(Act::Reply);
    }
    // What was called delivered is the reporter's to confirm, or the clock's to close as not confirmed; and what was not done is not closed.
    let is_unconfirmed =
        |(_, state): &(Remedy, RemedyState)| matches!(state, RemedyState::Delivered | RemedyState::NotDone);
    if view.state == S::Remedied && outcomes(view).iter().any(is_unconfirmed) {
        return None;
    }
    let wants_remedy = view.report.as_ref().is_some_and(|report| report.purpose.seeks_remedy());
    let to = match view.state {
        S::Received => S::Acknowledged,
        S::Acknowledged => S::InTriage,
        S::InTriage | S::NeedsInfo => S::InReview,
        S::InReview | S::Escalated | S::Referred | S::Duplicate | S::Appealed => S::Decided,
        S::Decided if wants_remedy && !was(view, S::RemedyInProgress) => S::RemedyInProgress,
        S::RemedyInProgress => S::Remedied,
        S::Decided | S::Remedied | S::OutOfScope | S::Withdrawn | S::Spam => S::Closed,
        S::Closed | S::Erased => return None,
    };
    view.next.contains(&to).then_some(Act::Step(to))
}

fn was(view: &CaseView, state: CaseState) -> bool {
    view.entries.iter().any(
        |entry| matches!(&entry.what, CaseWhat::Team { content: TeamContent::Transition { to, .. } } if *to == state),
    )
}

fn reporter_wrote_last(view: &CaseView) -> bool {
    let said = view.entries.iter().rev().find_map(|entry| match &entry.what {
        CaseWhat::Reporter { content: ReporterContent::Message { .. } | ReporterContent::EvidenceAdded { .. } } => {
            Some(true)
        }
        CaseWhat::Team { content: TeamContent::Reply { .. } } => Some(false),
        CaseWhat::Team { content: TeamContent::Transition { to, .. } } if !to.is_internal() => Some(false),
        _ => None,
    });
    said == Some(true)
}
