//! The proof of work that a report comes with: fetched after *send*, made for one report, solved on the reporter's device.
//!
//! A challenge has the fields of ALTCHA's first protocol (`SHA-256`), and is solved like one: `challenge` is the lowercase hex of
//! SHA-256 over `salt` and the decimal digits of a number from 0 to `maxnumber`, which is to be found; `signature` is the server's own
//! (HMAC-SHA256 over `challenge`). The salt holds what the ticket is for, as a query behind random digits, and ends with `&`, so that
//! digits of the number cannot be counted among those of its last field:
//!
//! ```text
//! 0f1e2d3c4b5a69788796a5b4…?expires=1795001834&channel=demo&report=<sha256>&bytes=41233&count=2&
//! ```
//!
//! The solution goes with the report in the header [`TICKET`](crate::header::TICKET): ALTCHA's payload as JSON, in base64url.

use recourse_domain::ids::Digest;
use serde::{Deserialize, Serialize};

/// The one hash that is spoken.
pub const ALGORITHM: &str = "SHA-256";

/// `POST …/tickets`: what a ticket is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketRequest {
    /// SHA-256 of the request's body that will file the report.
    pub report: Digest,
    /// Bytes of that body and of all sealed attachments together.
    pub bytes: u64,
    /// Attachments.
    pub count: u32,
}

/// The challenge; ALTCHA's field names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// [`ALGORITHM`].
    pub algorithm: String,
    /// The hash to be met, lowercase hex.
    pub challenge: String,
    /// The largest number that has to be tried; never above [`WORK_MAX`](crate::limits::WORK_MAX).
    pub maxnumber: u64,
    /// What the number is put behind.
    pub salt: String,
    /// The server's, lowercase hex.
    pub signature: String,
}

/// The solved challenge; ALTCHA's payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// [`ALGORITHM`].
    pub algorithm: String,
    /// As it was given.
    pub challenge: String,
    /// The number that was found.
    pub number: u64,
    /// As it was given.
    pub salt: String,
    /// As it was given.
    pub signature: String,
}
