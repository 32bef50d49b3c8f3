//! What a channel sets beside the promises that every client must understand: order of categories, its own questions, calendar, logo,
//! keys of context tokens. It travels in the signed manifest as one JSON text ([`crate::channel::Manifest::settings`]), which the
//! reporters' engine passes on unread: the form reads it with its own small reader, the server and the tools with [`Settings::read`].

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Day};
use crate::category::Category;
use crate::channel::Stage;
use crate::lifecycle::CaseState;
use crate::question::Question;
use crate::text::{Country, Language};
use crate::time::Timestamp;

/// The version of the settings.
pub const SETTINGS_VERSION: u32 = 1;
/// Bytes of the settings as JSON.
pub const SETTINGS_BYTES: usize = 96 * 1024;
/// Bytes of a whole manifest's payload.
pub const MANIFEST_BYTES: usize = 256 * 1024;
/// Bytes of a logo.
pub const LOGO_BYTES: usize = 16 * 1024;
/// Public-sector customers that can be listed.
pub const CUSTOMERS: usize = 500;
/// Characters of the name of one.
pub const CUSTOMER_CHARS: usize = 200;
/// Keys of context tokens.
pub const CONTEXT_KEYS: usize = 4;

/// Languages that the form has.
pub const FORM_LANGUAGES: [&str; 14] =
    ["en", "es", "fr", "de", "pt-BR", "it", "pl", "uk", "ru", "ar", "fa", "hi", "zh-Hans", "ja"];

/// Categories that no channel can hide. Without `other_unsure` somebody would find no place; without `process_complaint` and
/// `retaliation` there would be no way to complain of the channel itself; without `child_safety` such reports would come under another
/// name, with media, and to readers who must not see them.
pub const NEVER_HIDDEN: [Category; 4] =
    [Category::ChildSafety, Category::Retaliation, Category::ProcessComplaint, Category::OtherUnsure];

/// The settings of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// [`SETTINGS_VERSION`].
    pub version: u32,
    /// Languages that the form is offered in; none means all that it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form_languages: Vec<Language>,
    /// Categories in the order in which they are offered; those not named follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_order: Vec<Category>,
    /// Questions of its own, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// Stages whose days are working days of the calendar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub working_stages: Vec<CaseState>,
    /// When the channel works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Who is away, and who reads instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Absence>,
    /// Customers of the public sector, for people to pick the agency from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_customers: Vec<PublicCustomer>,
    /// Accent colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// The logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Keys that sign context tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context_keys: Vec<ContextKey>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SETTINGS_VERSION,
            form_languages: Vec::new(),
            category_order: Vec::new(),
            questions: Vec::new(),
            working_stages: Vec::new(),
            calendar: None,
            absences: Vec::new(),
            public_customers: Vec::new(),
            accent: None,
            logo: None,
            context_keys: Vec::new(),
        }
    }
}

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The member of a reader group, by the name shown.
    pub member: String,
    /// First day away.
    pub from: Day,
    /// Last day away.
    pub until: Day,
    /// Who reads instead: another member of the same group.
    pub deputy: String,
}

/// A customer of the public sector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublicCustomer {
    /// Its name, up to 200 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub name: String,
    /// Its country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
}

/// A picture inside the manifest: nobody else is asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Logo {
    /// `image/png` or `image/webp`.
    pub media_type: String,
    /// The file, base64url without padding; at most 16 KiB before encoding.
    pub data: String,
}

/// A public key that signs context tokens, as a JWK names its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ContextKey {
    /// The `kid` of the tokens that it signs.
    pub id: String,
    /// `EdDSA` (Ed25519) or `ES256` (P-256).
    pub alg: String,
    /// The key (`EdDSA`) or its first coordinate: 32 bytes, base64url without padding.
    pub x: String,
    /// The second coordinate. Of `ES256` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

impl Settings {
    /// When each stage is over, counted from the hour of the report: calendar days, or working days where the stage says so.
    pub fn due(&self, stages: &[Stage], from: Timestamp) -> Vec<(CaseState, Timestamp)> {
        let at = |stage: &Stage| match &self.calendar {
            Some(calendar) if self.working_stages.contains(&stage.state) => calendar.due(from, stage.days),
            _ => from.plus_days(stage.days),
        };
        stages.iter().map(|stage| (stage.state, at(stage))).collect()
    }

    /// Who reads instead of a member on that day, if somebody does.
    pub fn deputy(&self, member: &str, day: Day) -> Option<&str> {
        let away = |absence: &&Absence| absence.member == member && absence.from <= day && day <= absence.until;
        self.absences.iter().find(away).map(|absence| absence.deputy.as_str())
    }
}

