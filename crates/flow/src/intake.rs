//! The reporter's form as a pure reducer: [`State`], [`Msg`], [`update`] and what it asks the world to do, [`Effect`].
//!
//! Nothing here knows a DOM, a clock or a worker. Times come with messages, files are numbers that the page gave to its `File` objects.
//! Whatever fails, what was typed stays: only [`Msg::QuickExit`], [`Msg::LeaveConfirmed`] and [`Msg::Done`] wipe.

mod asked;
mod calendar;
mod channel;
mod draft;
mod evidence;
pub(crate) mod exit;
mod fault;
mod first;
mod heard;
pub mod json;
mod keep;
mod letter;
mod privacy;
mod review;
mod sensitive;
mod step;
mod subject;
#[cfg(test)]
mod tests;
mod update;
mod waiting;

use recourse_domain::category::{Category, CategoryGroup};
use recourse_domain::channel::{GroupKind, Limits};
use recourse_domain::context_token::Claim;
use recourse_domain::draft::ReportDraft;
use recourse_domain::report::Purpose;
use recourse_domain::time::Timestamp;
use recourse_domain::vocabulary::{
    AffectedGroup, AgeBand, Answer, Identity, LawEnforcement, Relationship, Remedy, Sector, ShareContent,
    ShareIdentity, SubjectKind, When,
};
use recourse_wire::engine::Progress;
use recourse_wire::reporter::DueDate;

pub use asked::Asked;
pub use calendar::calendar;
pub use channel::{Channel, OpenChannel, Readers, RouteShown, Shut, StageShown};
pub use fault::{FormFault, Wrong};
pub use first::first;
pub use heard::{Embedder, Hello, embedder, heard, hello, manifest_request, reported};
pub use keep::{Drafting, Keep, KeepAct, KeepTask, Network};
pub use privacy::{FreeText, Privacy, Spot};
pub use review::{Detail, Part, parts};
pub use step::Step;
pub use subject::CUSTOMERS_SHOWN;
pub use update::{later, update};
pub use waiting::{Going, Shelf, ShelfAct, ShelfTask, Waiting};

pub use crate::evidence::{
    Attached, Cleaning, Doubt, Evidence, EvidenceAct, FileProblem, Flaw, NewFile, Offence, Task, is_link_id,
};

/// Everything that the form knows.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The screen.
    pub step: Step,
    /// A screen was opened by *Change*: *Continue* leads back to the check.
    pub changing: bool,
    /// The channel.
    pub channel: Channel,
    /// What was said and chosen. Places, evidence and contact are kept beside it: the request that goes to the engine joins them.
    pub draft: ReportDraft,
    /// What the person wants to be called.
    pub contact_name: String,
    /// How to reach them.
    pub contact_reach: String,
    /// Addresses that the report is about, each on a line.
    pub url: String,
    /// Whom or what it is about, by name.
    pub subject_name: String,
    /// What is searched in the channel's list of public-sector customers.
    pub customer_query: String,
    /// The one meant is not in that list.
    pub unlisted: bool,
    /// Number of the item, in the person's words.
    pub item: String,
    /// Country in which the product is used, by its two letters as typed or chosen.
    pub market: String,
    /// How many people are affected, as typed.
    pub how_many: String,
    /// How many people they speak for, as typed.
    pub represented_how_many: String,
    /// What the host offered and was not taken out.
    pub offered: Offered,
    /// Whether there was harm to put right was answered, at the end of a report of misuse.
    pub also_answered: bool,
    /// Whether they speak for others; nothing before it was said.
    pub speaks_for_others: Option<bool>,
    /// How many receipts a group wants, as typed.
    pub receipts: String,
    /// How old they are; it stays here unless [`Self::tell_age`].
    pub age: Option<AgeBand>,
    /// The readers are told the age.
    pub tell_age: bool,
    /// The country whose help is shown, ISO 3166-1 alpha-2; never sent.
    pub country: String,
    /// What was found in the texts that could point to somebody.
    pub privacy: Privacy,
    /// What the channel asks beside and what the host vouches for, read when the later part is there.
    pub asked: Option<Box<Asked>>,
    /// The later part is there.
    pub whole: bool,
    /// The line that is open under the text: one at a time, and what stands in the others stays.
    pub line: Option<Line>,
    /// The group of categories that is open.
    pub group: Option<CategoryGroup>,
    /// What is searched among the categories.
    pub query: String,
    /// Pictures, files and links.
    pub evidence: Evidence,
    /// The person has paused sending.
    pub paused: bool,
    /// The server alerts people at once.
    pub urgent: bool,
    /// What has to be put right on this screen.
    pub faults: Vec<FormFault>,
    /// How far sending is.
    pub sending: Sending,
    /// Receipts of a group that were given already, while the others are on their way.
    pub given: Given,
    /// Once it was sent.
    pub sent: Option<Sent>,
    /// Once a record was sealed: its code.
    pub record: Option<Record>,
    /// A question is asked before something is lost.
    pub asking: Option<Question>,
    /// Wiped and gone: the page shows nothing, or that it is over.
    pub gone: Option<Gone>,
    /// What stays, and for how long.
    pub keep: Keep,
    /// Reports that were sealed and wait on the device.
    pub shelf: Shelf,
    shifts: exit::Shifts,
    /// That harm be put right was asked for on this screen: a part of the form that was not there before.
    remedy_opened: bool,
    /// What the page has to do, until [`update`] hands it out.
    effects: Vec<Effect>,
}

