//! Moments as the server keeps them: whole seconds since 1970, rounded down to the hour where they belong to a reporter.

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// An hour in seconds.
    pub const HOUR: u64 = 3_600;
    /// A day in seconds.
    pub const DAY: u64 = 86_400;

    /// The hour that this moment lies in: all that may be kept of a reporter's doing.
    #[must_use]
    pub const fn floor_to_hour(self) -> Self {
        Self(self.0 - self.0 % Self::HOUR)
    }

    /// So many days later.
    #[must_use]
    pub const fn plus_days(self, days: u32) -> Self {
        Self(self.0 + days as u64 * Self::DAY)
    }
}
