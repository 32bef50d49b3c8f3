//! A report that was sealed and waits on the device, because there was no network when the person sent it and they could not stay.
//!
//! It goes in two turns. Now the engine seals it, the page stores what came of it, and the code is shown: never before it is stored, for a
//! code for nothing would be kept as if it were one, and never later, for nobody here can show it again. On a later visit the person is
//! asked; then the engine uploads the sealed files, the page stores what the upload came to, and the report is posted. Nothing of it goes
//! by itself.

use recourse_domain::time::Timestamp;

use super::letter::Json;
use super::{Effect, Given, Network, Question, Sending, Sent, State, Step, Trouble};

/// What of such reports concerns the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Those that wait on this device for this channel.
    pub waiting: Vec<Waiting>,
    /// The browser keeps nothing here: the report waits in its tab alone.
    pub refused: bool,
    /// The one that is being sent, or could not be.
    pub going: Option<Going>,
    /// Letters of the report that is being sealed for later; a group has several.
    sealing: Option<Vec<String>>,
    /// The person gave up waiting for the network.
    stopping: bool,
}

/// A report on the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its number there.
    pub id: u32,
    /// The day on which it was kept.
    pub day: Timestamp,
    /// The day on which it is deleted if it was not sent.
    pub until: Timestamp,
}

/// A report on its way from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    /// Its number.
    pub id: u32,
    /// What is not recorded yet, as it is stored.
    letters: Vec<String>,
    /// The files of the first of them are uploaded.
    uploaded: bool,
    /// What was recorded of it so far.
    first: Option<Box<Sent>>,
    now: Timestamp,
}

/// What happens to them.
#[derive(Debug, Clone)]
pub enum ShelfAct {
    /// Give up waiting for the network for now.
    Stop,
    /// Keep the report on this device.
    Keep {
        /// The page's clock.
        now: Timestamp,
        /// BCP 47 tag of the language that the form is in.
        language: String,
    },
    /// One is sealed.
    Sealed {
        /// Its code.
        receipt: String,
        /// What is stored of it.
        letter: String,
        /// Its case.
        case: String,
    },
    /// It is stored, or nothing can be.
    Stored(Option<Waiting>),
    /// These wait here.
    Found(Vec<Waiting>),
    /// Send that one, at the time of the page's clock.
    Send(u32, Timestamp),
    /// What is stored of it; nothing where it is not there any more.
    Taken(Option<Vec<String>>),
    /// Its files are uploaded; what is to be stored before it is sent.
    Uploaded(String),
    /// That is stored.
    Swapped,
    /// Delete that one, once the person has confirmed it.
    Remove(u32),
}

/// What the page has to do for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShelfTask {
    /// Store these letters, with the sealed files that came with the first; tell by [`ShelfAct::Stored`].
    Put(Vec<String>),
    /// Tell by [`ShelfAct::Taken`] what is stored under that number, and hold its files ready.
    Take(u32),
    /// Store these letters in the place of those; tell by [`ShelfAct::Swapped`].
    Swap(u32, Vec<String>),
    /// Delete it.
    Drop(u32),
}

impl Shelf {
    /// Whether the engine seals for later.
    pub(super) const fn is_sealing(&self) -> bool {
        self.sealing.is_some()
    }

    /// What is written now is sent: whatever was tried with others before is over.
    pub(super) fn turn_away(&mut self) {
        self.sealing = None;
        self.going = None;
        self.stopping = false;
    }
}

impl State {
    /// Whether the report can be kept on the device: where it could not be sent for want of a network.
    pub fn can_be_kept(&self) -> bool {
        matches!(self.sending, Sending::Failed(Trouble::Network | Trouble::Stopped)) && self.step == Step::Check
    }

    /// Whether what waits is shown: before anything was written, for the words of whoever writes come first.
    pub fn shows_waiting(&self) -> bool {
        self.step == Step::Start && !self.has_words() && !self.shelf.waiting.is_empty()
    }

    pub(super) fn shelf(&mut self, act: ShelfAct) {
        match act {
            ShelfAct::Stop => {
                if matches!(self.sending, Sending::Busy(_)) {
                    self.shelf.stopping = true;
                    self.paused = false;
                    self.effects.push(Effect::Stop);
                }
            }
            ShelfAct::Keep { now, language } => {
                self.faults = self.all_faults();
                if !self.faults.is_empty() {
                    self.focus("error-summary");
                } else if self.can_be_kept() {
                    self.shelf.turn_away();
                    self.shelf.sealing = Some(Vec::new());
                    self.shelf.refused = false;
                    self.sending = Sending::Busy(None);
                    self.given = Given { first: None, now: Some(now), language };
                    let letter = self.letter();
                    self.effects.push(Effect::Send(letter));
                }
            }
            ShelfAct::Sealed { receipt, letter, case } => self.sealed(receipt, letter, case),
            ShelfAct::Stored(stored) => self.stored(stored),
            ShelfAct::Found(waiting) => self.shelf.waiting = waiting,
            ShelfAct::Send(id, now) => {
                if self.shows_waiting() && self.can_send() && self.open().is_some() {
                    // A group's: what was recorded at the last try stays recorded.
                    let first = self.shelf.going.take().filter(|going| going.id == id).and_then(|going| going.first);
                    self.shelf.going = Some(Going { id, letters: Vec::new(), uploaded: false, first, now });
                    self.shelf.stopping = false;
                    self.pause(false);
                    self.sending = Sending::Busy(None);
                    self.shelf_task(ShelfTask::Take(id));
                }
            }
            ShelfAct::Taken(letters) => {
                if let (Some(going), Some(letters)) = (&mut self.shelf.going, letters.filter(|all| !all.is_empty())) {
                    going.letters = letters;
                    self.go_on();
                } else {
                    self.failed(Trouble::Gone);
                }
            }
            ShelfAct::Uploaded(letter) => {
                if let Some(going) = &mut self.shelf.going
                    && let Some(first) = going.letters.first_mut()
                {
                    *first = letter;
                    going.uploaded = true;
                    let swap = ShelfTask::Swap(going.id, going.letters.clone());
                    self.shelf_task(swap);
                }
            }
            ShelfAct::Swapped => self.go_on(),
            ShelfAct::Remove(id) => {
                if !matches!(self.sending, Sending::Busy(_)) {
                    self.asking = Some(Question::Waiting(id));
                    self.focus("leave-cancel");
                }
            }
        }
    }

