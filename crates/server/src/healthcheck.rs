//! Asks a running server whether it is ready: for containers, which have no other client inside.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;

/// Options of `recourse healthcheck`.
#[derive(Debug, Args)]
pub(crate) struct Healthcheck {
    /// Address of the intake or the console.
    #[arg(long, env = "RECOURSE_INTAKE", default_value = "127.0.0.1:8080")]
    address: SocketAddr,
}

impl Healthcheck {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let patience = Duration::from_secs(5);
        let mut stream = TcpStream::connect_timeout(&self.address, patience)
            .with_context(|| format!("nothing answers at {}", self.address))?;
        stream.set_read_timeout(Some(patience))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut answer = String::new();
        stream.take(64 << 10).read_to_string(&mut answer).context("the answer cannot be read")?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        println!("{body}");
        ensure!(head.starts_with("HTTP/1.1 200 "), "the server is not ready");
        Ok(())
    }
}
