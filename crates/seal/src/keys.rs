//! Keys of the provider's side: a reviewer's, a channel's root, a reader group's.

use std::fmt;
use std::str::FromStr;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::base32;
use crate::file::{self, OpenError, SealError};
use crate::hash::{derive, digest};
use crate::kem::{Identity, Recipient};
use crate::label::Label;
use crate::sign::{SigningKey, VerifyingKey};
use crate::text;

const REVIEWER_PREFIX: &str = "RECOURSE-REVIEWER-1-";
const ROOT_PREFIX: &str = "RECOURSE-ROOT-1-";

/// Characters of a seed behind its prefix without dashes: 52 for 256 bits, four of a checksum.
const SEED_LENGTH: usize = 56;
const CHECK_LENGTH: usize = 4;

/// What is wrong with the typed text of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeedTextError {
    /// Another kind of key, or another version.
    #[error("not a key of this kind and version")]
    Kind,
    /// Too few or too many characters.
    #[error("56 characters follow the prefix of a key, here are {got}")]
    Length {
        /// How many were typed behind the prefix, dashes and spaces not counted.
        got: usize,
    },
    /// A character that no key has.
    #[error("a key has no {found:?} (character {position})")]
    Character {
        /// Counted from 0 behind the prefix.
        position: usize,
        /// The character.
        found: char,
    },
    /// The checksum does not fit: something was mistyped.
    #[error("the key was mistyped")]
    Checksum,
}

/// A reviewer's one secret, from which their identity and signing key come. Text form (the printed recovery code):
/// `RECOURSE-REVIEWER-1-` and fourteen groups of four. Wiped when dropped, compared in constant time, never shown by `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ReviewerSeed([u8; 32]);

impl ReviewerSeed {
    /// The seed of these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new seed.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Self([0; 32]);
        rng.fill_bytes(&mut seed.0);
        seed
    }

    /// The bytes, to be wrapped by a passkey or passphrase.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// For the person to print and lock away.
    pub fn to_text(&self) -> Zeroizing<String> {
        seed_to_text(REVIEWER_PREFIX, &self.0)
    }

    /// Opens what is sealed to the reviewer: the secrets of their groups.
    pub fn identity(&self) -> Identity {
        Identity::from_seed(*derive(Label::ReviewerIdentity, &self.0))
    }

    /// Signs the reviewer in and signs what they write.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&derive(Label::ReviewerSigning, &self.0))
    }
}

/// The secret behind a channel's manifest. Text form: `RECOURSE-ROOT-1-` and fourteen groups of four. Never made or held by a server. Wiped when
/// dropped, compared in constant time, never shown by `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RootKey([u8; 32]);

impl RootKey {
    /// The root key of these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new root key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Self([0; 32]);
        rng.fill_bytes(&mut seed.0);
        seed
    }

    /// For the person to print and lock away.
    pub fn to_text(&self) -> Zeroizing<String> {
        seed_to_text(ROOT_PREFIX, &self.0)
    }

    /// Signs manifests.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&derive(Label::RootSigning, &self.0))
    }

    /// What hosts, receipt files and extensions pin.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.signing_key().verifying_key()
    }
}

macro_rules! seed_traits {
    ($type:ident, $prefix:expr) => {
        impl FromStr for $type {
            type Err = SeedTextError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                seed_from_text($prefix, text).map(|seed| Self(*seed))
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.0.ct_eq(&other.0).into()
            }
        }

        impl Eq for $type {}

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(…)"))
            }
        }
    };
}
seed_traits!(ReviewerSeed, REVIEWER_PREFIX);
seed_traits!(RootKey, ROOT_PREFIX);

/// Why a group's secret could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum GroupSecretError {
    /// The file does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Written by a newer or other format.
    #[error("version {found} of a group secret is not known")]
    UnknownVersion {
        /// The version it says.
        found: u8,
    },
    /// It opens, but holds no group secret.
    #[error("not a group secret")]
    Malformed,
}

/// The secret of a reader group in one of its epochs. Wiped when dropped, never shown by `Debug`.
#[derive(Clone)]
pub struct GroupSecret {
    group: String,
    epoch: u32,
    seed: Zeroizing<[u8; 32]>,
}

/// What is sealed. The version comes first, so that a later one can be told apart before its other fields are understood.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct GroupSecretText {
    version: u8,
    group: String,
    epoch: u32,
    seed: String,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u8,
}

const GROUP_SECRET_VERSION: u8 = 1;

