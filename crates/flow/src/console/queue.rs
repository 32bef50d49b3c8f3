//! The queue: what is loaded, which saved search is on, which row is the current one.

use recourse_domain::ids::CaseId;
use recourse_domain::time::Timestamp;
use recourse_wire::console::{CaseQuery, CaseSummary};
use recourse_wire::reviewing::QueueRow;

/// Rows drawn at first and with each "show more": a page of thousands would be slow to lay out.
const DRAWN: usize = 200;

/// The saved searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is described in the locale file")]
pub enum SavedSearch {
    Open,
    Urgent,
    Mine,
    Unassigned,
    Misuse,
    Remedy,
    Closed,
    Tests,
}

impl SavedSearch {
    /// All, in the order shown.
    pub const ALL: [Self; 8] =
        [Self::Open, Self::Urgent, Self::Mine, Self::Unassigned, Self::Misuse, Self::Remedy, Self::Closed, Self::Tests];

    /// The id, in locale files and test ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Urgent => "urgent",
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
            Self::Misuse => "misuse",
            Self::Remedy => "remedy",
            Self::Closed => "closed",
            Self::Tests => "tests",
        }
    }

    /// Where its rows lie.
    pub(super) const fn pile(self) -> Pile {
        match self {
            Self::Closed => Pile::Ended,
            Self::Tests => Pile::Tests,
            _ => Pile::Open,
        }
    }

    fn takes(self, row: &QueueRow, me: &str) -> bool {
        let glance = row.glance.as_ref();
        let use_of = |it: fn(Use) -> bool| glance.is_some_and(|glance| it(Use::of(&glance.purpose)));
        match self {
            Self::Open | Self::Closed | Self::Tests => true,
            Self::Urgent => row.summary.urgent || glance.is_some_and(|glance| glance.imminent_danger),
            Self::Mine => row.summary.assignee.as_deref() == Some(me),
            Self::Unassigned => row.summary.assignee.is_none(),
            Self::Misuse => use_of(Use::is_misuse),
            Self::Remedy => use_of(Use::is_remedy),
        }
    }
}

/// What is loaded together. Tests lie apart: they are in no other search and in none of the other counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pile {
    /// Cases that are open.
    Open,
    /// Cases that have ended.
    Ended,
    /// Cases of channels in test mode, open or ended.
    Tests,
}

/// The two uses of a channel that must not be blurred, and what else a report may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Somebody uses the product to do harm; notices of illegal content too.
    Misuse,
    /// Somebody was harmed and wants it put right.
    Remedy,
    /// Both.
    Both,
    /// A decision is contested.
    Appeal,
    /// A purpose that this version does not know.
    Other,
}

impl Use {
    /// By the id of the purpose.
    pub fn of(purpose: &str) -> Self {
        match purpose {
            "flag_misuse" | "illegal_content_notice" => Self::Misuse,
            "seek_remedy" => Self::Remedy,
            "both" => Self::Both,
            "appeal" => Self::Appeal,
            _ => Self::Other,
        }
    }

    /// The id, in locale files and class names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Misuse => "misuse",
            Self::Remedy => "remedy",
            Self::Both => "both",
            Self::Appeal => "appeal",
            Self::Other => "other",
        }
    }

    fn is_misuse(self) -> bool {
        matches!(self, Self::Misuse | Self::Both)
    }

    fn is_remedy(self) -> bool {
        matches!(self, Self::Remedy | Self::Both)
    }
}

/// How far the time until the next due date has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Of the time between report and date, in percent, 0 to 100.
    pub run: u32,
    /// Whether it has passed.
    pub late: bool,
    /// Three quarters have run.
    pub soon: bool,
    /// Seconds until the date, or since it.
    pub distance: u64,
}

impl Deadline {
    /// Of a case, if it has a date.
    pub fn of(summary: &CaseSummary, now: Timestamp) -> Option<Self> {
        let due = summary.due?;
        let whole = due.at.0.saturating_sub(summary.received_at.0).max(1);
        let run = now.0.saturating_sub(summary.received_at.0).saturating_mul(100) / whole;
        let late = due.late || now > due.at;
        let run = if late { 100 } else { u32::try_from(run.min(100)).unwrap_or(100) };
        Some(Self { run, late, soon: !late && run >= 75, distance: now.0.abs_diff(due.at.0) })
    }
}

/// Rows of one kind as far as they are loaded.
#[derive(Debug, Clone, Default)]
struct Loaded {
    rows: Vec<QueueRow>,
    /// A reload shows the old rows until its first page is there.
    replace: bool,
}

/// The queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The saved search that is on.
    pub search: SavedSearch,
    /// Words that rows must have.
    pub filter: String,
    /// The row that `enter` opens.
    pub current: Option<CaseId>,
    /// Something is being loaded.
    pub loading: bool,
    open: Loaded,
    ended: Option<Loaded>,
    tests: Option<Loaded>,
    drawn: usize,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            search: SavedSearch::Open,
            filter: String::new(),
            current: None,
            loading: false,
            open: Loaded::default(),
            ended: None,
            tests: None,
            drawn: DRAWN,
        }
    }
}

impl Queue {
    /// Whether nothing was ever reported, as far as this is known without the ended cases.
    pub fn is_empty(&self) -> bool {
        self.open.rows.is_empty() && self.ended.as_ref().is_none_or(|ended| ended.rows.is_empty())
    }

