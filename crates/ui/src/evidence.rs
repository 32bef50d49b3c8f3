//! Pictures, files, the screen, links, as form and follow-up page show them: a door for each, a card for what was added, a plain word where
//! something cannot be taken, and how far sending is.
//!
//! The texts are shared by both pages: see [`crate::text`].

use js_sys::{Object, Reflect};
use recourse_domain::vocabulary::EvidenceKind;
use recourse_flow::evidence::{Attached, Cleaning, Doubt, Evidence, EvidenceAct, FileProblem, Flaw, Offence};
use recourse_wire::engine::Progress;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::controls::{Button, Choice, Field, Kind, Tone, Weight, typed};
use crate::draw::{At, Draw};
use crate::format;
use crate::icons::Icon;
use crate::text::{Family, Key, all, count, evidence as e, fill, find, of, replace, t};

/// What people do with evidence.
#[derive(Debug)]
pub enum Did {
    /// Files were chosen.
    Files(Vec<File>),
    /// Anything else.
    Act(EvidenceAct),
}

/// What the evidence is drawn from.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    /// It.
    pub evidence: &'a Evidence,
    /// Addresses (`blob:`) of previews by the file's number, in no order.
    pub previews: &'a [(u32, String)],
    /// No pictures and files, because of what was answered.
    pub refused: bool,
    /// Tag of the heading over the cards.
    pub heading: &'static str,
    /// What stands under the door to a picture of the screen.
    pub shoot_hint: Key,
    /// What is wrong with fields, by their ids.
    pub faults: &'a [(String, AttrValue)],
    /// Who hears.
    pub send: Callback<Did>,
}

impl Panel<'_> {
    /// A click that means an act on what has that number.
    fn act(&self, id: u32, make: fn(u32) -> EvidenceAct) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(Did::Act(make(id))))
    }

    /// A field about what has that number.
    fn field(
        &self,
        draw: &mut Draw,
        (name, id): (&str, u32),
        (label, hint): (AttrValue, Option<Key>),
        value: &str,
        make: fn(u32, String) -> EvidenceAct,
    ) {
        let name = [name, &id.to_string()].concat();
        let fault = self.faults.iter().find(|(field, _)| *field == name).map(|(_, fault)| fault.clone());
        let send = self.send.clone();
        let typed = Callback::from(move |event| send.emit(Did::Act(make(id, typed(&event)))));
        let field = Field::new(Kind::Line, name, label, value.to_owned(), Callback::noop());
        Field { hint: hint.map(t), fault, ..field }.draw(draw, typed);
    }
}

/// The doors, what could not be taken, and a card for what was added.
pub fn view(draw: &mut Draw, panel: &Panel<'_>) {
    let evidence = panel.evidence;
    doors(draw, panel);
    if !panel.refused {
        by_hand(draw, evidence);
        draw.line("p", "hint", e::EVIDENCE_AS_IS);
        for found in &evidence.problems {
            problem(draw, found);
        }
    }
    if !evidence.files.is_empty() {
        list(draw, panel);
    }
}

/// What a screen reader hears without moving.
pub fn announcement(evidence: &Evidence) -> AttrValue {
    if evidence.is_cleaning() {
        t(e::EVIDENCE_CLEANING)
    } else if evidence.files.iter().any(|file| file.kind != EvidenceKind::Link) {
        t(e::EVIDENCE_READY)
    } else {
        AttrValue::default()
    }
}

/// What keeps something from going, in words.
pub fn flaw(flaw: Flaw) -> AttrValue {
    t(match flaw {
        Flaw::Busy => e::FAULT_FILE_BUSY,
        Flaw::Undecided => e::FAULT_FILE_UNDECIDED,
        Flaw::NoLink => e::FAULT_NO_LINK,
        Flaw::TooLong(limit) => return fill(e::FAULT_TOO_LONG, &[("limit", &limit)]),
    })
}

/// How far the uploads are; percents are for the eyes only.
pub fn progress_text(progress: Option<&Progress>, percents: bool) -> AttrValue {
    t(match progress {
        Some(Progress::Uploading { sent, total, .. }) if percents => {
            return fill(e::PROGRESS_UPLOADING, &[("percent", &percent(*sent, *total))]);
        }
        Some(Progress::Paused) => e::PROGRESS_PAUSED,
        Some(Progress::Offline) => e::PROGRESS_OFFLINE,
        _ => e::SEND_BUSY,
    })
}

