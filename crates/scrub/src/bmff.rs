//! Boxes of ISO base media files (ISO/IEC 14496-12), blanked where they stand.
//!
//! Pictures and films point into their file by byte offsets from many places. What has to go is therefore overwritten with
//! zeros and its box renamed to `free`; nothing moves, and no offset can end up wrong.

use crate::bytes::{be32, be64, damaged, slice};
use crate::verdict::Refusal;

/// Where a box is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub(crate) kind: [u8; 4],
    pub(crate) start: usize,
    /// Behind the header.
    pub(crate) body: usize,
    pub(crate) end: usize,
}

/// The boxes between two offsets. Fails where they don't fill the space, with what was read so far.
pub(crate) fn boxes(bytes: &[u8], from: usize, to: usize) -> Result<Vec<At>, (Vec<At>, usize)> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        // QuickTime ends some lists with four zeros.
        if to - at == 4 && bytes[at..to] == [0; 4] {
            break;
        }
        match one(bytes, at, to) {
            Ok(one) if found.len() < 100_000 => {
                at = one.end;
                found.push(one);
            }
            _ => return Err((found, at)),
        }
    }
    Ok(found)
}

/// As [`boxes`], for lists that must be whole.
pub(crate) fn all_boxes(bytes: &[u8], from: usize, to: usize) -> Result<Vec<At>, Refusal> {
    boxes(bytes, from, to).map_err(|_| damaged())
}

fn one(bytes: &[u8], start: usize, to: usize) -> Result<At, Refusal> {
    let head = slice(bytes, start, 8)?;
    let kind = [head[4], head[5], head[6], head[7]];
    let (len, body) = match be32(bytes, start)? {
        0 => ((to - start) as u64, start + 8),
        1 => (be64(bytes, start + 8)?, start + 16),
        len => (len.into(), start + 8),
    };
    let end = usize::try_from(len).ok().and_then(|len| start.checked_add(len)).ok_or_else(damaged)?;
    if end < body || end > to {
        return Err(damaged());
    }
    Ok(At { kind, start, body, end })
}

/// Makes free space of a box; tells whether anything was in it.
pub(crate) fn free(bytes: &mut [u8], at: At) -> bool {
    let had = bytes[at.body..at.end].iter().any(|&byte| byte != 0);
    bytes[at.start + 4..at.start + 8].copy_from_slice(b"free");
    bytes[at.body..at.end].fill(0);
    had
}

/// Ranges of bytes to keep, in any order, overlapping or not.
#[derive(Debug, Default)]
pub(crate) struct Ranges(Vec<(usize, usize)>);

impl Ranges {
    /// Adds a range that must lie inside a file of `len` bytes.
    pub(crate) fn add(&mut self, at: u64, count: u64, len: usize) -> Result<(), Refusal> {
        let end = at.checked_add(count).filter(|&end| end <= len as u64).ok_or_else(damaged)?;
        self.0.push((at as usize, end as usize));
        Ok(())
    }

    pub(crate) fn overlaps(&self, from: usize, to: usize) -> bool {
        self.0.iter().any(|&(a, b)| a < to && from < b)
    }

    /// Zeros what lies between `from` and `to` and in no range; tells whether anything was there.
    pub(crate) fn blank_others(&mut self, bytes: &mut [u8], from: usize, to: usize) -> bool {
        self.0.sort_unstable();
        let mut at = from;
        let mut had = false;
        let mut blank = |a: usize, b: usize| {
            if a < b {
                had |= bytes[a..b].iter().any(|&byte| byte != 0);
                bytes[a..b].fill(0);
            }
        };
        for &(a, b) in &self.0 {
            blank(at, a.min(to));
            at = at.max(b);
        }
        blank(at, to);
        had
    }
}
