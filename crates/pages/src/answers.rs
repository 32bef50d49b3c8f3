//! What somebody answered in the plain form, as the form's own state: the same rules and the same request follow from it.

use recourse_domain::report::{AppealReference, Notice, Purpose, RepresentedGroup};
use recourse_domain::time::Timestamp;
use recourse_domain::vocabulary::{
    AgeBand, Answer, Identity, LawEnforcement, Sector, ShareContent, ShareIdentity, SubjectKind,
};
use recourse_flow::intake::{Asked, Channel, Effect, FormFault, Msg, OpenChannel, State, Step, update};
use recourse_wire::engine::{Outgoing, Request};
use zeroize::Zeroize;

use crate::whom::UNLISTED;

/// A field as it was posted: name and value.
pub type Field = (String, String);

/// Names that say what to do and are no answers.
const ORDERS: [&str; 1] = ["go"];

/// Answers so far. Nothing is kept of them between two pages: each page carries them to the next.
#[derive(Debug, Clone)]
pub struct Answers {
    pub(crate) state: State,
    fields: Vec<Field>,
}

impl Answers {
    /// Reads posted fields. What fits no question of the form is left out; of a question with one answer the first counts.
    pub fn read(channel: OpenChannel, fields: Vec<Field>) -> Self {
        let mut state = State::default();
        state.asked = Some(Box::new(Asked::of(&channel)));
        state.step = Step::Check;
        state.channel = Channel::Open(Box::new(channel));
        state.whole = true;
        let mut answers = Self { state, fields };
        answers.take();
        answers
    }

    /// What is wrong, in the order of the form.
    pub fn faults(&self) -> Vec<FormFault> {
        self.state.all_faults()
    }

    /// A door was chosen.
    pub fn has_purpose(&self) -> bool {
        self.state.draft.purpose.is_some()
    }

    /// It is to be kept and not to be sent.
    pub fn is_record(&self) -> bool {
        self.state.purpose_is(Purpose::RecordOnly)
    }

    /// Whether pictures and files are refused, whatever they show.
    pub fn refuses_media(&self) -> bool {
        self.state.draft.refuses_media()
    }

    /// What the person wants done first: the value of the button that was pressed.
    pub fn order(&self) -> &str {
        self.one("go")
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.one(name) == "yes"
    }

