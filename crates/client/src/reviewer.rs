//! A reviewer's session: signing in, reading cases, and writing into them.

use std::collections::HashMap;

use rand_core::CryptoRng;
use recourse_domain::case::FoldedCase;
use recourse_domain::channel::{GroupKind, Manifest};
use recourse_domain::content::{CONTENT_VERSION, Contact, TeamContent, TeamStatement};
use recourse_domain::encoding::Canonical;
use recourse_domain::event::{Author, BodyPart, EventClass, EventHeader, EventRecord};
use recourse_domain::ids::{CaseId, ChannelId, Digest};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::{Answer, EvidenceItem, Report};
use recourse_domain::time::Timestamp;
use recourse_seal::envelope::Signed;
use recourse_seal::hash::sha256;
use recourse_seal::kem::{Identity, Recipient};
use recourse_seal::keys::{GroupSecret, ReviewerSeed};
use recourse_seal::label::Label;
use recourse_seal::sign::{SigningKey, VerifyingKey};
use recourse_seal::{blob, body};
use recourse_wire::console::{
    AppendEvent, CaseDetail, CasePage, CaseQuery, CaseSummary, Challenge, ChallengeRequest, Channels, Keyring,
    KeyringEntry, Reviewer, Session, SignIn,
};
use recourse_wire::reporter::SealedBody;
use recourse_wire::reviewing::{CaseView, Failure, Finding, Glance, QueueRow, Vouched};
use recourse_wire::{header, path};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::context::{self, Es256, Known};
use crate::manifest::{self, CheckedManifest};
use crate::opening::{computed_hash, open_body, open_case};
use crate::outbox::body_ref;
use crate::transport::{HttpRequest, Method, Transport, ask};

/// Characters of a report that a row of the queue shows.
const EXCERPT_CHARS: usize = 140;

/// The key file that a reviewer keeps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    version: u32,
    kind: String,
    #[allow(dead_code, reason = "for people who look into the file")]
    name: String,
    seed: String,
    #[allow(dead_code, reason = "for people who look into the file")]
    console: String,
    /// Root keys of the channels that this reviewer works for: a server cannot bring in a channel of its own making.
    root_keys: HashMap<ChannelId, String>,
}

/// A group's key as this reviewer holds it.
struct GroupKey {
    channel: ChannelId,
    group: String,
    identity: Identity,
}

/// A case as last read.
struct Held {
    detail: CaseDetail,
    bodies: Vec<Option<Vec<u8>>>,
    report: Option<Box<Report>>,
    /// What the reporter added to the report's evidence.
    added: Vec<EvidenceItem>,
    /// The group whose key opened the report.
    group: Option<String>,
    /// The last state that the reporter was told.
    shown: CaseState,
}

/// An attachment opened.
pub struct OpenedEvidence {
    /// Plain bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// As the report says.
    pub media_type: String,
    /// As the report says; may be empty.
    pub name: String,
    /// The bytes have the hash that the report names.
    pub verified: bool,
}

/// A signed-in reviewer. Keys and opened reports live here and nowhere else.
pub struct ReviewerSession {
    token: Zeroizing<String>,
    signing: SigningKey,
    /// Whose session it is.
    pub reviewer: Reviewer,
    /// Everybody.
    pub reviewers: Vec<Reviewer>,
    /// Until when it holds.
    pub expires_at: Timestamp,
    channels: Vec<CheckedManifest>,
    keys: Vec<GroupKey>,
    cases: HashMap<CaseId, Held>,
    seen: HashMap<CaseId, (u64, Digest)>,
}

