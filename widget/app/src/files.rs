//! The browser's file objects by the form's numbers, the addresses of their previews, and what is asked of the page about them.

use js_sys::Array;
use recourse_domain::vocabulary::EvidenceKind;
use recourse_flow::intake::{Cleaning, Doubt, EvidenceAct, Msg, NewFile, State, Task};
use recourse_glue::{get, get_list, get_number, get_text, object_with};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File, Url};

/// The files that the form holds. Letting go of one takes its preview's address back.
#[derive(Default)]
pub(crate) struct Files {
    last: u32,
    held: Vec<(u32, Blob)>,
    previews: Vec<(u32, String)>,
}

/// What only screens after the first call, through pointers so that it is in the later part: see `recourse_ui::intake::Later`.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// Numbers new files, from 1, never twice.
    pub(crate) take: fn(&mut Files, Vec<File>) -> Vec<NewFile>,
    /// What `widget/pages/evidence.js` is asked for a task.
    pub(crate) job: fn(&Files, &State, Task) -> JsValue,
    /// What its answer means to the form.
    pub(crate) told: fn(&mut Files, &JsValue) -> Option<Msg>,
    /// Brings the previews to what the form holds.
    pub(crate) show: fn(&mut Files, &State),
    /// The objects in the order of the state; of a link its address.
    pub(crate) in_order: fn(&Files, &State) -> Array,
}

impl Work {
    /// All of it.
    pub(crate) fn all() -> Self {
        Self { take: Files::take, job: Files::job, told: Files::told, show: Files::show, in_order: Files::in_order }
    }
}

impl Files {
    fn take(&mut self, files: Vec<File>) -> Vec<NewFile> {
        let mut new = Vec::new();
        for file in files {
            let name = file.name();
            new.push(self.number(name, file.into()));
        }
        new
    }

    fn number(&mut self, name: String, blob: Blob) -> NewFile {
        self.last += 1;
        let new = NewFile { id: self.last, name, media_type: blob.type_(), size: blob.size() as u64 };
        self.held.push((self.last, blob));
        new
    }

    /// A picture is shown only once it was looked into: its header alone says whether a browser can bear to show it.
    fn show(&mut self, state: &State) {
        for file in &state.evidence.files {
            let ready = matches!(file.cleaning, Cleaning::Done | Cleaning::Kept(_));
            if !ready || !file.has_preview() || self.previews.iter().any(|(id, _)| *id == file.id) {
                continue;
            }
            if let Some(held) = self.held(file.id)
                && let Ok(address) = Url::create_object_url_with_blob(held)
            {
                self.previews.push((file.id, address));
            }
        }
    }

    fn held(&self, id: u32) -> Option<&Blob> {
        self.held.iter().find(|(held, _)| *held == id).map(|(_, blob)| blob)
    }

    /// Puts another object in the place of one.
    fn replace(&mut self, id: u32, new: Blob) {
        self.hide(&[id]);
        if let Some((_, held)) = self.held.iter_mut().find(|(held, _)| *held == id) {
            *held = new;
        }
    }

    fn job(&self, state: &State, task: Task) -> JsValue {
        let (what, id) = match task {
            Task::Doors => ("doors", 0),
            Task::Clean(id) => ("clean", id),
            Task::Shoot => ("shoot", 0),
            Task::Cover(id) => ("edit", id),
            Task::Stop => ("stop", 0),
        };
        let max = JsValue::from_f64(state.limits().attachment_bytes as f64);
        let mut job = vec![("what", what.into()), ("id", id.into()), ("max", max)];
        if let Some(blob) = self.held(id) {
            job.extend([("file", blob.into()), ("type", blob.type_().into())]);
        }
        if let (Task::Cover(_), Some(file)) = (task, state.evidence.files.iter().find(|file| file.id == id)) {
            job.extend([
                ("description", (&*file.description).into()),
                ("lossy", file.is_lossy().into()),
                ("texts", recourse_ui::evidence::editor_texts(&file.name)),
            ]);
        }
        object_with(&job)
    }

    fn told(&mut self, answer: &JsValue) -> Option<Msg> {
        let text = |name| get_text(answer, name);
        let flag = |name| get(answer, name).is_truthy();
        let texts = |name| get_list(answer, name).iter().filter_map(JsValue::as_string).collect();
        let (id, size) = (get_number(answer, "id") as u32, get_number(answer, "size"));
        let blob: Option<Blob> = get(answer, "blob").dyn_into().ok();
        Some(Msg::Evidence(match (&*text("what"), blob) {
            ("doors", _) => EvidenceAct::Doors { shoot: flag("screen"), touch: flag("touch") },
            ("clean", Some(blob)) => {
                self.replace(id, blob);
                let (removed, notes) = (texts("removed"), texts("notes"));
                EvidenceAct::Cleaned { id, media_type: text("type"), size, removed, notes }
            }
            ("clean", None) if flag("failed") => {
                let doubt = Doubt { reason: "unchecked".to_owned(), way: "send-as-it-is".to_owned() };
                EvidenceAct::NotCleaned { id, doubt, may: true }
            }
            ("clean", None) => {
                let doubt = Doubt { reason: text("reason"), way: text("way") };
                EvidenceAct::NotCleaned { id, doubt, may: flag("may") }
            }
            ("shoot", Some(blob)) => EvidenceAct::Shot(self.number("screen.png".to_owned(), blob)),
            ("shoot", None) => EvidenceAct::NotShot(flag("refused")),
            ("edit", Some(blob)) => {
                let size = blob.size() as u64;
                self.replace(id, blob);
                let (parts, description) = (get_number(answer, "boxes") as u32, text("description"));
                EvidenceAct::Covered { id, media_type: text("type"), size, parts, description }
            }
            ("edit", None) if flag("leave") => return Some(Msg::QuickExit),
            ("edit", None) if flag("failed") => EvidenceAct::NotOpened(id),
            ("edit", None) => EvidenceAct::Described { id, description: get(answer, "description").as_string() },
            _ => return None,
        }))
    }

    /// Lets go of some.
    pub(crate) fn drop_all(&mut self, ids: &[u32]) {
        self.held.retain(|(id, _)| !ids.contains(id));
        self.hide(ids);
    }

    fn hide(&mut self, ids: &[u32]) {
        self.previews.retain(|(id, address)| {
            let gone = ids.contains(id);
            if gone {
                let _ = Url::revoke_object_url(address);
            }
            !gone
        });
    }

    /// Whether there are any.
    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    fn in_order(&self, state: &State) -> Array {
        let list = Array::new();
        for file in &state.evidence.files {
            if file.kind == EvidenceKind::Link {
                if let Ok(address) = Blob::new_with_str_sequence(&Array::of1(&file.address.trim().into())) {
                    list.push(&address);
                }
            } else if let Some(held) = self.held(file.id) {
                list.push(held);
            }
        }
        list
    }

    /// Addresses of previews.
    pub(crate) fn previews(&self) -> &[(u32, String)] {
        &self.previews
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for (_, address) in &self.previews {
            let _ = Url::revoke_object_url(address);
        }
    }
}
