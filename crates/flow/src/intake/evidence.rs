//! The evidence of a report: what [`Evidence`] is to the form's answers.

use recourse_domain::vocabulary::EvidenceKind;

use super::{Effect, Sending, State};
use crate::evidence::{EvidenceAct, NewFile, Rules, Wish};

impl State {
    fn rules(&self) -> Rules {
        Rules { limits: self.limits(), refused: self.draft.refuses_media() }
    }

    pub(super) fn add_files(&mut self, files: Vec<NewFile>) {
        let wishes = self.evidence.add(files, EvidenceKind::File, self.rules());
        self.wish(wishes);
    }

    pub(super) fn take_evidence(&mut self, act: EvidenceAct) {
        let wishes = self.evidence.take(act, self.rules());
        self.wish(wishes);
    }

    /// Lets go of all files as soon as the answers say that none may be taken.
    pub(super) fn refuse_media(&mut self) {
        if self.draft.refuses_media() {
            let wishes = self.evidence.drop_media();
            self.wish(wishes);
        }
    }

    fn wish(&mut self, wishes: Vec<Wish>) {
        for wish in wishes {
            self.effects.push(match wish {
                Wish::Task(task) => Effect::Evidence(task),
                Wish::Drop(ids) => Effect::DropFiles(ids),
                Wish::Focus(id) => Effect::FocusField(id),
            });
        }
    }

    /// Pauses sending, or goes on.
    pub(super) fn pause(&mut self, paused: bool) {
        if self.paused != paused && (!paused || matches!(self.sending, Sending::Busy(_))) {
            self.paused = paused;
            self.effects.push(Effect::Pause(paused));
        }
    }
}
