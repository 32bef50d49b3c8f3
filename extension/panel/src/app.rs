//! The one component: screens before the form. What only the browser can do is asked of `extension/pages/panel-start.js`.

use js_sys::Function;
use recourse_capture::place::Moment;
use recourse_capture::whom::Directory;
use recourse_cover::{Rect, Size};
use recourse_domain::time::Timestamp;
use recourse_glue::{Listener, get, get_list, get_number, get_text, list_of, object_with, window};
use recourse_ui::text::{Locale, panel};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use crate::kept;
use crate::state::{OwnWords, Seen, Shot, Stage, State, TRIES, Words};
use crate::view;
use crate::whom::{Looked, Remembered, Way as WhomWay, Whom};

/// What the starter hands over.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) ask: Function,
}

/// What a person does.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Next,
    Back,
    Stop,
    WithoutPicture,
    WithPicture(bool),
    Turn(usize),
    TurnAll(&'static str),
    Edit,
    Preview,
    Whole,
    Again,
    Point,
    PointBy(isize),
    PointAt(f64, f64),
    PointEnd,
    ChoosePart,
    Region,
    WholePart,
    OwnName(String),
    OwnHandle(String),
    Keep(Words),
    Bare(Words),
    Parameter(usize),
    Image,
    Link,
    Way(usize),
    LinkTyped(String),
    Look,
    Start,
    Bundle,
    Forget(usize),
    Waiting(u32),
    GoOn,
    Delete,
    Speak(String),
    Remember(bool),
    Unsealed,
}

pub(crate) enum Event {
    Told(String, JsValue),
    Act(Act),
    Key(web_sys::KeyboardEvent),
}

pub(crate) struct App {
    pub(crate) state: State,
    pub(crate) whom: Whom,
    directory: Directory,
    /// Address of the picture as it came, for this page alone.
    pub(crate) picture: String,
    /// What goes along: address, and what is said of it.
    pub(crate) preview: Option<(String, String)>,
    pub(crate) shortcut: String,
    pub(crate) tags: Vec<String>,
    /// A report that was begun.
    pub(crate) begun: bool,
    /// Sealed reports that wait to be sent: number, day and domain of each.
    pub(crate) waits: Vec<(u32, Timestamp, String)>,
    /// What would be remembered, and of which domain, until the person says.
    pub(crate) to_remember: Option<(String, String)>,
    remembered: Vec<Remembered>,
    /// What the browser holds of what was chosen.
    kept: String,
    ready: bool,
    focus: bool,
    tell: Closure<dyn FnMut(String, JsValue)>,
    _keys: Listener,
}

impl Component for App {
    type Message = Event;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let tell = Closure::new(move |what, value| link.send_message(Event::Told(what, value)));
        let link = ctx.link().clone();
        let keys =
            Listener::new(&window(), "keydown", move |event| link.send_message(Event::Key(event.unchecked_into())));
        let app = Self {
            state: State { stage: Stage::Looking, ..State::default() },
            whom: Whom::default(),
            directory: Directory { services: Vec::new() },
            picture: String::new(),
            preview: None,
            shortcut: String::new(),
            tags: Vec::new(),
            begun: false,
            waits: Vec::new(),
            to_remember: None,
            remembered: Vec::new(),
            kept: String::new(),
            ready: false,
            focus: false,
            tell,
            _keys: keys,
        };
        app.ask(ctx, "begin", &JsValue::NULL);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        match event {
            Event::Told(what, value) => self.told(ctx, &what, &value),
            Event::Act(act) => self.act(ctx, act),
            Event::Key(key) => {
                if self.state.pointing.is_none() {
                    return false;
                }
                let act = match &*key.key() {
                    "ArrowRight" | "ArrowDown" => Act::PointBy(1),
                    "ArrowLeft" | "ArrowUp" => Act::PointBy(-1),
                    "Escape" => Act::PointEnd,
                    "Enter" if !on_button(&key) => Act::ChoosePart,
                    _ => return false,
                };
                key.prevent_default();
                self.act(ctx, act);
            }
        }
        // A pointer that moves over the picture chooses nothing yet.
        if self.state.pointing.is_none() {
            self.keep(ctx);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        if !self.ready {
            return Html::default();
        }
        view::panel(self, &ctx.link().callback(Event::Act))
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if std::mem::take(&mut self.focus) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            recourse_glue::focus_by_id("panel-heading");
        }
    }
}

