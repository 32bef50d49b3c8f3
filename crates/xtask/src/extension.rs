//! The extension as it is shipped: one folder and one ZIP for each family of browsers, from one source.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::build::{files, read, write};
use crate::process::{cargo, run};
use crate::workspace::Workspace;

/// The browsers that it is made for: the names in `extension/manifest.json` and in what is written.
pub(crate) const BROWSERS: [&str; 2] = ["chrome", "firefox"];

const FOLDER: &str = "extension";

/// Files that are shipped as they are, under their own names: the browser asks for them by these.
const PLAIN: [&str; 3] = ["background.js", "courier.js", "directory.json"];

/// The parts of `measure.js`, in order. A page has to be measured by one script, whose names are nobody else's.
const MEASURE: [&str; 9] = ["names", "accessors", "changes", "places", "reading", "selection", "asked", "whole", "end"];

/// `measure.js`: its parts in one function.
pub(crate) fn measure(workspace: &Workspace) -> Result<String> {
    let mut script = "(() => {\n\"use strict\";\n".to_owned();
    for part in MEASURE {
        let path = workspace.path(FOLDER).join("measure").join(format!("{part}.js"));
        script.push_str(&fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?);
    }
    script.push_str("})();\n");
    Ok(script)
}

/// Writes `extension-BROWSER/` and `extension-BROWSER.zip` below `dist`. `site` is the folder with the panel's pages and what these reach.
pub(crate) fn pack(workspace: &Workspace, site: &Path, dist: &Path) -> Result<()> {
    let mut shared: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    gather(site, "", &mut shared)?;
    let source = workspace.path(FOLDER);
    for name in PLAIN {
        shared.insert(name.to_owned(), read(&source.join(name))?);
    }
    shared.insert("measure.js".to_owned(), measure(workspace)?.into_bytes());
    for folder in ["icons", "_locales"] {
        gather(&source.join(folder), folder, &mut shared)?;
    }
    let text = fs::read_to_string(source.join("manifest.json")).context("extension/manifest.json")?;
    let parts: Value = serde_json::from_str(&text).context("extension/manifest.json")?;
    for browser in BROWSERS {
        let mut all = shared.clone();
        all.insert("manifest.json".to_owned(), serde_json::to_vec_pretty(&manifest(&parts, browser)?)?);
        // Last, and about all the others: whoever builds it again can compare.
        let build = json!({ "version": env!("CARGO_PKG_VERSION"), "build": hash(&all) });
        all.insert("build.json".to_owned(), serde_json::to_vec(&build)?);
        for (name, bytes) in &all {
            write(&dist.join(format!("{FOLDER}-{browser}")).join(name), bytes)?;
        }
        write(&dist.join(format!("{FOLDER}-{browser}.zip")), &zipped(&all)?)?;
    }
    Ok(())
}

/// Writes `source.zip`: every file under version control, for stores that build the packages again. Nothing where there is no version control, as in that package itself.
pub(crate) fn pack_source(workspace: &Workspace, dist: &Path) -> Result<()> {
    let listed = Command::new("git").current_dir(workspace.root()).args(["ls-files", "-z"]).output();
    let Some(listed) = listed.ok().filter(|listed| listed.status.success()) else {
        eprintln!("no version control here: source.zip is left out");
        return Ok(());
    };
    let mut all = BTreeMap::new();
    for name in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        let path = workspace.path(name);
        // Deleted, and not yet said so.
        if path.is_file() {
            all.insert(name.to_owned(), read(&path)?);
        }
    }
    write(&dist.join("source.zip"), &zipped(&all)?)
}

/// The manifest for one family of browsers: what both have, and its own.
fn manifest(parts: &Value, browser: &str) -> Result<Value> {
    let part = |name: &str| parts[name].as_object().with_context(|| format!("extension/manifest.json has no {name}"));
    let mut whole: Map<String, Value> = part("both")?.clone();
    whole.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    for (name, value) in part(browser)? {
        if whole.insert(name.clone(), value.clone()).is_some() {
            bail!("extension/manifest.json: {name} stands in both and in {browser}");
        }
    }
    Ok(Value::Object(whole))
}

