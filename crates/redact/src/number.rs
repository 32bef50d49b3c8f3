//! Digit groups and what they may add up to: the common part of telephone, card and national numbers.

use crate::bank;
use crate::find::Found;
use crate::fold::{Script, script};
use crate::id;
use crate::kind::{Country, Kind};
use crate::phone;
use crate::text::{Level, Text};

/// The longest number of interest.
const MAX_DIGITS: usize = 19;

/// How a group hangs on the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// Not at all.
    Apart,
    Space,
    Dash,
    Dot,
    Slash,
    /// With a bracket between them.
    Bracket,
    /// ` - `, ` / `.
    Wide,
}

/// Consecutive digits.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    join: Join,
}

/// One way to read groups as a number.
pub(crate) struct Number<'a> {
    /// Values 0 to 9.
    pub(crate) digits: &'a [u8],
    /// Digits of each group.
    pub(crate) lens: &'a [u8],
    /// Between the groups; one less than groups.
    pub(crate) joins: &'a [Join],
    /// A `+` stands before it.
    pub(crate) plus: bool,
    /// The first group stands in brackets.
    pub(crate) bracket: bool,
    /// Whole text has Japanese kana.
    pub(crate) kana: bool,
    /// The second group is a `(0)`, not dialled from abroad.
    pub(crate) trunk: bool,
}

impl Number<'_> {
    /// Whether all groups are joined by the same sign.
    pub(crate) fn uniform(&self) -> bool {
        self.joins.iter().all(|join| *join == self.joins[0])
    }

    /// Whether groups are joined by blanks or dashes alone, one kind of them.
    pub(crate) fn tidy(&self) -> bool {
        self.uniform() && self.joins.first().is_none_or(|join| matches!(join, Join::Space | Join::Dash))
    }
}

/// Telephone, card and national numbers made of digits.
pub(crate) fn scan(text: &Text, out: &mut Vec<Found>) {
    let groups = groups(text);
    let mut first = 0;
    while first < groups.len() {
        first = best(text, &groups, first, out).unwrap_or(first + 1);
    }
}

/// Adds the best reading that begins with group `first`; returns the group behind it.
fn best(text: &Text, groups: &[Group], first: usize, out: &mut Vec<Found>) -> Option<usize> {
    let head = groups[first];
    if head.end - head.start > MAX_DIGITS
        || text.in_url(head.start) && !dialled(text, head.start)
        || text.in_account(head.start)
    {
        return None;
    }
    let (start, plus, bracket) = opening(text, head.start);
    if !plus && !bracket && (head.join != Join::Apart && tight(groups, first) || !opens(text, start)) {
        return None;
    }
    let (mut digits, mut lens, mut joins) = ([0_u8; MAX_DIGITS], [0_u8; 8], [Join::Apart; 8]);
    let (mut count, mut found, mut trunk) = (0, None, false);
    for (nth, group) in groups[first..].iter().take(8).enumerate() {
        if nth > 0 && group.join == Join::Apart || count + group.end - group.start > MAX_DIGITS {
            break;
        }
        for cell in group.start..group.end {
            digits[count] = text.at(cell) as u8 - b'0';
            count += 1;
        }
        lens[nth] = (group.end - group.start) as u8;
        joins[nth] = group.join;
        trunk |= nth == 1 && plus && lens[1] == 1 && digits[count - 1] == 0 && group.join == Join::Bracket;
        let number = Number {
            digits: &digits[..count],
            lens: &lens[..=nth],
            joins: &joins[1..=nth],
            plus,
            bracket,
            kana: text.kana,
            trunk,
        };
        let last = first + nth;
        if count < 7 || !closes(text, groups, last, &number) {
            continue;
        }
        if let Some((kind, country)) = read(text, &number, start, group.end) {
            found = Some((Found::new(start, group.end, kind, country), last + 1));
        }
    }
    let (finding, next) = found?;
    out.push(finding);
    Some(next)
}

/// The most specific thing that these digits are.
fn read(text: &Text, number: &Number<'_>, start: usize, end: usize) -> Option<(Kind, Option<Country>)> {
    if !number.plus && !number.bracket {
        if let Some(level) = bank::card(number)
            && text.counts(start, end, level, crate::words::CARD)
        {
            return Some((Kind::Card, None));
        }
        // A word beside the number decides between ids of one length; without one, the rarer form does.
        let mut silent = None;
        for (country, level, class) in id::numeric(number).into_iter().flatten() {
            if text.counts(start, end, Level::Weak, class) {
                return Some((Kind::NationalId, Some(country)));
            }
            if level > Level::Weak && silent.is_none() && text.counts(start, end, level, class) {
                silent = Some((Kind::NationalId, Some(country)));
            }
        }
        let phone = phone::read(number);
        if let (Some((Level::Strong, country)), _) | (Some((_, country)), None) = (phone, silent)
            && phone.is_some_and(|(level, _)| text.counts(start, end, level, crate::words::PHONE))
        {
            return Some((Kind::Phone, country));
        }
        if silent.is_some() && phone.is_some() && text.counts(start, end, Level::Weak, crate::words::PHONE) {
            return Some((Kind::Phone, phone.and_then(|(_, country)| country)));
        }
        return silent;
    }
    let (level, country) = phone::read(number)?;
    text.counts(start, end, level, crate::words::PHONE).then_some((Kind::Phone, country))
}

