//! What the README promises.
#![allow(clippy::unwrap_used)]

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};
use proptest::prelude::*;
use recourse_cover::{COLOUR, Grain, Nudge, PictureFault, Rect, Sheet, Size, burn, is_burned};

/// A picture's size, two fillings of it, and boxes in it.
fn pictures() -> impl Strategy<Value = (Size, Vec<u8>, Vec<u8>, Vec<Rect>)> {
    (1_u32..40, 1_u32..40).prop_flat_map(|(width, height)| {
        let bytes = (width * height * 4) as usize;
        let boxes =
            (0..width, 0..height, 1_u32..60, 1_u32..60).prop_map(|(x, y, width, height)| Rect { x, y, width, height });
        (
            Just(Size { width, height }),
            proptest::collection::vec(any::<u8>(), bytes),
            proptest::collection::vec(any::<u8>(), bytes),
            proptest::collection::vec(boxes, 0..5),
        )
    })
}

fn pixels(rgba: &[u8], width: u32) -> impl Iterator<Item = ((u32, u32), &[u8])> {
    rgba.chunks_exact(4).enumerate().map(move |(at, pixel)| ((at as u32 % width, at as u32 / width), pixel))
}

fn is_under(boxes: &[Rect], (x, y): (u32, u32)) -> bool {
    boxes.iter().any(|rect| rect.covers(x, y))
}

proptest! {
    #[test]
    fn under_a_box_is_the_boxes_colour_and_nothing_else_is_touched((size, before, _, boxes) in pictures()) {
        let mut after = before.clone();
        burn(&mut after, size.width, 0, &boxes).unwrap();
        for ((place, old), (_, new)) in pixels(&before, size.width).zip(pixels(&after, size.width)) {
            let expected = if is_under(&boxes, place) { &COLOUR } else { old };
            prop_assert_eq!(new, expected, "{:?}", place);
        }
        prop_assert!(is_burned(&after, size.width, 0, &boxes).unwrap());
    }

    #[test]
    fn what_was_covered_leaves_no_trace((size, one, other, boxes) in pictures()) {
        // Alike but for what is under the boxes.
        let mut twin = one.clone();
        for (at, (place, _)) in pixels(&one, size.width).enumerate() {
            if is_under(&boxes, place) {
                twin[at * 4..at * 4 + 4].copy_from_slice(&other[at * 4..at * 4 + 4]);
            }
        }
        let (mut one, mut twin) = (one, twin);
        burn(&mut one, size.width, 0, &boxes).unwrap();
        burn(&mut twin, size.width, 0, &boxes).unwrap();
        prop_assert_eq!(one, twin);
    }

    #[test]
    fn bands_come_out_as_the_whole((size, before, _, boxes) in pictures(), rows in 1_usize..8) {
        let mut whole = before.clone();
        burn(&mut whole, size.width, 0, &boxes).unwrap();
        let mut bands = before;
        for (at, band) in bands.chunks_mut(size.width as usize * 4 * rows).enumerate() {
            burn(band, size.width, (at * rows) as u32, &boxes).unwrap();
        }
        prop_assert_eq!(whole, bands);
    }

    #[test]
    fn a_widened_box_holds_the_box_and_stays_in_the_picture((size, _, _, boxes) in pictures()) {
        for rect in boxes {
            let rect = Rect { width: rect.width.min(size.width - rect.x), height: rect.height.min(size.height - rect.y), ..rect };
            prop_assert_eq!(Grain::Exact.widen(rect, size), rect);
            let wide = Grain::Blocks.widen(rect, size);
            prop_assert!(wide.x <= rect.x && wide.y <= rect.y && wide.right() >= rect.right() && wide.bottom() >= rect.bottom());
            prop_assert!(wide.right() <= size.width && wide.bottom() <= size.height);
        }
    }

    #[test]
    fn boxes_never_leave_the_picture_and_steps_come_back(
        (width, height) in (1_u32..300, 1_u32..300),
        acts in proptest::collection::vec((0_u8..12, 0_u32..400, 0_u32..400), 0..40),
    ) {
        let mut sheet = Sheet::new(Size { width, height });
        let mut seen = vec![sheet.boxes().to_vec()];
        for (act, a, b) in acts {
            let before = sheet.boxes().to_vec();
            match act {
                0 | 1 => sheet.add(Rect { x: a, y: b, width: b, height: a }),
                2 => sheet.add(Rect::between((f64::from(a) - 50.0, f64::from(b)), (f64::from(b), -3.0), sheet.size())),
                3 => sheet.choose(Some(a as usize % 7)),
                4 => sheet.remove(),
                nudge => {
                    let all = [Nudge::Left, Nudge::Right, Nudge::Up, Nudge::Down, Nudge::Narrower, Nudge::Wider, Nudge::Shorter, Nudge::Taller];
                    sheet.nudge(all[usize::from(nudge) % all.len()], a);
                }
            }
            for rect in sheet.boxes() {
                prop_assert!(rect.width > 0 && rect.height > 0 && rect.right() <= width && rect.bottom() <= height, "{:?}", rect);
            }
            if sheet.boxes() != before {
                seen.push(sheet.boxes().to_vec());
            }
        }
        let steps = seen.len();
        while let Some(state) = seen.pop() {
            prop_assert_eq!(sheet.boxes(), &state[..]);
            prop_assert!(sheet.chosen().is_none_or(|(place, _)| place < state.len()));
            if !seen.is_empty() {
                prop_assert!(sheet.undo());
            }
        }
        prop_assert!(!sheet.can_undo());
        for _ in 1..steps {
            prop_assert!(sheet.redo());
        }
        prop_assert!(!sheet.redo());
    }
}

