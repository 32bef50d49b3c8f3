//! What the product offered: shown as text, and removable.

use recourse_flow::intake::{OfferedSubject, State};
use yew::prelude::*;

use crate::text::{fill, form};

/// The item that the button was pressed at, in words.
pub(super) fn item(subject: &OfferedSubject) -> AttrValue {
    let name = if subject.label.is_empty() { &subject.id } else { &subject.label };
    if subject.kind.is_empty() || name.is_empty() {
        return AttrValue::from(format!("{}{name}", subject.kind));
    }
    fill(form::ABOUT_ITEM, &[("kind", &subject.kind), ("label", name)])
}

/// Names and values of the context.
pub(super) fn context(state: &State) -> Html {
    html! {
        <dl class="pairs" data-testid="context">
            { for state.offered.context.iter().map(|(name, value)| html! {
                <div key={name.as_str()}><dt>{ name }</dt><dd class="typed" dir="auto">{ value }</dd></div>
            }) }
        </dl>
    }
}
