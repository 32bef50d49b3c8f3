//! Recipients and identities: age's hybrid post-quantum kind `mlkem768x25519` (C2SP age specification). A file key is wrapped by HPKE (RFC 9180)
//! in base mode with MLKEM768-X25519 (X-Wing), HKDF-SHA256 and ChaCha20Poly1305; `info` is `age-encryption.org/mlkem768x25519`, no `aad`.
//!
//! ```text
//! -> mlkem768x25519 <encapsulated key, 1120 bytes, base64 without padding>
//! <file key sealed: 16 bytes and a tag of 16, base64>
//! ```

use std::fmt;
use std::str::FromStr;

use bech32::{FromBase32 as _, ToBase32 as _, Variant};
use data_encoding::BASE64_NOPAD;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem as _, XWing};
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::file::{OpenError, Unwrap};
use crate::header::{FILE_KEY_BYTES, FileKey, Stanza};
use crate::text::serde_as_text;

type PublicKey = <XWing as hpke::Kem>::PublicKey;
type PrivateKey = <XWing as hpke::Kem>::PrivateKey;
type EncappedKey = <XWing as hpke::Kem>::EncappedKey;

/// Bytes of a recipient.
pub const RECIPIENT_BYTES: usize = 1216;
/// Bytes of an encapsulated key.
pub const ENCAPSULATED_BYTES: usize = 1120;

const STANZA_TAG: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const SEALED_FILE_KEY_BYTES: usize = FILE_KEY_BYTES + 16;
const RECIPIENT_PREFIX: &str = "age1pq";
const IDENTITY_PREFIX: &str = "age-secret-key-pq-";

/// Why the text of a recipient or identity was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Not Bech32, or mistyped.
    #[error("not a key, or mistyped")]
    Encoding,
    /// A key of another kind, a classic age recipient for instance.
    #[error("a key of another kind than mlkem768x25519")]
    Kind,
    /// The right form, but no usable key.
    #[error("not a usable key")]
    Key,
}

/// A public key to seal to. Text form: `age1pq1…`, 1,959 characters (Bech32 without its usual limit of 90).
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(PublicKey);

impl Recipient {
    /// Accepts the bytes of a usable key: an ML-KEM-768 key and an X25519 key.
    ///
    /// # Errors
    /// [`KeyTextError::Key`].
    pub fn from_bytes(bytes: &[u8; RECIPIENT_BYTES]) -> Result<Self, KeyTextError> {
        if of_small_order(bytes) {
            return Err(KeyTextError::Key);
        }
        PublicKey::from_bytes(bytes).map(Self).map_err(|_| KeyTextError::Key)
    }

    /// The bytes.
    pub fn to_bytes(&self) -> [u8; RECIPIENT_BYTES] {
        self.0.to_bytes().into()
    }

    pub(crate) fn wrap(&self, rng: &mut impl CryptoRng, file_key: &FileKey) -> Result<Stanza, hpke::HpkeError> {
        let (encapsulated, body) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key.as_bytes(),
            &[],
            rng,
        )?;
        Ok(Stanza { tag: STANZA_TAG.to_owned(), args: vec![BASE64_NOPAD.encode(&encapsulated.to_bytes())], body })
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_to_fmt(f, RECIPIENT_PREFIX, self.0.to_bytes().to_base32(), Variant::Bech32)
            .map_err(|_| fmt::Error)?
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        write!(f, "Recipient({}…)", &text[..24])
    }
}

impl FromStr for Recipient {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Only lower case, as age itself accepts it: one key, one text.
        if text.chars().any(|character| character.is_ascii_uppercase()) {
            return Err(KeyTextError::Encoding);
        }
        let bytes = decode(RECIPIENT_PREFIX, text)?;
        let bytes: &[u8; RECIPIENT_BYTES] = bytes.as_slice().try_into().map_err(|_| KeyTextError::Key)?;
        Self::from_bytes(bytes)
    }
}

serde_as_text!(Recipient);

/// A secret key: a seed of 32 bytes. Text form: `AGE-SECRET-KEY-PQ-1…`. Wiped when dropped, compared in constant time, never shown by `Debug`.
#[derive(Clone)]
pub struct Identity(PrivateKey);

