//! An open case: what it says, what its reporter can do now, and what they are about to send.

use std::collections::BTreeMap;

use recourse_domain::channel::Manifest;
use recourse_domain::clocks::{Span, clock};
use recourse_domain::content::{Degree, RemedyAnswer, ReporterContent};
use recourse_domain::event::ActKind;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_domain::time::Timestamp;
use recourse_wire::engine::{FollowUp, FollowUpEntry, FollowUpWhat, Request};
use recourse_wire::reporter::DueDate;

use super::{Effect, EvidenceAct, More, Msg, TRIES, Tag, Target, Task};

/// What a reporter can do; each is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Act {
    Message,
    Evidence,
    Accept,
    Contest,
    /// Answer which remedies offered are wanted.
    Offer,
    /// Answer whether remedies were delivered.
    Delivered,
    Withdraw,
    Feedback,
}

impl Act {
    /// The kind that is signed.
    pub const fn kind(self) -> ActKind {
        match self {
            Self::Message => ActKind::Message,
            Self::Evidence => ActKind::EvidenceAdded,
            Self::Accept => ActKind::DecisionAccepted,
            Self::Contest => ActKind::Contested,
            Self::Offer => ActKind::RemedyAnswered,
            Self::Delivered => ActKind::RemedyConfirmed,
            Self::Withdraw => ActKind::Withdrawn,
            Self::Feedback => ActKind::Feedback,
        }
    }

    /// Whether it means the same whatever came in meanwhile. The others answer something: a newer decision may change the answer.
    const fn stands_alone(self) -> bool {
        matches!(self, Self::Message | Self::Evidence | Self::Feedback)
    }
}

/// What is asked before something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// An act: to accept, contest, add evidence or withdraw.
    Act(Act),
    /// Saving what the page shows.
    Save,
    /// Closing while something was not sent.
    Close,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is a sentence in the locale file")]
pub enum Done {
    Sent(Act),
    Saved,
    Reloaded,
}

/// Whether an act still means what it meant to somebody who saw the case as it was before: on a page without script, which hears of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Holds,
    /// The same kind of thing was done since. It may be this very page, sent twice.
    Repeated,
    /// Something came in since that may change what they want.
    Changed,
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

/// An act on its way.
#[derive(Debug, Clone)]
struct Sending {
    act: Act,
    request: Request,
    /// What the person saw when they pressed.
    seen: Vec<FollowUpEntry>,
    tries: u8,
}

/// An open case and what is being written.
#[derive(Debug, Clone)]
pub struct OwnCase {
    /// What the receipt opens.
    pub view: FollowUp,
    texts: BTreeMap<Act, String>,
    /// Files that were not sent.
    pub more: More,
    /// Which remedies offered are wanted.
    pub offers: BTreeMap<Remedy, bool>,
    /// Which remedies were delivered.
    pub delivered: BTreeMap<Remedy, bool>,
    /// Whether they were listened to.
    pub heard: Option<Degree>,
    /// Whether it was fair.
    pub fair: Option<Degree>,
    /// What is asked before it is done.
    pub asking: Option<Asking>,
    /// A question that was answered and is answered anew.
    again: Option<Act>,
    /// Something is on its way.
    pub busy: bool,
    /// What was done last.
    pub done: Option<Done>,
    sending: Option<Sending>,
}

impl OwnCase {
    pub(super) fn new(view: FollowUp) -> Self {
        Self {
            view,
            texts: BTreeMap::new(),
            more: More::default(),
            offers: BTreeMap::new(),
            delivered: BTreeMap::new(),
            heard: None,
            fair: None,
            asking: None,
            again: None,
            busy: false,
            done: None,
            sending: None,
        }
    }

    /// The words for an act.
    pub fn text(&self, act: Act) -> &str {
        self.texts.get(&act).map_or("", String::as_str)
    }

    /// How many characters too many the words for an act have.
    pub fn excess(&self, act: Act) -> usize {
        self.text(act).trim().chars().count().saturating_sub(self.view.manifest.limits.text_chars as usize)
    }

    /// Whether something was typed or chosen that was not sent.
    pub fn has_unsent(&self) -> bool {
        self.texts.values().any(|text| !text.trim().is_empty())
            || !self.more.is_empty()
            || !self.offers.is_empty()
            || !self.delivered.is_empty()
            || self.heard.is_some()
            || self.fair.is_some()
    }

