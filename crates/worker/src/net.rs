//! Requests to the worker's own origin.

use js_sys::{Array, Promise, Uint8Array};
use recourse_client::transport::{HttpRequest, HttpResponse, NetworkError, Transport};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DedicatedWorkerGlobalScope, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect, Response,
};

use crate::pause;

#[derive(Debug, Clone, Copy)]
/// `fetch` without cookies, referrer, cache and redirects.
pub struct Fetch;

impl Transport for Fetch {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        exchange(request).await.map_err(|_| NetworkError)
    }

    async fn wait(&self, seconds: u32) {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let milliseconds = seconds.saturating_mul(1_000).try_into().unwrap_or(i32::MAX);
        let elapsed = Promise::new(&mut |done, _| {
            // Refused only where there is no scope any more, and then nobody waits.
            let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
        });
        let _ = JsFuture::from(elapsed).await;
    }

    fn is_paused(&self) -> bool {
        pause::is_paused()
    }

    async fn go_on(&self) {
        pause::go_on().await;
    }

    fn is_stopped(&self) -> bool {
        pause::is_stopped()
    }

    fn is_offline(&self) -> bool {
        pause::is_offline()
    }

    async fn reconnected(&self, seconds: u32) {
        pause::reconnected(seconds.saturating_mul(1_000).try_into().unwrap_or(i32::MAX)).await;
    }
}

async fn exchange(request: HttpRequest) -> Result<HttpResponse, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    if let Some(body) = &request.body {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    if request.path.contains("/uploads") {
        init.set_signal(pause::signal().as_ref());
    }
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let response: Response =
        JsFuture::from(scope.fetch_with_str_and_init(&request.path, &init)).await?.unchecked_into();
    let mut headers = Vec::new();
    for entry in js_sys::try_iter(&response.headers())?.into_iter().flatten() {
        let pair: Array = entry?.unchecked_into();
        headers.extend(pair.get(0).as_string().zip(pair.get(1).as_string()));
    }
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(HttpResponse { status: response.status(), headers, body: Uint8Array::new(&body).to_vec() })
}
