//! The reporter's form on the screen: one function per screen, all of them from `flow`'s state to `Html`. The page that shows it hears what
//! people do as [`Input`] and does what only a page can.

mod about;
mod check;
mod evidence;
mod frame;
mod gone;
mod happened;
mod sent;
mod start;
mod what;
mod who;

use std::collections::BTreeMap;

use recourse_domain::channel::Manifest;
use recourse_domain::vocabulary::Answer;
use recourse_flow::intake::{Edit, Msg, State};
use web_sys::File;
use yew::prelude::*;

use crate::controls::{Choice, Choices, Shape};
use crate::text::{Family, common, of};

pub use frame::view;
pub use sent::code_file;

/// What people do.
#[derive(Debug)]
pub enum Input {
    /// Something for the reducer.
    Msg(Msg),
    /// Files were chosen.
    Files(Vec<File>),
    /// Send, at the time that the page knows.
    Send,
    /// Fetch the channel once more.
    Reload,
    /// Save the code as a file.
    SaveCode,
    /// Save the acknowledgement.
    SaveProof,
    /// Print the code.
    Print,
}

/// What a screen is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Screen<'a> {
    /// The form.
    pub state: &'a State,
    /// Who hears.
    pub send: &'a Callback<Input>,
    /// Addresses (`blob:`) of previews by the file's number.
    pub previews: &'a BTreeMap<u32, String>,
    /// In a frame of a product: there is a close button.
    pub framed: bool,
    /// Where answers are read.
    pub follow_up: &'a str,
}

impl Screen<'_> {
    /// A click that means a message.
    fn click(&self, msg: impl Fn() -> Msg + 'static) -> Callback<MouseEvent> {
        self.send.reform(move |_| Input::Msg(msg()))
    }

    /// A text field's change.
    fn text(&self, edit: fn(String) -> Edit) -> Callback<String> {
        self.send.reform(move |text| Input::Msg(Msg::Edit(edit(text))))
    }

    /// The channel's manifest. Screens are drawn only once it is there.
    fn manifest(&self) -> Option<&Manifest> {
        self.state.manifest()
    }

    fn provider(&self) -> &str {
        self.manifest().map_or("", |manifest| &manifest.provider)
    }

    fn product(&self) -> &str {
        self.manifest().map_or("", |manifest| &manifest.product)
    }

    /// Yes, no, not sure.
    fn answers(&self, group: &'static str, legend: AttrValue, current: Option<Answer>, edit: fn(Answer) -> Edit) -> Choices {
        self.choices(group, legend, Shape::Row, (&Answer::ALL, Answer::as_str, common::ANSWER_), &|answer| current == Some(answer), edit)
    }

    /// A question over a list of the vocabulary: its values, their ids and the family of their texts.
    fn choices<T: Copy + 'static>(
        &self,
        group: &'static str,
        legend: AttrValue,
        shape: Shape,
        (all, id, family): (&'static [T], fn(T) -> &'static str, Family),
        on: &dyn Fn(T) -> bool,
        edit: fn(T) -> Edit,
    ) -> Choices {
        let choices = all.iter().map(|value| Choice::new(id(*value), of(family, id(*value)), on(*value))).collect();
        Choices::one(group, legend, shape, choices, self.send.reform(move |at: usize| Input::Msg(Msg::Edit(edit(all[at])))))
    }
}
