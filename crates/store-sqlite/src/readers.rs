//! A few connections that only read, each used by one blocking task at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use recourse_store::StoreError;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::error;
use crate::open::open_reader;

/// The pool.
#[derive(Debug, Clone)]
pub(crate) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    /// Opens so many connections.
    pub(crate) fn open(path: &Path, count: usize) -> Result<Self, StoreError> {
        let idle = (0..count).map(|_| open_reader(path)).collect::<Result<Vec<_>, _>>().map_err(error::sql)?;
        Ok(Self { path: path.to_owned(), idle: Arc::new(Mutex::new(idle)), permits: Arc::new(Semaphore::new(count)) })
    }

    /// Reads in one snapshot.
    pub(crate) async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(StoreError::unavailable)?;
        let pool = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let connection = pool.take()?;
            let outcome = snapshot(&connection, read);
            pool.give_back(connection);
            drop(permit);
            outcome
        });
        task.await.map_err(StoreError::unavailable)?
    }

    fn take(&self) -> Result<Connection, StoreError> {
        // Empty only if a reading task panicked and took its connection with it.
        match self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            Some(connection) => Ok(connection),
            None => open_reader(&self.path).map_err(error::sql),
        }
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

fn snapshot<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    // Dropping it rolls back, which for a reader is the end of the snapshot.
    let transaction = connection.unchecked_transaction().map_err(error::sql)?;
    read(&transaction)
}
