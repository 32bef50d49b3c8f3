//! Checks a saved acknowledgement without any server: from the root key inside the manifest down to the event.

use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::channel::{MANIFEST_VERSION, Manifest};
use recourse_domain::ids::Digest;
use recourse_seal::hash::sha256;
use recourse_seal::keys::fingerprint;
use recourse_seal::label::Label;
use recourse_seal::sign::VerifyingKey;
use recourse_wire::engine::Proven;
use recourse_wire::reporter::SignedEnvelope;
use serde::Deserialize;

use crate::transport::signed;

/// What a reporter saved, as [`crate::outbox`] writes it. It never holds the receipt.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    kind: String,
    acknowledgement: SignedEnvelope,
    manifest: SignedEnvelope,
    /// Opens the commitment to the content, together with the content.
    nonce: String,
}

/// What a file proves, if its root key is the provider's: that is for people to compare.
#[derive(Debug)]
pub struct Proof {
    /// The channel's manifest, as it was then.
    pub manifest: Manifest,
    /// The key that signed it.
    pub root: VerifyingKey,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What was signed of the report.
    pub acknowledgement: Acknowledgement,
}

/// Why a file proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the texts say it")]
pub enum ProofFault {
    #[error("the file is not what it should be: damaged, of another kind, or of a version not known here")]
    NotOne,
    #[error("the manifest is not signed by its root key")]
    Manifest,
    #[error("the acknowledgement is signed with a key that the manifest does not name")]
    UnknownKey,
    #[error("the signature of the acknowledgement does not hold")]
    Signature,
    #[error("the manifest is not the one that was acknowledged")]
    OtherManifest,
    #[error("the acknowledgement is from a time at which its manifest did not hold")]
    Time,
}

impl ProofFault {
    /// The name by which a page knows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotOne => "not_one",
            Self::Manifest => "manifest",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature",
            Self::OtherManifest => "other_manifest",
            Self::Time => "time",
        }
    }
}

/// Checks a file. Nothing is asked of anybody.
///
/// # Errors
/// [`ProofFault`], the first that is found.
pub fn check(file: &str) -> Result<Proof, ProofFault> {
    let file: File = serde_json::from_str(file).map_err(|_| ProofFault::NotOne)?;
    let nonce = data_encoding::BASE64URL_NOPAD.decode(file.nonce.as_bytes());
    if file.version != 1 || file.kind != "recourse-acknowledgement" || !nonce.is_ok_and(|nonce| nonce.len() == 32) {
        return Err(ProofFault::NotOne);
    }
    let parsed = signed(&file.manifest).ok_or(ProofFault::Manifest)?;
    let payload = parsed.verify(Label::Manifest, None).map_err(|_| ProofFault::Manifest)?;
    let manifest: Manifest = serde_json::from_slice(&payload).map_err(|_| ProofFault::Manifest)?;
    if manifest.version != MANIFEST_VERSION {
        return Err(ProofFault::NotOne);
    }
    let statement = signed(&file.acknowledgement).ok_or(ProofFault::Signature)?;
    let key = statement.key.to_string();
    let known = manifest.acknowledgement_keys.iter().find(|known| known.key == key).ok_or(ProofFault::UnknownKey)?;
    let bytes = statement.verify(Label::Acknowledgement, Some(&statement.key)).map_err(|_| ProofFault::Signature)?;
    let acknowledgement: Acknowledgement = serde_json::from_slice(&bytes).map_err(|_| ProofFault::Signature)?;
    if acknowledgement.version != ACKNOWLEDGEMENT_VERSION {
        return Err(ProofFault::NotOne);
    }
    let fingerprint = fingerprint(&parsed.key);
    let same = acknowledgement.key_id == known.id
        && acknowledgement.channel == manifest.channel
        && acknowledgement.root_fingerprint == fingerprint
        && acknowledgement.manifest == Digest::new(sha256(&payload));
    if !same {
        return Err(ProofFault::OtherManifest);
    }
    // By the hour, for that is how both are kept. An acknowledgement from before its manifest was made up afterwards.
    let end = manifest.expires_at.plus_days(Manifest::GRACE_DAYS);
    if acknowledgement.hour < manifest.issued_at.floor_to_hour() || acknowledgement.hour > end {
        return Err(ProofFault::Time);
    }
    Ok(Proof { manifest, root: parsed.key, fingerprint, acknowledgement })
}

impl Proof {
    /// What a page shows of it.
    pub fn proven(&self) -> Proven {
        let Self { manifest, acknowledgement, fingerprint, .. } = self;
        Proven {
            provider: manifest.provider.clone(),
            product: manifest.product.clone(),
            channel: manifest.channel.clone(),
            test: manifest.test,
            case: acknowledgement.case,
            hour: acknowledgement.hour,
            attachments: acknowledgement.blobs.len() as u32,
            event: acknowledgement.event,
            commitment: acknowledgement.commitment,
            fingerprint: fingerprint.clone(),
            serial: manifest.serial,
        }
    }
}
