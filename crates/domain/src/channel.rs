//! The content of a channel manifest: what a provider promises about one intake, signed by the channel's root key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::ChannelId;
use crate::lifecycle::CaseState;
use crate::time::Timestamp;

/// The version of the manifest's content.
pub const MANIFEST_VERSION: u32 = 1;

/// A channel manifest. Texts for people are given per language (`BTreeMap` of BCP 47 tag to text), with `en` always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub version: u32,
    /// The channel.
    pub channel: ChannelId,
    /// Rises with each issue; a lower one than seen before is refused.
    pub serial: u64,
    /// When it was signed.
    pub issued_at: Timestamp,
    /// When it ends; reports are still taken for 30 days after, with a warning.
    pub expires_at: Timestamp,
    /// Origin that serves the intake app and the reporter API, `https://host[:port]`.
    pub intake_origin: String,
    /// Origin of the console.
    pub console_origin: String,
    /// The company that carries the channel.
    pub provider: String,
    /// Its product that the channel is about.
    pub product: String,
    /// When reports are read, for instance "on weekdays from 9 to 17".
    pub reading_hours: BTreeMap<String, String>,
    /// Languages that the provider reads, BCP 47.
    pub languages: Vec<String>,
    /// Who can open a report.
    pub groups: Vec<ReaderGroup>,
    /// Keys that sign acknowledgements.
    pub acknowledgement_keys: Vec<AcknowledgementKey>,
    /// What a reporter may expect and when.
    pub stages: Vec<Stage>,
    /// Sizes and numbers.
    pub limits: Limits,
    /// Which law's clocks are caps here.
    pub legal_profile: LegalProfile,
    /// Who answers for the data, and where the notices stand.
    pub controller: Controller,
    /// Other ways to be heard: regulator, court, helpline.
    pub other_routes: Vec<OtherRoute>,
    /// Categories not offered here; ids of the vocabulary.
    #[serde(default)]
    pub hidden_categories: Vec<String>,
    /// A marked test: every report here is a test, is shown as one, and never stands in the real queue. A channel is a test for all
    /// of its life or never.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// [`crate::settings::Settings`] as JSON, at most 96 KiB; empty where nothing is set. A text, so that clients which need nothing of
    /// it pass it on unread, as it was signed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 98_304), extend("contentMediaType" = "application/json")))]
    pub settings: String,
}

impl Manifest {
    /// Days past `expires_at` in which reports are still taken, with a warning.
    pub const GRACE_DAYS: u32 = 30;

    /// The group of that kind, if the channel has one.
    pub fn group(&self, kind: GroupKind) -> Option<&ReaderGroup> {
        self.groups.iter().find(|group| group.kind == kind)
    }

    /// What keeps the channel from going live: paths of texts that are empty. A channel in test mode may lack them.
    pub fn missing_for_live(&self) -> Vec<&'static str> {
        let blank = |texts: &BTreeMap<String, String>| Self::text(texts, "en").trim().is_empty();
        let mut missing = Vec::new();
        if self.test {
            return missing;
        }
        if self.controller.name.trim().is_empty() {
            missing.push("controller.name");
        }
        if blank(&self.controller.privacy_notice) {
            missing.push("controller.privacy_notice");
        }
        if blank(&self.controller.rules) {
            missing.push("controller.rules");
        }
        missing
    }

    /// A text in the first of the languages that has it, else in English, else empty.
    pub fn text<'a>(texts: &'a BTreeMap<String, String>, language: &str) -> &'a str {
        texts.get(language).or_else(|| texts.get("en")).map_or("", String::as_str)
    }
}

/// Whom a report can be sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// The people who usually read reports.
    Team,
    /// Child safety.
    Restricted,
    /// An ombudsperson or outside body: reports about the readers or the provider, and appeals.
    Independent,
}

impl GroupKind {
    /// The id.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Restricted => "restricted",
            Self::Independent => "independent",
        }
    }
}

/// A reader group as reporters see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReaderGroup {
    /// Which.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Who is in it, by role or name.
    pub members: Vec<Member>,
    /// The current epoch, counted from 1.
    pub epoch: u32,
    /// The age recipient of the epoch (`age1pq1…`).
    pub recipient: String,
}

/// Somebody who reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Name or role, as shown to reporters.
    pub name: String,
    /// The Ed25519 key that signs what they write, base64url without padding.
    pub key: String,
}

/// A key that signs acknowledgements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcknowledgementKey {
    /// Its id in acknowledgements.
    pub id: String,
    /// The Ed25519 key, base64url without padding.
    pub key: String,
}

/// A stage and how long it lasts at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The state that the stage ends in.
    pub state: CaseState,
    /// Days from the report.
    pub days: u32,
    /// What happens, for people.
    pub text: BTreeMap<String, String>,
}

/// Limits of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one attachment before sealing.
    pub attachment_bytes: u64,
    /// Bytes of all attachments of a report before sealing.
    pub report_bytes: u64,
    /// Attachments of a report.
    pub attachments: u32,
    /// Characters of one free text.
    pub text_chars: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { attachment_bytes: 25 << 20, report_bytes: 100 << 20, attachments: 50, text_chars: 20_000 }
    }
}

/// Which law the clocks follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the vocabulary")]
pub enum LegalProfile {
    None,
    DsaHosting,
    DsaPlatform,
    EuWhistleblower,
    UkOsa,
}

/// Who answers for the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Controller {
    /// Name and address.
    pub name: String,
    /// How to reach its data protection people.
    pub contact: String,
    /// The privacy notice: a text, so that reading it asks nobody else.
    pub privacy_notice: BTreeMap<String, String>,
    /// The rules of procedure.
    pub rules: BTreeMap<String, String>,
}

/// Another way to be heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OtherRoute {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub text: BTreeMap<String, String>,
    /// Where; shown as text and link, never fetched.
    pub url: String,
}
