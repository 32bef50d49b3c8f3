//! Boxes over what a picture of a page shows of people: where text with personal data stands, fields and frames that nobody looked into, and
//! what points to whoever took the picture.
//!
//! A page is measured at once: every visible text with the lines it fills, and where each word stands. A finding is covered by its words, and where these are
//! not known by its lines. Whether a picture is of that moment, [`Moment::is_like`] says.

use recourse_cover::{Rect, Size};
use recourse_redact::{Kind, Options, Own, find};
use serde::{Deserialize, Serialize};

/// CSS pixels added on each side of a box: letters reach beyond the line that is measured for them.
const MARGIN: f64 = 2.0;
/// CSS pixels around the window in which texts are measured as well: `REACH` in `extension/measure/places.js`.
const AROUND: f64 = 4.0;
/// Something that covers more of the window than this is a page about accounts and no menu of one.
const SMALL: f64 = 1.0 / 6.0;

/// A place in the window, in CSS pixels from its top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// To the right.
    pub width: f64,
    /// Down.
    pub height: f64,
}

/// One run of text, with no element in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Its number on the page.
    pub node: u32,
    /// The paragraph, cell or field that it is part of: what is read in one go.
    pub block: u32,
    /// The text.
    pub text: String,
    /// The lines it fills.
    pub areas: Vec<Area>,
}

/// What is not read but may have to be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A field for a password.
    Password,
    /// A field for a payment card.
    Card,
    /// A frame of another origin, or one that may not be looked into.
    Frame,
    /// Something drawn, with text that nobody can read out.
    Canvas,
    /// A film or a camera.
    Video,
    /// A button, link or picture, to be judged by its label.
    Control,
}

/// An element of that kind.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    /// What it is.
    pub what: What,
    /// Where it is.
    pub areas: Vec<Area>,
    /// Its label, alternative text, id and classes.
    #[serde(default)]
    pub label: String,
}

/// The window when it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// How far the page was scrolled to the right.
    pub scroll_x: f64,
    /// How far down.
    pub scroll_y: f64,
    /// `innerWidth`.
    pub width: f64,
    /// `innerHeight`.
    pub height: f64,
    /// How often the page had been changed since measuring began.
    pub changes: u32,
}

/// All that was measured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// When.
    pub moment: Moment,
    /// Text, in the page's order.
    pub pieces: Vec<Piece>,
    /// What is not text.
    pub things: Vec<Thing>,
}

/// Why something should be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Text of this kind.
    Personal(Kind),
    /// It cannot be looked into, or holds secrets: see [`What`].
    Closed(What),
    /// The menu of the account that took the picture.
    AccountMenu,
    /// The picture of the person behind it.
    Avatar,
    /// How many messages wait for them: together with the time it tells accounts apart.
    Unread,
}

impl Reason {
    /// Its name in a manifest of evidence: the kind of personal data, or `password`, `card-field`, `frame`, `canvas`, `video`, `account-menu`,
    /// `avatar`, `unread`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal(kind) => kind.as_str(),
            Self::Closed(What::Password) => "password",
            Self::Closed(What::Card) => "card-field",
            Self::Closed(What::Frame) => "frame",
            Self::Closed(What::Canvas) => "canvas",
            Self::Closed(What::Video) => "video",
            Self::Closed(What::Control) | Self::AccountMenu => "account-menu",
            Self::Avatar => "avatar",
            Self::Unread => "unread",
        }
    }
}

/// A part of a [`Piece`], in UTF-16 units as a browser's ranges count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Of which piece.
    pub node: u32,
    /// Its first unit.
    pub from: u32,
    /// The one after its last.
    pub to: u32,
}

/// A box to suggest, or several: a text may run over lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Why.
    pub reason: Reason,
    /// The text it is about; nothing where it is about an element.
    pub spans: Vec<Span>,
    /// What is covered.
    pub areas: Vec<Area>,
}

/// Where one [`Span`] stands.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Which.
    pub span: Span,
    /// Where; nothing where it is not to be seen.
    pub areas: Option<Vec<Area>>,
}

