//! Reading and writing small files, secret ones with care.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Makes a folder that only its owner can look into, unless it is there.
pub(crate) fn private_folder(path: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("the folder {} cannot be made", path.display()))
}

/// Writes a new file that only its owner can read. Never overwrites.
pub(crate) fn write_secret(path: &Path, content: &str) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write(&options, path, content)
}

/// Writes a new file for everybody. Never overwrites.
pub(crate) fn write_public(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let content = serde_json::to_string_pretty(value)? + "\n";
    write(OpenOptions::new().write(true).create_new(true), path, &content)
}

/// Writes a new text for everybody. Never overwrites.
pub(crate) fn write_public_text(path: &Path, content: &str) -> anyhow::Result<()> {
    write(OpenOptions::new().write(true).create_new(true), path, content)
}

/// Writes a file for everybody in place of the one that may be there: whole or not at all.
pub(crate) fn replace_public(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let content = serde_json::to_string_pretty(value)? + "\n";
    let partial = path.with_extension("json.partial");
    write(OpenOptions::new().write(true).create(true).truncate(true), &partial, &content)?;
    fs::rename(&partial, path).with_context(|| format!("{} cannot be replaced", path.display()))?;
    File::open(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

fn write(options: &OpenOptions, path: &Path, content: &str) -> anyhow::Result<()> {
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        // The name must be as durable as the content.
        File::open(path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}

/// Reads a text.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Reads JSON.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    serde_json::from_str(&read_text(path)?).with_context(|| format!("{} is not what it should be", path.display()))
}