/// What a product offers about the place where the button was pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offered {
    /// What the report is about.
    pub subject: Option<OfferedSubject>,
    /// Names and values; no name twice.
    pub context: Vec<(String, String)>,
    /// What the host vouches for, signed: see `recourse_domain::context_token`. Empty for none.
    pub token: String,
    /// What it says; empty until it was read, and where it was refused.
    pub claims: Vec<Claim>,
}

/// An item of the product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferedSubject {
    /// What it is, in the product's words: `message`.
    pub kind: String,
    /// Its id in the product.
    pub id: String,
    /// Its name for people.
    pub label: String,
}

/// A line that a chip opens under the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// When it happened.
    When,
    /// Who is affected.
    Who,
    /// Where in the product.
    Where,
}

/// How far sending is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sending {
    /// Nothing has left the device.
    #[default]
    Idle,
    /// Under way.
    Busy(Option<Progress>),
    /// It did not work; nothing is lost.
    Failed(Trouble),
    /// The channel changed meanwhile and is read anew: who reads has to be seen again before sending.
    Renewing,
    /// It was read anew.
    Renewed,
}

/// Why sending did not work, by what the person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The server cannot be reached.
    Network,
    /// The person did not wait for that any longer.
    Stopped,
    /// A report that waited cannot be sent any more as it was sealed: the channel has changed, or what lay there is damaged.
    Stale,
    /// It is not there any more.
    Gone,
    /// The server is busy for longer than sending waits by itself; in so many minutes.
    Later(u32),
    /// The server gave a problem of that slug (`too-large`); the texts are under `problem.`.
    Problem(&'static str),
    /// That file cannot be read any more.
    File(u32),
    /// The server's signature does not hold.
    Acknowledgement,
    /// Anything else.
    Unexpected,
}

/// What was sent so far of a report that each member of a group gets a receipt for: one report after the other, each with a case and a
/// code of its own. The server cannot tell that they belong together; the later ones name the case of the first inside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The first, and the codes of the others so far.
    pub first: Option<Box<Sent>>,
    now: Option<Timestamp>,
    language: String,
}

/// A record on the person's own device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The code that opens it.
    pub code: String,
    /// The file was handed over.
    pub saved: bool,
}

/// After sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// The code in groups of four.
    pub receipt: String,
    /// Text of the acknowledgement file.
    pub acknowledgement_file: String,
    /// What happens next.
    pub due: Vec<DueDate>,
    /// The case, for the others of a group.
    pub case: String,
    /// Codes for the other members of a group.
    pub others: Vec<String>,
    /// Codes that were wanted and could not be made.
    pub missing: u32,
    /// The last group as typed, to see that the code was kept.
    pub typed: String,
    /// Whether it was right.
    pub kept: Option<bool>,
    /// The code was put on the clipboard.
    pub copied: Option<bool>,
    /// It is not sent yet, and waits on this device.
    pub waits: Option<Waiting>,
}

/// A question before something is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Leave without sending.
    Unsent,
    /// Leave without having kept the code.
    CodeNotKept,
    /// Delete the report of that number that waits on the device.
    Waiting(u32),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// By quick exit: a blank page.
    Left,
    /// Closed by the person, sent or not: told alike.
    Closed,
    /// The same, and a report waits on the device.
    Waiting,
}

