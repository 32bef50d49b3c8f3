//! Buttons, fields, choices, notices: functions that return `Html`, since a Yew component of its own costs kilobytes of Wasm each.
//!
//! Every button is `type="button"` and every list of siblings that changes should carry keys: Yew patches nodes in place, and a click
//! whose button becomes another one during the click acts as that other one.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;
use yew::virtual_dom::Key;

use crate::icons::{Icon, icon};

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
        let click = if self.busy { Callback::noop() } else { self.click };
        html! {
            <button key={&*self.name} id={self.focusable.then(|| self.name.clone())} type="button" class={self.weight.class()} data-testid={self.name.clone()} aria-label={self.described}
                aria-disabled={self.busy.then_some("true")} onclick={click}>
                { for self.icon.map(icon) }
                <span>{ self.label }</span>
            </button>
        }
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
    /// A code: left to right, no correction, no capitals.
    Code,
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
    pub fn new(kind: Kind, id: impl Into<AttrValue>, label: AttrValue, value: impl Into<AttrValue>, input: Callback<String>) -> Self {
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
        let Self { id, label, hint, fault, value, kind, input } = self;
        let described = described_by(&id, hint.is_some(), fault.is_some());
        let invalid = fault.is_some().then_some("true");
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(text) = typed(&event) {
                input.emit(text);
            }
        });
        let control = if kind == Kind::Area {
            // The mirror behind the text area grows it without measuring and without inline style.
            html! {
                <div class="grow">
                    <div class="mirror" aria-hidden="true">{ &value }{ "\u{200b}" }</div>
                    <textarea id={id.clone()} data-testid={id.clone()} value={value.to_string()} {oninput} rows="6"
                        aria-describedby={described} aria-invalid={invalid} spellcheck="true" dir="auto" />
                </div>
            }
        } else {
            let (inputmode, class, spellcheck) = match kind {
                Kind::Number => ("numeric", "short", "false"),
                Kind::Code => ("text", "codeline", "false"),
                Kind::Search => ("search", "", "false"),
                Kind::Line | Kind::Area => ("text", "", "true"),
            };
            html! {
                <input id={id.clone()} data-testid={id.clone()} type={if kind == Kind::Search { "search" } else { "text" }} {class} {inputmode}
                    value={value.to_string()} {oninput} autocomplete="off" autocapitalize={(kind == Kind::Code).then_some("characters")}
                    {spellcheck} aria-describedby={described} aria-invalid={invalid} dir={if kind == Kind::Code { "ltr" } else { "auto" }} />
            }
        };
        html! {
            <div class={classes!("field", fault.is_some().then_some("wrong"))} key={&*id}>
                <label for={id.clone()}>{ label }</label>
                { hint_view(&id, hint) }
                { fault_view(&id, fault) }
                { control }
            </div>
        }
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
    pub fn one(group: impl Into<AttrValue>, legend: AttrValue, shape: Shape, choices: Vec<Choice>, pick: Callback<usize>) -> Self {
        Self { group: group.into(), legend, hint: None, fault: None, several: false, shape, choices, pick }
    }

    /// A question with any number of answers.
    pub fn several(group: impl Into<AttrValue>, legend: AttrValue, shape: Shape, choices: Vec<Choice>, pick: Callback<usize>) -> Self {
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
        let Self { group, legend, hint, fault, several, shape, choices, pick } = self;
        let class = match shape {
            Shape::Cards => "choices",
            Shape::Row => "choices side",
            Shape::Tokens => "choices tokens",
        };
        let described = described_by(&group, hint.is_some(), fault.is_some());
        let wrong = fault.is_some().then_some("wrong");
        let options = choices.into_iter().enumerate().map(|(at, choice)| {
            let id = format!("{group}-{}", choice.value);
            let pick = pick.reform(move |_: Event| at);
            html! {
                <label class="choice" key={&*choice.value} for={id.clone()}>
                    <input id={id.clone()} data-testid={id} type={if several { "checkbox" } else { "radio" }} name={group.clone()}
                        value={choice.value} checked={choice.on} onchange={pick} />
                    <span class="choice-text">
                        <span class="choice-label">{ choice.label }</span>
                        { for choice.hint.map(|hint| html! { <span class="hint">{ hint }</span> }) }
                    </span>
                </label>
            }
        });
        html! {
            <fieldset id={group.clone()} tabindex="-1" key={&*group} class={classes!("field", wrong)} aria-describedby={described}>
                <legend>{ legend }</legend>
                { hint_view(&group, hint) }
                { fault_view(&group, fault) }
                <div {class}>{ for options }</div>
            </fieldset>
        }
    }
}

