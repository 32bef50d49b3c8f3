//! Short texts with a shape of their own, parsed once: language, country, media type, evidence id, moment, and the text forms of keys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::time::Timestamp;

/// A text that has not the shape it should have. The text itself is left out: it may be a reporter's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not {expected}")]
pub struct Malformed {
    /// What it should have been.
    pub expected: &'static str,
}

macro_rules! shaped {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $pattern:literal, $max:literal, $fits:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                let fits: fn(&str) -> bool = $fits;
                if text.len() <= $max && fits(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Malformed { expected: $expected })
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "maxLength": $max, "description": $expected })
            }
        }
    };
}

shaped! {
    /// A language as BCP 47 names it, `en` or `pt-BR`: its shape only, for the registry of subtags grows.
    Language, "a language tag (BCP 47)", "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", 35, |text| {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        (2..=8).contains(&primary.len())
            && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }
}

shaped! {
    /// A media type without parameters, in lower case: `image/png`.
    MediaType, "a media type", "^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$", 127, |text| {
        let half = |part: &str| {
            let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            part.bytes().next().is_some_and(fits) && part.bytes().all(|byte| fits(byte) || b"!#$&^_.+-".contains(&byte))
        };
        text.split_once('/').is_some_and(|(kind, subtype)| half(kind) && half(subtype))
    }
}

shaped! {
    /// Names an item of evidence within its report: 1 to 64 of `a-z`, `0-9`, `_` and `-`.
    EvidenceId, "an evidence id", "^[a-z0-9_-]{1,64}$", 64, |text| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
        !text.is_empty() && text.bytes().all(fits)
    }
}

shaped! {
    /// A moment in UTC as exact as it is meant to be known: `2026-03-01`, or `2026-03-01T14:05Z` with or without seconds. No fractions
    /// of a second, no offsets: both can point to a person.
    Moment, "a day or a time in UTC",
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z)?$", 20, |text| {
        let bytes = text.as_bytes();
        let shape: &[u8] = match bytes.len() {
            10 => b"dddd-dd-dd",
            17 => b"dddd-dd-ddTdd:ddZ",
            20 => b"dddd-dd-ddTdd:dd:ddZ",
            _ => return false,
        };
        let number = |at: usize| bytes.get(at..at + 2).map_or(0, |pair| (pair[0] & 15) * 10 + (pair[1] & 15));
        let shaped = bytes.iter().zip(shape).all(|(byte, want)| if *want == b'd' { byte.is_ascii_digit() } else { byte == want });
        shaped
            && (1..=12).contains(&number(5))
            && (1..=31).contains(&number(8))
            && (bytes.len() < 17 || (number(11) < 24 && number(14) < 60))
            && (bytes.len() < 20 || number(17) < 60)
    }
}

impl Moment {
    /// The day that the moment lies in.
    #[must_use]
    pub fn to_day(&self) -> Self {
        Self(self.0[..10].to_owned())
    }

    /// The day of a timestamp.
    pub fn day_of(at: Timestamp) -> Self {
        let (year, month, day) = civil(at.0 / Timestamp::DAY);
        Self(format!("{year:04}-{month:02}-{day:02}"))
    }

    /// A timestamp to the second.
    pub fn second_of(at: Timestamp) -> Self {
        let second = at.0 % Timestamp::DAY;
        Self(format!("{}T{:02}:{:02}:{:02}Z", Self::day_of(at), second / 3600, second / 60 % 60, second % 60))
    }
}

/// Days since 1970 as year, month and day, counting years from March so that the leap day is the last (H. Hinnant's `civil_from_days`).
/// Stops at the end of 9999, the last year that [`Moment`] can write.
pub(crate) fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days.min(2_932_896) + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// The codes of ISO 3166-1 alpha-2, and `XK`, which ISO leaves to its users and everybody uses for Kosovo.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY \
     BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
     FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
     IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK \
     ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
     PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF \
     TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// A country as ISO 3166-1 alpha-2 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// The code, two capital letters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Every country, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.split(' ').filter_map(|code| code.as_bytes().try_into().ok().map(Self))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Country {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::all()
            .find(|country| country.as_str() == text)
            .ok_or(Malformed { expected: "a country code (ISO 3166-1 alpha-2)" })
    }
}

impl Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Country {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Country".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let codes: Vec<&str> = COUNTRIES.split(' ').collect();
        schemars::json_schema!({ "type": "string", "enum": codes, "description": "ISO 3166-1 alpha-2" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: FromStr + fmt::Display>(good: &[&str], bad: &[&str]) {
        for text in good {
            let parsed = text.parse::<T>().ok().map(|value| value.to_string());
            assert_eq!(parsed.as_deref(), Some(*text));
        }
        for text in bad {
            assert!(text.parse::<T>().is_err(), "{text:?} should be refused");
        }
    }

    #[test]
    fn shapes() {
        check::<Language>(
            &["en", "pt-BR", "zh-Hant-TW", "de-1996", "gsw"],
            &["", "e", "en-", "-en", "e1", "en_GB", "en-123456789", "en-12345678-12345678-12345678-123456"],
        );
        check::<MediaType>(
            &["image/png", "text/uri-list", "application/vnd.oasis.opendocument.text", "image/svg+xml"],
            &["", "image", "/png", "image/", "Image/png", "image/png; q=1", "a/b/c", "image/ png", "image/.x"],
        );
        check::<EvidenceId>(&["a", "evidence-1", "f_0"], &["", "A", "a b", "a.b", &"a".repeat(65)]);
        check::<Moment>(
            &["2026-03-01", "2026-03-01T14:05Z", "2026-03-01T14:05:59Z"],
            &[
                "",
                "2026-3-1",
                "2026-13-01",
                "2026-00-01",
                "2026-01-32",
                "2026-01-00",
                "2026-01-01T24:00Z",
                "2026-01-01T10:60Z",
                "2026-01-01T10:00:60Z",
                "2026-01-01T10:00",
                "2026-01-01T10:00:00.5Z",
                "2026-01-01T10:00+01",
                "2026-01-0\u{661}",
            ],
        );
        check::<Country>(&["AT", "KE", "XK", "ZW"], &["", "at", "UK", "EU", "A", "A ", "T A", "AUT"]);
        assert_eq!(Country::all().count(), 250);
    }

    #[test]
    fn moments_are_written_as_calendars_have_them() {
        let check = |at: u64, day: &str, second: &str| {
            assert_eq!(Moment::day_of(Timestamp(at)).as_str(), day);
            let moment = Moment::second_of(Timestamp(at));
            assert_eq!(moment.as_str(), format!("{day}T{second}Z"));
            assert_eq!(moment.as_str().parse::<Moment>().as_ref(), Ok(&moment));
            assert_eq!(moment.to_day(), Moment::day_of(Timestamp(at)));
        };
        // Checked with `date -u -d @…`.
        check(0, "1970-01-01", "00:00:00");
        check(951_782_400, "2000-02-29", "00:00:00");
        check(951_868_799, "2000-02-29", "23:59:59");
        check(951_868_800, "2000-03-01", "00:00:00");
        check(1_767_225_599, "2025-12-31", "23:59:59");
        check(4_107_542_400, "2100-03-01", "00:00:00");
        assert_eq!(Moment::day_of(Timestamp(u64::MAX)).as_str(), "9999-12-31");
    }
}
