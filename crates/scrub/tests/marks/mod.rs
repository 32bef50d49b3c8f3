//! Looks for planted marks in a file and in all that can be unpacked from it, by other means than the crate's own readers.
#![allow(dead_code, reason = "each test file uses its part")]

use miniz_oxide::inflate::{DecompressError, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

/// The words of `tests/scrub/make.py`; the last two stand where four bytes must do, such as in coordinates.
const MARKS: &[&str] = &["NEEDLE", "Nadel-Autor", "N3DL", "NDLE"];
const LIMIT: usize = 4 << 20;

/// The first mark found, as text, in UTF-16 of both orders, or in hexadecimal.
pub(crate) fn find_mark(bytes: &[u8]) -> Option<&'static str> {
    let parts = unpacked(bytes);
    MARKS.iter().copied().find(|mark| {
        let little: Vec<u8> = mark.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = mark.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let hex: String = mark.bytes().map(|byte| format!("{byte:02X}")).collect();
        let forms = [mark.as_bytes().to_vec(), little, big, hex.to_lowercase().into_bytes(), hex.into_bytes()];
        parts.iter().any(|part| forms.iter().any(|form| has(part, form)))
    })
}

pub(crate) fn has(bytes: &[u8], form: &[u8]) -> bool {
    // Not by windows, which unoptimised code takes ten times as long for.
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == form[0]) {
        if rest[at..].starts_with(form) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// The file, and what every place in it that looks like packed data unpacks to, and so on inwards.
pub(crate) fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = vec![bytes.to_vec()];
    let mut next = 0;
    while next < parts.len() && parts.len() < 2000 {
        let mut inside = Vec::new();
        let part = &parts[next];
        for at in 0..part.len() {
            let rest = &part[at..];
            let content = if rest.starts_with(b"PK\x03\x04") && rest.len() > 30 {
                let len = |at: usize| usize::from(u16::from_le_bytes([rest[at], rest[at + 1]]));
                let start = (30 + len(26) + len(28)).min(rest.len());
                if len(8) == 8 { partly(decompress_to_vec_with_limit(&rest[start..], LIMIT)) } else { Vec::new() }
            } else if rest[0] == 0x78 && rest.len() > 2 && u16::from_be_bytes([rest[0], rest[1]]).is_multiple_of(31) {
                partly(decompress_to_vec_zlib_with_limit(rest, LIMIT))
            } else {
                Vec::new()
            };
            if content.len() > 4 {
                inside.push(content);
            }
        }
        parts.extend(inside);
        next += 1;
    }
    parts
}

fn partly(result: Result<Vec<u8>, DecompressError>) -> Vec<u8> {
    result.unwrap_or_else(|fault| fault.output)
}
