//! The reducer.

use recourse_domain::category::Category;
use recourse_domain::report::{Purpose, RepresentedGroup};

use super::first::first;
use super::privacy::FreeText;
use super::{
    Detail, Edit, Effect, Given, Gone, Line, Msg, Offered, Part, Question, Record, Sending, Sent, State, Step, Trouble,
};

/// Takes a message in and says what the page has to do.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match first(state, msg) {
        Ok(effects) => effects,
        Err(msg) => later(state, msg),
    }
}

/// Takes in what [`first`] gave back.
pub fn later(state: &mut State, msg: Msg) -> Vec<Effect> {
    if state.gone.is_none() {
        state.whole = true;
        state.read_asked();
        let changes = msg.changes_draft();
        state.take(msg);
        if changes {
            state.store_draft();
        }
    }
    std::mem::take(&mut state.effects)
}

impl State {
    fn take(&mut self, msg: Msg) {
        match msg {
            Msg::Whole { channel, now } => self.read_token(&channel, now),
            Msg::Next => {
                self.faults = self.faults_of(self.step);
                if !self.faults.is_empty() {
                    self.focus("error-summary");
                } else if let Some(next) = self.next() {
                    self.forward(next);
                }
            }
            Msg::Change(step) if step != Step::Sent && self.step != Step::Sent => {
                self.go(step);
                self.changing = step != Step::Check;
            }
            Msg::Change(_) => {}
            Msg::GoToField(field) => self.go_to_field(field),
            Msg::Edit(edit) => {
                self.edit(edit);
                self.put_right();
            }
            Msg::Remove(part) => self.remove(part),
            Msg::RemoveDetail(detail) => {
                self.remove_detail(detail);
                self.focus("check-details");
            }
            Msg::RemoveContext(at) => {
                if at < self.offered.context.len() {
                    self.offered.context.remove(at);
                }
                self.focus("check-about");
            }
            Msg::Cover(at) => self.cover_one(at),
            Msg::Keep(at) => self.keep(at),
            Msg::CoverAll(text) => self.cover_all(text),
            Msg::Uncover(text) => self.uncover(text),

            Msg::AddFiles(files) => self.add_files(files),
            Msg::Evidence(act) => {
                self.take_evidence(act);
                self.put_right();
            }

            Msg::Send { now, language } => {
                if !self.can_send() || self.step != Step::Check {
                    return;
                }
                self.faults = self.all_faults();
                if self.faults.is_empty() {
                    self.pause(false);
                    self.keep.waits = None;
                    self.shelf.turn_away();
                    self.sending = Sending::Busy(None);
                    self.given = Given { first: None, now: Some(now), language };
                    let letter = self.letter();
                    self.effects.push(Effect::Send(letter));
                } else {
                    self.focus("error-summary");
                }
            }
            Msg::Keeping(act) => self.keeping(act),
            Msg::Progress(progress) => {
                if let Sending::Busy(so_far) = &mut self.sending {
                    *so_far = Some(progress);
                }
            }
            Msg::Pause(paused) => self.pause(paused),
            Msg::SendDone(sent) if self.shelf.going.is_some() => self.kept_arrived(sent),
            Msg::SendDone(sent) => self.arrived(sent),
            Msg::Recorded(code) => {
                self.finish();
                self.record = Some(Record { code, saved: false });
            }
            Msg::RecordSaved => {
                if let Some(record) = &mut self.record {
                    record.saved = true;
                }
            }
            Msg::SendFailed(trouble) => {
                if matches!(self.sending, Sending::Busy(_) | Sending::Renewing) {
                    match self.given.first.take_if(|_| !self.shelf.is_sealing()) {
                        // Their codes are there: they must not be lost for those that are missing.
                        Some(first) => self.arrived_all(*first),
                        None => self.failed(trouble),
                    }
                }
            }
            Msg::Shelf(act) => self.shelf(act),
            Msg::ChannelChanged if self.shelf.going.is_some() => self.failed(Trouble::Stale),
            Msg::ChannelChanged => match self.given.first.take() {
                Some(first) => self.arrived_all(*first),
                None => {
                    self.sending = Sending::Renewing;
                    self.effects.push(Effect::FetchChannel);
                }
            },

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
            Msg::LeaveConfirmed => match self.asking {
                Some(Question::Waiting(id)) => self.remove_waiting(id),
                _ => self.close(),
            },

            Msg::CodeTyped(_) | Msg::CodeCheck | Msg::CodeCopy | Msg::CodeCopied(_) => self.receipt(msg),
            // The first part takes the rest.
            _ => {}
        }
    }

