//! Finds where a text for the reporter repeats the report. A reply is opened by the receipt, and whoever holds or finds a receipt must not
//! learn from it what was reported.

use std::collections::HashMap;

/// Weight from which a common run counts as a quotation: five words, or ten characters of a script that puts no spaces between words.
const WARN_FROM: u32 = 10;
const WORD: u32 = 2;
const IDEOGRAPH: u32 = 1;

struct Token<'a> {
    /// As written, from here to its end.
    start: usize,
    end: usize,
    weight: u32,
    text: &'a str,
}

/// The longest run of words that `text` shares with one of the `sources`, as it stands in `text`; `None` where it is too short to
/// matter. Letter case, punctuation and spacing make no difference.
pub fn longest_quote<'a>(text: &'a str, sources: &[&str]) -> Option<&'a str> {
    let mut words = HashMap::new();
    let tokens = tokens(text);
    let mine: Vec<u32> = tokens.iter().map(|token| number(&mut words, token.text)).collect();
    let mut best = (0, 0..0);
    for source in sources {
        let theirs: Vec<u32> = self::tokens(source).iter().map(|token| number(&mut words, token.text)).collect();
        // Length of the common run that ends at (mine[i], theirs[j]), one row at a time: a report has at most some thousand words.
        let mut row = vec![0_usize; theirs.len() + 1];
        for (i, word) in mine.iter().enumerate() {
            let mut diagonal = 0;
            for (j, other) in theirs.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if word == other { diagonal + 1 } else { 0 };
                diagonal = above;
                let run = i + 1 - row[j + 1]..i + 1;
                if run.len() > best.1.len() {
                    best = (tokens[run.clone()].iter().map(|token| token.weight).sum(), run);
                }
            }
        }
    }
    let (weight, run) = best;
    let (first, last) = (tokens.get(run.start)?, tokens.get(run.end.checked_sub(1)?)?);
    (weight >= WARN_FROM).then(|| &text[first.start..last.end])
}

fn number(words: &mut HashMap<String, u32>, word: &str) -> u32 {
    let next = u32::try_from(words.len()).unwrap_or(u32::MAX);
    *words.entry(word.to_lowercase()).or_insert(next)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut word: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let alone = is_unspaced(c);
        if !alone && (c.is_alphanumeric() || (word.is_some() && matches!(c, '\'' | '’'))) {
            word.get_or_insert(at);
            continue;
        }
        if let Some(start) = word.take() {
            tokens.push(Token { start, end: at, weight: WORD, text: &text[start..at] });
        }
        if alone {
            let end = at + c.len_utf8();
            tokens.push(Token { start: at, end, weight: IDEOGRAPH, text: &text[at..end] });
        }
    }
    tokens
}

/// Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Han.
fn is_unspaced(c: char) -> bool {
    c.is_alphanumeric()
        && matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str =
        "My manager, Ana, exports the list of\nmembers every Friday and sends it to the landlord’s agent.";

    #[track_caller]
    fn check(text: &str, quote: Option<&str>) {
        assert_eq!(longest_quote(text, &["Nothing here.", REPORT]), quote);
    }

    #[test]
    fn five_words_in_a_row_are_a_quotation() {
        check("You say that your manager exports a list.", None);
        check("We looked at the list of members, then stopped", None);
        check("We looked at: LIST of members – every friday!", Some("LIST of members – every friday"));
        check("sends it to the landlord’s agent", Some("sends it to the landlord’s agent"));
        check("", None);
    }

    #[test]
    fn the_longest_of_several_is_shown() {
        check(
            "exports the list of members. And it is so that she sends it to the landlord’s agent, you wrote.",
            Some("sends it to the landlord’s agent"),
        );
    }

    #[test]
    fn scripts_without_spaces_count_by_character() {
        assert_eq!(
            longest_quote("您写道：经理每周五导出成员名单。", &["我的经理每周五导出成员名单"]),
            Some("经理每周五导出成员名单")
        );
        assert_eq!(longest_quote("经理每周五", &["我的经理每周五导出成员名单"]), None);
    }

    #[test]
    fn long_texts_are_quick_enough_to_check_at_each_key() {
        let report = "word ".repeat(4_000);
        let started_with = longest_quote("word word word word word", &[&report]);
        assert_eq!(started_with, Some("word word word word word"));
    }
}
