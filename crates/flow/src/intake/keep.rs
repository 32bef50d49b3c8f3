//! What stays, and for how long: the page that says so before the first sensitive screen, drafts, a report that waits for the network,
//! and what the person takes along from the last screen.

use super::{Effect, Msg, State, Step};

/// See the module. Nothing of it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keep {
    /// The page on leaving and on what stays was read.
    pub warned: bool,
    /// Where a draft is kept.
    pub draft: Drafting,
    /// What the tool around the form says of holding what is typed, whether or not the device keeps it: it may be closed at any moment. Empty where
    /// there is none, and nothing is held.
    pub held: String,
    /// What that tool says beside the switch for drafts.
    pub hint: String,
    /// A draft that this tab kept before a reload, until the person says what becomes of it.
    pub found: Option<String>,
    /// Sending waits for the network. Nothing goes by itself: the person is asked again.
    pub waits: Option<Network>,
    /// Title for the calendar; empty for the neutral one.
    pub title: String,
    /// The calendar gets the address as well.
    pub address: bool,
    /// The code was handed to the browser's password manager.
    pub handed: bool,
}

/// Where a draft is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Drafting {
    /// Nowhere: what was typed goes with the page.
    #[default]
    Off,
    /// Asked for; the page looks whether it can.
    Asked,
    /// Encrypted on the device.
    Device,
    /// The browser refuses to keep anything: in memory alone.
    Refused,
}

/// What is known of the network while a report waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Not there.
    Away,
    /// There: the person is asked.
    Back,
    /// There, and they said not now.
    NotNow,
}

/// What happens to it.
#[derive(Debug, Clone)]
pub enum KeepAct {
    /// The page on leaving was read.
    Warned,
    /// Keep a draft, or stop that.
    Draft(bool),
    /// Whether the browser keeps one.
    Kept(bool),
    /// A draft of this tab was found.
    Found(String),
    /// Go on with it.
    Restore,
    /// Delete it.
    Forget,
    /// Ask again when the network is there.
    Wait,
    /// It is.
    Back,
    /// Not now.
    NotNow,
    /// Title for the calendar.
    Title(String),
    /// With the address.
    Address(bool),
    /// The browser was offered the code for its password manager.
    Handed,
}

/// What the page has to do for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepTask {
    /// See whether anything can be kept here; tell by [`KeepAct::Kept`].
    Begin,
    /// Keep that draft in the place of the one before.
    Store(String),
    /// Delete what is kept.
    Erase,
    /// Tell by [`KeepAct::Back`] once the device has a network.
    Watch,
}

impl State {
    /// Whether the page on leaving stands before the screen: once, before the first that asks for anything.
    pub fn is_interrupted(&self) -> bool {
        !self.keep.warned && !matches!(self.step, Step::Start | Step::Sent)
    }

    /// Whether closing or reloading the page would lose something.
    pub fn is_at_risk(&self) -> bool {
        let unsaved = self.record.as_ref().is_some_and(|record| !record.saved);
        let code = self.sent.as_ref().is_some_and(|sent| sent.kept != Some(true));
        self.gone.is_none() && (unsaved || code || self.has_words())
    }

    /// Whether the tool around the form holds what is typed.
    fn is_held(&self) -> bool {
        !self.keep.held.is_empty()
    }

    pub(super) fn keeping(&mut self, act: KeepAct) {
        match act {
            KeepAct::Warned => {
                self.keep.warned = true;
                self.focus("step-heading");
            }
            KeepAct::Draft(true) => {
                self.keep.draft = Drafting::Asked;
                self.task(KeepTask::Begin);
            }
            KeepAct::Draft(false) => {
                self.keep.draft = Drafting::Off;
                self.task(KeepTask::Erase);
            }
            KeepAct::Kept(can) => {
                if self.keep.draft == Drafting::Asked {
                    self.keep.draft = if can { Drafting::Device } else { Drafting::Refused };
                    self.store_draft();
                }
            }
            KeepAct::Found(draft) => {
                // Whoever has begun anew is not interrupted: their words come first, and the old draft expires.
                if !self.has_words() && self.sent.is_none() {
                    self.keep.found = Some(draft);
                    // Whoever opened the tool again was asked there.
                    if self.is_held() {
                        self.keeping(KeepAct::Restore);
                    }
                }
            }
            KeepAct::Restore => {
                if let Some(draft) = self.keep.found.take() {
                    self.unpack(&draft);
                    if !self.is_held() {
                        self.keep.draft = Drafting::Device;
                    }
                    self.keep.warned = true;
                    self.search();
                    let step = self.step;
                    self.go(step);
                }
            }
            KeepAct::Forget => {
                self.keep.found = None;
                self.task(KeepTask::Erase);
                self.focus("step-heading");
            }
            KeepAct::Wait => {
                if self.can_be_kept() {
                    self.keep.waits = Some(Network::Away);
                    self.watch();
                    self.focus("send-problem");
                }
            }
            KeepAct::Back => {
                if self.keep.waits == Some(Network::Away) {
                    self.keep.waits = Some(Network::Back);
                    self.focus("network-back");
                }
            }
            KeepAct::NotNow => {
                self.keep.waits = Some(Network::NotNow);
                self.focus("step-heading");
            }
            KeepAct::Title(text) => self.keep.title = text,
            KeepAct::Address(on) => self.keep.address = on,
            KeepAct::Handed => self.keep.handed = true,
        }
    }

    /// Keeps the draft as it is now, where that is wanted.
    pub(super) fn store_draft(&mut self) {
        if (self.keep.draft == Drafting::Device || self.is_held()) && self.gone.is_none() && self.sent.is_none() {
            let draft = self.pack();
            self.task(KeepTask::Store(draft));
        }
    }

    /// Deletes the draft: there is nothing more to come back to.
    pub(super) fn erase_draft(&mut self) {
        if self.keep.draft != Drafting::Off || self.is_held() {
            self.task(KeepTask::Erase);
        }
    }

    pub(super) fn watch(&mut self) {
        self.task(KeepTask::Watch);
    }

    fn task(&mut self, task: KeepTask) {
        self.effects.push(Effect::Keeping(task));
    }
}

impl Msg {
    /// Whether a draft is another one after it.
    pub(super) const fn changes_draft(&self) -> bool {
        !matches!(self, Self::Keeping(_) | Self::Shelf(_) | Self::Progress(_) | Self::Whole { .. } | Self::Pause(_))
    }
}