    /// What comes, in order of time: dates of stages that were not reached. An ended case has none.
    pub fn coming(&self, now: Timestamp) -> Vec<Coming> {
        if !self.view.state.is_open() {
            return Vec::new();
        }
        let reached = |due: &&DueDate| due.state != self.view.state && self.moved(|to| to == due.state).is_none();
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

    /// The last step into such a state that was told.
    fn moved(&self, into: impl Fn(CaseState) -> bool) -> Option<&FollowUpEntry> {
        let fits = |entry: &&FollowUpEntry| matches!(entry.what, FollowUpWhat::Moved { to, .. } if into(to));
        self.view.entries.iter().rev().find(fits)
    }

    /// When the reporter last did such a thing after that place.
    fn did(&self, act: Act, after: u64) -> Option<Timestamp> {
        let kind = act.kind();
        let fits = |entry: &&FollowUpEntry| entry.sequence > after && entry.what == FollowUpWhat::Wrote { act: kind };
        self.view.entries.iter().rev().find(fits).map(|entry| entry.at)
    }

    /// The decision that holds: the last one that was told.
    pub fn decision(&self) -> Option<&FollowUpEntry> {
        self.moved(|to| to == CaseState::Decided)
    }

    /// When the decision that holds was accepted.
    pub fn accepted(&self) -> Option<Timestamp> {
        self.did(Act::Accept, self.decision()?.sequence)
    }

    /// Until when the outcome can be contested, counted from the day on which it was told.
    pub fn contest_until(&self) -> Option<Timestamp> {
        use CaseState::{Appealed, Closed, Decided, OutOfScope, Spam};
        let outcome = self.moved(|to| matches!(to, Decided | OutOfScope | Spam));
        let outcome = outcome.or_else(|| self.moved(|to| to == Closed))?;
        match clock(Appealed, self.view.manifest.legal_profile, false)?.default {
            Span::Months(months) => Some(outcome.at.plus_months(months)),
            _ => None,
        }
    }

    /// Remedies that were offered and not yet called delivered, with the place of the last offer.
    pub fn offered(&self) -> (Vec<Remedy>, u64) {
        if !matches!(self.view.state, CaseState::Decided | CaseState::RemedyInProgress) {
            return (Vec::new(), 0);
        }
        self.offers_until(u64::MAX)
    }

    fn offers_until(&self, end: u64) -> (Vec<Remedy>, u64) {
        let (mut offers, mut place) = (Vec::new(), 0);
        for entry in self.view.entries.iter().take_while(|entry| entry.sequence < end) {
            let FollowUpWhat::Moved { to, remedies, .. } = &entry.what else { continue };
            if *to == CaseState::Decided {
                offers.clear();
            } else if *to != CaseState::RemedyInProgress {
                continue;
            }
            for remedy in remedies {
                if !offers.contains(remedy) {
                    offers.push(*remedy);
                    place = entry.sequence;
                }
            }
        }
        (offers, place)
    }

    /// Remedies that are said to be delivered, with the place where that was said. Where none is named it is all that were offered: which of
    /// them were declined is sealed to the readers.
    pub fn said_delivered(&self) -> (Vec<Remedy>, u64) {
        let step = self.moved(|to| to == CaseState::Remedied);
        let Some((entry, FollowUpWhat::Moved { remedies, .. })) = step.map(|entry| (entry, &entry.what)) else {
            return (Vec::new(), 0);
        };
        // A decision after it began anew.
        let is_over = self.decision().is_some_and(|decision| decision.sequence > entry.sequence);
        if is_over || !matches!(self.view.state, CaseState::Remedied | CaseState::Closed) {
            return (Vec::new(), 0);
        }
        let named = if remedies.is_empty() { self.offers_until(entry.sequence).0 } else { remedies.clone() };
        (named, entry.sequence)
    }

    /// When a question was answered, if it is not being answered anew.
    pub fn answered(&self, act: Act) -> Option<Timestamp> {
        let place = match act {
            Act::Offer => self.offered().1,
            Act::Delivered => self.said_delivered().1,
            Act::Feedback => self.moved(|to| !to.is_open())?.sequence,
            _ => return None,
        };
        self.did(act, place).filter(|_| self.again != Some(act))
    }

    /// Whether the case closed without a word of the reporter on what was delivered: not confirmed, and never verified.
    pub fn is_unconfirmed(&self) -> bool {
        let (delivered, place) = self.said_delivered();
        self.view.state == CaseState::Closed && !delivered.is_empty() && self.did(Act::Delivered, place).is_none()
    }

    /// Whether something can be done now.
    pub fn can(&self, act: Act, now: Timestamp) -> bool {
        use CaseState::{Appealed, Closed, Decided, Erased, Remedied, RemedyInProgress, Withdrawn};
        let state = self.view.state;
        match act {
            // To an erased case nobody answers.
            Act::Message => state != Erased,
            Act::Evidence => state != Erased && self.view.manifest.limits.attachments > 0,
            Act::Accept => {
                let settled = matches!(state, Decided | RemedyInProgress | Remedied | Closed);
                settled && self.decision().is_some() && self.accepted().is_none()
            }
            Act::Contest => state.next().contains(&Appealed) && self.contest_until().is_none_or(|until| now <= until),
            Act::Offer => !self.offered().0.is_empty(),
            Act::Delivered => !self.said_delivered().0.is_empty(),
            Act::Withdraw => state.next().contains(&Withdrawn),
            Act::Feedback => !state.is_open() && state != Erased,
        }
    }

    /// The place of the newest line: what somebody who looks at the case has seen.
    pub fn newest(&self) -> u64 {
        self.view.entries.last().map_or(0, |entry| entry.sequence)
    }

    /// Whether an act of somebody whose newest line was `seen` may be done for them now.
    pub fn standing(&self, act: Act, seen: u64) -> Standing {
        let mut since = self.view.entries.iter().filter(|entry| entry.sequence > seen);
        let (_, state) = act.kind().visible();
        let is_same = |entry: &FollowUpEntry| match entry.what {
            FollowUpWhat::Wrote { act: done } => done == act.kind(),
            FollowUpWhat::Moved { to, .. } => state == Some(to),
            _ => false,
        };
        if since.clone().any(is_same) {
            Standing::Repeated
        } else if act.stands_alone() || since.next().is_none() {
            Standing::Holds
        } else {
            Standing::Changed
        }
    }

    /// Every text that was typed or opened, for whoever has to wipe what they hold in memory.
    pub fn each_text(&mut self, mut take: impl FnMut(&mut String)) {
        self.texts.values_mut().for_each(&mut take);
        for entry in &mut self.view.entries {
            match &mut entry.what {
                FollowUpWhat::Reply { text, .. } => take(text),
                FollowUpWhat::Moved { reason: Some(reason), .. } => take(reason),
                _ => {}
            }
        }
    }

    /// Whether it can be done and there is something to send.
    pub fn is_ready(&self, act: Act, now: Timestamp) -> bool {
        let filled = !self.text(act).trim().is_empty();
        !self.busy
            && self.can(act, now)
            && self.excess(act) == 0
            && match act {
                Act::Message => filled,
                Act::Evidence => self.more.is_ready(),
                Act::Offer => !self.offers.is_empty(),
                Act::Delivered => !self.delivered.is_empty(),
                Act::Feedback => filled || self.heard.is_some() || self.fair.is_some(),
                Act::Accept | Act::Contest | Act::Withdraw => true,
            }
    }

    fn content(&self, act: Act) -> ReporterContent {
        let text = self.text(act).trim().to_owned();
        let answers = |given: &BTreeMap<Remedy, bool>| {
            given.iter().map(|(&remedy, &yes)| RemedyAnswer { remedy, yes }).collect::<Vec<_>>()
        };
        match act {
            Act::Message => ReporterContent::Message { text },
            Act::Evidence => ReporterContent::EvidenceAdded { text, evidence: Vec::new() },
            Act::Accept => ReporterContent::DecisionAccepted { text },
            Act::Contest => ReporterContent::Contested { text },
            Act::Offer => ReporterContent::RemedyAnswered { answers: answers(&self.offers), text },
            Act::Delivered => ReporterContent::RemedyConfirmed { answers: answers(&self.delivered), text },
            Act::Withdraw => ReporterContent::Withdrawn { text },
            Act::Feedback => ReporterContent::Feedback { heard: self.heard, fair: self.fair, text },
        }
    }

    fn send(&mut self, act: Act, now: Timestamp) -> Vec<Effect> {
        if !self.is_ready(act, now) {
            return Vec::new();
        }
        let mut effects = Vec::new();
        let mut files = Vec::new();
        if act == Act::Evidence {
            self.more.flaws = self.more.evidence.flaws();
            if !self.more.flaws.is_empty() {
                return vec![Effect::Focus(Target::Flaws)];
            }
            effects.extend(self.pause(false));
            files = self.more.outgoing();
        }
        self.busy = true;
        self.done = None;
        let request = Request::Act { content: self.content(act), files, now };
        self.sending = Some(Sending { act, request: request.clone(), seen: self.view.entries.clone(), tries: 1 });
        effects.push(Effect::Ask(Tag::Act(act), request));
        effects
    }

    /// Whether what is to be added is on its way: it stands still then.
    pub fn is_adding(&self) -> bool {
        self.sending.as_ref().is_some_and(|sending| sending.act == Act::Evidence)
    }

    /// Pauses the uploads, or goes on.
    fn pause(&mut self, paused: bool) -> Option<Effect> {
        if self.more.paused == paused || (paused && !self.is_adding()) {
            return None;
        }
        self.more.paused = paused;
        Some(Effect::Pause(paused))
    }

    /// Whether what is on its way may be signed anew; counts the tries.
    pub(super) fn may_try_again(&mut self) -> bool {
        self.sending.as_mut().is_some_and(|sending| {
            sending.tries += 1;
            sending.tries <= TRIES
        })
    }

    /// Takes the case as it is now and sends again what was on its way. What the reporter is not told of (a note, say) makes no
    /// difference to them and must not be noticed; where they would have seen something new, an answer to the old is not given for them.
    pub(super) fn resume(&mut self, view: FollowUp, now: Timestamp) -> Option<Effect> {
        self.take(view, now);
        let sending = self.sending.clone()?;
        let is_same = sending.seen == self.view.entries || sending.act.stands_alone();
        if is_same && !self.view.tampered && self.can(sending.act, now) {
            return Some(Effect::Ask(Tag::Act(sending.act), sending.request));
        }
        self.stopped();
        None
    }

    /// Nothing is on its way any more; what was typed stays.
    pub(super) fn stopped(&mut self) {
        self.busy = false;
        self.sending = None;
        self.more.progress = None;
    }

    /// Takes the case as it was read anew; what was typed stays.
    pub(super) fn take(&mut self, view: FollowUp, now: Timestamp) {
        self.view = view;
        if let Some(Asking::Act(act)) = self.asking
            && !self.can(act, now)
        {
            self.asking = None;
        }
    }

    /// Something was stored: what it was made of may go. Gives the numbers of files.
    pub(super) fn finished(&mut self, act: Act) -> Vec<u32> {
        self.stopped();
        self.texts.remove(&act);
        let mut dropped = Vec::new();
        match act {
            Act::Evidence => dropped = self.more.empty(),
            Act::Offer => self.offers.clear(),
            Act::Delivered => self.delivered.clear(),
            Act::Feedback => (self.heard, self.fair) = (None, None),
            _ => {}
        }
        if self.asking == Some(Asking::Act(act)) {
            self.asking = None;
        }
        if self.again == Some(act) {
            self.again = None;
        }
        self.done = Some(Done::Sent(act));
        dropped
    }

    pub(super) fn update(&mut self, msg: Msg, now: Timestamp) -> Vec<Effect> {
        let adding = self.is_adding();
        match msg {
            // What is on its way is not changed under way.
            Msg::AddFiles(files) if adding => {
                return vec![Effect::DropFiles(files.into_iter().map(|file| file.id).collect())];
            }
            Msg::Evidence(EvidenceAct::Shot(file)) if adding => return vec![Effect::DropFiles(vec![file.id])],
            Msg::AddFiles(files) => return self.more.add(files, &self.view.manifest.limits),
            Msg::Evidence(act) if !adding || matches!(act, EvidenceAct::Doors { .. }) => {
                return self.more.take(act, &self.view.manifest.limits);
            }
            Msg::Under18(answer) if !adding => return self.more.answer(answer),
            Msg::Pause(paused) => return self.pause(paused).into_iter().collect(),
            Msg::GoToField(field) => return vec![Effect::FocusField(field)],
            Msg::Text(act, text) => {
                self.texts.insert(act, text);
                self.done = None;
            }
            Msg::Offer(remedy, yes) => drop(self.offers.insert(remedy, yes)),
            Msg::Delivered(remedy, yes) => drop(self.delivered.insert(remedy, yes)),
            Msg::Heard(degree) => self.heard = Some(degree),
            Msg::Fair(degree) => self.fair = Some(degree),
            Msg::Progress(progress) if adding => self.more.progress = Some(progress),
            Msg::Send(act) => return self.send(act, now),
            Msg::Ask(asking) => {
                self.asking = asking;
                let mut effects = vec![Effect::Focus(if asking.is_some() { Target::Asking } else { Target::Title })];
                if asking == Some(Asking::Act(Act::Evidence)) && self.more.evidence.can_shoot.is_none() {
                    effects.push(Effect::Evidence(Task::Doors));
                }
                return effects;
            }
            Msg::Again(act) => {
                self.again = Some(act);
                return vec![Effect::Focus(Target::Question(act))];
            }
            Msg::Save => {
                self.asking = None;
                self.done = Some(Done::Saved);
                return vec![Effect::Save, Effect::Focus(Target::Status)];
            }
            Msg::Reload if !self.busy => {
                self.busy = true;
                self.done = None;
                return vec![Effect::Ask(Tag::Reload, Request::Reread { now })];
            }
            _ => {}
        }
        Vec::new()
    }
}
