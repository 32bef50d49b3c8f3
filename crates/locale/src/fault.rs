//! What can be wrong with locales, for whoever translates them.

use thiserror::Error;

/// Why a folder of locales was refused.
#[derive(Debug, Error)]
pub enum LocaleFault {
    /// The folder, or a file in it.
    #[error("{path}: {source}")]
    Unread {
        /// As it was given.
        path: String,
        /// The system's word.
        source: std::io::Error,
    },
    /// A file of another name.
    #[error(
        "{0}: locales are called LANGUAGE.SURFACE.json, the language a BCP 47 tag, the surface small letters and '-', not ending in \"-later\""
    )]
    Name(String),
    /// No flat object of texts, or a key twice; serde's message has line and column.
    #[error("{file}: not one flat object of texts: {source}")]
    Shape {
        /// Its name.
        file: String,
        /// What serde says.
        source: serde_json::Error,
    },
    /// A surface without the language that defines its keys.
    #[error("en.{0}.json: there is none, and English defines the keys")]
    NoEnglish(String),
    /// A language of a surface without the texts that the surface shares with others.
    #[error("{file}: there is none, and {surface} shows its texts")]
    Unshared {
        /// The name that it would have.
        file: String,
        /// The surface that is there in this language.
        surface: String,
    },
    /// A language twice in the list.
    #[error("languages.json: {0} is there twice")]
    Twice(String),
    /// A locale in a language that is not in the list.
    #[error("languages.json: {0} is not there, and there are texts in it")]
    Unlisted(String),
    /// One text.
    #[error("{file}: {key}: {wrong}")]
    Text {
        /// The file's name.
        file: String,
        /// The key, with `#FORM` where it is a plural's.
        key: String,
        /// What is wrong.
        wrong: Wrong,
    },
}

/// What is wrong with one text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Wrong {
    /// A character that keys do not have.
    #[error("keys are ASCII letters, digits, '.', '_' and '-', with '#' before a plural's form")]
    Key,
    /// Nothing, or nothing but space.
    #[error("it is empty")]
    Empty,
    /// Control characters are no text, and one marks the forms of plurals.
    #[error("it has a control character")]
    Control,
    /// `{` without `}`, or `}` without `{`.
    #[error("a brace has no other")]
    Brace,
    /// `#something`.
    #[error("no language has such a plural form; there are zero, one, two, few, many and other")]
    Form,
    /// `files` beside `files#other`.
    #[error("it is a plural and a plain text at once")]
    Both,
    /// A key that is not English's.
    #[error("English does not have it")]
    NotInEnglish,
    /// A shared key that a surface has itself.
    #[error("{0} has it too")]
    Elsewhere(String),
    /// A key that is English's only.
    #[error("it is missing")]
    Missing,
    /// Not those of the English text.
    #[error("it has the placeholders {found}, and English has {wanted}")]
    Placeholders {
        /// This text's, sorted.
        found: String,
        /// The English text's, sorted.
        wanted: String,
    },
}
