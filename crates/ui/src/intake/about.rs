//! What the product offered: shown as text, and removable.

use recourse_flow::intake::{OfferedSubject, State};
use yew::prelude::*;

use crate::draw::Draw;
use crate::text::{fill, form};

/// The item that the button was pressed at, in words.
pub(super) fn item(subject: &OfferedSubject) -> AttrValue {
    let name = if subject.label.is_empty() { &subject.id } else { &subject.label };
    if subject.kind.is_empty() || name.is_empty() {
        return [&*subject.kind, name].concat().into();
    }
    fill(form::ABOUT_ITEM, &[("kind", &subject.kind), ("label", name)])
}

/// Names and values of the context.
pub(super) fn context(draw: &mut Draw, state: &State) {
    draw.open("dl", "pairs").name("context");
    for (name, value) in &state.offered.context {
        pair(draw, name.clone().into(), value);
    }
    draw.close();
}

/// A label and what stands under it.
pub(super) fn pair(draw: &mut Draw, label: AttrValue, text: &str) {
    draw.open("div", "").words("dt", "", label).quote("dd", "typed", text).close();
}