    /// A report was recorded: the others of its group follow, one after the other.
    fn arrived(&mut self, sent: Box<Sent>) {
        let first = match self.given.first.take() {
            None => sent,
            Some(mut first) => {
                first.others.push(sent.receipt);
                first
            }
        };
        if (first.others.len() as u32) + 1 < self.receipts_wanted() {
            self.given.first = Some(first);
            self.sending = Sending::Busy(None);
            let letter = self.letter();
            self.effects.push(Effect::SendBare(letter));
        } else {
            self.arrived_all(*first);
        }
    }

    fn arrived_all(&mut self, mut sent: Sent) {
        sent.missing = self.receipts_wanted() - 1 - sent.others.len() as u32;
        self.finish();
        self.sent = Some(sent);
    }

    /// To the last screen. From here on nothing of the report is needed: keeping it would only let somebody else at this screen read it.
    pub(super) fn finish(&mut self) {
        let channel = std::mem::take(&mut self.channel);
        self.erase_draft();
        self.drop_files();
        self.wipe();
        self.channel = channel;
        self.go(Step::Sent);
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
            || self.record.as_ref().is_some_and(|record| !record.saved)
    }

    /// Closes, unless the code could be lost by it.
    fn done(&mut self) {
        if self.code_at_risk() {
            self.asking = Some(Question::CodeNotKept);
            self.focus("leave-cancel");
        } else {
            self.close();
        }
    }

    /// What is left on the device is said on the last page.
    fn close(&mut self) {
        let waits = self.sent.as_ref().is_some_and(|sent| sent.waits.is_some());
        self.end(if waits { Gone::Waiting } else { Gone::Closed });
    }

    fn go_to_field(&mut self, field: String) {
        let at = self.faults.iter().find(|fault| fault.field == field).map_or(self.step, |fault| fault.step);
        if at != self.step {
            self.show(at);
            self.faults = self.faults_of(at);
            self.changing = true;
        }
        if let Some(line) = self.line_of(&field) {
            self.line = Some(line);
        }
        self.effects.push(Effect::FocusField(field));
    }

