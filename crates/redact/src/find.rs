//! What callers use: searching and masking.

use core::ops::Range;

use crate::kind::{Country, Kind, Mask};
use crate::text::Text;
use crate::{address, bank, id, ip, link, number, order, own, secret};

/// What points to the reporter, as the reporter typed it on their own device. It is compared with and never kept.
#[derive(Clone, Default)]
pub struct Own {
    /// Names, each in full as the person writes it: `María José García López`.
    pub names: Vec<String>,
    /// Handles, with or without `@`.
    pub handles: Vec<String>,
    /// E-mail addresses; the part before the `@` is looked for as well.
    pub emails: Vec<String>,
}

impl Own {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.handles.is_empty() && self.emails.is_empty()
    }
}

/// What to look for; by default every kind that is good enough.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Also what [`Kind::enabled`] says no to, for measuring.
    pub with_disabled: bool,
}

/// A span of the text that somebody may want to mask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Place in UTF-8 bytes, on character boundaries.
    pub bytes: Range<usize>,
    /// The same place in UTF-16 units, as a browser's text fields count.
    pub utf16: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Whose number it is: always of national ids, of telephone numbers where only one plan fits.
    pub country: Option<Country>,
}

impl Finding {
    /// The mask to suggest for it.
    #[must_use]
    pub fn mask(&self) -> Mask {
        self.kind.mask()
    }
}

/// A finding in cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) country: Option<Country>,
}

impl Found {
    pub(crate) fn new(start: usize, end: usize, kind: Kind, country: Option<Country>) -> Self {
        Self { start, end, kind, country }
    }
}

/// Personal data, secrets and what points to the reporter, by place, without overlaps. Nothing is changed. Takes time in proportion to
/// the text.
#[must_use]
pub fn find(text: &str, own: &Own, options: &Options) -> Vec<Finding> {
    let text = Text::new(text);
    let mut found = Vec::new();
    address::scan(&text, &mut found);
    bank::ibans(&text, &mut found);
    number::scan(&text, &mut found);
    id::lettered(&text, &mut found);
    ip::scan(&text, &mut found);
    secret::scan(&text, &mut found);
    link::scan(&text, &mut found);
    own::scan(&text, own, &mut found);
    found.retain(|found| found.start < found.end && (options.with_disabled || found.kind.enabled(found.country)));
    resolve(found)
        .into_iter()
        .map(|found| {
            let (first, last) = (text.cells[found.start], text.cells[found.end - 1]);
            Finding {
                bytes: first.at..last.end,
                utf16: first.at16..last.end16,
                kind: found.kind,
                country: found.country,
            }
        })
        .collect()
}

/// Keeps of overlapping findings the longest if it holds the other, else the more telling one; then whatever fits beside those kept.
fn resolve(mut found: Vec<Found>) -> Vec<Found> {
    // By start, then the longer, then the more telling.
    order::sort(&mut found, |found| {
        let length = (found.end - found.start).min(0xFF_FFFF) as u64;
        (found.start as u64) << 32 | (0xFF_FFFF - length) << 8 | u64::from(u8::MAX - found.kind.rank())
    });
    let mut reach = (0, 0);
    let (outer, inner): (Vec<Found>, Vec<Found>) = found.into_iter().partition(|found| {
        let held = found.end <= reach.1;
        if !held {
            reach = (found.start, found.end);
        }
        !held
    });
    // Outer ones are in order of both start and end, so that each overlaps its neighbours alone: a run of overlapping ones is settled
    // from its most telling member outwards.
    let mut kept: Vec<Found> = Vec::with_capacity(outer.len());
    for next in outer {
        match kept.last() {
            Some(last) if last.end > next.start => {
                let better = (next.kind.rank(), next.end - next.start) > (last.kind.rank(), last.end - last.start);
                if better {
                    kept.pop();
                    kept.push(next);
                }
            }
            _ => kept.push(next),
        }
    }
    let mut all = kept.clone();
    let mut last_end = 0;
    for next in inner {
        let after = kept.partition_point(|kept| kept.end <= next.start);
        if next.start >= last_end && kept.get(after).is_none_or(|kept| kept.start >= next.end) {
            last_end = next.end;
            all.push(next);
        }
    }
    order::sort(&mut all, |found| found.start as u64);
    all
}

/// The text with a neutral mask such as `[e-mail]` in the place of each of `findings`.
#[must_use]
pub fn mask(text: &str, findings: &[Finding]) -> String {
    mask_with(text, findings, Mask::neutral)
}

/// The text with `word(mask)` in the place of each of `findings`, for masks in the reader's language. Findings that lie outside the
/// text, across characters or over an earlier one are left alone.
#[must_use]
pub fn mask_with<'a>(text: &str, findings: &[Finding], word: impl Fn(Mask) -> &'a str) -> String {
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    order::sort(&mut ordered, |finding| finding.bytes.start as u64);
    let (mut masked, mut done) = (String::with_capacity(text.len()), 0);
    for finding in ordered {
        if finding.bytes.start < done || text.get(finding.bytes.clone()).is_none() {
            continue;
        }
        if let Some(between) = text.get(done..finding.bytes.start) {
            masked.push_str(between);
            masked.push_str(word(finding.mask()));
            done = finding.bytes.end;
        }
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[(usize, usize, Kind)], kept: &[(usize, usize, Kind)]) {
        let mut found: Vec<Found> =
            found.iter().map(|(start, end, kind)| Found::new(*start, *end, *kind, None)).collect();
        for _ in 0..2 {
            let left: Vec<_> =
                resolve(found.clone()).iter().map(|found| (found.start, found.end, found.kind)).collect();
            assert_eq!(left, kept);
            found.reverse();
        }
    }

    #[test]
    fn overlaps() {
        // The longer holds the shorter.
        check(&[(0, 20, Kind::Email), (2, 8, Kind::ApiKey)], &[(0, 20, Kind::Email)]);
        // Of two that cross the more telling stays, whichever comes first.
        check(&[(0, 9, Kind::Phone), (5, 14, Kind::Card)], &[(5, 14, Kind::Card)]);
        check(&[(0, 9, Kind::Card), (5, 14, Kind::Phone)], &[(0, 9, Kind::Card)]);
        // At one place the more telling.
        check(&[(0, 9, Kind::UrlSecret), (0, 9, Kind::Jwt)], &[(0, 9, Kind::Jwt)]);
        // What lay inside one that went is found again.
        check(
            &[(0, 9, Kind::Phone), (1, 4, Kind::OwnName), (5, 14, Kind::Card)],
            &[(1, 4, Kind::OwnName), (5, 14, Kind::Card)],
        );
    }
}
