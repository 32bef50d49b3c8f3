//! The screen.

mod pointer;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use recourse_cover::{Nudge, Rect, Sheet, Size};
use recourse_glue::{Fault, Listener, document, get, get_list, get_text, object_with};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, ImageBitmap, KeyboardEvent};

use crate::output::{Unmade, canvas_of, cover};
use crate::output::{rect_js, rect_of};
use crate::parts::{Texts, able, button, element, group, pixels, worded};

/// A press that moves less than so many CSS pixels is no drag.
const STILL: f64 = 4.0;
/// By what a press on a zoom button makes the picture larger.
const ZOOM: f64 = 1.4;
/// CSS pixels for a pixel of the picture, at most.
const LARGEST: f64 = 16.0;

/// What a pointer that is down does.
#[derive(Debug, Clone, Copy)]
enum Drag {
    /// Draws a box from that corner, in pixels of the picture.
    Draw { corner: (f64, f64), begun: bool },
    /// Moves the chosen box, which lay there.
    Move { rect: Rect, begun: bool },
    /// Moves its lower right corner.
    Size { rect: Rect, begun: bool },
    /// Moves the picture, which was scrolled so far.
    Pan { left: i32, top: i32 },
}

struct Screen {
    texts: Texts,
    dialog: HtmlDialogElement,
    view: HtmlElement,
    stage: HtmlElement,
    marker: HtmlElement,
    size_shown: HtmlElement,
    chosen_tools: HtmlElement,
    description: HtmlInputElement,
    said: HtmlElement,
    asking: HtmlElement,
    boxes: Vec<HtmlElement>,
    sheet: Sheet,
    /// CSS pixels for a pixel of the picture.
    scale: f64,
    /// The picture is moved by dragging; no box is drawn.
    panning: bool,
    /// Where the pointer went down, in CSS pixels of the window, and what it does.
    drag: Option<((f64, f64), Drag)>,
    /// A first corner was pressed.
    corner: Option<(f64, f64)>,
    /// The picture is being made; nothing else is heard.
    busy: bool,
    first_words: String,
    /// The boxes that were there already.
    first_boxes: Vec<Rect>,
    /// Nothing is burned in: whoever asked does that.
    boxes_alone: bool,
    bitmap: ImageBitmap,
    lossy: bool,
    max: f64,
    finish: Function,
}

type Shared = Rc<RefCell<Screen>>;

/// Shows the screen until it is finished with.
pub(crate) async fn run(job: &JsValue, bitmap: &ImageBitmap) -> Result<JsValue, JsValue> {
    let mut finish = None;
    let ended = Promise::new(&mut |done, _| finish = Some(done));
    let screen = Screen::build(job, bitmap, finish.ok_or(Fault::Missing)?)?;
    let body = document().body().ok_or(Fault::Missing)?;
    let dialog = screen.dialog.clone();
    body.append_child(&dialog)?;
    dialog.show_modal()?;
    let screen: Shared = Rc::new(RefCell::new(screen));
    let listeners = listen(&screen, &dialog);
    {
        let mut screen = screen.borrow_mut();
        screen.fit();
        screen.show();
        screen.view.focus()?;
    }
    let result = JsFuture::from(ended).await;
    drop(listeners);
    // Closed first: a dialog that is only removed does not give the focus back.
    dialog.close();
    dialog.remove();
    result
}

