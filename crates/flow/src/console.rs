//! The reviewer console as a state machine: `(state, message) → effects`. It knows no DOM, clock or network; the component that drives it
//! asks the engine, moves the focus and tells the time.

pub mod case;
pub mod message;
pub mod picture;
pub mod queue;
pub mod quote;
pub mod rights;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use recourse_domain::channel::Manifest;
use recourse_domain::ids::{CaseId, ChannelId};
use recourse_domain::lifecycle::CaseState;
use recourse_domain::time::Timestamp;
use recourse_wire::console::Reviewer;
use recourse_wire::problem::ProblemKind;
use recourse_wire::reviewing::{Answer, Failure, Request};

pub use self::case::{Act, Attachment, Dock, Drafts, OpenCase, Tab};
pub use self::message::{Draft, Effect, Key, Msg, Tag, Target};
pub use self::picture::Picture;
pub use self::queue::{Deadline, Pile, Queue, SavedSearch, Use};

/// The console.
#[derive(Debug, Clone)]
pub struct Console {
    /// The console's own origin, which signing in signs.
    origin: String,
    /// Where it stands.
    pub phase: Phase,
    /// The time of the last tick.
    pub now: Timestamp,
    /// Something went wrong. Stays until it is dismissed or the next act.
    pub alert: Option<Alert>,
    /// Something went well.
    pub status: Option<Status>,
    /// Single-key shortcuts are on. People who speak to their computer switch them off (WCAG 2.1.4).
    pub keys: bool,
    /// The sheet of keys is shown.
    pub sheet: bool,
    /// Unsent texts by case, and whose they are: they outlive the end of a session, not another person's signing in.
    drafts: BTreeMap<CaseId, Drafts>,
    drafts_of: Option<String>,
}

/// Where the console stands.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Phase {
    /// The engine loads.
    Starting,
    /// Nobody is signed in.
    SignedOut {
        /// A key file is being tried.
        busy: bool,
    },
    /// Somebody is.
    Desk(Box<Desk>),
}

/// What a signed-in reviewer has before them.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Who.
    pub me: Reviewer,
    /// Everybody, for names.
    pub reviewers: Vec<Reviewer>,
    /// The channels.
    pub manifests: Vec<Manifest>,
    /// Groups whose reports this person can open.
    pub groups: Vec<(ChannelId, String)>,
    /// The queue.
    pub queue: Queue,
    /// The case in the third column.
    pub open: Option<OpenCase>,
}

impl Desk {
    /// Name of a reviewer by signing key.
    pub fn name_of(&self, key: &str) -> Option<&str> {
        self.reviewers.iter().find(|reviewer| reviewer.key == key).map(|reviewer| reviewer.name.as_str())
    }

    /// The manifest of a channel.
    pub fn manifest(&self, channel: &ChannelId) -> Option<&Manifest> {
        self.manifests.iter().find(|manifest| manifest.channel == *channel)
    }
}

/// What went wrong, in words of the locale file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// A call failed.
    Failed(Failure),
    /// Somebody else was faster: the case has been read anew, nothing typed is lost, nothing was sent.
    CaseChanged,
    /// The session ended; unsent texts are kept.
    SessionEnded,
    /// The key file cannot be read from the disk.
    FileUnreadable,
    /// The engine could not start, or broke: nothing works but loading the page anew.
    EngineBroken,
}

/// What went well.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is a sentence in the locale file")]
pub enum Status {
    Replied,
    Noted,
    Moved(CaseState),
    Claimed,
    Assigned,
    ContactOpened,
    SignedOut,
}

impl Console {
    /// A console of that origin, before the engine is there.
    pub fn new(origin: String, now: Timestamp) -> Self {
        Self {
            origin,
            phase: Phase::Starting,
            now,
            alert: None,
            status: None,
            keys: true,
            sheet: false,
            drafts: BTreeMap::new(),
            drafts_of: None,
        }
    }