/// What happens to the form.
#[derive(Debug, Clone)]
pub enum Msg {
    /// The later part is there; the page's channel and clock.
    Whole {
        /// The channel's name in addresses.
        channel: String,
        /// The page's clock.
        now: Timestamp,
    },
    /// The manifest was checked.
    ChannelChecked(Box<OpenChannel>),
    /// It cannot be had or does not hold.
    ChannelShut(Shut),
    /// The product offered something.
    Offered(Offered),

    /// A door was chosen.
    Door(Purpose),
    /// On to the next screen, if this one is in order.
    Next,
    /// Back to the one before.
    Back,
    /// To that screen.
    GoTo(Step),
    /// To that screen from the check, and back to it by *Continue*.
    Change(Step),
    /// To a field named in the error summary.
    GoToField(String),
    /// A field was changed.
    Edit(Edit),
    /// A part was taken out on the check.
    Remove(Part),
    /// One answer of it was taken out.
    RemoveDetail(Detail),
    /// One of the names that the host offered was taken out, by its place.
    RemoveContext(usize),

    /// A finding is covered, by its place in [`Privacy::spots`].
    Cover(usize),
    /// It stays as it is.
    Keep(usize),
    /// All in a text are covered.
    CoverAll(FreeText),
    /// The text is as it was before the last covering.
    Uncover(FreeText),

    /// Files were chosen; their numbers are the page's.
    AddFiles(Vec<NewFile>),
    /// Something else happens to the evidence.
    Evidence(EvidenceAct),
    /// Sending is to pause, or to go on.
    Pause(bool),

    /// Send.
    Send {
        /// The page's clock.
        now: Timestamp,
        /// BCP 47 tag of the language that the form is in.
        language: String,
    },
    /// The engine is so far.
    Progress(Progress),
    /// The server has it.
    SendDone(Box<Sent>),
    /// The record is sealed; its code.
    Recorded(String),
    /// Its file was handed over.
    RecordSaved,
    /// It did not work.
    SendFailed(Trouble),
    /// The channel changed while the person wrote.
    ChannelChanged,

    /// What was typed of the code's last group.
    CodeTyped(String),
    /// Compare it.
    CodeCheck,
    /// Put the code on the clipboard.
    CodeCopy,
    /// That worked, or not.
    CodeCopied(bool),

    /// A key was pressed: Shift or another, at so many milliseconds of any clock that rises.
    Key {
        /// It was Shift.
        shift: bool,
        /// When.
        at_ms: f64,
    },
    /// Something happens to what is kept.
    Keeping(KeepAct),
    /// Something happens to what waits on the device.
    Shelf(ShelfAct),
    /// Leave this page: wipes at once.
    QuickExit,
    /// Close was pressed, or the host asks to close.
    Close,
    /// Yes, leave.
    LeaveConfirmed,
    /// No, stay.
    LeaveCancelled,
    /// Finished, on the last screen.
    Done,
}

/// A change of a field.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is the field of its name")]
pub enum Edit {
    ReaderInvolved(Answer),
    Identity(Identity),
    ContactName(String),
    ContactReach(String),
    ShareIdentity(ShareIdentity),
    ShareContent(ShareContent),
    LawEnforcement(LawEnforcement),
    Query(String),
    Group(Option<CategoryGroup>),
    Category(Category),
    AlsoCategory(Category),
    Relationship(Relationship),
    Age(AgeBand),
    TellAge(bool),
    SubjectKind(SubjectKind),
    SubjectName(String),
    Sector(Sector),
    /// What is searched in the list of customers.
    CustomerQuery(String),
    /// One of them by its place, or none: it is not in the list.
    Customer(Option<usize>),
    Item(String),
    UseCase(String),
    Market(String),
    Undone(Answer),
    Country(String),
    Reasons(String),
    GoodFaith(bool),
    ChildNotice(bool),
    Decision(String),
    OwnName(String),
    OwnHandle(String),
    KeepToken(bool),
    Receipts(String),
    /// Of a question of the channel, by its place.
    Answer(usize, String),
    /// An option of one, by their places.
    Option(usize, usize),
    WhatHappened(String),
    /// Opens a line, or closes it if it is the open one.
    OpenLine(Line),
    /// Takes out all that stands in a line.
    EmptyLine(Line),
    When(When),
    HowMany(String),
    Affected(AffectedGroup),
    Feature(String),
    Url(String),
    Danger(Answer),
    Retaliation(Answer),
    AlsoRemedy(bool),
    Harm(String),
    Remedy(Remedy),
    MayTellDataHolder(bool),
    SpeaksForOthers(bool),
    RepresentedHowMany(String),
    RepresentedKnow(Answer),
    Under18(Answer),
    Urgent(bool),
}

