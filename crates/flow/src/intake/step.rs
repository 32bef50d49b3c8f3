//! The screens.

/// A screen of the form, in the order that *Continue* goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Doors and safety.
    #[default]
    Start,
    /// Who will know.
    Who,
    /// What it is about.
    What,
    /// What happened.
    WhatHappened,
    /// Pictures and files.
    Evidence,
    /// Check and send.
    Check,
    /// The receipt.
    Sent,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Start, Self::Who, Self::What, Self::WhatHappened, Self::Evidence, Self::Check, Self::Sent];

    /// Counted from 1.
    pub const fn number(self) -> u32 {
        self as u32 + 1
    }

    /// The name used in ids and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Who => "who",
            Self::What => "what",
            Self::WhatHappened => "what-happened",
            Self::Evidence => "evidence",
            Self::Check => "check",
            Self::Sent => "sent",
        }
    }

    /// The one after; `Check` and `Sent` have none, since only sending leads on.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Start => Some(Self::Who),
            Self::Who => Some(Self::What),
            Self::What => Some(Self::WhatHappened),
            Self::WhatHappened => Some(Self::Evidence),
            Self::Evidence => Some(Self::Check),
            Self::Check | Self::Sent => None,
        }
    }

    /// The one before; nothing leads back from `Sent`.
    pub const fn back(self) -> Option<Self> {
        match self {
            Self::Start | Self::Sent => None,
            Self::Who => Some(Self::Start),
            Self::What => Some(Self::Who),
            Self::WhatHappened => Some(Self::What),
            Self::Evidence => Some(Self::WhatHappened),
            Self::Check => Some(Self::Evidence),
        }
    }
}