    /// A text, trimmed.
    pub fn one(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, value)| known == name && !value.trim().is_empty());
        found.map_or("", |(_, value)| value.trim())
    }

    /// What the form would ask its engine to send, without files; nothing where something is wrong.
    pub fn outgoing(&mut self, now: Timestamp, language: &str) -> Option<Outgoing> {
        Self::request(update(&mut self.state, Msg::Send { now, language: language.to_owned() }))
    }

    /// A report of a group was sent: what goes out for the next member, if there is one.
    pub fn sent(&mut self, sent: recourse_flow::intake::Sent) -> Option<Outgoing> {
        Self::request(update(&mut self.state, Msg::SendDone(Box::new(sent))))
    }

    /// Codes that were given to the other members of a group.
    pub fn other_codes(&self) -> Vec<String> {
        self.state.sent.as_ref().map(|sent| sent.others.clone()).unwrap_or_default()
    }

    /// The further codes of a group cannot be made: the first one counts.
    pub fn give_up(&mut self) {
        update(&mut self.state, Msg::SendFailed(recourse_flow::intake::Trouble::Unexpected));
    }

    /// Wipes what was typed, here and where it was copied to.
    pub fn wipe(&mut self) {
        for (_, value) in &mut self.fields {
            value.zeroize();
        }
        let State { draft, contact_name, contact_reach, url, subject_name, item, .. } = &mut self.state;
        for text in [&mut draft.what_happened, &mut draft.harm, contact_name, contact_reach, url, subject_name, item] {
            text.zeroize();
        }
        if let Some(notice) = &mut draft.notice {
            notice.reasons.zeroize();
        }
    }

    fn request(effects: Vec<Effect>) -> Option<Outgoing> {
        let letter = effects.into_iter().find_map(|effect| match effect {
            Effect::Send(letter) | Effect::SendBare(letter) => Some(letter),
            _ => None,
        })?;
        match serde_json::from_str(&letter).ok()? {
            Request::Send(outgoing) | Request::SealRecord(outgoing) => Some(*outgoing),
            _ => None,
        }
    }

    /// What was typed, as it was.
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether that value was chosen.
    pub(crate) fn chose(&self, name: &str, value: &str) -> bool {
        !value.is_empty() && self.fields.iter().any(|(known, chosen)| known == name && chosen == value)
    }

    /// The answers as hidden fields: all but those that the page asks itself.
    pub(crate) fn carried<'a>(&'a self, asked: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.fields.iter().map(|(name, value)| (&**name, &**value));
        fields.filter(move |(name, value)| !value.is_empty() && !asked.contains(name) && !ORDERS.contains(name))
    }

    /// All values of a name that are in its vocabulary, each once.
    fn several<T: std::str::FromStr + PartialEq>(&self, name: &str) -> Vec<T> {
        let mut found = Vec::new();
        for (_, value) in self.fields.iter().filter(|(known, _)| known == name) {
            if let Ok(value) = value.parse()
                && !found.contains(&value)
            {
                found.push(value);
            }
        }
        found
    }

    fn choice<T: std::str::FromStr + PartialEq>(&self, name: &str) -> Option<T> {
        self.one(name).parse().ok()
    }

    /// A text as it was typed; browsers send other line ends than people type.
    fn text(&self, name: &str) -> String {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.replace("\r\n", "\n")).unwrap_or_default()
    }

    fn take(&mut self) {
        let mut draft = std::mem::take(&mut self.state.draft);
        draft.purpose = self.choice::<Purpose>("purpose");
        if draft.purpose == Some(Purpose::FlagMisuse) && self.ticked("also-remedy") {
            draft.purpose = Some(Purpose::Both);
        }
        draft.reader_involved = self.choice("reader-involved");
        draft.identity = self.choice::<Identity>("identity").unwrap_or_default();
        draft.relationships = self.several("relationship");
        draft.consent.share_identity_with = self.choice::<ShareIdentity>("consent-identity").unwrap_or_default();
        draft.consent.share_content_with_customer = self.choice::<ShareContent>("consent-content").unwrap_or_default();
        draft.consent.law_enforcement = self.choice::<LawEnforcement>("consent-law").unwrap_or_default();
        draft.category = self.choice("category");
        draft.secondary_categories = self.several("also-category");
        let primary = draft.category;
        draft.secondary_categories.retain(|other| Some(*other) != primary);
        draft.what_happened = self.text("text-what-happened");
        draft.when = self.choice("when");
        draft.can_be_undone = self.choice("undone");
        draft.imminent_danger = self.choice("danger");
        draft.fear_of_retaliation = self.choice("retaliation");
        draft.affected_groups = self.several("affected");
        draft.subject.kind = self.choice::<SubjectKind>("subject").unwrap_or_default();
        draft.subject.sector = self.choice::<Sector>("sector").unwrap_or_default();
        draft.subject.feature = self.one("feature").to_owned();
        draft.subject.use_case = self.one("use-case").to_owned();
        draft.harm = self.text("text-harm");
        draft.remedy_sought = self.several("remedy");
        draft.may_tell_data_holder = self.ticked("holder");
        draft.under_18_shown = self.choice("under-18");
        if draft.purpose == Some(Purpose::IllegalContentNotice) {
            let good_faith_statement = self.ticked("good-faith");
            draft.notice = Some(Notice { reasons: self.text("text-reasons"), good_faith_statement });
        }
        if draft.purpose == Some(Purpose::Appeal) {
            draft.appeal = Some(AppealReference { decision: self.one("decision").to_owned() });
        }
        let speaks = self.one("speaks").to_owned();
        if draft.purpose.is_some_and(Purpose::seeks_remedy) && !speaks.is_empty() {
            self.state.speaks_for_others = Some(speaks == "others");
            if speaks == "others" {
                let do_they_know = self.choice::<Answer>("represented-know");
                draft.represented = Some(RepresentedGroup { do_they_know, ..RepresentedGroup::default() });
            }
        }
        self.state.draft = draft;
        self.state.contact_name = self.one("contact-name").to_owned();
        self.state.contact_reach = self.one("contact-reach").to_owned();
        self.state.url = self.text("url");
        self.state.subject_name = self.one("subject-name").to_owned();
        self.state.item = self.one("item").to_owned();
        self.state.market = self.one("market").to_owned();
        self.state.how_many = self.one("how-many").to_owned();
        self.state.represented_how_many = self.one("represented-how-many").to_owned();
        self.state.receipts = self.one("receipts").to_owned();
        self.state.age = self.choice::<AgeBand>("age").filter(|age| *age != AgeBand::PreferNotToSay);
        self.state.tell_age = self.state.age.is_some();
        self.state.urgent = self.ticked("urgent");
        self.customer();
        self.custom();
    }

    /// The agency from the channel's list. Whoever picked one has said by it that it is of the state: nothing can ask for that here while
    /// somebody chooses. The check shows what follows.
    fn customer(&mut self) {
        let name = self.one("customer").to_owned();
        let listed = self.state.customers().iter().find(|customer| customer.name == name).cloned();
        self.state.unlisted = listed.is_none() && name == UNLISTED;
        if listed.is_none() && !name.is_empty() && !self.state.unlisted && self.state.subject_name.is_empty() {
            // The channel does not list it any more.
            self.state.subject_name = name;
        }
        if listed.is_some() {
            if self.state.draft.subject.kind == SubjectKind::Unknown {
                self.state.draft.subject.kind = SubjectKind::GovernmentBody;
            }
            self.state.draft.subject.sector = Sector::Public;
        }
        self.state.draft.subject.public_customer = listed;
    }

    /// Answers to the channel's own questions: of a choice with several answers the ids with a space between.
    fn custom(&mut self) {
        let mut answers = Vec::new();
        for question in self.state.questions() {
            let name = ["question-", &question.id].concat();
            let value = if question.several {
                let mut ids: Vec<&str> = Vec::new();
                for (_, value) in self.fields.iter().filter(|(known, _)| *known == name) {
                    if !value.is_empty() && !ids.contains(&&**value) {
                        ids.push(value);
                    }
                }
                ids.join(" ")
            } else {
                self.text(&name)
            };
            if !value.is_empty() {
                answers.push(recourse_domain::question::CustomAnswer {
                    question: question.id.clone(),
                    value,
                    ..recourse_domain::question::CustomAnswer::default()
                });
            }
        }
        self.state.draft.answers = answers;
    }
}
