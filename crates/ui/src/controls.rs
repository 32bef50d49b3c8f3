//! Buttons, fields, choices, notices: functions that return `Html`, since a Yew component of its own costs kilobytes of Wasm each.
//!
//! Every button is `type="button"` and every list of siblings that changes should carry keys: Yew patches nodes in place, and a click
//! whose button becomes another one during the click acts as that other one.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;
use yew::virtual_dom::Key;

use crate::draw::{At, Draw, draw};
use crate::icons::Icon;

/// How much a button weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The one next sensible act of a screen.
    Primary,
    /// An act beside it.
    Plain,
    /// An act in a line of text.
    Quiet,
    /// Leaves or destroys.
    Danger,
}

impl Weight {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
        }
    }
}

/// A button.
#[derive(Debug, Clone)]
pub struct Button {
    /// How much it weighs.
    pub weight: Weight,
    /// A verb.
    pub label: AttrValue,
    /// Before the label.
    pub icon: Option<Icon>,
    /// `data-testid`, and the key among its siblings.
    pub name: AttrValue,
    /// What more a screen reader should say: "Change: evidence".
    pub described: Option<AttrValue>,
    /// Its element has the name as its id too, so that the focus can be moved to it.
    pub focusable: bool,
    /// Does nothing for now; stays focusable, so that nobody loses their place.
    pub busy: bool,
    /// What it does.
    pub click: Callback<MouseEvent>,
}

impl Button {
    /// A button with a label.
    pub fn new(weight: Weight, name: impl Into<AttrValue>, label: AttrValue, click: Callback<MouseEvent>) -> Self {
        Self { weight, label, icon: None, name: name.into(), described: None, focusable: false, busy: false, click }
    }

    /// With an icon before the label.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With another name for screen readers; it must begin with the label.
    #[must_use]
    pub fn described(mut self, text: AttrValue) -> Self {
        self.described = Some(text);
        self
    }

    /// With its name as its id.
    #[must_use]
    pub fn with_id(mut self) -> Self {
        self.focusable = true;
        self
    }

    /// Without effect while something runs.
    #[must_use]
    pub fn busy(mut self, busy: bool) -> Self {
        self.busy = busy;
        self
    }

    /// Its markup.
    pub fn view(self) -> Html {
        let mut draw = Draw::default();
        draw.open("button", self.weight.class()).set(At::Type, "button");
        if self.focusable {
            draw.id(&self.name);
        } else {
            draw.name(&self.name);
        }
        if let Some(text) = self.described {
            draw.attr(At::AriaLabel, text);
        }
        if self.busy {
            draw.set(At::AriaDisabled, "true");
        } else {
            draw.click(self.click);
        }
        if let Some(icon) = self.icon {
            draw.icon(icon);
        }
        draw.words("span", "", self.label);
        draw.done()
    }
}

/// What kind of text a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// A number that a person counts, as text: a number field's wheel and spinner change values unseen.
    Number,
    /// A search.
    Search,
    /// Several lines; grows with its text.
    Area,
    /// A few lines; grows with its text.
    Few,
    /// A code: left to right, no correction, no capitals.
    Code,
    /// A day, by the browser's own calendar.
    Day,
}

/// A field with its label.
#[derive(Debug, Clone)]
pub struct Field {
    /// Of the element, for labels and for the error summary.
    pub id: AttrValue,
    /// Above it.
    pub label: AttrValue,
    /// Below the label.
    pub hint: Option<AttrValue>,
    /// What is wrong with it.
    pub fault: Option<AttrValue>,
    /// What stands in it.
    pub value: AttrValue,
    /// Which kind.
    pub kind: Kind,
    /// Every change.
    pub input: Callback<String>,
}

