//! `cargo xtask size`: what is shipped, compressed as a good server would, beside its budget.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::build::{Built, Written};
use crate::workspace::Workspace;

/// Budgets count in thousands of bytes, the stricter reading.
const KB: usize = 1000;

/// Known failures: rows that do not keep their budget yet, and must not grow. Lower them with every byte that is won.
const CEILINGS: [(&str, usize); 1] = [("form", 108 * KB)];

/// One row: what somebody waits for in one piece.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    what: &'static str,
    files: Vec<File>,
    raw: usize,
    brotli: usize,
    /// Bytes of brotli at most; some rows have none.
    budget: Option<usize>,
    /// A budget that is not reached yet: what the row may have until it is.
    ceiling: Option<usize>,
}

#[derive(Debug, Clone, Serialize)]
struct File {
    name: String,
    raw: usize,
    brotli: usize,
}

impl Row {
    fn new(what: &'static str, files: Vec<File>, budget: Option<usize>) -> Self {
        let raw = files.iter().map(|file| file.raw).sum();
        let brotli = files.iter().map(|file| file.brotli).sum();
        let ceiling = CEILINGS.iter().find(|(row, _)| *row == what).map(|(_, ceiling)| *ceiling);
        Self { what, files, raw, brotli, budget, ceiling }
    }

    /// How many bytes past what fails.
    fn excess(&self) -> usize {
        let limit = self.ceiling.max(self.budget).unwrap_or(usize::MAX);
        self.brotli.saturating_sub(limit)
    }

    /// Past its budget, be it a known failure or a new one.
    fn over(&self) -> bool {
        self.budget.is_some_and(|budget| self.brotli > budget)
    }
}

/// Measures, prints the table and writes `sizes.json`.
pub(crate) fn measure(workspace: &Workspace, built: &Built) -> Result<Vec<Row>> {
    let mut compressed = Compressed::default();
    let mut rows = Vec::new();
    if let Some(loader) = &built.loader {
        rows.push(Row::new("loader", vec![compressed.file(loader)?], Some(3 * KB)));
    }
    // DESIGN 11: until interactive. The engine loads while the person reads, and has a row of its own.
    for (what, page, budget) in [
        ("form", "embed.html", Some(95 * KB)),
        ("follow-up page", "follow-up.html", None),
        ("console", "index.html", Some(300 * KB)),
    ] {
        if let Some(parts) = built.pages.get(page) {
            let waited = parts.iter().filter(|part| !is_engine(&part.name)).collect();
            let waited = one_locale(waited, &mut compressed)?;
            rows.push(Row::new(what, waited, budget));
        }
    }
    // DESIGN names no budget for the console's engine: it reads reports where the other writes them, and loads while the key is chosen.
    for (what, page, budget) in
        [("engine worker", "embed.html", 170 * KB), ("console's engine worker", "index.html", 180 * KB)]
    {
        let parts = built.pages.get(page).into_iter().flatten().filter(|part| is_engine(&part.name));
        let engine = parts.map(|part| compressed.file(part)).collect::<Result<Vec<_>>>()?;
        if !engine.is_empty() {
            rows.push(Row::new(what, engine, Some(budget)));
        }
    }
    print!("{}", table(&rows));
    let path = workspace.dist().join("sizes.json");
    std::fs::write(&path, serde_json::to_vec_pretty(&rows)?).with_context(|| format!("write {}", path.display()))?;
    Ok(rows)
}

/// Fails when a row is past its budget, or when one that has a budget was not built.
pub(crate) fn check(rows: &[Row]) -> Result<()> {
    let over: Vec<String> = rows
        .iter()
        .filter(|row| row.excess() > 0)
        .map(|row| format!("{} is {} bytes past what it may have", row.what, row.excess()))
        .collect();
    if !over.is_empty() {
        bail!("{}", over.join("; "));
    }
    let missing: Vec<&str> = ["loader", "form", "engine worker", "console", "console's engine worker"]
        .into_iter()
        .filter(|what| !rows.iter().any(|row| row.what == *what))
        .collect();
    if !missing.is_empty() {
        bail!("nothing to measure for: {}", missing.join(", "));
    }
    Ok(())
}

fn is_engine(name: &str) -> bool {
    ["engine-worker.js", "engine.js", "engine_bg.wasm"].iter().any(|end| name.ends_with(end))
}

