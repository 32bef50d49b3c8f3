//! Crockford's base32, made for being read aloud and typed: no I, L, O or U, and the mistakes people make with them are forgiven.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What stood where no such character can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadCharacter {
    /// Counted in characters from 0, as typed.
    pub(crate) position: usize,
    pub(crate) found: char,
}

/// Five-bit symbols of the bytes, most significant first, zero bits at the end.
pub(crate) fn symbols(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(bytes.len() * 8 / 5 + 1));
    let (mut bits, mut held) = (0u32, 0);
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            symbols.push((bits >> held & 31) as u8);
        }
    }
    if held > 0 {
        symbols.push((bits << (5 - held) & 31) as u8);
    }
    symbols
}

/// The bytes of symbols that [`symbols`] made; none if the bits left over are not zero or the length is another.
pub(crate) fn bytes<const N: usize>(symbols: &[u8]) -> Option<Zeroizing<[u8; N]>> {
    if symbols.len() != (N * 8).div_ceil(5) {
        return None;
    }
    let mut bytes = Zeroizing::new([0; N]);
    let (mut bits, mut held, mut filled) = (0u32, 0, 0);
    for &symbol in symbols {
        bits = bits << 5 | u32::from(symbol);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes[filled] = (bits >> held) as u8;
            filled += 1;
        }
    }
    (bits & ((1 << held) - 1) == 0).then_some(bytes)
}

/// Groups of four with dashes.
pub(crate) fn grouped(symbols: &[u8]) -> String {
    let mut text = String::with_capacity(symbols.len() * 5 / 4);
    for (index, &symbol) in symbols.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(symbol & 31)]));
    }
    text
}

/// Reads what a person typed: case, white space and dashes of any kind do not matter, O is 0, I and L are 1.
pub(crate) fn parse(text: &str) -> Result<Zeroizing<Vec<u8>>, BadCharacter> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    for (position, found) in text.chars().enumerate() {
        // U+2010 to U+2015 and U+2212: what word processors and phones make of a dash.
        if found.is_whitespace() || matches!(found, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}') {
            continue;
        }
        let upper = match found.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let symbol = ALPHABET
            .iter()
            .position(|&character| char::from(character) == upper)
            .ok_or(BadCharacter { position, found })?;
        symbols.push(symbol as u8);
    }
    Ok(symbols)
}

/// Two check symbols: a Reed–Solomon code over GF(32), of distance 3. Up to two wrong symbols, and any two swapped, are always noticed, in
/// data of at most 29 symbols.
pub(crate) fn check_symbols(data: &[u8]) -> [u8; 2] {
    debug_assert!(data.len() <= 29, "beyond 31 symbols the code's distance is lost");
    // The remainder of data·x² by (x − α)(x − α²) with α = 2: x² + 6x + 8.
    let (mut high, mut low) = (0, 0);
    for &symbol in data {
        let factor = symbol ^ high;
        high = low ^ multiply(factor, 6);
        low = multiply(factor, 8);
    }
    [high, low]
}

/// In GF(32) = GF(2)[x] / (x⁵ + x² + 1).
fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = if a & 16 == 0 { a << 1 } else { (a << 1 ^ 0b10_0101) & 31 };
        b >>= 1;
    }
    product
}
