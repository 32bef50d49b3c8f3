//! What is particular to a data folder: modes, the lock, restarts, full disks, leftovers.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests look at files and start processes")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use recourse_store::conformance::cases::assert_stored;
use recourse_store::conformance::sample::{self, NOW};
use recourse_store::conformance::uploads::{send, sent, with_channel};
use recourse_store::{AppendOutcome, CreateOutcome, Store, StoreError};
use recourse_store_sqlite::SqliteStore;

struct Folder {
    _temporary: tempfile::TempDir,
    data: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        Self { data: temporary.path().join("data"), _temporary: temporary }
    }

    fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.data).unwrap())
    }

    fn upload(&self, seed: u64) -> PathBuf {
        self.data.join("uploads").join(sample::upload(seed, 0).upload.to_string())
    }

    fn count(&self, folder: &str) -> usize {
        fs::read_dir(self.data.join(folder)).unwrap().count()
    }
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all_files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn nobody_else_can_read_it_and_files_tell_no_time() {
    let folder = Folder::new();
    fs::create_dir(&folder.data).unwrap();
    fs::set_permissions(&folder.data, fs::Permissions::from_mode(0o755)).unwrap();
    let store = folder.open();
    with_channel(&store).await;
    send(&store, &sample::upload(1, 10), b"12345", 5).await;
    let case = sample::case(1, vec![sent(&store, 2, b"blob").await]);
    store.create_case(case).await.unwrap();
    let files = all_files(&folder.data);
    assert!(files.iter().any(|path| path.ends_with("recourse.sqlite-wal")), "{files:?}");
    for path in &files {
        let metadata = fs::metadata(path).unwrap();
        let mode = metadata.permissions().mode() & 0o777;
        assert_eq!(mode, if metadata.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        let sealed = path.parent().is_some_and(|parent| parent.ends_with("uploads") || parent.ends_with("blobs"));
        assert!(!sealed || metadata.mtime() == 0, "{} tells when it was sent", path.display());
    }
    assert_eq!((folder.count("uploads"), folder.count("blobs")), (1, 1), "a claimed upload has moved");
}

#[tokio::test]
async fn one_process_at_a_time_and_none_older_than_the_data() {
    let folder = Folder::new();
    let store = folder.open();
    assert!(matches!(SqliteStore::open(&folder.data), Err(StoreError::Unavailable(_))));
    drop(store);
    drop(folder.open());
    let connection = rusqlite::Connection::open(folder.data.join("recourse.sqlite")).unwrap();
    connection.execute("INSERT INTO schema_migrations VALUES (1000)", []).unwrap();
    let refused = SqliteStore::open(&folder.data).unwrap_err();
    assert!(std::error::Error::source(&refused).unwrap().to_string().contains("newer version"), "{refused:?}");
}

#[tokio::test]
async fn a_restart_cuts_what_was_not_acknowledged_and_keeps_the_rest() {
    let folder = Folder::new();
    let store = folder.open();
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 3_000);
    let (upload, lost) = (sample::upload(1, 3_000), sample::upload(2, 3_000));
    send(&store, &upload, &content[..1_000], 1_000).await;
    send(&store, &lost, &content[..1_000], 1_000).await;
    let case = sample::case(3, vec![sent(&store, 3, &content).await]);
    store.create_case(case.clone()).await.unwrap();
    drop(store);

    // As if stopped after the bytes and before the offset, before a claim's commit, and before tidying up after one.
    let torn = [&content[..1_000], b"torn chunk"].concat();
    fs::write(folder.upload(1), torn).unwrap();
    fs::remove_file(folder.upload(2)).unwrap();
    fs::write(folder.upload(3), b"claimed").unwrap();
    fs::hard_link(folder.upload(1), folder.data.join("blobs").join(upload.upload.to_string())).unwrap();
    fs::write(folder.data.join("blobs/stray"), b"stray").unwrap();

    let store = folder.open();
    assert_eq!(fs::metadata(folder.upload(1)).unwrap().len(), 1_000);
    assert_eq!((folder.count("uploads"), folder.count("blobs")), (1, 1));
    assert_eq!(store.upload(&upload.upload, &upload.token_hash).await.unwrap().unwrap().offset, 1_000);
    assert_eq!(store.upload(&lost.upload, &lost.token_hash).await.unwrap(), None);
    assert_stored(&store, &case, std::slice::from_ref(&content)).await;
    let rest = Bytes::copy_from_slice(&content[1_000..]);
    let outcome = store.append_upload(&upload.upload, &upload.token_hash, 1_000, rest).await.unwrap();
    assert_eq!(outcome, AppendOutcome::Offset(3_000));
    let case = sample::case(1, vec![sample::claim(1, &content)]);
    assert_eq!(store.create_case(case.clone()).await.unwrap(), CreateOutcome::Created);
    assert_stored(&store, &case, &[content]).await;
}

