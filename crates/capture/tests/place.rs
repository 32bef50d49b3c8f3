//! From what was measured of a page to the boxes on its picture.

use proptest::prelude::*;
use recourse_capture::place::{
    Area, Found, Measured, Moment, Piece, Reason, Span, Thing, What, boxes, narrow, padded, suggest,
};
use recourse_cover::{Rect, Size};
use recourse_redact::{Kind, Own};

const MOMENT: Moment = Moment { scroll_x: 0.0, scroll_y: 0.0, width: 1280.0, height: 800.0, changes: 0 };

fn area(x: f64, y: f64, width: f64, height: f64) -> Area {
    Area { x, y, width, height }
}

fn piece(node: u32, block: u32, text: &str) -> Piece {
    Piece { node, block, text: text.to_owned(), areas: vec![area(0.0, f64::from(node) * 20.0, 300.0, 18.0)] }
}

fn measured(pieces: Vec<Piece>, things: Vec<Thing>) -> Measured {
    Measured { moment: MOMENT, pieces, things }
}

#[test]
fn text_is_read_over_the_elements_that_cut_it_and_not_over_paragraphs() {
    let page = measured(
        vec![
            piece(1, 1, "Größe 😀 ana@"),
            piece(2, 1, "example"),
            piece(3, 1, ".org wrote"),
            piece(4, 2, "bob@"),
            piece(5, 3, "example.org"),
        ],
        vec![],
    );
    let suggestions = suggest(&page, &Own::default());
    assert_eq!(suggestions.len(), 1, "{suggestions:?}");
    assert_eq!(suggestions[0].reason, Reason::Personal(Kind::Email));
    // The face counts twice in UTF-16.
    assert_eq!(
        suggestions[0].spans,
        [Span { node: 1, from: 9, to: 13 }, Span { node: 2, from: 0, to: 7 }, Span { node: 3, from: 0, to: 4 }]
    );
    assert_eq!(suggestions[0].areas.len(), 3);
}

#[test]
fn own_names_are_found_once_they_are_known() {
    let page = measured(vec![piece(1, 1, "Ana Ruiz changed this")], vec![]);
    assert_eq!(suggest(&page, &Own::default()), []);
    let own = Own { names: vec!["Ana Ruiz".to_owned()], ..Own::default() };
    assert_eq!(suggest(&page, &own)[0].reason, Reason::Personal(Kind::OwnName));
}

#[test]
fn what_cannot_be_looked_into_is_covered_and_labels_tell_who_is_signed_in() {
    let thing = |what, label: &str| Thing { what, areas: vec![area(10.0, 10.0, 40.0, 40.0)], label: label.to_owned() };
    let reason = |thing: Thing| {
        suggest(&measured(vec![], vec![thing]), &Own::default()).first().map(|suggestion| suggestion.reason)
    };
    for what in [What::Password, What::Card, What::Frame, What::Canvas, What::Video] {
        assert_eq!(reason(thing(what, "")), Some(Reason::Closed(what)));
    }
    for (label, expected) in [
        ("Avatar of Ana", Some(Reason::Avatar)),
        ("3 unread messages", Some(Reason::Unread)),
        ("Benutzermenü", Some(Reason::AccountMenu)),
        ("我的账户", Some(Reason::AccountMenu)),
        ("Accounting", None),
        ("Send campaign", None),
        ("", None),
    ] {
        assert_eq!(reason(thing(What::Control, label)), expected, "{label}");
    }
    let page = Thing { areas: vec![area(0.0, 0.0, 1280.0, 700.0)], ..thing(What::Control, "user-menu") };
    assert_eq!(reason(page), None, "a whole page is no menu");
    assert_eq!(reason(Thing { areas: vec![], ..thing(What::Frame, "") }), None, "nothing to see");
}

