//! Requests to the worker's own origin.

use js_sys::{Array, Uint8Array};
use recourse_client::transport::{HttpRequest, HttpResponse, NetworkError, Transport};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DedicatedWorkerGlobalScope, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect, Response,
};

#[derive(Debug, Clone, Copy)]
/// `fetch` without cookies, referrer, cache and redirects.
pub struct Fetch;

impl Transport for Fetch {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetworkError> {
        exchange(request).await.map_err(|_| NetworkError)
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
