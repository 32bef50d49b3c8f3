#![doc = include_str!("../README.md")]

mod acts;
mod answers;
mod asking;
mod first;
mod follow_up;
mod icon;
mod markup;
mod own_case;
mod plain;
mod review;
mod text;
mod whom;

pub use acts::ACTS;
pub use answers::{Answers, Field};
pub use first::first_step;
pub use follow_up::{FollowUpPage, Stopped};
pub use plain::{Page, RECORD_CODE, Refused, Trouble};
pub use text::Language;

use markup::Markup;
use recourse_flow::intake::OpenChannel;
use text::{Key, fill, form};

/// The placeholders of a page's file, which the server fills: language and direction, the channel, the title, what stands in the body, and
/// texts by name (`{{say:page.wait}}`).
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
            _ => match name.strip_prefix("say:").and_then(|name| language.said(name)) {
                Some(text) => out.push_str(&escaped(text)),
                None => out.extend(["{{", name, "}}"]),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The title of the pages on which a reporter comes back.
pub fn follow_up_title(language: Language) -> &'static str {
    language.say(text::follow_up::RECEIPT_TITLE)
}

/// Links to the same page in the other languages, and that nobody has checked this one where that is so: a footer, as HTML. `path` is the
/// page's, without a query.
pub fn language_choice(language: Language, path: &str) -> String {
    let html = &mut Markup::default();
    languages(html, language, path, text::follow_up::COMMON_UNCHECKED);
    std::mem::take(html).done()
}

fn languages(html: &mut Markup, language: Language, path: &str, unchecked: Key) {
    html.open("footer", "small-print no-print");
    html.open("nav", "tongues").set("aria-label", language.say(form::FRAME_LANGUAGE));
    for other in Language::all() {
        html.open("a", "").set("lang", other.tag()).set("dir", other.direction());
        if other == language {
            html.set("aria-current", "true");
        }
        html.set("href", &[path, "?lang=", other.tag()].concat()).text(other.say(form::LOCALE_NAME)).close().text(" ");
    }
    html.close();
    if !language.is_trusted() {
        html.line("p", "soft", language.say(unchecked));
    }
    html.close();
}

/// A text that names provider and product.
fn named(language: Language, channel: &OpenChannel, key: Key) -> String {
    fill_named(channel, language.say(key))
}

fn fill_named(channel: &OpenChannel, text: &str) -> String {
    fill(text, &[("provider", &channel.provider), ("product", &channel.product)])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests, which read the pages' files")]
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

    /// A name that no locale has would stand on the page as it is.
    #[test]
    fn the_pages_of_reporters_say_what_there_is_and_nothing_else() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let mut said = 0;
        for page in ["widget/pages", "www/follow-up/pages"] {
            for entry in std::fs::read_dir([folder, "/", page].concat()).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|extension| extension != "html") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                said += text.matches("{{say:").count();
                for language in Language::all() {
                    let filled = fill_page(&text, language, "demo", "title", "body");
                    let left: Vec<&str> =
                        filled.split("{{").skip(1).filter(|rest| !rest.starts_with("asset")).collect();
                    assert!(left.is_empty(), "{} in {}: {left:?}", path.display(), language.tag());
                }
            }
        }
        assert!(said > 40, "{said}");
    }
}
