//! The host page: how it is reached, its tag and element, and what its policies let pass.

use anyhow::ensure;
use data_encoding::BASE64;
use sha2::Digest as _;
use url::{Host, Url};

use super::fetch::{Answer, Fetcher, origin};
use super::html::{self, Tag, Tags};
use super::policy::{Policy, allows, suggestion};
use super::{Doctor, Findings};

/// The loader's path, with or without a version in it.
const LOADER: &str = "report-concern";

/// What the page showed.
pub(super) struct Seen {
    /// Where the page ended up.
    pub(super) page: Url,
    /// Origin of the intake, with `/`.
    pub(super) intake: Option<Url>,
    pub(super) channel: Option<String>,
    pub(super) root_key: Option<String>,
    /// It is a page of the intake itself (`/r/{channel}`): nothing embeds it.
    pub(super) hosted: bool,
    /// `Set-Cookie` of the page and of what led there, as host and header.
    pub(super) cookies: Vec<(String, String)>,
    /// The page demands that what it embeds says so.
    pub(super) isolated: bool,
}

pub(super) fn look(fetcher: &Fetcher, options: &Doctor, findings: &mut Findings) -> anyhow::Result<Seen> {
    let answers = fetcher.follow(&options.url)?;
    let Some(last) = answers.last() else { anyhow::bail!("nothing was answered") };
    ensure!(last.status == 200, "{} answers with the status {}", last.url, last.status);
    reached(fetcher, &answers, findings, "page");

    let tags = html::tags(&last.text());
    let base = tags.named("base").find_map(|tag| tag.attribute("href")).and_then(|href| last.url.join(href).ok());
    let base = base.unwrap_or_else(|| last.url.clone());
    let own = hosted_channel(last, &tags);
    let script = tags.named("script").find(|tag| tag.attribute("src").is_some_and(|src| src.contains(LOADER)));
    let script_url = script.and_then(|tag| base.join(tag.attribute("src")?.trim()).ok());
    let elements: Vec<&Tag> = tags.named("report-concern").collect();
    let attribute = |name| elements.iter().find_map(|tag| tag.attribute(name)).filter(|value| !value.is_empty());
    let intake =
        options.intake.clone().or_else(|| script_url.clone()).or_else(|| own.as_ref().map(|_| last.url.clone()));
    let mut seen = Seen {
        page: last.url.clone(),
        intake: intake.and_then(|url| Url::parse(&(origin(&url) + "/")).ok()),
        channel: options.channel.clone().or_else(|| attribute("channel").map(str::to_owned)).or_else(|| own.clone()),
        root_key: attribute("root-key").map(str::to_owned),
        hosted: own.is_some(),
        cookies: Vec::new(),
        isolated: false,
    };
    for answer in &answers {
        let host = answer.url.host_str().unwrap_or_default();
        seen.cookies.extend(answer.all("set-cookie").map(|cookie| (host.to_owned(), cookie.to_owned())));
    }
    if seen.hosted {
        findings.good("page.hosted", "this is a hosted form; it needs no tag");
        return Ok(seen);
    }

    check_tag(fetcher, script, script_url.as_ref(), &last.url, findings);
    check_elements(&tags, &elements, &base, seen.intake.as_ref(), findings);
    let nonce = script.and_then(|tag| tag.attribute("nonce")).is_some();
    let integrity = script.and_then(|tag| tag.attribute("integrity")).is_some();
    check_policies(last, &tags, script_url.as_ref(), seen.intake.as_ref(), nonce || integrity, findings);
    check_isolation(last, findings, &mut seen);
    Ok(seen)
}

/// The channel of a hosted form, told by its address and by the policy that only our pages have.
fn hosted_channel(answer: &Answer, tags: &Tags) -> Option<String> {
    let channel = answer.url.path().strip_prefix("/r/")?;
    let ours = answer.header("content-security-policy").is_some_and(|policy| policy.contains("trusted-types recourse"));
    let clean = !channel.is_empty() && !channel.contains('/');
    if ours && clean && tags.named("report-concern").next().is_none() { Some(channel.to_owned()) } else { None }
}