    /// The unsent texts of a case.
    pub fn drafts(&self, case: CaseId) -> Drafts {
        self.drafts.get(&case).cloned().unwrap_or_default()
    }

    /// Takes a message. `label` gives what people call a category, for the filter.
    pub fn update(&mut self, msg: Msg, label: &dyn Fn(&str) -> String) -> Vec<Effect> {
        match msg {
            Msg::EngineReady => {
                if matches!(self.phase, Phase::Starting) {
                    self.phase = Phase::SignedOut { busy: false };
                }
                Vec::new()
            }
            Msg::Tick(now) => {
                self.now = now;
                Vec::new()
            }
            Msg::EngineBroken => {
                if matches!(self.phase, Phase::Starting) {
                    self.phase = Phase::SignedOut { busy: false };
                }
                self.alert = Some(Alert::EngineBroken);
                vec![Effect::Focus(Target::Alert)]
            }
            Msg::KeyFile(text) => self.sign_in(text),
            Msg::SignOut => {
                self.leave();
                self.drafts.clear();
                self.status = Some(Status::SignedOut);
                vec![
                    Effect::Ask(Tag::SignOut, Request::SignOut),
                    Effect::DropAttachments,
                    Effect::Focus(Target::SignIn),
                ]
            }
            Msg::Answered(tag, answer) => self.answered(tag, answer),
            Msg::Failed(tag, failure) => self.failed(&tag, failure),
            Msg::Keys(on) => {
                self.keys = on;
                Vec::new()
            }
            Msg::Sheet(shown) => self.show_sheet(shown),
            Msg::Dismiss => {
                self.alert = None;
                Vec::new()
            }
            Msg::Key(key) => self.key(key, label),
            Msg::Arrow(key) => self.step(key == Key::Down, label),
            Msg::Draft(draft) => {
                self.draft(draft);
                Vec::new()
            }
            msg => match &mut self.phase {
                Phase::Desk(desk) => {
                    if matches!(msg, Msg::Confirm | Msg::Claim | Msg::Open(_) | Msg::Reload) {
                        self.alert = None;
                        self.status = None;
                    }
                    desk.update(msg, &self.drafts)
                }
                Phase::Starting | Phase::SignedOut { .. } => Vec::new(),
            },
        }
    }

    fn sign_in(&mut self, text: Option<String>) -> Vec<Effect> {
        if !matches!(self.phase, Phase::SignedOut { busy: false }) {
            return Vec::new();
        }
        self.status = None;
        let Some(key_file) = text else {
            self.alert = Some(Alert::FileUnreadable);
            return Vec::new();
        };
        self.alert = None;
        self.phase = Phase::SignedOut { busy: true };
        vec![Effect::Ask(Tag::SignIn, Request::SignIn { key_file, origin: self.origin.clone() })]
    }

    fn leave(&mut self) {
        self.phase = Phase::SignedOut { busy: false };
        self.sheet = false;
        self.alert = None;
        self.status = None;
    }

    fn answered(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        if let Answer::SignedIn { reviewer, reviewers, manifests, groups, .. } = answer {
            if self.drafts_of.as_ref() != Some(&reviewer.key) {
                self.drafts.clear();
                self.drafts_of = Some(reviewer.key.clone());
            }
            let mut queue = Queue::default();
            let query = queue.reload();
            self.phase = Phase::Desk(Box::new(Desk { me: reviewer, reviewers, manifests, groups, queue, open: None }));
            return vec![Effect::Ask(Tag::Page(Pile::Open), Request::ListCases { query })];
        }
        let Phase::Desk(desk) = &mut self.phase else { return Vec::new() };
        match (tag, answer) {
            (Tag::Page(pile), Answer::Queue { rows, next }) => {
                let query = desk.queue.take(pile, rows, next);
                query.map(|query| Effect::Ask(Tag::Page(pile), Request::ListCases { query })).into_iter().collect()
            }
            (Tag::Case(case), Answer::Case(view)) => {
                desk.queue.refresh(&view.summary);
                if let Some(open) = desk.open.as_mut().filter(|open| open.case == case) {
                    open.take(view);
                }
                Vec::new()
            }
            (Tag::Append(case, status), Answer::Case(view)) => {
                desk.queue.refresh(&view.summary);
                self.sent(case, status, Some(view))
            }
            (Tag::Contact(case), Answer::Contact(contact)) => {
                if let Some(open) = desk.open.as_mut().filter(|open| open.case == case) {
                    open.contact = Some(contact);
                }
                let mut effects = self.sent(case, Status::ContactOpened, None);
                // The release is an event of its own.
                effects.push(Effect::Ask(Tag::Case(case), Request::OpenCase { case }));
                effects
            }
            _ => Vec::new(),
        }
    }

