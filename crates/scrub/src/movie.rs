//! MP4 and QuickTime: where, when and with what a film was made is blanked; sound and pictures stay as they are.

use crate::bmff::{self, At, Ranges};
use crate::bytes::{be32, be64, contains, damaged, slice};
use crate::verdict::{Note, Refusal, Removed, Report};

/// `None` for what we don't take apart: films in fragments and compressed headers.
pub(crate) fn scrub(bytes: &[u8], report: &mut Report) -> Result<Option<Vec<u8>>, Refusal> {
    let top = match bmff::boxes(bytes, 0, bytes.len()) {
        Ok(top) => top,
        Err((top, _)) if top.iter().any(|at| at.kind == *b"moov") && top.iter().any(|at| at.kind == *b"mdat") => top,
        Err(_) => return Err(damaged()),
    };
    if top.iter().any(|at| matches!(&at.kind, b"moof" | b"sidx")) {
        return Ok(None);
    }
    let end = top.last().ok_or_else(damaged)?.end;
    if end < bytes.len() {
        report.removed(Removed::Hidden);
    }
    let mut out = bytes[..end].to_vec();
    let mut kept = Ranges::default();
    let mut tracks = 0;
    for at in top.iter().filter(|at| at.kind == *b"moov") {
        for child in bmff::all_boxes(bytes, at.body, at.end)? {
            match &child.kind {
                b"mvhd" => times(&mut out, child, report)?,
                b"trak" => tracks += track(&mut out, child, &mut kept, report)?,
                b"mvex" | b"cmov" => return Ok(None),
                b"iods" => {}
                _ => drop_box(&mut out, child, report),
            }
        }
    }
    if tracks == 0 {
        return Err(damaged());
    }
    for at in top {
        match &at.kind {
            b"ftyp" | b"moov" => {}
            b"mdat" => {
                if kept.blank_others(&mut out, at.body, at.end) {
                    report.removed(Removed::Hidden);
                }
            }
            _ => drop_box(&mut out, at, report),
        }
    }
    report.note(Note::SoundAndPictureStay);
    Ok(Some(out))
}

fn drop_box(out: &mut [u8], at: At, report: &mut Report) {
    const MARKS: &[(&[u8], Removed)] = &[
        (b"\xA9xyz", Removed::Place),
        (b"loci", Removed::Place),
        (b"location", Removed::Place),
        (b"\xA9mak", Removed::Device),
        (b"\xA9mod", Removed::Device),
        (b"quicktime.model", Removed::Device),
        (b"\xA9swr", Removed::Software),
        (b"\xA9too", Removed::Software),
        (b"\xA9ART", Removed::Author),
        (b"auth", Removed::Author),
        (b"\xA9day", Removed::Dates),
        (b"creationdate", Removed::Dates),
        (b"\xA9nam", Removed::Comments),
        (b"\xA9cmt", Removed::Comments),
    ];
    for (mark, what) in MARKS {
        if contains(&out[at.body..at.end], mark) {
            report.removed(*what);
        }
    }
    if bmff::free(out, at) {
        report.removed(Removed::Other);
    }
}

/// Zeros the two times at the start of a header box.
fn times(out: &mut [u8], at: At, report: &mut Report) -> Result<(), Refusal> {
    let len = if out.get(at.body) == Some(&1) { 16 } else { 8 };
    if at.end < at.body + 4 + len {
        return Err(damaged());
    }
    let times = &mut out[at.body + 4..at.body + 4 + len];
    if times.iter().any(|&byte| byte != 0) {
        report.removed(Removed::Dates);
    }
    times.fill(0);
    Ok(())
}

