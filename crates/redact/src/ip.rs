//! IP addresses: dotted quads, and the text forms of RFC 4291.

use crate::find::Found;
use crate::fold::WALL;
use crate::kind::Kind;
use crate::text::{Level, Text};
use crate::words;

pub(crate) fn scan(text: &Text, out: &mut Vec<Found>) {
    let mut cell = 0;
    while cell < text.cells.len() {
        let c = text.at(cell);
        let found = if !(c.is_ascii_hexdigit() || c == ':') || !Text::edge(text.before(cell)) {
            None
        } else {
            six(text, cell).or_else(|| four(text, cell))
        };
        cell = match found {
            Some(end) => {
                out.push(Found::new(cell, end, Kind::Ip, None));
                end
            }
            None => cell + 1,
        };
    }
}

/// Four numbers to 255 without leading zeros; not loopback, unspecified or a net mask, which say nothing about anybody.
fn four(text: &Text, start: usize) -> Option<usize> {
    let (octets, end) = quad(text, start)?;
    let before = text.before(start);
    if matches!(before, '.' | '-' | '$' | '\u{20AC}' | '#')
        || text.at(end) == '.' && text.at(end + 1).is_ascii_alphanumeric()
        || matches!(text.at(end), '-' | '%' | '+')
    {
        return None;
    }
    if before == '§' || before == ' ' && start > 1 && matches!(text.at(start - 2), '§' | '#') {
        return None;
    }
    // `Product/1.2.3.4`, but not `https://1.2.3.4`.
    if before == '/' && text.before(start - 1) != '/' || !Text::edge(text.at(end)) || matches!(octets[0], 0 | 127 | 255)
    {
        return None;
    }
    let highest = octets.into_iter().max()?;
    let level = if highest >= 20 { Level::Medium } else { Level::Weak };
    let level =
        if before == '/' || text.at(end) == ':' && text.at(end + 1).is_ascii_digit() { Level::Medium } else { level };
    text.counts(start, end, level, words::IP).then_some(end)
}

fn quad(text: &Text, start: usize) -> Option<([u16; 4], usize)> {
    let (mut octets, mut cell) = ([0; 4], start);
    for (nth, octet) in octets.iter_mut().enumerate() {
        if nth > 0 {
            if text.at(cell) != '.' {
                return None;
            }
            cell += 1;
        }
        let end = text.run(cell, 4, &|c| c.is_ascii_digit());
        *octet = (cell..end).fold(0, |value, cell| value * 10 + text.at(cell) as u16 - 48);
        if end == cell || end - cell > 3 || *octet > 255 || text.at(cell) == '0' && end - cell > 1 {
            return None;
        }
        cell = end;
    }
    Some((octets, cell))
}

/// Eight groups of hexadecimal digits, or fewer with one `::`; a dotted quad may be the last two.
fn six(text: &Text, start: usize) -> Option<usize> {
    if text.before(start) == ':' && start > 1 && text.at(start - 2) != ' ' || text.before(start) == '.' {
        return None;
    }
    let (mut groups, mut gap, mut digit, mut pairs, mut cell) = (0, false, false, true, start);
    let mut mapped = false;
    loop {
        let end = text.run(cell, 5, &|c| c.is_ascii_hexdigit());
        if end == cell {
            // Only a `::` leaves a group empty, at the start, inside or at the end.
            let opening = cell == start && text.at(cell + 1) == ':';
            if !opening {
                if gap && text.before(cell) == ':' && text.before(cell - 1) == ':' {
                    break;
                }
                return None;
            }
        } else if end - cell > 4 {
            return None;
        } else if groups > 0 && text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
            let (_, last) = quad(text, cell)?;
            (groups, mapped, digit) = (groups + 2, true, true);
            cell = last;
            break;
        } else {
            pairs &= end - cell == 2;
            groups += 1;
            digit |= (cell..end).any(|cell| text.at(cell).is_ascii_digit());
            cell = end;
        }
        if text.at(cell) != ':' || groups == 8 {
            break;
        }
        cell += 1;
        if text.at(cell) == ':' {
            if gap {
                return None;
            }
            gap = true;
            cell += 1;
            if !text.at(cell).is_ascii_hexdigit() {
                break;
            }
        } else if !text.at(cell).is_ascii_hexdigit() {
            // A colon of the sentence.
            cell -= 1;
            break;
        }
    }
    let full = groups == 8 && !gap && !pairs;
    let short = gap && digit && (2..=7).contains(&groups) && (first_group(text, start) || mapped);
    let after = text.at(cell);
    let ends = Text::edge(after) && !(after == ':' && text.at(cell + 1) != ' ' && text.at(cell + 1) != WALL);
    ((full || short) && ends).then_some(cell)
}

/// Whether the first group is one of those in use: global unicast, unique local, link-local, multicast.
fn first_group(text: &Text, start: usize) -> bool {
    let end = text.run(start, 4, &|c| c.is_ascii_hexdigit());
    end - start >= 3 && matches!(text.at(start).to_ascii_lowercase(), '2' | '3' | 'f')
        || end - start == 2 && text.at(end) == ':' && text.starts_with(start, "64")
}
