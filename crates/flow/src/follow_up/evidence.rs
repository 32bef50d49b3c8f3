//! What is to be added to a case: [`Evidence`], and what a case asks of it.

use recourse_domain::channel::Limits;
use recourse_domain::report::Answer;
use recourse_domain::vocabulary::EvidenceKind;
use recourse_wire::engine::{OutgoingFile, Progress};

use super::Effect;
use crate::evidence::{Evidence, EvidenceAct, Flaw, NewFile, Rules, Wish};

/// What is to be added. Neither the server nor the receipt tells what the report is about, so that the form's rule on a child's safety cannot
/// be known here: the page says it in words, and the question about people under 18 stands as in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// Pictures, files and links.
    pub evidence: Evidence,
    /// Whether somebody in a picture could be under 18.
    pub under_18: Option<Answer>,
    /// What has to be put right before it goes, by the ids of fields; nothing before somebody tried.
    pub flaws: Vec<(String, Flaw)>,
    /// How far sending is.
    pub progress: Option<Progress>,
    /// The person has paused sending.
    pub paused: bool,
}

impl More {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.evidence.files.is_empty()
    }

    /// No picture or file is taken where somebody shown may be a child, as in the form; nothing goes before the question was answered.
    pub fn refuses(&self) -> bool {
        matches!(self.under_18, Some(Answer::Yes | Answer::NotSure))
    }

    /// Whether there is something to send and the question about pictures is answered.
    pub fn is_ready(&self) -> bool {
        !self.is_empty() && (!self.evidence.has_pictures() || self.under_18 == Some(Answer::No))
    }

    fn rules(&self, limits: &Limits) -> Rules {
        Rules { limits: *limits, refused: self.refuses() }
    }

    pub(super) fn add(&mut self, files: Vec<NewFile>, limits: &Limits) -> Vec<Effect> {
        let rules = self.rules(limits);
        effects(self.evidence.add(files, EvidenceKind::File, rules))
    }

    pub(super) fn take(&mut self, act: EvidenceAct, limits: &Limits) -> Vec<Effect> {
        let rules = self.rules(limits);
        let effects = effects(self.evidence.take(act, rules));
        // Asked anew with the next picture. Where none may be taken the answer stays, to be seen and changed.
        if !self.evidence.has_pictures() && !self.refuses() {
            self.under_18 = None;
        }
        // What has just been put right is no longer called wrong.
        let now = self.evidence.flaws();
        self.flaws.retain(|flaw| now.contains(flaw));
        effects
    }

    pub(super) fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        self.under_18 = Some(answer);
        if self.refuses() { effects(self.evidence.drop_media()) } else { Vec::new() }
    }

    /// Everything goes; gives the numbers.
    pub(super) fn empty(&mut self) -> Vec<u32> {
        let mut evidence = std::mem::take(self).evidence;
        let gone = evidence.empty();
        self.evidence = evidence;
        gone
    }

    pub(super) fn outgoing(&self) -> Vec<OutgoingFile> {
        self.evidence.files.iter().map(crate::evidence::Attached::outgoing).collect()
    }
}

fn effects(wishes: Vec<Wish>) -> Vec<Effect> {
    let effect = |wish| match wish {
        Wish::Task(task) => Effect::Evidence(task),
        Wish::Drop(ids) => Effect::DropFiles(ids),
        Wish::Focus(field) => Effect::FocusField(field),
    };
    wishes.into_iter().map(effect).collect()
}
