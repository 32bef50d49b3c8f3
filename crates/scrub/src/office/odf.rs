//! OpenDocument: content, styles and pictures; no settings, no statistics, no versions.

use std::collections::BTreeSet;

use super::{Package, extension, is_packed, rewrite, rules};
use crate::bytes::contains;
use crate::verdict::{Fault, Refusal, Removed, Report};
use crate::xml::{Act, Names};
use crate::zip::Writer;

const MANIFEST: &str = "META-INF/manifest.xml";

pub(super) fn scrub(package: &Package<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let manifest = package.entry(MANIFEST).ok_or(Refusal::Damaged(Fault::Structure))?;
    let manifest = package.xml(manifest)?;
    if contains(manifest.as_bytes(), b"encryption-data") {
        return Err(Refusal::Encrypted);
    }
    if package.entries.iter().any(|entry| entry.name.starts_with("Basic/") || entry.name.starts_with("Scripts/")) {
        return Err(Refusal::HasMacros);
    }
    let mut out = Writer::default();
    let mut names = Names::default();
    let mut kept = BTreeSet::from(["/".to_owned()]);
    // First and unpacked, so that the type can be seen from outside.
    let mimetype = package.entry("mimetype").ok_or(Refusal::Damaged(Fault::Structure))?;
    out.add("mimetype", &package.unpack(mimetype)?, true);
    for entry in package.entries {
        let name = entry.name.as_str();
        match what(name) {
            Some(Content::Xml) => {
                let text = package.xml(entry)?;
                let cleaned = rewrite(&text, &mut names, &mut |tag, _| rules::odf(tag, report))?;
                out.add(name, cleaned.as_bytes(), false);
            }
            Some(Content::Media) => out.add(name, &package.media(entry, report)?, is_packed(name)),
            None => {
                report_dropped(name, report);
                continue;
            }
        }
        kept.insert(name.to_owned());
        if let Some((folder, _)) = name.rsplit_once('/') {
            kept.insert(format!("{folder}/"));
        }
    }
    let cleaned = rewrite(&manifest, &mut names, &mut |tag, _| {
        let gone = tag.get("full-path").is_some_and(|path| !kept.contains(path));
        if tag.local() == "file-entry" && gone { Act::Drop } else { Act::Keep }
    })?;
    out.add(MANIFEST, cleaned.as_bytes(), false);
    Ok(out.finish())
}

enum Content {
    Xml,
    Media,
}

fn what(name: &str) -> Option<Content> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    // Formulas and charts are documents in folders of their own.
    let is_object = folder.is_empty() || folder.starts_with("Object ") && !folder.contains('/');
    match file {
        "content.xml" | "styles.xml" if is_object => Some(Content::Xml),
        _ if matches!(folder, "Pictures" | "media" | "Media") => Some(Content::Media),
        _ if folder == "ObjectReplacements" => Some(Content::Media),
        _ => None,
    }
}

fn report_dropped(name: &str, report: &mut Report) {
    let what = match name {
        "mimetype" | MANIFEST => return,
        "meta.xml" => {
            report.removed(Removed::Dates);
            report.removed(Removed::Software);
            Removed::Author
        }
        "settings.xml" => Removed::Device,
        _ if name.starts_with("Thumbnails/") => Removed::Thumbnail,
        _ if name.starts_with("Versions/") => Removed::EditHistory,
        _ if name.contains("signatures") => Removed::Signature,
        _ if extension(name).is_empty() => Removed::AttachedFiles,
        _ => Removed::Other,
    };
    report.removed(what);
}
