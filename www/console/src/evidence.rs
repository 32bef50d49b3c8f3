//! Attachments. Pictures are drawn in a sandboxed frame, blurred until asked for; everything else is only saved, under a neutral name.

use recourse_domain::report::EvidenceItem;
use recourse_flow::console::case::{attachment_name, evidence};
use recourse_flow::console::{Attachment, Msg, OpenCase};
use recourse_ui::controls::{Button, Tone, Weight, notice};
use recourse_ui::format::size;
use recourse_ui::icons::Icon;
use recourse_ui::text::{console as c, count, fill, of, t};
use recourse_wire::reviewing::CaseView;
use yew::prelude::*;

use crate::parts::{Send, sends, typed};

/// All attachments. `frame` hears which frame has loaded.
pub(crate) fn view(open: &OpenCase, view: &CaseView, frame: &Callback<usize>, send: &Send) -> Html {
    let items: Vec<&EvidenceItem> = evidence(view).collect();
    let of_report = view.report.as_ref().map_or(0, |report| report.evidence.len());
    if items.is_empty() {
        return html! { <p class="nothing">{ t(c::EVIDENCE_NONE) }</p> };
    }
    let language = view.report.as_ref().map(|report| report.language.as_str());
    let item = |(at, item): (usize, &EvidenceItem)| {
        let attachment = open.attachments.get(at).copied().unwrap_or_default();
        one(at, item, at >= of_report, attachment, language, frame, send)
    };
    html! { <ol class="attachments plain">{ for items.into_iter().enumerate().map(item) }</ol> }
}

fn one(
    at: usize,
    item: &EvidenceItem,
    later: bool,
    attachment: Attachment,
    language: Option<&str>,
    frame: &Callback<usize>,
    send: &Send,
) -> Html {
    let number = at + 1;
    let from =
        [&item.source.title, &item.source.url].into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>();
    let tool = format!("{} {}", item.tool.name, item.tool.version);
    html! {
        <li class="card attachment" key={at} data-testid="evidence" data-later={later.to_string()}>
            <h3>{ fill(c::EVIDENCE_ITEM, &[("number", &number)]) }{ " · " }{ of(c::EVIDENCE_KIND_, item.kind.as_str()) }</h3>
            if later { <p class="small-print">{ t(c::EVIDENCE_LATER) }</p> }
            { content(at, item, attachment, frame, send) }
            if !item.description.is_empty() { { typed(&item.description, language) } }
            <ul class="facts plain small-print">
                <li class="ltr">{ item.media_type.as_str() }</li>
                <li>{ size(item.size) }</li>
                <li>{ fill(c::EVIDENCE_CAPTURED, &[("date", &item.captured_at)]) }</li>
                if item.redactions > 0 { <li>{ count(c::EVIDENCE_REDACTIONS, item.redactions) }</li> }
                if item.sensitive { <li><b>{ t(c::EVIDENCE_SENSITIVE) }</b></li> }
                if !tool.trim().is_empty() { <li>{ fill(c::EVIDENCE_TOOL, &[("tool", &tool.trim())]) }</li> }
                if !item.file_name.is_empty() { <li dir="auto">{ fill(c::EVIDENCE_FILE_NAME, &[("name", &item.file_name)]) }</li> }
                if !from.is_empty() { <li dir="auto">{ fill(c::EVIDENCE_FROM, &[("source", &from.join(" – "))]) }</li> }
                if !item.source.selector.is_empty() {
                    <li dir="auto">{ fill(c::EVIDENCE_SELECTOR, &[("selector", &item.source.selector)]) }</li>
                }
                <li class="code hash">{ "SHA-256 " }{ item.sha256.to_string() }</li>
            </ul>
        </li>
    }
}

fn content(at: usize, item: &EvidenceItem, attachment: Attachment, frame: &Callback<usize>, send: &Send) -> Html {
    let number = at + 1;
    let (verified, picture, covered) = match attachment {
        Attachment::Closed | Attachment::Loading => {
            let busy = attachment == Attachment::Loading;
            let label = t(if busy { c::EVIDENCE_OPENING } else { c::EVIDENCE_OPEN });
            let described = format!("{label}: {}", fill(c::EVIDENCE_ITEM, &[("number", &number)]));
            let open = Button::new(
                Weight::Plain,
                format!("evidence-open-{number}"),
                label,
                sends(send, Msg::OpenAttachment(at)),
            );
            let mark = if item.media_type.as_str().starts_with("image/") { Icon::Picture } else { Icon::File };
            return open.icon(mark).described(described.into()).busy(busy).view();
        }
        Attachment::Open { verified, picture, covered } => (verified, picture, covered),
    };
    let name = attachment_name(at, picture);
    let save = Button::new(
        if picture.is_some() { Weight::Quiet } else { Weight::Plain },
        format!("evidence-save-{number}"),
        fill(c::EVIDENCE_SAVE, &[("name", &name)]),
        sends(send, Msg::SaveAttachment(at)),
    )
    .icon(Icon::Download)
    .view();
    let hash = html! {
        <p class={if verified { "verified" } else { "unverified" }} data-testid={format!("evidence-hash-{number}")} data-verified={verified.to_string()}>
            { recourse_ui::icons::icon(if verified { Icon::Check } else { Icon::Warning }) }
            { t(if verified { c::EVIDENCE_VERIFIED } else { c::EVIDENCE_NOT_VERIFIED }) }
        </p>
    };
    if picture.is_none() {
        let hint = html! { <p>{ t(c::EVIDENCE_SAVE_HINT) }</p> };
        return html! { <div class="stack small">{ hash }{ notice(Tone::Warning, "evidence-unknown", hint) }<div class="row">{ save }</div></div> };
    }
    let (flip, key) = if covered { (c::EVIDENCE_UNCOVER, false) } else { (c::EVIDENCE_COVER, true) };
    html! {
        <div class="stack small">
            <iframe class="picture" key="frame" src="/evidence-frame.html" sandbox="allow-scripts" referrerpolicy="no-referrer" allow=""
                title={fill(c::EVIDENCE_FRAME, &[("number", &number)])} data-testid={format!("evidence-frame-{number}")}
                id={format!("evidence-frame-{number}")} onload={frame.reform(move |_: Event| at)} />
            <div class="row">
                { Button::new(Weight::Plain, format!("evidence-uncover-{number}"), t(flip), sends(send, Msg::Cover(at, key))).view() }
                if covered { <span class="small-print">{ t(c::EVIDENCE_COVERED) }</span> }
                { save }
            </div>
            { hash }
        </div>
    }
}
