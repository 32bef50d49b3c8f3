//! The form without script: what sealing on arrival means, the questions, the code. The check between is in `review.rs`.

use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::*;
use recourse_flow::intake::{OpenChannel, Sent};

use crate::answers::Answers;
use crate::asking::{Asking, ids};
use crate::icon::Icon;
use crate::markup::Markup;
use crate::review::wrong;
use crate::text::{Key, Language, fill, form, plain};
use crate::{first, named};

/// The name of the field that carries the code of a record from page to page.
pub const RECORD_CODE: &str = "record-code";

/// Why a report was not sent. All that was typed stays on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Too many came; in so many seconds there is room.
    Wait(u32),
    /// Too many files are held in memory just now.
    Busy,
    /// It could not be stored.
    Failed,
    /// The channel has ended.
    Closed,
    /// Files were not taken.
    Files(Vec<Refused>),
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Larger than one may be.
    TooLarge(String),
    /// More together than fit.
    Together(String),
    /// More files than fit.
    TooMany(String),
    /// Without content.
    Empty(String),
    /// For a reason (`evidence.reason`; empty: hidden data cannot be taken out) and with a way out (`evidence.way`), by their ids.
    Reason(String, &'static str, &'static str),
    /// A bomb, or another offence of that id.
    Offence(String, &'static str),
    /// Somebody shown may be under 18, or it is about the safety of a child.
    Media,
}

/// A page of the plain form.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The channel, in that language.
    pub channel: &'a OpenChannel,
    /// The language.
    pub language: Language,
    /// Path of the plain form, with the language if one was asked for.
    pub action: &'a str,
    /// Address of the form with script.
    pub hosted: &'a str,
    /// Address where answers are read.
    pub follow_up: &'a str,
}

