//! National identification numbers with their check digits.

use crate::find::Found;
use crate::kind::Country::{self, Br, De, Es, Fr, Gb, In, It, Jp, Pl, Ua, Us};
use crate::kind::Kind;
use crate::number::{Join, Number};
use crate::text::Level::{self, Medium, Strong, Weak};
use crate::text::{Nearby, Text};
use crate::words;

/// Which ids of digits alone these may be, rarest form first, each with the words that speak for it.
pub(crate) fn numeric(n: &Number<'_>) -> [Option<(Country, Level, u32)>; 6] {
    let d = n.digits;
    let mut out = [None; 6];
    match d.len() {
        9 => out[0] = ssn(n).map(|level| (Us, level, words::SSN)),
        10 => {
            let form = n.lens == [10] && d[0] < 5;
            out[0] = (form && weighted(d, &[-1, 5, 7, 9, 4, 6, 10, 5, 7], 11) % 10 == d[9].into()).then_some((
                Ua,
                Weak,
                words::RNOKPP,
            ));
        }
        11 => {
            out[0] = cpf(n).map(|level| (Br, level, words::CPF));
            out[1] = steuer(n).map(|level| (De, level, words::STEUER));
            out[2] = pesel(n).map(|level| (Pl, level, words::PESEL));
        }
        12 if matches!(n.lens, [12] | [4, 4, 4]) && n.tidy() => {
            let grouped = n.lens.len() == 3;
            if my_number(d) {
                out[0] = Some((Jp, if grouped && n.kana { Medium } else { Weak }, words::MYNUMBER));
            }
            if d[0] > 1 && verhoeff(d) {
                out[1] = Some((In, if grouped && !n.kana { Medium } else { Weak }, words::AADHAAR));
            }
        }
        13 | 15 => out[0] = nir(n).map(|level| (Fr, level, words::NIR)),
        _ => {}
    }
    out
}

/// SSA: area, group and serial are never all zeros, area is never 666; 9xx is an ITIN.
fn ssn(n: &Number<'_>) -> Option<Level> {
    let number = |range: core::ops::Range<usize>| {
        n.digits[range].iter().fold(0_u16, |value, digit| value * 10 + u16::from(*digit))
    };
    let (area, group, serial) = (number(0..3), number(3..5), number(5..9));
    if area == 0 || area == 666 || group == 0 || serial == 0 || area >= 900 && group < 50 {
        return None;
    }
    match n.lens {
        [3, 2, 4] if n.joins == [Join::Dash, Join::Dash] => Some(Medium),
        [3, 2, 4] if n.tidy() => Some(Weak),
        [9] => Some(Weak),
        _ => None,
    }
}

/// Receita Federal: two check digits modulo 11; not all digits alike.
fn cpf(n: &Number<'_>) -> Option<Level> {
    let d = n.digits;
    let check = |count: usize| {
        let sum: u32 = d[..count].iter().enumerate().map(|(i, digit)| u32::from(*digit) * (count + 1 - i) as u32).sum();
        sum * 10 % 11 % 10 == u32::from(d[count])
    };
    if d.iter().all(|digit| *digit == d[0]) || !check(9) || !check(10) {
        return None;
    }
    match n.lens {
        [3, 3, 3, 2] if n.joins[2] == Join::Dash => Some(Strong),
        [9, 2] | [11] | [3, 3, 3, 2] => Some(Medium),
        _ => None,
    }
}

/// Steuer-ID: ISO 7064 MOD 11,10; of the first ten digits exactly one occurs twice or three times, the others once at most.
fn steuer(n: &Number<'_>) -> Option<Level> {
    let d = n.digits;
    let mut counts = [0_u8; 10];
    for digit in &d[..10] {
        counts[usize::from(*digit)] += 1;
    }
    let repeated = counts.iter().filter(|count| **count > 1).count() == 1 && counts.iter().all(|count| *count < 4);
    let product = d[..10].iter().fold(10_u8, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    let form = matches!(n.lens, [11] | [2, 3, 3, 3] | [3, 3, 3, 2] | [3, 4, 4])
        && n.uniform()
        && n.joins.first() != Some(&Join::Dot);
    (form && d[0] != 0 && repeated && (11 - product) % 10 == d[10]).then_some(Medium)
}

/// PESEL: date of birth with the century in the month, weights 1 3 7 9.
fn pesel(n: &Number<'_>) -> Option<Level> {
    let d = n.digits;
    let month = (d[2] * 10 + d[3]) % 20;
    let day = d[4] * 10 + d[5];
    let sum = weighted(d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3], 10);
    let form = matches!(n.lens, [11] | [6, 5]) && n.tidy();
    (form && (1..=12).contains(&month) && (1..=31).contains(&day) && (10 - sum) % 10 == d[10].into()).then_some(Medium)
}

