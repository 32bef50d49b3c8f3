//! What the engine is asked, written as JSON by hand: `wire::engine::Request` in its serde form, which a test reads back with serde.
//!
//! A form that builds the request's types first and has them serialised carries each field three times over in its Wasm. Here each field
//! has one line.

use recourse_domain::channel::GroupKind;
use recourse_domain::content::Contact;
use recourse_domain::report::{Purpose, SHORT_CHARS};
use recourse_domain::text::Country;
use recourse_domain::vocabulary::{Answer, Identity, Remedy, SubjectKind};

use super::fault::number;
use super::{OfferedSubject, State};

/// JSON in the making. Text goes in escaped, names come from here and need none.
#[derive(Debug, Default)]
pub(super) struct Json {
    pub(super) text: String,
    /// A comma comes before the next member.
    comma: bool,
}

impl Json {
    pub(super) fn open(&mut self, name: &str, bracket: char) {
        self.name(name);
        self.text.push(bracket);
        self.comma = false;
    }

    pub(super) fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.comma = true;
    }

    /// A comma if need be, and a name if there is one.
    fn name(&mut self, name: &str) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
        if !name.is_empty() {
            self.quoted(name);
            self.text.push(':');
        }
    }

    pub(super) fn string(&mut self, name: &str, text: &str) {
        self.name(name);
        self.quoted(text);
    }

    /// A text that is left out where it is empty.
    pub(super) fn filled(&mut self, name: &str, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.string(name, text);
        }
    }

    pub(super) fn answer(&mut self, name: &str, answer: Option<Answer>) {
        self.filled(name, answer.map_or("", Answer::as_str));
    }

    /// A number, a boolean.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        self.name(name);
        self.text.push_str(value);
    }

    pub(super) fn flag(&mut self, name: &str, on: bool) {
        self.plain(name, if on { "true" } else { "false" });
    }

    fn count(&mut self, name: &str, count: Option<u32>) {
        if let Some(count) = count {
            self.plain(name, &count.to_string());
        }
    }

    fn quoted(&mut self, text: &str) {
        quote(&mut self.text, text);
    }
}

