//! Coming back without script: what it means that the server opens the answers, the code, and the case that it opens. The case's own parts are
//! in `own_case.rs`, and what can be done in `acts.rs`.

use recourse_domain::time::Timestamp;
use recourse_flow::follow_up::{OwnCase, Page, Trouble};
use recourse_flow::intake::OpenChannel;
use recourse_wire::engine::{Failure, ReceiptFault};
use recourse_wire::problem::ProblemKind;

use crate::answers::Field;
use crate::icon::Icon;
use crate::markup::Markup;
use crate::plain::Refused;
use crate::review::refused;
use crate::text::{Key, Language, fill, follow_up as f, plain};

/// Characters of a code.
const LENGTH: u32 = 28;

/// Why the server did not do what was asked, where it is not the case that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// It came from another site's page.
    Foreign,
    /// Too many came; in so many seconds there is room.
    Wait(u32),
    /// Too many files are held in memory just now.
    Busy,
    /// The request broke off.
    Broken,
    /// The same was done since the page was made: it may be the page sent twice.
    Twice,
    /// There is nothing in it.
    Nothing,
    /// It is too long; the field says by how much.
    TooLong,
    /// It was not said whether somebody shown could be under 18.
    Under18,
    /// Somebody shown may be under 18.
    Dropped,
    /// Files came beside something that takes none.
    FilesApart,
    /// Files were not taken.
    Files(Vec<Refused>),
}

/// A page on which a reporter comes back without script.
#[derive(Debug, Clone, Copy)]
pub struct FollowUpPage<'a> {
    /// The channel, in that language.
    pub channel: &'a OpenChannel,
    /// The language.
    pub language: Language,
    /// Path of this page, with the language if one was asked for.
    pub action: &'a str,
    /// Address of the page with script.
    pub scripted: &'a str,
    /// The server's clock.
    pub now: Timestamp,
}

/// What somebody typed, as it was posted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typed<'a>(pub(crate) &'a [Field]);

impl<'a> Typed<'a> {
    pub(crate) fn one(self, name: &str) -> &'a str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl FollowUpPage<'_> {
    /// The title.
    pub fn title(&self) -> &'static str {
        crate::follow_up_title(self.language)
    }

    /// What this page means, and the field for the code. `typed` stands in it; `trouble` and `stopped` say what was wrong with it.
    pub fn begin(&self, typed: &str, trouble: Option<&Trouble>, stopped: Option<&Stopped>) -> String {
        let html = &mut self.top();
        html.open("section", "receipt stack").set("aria-labelledby", "receipt-title");
        html.open("h1", "").set("id", "receipt-title").text(self.say(f::RECEIPT_TITLE)).close();
        self.stopped(html, stopped);
        html.notice("warning", Icon::Warning).set("id", "sealed").line("h2", "", self.say(plain::FOLLOW_SEALED_TITLE));
        html.line("p", "", self.say(plain::FOLLOW_SEALED)).line("p", "", self.say(plain::FOLLOW_KEPT));
        html.open("p", "").text(self.say(plain::FOLLOW_BETTER)).text(" ");
        html.open("a", "").set("href", self.scripted).open("bdi", "ltr").text(self.scripted).close().close().close();
        html.close().close();
        self.begin_form(html, "card stack medium");
        html.line("p", "", self.say(f::RECEIPT_TEXT));
        html.open("div", if trouble.is_some() { "field wrong" } else { "field" });
        html.open("label", "").set("for", "code").text(self.say(f::RECEIPT_LABEL)).close();
        html.open("p", "hint").set("id", "code-hint").text(self.say(f::RECEIPT_HINT)).close();
        if let Some(trouble) = trouble {
            html.open("p", "fault").set("id", "code-fault").set("role", "alert").icon(Icon::Warning);
            html.line("span", "", &self.trouble_text(trouble)).close();
        }
        html.open("input", "codeline").set("type", "text").set("id", "code").set("name", "code").set("value", typed);
        html.set("dir", "ltr")
            .set("autocomplete", "off")
            .set("autocapitalize", "characters")
            .set("spellcheck", "false");
        html.set("aria-describedby", if trouble.is_some() { "code-hint code-fault" } else { "code-hint" });
        if trouble.is_some() {
            html.set("aria-invalid", "true");
        }
        html.close().close();
        html.open("div", "row").open("button", "button primary").set("name", "go").set("value", "open");
        html.line("span", "", self.say(f::RECEIPT_OPEN)).close().close().close();
        html.open("div", "stack small small-print");
        for text in [f::RECEIPT_SHOWS, plain::FOLLOW_LINK, f::RECEIPT_LOST] {
            html.line("p", "", self.say(text));
        }
        html.close().close().close();
        let path = self.action.split('?').next().unwrap_or_default();
        crate::languages(html, self.language, path, f::COMMON_UNCHECKED);
        std::mem::take(html).done()
    }