impl Moment {
    /// Whether a picture of one moment can be used with what was measured in the other: nothing changed, and nothing is in the window that was not
    /// measured.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        let (right, down) = self.scrolled(other);
        let same = self.changes == other.changes && self.width == other.width && self.height == other.height;
        same && right.abs() <= AROUND && down.abs() <= AROUND
    }

    /// How far to the right and down the page was scrolled until then.
    #[must_use]
    pub fn scrolled(self, then: Self) -> (f64, f64) {
        (then.scroll_x - self.scroll_x, then.scroll_y - self.scroll_y)
    }
}

/// The boxes to suggest, over whole lines.
#[must_use]
pub fn suggest(measured: &Measured, own: &Own) -> Vec<Suggestion> {
    let mut suggestions: Vec<Suggestion> =
        measured.pieces.chunk_by(|one, next| one.block == next.block).flat_map(|block| in_block(block, own)).collect();
    let window = measured.moment.width * measured.moment.height;
    suggestions.extend(measured.things.iter().filter_map(|thing| {
        let size: f64 = thing.areas.iter().map(|area| area.width * area.height).sum();
        let reason = match thing.what {
            What::Control => points(&thing.label).filter(|_| size <= window * SMALL)?,
            what => Reason::Closed(what),
        };
        Some(Suggestion { reason, spans: Vec::new(), areas: thing.areas.clone() })
    }));
    suggestions.retain(|suggestion| !suggestion.areas.is_empty());
    suggestions
}

/// Findings of what is read in one go, however many elements it is made of.
fn in_block(block: &[Piece], own: &Own) -> Vec<Suggestion> {
    let joined;
    let text = match block {
        [one] => &one.text,
        many => {
            joined = many.iter().map(|piece| piece.text.as_str()).collect::<String>();
            &joined
        }
    };
    find(text, own, &Options::default())
        .into_iter()
        .map(|finding| {
            let mut suggestion =
                Suggestion { reason: Reason::Personal(finding.kind), spans: Vec::new(), areas: Vec::new() };
            let mut start = 0;
            for piece in block {
                let end = start + piece.text.encode_utf16().count();
                let (from, to) = (finding.utf16.start.max(start), finding.utf16.end.min(end));
                if from < to {
                    let unit = |at: usize| u32::try_from(at - start).unwrap_or(u32::MAX);
                    suggestion.spans.push(Span { node: piece.node, from: unit(from), to: unit(to) });
                    suggestion.areas.extend(&piece.areas);
                }
                start = end;
            }
            suggestion
        })
        .collect()
}

/// Takes in where words stand: boxes shrink from the lines of a text to the words that matter, where these lie in what was seen of the text. A finding
/// some of whose words are not known, or lie elsewhere, keeps its lines.
#[must_use]
pub fn narrow(suggestions: Vec<Suggestion>, words: &[Found]) -> Vec<Suggestion> {
    let mut by_place: Vec<&Found> = words.iter().collect();
    by_place.sort_by_key(|word| word.span);
    let finer = |suggestion: &Suggestion| -> Option<Vec<Area>> {
        let mut areas = Vec::new();
        for span in &suggestion.spans {
            let first = by_place.partition_point(|word| (word.span.node, word.span.to) <= (span.node, span.from));
            let in_span =
                by_place[first..].iter().take_while(|word| word.span.node == span.node && word.span.from < span.to);
            let mut reach = None;
            for word in in_span {
                // What lies between two words is space.
                reach = Some((reach.map_or(word.span.from, |(from, _)| from), word.span.to));
                let lines = word.areas.as_ref().filter(|lines| !lines.is_empty())?;
                if !lines.iter().all(|line| suggestion.areas.iter().any(|whole| whole.holds(*line))) {
                    return None;
                }
                areas.extend(lines);
            }
            reach.filter(|(from, to)| *from <= span.from && *to >= span.to)?;
        }
        (!areas.is_empty()).then_some(areas)
    };
    suggestions
        .into_iter()
        .map(|suggestion| match finer(&suggestion) {
            Some(areas) => Suggestion { areas, ..suggestion },
            None => suggestion,
        })
        .collect()
}

