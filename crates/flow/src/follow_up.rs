//! The follow-up page as a state machine: `(state, message) → effects`. The code stays in memory and goes nowhere but into the engine; what
//! it opens never repeats the report.

#[cfg(test)]
mod tests;

use recourse_domain::channel::Manifest;
use recourse_domain::content::ReporterContent;
use recourse_domain::ids::ChannelId;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::engine::{Answer, Failure, FollowUp, FollowUpWhat, ReceiptFault, Request};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::DueDate;

use crate::intake::exit::Shifts;

/// The page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Whose channel, from the address.
    channel: ChannelId,
    /// The device's clock at the last tick.
    pub now: Timestamp,
    /// The engine takes calls.
    engine: bool,
    /// What stands in the field.
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

/// An open case and what is being written.
#[derive(Debug, Clone)]
pub struct OwnCase {
    /// What the receipt opens.
    pub view: FollowUp,
    /// A message that was not sent.
    pub text: String,
    /// What to look at again, while a decision is contested.
    pub contest: String,
    /// Why, while it is taken back.
    pub withdrawal: String,
    /// What is being confirmed.
    pub asking: Option<Asking>,
    /// Something is on its way.
    pub busy: bool,
    /// What was done last.
    pub done: Option<Done>,
}

/// Acts that ask once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Asking {
    Contest,
    Withdraw,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is a sentence in the locale file")]
pub enum Done {
    Written,
    Contested,
    Withdrawn,
    Reloaded,
}

/// What did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The code has a slip; nothing was sent.
    Code(ReceiptFault),
    /// The code is complete and opens nothing here.
    UnknownCode,
    /// Something came in while the person wrote: it is on the page now, the text is kept.
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
    /// Writing.
    Act(Done),
    /// Forgetting.
    Forget,
}

/// What the world has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the engine.
    Ask(Tag, Request),
    /// Move the focus.
    Focus(Target),
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
    Status,
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
    /// Open it.
    Open,
    /// The engine answered.
    Answered(Tag, Answer),
    /// The engine could not.
    Failed(Tag, Failure),
    /// A message was typed.
    Text(String),
    /// A text beside an act that asks once more was typed.
    AskedText(String),
    /// Send the message.
    Send,
    /// Ask whether to do it, or don't.
    Ask(Option<Asking>),
    /// Do what was asked.
    Confirm,
    /// Read the case anew.
    Reload,
    /// Forget the code and what it opened.
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

/// What is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming {
    /// The state that ends the stage.
    pub state: CaseState,
    /// Until when.
    pub at: Timestamp,
    /// The day has passed.
    pub late: bool,
}

impl OwnCase {
    fn new(view: FollowUp) -> Self {
        Self {
            view,
            text: String::new(),
            contest: String::new(),
            withdrawal: String::new(),
            asking: None,
            busy: false,
            done: None,
        }
    }

    /// What comes, in order of time: dates of stages that were not reached. An ended case has none.
    pub fn coming(&self, now: Timestamp) -> Vec<Coming> {
        if !self.view.state.is_open() {
            return Vec::new();
        }
        let reached = |due: &&DueDate| {
            let moved = |what: &FollowUpWhat| matches!(what, FollowUpWhat::Moved { to, .. } if *to == due.state);
            due.state != self.view.state && !self.view.entries.iter().any(|entry| moved(&entry.what))
        };
        let mut coming: Vec<Coming> = self
            .view
            .due
            .iter()
            .filter(reached)
            .map(|due| Coming { state: due.state, at: due.at, late: due.late || now > due.at })
            .collect();
        coming.sort_by_key(|coming| coming.at);
        coming
    }

    /// What the channel says of a stage, in a language; empty where it says nothing.
    pub fn stage_text(&self, state: CaseState, language: &str) -> &str {
        let stage = self.view.manifest.stages.iter().find(|stage| stage.state == state);
        stage.map_or("", |stage| Manifest::text(&stage.text, language))
    }

    /// Whether the report can still be taken back.
    pub fn can_withdraw(&self) -> bool {
        self.view.state.next().contains(&CaseState::Withdrawn)
    }

    /// Whether there is a decision to contest.
    pub fn can_contest(&self) -> bool {
        self.view.state.next().contains(&CaseState::Appealed)
    }

    /// Whether a message can be written: to an erased case nobody answers.
    pub fn can_write(&self) -> bool {
        self.view.state != CaseState::Erased
    }

    fn act(&mut self, content: ReporterContent, done: Done) -> Vec<Effect> {
        self.busy = true;
        self.done = None;
        vec![Effect::Ask(Tag::Act(done), Request::Act { content })]
    }

    /// Takes the case as it was read anew; what was typed stays.
    fn take(&mut self, view: FollowUp) {
        self.view = view;
        self.busy = false;
        let gone = match self.asking {
            Some(Asking::Withdraw) => !self.can_withdraw(),
            Some(Asking::Contest) => !self.can_contest(),
            None => false,
        };
        if gone {
            self.asking = None;
        }
    }

