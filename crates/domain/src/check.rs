//! Faults of a report's content: what types alone do not exclude. The same rules serve the form (with the channel's limits) and the
//! reader of a report (with those of the format).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::content::TEXT_CHARS;
use crate::context_token::TOKEN_BYTES;
use crate::question::{ANSWER_CHARS, CHOSEN_CHARS, CustomAnswer, LABEL_CHARS, QUESTIONS};
use crate::report::{
    AffectedGroup, AppealReference, CONTEXT_ENTRIES, CONTEXT_NAME_CHARS, EVIDENCE_ITEMS, LOCATIONS, Notice,
    Relationship, Remedy, Report, SHORT_CHARS, Source, Subject, Tool, URL_CHARS,
};
use crate::settings::CUSTOMER_CHARS;

/// Bytes that the content of a draft may have as JSON, reckoned upwards; the rest of the largest body is for keys and names of fields.
pub const CONTENT_BYTES: usize = 120 * 1024;

/// What is wrong with a field, so that the form can say it in the person's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "fault", content = "limit")]
pub enum Fault {
    /// Has to be filled in.
    #[error("is missing")]
    Missing,
    /// More characters than the limit.
    #[error("has more than {0} characters")]
    TooLong(u64),
    /// More entries than the limit.
    #[error("has more than {0} entries")]
    TooMany(u64),
    /// More bytes than the limit.
    #[error("has more than {0} bytes")]
    TooLarge(u64),
    /// Stands there twice.
    #[error("is repeated")]
    Repeated,
    /// Pictures and files are not taken with this category, nor where somebody shown may be under 18.
    #[error("is a picture or file, which is not taken here")]
    MediaRefused,
}

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{path} {fault}")]
#[serde(deny_unknown_fields)]
pub struct FieldFault {
    /// The path of the field in the report, as in `subject.locations[0].url`; empty for the report as a whole.
    pub path: String,
    /// What is wrong.
    pub fault: Fault,
}

/// The free content that draft and report have in common.
pub(crate) struct Said<'a> {
    pub(crate) relationships: &'a [Relationship],
    pub(crate) subject: &'a Subject,
    pub(crate) secondary: &'a [Category],
    pub(crate) what_happened: &'a str,
    pub(crate) affected_groups: &'a [AffectedGroup],
    pub(crate) harm: &'a str,
    pub(crate) remedy_sought: &'a [Remedy],
    pub(crate) notice: Option<&'a Notice>,
    pub(crate) appeal: Option<&'a AppealReference>,
    pub(crate) provider_context: &'a BTreeMap<String, String>,
    pub(crate) context_token: &'a str,
    pub(crate) answers: &'a [CustomAnswer],
}

/// Collects faults, and counts how large the content will be as JSON.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    faults: Vec<FieldFault>,
    bytes: usize,
}

impl Checker {
    pub(crate) fn add(&mut self, path: &str, fault: Fault) {
        self.faults.push(FieldFault { path: path.to_owned(), fault });
    }

    pub(crate) fn require(&mut self, path: &str, there: bool) {
        if !there {
            self.add(path, Fault::Missing);
        }
    }

    pub(crate) fn count(&mut self, path: &str, count: usize, limit: usize) {
        if count > limit {
            self.add(path, Fault::TooMany(limit as u64));
        }
    }

    fn text(&mut self, path: &str, text: &str, limit: usize) {
        self.bytes += json_bytes(text);
        if text.chars().count() > limit {
            self.add(path, Fault::TooLong(limit as u64));
        }
    }

    fn unique<T: PartialEq>(&mut self, path: &str, items: &[T]) {
        // Ids have at most 29 characters, and quotes and a comma.
        self.bytes += 32 * items.len();
        if items.iter().enumerate().any(|(at, item)| items[..at].contains(item)) {
            self.add(path, Fault::Repeated);
        }
    }