/// Drops all languages of a surface (`en.form.json`, `de.form.json`) but the largest: one is loaded, and the budget must hold for each.
fn one_locale(parts: Vec<&Written>, compressed: &mut Compressed) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut largest: BTreeMap<String, File> = BTreeMap::new();
    for part in parts {
        let file = compressed.file(part)?;
        let Some(surface) = surface(&file.name) else {
            files.push(file);
            continue;
        };
        if largest.get(surface).is_none_or(|other| other.brotli < file.brotli) {
            largest.insert(surface.to_owned(), file);
        }
    }
    files.extend(largest.into_values());
    Ok(files)
}

/// The middle of `LANGUAGE.SURFACE.json`.
fn surface(name: &str) -> Option<&str> {
    name.strip_suffix(".json")?.split_once('.').map(|(_, surface)| surface)
}

/// Brotli at level 11 takes seconds for a module: each file once.
#[derive(Default)]
struct Compressed {
    seen: HashMap<String, File>,
}

impl Compressed {
    fn file(&mut self, written: &Written) -> Result<File> {
        if let Some(file) = self.seen.get(&written.name) {
            return Ok(file.clone());
        }
        let brotli = compress(&written.bytes)?.len();
        let file = File { name: written.name.clone(), raw: written.bytes.len(), brotli };
        self.seen.insert(file.name.clone(), file.clone());
        Ok(file)
    }
}

/// Brotli at its highest level.
pub(crate) fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn table(rows: &[Row]) -> String {
    let mut out = format!("{:<34} {:>10} {:>10} {:>10}\n", "what", "raw", "brotli-11", "budget");
    for row in rows {
        let budget = row.budget.map_or_else(|| "-".to_owned(), |budget| budget.to_string());
        let mark = match (row.over(), row.excess()) {
            (false, _) => "",
            (true, 0) => "  over its budget: a known failure",
            (true, _) => "  OVER",
        };
        out.push_str(&format!("{:<34} {:>10} {:>10} {:>10}{mark}\n", row.what, row.raw, row.brotli, budget));
        for file in &row.files {
            out.push_str(&format!("  {:<32} {:>10} {:>10}\n", file.name, file.raw, file.brotli));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(what: &'static str, brotli: usize, budget: usize) -> Row {
        Row::new(what, vec![File { name: what.into(), raw: brotli * 3, brotli }], Some(budget))
    }

    fn all(loader: usize) -> Vec<Row> {
        vec![
            row("loader", loader, 3000),
            row("form", 1, 2),
            row("engine worker", 1, 2),
            row("console", 1, 2),
            row("console's engine worker", 1, 2),
        ]
    }

    #[test]
    fn one_byte_too_many_is_red() {
        assert!(check(&all(3000)).is_ok());
        let error = check(&all(3001)).unwrap_err().to_string();
        assert_eq!(error, "loader is 1 bytes past what it may have");
        assert!(table(&all(3001)).contains("OVER") && !table(&all(3000)).contains("OVER"));
    }

    #[test]
    fn a_known_failure_is_shown_and_may_not_grow() {
        let (what, ceiling) = CEILINGS[0];
        let mut rows = all(1);
        rows[1] = row(what, ceiling, ceiling - 1);
        assert!(check(&rows).is_ok() && table(&rows).contains("known failure"));
        rows[1] = row(what, ceiling + 1, ceiling - 1);
        assert!(check(&rows).is_err());
    }

    #[test]
    fn what_is_compressed_comes_back_whole() {
        let bytes = b"recourse ".repeat(1000);
        let compressed = compress(&bytes).unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut compressed.as_slice(), &mut back).unwrap();
        assert!(back == bytes && compressed.len() < 100, "{}", compressed.len());
    }

    #[test]
    fn what_was_not_built_is_red() {
        let mut rows = all(1);
        rows.remove(2);
        assert!(check(&rows).unwrap_err().to_string().contains("engine worker"));
    }

    #[test]
    fn the_largest_locale_of_each_surface_counts() {
        let parts: Vec<Written> =
            [("a.css", 10), ("de.form.json", 300), ("en.form.json", 20), ("en.sent.json", 20), ("a.json", 9)]
                .map(|(name, length)| Written {
                    name: name.into(),
                    bytes: (0..length).map(|i: u32| (i * 7 % 251) as u8).collect(),
                })
                .into();
        let files = one_locale(parts.iter().collect(), &mut Compressed::default()).unwrap();
        assert_eq!(
            files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
            ["a.css", "a.json", "de.form.json", "en.sent.json"]
        );
    }
}
