//! Text that somebody selected on a page: what was said there, and how a reader finds the place again.
//!
//! Selectors are those of the W3C Web Annotation Data Model (quote, position, CSS) and a text fragment (WICG, `#:~:text=`).

use recourse_redact::{Finding, mask};
use serde::{Deserialize, Serialize};

/// Characters before and after the selection that help to find it again.
pub const AROUND: usize = 32;
/// Above this many characters a text fragment names beginning and end of the selection alone.
const FRAGMENT_MAX: usize = 120;

/// A selection as it was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// The selected text.
    pub exact: String,
    /// What stands before it; the last [`AROUND`] characters are used.
    pub prefix: String,
    /// What stands after it; the first [`AROUND`] characters are used.
    pub suffix: String,
    /// Where it begins in the text of the page, in UTF-16 units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// CSS path of the element that holds all of it.
    pub css: String,
}

/// One selector of the Web Annotation Data Model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
pub enum Selector {
    /// By the words.
    #[serde(rename = "TextQuoteSelector")]
    Quote {
        /// The words.
        exact: String,
        /// What stands before them.
        prefix: String,
        /// What stands after them.
        suffix: String,
    },
    /// By the place in the page's text, in UTF-16 units.
    #[serde(rename = "TextPositionSelector")]
    Position {
        /// Its first unit.
        start: u32,
        /// The one after its last.
        end: u32,
    },
    /// By the element.
    #[serde(rename = "CssSelector")]
    Css {
        /// The path.
        value: String,
    },
}

/// A selection as it goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The text, with masks in the place of what is covered.
    pub text: String,
    /// How to find it. Where something is covered in it, not by its words.
    pub selectors: Vec<Selector>,
    /// A text fragment to put behind an address, `:~:text=…`; nothing where something is covered.
    pub fragment: Option<String>,
}

impl Selection {
    /// Leaves out what is `covered` in the selected text. What is around it goes only if nothing is found there: nobody has seen it, so
    /// `found` says whether there is something to cover in a text.
    #[must_use]
    pub fn keep(&self, covered: &[Finding], found: impl Fn(&str) -> bool) -> Kept {
        let mut selectors = vec![Selector::Position { start: self.start, end: self.end }];
        // Ids and attributes in a path may name a person.
        if !self.css.is_empty() && !found(&self.css) {
            selectors.push(Selector::Css { value: self.css.clone() });
        }
        if !covered.is_empty() {
            return Kept { text: mask(&self.exact, covered), selectors, fragment: None };
        }
        let clean = |text: String| if found(&text) { String::new() } else { text };
        let (prefix, suffix) = (clean(last(&self.prefix, AROUND)), clean(first(&self.suffix, AROUND)));
        let fragment = fragment(&self.exact, &prefix, &suffix);
        selectors.insert(0, Selector::Quote { exact: self.exact.clone(), prefix, suffix });
        Kept { text: self.exact.clone(), selectors, fragment }
    }
}

/// `:~:text=[prefix-,]start[,end][,-suffix]`. Nothing for a selection without words.
fn fragment(exact: &str, prefix: &str, suffix: &str) -> Option<String> {
    let words: Vec<&str> = exact.split_whitespace().collect();
    let long = exact.chars().count() > FRAGMENT_MAX && words.len() > 8;
    let text = match words.as_slice() {
        [] => return None,
        words if long => {
            let (from, to) = (words[..4].join(" "), words[words.len() - 4..].join(" "));
            format!("{},{}", encoded(&from), encoded(&to))
        }
        words => encoded(&words.join(" ")),
    };
    // Only whole words are matched, so those cut at the edge of what was taken are left out.
    let before: Vec<&str> = prefix.split_whitespace().skip(usize::from(prefix.chars().count() >= AROUND)).collect();
    let mut after: Vec<&str> = suffix.split_whitespace().collect();
    if suffix.chars().count() >= AROUND {
        after.pop();
    }
    let before = if before.is_empty() { String::new() } else { format!("{}-,", encoded(&before.join(" "))) };
    let after = if after.is_empty() { String::new() } else { format!(",-{}", encoded(&after.join(" "))) };
    Some(format!(":~:text={before}{text}{after}"))
}

/// Percent-encoded but for what is never special, `-` and `,` included.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn first(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

fn last(text: &str, count: usize) -> String {
    let skip = text.chars().count().saturating_sub(count);
    text.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use recourse_redact::{Options, Own, find};

    use super::*;

    fn selection(exact: &str) -> Selection {
        Selection {
            exact: exact.to_owned(),
            prefix: "The list says ".to_owned(),
            suffix: " and more.".to_owned(),
            start: 14,
            end: 30,
            css: "main > p:nth-child(2)".to_owned(),
        }
    }

    fn found(text: &str) -> Vec<Finding> {
        find(text, &Own::default(), &Options::default())
    }

    fn keep(selection: &Selection) -> Kept {
        selection.keep(&found(&selection.exact), |text| !found(text).is_empty())
    }

    #[test]
    fn three_selectors_and_a_fragment_find_it_again() {
        let kept = keep(&selection("all-in, “buy & sell”"));
        assert_eq!(
            serde_json::to_string(&kept.selectors).unwrap(),
            r#"[{"type":"TextQuoteSelector","exact":"all-in, “buy & sell”","prefix":"The list says ","suffix":" and more."},{"type":"TextPositionSelector","start":14,"end":30},{"type":"CssSelector","value":"main > p:nth-child(2)"}]"#
        );
        assert_eq!(
            kept.fragment.unwrap(),
            ":~:text=The%20list%20says-,all%2Din%2C%20%E2%80%9Cbuy%20%26%20sell%E2%80%9D,-and%20more."
        );
    }

    #[test]
    fn a_long_selection_is_named_by_its_ends() {
        let long = (0..60).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
        let text = keep(&selection(&long)).fragment.unwrap();
        assert!(text.contains("word0%20word1%20word2%20word3,word56%20word57%20word58%20word59"), "{text}");
        assert!(!text.contains("word30"));
        assert_eq!(keep(&selection(" \n ")).fragment, None);
    }

    #[test]
    fn what_is_covered_is_in_none_of_it() {
        let kept = keep(&selection("write to ana@example.org now"));
        assert_eq!(kept.text, "write to [e-mail] now");
        assert_eq!(kept.fragment, None);
        let all = serde_json::to_string(&kept.selectors).unwrap();
        assert!(!all.contains("ana") && !all.contains("write to"), "{all}");
        let mut around = selection("this one");
        around.prefix = "ana@example.org: ".to_owned();
        around.css = "#user-ana@example.org".to_owned();
        let kept = keep(&around);
        assert!(!format!("{kept:?}").contains("ana@"), "{kept:?}");
        assert!(kept.fragment.unwrap().starts_with(":~:text=this%20one,-and"));
    }
}
