//! Adding pictures, files and links to a case: what [`recourse_ui::evidence`] draws, and around it what a case asks.

use recourse_domain::report::Answer;
use recourse_domain::time::Timestamp;
use recourse_flow::evidence::Attached;
use recourse_flow::follow_up::{Act, Asking, Msg, OwnCase};
use recourse_ui::controls::{Button, Choice, Choices, Shape, Tone, Weight, error_summary, notice};
use recourse_ui::draw::{Draw, draw};
use recourse_ui::evidence::{self, Did, Panel, bar, flaw, progress_text};
use recourse_ui::format::limit;
use recourse_ui::text::{Key, evidence as e, fill, follow_up as f, of, t};
use yew::prelude::*;

use crate::case::{Send, words};

/// What only the page has of the files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held<'a> {
    /// Addresses of previews by the file's number.
    pub(crate) previews: &'a [(u32, String)],
    /// Who hears what is done to files.
    pub(crate) send: &'a Callback<Did>,
}

/// The card for it.
pub(crate) fn view(case: &OwnCase, now: Timestamp, send: &Send, held: Held<'_>) -> Html {
    let limits = &case.view.manifest.limits;
    let more = &case.more;
    let lead = fill(f::MORE_LEAD, &[("count", &limits.attachments), ("size", &limit(limits.attachment_bytes))]);
    let ready = case.is_ready(Act::Evidence, now);
    html! {
        <section class="part card" key="more" aria-labelledby="asking-title" data-testid="more">
            <h2 id="asking-title" tabindex="-1">{ t(f::MORE_TITLE) }</h2>
            <p>{ lead }</p>
            { notice(Tone::Info, "more-child", paragraph(f::MORE_CHILD)) }
            { wrong(case, send) }
            if case.is_adding() { { draw(|draw| settled(draw, &more.evidence.files, held)) } } else { { choosing(case, send, held) } }
            { words(case, Act::Evidence, "more-text", t(f::MORE_LABEL), send).view() }
            if case.is_adding() { { progress(case, send) } }
            <div class="row">
                { Button::new(Weight::Primary, "more-send", t(if case.busy { f::WRITE_BUSY } else { f::MORE_SEND }),
                    send.reform(|_| Msg::Send(Act::Evidence))).busy(!ready).view() }
                { Button::new(Weight::Plain, "more-cancel", t(f::COMMON_CANCEL), send.reform(|_| Msg::Ask(None::<Asking>))).busy(case.busy).view() }
            </div>
        </section>
    }
}

/// What a screen reader hears without moving, while this card is open or something is on its way.
pub(crate) fn announcement(case: &OwnCase) -> AttrValue {
    if case.is_adding() {
        progress_text(case.more.progress.as_ref(), false)
    } else if case.more.evidence.dropped {
        t(f::MORE_DROPPED)
    } else if case.asking == Some(Asking::Act(Act::Evidence)) {
        evidence::announcement(&case.more.evidence)
    } else {
        AttrValue::default()
    }
}

/// With the English beside it where nobody has checked the words: they are about law.
fn paragraph(key: Key) -> Html {
    draw(|draw| {
        draw.line("p", "", key);
    })
}

/// What has to be put right before it goes.
fn wrong(case: &OwnCase, send: &Send) -> Html {
    let flaws: Vec<(AttrValue, AttrValue)> =
        case.more.flaws.iter().map(|(field, wrong)| (field.clone().into(), flaw(*wrong))).collect();
    if flaws.is_empty() {
        return Html::default();
    }
    let jump = send.reform(|field: AttrValue| Msg::GoToField(field.to_string()));
    error_summary(t(f::SUMMARY_TITLE), &flaws, &jump)
}

fn choosing(case: &OwnCase, send: &Send, held: Held<'_>) -> Html {
    let more = &case.more;
    let faults: Vec<(String, AttrValue)> =
        more.flaws.iter().map(|(field, wrong)| (field.clone(), flaw(*wrong))).collect();
    let panel = Panel {
        evidence: &more.evidence,
        previews: held.previews,
        refused: more.refuses(),
        heading: "h3",
        shoot_hint: f::MORE_SHOOT_HINT,
        faults: &faults,
        send: held.send.clone(),
    };
    html! {
        <>
            if more.refuses() {
                { notice(Tone::Warning, "more-dropped", paragraph(f::MORE_DROPPED)) }
            }
            <div class="stack medium" key="evidence">{ draw(|draw| evidence::view(draw, &panel)) }</div>
            if more.evidence.has_pictures() || more.refuses() { { under_18(case, send) } }
        </>
    }
}

/// What is on its way: it stands still.
fn settled(draw: &mut Draw, files: &[Attached], held: Held<'_>) {
    draw.open("ul", "plain stack small-gap");
    for file in files {
        draw.open("li", "evidence-head");
        evidence::preview(draw, held.previews, file);
        evidence::facts(draw, file, true);
        draw.close();
    }
    draw.close();
}

fn progress(case: &OwnCase, send: &Send) -> Html {
    let more = &case.more;
    let paused = more.paused;
    let click = send.reform(move |_: MouseEvent| Msg::Pause(!paused));
    let progress = more.progress.as_ref();
    draw(|draw| bar(draw, progress, progress_text(progress, true), paused, click))
}

fn under_18(case: &OwnCase, send: &Send) -> Html {
    let choice = |answer: Answer| {
        Choice::new(answer.as_str(), of(f::ANSWER_, answer.as_str()), case.more.under_18 == Some(answer))
    };
    let pick = send.reform(|at: usize| Msg::Under18(Answer::ALL.get(at).copied().unwrap_or(Answer::NotSure)));
    Choices::one("under-18", t(e::EVIDENCE_UNDER_18), Shape::Row, Answer::ALL.map(choice).to_vec(), pick)
        .hint(t(e::EVIDENCE_UNDER_18_HINT))
        .view()
}
