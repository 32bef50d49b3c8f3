//! The files that `keygen` writes and `init` reads. Each says what it is and which version.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use data_encoding::BASE64URL_NOPAD;
use recourse_domain::ids::ChannelId;
use recourse_seal::envelope::Signed;
use recourse_seal::sign::SigningKey;
use recourse_wire::console::KeyringEntry;
use recourse_wire::reporter::SignedEnvelope;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// `reviewer.key.json`: what a reviewer signs in with.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewerKeyFile {
    pub(crate) version: u32,
    pub(crate) kind: String,
    pub(crate) name: String,
    /// `RECOURSE-REVIEWER-1-…`.
    pub(crate) seed: Zeroizing<String>,
    /// Origin of the console that the key is for.
    pub(crate) console: String,
    /// Root keys of the channels that this reviewer works for: a server cannot bring in a channel of its own making.
    pub(crate) root_keys: BTreeMap<ChannelId, String>,
}

impl ReviewerKeyFile {
    pub(crate) const VERSION: u32 = 1;
    pub(crate) const KIND: &str = "recourse-reviewer-key";
}

/// `acknowledgement.key`: what the server signs acknowledgements with.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcknowledgementKeyFile {
    version: u32,
    kind: String,
    /// Base64url of the 32 bytes of an Ed25519 seed.
    seed: Zeroizing<String>,
}

impl AcknowledgementKeyFile {
    const VERSION: u32 = 1;
    const KIND: &str = "recourse-acknowledgement-key";
    /// Its name in `--out` and in the data folder.
    pub(crate) const NAME: &str = "acknowledgement.key";

    pub(crate) fn new(key: &SigningKey) -> Self {
        let seed = Zeroizing::new(BASE64URL_NOPAD.encode(key.to_seed().as_slice()));
        Self { version: Self::VERSION, kind: Self::KIND.to_owned(), seed }
    }

    pub(crate) fn key(&self) -> anyhow::Result<SigningKey> {
        check(self.version, Self::VERSION, &self.kind, Self::KIND)?;
        let seed = BASE64URL_NOPAD.decode(self.seed.as_bytes()).ok().map(Zeroizing::new);
        let seed: Option<&[u8; 32]> = seed.as_ref().and_then(|seed| seed.as_slice().try_into().ok());
        Ok(SigningKey::from_seed(seed.context("the seed is not base64url of 32 bytes")?))
    }
}

/// `channel.json`: what the server needs to know of a channel beside its manifest.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelFile {
    pub(crate) version: u32,
    pub(crate) kind: String,
    /// Origins whose pages may embed the channel.
    pub(crate) embed_origins: Vec<String>,
}

impl ChannelFile {
    const VERSION: u32 = 1;
    const KIND: &str = "recourse-channel";

    pub(crate) fn new(embed_origins: Vec<String>) -> Self {
        Self { version: Self::VERSION, kind: Self::KIND.to_owned(), embed_origins }
    }

    pub(crate) fn check(&self) -> anyhow::Result<()> {
        check(self.version, Self::VERSION, &self.kind, Self::KIND)?;
        for origin in &self.embed_origins {
            ensure!(recourse_api::is_origin(origin), "{origin:?} is not an origin like https://app.example");
        }
        Ok(())
    }
}

/// `keyring.json`: group secrets, each sealed to one reviewer and to recovery.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyringFile {
    pub(crate) version: u32,
    pub(crate) kind: String,
    pub(crate) members: Vec<KeyringOf>,
}

/// The secrets of one reviewer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyringOf {
    /// The reviewer's signing key.
    pub(crate) reviewer: String,
    pub(crate) entries: Vec<KeyringEntry>,
}

impl KeyringFile {
    const VERSION: u32 = 1;
    const KIND: &str = "recourse-keyring";

    pub(crate) fn new(members: Vec<KeyringOf>) -> Self {
        Self { version: Self::VERSION, kind: Self::KIND.to_owned(), members }
    }

    pub(crate) fn check(&self) -> anyhow::Result<()> {
        check(self.version, Self::VERSION, &self.kind, Self::KIND)
    }
}

fn check(version: u32, known: u32, kind: &str, expected: &str) -> anyhow::Result<()> {
    ensure!(kind == expected, "this is a file of the kind {kind:?}, not {expected:?}");
    ensure!(version == known, "version {version} of {expected} is not known to this program, which knows {known}");
    Ok(())
}

/// An envelope with key and signature parsed.
pub(crate) fn parse(envelope: &SignedEnvelope) -> anyhow::Result<Signed> {
    Ok(Signed {
        version: envelope.version,
        payload: envelope.payload.clone(),
        key: envelope.key.parse().context("the key of a signed envelope")?,
        signature: envelope.signature.parse().context("the signature of a signed envelope")?,
    })
}

/// An envelope as it travels.
pub(crate) fn envelope(signed: &Signed) -> SignedEnvelope {
    SignedEnvelope {
        version: signed.version,
        payload: signed.payload.clone(),
        key: signed.key.to_string(),
        signature: signed.signature.to_string(),
    }
}
