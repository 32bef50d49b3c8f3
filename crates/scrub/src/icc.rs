//! Colour profiles (ICC.1).
//!
//! A profile can be that of one calibrated screen or name a device and its serial number, and dropping it changes the
//! colours of every picture that is not in sRGB, which is most phones' today. So a profile is recognised by its primaries
//! and its curve; a known one is written anew from our own numbers, and any other goes.

use crate::bytes::{be16, be32, slice};

/// A colour space that a picture may say to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// What everything takes a picture without a profile to be.
    Srgb,
    DisplayP3,
    AdobeRgb,
}

/// XYZ of red, green and blue, adapted to D50, in s15Fixed16.
type Primaries = [[i32; 3]; 3];

const SRGB: Primaries = [[28578, 14581, 912], [25240, 46981, 6362], [9376, 3974, 46799]];
const DISPLAY_P3: Primaries = [[33758, 15808, -69], [19147, 45367, 2750], [10284, 4361, 51393]];
const ADOBE_RGB: Primaries = [[39960, 20389, 1276], [13453, 41002, 3990], [9771, 4145, 48789]];
const D50: [i32; 3] = [63190, 65536, 54061];
// The widest that programs' own versions of one space lie apart: some round to 0.001.
const TOLERANCE: i32 = 200;

/// The known space that a profile describes, if it is one.
pub(crate) fn recognise(profile: &[u8]) -> Option<Space> {
    if profile.get(16..20)? != b"RGB " || profile.get(36..40)? != b"acsp" {
        return None;
    }
    let mut primaries = [[0; 3]; 3];
    for (row, tag) in primaries.iter_mut().zip([b"rXYZ", b"gXYZ", b"bXYZ"]) {
        let data = tag_data(profile, tag)?;
        for (index, value) in row.iter_mut().enumerate() {
            *value = be32(data, 8 + index * 4).ok()? as i32;
        }
    }
    let near = |known: &Primaries| {
        known.iter().flatten().zip(primaries.iter().flatten()).all(|(a, b)| a.abs_diff(*b) <= TOLERANCE as u32)
    };
    let middle = curve_at_half(tag_data(profile, b"gTRC")?)?;
    // sRGB's curve takes a half to 0.214, a gamma of 2.2 to 0.2176.
    let is_curve = (0.19..0.24).contains(&middle);
    [(SRGB, Space::Srgb), (DISPLAY_P3, Space::DisplayP3), (ADOBE_RGB, Space::AdobeRgb)]
        .into_iter()
        .find_map(|(known, space)| (is_curve && near(&known)).then_some(space))
}

fn tag_data<'a>(profile: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = be32(profile, 128).ok()?.min(100) as usize;
    (0..count).find_map(|index| {
        let entry = slice(profile, 132 + index * 12, 12).ok()?;
        (entry.starts_with(tag)).then_some(())?;
        slice(profile, be32(entry, 4).ok()? as usize, be32(entry, 8).ok()? as usize).ok()
    })
}

