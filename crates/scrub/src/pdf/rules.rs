//! What may be in a PDF that we write.

use super::object::{Dict, Object};
use crate::verdict::{Note, Removed, Report};

/// The catalogue's keys: pages, their names and labels, how to show them, outline, structure for screen readers, layers, forms.
const CATALOG: &[&[u8]] = &[
    b"Type",
    b"Pages",
    b"PageLabels",
    b"Names",
    b"Dests",
    b"ViewerPreferences",
    b"PageLayout",
    b"PageMode",
    b"Outlines",
    b"Lang",
    b"MarkInfo",
    b"StructTreeRoot",
    b"OCProperties",
    b"AcroForm",
];

const PAGE: &[&[u8]] = &[
    b"Type",
    b"Parent",
    b"Resources",
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Contents",
    b"Rotate",
    b"Group",
    b"Annots",
    b"StructParents",
    b"Tabs",
    b"UserUnit",
];

const ANNOTATION: &[&[u8]] = &[
    b"Type",
    b"Subtype",
    b"Rect",
    b"Contents",
    b"P",
    b"AP",
    b"AS",
    b"Border",
    b"BS",
    b"BE",
    b"C",
    b"IC",
    b"CA",
    b"ca",
    b"StructParent",
    b"OC",
    b"F",
    b"QuadPoints",
    b"L",
    b"LE",
    b"DA",
    b"DS",
    b"Q",
    b"RD",
    b"Vertices",
    b"InkList",
    b"Dest",
    b"A",
    b"H",
    b"IT",
    b"CL",
    b"LL",
    b"LLE",
    b"Cap",
    b"CO",
    b"Name",
    b"Parent",
    b"Open",
    b"Popup",
    b"IRT",
    b"RT",
    b"State",
    b"StateModel",
    b"Rotate",
    b"Sy",
];

/// A field of a form, which may be an annotation as well.
const FIELD: &[&[u8]] = &[b"FT", b"Kids", b"T", b"TU", b"Ff", b"V", b"DV", b"MK", b"Opt", b"MaxLen", b"TI", b"I"];

/// Keys that go from everything else.
const NOWHERE: &[(&[u8], Removed)] = &[
    (b"Metadata", Removed::Other),
    (b"PieceInfo", Removed::EditHistory),
    (b"LastModified", Removed::Dates),
    (b"CreationDate", Removed::Dates),
    (b"ModDate", Removed::Dates),
    (b"Thumb", Removed::Thumbnail),
    (b"AF", Removed::AttachedFiles),
    (b"EF", Removed::AttachedFiles),
    (b"EmbeddedFiles", Removed::AttachedFiles),
    (b"RF", Removed::AttachedFiles),
    (b"AA", Removed::Scripts),
    (b"OpenAction", Removed::Scripts),
    (b"JS", Removed::Scripts),
    (b"JavaScript", Removed::Scripts),
    (b"XFA", Removed::Other),
    (b"CreatorInfo", Removed::Software),
    (b"NM", Removed::Ids),
    (b"Perms", Removed::Signature),
    (b"Lock", Removed::Signature),
    (b"SV", Removed::Signature),
    (b"OPI", Removed::Paths),
    (b"SpiderInfo", Removed::Paths),
    (b"Measure", Removed::Place),
    (b"PtData", Removed::Place),
    (b"LGIDict", Removed::Place),
    (b"VP", Removed::Place),
    (b"Private", Removed::Other),
    (b"UserUnits", Removed::Other),
];

/// Whether an object must not be in the file at all.
pub(super) fn is_unwanted(dict: &Dict) -> Option<Removed> {
    match dict.name(b"Type") {
        Some(b"Metadata") => return Some(Removed::Other),
        Some(b"EmbeddedFile" | b"Filespec" | b"F") => return Some(Removed::AttachedFiles),
        Some(b"Sig" | b"DocTimeStamp" | b"SigRef") => return Some(Removed::Signature),
        Some(b"ObjStm" | b"XRef") => return Some(Removed::EditHistory),
        _ => {}
    }
    if dict.has(b"ByteRange") && dict.has(b"Contents") {
        return Some(Removed::Signature);
    }
    if dict.name(b"Subtype") == Some(b"XML") {
        return Some(Removed::Other);
    }
    if is_annotation(dict) {
        return match dict.name(b"Subtype")? {
            b"FileAttachment" => Some(Removed::AttachedFiles),
            b"Sound" | b"Movie" | b"Screen" | b"RichMedia" | b"3D" => Some(Removed::AttachedFiles),
            _ => None,
        };
    }
    // An action; elements of the structure have an S too, and children.
    match dict.name(b"S")? {
        b"JavaScript" | b"Launch" | b"SubmitForm" | b"ImportData" | b"ResetForm" | b"Rendition" | b"Movie"
        | b"Sound" | b"GoToR" | b"GoToE" | b"GoTo3DView" | b"RichMediaExecute" | b"Thread" | b"Trans" | b"Hide"
        | b"SetOCGState"
            if !dict.has(b"K") && !dict.has(b"P") =>
        {
            Some(Removed::Scripts)
        }
        _ => None,
    }
}

fn is_annotation(dict: &Dict) -> bool {
    dict.has(b"Rect") && dict.name(b"Subtype").is_some()
}

/// Takes out keys.
pub(super) fn clean(dict: &mut Dict, is_catalog: bool, report: &mut Report) {
    let is_page = dict.name(b"Type") == Some(b"Page");
    let is_annotation = is_annotation(dict);
    let is_field = dict.has(b"FT") || dict.name(b"Subtype") == Some(b"Widget") || dict.has(b"T") && dict.has(b"Kids");
    let only: Option<&[&[u8]]> = if is_catalog {
        Some(CATALOG)
    } else if is_page {
        Some(PAGE)
    } else {
        is_annotation.then_some(ANNOTATION)
    };
    if is_annotation && dict.has(b"T") && !is_field {
        report.note(Note::TrackedChanges);
    }
    if dict.has(b"XFA") {
        report.note(Note::FormMayLookEmpty);
    }
    dict.0.retain(|(key, value)| {
        let key = key.as_slice();
        if let Some((_, what)) = NOWHERE.iter().find(|(name, _)| *name == key) {
            report.removed(*what);
            return false;
        }
        // Who wrote an annotation, and when; in a form the names of its fields.
        if key == b"T" && matches!(value, Object::Text(_) | Object::Ref(_)) && !is_field {
            report.removed(Removed::Author);
            return false;
        }
        if key == b"M" && matches!(value, Object::Text(_)) {
            report.removed(Removed::Dates);
            return false;
        }
        // Left by TeX: paths and dates of pictures.
        if key.starts_with(b"PTEX.") {
            report.removed(Removed::Paths);
            return false;
        }
        let kept = only.is_none_or(|only| only.contains(&key)) || is_field && !is_page && FIELD.contains(&key);
        if !kept {
            report.removed(Removed::Other);
        }
        kept
    });
    if let Some(Object::Dict(names)) = dict.0.iter_mut().find(|(key, _)| key == b"Names").map(|(_, value)| value)
        && is_catalog
    {
        only_destinations(names, report);
    }
}

/// Of the trees of names only the one of places in the document stays.
pub(super) fn only_destinations(names: &mut Dict, report: &mut Report) {
    names.0.retain(|(key, _)| {
        match key.as_slice() {
            b"Dests" => return true,
            b"EmbeddedFiles" => report.removed(Removed::AttachedFiles),
            b"JavaScript" => report.removed(Removed::Scripts),
            _ => report.removed(Removed::Other),
        }
        false
    });
}