/// Why the settings of a manifest cannot be read.
#[cfg(feature = "json")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFault {
    /// More than [`SETTINGS_BYTES`].
    #[error("the settings have {0} bytes, more than {SETTINGS_BYTES}")]
    TooLarge(usize),
    /// A version that is not known here.
    #[error("version {0} of the settings is not known here")]
    UnknownVersion(u32),
    /// Not what this version has.
    #[error("the settings cannot be read: {0}")]
    Shape(String),
}

#[cfg(feature = "json")]
impl Settings {
    /// Reads the text of a manifest; an empty one means that nothing is set.
    ///
    /// # Errors
    /// [`SettingsFault`]; the version is looked at before anything else.
    pub fn read(text: &str) -> Result<Self, SettingsFault> {
        #[derive(Deserialize)]
        struct VersionOnly {
            version: u32,
        }
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.len() > SETTINGS_BYTES {
            return Err(SettingsFault::TooLarge(text.len()));
        }
        let shape = |error: serde_json::Error| SettingsFault::Shape(error.to_string());
        let VersionOnly { version } = serde_json::from_str(text).map_err(shape)?;
        if version != SETTINGS_VERSION {
            return Err(SettingsFault::UnknownVersion(version));
        }
        serde_json::from_str(text).map_err(shape)
    }

    /// The text for a manifest; empty where nothing is set.
    ///
    /// # Errors
    /// [`SettingsFault::TooLarge`].
    pub fn write(&self) -> Result<String, SettingsFault> {
        if *self == Self::default() {
            return Ok(String::new());
        }
        let text = serde_json::to_string(self).map_err(|error| SettingsFault::Shape(error.to_string()))?;
        if text.len() > SETTINGS_BYTES { Err(SettingsFault::TooLarge(text.len())) } else { Ok(text) }
    }
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;
    use crate::calendar::Weekday;

    #[test]
    fn settings_survive_the_round_trip_and_nothing_set_is_nothing_written() {
        assert_eq!(Settings::default().write().unwrap(), "");
        assert_eq!(Settings::read("").unwrap(), Settings::default());
        let settings = Settings {
            accent: Some("#0a5c7a".into()),
            category_order: vec![Category::SelfHarm],
            calendar: Some(Calendar { working_days: vec![Weekday::Monday], ..Calendar::default() }),
            ..Settings::default()
        };
        assert_eq!(Settings::read(&settings.write().unwrap()).unwrap(), settings);
    }

    #[test]
    fn other_versions_fields_and_sizes_are_refused() {
        let check = |text: &str, expected: &str| {
            let fault = Settings::read(text).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        };
        check(r#"{"version":2,"news":1}"#, "version 2 of the settings");
        check(r#"{"version":1,"news":1}"#, "unknown field");
        check(r#"{"version":1,"category_order":["news"]}"#, "cannot be read");
        check(&" ".repeat(SETTINGS_BYTES + 1), "98305 bytes");
    }

    #[test]
    fn due_dates_are_working_days_only_where_the_stage_says_so() {
        let stage = |state, days| Stage { state, days, text: [].into() };
        let stages = [stage(CaseState::InTriage, 3), stage(CaseState::Decided, 90)];
        let calendar = Calendar { working_days: Weekday::ALL[..5].to_vec(), ..Calendar::default() };
        let settings =
            Settings { working_stages: vec![CaseState::InTriage], calendar: Some(calendar), ..Settings::default() };
        // Friday 2026-11-20, noon.
        let from = Timestamp("2026-11-20".parse::<Day>().unwrap().start().0 + 12 * Timestamp::HOUR);
        let wednesday = Timestamp("2026-11-25".parse::<Day>().unwrap().start().0 + 23 * Timestamp::HOUR);
        let expected = vec![(CaseState::InTriage, wednesday), (CaseState::Decided, from.plus_days(90))];
        assert_eq!(settings.due(&stages, from), expected);
        let plain = Settings::default().due(&stages, from);
        assert_eq!(plain[0], (CaseState::InTriage, from.plus_days(3)));
    }

    #[test]
    fn a_deputy_reads_from_the_first_day_to_the_last() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let absence =
            Absence { member: "Ada".into(), from: day("2026-12-01"), until: day("2026-12-02"), deputy: "Bo".into() };
        let settings = Settings { absences: vec![absence], ..Settings::default() };
        for (on, deputy) in
            [("2026-11-30", None), ("2026-12-01", Some("Bo")), ("2026-12-02", Some("Bo")), ("2026-12-03", None)]
        {
            assert_eq!(settings.deputy("Ada", day(on)), deputy, "{on}");
        }
        assert_eq!(settings.deputy("Bo", day("2026-12-01")), None);
    }
}
