//! Real files, made by other people's tools (`tests/scrub/make.py`), with marks planted where tools put metadata.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used)]

mod marks;

use std::io::Cursor;
use std::path::PathBuf;

use image::{AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageFormat, ImageReader};
use recourse_scrub::{MediaType, Note, Options, Refusal, Removed, Scrubbed, Verdict, scrub};

use marks::find_mark;

fn fixture(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scrub/fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

/// Cleans a fixture that had a mark and must have none, of a kind and with at least these things removed.
fn check(name: &str, kind: MediaType, removed: &[Removed]) -> Scrubbed {
    let bytes = fixture(name);
    assert!(find_mark(&bytes).is_some() || name.starts_with("clean"), "{name} has no mark to find");
    let Verdict::Clean(clean) = scrub(&bytes, kind.as_str(), &Options::default()).unwrap() else {
        panic!("{name} was not cleaned")
    };
    assert_eq!(find_mark(&clean.bytes), None, "{name}");
    assert_eq!(clean.media_type, kind);
    for what in removed {
        assert!(clean.removed.contains(what), "{name}: {what:?} is not in {:?}", clean.removed);
    }
    assert!(clean.bytes.len() <= bytes.len(), "{name} grew");
    // What is clean has nothing left to remove but what we wrote ourselves, and stays as it is.
    let Verdict::Clean(again) = scrub(&clean.bytes, "", &Options::default()).unwrap() else { panic!("{name} twice") };
    assert_eq!(again.bytes, clean.bytes, "{name} changes when cleaned twice");
    clean
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    let mut decoder = reader.into_decoder().unwrap();
    let orientation = decoder.orientation().unwrap();
    let mut image = DynamicImage::from_decoder(decoder).unwrap();
    image.apply_orientation(orientation);
    image
}

fn check_picture(name: &str, kind: MediaType, removed: &[Removed]) -> Scrubbed {
    let clean = check(name, kind, removed);
    assert_eq!(decoded(&fixture(name)), decoded(&clean.bytes), "{name}: pixels");
    clean
}

const PHONE: &[Removed] = &[
    Removed::Place,
    Removed::Device,
    Removed::Author,
    Removed::Dates,
    Removed::Software,
    Removed::Comments,
    Removed::Ids,
];

#[test]
fn jpeg() {
    let clean = check_picture("phone.jpg", MediaType::Jpeg, PHONE);
    assert!([Removed::Thumbnail, Removed::ColourProfile, Removed::Hidden].iter().all(|w| clean.removed.contains(w)));
    assert_eq!(clean.notes, []);
    // Turned: the picture that is 48 wide in the file is shown 32 wide.
    assert_eq!(decoded(&clean.bytes).width(), 32);
    let clean = check_picture("progressive.jpg", MediaType::Jpeg, &[Removed::ColourProfile]);
    assert_eq!(clean.notes, [Note::ColoursMayShift]);
    check_picture("cmyk.jpg", MediaType::Jpeg, &[Removed::Comments]);
}

#[test]
fn png() {
    let clean = check_picture("screen.png", MediaType::Png, PHONE);
    assert_eq!(decoded(&clean.bytes).width(), 32);
    let clean = check_picture("cropped.png", MediaType::Png, &[Removed::Hidden]);
    assert_eq!(clean.removed, [Removed::Hidden]);
    let clean = check_picture("animated.png", MediaType::Png, &[Removed::Author]);
    assert_eq!(clean.notes, [Note::Animated]);
    let frames = |bytes: &[u8]| {
        let decoder = image::codecs::png::PngDecoder::new(Cursor::new(bytes.to_vec())).unwrap();
        let frames = decoder.apng().unwrap().into_frames().collect_frames().unwrap();
        frames.into_iter().map(Frame::into_buffer).collect::<Vec<_>>()
    };
    let before = frames(&fixture("animated.png"));
    assert_eq!(before.len(), 3);
    assert_eq!(before, frames(&clean.bytes));
}

#[test]
fn gif() {
    let clean = check_picture("animated.gif", MediaType::Gif, &[Removed::Comments, Removed::Hidden]);
    assert_eq!(clean.notes, [Note::Animated]);
    let frames = |bytes: &[u8]| {
        let decoder = image::codecs::gif::GifDecoder::new(Cursor::new(bytes.to_vec())).unwrap();
        let frames = decoder.into_frames().collect_frames().unwrap();
        frames.into_iter().map(|f| (f.delay().numer_denom_ms(), f.into_buffer())).collect::<Vec<_>>()
    };
    let before = frames(&fixture("animated.gif"));
    assert_eq!(before.len(), 3);
    assert_eq!(before, frames(&clean.bytes));
    assert!(clean.bytes.windows(11).any(|w| w == b"NETSCAPE2.0"), "it goes on moving");
}

#[test]
fn webp() {
    let clean = check_picture("photo.webp", MediaType::WebP, PHONE);
    assert_eq!(decoded(&clean.bytes).width(), 32);
    check_picture("lossless.webp", MediaType::WebP, PHONE);
    let clean = check_picture("animated.webp", MediaType::WebP, PHONE);
    let frames = |bytes: &[u8]| {
        let decoder = image::codecs::webp::WebPDecoder::new(Cursor::new(bytes.to_vec())).unwrap();
        let frames = decoder.into_frames().collect_frames().unwrap();
        frames.into_iter().map(Frame::into_buffer).collect::<Vec<_>>()
    };
    let before = frames(&fixture("animated.webp"));
    assert_eq!(before.len(), 3);
    assert_eq!(before, frames(&clean.bytes));
}

/// Nothing here decodes HEVC or AV1 – `tests/scrub/check.py` does –, but what is not blanked must be as it was, and in place.
fn check_in_place(name: &str, kind: MediaType, removed: &[Removed]) {
    let before = fixture(name);
    let clean = check(name, kind, removed);
    assert_eq!(before.len(), clean.bytes.len());
    let kept = before.iter().zip(&clean.bytes).filter(|(a, b)| a == b).count();
    assert!(kept > before.len() / 3, "{name}: {kept}");
}

#[test]
fn heic_and_avif() {
    check_in_place("phone.heic", MediaType::Heic, PHONE);
    check_in_place("phone.heic", MediaType::Heic, &[Removed::Thumbnail, Removed::Hidden]);
    check_in_place("photo.avif", MediaType::Avif, PHONE);
}

#[test]
fn film() {
    let removed = [Removed::Place, Removed::Device, Removed::Dates, Removed::Hidden];
    let clean = check("film.mov", MediaType::QuickTime, &removed);
    assert_eq!(clean.notes, [Note::SoundAndPictureStay]);
    let pictures = |bytes: &[u8]| -> Vec<DynamicImage> {
        let starts = (0..bytes.len() - 3).filter(|&at| bytes[at..].starts_with(b"\xFF\xD8\xFF"));
        starts.map(|at| image::load_from_memory_with_format(&bytes[at..], ImageFormat::Jpeg).unwrap()).collect()
    };
    let before = pictures(&fixture("film.mov"));
    assert_eq!(before.len(), 2);
    assert_eq!(before, pictures(&clean.bytes));
}

#[test]
fn pdf() {
    let removed = [
        Removed::Author,
        Removed::Dates,
        Removed::Software,
        Removed::Comments,
        Removed::Thumbnail,
        Removed::EditHistory,
        Removed::Ids,
        Removed::AttachedFiles,
        Removed::Scripts,
        Removed::Place,
    ];
    for name in ["document.pdf", "packed.pdf", "linearized.pdf"] {
        let clean = check(name, MediaType::Pdf, &removed);
        assert_eq!(clean.notes, [Note::TrackedChanges], "{name}");
        let shown = marks::unpacked(&clean.bytes);
        let has = |text: &str| shown.iter().any(|part| part.windows(text.len()).any(|w| w == text.as_bytes()));
        assert!(has("https://example.org/policy") && has("A remark that stays"), "{name}");
        assert!(has("/Count 2"), "{name}: pages");
        assert!(!has("/Info") && !has("/ID") && !has("/Metadata") && !has("/JavaScript"), "{name}");
    }
}

#[test]
fn office() {
    let removed = [
        Removed::Author,
        Removed::Dates,
        Removed::Software,
        Removed::Thumbnail,
        Removed::EditHistory,
        Removed::AttachedFiles,
        Removed::Paths,
        Removed::Place,
    ];
    let clean = check("report.docx", MediaType::Docx, &removed);
    assert_eq!(clean.notes, [Note::TrackedChanges, Note::PartsDropped]);
    let shown = marks::unpacked(&clean.bytes);
    let has = |shown: &[Vec<u8>], text: &str| shown.iter().any(|p| p.windows(text.len()).any(|w| w == text.as_bytes()));
    for text in ["They changed the schedule without asking.", "An addition.", "A comment that stays", "Author 1"] {
        assert!(has(&shown, text), "{text}");
    }
    for part in ["docProps", "customXml", "people.xml", "oleObject", "rsid", "attachedTemplate"] {
        assert!(!has(&shown, part), "{part}");
    }
    let clean =
        check("hours.xlsx", MediaType::Xlsx, &[Removed::Author, Removed::Device, Removed::Paths, Removed::Place]);
    let shown = marks::unpacked(&clean.bytes);
    assert!(has(&shown, "Monday") && has(&shown, "A remark that stays"));
    let clean = check("slides.pptx", MediaType::Pptx, &[Removed::Author, Removed::Thumbnail, Removed::Place]);
    let shown = marks::unpacked(&clean.bytes);
    assert!(has(&shown, "What the tool does") && has(&shown, "Notes that stay"));
    let clean =
        check("letter.odt", MediaType::Odt, &[Removed::Author, Removed::Dates, Removed::Thumbnail, Removed::Place]);
    let shown = marks::unpacked(&clean.bytes);
    assert!(has(&shown, "What happened, in an open format.") && has(&shown, "A remark that stays"));
    assert!(clean.bytes[30..].starts_with(b"mimetypeapplication/vnd.oasis.opendocument.text"));
}

#[test]
fn what_is_under_a_password_or_holds_programs_is_refused_with_a_way_out() {
    for (name, refusal) in [("encrypted.pdf", Refusal::Encrypted), ("macros.docm", Refusal::HasMacros)] {
        assert_eq!(scrub(&fixture(name), "", &Options::default()), Err(refusal));
        assert!(refusal.may_be_sent_as_it_is());
    }
}
