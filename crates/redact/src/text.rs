//! The text as cells (one per character with a width) and as folded letters (for words), both with their places in the original.

use crate::fold::{Script, WALL, fold, fold_tail, plain, script};
use crate::kind::Mask;
use crate::words::{self, Hit};

/// One character of the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// The character after [`plain`]; case kept.
    pub(crate) c: char,
    /// First byte in UTF-8.
    pub(crate) at: usize,
    /// One past the last byte in UTF-8.
    pub(crate) end: usize,
    /// First unit in UTF-16.
    pub(crate) at16: usize,
    /// One past the last unit in UTF-16.
    pub(crate) end16: usize,
}

/// A letter without case and diacritics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letter {
    pub(crate) c: char,
    /// Index of the cell it comes from.
    pub(crate) cell: usize,
}

/// What all scanners read.
pub(crate) struct Text {
    pub(crate) cells: Vec<Cell>,
    pub(crate) letters: Vec<Letter>,
    /// Words that say what a number next to them is, by place.
    pub(crate) hits: Vec<Hit>,
    /// Cells of URLs, in which digits are not numbers.
    pub(crate) urls: Vec<(usize, usize)>,
    /// Cells of what is grouped like an IBAN, right or wrong; its groups are no other numbers.
    accounts: Vec<(usize, usize)>,
    /// How many digits stand before each cell.
    digits: Vec<u32>,
    /// Japanese kana occur.
    pub(crate) kana: bool,
    /// Polish letters occur.
    pub(crate) polish: bool,
}

/// What the words beside a number say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nearby {
    For,
    Against,
    Silent,
}

