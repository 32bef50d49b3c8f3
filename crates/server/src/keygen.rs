//! Makes the keys of a channel. Runs where the keys shall be, never in the server process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use recourse_domain::channel::{
    AcknowledgementKey, GroupKind, LegalProfile, Limits, MANIFEST_VERSION, Manifest, Member, ReaderGroup,
};
use recourse_domain::ids::ChannelId;
use recourse_seal::envelope::Signed;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::keys::{GroupSecret, ReviewerSeed, RootKey, fingerprint};
use recourse_seal::label::Label;
use recourse_seal::sign::SigningKey;
use recourse_wire::console::{KeyringEntry, Reviewer, Role};

use crate::files::{private_folder, write_public, write_public_text, write_secret};
use crate::formats::{AcknowledgementKeyFile, ChannelFile, KeyringFile, KeyringOf, ReviewerKeyFile, envelope};
use crate::texts;

/// Days for which the first manifest holds.
const MANIFEST_DAYS: u32 = 365;

/// Options of `recourse keygen`.
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// Folder for the secret files.
    #[arg(long)]
    out: PathBuf,
    /// Folder for the public files, which `recourse init` reads.
    #[arg(long)]
    public: PathBuf,
    /// Name of the channel in addresses: a-z, 0-9 and -.
    #[arg(long)]
    channel: ChannelId,
    /// The company that carries the channel.
    #[arg(long)]
    provider: String,
    /// The product that the channel is about.
    #[arg(long)]
    product: String,
    /// Origin of the intake: https://host or https://host:port.
    #[arg(long, value_parser = origin)]
    intake_origin: String,
    /// Origin of the console.
    #[arg(long, value_parser = origin)]
    console_origin: String,
    /// Name of the first reviewer, as reporters see it.
    #[arg(long)]
    reviewer: String,
    /// Name of the independent reader, as reporters see it.
    #[arg(long, default_value = "Independent ombudsperson")]
    independent: String,
    /// Name of a reader for reports about the safety of a child, as reporters see it. Without it the team reads them.
    #[arg(long)]
    restricted: Option<String>,
    /// The law whose duties the channel has: none, dsa_hosting, dsa_platform, eu_whistleblower or uk_osa.
    #[arg(long, default_value = "none", value_parser = legal_profile)]
    legal_profile: LegalProfile,
    /// Where else people may reach whoever answers for the data.
    #[arg(long, default_value = "Write by post to the provider's data protection officer.")]
    contact: String,
    /// Makes a marked test channel, whose reports never stand in the real queue.
    #[arg(long)]
    test: bool,
    /// An origin whose pages may embed the channel; may be given several times.
    #[arg(long = "embed-origin", value_parser = origin)]
    embed_origins: Vec<String>,
}

/// A legal profile by its id.
fn legal_profile(text: &str) -> Result<LegalProfile, String> {
    serde_json::from_value(text.into())
        .map_err(|_| "a profile is none, dsa_hosting, dsa_platform, eu_whistleblower or uk_osa".into())
}

/// An origin without a path.
pub(crate) fn origin(text: &str) -> Result<String, String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    if recourse_api::is_origin(text) {
        Ok(text.to_owned())
    } else {
        Err("an origin is http:// or https://, a host, and perhaps a port".to_owned())
    }
}

/// Somebody who reads, with all their secrets.
struct Person {
    name: String,
    seed: ReviewerSeed,
}

impl Person {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), seed: ReviewerSeed::generate(&mut UnwrapErr(SysRng)) }
    }

    fn key(&self) -> String {
        self.seed.signing_key().verifying_key().to_string()
    }
}

impl Keygen {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let mut rng = UnwrapErr(SysRng);
        private_folder(&self.out)?;
        std::fs::create_dir_all(&self.public).context("the public folder cannot be made")?;
        for name in ["root.key", "manifest.json"] {
            let taken = self.out.join(name).exists() || self.public.join(name).exists();
            ensure!(!taken, "there is a {name} already; keys are never overwritten");
        }

        let root = RootKey::generate(&mut rng);
        let recovery = Identity::generate(&mut rng);
        let acknowledgement = SigningKey::generate(&mut rng);
        let reader = Person::new(&self.reviewer);
        let independent = Person::new(&self.independent);
        let (team, team_keyring) = self.group(GroupKind::Team, texts::TEAM, &reader, &recovery.to_recipient())?;
        let (outside, outside_keyring) =
            self.group(GroupKind::Independent, texts::INDEPENDENT, &independent, &recovery.to_recipient())?;
        let restricted = self.restricted.as_deref().map(Person::new);
        let closed = match &restricted {
            Some(person) => {
                Some(self.group(GroupKind::Restricted, texts::RESTRICTED, person, &recovery.to_recipient())?)
            }
            None => None,
        };
        let (mut groups, mut keyrings) = (vec![team, outside], vec![team_keyring, outside_keyring]);
        if let Some((group, keyring)) = closed {
            groups.push(group);
            keyrings.push(keyring);
        }

