//! Who will get it. What a page says of itself is a hint and never a proof: nothing is chosen that the page could have chosen, and whatever is looked up
//! is shown with name, domain and fingerprint before anything can be sealed to it.

use recourse_capture::whom::{Candidate, Directory, Service, candidates};
use recourse_client::manifest;
use recourse_domain::ids::ChannelId;
use recourse_domain::time::Timestamp;
use recourse_wire::engine::Failure;
use recourse_wire::path;
use recourse_wire::reporter::SignedEnvelope;
use serde::{Deserialize, Serialize};

/// A channel that somebody reported to, if they wanted it to be remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remembered {
    pub(crate) origin: String,
    pub(crate) channel: String,
    pub(crate) root_key: String,
    pub(crate) serial: u64,
    pub(crate) provider: String,
    /// The host whose page was reported there.
    pub(crate) host: String,
}

/// Where a report could go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nowhere: a file that the person keeps.
    Bundle,
    /// The directory that the extension is shipped with.
    Listed(Service),
    /// Where the person reported before.
    Before(Remembered),
    /// What a domain says.
    Domain { domain: String, address: String },
    /// What the page's own host says.
    Site { host: String, address: String },
    /// A link that the person has.
    Link,
}

/// A channel that was looked up and holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) provider: String,
    pub(crate) product: String,
    /// Host of the intake.
    pub(crate) domain: String,
    pub(crate) origin: String,
    pub(crate) channel: String,
    pub(crate) fingerprint: String,
    pub(crate) root_key: String,
    pub(crate) serial: u64,
    pub(crate) expired: bool,
    pub(crate) test: bool,
    /// It was signed by another key when the person reported there before.
    pub(crate) changed: bool,
    /// As it came.
    pub(crate) envelope: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) enum Looked {
    #[default]
    Not,
    Looking,
    /// A text's id.
    Failed(&'static str),
    Found(Box<Found>),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Whom {
    pub(crate) ways: Vec<Way>,
    /// Place in `ways`.
    pub(crate) chosen: usize,
    pub(crate) link: String,
    pub(crate) looked: Looked,
    pub(crate) remembered: Vec<Remembered>,
    host: String,
}

/// What has to be fetched for a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Where the manifest stands.
    pub(crate) address: String,
}

impl Whom {
    /// The ways for a page of that host. A bundle comes first and is chosen, unless the page is of a service that is listed or was reported before.
    pub(crate) fn of(host: &str, directory: &Directory, remembered: Vec<Remembered>) -> Self {
        let mut ways = vec![Way::Bundle];
        ways.extend(remembered.iter().filter(|one| one.host == host).cloned().map(Way::Before));
        let mut chosen = ways.len() - 1;
        for candidate in candidates(host, directory) {
            if candidate.preselected() && chosen == 0 {
                chosen = ways.len();
            }
            ways.push(match candidate {
                Candidate::Listed(service) => Way::Listed(service),
                Candidate::Domain { domain, address } => Way::Domain { domain, address },
                Candidate::Site { host, address } => Way::Site { host, address },
            });
        }
        ways.push(Way::Link);
        Self { ways, chosen, remembered, host: host.to_owned(), ..Self::default() }
    }

    pub(crate) fn way(&self) -> &Way {
        self.ways.get(self.chosen).unwrap_or(&Way::Bundle)
    }

    pub(crate) fn choose(&mut self, at: usize) {
        self.chosen = at;
        self.looked = Looked::Not;
    }

    /// What to fetch for what is chosen; an error is a text's id.
    pub(crate) fn asks(&self) -> Result<Option<Asked>, &'static str> {
        let manifest = |origin: &str, channel: &str| {
            let origin = origin.trim_end_matches('/');
            Some(Asked { address: [origin, &path::fill(path::MANIFEST, &[&channel])].concat() })
        };
        Ok(match self.way() {
            Way::Bundle => None,
            Way::Listed(service) => manifest(&service.intake, service.channel.as_str()),
            Way::Before(one) => manifest(&one.origin, &one.channel),
            Way::Domain { address, .. } | Way::Site { address, .. } => Some(Asked { address: address.clone() }),
            Way::Link => {
                let (origin, channel) = link(&self.link).ok_or("no_link")?;
                manifest(&origin, channel.as_str())
            }
        })
    }

    /// What came of it. Signature, channel, serial and term are checked; the root key is the one that the extension or the person knows, where one does.
    pub(crate) fn answered(&mut self, status: u16, body: &str, now: Timestamp) {
        self.looked = match self.check(status, body, now) {
            Ok(found) => Looked::Found(Box::new(found)),
            Err(why) => Looked::Failed(why),
        };
    }

    fn check(&self, status: u16, body: &str, now: Timestamp) -> Result<Found, &'static str> {
        match status {
            200 => {}
            404 | 410 => return Err("nobody"),
            _ => return Err("unreachable"),
        }
        let envelope: SignedEnvelope = serde_json::from_str(body).map_err(|_| "nobody")?;
        let said = channel_of(&envelope).ok_or("not_valid")?;
        let (pinned, wanted) = match self.way() {
            Way::Listed(service) => (Some(service.root_key.as_str()), Some(service.channel.clone())),
            Way::Link => (None, link(&self.link).map(|(_, channel)| channel)),
            Way::Before(one) => (None, one.channel.parse().ok()),
            _ => (None, None),
        };
        let channel = wanted.unwrap_or(said);
        let checked = manifest::check(&channel, &envelope, pinned, None, now).map_err(|failure| match failure {
            Failure::Manifest { check } if check == "expired" => "expired",
            _ => "not_valid",
        })?;
        let origin = checked.manifest.intake_origin.trim_end_matches('/').to_owned();
        // Where the manifest itself was asked for at an intake, it must be the intake that it names.
        let asked_at = match self.way() {
            Way::Listed(service) => Some(service.intake.trim_end_matches('/').to_owned()),
            Way::Link => link(&self.link).map(|(origin, _)| origin),
            Way::Before(one) => Some(one.origin.clone()),
            _ => None,
        };
        if !is_origin(&origin) || asked_at.is_some_and(|asked| asked != origin) {
            return Err("not_valid");
        }
        let root_key = checked.root.to_string();
        let before = self.remembered.iter().find(|one| one.origin == origin && one.channel == channel.as_str());
        if before.is_some_and(|one| one.root_key == root_key && one.serial > checked.manifest.serial) {
            return Err("not_valid");
        }
        Ok(Found {
            provider: checked.manifest.provider.clone(),
            product: checked.manifest.product.clone(),
            domain: host_of(&origin).to_owned(),
            changed: before.is_some_and(|one| one.root_key != root_key),
            origin,
            channel: channel.as_str().to_owned(),
            fingerprint: checked.fingerprint.clone(),
            root_key,
            serial: checked.manifest.serial,
            expired: checked.expired,
            test: checked.manifest.test,
            envelope: body.to_owned(),
        })
    }

    /// What would be remembered of a channel.
    pub(crate) fn to_remember(&self) -> Option<Remembered> {
        let Looked::Found(found) = &self.looked else { return None };
        Some(Remembered {
            origin: found.origin.clone(),
            channel: found.channel.clone(),
            root_key: found.root_key.clone(),
            serial: found.serial,
            provider: found.provider.clone(),
            host: self.host.clone(),
        })
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

/// The channel that a manifest is of, before anything of it is believed.
fn channel_of(envelope: &SignedEnvelope) -> Option<ChannelId> {
    #[derive(Deserialize)]
    struct OfChannel {
        channel: ChannelId,
    }
    let payload = data_encoding::BASE64URL_NOPAD.decode(envelope.payload.as_bytes()).ok()?;
    serde_json::from_slice::<OfChannel>(&payload).ok().map(|of| of.channel)
}

/// Origin and channel of a link to a form: `https://report.crm.example/r/crm`.
fn link(text: &str) -> Option<(String, ChannelId)> {
    let text = text.trim();
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let rest = text[scheme.len()..].split(['?', '#']).next()?;
    let (host, path) = rest.split_once('/')?;
    let mut parts = path.split('/');
    if !matches!(parts.next()?, "r" | "embed" | "follow-up") {
        return None;
    }
    let origin = [scheme, &host.to_ascii_lowercase()].concat();
    is_origin(&origin).then_some(())?;
    Some((origin, parts.next()?.parse().ok()?))
}

/// `https`, or the own computer, and nothing behind the host.
fn is_origin(text: &str) -> bool {
    let host = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(host), _) => host,
        (_, Some(host)) if matches!(name_of(host), "localhost" | "127.0.0.1") => host,
        _ => return false,
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty() && host.chars().all(fits)
}

