//! Context tokens: what a product vouches for about the object that a report was opened from. A token is a JWT made per object and
//! day; one that could tell who reports is refused here, before anybody sends it. The signature is checked where reports are read
//! (`seal::jwt`), with the keys of the signed manifest; the form shows what a token says and needs no key for that.
//!
//! The reader of JSON is our own: it refuses names that stand twice, fractions and depth, which general readers let pass, and weighs
//! little enough for the form.

use crate::ids::ChannelId;
use crate::time::Timestamp;
use crate::vocabulary::vocabulary;

/// Bytes of a token.
pub const TOKEN_BYTES: usize = 4_096;
/// Characters of a claim.
pub const CLAIM_CHARS: usize = 200;
/// Labels of an object.
pub const LABELS: usize = 10;
/// Days from `iat` to `exp` at most: the day, and the one after for pages left open.
pub const DAYS: u64 = 2;

/// Claims that name a person, a session or a moment.
const PERSONAL: [&str; 26] = [
    "sub",
    "email",
    "email_verified",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "username",
    "user",
    "user_id",
    "uid",
    "profile",
    "picture",
    "phone",
    "phone_number",
    "birthdate",
    "address",
    "jti",
    "nonce",
    "sid",
    "session",
    "auth_time",
    "ip",
    "device",
];

