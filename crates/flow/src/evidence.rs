//! Pictures, files and links for the readers, with a report or after it: chosen, cleaned in a worker, covered in the editor. The form and
//! the follow-up page have an [`Evidence`] each, so that a file is the same wherever it is added.

#[cfg(test)]
mod tests;

use recourse_domain::channel::Limits;
use recourse_domain::report::SHORT_CHARS;
use recourse_domain::vocabulary::EvidenceKind;
use recourse_wire::engine::OutgoingFile;

/// What goes along, and what could not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// In the order they were added.
    pub files: Vec<Attached>,
    /// Files that were not taken, and why.
    pub problems: Vec<FileProblem>,
    /// Files were taken out again because of what was answered.
    pub dropped: bool,
    /// Pictures of the screen can be taken here; nothing while that is not known.
    pub can_shoot: Option<bool>,
    /// It is used by touch: there is a camera.
    pub by_touch: bool,
    /// A picture of the screen was asked for and did not come; whether somebody said no.
    pub not_shot: Option<bool>,
    /// Links that were begun, for their numbers.
    links: u32,
}

/// What the page has to do for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Something that only a page can.
    Task(Task),
    /// Let go of files: no longer wanted, or never taken.
    Drop(Vec<u32>),
    /// Move the focus to the element of that id.
    Focus(String),
}

/// What may be added.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Sizes and numbers.
    pub limits: Limits,
    /// No pictures and files, because of what was answered. Addresses are words: they are taken.
    pub refused: bool,
}

/// The numbers of links begin after this; those of the page's files never come so far.
const LINKS: u32 = 1_000_000;

/// Whether a number is that of a link, for which the page holds no file.
pub const fn is_link_id(id: u32) -> bool {
    id > LINKS
}

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

/// A file that goes with the report, or a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The page's number.
    pub id: u32,
    /// File, screenshot or link.
    pub kind: EvidenceKind,
    /// The name that readers will see; of a link empty.
    pub name: String,
    /// Media type, `application/octet-stream` where the browser knows none.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The person's words on it.
    pub description: String,
    /// What a link leads to.
    pub address: String,
    /// Distressing or private: readers see it covered at first.
    pub sensitive: bool,
    /// Parts that were covered.
    pub covered: u32,
    /// How far it is.
    pub cleaning: Cleaning,
    /// Ids of what was taken out of it.
    pub removed: Vec<String>,
    /// Ids of what the person should know.
    pub notes: Vec<String>,
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cleaning {
    /// Being cleaned.
    Busy,
    /// It goes as it is shown.
    Done,
    /// It could not be cleaned: the person has to say what becomes of it.
    Asked(Doubt),
    /// It goes uncleaned, as the person wants.
    Kept(Doubt),
}

/// Why a file was not cleaned; ids of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubt {
    /// Why; empty for a kind of file that nobody can clean here.
    pub reason: String,
    /// What one can do instead.
    pub way: String,
}

impl Attached {
    fn new(id: u32, kind: EvidenceKind) -> Self {
        Self {
            id,
            kind,
            name: String::new(),
            media_type: "text/plain".to_owned(),
            size: 0,
            description: String::new(),
            address: String::new(),
            sensitive: false,
            covered: 0,
            cleaning: Cleaning::Busy,
            removed: Vec::new(),
            notes: Vec::new(),
        }
    }

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

    /// Whether parts of it can be covered. Of a moving picture only one would be.
    pub fn can_be_covered(&self) -> bool {
        let still = !self.notes.iter().any(|note| note == "animated") && self.media_type != "image/gif";
        self.has_preview() && still && matches!(self.cleaning, Cleaning::Done | Cleaning::Kept(_))
    }

    /// Whether it was packed with loss, so that what is covered has to be covered a little further.
    pub fn is_lossy(&self) -> bool {
        !matches!(self.media_type.as_str(), "image/png" | "image/bmp" | "image/gif")
    }

    /// What keeps it from going, and the beginning of the field's id.
    fn flaw(&self) -> Option<(&'static str, Flaw)> {
        match self.cleaning {
            Cleaning::Busy => Some(("evidence-card-", Flaw::Busy)),
            Cleaning::Asked(_) => Some(("evidence-card-", Flaw::Undecided)),
            _ if self.kind == EvidenceKind::Link && !is_address(&self.address) => {
                Some(("evidence-address-", Flaw::NoLink))
            }
            _ => None,
        }
    }

