#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod address;
pub mod bundle;
pub mod evidence;
pub mod place;
pub mod selection;
pub mod stitch;
pub mod whom;
