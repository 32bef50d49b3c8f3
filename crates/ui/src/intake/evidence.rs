//! Pictures, files, the screen, links: a door for each, a card for what was added, and a plain word where it may not be taken.

use js_sys::{Object, Reflect};
use recourse_domain::category::Category;
use recourse_domain::vocabulary::{Answer, EvidenceKind};
use recourse_flow::intake::{Attached, Cleaning, Doubt, Edit, EvidenceAct, FileProblem, Msg, Offence, State};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::{Input, Screen};
use crate::controls::{Button, Choice, Kind, Tone, Weight};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::text::{Family, Key, all, count, fill, find, form, of, replace, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let refused = state.draft.refuses_media();
    let child = state.draft.is_child_safety();
    if refused {
        draw.notice(Tone::Warning, "evidence-refused");
        draw.line("p", "", if child { form::EVIDENCE_CHILD } else { form::EVIDENCE_MINOR });
        if state.evidence.dropped {
            draw.line("p", "", form::EVIDENCE_DROPPED);
        }
        draw.close().close();
    } else {
        let limits = state.limits();
        let size = format::limit(limits.attachment_bytes);
        draw.words("p", "lead", fill(form::EVIDENCE_LEAD, &[("count", &limits.attachments), ("size", &size)]));
        if state.draft.category == Some(Category::IntimateImageAbuse) {
            draw.notice(Tone::Info, "evidence-intimate").line("p", "", form::EVIDENCE_INTIMATE).close().close();
        }
    }
    doors(draw, screen, refused);
    if !refused {
        by_hand(draw, state);
        draw.line("p", "hint", form::EVIDENCE_AS_IS);
        for found in &state.evidence.problems {
            problem(draw, found);
        }
    }
    if !state.evidence.files.is_empty() {
        list(draw, screen);
    }
    if state.has_pictures() || (refused && !child) {
        let edit = |at| Edit::Under18(Answer::ALL[at]);
        screen.answers(
            draw,
            "under-18",
            form::EVIDENCE_UNDER_18,
            Some(form::EVIDENCE_UNDER_18_HINT),
            state.draft.under_18_shown,
            edit,
        );
    }
}

/// What a screen reader hears without moving.
pub(super) fn announcement(state: &State) -> AttrValue {
    if state.evidence.dropped {
        t(form::EVIDENCE_DROPPED)
    } else if state.evidence.is_cleaning() {
        t(form::EVIDENCE_CLEANING)
    } else if state.evidence.files.iter().any(|file| file.kind != EvidenceKind::Link) {
        t(form::EVIDENCE_READY)
    } else {
        AttrValue::default()
    }
}

/// The editor's texts by name, for a picture of that name.
pub fn editor_texts(name: &str) -> JsValue {
    let texts = Object::new();
    for (id, text) in all(form::EDITOR_) {
        // Setting a property of an object just made cannot fail.
        let _ = Reflect::set(&texts, &id.into(), &replace(&text, &[("name", &name)]).into());
    }
    texts.into()
}

/// Addresses are words: they are taken where pictures must not be.
fn doors(draw: &mut Draw, screen: &Screen<'_>, refused: bool) {
    let state = screen.state;
    draw.open("div", "doors").spot("files");
    if !refused {
        door(draw, screen, "picture-input", Icon::Picture, (form::EVIDENCE_PICTURE, form::EVIDENCE_PICTURE_HINT));
        if state.evidence.by_touch {
            door(draw, screen, "camera-input", Icon::Camera, (form::EVIDENCE_CAMERA, form::EVIDENCE_CAMERA_HINT));
        }
        door(draw, screen, "file-input", Icon::File, (form::EVIDENCE_FILE, form::EVIDENCE_FILE_HINT));
        if state.evidence.can_shoot != Some(false) {
            let texts = (form::EVIDENCE_SHOOT, form::EVIDENCE_SHOOT_HINT);
            act_door(draw, screen, ("shoot", Icon::Screen), texts, |_| Msg::Evidence(EvidenceAct::Shoot));
        }
    }
    let texts = (form::EVIDENCE_LINK, form::EVIDENCE_LINK_HINT);
    act_door(draw, screen, ("add-link", Icon::Link), texts, |_| Msg::Evidence(EvidenceAct::AddLink));
    draw.close();
}

