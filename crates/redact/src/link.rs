//! Secrets in URLs (RFC 3986): user information, parameters of query and fragment, the random part of a path that resets or invites.

use crate::find::Found;
use crate::kind::Kind;
use crate::order;
use crate::secret::random;
use crate::text::Text;

/// Parameters whose value is always a secret, and those whose value is one only if it looks drawn by chance. Without `-` and `_`.
const ALWAYS: &str = " token accesstoken authtoken refreshtoken idtoken resettoken invitetoken csrftoken sessiontoken verificationtoken confirmationtoken apikey xapikey secret clientsecret apisecret \
password passwd pwd passphrase sig signature hmac xamzsignature xgoogsignature xamzsecuritytoken jwt bearer sessionid phpsessid jsessionid aspsessionid authkey accesskey secretkey privatekey otp magic assertion samlresponse ";
const RANDOM: &str = " key code session sid sess auth ticket invite invitation reset hash pass state nonce credential oobcode t tk k s u h id uid c p confirmation verification activation confirm verify link access share sharekey rtoken login ";
/// Path segments that a secret follows.
const DOORS: &str = " reset resetpassword passwordreset password recover recovery recoverpassword forgot verify verifyemail confirm confirmation activate activation invite invitation magic magiclink magiclogin login signin unsubscribe optout share token session accept join auth emaillogin onetime services webhooks ";

/// Cells of URLs: from the scheme, or `www.`, to the next blank or sign that no URL has.
pub(crate) fn urls(text: &Text) -> Vec<(usize, usize)> {
    let mut urls: Vec<(usize, usize)> = Vec::new();
    let mut cell = 0;
    while cell < text.cells.len() {
        let scheme = text.at(cell) == ':' && text.starts_with(cell, "://");
        let www =
            matches!(text.at(cell), 'w' | 'W') && text.starts_with_fold(cell, "www.") && Text::edge(text.before(cell));
        if !scheme && !www {
            cell += 1;
            continue;
        }
        let mut start = cell;
        while scheme
            && start > 0
            && cell - start < 16
            && (text.before(start).is_ascii_alphanumeric() || text.before(start) == '+')
        {
            start -= 1;
        }
        let mut end = text.run(cell, usize::MAX, &sign);
        while end > cell && matches!(text.before(end), '.' | ',' | ')' | '!' | '?' | ';' | ':' | '\'') {
            end -= 1;
        }
        if start < cell || www {
            urls.push((start, end));
        }
        cell = end.max(cell + 1);
    }
    urls
}

/// Signs of a URL; letters of other scripts end it.
fn sign(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
}

pub(crate) fn scan(text: &Text, out: &mut Vec<Found>) {
    let mut push = |start: usize, end: usize| out.push(Found::new(start, end, Kind::UrlSecret, None));
    for &(start, end) in &text.urls {
        let Some(host) = (start..end.min(start + 20)).find(|cell| text.starts_with(*cell, "://")).map(|cell| cell + 3)
        else {
            continue;
        };
        let authority = text.run(host, end - host, &|c| !matches!(c, '/' | '?' | '#'));
        if let Some(at) = (host..authority).rev().find(|cell| text.at(*cell) == '@')
            && at > host
            && !text.starts_with(host, "git@")
            && ((host..at).any(|cell| text.at(cell) == ':') || random(text, host, at) && at - host >= 16)
        {
            push(host, at);
        }
        let path = text.run(authority, end - authority, &|c| !matches!(c, '?' | '#' | ';'));
        let mut door = false;
        let mut cell = authority;
        while cell < path {
            let stop = text.run(cell + 1, path - cell - 1, &|c| c != '/');
            if door && stop - cell > 16 && random(text, cell + 1, stop) {
                push(cell + 1, stop);
            } else {
                door |= stop - cell < 24 && listed(text, cell + 1, stop, DOORS);
            }
            cell = stop;
        }
    }
    // Parameters, also of addresses written without a scheme.
    let mut cell = 1;
    while cell < text.cells.len() {
        if text.at(cell) != '=' {
            cell += 1;
            continue;
        }
        let mut name = cell;
        while name > 0
            && cell - name < 40
            && (text.before(name).is_ascii_alphanumeric() || matches!(text.before(name), '-' | '_' | '.'))
        {
            name -= 1;
        }
        let value = cell + 1;
        let mut end = text.run(value, usize::MAX, &|c| sign(c) && !matches!(c, '&' | '#' | ';'));
        while end > value && matches!(text.before(end), '.' | ',' | ')' | '!' | '?' | ':' | '\'') {
            end -= 1;
        }
        let opened = matches!(text.before(name), '?' | '&' | '#' | ';') && name > 1 && sign(text.at(name - 2));
        if opened && name < cell && secret(text, name, cell, end) {
            push(value, end);
        }
        cell = end.max(cell + 1);
    }
}

fn secret(text: &Text, name: usize, equals: usize, end: usize) -> bool {
    let length = end - equals - 1;
    if listed(text, name, equals, ALWAYS) {
        // A word such as `expired`, `true` or `name` is a message about a token, not the token.
        let plain = (equals + 1..end)
            .all(|cell| text.at(cell).is_ascii_lowercase() || text.at(cell) == '_' || text.at(cell) == '-');
        let password = matches!(text.at(name), 'p' | 'P' | 's' | 'S') && !text.starts_with_fold(name, "sig");
        return length >= 4 && (!plain || password && length >= 6 || length >= 20);
    }
    let digits = (equals + 1..end).all(|cell| text.at(cell).is_ascii_digit());
    let one_time = digits && length == 6 && text.starts_with_fold(name, "code");
    listed(text, name, equals, RANDOM)
        && (length >= 16 && random(text, equals + 1, end) || one_time || length >= 10 && mixed(text, equals + 1, end))
}

/// Capitals, small letters and digits together, as words and numbers of orders hardly have them.
fn mixed(text: &Text, start: usize, end: usize) -> bool {
    let any = |test: fn(&char) -> bool| (start..end).any(|cell| test(&text.at(cell)));
    any(char::is_ascii_digit) && any(char::is_ascii_uppercase) && any(char::is_ascii_lowercase)
}

/// Whether the word in these cells is in a list, whatever its case, `-` and `_`.
fn listed(text: &Text, start: usize, end: usize, list: &str) -> bool {
    let word: Vec<char> =
        (start..end).map(|cell| text.at(cell).to_ascii_lowercase()).filter(|c| !matches!(c, '-' | '_' | '.')).collect();
    order::listed(list, &word)
}
