//! `cargo xtask demo`: everything built and served on three origins.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::build;
use crate::process::{cargo, run};
use crate::product::{self, Product};
use crate::workspace::Workspace;

const CHANNEL: &str = "demo";
const PROVIDER: &str = "Northwind Software";
const PRODUCT: &str = "Northwind Campaigns";
const REVIEWER: &str = "Robin Vale";

/// How long the server may take to become ready: it starts in well under a second.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long it may take to end by itself before it is killed.
const END_WITHIN: Duration = Duration::from_secs(10);

/// Where the demo listens and keeps its data.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Port of the intake
    #[arg(long, default_value_t = 8480, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// Port of the reviewers' console
    #[arg(long, default_value_t = 8481, value_parser = clap::value_parser!(u16).range(1..))]
    console_port: u16,
    /// Port of the product page
    #[arg(long, default_value_t = 8482, value_parser = clap::value_parser!(u16).range(1..))]
    product_port: u16,
    /// Data folder, made on first start [default: target/demo]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Print one line of JSON with all addresses and paths when ready
    #[arg(long)]
    json: bool,
    /// What the server logs to server.log: error, warn, info, debug, trace or a filter
    #[arg(long, default_value = "info")]
    log_level: String,
}

/// The addresses of the three origins; those of the intake and the console are signed into the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Origins {
    intake: String,
    console: String,
    product: String,
}

/// What the demo needs of a reviewer's key file.
#[derive(Debug, Deserialize)]
struct ReviewerKey {
    root_keys: BTreeMap<String, String>,
}

/// The data folder.
#[derive(Debug)]
struct Data {
    folder: PathBuf,
}

impl Data {
    fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }
}

/// Builds, starts, reports, and serves until told to stop.
pub(crate) fn demo(workspace: &Workspace, options: &Options) -> Result<()> {
    let origins = Origins {
        intake: format!("http://127.0.0.1:{}", options.port),
        console: format!("http://127.0.0.1:{}", options.console_port),
        product: format!("http://localhost:{}", options.product_port),
    };
    // Before minutes of building.
    let listeners = claim_ports(options)?;
    let folder = options.data.clone().unwrap_or_else(|| workspace.target().join("demo"));
    let data = Data { folder: std::path::absolute(folder)? };
    let is_new = data.check(&origins)?;

    eprintln!("building the pages' modules and the server; the first time this takes some minutes");
    build::build(workspace)?;
    run(cargo().current_dir(workspace.root()).args(["build", "--locked", "--package", "recourse-server"]))?;
    let server = workspace.target().join("debug").join(format!("recourse{}", std::env::consts::EXE_SUFFIX));
    if is_new {
        data.create(&server, &origins)?;
    }
    let root_key = data.root_key()?;

    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more: we are ending already.
        let _ = stop.send(());
    })
    .context("listen for Ctrl-C")?;
    let mut server = start(workspace, &server, &data, &origins, options)?;
    let product = Arc::new(Product {
        folder: workspace.dist().join("www/product"),
        intake_origin: origins.intake.clone(),
        channel: CHANNEL.to_owned(),
        root_key: root_key.clone(),
    });
    for listener in listeners {
        product::serve(listener, Arc::clone(&product));
    }
    if wait_ready(&mut server, options, &data, &stopped)? {
        report(&data, &origins, &root_key, options.json)?;
        wait(&mut server, &data, &stopped)
    } else {
        end(&mut server)
    }
}

impl Data {
    /// Whether the folder is still to be made. One that was made for other addresses, or is something else, is an error: the addresses
    /// are signed into the channel's manifest.
    fn check(&self, origins: &Origins) -> Result<bool> {
        let folder = self.folder.display();
        let made_for = self.path("demo.json");
        if made_for.exists() {
            let text = fs::read_to_string(&made_for).with_context(|| format!("read {}", made_for.display()))?;
            let before: Origins = serde_json::from_str(&text).with_context(|| made_for.display().to_string())?;
            if (&before.intake, &before.console) != (&origins.intake, &origins.console) {
                bail!(
                    "{folder} was made for the intake {} and the console {}; give the same --port and --console-port, or another --data",
                    before.intake,
                    before.console
                );
            }
            return Ok(false);
        }
        if self.folder.exists() && fs::read_dir(&self.folder)?.next().is_some() {
            bail!("{folder} holds something that is no demo; give an empty or new folder with --data");
        }
        Ok(true)
    }