/// Why a token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// More than [`TOKEN_BYTES`].
    #[error("the token is longer than {TOKEN_BYTES} bytes")]
    TooLong,
    /// Not three parts of base64url with JSON in the first two, or a value of a kind that no claim has.
    #[error("the token cannot be read: {0}")]
    Malformed(&'static str),
    /// Signed by something else than EdDSA or ES256, or not at all.
    #[error("the token is signed with {0:?}; EdDSA and ES256 are taken")]
    Algorithm(String),
    /// A part of the header that is not `alg`, `kid` or `typ`.
    #[error("the header says {0:?}, which is not taken")]
    Header(String),
    /// A claim that names a person, a session or a moment.
    #[error("{0:?} points to a person or a session; a token speaks of an object and a day")]
    Personal(String),
    /// A claim or label whose value looks like an e-mail address or a time of day.
    #[error("the value of {0:?} looks like an e-mail address or a time of day")]
    PersonalValue(String),
    /// A claim that is not on the list.
    #[error("{0:?} is not a claim of a context token")]
    Unknown(String),
    /// A claim that has to be there.
    #[error("{0:?} is missing")]
    Missing(&'static str),
    /// More than [`CLAIM_CHARS`] characters, or more labels than [`LABELS`].
    #[error("{0:?} is too long")]
    ClaimTooLong(String),
    /// Not the start of a day in UTC.
    #[error("{0:?} is finer than the day: it must be a multiple of 86400")]
    FinerThanDay(&'static str),
    /// Holds for more than [`DAYS`] days, or ends before it begins.
    #[error("the token must end 1 or {DAYS} days after the day it was made")]
    Term,
    /// Made for another channel.
    #[error("the token is for another channel")]
    Audience,
    /// Its day is over.
    #[error("the token has expired")]
    Expired,
    /// Its day has not begun.
    #[error("the token is of a day to come")]
    NotYet,
}

vocabulary! {
    /// How a token is signed.
    TokenAlgorithm {
        EdDsa = "EdDSA",
        Es256 = "ES256",
    }
}

vocabulary! {
    /// What a claim is, for the sentence that explains it.
    ClaimKind {
        /// Who vouches: the product's address or name.
        Issuer = "issuer",
        /// What kind of object.
        ObjectType = "object_type",
        /// Which object.
        Object = "object",
        /// The customer's workspace.
        Workspace = "workspace",
        /// The day on which the token was made.
        Day = "day",
        /// More about the object; its name stands beside.
        Label = "label",
    }
}

/// A claim as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it is.
    pub kind: ClaimKind,
    /// Name of a label; empty for the others.
    pub name: String,
    /// What the token says; hostile text as any.
    pub value: String,
}

/// A token whose claims are on the list. Its signature has not been looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextToken {
    /// How it is signed.
    pub algorithm: TokenAlgorithm,
    /// Which key signed it; empty if it does not say.
    pub key_id: String,
    /// The bytes that are signed.
    pub signed: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// Who vouches.
    pub issuer: String,
    /// What kind of object.
    pub subject_type: String,
    /// Which object.
    pub subject_id: String,
    /// The customer's workspace; may be empty.
    pub tenant: String,
    /// More about the object, by name.
    pub labels: Vec<(String, String)>,
    /// The start of the day on which it was made.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl ContextToken {
    /// Reads a token for a channel, as of `now` (a form takes its clock, a reader the hour of the report).
    ///
    /// # Errors
    /// [`TokenFault`] says why it is refused; nothing of a refused token may be sent.
    pub fn read(token: &str, channel: &ChannelId, now: Timestamp) -> Result<Self, TokenFault> {
        let token = Self::parse(token, channel)?;
        token.is_of(now).map(|()| token)
    }

    /// Whether its day has begun and is not over.
    ///
    /// # Errors
    /// [`TokenFault::Expired`], [`TokenFault::NotYet`].
    pub fn is_of(&self, now: Timestamp) -> Result<(), TokenFault> {
        if now >= self.expires_at {
            return Err(TokenFault::Expired);
        }
        if now < self.issued_at {
            return Err(TokenFault::NotYet);
        }
        Ok(())
    }

    /// The same at any time: what a reader shows of a token that has ended.
    ///
    /// # Errors
    /// As [`Self::read`], but for the time.
    pub fn parse(token: &str, channel: &ChannelId) -> Result<Self, TokenFault> {
        if token.len() > TOKEN_BYTES {
            return Err(TokenFault::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed("it has not three parts"))?;
        let (header, payload) = signed.split_once('.').ok_or(TokenFault::Malformed("it has not three parts"))?;
        let (algorithm, key_id) = read_header(&members(header)?)?;
        let claims = members(payload)?;
        let mut token = Self {
            algorithm,
            key_id,
            signed: signed.to_owned(),
            signature: decode(signature)?,
            issuer: String::new(),
            subject_type: String::new(),
            subject_id: String::new(),
            tenant: String::new(),
            labels: Vec::new(),
            issued_at: Timestamp(0),
            expires_at: Timestamp(0),
        };
        let mut audience = None;
        let (mut issued, mut expires) = (None, None);
        for (name, value) in claims {
            match (name.as_str(), value) {
                ("iss", Value::Text(text)) => token.issuer = clean("iss", text)?,
                ("aud", Value::Text(text)) => audience = Some(text),
                ("subject_type", Value::Text(text)) => token.subject_type = clean("subject_type", text)?,
                ("subject_id", Value::Text(text)) => token.subject_id = clean("subject_id", text)?,
                ("tenant", Value::Text(text)) => token.tenant = clean("tenant", text)?,
                ("labels", Value::Members(labels)) => token.labels = read_labels(labels)?,
                ("iat", Value::Number(at)) => issued = Some(day("iat", at)?),
                ("exp", Value::Number(at)) => expires = Some(day("exp", at)?),
                ("iss" | "aud" | "subject_type" | "subject_id" | "tenant" | "labels" | "iat" | "exp", _) => {
                    return Err(TokenFault::Malformed("a claim is of another type"));
                }
                (other, _) if PERSONAL.contains(&other) => return Err(TokenFault::Personal(name)),
                _ => return Err(TokenFault::Unknown(name)),
            }
        }
        for (name, there) in [
            ("iss", !token.issuer.is_empty()),
            ("aud", audience.is_some()),
            ("subject_type", !token.subject_type.is_empty()),
            ("subject_id", !token.subject_id.is_empty()),
        ] {
            if !there {
                return Err(TokenFault::Missing(name));
            }
        }
        token.issued_at = issued.ok_or(TokenFault::Missing("iat"))?;
        token.expires_at = expires.ok_or(TokenFault::Missing("exp"))?;
        if audience.as_deref() != Some(channel.as_str()) {
            return Err(TokenFault::Audience);
        }
        let term = token.expires_at.0.saturating_sub(token.issued_at.0) / Timestamp::DAY;
        if term == 0 || term > DAYS {
            return Err(TokenFault::Term);
        }
        Ok(token)
    }

    /// What the token says, in the order in which it is shown. The channel is left out: the person is in it.
    pub fn claims(&self) -> Vec<Claim> {
        let mut claims = Vec::new();
        let mut add = |kind, name: &str, value: String| {
            if !value.is_empty() {
                claims.push(Claim { kind, name: name.to_owned(), value });
            }
        };
        add(ClaimKind::Issuer, "", self.issuer.clone());
        add(ClaimKind::ObjectType, "", self.subject_type.clone());
        add(ClaimKind::Object, "", self.subject_id.clone());
        add(ClaimKind::Workspace, "", self.tenant.clone());
        add(ClaimKind::Day, "", crate::text::Moment::day_of(self.issued_at).as_str().to_owned());
        for (name, value) in &self.labels {
            add(ClaimKind::Label, name, value.clone());
        }
        claims
    }
}

fn read_header(members: &[(String, Value)]) -> Result<(TokenAlgorithm, String), TokenFault> {
    let (mut algorithm, mut key_id) = (None, String::new());
    for (name, value) in members {
        match (name.as_str(), value) {
            ("alg", Value::Text(text)) => {
                algorithm = Some(text.parse().map_err(|_| TokenFault::Algorithm(text.clone()))?);
            }
            ("kid", Value::Text(text)) => key_id = clean("kid", text.clone())?,
            ("typ", Value::Text(text)) if text.eq_ignore_ascii_case("JWT") => {}
            _ => return Err(TokenFault::Header(name.clone())),
        }
    }
    Ok((algorithm.ok_or(TokenFault::Missing("alg"))?, key_id))
}

fn read_labels(members: Vec<(String, Value)>) -> Result<Vec<(String, String)>, TokenFault> {
    if members.len() > LABELS {
        return Err(TokenFault::ClaimTooLong("labels".to_owned()));
    }
    let mut labels = Vec::new();
    for (name, value) in members {
        if PERSONAL.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(TokenFault::Personal(name));
        }
        let Value::Text(text) = value else { return Err(TokenFault::Malformed("a label is no text")) };
        let text = clean(&name, text)?;
        labels.push((clean("labels", name)?, text));
    }
    Ok(labels)
}

