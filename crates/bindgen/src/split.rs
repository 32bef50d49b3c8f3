//! Cuts a compiled module in two before wasm-bindgen sees it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use wasm_split_cli_support::{Options, transform};
use wasmparser::{Parser, Payload};

/// Splits off what only functions marked `#[wasm_split(later)]` reach.
///
/// `wasm` was linked with `--emit-relocs`. Writes `<name>_later.wasm` into the folder `out`, and returns the file to give to
/// [`crate::generate`] instead of `wasm`. That one imports `__wasm_split_load_later` from [`link`]; the part imports from
/// `__wasm_split` what the first exports.
///
/// # Errors
/// When `wasm` cannot be read or has other parts than `later`, or `out` cannot be written.
pub fn split(wasm: &Path, name: &str, out: &Path) -> Result<PathBuf> {
    let input = fs::read(wasm).with_context(|| format!("read {}", wasm.display()))?;
    let folder = out.join(format!("{name}_parts"));
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    let first = folder.join(format!("{name}_first.wasm"));
    let link = link(name);
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = &link;
    let parts = transform(options).map_err(|error| anyhow!("split {}: {error:?}", wasm.display()))?;
    let [part] = &parts.split_modules[..] else {
        bail!("{name} comes in {} parts beside the first, not one: see #[wasm_split]", parts.split_modules.len());
    };
    if !parts.prefetch_map.contains_key("later") {
        bail!("the second part of {name} is not called later: see #[wasm_split]");
    }
    let bytes = fs::read(part).with_context(|| format!("read {}", part.display()))?;
    let later = out.join(format!("{name}_later.wasm"));
    fs::write(&later, without_customs(&bytes)?).with_context(|| format!("write {}", later.display()))?;
    Ok(first)
}

/// The JavaScript module that the first part imports the way to the second from; whoever ships it gives it a name: [`link_script`].
pub fn link(name: &str) -> String {
    format!("./{name}_link.js")
}

/// That module's text. `part` is the second part's name, which stands in it as `{{asset:NAME}}`. It exports `attach`, for the first
/// part's exports once it runs, and `prefetch`, which may be called before.
pub fn link_script(part: &str) -> String {
    include_str!("link.js").replace("PART", part)
}

/// The module without its custom sections: names of functions, the compiler's name.
fn without_customs(module: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(module.len());
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::Version { range, .. } = &payload {
            out.extend_from_slice(slice(module, range)?);
        } else if !matches!(payload, Payload::CustomSection(_))
            && let Some((id, range)) = payload.as_section()
        {
            let body = slice(module, &range)?;
            out.push(id);
            out.extend(leb128(u32::try_from(body.len())?));
            out.extend_from_slice(body);
        }
    }
    Ok(out)
}

fn slice<'a>(module: &'a [u8], range: &std::ops::Range<u64>) -> Result<&'a [u8]> {
    module.get(usize::try_from(range.start)?..usize::try_from(range.end)?).context("a section beyond the module's end")
}

/// Unsigned, as the binary format has it.
fn leb128(mut value: u32) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{leb128, without_customs};

    #[test]
    fn custom_sections_go_and_the_others_stay_as_they_are() {
        let header = *b"\0asm\x01\0\0\0";
        let types = [1, 4, 1, 0x60, 0, 0];
        let custom = [0, 6, 4, b'n', b'a', b'm', b'e', 9];
        let with = [&header[..], &custom, &types, &custom].concat();
        assert_eq!(without_customs(&with).unwrap(), [&header[..], &types].concat());
        assert!(without_customs(&with[..with.len() - 1]).is_err());
    }

    #[test]
    fn lengths_are_written_as_the_format_has_them() {
        assert_eq!(leb128(0), [0]);
        assert_eq!(leb128(127), [0x7f]);
        assert_eq!(leb128(624_485), [0xe5, 0x8e, 0x26]);
    }
}