    /// Makes keys, manifest and database beside the folder and moves them there whole: an interrupted first start leaves nothing half made.
    fn create(&self, server: &Path, origins: &Origins) -> Result<()> {
        let partial = self.partial()?;
        if partial.exists() {
            fs::remove_dir_all(&partial).with_context(|| format!("remove {}", partial.display()))?;
        }
        fs::create_dir_all(&partial).with_context(|| format!("make {}", partial.display()))?;
        eprintln!("making keys and an empty intake in {}", self.folder.display());
        run(Command::new(server)
            .arg("keygen")
            .arg("--out")
            .arg(partial.join("keys"))
            .arg("--public")
            .arg(partial.join("public"))
            .args(["--channel", CHANNEL, "--provider", PROVIDER, "--product", PRODUCT, "--reviewer", REVIEWER])
            .args(["--restricted", "Child safety officer", "--legal-profile", "dsa_hosting"])
            .args(["--intake-origin", &origins.intake])
            .args(["--console-origin", &origins.console])
            .args(["--embed-origin", &origins.product])
            .stdout(Stdio::null()))?;
        run(Command::new(server)
            .arg("init")
            .arg("--data")
            .arg(partial.join("intake"))
            .arg("--public")
            .arg(partial.join("public"))
            .arg("--acknowledgement-key")
            .arg(partial.join("keys/acknowledgement.key"))
            .stdout(Stdio::null()))?;
        fs::write(partial.join("demo.json"), serde_json::to_vec_pretty(origins)?)?;
        fs::rename(&partial, &self.folder)
            .with_context(|| format!("rename {} to {}", partial.display(), self.folder.display()))
    }

    fn partial(&self) -> Result<PathBuf> {
        let name = self.folder.file_name().ok_or_else(|| anyhow!("--data must name a folder"))?;
        let mut name = name.to_owned();
        name.push(".partial");
        Ok(self.folder.with_file_name(name))
    }

    /// The channel's public root key, as `<report-concern root-key="…">` pins it; the reviewer's key file pins it too.
    fn root_key(&self) -> Result<String> {
        let path = self.reviewer_key();
        let file: ReviewerKey =
            serde_json::from_slice(&fs::read(&path).with_context(|| format!("read {}", path.display()))?)
                .with_context(|| path.display().to_string())?;
        file.root_keys.get(CHANNEL).cloned().ok_or_else(|| anyhow!("{} pins no root key of {CHANNEL}", path.display()))
    }

    fn reviewer_key(&self) -> PathBuf {
        self.path("keys/reviewer.key.json")
    }

    fn log(&self) -> PathBuf {
        self.path("server.log")
    }
}

/// Holds the product's port on both loopback addresses, and makes sure that the server will get its two.
fn claim_ports(options: &Options) -> Result<Vec<TcpListener>> {
    if options.port == options.console_port
        || options.port == options.product_port
        || options.console_port == options.product_port
    {
        bail!("--port, --console-port and --product-port must be three different ports");
    }
    let bind = |address: SocketAddr, option: &str| {
        TcpListener::bind(address).map_err(|error| {
            let port = address.port();
            anyhow!("port {port} cannot be used ({error}); choose another with {option}")
        })
    };
    for (port, option) in [(options.port, "--port"), (options.console_port, "--console-port")] {
        drop(bind((Ipv4Addr::LOCALHOST, port).into(), option)?);
    }
    let mut listeners = vec![bind((Ipv4Addr::LOCALHOST, options.product_port).into(), "--product-port")?];
    // A browser may try `localhost` by IPv6 first; a machine without it has nothing there to be in the way.
    match TcpListener::bind((Ipv6Addr::LOCALHOST, options.product_port)) {
        Ok(listener) => listeners.push(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {} is in use on [::1]; choose another with --product-port", options.product_port);
        }
        Err(_) => {}
    }
    Ok(listeners)
}

fn start(workspace: &Workspace, server: &Path, data: &Data, origins: &Origins, options: &Options) -> Result<Child> {
    let log = File::create(data.log()).with_context(|| format!("write {}", data.log().display()))?;
    Command::new(server)
        .arg("serve")
        .arg("--data")
        .arg(data.path("intake"))
        .args(["--intake", &format!("127.0.0.1:{}", options.port)])
        .args(["--console", &format!("127.0.0.1:{}", options.console_port)])
        .args(["--intake-origin", &origins.intake])
        .args(["--console-origin", &origins.console])
        .arg("--assets")
        .arg(workspace.dist().join("www"))
        .args(["--embed-origin", &origins.product])
        .args(["--log", &options.log_level])
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("start {}", server.display()))
}

/// Waits until both listeners say that they are ready; `false` when told to stop meanwhile.
fn wait_ready(server: &mut Child, options: &Options, data: &Data, stopped: &mpsc::Receiver<()>) -> Result<bool> {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        if let Some(status) = server.try_wait()? {
            return Err(ended(status, data));
        }
        if is_ready(options.port) && is_ready(options.console_port) {
            return Ok(true);
        }
        if Instant::now() > deadline {
            end(server)?;
            bail!("the server was not ready within {} s; see {}", READY_WITHIN.as_secs(), data.log().display());
        }
        if stopped.recv_timeout(Duration::from_millis(50)).is_ok() {
            return Ok(false);
        }
    }
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status)?;
        Ok(status.starts_with("HTTP/1.1 200 "))
    };
    ask().unwrap_or(false)
}

