//! Files that are to be added to a case, and those that cannot.

use recourse_domain::channel::Limits;
use recourse_domain::report::Answer;
use recourse_domain::text::MediaType;
use recourse_wire::engine::OutgoingFile;

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

/// A file that is to go along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
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

impl Added {
    fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/") || self.media_type.starts_with("video/")
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

/// What is to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// In the order chosen.
    pub files: Vec<Added>,
    /// What was not taken, until the next choice.
    pub problems: Vec<FileProblem>,
    /// Whether somebody in a picture could be under 18.
    pub under_18: Option<Answer>,
    /// Files were taken out because of that answer.
    pub dropped: bool,
    /// Bytes that have arrived, of how many.
    pub progress: Option<(u64, u64)>,
}

impl More {
    /// Whether something may show people, so that their age matters.
    pub fn has_pictures(&self) -> bool {
        self.files.iter().any(Added::is_picture)
    }

    /// Nothing is taken where somebody shown may be a child, as in the form; nothing goes before the question was answered.
    pub fn refuses(&self) -> bool {
        matches!(self.under_18, Some(Answer::Yes | Answer::NotSure))
    }

    /// Whether it can go.
    pub fn is_ready(&self) -> bool {
        !self.files.is_empty() && !self.refuses() && (!self.has_pictures() || self.under_18 == Some(Answer::No))
    }

    /// Takes what fits the channel's limits and gives the numbers of what does not.
    pub(super) fn add(&mut self, files: Vec<NewFile>, limits: &Limits) -> Vec<u32> {
        self.problems.clear();
        self.dropped = false;
        let mut left_out = Vec::new();
        for file in files {
            if self.refuses() {
                left_out.push(file.id);
            } else if let Some(why) = self.offence(file.size, limits) {
                left_out.push(file.id);
                self.problems.push(FileProblem { name: file.name, why });
            } else {
                let NewFile { id, name, media_type, size } = file;
                let media_type = plain_media_type(&media_type);
                self.files.push(Added { id, name, media_type, size, description: String::new() });
            }
        }
        left_out
    }

    fn offence(&self, size: u64, limits: &Limits) -> Option<Offence> {
        let together = self.files.iter().map(|other| other.size).sum::<u64>();
        if size == 0 {
            Some(Offence::Empty)
        } else if size > limits.attachment_bytes {
            Some(Offence::TooLarge(limits.attachment_bytes))
        } else if self.files.len() >= limits.attachments as usize {
            Some(Offence::TooMany(limits.attachments))
        } else if together.saturating_add(size) > limits.report_bytes {
            Some(Offence::TogetherTooLarge(limits.report_bytes))
        } else {
            None
        }
    }

    pub(super) fn remove(&mut self, id: u32) -> Vec<u32> {
        self.files.retain(|file| file.id != id);
        if !self.has_pictures() {
            self.under_18 = None;
        }
        vec![id]
    }

    /// Lets go of all files where somebody shown may be a child: what must not be sent is not kept here either.
    pub(super) fn answer(&mut self, answer: Answer) -> Vec<u32> {
        self.under_18 = Some(answer);
        if !self.refuses() {
            return Vec::new();
        }
        self.dropped |= !self.files.is_empty();
        self.problems.clear();
        self.files.drain(..).map(|file| file.id).collect()
    }

    pub(super) fn outgoing(&self) -> Vec<OutgoingFile> {
        let file = |file: &Added| OutgoingFile {
            id: file.id,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
            description: Some(file.description.trim().to_owned()).filter(|text| !text.is_empty()),
            kind: recourse_domain::report::EvidenceKind::File,
            redactions: 0,
            sensitive: false,
            url: String::new(),
        };
        self.files.iter().map(file).collect()
    }
}

/// Without parameters, in lower case; what has not the shape of one becomes plain bytes.
fn plain_media_type(given: &str) -> String {
    let bare = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match bare.parse::<MediaType>() {
        Ok(media_type) => media_type.as_str().to_owned(),
        Err(_) => "application/octet-stream".to_owned(),
    }
}