        let issued_at = crate::now();
        let manifest = Manifest {
            version: MANIFEST_VERSION,
            channel: self.channel.clone(),
            serial: 1,
            issued_at,
            expires_at: issued_at.plus_days(MANIFEST_DAYS),
            intake_origin: self.intake_origin.clone(),
            console_origin: self.console_origin.clone(),
            provider: self.provider.clone(),
            product: self.product.clone(),
            reading_hours: texts::english("on weekdays from 9 to 17"),
            languages: vec!["en".to_owned()],
            groups,
            acknowledgement_keys: vec![AcknowledgementKey {
                id: "1".to_owned(),
                key: acknowledgement.verifying_key().to_string(),
            }],
            stages: texts::stages(),
            limits: Limits::default(),
            legal_profile: self.legal_profile,
            controller: texts::controller(&self.provider, &self.product, &self.contact),
            other_routes: texts::other_routes(),
            hidden_categories: Vec::new(),
            test: self.test,
            settings: String::new(),
        };
        let signed = Signed::seal(Label::Manifest, &root.signing_key(), &serde_json::to_vec(&manifest)?);

        let root_keys = BTreeMap::from([(self.channel.clone(), root.verifying_key().to_string())]);
        write_secret(&self.out.join("root.key"), &(root.to_text().to_string() + "\n"))?;
        write_secret(&self.out.join("recovery.key"), &(recovery.to_text().to_string() + "\n"))?;
        let acknowledgement = serde_json::to_string_pretty(&AcknowledgementKeyFile::new(&acknowledgement))?;
        write_secret(&self.out.join(AcknowledgementKeyFile::NAME), &(acknowledgement + "\n"))?;
        let mut people = vec![("reviewer.key.json", &reader), ("independent.key.json", &independent)];
        people.extend(restricted.as_ref().map(|person| ("restricted.key.json", person)));
        for (file, person) in &people {
            let key = ReviewerKeyFile {
                version: ReviewerKeyFile::VERSION,
                kind: ReviewerKeyFile::KIND.to_owned(),
                name: person.name.clone(),
                seed: person.seed.to_text(),
                console: self.console_origin.clone(),
                root_keys: root_keys.clone(),
            };
            write_secret(&self.out.join(file), &(serde_json::to_string_pretty(&key)? + "\n"))?;
        }

        let known = |person: &Person| Reviewer { key: person.key(), name: person.name.clone(), role: Role::Reviewer };
        write_public(
            &self.public.join("reviewers.json"),
            &people.iter().map(|(_, person)| known(person)).collect::<Vec<_>>(),
        )?;
        write_public(&self.public.join("keyring.json"), &KeyringFile::new(keyrings))?;
        write_public(&self.public.join("channel.json"), &ChannelFile::new(self.embed_origins.clone()))?;
        let file = crate::channel::to_toml(&manifest, self.embed_origins.clone())?;
        write_public_text(&self.public.join("channel.toml"), &file)?;
        write_public(&self.public.join("manifest.json"), &envelope(&signed))?;

        println!("Secret, in {}:", self.out.display());
        println!("  root.key, recovery.key      print them, lock them away, and delete the files");
        println!("  reviewer.key.json           for {}", reader.name);
        println!("  independent.key.json        for {}", independent.name);
        if let Some(person) = &restricted {
            println!("  restricted.key.json         for {}", person.name);
        }
        println!("  acknowledgement.key         for `recourse init --acknowledgement-key`");
        println!("Public, in {}: manifest.json, keyring.json, reviewers.json, channel.json", self.public.display());
        println!("  channel.toml                to edit and sign again: `recourse channel sign`");
        println!("Fingerprint of the root key: {}", fingerprint(&root.verifying_key()));
        println!("Root key to pin in <report-concern root-key>: {}", root.verifying_key());
        Ok(())
    }

    /// A reader group of one, with its secret sealed to that one and to recovery.
    fn group(
        &self,
        kind: GroupKind,
        name: &str,
        person: &Person,
        recovery: &Recipient,
    ) -> anyhow::Result<(ReaderGroup, KeyringOf)> {
        const EPOCH: u32 = 1;
        let mut rng = UnwrapErr(SysRng);
        let secret = GroupSecret::generate(&mut rng, kind.as_str(), EPOCH);
        let recipient = secret.recipient().to_string();
        let sealed = secret.seal_to(&mut rng, &[person.seed.identity().to_recipient(), recovery.clone()])?;
        let group = ReaderGroup {
            kind,
            name: name.to_owned(),
            members: vec![Member { name: person.name.clone(), key: person.key() }],
            epoch: EPOCH,
            recipient: recipient.clone(),
        };
        let entry = KeyringEntry {
            channel: self.channel.clone(),
            group: kind.as_str().to_owned(),
            epoch: EPOCH,
            recipient,
            sealed,
        };
        Ok((group, KeyringOf { reviewer: person.key(), entries: vec![entry] }))
    }
}
