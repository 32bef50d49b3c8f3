//! Padding: the server sees sizes, and sizes tell. Bodies are one of three sizes; blobs are rounded up by Padmé, which hides all but the first few
//! bits of a length for at most 12 % more.
//!
//! Both are laid out alike: the length of the content (eight bytes, big-endian), the content, zero bytes.

/// Bytes of the length in front of the content.
pub const PREFIX: usize = 8;
/// Sizes of a padded body: 8, 32 and 128 KiB.
pub const BODY_SIZES: [usize; 3] = [8 << 10, 32 << 10, 128 << 10];
/// The longest content of a body: 131,064 bytes.
pub const BODY_LIMIT: usize = BODY_SIZES[2] - PREFIX;

/// Why something could not be padded or unpadded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PadError {
    /// Longer than [`BODY_LIMIT`].
    #[error("longer than a body can be")]
    TooLong,
    /// Not laid out as this module does it.
    #[error("not padded as it should be")]
    Layout,
}

/// Pads a body to the smallest of [`BODY_SIZES`] that holds it.
///
/// # Errors
/// [`PadError::TooLong`].
pub fn body(content: &[u8]) -> Result<Vec<u8>, PadError> {
    let needed = content.len().saturating_add(PREFIX);
    let size = BODY_SIZES.into_iter().find(|size| needed <= *size).ok_or(PadError::TooLong)?;
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(&prefix(content.len() as u64));
    padded.extend_from_slice(content);
    padded.resize(size, 0);
    Ok(padded)
}

/// The content of a padded body. More zero bytes than needed are accepted: sealing adds some.
///
/// # Errors
/// [`PadError::Layout`].
pub fn unpad_body(padded: &[u8]) -> Result<&[u8], PadError> {
    let (length, rest) = padded.split_first_chunk::<PREFIX>().ok_or(PadError::Layout)?;
    let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| PadError::Layout)?;
    let (content, zeros) = rest.split_at_checked(length).ok_or(PadError::Layout)?;
    if zeros.iter().any(|&byte| byte != 0) {
        return Err(PadError::Layout);
    }
    Ok(content)
}

/// Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019): the smallest length ≥ `length`
/// whose floating-point mantissa is no longer than its exponent. Lengths that would not fit are `u64::MAX`.
pub const fn padme(length: u64) -> u64 {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let mantissa = exponent.ilog2() + 1;
    let mask = (1 << (exponent - mantissa)) - 1;
    match length.checked_add(mask) {
        Some(sum) => sum & !mask,
        None => u64::MAX,
    }
}

/// The parts of a padded blob, in bytes: `prefix` holds the length of the content, `zeros` follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobLayout {
    /// The eight bytes in front.
    pub prefix: [u8; PREFIX],
    /// Zero bytes behind.
    pub zeros: u64,
    /// Everything together.
    pub total: u64,
}

/// How a blob of `length` bytes is laid out.
pub const fn blob_layout(length: u64) -> BlobLayout {
    let needed = length.saturating_add(PREFIX as u64);
    let total = padme(needed);
    BlobLayout { prefix: prefix(length), zeros: total - needed, total }
}

const fn prefix(length: u64) -> [u8; PREFIX] {
    length.to_be_bytes()
}