/// What the page has to do.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Move the focus to the element of that id; `step-heading` begins a new screen, `error-summary` says what is wrong.
    Focus(&'static str),
    /// The same, for a field.
    FocusField(String),
    /// Let go of files: no longer wanted, or never taken.
    DropFiles(Vec<u32>),
    /// Have the engine seal and send it: the request as JSON, to go with all files in the order of the state.
    Send(String),
    /// The same without files: another receipt for the report that has them.
    SendBare(String),
    /// The same with the sealed files of the report that waited.
    SendSealed(String),
    /// Have the engine give the sending up for now.
    Stop,
    /// Do something to the evidence that only a page can.
    Evidence(Task),
    /// Have the engine pause its uploads, or go on.
    Pause(bool),
    /// Fetch and check the manifest again.
    FetchChannel,
    /// Something for what is kept.
    Keeping(KeepTask),
    /// Something for what waits on the device.
    Shelf(ShelfTask),
    /// Put a text on the clipboard, and tell with `CodeCopied`.
    Copy(String),
    /// Blank the page, end the engine, leave.
    Leave,
    /// End the engine and close the form.
    Close,
}

impl Line {
    /// All of them, in their order on the screen.
    pub const ALL: [Self; 3] = [Self::When, Self::Who, Self::Where];

    /// The name used in ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::When => "when",
            Self::Who => "who",
            Self::Where => "where",
        }
    }
}

impl State {
    /// The screen after this one.
    pub fn next(&self) -> Option<Step> {
        self.step.next(self.seeks_remedy())
    }

    /// The screen before it.
    pub fn back(&self) -> Option<Step> {
        self.step.back(self.seeks_remedy())
    }

    /// The channel, once it is there.
    pub fn open(&self) -> Option<&OpenChannel> {
        match &self.channel {
            Channel::Open(channel) => Some(channel),
            Channel::Loading | Channel::Shut(_) => None,
        }
    }

    /// The channel's limits; the defaults while it loads.
    pub fn limits(&self) -> Limits {
        self.open().map_or_else(Limits::default, |channel| channel.limits)
    }

    /// Who will read it as things stand: the group that the answers ask for, or the team where the channel has none of that kind.
    pub fn readers(&self) -> Option<&Readers> {
        let channel = self.open()?;
        let next = if self.draft.is_child_safety() { GroupKind::Restricted } else { GroupKind::Team };
        let group = channel.group(self.draft.readers()).or_else(|| channel.group(next));
        group.or_else(|| channel.group(GroupKind::Team))
    }

    /// Whether a law's notice or the wish for a record stays what it is at the doors.
    pub fn purpose_is(&self, purpose: Purpose) -> bool {
        self.draft.purpose == Some(purpose)
    }

    /// Whether the person never used the product.
    pub fn never_used(&self) -> bool {
        self.draft.relationships.contains(&Relationship::NonUser)
    }

    /// The answers ask for a group that this channel does not have.
    pub fn lacks_readers(&self) -> bool {
        self.open().is_some_and(|channel| channel.group(self.draft.readers()).is_none())
    }

    /// Whether remedy is asked for.
    pub fn seeks_remedy(&self) -> bool {
        self.draft.purpose.is_some_and(Purpose::seeks_remedy)
    }

    /// Whether the person could mind losing what is here.
    pub fn has_words(&self) -> bool {
        let texts = [
            &self.draft.what_happened,
            &self.draft.harm,
            &self.draft.subject.feature,
            &self.contact_name,
            &self.contact_reach,
            &self.url,
            &self.how_many,
            &self.subject_name,
            &self.item,
            &self.draft.subject.use_case,
            self.draft.notice.as_ref().map_or(&self.url, |notice| &notice.reasons),
            self.draft.appeal.as_ref().map_or(&self.url, |appeal| &appeal.decision),
        ];
        self.sent.is_none()
            && (texts.iter().any(|text| !text.trim().is_empty())
                || !self.evidence.files.is_empty()
                || self.draft.category.is_some()
                || self.draft.answers.iter().any(|answer| !answer.value.is_empty()))
    }

    /// Whether the form can be asked to send.
    pub fn can_send(&self) -> bool {
        matches!(self.sending, Sending::Idle | Sending::Failed(_) | Sending::Renewed) && self.sent.is_none()
    }

    /// Whether a file could be a picture or film that shows people.
    pub fn has_pictures(&self) -> bool {
        self.evidence.has_pictures()
    }
}
