//! Questions that a channel adds to the form: flat data, no expressions. Which are shown follows from earlier answers alone, none
//! has to be answered, and what was not shown is not sent. `T` is the type of texts: by language in the manifest, one language's in a
//! form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::vocabulary::{Purpose, vocabulary};

/// A text in several languages, by BCP 47 tag.
pub type Texts = BTreeMap<String, String>;

/// Questions that a channel may add.
pub const QUESTIONS: usize = 30;
/// Options of one choice.
pub const OPTIONS: usize = 50;
/// Conditions of one question.
pub const CONDITIONS: usize = 8;
/// Characters of a question, of a help text and of an option's label.
pub const LABEL_CHARS: usize = 300;
/// Characters of an answer, whatever the question allows.
pub const ANSWER_CHARS: usize = 2_000;
/// Characters of a text answer where the question says nothing.
pub const ANSWER_CHARS_DEFAULT: u32 = 1_000;
/// Characters of the labels of the options chosen.
pub const CHOSEN_CHARS: usize = 4_000;
/// Largest amount of a number, either way: what every JSON reader holds exactly.
pub const NUMBER_MAX: i64 = 9_007_199_254_740_991;

vocabulary! {
    /// What can be answered.
    QuestionKind {
        /// Words, in one or more lines.
        Text = "text",
        /// One or several of the options.
        Choice = "choice",
        /// A day, `2026-12-24`.
        Date = "date",
        /// A whole number.
        Number = "number",
    }
}

/// A question. Fields that its kind does not use are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Question<T = Texts> {
    /// Its name: 1 to 40 of `a-z`, `0-9` and `_`, beginning with a letter; never used again for another question.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9_]{0,39}$")))]
    pub id: String,
    /// What can be answered.
    pub kind: QuestionKind,
    /// The question, up to 300 characters.
    pub label: T,
    /// More about it, up to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<T>,
    /// What can be chosen, 2 to 50. Only of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<QuestionOption<T>>,
    /// Whether several can be chosen. Only of a choice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// Characters of the answer, 1 to 2,000; 1,000 if left out. Only of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
    /// Whether the answer has several lines. Only of a text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub multiline: bool,
    /// The least that fits. Only of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The most that fits. Only of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Shown only where all of these hold; at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub show_if: Vec<Condition>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuestionOption<T = Texts> {
    /// Its name: 1 to 40 of `a-z`, `0-9` and `_`, beginning with a letter.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9_]{0,39}$")))]
    pub id: String,
    /// What people read, up to 300 characters.
    pub label: T,
}

/// What has to have been answered before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The id of an earlier question of the channel, or `purpose` or `category`.
    pub question: String,
    /// The answer is one of these: ids of options, of purposes or of categories. Empty: there is an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<String>,
}

/// The condition on the purpose.
pub const PURPOSE: &str = "purpose";
/// The condition on a category, the primary or another one.
pub const CATEGORY: &str = "category";

/// An answer to a question of the channel, with the question as it was asked: readers need no older manifest to understand it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomAnswer {
    /// Id of the question.
    #[cfg_attr(feature = "schema", schemars(length(max = 40)))]
    pub question: String,
    /// The question as it was shown. Up to 300 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 300)))]
    pub asked: String,
    /// The answer: words, a day, a whole number, or the ids of the options chosen with one space between them. Up to 2,000 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 2_000)))]
    pub value: String,
    /// The labels of the options chosen as they were shown, each on a line. Up to 4,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 4_000)))]
    pub chosen: String,
}

/// What is known when the form asks which questions to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// What the person wants.
    pub purpose: Option<Purpose>,
    /// The primary category.
    pub category: Option<Category>,
    /// Other categories.
    pub secondary: &'a [Category],
    /// The answers so far, in any order.
    pub answers: &'a [CustomAnswer],
}

impl<'a> Given<'a> {
    fn answer(&self, question: &str) -> Option<&'a str> {
        let answer = self.answers.iter().find(|answer| answer.question == question)?;
        let value = answer.value.trim();
        if value.is_empty() { None } else { Some(value) }
    }
}

