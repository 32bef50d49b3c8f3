//! Icons: strokes on a grid of 24, always beside words.

use yew::prelude::*;

use crate::draw::{At, draw};

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Icon {
    Next,
    Back,
    Close,
    Leave,
    Check,
    Warning,
    Info,
    Picture,
    File,
    Copy,
    Download,
    Print,
    Lock,
    People,
    Clock,
    Phone,
    Flag,
    Hands,
    Search,
    Plus,
    Minus,
    Bin,
    Camera,
    Screen,
    Link,
    Cover,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Next => "m9 5 7 7-7 7",
            Self::Back => "m15 5-7 7 7 7",
            Self::Close => "m6 6 12 12M18 6 6 18",
            Self::Leave => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Warning => "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.7V8",
            Self::Picture => "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15 9.2v.1",
            Self::File => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Download => "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 20h14",
            Self::Print => "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14a6.5 6.5 0 0 1 3.5 6"
            }
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.5l3.5 2",
            Self::Phone => "M7 3h10v18H7zM11 18h2",
            Self::Flag => "M5 21V4h13l-2.5 4.5L18 13H5",
            Self::Hands => {
                "M4 13c2-2 4-2 6 0h4a1.8 1.8 0 0 1 0 3.6h-3M14.5 15l4-2.6c1.6-1 3 1 1.7 2.2C17.5 17.5 15.5 20 12 20c-3 0-5-1-8-2M12 9.5C9.5 7.5 8.5 6.3 8.5 5a1.9 1.9 0 0 1 3.5-1 1.9 1.9 0 0 1 3.5 1c0 1.3-1 2.5-3.5 4.5z"
            }
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::Camera => "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
            Self::Screen => "M3 5h18v11H3zM9 20h6M12 16v4",
            Self::Link => {
                "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.6L12 7.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.6l1.4-1.4"
            }
            Self::Cover => "M4 5h16v14H4zM8 9h8v6H8zM8 12h8",
            Self::Bin => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
        }
    }
}

/// An icon, hidden from screen readers: the words beside it say the same.
pub fn icon(icon: Icon) -> Html {
    let turns = matches!(icon, Icon::Next | Icon::Back | Icon::Leave);
    draw(|draw| {
        draw.open("svg", if turns { "icon turns" } else { "icon" })
            .set(At::ViewBox, "0 0 24 24")
            .set(At::AriaHidden, "true");
        draw.open("path", "").set(At::D, icon.path());
    })
}
