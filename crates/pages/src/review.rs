//! The check of the plain form: the whole report as it would be sent, who reads it, what the server sees, files, one button.

use recourse_domain::channel::Limits;
use recourse_domain::question::AnswerFault;
use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{Answer, Identity, Sector};
use recourse_flow::intake::{Detail, Part, Readers, Wrong, parts};

use crate::answers::Answers;
use crate::fill_named;
use crate::icon::Icon;
use crate::markup::Markup;
use crate::plain::{Page, RECORD_CODE, Refused, Trouble};
use crate::text::{Family, Key, Language, fill, form, plain};
use crate::whom::called;

/// What the check asks itself, and so does not carry along.
const ASKED: [&str; 5] = ["urgent", "description", "as-is", "file", RECORD_CODE];

impl Page<'_> {
    /// The check. `trouble` says why it was not sent.
    pub fn check(&self, answers: &Answers, trouble: Option<&Trouble>) -> String {
        let html = &mut self.top();
        html.line("h1", "", self.say(form::CHECK_TITLE));
        if let Some(trouble) = trouble {
            let texts = (form::TROUBLE_TITLE, plain::PLAIN_BUSY, plain::PLAIN_FAILED);
            self.trouble(html, trouble, texts);
        }
        html.line("p", "lead", self.say(plain::PLAIN_CHECK_LEAD));
        self.begin_form(html, true);
        self.answered(html, answers);
        self.who_reads(html, answers);
        self.what_is_seen(html, answers);
        self.stages(html);
        self.notices(html);
        self.files(html, answers, trouble.is_some());
        html.open("label", "choice")
            .open("input", "")
            .set("type", "checkbox")
            .set("name", "urgent")
            .set("value", "yes");
        html.flag("checked", answers.ticked("urgent")).close().open("span", "choice-text");
        html.line("span", "choice-label", self.say(form::URGENT_LABEL)).line(
            "span",
            "hint",
            self.say(form::URGENT_HINT),
        );
        html.close().close();
        html.line("p", "hint", self.say(plain::PLAIN_ONCE));
        html.open("div", "ways").open("button", "button primary").set("name", "go").set("value", "send");
        html.line("span", "", self.say(form::SEND_BUTTON)).close().close().close();
        self.routes(html);
        std::mem::take(html).done()
    }

    /// A record as its file will hold it. It is opened by `code`, which stands here first: the answer to the button is the file alone.
    pub fn record(&self, answers: &Answers, code: &str, trouble: Option<&Trouble>) -> String {
        let html = &mut self.top();
        html.line("h1", "", self.say(form::RECORD_TITLE));
        if let Some(trouble) = trouble {
            let texts = (plain::RECORD_TROUBLE, plain::RECORD_BUSY, plain::RECORD_FAILED);
            self.trouble(html, trouble, texts);
        }
        html.line("p", "lead", self.say(plain::RECORD_LEAD));
        self.begin_form(html, true);
        html.open("input", "").set("type", "hidden").set("name", RECORD_CODE).set("value", code).close();
        self.answered(html, answers);
        self.record_means(html);
        self.files(html, answers, trouble.is_some());
        html.open("section", "card receipt stack small").line("h2", "", self.say(form::CODE_TITLE));
        html.open("p", "code big").set("id", "code").set("dir", "ltr").set("translate", "no").text(code).close();
        html.line("p", "", self.say(plain::RECORD_CODE_FIRST)).line("p", "hint", self.say(form::RECORD_CODE)).close();
        html.line("p", "", self.say(form::RECORD_WHAT)).line("p", "hint", self.say(form::RECORD_OPEN));
        html.line("p", "hint", self.say(plain::RECORD_PRESS));
        html.open("div", "ways").open("button", "button primary").set("name", "go").set("value", "save");
        html.line("span", "", self.say(form::RECORD_SAVE)).close().close().close();
        html.open("section", "stack small").line("h2", "", self.say(form::LEFT_TITLE));
        html.line("p", "", self.say(plain::PLAIN_LEFT)).close();
        std::mem::take(html).done()
    }

    /// What it means that the server makes a record.
    pub(crate) fn record_means(&self, html: &mut Markup) {
        html.notice("warning", Icon::Warning).set("id", "record-means");
        html.line("p", "", self.say(plain::RECORD_MEANS)).close().close();
    }

    /// The answers, carried along and shown, and the way back to them.
    fn answered(&self, html: &mut Markup, answers: &Answers) {
        for (name, value) in answers.carried(&ASKED) {
            html.open("input", "").set("type", "hidden").set("name", name).set("value", value).close();
        }
        // First in the page, so that Enter in a field changes instead of sending.
        html.open("div", "ways").open("button", "button").set("name", "go").set("value", "change");
        html.line("span", "", self.say(plain::PLAIN_CHANGE)).close().close();
        html.open("div", "parts");
        for (part, filled) in parts(&answers.state) {
            // Files are chosen below, and of a record nobody will know.
            if part != Part::Evidence && !(answers.is_record() && part == Part::Identity) {
                self.part(html, answers, part, filled);
            }
        }
        html.close();
    }

    fn trouble(&self, html: &mut Markup, trouble: &Trouble, (title, busy, failed): (Key, Key, Key)) {
        let (tone, again) = match trouble {
            Trouble::Wait(_) | Trouble::Busy => ("warning", true),
            Trouble::Failed | Trouble::Files(_) => ("danger", true),
            Trouble::Closed => ("danger", false),
        };
        html.notice(tone, Icon::Warning).set("id", "trouble").set("role", "alert");
        html.line("h2", "", self.say(title));
        match trouble {
            Trouble::Wait(seconds) => {
                let minutes = u64::from(*seconds).div_ceil(60).max(1);
                html.line("p", "", &self.language.count(plain::PLAIN_WAIT, minutes));
            }
            Trouble::Busy => {
                html.line("p", "", self.say(busy));
            }
            Trouble::Failed => {
                html.line("p", "", self.say(failed));
            }
            Trouble::Closed => {
                html.line("p", "", self.say(plain::PLAIN_CLOSED));
            }
            Trouble::Files(refused) => {
                html.open("ul", "");
                for one in refused {
                    html.line("li", "", &self::refused(self.language, &self.channel.limits, one));
                }
                html.close();
            }
        }
        html.line("p", "", self.say(form::TROUBLE_KEPT));
        if again {
            html.line("p", "", self.say(plain::PLAIN_FILES_AGAIN));
        }
        html.close().close();
    }

    fn part(&self, html: &mut Markup, answers: &Answers, part: Part, filled: bool) {
        html.open("section", "part").line("h2", "label", &self.language.of(form::PART_, part.as_str()));
        html.open("div", "part-body");
        if filled {
            self.content(html, answers, part);
        } else {
            html.line("p", "soft", self.say(form::CHECK_EMPTY));
        }
        html.close().close();
    }

    fn content(&self, html: &mut Markup, answers: &Answers, part: Part) {
        let state = &answers.state;
        let draft = &state.draft;
        match part {
            Part::Purpose => {
                html.line("p", "", &self.of(form::PURPOSE_, draft.purpose.map_or("", Purpose::as_str)));
            }
            Part::Text => {
                html.quote(&draft.what_happened);
            }
            Part::Decision => {
                html.quote(state.appeal().map_or("", |appeal| &appeal.decision));
            }
            Part::Notice => {
                if let Some(notice) = state.notice() {
                    html.quote(&notice.reasons);
                    if notice.good_faith_statement {
                        html.line("p", "hint", self.say(form::NOTICE_GOOD_FAITH));
                    }
                }
            }
            Part::Category => {
                for category in draft.category.iter().chain(&draft.secondary_categories) {
                    html.line("p", "", &self.of(form::CATEGORY_, category.as_str()));
                }
            }
            _ => {
                html.open("dl", "pairs");
                for (name, value) in self.pairs(answers, part) {
                    html.open("div", "")
                        .line("dt", "", &name)
                        .open("dd", "")
                        .set("dir", "auto")
                        .text(&value)
                        .close()
                        .close();
                }
                html.close();
            }
        }
    }

    /// Parts that are names and values.
    fn pairs(&self, answers: &Answers, part: Part) -> Vec<(String, String)> {
        let state = &answers.state;
        let draft = &state.draft;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: Key, value: String| {
            if !value.is_empty() {
                pairs.push((self.named(name), value));
            }
        };
        let answer = |answer: Option<Answer>| answer.map_or(String::new(), |one| self.of(form::ANSWER_, one.as_str()));
        match part {
            Part::Identity => {
                add(form::PART_IDENTITY, self.of(form::IDENTITY_SHORT_, state.identity().as_str()));
                if draft.reader_involved == Some(Answer::Yes) {
                    add(form::DETAIL_INVOLVED, answer(draft.reader_involved));
                }
                let consent = draft.consent;
                if state.identity() != Identity::Anonymous {
                    add(
                        form::DETAIL_CONSENT_IDENTITY,
                        self.of(form::CONSENT_IDENTITY_, consent.share_identity_with.as_str()),
                    );
                }
                add(
                    form::DETAIL_CONSENT_CONTENT,
                    self.of(form::CONSENT_CONTENT_, consent.share_content_with_customer.as_str()),
                );
                add(form::DETAIL_CONSENT_LAW, self.of(form::CONSENT_LAW_, consent.law_enforcement.as_str()));
            }
            Part::Contact => {
                let contact = state.contact();
                add(form::CONTACT_NAME, contact.name.unwrap_or_default());
                add(form::CONTACT_REACH, contact.reach.unwrap_or_default());
            }
            Part::Person => {
                add(
                    form::PERSON_LEGEND,
                    self.list(form::RELATIONSHIP_, draft.relationships.iter().map(|one| one.as_str())),
                );
                let age = state.age.filter(|_| state.tell_age);
                add(form::PERSON_AGE, age.map_or(String::new(), |age| self.of(form::AGE_, age.as_str())));
            }
            Part::Details => {
                add(form::DETAIL_WHEN, draft.when.map_or(String::new(), |when| self.of(form::WHEN_, when.as_str())));
                add(form::DETAIL_UNDONE, answer(draft.can_be_undone));
                add(form::DETAIL_HOW_MANY, state.how_many.clone());
                add(
                    form::DETAIL_GROUPS,
                    self.list(form::AFFECTED_, draft.affected_groups.iter().map(|one| one.as_str())),
                );
                if state.has_detail(Detail::Subject) {
                    let mut said = vec![self.of(form::SUBJECT_, draft.subject.kind.as_str())];
                    if state.asks_sector() && state.sector() != Sector::Unknown {
                        said.push(self.of(form::SECTOR_, state.sector().as_str()));
                    }
                    said.extend(state.customer().map(|customer| called(&customer.name, customer.country.as_ref())));
                    said.push(state.named_subject().to_owned());
                    said.retain(|part| !part.is_empty());
                    add(form::DETAIL_SUBJECT, said.join(" · "));
                }
                add(form::DETAIL_FEATURE, draft.subject.feature.clone());
                add(form::DETAIL_USE_CASE, draft.subject.use_case.clone());
                add(form::DETAIL_MARKET, state.market().map_or(String::new(), |market| market.to_string()));
                add(form::DETAIL_ITEM, state.item.clone());
                for address in state.addresses() {
                    add(form::DETAIL_URL, address.to_owned());
                }
                add(form::DETAIL_DANGER, answer(draft.imminent_danger));
                add(form::DETAIL_RETALIATION, answer(draft.fear_of_retaliation));
                add(form::DETAIL_UNDER_18, answer(draft.under_18_shown));
            }
            Part::Answers => {
                for answer in state.settled_answers() {
                    let said =
                        if answer.chosen.is_empty() { answer.value } else { answer.chosen.replace('\n', " · ") };
                    pairs.push((answer.asked, said));
                }
            }
            Part::Remedy => {
                add(form::DETAIL_HARM, draft.harm.clone());
                add(
                    form::DETAIL_REMEDIES,
                    self.list(form::REMEDIES_, draft.remedy_sought.iter().map(|one| one.as_str())),
                );
                if state.may_tell_data_holder() {
                    add(form::DETAIL_HOLDER, self.of(form::ANSWER_, "yes"));
                }
                if let Some(others) = state.speaks_for_others {
                    add(form::DETAIL_SPEAKS, self.of(form::SPEAKS_, if others { "others" } else { "self" }));
                }
                if let Some(represented) = &draft.represented {
                    add(form::DETAIL_REPRESENTED, state.represented_how_many.clone());
                    add(form::DETAIL_KNOW, answer(represented.do_they_know));
                    add(form::DETAIL_RECEIPTS, state.receipts_wanted().to_string());
                }
            }
            _ => {}
        }
        pairs
    }

    /// Who reads, by role or name.
    pub(crate) fn readers(&self, html: &mut Markup, group: Option<&Readers>) {
        let Some(group) = group else { return };
        html.open("div", "card").open("div", "readers").icon(Icon::People).open("div", "");
        let title = fill_named(self.channel, self.say(form::WHO_GROUP)).replace("{name}", &group.name);
        html.line("p", "", &title).line("p", "names", &group.members.join(", ")).close().close().close();
    }

    fn who_reads(&self, html: &mut Markup, answers: &Answers) {
        html.open("section", "stack small").line("h2", "", self.say(form::READERS_TITLE));
        self.readers(html, answers.state.readers());
        html.line("p", "", self.say(plain::PLAIN_READERS)).line("p", "", &self.named(form::READERS_NOT));
        if answers.state.lacks_readers() {
            html.line("p", "", self.say(form::READERS_LACKING));
        }
        html.close();
    }

    fn what_is_seen(&self, html: &mut Markup, answers: &Answers) {
        html.open("section", "stack small").line("h2", "", self.say(form::SEES_TITLE));
        html.line("p", "", self.say(plain::PLAIN_SEES)).open("ul", "");
        let codes = u64::from(answers.state.receipts_wanted());
        html.line("li", "", self.say(form::SEES_CHANNEL));
        if codes > 1 {
            html.line("li", "", &self.language.count(form::SEES_RECEIPTS, codes));
        }
        html.line("li", "", self.say(form::SEES_GROUP)).line("li", "", self.say(form::SEES_SIZE));
        html.line("li", "", self.say(form::SEES_URGENT)).close();
        html.line("p", "hint", self.say(form::SEES_ADDRESS)).close();
    }

    fn stages(&self, html: &mut Markup) {
        html.open("section", "stack small").line("h2", "", self.say(form::STAGES_TITLE)).open("ul", "timeline plain");
        for stage in &self.channel.stages {
            let days = match stage.days {
                0 => self.say(form::STAGES_NOW).to_owned(),
                days => self.language.count(form::STAGES_DAYS, days.into()),
            };
            html.open("li", "").line("span", "", &self.of(form::STATE_, stage.state.as_str())).text(" – ");
            html.line("span", "hint", &days);
            if !stage.text.is_empty() {
                html.line("p", "hint", &stage.text);
            }
            html.close();
        }
        html.close().line("p", "", &self.named(form::OUTCOMES_TEXT)).line("p", "", self.say(form::OUTCOMES_REASONS));
        html.line("p", "", &self.named(form::STAGES_LAW));
        let law = match self.channel.legal {
            recourse_domain::channel::LegalProfile::None => form::LAW_PROFILE_NONE,
            recourse_domain::channel::LegalProfile::DsaHosting => form::LAW_PROFILE_DSA_HOSTING,
            recourse_domain::channel::LegalProfile::DsaPlatform => form::LAW_PROFILE_DSA_PLATFORM,
            recourse_domain::channel::LegalProfile::EuWhistleblower => form::LAW_PROFILE_EU_WHISTLEBLOWER,
            recourse_domain::channel::LegalProfile::UkOsa => form::LAW_PROFILE_UK_OSA,
        };
        html.line("p", "", &self.named(law)).close();
    }

    fn notices(&self, html: &mut Markup) {
        let controller = [("name", &*self.channel.controller), ("contact", &*self.channel.contact)];
        for (title, text, more) in [
            (form::NOTICE_PRIVACY, &self.channel.privacy_notice, fill(self.say(form::NOTICE_CONTROLLER), &controller)),
            (form::NOTICE_RULES, &self.channel.rules, String::new()),
        ] {
            html.open("details", "").open("summary", "").icon(Icon::Next).line("span", "", self.say(title)).close();
            html.open("div", "stack inside").quote(text).line("p", "", &more).close().close();
        }
    }

    fn files(&self, html: &mut Markup, answers: &Answers, again: bool) {
        html.open("fieldset", "field").set("id", "files").line("legend", "", self.say(form::EVIDENCE_TITLE));
        if answers.refuses_media() {
            let text = if answers.state.draft.is_child_safety() { form::EVIDENCE_CHILD } else { form::EVIDENCE_MINOR };
            html.line("p", "", self.say(text)).close();
            return;
        }
        let limits = self.channel.limits;
        let values = [
            ("count", &*limits.attachments.to_string()),
            ("size", &*bytes(limits.attachment_bytes)),
            ("total", &*bytes(limits.report_bytes)),
        ];
        html.open("p", "hint").set("id", "files-hint").text(&fill(self.say(plain::PLAIN_FILES_HINT), &values)).close();
        if again {
            html.line("p", "fault", self.say(plain::PLAIN_FILES_AGAIN));
        }
        html.open("label", "").set("for", "description").text(self.say(plain::PLAIN_DESCRIPTION)).close();
        html.open("input", "")
            .set("type", "text")
            .set("id", "description")
            .set("name", "description")
            .set("dir", "auto");
        html.set("value", answers.typed("description")).close();
        html.open("label", "choice").open("input", "").set("type", "checkbox").set("name", "as-is").set("value", "yes");
        html.flag("checked", answers.ticked("as-is")).close().open("span", "choice-text");
        html.line("span", "choice-label", self.say(plain::PLAIN_AS_IS)).line(
            "span",
            "hint",
            self.say(plain::PLAIN_AS_IS_HINT),
        );
        html.close().close();
        // Last of all fields: the server reads in this order, so everything typed is there before the first file.
        html.open("label", "").set("for", "file").text(self.say(form::EVIDENCE_FILE)).close();
        html.open("input", "").set("type", "file").set("id", "file").set("name", "file").flag("multiple", true);
        html.set("aria-describedby", "files-hint").close().close();
    }

    /// Other ways to be heard.
    pub(crate) fn routes(&self, html: &mut Markup) {
        if self.channel.other_routes.is_empty() {
            return;
        }
        html.open("section", "stack small").line("h2", "", self.say(form::ROUTES_TITLE));
        html.line("p", "", self.say(form::ROUTES_LEAD)).open("ul", "routes plain");
        for route in &self.channel.other_routes {
            html.open("li", "").line("strong", "", &route.name).text(" ").line("span", "", &route.text).text(" ");
            html.line("bdi", "ltr", &route.url).close();
        }
        html.close().close();
    }

    fn of(&self, family: Family, id: &str) -> String {
        fill_named(self.channel, &self.language.of(family, id))
    }

    fn list<'a>(&self, family: Family, ids: impl Iterator<Item = &'a str>) -> String {
        ids.map(|id| self.of(family, id)).collect::<Vec<_>>().join(" · ")
    }
}

