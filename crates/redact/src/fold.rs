//! Characters made comparable: width, digits, dashes and spaces first; case and diacritics where words are compared. Hand-made
//! tables, because the standard library's cover every script and weigh more than all of this crate.

/// Where a mask stands in the text: nothing joins across it.
pub(crate) const WALL: char = '\u{FFFC}';

/// First of ten digits in the scripts whose digits are read.
const ZEROS: [u32; 11] = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0E50];

/// One character as the scanners see it; `None` for marks without a width, which may stand anywhere.
pub(crate) fn plain(c: char) -> Option<char> {
    let u = c as u32;
    if u < 0x80 {
        return Some(c);
    }
    let mapped = match u {
        0xAD
        | 0x61C
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0x2066..=0x2069
        | 0xFE0E
        | 0xFE0F
        | 0xFEFF => {
            return None;
        }
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => ' ',
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 => '-',
        0x66B => '.',
        0x2018 | 0x2019 => '\'',
        0xFF01..=0xFF5E => return char::from_u32(u - 0xFEE0),
        0x0660..=0x0E59 => {
            let digit = ZEROS.iter().find_map(|zero| u.checked_sub(*zero).filter(|d| *d < 10));
            match digit {
                Some(d) => return char::from_u32(0x30 + d),
                None => c,
            }
        }
        _ => c,
    };
    Some(mapped)
}

/// U+00C0 to U+017F without case and diacritics.
const LATIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll\
lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// Case and diacritics removed; `None` for marks that are only diacritics.
pub(crate) fn fold(c: char) -> Option<char> {
    let u = c as u32;
    Some(match u {
        0x41..=0x5A => c.to_ascii_lowercase(),
        0..=0x7F => c,
        0xC0..=0x17F if u != 0xD7 && u != 0xF7 => LATIN[(u - 0xC0) as usize] as char,
        0x1A0 | 0x1A1 => 'o',
        0x1AF | 0x1B0 => 'u',
        0x218 | 0x219 => 's',
        0x21A | 0x21B => 't',
        0x300..=0x36F | 0x5B0..=0x5C7 | 0x610..=0x61A | 0x640 | 0x64B..=0x65F | 0x670 | 0x93C => return None,
        0x391..=0x3A9 => char::from_u32(u + 0x20)?,
        0x400..=0x40F => return fold(char::from_u32(u + 0x50)?),
        0x410..=0x42F => return fold(char::from_u32(u + 0x20)?),
        0x439 => 'и',
        0x451 => 'е',
        0x457 => 'і',
        0x45E => 'у',
        0x490 | 0x491 => 'г',
        0x622 | 0x623 | 0x625 | 0x671 => 'ا',
        0x629 => 'ه',
        0x649 | 0x6CC => 'ي',
        0x6A9 => 'ك',
        0x958 => 'क',
        0x959 => 'ख',
        0x95A => 'ग',
        0x95B => 'ज',
        0x95C => 'ड',
        0x95D => 'ढ',
        0x95E => 'फ',
        0x1EA0..=0x1EB7 => 'a',
        0x1EB8..=0x1EC7 => 'e',
        0x1EC8..=0x1ECB => 'i',
        0x1ECC..=0x1EE3 => 'o',
        0x1EE4..=0x1EF1 => 'u',
        0x1EF2..=0x1EF9 => 'y',
        _ => c,
    })
}

/// The second letter of the few that fold to two.
pub(crate) fn fold_tail(c: char) -> Option<char> {
    match c {
        'ß' => Some('s'),
        'Æ' | 'æ' | 'Œ' | 'œ' => Some('e'),
        'Þ' | 'þ' => Some('h'),
        _ => None,
    }
}

/// A text for comparing what people type with what stands in a list: without case, diacritics, and marks that are not seen.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter_map(plain) {
        out.extend(fold(c));
        out.extend(fold_tail(c));
    }
    out
}

/// Which letters go together in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// Spaces, punctuation, symbols.
    None,
    /// ASCII digits, after [`plain`].
    Digit,
    /// Latin letters.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Arabic letters.
    Arabic,
    /// Devanagari letters and signs.
    Devanagari,
    /// Han, kana, hangul: words without spaces between them.
    Dense,
    /// Letters of other scripts.
    Other,
}

/// The script of a character after [`plain`].
#[inline(never)]
pub(crate) fn script(c: char) -> Script {
    match c as u32 {
        0x30..=0x39 => Script::Digit,
        0x41..=0x5A | 0x61..=0x7A | 0xAA | 0xB5 | 0xBA => Script::Latin,
        0..=0xBF | 0xD7 | 0xF7 => Script::None,
        0xC0..=0x24F | 0x300..=0x36F | 0x1E00..=0x1EFF => Script::Latin,
        0x400..=0x52F => Script::Cyrillic,
        0x60C | 0x61B | 0x61F | 0x66A..=0x66D | 0x6D4 => Script::None,
        0x600..=0x6FF | 0x750..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFE => Script::Arabic,
        0x964 | 0x965 => Script::None,
        0x900..=0x97F => Script::Devanagari,
        0x2000..=0x2BFF | 0x3001..=0x3004 | 0x3008..=0x3020 | 0x30FB | 0xFF00..=0xFF65 | 0xFFE0..=0xFFFF => {
            Script::None
        }
        0x2E80..=0xA4CF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF66..=0xFFDF | 0x20000..=0x3FFFF => Script::Dense,
        0x1F000..=0x1FAFF => Script::None,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn what_people_type_finds_what_stands_there() {
        for (stands, typed) in [
            ("ZÜRICH", "zurich"),
            ("Straße", "strasse"),
            ("São\u{a0}Paulo", "sao paulo"),
            ("Ｔｏｗｎ", "town"),
            ("Łódź", "lodz"),
            ("МИНИСТЕРСТВО", "министерство"),
            ("بَلَدِيَّة", "بلديه"),
            ("Ci\u{200b}ty", "city"),
            ("東京都", "東京都"),
        ] {
            assert_eq!(folded(stands), folded(typed), "{stands}");
        }
        assert_ne!(folded("Town"), folded("Tower"));
    }
}
