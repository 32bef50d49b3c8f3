//! The suite of `recourse-store` on SQLite.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use recourse_store::Store;
use recourse_store_sqlite::SqliteStore;

async fn fresh() -> (Arc<dyn Store>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("data")).unwrap();
    (Arc::new(store), folder)
}

recourse_store::conformance_tests!(fresh);
