//! What somebody who came back without script can do: one form, whose button says what is done. What the page with script asks once more before
//! it is done is folded here, behind what it means.

use recourse_domain::content::Degree;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_domain::vocabulary::Answer;
use recourse_flow::console::rights::slug;
use recourse_flow::follow_up::{Act, OwnCase};
use recourse_wire::engine::FollowUpWhat;

use crate::follow_up::{FollowUpPage, Typed};
use crate::icon::Icon;
use crate::markup::Markup;
use crate::review::bytes;
use crate::text::{Key, fill, follow_up as f, form, plain};

/// The acts by the value of their button; the field for their words is `text-` and that.
pub const ACTS: [(&str, Act); 8] = [
    ("message", Act::Message),
    ("files", Act::Evidence),
    ("accept", Act::Accept),
    ("contest", Act::Contest),
    ("offer", Act::Offer),
    ("delivered", Act::Delivered),
    ("withdraw", Act::Withdraw),
    ("feedback", Act::Feedback),
];

fn name_of(act: Act) -> &'static str {
    ACTS.iter().find(|(_, known)| *known == act).map_or("", |(name, _)| name)
}

impl FollowUpPage<'_> {
    /// The decision that holds, whole, and what can be done about it.
    pub(crate) fn decision(&self, html: &mut Markup, case: &OwnCase, again: bool) {
        let entry = case.decision().map(|entry| (entry.at, &entry.what));
        let Some((at, FollowUpWhat::Moved { from, reason, rights, remedies, .. })) = entry else {
            // Set aside without one, as spam or out of scope: that can be contested, too.
            if case.can(Act::Contest, self.now) {
                let title = self.language.of(f::STATE_, case.view.state.as_str());
                html.open("section", "part card").set("id", "decision").line("h2", "", &title);
                self.until(html, case);
                self.ask(html, case, Act::Contest, again);
                html.close();
            }
            return;
        };
        let date = self.language.day(at);
        html.open("section", "part card").set("id", "decision").open("div", "").line(
            "h2",
            "",
            self.say(f::DECISION_TITLE),
        );
        if let Some(name) = from {
            let by = fill(&self.named(f::DECISION_BY), &[("name", name), ("date", &date)]);
            html.line("p", "small-print", &by);
        }
        html.close().open("div", "fact").line("h3", "", self.say(f::DECISION_REASONS));
        match reason.as_deref().map(str::trim).unwrap_or_default() {
            "" => {
                html.line("p", "", self.say(f::DECISION_NO_REASONS));
            }
            reason => self.quote(html, reason, ""),
        }
        html.close();
        let rights =
            rights.iter().map(|id| self.language.find(f::RIGHT_, &slug(id)).unwrap_or(id).to_owned()).collect();
        let remedies = remedies.iter().map(|remedy| self.language.of(f::REMEDY_, remedy.as_str())).collect();
        for (title, lines) in [(f::DECISION_RIGHTS, rights), (f::DECISION_OFFERED, remedies)] {
            let lines: Vec<String> = lines;
            if !lines.is_empty() {
                html.open("div", "fact").line("h3", "", self.say(title)).open("ul", "bullets");
                for line in &lines {
                    html.line("li", "", line);
                }
                html.close().close();
            }
        }
        if let Some(at) = case.accepted() {
            let text = fill(self.say(f::DECISION_ACCEPTED), &[("date", &self.language.day(at))]);
            html.open("p", "settled").set("id", "accepted").icon(Icon::Check).line("span", "", &text).close();
        }
        if case.view.state == CaseState::Appealed {
            html.open("p", "").set("id", "appealed").text(self.say(f::DECISION_APPEALED)).close();
        } else {
            self.until(html, case);
        }
        self.ask(html, case, Act::Accept, again);
        self.ask(html, case, Act::Contest, again);
        html.close();
    }

    /// Until when it can be contested, or that it no longer can.
    fn until(&self, html: &mut Markup, case: &OwnCase) {
        let until = case.contest_until().filter(|at| case.can(Act::Contest, self.now) || self.now > *at);
        if let Some(at) = until {
            let key = if self.now > at { f::DECISION_CONTEST_OVER } else { f::DECISION_CONTEST_UNTIL };
            html.line("p", "small-print", &fill(self.say(key), &[("date", &self.language.day(at))]));
        }
    }

    /// What asks once more, folded: what it means, words if one likes, and the button.
    fn ask(&self, html: &mut Markup, case: &OwnCase, act: Act, again: bool) {
        if !case.can(act, self.now) {
            return;
        }
        let (open, title, text, label, confirm) = match act {
            Act::Accept => (f::ACCEPT_OPEN, f::ACCEPT_TITLE, f::ACCEPT_TEXT, f::ACCEPT_LABEL, f::ACCEPT_CONFIRM),
            Act::Contest => (f::CONTEST_OPEN, f::CONTEST_TITLE, f::CONTEST_TEXT, f::CONTEST_LABEL, f::CONTEST_CONFIRM),
            _ => (f::WITHDRAW_OPEN, f::WITHDRAW_TITLE, f::WITHDRAW_TEXT, f::WITHDRAW_LABEL, f::WITHDRAW_CONFIRM),
        };
        let date = case.contest_until().map(|at| self.language.day(at)).unwrap_or_default();
        self.unfold(html, name_of(act), open, again && !case.text(act).is_empty());
        html.line("h3", "", self.say(title)).line("p", "", &fill(self.say(text), &[("date", &date)]));
        self.words(html, case, act, (label, None));
        let class = if act == Act::Withdraw { "button danger" } else { "button primary" };
        self.button(html, act, class, confirm);
        html.close().close();
    }

    /// Taking the report back.
    pub(crate) fn withdraw(&self, html: &mut Markup, case: &OwnCase, again: bool) {
        self.ask(html, case, Act::Withdraw, again);
    }

    /// The field for the words of an act, with what is wrong with them.
    fn words(&self, html: &mut Markup, case: &OwnCase, act: Act, (label, hint): (Key, Option<Key>)) {
        let id = ["text-", name_of(act)].concat();
        let excess = case.excess(act);
        let mut described = Vec::new();
        html.open("div", if excess > 0 { "field wrong" } else { "field" });
        html.open("label", "").set("for", &id).text(self.say(label)).close();
        if let Some(hint) = hint {
            described.push([&id, "-hint"].concat());
            html.open("p", "hint").set("id", &described.concat()).text(self.say(hint)).close();
        }
        if excess > 0 {
            let fault = [&id, "-fault"].concat();
            let text = fill(self.say(f::FAULT_TEXT_LONG), &[("count", &excess.to_string())]);
            html.open("p", "fault").set("id", &fault).icon(Icon::Warning).line("span", "", &text).close();
            described.push(fault);
        }
        html.open("textarea", "").set("id", &id).set("name", &id).set("dir", "auto").set("rows", "5");
        if !described.is_empty() {
            html.set("aria-describedby", &described.join(" "));
        }
        if excess > 0 {
            html.set("aria-invalid", "true");
        }
        // HTML drops the first line end of a text area.
        html.text("\n").text(case.text(act)).close().close();
    }

    fn button(&self, html: &mut Markup, act: Act, class: &str, label: Key) {
        html.open("div", "row").open("button", class).set("name", "go").set("value", name_of(act));
        html.line("span", "", self.say(label)).close().close();
    }

    /// Radio buttons, one of which is no answer: a choice cannot be taken back without script.
    fn choices(&self, html: &mut Markup, name: &str, legend: &str, options: &[(&str, Key)], given: &str) {
        html.open("fieldset", "field").set("id", name).line("legend", "", legend).open("div", "choices side");
        for (value, label) in options.iter().chain(&[("", plain::PLAIN_NO_ANSWER)]) {
            html.open("label", "choice").open("input", "").set("type", "radio").set("name", name).set("value", value);
            html.flag("checked", given == *value).close().open("span", "choice-text");
            html.line("span", "choice-label", self.say(*label)).close().close();
        }
        html.close().close();
    }

    /// A question of several parts with one button. One that was answered is folded: what was answered is not shown.
    fn question(
        &self,
        html: &mut Markup,
        case: &OwnCase,
        act: Act,
        (title, text): (Key, &str),
        (answered, anew): (Key, Key),
        inside: impl FnOnce(&mut Markup),
    ) {
        html.open("section", "part card asked").set("id", name_of(act)).line("h2", "", self.say(title));
        let at = case.answered(act);
        if let Some(at) = at {
            let text = fill(self.say(answered), &[("date", &self.language.day(at))]);
            html.open("p", "settled").icon(Icon::Check).line("span", "", &text).close();
            self.unfold(html, &[name_of(act), "-again"].concat(), anew, false);
        }
        html.line("p", "", text);
        inside(html);
        if at.is_some() {
            html.close().close();
        }
        html.close();
    }

    /// Which of the remedies offered are wanted.
    pub(crate) fn offers(&self, html: &mut Markup, case: &OwnCase) {
        if case.can(Act::Offer, self.now) {
            let head = (f::OFFER_TITLE, self.say(f::OFFER_TEXT));
            self.question(html, case, Act::Offer, head, (f::OFFER_ANSWERED, f::OFFER_AGAIN), |html| {
                let given = |remedy| case.offers.get(&remedy).copied();
                self.yes_or_no(html, Act::Offer, &case.offered().0, (f::OFFER_YES, f::OFFER_NO), given);
                self.words(html, case, Act::Offer, (f::OFFER_LABEL, None));
                self.button(html, Act::Offer, "button primary", f::OFFER_SEND);
            });
        }
    }

    /// Whether what is said to be done was done.
    pub(crate) fn delivered(&self, html: &mut Markup, case: &OwnCase) {
        if case.can(Act::Delivered, self.now) {
            let text = self.named(f::DELIVERED_TEXT);
            let head = (f::DELIVERED_TITLE, &*text);
            self.question(html, case, Act::Delivered, head, (f::DELIVERED_ANSWERED, f::DELIVERED_AGAIN), |html| {
                let given = |remedy| case.delivered.get(&remedy).copied();
                let keys = (f::DELIVERED_YES, f::DELIVERED_NO);
                self.yes_or_no(html, Act::Delivered, &case.said_delivered().0, keys, given);
                self.words(html, case, Act::Delivered, (f::DELIVERED_LABEL, None));
                self.button(html, Act::Delivered, "button primary", f::DELIVERED_SEND);
            });
        }
    }

    fn yes_or_no(
        &self,
        html: &mut Markup,
        act: Act,
        remedies: &[Remedy],
        (yes, no): (Key, Key),
        given: impl Fn(Remedy) -> Option<bool>,
    ) {
        for remedy in remedies {
            let name = [name_of(act), "-", remedy.as_str()].concat();
            let given = given(*remedy).map_or("", |yes| if yes { "yes" } else { "no" });
            let legend = self.language.of(f::REMEDY_, remedy.as_str());
            self.choices(html, &name, &legend, &[("yes", yes), ("no", no)], given);
        }
    }

    /// How it was, once it is over.
    pub(crate) fn feedback(&self, html: &mut Markup, case: &OwnCase) {
        if case.can(Act::Feedback, self.now) {
            let head = (f::FEEDBACK_TITLE, self.say(f::FEEDBACK_TEXT));
            self.question(html, case, Act::Feedback, head, (f::FEEDBACK_ANSWERED, f::FEEDBACK_AGAIN), |html| {
                let degrees = [("yes", f::DEGREE_YES), ("partly", f::DEGREE_PARTLY), ("no", f::DEGREE_NO)];
                let of = |degree: Option<Degree>| degree.map_or("", Degree::as_str);
                self.choices(html, "heard", self.say(f::FEEDBACK_HEARD), &degrees, of(case.heard));
                self.choices(html, "fair", self.say(f::FEEDBACK_FAIR), &degrees, of(case.fair));
                self.words(html, case, Act::Feedback, (f::FEEDBACK_LABEL, None));
                self.button(html, Act::Feedback, "button primary", f::FEEDBACK_SEND);
            });
        }
    }

    /// Writing back.
    pub(crate) fn write(&self, html: &mut Markup, case: &OwnCase) {
        if !case.can(Act::Message, self.now) {
            return;
        }
        html.open("section", "part card").set("id", "message").line("h2", "", self.say(f::WRITE_TITLE));
        if case.view.state == CaseState::NeedsInfo {
            html.notice("", Icon::Warning).line("p", "", self.say(f::WRITE_ASKED)).close().close();
        }
        self.words(html, case, Act::Message, (f::WRITE_LABEL, Some(f::WRITE_HINT)));
        self.button(html, Act::Message, "button primary", f::WRITE_SEND);
        let hours = &self.channel.reading_hours;
        if !hours.is_empty() {
            html.line("p", "small-print", &fill(self.say(f::CASE_READING_HOURS), &[("hours", hours)]));
        }
        html.close();
    }

    /// More files. The page cannot hold them: after each press they are chosen anew.
    pub(crate) fn files(&self, html: &mut Markup, case: &OwnCase, typed: Typed<'_>, again: bool) {
        if !case.can(Act::Evidence, self.now) {
            return;
        }
        let limits = self.channel.limits;
        let filled = !case.text(Act::Evidence).is_empty() || !typed.one("description").is_empty();
        self.unfold(html, "files", f::MORE_OPEN, again && (filled || typed.one("go") == "files"));
        html.line("h3", "", self.say(f::MORE_TITLE)).line("p", "", self.say(f::MORE_CHILD));
        let values = [
            ("count", &*limits.attachments.to_string()),
            ("size", &*bytes(limits.attachment_bytes)),
            ("total", &*bytes(limits.report_bytes)),
        ];
        html.open("p", "hint").set("id", "file-hint").text(&fill(self.say(plain::PLAIN_FILES_HINT), &values)).close();
        let answers = [("yes", f::ANSWER_YES), ("no", f::ANSWER_NO), ("not_sure", f::ANSWER_NOT_SURE)];
        let given = typed.one("under-18").parse::<Answer>().map_or("", Answer::as_str);
        self.choices(html, "under-18", self.say(form::EVIDENCE_UNDER_18), &answers, given);
        self.words(html, case, Act::Evidence, (f::MORE_LABEL, None));
        html.open("div", "field").open("label", "").set("for", "description");
        html.text(self.say(plain::PLAIN_DESCRIPTION)).close().open("input", "").set("type", "text").set("dir", "auto");
        html.set("id", "description").set("name", "description").set("value", typed.one("description")).close().close();
        html.open("label", "choice").open("input", "").set("type", "checkbox").set("name", "as-is").set("value", "yes");
        html.flag("checked", typed.one("as-is") == "yes").close().open("span", "choice-text");
        html.line("span", "choice-label", self.say(plain::PLAIN_AS_IS));
        html.line("span", "hint", self.say(plain::PLAIN_AS_IS_HINT)).close().close();
        html.open("div", "field").open("label", "").set("for", "file").text(self.say(form::EVIDENCE_FILE)).close();
        html.open("input", "").set("type", "file").set("id", "file").set("name", "file").flag("multiple", true);
        html.set("aria-describedby", "file-hint").close().close();
        html.line("p", "hint", self.say(plain::PLAIN_ONCE));
        self.button(html, Act::Evidence, "button primary", f::MORE_SEND);
        html.close().close();
    }
}
