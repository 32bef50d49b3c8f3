//! Asking for pages: no cookies, no redirects followed unseen, certificates of the system.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use url::Url;

/// Bytes of an answer that are read.
const BODY_BYTES: u64 = 4 << 20;
/// Redirects that are followed.
const HOPS: usize = 5;

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) url: Url,
    pub(super) status: u16,
    /// Names in lower case, in the order in which they came.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, or nothing.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// All headers of that name.
    pub(super) fn all<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Asks.
pub(super) struct Fetcher(ureq::Agent);

impl Fetcher {
    pub(super) fn new() -> Self {
        // A second installation is refused and changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let system = rustls_native_certs::load_native_certs();
        let roots: Vec<Certificate<'static>> =
            system.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
        let tls = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots))).build();
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(15)))
            .user_agent("recourse-doctor")
            .tls_config(tls)
            .build();
        Self(config.into())
    }

    /// One request. The origin, where given, is sent as a browser would for a script with `crossorigin`.
    pub(super) fn get(&self, url: &Url, from: Option<&str>) -> anyhow::Result<Answer> {
        let mut request = self.0.get(url.as_str()).header("accept", "*/*");
        if let Some(from) = from {
            request = request.header("origin", from);
        }
        let mut answer = request.call().with_context(|| format!("{url} cannot be reached"))?;
        let status = answer.status().as_u16();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers =
            answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
        let body = answer
            .body_mut()
            .with_config()
            .limit(BODY_BYTES)
            .read_to_vec()
            .with_context(|| format!("{url} cannot be read (at most {BODY_BYTES} bytes are)"))?;
        Ok(Answer { url: url.clone(), status, headers, body })
    }

    /// Follows redirects and gives each answer, the last one last.
    pub(super) fn follow(&self, url: &Url) -> anyhow::Result<Vec<Answer>> {
        let mut answers = vec![self.get(url, None)?];
        while let Some(last) = answers.last()
            && matches!(last.status, 301 | 302 | 303 | 307 | 308)
        {
            let Some(to) = last.header("location") else { break };
            if answers.len() > HOPS {
                bail!("{url} redirects more than {HOPS} times");
            }
            let to = last.url.join(to).with_context(|| format!("{} redirects to no address", last.url))?;
            answers.push(self.get(&to, None)?);
        }
        Ok(answers)
    }
}

/// The origin of an address, as CSP and attributes write it.
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