    /// What was posted with a code, to be posted again: where there is no case to show it on. Nothing typed is lost by a wait.
    pub fn again(&self, fields: &[Field], trouble: Option<&Trouble>, stopped: Option<&Stopped>) -> String {
        let html = &mut self.top();
        html.line("h1", "", self.say(f::RECEIPT_TITLE));
        self.stopped(html, stopped);
        self.trouble(html, trouble);
        self.begin_form(html, "stack");
        let order = Typed(fields).one("go");
        for (name, value) in fields.iter().filter(|(name, value)| name != "go" && !value.is_empty()) {
            html.open("input", "").set("type", "hidden").set("name", name).set("value", value).close();
        }
        html.open("div", "row").open("button", "button primary").set("name", "go").set("value", order);
        html.line("span", "", self.say(f::COMMON_TRY_AGAIN)).close().close().close();
        html.line("p", "hint", self.say(plain::FOLLOW_CARRIED));
        std::mem::take(html).done()
    }

    /// The open case. `code` goes along to the next page, and `fields` are what was posted for this one.
    pub fn case(&self, page: &Page, case: &OwnCase, code: &str, fields: &[Field], stopped: Option<&Stopped>) -> String {
        let html = &mut self.top();
        self.case_head(html, case);
        self.stopped(html, stopped);
        self.trouble(html, page.trouble.as_ref());
        // Words for what cannot be done any more have no field: they are shown, so that they can be taken along.
        for (_, act) in crate::acts::ACTS {
            if !case.can(act, self.now) && !case.text(act).is_empty() {
                html.quote(case.text(act));
            }
        }
        self.done(html, case);
        self.begin_form(html, "stack");
        for (name, value) in [("code", code), ("seen", &*case.newest().to_string())] {
            html.open("input", "").set("type", "hidden").set("name", name).set("value", value).close();
        }
        // First in the form: Enter in a field looks again and does nothing.
        html.open("div", "row").open("button", "button").set("name", "go").set("value", "look");
        html.line("span", "", self.say(f::CASE_RELOAD)).close().close();
        self.case_body(html, case, Typed(fields), page.trouble.is_some() || stopped.is_some());
        html.close();
        html.open("section", "part").set("id", "carried").line("p", "", self.say(plain::FOLLOW_CARRIED));
        let path = self.action;
        html.open("div", "row").open("a", "button").set("id", "close").set("href", path).icon(Icon::Close);
        html.line("span", "", self.say(f::CASE_CLOSE)).close().close().close();
        std::mem::take(html).done()
    }

