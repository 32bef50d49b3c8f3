//! What the types of a channel file do not exclude.

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;

use super::{CHANNEL_FILE_VERSION, ChannelFile, GroupEntry, StageEntry};
use crate::channel::{GroupKind, LegalProfile};
use crate::context_token::TokenAlgorithm;
use crate::lifecycle::CaseState;
use crate::question::{
    ANSWER_CHARS, CATEGORY, CONDITIONS, LABEL_CHARS, NUMBER_MAX, OPTIONS, PURPOSE, QUESTIONS, Question, QuestionKind,
    Texts,
};
use crate::settings::{CONTEXT_KEYS, CUSTOMERS, FORM_LANGUAGES, NEVER_HIDDEN};
use crate::vocabulary::Purpose;

/// Characters of a name.
const NAME_CHARS: usize = 200;
/// Characters of a text of one or two sentences.
const SENTENCE_CHARS: usize = 1_000;
/// Characters of notice and rules.
const NOTICE_CHARS: usize = 20_000;

/// Something in a channel file that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelFault {
    /// Where, as in `stages.in_review.days` or `questions[0].id`.
    pub path: String,
    /// What, and what would hold.
    pub problem: String,
}

impl fmt::Display for ChannelFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)
    }
}

#[derive(Default)]
struct Faults(Vec<ChannelFault>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, problem: impl Into<String>) {
        self.0.push(ChannelFault { path: path.into(), problem: problem.into() });
    }

    fn range(&mut self, path: impl Into<String>, value: u64, least: u64, most: u64) {
        if value < least {
            self.add(path, format!("{value} is too few ({least}–{most})"));
        } else if value > most {
            self.add(path, format!("{value} is too many ({least}–{most})"));
        }
    }

    fn count(&mut self, path: &str, count: usize, least: usize, most: usize) {
        if count < least || count > most {
            let few = if count < least { "few" } else { "many" };
            self.add(path, format!("{count} entries are too {few} ({least}–{most})"));
        }
    }

    fn text(&mut self, path: impl Into<String>, text: &str, most: usize) {
        let chars = text.chars().count();
        if text.trim().is_empty() {
            self.add(path, "is empty");
        } else if chars > most {
            self.add(path, format!("{chars} characters are too many (1–{most})"));
        } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.add(path, "holds a control character");
        }
    }

    fn once<T: PartialEq + fmt::Display>(&mut self, path: &str, items: &[T]) {
        for (at, item) in items.iter().enumerate() {
            if items[..at].contains(item) {
                self.add(format!("{path}[{at}]"), format!("{item} stands twice"));
            }
        }
    }
}

impl ChannelFile {
    /// What does not hold, in the order of the file; empty for a good one. That keys can be read, that a time zone exists and that the
    /// logo is a picture is for the command to find out, which has what it takes.
    pub fn check(&self) -> Vec<ChannelFault> {
        let mut faults = Faults::default();
        if self.version != CHANNEL_FILE_VERSION {
            faults.add("version", format!("{} is not known here, {CHANNEL_FILE_VERSION} is", self.version));
        }
        faults.text("provider", &self.provider, NAME_CHARS);
        faults.text("product", &self.product, NAME_CHARS);
        faults.range("term_days", self.term_days.into(), 30, 730);
        self.check_languages(&mut faults);
        self.texts(&mut faults, "reading_hours", &self.reading_hours, SENTENCE_CHARS);
        if let Some(accent) = &self.accent {
            check_accent(&mut faults, accent);
        }
        self.check_origins(&mut faults);
        self.check_controller(&mut faults);
        self.check_groups(&mut faults);
        self.check_stages(&mut faults);
        self.check_calendar(&mut faults);
        faults.once("categories.first", &self.categories.first);
        faults.once("categories.hidden", &self.categories.hidden);
        for (at, category) in self.categories.hidden.iter().enumerate() {
            let path = format!("categories.hidden[{at}]");
            if NEVER_HIDDEN.contains(category) {
                faults.add(&path, format!("{category} cannot be hidden"));
            }
            if self.categories.first.contains(category) {
                faults.add(path, format!("{category} is also among categories.first"));
            }
        }
        faults.count("questions", self.questions.len(), 0, QUESTIONS);
        for at in 0..self.questions.len() {
            self.check_question(&mut faults, at);
        }
        faults.count("other_routes", self.other_routes.len(), 0, 50);
        for (at, route) in self.other_routes.iter().enumerate() {
            faults.text(format!("other_routes[{at}].name"), &route.name, NAME_CHARS);
            self.texts(&mut faults, &format!("other_routes[{at}].text"), &route.text, SENTENCE_CHARS);
            if !route.url.starts_with("https://") || route.url.len() > 2_000 || route.url.contains(char::is_whitespace)
            {
                faults.add(format!("other_routes[{at}].url"), "is not an address like https://example.org/help");
            }
        }
        faults.count("public_customers", self.public_customers.len(), 0, CUSTOMERS);
        let names: Vec<_> = self.public_customers.iter().map(|customer| &customer.name).collect();
        faults.once("public_customers", &names);
        for (at, name) in names.into_iter().enumerate() {
            faults.text(format!("public_customers[{at}].name"), name, NAME_CHARS);
        }
        let limits = &self.limits;
        faults.range("limits.attachment_bytes", limits.attachment_bytes, 65_536, 104_857_600);
        faults.range("limits.report_bytes", limits.report_bytes, limits.attachment_bytes, 1_073_741_824);
        faults.range("limits.attachments", limits.attachments.into(), 0, 100);
        faults.range("limits.text_chars", limits.text_chars.into(), 1_000, 20_000);
        self.check_context_keys(&mut faults);
        faults.0
    }

