//! What comes out: a cleaned file, one that nobody can clean here, or a refusal with a way out.

use crate::kind::MediaType;

/// Limits. The defaults are those of an item of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Bytes of a file.
    pub max_bytes: u64,
    /// Pixels of a picture, as its header claims them; nothing is decoded.
    pub max_pixels: u64,
    /// The longer side of a picture; browsers draw no longer canvas.
    pub max_side: u32,
    /// Bytes that the packed parts of a document may unpack to, together.
    pub max_unpacked: u64,
    /// Objects of a PDF. The entries of a ZIP have a limit of their own, 5,000.
    pub max_objects: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_bytes: 25 * 1024 * 1024,
            // Phones make pictures of 108 megapixels; decoded, this is half a gigabyte.
            max_pixels: 120_000_000,
            max_side: 32_767,
            max_unpacked: 200 * 1024 * 1024,
            max_objects: 200_000,
        }
    }
}

/// What became of a file that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is clean: send these bytes.
    Clean(Scrubbed),
    /// It may say who made it, where and when, and we cannot take that out. The person decides.
    CannotClean(CannotClean),
}

/// A cleaned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrubbed {
    /// The file to seal.
    pub bytes: Vec<u8>,
    /// By content.
    pub media_type: MediaType,
    /// What was taken out, without repetition, in the order of the enum. Empty when there was nothing.
    pub removed: Vec<Removed>,
    /// What the person should know.
    pub notes: Vec<Note>,
}

/// A file of a kind that cannot be cleaned here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CannotClean {
    /// By content; `Unknown` when nothing recognises it.
    pub media_type: MediaType,
    /// How to get something that can be cleaned.
    pub way_out: WayOut,
}

impl CannotClean {
    pub(crate) fn new(media_type: MediaType) -> Self {
        let way_out = match media_type {
            MediaType::OldOffice | MediaType::Rtf => WayOut::SaveAsPdfOrDocx,
            MediaType::OtherPicture | MediaType::Svg => WayOut::SaveAsPng,
            MediaType::Mp4 | MediaType::QuickTime | MediaType::OtherVideo => WayOut::RecordScreen,
            MediaType::Zip => WayOut::SendFilesOneByOne,
            MediaType::Html | MediaType::Mail => WayOut::Screenshot,
            _ => WayOut::SendAsItIs,
        };
        Self { media_type, way_out }
    }
}

macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $id:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, so that locales can be held to have a text for each.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id of its text in the locales.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }
        }
    };
}

texts! {
    /// Kinds of what was taken out.
    Removed {
        /// Coordinates or names of a place.
        Place = "place",
        /// Make, model, serial number, a maker's own notes, printer.
        Device = "device",
        /// Names of authors, editors, owners.
        Author = "author",
        /// When it was made, changed or printed.
        Dates = "dates",
        /// Programs and their versions.
        Software = "software",
        /// Titles, captions, keywords and comments that are not part of what one sees.
        Comments = "comments",
        /// A smaller picture of the picture, perhaps older than the last crop.
        Thumbnail = "thumbnail",
        /// Earlier versions, and marks of editing sessions.
        EditHistory = "edit-history",
        /// Ids by which two copies can be matched.
        Ids = "ids",
        /// A colour profile, which may be that of one screen.
        ColourProfile = "colour-profile",
        /// Files inside the file.
        AttachedFiles = "attached-files",
        /// Scripts and actions that start by themselves.
        Scripts = "scripts",
        /// Paths to places on a device or in a network.
        Paths = "paths",
        /// Signatures and certificates, which name the signer and do not survive a change.
        Signature = "signature",
        /// Bytes after the end or in places that nothing shows, such as the film behind a motion photo.
        Hidden = "hidden",
        /// Other data that is not needed to show the file.
        Other = "other",
    }
}

texts! {
    /// What the person should know about a cleaned file.
    Note {
        /// The name or the browser said another type than the content.
        TypeByContent = "type-by-content",
        /// The colours may look slightly different: the picture's own profile was dropped.
        ColoursMayShift = "colours-may-shift",
        /// It moves: more than one picture is in it.
        Animated = "animated",
        /// Tracked changes and comments stay, with names replaced; deleted text can be read.
        TrackedChanges = "tracked-changes",
        /// Parts inside could not be cleaned and stay, such as pictures in old formats.
        PartsNotCleaned = "parts-not-cleaned",
        /// Parts inside could not be cleaned and were taken out.
        PartsDropped = "parts-dropped",
        /// A filled form was in a format that only one program shows; it may look empty.
        FormMayLookEmpty = "form-may-look-empty",
        /// Voices, faces and places in a film stay.
        SoundAndPictureStay = "sound-and-picture-stay",
    }
}

