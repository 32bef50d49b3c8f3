//! The asset pool: placeholders rewritten and names hashed, bottom up. Pure; the scheme is in the README.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Placeholder kinds of text files: everything else is copied as it is.
const TEXT: [&str; 5] = ["html", "js", "css", "json", "svg"];

/// All files that a page may refer to, by their flat name.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    sources: BTreeMap<String, Source>,
}

#[derive(Debug)]
struct Source {
    /// Where it came from, for messages.
    origin: String,
    bytes: Vec<u8>,
}

impl Pool {
    /// Adds a file; two of one name are an error that names both.
    pub(crate) fn add(&mut self, name: &str, origin: &str, bytes: Vec<u8>) -> Result<()> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
            bail!("{origin}: an asset's name is made of letters, digits, '.', '_' and '-'");
        }
        let source = Source { origin: origin.to_owned(), bytes };
        if let Some(other) = self.sources.insert(name.to_owned(), source) {
            bail!("two assets are called {name}: {} and {origin}", other.origin);
        }
        Ok(())
    }

    /// All names, for messages.
    fn names(&self) -> String {
        self.sources.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// A file under its final name.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    /// `stem-HASH.ext`.
    pub(crate) file: String,
    /// After rewriting.
    pub(crate) bytes: Vec<u8>,
    /// Names (unhashed) of what it refers to itself.
    pub(crate) uses: BTreeSet<String>,
}

/// Rewrites pages and whatever they reach; one per site.
pub(crate) struct Site<'pool> {
    pool: &'pool Pool,
    assets: BTreeMap<String, Asset>,
    /// The way from the page to the asset in hand, to find circles.
    open: Vec<String>,
}

impl<'pool> Site<'pool> {
    pub(crate) fn new(pool: &'pool Pool) -> Self {
        Self { pool, assets: BTreeMap::new(), open: Vec::new() }
    }

    /// Rewrites one page; returns its text and the names of the assets it refers to.
    pub(crate) fn page(&mut self, origin: &str, text: &str) -> Result<(String, BTreeSet<String>)> {
        self.rewrite(origin, text, true)
    }

    /// What the pages so far reach, by unhashed name.
    pub(crate) fn assets(&self) -> &BTreeMap<String, Asset> {
        &self.assets
    }

    /// `names` and all that they reach.
    pub(crate) fn closure(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut left: Vec<&String> = names.iter().collect();
        while let Some(name) = left.pop() {
            if let Some(asset) = self.assets.get(name)
                && reached.insert(name.clone())
            {
                left.extend(&asset.uses);
            }
        }
        reached
    }

    fn rewrite(&mut self, origin: &str, text: &str, page: bool) -> Result<(String, BTreeSet<String>)> {
        let mut out = String::with_capacity(text.len());
        let mut uses = BTreeSet::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{asset") {
            out.push_str(&rest[..start]);
            let tail = &rest[start..];
            let Some(end) = tail.find("}}") else { bail!("{origin}: placeholder without }}}}") };
            let placeholder = &tail["{{".len()..end];
            rest = &tail[end + "}}".len()..];
            match placeholder.split_once(':') {
                Some(("asset", name)) => {
                    out.push_str(&self.address(origin, name, page)?);
                    uses.insert(name.to_owned());
                }
                Some(("assets", suffix)) => {
                    let names: Vec<String> =
                        self.pool.sources.keys().filter(|name| name.ends_with(suffix)).cloned().collect();
                    if names.is_empty() {
                        bail!("{origin}: no asset's name ends in {suffix}; there are: {}", self.pool.names());
                    }
                    let mut map = BTreeMap::new();
                    for name in names {
                        map.insert(name.clone(), self.address(origin, &name, page)?);
                        uses.insert(name);
                    }
                    let json = serde_json::to_string(&map)?;
                    // Names and addresses hold nothing else that an attribute would mind: see `Pool::add`.
                    out.push_str(&if page { json.replace('"', "&quot;") } else { json });
                }
                _ => bail!("{origin}: {{{{{placeholder}}}}} is neither {{{{asset:NAME}}}} nor {{{{assets:.SUFFIX}}}}"),
            }
        }
        out.push_str(rest);
        Ok((out, uses))
    }

    fn address(&mut self, origin: &str, name: &str, page: bool) -> Result<String> {
        let file = self.finish(origin, name)?;
        Ok(if page { format!("/assets/{file}") } else { format!("./{file}") })
    }

    /// Rewrites and hashes `name` once; returns its final name.
    fn finish(&mut self, origin: &str, name: &str) -> Result<String> {
        if let Some(asset) = self.assets.get(name) {
            return Ok(asset.file.clone());
        }
        let Some(source) = self.pool.sources.get(name) else {
            bail!("{origin}: no asset is called {name:?}; there are: {}", self.pool.names());
        };
        if self.open.iter().any(|open| open == name) {
            bail!("{}: assets refer to each other in a circle: {} -> {name}", source.origin, self.open.join(" -> "));
        }
        let (bytes, uses) = match extension(name) {
            kind if TEXT.contains(&kind) => {
                let Ok(text) = std::str::from_utf8(&source.bytes) else { bail!("{}: not UTF-8", source.origin) };
                self.open.push(name.to_owned());
                let (text, uses) = self.rewrite(&source.origin, text, false)?;
                self.open.pop();
                (text.into_bytes(), uses)
            }
            _ => (source.bytes.clone(), BTreeSet::new()),
        };
        let file = hashed(name, &bytes);
        self.assets.insert(name.to_owned(), Asset { file: file.clone(), bytes, uses });
        Ok(file)
    }
}

