//! Inside a worker: its requests, its files and its randomness.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use rand_core::Rng as _;
use recourse_client::outbox::Source;
use recourse_client::transport::{HttpRequest, Method, NetworkError, Transport};
use recourse_glue::{get, get_text};
use recourse_worker::{BrowserFile, Fetch, rng};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Blob;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Sends while a spy keeps what the browser makes of the request; the answer is the true one.
async fn spied(request: HttpRequest) -> (JsValue, bool) {
    let scope: JsValue = js_sys::global().into();
    let real = get(&scope, "fetch");
    let asked = Array::new();
    let spy = Function::new_with_args(
        "asked, real",
        "return (address, init) => { asked.push(new Request(address, init)); return real(address, init); }",
    );
    Reflect::set(&scope, &"fetch".into(), &spy.call2(&JsValue::NULL, &asked, &real).unwrap()).unwrap();
    let answered = Fetch.send(request).await.is_ok();
    Reflect::set(&scope, &"fetch".into(), &real).unwrap();
    assert_eq!(asked.length(), 1);
    (asked.get(0), answered)
}

#[wasm_bindgen_test]
async fn requests_tell_nothing_of_the_person() {
    for (method, body) in [
        (Method::Get, None),
        (Method::Head, None),
        (Method::Post, Some(vec![0, 255, 10])),
        (Method::Patch, Some(Vec::new())),
        (Method::Delete, None),
    ] {
        let mut sent = HttpRequest::new(method, "/no-such-thing?a=1".to_owned()).header("tus-resumable", "1.0.0");
        sent.body = body.clone();
        let (request, answered) = spied(sent).await;
        assert!(answered, "any status is an answer");
        let told =
            ["method", "credentials", "referrerPolicy", "cache", "redirect"].map(|name| get_text(&request, name));
        assert_eq!(told, [method.as_str(), "omit", "no-referrer", "no-store", "error"]);
        assert!(get_text(&request, "url").ends_with("/no-such-thing?a=1"));
        let headers = get(&request, "headers");
        let names: Vec<String> = js_sys::try_iter(&headers)
            .unwrap()
            .unwrap()
            .map(|entry| entry.unwrap().unchecked_into::<Array>().join("=").into())
            .collect();
        assert_eq!(names, ["tus-resumable=1.0.0"]);
        let read: Function = get(&request, "arrayBuffer").unchecked_into();
        let buffer = JsFuture::from(read.call0(&request).unwrap().unchecked_into::<Promise>()).await.unwrap();
        assert_eq!(Uint8Array::new(&buffer).to_vec(), body.unwrap_or_default());
    }
}

#[wasm_bindgen_test]
async fn status_headers_and_bytes_come_as_they_are() {
    let get = |path: &str| Fetch.send(HttpRequest::new(Method::Get, path.to_owned()));
    // The runner serves the package's folder.
    let file = get("/Cargo.toml").await.unwrap();
    assert_eq!((file.status, file.body.as_slice()), (200, include_bytes!("../Cargo.toml").as_slice()));
    assert!(file.header("content-type").is_some());
    assert_eq!(file.header("x-none"), None);
    let missing = get("/no-such-file").await.unwrap();
    assert_eq!(missing.status, 404);
}

#[wasm_bindgen_test]
async fn no_answer_is_a_network_error() {
    let check = async |path: &str, headers: &[(&'static str, String)]| {
        let mut request = HttpRequest::new(Method::Get, path.to_owned());
        request.headers = headers.to_vec();
        assert_eq!(Fetch.send(request).await.err(), Some(NetworkError), "{path}");
    };
    // Nobody listens there; no address at all; a name and a value that no header may have.
    check("http://127.0.0.1:65534/", &[]).await;
    check("http://", &[]).await;
    check("/Cargo.toml", &[("a b", String::new())]).await;
    check("/Cargo.toml", &[("a", "line\nbreak".to_owned())]).await;
}

#[wasm_bindgen_test]
async fn files_are_read_exactly() {
    const MIB: usize = 1 << 20;
    let mut bytes = vec![0; 3 * MIB];
    rng().fill_bytes(&mut bytes);
    let blob =
        |bytes: &[u8]| BrowserFile(Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).unwrap());

    let empty = blob(&[]);
    assert_eq!((empty.length(), empty.read(0, 0).await), (0, Ok(Vec::new())));
    let one = blob(&[7]);
    assert_eq!((one.length(), one.read(0, 1).await), (1, Ok(vec![7])));

    let file = blob(&bytes);
    assert_eq!(file.length(), 3 * MIB as u64);
    for (offset, size) in [
        (0, 0),
        (0, 1),
        (0, MIB - 1),
        (0, MIB),
        (0, MIB + 1),
        (MIB - 1, 2),
        (MIB, MIB),
        (2 * MIB, MIB),
        (3 * MIB - 1, 1),
        (3 * MIB, 0),
        (0, 3 * MIB),
    ] {
        let read = file.read(offset as u64, size as u64).await.unwrap();
        assert!(read == bytes[offset..offset + size], "{size} bytes at {offset}");
    }
}

/// A file that is shorter than it was gives fewer bytes; the client takes that for a fault.
#[wasm_bindgen_test]
async fn what_is_not_there_is_not_made_up() {
    let bytes = Uint8Array::from([1, 2, 3].as_slice());
    let file = BrowserFile(Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).unwrap());
    for (offset, size, there) in [(0, 4, &[1, 2, 3][..]), (2, 2, &[3]), (3, 1, &[]), (1 << 40, 1, &[])] {
        assert_eq!(file.read(offset, size).await.as_deref(), Ok(there), "{size} bytes at {offset}");
    }
}

#[wasm_bindgen_test]
fn randomness_differs_and_fills_more_than_one_draw_of_the_browser() {
    let mut draws = [[0_u8; 32]; 3];
    for draw in &mut draws {
        rng().fill_bytes(draw);
    }
    assert!(draws[0] != draws[1] && draws[1] != draws[2] && draws[0] != draws[2]);
    // `getRandomValues` gives 65,536 bytes at most.
    let mut long = vec![0_u8; 200_000];
    rng().fill_bytes(&mut long);
    let mut chunks: Vec<&[u8]> = long.chunks(32).collect();
    chunks.sort_unstable();
    chunks.dedup();
    assert_eq!(chunks.len(), 200_000 / 32, "a part was left empty or came twice");
    assert_ne!(rng().next_u64(), rng().next_u64());
}
