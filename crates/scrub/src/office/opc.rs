//! OOXML: the parts that a document needs, found along its relationships; everything that no kept relationship leads to stays behind.

use std::collections::{BTreeMap, BTreeSet};

use super::{Package, extension, is_packed, rewrite, rules};
use crate::bytes::contains;
use crate::verdict::{Fault, Note, Refusal, Removed, Report};
use crate::xml::{Act, Names};
use crate::zip::Writer;

const TYPES: &str = "[Content_Types].xml";

/// Types of relationships, by their last word, that lead to what is shown. An allow-list: a new kind of part is a new place
/// for names.
const SHOWN: &[&str] = &[
    "officeDocument",
    "styles",
    "stylesWithEffects",
    "settings",
    "webSettings",
    "fontTable",
    "numbering",
    "theme",
    "themeOverride",
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "comments",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "image",
    "hdphoto",
    "hyperlink",
    "chart",
    "chartEx",
    "chartStyle",
    "chartColorStyle",
    "chartUserShapes",
    "diagramData",
    "diagramLayout",
    "diagramQuickStyle",
    "diagramColors",
    "diagramDrawing",
    "drawing",
    "vmlDrawing",
    "slide",
    "slideLayout",
    "slideMaster",
    "notesSlide",
    "notesMaster",
    "handoutMaster",
    "presProps",
    "viewProps",
    "tableStyles",
    "commentAuthors",
    "authors",
    "video",
    "audio",
    "media",
    "worksheet",
    "chartsheet",
    "sharedStrings",
    "calcChain",
    "table",
    "tableSingleCells",
    "pivotTable",
    "pivotCacheDefinition",
    "pivotCacheRecords",
    "externalLink",
    "externalLinkPath",
    "xlExternalLinkPath/xlPathMissing",
    "sheetMetadata",
    "slicer",
    "slicerCache",
    "timeline",
    "timelineCache",
    "ctrlProp",
    "threadedComment",
    "person",
    "queryTable",
    "connections",
    "FeaturePropertyBag",
    "rdRichValue",
    "rdRichValueStructure",
    "rdRichValueTypes",
    "richValueRel",
];

struct Part {
    /// Ids of relationships that were dropped.
    dropped: BTreeSet<String>,
    /// The cleaned relationships, when it has any.
    relationships: Option<String>,
}

pub(super) fn scrub(package: &Package<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    refuse_macros(package)?;
    let mut parts = BTreeMap::new();
    let mut names = Names::default();
    let mut left = vec![String::new()];
    while let Some(name) = left.pop() {
        if parts.contains_key(&name) {
            continue;
        }
        let (part, targets) = follow(package, &name, &mut names, report)?;
        parts.insert(name, part);
        left.extend(targets);
    }
    let mut out = Writer::default();
    out.add(TYPES, types(package, &parts, &mut names)?.as_bytes(), false);
    for (name, part) in &parts {
        if let Some(relationships) = &part.relationships {
            out.add(&relationships_of(name), relationships.as_bytes(), false);
        }
        let Some(entry) = package.entry(name) else { continue };
        if is_xml(name) {
            let text = package.xml(entry)?;
            let dropped = &part.dropped;
            let cleaned = rewrite(&text, &mut names, &mut |tag, names| rules::opc(tag, names, dropped, report))?;
            out.add(&entry.name, cleaned.as_bytes(), false);
        } else {
            out.add(&entry.name, &package.media(entry, report)?, is_packed(name));
        }
    }
    Ok(out.finish())
}

fn is_xml(name: &str) -> bool {
    matches!(extension(name), "xml" | "vml" | "rels")
}

fn refuse_macros(package: &Package<'_>) -> Result<(), Refusal> {
    let holds_program = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["vbaproject", "vbadata", "macrosheets/", "activex/"].iter().any(|mark| name.contains(mark))
    };
    let types = package.entry(TYPES).ok_or(Refusal::Damaged(Fault::Structure))?;
    let types = package.unpack(types)?;
    let declared = ["macroEnabled", "vbaProject", "macrosheet"].iter().any(|mark| contains(&types, mark.as_bytes()));
    if declared || package.entries.iter().any(|entry| holds_program(&entry.name)) {
        return Err(Refusal::HasMacros);
    }
    Ok(())
}

