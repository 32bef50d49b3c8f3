//! A bundle: a report that its writer keeps, or carries to somebody themselves. A ZIP (APPNOTE 6.3, nothing compressed) with
//!
//! | name | what |
//! |---|---|
//! | `manifest.json` | [`Head`]: hashes of all that follows |
//! | `report.json` | what was written and chosen |
//! | `report.txt` | the same to be read by people |
//! | `items/1.png` … | the evidence, in the manifest's order |
//!
//! The same content gives the same bytes: no times, no names of computers or accounts. What [`read`] takes is whole and has nothing besides; that it was
//! sealed, and to whom, is not this module's business.

use std::io::{Cursor, Read as _, Write as _};

use recourse_domain::ids::Salt;
use recourse_domain::report::MediaType;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::evidence::{Content, EVIDENCE_VERSION, Manifest};

/// The version of a bundle.
pub const BUNDLE_VERSION: &str = "recourse.bundle/1";
/// Name of the manifest.
const MANIFEST: &str = "manifest.json";
/// Name of the report.
const REPORT: &str = "report.json";
/// Name of the report for people.
const READABLE: &str = "report.txt";

/// What `manifest.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// [`BUNDLE_VERSION`].
    pub version: String,
    /// `report.json`.
    pub report: Content,
    /// `report.txt`.
    pub readable: Content,
    /// The evidence.
    pub evidence: Manifest,
}

/// A bundle that was read and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Its manifest.
    pub head: Head,
    /// `report.json`.
    pub report: Vec<u8>,
    /// `report.txt`.
    pub readable: Vec<u8>,
    /// Evidence, in the manifest's order, with its name in the ZIP.
    pub items: Vec<(String, Vec<u8>)>,
}

/// Why a file is no whole bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Not a ZIP, or cut off.
    #[error("this is not a bundle, or a part of it is missing")]
    Archive,
    /// The manifest is of another kind.
    #[error("manifest.json is not one of {BUNDLE_VERSION} with {EVIDENCE_VERSION}")]
    Manifest,
    /// What the manifest names is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// What is there is not what the manifest says.
    #[error("{0} was changed: its hash is not the one in the manifest")]
    Changed(String),
    /// Something is there that the manifest does not name.
    #[error("{0} does not belong in this bundle")]
    Stranger(String),
    /// There are bytes that belong to no part.
    #[error("something is hidden in this bundle, or a part is in it twice")]
    Hidden,
}

/// Writes a bundle. `items` stand in the order of `evidence.items`; their lengths and hashes are taken here, with salts from `salt`.
///
/// # Errors
/// [`BundleError::Manifest`] where the two do not have the same number of items, [`BundleError::Archive`] past the four gigabytes that a ZIP holds.
pub fn write(
    mut evidence: Manifest,
    report: &[u8],
    readable: &str,
    items: &[impl AsRef<[u8]>],
    mut salt: impl FnMut() -> Salt,
) -> Result<Vec<u8>, BundleError> {
    if evidence.items.len() != items.len() {
        return Err(BundleError::Manifest);
    }
    for (item, content) in evidence.items.iter_mut().zip(items) {
        item.content = Content::of(content.as_ref(), salt());
    }
    let head = Head {
        version: BUNDLE_VERSION.to_owned(),
        report: Content::of(report, salt()),
        readable: Content::of(readable.as_bytes(), salt()),
        evidence,
    };
    let manifest = serde_json::to_vec_pretty(&head).map_err(|_| BundleError::Manifest)?;
    let names = names(&head);
    let parts = [manifest.as_slice(), report, readable.as_bytes()];
    let parts = parts.into_iter().chain(items.iter().map(AsRef::as_ref));
    // Nothing is compressed: pictures are, and so no bundle can be a bomb.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o600);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in names.iter().zip(parts) {
        archive.start_file(name.as_str(), options).map_err(|_| BundleError::Archive)?;
        archive.write_all(part).map_err(|_| BundleError::Archive)?;
    }
    Ok(archive.finish().map_err(|_| BundleError::Archive)?.into_inner())
}

/// Reads a bundle and checks every hash in it.
///
/// # Errors
/// See [`BundleError`].
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BundleError::Archive)?;
    let manifest = part(&mut archive, MANIFEST, bytes.len())?;
    let head: Head = serde_json::from_slice(&manifest).map_err(|_| BundleError::Manifest)?;
    if head.version != BUNDLE_VERSION || head.evidence.version != EVIDENCE_VERSION {
        return Err(BundleError::Manifest);
    }
    let names = names(&head);
    for name in archive.file_names() {
        let name = name.map_err(|_| BundleError::Archive)?;
        if !names.iter().any(|known| *known == name) {
            return Err(BundleError::Stranger(name.into_owned()));
        }
    }
    let contents =
        [&head.report, &head.readable].into_iter().chain(head.evidence.items.iter().map(|item| &item.content));
    let mut parts = Vec::new();
    for (name, content) in names.iter().skip(1).zip(contents) {
        let bytes = part(&mut archive, name, bytes.len())?;
        if !content.is(&bytes) {
            return Err(BundleError::Changed(name.clone()));
        }
        parts.push((name.clone(), bytes));
    }
    // Two parts of one name, a comment, something in front: what other readers might see and this one would not.
    let parts_length: usize = parts.iter().map(|(name, bytes)| in_archive(name, bytes.len())).sum();
    if bytes.len() != END + in_archive(MANIFEST, manifest.len()) + parts_length {
        return Err(BundleError::Hidden);
    }
    let items = parts.split_off(2);
    let mut texts = parts.into_iter().map(|(_, bytes)| bytes);
    let (report, readable) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    Ok(Bundle { head, report, readable, items })
}

/// Bytes of the record that ends an archive.
const END: usize = 22;

/// What a part comes to in an archive: header, content, line of the directory.
fn in_archive(name: &str, content: usize) -> usize {
    30 + 46 + 2 * name.len() + content
}

/// What is in a bundle with that manifest, in order.
fn names(head: &Head) -> Vec<String> {
    let items = head.evidence.items.iter().zip(1..).map(|(item, at)| format!("items/{at}{}", ending(&item.media_type)));
    [MANIFEST, REPORT, READABLE].into_iter().map(str::to_owned).chain(items).collect()
}

/// What names of that type end with, so that a double click opens it; never what a system would run.
fn ending(media_type: &MediaType) -> &'static str {
    match media_type.as_str() {
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/webp" => ".webp",
        "image/gif" => ".gif",
        "application/pdf" => ".pdf",
        "text/plain" => ".txt",
        "application/json" => ".json",
        _ => ".bin",
    }
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limit: usize) -> Result<Vec<u8>, BundleError> {
    let mut file = archive.by_name(name).map_err(|_| BundleError::Missing(name.to_owned()))?;
    let mut content = Vec::new();
    // What is stored is never longer than the file that holds it.
    file.by_ref().take(limit as u64).read_to_end(&mut content).map_err(|_| BundleError::Changed(name.to_owned()))?;
    Ok(content)
}
