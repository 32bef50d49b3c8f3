//! Questions of the plain form, each with its answer so far and what is wrong with it.

use recourse_domain::category::{Category, CategoryGroup};
use recourse_domain::question::QuestionKind;
use recourse_domain::vocabulary::Answer;

use crate::answers::Answers;
use crate::icon::Icon;
use crate::markup::Markup;
use crate::plain::Page;
use crate::review::wrong;
use crate::text::{Family, Key, form, plain};

/// Questions with the answers so far.
pub(crate) struct Asking<'a> {
    pub(crate) page: &'a Page<'a>,
    pub(crate) answers: &'a Answers,
    pub(crate) faults: bool,
}

/// The ids of a vocabulary.
pub(crate) fn ids<const N: usize>(all: [&'static str; N]) -> Vec<&'static str> {
    all.to_vec()
}

impl Asking<'_> {
    fn fault(&self, id: &str) -> Option<String> {
        let fault = self.answers.faults().into_iter().find(|fault| self.faults && fault.field == id)?;
        Some(wrong(self.page.language, fault.wrong))
    }

    /// Hint and fault under a label; their ids.
    fn notes(&self, html: &mut Markup, id: &str, hint: Option<&str>) -> String {
        let mut described = String::new();
        if let Some(hint) = hint {
            described = [id, "-hint"].concat();
            html.open("p", "hint").set("id", &described).text(hint).close();
        }
        if let Some(fault) = self.fault(id) {
            let own = [id, "-fault"].concat();
            html.open("p", "fault").set("id", &own).icon(Icon::Warning).line("span", "", &fault).close();
            described = [&described, " ", &own].concat();
        }
        described.trim().to_owned()
    }

    pub(crate) fn line(&self, html: &mut Markup, id: &str, label: Key, hint: Option<Key>) {
        let (label, hint) = (self.page.named(label), hint.map(|hint| self.page.named(hint)));
        self.text(html, (id, "text", false), &label, hint.as_deref());
    }

    pub(crate) fn area(&self, html: &mut Markup, id: &str, label: Key, hint: Option<Key>) {
        let (label, hint) = (self.page.named(label), hint.map(|hint| self.page.named(hint)));
        self.text(html, (id, "text", true), &label, hint.as_deref());
    }

    fn text(&self, html: &mut Markup, (id, kind, area): (&str, &str, bool), label: &str, hint: Option<&str>) {
        html.open("div", self.class(id)).open("label", "").set("for", id).text(label).close();
        let described = self.notes(html, id, hint);
        let value = self.answers.typed(id);
        html.open(if area { "textarea" } else { "input" }, "").set("id", id).set("name", id).set("dir", "auto");
        if area {
            html.set("rows", "6");
        } else {
            html.set("type", kind).set("value", value);
        }
        if !described.is_empty() {
            html.set("aria-describedby", &described);
        }
        if self.fault(id).is_some() {
            html.set("aria-invalid", "true");
        }
        if area {
            // HTML drops the first line end of a text area.
            html.text("\n").text(value);
        }
        html.close().close();
    }

    fn class(&self, id: &str) -> &'static str {
        if self.fault(id).is_some() { "field wrong" } else { "field" }
    }

    pub(crate) fn answer(&self, html: &mut Markup, id: &str, legend: Key, hint: Option<Key>) {
        let group = (form::ANSWER_, None);
        self.group(
            html,
            (id, false),
            (&self.page.named(legend), hint.map(|hint| self.page.named(hint))),
            group,
            &ids(Answer::ALL.map(Answer::as_str)),
            "",
        );
    }

    pub(crate) fn choices(
        &self,
        html: &mut Markup,
        id: &str,
        legend: Key,
        texts: (Family, Option<Family>),
        values: &[&str],
        usual: &str,
    ) {
        self.group(html, (id, false), (&self.page.named(legend), None), texts, values, usual);
    }

    pub(crate) fn several(&self, html: &mut Markup, id: &str, legend: Key, texts: Family, values: &[&str]) {
        self.group(html, (id, true), (&self.page.named(legend), None), (texts, None), values, "");
    }

    fn group(
        &self,
        html: &mut Markup,
        (id, several): (&str, bool),
        (legend, hint): (&str, Option<String>),
        (texts, hints): (Family, Option<Family>),
        values: &[&str],
        usual: &str,
    ) {
        let named =
            |family: Family, value: &str| crate::fill_named(self.page.channel, &self.page.language.of(family, value));
        let options: Vec<(&str, String, Option<String>)> =
            values.iter().map(|value| (*value, named(texts, value), hints.map(|hints| named(hints, value)))).collect();
        self.options(html, (id, several), (legend, hint.as_deref()), &options, usual);
    }

    fn options(
        &self,
        html: &mut Markup,
        (id, several): (&str, bool),
        (legend, hint): (&str, Option<&str>),
        options: &[(&str, String, Option<String>)],
        usual: &str,
    ) {
        html.open("fieldset", self.class(id)).set("id", id).line("legend", "", legend);
        self.notes(html, id, hint);
        html.open("div", "choices");
        let nothing = !options.iter().any(|(value, ..)| self.answers.chose(id, value));
        let mut option = |value: &str, label: &str, hint: Option<&str>, on: bool| {
            html.open("label", "choice").open("input", "").set("type", if several { "checkbox" } else { "radio" });
            html.set("name", id).set("value", value).flag("checked", on).close().open("span", "choice-text");
            html.line("span", "choice-label", label);
            if let Some(hint) = hint {
                html.line("span", "hint", hint);
            }
            html.close().close();
        };
        for (value, label, hint) in options {
            option(value, label, hint.as_deref(), self.answers.chose(id, value) || (nothing && *value == usual));
        }
        if !several && usual.is_empty() {
            // A radio button cannot be taken back without script.
            option("", self.page.say(plain::PLAIN_NO_ANSWER), None, nothing);
        }
        html.close().close();
    }

    pub(crate) fn select(&self, html: &mut Markup, id: &str, label: Key, texts: Family, values: &[&str]) {
        html.open("div", "field").open("label", "").set("for", id).text(&self.page.named(label)).close();
        html.open("select", "").set("id", id).set("name", id);
        html.open("option", "").set("value", "").text(self.page.say(plain::PLAIN_NO_ANSWER)).close();
        for value in values {
            let text = crate::fill_named(self.page.channel, &self.page.language.of(texts, value));
            html.open("option", "")
                .set("value", value)
                .flag("selected", self.answers.chose(id, value))
                .text(&text)
                .close();
        }
        html.close().close();
    }

    pub(crate) fn tick(&self, html: &mut Markup, id: &str, label: Key, hint: Option<Key>) {
        html.open("div", self.class(id));
        self.notes(html, id, None);
        html.open("label", "choice").open("input", "").set("type", "checkbox").set("id", id).set("name", id);
        html.set("value", "yes").flag("checked", self.answers.ticked(id)).close().open("span", "choice-text");
        html.line("span", "choice-label", &self.page.named(label));
        if let Some(hint) = hint {
            html.line("span", "hint", &self.page.named(hint));
        }
        html.close().close().close();
    }

    /// One topic, by groups, and others in what unfolds.
    pub(crate) fn categories(&self, html: &mut Markup) {
        let offered = self.answers.state.categories();
        let language = self.page.language;
        html.open("div", "field").open("label", "").set("for", "category").text(self.page.say(form::WHAT_PICK)).close();
        html.open("select", "").set("id", "category").set("name", "category");
        html.open("option", "").set("value", "").text(self.page.say(plain::PLAIN_CHOOSE_ONE)).close();
        for group in CategoryGroup::ALL {
            let members: Vec<Category> = offered.iter().copied().filter(|category| category.group() == group).collect();
            if members.is_empty() {
                continue;
            }
            html.open("optgroup", "").set("label", &language.of(form::GROUP_, group.as_str()));
            for category in members {
                html.open("option", "").set("value", category.as_str());
                html.flag("selected", self.answers.chose("category", category.as_str()));
                html.text(&language.of(form::CATEGORY_, category.as_str())).close();
            }
            html.close();
        }
        html.close().close();
        html.open("details", "").open("summary", "").icon(Icon::Next);
        html.line("span", "", self.page.say(form::WHAT_ALSO)).close().open("div", "stack inside");
        let all: Vec<&str> = offered.iter().map(|category| category.as_str()).collect();
        self.several(html, "also-category", form::WHAT_ALSO_LEGEND, form::CATEGORY_, &all);
        html.close().close();
        html.line("p", "hint", self.page.say(form::EVIDENCE_INTIMATE));
    }

    /// What the channel asks beside. All of it, since nothing can appear while somebody types: the check shows what is really sent.
    pub(crate) fn custom(&self, html: &mut Markup) {
        let questions = self.answers.state.questions();
        if questions.is_empty() {
            return;
        }
        html.open("section", "stack medium").line("h2", "", &self.page.named(form::QUESTIONS_TITLE));
        for question in questions {
            let id = ["question-", &question.id].concat();
            let kind = match question.kind {
                QuestionKind::Choice => {
                    let options: Vec<(&str, String, Option<String>)> =
                        question.options.iter().map(|one| (&*one.id, one.label.clone(), None)).collect();
                    self.options(
                        html,
                        (&id, question.several),
                        (&question.label, question.help.as_deref()),
                        &options,
                        "",
                    );
                    continue;
                }
                QuestionKind::Date => "date",
                QuestionKind::Text | QuestionKind::Number => "text",
            };
            self.text(html, (&id, kind, question.multiline), &question.label, question.help.as_deref());
        }
        html.close();
    }
}
