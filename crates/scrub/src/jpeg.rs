//! JPEG (ITU T.81): the segments that the picture needs, each checked and some written anew.

use crate::bytes::{be16, damaged, slice, truncated};
use crate::exif;
use crate::icc::{self, Space};
use crate::verdict::{Note, Options, Refusal, Removed, Report, check_size};

pub(crate) fn scrub(bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(bytes.len() + 64);
    out.extend_from_slice(b"\xFF\xD8");
    let mut aside = Aside::default();
    // Behind the marker of the picture's start, where what we write anew goes.
    let insert_at = out.len();
    let mut at = 2;
    let mut frame = false;
    let mut scans = 0;
    loop {
        let (marker, next) = marker(bytes, at, report)?;
        at = next;
        match marker {
            0xD9 => break,
            0xE0..=0xEF | 0xFE => {
                let body = segment(bytes, &mut at)?;
                aside.take(marker, body, report);
            }
            0xDB | 0xC4 | 0xCC | 0xDD | 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let body = segment(bytes, &mut at)?;
                check_table(marker, body, options, &mut frame)?;
                copy(&mut out, marker, body);
            }
            0xDA if frame => {
                let body = segment(bytes, &mut at)?;
                let components = usize::from(*body.first().ok_or_else(damaged)?);
                if !(1..=4).contains(&components) || body.len() != 4 + 2 * components {
                    return Err(damaged());
                }
                copy(&mut out, marker, body);
                at = scan(bytes, at, &mut out)?;
                scans += 1;
            }
            // The height, when the frame left it open, stands behind the first scan.
            0xDC if scans > 0 => {
                let body = segment(bytes, &mut at)?;
                if body.len() != 2 {
                    return Err(damaged());
                }
                copy(&mut out, marker, body);
            }
            _ => return Err(damaged()),
        }
    }
    if scans == 0 {
        return Err(damaged());
    }
    out.extend_from_slice(b"\xFF\xD9");
    if bytes[at..].iter().any(|&byte| byte != 0) {
        report.removed(Removed::Hidden);
    }
    let head = aside.write(report);
    out.splice(insert_at..insert_at, head);
    Ok(out)
}

/// The next marker, past fill bytes.
fn marker(bytes: &[u8], mut at: usize, report: &mut Report) -> Result<(u8, usize), Refusal> {
    if *bytes.get(at).ok_or_else(truncated)? != 0xFF {
        return Err(damaged());
    }
    let start = at;
    while *bytes.get(at).ok_or_else(truncated)? == 0xFF {
        at += 1;
    }
    if at - start > 1 {
        report.removed(Removed::Other);
    }
    Ok((bytes[at], at + 1))
}

fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Result<&'a [u8], Refusal> {
    let len = usize::from(be16(bytes, *at)?);
    let body = slice(bytes, *at + 2, len.checked_sub(2).ok_or_else(damaged)?)?;
    *at += len;
    Ok(body)
}

fn copy(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend_from_slice(&[0xFF, marker]);
    // Unwrap safety: none needed, a body comes from a segment or is one that we made.
    out.extend_from_slice(&((body.len() + 2) as u16).to_be_bytes());
    out.extend_from_slice(body);
}

/// Copies entropy-coded data up to the marker that ends it.
fn scan(bytes: &[u8], from: usize, out: &mut Vec<u8>) -> Result<usize, Refusal> {
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(|&byte| byte == 0xFF).ok_or_else(truncated)?;
        match *bytes.get(at + 1).ok_or_else(truncated)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            // A fill byte: what follows decides.
            0xFF => at += 1,
            _ => break,
        }
    }
    out.extend_from_slice(&bytes[from..at]);
    Ok(at)
}