/// Whether a key was pressed on a control that has its own answer to it.
fn on_button(key: &web_sys::KeyboardEvent) -> bool {
    let target = key.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.tag_name() == "BUTTON")
}

impl App {
    fn ask(&self, ctx: &Context<Self>, what: &str, detail: &JsValue) {
        // The starter's function does not throw: it answers later.
        let _ = ctx.props().ask.call3(&JsValue::NULL, &what.into(), detail, self.tell.as_ref());
    }

    /// Has the browser hold what was chosen, where that changed.
    fn keep(&mut self, ctx: &Context<Self>) {
        if let Some(kept) = kept::write(&self.state, &self.whom).filter(|kept| *kept != self.kept) {
            self.ask(ctx, "choose", &(&*kept).into());
            self.kept = kept;
        }
    }

    fn go(&mut self, stage: Stage) {
        self.state.stage = stage;
        self.state.pointing = None;
        self.preview = None;
        self.focus = true;
    }

    fn told(&mut self, ctx: &Context<Self>, what: &str, value: &JsValue) {
        match what {
            "begin" => self.begin(ctx, value),
            "speak" => {
                let texts = get(value, "texts");
                if texts.is_truthy() {
                    Locale::from_js(&get_text(value, "tag"), &texts).install();
                }
            }
            "captured" => self.captured(ctx, value),
            "whole" => self.whole(value),
            "progress" => self.state.whole = Some(get_number(value, "percent") as u32),
            "edited" if get(value, "rects").is_truthy() => {
                self.state.edited(&rects(value));
                self.preview = None;
            }
            // Of several frames the last one: whoever drew another one meant that.
            "region" => {
                if let Some(rect) = rects(value).last() {
                    self.state.part = Some(*rect);
                    self.state.part_css = String::new();
                    self.preview = None;
                }
            }
            "preview" => {
                let address = get_text(value, "address");
                if address.is_empty() {
                    self.state.trouble = Some("burn");
                } else {
                    self.preview = Some((address, get_text(value, "said")));
                }
            }
            "look" => {
                let (status, body) = (get_number(value, "status") as u16, get_text(value, "body"));
                if matches!(self.whom.looked, Looked::Looking) {
                    self.whom.answered(status, &body, now());
                }
            }
            "remembered" => self.take_remembered(value),
            // The form was closed or sent: nothing is left here.
            "ended" => {
                self.forget();
                let all = get_text(value, "remember");
                self.to_remember = (!all.is_empty()).then(|| (all, get_text(value, "domain")));
                self.take_waiting(value);
                self.go(Stage::Idle);
            }
            // It has all that it needs; nothing of it stays behind it, nor any name that its own fields have.
            "away" => {
                self.forget();
                self.state.stage = Stage::Away;
            }
            "sealed" => self.state.stage = Stage::Beside,
            "again" => self.go(Stage::Again),
            "begun" => {
                self.forget();
                self.begun = true;
                self.go(Stage::Idle);
            }
            "failed" => self.state.trouble = Some("burn"),
            _ => {}
        }
    }

    fn begin(&mut self, ctx: &Context<Self>, value: &JsValue) {
        self.ready = true;
        let texts = get(value, "texts");
        Locale::from_js(&get_text(value, "tag"), &texts).install();
        let broken = [("title", panel::BROKEN_TITLE), ("text", panel::BROKEN_TEXT), ("plain", panel::BROKEN_PLAIN)];
        recourse_ui::locale::say_beforehand(panel::PANEL_TITLE, broken);
        self.tags = get_list(value, "tags").iter().filter_map(JsValue::as_string).collect();
        self.directory =
            serde_json::from_str(&get_text(value, "directory")).unwrap_or(Directory { services: Vec::new() });
        self.shortcut = get_text(value, "shortcut");
        self.take_remembered(value);
        self.begun = get(value, "begun").is_truthy();
        self.take_waiting(value);
        if get(value, "captured").is_truthy() {
            let chosen = get(value, "chosen").as_string();
            // Held since the panel was closed: that page may be gone, and is not asked for again.
            self.state.tries = if chosen.is_some() { TRIES } else { 0 };
            self.captured(ctx, &get(value, "captured"));
            let whole = get(value, "whole");
            if whole.is_truthy() {
                self.whole(&whole);
            }
            kept::read(&chosen.unwrap_or_default(), &mut self.state, &mut self.whom);
        } else {
            self.go(Stage::Idle);
        }
    }

