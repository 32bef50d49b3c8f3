//! The reducer.

use recourse_domain::report::{Purpose, RepresentedGroup};
use recourse_domain::vocabulary::{Relationship, Remedy};

use super::{Attached, Channel, Edit, Effect, Gone, Line, Msg, Offered, Part, Question, Sending, State, Step};

/// Takes a message in and says what the page has to do.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    if state.gone.is_some() {
        return vec![];
    }
    // While it is on its way the report stands still: what arrives is what was seen.
    let busy = matches!(state.sending, Sending::Busy(_) | Sending::Renewing);
    let touches = matches!(
        msg,
        Msg::Door(_) | Msg::Next | Msg::Back | Msg::GoTo(_) | Msg::Change(_) | Msg::Edit(_) | Msg::Remove(_) | Msg::AddFiles(_) | Msg::RemoveFile(_)
    );
    if busy && touches {
        return vec![];
    }
    match msg {
        Msg::ChannelChecked(channel) => {
            state.channel = Channel::Open(channel);
            if state.sending != Sending::Renewing {
                return vec![];
            }
            let effects = state.go(Step::Check);
            state.sending = Sending::Renewed;
            effects
        }
        Msg::ChannelShut(why) => {
            if matches!(state.channel, Channel::Open(_)) {
                // It was open before: what was typed stays on the screen, and sending can be tried again.
                state.sending = Sending::Failed(super::Trouble::Network);
            } else {
                state.channel = Channel::Shut(why);
            }
            vec![]
        }
        Msg::Offered(offered) => {
            state.offered = offered;
            vec![]
        }

        Msg::Door(purpose) => {
            if purpose == Purpose::FlagMisuse && state.draft.purpose == Some(Purpose::Both) {
                // "Both" began at this door; what was said of remedy stays.
            } else {
                state.draft.purpose = Some(purpose);
            }
            state.forward(Step::Who)
        }
        Msg::Next => {
            state.faults = state.faults_of(state.step);
            match state.step.next() {
                Some(next) if state.faults.is_empty() => state.forward(next),
                Some(_) => vec![Effect::FocusSummary],
                None => vec![],
            }
        }
        Msg::Back => match state.step.back() {
            Some(back) => state.go(back),
            None => vec![],
        },
        Msg::GoTo(step) if step != Step::Sent && state.sent.is_none() => state.go(step),
        Msg::Change(step) if step != Step::Sent && state.sent.is_none() => {
            let effects = state.go(step);
            state.changing = step != Step::Check;
            effects
        }
        Msg::GoTo(_) | Msg::Change(_) => vec![],
        Msg::GoToField(field) => {
            if let Some(step) = state.faults.iter().find(|fault| fault.field == field).map(|fault| fault.step)
                && step != state.step
            {
                let faults = std::mem::take(&mut state.faults);
                state.go(step);
                state.faults = faults;
                state.faults.retain(|fault| fault.step == step);
                state.changing = true;
            }
            vec![Effect::Focus(field)]
        }
        Msg::Edit(edit) => {
            let effects = state.edit(edit);
            // What has just been put right is no longer called wrong; what else is wrong is said at the next *Continue*.
            if !state.faults.is_empty() {
                let still = state.all_faults();
                state.faults.retain(|fault| still.contains(fault));
            }
            effects
        }
        Msg::Remove(part) => state.remove(part),

        Msg::AddFiles(files) => state.add_files(files),
        Msg::RemoveFile(id) => {
            state.files.retain(|file| file.id != id);
            vec![Effect::DropFiles(vec![id]), Effect::Focus("files".to_owned())]
        }
        Msg::DismissFileProblems => {
            state.file_problems.clear();
            state.files_dropped = false;
            vec![]
        }

        Msg::Send { now, language } => {
            if !state.can_send() || state.step != Step::Check {
                return vec![];
            }
            state.faults = state.all_faults();
            if !state.faults.is_empty() {
                return vec![Effect::FocusSummary];
            }
            state.sending = Sending::Busy(None);
            vec![Effect::Send(Box::new(state.outgoing(now, language)))]
        }
        Msg::Progress(progress) => {
            if let Sending::Busy(_) = state.sending {
                state.sending = Sending::Busy(Some(progress));
            }
            vec![]
        }
        Msg::SendDone(sent) => {
            // From here on nothing of the report is needed: keeping it would only let somebody else at this screen read it.
            let files = std::mem::take(&mut state.files);
            let channel = std::mem::take(&mut state.channel);
            state.wipe();
            state.channel = channel;
            state.step = Step::Sent;
            state.sent = Some(*sent);
            vec![drop_files(files), Effect::FocusHeading]
        }
        Msg::SendFailed(trouble) => {
            if matches!(state.sending, Sending::Busy(_) | Sending::Renewing) {
                state.sending = Sending::Failed(trouble);
                return vec![Effect::Focus("send-problem".to_owned())];
            }
            vec![]
        }
        Msg::ChannelChanged => {
            state.sending = Sending::Renewing;
            vec![Effect::FetchChannel]
        }

        Msg::CodeTyped(text) => {
            if let Some(sent) = &mut state.sent {
                sent.typed = text;
                sent.kept = sent.kept.filter(|kept| *kept);
            }
            vec![]
        }
        Msg::CodeCheck => {
            let Some(sent) = &mut state.sent else { return vec![] };
            let right = same_group(&sent.typed, &sent.receipt);
            sent.kept = Some(right);
            if right { vec![] } else { vec![Effect::Focus("receipt-check-input".to_owned())] }
        }
        Msg::CodeCopy => state.sent.iter().map(|sent| Effect::Copy(sent.receipt.clone())).collect(),
        Msg::CodeCopied(worked) => {
            if let Some(sent) = &mut state.sent {
                sent.copied = Some(worked);
            }
            vec![]
        }

        Msg::Key { shift, at_ms } => {
            if state.shifts.press(shift, at_ms) {
                state.leave()
            } else {
                vec![]
            }
        }
        Msg::QuickExit => state.leave(),
        Msg::Close => {
            let code_at_risk = state.sent.as_ref().is_some_and(|sent| sent.kept != Some(true));
            if code_at_risk || state.has_words() {
                state.asking = Some(if code_at_risk { Question::CodeNotKept } else { Question::Unsent });
                return vec![Effect::Focus("leave-cancel".to_owned())];
            }
            state.close()
        }
        Msg::LeaveCancelled => {
            state.asking = None;
            vec![Effect::FocusHeading]
        }
        Msg::Done => {
            if state.sent.as_ref().is_some_and(|sent| sent.kept != Some(true)) {
                state.asking = Some(Question::CodeNotKept);
                return vec![Effect::Focus("leave-cancel".to_owned())];
            }
            state.close()
        }
        Msg::LeaveConfirmed => state.close(),
    }
}