/// How a picture of the screen is made where this page cannot.
fn by_hand(draw: &mut Draw, state: &State) {
    let text = match (state.evidence.can_shoot, state.evidence.not_shot) {
        (Some(false), _) => form::EVIDENCE_SHOOT_BY_HAND,
        (_, Some(true)) => form::EVIDENCE_SHOOT_REFUSED,
        (_, Some(false)) => form::EVIDENCE_SHOOT_FAILED,
        _ => return,
    };
    draw.open("div", "").key("by-hand").set(At::Role, "status");
    draw.notice(Tone::Info, "shoot-by-hand").line("p", "", text).close().close().close();
}

fn door(draw: &mut Draw, screen: &Screen<'_>, name: &str, mark: Icon, texts: (Key, Key)) {
    let send = screen.send.clone();
    let chosen = Callback::from(move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let mut files: Vec<File> = Vec::new();
        if let Some(list) = input.files() {
            for at in 0..list.length() {
                files.extend(list.get(at));
            }
        }
        // Emptied, so that a file taken out can be chosen again.
        input.set_value("");
        send.emit(Input::Files(files));
    });
    draw.open("label", "door upright").key(name);
    draw.open("input", "visually-hidden").id(name).set(At::Type, "file").change(chosen);
    if mark == Icon::Camera {
        // Phones open the camera for it; one picture at a time.
        draw.set(At::Capture, "environment");
    } else {
        draw.set(At::Multiple, "");
    }
    if mark != Icon::File {
        draw.set(At::Accept, "image/*");
    }
    draw.close();
    door_text(draw, mark, texts);
    draw.close();
}

fn act_door(
    draw: &mut Draw,
    screen: &Screen<'_>,
    (name, mark): (&str, Icon),
    texts: (Key, Key),
    make: fn(usize) -> Msg,
) {
    draw.open("button", "door upright").name(name).set(At::Type, "button").click(screen.act(0, make));
    door_text(draw, mark, texts);
    draw.close();
}

fn door_text(draw: &mut Draw, mark: Icon, (title, hint): (Key, Key)) {
    draw.open("span", "door-mark").icon(mark).close();
    draw.open("span", "door-text").line("strong", "", title).line("span", "hint", hint).close();
}

fn problem(draw: &mut Draw, problem: &FileProblem) {
    let name: (&str, &dyn std::fmt::Display) = ("name", &problem.name);
    let text = match &problem.why {
        Offence::TooLarge(limit) => fill(form::OFFENCE_TOO_LARGE, &[name, ("size", &format::limit(*limit))]),
        Offence::TogetherTooLarge(limit) => fill(form::OFFENCE_TOGETHER, &[name, ("size", &format::limit(*limit))]),
        Offence::TooMany(limit) => fill(form::OFFENCE_TOO_MANY, &[name, ("count", limit)]),
        Offence::Empty => fill(form::OFFENCE_EMPTY, &[name]),
        Offence::NotOpened => fill(form::OFFENCE_NOT_OPENED, &[name]),
        Offence::Refused(doubt) => {
            let text = find(form::OFFENCE_, &doubt.reason).unwrap_or_else(|| t(form::OFFENCE_DAMAGED));
            replace(&text, &[name]).into()
        }
    };
    draw.open("div", "").key(&problem.name).set(At::Role, "alert").notice(Tone::Danger, "evidence-problem");
    draw.words("p", "", text).close().close().close();
}

fn list(draw: &mut Draw, screen: &Screen<'_>) {
    let files = &screen.state.evidence.files;
    let mut together = 0;
    for file in files {
        together += file.size;
    }
    let many = count(form::EVIDENCE_COUNT, files.len() as u32);
    let sum = fill(form::EVIDENCE_TOGETHER, &[("count", &many), ("size", &format::size(together))]);
    draw.open("section", "stack medium").key("list").set(At::AriaLabelledby, "files-title").open("div", "row spread");
    draw.open("h2", "").set(At::Id, "files-title").say(form::EVIDENCE_ADDED).close().words("span", "soft", sum).close();
    draw.open("ul", "plain stack small-gap");
    for file in files {
        card(draw, screen, file);
    }
    draw.close().close();
}

