//! PDF (ISO 32000-2): written anew from what can be reached from the pages, so that no earlier revision survives.
//!
//! A reader of our own: `lopdf` brings text encodings, fonts, ciphers and a generator of random numbers, which is more Wasm than
//! everything here together, and reads all objects into memory at once.

mod filters;
mod object;
mod read;
mod rules;
mod write;

use std::collections::BTreeSet;

use crate::bytes::{contains, damaged, find};
use crate::verdict::{Options, Refusal, Removed, Report};
use object::{Dict, Object};
use read::File;

pub(crate) fn scrub(bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    // Offsets count from the header, wherever it is.
    let start = find(&bytes[..bytes.len().min(1024)], b"%PDF-").ok_or_else(damaged)?;
    let bytes = &bytes[start..];
    let mut file = File::open(bytes, options)?;
    if file.trailer.get(b"Encrypt").is_some_and(|value| !matches!(value, Object::Null)) {
        return Err(Refusal::Encrypted);
    }
    report_trailer(&mut file, report);
    if file.sections > 1 && !contains(&bytes[..bytes.len().min(1024)], b"/Linearized") {
        report.removed(Removed::EditHistory);
    }
    let Some(Object::Ref(root)) = file.trailer.get(b"Root").cloned() else { return Err(damaged()) };
    let catalog = file.dict(root)?;
    let Some(Object::Ref(tree)) = catalog.get(b"Pages") else { return Err(damaged()) };
    let pages = pages(&mut file, *tree)?;
    write::Writer::new(file, pages, options, report).write(root)
}

/// The pages that the page tree has. Others may still be reached, from links to pages that were deleted.
fn pages(file: &mut File<'_>, tree: u32) -> Result<BTreeSet<u32>, Refusal> {
    let mut seen = BTreeSet::new();
    let mut pages = BTreeSet::new();
    let mut left = vec![tree];
    while let Some(number) = left.pop() {
        if !seen.insert(number) {
            continue;
        }
        let node = file.dict(number)?;
        match node.get(b"Kids") {
            Some(kids) => {
                let kids = match kids {
                    Object::Ref(kids) => file.load(*kids)?.object,
                    direct => direct.clone(),
                };
                let Object::Array(kids) = kids else { return Err(damaged()) };
                left.extend(kids.iter().filter_map(|kid| if let Object::Ref(kid) = kid { Some(*kid) } else { None }));
            }
            None => drop(pages.insert(number)),
        }
    }
    if pages.is_empty() { Err(damaged()) } else { Ok(pages) }
}

fn report_trailer(file: &mut File<'_>, report: &mut Report) {
    if file.trailer.get(b"ID").is_some() {
        report.removed(Removed::Ids);
    }
    let info = match file.trailer.get(b"Info").cloned() {
        Some(Object::Ref(info)) => file.dict(info).unwrap_or_default(),
        Some(Object::Dict(info)) => info,
        _ => Dict::default(),
    };
    for (key, _) in &info.0 {
        report.removed(match key.as_slice() {
            b"Author" => Removed::Author,
            b"Creator" | b"Producer" => Removed::Software,
            b"CreationDate" | b"ModDate" => Removed::Dates,
            b"Title" | b"Subject" | b"Keywords" => Removed::Comments,
            _ => Removed::Other,
        });
    }
}
