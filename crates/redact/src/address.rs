//! E-mail addresses: the dot-atom form of RFC 5322 with the lengths of RFC 5321, and RFC 6531's letters of one script.

use crate::find::Found;
use crate::fold::{Script, script};
use crate::kind::Kind;
use crate::order::listed;
use crate::text::Text;

/// Endings that are files or packages, not domains: `icon@2x.png`.
const FILES: &str = " png jpg jpeg gif svg webp avif bmp ico pdf css scss js mjs ts tsx jsx json yaml yml toml xml txt md csv zip gz tgz exe dll html htm php py rb rs go java log heic mp4 mov mp3 service local localhost ";

pub(crate) fn scan(text: &Text, out: &mut Vec<Found>) {
    for at in 1..text.cells.len() {
        if text.at(at) == '@'
            && let Some((start, end)) = address(text, at)
        {
            out.push(Found::new(start, end, Kind::Email, None));
        }
    }
}

fn address(text: &Text, at: usize) -> Option<(usize, usize)> {
    let own = letters(script(text.before(at)));
    let mut start = at;
    while start > 0 && at - start < 64 && own(text.before(start), "._%+-'~&!") {
        start -= 1;
    }
    let quoted = |c: char| matches!(c, '.' | '\'' | '-' | '&' | '!' | '~' | '%');
    start = text.run(start, 64, &quoted).min(at);
    // `user:word@host` is the user information of a URL, `@user@host` a handle.
    let before = text.before(start);
    if start == at
        || text.before(at) == '.'
        || matches!(before, '@' | '/') && text.in_url(start)
        || before == '@'
        || (before == ':' && text.in_url(start))
    {
        return None;
    }
    let (mut cell, mut labels, mut label) = (at + 1, 0, at + 1);
    loop {
        let ours = letters(script(text.at(cell)));
        label = text.run(cell, 63, &|c| ours(c, "-")).max(label);
        if label == cell || text.at(cell) == '-' || text.at(label - 1) == '-' {
            break;
        }
        labels += 1;
        if text.at(label) != '.' || script(text.at(label + 1)) == Script::None || label - at > 253 {
            break;
        }
        cell = label + 1;
    }
    // A full stop may end the sentence, and another script may follow the last letter.
    let end = label;
    let top: Vec<char> = (cell..end).map(|cell| text.at(cell).to_ascii_lowercase()).collect();
    let named = end >= cell + 2
        && (text.starts_with_fold(cell, "xn--") || top.iter().all(|c| !c.is_ascii_digit() && *c != '-'));
    let remote = text.starts_with(start, "git@")
        || text.at(end) == ':' && Text::edge(text.at(end + 1)) == (text.at(end + 1) == '/');
    let follows = matches!(text.at(end), '@' | '_' | '(');
    (labels >= 2 && named && !listed(FILES, &top) && !remote && !follows).then_some((start, end))
}

/// Which characters go with a first one of this script, besides those of `signs`.
fn letters(first: Script) -> impl Fn(char, &str) -> bool {
    let first = match first {
        Script::Digit | Script::None => Script::Latin,
        first => first,
    };
    move |c, signs| {
        let script = script(c);
        script == Script::Digit || script == first && first != Script::Dense || signs.chars().any(|sign| sign == c)
    }
}
