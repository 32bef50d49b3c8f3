//! ES256 by the browser's own cryptography: `p256` in Wasm would be 11 KB of the engine, for a check that few reports need.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use recourse_client::context::Es256;
use recourse_glue::object_with;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto, WorkerGlobalScope};

/// `crypto.subtle`, which browsers have in secure contexts alone.
pub(crate) struct Browser;

impl Es256 for Browser {
    async fn verify(&self, x: &str, y: &str, signed: &[u8], signature: &[u8]) -> Option<bool> {
        let crypto = js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto().ok()?;
        let subtle = Reflect::get(&crypto, &"subtle".into()).ok().filter(JsValue::is_object)?;
        let subtle: SubtleCrypto = subtle.unchecked_into();
        let key = object(&[("kty", "EC"), ("crv", "P-256"), ("x", x), ("y", y)]);
        let curve = object(&[("name", "ECDSA"), ("namedCurve", "P-256")]);
        let uses = js_sys::Array::of1(&"verify".into());
        let key = settled(subtle.import_key_with_object("jwk", &key, &curve, false, &uses)).await?;
        let algorithm = object(&[("name", "ECDSA"), ("hash", "SHA-256")]);
        let (signature, signed) = (Uint8Array::from(signature), Uint8Array::from(signed));
        let holds = subtle.verify_with_object_and_buffer_source_and_buffer_source(
            &algorithm,
            key.unchecked_ref::<CryptoKey>(),
            &signature,
            &signed,
        );
        settled(holds).await?.as_bool()
    }
}

/// What came of it; nothing where the browser does not know how, or a key is no point of the curve.
async fn settled(promise: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(promise.ok()?).await.ok()
}

fn object(members: &[(&str, &str)]) -> Object {
    let members: Vec<(&str, JsValue)> = members.iter().map(|(name, value)| (*name, (*value).into())).collect();
    object_with(&members).unchecked_into()
}