fn card(draw: &mut Draw, screen: &Screen<'_>, file: &Attached) {
    let number = file.id.to_string();
    let name = |part: &str| ["evidence-", part, "-", &number].concat();
    let link = file.kind == EvidenceKind::Link;
    draw.open("li", "card evidence").spot(&name("card")).open("div", "evidence-head");
    preview(draw, screen, file);
    facts(draw, file, false);
    draw.close();
    state_of(draw, screen, file);
    draw.open("div", "row evidence-acts").key("acts");
    if file.can_be_covered() {
        let click = screen.act(file.id as usize, |id| Msg::Evidence(EvidenceAct::Cover(id as u32)));
        let cover = Button::new(Weight::Plain, name("cover"), t(form::EVIDENCE_COVER), click).icon(Icon::Cover);
        draw.put(cover.described(fill(form::EVIDENCE_COVER_NAMED, &[("name", &file.name)])).view());
    }
    let remove = screen.act(file.id as usize, |id| Msg::Evidence(EvidenceAct::Remove(id as u32)));
    let remove = Button::new(Weight::Quiet, name("remove"), t(form::EVIDENCE_REMOVE), remove).icon(Icon::Bin);
    let named = if link && !file.address.trim().is_empty() { &file.address } else { &file.name };
    draw.put(remove.described(fill(form::EVIDENCE_REMOVE_NAMED, &[("name", named)])).view()).close();
    if link {
        let typed = screen.typed(file.id, |id, text| Msg::Evidence(EvidenceAct::Address(id, text)));
        let hint = Some(form::EVIDENCE_ADDRESS_HINT);
        screen.field(draw, (Kind::Line, &name("address")), t(form::EVIDENCE_ADDRESS), hint, &file.address, typed);
    } else {
        let typed = screen.typed(file.id, |id, text| Msg::Evidence(EvidenceAct::Name(id, text)));
        screen.field(draw, (Kind::Line, &name("name")), t(form::EVIDENCE_NAME), None, &file.name, typed);
    }
    let label = match (link, file.has_preview()) {
        (true, _) => form::EVIDENCE_LINK_DESCRIPTION,
        (_, true) => form::EVIDENCE_PICTURE_DESCRIPTION,
        _ => form::EVIDENCE_DESCRIPTION,
    };
    let typed = screen.typed(file.id, |id, text| Msg::Evidence(EvidenceAct::Describe(id, text)));
    screen.field(draw, (Kind::Line, &name("description")), t(label), None, &file.description, typed);
    if !link {
        let sensitive = Choice::new(name("sensitive"), t(form::EVIDENCE_SENSITIVE), file.sensitive)
            .hint(t(form::EVIDENCE_SENSITIVE_HINT));
        let send = screen.send.clone();
        let id = file.id;
        let change = Callback::from(move |_: Event| send.emit(Input::Msg(Msg::Evidence(EvidenceAct::Sensitive(id)))));
        sensitive.draw(draw, &name("sensitive"), None, change);
    }
    draw.close();
}

/// How far a file is, what was taken out of it, and the question where that did not work.
fn state_of(draw: &mut Draw, screen: &Screen<'_>, file: &Attached) {
    let name = ["evidence-state-", &file.id.to_string()].concat();
    match &file.cleaning {
        Cleaning::Busy => {
            draw.open("p", "evidence-busy").name(&name).open("span", "turning").set(At::AriaHidden, "true").close();
            draw.line("span", "", form::EVIDENCE_BUSY).close();
        }
        Cleaning::Done => done(draw, file, &name),
        Cleaning::Asked(doubt) => {
            draw.open("div", "").key("asked").set(At::Role, "alert").notice(Tone::Warning, &name);
            draw.line("p", "", form::EVIDENCE_DOUBT);
            why(draw, doubt);
            let number = file.id.to_string();
            let insist = screen.act(file.id as usize, |id| Msg::Evidence(EvidenceAct::Insist(id as u32)));
            let label = t(form::EVIDENCE_INSIST);
            let insist = Button::new(Weight::Plain, ["evidence-insist-", &number].concat(), label, insist);
            draw.put(insist.described(fill(form::EVIDENCE_INSIST_NAMED, &[("name", &file.name)])).view());
            draw.close().close().close();
        }
        Cleaning::Kept(_) => {
            draw.open("p", "evidence-kept").name(&name).icon(Icon::Warning);
            draw.line("span", "", form::EVIDENCE_KEPT).close();
            covered(draw, file);
        }
    }
}

