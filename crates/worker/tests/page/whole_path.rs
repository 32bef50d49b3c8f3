//! From the page's handle through `postMessage` to a desk and back.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, JSON, Promise, Uint8Array};
use recourse_glue::{Engine, Heard};
use recourse_wire::engine::{Failure, FromEngine, Progress};
use recourse_wire::problem::ProblemKind;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Blob, File};

use crate::desk::{Answer, Request};

/// The script that loads the reporters' engine, loading this module instead.
fn script(module: &str) -> String {
    let origin = recourse_glue::window().location().origin().unwrap();
    include_str!("../../../../widget/pages/engine-worker.js")
        .replace("{{asset:engine.js}}", &format!("{origin}/wasm-bindgen-test.js"))
        .replace("{{asset:engine_bg.wasm}}", &format!("{origin}/{module}"))
        // These tests' module comes in one part.
        .replace("{{asset:engine-later.js}}", "data:text/javascript,export const attach = () => {};")
}

/// The page's side: the handle and what it hears.
struct Page {
    engine: Engine,
    heard: Rc<RefCell<Vec<Heard<FromEngine<Answer>>>>>,
    wake: Rc<RefCell<Option<Function>>>,
}

impl Page {
    fn start() -> Self {
        Self::with(&script("wasm-bindgen-test_bg.wasm"))
    }

    fn with(script: &str) -> Self {
        let source = JSON::stringify(&script.into()).unwrap();
        let spawn = Function::new_no_args(&format!(
            "const script = new Blob([{source}], {{ type: 'text/javascript' }});
             return new Worker(URL.createObjectURL(script), {{ type: 'module' }});"
        ));
        let (heard, wake) = (Rc::<RefCell<Vec<_>>>::default(), Rc::<RefCell<Option<Function>>>::default());
        let engine = Engine::start(&spawn, {
            let (heard, wake) = (heard.clone(), wake.clone());
            move |word| {
                heard.borrow_mut().push(word);
                if let Some(wake) = wake.borrow_mut().take() {
                    wake.call0(&JsValue::NULL).unwrap();
                }
            }
        });
        Self { engine: engine.unwrap(), heard, wake }
    }

    fn ask(&self, request: Request) -> u32 {
        self.engine.call(&request, &Array::new()).unwrap()
    }

    fn echo(&self, text: &str) -> u32 {
        self.ask(Request::Echo { text: text.to_owned() })
    }

    /// Waits for what is heard next.
    async fn next(&self) -> Heard<FromEngine<Answer>> {
        if self.heard.borrow().is_empty() {
            let more = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
            JsFuture::from(more).await.unwrap();
        }
        self.heard.borrow_mut().remove(0)
    }

    /// The next message, which has to be one.
    async fn message(&self) -> (FromEngine<Answer>, Option<Blob>) {
        match self.next().await {
            Heard::Message(message, blob) => (message, blob),
            other => panic!("{other:?}"),
        }
    }

    /// The next message, which has to be an answer without a file.
    async fn answer(&self) -> (u32, Answer) {
        match self.message().await {
            (FromEngine::Answer { id, answer }, None) => (id, *answer),
            other => panic!("{other:?}"),
        }
    }

    async fn ready(&self) {
        assert_eq!(self.message().await, (FromEngine::Ready, None));
    }
}

fn echoed(text: &str, call: u32) -> Answer {
    Answer::Echoed { text: text.to_owned(), call }
}

/// A file without pattern.
fn file(bytes: &[u8]) -> File {
    let parts = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence(&parts, "a.bin").unwrap()
}

#[wasm_bindgen_test]
async fn calls_made_before_the_worker_listens_are_answered_in_order() {
    let page = Page::start();
    let files = Array::of1(&file(b"slow"));
    for id in 1..=20 {
        // Every third waits for the browser, and still nobody overtakes it.
        let request = match id % 3 {
            0 => Request::Read { file: 0, offset: 0, size: 4 },
            _ => Request::Echo { text: format!("call {id}") },
        };
        assert_eq!(page.engine.call(&request, &files), Ok(id));
    }
    page.ready().await;
    for id in 1..=20 {
        let answer = if id % 3 == 0 { Answer::Bytes(b"slow".to_vec()) } else { echoed(&format!("call {id}"), id) };
        assert_eq!(page.answer().await, (id, answer));
    }
    // The desk went back to its place.
    page.echo("later");
    assert_eq!(page.answer().await, (21, echoed("later", 21)));
    assert!(page.heard.borrow().is_empty(), "one answer to each");
}

