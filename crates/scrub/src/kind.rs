//! What a file is, by its content.
//!
//! A table of our own: `infer` knows hundreds of types of which we treat some twenty, and stops at the magic bytes where
//! what matters here – which document a ZIP is, which brand an ISO file – begins.

use crate::bytes::{be32, contains};
use crate::verdict::Refusal;
use crate::zip;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $mime:literal, $family:ident;)*) => {
        /// A media type that we tell apart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum MediaType { $($(#[$doc])* $variant,)* }

        impl MediaType {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As it is written in a manifest of evidence.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $mime,)* }
            }

            fn family(self) -> Family {
                match self { $(Self::$variant => Family::$family,)* }
            }
        }
    };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Picture,
    Film,
    Document,
    Text,
    Other,
}

kinds! {
    /// JPEG, with everything that calls itself so.
    Jpeg = "image/jpeg", Picture;
    /// PNG and APNG.
    Png = "image/png", Picture;
    /// GIF.
    Gif = "image/gif", Picture;
    /// WebP.
    WebP = "image/webp", Picture;
    /// HEIF with HEVC inside.
    Heic = "image/heic", Picture;
    /// HEIF with AV1 inside.
    Avif = "image/avif", Picture;
    /// SVG, which is a program as much as a picture.
    Svg = "image/svg+xml", Picture;
    /// TIFF, BMP, JPEG XL, raw pictures, sequences of HEIF.
    OtherPicture = "application/octet-stream", Picture;
    /// MP4.
    Mp4 = "video/mp4", Film;
    /// QuickTime.
    QuickTime = "video/quicktime", Film;
    /// MP4 with sound alone.
    M4a = "audio/mp4", Film;
    /// WebM, Matroska, AVI and others.
    OtherVideo = "application/octet-stream", Film;
    /// MP3, WAV, Ogg, FLAC and others.
    OtherAudio = "application/octet-stream", Film;
    /// PDF.
    Pdf = "application/pdf", Document;
    /// Word.
    Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Document;
    /// Excel.
    Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Document;
    /// PowerPoint.
    Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation", Document;
    /// OpenDocument text.
    Odt = "application/vnd.oasis.opendocument.text", Document;
    /// OpenDocument spreadsheet.
    Ods = "application/vnd.oasis.opendocument.spreadsheet", Document;
    /// OpenDocument presentation.
    Odp = "application/vnd.oasis.opendocument.presentation", Document;
    /// The binary formats of Office before 2007, and Outlook's messages.
    OldOffice = "application/x-ole-storage", Document;
    /// Rich text.
    Rtf = "application/rtf", Document;
    /// A mail with its headers.
    Mail = "message/rfc822", Text;
    /// A web page.
    Html = "text/html", Text;
    /// Text.
    PlainText = "text/plain", Text;
    /// Text that was declared to be a table.
    Csv = "text/csv", Text;
    /// Text that was declared to be JSON.
    Json = "application/json", Text;
    /// Markup, contacts, calendars: text that is mostly about people.
    OtherText = "application/octet-stream", Text;
    /// A ZIP archive that is no document.
    Zip = "application/zip", Other;
    /// Nothing that we know.
    Unknown = "application/octet-stream", Other;
}

impl MediaType {
    pub(crate) fn is_office(self) -> bool {
        self.is_opc() || self.is_odf()
    }

    pub(crate) fn is_opc(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx | Self::Pptx)
    }

    pub(crate) fn is_odf(self) -> bool {
        matches!(self, Self::Odt | Self::Ods | Self::Odp)
    }
}

/// The type of the content. `declared` only tells texts apart that have no mark of their own.
pub(crate) fn recognise(bytes: &[u8], declared: &str) -> Result<MediaType, Refusal> {
    // A PDF may stand behind up to a kilobyte of something else.
    let head = &bytes[..bytes.len().min(1024)];
    Ok(if let Some(kind) = by_magic(bytes) {
        kind
    } else if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        archive(bytes)?
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // What Office puts a document under a password into.
        if contains(bytes, &utf16("EncryptedPackage")) {
            return Err(Refusal::Encrypted);
        }
        MediaType::OldOffice
    } else if contains(head, b"%PDF-") {
        MediaType::Pdf
    } else if let Some(kind) = iso(bytes) {
        kind
    } else {
        text(bytes, declared)
    })
}

