#![doc = include_str!("../README.md")]
#![allow(clippy::disallowed_methods, reason = "a tool of the build, which reads the folder of locales")]

mod check;
mod fault;
mod language;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub use fault::{LocaleFault, Wrong};
pub use language::{BESIDE, ENGLISH, Language};

/// Stands before and after the name of a plural form in a packed text.
pub const FORM: char = '\u{1}';

/// What follows the surface in the name of a later part.
pub const LATER: &str = "-later";

/// How keys begin that are in a surface's first part; a surface that is not here has one part.
///
/// Of the form it is what can be seen before the later part is there: frame, doors, the screens without a form, the question whether to
/// leave, and what can be wrong with the first screen. A browser test of `recourse-ui` draws these with and without the later part
/// and compares.
pub const FIRST: [(&str, &[&str]); 1] =
    [("form", &["about.", "broken.", "closed.", "common.", "frame.", "left.text", "shut.", "start.", "step."])];

/// Texts that several surfaces show word for word, by the name that their files have in a surface's place (`en.evidence.json`), and those
/// surfaces: each takes them in. They stand at the end of what it loads, in the same order everywhere, so that code which draws for all of
/// them knows a text by its place before the end.
pub const SHARED: [(&str, &[&str]); 1] = [("evidence", &["form", "follow-up", "panel"])];

/// When a text is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Before anything is shown.
    First,
    /// While the first screen is read.
    Later,
}

impl Part {
    /// What is shared comes last.
    fn of(surface: &str, key: &str, shared: bool) -> Self {
        let first = FIRST.iter().find(|(name, _)| *name == surface);
        let later = first.is_some_and(|(_, starts)| shared || !starts.iter().any(|start| key.starts_with(start)));
        if later { Self::Later } else { Self::First }
    }
}

/// A text's name, without the forms of a plural. A key's number is its place in [`Surface::keys`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// ASCII letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Depends on a number, and has a text for each form.
    pub plural: bool,
    /// When it is loaded.
    pub part: Part,
    /// It is in the file of that name, of [`SHARED`].
    pub shared: Option<&'static str>,
}

/// Key, with `#FORM` where it is a plural's, to text.
type Texts = BTreeMap<String, String>;

/// What one page shows, in every language that there is.
#[derive(Debug)]
pub struct Surface {
    name: String,
    keys: Vec<Key>,
    languages: BTreeMap<String, Texts>,
}

/// All locales; they agree with each other.
#[derive(Debug)]
pub struct Locales {
    surfaces: Vec<Surface>,
}

/// A file as a page loads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// `LANGUAGE.SURFACE.json`, or `LANGUAGE.SURFACE-later.json`.
    pub name: String,
    /// The file it was made from.
    pub source: String,
    /// A JSON array of strings.
    pub json: String,
}

