//! One attachment on its way: sealed while it is read, sent in pieces by tus 1.0, resumable at any byte.

use data_encoding::BASE64URL_NOPAD;
use rand_core::CryptoRng;
use recourse_domain::ids::{ChannelId, Digest, UploadId};
use recourse_seal::blob::{BlobSealer, sealed_size};
use recourse_seal::hash::Sha256Stream;
use recourse_seal::kem::Recipient;
use recourse_wire::engine::{Failure, Progress};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::BlobClaim;
use recourse_wire::{header, path};

use crate::outbox::Source;
use crate::transport::{HttpRequest, HttpResponse, Method, Transport, ask};

/// Bytes read from the file at a time.
const READ_BYTES: u64 = 1 << 20;
/// Sealed bytes sent at a time.
const SEND_BYTES: usize = 2 << 20;
/// Failures in a row, with no byte arriving in between, after which the person is asked to try again.
const TRIES: u32 = 3;
/// Seconds after which a device that says it has no network is tried all the same.
const OFFLINE_SECONDS: u32 = 10;

pub(crate) struct FileUpload {
    /// The form's number of the file.
    pub(crate) file: u32,
    /// Plain bytes.
    pub(crate) length: u64,
    /// Whom it is sealed to.
    pub(crate) recipient: Recipient,
    sealed: u64,
    token: String,
    id: Option<UploadId>,
    sealer: Option<BlobSealer>,
    hash: Option<Sha256Stream>,
    read: u64,
    /// Sealed, and not yet known to have arrived.
    pending: Vec<u8>,
    arrived: u64,
    unsure: bool,
    ended: Option<Finished>,
    done: Option<Finished>,
}

/// What the report says of a finished upload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finished {
    pub(crate) plain: Digest,
    pub(crate) sealed: Digest,
    pub(crate) size: u64,
}

impl FileUpload {
    pub(crate) fn new(
        rng: &mut impl CryptoRng,
        recipient: &Recipient,
        file: u32,
        length: u64,
    ) -> Result<Self, Failure> {
        let mut token = [0; 32];
        rng.fill_bytes(&mut token);
        let recipients = [recipient.clone()];
        Ok(Self {
            file,
            length,
            recipient: recipient.clone(),
            sealed: sealed_size(length, recipients.len()),
            token: BASE64URL_NOPAD.encode(&token),
            id: None,
            sealer: Some(BlobSealer::new(rng, &recipients, length).map_err(|_| Failure::Unexpected)?),
            hash: Some(Sha256Stream::new()),
            read: 0,
            pending: Vec::new(),
            arrived: 0,
            unsure: false,
            ended: None,
            done: None,
        })
    }

    /// Plain bytes that have arrived, for the progress bar: in proportion, since padding means nothing to people.
    pub(crate) fn progress(&self) -> u64 {
        if self.sealed == 0 {
            0
        } else {
            (u128::from(self.arrived) * u128::from(self.length) / u128::from(self.sealed)) as u64
        }
    }

    pub(crate) const fn finished(&self) -> Option<Finished> {
        self.done
    }

    pub(crate) fn claim(&self) -> Option<BlobClaim> {
        Some(BlobClaim { upload: self.id?, token: self.token.clone(), sha256: self.done?.sealed })
    }

    /// Goes on from where it stands until everything has arrived: waits while it is paused and while the device has no network, and
    /// asks the server how far it came whenever something was cut. `before` and `total` are bytes of the files before it and of all.
    /// After a failure it can be called again.
    pub(crate) async fn run(
        &mut self,
        transport: &impl Transport,
        channel: &ChannelId,
        source: &impl Source,
        (before, total): (u64, u64),
        progress: &mut impl FnMut(Progress),
    ) -> Result<(), Failure> {
        let mut tries = 0;
        while self.done.is_none() {
            if transport.is_paused() {
                progress(Progress::Paused);
                transport.go_on().await;
                progress(Progress::Uploading { file: self.file, sent: before + self.progress(), total });
            }
            match self.step(transport, channel, source).await {
                Ok(()) => {
                    tries = 0;
                    progress(Progress::Uploading { file: self.file, sent: before + self.progress(), total });
                }
                Err(failure) if !is_transient(&failure) => return Err(failure),
                Err(failure) => {
                    self.unsure = true;
                    if transport.is_paused() {
                        continue;
                    }
                    let offline = transport.is_offline();
                    if !offline {
                        tries += 1;
                        if tries == TRIES {
                            return Err(failure);
                        }
                    }
                    progress(Progress::Offline);
                    transport.reconnected(if offline { OFFLINE_SECONDS } else { tries }).await;
                }
            }
        }
        Ok(())
    }

