//! The form in a real document: which nodes Yew keeps from one screen to the next, and what becomes of texts.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JSON, Promise};
use recourse_domain::report::Purpose;
use recourse_flow::intake::{
    Channel, Edit, Effect, KeepAct, Msg, Offered, OfferedSubject, OpenChannel, Shut, State, Step, update,
};
use recourse_glue::{document, focus_by_id};
use recourse_locale::{Locales, Part};
use recourse_ui::draw::draw;
use recourse_ui::icons::Icon;
use recourse_ui::intake::{Arrival, Input, Later, Screen, view};
use recourse_ui::text::Locale;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;
use yew::virtual_dom::VNode;

wasm_bindgen_test_configure!(run_in_browser);

const MARKUP: &str = "<b>bold</b> &amp; <img src=x onerror=\"alert(1)\">{provider}\u{202e}";

/// The screens that are filled in, up to sending.
const SCREENS: [Step; 6] = [Step::Who, Step::What, Step::WhatHappened, Step::PuttingRight, Step::Evidence, Step::Check];

/// What the page did, for the test to see.
type Log = Rc<RefCell<Vec<&'static str>>>;

#[derive(Clone, Properties)]
struct Props {
    state: State,
    later: Arrival,
    log: Log,
}

impl PartialEq for Props {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The form with the little of a page that these tests need.
struct Form {
    state: State,
    focus: Option<String>,
}

impl Component for Form {
    type Message = Input;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        Self { state: ctx.props().state.clone(), focus: None }
    }