fn curve_at_half(curve: &[u8]) -> Option<f64> {
    match curve.get(..4)? {
        b"curv" => match be32(curve, 8).ok()? as usize {
            0 => Some(0.5),
            1 => Some(0.5f64.powf(f64::from(be16(curve, 12).ok()?) / 256.0)),
            count => Some(f64::from(be16(curve, 12 + count / 2 * 2).ok()?) / 65535.0),
        },
        b"para" => {
            let value = |index: usize| be32(curve, 12 + index * 4).ok().map(|v| f64::from(v as i32) / 65536.0);
            let gamma = value(0)?;
            match be16(curve, 8).ok()? {
                0 => Some(0.5f64.powf(gamma)),
                1..=4 => Some((value(1)? * 0.5 + value(2)?).max(0.0).powf(gamma)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A profile of our own for a known space, version 2.4, without a date, a device or an id; `None` for sRGB, which needs none.
pub(crate) fn profile(space: Space) -> Option<Vec<u8>> {
    let (primaries, name): (_, &[u8]) = match space {
        Space::Srgb => return None,
        Space::DisplayP3 => (DISPLAY_P3, b"Display P3"),
        Space::AdobeRgb => (ADOBE_RGB, b"Compatible with Adobe RGB (1998)"),
    };
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> =
        vec![(b"desc", description(name)), (b"cprt", b"text\0\0\0\0CC0\0".to_vec())];
    tags.push((b"wtpt", xyz(D50)));
    for (tag, row) in [b"rXYZ", b"gXYZ", b"bXYZ"].into_iter().zip(primaries) {
        tags.push((tag, xyz(row)));
    }
    let curve = curve(space);
    let start = 132 + (tags.len() + 3) * 12;
    let mut table = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    let entry = |table: &mut Vec<u8>, tag: &[u8], at: usize, len: usize| {
        table.extend_from_slice(tag);
        table.extend_from_slice(&((start + at) as u32).to_be_bytes());
        table.extend_from_slice(&(len as u32).to_be_bytes());
    };
    for (tag, content) in &tags {
        entry(&mut table, *tag, data.len(), content.len());
        data.extend_from_slice(content);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    for tag in [b"rTRC", b"gTRC", b"bTRC"] {
        entry(&mut table, tag, data.len(), curve.len());
    }
    data.extend_from_slice(&curve);
    data.resize(data.len().next_multiple_of(4), 0);
    let mut out = vec![0; 128];
    out[..4].copy_from_slice(&((start + data.len()) as u32).to_be_bytes());
    out[8] = 2;
    out[9] = 0x40;
    out[12..24].copy_from_slice(b"mntrRGB XYZ ");
    // A profile must have a date; this is no moment of anybody's.
    out[24..36].copy_from_slice(&[0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    out[36..40].copy_from_slice(b"acsp");
    for (index, value) in D50.into_iter().enumerate() {
        // The header's white point has its own fixed rounding.
        let value = [0xF6D6, 0x10000, 0xD32D].get(index).copied().unwrap_or(value);
        out[68 + index * 4..72 + index * 4].copy_from_slice(&value.to_be_bytes());
    }
    out.extend_from_slice(&((tags.len() + 3) as u32).to_be_bytes());
    out.extend_from_slice(&table);
    out.extend_from_slice(&data);
    Some(out)
}

fn xyz(values: [i32; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    out.extend(values.into_iter().flat_map(i32::to_be_bytes));
    out
}

fn description(name: &[u8]) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend_from_slice(&(name.len() as u32 + 1).to_be_bytes());
    out.extend_from_slice(name);
    // The closing zero, no Unicode, no Macintosh script.
    out.resize(out.len() + 1 + 8 + 3 + 67, 0);
    out
}

fn curve(space: Space) -> Vec<u8> {
    let mut out = b"curv\0\0\0\0".to_vec();
    if space == Space::AdobeRgb {
        // 563/256, as Adobe's own.
        out.extend_from_slice(&1u32.to_be_bytes());
        out.extend_from_slice(&563u16.to_be_bytes());
        return out;
    }
    out.extend_from_slice(&1024u32.to_be_bytes());
    for index in 0..1024 {
        let x = f64::from(index) / 1023.0;
        let y = if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) };
        out.extend_from_slice(&((y * 65535.0).round() as u16).to_be_bytes());
    }
    out
}

/// Makes a profile that must stay, because something points to it by number, say nothing but colours: texts, dates and
/// device are overwritten in place, the length stays.
pub(crate) fn blank_in_place(profile: &mut [u8]) {
    const NUMBERS: &[&[u8; 4]] = &[
        b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt", b"lumi", b"chad", b"chrm",
        b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"gamt", b"D2B0", b"B2D0", b"cicp",
    ];
    // The largest, those of presses, have three megabytes.
    if !(132..8 << 20).contains(&profile.len()) {
        profile.fill(0);
        return;
    }
    let count = be32(profile, 128).unwrap_or(u32::MAX) as usize;
    let first = (0..count.min(100)).filter_map(|index| be32(profile, 136 + index * 12).ok()).min();
    // A table that reaches into what it lists.
    if count > 100 || first.is_none_or(|first| (first as usize) < 132 + count * 12) {
        profile.fill(0);
        return;
    }
    let mut keep: Vec<(usize, usize)> = vec![(0, 132 + count * 12)];
    for index in 0..count {
        let Ok(entry) = slice(profile, 132 + index * 12, 12) else { break };
        let (at, len) = (be32(entry, 4).unwrap_or(0) as usize, be32(entry, 8).unwrap_or(0) as usize);
        if NUMBERS.iter().any(|tag| entry.starts_with(*tag)) && slice(profile, at, len).is_ok_and(is_numbers) {
            keep.push((at, at + len));
        }
    }
    let tags: Vec<(usize, [u8; 4])> = (0..count)
        .filter_map(|index| {
            let entry = profile.get(132 + index * 12..144 + index * 12)?;
            let kept = NUMBERS.iter().any(|tag| entry.starts_with(*tag));
            let kind = if entry.starts_with(b"cprt") || entry.starts_with(b"desc") { *b"text" } else { *b"data" };
            (!kept).then_some((be32(entry, 4).ok()? as usize, kind))
        })
        .collect();
    for (at, byte) in profile.iter_mut().enumerate() {
        if !keep.iter().any(|(from, to)| (*from..*to).contains(&at)) {
            *byte = 0;
        }
    }
    for (at, kind) in tags {
        let free = |from: &usize, to: &usize| at + 4 <= *from || at >= *to;
        if keep.iter().all(|(from, to)| free(from, to))
            && let Some(place) = profile.get_mut(at..at.saturating_add(4))
        {
            place.copy_from_slice(&kind);
        }
    }
    // Preferred module, date, platform, maker, model, attributes and creator, id.
    profile[4..8].fill(0);
    profile[24..36].copy_from_slice(&[0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    profile[40..44].fill(0);
    profile[48..64].fill(0);
    profile[80..128].fill(0);
}

/// Whether the data of a tag is of a type that holds numbers, and no longer than they are.
fn is_numbers(data: &[u8]) -> bool {
    let count = be32(data, 8).unwrap_or(0) as usize;
    match data.get(..4) {
        Some(b"XYZ ") => data.len() == 20,
        Some(b"sf32") => data.len() == 44,
        Some(b"curv") => data.len() <= (12 + count.saturating_mul(2)).next_multiple_of(4),
        Some(b"para") => data.len() <= 40,
        Some(b"chrm" | b"cicp") => data.len() <= 36,
        Some(b"mft1" | b"mft2" | b"mAB " | b"mBA " | b"mpet") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_profiles_are_recognised() {
        for space in [Space::DisplayP3, Space::AdobeRgb] {
            let mut profile = profile(space).unwrap();
            assert_eq!(be32(&profile, 0).unwrap() as usize, profile.len());
            assert_eq!(recognise(&profile), Some(space));
            blank_in_place(&mut profile);
            assert_eq!(recognise(&profile), Some(space));
            assert!(!crate::bytes::contains(&profile, b"Adobe") && !crate::bytes::contains(&profile, b"P3"));
        }
        assert_eq!(recognise(b"profile"), None);
    }
}