fn listen(screen: &Shared, dialog: &HtmlDialogElement) -> Vec<Listener> {
    let stage = screen.borrow().stage.clone();
    let on = |target: &web_sys::EventTarget, kind, act: fn(&Shared, Event)| {
        let screen = screen.clone();
        Listener::new(target, kind, move |event| act(&screen, event))
    };
    vec![
        on(dialog, "click", |screen, event| {
            if let Some(name) = attribute(&event, "[data-do]", "data-do") {
                act(screen, &name);
            }
        }),
        on(dialog, "keydown", |screen, event| key(screen, event.unchecked_into())),
        on(dialog, "cancel", |screen, event| {
            event.prevent_default();
            act(screen, "cancel");
        }),
        on(dialog, "focusin", |screen, event| {
            if let (Some(place), Ok(mut screen)) = (box_of(&event), screen.try_borrow_mut()) {
                screen.sheet.choose(Some(place));
                screen.show();
            }
        }),
        on(&stage, "pointerdown", |screen, event| screen.borrow_mut().down(&event.unchecked_into())),
        on(&stage, "pointermove", |screen, event| screen.borrow_mut().moved(&event.unchecked_into())),
        on(&stage, "pointerup", |screen, event| {
            let focus = screen.borrow_mut().up(&event.unchecked_into());
            focus_on(focus);
        }),
        on(&stage, "pointercancel", |screen, _| screen.borrow_mut().drag = None),
    ]
}

