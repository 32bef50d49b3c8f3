//! Questions of the channel's own.

use recourse_domain::question::QuestionKind;
use recourse_flow::intake::{Edit, Msg};
use yew::prelude::*;

use super::{Input, Screen, frame};
use crate::controls::{Choice, Choices, Field, Kind, Shape, typed};
use crate::draw::{At, Draw};
use crate::text::form;

/// Those that are to be shown now.
pub(super) fn view(draw: &mut Draw, screen: &Screen<'_>) {
    let state = screen.state;
    let shown = state.questions_shown();
    if !shown.contains(&true) {
        return;
    }
    draw.open("section", "stack").key("questions").set(At::AriaLabelledby, "questions-title");
    draw.open("h2", "").set(At::Id, "questions-title").text(screen.named(form::QUESTIONS_TITLE)).close();
    for (at, question) in state.questions().iter().enumerate() {
        if shown.get(at) != Some(&true) {
            continue;
        }
        let id = ["question-", &question.id].concat();
        let label = AttrValue::from(question.label.clone());
        let help = question.help.clone().map(AttrValue::from);
        let fault = state.faults.iter().find(|fault| fault.field == id).map(|fault| frame::wrong(fault.wrong));
        let value = state.answer(at);
        if question.kind == QuestionKind::Choice {
            let chosen: Vec<&str> = value.split_whitespace().collect();
            let mut choices = Vec::new();
            for option in &question.options {
                let on = chosen.contains(&&*option.id);
                choices.push(Choice::new(option.id.clone(), option.label.clone().into(), on));
            }
            let shape = if choices.len() > 5 { Shape::Tokens } else { Shape::Cards };
            let made = Choices {
                hint: help,
                several: question.several,
                ..Choices::one(id, label, shape, choices, Callback::noop()).fault(fault)
            };
            made.draw(draw, &|option| {
                let send = screen.send.clone();
                Callback::from(move |_: Event| send.emit(Input::Msg(Msg::Edit(Edit::Option(at, option)))))
            });
            continue;
        }
        let kind = match question.kind {
            QuestionKind::Number => Kind::Number,
            QuestionKind::Date => Kind::Day,
            _ if question.multiline => Kind::Area,
            _ => Kind::Line,
        };
        let send = screen.send.clone();
        let heard = Callback::from(move |event: InputEvent| {
            send.emit(Input::Msg(Msg::Edit(Edit::Answer(at, typed(&event)))));
        });
        let field = Field::new(kind, id, label, value.to_owned(), Callback::noop());
        Field { hint: help, fault, ..field }.draw(draw, heard);
    }
    draw.close();
}
