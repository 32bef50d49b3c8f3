//! Tells from the first bytes of an attachment whether it is a picture that the evidence frame may decode. The type that the report names
//! is the reporter's word and decides nothing.

/// The most pixels that are decoded: a file of a few kilobytes can otherwise ask for gigabytes.
const PIXELS: u64 = 80_000_000;

/// A picture that browsers decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Its media type, by its own bytes.
    pub media_type: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// How much of a file [`picture`] wants to see: JPEG puts its size behind whatever else it carries.
pub const HEAD_BYTES: usize = 256 << 10;

/// The picture that these bytes begin, if it is one of PNG, JPEG, GIF or WebP and of a size that is safe to decode.
pub fn picture(head: &[u8]) -> Option<Picture> {
    let found = png(head).or_else(|| gif(head)).or_else(|| webp(head)).or_else(|| jpeg(head))?;
    let pixels = u64::from(found.width) * u64::from(found.height);
    (1..=PIXELS).contains(&pixels).then_some(found)
}

fn png(head: &[u8]) -> Option<Picture> {
    let rest = head.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    Some(Picture { media_type: "image/png", width: be32(rest, 0)?, height: be32(rest, 4)? })
}

fn gif(head: &[u8]) -> Option<Picture> {
    let rest = head.strip_prefix(b"GIF87a").or_else(|| head.strip_prefix(b"GIF89a"))?;
    Some(Picture { media_type: "image/gif", width: le(rest, 0, 2)?, height: le(rest, 2, 2)? })
}

fn webp(head: &[u8]) -> Option<Picture> {
    if head.get(..4)? != b"RIFF" || head.get(8..12)? != b"WEBP" {
        return None;
    }
    let (width, height) = match head.get(12..16)? {
        b"VP8 " => (le(head, 26, 2)? & 0x3fff, le(head, 28, 2)? & 0x3fff),
        b"VP8L" => {
            let bits = le(head, 21, 4)?;
            ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
        }
        b"VP8X" => (le(head, 24, 3)? + 1, le(head, 27, 3)? + 1),
        _ => return None,
    };
    Some(Picture { media_type: "image/webp", width, height })
}

/// Walks the segments up to the first start of a frame.
fn jpeg(head: &[u8]) -> Option<Picture> {
    let mut at = if head.starts_with(b"\xff\xd8\xff") { 2 } else { return None };
    loop {
        if *head.get(at)? != 0xff {
            return None;
        }
        let marker = *head.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            // A start of frame, in any coding; c4, c8 and cc are something else.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = (be16(head, at + 5)?, be16(head, at + 7)?);
                return Some(Picture { media_type: "image/jpeg", width, height });
            }
            0xd8..=0xda => return None,
            _ => at += 2 + usize::try_from(be16(head, at + 2)?.max(2)).ok()?,
        }
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let pair: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(pair).into())
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

fn le(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], found: Option<(&str, u32, u32)>) {
        assert_eq!(picture(head).map(|it| (it.media_type, it.width, it.height)), found);
        for end in 0..head.len().min(24) {
            assert_eq!(picture(&head[..end]), None, "cut at {end}");
        }
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0\x04\0\0\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03";

    #[test]
    fn sizes_are_read() {
        check(PNG, Some(("image/png", 640, 480)));
        check(JPEG, Some(("image/jpeg", 640, 480)));
        check(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0", Some(("image/webp", 640, 480)));
        check(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0", Some(("image/webp", 640, 480)));
        check(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01", Some(("image/webp", 640, 480)));
        assert_eq!(picture(b"GIF89a\x80\x02\xe0\x01\0").map(|it| (it.width, it.height)), Some((640, 480)));
    }

    #[test]
    fn what_is_not_a_picture_or_would_be_huge_is_left_alone() {
        check(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", None);
        check(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", None);
        check(b"", None);
        check(b"\xff\xd8\xff\xda\0\x08\x01\x01\0\0\x3f\0", None);
        let mut bomb = PNG.to_vec();
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        check(&bomb, None);
        bomb[16..24].fill(0);
        check(&bomb, None);
    }
}
