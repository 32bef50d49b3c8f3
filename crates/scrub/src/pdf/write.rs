//! Writing a file anew: objects in the order in which they are reached, small ones packed together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use super::object::{Dict, Object};
use super::read::{File, is_profile};
use super::{filters, rules};
use crate::verdict::{Note, Options, Refusal, Removed, Report};
use crate::{bmff, deflate, icc, jpeg};

/// Objects in one object stream.
const TOGETHER: usize = 200;
/// The header, with bytes that say that the file is not text.
const HEADER: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

#[derive(Clone, Copy)]
enum Place {
    At(usize),
    In(u32, usize),
}

pub(super) struct Writer<'a> {
    file: File<'a>,
    pages: BTreeSet<u32>,
    options: &'a Options,
    report: &'a mut Report,
    /// Old number → new number.
    numbers: BTreeMap<u32, u32>,
    left: VecDeque<u32>,
    out: Vec<u8>,
    /// By new number, from 1.
    places: BTreeMap<u32, Place>,
    small: Vec<(u32, Vec<u8>)>,
    /// Lists of annotations that are objects of their own.
    annotations: BTreeSet<u32>,
    /// The catalogue's tree of names, when it is an object of its own.
    names: Option<u32>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(file: File<'a>, pages: BTreeSet<u32>, options: &'a Options, report: &'a mut Report) -> Self {
        let (numbers, left, places) = (BTreeMap::new(), VecDeque::new(), BTreeMap::new());
        let out = HEADER.to_vec();
        Self {
            file,
            pages,
            options,
            report,
            numbers,
            left,
            out,
            places,
            small: Vec::new(),
            annotations: BTreeSet::new(),
            names: None,
        }
    }

    pub(super) fn write(mut self, root: u32) -> Result<Vec<u8>, Refusal> {
        self.renumber(root);
        while let Some(old) = self.left.pop_front() {
            let new = self.renumber(old);
            self.object(old, new, old == root)?;
        }
        // Numbers of object streams follow those of the objects.
        let mut next = self.numbers.len() as u32 + 1;
        for together in std::mem::take(&mut self.small).chunks(TOGETHER) {
            self.pack(next, together);
            next += 1;
        }
        self.table(next);
        Ok(self.out)
    }

    fn renumber(&mut self, old: u32) -> u32 {
        let next = self.numbers.len() as u32 + 1;
        *self.numbers.entry(old).or_insert_with(|| {
            self.left.push_back(old);
            next
        })
    }

    fn object(&mut self, old: u32, new: u32, is_catalog: bool) -> Result<(), Refusal> {
        let loaded = self.file.load(old)?;
        if is_catalog && let Object::Dict(catalog) = &loaded.object {
            self.names = if let Some(Object::Ref(names)) = catalog.get(b"Names") { Some(*names) } else { None };
        }
        let mut object = loaded.object;
        let deleted =
            matches!(&object, Object::Dict(dict) if dict.name(b"Type") == Some(b"Page")) && !self.pages.contains(&old);
        if deleted {
            self.report.removed(Removed::EditHistory);
            object = Object::Null;
        }
        if self.names == Some(old)
            && let Object::Dict(names) = &mut object
        {
            rules::only_destinations(names, self.report);
        }
        if self.annotations.contains(&old) {
            object = self.wanted_annotations(object)?;
        }
        match (object, loaded.data) {
            (Object::Dict(dict), Some(data)) => self.stream(new, dict, data),
            (object, _) => {
                let object = self.clean(object, is_catalog)?.unwrap_or(Object::Null);
                let mut text = Vec::new();
                object.write(&mut text);
                self.small.push((new, text));
                Ok(())
            }
        }
    }

    /// The object without what must go; `None` when nothing of it may stay.
    fn clean(&mut self, object: Object, is_catalog: bool) -> Result<Option<Object>, Refusal> {
        Ok(Some(match object {
            Object::Ref(old) => Object::Ref(self.renumber(old)),
            Object::Array(items) => {
                let mut kept = Vec::with_capacity(items.len());
                for item in items {
                    // An element has its place in most arrays: what goes leaves a null.
                    kept.push(self.clean(item, false)?.unwrap_or(Object::Null));
                }
                Object::Array(kept)
            }
            Object::Dict(mut dict) => {
                if let Some(what) = rules::is_unwanted(&dict) {
                    self.report.removed(what);
                    return Ok(None);
                }
                rules::clean(&mut dict, is_catalog, self.report);
                let mut kept = Dict::default();
                for (key, mut value) in dict.0 {
                    if key == b"Annots" {
                        value = match value {
                            // Many pages can share one list: it is looked through when its turn comes.
                            Object::Ref(number) => {
                                self.annotations.insert(number);
                                value
                            }
                            direct => self.wanted_annotations(direct)?,
                        };
                    }
                    if let Some(value) = self.clean(value, false)? {
                        kept.0.push((key, value));
                    }
                }
                Object::Dict(kept)
            }
            other => other,
        }))
    }

    /// A page's annotations without those that go; readers stumble over nulls there.
    fn wanted_annotations(&mut self, value: Object) -> Result<Object, Refusal> {
        let Object::Array(items) = value else { return Ok(Object::Null) };
        let mut kept = Vec::with_capacity(items.len());
        for item in items {
            let dict = match &item {
                Object::Ref(number) => self.file.load(*number)?.object,
                direct => direct.clone(),
            };
            let Object::Dict(dict) = dict else { continue };
            match rules::is_unwanted(&dict) {
                Some(what) => self.report.removed(what),
                None => kept.push(item),
            }
        }
        Ok(Object::Array(kept))
    }

    fn stream(&mut self, new: u32, dict: Dict, data: Range<usize>) -> Result<(), Refusal> {
        let raw = data.clone();
        let (mut dict, content) = match self.content(dict, data)? {
            Some((dict, content)) => (dict, content),
            None => {
                self.small.push((new, b"null".to_vec()));
                return Ok(());
            }
        };
        // A stream whose data is another file.
        for key in [b"F".as_slice(), b"FFilter", b"FDecodeParms", b"DL", b"Length"] {
            dict.remove(key);
        }
        let Some(Object::Dict(mut dict)) = self.clean(Object::Dict(dict), false)? else {
            self.small.push((new, b"null".to_vec()));
            return Ok(());
        };
        let content = content.as_deref().unwrap_or(&self.file.bytes[raw]);
        dict.set("Length", Object::count(content.len()));
        self.places.insert(new, Place::At(self.out.len()));
        write_stream(&mut self.out, new, &dict, content);
        Ok(())
    }

    /// What a stream holds, rewritten where it can hold more than it shows; `None` in the inner place leaves the data as it is.
    #[allow(clippy::type_complexity, reason = "said once")]
    fn content(&mut self, mut dict: Dict, data: Range<usize>) -> Result<Option<(Dict, Option<Vec<u8>>)>, Refusal> {
        if let Some(what) = rules::is_unwanted(&dict) {
            self.report.removed(what);
            return Ok(None);
        }
        let filters: Vec<Vec<u8>> = match dict.get(b"Filter") {
            Some(Object::Name(name)) => vec![name.clone()],
            Some(Object::Array(names)) => names.iter().filter_map(|name| name.name().map(<[u8]>::to_vec)).collect(),
            _ => Vec::new(),
        };
        let names: Vec<&[u8]> = filters.iter().map(Vec::as_slice).collect();
        let raw = &self.file.bytes[data.clone()];
        let Some((last @ (b"DCTDecode" | b"JPXDecode"), before)) = names.split_last().map(|(last, rest)| (*last, rest))
        else {
            return self.profile(dict, data).map(Some);
        };
        let mut unpacked = None;
        for filter in before {
            let from = unpacked.as_deref().unwrap_or(raw);
            let Some(to) = filters::decode(filter, from, self.options)? else {
                self.report.note(Note::PartsNotCleaned);
                return Ok(Some((dict, None)));
            };
            unpacked = Some(to);
        }
        let cleaned = picture(last, unpacked.as_deref().unwrap_or(raw), self.options, self.report)?;
        let Some(cleaned) = cleaned else { return Ok(Some((dict, None))) };
        let last = last.to_vec();
        if let Some(Object::Array(parms)) = dict.get(b"DecodeParms").cloned() {
            dict.remove(b"DecodeParms");
            if let Some(parms @ Object::Dict(_)) = parms.last() {
                dict.set("DecodeParms", parms.clone());
            }
        }
        dict.set("Filter", Object::Name(last));
        Ok(Some((dict, Some(cleaned))))
    }

    /// Colour profiles lose their texts; pages depend on their numbers.
    fn profile(&mut self, mut dict: Dict, data: Range<usize>) -> Result<(Dict, Option<Vec<u8>>), Refusal> {
        let may_be = dict.has(b"N") && !dict.has(b"Type") && !dict.has(b"Subtype");
        if !may_be {
            return Ok((dict, None));
        }
        let Ok(mut content) = self.file.decoded(&dict, data) else { return Ok((dict, None)) };
        if !is_profile(&content) {
            return Ok((dict, None));
        }
        icc::blank_in_place(&mut content);
        self.report.removed(Removed::ColourProfile);
        dict.remove(b"DecodeParms");
        dict.set("Filter", Object::named("FlateDecode"));
        Ok((dict, Some(deflate::pack_zlib(&content))))
    }

    fn pack(&mut self, number: u32, together: &[(u32, Vec<u8>)]) {
        let mut head = Vec::new();
        let mut body = Vec::new();
        for (index, (object, text)) in together.iter().enumerate() {
            head.extend_from_slice(format!("{object} {} ", body.len()).as_bytes());
            body.extend_from_slice(text);
            body.push(b'\n');
            self.places.insert(*object, Place::In(number, index));
        }
        let mut dict = Dict::default();
        dict.set("Type", Object::named("ObjStm"));
        dict.set("N", Object::count(together.len()));
        dict.set("First", Object::count(head.len()));
        head.extend_from_slice(&body);
        self.places.insert(number, Place::At(self.out.len()));
        write_packed(&mut self.out, number, dict, &head);
    }

    fn table(&mut self, number: u32) {
        let start = self.out.len();
        self.places.insert(number, Place::At(start));
        let mut rows = vec![0; 7];
        for number in 1..=number {
            let (kind, a, b) = match self.places.get(&number) {
                Some(Place::At(at)) => (1, *at as u32, 0),
                Some(Place::In(stream, index)) => (2, *stream, *index as u16),
                None => (0, 0, 0),
            };
            rows.push(kind);
            rows.extend_from_slice(&a.to_be_bytes());
            rows.extend_from_slice(&b.to_be_bytes());
        }
        let mut dict = Dict::default();
        dict.set("Type", Object::named("XRef"));
        dict.set("Size", Object::count(number as usize + 1));
        dict.set("W", Object::Array([1, 4, 2].map(Object::count).into()));
        dict.set("Root", Object::Ref(1));
        write_packed(&mut self.out, number, dict, &rows);
        self.out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    }
}