/// A bar with its text, and a button to pause the uploads, or to go on; `click` does either.
pub fn bar(draw: &mut Draw, progress: Option<&Progress>, text: AttrValue, paused: bool, click: Callback<MouseEvent>) {
    draw.open("div", "stack small").name("send-progress");
    draw.open("p", "").set(At::Id, "send-progress-text").text(text).close();
    draw.open("progress", "").set(At::Max, "100").set(At::AriaLabelledby, "send-progress-text");
    if let Some(Progress::Uploading { sent, total, .. }) = progress {
        draw.attr(At::Value, percent(*sent, *total).to_string().into());
    }
    draw.close();
    // Only what takes long, and what is meant to.
    if matches!(progress, Some(Progress::Uploading { .. } | Progress::Paused | Progress::Offline)) {
        let (name, label) = if paused { ("go-on", e::SEND_GO_ON) } else { ("pause", e::SEND_PAUSE) };
        // One key for both: the focus stays where it was pressed.
        draw.open("div", "row").key("pause");
        draw.put(Button::new(Weight::Plain, name, t(label), click).view()).close();
    }
    draw.close();
}

/// Whole percents.
fn percent(sent: u64, total: u64) -> u64 {
    sent.saturating_mul(100) / total.max(1)
}

/// The editor's texts by name, for a picture of that name.
pub fn editor_texts(name: &str) -> JsValue {
    let texts = Object::new();
    for (id, text) in all(e::EDITOR_) {
        // Setting a property of an object just made cannot fail.
        let _ = Reflect::set(&texts, &id.into(), &replace(&text, &[("name", &name)]).into());
    }
    texts.into()
}

/// Addresses are words: they are taken where pictures must not be.
fn doors(draw: &mut Draw, panel: &Panel<'_>) {
    let evidence = panel.evidence;
    draw.open("div", "doors").spot("files");
    if !panel.refused {
        door(draw, panel, "picture-input", Icon::Picture, (e::EVIDENCE_PICTURE, e::EVIDENCE_PICTURE_HINT));
        if evidence.by_touch {
            door(draw, panel, "camera-input", Icon::Camera, (e::EVIDENCE_CAMERA, e::EVIDENCE_CAMERA_HINT));
        }
        door(draw, panel, "file-input", Icon::File, (e::EVIDENCE_FILE, e::EVIDENCE_FILE_HINT));
        if evidence.can_shoot != Some(false) {
            let texts = (e::EVIDENCE_SHOOT, panel.shoot_hint);
            act_door(draw, panel, ("shoot", Icon::Screen), texts, |_| EvidenceAct::Shoot);
        }
    }
    let texts = (e::EVIDENCE_LINK, e::EVIDENCE_LINK_HINT);
    act_door(draw, panel, ("add-link", Icon::Link), texts, |_| EvidenceAct::AddLink);
    draw.close();
}

/// How a picture of the screen is made where this page cannot.
fn by_hand(draw: &mut Draw, evidence: &Evidence) {
    let text = match (evidence.can_shoot, evidence.not_shot) {
        (Some(false), _) => e::EVIDENCE_SHOOT_BY_HAND,
        (_, Some(true)) => e::EVIDENCE_SHOOT_REFUSED,
        (_, Some(false)) => e::EVIDENCE_SHOOT_FAILED,
        _ => return,
    };
    draw.open("div", "").key("by-hand").set(At::Role, "status");
    draw.notice(Tone::Info, "shoot-by-hand").line("p", "", text).close().close().close();
}

