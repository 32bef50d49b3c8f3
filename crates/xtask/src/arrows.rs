//! `cargo xtask arrows`: which crate may depend on which, and which outside crates are fenced in.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use cargo_metadata::{DependencyKind, Metadata};

use crate::workspace::Workspace;

/// Every package of the workspace and the packages of ours that it may depend on. Drawn in ARCHITECTURE.md.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("seal", &[]),
    ("glue", &[]),
    ("bindgen", &[]),
    ("cover", &[]),
    ("redact", &[]),
    ("scrub", &[]),
    ("scrub-module", &["scrub"]),
    ("locale", &[]),
    // What an extension knows of a page, and bundles.
    ("capture", &["domain", "redact", "cover"]),
    ("wire", &["domain"]),
    ("flow", &["domain", "wire", "redact"]),
    ("client", &["wire", "seal", "domain"]),
    // What the two engines share; they alone bring `seal` into a browser, through `client`.
    ("worker", &["client", "wire", "glue"]),
    ("engine", &["worker", "client", "seal", "domain", "wire", "glue"]),
    ("console-engine", &["worker", "client", "seal", "domain", "wire", "glue"]),
    // `locale` numbers the texts when `ui` is built; no page links it.
    ("ui", &["flow", "domain", "wire", "glue", "locale"]),
    ("store", &["domain", "wire"]),
    ("store-sqlite", &["store", "domain", "wire"]),
    // HTML from the form's own state and texts; `locale` numbers them when it is built.
    ("pages", &["flow", "domain", "wire", "locale"]),
    // The plain form does in the server what an engine does on a device: `client` seals and sends, `scrub` cleans. All of it is in one module.
    ("api", &["store", "wire", "domain", "seal", "pages", "flow", "client", "scrub"]),
    ("server", &["api", "capture", "store", "store-sqlite", "client", "seal", "domain", "wire"]),
    // The apps never link `seal`: they ask the engine.
    ("intake-app", &["ui", "flow", "domain", "wire", "glue"]),
    // Loaded when somebody covers parts of a picture.
    ("picture-editor", &["cover", "glue"]),
    // The panel holds what it captured and seals bundles itself: no provider's page is there to ask.
    ("extension", &["capture", "client", "cover", "domain", "glue", "redact", "seal", "ui", "wire"]),
    ("console", &["ui", "flow", "domain", "wire", "glue"]),
    ("follow-up", &["ui", "flow", "domain", "wire", "glue"]),
    // A whole provider in process, for tests alone.
    ("testkit", &["api", "client", "store", "store-sqlite", "seal", "domain", "wire"]),
    ("xtask", &["bindgen", "locale"]),
];

/// Outside crates and the only packages of ours that may name them.
const FENCES: &[(&str, &[&str])] = &[
    (
        "web-sys",
        &[
            "glue",
            "ui",
            "worker",
            "engine",
            "console-engine",
            "intake-app",
            "console",
            "follow-up",
            "picture-editor",
            "extension",
        ],
    ),
    ("yew", &["ui", "intake-app", "console", "follow-up", "extension"]),
    ("rusqlite", &["store-sqlite"]),
    ("axum", &["api", "server", "testkit"]),
    ("age", &["seal"]),
    ("hpke", &["seal"]),
    ("anyhow", &["server", "xtask", "bindgen"]),
];

/// One dependency line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: String,
    to: String,
    test: bool,
}

/// Fails with every dependency that is not drawn.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let (packages, arrows) = read(&workspace.metadata()?);
    let faults = faults(&packages, &arrows);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!("{} packages, {} dependencies: all as drawn", packages.len(), arrows.len());
    Ok(())
}

fn read(metadata: &Metadata) -> (BTreeSet<String>, BTreeSet<Arrow>) {
    let mut packages = BTreeSet::new();
    let mut arrows = BTreeSet::new();
    for package in metadata.workspace_packages() {
        let from = short(&package.name);
        packages.insert(from.clone());
        for dependency in &package.dependencies {
            let test = dependency.kind == DependencyKind::Development;
            arrows.insert(Arrow { from: from.clone(), to: dependency.name.clone(), test });
        }
    }
    (packages, arrows)
}

fn short(name: &str) -> String {
    name.strip_prefix(OURS).unwrap_or(name).to_owned()
}

const OURS: &str = "recourse-";

fn faults(packages: &BTreeSet<String>, arrows: &BTreeSet<Arrow>) -> Vec<String> {
    let mut faults: Vec<String> = packages
        .iter()
        .filter(|package| !ARROWS.iter().any(|(from, _)| from == package))
        .map(|package| format!("{package} is not drawn: add it to ARCHITECTURE.md and crates/xtask/src/arrows.rs"))
        .collect();
    for Arrow { from, to, test } in arrows {
        let kind = if *test { "its tests" } else { "it" };
        if let Some(ours) = to.strip_prefix(OURS) {
            // Tests may use the world that they share, beside the arrows of their package.
            if !(is_drawn(from, ours) || *test && ours == "testkit") {
                faults.push(format!("{from} -> {ours} is not drawn: {kind} may not depend on it"));
            }
        } else if let Some((_, inside)) = FENCES.iter().find(|(fenced, _)| fenced == to)
            && !inside.contains(&from.as_str())
            && !*test
        {
            faults.push(format!("{from} -> {to}: {to} is fenced into {}", inside.join(", ")));
        }
    }
    faults
}

fn is_drawn(from: &str, to: &str) -> bool {
    ARROWS.iter().any(|(package, allowed)| *package == from && allowed.contains(&to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, test: bool) -> Vec<String> {
        faults(&BTreeSet::new(), &BTreeSet::from([Arrow { from: from.into(), to: to.into(), test }]))
    }

    #[test]
    fn drawn_arrows_pass() {
        for (from, to, test) in [
            ("wire", "recourse-domain", false),
            ("server", "recourse-store-sqlite", false),
            ("seal", "recourse-testkit", true),
            ("api", "recourse-testkit", true),
            ("store-sqlite", "rusqlite", false),
            ("domain", "serde", false),
        ] {
            assert_eq!(check(from, to, test), Vec::<String>::new());
        }
    }

    #[test]
    fn arrows_that_are_not_drawn_are_red() {
        for (from, to, test) in [
            ("domain", "recourse-wire", false),
            ("intake-app", "recourse-seal", false),
            ("console", "recourse-engine", true),
            ("api", "recourse-store-sqlite", false),
            ("seal", "recourse-testkit", false),
            ("unknown", "recourse-domain", false),
        ] {
            assert_eq!(check(from, to, test).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn fenced_crates_stay_inside() {
        for (from, to) in
            [("domain", "web-sys"), ("api", "rusqlite"), ("flow", "yew"), ("client", "axum"), ("client", "age")]
        {
            assert_eq!(check(from, to, false).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn a_package_that_is_not_drawn_is_red() {
        assert_eq!(faults(&BTreeSet::from(["domain".to_owned()]), &BTreeSet::new()).len(), 0);
        assert_eq!(faults(&BTreeSet::from(["helpers".to_owned()]), &BTreeSet::new()).len(), 1);
    }

    #[test]
    fn the_drawing_has_no_circle() {
        // Taking away what depends on nothing left must take away everything.
        let mut left: Vec<_> = ARROWS.to_vec();
        loop {
            let before = left.len();
            let names: BTreeSet<&str> = left.iter().map(|(name, _)| *name).collect();
            left.retain(|(_, to)| to.iter().any(|name| names.contains(name)));
            if left.len() == before {
                break;
            }
        }
        assert_eq!(left, []);
    }
}
