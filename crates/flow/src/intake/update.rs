//! The reducer.

use recourse_domain::report::{Purpose, RepresentedGroup};
use recourse_domain::vocabulary::Relationship;

use super::{Channel, Edit, Effect, Gone, Line, Msg, Offered, Part, Question, Sending, State, Step};

/// Takes a message in and says what the page has to do.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    if state.gone.is_none() {
        state.take(msg);
    }
    std::mem::take(&mut state.effects)
}

impl State {
    fn take(&mut self, msg: Msg) {
        // While it is on its way the report stands still: what arrives is what was seen.
        let busy = matches!(self.sending, Sending::Busy(_) | Sending::Renewing);
        if busy && msg.touches_report() {
            return;
        }
        match msg {
            Msg::ChannelChecked(channel) => {
                self.channel = Channel::Open(channel);
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

            Msg::Door(purpose) => {
                // "Both" began at the first door; what was said of remedy stays.
                if purpose != Purpose::FlagMisuse || self.draft.purpose != Some(Purpose::Both) {
                    self.draft.purpose = Some(purpose);
                }
                self.forward(Step::Who);
            }
            Msg::Next => {
                self.faults = self.faults_of(self.step);
                if !self.faults.is_empty() {
                    self.focus("error-summary");
                } else if let Some(next) = self.step.next() {
                    self.forward(next);
                }
            }
            Msg::Back => {
                if let Some(back) = self.step.back() {
                    self.go(back);
                }
            }
            Msg::GoTo(step) => {
                if step != Step::Sent && self.sent.is_none() {
                    self.go(step);
                }
            }
            Msg::Change(step) => {
                if step != Step::Sent && self.sent.is_none() {
                    self.go(step);
                    self.changing = step != Step::Check;
                }
            }
            Msg::GoToField(field) => self.go_to_field(field),
            Msg::Edit(edit) => {
                self.edit(edit);
                // What has just been put right is no longer called wrong; what else is wrong is said at the next *Continue*.
                if !self.faults.is_empty() {
                    let before = std::mem::take(&mut self.faults);
                    for fault in self.all_faults() {
                        if before.contains(&fault) {
                            self.faults.push(fault);
                        }
                    }
                }
            }
            Msg::Remove(part) => self.remove(part),

            Msg::AddFiles(files) => self.add_files(files),
            Msg::RemoveFile(id) => {
                self.files.retain(|file| file.id != id);
                self.effects.push(Effect::DropFiles(vec![id]));
                self.focus("files");
            }

            Msg::Send { now, language } => {
                if !self.can_send() || self.step != Step::Check {
                    return;
                }
                self.faults = self.all_faults();
                if self.faults.is_empty() {
                    self.sending = Sending::Busy(None);
                    let letter = self.letter(now, &language);
                    self.effects.push(Effect::Send(letter));
                } else {
                    self.focus("error-summary");
                }
            }
            Msg::Progress(progress) => {
                if let Sending::Busy(so_far) = &mut self.sending {
                    *so_far = Some(progress);
                }
            }
            Msg::SendDone(sent) => {
                // From here on nothing of the report is needed: keeping it would only let somebody else at this screen read it.
                let channel = std::mem::take(&mut self.channel);
                self.drop_files();
                self.wipe();
                self.channel = channel;
                self.sent = Some(*sent);
                self.go(Step::Sent);
            }
            Msg::SendFailed(trouble) => {
                if busy {
                    self.sending = Sending::Failed(trouble);
                    self.focus("send-problem");
                }
            }
            Msg::ChannelChanged => {
                self.sending = Sending::Renewing;
                self.effects.push(Effect::FetchChannel);
            }

            Msg::Key { shift, at_ms } => {
                if self.shifts.press(shift, at_ms) {
                    self.end(Gone::Left);
                }
            }
            Msg::QuickExit => self.end(Gone::Left),
            Msg::Close => {
                if !self.code_at_risk() && self.has_words() {
                    self.asking = Some(Question::Unsent);
                    self.focus("leave-cancel");
                } else {
                    self.done();
                }
            }
            Msg::LeaveCancelled => {
                self.asking = None;
                self.focus("step-heading");
            }
            Msg::Done => self.done(),
            Msg::LeaveConfirmed => self.end(Gone::Closed),

            Msg::CodeTyped(_) | Msg::CodeCheck | Msg::CodeCopy | Msg::CodeCopied(_) => self.receipt(msg),
        }
    }

    /// What happens to the code on the last screen.
    fn receipt(&mut self, msg: Msg) {
        let Some(sent) = &mut self.sent else { return };
        match msg {
            Msg::CodeTyped(text) => {
                sent.typed = text;
                if sent.kept == Some(false) {
                    sent.kept = None;
                }
            }
            Msg::CodeCheck => {
                let right = same_group(&sent.typed, &sent.receipt);
                sent.kept = Some(right);
                if !right {
                    self.focus("receipt-check-input");
                }
            }
            Msg::CodeCopy => self.effects.push(Effect::Copy(sent.receipt.clone())),
            Msg::CodeCopied(worked) => sent.copied = Some(worked),
            _ => {}
        }
    }

    fn code_at_risk(&self) -> bool {
        self.sent.as_ref().is_some_and(|sent| sent.kept != Some(true))
    }

    /// Closes, unless the code could be lost by it.
    fn done(&mut self) {
        if self.code_at_risk() {
            self.asking = Some(Question::CodeNotKept);
            self.focus("leave-cancel");
        } else {
            self.end(Gone::Closed);
        }
    }

    #[inline(never)]
    fn focus(&mut self, id: &'static str) {
        self.effects.push(Effect::Focus(id));
    }

    /// To a screen by *Continue*: or back to the check, where the person came from.
    fn forward(&mut self, next: Step) {
        self.go(if self.changing { Step::Check } else { next });
    }

    #[inline(never)]
    fn go(&mut self, step: Step) {
        self.step = step;
        self.changing = false;
        self.faults.clear();
        self.file_problems.clear();
        self.files_dropped = false;
        if let Sending::Failed(_) | Sending::Renewed = self.sending {
            self.sending = Sending::Idle;
        }
        self.focus("step-heading");
    }

    fn go_to_field(&mut self, field: String) {
        let at = self.faults.iter().find(|fault| fault.field == field).map_or(self.step, |fault| fault.step);
        if at != self.step {
            self.go(at);
            self.effects.clear();
            self.faults = self.faults_of(at);
            self.changing = true;
        }
        self.effects.push(Effect::FocusField(field));
    }

    /// Forgets everything but what the page still has to do.
    #[inline(never)]
    fn wipe(&mut self) {
        let effects = std::mem::take(&mut self.effects);
        *self = Self { effects, ..Self::default() };
    }

    fn end(&mut self, gone: Gone) {
        self.wipe();
        self.gone = Some(gone);
        self.effects.push(if gone == Gone::Left { Effect::Leave } else { Effect::Close });
    }

    /// Lets go of all files.
    #[inline(never)]
    pub(super) fn drop_files(&mut self) {
        let ids = self.files.drain(..).map(|file| file.id).collect();
        self.effects.push(Effect::DropFiles(ids));
    }

    fn edit(&mut self, edit: Edit) {
        let draft = &mut self.draft;
        match edit {
            Edit::ReaderInvolved(answer) => draft.reader_involved = Some(answer),
            Edit::Identity(identity) => draft.identity = identity,
            Edit::ContactName(text) => self.contact_name = text,
            Edit::ContactReach(text) => self.contact_reach = text,
            Edit::ShareIdentity(share) => draft.consent.share_identity_with = share,
            Edit::ShareContent(share) => draft.consent.share_content_with_customer = share,
            Edit::LawEnforcement(share) => draft.consent.law_enforcement = share,
            Edit::Query(text) => self.query = text,
            Edit::Group(group) => {
                self.group = group;
                self.query.clear();
            }
            Edit::Category(category) => {
                draft.category = Some(category);
                self.refuse_media();
            }
            Edit::WhatHappened(text) => draft.what_happened = text,
            Edit::OpenLine(line) => self.toggle_line(line),
            Edit::When(when) => draft.when = Some(when),
            Edit::HowMany(text) => {
                draft.how_many = super::fault::number(&text);
                self.how_many = text;
            }
            Edit::Affected(group) => toggle(&mut draft.affected_groups, group),
            Edit::Feature(text) => draft.subject.feature = text,
            Edit::Url(text) => self.url = text,
            Edit::Danger(answer) => draft.imminent_danger = Some(answer),
            Edit::Retaliation(answer) => draft.fear_of_retaliation = Some(answer),
            Edit::AlsoRemedy(yes) => {
                draft.purpose = Some(if yes { Purpose::Both } else { Purpose::FlagMisuse });
                self.also_answered = true;
            }
            Edit::Harm(text) => draft.harm = text,
            Edit::Remedy(remedy) => toggle(&mut draft.remedy_sought, remedy),
            Edit::MayTellDataHolder(may) => draft.may_tell_data_holder = may,
            Edit::SpeaksForOthers(others) => {
                draft.relationships =
                    vec![if others { Relationship::Representative } else { Relationship::AffectedPerson }];
                draft.represented = others.then(RepresentedGroup::default);
            }
            Edit::RepresentedHowMany(text) => self.represented_how_many = text,
            Edit::RepresentedKnow(answer) => {
                draft.represented.get_or_insert_default().do_they_know = Some(answer);
            }
            Edit::Under18(answer) => {
                draft.under_18_shown = Some(answer);
                self.refuse_media();
            }
            Edit::FileName(id, name) => self.file(id, |file| file.name = name),
            Edit::FileDescription(id, text) => self.file(id, |file| file.description = text),
            Edit::Urgent(urgent) => self.urgent = urgent,
        }
    }

    fn file(&mut self, id: u32, change: impl FnOnce(&mut super::Attached)) {
        if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
            change(file);
        }
    }

