//! The intake of a page: may it be framed there, does its manifest hold, do cookies reach it, and what stands in front.

use recourse_client::manifest::check;
use recourse_domain::ids::ChannelId;
use recourse_wire::path;
use recourse_wire::reporter::SignedEnvelope;
use url::Url;

use super::Findings;
use super::fetch::{Answer, Fetcher, origin};
use super::html;
use super::page::{Seen, reached};
use super::policy::{Policy, allows};

/// Headers that a layer in front adds, and what they tell of it.
const IN_FRONT: [(&str, &str); 20] = [
    ("via", "a proxy"),
    ("cf-ray", "Cloudflare, with an id for each request"),
    ("cf-cache-status", "Cloudflare"),
    ("x-amz-cf-id", "CloudFront, with an id for each request"),
    ("x-amz-cf-pop", "CloudFront"),
    ("x-amzn-trace-id", "AWS, with an id for each request"),
    ("x-served-by", "Fastly or another cache"),
    ("x-cache", "a cache"),
    ("x-azure-ref", "Azure Front Door, with an id for each request"),
    ("x-vercel-id", "Vercel, with an id for each request"),
    ("x-nf-request-id", "Netlify, with an id for each request"),
    ("fly-request-id", "Fly.io, with an id for each request"),
    ("x-github-request-id", "GitHub, with an id for each request"),
    ("x-akamai-transformed", "Akamai"),
    ("x-iinfo", "Imperva, with an id for each request"),
    ("x-sucuri-id", "Sucuri"),
    ("x-request-id", "a layer that gives each request an id"),
    ("x-correlation-id", "a layer that gives each request an id"),
    ("x-cloud-trace-context", "Google Cloud, with an id for each request"),
    ("server-timing", "a layer that measures requests"),
];

pub(super) fn look(fetcher: &Fetcher, seen: &Seen, intake: &Url, findings: &mut Findings) {
    let Some(channel) = &seen.channel else {
        return findings.warning(
            "intake.channel",
            "the channel is not known, so the intake was not looked at",
            "--channel NAME",
        );
    };
    let Ok(id) = channel.parse::<ChannelId>() else {
        return findings.fault("intake.channel", format!("{channel:?} is no name of a channel"), "a-z, 0-9 and -");
    };
    let at = |below: &str| intake.join(below).unwrap_or_else(|_| intake.clone());
    let below = if seen.hosted { format!("r/{id}") } else { format!("embed/{id}") };
    let frame = match fetcher.get(&at(&below), None) {
        Ok(frame) => frame,
        Err(error) => {
            return findings.fault(
                "intake.reached",
                format!("{error:#}"),
                "see that the intake runs and its name resolves",
            );
        }
    };
    if frame.status != 200 {
        return findings.fault(
            "intake.reached",
            format!("{} answers with the status {}", frame.url, frame.status),
            "see that the channel is there: `recourse init`, and its name in the element",
        );
    }
    reached(fetcher, std::slice::from_ref(&frame), findings, "intake");
    if !seen.hosted {
        check_framing(seen, &frame, findings);
    }
    check_manifest(fetcher, seen, &id, &at, findings);
    check_cookies(seen, intake, &frame, findings);
    check_front(fetcher, &frame, &at, findings);
}

