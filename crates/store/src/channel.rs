//! Channels and which of their manifests are accepted.

use recourse_domain::channel::Manifest;
use recourse_domain::ids::Digest;
use recourse_domain::time::Timestamp;
use recourse_wire::reporter::SignedEnvelope;

/// Days for which a replaced manifest and its recipients are still accepted: somebody may have had the form open, or hold an
/// offline queue.
pub const ACCEPTED_DAYS: u32 = 90;

/// A channel: its current manifest as signed and as read, and who may frame it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRecord {
    /// What the envelope's payload says; the caller has verified it.
    pub manifest: Manifest,
    /// The manifest as signed.
    pub envelope: SignedEnvelope,
    /// Origins that may embed the channel.
    pub embed_origins: Vec<String>,
    /// SHA-256 of the envelope's payload bytes.
    pub payload_sha256: Digest,
}

/// What became of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutChannelOutcome {
    /// Stored; putting the current one again is this too and renews `embed_origins`.
    Stored,
    /// Its serial is lower than the current one, or the same with another payload.
    StaleSerial {
        /// The current one.
        current: u64,
    },
}

/// A manifest that reports may still refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedManifest {
    /// SHA-256 of its payload.
    pub payload_sha256: Digest,
    /// Its serial.
    pub serial: u64,
    /// The recipients of its reader groups.
    pub recipients: Vec<String>,
    /// When it was replaced; none for the current one.
    pub replaced_at: Option<Timestamp>,
}
