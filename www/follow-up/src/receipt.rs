//! Asking for the code.

use recourse_flow::evidence::Attached;
use recourse_flow::follow_up::{Msg, Page, Trouble};
use recourse_ui::controls::{Button, Field, Kind, Weight};
use recourse_ui::text::{fill, follow_up as f, t};
use recourse_wire::engine::{Failure, ReceiptFault};
use recourse_wire::problem::ProblemKind;
use yew::prelude::*;

use crate::app::fault_id;

/// Characters of a code.
const LENGTH: u32 = 28;

/// One field and one button.
pub(crate) fn view(page: &Page, busy: bool, send: &Callback<Msg>) -> Html {
    let field = Field::new(Kind::Code, "receipt-input", t(f::RECEIPT_LABEL), page.code.clone(), send.reform(Msg::Code))
        .hint(t(f::RECEIPT_HINT))
        .fault(page.trouble.as_ref().map(|trouble| trouble_text(trouble, &[])));
    let open = Button::new(
        Weight::Primary,
        "receipt-open",
        t(if busy { f::RECEIPT_BUSY } else { f::RECEIPT_OPEN }),
        send.reform(|_| Msg::Open),
    );
    // Enter in the field does what the button does; there is no form whose submission could put the code into the address.
    let entered = send.clone();
    let onkeydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() && !event.repeat() {
            event.prevent_default();
            entered.emit(Msg::Open);
        }
    };
    html! {
        <section class="receipt stack" data-testid="receipt" aria-labelledby="receipt-title">
            <h1 id="receipt-title">{ t(f::RECEIPT_TITLE) }</h1>
            <p>{ t(f::RECEIPT_TEXT) }</p>
            <div class="card">
                <div {onkeydown}>{ field.view() }</div>
                <div class="visually-hidden" role="alert" data-testid="receipt-error" data-fault={page.trouble.as_ref().map(fault_id)}>
                    { page.trouble.as_ref().map(|trouble| trouble_text(trouble, &[])) }
                </div>
                <div class="row">{ open.busy(busy).view() }</div>
            </div>
            <div class="stack small small-print">
                <p>{ t(f::RECEIPT_SHOWS) }</p>
                <p>{ t(f::RECEIPT_MEMORY) }</p>
                <p>{ t(f::RECEIPT_LOST) }</p>
            </div>
        </section>
    }
}

/// What did not work, for people. `files` are those that were chosen.
pub(crate) fn trouble_text(trouble: &Trouble, files: &[Attached]) -> AttrValue {
    match trouble {
        Trouble::Code(ReceiptFault::Empty) => t(f::FAULT_EMPTY),
        Trouble::Code(ReceiptFault::Length { got }) => {
            fill(if *got < LENGTH { f::FAULT_LENGTH_SHORT } else { f::FAULT_LENGTH_LONG }, &[("got", got)])
        }
        Trouble::Code(ReceiptFault::Character { found }) => fill(f::FAULT_CHARACTER, &[("found", found)]),
        Trouble::Code(ReceiptFault::Checksum) => t(f::FAULT_CHECKSUM),
        Trouble::UnknownCode => t(f::FAULT_UNKNOWN),
        Trouble::CaseChanged => t(f::FAULT_CASE_CHANGED),
        Trouble::EngineBroken => t(f::FAULT_ENGINE),
        Trouble::Failed(Failure::Network) => t(f::FAULT_NETWORK),
        Trouble::Failed(Failure::Damaged | Failure::NoKey) => t(f::FAULT_DAMAGED),
        Trouble::Failed(Failure::Manifest { check }) if check == "expired" => t(f::FAULT_EXPIRED),
        Trouble::Failed(Failure::Manifest { .. }) => t(f::FAULT_MANIFEST),
        Trouble::Failed(Failure::File { file }) => {
            let name = files.iter().find(|known| known.id == *file).map_or("", |known| known.name.as_str());
            fill(f::FAULT_FILE, &[("name", &name)])
        }
        Trouble::Failed(Failure::Report { .. }) => t(f::FAULT_TOO_LARGE),
        Trouble::Failed(Failure::Acknowledgement) => t(f::FAULT_ACKNOWLEDGEMENT),
        Trouble::Failed(Failure::Problem { problem }) => problem.kind().map_or_else(|| t(f::FAULT_OTHER), problem_text),
        Trouble::Failed(Failure::Unexpected) => t(f::FAULT_UNEXPECTED),
        Trouble::Failed(_) => t(f::FAULT_OTHER),
    }
}

fn problem_text(kind: ProblemKind) -> AttrValue {
    use ProblemKind as P;
    t(match kind {
        P::TooLarge | P::MalformedBodies | P::TooManyAttachments => f::FAULT_TOO_LARGE,
        P::UnknownUpload | P::UploadGone | P::UploadClaimed | P::IncompleteUpload | P::WrongChecksum => f::FAULT_UPLOAD,
        P::CaseFull => f::FAULT_FULL,
        P::ChannelClosed => f::FAULT_EXPIRED,
        P::TooManyRequests => f::FAULT_BUSY,
        P::Internal | P::Unavailable => f::FAULT_INTERNAL,
        _ => f::FAULT_OTHER,
    })
}
