//! Bodies: reports, contact details, messages, notes. Padded to one of three sizes, then sealed; the sealed size depends on that class and the
//! number of recipients alone.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::file::{self, OpenError, SealError};
use crate::kem::{Identity, Recipient};
use crate::pad;
use crate::sized::{self, SizedSealer};

/// Pads and seals.
///
/// # Errors
/// The content exceeds [`pad::BODY_LIMIT`], or no recipients were given.
pub fn seal(rng: &mut impl CryptoRng, recipients: &[Recipient], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let padded = Zeroizing::new(pad::body(plaintext)?);
    let mut sealer = SizedSealer::new(rng, recipients)?;
    sealer.push(&padded)?;
    Ok(sealer.finish()?.0)
}

/// Seals to one recipient and to a throw-away one that nobody holds the key of. So an internal note looks to the server like a reply, which is
/// sealed to the reporter and the group.
///
/// # Errors
/// The content exceeds [`pad::BODY_LIMIT`].
pub fn seal_with_decoy(rng: &mut impl CryptoRng, group: &Recipient, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let decoy = Identity::generate(rng).to_recipient();
    seal(rng, &[decoy, group.clone()], plaintext)
}

/// Opens and takes the padding off; takes one identity (`&Identity`) or several (`&[Identity]`).
///
/// # Errors
/// See [`OpenError`].
pub fn open(identities: impl AsRef<[Identity]>, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let padded = Zeroizing::new(file::open(identities, sealed)?);
    Ok(pad::unpad_body(&padded)?.to_vec())
}

/// The three sizes, in bytes, that a sealed body to so many recipients can have.
pub const fn sealed_sizes(recipients: usize) -> [u64; 3] {
    let [small, medium, large] = pad::BODY_SIZES;
    [
        sized::sealed_size(small as u64, recipients),
        sized::sealed_size(medium as u64, recipients),
        sized::sealed_size(large as u64, recipients),
    ]
}
