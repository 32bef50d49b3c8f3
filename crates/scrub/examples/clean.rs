//! Cleans files from one folder into another, for `tests/scrub/check.py`: `clean FROM TO [TIMES]`. With a third argument each file is
//! cleaned that often, and the milliseconds of one time are printed.
#![allow(clippy::disallowed_methods, reason = "an example that reads and writes files")]

use std::path::PathBuf;
use std::time::Instant;

use recourse_scrub::{Options, Verdict, scrub};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err(std::io::Error::other("clean FROM TO [TIMES]"));
    };
    let times: u32 = arguments.next().and_then(|times| times.parse().ok()).unwrap_or(0);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(from)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    for path in files {
        let bytes = std::fs::read(&path)?;
        let name = path.file_name().unwrap_or_default();
        let start = Instant::now();
        for _ in 1..times {
            let _ = scrub(&bytes, "", &Options::default());
        }
        let verdict = scrub(&bytes, "", &Options::default());
        let each = start.elapsed().as_secs_f64() * 1000.0 / f64::from(times.max(1));
        match verdict {
            Ok(Verdict::Clean(clean)) => {
                let ids = |ids: Vec<&str>| ids.join(" ");
                let removed = ids(clean.removed.iter().map(|what| what.id()).collect());
                let notes = ids(clean.notes.iter().map(|note| note.id()).collect());
                println!("{} {} -> {}: {removed} | {notes}", name.display(), bytes.len(), clean.bytes.len());
                std::fs::write(PathBuf::from(&to).join(name), clean.bytes)?;
            }
            other => println!("{} {other:?}", name.display()),
        }
        if times > 0 {
            println!("  {each:.1} ms");
        }
    }
    Ok(())
}