/// What follows the last dot, or nothing.
pub(crate) fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// `name` with 48 bits of the content's SHA-256 before its extension: enough to tell builds apart; nobody relies on it against forgery.
fn hashed(name: &str, bytes: &[u8]) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(bytes)[..6]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{name}-{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(files: &[(&str, &str)]) -> Pool {
        let mut pool = Pool::default();
        for (name, text) in files {
            pool.add(name, &format!("src/{name}"), text.as_bytes().to_vec()).unwrap();
        }
        pool
    }

    fn refused(files: &[(&str, &str)], page: &str) -> String {
        Site::new(&pool(files)).page("page.html", page).unwrap_err().to_string()
    }

    #[test]
    fn page_addresses_are_rooted_and_asset_addresses_relative() {
        let pool = pool(&[("start.js", "import '{{asset:app.js}}';"), ("app.js", "export {}"), ("unused.js", "")]);
        let mut site = Site::new(&pool);
        let (page, uses) = site.page("page.html", "<script src=\"{{asset:start.js}}\"></script>").unwrap();
        let (start, app) = (&site.assets()["start.js"], &site.assets()["app.js"]);
        assert_eq!(page, format!("<script src=\"/assets/{}\"></script>", start.file));
        assert_eq!(String::from_utf8_lossy(&start.bytes), format!("import './{}';", app.file));
        assert!(!site.assets().contains_key("unused.js"), "only what a page reaches is shipped");
        let reached = site.closure(&uses);
        assert_eq!(reached.iter().map(String::as_str).collect::<Vec<_>>(), ["app.js", "start.js"]);
    }

    #[test]
    fn a_changed_leaf_changes_every_name_above_it() {
        let name = |leaf: &str| {
            let pool = pool(&[("start.js", "import '{{asset:app.js}}';"), ("app.js", leaf)]);
            let mut site = Site::new(&pool);
            site.page("page.html", "{{asset:start.js}}").unwrap().0
        };
        assert_eq!(name("one"), name("one"));
        assert_ne!(name("one"), name("two"));
    }

    #[test]
    fn a_map_lists_all_of_a_suffix_and_is_safe_in_an_attribute() {
        let files = [
            ("en.form.json", "{}"),
            ("de.form.json", "{ }"),
            ("en.console.json", "[]"),
            ("x.js", "{{assets:.form.json}}"),
        ];
        let pool = pool(&files);
        let mut site = Site::new(&pool);
        let (page, _) = site.page("page.html", "<body data-l=\"{{assets:.form.json}}\">{{asset:x.js}}").unwrap();
        let attribute = page.split('"').nth(1).unwrap().replace("&quot;", "\"");
        let map: BTreeMap<String, String> = serde_json::from_str(&attribute).unwrap();
        assert_eq!(map.keys().collect::<Vec<_>>(), ["de.form.json", "en.form.json"]);
        assert_eq!(map["en.form.json"], format!("/assets/{}", site.assets()["en.form.json"].file));
        let script: BTreeMap<String, String> = serde_json::from_slice(&site.assets()["x.js"].bytes).unwrap();
        assert!(script["de.form.json"].starts_with("./de.form-"), "{script:?}");
    }

    #[test]
    fn faults_name_the_file() {
        for (files, page, parts) in [
            (&[("a.js", "")][..], "{{asset:b.js}}", &["page.html", "\"b.js\"", "a.js"][..]),
            (&[("a.js", "{{asset:b.js}}")], "{{asset:a.js}}", &["src/a.js", "b.js"]),
            (
                &[("a.js", "{{asset:b.js}}"), ("b.js", "{{asset:a.js}}")],
                "{{asset:a.js}}",
                &["circle", "a.js -> b.js -> a.js"],
            ),
            (&[], "{{asset:b.js", &["page.html"]),
            (&[], "{{assetb.js}}", &["page.html", "assetb.js"]),
            (&[], "{{assets:.form.json}}", &["page.html", ".form.json"]),
        ] {
            let error = refused(files, page);
            for part in parts {
                assert!(error.contains(part), "{error:?} should contain {part:?}");
            }
        }
    }

    #[test]
    fn two_files_of_one_name_are_refused_and_both_named() {
        let mut pool = pool(&[("app.css", "")]);
        let error = pool.add("app.css", "other/app.css", Vec::new()).unwrap_err().to_string();
        assert!(error.contains("src/app.css") && error.contains("other/app.css"), "{error}");
        assert!(pool.add("a b.css", "x", Vec::new()).is_err());
    }

    #[test]
    fn other_braces_and_binary_files_are_left_alone() {
        let mut pool = pool(&[]);
        pool.add("x.wasm", "x.wasm", b"\0asm{{asset:none}}".to_vec()).unwrap();
        let mut site = Site::new(&pool);
        let (page, _) = site.page("page.html", "{{root-key}} {{asset:x.wasm}}").unwrap();
        assert!(page.starts_with("{{root-key}} /assets/x-"), "{page}");
        assert_eq!(site.assets()["x.wasm"].bytes, b"\0asm{{asset:none}}");
    }
}
