//! What the form edits: a report without keys and hashes, where anything may still be missing; and the check that it can be sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::channel::{GroupKind, LegalProfile, Limits};
use crate::check::{Checker, Said};
use crate::ids::{ChannelId, Digest};
use crate::report::{
    AffectedGroup, AgeBand, Answer, AppealReference, Categories, Consent, CustomAnswer, EvidenceId, EvidenceItem,
    EvidenceKind, Fault, FieldFault, Identity, Language, MediaType, Moment, Notice, Purpose, Relationship, Remedy,
    ReplyKeys, Report, ReportVersion, RepresentedGroup, Source, Subject, SubjectKind, Tool, When,
};

/// A report in the making.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is that of `Report`")]
pub struct ReportDraft {
    pub purpose: Option<Purpose>,
    pub relationships: Vec<Relationship>,
    pub identity: Identity,
    pub age_band: Option<AgeBand>,
    pub represented: Option<RepresentedGroup>,
    pub reader_involved: Option<Answer>,
    pub subject: Subject,
    /// The primary category; skipping the question sends `other_unsure`.
    pub category: Option<Category>,
    pub secondary_categories: Vec<Category>,
    pub what_happened: String,
    pub when: Option<When>,
    pub how_many: Option<u32>,
    pub can_be_undone: Option<Answer>,
    pub imminent_danger: Option<Answer>,
    pub fear_of_retaliation: Option<Answer>,
    pub affected_groups: Vec<AffectedGroup>,
    pub under_18_shown: Option<Answer>,
    pub harm: String,
    pub remedy_sought: Vec<Remedy>,
    pub may_tell_data_holder: bool,
    pub consent: Consent,
    pub notice: Option<Notice>,
    pub appeal: Option<AppealReference>,
    pub provider_context: BTreeMap<String, String>,
    /// What the host vouches for: a token that [`crate::context_token::ContextToken::read`] let pass.
    pub context_token: String,
    /// Sends the token with an anonymous report too. Stays on the device.
    pub keep_token: bool,
    pub answers: Vec<CustomAnswer>,
    pub evidence: Vec<EvidenceDraft>,
    /// Keeps the minute of captures in an anonymous report. Stays on the device.
    pub exact_times: bool,
}

/// An item of evidence before it is hashed and sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is that of `EvidenceItem`")]
pub struct EvidenceDraft {
    pub id: EvidenceId,
    pub kind: EvidenceKind,
    pub media_type: MediaType,
    pub size: u64,
    pub captured_at: Moment,
    pub tool: Tool,
    #[serde(default)]
    pub source: Source,
    #[serde(default)]
    pub redactions: u32,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub sensitive: bool,
    #[serde(default)]
    pub file_name: String,
}

impl EvidenceDraft {
    /// Completes the item with what was really sent: bytes and hash of the plain content, hash of the sealed one.
    pub fn into_item(self, size: u64, sha256: Digest, blob: Digest) -> EvidenceItem {
        let Self {
            id, kind, media_type, captured_at, tool, source, redactions, description, sensitive, file_name, ..
        } = self;
        EvidenceItem {
            id,
            kind,
            media_type,
            size,
            sha256,
            blob,
            captured_at,
            tool,
            source,
            redactions,
            description,
            sensitive,
            file_name,
        }
    }
}

/// What a report carries beside what the person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportKeys {
    /// The channel that the person saw.
    pub channel: ChannelId,
    /// Hash of its signed manifest.
    pub manifest: Digest,
    /// Language of the report.
    pub language: Language,
    /// How to answer.
    pub reply: ReplyKeys,
    /// The channel is in test mode.
    pub test: bool,
}

