//! The texts, in the language of whoever asks.

use recourse_domain::report::Moment;
use recourse_domain::time::Timestamp;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// Stands before and after the name of a plural form in a text: see `recourse-locale`.
const FORM: char = '\u{1}';

/// Bytes of `Accept-Language` that are looked at.
const HEADER_BYTES: usize = 256;

/// A text's place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key(usize);

/// The same of one that depends on a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plural(usize);

/// Texts by id: id and place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family(&'static [(&'static str, usize)]);

/// A language that the texts are there in. Nothing else is kept of what a browser says it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    tag: &'static str,
    texts: &'static [&'static str],
}

impl Language {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(|(tag, texts)| Self { tag, texts })
    }

    /// English.
    pub fn english() -> Self {
        Self::all().find(|language| language.tag == "en").unwrap_or(Self { tag: "en", texts: &[] })
    }

    /// The best for an `Accept-Language` header, in the order of its weights; English where none fits.
    pub fn accepted(header: &str) -> Self {
        let mut wanted: Vec<(u16, &str)> = Vec::new();
        for item in header.get(..HEADER_BYTES).unwrap_or(header).split(',') {
            let mut parts = item.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
            // Thousandths, which is all that the header can say.
            let weight = (weight.unwrap_or(0.0).clamp(0.0, 1.0) * 1_000.0) as u16;
            if !tag.is_empty() && weight > 0 {
                wanted.push((weight, tag));
            }
        }
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.into_iter().find_map(|(_, tag)| Self::named(tag)).unwrap_or_else(Self::english)
    }

    /// The language of that tag, or the nearest one: `pt` serves `pt-BR`, and the other way round.
    pub fn named(tag: &str) -> Option<Self> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let exact = Self::all().find(|language| language.tag.eq_ignore_ascii_case(tag));
        exact.or_else(|| Self::all().find(|language| primary(language.tag) == primary(tag)))
    }

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        self.tag
    }

    /// `rtl` or `ltr`, for the page.
    pub fn direction(self) -> &'static str {
        let primary = self.tag.split('-').next().unwrap_or_default();
        if matches!(primary, "ar" | "fa" | "he" | "ur") { "rtl" } else { "ltr" }
    }

    /// A native speaker has checked its texts, or they were written in it.
    pub(crate) fn is_trusted(self) -> bool {
        OFFERED.iter().any(|(tag, _, trusted)| *tag == self.tag && *trusted)
    }

    pub(crate) fn say(self, key: Key) -> &'static str {
        self.texts.get(key.0).copied().unwrap_or_default()
    }

    /// The text of an id; the id itself where there is none.
    pub(crate) fn of(self, family: Family, id: &str) -> String {
        self.find(family, id).unwrap_or(id).to_owned()
    }

    /// The text of an id, if there is one.
    pub(crate) fn find(self, family: Family, id: &str) -> Option<&'static str> {
        let place = family.0.iter().find(|(known, _)| *known == id)?.1;
        self.texts.get(place).copied()
    }

    /// What the speakers of a language call it; its tag where it is none of ours.
    pub(crate) fn own_name(tag: &str) -> &str {
        OFFERED.iter().find(|(known, ..)| *known == tag).map_or(tag, |(_, name, _)| name)
    }

    /// A day, as it is written everywhere alike.
    pub(crate) fn day(self, at: Timestamp) -> String {
        self.apart(&Moment::day_of(at).to_string())
    }

    /// A day and a time, whose zone is told: the server does not know the reader's.
    pub(crate) fn moment(self, at: Timestamp) -> String {
        let minute = at.0 % Timestamp::DAY / 60;
        self.apart(&format!("{} {:02}:{:02} UTC", Moment::day_of(at), minute / 60, minute % 60))
    }

    /// Numbers and Latin letters in a line that runs from right to left: between marks that keep their own order.
    fn apart(self, text: &str) -> String {
        if self.direction() == "rtl" { ["\u{2066}", text, "\u{2069}"].concat() } else { text.to_owned() }
    }

    /// What a page's file says by `{{say:NAME}}`: `page.…`, `verify.…`, and what stands in its box for when it breaks.
    pub(crate) fn said(self, name: &str) -> Option<&'static str> {
        let (family, id) = name.split_once('.')?;
        let family = match family {
            "page" => plain::PAGE_,
            "verify" => plain::VERIFY_,
            "broken-form" => form::BROKEN_,
            "broken-follow-up" => follow_up::BROKEN_,
            _ => return None,
        };
        self.find(family, id)
    }

    /// The text for a number, with `{count}` filled.
    pub(crate) fn count(self, key: Plural, count: u64) -> String {
        let text = self.texts.get(key.0).copied().unwrap_or_default();
        let form = plural(self.tag, count);
        let mut parts = text.split(FORM).skip(1);
        let mut other = "";
        let mut found = None;
        while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
            if name == form {
                found = Some(text);
            }
            if name == "other" {
                other = text;
            }
        }
        fill(found.unwrap_or(other), &[("count", &count.to_string())])
    }
}