impl Field {
    /// A field. Its id is its `data-testid` and its key as well.
    pub fn new(
        kind: Kind,
        id: impl Into<AttrValue>,
        label: AttrValue,
        value: impl Into<AttrValue>,
        input: Callback<String>,
    ) -> Self {
        Self { id: id.into(), label, hint: None, fault: None, value: value.into(), kind, input }
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: AttrValue) -> Self {
        self.hint = Some(hint);
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn fault(mut self, fault: Option<AttrValue>) -> Self {
        self.fault = fault;
        self
    }

    /// Its markup.
    pub fn view(self) -> Html {
        let input = self.input.clone();
        let typed = Callback::from(move |event: InputEvent| input.emit(typed(&event)));
        draw(|draw| self.draw(draw, typed))
    }

    /// Draws it with another listener than its own.
    pub(crate) fn draw(self, draw: &mut Draw, typed: Callback<InputEvent>) {
        let Self { id, label, hint, fault, value, kind, .. } = self;
        draw.open("div", if fault.is_some() { "field wrong" } else { "field" }).key(&id);
        draw.open("label", "").attr(At::For, id.clone()).text(label).close();
        let described = notes(draw, &id, hint, &fault);
        let area = matches!(kind, Kind::Area | Kind::Few);
        if area {
            // The mirror behind the text area grows it without measuring and without inline style. By name and not by place: when the
            // fault before it goes with the first letter typed, the rest of the word must still find the field.
            draw.open("div", if kind == Kind::Few { "grow few" } else { "grow" }).key("grow");
            draw.open("div", "mirror").set(At::AriaHidden, "true");
            draw.text(value.clone()).text(AttrValue::Static("\u{200b}")).close();
        }
        let class = match kind {
            Kind::Number | Kind::Day => "short",
            Kind::Code => "codeline",
            Kind::Line | Kind::Search | Kind::Area | Kind::Few => "",
        };
        draw.open(if area { "textarea" } else { "input" }, class).id(&id).value(value).input(typed);
        draw.set(At::Dir, if kind == Kind::Code { "ltr" } else { "auto" });
        match kind {
            Kind::Area => draw.set(At::Rows, "6"),
            Kind::Few => draw.set(At::Rows, "3"),
            Kind::Search => draw.set(At::Type, "search"),
            Kind::Line => draw.set(At::Type, "text"),
            Kind::Day => draw.set(At::Type, "date"),
            Kind::Number => draw.set(At::Type, "text").set(At::Inputmode, "numeric"),
            Kind::Code => draw.set(At::Type, "text").set(At::Autocapitalize, "characters").set(At::Spellcheck, "false"),
        };
        draw.set(At::Autocomplete, "off");
        if fault.is_some() {
            draw.set(At::AriaInvalid, "true");
        }
        if let Some(described) = described {
            draw.attr(At::AriaDescribedby, described);
        }
        draw.close();
        if area {
            draw.close();
        }
        draw.close();
    }
}

/// One of several choices.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Part of its id and test id: `GROUP-VALUE`.
    pub value: AttrValue,
    /// What it says.
    pub label: AttrValue,
    /// A line under it.
    pub hint: Option<AttrValue>,
    /// Chosen.
    pub on: bool,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<AttrValue>, label: AttrValue, on: bool) -> Self {
        Self { value: value.into(), label, hint: None, on }
    }

    /// With a line under it.
    #[must_use]
    pub fn hint(mut self, hint: AttrValue) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// How choices look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Cards, one above the other.
    Cards,
    /// Short answers side by side.
    Row,
    /// Small tokens that wrap.
    Tokens,
}

/// A question with choices: radio buttons, or checkboxes with `several`.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Group name; ids and test ids are `GROUP-VALUE`, the group's own id is `GROUP`.
    pub group: AttrValue,
    /// The question.
    pub legend: AttrValue,
    /// Below it.
    pub hint: Option<AttrValue>,
    /// What is wrong.
    pub fault: Option<AttrValue>,
    /// More than one may be chosen.
    pub several: bool,
    /// How it looks.
    pub shape: Shape,
    /// What to choose from.
    pub choices: Vec<Choice>,
    /// The place of the one that was chosen or toggled.
    pub pick: Callback<usize>,
}

impl Choices {
    /// A question with one answer.
    pub fn one(
        group: impl Into<AttrValue>,
        legend: AttrValue,
        shape: Shape,
        choices: Vec<Choice>,
        pick: Callback<usize>,
    ) -> Self {
        Self { group: group.into(), legend, hint: None, fault: None, several: false, shape, choices, pick }
    }

