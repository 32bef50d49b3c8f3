//! QR codes, drawn here and nowhere else: what they hold is asked of no server.

use recourse_flow::qr::Drawn;
use yew::AttrValue;

use crate::draw::{At, Draw};

/// Draws the code; nothing where the text is too long for one. `label` says what it is for those who do not see it.
pub fn qr(draw: &mut Draw, text: &str, label: AttrValue) {
    let Some(code) = Drawn::of(text) else { return };
    draw.open("svg", "qr").name("qr").set(At::Role, "img").attr(At::AriaLabel, label);
    draw.attr(At::ViewBox, code.view_box().into());
    draw.open("path", "qr-light").attr(At::D, code.light().into()).close();
    draw.open("path", "qr-dark").attr(At::D, code.dark.into()).close().close();
}
