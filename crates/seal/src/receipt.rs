//! The receipt: the one secret with which a reporter comes back. Everything a reporter needs later is derived from it, so that nothing but
//! twenty-eight characters has to be kept.
//!
//! ```text
//! 4GJX-90BQ-7ZNM-…     26 characters for 128 random bits and two bits of audience, two check characters; seven groups of four
//! ```
//!
//! The two bits that 26 characters have to spare say to which readers the report was sealed, so that whoever comes back with nothing but the
//! code seals what they add to the same readers: a server that were asked could name others. They enter every derivation, so a changed
//! audience finds no case.

use std::fmt;
use std::str::FromStr;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::base32;
use crate::hash::{derive, digest, sha256};
use crate::kem::Identity;
use crate::label::Label;
use crate::sign::SigningKey;

/// Characters of a receipt without dashes.
pub const LENGTH: usize = 28;

/// What is wrong with a typed receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Nothing was typed.
    #[error("no receipt was given")]
    Empty,
    /// Too few or too many characters.
    #[error("a receipt has 28 characters, this has {got}")]
    Length {
        /// How many were typed, dashes and spaces not counted.
        got: usize,
    },
    /// A character that no receipt has.
    #[error("a receipt has no {found:?} (character {position})")]
    Character {
        /// Counted from 0 in the text as typed.
        position: usize,
        /// The character.
        found: char,
    },
    /// The check characters do not fit: something was mistyped.
    #[error("the receipt was mistyped")]
    Checksum,
}

/// 128 random bits and the audience, 0 to 3, in the last byte. Wiped when dropped, compared in constant time, never shown by `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Receipt([u8; 17]);

impl Receipt {
    /// A new receipt of audience 0.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut receipt = Self([0; 17]);
        rng.fill_bytes(&mut receipt.0[..16]);
        receipt
    }

    /// The receipt of these bits, of audience 0.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let mut receipt = Self([0; 17]);
        receipt.0[..16].copy_from_slice(&bytes);
        receipt
    }

    /// The same bits for another audience, of which only the two lowest bits count.
    #[must_use]
    pub fn with_audience(mut self, audience: u8) -> Self {
        self.0[16] = audience & 3;
        self
    }

    /// To whom the report was sealed; the caller knows what the four numbers mean.
    pub const fn audience(&self) -> u8 {
        self.0[16]
    }

    /// For the person to keep: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut symbols = base32::symbols(&self.0[..16]);
        symbols[LENGTH - 3] |= self.audience();
        let check = base32::check_symbols(&symbols);
        symbols.extend(check);
        Zeroizing::new(base32::grouped(&symbols))
    }

    /// Finds the case. The server learns it with the first request of the case.
    pub fn lookup(&self) -> [u8; 16] {
        *derive(Label::ReceiptLookup, &self.0)
    }

    /// Proves to the server that one holds the receipt; it keeps [`token_hash`] only. A secret: never in a path, never logged.
    pub fn token(&self) -> [u8; 32] {
        *derive(Label::ReceiptToken, &self.0)
    }

    /// Opens what reviewers write to the reporter.
    pub fn reply_identity(&self) -> Identity {
        Identity::from_seed(*derive(Label::ReceiptReply, &self.0))
    }

    /// Opens a record that was sealed to this code and sent nowhere. Codes of records have an audience that no report has, so that none
    /// is taken for a receipt.
    pub fn record_identity(&self) -> Identity {
        Identity::from_seed(*derive(Label::RecordIdentity, &self.0))
    }

    /// Signs what the reporter does later.
    pub fn reporter_key(&self) -> SigningKey {
        SigningKey::from_seed(&derive(Label::ReceiptReporterKey, &self.0))
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let symbols = base32::parse(text)
            .map_err(|base32::BadCharacter { position, found }| ReceiptError::Character { position, found })?;
        if symbols.is_empty() {
            return Err(ReceiptError::Empty);
        }
        if symbols.len() != LENGTH {
            return Err(ReceiptError::Length { got: symbols.len() });
        }
        let (data, check) = symbols.split_at(LENGTH - 2);
        if base32::check_symbols(data) != check {
            return Err(ReceiptError::Checksum);
        }
        let mut data = Zeroizing::new(data.to_vec());
        let audience = data[LENGTH - 3] & 3;
        data[LENGTH - 3] &= !3;
        let bytes = base32::bytes(&data).ok_or(ReceiptError::Checksum)?;
        Ok(Self::from_bytes(*bytes).with_audience(audience))
    }
}

impl PartialEq for Receipt {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Receipt {}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt(…)")
    }
}

/// The id of the case of a lookup id. One-way, so that the id that reviewers and logs see does not find the case as the reporter does.
pub fn case_id(lookup: &[u8; 16]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&digest(Label::CaseId, &[lookup])[..16]);
    id
}

/// What the server keeps of a token: its plain SHA-256. The token has 256 bits of its own, so neither salt nor slow hash would add anything.
pub fn token_hash(token: &[u8; 32]) -> [u8; 32] {
    sha256(token)
}
