//! The browser's file objects by the form's numbers, and the addresses of their previews.

use std::collections::BTreeMap;

use js_sys::Array;
use recourse_flow::intake::{NewFile, State};
use web_sys::{File, Url};

/// The files that the form holds. Letting go of one takes its preview's address back.
#[derive(Default)]
pub(crate) struct Files {
    last: u32,
    held: BTreeMap<u32, File>,
    previews: BTreeMap<u32, String>,
}

impl Files {
    /// Numbers new files, from 1, never twice.
    pub(crate) fn take(&mut self, files: Vec<File>) -> Vec<NewFile> {
        let number = |file: File| {
            self.last += 1;
            let new = NewFile { id: self.last, name: file.name(), media_type: file.type_(), size: file.size() as u64 };
            self.held.insert(self.last, file);
            new
        };
        files.into_iter().map(number).collect()
    }

    /// Makes previews for the pictures that the form took.
    pub(crate) fn show(&mut self, state: &State) {
        for file in state.files.iter().filter(|file| file.has_preview()) {
            if self.previews.contains_key(&file.id) {
                continue;
            }
            let address = self.held.get(&file.id).and_then(|file| Url::create_object_url_with_blob(file).ok());
            self.previews.extend(address.map(|address| (file.id, address)));
        }
    }

    /// Lets go of some.
    pub(crate) fn drop_all(&mut self, ids: &[u32]) {
        for id in ids {
            self.held.remove(id);
            if let Some(address) = self.previews.remove(id) {
                let _ = Url::revoke_object_url(&address);
            }
        }
    }

    /// The objects in the order of the numbers.
    pub(crate) fn in_order(&self, ids: impl Iterator<Item = u32>) -> Array {
        ids.filter_map(|id| self.held.get(&id)).collect()
    }

    /// Addresses of previews.
    pub(crate) fn previews(&self) -> &BTreeMap<u32, String> {
        &self.previews
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let ids: Vec<u32> = self.held.keys().copied().collect();
        self.drop_all(&ids);
    }
}
