//! Sealed files: age v1 (C2SP age specification) to hybrid recipients, in one piece or streamed.
//!
//! The last chunk of a file says that it is the last, so a file cut short never passes for a whole one: a reader that meets the end of its
//! source too early gives an error, never a silent end.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};

use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, EncryptError, Encryptor};
use rand_core::CryptoRng;

use crate::kem::{DrawingRecipient, Identity, Recipient};
use crate::pad::PadError;

/// The longest header that is read: room for forty recipients. A header is parsed before anything in it is proven, so a hostile one must not
/// be able to fill memory.
pub const HEADER_LIMIT: usize = 64 << 10;

const MAGIC: &[u8] = b"age-encryption.org/";
const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";
const STANZA: &[u8] = b"->";
const LAST_LINE: &[u8] = b"---";
/// Base64 characters of a full line; a line with its end is one longer, a short line at most this long.
const BODY_COLUMNS: usize = 64;

/// Why something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Sealed to nobody, nobody could ever open it.
    #[error("no recipients were given")]
    NoRecipients,
    /// The content is longer than a body can be, or than the blob was said to be.
    #[error("the content is too long")]
    TooLong,
    /// The content is shorter than the blob was said to be.
    #[error("the content ended early")]
    TooShort,
    /// A recipient could not be sealed to, or the header came out longer than any that age writes.
    #[error("the header could not be made")]
    Header,
    /// The writer refused the bytes.
    #[error("the sealed bytes could not be written ({0})")]
    Write(io::ErrorKind),
}

impl From<PadError> for SealError {
    fn from(_: PadError) -> Self {
        Self::TooLong
    }
}

impl From<EncryptError> for SealError {
    fn from(error: EncryptError) -> Self {
        match error {
            EncryptError::MissingRecipients => Self::NoRecipients,
            _ => Self::Header,
        }
    }
}

/// Why something sealed was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed to others.
    #[error("sealed to other keys")]
    NoMatchingKey,
    /// A version of age that does not exist yet.
    #[error("sealed in an unknown version of the format")]
    UnknownVersion,
    /// The header exceeds [`HEADER_LIMIT`].
    #[error("the header is too large")]
    HeaderTooLarge,
    /// No sealed file, or its header is not well formed.
    #[error("not a sealed file")]
    Malformed,
    /// The header was changed after sealing.
    #[error("the header was changed")]
    HeaderChanged,
    /// The content was changed, reordered or extended, or cut within a chunk.
    #[error("the content was damaged or changed")]
    Damaged,
    /// The end is missing: cut within the header or between two chunks.
    #[error("the end is missing")]
    Truncated,
    /// It opens, but what is inside is not padded as bodies and blobs are.
    #[error("the content is not padded as it should be")]
    Layout,
    /// The source could not be read.
    #[error("the sealed bytes could not be read ({0})")]
    Read(io::ErrorKind),
}

impl From<PadError> for OpenError {
    fn from(_: PadError) -> Self {
        Self::Layout
    }
}

impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        let kind = match error {
            OpenError::Truncated => io::ErrorKind::UnexpectedEof,
            OpenError::Read(kind) => kind,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

/// Seals to all recipients.
///
/// # Errors
/// No recipients were given.
pub fn seal(rng: &mut impl CryptoRng, recipients: &[Recipient], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut writer = SealWriter::new(rng, recipients, Vec::new())?;
    writer.write_all(plaintext).map_err(|error| SealError::Write(error.kind()))?;
    writer.finish()
}

/// Opens a sealed file with whichever identity fits; takes one (`&Identity`) or several (`&[Identity]`).
///
/// # Errors
/// See [`OpenError`]; no byte of a file that does not check out to its end is given out.
pub fn open(identities: impl AsRef<[Identity]>, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut plaintext = Vec::with_capacity(sealed.len());
    OpenReader::new(identities, sealed)?.read_to_end_or_fail(&mut plaintext)?;
    Ok(plaintext)
}

/// Seals what is written into it. Without [`SealWriter::finish`] the file has no end and never opens.
pub struct SealWriter<W: Write>(StreamWriter<W>);

impl<W: Write> SealWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// No recipients, or the writer's.
    pub fn new(rng: &mut impl CryptoRng, recipients: &[Recipient], writer: W) -> Result<Self, SealError> {
        let rng = RefCell::new(rng);
        let drawing: Vec<_> = recipients.iter().map(|recipient| DrawingRecipient { recipient, rng: &rng }).collect();
        let encryptor = Encryptor::with_recipients(drawing.iter().map(|recipient| recipient as &dyn age::Recipient))?;
        encryptor.wrap_output(writer).map(Self).map_err(|error| SealError::Write(error.kind()))
    }

    /// Writes the last chunk and gives the writer back.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(self) -> Result<W, SealError> {
        self.0.finish().map_err(|error| SealError::Write(error.kind()))
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealWriter(…)")
    }
}

/// Opens while reading. Bytes come out before the end was seen; only a read that gives 0 proves that the file is whole.
pub struct OpenReader<R: Read> {
    inner: StreamReader<Source<R>>,
    /// Once failed, always failed: what follows a bad chunk is never given out.
    failed: Option<OpenError>,
}

