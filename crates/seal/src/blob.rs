//! Blobs: attachments, padded by Padmé and streamed. The sealed size is known before a byte is sealed, for the upload's announced length.

use std::fmt;
use std::io::{self, Read};

use rand_core::CryptoRng;

use crate::file::{OpenError, OpenReader, SealError};
use crate::kem::{Identity, Recipient};
use crate::pad;
use crate::sized::{self, SizedSealer};

/// Exact size in bytes of a blob of `length` bytes sealed to so many recipients. It depends on the padded length alone.
pub const fn sealed_size(length: u64, recipients: usize) -> u64 {
    sized::sealed_size(pad::blob_layout(length).total, recipients)
}

/// Seals content that comes in pieces.
#[derive(Debug)]
pub struct BlobSealer {
    sealer: SizedSealer,
    /// Content still to come.
    missing: u64,
    zeros: u64,
}

/// The end of a sealed blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBlob {
    /// The sealed bytes not taken out before.
    pub rest: Vec<u8>,
    /// Size of all sealed bytes: what [`sealed_size`] said.
    pub size: u64,
    /// SHA-256 of all sealed bytes.
    pub sha256: [u8; 32],
}

impl BlobSealer {
    /// Starts a blob of exactly `length` bytes.
    ///
    /// # Errors
    /// No recipients were given, or the sealed size cannot be counted in 64 bits.
    pub fn new(rng: &mut impl CryptoRng, recipients: &[Recipient], length: u64) -> Result<Self, SealError> {
        if sealed_size(length, recipients.len()) == u64::MAX {
            return Err(SealError::TooLong);
        }
        let layout = pad::blob_layout(length);
        let mut sealer = SizedSealer::new(rng, recipients)?;
        sealer.push(&layout.prefix)?;
        Ok(Self { sealer, missing: length, zeros: layout.zeros })
    }

    /// The same blob once more from where this sealer stands: the same content gives the same bytes, and a signature made over them goes on
    /// to hold. Other content must never get out sealed by it, for the keystream is the same: compare [`SealedBlob::sha256`] first.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { sealer: self.sealer.twin(), missing: self.missing, zeros: self.zeros }
    }

    /// Adds content, of any number of bytes.
    ///
    /// # Errors
    /// [`SealError::TooLong`]: more than was announced; nothing of this piece is sealed then.
    pub fn push(&mut self, content: &[u8]) -> Result<(), SealError> {
        self.missing = self.missing.checked_sub(content.len() as u64).ok_or(SealError::TooLong)?;
        self.sealer.push(content)
    }

    /// The sealed bytes so far that were not taken yet; often none, as they come in chunks of 64 KiB.
    pub fn take(&mut self) -> Vec<u8> {
        self.sealer.take()
    }

    /// Pads and ends the blob.
    ///
    /// # Errors
    /// [`SealError::TooShort`]: less than was announced.
    pub fn finish(mut self) -> Result<SealedBlob, SealError> {
        if self.missing > 0 {
            return Err(SealError::TooShort);
        }
        self.sealer.push_zeros(self.zeros)?;
        let (rest, size, sha256) = self.sealer.finish()?;
        Ok(SealedBlob { rest, size, sha256 })
    }
}

/// Seals a blob that is in memory.
///
/// # Errors
/// No recipients were given.
pub fn seal(rng: &mut impl CryptoRng, recipients: &[Recipient], content: &[u8]) -> Result<SealedBlob, SealError> {
    let mut sealer = BlobSealer::new(rng, recipients, content.len() as u64)?;
    sealer.push(content)?;
    sealer.finish()
}

/// Opens a blob while reading it: gives the content without length and padding. Only a read that gives 0 proves that the blob is whole.
pub struct BlobOpener<R: Read> {
    reader: OpenReader<R>,
    length: u64,
    left: u64,
}

impl<R: Read> BlobOpener<R> {
    /// Reads the header and the length; takes one identity (`&Identity`) or several (`&[Identity]`).
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn new(identities: impl AsRef<[Identity]>, reader: R) -> Result<Self, OpenError> {
        let mut reader = OpenReader::new(identities, reader)?;
        let mut prefix = [0; pad::PREFIX];
        let mut filled = 0;
        while filled < prefix.len() {
            match reader.read_some(&mut prefix[filled..])? {
                0 => return Err(OpenError::Layout),
                read => filled += read,
            }
        }
        let length = u64::from_be_bytes(prefix);
        Ok(Self { reader, length, left: length })
    }

    /// Bytes of the content, as its sealer said; proven only at the end.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Reads some content; 0 at the proven end.
    ///
    /// # Errors
    /// The content, its padding or its end does not check out.
    pub fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, OpenError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            return self.check_padding();
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        match self.reader.read_some(&mut buffer[..wanted])? {
            0 => Err(OpenError::Layout),
            read => {
                self.left -= read as u64;
                Ok(read)
            }
        }
    }

    fn check_padding(&mut self) -> Result<usize, OpenError> {
        let mut padding = [0; 4096];
        loop {
            match self.reader.read_some(&mut padding)? {
                0 => return Ok(0),
                read if padding[..read].iter().any(|&byte| byte != 0) => return Err(OpenError::Layout),
                _ => {}
            }
        }
    }
}

impl<R: Read> Read for BlobOpener<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_some(buffer).map_err(io::Error::from)
    }
}

impl<R: Read> fmt::Debug for BlobOpener<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobOpener").field("length", &self.length).field("left", &self.left).finish_non_exhaustive()
    }
}

/// Opens a blob that is in memory; takes one identity (`&Identity`) or several (`&[Identity]`).
///
/// # Errors
/// See [`OpenError`]; no byte of a blob that does not check out to its end is given out.
pub fn open(identities: impl AsRef<[Identity]>, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut opener = BlobOpener::new(identities, sealed)?;
    let mut content = Vec::new();
    let mut buffer = zeroize::Zeroizing::new(vec![0; 64 << 10]);
    loop {
        match opener.read_some(&mut buffer)? {
            0 => return Ok(content),
            read => content.extend_from_slice(&buffer[..read]),
        }
    }
}
