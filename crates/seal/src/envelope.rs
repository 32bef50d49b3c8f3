//! Signed bytes with their key and version, as JSON: manifests, acknowledgements, and what reviewers write.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::sign::{Signature, SigningKey, VerifyingKey};

/// The version of [`Signed`] that this crate writes and reads.
pub const VERSION: u8 = 1;

/// Why a signed envelope was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Written by a newer or other format.
    #[error("version {found} of a signed envelope is not known")]
    UnknownVersion {
        /// The version it says.
        found: u8,
    },
    /// Signed with another key than the one expected.
    #[error("signed with another key than expected")]
    WrongKey,
    /// The payload is not canonical base64url.
    #[error("the payload is not base64url")]
    Encoding,
    /// The signature is not the key's over this payload.
    #[error("the signature does not match")]
    Signature,
}

/// A payload under a signature. The payload travels as the very bytes that were signed: nothing is signed as re-serialised JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// [`VERSION`].
    pub version: u8,
    /// Base64url without padding of the signed bytes.
    pub payload: String,
    /// Who says they signed.
    pub key: VerifyingKey,
    /// Over the payload bytes, under the label of their kind.
    pub signature: Signature,
}

impl Signed {
    /// Signs payload bytes.
    pub fn seal(label: Label, key: &SigningKey, payload: &[u8]) -> Self {
        Self {
            version: VERSION,
            payload: BASE64URL_NOPAD.encode(payload),
            key: key.verifying_key(),
            signature: key.sign(label, payload),
        }
    }

    /// Gives the payload bytes once they are proven to come from `expected_key`. With `None` they are only proven to come from the key inside,
    /// which the caller must then look up among the keys it trusts.
    ///
    /// # Errors
    /// Each fault has its variant; the version is looked at first.
    pub fn verify(&self, label: Label, expected_key: Option<&VerifyingKey>) -> Result<Vec<u8>, EnvelopeError> {
        if self.version != VERSION {
            return Err(EnvelopeError::UnknownVersion { found: self.version });
        }
        if expected_key.is_some_and(|expected| *expected != self.key) {
            return Err(EnvelopeError::WrongKey);
        }
        let payload = BASE64URL_NOPAD.decode(self.payload.as_bytes()).map_err(|_| EnvelopeError::Encoding)?;
        self.key.verify(label, &payload, &self.signature).map_err(|_| EnvelopeError::Signature)?;
        Ok(payload)
    }
}