/// HTTPS, redirects and HSTS of a page or an intake.
pub(super) fn reached(fetcher: &Fetcher, answers: &[Answer], findings: &mut Findings, what: &str) {
    let Some(last) = answers.last() else { return };
    let of_page = what == "page";
    let (https, hsts, redirect) = if of_page {
        ("page.https", "page.hsts", "page.redirect")
    } else {
        ("intake.https", "intake.hsts", "intake.redirect")
    };
    if answers.len() > 1 {
        let way: Vec<&str> = answers.iter().map(|answer| answer.url.as_str()).collect();
        findings.note(redirect, format!("redirected: {}", way.join(" → ")));
    }
    let local = match last.url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if last.url.scheme() != "https" {
        if local {
            findings.note(https, format!("the {what} is on this machine; anywhere else it needs HTTPS"));
        } else {
            findings.fault(https, format!("the {what} comes over plain HTTP"), "serve it over HTTPS only");
        }
        return;
    }
    findings.good(https, format!("the {what} comes over HTTPS"));
    let age = last.header("strict-transport-security").and_then(|value| {
        let ages = value.split(';').filter_map(|part| {
            part.trim().to_ascii_lowercase().strip_prefix("max-age=")?.trim_matches('"').parse::<u64>().ok()
        });
        ages.into_iter().next()
    });
    match age {
        Some(age) if age >= 15_552_000 => findings.good(hsts, format!("Strict-Transport-Security for {age} s")),
        _ => findings.warning(
            hsts,
            format!("the {what} sends no Strict-Transport-Security of half a year or more"),
            "Strict-Transport-Security: max-age=31536000",
        ),
    }
    // Only where plain HTTP would be asked for at all.
    if last.url.port().is_none() {
        let mut plain = last.url.clone();
        if plain.set_scheme("http").is_ok()
            && let Ok(answer) = fetcher.get(&plain, None)
        {
            let to_https = answer.header("location").is_some_and(|to| to.starts_with("https://"));
            if !to_https {
                findings.fault(
                    redirect,
                    format!("the {what} is served over plain HTTP too"),
                    "answer plain HTTP with a redirect to HTTPS, or not at all",
                );
            }
        }
    }
}

fn check_tag(fetcher: &Fetcher, script: Option<&Tag>, url: Option<&Url>, page: &Url, findings: &mut Findings) {
    let (Some(tag), Some(url)) = (script, url) else {
        findings.warning(
            "tag.script",
            "no script tag of the loader is in what the page's server sends",
            "<script type=\"module\" async src=\"https://INTAKE/widget/report-concern.js\"></script> – if a script of yours adds it, give --intake and --channel",
        );
        return;
    };
    let answer = match fetcher.get(url, Some(&origin(page))) {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            return findings.fault(
                "tag.script",
                format!("{url} answers with the status {}", answer.status),
                "take the address from `/widget/` of the intake",
            );
        }
        Err(error) => {
            return findings.fault(
                "tag.script",
                format!("{error:#}"),
                "take the address from `/widget/` of the intake",
            );
        }
    };
    let kind = answer.header("content-type").unwrap_or_default();
    if !kind.contains("javascript") {
        findings.fault(
            "tag.script",
            format!("{url} comes as {kind:?}, which browsers do not run"),
            "serve it as text/javascript",
        );
    } else {
        findings.good("tag.script", format!("the loader is at {url}"));
    }
    if tag.attribute("type") != Some("module") && tag.attribute("async").is_none() && tag.attribute("defer").is_none() {
        findings.warning("tag.async", "the page waits for the loader", "add async");
    }
    let module = tag.attribute("type") == Some("module");
    let cross = url.origin() != page.origin();
    if cross && (module || tag.attribute("crossorigin").is_some()) {
        let allowed = answer.header("access-control-allow-origin").is_some_and(|to| to == "*" || to == origin(page));
        if !allowed {
            findings.fault(
                "tag.cors",
                "the loader may not be read by this page",
                "Access-Control-Allow-Origin: * on /widget/*",
            );
        }
    }
    match tag.attribute("integrity") {
        None => findings.note(
            "tag.sri",
            format!(
                "no integrity: the newest loader is taken. With an exact version's address: integrity=\"sha384-{}\" crossorigin",
                BASE64.encode(&sha2::Sha384::digest(&answer.body))
            ),
        ),
        Some(integrity) => {
            let strongest = integrity.split_ascii_whitespace().any(|hash| matches_hash(hash, &answer.body));
            if !strongest {
                findings.fault(
                    "tag.sri",
                    "integrity does not fit what is served: browsers refuse the loader",
                    format!("integrity=\"sha384-{}\"", BASE64.encode(&sha2::Sha384::digest(&answer.body))),
                );
            } else if cross && !module && tag.attribute("crossorigin").is_none() {
                findings.fault("tag.sri", "integrity without crossorigin: browsers refuse the loader", "add crossorigin");
            } else {
                findings.good("tag.sri", "integrity fits what is served");
            }
            if url.path().ends_with("/widget/report-concern.js") {
                findings.warning(
                    "tag.version",
                    "integrity is pinned to an address whose content changes with each version",
                    "take an exact version's address from integrity.json",
                );
            }
        }
    }
}

fn matches_hash(hash: &str, body: &[u8]) -> bool {
    let (kind, value) = hash.split_once('-').unwrap_or_default();
    let value = value.split('?').next().unwrap_or_default();
    let actual = match kind {
        "sha256" => BASE64.encode(&sha2::Sha256::digest(body)),
        "sha384" => BASE64.encode(&sha2::Sha384::digest(body)),
        "sha512" => BASE64.encode(&sha2::Sha512::digest(body)),
        _ => return false,
    };
    actual == value
}

