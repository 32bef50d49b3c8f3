//! Adding pictures and files to a case.

use recourse_domain::report::Answer;
use recourse_domain::time::Timestamp;
use recourse_flow::follow_up::{Act, Added, Asking, FileProblem, Msg, Offence, OwnCase};
use recourse_ui::controls::{Button, Choice, Choices, Field, Kind, Shape, Tone, Weight, notice};
use recourse_ui::format::{limit, size};
use recourse_ui::icons::{Icon, icon};
use recourse_ui::text::{evidence as e, fill, follow_up as f, of, t};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::case::{Send, words};

/// The card for it.
pub(crate) fn view(case: &OwnCase, now: Timestamp, send: &Send) -> Html {
    let limits = &case.view.manifest.limits;
    let more = &case.more;
    let lead = fill(f::MORE_LEAD, &[("count", &limits.attachments), ("size", &limit(limits.attachment_bytes))]);
    html! {
        <section class="part card" key="more" aria-labelledby="asking-title" data-testid="more">
            <h2 id="asking-title" tabindex="-1">{ t(f::MORE_TITLE) }</h2>
            <p>{ lead }</p>
            { notice(Tone::Info, "more-as-is", html! { <><p>{ t(f::MORE_AS_IS) }</p><p>{ t(f::MORE_CHILD) }</p></> }) }
            if more.dropped { { notice(Tone::Warning, "more-dropped", html! { <p>{ t(f::MORE_DROPPED) }</p> }) } }
            { for more.problems.iter().map(problem) }
            if !more.refuses() { { chooser() } }
            if !more.files.is_empty() {
                <section class="part" aria-labelledby="more-files">
                    <h3 id="more-files">{ t(f::MORE_ADDED) }</h3>
                    <ul class="plain added">{ for more.files.iter().map(|file| card(file, case.busy, send)) }</ul>
                </section>
            }
            if more.has_pictures() || more.refuses() { { under_18(case, send) } }
            { words(case, Act::Evidence, "more-text", t(f::MORE_LABEL), send).view() }
            if let Some((sent, total)) = more.progress {
                <div class="sending">
                    <progress value={sent.to_string()} max={total.to_string()} aria-label={progress_text(sent, total)} data-testid="more-progress" />
                    <p class="small-print">{ progress_text(sent, total) }</p>
                </div>
            }
            <div class="row">
                { Button::new(Weight::Primary, "more-send", t(if case.busy { f::WRITE_BUSY } else { f::MORE_SEND }),
                    send.reform(|_| Msg::Send(Act::Evidence))).busy(!case.is_ready(Act::Evidence, now)).view() }
                { Button::new(Weight::Plain, "more-cancel", t(f::COMMON_CANCEL), send.reform(|_| Msg::Ask(None::<Asking>))).busy(case.busy).view() }
            </div>
        </section>
    }
}

/// How far the sending is.
pub(crate) fn progress_text(sent: u64, total: u64) -> AttrValue {
    fill(f::MORE_SENDING, &[("sent", &size(sent)), ("total", &size(total))])
}

/// The input itself is heard by the page, which keeps the files.
fn chooser() -> Html {
    html! {
        <label class="chooser" key="chooser">
            <input class="visually-hidden" type="file" id="more-input" data-testid="more-input" multiple=true />
            { icon(Icon::Plus) }
            <span><strong>{ t(f::MORE_CHOOSE) }</strong><span class="hint">{ t(f::MORE_CHOOSE_HINT) }</span></span>
        </label>
    }
}

/// The files of an event of that input; it is emptied, so that a file taken out can be chosen again.
pub(crate) fn chosen(event: &web_sys::Event) -> Vec<web_sys::File> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    if input.id() != "more-input" {
        return Vec::new();
    }
    let list = input.files();
    let files = list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at))).collect();
    input.set_value("");
    files
}

fn problem(problem: &FileProblem) -> Html {
    let name: (&str, &dyn std::fmt::Display) = ("name", &problem.name);
    let text = match problem.why {
        Offence::TooLarge(bytes) => fill(e::OFFENCE_TOO_LARGE, &[name, ("size", &limit(bytes))]),
        Offence::TogetherTooLarge(bytes) => fill(e::OFFENCE_TOGETHER, &[name, ("size", &limit(bytes))]),
        Offence::TooMany(most) => fill(e::OFFENCE_TOO_MANY, &[name, ("count", &most)]),
        Offence::Empty => fill(e::OFFENCE_EMPTY, &[name]),
    };
    html! { <div role="alert" key={problem.name.clone()}>{ notice(Tone::Danger, "more-problem", html! { <p>{ text }</p> }) }</div> }
}

fn card(file: &Added, busy: bool, send: &Send) -> Html {
    let id = file.id;
    let remove = Button::new(
        Weight::Quiet,
        format!("more-remove-{id}"),
        t(f::MORE_REMOVE),
        send.reform(move |_| Msg::RemoveFile(id)),
    )
    .icon(Icon::Bin)
    .described(fill(f::MORE_REMOVE_NAMED, &[("name", &file.name)]));
    let label = fill(f::MORE_DESCRIPTION, &[("name", &file.name)]);
    let input = send.reform(move |text| Msg::Describe(id, text));
    html! {
        <li class="file" key={id} data-testid={format!("more-file-{id}")}>
            <div class="head">
                <p><strong class="typed" dir="auto">{ &file.name }</strong><span class="hint">{ size(file.size) }</span></p>
                { remove.busy(busy).view() }
            </div>
            { Field::new(Kind::Line, format!("more-description-{id}"), label, file.description.clone(), input).view() }
        </li>
    }
}

fn under_18(case: &OwnCase, send: &Send) -> Html {
    let choice = |answer: Answer| {
        Choice::new(answer.as_str(), of(f::ANSWER_, answer.as_str()), case.more.under_18 == Some(answer))
    };
    let pick = send.reform(|at: usize| Msg::Under18(Answer::ALL.get(at).copied().unwrap_or(Answer::NotSure)));
    Choices::one("under-18", t(f::MORE_UNDER_18), Shape::Row, Answer::ALL.map(choice).to_vec(), pick)
        .hint(t(f::MORE_UNDER_18_HINT))
        .view()
}
