//! Reading what a plain form posts: into memory, bounded, and nowhere else.

use axum::extract::Multipart;
use axum::extract::multipart::Field as Part;
use recourse_domain::channel::Limits;
use recourse_pages::{Field, Refused};
use tokio::sync::OwnedSemaphorePermit;
use zeroize::Zeroizing;

use crate::state::State;

/// Bytes of all texts together; a report's content has to fit 128 KiB.
const TEXT_BYTES: usize = 1 << 20;
/// Fields that are read; the form has about a hundred.
const FIELDS: usize = 1_000;
/// What is read of files that are too large, so that the browser gets to the answer: above this the connection ends.
const DRAINED: u64 = 4;
const MEBIBYTE: u64 = 1 << 20;

/// A file as it came.
pub(crate) struct PostedFile {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// What came. Texts come before files, so they are there whatever becomes of the files.
#[derive(Default)]
pub(crate) struct Posted {
    pub(crate) fields: Vec<Field>,
    pub(crate) files: Vec<PostedFile>,
    pub(crate) refused: Vec<Refused>,
    /// There was no room in memory.
    pub(crate) busy: bool,
    /// The request broke off.
    pub(crate) broken: bool,
    /// Room for the files, given back when they are let go of.
    pub(crate) held: Vec<OwnedSemaphorePermit>,
    read: u64,
}

impl Posted {
    /// Reads to the end.
    pub(crate) async fn read(state: &State, limits: &Limits, mut parts: Multipart) -> Self {
        let mut posted = Self::default();
        let mut room = TEXT_BYTES;
        loop {
            let mut part = match parts.next_field().await {
                Ok(Some(part)) => part,
                Ok(None) => return posted,
                Err(_) => break,
            };
            let name = part.name().unwrap_or_default().to_owned();
            let whole = if part.file_name().is_some() {
                posted.file(state, limits, part).await
            } else {
                let text = text(&mut part, &mut room).await;
                if let Some(text) = &text
                    && posted.fields.len() < FIELDS
                {
                    posted.fields.push((name, text.clone()));
                }
                text.is_some()
            };
            if !whole {
                break;
            }
        }
        posted.broken = true;
        posted
    }

    /// Whether the file's end was reached.
    async fn file(&mut self, state: &State, limits: &Limits, mut part: Part<'_>) -> bool {
        let name = shown(part.file_name().unwrap_or_default());
        let media_type = part.content_type().unwrap_or_default().to_owned();
        let mut bytes = Zeroizing::new(Vec::new());
        let (mut length, mut refused) = (0_u64, None);
        loop {
            let chunk = match part.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(_) => return false,
            };
            length += chunk.len() as u64;
            self.read += chunk.len() as u64;
            if self.read > limits.report_bytes.saturating_mul(DRAINED) + MEBIBYTE {
                return false;
            }
            if refused.is_none() {
                refused = if self.files.len() as u64 >= u64::from(limits.attachments) {
                    Some(Refused::TooMany(name.clone()))
                } else if length > limits.attachment_bytes {
                    Some(Refused::TooLarge(name.clone()))
                } else if self.read > limits.report_bytes {
                    Some(Refused::Together(name.clone()))
                } else {
                    None
                };
            }
            if refused.is_some() || !self.has_room(state) {
                // Read on, and keep nothing of it.
                bytes = Zeroizing::new(Vec::new());
                continue;
            }
            grow(&mut bytes, &chunk);
        }
        match refused {
            Some(refused) => self.refused.push(refused),
            // The field of a form in which no file was chosen.
            None if length == 0 && name.is_empty() => {}
            None if length == 0 => self.refused.push(Refused::Empty(name)),
            None if self.busy => {}
            None => self.files.push(PostedFile { name, media_type, bytes }),
        }
        true
    }

    /// Whether all that was read of files fits into memory. What a file becomes when it is cleaned and sealed is about as much again.
    fn has_room(&mut self, state: &State) -> bool {
        while !self.busy && self.held.len() as u64 * MEBIBYTE < self.read.saturating_mul(2) {
            match state.plain_memory.clone().try_acquire_owned() {
                Ok(permit) => self.held.push(permit),
                Err(_) => self.busy = true,
            }
        }
        !self.busy
    }
}

/// A text, cut where all texts together are too long; nothing if the request broke off.
async fn text(part: &mut Part<'_>, room: &mut usize) -> Option<String> {
    let mut bytes = Zeroizing::new(Vec::new());
    while let Some(chunk) = part.chunk().await.ok()? {
        let taken = chunk.len().min(*room);
        *room -= taken;
        grow(&mut bytes, &chunk[..taken]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Appends without leaving a copy behind where the buffer was before.
fn grow(bytes: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    if bytes.capacity() - bytes.len() < more.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity((bytes.len() + more.len()).next_power_of_two()));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(more);
}

/// A name for messages: short, and without what would turn the text around it.
fn shown(name: &str) -> String {
    let plain = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().filter(plain).take(80).collect()
}