    /// Something was stored: the text that it was made of may go.
    fn sent(
        &mut self,
        case: CaseId,
        status: Status,
        view: Option<Box<recourse_wire::reviewing::CaseView>>,
    ) -> Vec<Effect> {
        let drafts = self.drafts.entry(case).or_default();
        drafts.sent(&status);
        if drafts.is_empty() {
            self.drafts.remove(&case);
        }
        self.status = Some(status.clone());
        let Phase::Desk(desk) = &mut self.phase else { return Vec::new() };
        let Some(open) = desk.open.as_mut().filter(|open| open.case == case) else { return Vec::new() };
        open.busy = false;
        if status != Status::Claimed {
            open.dock = None;
        }
        if matches!(status, Status::Replied | Status::Noted) {
            open.tab = Tab::Dialogue;
        }
        if let Some(view) = view {
            open.take(view);
        }
        vec![Effect::Focus(Target::CaseTitle)]
    }

    fn failed(&mut self, tag: &Tag, failure: Failure) -> Vec<Effect> {
        let kind = match &failure {
            Failure::Problem { problem } => problem.kind(),
            _ => None,
        };
        match &mut self.phase {
            Phase::Desk(_) if kind == Some(ProblemKind::SignInRequired) => {
                self.leave();
                self.alert = Some(Alert::SessionEnded);
                return vec![
                    Effect::Ask(Tag::SignOut, Request::SignOut),
                    Effect::DropAttachments,
                    Effect::Focus(Target::SignIn),
                ];
            }
            // Forgetting is the engine's own doing and succeeded; only the server was not told.
            Phase::SignedOut { .. } if *tag == Tag::SignOut => return Vec::new(),
            Phase::SignedOut { busy } => *busy = false,
            Phase::Starting => {}
            Phase::Desk(desk) => {
                let mut open = desk.open.as_mut();
                match tag {
                    Tag::Page(_) => desk.queue.loading = false,
                    Tag::Case(case) => {
                        if let Some(open) = open.as_mut().filter(|open| open.case == *case) {
                            open.failed = open.view.is_none();
                        }
                    }
                    Tag::Append(case, _) | Tag::Contact(case) => {
                        if let Some(open) = open.as_mut().filter(|open| open.case == *case) {
                            open.busy = false;
                        }
                        if kind == Some(ProblemKind::CaseChanged) {
                            self.alert = Some(Alert::CaseChanged);
                            let reread = Effect::Ask(Tag::Case(*case), Request::OpenCase { case: *case });
                            return vec![reread, Effect::Focus(Target::Alert)];
                        }
                    }
                    Tag::Attachment(case, index) => {
                        if let Some(open) = open.as_mut().filter(|open| open.case == *case)
                            && let Some(attachment) = open.attachments.get_mut(*index)
                        {
                            *attachment = Attachment::Closed;
                        }
                    }
                    Tag::SignIn | Tag::SignOut => {}
                }
            }
        }
        self.status = None;
        self.alert = Some(Alert::Failed(failure));
        vec![Effect::Focus(Target::Alert)]
    }

    fn show_sheet(&mut self, shown: bool) -> Vec<Effect> {
        self.sheet = shown;
        if shown { vec![Effect::Focus(Target::Sheet)] } else { Vec::new() }
    }

