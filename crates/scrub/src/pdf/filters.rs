//! The filters that writers put before a picture's own.

use crate::bytes::damaged;
use crate::deflate;
use crate::verdict::{Options, Refusal};

/// Undoes one filter; `None` for one that we don't know.
pub(super) fn decode(filter: &[u8], from: &[u8], options: &Options) -> Result<Option<Vec<u8>>, Refusal> {
    match filter {
        b"FlateDecode" => {
            let limit = usize::try_from(options.max_bytes).unwrap_or(usize::MAX);
            deflate::unpack_zlib(from, limit).map(Some)
        }
        b"ASCII85Decode" => ascii_85(from).map(Some),
        b"ASCIIHexDecode" => ascii_hex(from).map(Some),
        _ => Ok(None),
    }
}

fn ascii_85(from: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(from.len() / 5 * 4 + 4);
    let (mut value, mut digits) = (0u64, 0);
    for &byte in from {
        match byte {
            b'~' => break,
            b'z' if digits == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                value = value * 85 + u64::from(byte - b'!');
                digits += 1;
                if digits == 5 {
                    out.extend_from_slice(&u32::try_from(value).map_err(|_| damaged())?.to_be_bytes());
                    (value, digits) = (0, 0);
                }
            }
            0 | b'\t' | b'\n' | 12 | b'\r' | b' ' => {}
            _ => return Err(damaged()),
        }
    }
    if digits > 0 {
        for _ in digits..5 {
            value = value * 85 + 84;
        }
        let last = u32::try_from(value).map_err(|_| damaged())?.to_be_bytes();
        out.extend_from_slice(&last[..digits - 1]);
    }
    Ok(out)
}

fn ascii_hex(from: &[u8]) -> Result<Vec<u8>, Refusal> {
    let digits = from.iter().take_while(|byte| **byte != b'>').filter(|byte| !byte.is_ascii_whitespace());
    let digits: Vec<u8> = digits
        .map(|digit| char::from(*digit).to_digit(16).map(|d| d as u8).ok_or_else(damaged))
        .collect::<Result<_, _>>()?;
    Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_text_are_undone() {
        assert_eq!(ascii_85(b"87cUR\nD]i,\"Ebo80~>").unwrap(), b"Hello World!");
        assert_eq!(ascii_85(b"z87cUR~>").unwrap(), b"\0\0\0\0Hell");
        assert_eq!(ascii_hex(b"48 65 6C6c 7>more").unwrap(), b"Hellp");
        assert!(ascii_85(b"uuuuu~>").is_err() && ascii_hex(b"4x>").is_err());
    }
}
