//! What a channel asks beside the usual, in its own order, and what the host vouches for. Read once, from the settings in the manifest
//! and from the host's token, by the part of the form that comes while the first screen is read.

use recourse_domain::category::Category;
use recourse_domain::context_token::ContextToken;
use recourse_domain::question::{self, CustomAnswer, Given, Question, QuestionKind, QuestionOption};
use recourse_domain::report::PublicCustomer;
use recourse_domain::settings::CUSTOMER_CHARS;
use recourse_domain::time::Timestamp;

use super::json::Value;
use super::{OpenChannel, State};

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The channel's own questions, in the language of the form.
    pub questions: Vec<Question<String>>,
    /// The categories that it offers, in its order; "not sure" is always last.
    pub categories: Vec<Category>,
    /// Its customers in the public sector, for people to pick from.
    pub customers: Vec<PublicCustomer>,
}

impl Asked {
    /// What the settings of a channel say. What cannot be read is left out: the server took them only after a check of its own.
    pub fn of(channel: &OpenChannel) -> Self {
        let settings = Value::parse(&channel.settings).unwrap_or(Value::Nothing);
        let spoken = |part: &Value, name: &str| {
            let texts = part.get(name);
            let text = texts.text(&channel.language);
            if text.is_empty() { texts.text("en") } else { text }
        };
        let mut questions = Vec::new();
        for part in settings.list("questions") {
            let Ok(kind) = part.get("kind").as_text().parse::<QuestionKind>() else { continue };
            let mut options = Vec::new();
            for option in part.list("options") {
                options.push(QuestionOption { id: option.text("id"), label: spoken(option, "label") });
            }
            let mut show_if = Vec::new();
            for condition in part.list("show_if") {
                let is = condition.list("is").iter().map(|id| id.as_text().to_owned()).collect();
                show_if.push(question::Condition { question: condition.text("question"), is });
            }
            let help = spoken(part, "help");
            let most = part.number("max_chars") as u32;
            questions.push(Question {
                id: part.text("id"),
                kind,
                label: spoken(part, "label"),
                help: if help.is_empty() { None } else { Some(help) },
                options,
                several: part.flag("several"),
                max_chars: if most == 0 { None } else { Some(most) },
                multiline: part.flag("multiline"),
                min: part.get("min").as_signed(),
                max: part.get("max").as_signed(),
                show_if,
            });
        }
        let ids = |list: &[Value]| {
            let mut found: Vec<Category> = Vec::new();
            for id in list {
                found.extend(id.as_text().parse::<Category>());
            }
            found
        };
        let mut hidden = Vec::new();
        for id in &channel.hidden_categories {
            hidden.extend(id.parse::<Category>());
        }
        let mut customers = Vec::new();
        for customer in settings.list("public_customers") {
            let (name, country) = (customer.text("name"), customer.get("country").as_text().parse().ok());
            if !name.trim().is_empty() && name.chars().count() <= CUSTOMER_CHARS {
                customers.push(PublicCustomer { name, country });
            }
        }
        Self { questions, categories: question::offered(&ids(settings.list("category_order")), &hidden), customers }
    }
}

impl State {
    /// Reads what the channel asks, if that is still to be done.
    pub(super) fn read_asked(&mut self) {
        if self.asked.is_none()
            && let Some(channel) = self.open()
        {
            let asked = Asked::of(channel);
            self.asked = Some(Box::new(asked));
            self.keep_customer();
        }
    }

    /// Takes the host's token if nothing in it points to a person; another one is gone, as if it had not been offered.
    pub(super) fn read_token(&mut self, channel: &str, now: Timestamp) {
        let claims = match channel.parse() {
            Ok(channel) => ContextToken::read(&self.offered.token, &channel, now).map(|token| token.claims()),
            Err(_) => return self.offered.token.clear(),
        };
        match claims {
            Ok(claims) => self.offered.claims = claims,
            Err(_) => self.offered.token.clear(),
        }
    }

    /// The questions of the channel.
    pub fn questions(&self) -> &[Question<String>] {
        self.asked.as_ref().map_or(&[], |asked| &asked.questions)
    }

    /// The categories offered; all of them until the channel's settings were read.
    pub fn categories(&self) -> &[Category] {
        self.asked.as_ref().map_or(&[], |asked| &asked.categories)
    }

    /// What the questions' conditions look at.
    fn answered(&self) -> Given<'_> {
        let draft = &self.draft;
        Given {
            purpose: draft.purpose,
            category: draft.category,
            secondary: &draft.secondary_categories,
            answers: &draft.answers,
        }
    }

    /// Which questions are on the screen, by their places.
    pub fn questions_shown(&self) -> Vec<bool> {
        question::shown(self.questions(), &self.answered())
    }

    /// What was answered, as typed; empty for nothing.
    pub fn answer(&self, question: usize) -> &str {
        let Some(question) = self.questions().get(question) else { return "" };
        let answer = self.draft.answers.iter().find(|answer| answer.question == question.id);
        answer.map_or("", |answer| &answer.value)
    }

    /// The answers that would be sent.
    pub fn settled_answers(&self) -> Vec<CustomAnswer> {
        question::settle(self.questions(), &self.answered())
    }

    /// Whether the host's token goes with the report: in an anonymous one only if it was switched on.
    pub fn sends_token(&self) -> bool {
        use recourse_domain::vocabulary::Identity;
        !self.offered.claims.is_empty() && (self.draft.identity != Identity::Anonymous || self.draft.keep_token)
    }

    pub(super) fn set_answer(&mut self, question: usize, value: String) {
        let Some(question) = self.questions().get(question) else { return };
        let id = question.id.clone();
        match self.draft.answers.iter_mut().find(|answer| answer.question == id) {
            Some(answer) => answer.value = value,
            None => self.draft.answers.push(CustomAnswer { question: id, value, ..CustomAnswer::default() }),
        }
    }

    /// Chooses an option; of several it is added or taken out again.
    pub(super) fn choose(&mut self, question: usize, option: usize) {
        let Some(asked) = self.questions().get(question) else { return };
        let Some(chosen) = asked.options.get(option) else { return };
        let mut ids: Vec<&str> =
            if asked.several { self.answer(question).split_whitespace().collect() } else { vec![] };
        match ids.iter().position(|id| *id == chosen.id) {
            Some(at) => drop(ids.remove(at)),
            None => ids.push(&chosen.id),
        }
        let value = ids.join(" ");
        self.set_answer(question, value);
    }
}
