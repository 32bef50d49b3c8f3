//! What in the person's texts could point to somebody: found on this device, offered for covering, never changed by itself.

use recourse_redact::{Finding, Kind, Options, Own, find, mask};

use super::State;

/// A free text that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeText {
    /// What happened.
    Happened,
    /// The harm.
    Harm,
    /// The reasons of a notice.
    Reasons,
}

impl FreeText {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Happened, Self::Harm, Self::Reasons];

    /// Id of its field.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Happened => "text-what-happened",
            Self::Harm => "text-harm",
            Self::Reasons => "text-reasons",
        }
    }
}

/// What was found, and what the person said of it. Own name and handle stay on the device: they are no part of the draft.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    /// The person's own name, typed here to be found.
    pub own_name: String,
    /// The same for a handle or an e-mail address.
    pub own_handle: String,
    /// What is open, in the order of the texts.
    pub spots: Vec<Spot>,
    /// What stays as it is, by its text.
    kept: Vec<(FreeText, String)>,
    /// The texts before the last covering.
    before: Vec<(FreeText, String)>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Where.
    pub text: FreeText,
    /// What it is.
    pub kind: Kind,
    /// The words just before it.
    pub lead: String,
    /// Itself.
    pub words: String,
    /// The words just after it.
    pub tail: String,
    finding: Finding,
}

/// Characters shown before and after a finding.
const AROUND: usize = 24;
/// Findings shown of one text; covering all covers the others too.
const SHOWN: usize = 12;

impl Privacy {
    /// What is open in a text, with the place of each among [`Self::spots`].
    pub fn of(&self, text: FreeText) -> impl Iterator<Item = (usize, &Spot)> {
        self.spots.iter().enumerate().filter(move |(_, spot)| spot.text == text).take(SHOWN)
    }

    /// Whether the last covering of a text can be undone.
    pub fn was_covered(&self, text: FreeText) -> bool {
        self.before.iter().any(|(other, _)| *other == text)
    }
}

impl State {
    /// The text of a field; empty where the form does not ask for it.
    pub fn free_text(&self, text: FreeText) -> &str {
        match text {
            FreeText::Happened => &self.draft.what_happened,
            FreeText::Harm if self.seeks_remedy() => &self.draft.harm,
            FreeText::Reasons => self.draft.notice.as_ref().map_or("", |notice| &notice.reasons),
            FreeText::Harm => "",
        }
    }

    fn set_free_text(&mut self, text: FreeText, value: String) {
        match text {
            FreeText::Happened => self.draft.what_happened = value,
            FreeText::Harm => self.draft.harm = value,
            FreeText::Reasons => self.draft.notice.get_or_insert_default().reasons = value,
        }
    }

    /// Searches all texts anew.
    pub(super) fn search(&mut self) {
        let typed = |text: &str| {
            let text = text.trim();
            if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
        };
        let mut own = Own { names: typed(&self.privacy.own_name), ..Own::default() };
        if self.privacy.own_handle.contains('@') && !self.privacy.own_handle.trim().starts_with('@') {
            own.emails = typed(&self.privacy.own_handle);
        } else {
            own.handles = typed(&self.privacy.own_handle);
        }
        let mut spots = Vec::new();
        for text in FreeText::ALL {
            let words = self.free_text(text);
            for finding in find(words, &own, &Options::default()) {
                let Some(found) = words.get(finding.bytes.clone()) else { continue };
                if self.privacy.kept.iter().any(|(other, kept)| *other == text && kept == found) {
                    continue;
                }
                let (lead, tail) = (&words[..finding.bytes.start], &words[finding.bytes.end..]);
                let from = lead.char_indices().rev().take(AROUND).last().map_or(lead.len(), |(at, _)| at);
                spots.push(Spot {
                    text,
                    kind: finding.kind,
                    lead: lead[from..].to_owned(),
                    words: found.to_owned(),
                    tail: tail.chars().take(AROUND).collect(),
                    finding,
                });
            }
        }
        self.privacy.spots = spots;
    }

    /// Covers what `which` picks of a text.
    fn cover(&mut self, text: FreeText, which: impl Fn(usize) -> bool) {
        let mut findings = Vec::new();
        for (at, spot) in self.privacy.spots.iter().enumerate() {
            if spot.text == text && which(at) {
                findings.push(spot.finding.clone());
            }
        }
        let before = self.free_text(text).to_owned();
        let covered = mask(&before, &findings);
        self.privacy.before.retain(|(other, _)| *other != text);
        self.privacy.before.push((text, before));
        self.set_free_text(text, covered);
        self.search();
    }

    pub(super) fn cover_one(&mut self, at: usize) {
        if let Some(spot) = self.privacy.spots.get(at) {
            let text = spot.text;
            self.cover(text, |other| other == at);
            self.after_spot(text);
        }
    }

    pub(super) fn cover_all(&mut self, text: FreeText) {
        self.cover(text, |_| true);
        self.after_spot(text);
    }

    pub(super) fn keep(&mut self, at: usize) {
        if let Some(Spot { text, words, .. }) = self.privacy.spots.get(at).cloned() {
            self.privacy.kept.push((text, words));
            self.search();
            self.after_spot(text);
        }
    }

    pub(super) fn uncover(&mut self, text: FreeText) {
        if let Some(at) = self.privacy.before.iter().position(|(other, _)| *other == text) {
            let (_, before) = self.privacy.before.remove(at);
            self.set_free_text(text, before);
            self.search();
            self.effects.push(super::Effect::FocusField(text.field().to_owned()));
        }
    }

    /// The button that was pressed is gone: the focus goes to the list, or to the text once the list is empty.
    fn after_spot(&mut self, text: FreeText) {
        let left = self.privacy.of(text).next().is_some() || self.privacy.was_covered(text);
        let field = if left { ["privacy-", text.field()].concat() } else { text.field().to_owned() };
        self.effects.push(super::Effect::FocusField(field));
    }

    /// Typing makes an older text the wrong one to go back to.
    pub(super) fn typed_text(&mut self, text: FreeText) {
        self.privacy.before.retain(|(other, _)| *other != text);
        self.search();
    }
}