/// Adds a text as JSON.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..' ' => {
                out.push_str("\\u00");
                for half in [c as u32 >> 4, c as u32 & 15] {
                    out.push(char::from_digit(half, 16).unwrap_or('0'));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

impl State {
    /// The request `send`: the whole report, contact details and the list of files. With a record it is `seal_record`, with a further
    /// receipt of a group there are no files: the first report has them.
    pub(super) fn letter(&self) -> String {
        let json = &mut Json::default();
        let further = self.given.first.is_some();
        json.open("", '{');
        let request = match self.purpose_is(Purpose::RecordOnly) {
            true => "seal_record",
            false if self.shelf.is_sealing() => "keep",
            false => "send",
        };
        json.open(request, '{');
        self.write_draft(json);
        json.string("language", &self.given.language);
        let Contact { name, reach } = self.contact();
        json.open("contact", '{');
        json.filled("name", &name.unwrap_or_default());
        json.filled("reach", &reach.unwrap_or_default());
        json.close('}');
        json.flag("urgent", self.urgent);
        json.string("readers", self.readers().map_or(GroupKind::Team, |readers| readers.kind).as_str());
        json.open("files", '[');
        for file in &self.evidence.files {
            if further {
                break;
            }
            json.open("", '{');
            json.count("id", Some(file.id));
            json.string("name", file.name.trim());
            json.string("media_type", &file.media_type);
            json.plain("size", &file.size.to_string());
            json.filled("description", &file.description);
            json.string("kind", file.kind.as_str());
            json.plain("redactions", &file.covered.to_string());
            json.flag("sensitive", file.sensitive);
            json.filled("url", &file.address);
            json.close('}');
        }
        json.close(']');
        json.plain("now", &self.given.now.map_or(0, |now| now.0).to_string());
        json.close('}');
        json.close('}');
        std::mem::take(&mut json.text)
    }

    /// The draft: what is left out stands at its default. Evidence is left to the engine, which makes it from the files.
    fn write_draft(&self, json: &mut Json) {
        let draft = &self.draft;
        let remedy = self.seeks_remedy();
        json.open("draft", '{');
        json.filled("purpose", draft.purpose.map_or("", |purpose| purpose.as_str()));
        json.string("identity", self.identity().as_str());
        json.open("relationships", '[');
        for relationship in self.relationships() {
            json.string("", relationship.as_str());
        }
        json.close(']');
        if let (Some(age), true) = (self.age, self.tell_age) {
            json.string("age_band", age.as_str());
        }
        json.answer("reader_involved", draft.reader_involved);
        json.filled("category", draft.category.map_or("", |category| category.as_str()));
        json.open("secondary_categories", '[');
        for category in &draft.secondary_categories {
            json.string("", category.as_str());
        }
        json.close(']');
        if let Some(notice) = self.notice() {
            json.open("notice", '{');
            json.string("reasons", &notice.reasons);
            json.flag("good_faith_statement", notice.good_faith_statement);
            json.close('}');
        }
        if let Some(appeal) = self.appeal() {
            json.open("appeal", '{');
            json.string("decision", appeal.decision.trim());
            json.close('}');
        }
        // The person's own text goes as it is, with the space around it.
        json.string("what_happened", &draft.what_happened);
        json.filled("when", draft.when.map_or("", |when| when.as_str()));
        json.count("how_many", number(&self.how_many));
        json.answer("can_be_undone", draft.can_be_undone);
        json.answer("imminent_danger", draft.imminent_danger);
        json.answer("fear_of_retaliation", draft.fear_of_retaliation);
        json.answer("under_18_shown", draft.under_18_shown);
        json.open("affected_groups", '[');
        for group in &draft.affected_groups {
            json.string("", group.as_str());
        }
        json.close(']');
        if remedy {
            if let Some(represented) = &draft.represented {
                json.open("represented", '{');
                json.count("how_many", number(&self.represented_how_many));
                json.answer("do_they_know", represented.do_they_know);
                let wanted = self.receipts_wanted();
                if wanted > 1 {
                    let first = self.given.first.as_ref();
                    json.open("shared", '{');
                    json.filled("first", first.map_or("", |first| &first.case));
                    json.count("number", Some(first.map_or(1, |first| first.others.len() as u32 + 2)));
                    json.count("of", Some(wanted));
                    json.close('}');
                }
                json.close('}');
            }
            json.string("harm", &draft.harm);
            json.open("remedy_sought", '[');
            for remedy in &draft.remedy_sought {
                json.string("", remedy.as_str());
            }
            json.close(']');
            json.flag("may_tell_data_holder", self.may_tell_data_holder());
        }
        json.open("consent", '{');
        json.string("share_identity_with", draft.consent.share_identity_with.as_str());
        json.string("share_content_with_customer", draft.consent.share_content_with_customer.as_str());
        json.string("law_enforcement", draft.consent.law_enforcement.as_str());
        json.close('}');

        let offered = &self.offered;
        json.open("subject", '{');
        let kind = match draft.subject.kind {
            SubjectKind::Unknown if offered.subject.is_some() => SubjectKind::ContentItem,
            kind => kind,
        };
        json.string("kind", kind.as_str());
        json.string("sector", self.sector().as_str());
        json.filled("feature", &draft.subject.feature);
        json.filled("use_case", &draft.subject.use_case);
        json.filled("market", self.market().as_ref().map_or("", Country::as_str));
        if let Some(customer) = self.customer() {
            json.open("public_customer", '{');
            json.string("name", &customer.name);
            json.filled("country", customer.country.as_ref().map_or("", Country::as_str));
            json.close('}');
        }
        json.open("locations", '[');
        if let Some(subject) = &offered.subject {
            json.open("", '{');
            json.filled("item_id", &subject.id);
            json.filled("description", &subject.description());
            json.close('}');
        }
        let organisation = matches!(kind, SubjectKind::CustomerOrg | SubjectKind::GovernmentBody);
        for (name, text) in [
            (if organisation { "tenant_ref" } else { "description" }, self.named_subject()),
            ("item_id", self.item.trim()),
        ] {
            if !text.is_empty() {
                json.open("", '{');
                json.string(name, text);
                json.close('}');
            }
        }
        for address in self.addresses() {
            json.open("", '{');
            json.string("url", address);
            json.close('}');
        }
        json.close(']');
        json.close('}');
        json.open("provider_context", '{');
        for (name, value) in &offered.context {
            json.string(name, value);
        }
        json.close('}');
        if self.sends_token() {
            json.string("context_token", &offered.token);
            json.flag("keep_token", draft.keep_token);
        }
        json.open("answers", '[');
        for answer in self.settled_answers() {
            json.open("", '{');
            json.string("question", &answer.question);
            json.string("asked", &answer.asked);
            json.string("value", &answer.value);
            json.filled("chosen", &answer.chosen);
            json.close('}');
        }
        json.close(']');
        json.close('}');
    }

    /// Whether the organisation that holds the data may be told, which is asked only where data are to be deleted or corrected.
    pub fn may_tell_data_holder(&self) -> bool {
        self.asks_for_data() && self.draft.may_tell_data_holder
    }

    /// Whether the person asked for data to be deleted or corrected, which raises a question of its own.
    pub fn asks_for_data(&self) -> bool {
        self.draft.remedy_sought.contains(&Remedy::DeleteOrCorrectMyData)
    }

    /// Contact details as they would be sent: none in an anonymous report, whatever was typed before.
    pub fn contact(&self) -> Contact {
        if self.identity() == Identity::Anonymous {
            return Contact::default();
        }
        let some = |text: &str| if text.trim().is_empty() { None } else { Some(text.trim().to_owned()) };
        Contact { name: some(&self.contact_name), reach: some(&self.contact_reach) }
    }
}

impl OfferedSubject {
    /// Kind and name in one line, as the report carries them.
    pub fn description(&self) -> String {
        let (kind, label) = (self.kind.trim(), self.label.trim());
        let between = if kind.is_empty() || label.is_empty() { "" } else { ": " };
        let mut text = [kind, between, label].concat();
        while text.chars().count() > SHORT_CHARS {
            text.pop();
        }
        text
    }
}
