//! A record that is kept and not sent: report, contact details and files in one age file on the person's own device, sealed to a code of
//! its own. No server, no reader group and no receipt can open it.
//!
//! Inside is one line of JSON, [`RecordHead`], and after it the bytes of the files, one after the other, as long as the line says.

use rand_core::CryptoRng;
use recourse_domain::content::Contact;
use recourse_domain::draft::ReportDraft;
use recourse_domain::ids::ChannelId;
use recourse_domain::time::Timestamp;
use recourse_seal::file::{self, SealWriter};
use recourse_seal::receipt::Receipt;
use recourse_wire::engine::{Failure, Outgoing, OutgoingFile};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use zeroize::Zeroizing;

use crate::outbox::Source;

/// The version of a record.
pub const RECORD_VERSION: &str = "recourse.record/1";
/// The audience of a record's code: of the four that a code can have the one that no report uses.
const AUDIENCE: u8 = 3;
/// Bytes that are read of a file at once.
const PIECE: u64 = 1 << 20;

/// The first line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordHead {
    /// [`RECORD_VERSION`].
    pub version: String,
    /// The channel whose form was used.
    pub channel: ChannelId,
    /// BCP 47 tag of the language that the form was used in.
    pub language: String,
    /// The start of the day on which it was made.
    pub day: Timestamp,
    /// What the person wrote and chose.
    pub draft: ReportDraft,
    /// How to reach them; may be empty.
    pub contact: Contact,
    /// The files that follow, in order.
    pub files: Vec<OutgoingFile>,
}

/// A record that was opened.
#[derive(Debug)]
pub struct Record {
    /// Its first line.
    pub head: RecordHead,
    /// The files, in the order of the line.
    pub files: Vec<Vec<u8>>,
}

/// Why a record does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenRecordError {
    /// The code has a slip.
    #[error("{0}")]
    Code(recourse_seal::receipt::ReceiptError),
    /// The code of a report, which opens no record.
    #[error("this is the code of a report that was sent; it opens no record")]
    OfReport,
    /// Another code, or a damaged file.
    #[error("the file cannot be opened with this code: the code is another file's, or the file is damaged")]
    Sealed,
    /// What was opened is no record of this version.
    #[error("this is not a record of version {RECORD_VERSION}")]
    Shape,
}

/// A code for a record that is not sealed yet.
pub fn new_code(rng: &mut impl CryptoRng) -> Receipt {
    Receipt::generate(rng).with_audience(AUDIENCE)
}

/// The code of a record, as typed.
///
/// # Errors
/// [`OpenRecordError::Code`] and [`OpenRecordError::OfReport`].
pub fn parse_code(code: &str) -> Result<Receipt, OpenRecordError> {
    let code: Receipt = code.parse().map_err(OpenRecordError::Code)?;
    if code.audience() == AUDIENCE { Ok(code) } else { Err(OpenRecordError::OfReport) }
}

/// Seals a record; gives its code and the file. `files` stand in the order of `outgoing.files`.
///
/// # Errors
/// [`Failure::File`] where one cannot be read.
pub async fn seal<S: Source>(
    rng: &mut impl CryptoRng,
    channel: &ChannelId,
    outgoing: &Outgoing,
    files: &[S],
) -> Result<(Zeroizing<String>, Vec<u8>), Failure> {
    let code = new_code(rng);
    let sealed = seal_to(rng, &code, channel, outgoing, files).await?;
    Ok((code.to_text(), sealed))
}

/// Seals a record to a code that its owner has already.
///
/// # Errors
/// As [`seal`].
pub async fn seal_to<S: Source>(
    rng: &mut impl CryptoRng,
    code: &Receipt,
    channel: &ChannelId,
    outgoing: &Outgoing,
    files: &[S],
) -> Result<Vec<u8>, Failure> {
    if files.len() != outgoing.files.len() {
        return Err(Failure::Unexpected);
    }
    let recipient = code.record_identity().to_recipient();
    let mut listed = outgoing.files.clone();
    for (file, source) in listed.iter_mut().zip(files) {
        file.size = source.length();
    }
    let head = RecordHead {
        version: RECORD_VERSION.to_owned(),
        channel: channel.clone(),
        language: outgoing.language.clone(),
        day: Timestamp(outgoing.now.0 - outgoing.now.0 % Timestamp::DAY),
        draft: outgoing.draft.clone(),
        contact: outgoing.contact.clone(),
        files: listed,
    };
    let line = Zeroizing::new(serde_json::to_vec(&head).map_err(|_| Failure::Unexpected)?);
    let mut writer = SealWriter::new(rng, &[recipient], Vec::new()).map_err(|_| Failure::Unexpected)?;
    let mut write = |bytes: &[u8]| writer.write_all(bytes).map_err(|_| Failure::Unexpected);
    write(&line)?;
    write(b"\n")?;
    for (file, source) in outgoing.files.iter().zip(files) {
        let (mut done, length) = (0, source.length());
        while done < length {
            let size = (length - done).min(PIECE);
            let piece = source.read(done, size).await.map_err(|_| Failure::File { file: file.id })?;
            write(&piece)?;
            done += size;
        }
    }
    writer.finish().map_err(|_| Failure::Unexpected)
}

/// Opens a record with its code.
///
/// # Errors
/// See [`OpenRecordError`].
pub fn open(code: &str, sealed: &[u8]) -> Result<Record, OpenRecordError> {
    let code = parse_code(code)?;
    let plain = file::open([code.record_identity()], sealed).map_err(|_| OpenRecordError::Sealed)?;
    let plain = Zeroizing::new(plain);
    let end = plain.iter().position(|byte| *byte == b'\n').ok_or(OpenRecordError::Shape)?;
    let head: RecordHead = serde_json::from_slice(&plain[..end]).map_err(|_| OpenRecordError::Shape)?;
    if head.version != RECORD_VERSION {
        return Err(OpenRecordError::Shape);
    }
    let mut rest = &plain[end + 1..];
    let mut files = Vec::new();
    for file in &head.files {
        let size = usize::try_from(file.size).map_err(|_| OpenRecordError::Shape)?;
        let (content, after) = rest.split_at_checked(size).ok_or(OpenRecordError::Shape)?;
        files.push(content.to_vec());
        rest = after;
    }
    if rest.is_empty() { Ok(Record { head, files }) } else { Err(OpenRecordError::Shape) }
}
