//! Events: what a case is made of. The header is all that the server knows of an event; its hash chains it to the one before.

use serde::{Deserialize, Serialize};

use crate::encoding::Canonical;
use crate::ids::{CaseId, ChannelId, Digest, Salt};
use crate::lifecycle::CaseState;
use crate::time::Timestamp;

/// The version of the header's canonical bytes.
pub const EVENT_VERSION: u64 = 1;

/// All that the server is told of what an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventClass {
    /// By the reporter: the report itself, messages, more evidence, answers.
    Reporter,
    /// By a reviewer: replies and internal notes alike.
    Team,
    /// The case changes its state.
    Transition,
}

impl EventClass {
    /// The id used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::Team => "team",
            Self::Transition => "transition",
        }
    }
}

/// Who appended an event, as the server saw it. What is proven stands in signatures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Author {
    /// Somebody holding the receipt.
    Reporter,
    /// A signed-in reviewer, by signing key (base64url).
    Reviewer {
        /// The reviewer's Ed25519 key, base64url without padding.
        key: String,
    },
    /// The server's own clock or rule.
    Server,
}

/// Which sealed body of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyPart {
    /// What the event says: the report, a message, a decision.
    Main,
    /// How to reach the reporter; comes with every report, empty or not, and is released only after a stored `contact_opened`.
    Contact,
}

impl BodyPart {
    /// The id used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Contact => "contact",
        }
    }
}

/// A sealed body by the hash of its sealed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyRef {
    /// Which one.
    pub part: BodyPart,
    /// SHA-256 of the sealed bytes.
    pub sha256: Digest,
    /// Bytes, sealed.
    pub size: u64,
}

/// A sealed attachment by the hash of its sealed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobRef {
    /// SHA-256 of the sealed bytes.
    pub sha256: Digest,
    /// Bytes, sealed and padded.
    pub size: u64,
}

/// What the server keeps of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventHeader {
    /// The channel that took the report.
    pub channel: ChannelId,
    /// The case.
    pub case: CaseId,
    /// Counts from 0 without a gap.
    pub sequence: u64,
    /// Hash of the event before; zeros in the first.
    pub previous: Digest,
    /// What kind of event, as far as the server knows.
    pub class: EventClass,
    /// Who appended it.
    pub author: Author,
    /// The state that a transition leads to; none in other classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<CaseState>,
    /// A new owner (`Some(Some(key))`) or nobody (`Some(None)`), where the event assigns.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "double_option")]
    pub assign: Option<Option<String>>,
    /// The event by which a reviewer had the contact details released.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contact_opened: bool,
    /// The reporter's separate, unticked choice; only in the first event.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Sealed bodies in order.
    pub bodies: Vec<BodyRef>,
    /// Sealed attachments in the order of the evidence list.
    pub blobs: Vec<BlobRef>,
    /// When the server recorded it: to the hour for the reporter's events, else to the second.
    pub recorded_at: Timestamp,
    /// The reporter's signature over [`Act`], base64url; none in events of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Drawn by the server for events of others than the reporter, who gets their hashes and must not be able to guess what they say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
}

impl EventHeader {
    /// The bytes that the event's hash is made of.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let (by, key) = match &self.author {
            Author::Reporter => ("reporter", None),
            Author::Reviewer { key } => ("reviewer", Some(key.as_str())),
            Author::Server => ("server", None),
        };
        let bytes = Canonical::new()
            .number(EVENT_VERSION)
            .text(self.channel.as_str())
            .bytes(self.case.as_bytes())
            .number(self.sequence)
            .bytes(self.previous.as_bytes())
            .text(self.class.as_str())
            .text(by)
            .optional(key)
            .optional(self.to.map(CaseState::as_str));
        let bytes = match &self.assign {
            None => bytes.number(0),
            Some(owner) => bytes.number(1).optional(owner.as_deref()),
        };
        bytes
            .number(u64::from(self.contact_opened))
            .number(u64::from(self.urgent))
            .list(&self.bodies, |bytes, body| {
                bytes.text(body.part.as_str()).bytes(body.sha256.as_bytes()).number(body.size)
            })
            .list(&self.blobs, |bytes, blob| bytes.bytes(blob.sha256.as_bytes()).number(blob.size))
            .number(self.recorded_at.0)
            .optional(self.signature.as_deref())
            .list(self.salt.as_slice(), |bytes, salt| bytes.bytes(salt.as_bytes()))
            .finish()
    }
}