/// Why a file was not taken, in words.
pub(crate) fn refused(language: Language, limits: &Limits, refused: &Refused) -> String {
    let (name, key, size) = match refused {
        Refused::TooLarge(name) => (name, form::OFFENCE_TOO_LARGE, limits.attachment_bytes),
        Refused::Together(name) => (name, form::OFFENCE_TOGETHER, limits.report_bytes),
        Refused::TooMany(name) => (name, form::OFFENCE_TOO_MANY, 0),
        Refused::Empty(name) => (name, form::OFFENCE_EMPTY, 0),
        Refused::Reason(name, reason, way) => {
            let reason = match *reason {
                "" => language.say(form::EVIDENCE_DOUBT).to_owned(),
                reason => language.of(form::EVIDENCE_REASON_, reason),
            };
            let way = language.of(form::EVIDENCE_WAY_, way);
            let values = [("name", &**name), ("reason", &*reason), ("way", &*way)];
            return fill(language.say(plain::PLAIN_REFUSED), &values);
        }
        Refused::Offence(name, offence) => return fill(&language.of(form::OFFENCE_, offence), &[("name", name)]),
        Refused::Media => return language.say(form::EVIDENCE_MINOR).to_owned(),
    };
    let values = [("name", &**name), ("size", &*bytes(size)), ("count", &*limits.attachments.to_string())];
    fill(language.say(key), &values)
}

