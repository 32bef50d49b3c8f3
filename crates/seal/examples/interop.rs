//! The other side of `tests/conformance/age-interop.mjs`: seals, opens and runs vectors for a script that compares with another implementation.
//!
//! ```text
//! interop seal <recipient>…      standard input sealed to standard output
//! interop seal-blob <recipient>…
//! interop open <identity>…       sealed standard input opened to standard output
//! interop open-blob <identity>…
//! interop recipient <identity>   its public half
//! interop generate <number>      identities, one a line, from seeds 0, 1, 2…
//! interop vectors                JSON lines in, JSON lines out; see `Vector` and `Outcome`
//! ```
#![allow(missing_docs)]
#![allow(clippy::disallowed_methods, reason = "a program: it reads its arguments")]

use std::error::Error;
use std::io::{self, BufRead as _, Read as _, Write as _};

use age::armor::ArmoredReader;
use age_core::secrecy::{ExposeSecret as _, SecretString};
use data_encoding::{BASE64, HEXLOWER};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use recourse_seal::file::{FileKey, OpenError, OpenReader, Stanza, Unwrap};
use recourse_seal::hash::sha256;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::{blob, file};
use serde::{Deserialize, Serialize};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let keys: Vec<String> = arguments.collect();
    // Fixed, so that a failure can be repeated. Nothing sealed here is secret.
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let output = match command.as_str() {
        "seal" => file::seal(&mut rng, &parse::<Recipient>(&keys)?, &input()?)?,
        "seal-blob" => blob::seal(&mut rng, &parse::<Recipient>(&keys)?, &input()?)?.rest,
        "open" => file::open(parse::<Identity>(&keys)?, &input()?)?,
        "open-blob" => blob::open(parse::<Identity>(&keys)?, &input()?)?,
        "recipient" => {
            parse::<Identity>(&keys)?.iter().map(|key| key.to_recipient().to_string() + "\n").collect::<String>().into()
        }
        "generate" => {
            let number: u8 = keys.first().ok_or("how many?")?.parse()?;
            let mut text = String::new();
            for seed in 0..number {
                text.push_str(&Identity::from_seed([seed; 32]).to_text());
                text.push('\n');
            }
            text.into_bytes()
        }
        "vectors" => return vectors(),
        other => return Err(format!("unknown command {other:?}").into()),
    };
    io::stdout().write_all(&output)?;
    Ok(())
}

fn input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn parse<T: std::str::FromStr<Err: Error + 'static>>(keys: &[String]) -> Result<Vec<T>, Failure> {
    keys.iter().map(|key| key.parse().map_err(Failure::from)).collect()
}

/// One C2SP vector, decompressed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vector {
    name: String,
    armored: bool,
    identities: Vec<String>,
    passphrases: Vec<String>,
    /// Base64.
    file: String,
}

/// What became of it, in the words of the vectors' `expect`, and the hash of whatever plaintext came out.
#[derive(Serialize)]
struct Outcome {
    name: String,
    outcome: &'static str,
    payload: String,
}

fn vectors() -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let vector: Vector = serde_json::from_str(&line?)?;
        let (outcome, plaintext) = run(&vector)?;
        let outcome = Outcome { name: vector.name, outcome, payload: HEXLOWER.encode(&sha256(&plaintext)) };
        writeln!(output, "{}", serde_json::to_string(&outcome)?)?;
    }
    Ok(())
}

/// A key of a kind that only the `age` crate knows: header, MAC and payload are read by our code all the same.
struct Classic<I>(I);

impl<I: age::Identity> Unwrap for Classic<I> {
    fn unwrap(&self, stanzas: &[Stanza]) -> Result<Option<FileKey>, OpenError> {
        let theirs = |stanza: &Stanza| age_core::format::Stanza {
            tag: stanza.tag.clone(),
            args: stanza.args.clone(),
            body: stanza.body.clone(),
        };
        let stanzas: Vec<_> = stanzas.iter().map(theirs).collect();
        match self.0.unwrap_stanzas(&stanzas) {
            None => Ok(None),
            Some(Ok(key)) => Ok(Some(FileKey::new(*key.expose_secret()))),
            Some(Err(
                age::DecryptError::NoMatchingKeys
                | age::DecryptError::DecryptionFailed
                | age::DecryptError::KeyDecryptionFailed,
            )) => Ok(None),
            Some(Err(_)) => Err(OpenError::Malformed),
        }
    }
}

fn run(vector: &Vector) -> Result<(&'static str, Vec<u8>), Failure> {
    let mut sealed = BASE64.decode(vector.file.as_bytes())?;
    if vector.armored {
        // Armour is no part of our format: we neither write nor read it. Its vectors run through `age`'s reader, which passes on what it does
        // not take for armour, and which wants white space before the armour removed.
        let start = sealed.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
        let on_own_line = start == 0 || sealed[start - 1] == b'\n';
        if !on_own_line || !sealed[start..].starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----") {
            return Ok(("armor failure", Vec::new()));
        }
        let mut inner = Vec::new();
        if ArmoredReader::new(&sealed[start..]).read_to_end(&mut inner).is_err() {
            return Ok(("armor failure", Vec::new()));
        }
        sealed = inner;
    }

    let mut identities: Vec<Box<dyn Unwrap>> = Vec::new();
    for text in &vector.identities {
        identities.push(if text.starts_with("AGE-SECRET-KEY-PQ-") {
            Box::new(text.parse::<Identity>()?)
        } else {
            Box::new(Classic(text.parse::<age::x25519::Identity>()?))
        });
    }
    for passphrase in &vector.passphrases {
        let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.clone()));
        identity.set_max_work_factor(16);
        identities.push(Box::new(Classic(identity)));
    }

    let mut reader = match OpenReader::with_any(identities.iter().map(AsRef::as_ref), sealed.as_slice()) {
        Ok(reader) => reader,
        Err(OpenError::NoMatchingKey) => return Ok(("no match", Vec::new())),
        Err(OpenError::HeaderChanged) => return Ok(("HMAC failure", Vec::new())),
        Err(_) => return Ok(("header failure", Vec::new())),
    };
    let mut plaintext = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match reader.read_some(&mut buffer) {
            Ok(0) => return Ok(("success", plaintext)),
            Ok(read) => plaintext.extend_from_slice(&buffer[..read]),
            Err(_) => return Ok(("payload failure", plaintext)),
        }
    }
}