    /// A text has to be there in English, which stands in for languages that are missing, and in every language of the form.
    fn texts(&self, faults: &mut Faults, path: &str, texts: &Texts, most: usize) {
        let wanted = self.languages.iter().map(|language| language.as_str()).chain(["en"]).collect::<BTreeSet<_>>();
        for language in &wanted {
            if !texts.contains_key(*language) {
                faults.add(format!("{path}.{language}"), "is missing");
            }
        }
        for (language, text) in texts {
            let known = if self.languages.is_empty() {
                FORM_LANGUAGES.contains(&language.as_str())
            } else {
                wanted.contains(language.as_str())
            };
            let path = format!("{path}.{language}");
            if !known {
                faults.add(path, "is not one of the form's languages here");
                continue;
            }
            faults.text(path, text, most);
        }
    }

    fn check_languages(&self, faults: &mut Faults) {
        faults.once("languages", &self.languages);
        for (at, language) in self.languages.iter().enumerate() {
            if !FORM_LANGUAGES.contains(&language.as_str()) {
                let known = FORM_LANGUAGES.join(", ");
                faults.add(format!("languages[{at}]"), format!("the form has no {language}; it has {known}"));
            }
        }
        faults.count("reads", self.reads.len(), 1, 20);
        faults.once("reads", &self.reads);
    }

    fn check_origins(&self, faults: &mut Faults) {
        for (path, origin) in [("origins.intake", &self.origins.intake), ("origins.console", &self.origins.console)] {
            if !is_served(origin) {
                faults.add(path, "is not an origin like https://report.example, without a path");
            }
        }
        if self.origins.intake == self.origins.console {
            faults.add("origins.console", "is the intake's; the console needs an origin of its own");
        }
        faults.count("origins.embed", self.origins.embed.len(), 0, 100);
        for (at, origin) in self.origins.embed.iter().enumerate() {
            let plain = origin.replacen("://*.", "://", 1);
            if !is_served(&plain) {
                faults.add(
                    format!("origins.embed[{at}]"),
                    "is not an origin like https://app.example or https://*.example",
                );
            }
        }
    }

    fn check_controller(&self, faults: &mut Faults) {
        let controller = &self.controller;
        // A test may lack both texts; a channel that goes live may not.
        let needs = |texts: &Texts| !self.test || !texts.is_empty();
        faults.text("controller.name", &controller.name, SENTENCE_CHARS);
        faults.text("controller.contact", &controller.contact, SENTENCE_CHARS);
        if needs(&controller.privacy_notice) {
            self.texts(faults, "controller.privacy_notice", &controller.privacy_notice, NOTICE_CHARS);
        }
        if needs(&controller.rules) {
            self.texts(faults, "controller.rules", &controller.rules, NOTICE_CHARS);
        }
    }

    fn check_groups(&self, faults: &mut Faults) {
        let kinds: Vec<&str> = self.groups.iter().map(|group| group.kind.as_str()).collect();
        faults.once("groups", &kinds);
        if !self.groups.iter().any(|group| group.kind == GroupKind::Team) {
            faults.add("groups", "has no group of the kind team");
        }
        for (at, GroupEntry { name, members, .. }) in self.groups.iter().enumerate() {
            faults.text(format!("groups[{at}].name"), name, NAME_CHARS);
            faults.count(&format!("groups[{at}].members"), members.len(), 1, 50);
            let keys: Vec<&String> = members.iter().map(|member| &member.key).collect();
            faults.once(&format!("groups[{at}].members"), &keys);
            for (index, member) in members.iter().enumerate() {
                let path = format!("groups[{at}].members[{index}]");
                faults.text(format!("{path}.name"), &member.name, NAME_CHARS);
                if !is_base64url_32(&member.key) {
                    faults.add(
                        format!("{path}.key"),
                        "is not the signing key of a reviewer (43 characters of base64url)",
                    );
                }
            }
        }
    }

