//! Files that go with the report, and those that cannot.

use recourse_domain::channel::Limits;

use super::{Effect, State};

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The page's number for it; never used twice.
    pub id: u32,
    /// Its name on the device.
    pub name: String,
    /// Media type as the browser says; may be empty.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
}

/// A file that goes with the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The page's number.
    pub id: u32,
    /// The name that readers will see.
    pub name: String,
    /// Media type, `application/octet-stream` where the browser knows none.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The person's words on it.
    pub description: String,
}

impl Attached {
    /// Whether it may show people.
    pub fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/") || self.media_type.starts_with("video/")
    }

    /// Whether a browser can show a preview of it. SVG is left out: it is a document that can carry anything.
    pub fn has_preview(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif" | "image/bmp"
        )
    }
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// Its name on the device.
    pub name: String,
    /// Why.
    pub why: Offence,
}

/// Why a file was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offence {
    /// Larger than so many bytes.
    TooLarge(u64),
    /// All together would be larger than so many bytes.
    TogetherTooLarge(u64),
    /// There are so many already.
    TooMany(u32),
    /// There is nothing in it.
    Empty,
}

impl State {
    /// Takes what fits the channel's limits; the others are named, and the page lets go of them.
    pub(super) fn add_files(&mut self, files: Vec<NewFile>) {
        self.file_problems.clear();
        self.files_dropped = false;
        let refused = self.draft.refuses_media();
        let limits = self.limits();
        let mut dropped = Vec::new();
        for file in files {
            if refused {
                dropped.push(file.id);
            } else if let Some(why) = self.offence(&file, &limits) {
                dropped.push(file.id);
                self.file_problems.push(FileProblem { name: file.name, why });
            } else {
                let media_type = plain_media_type(&file.media_type);
                self.files.push(Attached {
                    id: file.id,
                    name: file.name,
                    media_type,
                    size: file.size,
                    description: String::new(),
                });
            }
        }
        if !dropped.is_empty() {
            self.effects.push(Effect::DropFiles(dropped));
        }
    }

    fn offence(&self, file: &NewFile, limits: &Limits) -> Option<Offence> {
        let together = self.files.iter().map(|other| other.size).sum::<u64>();
        if file.size == 0 {
            Some(Offence::Empty)
        } else if file.size > limits.attachment_bytes {
            Some(Offence::TooLarge(limits.attachment_bytes))
        } else if self.files.len() >= limits.attachments as usize {
            Some(Offence::TooMany(limits.attachments))
        } else if together.saturating_add(file.size) > limits.report_bytes {
            Some(Offence::TogetherTooLarge(limits.report_bytes))
        } else {
            None
        }
    }

    /// Lets go of all files as soon as the answers say that none may be taken: what must not be kept is not kept here either.
    pub(super) fn refuse_media(&mut self) {
        if self.draft.refuses_media() && !self.files.is_empty() {
            self.files_dropped = true;
            self.file_problems.clear();
            self.drop_files();
        }
    }
}

/// Without parameters, in lower case; what has not the shape of one becomes plain bytes.
fn plain_media_type(given: &str) -> String {
    let bare = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match bare.parse::<recourse_domain::text::MediaType>() {
        Ok(media_type) => media_type.as_str().to_owned(),
        Err(_) => "application/octet-stream".to_owned(),
    }
}
