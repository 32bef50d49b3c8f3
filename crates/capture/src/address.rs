//! The address of a page, parameter by parameter: what goes along is seen, and what points to a person or opens a door stays out.

use recourse_redact::{Kind, Options, Own, find, mask};

/// Why a part of an address is left out until the person says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Something in its value: an e-mail address, a token, a card number.
    Holds(Kind),
    /// Its name is one under which addresses carry whoever is looking: `user`, `recipient`, `member`.
    Person,
    /// Its name is a mark of e-mails and advertisements, different for everyone who clicks: `fbclid`, `mc_eid`.
    Tracking,
}

/// One parameter of the query, or the fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// As it stands in the address, percent-encoding included; with its `=` where it has one.
    raw: String,
    /// Its name, readable.
    pub name: String,
    /// Its value, readable.
    pub value: String,
    /// Why it should stay out.
    pub why: Option<Why>,
    /// Whether it goes along; at first where nothing speaks against it.
    pub keep: bool,
}

/// An address of the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and path. What is personal in the path is masked; name and password before the host are gone.
    pub base: String,
    /// How many parts of the path are masked.
    pub masked: usize,
    /// The query, in order.
    pub query: Vec<Parameter>,
    /// What follows `#`, without a text directive (`:~:`), which quotes the page.
    pub fragment: Option<Parameter>,
}

impl Address {
    /// Reads what a browser gives as the address of a page. Nothing for pages that have none of use to anybody else: files, which name the
    /// account of the computer, and the browser's own.
    #[must_use]
    pub fn read(href: &str, own: &Own) -> Option<Self> {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| href.starts_with(scheme))?;
        let (rest, fragment) = href[scheme.len()..].split_once('#').unwrap_or((&href[scheme.len()..], ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let host = authority.rsplit('@').next().filter(|host| !host.is_empty())?;
        let (path, masked) = masked_path(scheme, host, path, own);
        let fragment = fragment.split(":~:").next().unwrap_or_default();
        Some(Self {
            base: format!("{scheme}{host}{path}"),
            masked,
            query: query.split('&').filter(|raw| !raw.is_empty()).map(|raw| Parameter::read(raw, own)).collect(),
            fragment: Some(fragment).filter(|raw| !raw.is_empty()).map(|raw| Parameter::read(raw, own)),
        })
    }

    /// The address with what goes along.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = self.base.clone();
        for (at, parameter) in self.query.iter().filter(|parameter| parameter.keep).enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(&parameter.raw);
        }
        if let Some(fragment) = self.fragment.as_ref().filter(|fragment| fragment.keep) {
            text.push('#');
            text.push_str(&fragment.raw);
        }
        text
    }
}

impl Parameter {
    fn read(raw: &str, own: &Own) -> Self {
        let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
        let (name, value) = (decoded(name), decoded(value));
        let why = why(raw, &name, &value, own);
        Self { raw: raw.to_owned(), name, value, why, keep: why.is_none() }
    }
}

fn why(raw: &str, name: &str, value: &str, own: &Own) -> Option<Why> {
    // In an address, since a secret is known by the name it goes under; and by itself, as it is meant.
    let in_address = find(&format!("https://a.example/?{raw}"), own, &Options::default());
    let holds = in_address
        .into_iter()
        .chain(find(value, own, &Options::default()))
        .chain(find(name, own, &Options::default()))
        .next();
    if let Some(finding) = holds {
        return Some(Why::Holds(finding.kind));
    }
    let word: String = name.to_ascii_lowercase().replace(['-', '_', '.', '[', ']'], "");
    let tracking = name.to_ascii_lowercase().starts_with("utm_") || TRACKING.contains(&word.as_str());
    if tracking {
        return Some(Why::Tracking);
    }
    (PERSON.contains(&word.as_str()) && !value.is_empty()).then_some(Why::Person)
}

/// Path with masks in the place of findings; and how many there were.
fn masked_path(scheme: &str, host: &str, path: &str, own: &Own) -> (String, usize) {
    let look = |text: &str| find(text, own, &Options::default());
    let mut masked = 0;
    // Each segment by itself; what is encoded hides what it holds and goes whole.
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| {
            let readable = decoded(segment);
            let findings = look(&readable);
            masked += findings.len();
            match (findings.is_empty(), readable == segment) {
                (true, _) => segment.to_owned(),
                (false, true) => mask(segment, &findings),
                (false, false) => "[…]".to_owned(),
            }
        })
        .collect();
    // And in the address, where one segment tells that the next is a secret. What is in the host's name is who is reported.
    let head = scheme.len() + host.len();
    let whole = format!("{scheme}{host}{}", segments.join("/"));
    let mut findings = look(&whole);
    findings.retain(|finding| finding.bytes.start >= head);
    (mask(&whole, &findings)[head..].to_owned(), masked + findings.len())
}

