//! Telephone numbers: E.164 with `+` or `00`, and how people write national numbers.

use crate::kind::Country::{self, Br, Cn, De, Es, Fr, Gb, In, Ir, It, Jp, Pl, Ru, Sa, Ua, Us};
use crate::number::{Join, Number};
use crate::text::Level::{self, Medium, Strong, Weak};

/// Calling codes with a country of ours, with the least and greatest number of digits behind the code.
const CODES: &[(u16, Country, u8, u8)] = &[
    (1, Us, 10, 10),
    (44, Gb, 9, 10),
    (33, Fr, 9, 9),
    (49, De, 7, 11),
    (34, Es, 9, 9),
    (39, It, 7, 11),
    (48, Pl, 9, 9),
    (55, Br, 10, 11),
    (91, In, 10, 10),
    (81, Jp, 9, 10),
    (380, Ua, 9, 9),
    (7, Ru, 10, 10),
    (86, Cn, 9, 11),
    (98, Ir, 10, 10),
    (966, Sa, 8, 9),
];

/// The other calling codes of one and two digits; those of three begin with the pairs in [`WIDE`].
const SHORT: &[u8] = &[
    20, 27, 30, 31, 32, 36, 40, 41, 43, 45, 46, 47, 51, 52, 53, 54, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 82, 84, 90,
    92, 93, 94, 95,
];
const WIDE: &[u8] = &[21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 85, 88, 96, 97, 99];

/// How sure the digits are a telephone number, and of which country if only one plan has this form.
pub(crate) fn read(number: &Number<'_>) -> Option<(Level, Option<Country>)> {
    if number.plus {
        return international(number, number.digits, 0).map(|country| (Strong, country));
    }
    if let [0, 0, rest @ ..] = number.digits
        && let Some(country) = international(number, rest, 2)
    {
        return Some((if number.lens.len() > 1 { Medium } else { Weak }, country));
    }
    national(number)
}

fn international(number: &Number<'_>, digits: &[u8], skip: u8) -> Option<Option<Country>> {
    // Dots in threes are an amount with a sign.
    if number.joins.iter().all(|join| *join == Join::Dot)
        && number.lens.len() > 1
        && number.lens[1..].iter().all(|len| *len == 3)
    {
        return None;
    }
    let value = |count: usize| digits.iter().take(count).fold(0_u16, |value, digit| value * 10 + u16::from(*digit));
    for (code, country, least, most) in CODES {
        let width = if *code > 99 { 3 } else { 1 + usize::from(*code > 9) };
        if value(width) != *code || digits.len() <= width {
            continue;
        }
        // `+44 (0)20`, and the trunk zero that people leave in.
        let zero = usize::from(digits[width] == 0 && *country != It);
        let rest = digits.len() - width - zero;
        let fits = (usize::from(*least)..=usize::from(*most)).contains(&rest)
            && (zero == 0 || number.trunk || skip > 0 || number.lens[0] as usize == width);
        let plan = match country {
            Us => digits[width + zero] > 1 && digits.get(width + zero + 3).is_some_and(|digit| *digit > 1),
            In => digits[width + zero] > 0,
            _ => true,
        };
        return (fits && plan).then_some(Some(*country));
    }
    let two = value(2) as u8;
    let width = if SHORT.contains(&two) { 2 } else { 3 };
    let rest = digits.len().checked_sub(width)?;
    ((width == 2 || WIDE.contains(&two)) && (6..=12).contains(&rest) && digits.len() <= 15 && digits.len() >= 9)
        .then_some(None)
}