impl ReviewerSession {
    /// Signs in with a key file and fetches manifests and group keys.
    ///
    /// # Errors
    /// [`Failure::KeyFile`] before anything is sent; `sign-in-refused` by the server.
    pub async fn sign_in(
        transport: &impl Transport,
        key_file: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let file: KeyFile = serde_json::from_str(key_file).map_err(|_| Failure::KeyFile)?;
        if file.version != 1 || file.kind != "recourse-reviewer-key" {
            return Err(Failure::KeyFile);
        }
        let seed: ReviewerSeed = Zeroizing::new(file.seed).parse().map_err(|_| Failure::KeyFile)?;
        let signing = seed.signing_key();
        let key = signing.verifying_key().to_string();

        let request = HttpRequest::new(Method::Post, path::CHALLENGES.to_owned());
        let challenge: Challenge =
            ask(transport, request.json(&ChallengeRequest { key: key.clone() })).await?.json()?;
        let statement = Canonical::new().text(&challenge.challenge).text(origin).finish();
        let signature = signing.sign(Label::SignIn, &statement).to_string();
        let request = HttpRequest::new(Method::Post, path::SESSIONS.to_owned());
        let request = request.json(&SignIn { key, challenge: challenge.challenge, signature });
        let session: Session = ask(transport, request).await?.json()?;

        let mut signed_in = Self {
            token: Zeroizing::new(session.token),
            signing,
            reviewer: session.reviewer,
            reviewers: Vec::new(),
            expires_at: session.expires_at,
            channels: Vec::new(),
            keys: Vec::new(),
            cases: HashMap::new(),
            seen: HashMap::new(),
        };
        signed_in.load(transport, &file.root_keys, &seed.identity(), now).await?;
        Ok(signed_in)
    }

    async fn load(
        &mut self,
        transport: &impl Transport,
        roots: &HashMap<ChannelId, String>,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let channels: Channels = ask(transport, self.request(Method::Get, path::CHANNELS.to_owned())).await?.json()?;
        for (channel, root) in roots {
            // An ended manifest still names its readers; the console goes on working with it.
            let valid = channels.manifests.iter();
            let valid = valid.flat_map(|envelope| manifest::check(channel, envelope, Some(root), None, Timestamp(0)));
            let newest = valid.max_by_key(|checked| checked.manifest.serial);
            self.channels.extend(
                newest.map(|checked| CheckedManifest { expired: now > checked.manifest.expires_at, ..checked }),
            );
        }
        let keyring: Keyring = ask(transport, self.request(Method::Get, path::KEYRING.to_owned())).await?.json()?;
        self.reviewers = keyring.reviewers;
        for entry in keyring.entries {
            let Ok(secret) = GroupSecret::open(identity, &entry.sealed) else { continue };
            let fits = secret.group() == entry.group
                && secret.epoch() == entry.epoch
                && secret.recipient().to_string() == entry.recipient
                && self.is_of_manifest(&entry);
            if fits {
                self.keys.push(GroupKey { channel: entry.channel, group: entry.group, identity: secret.identity() });
            }
        }
        Ok(())
    }

    /// Sealing to a reviewer takes only their public key, so a secret that opens is the group's only if the signed manifest names it. An
    /// earlier epoch's is taken too: its key opens old cases, and nothing new is sealed to it.
    fn is_of_manifest(&self, entry: &KeyringEntry) -> bool {
        let manifests = self.channels.iter().map(|checked| &checked.manifest);
        let mut groups =
            manifests.filter(|manifest| manifest.channel == entry.channel).flat_map(|manifest| &manifest.groups);
        groups.find(|group| group.kind.as_str() == entry.group).is_some_and(|group| {
            entry.epoch < group.epoch || (entry.epoch == group.epoch && entry.recipient == group.recipient)
        })
    }

    /// Ends the session at the server.
    ///
    /// # Errors
    /// Those of the request; the caller forgets the session all the same.
    pub async fn sign_out(&self, transport: &impl Transport) -> Result<(), Failure> {
        ask(transport, self.request(Method::Delete, path::SESSIONS.to_owned())).await.map(|_| ())
    }

    /// The channels' manifests.
    pub fn manifests(&self) -> Vec<Manifest> {
        self.channels.iter().map(|checked| checked.manifest.clone()).collect()
    }