fn check_framing(seen: &Seen, frame: &Answer, findings: &mut Findings) {
    let embedder = origin(&seen.page);
    let policies = frame.all("content-security-policy").flat_map(Policy::read).collect::<Vec<_>>();
    let barred = policies
        .iter()
        .filter_map(|policy| policy.first(&["frame-ancestors"]))
        .any(|(_, sources)| !allows(sources, &seen.page, &frame.url));
    if barred {
        findings.fault(
            "intake.frame_ancestors",
            format!("the channel may not be embedded by {embedder}"),
            format!("add \"{embedder}\" to origins.embed in the channel file, sign it and `recourse init`"),
        );
    } else if !policies.iter().any(|policy| policy.first(&["frame-ancestors"]).is_some()) {
        findings.fault(
            "intake.frame_ancestors",
            "the frame says nothing about who may embed it: its policy was taken out on the way",
            "let the proxy pass Content-Security-Policy unchanged",
        );
    } else {
        findings.good("intake.frame_ancestors", format!("the channel may be embedded by {embedder}"));
    }
    if let Some(options) = frame.header("x-frame-options") {
        findings.fault(
            "intake.x_frame_options",
            format!("a layer in front adds X-Frame-Options: {options}"),
            "take it off for /embed/*; frame-ancestors says it exactly",
        );
    }
    if seen.isolated {
        let resource = frame.header("cross-origin-resource-policy") == Some("cross-origin");
        let embedder = frame.header("cross-origin-embedder-policy").is_some();
        if resource && embedder {
            findings.good("intake.coep", "the frame says that isolated pages may embed it");
        } else {
            findings.fault(
                "intake.coep",
                "isolated pages may not embed the frame",
                "let the proxy pass Cross-Origin-Resource-Policy and Cross-Origin-Embedder-Policy unchanged",
            );
        }
    }
}

fn check_manifest(fetcher: &Fetcher, seen: &Seen, id: &ChannelId, at: &dyn Fn(&str) -> Url, findings: &mut Findings) {
    let address = at(&path::fill(path::MANIFEST, &[id]));
    let envelope = fetcher.get(&address, None).ok().filter(|answer| answer.status == 200);
    let Some(envelope) = envelope.and_then(|answer| serde_json::from_slice::<SignedEnvelope>(&answer.body).ok()) else {
        return findings.fault(
            "intake.manifest",
            format!("{address} gives no manifest"),
            "let the proxy pass /api/ unchanged",
        );
    };
    let now = crate::now();
    let checked = match check(id, &envelope, seen.root_key.as_deref(), None, now) {
        Ok(checked) => checked,
        Err(recourse_wire::engine::Failure::Manifest { check }) => {
            let fix = match check.as_str() {
                "root_key" => "take root-key from `recourse keygen`, or find out who serves another manifest",
                "expired" => "`recourse channel sign` and `recourse init`",
                _ => "sign the channel anew with `recourse channel sign`",
            };
            return findings.fault("intake.manifest", format!("the manifest is refused: {check}"), fix);
        }
        Err(_) => return findings.fault("intake.manifest", "the manifest cannot be read", "sign the channel anew"),
    };
    let manifest = &checked.manifest;
    let left = manifest.expires_at.0.saturating_sub(now.0) / 86_400;
    if checked.expired || left <= 60 {
        let text = if checked.expired { "has ended".to_owned() } else { format!("ends in {left} days") };
        findings.warning(
            "intake.manifest_term",
            format!("the manifest {text}"),
            "`recourse channel sign` and `recourse init`",
        );
    }
    if manifest.intake_origin != at("").origin().ascii_serialization() {
        findings.warning(
            "intake.origin",
            format!("the manifest names the intake {}", manifest.intake_origin),
            "embed from that origin, or sign a manifest that names this one",
        );
    }
    if manifest.test {
        findings.note("intake.test", "the channel is in test mode: reports are marked and reach no queue");
    }
    for missing in manifest.missing_for_live() {
        findings.fault("intake.notices", format!("{missing} is empty"), "fill it in in the channel file and sign it");
    }
    findings.good(
        "intake.manifest",
        format!("the manifest holds, serial {}, fingerprint of its root key {}", manifest.serial, checked.fingerprint),
    );
}