/// INSEE: sex, year, month, department (here in digits), commune, order, key = 97 − number mod 97.
fn nir(n: &Number<'_>) -> Option<Level> {
    let form = matches!(n.lens, [13] | [15] | [13, 2] | [1, 2, 2, 2, 3, 3] | [1, 2, 2, 2, 3, 3, 2])
        && n.joins.iter().all(|join| !matches!(join, Join::Slash | Join::Bracket));
    nir_digits(n.digits, 0).filter(|_| form)
}

fn nir_digits(d: &[u8], less: u64) -> Option<Level> {
    let number = d[..13].iter().fold(0_u64, |value, digit| value * 10 + u64::from(*digit)) - less;
    let month = d[3] * 10 + d[4];
    if !matches!(d[0], 1..=4 | 7 | 8) || !(matches!(month, 1..=12 | 20 | 30..=42 | 50..=99)) {
        return None;
    }
    match d {
        [.., tens, ones] if d.len() == 15 => (97 - number % 97 == u64::from(tens * 10 + ones)).then_some(Medium),
        _ => Some(Weak),
    }
}

/// UIDAI: Verhoeff's scheme in the dihedral group of ten.
fn verhoeff(d: &[u8]) -> bool {
    const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut check = 0;
    for (place, digit) in d.iter().rev().enumerate() {
        let mut value = *digit;
        for _ in 0..place % 8 {
            value = TURN[usize::from(value)];
        }
        // Rotations are 0 to 4, reflections 5 to 9.
        check = match (check < 5, value < 5) {
            (true, true) => (check + value) % 5,
            (true, false) => 5 + (check + value) % 5,
            (false, true) => 5 + (check + 5 - value) % 5,
            (false, false) => (check + 5 - value) % 5,
        };
    }
    check == 0
}

/// Individual number: weights 2 to 7 from the right, modulo 11.
fn my_number(d: &[u8]) -> bool {
    let sum = weighted(d, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11);
    let check = if sum <= 1 { 0 } else { 11 - sum };
    check == u32::from(d[11]) && d.iter().any(|digit| *digit != d[0])
}

fn weighted(d: &[u8], weights: &[i32], modulus: i32) -> u32 {
    d.iter().zip(weights).map(|(digit, weight)| i32::from(*digit) * weight).sum::<i32>().rem_euclid(modulus) as u32
}

/// Ids with letters: NINO, DNI and NIE, codice fiscale, and NIR of Corsica.
pub(crate) fn lettered(text: &Text, out: &mut Vec<Found>) {
    let mut cell = 0;
    while cell < text.cells.len() {
        let c = text.at(cell);
        if !c.is_ascii_alphanumeric() || !Text::edge(text.before(cell)) || text.in_url(cell) {
            cell += 1;
            continue;
        }
        let found =
            [(Gb, nino(text, cell)), (It, fiscale(text, cell)), (Es, dni(text, cell)), (Fr, corsican(text, cell))];
        let found = found.into_iter().find_map(|(country, found)| found.map(|end| (end, country)));
        match found {
            Some((end, country)) => {
                out.push(Found::new(cell, end, Kind::NationalId, Some(country)));
                cell = end;
            }
            None => cell += 1,
        }
    }
}

/// Up to `N` letters and digits from `start`, capitals, with single blanks, dots or dashes between them.
fn signs<const N: usize>(text: &Text, start: usize) -> Option<([u8; N], usize)> {
    let (mut signs, mut count, mut cell, mut gap) = ([0; N], 0, start, false);
    while count < N {
        let c = text.at(cell);
        if c.is_ascii_alphanumeric() {
            signs[count] = c.to_ascii_uppercase() as u8;
            count += 1;
            gap = false;
        } else if gap || count == 0 || !matches!(c, ' ' | '-' | '.') {
            return None;
        } else {
            gap = true;
        }
        cell += 1;
    }
    Text::edge(text.at(cell)).then_some((signs, cell))
}

