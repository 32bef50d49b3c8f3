//! The follow-up page as a state machine: `(state, message) → effects`. The code stays in memory and goes nowhere but into the engine; what
//! it opens never repeats the report.

pub mod case;
pub mod evidence;
#[cfg(test)]
mod tests;

use recourse_domain::ids::ChannelId;
use recourse_domain::report::{Answer as YesNo, Remedy};
use recourse_domain::time::Timestamp;
use recourse_wire::engine::{Answer, Failure, Progress, ReceiptFault, Request};
use recourse_wire::problem::ProblemKind;

pub use self::case::{Act, Asking, Coming, Done, OwnCase, Standing};
pub use self::evidence::More;
pub use crate::evidence::{EvidenceAct, NewFile, Task};
pub use recourse_domain::content::Degree;

use crate::intake::exit::Shifts;

/// How often an act is signed anew for a later place, because somebody else was faster, before the person is asked.
const TRIES: u8 = 3;

/// The page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Whose channel, from the address.
    channel: ChannelId,
    /// The device's clock at the last tick.
    pub now: Timestamp,
    /// The engine takes calls.
    engine: bool,
    /// What stands in the field; empty once a case is open.
    pub code: String,
    /// Where the page stands.
    pub phase: Phase,
    /// What did not work, until the next act.
    pub trouble: Option<Trouble>,
    shifts: Shifts,
}

/// Where the page stands.
#[derive(Debug, Clone)]
pub enum Phase {
    /// Asking for the code.
    Code {
        /// It is being looked at.
        busy: bool,
    },
    /// The case is open.
    Case(Box<OwnCase>),
}

/// What did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The code has a slip; nothing was sent.
    Code(ReceiptFault),
    /// The code is complete and opens nothing here.
    UnknownCode,
    /// Something came in while the person wrote that may change what they want: it is on the page now, nothing typed is lost.
    CaseChanged,
    /// A call failed.
    Failed(Failure),
    /// The engine could not start, or broke: nothing works but loading the page anew.
    EngineBroken,
}

/// What a call was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Checking the code on the device.
    Check,
    /// Opening the case.
    Open,
    /// Reading it anew.
    Reload,
    /// Reading it anew after somebody else was faster.
    Reread,
    /// Doing something as the reporter.
    Act(Act),
    /// Forgetting.
    Forget,
}

/// What the world has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the engine. Beside an act go the files that it names.
    Ask(Tag, Request),
    /// Move the focus.
    Focus(Target),
    /// The same, to the element of that id.
    FocusField(String),
    /// Let go of files.
    DropFiles(Vec<u32>),
    /// Do something to the evidence that only a page can.
    Evidence(Task),
    /// Have the engine pause its uploads, or go on.
    Pause(bool),
    /// Save what the page shows on the device.
    Save,
    /// Blank the page, end the engine, put another page in place.
    Leave,
}

/// Where the focus goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Target {
    Code,
    Title,
    Trouble,
    Asking,
    Question(Act),
    Status,
    Flaws,
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
    /// The code was typed or pasted.
    Code(String),
    /// The code came with a link, behind the `#` that no server gets.
    Link(String),
    /// Open it.
    Open,
    /// The engine answered.
    Answered(Tag, Answer),
    /// The engine could not.
    Failed(Tag, Failure),
    /// A sending moves.
    Progress(Progress),
    /// Words for an act were typed.
    Text(Act, String),
    /// Do it: sign and send.
    Send(Act),
    /// Ask before something is done, or don't.
    Ask(Option<Asking>),
    /// Whether a remedy offered is wanted.
    Offer(Remedy, bool),
    /// Whether a remedy was delivered.
    Delivered(Remedy, bool),
    /// Whether they were listened to.
    Heard(Degree),
    /// Whether it was fair.
    Fair(Degree),
    /// Answer a question anew that was answered.
    Again(Act),
    /// Files were chosen.
    AddFiles(Vec<NewFile>),
    /// Something else happens to what is to be added.
    Evidence(EvidenceAct),
    /// Sending is to pause, or to go on.
    Pause(bool),
    /// To a field that has to be put right.
    GoToField(String),
    /// Whether somebody in a picture could be under 18.
    Under18(YesNo),
    /// Save what the page shows.
    Save,
    /// Read the case anew.
    Reload,
    /// Forget the code and what it opened; asks first where something was typed and not sent.
    Close,
    /// Quick exit.
    Leave,
    /// A key was pressed, at so many milliseconds of any clock that rises: Shift three times leaves.
    Key {
        /// It was Shift.
        shift: bool,
        /// When.
        at_ms: f64,
    },
}

impl Page {
    /// The page of a channel, before the engine is there.
    pub fn new(channel: ChannelId, now: Timestamp) -> Self {
        Self {
            channel,
            now,
            engine: false,
            code: String::new(),
            phase: Phase::Code { busy: false },
            trouble: None,
            shifts: Shifts::default(),
        }
    }

    /// Whether something was typed or chosen that would be lost with the page.
    pub fn has_unsent(&self) -> bool {
        matches!(&self.phase, Phase::Case(case) if case.has_unsent())
    }

