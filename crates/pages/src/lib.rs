#![doc = include_str!("../README.md")]

mod answers;
mod asking;
mod first;
mod icon;
mod markup;
mod plain;
mod review;
mod text;
mod whom;

pub use answers::{Answers, Field};
pub use first::first_step;
pub use plain::{Page, Refused, Trouble};
pub use text::Language;

use markup::Markup;
use recourse_flow::intake::OpenChannel;
use text::{Key, fill};

/// The placeholders of a page's file, which the server fills: language and direction, the channel, the title, and what stands in the body.
///
/// `channel` and `title` are text and are escaped here; `body` is HTML of this crate.
pub fn fill_page(template: &str, language: Language, channel: &str, title: &str, body: &str) -> String {
    let escaped = |text: &str| {
        let mut escaped = Markup::default();
        escaped.text(text);
        escaped.done()
    };
    let (title, channel) = (escaped(title), escaped(channel));
    let mut out = String::with_capacity(template.len() + body.len());
    let mut rest = template;
    // Each placeholder is looked for in the file alone: nothing that was filled in is read again.
    while let Some((before, tail)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = tail.split_once("}}") else {
            out.push_str("{{");
            rest = tail;
            break;
        };
        match name {
            "lang" => out.push_str(language.tag()),
            "dir" => out.push_str(language.direction()),
            "channel" => out.push_str(&channel),
            "title" => out.push_str(&title),
            "body" => out.push_str(body),
            _ => out.extend(["{{", name, "}}"]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A text that names provider and product.
fn named(language: Language, channel: &OpenChannel, key: Key) -> String {
    fill_named(channel, language.say(key))
}

fn fill_named(channel: &OpenChannel, text: &str) -> String {
    fill(text, &[("provider", &channel.provider), ("product", &channel.product)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_filled_once_and_its_title_is_text() {
        let english = Language::english();
        let filled = fill_page(
            "<html lang={{lang}} dir={{dir}}>{{channel}}|{{title}}|{{body}}|{{other}}{{",
            english,
            "a&b",
            "<{{body}}>",
            "<p>{{title}}</p>",
        );
        assert_eq!(filled, "<html lang=en dir=ltr>a&amp;b|&lt;{{body}}&gt;|<p>{{title}}</p>|{{other}}{{");
    }
}
