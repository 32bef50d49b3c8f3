//! What was acknowledged is there: after being killed under load, and by the order of syncs, since a killed process leaves the
//! kernel's cache behind and only loss of power shows a missing sync.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests look at files and start processes")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;

use recourse_store::Store;
use recourse_store::conformance::cases::assert_stored;
use recourse_store::conformance::sample::{self, NOW};
use recourse_store_sqlite::SqliteStore;
use recourse_wire::console::CaseQuery;
use rusqlite::Connection;

mod attachment;

/// Seeds that a round may use.
const ROUND: u64 = 1_000_000;

fn hammer() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let path =
        tests.ancestors().nth(2).unwrap().join("examples").join(format!("hammer{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is missing: cargo build -p recourse-store-sqlite --example hammer", path.display());
    path
}

/// Twenty rounds: start, kill (SIGKILL) after a varying number of acknowledgements, look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_killed_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut acknowledged = Vec::new();
    for round in 0..20_u64 {
        let mut child = Command::new(hammer())
            .args([data.to_str().unwrap(), &(round * ROUND).to_string(), "8", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut said = read_cases(&mut lines, 20 + (round * 37) % 150);
        child.kill().unwrap();
        child.wait().unwrap();
        said.extend(read_cases(&mut lines, u64::MAX));

        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data).unwrap());
        for &seed in &said {
            look(&store, seed).await;
        }
        acknowledged.extend(said);
        // Cases that were stored and not yet acknowledged are whole too.
        let stored = all_seeds(&data);
        for &seed in stored.iter().filter(|&&seed| seed >= round * ROUND) {
            look(&store, seed).await;
        }
        assert!(
            acknowledged.iter().all(|seed| stored.binary_search(seed).is_ok()),
            "a case of an earlier round is gone"
        );
        store.ready().await.unwrap();
        assert!(matches!(
            store.list_cases(&CaseQuery::default(), NOW).await.unwrap(),
            recourse_store::ListOutcome::Page(page) if !page.cases.is_empty()
        ));
        drop(store);
        assert_sound(&data);
    }
    assert!(acknowledged.len() > 20 * 20);
    println!("{} cases acknowledged in 20 rounds, all there", acknowledged.len());
}

/// Seeds of `case` lines, until there are so many or the hammer is dead.
fn read_cases(lines: &mut BufReader<ChildStdout>, count: u64) -> Vec<u64> {
    let mut seeds = Vec::new();
    let mut line = String::new();
    while (seeds.len() as u64) < count {
        line.clear();
        if lines.read_line(&mut line).unwrap() == 0 || !line.ends_with('\n') {
            break;
        }
        if let Some(seed) = line.strip_prefix("case ") {
            seeds.push(seed.trim().parse().unwrap());
        }
    }
    seeds
}

/// Everything of that report: events in a chain, bodies, attachment.
async fn look(store: &Arc<dyn Store>, seed: u64) {
    let content = attachment::of(seed, false);
    let claims = content.iter().map(|content| sample::claim(seed, content)).collect();
    let contents: Vec<_> = content.into_iter().collect();
    assert_stored(store, &sample::case(seed, claims), &contents).await;
}

/// The seeds of all cases in the database, sorted, read beside the store.
fn all_seeds(data: &Path) -> Vec<u64> {
    let connection = Connection::open(data.join("recourse.sqlite")).unwrap();
    let mut statement = connection.prepare("SELECT acknowledgement FROM cases").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let seed = |text: String| text.trim_start_matches("{\"acknowledged\":").trim_end_matches('}').parse().unwrap();
    let mut seeds: Vec<u64> = rows.map(|row| seed(row.unwrap())).collect();
    seeds.sort_unstable();
    seeds
}

