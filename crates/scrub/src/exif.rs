//! Exif: the orientation is kept, the rest only counted for the report.
//!
//! CIPA DC-008. The block is never edited: a new one with one field is written, so that nothing can hide in it.

use crate::bytes::contains;
use crate::verdict::{Removed, Report};

/// Reads a TIFF block; returns the orientation if it is one of 2 to 8, and reports what else is there.
pub(crate) fn read(tiff: &[u8], report: &mut Report) -> Option<u8> {
    let mut reader = Reader { tiff, big: tiff.starts_with(b"MM"), orientation: None, entries: 0 };
    report.removed(Removed::Other);
    if let Some(first) = reader.u32(4) {
        let next = reader.directory(first as usize, report, 0);
        if next.is_some_and(|next| next != 0) {
            report.removed(Removed::Thumbnail);
        }
    }
    reader.orientation
}

/// A TIFF block with the orientation and nothing else.
pub(crate) fn only_orientation(orientation: u8) -> [u8; 26] {
    let mut block = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = orientation;
    block
}

struct Reader<'a> {
    tiff: &'a [u8],
    big: bool,
    orientation: Option<u8>,
    entries: u32,
}

impl Reader<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Returns the offset of the next directory.
    fn directory(&mut self, at: usize, report: &mut Report, depth: u8) -> Option<u32> {
        let count = self.u16(at)?;
        for index in 0..usize::from(count) {
            self.entries += 1;
            if self.entries > 2000 {
                return None;
            }
            let entry = at.checked_add(2 + index * 12)?;
            let tag = self.u16(entry)?;
            match tag {
                0x0112 if depth == 0 => {
                    self.orientation = self.u16(entry + 8).and_then(|o| (2..=8).contains(&o).then_some(o as u8));
                }
                0x8825 => report.removed(Removed::Place),
                0x8769 if depth == 0 => {
                    let offset = self.u32(entry + 8)?;
                    self.directory(offset as usize, report, 1);
                }
                0x010F | 0x0110 | 0x927C | 0xA431..=0xA435 | 0xC62F => report.removed(Removed::Device),
                0x013B | 0x8298 | 0xA430 | 0x9C9D => report.removed(Removed::Author),
                0x0132 | 0x9003 | 0x9004 | 0x9010..=0x9012 | 0x9290..=0x9292 => report.removed(Removed::Dates),
                0x0131 | 0x013C => report.removed(Removed::Software),
                0x010E | 0x9286 | 0x9C9B | 0x9C9C | 0x9C9E | 0x9C9F => report.removed(Removed::Comments),
                0xA420 => report.removed(Removed::Ids),
                _ => {}
            }
        }
        self.u32(at.checked_add(2 + usize::from(count) * 12)?)
    }
}

/// Reports what an XMP packet speaks of. It is dropped whole, so a rough look is enough.
pub(crate) fn read_xmp(packet: &[u8], report: &mut Report) {
    const MARKS: &[(&[u8], Removed)] = &[
        (b"GPS", Removed::Place),
        (b"City", Removed::Place),
        (b"SerialNumber", Removed::Device),
        (b"tiff:Model", Removed::Device),
        (b"creator", Removed::Author),
        (b"Artist", Removed::Author),
        (b"Date", Removed::Dates),
        (b"CreatorTool", Removed::Software),
        (b"History", Removed::EditHistory),
        (b"DocumentID", Removed::Ids),
        (b"description", Removed::Comments),
        (b"title", Removed::Comments),
        (b"Thumbnails", Removed::Thumbnail),
    ];
    report.removed(Removed::Other);
    for (mark, what) in MARKS {
        if contains(packet, mark) {
            report.removed(*what);
        }
    }
}
