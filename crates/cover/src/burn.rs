//! Boxes into pixels.

use crate::{Rect, Size};

/// What a covered pixel is: black, opaque. Red, green, blue, alpha.
pub const COLOUR: [u8; 4] = [0, 0, 0, 255];

/// Side of the largest block in which a JPEG with coarser colours keeps its pixels.
const BLOCK: u32 = 16;
/// Pixels beyond a block that decoders smooth into it.
const SMOOTHED: u32 = 8;

/// How far what is under a box may have spread in the picture as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Each pixel stands for itself: PNG, GIF, BMP.
    Exact,
    /// Pixels were packed together, with loss: JPEG, WebP, AVIF, HEIC.
    Blocks,
}

impl Grain {
    /// What has to be covered so that nothing of the box is left.
    pub fn widen(self, rect: Rect, size: Size) -> Rect {
        if self == Self::Exact {
            return rect;
        }
        let start = |at: u32| (at / BLOCK * BLOCK).saturating_sub(SMOOTHED);
        let end = |at: u32, limit: u32| (at.div_ceil(BLOCK).saturating_mul(BLOCK).saturating_add(SMOOTHED)).min(limit);
        let (x, y) = (start(rect.x), start(rect.y));
        Rect {
            x,
            y,
            width: end(rect.right(), size.width).saturating_sub(x),
            height: end(rect.bottom(), size.height).saturating_sub(y),
        }
    }
}

/// The pixels are not whole rows of that width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFault;

/// Sets every pixel under a box to [`COLOUR`]. `rgba` holds whole rows of `width` pixels, four bytes each, the first of them being row
/// `top` of the picture: large pictures come in bands.
///
/// # Errors
/// [`PictureFault`]; then nothing was changed.
pub fn burn(rgba: &mut [u8], width: u32, top: u32, boxes: &[Rect]) -> Result<(), PictureFault> {
    let row_bytes = row_bytes(rgba, width)?;
    for (row, y) in rgba.chunks_exact_mut(row_bytes).zip(top..) {
        for rect in boxes.iter().filter(|rect| y >= rect.y && y < rect.bottom()) {
            for pixel in covered(row, rect, width).chunks_exact_mut(4) {
                pixel.copy_from_slice(&COLOUR);
            }
        }
    }
    Ok(())
}

/// Whether every pixel under a box is [`COLOUR`], in rows as [`burn`] takes them: some browsers give back other pixels than they were
/// given, and a picture from such a one must not be called covered.
///
/// # Errors
/// [`PictureFault`].
pub fn is_burned(rgba: &[u8], width: u32, top: u32, boxes: &[Rect]) -> Result<bool, PictureFault> {
    let row_bytes = row_bytes(rgba, width)?;
    Ok(rgba.chunks_exact(row_bytes).zip(top..).all(|(row, y)| {
        row.chunks_exact(4)
            .zip(0..width)
            .all(|(pixel, x)| pixel == COLOUR || !boxes.iter().any(|rect| rect.covers(x, y)))
    }))
}

fn row_bytes(rgba: &[u8], width: u32) -> Result<usize, PictureFault> {
    let row = usize::try_from(width).ok().and_then(|width| width.checked_mul(4)).ok_or(PictureFault)?;
    if row == 0 || !rgba.len().is_multiple_of(row) { Err(PictureFault) } else { Ok(row) }
}

/// The bytes of a row that lie under a box.
fn covered<'row>(row: &'row mut [u8], rect: &Rect, width: u32) -> &'row mut [u8] {
    let byte = |x: u32| x.min(width) as usize * 4;
    row.get_mut(byte(rect.x)..byte(rect.right())).unwrap_or_default()
}
