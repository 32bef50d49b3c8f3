//! One attachment on its way: sealed while it is read, sent in pieces by tus 1.0, resumable at any byte.

use data_encoding::BASE64URL_NOPAD;
use rand_core::CryptoRng;
use recourse_domain::event::BlobRef;
use recourse_domain::ids::{ChannelId, Digest, UploadId};
use recourse_seal::blob::{BlobSealer, sealed_size};
use recourse_seal::hash::Sha256Stream;
use recourse_seal::kem::Recipient;
use recourse_wire::engine::{Failure, OutgoingFile, Progress};
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
    /// Parts covered in it, and of a link its address: what changes the bytes of a file that keeps its number, and perhaps its length.
    changed: (u32, String),
    /// Whom it is sealed to.
    pub(crate) recipient: Recipient,
    sealed: u64,
    token: String,
    id: Option<UploadId>,
    begin: Begin,
    sealer: Option<BlobSealer>,
    hash: Option<Sha256Stream>,
    /// Where it begins in its source.
    base: u64,
    read: u64,
    /// Sealed, and not yet known to have arrived.
    pending: Vec<u8>,
    arrived: u64,
    unsure: bool,
    ended: Option<Finished>,
    done: Option<Finished>,
}

/// What an upload is made of.
enum Begin {
    /// A file, and its sealer before the first byte, by which the same sealed bytes can be made once more.
    Plain(BlobSealer),
    /// Sealed bytes with that hash.
    Sealed(Digest),
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
        file: &OutgoingFile,
        length: u64,
    ) -> Result<Self, Failure> {
        let recipients = [recipient.clone()];
        let fresh = BlobSealer::new(rng, &recipients, length).map_err(|_| Failure::Unexpected)?;
        let sealed = sealed_size(length, recipients.len());
        let upload = Self::from(Begin::Plain(fresh), recipient, file.id, (length, sealed), token(rng));
        Ok(Self { changed: (file.redactions, file.url.clone()), ..upload })
    }

    /// Whether it is of what the file is now.
    pub(crate) fn is_of(&self, file: &OutgoingFile, length: u64) -> bool {
        let (covered, address) = &self.changed;
        (self.file, self.length, *covered, &**address) == (file.id, length, file.redactions, &*file.url)
    }

    /// Bytes that were sealed before, with their hash and where they begin in their source: they are sent as they are.
    pub(crate) fn of_sealed(
        rng: &mut impl CryptoRng,
        recipient: &Recipient,
        file: u32,
        (blob, base): (BlobRef, u64),
    ) -> Self {
        let upload = Self::from(Begin::Sealed(blob.sha256), recipient, file, (blob.size, blob.size), token(rng));
        Self { base, ..upload }
    }

    fn from(begin: Begin, recipient: &Recipient, file: u32, (length, sealed): (u64, u64), token: String) -> Self {
        let sealer = match &begin {
            Begin::Plain(fresh) => Some(fresh.again()),
            Begin::Sealed(_) => None,
        };
        Self {
            file,
            length,
            changed: (0, String::new()),
            recipient: recipient.clone(),
            sealed,
            token,
            id: None,
            begin,
            hash: sealer.is_some().then(Sha256Stream::new),
            sealer,
            base: 0,
            read: 0,
            pending: Vec::new(),
            arrived: 0,
            unsure: false,
            ended: None,
            done: None,
        }
    }

    /// Seals the whole file on this device, piece by piece to `shelf`. Nothing is sent.
    pub(crate) async fn seal(&mut self, source: &impl Source, shelf: &mut impl FnMut(Vec<u8>)) -> Result<(), Failure> {
        while self.ended.is_none() {
            self.fill(source).await?;
            shelf(std::mem::take(&mut self.pending));
        }
        self.done = self.ended;
        Ok(())
    }

    /// The same for one that is finished: the very same bytes. After an error nothing of what the shelf got may leave the device, for the
    /// file has changed, and two contents under one key lie open beside each other.
    pub(crate) async fn seal_again(
        &self,
        source: &impl Source,
        shelf: &mut impl FnMut(Vec<u8>),
    ) -> Result<(), Failure> {
        let (Begin::Plain(fresh), Some(done)) = (&self.begin, self.done) else { return Err(Failure::Unexpected) };
        let sizes = (self.length, self.sealed);
        let mut again = Self::from(Begin::Plain(fresh.again()), &self.recipient, self.file, sizes, String::new());
        again.seal(source, shelf).await?;
        let same = again.done.is_some_and(|again| again.sealed == done.sealed);
        if same { Ok(()) } else { Err(Failure::File { file: self.file }) }
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
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Failure> {
        let mut tries = 0;
        while self.done.is_none() {
            if transport.is_stopped() {
                self.unsure = true;
                return Err(Failure::Network);
            }
            if transport.is_paused() {
                progress(Progress::Paused);
                transport.go_on().await;
                if transport.is_stopped() {
                    continue;
                }
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
                    if transport.is_paused() || transport.is_stopped() {
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

    /// Reads, and seals what is not sealed yet, until there is enough to send or the file ends.
    async fn fill(&mut self, source: &impl Source) -> Result<(), Failure> {
        while self.pending.len() < SEND_BYTES && self.read < self.length {
            let size = READ_BYTES.min(self.length - self.read);
            let piece = source.read(self.base + self.read, size).await.map_err(|_| self.unreadable())?;
            if piece.len() as u64 != size {
                return Err(self.unreadable());
            }
            if let Some(hash) = &mut self.hash {
                hash.update(&piece);
            }
            match &mut self.sealer {
                Some(sealer) => {
                    sealer.push(&piece).map_err(|_| Failure::File { file: self.file })?;
                    self.pending.extend(sealer.take());
                }
                None => self.pending.extend(piece),
            }
            self.read += size;
        }
        if self.read == self.length && self.ended.is_none() {
            self.ended = Some(self.end()?);
        }
        Ok(())
    }

    /// What the whole file came to.
    fn end(&mut self) -> Result<Finished, Failure> {
        if let Begin::Sealed(sha256) = self.begin {
            return Ok(Finished { plain: Digest::ZERO, sealed: sha256, size: self.sealed });
        }
        let (Some(sealer), Some(hash)) = (self.sealer.take(), self.hash.take()) else {
            return Err(Failure::Unexpected);
        };
        let end = sealer.finish().map_err(|_| self.unreadable())?;
        self.pending.extend(end.rest);
        Ok(Finished { plain: Digest::new(hash.finish()), sealed: Digest::new(end.sha256), size: end.size })
    }

    const fn unreadable(&self) -> Failure {
        Failure::File { file: self.file }
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

/// Chosen here, so that whoever loses the answer to a creation still has it.
fn token(rng: &mut impl CryptoRng) -> String {
    let mut token = [0; 32];
    rng.fill_bytes(&mut token);
    BASE64URL_NOPAD.encode(&token)
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
