//! What points to the reporter: names and their parts, initials with the surname, handles, the local part of the e-mail address.

use crate::find::{Found, Own};
use crate::fold::{Script, WALL, fold, fold_tail, plain, script};
use crate::kind::Kind;
use crate::order::listed;
use crate::text::{Letter, Text};

/// Parts of names that are no name alone.
const PARTICLES: &str = " de da do dos das del della di du des la le les el al van von der den ter ten zu zum und y e bin ibn bint abu ben mc mac st san mr mrs ms dr ال بن بنت ابن ابو श्री ";

/// Names that are also words: they count only beside another part of the name.
const ORDINARY: &str = " will mark rose may hope grace bill frank art rich joy dawn summer june april august christian faith miles drew sue pat rob ray jack nick chase chance sky olive ruby amber iris lily violet daisy king young white black \
brown green gray grey long short price page bush wood stone hill field rivers love day cook baker smith gene guy sunny earnest dean victor max penny crystal jewel ivy holly heather pearl robin martin gill dale glen brook brooke cliff cole dick don josh lance mike norm rusty skip ward wade wade main case best power strong \
sharp swift fox wolf bird fish rice bean berry bishop carter chandler cooper fisher forest gardener hunter major marshal mason miller porter potter sergeant shepherd singer taylor turner walker weaver winter noble north west east park parks street bridges banks mills lane church ford reader post box bond \
koch stein berg sommer wolf klein gross lang kurz schwarz weiss braun richter kaiser konig bauer fischer muller meister schneider jung alt neu ernst engel vogel frank herz kraft stark sonntag freitag morgen mai rosa leon flores cruz santos luz paz mar sol iglesias reyes campo campos guerra rey blanco rubio moreno delgado bravo dolores \
mercedes consuelo esperanza pilar concepcion victoria alba aurora angel jesus leal bello marin molina rojo petit grand blanc noir rose pierre jean marie fleur france claire aime aimee blanche juste roman roy leroy boucher boulanger marchand moulin fontaine rossi bianchi bianco neri verdi gatto leone gioia stella chiara bella fortunato franco pace vita viola lupo \
rosa silva pereira ramos costa rocha lima pinto leite coelho franca guerra reis neves serra vera gloria wolf kowal krol mroz lis sowa wilk zajac kot baran nowak maj rozalia вера надежда надія любовь роман лев слава маия роза лилия марта август мир воин мороз волк заяц соловеи орел голуб заика надия вира любов слава перемога коваль мельник гончар \
امل نور كريم سعيد جميل صالح عادل امين حسن حكيم رحمن سالم سليم شريف صادق فرح هدي وفاء ايمان حياه سلام ربيع هاني ماجد خالد اميد بهار سحر مهتاب شادي شيرين پري گل نرگس سپيده بهمن مهر نيما پيروز آزاد ازاد آشا आशा दीपक सूरज ज्योति किरण शांति विजय राज प्रकाश पूजा माया सुख आनंद विकास संतोष चांद तारा कमल रानी राजा ";

/// Endings of inflected Slavic names, after the stem.
const CYRILLIC: &str = " а я у ю ы и е і є о ои еи ою ею єю ом ем єм ам ям ами ями ах ях ого ому его ему ым им ые ых ов ів ію ією еві ові ині ин ина іи ";
const POLISH: &str = " a i y e o u a ie owi em iem ego emu ej iej im ym ach ami om ow owie ze ";

/// Whether case endings follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Endings {
    None,
    Allowed,
    Needed,
}

/// A name or part of one, ready to compare.
struct Pattern {
    letters: Vec<char>,
    kind: Kind,
    /// Counts only beside another part of the name.
    shy: bool,
    endings: Endings,
    /// A part of this name; 0 for what is no part.
    name: usize,
}

pub(crate) fn scan(text: &Text, own: &Own, out: &mut Vec<Found>) {
    let patterns = patterns(own);
    if patterns.is_empty() {
        return;
    }
    let mut parts: Vec<(Found, bool, usize)> = Vec::new();
    let mut at = 0;
    while at < text.letters.len() {
        let mut best: Option<(usize, &Pattern)> = None;
        for pattern in &patterns {
            if let Some(end) = matches(text, at, pattern)
                && best.is_none_or(|(longest, _)| end > longest)
            {
                best = Some((end, pattern));
            }
        }
        let Some((end, pattern)) = best else {
            at += 1;
            continue;
        };
        let (start, stop) = (text.letters[at].cell, text.letters[end - 1].cell + 1);
        let start = if pattern.kind == Kind::OwnHandle && text.before(start) == '@' { start - 1 } else { start };
        parts.push((Found::new(start, stop, pattern.kind, None), pattern.shy, pattern.name));
        at = end;
    }
    join(text, &parts, out);
    // An address whose part before the `@` is the reporter's own is theirs.
    for found in out.iter_mut().filter(|found| found.kind == Kind::Email) {
        if parts
            .iter()
            .any(|(part, ..)| part.kind == Kind::OwnEmail && part.start == found.start && text.at(part.end) == '@')
        {
            found.kind = Kind::OwnEmail;
        }
    }
}