texts! {
    /// What the person can do instead.
    WayOut {
        /// Choose the file again; it may still be loading from a cloud.
        ChooseAgain = "choose-again",
        /// Send a part of it, or a smaller version.
        SendLess = "send-less",
        /// Take a screenshot of what it shows.
        Screenshot = "screenshot",
        /// Print it into a PDF.
        PrintToPdf = "print-to-pdf",
        /// Save a copy without a password.
        SaveWithoutPassword = "save-without-password",
        /// Save it as a document without macros, or as PDF.
        SaveWithoutMacros = "save-without-macros",
        /// Save it as PDF or in today's format.
        SaveAsPdfOrDocx = "save-as-pdf-or-docx",
        /// Save the picture as PNG or JPEG.
        SaveAsPng = "save-as-png",
        /// Unpack it and send the files one by one.
        SendFilesOneByOne = "send-files-one-by-one",
        /// Record the screen while it plays: the recording has none of the film's data.
        RecordScreen = "record-screen",
        /// Send it as it is, knowing that it may say who made it, where and when.
        SendAsItIs = "send-as-it-is",
    }
}

texts! {
    /// Where a damaged file is damaged.
    Fault {
        /// It ends too early.
        Truncated = "truncated",
        /// A length or an offset points outside, or parts overlap.
        Structure = "structure",
        /// A checksum does not fit.
        Checksum = "checksum",
        /// Packed data cannot be unpacked, or has something behind its end.
        Packing = "packing",
        /// Markup that cannot be read.
        Markup = "markup",
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No bytes.
    Empty,
    /// More bytes than an item may have.
    TooLarge {
        /// Bytes.
        limit: u64,
    },
    /// Its content is of another family than what it claims to be.
    WrongType {
        /// By content.
        found: MediaType,
    },
    /// It cannot be read, so it cannot be cleaned.
    Damaged(Fault),
    /// The header claims more pixels than anybody's device can show.
    PictureBomb {
        /// As claimed.
        width: u32,
        /// As claimed.
        height: u32,
    },
    /// It unpacks to far more than it is, or to far too many parts.
    ZipBomb,
    /// Under a password: neither we nor the reviewers can open it.
    Encrypted,
    /// It holds programs.
    HasMacros,
}

impl Refusal {
    /// The id of its text in the locales.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::WrongType { .. } => "wrong-type",
            Self::Damaged(_) => "damaged",
            Self::PictureBomb { .. } => "picture-bomb",
            Self::ZipBomb => "zip-bomb",
            Self::Encrypted => "encrypted",
            Self::HasMacros => "has-macros",
        }
    }

    /// What the person can do instead.
    #[must_use]
    pub fn way_out(self) -> WayOut {
        match self {
            Self::Empty => WayOut::ChooseAgain,
            Self::TooLarge { .. } => WayOut::SendLess,
            Self::WrongType { .. } | Self::PictureBomb { .. } => WayOut::Screenshot,
            Self::Damaged(_) | Self::ZipBomb => WayOut::PrintToPdf,
            Self::Encrypted => WayOut::SaveWithoutPassword,
            Self::HasMacros => WayOut::SaveWithoutMacros,
        }
    }

    /// Whether the interface may offer to send it uncleaned after a warning: evidence must not be lost because it is
    /// odd. Bombs and what cannot be sent at all are excepted.
    #[must_use]
    pub fn may_be_sent_as_it_is(self) -> bool {
        matches!(self, Self::WrongType { .. } | Self::Damaged(_) | Self::Encrypted | Self::HasMacros)
    }
}

/// Collects what was removed while a file is rewritten.
#[derive(Debug, Default, Clone)]
pub(crate) struct Report {
    removed: Vec<Removed>,
    notes: Vec<Note>,
}

impl Report {
    pub(crate) fn removed(&mut self, what: Removed) {
        if !self.removed.contains(&what) {
            self.removed.push(what);
        }
    }

    pub(crate) fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(crate) fn finish(mut self, bytes: Vec<u8>, media_type: MediaType) -> Scrubbed {
        self.removed.sort_unstable();
        self.notes.sort_unstable();
        Scrubbed { bytes, media_type, removed: self.removed, notes: self.notes }
    }
}

/// Refuses a picture by the size that its header claims.
pub(crate) fn check_size(width: u32, height: u32, options: &Options) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::Damaged(Fault::Structure));
    }
    if u64::from(width) * u64::from(height) > options.max_pixels || width.max(height) > options.max_side {
        return Err(Refusal::PictureBomb { width, height });
    }
    Ok(())
}
