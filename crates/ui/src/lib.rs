#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod controls;
pub mod draw;
pub mod evidence;
pub mod files;
pub mod format;
pub mod icons;
pub mod intake;
pub mod language;
pub mod locale;
pub mod qr;
pub mod text;

/// Shows the page's element `#broken` when its module panics, and says where; call it before rendering. See
/// [`recourse_glue::report_panic`].
pub fn report_panics() {
    yew::set_custom_panic_hook(Box::new(recourse_glue::report_panic));
}