/// A size for people, in round numbers.
pub(crate) fn bytes(size: u64) -> String {
    match size {
        0..1_024 => format!("{size} B"),
        1_024..1_048_576 => format!("{} KB", size / 1_024),
        _ => format!("{} MB", size / 1_048_576),
    }
}

/// What is wrong, in words.
pub(crate) fn wrong(language: Language, wrong: Wrong) -> String {
    let (key, limit) = match wrong {
        Wrong::NoDoor => (form::FAULT_NO_DOOR, String::new()),
        Wrong::NothingSaid => (form::FAULT_NOTHING_SAID, String::new()),
        Wrong::TooLong(limit) | Wrong::Answer(AnswerFault::TooLong(limit)) => (form::FAULT_TOO_LONG, limit.to_string()),
        Wrong::NotANumber => (form::FAULT_NOT_A_NUMBER, String::new()),
        Wrong::NoCountry => (form::FAULT_NO_COUNTRY, String::new()),
        Wrong::NoName => (form::FAULT_NO_NAME, String::new()),
        Wrong::AllTooLong => (form::FAULT_ALL_TOO_LONG, String::new()),
        Wrong::FileBusy => (form::FAULT_FILE_BUSY, String::new()),
        Wrong::FileUndecided => (form::FAULT_FILE_UNDECIDED, String::new()),
        Wrong::NoLink => (form::FAULT_NO_LINK, String::new()),
        Wrong::NoAddress => (form::FAULT_NO_ADDRESS, String::new()),
        Wrong::TooManyAddresses(limit) => (form::FAULT_TOO_MANY_ADDRESSES, limit.to_string()),
        Wrong::NoReasons => (form::FAULT_NO_REASONS, String::new()),
        Wrong::NoGoodFaith => (form::FAULT_NO_GOOD_FAITH, String::new()),
        Wrong::TooManyReceipts(limit) => (form::FAULT_TOO_MANY_RECEIPTS, limit.to_string()),
        Wrong::Answer(AnswerFault::NotADay) => (form::FAULT_NOT_A_DAY, String::new()),
        Wrong::Answer(AnswerFault::NotANumber) => (form::FAULT_NOT_WHOLE, String::new()),
        Wrong::Answer(AnswerFault::TooSmall(least)) => (form::FAULT_TOO_SMALL, least.to_string()),
        Wrong::Answer(AnswerFault::TooLarge(most)) => (form::FAULT_TOO_LARGE, most.to_string()),
        Wrong::Answer(AnswerFault::NotAnOption) => (form::FAULT_NOT_AN_OPTION, String::new()),
    };
    fill(language.say(key), &[("limit", &limit)])
}
