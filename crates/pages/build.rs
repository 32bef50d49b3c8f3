//! Puts the texts of the form and of the plain form into the crate, in every language that there is, and numbers their keys: an unknown
//! key cannot compile.
#![allow(clippy::disallowed_methods, reason = "a build script reads its folder and writes to cargo's")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use recourse_locale::{Key, Language, Locales, Part};

const FOLDER: &str = "../ui/locales";
/// Which languages there are, and how far each can be trusted.
const LIST: &str = "../ui/languages.json";
const SURFACES: [&str; 3] = ["follow-up", "form", "plain"];

fn main() {
    println!("cargo:rerun-if-changed={FOLDER}");
    println!("cargo:rerun-if-changed={LIST}");
    let list = Language::list(&fs::read_to_string(LIST).expect("the list of languages is there"));
    let list = list.unwrap_or_else(|fault| panic!("{fault}"));
    let locales = Locales::read(Path::new(FOLDER)).unwrap_or_else(|fault| panic!("{fault}"));
    let locales = locales.with_english_beside(&list);
    let mut out = String::new();
    let mut languages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut before = 0;
    for name in SURFACES {
        let surface = locales.surface(name).unwrap_or_else(|| panic!("there are no texts of the surface {name}"));
        module(&mut out, &name.replace('-', "_"), surface.keys(), before);
        before += surface.keys().len();
        for language in surface.languages() {
            let all = languages.entry(language.to_owned()).or_default();
            for part in [Part::First, Part::Later] {
                all.extend(surface.texts(language, part).unwrap_or_default());
            }
        }
    }
    // A language that one surface lacks is not offered.
    languages.retain(|_, texts| texts.len() == before);
    let _ = writeln!(out, "/// Tag and texts of each language.\npub(crate) static LANGUAGES: &[(&str, &[&str])] = &[");
    for (tag, texts) in languages {
        let _ = writeln!(out, "    ({tag:?}, &{texts:?}),");
    }
    out.push_str("];\n");
    out.push_str("/// What the form lets people choose: tag, own name, checked by a native speaker.\n");
    out.push_str("pub(crate) static OFFERED: &[(&str, &str, bool)] = &[\n");
    // As in the build of `recourse-ui`, which draws the same choice.
    for language in locales.offered(list, &["form", "follow-up"]).unwrap_or_else(|fault| panic!("{fault}")) {
        let _ = writeln!(out, "    ({:?}, {:?}, {}),", language.tag, language.name, language.is_trusted());
    }
    out.push_str("];\n");
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(target.join("texts.rs"), out).expect("write texts.rs");
}

/// The keys of a surface, and families of keys by their ids; `before` texts stand before its own.
fn module(out: &mut String, name: &str, keys: &[Key], before: usize) {
    let _ = writeln!(
        out,
        "/// Keys of `{name}`.\n#[allow(missing_docs, unused_imports, dead_code)]\npub(crate) mod {name} {{\n    use super::{{Family, Key, Plural}};"
    );
    let mut families: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (place, key) in keys.iter().enumerate() {
        let (kind, place) = (if key.plural { "Plural" } else { "Key" }, before + place);
        let _ = writeln!(out, "    pub(crate) const {}: {kind} = {kind}({place});", constant(&key.name));
        if let (Some((family, id)), false) = (key.name.rsplit_once('.'), key.plural) {
            families.entry(family).or_default().push((id, place));
        }
    }
    for (family, members) in families {
        let name = constant(family);
        let _ = writeln!(out, "    pub(crate) const {name}_: Family = Family(&{members:?});");
    }
    out.push_str("}\n");
}

fn constant(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