    /// The groups whose reports this reviewer can open.
    pub fn groups(&self) -> Vec<(ChannelId, String)> {
        let mut groups: Vec<_> = self.keys.iter().map(|key| (key.channel.clone(), key.group.clone())).collect();
        groups.dedup();
        groups
    }

    /// Lists cases and opens the reports that are not open yet.
    ///
    /// # Errors
    /// Those of the requests; a report that does not open leaves its row without a glance.
    pub async fn list(
        &mut self,
        transport: &impl Transport,
        query: &CaseQuery,
    ) -> Result<(Vec<QueueRow>, Option<String>), Failure> {
        let address = format!("{}{}", path::CASES, query_string(query));
        let page: CasePage = ask(transport, self.request(Method::Get, address)).await?.json()?;
        let mut rows = Vec::with_capacity(page.cases.len());
        for summary in page.cases {
            if !self.cases.contains_key(&summary.case) {
                // Somebody may have written meanwhile, or a body may be missing: the row is shown all the same.
                let _ = self.open(transport, &summary.case).await;
            }
            let held = self.cases.get(&summary.case);
            let glance = held.and_then(|held| Some(glance(held.report.as_deref()?, held.added.len())));
            rows.push(QueueRow { glance, summary });
        }
        Ok((rows, page.next))
    }

    /// Reads a case, checks its chain and signatures, and opens what the reviewer's keys open.
    ///
    /// # Errors
    /// Those of the requests. What does not hold is a finding.
    pub async fn open(&mut self, transport: &impl Transport, case: &CaseId) -> Result<CaseView, Failure> {
        let detail: CaseDetail =
            ask(transport, self.request(Method::Get, path::fill(path::CASE, &[case]))).await?.json()?;
        if detail.summary.case != *case || detail.events.iter().any(|event| event.header.case != *case) {
            return Err(Failure::Unexpected);
        }
        let known = self.cases.get(case);
        let mut bodies = Vec::with_capacity(detail.events.len());
        for (place, event) in detail.events.iter().enumerate() {
            let held = known.filter(|known| known.detail.events.get(place) == Some(event));
            match held.and_then(|known| known.bodies.get(place)) {
                Some(Some(body)) => bodies.push(Some(body.clone())),
                _ => bodies.push(self.main_body(transport, event).await?),
            }
        }
        let (folded, group) = self.fold(&detail.summary, &detail.events, &bodies);
        let view = self.view(&detail.summary, &folded);
        let is_whole = !folded.findings.iter().any(|finding| matches!(finding, Finding::Truncated { .. }));
        if let Some(last) = detail.events.last().filter(|_| is_whole) {
            self.seen.insert(*case, (detail.events.len() as u64, computed_hash(&last.header)));
        }
        let added = folded.entries.iter().flat_map(|entry| entry.what.evidence()).cloned().collect();
        let (report, shown) = (folded.report, folded.shown);
        self.cases.insert(*case, Held { detail, bodies, report, added, group, shown });
        Ok(view)
    }