/// SQLite's own checks, and files and rows that answer each other.
fn assert_sound(data: &Path) {
    let connection = Connection::open(data.join("recourse.sqlite")).unwrap();
    let report: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(report, "ok");
    assert!(!connection.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() as usize;
    let files = |folder: &str| std::fs::read_dir(data.join(folder)).unwrap().count();
    assert_eq!(files("blobs"), count("SELECT COUNT(*) FROM blobs"), "orphans are swept");
    assert_eq!(files("uploads"), count("SELECT COUNT(*) FROM uploads WHERE claimed = 0"));
}

/// One system call of a trace.
#[derive(Debug, PartialEq)]
enum Call {
    /// The file at this path was synced, successfully.
    Synced(String),
    /// A name was made.
    Linked(String),
    /// A line was printed.
    Said(String),
}

/// One report with one attachment under strace: each acknowledgement is printed after the syncs that make it true, in order.
#[test]
fn syncs_come_before_acknowledgements_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().canonicalize().unwrap().join("data");
    let trace = folder.path().join("trace");
    let status = Command::new("strace")
        .args(["-f", "-y", "-s", "256", "-e", "trace=fsync,fdatasync,openat,rename,link,linkat,pwrite64,write", "-o"])
        .arg(&trace)
        .arg(hammer())
        .args([data.to_str().unwrap(), "1", "1", "1"])
        .stdout(Stdio::null())
        .status()
        .unwrap_or_else(|error| panic!("strace is needed for this test; install it (apt install strace): {error}"));
    assert!(status.success(), "the traced hammer failed: {status}");
    let calls = parse(&std::fs::read_to_string(&trace).unwrap());
    let upload = sample::upload(1, 0).upload.to_string();
    let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let log = path("recourse.sqlite-wal");
    let blob = path(&format!("blobs/{upload}"));
    let bytes = path(&format!("uploads/{upload}"));

    // Before anything: the data folder's name, then the two folders' and the database's names in it.
    let ready = in_order(
        &calls,
        0,
        &[
            Call::Synced(folder.path().canonicalize().unwrap().to_str().unwrap().into()),
            Call::Synced(data.to_str().unwrap().into()),
            Call::Said("ready".into()),
        ],
    );
    // A new upload's name, then each chunk's bytes and the offset that counts them.
    let mut at = in_order(
        &calls,
        ready,
        &[Call::Synced(bytes.clone()), Call::Synced(path("uploads")), Call::Synced(log.clone())],
    );
    for offset in [attachment::CHUNK, 40_000] {
        let said = Call::Said(format!("offset {upload} {offset}"));
        at = in_order(&calls, at, &[Call::Synced(bytes.clone()), Call::Synced(log.clone()), said]);
    }
    // The report: file, folder, log, answer.
    in_order(
        &calls,
        at,
        &[
            Call::Linked(blob.clone()),
            Call::Synced(blob),
            Call::Synced(path("blobs")),
            Call::Synced(log),
            Call::Said("case 1".into()),
        ],
    );
}

/// Asserts that the calls come in this order from `start` on, the last of them for the first time there, and gives the place
/// after it.
fn in_order(calls: &[Call], start: usize, wanted: &[Call]) -> usize {
    let last = wanted.last().unwrap();
    let end = start + calls[start..].iter().position(|call| call == last).unwrap_or_else(|| panic!("never: {last:?}"));
    let mut found = calls[start..=end].iter();
    for call in wanted {
        assert!(
            found.any(|found| found == call),
            "{call:?} is missing or late; wanted {wanted:#?} in {:#?}",
            &calls[start..=end]
        );
    }
    end + 1
}

/// Calls of a trace in the order in which they ended: `<unfinished …>` and `<… resumed>` lines are joined.
fn parse(trace: &str) -> Vec<Call> {
    let mut open = std::collections::HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let (thread, text) = line.split_once(' ').unwrap();
        let text = text.trim_start();
        if let Some(begun) = text.strip_suffix("<unfinished ...>") {
            // What is printed counts from its beginning: somebody may have read it before the call ended.
            if let Some(said @ Call::Said(_)) = parse_call(&format!("{begun}) = 0")) {
                calls.push(said);
            } else {
                open.insert(thread.to_owned(), begun.to_owned());
            }
            continue;
        }
        let whole = match text.strip_prefix("<... ").and_then(|text| text.split_once("resumed>")) {
            Some((_, rest)) => match open.remove(thread) {
                Some(begun) => begun + rest,
                None => continue,
            },
            None => text.to_owned(),
        };
        calls.extend(parse_call(&whole));
    }
    calls
}

fn parse_call(text: &str) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    if !text.trim_end().rsplit_once("= ")?.1.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match name {
        "fsync" | "fdatasync" => {
            let path = rest.split_once('<')?.1.split_once('>')?.0;
            Some(Call::Synced(path.to_owned()))
        }
        "link" | "linkat" => Some(Call::Linked(rest.rsplit('"').nth(1)?.to_owned())),
        "write" if rest.starts_with("1<") || rest.starts_with("1,") => {
            Some(Call::Said(rest.split_once('"')?.1.split_once("\\n")?.0.to_owned()))
        }
        _ => None,
    }
}

#[test]
fn a_trace_is_read_in_the_order_in_which_calls_end() {
    let trace = "7  fsync(5</d/a>)  = 0\n8  fdatasync(6</d/log> <unfinished ...>\n7  write(1</dev/null>, \"case 1\\n\", 7 <unfinished ...>\n\
                 8  <... fdatasync resumed>) = 0\n7  <... write resumed>) = 7\n7  fsync(5</d/b>) = -1 EIO (Input/output error)\n\
                 9  linkat(AT_FDCWD</d>, \"/d/u\", AT_FDCWD</d>, \"/d/v\", 0) = 0\n";
    let synced = |path: &str| Call::Synced(path.into());
    let expected = [synced("/d/a"), Call::Said("case 1".into()), synced("/d/log"), Call::Linked("/d/v".into())];
    assert_eq!(parse(trace), expected);
}
