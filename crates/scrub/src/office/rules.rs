//! What is taken out of the XML of documents, by local names.

use std::collections::BTreeSet;

use crate::verdict::{Note, Removed, Report};
use crate::xml::{Act, Names, Tag, local};

/// OOXML. `dropped` are ids of relationships that lead nowhere any more.
pub(super) fn opc(tag: &mut Tag<'_>, names: &mut Names, dropped: &BTreeSet<String>, report: &mut Report) -> Act {
    if let Some(act) = element(tag, report) {
        return act;
    }
    let points_away =
        |(key, value): &(&str, std::borrow::Cow<'_, str>)| key.contains(':') && dropped.contains(&**value);
    if !dropped.is_empty() && tag.attributes.iter().any(points_away) {
        // These mean something without the part that they point to; the others are only the pointer.
        if !matches!(
            tag.local(),
            "pageSetup" | "oleObj" | "blip" | "imagedata" | "document" | "workbook" | "presentation"
        ) {
            return Act::Drop;
        }
        tag.attributes.retain(|attribute| !points_away(attribute));
    }
    attributes(tag, names, report);
    Act::Keep
}

fn element(tag: &Tag<'_>, report: &mut Report) -> Option<Act> {
    let what = match tag.local() {
        // Word: ids of editing sessions and of the document, where it comes from and goes to.
        "rsids" | "rsid" | "revisionPtr" => Removed::EditHistory,
        "docId" | "documentId" | "docVars" => Removed::Ids,
        "attachedTemplate" | "mailMerge" | "absPath" | "saveThroughXslt" => Removed::Paths,
        "presenceInfo" | "fileSharing" => Removed::Author,
        // Bound to parts that are gone.
        "dataBinding" | "custDataLst" | "externalData" => Removed::Other,
        // Protection is a salt, a hash and a name; what it protects is in the open.
        "documentProtection" | "writeProtection" | "modifyVerifier" => Removed::Other,
        "ins" | "del" | "moveFrom" | "moveTo" | "rPrChange" | "pPrChange" | "comment" => {
            report.note(Note::TrackedChanges);
            return None;
        }
        // The names of who commented in a sheet are text.
        "author" if tag.attributes.is_empty() => {
            report.removed(Removed::Author);
            return Some(Act::Replace(Names::stand_in));
        }
        _ => return None,
    };
    report.removed(what);
    Some(Act::Drop)
}

fn attributes(tag: &mut Tag<'_>, names: &mut Names, report: &mut Report) {
    tag.attributes.retain(|(key, _)| {
        let name = local(key);
        let prefix = key.split_once(':').map_or("", |(prefix, _)| prefix);
        let what = match name {
            _ if name.starts_with("rsid") => Removed::EditHistory,
            "uid" if prefix.starts_with("xr") => Removed::Ids,
            "textId" if prefix.starts_with("w14") => Removed::Ids,
            "dateUtc" | "refreshedDate" | "refreshedDateIso" => Removed::Dates,
            "refreshedBy" => Removed::Author,
            "sourceFile" | "odcFile" => Removed::Paths,
            _ => return true,
        };
        report.removed(what);
        false
    });
    let is_comment = matches!(tag.local(), "comment" | "cm" | "threadedComment" | "reply");
    match tag.local() {
        "ins" | "del" | "moveFrom" | "moveTo" | "comment" | "cm" | "reply" | "rPrChange" | "pPrChange"
        | "tblPrChange" | "sectPrChange" | "tcPrChange" | "trPrChange" | "tblGridChange" | "tblPrExChange"
        | "numberingChange" | "cellIns" | "cellDel" | "cellMerge" | "moveFromRangeStart" | "moveToRangeStart"
        | "threadedComment" => {
            report.removed(Removed::Author);
            if let Some(author) = tag.get("author").map(str::to_owned) {
                tag.set("author", &names.stand_in(&author));
            }
            tag.set("initials", "A");
            report.removed(Removed::Dates);
            tag.remove("date");
            // PowerPoint and Excel want a time.
            tag.set("dt", "2000-01-01T00:00:00.000");
            tag.set("created", "2000-01-01T00:00:00.000");
            if is_comment {
                report.note(Note::TrackedChanges);
            }
        }
        // PowerPoint's and Excel's lists of who commented.
        "cmAuthor" | "author" | "person" => {
            report.removed(Removed::Author);
            for key in ["name", "displayName"] {
                if let Some(name) = tag.get(key).map(str::to_owned) {
                    tag.set(key, &names.stand_in(&name));
                }
            }
            tag.set("initials", "A");
            tag.set("userId", "None");
            tag.set("providerId", "None");
        }
        // Descriptions of pictures that Office fills with the file's path or name; `descr` is the alternative text.
        "cNvPr" | "docPr" if tag.get("name").is_some_and(looks_like_file) => {
            report.removed(Removed::Paths);
            tag.set("name", "Picture");
        }
        "imagedata" => tag.set("title", ""),
        "dbPr" | "olapPr" => {
            report.removed(Removed::Paths);
            tag.set("connection", "");
        }
        "textPr" | "webPr" => {
            tag.set("url", "");
        }
        // These are the only child that their parent must have.
        "creationId" => {
            report.removed(Removed::Ids);
            tag.set("val", "0");
            tag.set("id", "{00000000-0000-0000-0000-000000000000}");
        }
        _ => {}
    }
}

fn looks_like_file(name: &str) -> bool {
    name.contains('\\')
        || name.contains('/')
        || name.rsplit_once('.').is_some_and(|(_, end)| (3..=4).contains(&end.len()))
}

/// OpenDocument.
pub(super) fn odf(tag: &mut Tag<'_>, report: &mut Report) -> Act {
    let what = match tag.name {
        "dc:creator" | "meta:creator-initials" | "loext:sender-initials" => {
            report.note(Note::TrackedChanges);
            report.removed(Removed::Author);
            return Act::Replace(Names::stand_in);
        }
        "dc:date" | "meta:date-string" | "meta:creation-date" => Removed::Dates,
        "office:meta" | "office:settings" | "office:scripts" => Removed::Other,
        _ => {
            let before = tag.attributes.len();
            tag.attributes.retain(|(key, _)| {
                !matches!(*key, "officeooo:rsid" | "officeooo:paragraph-rsid" | "office:target-frame-name")
            });
            if tag.attributes.len() < before {
                report.removed(Removed::EditHistory);
            }
            let leaves = |href: &str| {
                href.starts_with("file:") || href.starts_with("../") && !href.contains("ObjectReplacements")
            };
            if tag.get("href").is_some_and(leaves) {
                report.removed(Removed::Paths);
                tag.set("href", "about:blank");
            }
            return Act::Keep;
        }
    };
    report.removed(what);
    Act::Drop
}