    async fn step(
        &mut self,
        transport: &impl Transport,
        channel: &ChannelId,
        source: &impl Source,
    ) -> Result<(), Failure> {
        let Some(id) = self.id else {
            let request = HttpRequest::new(Method::Post, path::fill(path::UPLOADS, &[channel]))
                .header(header::UPLOAD_LENGTH, self.sealed.to_string());
            let response = ask(transport, self.tus(request)).await?;
            let location = response.header("location").and_then(|location| location.rsplit('/').next());
            self.id = Some(location.and_then(|id| id.parse().ok()).ok_or(Failure::Unexpected)?);
            return Ok(());
        };
        let address = path::fill(path::UPLOAD, &[channel, &id]);
        if self.unsure {
            let response = ask(transport, self.tus(HttpRequest::new(Method::Head, address))).await?;
            self.arrived_up_to(offset(&response)?)?;
            self.unsure = false;
            return Ok(());
        }
        self.fill(source).await?;
        if !self.pending.is_empty() {
            let end = self.pending.len().min(SEND_BYTES);
            let mut request = HttpRequest::new(Method::Patch, address)
                .header("content-type", header::OFFSET_OCTET_STREAM)
                .header(header::UPLOAD_OFFSET, self.arrived.to_string());
            request.body = Some(self.pending[..end].to_vec());
            let response = ask(transport, self.tus(request)).await?;
            self.arrived_up_to(offset(&response)?)?;
        }
        Ok(())
    }

    /// Seals until there is enough to send, or the file ends.
    async fn fill(&mut self, source: &impl Source) -> Result<(), Failure> {
        while self.pending.len() < SEND_BYTES {
            let Some(sealer) = &mut self.sealer else { break };
            if self.read < self.length {
                let size = READ_BYTES.min(self.length - self.read);
                let piece = source.read(self.read, size).await.map_err(|_| Failure::File { file: self.file })?;
                if piece.len() as u64 != size {
                    return Err(Failure::File { file: self.file });
                }
                if let Some(hash) = &mut self.hash {
                    hash.update(&piece);
                }
                sealer.push(&piece).map_err(|_| Failure::File { file: self.file })?;
                self.pending.extend(sealer.take());
                self.read += size;
            } else if let (Some(sealer), Some(hash)) = (self.sealer.take(), self.hash.take()) {
                let end = sealer.finish().map_err(|_| Failure::File { file: self.file })?;
                self.pending.extend(end.rest);
                let finished =
                    Finished { plain: Digest::new(hash.finish()), sealed: Digest::new(end.sha256), size: end.size };
                self.ended = Some(finished);
            }
        }
        Ok(())
    }

    fn arrived_up_to(&mut self, offset: u64) -> Result<(), Failure> {
        let new = offset.checked_sub(self.arrived).ok_or(Failure::Unexpected)?;
        let new = usize::try_from(new).map_err(|_| Failure::Unexpected)?;
        if new > self.pending.len() {
            return Err(Failure::Unexpected);
        }
        self.pending.drain(..new);
        self.arrived = offset;
        if self.pending.is_empty() {
            self.done = self.ended;
        }
        Ok(())
    }

    fn tus(&self, request: HttpRequest) -> HttpRequest {
        request.header(header::TUS_RESUMABLE, header::TUS_VERSION).header(header::UPLOAD_TOKEN, self.token.clone())
    }
}

fn offset(response: &HttpResponse) -> Result<u64, Failure> {
    response.header(header::UPLOAD_OFFSET).and_then(|value| value.parse().ok()).ok_or(Failure::Unexpected)
}

/// Worth another try at once: the line broke, or the server knows better where the upload stands.
fn is_transient(failure: &Failure) -> bool {
    match failure {
        Failure::Network => true,
        Failure::Problem { problem } => problem.kind() == Some(ProblemKind::OffsetMismatch),
        _ => false,
    }
}