/// Boxes over both places of what moved by so much while the picture was taken: nobody knows which of the two it shows.
#[must_use]
pub fn padded(areas: &[Area], right: f64, down: f64) -> Vec<Area> {
    let wide = |area: &Area| Area {
        x: area.x.min(area.x - right),
        y: area.y.min(area.y - down),
        width: area.width + right.abs(),
        height: area.height + down.abs(),
    };
    areas.iter().map(wide).collect()
}

/// The boxes on a picture of the window. Its scale is measured, for `devicePixelRatio` knows nothing of a zoomed page. What lies outside is left out.
#[must_use]
pub fn boxes(areas: &[Area], picture: Size, window_width: f64) -> Vec<Rect> {
    let scale = f64::from(picture.width) / window_width.max(1.0);
    let (right, bottom) = (f64::from(picture.width), f64::from(picture.height));
    areas
        .iter()
        .map(|area| {
            let near = ((area.x - MARGIN) * scale, (area.y - MARGIN) * scale);
            let far = ((area.x + area.width + MARGIN) * scale, (area.y + area.height + MARGIN) * scale);
            (near, far)
        })
        .filter(|(near, far)| far.0 > 0.0 && far.1 > 0.0 && near.0 < right && near.1 < bottom)
        .map(|(near, far)| Rect::between(near, far, picture))
        .collect()
}

impl Area {
    /// Whether another lies in it, but for a pixel.
    fn holds(self, other: Self) -> bool {
        other.x >= self.x - 1.0
            && other.y >= self.y - 1.0
            && other.x + other.width <= self.x + self.width + 1.0
            && other.y + other.height <= self.y + self.height + 1.0
    }
}

/// Whether a label is that of something that tells who is signed in.
fn points(label: &str) -> Option<Reason> {
    let label = label.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if any(AVATAR) {
        Some(Reason::Avatar)
    } else if any(UNREAD) {
        Some(Reason::Unread)
    } else if any(ACCOUNT) {
        Some(Reason::AccountMenu)
    } else {
        None
    }
}

/// Small letters, in the languages of the form.
const AVATAR: &[&str] =
    &["avatar", "userpic", "gravatar", "аватар", "الصورة الشخصية", "صورة الملف", "نمایه", "अवतार", "头像", "アバター"];
const UNREAD: &[&str] = &[
    "unread",
    "no leíd",
    "sin leer",
    "non lu",
    "ungelesen",
    "não lid",
    "non lett",
    "nieprzeczytan",
    "непрочитан",
    "непрочитані",
    "غير مقروء",
    "خوانده‌نشده",
    "خوانده نشده",
    "अपठित",
    "未读",
    "未読",
];
const ACCOUNT: &[&str] = &[
    "account menu",
    "account-menu",
    "accountmenu",
    "account switcher",
    "account-switcher",
    "user menu",
    "user-menu",
    "usermenu",
    "user-nav",
    "profile menu",
    "profile-menu",
    "my account",
    "my profile",
    "signed in",
    "logged in",
    "mi cuenta",
    "menú de usuario",
    "mon compte",
    "menu utilisateur",
    "mein konto",
    "benutzermenü",
    "kontomenü",
    "angemeldet als",
    "minha conta",
    "menu do usuário",
    "il mio account",
    "menu utente",
    "moje konto",
    "menu użytkownika",
    "мій профіль",
    "обліковий запис",
    "меню користувача",
    "мой профиль",
    "мой аккаунт",
    "учётная запись",
    "меню пользователя",
    "حسابي",
    "قائمة المستخدم",
    "حساب من",
    "منوی کاربر",
    "मेरा खाता",
    "उपयोगकर्ता मेनू",
    "我的账户",
    "我的帐户",
    "用户菜单",
    "マイアカウント",
    "アカウントメニュー",
    "ユーザーメニュー",
];