    /// Opens a line, or closes it. Closing takes its answers out: what is not seen is not sent.
    fn toggle_line(&mut self, line: Line) {
        if !self.lines.contains(&line) {
            self.lines.push(line);
            let first = match line {
                Line::When => "when",
                Line::Who => "how-many",
                Line::Where => "feature",
            };
            self.focus(first);
            return;
        }
        self.lines.retain(|open| *open != line);
        match line {
            Line::When => self.draft.when = None,
            Line::Who => {
                self.how_many.clear();
                self.draft.how_many = None;
                self.draft.affected_groups.clear();
            }
            Line::Where => {
                self.draft.subject.feature.clear();
                self.url.clear();
            }
        }
    }

    fn remove(&mut self, part: Part) {
        match part {
            Part::Purpose | Part::Identity => return,
            Part::About => {
                self.offered = Offered::default();
                return self.focus("step-heading");
            }
            Part::Contact => {
                self.contact_name.clear();
                self.contact_reach.clear();
            }
            Part::Category => {
                self.draft.category = None;
                self.group = None;
            }
            Part::Text => self.draft.what_happened.clear(),
            Part::Details => {
                while let Some(line) = self.lines.first() {
                    self.toggle_line(*line);
                }
                self.draft.imminent_danger = None;
                self.draft.fear_of_retaliation = None;
            }
            Part::Remedy => {
                self.draft.harm.clear();
                self.draft.remedy_sought.clear();
                self.draft.represented = None;
                self.draft.relationships.clear();
                self.draft.may_tell_data_holder = false;
                self.represented_how_many.clear();
            }
            Part::Evidence => self.drop_files(),
        }
        self.effects.push(Effect::FocusField(["check-", part.as_str()].concat()));
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
                | Self::RemoveFile(_)
        )
    }
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, item: T) {
    match list.iter().position(|other| *other == item) {
        Some(at) => {
            list.remove(at);
        }
        None => list.push(item),
    }
}

/// Whether what was typed is the last group of the code, or all of it; case, spaces and dashes are forgiven, and so are letters that
/// the alphabet of codes reads as digits.
fn same_group(typed: &str, code: &str) -> bool {
    let (typed, code) = (plain(typed), plain(code));
    typed.len() >= 4 && typed.len() <= code.len() && code.ends_with(&typed)
}

fn plain(code: &str) -> Vec<u8> {
    let mut plain = Vec::new();
    for byte in code.bytes() {
        match byte.to_ascii_uppercase() {
            b'O' => plain.push(b'0'),
            b'I' | b'L' => plain.push(b'1'),
            other if other.is_ascii_alphanumeric() => plain.push(other),
            _ => {}
        }
    }
    plain
}
