//! WebP (RFC 9649): RIFF chunks that draw.

use crate::bytes::{damaged, le32, slice, truncated};
use crate::exif;
use crate::jpeg::known_profile;
use crate::verdict::{Note, Options, Refusal, Removed, Report, check_size};

const ICC: u8 = 0x20;
const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;
const ANIMATION: u8 = 0x02;

pub(crate) fn scrub(bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let end = (le32(bytes, 4)? as usize).checked_add(8).ok_or_else(damaged)?;
    if end > bytes.len() {
        return Err(truncated());
    }
    if end < bytes.len() {
        report.removed(Removed::Hidden);
    }
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut flags_at = None;
    let mut orientation = None;
    let mut has_profile = false;
    let mut drawn = false;
    for part in Chunks(&bytes[12..end]) {
        let (kind, body) = part?;
        match kind {
            b"VP8X" if body.len() == 10 && flags_at.is_none() && !drawn => {
                let side = |at: usize| u32::from_le_bytes([body[at], body[at + 1], body[at + 2], 0]) + 1;
                check_size(side(4), side(7), options)?;
                flags_at = Some(out.len() + 8);
                let mut clean = [0; 10];
                clean[0] = body[0] & (ALPHA | ANIMATION);
                clean[4..].copy_from_slice(&body[4..]);
                chunk(&mut out, kind, &clean);
            }
            b"VP8 " | b"VP8L" => {
                check_frame(kind, body, options)?;
                drawn = true;
                chunk(&mut out, kind, body);
            }
            b"ALPH" if !body.is_empty() => chunk(&mut out, kind, body),
            b"ANIM" if body.len() == 6 => {
                report.note(Note::Animated);
                chunk(&mut out, kind, body);
            }
            b"ANMF" => {
                let mut frame = slice(body, 0, 16)?.to_vec();
                for part in Chunks(&body[16..]) {
                    let (kind, body) = part?;
                    match kind {
                        b"VP8 " | b"VP8L" => {
                            check_frame(kind, body, options)?;
                            drawn = true;
                            chunk(&mut frame, kind, body);
                        }
                        b"ALPH" => chunk(&mut frame, kind, body),
                        _ => report.removed(Removed::Other),
                    }
                }
                chunk(&mut out, kind, &frame);
            }
            b"ICCP" => {
                if let Some(profile) = known_profile(body, report) {
                    has_profile = true;
                    chunk(&mut out, kind, &profile);
                }
            }
            b"EXIF" => {
                // Some writers keep the prefix that JPEG wants.
                let tiff = body.strip_prefix(b"Exif\0\0").unwrap_or(body);
                orientation = orientation.or(exif::read(tiff, report));
            }
            b"XMP " => exif::read_xmp(body, report),
            _ => report.removed(Removed::Other),
        }
    }
    if !drawn {
        return Err(damaged());
    }
    if let Some(at) = flags_at {
        if let Some(orientation) = orientation {
            chunk(&mut out, b"EXIF", &exif::only_orientation(orientation));
            out[at] |= EXIF;
        }
        if has_profile {
            out[at] |= ICC;
        }
    }
    let len = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&len.to_le_bytes());
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8], body: &[u8]) {
    out.extend_from_slice(kind);
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    out.resize(out.len().next_multiple_of(2), 0);
}

/// The size that a bitstream claims for itself.
fn check_frame(kind: &[u8], body: &[u8], options: &Options) -> Result<(), Refusal> {
    if kind == b"VP8L" {
        if body.first() != Some(&0x2F) {
            return Err(damaged());
        }
        let bits = le32(body, 1)?;
        return check_size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, options);
    }
    let head = slice(body, 0, 10)?;
    let first_partition = (u32::from_le_bytes([head[0], head[1], head[2], 0]) >> 5) as usize;
    if head[3..6] != [0x9D, 0x01, 0x2A] || first_partition + 10 > body.len() {
        return Err(damaged());
    }
    let side = |at: usize| u32::from(u16::from_le_bytes([head[at], head[at + 1]]) & 0x3FFF);
    check_size(side(6), side(8), options)
}

struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let part = self.take();
        if part.is_err() {
            self.0 = &[];
        }
        Some(part)
    }
}

impl<'a> Chunks<'a> {
    fn take(&mut self) -> Result<(&'a [u8], &'a [u8]), Refusal> {
        let len = le32(self.0, 4)? as usize;
        let kind = slice(self.0, 0, 4)?;
        let body = slice(self.0, 8, len)?;
        let next = (8 + len).next_multiple_of(2).min(self.0.len());
        self.0 = &self.0[next..];
        Ok((kind, body))
    }
}
