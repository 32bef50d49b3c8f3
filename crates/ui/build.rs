//! Turns the locales' keys into numbered constants, so that an unknown key cannot compile; locales that do not agree stop the build.
//!
//! A text's number is its place in what the page loads, see `recourse-locale`: the names of four hundred keys would be a twentieth of the form.
#![allow(clippy::disallowed_methods, reason = "a build script reads its folder and writes to cargo's")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use recourse_locale::{Key, Locales};

fn main() {
    println!("cargo:rerun-if-changed=locales");
    let locales = Locales::read(Path::new("locales")).unwrap_or_else(|fault| panic!("{fault}"));
    let mut out = String::new();
    for surface in locales.surfaces() {
        module(&mut out, &surface.name().replace('-', "_"), surface.keys());
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("keys.rs");
    fs::write(target, out).expect("write keys.rs");
}

fn module(out: &mut String, name: &str, keys: &[Key]) {
    let _ = writeln!(
        out,
        "/// Keys of `{name}`.\n#[allow(missing_docs, unused_imports)]\npub mod {name} {{\n    use super::{{Family, Key, Plural}};"
    );
    let mut families: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (place, key) in keys.iter().enumerate() {
        let kind = if key.plural { "Plural" } else { "Key" };
        let _ = writeln!(out, "    pub const {}: {kind} = {kind}({place});", constant(&key.name));
        if let (Some((family, id)), false) = (key.name.rsplit_once('.'), key.plural) {
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