    fn finished(&mut self, done: Done) {
        match done {
            Done::Written => self.text.clear(),
            Done::Contested => self.contest.clear(),
            Done::Withdrawn => self.withdrawal.clear(),
            Done::Reloaded => {}
        }
        if done != Done::Reloaded {
            self.asking = None;
        }
        self.done = Some(done);
    }
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
                    Phase::Case(case) => case.busy = false,
                }
                self.trouble = Some(Trouble::EngineBroken);
                Vec::new()
            }
            (Msg::Close, _) => {
                self.forget();
                vec![Effect::Ask(Tag::Forget, Request::Forget), Effect::Focus(Target::Code)]
            }
            (Msg::Code(code), Phase::Code { busy: false }) => {
                self.code = code;
                self.trouble = None;
                Vec::new()
            }
            (Msg::Open, Phase::Code { busy: busy @ false }) => {
                *busy = true;
                self.trouble = None;
                if self.engine { self.check() } else { Vec::new() }
            }
            (Msg::Answered(tag, answer), _) => self.answered(tag, answer),
            (Msg::Failed(tag, failure), _) => self.failed(tag, failure),
            (msg, Phase::Case(case)) => {
                if matches!(msg, Msg::Send | Msg::Confirm | Msg::Reload) {
                    self.trouble = None;
                }
                let reload = Self::open(&self.channel, &self.code, self.now);
                case.update(msg, reload)
            }
            (_, Phase::Code { .. }) => Vec::new(),
        }
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.forget();
        vec![Effect::Leave]
    }

    fn check(&self) -> Vec<Effect> {
        vec![Effect::Ask(Tag::Check, Request::CheckReceipt { code: self.code.clone() })]
    }

    fn open(channel: &ChannelId, code: &str, now: Timestamp) -> Request {
        Request::OpenReceipt { channel: channel.clone(), code: code.to_owned(), pinned_root: None, now }
    }

    fn forget(&mut self) {
        self.code.clear();
        self.trouble = None;
        self.phase = Phase::Code { busy: false };
    }

    fn answered(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        match (tag, answer, &mut self.phase) {
            (Tag::Check, Answer::ReceiptChecked { code }, Phase::Code { busy: true }) => {
                self.code = code;
                vec![Effect::Ask(Tag::Open, Self::open(&self.channel, &self.code, self.now))]
            }
            (Tag::Open, Answer::OwnCase(view), Phase::Code { busy: true }) => {
                self.phase = Phase::Case(Box::new(OwnCase::new(*view)));
                vec![Effect::Focus(Target::Title)]
            }
            (Tag::Reload, Answer::OwnCase(view), Phase::Case(case)) => {
                case.take(*view);
                case.finished(Done::Reloaded);
                Vec::new()
            }
            (Tag::Reread, Answer::OwnCase(view), Phase::Case(case)) => {
                case.take(*view);
                Vec::new()
            }
            (Tag::Act(done), Answer::OwnCase(view), Phase::Case(case)) => {
                case.take(*view);
                case.finished(done);
                vec![Effect::Focus(Target::Status)]
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
                case.busy = false;
                if matches!(tag, Tag::Act(_)) && kind == Some(ProblemKind::CaseChanged) {
                    case.busy = true;
                    self.trouble = Some(Trouble::CaseChanged);
                    let reread = Effect::Ask(Tag::Reread, Self::open(&self.channel, &self.code, self.now));
                    return vec![reread, Effect::Focus(Target::Trouble)];
                }
            }
        }
        self.trouble = Some(match failure {
            Failure::Receipt { fault } => Trouble::Code(fault),
            _ if kind == Some(ProblemKind::UnknownCase) => Trouble::UnknownCode,
            failure => Trouble::Failed(failure),
        });
        vec![Effect::Focus(if matches!(self.phase, Phase::Code { .. }) { Target::Code } else { Target::Trouble })]
    }
}

impl OwnCase {
    fn update(&mut self, msg: Msg, reload: Request) -> Vec<Effect> {
        let trimmed = |text: &str| text.trim().to_owned();
        match msg {
            Msg::Text(text) => {
                self.text = text;
                self.done = None;
            }
            Msg::AskedText(text) => match self.asking {
                Some(Asking::Contest) => self.contest = text,
                Some(Asking::Withdraw) => self.withdrawal = text,
                None => {}
            },
            Msg::Send if !self.busy && self.can_write() && !self.text.trim().is_empty() => {
                return self.act(ReporterContent::Message { text: trimmed(&self.text) }, Done::Written);
            }
            Msg::Ask(asking) => {
                self.asking = asking;
                return vec![Effect::Focus(if asking.is_some() { Target::Asking } else { Target::Title })];
            }
            Msg::Confirm if !self.busy => match self.asking {
                Some(Asking::Contest) if self.can_contest() => {
                    return self.act(ReporterContent::Contested { text: trimmed(&self.contest) }, Done::Contested);
                }
                Some(Asking::Withdraw) if self.can_withdraw() => {
                    return self.act(ReporterContent::Withdrawn { text: trimmed(&self.withdrawal) }, Done::Withdrawn);
                }
                _ => {}
            },
            Msg::Reload if !self.busy => {
                self.busy = true;
                self.done = None;
                return vec![Effect::Ask(Tag::Reload, reload)];
            }
            _ => {}
        }
        Vec::new()
    }
}
