//! What only a browser can tell of the glue: listeners, the engine's worker, errors, numbers and requests as JavaScript sees them.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use recourse_glue::{
    Engine, Fault, Heard, Listener, NetFault, from_js, get, get_json, get_number, get_text, js_error, to_js,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, Event, EventTarget};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_listener_hears_until_it_is_dropped() {
    let target = EventTarget::new().unwrap();
    let heard = Rc::new(Cell::new(0));
    let count = heard.clone();
    let say = |kind: &str| target.dispatch_event(&Event::new(kind).unwrap()).unwrap();
    let listener = Listener::new(&target, "word", move |_| count.set(count.get() + 1));
    say("word");
    say("other");
    say("word");
    assert_eq!(heard.get(), 2);
    drop(listener);
    // One that is still there calls into nothing, which only the window hears.
    let faults = Rc::new(Cell::new(0));
    let count = faults.clone();
    let _watch = Listener::new(&recourse_glue::window(), "error", move |_| count.set(count.get() + 1));
    say("word");
    assert_eq!((heard.get(), faults.get()), (2, 0));
    assert_eq!(Rc::strong_count(&heard), 1, "the closure went with it");
}

#[wasm_bindgen_test]
fn an_error_is_a_real_one_with_name_and_variant() {
    let check = |error: JsValue, name: &str, variant: &str| {
        assert!(error.is_instance_of::<js_sys::Error>());
        assert_eq!([get_text(&error, "name"), get_text(&error, "variant")], [name, variant]);
        assert_eq!(String::from(error.unchecked_into::<js_sys::Error>().to_string()), format!("{name}: {variant}"));
    };
    check(js_error("RecourseSeal", "no_key"), "RecourseSeal", "no_key");
    check(Fault::Shape.into(), "RecourseFault", "shape");
    check(Fault::Refused.into(), "RecourseFault", "refused");
    check(Fault::Missing.into(), "RecourseFault", "missing");
}

#[wasm_bindgen_test]
fn large_numbers_stay_numbers() {
    for number in [0, 1, u64::from(u32::MAX) + 1, (1 << 53) - 1] {
        let value = to_js(&number).unwrap();
        assert_eq!(value.js_typeof(), "number");
        assert_eq!(value.as_f64(), Some(number as f64));
        assert_eq!(from_js::<u64>(value), Ok(number));
    }
    // Beyond that a double skips numbers: refused rather than rounded.
    assert_eq!(from_js::<u64>(((1_u64 << 53) as f64).into()), Err(Fault::Shape));
    for wrong in [-1.0, 0.5, f64::NAN] {
        assert_eq!(from_js::<u64>(wrong.into()), Err(Fault::Shape), "{wrong}");
    }
}

#[wasm_bindgen_test]
fn maps_are_objects_and_nothing_is_null() {
    let map = BTreeMap::from([("a", Some(1_u64)), ("b", None)]);
    let value = to_js(&map).unwrap();
    assert_eq!(String::from(js_sys::JSON::stringify(&value).unwrap()), r#"{"a":1,"b":null}"#);
    assert_eq!(to_js(&BTreeMap::from([(vec![1], 1)])), Err(Fault::Shape), "a key that is no text");
}

/// What the workers of these tests say.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Ready,
    Heard { id: u64, text: String, files: u64 },
}

/// A function that makes a worker of that script.
fn spawn(script: &str) -> Function {
    let source = js_sys::JSON::stringify(&script.into()).unwrap();
    Function::new_no_args(&format!(
        "return new Worker(URL.createObjectURL(new Blob([{source}], {{ type: 'text/javascript' }})))"
    ))
}

/// An engine, and what it lets be heard, one after the other.
fn listen(spawn: Function) -> (Engine, impl AsyncFnMut() -> Heard<Word>) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let wake: Rc<RefCell<Option<Function>>> = Rc::default();
    let engine = Engine::start(&spawn, {
        let (heard, wake) = (heard.clone(), wake.clone());
        move |word| {
            heard.borrow_mut().push(word);
            if let Some(wake) = wake.borrow_mut().take() {
                wake.call0(&JsValue::NULL).unwrap();
            }
        }
    });
    let next = async move || {
        if heard.borrow().is_empty() {
            let more = Promise::new(&mut |resolve, _| *wake.borrow_mut() = Some(resolve));
            JsFuture::from(more).await.unwrap();
        }
        heard.borrow_mut().remove(0)
    };
    (engine.unwrap(), next)
}

