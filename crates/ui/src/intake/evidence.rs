//! The evidence step of the form: what the answers say of it, and what [`crate::evidence`] draws.

use recourse_domain::category::Category;
use recourse_domain::vocabulary::Answer;
use recourse_flow::intake::{Edit, Msg, State};
use yew::AttrValue;

use super::{Input, Screen, frame};
use crate::controls::Tone;
use crate::draw::Draw;
use crate::evidence::{self, Did, Panel};
use crate::format;
use crate::text::{evidence as e, fill, form, t};

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
    let faults: Vec<(String, AttrValue)> =
        state.faults.iter().map(|fault| (fault.field.clone(), frame::wrong(fault.wrong))).collect();
    evidence::view(
        draw,
        &Panel {
            evidence: &state.evidence,
            previews: screen.previews,
            refused,
            heading: "h2",
            shoot_hint: form::EVIDENCE_SHOOT_HINT,
            faults: &faults,
            send: screen.send.reform(|did| match did {
                Did::Files(files) => Input::Files(files),
                Did::Act(act) => Input::Msg(Msg::Evidence(act)),
            }),
        },
    );
    if state.has_pictures() || (refused && !child) {
        let edit = |at| Edit::Under18(Answer::ALL[at]);
        screen.answers(
            draw,
            "under-18",
            e::EVIDENCE_UNDER_18,
            Some(e::EVIDENCE_UNDER_18_HINT),
            state.draft.under_18_shown,
            edit,
        );
    }
}

/// What a screen reader hears without moving.
pub(super) fn announcement(state: &State) -> AttrValue {
    if state.evidence.dropped { t(form::EVIDENCE_DROPPED) } else { evidence::announcement(&state.evidence) }
}