impl Locales {
    /// Reads a folder that holds locales alone.
    ///
    /// # Errors
    /// The first [`LocaleFault`], in the order of the files' names.
    pub fn read(folder: &Path) -> Result<Self, LocaleFault> {
        let failed = |path: &Path, source| LocaleFault::Unread { path: path.display().to_string(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
            let path = entry.map_err(|error| failed(folder, error))?.path();
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
        files.sort();
        Self::of(files.iter().map(|(name, text)| (&**name, &**text)))
    }

    /// Like [`Self::read`], from names and contents of files.
    ///
    /// # Errors
    /// The first [`LocaleFault`].
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, LocaleFault> {
        let mut found: BTreeMap<&str, BTreeMap<String, Texts>> = BTreeMap::new();
        for (file, text) in files {
            let (language, surface) = check::name(file)?;
            found.entry(surface).or_default().insert(language.to_owned(), check::texts(file, text)?);
        }
        for (name, languages) in &found {
            let Some(english) = languages.get("en") else { return Err(LocaleFault::NoEnglish((*name).to_owned())) };
            for (language, texts) in languages {
                check::compare(&source_name(language, name), english, texts, language::forms(language))?;
            }
        }
        let shared = SHARED.map(|(name, hosts)| (name, hosts, found.remove(name)));
        let mut surfaces = Vec::new();
        for (name, mut languages) in found {
            let mut from: BTreeMap<String, &'static str> = BTreeMap::new();
            for (source, _, given) in shared.iter().filter(|(_, hosts, _)| hosts.contains(&name)) {
                let Some(given) = given else { continue };
                for (language, texts) in &mut languages {
                    let file = source_name(language, source);
                    let Some(given) = given.get(language) else {
                        return Err(LocaleFault::Unshared { file, surface: name.to_owned() });
                    };
                    for (key, text) in given {
                        from.insert(check::split(key).0.to_owned(), source);
                        if texts.insert(key.clone(), text.clone()).is_some() {
                            let wrong = Wrong::Elsewhere(source_name(language, name));
                            return Err(LocaleFault::Text { file, key: key.clone(), wrong });
                        }
                    }
                }
            }
            let Some(english) = languages.get("en") else { return Err(LocaleFault::NoEnglish(name.to_owned())) };
            let keys = keys(name, english, &from);
            surfaces.push(Surface { name: name.to_owned(), keys, languages });
        }
        Ok(Self { surfaces })
    }

    /// All surfaces, by name.
    pub fn surfaces(&self) -> &[Surface] {
        &self.surfaces
    }

    /// The surface of that name.
    pub fn surface(&self, name: &str) -> Option<&Surface> {
        self.surfaces.iter().find(|surface| surface.name == name)
    }

    /// Puts the English behind the texts of [`BESIDE`] in every language but the trusted ones.
    #[must_use]
    pub fn with_english_beside(mut self, languages: &[Language]) -> Self {
        let trusted = |tag: &str| languages.iter().any(|language| language.tag == tag && language.is_trusted());
        for surface in &mut self.surfaces {
            let english = surface.languages.get("en").cloned().unwrap_or_default();
            for (_, texts) in surface.languages.iter_mut().filter(|(tag, _)| !trusted(tag)) {
                for (key, text) in texts {
                    if let (true, Some(english)) = (language::is_beside(&surface.name, key), english.get(key)) {
                        text.push(ENGLISH);
                        text.push_str(english);
                    }
                }
            }
        }
        self
    }

    /// The languages of the list that every surface of `surfaces` is there in, in the list's order.
    ///
    /// # Errors
    /// A language of a surface that is not in the list.
    pub fn offered(&self, languages: Vec<Language>, surfaces: &[&str]) -> Result<Vec<Language>, LocaleFault> {
        let there = |tag: &str| {
            surfaces.iter().all(|name| self.surface(name).is_some_and(|surface| surface.languages.contains_key(tag)))
        };
        for tag in self.surfaces.iter().flat_map(|surface| surface.languages()) {
            if !languages.iter().any(|language| language.tag == tag) {
                return Err(LocaleFault::Unlisted(tag.to_owned()));
            }
        }
        Ok(languages.into_iter().filter(|language| there(&language.tag)).collect())
    }

    /// Every file that pages load.
    pub fn packed(&self) -> Vec<Packed> {
        let mut all = Vec::new();
        for surface in &self.surfaces {
            let split = surface.keys.iter().any(|key| key.part == Part::Later);
            for language in surface.languages.keys() {
                let source = source_name(language, &surface.name);
                all.extend(surface.pack(language, Part::First).map(|json| Packed {
                    name: source.clone(),
                    source: source.clone(),
                    json,
                }));
                if split {
                    let name = source_name(language, &[&surface.name, LATER].concat());
                    all.extend(surface.pack(language, Part::Later).map(|json| Packed { name, source, json }));
                }
            }
        }
        all
    }
}

impl Surface {
    /// `form`, `follow-up` or `console`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// In the order of their numbers: the first part's by name, then the later part's by name, and at the end what is shared, by name.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Tags of the languages that there are, BCP 47.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.keys().map(String::as_str)
    }

    /// Keys, with `#FORM` where it is a plural's, of the texts that a language has word for word as English; and how many it has.
    pub fn same_as_english(&self, language: &str) -> (Vec<&str>, usize) {
        let (Some(english), Some(texts)) = (self.languages.get("en"), self.languages.get(language)) else {
            return (Vec::new(), 0);
        };
        let same = texts.iter().filter(|(key, text)| english.get(*key) == Some(text));
        (same.map(|(key, _)| &**key).collect(), texts.len())
    }

    /// A part's texts in the order of their keys; of a plural all forms in one, see [`FORM`]. Nothing for a language that there is not.
    pub fn texts(&self, language: &str, part: Part) -> Option<Vec<String>> {
        let texts = self.languages.get(language)?;
        let keys = self.keys.iter().filter(|key| key.part == part);
        Some(keys.map(|key| packed_text(texts, key)).collect())
    }

    /// [`Self::texts`] as the file that a page loads: a JSON array of strings.
    pub fn pack(&self, language: &str, part: Part) -> Option<String> {
        Some(serde_json::Value::from(self.texts(language, part)?).to_string())
    }
}

fn source_name(language: &str, surface: &str) -> String {
    [language, ".", surface, ".json"].concat()
}

/// `from` says of a key in which shared file it is.
fn keys(surface: &str, english: &Texts, from: &BTreeMap<String, &'static str>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for key in english.keys() {
        let (name, form) = check::split(key);
        if form.is_none_or(|form| form == "other") {
            let shared = from.get(name).copied();
            let part = Part::of(surface, name, shared.is_some());
            keys.push(Key { name: name.to_owned(), plural: form.is_some(), part, shared });
        }
    }
    keys.sort_by(|a, b| (a.part, a.shared, &a.name).cmp(&(b.part, b.shared, &b.name)));
    keys
}

fn packed_text(texts: &Texts, key: &Key) -> String {
    if !key.plural {
        return texts.get(&key.name).cloned().unwrap_or_default();
    }
    let mut out = String::new();
    for form in check::FORMS {
        if let Some(text) = texts.get(&[&key.name, "#", form].concat()) {
            out.push(FORM);
            out.push_str(form);
            out.push(FORM);
            out.push_str(text);
        }
    }
    out
}
