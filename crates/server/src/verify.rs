//! Checks a saved acknowledgement without any server.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args;
use recourse_client::acknowledgement::{Proof, check};
use recourse_domain::text::Moment;
use recourse_seal::sign::VerifyingKey;

/// Options of `recourse verify-acknowledgement`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The file that was saved after sending.
    file: PathBuf,
    /// The fingerprint that the channel's root key must have, if it is known from elsewhere.
    #[arg(long)]
    fingerprint: Option<String>,
    /// The channel's root key itself, as `<report-concern root-key>` pins it.
    #[arg(long)]
    root_key: Option<String>,
}

impl Verify {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(&self.file).with_context(|| format!("read {}", self.file.display()))?;
        let proof = check(&text)?;
        if let Some(expected) = &self.root_key {
            let expected: VerifyingKey =
                expected.parse().context("--root-key is no key (43 characters of base64url)")?;
            ensure!(
                expected == proof.root,
                "this is another provider's acknowledgement: its manifest was signed by the root key {}",
                proof.root
            );
        }
        if let Some(expected) = &self.fingerprint {
            ensure!(*expected == proof.fingerprint, "the channel's root key has the fingerprint {}", proof.fingerprint);
        }
        let pinned = self.root_key.is_some() || self.fingerprint.is_some();
        let Proof { manifest, fingerprint, acknowledgement, .. } = proof;
        println!("This acknowledgement is genuine.");
        if manifest.test {
            println!("  It is a TEST: the channel is in test mode, and nobody works on what was sent.");
        }
        println!(
            "  {} signed that it recorded event {} of case {}",
            manifest.provider, acknowledgement.sequence, acknowledgement.case
        );
        println!("  in the channel {} for {}", acknowledgement.channel, manifest.product);
        println!("  in the hour that began at {} (UTC)", Moment::second_of(acknowledgement.hour));
        println!("  with {} attachments; hash of the event: {}", acknowledgement.blobs.len(), acknowledgement.event);
        if pinned {
            println!("  Root key of the channel: {fingerprint}, the one that was asked for.");
        } else {
            println!(
                "  Root key of the channel: {fingerprint}. Compare it with what the provider publishes, or give --root-key:"
            );
            println!("  without that, this proves only that the file agrees with itself.");
        }
        println!(
            "  It was signed under manifest {} of the channel, which holds the terms as they were then.",
            manifest.serial
        );
        println!(
            "  Together with the text of the report, the nonce in the file proves what was reported: {}",
            acknowledgement.commitment
        );
        Ok(())
    }
}
