//! The hash chain of a case: each event names the hash of the one before, so that none can be dropped, swapped or changed unseen.

use crate::hash::digest;
use crate::label::Label;

/// What the first event of a case names as the one before it.
pub const GENESIS: [u8; 32] = [0; 32];

/// Hash of an event, from its canonical bytes (which hold its sequence and the hash before).
pub fn event_hash(canonical: &[u8]) -> [u8; 32] {
    digest(Label::Event, &[canonical])
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The first event names something before it.
    #[error("the first event names an event before it")]
    Start,
    /// An event is missing.
    #[error("event {expected} is missing: event {found} follows instead")]
    Gap {
        /// The sequence that should come here.
        expected: u64,
        /// The one that does.
        found: u64,
    },
    /// An event comes twice or out of its place.
    #[error("event {found} stands where event {expected} should")]
    Order {
        /// The sequence that should come here.
        expected: u64,
        /// The one that does.
        found: u64,
    },
    /// An event does not name the hash of the one before it.
    #[error("event {sequence} does not follow from the one before it")]
    Link {
        /// The event with the wrong link.
        sequence: u64,
    },
    /// The chain ends before an event that is known to exist.
    #[error("the chain ends before event {known}, which is known to exist")]
    Truncated {
        /// Sequence of the known event.
        known: u64,
    },
    /// A known event has another hash here: history was rewritten.
    #[error("event {sequence} is not the one that is known")]
    Rewritten {
        /// Sequence of the known event.
        sequence: u64,
    },
}

/// Checks `(sequence, previous, hash)` of a whole chain in order, from sequence 0. The caller computes each hash with [`event_hash`] from the
/// event itself – a hash taken from the server's word proves nothing. An empty chain has no broken link.
///
/// # Errors
/// The first fault found.
pub fn verify_links(links: &[(u64, [u8; 32], [u8; 32])]) -> Result<(), ChainError> {
    let mut before = GENESIS;
    for (expected, &(found, previous, hash)) in (0u64..).zip(links) {
        if found > expected {
            return Err(ChainError::Gap { expected, found });
        }
        if found < expected {
            return Err(ChainError::Order { expected, found });
        }
        if previous != before {
            return Err(if expected == 0 { ChainError::Start } else { ChainError::Link { sequence: found } });
        }
        before = hash;
    }
    Ok(())
}

/// As [`verify_links`], and the chain must still hold the event `(sequence, hash)` that was seen before – in an acknowledgement, say – at its
/// place. A server that withholds the newest events is found out by this alone.
///
/// # Errors
/// The first fault found.
pub fn verify_links_to(links: &[(u64, [u8; 32], [u8; 32])], known: (u64, [u8; 32])) -> Result<(), ChainError> {
    verify_links(links)?;
    let (sequence, hash) = known;
    match usize::try_from(sequence).ok().and_then(|index| links.get(index)) {
        None => Err(ChainError::Truncated { known: sequence }),
        Some(link) if link.2 != hash => Err(ChainError::Rewritten { sequence }),
        Some(_) => Ok(()),
    }
}