/// Adds the parts, those of one name that stand together as one finding, with initials before, between and behind them.
fn join(text: &Text, parts: &[(Found, bool, usize)], out: &mut Vec<Found>) {
    let mut index = 0;
    while index < parts.len() {
        let (mut found, mut shy, name) = parts[index];
        index += 1;
        if name == 0 {
            if !shy || text.at(found.start) == '@' {
                out.push(found);
            }
            continue;
        }
        let mut alone = true;
        while let Some((next, next_shy, next_name)) = parts.get(index)
            && *next_name == name
            && close(text, found.end, next.start)
        {
            found.end = next.end;
            (shy, alone) = (shy && *next_shy, false);
            index += 1;
        }
        let (start, end) = (initials_before(text, found.start), initials_after(text, found.end));
        alone &= start == found.start && end == found.end;
        (found.start, found.end) = (start, end);
        if !shy || !alone {
            out.push(found);
        }
    }
}

/// Whether only a blank, hyphen, comma, or an initial or particle lies between two parts.
fn close(text: &Text, from: usize, to: usize) -> bool {
    let gap = to - from;
    let between: Vec<char> = (from..to).map(|cell| text.at(cell)).collect();
    match between.as_slice() {
        [] => true,
        [c] => matches!(c, ' ' | '-' | '·' | '・' | '_' | '.'),
        [',', ' '] | [' ', '-'] => true,
        [' ', initial, '.', ' '] => script(*initial) != Script::None,
        [' ', middle @ .., ' '] if gap <= 8 => particle(middle.iter().copied()),
        _ => false,
    }
}

fn particle(word: impl Iterator<Item = char>) -> bool {
    listed(PARTICLES, &word.filter_map(fold).collect::<Vec<char>>())
}

/// `M. `, `M. J. `, `M ` before a surname.
fn initials_before(text: &Text, start: usize) -> usize {
    let mut at = start;
    for _ in 0..3 {
        let mut cell = at;
        cell -= usize::from(text.before(cell) == ' ');
        let dotted = text.before(cell) == '.';
        cell -= usize::from(dotted);
        let capital = text.before(cell);
        if !dotted || cell == 0 || !upper(capital) || script(text.before(cell - 1)) == script(capital) {
            break;
        }
        at = cell - 1;
    }
    at
}

/// `Smith, J.`, `Maria K.`, `Иванов И. И.` behind a name.
fn initials_after(text: &Text, end: usize) -> usize {
    let mut at = end;
    for _ in 0..3 {
        let mut cell = at;
        cell += usize::from(text.at(cell) == ',' && text.at(cell + 1) == ' ');
        cell += usize::from(text.at(cell) == ' ');
        if !upper(text.at(cell)) || text.at(cell + 1) != '.' {
            break;
        }
        at = cell + 2;
    }
    at
}

fn upper(c: char) -> bool {
    matches!(script(c), Script::Latin | Script::Cyrillic)
        && fold(c).is_some_and(|small| small != c)
        && !c.is_ascii_lowercase()
        && !matches!(c as u32, 0xDF..=0xFF | 0x430..=0x45F)
}

/// One past the last letter of the pattern at this place.
fn matches(text: &Text, at: usize, pattern: &Pattern) -> Option<usize> {
    let letters = &text.letters;
    if letters[at].c != pattern.letters[0] {
        return None;
    }
    let script_of = script(letters[at].c);
    let before = at.checked_sub(1).map_or(WALL, |before| letters[before].c);
    let handle = pattern.kind != Kind::OwnName;
    if script_of != Script::Dense && !starts(letters, at, before, script_of)
        || handle && matches!(before, '.' | '-' | '_' | '+')
    {
        return None;
    }
    let mut end = at;
    for c in &pattern.letters {
        if letters.get(end)?.c != *c {
            return None;
        }
        end += 1;
    }
    if handle {
        let after = letters.get(end).map_or(WALL, |letter| letter.c);
        let tail = letters.get(end + 1).map_or(WALL, |letter| letter.c);
        let goes_on = matches!(after, '_' | '-' | '.' | '+') && matches!(script(tail), Script::Latin | Script::Digit);
        // `name@…` of another address is not the handle.
        let mail = after == '@' && pattern.kind == Kind::OwnHandle;
        return (!goes_on && !mail && !joined(after, script(letters[end - 1].c)) && after != '_').then_some(end);
    }
    let last = script(letters[end - 1].c);
    if last == Script::Dense {
        return Some(end);
    }
    let rest = letters[end..].iter().take(5).take_while(|letter| joined(letter.c, last)).count();
    if rest == 0 {
        return (pattern.endings != Endings::Needed).then_some(end);
    }
    let polish = last == Script::Latin && text.polish;
    if pattern.endings == Endings::None || rest > 4 || !(last == Script::Cyrillic || polish) {
        return None;
    }
    let ending: Vec<char> = letters[end..end + rest].iter().map(|letter| letter.c).collect();
    listed(if polish { POLISH } else { CYRILLIC }, &ending).then_some(end + rest)
}

