//! Fills a data folder from public parts. No root, group or reviewer key comes near it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use recourse_domain::channel::{MANIFEST_VERSION, Manifest};
use recourse_domain::ids::Digest;
use recourse_domain::settings::{MANIFEST_BYTES, Settings};
use recourse_seal::hash::sha256;
use recourse_seal::kem::Recipient;
use recourse_seal::keys::fingerprint;
use recourse_seal::label::Label;
use recourse_seal::sign::VerifyingKey;
use recourse_store::{ChannelRecord, PutChannelOutcome, Store};
use recourse_store_sqlite::SqliteStore;
use recourse_wire::console::Reviewer;
use recourse_wire::reporter::SignedEnvelope;

use crate::files::{private_folder, read_json, read_text, write_secret};
use crate::formats::{AcknowledgementKeyFile, ChannelFile, KeyringFile, parse};

/// Options of `recourse init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The data folder.
    #[arg(long, env = "RECOURSE_DATA")]
    data: PathBuf,
    /// Folder with manifest.json, keyring.json, reviewers.json and channel.json.
    #[arg(long)]
    public: PathBuf,
    /// The key that acknowledgements are signed with, of which the data folder keeps a copy. May be left out once it has one.
    #[arg(long)]
    acknowledgement_key: Option<PathBuf>,
}

/// The public parts, checked against each other.
struct Public {
    record: ChannelRecord,
    root: VerifyingKey,
    keyring: KeyringFile,
    reviewers: Vec<Reviewer>,
}

impl Init {
    pub(crate) async fn run(&self) -> anyhow::Result<()> {
        let public = self.read()?;
        private_folder(&self.data)?;
        self.keep_acknowledgement_key(&public.record.manifest)?;
        let store = SqliteStore::open(&self.data).context("the data folder cannot be opened")?;
        let manifest = public.record.manifest.clone();

        if let Some(stored) = store.channel(&manifest.channel).await? {
            // What reporters and extensions pin: a new root key would look to them like another provider's channel.
            let same = parse(&stored.envelope)?.key == public.root;
            ensure!(same, "the channel {} is stored with another root key", manifest.channel);
            // Its cases would change sides: tests would stand in the real queue, or real ones vanish from it.
            ensure!(
                stored.manifest.test == manifest.test,
                "the channel {} is stored as {}; a channel is a test for all of its life or never",
                manifest.channel,
                if stored.manifest.test { "a test" } else { "no test" }
            );
        }
        match store.put_channel(public.record, crate::now()).await? {
            PutChannelOutcome::Stored => {}
            PutChannelOutcome::StaleSerial { current } => {
                bail!("the manifest has the serial {}, and serial {current} is stored already", manifest.serial);
            }
        }
        // Reviewers of other channels stay.
        let stored = store.reviewers().await?;
        let mut by_key: BTreeMap<String, Reviewer> =
            stored.into_iter().map(|known| (known.key.clone(), known)).collect();
        by_key.extend(public.reviewers.into_iter().map(|known| (known.key.clone(), known)));
        store.put_reviewers(by_key.into_values().collect()).await?;
        for member in public.keyring.members {
            store.put_keyring(&member.reviewer, member.entries).await?;
        }
        println!(
            "Channel {} of {}, serial {}, is in {}.",
            manifest.channel,
            manifest.provider,
            manifest.serial,
            self.data.display()
        );
        println!("Fingerprint of its root key: {}", fingerprint(&public.root));
        Ok(())
    }

    fn read(&self) -> anyhow::Result<Public> {
        let file = |name: &str| self.public.join(name);
        let envelope: SignedEnvelope = read_json(&file("manifest.json"))?;
        let signed = parse(&envelope)?;
        let payload = signed.verify(Label::Manifest, None).context("the manifest's signature does not hold")?;
        let manifest: Manifest = serde_json::from_slice(&payload).context("the manifest cannot be read")?;
        ensure!(manifest.version == MANIFEST_VERSION, "version {} of a manifest is not known here", manifest.version);
        ensure!(
            payload.len() <= MANIFEST_BYTES,
            "the manifest has {} bytes, more than {MANIFEST_BYTES}",
            payload.len()
        );
        Settings::read(&manifest.settings)?;
        may_go_live(&manifest)?;
        for group in &manifest.groups {
            let usable = group.recipient.parse::<Recipient>().is_ok();
            ensure!(usable, "the recipient of the group {} cannot be read", group.kind.as_str());
        }
        let channel: ChannelFile = read_json(&file("channel.json"))?;
        channel.check()?;
        let reviewers: Vec<Reviewer> = read_json(&file("reviewers.json"))?;
        for reviewer in &reviewers {
            ensure!(reviewer.key.parse::<VerifyingKey>().is_ok(), "the key of {} cannot be read", reviewer.name);
        }
        let keyring: KeyringFile = read_json(&file("keyring.json"))?;
        keyring.check()?;
        for member in &keyring.members {
            let known = reviewers.iter().any(|reviewer| reviewer.key == member.reviewer);
            ensure!(known, "the keyring has secrets for {}, who is no reviewer", member.reviewer);
            for entry in &member.entries {
                let of_channel = entry.channel == manifest.channel
                    && manifest.groups.iter().any(|group| group.kind.as_str() == entry.group);
                ensure!(
                    of_channel,
                    "the keyring has a secret of {} {}, which the manifest does not",
                    entry.channel,
                    entry.group
                );
            }
        }
        let record = ChannelRecord {
            manifest,
            envelope,
            embed_origins: channel.embed_origins,
            payload_sha256: Digest::new(sha256(&payload)),
        };
        Ok(Public { record, root: signed.key, keyring, reviewers })
    }

    /// Copies the key, or finds the copy of an earlier time, and makes sure that the manifest names it.
    fn keep_acknowledgement_key(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let kept = self.data.join(AcknowledgementKeyFile::NAME);
        let content = match &self.acknowledgement_key {
            Some(given) => read_text(given)?,
            None => read_text(&kept).context("give --acknowledgement-key: the data folder has no such key yet")?,
        };
        let key = read_key(&content)?.verifying_key();
        let named = manifest.acknowledgement_keys.iter().any(|known| known.key == key.to_string());
        ensure!(named, "the manifest does not name this acknowledgement key");
        if !kept.exists() {
            return write_secret(&kept, &content);
        }
        let same = read_key(&read_text(&kept)?)?.verifying_key() == key;
        ensure!(same, "{} holds another key; move it away to replace it", kept.display());
        Ok(())
    }
}

/// Refuses a channel that tells reporters too little, unless it is a marked test.
pub(crate) fn may_go_live(manifest: &Manifest) -> anyhow::Result<()> {
    let missing = manifest.missing_for_live();
    ensure!(
        missing.is_empty(),
        "the channel {} cannot go live: {} is empty. Fill it in and sign again (`recourse channel sign`), or make a channel in test mode",
        manifest.channel,
        missing.join(", ")
    );
    Ok(())
}

fn read_key(content: &str) -> anyhow::Result<recourse_seal::sign::SigningKey> {
    serde_json::from_str::<AcknowledgementKeyFile>(content).context("the acknowledgement key cannot be read")?.key()
}