    fn take_remembered(&mut self, value: &JsValue) {
        self.remembered = serde_json::from_str(&get_text(value, "remembered")).unwrap_or_default();
        self.whom.remembered = self.remembered.clone();
    }

    fn take_waiting(&mut self, value: &JsValue) {
        let waits = get_list(value, "waits");
        let read =
            |one: &JsValue| (get_number(one, "id") as u32, Timestamp(get_number(one, "day")), get_text(one, "domain"));
        self.waits = waits.iter().map(read).collect();
    }

    /// Something was captured, or could not be.
    fn captured(&mut self, ctx: &Context<Self>, value: &JsValue) {
        let moment = |name| serde_json::from_str::<Moment>(&get_text(value, name)).ok();
        let tries = self.state.tries;
        let own = std::mem::take(&mut self.state.own);
        let way = serde_json::from_str(&["\"", &get_text(value, "way"), "\""].concat()).unwrap_or_default();
        let (image, link) = (get_text(value, "image"), get_text(value, "link"));
        let mut state = State { own, way, tries, image, link, ..State::default() };
        let seen = serde_json::from_str::<Seen>(&get_text(value, "seen")).ok();
        let Some(seen) = seen else {
            self.state = State { trouble: Some("page"), tries: 0, ..state };
            self.host(&get_text(value, "address"));
            self.go(Stage::Idle);
            return;
        };
        let size = Size { width: get_number(value, "width") as u32, height: get_number(value, "height") as u32 };
        let shot = (size.width > 0).then_some(Shot { size, composite: false });
        // What is not known cannot be taken for having kept still.
        let known = seen.measured.moment;
        let before = moment("before").unwrap_or(Moment { changes: known.changes.wrapping_sub(1), ..known });
        let after = moment("after").unwrap_or(Moment { changes: known.changes.wrapping_add(1), ..known });
        let host = host_of(&seen.page.address);
        if !state.captured(seen, shot, before, after) {
            self.state = state;
            self.state.stage = Stage::Looking;
            // The last picture is used, come what may: then what could be scrolled into it is measured, too.
            self.ask(ctx, "recapture", &(self.state.tries >= TRIES).into());
            return;
        }
        state.tries = 0;
        state.trouble = get(value, "trouble").as_string().and_then(|name| (name == "shot").then_some("shot"));
        self.picture = get_text(value, "picture");
        self.state = state;
        self.host(&host);
        let first = if self.state.shot.is_some() { Stage::Picture } else { Stage::Page };
        self.go(first);
    }

    fn host(&mut self, host: &str) {
        self.whom = Whom::of(host, &self.directory, self.remembered.clone());
    }

    fn whole(&mut self, value: &JsValue) {
        self.state.whole = None;
        let size = Size { width: get_number(value, "width") as u32, height: get_number(value, "height") as u32 };
        // A picture of which nobody knows what to cover is none.
        let boxes = serde_json::from_str::<Vec<(String, [u32; 4])>>(&get_text(value, "boxes")).ok();
        let Some(boxes) = boxes.filter(|_| size.width > 0) else {
            self.state.trouble = Some("whole");
            return;
        };
        self.picture = get_text(value, "picture");
        let boxes = boxes
            .into_iter()
            .map(|(reason, [x, y, width, height])| (crate::tile::name(&reason), Rect { x, y, width, height }));
        let boxes = boxes.collect();
        self.state.whole_page(size, boxes, get(value, "restless").is_truthy());
        self.state.trouble = get(value, "cut").is_truthy().then_some("cut");
        self.preview = None;
    }

