//! Which languages there are, what they are called, and how far each can be trusted.

use serde::Deserialize;

use crate::LocaleFault;
use crate::check::FORMS;

/// Stands between a text and its English, where a page shows both: see [`BESIDE`].
pub const ENGLISH: char = '\u{2}';

/// How keys begin whose English is shown beside a translation that no native speaker has checked: whoever reads a wrong word about
/// danger, about who will know them, or about the law could come to harm by it.
pub const BESIDE: [(&str, &[&str]); 2] = [
    (
        "form",
        &[
            "danger.help",
            "danger.emergency",
            "identity_hint.",
            "law.",
            "retaliation.hint",
            "sees.",
            "start.emergency",
            "start.employer",
        ],
    ),
    ("follow-up", &["more.child"]),
];

/// One language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// BCP 47.
    pub tag: String,
    /// What its speakers call it.
    pub name: String,
    /// The texts were written in it.
    #[serde(default)]
    pub source: bool,
    /// A native speaker has checked the texts.
    #[serde(default)]
    pub checked: bool,
}

impl Language {
    /// Reads the list, in the order in which it is offered.
    ///
    /// # Errors
    /// No list of languages, or a tag twice.
    pub fn list(json: &str) -> Result<Vec<Self>, LocaleFault> {
        let file = "languages.json".to_owned();
        let list: Vec<Self> =
            serde_json::from_str(json).map_err(|source| LocaleFault::Shape { file: file.clone(), source })?;
        for (at, language) in list.iter().enumerate() {
            if list[..at].iter().any(|other| other.tag == language.tag) {
                return Err(LocaleFault::Twice(language.tag.clone()));
            }
        }
        Ok(list)
    }

    /// Its texts can be shown without their English.
    pub fn is_trusted(&self) -> bool {
        self.source || self.checked
    }
}

/// The forms of a plural that Unicode's CLDR gives a language for whole numbers; `many` of Spanish, French, Italian and Portuguese is
/// for millions, which nothing here counts. None for a language that is not in the list.
pub(crate) fn forms(tag: &str) -> &'static [&'static str] {
    match tag.split('-').next().unwrap_or_default() {
        "ar" => &FORMS,
        "pl" | "ru" | "uk" => &["one", "few", "many", "other"],
        "de" | "en" | "es" | "fa" | "fr" | "hi" | "it" | "pt" => &["one", "other"],
        "ja" | "zh" => &["other"],
        _ => &[],
    }
}

/// Whether the English of a text is shown beside it.
pub(crate) fn is_beside(surface: &str, key: &str) -> bool {
    BESIDE.iter().any(|(name, starts)| *name == surface && starts.iter().any(|start| key.starts_with(start)))
}