    /// How many rows a saved search has; unknown for the ended ones until they were asked for.
    pub fn count(&self, search: SavedSearch, me: &str) -> Option<usize> {
        let rows = &self.loaded(search.pile())?.rows;
        Some(rows.iter().filter(|row| search.takes(row, me)).count())
    }

    /// The rows of the saved search that has been chosen, in the server's order: urgent ones first, then by due date. Words of the
    /// filter are looked for in the excerpt, the category and the beginning of the case id; `label` gives what people call a category.
    pub fn rows<'a>(&'a self, me: &'a str, label: impl Fn(&str) -> String + 'a) -> impl Iterator<Item = &'a QueueRow> {
        let loaded = self.loaded(self.search.pile());
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        loaded.map_or(&[][..], |loaded| &loaded.rows).iter().filter(move |row| {
            let has = |word: &String| {
                row.summary.case.to_string().starts_with(word.as_str())
                    || row.glance.as_ref().is_some_and(|glance| {
                        let category = glance.category.as_deref().map(&label).unwrap_or_default();
                        glance.excerpt.to_lowercase().contains(word) || category.to_lowercase().contains(word)
                    })
            };
            self.search.takes(row, me) && words.iter().all(has)
        })
    }

    /// How many rows to draw.
    pub fn drawn(&self) -> usize {
        self.drawn
    }

    /// The row of a case, wherever it is.
    pub fn row(&self, case: CaseId) -> Option<&QueueRow> {
        let others = self.ended.iter().chain(&self.tests).flat_map(|loaded| &loaded.rows);
        self.open.rows.iter().chain(others).find(|row| row.summary.case == case)
    }

    pub(super) fn draw_more(&mut self) {
        self.drawn += DRAWN;
    }

    /// Chooses a saved search; `true` if its rows still have to be asked for.
    pub(super) fn choose(&mut self, search: SavedSearch) -> bool {
        self.search = search;
        self.current = None;
        self.drawn = DRAWN;
        self.loaded(search.pile()).is_none()
    }

    /// Begins to load the rows that are shown.
    pub(super) fn reload(&mut self) -> CaseQuery {
        self.loading = true;
        let pile = self.search.pile();
        self.loaded_mut(pile).replace = true;
        Self::query(pile, None)
    }

    /// Takes a page; gives the query for the next one. Everything is loaded in pages, for counts and filter to be true.
    pub(super) fn take(&mut self, pile: Pile, rows: Vec<QueueRow>, next: Option<String>) -> Option<CaseQuery> {
        let loaded = self.loaded_mut(pile);
        if std::mem::take(&mut loaded.replace) {
            loaded.rows = rows;
        } else {
            let fresh: Vec<_> = rows
                .into_iter()
                .filter(|row| loaded.rows.iter().all(|there| there.summary.case != row.summary.case))
                .collect();
            loaded.rows.extend(fresh);
        }
        self.loading = next.is_some();
        next.map(|cursor| Self::query(pile, Some(cursor)))
    }

    fn loaded(&self, pile: Pile) -> Option<&Loaded> {
        match pile {
            Pile::Open => Some(&self.open),
            Pile::Ended => self.ended.as_ref(),
            Pile::Tests => self.tests.as_ref(),
        }
    }

    fn loaded_mut(&mut self, pile: Pile) -> &mut Loaded {
        match pile {
            Pile::Open => &mut self.open,
            Pile::Ended => self.ended.get_or_insert_default(),
            Pile::Tests => self.tests.get_or_insert_default(),
        }
    }

    /// A case has been read anew: its row follows, into the other list if it ended or was taken up again.
    pub(super) fn refresh(&mut self, summary: &CaseSummary) {
        let test = self.tests.iter_mut().flat_map(|tests| &mut tests.rows).find(|row| row.summary.case == summary.case);
        if let Some(row) = test {
            row.summary = summary.clone();
            return;
        }
        let mut glance = None;
        let open = summary.state.is_open();
        for (loaded, is_open) in [(Some(&mut self.open), true), (self.ended.as_mut(), false)] {
            let Some(rows) = loaded.map(|loaded| &mut loaded.rows) else { continue };
            let Some(at) = rows.iter().position(|row| row.summary.case == summary.case) else { continue };
            if is_open == open {
                rows[at].summary = summary.clone();
                return;
            }
            glance = rows.remove(at).glance;
        }
        let row = QueueRow { summary: summary.clone(), glance };
        if open {
            self.open.rows.insert(0, row);
        } else if let Some(ended) = &mut self.ended {
            ended.rows.insert(0, row);
        }
    }

    /// Moves the current row up or down and gives it.
    pub(super) fn step(&mut self, down: bool, me: &str, label: &dyn Fn(&str) -> String) -> Option<CaseId> {
        let cases: Vec<CaseId> = self.rows(me, label).map(|row| row.summary.case).take(self.drawn).collect();
        let at = self.current.and_then(|current| cases.iter().position(|case| *case == current));
        let to = match (at, down) {
            (None, _) => 0,
            (Some(at), true) => (at + 1).min(cases.len().saturating_sub(1)),
            (Some(at), false) => at.saturating_sub(1),
        };
        self.current = cases.get(to).copied();
        self.current
    }

    fn query(pile: Pile, cursor: Option<String>) -> CaseQuery {
        let (open, tests) = match pile {
            Pile::Open => (Some(true), None),
            Pile::Ended => (Some(false), None),
            Pile::Tests => (None, Some(true)),
        };
        CaseQuery { open, tests, limit: Some(recourse_wire::limits::PAGE_MAX), cursor, ..CaseQuery::default() }
    }
}