/// Percent-encoding and `+` undone; what is no UTF-8 stays as it is.
fn decoded(text: &str) -> String {
    let (raw, mut at) = (text.as_bytes(), 0);
    let mut bytes = Vec::with_capacity(raw.len());
    while let Some(byte) = raw.get(at) {
        let two = raw
            .get(at + 1..at + 3)
            .and_then(|two| str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (byte, two) {
            (b'%', Some(value)) => {
                bytes.push(value);
                at += 2;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Marks that senders of e-mails and sellers of advertisements put on links, without `-` and `_`.
const TRACKING: &[&str] = &[
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "liclid",
    "lifatid",
    "igshid",
    "igsh",
    "mceid",
    "mccid",
    "mktok",
    "mkttok",
    "hsenc",
    "hsmi",
    "hsctatracking",
    "veroid",
    "veroconv",
    "olyencid",
    "olyanonid",
    "ga",
    "gl",
    "scid",
    "scmid",
    "sfmcsub",
    "wickedid",
    "rbclickid",
    "spm",
    "trkemail",
    "mibextid",
    "epik",
    "ckid",
    "cmpid",
    "dmi",
    "elqtrackid",
    "elqtrack",
    "sendid",
    "bsftclkid",
];

/// Names under which an address says who is looking at it, or whom it was sent to, without `-` and `_`.
const PERSON: &[&str] = &[
    "user",
    "userid",
    "uid",
    "username",
    "login",
    "loginhint",
    "account",
    "accountid",
    "member",
    "memberid",
    "me",
    "viewer",
    "viewerid",
    "contact",
    "contactid",
    "recipient",
    "recipientid",
    "subscriber",
    "subscriberid",
    "customer",
    "customerid",
    "email",
    "mail",
    "emailaddress",
    "name",
    "firstname",
    "lastname",
    "fullname",
    "phone",
    "tel",
    "employee",
    "employeeid",
    "worker",
    "workerid",
    "from",
    "actor",
    "actorid",
    "author",
    "session",
    "sid",
    "visitor",
    "visitorid",
    "clientid",
    "deviceid",
    "device",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(href: &str, expected: &str) {
        let own = Own { names: vec!["Ana Ruiz".to_owned()], handles: vec!["anita77".to_owned()], emails: vec![] };
        assert_eq!(Address::read(href, &own).map(|address| address.write()).unwrap_or_default(), expected, "{href}");
    }

    #[test]
    fn what_names_the_object_stays_and_what_points_to_a_person_goes() {
        check(
            "https://crm.example/campaigns/42?tab=recipients&page=3",
            "https://crm.example/campaigns/42?tab=recipients&page=3",
        );
        check("https://crm.example/c/42?utm_source=mail&fbclid=IwAR0abc&view=all", "https://crm.example/c/42?view=all");
        check("https://crm.example/c/42?user_id=778&v=1", "https://crm.example/c/42?v=1");
        check("https://crm.example/c?e=ana%40example.org&v=1", "https://crm.example/c?v=1");
        check("https://crm.example/c?token=8f14e45fceea167a5a36dedd4bea2543", "https://crm.example/c");
        check("https://crm.example/c#access_token=8f14e45fceea167a5a36dedd4bea2543", "https://crm.example/c");
        check("https://crm.example/c?q=Ana+Ruiz", "https://crm.example/c");
        check("https://crm.example/c#row-7:~:text=Ana", "https://crm.example/c#row-7");
        check("https://crm.example/c?flag&x=", "https://crm.example/c?flag&x=");
    }

    #[test]
    fn paths_are_masked_and_the_host_is_not() {
        check("https://ana:secret@crm.example/x", "https://crm.example/x");
        check("https://crm.example/contacts/bob@example.org/edit", "https://crm.example/contacts/[e-mail]/edit");
        check("https://crm.example/contacts/ana%40example.org/edit", "https://crm.example/contacts/[…]/edit");
        check("https://crm.example/contacts/ana@example.org/edit", "https://crm.example/contacts/[e-mail]/edit");
        check("https://crm.example/reset/8f14e45fceea167a5a36dedd4bea2543/x", "https://crm.example/reset/[secret]/x");
        check("https://203.0.113.7/c/bob@example.org/1", "https://203.0.113.7/c/[e-mail]/1");
        check("https://crm.example:8443", "https://crm.example:8443/");
    }

    #[test]
    fn pages_without_an_address_of_use_have_none() {
        for href in [
            "file:///home/ana/x.html",
            "about:blank",
            "chrome://settings",
            "data:text/html,x",
            "blob:https://a.example/1",
            "https://",
            "",
        ] {
            check(href, "");
        }
    }

    #[test]
    fn each_part_says_why_and_can_be_kept() {
        let mut address =
            Address::read("https://a.example/?email=a%40b.example&gclid=1&uid=7&id=9&%E0%A4%A=1", &Own::default())
                .unwrap();
        let whys: Vec<Option<Why>> = address.query.iter().map(|parameter| parameter.why).collect();
        assert_eq!(whys, [Some(Why::Holds(Kind::Email)), Some(Why::Tracking), Some(Why::Person), None, None]);
        assert_eq!(address.query[0].value, "a@b.example");
        address.query[2].keep = true;
        assert_eq!(address.write(), "https://a.example/?uid=7&id=9&%E0%A4%A=1");
    }
}