fn door(draw: &mut Draw, panel: &Panel<'_>, name: &str, mark: Icon, texts: (Key, Key)) {
    let send = panel.send.clone();
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
        send.emit(Did::Files(files));
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
    panel: &Panel<'_>,
    (name, mark): (&str, Icon),
    texts: (Key, Key),
    make: fn(u32) -> EvidenceAct,
) {
    draw.open("button", "door upright").name(name).set(At::Type, "button").click(panel.act(0, make));
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
        Offence::TooLarge(limit) => fill(e::OFFENCE_TOO_LARGE, &[name, ("size", &format::limit(*limit))]),
        Offence::TogetherTooLarge(limit) => fill(e::OFFENCE_TOGETHER, &[name, ("size", &format::limit(*limit))]),
        Offence::TooMany(limit) => fill(e::OFFENCE_TOO_MANY, &[name, ("count", limit)]),
        Offence::Empty => fill(e::OFFENCE_EMPTY, &[name]),
        Offence::NotOpened => fill(e::OFFENCE_NOT_OPENED, &[name]),
        Offence::Refused(doubt) => {
            let text = find(e::OFFENCE_, &doubt.reason).unwrap_or_else(|| t(e::OFFENCE_DAMAGED));
            replace(&text, &[name]).into()
        }
    };
    draw.open("div", "").key(&problem.name).set(At::Role, "alert").notice(Tone::Danger, "evidence-problem");
    draw.words("p", "", text).close().close().close();
}

fn list(draw: &mut Draw, panel: &Panel<'_>) {
    let files = &panel.evidence.files;
    let mut together = 0;
    for file in files {
        together += file.size;
    }
    let many = count(e::EVIDENCE_COUNT, files.len() as u32);
    let sum = fill(e::EVIDENCE_TOGETHER, &[("count", &many), ("size", &format::size(together))]);
    draw.open("section", "stack medium").key("list").set(At::AriaLabelledby, "files-title").open("div", "row spread");
    draw.open(panel.heading, "")
        .set(At::Id, "files-title")
        .say(e::EVIDENCE_ADDED)
        .close()
        .words("span", "soft", sum)
        .close();
    draw.open("ul", "plain stack small-gap");
    for file in files {
        card(draw, panel, file);
    }
    draw.close().close();
}

fn card(draw: &mut Draw, panel: &Panel<'_>, file: &Attached) {
    let number = file.id.to_string();
    let name = |part: &str| ["evidence-", part, "-", &number].concat();
    let link = file.kind == EvidenceKind::Link;
    draw.open("li", "card evidence").spot(&name("card")).open("div", "evidence-head");
    preview(draw, panel.previews, file);
    facts(draw, file, false);
    draw.close();
    state_of(draw, panel, file);
    draw.open("div", "row evidence-acts").key("acts");
    if file.can_be_covered() {
        let click = panel.act(file.id, EvidenceAct::Cover);
        let cover = Button::new(Weight::Plain, name("cover"), t(e::EVIDENCE_COVER), click).icon(Icon::Cover);
        draw.put(cover.described(fill(e::EVIDENCE_COVER_NAMED, &[("name", &file.name)])).view());
    }
    let remove = panel.act(file.id, EvidenceAct::Remove);
    let remove = Button::new(Weight::Quiet, name("remove"), t(e::EVIDENCE_REMOVE), remove).icon(Icon::Bin);
    let named = if link && !file.address.trim().is_empty() { &file.address } else { &file.name };
    draw.put(remove.described(fill(e::EVIDENCE_REMOVE_NAMED, &[("name", named)])).view()).close();
    if link {
        let texts = (t(e::EVIDENCE_ADDRESS), Some(e::EVIDENCE_ADDRESS_HINT));
        panel.field(draw, ("evidence-address-", file.id), texts, &file.address, EvidenceAct::Address);
    } else {
        panel.field(draw, ("evidence-name-", file.id), (t(e::EVIDENCE_NAME), None), &file.name, EvidenceAct::Name);
    }
    let label = match (link, file.has_preview()) {
        (true, _) => e::EVIDENCE_LINK_DESCRIPTION,
        (_, true) => e::EVIDENCE_PICTURE_DESCRIPTION,
        _ => e::EVIDENCE_DESCRIPTION,
    };
    let texts = (t(label), None);
    panel.field(draw, ("evidence-description-", file.id), texts, &file.description, EvidenceAct::Describe);
    if !link {
        let sensitive = Choice::new(name("sensitive"), t(e::EVIDENCE_SENSITIVE), file.sensitive)
            .hint(t(e::EVIDENCE_SENSITIVE_HINT));
        let send = panel.send.clone();
        let id = file.id;
        let change = Callback::from(move |_: Event| send.emit(Did::Act(EvidenceAct::Sensitive(id))));
        sensitive.draw(draw, &name("sensitive"), None, change);
    }
    draw.close();
}

