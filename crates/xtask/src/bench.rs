//! `cargo xtask bench`: this project beside its peers, in one run.

use std::process::Command;

use anyhow::Result;
use clap::Subcommand;

use crate::process::{cargo, run};
use crate::workspace::Workspace;
use crate::{build, suite, tools};

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// The button and the form beside Sentry's: weight before intent, click to visible, click to usable
    Widget {
        /// Openings of each kind, of which the middle one counts
        #[arg(long, default_value_t = 9)]
        rounds: u32,
    },
    /// The extension: press to panel, suggestions, a whole page, and what the captured page feels of it
    Extension {
        /// Presses, of which the middle one counts
        #[arg(long, default_value_t = 9)]
        rounds: u32,
    },
}

/// Builds what is measured as it is shipped, and measures; an error when a line of the budget does not hold.
pub(crate) fn bench(workspace: &Workspace, bench: &Bench) -> Result<()> {
    let node = tools::node()?;
    tools::CHROMIUM.find_or_install()?;
    let folder = workspace.path("tests/e2e");
    suite::npm_ci(&folder)?;
    build::build(workspace)?;
    let (script, rounds) = match bench {
        Bench::Widget { rounds } => {
            build::compress(workspace)?;
            run(cargo().current_dir(workspace.root()).args(["build", "--locked", "--package", "recourse-server"]))?;
            ("bench-widget.mjs", rounds)
        }
        Bench::Extension { rounds } => ("bench-extension.mjs", rounds),
    };
    run(Command::new(node).current_dir(folder).args([script, "--rounds", &rounds.to_string()]))
}
