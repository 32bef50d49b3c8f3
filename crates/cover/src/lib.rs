#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod burn;
mod sheet;

pub use burn::{COLOUR, Grain, PictureFault, burn, is_burned};
pub use sheet::{Nudge, Sheet};

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// A box: whole pixels from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Rect {
    /// The box between two corners, in any order, wherever they lie; only what is in the picture. A picture has a pixel at least.
    pub fn between((x1, y1): (f64, f64), (x2, y2): (f64, f64), size: Size) -> Self {
        let edge = |at: f64, end: u32| at.clamp(0.0, f64::from(end)) as u32;
        let (left, right) = (x1.min(x2).floor(), x1.max(x2).ceil());
        let (top, bottom) = (y1.min(y2).floor(), y1.max(y2).ceil());
        let x = edge(left, size.width.saturating_sub(1));
        let y = edge(top, size.height.saturating_sub(1));
        Self {
            x,
            y,
            width: edge(right, size.width).saturating_sub(x).max(1),
            height: edge(bottom, size.height).saturating_sub(y).max(1),
        }
    }

    /// The column after the last.
    pub const fn right(self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// The row after the last.
    pub const fn bottom(self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// Whether the two have a pixel in common.
    pub const fn meets(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether a pixel lies under it.
    pub const fn covers(self, x: u32, y: u32) -> bool {
        x >= self.x && x < self.right() && y >= self.y && y < self.bottom()
    }
}