fn write_packed(out: &mut Vec<u8>, number: u32, mut dict: Dict, content: &[u8]) {
    let packed = deflate::pack_zlib(content);
    dict.set("Filter", Object::named("FlateDecode"));
    dict.set("Length", Object::count(packed.len()));
    write_stream(out, number, &dict, &packed);
}

fn write_stream(out: &mut Vec<u8>, number: u32, dict: &Dict, content: &[u8]) {
    out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    dict.write(out);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

/// A picture of another format inside; `None` when it cannot be cleaned and stays.
fn picture(filter: &[u8], raw: &[u8], options: &Options, report: &mut Report) -> Result<Option<Vec<u8>>, Refusal> {
    let cleaned = if filter == b"JPXDecode" {
        jpeg_2000(raw, report)
    } else {
        match jpeg::scrub(raw, options, report) {
            Err(Refusal::Damaged(_)) => None,
            other => Some(other?),
        }
    };
    if cleaned.is_none() {
        report.note(Note::PartsNotCleaned);
    }
    Ok(cleaned)
}

/// JPEG 2000 without its boxes of XML, UUIDs and intellectual property (ISO/IEC 15444-1, annex I).
fn jpeg_2000(raw: &[u8], report: &mut Report) -> Option<Vec<u8>> {
    if raw.starts_with(b"\xFF\x4F\xFF\x51") {
        return Some(raw.to_vec());
    }
    let boxes = bmff::boxes(raw, 0, raw.len()).ok()?;
    let mut out = Vec::with_capacity(raw.len());
    for at in boxes {
        if matches!(&at.kind, b"jP  " | b"ftyp" | b"jp2h" | b"jp2c" | b"rreq" | b"jpch" | b"jplh") {
            out.extend_from_slice(&raw[at.start..at.end]);
        } else {
            report.removed(Removed::Other);
        }
    }
    Some(out)
}
