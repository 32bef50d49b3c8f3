//! QR codes, drawn here and nowhere else: what they hold is asked of no server.

use qrcodegen::{QrCode, QrCodeEcc};
use yew::AttrValue;

use crate::draw::{At, Draw};

/// Light modules around the code, as ISO/IEC 18004 wants them.
const QUIET: i32 = 4;

/// Draws the code; nothing where the text is too long for one. `label` says what it is for those who do not see it.
pub fn qr(draw: &mut Draw, text: &str, label: AttrValue) {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return };
    let side = (code.size() + 2 * QUIET).to_string();
    draw.open("svg", "qr").name("qr").set(At::Role, "img").attr(At::AriaLabel, label);
    draw.attr(At::ViewBox, ["0 0 ", &side, " ", &side].concat().into());
    // The background is part of it: on a dark page a code must not be light on dark.
    draw.open("path", "qr-light").attr(At::D, ["M0 0h", &side, "v", &side, "H0z"].concat().into()).close();
    draw.open("path", "qr-dark").attr(At::D, path(&code).into()).close().close();
}

/// One stroke for each run of dark modules in a row.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begin = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                let (left, top, run) = ((begin + QUIET).to_string(), (y + QUIET).to_string(), (x - begin).to_string());
                path.push_str(&["M", &left, " ", &top, "h", &run, "v1h-", &run, "z"].concat());
            }
            x += 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_in_the_path_and_no_other() {
        let code = QrCode::encode_text("https://intake.example/follow-up/demo#0000", QrCodeEcc::Medium).unwrap();
        let mut drawn = 0;
        for stroke in path(&code).split('M').skip(1) {
            drawn += stroke.split_once('h').unwrap().1.split_once('v').unwrap().0.parse::<i32>().unwrap();
        }
        let mut dark = 0;
        for y in 0..code.size() {
            dark += (0..code.size()).filter(|x| code.get_module(*x, y)).count() as i32;
        }
        assert_eq!(drawn, dark);
    }
}
