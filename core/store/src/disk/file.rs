//! A folder of the real file system, held by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keystead_model::world::{Disk, DiskFile};
use rustix::fs::OFlags;

use super::{LOCK_NAME, check_name};

/// A folder, locked for as long as the disk or any file opened through it lives.
///
/// The folder is made with mode 0700 and files with mode 0600. Symbolic links under a file's name are not
/// followed. Once a sync of an open file has failed, every later sync through that open file fails too: the
/// kernel may have dropped the bytes, and a second sync that "succeeds" would hide it.
#[derive(Debug)]
pub struct FileDisk {
    dir: PathBuf,
    names: File,
    lock: Arc<File>,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Another opener holds the lock.
    #[error(
        "{} is in use by another Keystead; stop that one, or choose another data folder", dir.display()
    )]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// Group or others may write to the folder, so they could put files of their own in place of ours.
    #[error(
        "{} may be written to by other users (mode {mode:04o}); run `chmod go-w {}`, or name a folder inside it, which is then made for this user only",
        dir.display(),
        dir.display()
    )]
    Exposed {
        /// The folder.
        dir: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The path is there and is not a folder.
    #[error("{} is not a folder; choose another data folder", dir.display())]
    NotAFolder {
        /// The path.
        dir: PathBuf,
    },
    /// The folder or its lock cannot be made or opened.
    #[error("the data folder {} cannot be used ({source}); check that it exists and that this user may write to it", dir.display())]
    Io {
        /// The folder.
        dir: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl FileDisk {
    /// Opens a folder, making it (and its parents) if it is not there, and locks it.
    ///
    /// # Errors
    /// [`DiskError::InUse`] while another opener, in this process or another, holds it; the others as named.
    pub fn open(dir: &Path) -> Result<FileDisk, DiskError> {
        let failed = |source| DiskError::Io { dir: dir.to_path_buf(), source };
        make_folder(dir).map_err(failed)?;
        let names = File::open(dir).map_err(failed)?;
        let metadata = names.metadata().map_err(failed)?;
        if !metadata.is_dir() {
            return Err(DiskError::NotAFolder { dir: dir.to_path_buf() });
        }
        let mode = metadata.mode() & 0o7777;
        if mode & 0o022 != 0 {
            return Err(DiskError::Exposed { dir: dir.to_path_buf(), mode });
        }
        let lock = private().open(dir.join(LOCK_NAME)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(FileDisk { dir: dir.to_path_buf(), names, lock: Arc::new(lock) }),
            Err(TryLockError::WouldBlock) => Err(DiskError::InUse { dir: dir.to_path_buf() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

/// Makes the folder, and makes its name durable in its parent.
fn make_folder(dir: &Path) -> io::Result<()> {
    if dir.exists() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    match dir.canonicalize()?.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// Read and write, made if absent, for this user only, no symbolic link followed.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options
}

impl Disk for FileDisk {
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        check_name(name)?;
        let file = private().open(self.dir.join(name))?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is not a plain file")));
        }
        Ok(Arc::new(RealFile { file, sync_failed: AtomicBool::new(false), _lock: Arc::clone(&self.lock) }))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in self.dir.read_dir()? {
            let entry = entry?;
            // A name that is not UTF-8 was not made through a disk.
            let Ok(name) = entry.file_name().into_string() else { continue };
            if entry.file_type()?.is_file() && name != LOCK_NAME {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        check_name(name)?;
        std::fs::remove_file(self.dir.join(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        check_name(from)?;
        check_name(to)?;
        std::fs::rename(self.dir.join(from), self.dir.join(to))
    }

    fn sync_names(&self) -> io::Result<()> {
        self.names.sync_all()
    }
}

struct RealFile {
    file: File,
    sync_failed: AtomicBool,
    _lock: Arc<File>,
}

impl DiskFile for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(out, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        if self.sync_failed.load(Ordering::Acquire) {
            return Err(io::Error::other(
                "an earlier sync of this file failed; open it again to see what is on disk",
            ));
        }
        self.file.sync_data().inspect_err(|_| self.sync_failed.store(true, Ordering::Release))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_folder_has_one_opener_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = FileDisk::open(folder.path()).expect("open");
        let file = first.open("a").expect("open a file");
        assert!(matches!(FileDisk::open(folder.path()), Err(DiskError::InUse { .. })));
        drop(first);
        let error = FileDisk::open(folder.path()).expect_err("an open file keeps the lock");
        assert!(error.to_string().contains("stop that one"), "{error}");
        drop(file);
        FileDisk::open(folder.path()).expect("free again");
    }

    #[test]
    fn folder_and_files_are_for_this_user_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("x/y");
        let disk = FileDisk::open(&dir).expect("open");
        disk.open("a").expect("open a file");
        let mode = |path: &Path| path.metadata().expect("metadata").mode() & 0o777;
        assert_eq!(mode(&dir), 0o700);
        assert_eq!(mode(&dir.join("a")), 0o600);
        assert_eq!(mode(&dir.join(LOCK_NAME)), 0o600);
    }

    #[test]
    fn a_folder_others_may_write_to_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o770)).expect("chmod");
        assert!(matches!(FileDisk::open(folder.path()), Err(DiskError::Exposed { mode: 0o770, .. })));
    }

    #[test]
    fn a_plain_file_is_no_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plain");
        std::fs::write(&path, b"").expect("write");
        assert!(matches!(FileDisk::open(&path), Err(DiskError::NotAFolder { .. })));
    }

    #[test]
    fn a_symbolic_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = tempfile::NamedTempFile::new().expect("a file");
        let disk = FileDisk::open(folder.path()).expect("open");
        symlink(elsewhere.path(), folder.path().join("a")).expect("symlink");
        assert!(disk.open("a").is_err());
    }
}
