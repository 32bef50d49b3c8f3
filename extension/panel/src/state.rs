//! What the panel holds before the form begins: the picture with its boxes, what else was taken of the page, and who will get it. Pure.

use recourse_capture::address::{Address, Parameter};
use recourse_capture::evidence::Redaction;
use recourse_capture::place::{self, Area, Found, Measured, Moment, Suggestion};
use recourse_capture::selection::Selection;
use recourse_cover::{Rect, Size};
use recourse_redact::{Finding, Options, Own, find, mask};
use serde::{Deserialize, Serialize};

/// How often a picture is taken again because the page changed meanwhile.
pub(crate) const TRIES: u32 = 2;
/// CSS pixels by which boxes grow on each side where the page did not keep still.
const RESTLESS: f64 = 12.0;

/// Which screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Nothing was captured.
    #[default]
    Idle,
    /// The picture is on its way.
    Looking,
    /// The picture and its boxes.
    Picture,
    /// What else was taken.
    Page,
    /// Who will get it.
    Whom,
    /// The form is on show.
    Away,
    /// Under the form, once a file was saved.
    Beside,
    /// Over the form: something else was captured.
    Again,
}

/// How the capture was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// Button, shortcut, or the page's menu.
    #[default]
    Page,
    /// Of a text.
    Selection,
    /// Of a picture in the page.
    Image,
    /// Of a link.
    Link,
    /// Of a frame.
    Frame,
    /// Report without a picture.
    NoPicture,
}

/// One element that can be pointed at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Element {
    /// Its path.
    pub(crate) css: String,
    /// Where it is.
    pub(crate) area: Area,
    /// Its name.
    pub(crate) tag: String,
}

/// The page's own words about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Address.
    pub(crate) address: String,
    /// Title.
    pub(crate) title: String,
    /// Language, as it says.
    pub(crate) language: String,
    /// The address that it would rather be known under.
    pub(crate) canonical: Option<String>,
}

/// What `measure.js` saw at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// Texts and fields.
    pub(crate) measured: Measured,
    /// Words and where they are.
    pub(crate) words: Vec<Found>,
    /// What can be pointed at.
    pub(crate) elements: Vec<Element>,
    /// What was selected.
    pub(crate) selection: Option<Selection>,
    /// The page.
    pub(crate) page: Page,
}

/// A picture as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shot {
    /// In pixels.
    pub(crate) size: Size,
    /// Put together from several.
    pub(crate) composite: bool,
}

/// Boxes over one thing, and whether they are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Box {
    /// Why: see [`recourse_capture::place::Reason::as_str`], or `own`.
    pub(crate) reason: &'static str,
    /// In pixels of the picture.
    pub(crate) rects: Vec<Rect>,
    /// It covers.
    pub(crate) on: bool,
}

/// Something that was taken of the page in words, each with a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Words {
    /// The address.
    Address,
    /// The title.
    Title,
    /// The language.
    Language,
    /// The other address.
    Canonical,
    /// What was selected.
    Selection,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) stage: Stage,
    pub(crate) way: Way,
    pub(crate) own: OwnWords,
    pub(crate) seen: Option<std::boxed::Box<Seen>>,
    pub(crate) shot: Option<Shot>,
    pub(crate) boxes: Vec<Box>,
    /// The picture goes along.
    pub(crate) with_picture: bool,
    /// Only this part of it.
    pub(crate) part: Option<Rect>,
    /// And this is the element it shows.
    pub(crate) part_css: String,
    /// The element that is pointed at, while one is chosen.
    pub(crate) pointing: Option<usize>,
    /// The page did not keep still.
    pub(crate) restless: bool,
    /// How far to the right and down it was scrolled from where it was measured to where it was before and after the picture.
    pub(crate) moved: [(f64, f64); 2],
    pub(crate) tries: u32,
    /// How far the whole page is, in hundredths.
    pub(crate) whole: Option<u32>,
    /// Something did not work: a text's id.
    pub(crate) trouble: Option<&'static str>,
    pub(crate) address: Option<Address>,
    pub(crate) canonical: Option<Address>,
    /// What is left out.
    pub(crate) out: Vec<Words>,
    /// Kept though it could point to somebody.
    pub(crate) bare: Vec<Words>,
    pub(crate) image: String,
    pub(crate) link: String,
}

