//! Reading one file, and comparing it with English.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::{LATER, LocaleFault, Texts, Wrong};

/// The plural forms of Unicode's CLDR, in the order in which they are packed.
pub(crate) const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Language and surface of a file's name.
pub(crate) fn name(file: &str) -> Result<(&str, &str), LocaleFault> {
    let parts: Vec<&str> = file.split('.').collect();
    if let [language, surface, "json"] = parts[..] {
        let subtags = language
            .split('-')
            .all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let plain = !surface.is_empty() && surface.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        if subtags && plain && !surface.ends_with(LATER) {
            return Ok((language, surface));
        }
    }
    Err(LocaleFault::Name(file.to_owned()))
}

/// The texts of a file, each looked at on its own.
pub(crate) fn texts(file: &str, json: &str) -> Result<Texts, LocaleFault> {
    let shape = |source| LocaleFault::Shape { file: file.to_owned(), source };
    let mut reader = serde_json::Deserializer::from_str(json);
    let texts = reader.deserialize_map(Flat).map_err(shape)?;
    reader.end().map_err(shape)?;
    for (key, text) in &texts {
        if let Some(wrong) = alone(&texts, key, text) {
            return Err(fault(file, key, wrong));
        }
    }
    Ok(texts)
}

/// Every language has English's keys with its placeholders, and of a plural `other` and all of its own `forms`.
pub(crate) fn compare(file: &str, english: &Texts, texts: &Texts, forms: &[&str]) -> Result<(), LocaleFault> {
    for (key, text) in texts {
        let (base, form) = split(key);
        let known = match form {
            None => english.get(key),
            Some(_) => english.get(&other(base)),
        };
        let Some(known) = known else {
            // English's own plural without `other` is told as that.
            let own = english.contains_key(key);
            let (key, wrong) = if own { (other(base), Wrong::Missing) } else { (key.clone(), Wrong::NotInEnglish) };
            return Err(fault(file, &key, wrong));
        };
        let (found, wanted) = (placeholders(text), placeholders(known));
        // A form such as "one file" may leave its number out.
        let loose = form.is_some_and(|form| form != "other");
        if if loose { !found.is_subset(&wanted) } else { found != wanted } {
            let list = |names: BTreeSet<&str>| match names.len() {
                0 => "(none)".to_owned(),
                _ => names.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" "),
            };
            return Err(fault(file, key, Wrong::Placeholders { found: list(found), wanted: list(wanted) }));
        }
    }
    let needed = |key: &&String| split(key).1.is_none_or(|form| form == "other");
    for key in english.keys().filter(needed) {
        let (base, form) = split(key);
        let own: Vec<String> =
            if form.is_some() { forms.iter().map(|form| format!("{base}#{form}")).collect() } else { Vec::new() };
        if let Some(missing) = std::iter::once(key).chain(&own).find(|key| !texts.contains_key(*key)) {
            return Err(fault(file, missing, Wrong::Missing));
        }
    }
    Ok(())
}

/// A key without its plural form, and that form.
pub(crate) fn split(key: &str) -> (&str, Option<&str>) {
    key.split_once('#').map_or((key, None), |(base, form)| (base, Some(form)))
}

fn other(base: &str) -> String {
    [base, "#other"].concat()
}

fn fault(file: &str, key: &str, wrong: Wrong) -> LocaleFault {
    LocaleFault::Text { file: file.to_owned(), key: key.to_owned(), wrong }
}

/// What is wrong with a text whatever English says.
fn alone(texts: &Texts, key: &str, text: &str) -> Option<Wrong> {
    let (base, form) = split(key);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if base.is_empty() || !base.bytes().all(fits) {
        return Some(Wrong::Key);
    }
    if form.is_some_and(|form| !FORMS.contains(&form)) {
        return Some(Wrong::Form);
    }
    if form.is_some() && texts.contains_key(base) {
        return Some(Wrong::Both);
    }
    if text.trim().is_empty() {
        return Some(Wrong::Empty);
    }
    if text.chars().any(char::is_control) {
        return Some(Wrong::Control);
    }
    let mut open = false;
    for brace in text.bytes().filter(|byte| b"{}".contains(byte)) {
        if open == (brace == b'{') {
            return Some(Wrong::Brace);
        }
        open = !open;
    }
    open.then_some(Wrong::Brace)
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Reads one flat object and refuses a key that comes twice.
struct Flat;

impl<'de> Visitor<'de> for Flat {
    type Value = Texts;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object of keys to texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
        let mut texts = Texts::new();
        while let Some((key, text)) = map.next_entry::<String, String>()? {
            if texts.contains_key(&key) {
                return Err(A::Error::custom(format_args!("{key} is there twice")));
            }
            texts.insert(key, text);
        }
        Ok(texts)
    }
}
