//! Which faults of SQLite and of the file system are which of the store's.

use std::io;

use recourse_store::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

/// A fault of SQLite.
pub(crate) fn sql(error: Error) -> StoreError {
    match error.sqlite_error().map(|cause| (cause.code, cause.extended_code)) {
        Some((ErrorCode::DiskFull, _)) => StoreError::NoSpace,
        Some((ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _)) => StoreError::Damaged(error.to_string()),
        Some((_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY)) => StoreError::Inconsistent("names something that is not stored"),
        Some(_) => StoreError::unavailable(error),
        // Not from SQLite itself: a column that is not what the schema says.
        None => match error {
            Error::FromSqlConversionFailure(..) | Error::IntegralValueOutOfRange(..) | Error::InvalidColumnType(..) => {
                StoreError::Damaged(error.to_string())
            }
            error => StoreError::unavailable(error),
        },
    }
}

/// A fault of the file system.
pub(crate) fn io(error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::NoSpace,
        _ => StoreError::unavailable(error),
    }
}

/// Stored JSON that does not parse.
pub(crate) fn json(error: serde_json::Error) -> StoreError {
    StoreError::Damaged(error.to_string())
}
