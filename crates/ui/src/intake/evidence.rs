//! Pictures and files: two doors, a card for each, and a plain word where none may be taken.

use recourse_domain::category::Category;
use recourse_flow::intake::{Attached, Edit, FileProblem, Msg, Offence};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::frame::fault_of;
use super::{Input, Screen};
use crate::controls::{Button, Field, Kind, Tone, Weight, notice};
use crate::format;
use crate::icons::{Icon, icon};
use crate::text::{Key, count, fill, form, t};

pub(super) fn view(screen: Screen<'_>) -> Html {
    let state = screen.state;
    let limits = state.limits();
    let refused = state.draft.refuses_media();
    let child = state.draft.is_child_safety();
    let intimate = state.draft.category == Some(Category::IntimateImageAbuse);
    let dropped = state.files_dropped.then(|| html! { <p>{ t(form::EVIDENCE_DROPPED) }</p> });
    html! {
        <>
            { if refused {
                let why = if child { form::EVIDENCE_CHILD } else { form::EVIDENCE_MINOR };
                notice(Tone::Warning, "evidence-refused", html! { <><p>{ t(why) }</p>{ for dropped }</> })
            } else {
                let size = format::limit(limits.attachment_bytes);
                html! {
                    <div key="take" class="stack">
                        <p class="lead">{ fill(form::EVIDENCE_LEAD, &[("count", &limits.attachments), ("size", &size)]) }</p>
                        { for intimate.then(|| notice(Tone::Info, "evidence-intimate", html! { <p>{ t(form::EVIDENCE_INTIMATE) }</p> })) }
                        <div id="files" tabindex="-1" class="doors">
                            { door(screen, "picture-input", Icon::Picture, (form::EVIDENCE_PICTURE, form::EVIDENCE_PICTURE_HINT), Some("image/*")) }
                            { door(screen, "file-input", Icon::File, (form::EVIDENCE_FILE, form::EVIDENCE_FILE_HINT), None) }
                        </div>
                        { notice(Tone::Info, "evidence-as-is", html! { <p>{ t(form::EVIDENCE_AS_IS) }</p> }) }
                        { for state.file_problems.iter().map(problem) }
                        { for (!state.files.is_empty()).then(|| list(screen)) }
                    </div>
                }
            } }
            { for (state.has_pictures() || (refused && !child)).then(|| {
                screen.answers("under-18", t(form::EVIDENCE_UNDER_18), state.draft.under_18_shown, Edit::Under18)
                    .hint(t(form::EVIDENCE_UNDER_18_HINT)).view()
            }) }
        </>
    }
}

fn door(screen: Screen<'_>, name: &'static str, mark: Icon, (title, hint): (Key, Key), accept: Option<&'static str>) -> Html {
    let chosen = screen.send.reform(|event: Event| {
        let input: Option<HtmlInputElement> = event.target().and_then(|target| target.dyn_into().ok());
        let list = input.as_ref().and_then(HtmlInputElement::files);
        let files: Vec<File> = list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at))).collect();
        // Emptied, so that a file taken out can be chosen again.
        if let Some(input) = input {
            input.set_value("");
        }
        Input::Files(files)
    });
    html! {
        <label key={name} class="door upright">
            <input id={name} data-testid={name} type="file" multiple={true} {accept} class="visually-hidden" onchange={chosen} />
            <span class="door-mark">{ icon(mark) }</span>
            <span class="door-text"><strong>{ t(title) }</strong><span class="hint">{ t(hint) }</span></span>
        </label>
    }
}

fn problem(problem: &FileProblem) -> Html {
    let name: (&str, &dyn std::fmt::Display) = ("name", &problem.name);
    let text = match problem.why {
        Offence::TooLarge(limit) => fill(form::OFFENCE_TOO_LARGE, &[name, ("size", &format::limit(limit))]),
        Offence::TogetherTooLarge(limit) => fill(form::OFFENCE_TOGETHER, &[name, ("size", &format::limit(limit))]),
        Offence::TooMany(limit) => fill(form::OFFENCE_TOO_MANY, &[name, ("count", &limit)]),
        Offence::Empty => fill(form::OFFENCE_EMPTY, &[name]),
    };
    html! { <div role="alert">{ notice(Tone::Danger, "evidence-problem", html! { <p>{ text }</p> }) }</div> }
}

fn list(screen: Screen<'_>) -> Html {
    let files = &screen.state.files;
    let together = files.iter().map(|file| file.size).sum();
    let sum = fill(
        form::EVIDENCE_TOGETHER,
        &[("count", &count(form::EVIDENCE_COUNT, files.len() as u32)), ("size", &format::size(together))],
    );
    html! {
        <section key="list" class="stack medium" aria-labelledby="files-title">
            <div class="row spread"><h2 id="files-title">{ t(form::EVIDENCE_ADDED) }</h2><span class="soft">{ sum }</span></div>
            <ul class="plain stack small-gap">{ for files.iter().map(|file| card(screen, file)) }</ul>
        </section>
    }
}

fn card(screen: Screen<'_>, file: &Attached) -> Html {
    let id = file.id;
    let named: &[(&str, &dyn std::fmt::Display)] = &[("name", &file.name)];
    let name = format!("evidence-name-{id}");
    let description = format!("evidence-description-{id}");
    let remove = Button::new(Weight::Quiet, format!("evidence-remove-{id}"), t(form::EVIDENCE_REMOVE), screen.click(move || Msg::RemoveFile(id)))
        .icon(Icon::Bin)
        .described(fill(form::EVIDENCE_REMOVE_NAMED, named));
    let rename = screen.send.reform(move |text| Input::Msg(Msg::Edit(Edit::FileName(id, text))));
    let describe = screen.send.reform(move |text| Input::Msg(Msg::Edit(Edit::FileDescription(id, text))));
    html! {
        <li key={id.to_string()} class="card evidence" data-testid={format!("evidence-card-{id}")}>
            <div class="evidence-head">
                { preview(screen, file) }
                <div class="evidence-facts"><p class="typed" dir="auto"><strong>{ &file.name }</strong></p><p class="hint">{ format::size(file.size) }</p></div>
                { remove.view() }
            </div>
            { Field::new(Kind::Line, name.clone(), t(form::EVIDENCE_NAME), file.name.clone(), rename).fault(fault_of(screen, &name)).view() }
            { Field::new(Kind::Line, description.clone(), t(form::EVIDENCE_DESCRIPTION), file.description.clone(), describe)
                .fault(fault_of(screen, &description)).view() }
        </li>
    }
}

/// A small picture where there is one, a sheet of paper where not.
pub(super) fn preview(screen: Screen<'_>, file: &Attached) -> Html {
    match screen.previews.get(&file.id) {
        Some(address) => html! {
            <img key="preview" class="preview" src={address.clone()} alt={fill(form::EVIDENCE_PREVIEW, &[("name", &file.name)])}
                data-testid={format!("evidence-preview-{}", file.id)} />
        },
        None => html! { <span key="preview" class="preview none" data-testid={format!("evidence-preview-{}", file.id)}>{ icon(Icon::File) }</span> },
    }
}
