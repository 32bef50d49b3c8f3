//! The manifest of evidence, and the bundle that a person keeps. Asked by the panel's worker and its page.

use js_sys::{Array, Uint8Array};
use rand_core::{Rng as _, UnwrapErr};
use recourse_capture::bundle;
use recourse_capture::evidence::{BuiltTool, Content, EVIDENCE_VERSION, Item, Manifest, Redaction};
use recourse_client::record::new_code;
use recourse_domain::ids::{Digest, Salt};
use recourse_domain::report::{EvidenceKind, Moment, Source};
use recourse_domain::time::Timestamp;
use recourse_glue::{Fault, object_with};
use recourse_wire::engine::{Outgoing, OutgoingFile};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::readable::readable;

/// What the panel knows of an item beside its bytes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Captured {
    /// The form's number for it.
    id: u32,
    address: String,
    title: String,
    selector: String,
    redactions: Vec<Redaction>,
    composite: bool,
}

/// The tool, as it was built.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Build {
    version: String,
    build: Digest,
}

fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

fn salt() -> Salt {
    let mut bytes = [0; Salt::LEN];
    rng().fill_bytes(&mut bytes);
    Salt::new(bytes)
}

/// The manifest of files that go along with a report or in a bundle.
fn manifest(
    files: &[OutgoingFile],
    captured: &[Captured],
    contents: &[Vec<u8>],
    build: Build,
    now: Timestamp,
) -> Option<Manifest> {
    let none = Captured::default();
    let item = |(place, (file, content)): (usize, (&OutgoingFile, &Vec<u8>))| {
        let known = captured.iter().find(|one| one.id == file.id).unwrap_or(&none);
        let mut redactions = known.redactions.clone();
        // Covered further in the form: where, only the picture says.
        let further = (file.redactions as usize).saturating_sub(redactions.len());
        redactions.extend(std::iter::repeat_n(Redaction { reason: "own".to_owned(), area: None }, further));
        let address = if known.address.is_empty() { &file.url } else { &known.address };
        Some(Item {
            id: format!("file-{}", place + 1).parse().ok()?,
            kind: file.kind,
            media_type: file.media_type.parse().ok()?,
            content: Content::of(content, salt()),
            captured_at: Moment::day_of(now),
            source: Source { url: address.clone(), title: known.title.clone(), selector: known.selector.clone() },
            redactions,
            composite: known.composite,
            description: file.description.clone().unwrap_or_default(),
            sensitive: file.sensitive,
        })
    };
    let items = files.iter().zip(contents).enumerate().map(item).collect::<Option<Vec<_>>>()?;
    let tool = BuiltTool { name: "recourse-extension".to_owned(), version: build.version, build: build.build };
    Some(Manifest { version: EVIDENCE_VERSION.to_owned(), tool, items })
}

/// The manifest of evidence as JSON, for what goes along with a report. `files` are those that were captured (`wire::engine::OutgoingFile`), `captured` what
/// the panel knows of each by the form's number, `build` the tool's version and build, `contents` the bytes in the same order, `now` the page's clock in seconds.
///
/// # Errors
/// A `RecourseFault` of variant `shape` where one of them is not what it should be.
#[wasm_bindgen]
pub fn evidence_manifest(
    files: &str,
    captured: &str,
    build: &str,
    contents: &Array,
    now: f64,
) -> Result<String, JsValue> {
    let contents: Vec<Vec<u8>> = contents.iter().map(|one| Uint8Array::new(&one).to_vec()).collect();
    let files: Vec<OutgoingFile> = serde_json::from_str(files).map_err(|_| Fault::Shape)?;
    let captured: Vec<Captured> = serde_json::from_str(captured).map_err(|_| Fault::Shape)?;
    let build: Build = serde_json::from_str(build).map_err(|_| Fault::Shape)?;
    let now = Timestamp(now as u64);
    let manifest = manifest(&files, &captured, &contents, build, now).ok_or(Fault::Shape)?;
    Ok(serde_json::to_string_pretty(&manifest).map_err(|_| Fault::Shape)?)
}

/// Makes a bundle: `{code, sealed, plain}`. `outgoing` is the form's report (`wire::engine::Outgoing`); the rest is as with [`evidence_manifest`]. `plain` is
/// missing where nothing unsealed may lie around: in a report on harm to children.
///
/// # Errors
/// As [`evidence_manifest`].
#[wasm_bindgen]
pub fn seal_bundle(outgoing: &str, captured: &str, build: &str, contents: &Array) -> Result<JsValue, JsValue> {
    let mut contents: Vec<Vec<u8>> = contents.iter().map(|one| Uint8Array::new(&one).to_vec()).collect();
    let mut outgoing: Outgoing = serde_json::from_str(outgoing).map_err(|_| Fault::Shape)?;
    let captured: Vec<Captured> = serde_json::from_str(captured).map_err(|_| Fault::Shape)?;
    let build: Build = serde_json::from_str(build).map_err(|_| Fault::Shape)?;
    if outgoing.files.len() != contents.len() {
        return Err(Fault::Shape.into());
    }
    if outgoing.draft.refuses_media() {
        // The form took them out already; nothing of them may come in by another way.
        let keep: Vec<bool> = outgoing.files.iter().map(|file| file.kind == EvidenceKind::Link).collect();
        let mut kept = keep.iter();
        contents.retain(|_| *kept.next().unwrap_or(&false));
        let mut kept = keep.iter();
        outgoing.files.retain(|_| *kept.next().unwrap_or(&false));
    }
    let evidence = manifest(&outgoing.files, &captured, &contents, build, outgoing.now).ok_or(Fault::Shape)?;
    let report = serde_json::to_vec_pretty(&serde_json::json!({
        "language": outgoing.language,
        "report": outgoing.draft,
        "contact": outgoing.contact,
    }))
    .map_err(|_| Fault::Shape)?;
    let zip = bundle::write(evidence, &report, &readable(&outgoing), &contents, salt).map_err(|_| Fault::Shape)?;
    let code = new_code(&mut rng());
    let sealed = recourse_client::bundle::seal(&mut rng(), &code, &zip).map_err(|_| Fault::Shape)?;
    let text = code.to_text();
    let plain = if outgoing.draft.refuses_media() { JsValue::UNDEFINED } else { Uint8Array::from(&*zip).into() };
    Ok(object_with(&[("code", (&**text).into()), ("sealed", Uint8Array::from(&*sealed).into()), ("plain", plain)]))
}
