//! The reporter's form on the screen: one function per screen, all of them from `flow`'s state to `Html`. The page that shows it hears what
//! people do as [`Input`] and does what only a page can.

mod about;
mod check;
mod evidence;
mod frame;
mod gone;
mod happened;
mod help;
mod keep;
mod later;
mod privacy;
mod putting_right;
mod questions;
mod record;
mod sent;
mod start;
mod waiting;
mod what;
mod who;
mod whom;

use recourse_domain::time::Timestamp;
use recourse_domain::vocabulary::Answer;
use recourse_flow::intake::json::Value;
use recourse_flow::intake::{Edit, Effect, Msg, OpenChannel, Question as Ask, Sent, State};
use web_sys::File;
use yew::prelude::*;

use crate::controls::{Button, Choice, Choices, Field, Kind, Shape, Weight, typed};
use crate::draw::Draw;
use crate::icons::Icon;
use crate::text::{Family, Key, form, of, replace, t};

pub use frame::view;

/// What people do.
#[derive(Debug)]
pub enum Input {
    /// Something for the reducer.
    Msg(Msg),
    /// Files were chosen.
    Files(Vec<File>),
    /// Send, at the time that the page knows.
    Send,
    /// Fetch the channel, or the later screens, once more.
    Reload,
    /// Save the code as a file.
    SaveCode,
    /// Save the acknowledgement.
    SaveProof,
    /// Save the dates for a calendar.
    SaveCalendar,
    /// Offer the code to the password manager.
    Manager,
    /// Show the form in the language of that tag.
    Speak(String),
    /// Print the code.
    Print,
    /// Save the sealed record.
    SaveRecord,
    /// Keep the report on this device.
    Keep,
    /// Send the report of that number that waits here.
    SendWaiting(u32),
}

/// What a screen is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Screen<'a> {
    /// The form.
    pub state: &'a State,
    /// Who hears.
    pub send: &'a Callback<Input>,
    /// Addresses (`blob:`) of previews by the file's number, in no order.
    pub previews: &'a [(u32, String)],
    /// In a frame of a product: there is a close button.
    pub framed: bool,
    /// Where answers are read.
    pub follow_up: &'a str,
    /// The screens after the first.
    pub later: Arrival,
}

/// Code and texts that nobody needs on the first screen, and that are fetched while it is read.
#[derive(Debug, Clone, Copy, Default)]
pub enum Arrival {
    /// On its way.
    #[default]
    Awaited,
    /// The line broke; it can be asked for once more.
    Lost,
    /// There.
    There(Later),
}

