//! HEIC and AVIF (HEIF, ISO/IEC 23008-12): items that are pictures stay, all others are blanked where they stand.
//!
//! The way up stands in properties (`irot`, `imir`), so the Exif item can go whole.

use crate::bmff::{self, At, Ranges};
use crate::bytes::{be16, be32, be64, damaged, slice};
use crate::verdict::{Note, Options, Refusal, Removed, Report, check_size};
use crate::{exif, icc};

pub(crate) fn scrub(bytes: &[u8], options: &Options, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut out = bytes.to_vec();
    let top = match bmff::boxes(bytes, 0, bytes.len()) {
        Ok(top) => top,
        // Some phones append a block of their own that is no box.
        Err((top, end)) if [b"meta", b"mdat"].iter().all(|kind| top.iter().any(|at| at.kind == **kind)) => {
            report.removed(Removed::Hidden);
            out.truncate(end);
            top
        }
        Err(_) => return Err(damaged()),
    };
    let mut metas = top.iter().filter(|at| at.kind == *b"meta");
    let (Some(&meta), None) = (metas.next(), metas.next()) else { return Err(damaged()) };
    let mut kept = self::meta(&mut out, meta, options, report)?;
    for at in top {
        match &at.kind {
            b"ftyp" | b"meta" => {}
            b"mdat" => {
                if kept.blank_others(&mut out, at.body, at.end) {
                    report.removed(Removed::Other);
                }
            }
            _ => {
                if bmff::free(&mut out, at) {
                    report.removed(Removed::Hidden);
                }
            }
        }
    }
    Ok(out)
}

/// Cleans the meta box; returns where in the file the pictures are.
fn meta(out: &mut [u8], meta: At, options: &Options, report: &mut Report) -> Result<Ranges, Refusal> {
    let children = bmff::all_boxes(out, meta.body + 4, meta.end)?;
    let child = |kind: &[u8; 4]| children.iter().copied().find(|at| at.kind == *kind);
    let mut small = Vec::new();
    if let Some(iref) = child(b"iref") {
        small = thumbnails(out, iref)?;
    }
    if !small.is_empty() {
        report.removed(Removed::Thumbnail);
    }
    let items = items(out, child(b"iinf").ok_or_else(damaged)?, &small)?;
    let idat = child(b"idat");
    let places = locations(out, child(b"iloc").ok_or_else(damaged)?, idat)?;
    let mut kept = Ranges::default();
    let len = out.len();
    let is_kept = |id: u32| items.iter().any(|item| item.id == id && item.kept);
    for place in places.iter().filter(|place| is_kept(place.id)) {
        kept.add(place.at, place.len, len)?;
    }
    for place in places.iter().filter(|place| !is_kept(place.id)) {
        let mut inside = Ranges::default();
        inside.add(place.at, place.len, len)?;
        let (from, to) = (place.at as usize, (place.at + place.len) as usize);
        if kept.overlaps(from, to) {
            return Err(damaged());
        }
        let kind = items.iter().find(|item| item.id == place.id).map(|item| item.kind);
        blank_item(&mut out[from..to], kind, report);
        kept.add(place.at, place.len, len)?;
    }
    for at in children {
        match &at.kind {
            b"hdlr" => out[at.end.min(at.body + 24)..at.end].fill(0),
            b"iprp" => properties(out, at, options, report)?,
            b"idat" => {
                kept.blank_others(out, at.body, at.end);
            }
            b"pitm" | b"iinf" | b"iref" | b"iloc" | b"grpl" | b"dinf" => {}
            _ => {
                if bmff::free(out, at) {
                    report.removed(Removed::Other);
                }
            }
        }
    }
    Ok(kept)
}

/// Fills what an item held with something that readers take for empty.
fn blank_item(item: &mut [u8], kind: Option<[u8; 4]>, report: &mut Report) {
    match kind.as_ref() {
        Some(b"Exif") => {
            let skip = be32(item, 0).unwrap_or(0) as usize;
            if let Some(tiff) = item.get(skip.saturating_add(4)..) {
                exif::read(tiff, report);
            }
            item.fill(0);
            // No offset, and a directory without entries.
            if let Some(start) = item.get_mut(4..12) {
                start.copy_from_slice(b"MM\0*\0\0\0\x08");
            }
        }
        Some(b"mime") => {
            exif::read_xmp(item, report);
            item.fill(b' ');
        }
        _ => item.fill(0),
    }
}

struct Item {
    id: u32,
    kind: [u8; 4],
    kept: bool,
}

/// The list of items; blanks their names.
fn items(out: &mut [u8], iinf: At, small: &[u32]) -> Result<Vec<Item>, Refusal> {
    let first = if out.get(iinf.body) == Some(&0) { 6 } else { 8 };
    let mut items = Vec::new();
    for at in bmff::all_boxes(out, iinf.body + first, iinf.end)? {
        let body = &out[at.body..at.end];
        let version = *body.first().ok_or_else(damaged)?;
        let (id, rest) = match version {
            2 => (u32::from(be16(body, 4)?), 8),
            3 => (be32(body, 4)?, 10),
            _ => return Err(damaged()),
        };
        let kind = slice(body, rest, 4)?;
        let kind = [kind[0], kind[1], kind[2], kind[3]];
        let is_small = small.contains(&id);
        let is_picture = matches!(
            &kind,
            b"hvc1" | b"av01" | b"grid" | b"iden" | b"iovl" | b"tmap" | b"lhv1" | b"jpeg" | b"avc1" | b"sato"
        );
        let name = at.body + rest + 4;
        for byte in out[name..at.end].iter_mut().take_while(|byte| **byte != 0) {
            *byte = b' ';
        }
        if is_small {
            // Hidden: nobody shall show the blanked picture.
            out[at.body + 3] |= 1;
        }
        items.push(Item { id, kind, kept: is_picture && !is_small });
    }
    Ok(items)
}