    /// What the engine has to know of it.
    pub fn outgoing(&self) -> OutgoingFile {
        OutgoingFile {
            id: self.id,
            name: self.name.trim().to_owned(),
            media_type: self.media_type.clone(),
            size: self.size,
            description: Some(self.description.trim().to_owned()).filter(|text| !text.is_empty()),
            kind: self.kind,
            redactions: self.covered,
            sensitive: self.sensitive,
            url: self.address.trim().to_owned(),
            title: String::new(),
            selector: String::new(),
            captured_by: String::new(),
        }
    }
}

/// What keeps a file from going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is still being cleaned.
    Busy,
    /// It could not be cleaned, and nobody said yet what becomes of it.
    Undecided,
    /// Not an address of a page.
    NoLink,
    /// Longer than so many characters.
    TooLong(u32),
}

/// Whether a text has the shape of a page's address: a scheme of the web and a host, and no space within.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let rest = if lower.starts_with("https://") {
        &text[8..]
    } else if lower.starts_with("http://") {
        &text[7..]
    } else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let short = text.chars().count() <= recourse_domain::report::URL_CHARS;
    short && !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// What happens to the evidence, beside being chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceAct {
    /// What this device can do is known.
    Doors {
        /// Pictures of the screen.
        shoot: bool,
        /// It is used by touch.
        touch: bool,
    },
    /// A file was cleaned.
    Cleaned {
        /// Which.
        id: u32,
        /// By content.
        media_type: String,
        /// Bytes that are left.
        size: u64,
        /// Ids of what was taken out.
        removed: Vec<String>,
        /// Ids of what the person should know.
        notes: Vec<String>,
    },
    /// One could not be.
    NotCleaned {
        /// Which.
        id: u32,
        /// Why and what to do.
        doubt: Doubt,
        /// The person may insist.
        may: bool,
    },
    /// The person insists.
    Insist(u32),
    /// Take a picture of the screen.
    Shoot,
    /// It was taken.
    Shot(NewFile),
    /// It was not; whether somebody said no.
    NotShot(bool),
    /// The tool around the form has captured something: clean, and the person has looked at it.
    Brought {
        /// It.
        file: NewFile,
        /// What it is.
        kind: EvidenceKind,
        /// Where it was captured; may be empty.
        address: String,
        /// Parts that are covered in it.
        covered: u32,
    },
    /// Open the editor.
    Cover(u32),
    /// It was closed: parts are covered now, in a new file that is still to be cleaned.
    Covered {
        /// Which.
        id: u32,
        /// Of the new file.
        media_type: String,
        /// Of the new file.
        size: u64,
        /// Parts.
        parts: u32,
        /// What it shows.
        description: String,
    },
    /// It was closed with nothing covered.
    Described {
        /// Which.
        id: u32,
        /// What it shows; nothing where that is as it was.
        description: Option<String>,
    },
    /// It could not be opened.
    NotOpened(u32),
    /// It has captured an address.
    BroughtLink {
        /// Where it leads.
        address: String,
        /// What the page calls itself; may be empty.
        description: String,
    },
    /// A link was begun.
    AddLink,
    /// What it leads to.
    Address(u32, String),
    /// Whether readers see it covered at first.
    Sensitive(u32),
    /// The name that readers see.
    Name(u32, String),
    /// What it shows.
    Describe(u32, String),
    /// It is taken out.
    Remove(u32),
}

/// What only a page can do to the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Find out what the device can do.
    Doors,
    /// Have a file cleaned.
    Clean(u32),
    /// Take a picture of the screen.
    Shoot,
    /// Open the editor on a file.
    Cover(u32),
    /// Forget what is under way.
    Stop,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offence {
    /// Larger than so many bytes.
    TooLarge(u64),
    /// All together would be larger than so many bytes.
    TogetherTooLarge(u64),
    /// There are so many already.
    TooMany(u32),
    /// There is nothing in it.
    Empty,
    /// Looking into it said no.
    Refused(Doubt),
    /// The editor could not show it.
    NotOpened,
}