fn name_of(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use recourse_seal::envelope::Signed;
    use recourse_seal::label::Label;
    use recourse_seal::sign::SigningKey;

    use super::*;

    #[test]
    fn a_bundle_is_the_default_and_nothing_that_a_page_says_is_chosen() {
        let nothing = Directory { services: Vec::new() };
        let whom = Whom::of("acme.crm.example", &nothing, Vec::new());
        assert_eq!(whom.way(), &Way::Bundle);
        assert_eq!(whom.ways.len(), 4, "{:?}", whom.ways);
        assert!(matches!(whom.ways.last(), Some(Way::Link)));
        let service: Service = serde_json::from_str(
            r#"{"hosts": ["*.crm.example"], "channel": "crm", "intake": "https://report.crm.example", "root_key": "k"}"#,
        )
        .unwrap();
        let listed = Directory { services: vec![service] };
        assert!(matches!(Whom::of("acme.crm.example", &listed, Vec::new()).way(), Way::Listed(_)));
        assert_eq!(Whom::of("evil.example", &listed, Vec::new()).way(), &Way::Bundle);
    }

    #[test]
    fn where_somebody_reported_before_is_chosen_for_that_host_alone() {
        let before = Remembered {
            origin: "https://report.crm.example".to_owned(),
            channel: "crm".to_owned(),
            root_key: "k".to_owned(),
            serial: 3,
            provider: "CRM".to_owned(),
            host: "acme.crm.example".to_owned(),
        };
        let nothing = Directory { services: Vec::new() };
        assert_eq!(Whom::of("acme.crm.example", &nothing, vec![before.clone()]).way(), &Way::Before(before.clone()));
        assert_eq!(Whom::of("other.crm.example", &nothing, vec![before]).way(), &Way::Bundle);
    }

    #[test]
    fn a_link_leads_to_an_intake_by_https() {
        let read = |text: &str| link(text).map(|(origin, channel)| format!("{origin} {channel}"));
        assert_eq!(read(" https://Report.crm.example/r/crm?x=1#y ").as_deref(), Some("https://report.crm.example crm"));
        assert_eq!(read("http://127.0.0.1:8100/r/demo").as_deref(), Some("http://127.0.0.1:8100 demo"));
        for bad in
            ["http://crm.example/r/crm", "https://crm.example/", "https://a@b.example/r/c", "ftp://a/r/c", "crm", ""]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_answer_that_is_no_manifest_is_none() {
        let nothing = Directory { services: Vec::new() };
        let mut whom = Whom::of("acme.example", &nothing, Vec::new());
        whom.choose(1);
        for (status, body, why) in [(404, "", "nobody"), (0, "", "unreachable"), (200, "<html>", "nobody")] {
            whom.answered(status, body, Timestamp(0));
            assert!(matches!(&whom.looked, Looked::Failed(failed) if *failed == why), "{status} {:?}", whom.looked);
        }
    }

    const NOW: Timestamp = Timestamp(1_770_000_000);
    const SITE: usize = 2;

    fn root(seed: u8) -> SigningKey {
        SigningKey::from_seed(&[seed; 32])
    }

    /// A manifest of the channel `demo` at `https://concern.example`, signed.
    fn signed(key: &SigningKey, change: impl FnOnce(&mut serde_json::Value)) -> String {
        let text = include_str!("../../../crates/domain/tests/data/manifest.json");
        let mut manifest: serde_json::Value = serde_json::from_str(text).unwrap();
        change(&mut manifest);
        let signed = Signed::seal(Label::Manifest, key, &serde_json::to_vec(&manifest).unwrap());
        let envelope = SignedEnvelope {
            version: signed.version,
            payload: signed.payload,
            key: signed.key.to_string(),
            signature: signed.signature.to_string(),
        };
        serde_json::to_string(&envelope).unwrap()
    }

    fn told(whom: &mut Whom, body: &str) -> Result<Found, &'static str> {
        whom.answered(200, body, NOW);
        match &whom.looked {
            Looked::Found(found) => Ok((**found).clone()),
            Looked::Failed(why) => Err(why),
            other => panic!("{other:?}"),
        }
    }

    fn at_site(remembered: Vec<Remembered>) -> Whom {
        let mut whom = Whom::of("acme.crm.example", &Directory { services: Vec::new() }, remembered);
        let site = whom.ways.iter().position(|way| matches!(way, Way::Site { .. })).unwrap();
        whom.choose(site);
        whom
    }

    #[test]
    fn a_site_with_a_manifest_of_its_own_is_shown_by_the_name_of_where_it_leads() {
        let mut whom = at_site(Vec::new());
        assert_eq!(whom.ways.iter().position(|way| matches!(way, Way::Site { .. })), Some(SITE));
        let found = told(&mut whom, &signed(&root(1), |_| {})).unwrap();
        assert_eq!((&*found.domain, &*found.channel), ("concern.example", "demo"));
        assert!(!found.fingerprint.is_empty() && !found.changed && found.test);
        // Another choice, and nothing of it is left.
        whom.choose(0);
        assert!(matches!(whom.looked, Looked::Not));
        assert_eq!(whom.to_remember(), None);
    }

    #[test]
    fn what_does_not_hold_is_refused() {
        let late = |manifest: &mut serde_json::Value| manifest["expires_at"] = serde_json::json!(NOW.0 - 40 * 86_400);
        let plain =
            |manifest: &mut serde_json::Value| manifest["intake_origin"] = serde_json::json!("http://concern.example");
        let path = |manifest: &mut serde_json::Value| {
            manifest["intake_origin"] = serde_json::json!("https://concern.example/x")
        };
        assert_eq!(told(&mut at_site(Vec::new()), &signed(&root(1), late)), Err("expired"));
        assert_eq!(told(&mut at_site(Vec::new()), &signed(&root(1), plain)), Err("not_valid"));
        assert_eq!(told(&mut at_site(Vec::new()), &signed(&root(1), path)), Err("not_valid"));
        let mut forged: SignedEnvelope = serde_json::from_str(&signed(&root(1), |_| {})).unwrap();
        forged.key = root(2).verifying_key().to_string();
        assert_eq!(told(&mut at_site(Vec::new()), &serde_json::to_string(&forged).unwrap()), Err("not_valid"));
    }

    #[test]
    fn a_listed_service_is_held_to_its_root_key_and_its_intake() {
        let listed = |key: &SigningKey, intake: &str| {
            let service = serde_json::json!({ "hosts": ["*.crm.example"], "channel": "demo", "intake": intake,
                "root_key": key.verifying_key().to_string() });
            Directory { services: vec![serde_json::from_value(service).unwrap()] }
        };
        let mut whom = Whom::of("acme.crm.example", &listed(&root(1), "https://concern.example"), Vec::new());
        assert!(told(&mut whom, &signed(&root(1), |_| {})).is_ok());
        assert_eq!(told(&mut whom, &signed(&root(2), |_| {})), Err("not_valid"));
        let mut whom = Whom::of("acme.crm.example", &listed(&root(1), "https://other.example"), Vec::new());
        assert_eq!(told(&mut whom, &signed(&root(1), |_| {})), Err("not_valid"));
    }

    #[test]
    fn another_key_than_before_warns_and_an_older_serial_is_refused() {
        let before = |key: &SigningKey, serial| Remembered {
            origin: "https://concern.example".to_owned(),
            channel: "demo".to_owned(),
            root_key: key.verifying_key().to_string(),
            serial,
            provider: "Example Ltd".to_owned(),
            host: "other.example".to_owned(),
        };
        assert!(told(&mut at_site(vec![before(&root(2), 3)]), &signed(&root(1), |_| {})).unwrap().changed);
        assert!(!told(&mut at_site(vec![before(&root(1), 3)]), &signed(&root(1), |_| {})).unwrap().changed);
        assert_eq!(told(&mut at_site(vec![before(&root(1), 4)]), &signed(&root(1), |_| {})), Err("not_valid"));
    }
}
