//! Opening sealed bodies and checking who signed what stands in them.

use recourse_domain::case::{FoldedCase, Opened, OpenedEvent, fold};
use recourse_domain::content::{ReporterContent, TeamStatement};
use recourse_domain::event::{Act, ActKind, Author, BodyPart, EventHeader, EventRecord};
use recourse_domain::ids::Digest;
use recourse_domain::report::Report;
use recourse_seal::body;
use recourse_seal::chain::event_hash;
use recourse_seal::envelope::Signed;
use recourse_seal::file::OpenError;
use recourse_seal::kem::Identity;
use recourse_seal::label::Label;
use recourse_seal::sign::{Signature, VerifyingKey};
use zeroize::Zeroizing;

/// A sealed body as it came, or why there is none.
pub(crate) type Fetched = Option<Vec<u8>>;

/// The hash that the server should have given an event.
pub(crate) fn computed_hash(header: &EventHeader) -> Digest {
    Digest::new(event_hash(&header.canonical_bytes()))
}

/// Opens a body whose sealed bytes must have the hash that the header names.
pub(crate) fn open_body(identities: &[Identity], sha256: &Digest, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if Digest::new(recourse_seal::hash::sha256(sealed)) != *sha256 {
        return None;
    }
    body::open(identities, sealed).ok().map(Zeroizing::new)
}

/// A body as it looks to somebody who may or may not be meant.
pub(crate) enum Seen {
    /// There is none.
    Absent,
    /// Sealed to others.
    NotOurs,
    /// Not the bytes that were named, or not sealed as it should be.
    Damaged,
    /// It opens.
    Open(Zeroizing<Vec<u8>>),
}

/// Opens a body if it is for that identity.
pub(crate) fn look_into(identity: &Identity, sha256: &Digest, sealed: &[u8]) -> Seen {
    if Digest::new(recourse_seal::hash::sha256(sealed)) != *sha256 {
        return Seen::Damaged;
    }
    match body::open(identity, sealed) {
        Ok(plaintext) => Seen::Open(Zeroizing::new(plaintext)),
        Err(OpenError::NoMatchingKey) => Seen::NotOurs,
        Err(_) => Seen::Damaged,
    }
}

/// What a reviewer signed, with the key that signed it.
pub(crate) fn open_statement(plaintext: &[u8]) -> Option<(VerifyingKey, TeamStatement)> {
    let envelope: Signed = serde_json::from_slice(plaintext).ok()?;
    let payload = Zeroizing::new(envelope.verify(Label::ReviewerContent, None).ok()?);
    Some((envelope.key, serde_json::from_slice(&payload).ok()?))
}

/// Opens all events of a case with their main bodies (in the order of the events) and folds them. A statement counts only if its signer
/// is a reader by the signed manifest: the server's list of reviewers is the server's word.
pub(crate) fn open_case(
    identities: &[Identity],
    is_reader: impl Fn(&VerifyingKey) -> bool,
    events: Vec<EventRecord>,
    bodies: &[Fetched],
    seen: Option<(u64, Digest)>,
) -> FoldedCase {
    let mut reporter: Option<VerifyingKey> = None;
    let mut opened = Vec::with_capacity(events.len());
    for (record, sealed) in events.into_iter().zip(bodies) {
        let content = open_event(identities, &is_reader, &record.header, sealed.as_deref(), reporter.as_ref());
        if let Opened::Report(report) = &content {
            reporter = report.reply.reporter_key.parse().ok();
        }
        opened.push(OpenedEvent { computed_hash: computed_hash(&record.header), record, opened: content });
    }
    fold(&opened, seen)
}

fn open_event(
    identities: &[Identity],
    is_reader: &impl Fn(&VerifyingKey) -> bool,
    header: &EventHeader,
    sealed: Option<&[u8]>,
    reporter: Option<&VerifyingKey>,
) -> Opened {
    let Some(main) = header.bodies.iter().find(|body| body.part == BodyPart::Main) else {
        return match header.author {
            Author::Reporter => Opened::Act(signed_act(header, reporter)),
            Author::Server | Author::Reviewer { .. } => Opened::Nothing,
        };
    };
    let Some(plaintext) = sealed.and_then(|sealed| open_body(identities, &main.sha256, sealed)) else {
        return Opened::Unopened;
    };
    match header.author {
        Author::Reporter if header.sequence == 0 => open_report(header, &plaintext),
        Author::Reporter => match serde_json::from_slice::<ReporterContent>(&plaintext) {
            Ok(content) => Opened::Reporter(content, signed_act(header, reporter)),
            Err(_) => Opened::Unsigned,
        },
        Author::Reviewer { .. } | Author::Server => match open_statement(&plaintext) {
            Some((signer, statement)) if is_reader(&signer) => {
                Opened::Team { signer: signer.to_string(), statement: Box::new(statement) }
            }
            _ => Opened::Unsigned,
        },
    }
}

/// The report, which must name the key that signed its own event: else a server could put another's report into the case.
fn open_report(header: &EventHeader, plaintext: &[u8]) -> Opened {
    match Report::from_json(plaintext) {
        Err(fault) => Opened::Malformed(fault.to_string()),
        Ok(report) => {
            let key: Option<VerifyingKey> = report.reply.reporter_key.parse().ok();
            let whole = report.evidence.iter().map(|item| item.blob).eq(header.blobs.iter().map(|blob| blob.sha256));
            match signed_act(header, key.as_ref()) {
                Some(ActKind::Report) if whole && report.channel == header.channel => Opened::Report(Box::new(report)),
                _ => Opened::Unsigned,
            }
        }
    }
}

/// Which act the reporter signed at this place, if any: the kind is not in the header, so each possible one is tried.
fn signed_act(header: &EventHeader, reporter: Option<&VerifyingKey>) -> Option<ActKind> {
    let signature: Signature = header.signature.as_deref()?.parse().ok()?;
    let reporter = reporter?;
    ActKind::ALL.into_iter().filter(|kind| kind.visible() == (header.class, header.to)).find(|&kind| {
        let act = Act {
            channel: &header.channel,
            case: &header.case,
            sequence: header.sequence,
            previous: &header.previous,
            kind,
            bodies: &header.bodies,
            blobs: &header.blobs,
        };
        reporter.verify(Label::ReporterEvent, &act.canonical_bytes(), &signature).is_ok()
    })
}