    fn check_stages(&self, faults: &mut Faults) {
        let mut before = 0;
        for (state, StageEntry { days, working_days, text }) in self.stages.iter() {
            let path = |field: &str| format!("stages.{state}.{field}");
            faults.range(path("days"), (*days).into(), 1, if *working_days { 60 } else { 365 });
            if *working_days && self.calendar.is_none() {
                faults.add(path("working_days"), "needs [calendar]");
            }
            if *days < before {
                faults.add(path("days"), format!("{days} is less than the {before} of the stage before"));
            }
            before = *days;
            self.texts(faults, &path("text"), text, SENTENCE_CHARS);
            // Directive (EU) 2019/1937, Art. 9(1)(f): three months, which have 89 days at least.
            if state == CaseState::Decided && self.legal_profile == LegalProfile::EuWhistleblower {
                if *working_days {
                    faults.add(path("working_days"), "eu_whistleblower counts calendar days");
                } else if *days > 89 {
                    faults.add(path("days"), format!("{days} is too many under eu_whistleblower (three months: 1–89)"));
                }
            }
        }
    }

    fn check_calendar(&self, faults: &mut Faults) {
        if let Some(calendar) = &self.calendar {
            faults.text("calendar.time_zone", &calendar.time_zone, 64);
            faults.count("calendar.working_days", calendar.working_days.len(), 1, 7);
            faults.once("calendar.working_days", &calendar.working_days);
            faults.count("calendar.holidays", calendar.holidays.len(), 0, 200);
            faults.once("calendar.holidays", &calendar.holidays);
        }
        faults.count("absences", self.absences.len(), 0, 100);
        for (at, absence) in self.absences.iter().enumerate() {
            let path = |field: &str| format!("absences[{at}].{field}");
            let of =
                |name: &str| self.groups.iter().find(|group| group.members.iter().any(|member| member.name == name));
            let Some(group) = of(&absence.member) else {
                faults.add(path("member"), format!("nobody in a group is called {:?}", absence.member));
                continue;
            };
            let deputises = group.members.iter().any(|member| member.name == absence.deputy);
            if !deputises || absence.deputy == absence.member {
                faults.add(path("deputy"), "is not another member of the same group");
            }
            if absence.until < absence.from {
                faults.add(path("until"), format!("{} is before {}", absence.until, absence.from));
            }
        }
    }

    fn check_question(&self, faults: &mut Faults, at: usize) {
        let question = &self.questions[at];
        let path = |field: &str| format!("questions[{at}].{field}");
        if !is_id(&question.id) || [PURPOSE, CATEGORY].contains(&question.id.as_str()) {
            faults.add(path("id"), "is not a name of a-z, 0-9 and _, of 1 to 40 characters, beginning with a letter");
        }
        if self.questions[..at].iter().any(|earlier| earlier.id == question.id) {
            faults.add(path("id"), format!("{} stands twice", question.id));
        }
        self.texts(faults, &path("label"), &question.label, LABEL_CHARS);
        if let Some(help) = &question.help {
            self.texts(faults, &path("help"), help, LABEL_CHARS);
        }
        let only = |faults: &mut Faults, field: &str, there: bool, kind: QuestionKind| {
            if there && question.kind != kind {
                faults.add(path(field), format!("is for questions of the kind {kind}, not {}", question.kind));
            }
        };
        only(faults, "options", !question.options.is_empty(), QuestionKind::Choice);
        only(faults, "several", question.several, QuestionKind::Choice);
        only(faults, "max_chars", question.max_chars.is_some(), QuestionKind::Text);
        only(faults, "multiline", question.multiline, QuestionKind::Text);
        only(faults, "min", question.min.is_some(), QuestionKind::Number);
        only(faults, "max", question.max.is_some(), QuestionKind::Number);
        if question.kind == QuestionKind::Choice {
            faults.count(&path("options"), question.options.len(), 2, OPTIONS);
        }
        for (index, option) in question.options.iter().enumerate() {
            let path = |field: &str| format!("questions[{at}].options[{index}].{field}");
            if !is_id(&option.id) {
                faults
                    .add(path("id"), "is not a name of a-z, 0-9 and _, of 1 to 40 characters, beginning with a letter");
            }
            if question.options[..index].iter().any(|earlier| earlier.id == option.id) {
                faults.add(path("id"), format!("{} stands twice", option.id));
            }
            self.texts(faults, &path("label"), &option.label, LABEL_CHARS);
        }
        if let Some(chars) = question.max_chars {
            faults.range(path("max_chars"), chars.into(), 1, ANSWER_CHARS as u64);
        }
        for (field, number) in [("min", question.min), ("max", question.max)] {
            if number.is_some_and(|number| number.unsigned_abs() > NUMBER_MAX.unsigned_abs()) {
                faults.add(path(field), format!("is beyond {NUMBER_MAX}"));
            }
        }
        if let (Some(min), Some(max)) = (question.min, question.max)
            && max < min
        {
            faults.add(path("max"), format!("{max} is less than the {min} of min"));
        }
        self.check_conditions(faults, at, question);
    }