impl ReportDraft {
    /// The draft without what its purpose does not ask: answers to questions that are no longer on the screen, and blank places. The
    /// review step shows this, and [`Self::into_report`] sends nothing else.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if !self.purpose.is_some_and(Purpose::seeks_remedy) {
            self.harm.clear();
            self.remedy_sought.clear();
        }
        if !self.remedy_sought.contains(&Remedy::DeleteOrCorrectMyData) {
            self.may_tell_data_holder = false;
        }
        if self.purpose != Some(Purpose::IllegalContentNotice) {
            self.notice = None;
        }
        if self.purpose != Some(Purpose::Appeal) {
            self.appeal = None;
        }
        self.subject.locations.retain(|location| !location.is_blank());
        if !self.subject.is_of_the_state() {
            self.subject.public_customer = None;
        }
        self.provider_context.retain(|name, _| !name.is_empty());
        self.answers.retain(|answer| !answer.value.trim().is_empty());
        if self.identity == Identity::Anonymous && !self.keep_token {
            self.context_token.clear();
        }
        if self.identity == Identity::Anonymous && !self.exact_times {
            for item in &mut self.evidence {
                item.captured_at = item.captured_at.to_day();
            }
        }
        self
    }

    /// Whether it concerns the safety of a child, as the primary category or another one.
    pub fn is_child_safety(&self) -> bool {
        self.category == Some(Category::ChildSafety) || self.secondary_categories.contains(&Category::ChildSafety)
    }

    /// Whether pictures and files are refused: under child safety, and whenever somebody shown may be under 18.
    pub fn refuses_media(&self) -> bool {
        self.is_child_safety() || matches!(self.under_18_shown, Some(Answer::Yes | Answer::NotSure))
    }

    /// Who should read it: the independent group where one of the readers or the provider is involved and for appeals, the restricted
    /// one for child safety, else the team. A channel may lack the first two: then its team reads, and the form says so.
    pub fn readers(&self) -> GroupKind {
        if self.reader_involved == Some(Answer::Yes) {
            GroupKind::Independent
        } else if self.is_child_safety() {
            GroupKind::Restricted
        } else if self.subject.kind == SubjectKind::Provider || self.purpose == Some(Purpose::Appeal) {
            GroupKind::Independent
        } else {
            GroupKind::Team
        }
    }

    /// Everything that keeps the draft from being sent, in the order of the form; empty if it can be. Answers that
    /// [`Self::settled`] drops are not looked at.
    pub fn check(&self, limits: &Limits, legal: LegalProfile) -> Vec<FieldFault> {
        let draft = self.clone().settled();
        let mut checker = Checker::default();
        checker.require("purpose", draft.purpose.is_some());

        let blank = |text: &str| text.trim().is_empty();
        // An appeal that names its decision already says something.
        let names_decision = draft.appeal.as_ref().is_some_and(|appeal| !blank(&appeal.decision));
        let says = !blank(&draft.what_happened) || !draft.subject.locations.is_empty() || names_decision;
        checker.require("what_happened", says);

        // DSA Art. 16(2)(a), (b) and (d); under other profiles the same fields may be skipped like any other.
        if draft.purpose == Some(Purpose::IllegalContentNotice)
            && matches!(legal, LegalProfile::DsaHosting | LegalProfile::DsaPlatform)
        {
            checker.require("subject.locations", !draft.subject.locations.is_empty());
            checker.require("notice.reasons", draft.notice.as_ref().is_some_and(|notice| !blank(&notice.reasons)));
            let good_faith = draft.notice.as_ref().is_some_and(|notice| notice.good_faith_statement);
            checker.require("notice.good_faith_statement", good_faith);
        }

        if draft.category.is_some_and(|primary| draft.secondary_categories.contains(&primary)) {
            checker.add("category.secondary", Fault::Repeated);
        }
        checker.said(&draft.said(), limits.text_chars as usize);
        draft.check_evidence(limits, &mut checker);
        checker.finish()
    }

    fn check_evidence(&self, limits: &Limits, checker: &mut Checker) {
        checker.count(
            "evidence",
            self.evidence.len(),
            (limits.attachments as usize).min(crate::report::EVIDENCE_ITEMS),
        );
        for (at, item) in self.evidence.iter().enumerate() {
            let path = format!("evidence[{at}]");
            if self.refuses_media() && !item.is_reference() {
                checker.add(&path, Fault::MediaRefused);
            }
            if item.size > limits.attachment_bytes {
                checker.add(&format!("{path}.size"), Fault::TooLarge(limits.attachment_bytes));
            }
            if self.evidence[..at].iter().any(|earlier| earlier.id == item.id) {
                checker.add(&format!("{path}.id"), Fault::Repeated);
            }
            checker.evidence(&path, &item.tool, &item.source, &item.description, &item.file_name);
        }
        let total = self.evidence.iter().fold(0_u64, |sum, item| sum.saturating_add(item.size));
        if total > limits.report_bytes {
            checker.add("evidence", Fault::TooLarge(limits.report_bytes));
        }
    }

    fn said(&self) -> Said<'_> {
        Said {
            relationships: &self.relationships,
            subject: &self.subject,
            secondary: &self.secondary_categories,
            what_happened: &self.what_happened,
            affected_groups: &self.affected_groups,
            harm: &self.harm,
            remedy_sought: &self.remedy_sought,
            notice: self.notice.as_ref(),
            appeal: self.appeal.as_ref(),
            provider_context: &self.provider_context,
            context_token: &self.context_token,
            answers: &self.answers,
        }
    }

    /// The report, with the evidence as it was really sent (see [`EvidenceDraft::into_item`]), in the order of the sealed attachments.
    /// A draft without a purpose, which [`Self::check`] does not let pass, becomes a report of misuse.
    pub fn into_report(self, keys: ReportKeys, evidence: Vec<EvidenceItem>) -> Report {
        let rounds = self.identity == Identity::Anonymous && !self.exact_times;
        let draft = self.settled();
        let ReportKeys { channel, manifest, language, reply, test } = keys;
        let mut evidence = evidence;
        if rounds {
            for item in &mut evidence {
                item.captured_at = item.captured_at.to_day();
            }
        }
        Report {
            version: ReportVersion::V1,
            channel,
            manifest,
            language,
            reply,
            purpose: draft.purpose.unwrap_or(Purpose::FlagMisuse),
            relationships: draft.relationships,
            identity: draft.identity,
            age_band: draft.age_band,
            represented: draft.represented,
            reader_involved: draft.reader_involved,
            subject: draft.subject,
            category: Categories {
                primary: draft.category.unwrap_or(Category::OtherUnsure),
                secondary: draft.secondary_categories,
            },
            what_happened: draft.what_happened,
            when: draft.when,
            how_many: draft.how_many,
            can_be_undone: draft.can_be_undone,
            imminent_danger: draft.imminent_danger,
            fear_of_retaliation: draft.fear_of_retaliation,
            affected_groups: draft.affected_groups,
            under_18_shown: draft.under_18_shown,
            harm: draft.harm,
            remedy_sought: draft.remedy_sought,
            may_tell_data_holder: draft.may_tell_data_holder,
            consent: draft.consent,
            notice: draft.notice,
            appeal: draft.appeal,
            provider_context: draft.provider_context,
            context_token: draft.context_token,
            answers: draft.answers,
            test,
            evidence,
        }
    }
}

impl EvidenceDraft {
    /// Whether it only points at something: an address, the host's ids, a hash, as text.
    pub fn is_reference(&self) -> bool {
        let text = self.media_type.as_str().starts_with("text/") || self.media_type.as_str() == "application/json";
        matches!(self.kind, EvidenceKind::Link | EvidenceKind::ProviderContext) && text
    }
}