/// A table must be exactly as long as its content says: nothing may hide in one.
fn check_table(marker: u8, body: &[u8], options: &Options, frame: &mut bool) -> Result<(), Refusal> {
    let fits = match marker {
        0xDB => {
            let mut rest = body;
            while let Some((&head, tail)) = rest.split_first() {
                let len = if head >> 4 == 0 { 64 } else { 128 };
                if head >> 4 > 1 || head & 15 > 3 || tail.len() < len {
                    return Err(damaged());
                }
                rest = &tail[len..];
            }
            !body.is_empty()
        }
        0xC4 => {
            let mut rest = body;
            while !rest.is_empty() {
                let counts = slice(rest, 0, 17)?;
                let len: usize = counts[1..].iter().map(|&count| usize::from(count)).sum();
                if counts[0] >> 4 > 1 || counts[0] & 15 > 3 || len > 256 || rest.len() < 17 + len {
                    return Err(damaged());
                }
                rest = &rest[17 + len..];
            }
            !body.is_empty()
        }
        0xCC => body.len().is_multiple_of(2) && body.len() <= 64,
        0xDD => body.len() == 2,
        _ => {
            let components = usize::from(*body.get(5).ok_or_else(truncated)?);
            // A height of zero stands in a DNL segment later on; nobody's camera does it.
            check_size(be16(body, 3)?.into(), be16(body, 1)?.into(), options)?;
            let first = !std::mem::replace(frame, true);
            first && (1..=4).contains(&components) && body.len() == 6 + 3 * components
        }
    };
    if fits { Ok(()) } else { Err(damaged()) }
}

/// What application segments and comments hold that a picture needs.
#[derive(Default)]
struct Aside {
    jfif: bool,
    adobe: Option<u8>,
    orientation: Option<u8>,
    profile: Vec<(u8, Vec<u8>)>,
}

impl Aside {
    fn take(&mut self, marker: u8, body: &[u8], report: &mut Report) {
        if let (0xE1, Some(tiff)) = (marker, body.strip_prefix(b"Exif\0\0")) {
            let orientation = exif::read(tiff, report);
            self.orientation = self.orientation.or(orientation);
        } else if marker == 0xE0 && body.starts_with(b"JFIF\0") {
            self.jfif = true;
            if body.len() > 14 {
                report.removed(Removed::Thumbnail);
            }
        } else if marker == 0xEE && body.starts_with(b"Adobe") && body.len() >= 12 {
            self.adobe = Some(body[11].min(2));
        } else if let (0xE2, Some(part)) = (marker, body.strip_prefix(b"ICC_PROFILE\0")) {
            if let [number, _, data @ ..] = part {
                self.profile.push((*number, data.to_vec()));
            }
        } else if marker == 0xE1 {
            exif::read_xmp(body, report);
        } else {
            report.removed(match marker {
                0xE0 => Removed::Thumbnail,
                // Photoshop's resources with IPTC inside: captions, names, places.
                0xED => Removed::Author,
                0xE2 => Removed::Hidden,
                0xFE => Removed::Comments,
                _ => Removed::Other,
            });
        }
    }

    fn write(mut self, report: &mut Report) -> Vec<u8> {
        let mut out = Vec::new();
        if self.jfif {
            copy(&mut out, 0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        }
        if let Some(orientation) = self.orientation {
            let mut body = b"Exif\0\0".to_vec();
            body.extend_from_slice(&exif::only_orientation(orientation));
            copy(&mut out, 0xE1, &body);
        }
        if !self.profile.is_empty() {
            self.profile.sort_by_key(|(number, _)| *number);
            let whole: Vec<u8> = self.profile.into_iter().flat_map(|(_, part)| part).collect();
            if let Some(profile) = known_profile(&whole, report) {
                let mut body = b"ICC_PROFILE\0\x01\x01".to_vec();
                body.extend_from_slice(&profile);
                copy(&mut out, 0xE2, &body);
            }
        }
        if let Some(transform) = self.adobe {
            copy(&mut out, 0xEE, &[b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform]);
        }
        out
    }
}

/// Our own profile in place of one that says the same; reports what that loses.
pub(crate) fn known_profile(profile: &[u8], report: &mut Report) -> Option<Vec<u8>> {
    report.removed(Removed::ColourProfile);
    match icc::recognise(profile) {
        Some(Space::Srgb) => None,
        Some(space) => icc::profile(space),
        None => {
            report.note(Note::ColoursMayShift);
            None
        }
    }
}
