//! The channel file: what a provider writes to describe its channel, as TOML (`docs/channel.md`). It becomes a [`Manifest`] when it is
//! signed. Unknown fields are refused; [`ChannelFile::check`] says what else does not hold, each with its path.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Offset, Weekday};
use crate::category::Category;
use crate::channel::{
    AcknowledgementKey, Controller, GroupKind, LegalProfile, Limits, MANIFEST_VERSION, Manifest, Member, OtherRoute,
    ReaderGroup, Stage,
};
use crate::ids::ChannelId;
use crate::lifecycle::CaseState;
use crate::question::{Question, Texts};
use crate::settings::{Absence, ContextKey, Logo, PublicCustomer, SETTINGS_VERSION, Settings, SettingsFault};
use crate::text::Language;
use crate::time::Timestamp;

mod check;

pub use check::ChannelFault;

/// The version of the file.
pub const CHANNEL_FILE_VERSION: u32 = 1;
/// Days for which a manifest holds where the file does not say.
pub const TERM_DAYS: u32 = 365;

/// A channel as its provider describes it. What a field may hold stands in `docs/channel.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelFile {
    /// [`CHANNEL_FILE_VERSION`].
    pub version: u32,
    /// The channel's name in addresses; never changed.
    pub channel: ChannelId,
    /// A marked test. A channel is a test for all of its life or never.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// The company that carries the channel, 1 to 200 characters.
    pub provider: String,
    /// Its product that the channel is about, 1 to 200 characters.
    pub product: String,
    /// Days for which the signed manifest holds, 30 to 730; 365 if left out.
    #[serde(default = "term_days")]
    pub term_days: u32,
    /// Which law's clocks are caps here; `none` if left out.
    #[serde(default = "no_profile")]
    pub legal_profile: LegalProfile,
    /// Languages that the form is offered in; all that it has if left out. Every text must be there in each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Languages that the readers read, 1 to 20.
    pub reads: Vec<Language>,
    /// When reports are read, for people.
    pub reading_hours: Texts,
    /// Accent colour, `#rrggbb`.
    #[serde(default)]
    pub accent: Option<String>,
    /// A PNG or WebP file of at most 16 KiB, by its path from the file.
    #[serde(default)]
    pub logo: Option<String>,
    /// Where everything is served.
    pub origins: Origins,
    /// Who answers for the data.
    pub controller: Controller,
    /// Who can open a report; `team` has to be there.
    pub groups: Vec<GroupEntry>,
    /// What may be expected and when.
    pub stages: Stages,
    /// When the channel works.
    #[serde(default)]
    pub calendar: Option<CalendarEntry>,
    /// Who is away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Absence>,
    /// Which categories are offered, and in which order.
    #[serde(default, skip_serializing_if = "CategoryEntry::is_usual")]
    pub categories: CategoryEntry,
    /// Questions of its own, at most 30.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// Other ways to be heard, at most 50.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_routes: Vec<OtherRoute>,
    /// Customers of the public sector, at most 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_customers: Vec<PublicCustomer>,
    /// Sizes and numbers.
    #[serde(default)]
    pub limits: LimitsEntry,
    /// Keys that sign context tokens, at most 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context_keys: Vec<ContextKey>,
}

fn term_days() -> u32 {
    TERM_DAYS
}

fn no_profile() -> LegalProfile {
    LegalProfile::None
}

/// Where everything is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Origins {
    /// Of the intake: `https://host` or `https://host:port`; `http` only for `localhost` and `127.0.0.1`.
    pub intake: String,
    /// Of the console; another than the intake's.
    pub console: String,
    /// Origins whose pages may embed the channel, `https://*.example` included; at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embed: Vec<String>,
}

/// A reader group. Its recipient comes from the manifest before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GroupEntry {
    /// Which.
    pub kind: GroupKind,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// Who is in it, by role or name; 1 to 50.
    pub members: Vec<Member>,
}

/// What may be expected and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stages {
    /// Somebody has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_triage: Option<StageEntry>,
    /// Somebody looks into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_review: Option<StageEntry>,
    /// The decision.
    pub decided: StageEntry,
}

impl Stages {
    /// Those that are there, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (CaseState, &StageEntry)> {
        let decided = (CaseState::Decided, Some(&self.decided));
        [(CaseState::InTriage, self.in_triage.as_ref()), (CaseState::InReview, self.in_review.as_ref()), decided]
            .into_iter()
            .filter_map(|(state, stage)| Some((state, stage?)))
    }
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StageEntry {
    /// Days from the report, 1 to 365.
    pub days: u32,
    /// Whether these are working days of the calendar; at most 60 then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub working_days: bool,
    /// What happens, for people.
    pub text: Texts,
}

