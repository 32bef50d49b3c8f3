//! Page and worker together: the worker of these tests is started by the script that starts the engine, with a desk of its own.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]
#![allow(unreachable_pub, reason = "what a worker calls has to be `pub`")]

mod desk;
mod whole_path;
mod wire;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
