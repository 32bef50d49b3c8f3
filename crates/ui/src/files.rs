//! The browser's file objects by the page's numbers, the addresses of their previews, and what is asked of `widget/pages/evidence.js` about
//! them: the same for form and follow-up page.

use js_sys::Array;
use recourse_domain::vocabulary::EvidenceKind;
use recourse_flow::evidence::{Cleaning, Doubt, Evidence, EvidenceAct, NewFile, Task};
use recourse_glue::{get, get_list, get_number, get_text, object_with};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File, Url};

use crate::evidence::editor_texts;

/// The files that a page holds. Letting go of one takes its preview's address back.
#[derive(Debug, Default)]
pub struct Files {
    last: u32,
    held: Vec<(u32, Blob)>,
    previews: Vec<(u32, String)>,
}

/// What an answer of `evidence.js` means.
#[derive(Debug)]
pub enum Told {
    /// Something happened to the evidence.
    Act(EvidenceAct),
    /// *Leave this page* was pressed in the editor.
    Leave,
}

impl Files {
    /// Numbers new files, from 1, never twice.
    pub fn take(&mut self, files: Vec<File>) -> Vec<NewFile> {
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

    /// Brings the previews to what the page shows. A picture is shown only once it was looked into: its header alone says whether a browser
    /// can bear to show it.
    pub fn show(&mut self, evidence: &Evidence) {
        for file in &evidence.files {
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

    /// What `evidence.js` is asked for a task; a file may have `max` bytes in the end.
    pub fn job(&self, evidence: &Evidence, max: u64, task: Task) -> JsValue {
        let (what, id) = match task {
            Task::Doors => ("doors", 0),
            Task::Clean(id) => ("clean", id),
            Task::Shoot => ("shoot", 0),
            Task::Cover(id) => ("edit", id),
            Task::Stop => ("stop", 0),
        };
        let max = JsValue::from_f64(max as f64);
        let mut job = vec![("what", what.into()), ("id", id.into()), ("max", max)];
        if let Some(blob) = self.held(id) {
            job.extend([("file", blob.into()), ("type", blob.type_().into())]);
        }
        if let (Task::Cover(_), Some(file)) = (task, evidence.files.iter().find(|file| file.id == id)) {
            job.extend([
                ("description", (&*file.description).into()),
                ("lossy", file.is_lossy().into()),
                ("texts", editor_texts(&file.name)),
            ]);
        }
        object_with(&job)
    }

    /// What its answer means; a file that came with it is held.
    pub fn told(&mut self, answer: &JsValue) -> Option<Told> {
        let text = |name| get_text(answer, name);
        let flag = |name| get(answer, name).is_truthy();
        let texts = |name| get_list(answer, name).iter().filter_map(JsValue::as_string).collect();
        let (id, size) = (get_number(answer, "id") as u32, get_number(answer, "size"));
        let blob: Option<Blob> = get(answer, "blob").dyn_into().ok();
        Some(Told::Act(match (&*text("what"), blob) {
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
            ("brought", Some(blob)) => EvidenceAct::Brought {
                file: self.number(text("name"), blob),
                kind: match &*text("kind") {
                    "screenshot" => EvidenceKind::Screenshot,
                    "selection" => EvidenceKind::Selection,
                    _ => EvidenceKind::File,
                },
                address: text("address"),
                covered: get_number(answer, "covered") as u32,
            },
            ("brought", None) => {
                EvidenceAct::BroughtLink { address: text("address"), description: text("description") }
            }
            ("shoot", None) => EvidenceAct::NotShot(flag("refused")),
            ("edit", Some(blob)) => {
                let size = blob.size() as u64;
                self.replace(id, blob);
                let (parts, description) = (get_number(answer, "boxes") as u32, text("description"));
                EvidenceAct::Covered { id, media_type: text("type"), size, parts, description }
            }
            ("edit", None) if flag("leave") => return Some(Told::Leave),
            ("edit", None) if flag("failed") => EvidenceAct::NotOpened(id),
            ("edit", None) => EvidenceAct::Described { id, description: get(answer, "description").as_string() },
            _ => return None,
        }))
    }

    /// Lets go of some.
    pub fn drop_all(&mut self, ids: &[u32]) {
        self.held.retain(|(id, _)| !ids.contains(id));
        self.hide(ids);
    }

    /// Lets go of all. Numbers go on: an answer on one of them may be on its way.
    pub fn clear(&mut self) {
        let ids: Vec<u32> = self.held.iter().map(|(id, _)| *id).collect();
        self.drop_all(&ids);
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
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// The objects in the order of the evidence; of a link its address.
    pub fn in_order(&self, evidence: &Evidence) -> Array {
        let list = Array::new();
        for file in &evidence.files {
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
    pub fn previews(&self) -> &[(u32, String)] {
        &self.previews
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.clear();
    }
}
