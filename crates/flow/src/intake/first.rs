//! What the form can do before its later part is there: take the channel in, walk on, close, leave. Everything else is
//! [`super::later`]'s, which a page loads while its first screen is read; what comes too early waits with the page and is not lost.

use recourse_domain::report::Purpose;

use super::{Channel, Effect, Gone, Msg, Offered, Part, Sending, State, Step};

/// Takes in a message that needs nothing of the later part and says what the page has to do; another one comes back.
///
/// # Errors
/// The message, for [`super::later`].
#[allow(clippy::result_large_err, reason = "the message comes back whole, once a click")]
pub fn first(state: &mut State, msg: Msg) -> Result<Vec<Effect>, Msg> {
    if state.gone.is_none() {
        state.take_first(msg)?;
    }
    Ok(std::mem::take(&mut state.effects))
}

impl State {
    #[allow(clippy::result_large_err, reason = "as above")]
    fn take_first(&mut self, msg: Msg) -> Result<(), Msg> {
        // While it is on its way the report stands still: what arrives is what was seen.
        if matches!(self.sending, Sending::Busy(_) | Sending::Renewing) && msg.touches_report() {
            return Ok(());
        }
        match msg {
            Msg::ChannelChecked(channel) => {
                self.channel = Channel::Open(channel);
                self.asked = None;
                if self.sending == Sending::Renewing {
                    self.go(Step::Check);
                    self.sending = Sending::Renewed;
                }
            }
            Msg::ChannelShut(why) => {
                if matches!(self.channel, Channel::Open(_)) {
                    // It was open before: what was typed stays on the screen, and sending can be tried again.
                    self.sending = Sending::Failed(super::Trouble::Network);
                } else {
                    self.channel = Channel::Shut(why);
                }
            }
            Msg::Offered(offered) => self.offered = offered,
            Msg::Remove(Part::About) => {
                self.offered = Offered::default();
                self.focus("step-heading");
            }
            Msg::Door(purpose) => {
                // "Both" began at the first door; what was said of remedy stays.
                if purpose != Purpose::FlagMisuse || self.draft.purpose != Some(Purpose::Both) {
                    self.draft.purpose = Some(purpose);
                }
                self.forward(Step::Who);
            }
            Msg::Next if self.step == Step::Start && self.draft.purpose.is_some() => self.forward(Step::Who),
            Msg::Back => {
                if let Some(back) = self.back() {
                    self.go(back);
                }
            }
            Msg::GoTo(step) => {
                if step != Step::Sent && self.step != Step::Sent {
                    self.go(step);
                }
            }
            Msg::Key { shift, at_ms } => {
                if self.shifts.press(shift, at_ms) {
                    self.end(Gone::Left);
                }
            }
            Msg::QuickExit => self.end(Gone::Left),
            // Nothing can have been written before the later part came.
            Msg::Close | Msg::Done if !self.whole => self.end(Gone::Closed),
            msg => return Err(msg),
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn focus(&mut self, id: &'static str) {
        self.effects.push(Effect::Focus(id));
    }

    /// To a screen by *Continue*: or back to the check, where the person came from; by way of what they have only now asked for.
    pub(super) fn forward(&mut self, next: Step) {
        let first = self.changing && self.remedy_opened && next == Step::PuttingRight;
        self.go(if self.changing && !first { Step::Check } else { next });
        self.changing = first;
    }

    pub(super) fn go(&mut self, step: Step) {
        self.show(step);
        self.focus("step-heading");
    }

    /// Changes the screen, and leaves it to others where the focus goes.
    #[inline(never)]
    pub(super) fn show(&mut self, step: Step) {
        // Where nothing is to be put right, its screen is not there.
        self.step = if step == Step::PuttingRight && !self.seeks_remedy() { Step::WhatHappened } else { step };
        self.changing = false;
        self.remedy_opened = false;
        self.faults.clear();
        self.evidence.problems.clear();
        self.evidence.dropped = false;
        if let Sending::Failed(_) | Sending::Renewed = self.sending {
            self.sending = Sending::Idle;
        }
    }

    /// Forgets everything but what the page still has to do.
    #[inline(never)]
    pub(super) fn wipe(&mut self) {
        let effects = std::mem::take(&mut self.effects);
        *self = Self { effects, whole: self.whole, ..Self::default() };
    }

    pub(super) fn end(&mut self, gone: Gone) {
        self.wipe();
        self.gone = Some(gone);
        self.effects.push(if gone == Gone::Left { Effect::Leave } else { Effect::Close });
    }
}

impl Msg {
    /// Whether it moves on or changes something.
    const fn touches_report(&self) -> bool {
        matches!(
            self,
            Self::Door(_)
                | Self::Next
                | Self::Back
                | Self::GoTo(_)
                | Self::Change(_)
                | Self::Edit(_)
                | Self::Remove(_)
                | Self::AddFiles(_)
                | Self::Evidence(_)
        )
    }
}