fn check_elements(tags: &Tags, elements: &[&Tag], base: &Url, intake: Option<&Url>, findings: &mut Findings) {
    if elements.is_empty() {
        return findings.warning(
            "tag.element",
            "no <report-concern> is in what the page's server sends",
            "<report-concern channel=\"…\" root-key=\"…\"> – if a script of yours adds it, give --intake and --channel",
        );
    }
    findings.good("tag.element", format!("{} <report-concern> on the page", elements.len()));
    for element in elements {
        if element.attribute("channel").is_none_or(|channel| channel.is_empty()) {
            findings.fault("tag.channel", "an element names no channel", "channel=\"…\"");
        }
        if element.attribute("root-key").is_none_or(|key| key.is_empty()) {
            findings.warning(
                "tag.root_key",
                "an element pins no root key: whatever manifest the intake presents is believed",
                "root-key=\"…\", as `recourse keygen` printed it",
            );
        }
        let link = tags.within(element, "a").find_map(|link| base.join(link.attribute("href")?).ok());
        let leads = link.as_ref().is_some_and(|link| {
            intake.is_none_or(|intake| link.origin() == intake.origin()) && link.path().starts_with("/r/")
        });
        if !leads {
            findings.warning(
                "tag.fallback",
                "an element has no link to the hosted form inside: without script there is nothing",
                "<a href=\"https://INTAKE/r/CHANNEL\" target=\"_blank\" rel=\"noopener noreferrer\">Report a concern</a>",
            );
        }
    }
}

fn check_policies(
    page: &Answer,
    tags: &Tags,
    script: Option<&Url>,
    intake: Option<&Url>,
    blessed: bool,
    findings: &mut Findings,
) {
    let mut policies: Vec<Policy> = page.all("content-security-policy").flat_map(Policy::read).collect();
    for tag in tags.named("meta") {
        if tag.attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy")) {
            policies.extend(Policy::read(tag.attribute("content").unwrap_or_default()));
        }
    }
    if policies.is_empty() {
        return findings
            .note("csp", "the page has no content security policy; nothing is in the way of loader and frame");
    }
    let mut faults = 0;
    for policy in &policies {
        if let (Some(url), Some((_, sources))) =
            (script, policy.first(&["script-src-elem", "script-src", "default-src"]))
        {
            let dynamic = sources.iter().any(|source| source == "'strict-dynamic'");
            // A nonce or hash that fits cannot be told from one that does not without running the page.
            if dynamic && !blessed {
                faults += 1;
                findings.fault(
                    "csp.script",
                    "the policy says 'strict-dynamic', so addresses do not count, and the tag has no nonce",
                    "put the page's nonce on the tag, or load it from a script that has one",
                );
            } else if !dynamic && !blessed && !allows(sources, url, &page.url) {
                faults += 1;
                let fix = suggestion("script-src", sources, url);
                findings.fault("csp.script", format!("the policy does not let {url} run"), fix);
            }
        }
        if let (Some(intake), Some((_, sources))) = (intake, policy.first(&["frame-src", "child-src", "default-src"])) {
            let frame = intake.join("embed/x").unwrap_or_else(|_| intake.clone());
            if !allows(sources, &frame, &page.url) {
                faults += 1;
                let fix = suggestion("frame-src", sources, intake);
                findings.fault("csp.frame", format!("the policy does not let a frame of {} load", origin(intake)), fix);
            }
        }
        if policy.first(&["sandbox"]).is_some_and(|(_, flags)| !flags.iter().any(|flag| flag == "allow-same-origin")) {
            findings.note("csp.sandbox", "the policy makes the page's origin opaque; the button becomes a link there");
        }
    }
    if faults == 0 {
        findings.good("csp", "the page's policy lets the loader run and the frame load, as far as can be told");
    }
}

fn check_isolation(page: &Answer, findings: &mut Findings, seen: &mut Seen) {
    let embedder = page.header("cross-origin-embedder-policy").unwrap_or_default();
    if embedder.starts_with("require-corp") || embedder.starts_with("credentialless") {
        seen.isolated = true;
        findings.note("page.coep", format!("the page is isolated (Cross-Origin-Embedder-Policy: {embedder}); the frame has to say that it may be embedded, see intake.coep"));
    }
    let permissions = page.header("permissions-policy").unwrap_or_default().replace(' ', "");
    if permissions.contains("display-capture=()") {
        findings.note(
            "page.permissions",
            "Permissions-Policy: display-capture=() – no screenshot of the page can be taken in the form; files work",
        );
    } else if permissions.contains("display-capture=") {
        let named = seen.intake.as_ref().map(origin).unwrap_or_default();
        if !permissions.contains(&named) {
            findings.warning(
                "page.permissions",
                "Permissions-Policy does not let the frame take a screenshot",
                format!("Permissions-Policy: display-capture=(self \"{named}\")"),
            );
        }
    }
}
