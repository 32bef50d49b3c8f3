//! The first step as `recourse-ui` draws it, before there is any Wasm. Doors carry the names by which the app knows its own
//! (`data-door`), so that the starter can hand over what was chosen and where the focus is.

use recourse_flow::intake::{OpenChannel, Step};

use crate::icon::Icon;
use crate::markup::Markup;
use crate::text::{Key, Language, OFFERED, fill, form};
use crate::{fill_named, named};

/// The start screen with its frame: the content of `#first` in the form's pages. `framed` as in `/embed/…`; `phone_address` is what
/// somebody types on their own phone.
pub fn first_step(channel: &OpenChannel, language: Language, framed: bool, phone_address: &str) -> String {
    let html = &mut Markup::default();
    html.open("div", "form").open("div", "behind");
    header(html, channel, language, framed);
    html.open("main", "screen stack");
    html.open("h1", "").set("id", "step-heading").set("tabindex", "-1").text(language.say(form::START_TITLE)).close();
    html.open("div", "stack");
    start(html, channel, language, phone_address);
    html.close().close();
    languages(html, language);
    html.close();
    html.open("div", "visually-hidden").set("role", "status").set("aria-live", "polite");
    html.set("data-wait", language.say(form::FRAME_LOADING)).close();
    std::mem::take(html).done()
}

fn header(html: &mut Markup, channel: &OpenChannel, language: Language, framed: bool) {
    html.open("header", "head no-print").open("div", "bar").open("div", "title");
    html.line("span", "title-main", language.say(form::FRAME_TITLE));
    html.line("span", "title-to", &named(language, channel, form::FRAME_TO));
    if channel.test {
        html.line("span", "test-mark", language.say(form::FRAME_TEST));
    }
    html.close().open("div", "exits");
    html.open("button", "button exit").set("data-door", "quick-exit").set("type", "button");
    html.set("title", language.say(form::FRAME_LEAVE_HINT)).icon(Icon::Leave);
    html.line("span", "", language.say(form::FRAME_LEAVE)).close();
    if framed {
        html.open("button", "button icon-only").set("data-door", "close").set("type", "button");
        html.set("aria-label", language.say(form::COMMON_CLOSE)).icon(Icon::Close).close();
    }
    html.close().close();
    steps(html, language);
    html.close();
}

/// The choice of language, and how far this one can be trusted.
fn languages(html: &mut Markup, language: Language) {
    html.open("footer", "small-print no-print");
    if OFFERED.len() > 1 {
        html.open("label", "language").line("span", "", language.say(form::FRAME_LANGUAGE));
        html.open("select", "").set("id", "language").set("data-door", "language");
        for (tag, name, _) in OFFERED {
            html.open("option", "").set("value", tag).set("lang", tag);
            if *tag == language.tag() {
                html.set("selected", "");
            }
            html.text(name).close();
        }
        html.close().close();
    }
    if !language.is_trusted() {
        html.line("p", "soft", language.say(form::FRAME_UNCHECKED));
    }
    html.close();
}

fn steps(html: &mut Markup, language: Language) {
    let (number, total) = (Step::Start.number().to_string(), Step::COUNTED.len().to_string());
    let count = fill(language.say(form::FRAME_STEP), &[("number", &number), ("total", &total)]);
    html.open("div", "progress-line").open("p", "step-count").line("span", "", &count);
    html.line("span", "step-name", &language.of(form::STEP_, Step::Start.as_str())).close();
    html.open("nav", "").set("aria-label", language.say(form::FRAME_STEPS)).open("ol", "steps plain");
    for step in Step::COUNTED {
        if step == Step::Start {
            html.open("li", "now").set("aria-current", "step");
        } else {
            html.open("li", "");
        }
        html.open("span", "still").open("span", "").close().close().close();
    }
    html.close().close().close();
}

fn start(html: &mut Markup, channel: &OpenChannel, language: Language, phone_address: &str) {
    html.line("p", "lead", &named(language, channel, form::START_LEAD));
    if channel.expired {
        html.notice("warning", Icon::Warning).line("p", "", language.say(form::START_EXPIRED)).close().close();
    }
    html.open("section", "stack medium").set("id", "doors").set("tabindex", "-1").set("aria-labelledby", "doors-title");
    html.open("h2", "visually-hidden").set("id", "doors-title").text(language.say(form::START_DOORS)).close();
    for (name, icon, title, hint) in [
        ("door-misuse", Icon::Flag, form::START_MISUSE, form::START_MISUSE_HINT),
        ("door-remedy", Icon::Hands, form::START_REMEDY, form::START_REMEDY_HINT),
    ] {
        html.open("button", "door").set("data-door", name).set("type", "button").set("aria-pressed", "false");
        html.open("span", "door-mark").icon(icon).close();
        html.open("span", "door-text").line("strong", "", &named(language, channel, title));
        html.line("span", "hint", language.say(hint)).close();
        html.icon(Icon::Next).close();
    }
    small_doors(html, channel, language);
    html.close();

    html.open("section", "stack medium").line("h2", "", language.say(form::START_SAFETY));
    html.open("ul", "facts plain");
    facts(html, channel, language, form::START_ACCOUNT);
    html.open("li", "phone").icon(Icon::Phone).open("details", "plainly");
    html.line("summary", "", language.say(form::START_ON_PHONE));
    html.open("p", "hint").text(language.say(form::START_ON_PHONE_HINT)).text(" ");
    html.line("span", "ltr", phone_address).close().close().close().close();
    html.notice("warning", Icon::Warning).line("p", "", language.say(form::START_EMERGENCY)).close().close();
    html.close();
}

/// What one should know before typing; `account` says what of it is kept here.
pub(crate) fn facts(html: &mut Markup, channel: &OpenChannel, language: Language, account: Key) {
    let hours = fill(language.say(form::START_HOURS), &[("hours", &channel.reading_hours)]);
    for (icon, text) in [
        (Icon::People, named(language, channel, form::START_MAKER)),
        (Icon::Lock, fill_named(channel, language.say(account))),
        (Icon::Phone, language.say(form::START_WORK).to_owned()),
        (Icon::Clock, hours),
    ] {
        html.open("li", "").icon(icon).line("span", "", &text).close();
    }
}

fn small_doors(html: &mut Markup, channel: &OpenChannel, language: Language) {
    html.open("div", "small-doors");
    for (name, label, shown) in [
        ("door-notice", form::START_NOTICE, channel.takes_notices()),
        ("door-appeal", form::START_APPEAL, true),
        ("door-record", form::START_RECORD, true),
    ] {
        if shown {
            html.open("button", "button quiet")
                .set("data-door", name)
                .set("type", "button")
                .set("aria-pressed", "false");
            html.line("span", "", language.say(label)).close();
        }
    }
    html.close();
}