/// Where the number begins with its `+` or bracket, and which of them.
fn opening(text: &Text, start: usize) -> (usize, bool, bool) {
    let bracket = text.before(start) == '(';
    let at = start - usize::from(bracket);
    if text.before(at) == '+' && (at == 1 || text.before(at - 1) != '+' && Text::edge(text.before(at - 1))) {
        return (at - 1, true, bracket);
    }
    let closed = text.run(start, 6, &|c| c.is_ascii_digit());
    if bracket && text.at(closed) == ')' { (at, false, true) } else { (start, false, false) }
}

/// Whether a number may begin here.
fn opens(text: &Text, start: usize) -> bool {
    let c = text.before(start);
    let two = start.checked_sub(1).map_or(crate::fold::WALL, |at| text.before(at));
    match c {
        '#' | '$' | '€' | '£' | '¥' | '₹' | '₽' | '₴' | '@' | '=' | '&' | '%' | '\\' | '*' | '~' | '^' | '§' | '<'
        | '+' => false,
        '-' | '/' | '.' | ',' | ':' => {
            !matches!(script(two), Script::Digit | Script::Latin | Script::Cyrillic)
                || c == ':' && script(two) != Script::Digit
        }
        ' ' => !matches!(two, '$' | '€' | '£' | '¥' | '₹' | '₽' | '₴' | '#'),
        _ => Text::edge(c) && script(c) != Script::Cyrillic,
    }
}

/// Whether the group before belongs to the same number.
fn tight(groups: &[Group], first: usize) -> bool {
    let (group, before) = (groups[first], groups[first - 1]);
    let (length, length_before) = (group.end - group.start, before.end - before.start);
    let spaced = groups.get(first + 1).is_some_and(|next| next.join == Join::Space);
    !matches!(group.join, Join::Space | Join::Wide)
        || length_before <= 4 && before.join != Join::Apart
        || length_before <= 3 && spaced
        || length_before == length
}

/// Whether a number may end with group `last`.
fn closes(text: &Text, groups: &[Group], last: usize, number: &Number<'_>) -> bool {
    let end = groups[last].end;
    let (c, two) = (text.at(end), text.at(end + 1));
    if !Text::edge(c) || script(c) == Script::Cyrillic {
        return false;
    }
    if matches!(c, ',' | ':' | '.' | '/' | '-' | '\'') && two.is_ascii_digit()
        || matches!(c, '@' | '=' | '%' | '°' | '$' | '€' | '£' | '₽' | '₴' | '₹' | '*')
    {
        return false;
    }
    if c == ' ' && matches!(two, '€' | '$' | '£' | '%' | '₽' | '₴' | '₹' | '=' | '°')
        || c == '-' && script(two) == Script::Latin
    {
        return false;
    }
    match groups.get(last + 1) {
        // `12 34 56 78` is not a number followed by `90`; a date or time behind it is.
        Some(next) if next.join == Join::Space && number.joins.last() == Some(&Join::Space) => {
            let len = next.end - next.start;
            let own = number.lens[number.lens.len() - 1] as usize;
            len != own || matches!(text.at(next.end), ':' | '/' | 'h')
        }
        Some(next) => !matches!(next.join, Join::Dash | Join::Dot | Join::Slash | Join::Bracket),
        None => true,
    }
}

/// Whether digits in a URL are a number to dial.
fn dialled(text: &Text, start: usize) -> bool {
    let at = start - usize::from(text.before(start) == '+');
    ["tel:", "sms:", "wa.me/"]
        .iter()
        .any(|scheme| at >= scheme.len() && text.starts_with_fold(at - scheme.len(), scheme))
}

fn groups(text: &Text) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut cell = 0;
    while cell < text.cells.len() {
        if !text.at(cell).is_ascii_digit() {
            cell += 1;
            continue;
        }
        let end = text.run(cell, usize::MAX, &|c| c.is_ascii_digit());
        let join = groups.last().map_or(Join::Apart, |before| join(text, before.end, cell));
        groups.push(Group { start: cell, end, join });
        cell = end;
    }
    groups
}

fn join(text: &Text, from: usize, to: usize) -> Join {
    let mut sign = Join::Apart;
    if to - from > 3 {
        return sign;
    }
    for cell in from..to {
        sign = match (text.at(cell), sign) {
            (' ', Join::Apart) => Join::Space,
            (' ', Join::Bracket) => Join::Bracket,
            (' ', Join::Dash | Join::Slash | Join::Wide) => Join::Wide,
            ('-', Join::Apart) => Join::Dash,
            ('.', Join::Apart) => Join::Dot,
            ('/', Join::Apart) => Join::Slash,
            ('-' | '/', Join::Space) => Join::Wide,
            ('(' | ')', Join::Apart | Join::Space | Join::Bracket) => Join::Bracket,
            ('-', Join::Bracket) => Join::Bracket,
            _ => return Join::Apart,
        };
    }
    sign
}
