//! Serves both listeners until it is told to stop.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::Router;
use axum::serve::ListenerExt as _;
use clap::Args;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use recourse_api::{Policy, Setup, State, TrustedProxy, console_router, intake_router};
use recourse_domain::channel::Manifest;
use recourse_domain::time::Timestamp;
use recourse_store::Store;
use recourse_store_sqlite::SqliteStore;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::assets;
use crate::files::read_json;
use crate::formats::AcknowledgementKeyFile;
use crate::keygen::origin;

/// How often expired uploads, challenges and sessions are cleared away.
const HOUSEKEEPING: Duration = Duration::from_secs(600);

/// How long requests under way may take once the server is told to stop. A connection that stays silent would hold it for ever.
const GRACE: Duration = Duration::from_secs(20);

/// Options of `recourse serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The data folder.
    #[arg(long, env = "RECOURSE_DATA")]
    data: PathBuf,
    /// Address of the intake.
    #[arg(long, env = "RECOURSE_INTAKE", default_value = "127.0.0.1:8080")]
    intake: SocketAddr,
    /// Address of the console.
    #[arg(long, env = "RECOURSE_CONSOLE", default_value = "127.0.0.1:8081")]
    console: SocketAddr,
    /// Folder with the web assets, as `cargo xtask build` writes them.
    #[arg(long, env = "RECOURSE_ASSETS")]
    assets: Option<PathBuf>,
    /// Origin of the intake, if it is not that of the manifests.
    #[arg(long, env = "RECOURSE_INTAKE_ORIGIN", value_parser = origin)]
    intake_origin: Option<String>,
    /// Origin of the console, if it is not that of the manifests.
    #[arg(long, env = "RECOURSE_CONSOLE_ORIGIN", value_parser = origin)]
    console_origin: Option<String>,
    /// An origin whose pages may embed every channel; may be given several times.
    #[arg(long = "embed-origin", env = "RECOURSE_EMBED_ORIGIN", value_delimiter = ',', value_parser = origin)]
    embed_origins: Vec<String>,
    /// A proxy in front, or a network of them, whose `X-Forwarded-For` is believed; may be given several times. Without it all
    /// reporters behind a proxy are one to the limits.
    #[arg(long = "trusted-proxy", env = "RECOURSE_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxies: Vec<TrustedProxy>,
    /// What is logged, in the syntax of `RUST_LOG`.
    #[arg(long, env = "RECOURSE_LOG", default_value = "info")]
    log: String,
}

/// Printed to standard output once both listeners accept connections.
#[derive(Serialize)]
struct Listening {
    intake: SocketAddr,
    console: SocketAddr,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        crate::log::start(&self.log)?;
        let key: AcknowledgementKeyFile = read_json(&self.data.join(AcknowledgementKeyFile::NAME))
            .context("this is no data folder; `recourse init` makes one")?;
        let store = SqliteStore::open(&self.data).context("the data folder cannot be opened")?;
        let manifests: Vec<Manifest> = store.channels().await?.into_iter().map(|record| record.manifest).collect();
        for manifest in &manifests {
            crate::init::may_go_live(manifest)?;
        }
        let console_origin =
            self.origin("console", self.console_origin.as_ref(), &manifests, |one| &one.console_origin)?;
        self.origin("intake", self.intake_origin.as_ref(), &manifests, |one| &one.intake_origin)?;
        let sites = assets::load(self.assets.as_deref())?;
        let state = State::new(Setup {
            store: Arc::new(store.clone()),
            clock: Arc::new(crate::now),
            random: Box::new(UnwrapErr(SysRng)),
            acknowledgement_key: key.key()?,
            console_origin,
            embed_origins: self.embed_origins.clone(),
            policy: Policy { trusted_proxies: self.trusted_proxies.clone(), ..Policy::default() },
            intake_assets: sites.intake,
            console_assets: sites.console,
        });

        let intake = bind("intake", self.intake).await?;
        let console = bind("console", self.console).await?;
        let listening = Listening { intake: intake.local_addr()?, console: console.local_addr()? };
        let (stop, stopped) = watch::channel(false);
        let serving = async {
            tokio::try_join!(
                serve(intake, intake_router(state.clone()), stopped.clone()),
                serve(console, console_router(state.clone()), stopped.clone()),
            )
        };
        let housekeeping = tokio::spawn(keep_house(store, state.clone()));
        let mut out = std::io::stdout();
        writeln!(out, "{}", serde_json::to_string(&listening)?)?;
        out.flush()?;
        tracing::info!(intake = %listening.intake, console = %listening.console, channels = manifests.len(), "serving");

        let mut serving = std::pin::pin!(serving);
        tokio::select! {
            ended = &mut serving => { ended?; }
            signal = told_to_stop() => {
                signal?;
                tracing::info!("stopping");
                stop.send_replace(true);
                if tokio::time::timeout(GRACE, &mut serving).await.is_err() {
                    tracing::warn!("requests were still under way when the time to stop was over");
                }
            }
        }
        housekeeping.abort();
        state.traffic().log_and_reset();
        Ok(())
    }

    /// The origin given, or else the one that all manifests name. One that differs from a manifest's is allowed – a proxy may be moving – and told.
    fn origin(
        &self,
        name: &str,
        given: Option<&String>,
        manifests: &[Manifest],
        of: fn(&Manifest) -> &String,
    ) -> anyhow::Result<String> {
        let named: BTreeSet<&String> = manifests.iter().map(of).collect();
        match (given, named.len()) {
            (Some(given), _) => {
                if named.iter().any(|named| *named != given) {
                    tracing::warn!(origin = given, "a manifest names another origin of the {name}");
                }
                Ok(given.clone())
            }
            (None, 1) => Ok(named.into_iter().next().cloned().unwrap_or_default()),
            (None, 0) => bail!("the data folder has no channel yet; `recourse init` adds one"),
            (None, _) => bail!("the manifests name several origins of the {name}; give --{name}-origin"),
        }
    }
}

pub(crate) async fn bind(name: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("the {name} cannot listen on {address}"))
}

pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Without this a small answer may wait for the client's acknowledgement. Failing is no harm but that.
        let _ = stream.set_nodelay(true);
    });
    let stop = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    // The router takes the address out of each request before a handler sees it.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await.context("a listener failed")
}

/// SIGTERM or SIGINT.
pub(crate) async fn told_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// Clears away what has expired, and logs the intake's counts at each new hour.
async fn keep_house(store: SqliteStore, state: State) {
    let mut hour = crate::now().floor_to_hour();
    let mut ticks = tokio::time::interval(HOUSEKEEPING);
    loop {
        ticks.tick().await;
        let now: Timestamp = crate::now();
        for outcome in [store.expire_uploads(now).await, store.expire_sign_ins(now).await] {
            if let Err(error) = outcome {
                tracing::error!(cause = %error, "what has expired could not be cleared away");
            }
        }
        if now.floor_to_hour() != hour {
            hour = now.floor_to_hour();
            state.traffic().log_and_reset();
        }
    }
}
