//! Domain separation: every digest, signature and derivation names its purpose, so that bytes made for one never pass for another.

/// What some bytes are for. The text goes into the hash, signature or derivation; it is part of the format and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Label {
    /// Receipt → lookup id.
    ReceiptLookup,
    /// Receipt → access token.
    ReceiptToken,
    /// Receipt → seed of the identity that opens replies.
    ReceiptReply,
    /// Receipt → seed of the reporter's signing key.
    ReceiptReporterKey,
    /// Lookup id → case id.
    CaseId,
    /// Hash of an event in a case's chain.
    Event,
    /// A reporter's signature over one of their events.
    ReporterEvent,
    /// A reviewer's signature over what they wrote, inside the sealed body.
    ReviewerContent,
    /// The signature of a channel's root key over its manifest.
    Manifest,
    /// The server's signature over an acknowledgement.
    Acknowledgement,
    /// A reviewer's signature over a sign-in challenge.
    SignIn,
    /// The commitment to a report's content in an acknowledgement.
    ContentCommitment,
    /// Reviewer seed → seed of their identity.
    ReviewerIdentity,
    /// Reviewer seed → seed of their signing key.
    ReviewerSigning,
    /// Root seed → seed of the channel's root signing key.
    RootSigning,
    /// Group seed → seed of the reader group's identity.
    GroupIdentity,
    /// Hash behind a key's readable fingerprint.
    Fingerprint,
    /// Checksum in the text form of a seed.
    SeedChecksum,
    /// Code of a record → seed of the identity that opens it.
    RecordIdentity,
}

impl Label {
    /// Every label; a test proves that no two share a text.
    pub const ALL: [Self; 19] = [
        Self::ReceiptLookup,
        Self::ReceiptToken,
        Self::ReceiptReply,
        Self::ReceiptReporterKey,
        Self::CaseId,
        Self::Event,
        Self::ReporterEvent,
        Self::ReviewerContent,
        Self::Manifest,
        Self::Acknowledgement,
        Self::SignIn,
        Self::ContentCommitment,
        Self::ReviewerIdentity,
        Self::ReviewerSigning,
        Self::RootSigning,
        Self::GroupIdentity,
        Self::Fingerprint,
        Self::SeedChecksum,
        Self::RecordIdentity,
    ];

    /// The text that goes into the bytes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReceiptLookup => "recourse/v1/receipt/lookup",
            Self::ReceiptToken => "recourse/v1/receipt/token",
            Self::ReceiptReply => "recourse/v1/receipt/reply",
            Self::ReceiptReporterKey => "recourse/v1/receipt/reporter-key",
            Self::CaseId => "recourse/v1/case-id",
            Self::Event => "recourse/v1/event",
            Self::ReporterEvent => "recourse/v1/reporter-event",
            Self::ReviewerContent => "recourse/v1/reviewer-content",
            Self::Manifest => "recourse/v1/manifest",
            Self::Acknowledgement => "recourse/v1/acknowledgement",
            Self::SignIn => "recourse/v1/sign-in",
            Self::ContentCommitment => "recourse/v1/content-commitment",
            Self::ReviewerIdentity => "recourse/v1/reviewer/identity",
            Self::ReviewerSigning => "recourse/v1/reviewer/signing",
            Self::RootSigning => "recourse/v1/root/signing",
            Self::GroupIdentity => "recourse/v1/group/identity",
            Self::Fingerprint => "recourse/v1/fingerprint",
            Self::SeedChecksum => "recourse/v1/seed-checksum",
            Self::RecordIdentity => "recourse/v1/record/identity",
        }
    }
}
