//! The case that a code opens, as the page with script shows it: where it stands, what happened, what comes and when. Nothing here repeats
//! the report.

use recourse_domain::channel::Manifest;
use recourse_domain::event::ActKind;
use recourse_domain::lifecycle::CaseState;
use recourse_domain::report::Remedy;
use recourse_flow::follow_up::{Act, Coming, Done, OwnCase};
use recourse_wire::engine::{FollowUpEntry, FollowUpWhat};

use crate::follow_up::{FollowUpPage, Typed};
use crate::icon::Icon;
use crate::markup::Markup;
use crate::text::{Key, fill, follow_up as f};

impl FollowUpPage<'_> {
    /// Whose case it is, and what is wrong with it.
    pub(crate) fn case_head(&self, html: &mut Markup, case: &OwnCase) {
        html.open("div", "stack").open("h1", "").set("id", "case-title").text(&self.named(f::CASE_TITLE)).close();
        html.line("p", "soft", &self.named(f::CASE_ABOUT)).close();
        if case.view.tampered {
            html.notice("danger", Icon::Warning).set("id", "tampered").line("h2", "", self.say(f::CASE_TAMPERED));
            html.line("p", "", self.say(f::CASE_TAMPERED_TEXT)).close().close();
        }
        let ends = case.view.manifest.expires_at;
        if self.now > ends {
            let (date, days) = (self.language.day(ends), Manifest::GRACE_DAYS.to_string());
            let values = [("date", &*date), ("days", &*days), ("provider", &*self.channel.provider)];
            html.notice("warning", Icon::Warning)
                .line("p", "", &fill(self.say(f::CASE_EXPIRED), &values))
                .close()
                .close();
        }
    }

    pub(crate) fn done(&self, html: &mut Markup, case: &OwnCase) {
        let Some(Done::Sent(act)) = case.done else { return };
        html.notice("success", Icon::Check).set("id", "done").set("role", "status");
        html.line(
            "p",
            "",
            self.say(match act {
                Act::Message => f::WRITE_SENT,
                Act::Evidence => f::MORE_DONE,
                Act::Accept => f::ACCEPT_DONE,
                Act::Contest => f::CONTEST_DONE,
                Act::Offer => f::OFFER_DONE,
                Act::Delivered => f::DELIVERED_DONE,
                Act::Withdraw => f::WITHDRAW_DONE,
                Act::Feedback => f::FEEDBACK_DONE,
            }),
        );
        html.close().close();
    }

    /// Everything below the head, in the order of the page with script. `again` after something was not done: then nothing that was typed is
    /// folded away.
    pub(crate) fn case_body(&self, html: &mut Markup, case: &OwnCase, typed: Typed<'_>, again: bool) {
        let coming = case.coming(self.now);
        self.stands(html, case, coming.first());
        let late = coming.first().is_some_and(|next| next.late);
        if late && !self.channel.other_routes.is_empty() {
            html.notice("warning", Icon::Warning).set("id", "late-routes").line(
                "h2",
                "",
                self.say(f::CASE_OTHER_ROUTES),
            );
            self.routes(html);
            html.close().close();
        }
        self.decision(html, case, again);
        self.offers(html, case);
        self.delivered(html, case);
        self.feedback(html, case);
        html.open("section", "part").set("aria-labelledby", "happened");
        html.open("h2", "").set("id", "happened").text(self.say(f::CASE_HAPPENED)).close();
        html.open("ol", "timeline plain").set("id", "timeline");
        for entry in &case.view.entries {
            self.entry(html, case, entry);
        }
        html.close().close();
        html.open("section", "part").set("aria-labelledby", "coming");
        html.open("h2", "").set("id", "coming").text(self.say(f::COMING_TITLE)).close();
        if coming.is_empty() {
            html.line("p", "", self.say(f::COMING_NONE));
        } else {
            html.open("ol", "timeline coming plain");
            coming.iter().for_each(|coming| self.comes(html, case, coming));
            html.close();
        }
        html.close();
        self.write(html, case);
        self.withdraw(html, case, again);
        if !late && !self.channel.other_routes.is_empty() {
            self.unfold(html, "other-routes", f::CASE_OTHER_ROUTES, false);
            self.routes(html);
            html.close().close();
        }
        // Last: the server reads fields in this order, so everything typed is there before the first file.
        self.files(html, case, typed, again);
    }

    fn stands(&self, html: &mut Markup, case: &OwnCase, next: Option<&Coming>) {
        html.open("div", "card now").line("span", "label", self.say(f::CASE_NOW));
        html.open("strong", "").set("id", "case-state").set("data-state", case.view.state.as_str());
        html.text(&self.language.of(f::STATE_, case.view.state.as_str())).close();
        if let Some(next) = next {
            let (what, date) = (self.coming_text(case, next.state), self.language.day(next.at));
            let values = [("what", &*what), ("date", &*date), ("provider", &*self.channel.provider)];
            if next.late {
                html.line("p", "", &fill(self.say(f::COMING_NEXT_LATE), &values));
                html.open("p", "late-text").set("id", "late").text(&fill(self.say(f::COMING_LATE), &values)).close();
            } else {
                html.line("p", "", &fill(self.say(f::COMING_NEXT), &values));
            }
        }
        html.close();
    }

    fn comes(&self, html: &mut Markup, case: &OwnCase, coming: &Coming) {
        let date = self.language.day(coming.at);
        let values = [("date", &*date), ("provider", &*self.channel.provider)];
        html.open("li", if coming.late { "late" } else { "" });
        html.line("span", "what", &self.coming_text(case, coming.state));
        let (class, key) = if coming.late { ("late-text", f::COMING_LATE) } else { ("when", f::COMING_BY) };
        html.line("span", class, &fill(self.say(key), &values)).close();
    }

    /// What the channel says of a stage, else what the locale says of the state.
    fn coming_text(&self, case: &OwnCase, state: CaseState) -> String {
        let own = case.stage_text(state, self.language.tag()).trim_end_matches('.');
        if !own.is_empty() {
            return own.to_owned();
        }
        let coming = self.language.find(f::COMING_, state.as_str());
        coming.map_or_else(|| self.language.of(f::STATE_, state.as_str()), str::to_owned)
    }

    fn entry(&self, html: &mut Markup, case: &OwnCase, entry: &FollowUpEntry) {
        let when = |html: &mut Markup, text: &str| {
            html.line("span", "when", text);
        };
        // The reporter's own events are kept to the hour.
        let moment = self.language.moment(entry.at);
        let hour = fill(self.say(f::ENTRY_HOUR), &[("date", &moment)]);
        html.open("li", "").set("data-sequence", &entry.sequence.to_string());
        match &entry.what {
            FollowUpWhat::Reported => {
                html.line("span", "what", self.say(f::ENTRY_REPORTED));
                when(html, &hour);
            }
            FollowUpWhat::Wrote { act } => {
                html.set("data-act", act.as_str()).line("span", "what", self.say(act_text(*act)));
                when(html, &hour);
                when(html, self.say(f::ENTRY_WROTE_HINT));
            }
            FollowUpWhat::Reply { from, text, language } => {
                let name = [from, ", ", &self.channel.provider, ","].concat();
                html.line("span", "what", &fill(self.say(f::ENTRY_REPLY), &[("name", &name)]));
                when(html, &moment);
                if language != self.language.tag() {
                    let name = crate::text::Language::own_name(language);
                    when(html, &fill(self.say(f::ENTRY_LANGUAGE), &[("language", name)]));
                }
                self.quote(html, text, language);
            }
            FollowUpWhat::Moved { to, from, reason, remedies, .. } => {
                let above = case.decision().is_some_and(|decision| decision.sequence == entry.sequence);
                html.line("span", "what", &self.language.of(f::STATE_, to.as_str()));
                when(html, if to.needs_reporter() { &hour } else { &moment });
                if let Some(name) = from {
                    when(html, &fill(&self.named(f::ENTRY_MOVED_BY), &[("name", name)]));
                }
                if *to == CaseState::Closed && from.is_none() && case.is_unconfirmed() {
                    when(html, self.say(f::ENTRY_UNCONFIRMED));
                }
                if above {
                    when(html, self.say(f::ENTRY_DECISION_ABOVE));
                } else if !remedies.is_empty() {
                    let key = if *to == CaseState::Remedied { f::ENTRY_DELIVERED } else { f::ENTRY_OFFERED };
                    when(html, &fill(self.say(key), &[("remedies", &self.remedies(remedies))]));
                }
                if let Some(reason) = reason.as_deref().filter(|reason| !above && !reason.trim().is_empty()) {
                    self.quote(html, reason, "");
                }
            }
        }
        html.close();
    }

    /// Words of a reviewer; `language` where it is told.
    pub(crate) fn quote(&self, html: &mut Markup, text: &str, language: &str) {
        html.open("p", "answer typed").set("dir", "auto");
        if !language.is_empty() {
            html.set("lang", language);
        }
        html.text(text).close();
    }

    /// Remedies in words, one after the other.
    fn remedies(&self, remedies: &[Remedy]) -> String {
        remedies.iter().map(|remedy| self.language.of(f::REMEDY_, remedy.as_str())).collect::<Vec<_>>().join("; ")
    }

    /// Other ways to be heard.
    fn routes(&self, html: &mut Markup) {
        html.open("ul", "plain routes");
        for route in &self.channel.other_routes {
            html.open("li", "").line("b", "", &route.name).line("p", "", &route.text);
            // As text: an address that somebody can look at before they go there, and this page is not to be left by accident.
            html.line("p", "ltr", &route.url).close();
        }
        html.close();
    }

    /// What a browser unfolds without script. Two [`Markup::close`] end it.
    pub(crate) fn unfold(&self, html: &mut Markup, id: &str, summary: Key, open: bool) {
        html.open("details", "").set("id", id).flag("open", open).open("summary", "").icon(Icon::Next);
        html.line("span", "", self.say(summary)).close().open("div", "stack medium inside");
    }
}

/// What an act of the reporter is called afterwards.
const fn act_text(act: ActKind) -> Key {
    match act {
        ActKind::EvidenceAdded => f::ENTRY_EVIDENCE_ADDED,
        ActKind::DecisionAccepted => f::ENTRY_DECISION_ACCEPTED,
        ActKind::RemedyAnswered => f::ENTRY_REMEDY_ANSWERED,
        ActKind::RemedyConfirmed => f::ENTRY_REMEDY_CONFIRMED,
        ActKind::Feedback => f::ENTRY_FEEDBACK,
        ActKind::PurposeChanged => f::ENTRY_PURPOSE_CHANGED,
        ActKind::Report => f::ENTRY_REPORTED,
        ActKind::Message | ActKind::Contested | ActKind::Withdrawn => f::ENTRY_WROTE,
    }
}