/// How people write national numbers: first digits, each as its least and greatest, with `|` between choices; and lengths of the groups,
/// `a` to `c` for ten to twelve.
const PLANS: &[(Country, Level, &str, &str)] = &[
    (Us, Medium, "29080929", "334"),
    (Us, Medium, "1129080929", "1334"),
    (Us, Weak, "29080929", "a 37"),
    (Us, Weak, "1129080929", "b"),
    (Gb, Medium, "0013|0078", "56 533 434 344 47 38 55 433 524"),
    (Gb, Medium, "0077", "b"),
    (Gb, Weak, "0013|0088", "a b"),
    (Fr, Medium, "0019", "22222 4222 433"),
    (Fr, Medium, "0067", "a"),
    (Fr, Weak, "0019", "a 28"),
    (De, Medium, "001157", "b c"),
    (De, Weak, "0019", "9 a b c"),
    (Es, Medium, "69", "333 3222 2322 36"),
    (Es, Weak, "69", "9"),
    (It, Medium, "3319", "334 37 3322 3223 36"),
    (It, Weak, "3319", "9 a"),
    (It, Weak, "0019", "8 9 a b"),
    (Pl, Medium, "4455|5501|5533|5577|6600|6666|6699|7723|7789|8888", "333"),
    (Pl, Medium, "19", "2322"),
    (Pl, Weak, "19", "9 333 27"),
    (Br, Medium, "191999", "254 2144"),
    (Br, Medium, "191925", "244"),
    (Br, Medium, "00191999", "354"),
    (Br, Medium, "00191925", "344"),
    (Br, Weak, "191999", "29 b"),
    (Br, Weak, "191925", "28 a"),
    (Br, Weak, "09", "54 44"),
    (In, Medium, "69", "55"),
    (In, Medium, "0069", "65 155"),
    (In, Medium, "0019", "38 344 47 56 434"),
    (In, Weak, "69", "a 334 433 46"),
    (In, Weak, "0069", "b"),
    (Jp, Medium, "005500|007900", "344 b"),
    (Jp, Medium, "0019", "244 334 424 433 514"),
    (Jp, Weak, "0019", "a"),
    (Ua, Medium, "0039", "3322 334 3232 37 3223 4222"),
    (Ua, Medium, "003399|005500|006633|006668|007733|007777|009919", "a"),
    (Ua, Weak, "0039", "a"),
    (Ru, Medium, "8834|8889", "13322 1334 137"),
    (Ru, Medium, "34|89", "3322"),
    (Ru, Medium, "8899", "b"),
    (Ru, Weak, "8834|8889", "b"),
    (Ru, Weak, "34|89", "a"),
    (Cn, Medium, "1139", "344"),
    (Cn, Medium, "0019", "38 47 48 344 444"),
    (Cn, Weak, "1139", "b"),
    (Ir, Medium, "0099", "434 47 4322 b"),
    (Ir, Medium, "0018", "38 344"),
    (Ir, Weak, "0018", "b"),
    (Sa, Medium, "0055", "334 37 433 a"),
    (Sa, Medium, "001117", "334 37"),
];

/// Tries every national plan; the surest one gives the level, and the country if it is alone.
fn national(number: &Number<'_>) -> Option<(Level, Option<Country>)> {
    // A round number of millions.
    if number.lens == [3, 3, 3] && number.digits.ends_with(&[0; 6]) {
        return None;
    }
    let mut best: Option<(Level, Option<Country>)> = None;
    let fixed = PLANS
        .iter()
        .filter(|(_, _, leads, groups)| leads.split('|').any(|lead| begins(number, lead)) && grouped(number, groups));
    for (country, level) in
        fixed.map(|(country, level, ..)| (*country, *level)).chain(open(number).map(|country| (country, Medium)))
    {
        best = Some(match best {
            Some((other, known)) if other > level || other == level && known == Some(country) => (other, known),
            Some((other, _)) if other == level => (level, None),
            _ => (level, Some(country)),
        });
    }
    best
}

fn begins(number: &Number<'_>, lead: &str) -> bool {
    lead.as_bytes()
        .chunks_exact(2)
        .zip(number.digits)
        .all(|(range, digit)| (range[0]..=range[1]).contains(&(b'0' + digit)))
}

fn grouped(number: &Number<'_>, groups: &str) -> bool {
    groups.split(' ').any(|group| {
        group.len() == number.lens.len()
            && group
                .bytes()
                .zip(number.lens)
                .all(|(sign, len)| (if sign < b'a' { sign - b'0' } else { sign - b'a' + 10 }) == *len)
    })
}

/// Plans whose numbers differ in length: an area code of its own group, and anything behind it.
fn open(number: &Number<'_>) -> Option<Country> {
    let ([0, 1..=9, ..], [area, next, rest @ ..]) = (number.digits, number.lens) else { return None };
    let length = number.digits.len();
    if (3..=6).contains(area) && rest.len() < 4 && (8..=12).contains(&length) {
        return Some(De);
    }
    // Two digits, two digits, four digits are a date.
    ((2..=4).contains(area) && *next > 2 && rest.len() < 3 && (8..=11).contains(&length)).then_some(It)
}