    /// Takes a message.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match (msg, &mut self.phase) {
            (Msg::EngineReady, phase) => {
                self.engine = true;
                // Somebody was quicker than the engine.
                if matches!(phase, Phase::Code { busy: true }) { self.check() } else { Vec::new() }
            }
            (Msg::Tick(now), _) => {
                self.now = now;
                Vec::new()
            }
            (Msg::Leave, _) => self.leave(),
            (Msg::Key { shift, at_ms }, _) => {
                if self.shifts.press(shift, at_ms) {
                    self.leave()
                } else {
                    Vec::new()
                }
            }
            (Msg::EngineBroken, phase) => {
                self.engine = false;
                match phase {
                    Phase::Code { busy } => *busy = false,
                    Phase::Case(case) => case.stopped(),
                }
                self.trouble = Some(Trouble::EngineBroken);
                Vec::new()
            }
            (Msg::Close, Phase::Case(case)) if case.has_unsent() && case.asking != Some(Asking::Close) => {
                case.asking = Some(Asking::Close);
                vec![Effect::Focus(Target::Asking)]
            }
            (Msg::Close, _) => {
                self.forget();
                vec![Effect::Ask(Tag::Forget, Request::Forget), Effect::Focus(Target::Code)]
            }
            (Msg::Link(code), _) => {
                // Another code must not take the place of what somebody is writing.
                if self.has_unsent() || matches!(self.phase, Phase::Code { busy: true }) {
                    return Vec::new();
                }
                self.forget();
                self.code = code;
                self.begin()
            }
            (Msg::Code(code), Phase::Code { busy: false }) => {
                self.code = code;
                self.trouble = None;
                Vec::new()
            }
            (Msg::Open, Phase::Code { busy: false }) => self.begin(),
            (Msg::Answered(tag, answer), _) => self.answered(tag, answer),
            (Msg::Failed(tag, failure), _) => self.failed(tag, failure),
            (msg, Phase::Case(case)) => {
                if matches!(msg, Msg::Send(_) | Msg::Reload | Msg::Save) {
                    self.trouble = None;
                }
                case.update(msg, self.now)
            }
            (_, Phase::Code { .. }) => Vec::new(),
        }
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.forget();
        vec![Effect::Leave]
    }

    fn begin(&mut self) -> Vec<Effect> {
        self.phase = Phase::Code { busy: true };
        self.trouble = None;
        if self.engine { self.check() } else { Vec::new() }
    }

    fn check(&self) -> Vec<Effect> {
        vec![Effect::Ask(Tag::Check, Request::CheckReceipt { code: self.code.clone() })]
    }

    fn forget(&mut self) {
        self.code.clear();
        self.trouble = None;
        self.phase = Phase::Code { busy: false };
    }

    fn answered(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        match (tag, answer, &mut self.phase) {
            (Tag::Check, Answer::ReceiptChecked { code }, Phase::Code { busy: true }) => {
                self.code = code.clone();
                let (channel, now) = (self.channel.clone(), self.now);
                vec![Effect::Ask(Tag::Open, Request::OpenReceipt { channel, code, pinned_root: None, now })]
            }
            (Tag::Open, Answer::OwnCase(view), Phase::Code { busy: true }) => {
                // From now on the engine alone has it.
                self.code.clear();
                self.phase = Phase::Case(Box::new(OwnCase::new(*view)));
                vec![Effect::Focus(Target::Title)]
            }
            (Tag::Reload, Answer::OwnCase(view), Phase::Case(case)) => {
                case.take(*view, self.now);
                case.stopped();
                case.done = Some(Done::Reloaded);
                Vec::new()
            }
            (Tag::Reread, Answer::OwnCase(view), Phase::Case(case)) => match case.resume(*view, self.now) {
                Some(effect) => vec![effect],
                None => self.show(Trouble::CaseChanged),
            },
            (Tag::Act(act), Answer::OwnCase(view), Phase::Case(case)) => {
                let dropped = case.finished(act);
                case.take(*view, self.now);
                let mut effects = vec![Effect::Focus(Target::Status)];
                if !dropped.is_empty() {
                    effects.push(Effect::DropFiles(dropped));
                }
                effects
            }
            _ => Vec::new(),
        }
    }

    fn failed(&mut self, tag: Tag, failure: Failure) -> Vec<Effect> {
        let kind = match &failure {
            Failure::Problem { problem } => problem.kind(),
            _ => None,
        };
        match &mut self.phase {
            Phase::Code { busy } => *busy = false,
            Phase::Case(case) => {
                use ProblemKind::{CaseChanged, InvalidTransition, OldManifest, UnknownRecipient};
                // Signed for a place that is taken, or under a manifest that was replaced: read anew, sign anew, send again.
                let is_stale = matches!(kind, Some(CaseChanged | InvalidTransition | OldManifest | UnknownRecipient));
                if matches!(tag, Tag::Act(_)) && is_stale && case.may_try_again() {
                    return vec![Effect::Ask(Tag::Reread, Request::Reread { now: self.now })];
                }
                case.stopped();
            }
        }
        self.show(match failure {
            Failure::Receipt { fault } => Trouble::Code(fault),
            _ if kind == Some(ProblemKind::UnknownCase) => Trouble::UnknownCode,
            _ if kind == Some(ProblemKind::CaseChanged) => Trouble::CaseChanged,
            failure => Trouble::Failed(failure),
        })
    }

    fn show(&mut self, trouble: Trouble) -> Vec<Effect> {
        self.trouble = Some(trouble);
        vec![Effect::Focus(if matches!(self.phase, Phase::Code { .. }) { Target::Code } else { Target::Trouble })]
    }
}
