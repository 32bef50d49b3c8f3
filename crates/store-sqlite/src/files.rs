//! The two folders beside the database. A file or a name counts only once it is synced: bytes by the file's own sync, a new
//! name by the sync of its folder (fsync(2): "Calling fsync() does not necessarily ensure that the entry in the directory
//! containing the file has also reached disk").

#![allow(clippy::disallowed_methods, reason = "these are the files of the store")]

use std::fs::{self, DirBuilder, File, FileTimes, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use recourse_domain::ids::{Digest, UploadId};
use sha2::{Digest as _, Sha256};

/// Bytes read at a time.
const BUFFER: usize = 256 << 10;

/// `uploads/` and `blobs/`.
#[derive(Debug)]
pub(crate) struct Files {
    uploads: PathBuf,
    blobs: PathBuf,
}

impl Files {
    /// Makes the folders where they are missing.
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let files = Self { uploads: data.join("uploads"), blobs: data.join("blobs") };
        private_folder(&files.uploads)?;
        private_folder(&files.blobs)?;
        Ok(files)
    }

    /// Makes the empty file of a new upload. `AlreadyExists` if there is one.
    pub(crate) fn create(&self, upload: &UploadId) -> io::Result<()> {
        let file = private_file(OpenOptions::new().write(true).create_new(true), &self.upload_path(upload))?;
        forget_times(&file)?;
        file.sync_all()?;
        sync_folder(&self.uploads)
    }

    /// Writes a chunk at `offset`, which is where the database says that the upload stands, and syncs it. What lies behind is
    /// the tail of a chunk that was never acknowledged, and goes.
    pub(crate) fn append(&self, upload: &UploadId, offset: u64, chunk: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(self.upload_path(upload))?;
        let length = file.metadata()?.len();
        if length > offset {
            file.set_len(offset)?;
        }
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(chunk)?;
        forget_times(&file)?;
        file.sync_all()
    }

    /// SHA-256 of the whole upload and its length.
    pub(crate) fn hash(&self, upload: &UploadId) -> io::Result<(Digest, u64)> {
        let mut file = File::open(self.upload_path(upload))?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; BUFFER];
        let mut length = 0;
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok((Digest::new(hasher.finalize().into()), length)),
                read => {
                    hasher.update(&buffer[..read]);
                    length += read as u64;
                }
            }
        }
    }

    /// Cuts an upload to what the database says; `false` if the file is missing or shorter.
    pub(crate) fn cut(&self, upload: &UploadId, offset: u64) -> io::Result<bool> {
        let file = match OpenOptions::new().write(true).open(self.upload_path(upload)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let length = file.metadata()?.len();
        if length > offset {
            file.set_len(offset)?;
            file.sync_all()?;
        }
        Ok(length >= offset)
    }

    /// Deletes an upload's file, if there is one. Not synced: a file that comes back is swept at the next start.
    pub(crate) fn delete(&self, upload: &UploadId) -> io::Result<()> {
        absent_is_fine(fs::remove_file(self.upload_path(upload)))
    }

    /// Gives a finished upload a second name in `blobs/`, so that until the commit it can still be the upload that it was, and
    /// syncs the file. The name is synced by [`Files::sync_blobs`]. Answers the name, which is new even when an earlier attempt
    /// left one behind.
    pub(crate) fn link_blob(&self, upload: &UploadId, size: u64) -> io::Result<String> {
        let from = self.upload_path(upload);
        for attempt in 0_u32.. {
            let name = if attempt == 0 { upload.to_string() } else { format!("{upload}-{attempt}") };
            let path = self.blobs.join(&name);
            match fs::hard_link(&from, &path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
                Ok(()) => {}
            }
            let synced = File::open(&path).and_then(|file| {
                file.sync_all()?;
                Ok(file.metadata()?.len())
            });
            return match synced {
                Ok(length) if length == size => Ok(name),
                Ok(_) => self.abandon_blob(
                    &name,
                    io::Error::other("an upload's file has another length than the database says"),
                ),
                Err(error) => self.abandon_blob(&name, error),
            };
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn abandon_blob(&self, name: &str, error: io::Error) -> io::Result<String> {
        self.delete_blob(name)?;
        Err(error)
    }

    /// Syncs the names in `blobs/`.
    pub(crate) fn sync_blobs(&self) -> io::Result<()> {
        sync_folder(&self.blobs)
    }

    /// Deletes a blob that no case has.
    pub(crate) fn delete_blob(&self, name: &str) -> io::Result<()> {
        absent_is_fine(fs::remove_file(self.blobs.join(name)))
    }

    /// Opens a blob at an offset.
    pub(crate) fn open_blob(&self, name: &str, offset: u64) -> io::Result<File> {
        let mut file = File::open(self.blobs.join(name))?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(file)
    }

    /// Deletes the files of both folders that the database does not know; says how many.
    pub(crate) fn sweep(
        &self,
        knows_upload: impl Fn(&str) -> bool,
        knows_blob: impl Fn(&str) -> bool,
    ) -> io::Result<u64> {
        Ok(sweep_folder(&self.uploads, knows_upload)? + sweep_folder(&self.blobs, knows_blob)?)
    }

    fn upload_path(&self, upload: &UploadId) -> PathBuf {
        self.uploads.join(upload.to_string())
    }
}

fn sweep_folder(folder: &Path, knows: impl Fn(&str) -> bool) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(&knows) {
            absent_is_fine(fs::remove_file(entry.path()))?;
            swept += 1;
        }
    }
    if swept > 0 {
        sync_folder(folder)?;
    }
    Ok(swept)
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// A file's times would say to the second when a reporter sent it. (The inode's change time cannot be set; README.)
fn forget_times(file: &File) -> io::Result<()> {
    file.set_times(FileTimes::new().set_accessed(SystemTime::UNIX_EPOCH).set_modified(SystemTime::UNIX_EPOCH))
}

/// Makes a folder that only its owner can enter, or makes an existing one so, and syncs its name.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            #[cfg(unix)]
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        }
        result => result?,
    }
    // Synced even if it was there: whoever made it may have been stopped before the sync.
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => sync_folder(Path::new(".")),
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// Opens a file that only its owner can read.
pub(crate) fn private_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Syncs the names in a folder.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path; // Windows has no sync of a folder: NTFS journals names.
    Ok(())
}