#[test]
fn boxes_shrink_to_the_words_and_never_to_less_than_is_known() {
    let page = measured(vec![piece(1, 1, "Write to ana@example.org, or ring")], vec![]);
    let first = suggest(&page, &Own::default());
    assert_eq!(first[0].spans, [Span { node: 1, from: 9, to: 24 }]);
    let word = |from, to, x, y| Found { span: Span { node: 1, from, to }, areas: Some(vec![area(x, y, 20.0, 18.0)]) };
    let narrowed = |words: &[Found]| narrow(first.clone(), words)[0].areas.clone();
    // With the comma that touches it, and in no order.
    let all = [word(26, 28, 200.0, 20.0), word(9, 25, 70.0, 20.0), word(0, 5, 0.0, 20.0), word(6, 8, 50.0, 20.0)];
    assert_eq!(narrowed(&all), [area(70.0, 20.0, 20.0, 18.0)]);
    // In two parts.
    let parts = [word(9, 13, 70.0, 20.0), word(13, 25, 90.0, 20.0)];
    assert_eq!(narrowed(&parts), [area(70.0, 20.0, 20.0, 18.0), area(90.0, 20.0, 20.0, 18.0)]);
    let unseen = |areas| [Found { span: Span { node: 1, from: 9, to: 25 }, areas }];
    for (why, words) in [
        ("never measured", vec![]),
        ("not all of it", vec![word(9, 13, 70.0, 20.0)]),
        ("its end alone", vec![word(13, 25, 70.0, 20.0)]),
        ("nowhere", unseen(None).to_vec()),
        ("without a line", unseen(Some(vec![])).to_vec()),
        ("elsewhere", vec![word(9, 25, 70.0, 300.0)]),
        (
            "of another text",
            vec![Found { span: Span { node: 2, from: 9, to: 25 }, areas: Some(vec![area(70.0, 20.0, 1.0, 1.0)]) }],
        ),
    ] {
        assert_eq!(narrowed(&words), first[0].areas, "{why}");
    }
}

#[test]
fn pictures_of_another_moment_are_noticed() {
    let other = |other: Moment| (MOMENT.is_like(other), MOMENT.scrolled(other));
    assert_eq!(other(MOMENT), (true, (0.0, 0.0)));
    assert_eq!(other(Moment { scroll_x: 4.0, scroll_y: -3.0, ..MOMENT }), (true, (4.0, -3.0)));
    // What has come into the window since was not measured.
    assert_eq!(other(Moment { scroll_y: -5.0, ..MOMENT }), (false, (0.0, -5.0)));
    assert_eq!(other(Moment { scroll_x: 5.0, ..MOMENT }), (false, (5.0, 0.0)));
    assert!(!other(Moment { changes: 1, ..MOMENT }).0);
    assert!(!other(Moment { width: 900.0, ..MOMENT }).0 && !other(Moment { height: 1.0, ..MOMENT }).0);
    // Scrolled down by 30, it stands 30 higher.
    assert_eq!(padded(&[area(5.0, 100.0, 10.0, 10.0)], 0.0, 30.0), [area(5.0, 70.0, 10.0, 40.0)]);
    assert_eq!(padded(&[area(5.0, 100.0, 10.0, 10.0)], -4.0, -30.0), [area(5.0, 100.0, 14.0, 40.0)]);
}

#[test]
fn a_zoomed_or_dense_window_has_its_own_scale_and_what_is_outside_has_no_box() {
    let picture = Size { width: 1920, height: 1200 };
    assert_eq!(
        boxes(&[area(100.0, 50.0, 20.0, 10.0)], picture, 1280.0),
        [Rect { x: 147, y: 72, width: 36, height: 21 }]
    );
    assert_eq!(boxes(&[area(-500.0, 50.0, 20.0, 10.0), area(0.0, 900.0, 20.0, 10.0)], picture, 1280.0), []);
    assert_eq!(boxes(&[area(-10.0, -10.0, 20.0, 20.0)], picture, 1280.0), [Rect { x: 0, y: 0, width: 18, height: 18 }]);
}

proptest! {
    #[test]
    fn a_box_covers_every_pixel_of_its_area_that_is_in_the_picture(
        x in -50.0_f64..1300.0, y in -50.0_f64..850.0, width in 1.0_f64..400.0, height in 1.0_f64..200.0, scale in 0.5_f64..3.0,
    ) {
        let picture = Size { width: (1280.0 * scale) as u32, height: (800.0 * scale) as u32 };
        let measured = f64::from(picture.width) / 1280.0;
        let boxes = boxes(&[area(x, y, width, height)], picture, 1280.0);
        for (at_x, at_y) in [(x, y), (x + width, y + height), (x + width / 2.0, y + height / 2.0)] {
            let (pixel_x, pixel_y) = (at_x * measured, at_y * measured);
            let inside = pixel_x >= 0.0 && pixel_y >= 0.0 && pixel_x < f64::from(picture.width) && pixel_y < f64::from(picture.height);
            prop_assert!(!inside || boxes.iter().any(|rect| rect.covers(pixel_x as u32, pixel_y as u32)));
        }
    }
}
