//! Problem documents (RFC 9457). Every fault has a type of its own; what is inside a fault (5xx) is never told.

use serde::{Deserialize, Serialize};

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $title:literal;)*) => {
        /// The faults of the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemKind { $($(#[$doc])* $name,)* }

        impl ProblemKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The last part of the type URI, stable.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug),* }
            }

            /// The status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// A short English title for developers. People are shown the text of the locale file under `problem.<slug>`.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

problems! {
    /// The JSON does not parse or has unknown fields.
    MalformedRequest = "malformed-request", 400, "The request is not what this address takes";
    /// A header is missing or does not parse.
    MalformedHeader = "malformed-header", 400, "A header is missing or cannot be read";
    /// The number, order or size of bodies does not fit.
    MalformedBodies = "malformed-bodies", 400, "The sealed bodies are not those that this event has";
    /// No channel of that name.
    UnknownChannel = "unknown-channel", 404, "There is no such channel";
    /// No such case, or the token does not open it: told alike.
    UnknownCase = "unknown-case", 404, "This opens no case";
    /// No such body or attachment in this case.
    UnknownBody = "unknown-body", 404, "There is no such body in this case";
    /// No such upload, or the token does not open it: told alike.
    UnknownUpload = "unknown-upload", 404, "There is no such upload";
    /// Nothing stands at this address.
    NotFound = "not-found", 404, "There is nothing at this address";
    /// The address does not take this method.
    MethodNotAllowed = "method-not-allowed", 405, "This address does not take this method";
    /// Sealed to a recipient that the channel does not have or no longer accepts.
    UnknownRecipient = "unknown-recipient", 422, "Sealed to a key that this channel does not have";
    /// A serial older than what the channel still accepts.
    OldManifest = "old-manifest", 409, "The channel has changed since the form was opened";
    /// The channel's manifest expired longer ago than the days of grace.
    ChannelClosed = "channel-closed", 410, "The channel takes no reports any more";
    /// A body's or upload's hash differs from the one named.
    WrongChecksum = "wrong-checksum", 422, "The bytes do not have the hash that was named";
    /// Larger than allowed; told before it is read.
    TooLarge = "too-large", 413, "Larger than this channel takes";
    /// More attachments than allowed.
    TooManyAttachments = "too-many-attachments", 422, "More attachments than this channel takes";
    /// The offset is not where the upload stands.
    OffsetMismatch = "offset-mismatch", 409, "The upload stands at another offset";
    /// Claimed before it is complete.
    IncompleteUpload = "incomplete-upload", 409, "The upload is not complete";
    /// Claimed already, by another event.
    UploadClaimed = "upload-claimed", 409, "The upload belongs to another event";
    /// Expired.
    UploadGone = "upload-gone", 410, "The upload has expired";
    /// A tus version other than 1.0.0.
    UnsupportedTusVersion = "unsupported-tus-version", 412, "Only tus 1.0.0 is spoken here";
    /// `Upload-Metadata` would tell names of files.
    MetadataRefused = "metadata-refused", 400, "Upload-Metadata is not taken: it would tell names of files";
    /// The wrong media type.
    UnsupportedMediaType = "unsupported-media-type", 415, "This media type is not taken here";
    /// The idempotency key, or the receipt, was used with other bytes.
    IdempotencyMismatch = "idempotency-mismatch", 422, "The same key was used with another request";
    /// `If-Match` is missing.
    PreconditionRequired = "precondition-required", 428, "If-Match is missing";
    /// Somebody else was faster.
    CaseChanged = "case-changed", 412, "The case has changed since it was read";
    /// Off the table of the life cycle, or not this author's to make.
    InvalidTransition = "invalid-transition", 409, "The case cannot take this step";
    /// No session, or an expired one.
    SignInRequired = "sign-in-required", 401, "Sign in first";
    /// Wrong signature, unknown reviewer or spent challenge: told alike.
    SignInRefused = "sign-in-refused", 403, "Signing in did not work";
    /// The role does not allow it.
    Forbidden = "forbidden", 403, "This role may not do that";
    /// The contact details need a stored `contact_opened` first.
    ContactClosed = "contact-closed", 403, "Contact details are opened by a logged act first";
    /// A range that begins past the end of the attachment.
    RangeNotSatisfiable = "range-not-satisfiable", 416, "The attachment has no such bytes";
    /// Too many events in the case.
    CaseFull = "case-full", 409, "The case takes no more events";
    /// The report comes without a solved ticket.
    TicketRequired = "ticket-required", 428, "A report needs a solved ticket";
    /// Not solved, not ours, or for another report: told alike.
    TicketRefused = "ticket-refused", 403, "The ticket is not one for this report";
    /// Solved too late.
    TicketExpired = "ticket-expired", 410, "The ticket has expired";
    /// Asked too often. Never told of a report.
    TooManyRequests = "too-many-requests", 429, "Too many requests, come back later";
    /// A fault of ours.
    Internal = "internal", 500, "Something went wrong here";
    /// Not able to store at the moment.
    Unavailable = "unavailable", 503, "Storage cannot be reached at the moment";
}

impl ProblemKind {
    /// The type URI: relative to nothing, a name rather than a place.
    pub fn type_uri(self) -> String {
        format!("urn:recourse:problem:{}", self.slug())
    }

    /// The kind with that type URI.
    pub fn from_type_uri(uri: &str) -> Option<Self> {
        let slug = uri.strip_prefix("urn:recourse:problem:")?;
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }
}

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The type URI.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The title of the type.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What was wrong with this request, for developers: a path in the JSON, a limit. Never a part of a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// A document of that kind.
    pub fn new(kind: ProblemKind, detail: Option<String>) -> Self {
        Self { type_uri: kind.type_uri(), title: kind.title().to_owned(), status: kind.status(), detail }
    }

    /// Which kind it is, if known.
    pub fn kind(&self) -> Option<ProblemKind> {
        ProblemKind::from_type_uri(&self.type_uri)
    }
}
