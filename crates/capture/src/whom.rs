//! Who could be told about a page. The page itself is a hint and never a proof: on a tenant's own domain whoever misuses a service can publish a
//! manifest of their own.

use psl::domain_str;
use recourse_domain::ids::ChannelId;
use serde::Deserialize;

/// Where a site says who takes its reports.
pub const WELL_KNOWN: &str = "/.well-known/report-a-concern.json";

/// The directory that an extension is shipped with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// What it lists.
    pub services: Vec<Service>,
}

/// A service whose channel is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its hosts: `crm.example`, or `*.crm.example` for everything below it.
    pub hosts: Vec<String>,
    /// Its channel.
    pub channel: ChannelId,
    /// Origin of the intake: `https://report.crm.example`.
    pub intake: String,
    /// The channel's root key, which its manifest has to be signed with.
    pub root_key: String,
}

/// Why somebody could be the one to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidate {
    /// The directory knows the service; nobody else may choose where this leads.
    Listed(Service),
    /// The domain that the page belongs to, by the Public Suffix List with its private part, says it at this address. Whoever runs the domain says so.
    Domain {
        /// The domain.
        domain: String,
        /// Where it says so.
        address: String,
    },
    /// The page's own host says it at this address, which may be run by those who are reported.
    Site {
        /// The host.
        host: String,
        /// Where it says so.
        address: String,
    },
}

impl Candidate {
    /// Whether it may be chosen before anybody looked at it: only what the page cannot influence.
    #[must_use]
    pub fn preselected(&self) -> bool {
        matches!(self, Self::Listed(_))
    }
}

/// Who could be told about a page of that host, best first. Nothing is asked for here; the address of a candidate is fetched when the person goes on,
/// since asking tells a site that somebody is about to report.
#[must_use]
pub fn candidates(host: &str, directory: &Directory) -> Vec<Candidate> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let name = host.split(':').next().unwrap_or_default();
    let mut candidates: Vec<Candidate> =
        directory.services.iter().filter(|service| service.runs(name)).cloned().map(Candidate::Listed).collect();
    // The own computer has no certificates, and needs none.
    let scheme = if matches!(name, "localhost" | "127.0.0.1") { "http" } else { "https" };
    let address = |host: &str| format!("{scheme}://{host}{WELL_KNOWN}");
    // An IP address and a single name have no domain; their owner is nobody that a list knows.
    let domain = domain_str(name).filter(|domain| domain.contains('.') && name.parse::<core::net::IpAddr>().is_err());
    if let Some(domain) = domain.filter(|domain| *domain != name) {
        candidates.push(Candidate::Domain { domain: domain.to_owned(), address: address(domain) });
    }
    if !name.is_empty() {
        candidates.push(Candidate::Site { address: address(&host), host });
    }
    candidates
}

impl Service {
    fn runs(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| match pattern.strip_prefix("*.") {
            Some(domain) => host.strip_suffix(domain).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
            None => pattern == host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        serde_json::from_str(
            r#"{"services": [{"hosts": ["crm.example", "*.crm.example"], "channel": "crm", "intake": "https://report.crm.example", "root_key": "k"}]}"#,
        )
        .unwrap()
    }

    fn check(host: &str, expected: &[&str]) {
        let seen: Vec<String> = candidates(host, &directory())
            .into_iter()
            .map(|candidate| match candidate {
                Candidate::Listed(service) => format!("listed {}", service.channel),
                Candidate::Domain { address, .. } => format!("domain {address}"),
                Candidate::Site { address, .. } => format!("site {address}"),
            })
            .collect();
        assert_eq!(seen, expected, "{host}");
    }

    #[test]
    fn the_directory_comes_first_and_the_site_last() {
        check(
            "Acme.crm.example.",
            &[
                "listed crm",
                "domain https://crm.example/.well-known/report-a-concern.json",
                "site https://acme.crm.example/.well-known/report-a-concern.json",
            ],
        );
        check("crm.example", &["listed crm", "site https://crm.example/.well-known/report-a-concern.json"]);
    }

    #[test]
    fn a_name_that_only_ends_alike_is_somebody_elses() {
        for host in ["notcrm.example", "crm.example.evil.example", "evil-crm.example"] {
            assert!(candidates(host, &directory()).iter().all(|candidate| !candidate.preselected()), "{host}");
        }
    }

    #[test]
    fn tenants_of_a_shared_suffix_are_domains_of_their_own() {
        // `github.io` is in the private part of the list: its owner and its tenants are different people.
        check(
            "shop.acme.github.io",
            &[
                "domain https://acme.github.io/.well-known/report-a-concern.json",
                "site https://shop.acme.github.io/.well-known/report-a-concern.json",
            ],
        );
        check(
            "support.acme.co.uk",
            &[
                "domain https://acme.co.uk/.well-known/report-a-concern.json",
                "site https://support.acme.co.uk/.well-known/report-a-concern.json",
            ],
        );
        check("127.0.0.1:8080", &["site http://127.0.0.1:8080/.well-known/report-a-concern.json"]);
        check("localhost", &["site http://localhost/.well-known/report-a-concern.json"]);
        check("", &[]);
    }

    #[test]
    fn nothing_that_a_page_says_is_preselected() {
        let all = candidates("tenant.crm.example", &directory());
        assert_eq!(all.iter().map(Candidate::preselected).collect::<Vec<_>>(), [true, false, false]);
    }
}
