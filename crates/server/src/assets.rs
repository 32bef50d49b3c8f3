//! Where the web assets come from: a folder, or the binary itself.

use std::path::Path;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use recourse_api::Assets;

/// The two sites.
pub(crate) struct Sites {
    pub(crate) intake: Assets,
    pub(crate) console: Assets,
}

/// Reads `intake/` and `console/` of that folder; without a folder, what was built in.
pub(crate) fn load(folder: Option<&Path>) -> anyhow::Result<Sites> {
    let sites = match folder {
        Some(folder) => Sites { intake: read(&folder.join("intake"))?, console: read(&folder.join("console"))? },
        None => embedded()?,
    };
    for (site, page) in [
        (&sites.intake, "embed.html"),
        (&sites.intake, "hosted.html"),
        (&sites.intake, "follow-up.html"),
        (&sites.intake, "plain.html"),
        (&sites.intake, "plain-follow-up.html"),
        (&sites.intake, "verify.html"),
        (&sites.console, "index.html"),
    ] {
        ensure!(
            site.contains(page),
            "the web assets have no {page}; `cargo xtask build` writes them to target/dist/www"
        );
    }
    Ok(sites)
}

fn read(root: &Path) -> anyhow::Result<Assets> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("the folder {} with web assets cannot be read", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root)?.to_str().context("a web asset has a name that is not UTF-8")?;
            let name = name.replace(std::path::MAIN_SEPARATOR, "/");
            let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.push((name, Bytes::from(bytes)));
        }
    }
    Ok(Assets::from_files(files))
}

#[cfg(feature = "embed-assets")]
fn embedded() -> anyhow::Result<Sites> {
    use include_dir::{Dir, include_dir};

    static INTAKE: Dir<'_> = include_dir!("$RECOURSE_WWW/intake");
    static CONSOLE: Dir<'_> = include_dir!("$RECOURSE_WWW/console");

    fn collect(folder: &'static Dir<'static>, files: &mut Vec<(String, Bytes)>) {
        for file in folder.files() {
            let name = file.path().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
            files.push((name, Bytes::from_static(file.contents())));
        }
        for folder in folder.dirs() {
            collect(folder, files);
        }
    }

    let site = |folder| {
        let mut files = Vec::new();
        collect(folder, &mut files);
        Assets::from_files(files)
    };
    Ok(Sites { intake: site(&INTAKE), console: site(&CONSOLE) })
}

#[cfg(not(feature = "embed-assets"))]
fn embedded() -> anyhow::Result<Sites> {
    anyhow::bail!("this binary has no web assets inside; give --assets with the folder that `cargo xtask build` wrote")
}
