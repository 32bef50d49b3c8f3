#![doc = include_str!("../README.md")]
#![cfg(target_arch = "wasm32")]

use recourse_scrub::{Note, Options, Refusal, Removed, Verdict};
use wasm_bindgen::prelude::wasm_bindgen;

/// What became of a file.
#[wasm_bindgen]
pub struct Outcome {
    state: &'static str,
    bytes: Option<Vec<u8>>,
    media_type: &'static str,
    reason: Option<&'static str>,
    way_out: Option<&'static str>,
    may_send: bool,
    removed: Vec<Removed>,
    notes: Vec<Note>,
}

/// Cleans a file of at most `max_bytes`. `declared_type` may be empty.
#[wasm_bindgen]
pub fn scrub(bytes: &[u8], declared_type: &str, max_bytes: u32) -> Outcome {
    let options = Options { max_bytes: max_bytes.into(), ..Options::default() };
    match recourse_scrub::scrub(bytes, declared_type, &options) {
        Ok(Verdict::Clean(clean)) => Outcome {
            state: "clean",
            bytes: Some(clean.bytes),
            media_type: clean.media_type.as_str(),
            reason: None,
            way_out: None,
            may_send: true,
            removed: clean.removed,
            notes: clean.notes,
        },
        Ok(Verdict::CannotClean(cannot)) => Outcome {
            state: "cannot-clean",
            bytes: None,
            media_type: cannot.media_type.as_str(),
            reason: None,
            way_out: Some(cannot.way_out.id()),
            may_send: true,
            removed: Vec::new(),
            notes: Vec::new(),
        },
        Err(refusal) => Outcome {
            state: "refused",
            bytes: None,
            media_type: if let Refusal::WrongType { found } = refusal { found.as_str() } else { "" },
            reason: Some(refusal.id()),
            way_out: Some(refusal.way_out().id()),
            may_send: refusal.may_be_sent_as_it_is(),
            removed: Vec::new(),
            notes: Vec::new(),
        },
    }
}

#[wasm_bindgen]
impl Outcome {
    /// `clean`, `cannot-clean` or `refused`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        self.state.to_owned()
    }

    /// The cleaned file; nothing the second time.
    #[wasm_bindgen(js_name = takeBytes)]
    pub fn take_bytes(&mut self) -> Option<Vec<u8>> {
        self.bytes.take()
    }

    /// By content; empty when a refusal does not depend on it.
    #[wasm_bindgen(getter, js_name = mediaType)]
    pub fn media_type(&self) -> String {
        self.media_type.to_owned()
    }

    /// The id of a refusal.
    #[wasm_bindgen(getter)]
    pub fn reason(&self) -> Option<String> {
        self.reason.map(str::to_owned)
    }

    /// The id of what the person can do instead.
    #[wasm_bindgen(getter, js_name = wayOut)]
    pub fn way_out(&self) -> Option<String> {
        self.way_out.map(str::to_owned)
    }

    /// Whether the person may send the file after a warning if it is not `clean`.
    #[wasm_bindgen(getter, js_name = maySend)]
    pub fn may_send(&self) -> bool {
        self.may_send
    }

    /// Ids of what was taken out.
    #[wasm_bindgen(getter)]
    pub fn removed(&self) -> Vec<String> {
        self.removed.iter().map(|what| what.id().to_owned()).collect()
    }

    /// Ids of what the person should know.
    #[wasm_bindgen(getter)]
    pub fn notes(&self) -> Vec<String> {
        self.notes.iter().map(|note| note.id().to_owned()).collect()
    }
}
