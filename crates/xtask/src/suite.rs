//! `cargo xtask test`: everything a change must pass, one step after the other, with a table of times.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use cargo_metadata::DependencyKind;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::process::{cargo, output, run, shown};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{arrows, build, extension, licences, sizes, tools};

/// Packages that are linted as they are shipped: for Wasm.
const WASM: [&str; 9] = [
    "recourse-glue",
    "recourse-ui",
    "recourse-worker",
    "recourse-engine",
    "recourse-console-engine",
    "recourse-intake-app",
    "recourse-console",
    "recourse-follow-up",
    "recourse-extension",
];

/// Features whose code and tests no default build reaches.
const HOST_FEATURES: &str = "recourse-domain/schema,recourse-domain/paths";

/// Folders with a package.json and a lock file of their own.
const NODE_FOLDERS: [&str; 2] = ["tests/conformance", "tests/e2e"];

/// What every step has at hand.
pub(crate) struct Suite {
    workspace: Workspace,
    long: bool,
}

/// One step by itself, for whoever works on it.
pub(crate) fn run_one(workspace: &Workspace, step: Step) -> Result<()> {
    let tally = step(&Suite { workspace: workspace.clone(), long: false })?;
    if tally.failed > 0 {
        bail!("{} passed, {} failed", tally.passed, tally.failed);
    }
    println!("{} passed, 0 failed", tally.passed);
    Ok(())
}

pub(crate) type Step = fn(&Suite) -> Result<Tally>;

/// Cheap and likely to fail first.
const STEPS: &[(&str, Step)] = &[
    ("set-up", Suite::set_up),
    ("format", Suite::format),
    ("arrows", |suite| one(arrows::check(&suite.workspace))),
    ("licences", |suite| one(licences::check(&suite.workspace))),
    ("clippy, host", Suite::clippy_host),
    ("clippy, wasm", Suite::clippy_wasm),
    ("host tests", Suite::host_tests),
    ("documentation", Suite::documentation),
    ("age conformance", Suite::conformance),
    ("build and sizes", Suite::build_and_sizes),
    ("wasm tests in a browser", Suite::wasm_tests),
    ("types of JavaScript", Suite::script_types),
    ("journeys in a browser", Suite::journeys),
];

/// What is tried besides where there is time.
const LONGER: &[(&str, Step)] = &[("source package", |suite| one(extension::rebuild(&suite.workspace)))];

