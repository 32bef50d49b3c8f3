//! Start tags of a page, as far as the doctor needs them: names and attributes, without comments and the inside of scripts. It reads
//! what was sent; what a script adds later is not there.

/// A start tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tag {
    /// In lower case.
    pub(super) name: String,
    /// Names in lower case, values unescaped as far as addresses need it.
    attributes: Vec<(String, String)>,
    /// What follows until the next tag of any kind: enough to know whether a script has something inside.
    pub(super) inside: String,
    /// Where it stands among all start and end tags.
    pub(super) place: usize,
}

impl Tag {
    /// An attribute's value; empty for one without.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// A page's tags, and where the elements end.
#[derive(Debug, Default)]
pub(super) struct Tags {
    pub(super) start: Vec<Tag>,
    /// Names and places of end tags.
    end: Vec<(String, usize)>,
}

impl Tags {
    /// All of a name.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        self.start.iter().filter(move |tag| tag.name == name)
    }

    /// Those of a name between a start tag and its end tag.
    pub(super) fn within<'a>(&'a self, outer: &'a Tag, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        let mut ends = self.end.iter().filter(|(other, place)| *other == outer.name && *place > outer.place);
        let end = ends.next().map_or(usize::MAX, |(_, place)| *place);
        self.named(name).filter(move |tag| tag.place > outer.place && tag.place < end)
    }
}

/// Reads a page.
pub(super) fn tags(page: &str) -> Tags {
    let mut tags = Tags::default();
    let mut rest = page;
    let mut place = 0;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let closes = rest.starts_with('/');
        let named = if closes { &rest[1..] } else { rest };
        if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        place += 1;
        let length = named.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(named.len());
        let name = named[..length].to_ascii_lowercase();
        let (attributes, after) = attributes(&named[length..]);
        rest = after;
        if closes {
            tags.end.push((name, place));
            continue;
        }
        let raw = matches!(name.as_str(), "script" | "style" | "textarea" | "title");
        let end = if raw { find_end(rest, &name) } else { rest.find('<').unwrap_or(rest.len()) };
        let inside = rest[..end].to_owned();
        if raw {
            rest = &rest[end..];
        }
        tags.start.push(Tag { name, attributes, inside, place });
    }
    tags
}

/// Where `</name` begins, in any case.
fn find_end(text: &str, name: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let after = &text.as_bytes()[from + at + 2..];
        if after.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes())) {
            return from + at;
        }
        from += at + 2;
    }
    text.len()
}

/// Attributes up to `>`, and what follows it.
fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        if rest.is_empty() {
            return (attributes, rest);
        }
        // An attribute may begin with `=`, as the standard has it; then it is part of the name.
        let length = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .map_or(rest.len(), |(at, _)| at);
        let name = rest[..length].to_ascii_lowercase();
        rest = rest[length..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            if let Some(quote) = quote {
                let inside = &after[1..];
                let end = inside.find(quote).unwrap_or(inside.len());
                value = &inside[..end];
                rest = inside.get(end + 1..).unwrap_or("");
            } else {
                let end = after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len());
                value = &after[..end];
                rest = &after[end..];
            }
        }
        let value = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&");
        attributes.push((name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_as_browsers_find_them() {
        let page = r#"<!doctype html><!-- <script src=no> --><SCRIPT Type=module async src="https://i.example/w.js?a=1&amp;b=2" crossorigin></SCRIPT>
            <script>if (a < b) "<report-concern>"; </script><p a='1' b = 2 c/>x < y <report-concern channel="demo"
            root-key=K><a href=https://i.example/r/demo>R</a></report-concern><a href=/other>"#;
        let tags = tags(page);
        let names: Vec<&str> = tags.start.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["script", "script", "p", "report-concern", "a", "a"]);
        let script = &tags.start[0];
        assert_eq!(script.attribute("src"), Some("https://i.example/w.js?a=1&b=2"));
        assert_eq!((script.attribute("type"), script.attribute("crossorigin")), (Some("module"), Some("")));
        assert!(tags.start[1].inside.contains("<report-concern>"));
        let p = &tags.start[2];
        assert_eq!((p.attribute("a"), p.attribute("b"), p.attribute("c")), (Some("1"), Some("2"), Some("")));
        let element = tags.named("report-concern").next().unwrap();
        assert_eq!(element.attribute("root-key"), Some("K"));
        assert_eq!(tags.within(element, "a").count(), 1);
    }

    #[test]
    fn broken_pages_end() {
        for page in ["<", "<a", "<a b", "<a b=", "<a b=\"", "<!--", "<script", "<script>", "</", "<a =", "<é>", "<a/"]
        {
            tags(page);
        }
    }
}
