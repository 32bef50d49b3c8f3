//! Turns the locales' keys into numbered constants, so that an unknown key cannot compile; locales that do not agree stop the build.
//!
//! A text's number is its place in what the page loads, see `recourse-locale`: the names of four hundred keys would be a twentieth of the form.
#![allow(clippy::disallowed_methods, reason = "a build script reads its folder and writes to cargo's")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use recourse_locale::{Key, Language, Locales};

/// Numbers from half of this on count back from it: the last text is one less. See `text::at`.
const BACK: usize = 1 << 16;

fn main() {
    println!("cargo:rerun-if-changed=locales");
    let locales = Locales::read(Path::new("locales")).unwrap_or_else(|fault| panic!("{fault}"));
    let mut out = String::new();
    let mut shared: BTreeMap<&str, Vec<(&Key, usize)>> = BTreeMap::new();
    for surface in locales.surfaces() {
        let own = surface.keys().iter().enumerate().filter(|(_, key)| key.shared.is_none());
        module(&mut out, &surface.name().replace('-', "_"), &own.map(|(place, key)| (key, place)).collect::<Vec<_>>());
        // By their place before the end, which is the same in every surface that shows them.
        let last = surface.keys().iter().rev().zip(1..).filter_map(|(key, back)| Some((key, back, key.shared?)));
        for (key, back, name) in last {
            let keys = shared.entry(name).or_default();
            match keys.iter().find(|(known, _)| known.name == key.name) {
                Some((_, place)) => {
                    assert_eq!(*place, BACK - back, "{} stands elsewhere in {}", key.name, surface.name())
                }
                None => keys.push((key, BACK - back)),
            }
        }
    }
    for (name, mut keys) in shared {
        keys.sort_by_key(|(_, place)| *place);
        module(&mut out, &name.replace('-', "_"), &keys);
    }
    out.push_str(&languages(&locales));
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(target.join("keys.rs"), out).expect("write keys.rs");
    fs::write(target.join("help.rs"), help()).expect("write help.rs");
}

/// The languages that a reporter can choose, in the order of `languages.json`: form and follow-up page speak all of them.
fn languages(locales: &Locales) -> String {
    println!("cargo:rerun-if-changed=languages.json");
    let list = fs::read_to_string("languages.json").expect("languages.json is there");
    let list = Language::list(&list).and_then(|list| locales.offered(list, &["form", "follow-up"]));
    let list = list.unwrap_or_else(|fault| panic!("{fault}"));
    let mut out = "/// Tag, own name, and whether a native speaker has checked the texts.\npub static LANGUAGES: &[(&str, &str, bool)] = &[\n".to_owned();
    for language in list {
        let _ = writeln!(out, "    ({:?}, {:?}, {}),", language.tag, language.name, language.is_trusted());
    }
    out.push_str("];\n");
    out
}

/// Numbers to call in danger, by country, as constants, with what a person is told of them: who published them, and the day of the oldest check.
/// What each was compared with stays in `data/help.json`; `tests/help.rs` holds it to that.
fn help() -> String {
    println!("cargo:rerun-if-changed=data");
    let text = fs::read_to_string("data/help.json").expect("data/help.json is there");
    let list: serde_json::Value = serde_json::from_str(&text).expect("data/help.json is JSON");
    let countries = list["countries"].as_array().expect("data/help.json has countries");
    let mut days: Vec<String> = Vec::new();
    let mut rows = String::new();
    for country in countries {
        let mut hosts = vec![host(&word(country, "source"))];
        let mut emergency = String::new();
        for entry in entries(country, "emergency") {
            let _ = write!(emergency, "({:?}, {:?}), ", word(entry, "for"), word(entry, "number"));
            let named: Vec<String> = entries(entry, "in")
                .map(|copy| host(&word(&list["copies"][copy.as_str().unwrap_or_default()], "of")))
                .collect();
            if !named.iter().any(|name| hosts.contains(name)) {
                hosts.extend(named.into_iter().next());
            }
        }
        let mut helplines = String::new();
        for entry in entries(country, "helplines") {
            let _ = write!(helplines, "({:?}, {:?}), ", word(entry, "name"), word(entry, "number"));
            days.push(word(&entry["checked"], "on"));
            let name = host(&word(entry, "source"));
            if !hosts.contains(&name) {
                hosts.push(name);
            }
        }
        days.push(word(&country["checked"], "on"));
        let code = word(country, "country");
        let _ = writeln!(rows, "    ({code:?}, &[{emergency}], &[{helplines}], {:?}),", hosts.join(", "));
    }
    format!(
        "/// The day of the oldest check in the list.\npub(super) const CHECKED: &str = {:?};\n\
         /// Country, emergency numbers by what they are for, helplines by their names, who published them.\n\
         pub(super) static COUNTRIES: [Country; {}] = [\n{rows}];\n",
        days.iter().min().expect("data/help.json has checks"),
        countries.len()
    )
}

fn entries<'a>(part: &'a serde_json::Value, list: &str) -> impl Iterator<Item = &'a serde_json::Value> + use<'a> {
    part[list].as_array().into_iter().flatten()
}

fn word(part: &serde_json::Value, name: &str) -> String {
    let text = part[name].as_str().unwrap_or_default().to_owned();
    assert!(!text.is_empty(), "data/help.json: {name} is missing in {part}");
    text
}

/// `gov.uk` of `https://www.gov.uk/foreign-travel-advice`.
fn host(address: &str) -> String {
    let host = address.split('/').nth(2).unwrap_or_default();
    assert!(address.starts_with("https://") && !host.is_empty(), "data/help.json: {address} is no https address");
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn module(out: &mut String, name: &str, keys: &[(&Key, usize)]) {
    let _ = writeln!(
        out,
        "/// Keys of `{name}`.\n#[allow(missing_docs, unused_imports)]\npub mod {name} {{\n    use super::{{Family, Key, Plural}};"
    );
    let mut families: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (key, place) in keys {
        let kind = if key.plural { "Plural" } else { "Key" };
        let _ = writeln!(out, "    pub const {}: {kind} = {kind}({place});", constant(&key.name));
        if let (Some((family, id)), false) = (key.name.rsplit_once('.'), key.plural) {
            families.entry(family).or_default().push((id, *place));
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