    /// Looks at all free content; `limit` is for the long texts, never above [`TEXT_CHARS`].
    pub(crate) fn said(&mut self, said: &Said<'_>, limit: usize) {
        let long = limit.min(TEXT_CHARS);
        self.unique("relationships", said.relationships);
        self.count("subject.locations", said.subject.locations.len(), LOCATIONS);
        for (at, location) in said.subject.locations.iter().enumerate() {
            self.bytes += 64;
            let path = |field: &str| format!("subject.locations[{at}].{field}");
            self.text(&path("url"), &location.url, URL_CHARS);
            self.text(&path("item_id"), &location.item_id, SHORT_CHARS);
            self.text(&path("tenant_ref"), &location.tenant_ref, SHORT_CHARS);
            self.text(&path("description"), &location.description, SHORT_CHARS);
        }
        self.text("subject.product", &said.subject.product, SHORT_CHARS);
        self.text("subject.feature", &said.subject.feature, SHORT_CHARS);
        self.text("subject.use_case", &said.subject.use_case, SHORT_CHARS);
        if let Some(customer) = &said.subject.public_customer {
            self.bytes += 64;
            self.text("subject.public_customer.name", &customer.name, CUSTOMER_CHARS);
        }
        self.unique("category.secondary", said.secondary);
        self.text("what_happened", said.what_happened, long);
        self.unique("affected_groups", said.affected_groups);
        self.text("harm", said.harm, long);
        self.unique("remedy_sought", said.remedy_sought);
        if let Some(notice) = said.notice {
            self.text("notice.reasons", &notice.reasons, long);
        }
        if let Some(appeal) = said.appeal {
            self.text("appeal.decision", &appeal.decision, SHORT_CHARS);
        }
        self.count("provider_context", said.provider_context.len(), CONTEXT_ENTRIES);
        for (name, value) in said.provider_context {
            let path = format!("provider_context.{name}");
            self.require("provider_context", !name.is_empty());
            self.text(&path, name, CONTEXT_NAME_CHARS);
            self.text(&path, value, SHORT_CHARS);
        }
        self.text("context_token", said.context_token, TOKEN_BYTES);
        self.count("answers", said.answers.len(), QUESTIONS);
        for (at, answer) in said.answers.iter().enumerate() {
            self.bytes += 64;
            let path = |field: &str| format!("answers[{at}].{field}");
            self.text(&path("question"), &answer.question, 40);
            self.text(&path("asked"), &answer.asked, LABEL_CHARS);
            self.text(&path("value"), &answer.value, ANSWER_CHARS);
            self.text(&path("chosen"), &answer.chosen, CHOSEN_CHARS);
        }
    }

    /// Looks at the texts of an item of evidence.
    pub(crate) fn evidence(&mut self, path: &str, tool: &Tool, source: &Source, description: &str, file_name: &str) {
        // Names of the fields, two hashes, id, media type, numbers.
        self.bytes += 640;
        self.text(&format!("{path}.tool.name"), &tool.name, SHORT_CHARS);
        self.text(&format!("{path}.tool.version"), &tool.version, SHORT_CHARS);
        self.text(&format!("{path}.source.url"), &source.url, URL_CHARS);
        self.text(&format!("{path}.source.title"), &source.title, SHORT_CHARS);
        self.text(&format!("{path}.source.selector"), &source.selector, URL_CHARS);
        self.text(&format!("{path}.description"), description, SHORT_CHARS);
        self.text(&format!("{path}.file_name"), file_name, SHORT_CHARS);
    }

    /// The faults, with one for the whole if it would not fit a body.
    pub(crate) fn finish(mut self) -> Vec<FieldFault> {
        if self.bytes > CONTENT_BYTES {
            self.add("", Fault::TooLarge(CONTENT_BYTES as u64));
        }
        self.faults
    }
}

/// Bytes of a text as a JSON string, with quotes and a separator.
fn json_bytes(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..32 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum::<usize>() + 4
}

impl Report {
    /// What the types do not exclude: texts and lists that are too long, values that stand twice. Empty for every report that
    /// [`crate::draft::ReportDraft::check`] let pass.
    pub fn check(&self) -> Vec<FieldFault> {
        let mut checker = Checker::default();
        checker.said(
            &Said {
                relationships: &self.relationships,
                subject: &self.subject,
                secondary: &self.category.secondary,
                what_happened: &self.what_happened,
                affected_groups: &self.affected_groups,
                harm: &self.harm,
                remedy_sought: &self.remedy_sought,
                notice: self.notice.as_ref(),
                appeal: self.appeal.as_ref(),
                provider_context: &self.provider_context,
                context_token: &self.context_token,
                answers: &self.answers,
            },
            TEXT_CHARS,
        );
        checker.count("evidence", self.evidence.len(), EVIDENCE_ITEMS);
        for (at, item) in self.evidence.iter().enumerate() {
            let path = format!("evidence[{at}]");
            checker.evidence(&path, &item.tool, &item.source, &item.description, &item.file_name);
        }
        // The size of the whole is the parser's to judge: it has the bytes.
        checker.faults
    }
}
