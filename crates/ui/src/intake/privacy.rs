//! What was found in a text that could point to somebody, with *Cover* and *Keep* beside each; nothing changes by itself.

use recourse_flow::intake::{Edit, FreeText, Msg};

use super::Screen;
use crate::controls::{Button, Kind, Weight};
use crate::draw::{At, Draw};
use crate::icons::Icon;
use crate::text::{count, fill, form, of, t};

/// Under a text: what was found in it.
pub(super) fn found(draw: &mut Draw, screen: &Screen<'_>, text: FreeText) {
    let privacy = &screen.state.privacy;
    let many = privacy.of(text).count();
    let undo = privacy.was_covered(text);
    if many == 0 && !undo {
        return;
    }
    let at = FreeText::ALL.iter().position(|other| *other == text).unwrap_or_default();
    let id = ["privacy-", text.field()].concat();
    draw.open("section", "card found stack small").spot(&id).attr_said(At::AriaLabel, form::PRIVACY_TITLE);
    draw.open("div", "row spread");
    if many > 0 {
        draw.words("p", "label", count(form::PRIVACY_FOUND, many as u32));
    } else {
        draw.line("p", "label", form::PRIVACY_COVERED);
    }
    if many > 1 {
        let all = screen.act(at, |at| Msg::CoverAll(FreeText::ALL[at]));
        screen.button(draw, (Weight::Quiet, None), &[&id, "-all"].concat(), form::PRIVACY_COVER_ALL, all);
    }
    if undo {
        let back = screen.act(at, |at| Msg::Uncover(FreeText::ALL[at]));
        screen.button(draw, (Weight::Quiet, Some(Icon::Back)), &[&id, "-undo"].concat(), form::PRIVACY_UNDO, back);
    }
    draw.close().open("ul", "plain stack small");
    for (place, spot) in privacy.of(text) {
        draw.open("li", "found-spot").name(&["privacy-spot-", &place.to_string()].concat());
        draw.open("p", "").set(At::Dir, "auto").foreign(&spot.lead).open("mark", "").foreign(&spot.words).close();
        draw.foreign(&spot.tail).close().open("div", "row");
        draw.words("span", "hint", of(form::PRIVACY_KIND_, spot.kind.as_str()));
        for (name, label, described, click) in [
            ("cover", form::PRIVACY_COVER, form::PRIVACY_COVER_NAMED, screen.act(place, Msg::Cover)),
            ("keep", form::PRIVACY_KEEP, form::PRIVACY_KEEP_NAMED, screen.act(place, Msg::Keep)),
        ] {
            let name = ["privacy-", name, "-", &place.to_string()].concat();
            let button = Button::new(Weight::Quiet, name, t(label), click);
            draw.put(button.described(fill(described, &[("words", &spot.words)])).view());
        }
        draw.close().close();
    }
    draw.close().close();
}

/// Own name and handle, typed here to be found and never sent.
pub(super) fn own(draw: &mut Draw, screen: &Screen<'_>) {
    let privacy = &screen.state.privacy;
    draw.details("own-words", t(form::PRIVACY_OWN)).line("p", "hint", form::PRIVACY_OWN_HINT);
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::OwnName(text)));
    screen.field(draw, (Kind::Line, "own-name"), t(form::PRIVACY_OWN_NAME), None, &privacy.own_name, typed);
    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::OwnHandle(text)));
    screen.field(draw, (Kind::Line, "own-handle"), t(form::PRIVACY_OWN_HANDLE), None, &privacy.own_handle, typed);
    draw.close().close();
}
