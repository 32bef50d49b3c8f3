//! Against the `age` crate, both ways: header, MAC and payload are ours on one side and its own on the other.

use std::io::{Read as _, Write as _};

use age_core::secrecy::ExposeSecret as _;
use recourse_seal::file::{FileKey, OpenError, OpenReader, Stanza, Unwrap, seal};
use recourse_seal::kem::Identity;

use crate::{identity, noise, rng};

const SIZES: [usize; 6] = [0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 200_000];

/// Our hybrid identity for `age`, which has no such kind. It learns the file key from our reader of the stanza alone.
struct Ours(Identity);

impl age::Identity for Ours {
    fn unwrap_stanza(
        &self,
        stanza: &age_core::format::Stanza,
    ) -> Option<Result<age_core::format::FileKey, age::DecryptError>> {
        let stanza = Stanza { tag: stanza.tag.clone(), args: stanza.args.clone(), body: stanza.body.clone() };
        match Unwrap::unwrap(&self.0, &[stanza]) {
            Ok(None) => None,
            Ok(Some(key)) => Some(Ok(age_core::format::FileKey::new(Box::new(*key.as_bytes())))),
            Err(_) => Some(Err(age::DecryptError::InvalidHeader)),
        }
    }
}

/// Its classic identity for our reader.
struct Classic(age::x25519::Identity);

impl Unwrap for Classic {
    fn unwrap(&self, stanzas: &[Stanza]) -> Result<Option<FileKey>, OpenError> {
        let theirs: Vec<_> = stanzas
            .iter()
            .map(|stanza| age_core::format::Stanza {
                tag: stanza.tag.clone(),
                args: stanza.args.clone(),
                body: stanza.body.clone(),
            })
            .collect();
        match age::Identity::unwrap_stanzas(&self.0, &theirs) {
            None => Ok(None),
            Some(Ok(key)) => Ok(Some(FileKey::new(*key.expose_secret()))),
            Some(Err(_)) => Err(OpenError::Malformed),
        }
    }
}

#[test]
fn age_opens_what_we_seal() {
    for size in SIZES {
        let sealed =
            seal(&mut rng(1), &[identity(1).to_recipient(), identity(2).to_recipient()], &noise(size)).unwrap();
        let ours = Ours(identity(2));
        let decryptor = age::Decryptor::new(sealed.as_slice()).unwrap();
        let mut plaintext = Vec::new();
        decryptor.decrypt(std::iter::once(&ours as _)).unwrap().read_to_end(&mut plaintext).unwrap();
        assert!(plaintext == noise(size), "{size}");
    }
}

/// Each file has a stanza of random kind and length, which readers skip.
#[test]
fn we_open_what_age_seals() {
    let classic = Classic(age::x25519::Identity::generate());
    for size in SIZES {
        let recipient = classic.0.to_public();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut writer = encryptor.wrap_output(Vec::new()).unwrap();
        writer.write_all(&noise(size)).unwrap();
        let sealed = writer.finish().unwrap();
        let mut plaintext = Vec::new();
        let mut reader = OpenReader::with_any(std::iter::once(&classic as _), sealed.as_slice()).unwrap();
        reader.read_to_end(&mut plaintext).unwrap();
        assert!(plaintext == noise(size), "{size}");
        assert_eq!(OpenReader::new(identity(1), sealed.as_slice()).unwrap_err(), OpenError::NoMatchingKey);
    }
}
