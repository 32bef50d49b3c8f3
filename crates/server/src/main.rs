#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]
#![allow(
    clippy::disallowed_methods,
    reason = "the command line, files, clock and network of the product are read here"
)]

mod assets;
mod bundle;
mod channel;
mod context;
mod doctor;
mod files;
mod formats;
mod healthcheck;
mod init;
mod keygen;
mod log;
mod record;
mod serve;
mod texts;
mod verify;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, Subcommand};
use recourse_domain::time::Timestamp;

/// Report intake, reviewer console and the keys for both.
#[derive(Debug, Parser)]
#[command(name = "recourse", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the keys of a channel and its first reviewers, and what is public of them.
    Keygen(keygen::Keygen),
    /// Makes a data folder, or adds a channel or a newer manifest to one.
    Init(init::Init),
    /// Checks, signs and previews a channel file.
    #[command(subcommand)]
    Channel(channel::Channel),
    /// Checks a context token as readers will.
    ContextToken(context::ContextToken),
    /// Looks at a page that carries the button, and says what it lacks.
    Doctor(doctor::Doctor),
    /// Serves the intake and the console.
    Serve(serve::Serve),
    /// Asks a running server whether it is ready.
    Healthcheck(healthcheck::Healthcheck),
    /// Opens a record that somebody kept on their own device.
    OpenRecord(record::OpenRecord),
    /// Checks a bundle that somebody kept, and takes it apart.
    VerifyBundle(bundle::VerifyBundle),
    /// Checks the acknowledgement that a reporter saved and prints what it proves.
    VerifyAcknowledgement(verify::Verify),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Keygen(command) => command.run(),
        Command::Init(command) => run(command.run()),
        Command::Channel(command) => run(command.run()),
        Command::ContextToken(command) => command.run(),
        Command::Doctor(command) => return command.run(),
        Command::Serve(command) => run(command.run()),
        Command::Healthcheck(command) => command.run(),
        Command::OpenRecord(command) => command.run(),
        Command::VerifyBundle(command) => command.run(),
        Command::VerifyAcknowledgement(command) => command.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("recourse: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(task)
}

/// The system's time. A clock before 1970 counts as 1970.
fn now() -> Timestamp {
    Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}
