#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod blob;
pub mod body;
pub mod chain;
pub mod commitment;
pub mod envelope;
pub mod file;
pub mod hash;
pub mod jwt;
pub mod kem;
pub mod keys;
pub mod label;
pub mod pad;
pub mod receipt;
pub mod sign;

mod base32;
mod header;
mod sized;
mod stream;
mod text;
