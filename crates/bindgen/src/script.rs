//! JavaScript as tokens: as much of its grammar as leaving out comments and spaces and renaming takes.

use anyhow::{Result, bail};

/// One token, with its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A name, a keyword or a number.
    Word(&'a str),
    /// A string, a template with all within it, or a regular expression.
    Literal(&'a str),
    /// One character of anything else, or `++` or `--`.
    Mark(&'a str),
    /// Where lines end, which may end a statement; several count as one.
    Break,
}

impl<'a> Token<'a> {
    pub(crate) fn text(self) -> &'a str {
        match self {
            Self::Word(text) | Self::Literal(text) | Self::Mark(text) => text,
            Self::Break => "\n",
        }
    }
}

/// Words behind which a slash begins a regular expression.
const BEFORE_EXPRESSION: [&str; 9] = ["return", "typeof", "case", "in", "of", "void", "throw", "else", "await"];

/// The tokens of a script, without its comments.
///
/// # Errors
/// A comment or literal that does not end, and a slash behind `}`: division or regular expression, no tokens can tell.
pub(crate) fn tokens(source: &str) -> Result<Vec<Token<'_>>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            let Some(length) = rest.find("*/") else { bail!("a comment does not end") };
            if rest[..length].contains('\n') && !matches!(found.last(), None | Some(Token::Break)) {
                found.push(Token::Break);
            }
            length + 2
        } else if first == '\n' {
            if !matches!(found.last(), None | Some(Token::Break)) {
                found.push(Token::Break);
            }
            1
        } else if first.is_whitespace() {
            first.len_utf8()
        } else if is_word(first) {
            let length = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
            found.push(Token::Word(&rest[..length]));
            length
        } else {
            let length = match first {
                '"' | '\'' => quoted(rest, first)?,
                '`' => template(rest)?,
                '/' if begins_expression(&found)? => regular_expression(rest)?,
                _ => 0,
            };
            if length > 0 {
                found.push(Token::Literal(&rest[..length]));
                length
            } else {
                // `a + +b` is no `a ++b`.
                let length = if rest.starts_with("++") || rest.starts_with("--") { 2 } else { first.len_utf8() };
                found.push(Token::Mark(&rest[..length]));
                length
            }
        };
        rest = &rest[length..];
    }
    Ok(found)
}

/// The script of these tokens with no more spaces than it needs.
pub(crate) fn text<'a>(tokens: impl IntoIterator<Item = Token<'a>>) -> String {
    let mut out = String::new();
    let mut last: Option<Token<'_>> = None;
    for token in tokens {
        let apart = match (last, token) {
            // `a in b`, and `1 .toString()`.
            (Some(Token::Word(_)), Token::Word(_)) => true,
            (Some(Token::Word(word)), Token::Mark(".")) => word.starts_with(|first: char| first.is_ascii_digit()),
            // `a + +b`, and a regular expression behind a division.
            (Some(Token::Mark(one)), Token::Mark(other)) => {
                (one.ends_with('+') && other.starts_with('+')) || (one.ends_with('-') && other.starts_with('-'))
            }
            (Some(Token::Mark("/")), Token::Literal(literal)) => literal.starts_with('/'),
            // What touches a regular expression is its flags.
            (Some(Token::Literal(literal)), Token::Word(_)) => literal.starts_with('/'),
            _ => false,
        };
        if apart {
            out.push(' ');
        }
        out.push_str(token.text());
        last = Some(token);
    }
    out
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || letter == '\u{200c}' || letter == '\u{200d}'
}

fn begins_expression(before: &[Token<'_>]) -> Result<bool> {
    Ok(match before.iter().rev().find(|token| **token != Token::Break) {
        Some(Token::Word(word)) => BEFORE_EXPRESSION.contains(word),
        Some(Token::Literal(_) | Token::Mark(")" | "]")) => false,
        Some(Token::Mark("}")) => bail!("a slash behind }}: a division or a regular expression?"),
        _ => true,
    })
}

fn quoted(rest: &str, quote: char) -> Result<usize> {
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => _ = letters.next(),
            '\n' => break,
            _ if letter == quote => return Ok(at + 1),
            _ => {}
        }
    }
    bail!("a string does not end: {}", rest.lines().next().unwrap_or_default())
}

/// A template literal with the expressions in it, which may hold templates again.
fn template(rest: &str) -> Result<usize> {
    let mut at = 1;
    while let Some(letter) = rest[at..].chars().next() {
        if letter == '`' {
            return Ok(at + 1);
        }
        if rest[at..].starts_with("${") {
            at += 2;
            let mut depth = 1;
            while depth > 0 {
                let Some(letter) = rest[at..].chars().next() else { bail!("a template does not end") };
                at += match letter {
                    '"' | '\'' => quoted(&rest[at..], letter)?,
                    '`' => template(&rest[at..])?,
                    '/' => bail!("a slash within a template"),
                    '{' | '}' => {
                        if letter == '{' {
                            depth += 1
                        } else {
                            depth -= 1
                        }
                        1
                    }
                    _ => letter.len_utf8(),
                };
            }
        } else {
            at += letter.len_utf8();
            if letter == '\\' {
                at += rest[at..].chars().next().map_or(0, char::len_utf8);
            }
        }
    }
    bail!("a template does not end")
}

/// With its flags; a slash within `[…]` ends nothing.
fn regular_expression(rest: &str) -> Result<usize> {
    let mut in_class = false;
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => _ = letters.next(),
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => {
                let flags = &rest[at + 1..];
                return Ok(at + 1 + flags.find(|next| !is_word(next)).unwrap_or(flags.len()));
            }
            '\n' => break,
            _ => {}
        }
    }
    bail!("a regular expression does not end: {}", rest.lines().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{text, tokens};

    #[track_caller]
    fn check(source: &str, wanted: &str) {
        let compact = text(tokens(source).unwrap());
        assert_eq!(compact, wanted);
        assert_eq!(text(tokens(&compact).unwrap()), wanted, "twice is once");
    }

    #[test]
    fn comments_and_spaces_go() {
        check("/* a */\n\n// b\n  const x = y; // c\n\n\n  return typeof  x\n", "const x=y;\nreturn typeof x\n");
        check("a /* one\ntwo */ b", "a\nb");
        check("a + +b - -c + ++d; e++ + f-- - g; h++;", "a+ +b- -c+ ++d;e++ +f-- -g;h++;");
        check("a - b; 1 .x; 'a' in b", "a-b;1 .x;'a'in b");
    }

    #[test]
    fn literals_stay_as_they_are() {
        for source in [
            "a=\"//  x\\\"  /* y */\";",
            "b='it\\'s  //';",
            "c=`a  // ${f(`b  }`,\"}  \")}  \n  d`;",
            "d=/[/\"]  \\/ '/gu.exec(e);",
            "return/ x '/y in z",
            "x=a/ /b/",
            "e=(a)/b/c;",
        ] {
            check(source, source);
        }
    }

    #[test]
    fn what_is_unsure_is_refused() {
        for source in ["/* a", "'a\n'", "`a", "`${a", "`${a / b}`", "x = /[/", "x = /a\n/", "{} / 1 /"] {
            assert!(tokens(source).is_err(), "{source}");
        }
    }
}