#[wasm_bindgen_test]
async fn progress_and_failure_carry_the_number_of_their_call() {
    let page = Page::start();
    page.ready().await;
    page.echo("first");
    let id = page.ask(Request::Fail);
    assert_eq!(page.answer().await, (1, echoed("first", 1)));
    let uploading = Progress::Uploading { file: 7, sent: 1 << 40, total: (1 << 53) - 1 };
    for progress in [uploading, Progress::Sealing] {
        assert_eq!(page.message().await, (FromEngine::Progress { id, progress }, None));
    }
    let (FromEngine::Failed { id: 2, failure: Failure::Problem { problem } }, None) = page.message().await else {
        panic!("no failure")
    };
    assert_eq!((problem.kind(), problem.detail.as_deref()), (Some(ProblemKind::TooLarge), Some("said \"no\"")));
    // A failed call does not hold up the next.
    page.echo("after");
    assert_eq!(page.answer().await, (3, echoed("after", 3)));
}

#[wasm_bindgen_test]
async fn texts_cross_as_they_are() {
    let page = Page::start();
    page.ready().await;
    let texts =
        ["", "<b>\"\\\n\u{2028}\0", "Grüße – 问候 – تحية – \u{1f5dd}", "\u{feff}\u{202e}abc", &"a".repeat(600_000)];
    for (id, text) in (1..).zip(texts) {
        page.echo(text);
        assert_eq!(page.answer().await, (id, echoed(text, id)));
    }
}

#[wasm_bindgen_test]
async fn files_go_there_and_evidence_comes_back() {
    let page = Page::start();
    page.ready().await;
    let bytes: Vec<u8> = (0..=255).collect();
    let files = Array::of2(&file(b"one"), &file(&bytes));
    page.engine.call(&Request::Read { file: 1, offset: 250, size: 6 }, &files).unwrap();
    assert_eq!(page.answer().await, (1, Answer::Bytes(bytes[250..].to_vec())));
    page.engine.call(&Request::Read { file: 2, offset: 0, size: 1 }, &files).unwrap();
    let missing = FromEngine::Failed { id: 2, failure: Failure::File { file: 2 } };
    assert_eq!(page.message().await, (missing, None));
    page.engine.call(&Request::Return, &files.slice(1, 2)).unwrap();
    let (FromEngine::Answer { id: 3, answer }, Some(blob)) = page.message().await else { panic!("no evidence") };
    assert_eq!(*answer, Answer::Returned);
    let buffer = JsFuture::from(blob.array_buffer()).await.unwrap();
    assert_eq!(Uint8Array::new(&buffer).to_vec(), bytes);
}

#[wasm_bindgen_test]
async fn what_no_desk_knows_fails_and_what_is_no_call_is_dropped() {
    let page = Page::start();
    page.ready().await;
    let none = Array::new();
    for unknown in ["null", "\"echo\"", r#"{"echo":{}}"#] {
        let id = page.engine.post(unknown, &none).unwrap();
        assert_eq!(page.message().await, (FromEngine::Failed { id, failure: Failure::Unexpected }, None));
    }
    for nonsense in ["", "{"] {
        page.engine.post(nonsense, &none).unwrap();
    }
    let id = page.echo("after");
    assert_eq!(page.answer().await, (id, echoed("after", 4)));
}

#[wasm_bindgen_test]
async fn a_worker_that_panics_is_broken() {
    for later in [false, true] {
        let page = Page::start();
        page.ready().await;
        page.ask(Request::Panic { later });
        let word = page.next().await;
        assert!(matches!(word, Heard::Broken), "{word:?}");
    }
}

#[wasm_bindgen_test]
async fn an_engine_whose_module_does_not_load_is_broken() {
    let page = Page::with(&script("").replace("wasm-bindgen-test.js", "no-such.js"));
    page.echo("anything");
    let word = page.next().await;
    assert!(matches!(word, Heard::Broken), "{word:?}");
}

#[wasm_bindgen_test]
async fn an_engine_whose_wasm_does_not_load_says_so() {
    for wasm in ["no-such.wasm", "run.js"] {
        let word = Page::with(&script(wasm)).next().await;
        assert!(matches!(word, Heard::Broken), "{word:?}");
    }
}

/// What the desk of a worker knows ends with it.
#[wasm_bindgen_test]
async fn each_engine_has_a_desk_of_its_own() {
    let first = Page::start();
    first.ready().await;
    first.echo("a");
    assert_eq!(first.answer().await, (1, echoed("a", 1)));
    drop(first);
    let second = Page::start();
    second.ready().await;
    second.echo("a");
    assert_eq!(second.answer().await, (1, echoed("a", 1)));
}
