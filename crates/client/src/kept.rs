//! A report that was sealed and is sent later, by a page that knows neither its content nor its receipt.
//!
//! What lies on the device meanwhile is a *letter* and beside it the sealed files, one after the other. The letter is JSON:
//!
//! - the request as it will be posted – sealed bodies, the reporter's signature, the hash of the access token, the commitment –, which is
//!   what the server will keep, and the upload tokens once its files are uploaded;
//! - size and hash of each sealed file;
//! - the signed manifest that it was made under, because the acknowledgement is checked against that one;
//! - the nonce of the commitment, for the acknowledgement file. It opens the commitment only together with the content, in which stand
//!   the reporter's key and reply recipient: nobody who lacks the receipt can even test a guess of the text.
//!
//! **The receipt is not in it**, nor lookup id, access token, reply identity or the reporter's signing key: the signature is made before,
//! and an acknowledgement is checked with public things alone. So whoever finds a letter can send it, hold it back or delete it, and see
//! its case id, its padded sizes and for whom it is; they can neither read it nor come back to it.

use rand_core::CryptoRng;
use recourse_domain::event::BlobRef;
use recourse_domain::ids::CaseId;
use recourse_domain::time::Timestamp;
use recourse_seal::kem::Recipient;
use recourse_seal::receipt::Receipt;
use recourse_wire::engine::{Failure, Progress};
use recourse_wire::problem::ProblemKind;
use recourse_wire::reporter::{BlobClaim, CreateReport, SignedEnvelope};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use zeroize::Zeroizing;

use crate::manifest::{self, CheckedManifest};
use crate::outbox::Source;
use crate::patience::Patient;
use crate::post::Prepared;
use crate::transport::Transport;
use crate::upload::FileUpload;

pub use crate::post::Recorded;

/// Of a letter; one of another version is refused.
const VERSION: u32 = 1;

/// A report that was sealed for later.
#[derive(Debug)]
pub struct Kept {
    /// The receipt code, for the person alone: nothing else of this may be stored with it.
    pub receipt: Zeroizing<String>,
    /// What is stored.
    pub letter: String,
    /// Its case.
    pub case: CaseId,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Letter {
    version: u32,
    manifest: SignedEnvelope,
    /// A [`CreateReport`] as text. Once its uploads are claimed these are the bytes that are posted, and posted again.
    request: String,
    files: Vec<BlobRef>,
    #[serde(with = "recourse_wire::base64")]
    nonce: Vec<u8>,
}

impl Kept {
    pub(crate) fn of(prepared: &Prepared, receipt: &Receipt, nonce: &[u8; 32]) -> Result<Self, Failure> {
        let letter = Letter {
            version: VERSION,
            manifest: prepared.checked.envelope.clone(),
            request: String::from_utf8(prepared.bytes.clone()).map_err(|_| Failure::Unexpected)?,
            files: prepared.header.blobs.clone(),
            nonce: nonce.to_vec(),
        };
        Ok(Self { receipt: receipt.to_text(), letter: letter.to_text()?, case: prepared.header.case })
    }
}

impl Letter {
    fn to_text(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|_| Failure::Unexpected)
    }
}

/// A letter on its way. It goes in two steps, so that whoever stores it can store what the first one came to: [`Self::upload`], then
/// [`Self::post`]. Were the answer to the second lost together with the page, other bytes would be refused for good.
pub struct Waiting {
    letter: Letter,
    request: CreateReport,
    recipient: Recipient,
    checked: CheckedManifest,
    nonce: [u8; 32],
    uploads: Vec<FileUpload>,
}

impl Waiting {
    /// Reads a letter. Its manifest must be signed by the root key of the channel as it is now.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where it is no letter of ours; [`Failure::Manifest`] where its manifest does not hold or has ended.
    pub fn open(letter: &str, current: &CheckedManifest, now: Timestamp) -> Result<Self, Failure> {
        let damaged = || Failure::Damaged;
        let letter: Letter = serde_json::from_str(letter).map_err(|_| damaged())?;
        if letter.version != VERSION {
            return Err(damaged());
        }
        let request: CreateReport = serde_json::from_str(&letter.request).map_err(|_| damaged())?;
        let root = current.root.to_string();
        let checked = manifest::check(&current.manifest.channel, &letter.manifest, Some(&root), None, now)?;
        let claimed = request.blobs.len();
        if request.manifest != checked.digest || (claimed > 0 && claimed != letter.files.len()) {
            return Err(damaged());
        }
        let recipient = request.recipient.parse().map_err(|_| damaged())?;
        let nonce = letter.nonce.as_slice().try_into().map_err(|_| damaged())?;
        Ok(Self { letter, request, recipient, checked, nonce, uploads: Vec::new() })
    }

