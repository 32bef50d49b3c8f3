//! Checks a saved acknowledgement without any server.

use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::channel::{MANIFEST_VERSION, Manifest};
use recourse_domain::ids::Digest;
use recourse_seal::hash::sha256;
use recourse_seal::keys::fingerprint;
use recourse_seal::label::Label;

use crate::files::read_json;
use crate::formats::{AcknowledgementFile, parse};

/// Options of `recourse verify-acknowledgement`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The file that was saved after sending.
    file: PathBuf,
    /// The fingerprint that the channel's root key must have, if it is known from elsewhere.
    #[arg(long)]
    fingerprint: Option<String>,
}

/// What a file proves.
#[derive(Debug)]
struct Proof {
    manifest: Manifest,
    fingerprint: String,
    acknowledgement: Acknowledgement,
}

impl Verify {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let proof = check(&read_json(&self.file)?)?;
        if let Some(expected) = &self.fingerprint {
            ensure!(*expected == proof.fingerprint, "the channel's root key has the fingerprint {}", proof.fingerprint);
        }
        let Proof { manifest, fingerprint, acknowledgement } = proof;
        println!("This acknowledgement is genuine.");
        println!(
            "  {} signed that it recorded event {} of case {}",
            manifest.provider, acknowledgement.sequence, acknowledgement.case
        );
        println!("  in the channel {} for {}", acknowledgement.channel, manifest.product);
        println!("  in the hour that begins {} seconds after 1970-01-01 00:00 UTC", acknowledgement.hour.0);
        println!("  with {} attachments; hash of the event: {}", acknowledgement.blobs.len(), acknowledgement.event);
        println!("  Root key of the channel: {fingerprint}. Compare it with what the provider publishes.");
        println!(
            "  Together with the text of the report, the nonce in the file proves what was reported: {}",
            acknowledgement.commitment
        );
        Ok(())
    }
}

/// From the root key inside the manifest down to the event. That the root key is the provider's own is for people to compare.
fn check(file: &AcknowledgementFile) -> anyhow::Result<Proof> {
    file.check()?;
    let signed = parse(&file.manifest).context("the manifest")?;
    let payload = signed.verify(Label::Manifest, None).context("the manifest is not signed by its root key")?;
    let manifest: Manifest = serde_json::from_slice(&payload).context("the manifest cannot be read")?;
    ensure!(manifest.version == MANIFEST_VERSION, "version {} of a manifest is not known here", manifest.version);

    let statement = parse(&file.acknowledgement).context("the acknowledgement")?;
    let key = statement.key.to_string();
    let Some(known) = manifest.acknowledgement_keys.iter().find(|known| known.key == key) else {
        bail!("the acknowledgement is signed with a key that the manifest does not name");
    };
    let signed_bytes = statement
        .verify(Label::Acknowledgement, Some(&statement.key))
        .context("the signature of the acknowledgement does not hold")?;
    let acknowledgement: Acknowledgement =
        serde_json::from_slice(&signed_bytes).context("the acknowledgement cannot be read")?;
    let version = acknowledgement.version;
    ensure!(version == ACKNOWLEDGEMENT_VERSION, "version {version} of an acknowledgement is not known here");
    ensure!(acknowledgement.key_id == known.id, "the acknowledgement names another key than it is signed with");
    ensure!(
        acknowledgement.channel == manifest.channel,
        "the acknowledgement belongs to another channel than the manifest"
    );
    let fingerprint = fingerprint(&signed.key);
    ensure!(acknowledgement.root_fingerprint == fingerprint, "the acknowledgement belongs to another root key");
    ensure!(
        acknowledgement.manifest == Digest::new(sha256(&payload)),
        "the manifest is not the one that was acknowledged"
    );
    ensure!(
        data_encoding::BASE64URL_NOPAD.decode(file.nonce.as_bytes()).is_ok_and(|nonce| nonce.len() == 32),
        "the nonce is damaged"
    );
    Ok(Proof { manifest, fingerprint, acknowledgement })
}
