//! `recourse channel …`: the channel file, from checking it to the next signed manifest.

mod file;
mod preview;
mod sign;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use recourse_domain::channel::Manifest;
use recourse_domain::channel_file::ChannelFile;
use recourse_seal::label::Label;
use recourse_seal::sign::VerifyingKey;
use recourse_wire::reporter::SignedEnvelope;

use crate::files::read_json;
use crate::formats::{ChannelFile as Embedding, parse};

pub(crate) use file::to_toml;

/// Options of `recourse channel`.
#[derive(Debug, Subcommand)]
pub(crate) enum Channel {
    /// Says what does not hold in a channel file, with the path of each fault.
    Check(Check),
    /// Writes the channel file of a signed manifest to standard output, to be edited and signed again.
    Export(Export),
    /// Signs a channel file as the channel's next manifest.
    Sign(sign::Sign),
    /// Serves the form of a channel file on this machine, as a test; what is sent there is gone when it ends.
    Preview(preview::Preview),
}

/// Options of `recourse channel check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The channel file.
    file: PathBuf,
}

/// Options of `recourse channel export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Folder with manifest.json and channel.json.
    #[arg(long)]
    public: PathBuf,
}

impl Channel {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Check(command) => command.run(),
            Self::Export(command) => command.run(),
            Self::Sign(command) => command.run(),
            Self::Preview(command) => command.run().await,
        }
    }
}

impl Check {
    fn run(&self) -> anyhow::Result<()> {
        let read = file::read(&self.file, crate::now())?;
        let ChannelFile { channel, provider, questions, .. } = &read.file;
        let kind = if read.file.test { "the test channel" } else { "the channel" };
        println!(
            "{} holds: {kind} {channel} of {provider}, with {} own questions.",
            self.file.display(),
            questions.len()
        );
        Ok(())
    }
}

impl Export {
    fn run(&self) -> anyhow::Result<()> {
        let (manifest, ..) = read_manifest(&self.public.join("manifest.json"))?;
        let embedding: Embedding = read_json(&self.public.join("channel.json"))?;
        let logo = recourse_domain::settings::Settings::read(&manifest.settings)?.logo.is_some();
        print!("{}", to_toml(&manifest, embedding.embed_origins)?);
        if logo {
            eprintln!(
                "recourse: the manifest has a logo; name its file as `logo` again, or the next manifest has none"
            );
        }
        Ok(())
    }
}

/// A manifest whose signature holds, with its envelope and the key that signed it.
fn read_manifest(path: &std::path::Path) -> anyhow::Result<(Manifest, SignedEnvelope, VerifyingKey)> {
    let envelope: SignedEnvelope = read_json(path)?;
    let signed = parse(&envelope)?;
    let payload = signed.verify(Label::Manifest, None).context("the manifest's signature does not hold")?;
    let manifest = serde_json::from_slice(&payload).context("the manifest cannot be read")?;
    Ok((manifest, envelope, signed.key))
}