impl Evidence {
    /// Takes what fits the channel's limits and has it cleaned; the others are named, and the page lets go of them.
    pub fn add(&mut self, files: Vec<NewFile>, kind: EvidenceKind, rules: Rules) -> Vec<Wish> {
        self.problems.clear();
        self.dropped = false;
        self.not_shot = None;
        let mut wishes = Vec::new();
        let mut dropped = Vec::new();
        for file in files {
            if rules.refused {
                dropped.push(file.id);
            } else if let Some(why) = self.offence(&file, &rules.limits) {
                dropped.push(file.id);
                self.problems.push(FileProblem { name: shown_name(&file.name), why });
            } else {
                let media_type = plain_media_type(&file.media_type);
                wishes.push(Wish::Task(Task::Clean(file.id)));
                self.files.push(Attached {
                    name: shown_name(&file.name),
                    media_type,
                    size: file.size,
                    ..Attached::new(file.id, kind)
                });
            }
        }
        if !dropped.is_empty() {
            wishes.push(Wish::Drop(dropped));
        }
        wishes
    }

    /// What else happens. An answer on a file that was taken out meanwhile is none.
    pub fn take(&mut self, act: EvidenceAct, rules: Rules) -> Vec<Wish> {
        match act {
            EvidenceAct::Doors { shoot, touch } => {
                self.can_shoot = Some(shoot);
                self.by_touch = touch;
            }
            EvidenceAct::Cleaned { id, media_type, size, removed, notes } => self.attached(id, |file| {
                file.media_type = plain_media_type(&media_type);
                file.size = size;
                file.cleaning = Cleaning::Done;
                // What was covered is cleaned once more: what the first time took out is still worth knowing.
                for id in removed {
                    if !file.removed.contains(&id) {
                        file.removed.push(id);
                    }
                }
                file.notes = notes;
            }),
            EvidenceAct::NotCleaned { id, doubt, may: true } => {
                self.attached(id, |file| file.cleaning = Cleaning::Asked(doubt));
            }
            EvidenceAct::NotCleaned { id, doubt, may: false } => return self.refuse(id, Offence::Refused(doubt)),
            EvidenceAct::Insist(id) => {
                self.attached(id, |file| {
                    if let Cleaning::Asked(doubt) = &file.cleaning {
                        file.cleaning = Cleaning::Kept(doubt.clone());
                    }
                });
                return vec![Wish::Focus(["evidence-card-", &id.to_string()].concat())];
            }
            EvidenceAct::Shoot => {
                self.not_shot = None;
                return vec![Wish::Task(Task::Shoot)];
            }
            EvidenceAct::Shot(file) => return self.add(vec![file], EvidenceKind::Screenshot, rules),
            EvidenceAct::NotShot(refused) => self.not_shot = Some(refused),
            EvidenceAct::Brought { file, kind, address, covered } => {
                let id = file.id;
                let mut wishes = self.add(vec![file], kind, rules);
                wishes.retain(|wish| !matches!(wish, Wish::Task(_)));
                self.attached(id, |file| {
                    file.address = address;
                    file.covered = covered;
                    file.cleaning = Cleaning::Done;
                });
                return wishes;
            }
            EvidenceAct::Cover(id) => {
                self.problems.clear();
                return vec![Wish::Task(Task::Cover(id))];
            }
            EvidenceAct::Covered { id, media_type, size, parts, description } => {
                self.attached(id, |file| {
                    file.media_type = media_type;
                    file.size = size;
                    file.covered = file.covered.saturating_add(parts);
                    file.description = description;
                    file.cleaning = Cleaning::Busy;
                });
                return vec![Wish::Task(Task::Clean(id))];
            }
            EvidenceAct::Described { id, description } => {
                if let Some(description) = description {
                    self.attached(id, |file| file.description = description);
                }
            }
            EvidenceAct::NotOpened(id) => {
                let name = self.files.iter().find(|file| file.id == id).map(|file| file.name.clone());
                self.problems.clear();
                self.problems.extend(name.map(|name| FileProblem { name, why: Offence::NotOpened }));
            }
            EvidenceAct::BroughtLink { address, description } => {
                if let Some(link) = self.add_link(rules) {
                    link.size = address.trim().len() as u64;
                    link.address = address;
                    link.description = description;
                }
            }
            EvidenceAct::AddLink => {
                if let Some(link) = self.add_link(rules) {
                    return vec![Wish::Focus(["evidence-address-", &link.id.to_string()].concat())];
                }
            }
            EvidenceAct::Address(id, address) => self.attached(id, |file| {
                file.size = address.trim().len() as u64;
                file.address = address;
            }),
            EvidenceAct::Sensitive(id) => self.attached(id, |file| file.sensitive = !file.sensitive),
            EvidenceAct::Name(id, name) => self.attached(id, |file| file.name = name),
            EvidenceAct::Describe(id, text) => self.attached(id, |file| file.description = text),
            EvidenceAct::Remove(id) => {
                self.files.retain(|file| file.id != id);
                return vec![Wish::Drop(vec![id]), Wish::Focus("files".to_owned())];
            }
        }
        Vec::new()
    }

