//! Sealed bodies and attachments on their way into an event, and the acknowledgement that goes out for it.

use data_encoding::BASE64URL_NOPAD;
use recourse_domain::acknowledgement::{ACKNOWLEDGEMENT_VERSION, Acknowledgement};
use recourse_domain::event::{BlobRef, BodyPart, BodyRef, EventHeader, EventRecord};
use recourse_domain::ids::{ChannelId, Digest};
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::label::Label;
use recourse_seal::sign::{Signature, VerifyingKey};
use recourse_seal::{body, chain, keys};
use recourse_store::{AcceptedManifest, ChannelRecord, Claim, ClaimFault, StoredBody};
use recourse_wire::limits::{SEALED_BODY_BYTES, sealed_blob_bytes};
use recourse_wire::reporter::{Acknowledged, BlobClaim, SealedBody, SignedEnvelope};

use crate::fault::Fault;
use crate::request::token_hash;
use crate::state::State;
use crate::upload;

/// The most recipients that a body may have; the sizes that it may have follow from that.
const RECIPIENTS: usize = 4;

/// Checks the bodies of an event: which, how large, whether padded and sealed at all, and whether they arrived whole.
pub(crate) fn bodies(sent: Vec<SealedBody>, parts: &[BodyPart], sequence: u64) -> Result<Vec<StoredBody>, Fault> {
    if sent.len() != parts.len() {
        return Err(Fault::MalformedBodies("bodies".to_owned()));
    }
    let check = |(index, (body, part)): (usize, (SealedBody, &BodyPart))| {
        let SealedBody { part: found, sha256: named, sealed } = body;
        if found != *part {
            return Err(Fault::MalformedBodies(format!("bodies[{index}].part")));
        }
        if sealed.len() as u64 > SEALED_BODY_BYTES {
            return Err(Fault::TooLarge { limit: SEALED_BODY_BYTES });
        }
        if Digest::new(sha256(&sealed)) != named {
            return Err(Fault::WrongChecksum(format!("bodies[{index}].sha256")));
        }
        if !looks_sealed(&sealed) {
            return Err(Fault::MalformedBodies(format!("bodies[{index}].sealed")));
        }
        Ok(StoredBody { sequence, part: found, sha256: named, sealed })
    };
    sent.into_iter().zip(parts).enumerate().map(check).collect()
}

/// A body has an age header and one of the few sizes that padding leaves. Anything else was not made by `seal` and could be plain text, which
/// must not come to rest here even if a client is broken.
fn looks_sealed(sealed: &[u8]) -> bool {
    let size = sealed.len() as u64;
    sealed.starts_with(b"age-encryption.org/v1\n")
        && (1..=RECIPIENTS).any(|recipients| body::sealed_sizes(recipients).contains(&size))
}

/// How bodies stand in a header.
pub(crate) fn body_refs(bodies: &[StoredBody]) -> Vec<BodyRef> {
    bodies.iter().map(|body| BodyRef { part: body.part, sha256: body.sha256, size: body.sealed.len() as u64 }).collect()
}

/// How claims stand in a header.
pub(crate) fn blob_refs(claims: &[Claim]) -> Vec<BlobRef> {
    claims.iter().map(|claim| BlobRef { sha256: claim.sha256, size: claim.size }).collect()
}

/// Looks the claimed uploads up and checks them against the channel's limits. The store checks each again when it claims it.
///
/// A `repeated` request claims what is claimed already, perhaps long forgotten: its answer was given before, so nothing is looked at.
pub(crate) async fn claims(
    state: &State,
    record: &ChannelRecord,
    sent: &[BlobClaim],
    repeated: bool,
) -> Result<Vec<Claim>, Fault> {
    let limits = &record.manifest.limits;
    if sent.len() > limits.attachments as usize {
        return Err(Fault::TooManyAttachments { limit: limits.attachments });
    }
    let mut claims = Vec::with_capacity(sent.len());
    for (index, blob) in sent.iter().enumerate() {
        let token_hash =
            token_hash(&blob.token).ok_or_else(|| Fault::MalformedRequest(format!("blobs[{index}].token")))?;
        let size =
            if repeated { 0 } else { finished(state, &record.manifest.channel, blob, token_hash, index).await? };
        claims.push(Claim { upload: blob.upload, token_hash, sha256: blob.sha256, size });
    }
    // Each attachment may be as large as padding makes it, and so may all of them together.
    let limit = sealed_blob_bytes(limits.report_bytes) + claims.len() as u64 * sealed_blob_bytes(0);
    if claims.iter().map(|claim| claim.size).sum::<u64>() > limit {
        return Err(Fault::TooLarge { limit });
    }
    Ok(claims)
}

