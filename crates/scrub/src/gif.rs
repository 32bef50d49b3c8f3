//! GIF (GIF89a): pictures, their timing and the loop.

use crate::bytes::{damaged, le16, slice, truncated};
use crate::verdict::{Fault, Note, Options, Refusal, Removed, Report, check_size};

pub(crate) fn scrub(bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let header = slice(bytes, 0, 13)?;
    check_size(le16(header, 6)?.into(), le16(header, 8)?.into(), options)?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 13 + palette(header[10]);
    out.extend_from_slice(slice(bytes, 0, at)?);
    let mut frames = 0;
    loop {
        match *bytes.get(at).ok_or_else(truncated)? {
            0x3B => break,
            0x2C => {
                let head = slice(bytes, at, 10)?;
                check_size(le16(head, 5)?.into(), le16(head, 7)?.into(), options)?;
                let data = at + 10 + palette(head[9]);
                out.extend_from_slice(slice(bytes, at, data - at + 1)?);
                let pixels = u64::from(le16(head, 5)?) * u64::from(le16(head, 7)?);
                let (packed, next) = sub_blocks(bytes, data + 1)?;
                let used = lzw_len(&packed, bytes[data], pixels)?;
                if used < packed.len() {
                    report.removed(Removed::Hidden);
                }
                for block in packed[..used].chunks(255) {
                    out.push(block.len() as u8);
                    out.extend_from_slice(block);
                }
                out.push(0);
                at = next;
                frames += 1;
            }
            0x21 => at = extension(bytes, at, &mut out, report)?,
            _ => return Err(damaged()),
        }
    }
    if frames == 0 {
        return Err(damaged());
    }
    if frames > 1 {
        report.note(Note::Animated);
    }
    out.push(0x3B);
    if at + 1 < bytes.len() {
        report.removed(Removed::Hidden);
    }
    Ok(out)
}

fn palette(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The content of sub-blocks, and where they end.
fn sub_blocks(bytes: &[u8], mut at: usize) -> Result<(Vec<u8>, usize), Refusal> {
    let mut content = Vec::new();
    loop {
        let len = usize::from(*bytes.get(at).ok_or_else(truncated)?);
        content.extend_from_slice(slice(bytes, at + 1, len)?);
        at += 1 + len;
        if len == 0 {
            return Ok((content, at));
        }
    }
}

fn extension(bytes: &[u8], at: usize, out: &mut Vec<u8>, report: &mut Report) -> Result<usize, Refusal> {
    let label = *bytes.get(at + 1).ok_or_else(truncated)?;
    let (content, next) = sub_blocks(bytes, at + 2)?;
    match label {
        0xF9 if content.len() == 4 => {
            out.extend_from_slice(&[0x21, 0xF9, 4]);
            out.extend_from_slice(&content);
            out.push(0);
        }
        0xFF if content.len() == 14
            && matches!(&content[..11], b"NETSCAPE2.0" | b"ANIMEXTS1.0")
            && content[11] == 1 =>
        {
            out.extend_from_slice(b"\x21\xFF\x0BNETSCAPE2.0\x03");
            out.extend_from_slice(&content[11..]);
            out.push(0);
        }
        0xFF if content.starts_with(b"XMP Data") => crate::exif::read_xmp(&content, report),
        0xFE => report.removed(Removed::Comments),
        _ => report.removed(Removed::Other),
    }
    Ok(next)
}

/// How many bytes of LZW data the pixels need. Nothing is drawn: a code is only as long as the string it stands for.
fn lzw_len(packed: &[u8], code_size: u8, pixels: u64) -> Result<usize, Refusal> {
    let fault = Refusal::Damaged(Fault::Packing);
    if !(1..=8).contains(&code_size) {
        return Err(fault);
    }
    let clear = 1usize << code_size;
    let mut lengths = vec![1u32; 4096];
    let (mut next, mut width, mut previous) = (clear + 2, u32::from(code_size) + 1, None::<u32>);
    let (mut bits, mut held, mut at, mut drawn) = (0u32, 0u32, 0usize, 0u64);
    loop {
        // Many encoders leave the end code out, and nothing behind the last pixel is drawn.
        let before = at;
        while held < width {
            let Some(&byte) = packed.get(at) else {
                return if drawn >= pixels { Ok(before) } else { Err(truncated()) };
            };
            bits |= u32::from(byte) << held;
            held += 8;
            at += 1;
        }
        let code = (bits & ((1 << width) - 1)) as usize;
        bits >>= width;
        held -= width;
        if code == clear {
            (next, width, previous) = (clear + 2, u32::from(code_size) + 1, None);
            continue;
        }
        if code == clear + 1 {
            return Ok(at);
        }
        if drawn >= pixels {
            return Ok(before);
        }
        let length = match previous {
            _ if code < next => lengths[code],
            Some(previous) if code == next => previous + 1,
            _ => return Err(fault),
        };
        if let Some(previous) = previous
            && next < 4096
        {
            lengths[next] = previous + 1;
            next += 1;
            if next == 1 << width && width < 12 {
                width += 1;
            }
        }
        previous = Some(length);
        drawn += u64::from(length);
    }
}
