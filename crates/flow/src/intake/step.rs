//! The screens.

/// A screen of the form, in the order that *Continue* goes. The fourth step has a second one where something is to be put right.
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
    /// Harm, what would put it right, and for whom one speaks: the second half of the step before, of a report that asks for remedy.
    PuttingRight,
    /// Pictures and files.
    Evidence,
    /// Check and send.
    Check,
    /// The receipt.
    Sent,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Who,
        Self::What,
        Self::WhatHappened,
        Self::PuttingRight,
        Self::Evidence,
        Self::Check,
        Self::Sent,
    ];

    /// Those with which a step begins: what people are shown as the steps of a report, whatever it asks for.
    pub const COUNTED: [Self; 7] =
        [Self::Start, Self::Who, Self::What, Self::WhatHappened, Self::Evidence, Self::Check, Self::Sent];

    /// Which of [`Self::COUNTED`] it belongs to, from 1.
    pub const fn number(self) -> u32 {
        let place = self as u32;
        if place > Self::WhatHappened as u32 { place } else { place + 1 }
    }

    /// The name used in ids and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Who => "who",
            Self::What => "what",
            Self::WhatHappened => "what-happened",
            Self::PuttingRight => "putting-right",
            Self::Evidence => "evidence",
            Self::Check => "check",
            Self::Sent => "sent",
        }
    }

    /// The one after, in a report that asks for remedy or one that does not; `Check` and `Sent` have none, since only sending leads on.
    pub const fn next(self, remedy: bool) -> Option<Self> {
        match self {
            Self::Start => Some(Self::Who),
            Self::Who => Some(Self::What),
            Self::What => Some(Self::WhatHappened),
            Self::WhatHappened if remedy => Some(Self::PuttingRight),
            Self::WhatHappened | Self::PuttingRight => Some(Self::Evidence),
            Self::Evidence => Some(Self::Check),
            Self::Check | Self::Sent => None,
        }
    }

    /// The one before; nothing leads back from `Sent`.
    pub const fn back(self, remedy: bool) -> Option<Self> {
        match self {
            Self::Start | Self::Sent => None,
            Self::Who => Some(Self::Start),
            Self::What => Some(Self::Who),
            Self::WhatHappened => Some(Self::What),
            Self::Evidence if remedy => Some(Self::PuttingRight),
            Self::PuttingRight | Self::Evidence => Some(Self::WhatHappened),
            Self::Check => Some(Self::Evidence),
        }
    }
}