/// Size of a claimed upload that is complete and has the hash that was named.
async fn finished(
    state: &State,
    channel: &ChannelId,
    blob: &BlobClaim,
    token_hash: Digest,
    index: usize,
) -> Result<u64, Fault> {
    let claim = |fault| Fault::Claim { index, fault };
    let status = match upload::find(state, channel, &blob.upload, &token_hash).await {
        Err(Fault::UnknownUpload) => return Err(claim(ClaimFault::Missing)),
        other => other?,
    };
    match status.sha256 {
        _ if status.claimed => Err(claim(ClaimFault::Claimed)),
        None => Err(claim(ClaimFault::Incomplete)),
        Some(found) if found != blob.sha256 => Err(claim(ClaimFault::WrongHash)),
        Some(_) => Ok(status.length),
    }
}

/// The manifest that a reporter saw must be one that is still accepted.
pub(crate) fn accepted_manifest(accepted: &[AcceptedManifest], seen: &Digest) -> Result<(), Fault> {
    if accepted.iter().any(|manifest| manifest.payload_sha256 == *seen) { Ok(()) } else { Err(Fault::OldManifest) }
}

/// So must the recipient that the bodies are sealed to.
pub(crate) fn accepted_recipient(accepted: &[AcceptedManifest], recipient: &str) -> Result<(), Fault> {
    let known = |manifest: &AcceptedManifest| manifest.recipients.iter().any(|known| known == recipient);
    if accepted.iter().any(known) { Ok(()) } else { Err(Fault::UnknownRecipient) }
}

/// The server cannot check a reporter's signature, for it does not know their key; but what is kept must be one by its shape.
pub(crate) fn signature_shape(signature: &str) -> Result<(), Fault> {
    match signature.parse::<Signature>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::MalformedRequest("signature".to_owned())),
    }
}

/// A header with its hash.
pub(crate) fn record(header: EventHeader) -> EventRecord {
    let hash = Digest::new(chain::event_hash(&header.canonical_bytes()));
    EventRecord { header, hash }
}

/// What the reporter's client named and gets back under the server's signature.
pub(crate) struct Seen {
    pub(crate) commitment: Digest,
    /// Zeros where the act has no schema of its own: only the report has.
    pub(crate) schema: Digest,
    pub(crate) manifest: Digest,
}

/// The answer to a reporter's event, as the JSON text that a retry gets again byte by byte.
pub(crate) fn acknowledge(
    state: &State,
    channel: &ChannelRecord,
    event: &EventRecord,
    seen: &Seen,
) -> Result<String, Fault> {
    let key = state.acknowledgement_key.verifying_key().to_string();
    let known = channel.manifest.acknowledgement_keys.iter().find(|known| known.key == key);
    let key_id = known.ok_or(Fault::Inside("the channel's manifest does not name our acknowledgement key"))?.id.clone();
    let root: VerifyingKey =
        channel.envelope.key.parse().map_err(|_| Fault::Inside("a stored manifest has no usable root key"))?;
    let header = &event.header;
    let statement = Acknowledgement {
        version: ACKNOWLEDGEMENT_VERSION,
        channel: header.channel.clone(),
        root_fingerprint: keys::fingerprint(&root),
        key_id,
        case: header.case,
        sequence: header.sequence,
        previous: header.previous,
        event: event.hash,
        blobs: header.blobs.iter().map(|blob| blob.sha256).collect(),
        commitment: seen.commitment,
        schema: seen.schema,
        manifest: seen.manifest,
        hour: header.recorded_at,
    };
    let payload = serde_json::to_vec(&statement).map_err(|_| Fault::Inside("an acknowledgement has no JSON form"))?;
    let signed = Signed::seal(Label::Acknowledgement, &state.acknowledgement_key, &payload);
    let acknowledgement = SignedEnvelope {
        version: signed.version,
        payload: signed.payload,
        key: signed.key.to_string(),
        signature: BASE64URL_NOPAD.encode(signed.signature.as_bytes()),
    };
    serde_json::to_string(&Acknowledged { acknowledgement })
        .map_err(|_| Fault::Inside("an acknowledgement has no JSON form"))
}
