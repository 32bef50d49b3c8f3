//! Reading numbers out of files that lie.

use crate::verdict::{Fault, Refusal};

pub(crate) fn damaged() -> Refusal {
    Refusal::Damaged(Fault::Structure)
}

pub(crate) fn truncated() -> Refusal {
    Refusal::Damaged(Fault::Truncated)
}

/// `len` bytes from `at`, or [`Fault::Truncated`].
pub(crate) fn slice(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], Refusal> {
    at.checked_add(len).and_then(|end| bytes.get(at..end)).ok_or_else(truncated)
}

pub(crate) fn be16(bytes: &[u8], at: usize) -> Result<u16, Refusal> {
    slice(bytes, at, 2).map(|b| u16::from_be_bytes([b[0], b[1]]))
}

pub(crate) fn be32(bytes: &[u8], at: usize) -> Result<u32, Refusal> {
    slice(bytes, at, 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

pub(crate) fn be64(bytes: &[u8], at: usize) -> Result<u64, Refusal> {
    Ok(u64::from(be32(bytes, at)?) << 32 | u64::from(be32(bytes, at.saturating_add(4))?))
}

pub(crate) fn le16(bytes: &[u8], at: usize) -> Result<u16, Refusal> {
    be16(bytes, at).map(u16::swap_bytes)
}

pub(crate) fn le32(bytes: &[u8], at: usize) -> Result<u32, Refusal> {
    be32(bytes, at).map(u32::swap_bytes)
}

/// Where `needle` first stands in `hay`.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut from = 0;
    while let Some(at) = hay.get(from..)?.iter().position(|&byte| byte == first) {
        let at = from + at;
        if hay[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

pub(crate) fn contains(hay: &[u8], needle: &[u8]) -> bool {
    find(hay, needle).is_some()
}