    fn update(&mut self, ctx: &Context<Self>, input: Input) -> bool {
        let effects = match input {
            Input::Msg(msg) => update(&mut self.state, msg),
            Input::Send => {
                ctx.props().log.borrow_mut().push("send");
                vec![]
            }
            _ => vec![],
        };
        for effect in effects {
            match effect {
                Effect::Focus(id) => self.focus = Some(id.to_owned()),
                Effect::FocusField(id) => self.focus = Some(id),
                _ => {}
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let send = ctx.link().callback(|input| input);
        view(&Screen {
            state: &self.state,
            send: &send,
            previews: &[],
            framed: true,
            follow_up: "/follow-up/demo",
            later: ctx.props().later,
        })
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(id) = self.focus.take() {
            focus_by_id(&id);
        }
    }
}

/// Installs the English texts as a page loads them: the first part, and the later one where it came.
fn speak(whole: bool) {
    let locales = Locales::of([
        ("en.form.json", include_str!("../locales/en.form.json")),
        ("en.evidence.json", include_str!("../locales/en.evidence.json")),
    ])
    .unwrap();
    let part = |part| JSON::parse(&locales.surface("form").unwrap().pack("en", part).unwrap()).unwrap();
    Locale::from_js("en", &part(Part::First)).install();
    assert!(!whole || Locale::append("en", &part(Part::Later)));
}

/// A form at that step, with what the host offered and some of it filled in.
fn filled(step: Step, words: &str) -> State {
    let mut manifest: recourse_domain::channel::Manifest =
        serde_json::from_str(include_str!("../../domain/tests/data/manifest.json")).unwrap();
    manifest.product = MARKUP.to_owned();
    manifest.groups[0].name = MARKUP.to_owned();
    let channel = OpenChannel::of(&manifest, false, "en");
    let subject = OfferedSubject { kind: MARKUP.to_owned(), id: MARKUP.to_owned(), label: MARKUP.to_owned() };
    let context = [(MARKUP.to_owned(), MARKUP.to_owned())].into();
    let mut state = State::default();
    for msg in [
        Msg::ChannelChecked(Box::new(channel)),
        // Past the page that says what stays.
        Msg::Keeping(KeepAct::Warned),
        // What the host offers is enough to report; without words there is to be something to put right.
        Msg::Offered(if words.is_empty() {
            Offered::default()
        } else {
            Offered { subject: Some(subject), context, ..Offered::default() }
        }),
        Msg::Door(Purpose::SeekRemedy),
        Msg::Edit(Edit::WhatHappened(words.to_owned())),
        Msg::Edit(Edit::Feature(words.to_owned())),
        Msg::GoTo(step),
    ] {
        update(&mut state, msg);
    }
    state
}

/// A form on the screen; it goes when this is dropped.
struct Mounted {
    root: Element,
    app: Option<AppHandle<Form>>,
    log: Log,
}

impl Mounted {
    async fn at(step: Step, words: &str) -> Self {
        speak(true);
        Self::of(filled(step, words), Arrival::There(Later::all())).await
    }

    async fn of(state: State, later: Arrival) -> Self {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let log = Log::default();
        let props = Props { state, later, log: log.clone() };
        let app = yew::Renderer::<Form>::with_root_and_props(root.clone(), props).render();
        turn().await;
        Self { root, app: Some(app), log }
    }

    fn named(&self, name: &str) -> HtmlElement {
        let found = self.root.query_selector(&format!("[data-testid={name}]")).unwrap();
        found.unwrap_or_else(|| panic!("no {name}")).unchecked_into()
    }

    /// All elements of a kind.
    fn all(&self, selector: &str) -> Vec<Element> {
        let list = self.root.query_selector_all(selector).unwrap();
        js_sys::Array::from(&list).iter().map(JsCast::unchecked_into).collect()
    }

    /// The name of the screen.
    fn screen(&self) -> String {
        self.all("main")[0].get_attribute("data-testid").unwrap()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.root.remove();
    }
}

/// Lets everything that waits run: a task comes after all microtasks, in which Yew renders.
async fn turn() {
    let task = Promise::new(&mut |resolve, _| {
        let _ = Function::new_with_args("go", "setTimeout(go)").call1(&JsValue::NULL, &resolve).unwrap();
    });
    JsFuture::from(task).await.unwrap();
}

fn name(element: &Element) -> Option<String> {
    element.get_attribute("data-testid")
}

/// Yew wants the keys of siblings to be unique, and in builds with debug assertions panics where they are not.
#[wasm_bindgen_test]
fn pieces_drawn_on_their_own_get_keys_of_their_own() {
    let door = draw(|draw| {
        draw.open("button", "").words("span", "", "text".into()).icon(Icon::Next);
    });
    let VNode::VTag(door) = door else { panic!("no element") };
    let Some(VNode::VList(children)) = door.children() else { panic!("no children") };
    let Some(VNode::VList(children)) = children.first() else { panic!("no list") };
    let keys: Vec<_> = children.iter().map(|child| child.key().map(ToString::to_string)).collect();
    assert_eq!(keys, [Some("0".to_owned()), Some("1".to_owned())]);
}

#[wasm_bindgen_test]
async fn no_button_becomes_another_one() {
    let form = Mounted::at(SCREENS[0], "words").await;
    let mut seen = 0;
    for step in SCREENS {
        assert_eq!(form.screen(), format!("screen-{}", step.as_str()));
        let before: Vec<_> = form.all("button").into_iter().map(|button| (name(&button), button)).collect();
        assert!(
            before
                .iter()
                .all(|(name, button)| name.is_some() && button.get_attribute("type").as_deref() == Some("button"))
        );
        assert!(form.all("form, [type=submit]").is_empty());
        if step == Step::Check {
            break;
        }
        let next = form.named("next");
        next.click();
        turn().await;
        assert!(!next.is_connected(), "the button that was pressed is gone with its screen");
        for (before, button) in before.iter().filter(|(_, button)| button.is_connected()) {
            assert_eq!(&name(button), before);
            seen += 1;
        }
    }
    assert!(seen > 0, "quick exit and close stay");
    form.named("send");
    assert!(form.log.borrow().is_empty(), "nothing was sent by pressing Continue");
    form.named("send").click();
    turn().await;
    assert_eq!(*form.log.borrow(), ["send"]);
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_heading_of_the_new_screen() {
    let form = Mounted::at(Step::WhatHappened, "").await;
    let focused = || document().active_element().map(|element| element.id()).unwrap_or_default();
    form.named("next").click();
    turn().await;
    assert_eq!((form.screen().as_str(), focused().as_str()), ("screen-what-happened", "error-summary"));
    drop(form);
    let form = Mounted::at(Step::Evidence, "words").await;
    for screen in ["screen-putting-right", "screen-what-happened"] {
        form.named("back").click();
        turn().await;
        assert_eq!((form.screen().as_str(), focused().as_str()), (screen, "step-heading"));
    }
    let heading = document().active_element().unwrap();
    assert_eq!((heading.tag_name().as_str(), heading.get_attribute("tabindex").as_deref()), ("H1", Some("-1")));
}

/// What the person, the provider and the host say is text, also where it looks like markup or like a placeholder of ours.
#[wasm_bindgen_test]
async fn texts_from_elsewhere_are_shown_as_text() {
    for step in SCREENS {
        let form = Mounted::at(step, MARKUP).await;
        assert!(form.all("b, img, script, [onerror], [style]").is_empty(), "{}", step.as_str());
    }
    let form = Mounted::at(Step::Check, MARKUP).await;
    assert_eq!(form.all("#check-text .quote")[0].text_content().as_deref(), Some(MARKUP));
}

/// A node that is made anew while somebody types loses the focus, the cursor and what an input method has begun.
#[wasm_bindgen_test]
async fn typing_keeps_the_field_and_its_focus() {
    let form = Mounted::at(Step::WhatHappened, "").await;
    let area: HtmlTextAreaElement = form.all("textarea")[0].clone().unchecked_into();
    area.focus().unwrap();
    let typed: Event = Function::new_no_args("return new InputEvent('input', { bubbles: true })")
        .call0(&JsValue::NULL)
        .unwrap()
        .unchecked_into();
    for text in ["<", "<b>", MARKUP] {
        area.set_value(text);
        area.dispatch_event(&typed).unwrap();
        turn().await;
        assert_eq!(area.value(), text);
        assert!(document().active_element().is_some_and(|element| element.is_same_node(Some(&area))));
    }
    form.named("next").click();
    turn().await;
    assert_eq!(form.screen(), "screen-putting-right");
    form.named("back").click();
    turn().await;
    let again: HtmlTextAreaElement = form.all("textarea")[0].clone().unchecked_into();
    assert_eq!(again.value(), MARKUP);
}

/// Before the later part of the texts came, whatever can be seen has all of its own.
#[wasm_bindgen_test]
async fn the_first_screens_need_no_text_of_the_later_part() {
    let after = |step: Step, msgs: Vec<Msg>| {
        let mut state = filled(step, MARKUP);
        for msg in msgs {
            update(&mut state, msg);
        }
        state
    };
    let mut expired = filled(Step::Start, MARKUP);
    if let Channel::Open(channel) = &mut expired.channel {
        channel.expired = true;
    }
    let mut doorless = filled(Step::Start, MARKUP);
    doorless.draft.purpose = None;
    update(&mut doorless, Msg::Next);
    assert!(!doorless.faults.is_empty());
    let mut cases = vec![
        ("start", filled(Step::Start, MARKUP), Arrival::Awaited),
        ("expired", expired, Arrival::Awaited),
        ("no door", doorless, Arrival::Awaited),
        ("awaited", filled(Step::Who, MARKUP), Arrival::Awaited),
        ("lost", filled(Step::Who, MARKUP), Arrival::Lost),
        ("loading", State::default(), Arrival::Awaited),
        ("asking", after(Step::Start, vec![Msg::Close]), Arrival::Awaited),
        ("closed", after(Step::Start, vec![Msg::Close, Msg::LeaveConfirmed]), Arrival::Awaited),
    ];
    for why in [Shut::Unreachable, Shut::Unknown, Shut::Closed, Shut::Untrusted] {
        let mut state = State::default();
        update(&mut state, Msg::ChannelShut(why));
        cases.push(("shut", state, Arrival::Awaited));
    }
    for (name, state, later) in cases {
        let mut seen = Vec::new();
        for whole in [true, false] {
            speak(whole);
            let form = Mounted::of(state.clone(), later).await;
            assert!(form.root.text_content().is_some_and(|text| text.len() > 20), "{name}");
            seen.push(form.root.inner_html());
        }
        assert_eq!(seen[0], seen[1], "{name}");
    }
    // What this test would see if a text were lacking.
    speak(false);
    let (state, later) = (filled(Step::Who, MARKUP), Arrival::There(Later::all()));
    let lacking = Mounted::of(state, later).await;
    assert_eq!(lacking.all("h1")[0].text_content().as_deref(), Some(""));
}
