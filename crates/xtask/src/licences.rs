//! `cargo xtask licences`: what `cargo deny check licenses sources bans` would say, from the same `deny.toml`, without installing it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result, bail};
use cargo_metadata::Metadata;
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::workspace::Workspace;

/// The parts of `deny.toml` that are checked here; cargo-deny reads the rest.
#[derive(Debug, Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    /// Duplicates that only these packages and theirs bring are put up with.
    #[serde(rename = "skip-tree")]
    skipped_trees: Vec<Skipped>,
}

#[derive(Debug, Deserialize)]
struct Skipped {
    /// `name@version`, the version as far as it matters.
    #[serde(rename = "crate")]
    package: String,
}

#[derive(Debug, Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    registries: Vec<String>,
}

/// One package of the lock file.
#[derive(Debug)]
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
    /// Where from; nothing for our own.
    source: Option<String>,
    /// Places in the list of the packages it depends on.
    dependencies: Vec<usize>,
}

/// Fails with every licence, source and duplicate that `deny.toml` does not allow.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let text = std::fs::read_to_string(workspace.path("deny.toml")).context("read deny.toml")?;
    let deny: Deny = toml::from_str(&text).context("deny.toml")?;
    let packages = read(workspace.metadata()?)?;
    let faults = faults(&deny, &packages);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!("{} packages: licences, sources and versions as deny.toml allows", packages.len());
    Ok(())
}

fn read(metadata: Metadata) -> Result<Vec<Package>> {
    let nodes = metadata.resolve.context("cargo metadata gave no graph")?.nodes;
    let place: HashMap<_, _> =
        (0..).zip(&metadata.packages).map(|(place, package)| (package.id.clone(), place)).collect();
    let mut packages: Vec<Package> = metadata
        .packages
        .into_iter()
        .map(|package| Package {
            name: package.name.to_string(),
            version: package.version.to_string(),
            licence: package.license,
            source: package.source.map(|source| source.repr),
            dependencies: Vec::new(),
        })
        .collect();
    for node in nodes {
        packages[place[&node.id]].dependencies = node.dependencies.iter().map(|id| place[id]).collect();
    }
    Ok(packages)
}

fn faults(deny: &Deny, packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let skipped = skipped(deny, packages);
    for (place, package) in packages.iter().enumerate() {
        let Package { name, version, .. } = package;
        if !skipped.contains(&place) {
            versions.entry(name).or_default().insert(version);
        }
        match &package.licence {
            None => faults.push(format!("{name} {version} names no licence")),
            // Old manifests write "MIT/Apache-2.0".
            Some(licence) => match Expression::parse_mode(licence, ParseMode::LAX) {
                Err(error) => {
                    faults.push(format!("{name} {version}: {licence:?} is no licence expression: {}", error.reason))
                }
                Ok(expression) if !expression.evaluate(|licence| allowed(deny, licence)) => {
                    faults.push(format!("{name} {version}: licence {licence} is not allowed by deny.toml"));
                }
                Ok(_) => {}
            },
        }
        if let Some(source) = &package.source
            && !deny.sources.registries.iter().any(|registry| source == &format!("registry+{registry}"))
        {
            faults.push(format!("{name} {version} comes from {source}"));
        }
    }
    for (name, versions) in versions {
        if versions.len() > 1 {
            let versions: Vec<&str> = versions.into_iter().collect();
            faults.push(format!(
                "{name} is there in several versions ({}): agree on one, or say why in deny.toml",
                versions.join(", ")
            ));
        }
    }
    faults
}

/// Places of the packages of `skip-tree` and of all below them.
fn skipped(deny: &Deny, packages: &[Package]) -> BTreeSet<usize> {
    let is_root = |package: &Package| {
        deny.bans.skipped_trees.iter().any(|skipped| {
            let (name, version) = skipped.package.split_once('@').unwrap_or((&skipped.package, ""));
            let rest = package.version.strip_prefix(version);
            package.name == name
                && rest.is_some_and(|rest| version.is_empty() || rest.is_empty() || rest.starts_with('.'))
        })
    };
    let mut left: Vec<usize> = (0..packages.len()).filter(|place| is_root(&packages[*place])).collect();
    let mut reached = BTreeSet::new();
    while let Some(place) = left.pop() {
        if reached.insert(place) {
            left.extend(&packages[place].dependencies);
        }
    }
    reached
}

fn allowed(deny: &Deny, licence: &LicenseReq) -> bool {
    deny.licenses.allow.iter().any(|allowed| *allowed == licence.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "https://github.com/rust-lang/crates.io-index";

    fn deny() -> Deny {
        toml::from_str(&format!(
            "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Apache-2.0 WITH LLVM-exception\"]\n\
             [bans]\nskip-tree = [{{ crate = \"age@0.11\", reason = \"older\" }}]\n\
             [sources]\nallow-registry = [\"{REGISTRY}\"]"
        ))
        .unwrap()
    }

    fn package(name: &str, version: &str, licence: &str) -> Package {
        Package {
            name: name.into(),
            version: version.into(),
            licence: Some(licence.into()),
            source: Some(format!("registry+{REGISTRY}")),
            dependencies: Vec::new(),
        }
    }

    #[test]
    fn licences_are_evaluated_as_expressions() {
        for (licence, good) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("MIT OR GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-3.0-only", false),
            ("my own", false),
        ] {
            assert_eq!(faults(&deny(), &[package("a", "1.0.0", licence)]).is_empty(), good, "{licence}");
        }
        let none = Package { licence: None, ..package("a", "1.0.0", "MIT") };
        assert_eq!(faults(&deny(), &[none]).len(), 1);
    }

    #[test]
    fn other_sources_are_refused_and_our_own_pass() {
        let git = Package { source: Some("git+https://example.org/a".into()), ..package("a", "1.0.0", "MIT") };
        assert_eq!(faults(&deny(), &[git]).len(), 1);
        let ours = Package { source: None, ..package("a", "1.0.0", "MIT") };
        assert!(faults(&deny(), &[ours]).is_empty());
    }

    #[test]
    fn two_versions_are_refused_unless_a_skipped_tree_brings_one() {
        let two = |parent: &str, version: &str| {
            let parent = Package { dependencies: vec![1], ..package(parent, version, "MIT") };
            faults(&deny(), &[parent, package("sha2", "0.10.1", "MIT"), package("sha2", "0.11.0", "MIT")])
        };
        assert_eq!(two("hpke", "0.11.5").len(), 1);
        assert_eq!(two("age", "0.1.0").len(), 1, "0.11 is no 0.1");
        assert!(two("age", "0.11.5").is_empty());
    }
}