/// SHA-256 over all files: for each, in the order of names, its name, a zero byte, the length of its content as eight bytes (big endian), the content.
fn hash(all: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in all {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    HEXLOWER.encode(&hash.finalize())
}

/// Unpacks `source.zip` into a folder of its own, builds there, and compares the extension's packages with ours byte for byte.
pub(crate) fn rebuild(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target().join("source-package");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;
    }
    pack_source(workspace, &workspace.dist())?;
    let package = read(&workspace.dist().join("source.zip"))?;
    ZipArchive::new(Cursor::new(package))?.extract(&folder)?;
    // A workspace inside another one's folder, and nothing of that one's.
    run(cargo().current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target")).args(["xtask", "build"]))?;
    for browser in BROWSERS {
        let name = format!("{FOLDER}-{browser}.zip");
        if read(&folder.join("target/dist").join(&name))? != read(&workspace.dist().join(&name))? {
            bail!("{name}, built from source.zip, has other bytes");
        }
    }
    fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))
}

/// The same files give the same bytes: no times, no accounts.
fn zipped(all: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in all {
        archive.start_file(name.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn gather(folder: &Path, below: &str, into: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let name = |name: &str| if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
    for path in files(folder)? {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        into.insert(name(&file), read(&path)?);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, &name(&path.file_name().unwrap_or_default().to_string_lossy()), into)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever asks for more of a browser changes this test, and the store's justifications, and says why.
    #[test]
    fn it_asks_for_these_permissions_and_no_other() {
        let text = include_str!("../../../extension/manifest.json");
        let parts: Value = serde_json::from_str(text).unwrap();
        let chrome = manifest(&parts, "chrome").unwrap();
        let firefox = manifest(&parts, "firefox").unwrap();
        assert_eq!(chrome["permissions"], json!(["activeTab", "scripting", "storage", "contextMenus", "sidePanel"]));
        // Firefox has a sidebar, which needs none.
        assert_eq!(firefox["permissions"], json!(["activeTab", "scripting", "storage", "contextMenus"]));
        let both = [
            "action",
            "background",
            "commands",
            "content_security_policy",
            "default_locale",
            "description",
            "icons",
            "manifest_version",
            "name",
            "permissions",
            "version",
        ];
        for (manifest, own) in [
            (&chrome, vec!["minimum_chrome_version", "sandbox", "side_panel"]),
            (&firefox, vec!["browser_specific_settings", "sidebar_action"]),
        ] {
            let mut keys: Vec<&str> = manifest.as_object().unwrap().keys().map(String::as_str).collect();
            let mut wanted: Vec<&str> = both.into_iter().chain(own).collect();
            keys.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(keys, wanted);
        }
        // No code from elsewhere, and none that is written as text.
        let policy = chrome["content_security_policy"]["extension_pages"].as_str().unwrap();
        let scripts = policy.split(';').map(str::trim).find(|part| part.starts_with("script-src")).unwrap();
        assert_eq!(scripts, "script-src 'self' 'wasm-unsafe-eval'");
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn what_stands_in_two_places_is_an_error() {
        let parts = json!({ "both": { "name": "a" }, "chrome": { "name": "b" } });
        assert!(manifest(&parts, "chrome").is_err());
        assert!(manifest(&parts, "firefox").is_err());
    }

    #[test]
    fn the_same_files_are_the_same_bytes_and_the_same_build() {
        let all = BTreeMap::from([("a".to_owned(), vec![1]), ("b/c".to_owned(), vec![])]);
        assert_eq!(zipped(&all).unwrap(), zipped(&all.clone()).unwrap());
        let moved = BTreeMap::from([("a".to_owned(), vec![]), ("b/c".to_owned(), vec![1])]);
        assert_ne!(hash(&all), hash(&moved));
    }
}
