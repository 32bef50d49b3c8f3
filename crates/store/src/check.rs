//! What every backend checks before it stores: that the parts of one call fit together. A store that trusted its caller here
//! could keep a header whose body nobody has, or a reporter's exact time.

use recourse_domain::event::{Author, EventHeader, EventRecord};
use recourse_domain::ids::Digest;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::limits::{EVENTS_PER_CASE, SEALED_BODY_BYTES};

use crate::{Claim, NewCase, NewEvent, StoreError, StoredBody};

impl NewCase {
    /// Whether the parts fit together.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] says what does not.
    pub fn check(&self) -> Result<(), StoreError> {
        require(!self.events.is_empty(), "a case without events")?;
        require(self.events.len() as u64 <= EVENTS_PER_CASE, "more events than a case takes")?;
        require(on_the_hour(self.received_at), "a report's exact time")?;
        let mut previous = Digest::ZERO;
        for (sequence, event) in self.events.iter().enumerate() {
            check_header(&event.header, sequence as u64, &previous)?;
            require(event.header.case == self.case, "an event of another case")?;
            require(event.header.channel == self.channel, "an event of another channel")?;
            previous = event.hash;
        }
        let state = self.events.iter().rev().find_map(|event| event.header.to).unwrap_or(CaseState::Received);
        require(state == self.state, "a state other than the events lead to")?;
        require(self.events[0].header.urgent == self.urgent, "an urgent mark other than the report's")?;
        check_parts(&self.events, &self.bodies, &self.claims)
    }

    /// The event that each claim belongs to and its place there.
    pub fn claim_places(&self) -> Vec<(u64, usize)> {
        claim_places(&self.events)
    }
}

impl NewEvent {
    /// Whether the parts fit together. Whether the event continues the case is for the backend to see.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] says what does not.
    pub fn check(&self) -> Result<(), StoreError> {
        let header = &self.record.header;
        check_header(header, self.expected_events, &header.previous)?;
        require(header.case == self.case, "an event of another case")?;
        require(header.to == self.state, "a state other than the event leads to")?;
        require(header.assign == self.assignee, "an owner other than the event names")?;
        check_parts(std::slice::from_ref(&self.record), &self.bodies, &self.claims)
    }

    /// The event that each claim belongs to and its place there.
    pub fn claim_places(&self) -> Vec<(u64, usize)> {
        claim_places(std::slice::from_ref(&self.record))
    }
}

fn claim_places(events: &[EventRecord]) -> Vec<(u64, usize)> {
    events.iter().flat_map(|event| (0..event.header.blobs.len()).map(|at| (event.header.sequence, at))).collect()
}

fn check_header(header: &EventHeader, sequence: u64, previous: &Digest) -> Result<(), StoreError> {
    require(header.sequence == sequence, "an event out of place")?;
    require(header.previous == *previous, "an event that does not continue the chain")?;
    let by_reporter = header.author == Author::Reporter;
    require(!by_reporter || on_the_hour(header.recorded_at), "a reporter's exact time")
}

fn check_parts(events: &[EventRecord], bodies: &[StoredBody], claims: &[Claim]) -> Result<(), StoreError> {
    let named: Vec<_> = events
        .iter()
        .flat_map(|event| {
            event.header.bodies.iter().map(|body| (event.header.sequence, body.part, body.sha256, body.size))
        })
        .collect();
    let given: Vec<_> =
        bodies.iter().map(|body| (body.sequence, body.part, body.sha256, body.sealed.len() as u64)).collect();
    require(named == given, "bodies other than the headers name")?;
    require(given.iter().all(|body| body.3 <= SEALED_BODY_BYTES), "a body over the limit")?;
    let named: Vec<_> =
        events.iter().flat_map(|event| event.header.blobs.iter().map(|blob| (blob.sha256, blob.size))).collect();
    let given: Vec<_> = claims.iter().map(|claim| (claim.sha256, claim.size)).collect();
    require(named == given, "claims other than the headers name")
}

fn on_the_hour(at: Timestamp) -> bool {
    at == at.floor_to_hour()
}

fn require(holds: bool, fault: &'static str) -> Result<(), StoreError> {
    if holds { Ok(()) } else { Err(StoreError::Inconsistent(fault)) }
}