type Source<R> = io::Chain<io::Cursor<Vec<u8>>, BufReader<Marked<R>>>;

impl<R: Read> OpenReader<R> {
    /// Reads the header and finds the identity that fits.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn new(identities: impl AsRef<[Identity]>, reader: R) -> Result<Self, OpenError> {
        Self::with_any(identities.as_ref().iter().map(|identity| identity as &dyn age::Identity), reader)
    }

    /// As [`OpenReader::new`], with identities of any kind that the `age` crate knows, for files that were re-sealed to classic keys.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn with_any<'a>(identities: impl Iterator<Item = &'a dyn age::Identity>, reader: R) -> Result<Self, OpenError> {
        let mut reader = BufReader::new(Marked(reader));
        let header = read_header(&mut reader)?;
        let decryptor = Decryptor::new_buffered(io::Cursor::new(header).chain(reader)).map_err(header_error)?;
        let inner = decryptor.decrypt(identities).map_err(header_error)?;
        Ok(Self { inner, failed: None })
    }

    /// Reads some bytes; 0 at the proven end.
    ///
    /// # Errors
    /// The content or its end does not check out. From then on every call gives the same error.
    pub fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, OpenError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.inner.read(buffer).map_err(|error| {
            let error = content_error(&error);
            self.failed = Some(error);
            error
        })
    }

    pub(crate) fn read_to_end_or_fail(mut self, plaintext: &mut Vec<u8>) -> Result<(), OpenError> {
        let mut buffer = zeroize::Zeroizing::new(vec![0; 64 << 10]);
        loop {
            match self.read_some(&mut buffer)? {
                0 => return Ok(()),
                read => plaintext.extend_from_slice(&buffer[..read]),
            }
        }
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_some(buffer).map_err(io::Error::from)
    }
}

impl<R: Read> fmt::Debug for OpenReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenReader").field("failed", &self.failed).finish_non_exhaustive()
    }
}

/// Everything up to the end of the header's last line, within [`HEADER_LIMIT`]. `age` itself reads headers without bound, and takes stanzas
/// without their short last line, as early versions wrote them; the specification refuses those, and so do we: one header, one spelling.
fn read_header(reader: &mut impl BufRead) -> Result<Vec<u8>, OpenError> {
    let mut header = Vec::new();
    read_line(reader, &mut header, 128)?;
    if header != FIRST_LINE {
        return Err(not_this_version(&header));
    }
    // No stanza is left without its last line.
    let mut complete = true;
    loop {
        let start = header.len();
        read_line(reader, &mut header, HEADER_LIMIT)?;
        if header.len() > HEADER_LIMIT {
            return Err(OpenError::HeaderTooLarge);
        }
        if !header.ends_with(b"\n") {
            return Err(OpenError::Truncated);
        }
        let line = &header[start..];
        let (stanza, last) = (line.starts_with(STANZA), line.starts_with(LAST_LINE));
        if (stanza || last) && !complete {
            return Err(OpenError::Malformed);
        }
        if last {
            return Ok(header);
        }
        complete = !stanza && line.len() <= BODY_COLUMNS;
    }
}

/// Appends a line, or as much of it as brings `into` one byte over `limit`.
fn read_line(reader: &mut impl BufRead, into: &mut Vec<u8>, limit: usize) -> Result<(), OpenError> {
    let allowance = (limit + 1).saturating_sub(into.len()) as u64;
    reader.by_ref().take(allowance).read_until(b'\n', into).map_err(|error| OpenError::Read(error.kind()))?;
    Ok(())
}

fn not_this_version(first_line: &[u8]) -> OpenError {
    if FIRST_LINE.starts_with(first_line) {
        return OpenError::Truncated;
    }
    match first_line.strip_prefix(MAGIC).and_then(|rest| rest.strip_suffix(b"\n")) {
        Some(version) if !version.is_empty() && version.iter().all(u8::is_ascii_graphic) => OpenError::UnknownVersion,
        _ => OpenError::Malformed,
    }
}

fn header_error(error: DecryptError) -> OpenError {
    match error {
        // A passphrase (of a classic file) that does not fit is reported as a failure to decrypt.
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            OpenError::NoMatchingKey
        }
        DecryptError::InvalidMac => OpenError::HeaderChanged,
        DecryptError::UnknownFormat => OpenError::UnknownVersion,
        DecryptError::Io(error) => content_error(&error),
        DecryptError::InvalidHeader | DecryptError::ExcessiveWork { .. } => OpenError::Malformed,
    }
}

fn content_error(error: &io::Error) -> OpenError {
    let of_source = error.get_ref().is_some_and(|inner| inner.is::<SourceError>());
    match error.kind() {
        kind if of_source => OpenError::Read(kind),
        io::ErrorKind::UnexpectedEof => OpenError::Truncated,
        _ => OpenError::Damaged,
    }
}

/// Marks the errors of the source, which would otherwise look like those of the format.
struct Marked<R>(R);

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct SourceError(io::Error);

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                Err(io::Error::new(error.kind(), SourceError(error)))
            }
            other => other,
        }
    }
}
