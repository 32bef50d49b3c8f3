//! One picture of a page that is put together from several: what to cover in it. Asked by `extension/pages/panel-start.js` while it scrolls.

use recourse_capture::{place, stitch};
use recourse_cover::{Rect, Size};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{OwnWords, Seen, grown};

/// Names of reasons, so that those that come back from JavaScript are ours.
const REASONS: [&str; 21] = [
    "email",
    "phone",
    "iban",
    "card",
    "ip",
    "national-id",
    "jwt",
    "api-key",
    "url-secret",
    "own-name",
    "own-handle",
    "own-email",
    "password",
    "card-field",
    "frame",
    "canvas",
    "video",
    "account-menu",
    "avatar",
    "unread",
    "own",
];

/// The name of a reason.
pub(crate) fn name(reason: &str) -> &'static str {
    REASONS.into_iter().find(|known| *known == reason).unwrap_or("own")
}

/// Where to scroll and what to use of each picture, as JSON: `[[scroll, from, height], …]`, in CSS pixels.
#[wasm_bindgen]
pub fn tiles(page: u32, view: u32) -> String {
    let tiles: Vec<[u32; 3]> =
        stitch::tiles(page, view).into_iter().map(|tile| [tile.scroll, tile.from, tile.height]).collect();
    serde_json::to_string(&tiles).unwrap_or_default()
}

/// The boxes on one picture of the window, as JSON: `[[reason, [x, y, width, height]], …]`, in its pixels. `seen` is what `measure.js` saw with it,
/// `own` the person's name and user name, `restless` whether the page changed meanwhile. Nothing where `seen` cannot be read.
#[wasm_bindgen]
pub fn boxes(seen: &str, own: &str, width: u32, height: u32, restless: bool) -> Option<String> {
    let seen: Seen = serde_json::from_str(seen).ok()?;
    let [name, handle]: [String; 2] = serde_json::from_str(own).unwrap_or_default();
    let own = OwnWords { name, handle }.own();
    let mut suggestions = place::suggest(&seen.measured, &own);
    if !restless {
        suggestions = place::narrow(suggestions, &seen.words);
    }
    let size = Size { width, height };
    let mut all: Vec<(&str, [u32; 4])> = Vec::new();
    for suggestion in suggestions {
        let areas = if restless { grown(&suggestion.areas, 12.0) } else { suggestion.areas };
        for Rect { x, y, width, height } in place::boxes(&areas, size, seen.measured.moment.width) {
            all.push((suggestion.reason.as_str(), [x, y, width, height]));
        }
    }
    serde_json::to_string(&all).ok()
}
