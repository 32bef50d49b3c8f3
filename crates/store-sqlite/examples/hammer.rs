//! Files reports until it is killed, and says so after each one that was acknowledged: what the durability tests kill and trace.
//!
//! `hammer DATA FIRST_SEED WRITERS COUNT` files COUNT reports (0: until killed), every third with an attachment, or every one
//! where COUNT is 1. Prints `offset UPLOAD BYTES` after an upload's offset is acknowledged and `case SEED` after a case is.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a tool of tests: a panic is how it fails")]

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use recourse_store::conformance::sample::{self, NOW};
use recourse_store::{AppendOutcome, CreateOutcome, CreateUploadOutcome, Store};
use recourse_store_sqlite::SqliteStore;

#[path = "../tests/attachment/mod.rs"]
mod attachment;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, first, writers, count] = arguments.as_slice() else {
        panic!("usage: hammer DATA FIRST_SEED WRITERS COUNT");
    };
    let (first, writers, count) = (first.parse().unwrap(), writers.parse().unwrap(), count.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(hammer(Path::new(data), first, writers, count));
}

async fn hammer(data: &Path, first: u64, writers: u64, count: u64) {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data).unwrap());
    store.put_channel(sample::channel_record(&sample::channel(), 1), NOW).await.unwrap();
    say("ready");
    let end = if count == 0 { u64::MAX } else { first + count };
    let seeds = Arc::new(AtomicU64::new(first));
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, seeds) = (Arc::clone(&store), Arc::clone(&seeds));
            tokio::spawn(async move {
                loop {
                    let seed = seeds.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    file(&store, seed, count == 1).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn file(store: &Arc<dyn Store>, seed: u64, attach: bool) {
    let content = attachment::of(seed, attach);
    let mut claims = Vec::new();
    if let Some(content) = &content {
        let upload = sample::upload(seed, content.len() as u64);
        assert_eq!(store.create_upload(upload.clone()).await.unwrap(), CreateUploadOutcome::Created);
        let mut offset = 0;
        for part in content.chunks(attachment::CHUNK) {
            let part = Bytes::copy_from_slice(part);
            let end = offset + part.len() as u64;
            let outcome = store.append_upload(&upload.upload, &upload.token_hash, offset, part).await.unwrap();
            assert_eq!(outcome, AppendOutcome::Offset(end));
            offset = end;
            say(&format!("offset {} {offset}", upload.upload));
        }
        claims.push(sample::claim(seed, content));
    }
    assert_eq!(store.create_case(sample::case(seed, claims)).await.unwrap(), CreateOutcome::Created);
    say(&format!("case {seed}"));
}

/// One line in one write, so that a kill leaves none half said.
fn say(line: &str) {
    std::io::stdout().lock().write_all(format!("{line}\n").as_bytes()).unwrap();
}
