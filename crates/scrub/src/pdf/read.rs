//! Finding objects: cross-reference tables, cross-reference streams and object streams.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::object::{Dict, Object, Reader};
use crate::bytes::{be32, damaged, find, slice, truncated};
use crate::deflate;
use crate::verdict::{Options, Refusal};

#[derive(Debug, Clone, Copy)]
enum Place {
    Free,
    At(usize),
    /// Number of the object stream, and place in it.
    In(u32, usize),
}

/// An object, and where its data is if it is a stream.
pub(super) struct Loaded {
    pub(super) object: Object,
    pub(super) data: Option<Range<usize>>,
}

pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) trailer: Dict,
    /// How many tables there are; each change that was appended adds one.
    pub(super) sections: u32,
    places: BTreeMap<u32, Place>,
    packed: BTreeMap<u32, Packed>,
    /// Where objects begin, in order; known once all tables are read.
    starts: Vec<usize>,
    /// What may still be unpacked.
    left: usize,
    max_objects: usize,
}

struct Packed {
    content: Vec<u8>,
    offsets: Vec<usize>,
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8], options: &Options) -> Result<Self, Refusal> {
        let tail = bytes.len().saturating_sub(2048);
        let at = bytes[tail..].windows(9).rposition(|word| word == b"startxref").ok_or_else(truncated)?;
        let mut file = Self {
            bytes,
            trailer: Dict::default(),
            sections: 0,
            places: BTreeMap::new(),
            packed: BTreeMap::new(),
            starts: Vec::new(),
            left: usize::try_from(options.max_unpacked / 2).unwrap_or(usize::MAX),
            max_objects: options.max_objects,
        };
        let mut next = vec![Reader::new(bytes, tail + at + 9).integer()?];
        let mut seen = BTreeSet::new();
        while let Some(at) = next.pop() {
            if !seen.insert(at) {
                continue;
            }
            let trailer = file.section(at)?;
            let offset = |key: &[u8]| trailer.get(key).and_then(Object::number);
            next.extend(offset(b"Prev"));
            // Looked at before the older section.
            next.extend(offset(b"XRefStm"));
            if file.trailer.0.is_empty() {
                file.trailer = trailer;
            }
        }
        let starts = file.places.values().filter_map(|place| if let Place::At(at) = place { Some(*at) } else { None });
        file.starts = starts.collect();
        file.starts.sort_unstable();
        Ok(file)
    }

    fn put(&mut self, number: usize, place: Place) -> Result<(), Refusal> {
        if self.places.len() > self.max_objects {
            return Err(Refusal::ZipBomb);
        }
        // The newest section is read first.
        self.places.entry(u32::try_from(number).map_err(|_| damaged())?).or_insert(place);
        Ok(())
    }

    fn section(&mut self, at: usize) -> Result<Dict, Refusal> {
        let mut reader = Reader::new(self.bytes, at);
        if !reader.eat(b"xref") {
            return self.stream_section(at);
        }
        self.sections += 1;
        while !reader.eat(b"trailer") {
            let (first, count) = (reader.integer()?, reader.integer()?);
            for index in 0..count {
                let (offset, _) = (reader.integer()?, reader.integer()?);
                let place = if reader.eat(b"n") {
                    Place::At(offset)
                } else if reader.eat(b"f") {
                    Place::Free
                } else {
                    return Err(damaged());
                };
                self.put(first.checked_add(index).ok_or_else(damaged)?, place)?;
            }
        }
        reader.dict()
    }

    fn stream_section(&mut self, at: usize) -> Result<Dict, Refusal> {
        self.sections += 1;
        let Loaded { object: Object::Dict(dict), data: Some(data) } = self.indirect(at, None)? else {
            return Err(damaged());
        };
        let content = self.decoded(&dict, data)?;
        let numbers = |key: &[u8]| match dict.get(key) {
            Some(Object::Array(items)) => items.iter().map(|item| item.number().ok_or_else(damaged)).collect(),
            _ => Ok(Vec::new()),
        };
        let widths: Vec<usize> = numbers(b"W")?;
        let [kind, second, third] = widths[..] else { return Err(damaged()) };
        if [kind, second, third].iter().any(|&width| width > 8) || kind + second + third == 0 {
            return Err(damaged());
        }
        let mut ranges: Vec<usize> = numbers(b"Index")?;
        if ranges.is_empty() {
            ranges = vec![0, dict.get(b"Size").and_then(Object::number).ok_or_else(damaged)?];
        }
        let mut rows = content.chunks_exact(kind + second + third);
        for range in ranges.chunks_exact(2) {
            for index in 0..range[1] {
                let Some(row) = rows.next() else { break };
                let field = |from: usize, len: usize| {
                    row[from..from + len].iter().fold(0usize, |value, &byte| value << 8 | usize::from(byte))
                };
                let what = if kind == 0 { 1 } else { field(0, kind) };
                let (a, b) = (field(kind, second), field(kind + second, third));
                let place = match what {
                    1 => Place::At(a),
                    2 => Place::In(u32::try_from(a).map_err(|_| damaged())?, b),
                    _ => Place::Free,
                };
                self.put(range[0].checked_add(index).ok_or_else(damaged)?, place)?;
            }
        }
        Ok(dict)
    }

    /// The object of a number; `Null` for one that does not exist, as the standard wants.
    pub(super) fn load(&mut self, number: u32) -> Result<Loaded, Refusal> {
        match self.places.get(&number).copied().unwrap_or(Place::Free) {
            Place::Free => Ok(Loaded { object: Object::Null, data: None }),
            Place::At(at) => self.indirect(at, Some(number)),
            Place::In(stream, index) => {
                if !self.packed.contains_key(&stream) {
                    let packed = self.open_packed(stream)?;
                    self.packed.insert(stream, packed);
                }
                let packed = self.packed.get(&stream).ok_or_else(damaged)?;
                let at = *packed.offsets.get(index).ok_or_else(damaged)?;
                Ok(Loaded { object: Reader::new(&packed.content, at).object()?, data: None })
            }
        }
    }

    pub(super) fn dict(&mut self, number: u32) -> Result<Dict, Refusal> {
        if let Object::Dict(dict) = self.load(number)?.object { Ok(dict) } else { Err(damaged()) }
    }

    fn open_packed(&mut self, number: u32) -> Result<Packed, Refusal> {
        let Some(Place::At(at)) = self.places.get(&number).copied() else { return Err(damaged()) };
        let Loaded { object: Object::Dict(dict), data: Some(data) } = self.indirect(at, Some(number))? else {
            return Err(damaged());
        };
        let count = dict.get(b"N").and_then(Object::number).ok_or_else(damaged)?;
        let first = dict.get(b"First").and_then(Object::number).ok_or_else(damaged)?;
        let content = self.decoded(&dict, data)?;
        self.left = self.left.checked_sub(content.len()).ok_or(Refusal::ZipBomb)?;
        let mut reader = Reader::new(&content, 0);
        let mut offsets = Vec::new();
        for _ in 0..count {
            reader.integer()?;
            offsets.push(reader.integer()?.checked_add(first).ok_or_else(damaged)?);
        }
        Ok(Packed { content, offsets })
    }

    /// The object that begins at an offset.
    fn indirect(&self, at: usize, expected: Option<u32>) -> Result<Loaded, Refusal> {
        let mut reader = Reader::new(self.bytes, at);
        let number = reader.integer()?;
        reader.integer()?;
        if !reader.eat(b"obj") || expected.is_some_and(|expected| expected as usize != number) {
            return Err(damaged());
        }
        let object = reader.object()?;
        let Object::Dict(dict) = &object else { return Ok(Loaded { object, data: None }) };
        if !reader.eat(b"stream") {
            return Ok(Loaded { object, data: None });
        }
        let mut start = reader.at;
        if self.bytes.get(start) == Some(&b'\r') {
            start += 1;
        }
        if self.bytes.get(start) == Some(&b'\n') {
            start += 1;
        }
        let end = self.stream_end(dict, start)?;
        Ok(Loaded { object, data: Some(start..end) })
    }

    fn stream_end(&self, dict: &Dict, start: usize) -> Result<usize, Refusal> {
        let len = match dict.get(b"Length") {
            // Where the length stands elsewhere, it is a plain number there.
            Some(Object::Ref(number)) => match self.places.get(number) {
                Some(Place::At(at)) => {
                    let mut reader = Reader::new(self.bytes, *at);
                    let is_it = reader.integer().ok() == Some(*number as usize) && reader.integer().is_ok();
                    if is_it && reader.eat(b"obj") { reader.integer().ok() } else { None }
                }
                _ => None,
            },
            other => other.and_then(Object::number),
        };
        // No stream reaches into the next object: one that seems to has lost its end or its length.
        let next = self.starts.get(self.starts.partition_point(|&at| at <= start)).copied().unwrap_or(self.bytes.len());
        let bytes = self.bytes.get(..next).unwrap_or(self.bytes);
        if let Some(end) = len.and_then(|len| start.checked_add(len)).filter(|&end| end <= bytes.len())
            && Reader::new(bytes, end).eat(b"endstream")
        {
            return Ok(end);
        }
        let rest = bytes.get(start..).ok_or_else(truncated)?;
        let end = start + find(rest, b"endstream").ok_or_else(truncated)?;
        let before = &bytes[start..end];
        Ok(end - if before.ends_with(b"\r\n") { 2 } else { usize::from(before.ends_with(b"\n")) })
    }

    /// Unpacks a stream whose content we must read. Only what writers use for those is supported.
    pub(super) fn decoded(&self, dict: &Dict, data: Range<usize>) -> Result<Vec<u8>, Refusal> {
        let raw = &self.bytes[data];
        let packed = match dict.get(b"Filter") {
            None | Some(Object::Null) => false,
            Some(Object::Name(name)) if name == b"FlateDecode" => true,
            Some(Object::Array(names)) => match names.as_slice() {
                [] => false,
                [Object::Name(name)] if name == b"FlateDecode" => true,
                _ => return Err(damaged()),
            },
            _ => return Err(damaged()),
        };
        if !packed {
            return Ok(raw.to_vec());
        }
        let content = deflate::unpack_zlib(raw, self.left)?;
        let parms = match dict.get(b"DecodeParms") {
            Some(Object::Dict(parms)) => parms.clone(),
            Some(Object::Array(items)) => match items.as_slice() {
                [Object::Dict(parms)] => parms.clone(),
                _ => Dict::default(),
            },
            _ => Dict::default(),
        };
        let number = |key: &[u8], default| parms.get(key).and_then(Object::number).unwrap_or(default);
        match number(b"Predictor", 1) {
            1 => Ok(content),
            10..=15 => {
                let bits = number(b"Colors", 1).saturating_mul(number(b"BitsPerComponent", 8));
                unpredict(&content, bits.div_ceil(8), bits.saturating_mul(number(b"Columns", 1)).div_ceil(8))
            }
            _ => Err(damaged()),
        }
    }
}

/// Undoes the predictors of PNG.
fn unpredict(content: &[u8], pixel: usize, row: usize) -> Result<Vec<u8>, Refusal> {
    if row == 0 || pixel == 0 || row > content.len() {
        return Err(damaged());
    }
    let mut out: Vec<u8> = Vec::with_capacity(content.len());
    for line in content.chunks_exact(row + 1) {
        let start = out.len();
        for (index, &byte) in line[1..].iter().enumerate() {
            let left = if index >= pixel { out[start + index - pixel] } else { 0 };
            let up = if start > 0 { out[start - row + index] } else { 0 };
            let corner = if start > 0 && index >= pixel { out[start - row + index - pixel] } else { 0 };
            let guess = match line[0] {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, corner),
                _ => return Err(damaged()),
            };
            out.push(byte.wrapping_add(guess));
        }
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |value: u8| (guess - i16::from(value)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

/// Whether decoded data is a colour profile.
pub(super) fn is_profile(content: &[u8]) -> bool {
    slice(content, 36, 4).is_ok_and(|mark| mark == b"acsp") && be32(content, 0).is_ok()
}
