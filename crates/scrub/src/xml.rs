//! Rewrites XML tag by tag. Not a parser of all XML: what documents don't use – document types, entities of one's own – is refused.

use std::borrow::Cow;

use crate::verdict::{Fault, Refusal};

/// A tag that opens or is empty. Names and values are as written, entities and all.
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<(&'a str, Cow<'a, str>)>,
}

impl Tag<'_> {
    /// The name without its prefix: prefixes are a document's own choice.
    pub(crate) fn local(&self) -> &str {
        local(self.name)
    }

    /// The value of an attribute by its local name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| local(key) == name).map(|(_, value)| &**value)
    }

    pub(crate) fn set(&mut self, name: &str, to: &str) {
        for (_, value) in self.attributes.iter_mut().filter(|(key, _)| local(key) == name) {
            *value = Cow::Owned(to.to_owned());
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.attributes.retain(|(key, _)| local(key) != name);
    }
}

pub(crate) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// What to do with an element.
pub(crate) enum Act {
    Keep,
    /// With all inside.
    Drop,
    /// Keep the element with this text and nothing else inside; an answer to the text that it had.
    Replace(fn(&mut Names, &str) -> String),
}

/// Stand-ins for names of people: the same for the same person, counted from one.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<String>);

impl Names {
    pub(crate) fn stand_in(&mut self, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        let index = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            // Beyond this nobody tells them apart, and the list must not grow with a hostile file.
            if self.0.len() < 1000 {
                self.0.push(name.to_owned());
            }
            self.0.len() - 1
        });
        format!("Author {}", index + 1)
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

fn fault() -> Refusal {
    Refusal::Damaged(Fault::Markup)
}

/// The text of an XML part in UTF-8 or UTF-16.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, Refusal> {
    let utf16 = |to: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| to([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| fault())
    };
    if bytes.starts_with(b"\xFF\xFE") {
        return utf16(u16::from_le_bytes);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return utf16(u16::from_be_bytes);
    }
    let text = String::from_utf8(bytes).map_err(|_| fault())?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// Rewrites a part: `visit` sees and may change each opening tag. Comments and processing instructions go.
pub(crate) fn rewrite(
    xml: &str,
    names: &mut Names,
    visit: &mut dyn FnMut(&mut Tag<'_>, &mut Names) -> Act,
) -> Result<String, Refusal> {
    let mut out = String::with_capacity(xml.len() + DECLARATION.len());
    out.push_str(DECLARATION);
    let mut rest = xml;
    // Depth inside an element that is dropped or replaced, and what to put in its place.
    let mut depth = 0u32;
    let mut replace: Option<fn(&mut Names, &str) -> String> = None;
    let mut text = String::new();
    loop {
        let Some(open) = rest.find('<') else {
            if depth == 0 {
                out.push_str(rest.trim_end());
            }
            break;
        };
        let before = &rest[..open];
        if depth == 0 {
            // Nothing but space stands before the first element.
            if out.len() > DECLARATION.len() {
                out.push_str(before);
            }
        } else if replace.is_some() {
            text.push_str(before);
        }
        rest = &rest[open..];
        if let Some(skip) = aside(rest)? {
            if rest.starts_with("<![CDATA[") && depth == 0 {
                out.push_str(&rest[..skip]);
            }
            rest = &rest[skip..];
            continue;
        }
        let end = tag_end(rest)?;
        let inside = &rest[1..end];
        rest = &rest[end + 1..];
        if inside.starts_with('/') {
            if depth > 0 {
                depth -= 1;
                if depth > 0 {
                    continue;
                }
                match replace.take() {
                    Some(replace) => out.push_str(&replace(names, text.trim())),
                    None => continue,
                }
                text.clear();
            }
            out.push('<');
            out.push_str(inside);
            out.push('>');
            continue;
        }
        let empty = inside.ends_with('/');
        if depth > 0 {
            depth += u32::from(!empty);
            continue;
        }
        let mut tag = parse(inside.strip_suffix('/').unwrap_or(inside))?;
        let act = visit(&mut tag, names);
        match act {
            Act::Drop => {
                depth = u32::from(!empty);
                continue;
            }
            Act::Replace(with) if !empty => {
                depth = 1;
                replace = Some(with);
            }
            _ => {}
        }
        write(&mut out, &tag, empty);
    }
    if depth > 0 { Err(fault()) } else { Ok(out) }
}

/// The length of what is no element: comments, instructions, character data.
fn aside(rest: &str) -> Result<Option<usize>, Refusal> {
    let past = |end: &str| rest.find(end).map(|at| Some(at + end.len())).ok_or_else(fault);
    if rest.starts_with("<!--") {
        past("-->")
    } else if rest.starts_with("<![CDATA[") {
        past("]]>")
    } else if rest.starts_with("<?") {
        past("?>")
    } else if rest.starts_with("<!") {
        // A document type can define entities that unfold without end, or fetch.
        Err(fault())
    } else {
        Ok(None)
    }
}

/// The place of the `>` that ends a tag; one may stand inside a value.
fn tag_end(rest: &str) -> Result<usize, Refusal> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Ok(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    Err(fault())
}

fn parse(inside: &str) -> Result<Tag<'_>, Refusal> {
    let name_end = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(name_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let equals = rest.find('=').ok_or_else(fault)?;
        let key = rest[..equals].trim_end();
        rest = rest[equals + 1..].trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(fault)?;
        let end = rest[1..].find(quote).ok_or_else(fault)?;
        let value = &rest[1..=end];
        // Written with double quotes below.
        let value = if value.contains('"') { Cow::Owned(value.replace('"', "&quot;")) } else { Cow::Borrowed(value) };
        attributes.push((key, value));
        rest = &rest[end + 2..];
    }
    Ok(Tag { name, attributes })
}

fn write(out: &mut String, tag: &Tag<'_>, empty: bool) {
    out.push('<');
    out.push_str(tag.name);
    for (key, value) in &tag.attributes {
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        out.push_str(value);
        out.push('"');
    }
    out.push_str(if empty { "/>" } else { ">" });
}
