//! The browser's file objects by the form's numbers, and the addresses of their previews.

use js_sys::Array;
use recourse_flow::intake::{NewFile, State};
use web_sys::{File, Url};

/// The files that the form holds. Letting go of one takes its preview's address back.
#[derive(Default)]
pub(crate) struct Files {
    last: u32,
    held: Vec<(u32, File)>,
    previews: Vec<(u32, String)>,
}

impl Files {
    /// Numbers new files, from 1, never twice.
    pub(crate) fn take(&mut self, files: Vec<File>) -> Vec<NewFile> {
        let mut new = Vec::new();
        for file in files {
            self.last += 1;
            new.push(NewFile { id: self.last, name: file.name(), media_type: file.type_(), size: file.size() as u64 });
            self.held.push((self.last, file));
        }
        new
    }

    /// Makes previews for the pictures that the form took.
    pub(crate) fn show(&mut self, state: &State) {
        for file in &state.files {
            if !file.has_preview() || self.previews.iter().any(|(id, _)| *id == file.id) {
                continue;
            }
            if let Some((_, held)) = self.held.iter().find(|(id, _)| *id == file.id)
                && let Ok(address) = Url::create_object_url_with_blob(held)
            {
                self.previews.push((file.id, address));
            }
        }
    }

    /// Lets go of some.
    pub(crate) fn drop_all(&mut self, ids: &[u32]) {
        self.held.retain(|(id, _)| !ids.contains(id));
        self.previews.retain(|(id, address)| {
            let gone = ids.contains(id);
            if gone {
                let _ = Url::revoke_object_url(address);
            }
            !gone
        });
    }

    /// The objects in the order of the state.
    pub(crate) fn in_order(&self, state: &State) -> Array {
        let list = Array::new();
        for file in &state.files {
            if let Some((_, held)) = self.held.iter().find(|(id, _)| *id == file.id) {
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
