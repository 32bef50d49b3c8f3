//! A page that is longer than the window, as pieces: where to scroll, and what of each picture to use. In CSS pixels.

/// How much of each picture the next one takes again, so that a line on the edge is whole in one of them.
pub const OVERLAP: u32 = 24;
/// The longest page that is captured. A page that grows while it is scrolled never ends.
pub const MAX_HEIGHT: u32 = 30_000;

/// One picture of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Where the page is scrolled to.
    pub scroll: u32,
    /// The first row of the picture that is used.
    pub from: u32,
    /// How many rows are used.
    pub height: u32,
}

impl Tile {
    /// Where the used rows stand on the page.
    pub const fn top(self) -> u32 {
        self.scroll + self.from
    }
}

/// The tiles of a page of `page` rows in a window of `view` rows; nothing for an empty window. Every row up to [`MAX_HEIGHT`] is in exactly one tile.
/// The first keeps what is fixed on the page, so that it is there once.
#[must_use]
pub fn tiles(page: u32, view: u32) -> Vec<Tile> {
    let page = page.min(MAX_HEIGHT);
    let overlap = OVERLAP.min(view / 4);
    let mut tiles = Vec::new();
    let mut done = 0;
    while view > 0 && done < page {
        // The last one cannot be scrolled further than the page's end.
        let scroll = done.saturating_sub(if done == 0 { 0 } else { overlap }).min(page.saturating_sub(view));
        let height = (scroll + view).min(page) - done;
        tiles.push(Tile { scroll, from: done - scroll, height });
        done += height;
    }
    tiles
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_in_a_window_is_one_tile() {
        assert_eq!(tiles(600, 800), [Tile { scroll: 0, from: 0, height: 600 }]);
        assert_eq!(tiles(800, 800), [Tile { scroll: 0, from: 0, height: 800 }]);
        assert_eq!(tiles(0, 800), []);
        assert_eq!(tiles(800, 0), []);
    }

    #[test]
    fn tiles_overlap_and_the_last_ends_with_the_page() {
        assert_eq!(
            tiles(1_700, 800),
            [
                Tile { scroll: 0, from: 0, height: 800 },
                Tile { scroll: 776, from: 24, height: 776 },
                Tile { scroll: 900, from: 676, height: 124 },
            ]
        );
        assert_eq!(tiles(u32::MAX, 800).iter().map(|tile| tile.height).sum::<u32>(), MAX_HEIGHT);
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_tile_and_inside_its_picture(page in 0_u32..60_000, view in 1_u32..5_000) {
            let mut next = 0;
            for tile in tiles(page, view) {
                prop_assert_eq!(tile.top(), next);
                prop_assert!(tile.height > 0 && tile.from + tile.height <= view);
                prop_assert!(tile.scroll == 0 || tile.scroll + view <= page.min(MAX_HEIGHT));
                next = tile.top() + tile.height;
            }
            prop_assert_eq!(next, page.min(MAX_HEIGHT));
        }
    }
}
