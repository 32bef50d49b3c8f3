//! Turns the locales' keys into constants, so that an unknown key cannot compile, and refuses locales that do not agree.
//!
//! `locales/LANGUAGE.SURFACE.json`: one surface each for form, follow-up page and console, so that nobody loads another's texts. English
//! defines the keys. What stands in the English of every surface is in the module `common` too: shared components use that alone.
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
    let mut shared: Option<BTreeSet<String>> = None;
    for (surface, languages) in &surfaces {
        let english = languages.get("en").unwrap_or_else(|| panic!("{surface} has no English"));
        for (language, texts) in languages {
            compare(surface, language, english, texts);
        }
        let keys: BTreeSet<String> = english.keys().cloned().collect();
        module(&mut out, &surface.replace('-', "_"), &keys);
        shared = Some(shared.map_or(keys.clone(), |shared| shared.intersection(&keys).cloned().collect()));
    }
    module(&mut out, "common", &shared.unwrap_or_default());
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("keys.rs");
    fs::write(target, out).expect("write keys.rs");
}

fn read(path: &Path) -> Texts {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: one flat object of texts, please: {error}", path.display()))
}

/// Every language has the same keys (but for plural forms, of which it has its own) with the same placeholders.
fn compare(surface: &str, language: &str, english: &Texts, texts: &Texts) {
    for (key, text) in texts {
        let base = plural_base(key).filter(|base| english.contains_key(&format!("{base}.other")));
        let known = english.get(key).or_else(|| english.get(&format!("{}.other", base?)));
        let Some(known) = known else { panic!("{language}.{surface}: {key} is not in English") };
        // A plural form such as "one file" may leave its number out.
        if base.is_none() && placeholders(known) != placeholders(text) {
            panic!("{language}.{surface}: {key} has other placeholders than English");
        }
        if text.trim().is_empty() {
            panic!("{language}.{surface}: {key} is empty");
        }
    }
    for key in english.keys().filter(|key| plural_base(key).is_none() || key.ends_with(".other")) {
        assert!(texts.contains_key(key), "{language}.{surface}: {key} is missing");
    }
}

fn plural_base(key: &str) -> Option<&str> {
    let (base, form) = key.rsplit_once('.')?;
    ["zero", "one", "two", "few", "many"].contains(&form).then_some(base)
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn module(out: &mut String, name: &str, keys: &BTreeSet<String>) {
    let _ = writeln!(out, "/// Keys of `{name}`.\n#[allow(missing_docs, unused_imports)]\npub mod {name} {{\n    use super::{{Family, Key, Plural}};");
    let plurals: BTreeSet<&str> = keys.iter().filter_map(|key| plural_base(key)).collect();
    for key in keys {
        match key.strip_suffix(".other").or_else(|| plural_base(key)).filter(|base| plurals.contains(base)) {
            Some(base) if key.ends_with(".other") => {
                let _ = writeln!(out, "    pub const {}: Plural = Plural({base:?});", constant(base));
            }
            Some(_) => {}
            None => {
                let _ = writeln!(out, "    pub const {}: Key = Key({key:?});", constant(key));
            }
        }
    }
    let families: BTreeSet<&str> = keys.iter().filter_map(|key| key.rsplit_once('.')).map(|(family, _)| family).collect();
    for family in families {
        let _ = writeln!(out, "    pub const {}_: Family = Family({family:?});", constant(family));
    }
    out.push_str("}\n");
}

fn constant(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