/// A single box to tick.
pub fn tick(id: &str, choice: Choice, pick: Callback<bool>) -> Html {
    let on = choice.on;
    let change = pick.reform(move |_: Event| !on);
    html! {
        <label class="choice" key={id} for={id.to_owned()}>
            <input id={id.to_owned()} data-testid={id.to_owned()} type="checkbox" checked={on} onchange={change} />
            <span class="choice-text">
                <span class="choice-label">{ choice.label }</span>
                { for choice.hint.map(|hint| html! { <span class="hint">{ hint }</span> }) }
            </span>
        </label>
    }
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

/// A boxed text. It says with an icon and a word, not with colour alone, what it is.
pub fn notice(tone: Tone, name: &'static str, body: Html) -> Html {
    let (class, mark) = match tone {
        Tone::Info => ("notice", Icon::Info),
        Tone::Warning => ("notice warning", Icon::Warning),
        Tone::Danger => ("notice danger", Icon::Warning),
        Tone::Success => ("notice success", Icon::Check),
    };
    html! { <div {class} key={name} data-testid={name}>{ icon(mark) }<div class="stack small">{ body }</div></div> }
}

/// Something to unfold.
pub fn details(name: &'static str, summary: AttrValue, body: Html) -> Html {
    html! {
        <details key={name} data-testid={name}>
            <summary>{ icon(Icon::Next) }<span>{ summary }</span></summary>
            <div class="stack inside">{ body }</div>
        </details>
    }
}

/// All that is wrong, at the head of a screen: id of the field and text; a click on a line jumps there. Focus the whole
/// (`error-summary`) when it appears.
pub fn error_summary(title: AttrValue, faults: &[(AttrValue, AttrValue)], jump: &Callback<AttrValue>) -> Html {
    let lines = faults.iter().map(|(id, text)| {
        let target = id.clone();
        // A link's own jump would change the address, which the reporter's history keeps.
        let jump = jump.reform(move |event: MouseEvent| {
            event.prevent_default();
            target.clone()
        });
        html! { <li key={&**id}><a href={format!("#{id}")} data-testid={format!("error-link-{id}")} onclick={jump}>{ text }</a></li> }
    });
    html! {
        <div id="error-summary" data-testid="error-summary" key="error-summary" class="summary" role="alert" tabindex="-1">
            <h2>{ title }</h2>
            <ul>{ for lines }</ul>
        </div>
    }
}

/// A region that speaks to screen readers politely. Keep one on the page at all times and change its text.
pub fn live(text: AttrValue) -> Html {
    html! { <div class="visually-hidden" key="live" data-testid="live" role="status" aria-live="polite">{ text }</div> }
}

fn typed(event: &InputEvent) -> Option<String> {
    let target = event.target()?;
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => Some(input.value()),
        Err(target) => target.dyn_into::<HtmlTextAreaElement>().ok().map(|area| area.value()),
    }
}

fn described_by(id: &str, hint: bool, fault: bool) -> Option<String> {
    match (hint, fault) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-fault")),
        (true, true) => Some(format!("{id}-hint {id}-fault")),
    }
}

fn hint_view(id: &str, hint: Option<AttrValue>) -> Html {
    hint.map(|hint| html! { <p class="hint" key="hint" id={format!("{id}-hint")}>{ hint }</p> }).unwrap_or_default()
}

fn fault_view(id: &str, fault: Option<AttrValue>) -> Html {
    let view = |fault| html! { <p class="fault" key="fault" id={format!("{id}-fault")}>{ icon(Icon::Warning) }<span>{ fault }</span></p> };
    fault.map(view).unwrap_or_default()
}

/// A key for keyed lists.
pub fn key(text: &str) -> Key {
    Key::from(text)
}
