//! Two doors, and what one should know before typing.

use recourse_domain::report::Purpose;
use recourse_flow::intake::{Msg, OpenChannel, Part};

use super::{Arrival, Screen, about};
use crate::controls::{Button, Tone, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{Key, fill, form, t};
use yew::AttrValue;

const DOORS: [Purpose; 5] =
    [Purpose::FlagMisuse, Purpose::SeekRemedy, Purpose::IllegalContentNotice, Purpose::Appeal, Purpose::RecordOnly];

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let Some(channel) = screen.open() else { return };
    draw.words("p", "lead", screen.named(form::START_LEAD));
    if channel.expired {
        draw.notice(Tone::Warning, "expired").line("p", "", form::START_EXPIRED).close().close();
    }
    offered(draw, screen);
    draw.open("section", "stack medium").spot("doors").set(At::AriaLabelledby, "doors-title");
    draw.open("h2", "visually-hidden").set(At::Id, "doors-title").say(form::START_DOORS).close();
    door(draw, screen, ("door-misuse", Icon::Flag), (form::START_MISUSE, form::START_MISUSE_HINT), 0);
    door(draw, screen, ("door-remedy", Icon::Hands), (form::START_REMEDY, form::START_REMEDY_HINT), 1);
    small_doors(draw, screen);
    draw.close();

    draw.open("section", "stack medium").name("safety").line("h2", "", form::START_SAFETY).open("ul", "facts plain");
    let hours = fill(form::START_HOURS, &[("hours", &channel.reading_hours)]);
    for (mark, text) in [
        (Icon::People, screen.named(form::START_MAKER)),
        (Icon::Lock, t(form::START_ACCOUNT)),
        (Icon::Phone, t(form::START_WORK)),
        (Icon::Clock, hours),
    ] {
        draw.open("li", "").icon(mark).words("span", "", text).close();
    }
    draw.open("li", "phone").icon(Icon::Phone).open("details", "plainly").name("on-phone");
    draw.open("summary", "").say(form::START_ON_PHONE).close();
    draw.open("p", "hint").say(form::START_ON_PHONE_HINT).text(AttrValue::Static(" "));
    draw.open("span", "ltr").name("phone-address").foreign(&screen.address()).close();
    draw.close();
    if let Arrival::There(later) = screen.later {
        (later.phone)(draw, screen);
    }
    draw.close().close();
    draw.close().notice(Tone::Warning, "emergency").line("p", "", form::START_EMERGENCY);
    if let Arrival::There(later) = screen.later {
        draw.details("local-help", t(form::START_HELP));
        (later.help)(draw, screen);
        draw.close().close();
    }
    draw.close().close().close();
}

fn door(draw: &mut Draw, screen: &Screen<'_>, (name, mark): (&str, Icon), (title, hint): (Key, Key), which: usize) {
    let chosen = screen.state.draft.purpose;
    let on = chosen == Some(DOORS[which]) || (which == 0 && chosen == Some(Purpose::Both));
    draw.open("button", if on { "door on" } else { "door" }).name(name).set(At::Type, "button");
    draw.set(At::AriaPressed, if on { "true" } else { "false" })
        .click(screen.act(which, |which| Msg::Door(DOORS[which])));
    draw.open("span", "door-mark").icon(mark).close();
    draw.open("span", "door-text").words("strong", "", screen.named(title)).line("span", "hint", hint).close();
    draw.icon(Icon::Next).close();
}

/// What few come for, in small: a legal notice where the law gives it a meaning, an appeal, a record.
fn small_doors(draw: &mut Draw, screen: &Screen<'_>) {
    let notices = screen.open().is_some_and(OpenChannel::takes_notices);
    draw.open("div", "small-doors");
    for (which, name, label, shown) in [
        (2, "door-notice", form::START_NOTICE, notices),
        (3, "door-appeal", form::START_APPEAL, true),
        (4, "door-record", form::START_RECORD, true),
    ] {
        if shown {
            let on = screen.state.draft.purpose == Some(DOORS[which]);
            draw.open("button", if on { "button quiet on" } else { "button quiet" }).name(name).set(At::Type, "button");
            draw.set(At::AriaPressed, if on { "true" } else { "false" });
            draw.click(screen.act(which, |which| Msg::Door(DOORS[which]))).line("span", "", label).close();
        }
    }
    draw.close();
}

fn offered(draw: &mut Draw, screen: &Screen<'_>) {
    let offered = &screen.state.offered;
    if offered.subject.is_none() && offered.context.is_empty() {
        return;
    }
    draw.open("section", "card about").spot("about").set(At::AriaLabelledby, "about-title").open("div", "row spread");
    draw.open("h2", "label").set(At::Id, "about-title").say(form::ABOUT_TITLE).close();
    let remove =
        Button::new(Weight::Quiet, "about-remove", t(form::ABOUT_REMOVE), screen.act(0, |_| Msg::Remove(Part::About)));
    draw.put(remove.described(t(form::ABOUT_REMOVE_ITEM)).view()).close();
    if let Some(subject) = &offered.subject {
        draw.quote("p", "typed", &about::item(subject));
    }
    if !offered.context.is_empty() {
        draw.open("div", "stack small").words("p", "hint", screen.named(form::ABOUT_CONTEXT));
        about::context(draw, screen.state);
        draw.close();
    }
    draw.close();
}