    fn act(&mut self, ctx: &Context<Self>, act: Act) {
        let state = &mut self.state;
        if !matches!(act, Act::Preview | Act::Parameter(_) | Act::Speak(_)) {
            state.trouble = None;
        }
        match act {
            Act::Next => match state.stage {
                Stage::Picture => self.go(Stage::Page),
                Stage::Page => self.go(Stage::Whom),
                _ => {}
            },
            Act::Back => match state.stage {
                Stage::Whom => self.go(Stage::Page),
                Stage::Page if state.shot.is_some() => self.go(Stage::Picture),
                _ => {}
            },
            Act::Stop => {
                self.forget();
                self.go(Stage::Idle);
                self.ask(ctx, "forget", &JsValue::NULL);
            }
            Act::WithoutPicture if state.stage == Stage::Idle => {
                self.state.stage = Stage::Looking;
                self.ask(ctx, "no_picture", &JsValue::NULL);
            }
            Act::WithoutPicture => state.with_picture = false,
            Act::WithPicture(on) => state.with_picture = on,
            Act::Turn(at) => {
                if let Some(one) = state.boxes.get_mut(at) {
                    one.on = !one.on;
                }
                self.preview = None;
            }
            Act::TurnAll(reason) => {
                let on = state.boxes.iter().any(|one| one.reason == reason && one.on);
                state.boxes.iter_mut().filter(|one| one.reason == reason).for_each(|one| one.on = !on);
                self.preview = None;
            }
            Act::Edit => {
                let boxes = list_of(&state.burned().iter().map(rect_js).collect::<Vec<_>>());
                self.ask(ctx, "edit", &object_with(&[("boxes", boxes), ("texts", view::editor_texts())]));
            }
            Act::Preview => {
                let detail = self.picture_job();
                self.ask(ctx, "preview", &detail);
            }
            Act::Whole => {
                state.whole = Some(0);
                let own = serde_json::to_string(&[&state.own.name, &state.own.handle]).unwrap_or_default();
                self.ask(ctx, "whole", &own.into());
            }
            Act::Again => {
                state.stage = Stage::Looking;
                self.ask(ctx, "again", &JsValue::NULL);
            }
            Act::Point => state.pointing = Some(0),
            Act::PointBy(by) => state.point(by),
            Act::PointAt(x, y) => state.point_at(x, y),
            Act::PointEnd => state.pointing = None,
            Act::ChoosePart => {
                state.choose_part();
                self.preview = None;
            }
            Act::Region => {
                state.pointing = None;
                let none = list_of(&[]);
                let detail = [("boxes", none), ("region", true.into()), ("texts", view::region_texts())];
                self.ask(ctx, "region", &object_with(&detail));
            }
            Act::WholePart => {
                state.part = None;
                state.part_css = String::new();
                self.preview = None;
            }
            Act::OwnName(text) => {
                state.own.name = text;
                state.look_again();
            }
            Act::OwnHandle(text) => {
                state.own.handle = text;
                state.look_again();
            }
            Act::Keep(words) => state.turn(words),
            Act::Bare(words) => state.bare(words),
            Act::Parameter(at) => state.turn_parameter(at),
            Act::Image => state.image.clear(),
            Act::Link => state.link.clear(),
            Act::Way(at) => self.whom.choose(at),
            Act::LinkTyped(text) => {
                self.whom.link = text;
                self.whom.looked = Looked::Not;
            }
            Act::Look => match self.whom.asks() {
                Ok(Some(asked)) => {
                    self.whom.looked = Looked::Looking;
                    self.ask(ctx, "look", &asked.address.into());
                }
                Ok(None) => {}
                Err(why) => self.whom.looked = Looked::Failed(why),
            },
            Act::Bundle => self.form(ctx, None),
            Act::Start => {
                if let Looked::Found(found) = &self.whom.looked {
                    let found = found.clone();
                    self.form(ctx, Some(&found));
                }
            }
            Act::Forget(at) => {
                if at < self.remembered.len() {
                    self.remembered.remove(at);
                    let kept = serde_json::to_string(&self.remembered).unwrap_or_default();
                    self.whom.ways.retain(|way| !matches!(way, WhomWay::Before(one) if !self.remembered.contains(one)));
                    self.whom.remembered = self.remembered.clone();
                    self.whom.choose(0);
                    self.ask(ctx, "remember", &kept.into());
                }
            }
            Act::Waiting(id) => self.ask(ctx, "waiting", &id.into()),
            Act::GoOn if self.state.stage == Stage::Again => {
                self.state.stage = Stage::Away;
                self.ask(ctx, "back_to_form", &JsValue::NULL);
            }
            Act::Delete if self.state.stage == Stage::Again => self.ask(ctx, "anew", &JsValue::NULL),
            Act::GoOn => {
                self.begun = false;
                self.ask(ctx, "go_on", &JsValue::NULL);
            }
            Act::Delete => {
                self.begun = false;
                self.ask(ctx, "forget", &JsValue::NULL);
                self.focus = true;
            }
            Act::Remember(yes) => {
                if let Some((all, _)) = self.to_remember.take().filter(|_| yes) {
                    self.remembered = serde_json::from_str(&all).unwrap_or_default();
                    self.whom.remembered = self.remembered.clone();
                    self.ask(ctx, "remember", &all.into());
                }
                self.focus = true;
            }
            Act::Unsealed => self.ask(ctx, "unsealed", &JsValue::NULL),
            Act::Speak(tag) => self.ask(ctx, "speak", &tag.into()),
        }
    }

