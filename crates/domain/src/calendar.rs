//! The channel's calendar: on which days it works, and when a promised number of days is over. Pure: the offsets of the time zone
//! stand in the signed manifest, expanded when it was signed, so that server, form and console reckon the same dates without a
//! database of time zones.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::text::Malformed;
use crate::time::Timestamp;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// A day of the week.
    Weekday {
        Monday = "mon",
        Tuesday = "tue",
        Wednesday = "wed",
        Thursday = "thu",
        Friday = "fri",
        Saturday = "sat",
        Sunday = "sun",
    }
}

/// A day of the calendar, counted from 1970-01-01; its text is `2026-12-24`, from 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

impl Day {
    /// The last day that can be written: 9999-12-31.
    pub const LAST: Self = Self(2_932_896);

    /// The day that many days after 1970-01-01; at most [`Self::LAST`].
    pub const fn from_number(number: u64) -> Self {
        if number > Self::LAST.0 as u64 { Self::LAST } else { Self(number as u32) }
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::from_number(self.0 as u64 + 1)
    }

    /// Its day of the week; 1970-01-01 was a Thursday.
    pub const fn weekday(self) -> Weekday {
        Weekday::ALL[((self.0 + 3) % 7) as usize]
    }

    /// The first second of the day in UTC.
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 as u64 * Timestamp::DAY)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::text::Moment::day_of(self.start()).as_str())
    }
}

impl FromStr for Day {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed { expected: "a day like 2026-12-24" };
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(malformed);
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range].iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'))
        };
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        if year < 1970 || !(1..=length).contains(&day) {
            return Err(malformed);
        }
        // H. Hinnant's `days_from_civil`: years begin in March, so that the leap day is the last.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let day_of_year = (153 * month + 2) / 5 + day - 1;
        let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year;
        Ok(Self::from_number(days.saturating_sub(719_468)))
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "description": "a day like 2026-12-24",
        })
    }
}

/// From when on a time zone is how far from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Offset {
    /// The first moment with this offset.
    pub from: Timestamp,
    /// Seconds east of UTC, from -64,800 to 64,800.
    pub seconds: i32,
}

/// When a channel works.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Name of the time zone (IANA), for people.
    pub time_zone: String,
    /// Its offsets in order of time, covering the manifest's term; before the first, the first holds.
    pub offsets: Vec<Offset>,
    /// Days of the week that are worked on; without any, every day is.
    pub working_days: Vec<Weekday>,
    /// Days that are not worked on, whatever day of the week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Day>,
}

/// Days that are looked through for working ones: years of holidays without a gap end somewhere.
const HORIZON: u32 = 3_660;

impl Calendar {
    fn offset(&self, at: Timestamp) -> i64 {
        let before = self.offsets.iter().rev().find(|offset| offset.from <= at);
        before.or(self.offsets.first()).map_or(0, |offset| i64::from(offset.seconds))
    }

    /// The day that a moment lies in, as the channel's clocks show it.
    pub fn day_of(&self, at: Timestamp) -> Day {
        let local = (at.0 as i64).saturating_add(self.offset(at)).max(0);
        Day::from_number(local as u64 / Timestamp::DAY)
    }

    /// Whether the day is worked on.
    pub fn is_working(&self, day: Day) -> bool {
        (self.working_days.is_empty() || self.working_days.contains(&day.weekday())) && !self.holidays.contains(&day)
    }

    /// The last full hour of a day on the channel's clocks, in UTC.
    pub fn end_of(&self, day: Day) -> Timestamp {
        let midnight = day.next().start().0 as i64;
        // The offset at the midnight is asked for with a first guess; no zone changes twice within a day.
        let guess = Timestamp(midnight.saturating_sub(self.offset(day.next().start())).max(0) as u64);
        let end = midnight.saturating_sub(self.offset(guess)).max(1) as u64;
        Timestamp(end - 1).floor_to_hour()
    }

