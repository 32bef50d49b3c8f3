//! Putting it right: for whom one speaks, the harm, and what would help. The second screen of the fourth step, where remedy is asked for.

use recourse_domain::report::Purpose;
use recourse_domain::vocabulary::{Answer, Remedy};
use recourse_flow::intake::{Edit, FreeText, Msg};

use super::{Question, Screen, privacy};
use crate::controls::{Choice, Kind, Shape, Weight};
use crate::draw::Draw;
use crate::text::{form, t};

pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let draft = &state.draft;
    draw.open("div", "stack medium").key("speaking");
    let others = draft.represented.is_some();
    let question = Question {
        shape: Shape::Row,
        hint: Some(form::SPEAKS_HINT),
        ..Question::of("speaks", form::SPEAKS_LEGEND, form::SPEAKS_, 2)
    };
    let list = |at: usize| if at == 0 { ("self", state.speaks_for_others == Some(false)) } else { ("others", others) };
    screen.choices(draw, question, &list, |at| Edit::SpeaksForOthers(at == 1));
    if let Some(represented) = &draft.represented {
        draw.open("div", "card stack").key("represented");
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::RepresentedHowMany(text)));
        screen.field(
            draw,
            (Kind::Number, "represented-how-many"),
            t(form::SPEAKS_HOW_MANY),
            None,
            &state.represented_how_many,
            typed,
        );
        let edit = |at| Edit::RepresentedKnow(Answer::ALL[at]);
        screen.answers(draw, "represented-know", form::SPEAKS_KNOW, None, represented.do_they_know, edit);
        let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Receipts(text)));
        let receipts = (Kind::Number, "receipts");
        screen.field(
            draw,
            receipts,
            t(form::SPEAKS_RECEIPTS),
            Some(form::SPEAKS_RECEIPTS_HINT),
            &state.receipts,
            typed,
        );
        draw.close();
    }
    draw.close();

    let typed = screen.typed(0, |_, text| Msg::Edit(Edit::Harm(text)));
    screen.field(
        draw,
        (Kind::Few, "text-harm"),
        t(form::REMEDY_HARM),
        Some(form::REMEDY_HARM_HINT),
        &draft.harm,
        typed,
    );
    privacy::found(draw, screen, FreeText::Harm);
    let question = Question {
        several: true,
        shape: Shape::Tokens,
        hint: Some(form::REMEDY_HINT),
        ..Question::of("remedy", form::REMEDY_LEGEND, form::REMEDIES_, Remedy::ALL.len())
    };
    let list = |at: usize| (Remedy::ALL[at].as_str(), draft.remedy_sought.contains(&Remedy::ALL[at]));
    screen.choices(draw, question, &list, |at| Edit::Remedy(Remedy::ALL[at]));
    if state.asks_for_data() {
        let may = draft.may_tell_data_holder;
        let choice =
            Choice::new("holder", screen.named(form::REMEDY_HOLDER), may).hint(screen.named(form::REMEDY_HOLDER_HINT));
        choice.draw(
            draw,
            "tell-data-holder",
            None,
            screen.picked(usize::from(!may), |may| Edit::MayTellDataHolder(may == 1)),
        );
    }
    if draft.purpose == Some(Purpose::SeekRemedy) {
        // The way to the other door; what was written of remedy is kept for the way back.
        let only = screen.act(0, |_| Msg::Edit(Edit::AlsoRemedy(false)));
        draw.open("div", "row").key("only");
        screen.button(draw, (Weight::Quiet, None), "only-report", form::REMEDY_ONLY_REPORT, only);
        draw.close();
    }
}