/// How sure the form of a number alone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Counts only where a word beside it says so.
    Weak,
    /// Counts unless a word beside it says otherwise.
    Medium,
    /// Counts always.
    Strong,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let mut cells = Vec::with_capacity(text.len());
        let (mut at16, mut skip_to) = (0, 0);
        for (at, c) in text.char_indices() {
            let (end, end16) = (at + c.len_utf8(), at16 + c.len_utf16());
            if c == '['
                && let Some(mask) =
                    Mask::ALL.iter().find(|mask| text.as_bytes()[at..].starts_with(mask.neutral().as_bytes()))
            {
                skip_to = at + mask.neutral().len();
            }
            let seen = if at < skip_to { Some(WALL) } else { plain(c) };
            if let Some(c) = seen {
                cells.push(Cell { c, at, end, at16, end16 });
            }
            at16 = end16;
        }
        let mut letters = Vec::with_capacity(cells.len());
        let mut digits = Vec::with_capacity(cells.len() + 1);
        let (mut count, mut kana, mut polish) = (0, false, false);
        for (cell, Cell { c, .. }) in cells.iter().enumerate() {
            digits.push(count);
            count += u32::from(c.is_ascii_digit());
            kana |= ('\u{3041}'..='\u{30FA}').contains(c);
            polish |= matches!(c, 'ą' | 'ę' | 'ł' | 'ś' | 'ć' | 'ź' | 'ż' | 'ń');
            letters.extend(fold(*c).into_iter().chain(fold_tail(*c)).map(|c| Letter { c, cell }));
        }
        digits.push(count);
        let hits = words::hits(&letters);
        let mut text = Self { cells, letters, hits, urls: Vec::new(), accounts: Vec::new(), digits, kana, polish };
        text.urls = crate::link::urls(&text);
        text.accounts = crate::bank::grouped(&text);
        text
    }

    /// The character of a cell; [`WALL`] outside the text.
    #[inline(never)]
    pub(crate) fn at(&self, cell: usize) -> char {
        self.cells.get(cell).map_or(WALL, |cell| cell.c)
    }

    /// The character before a cell; [`WALL`] at the start.
    #[inline(never)]
    pub(crate) fn before(&self, cell: usize) -> char {
        if cell == 0 { WALL } else { self.at(cell - 1) }
    }

    /// Whether the cells from `cell` on are `word`, letter for letter.
    #[inline(never)]
    pub(crate) fn starts_with(&self, cell: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(i, c)| self.at(cell + i) == c)
    }

    /// The same without regard to ASCII case.
    #[inline(never)]
    pub(crate) fn starts_with_fold(&self, cell: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(i, c)| self.at(cell + i).eq_ignore_ascii_case(&c))
    }

    /// One past the last cell, from `cell` on and at most `max` cells, that satisfies `test`.
    #[inline(never)]
    pub(crate) fn run(&self, cell: usize, max: usize, test: &dyn Fn(char) -> bool) -> usize {
        let mut end = cell;
        while end < self.cells.len() && end - cell < max && test(self.cells[end].c) {
            end += 1;
        }
        end
    }

    /// Whether a token of ASCII letters or digits may begin or end beside `c`.
    #[inline(never)]
    pub(crate) fn edge(c: char) -> bool {
        c != '_' && !matches!(script(c), Script::Digit | Script::Latin)
    }

    /// Whether a cell lies in a URL.
    pub(crate) fn in_url(&self, cell: usize) -> bool {
        within(&self.urls, cell)
    }

    /// Whether a cell lies in what is grouped like an IBAN.
    pub(crate) fn in_account(&self, cell: usize) -> bool {
        within(&self.accounts, cell)
    }

    /// What the nearest word of weight says of the number in `start..end`: before it within 40 cells of the same line, or – only in
    /// favour – after it within 20.
    pub(crate) fn nearby(&self, start: usize, end: usize, class: u32) -> Nearby {
        let mut index = self.hits.partition_point(|hit| hit.end <= start);
        let mut against = false;
        let floor = start.saturating_sub(40);
        while index > 0 {
            index -= 1;
            let hit = self.hits[index];
            if hit.start < floor || self.newline(hit.end, start) {
                break;
            }
            // A word speaks for the first number after it; of a list of numbers it may speak for all, but not against all.
            let spent = self.digits[start] - self.digits[hit.end] > 2;
            if hit.class & class != 0 && (!against || class & words::IDS != 0) {
                return Nearby::For;
            }
            // `Aadhaar ID`, `PESEL, case 12`: what names an id keeps its weight over the general word behind it.
            if against && (class & words::IDS == 0 || start - hit.end > 28) {
                break;
            }
            // An amount has its unit right before it, in Chinese and Japanese behind it.
            let far = hit.class & words::AGAINST == words::UNIT
                && (hit.end + 1 < start || script(self.at(hit.start)) == Script::Dense);
            against |= hit.class & words::AGAINST != 0 && !spent && !far;
        }
        if against {
            return Nearby::Against;
        }
        let first = self.hits.partition_point(|hit| hit.end <= end);
        for hit in &self.hits[first..] {
            if hit.start < end {
                continue;
            }
            if hit.start > end + 20 || self.newline(end, hit.start) || self.digits[hit.start] > self.digits[end] {
                break;
            }
            if hit.class & class != 0 {
                return Nearby::For;
            }
            if hit.class & words::AGAINST != 0 {
                if hit.start <= end + 1 {
                    return Nearby::Against;
                }
                break;
            }
        }
        Nearby::Silent
    }

    /// Whether a number of this form counts at this place.
    pub(crate) fn counts(&self, start: usize, end: usize, level: Level, class: u32) -> bool {
        match level {
            Level::Strong => true,
            Level::Medium => self.nearby(start, end, class) != Nearby::Against,
            Level::Weak => self.nearby(start, end, class) == Nearby::For,
        }
    }

    fn newline(&self, from: usize, to: usize) -> bool {
        self.cells[from..to].iter().any(|cell| matches!(cell.c, '\n' | '\u{3002}' | WALL))
    }
}

/// Whether a cell lies in one of these ranges, which are in order.
fn within(ranges: &[(usize, usize)], cell: usize) -> bool {
    let next = ranges.partition_point(|(_, end)| *end <= cell);
    ranges.get(next).is_some_and(|(start, _)| *start <= cell)
}
