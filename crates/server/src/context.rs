//! `recourse context-token`: what readers will make of a token, for whoever mints them.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use recourse_client::context::verify;
use recourse_domain::channel::Manifest;
use recourse_domain::settings::Settings;
use recourse_seal::label::Label;
use recourse_wire::reporter::SignedEnvelope;

use crate::files::read_json;
use crate::formats::parse;

/// Options of `recourse context-token`.
#[derive(Debug, Args)]
pub(crate) struct ContextToken {
    /// The signed manifest of the channel, which names the keys.
    #[arg(long)]
    manifest: PathBuf,
    /// The token; read from standard input if left out.
    token: Option<String>,
}

impl ContextToken {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let envelope: SignedEnvelope = read_json(&self.manifest)?;
        let payload =
            parse(&envelope)?.verify(Label::Manifest, None).context("the manifest's signature does not hold")?;
        let manifest: Manifest = serde_json::from_slice(&payload).context("the manifest cannot be read")?;
        let settings = Settings::read(&manifest.settings)?;
        let token = match &self.token {
            Some(token) => token.clone(),
            None => {
                let mut text = String::new();
                std::io::stdin().take(64 << 10).read_to_string(&mut text).context("standard input cannot be read")?;
                text
            }
        };
        let token = verify(token.trim(), &manifest.channel, &settings.context_keys, crate::now())?;
        println!("The token holds, signed with {} by the key {:?}. It says:", token.algorithm, token.key_id);
        for claim in token.claims() {
            let name =
                if claim.name.is_empty() { claim.kind.to_string() } else { format!("{} {}", claim.kind, claim.name) };
            // Written with escapes: it is a host's text, and this is a terminal.
            println!("  {name}: {}", claim.value.escape_debug());
        }
        Ok(())
    }
}
