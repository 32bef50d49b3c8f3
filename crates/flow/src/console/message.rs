//! What happens to the console, and what it wants done.

use std::collections::BTreeSet;

use recourse_domain::ids::CaseId;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_domain::time::Timestamp;
use recourse_wire::reviewing::{Answer, Failure, Request};

use super::{Dock, Picture, Pile, SavedSearch, Status, Tab};

/// What a call was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// Signing in.
    SignIn,
    /// Signing out.
    SignOut,
    /// A page of cases.
    Page(Pile),
    /// Reading a case.
    Case(CaseId),
    /// Saying or doing something in a case.
    Append(CaseId, Status),
    /// Opening the attachment of that number, counted from 0.
    Attachment(CaseId, usize),
    /// Opening contact details.
    Contact(CaseId),
}

/// What the world has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the engine.
    Ask(Tag, Request),
    /// Move the focus.
    Focus(Target),
    /// Save the attachment of that number under a neutral name.
    Save(usize),
    /// Let go of all attachments.
    DropAttachments,
}

/// Where the focus goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Target {
    SignIn,
    Filter,
    Row(CaseId),
    CaseTitle,
    Dock,
    Sheet,
    Alert,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Msg {
    /// The engine takes calls.
    EngineReady,
    /// The engine could not start, or broke.
    EngineBroken,
    /// Time passes.
    Tick(Timestamp),
    /// A key file was chosen: its text, or nothing if it cannot be read.
    KeyFile(Option<String>),
    /// To leave.
    SignOut,
    /// The engine answered. Attachments come as [`Msg::AttachmentRead`].
    Answered(Tag, Answer),
    /// An attachment's bytes are here and were looked at.
    AttachmentRead {
        /// The case.
        case: CaseId,
        /// Its number.
        index: usize,
        /// It has the hash that the report names.
        verified: bool,
        /// What it is, if it can be shown.
        picture: Option<Picture>,
    },
    /// The engine could not.
    Failed(Tag, Failure),
    /// Another saved search.
    Search(SavedSearch),
    /// Words to filter by.
    Filter(String),
    /// Load the rows anew.
    Reload,
    /// Draw more rows.
    DrawMore,
    /// A row got the focus.
    Current(CaseId),
    /// Open a case.
    Open(CaseId),
    /// Back to the queue.
    CloseCase,
    /// Another part of the case.
    Tab(Tab),
    /// Open the dock for something, or close it.
    Dock(Option<Dock>),
    /// Open or close the menu of further steps.
    Menu(bool),
    /// Something was typed for the open case.
    Draft(Draft),
    /// Do what the dock is open for.
    Confirm,
    /// Take the case.
    Claim,
    /// Open the attachment of that number.
    OpenAttachment(usize),
    /// Cover it or uncover it.
    Cover(usize, bool),
    /// Save it.
    SaveAttachment(usize),
    /// A key outside all fields.
    Key(Key),
    /// [`Key::Down`] or [`Key::Up`] by an arrow inside the list, which no switch turns off.
    Arrow(Key),
    /// Show or hide the sheet of keys.
    Sheet(bool),
    /// Switch single-key shortcuts.
    Keys(bool),
    /// Dismiss the alert.
    Dismiss,
}

/// A change to an unsent text.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "as in Drafts")]
pub enum Draft {
    Reply(String),
    ReplyLanguage(String),
    Note(String),
    Reason(CaseState, String),
    Right(String, bool),
    Remedies(CaseState, BTreeSet<Remedy>),
    Owner(Option<String>),
    ContactReason(String),
}

/// Single keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Key {
    Down,
    Up,
    Enter,
    Claim,
    Assign,
    Reply,
    Note,
    Decide,
    Search,
    Help,
    Escape,
}

impl Key {
    /// By the browser's name of the key.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "j" => Self::Down,
            "k" => Self::Up,
            "Enter" => Self::Enter,
            "e" => Self::Claim,
            "a" => Self::Assign,
            "r" => Self::Reply,
            "n" => Self::Note,
            "d" => Self::Decide,
            "/" => Self::Search,
            "?" => Self::Help,
            "Escape" => Self::Escape,
            _ => return None,
        })
    }
}