fn by_magic(bytes: &[u8]) -> Option<MediaType> {
    const TABLE: &[(&[u8], MediaType)] = &[
        (b"\xFF\xD8\xFF", MediaType::Jpeg),
        (b"\x89PNG\r\n\x1A\n", MediaType::Png),
        (b"GIF87a", MediaType::Gif),
        (b"GIF89a", MediaType::Gif),
        (b"II*\0", MediaType::OtherPicture),
        (b"MM\0*", MediaType::OtherPicture),
        (b"BM", MediaType::OtherPicture),
        (b"\xFF\x0A", MediaType::OtherPicture),
        (b"\0\0\0\x0CJXL ", MediaType::OtherPicture),
        (b"\0\0\0\x0CjP  ", MediaType::OtherPicture),
        (b"\0\0\x01\0", MediaType::OtherPicture),
        (b"8BPS", MediaType::OtherPicture),
        (b"\x1A\x45\xDF\xA3", MediaType::OtherVideo),
        (b"FLV\x01", MediaType::OtherVideo),
        (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", MediaType::OtherVideo),
        (b"ID3", MediaType::OtherAudio),
        (b"\xFF\xFB", MediaType::OtherAudio),
        (b"\xFF\xF3", MediaType::OtherAudio),
        (b"\xFF\xF1", MediaType::OtherAudio),
        (b"OggS", MediaType::OtherAudio),
        (b"fLaC", MediaType::OtherAudio),
        (b"#!AMR", MediaType::OtherAudio),
        (b"{\\rtf", MediaType::Rtf),
    ];
    if bytes.starts_with(b"RIFF") {
        return match bytes.get(8..12)? {
            b"WEBP" => Some(MediaType::WebP),
            b"WAVE" => Some(MediaType::OtherAudio),
            b"AVI " => Some(MediaType::OtherVideo),
            _ => None,
        };
    }
    let (_, kind) = TABLE.iter().find(|(magic, _)| bytes.starts_with(magic))?;
    // Two letters begin many a text; a bitmap's third field is zero.
    (!bytes.starts_with(b"BM") || bytes.get(6..10) == Some(&[0; 4])).then_some(*kind)
}

fn archive(bytes: &[u8]) -> Result<MediaType, Refusal> {
    let Ok(entries) = zip::directory(bytes) else { return Ok(MediaType::Zip) };
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    if has("[Content_Types].xml") {
        return Ok(if has("word/document.xml") {
            MediaType::Docx
        } else if has("xl/workbook.xml") {
            MediaType::Xlsx
        } else if has("ppt/presentation.xml") {
            MediaType::Pptx
        } else {
            MediaType::Zip
        });
    }
    let Some(entry) = entries.iter().find(|entry| entry.name == "mimetype") else { return Ok(MediaType::Zip) };
    let mimetype = zip::unpack(bytes, entry, 128).unwrap_or_default();
    let kinds = [MediaType::Odt, MediaType::Ods, MediaType::Odp];
    Ok(kinds.into_iter().find(|kind| kind.as_str().as_bytes() == mimetype).unwrap_or(MediaType::Zip))
}

fn iso(bytes: &[u8]) -> Option<MediaType> {
    match bytes.get(4..8)? {
        // QuickTime from before there were brands.
        b"moov" | b"mdat" | b"wide" => return Some(MediaType::QuickTime),
        b"ftyp" => {}
        _ => return None,
    }
    let len = be32(bytes, 0).ok()? as usize;
    let brands: Vec<&[u8]> = bytes.get(8..len.min(bytes.len()))?.chunks(4).collect();
    let has = |brand: &[u8]| brands.contains(&brand);
    Some(match *brands.first()? {
        b"avif" => MediaType::Avif,
        b"heic" | b"heix" => MediaType::Heic,
        b"mif1" if has(b"avif") => MediaType::Avif,
        b"mif1" if has(b"heic") => MediaType::Heic,
        b"mif1" | b"msf1" | b"hevc" | b"avis" | b"crx " => MediaType::OtherPicture,
        b"qt  " => MediaType::QuickTime,
        b"M4A " | b"M4B " => MediaType::M4a,
        _ => MediaType::Mp4,
    })
}

fn text(bytes: &[u8], declared: &str) -> MediaType {
    if !is_text(bytes) {
        return MediaType::Unknown;
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let start = start.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let begins = |any: &[&str]| any.iter().any(|mark| start.starts_with(mark));
    if start.contains("<svg") {
        return MediaType::Svg;
    }
    if begins(&["<!doctype html", "<html", "<head", "<body", "<script"]) {
        return MediaType::Html;
    }
    if begins(&["from ", "received:", "return-path:", "delivered-to:", "mime-version:", "message-id:"]) {
        return MediaType::Mail;
    }
    if begins(&["<?xml", "begin:vc", "%!ps"]) {
        return MediaType::OtherText;
    }
    match essence(declared).as_str() {
        "text/csv" | "text/tab-separated-values" | "application/csv" | "application/vnd.ms-excel" => MediaType::Csv,
        "application/json" => MediaType::Json,
        "text/html" | "application/xhtml+xml" => MediaType::Html,
        "message/rfc822" => MediaType::Mail,
        "text/calendar" | "text/vcard" | "text/xml" | "application/xml" => MediaType::OtherText,
        _ => MediaType::PlainText,
    }
}

/// UTF-8, UTF-16 with its mark, or any eight-bit text without control characters.
fn is_text(bytes: &[u8]) -> bool {
    let is_control = |unit: u32| unit < 32 && !matches!(unit, 9 | 10 | 12 | 13 | 27);
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        let big = bytes[0] == 0xFE;
        let unit = |pair: &[u8]| if big { [pair[0], pair[1]] } else { [pair[1], pair[0]] };
        let units = bytes[2..].chunks_exact(2).map(|pair| u16::from_be_bytes(unit(pair)));
        return bytes.len().is_multiple_of(2)
            && char::decode_utf16(units).all(|c| c.is_ok_and(|c| !is_control(c.into())));
    }
    !bytes.iter().any(|&byte| is_control(byte.into()) || byte == 127)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A media type without its parameters, in small letters.
fn essence(declared: &str) -> String {
    declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether the claim says the same as the content, or nothing.
pub(crate) fn agrees(declared: &str, found: MediaType) -> bool {
    let declared = essence(declared);
    let same: &[&str] = match found {
        MediaType::Jpeg => &["image/jpg", "image/pjpeg"],
        MediaType::Png => &["image/apng"],
        MediaType::Heic => &["image/heif"],
        MediaType::Avif => &["image/heif"],
        MediaType::M4a => &["audio/x-m4a", "video/mp4", "audio/m4a"],
        MediaType::QuickTime | MediaType::Mp4 => &["video/quicktime", "video/mp4", "video/x-m4v", "video/3gpp"],
        MediaType::Zip => &["application/x-zip-compressed"],
        _ => &[],
    };
    declared.is_empty()
        || declared == "application/octet-stream"
        || declared == found.as_str()
        || same.contains(&declared.as_str())
}

/// Whether the claim is of the same family: a picture under another picture's name is an everyday mistake, a page that
/// claims to be a picture is not.
pub(crate) fn is_near(declared: &str, found: MediaType) -> bool {
    let declared = essence(declared);
    let family = MediaType::ALL
        .iter()
        .find(|kind| kind.as_str() == declared && kind.as_str() != "application/octet-stream")
        .map(|kind| kind.family());
    let family = match (family, declared.split('/').next()) {
        (Some(family), _) => family,
        (None, Some("image")) => Family::Picture,
        (None, Some("video" | "audio")) => Family::Film,
        (None, Some("text")) => Family::Text,
        (None, _) => Family::Other,
    };
    // What we have no name for is neither confirmed nor refuted, and of films there are more kinds than we know.
    matches!(family, Family::Other) || family == found.family() || found == MediaType::Unknown && family == Family::Film
}
