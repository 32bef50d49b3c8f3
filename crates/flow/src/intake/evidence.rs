//! Files that go with the report, and those that cannot: chosen, cleaned in a worker, covered in the editor; and links.

use recourse_domain::channel::Limits;
use recourse_domain::vocabulary::EvidenceKind;

use super::{Effect, Sending, State, Wrong};

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

    /// What is wrong with it, and the beginning of the field's id.
    pub(super) fn fault(&self) -> Option<(&'static str, Wrong)> {
        match self.cleaning {
            Cleaning::Busy => Some(("evidence-card-", Wrong::FileBusy)),
            Cleaning::Asked(_) => Some(("evidence-card-", Wrong::FileUndecided)),
            _ if self.kind == EvidenceKind::Link && !is_address(&self.address) => {
                Some(("evidence-address-", Wrong::NoLink))
            }
            _ => None,
        }
    }
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

/// What happens to the evidence, beside being chosen and taken out.
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
    /// A link was begun.
    AddLink,
    /// What it leads to.
    Address(u32, String),
    /// Whether readers see it covered at first.
    Sensitive(u32),
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

impl State {
    /// Takes what fits the channel's limits and has it cleaned; the others are named, and the page lets go of them.
    pub(super) fn add_files(&mut self, files: Vec<NewFile>, kind: EvidenceKind) {
        self.file_problems.clear();
        self.files_dropped = false;
        self.not_shot = None;
        let refused = self.draft.refuses_media();
        let limits = self.limits();
        let mut dropped = Vec::new();
        for file in files {
            if refused {
                dropped.push(file.id);
            } else if let Some(why) = self.offence(&file, &limits) {
                dropped.push(file.id);
                self.file_problems.push(FileProblem { name: shown_name(&file.name), why });
            } else {
                let media_type = plain_media_type(&file.media_type);
                self.effects.push(Effect::Evidence(Task::Clean(file.id)));
                self.files.push(Attached {
                    name: shown_name(&file.name),
                    media_type,
                    size: file.size,
                    ..Attached::new(file.id, kind)
                });
            }
        }
        if !dropped.is_empty() {
            self.effects.push(Effect::DropFiles(dropped));
        }
    }

    /// What else happens to the evidence. An answer on a file that was taken out meanwhile is none.
    pub(super) fn evidence(&mut self, act: EvidenceAct) {
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
            EvidenceAct::NotCleaned { id, doubt, may: false } => self.refuse(id, Offence::Refused(doubt)),
            EvidenceAct::Insist(id) => {
                self.attached(id, |file| {
                    if let Cleaning::Asked(doubt) = &file.cleaning {
                        file.cleaning = Cleaning::Kept(doubt.clone());
                    }
                });
                self.effects.push(Effect::FocusField(["evidence-card-", &id.to_string()].concat()));
            }
            EvidenceAct::Shoot => {
                self.not_shot = None;
                self.effects.push(Effect::Evidence(Task::Shoot));
            }
            EvidenceAct::Shot(file) => self.add_files(vec![file], EvidenceKind::Screenshot),
            EvidenceAct::NotShot(refused) => self.not_shot = Some(refused),
            EvidenceAct::Cover(id) => {
                self.file_problems.clear();
                self.effects.push(Effect::Evidence(Task::Cover(id)));
            }
            EvidenceAct::Covered { id, media_type, size, parts, description } => {
                self.attached(id, |file| {
                    file.media_type = media_type;
                    file.size = size;
                    file.covered = file.covered.saturating_add(parts);
                    file.description = description;
                    file.cleaning = Cleaning::Busy;
                });
                self.effects.push(Effect::Evidence(Task::Clean(id)));
            }
            EvidenceAct::Described { id, description } => {
                if let Some(description) = description {
                    self.attached(id, |file| file.description = description);
                }
            }
            EvidenceAct::NotOpened(id) => {
                let name = self.files.iter().find(|file| file.id == id).map(|file| file.name.clone());
                self.file_problems.clear();
                self.file_problems.extend(name.map(|name| FileProblem { name, why: Offence::NotOpened }));
            }
            EvidenceAct::AddLink => {
                if self.files.len() < self.limits().attachments as usize {
                    self.links += 1;
                    let id = LINKS + self.links;
                    self.files.push(Attached { cleaning: Cleaning::Done, ..Attached::new(id, EvidenceKind::Link) });
                    self.effects.push(Effect::FocusField(["evidence-address-", &id.to_string()].concat()));
                }
            }
            EvidenceAct::Address(id, address) => {
                self.attached(id, |file| {
                    file.size = address.trim().len() as u64;
                    file.address = address;
                });
                let right = self.files.iter().all(|file| file.id != id || file.fault().is_none());
                let field = ["evidence-address-", &id.to_string()].concat();
                self.faults.retain(|fault| fault.field != field || !right);
            }
            EvidenceAct::Sensitive(id) => self.attached(id, |file| file.sensitive = !file.sensitive),
        }
        // What has come in order is no longer called wrong.
        let files = &self.files;
        self.faults.retain(|fault| match fault.wrong {
            Wrong::FileBusy | Wrong::FileUndecided => files.iter().any(|file| {
                file.fault().is_some_and(|(field, wrong)| {
                    wrong == fault.wrong && fault.field == [field, &file.id.to_string()].concat()
                })
            }),
            _ => true,
        });
    }

    /// Takes a file out and says why.
    fn refuse(&mut self, id: u32, why: Offence) {
        if let Some(place) = self.files.iter().position(|file| file.id == id) {
            let name = self.files.remove(place).name;
            self.file_problems.push(FileProblem { name, why });
            self.effects.push(Effect::DropFiles(vec![id]));
        }
    }

    fn attached(&mut self, id: u32, change: impl FnOnce(&mut Attached)) {
        if let Some(file) = self.files.iter_mut().find(|file| file.id == id) {
            change(file);
        }
    }

    /// Whether a file is still being cleaned.
    pub fn is_cleaning(&self) -> bool {
        self.files.iter().any(|file| file.cleaning == Cleaning::Busy)
    }

    /// Pauses sending, or goes on.
    pub(super) fn pause(&mut self, paused: bool) {
        if self.paused != paused && (!paused || matches!(self.sending, Sending::Busy(_))) {
            self.paused = paused;
            self.effects.push(Effect::Pause(paused));
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
        let media = |file: &Attached| file.kind != EvidenceKind::Link;
        if self.draft.refuses_media() && self.files.iter().any(media) {
            self.files_dropped = true;
            self.file_problems.clear();
            // Addresses are words: they stay.
            let mut gone = Vec::new();
            self.files.retain(|file| {
                if media(file) {
                    gone.push(file.id);
                }
                !media(file)
            });
            self.effects.push(Effect::DropFiles(gone));
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