/// What the person calls themselves; it stays here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OwnWords {
    pub(crate) name: String,
    pub(crate) handle: String,
}

impl OwnWords {
    /// As `redact` takes it.
    pub(crate) fn own(&self) -> Own {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Own {
            names: some(&self.name).into_iter().collect(),
            handles: some(&self.handle).filter(|text| !text.contains('@')).into_iter().collect(),
            emails: some(&self.handle).filter(|text| text.contains('@')).into_iter().collect(),
        }
    }
}

impl State {
    /// What was seen when the button was pressed. Whether the picture can be used: it cannot where the page changed while it was taken, and then
    /// it is taken again.
    pub(crate) fn captured(&mut self, seen: Seen, shot: Option<Shot>, before: Moment, after: Moment) -> bool {
        // The picture was taken between the two, and all was measured between them, too.
        let measured = seen.measured.moment;
        let changed = !measured.is_like(before) || !measured.is_like(after);
        let usable = shot.is_none() || !changed || self.tries >= TRIES;
        if !usable {
            self.tries += 1;
            return false;
        }
        self.restless = shot.is_some() && changed;
        self.with_picture = shot.is_some() && !matches!(self.way, Way::Selection | Way::Link);
        self.shot = shot;
        self.part = None;
        self.part_css = String::new();
        self.moved = [measured.scrolled(before), measured.scrolled(after)];
        if let Some(shot) = shot {
            let suggestions = self.suggestions(&seen);
            let width = seen.measured.moment.width;
            self.boxes = suggestions
                .iter()
                .map(|suggestion| {
                    let areas = self.wide(suggestion);
                    Box { reason: suggestion.reason.as_str(), rects: place::boxes(&areas, shot.size, width), on: true }
                })
                .filter(|one| !one.rects.is_empty())
                .collect();
        }
        let own = self.own.own();
        self.address = Address::read(&seen.page.address, &own);
        let canonical = seen.page.canonical.as_ref().filter(|canonical| **canonical != seen.page.address);
        self.canonical = canonical.and_then(|canonical| Address::read(canonical, &own));
        self.seen = Some(std::boxed::Box::new(seen));
        if self.way == Way::Image {
            self.part_around_image();
        }
        true
    }

    fn suggestions(&self, seen: &Seen) -> Vec<Suggestion> {
        let suggestions = place::suggest(&seen.measured, &self.own.own());
        if self.restless { suggestions } else { place::narrow(suggestions, &seen.words) }
    }

    /// Where it stands and could stand, as far as the page kept still.
    fn wide(&self, suggestion: &Suggestion) -> Vec<Area> {
        let mut areas = suggestion.areas.clone();
        for (right, down) in self.moved {
            areas = place::padded(&areas, right, down);
        }
        if self.restless { grown(&areas, RESTLESS) } else { areas }
    }

    /// Looks again, for a name that was typed: what was switched off stays so.
    pub(crate) fn look_again(&mut self) {
        let Some(seen) = self.seen.take() else { return };
        if let Some(shot) = self.shot.filter(|shot| !shot.composite) {
            let width = seen.measured.moment.width;
            for suggestion in self.suggestions(&seen) {
                let areas = self.wide(&suggestion);
                let rects = place::boxes(&areas, shot.size, width);
                let reason = suggestion.reason.as_str();
                let known = self.boxes.iter().any(|one| one.reason == reason && one.rects == rects);
                if !rects.is_empty() && !known && reason.starts_with("own-") {
                    self.boxes.push(Box { reason, rects, on: true });
                }
            }
        }
        self.boxes.retain(|one| !one.reason.starts_with("own-") || !self.own.own().is_empty());
        if let Some(address) = Address::read(&seen.page.address, &self.own.own()) {
            self.address = Some(address);
        }
        self.seen = Some(seen);
    }

