//! Sessions of reviewers.

use recourse_domain::time::Timestamp;
use recourse_wire::console::Reviewer;

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is, as they are now.
    pub reviewer: Reviewer,
    /// Until when.
    pub expires_at: Timestamp,
}