/// Moves the focus once nothing is borrowed: the dialog hears of it.
fn focus_on(element: Option<HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// An attribute of the element that was meant, or of what it stands in.
fn attribute(event: &Event, selector: &str, name: &str) -> Option<String> {
    let element: Element = event.target()?.dyn_into().ok()?;
    element.closest(selector).ok()??.get_attribute(name)
}

fn box_of(event: &Event) -> Option<usize> {
    attribute(event, "[data-box]", "data-box")?.parse().ok()
}

/// Does what a button says.
fn act(screen: &Shared, name: &str) {
    let focus = {
        let mut this = screen.borrow_mut();
        if this.busy {
            return;
        }
        match name {
            "leave" => return this.end(&[("leave", true.into())]),
            "cancel" if !this.is_changed() || !this.asking.has_attribute("hidden") => return this.end(&[]),
            "discard" => return this.end(&[]),
            "cancel" => {
                let _ = this.asking.remove_attribute("hidden");
                by_name(&this.asking, "keep")
            }
            "keep" => {
                let _ = this.asking.set_attribute("hidden", "");
                Some(this.view.clone())
            }
            "done" => {
                drop(this);
                let screen = screen.clone();
                spawn_local(async move { done(&screen).await });
                return;
            }
            _ => this.change(name),
        }
    };
    focus_on(focus);
}

fn by_name(inside: &Element, name: &str) -> Option<HtmlElement> {
    inside.query_selector(&["[data-do=", name, "]"].concat()).ok()??.dyn_into().ok()
}

fn key(screen: &Shared, event: KeyboardEvent) {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let Some(target) = target else { return };
    let (on_box, on_view) = (target.has_attribute("data-box"), target.class_name() == "editor-view");
    let held = event.ctrl_key() || event.meta_key();
    let typing = target.tag_name() == "INPUT";
    let larger = event.shift_key();
    let name = match (&*event.key(), held) {
        ("z" | "Z", true) if !typing => {
            if larger {
                "redo"
            } else {
                "undo"
            }
        }
        ("y", true) if !typing => "redo",
        ("+" | "=", false) if on_box || on_view => "zoom-in",
        ("-", false) if on_box || on_view => "zoom-out",
        ("0", false) if on_box || on_view => "fit",
        ("Enter", false) if on_view => "add",
        ("Delete" | "Backspace", false) if on_box => "delete",
        ("ArrowLeft", _) if on_box => {
            if larger {
                "narrower"
            } else {
                "left"
            }
        }
        ("ArrowRight", _) if on_box => {
            if larger {
                "wider"
            } else {
                "right"
            }
        }
        ("ArrowUp", _) if on_box => {
            if larger {
                "shorter"
            } else {
                "up"
            }
        }
        ("ArrowDown", _) if on_box => {
            if larger {
                "taller"
            } else {
                "down"
            }
        }
        _ => return,
    };
    event.prevent_default();
    let fine = held && event.key().starts_with("Arrow");
    let focus = {
        let mut this = screen.borrow_mut();
        if this.busy {
            return;
        }
        if fine { this.nudge(name, 1) } else { this.change(name) }
    };
    focus_on(focus);
}

/// Makes the covered picture and hands it over.
async fn done(screen: &Shared) {
    let (bitmap, boxes, lossy, max) = {
        let mut this = screen.borrow_mut();
        if this.boxes_alone {
            let rects: Array = this.sheet.boxes().iter().map(rect_js).collect();
            return this.end(&[("rects", rects.into())]);
        }
        if this.sheet.boxes().is_empty() {
            let words = this.description.value();
            return this.end(&[("description", words.into())]);
        }
        this.busy = true;
        this.say("working", &[]);
        (this.bitmap.clone(), this.sheet.boxes().to_vec(), this.lossy, this.max)
    };
    let made = cover(&bitmap, &boxes, None, lossy, max).await;
    let mut this = screen.borrow_mut();
    this.busy = false;
    match made {
        Ok(blob) => {
            let words = this.description.value();
            let count = JsValue::from_f64(boxes.len() as f64);
            this.end(&[("blob", blob.into()), ("boxes", count), ("description", words.into())]);
        }
        Err(Unmade::TooLarge) => this.say("too_large", &[]),
        Err(Unmade::Withheld) => this.say("withheld", &[]),
    }
}

impl Screen {
    fn build(job: &JsValue, bitmap: &ImageBitmap, finish: Function) -> Result<Self, JsValue> {
        let texts = Texts(get(job, "texts"));
        let first_words = get_text(job, "description");
        let class = if get(job, "region").is_truthy() { "editor region" } else { "editor" };
        let dialog: HtmlDialogElement = element("dialog", class)?;
        dialog.set_attribute("aria-labelledby", "editor-title")?;
        dialog.set_attribute("data-testid", "editor")?;

        let head: HtmlElement = element("div", "editor-head")?;
        let title = worded("h2", "", &texts.get("title"))?;
        title.set_id("editor-title");
        head.append_child(&title)?;
        head.append_child(button("leave", "button exit", "", &texts.get("leave"))?.as_ref())?;
        let gone = worded("p", "hint", &texts.get(if lossy_of(job) { "gone_wide" } else { "gone" }))?;
        let keys = worded("p", "visually-hidden", &texts.get("keys"))?;
        keys.set_id("editor-keys");

        let tools = group("editor-tools", &texts.get("tools"))?;
        tools.append_child(button("add", "button", "", &texts.get("add"))?.as_ref())?;
        for (name, sign) in [("undo", "↶"), ("redo", "↷"), ("zoom-out", "−")] {
            tools.append_child(button(name, "button sign", sign, &texts.get(name))?.as_ref())?;
        }
        let size_shown = worded("span", "editor-size", "")?;
        size_shown.set_attribute("data-testid", "editor-zoom")?;
        tools.append_child(&size_shown)?;
        for (name, sign) in [("zoom-in", "+"), ("fit", "⤢")] {
            tools.append_child(button(name, "button sign", sign, &texts.get(name))?.as_ref())?;
        }
        let pan = button("pan", "button", "", &texts.get("pan"))?;
        pan.set_attribute("aria-pressed", "false")?;
        tools.append_child(&pan)?;

        let view = group("editor-view", &texts.get("picture"))?;
        view.set_tab_index(0);
        view.set_attribute("aria-describedby", "editor-keys")?;
        view.set_attribute("data-testid", "editor-view")?;
        let stage: HtmlElement = element("div", "editor-stage")?;
        stage.set_attribute("dir", "ltr")?;
        stage.set_attribute("data-testid", "editor-stage")?;
        let (canvas, _) = canvas_of(bitmap)?;
        canvas.set_attribute("aria-hidden", "true")?;
        let marker: HtmlElement = element("span", "editor-marker")?;
        marker.set_attribute("hidden", "")?;
        stage.append_child(&canvas)?;
        stage.append_child(&marker)?;
        view.append_child(&stage)?;

        let chosen_tools = group("editor-tools chosen", "")?;
        for (name, sign) in [
            ("left", "←"),
            ("up", "↑"),
            ("down", "↓"),
            ("right", "→"),
            ("narrower", "→←"),
            ("wider", "↔"),
            ("shorter", "↧"),
            ("taller", "↕"),
        ] {
            chosen_tools.append_child(button(name, "button sign", sign, &texts.get(name))?.as_ref())?;
        }
        chosen_tools.append_child(button("delete", "button", "", &texts.get("delete"))?.as_ref())?;

        let foot: HtmlElement = element("div", "editor-foot")?;
        let field: HtmlElement = element("div", "field")?;
        let label = worded("label", "", &texts.get("describe"))?;
        label.set_attribute("for", "editor-description")?;
        let description: HtmlInputElement = element("input", "")?;
        for (name, value) in [
            ("id", "editor-description"),
            ("data-testid", "editor-description"),
            ("type", "text"),
            ("dir", "auto"),
            ("autocomplete", "off"),
            ("maxlength", "1000"),
        ] {
            description.set_attribute(name, value)?;
        }
        description.set_value(&first_words);
        field.append_child(&label)?;
        field.append_child(&description)?;
        let said = worded("p", "editor-said", "")?;
        said.set_attribute("role", "status")?;
        said.set_attribute("data-testid", "editor-said")?;
        let ways: HtmlElement = element("div", "ways")?;
        ways.append_child(button("done", "button primary", "", &texts.get("done"))?.as_ref())?;
        ways.append_child(button("cancel", "button quiet", "", &texts.get("cancel"))?.as_ref())?;
        let asking = group("editor-ask", &texts.get("ask"))?;
        asking.set_attribute("hidden", "")?;
        asking.append_child(worded("p", "", &texts.get("ask"))?.as_ref())?;
        asking.append_child(button("keep", "button primary", "", &texts.get("keep"))?.as_ref())?;
        asking.append_child(button("discard", "button", "", &texts.get("discard"))?.as_ref())?;
        if get(job, "boxes").is_truthy() {
            field.set_attribute("hidden", "")?;
        }
        for part in [field.as_ref(), said.as_ref(), asking.as_ref(), ways.as_ref() as &web_sys::Node] {
            foot.append_child(part)?;
        }

        for part in [&head, &gone, &keys, &tools, &view, &chosen_tools, &foot] {
            dialog.append_child(part)?;
        }
        let mut sheet = Sheet::new(Size { width: bitmap.width(), height: bitmap.height() });
        sheet.begin_with(get_list(job, "boxes").iter().filter_map(rect_of));
        let first_boxes = sheet.boxes().to_vec();
        Ok(Self {
            texts,
            dialog,
            view,
            stage,
            marker,
            size_shown,
            chosen_tools,
            description,
            said,
            asking,
            boxes: Vec::new(),
            sheet,
            scale: 1.0,
            panning: false,
            drag: None,
            corner: None,
            busy: false,
            first_words,
            first_boxes,
            boxes_alone: get(job, "boxes").is_truthy(),
            bitmap: bitmap.clone(),
            lossy: lossy_of(job),
            max: get(job, "max").as_f64().unwrap_or(f64::INFINITY),
            finish,
        })
    }

    fn is_changed(&self) -> bool {
        self.sheet.boxes() != self.first_boxes || self.description.value() != self.first_words
    }

    fn end(&self, result: &[(&str, JsValue)]) {
        let _ = self.finish.call1(&JsValue::NULL, &object_with(result));
    }

    fn say(&self, text: &str, values: &[(&str, u32)]) {
        self.said.set_text_content(Some(&self.texts.fill(text, values)));
    }

    /// What a tool does; gives what the focus goes to.
    fn change(&mut self, name: &str) -> Option<HtmlElement> {
        match name {
            "add" => {
                self.add_in_view();
                return self.chosen_element();
            }
            "undo" | "redo" => {
                let undo = name == "undo";
                if if undo { self.sheet.undo() } else { self.sheet.redo() } {
                    self.say(if undo { "undone" } else { "redone" }, &[("count", self.sheet.boxes().len() as u32)]);
                }
                let focused = document().active_element().is_some_and(|on| on.has_attribute("data-box"));
                self.show();
                // The box that had the focus may be gone.
                return focused.then(|| self.chosen_element().unwrap_or_else(|| self.view.clone()));
            }
            "zoom-in" => self.zoom(self.scale * ZOOM),
            "zoom-out" => self.zoom(self.scale / ZOOM),
            "fit" => {
                self.fit();
                self.show();
            }
            "pan" => {
                self.panning = !self.panning;
                self.show();
            }
            "delete" => {
                self.sheet.remove();
                self.say("deleted", &[("count", self.sheet.boxes().len() as u32)]);
                self.show();
                return Some(self.chosen_element().unwrap_or_else(|| self.view.clone()));
            }
            _ => return self.nudge(name, self.sheet.step()),
        }
        None
    }

    fn nudge(&mut self, name: &str, by: u32) -> Option<HtmlElement> {
        let nudge = match name {
            "left" => Nudge::Left,
            "right" => Nudge::Right,
            "up" => Nudge::Up,
            "down" => Nudge::Down,
            "narrower" => Nudge::Narrower,
            "wider" => Nudge::Wider,
            "shorter" => Nudge::Shorter,
            "taller" => Nudge::Taller,
            _ => return None,
        };
        self.sheet.nudge(nudge, by);
        if let Some((_, rect)) = self.sheet.chosen() {
            self.say("place", &place(rect));
        }
        self.show();
        None
    }

    /// A box in the middle of what is seen.
    fn add_in_view(&mut self) {
        let (view, stage) = (self.view.get_bounding_client_rect(), self.stage.get_bounding_client_rect());
        let middle = |start: f64, length: f64, stage: f64| (start + length / 2.0 - stage) / self.scale;
        let (x, y) = (middle(view.left(), view.width(), stage.left()), middle(view.top(), view.height(), stage.top()));
        let Size { width, height } = self.sheet.size();
        // A quarter of what is seen, within the picture.
        let (half_width, half_height) = (
            (view.width() / self.scale).min(f64::from(width)) / 8.0,
            (view.height() / self.scale).min(f64::from(height)) / 8.0,
        );
        let (x, y) = (x.clamp(0.0, f64::from(width)), y.clamp(0.0, f64::from(height)));
        self.sheet.add_apart(Rect::between(
            (x - half_width, y - half_height),
            (x + half_width, y + half_height),
            self.sheet.size(),
        ));
        self.added();
    }

    fn add(&mut self, rect: Rect) {
        self.sheet.add(rect);
        self.added();
    }

    fn added(&mut self) {
        self.say("added", &[("count", self.sheet.boxes().len() as u32)]);
        self.show();
    }

    fn chosen_element(&self) -> Option<HtmlElement> {
        self.sheet.chosen().and_then(|(place, _)| self.boxes.get(place).cloned())
    }

    /// The whole picture, and never larger than it is.
    fn fit(&mut self) {
        let Size { width, height } = self.sheet.size();
        let room = |client: i32, pixels: u32| f64::from(client.max(24)) / f64::from(pixels);
        self.scale = room(self.view.client_width(), width).min(room(self.view.client_height(), height)).min(1.0);
    }

    /// Larger or smaller round the middle of what is seen.
    fn zoom(&mut self, scale: f64) {
        let before = self.scale;
        let Size { width, height } = self.sheet.size();
        let smallest = 24.0 / f64::from(width.max(height));
        self.scale = scale.clamp(smallest.min(1.0), LARGEST);
        let (half_width, half_height) =
            (f64::from(self.view.client_width()) / 2.0, f64::from(self.view.client_height()) / 2.0);
        let grown = self.scale / before;
        let (left, top) =
            (f64::from(self.view.scroll_left()) + half_width, f64::from(self.view.scroll_top()) + half_height);
        self.show();
        self.view.set_scroll_left((left * grown - half_width) as i32);
        self.view.set_scroll_top((top * grown - half_height) as i32);
        self.say("zoomed", &[("percent", (self.scale * 100.0).round() as u32)]);
    }

    /// Brings the screen to what the sheet says.
    fn show(&mut self) {
        let Size { width, height } = self.sheet.size();
        pixels(&self.stage, "width", f64::from(width) * self.scale);
        pixels(&self.stage, "height", f64::from(height) * self.scale);
        let percent = (self.scale * 100.0).round() as u32;
        self.size_shown.set_text_content(Some(&self.texts.fill("percent", &[("percent", percent)])));
        let many = self.sheet.boxes().len();
        while self.boxes.len() > many {
            if let Some(gone) = self.boxes.pop() {
                gone.remove();
            }
        }
        while self.boxes.len() < many {
            let Ok(new) = self.new_box() else { break };
            self.boxes.push(new);
        }
        let chosen = self.sheet.chosen().map(|(place, _)| place);
        for (at, (element, rect)) in self.boxes.iter().zip(self.sheet.boxes()).enumerate() {
            for (property, value) in [("left", rect.x), ("top", rect.y), ("width", rect.width), ("height", rect.height)]
            {
                pixels(element, property, f64::from(value) * self.scale);
            }
            element.set_class_name(if chosen == Some(at) { "editor-box on" } else { "editor-box" });
            let mut values = vec![("number", at as u32 + 1)];
            values.extend(place(*rect));
            let _ = element.set_attribute("aria-label", &self.texts.fill("box", &values));
        }
        let label = match chosen {
            Some(at) => self.texts.fill("chosen", &[("number", at as u32 + 1), ("count", many as u32)]),
            None => self.texts.get("none_chosen"),
        };
        let _ = self.chosen_tools.set_attribute("aria-label", &label);
        let buttons = self.chosen_tools.children();
        for at in 0..buttons.length() {
            if let Some(button) = buttons.item(at) {
                able(&button, chosen.is_some());
            }
        }
        for (name, on) in [("undo", self.sheet.can_undo()), ("redo", self.sheet.can_redo())] {
            if let Some(button) = by_name(&self.dialog, name) {
                able(&button, on);
            }
        }
        if let Some(pan) = by_name(&self.dialog, "pan") {
            let _ = pan.set_attribute("aria-pressed", if self.panning { "true" } else { "false" });
        }
        self.stage.set_class_name(if self.panning { "editor-stage panning" } else { "editor-stage" });
        match self.corner {
            Some((x, y)) => {
                pixels(&self.marker, "left", x * self.scale);
                pixels(&self.marker, "top", y * self.scale);
                let _ = self.marker.remove_attribute("hidden");
            }
            None => {
                let _ = self.marker.set_attribute("hidden", "");
            }
        }
    }

    fn new_box(&self) -> Result<HtmlElement, JsValue> {
        let new: HtmlElement = element("button", "editor-box")?;
        let at = self.boxes.len().to_string();
        new.set_attribute("type", "button")?;
        new.set_attribute("data-box", &at)?;
        new.set_attribute("data-testid", &["editor-box-", &at].concat())?;
        new.append_child(element::<HtmlElement>("span", "editor-handle")?.as_ref())?;
        self.stage.append_child(&new)?;
        Ok(new)
    }
}

fn lossy_of(job: &JsValue) -> bool {
    get(job, "lossy").is_truthy()
}

/// What of a box is said.
fn place(rect: Rect) -> [(&'static str, u32); 4] {
    [("width", rect.width), ("height", rect.height), ("x", rect.x), ("y", rect.y)]
}
