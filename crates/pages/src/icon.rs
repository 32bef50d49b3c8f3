//! The icons of the first step: the same strokes as `recourse-ui` draws, held to it by the browser test that compares the two.

use crate::markup::Markup;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Next,
    Close,
    Leave,
    Warning,
    Lock,
    People,
    Clock,
    Phone,
    Flag,
    Hands,
    Check,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Next => "m9 5 7 7-7 7",
            Self::Close => "m6 6 12 12M18 6 6 18",
            Self::Leave => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Self::Warning => "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14a6.5 6.5 0 0 1 3.5 6"
            }
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2",
            Self::Phone => "M7 3h10v18H7zM11 18h2",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Flag => "M5 21V4h13l-2.5 4.5L18 13H5",
            Self::Hands => {
                "M4 13c2-2 4-2 6 0h4a1.8 1.8 0 0 1 0 3.6h-3M14.5 15l4-2.6c1.6-1 3 1 1.7 2.2C17.5 17.5 15.5 20 12 20c-3 0-5-1-8-2M12 9.5C9.5 7.5 8.5 6.3 8.5 5a1.9 1.9 0 0 1 3.5-1 1.9 1.9 0 0 1 3.5 1c0 1.3-1 2.5-3.5 4.5z"
            }
        }
    }
}

impl Markup {
    /// An icon, hidden from screen readers: the words beside it say the same.
    pub(crate) fn icon(&mut self, icon: Icon) -> &mut Self {
        let turns = matches!(icon, Icon::Next | Icon::Leave);
        self.open("svg", if turns { "icon turns" } else { "icon" })
            .set("viewBox", "0 0 24 24")
            .set("aria-hidden", "true");
        self.open("path", "").set("d", icon.path()).close().close()
    }

    /// Begins a boxed text. Two [`Self::close`] end it.
    pub(crate) fn notice(&mut self, tone: &str, icon: Icon) -> &mut Self {
        self.open("div", ["notice ", tone].concat().trim_end()).icon(icon).open("div", "stack small")
    }
}
