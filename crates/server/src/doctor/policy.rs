//! Content security policies (CSP level 3), as far as they decide about a script, a frame and who may frame.

use url::Url;

use super::fetch::origin;

/// One policy: directives by name, the first of a name counts.
#[derive(Debug, Clone)]
pub(super) struct Policy(Vec<(String, Vec<String>)>);

impl Policy {
    /// The policies of a header or a `meta` tag, which commas keep apart.
    pub(super) fn read(text: &str) -> Vec<Self> {
        let one = |text: &str| {
            let mut directives: Vec<(String, Vec<String>)> = Vec::new();
            for directive in text.split(';') {
                let mut words = directive.split_ascii_whitespace();
                let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
                if directives.iter().all(|(other, _)| *other != name) {
                    directives.push((name, words.map(str::to_owned).collect()));
                }
            }
            Self(directives)
        };
        text.split(',').map(one).filter(|policy| !policy.0.is_empty()).collect()
    }

    /// The first directive that is there.
    pub(super) fn first(&self, names: &[&'static str]) -> Option<(&'static str, &[String])> {
        names.iter().find_map(|name| {
            let (_, sources) = self.0.iter().find(|(other, _)| other == name)?;
            Some((*name, sources.as_slice()))
        })
    }
}

/// Whether a list of sources lets an address pass, on a page of that address.
pub(super) fn allows(sources: &[String], url: &Url, page: &Url) -> bool {
    sources.iter().any(|source| matches(source, url, page))
}

fn matches(source: &str, url: &Url, page: &Url) -> bool {
    let source = source.to_ascii_lowercase();
    if source == "'self'" {
        return url.origin() == page.origin();
    }
    if source.starts_with('\'') {
        return false;
    }
    if source == "*" {
        return matches!(url.scheme(), "http" | "https" | "ws" | "wss");
    }
    // A scheme that is asked for lets its safer kin pass.
    let fits = |scheme: &str| url.scheme() == scheme || (scheme == "http" && url.scheme() == "https");
    if let Some(scheme) = source.strip_suffix(':')
        && !scheme.contains('.')
    {
        return fits(scheme);
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (scheme.to_owned(), rest),
        None => (page.scheme().to_owned(), source.as_str()),
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let name = url.host_str().unwrap_or_default();
    let host_fits = match host.strip_prefix("*.") {
        Some(parent) => name.strip_suffix(parent).is_some_and(|child| child.ends_with('.')),
        None => host == name,
    };
    let usual = |scheme: &str| if scheme == "https" { 443 } else { 80 };
    let actual = url.port_or_known_default().unwrap_or_default();
    let port_fits = match port {
        Some("*") => true,
        Some(port) => port.parse() == Ok(actual),
        None => actual == usual(&scheme) || actual == usual(url.scheme()),
    };
    let path_fits = match path {
        "" | "/" => true,
        folder if folder.ends_with('/') => url.path().starts_with(folder),
        file => url.path() == file,
    };
    fits(&scheme) && host_fits && port_fits && path_fits
}

/// What to add to a directive so that it lets an address pass.
pub(super) fn suggestion(name: &str, sources: &[String], url: &Url) -> String {
    let kept = sources.iter().filter(|source| *source != "'none'");
    let mut words: Vec<String> = kept.cloned().collect();
    words.push(origin(url));
    format!("{name} {}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_match_as_the_standard_has_it() {
        let page: Url = "https://app.example/list".parse().unwrap();
        let check = |source: &str, url: &str, expected: bool| {
            let sources = [source.to_owned()];
            assert_eq!(allows(&sources, &url.parse().unwrap(), &page), expected, "{source} {url}");
        };
        let script = "https://report.example/widget/report-concern.js";
        for (source, expected) in [
            ("'none'", false),
            ("'self'", false),
            ("'nonce-abc'", false),
            ("*", true),
            ("https:", true),
            ("http:", true),
            ("data:", false),
            ("https://report.example", true),
            ("report.example", true),
            ("HTTPS://REPORT.EXAMPLE", true),
            ("http://report.example", true),
            ("https://report.example:443", true),
            ("https://report.example:8443", false),
            ("https://report.example:*", true),
            ("*.example", true),
            ("*.report.example", false),
            ("https://report.example/widget/", true),
            ("https://report.example/widget", false),
            ("https://report.example/widget/report-concern.js", true),
            ("https://other.example", false),
        ] {
            check(source, script, expected);
        }
        check("'self'", "https://app.example/x", true);
        check("https://*.example", "https://example/", false);
        check("http://127.0.0.1:8480", "http://127.0.0.1:8480/embed/demo", true);
        check("http://127.0.0.1", "http://127.0.0.1:8480/embed/demo", false);
    }

    #[test]
    fn policies_are_read_and_fall_back() {
        let policies = Policy::read("default-src 'self'; script-src a.example; script-src b.example, frame-src *");
        assert_eq!(policies.len(), 2);
        let (name, sources) = policies[0].first(&["script-src-elem", "script-src", "default-src"]).unwrap();
        assert_eq!((name, sources), ("script-src", &["a.example".to_owned()][..]));
        assert_eq!(policies[0].first(&["frame-src", "child-src", "default-src"]).unwrap().0, "default-src");
        assert!(policies[1].first(&["script-src", "default-src"]).is_none());
        let url = "https://i.example/x".parse().unwrap();
        assert_eq!(suggestion("frame-src", &["'none'".to_owned()], &url), "frame-src https://i.example");
    }
}
