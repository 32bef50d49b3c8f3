//! PNG (W3C PNG third edition): the chunks that draw, with their checksums.

use crate::bytes::{be32, damaged, slice, truncated};
use crate::deflate::{self, Measure};
use crate::icc::Space;
use crate::jpeg::known_profile;
use crate::verdict::{Fault, Note, Options, Refusal, Removed, Report, check_size};
use crate::{exif, icc};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";
// A profile of this size is a printer's; those have no place in a PNG.
const MAX_PROFILE: usize = 4 << 20;

pub(crate) fn scrub(bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(SIGNATURE);
    let header = slice(bytes, 8, 25)?;
    if &header[..8] != b"\0\0\0\x0DIHDR" {
        return Err(damaged());
    }
    check_size(be32(header, 8)?, be32(header, 12)?, options)?;
    let most = most_bytes(&header[8..21]).ok_or_else(damaged)?;
    let mut pixels = Measure::new();
    let mut at = 8;
    let mut frames = 0u32;
    loop {
        let len = be32(bytes, at)? as usize;
        let kind = slice(bytes, at + 4, 4)?;
        let body = slice(bytes, at + 8, len)?;
        let whole = slice(bytes, at + 4, len + 4)?;
        if crc32fast::hash(whole) != be32(bytes, at + 8 + len)? {
            return Err(Refusal::Damaged(Fault::Checksum));
        }
        at += 12 + len;
        match kind {
            b"IHDR" if at == 33 => chunk(&mut out, kind, body),
            b"PLTE" if len <= 768 => chunk(&mut out, kind, body),
            b"tRNS" if len <= 256 => chunk(&mut out, kind, body),
            b"gAMA" if len == 4 => chunk(&mut out, kind, body),
            b"cHRM" if len == 32 => chunk(&mut out, kind, body),
            b"sRGB" if len == 1 => chunk(&mut out, kind, body),
            b"cICP" if len == 4 => chunk(&mut out, kind, body),
            b"acTL" if len == 8 => {
                report.note(Note::Animated);
                chunk(&mut out, kind, body);
            }
            b"fcTL" if len == 26 => {
                frames += 1;
                chunk(&mut out, kind, body);
            }
            b"fdAT" if frames > 0 && len >= 4 => chunk(&mut out, kind, body),
            b"IDAT" => {
                // What an editor left behind the end of the pixels stays in the file otherwise (CVE-2023-21036).
                let used = pixels.take(body, most)?;
                if used < len {
                    report.removed(Removed::Hidden);
                }
                if used > 0 {
                    chunk(&mut out, kind, &body[..used]);
                }
            }
            b"IEND" => break,
            b"iCCP" => profile(body, &mut out, report),
            b"eXIf" => {
                if let Some(orientation) = exif::read(body, report) {
                    chunk(&mut out, kind, &exif::only_orientation(orientation));
                }
            }
            b"tEXt" | b"zTXt" | b"iTXt" => text(body, report),
            b"tIME" => report.removed(Removed::Dates),
            b"IHDR" => return Err(damaged()),
            // A critical chunk that we don't know: the picture cannot be drawn without it.
            _ if kind[0].is_ascii_uppercase() => return Err(damaged()),
            _ => report.removed(Removed::Other),
        }
    }
    if !pixels.done {
        return Err(truncated());
    }
    chunk(&mut out, b"IEND", b"");
    if at < bytes.len() {
        report.removed(Removed::Hidden);
    }
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8], body: &[u8]) {
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    let from = out.len();
    out.extend_from_slice(kind);
    out.extend_from_slice(body);
    let checksum = crc32fast::hash(&out[from..]);
    out.extend_from_slice(&checksum.to_be_bytes());
}

/// The most that the pixels may unpack to; interlacing adds a filter byte for each line of seven passes.
fn most_bytes(header: &[u8]) -> Option<u64> {
    let width = u64::from(be32(header, 0).ok()?);
    let height = u64::from(be32(header, 4).ok()?);
    let samples = match header.get(9)? {
        0 | 3 => 1,
        2 => 3,
        4 => 2,
        6 => 4,
        _ => return None,
    };
    let depth = u64::from(*header.get(8)?);
    ([1, 2, 4, 8, 16].contains(&depth)).then(|| ((width * samples * depth).div_ceil(8) + 8) * (height + 8) * 2)
}

fn profile(body: &[u8], out: &mut Vec<u8>, report: &mut Report) {
    let unpacked = body
        .iter()
        .take(80)
        .position(|&byte| byte == 0)
        .and_then(|name| deflate::unpack_zlib(body.get(name + 2..)?, MAX_PROFILE).ok())
        .unwrap_or_default();
    if icc::recognise(&unpacked) == Some(Space::Srgb) {
        report.removed(Removed::ColourProfile);
        chunk(out, b"sRGB", &[0]);
    } else if let Some(profile) = known_profile(&unpacked, report) {
        let mut content = b"icc\0\0".to_vec();
        content.extend_from_slice(&deflate::pack_zlib(&profile));
        chunk(out, b"iCCP", &content);
    }
}

fn text(body: &[u8], report: &mut Report) {
    let key = body.split(|&byte| byte == 0).next().unwrap_or_default();
    match key {
        b"XML:com.adobe.xmp" => exif::read_xmp(body, report),
        b"Author" => report.removed(Removed::Author),
        b"Software" | b"Source" => report.removed(Removed::Software),
        b"Creation Time" | b"date:create" | b"date:modify" | b"date:timestamp" => report.removed(Removed::Dates),
        _ => report.removed(Removed::Comments),
    }
}
