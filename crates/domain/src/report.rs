//! The report `recourse.report/1` (TAXONOMY sections 1 to 8): what is sealed to the readers. Beside what the person says it carries the
//! keys with which they can be answered, so that a server cannot swap them. There is no field for risk to the business, and none can
//! be added from outside: unknown fields are refused everywhere.
//!
//! Texts that were left out are empty and are not written. Contact details are a sealed body of their own ([`crate::content::Contact`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

pub use crate::category::{Category, CategoryGroup};
pub use crate::check::{Fault, FieldFault};
pub use crate::draft::{EvidenceDraft, ReportDraft, ReportKeys};
pub use crate::question::CustomAnswer;
pub use crate::settings::PublicCustomer;
pub use crate::text::{Country, EvidenceId, Language, MediaType, Moment};
pub use crate::vocabulary::{
    AffectedGroup, AgeBand, Answer, EvidenceKind, Identity, LawEnforcement, Purpose, Relationship, Remedy,
    ReportVersion, Sector, ShareContent, ShareIdentity, SubjectKind, When,
};

use crate::ids::{CaseId, ChannelId, Digest};

/// The version of the report.
pub const REPORT_VERSION: &str = ReportVersion::V1.as_str();

/// SHA-256 of the checked-in schema, lowercase hexadecimal: what a report says it follows, without carrying the schema along.
pub const REPORT_SCHEMA_SHA256: &str = include_str!("../schema/report-1.schema.sha256");

/// Characters of a short text: a name, a title, a reference.
pub const SHORT_CHARS: usize = 1_000;
/// Characters of an address.
pub const URL_CHARS: usize = 4_000;
/// Places in one report.
pub const LOCATIONS: usize = 100;
/// Items of evidence in one report, whatever the channel allows.
pub const EVIDENCE_ITEMS: usize = 100;
/// Entries of the host's context.
pub const CONTEXT_ENTRIES: usize = 64;
/// Characters of a name in the host's context.
pub const CONTEXT_NAME_CHARS: usize = 64;
/// Bytes of a report as JSON: the largest body that is sealed, before padding.
pub const REPORT_BYTES: usize = 128 * 1024;

/// A report as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`REPORT_VERSION`].
    pub version: ReportVersion,
    /// The channel that the person saw.
    pub channel: ChannelId,
    /// Hash of the signed manifest that the person saw.
    pub manifest: Digest,
    /// Language in which the report is written and should be answered.
    pub language: Language,
    /// How to answer.
    pub reply: ReplyKeys,

    /// What the person wants.
    pub purpose: Purpose,
    /// How the person stands to it; nothing means `prefer_not_to_say`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub relationships: Vec<Relationship>,
    /// Who may know who reports.
    pub identity: Identity,
    /// Age of the reporter, if they added it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_band: Option<AgeBand>,
    /// The people spoken for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represented: Option<RepresentedGroup>,
    /// Whether one of the people who usually read reports is involved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader_involved: Option<Answer>,

    /// What it is about.
    pub subject: Subject,
    /// What kind of thing happened.
    pub category: Categories,

    /// What happened, in the person's words. Up to 20,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20_000)))]
    pub what_happened: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// How many people are affected, as the person reckons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 4_294_967_295_u32)))]
    pub how_many: Option<u32>,
    /// Whether it can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_be_undone: Option<Answer>,
    /// Whether somebody is in danger now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imminent_danger: Option<Answer>,
    /// Whether the person fears retaliation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fear_of_retaliation: Option<Answer>,
    /// Groups of people who are affected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub affected_groups: Vec<AffectedGroup>,
    /// Whether somebody shown may be under 18; unless the answer is `no` or missing, no media come with the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_18_shown: Option<Answer>,

    /// What the harm was, for those who seek remedy. Up to 20,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20_000)))]
    pub harm: String,
    /// What would put it right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub remedy_sought: Vec<Remedy>,
    /// Whether the organisation that holds the person's data may be told that it is about them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_tell_data_holder: bool,
    /// What may be shared, and with whom.
    pub consent: Consent,

    /// What a notice under DSA Art. 16 adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The decision that is contested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealReference>,
    /// What the host offered of its context and the person left in: flat, at most 64 names of up to 64 characters with values of up
    /// to 1,000.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "maxProperties" = 64,
        "propertyNames" = { "minLength": 1, "maxLength": 64 },
        "additionalProperties" = { "type": "string", "maxLength": 1000 },
    )))]
    pub provider_context: BTreeMap<String, String>,
    /// What the host vouches for, as it came (see [`crate::context_token`]): up to 4,096 characters. In an anonymous report only where
    /// the person switched it on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 4_096)))]
    pub context_token: String,
    /// Answers to the channel's own questions, at most 30.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 30)))]
    pub answers: Vec<CustomAnswer>,
    /// Filed in a channel in test mode.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// The evidence, in the order of the sealed attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub evidence: Vec<EvidenceItem>,
}

/// Keys made from the receipt. Readers take them from the sealed report and from nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplyKeys {
    /// The age recipient that answers are sealed to, `age1pq1…`.
    #[serde(deserialize_with = "recipient")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^age1pq1[02-9ac-hj-np-z]{6,4000}$")))]
    pub recipient: String,
    /// The Ed25519 key that signs the reporter's later events: 32 bytes, base64url without padding.
    #[serde(deserialize_with = "base64url_32")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")))]
    pub reporter_key: String,
}

