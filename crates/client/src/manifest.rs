//! Checking a channel's manifest before anything is sealed to it.

use recourse_domain::channel::{GroupKind, MANIFEST_VERSION, Manifest};
use recourse_domain::ids::{ChannelId, Digest};
use recourse_domain::time::Timestamp;
use recourse_seal::hash::sha256;
use recourse_seal::kem::Recipient;
use recourse_seal::keys::fingerprint;
use recourse_seal::label::Label;
use recourse_seal::sign::VerifyingKey;
use recourse_wire::engine::Failure;
use recourse_wire::path;
use recourse_wire::reporter::{DueDate, SignedEnvelope};

use crate::transport::{HttpRequest, Method, Transport, ask, signed};

/// A manifest whose signature, channel, serial and term were checked.
#[derive(Debug, Clone)]
pub struct CheckedManifest {
    /// What it says.
    pub manifest: Manifest,
    /// As it came, for the acknowledgement file.
    pub envelope: SignedEnvelope,
    /// SHA-256 of the signed payload.
    pub digest: Digest,
    /// The channel's root key.
    pub root: VerifyingKey,
    /// The root key's fingerprint.
    pub fingerprint: String,
    /// Past its end, within the days of grace.
    pub expired: bool,
}

fn refused(check: &str) -> Failure {
    Failure::Manifest { check: check.to_owned() }
}

/// Checks a manifest. Without a pinned root key, the key that signed is believed: that is what the page's own origin could have
/// changed anyway, and its fingerprint stands in the acknowledgement.
///
/// # Errors
/// [`Failure::Manifest`] with the check that failed: `encoding`, `root_key`, `signature`, `version`, `channel`, `rollback`, `expired`.
pub fn check(
    channel: &ChannelId,
    envelope: &SignedEnvelope,
    pinned_root: Option<&str>,
    seen_serial: Option<u64>,
    now: Timestamp,
) -> Result<CheckedManifest, Failure> {
    let parsed = signed(envelope).ok_or_else(|| refused("encoding"))?;
    let pinned = match pinned_root {
        None => None,
        Some(text) => Some(text.parse::<VerifyingKey>().map_err(|_| refused("root_key"))?),
    };
    if pinned.is_some_and(|pinned| pinned != parsed.key) {
        return Err(refused("root_key"));
    }
    let payload = parsed.verify(Label::Manifest, pinned.as_ref()).map_err(|_| refused("signature"))?;
    #[derive(serde::Deserialize)]
    struct VersionOnly {
        version: u32,
    }
    let VersionOnly { version } = serde_json::from_slice(&payload).map_err(|_| refused("encoding"))?;
    if version != MANIFEST_VERSION {
        return Err(refused("version"));
    }
    let manifest: Manifest = serde_json::from_slice(&payload).map_err(|_| refused("encoding"))?;
    if manifest.channel != *channel {
        return Err(refused("channel"));
    }
    if seen_serial.is_some_and(|seen| manifest.serial < seen) {
        return Err(refused("rollback"));
    }
    if now > manifest.expires_at.plus_days(Manifest::GRACE_DAYS) {
        return Err(refused("expired"));
    }
    Ok(CheckedManifest {
        digest: Digest::new(sha256(&payload)),
        root: parsed.key,
        fingerprint: fingerprint(&parsed.key),
        expired: now > manifest.expires_at,
        envelope: envelope.clone(),
        manifest,
    })
}

/// Fetches and checks.
///
/// # Errors
/// As [`check`], and those of the request.
pub async fn fetch(
    transport: &impl Transport,
    channel: &ChannelId,
    pinned_root: Option<&str>,
    now: Timestamp,
) -> Result<CheckedManifest, Failure> {
    let request = HttpRequest::new(Method::Get, path::fill(path::MANIFEST, &[channel]));
    let envelope = ask(transport, request).await?.json()?;
    check(channel, &envelope, pinned_root, None, now)
}

impl CheckedManifest {
    /// The current recipient of a reader group.
    ///
    /// # Errors
    /// [`Failure::Manifest`] (`group`) where the channel has no such group or its recipient cannot be read.
    pub fn recipient(&self, kind: GroupKind) -> Result<Recipient, Failure> {
        let group = self.manifest.group(kind).ok_or_else(|| refused("group"))?;
        group.recipient.parse().map_err(|_| refused("group"))
    }

    /// When what should happen, counted from the hour of the report.
    pub fn due(&self, from: Timestamp, now: Timestamp) -> Vec<DueDate> {
        let due = |stage: &recourse_domain::channel::Stage| {
            let at = from.plus_days(stage.days);
            DueDate { state: stage.state, at, late: at < now }
        };
        self.manifest.stages.iter().map(due).collect()
    }

    /// The name of whoever holds that signing key in any reader group.
    pub fn reader(&self, key: &VerifyingKey) -> Option<&str> {
        let key = key.to_string();
        let mut members = self.manifest.groups.iter().flat_map(|group| &group.members);
        members.find(|member| member.key == key).map(|member| member.name.as_str())
    }
}
