//! ZIP as documents use it (ISO/IEC 21320-1): one disk, stored or deflated, no ZIP64.

use crate::bytes::{damaged, le16, le32, slice};
use crate::deflate;
use crate::verdict::{Fault, Refusal};

/// One line of the central directory; the local headers are not believed.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    method: u16,
    checksum: u32,
    packed: usize,
    /// As declared; what unpacks to another length is damaged.
    pub(crate) len: usize,
    local: usize,
}

// No honest document has so many parts.
const MAX_ENTRIES: usize = 5_000;

pub(crate) fn directory(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let from = bytes.len().saturating_sub(22 + 65_535);
    let end = from + bytes[from..].windows(4).rposition(|four| four == b"PK\x05\x06").ok_or_else(damaged)?;
    let count = usize::from(le16(bytes, end + 10)?);
    let mut at = le32(bytes, end + 16)? as usize;
    if count > MAX_ENTRIES {
        return Err(Refusal::ZipBomb);
    }
    let mut entries: Vec<Entry> = Vec::with_capacity(count);
    for _ in 0..count {
        let head = slice(bytes, at, 46)?;
        if !head.starts_with(b"PK\x01\x02") {
            return Err(damaged());
        }
        let name = slice(bytes, at + 46, le16(head, 28)?.into())?;
        at += 46 + name.len() + usize::from(le16(head, 30)?) + usize::from(le16(head, 32)?);
        if le16(head, 8)? & 1 != 0 {
            return Err(Refusal::Encrypted);
        }
        let name = str::from_utf8(name).map_err(|_| damaged())?;
        if name.ends_with('/') {
            continue;
        }
        entries.push(Entry {
            name: name.trim_start_matches('/').to_owned(),
            method: le16(head, 10)?,
            checksum: le32(head, 16)?,
            packed: le32(head, 20)? as usize,
            len: le32(head, 24)? as usize,
            local: le32(head, 42)? as usize,
        });
    }
    Ok(entries)
}

/// Refuses before anything is unpacked: by the sum of what is declared, and when entries share their bytes.
pub(crate) fn check(entries: &[Entry], file: usize, max_unpacked: u64) -> Result<(), Refusal> {
    let sum = |len: fn(&Entry) -> usize| entries.iter().map(|entry| len(entry) as u64).sum::<u64>();
    if sum(|entry| entry.len) > max_unpacked || sum(|entry| entry.packed) > file as u64 {
        return Err(Refusal::ZipBomb);
    }
    Ok(())
}

pub(crate) fn unpack(bytes: &[u8], entry: &Entry, limit: usize) -> Result<Vec<u8>, Refusal> {
    let head = slice(bytes, entry.local, 30)?;
    if !head.starts_with(b"PK\x03\x04") {
        return Err(damaged());
    }
    let start = entry.local + 30 + usize::from(le16(head, 26)?) + usize::from(le16(head, 28)?);
    let packed = slice(bytes, start, entry.packed)?;
    if entry.len > limit {
        return Err(Refusal::ZipBomb);
    }
    let content = match entry.method {
        0 => packed.to_vec(),
        8 => deflate::unpack(packed, entry.len)?,
        _ => return Err(Refusal::Damaged(Fault::Packing)),
    };
    if content.len() != entry.len || crc32fast::hash(&content) != entry.checksum {
        return Err(Refusal::Damaged(Fault::Checksum));
    }
    Ok(content)
}

/// Writes a ZIP in which nothing but names and contents differs between two documents.
#[derive(Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
    central: Vec<u8>,
    count: u16,
}

impl Writer {
    /// `stored` where packing gains nothing, or the format wants it.
    pub(crate) fn add(&mut self, name: &str, content: &[u8], stored: bool) {
        let packed;
        let (method, data) = if stored {
            (0u16, content)
        } else {
            packed = deflate::pack(content);
            (8, &packed[..])
        };
        let local = self.out.len() as u32;
        let mut common = Vec::with_capacity(26);
        // Version 2.0, names in UTF-8, midnight of the first day that the format knows.
        common.extend_from_slice(&[20, 0, 0, 8]);
        common.extend_from_slice(&method.to_le_bytes());
        common.extend_from_slice(&[0, 0, 0x21, 0]);
        common.extend_from_slice(&crc32fast::hash(content).to_le_bytes());
        common.extend_from_slice(&(data.len() as u32).to_le_bytes());
        common.extend_from_slice(&(content.len() as u32).to_le_bytes());
        common.extend_from_slice(&(name.len() as u16).to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        self.out.extend_from_slice(b"PK\x03\x04");
        self.out.extend_from_slice(&common);
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(data);
        self.central.extend_from_slice(b"PK\x01\x02\x14\0");
        self.central.extend_from_slice(&common);
        self.central.extend_from_slice(&[0; 10]);
        self.central.extend_from_slice(&local.to_le_bytes());
        self.central.extend_from_slice(name.as_bytes());
        self.count += 1;
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        let start = self.out.len() as u32;
        self.out.extend_from_slice(&self.central);
        self.out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        self.out.extend_from_slice(&self.count.to_le_bytes());
        self.out.extend_from_slice(&self.count.to_le_bytes());
        self.out.extend_from_slice(&(self.central.len() as u32).to_le_bytes());
        self.out.extend_from_slice(&start.to_le_bytes());
        self.out.extend_from_slice(&[0, 0]);
        self.out
    }
}
