#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bmff;
mod bytes;
mod deflate;
mod exif;
mod gif;
mod heif;
mod icc;
mod jpeg;
mod kind;
mod movie;
mod office;
mod pdf;
mod png;
mod verdict;
mod webp;
mod xml;
mod zip;

pub use kind::MediaType;
pub use verdict::{CannotClean, Fault, Note, Options, Refusal, Removed, Scrubbed, Verdict, WayOut};

use verdict::Report;

/// Recognises a file by its content and takes out what it says about the people and devices behind it.
///
/// `declared_type` is what the browser or the file's name claims, with or without parameters; empty and
/// `application/octet-stream` claim nothing. It never decides how a file is read, only whether it is refused for being
/// something else.
///
/// # Errors
/// A [`Refusal`], each with a [`WayOut`]; [`Refusal::may_be_sent_as_it_is`] says whether the person may insist.
pub fn scrub(bytes: &[u8], declared_type: &str, options: &Options) -> Result<Verdict, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() as u64 > options.max_bytes {
        return Err(Refusal::TooLarge { limit: options.max_bytes });
    }
    let found = kind::recognise(bytes, declared_type)?;
    let mut report = Report::default();
    if !kind::agrees(declared_type, found) {
        if !kind::is_near(declared_type, found) {
            return Err(Refusal::WrongType { found });
        }
        report.note(Note::TypeByContent);
    }
    let cleaned = match found {
        MediaType::Jpeg => jpeg::scrub(bytes, options, &mut report)?,
        MediaType::Png => png::scrub(bytes, options, &mut report)?,
        MediaType::Gif => gif::scrub(bytes, options, &mut report)?,
        MediaType::WebP => webp::scrub(bytes, options, &mut report)?,
        MediaType::Heic | MediaType::Avif => heif::scrub(bytes, options, &mut report)?,
        MediaType::Mp4 | MediaType::QuickTime | MediaType::M4a => match movie::scrub(bytes, &mut report)? {
            Some(cleaned) => cleaned,
            None => return Ok(Verdict::CannotClean(CannotClean::new(found))),
        },
        MediaType::Pdf => pdf::scrub(bytes, options, &mut report)?,
        _ if found.is_office() => office::scrub(bytes, found, options, &mut report)?,
        MediaType::PlainText | MediaType::Csv | MediaType::Json => bytes.to_vec(),
        _ => return Ok(Verdict::CannotClean(CannotClean::new(found))),
    };
    Ok(Verdict::Clean(report.finish(cleaned, found)))
}

/// The pictures that may stand inside documents; `None` when the bytes are no picture that we can clean.
fn embedded_picture(bytes: &[u8], options: &Options, report: &mut Report) -> Option<Vec<u8>> {
    let found = kind::recognise(bytes, "").ok()?;
    match found {
        MediaType::Jpeg => jpeg::scrub(bytes, options, report).ok(),
        MediaType::Png => png::scrub(bytes, options, report).ok(),
        MediaType::Gif => gif::scrub(bytes, options, report).ok(),
        MediaType::WebP => webp::scrub(bytes, options, report).ok(),
        MediaType::Heic | MediaType::Avif => heif::scrub(bytes, options, report).ok(),
        MediaType::Mp4 | MediaType::QuickTime | MediaType::M4a => movie::scrub(bytes, report).ok().flatten(),
        _ => None,
    }
}