    /// When that many working days after the day of `from` are over: the end of the last of them. No days means the end of the first
    /// working day from then on.
    pub fn due(&self, from: Timestamp, working_days: u32) -> Timestamp {
        let mut day = self.day_of(from);
        let mut left = working_days;
        for _ in 0..HORIZON {
            if left == 0 && self.is_working(day) {
                break;
            }
            day = day.next();
            if left > 0 && self.is_working(day) {
                left -= 1;
            }
        }
        self.end_of(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Vienna around the two changes of 2026: to summer time on 29 March, back on 25 October, at 01:00 UTC.
    fn vienna() -> Calendar {
        let offset = |from: u64, seconds| Offset { from: Timestamp(from), seconds };
        Calendar {
            time_zone: "Europe/Vienna".into(),
            offsets: vec![offset(1_761_440_400, 3_600), offset(1_774_746_000, 7_200), offset(1_792_890_000, 3_600)],
            working_days: Weekday::ALL[..5].to_vec(),
            holidays: vec![day("2026-12-25"), day("2026-10-26")],
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, number, weekday) in [
            ("1970-01-01", 0, Weekday::Thursday),
            ("2000-02-29", 11_016, Weekday::Tuesday),
            ("2026-11-22", 20_779, Weekday::Sunday),
            ("2100-03-01", 47_541, Weekday::Monday),
            ("9999-12-31", 2_932_896, Weekday::Friday),
        ] {
            assert_eq!((day(text).number(), day(text).weekday()), (number, weekday), "{text}");
            assert_eq!(Day::from_number(u64::from(number)).to_string(), text);
        }
        for bad in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "1969-12-31",
            "2026-1-01",
            "2026-01-0a",
            "2026-01-01T",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    #[test]
    fn working_days_skip_weekends_and_holidays_across_daylight_saving() {
        let calendar = vienna();
        let check = |from: &str, hour: u64, days, end: &str, end_hour: u64| {
            let from = Timestamp(day(from).start().0 + hour * Timestamp::HOUR);
            let expected = Timestamp(day(end).start().0 + end_hour * Timestamp::HOUR);
            assert_eq!(
                calendar.due(from, days),
                expected,
                "{from:?} and {days}: {}",
                calendar.day_of(calendar.due(from, days))
            );
        };
        // Friday noon and three working days: Wednesday, whose last hour in winter begins at 22:00 UTC.
        check("2026-11-20", 12, 3, "2026-11-25", 22);
        // Friday before the change to summer time: Monday ends an hour earlier in UTC.
        check("2026-03-27", 12, 1, "2026-03-30", 21);
        // The day of the change itself, and 26 October is a holiday.
        check("2026-10-23", 12, 1, "2026-10-27", 22);
        // 23:30 UTC is the next day in Vienna already.
        check("2026-11-19", 23, 1, "2026-11-23", 22);
        // No days: the rest of today, or of the next working day.
        check("2026-11-20", 12, 0, "2026-11-20", 22);
        check("2026-11-21", 12, 0, "2026-11-23", 22);
        check("2026-12-24", 12, 1, "2026-12-28", 22);
    }

    #[test]
    fn a_calendar_without_working_days_or_offsets_still_ends() {
        let bare = Calendar::default();
        assert_eq!(bare.due(Timestamp(0), 2), Timestamp(2 * Timestamp::DAY + 23 * Timestamp::HOUR));
        let never = Calendar {
            working_days: vec![Weekday::Monday],
            holidays: (0..20_000).map(Day::from_number).collect(),
            ..Calendar::default()
        };
        assert!(never.due(Timestamp(0), 1) > Timestamp(0));
        // Half an hour off UTC: still a full hour.
        let offsets = vec![Offset { from: Timestamp(0), seconds: 19_800 }];
        let india = Calendar { offsets, ..Calendar::default() };
        assert_eq!(india.due(day("2026-11-22").start(), 0).0 % Timestamp::HOUR, 0);
    }
}