    /// The one that an earlier call began, where it is the same, as far as it came.
    #[must_use]
    pub fn or_begun(self, begun: Option<Self>) -> Self {
        begun.filter(|begun| begun.request.case == self.request.case).unwrap_or(self)
    }

    /// Uploads the sealed files; `sealed` holds them, one after the other. Gives the letter as it is to be stored before [`Self::post`].
    ///
    /// # Errors
    /// See [`Failure`]. After any of them the same call may be repeated, and goes on where the server stands.
    pub async fn upload<T: Transport, S: Source>(
        &mut self,
        transport: &T,
        rng: &mut impl CryptoRng,
        sealed: &S,
        progress: impl FnMut(Progress),
    ) -> Result<String, Failure> {
        let progress = RefCell::new(progress);
        let transport = &Patient::new(transport, &progress);
        let mut progress = |so_far| (progress.borrow_mut())(so_far);
        if self.request.blobs.len() < self.letter.files.len() {
            let files = &self.letter.files;
            let total = files.iter().map(|file| file.size).sum();
            let mut before = 0;
            let mut claims = Vec::new();
            for (place, file) in files.iter().enumerate() {
                if self.uploads.len() == place {
                    self.uploads.push(FileUpload::of_sealed(rng, &self.recipient, place as u32, (*file, before)));
                }
                let upload = self.uploads.get_mut(place).ok_or(Failure::Unexpected)?;
                let result =
                    upload.run(transport, &self.checked.manifest.channel, sealed, (before, total), &mut progress).await;
                if let Err(Failure::Problem { problem }) = &result {
                    forget_lost(problem.kind(), &mut self.uploads, &mut self.request.blobs);
                }
                result?;
                claims.push(self.uploads.get(place).and_then(FileUpload::claim).ok_or(Failure::Unexpected)?);
                before += file.size;
            }
            self.request.blobs = claims;
            self.letter.request = serde_json::to_string(&self.request).map_err(|_| Failure::Unexpected)?;
        }
        self.letter.to_text()
    }

    /// Posts what was uploaded and checks what the server signed.
    ///
    /// # Errors
    /// See [`Failure`]. After any of them both calls may be repeated.
    pub async fn post<T: Transport>(
        &mut self,
        transport: &T,
        now: Timestamp,
        progress: impl FnMut(Progress),
    ) -> Result<Recorded, Failure> {
        if self.request.blobs.len() < self.letter.files.len() {
            return Err(Failure::OutOfOrder);
        }
        let progress = RefCell::new(progress);
        let transport = &Patient::new(transport, &progress);
        let mut progress = |so_far| (progress.borrow_mut())(so_far);
        let (files, bytes) = (self.letter.files.clone(), self.letter.request.clone().into_bytes());
        let mut prepared = Prepared::new(&self.checked, self.request.clone(), files, bytes);
        let result = prepared.prove_and_post(transport, &mut progress).await;
        if let Err(Failure::Problem { problem }) = &result {
            forget_lost(problem.kind(), &mut self.uploads, &mut self.request.blobs);
        }
        prepared.check(&result?, &self.nonce, now)
    }
}

/// The server does not have the uploads: the next call makes them anew. It has not recorded the report either, since a repetition is
/// answered as the first try was.
fn forget_lost(kind: Option<ProblemKind>, uploads: &mut Vec<FileUpload>, claims: &mut Vec<BlobClaim>) {
    use ProblemKind::*;
    if matches!(kind, Some(UnknownUpload | UploadGone | UploadClaimed | IncompleteUpload | WrongChecksum)) {
        uploads.clear();
        claims.clear();
    }
}
