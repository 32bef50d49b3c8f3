//! JSON Web Tokens (RFC 7519), API keys by the prefixes their makers document, bearer tokens (RFC 6750), private keys (RFC 7468).

use crate::find::Found;
use crate::kind::Kind;
use crate::text::Text;

/// Which signs follow a prefix.
#[derive(Clone, Copy)]
enum Body {
    Hex,
    /// Capitals and digits.
    Upper,
    Alnum,
    /// base64url.
    Url,
    /// base64url and dots.
    Dotted,
}

/// Prefix, signs of the rest, least and greatest length of the rest.
const KEYS: &[(&str, Body, usize, usize)] = &[
    ("AKIA", Body::Upper, 16, 16),
    ("ASIA", Body::Upper, 16, 16),
    ("ghp_", Body::Alnum, 36, 255),
    ("gho_", Body::Alnum, 36, 255),
    ("ghu_", Body::Alnum, 36, 255),
    ("ghs_", Body::Alnum, 36, 255),
    ("ghr_", Body::Alnum, 36, 255),
    ("github_pat_", Body::Url, 60, 255),
    ("sk_live_", Body::Alnum, 16, 255),
    ("sk_test_", Body::Alnum, 16, 255),
    ("rk_live_", Body::Alnum, 16, 255),
    ("rk_test_", Body::Alnum, 16, 255),
    ("whsec_", Body::Alnum, 24, 255),
    ("xoxb-", Body::Url, 20, 255),
    ("xoxp-", Body::Url, 20, 255),
    ("xoxa-", Body::Url, 20, 255),
    ("xoxs-", Body::Url, 20, 255),
    ("xoxe-", Body::Url, 20, 255),
    ("xapp-", Body::Url, 20, 255),
    ("AIza", Body::Url, 35, 35),
    ("GOCSPX-", Body::Url, 28, 28),
    ("ya29.", Body::Dotted, 20, 2048),
    ("SK", Body::Hex, 32, 32),
    ("AC", Body::Hex, 32, 32),
    ("SG.", Body::Dotted, 60, 70),
    ("npm_", Body::Alnum, 36, 36),
    ("glpat-", Body::Dotted, 20, 255),
    ("glrt-", Body::Dotted, 20, 255),
    ("gldt-", Body::Url, 20, 64),
    ("sk-proj-", Body::Url, 40, 255),
    ("sk-svcacct-", Body::Url, 40, 255),
    ("sk-ant-", Body::Url, 40, 255),
    ("sk-", Body::Alnum, 32, 64),
    ("hf_", Body::Alnum, 34, 40),
    ("dop_v1_", Body::Hex, 64, 64),
    ("pypi-AgEI", Body::Url, 50, 255),
    ("shpat_", Body::Hex, 32, 32),
    ("key-", Body::Hex, 32, 32),
    ("EAACEdEose0cBA", Body::Alnum, 20, 255),
];

/// The longest key or token that is read.
const LONGEST: usize = 4096;

pub(crate) fn scan(text: &Text, out: &mut Vec<Found>) {
    let mut cell = 0;
    while cell < text.cells.len() {
        let c = text.at(cell);
        let end = match c {
            '-' => block(text, cell).map(|end| (cell, end, Kind::ApiKey)),
            _ if !c.is_ascii_alphanumeric()
                || !Text::edge(text.before(cell))
                || matches!(text.before(cell), '-' | '.') =>
            {
                None
            }
            'e' if text.starts_with(cell, "ey") => jwt(text, cell).map(|end| (cell, end, Kind::Jwt)),
            '0'..='9' => telegram(text, cell).map(|end| (cell, end, Kind::ApiKey)),
            _ => key(text, cell).map(|end| (cell, end, Kind::ApiKey)).or_else(|| bearer(text, cell)),
        };
        cell = match end {
            Some((start, end, kind)) => {
                out.push(Found::new(start, end, kind, None));
                end
            }
            None => cell + 1,
        };
    }
}

fn url_safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// Whether signs look drawn by chance: a digit, a letter, and few repetitions. `xxxx` and `YOUR_KEY` do not.
pub(crate) fn random(text: &Text, start: usize, end: usize) -> bool {
    let (mut seen, mut digits, mut letters) = (0_u128, 0, 0);
    for cell in start..end {
        let c = text.at(cell);
        seen |= 1_u128.checked_shl(c as u32).unwrap_or(0);
        digits += usize::from(c.is_ascii_digit());
        letters += usize::from(c.is_ascii_alphabetic());
    }
    digits > 0 && letters > 0 && seen.count_ones() as usize >= (end - start).min(20) * 2 / 5
}

fn key(text: &Text, start: usize) -> Option<usize> {
    for (prefix, body, least, most) in KEYS {
        if !text.starts_with(start, prefix) {
            continue;
        }
        let from = start + prefix.len();
        let test: fn(char) -> bool = match body {
            Body::Hex => |c| c.is_ascii_digit() || ('a'..='f').contains(&c),
            Body::Upper => |c| c.is_ascii_digit() || c.is_ascii_uppercase(),
            Body::Alnum => |c| c.is_ascii_alphanumeric(),
            Body::Url => url_safe,
            Body::Dotted => |c| url_safe(c) || c == '.',
        };
        let mut end = text.run(from, most + 1, &test);
        while end > from && text.at(end - 1) == '.' {
            end -= 1;
        }
        if (*least..=*most).contains(&(end - from)) && Text::edge(text.at(end)) && random(text, from, end) {
            return Some(end);
        }
    }
    None
}

