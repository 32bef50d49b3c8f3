#![doc = include_str!("../README.md")]
#![allow(clippy::disallowed_methods, reason = "a build tool reads files, clocks and the environment")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod arrows;
mod assets;
mod bench;
mod build;
mod demo;
mod extension;
mod licences;
mod loader;
mod process;
mod product;
mod sizes;
mod suite;
mod tally;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs and checks Recourse.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the Wasm modules and the static sites into target/dist
    Build {
        /// Also compress every file, measure, write sizes.json, and the source package for stores
        #[arg(long)]
        release: bool,
    },
    /// Build everything and serve intake, console and a demo product page on three origins
    Demo(demo::Options),
    /// Print the sizes of what is shipped beside their budgets; fail past them
    Size,
    /// Check the dependency arrows and fences of the workspace
    Arrows,
    /// Check licences, registries and duplicates of all dependencies against deny.toml
    Licences,
    /// Run the tests that need a browser's Wasm
    WasmTests,
    /// Build, and check the types of the hand-written JavaScript
    Types,
    /// Build the extension's packages again from their source package, in a folder of its own, and compare the bytes
    Rebuild,
    /// Measure this project beside its peers in one run, and print the table
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Run everything a change must pass
    #[command(alias = "ci")]
    Test {
        /// Sixteen times as many cases of every property, `rebuild` besides, and keep a record in target/test-long.json
        #[arg(long)]
        long: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A sentence for people: no backtrace, whatever the environment asks for.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    match arguments.command {
        Task::Build { release } => {
            let built = build::build(&workspace)?;
            if release {
                sizes::measure(&workspace, &built)?;
                build::compress(&workspace)?;
                extension::pack_source(&workspace, &workspace.dist())?;
            }
            eprintln!("wrote {}", workspace.dist().display());
            Ok(())
        }
        Task::Demo(options) => demo::demo(&workspace, &options),
        Task::Size => {
            let built = build::build(&workspace)?;
            sizes::check(&sizes::measure(&workspace, &built)?)
        }
        Task::Arrows => arrows::check(&workspace),
        Task::Licences => licences::check(&workspace),
        Task::WasmTests => suite::run_one(&workspace, suite::Suite::wasm_tests),
        Task::Types => {
            build::build(&workspace)?;
            suite::run_one(&workspace, suite::Suite::script_types)
        }
        Task::Rebuild => {
            build::build(&workspace)?;
            extension::rebuild(&workspace)
        }
        Task::Bench(what) => bench::bench(&workspace, &what),
        Task::Test { long } => suite::run_all(&workspace, long),
    }
}
