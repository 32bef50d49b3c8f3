//! Serves the form of a channel file on this machine alone: with keys made for the moment, marked as a test, in a folder that is
//! removed when it ends.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use recourse_api::{Policy, Setup, State, intake_router};
use recourse_domain::channel::AcknowledgementKey;
use recourse_domain::channel_file::Issue;
use recourse_domain::ids::Digest;
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::keys::{GroupSecret, RootKey};
use recourse_seal::label::Label;
use recourse_seal::sign::SigningKey;
use recourse_store::{ChannelRecord, Store};
use recourse_store_sqlite::SqliteStore;
use tokio::sync::watch;

use super::file;
use crate::assets;
use crate::formats::envelope;
use crate::serve::{bind, serve, told_to_stop};

/// Options of `recourse channel preview`.
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The channel file.
    file: PathBuf,
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8484)]
    port: u16,
    /// Folder with the web assets, as `cargo xtask build` writes them.
    #[arg(long, env = "RECOURSE_ASSETS")]
    assets: Option<PathBuf>,
}

impl Preview {
    pub(crate) async fn run(&self) -> anyhow::Result<()> {
        let now = crate::now();
        let read = file::read(&self.file, now)?;
        let sites = assets::load(self.assets.as_deref())?;
        let listener = bind("preview", SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
        let origin = format!("http://{}", listener.local_addr()?);

        let mut rng = UnwrapErr(SysRng);
        let (root, acknowledgement) = (RootKey::generate(&mut rng), SigningKey::generate(&mut rng));
        let mut recipients = Vec::new();
        for group in &read.file.groups {
            let secret = GroupSecret::generate(&mut rng, group.kind.as_str(), 1);
            recipients.push((group.kind, 1, secret.recipient().to_string()));
        }
        let mut channel = read.file;
        channel.test = true;
        channel.origins.intake.clone_from(&origin);
        let manifest = channel.into_manifest(Issue {
            serial: 1,
            issued_at: now,
            recipients,
            acknowledgement_keys: vec![AcknowledgementKey {
                id: "preview".to_owned(),
                key: acknowledgement.verifying_key().to_string(),
            }],
            offsets: read.offsets,
            logo: read.logo,
        })?;
        let address = format!("{origin}/r/{}", manifest.channel);
        let payload = serde_json::to_vec(&manifest)?;
        let console_origin = manifest.console_origin.clone();

        let folder = tempfile::tempdir().context("a folder for the preview cannot be made")?;
        let store = SqliteStore::open(folder.path()).context("the folder of the preview cannot be opened")?;
        let record = ChannelRecord {
            manifest,
            envelope: envelope(&Signed::seal(Label::Manifest, &root.signing_key(), &payload)),
            embed_origins: Vec::new(),
            payload_sha256: Digest::new(sha256(&payload)),
        };
        store.put_channel(record, now).await?;
        let state = State::new(Setup {
            store: Arc::new(store),
            clock: Arc::new(crate::now),
            random: Box::new(UnwrapErr(SysRng)),
            acknowledgement_key: acknowledgement,
            console_origin,
            embed_origins: Vec::new(),
            policy: Policy::default(),
            intake_assets: sites.intake,
            console_assets: sites.console,
        });
        let mut out = std::io::stdout();
        writeln!(out, "The form is at {address}")?;
        writeln!(out, "It is a test: nobody can read what is sent there, and it is gone when this ends (Ctrl-C).")?;
        out.flush()?;
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, intake_router(state), stopped));
        told_to_stop().await?;
        stop.send_replace(true);
        serving.abort();
        // The store lets go of its files when the task is gone.
        let _ = serving.await;
        folder.close().context("the folder of the preview cannot be removed")
    }
}