impl GroupSecret {
    /// A new secret, for a new group or a new epoch.
    pub fn generate(rng: &mut impl CryptoRng, group: impl Into<String>, epoch: u32) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut_slice());
        Self { group: group.into(), epoch, seed }
    }

    /// The secret of this seed.
    pub fn from_seed(group: impl Into<String>, epoch: u32, seed: [u8; 32]) -> Self {
        Self { group: group.into(), epoch, seed: Zeroizing::new(seed) }
    }

    /// Which group.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// Which epoch of it.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Opens what is sealed to the group in this epoch.
    pub fn identity(&self) -> Identity {
        Identity::from_seed(*derive(Label::GroupIdentity, self.seed.as_slice()))
    }

    /// What the manifest names. Whoever opens a group secret compares this with the signed manifest before using it: sealing to a reviewer
    /// takes only their public key, so opening alone does not tell who made the secret.
    pub fn recipient(&self) -> Recipient {
        self.identity().to_recipient()
    }

    /// Seals the secret to its members and to the offline recovery recipient.
    ///
    /// # Errors
    /// No recipients were given.
    pub fn seal_to(&self, rng: &mut impl CryptoRng, recipients: &[Recipient]) -> Result<Vec<u8>, SealError> {
        let text = GroupSecretText {
            version: GROUP_SECRET_VERSION,
            group: self.group.clone(),
            epoch: self.epoch,
            seed: text::encode(self.seed.as_slice()),
        };
        let json = Zeroizing::new(
            // Unwrap safety: strings and numbers always have a JSON form.
            serde_json::to_vec(&text).expect("plain data"),
        );
        file::seal(rng, recipients, &json)
    }

    /// Opens a secret that was sealed to the identity.
    ///
    /// # Errors
    /// It does not open, or is none of ours.
    pub fn open(identity: &Identity, sealed: &[u8]) -> Result<Self, GroupSecretError> {
        let json = Zeroizing::new(file::open(identity, sealed)?);
        let VersionOnly { version } = serde_json::from_slice(&json).map_err(|_| GroupSecretError::Malformed)?;
        if version != GROUP_SECRET_VERSION {
            return Err(GroupSecretError::UnknownVersion { found: version });
        }
        let text: GroupSecretText = serde_json::from_slice(&json).map_err(|_| GroupSecretError::Malformed)?;
        let seed = text::decode(&text.seed).ok_or(GroupSecretError::Malformed)?;
        Ok(Self::from_seed(text.group.clone(), text.epoch, seed))
    }
}

impl fmt::Debug for GroupSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupSecret({} epoch {}, …)", self.group, self.epoch)
    }
}

/// A key for people to compare: 100 bits in five groups of four, `XXXX-XXXX-XXXX-XXXX-XXXX`.
pub fn fingerprint(key: &VerifyingKey) -> String {
    let hash = digest(Label::Fingerprint, &[key.as_bytes()]);
    base32::grouped(&base32::symbols(&hash)[..20])
}

fn seed_to_text(prefix: &str, seed: &[u8; 32]) -> Zeroizing<String> {
    let mut symbols = base32::symbols(seed);
    let check = seed_check(prefix, seed);
    symbols.extend(check);
    let groups = Zeroizing::new(base32::grouped(&symbols));
    Zeroizing::new(format!("{prefix}{}", *groups))
}

fn seed_from_text(prefix: &str, text: &str) -> Result<Zeroizing<[u8; 32]>, SeedTextError> {
    let text = text.trim();
    let found = text.get(..prefix.len()).ok_or(SeedTextError::Kind)?;
    if !found.eq_ignore_ascii_case(prefix) {
        return Err(SeedTextError::Kind);
    }
    let symbols = base32::parse(&text[prefix.len()..])
        .map_err(|base32::BadCharacter { position, found }| SeedTextError::Character { position, found })?;
    if symbols.len() != SEED_LENGTH {
        return Err(SeedTextError::Length { got: symbols.len() });
    }
    let (data, check) = symbols.split_at(SEED_LENGTH - CHECK_LENGTH);
    let seed = base32::bytes(data).ok_or(SeedTextError::Checksum)?;
    if seed_check(prefix, &seed) != check { Err(SeedTextError::Checksum) } else { Ok(seed) }
}

/// Twenty bits of a hash over kind and seed: these texts are longer than the receipt's code can guard.
fn seed_check(prefix: &str, seed: &[u8; 32]) -> [u8; CHECK_LENGTH] {
    let hash = Zeroizing::new(digest(Label::SeedChecksum, &[prefix.as_bytes(), seed]));
    let symbols = base32::symbols(&hash[..3]);
    [symbols[0], symbols[1], symbols[2], symbols[3]]
}