/// A header with its hash, as stored and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRecord {
    /// The header.
    pub header: EventHeader,
    /// The labelled hash of its canonical bytes.
    pub hash: Digest,
}

/// What kind of act a reporter signs. It stands in the sealed body too, but a signature covers acts that have no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ActKind {
    Report,
    Message,
    EvidenceAdded,
    PurposeChanged,
    DecisionAccepted,
    RemedyAnswered,
    RemedyConfirmed,
    Contested,
    Withdrawn,
    Feedback,
}

impl ActKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Report,
        Self::Message,
        Self::EvidenceAdded,
        Self::PurposeChanged,
        Self::DecisionAccepted,
        Self::RemedyAnswered,
        Self::RemedyConfirmed,
        Self::Contested,
        Self::Withdrawn,
        Self::Feedback,
    ];

    /// The id that is signed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Message => "message",
            Self::EvidenceAdded => "evidence_added",
            Self::PurposeChanged => "purpose_changed",
            Self::DecisionAccepted => "decision_accepted",
            Self::RemedyAnswered => "remedy_answered",
            Self::RemedyConfirmed => "remedy_confirmed",
            Self::Contested => "contested",
            Self::Withdrawn => "withdrawn",
            Self::Feedback => "feedback",
        }
    }

    /// The class and state that the server sees of such an act.
    pub const fn visible(self) -> (EventClass, Option<CaseState>) {
        match self {
            Self::Withdrawn => (EventClass::Transition, Some(CaseState::Withdrawn)),
            Self::Contested => (EventClass::Transition, Some(CaseState::Appealed)),
            _ => (EventClass::Reporter, None),
        }
    }
}

/// What a reporter signs for each of their events.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// The channel.
    pub channel: &'a ChannelId,
    /// The case.
    pub case: &'a CaseId,
    /// The place in the chain that the act is meant for.
    pub sequence: u64,
    /// The event before it.
    pub previous: &'a Digest,
    /// What is done.
    pub kind: ActKind,
    /// Hashes of the sealed bodies.
    pub bodies: &'a [BodyRef],
    /// Hashes of the sealed attachments.
    pub blobs: &'a [BlobRef],
}

impl Act<'_> {
    /// The bytes under the reporter's signature.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        Canonical::new()
            .number(EVENT_VERSION)
            .text(self.channel.as_str())
            .bytes(self.case.as_bytes())
            .number(self.sequence)
            .bytes(self.previous.as_bytes())
            .text(self.kind.as_str())
            .list(self.bodies, |bytes, body| bytes.text(body.part.as_str()).bytes(body.sha256.as_bytes()))
            .list(self.blobs, |bytes, blob| bytes.bytes(blob.sha256.as_bytes()))
            .finish()
    }
}