    /// An empty link, unless there is no room for one.
    fn add_link(&mut self, rules: Rules) -> Option<&mut Attached> {
        if self.files.len() >= rules.limits.attachments as usize {
            return None;
        }
        self.links += 1;
        let id = LINKS + self.links;
        self.files.push(Attached { cleaning: Cleaning::Done, ..Attached::new(id, EvidenceKind::Link) });
        self.files.last_mut()
    }

    /// Takes a file out and says why.
    fn refuse(&mut self, id: u32, why: Offence) -> Vec<Wish> {
        let Some(place) = self.files.iter().position(|file| file.id == id) else { return Vec::new() };
        let name = self.files.remove(place).name;
        self.problems.push(FileProblem { name, why });
        vec![Wish::Drop(vec![id])]
    }

    fn attached(&mut self, id: u32, change: impl FnOnce(&mut Attached)) {
        if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
            change(file);
        }
    }

    /// Lets go of all pictures and files, where none may be taken: what must not be kept is not kept here either. Addresses are words: they
    /// stay.
    pub fn drop_media(&mut self) -> Vec<Wish> {
        let media = |file: &Attached| file.kind != EvidenceKind::Link;
        if !self.files.iter().any(media) {
            return Vec::new();
        }
        self.dropped = true;
        self.problems.clear();
        let mut gone = Vec::new();
        self.files.retain(|file| {
            if media(file) {
                gone.push(file.id);
            }
            !media(file)
        });
        vec![Wish::Drop(gone)]
    }

    /// Takes everything out and gives the numbers. What the device can do stays known.
    pub fn empty(&mut self) -> Vec<u32> {
        let gone = self.files.drain(..).map(|file| file.id).collect();
        self.problems.clear();
        self.dropped = false;
        self.not_shot = None;
        gone
    }

    /// Whether a file is still being cleaned.
    pub fn is_cleaning(&self) -> bool {
        self.files.iter().any(|file| file.cleaning == Cleaning::Busy)
    }

    /// Whether a file could be a picture or film that shows people.
    pub fn has_pictures(&self) -> bool {
        self.files.iter().any(Attached::is_picture)
    }

    /// What keeps it from going, by the ids of fields.
    pub fn flaws(&self) -> Vec<(String, Flaw)> {
        let mut flaws = Vec::new();
        for file in &self.files {
            if let Some((field, flaw)) = file.flaw() {
                flaws.push(([field, &file.id.to_string()].concat(), flaw));
            }
        }
        for file in &self.files {
            for (field, text) in [("evidence-name-", &file.name), ("evidence-description-", &file.description)] {
                if text.trim().chars().count() > SHORT_CHARS {
                    flaws.push(([field, &file.id.to_string()].concat(), Flaw::TooLong(SHORT_CHARS as u32)));
                }
            }
        }
        flaws
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
}

/// Without parameters, in lower case; what has not the shape of one becomes plain bytes.
fn plain_media_type(given: &str) -> String {
    let bare = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match bare.parse::<recourse_domain::text::MediaType>() {
        Ok(media_type) => media_type.as_str().to_owned(),
        Err(_) => "application/octet-stream".to_owned(),
    }
}

/// A file's name as it is shown and sent: without characters that do something instead of being seen – line breaks, and those that turn
/// the direction of a line, by which `exe.gpj` reads `jpg.exe`.
fn shown_name(name: &str) -> String {
    let seen = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    name.chars().filter(seen).take(recourse_domain::report::SHORT_CHARS).collect()
}