#[tokio::test]
async fn a_tail_left_by_a_failed_append_is_cut_without_a_restart() {
    let folder = Folder::new();
    let store = folder.open();
    with_channel(&store).await;
    let upload = sample::upload(1, 10);
    send(&store, &upload, b"12345", 5).await;
    fs::write(folder.upload(1), b"12345garbage that was never acknowledged").unwrap();
    let rest = Bytes::from_static(b"67890");
    store.append_upload(&upload.upload, &upload.token_hash, 5, rest).await.unwrap();
    let status = store.upload(&upload.upload, &upload.token_hash).await.unwrap().unwrap();
    assert_eq!(status.sha256, Some(sample::sha256(b"1234567890")));
}

#[tokio::test]
async fn a_full_disk_stores_nothing_of_a_chunk() {
    let folder = Folder::new();
    let store = folder.open();
    with_channel(&store).await;
    let upload = sample::upload(1, 10);
    send(&store, &upload, b"12345", 5).await;
    fs::remove_file(folder.upload(1)).unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.upload(1)).unwrap();
    let rest = Bytes::from_static(b"67890");
    let failed = store.append_upload(&upload.upload, &upload.token_hash, 5, rest.clone()).await;
    assert!(matches!(failed, Err(StoreError::NoSpace)), "{failed:?}");
    assert_eq!(store.upload(&upload.upload, &upload.token_hash).await.unwrap().unwrap().offset, 5);
    fs::remove_file(folder.upload(1)).unwrap();
    fs::write(folder.upload(1), b"12345").unwrap();
    let outcome = store.append_upload(&upload.upload, &upload.token_hash, 5, rest).await.unwrap();
    assert_eq!(outcome, AppendOutcome::Offset(10));
}

#[tokio::test]
async fn a_blob_folder_that_fails_stores_nothing_of_a_report() {
    let folder = Folder::new();
    let store = folder.open();
    with_channel(&store).await;
    let content = sample::bytes("blob", 1, 1_000);
    let case = sample::case(1, vec![sent(&store, 1, &content).await, sent(&store, 2, &content).await]);
    fs::remove_dir(folder.data.join("blobs")).unwrap();
    fs::write(folder.data.join("blobs"), b"").unwrap();
    assert!(matches!(store.create_case(case.clone()).await, Err(StoreError::Unavailable(_))));
    assert_eq!(store.case(&case.case, NOW).await.unwrap(), None);
    fs::remove_file(folder.data.join("blobs")).unwrap();
    fs::create_dir(folder.data.join("blobs")).unwrap();
    assert_eq!(store.create_case(case.clone()).await.unwrap(), CreateOutcome::Created);
    assert_stored(&store, &case, &[content.clone(), content]).await;
}

#[tokio::test]
async fn a_refused_claim_leaves_no_file_and_another_attempt_finds_the_upload() {
    let folder = Folder::new();
    let store = folder.open();
    with_channel(&store).await;
    let claim = sent(&store, 1, b"content").await;
    let conflict = sample::case(1, vec![]);
    store.create_case(conflict.clone()).await.unwrap();
    let event = sample::claiming(sample::event(conflict.case, 7, sample::sha256(b"head"), 1), vec![claim.clone()]);
    store.append_event(event).await.unwrap();
    assert_eq!((folder.count("uploads"), folder.count("blobs")), (1, 0), "an append that came too late");
    // A name left behind by an attempt whose end nobody knows does not stand in the way.
    fs::hard_link(folder.upload(1), folder.data.join("blobs").join(claim.upload.to_string())).unwrap();
    let case = sample::case(2, vec![claim]);
    assert_eq!(store.create_case(case.clone()).await.unwrap(), CreateOutcome::Created);
    assert_stored(&store, &case, &[b"content".to_vec()]).await;
}

#[tokio::test]
async fn a_caller_who_hangs_up_leaves_all_or_nothing() {
    let folder = Folder::new();
    let store = folder.open();
    with_channel(&store).await;
    for seed in 0..20 {
        let content = sample::bytes("blob", seed, 1_000);
        let case = sample::case(seed, vec![sent(&store, seed, &content).await]);
        let mut call = store.create_case(case.clone());
        // Begun, and dropped before its end.
        assert!(futures_util::FutureExt::now_or_never(call.as_mut()).is_none());
        drop(call);
        // The retry is answered, whichever of the two came first.
        let outcome = store.create_case(case.clone()).await.unwrap();
        assert!(matches!(outcome, CreateOutcome::Created | CreateOutcome::Repeated { .. }), "{outcome:?}");
        assert_stored(&store, &case, &[content]).await;
    }
}
