//! Turns the locales' keys into numbered constants, so that an unknown key cannot compile, and refuses locales that do not agree.
//!
//! `locales/LANGUAGE.SURFACE.json`: one surface each for form, follow-up page and console, so that nobody loads another's texts. English
//! defines the keys; a text's number is its place among them in order, which is how the page numbers what it loads: the names of four
//! hundred keys would be a twentieth of the form.
#![allow(clippy::disallowed_methods, reason = "a build script reads its folder and writes to cargo's")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Texts = BTreeMap<String, String>;

fn main() {
    println!("cargo:rerun-if-changed=locales");
    let mut surfaces: BTreeMap<String, BTreeMap<String, Texts>> = BTreeMap::new();
    for entry in fs::read_dir("locales").expect("the folder locales").flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let parts: Vec<&str> = name.split('.').collect();
        let [language, surface, "json"] = parts[..] else { panic!("{name}: locales are called LANGUAGE.SURFACE.json") };
        surfaces.entry(surface.to_owned()).or_default().insert(language.to_owned(), read(&path));
    }

    let mut out = String::new();
    for (surface, languages) in &surfaces {
        let english = languages.get("en").unwrap_or_else(|| panic!("{surface} has no English"));
        for (language, texts) in languages {
            compare(surface, language, english, texts);
        }
        module(&mut out, &surface.replace('-', "_"), &english.keys().map(|key| base(key)).collect(), english);
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("keys.rs");
    fs::write(target, out).expect("write keys.rs");
}

fn read(path: &Path) -> Texts {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{}: one flat object of texts, please: {error}", path.display()))
}

/// Every language has the same keys with the same placeholders, and of a plural the form `other` and whichever else it needs.
fn compare(surface: &str, language: &str, english: &Texts, texts: &Texts) {
    for (key, text) in texts {
        let name = format!("{language}.{surface}: {key}");
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-#".contains(&byte);
        assert!(key.bytes().all(fits), "{name}: keys are ASCII letters, digits, '.', '_' and '-'");
        assert!(!text.trim().is_empty(), "{name} is empty");
        let form = key.split_once('#').map(|(_, form)| form);
        if let Some(form) = form {
            assert!(["zero", "one", "two", "few", "many", "other"].contains(&form), "{name}: no such plural form");
        }
        let known = english.get(key).or_else(|| english.get(&format!("{}#other", base(key))));
        let Some(known) = known else { panic!("{name} is not in English") };
        // A plural form such as "one file" may leave its number out.
        assert!(
            form.is_some() || placeholders(known) == placeholders(text),
            "{name} has other placeholders than English"
        );
    }
    for key in english.keys().filter(|key| !key.contains('#') || key.ends_with("#other")) {
        assert!(texts.contains_key(key), "{language}.{surface}: {key} is missing");
    }
}

/// The key without its plural form.
fn base(key: &str) -> &str {
    key.split('#').next().unwrap_or_default()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn module(out: &mut String, name: &str, keys: &BTreeSet<&str>, english: &Texts) {
    let _ = writeln!(
        out,
        "/// Keys of `{name}`.\n#[allow(missing_docs, unused_imports)]\npub mod {name} {{\n    use super::{{Family, Key, Plural}};"
    );
    let mut families: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (place, key) in keys.iter().enumerate() {
        let kind = if english.contains_key(*key) { "Key" } else { "Plural" };
        let _ = writeln!(out, "    pub const {}: {kind} = {kind}({place});", constant(key));
        if let (Some((family, id)), "Key") = (key.rsplit_once('.'), kind) {
            families.entry(family).or_default().push((id, place));
        }
    }
    for (family, members) in families {
        let (ids, places): (Vec<&str>, Vec<usize>) = members.into_iter().unzip();
        let name = constant(family);
        let _ = writeln!(
            out,
            "    pub const {name}_: Family = Family {{ name: {family:?}, ids: &{ids:?}, places: &{places:?} }};"
        );
    }
    out.push_str("}\n");
}

fn constant(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