/// Which items are thumbnails of others; they lose that role.
fn thumbnails(out: &mut [u8], iref: At) -> Result<Vec<u32>, Refusal> {
    let wide = out.get(iref.body) == Some(&1);
    let mut found = Vec::new();
    for at in bmff::all_boxes(out, iref.body + 4, iref.end)? {
        if at.kind == *b"thmb" {
            found.push(if wide { be32(out, at.body)? } else { be16(out, at.body)?.into() });
            out[at.body - 4..at.body].copy_from_slice(b"free");
        }
    }
    Ok(found)
}

struct Place {
    id: u32,
    at: u64,
    len: u64,
}

fn locations(out: &[u8], iloc: At, idat: Option<At>) -> Result<Vec<Place>, Refusal> {
    let body = &out[iloc.body..iloc.end];
    let version = *body.first().ok_or_else(damaged)?;
    let sizes = be16(body, 4)?;
    let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| usize::from(sizes >> shift & 15));
    let index = if version == 0 { 0 } else { index };
    let mut at = 6;
    let count = number(body, &mut at, if version < 2 { 2 } else { 4 })?;
    let mut places: Vec<Place> = Vec::new();
    for _ in 0..count {
        let id = number(body, &mut at, if version < 2 { 2 } else { 4 })? as u32;
        // Two places for one item: one of them is somebody else's.
        if places.iter().any(|place| place.id == id) {
            return Err(damaged());
        }
        let method = if version == 0 { 0 } else { number(body, &mut at, 2)? & 15 };
        let elsewhere = number(body, &mut at, 2)?;
        let base = number(body, &mut at, base)?;
        let start = match (method, idat) {
            (0, _) => 0,
            (1, Some(idat)) => idat.body as u64,
            _ => return Err(damaged()),
        };
        if elsewhere != 0 {
            return Err(damaged());
        }
        for _ in 0..number(body, &mut at, 2)? {
            number(body, &mut at, index)?;
            let offset = number(body, &mut at, offset)?;
            let len = number(body, &mut at, length)?;
            let at = start.checked_add(base).and_then(|at| at.checked_add(offset)).ok_or_else(damaged)?;
            // More pieces than a picture is cut into, and looking through them takes the square of their number.
            if len == 0 || places.len() >= 10_000 {
                return Err(damaged());
            }
            places.push(Place { id, at, len });
        }
    }
    Ok(places)
}

fn number(body: &[u8], at: &mut usize, len: usize) -> Result<u64, Refusal> {
    let value = match len {
        0 => 0,
        2 => be16(body, *at)?.into(),
        4 => be32(body, *at)?.into(),
        8 => be64(body, *at)?,
        _ => return Err(damaged()),
    };
    *at += len;
    Ok(value)
}

/// The properties that decoding and showing need.
fn is_property(kind: &[u8; 4]) -> bool {
    const SHOWN: &[&[u8; 4]] = &[
        b"pixi", b"hvcC", b"av1C", b"irot", b"imir", b"clap", b"pasp", b"auxC", b"rloc", b"clli", b"mdcv", b"a1op",
        b"a1lx", b"lsel", b"lhvC", b"avcC", b"jpgC", b"cclv", b"amve",
    ];
    SHOWN.contains(&kind)
}

/// Whether a property is as long as it must be; one that is longer has swallowed its neighbours.
fn fits(kind: &[u8; 4], body: &[u8]) -> bool {
    match kind {
        b"pixi" => body.get(4).is_some_and(|&channels| body.len() == 5 + usize::from(channels)),
        b"irot" | b"imir" | b"a1op" => body.len() == 1,
        b"lsel" => body.len() == 2,
        b"clli" => body.len() == 4,
        b"amve" | b"pasp" => body.len() == 8,
        b"rloc" => body.len() == 12,
        b"mdcv" => body.len() == 24,
        b"clap" => body.len() == 32,
        b"auxC" | b"a1lx" | b"cclv" => body.len() <= 64,
        _ => body.len() <= 4096,
    }
}

fn properties(out: &mut [u8], iprp: At, options: &Options, report: &mut Report) -> Result<(), Refusal> {
    for container in bmff::all_boxes(out, iprp.body, iprp.end)? {
        if container.kind != *b"ipco" {
            if container.kind != *b"ipma" && bmff::free(out, container) {
                report.removed(Removed::Other);
            }
            continue;
        }
        for at in bmff::all_boxes(out, container.body, container.end)? {
            match &at.kind {
                b"ispe" if at.end - at.body != 12 => return Err(damaged()),
                b"ispe" => check_size(be32(out, at.body + 4)?, be32(out, at.body + 8)?, options)?,
                // Numbers of a known space, without texts.
                b"colr" if slice(out, at.body, 4)? == b"nclx" && at.end - at.body == 11 => {}
                b"colr" => {
                    let profile = &mut out[at.body + 4..at.end];
                    if icc::recognise(profile).is_none() {
                        report.note(Note::ColoursMayShift);
                    }
                    icc::blank_in_place(profile);
                    report.removed(Removed::ColourProfile);
                }
                kind if is_property(kind) => {
                    if !fits(kind, &out[at.body..at.end]) {
                        return Err(damaged());
                    }
                }
                _ => {
                    if bmff::free(out, at) {
                        report.removed(Removed::Other);
                    }
                }
            }
        }
    }
    Ok(())
}
