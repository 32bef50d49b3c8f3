//! Moments as the server keeps them: whole seconds since 1970, rounded down to the hour where they belong to a reporter.

use serde::{Deserialize, Serialize};

use crate::text::civil;

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

    /// So many calendar months later, at the same time of a day in UTC: on the same day of the month, or on the last where that month has
    /// no such day.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        let (year, month, day) = civil(self.0 / Self::DAY);
        let months = year * 12 + (month - 1) + months as u64;
        let (year, month) = (months / 12, months % 12 + 1);
        let first = days(year, month);
        let length = days(year + month / 12, month % 12 + 1) - first;
        let day = if day > length { length } else { day };
        Self((first + day - 1) * Self::DAY + self.0 % Self::DAY)
    }
}

/// The first day of a month, counted from 1970-01-01: the other way of [`civil`].
const fn days(year: u64, month: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * from_march + 2) / 5 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_the_same_day_or_on_the_last() {
        for (from, months, to) in [
            (1_767_225_600, 6, 1_782_864_000),          // 2026-01-01 → 2026-07-01
            (1_756_598_400, 6, 1_772_236_800),          // 2025-08-31 → 2026-02-28
            (1_693_440_000, 6, 1_709_164_800),          // 2023-08-31 → 2024-02-29
            (1_795_305_600, 6, 1_810_944_000),          // 2026-11-22 → 2027-05-22
            (1_798_675_200 + 5, 12, 1_830_211_200 + 5), // 2026-12-31 → 2027-12-31
            (0, 0, 0),
        ] {
            assert_eq!(Timestamp(from).plus_months(months), Timestamp(to), "{from} and {months} months");
        }
        // Every day of 400 years is the day that it is.
        for day in 0..146_097 {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month) + of_month - 1, day);
            assert_eq!(Timestamp(day * Timestamp::DAY).plus_months(0), Timestamp(day * Timestamp::DAY));
        }
    }
}