/// Cleans a track and marks its samples; one that carries neither pictures nor sound nor text goes, and so do its samples:
/// positions of phones and cameras are such tracks. Returns how many tracks stay.
fn track(out: &mut [u8], trak: At, kept: &mut Ranges, report: &mut Report) -> Result<u32, Refusal> {
    let children = bmff::all_boxes(out, trak.body, trak.end)?;
    let media = children.iter().copied().find(|at| at.kind == *b"mdia").ok_or_else(damaged)?;
    let in_media = bmff::all_boxes(out, media.body, media.end)?;
    let handler = in_media.iter().copied().find(|at| at.kind == *b"hdlr").ok_or_else(damaged)?;
    if !matches!(slice(out, handler.body + 8, 4)?, b"vide" | b"soun" | b"text" | b"sbtl" | b"subt" | b"clcp") {
        bmff::free(out, trak);
        report.removed(Removed::Other);
        return Ok(0);
    }
    for at in children {
        match &at.kind {
            b"tkhd" => times(out, at, report)?,
            b"mdia" | b"edts" | b"tapt" | b"tref" => {}
            _ => drop_box(out, at, report),
        }
    }
    let mut has_samples = false;
    for at in in_media {
        match &at.kind {
            b"mdhd" => times(out, at, report)?,
            b"hdlr" => blank_name(out, at),
            b"minf" => {
                for at in bmff::all_boxes(out, at.body, at.end)? {
                    match &at.kind {
                        b"hdlr" => blank_name(out, at),
                        b"dinf" => references(out, at)?,
                        b"stbl" => {
                            samples(out, at, kept)?;
                            has_samples = true;
                        }
                        b"vmhd" | b"smhd" | b"nmhd" | b"sthd" | b"gmhd" => {}
                        _ => drop_box(out, at, report),
                    }
                }
            }
            b"elng" => {}
            _ => drop_box(out, at, report),
        }
    }
    if has_samples { Ok(1) } else { Err(damaged()) }
}

/// The maker and the name of a handler; its kind stays.
fn blank_name(out: &mut [u8], at: At) {
    out[at.end.min(at.body + 12)..at.end].fill(0);
}

/// Data references: paths to other files.
fn references(out: &mut [u8], dinf: At) -> Result<(), Refusal> {
    for dref in bmff::all_boxes(out, dinf.body, dinf.end)? {
        if dref.kind != *b"dref" {
            bmff::free(out, dref);
            continue;
        }
        for at in bmff::all_boxes(out, dref.body + 8, dref.end)? {
            out[at.end.min(at.body + 4)..at.end].fill(0);
        }
    }
    Ok(())
}

/// Marks the samples that a sample table points to.
fn samples(out: &mut [u8], table: At, kept: &mut Ranges) -> Result<(), Refusal> {
    let boxes = bmff::all_boxes(out, table.body, table.end)?;
    for at in &boxes {
        if matches!(&at.kind, b"udta" | b"meta" | b"uuid" | b"free" | b"skip") {
            bmff::free(out, *at);
        }
    }
    let body = |kind: &[u8; 4]| boxes.iter().find(|at| at.kind == *kind).map(|at| &out[at.body..at.end]);
    let sizes = body(b"stsz").ok_or_else(damaged)?;
    let (fixed, count) = (be32(sizes, 4)?, be32(sizes, 8)?);
    let runs = body(b"stsc").ok_or_else(damaged)?;
    let (chunks, wide) = match (body(b"stco"), body(b"co64")) {
        (Some(chunks), _) => (chunks, false),
        (None, Some(chunks)) => (chunks, true),
        _ => return Err(damaged()),
    };
    let (mut sample, mut run) = (0u32, 0u32);
    for chunk in 0..be32(chunks, 4)? {
        let at =
            if wide { be64(chunks, 8 + chunk as usize * 8)? } else { be32(chunks, 8 + chunk as usize * 4)?.into() };
        while run + 1 < be32(runs, 4)? && be32(runs, 8 + (run as usize + 1) * 12)? <= chunk + 1 {
            run += 1;
        }
        let in_chunk = be32(runs, 8 + run as usize * 12 + 4)?.min(count - sample);
        let len: u64 = if fixed > 0 {
            // Uncompressed sound counts frames of one byte here; what a frame is stands in the sample's description.
            let frame = sound_frame(body(b"stsd"), fixed);
            u64::from(in_chunk) * frame
        } else {
            let mut sum = 0;
            for index in sample..sample + in_chunk {
                sum += u64::from(be32(sizes, 12 + index as usize * 4)?);
            }
            sum
        };
        sample += in_chunk;
        kept.add(at, len, out.len())?;
    }
    Ok(())
}

/// How many bytes a sample of fixed size has. QuickTime writes 1 for frames of uncompressed sound.
fn sound_frame(stsd: Option<&[u8]>, fixed: u32) -> u64 {
    let version_1 = |stsd: &[u8]| {
        (fixed == 1 && be32(stsd, 4).ok()? == 1).then_some(())?;
        let channels = u64::from(be32(stsd, 32).ok()? >> 16);
        let bits = u64::from(be32(stsd, 32).ok()? & 0xFFFF);
        Some((channels * bits / 8).max(1))
    };
    stsd.and_then(version_1).unwrap_or(fixed.into())
}