/// Runs all steps, whatever fails; prints the table and the summary; an error when anything failed.
pub(crate) fn run_all(workspace: &Workspace, long: bool) -> Result<()> {
    let suite = Suite { workspace: workspace.clone(), long };
    let start = Instant::now();
    let mut total = Tally::default();
    let mut table = String::new();
    let longer: &[(&str, Step)] = if long { LONGER } else { &[] };
    for (name, step) in STEPS.iter().chain(longer) {
        println!("\n== {name}");
        let begun = Instant::now();
        let (tally, fault) = match step(&suite) {
            Ok(tally) => (tally, None),
            Err(error) => (Tally { passed: 0, failed: 1 }, Some(format!("{error:#}"))),
        };
        total.passed += tally.passed;
        total.failed += tally.failed;
        table.push_str(&row(name, begun.elapsed(), tally));
        if let Some(fault) = fault {
            println!("{name} failed: {fault}");
            let first = fault.lines().next().unwrap_or_default();
            table.push_str(&format!("    {first}\n"));
        }
    }
    println!("\n{:<26} {:>8} {:>8} {:>8}", "step", "seconds", "passed", "failed");
    print!("{table}");
    print!("{}", row("all", start.elapsed(), total));
    if long {
        record(workspace, total, start.elapsed())?;
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn row(name: &str, time: Duration, tally: Tally) -> String {
    format!("{name:<26} {:>8.1} {:>8} {:>8}\n", time.as_secs_f64(), tally.passed, tally.failed)
}

/// A check counts as one test.
fn one(result: Result<()>) -> Result<Tally> {
    result.map(|()| Tally { passed: 1, failed: 0 })
}

impl Suite {
    fn set_up(&self) -> Result<Tally> {
        let mut missing = Vec::new();
        let mut need = |result: Result<()>| {
            if let Err(error) = result {
                missing.push(format!("{error:#}"));
            }
        };
        need(tools::sysroot().and_then(|sysroot| tools::wasm_target(&sysroot)));
        need(tools::node().map(drop));
        for tool in [&tools::NPM, &tools::CHROMIUM, &tools::FIREFOX, &tools::CHROMEDRIVER, &tools::STRACE] {
            need(tool.find_or_install().map(drop));
        }
        for folder in NODE_FOLDERS {
            need(npm_ci(&self.workspace.path(folder)).with_context(|| folder.to_owned()));
        }
        if !missing.is_empty() {
            bail!("{}", missing.join("; "));
        }
        Ok(Tally { passed: 1, failed: 0 })
    }

    fn format(&self) -> Result<Tally> {
        one(run(self.cargo().args(["fmt", "--all", "--check"])))
    }

    fn clippy_host(&self) -> Result<Tally> {
        let mut command = self.cargo();
        command.args(["clippy", "--locked", "--workspace", "--all-targets", "--features", HOST_FEATURES]);
        one(run(command.args(["--", "-D", "warnings"])))
    }

    fn clippy_wasm(&self) -> Result<Tally> {
        let mut command = self.cargo();
        command.args(["clippy", "--locked", "--target", "wasm32-unknown-unknown", "--lib", "--tests"]);
        for package in WASM {
            command.args(["--package", package]);
        }
        one(run(command.args(["--", "-D", "warnings"])))
    }

    fn host_tests(&self) -> Result<Tally> {
        let mut command = self.cargo();
        command.args(["test", "--locked", "--workspace", "--no-fail-fast", "--features", HOST_FEATURES]);
        self.counted(&mut command)
    }

    fn documentation(&self) -> Result<Tally> {
        let mut command = self.cargo();
        command.args(["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        one(run(&mut command))
    }

    fn conformance(&self) -> Result<Tally> {
        let mut command = Command::new(tools::node()?);
        command.current_dir(self.workspace.root()).arg("tests/conformance/age-interop.mjs");
        self.counted(&mut command)
    }

    fn build_and_sizes(&self) -> Result<Tally> {
        let built = build::build(&self.workspace)?;
        one(sizes::check(&sizes::measure(&self.workspace, &built)?))
    }

    /// wasm-bindgen's test runner under our lock file drives the browser; every package that has such tests.
    pub(crate) fn wasm_tests(&self) -> Result<Tally> {
        let packages = self.packages_with_wasm_tests()?;
        if packages.is_empty() {
            bail!("no package has tests for a browser");
        }
        run(self.cargo().args(["build", "--locked", "--package", "recourse-bindgen", "--features", "test-runner"]))?;
        let folder = self.workspace.target().join("wasm-tests");
        fs::create_dir_all(&folder)?;
        let capabilities = folder.join("webdriver.json");
        fs::write(&capabilities, serde_json::to_vec_pretty(&webdriver(&tools::CHROMIUM.find_or_install()?))?)?;
        let mut command = self.cargo();
        command.args(["test", "--locked", "--target", "wasm32-unknown-unknown", "--lib", "--tests", "--no-fail-fast"]);
        for package in packages {
            command.args(["--package", &package]);
        }
        command
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                self.workspace.target().join("debug/recourse-wasm-test-runner"),
            )
            .env("CHROMEDRIVER", tools::CHROMEDRIVER.find_or_install()?)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
            // Seconds; the runner's 20 were too few while another browser ran beside it.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        self.counted(&mut command)
    }

    fn packages_with_wasm_tests(&self) -> Result<Vec<String>> {
        let metadata = self.workspace.metadata()?;
        let tested = metadata.workspace_packages().into_iter().filter(|package| {
            let mut dependencies = package.dependencies.iter();
            dependencies.any(|dependency| {
                dependency.kind == DependencyKind::Development && dependency.name == "wasm-bindgen-test"
            })
        });
        Ok(tested.map(|package| package.name.to_string()).collect())
    }

    /// `tsc --checkJs --strict` on what `build` laid out for it.
    pub(crate) fn script_types(&self) -> Result<Tally> {
        let compiler = self.workspace.path("tests/e2e/node_modules/typescript/bin/tsc");
        let mut tally = Tally::default();
        for project in ["pages.json", "workers.json"] {
            let project = self.workspace.dist().join("types").join(project);
            if !project.exists() {
                continue;
            }
            run(Command::new(tools::node()?).arg(&compiler).arg("--project").arg(project))?;
            tally.passed += 1;
        }
        // The tests' own scripts.
        run(Command::new(tools::NPM.find_or_install()?)
            .current_dir(self.workspace.path("tests/e2e"))
            .args(["run", "--silent", "types"]))?;
        tally.passed += 1;
        Ok(tally)
    }

    fn journeys(&self) -> Result<Tally> {
        let mut command = Command::new(tools::NPM.find_or_install()?);
        command.current_dir(self.workspace.path("tests/e2e")).args(["test", "--silent"]);
        self.counted(&mut command)
    }

    fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(self.workspace.root());
        if self.long {
            // proptest's own switch: sixteen times as many cases.
            command.env("PROPTEST_CASES", "4096");
        }
        command
    }

    /// Runs a test runner, shows what it says and counts its tests. One that fails without naming a test counts as one failure.
    fn counted(&self, command: &mut Command) -> Result<Tally> {
        let shown = shown(command);
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("start {shown}"))?;
        let mut tally = Tally::default();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                tally.read(&line);
            }
        }
        let status = child.wait()?;
        if !status.success() && tally.failed == 0 {
            println!("{shown}: {status}");
            tally.failed = 1;
        }
        if tally == Tally::default() {
            bail!("{shown} ran no test");
        }
        Ok(tally)
    }
}

/// Installs the packages of the lock file unless they are there already.
pub(crate) fn npm_ci(folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json")).context("package-lock.json is missing")?;
    let stamp = folder.join("node_modules/.lock-file");
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&lock));
    if fs::read_to_string(&stamp).is_ok_and(|before| before == hash) {
        return Ok(());
    }
    run(Command::new(tools::NPM.find_or_install()?)
        .current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        // The system's browser is used.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(stamp, hash)?;
    Ok(())
}

/// Capabilities for the driver: the browser that was found, quiet, and (root has no user namespace) without its sandbox.
fn webdriver(chromium: &PathBuf) -> serde_json::Value {
    json!({
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-background-networking",
                "disable-component-update", "disable-sync", "no-first-run"
            ]
        }
    })
}

/// Keeps what the last long run saw, of which commit.
fn record(workspace: &Workspace, total: Tally, time: Duration) -> Result<()> {
    let commit = output(Command::new("git").current_dir(workspace.root()).args([
        "describe",
        "--always",
        "--dirty",
        "--abbrev=40",
    ]))?;
    let finished = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let record = json!({
        "commit": commit.trim(), "passed": total.passed, "failed": total.failed,
        "seconds": time.as_secs(), "finished_unix_seconds": finished,
    });
    let path = workspace.target().join("test-long.json");
    fs::write(&path, serde_json::to_vec_pretty(&record)?)?;
    println!("\nrecorded in {}", path.display());
    Ok(())
}
