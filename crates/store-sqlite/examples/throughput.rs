//! Durable reports per second: `throughput [WRITERS] [SECONDS] [DATA]`, by default 64 writers, five seconds and a fresh folder
//! beside the build's output. Each report has two bodies of 8 KiB, as real ones have (report and contact), and no attachment.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark: it has a clock, and a panic is how it fails"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use recourse_store::conformance::sample::{self, NOW};
use recourse_store::{CreateOutcome, NewCase, Store};
use recourse_store_sqlite::SqliteStore;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let writers: u64 = arguments.next().map_or(64, |text| text.parse().unwrap());
    let seconds: u64 = arguments.next().map_or(5, |text| text.parse().unwrap());
    // Not the system's folder for temporary files: that may be memory, where a sync costs nothing.
    let beside = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let fresh = tempfile::tempdir_in(beside).unwrap();
    let data = arguments.next().map_or_else(|| fresh.path().join("data"), PathBuf::from);

    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data).unwrap());
    store.put_channel(sample::channel_record(&sample::channel(), 1), NOW).await.unwrap();
    let seeds = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, seeds) = (Arc::clone(&store), Arc::clone(&seeds));
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                let template = sample::case(0, vec![]);
                while Instant::now() < end {
                    let case = another(&template, seeds.fetch_add(1, Ordering::Relaxed));
                    let begun = Instant::now();
                    assert_eq!(store.create_case(case).await.unwrap(), CreateOutcome::Created);
                    latencies.push(begun.elapsed());
                }
                latencies
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.unwrap());
    }
    let took = start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    println!(
        "{} durable cases in {took:.1} s by {writers} writers: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms",
        latencies.len(),
        latencies.len() as f64 / took,
        at(50),
        at(99),
        at(100)
    );
}

/// The template's bodies under another case: hashing them anew would be a part of what is measured.
fn another(template: &NewCase, seed: u64) -> NewCase {
    let mut case = template.clone();
    case.case = sample::case_id(seed);
    case.token_hash = sample::sha256(&seed.to_be_bytes());
    case.request_sha256 = case.token_hash;
    case.events[0].header.case = case.case;
    case
}
