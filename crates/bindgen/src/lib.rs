#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]
#![allow(clippy::disallowed_methods, reason = "a tool of the build, which reads and writes its folders")]

mod glue;
mod script;
mod split;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

pub use split::{link, link_script, split};

/// A hand-written script without comments, and with no more spaces than it needs. Names and line breaks stay, so it still can be read.
///
/// # Errors
/// A comment or literal that does not end, and a slash behind `}`: division or regular expression, no tokens can tell.
pub fn squeeze(source: &str) -> Result<String> {
    Ok(script::text(script::tokens(source)?))
}

/// Writes `<name>.js`, `<name>.d.ts` and `<name>_bg.wasm` into the folder `out`, made if missing.
///
/// Glue and module call each other by short names, and the glue is shipped as it is: no comments, few spaces.
///
/// # Errors
/// When `wasm` cannot be read or is no wasm-bindgen module of the locked version, imports anything but its own glue and [`link`], brings
/// snippets of JavaScript along, its glue is not as that version writes it, or `out` cannot be written.
pub fn generate(wasm: &Path, name: &str, out: &Path) -> Result<()> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .out_name(name)
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Among them the table that a second part finds the first one's functions in: see `drop_linker_exports`.
        .keep_lld_exports(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen on {}", wasm.display()))?;
    let imports = output.wasm().imports.iter().map(|import| (import.module.as_str(), import.name.as_str()));
    check_imports(name, imports)?;
    // Each crate with bindings has an entry; only one with something in it brings JavaScript.
    let snippets = output.snippets().iter().filter(|(_, texts)| !texts.is_empty()).map(|(name, _)| name);
    if let Some(snippet) = snippets.chain(output.local_modules().keys()).next() {
        bail!("{name} brings its own JavaScript ({snippet}); only our own files are shipped");
    }
    drop_linker_exports(&mut output, &link(name));
    let own = format!("./{name}_bg.js");
    let imports: BTreeSet<String> =
        output.wasm().imports.iter().filter(|import| import.module == own).map(|import| import.name.clone()).collect();
    let exports: BTreeSet<String> = output.wasm().exports.iter().map(|export| export.name.clone()).collect();
    let short = glue::shorten(output.js(), &own, &imports, &exports).with_context(|| format!("glue of {name}"))?;
    let declarations = glue::declare(output.ts().unwrap_or_default()).with_context(|| format!("types of {name}"))?;
    let module = output.wasm_mut();
    for import in module.imports.iter_mut().filter(|import| import.module == own) {
        glue::OWN.clone_into(&mut import.module);
        import.name = short.imports.get(&import.name).context("an import without a name")?.clone();
    }
    for export in module.exports.iter_mut() {
        if let Some(name) = short.exports.get(&export.name) {
            export.name.clone_from(name);
        }
    }
    fs::create_dir_all(out).with_context(|| format!("make {}", out.display()))?;
    for (file, bytes) in [
        (format!("{name}.js"), short.script.into_bytes()),
        (format!("{name}.d.ts"), declarations.into_bytes()),
        (format!("{name}_bg.wasm"), module.emit_wasm()),
    ] {
        fs::write(out.join(&file), bytes).with_context(|| format!("write {file} into {}", out.display()))?;
    }
    Ok(())
}

/// Drops what the linker exports for whoever asks: nobody does, but for the table of functions, through which a module's parts call
/// each other. Wasm-bindgen would drop that too.
fn drop_linker_exports(output: &mut Output, link: &str) {
    let split = output.wasm().imports.iter().any(|import| import.module == link);
    let exports = &mut output.wasm_mut().exports;
    let unused: Vec<_> = exports
        .iter()
        .filter(|export| match export.name.as_str() {
            "__heap_base" | "__data_end" => true,
            "__indirect_function_table" => !split,
            _ => false,
        })
        .map(|export| export.id())
        .collect();
    for id in unused {
        exports.delete(id);
    }
}

/// Refuses every import `(module, name)` that the glue `./<name>_bg.js` does not provide.
///
/// # Errors
/// The first foreign import, with what to look for.
fn check_imports<'a>(name: &str, imports: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<()> {
    let glue = format!("./{name}_bg.js");
    for (module, import) in imports {
        if module != glue && module != link(name) {
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