    /// The picture of the whole page, with the boxes that were found while it was taken.
    pub(crate) fn whole_page(&mut self, size: Size, boxes: Vec<(&'static str, Rect)>, restless: bool) {
        self.shot = Some(Shot { size, composite: true });
        self.restless = restless;
        self.with_picture = true;
        self.part = None;
        self.part_css = String::new();
        self.whole = None;
        self.boxes = boxes.into_iter().map(|(reason, rect)| Box { reason, rects: vec![rect], on: true }).collect();
    }

    /// Crops to the picture that was meant.
    fn part_around_image(&mut self) {
        let (Some(seen), Some(shot)) = (&self.seen, self.shot) else { return };
        let images = seen.elements.iter().filter(|element| element.tag == "img" || element.tag == "video");
        // Which of several it was, nobody knows: the largest is the one that people mean.
        let largest = images.max_by(|a, b| (a.area.width * a.area.height).total_cmp(&(b.area.width * b.area.height)));
        if let Some(element) = largest.cloned() {
            let rect = place::boxes(&[element.area], shot.size, seen.measured.moment.width).first().copied();
            self.part = rect;
            self.part_css = element.css;
        }
    }

    /// How many things are covered.
    pub(crate) fn covered(&self) -> usize {
        self.boxes.iter().filter(|one| one.on).count()
    }

    /// The boxes to burn, in pixels of the whole picture.
    pub(crate) fn burned(&self) -> Vec<Rect> {
        self.boxes.iter().filter(|one| one.on).flat_map(|one| one.rects.iter().copied()).collect()
    }

    /// What was covered, as the manifest of evidence says it: in pixels of the part that goes along.
    pub(crate) fn redactions(&self) -> Vec<Redaction> {
        let Some(shot) = self.shot else { return Vec::new() };
        let part = self.part.unwrap_or(Rect { x: 0, y: 0, width: shot.size.width, height: shot.size.height });
        let inside = |rect: &Rect| {
            let (x, y) = (rect.x.max(part.x), rect.y.max(part.y));
            let (right, bottom) = (rect.right().min(part.right()), rect.bottom().min(part.bottom()));
            (x < right && y < bottom).then(|| [x - part.x, y - part.y, right - x, bottom - y])
        };
        let all = self.boxes.iter().filter(|one| one.on).flat_map(|one| one.rects.iter().map(move |rect| (one, rect)));
        all.filter_map(|(one, rect)| Some(Redaction { reason: one.reason.to_owned(), area: Some(inside(rect)?) }))
            .collect()
    }

    /// What the editor made of the boxes: those that are left stay what they were, and the others are the person's own.
    pub(crate) fn edited(&mut self, rects: &[Rect]) {
        let mut left = rects.to_vec();
        for one in &mut self.boxes {
            if one.on {
                one.on = one.rects.iter().all(|rect| left.contains(rect));
                if one.on {
                    left.retain(|rect| !one.rects.contains(rect));
                }
            }
        }
        self.boxes.extend(left.into_iter().map(|rect| Box { reason: "own", rects: vec![rect], on: true }));
    }

    /// Moves on to the element before or after, or outwards from a place in the picture.
    pub(crate) fn point(&mut self, by: isize) {
        let (Some(seen), Some(now)) = (&self.seen, self.pointing) else { return };
        let count = seen.elements.len();
        if count > 0 {
            self.pointing = Some((now as isize + by).rem_euclid(count as isize) as usize);
        }
    }

    /// The smallest element at a place of the window.
    pub(crate) fn point_at(&mut self, x: f64, y: f64) {
        let Some(seen) = &self.seen else { return };
        let holds = |area: &Area| x >= area.x && y >= area.y && x <= area.x + area.width && y <= area.y + area.height;
        let size = |area: &Area| area.width * area.height;
        let found = seen.elements.iter().enumerate().filter(|(_, element)| holds(&element.area));
        let smallest = found.min_by(|(_, a), (_, b)| size(&a.area).total_cmp(&size(&b.area)));
        if let Some((at, _)) = smallest {
            self.pointing = Some(at);
        }
    }

    /// The element that is pointed at, in pixels of the picture.
    pub(crate) fn pointed(&self) -> Option<(Rect, &Element)> {
        let (seen, shot) = (self.seen.as_ref()?, self.shot?);
        let element = seen.elements.get(self.pointing?)?;
        let rect = *place::boxes(&[element.area], shot.size, seen.measured.moment.width).first()?;
        Some((rect, element))
    }

    /// That part and no more.
    pub(crate) fn choose_part(&mut self) {
        if let Some((rect, element)) = self.pointed() {
            let css = element.css.clone();
            self.part = Some(rect);
            self.part_css = css;
        }
        self.pointing = None;
    }

    /// Whether these words are there at all.
    pub(crate) fn has(&self, words: Words) -> bool {
        !self.raw(words).trim().is_empty()
    }

    /// Whether they go along.
    pub(crate) fn keeps(&self, words: Words) -> bool {
        self.has(words) && !self.out.contains(&words)
    }

    /// Puts them in, or takes them out.
    pub(crate) fn turn(&mut self, words: Words) {
        toggle(&mut self.out, words);
    }

    /// Shows what is covered in them, or covers it again.
    pub(crate) fn bare(&mut self, words: Words) {
        toggle(&mut self.bare, words);
    }

    fn raw(&self, words: Words) -> String {
        let page = self.seen.as_ref().map(|seen| &seen.page);
        match words {
            Words::Address => self.address.as_ref().map(Address::write).unwrap_or_default(),
            Words::Canonical => self.canonical.as_ref().map(Address::write).unwrap_or_default(),
            Words::Title => page.map(|page| page.title.clone()).unwrap_or_default(),
            Words::Language => page.map(|page| page.language.clone()).unwrap_or_default(),
            Words::Selection => self.selection().map(|selection| selection.exact.clone()).unwrap_or_default(),
        }
    }

    fn selection(&self) -> Option<&Selection> {
        self.seen.as_ref()?.selection.as_ref()
    }

    /// What was found in them.
    pub(crate) fn findings(&self, words: Words) -> Vec<Finding> {
        match words {
            // An address is filtered by its parts.
            Words::Address | Words::Canonical | Words::Language => Vec::new(),
            Words::Title | Words::Selection => self.found(&self.raw(words)),
        }
    }

    fn found(&self, text: &str) -> Vec<Finding> {
        find(text, &self.own.own(), &Options::default())
    }

    /// The words as they go along; empty where they do not.
    pub(crate) fn words(&self, words: Words) -> String {
        if !self.keeps(words) {
            return String::new();
        }
        let text = self.raw(words);
        if self.bare.contains(&words) { text } else { mask(&text, &self.findings(words)) }
    }

    /// Selectors of the selection as JSON (W3C Web Annotation), and its link into the page.
    pub(crate) fn selectors(&self) -> (String, String) {
        let Some(selection) = self.selection().filter(|_| self.keeps(Words::Selection)) else {
            return Default::default();
        };
        let covered = if self.bare.contains(&Words::Selection) { Vec::new() } else { self.findings(Words::Selection) };
        let kept = selection.keep(&covered, |text| !self.found(text).is_empty());
        let selectors = serde_json::to_string(&kept.selectors).unwrap_or_default();
        let address = self.words(Words::Address);
        let link = match kept.fragment {
            Some(fragment) if !address.is_empty() => {
                format!("{address}{}{fragment}", if address.contains('#') { "" } else { "#" })
            }
            _ => String::new(),
        };
        // A report's field holds so much; the position alone always fits.
        (Some(selectors).filter(|text| text.chars().count() <= 4_000).unwrap_or_default(), link)
    }

    /// The parameters of the address.
    pub(crate) fn parameters(&self) -> Vec<&Parameter> {
        let Some(address) = &self.address else { return Vec::new() };
        address.query.iter().chain(&address.fragment).collect()
    }

    /// Keeps one of them, or leaves it out.
    pub(crate) fn turn_parameter(&mut self, at: usize) {
        let Some(address) = &mut self.address else { return };
        if let Some(parameter) = address.query.iter_mut().chain(&mut address.fragment).nth(at) {
            parameter.keep = !parameter.keep;
        }
    }
}

fn toggle(list: &mut Vec<Words>, words: Words) {
    if list.contains(&words) {
        list.retain(|one| *one != words);
    } else {
        list.push(words);
    }
}

/// Larger by so much on each side.
pub(crate) fn grown(areas: &[Area], by: f64) -> Vec<Area> {
    let wide = |area: &Area| Area {
        x: area.x - by,
        y: area.y - by,
        width: area.width + 2.0 * by,
        height: area.height + 2.0 * by,
    };
    areas.iter().map(wide).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use recourse_cover::{Rect, Size};

    use super::*;

    fn area(x: f64, y: f64, width: f64, height: f64) -> Area {
        Area { x, y, width, height }
    }

    fn seen() -> Seen {
        serde_json::from_value(serde_json::json!({
            "measured": {
                "moment": { "scroll_x": 0, "scroll_y": 0, "width": 1000, "height": 500, "changes": 0 },
                "pieces": [{ "node": 1, "block": 1, "text": "Write to jane@doe.example now",
                    "areas": [{ "x": 0, "y": 0, "width": 400, "height": 20 }] }],
                "things": [{ "what": "password", "areas": [{ "x": 0, "y": 100, "width": 100, "height": 20 }], "label": "" }]
            },
            "words": [
                { "span": { "node": 1, "from": 0, "to": 5 }, "areas": [{ "x": 0, "y": 0, "width": 50, "height": 20 }] },
                { "span": { "node": 1, "from": 6, "to": 8 }, "areas": [{ "x": 60, "y": 0, "width": 20, "height": 20 }] },
                { "span": { "node": 1, "from": 9, "to": 25 }, "areas": [{ "x": 100, "y": 0, "width": 200, "height": 20 }] },
                { "span": { "node": 1, "from": 26, "to": 29 }, "areas": [{ "x": 310, "y": 0, "width": 40, "height": 20 }] }
            ],
            "elements": [{ "css": "main", "area": { "x": 0, "y": 0, "width": 1000, "height": 500 }, "tag": "main" },
                { "css": "main > p", "area": { "x": 0, "y": 0, "width": 400, "height": 20 }, "tag": "p" }],
            "selection": { "exact": "jane@doe.example", "prefix": "Write to ", "suffix": " now", "start": 9, "end": 25, "css": "main > p" },
            "page": { "address": "https://crm.example/lists?id=42&user=jane#x", "title": "Of jane@doe.example", "language": "en", "canonical": null }
        }))
        .unwrap()
    }

    pub(crate) fn captured(changes: u32) -> (State, bool) {
        let mut state = State::default();
        let seen = seen();
        let before = seen.measured.moment;
        let shot = Shot { size: Size { width: 2000, height: 1000 }, composite: false };
        let usable = state.captured(seen, Some(shot), before, Moment { changes, ..before });
        (state, usable)
    }

    #[test]
    fn boxes_lie_on_the_words_in_pixels_of_the_picture() {
        let (state, usable) = captured(0);
        assert!(usable && !state.restless);
        let reasons: Vec<_> = state.boxes.iter().map(|one| one.reason).collect();
        assert_eq!(reasons, ["email", "password"]);
        // Twice as large as the window, and two CSS pixels on each side.
        assert_eq!(state.boxes[0].rects, [Rect { x: 196, y: 0, width: 408, height: 44 }]);
        assert_eq!(state.covered(), 2);
    }

    #[test]
    fn a_page_that_changed_is_taken_again_and_at_last_covered_further() {
        let (mut state, usable) = captured(1);
        assert!(!usable && state.boxes.is_empty());
        let again = |state: &mut State| {
            let seen = seen();
            let before = seen.measured.moment;
            let shot = Shot { size: Size { width: 1000, height: 500 }, composite: false };
            state.captured(seen, Some(shot), before, Moment { changes: 1, ..before })
        };
        assert!(!again(&mut state));
        assert!(again(&mut state) && state.restless);
        // The whole line, and more.
        assert_eq!(state.boxes[0].rects, [Rect { x: 0, y: 0, width: 414, height: 34 }]);
    }

    #[test]
    fn of_a_page_that_is_scrolled_all_the_time_both_places_are_covered() {
        let mut state = State { tries: TRIES, ..State::default() };
        let seen = seen();
        let before = seen.measured.moment;
        let shot = Shot { size: Size { width: 1000, height: 500 }, composite: false };
        assert!(state.captured(seen, Some(shot), before, Moment { scroll_y: -100.0, ..before }) && state.restless);
        assert_eq!(state.boxes[0].rects, [Rect { x: 0, y: 0, width: 414, height: 134 }]);
        state.own.handle = "jane@doe.example".to_owned();
        state.look_again();
        let own = state.boxes.iter().find(|one| one.reason == "own-email").unwrap();
        assert_eq!(own.rects, state.boxes[0].rects);
    }

    #[test]
    fn what_is_covered_is_in_no_word_that_goes_along() {
        let (mut state, _) = captured(0);
        assert_eq!(state.words(Words::Address), "https://crm.example/lists?id=42#x");
        for words in [Words::Title, Words::Selection] {
            assert!(!state.words(words).contains("jane"), "{}", state.words(words));
        }
        let (selectors, link) = state.selectors();
        assert!(!selectors.contains("jane") && link.is_empty(), "{selectors} {link}");
        state.bare(Words::Selection);
        assert_eq!(state.words(Words::Selection), "jane@doe.example");
        let (selectors, link) = state.selectors();
        assert!(
            selectors.contains("TextQuoteSelector") && link.starts_with("https://crm.example/lists?id=42#x:~:text="),
            "{link}"
        );
        state.turn(Words::Selection);
        assert_eq!((state.words(Words::Selection), state.selectors()), Default::default());
    }

    #[test]
    fn the_editors_boxes_keep_their_reasons_and_new_ones_are_the_persons() {
        let (mut state, _) = captured(0);
        let own = Rect { x: 5, y: 5, width: 9, height: 9 };
        let kept = state.boxes[1].rects[0];
        state.edited(&[kept, own]);
        let shown: Vec<_> = state.boxes.iter().map(|one| (one.reason, one.on)).collect();
        assert_eq!(shown, [("email", false), ("password", true), ("own", true)]);
        assert_eq!(state.burned(), [kept, own]);
    }

    #[test]
    fn of_a_part_only_what_is_covered_in_it_is_told() {
        let (mut state, _) = captured(0);
        state.pointing = Some(0);
        state.point_at(10.0, 10.0);
        assert_eq!(state.pointing, Some(1));
        state.choose_part();
        assert_eq!(state.part_css, "main > p");
        let told = state.redactions();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].reason, "email");
        assert!(state.pointing.is_none());
    }

    #[test]
    fn an_own_name_is_looked_for_when_it_is_typed_and_let_go_when_it_is_not() {
        let (mut state, _) = captured(0);
        state.own.handle = "jane@doe.example".to_owned();
        state.look_again();
        assert!(state.boxes.iter().any(|one| one.reason == "own-email"));
        state.own.handle.clear();
        state.look_again();
        assert!(!state.boxes.iter().any(|one| one.reason == "own-email"));
    }

    #[test]
    fn larger_boxes_are_larger_on_every_side() {
        assert_eq!(grown(&[area(10.0, 10.0, 5.0, 5.0)], 2.0), [area(8.0, 8.0, 9.0, 9.0)]);
    }
}