fn check_cookies(seen: &Seen, intake: &Url, frame: &Answer, findings: &mut Findings) {
    let (page, host) = (seen.page.host_str().unwrap_or_default(), intake.host_str().unwrap_or_default());
    let mut reaching = false;
    for (from, cookie) in &seen.cookies {
        let name = cookie.split('=').next().unwrap_or_default().trim();
        let domain = cookie.split(';').skip(1).find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim().eq_ignore_ascii_case("domain").then(|| value.trim().trim_start_matches('.').to_ascii_lowercase())
        });
        let reaches = match &domain {
            Some(domain) => {
                host == domain || host.strip_suffix(domain.as_str()).is_some_and(|child| child.ends_with('.'))
            }
            None => from == host,
        };
        if reaches {
            reaching = true;
            findings.fault(
                "cookies.reach",
                format!("the product's cookie {name:?} reaches the intake and can name a reporter"),
                "give the intake a registrable domain of its own, or set the cookie without Domain=",
            );
        }
    }
    let registrable = |host: &str| psl::domain_str(host).map(str::to_owned);
    match (registrable(page), registrable(host)) {
        _ if seen.hosted => {}
        (Some(one), Some(other)) if one == other => findings.warning(
            "cookies.domain",
            format!("product and intake share the domain {one}: any cookie that is set for it arrives with the frame, a sign-in's too, which this command does not see"),
            "give the intake a registrable domain of its own",
        ),
        _ if page == host => findings.warning(
            "cookies.domain",
            format!("product and intake share the host {host}; cookies know no ports"),
            "give the intake a host of its own",
        ),
        _ if !reaching => findings.good("cookies.domain", "product and intake share no domain that a cookie could be set for"),
        _ => {}
    }
    for cookie in frame.all("set-cookie") {
        let name = cookie.split('=').next().unwrap_or_default().trim();
        findings.fault(
            "cookies.set",
            format!("a layer in front of the intake sets the cookie {name:?}; Recourse sets none"),
            "switch it off for this host: it tells one reporter's visits from another's",
        );
    }
}

fn check_front(fetcher: &Fetcher, frame: &Answer, at: &dyn Fn(&str) -> Url, findings: &mut Findings) {
    let mut layers = 0;
    for (name, what) in IN_FRONT {
        if frame.header(name).is_some() {
            layers += 1;
            findings.note("front.layer", format!("{name}: {what} stands in front; see what it logs, and for how long"));
        }
    }
    if let Some(server) = frame.header("server") {
        layers += 1;
        findings.note("front.layer", format!("Server: {server} stands in front (Recourse names itself nowhere); switch its access log off for this host"));
    }
    for name in ["nel", "report-to", "reporting-endpoints"] {
        if let Some(value) = frame.header(name) {
            layers += 1;
            findings.fault(
                "front.reporting",
                format!("{name}: {value} – browsers are told to report to somebody what happened here"),
                "take the header off for this host",
            );
        }
    }
    let tags = html::tags(&frame.text());
    let mut foreign = 0;
    for script in tags.named("script") {
        let inline = script.attribute("src").is_none() && !script.inside.trim().is_empty();
        let elsewhere = script
            .attribute("src")
            .and_then(|src| frame.url.join(src).ok())
            .filter(|src| src.origin() != frame.url.origin() || !src.path().starts_with("/assets/"));
        if inline && script.attribute("type").is_none_or(|kind| kind != "application/json") {
            foreign += 1;
            findings.fault(
                "front.injected",
                "a layer in front puts a script of its own into the form",
                "switch it off for this host",
            );
        }
        if let Some(src) = elsewhere {
            foreign += 1;
            findings.fault(
                "front.injected",
                format!("a layer in front adds the script {src}"),
                "switch it off for this host",
            );
        }
    }
    if let Ok(ready) = fetcher.get(&at("readyz"), None)
        && ready.text().contains("cookie-arrived")
    {
        findings.warning(
            "cookies.arrived",
            "the intake says that cookies have arrived since it started",
            "see cookies.domain",
        );
    }
    if layers == 0 && foreign == 0 {
        findings.good("front", "no layer in front shows itself; one that does not may log all the same");
    }
}