#[test]
fn rows_that_are_not_whole_are_refused() {
    assert_eq!(burn(&mut [0; 7], 1, 0, &[]), Err(PictureFault));
    assert_eq!(burn(&mut [0; 8], 0, 0, &[]), Err(PictureFault));
    assert_eq!(is_burned(&[0; 8], 3, 0, &[]), Err(PictureFault));
    assert_eq!(is_burned(&[0; 8], 2, 0, &[Rect { x: 1, y: 0, width: 1, height: 1 }]), Ok(false));
}

/// A grey picture with black-and-white stripes under the box, or with red ones: they differ there and nowhere else.
fn stripes(size: Size, hidden: Rect, red: bool) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            rgb.extend(match (hidden.covers(x, y), red) {
                (false, _) => [190, 190, 190],
                (true, false) => [255 * ((x / 2) % 2) as u8; 3],
                (true, true) => [255, 255 * ((y / 3) % 2) as u8, 0],
            });
        }
    }
    rgb
}

fn through_jpeg(rgb: &[u8], size: Size, quality: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode(rgb, size.width, size.height, ExtendedColorType::Rgb8)
        .unwrap();
    image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap().to_rgba8().into_raw()
}

#[test]
fn a_jpegs_blocks_keep_nothing_beside_the_box() {
    let size = Size { width: 96, height: 80 };
    for (x, y, width, height) in [(21, 19, 30, 21), (16, 16, 16, 16), (33, 40, 7, 5), (0, 0, 9, 9), (90, 70, 6, 10)] {
        let hidden = Rect { x, y, width, height };
        let covered = |red: bool, grain: Grain, quality: u8| {
            let mut rgba = through_jpeg(&stripes(size, hidden, red), size, quality);
            burn(&mut rgba, size.width, 0, &[grain.widen(hidden, size)]).unwrap();
            rgba
        };
        for quality in [30, 75, 95] {
            assert!(
                covered(false, Grain::Blocks, quality) == covered(true, Grain::Blocks, quality),
                "{hidden:?} can be told at quality {quality}"
            );
        }
    }
    // The test can fail: a box that cuts blocks leaves what they smeared.
    let hidden = Rect { x: 21, y: 19, width: 30, height: 21 };
    let cut = |red| {
        let mut rgba = through_jpeg(&stripes(size, hidden, red), size, 75);
        burn(&mut rgba, size.width, 0, &[hidden]).unwrap();
        rgba
    };
    assert!(cut(false) != cut(true));
}

#[test]
fn corners_in_any_order_and_beyond_the_edge_make_a_box() {
    let size = Size { width: 100, height: 50 };
    let whole = Rect { x: 0, y: 0, width: 100, height: 50 };
    assert_eq!(Rect::between((-5.0, 70.0), (200.0, -1.0), size), whole);
    assert_eq!(Rect::between((10.6, 10.2), (12.1, 11.9), size), Rect { x: 10, y: 10, width: 3, height: 2 });
    assert_eq!(Rect::between((12.1, 10.2), (10.6, 11.9), size), Rect { x: 10, y: 10, width: 3, height: 2 });
    assert_eq!(Rect::between((300.0, 300.0), (400.0, 400.0), size), Rect { x: 99, y: 49, width: 1, height: 1 });
}

#[test]
fn a_new_box_lies_beside_the_others_while_there_is_room() {
    let mut sheet = Sheet::new(Size { width: 400, height: 300 });
    let middle = Rect { x: 160, y: 130, width: 80, height: 40 };
    for many in 0..7 {
        sheet.add_apart(middle);
        let boxes = sheet.boxes();
        assert_eq!(boxes.len(), many + 1);
        for (at, one) in boxes.iter().enumerate() {
            assert!(boxes[..at].iter().all(|other| !one.meets(*other)), "{boxes:?}");
        }
    }
    assert_eq!(sheet.boxes()[0], middle);
    // No room at all: it is added all the same.
    let mut full = Sheet::new(Size { width: 10, height: 10 });
    full.add(Rect { x: 0, y: 0, width: 10, height: 10 });
    full.add_apart(Rect { x: 2, y: 2, width: 4, height: 4 });
    assert_eq!(full.boxes()[1], Rect { x: 2, y: 2, width: 4, height: 4 });
}

#[test]
fn a_drag_is_one_step() {
    let mut sheet = Sheet::new(Size { width: 100, height: 100 });
    let start = Rect { x: 10, y: 10, width: 20, height: 20 };
    sheet.add(start);
    sheet.mark();
    for far in 1..30 {
        let moved = sheet.move_by(start, (f64::from(far), 0.0));
        sheet.shape(moved);
    }
    assert_eq!(sheet.chosen(), Some((0, Rect { x: 39, ..start })));
    assert!(sheet.undo());
    assert_eq!(sheet.boxes(), [start]);
}