    /// Lets go of everything that was captured and typed.
    fn forget(&mut self) {
        self.state = State { own: OwnWords::default(), ..State::default() };
        self.kept.clear();
        self.picture = String::new();
        self.preview = None;
        self.begun = false;
        self.to_remember = None;
        self.whom = Whom::default();
        self.whom.remembered = self.remembered.clone();
    }

    /// What has to be known to burn the boxes in.
    fn picture_job(&self) -> JsValue {
        let boxes = list_of(&self.state.burned().iter().map(rect_js).collect::<Vec<_>>());
        let part = self.state.part.as_ref().map_or(JsValue::NULL, rect_js);
        object_with(&[("boxes", boxes), ("part", part)])
    }

    /// Hands all of it to the form: for a channel that was seen, or for a file.
    fn form(&self, ctx: &Context<Self>, found: Option<&crate::whom::Found>) {
        let state = &self.state;
        let (selectors, fragment) = state.selectors();
        let text = |words| JsValue::from(state.words(words));
        let picture = if state.with_picture && state.shot.is_some() { self.picture_job() } else { JsValue::NULL };
        let mut path = String::new();
        if state.part.is_some() && !state.part_css.is_empty() {
            path = serde_json::json!([{ "type": "CssSelector", "value": state.part_css }]).to_string();
        }
        let remember = self.whom.to_remember().and_then(|one| {
            let mut all: Vec<Remembered> = self.remembered.clone();
            all.retain(|other| (&other.origin, &other.channel, &other.host) != (&one.origin, &one.channel, &one.host));
            all.push(one);
            serde_json::to_string(&all).ok()
        });
        let composite = state.shot.is_some_and(|shot| shot.composite);
        let known = |found: &crate::whom::Found| {
            object_with(&[
                ("envelope", (&*found.envelope).into()),
                ("channel", (&*found.channel).into()),
                ("origin", (&*found.origin).into()),
                ("domain", (&*found.domain).into()),
                ("root_key", (&*found.root_key).into()),
                ("remember", remember.as_deref().map_or(JsValue::NULL, JsValue::from)),
            ])
        };
        let own = object_with(&[("host", self.whom.host().into())]);
        let detail = object_with(&[
            ("to", found.map_or(own, known)),
            ("bundle", found.is_none().into()),
            ("picture", picture),
            ("path", path.into()),
            ("composite", composite.into()),
            ("redactions", serde_json::to_string(&state.redactions()).unwrap_or_default().into()),
            ("address", text(Words::Address)),
            ("title", text(Words::Title)),
            ("language", text(Words::Language)),
            ("canonical", text(Words::Canonical)),
            ("selection", text(Words::Selection)),
            ("selectors", selectors.into()),
            ("fragment", fragment.into()),
            ("image", (&*state.image).into()),
            ("link", (&*state.link).into()),
        ]);
        self.ask(ctx, "form", &detail);
    }
}

fn rect_js(rect: &Rect) -> JsValue {
    let number = |value: u32| JsValue::from_f64(f64::from(value));
    list_of(&[number(rect.x), number(rect.y), number(rect.width), number(rect.height)])
}

fn rects(value: &JsValue) -> Vec<Rect> {
    let read = |one: &JsValue| {
        let numbers: Vec<f64> = js_sys::Array::from(one).iter().filter_map(|number| number.as_f64()).collect();
        let [x, y, width, height] = *numbers.as_slice() else { return None };
        Some(Rect { x: x as u32, y: y as u32, width: width as u32, height: height as u32 })
    };
    get_list(value, "rects").iter().filter_map(read).collect()
}

/// The device's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp(recourse_glue::now())
}

/// Host of an address, with its port.
fn host_of(address: &str) -> String {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}