/// `Bearer …`, `Basic …` as in an `Authorization` header; the token alone.
fn bearer(text: &Text, start: usize) -> Option<(usize, usize, Kind)> {
    let word = ["bearer ", "basic ", "bearer: "].iter().find(|word| text.starts_with_fold(start, word))?;
    let from = start + word.len();
    let end = text.run(from, LONGEST, &|c| url_safe(c) || matches!(c, '.' | '~' | '+' | '/' | '='));
    let end = if text.before(end) == '.' { end - 1 } else { end };
    let basic = word.starts_with("basic");
    let enough = end - from >= if basic { 12 } else { 16 };
    if !enough || !random(text, from, end) || text.starts_with(from, "ey") && jwt(text, from).is_some() {
        return None;
    }
    Some((from, end, Kind::ApiKey))
}

/// Bot tokens: eight to ten digits, a colon, 35 signs that begin with `AA`.
fn telegram(text: &Text, start: usize) -> Option<usize> {
    let colon = text.run(start, 11, &|c| c.is_ascii_digit());
    if !(8..=10).contains(&(colon - start)) || !text.starts_with(colon, ":AA") {
        return None;
    }
    let end = text.run(colon + 1, 36, &url_safe);
    (end - colon == 36 && random(text, colon, end)).then_some(end)
}

/// Three parts (signed; the last may be empty) or five (encrypted), the first a JSON object with an `alg`.
fn jwt(text: &Text, start: usize) -> Option<usize> {
    let mut parts = [0; 5];
    let (mut cell, mut count) = (start, 0);
    let mut end = start;
    while count < 5 {
        let stop = text.run(cell, LONGEST, &url_safe);
        parts[count] = stop - cell;
        count += 1;
        end = stop;
        if text.at(stop) != '.' || count < 5 && count > 2 && !url_safe(text.at(stop + 1)) {
            break;
        }
        cell = stop + 1;
    }
    if count == 4 {
        (count, end) = (3, end - parts[3] - 1);
    }
    let signed = count == 3
        && parts[1] >= 8
        && (parts[2] >= 16 || parts[2] == 0)
        && text.starts_with(start + parts[0] + 1, "ey");
    let sealed = count == 5 && parts[2] >= 12 && parts[4] >= 16;
    ((signed || sealed) && header(text, start, parts[0])).then_some(end)
}

fn header(text: &Text, start: usize, length: usize) -> bool {
    let (mut bits, mut held, mut window) = (0_u32, 0, 0_u64);
    for cell in start..start + length {
        let value = match text.at(cell) {
            c @ 'A'..='Z' => c as u32 - 65,
            c @ 'a'..='z' => c as u32 - 71,
            c @ '0'..='9' => c as u32 + 4,
            '-' => 62,
            _ => 63,
        };
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            window = window << 8 | u64::from(bits >> held & 255);
            if window & 0xFF_FFFF_FFFF == u64::from_be_bytes(*b"\0\0\0\"alg\"") {
                return true;
            }
        }
    }
    false
}

/// A private key from `-----BEGIN` to the end of its last line, whole or cut off.
fn block(text: &Text, start: usize) -> Option<usize> {
    if text.before(start) == '-' || !text.starts_with(start, "-----BEGIN ") {
        return None;
    }
    let label = text.run(start + 11, 40, &|c| c.is_ascii_uppercase() || c == ' ');
    let head = (start + 11..label).any(|cell| text.starts_with(cell, "PRIVATE KEY"));
    if !head || !text.starts_with(label, "-----") {
        return None;
    }
    // `Version: …` lines of PGP and `Proc-Type: …` of PEM belong to it, and `\n` written as two signs.
    let mut body = label + 5;
    while text.at(body).is_ascii_alphanumeric()
        || matches!(text.at(body), '+' | '/' | '=' | '\n' | '\r' | ' ' | ':' | ',' | '.' | '\\')
        || text.at(body) == '-' && !text.starts_with(body, "-----")
    {
        body += 1;
    }
    if text.starts_with(body, "-----END ") {
        let end = text.run(body + 9, 40, &|c| c.is_ascii_uppercase() || c == ' ');
        return text.starts_with(end, "-----").then_some(end + 5);
    }
    // Cut off: the lines of base64 that there are, without the sentence behind them.
    let mut end = label + 5;
    let mut cell = end;
    while cell < body {
        let word = text.run(cell, usize::MAX, &|c| !matches!(c, ' ' | '\n' | '\r'));
        if word - cell >= 24 && word <= body {
            end = word;
        } else if word > cell {
            break;
        }
        cell = word + 1;
    }
    (end > label + 5).then_some(end)
}