fn free(text: &Text, start: usize, end: usize) -> bool {
    let joined = |c: char| matches!(c, '-' | '/' | '#' | '.');
    let before = joined(text.before(start)) && start > 1 && text.at(start - 2).is_ascii_alphanumeric()
        || text.before(start) == '#';
    let after = joined(text.at(end)) && text.at(end + 1).is_ascii_alphanumeric();
    !before && !after
}

/// HMRC: two letters, six digits, A to D.
fn nino(text: &Text, start: usize) -> Option<usize> {
    let (s, end) = signs::<9>(text, start)?;
    let barred = [b"BG", b"GB", b"NK", b"KN", b"TN", b"NT", b"ZZ"];
    let form = s[..2].iter().all(u8::is_ascii_uppercase)
        && s[2..8].iter().all(u8::is_ascii_digit)
        && matches!(s[8], b'A'..=b'D')
        && (!b"DFIUV".contains(&s[0]) && !b"DFIOQUV".contains(&s[1]))
        && !barred.contains(&&[s[0], s[1]]);
    // Blanks stand between pairs, or nowhere.
    let level = match end - start {
        9 | 13 => Medium,
        10 | 11 => Weak,
        _ => return None,
    };
    (form && free(text, start, end) && text.counts(start, end, level, words::NINO)).then_some(end)
}

/// Agenzia delle Entrate: fifteen signs and a check letter; digits may be letters where two people would share a code.
fn fiscale(text: &Text, start: usize) -> Option<usize> {
    const ODD: [u8; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let (s, end) = signs::<16>(text, start)?;
    let digit = |sign: u8| sign.is_ascii_digit() || b"LMNPQRSTUV".contains(&sign);
    let form = s[..6].iter().all(u8::is_ascii_uppercase)
        && digit(s[6])
        && digit(s[7])
        && b"ABCDEHLMPRST".contains(&s[8])
        && digit(s[9])
        && digit(s[10])
        && s[11].is_ascii_uppercase()
        && s[12..15].iter().all(|sign| digit(*sign))
        && s[15].is_ascii_uppercase();
    let sum = s[..15].iter().enumerate().fold(0_u32, |sum, (place, sign)| {
        let value = if sign.is_ascii_digit() { sign - b'0' } else { sign.wrapping_sub(b'A') };
        sum + u32::from(if place % 2 == 0 { ODD[usize::from(value) % 26] } else { value })
    });
    (form && sum % 26 == u32::from(s[15].wrapping_sub(b'A')) && end - start <= 20 && free(text, start, end))
        .then_some(end)
}

/// Ministerio del Interior: number modulo 23 gives the letter; X, Y, Z of foreigners count 0, 1, 2.
fn dni(text: &Text, start: usize) -> Option<usize> {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let (s, end) = signs::<9>(text, start)?;
    let first = match s[0] {
        b'X'..=b'Z' => s[0] - b'X',
        b'0'..=b'9' => s[0] - b'0',
        _ => return None,
    };
    if !s[1..8].iter().all(u8::is_ascii_digit) || text.at(end - 1) == ' ' {
        return None;
    }
    let number = s[1..8].iter().fold(u32::from(first), |value, digit| value * 10 + u32::from(digit - b'0'));
    let tight = (start..end - 2).all(|cell| text.at(cell) != ' ');
    let level = if tight && end - start <= 12 { Medium } else { Weak };
    let valid = LETTERS[(number % 23) as usize] == s[8] && free(text, start, end);
    // A blank before the letter may be the next word.
    let level = if text.at(end - 2) == ' ' { Weak } else { level };
    (valid && text.counts(start, end, level, words::DNI)).then_some(end)
}

fn corsican(text: &Text, start: usize) -> Option<usize> {
    let (s, end) = signs::<15>(text, start)?;
    let less = match (s[5], s[6]) {
        (b'2', b'A') => 1_000_000,
        (b'2', b'B') => 2_000_000,
        _ => return None,
    };
    let mut d = [0; 15];
    for (digit, sign) in d.iter_mut().zip(s) {
        *digit = if sign.is_ascii_digit() { sign - b'0' } else { 0 };
    }
    if s.iter().filter(|sign| sign.is_ascii_digit()).count() != 14
        || text.nearby(start, end, words::NIR) == Nearby::Against
    {
        return None;
    }
    nir_digits(&d, less).map(|_| end)
}
