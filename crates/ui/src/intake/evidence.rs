//! Pictures and files: two doors, a card for each, and a plain word where none may be taken.

use recourse_domain::category::Category;
use recourse_domain::vocabulary::Answer;
use recourse_flow::intake::{Attached, Edit, FileProblem, Msg, Offence};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::{Input, Screen};
use crate::controls::{Button, Kind, Tone, Weight};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::text::{Key, count, fill, form, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let refused = state.draft.refuses_media();
    let child = state.draft.is_child_safety();
    if refused {
        draw.notice(Tone::Warning, "evidence-refused");
        draw.line("p", "", if child { form::EVIDENCE_CHILD } else { form::EVIDENCE_MINOR });
        if state.files_dropped {
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
        draw.open("div", "doors").spot("files");
        door(draw, screen, "picture-input", Icon::Picture, (form::EVIDENCE_PICTURE, form::EVIDENCE_PICTURE_HINT));
        door(draw, screen, "file-input", Icon::File, (form::EVIDENCE_FILE, form::EVIDENCE_FILE_HINT));
        draw.close().notice(Tone::Info, "evidence-as-is").line("p", "", form::EVIDENCE_AS_IS).close().close();
        for found in &state.file_problems {
            problem(draw, found);
        }
        if !state.files.is_empty() {
            list(draw, screen);
        }
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

fn door(draw: &mut Draw, screen: &Screen<'_>, name: &str, mark: Icon, (title, hint): (Key, Key)) {
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
    draw.open("input", "visually-hidden").id(name).set(At::Type, "file").set(At::Multiple, "").change(chosen);
    if mark == Icon::Picture {
        draw.set(At::Accept, "image/*");
    }
    draw.close().open("span", "door-mark").icon(mark).close();
    draw.open("span", "door-text").line("strong", "", title).line("span", "hint", hint).close().close();
}

fn problem(draw: &mut Draw, problem: &FileProblem) {
    let name: (&str, &dyn std::fmt::Display) = ("name", &problem.name);
    let text = match problem.why {
        Offence::TooLarge(limit) => fill(form::OFFENCE_TOO_LARGE, &[name, ("size", &format::limit(limit))]),
        Offence::TogetherTooLarge(limit) => fill(form::OFFENCE_TOGETHER, &[name, ("size", &format::limit(limit))]),
        Offence::TooMany(limit) => fill(form::OFFENCE_TOO_MANY, &[name, ("count", &limit)]),
        Offence::Empty => fill(form::OFFENCE_EMPTY, &[name]),
    };
    draw.open("div", "").key(&problem.name).set(At::Role, "alert").notice(Tone::Danger, "evidence-problem");
    draw.words("p", "", text).close().close().close();
}

fn list(draw: &mut Draw, screen: &Screen<'_>) {
    let files = &screen.state.files;
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
    draw.open("li", "card evidence").name(&name("card")).open("div", "evidence-head");
    preview(draw, screen, file);
    facts(draw, file, false);
    let remove = screen.act(file.id as usize, |id| Msg::RemoveFile(id as u32));
    let remove = Button::new(Weight::Quiet, name("remove"), t(form::EVIDENCE_REMOVE), remove).icon(Icon::Bin);
    draw.put(remove.described(fill(form::EVIDENCE_REMOVE_NAMED, &[("name", &file.name)])).view()).close();
    let typed = screen.typed(file.id, |id, text| Msg::Edit(Edit::FileName(id, text)));
    screen.field(draw, (Kind::Line, &name("name")), t(form::EVIDENCE_NAME), None, &file.name, typed);
    let typed = screen.typed(file.id, |id, text| Msg::Edit(Edit::FileDescription(id, text)));
    screen.field(
        draw,
        (Kind::Line, &name("description")),
        t(form::EVIDENCE_DESCRIPTION),
        None,
        &file.description,
        typed,
    );
    draw.close();
}

/// Name, size and, on the check, the person's words.
pub(super) fn facts(draw: &mut Draw, file: &Attached, described: bool) {
    draw.open("div", "evidence-facts").quote("strong", "typed", &file.name);
    if described && !file.description.trim().is_empty() {
        draw.quote("p", "typed", &file.description);
    }
    draw.words("p", "hint", format::size(file.size).into()).close();
}

/// A small picture where there is one, a sheet of paper where not.
pub(super) fn preview(draw: &mut Draw, screen: &Screen<'_>, file: &Attached) {
    let name = ["evidence-preview-", &file.id.to_string()].concat();
    match screen.previews.iter().find(|(id, _)| *id == file.id) {
        Some((_, address)) => {
            let words = fill(form::EVIDENCE_PREVIEW, &[("name", &file.name)]);
            draw.open("img", "preview").name(&name).attr(At::Src, address.clone().into()).attr(At::Alt, words).close();
        }
        None => {
            draw.open("span", "preview none").name(&name).icon(Icon::File).close();
        }
    }
}