/// When the channel works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarEntry {
    /// Time zone (IANA), for instance `Europe/Vienna`.
    pub time_zone: String,
    /// Days of the week that are worked on, 1 to 7.
    pub working_days: Vec<Weekday>,
    /// Days that are not worked on, at most 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Day>,
}

/// Which categories are offered. Ids are those of the vocabulary, and mean what they mean there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CategoryEntry {
    /// Offered first, in this order; the others follow as usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<Category>,
    /// Not offered. `child_safety`, `retaliation`, `process_complaint` and `other_unsure` stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Category>,
}

impl CategoryEntry {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Sizes and numbers; each has a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LimitsEntry {
    /// Bytes of one attachment, 65,536 to 104,857,600.
    pub attachment_bytes: u64,
    /// Bytes of all attachments of a report, up to 1,073,741,824 and not less than one may have.
    pub report_bytes: u64,
    /// Attachments of a report, 0 to 100.
    pub attachments: u32,
    /// Characters of one free text, 1,000 to 20,000.
    pub text_chars: u32,
}

impl Default for LimitsEntry {
    fn default() -> Self {
        let Limits { attachment_bytes, report_bytes, attachments, text_chars } = Limits::default();
        Self { attachment_bytes, report_bytes, attachments, text_chars }
    }
}

/// What a manifest has beside what its file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Higher than that of the manifest before.
    pub serial: u64,
    /// When it is signed.
    pub issued_at: Timestamp,
    /// Epoch and recipient of each reader group.
    pub recipients: Vec<(GroupKind, u32, String)>,
    /// Keys that sign acknowledgements.
    pub acknowledgement_keys: Vec<AcknowledgementKey>,
    /// The offsets of the calendar's time zone, covering the manifest's term.
    pub offsets: Vec<Offset>,
    /// The logo that the file names.
    pub logo: Option<Logo>,
}

/// Why a file does not become a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueFault {
    /// A group without a recipient.
    #[error("there is no key of the group {}; `recourse keygen` makes the groups of a channel", .0.as_str())]
    NoRecipient(GroupKind),
    /// Too much for the settings.
    #[error(transparent)]
    Settings(#[from] SettingsFault),
}

impl ChannelFile {
    /// The manifest, to be signed. [`Self::check`] must have found nothing.
    ///
    /// # Errors
    /// [`IssueFault`].
    pub fn into_manifest(self, issue: Issue) -> Result<Manifest, IssueFault> {
        let mut groups = Vec::new();
        for GroupEntry { kind, name, members } in self.groups {
            let mut known = issue.recipients.iter();
            let (_, epoch, recipient) =
                known.find(|(other, ..)| *other == kind).ok_or(IssueFault::NoRecipient(kind))?.clone();
            groups.push(ReaderGroup { kind, name, members, epoch, recipient });
        }
        let working = self.stages.iter().filter(|(_, stage)| stage.working_days).map(|(state, _)| state).collect();
        let stages = self.stages.iter();
        let stages = stages.map(|(state, stage)| Stage { state, days: stage.days, text: stage.text.clone() }).collect();
        let calendar = self.calendar.map(|calendar| crate::calendar::Calendar {
            time_zone: calendar.time_zone,
            offsets: issue.offsets,
            working_days: calendar.working_days,
            holidays: calendar.holidays,
        });
        let settings = Settings {
            version: SETTINGS_VERSION,
            form_languages: self.languages,
            category_order: self.categories.first,
            questions: self.questions,
            working_stages: working,
            calendar,
            absences: self.absences,
            public_customers: self.public_customers,
            accent: self.accent.map(|accent| accent.to_ascii_lowercase()),
            logo: issue.logo,
            context_keys: self.context_keys,
        };
        let LimitsEntry { attachment_bytes, report_bytes, attachments, text_chars } = self.limits;
        Ok(Manifest {
            version: MANIFEST_VERSION,
            channel: self.channel,
            serial: issue.serial,
            issued_at: issue.issued_at,
            expires_at: issue.issued_at.plus_days(self.term_days),
            intake_origin: self.origins.intake,
            console_origin: self.origins.console,
            provider: self.provider,
            product: self.product,
            reading_hours: self.reading_hours,
            languages: self.reads.iter().map(ToString::to_string).collect(),
            groups,
            acknowledgement_keys: issue.acknowledgement_keys,
            stages,
            limits: Limits { attachment_bytes, report_bytes, attachments, text_chars },
            legal_profile: self.legal_profile,
            controller: self.controller,
            other_routes: self.other_routes,
            hidden_categories: self.categories.hidden.iter().map(ToString::to_string).collect(),
            test: self.test,
            settings: settings.write()?,
        })
    }
}