impl State {
    /// To a screen by *Continue*: or back to the check, where the person came from.
    fn forward(&mut self, next: Step) -> Vec<Effect> {
        let next = if self.changing { Step::Check } else { next };
        self.go(next)
    }

    fn go(&mut self, step: Step) -> Vec<Effect> {
        self.step = step;
        self.changing = false;
        self.faults.clear();
        self.file_problems.clear();
        self.files_dropped = false;
        if let Sending::Failed(_) | Sending::Renewed = self.sending {
            self.sending = Sending::Idle;
        }
        vec![Effect::FocusHeading]
    }

    /// Forgets everything.
    #[inline(never)]
    fn wipe(&mut self) {
        *self = Self::default();
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.wipe();
        self.gone = Some(Gone::Left);
        vec![Effect::Leave]
    }

    fn close(&mut self) -> Vec<Effect> {
        self.wipe();
        self.gone = Some(Gone::Closed);
        vec![Effect::Close]
    }

    fn edit(&mut self, edit: Edit) -> Vec<Effect> {
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
                return self.refuse_media();
            }
            Edit::WhatHappened(text) => draft.what_happened = text,
            Edit::OpenLine(line) => return self.toggle_line(line),
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
                return self.refuse_media();
            }
            Edit::FileName(id, name) => self.file(id, |file| file.name = name),
            Edit::FileDescription(id, text) => self.file(id, |file| file.description = text),
            Edit::Urgent(urgent) => self.urgent = urgent,
        }
        vec![]
    }

    fn file(&mut self, id: u32, change: impl FnOnce(&mut super::Attached)) {
        if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
            change(file);
        }
    }

    /// Opens a line, or closes it. Closing takes its answers out: what is not seen is not sent.
    fn toggle_line(&mut self, line: Line) -> Vec<Effect> {
        if !self.lines.contains(&line) {
            self.lines.push(line);
            let first = match line {
                Line::When => "when",
                Line::Who => "how-many",
                Line::Where => "feature",
            };
            return vec![Effect::Focus(first.to_owned())];
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
        vec![]
    }

    fn remove(&mut self, part: Part) -> Vec<Effect> {
        let mut effects = vec![Effect::Focus(format!("check-{}", part.as_str()))];
        match part {
            Part::Purpose | Part::Identity => return vec![],
            Part::About => {
                self.offered = Offered::default();
                effects = vec![Effect::FocusHeading];
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
            Part::Evidence => {
                effects
                    .push(Effect::DropFiles(std::mem::take(&mut self.files).into_iter().map(|file| file.id).collect()));
            }
        }
        effects
    }

    /// Whether the person asked for data to be deleted or corrected, which raises a question of its own.
    pub fn asks_for_data(&self) -> bool {
        self.draft.remedy_sought.contains(&Remedy::DeleteOrCorrectMyData)
    }
}

pub(super) fn drop_files(files: Vec<Attached>) -> Effect {
    Effect::DropFiles(files.iter().map(|file| file.id).collect())
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
