//! Signs a channel file as the next manifest of a channel whose keys exist.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args;
use recourse_domain::channel::{AcknowledgementKey, Manifest};
use recourse_domain::channel_file::{ChannelFile, Issue};
use recourse_domain::settings::MANIFEST_BYTES;
use recourse_seal::envelope::Signed;
use recourse_seal::keys::{RootKey, fingerprint};
use recourse_seal::label::Label;
use recourse_wire::console::Reviewer;

use super::{file, read_manifest};
use crate::files::{read_json, read_text, replace_public, write_public};
use crate::formats::{AcknowledgementKeyFile, ChannelFile as Embedding, KeyringFile, envelope};

/// Options of `recourse channel sign`.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The channel file.
    file: PathBuf,
    /// The channel's root key, as `recourse keygen` wrote it.
    #[arg(long)]
    root_key: PathBuf,
    /// Folder with manifest.json, keyring.json, reviewers.json and channel.json; the first and the last are replaced.
    #[arg(long)]
    public: PathBuf,
    /// A further key that signs acknowledgements from now on; those of the manifest before stay.
    #[arg(long)]
    acknowledgement_key: Option<PathBuf>,
}

impl Sign {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let now = crate::now();
        let read = file::read(&self.file, now)?;
        let root: RootKey = read_text(&self.root_key)?.trim().parse().context("the root key cannot be read")?;
        let path = self.public.join("manifest.json");
        let (before, old, key) = read_manifest(&path)?;
        let same = key == root.verifying_key();
        ensure!(same, "the manifest before was signed by another root key, with the fingerprint {}", fingerprint(&key));
        ensure!(
            before.channel == read.file.channel,
            "the file describes the channel {}, the manifest before {}",
            read.file.channel,
            before.channel
        );
        ensure!(
            before.test == read.file.test,
            "test: a channel is a test for all of its life or never; make another channel with `recourse keygen`"
        );
        self.check_members(&read.file, &before)?;

        let mut acknowledgement_keys = before.acknowledgement_keys.clone();
        if let Some(path) = &self.acknowledgement_key {
            let key = read_json::<AcknowledgementKeyFile>(path)?.key()?.verifying_key().to_string();
            if acknowledgement_keys.iter().all(|known| known.key != key) {
                let ids: BTreeSet<&str> = acknowledgement_keys.iter().map(|known| known.id.as_str()).collect();
                let id = (1_u32..).map(|number| number.to_string()).find(|id| !ids.contains(id.as_str()));
                acknowledgement_keys.push(AcknowledgementKey { id: id.unwrap_or_default(), key });
            }
        }
        let embed = read.file.origins.embed.clone();
        let manifest = read.file.into_manifest(Issue {
            serial: before.serial + 1,
            issued_at: now,
            recipients: before.groups.iter().map(|group| (group.kind, group.epoch, group.recipient.clone())).collect(),
            acknowledgement_keys,
            offsets: read.offsets,
            logo: read.logo,
        })?;
        let payload = serde_json::to_vec(&manifest)?;
        ensure!(
            payload.len() <= MANIFEST_BYTES,
            "the manifest has {} bytes, more than {MANIFEST_BYTES}",
            payload.len()
        );
        let signed = Signed::seal(Label::Manifest, &root.signing_key(), &payload);

        let kept = self.public.join(format!("manifest-{}.json", before.serial));
        if !kept.exists() {
            write_public(&kept, &old)?;
        }
        // The embedding first: should the second write fail, signing again puts both right.
        replace_public(&self.public.join("channel.json"), &Embedding::new(embed))?;
        replace_public(&path, &envelope(&signed))?;
        println!(
            "Signed {} with the serial {}; the one before is {}.",
            path.display(),
            manifest.serial,
            kept.display()
        );
        println!("It holds for {} days, and 30 more with a warning.", (manifest.expires_at.0 - now.0) / 86_400);
        println!("Fingerprint of the root key: {}", fingerprint(&root.verifying_key()));
        println!("Next: `recourse init --data … --public {}` and start the server again.", self.public.display());
        Ok(())
    }

    /// Who is shown as a reader must be able to open reports, and who is able to must be shown.
    fn check_members(&self, file: &ChannelFile, before: &Manifest) -> anyhow::Result<()> {
        let reviewers: Vec<Reviewer> = read_json(&self.public.join("reviewers.json"))?;
        let keyring: KeyringFile = read_json(&self.public.join("keyring.json"))?;
        keyring.check()?;
        for (at, group) in file.groups.iter().enumerate() {
            let Some(held) = before.group(group.kind) else { continue };
            let holds = |reviewer: &str| {
                let entries = keyring.members.iter().filter(|member| member.reviewer == reviewer);
                entries.flat_map(|member| &member.entries).any(|entry| {
                    entry.channel == file.channel && entry.group == group.kind.as_str() && entry.epoch == held.epoch
                })
            };
            for (index, member) in group.members.iter().enumerate() {
                let path = format!("groups[{at}].members[{index}].key");
                ensure!(
                    reviewers.iter().any(|reviewer| reviewer.key == member.key),
                    "{path}: {} is in no line of reviewers.json",
                    member.name
                );
                ensure!(holds(&member.key), "{path}: {} has no key of the group {}", member.name, group.kind.as_str());
            }
            for reviewer in reviewers.iter().filter(|reviewer| holds(&reviewer.key)) {
                ensure!(
                    group.members.iter().any(|member| member.key == reviewer.key),
                    "groups[{at}].members: {} can open reports to {} and is not named; reporters must be told",
                    reviewer.name,
                    group.kind.as_str()
                );
            }
        }
        Ok(())
    }
}