/// What only the screens after the first call. It is reached through pointers, so that the build can keep it in a file of its own:
/// whatever the rest of the form names directly is loaded before the first screen.
#[derive(Debug, Clone, Copy)]
pub struct Later {
    screen: fn(&mut Draw, &Screen<'_>),
    /// Before the first sensitive screen.
    before: fn(&mut Draw, &Screen<'_>),
    /// What comes before any screen.
    above: fn(&mut Draw, &Screen<'_>),
    /// What has to be put right.
    faults: fn(&mut Draw, &Screen<'_>),
    /// The question before something is lost.
    ask: fn(&mut Draw, &Screen<'_>, Ask),
    /// Help for a country.
    help: fn(&mut Draw, &Screen<'_>),
    /// The form's address for a phone's camera.
    phone: fn(&mut Draw, &Screen<'_>),
    announcement: fn(&Screen<'_>) -> AttrValue,
    /// Takes in what `flow`'s first part gave back.
    pub update: fn(&mut State, Msg) -> Vec<Effect>,
    /// What the engine says of a report on its way.
    pub reported: fn(&Value) -> Option<Msg>,
    /// The dates for a calendar.
    pub calendar_file: fn(&State, &str, Timestamp) -> String,
    /// The text of the file that keeps the code.
    pub code_file: fn(&Sent, &str) -> String,
}

impl Later {
    /// All of it.
    pub fn all() -> Self {
        Self {
            screen: later::view,
            before: keep::interruption,
            above: keep::above,
            faults: later::faults,
            ask: later::ask,
            help: help::view,
            phone: later::phone,
            announcement: later::announcement,
            update: recourse_flow::intake::later,
            reported: recourse_flow::intake::reported,
            calendar_file: sent::calendar_file,
            code_file: sent::code_file,
        }
    }
}

impl Screen<'_> {
    /// A click that means a message; `make` is given the number, so that one closure serves all.
    fn act(&self, number: usize, make: fn(usize) -> Msg) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(Input::Msg(make(number))))
    }

    /// A click that only the page can follow.
    fn ask(&self, make: fn() -> Input) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(make()))
    }

    /// A choice that means an edit.
    fn picked(&self, number: usize, make: fn(usize) -> Edit) -> Callback<Event> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(Input::Msg(Msg::Edit(make(number)))))
    }

    /// Typing that means a message.
    fn typed(&self, number: u32, make: fn(u32, String) -> Msg) -> Callback<InputEvent> {
        let send = self.send.clone();
        Callback::from(move |event| send.emit(Input::Msg(make(number, typed(&event)))))
    }

    /// Where the form is as a page of its own.
    fn address(&self) -> String {
        self.follow_up.replace("/follow-up/", "/r/")
    }

    /// The channel. Screens are drawn only once it is there.
    fn open(&self) -> Option<&OpenChannel> {
        self.state.open()
    }

    /// A text that names provider or product.
    fn named(&self, key: Key) -> AttrValue {
        self.filled(&t(key))
    }

    /// The same for an id's text.
    fn named_of(&self, family: Family, id: &str) -> AttrValue {
        self.filled(&of(family, id))
    }

    fn filled(&self, text: &str) -> AttrValue {
        let (provider, product) = self.open().map_or(("", ""), |channel| (&*channel.provider, &*channel.product));
        replace(text, &[("provider", &provider), ("product", &product)]).into()
    }

    /// A button.
    fn button(
        &self,
        draw: &mut Draw,
        (weight, icon): (Weight, Option<Icon>),
        name: &str,
        label: Key,
        click: Callback<MouseEvent>,
    ) {
        draw.put(Button { icon, ..Button::new(weight, name.to_owned(), t(label), click) }.view());
    }

    /// A field that is part of the report.
    fn field(
        &self,
        draw: &mut Draw,
        (kind, id): (Kind, &str),
        label: AttrValue,
        hint: Option<Key>,
        value: &str,
        typed: Callback<InputEvent>,
    ) {
        let field = Field::new(kind, id.to_owned(), label, value.to_owned(), Callback::noop());
        let fault = self.state.faults.iter().find(|fault| fault.field == id).map(|fault| frame::wrong(fault.wrong));
        Field { hint: hint.map(t), fault, ..field }.draw(draw, typed);
    }

    /// A question over a list: how many values, id and state of each, and what choosing one means.
    fn choices(
        &self,
        draw: &mut Draw,
        question: Question,
        list: &dyn Fn(usize) -> (&'static str, bool),
        edit: fn(usize) -> Edit,
    ) {
        let Question { group, legend, hint, shape, several, family, hints, values } = question;
        let choices = (0..values)
            .map(|at| {
                let (id, on) = list(at);
                let hint = hints.map(|hints| self.named_of(hints, id));
                Choice { hint, ..Choice::new(id, self.named_of(family, id), on) }
            })
            .collect();
        let choices =
            Choices { hint: hint.map(t), several, ..Choices::one(group, t(legend), shape, choices, Callback::noop()) };
        choices.draw(draw, &|at| self.picked(at, edit));
    }

    /// Yes, no, not sure.
    fn answers(
        &self,
        draw: &mut Draw,
        group: &'static str,
        legend: Key,
        hint: Option<Key>,
        now: Option<Answer>,
        edit: fn(usize) -> Edit,
    ) {
        let question =
            Question { hint, shape: Shape::Row, ..Question::of(group, legend, form::ANSWER_, Answer::ALL.len()) };
        self.choices(draw, question, &|at| (Answer::ALL[at].as_str(), now == Some(Answer::ALL[at])), edit);
    }
}

/// A question in the making.
struct Question {
    group: &'static str,
    legend: Key,
    hint: Option<Key>,
    shape: Shape,
    several: bool,
    /// Of the values' texts.
    family: Family,
    /// Of a line under each.
    hints: Option<Family>,
    /// How many values.
    values: usize,
}

impl Question {
    fn of(group: &'static str, legend: Key, family: Family, values: usize) -> Self {
        Self { group, legend, hint: None, shape: Shape::Cards, several: false, family, hints: None, values }
    }
}