/// Tells an absent field from one that is `null`: "assigns nothing" from "assigns to nobody".
pub mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// As the inner option.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer, T: Serialize>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    /// Present, be it `null`.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> EventHeader {
        EventHeader {
            channel: "demo".parse().unwrap(),
            case: CaseId::new([0xca; 16]),
            sequence: 2,
            previous: Digest::new([0xbe; 32]),
            class: EventClass::Transition,
            author: Author::Reviewer { key: "K".into() },
            to: Some(CaseState::InReview),
            assign: Some(None),
            contact_opened: false,
            urgent: true,
            bodies: vec![BodyRef { part: BodyPart::Main, sha256: Digest::new([0xb0; 32]), size: 8_192 }],
            blobs: vec![BlobRef { sha256: Digest::new([0xb1; 32]), size: 100 }],
            recorded_at: Timestamp(1_767_225_600),
            signature: None,
            salt: Some(Salt::new([0x5a; 16])),
        }
    }

    fn hex(parts: &[&str]) -> Vec<u8> {
        let text: String = parts.concat().split_whitespace().collect();
        data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
    }

    /// Hashes of every case hang on these bytes: they may change only with [`EVENT_VERSION`].
    #[test]
    fn the_bytes_of_a_header_are_fixed() {
        let expected = hex(&[
            "00000008 0000000000000001", // version
            "00000004 64656d6f",         // channel, "demo"
            "00000010",
            &"ca".repeat(16),            // case
            "00000008 0000000000000002", // sequence
            "00000020",
            &"be".repeat(32),                                        // previous
            "0000000a 7472616e736974696f6e",                         // class, "transition"
            "00000008 7265766965776572",                             // author, "reviewer"
            "00000008 0000000000000001 00000001 4b",                 // and key, "K"
            "00000008 0000000000000001 00000009 696e5f726576696577", // to, "in_review"
            "00000008 0000000000000001",                             // assigns
            "00000008 0000000000000000",                             // to nobody
            "00000008 0000000000000000",                             // contact not opened
            "00000008 0000000000000001",                             // urgent
            "00000008 0000000000000001",                             // one body
            "00000004 6d61696e",                                     // "main"
            "00000020",
            &"b0".repeat(32),
            "00000008 0000000000002000",
            "00000008 0000000000000001", // one blob
            "00000020",
            &"b1".repeat(32),
            "00000008 0000000000000064",
            "00000008 000000006955b900", // recorded
            "00000008 0000000000000000", // no signature
            "00000008 0000000000000001", // a salt
            "00000010",
            &"5a".repeat(16),
        ]);
        assert_eq!(header().canonical_bytes(), expected);
    }

    #[test]
    fn the_bytes_under_a_reporters_signature_are_fixed() {
        let EventHeader { channel, case, sequence, previous, bodies, blobs, .. } = header();
        let act = Act {
            channel: &channel,
            case: &case,
            sequence,
            previous: &previous,
            kind: ActKind::Withdrawn,
            bodies: &bodies,
            blobs: &blobs,
        };
        let expected = hex(&[
            "00000008 0000000000000001 00000004 64656d6f 00000010",
            &"ca".repeat(16),
            "00000008 0000000000000002 00000020",
            &"be".repeat(32),
            "00000009 77697468647261776e", // "withdrawn"
            "00000008 0000000000000001 00000004 6d61696e 00000020",
            &"b0".repeat(32),
            "00000008 0000000000000001 00000020",
            &"b1".repeat(32),
        ]);
        assert_eq!(act.canonical_bytes(), expected);
    }

    /// A signature for one kind of act is none for another, and the ids are those on the wire.
    #[test]
    fn kinds_of_acts_have_bytes_of_their_own() {
        let EventHeader { channel, case, sequence, previous, bodies, blobs, .. } = header();
        let mut seen = std::collections::BTreeSet::new();
        for kind in ActKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
            let act = Act {
                channel: &channel,
                case: &case,
                sequence,
                previous: &previous,
                kind,
                bodies: &bodies,
                blobs: &blobs,
            };
            assert!(seen.insert(act.canonical_bytes()), "{kind:?}");
        }
    }

    /// No two headers share their bytes: each field, changed alone, changes them.
    #[test]
    fn every_field_of_a_header_is_in_its_bytes() {
        let changes: [fn(&mut EventHeader); 18] = [
            |header| header.channel = "demo2".parse().unwrap(),
            |header| header.case = CaseId::new([0; 16]),
            |header| header.sequence = 3,
            |header| header.previous = Digest::ZERO,
            |header| header.class = EventClass::Team,
            |header| header.author = Author::Reporter,
            |header| header.author = Author::Reviewer { key: "L".into() },
            |header| header.to = None,
            |header| header.assign = None,
            |header| header.assign = Some(Some("K".into())),
            |header| header.contact_opened = true,
            |header| header.urgent = false,
            |header| header.bodies[0].part = BodyPart::Contact,
            |header| header.bodies[0].size = 1,
            |header| header.blobs.clear(),
            |header| header.recorded_at = Timestamp(0),
            |header| header.signature = Some(String::new()),
            |header| header.salt = None,
        ];
        let mut seen = std::collections::BTreeSet::from([header().canonical_bytes()]);
        for change in changes {
            let mut changed = header();
            change(&mut changed);
            assert!(seen.insert(changed.canonical_bytes()), "{changed:?}");
        }
    }

    #[test]
    fn headers_survive_json_and_unknown_fields_do_not() {
        let mut changed = header();
        for (assign, author) in [
            (None, Author::Reporter),
            (Some(None), Author::Server),
            (Some(Some("K".to_owned())), Author::Reviewer { key: "K".into() }),
        ] {
            changed.assign = assign;
            changed.author = author;
            let json = serde_json::to_value(&changed).unwrap();
            assert_eq!(serde_json::from_value::<EventHeader>(json.clone()).unwrap(), changed);
            for at in ["", "/author/reviewer", "/bodies/0", "/blobs/0"] {
                let mut more = json.clone();
                let Some(object) = more.pointer_mut(at) else { continue };
                object["ip"] = "192.0.2.1".into();
                assert!(serde_json::from_value::<EventHeader>(more).is_err(), "{at} of {changed:?}");
            }
        }
    }
}
