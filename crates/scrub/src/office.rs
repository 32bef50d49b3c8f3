//! Documents that are ZIP files of XML: OOXML (ECMA-376) and OpenDocument (ISO/IEC 26300).

mod odf;
mod opc;
mod rules;

use crate::verdict::{Note, Options, Refusal, Report};
use crate::xml::{self, Act, Names, Tag};
use crate::zip::{self, Entry};
use crate::{MediaType, embedded_picture};

pub(crate) fn scrub(bytes: &[u8], kind: MediaType, options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let entries = zip::directory(bytes)?;
    zip::check(&entries, bytes.len(), options.max_unpacked)?;
    let package = Package { bytes, entries: &entries, options };
    if kind.is_opc() { opc::scrub(&package, report) } else { odf::scrub(&package, report) }
}

struct Package<'a> {
    bytes: &'a [u8],
    entries: &'a [Entry],
    options: &'a Options,
}

impl Package<'_> {
    /// Names of parts are the same in capital and small letters; the first of a name counts.
    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn unpack(&self, entry: &Entry) -> Result<Vec<u8>, Refusal> {
        zip::unpack(self.bytes, entry, usize::try_from(self.options.max_unpacked).unwrap_or(usize::MAX))
    }

    fn xml(&self, entry: &Entry) -> Result<String, Refusal> {
        xml::decode(self.unpack(entry)?)
    }

    /// A picture or a film, cleaned where that can be done.
    fn media(&self, entry: &Entry, report: &mut Report) -> Result<Vec<u8>, Refusal> {
        let content = self.unpack(entry)?;
        let mut inside = report.clone();
        Ok(match embedded_picture(&content, self.options, &mut inside) {
            Some(cleaned) => {
                *report = inside;
                cleaned
            }
            None => {
                report.note(Note::PartsNotCleaned);
                content
            }
        })
    }
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Packing these again gains nothing.
fn is_packed(name: &str) -> bool {
    matches!(
        extension(name).to_ascii_lowercase().as_str(),
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "mp4" | "m4v" | "mov" | "m4a" | "mp3" | "heic" | "avif"
    )
}

fn rewrite(
    text: &str,
    names: &mut Names,
    visit: &mut dyn FnMut(&mut Tag<'_>, &mut Names) -> Act,
) -> Result<String, Refusal> {
    xml::rewrite(text, names, visit)
}