    /// Lets go of all files.
    #[inline(never)]
    pub(super) fn drop_files(&mut self) {
        let ids = self.evidence.files.drain(..).map(|file| file.id).collect();
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
                draft.secondary_categories.retain(|other| *other != category);
                self.refuse_media();
            }
            Edit::AlsoCategory(category) => {
                if draft.category != Some(category) {
                    toggle(&mut draft.secondary_categories, category);
                    self.refuse_media();
                }
            }
            Edit::Relationship(relationship) => toggle(&mut draft.relationships, relationship),
            Edit::Age(age) => self.age = if self.age == Some(age) { None } else { Some(age) },
            Edit::TellAge(tell) => self.tell_age = tell,
            Edit::SubjectKind(kind) => draft.subject.kind = kind,
            Edit::SubjectName(text) => self.name_subject(text),
            Edit::Sector(sector) => draft.subject.sector = sector,
            Edit::CustomerQuery(text) => self.customer_query = text,
            Edit::Customer(at) => self.pick_customer(at),
            Edit::Item(text) => self.item = text,
            Edit::UseCase(text) => draft.subject.use_case = text,
            Edit::Market(text) => self.market = text,
            Edit::Undone(answer) => draft.can_be_undone = Some(answer),
            Edit::Country(country) => self.country = country,
            Edit::Reasons(text) => {
                draft.notice.get_or_insert_default().reasons = text;
                self.typed_text(FreeText::Reasons);
            }
            Edit::GoodFaith(said) => draft.notice.get_or_insert_default().good_faith_statement = said,
            Edit::ChildNotice(child) => {
                if child {
                    draft.category = Some(Category::ChildSafety);
                    draft.secondary_categories.retain(|other| *other != Category::ChildSafety);
                } else if draft.category == Some(Category::ChildSafety) {
                    draft.category = None;
                }
                self.refuse_media();
            }
            Edit::Decision(text) => draft.appeal.get_or_insert_default().decision = text,
            Edit::OwnName(text) => {
                self.privacy.own_name = text;
                self.search();
            }
            Edit::OwnHandle(text) => {
                self.privacy.own_handle = text;
                self.search();
            }
            Edit::KeepToken(keep) => draft.keep_token = keep,
            Edit::Receipts(text) => self.receipts = text,
            Edit::Answer(at, text) => self.set_answer(at, text),
            Edit::Option(question, option) => self.choose(question, option),
            Edit::WhatHappened(text) => {
                draft.what_happened = text;
                self.typed_text(FreeText::Happened);
            }
            Edit::OpenLine(line) => self.toggle_line(line),
            Edit::EmptyLine(line) => {
                self.empty_line(line);
                self.focus(first_field(line));
            }
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
                self.remedy_opened = yes;
                self.search();
                if !yes && self.step == Step::PuttingRight {
                    // This screen is gone: to the question that brings it back, as it is answered now.
                    let changing = self.changing;
                    self.show(Step::WhatHappened);
                    self.changing = changing;
                    self.focus("also-remedy");
                }
            }
            Edit::Harm(text) => {
                draft.harm = text;
                self.typed_text(FreeText::Harm);
            }
            Edit::Remedy(remedy) => toggle(&mut draft.remedy_sought, remedy),
            Edit::MayTellDataHolder(may) => draft.may_tell_data_holder = may,
            Edit::SpeaksForOthers(others) => {
                self.speaks_for_others = Some(others);
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
            Edit::Urgent(urgent) => self.urgent = urgent,
        }
    }

    /// What has just been put right is no longer called wrong; what else is wrong is said at the next *Continue*.
    fn put_right(&mut self) {
        if !self.faults.is_empty() {
            let before = std::mem::take(&mut self.faults);
            for fault in self.all_faults() {
                if before.contains(&fault) {
                    self.faults.push(fault);
                }
            }
        }
    }

    /// Opens a line in the place of the one before, or closes it. What stands in a closed one stays: its chip says that something does.
    fn toggle_line(&mut self, line: Line) {
        if self.line == Some(line) {
            self.line = None;
        } else {
            self.line = Some(line);
            self.focus(first_field(line));
        }
    }

    fn empty_line(&mut self, line: Line) {
        for detail in self.details_in(line) {
            self.remove_detail(*detail);
        }
    }

    fn remove_detail(&mut self, detail: Detail) {
        let draft = &mut self.draft;
        match detail {
            Detail::When => draft.when = None,
            Detail::Undone => draft.can_be_undone = None,
            Detail::HowMany => {
                self.how_many.clear();
                draft.how_many = None;
            }
            Detail::Groups => draft.affected_groups.clear(),
            Detail::Feature => draft.subject.feature.clear(),
            Detail::Url => self.url.clear(),
            Detail::Subject => self.clear_subject(),
            Detail::Item => self.item.clear(),
            Detail::UseCase => draft.subject.use_case.clear(),
            Detail::Market => self.market.clear(),
            Detail::Danger => draft.imminent_danger = None,
            Detail::Retaliation => draft.fear_of_retaliation = None,
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
            Part::Person => {
                self.draft.relationships.clear();
                self.tell_age = false;
            }
            Part::Token => {
                self.offered.token.clear();
                self.offered.claims.clear();
            }
            Part::Category => {
                self.draft.category = None;
                self.draft.secondary_categories.clear();
                self.group = None;
            }
            Part::Decision => self.draft.appeal = None,
            Part::Text => {
                self.draft.what_happened.clear();
                self.search();
            }
            Part::Notice => {
                self.draft.notice = None;
                self.search();
            }
            Part::Details => {
                self.line = None;
                for detail in Detail::ALL {
                    self.remove_detail(detail);
                }
            }
            Part::Answers => self.draft.answers.clear(),
            Part::Remedy => {
                self.draft.harm.clear();
                self.draft.remedy_sought.clear();
                self.draft.represented = None;
                self.speaks_for_others = None;
                self.receipts.clear();
                self.draft.may_tell_data_holder = false;
                self.represented_how_many.clear();
                self.search();
            }
            Part::Evidence => self.drop_files(),
        }
        self.effects.push(Effect::FocusField(["check-", part.as_str()].concat()));
    }
}

/// Where the focus goes when a line opens.
const fn first_field(line: Line) -> &'static str {
    match line {
        Line::When => "when",
        Line::Who => "how-many",
        Line::Where => "subject",
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