/// Tells where everything is.
fn report(data: &Data, origins: &Origins, root_key: &str, as_json: bool) -> Result<()> {
    let hosted_page = format!("{}/r/{CHANNEL}", origins.intake);
    let follow_up = format!("{}/follow-up/{CHANNEL}", origins.intake);
    let reviewer_key = data.reviewer_key();
    let independent_key = data.path("keys/independent.key.json");
    let mut out = std::io::stdout().lock();
    if as_json {
        let line = json!({
            "intake": origins.intake, "console": origins.console, "product": origins.product,
            "hosted_page": hosted_page, "follow_up": follow_up, "channel": CHANNEL,
            "reviewer_key": reviewer_key, "independent_key": independent_key, "root_key": root_key, "data": data.folder, "server_log": data.log(),
        });
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "\nRecourse is ready.\n")?;
        for (what, place) in [
            ("Product with the button", origins.product.as_str()),
            ("Report without a product", &hosted_page),
            ("Follow up with a receipt", &follow_up),
            ("Reviewers' console", &origins.console),
            ("  a reviewer's key", &reviewer_key.display().to_string()),
            ("  the ombudsperson's key", &independent_key.display().to_string()),
            ("Server's log", &data.log().display().to_string()),
        ] {
            writeln!(out, "  {what:<26} {place}")?;
        }
        writeln!(out, "\nCtrl-C ends it; the next start finds the same data in {}.", data.folder.display())?;
    }
    out.flush()?;
    Ok(())
}

/// Serves until told to stop; a server that ends by itself is an error.
fn wait(server: &mut Child, data: &Data, stopped: &mpsc::Receiver<()>) -> Result<()> {
    loop {
        match stopped.recv_timeout(Duration::from_millis(250)) {
            Err(mpsc::RecvTimeoutError::Timeout) => {
                if let Some(status) = server.try_wait()? {
                    return Err(ended(status, data));
                }
            }
            _ => return end(server),
        }
    }
}

fn ended(status: ExitStatus, data: &Data) -> anyhow::Error {
    let log = fs::read_to_string(data.log()).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    let last = lines[lines.len().saturating_sub(10)..].join("\n");
    anyhow!("the server ended ({status}); the end of {}:\n{last}", data.log().display())
}

/// Asks the server to end, and kills it when it does not. (Ctrl-C in a terminal has reached it already.)
fn end(server: &mut Child) -> Result<()> {
    if server.try_wait()?.is_none() {
        // `Child::kill` is SIGKILL; the standard library has no gentler one.
        Command::new("kill").arg(server.id().to_string()).stderr(Stdio::null()).status().ok();
        let deadline = Instant::now() + END_WITHIN;
        while server.try_wait()?.is_none() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        if server.try_wait()?.is_none() {
            server.kill()?;
        }
    }
    server.wait()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(port: u16) -> Origins {
        Origins {
            intake: format!("http://127.0.0.1:{port}"),
            console: "http://127.0.0.1:2".into(),
            product: "http://localhost:3".into(),
        }
    }

    fn options(port: u16, console_port: u16, product_port: u16) -> Options {
        Options { port, console_port, product_port, data: None, json: false, log_level: "info".into() }
    }

    #[test]
    fn a_folder_is_made_once_and_kept_for_its_addresses() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data { folder: folder.path().join("demo") };
        assert!(data.check(&origins(1)).unwrap(), "a missing folder is new");
        fs::create_dir(&data.folder).unwrap();
        assert!(data.check(&origins(1)).unwrap(), "an empty one too");
        fs::write(data.path("demo.json"), serde_json::to_vec(&origins(1)).unwrap()).unwrap();
        assert!(!data.check(&origins(1)).unwrap());
        let error = data.check(&origins(9)).unwrap_err().to_string();
        assert!(
            error.contains("http://127.0.0.1:1") && error.contains("--port") && error.contains("--data"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_with_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        let data = Data { folder: folder.path().into() };
        assert!(data.check(&origins(1)).unwrap_err().to_string().contains("--data"));
    }

    #[test]
    fn a_port_in_use_is_named_with_its_option() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (one, two) = (free(), free());
        for (options, option) in [
            (options(port, one, two), "--port"),
            (options(one, port, two), "--console-port"),
            (options(one, two, port), "--product-port"),
        ] {
            let error = claim_ports(&options).unwrap_err().to_string();
            assert!(error.contains(&port.to_string()) && error.ends_with(option), "{error}");
        }
        assert!(claim_ports(&options(one, one, two)).is_err());
    }
}