/// Fills the `{placeholders}` of a text; one that is not named stays, and no value is read again. In a text that runs right to left a value
/// stands between Unicode's isolates, as in `recourse-ui`.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let apart = text.contains(|letter| matches!(letter, '\u{590}'..='\u{8ff}'));
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            rest = tail;
            break;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) if apart => out.extend(["\u{2068}", value, "\u{2069}"]),
            Some((_, value)) => out.push_str(value),
            None => out.extend(["{", name, "}"]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The plural form of a whole number (CLDR's cardinal rules), for the languages that the form is made for. Browsers ask `Intl`.
fn plural(tag: &str, n: u64) -> &'static str {
    let (tens, units) = (n % 100, n % 10);
    let teen = (11..=14).contains(&tens);
    match tag.split('-').next().unwrap_or_default() {
        "zh" | "ja" => "other",
        "fr" | "pt" | "hi" | "fa" if n < 2 => "one",
        "ru" | "uk" => match units {
            1 if !teen => "one",
            2..=4 if !teen => "few",
            _ => "many",
        },
        "pl" => match units {
            _ if n == 1 => "one",
            2..=4 if !teen => "few",
            _ => "many",
        },
        "ar" => match n {
            0 => "zero",
            1 => "one",
            2 => "two",
            _ if (3..=10).contains(&tens) => "few",
            _ if tens >= 11 => "many",
            _ => "other",
        },
        _ if n == 1 => "one",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_a_text_from_the_right_has_a_direction_of_its_own() {
        let filled = |text: &str| fill(text, &[("hours", "on weekdays from 9 to 17")]);
        assert_eq!(filled("{hours}."), "on weekdays from 9 to 17.");
        assert_eq!(filled("تُقرأ {hours}."), "تُقرأ \u{2068}on weekdays from 9 to 17\u{2069}.");
    }

    #[test]
    fn the_language_is_the_best_of_those_that_there_are() {
        for header in ["", "xx", "en-GB,en;q=0.9", "xx, en;q=0.1", "en;q=0", ",;q=,", "*"] {
            assert_eq!(Language::accepted(header).tag(), "en", "{header}");
        }
        assert_eq!(Language::named("EN-gb").map(Language::tag), Some("en"));
        assert_eq!(Language::named("xx"), None);
        assert_eq!(Language::accepted(&"é".repeat(400)).tag(), "en");
    }

    #[test]
    fn numbers_choose_the_form_of_their_language() {
        for (tag, expected) in [
            ("en", ["other", "one", "other", "other", "other", "other"]),
            ("fr", ["one", "one", "other", "other", "other", "other"]),
            ("ru", ["many", "one", "few", "many", "many", "one"]),
            ("pl", ["many", "one", "few", "many", "many", "many"]),
            ("ar", ["zero", "one", "two", "few", "many", "many"]),
            ("ja", ["other"; 6]),
        ] {
            assert_eq!([0, 1, 2, 5, 11, 21].map(|n| plural(tag, n)), expected, "{tag}");
        }
        assert_eq!(Language::english().count(form::STAGES_DAYS, 1), "within 1 day");
        assert_eq!(Language::english().count(form::STAGES_DAYS, 3), "within 3 days");
    }

    #[test]
    fn values_are_not_read_again() {
        assert_eq!(fill("{a} and {b} {c", &[("a", "{b}"), ("b", "2")]), "{b} and 2 c");
    }
}
