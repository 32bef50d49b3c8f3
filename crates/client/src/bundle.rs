//! Seals a bundle that somebody keeps, and opens it. What is in it is `recourse-capture`'s business; here it is bytes.
//!
//! The code is one of those that records have, which no report uses: see [`crate::record`].

use rand_core::CryptoRng;
use recourse_seal::file::{self, SealError};
use recourse_seal::receipt::Receipt;
use zeroize::Zeroizing;

use crate::record::{OpenRecordError, parse_code};

/// Seals a bundle to its owner's code.
///
/// # Errors
/// Those of [`file::seal`], which no code and no content brings about.
pub fn seal(rng: &mut impl CryptoRng, code: &Receipt, bundle: &[u8]) -> Result<Vec<u8>, SealError> {
    file::seal(rng, &[code.record_identity().to_recipient()], bundle)
}

/// Opens a bundle with its code, as typed.
///
/// # Errors
/// [`OpenRecordError`], all but its `Shape`.
pub fn open(code: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenRecordError> {
    let code = parse_code(code)?;
    file::open([code.record_identity()], sealed).map(Zeroizing::new).map_err(|_| OpenRecordError::Sealed)
}