fn why(draw: &mut Draw, doubt: &Doubt) {
    for (family, id) in [(form::EVIDENCE_REASON_, &doubt.reason), (form::EVIDENCE_WAY_, &doubt.way)] {
        if let Some(text) = find(family, id) {
            draw.words("p", "", text);
        }
    }
}

fn done(draw: &mut Draw, file: &Attached, name: &str) {
    if file.kind == EvidenceKind::Link {
        return;
    }
    let what = words(form::EVIDENCE_REMOVED_, &file.removed);
    let text =
        if what.is_empty() { t(form::EVIDENCE_TOOK_NOTHING) } else { fill(form::EVIDENCE_TOOK, &[("what", &what)]) };
    draw.open("div", "evidence-done").name(name);
    draw.open("p", "picked").icon(Icon::Check).words("span", "", text).close();
    for note in &file.notes {
        draw.words("p", "hint", of(form::EVIDENCE_NOTES_, note));
    }
    draw.close();
    covered(draw, file);
}

fn covered(draw: &mut Draw, file: &Attached) {
    if file.covered > 0 {
        let name = ["evidence-covered-", &file.id.to_string()].concat();
        draw.open("p", "picked").name(&name).icon(Icon::Cover);
        draw.words("span", "", count(form::EVIDENCE_COVERED, file.covered)).close();
    }
}

/// The texts of ids, in one line.
fn words(family: Family, ids: &[String]) -> String {
    let mut line = String::new();
    for id in ids {
        if !line.is_empty() {
            line.push_str(" · ");
        }
        line.push_str(&of(family, id));
    }
    line
}

/// Name, size and, on the check, the person's words and what else readers get to see.
pub(super) fn facts(draw: &mut Draw, file: &Attached, described: bool) {
    draw.open("div", "evidence-facts");
    if file.kind == EvidenceKind::Link {
        draw.line("strong", "", form::EVIDENCE_IS_LINK);
        if described {
            draw.quote("p", "typed ltr", &file.address);
        }
    } else {
        draw.quote("strong", "typed", &file.name);
    }
    if described && !file.description.trim().is_empty() {
        draw.quote("p", "typed", &file.description);
    }
    if file.kind != EvidenceKind::Link {
        draw.words("p", "hint", format::size(file.size).into());
    }
    if described {
        covered(draw, file);
        if matches!(file.cleaning, Cleaning::Kept(_)) {
            draw.line("p", "hint", form::EVIDENCE_KEPT);
        }
        if file.sensitive {
            draw.line("p", "hint", form::EVIDENCE_SENSITIVE);
        }
    }
    draw.close();
}

/// A small picture where there is one, a sheet of paper where not.
pub(super) fn preview(draw: &mut Draw, screen: &Screen<'_>, file: &Attached) {
    let name = ["evidence-preview-", &file.id.to_string()].concat();
    match screen.previews.iter().find(|(id, _)| *id == file.id) {
        Some((_, address)) => {
            let said = file.description.trim();
            let words = if said.is_empty() {
                fill(form::EVIDENCE_PREVIEW, &[("name", &file.name)])
            } else {
                said.to_owned().into()
            };
            draw.open("img", "preview").name(&name).attr(At::Src, address.clone().into()).attr(At::Alt, words).close();
        }
        None => {
            let mark = if file.kind == EvidenceKind::Link { Icon::Link } else { Icon::File };
            draw.open("span", "preview none").name(&name).icon(mark).close();
        }
    }
}
