//! Sealed files: age v1 (C2SP age specification) to hybrid recipients, in one piece or streamed.
//!
//! The last chunk of a file says that it is the last, so a file cut short never passes for a whole one: a reader that meets the end of its
//! source too early gives an error, never a silent end.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};

use rand_core::CryptoRng;
use zeroize::Zeroize as _;

use crate::header::{self, COLUMNS, FIRST_LINE, Header, LAST_LINE, MAGIC, STANZA};
use crate::kem::{Identity, Recipient};
use crate::pad::PadError;
use crate::stream::{CHUNK, NONCE, SEALED_CHUNK, Stream};

pub use crate::header::{FileKey, Stanza};

/// The longest header that is read: room for forty recipients. A header is parsed before anything in it is proven, so a hostile one must not
/// be able to fill memory.
pub const HEADER_LIMIT: usize = 64 << 10;

/// What can find the file key in a header. [`Identity`] is what Recourse uses; another kind serves files that were re-sealed to classic keys.
pub trait Unwrap {
    /// The file key, where one of the stanzas is for this key.
    ///
    /// # Errors
    /// A stanza of this key's kind is not well formed.
    fn unwrap(&self, stanzas: &[Stanza]) -> Result<Option<FileKey>, OpenError>;
}

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
pub struct SealWriter<W: Write> {
    writer: W,
    stream: Stream,
    /// Plaintext of the chunk that is being filled: a full one is sealed only when more comes, for it may be the last.
    chunk: Vec<u8>,
}

impl<W: Write> SealWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// No recipients, or the writer's.
    pub fn new(rng: &mut impl CryptoRng, recipients: &[Recipient], mut writer: W) -> Result<Self, SealError> {
        if recipients.is_empty() {
            return Err(SealError::NoRecipients);
        }
        let file_key = FileKey::generate(rng);
        let wrap = |recipient: &Recipient| recipient.wrap(rng, &file_key).map_err(|_| SealError::Header);
        let stanzas = recipients.iter().map(wrap).collect::<Result<Vec<_>, _>>()?;
        let mut nonce = [0; NONCE];
        rng.fill_bytes(&mut nonce);
        let mut start = header::write(&file_key, &stanzas);
        start.extend_from_slice(&nonce);
        writer.write_all(&start).map_err(|error| SealError::Write(error.kind()))?;
        Ok(Self { writer, stream: Stream::new(&file_key, &nonce), chunk: Vec::with_capacity(SEALED_CHUNK) })
    }

    /// Writes the last chunk and gives the writer back.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self) -> Result<W, SealError> {
        self.seal_chunk(true).map_err(|error| SealError::Write(error.kind()))?;
        Ok(self.writer)
    }

    pub(crate) const fn outlet(&mut self) -> &mut W {
        &mut self.writer
    }

    fn seal_chunk(&mut self, last: bool) -> io::Result<()> {
        self.stream.seal(&mut self.chunk, last);
        self.writer.write_all(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }
}

impl<W: Write + Clone> SealWriter<W> {
    /// Another one that stands where this one does, under the same key: for the same bytes alone.
    pub(crate) fn twin(&self) -> Self {
        Self { writer: self.writer.clone(), stream: self.stream.clone(), chunk: self.chunk.clone() }
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal_chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealWriter(…)")
    }
}

/// Opens while reading. Bytes come out before the end was seen; only a read that gives 0 proves that the file is whole.
pub struct OpenReader<R: Read> {
    source: BufReader<R>,
    stream: Stream,
    /// Plaintext of the chunk that was opened last, and how much of it was given out.
    chunk: Vec<u8>,
    given: usize,
    /// The last chunk was opened; the end is proven once nothing comes behind it.
    last: bool,
    ended: bool,
    /// Once failed, always failed: what follows a bad chunk is never given out.
    failed: Option<OpenError>,
}

impl<R: Read> OpenReader<R> {
    /// Reads the header and finds the identity that fits.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn new(identities: impl AsRef<[Identity]>, source: R) -> Result<Self, OpenError> {
        Self::with_any(identities.as_ref().iter().map(|identity| identity as &dyn Unwrap), source)
    }

    /// As [`OpenReader::new`], with keys of any kind, for files that were re-sealed to classic ones.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn with_any<'a>(keys: impl Iterator<Item = &'a dyn Unwrap>, source: R) -> Result<Self, OpenError> {
        let mut source = BufReader::new(source);
        let header = Header::parse(&read_header(&mut source)?)?;
        let mut found = None;
        for key in keys {
            found = key.unwrap(&header.stanzas)?;
            if found.is_some() {
                break;
            }
        }
        let file_key = found.ok_or(OpenError::NoMatchingKey)?;
        header.verify(&file_key)?;
        let mut nonce = [0; NONCE];
        source.read_exact(&mut nonce).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => OpenError::Truncated,
            kind => OpenError::Read(kind),
        })?;
        let stream = Stream::new(&file_key, &nonce);
        Ok(Self { source, stream, chunk: Vec::new(), given: 0, last: false, ended: false, failed: None })
    }

    /// Reads some bytes; 0 at the proven end.
    ///
    /// # Errors
    /// The content or its end does not check out. From then on every call gives the same error.
    pub fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, OpenError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        while self.given == self.chunk.len() && !self.ended {
            if let Err(error) = self.open_chunk() {
                self.chunk.zeroize();
                self.given = 0;
                self.failed = Some(error);
                return Err(error);
            }
        }
        let left = &self.chunk[self.given..];
        let size = left.len().min(buffer.len());
        buffer[..size].copy_from_slice(&left[..size]);
        self.given += size;
        Ok(size)
    }

    fn open_chunk(&mut self) -> Result<(), OpenError> {
        let broken = |error: io::Error| OpenError::Read(error.kind());
        self.chunk.clear();
        self.given = 0;
        if self.last {
            // The chunk that says it is the last has nothing behind it.
            self.ended = self.source.fill_buf().map_err(broken)?.is_empty();
            return if self.ended { Ok(()) } else { Err(OpenError::Damaged) };
        }
        self.source.by_ref().take(SEALED_CHUNK as u64).read_to_end(&mut self.chunk).map_err(broken)?;
        if self.chunk.is_empty() {
            return Err(OpenError::Truncated);
        }
        let first = self.stream.counter() == 0;
        let full = self.chunk.len() == SEALED_CHUNK;
        self.last = !(full && self.stream.open(&mut self.chunk, false));
        if self.last && !self.stream.open(&mut self.chunk, true) {
            return Err(OpenError::Damaged);
        }
        // Content that ends with a chunk has no empty one behind it.
        if self.chunk.is_empty() && !first { Err(OpenError::Damaged) } else { Ok(()) }
    }

    pub(crate) fn read_to_end_or_fail(mut self, plaintext: &mut Vec<u8>) -> Result<(), OpenError> {
        let mut buffer = zeroize::Zeroizing::new(vec![0; CHUNK]);
        loop {
            match self.read_some(&mut buffer)? {
                0 => return Ok(()),
                read => plaintext.extend_from_slice(&buffer[..read]),
            }
        }
    }
}

impl<R: Read> Drop for OpenReader<R> {
    fn drop(&mut self) {
        self.chunk.zeroize();
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

/// Everything up to the end of the header's last line, within [`HEADER_LIMIT`], so that it can be parsed in one piece.
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
        // The end of the source: nothing more, or a line without its end.
        if !header[start..].ends_with(b"\n") {
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
        complete = !stanza && line.len() <= COLUMNS;
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