    async fn main_body(&self, transport: &impl Transport, event: &EventRecord) -> Result<Option<Vec<u8>>, Failure> {
        let Some(main) = event.header.bodies.iter().find(|body| body.part == BodyPart::Main) else {
            return Ok(None);
        };
        let address = path::fill(path::CASE_BODY, &[&event.header.case, &main.sha256]);
        match ask(transport, self.request(Method::Get, address)).await {
            Ok(response) => Ok(Some(response.body)),
            // Missing at the server: a finding, not a reason to show nothing.
            Err(Failure::Problem { problem }) if problem.status == 404 => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    fn fold(
        &self,
        summary: &CaseSummary,
        events: &[EventRecord],
        bodies: &[Option<Vec<u8>>],
    ) -> (FoldedCase, Option<String>) {
        let keys = || self.keys.iter().filter(|key| key.channel == summary.channel);
        let identities: Vec<Identity> = keys().map(|key| key.identity.clone()).collect();
        let is_reader = |key: &VerifyingKey| {
            let channel = self.channels.iter().find(|checked| checked.manifest.channel == summary.channel);
            channel.is_some_and(|checked| checked.reader(key).is_some())
        };
        let seen = self.seen.get(&summary.case).copied();
        let folded = open_case(&identities, is_reader, events.to_vec(), bodies, seen);
        let first = events.first().and_then(|event| event.header.bodies.first()).zip(bodies.first());
        let group = first.and_then(|(body, sealed)| {
            let sealed = sealed.as_deref()?;
            keys()
                .find(|key| open_body(std::slice::from_ref(&key.identity), &body.sha256, sealed).is_some())
                .map(|key| key.group.clone())
        });
        (folded, group)
    }

    fn view(&self, summary: &CaseSummary, folded: &FoldedCase) -> CaseView {
        let name = |key: &String| self.name(&summary.channel, key);
        let mut entries = folded.entries.clone();
        for entry in &mut entries {
            entry.reviewer = entry.reviewer.as_ref().map(name);
        }
        CaseView {
            summary: summary.clone(),
            state: folded.state,
            shown: folded.shown,
            next: folded.next(),
            report: folded.report.clone(),
            vouched: None,
            listed: folded.report.as_ref().and_then(|report| self.listed(&summary.channel, report)),
            contact_opened: folded.contact_opened,
            entries,
            findings: folded.findings.clone(),
        }
    }

    /// What the product vouches for in a case that was read, by the keys of its channel's manifest. The server hands out none but the
    /// newest one, so a key that was taken out of it is not known any more.
    pub async fn vouched(&self, case: &CaseId, es256: &impl Es256) -> Option<Vouched> {
        let held = self.cases.get(case)?;
        let report = held.report.as_ref().filter(|report| !report.context_token.is_empty())?;
        let channel = &held.detail.summary.channel;
        let keys = self.known(channel).context_keys;
        let at = held.detail.events.first()?.header.recorded_at;
        Some(context::look(&report.context_token, channel, &keys, at, es256).await)
    }

    /// Whether the agency that a report names is in the channel's list.
    fn listed(&self, channel: &ChannelId, report: &Report) -> Option<bool> {
        let customer = report.subject.public_customer.as_ref()?;
        Some(self.known(channel).public_customers.contains(customer))
    }

    fn known(&self, channel: &ChannelId) -> Known {
        let checked = self.channels.iter().find(|checked| checked.manifest.channel == *channel);
        checked.map(|checked| Known::of(&checked.manifest.settings)).unwrap_or_default()
    }

    /// The manifest is believed before the server's list of names.
    fn name(&self, channel: &ChannelId, key: &String) -> String {
        let members = self.channels.iter().filter(|checked| checked.manifest.channel == *channel);
        let mut members = members.flat_map(|checked| &checked.manifest.groups).flat_map(|group| &group.members);
        if let Some(member) = members.find(|member| member.key == *key) {
            return member.name.clone();
        }
        let known = self.reviewers.iter().find(|reviewer| reviewer.key == *key);
        known.map_or_else(|| key.clone(), |reviewer| reviewer.name.clone())
    }

    /// Appends on top of what was last read, signed for that place, and reads anew.
    ///
    /// # Errors
    /// [`Failure::OutOfOrder`] before [`Self::open`], [`Failure::NoKey`] where the report did not open, `case-changed` where
    /// somebody was faster.
    pub async fn append(
        &mut self,
        transport: &impl Transport,
        rng: &mut impl CryptoRng,
        case: &CaseId,
        content: TeamContent,
    ) -> Result<CaseView, Failure> {
        let held = self.cases.get(case).ok_or(Failure::OutOfOrder)?;
        let last = held.detail.events.last().ok_or(Failure::OutOfOrder)?;
        let channel = held.detail.summary.channel.clone();
        let previous = computed_hash(&last.header);
        let sequence = held.detail.events.len() as u64;
        let (class, to) = match &content {
            TeamContent::Transition { to, .. } => (EventClass::Transition, Some(*to)),
            _ => (EventClass::Team, None),
        };
        let assign = match &content {
            TeamContent::Assigned { owner } => Some(owner.clone()),
            _ => None,
        };
        let contact_opened = matches!(content, TeamContent::ContactOpened { .. });
        let for_reporter = content.is_for_reporter(held.shown);
        let statement = TeamStatement {
            version: CONTENT_VERSION,
            channel: channel.clone(),
            case: *case,
            sequence,
            previous,
            content,
        };
        let payload = Zeroizing::new(serde_json::to_vec(&statement).map_err(|_| Failure::Unexpected)?);
        let envelope = Signed::seal(Label::ReviewerContent, &self.signing, &payload);
        let plaintext = Zeroizing::new(serde_json::to_vec(&envelope).map_err(|_| Failure::Unexpected)?);
        let group = self.group_recipient(held)?;
        let sealed = if for_reporter {
            let reply = held.report.as_ref().ok_or(Failure::NoKey)?.reply.recipient.parse::<Recipient>();
            body::seal(rng, &[reply.map_err(|_| Failure::Damaged)?, group], &plaintext)
        } else {
            body::seal_with_decoy(rng, &group, &plaintext)
        };
        let too_long = |_| Failure::Report { path: "text".to_owned(), fault: "is too long to be sealed".to_owned() };
        let sealed = sealed.map_err(too_long)?;
        let body = SealedBody { part: BodyPart::Main, sha256: Digest::new(sha256(&sealed)), sealed };
        let reference = body_ref(&body);
        let request = self
            .request(Method::Post, path::fill(path::CASE_EVENTS, &[case]))
            .header("if-match", format!("\"{sequence}\""))
            .json(&AppendEvent { class, to, assign: assign.clone(), contact_opened, body });
        let record: EventRecord = ask(transport, request).await?.json()?;
        let expected = EventHeader {
            channel,
            case: *case,
            sequence,
            previous,
            class,
            author: Author::Reviewer { key: self.signing.verifying_key().to_string() },
            to,
            assign,
            contact_opened,
            urgent: false,
            bodies: vec![reference],
            blobs: Vec::new(),
            recorded_at: record.header.recorded_at,
            signature: None,
            salt: record.header.salt,
        };
        if record.header != expected || record.hash != computed_hash(&expected) {
            return Err(Failure::Unexpected);
        }
        // From now on the case must have it: a reply that the server only says it took would be missed otherwise.
        self.seen.insert(*case, (sequence + 1, record.hash));
        self.open(transport, case).await
    }

    /// The current recipient of the group that the report was sealed to, from the signed manifest.
    fn group_recipient(&self, held: &Held) -> Result<Recipient, Failure> {
        let group = held.group.as_deref().ok_or(Failure::NoKey)?;
        let kind = [GroupKind::Team, GroupKind::Restricted, GroupKind::Independent];
        let kind = kind.into_iter().find(|kind| kind.as_str() == group).ok_or(Failure::NoKey)?;
        let channel = &held.detail.summary.channel;
        let checked = self.channels.iter().find(|checked| checked.manifest.channel == *channel);
        checked.ok_or(Failure::NoKey)?.recipient(kind)
    }

    /// Opens an attachment of a case that was read.
    ///
    /// # Errors
    /// [`Failure::NoKey`] and [`Failure::Damaged`]; an attachment that the report does not name is not opened.
    pub async fn evidence(
        &self,
        transport: &impl Transport,
        case: &CaseId,
        sealed: &Digest,
    ) -> Result<OpenedEvidence, Failure> {
        let held = self.cases.get(case).ok_or(Failure::OutOfOrder)?;
        let report = held.report.as_ref().ok_or(Failure::NoKey)?;
        let mut items = report.evidence.iter().chain(&held.added);
        let item = items.find(|item| item.blob == *sealed).ok_or(Failure::Damaged)?;
        let address = path::fill(path::CASE_BLOB, &[case, sealed]);
        let bytes = ask(transport, self.request(Method::Get, address)).await?.body;
        if Digest::new(sha256(&bytes)) != *sealed {
            return Err(Failure::Damaged);
        }
        let identities: Vec<Identity> = self.keys.iter().map(|key| key.identity.clone()).collect();
        let plain = blob::open(identities.as_slice(), &bytes).map_err(|error| match error {
            recourse_seal::file::OpenError::NoMatchingKey => Failure::NoKey,
            _ => Failure::Damaged,
        })?;
        Ok(OpenedEvidence {
            verified: Digest::new(sha256(&plain)) == item.sha256 && plain.len() as u64 == item.size,
            bytes: Zeroizing::new(plain),
            media_type: item.media_type.as_str().to_owned(),
            name: item.file_name.clone(),
        })
    }

    /// Stores a `contact_opened` event, then opens the contact details.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub async fn contact(
        &mut self,
        transport: &impl Transport,
        rng: &mut impl CryptoRng,
        case: &CaseId,
        reason: String,
    ) -> Result<Contact, Failure> {
        let view = self.append(transport, rng, case, TeamContent::ContactOpened { reason }).await?;
        // Not without a trace, even if the server would hand them out.
        let is_missing = view.findings.iter().any(|finding| matches!(finding, Finding::Truncated { .. }));
        if !view.contact_opened || is_missing {
            return Err(Failure::Unexpected);
        }
        let held = self.cases.get(case).ok_or(Failure::OutOfOrder)?;
        let bodies = held.detail.events.first().map(|event| event.header.bodies.as_slice()).unwrap_or_default();
        let contact = bodies.iter().find(|body| body.part == BodyPart::Contact).ok_or(Failure::Unexpected)?;
        let address = path::fill(path::CASE_BODY, &[case, &contact.sha256]);
        let sealed = ask(transport, self.request(Method::Get, address)).await?.body;
        let identities: Vec<Identity> = self.keys.iter().map(|key| key.identity.clone()).collect();
        let plaintext = open_body(&identities, &contact.sha256, &sealed).ok_or(Failure::Damaged)?;
        serde_json::from_slice(&plaintext).map_err(|_| Failure::Damaged)
    }

    fn request(&self, method: Method, path: String) -> HttpRequest {
        HttpRequest::new(method, path)
            .header("authorization", format!("{} {}", header::SESSION_SCHEME, self.token.as_str()))
    }
}

fn glance(report: &Report, added: usize) -> Glance {
    let text = if report.what_happened.is_empty() { &report.harm } else { &report.what_happened };
    let mut excerpt: String = text.chars().take(EXCERPT_CHARS).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    Glance {
        purpose: report.purpose.as_str().to_owned(),
        category: Some(report.category.primary.as_str().to_owned()),
        excerpt,
        imminent_danger: report.imminent_danger == Some(Answer::Yes),
        evidence: u32::try_from(report.evidence.len() + added).unwrap_or(u32::MAX),
    }
}

fn query_string(query: &CaseQuery) -> String {
    let mut parts = Vec::new();
    let mut add = |name: &str, value: Option<String>| parts.extend(value.map(|value| format!("{name}={value}")));
    // Channel names, ids of states, keys, cursors and numbers need no escaping.
    add("channel", query.channel.as_ref().map(ToString::to_string));
    add("state", query.state.map(|state| state.to_string()));
    add("open", query.open.map(|open| open.to_string()));
    add("assignee", query.assignee.clone());
    add("tests", query.tests.map(|tests| tests.to_string()));
    add("cursor", query.cursor.clone());
    add("limit", query.limit.map(|limit| limit.to_string()));
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}