    fn draft(&mut self, draft: Draft) {
        let Phase::Desk(desk) = &self.phase else { return };
        let Some(open) = &desk.open else { return };
        self.drafts.entry(open.case).or_default().change(draft);
    }

    /// To the next or previous row.
    fn step(&mut self, down: bool, label: &dyn Fn(&str) -> String) -> Vec<Effect> {
        let Phase::Desk(desk) = &mut self.phase else { return Vec::new() };
        let to = desk.queue.step(down, &desk.me.key, label);
        to.map(|case| Effect::Focus(Target::Row(case))).into_iter().collect()
    }

    fn key(&mut self, key: Key, label: &dyn Fn(&str) -> String) -> Vec<Effect> {
        if key != Key::Escape && !self.keys {
            return Vec::new();
        }
        if self.sheet {
            return if matches!(key, Key::Escape | Key::Help) { self.show_sheet(false) } else { Vec::new() };
        }
        let Phase::Desk(desk) = &self.phase else { return Vec::new() };
        let me = &desk.me.key;
        let view = desk.open.as_ref().and_then(|open| open.view.as_ref());
        let msg = match key {
            Key::Help => return self.show_sheet(true),
            Key::Search => return vec![Effect::Focus(Target::Filter)],
            Key::Down | Key::Up => return self.step(key == Key::Down, label),
            Key::Enter => desk.queue.current.map(Msg::Open),
            Key::Escape => match &desk.open {
                Some(OpenCase { menu: true, .. }) => Some(Msg::Menu(false)),
                Some(OpenCase { dock: Some(_), .. }) => Some(Msg::Dock(None)),
                Some(_) => Some(Msg::CloseCase),
                None => None,
            },
            Key::Claim => view
                .filter(|view| view.state.is_open() && view.summary.assignee.as_ref() != Some(me))
                .map(|_| Msg::Claim),
            Key::Assign => view.map(|_| Msg::Dock(Some(Dock::Assign))),
            Key::Reply => view.map(|_| Msg::Dock(Some(Dock::Reply))),
            Key::Note => view.map(|_| Msg::Dock(Some(Dock::Note))),
            Key::Decide => view
                .filter(|view| view.next.contains(&CaseState::Decided))
                .map(|_| Msg::Dock(Some(Dock::Step(CaseState::Decided)))),
        };
        msg.map(|msg| self.update(msg, label)).unwrap_or_default()
    }
}

impl Desk {
    fn update(&mut self, msg: Msg, drafts: &BTreeMap<CaseId, Drafts>) -> Vec<Effect> {
        match msg {
            Msg::Search(search) => {
                if self.queue.choose(search) {
                    return self.update(Msg::Reload, drafts);
                }
            }
            Msg::Filter(words) => {
                self.queue.filter = words;
                self.queue.current = None;
            }
            Msg::Reload => {
                let pile = self.queue.search.pile();
                let query = self.queue.reload();
                return vec![Effect::Ask(Tag::Page(pile), Request::ListCases { query })];
            }
            Msg::DrawMore => self.queue.draw_more(),
            Msg::Current(case) => self.queue.current = Some(case),
            Msg::Open(case) => {
                self.queue.current = Some(case);
                if self.open.as_ref().is_none_or(|open| open.case != case) {
                    self.open = Some(OpenCase::new(case));
                }
                let ask = Effect::Ask(Tag::Case(case), Request::OpenCase { case });
                return vec![Effect::DropAttachments, ask, Effect::Focus(Target::CaseTitle)];
            }
            Msg::CloseCase => {
                let Some(open) = self.open.take() else { return Vec::new() };
                return vec![Effect::DropAttachments, Effect::Focus(Target::Row(open.case))];
            }
            msg => return self.open.as_mut().map(|open| open.update(msg, &self.me.key, drafts)).unwrap_or_default(),
        }
        Vec::new()
    }
}