impl<'a> Page<'a> {
    /// The title.
    pub fn title(&self) -> &'static str {
        Self::title_in(self.language)
    }

    /// The title of the form's pages.
    pub fn title_in(language: Language) -> &'static str {
        language.say(form::FRAME_TITLE)
    }

    /// The first page: what this form means, and the doors. `foreign` after a post from another site's page.
    pub fn begin(&self, foreign: bool) -> String {
        let html = &mut self.top();
        html.line("h1", "", self.say(form::START_TITLE));
        if foreign {
            html.notice("danger", Icon::Warning).line("p", "", self.say(plain::PLAIN_FOREIGN)).close().close();
        }
        html.line("p", "lead", &self.named(form::START_LEAD));
        html.notice("warning", Icon::Warning).set("id", "sealed");
        html.line("h2", "", self.say(plain::PLAIN_SEALED_TITLE));
        html.line("p", "", self.say(plain::PLAIN_SEALED)).line("p", "", self.say(plain::PLAIN_KEPT));
        html.open("p", "").text(self.say(plain::PLAIN_BETTER)).text(" ");
        html.open("a", "").set("href", self.hosted).open("bdi", "ltr").text(self.hosted).close().close().close();
        html.close().close();
        html.open("section", "stack medium").line("h2", "", self.say(form::START_SAFETY)).open("ul", "facts plain");
        first::facts(html, self.channel, self.language, plain::PLAIN_ACCOUNT);
        self.phone(html);
        html.close();
        html.notice("warning", Icon::Warning).line("p", "", self.say(form::START_EMERGENCY)).close().close();
        html.close();
        self.begin_form(html, false);
        html.line("h2", "", self.say(plain::PLAIN_CHOOSE));
        for (purpose, icon, title, hint) in [
            (Purpose::FlagMisuse, Icon::Flag, form::START_MISUSE, form::START_MISUSE_HINT),
            (Purpose::SeekRemedy, Icon::Hands, form::START_REMEDY, form::START_REMEDY_HINT),
        ] {
            html.open("button", "door").set("name", "purpose").set("value", purpose.as_str());
            html.open("span", "door-mark").icon(icon).close().open("span", "door-text");
            html.line("strong", "", &self.named(title)).line("span", "hint", self.say(hint)).close();
            html.icon(Icon::Next).close();
        }
        html.open("div", "small-doors");
        for (purpose, title, shown) in [
            (Purpose::IllegalContentNotice, form::START_NOTICE, self.channel.takes_notices()),
            (Purpose::Appeal, form::START_APPEAL, true),
            (Purpose::RecordOnly, form::START_RECORD, true),
        ] {
            if shown {
                html.open("button", "button quiet").set("name", "purpose").set("value", purpose.as_str());
                html.line("span", "", self.say(title)).close();
            }
        }
        html.close().close().close();
        let path = self.action.split('?').next().unwrap_or_default();
        crate::languages(html, self.language, path, form::FRAME_UNCHECKED);
        std::mem::take(html).done()
    }

    /// The questions, with the answers so far; `faults` says what has to be put right.
    pub fn questions(&self, answers: &Answers, faults: bool) -> String {
        let html = &mut self.top();
        let asked = Asking { page: self, answers, faults };
        let state = &answers.state;
        let notice = state.purpose_is(Purpose::IllegalContentNotice);
        let again = !answers.order().is_empty();
        let record = answers.is_record();
        html.line("h1", "", self.say(if record { form::START_RECORD } else { plain::PLAIN_QUESTIONS_TITLE }));
        self.faults(html, answers, faults);
        html.line("p", "lead", self.say(plain::PLAIN_QUESTIONS_LEAD));
        self.begin_form(html, false);
        html.open("input", "")
            .set("type", "hidden")
            .set("name", "purpose")
            .set("value", answers.one("purpose"))
            .close();
        // Whoever goes back from the check may have written it down.
        if !answers.one(RECORD_CODE).is_empty() {
            let code = answers.one(RECORD_CODE);
            html.open("input", "").set("type", "hidden").set("name", RECORD_CODE).set("value", code).close();
        }

        html.open("section", "stack medium");
        if record {
            self.record_means(html);
        } else {
            self.who(&asked, html, notice);
        }
        self.unfold(html, form::PERSON_TITLE, again);
        let known = Relationship::ALL.into_iter().filter(|one| *one != Relationship::PreferNotToSay);
        asked.several(
            html,
            "relationship",
            form::PERSON_LEGEND,
            form::RELATIONSHIP_,
            &known.map(Relationship::as_str).collect::<Vec<_>>(),
        );
        asked.select(html, "age", form::PERSON_TELL_AGE, form::AGE_, &ids(AgeBand::ALL.map(AgeBand::as_str)));
        html.close().close();
        if !record {
            self.consent(&asked, html, again);
        }
        html.close();

        html.open("section", "stack medium").line("h2", "", self.say(form::WHAT_TITLE));
        asked.categories(html);
        html.close();

        html.open("section", "stack medium").line("h2", "", self.say(form::HAPPENED_TITLE));
        if state.purpose_is(Purpose::Appeal) {
            asked.line(html, "decision", form::APPEAL_DECISION, Some(form::APPEAL_DECISION_HINT));
            asked.area(html, "text-what-happened", form::APPEAL_LABEL, Some(form::APPEAL_HINT));
        } else {
            if notice {
                asked.area(html, "url", form::WHERE_URLS, Some(form::WHERE_URL_HINT));
            }
            asked.area(html, "text-what-happened", form::HAPPENED_LABEL, Some(form::HAPPENED_HINT));
        }
        if notice {
            asked.area(html, "text-reasons", form::NOTICE_REASONS, Some(form::NOTICE_REASONS_HINT));
            asked.tick(html, "good-faith", form::NOTICE_GOOD_FAITH, None);
        }
        asked.answer(html, "danger", form::DANGER_LEGEND, Some(form::DANGER_HELP));
        asked.answer(html, "retaliation", form::RETALIATION_LEGEND, None);
        self.unfold(html, plain::PLAIN_MORE, again);
        asked.select(html, "when", form::WHEN_LEGEND, form::WHEN_, &ids(When::ALL.map(When::as_str)));
        asked.answer(html, "undone", form::UNDONE_LEGEND, None);
        asked.line(html, "how-many", form::WHO_LINE_HOW_MANY, None);
        asked.several(
            html,
            "affected",
            form::WHO_LINE_GROUPS,
            form::AFFECTED_,
            &ids(AffectedGroup::ALL.map(AffectedGroup::as_str)),
        );
        asked.subject(html);
        asked.used(html);
        if !notice {
            asked.area(html, "url", form::WHERE_URL, Some(form::WHERE_URL_HINT));
        }
        html.close().close().close();

        let misuse = matches!(state.draft.purpose, Some(Purpose::FlagMisuse | Purpose::Both));
        if misuse || state.seeks_remedy() {
            html.open("section", "stack medium").line("h2", "", self.say(form::REMEDY_TITLE));
            if misuse {
                asked.tick(html, "also-remedy", form::ALSO_LEGEND, None);
            }
            asked.area(html, "text-harm", form::REMEDY_HARM, Some(form::REMEDY_HARM_HINT));
            asked.several(html, "remedy", form::REMEDY_LEGEND, form::REMEDIES_, &ids(Remedy::ALL.map(Remedy::as_str)));
            asked.tick(html, "holder", form::REMEDY_HOLDER, Some(form::REMEDY_HOLDER_HINT));
            asked.choices(html, "speaks", form::SPEAKS_LEGEND, (form::SPEAKS_, None), &["self", "others"], "");
            html.line("p", "hint", self.say(form::SPEAKS_HINT));
            asked.line(html, "represented-how-many", form::SPEAKS_HOW_MANY, None);
            asked.answer(html, "represented-know", form::SPEAKS_KNOW, None);
            asked.line(html, "receipts", form::SPEAKS_RECEIPTS, Some(form::SPEAKS_RECEIPTS_HINT));
            html.close();
        }
        asked.custom(html);
        html.open("section", "stack medium").line("h2", "", self.say(form::PART_EVIDENCE));
        html.line("p", "hint", self.say(plain::PLAIN_FILES_LAST));
        asked.answer(html, "under-18", form::EVIDENCE_UNDER_18, Some(form::EVIDENCE_UNDER_18_HINT));
        html.close();
        html.line("p", "hint", self.say(plain::PLAIN_PASSES));
        html.open("div", "ways").open("button", "button primary").set("name", "go").set("value", "check");
        html.line("span", "", self.say(plain::PLAIN_GO_CHECK)).close().close();
        std::mem::take(html).done()
    }

    /// Who reads it, and who will know.
    fn who(&self, asked: &Asking<'_>, html: &mut Markup, notice: bool) {
        html.line("h2", "", self.say(form::WHO_TITLE));
        self.readers(html, self.channel.group(recourse_domain::channel::GroupKind::Team));
        asked.answer(html, "reader-involved", form::WHO_INVOLVED, Some(form::WHO_INVOLVED_HINT));
        asked.choices(
            html,
            "identity",
            form::WHO_IDENTITY,
            (form::IDENTITY_, Some(form::IDENTITY_HINT_)),
            &ids(Identity::ALL.map(Identity::as_str)),
            "anonymous",
        );
        if notice {
            html.line("p", "hint", &self.named(form::NOTICE_ANONYMOUS));
        }
        asked.line(html, "contact-name", form::CONTACT_NAME, None);
        asked.line(html, "contact-reach", form::CONTACT_REACH, Some(form::CONTACT_REACH_HINT));
    }

    /// What may be done with it.
    fn consent(&self, asked: &Asking<'_>, html: &mut Markup, open: bool) {
        self.unfold(html, form::CONSENT_TITLE, open);
        html.line("p", "hint", self.say(form::CONSENT_CLOSED));
        asked.select(
            html,
            "consent-identity",
            form::CONSENT_IDENTITY_LEGEND,
            form::CONSENT_IDENTITY_,
            &ids(ShareIdentity::ALL.map(ShareIdentity::as_str)),
        );
        asked.select(
            html,
            "consent-content",
            form::CONSENT_CONTENT_LEGEND,
            form::CONSENT_CONTENT_,
            &ids(ShareContent::ALL.map(ShareContent::as_str)),
        );
        asked.select(
            html,
            "consent-law",
            form::CONSENT_LAW_LEGEND,
            form::CONSENT_LAW_,
            &ids(LawEnforcement::ALL.map(LawEnforcement::as_str)),
        );
        html.close().close();
    }

    /// The code, once. `others` are codes for further members of a group.
    pub fn sent(&self, sent: &Sent, others: &[String]) -> String {
        let html = &mut self.top();
        html.line("h1", "", self.say(form::SENT_TITLE)).line("p", "lead", &self.named(form::SENT_LEAD));
        html.open("section", "card receipt stack small").line("h2", "", self.say(form::CODE_TITLE));
        html.open("p", "code big")
            .set("id", "code")
            .set("dir", "ltr")
            .set("translate", "no")
            .text(&sent.receipt)
            .close();
        html.line("p", "", self.say(plain::PLAIN_ONCE_ONLY)).line("p", "hint", self.say(form::CODE_HINT));
        html.open("p", "").text(self.say(form::CODE_FOLLOW)).text(" ");
        html.open("bdi", "ltr").text(self.follow_up).close().close();
        html.open("p", "").text(self.say(plain::PLAIN_FOLLOW)).text(" ");
        // In the language that was chosen for this page.
        let language = self.action.split_once('?').map_or(String::new(), |(_, query)| ["?", query].concat());
        let address = [self.follow_up, "/plain", &language].concat();
        html.open("a", "").set("id", "follow-up").set("href", &address).open("bdi", "ltr").text(&address);
        html.close().close().close().close();
        if !others.is_empty() {
            html.open("section", "stack small").line("h2", "", self.say(form::GROUP_CODES_TITLE));
            html.line("p", "hint", self.say(form::GROUP_CODES_HINT)).open("ul", "");
            for code in others {
                html.open("li", "").set("dir", "ltr").set("translate", "no").text(code).close();
            }
            html.close().close();
        }
        html.open("section", "stack small").line("h2", "", self.say(form::DATES_TITLE)).open("ul", "timeline plain");
        for due in &sent.due {
            let by = fill(self.say(form::DATES_BY), &[("date", &self.language.day(due.at))]);
            let text = self.language.of(form::STATE_, due.state.as_str());
            html.open("li", "").line("span", "", &text).text(" – ").line("bdi", "hint", &by).close();
        }
        html.close().close();
        html.open("section", "stack small").line("h2", "", self.say(form::PROOF_TITLE));
        html.line("p", "", &self.named(form::PROOF_TEXT));
        // In the page itself: the server would have to keep it otherwise.
        html.open("a", "button").set("id", "proof").set("download", "record.json");
        html.set(
            "href",
            &["data:application/json;base64,", &data_encoding::BASE64.encode(sent.acknowledgement_file.as_bytes())]
                .concat(),
        );
        html.text(self.say(plain::PLAIN_PROOF)).close().close();
        self.routes(html);
        html.open("section", "stack small").line("h2", "", self.say(form::LEFT_TITLE));
        html.line("p", "", self.say(plain::PLAIN_LEFT)).close();
        std::mem::take(html).done()
    }

    pub(crate) fn say(&self, key: Key) -> &'static str {
        self.language.say(key)
    }

    pub(crate) fn named(&self, key: Key) -> String {
        named(self.language, self.channel, key)
    }

    /// Head of every page, and its main part begun.
    pub(crate) fn top(&self) -> Markup {
        let mut html = Markup::default();
        html.open("div", "form").open("header", "head no-print").open("div", "bar").open("div", "title");
        html.line("span", "title-main", self.say(form::FRAME_TITLE));
        html.line("span", "title-to", &self.named(form::FRAME_TO));
        if self.channel.test {
            html.line("span", "test-mark", self.say(form::FRAME_TEST));
        }
        html.close().open("div", "exits").open("a", "button exit").set("href", "/left").icon(Icon::Leave);
        html.line("span", "", self.say(form::FRAME_LEAVE)).close().close().close().close();
        html.open("main", "screen stack");
        html
    }

    /// The form; with files only where some can be chosen.
    pub(crate) fn begin_form(&self, html: &mut Markup, files: bool) {
        html.open("form", "stack").set("method", "post").set("action", self.action).set("autocomplete", "off");
        html.set("accept-charset", "utf-8");
        // One way of sending, so that one reader is enough; it keeps line ends and every character.
        html.set("enctype", "multipart/form-data").flag("data-files", files);
    }

    pub(crate) fn faults(&self, html: &mut Markup, answers: &Answers, shown: bool) {
        let faults = if shown { answers.faults() } else { Vec::new() };
        if faults.is_empty() {
            return;
        }
        html.open("div", "summary").set("id", "error-summary").set("role", "alert").line(
            "h2",
            "",
            self.say(form::SUMMARY_TITLE),
        );
        html.open("ul", "plain");
        for fault in faults {
            html.open("li", "").open("a", "").set("href", &["#", &fault.field].concat());
            html.text(&wrong(self.language, fault.wrong)).close().close();
        }
        html.close().close();
    }

    fn unfold(&self, html: &mut Markup, summary: Key, open: bool) {
        // A browser unfolds these without script. Open where somebody comes back: what they wrote, or what is wrong, must not be out of sight.
        html.open("details", "").flag("open", open).open("summary", "").icon(Icon::Next);
        html.line("span", "", self.say(summary)).close().open("div", "stack inside");
    }
}