/// Whether a word begins here; Arabic words may have `و ف ب ل ك` before them.
fn starts(letters: &[Letter], at: usize, before: char, script_of: Script) -> bool {
    if !joined(before, script_of) {
        return true;
    }
    script_of == Script::Arabic
        && matches!(before, 'و' | 'ف' | 'ب' | 'ل' | 'ك')
        && (at < 2 || !joined(letters[at - 2].c, script_of))
}

/// Whether a letter goes on a word of this script.
fn joined(c: char, word: Script) -> bool {
    let script = script(c);
    c == '_' && word == Script::Latin
        || match word {
            Script::Digit | Script::Latin => matches!(script, Script::Digit | Script::Latin),
            _ => script == word,
        }
}

/// Letters to compare; with `umlauts` in the German spelling without them: `Müller`, `Mueller`.
#[inline(never)]
fn folded(word: &str, umlauts: bool) -> Vec<char> {
    let mut letters = Vec::new();
    for c in word.chars().filter_map(plain) {
        letters.extend(fold(c));
        letters.extend(fold_tail(c));
        if umlauts && matches!(c, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü') {
            letters.push('e');
        }
    }
    letters
}

fn patterns(own: &Own) -> Vec<Pattern> {
    let mut out: Vec<Pattern> = Vec::new();
    for (index, name) in own.names.iter().enumerate() {
        let letters = folded(name, false);
        if letters.iter().any(|c| script(*c) == Script::Dense) {
            dense_name(&letters, index + 1, &mut out);
            continue;
        }
        parts(&letters, index + 1, &mut out);
        let spelt = folded(name, true);
        if spelt.len() > letters.len() {
            parts(&spelt, index + 1, &mut out);
        }
    }
    for (words, kind) in [(&own.handles, Kind::OwnHandle), (&own.emails, Kind::OwnEmail)] {
        for word in words {
            let letters = folded(word, false);
            let start = usize::from(letters.first() == Some(&'@'));
            let end = letters[start..].iter().position(|c| *c == '@').map_or(letters.len(), |at| start + at);
            let letters = &letters[start..end];
            // One that may be a word counts with its `@`.
            let marked = letters.iter().any(|c| c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '+'));
            let shy = !marked && (letters.len() < 6 || listed(ORDINARY, letters));
            push(&mut out, letters, kind, shy, Endings::None, 0);
        }
    }
    out
}

/// The words of a name, each whole and, where it may be inflected, as a stem.
#[inline(never)]
fn parts(name: &[char], index: usize, out: &mut Vec<Pattern>) {
    for part in split(name) {
        if listed(PARTICLES, part) {
            continue;
        }
        // A name of two letters is a word in some language.
        let shy = listed(ORDINARY, part) || part.len() == 2 && script(part[0]) == Script::Latin;
        let stem = stem(part);
        if stem.len() >= 3 && stem.len() < part.len() {
            push(out, stem, Kind::OwnName, shy, Endings::Needed, index);
        }
        push(out, part, Kind::OwnName, shy, Endings::Allowed, index);
    }
}

fn split(name: &[char]) -> impl Iterator<Item = &[char]> {
    name.split(|c| matches!(c, ' ' | '-' | ',' | '.' | '·' | '・' | '\''))
        .filter(|part| part.len() > 1 || part.iter().any(|c| script(*c) == Script::Dense))
}

#[inline(never)]
fn push(out: &mut Vec<Pattern>, letters: &[char], kind: Kind, shy: bool, endings: Endings, name: usize) {
    if letters.len() > 1 {
        out.push(Pattern { letters: letters.to_vec(), kind, shy, endings, name });
    }
}

/// Names written without blanks: the whole; of names typed in parts also the parts, the surname alone before an honorific.
fn dense_name(name: &[char], index: usize, out: &mut Vec<Pattern>) {
    let mut add = |letters: &[char]| push(out, letters, Kind::OwnName, false, Endings::None, index);
    let whole: Vec<char> = split(name).flatten().copied().collect();
    let mut family = split(name).next().unwrap_or_default();
    if family.len() < whole.len() {
        split(name).for_each(&mut add);
        add(name);
    } else {
        // Not in parts. Chinese: one sign is the surname, as a rule.
        let given = if whole.len() > 3 { 2 } else { 1 };
        family = &whole[..given];
        if matches!(whole.len(), 3 | 4) && !whole.iter().any(|c| ('\u{3041}'..='\u{30FA}').contains(c)) {
            add(&whole[1..]);
        }
    }
    let mut called = Vec::new();
    for honorific in "さん 様 氏 くん 君 ちゃん 先生 先輩 女士 小姐 老师 经理 同学 总 ".chars()
    {
        if called.is_empty() {
            called.extend(family);
        }
        if honorific == ' ' {
            add(&called);
            called.clear();
        } else {
            called.push(honorific);
        }
    }
    add(&whole);
}

/// The letters that stay when a Slavic name is inflected.
fn stem(letters: &[char]) -> &[char] {
    match letters {
        [rest @ .., 'и' | 'і', 'и'] | [rest @ .., 'а' | 'я' | 'и' | 'ь' | 'о' | 'е' | 'a' | 'i' | 'y' | 'o'] => {
            rest
        }
        _ => letters,
    }
}