/// The text, unless it is too long or could name a person or a moment.
fn clean(name: &str, text: String) -> Result<String, TokenFault> {
    if text.chars().count() > CLAIM_CHARS {
        return Err(TokenFault::ClaimTooLong(name.to_owned()));
    }
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    // 14:05 anywhere, or the hour of 2026-11-22T14.
    let clock = (0..bytes.len()).any(|at| match bytes[at] {
        b':' => at > 1 && digit(at - 1) && digit(at - 2) && digit(at + 1) && digit(at + 2),
        b'T' | b't' => at > 1 && digit(at - 1) && digit(at - 2) && digit(at + 1) && digit(at + 2),
        _ => false,
    });
    let mail = text.split_once('@').is_some_and(|(before, after)| !before.trim().is_empty() && after.contains('.'));
    if clock || mail { Err(TokenFault::PersonalValue(name.to_owned())) } else { Ok(text) }
}

fn day(name: &'static str, at: u64) -> Result<Timestamp, TokenFault> {
    if at.is_multiple_of(Timestamp::DAY) { Ok(Timestamp(at)) } else { Err(TokenFault::FinerThanDay(name)) }
}

fn decode(part: &str) -> Result<Vec<u8>, TokenFault> {
    data_encoding::BASE64URL_NOPAD
        .decode(part.as_bytes())
        .map_err(|_| TokenFault::Malformed("a part is not base64url without padding"))
}

