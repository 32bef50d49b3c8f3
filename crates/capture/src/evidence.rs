//! The manifest of evidence (TAXONOMY: evidence): what each item is, where it comes from, what was covered in it, and a hash of what is there now.

use recourse_domain::ids::{Digest, Salt};
use recourse_domain::report::{EvidenceId, EvidenceKind, MediaType, Moment, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The version of a manifest.
pub const EVIDENCE_VERSION: &str = "recourse.evidence/1";
/// What the hash of an item begins with, before salt and content.
const LABEL: &[u8] = b"recourse/v1/evidence/item\0";

/// All items, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`EVIDENCE_VERSION`].
    pub version: String,
    /// What captured them.
    pub tool: BuiltTool,
    /// The items.
    pub items: Vec<Item>,
}

/// A tool, as it was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltTool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the package it came in: anybody can build it again and compare.
    pub build: Digest,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name within the report.
    pub id: EvidenceId,
    /// What it is.
    pub kind: EvidenceKind,
    /// Media type of its content.
    pub media_type: MediaType,
    /// Content, by length and hash.
    pub content: Content,
    /// When it was captured; to the day in anonymous reports, unless the person chose otherwise.
    pub captured_at: Moment,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Source::is_empty")]
    pub source: Source,
    /// What was covered, without a word of it.
    pub redactions: Vec<Redaction>,
    /// Whether it was put together from several pictures.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub composite: bool,
    /// What it shows, in the person's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Whether it is distressing or private.
    pub sensitive: bool,
}

/// Length and hash of some content. The salt keeps anybody who sees the manifest alone from trying out what the content may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Bytes.
    pub size: u64,
    /// Sixteen random bytes.
    pub salt: Salt,
    /// SHA-256 of `recourse/v1/evidence/item`, a zero byte, the salt and the content.
    pub sha256: Digest,
}

/// Something that was covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// Why: a kind of personal data, [`crate::place::Reason::as_str`], or `own` for a box that the person drew.
    pub reason: String,
    /// Where in a picture: column, row, columns, rows. Nothing in a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<[u32; 4]>,
}

impl Content {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8], salt: Salt) -> Self {
        let hash = Sha256::new().chain_update(LABEL).chain_update(salt.as_bytes()).chain_update(bytes).finalize();
        Self { size: bytes.len() as u64, salt, sha256: Digest::new(hash.into()) }
    }

    /// Whether these are the bytes.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        *self == Self::of(bytes, self.salt)
    }
}