/// Reads the relationships of a part – of the package, for the empty name – and returns where the kept ones lead.
fn follow(
    package: &Package<'_>,
    name: &str,
    names: &mut Names,
    report: &mut Report,
) -> Result<(Part, Vec<String>), Refusal> {
    let mut part = Part { dropped: BTreeSet::new(), relationships: None };
    let mut targets = Vec::new();
    let Some(entry) = package.entry(&relationships_of(name)) else { return Ok((part, targets)) };
    let text = package.xml(entry)?;
    let dropped = &mut part.dropped;
    let cleaned = rewrite(&text, names, &mut |tag, _| {
        if tag.local() != "Relationship" {
            return Act::Keep;
        }
        let kind = tag.get("Type").unwrap_or_default();
        let kind = kind.rsplit("/relationships/").next().unwrap_or_default().to_owned();
        let target = tag.get("Target").unwrap_or_default().replace("&amp;", "&").replace("%20", " ");
        let external = tag.get("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("External"));
        let keep = SHOWN.contains(&kind.as_str());
        if keep && external {
            if leads_to_device(&target) {
                report.removed(Removed::Paths);
                tag.set("Target", "about:blank");
            }
            return Act::Keep;
        }
        let path = resolve(name, &target);
        if keep && package.entry(&path).is_some() {
            targets.push(path);
            return Act::Keep;
        }
        // A link to a place in the same part.
        if keep && target.starts_with('#') {
            return Act::Keep;
        }
        report_dropped(&kind, report);
        dropped.extend(tag.get("Id").map(str::to_owned));
        Act::Drop
    })?;
    part.relationships = Some(cleaned);
    Ok((part, targets))
}

fn report_dropped(kind: &str, report: &mut Report) {
    let what = match kind.rsplit('/').next().unwrap_or_default() {
        "core-properties" => {
            report.removed(Removed::Dates);
            Removed::Author
        }
        "extended-properties" => Removed::Software,
        "custom-properties" | "customXml" | "customXmlProps" | "customProperty" | "tags" => Removed::Other,
        "thumbnail" => Removed::Thumbnail,
        "people" => Removed::Author,
        "printerSettings" => Removed::Device,
        "attachedTemplate" | "mailMergeSource" | "recipientData" => Removed::Paths,
        "revisionHeaders" | "revisionLog" | "usernames" | "changesInfo" | "revisionInfo" => Removed::EditHistory,
        "origin" | "signature" => Removed::Signature,
        "package" | "oleObject" | "aFChunk" | "subDocument" => {
            report.note(Note::PartsDropped);
            Removed::AttachedFiles
        }
        "font" | "glossaryDocument" => Removed::Other,
        _ => {
            report.note(Note::PartsDropped);
            Removed::Other
        }
    };
    report.removed(what);
}

/// Whether an outside target is a place on somebody's device or in their network.
fn leads_to_device(target: &str) -> bool {
    let scheme = target.split([':', '/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let has_scheme = target[scheme.len()..].starts_with(':');
    !(has_scheme && matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel" | "about") || target.starts_with('#'))
}

fn relationships_of(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{name}.rels"),
    }
}

fn resolve(from: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = from.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

fn types(package: &Package<'_>, parts: &BTreeMap<String, Part>, names: &mut Names) -> Result<String, Refusal> {
    let entry = package.entry(TYPES).ok_or(Refusal::Damaged(Fault::Structure))?;
    rewrite(&package.xml(entry)?, names, &mut |tag, _| {
        let kept = tag.get("PartName").is_none_or(|name| {
            let name = name.trim_start_matches('/');
            parts.keys().any(|part| part.eq_ignore_ascii_case(name))
        });
        if tag.local() == "Override" && !kept { Act::Drop } else { Act::Keep }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_where_they_stand() {
        for (from, target, path) in [
            ("", "word/document.xml", "word/document.xml"),
            ("word/document.xml", "media/image1.png", "word/media/image1.png"),
            ("xl/worksheets/sheet1.xml", "../comments1.xml", "xl/comments1.xml"),
            ("xl/worksheets/sheet1.xml", "/xl/comments1.xml", "xl/comments1.xml"),
            ("a.xml", "../../b.xml", "b.xml"),
        ] {
            assert_eq!(resolve(from, target), path);
        }
    }

    #[test]
    fn places_on_devices_are_told_from_the_web() {
        for place in
            ["file:///C:/Users/a/b.dotx", "C:\\Users\\a", "\\\\server\\share", "../a.docx", "ftp://a/b", "http"]
        {
            assert!(leads_to_device(place), "{place}");
        }
        for place in ["https://example.org/a", "mailto:a@example.org", "HTTP://example.org", "#Sheet1!A1"] {
            assert!(!leads_to_device(place), "{place}");
        }
    }
}
