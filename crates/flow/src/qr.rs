//! QR codes as paths, drawn where they are shown: what they hold is asked of no server.

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code, as ISO/IEC 18004 wants them.
const QUIET: i32 = 4;

/// A code to draw: a square with that many modules on a side, light, and a path of the dark ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Modules on a side, with the quiet zone.
    pub side: i32,
    /// SVG path data of all dark modules.
    pub dark: String,
}

impl Drawn {
    /// The code of a text; nothing where the text is too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        Some(Self { side: code.size() + 2 * QUIET, dark: path(&code) })
    }

    /// The `viewBox` that it fills.
    pub fn view_box(&self) -> String {
        let side = self.side.to_string();
        ["0 0 ", &side, " ", &side].concat()
    }

    /// SVG path data of the whole square. It is part of the code: on a dark page a code must not be light on dark.
    pub fn light(&self) -> String {
        let side = self.side.to_string();
        ["M0 0h", &side, "v", &side, "H0z"].concat()
    }
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
        let text = "https://intake.example/r/demo";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let drawn = Drawn::of(text).unwrap();
        let mut runs = 0;
        for stroke in drawn.dark.split('M').skip(1) {
            let (at, rest) = stroke.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y) = (x.parse::<i32>().unwrap() - QUIET, y.parse::<i32>().unwrap() - QUIET);
            let run = rest.split_once('v').unwrap().0.parse::<i32>().unwrap();
            assert!((x..x + run).all(|x| code.get_module(x, y)), "{stroke}");
            runs += run;
        }
        let mut dark = 0;
        for y in 0..code.size() {
            dark += (0..code.size()).filter(|x| code.get_module(*x, y)).count() as i32;
        }
        assert_eq!(runs, dark);
        assert_eq!(drawn.view_box(), format!("0 0 {0} {0}", code.size() + 8));
        assert_eq!(Drawn::of(&"x".repeat(3_000)), None);
    }
}
