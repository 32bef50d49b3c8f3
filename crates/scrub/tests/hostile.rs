//! Files that are broken, lie, or are made to hurt.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used)]

mod marks;

use std::path::PathBuf;

use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use recourse_scrub::{Fault, MediaType, Note, Options, Refusal, Removed, Verdict, WayOut, scrub};

use marks::find_mark;

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scrub/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

fn fixture(name: &str) -> Vec<u8> {
    fixtures().into_iter().find(|(file, _)| file == name).unwrap().1
}

fn refusal(bytes: &[u8], declared: &str) -> Refusal {
    scrub(bytes, declared, &Options::default()).unwrap_err()
}

fn verdict(bytes: &[u8], declared: &str) -> Verdict {
    scrub(bytes, declared, &Options::default()).unwrap()
}

/// A ZIP of deflated entries that declares the lengths it is told to.
fn zip(entries: &[(&str, &[u8], Option<u32>)]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, content, declared) in entries {
        let packed = compress_to_vec(content, 6);
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
        common.extend(crc32fast::hash(content).to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend(declared.unwrap_or(content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let at = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
        central.extend(b"PK\x01\x02\x14\0");
        central.extend(&common);
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let at = out.len() as u32;
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((central.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

const TYPES: &[u8] = b"<Types><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
const RELS: &[u8] = b"<Relationships><Relationship Id=\"a\" Target=\"word/document.xml\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/></Relationships>";

fn document(content: &[u8], declared: Option<u32>) -> Vec<u8> {
    zip(&[("[Content_Types].xml", TYPES, None), ("_rels/.rels", RELS, None), ("word/document.xml", content, declared)])
}

#[test]
fn nothing_and_too_much() {
    assert_eq!(refusal(b"", "image/jpeg"), Refusal::Empty);
    assert_eq!(Refusal::Empty.way_out(), WayOut::ChooseAgain);
    let options = Options { max_bytes: 8, ..Options::default() };
    for (len, taken) in [(1, true), (7, true), (8, true), (9, false)] {
        let verdict = scrub(&vec![b'a'; len], "text/plain", &options);
        assert_eq!(verdict.is_ok(), taken, "{len}");
        assert!(taken || verdict == Err(Refusal::TooLarge { limit: 8 }));
    }
}

#[test]
fn a_type_is_what_the_content_says() {
    let jpeg = fixture("phone.jpg");
    for declared in ["", "image/jpeg", "image/jpg", "IMAGE/JPEG; charset=x", "application/octet-stream"] {
        let Verdict::Clean(clean) = verdict(&jpeg, declared) else { panic!("{declared}") };
        assert!(!clean.notes.contains(&Note::TypeByContent), "{declared}");
    }
    let Verdict::Clean(clean) = verdict(&jpeg, "image/png") else { panic!() };
    assert_eq!((clean.media_type, clean.notes), (MediaType::Jpeg, vec![Note::TypeByContent]));
    for (bytes, declared, found) in [
        (jpeg, "application/pdf", MediaType::Jpeg),
        (fixture("document.pdf"), "image/png", MediaType::Pdf),
        (b"<!DOCTYPE html><script>1</script>".to_vec(), "image/png", MediaType::Html),
        (b"MZ\x90\0\x03\0\0\0".to_vec(), "image/png", MediaType::Unknown),
        (fixture("report.docx"), "image/gif", MediaType::Docx),
        (b"hello".to_vec(), "image/gif", MediaType::PlainText),
    ] {
        assert_eq!(refusal(&bytes, declared), Refusal::WrongType { found }, "{declared}");
    }
}

#[test]
fn what_cannot_be_cleaned_is_the_persons_choice() {
    for (bytes, declared, kind, way_out) in [
        (
            &b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....W\0o\0r\0d"[..],
            "application/msword",
            MediaType::OldOffice,
            WayOut::SaveAsPdfOrDocx,
        ),
        (b"II*\0....", "image/tiff", MediaType::OtherPicture, WayOut::SaveAsPng),
        (b"<svg xmlns='a'/>", "image/svg+xml", MediaType::Svg, WayOut::SaveAsPng),
        (b"{\\rtf1 a}", "application/rtf", MediaType::Rtf, WayOut::SaveAsPdfOrDocx),
        (b"\x1A\x45\xDF\xA3webm", "video/webm", MediaType::OtherVideo, WayOut::RecordScreen),
        (b"ID3\x04", "audio/mpeg", MediaType::OtherAudio, WayOut::SendAsItIs),
        (b"<html>", "text/html", MediaType::Html, WayOut::Screenshot),
        (b"Received: from a", "message/rfc822", MediaType::Mail, WayOut::Screenshot),
        (b"BEGIN:VCARD\nFN:A", "text/vcard", MediaType::OtherText, WayOut::SendAsItIs),
        (b"\0\x01\x02\x03", "", MediaType::Unknown, WayOut::SendAsItIs),
    ] {
        let Verdict::CannotClean(cannot) = verdict(bytes, declared) else { panic!("{declared}") };
        assert_eq!((cannot.media_type, cannot.way_out), (kind, way_out), "{declared}");
    }
    let Verdict::CannotClean(cannot) = verdict(&zip(&[("a.txt", b"a", None)]), "application/zip") else { panic!() };
    assert_eq!((cannot.media_type, cannot.way_out), (MediaType::Zip, WayOut::SendFilesOneByOne));
}

#[test]
fn text_passes() {
    for (bytes, declared, kind) in [
        (&b"What happened\r\n\ton Monday"[..], "text/plain", MediaType::PlainText),
        ("Що сталося".as_bytes(), "", MediaType::PlainText),
        (b"\xFF\xFEa\0b\0", "text/plain", MediaType::PlainText),
        (b"caf\xE9", "text/plain; charset=latin1", MediaType::PlainText),
        (b"day,hours\n", "text/csv", MediaType::Csv),
        (b"{\"a\":1}", "application/json", MediaType::Json),
        (b"BM is how this text begins", "text/plain", MediaType::PlainText),
    ] {
        let Verdict::Clean(clean) = verdict(bytes, declared) else { panic!("{declared}") };
        assert_eq!((clean.bytes.as_slice(), clean.media_type, clean.removed), (bytes, kind, vec![]));
    }
}

#[test]
fn picture_bombs() {
    let mut png = fixture("cropped.png");
    png[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    assert_eq!(refusal(&png, "image/png"), Refusal::PictureBomb { width: 50_000, height: 50_000 });
    let mut jpeg = fixture("cmyk.jpg");
    let at = jpeg.windows(2).position(|w| w == b"\xFF\xC0").unwrap();
    jpeg[at + 5..at + 9].copy_from_slice(&[0xC3, 0x50, 0xC3, 0x50]);
    assert_eq!(refusal(&jpeg, ""), Refusal::PictureBomb { width: 50_000, height: 50_000 });
    let mut gif = fixture("animated.gif");
    gif[6..10].copy_from_slice(&[0x50, 0xC3, 0x50, 0xC3]);
    assert_eq!(refusal(&gif, ""), Refusal::PictureBomb { width: 50_000, height: 50_000 });
    let mut webp = fixture("photo.webp");
    webp[24..30].copy_from_slice(&[0x4F, 0xC3, 0, 0x4F, 0xC3, 0]);
    assert_eq!(refusal(&webp, ""), Refusal::PictureBomb { width: 50_000, height: 50_000 });
    let mut heic = fixture("phone.heic");
    let at = heic.windows(4).position(|w| w == b"ispe").unwrap();
    heic[at + 8..at + 16].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    assert_eq!(refusal(&heic, ""), Refusal::PictureBomb { width: 50_000, height: 50_000 });
    assert!(!Refusal::PictureBomb { width: 1, height: 1 }.may_be_sent_as_it_is());
}

#[test]
fn pixels_that_unpack_to_more_than_the_header_says() {
    let mut png = fixture("cropped.png");
    let at = png.windows(4).position(|w| w == b"IDAT").unwrap();
    png.truncate(at - 4);
    let body = compress_to_vec_zlib(&vec![0; 1 << 20], 6);
    for (kind, body) in [(b"IDAT", &body[..]), (b"IEND", b"")] {
        png.extend((body.len() as u32).to_be_bytes());
        let whole = [&kind[..], body].concat();
        png.extend(&whole);
        png.extend(crc32fast::hash(&whole).to_be_bytes());
    }
    assert_eq!(refusal(&png, "image/png"), Refusal::ZipBomb);
}

#[test]
fn zip_bombs() {
    // What it declares is believed where it is too much, and where it is too little nothing more is unpacked.
    assert_eq!(refusal(&document(b"<a/>", Some(300 << 20)), ""), Refusal::ZipBomb);
    assert_eq!(refusal(&document(&vec![b' '; 8 << 20], Some(100)), ""), Refusal::ZipBomb);
    let options = Options { max_unpacked: 1000, ..Options::default() };
    let large = document(&[b' '; 2000], None);
    assert_eq!(scrub(&large, "", &options), Err(Refusal::ZipBomb));
    assert!(scrub(&document(b"<a>b</a>", None), "", &options).is_ok());
    // Entries that share their bytes.
    let mut shared = document(&[b'x'; 100_000], None);
    let end = shared.len() - 22;
    let central = u32::from_le_bytes(shared[end + 16..end + 20].try_into().unwrap()) as usize;
    let last = end - 46 - "word/document.xml".len();
    assert!(shared[last..].starts_with(b"PK\x01\x02") && last > central);
    let again = shared[last..end].to_vec();
    for _ in 0..20 {
        shared.splice(end..end, again.clone());
    }
    let end = shared.len() - 22;
    shared[end + 8..end + 12].copy_from_slice(&[23, 0, 23, 0]);
    assert_eq!(refusal(&shared, ""), Refusal::ZipBomb);
    assert_eq!(Refusal::ZipBomb.way_out(), WayOut::PrintToPdf);
}

#[test]
fn markup_that_unfolds_or_nests() {
    let laughs = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
    assert_eq!(refusal(&document(laughs, None), ""), Refusal::Damaged(Fault::Markup));
    let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    assert!(scrub(&document(deep.as_bytes(), None), "", &Options::default()).is_ok());
    for broken in [&b"<a b=>"[..], b"<a b='c>", b"<a", b"<w:rsids><b>", b"<!-- a"] {
        assert_eq!(refusal(&document(broken, None), ""), Refusal::Damaged(Fault::Markup));
    }
}

fn pdf_of(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend(format!("{} 0 obj\n", index + 1).as_bytes());
        out.extend(*object);
        out.extend(b"\nendobj\n");
    }
    let at = out.len();
    out.extend(format!("xref\n1 {}\n{table}trailer\n<<{trailer}>>\nstartxref\n{at}\n%%EOF", objects.len()).as_bytes());
    out
}

const ROOT: &[u8] = b"<</Type/Catalog/Pages 2 0 R>>";
const TREE: &[u8] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PAGE: &[u8] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";

#[test]
fn pdfs_that_nest_loop_or_unfold() {
    let plain = pdf_of(&[ROOT, TREE, PAGE], "/Root 1 0 R/Size 4");
    assert!(matches!(verdict(&plain, "application/pdf"), Verdict::Clean(_)));
    let mut deep = b"<</Type/Page/Contents ".to_vec();
    deep.extend([b'['; 100_000]);
    let deep = pdf_of(&[ROOT, TREE, &deep], "/Root 1 0 R/Size 4");
    assert_eq!(refusal(&deep, ""), Refusal::Damaged(Fault::Structure));
    // A page tree that contains itself, and a table that names itself as the one before.
    let circle = pdf_of(&[ROOT, b"<</Type/Pages/Kids[2 0 R]>>", PAGE], "/Root 1 0 R/Size 4");
    assert_eq!(refusal(&circle, ""), Refusal::Damaged(Fault::Structure));
    let before = pdf_of(&[ROOT, TREE, PAGE], "/Root 1 0 R/Prev 0");
    let at = before.windows(4).position(|w| w == b"xref").unwrap();
    let before = pdf_of(&[ROOT, TREE, PAGE], &format!("/Root 1 0 R/Prev {at}"));
    assert!(matches!(verdict(&before, ""), Verdict::Clean(_)));
    // An object stream that unpacks to more than everything may.
    let options = Options { max_unpacked: 1 << 20, ..Options::default() };
    let packed = compress_to_vec_zlib(&vec![b' '; 4 << 20], 6);
    let mut bomb =
        format!("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>stream\n", packed.len()).into_bytes();
    bomb.extend(packed);
    bomb.extend(b"\nendstream");
    let rows = b"\x01\x00\x09\x00\x02\x00\x02\x00\x02\x00\x02\x00";
    let mut file = b"%PDF-1.5\n2 0 obj\n".to_vec();
    file.extend(&bomb);
    file.extend(b"\nendobj\n");
    let at = file.len();
    file.extend(b"4 0 obj\n<</Type/XRef/W[1 2 1]/Index[2 1 1 1 3 1]/Root 1 0 R/Length 12>>stream\n");
    file.extend(rows);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF").as_bytes());
    assert_eq!(scrub(&file, "", &options), Err(Refusal::ZipBomb));
}

#[test]
fn pages_that_were_deleted_do_not_come_back() {
    let root = b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>";
    let outline = b"<</First 5 0 R/Last 5 0 R>>";
    let item = b"<</Title(Old)/Parent 4 0 R/Dest[6 0 R/Fit]>>";
    let deleted = b"<</Type/Page/MediaBox[0 0 9 9]/Contents 7 0 R>>";
    let content = b"<</Length 6>>stream\nNEEDLE\nendstream";
    let pdf = pdf_of(&[root, TREE, PAGE, outline, item, deleted, content], "/Root 1 0 R");
    let Verdict::Clean(clean) = verdict(&pdf, "") else { panic!() };
    assert_eq!(find_mark(&clean.bytes), None);
    assert!(clean.removed.contains(&Removed::EditHistory));
}

/// A generator that gives the same numbers each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

#[test]
fn files_cut_short_are_refused_or_clean() {
    for (name, bytes) in fixtures() {
        // Most lengths of small files, some of the larger ones.
        let step = bytes.len() / 300 + 1;
        for len in (1..bytes.len()).step_by(step) {
            if let Ok(Verdict::Clean(clean)) = scrub(&bytes[..len], "", &Options::default()) {
                assert_eq!(find_mark(&clean.bytes), None, "{name} cut to {len}");
            }
        }
    }
}

#[test]
fn files_with_flipped_bits_are_refused_or_clean() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    // A changed table of samples makes whatever it points to a part of the film.
    for (name, bytes) in fixtures().into_iter().filter(|(name, _)| name != "film.mov") {
        // Looking for marks takes the time, and more of it in larger files.
        for round in 0..(500_000 / bytes.len()).clamp(10, 150) {
            let mut bytes = bytes.clone();
            let at = numbers.below(bytes.len());
            bytes[at] ^= 1 << numbers.below(8);
            if let Ok(Verdict::Clean(clean)) = scrub(&bytes, "", &Options::default()) {
                assert_eq!(find_mark(&clean.bytes), None, "{name}, round {round}, byte {at}");
            }
        }
    }
}

#[test]
fn files_with_many_changes_never_panic() {
    let mut numbers = Numbers(0xD1B5_4A32_D192_ED03);
    for (_, bytes) in fixtures() {
        for _ in 0..100 {
            let mut bytes = bytes.clone();
            for _ in 0..=numbers.below(40) {
                let at = numbers.below(bytes.len());
                bytes[at] = [0, 0xFF, 0x7F, 0x80, b'9', b'<'][numbers.below(6)];
            }
            let _ = scrub(&bytes, "", &Options::default());
        }
    }
}

#[test]
fn ids_are_distinct() {
    let mut ids: Vec<&str> = Removed::ALL.iter().map(|it| it.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Removed::ALL.len());
    assert!(WayOut::ALL.len() == 11 && Fault::ALL.len() == 5 && Note::ALL.len() == 8);
}

#[test]
fn pixels_of_a_gif_with_something_behind_them() {
    let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01";
    let plain = [&head[..], b"\0\x3B"].concat();
    let hiding = [&head[..], b"\x06NEEDLE\0\x3B"].concat();
    let Verdict::Clean(clean) = verdict(&hiding, "image/gif") else { panic!() };
    assert_eq!((clean.bytes, clean.removed), (plain, vec![Removed::Hidden]));
}
