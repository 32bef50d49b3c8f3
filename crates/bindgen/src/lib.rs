#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// Writes `<name>.js`, `<name>.d.ts`, `<name>_bg.wasm` and `<name>_bg.wasm.d.ts` into the folder `out`, made if missing.
///
/// # Errors
/// When `wasm` cannot be read or is no wasm-bindgen module of the locked version, imports anything but its own glue, brings
/// snippets of JavaScript along, or `out` cannot be written.
pub fn generate(wasm: &Path, name: &str, out: &Path) -> Result<()> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name(name)
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen on {}", wasm.display()))?;
    let imports = output.wasm().imports.iter().map(|import| (import.module.as_str(), import.name.as_str()));
    check_imports(name, imports)?;
    // Each crate with bindings has an entry; only one with something in it brings JavaScript.
    let snippets = output.snippets().iter().filter(|(_, texts)| !texts.is_empty()).map(|(name, _)| name);
    if let Some(snippet) = snippets.chain(output.local_modules().keys()).next() {
        bail!("{name} brings its own JavaScript ({snippet}); only our own files are shipped");
    }
    output.emit(out).with_context(|| format!("write {}", out.display()))
}

/// Refuses every import `(module, name)` that the glue `./<name>_bg.js` does not provide.
///
/// # Errors
/// The first foreign import, with what to look for.
fn check_imports<'a>(name: &str, imports: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<()> {
    let glue = format!("./{name}_bg.js");
    for (module, import) in imports {
        if module != glue {
            bail!(
                "{name}_bg.wasm imports {import:?} from {module:?}, which no browser provides: \
                 look for a dependency that links C or expects a host"
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_imports;

    #[test]
    fn only_the_glue_may_be_imported() {
        assert!(check_imports("engine", [("./engine_bg.js", "__wbg_now")]).is_ok());
        assert!(check_imports("engine", []).is_ok());
        for foreign in ["env", "wasi_snapshot_preview1", "./other_bg.js"] {
            let refused =
                check_imports("engine", [("./engine_bg.js", "a"), (foreign, "memcpy")]).unwrap_err().to_string();
            assert!(refused.contains(foreign) && refused.contains("memcpy"), "{refused}");
        }
    }
}