#[wasm_bindgen_test]
async fn calls_cross_as_json_with_rising_numbers_and_files_beside_them() {
    let (engine, mut next) = listen(spawn(
        r#"
        postMessage({ message: JSON.stringify("ready") });
        let before = Promise.resolve();
        const answer = async ({ call, files: [first, ...more] }) => {
          const { id, request } = JSON.parse(call);
          const texts = await Promise.all([first, ...more].map((file) => file?.text() ?? ""));
          postMessage({ message: JSON.stringify({ heard: { id, text: request.say, files: texts.join("").length } }), blob: first });
        };
        onmessage = ({ data }) => {
          before = before.then(() => answer(data));
        };
        "#,
    ));
    let file: JsValue = Blob::new_with_str_sequence(&Array::of1(&"Grüße".into())).unwrap().into();
    let say = |text| BTreeMap::from([("say", text)]);
    assert_eq!(engine.call(&say("<b>\u{2028}\"问候"), &Array::of2(&file, &file)), Ok(1));
    assert_eq!(engine.post(r#"{"say":"by hand"}"#, &Array::new()), Ok(2));
    assert!(matches!(next().await, Heard::Message(Word::Ready, None)));
    let Heard::Message(word, Some(blob)) = next().await else { panic!("no file beside the answer") };
    assert_eq!(word, Word::Heard { id: 1, text: "<b>\u{2028}\"问候".to_owned(), files: 10 });
    assert_eq!(blob.size(), 7.0);
    let Heard::Message(word, None) = next().await else { panic!("a file that was not sent") };
    assert_eq!(word, Word::Heard { id: 2, text: "by hand".to_owned(), files: 0 });
}

#[wasm_bindgen_test]
async fn a_message_of_another_shape_is_unreadable_and_the_next_is_heard() {
    let (_engine, mut next) = listen(spawn(
        r#"
        for (const message of ["{", "{}", '"unknown"', '{"heard":{"id":-1,"text":"","files":0}}', 7, undefined]) postMessage({ message });
        postMessage(null);
        postMessage({ message: '"ready"', blob: "no blob" });
        "#,
    ));
    for _ in 0..7 {
        assert!(matches!(next().await, Heard::Unreadable));
    }
    assert!(matches!(next().await, Heard::Message(Word::Ready, None)));
}

#[wasm_bindgen_test]
async fn a_worker_that_does_not_load_or_throws_is_broken() {
    for spawn in [
        spawn("this is not JavaScript"),
        spawn("onmessage = () => { throw new Error() }; postMessage({ message: '\"ready\"' });"),
        Function::new_no_args("return new Worker('/no-such-worker.js')"),
        Function::new_no_args("return new Worker('/no-such-worker.js', { type: 'module' })"),
    ] {
        let (engine, mut next) = listen(spawn);
        engine.call("anything", &Array::new()).unwrap();
        let mut word = next().await;
        if matches!(word, Heard::Message(Word::Ready, None)) {
            word = next().await;
        }
        assert!(matches!(word, Heard::Broken), "{word:?}");
    }
}

#[wasm_bindgen_test]
fn without_a_worker_there_is_no_engine() {
    let check = |code: &str, fault| {
        let engine = Engine::start(&Function::new_no_args(code), |_: Heard<Word>| {});
        assert_eq!(engine.err(), Some(fault), "{code}");
    };
    check("throw new TypeError('refused by policy')", Fault::Refused);
    check("return {}", Fault::Shape);
    check("", Fault::Shape);
}

/// A lock is freed when its worker ends, and not before.
#[wasm_bindgen_test]
async fn dropping_the_engine_ends_the_worker() {
    let (engine, mut next) = listen(spawn(
        r#"navigator.locks.request("alive", () => { postMessage({ message: '"ready"' }); return new Promise(() => {}); });"#,
    ));
    assert!(matches!(next().await, Heard::Message(Word::Ready, None)));
    let lock = async |options: &str| {
        let code = format!("return navigator.locks.request('alive', {options}, (lock) => lock !== null)");
        let promise: Promise = Function::new_no_args(&code).call0(&JsValue::NULL).unwrap().unchecked_into();
        JsFuture::from(promise).await.unwrap().as_bool()
    };
    assert_eq!(lock("{ ifAvailable: true }").await, Some(false));
    drop(engine);
    assert_eq!(lock("{}").await, Some(true));
}

#[wasm_bindgen_test]
async fn a_page_asks_without_cookies_and_tells_faults_apart() {
    // What the browser makes of each request; the answer is the true one.
    let asked = Array::new();
    let window = recourse_glue::window();
    let real = get(&window, "fetch");
    let spy = Function::new_with_args(
        "asked, real",
        "return (address, init) => { const request = new Request(address, init); asked.push(request); return real(request); }",
    );
    Reflect::set(&window, &"fetch".into(), &spy.call2(&JsValue::NULL, &asked, &real).unwrap()).unwrap();
    let json = get_json("data:application/json,{\"a\":1}", false).await;
    let no_json = get_json("/Cargo.toml", true).await;
    let status = get_json("/no-such-file", true).await;
    let unreachable = get_json("http://127.0.0.1:1/", true).await;
    Reflect::set(&window, &"fetch".into(), &real).unwrap();

    assert_eq!(get_number(&json.unwrap(), "a"), 1);
    assert!(matches!(no_json, Err(NetFault::NotJson)));
    assert!(matches!(status, Err(NetFault::Status(404, body)) if body.is_null()));
    assert!(matches!(unreachable, Err(NetFault::Unreachable)));
    for (request, cache) in asked.iter().zip(["default", "no-store", "no-store", "no-store"]) {
        let told = ["credentials", "referrerPolicy", "cache", "redirect"].map(|name| get_text(&request, name));
        assert_eq!(told, ["omit", "no-referrer", cache, "error"]);
    }
    assert_eq!(asked.length(), 4);
}