/// A report for several people; no papers are needed to start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RepresentedGroup {
    /// How many people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 4_294_967_295_u32)))]
    pub how_many: Option<u32>,
    /// Whether they know of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub do_they_know: Option<Answer>,
    /// Which of several reports of the same content this is, where members of the group have a receipt each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedReport>,
}

/// One of the reports that a group sent at once, so that each member has a case and a receipt of their own. Only the first has the
/// files. The server cannot tell that they belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SharedReport {
    /// The case of the first; none in the first itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<CaseId>,
    /// Which this is, counted from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// What a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What kind of thing or body.
    pub kind: SubjectKind,
    /// Of the state or not.
    pub sector: Sector,
    /// Where it is to be seen; several items fit one report, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub locations: Vec<Location>,
    /// The product. Up to 1,000 characters, like the next two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub product: String,
    /// The feature of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub feature: String,
    /// What it is used for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub use_case: String,
    /// The country in which it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<Country>,
    /// The body of the state, as the person picked it from the channel's list. Only with a subject of the state; what is typed because
    /// it is not in the list is a [`Location::tenant_ref`]. A reader compares it with the list of the manifest that the report names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_customer: Option<PublicCustomer>,
}

impl Subject {
    /// Whether it is a body of the state, or one is behind it: then the channel's list of public-sector customers is offered.
    pub fn is_of_the_state(&self) -> bool {
        self.kind == SubjectKind::GovernmentBody || self.sector == Sector::Public
    }
}

/// One place. The address is the person's text: shown, never fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Its address. Up to 4,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 4_000)))]
    pub url: String,
    /// The provider's id of the item. Up to 1,000 characters, like the next two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub item_id: String,
    /// The customer's workspace.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub tenant_ref: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub description: String,
}

impl Location {
    /// Whether nothing was filled in.
    pub fn is_blank(&self) -> bool {
        [&self.url, &self.item_id, &self.tenant_ref, &self.description].iter().all(|text| text.trim().is_empty())
    }
}

/// One primary category and any others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Categories {
    /// The one that fits best; `other_unsure` where the person skipped the question.
    pub primary: Category,
    /// Others, without the primary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub secondary: Vec<Category>,
}

impl Categories {
    /// Whether the category is the primary or one of the others.
    pub fn contains(&self, category: Category) -> bool {
        self.primary == category || self.secondary.contains(&category)
    }
}

/// What may be shared. Closed unless the person opens it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who may learn who reports.
    pub share_identity_with: ShareIdentity,
    /// What the customer may see.
    pub share_content_with_customer: ShareContent,
    /// Whether it may go to law enforcement.
    pub law_enforcement: LawEnforcement,
}

/// What a notice under DSA Art. 16(2) adds; the exact locations stand in [`Subject::locations`], name and e-mail in the contact body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Why the content is held to be illegal. Up to 20,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20_000)))]
    pub reasons: String,
    /// The statement that the person believes in good faith that the notice is accurate and complete.
    pub good_faith_statement: bool,
}

/// The decision that an appeal contests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AppealReference {
    /// The reference that the decision carries, or words that let it be found. Up to 1,000 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub decision: String,
}

/// An item of evidence: what was sent, from where, and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EvidenceItem {
    /// Its name within the report.
    pub id: EvidenceId,
    /// What it is.
    pub kind: EvidenceKind,
    /// Media type of what was sent.
    pub media_type: MediaType,
    /// Bytes of what was sent, before sealing.
    pub size: u64,
    /// SHA-256 of what was sent, before sealing, after redaction.
    pub sha256: Digest,
    /// SHA-256 of the sealed attachment, which is the hash in the event's blobs.
    pub blob: Digest,
    /// When it was captured or added; to the day in anonymous reports, unless the person chose otherwise.
    pub captured_at: Moment,
    /// What captured it.
    pub tool: Tool,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Source::is_empty")]
    pub source: Source,
    /// How many parts were covered or taken out before hashing.
    #[cfg_attr(feature = "schema", schemars(range(max = 4_294_967_295_u32)))]
    pub redactions: u32,
    /// What it shows, in the person's words. Up to 1,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub description: String,
    /// Whether it is distressing or private, so that it stays covered until asked for.
    pub sensitive: bool,
    /// The file's name, where the person left it in. Up to 1,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub file_name: String,
}

/// What made a capture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name. Up to 1,000 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub name: String,
    /// Its version. Up to 1,000 characters.
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub version: String,
}

/// Where a capture comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Address of the page. Up to 4,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 4_000)))]
    pub url: String,
    /// Title of the page. Up to 1,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub title: String,
    /// W3C text selector of a selection, as text. Up to 4,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 4_000)))]
    pub selector: String,
}

impl Source {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.url.is_empty() && self.title.is_empty() && self.selector.is_empty()
    }
}

fn recipient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    // Bech32's alphabet; whether it is a key is for `seal` to find out.
    let fits = |byte: &u8| b"qpzry9x8gf2tvdw0s3jn54khce6mua7l".contains(byte);
    match text.strip_prefix("age1pq1") {
        Some(data) if (6..=4_000).contains(&data.len()) && data.as_bytes().iter().all(fits) => Ok(text),
        _ => Err(de::Error::custom("is not an age recipient")),
    }
}

fn base64url_32<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()) {
        Ok(bytes) if bytes.len() == 32 => Ok(text),
        _ => Err(de::Error::custom("is not 32 bytes in base64url")),
    }
}