    /// A question with any number of answers.
    pub fn several(
        group: impl Into<AttrValue>,
        legend: AttrValue,
        shape: Shape,
        choices: Vec<Choice>,
        pick: Callback<usize>,
    ) -> Self {
        Self { several: true, ..Self::one(group, legend, shape, choices, pick) }
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: AttrValue) -> Self {
        self.hint = Some(hint);
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn fault(mut self, fault: Option<AttrValue>) -> Self {
        self.fault = fault;
        self
    }

    /// Its markup.
    pub fn view(self) -> Html {
        let pick = self.pick.clone();
        draw(|draw| self.draw(draw, &|at| pick.reform(move |_: Event| at)))
    }

    /// Draws it with other listeners than its own, one for each place.
    pub(crate) fn draw(self, draw: &mut Draw, picked: &dyn Fn(usize) -> Callback<Event>) {
        let Self { group, legend, hint, fault, several, shape, choices, .. } = self;
        draw.open("fieldset", if fault.is_some() { "field wrong" } else { "field" }).spot(&group);
        draw.words("legend", "", legend);
        if let Some(described) = notes(draw, &group, hint, &fault) {
            draw.attr(At::AriaDescribedby, described);
        }
        draw.open(
            "div",
            match shape {
                Shape::Cards => "choices",
                Shape::Row => "choices side",
                Shape::Tokens => "choices tokens",
            },
        )
        // By name and not by place: a fault that comes or goes before it must not take the focus out of it.
        .key("choices");
        for (at, choice) in choices.into_iter().enumerate() {
            let id = [&*group, "-", &*choice.value].concat();
            choice.draw(draw, &id, (!several).then(|| group.clone()), picked(at));
        }
        draw.close().close();
    }
}

impl Choice {
    /// A radio button of that group, or a checkbox.
    pub(crate) fn draw(self, draw: &mut Draw, id: &str, group: Option<AttrValue>, change: Callback<Event>) {
        draw.open("label", "choice").key(id).open("input", "").id(id).change(change).checked(self.on);
        match group {
            Some(group) => draw.set(At::Type, "radio").attr(At::Name, group),
            None => draw.set(At::Type, "checkbox"),
        };
        draw.close().open("span", "choice-text").words("span", "choice-label", self.label);
        if let Some(hint) = self.hint {
            draw.words("span", "hint", hint);
        }
        draw.close().close();
    }
}

/// A single box to tick.
pub fn tick(id: &str, choice: Choice, pick: Callback<bool>) -> Html {
    let on = choice.on;
    draw(|draw| choice.draw(draw, id, None, pick.reform(move |_: Event| !on)))
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Worth knowing.
    Info,
    /// Worth a pause.
    Warning,
    /// Something did not work, or is dangerous.
    Danger,
    /// Something worked.
    Success,
}

impl Draw {
    /// Begins a boxed text. It says with an icon and a word, not with colour alone, what it is. Two [`Self::close`] end it.
    pub(crate) fn notice(&mut self, tone: Tone, name: &str) -> &mut Self {
        let (class, mark) = match tone {
            Tone::Info => ("notice", Icon::Info),
            Tone::Warning => ("notice warning", Icon::Warning),
            Tone::Danger => ("notice danger", Icon::Warning),
            Tone::Success => ("notice success", Icon::Check),
        };
        self.open("div", class).name(name).icon(mark).open("div", "stack small")
    }

    /// Begins something to unfold. Two [`Self::close`] end it.
    pub(crate) fn details(&mut self, name: &str, summary: AttrValue) -> &mut Self {
        self.open("details", "").name(name).open("summary", "").icon(Icon::Next).words("span", "", summary).close();
        self.open("div", "stack inside")
    }
}

/// A boxed text: see [`Tone`].
pub fn notice(tone: Tone, name: &'static str, body: Html) -> Html {
    draw(|draw| {
        draw.notice(tone, name).put(body);
    })
}

/// Something to unfold.
pub fn details(name: &'static str, summary: AttrValue, body: Html) -> Html {
    draw(|draw| {
        draw.details(name, summary).put(body);
    })
}

/// All that is wrong, at the head of a screen: id of the field and text; a click on a line jumps there. Focus the whole
/// (`error-summary`) when it appears.
pub fn error_summary(title: AttrValue, faults: &[(AttrValue, AttrValue)], jump: &Callback<AttrValue>) -> Html {
    let mut draw = Draw::default();
    draw.open("div", "summary").spot("error-summary").set(At::Role, "alert").words("h2", "", title).open("ul", "plain");
    for (id, text) in faults {
        let target = id.clone();
        // A link's own jump would change the address, which the reporter's history keeps.
        let jump = jump.reform(move |event: MouseEvent| {
            event.prevent_default();
            target.clone()
        });
        draw.open("li", "").key(id).open("a", "").attr(At::Href, ["#", id].concat().into());
        draw.name(&["error-link-", id].concat()).click(jump).text(text.clone()).close().close();
    }
    draw.done()
}

/// A region that speaks to screen readers politely. Keep one on the page at all times and change its text.
pub fn live(text: AttrValue) -> Html {
    draw(|draw| {
        draw.open("div", "visually-hidden").name("live").set(At::Role, "status").set(At::AriaLive, "polite").text(text);
    })
}

/// What stands in the field that an event came from.
pub(crate) fn typed(event: &InputEvent) -> String {
    let Some(target) = event.target() else { return String::new() };
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => input.value(),
        Err(target) => target.dyn_into::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default(),
    }
}

/// Hint and fault under a label; returns their ids for `aria-describedby`.
fn notes(draw: &mut Draw, id: &str, hint: Option<AttrValue>, fault: &Option<AttrValue>) -> Option<AttrValue> {
    let mut ids = String::new();
    if let Some(hint) = hint {
        ids = [id, "-hint"].concat();
        draw.open("p", "hint").attr(At::Id, ids.clone().into()).key("hint").text(hint).close();
    }
    if let Some(fault) = fault {
        let own = [id, "-fault"].concat();
        draw.open("p", "fault").attr(At::Id, own.clone().into()).key("fault").icon(Icon::Warning);
        draw.words("span", "", fault.clone()).close();
        ids = [&ids, " ", &own].concat();
    }
    (!ids.is_empty()).then(|| ids.into())
}

/// A key for keyed lists.
pub fn key(text: &str) -> Key {
    Key::from(text)
}
