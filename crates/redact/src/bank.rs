//! Payment cards (ISO/IEC 7812-1) and bank accounts (ISO 13616).

use crate::find::Found;
use crate::kind::Kind;
use crate::number::Number;
use crate::text::{Level, Text};

/// Whether digits are a card number: known issuer prefix, its lengths, Luhn, and the groups in which cards are written.
pub(crate) fn card(number: &Number<'_>) -> Option<Level> {
    let digits = number.digits;
    if !(13..=19).contains(&digits.len()) || !number.tidy() || !luhn(digits) {
        return None;
    }
    let prefix = |count: usize| digits[..count].iter().fold(0_u32, |value, digit| value * 10 + u32::from(*digit));
    let (two, three, four) = (prefix(2), prefix(3), prefix(4));
    let length = digits.len();
    let known = match two {
        40..=49 => matches!(length, 13 | 16 | 19),
        51..=55 => length == 16,
        34 | 37 => length == 15,
        36 | 38 | 39 => length == 14,
        30 => three <= 305 && length == 14,
        35 => (3528..=3589).contains(&four) && length >= 16,
        62 => length >= 16,
        60 | 64 | 65 | 81 => length >= 16,
        22..=27 => (2200..=2204).contains(&four) && length >= 16 || (2221..=2720).contains(&four) && length == 16,
        50 | 56 | 57 | 58 | 63 | 67 => length == 16 || length >= 18,
        _ => false,
    };
    let groups =
        matches!(number.lens, [_] | [4, 4, 4, 4] | [4, 4, 4, 4, 3] | [4, 6, 5] | [4, 6, 4] | [6, 13] | [4, 4, 4, 1]);
    known.then_some(if groups { Level::Medium } else { Level::Weak })
}

fn luhn(digits: &[u8]) -> bool {
    let mut sum = 0_u32;
    for (place, digit) in digits.iter().rev().enumerate() {
        let value = u32::from(*digit) << (place % 2);
        sum += if value > 9 { value - 9 } else { value };
    }
    sum.is_multiple_of(10)
}

/// Country and length, from SWIFT's registry of IBAN formats.
const LENGTHS: &str = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23\
GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23\
PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

/// IBANs, in groups or not, in capitals or not.
pub(crate) fn ibans(text: &Text, out: &mut Vec<Found>) {
    let mut cell = 0;
    while cell + 14 < text.cells.len() {
        let starts = text.at(cell).is_ascii_alphabetic()
            && text.at(cell + 1).is_ascii_alphabetic()
            && text.at(cell + 2).is_ascii_digit()
            && text.at(cell + 3).is_ascii_digit()
            && Text::edge(text.before(cell));
        match starts.then(|| iban(text, cell)).flatten() {
            Some(end) => {
                out.push(Found::new(cell, end, Kind::Iban, None));
                cell = end;
            }
            None => cell += 1,
        }
    }
}

/// Cells of everything that is grouped like an IBAN, whether its check digits are right or not.
pub(crate) fn grouped(text: &Text) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut cell = 0;
    while cell < text.cells.len() {
        let end = text.run(cell, 5, &|c| c.is_ascii_alphanumeric());
        let head = end - cell == 4
            && Text::edge(text.before(cell))
            && text.at(cell).is_ascii_uppercase()
            && text.at(cell + 1).is_ascii_uppercase()
            && text.at(cell + 2).is_ascii_digit()
            && text.at(cell + 3).is_ascii_digit();
        let (mut last, mut count) = (end, 1);
        while head && count < 9 && matches!(text.at(last), ' ' | '-') {
            let next = text.run(last + 1, 5, &|c| c.is_ascii_digit() || c.is_ascii_uppercase());
            if !(2..=5).contains(&(next - last)) {
                break;
            }
            (last, count) = (next, count + 1);
        }
        if count > 2 {
            places.push((cell, last));
        }
        cell = last.max(cell + 1);
    }
    places
}

fn iban(text: &Text, start: usize) -> Option<usize> {
    let country = [text.at(start).to_ascii_uppercase() as u8, text.at(start + 1).to_ascii_uppercase() as u8];
    let entry = LENGTHS.as_bytes().chunks_exact(4).find(|entry| entry[..2] == country)?;
    let length = usize::from((entry[2] - b'0') * 10 + entry[3] - b'0');
    let (mut signs, mut count, mut cell) = ([0_u8; 34], 0, start);
    while count < length {
        let c = text.at(cell);
        if c.is_ascii_alphanumeric() {
            signs[count] = c.to_ascii_uppercase() as u8;
            count += 1;
        } else if !(matches!(c, ' ' | '-' | '.') && count >= 2 && text.at(cell + 1).is_ascii_alphanumeric()) {
            return None;
        }
        cell += 1;
    }
    if !Text::edge(text.at(cell)) {
        return None;
    }
    // The four signs in front go to the end; letters count from 10; the whole is 1 modulo 97.
    let rest = signs[4..length].iter().chain(&signs[..4]).fold(0_u32, |rest, sign| match sign {
        b'0'..=b'9' => (rest * 10 + u32::from(sign - b'0')) % 97,
        _ => (rest * 100 + u32::from(sign - b'A') + 10) % 97,
    });
    (rest == 1).then_some(cell)
}
