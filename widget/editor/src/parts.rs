//! Elements.

use recourse_glue::{document, get_text};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// Texts by name, in the form's language.
pub(crate) struct Texts(pub(crate) JsValue);

impl Texts {
    pub(crate) fn get(&self, name: &str) -> String {
        get_text(&self.0, name)
    }

    /// With `{placeholders}` filled.
    pub(crate) fn fill(&self, name: &str, values: &[(&str, u32)]) -> String {
        let mut text = self.get(name);
        for (place, value) in values {
            text = text.replace(&["{", place, "}"].concat(), &value.to_string());
        }
        text
    }
}

/// An element of that class; an empty class is none.
///
/// # Errors
/// Only where the name is none.
pub(crate) fn element<T: JsCast>(tag: &str, class: &str) -> Result<T, JsValue> {
    let element = document().create_element(tag)?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element.dyn_into().map_err(JsValue::from)
}

/// The same with a text.
pub(crate) fn worded(tag: &str, class: &str, text: &str) -> Result<HtmlElement, JsValue> {
    let element: HtmlElement = element(tag, class)?;
    element.set_text_content(Some(text));
    Ok(element)
}

/// A button whose name says what it does: the editor hears all of them at once.
pub(crate) fn button(name: &str, class: &str, sign: &str, text: &str) -> Result<HtmlElement, JsValue> {
    let button: HtmlElement = element("button", class)?;
    button.set_attribute("type", "button")?;
    button.set_attribute("data-testid", &["editor-", name].concat())?;
    button.set_attribute("data-do", name)?;
    if sign.is_empty() {
        button.set_text_content(Some(text));
    } else {
        let mark = worded("span", "", sign)?;
        mark.set_attribute("aria-hidden", "true")?;
        button.append_child(&mark)?;
        button.set_attribute("aria-label", text)?;
        button.set_attribute("title", text)?;
    }
    Ok(button)
}

/// A labelled group.
pub(crate) fn group(class: &str, label: &str) -> Result<HtmlElement, JsValue> {
    let group: HtmlElement = element("div", class)?;
    group.set_attribute("role", "group")?;
    group.set_attribute("aria-label", label)?;
    Ok(group)
}

/// Switches a control off without taking the focus from it.
pub(crate) fn able(button: &Element, able: bool) {
    let _ = if able { button.remove_attribute("aria-disabled") } else { button.set_attribute("aria-disabled", "true") };
}

/// A style property in CSS pixels; by script, for the policy refuses inline style.
pub(crate) fn pixels(element: &HtmlElement, property: &str, value: f64) {
    let _ = element.style().set_property(property, &[&value.to_string(), "px"].concat());
}
