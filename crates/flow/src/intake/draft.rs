//! What is typed and chosen as a text, and back: for a draft that outlives a reload. Files are not in it, nor what the host offered,
//! which it offers again. Names and order are of no concern to anybody else: a draft lives an hour.

use recourse_domain::category::Category;
use recourse_domain::question::CustomAnswer;
use recourse_domain::report::RepresentedGroup;

use super::json::Value;
use super::letter::Json;
use super::{Line, State, Step};

/// Of what a draft looks like; one of another version is left alone.
const VERSION: u64 = 1;

type Texts<'a> = [(&'static str, &'a mut String); 20];

impl State {
    /// The texts that are always there.
    fn texts(&mut self) -> Texts<'_> {
        let draft = &mut self.draft;
        [
            ("text", &mut draft.what_happened),
            ("harm", &mut draft.harm),
            ("feature", &mut draft.subject.feature),
            ("contact_name", &mut self.contact_name),
            ("contact_reach", &mut self.contact_reach),
            ("url", &mut self.url),
            ("subject_name", &mut self.subject_name),
            ("customer_query", &mut self.customer_query),
            ("item", &mut self.item),
            ("use_case", &mut draft.subject.use_case),
            ("market", &mut self.market),
            ("how_many", &mut self.how_many),
            ("for_how_many", &mut self.represented_how_many),
            ("receipts", &mut self.receipts),
            ("country", &mut self.country),
            ("own_name", &mut self.privacy.own_name),
            ("own_handle", &mut self.privacy.own_handle),
            ("reasons", &mut draft.notice.get_or_insert_default().reasons),
            ("decision", &mut draft.appeal.get_or_insert_default().decision),
            ("query", &mut self.query),
        ]
    }

    /// The draft as JSON.
    pub(super) fn pack(&self) -> String {
        let json = &mut Json::default();
        let draft = &self.draft;
        json.open("", '{');
        json.plain("version", &VERSION.to_string());
        json.string("step", self.step.as_str());
        for (name, text) in self.clone().texts() {
            if !text.is_empty() {
                json.string(name, text);
            }
        }
        let answers = [
            ("reader_involved", draft.reader_involved),
            ("can_be_undone", draft.can_be_undone),
            ("danger", draft.imminent_danger),
            ("retaliation", draft.fear_of_retaliation),
            ("under_18", draft.under_18_shown),
            ("they_know", draft.represented.as_ref().and_then(|represented| represented.do_they_know)),
        ];
        for (name, answer) in answers {
            json.answer(name, answer);
        }
        json.filled("purpose", draft.purpose.map_or("", |purpose| purpose.as_str()));
        json.string("identity", draft.identity.as_str());
        json.filled("category", draft.category.map_or("", Category::as_str));
        json.filled("when", draft.when.map_or("", |when| when.as_str()));
        json.filled("age", self.age.map_or("", |age| age.as_str()));
        json.string("kind", draft.subject.kind.as_str());
        json.string("sector", draft.subject.sector.as_str());
        json.filled("customer", draft.subject.public_customer.as_ref().map_or("", |customer| &customer.name));
        json.string("share_identity", draft.consent.share_identity_with.as_str());
        json.string("share_content", draft.consent.share_content_with_customer.as_str());
        json.string("law", draft.consent.law_enforcement.as_str());
        list(json, "relationships", draft.relationships.iter().map(|one| one.as_str()));
        list(json, "others", draft.secondary_categories.iter().map(|one| one.as_str()));
        list(json, "groups", draft.affected_groups.iter().map(|one| one.as_str()));
        list(json, "remedies", draft.remedy_sought.iter().map(|one| one.as_str()));
        json.filled("line", self.line.map_or("", Line::as_str));
        let flags = [
            ("tell_age", self.tell_age),
            ("urgent", self.urgent),
            ("also", self.also_answered),
            ("unlisted", self.unlisted),
            ("keep_token", draft.keep_token),
            ("tell_holder", draft.may_tell_data_holder),
            ("good_faith", draft.notice.as_ref().is_some_and(|notice| notice.good_faith_statement)),
            ("for_others", self.speaks_for_others == Some(true)),
            ("for_self", self.speaks_for_others == Some(false)),
        ];
        for (name, on) in flags {
            if on {
                json.flag(name, true);
            }
        }
        json.open("answers", '[');
        for answer in &draft.answers {
            json.open("", '{');
            json.string("question", &answer.question);
            json.string("value", &answer.value);
            json.close('}');
        }
        json.close(']');
        json.close('}');
        std::mem::take(&mut json.text)
    }

    /// Takes a draft back. What it does not hold, or what is no longer known, stays as it is.
    pub(super) fn unpack(&mut self, text: &str) {
        let Some(value) = Value::parse(text) else { return };
        if value.number("version") != VERSION {
            return;
        }
        for (name, text) in self.texts() {
            *text = value.text(name);
        }
        let draft = &mut self.draft;
        let answer = |name| value.get(name).as_text().parse().ok();
        draft.reader_involved = answer("reader_involved");
        draft.can_be_undone = answer("can_be_undone");
        draft.imminent_danger = answer("danger");
        draft.fear_of_retaliation = answer("retaliation");
        draft.under_18_shown = answer("under_18");
        draft.purpose = value.get("purpose").as_text().parse().ok();
        draft.identity = value.get("identity").as_text().parse().unwrap_or(draft.identity);
        draft.category = value.get("category").as_text().parse().ok();
        draft.when = value.get("when").as_text().parse().ok();
        self.age = value.get("age").as_text().parse().ok();
        draft.subject.kind = value.get("kind").as_text().parse().unwrap_or(draft.subject.kind);
        draft.subject.sector = value.get("sector").as_text().parse().unwrap_or(draft.subject.sector);
        let consent = &mut draft.consent;
        consent.share_identity_with =
            value.get("share_identity").as_text().parse().unwrap_or(consent.share_identity_with);
        consent.share_content_with_customer =
            value.get("share_content").as_text().parse().unwrap_or(consent.share_content_with_customer);
        consent.law_enforcement = value.get("law").as_text().parse().unwrap_or(consent.law_enforcement);
        draft.relationships = read(&value, "relationships");
        draft.secondary_categories = read(&value, "others");
        draft.affected_groups = read(&value, "groups");
        draft.remedy_sought = read(&value, "remedies");
        let line = value.get("line").as_text();
        self.line = Line::ALL.into_iter().find(|other| other.as_str() == line);
        self.tell_age = value.flag("tell_age");
        self.urgent = value.flag("urgent");
        self.also_answered = value.flag("also");
        self.unlisted = value.flag("unlisted");
        let customer = value.get("customer").as_text();
        let picked = self.customers().iter().find(|listed| listed.name == customer).cloned();
        if picked.is_none() && !customer.is_empty() && self.subject_name.is_empty() {
            // The channel no longer lists it.
            self.subject_name = customer.to_owned();
            self.unlisted = true;
        }
        self.draft.subject.public_customer = picked;
        let draft = &mut self.draft;
        draft.keep_token = value.flag("keep_token");
        draft.may_tell_data_holder = value.flag("tell_holder");
        draft.how_many = super::fault::number(&self.how_many);
        if let Some(notice) = &mut draft.notice {
            notice.good_faith_statement = value.flag("good_faith");
        }
        self.speaks_for_others = match (value.flag("for_others"), value.flag("for_self")) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        if self.speaks_for_others == Some(true) {
            draft.represented =
                Some(RepresentedGroup { do_they_know: answer("they_know"), ..RepresentedGroup::default() });
        }
        draft.answers.clear();
        for answer in value.list("answers") {
            let (question, value) = (answer.text("question"), answer.text("value"));
            draft.answers.push(CustomAnswer { question, value, ..CustomAnswer::default() });
        }
        let step = value.get("step").as_text();
        if let Some(step) = Step::ALL.into_iter().find(|other| other.as_str() == step && *other != Step::Sent) {
            self.step = step;
        }
    }
}

fn list<'a>(json: &mut Json, name: &str, values: impl Iterator<Item = &'a str>) {
    json.open(name, '[');
    for value in values {
        json.string("", value);
    }
    json.close(']');
}

fn read<T: std::str::FromStr>(value: &Value, name: &str) -> Vec<T> {
    value.list(name).iter().filter_map(|one| one.as_text().parse().ok()).collect()
}