enum Value {
    Text(String),
    Number(u64),
    Members(Vec<(String, Value)>),
}

/// The members of a part that is one JSON object, each name once.
fn members(part: &str) -> Result<Vec<(String, Value)>, TokenFault> {
    let bytes = decode(part)?;
    let text = str::from_utf8(&bytes).map_err(|_| TokenFault::Malformed("it is not UTF-8"))?;
    let mut reader = Reader { left: text };
    let members = reader.object(1)?;
    reader.space();
    if reader.left.is_empty() { Ok(members) } else { Err(TokenFault::Malformed("something follows the JSON")) }
}

struct Reader<'a> {
    left: &'a str,
}

const NOT_JSON: TokenFault = TokenFault::Malformed("it is not JSON of texts and whole numbers");

impl Reader<'_> {
    fn space(&mut self) {
        self.left = self.left.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, want: char) -> bool {
        self.space();
        let rest = self.left.strip_prefix(want);
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }

    fn object(&mut self, deeper: u32) -> Result<Vec<(String, Value)>, TokenFault> {
        let mut members: Vec<(String, Value)> = Vec::new();
        if !self.take('{') {
            return Err(NOT_JSON);
        }
        if self.take('}') {
            return Ok(members);
        }
        loop {
            let name = self.string()?;
            if members.iter().any(|(other, _)| *other == name) {
                return Err(TokenFault::Malformed("a name stands twice"));
            }
            if !self.take(':') {
                return Err(NOT_JSON);
            }
            let value = self.value(deeper)?;
            members.push((name, value));
            if self.take('}') {
                return Ok(members);
            }
            if !self.take(',') {
                return Err(NOT_JSON);
            }
        }
    }

    fn value(&mut self, deeper: u32) -> Result<Value, TokenFault> {
        self.space();
        match self.left.as_bytes().first() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') if deeper > 0 => self.object(deeper - 1).map(Value::Members),
            Some(b'0'..=b'9') => {
                let end = self.left.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.left.len());
                let (digits, rest) = self.left.split_at(end);
                let leading = digits.len() > 1 && digits.starts_with('0');
                if leading || rest.starts_with(['.', 'e', 'E']) {
                    return Err(NOT_JSON);
                }
                self.left = rest;
                digits.parse().map(Value::Number).map_err(|_| NOT_JSON)
            }
            _ => Err(NOT_JSON),
        }
    }

    fn string(&mut self) -> Result<String, TokenFault> {
        if !self.take('"') {
            return Err(NOT_JSON);
        }
        let mut text = String::new();
        let mut chars = self.left.chars();
        loop {
            match chars.next().ok_or(NOT_JSON)? {
                '"' => break,
                '\\' => text.push(match chars.next().ok_or(NOT_JSON)? {
                    plain @ ('"' | '\\' | '/') => plain,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let first = unit(&mut chars)?;
                        let code = if (0xD800..0xDC00).contains(&first) {
                            let second = match (chars.next(), chars.next()) {
                                (Some('\\'), Some('u')) => unit(&mut chars)?,
                                _ => return Err(NOT_JSON),
                            };
                            if !(0xDC00..0xE000).contains(&second) {
                                return Err(NOT_JSON);
                            }
                            0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                        } else {
                            first
                        };
                        char::from_u32(code).ok_or(NOT_JSON)?
                    }
                    _ => return Err(NOT_JSON),
                }),
                control if control < ' ' => return Err(NOT_JSON),
                plain => text.push(plain),
            }
        }
        self.left = chars.as_str();
        Ok(text)
    }
}

/// Four hexadecimal digits.
fn unit(chars: &mut std::str::Chars<'_>) -> Result<u32, TokenFault> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + chars.next().and_then(|digit| digit.to_digit(16)).ok_or(NOT_JSON)?;
    }
    Ok(unit)
}

#[cfg(test)]
#[path = "context_token_tests.rs"]
mod tests;
