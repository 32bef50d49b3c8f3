#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod controls;
pub mod draw;
pub mod format;
pub mod icons;
pub mod intake;
pub mod locale;
pub mod text;