/// What is wrong with an answer, for the form to say in the person's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFault {
    /// More characters than that.
    TooLong(u32),
    /// Not a day like `2026-12-24`.
    NotADay,
    /// Not a whole number.
    NotANumber,
    /// Less than that.
    TooSmall(i64),
    /// More than that.
    TooLarge(i64),
    /// Not among the options, one twice, or several where one can be chosen.
    NotAnOption,
}

/// For each question, in order, whether it is shown. An answer to a question that is itself not shown counts as none.
pub fn shown<T>(questions: &[Question<T>], given: &Given<'_>) -> Vec<bool> {
    let mut shown: Vec<bool> = Vec::with_capacity(questions.len());
    for question in questions {
        let mut holds = true;
        for condition in &question.show_if {
            holds &= is_met(condition, questions, &shown, given);
        }
        shown.push(holds);
    }
    shown
}

/// `shown` holds what was found of the questions before.
fn is_met<T>(condition: &Condition, questions: &[Question<T>], shown: &[bool], given: &Given<'_>) -> bool {
    let wanted = |id: &str| condition.is.is_empty() || condition.is.iter().any(|wanted| wanted == id);
    match condition.question.as_str() {
        PURPOSE => given.purpose.is_some_and(|purpose| wanted(purpose.as_str())),
        CATEGORY => {
            given.category.is_some_and(|category| wanted(category.as_str()))
                || given.secondary.iter().any(|category| wanted(category.as_str()))
        }
        earlier => {
            let mut before = questions.iter().zip(shown);
            let is_shown = before.any(|(question, shown)| *shown && question.id == earlier);
            let answer = if is_shown { given.answer(earlier) } else { None };
            answer.is_some_and(|value| condition.is.is_empty() || value.split(' ').any(wanted))
        }
    }
}

/// What is wrong with an answer; nothing is wrong with an empty one.
pub fn check_answer<T>(question: &Question<T>, value: &str) -> Option<AnswerFault> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    match question.kind {
        QuestionKind::Text => {
            let limit = question.max_chars.unwrap_or(ANSWER_CHARS_DEFAULT).min(ANSWER_CHARS as u32);
            if value.chars().count() > limit as usize { Some(AnswerFault::TooLong(limit)) } else { None }
        }
        QuestionKind::Date => {
            if value.parse::<crate::calendar::Day>().is_err() {
                Some(AnswerFault::NotADay)
            } else {
                None
            }
        }
        QuestionKind::Number => match value.parse::<i64>() {
            Err(_) => Some(AnswerFault::NotANumber),
            Ok(number) => {
                let least = question.min.unwrap_or(-NUMBER_MAX);
                let most = question.max.unwrap_or(NUMBER_MAX);
                if number < least {
                    Some(AnswerFault::TooSmall(least))
                } else if number > most {
                    Some(AnswerFault::TooLarge(most))
                } else {
                    None
                }
            }
        },
        QuestionKind::Choice => {
            let mut seen: Vec<&str> = Vec::new();
            for id in value.split(' ') {
                let known = question.options.iter().any(|option| option.id == id);
                if !known || seen.contains(&id) || (!question.several && !seen.is_empty()) {
                    return Some(AnswerFault::NotAnOption);
                }
                seen.push(id);
            }
            None
        }
    }
}

/// The answers that go into a report, in the order of the questions, with question and labels as shown: those that are shown, answered
/// and without fault. The form checks with [`check_answer`] before, and shows these in review.
pub fn settle(questions: &[Question<String>], given: &Given<'_>) -> Vec<CustomAnswer> {
    let mut settled = Vec::new();
    for (question, shown) in questions.iter().zip(shown(questions, given)) {
        let Some(value) = given.answer(&question.id) else { continue };
        if !shown || check_answer(question, value).is_some() {
            continue;
        }
        let mut chosen = String::new();
        if question.kind == QuestionKind::Choice {
            for id in value.split(' ') {
                if let Some(option) = question.options.iter().find(|option| option.id == id) {
                    if !chosen.is_empty() {
                        chosen.push('\n');
                    }
                    chosen.push_str(&option.label);
                }
            }
        }
        let value = value.to_owned();
        settled.push(CustomAnswer { question: question.id.clone(), asked: question.label.clone(), value, chosen });
    }
    settled
}

