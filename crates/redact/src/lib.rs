#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod address;
mod bank;
mod find;
mod fold;
mod id;
mod ip;
mod kind;
mod link;
mod number;
mod order;
mod own;
mod phone;
mod secret;
mod text;
mod words;

pub use find::{Finding, Options, Own, find, mask, mask_with};
pub use fold::folded;
pub use kind::{Country, Kind, Mask};