    /// One report is sealed: the others of its group follow, then all are stored together.
    fn sealed(&mut self, receipt: String, letter: String, case: String) {
        let Some(letters) = &mut self.shelf.sealing else { return };
        letters.push(letter);
        let letters = letters.clone();
        match &mut self.given.first {
            None => self.given.first = Some(Box::new(Sent { receipt, case, ..Sent::default() })),
            Some(first) => first.others.push(receipt),
        }
        if (letters.len() as u32) < self.receipts_wanted() {
            let letter = self.letter();
            self.effects.push(Effect::SendBare(letter));
        } else {
            self.shelf_task(ShelfTask::Put(letters));
        }
    }

    fn stored(&mut self, stored: Option<Waiting>) {
        if self.shelf.sealing.take().is_none() {
            return;
        }
        let sealed = self.given.first.take();
        match (stored, sealed) {
            (Some(waiting), Some(mut sent)) => {
                self.finish();
                sent.waits = Some(waiting);
                self.sent = Some(*sent);
            }
            // As before: in this tab, as long as it is open. Its code is not shown, for it would be one for nothing.
            _ => {
                self.sending = Sending::Failed(Trouble::Network);
                self.shelf.refused = true;
                self.keep.waits = Some(Network::Away);
                self.watch();
                self.focus("send-problem");
            }
        }
    }

    /// Uploads what is next, or sends it.
    fn go_on(&mut self) {
        let Some(going) = &self.shelf.going else { return };
        let Some(letter) = going.letters.first() else { return };
        let json = &mut Json::default();
        json.open("", '{');
        let sends = going.uploaded;
        json.open(if sends { "send_kept" } else { "upload_kept" }, '{');
        if !sends {
            json.string("letter", letter);
        }
        json.plain("now", &going.now.0.to_string());
        json.close('}');
        json.close('}');
        let request = std::mem::take(&mut json.text);
        self.effects.push(if sends { Effect::SendBare(request) } else { Effect::SendSealed(request) });
    }

    /// A report that waited was recorded.
    pub(super) fn kept_arrived(&mut self, sent: Box<Sent>) {
        let Some(going) = &mut self.shelf.going else { return };
        going.letters.remove(0);
        going.uploaded = false;
        let first = going.first.get_or_insert(sent);
        if !going.letters.is_empty() {
            let swap = ShelfTask::Swap(going.id, going.letters.clone());
            self.shelf_task(swap);
            return;
        }
        // Nothing of a code is known here, and nothing of it can be lost any more.
        let sent = Sent { kept: Some(true), ..(**first).clone() };
        let id = going.id;
        self.shelf_task(ShelfTask::Drop(id));
        self.finish();
        self.sent = Some(sent);
    }

    /// Sending or sealing did not work.
    pub(super) fn failed(&mut self, trouble: Trouble) {
        let stopped = std::mem::take(&mut self.shelf.stopping);
        if self.shelf.sealing.take().is_some() {
            self.given.first = None;
        }
        self.sending = Sending::Failed(match trouble {
            Trouble::Network if stopped => Trouble::Stopped,
            // What is sealed can be changed by nobody here.
            Trouble::File(_) if self.shelf.going.is_some() => Trouble::Stale,
            Trouble::Problem(
                "too-large"
                | "too-many-attachments"
                | "idempotency-mismatch"
                | "malformed-request"
                | "malformed-bodies",
            ) if self.shelf.going.is_some() => Trouble::Stale,
            Trouble::Stale if self.shelf.going.is_none() => Trouble::Unexpected,
            trouble => trouble,
        });
        self.focus("send-problem");
    }

    /// The person has confirmed it.
    pub(super) fn remove_waiting(&mut self, id: u32) {
        self.asking = None;
        self.shelf_task(ShelfTask::Drop(id));
        if self.sent.is_some() {
            return self.end(super::Gone::Closed);
        }
        self.shelf.waiting.retain(|waiting| waiting.id != id);
        self.shelf.going = None;
        self.sending = Sending::Idle;
        self.focus("step-heading");
    }

    fn shelf_task(&mut self, task: ShelfTask) {
        self.effects.push(Effect::Shelf(task));
    }
}
