//! What the machine must have: found, installed where that is ours to do, or named.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, anyhow, bail};

use crate::process::{output, run};

/// The folder of the toolchain.
pub(crate) fn sysroot() -> Result<PathBuf> {
    Ok(output(Command::new("rustc").args(["--print", "sysroot"]))?.trim().into())
}

/// What the compiler calls the folder of the standard library's source where that is not installed.
pub(crate) fn library_name() -> Result<String> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    Ok(format!("/rustc/{}", commit.ok_or_else(|| anyhow!("rustc -vV names no commit"))?))
}

/// Adds the Wasm target where rustup manages the toolchain.
pub(crate) fn wasm_target(sysroot: &Path) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    if sysroot.join("lib/rustlib").join(TARGET).join("lib").exists() {
        return Ok(());
    }
    eprintln!("adding the target {TARGET}");
    run(Command::new("rustup").args(["target", "add", TARGET]))
        .map_err(|error| anyhow!("the Wasm target is missing ({error:#}); add it with: rustup target add {TARGET}"))
}

/// Where cargo keeps the sources of dependencies.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::home_dir().ok_or_else(|| anyhow!("no home folder, and CARGO_HOME is not set"))?;
    Ok(home.join(".cargo"))
}

/// A program that the tests need, and how to get it on Debian.
pub(crate) struct Tool {
    /// Any of these on the path will do.
    names: &'static [&'static str],
    package: &'static str,
}

pub(crate) const CHROMIUM: Tool =
    Tool { names: &["chromium", "chromium-browser", "google-chrome"], package: "chromium" };
pub(crate) const FIREFOX: Tool = Tool { names: &["firefox-esr", "firefox"], package: "firefox-esr" };
pub(crate) const CHROMEDRIVER: Tool = Tool { names: &["chromedriver"], package: "chromium-driver" };
pub(crate) const STRACE: Tool = Tool { names: &["strace"], package: "strace" };
pub(crate) const NODE: Tool = Tool { names: &["node"], package: "nodejs" };
pub(crate) const NPM: Tool = Tool { names: &["npm"], package: "npm" };

impl Tool {
    /// The program's path; installs the package first when it is missing and we may.
    pub(crate) fn find_or_install(&self) -> Result<PathBuf> {
        if let Some(path) = self.find() {
            return Ok(path);
        }
        let name = self.names.join(" or ");
        if on_path("apt-get").is_none() || output(Command::new("id").arg("-u"))?.trim() != "0" {
            bail!("{name} is missing; on Debian: apt-get install {}", self.package);
        }
        eprintln!("installing {}", self.package);
        run(Command::new("apt-get").args(["update", "-qq"]))?;
        run(Command::new("apt-get")
            .args(["install", "-qq", "-y", "--no-install-recommends", self.package])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
        self.find().ok_or_else(|| anyhow!("{name} is missing even after apt-get install {}", self.package))
    }

    fn find(&self) -> Option<PathBuf> {
        self.names.iter().find_map(|name| on_path(name))
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Node, of the major version that the packages under `tests/` ask for or newer.
pub(crate) fn node() -> Result<PathBuf> {
    let node = NODE.find_or_install()?;
    let version = output(Command::new(&node).arg("--version"))?;
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < 20 {
        bail!("node {} is too old; 20 or newer is needed: https://nodejs.org/en/download", version.trim());
    }
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_any_of_its_names_or_not_at_all() {
        let shell = Tool { names: &["no-such-program", "sh"], package: "dash" };
        assert!(shell.find().is_some_and(|path| path.ends_with("sh")));
        assert!(Tool { names: &["no-such-program"], package: "none" }.find().is_none());
    }
}