impl Question {
    /// The question in the first of the languages that has it, else in English.
    pub fn in_language(&self, language: &str) -> Question<String> {
        let text = |texts: &Texts| crate::channel::Manifest::text(texts, language).to_owned();
        let Self { id, kind, several, max_chars, multiline, min, max, show_if, .. } = self.clone();
        let options =
            self.options.iter().map(|option| QuestionOption { id: option.id.clone(), label: text(&option.label) });
        Question {
            label: text(&self.label),
            help: self.help.as_ref().map(text),
            options: options.collect(),
            id,
            kind,
            several,
            max_chars,
            multiline,
            min,
            max,
            show_if,
        }
    }
}

/// The categories that a channel offers, in its order: those it names first, then the others as the vocabulary has them; without the
/// hidden ones, and `other_unsure` always last. What [`crate::settings::NEVER_HIDDEN`] names is there whatever is said.
pub fn offered(order: &[Category], hidden: &[Category]) -> Vec<Category> {
    let mut offered = Vec::with_capacity(Category::ALL.len());
    for category in order.iter().chain(&Category::ALL) {
        let stays = !hidden.contains(category) || crate::settings::NEVER_HIDDEN.contains(category);
        if stays && *category != Category::OtherUnsure && !offered.contains(category) {
            offered.push(*category);
        }
    }
    offered.push(Category::OtherUnsure);
    offered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: &str, kind: QuestionKind, show_if: &[(&str, &[&str])]) -> Question<String> {
        let option = |id: &str| QuestionOption { id: id.into(), label: format!("Label of {id}") };
        let condition = |(question, is): &(&str, &[&str])| Condition {
            question: (*question).into(),
            is: is.iter().map(|id| (*id).into()).collect(),
        };
        Question {
            id: id.into(),
            kind,
            label: format!("{id}?"),
            help: None,
            options: if kind == QuestionKind::Choice { vec![option("one"), option("two")] } else { Vec::new() },
            several: false,
            max_chars: None,
            multiline: false,
            min: None,
            max: None,
            show_if: show_if.iter().map(condition).collect(),
        }
    }

    fn answers(list: &[(&str, &str)]) -> Vec<CustomAnswer> {
        let answer = |(id, value): &(&str, &str)| CustomAnswer {
            question: (*id).into(),
            value: (*value).into(),
            ..CustomAnswer::default()
        };
        list.iter().map(answer).collect()
    }

    #[test]
    fn what_is_shown_follows_from_what_was_answered_and_shown_before() {
        use QuestionKind::*;
        let questions = [
            question("plan", Choice, &[]),
            question("since", Date, &[("plan", &["two"])]),
            question("why", Text, &[("since", &[])]),
            question("minors", Number, &[("category", &["child_safety", "self_harm"]), ("purpose", &["both"])]),
            question("early", Text, &[("late", &[])]),
            question("late", Text, &[]),
        ];
        let check = |list: &[(&str, &str)], category, purpose, expected: [bool; 6]| {
            let answers = answers(list);
            let given = Given { purpose, category: None, secondary: category, answers: &answers };
            assert_eq!(shown(&questions, &given), expected, "{list:?}");
        };
        check(&[], &[], None, [true, false, false, false, false, true]);
        check(&[("plan", "one")], &[], None, [true, false, false, false, false, true]);
        check(&[("plan", "two")], &[], None, [true, true, false, false, false, true]);
        check(&[("plan", "two"), ("since", "2026-01-01")], &[], None, [true, true, true, false, false, true]);
        // The answer stands there still, but its question is gone: so is what hangs on it.
        check(&[("plan", "one"), ("since", "2026-01-01")], &[], None, [true, false, false, false, false, true]);
        check(&[("plan", "two"), ("since", "  ")], &[], None, [true, true, false, false, false, true]);
        check(&[], &[Category::SelfHarm], None, [true, false, false, false, false, true]);
        check(&[], &[Category::SelfHarm], Some(Purpose::Both), [true, false, false, true, false, true]);
        // A later answer never shows an earlier question.
        check(&[("late", "x")], &[], None, [true, false, false, false, false, true]);
    }

    #[test]
    fn answers_are_held_to_their_question() {
        use AnswerFault::*;
        let check = |question: &Question<String>, value: &str, expected| {
            assert_eq!(check_answer(question, value), expected, "{value:?}");
        };
        let text = Question { max_chars: Some(3), ..question("t", QuestionKind::Text, &[]) };
        check(&text, "", None);
        check(&text, " äöü ", None);
        check(&text, "äöüx", Some(TooLong(3)));
        let long = question("t", QuestionKind::Text, &[]);
        check(&long, &"x".repeat(1_000), None);
        check(&long, &"x".repeat(1_001), Some(TooLong(1_000)));
        let date = question("d", QuestionKind::Date, &[]);
        check(&date, "2026-02-28", None);
        check(&date, "2026-02-29", Some(NotADay));
        let number = Question { min: Some(1), max: Some(5), ..question("n", QuestionKind::Number, &[]) };
        for (value, expected) in [("1", None), ("5", None), ("0", Some(TooSmall(1))), ("6", Some(TooLarge(5)))] {
            check(&number, value, expected);
        }
        check(&number, "2.5", Some(NotANumber));
        check(&question("n", QuestionKind::Number, &[]), "9007199254740992", Some(TooLarge(NUMBER_MAX)));
        let one = question("c", QuestionKind::Choice, &[]);
        let several = Question { several: true, ..one.clone() };
        check(&one, "two", None);
        check(&one, "three", Some(NotAnOption));
        check(&one, "one two", Some(NotAnOption));
        check(&several, "two one", None);
        check(&several, "one one", Some(NotAnOption));
        check(&several, "one  two", Some(NotAnOption));
    }

    #[test]
    fn only_what_is_shown_and_answered_goes_along_in_the_order_of_the_questions() {
        let questions = [
            Question { several: true, ..question("plan", QuestionKind::Choice, &[]) },
            question("why", QuestionKind::Text, &[("plan", &["two"])]),
            question("hidden", QuestionKind::Text, &[("purpose", &["appeal"])]),
        ];
        let answers = answers(&[("hidden", "x"), ("why", " because "), ("unknown", "x"), ("plan", "two one")]);
        let given = Given { answers: &answers, ..Given::default() };
        let expected = [("plan", "plan?", "two one", "Label of two\nLabel of one"), ("why", "why?", "because", "")];
        let settled = settle(&questions, &given);
        let found: Vec<_> = settled
            .iter()
            .map(|it| (it.question.as_str(), it.asked.as_str(), it.value.as_str(), it.chosen.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn categories_are_reordered_and_hidden_but_some_stay() {
        let offered = |order: &[Category], hidden: &[Category]| super::offered(order, hidden);
        assert_eq!(offered(&[], &[]).len(), Category::ALL.len());
        let list = offered(
            &[Category::OtherUnsure, Category::SelfHarm, Category::SpamBulk, Category::SelfHarm],
            &[Category::Defamation],
        );
        assert_eq!(list[..3], [Category::SelfHarm, Category::SpamBulk, Category::SurveillanceTracking]);
        assert_eq!((list.len(), list.last()), (Category::ALL.len() - 1, Some(&Category::OtherUnsure)));
        assert!(!list.contains(&Category::Defamation));
        let all = offered(&[], &Category::ALL);
        assert_eq!(all.len(), crate::settings::NEVER_HIDDEN.len(), "{all:?}");
    }
}
