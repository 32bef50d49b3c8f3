//! Opens a record that somebody kept instead of sending it.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use recourse_client::record::{self, OpenRecordError, Record};
use zeroize::Zeroizing;

use crate::bundle;
use crate::files::{private_folder, write_secret};

/// Options of `recourse open-record`.
#[derive(Debug, Args)]
pub(crate) struct OpenRecord {
    /// The file that was saved.
    file: PathBuf,
    /// The folder that the files in it are written to; it must be new. Without it only the text is shown.
    #[arg(long)]
    into: Option<PathBuf>,
}

impl OpenRecord {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let sealed = fs::read(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let code = ask_code("record")?;
        let opened = match record::open(&code, &sealed) {
            // What the extension's form saves in the place of a record; the form names this command.
            Err(OpenRecordError::Shape) => {
                return bundle::check(&recourse_client::bundle::open(&code, &sealed)?, true, self.into.as_deref());
            }
            opened => opened?,
        };
        println!("{}", serde_json::to_string_pretty(&opened.head)?);
        match &self.into {
            Some(folder) => write(folder, &opened),
            None => Ok(()),
        }
    }
}

/// The code of a record or a bundle. Asked for and not an option: a command line is kept in the shell's history.
pub(crate) fn ask_code(of: &str) -> anyhow::Result<Zeroizing<String>> {
    eprint!("Code of the {of}: ");
    io::stderr().flush()?;
    let mut code = Zeroizing::new(String::new());
    io::stdin().lock().read_line(&mut code)?;
    Ok(code)
}

/// Writes the report and its files. The names are the person's: none of them becomes a path.
fn write(folder: &Path, opened: &Record) -> anyhow::Result<()> {
    ensure!(!folder.exists(), "{} is there already", folder.display());
    private_folder(folder)?;
    write_secret(&folder.join("report.json"), &(serde_json::to_string_pretty(&opened.head)? + "\n"))?;
    for (at, (file, content)) in opened.head.files.iter().zip(&opened.files).enumerate() {
        let path = folder.join(format!("{}-{}", at + 1, plain(&file.name)));
        fs::write(&path, content).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    eprintln!("{} files are in {}", opened.files.len(), folder.display());
    Ok(())
}

/// Letters, digits, dots and dashes of a name, the last forty of them.
fn plain(name: &str) -> String {
    let keep = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: Vec<char> = name.chars().map(keep).collect();
    name[name.len().saturating_sub(40)..].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_become_no_paths() {
        assert_eq!(plain("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(plain("Größe 1.png"), "Größe_1.png");
        assert_eq!(plain(&"x".repeat(300)).len(), 40);
        assert_eq!(plain("a\\b\u{202e}"), "a_b_");
    }
}
