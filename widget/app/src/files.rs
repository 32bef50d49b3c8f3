//! The form's files: [`recourse_ui::files`], as far as only screens after the first call it.

use js_sys::Array;
use recourse_flow::intake::{Msg, NewFile, ShelfTask, State, Task};
use recourse_ui::files::Told;
use wasm_bindgen::JsValue;
use web_sys::{Blob, File};

pub(crate) use recourse_ui::files::Files;

/// What only screens after the first call, through pointers so that it is in the later part: see `recourse_ui::intake::Later`.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// Numbers new files.
    pub(crate) take: fn(&mut Files, Vec<File>) -> Vec<NewFile>,
    /// What `widget/pages/evidence.js` is asked for a task.
    pub(crate) job: fn(&Files, &State, Task) -> JsValue,
    /// What its answer means to the form.
    pub(crate) told: fn(&mut Files, &JsValue) -> Option<Msg>,
    /// Brings the previews to what the form holds.
    pub(crate) show: fn(&mut Files, &State),
    /// The objects in the order of the state; of a link its address.
    pub(crate) in_order: fn(&Files, &State) -> Array,
    /// What `widget/pages/keep.js` is asked for what waits on the device, with the sealed files at hand.
    pub(crate) shelf: fn(ShelfTask, &str, Option<&Blob>) -> JsValue,
    /// What its answer means to the form.
    pub(crate) shelved: fn(&JsValue, &mut Option<Blob>) -> Option<Msg>,
}

impl Work {
    /// All of it.
    pub(crate) fn all() -> Self {
        Self {
            take: Files::take,
            job: |files, state, task| files.job(&state.evidence, state.limits().attachment_bytes, task),
            told: |files, answer| {
                files.told(answer).map(|told| match told {
                    Told::Act(act) => Msg::Evidence(act),
                    Told::Leave => Msg::QuickExit,
                })
            },
            show: |files, state| files.show(&state.evidence),
            in_order: |files, state| files.in_order(&state.evidence),
            shelf: crate::shelf::job,
            shelved: crate::shelf::told,
        }
    }
}