/// How far a file is, what was taken out of it, and the question where that did not work.
fn state_of(draw: &mut Draw, panel: &Panel<'_>, file: &Attached) {
    let name = ["evidence-state-", &file.id.to_string()].concat();
    match &file.cleaning {
        Cleaning::Busy => {
            draw.open("p", "evidence-busy").name(&name).open("span", "turning").set(At::AriaHidden, "true").close();
            draw.line("span", "", e::EVIDENCE_BUSY).close();
        }
        Cleaning::Done => done(draw, file, &name),
        Cleaning::Asked(doubt) => {
            draw.open("div", "").key("asked").set(At::Role, "alert").notice(Tone::Warning, &name);
            draw.line("p", "", e::EVIDENCE_DOUBT);
            why(draw, doubt);
            let number = file.id.to_string();
            let insist = panel.act(file.id, EvidenceAct::Insist);
            let label = t(e::EVIDENCE_INSIST);
            let insist = Button::new(Weight::Plain, ["evidence-insist-", &number].concat(), label, insist);
            draw.put(insist.described(fill(e::EVIDENCE_INSIST_NAMED, &[("name", &file.name)])).view());
            draw.close().close().close();
        }
        Cleaning::Kept(_) => {
            draw.open("p", "evidence-kept").name(&name).icon(Icon::Warning);
            draw.line("span", "", e::EVIDENCE_KEPT).close();
            covered(draw, file);
        }
    }
}

fn why(draw: &mut Draw, doubt: &Doubt) {
    for (family, id) in [(e::EVIDENCE_REASON_, &doubt.reason), (e::EVIDENCE_WAY_, &doubt.way)] {
        if let Some(text) = find(family, id) {
            draw.words("p", "", text);
        }
    }
}

fn done(draw: &mut Draw, file: &Attached, name: &str) {
    if file.kind == EvidenceKind::Link {
        return;
    }
    let what = words(e::EVIDENCE_REMOVED_, &file.removed);
    let text = if what.is_empty() { t(e::EVIDENCE_TOOK_NOTHING) } else { fill(e::EVIDENCE_TOOK, &[("what", &what)]) };
    draw.open("div", "evidence-done").name(name);
    draw.open("p", "picked").icon(Icon::Check).words("span", "", text).close();
    for note in &file.notes {
        draw.words("p", "hint", of(e::EVIDENCE_NOTES_, note));
    }
    draw.close();
    covered(draw, file);
}

fn covered(draw: &mut Draw, file: &Attached) {
    if file.covered > 0 {
        let name = ["evidence-covered-", &file.id.to_string()].concat();
        draw.open("p", "picked").name(&name).icon(Icon::Cover);
        draw.words("span", "", count(e::EVIDENCE_COVERED, file.covered)).close();
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
pub fn facts(draw: &mut Draw, file: &Attached, described: bool) {
    draw.open("div", "evidence-facts");
    if file.kind == EvidenceKind::Link {
        draw.line("strong", "", e::EVIDENCE_IS_LINK);
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
            draw.line("p", "hint", e::EVIDENCE_KEPT);
        }
        if file.sensitive {
            draw.line("p", "hint", e::EVIDENCE_SENSITIVE);
        }
    }
    draw.close();
}

/// A small picture where there is one, a sheet of paper where not.
pub fn preview(draw: &mut Draw, previews: &[(u32, String)], file: &Attached) {
    let name = ["evidence-preview-", &file.id.to_string()].concat();
    match previews.iter().find(|(id, _)| *id == file.id) {
        Some((_, address)) => {
            let said = file.description.trim();
            let words = if said.is_empty() {
                fill(e::EVIDENCE_PREVIEW, &[("name", &file.name)])
            } else {
                said.to_owned().into()
            };
            draw.open("img", "evidence-preview")
                .name(&name)
                .attr(At::Src, address.clone().into())
                .attr(At::Alt, words)
                .close();
        }
        None => {
            let mark = if file.kind == EvidenceKind::Link { Icon::Link } else { Icon::File };
            draw.open("span", "evidence-preview none").name(&name).icon(mark).close();
        }
    }
}