    fn check_conditions(&self, faults: &mut Faults, at: usize, question: &Question) {
        faults.count(&format!("questions[{at}].show_if"), question.show_if.len(), 0, CONDITIONS);
        for (index, condition) in question.show_if.iter().enumerate() {
            let path = format!("questions[{at}].show_if[{index}]");
            let earlier = self.questions[..at].iter().find(|earlier| earlier.id == condition.question);
            for (place, id) in condition.is.iter().enumerate() {
                let (fits, what) = match (condition.question.as_str(), earlier) {
                    (PURPOSE, _) => (id.parse::<Purpose>().is_ok(), "a purpose"),
                    (CATEGORY, _) => (id.parse::<crate::category::Category>().is_ok(), "a category"),
                    (_, Some(earlier)) => {
                        (earlier.options.iter().any(|option| option.id == *id), "an option of that question")
                    }
                    (_, None) => continue,
                };
                if !fits {
                    faults.add(format!("{path}.is[{place}]"), format!("{id} is not {what}"));
                }
            }
            if earlier.is_none() && ![PURPOSE, CATEGORY].contains(&condition.question.as_str()) {
                faults.add(
                    format!("{path}.question"),
                    format!("{} is not an earlier question, nor purpose or category", condition.question),
                );
            }
        }
    }

    fn check_context_keys(&self, faults: &mut Faults) {
        faults.count("context_keys", self.context_keys.len(), 0, CONTEXT_KEYS);
        let ids: Vec<&String> = self.context_keys.iter().map(|key| &key.id).collect();
        faults.once("context_keys", &ids);
        for (at, key) in self.context_keys.iter().enumerate() {
            let path = |field: &str| format!("context_keys[{at}].{field}");
            faults.text(path("id"), &key.id, NAME_CHARS);
            if !is_base64url_32(&key.x) {
                faults.add(path("x"), "is not 32 bytes of base64url without padding");
            }
            match key.alg.parse() {
                Err(_) => faults.add(path("alg"), format!("{:?} is neither EdDSA nor ES256", key.alg)),
                Ok(TokenAlgorithm::EdDsa) if key.y.is_some() => faults.add(path("y"), "is for ES256 only"),
                Ok(TokenAlgorithm::Es256) if !key.y.as_deref().is_some_and(is_base64url_32) => {
                    faults.add(path("y"), "is not 32 bytes of base64url without padding");
                }
                Ok(_) => {}
            }
        }
    }
}

fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=40).contains(&text.len()) && text.as_bytes()[0].is_ascii_lowercase() && text.bytes().all(fits)
}

fn is_base64url_32(text: &str) -> bool {
    BASE64URL_NOPAD.decode(text.as_bytes()).is_ok_and(|bytes| bytes.len() == 32)
}

/// An origin of a page: `https`, or `http` on the machine itself.
fn is_served(origin: &str) -> bool {
    let Some((scheme, host)) = origin.split_once("://") else { return false };
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    let local = name == "localhost" || name == "127.0.0.1";
    (scheme == "https" || (scheme == "http" && local))
        && !name.is_empty()
        && name.bytes().all(fits)
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// `#rrggbb`; white or black text on it always reaches 4.5:1, so any colour will do for a button. What a link in it would look like on
/// the page is for the form to adapt.
fn check_accent(faults: &mut Faults, accent: &str) {
    let digits = accent.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        faults.add("accent", "is not a colour like #0a5c7a");
    }
}
