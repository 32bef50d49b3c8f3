//! Conversions between columns and types.

use recourse_domain::ids::{CaseId, Digest, UploadId};
use recourse_domain::time::Timestamp;
use recourse_store::StoreError;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error;

/// A moment as a column. SQLite's integers are signed; a moment past their range is none that a clock gives.
pub(crate) fn moment(at: Timestamp) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

/// A count or size as a column.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A value as JSON text.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::unavailable)
}

/// JSON text as a value.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(error::json)
}

/// The text of an enum that serialises as a string.
pub(crate) fn to_word(value: &impl Serialize) -> Result<String, StoreError> {
    from_json(&to_json(value)?)
}

/// An enum by its text.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    from_json(&to_json(&word)?)
}

/// A fixed array of bytes as a BLOB column.
pub(crate) struct Bytes<const N: usize>(pub(crate) [u8; N]);

impl<const N: usize> ToSql for Bytes<N> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

impl<const N: usize> FromSql for Bytes<N> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        let found = bytes.len();
        bytes.try_into().map(Self).map_err(|_| FromSqlError::InvalidBlobSize { expected_size: N, blob_size: found })
    }
}

macro_rules! bytes_column {
    ($($kind:ty),*) => {$(
        impl From<&$kind> for Bytes<{ <$kind>::LEN }> {
            fn from(value: &$kind) -> Self {
                Self(*value.as_bytes())
            }
        }
        impl From<Bytes<{ <$kind>::LEN }>> for $kind {
            fn from(value: Bytes<{ <$kind>::LEN }>) -> Self {
                Self::new(value.0)
            }
        }
    )*};
}
bytes_column!(CaseId, UploadId, Digest);

/// A case or upload id, or a hash, as a parameter.
pub(crate) fn id<const N: usize>(value: impl Into<Bytes<N>>) -> Bytes<N> {
    value.into()
}

/// A hash from a column.
pub(crate) fn digest(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    row.get::<_, Bytes<32>>(column).map(Digest::from)
}

/// A moment from a column.
pub(crate) fn moment_of(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    number_of(row, column).map(Timestamp)
}

/// A count or size from a column.
pub(crate) fn number_of(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}
