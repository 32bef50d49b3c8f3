//! Deflate with a limit on what comes out.

use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use crate::verdict::{Fault, Refusal};

// Higher levels of miniz cost seconds on a phone for a few per cent.
const LEVEL: u8 = 6;

pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, LEVEL)
}

pub(crate) fn pack_zlib(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, LEVEL)
}

pub(crate) fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    decompress_to_vec_with_limit(bytes, limit).map_err(|fault| refusal(fault.status))
}

pub(crate) fn unpack_zlib(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    decompress_to_vec_zlib_with_limit(bytes, limit).map_err(|fault| refusal(fault.status))
}

fn refusal(status: TINFLStatus) -> Refusal {
    match status {
        TINFLStatus::HasMoreOutput => Refusal::ZipBomb,
        TINFLStatus::Adler32Mismatch => Refusal::Damaged(Fault::Checksum),
        _ => Refusal::Damaged(Fault::Packing),
    }
}

/// Unpacks a zlib stream in pieces into nowhere; tells how many bytes of input it took and how many came out. Memory
/// is one window.
pub(crate) struct Measure {
    state: Box<DecompressorOxide>,
    window: Vec<u8>,
    at: usize,
    /// Bytes that came out.
    pub(crate) out: u64,
    /// Whether the stream has ended.
    pub(crate) done: bool,
}

const WINDOW: usize = 32 * 1024;

impl Measure {
    pub(crate) fn new() -> Self {
        Self { state: Box::default(), window: vec![0; WINDOW], at: 0, out: 0, done: false }
    }

    /// Takes the next piece; returns how many of its bytes belong to the stream.
    pub(crate) fn take(&mut self, mut piece: &[u8], limit: u64) -> Result<usize, Refusal> {
        let mut taken = 0;
        while !self.done {
            // The window wraps: without the flag for a flat buffer miniz treats it as a ring.
            debug_assert_eq!(TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF & FLAGS, 0);
            let (status, used, made) = decompress(&mut self.state, piece, &mut self.window, self.at, FLAGS);
            taken += used;
            piece = &piece[used..];
            self.out += made as u64;
            self.at = (self.at + made) % WINDOW;
            if self.out > limit {
                return Err(Refusal::ZipBomb);
            }
            match status {
                TINFLStatus::Done => self.done = true,
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput => break,
                other => return Err(refusal(other)),
            }
        }
        Ok(taken)
    }
}

const FLAGS: u32 = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_HAS_MORE_INPUT;
