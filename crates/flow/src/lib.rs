#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod console;
pub mod evidence;
pub mod follow_up;
pub mod intake;
pub mod qr;
