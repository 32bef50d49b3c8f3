//! What keeps a screen, or the whole, from going on.
//!
//! The rules are the domain's (`ReportDraft::check`), as far as this form can break them at all; asking the domain itself would double
//! what they weigh in the form's Wasm, for its answers are paths. A test draws drafts at random and holds the two against each other.

use recourse_domain::check::CONTENT_BYTES;
use recourse_domain::content::TEXT_CHARS;
use recourse_domain::question::{AnswerFault, check_answer};
use recourse_domain::report::{LOCATIONS, Purpose, SHORT_CHARS, URL_CHARS};
use recourse_domain::vocabulary::Identity;

use super::{Flaw, State, Step};

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
    TooLong(u32),
    /// Not a number of people.
    NotANumber,
    /// Named, but without a name.
    NoName,
    /// All texts together are too long.
    AllTooLong,
    /// A file is still being cleaned.
    FileBusy,
    /// A file that could not be cleaned, and nobody said yet what becomes of it.
    FileUndecided,
    /// Not an address of a page.
    NoLink,
    /// A notice without an address.
    NoAddress,
    /// More addresses than that.
    TooManyAddresses(u32),
    /// A notice without reasons.
    NoReasons,
    /// A notice without the statement of good faith.
    NoGoodFaith,
    /// Not a number of receipts.
    TooManyReceipts(u32),
    /// Not the two letters of a country.
    NoCountry,
    /// An answer to a question of the channel.
    Answer(AnswerFault),
}

/// Receipts that one group can have at once: each is a report that the readers get.
pub(super) const RECEIPTS: u32 = 10;

/// Bytes kept for what no text counts in: names of fields, ids, and for each file its hashes.
const FRAME_BYTES: usize = 8 * 1024;
/// The same for each file.
const FILE_BYTES: usize = 768;
/// The same for each address.
const PLACE_BYTES: usize = 16;
/// The same for each answer: names of fields, its id, and the labels of what was chosen.
const ANSWER_BYTES: usize = 512;

/// Collects faults of one screen after the other.
struct Faults {
    list: Vec<FormFault>,
    /// What all texts weigh in the report.
    bytes: usize,
}

impl Faults {
    fn add(&mut self, step: Step, field: &str, wrong: Wrong) {
        self.list.push(FormFault { step, field: field.to_owned(), wrong });
    }

    /// A text and the most characters that it may have.
    fn text(&mut self, step: Step, field: &str, text: &str, limit: usize) {
        self.bytes += json_bytes(text);
        if text.chars().count() > limit {
            self.add(step, field, Wrong::TooLong(limit as u32));
        }
    }

    fn number(&mut self, step: Step, field: &str, text: &str) {
        if !text.trim().is_empty() && number(text).is_none() {
            self.add(step, field, Wrong::NotANumber);
        }
    }
}

