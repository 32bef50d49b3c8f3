//! The commitment to a report's content that stands in its acknowledgement.

use crate::hash::digest;
use crate::label::Label;

/// Binds to `content` without telling it. Only the reporter holds the nonce, so nobody can test guesses against the commitment, and with
/// nonce and content the reporter proves later what was sent.
pub fn commit(nonce: &[u8; 32], content: &[u8]) -> [u8; 32] {
    digest(Label::ContentCommitment, &[nonce, content])
}