impl Identity {
    /// The identity of a seed. Any 32 bytes are one.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        // Unwrap safety: the length is the only thing that an X-Wing seed can get wrong.
        Self(PrivateKey::from_bytes(seed.as_slice()).expect("32 bytes are a seed"))
    }

    /// A new identity.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut_slice());
        Self::from_seed(*seed)
    }

    /// The public half.
    pub fn to_recipient(&self) -> Recipient {
        Recipient(XWing::sk_to_pk(&self.0))
    }

    /// The text form, for key files and exports.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut seed = self.0.to_bytes();
        let lower = Zeroizing::new(
            bech32::encode(IDENTITY_PREFIX, seed.to_base32(), Variant::Bech32)
                // Unwrap safety: encoding fails for an invalid prefix only.
                .expect("the prefix is valid"),
        );
        seed.zeroize();
        Zeroizing::new(lower.to_uppercase())
    }
}

impl FromStr for Identity {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().any(|character| character.is_ascii_lowercase()) {
            return Err(KeyTextError::Encoding);
        }
        let bytes = Zeroizing::new(decode(IDENTITY_PREFIX, text)?);
        bytes.as_slice().try_into().map(Self::from_seed).map_err(|_| KeyTextError::Key)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Identity {}

/// One identity passes for a list of one, wherever several are tried.
impl AsRef<[Self]> for Identity {
    fn as_ref(&self) -> &[Self] {
        std::slice::from_ref(self)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

impl Unwrap for Identity {
    fn unwrap(&self, stanzas: &[Stanza]) -> Result<Option<FileKey>, OpenError> {
        for stanza in stanzas.iter().filter(|stanza| stanza.tag == STANZA_TAG) {
            let encapsulated = encapsulated_key(stanza).ok_or(OpenError::Malformed)?;
            // Stanzas do not name their recipient, so one that does not open may be for somebody else.
            let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
                &OpModeR::Base,
                &self.0,
                &encapsulated,
                INFO,
                &stanza.body,
                &[],
            );
            if let Ok(opened) = opened {
                let opened = Zeroizing::new(opened);
                let file_key = opened.as_slice().try_into().map_err(|_| OpenError::Malformed)?;
                return Ok(Some(FileKey::new(file_key)));
            }
        }
        Ok(None)
    }
}

/// The one argument of a well-formed stanza. The length of the body is looked at before it is opened: otherwise one body could be made that
/// opens under several keys.
fn encapsulated_key(stanza: &Stanza) -> Option<EncappedKey> {
    let [argument] = stanza.args.as_slice() else { return None };
    let bytes = BASE64_NOPAD.decode(argument.as_bytes()).ok()?;
    if bytes.len() != ENCAPSULATED_BYTES || stanza.body.len() != SEALED_FILE_KEY_BYTES || of_small_order(&bytes) {
        return None;
    }
    EncappedKey::from_bytes(&bytes).ok()
}

/// Whether the X25519 half, the last 32 bytes, is a point that multiplies to zero under every key (RFC 7748, section 6.1). The specification
/// refuses them and `hpke` lets them through. The list is complete: the points of small order on the curve and its twist, and the two that
/// are 0 and 1 written above the prime.
fn of_small_order(bytes: &[u8]) -> bool {
    /// 2^255 − 19, little-endian, but for the lowest byte.
    const HIGH: u8 = 0x7f;
    const ORDER_8: [[u8; 32]; 2] = [
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
            0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
        ],
    ];
    let Some((_, point)) = bytes.split_last_chunk::<32>() else { return false };
    let mut point = *point;
    point[31] &= 0x7f;
    let (low, rest) = (point[0], &point[1..]);
    let zero_or_one = low <= 1 && rest.iter().all(|&byte| byte == 0);
    // p − 1, p, p + 1
    let around_prime = (0xec..=0xee).contains(&low) && rest[..30].iter().all(|&byte| byte == 0xff) && rest[30] == HIGH;
    zero_or_one || around_prime || ORDER_8.contains(&point)
}

fn decode(prefix: &str, text: &str) -> Result<Vec<u8>, KeyTextError> {
    let (found, data, variant) = bech32::decode(text).map_err(|_| KeyTextError::Encoding)?;
    if variant != Variant::Bech32 {
        return Err(KeyTextError::Encoding);
    }
    if found != prefix {
        return Err(KeyTextError::Kind);
    }
    Vec::from_base32(&data).map_err(|_| KeyTextError::Encoding)
}