impl State {
    /// Everything that is wrong, in the order of the screens.
    pub fn all_faults(&self) -> Vec<FormFault> {
        let mut faults = Faults { list: Vec::new(), bytes: FRAME_BYTES };
        let draft = &self.draft;
        if draft.purpose.is_none() {
            faults.add(Step::Start, "doors", Wrong::NoDoor);
        }
        for (name, value) in &self.offered.context {
            faults.bytes += json_bytes(name) + json_bytes(value);
        }
        if self.identity() != Identity::Anonymous {
            if draft.identity == Identity::Named && self.contact_name.trim().is_empty() {
                faults.add(Step::Who, "contact-name", Wrong::NoName);
            }
            faults.text(Step::Who, "contact-name", self.contact_name.trim(), SHORT_CHARS);
            faults.text(Step::Who, "contact-reach", self.contact_reach.trim(), SHORT_CHARS);
        }

        let step = Step::WhatHappened;
        let long = (self.limits().text_chars as usize).min(TEXT_CHARS);
        let addresses = self.addresses().count();
        let named = !self.named_subject().is_empty() || !self.item.trim().is_empty();
        let placed = addresses > 0 || self.offered.subject.is_some() || named;
        let decision = self.appeal().map_or("", |appeal| &appeal.decision);
        let notice = self.takes_notice();
        if notice && !placed {
            faults.add(step, "url", Wrong::NoAddress);
        } else if draft.what_happened.trim().is_empty() && !placed && decision.trim().is_empty() {
            faults.add(step, "text-what-happened", Wrong::NothingSaid);
        }
        for address in self.addresses() {
            faults.bytes += json_bytes(address) + PLACE_BYTES;
        }
        if self.addresses().any(|address| address.chars().count() > URL_CHARS) {
            faults.add(step, "url", Wrong::TooLong(URL_CHARS as u32));
        }
        // One is kept for what the host offered, one for a name, one for a number.
        if addresses > LOCATIONS - 3 {
            faults.add(step, "url", Wrong::TooManyAddresses(LOCATIONS as u32 - 3));
        }
        faults.text(step, "decision", decision.trim(), SHORT_CHARS);
        if self.purpose_is(Purpose::IllegalContentNotice) {
            let (reasons, faith) =
                self.notice().map_or(("", false), |notice| (&*notice.reasons, notice.good_faith_statement));
            if notice && reasons.trim().is_empty() {
                faults.add(step, "text-reasons", Wrong::NoReasons);
            }
            faults.text(step, "text-reasons", reasons, long);
            if notice && !faith {
                faults.add(step, "good-faith", Wrong::NoGoodFaith);
            }
        }
        faults.text(step, "text-what-happened", &draft.what_happened, long);
        faults.number(step, "how-many", &self.how_many);
        faults.text(step, "subject-name", self.named_subject(), SHORT_CHARS);
        faults.text(step, "feature", draft.subject.feature.trim(), SHORT_CHARS);
        faults.text(step, "use-case", draft.subject.use_case.trim(), SHORT_CHARS);
        faults.text(step, "item", self.item.trim(), SHORT_CHARS);
        if !self.market.trim().is_empty() && self.market().is_none() {
            faults.add(step, "market", Wrong::NoCountry);
        }
        if let Some(customer) = self.customer() {
            faults.bytes += json_bytes(&customer.name) + PLACE_BYTES;
        }
        for (at, shown) in self.questions_shown().into_iter().enumerate() {
            let answer = self.answer(at);
            if let (true, Some(question)) = (shown, self.questions().get(at)) {
                faults.bytes += json_bytes(answer) + json_bytes(&question.label) + ANSWER_BYTES;
                if let Some(wrong) = check_answer(question, answer) {
                    faults.add(step, &["question-", &question.id].concat(), Wrong::Answer(wrong));
                }
            }
        }
        if self.seeks_remedy() {
            let step = Step::PuttingRight;
            if draft.represented.is_some() {
                faults.number(step, "represented-how-many", &self.represented_how_many);
                faults.number(step, "receipts", &self.receipts);
                if number(&self.receipts).is_some_and(|many| many > RECEIPTS) {
                    faults.add(step, "receipts", Wrong::TooManyReceipts(RECEIPTS));
                }
            }
            faults.text(step, "text-harm", &draft.harm, long);
        }

        for file in &self.evidence.files {
            faults.bytes += FILE_BYTES + json_bytes(&file.address);
            faults.bytes += json_bytes(file.name.trim()) + json_bytes(file.description.trim());
        }
        if faults.bytes > CONTENT_BYTES {
            faults.add(step, "text-what-happened", Wrong::AllTooLong);
        }
        for (field, flaw) in self.evidence.flaws() {
            let wrong = match flaw {
                Flaw::Busy => Wrong::FileBusy,
                Flaw::Undecided => Wrong::FileUndecided,
                Flaw::NoLink => Wrong::NoLink,
                Flaw::TooLong(limit) => Wrong::TooLong(limit),
            };
            faults.add(Step::Evidence, &field, wrong);
        }
        faults.list
    }

    /// Whether what the law asks of a notice is asked.
    pub fn takes_notice(&self) -> bool {
        self.purpose_is(Purpose::IllegalContentNotice) && self.open().is_some_and(super::OpenChannel::takes_notices)
    }

    /// What is wrong on one screen.
    pub(super) fn faults_of(&self, step: Step) -> Vec<FormFault> {
        let mut faults = Vec::new();
        for fault in self.all_faults() {
            if fault.step == step {
                faults.push(fault);
            }
        }
        faults
    }
}

/// Bytes of a text as a JSON string, with quotes and a separator; never less than it takes.
fn json_bytes(text: &str) -> usize {
    let mut bytes = 4;
    for byte in text.bytes() {
        bytes += match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..32 => 6,
            _ => 1,
        };
    }
    bytes
}

/// A number of people as people type it: what stands between thousands is left out.
pub(super) fn number(text: &str) -> Option<u32> {
    let mut number: Option<u32> = None;
    for c in text.chars() {
        match c.to_digit(10) {
            Some(digit) => number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?),
            None if c.is_whitespace() || matches!(c, '.' | ',' | '\'' | '’') => {}
            None => return None,
        }
    }
    number
}
