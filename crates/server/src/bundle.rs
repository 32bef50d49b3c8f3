//! Checks a bundle that somebody kept or carried here, and takes it apart.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use recourse_capture::bundle::{self, Bundle};
use recourse_client::bundle::open;
use zeroize::Zeroizing;

use crate::files::private_folder;
use crate::record::ask_code;

/// What every ZIP begins with, and no sealed file.
const ZIP: &[u8] = b"PK";

/// Options of `recourse verify-bundle`.
#[derive(Debug, Args)]
pub(crate) struct VerifyBundle {
    /// The file that was saved, sealed or not.
    file: PathBuf,
    /// The folder that what is in it is written to; it must be new.
    #[arg(long)]
    into: Option<PathBuf>,
}

impl VerifyBundle {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let file = fs::read(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let sealed = !file.starts_with(ZIP);
        let bytes = if sealed { open(&ask_code("bundle")?, &file)? } else { Zeroizing::new(file) };
        check(&bytes, sealed, self.into.as_deref())
    }
}

/// Checks an opened bundle, says what was found, and takes it apart where that is wanted.
pub(crate) fn check(bytes: &[u8], sealed: bool, into: Option<&Path>) -> anyhow::Result<()> {
    let bundle = bundle::read(bytes)?;
    print!("{}", told(&bundle, sealed));
    match into {
        Some(folder) => write(folder, &bundle),
        None => Ok(()),
    }
}

/// Names in a bundle are made from numbers and types; none of them is a person's.
fn write(folder: &Path, bundle: &Bundle) -> anyhow::Result<()> {
    ensure!(!folder.exists(), "{} is there already", folder.display());
    private_folder(folder)?;
    private_folder(&folder.join("items"))?;
    let manifest = serde_json::to_vec_pretty(&bundle.head)?;
    let parts = [("manifest.json", &manifest), ("report.json", &bundle.report), ("report.txt", &bundle.readable)];
    let items = bundle.items.iter().map(|(name, content)| (name.as_str(), content));
    for (name, content) in parts.into_iter().chain(items) {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    eprintln!("written to {}", folder.display());
    Ok(())
}

/// What was found, a line for each part. Descriptions, addresses and titles are the person's or a page's, so they stay in the manifest.
fn told(bundle: &Bundle, sealed: bool) -> String {
    let tool = &bundle.head.evidence.tool;
    let mut text = format!(
        "whole: every part has the hash that manifest.json gives it\nsealed: {}\nmade with: {} {}, build {}\n",
        if sealed { "yes" } else { "no" },
        plain(&tool.name),
        plain(&tool.version),
        tool.build
    );
    for (item, (name, content)) in bundle.head.evidence.items.iter().zip(&bundle.items) {
        let composite = if item.composite { ", put together from several pictures" } else { "" };
        let covered = item.redactions.len();
        text += &format!(
            "{name}: {}, {} bytes, {}, {covered} covered{composite}\n",
            item.kind,
            content.len(),
            item.captured_at
        );
    }
    text += "It proves that nothing was changed since the bundle was made, and not who made it or that a picture is true.\n";
    text
}

/// Nothing that moves a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
