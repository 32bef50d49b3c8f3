//! Has the linker keep what it knows of who refers to whom: the build cuts the module in two along it.
#![allow(clippy::disallowed_methods, reason = "a build script reads cargo's variables")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
}