    pub(crate) fn say(&self, key: Key) -> &'static str {
        self.language.say(key)
    }

    pub(crate) fn named(&self, key: Key) -> String {
        crate::named(self.language, self.channel, key)
    }

    fn top(&self) -> Markup {
        let mut html = Markup::default();
        html.open("div", "page").open("div", "bar").open("a", "button").set("id", "leave").set("href", "/left");
        html.icon(Icon::Leave).line("span", "", self.say(f::COMMON_LEAVE)).close().close();
        html.open("main", "stack");
        html
    }

    fn begin_form(&self, html: &mut Markup, class: &str) {
        html.open("form", class).set("method", "post").set("action", self.action).set("autocomplete", "off");
        // One way of sending, so that one reader is enough; never a query, where addresses and histories would have it.
        html.set("accept-charset", "utf-8").set("enctype", "multipart/form-data");
    }

    fn stopped(&self, html: &mut Markup, stopped: Option<&Stopped>) {
        let Some(stopped) = stopped else { return };
        let tone = if matches!(stopped, Stopped::Wait(_) | Stopped::Busy) { "warning" } else { "danger" };
        html.notice(tone, Icon::Warning).set("id", "stopped").set("role", "alert");
        match stopped {
            Stopped::Wait(seconds) => {
                let minutes = u64::from(*seconds).div_ceil(60).max(1);
                html.line("p", "", &self.language.count(plain::FOLLOW_WAIT, minutes));
            }
            Stopped::Files(files) => {
                html.open("ul", "");
                for file in files {
                    html.line("li", "", &refused(self.language, &self.channel.limits, file));
                }
                html.close().line("p", "", self.say(plain::PLAIN_FILES_AGAIN));
            }
            other => {
                html.line(
                    "p",
                    "",
                    self.say(match other {
                        Stopped::Foreign => plain::PLAIN_FOREIGN,
                        Stopped::Busy => f::FAULT_BUSY,
                        Stopped::Twice => plain::FOLLOW_TWICE,
                        Stopped::Nothing => plain::FOLLOW_NOTHING,
                        Stopped::TooLong => f::SUMMARY_TITLE,
                        Stopped::Under18 => plain::FOLLOW_UNDER_18,
                        Stopped::Dropped => f::MORE_DROPPED,
                        Stopped::FilesApart => plain::FOLLOW_FILES_APART,
                        _ => f::FAULT_OTHER,
                    }),
                );
            }
        }
        html.close().close();
    }

    fn trouble(&self, html: &mut Markup, trouble: Option<&Trouble>) {
        let Some(trouble) = trouble else { return };
        html.notice("danger", Icon::Warning).set("id", "trouble").set("role", "alert");
        html.line("p", "", &self.trouble_text(trouble)).close().close();
    }

    /// What did not work, for people: as on the page with script.
    fn trouble_text(&self, trouble: &Trouble) -> String {
        let key = match trouble {
            Trouble::Code(ReceiptFault::Empty) => f::FAULT_EMPTY,
            Trouble::Code(ReceiptFault::Length { got }) => {
                let key = if *got < LENGTH { f::FAULT_LENGTH_SHORT } else { f::FAULT_LENGTH_LONG };
                return fill(self.say(key), &[("got", &got.to_string())]);
            }
            Trouble::Code(ReceiptFault::Character { found }) => {
                return fill(self.say(f::FAULT_CHARACTER), &[("found", &found.to_string())]);
            }
            Trouble::Code(ReceiptFault::Checksum) => f::FAULT_CHECKSUM,
            Trouble::UnknownCode => f::FAULT_UNKNOWN,
            Trouble::CaseChanged => f::FAULT_CASE_CHANGED,
            Trouble::Failed(Failure::Damaged | Failure::NoKey) => f::FAULT_DAMAGED,
            Trouble::Failed(Failure::Manifest { check }) if check == "expired" => f::FAULT_EXPIRED,
            Trouble::Failed(Failure::Manifest { .. }) => f::FAULT_MANIFEST,
            Trouble::Failed(Failure::Report { .. }) => f::FAULT_TOO_LARGE,
            Trouble::Failed(Failure::Acknowledgement) => f::FAULT_ACKNOWLEDGEMENT,
            Trouble::Failed(Failure::Problem { problem }) => problem.kind().map_or(f::FAULT_OTHER, problem_text),
            Trouble::Failed(_) | Trouble::EngineBroken => f::FAULT_OTHER,
        };
        self.say(key).to_owned()
    }
}

fn problem_text(kind: ProblemKind) -> Key {
    use ProblemKind as P;
    match kind {
        P::TooLarge | P::MalformedBodies | P::TooManyAttachments => f::FAULT_TOO_LARGE,
        P::CaseFull => f::FAULT_FULL,
        P::ChannelClosed => f::FAULT_EXPIRED,
        P::Internal | P::Unavailable => f::FAULT_INTERNAL,
        _ => f::FAULT_OTHER,
    }
}
