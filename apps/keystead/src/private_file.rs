//! Small files that only their owner may read: the root key, the development credentials, the exports.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use keystead_crypto::SecretBytes;

/// Makes a file that was not there, mode 0600. Durable, name included, on return.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if something has that name, be it a dangling link.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_synced(path, bytes)?;
    sync_folder_of(path)
}

/// Puts a file of mode 0600 in the place of whatever has that name, at once and whole. Durable on return.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(path)?;
    write_synced(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .inspect_err(|_| drop(fs::remove_file(&beside)))?;
    sync_folder_of(path)
}

/// Reads a file of at most `bytes_max` bytes that nobody but its reader may read.
///
/// Group read is let pass only where the file belongs to somebody else: that is how service managers and
/// cluster secrets hand a file to an unprivileged process.
pub fn read(path: &Path, bytes_max: usize) -> Result<SecretBytes, ReadError> {
    let failed = |source| ReadError::Io { path: path.into(), source };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile { path: path.into() });
    }
    let handed_in = metadata.uid() != rustix::process::geteuid().as_raw();
    let forbidden = if handed_in { 0o037 } else { 0o077 };
    let mode = metadata.mode() & 0o777;
    if mode & forbidden != 0 {
        return Err(ReadError::Exposed { path: path.into(), mode });
    }
    let mut bytes = Vec::with_capacity(bytes_max + 1);
    file.take(bytes_max as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let bytes = SecretBytes::new(bytes);
    match bytes.len() <= bytes_max {
        true => Ok(bytes),
        false => Err(ReadError::TooLong { path: path.into(), bytes_max }),
    }
}

/// Why a private file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The operating system said no.
    #[error("cannot read {} ({source})", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A folder, a device, a pipe.
    #[error("{} is not a plain file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Others may read or write it.
    #[error(
        "{} may be read or written by other users (mode {mode:04o}); whoever had access may have copied it. \
         If nobody did, run `chmod 600 {}`",
        path.display(), path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Longer than any file of its kind.
    #[error("{} is longer than {bytes_max} bytes: it is not the file expected here", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The most that is read.
        bytes_max: usize,
    },
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name in the same folder that no other process uses.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.part", std::process::id()));
    let hidden = path.with_file_name(hidden);
    // What a process of the same number left behind when it was killed.
    match fs::remove_file(&hidden) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(hidden),
    }
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("metadata").mode() & 0o777
    }

    #[test]
    fn a_file_is_made_once_and_replaced_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        create(&path, b"one").expect("make");
        assert_eq!(create(&path, b"two").expect_err("there").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path, 3).expect("read").expose(), b"one");
        replace(&path, b"three").expect("replace");
        assert_eq!(mode(&path), 0o600);
        assert!(matches!(read(&path, 4), Err(ReadError::TooLong { .. })));
        assert_eq!(read(&path, 5).expect("read").expose(), b"three");
        assert_eq!(folder.path().read_dir().expect("list").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_dangling_link_is_not_written_through() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        symlink(folder.path().join("elsewhere"), &path).expect("link");
        assert!(create(&path, b"one").is_err());
        assert!(!folder.path().join("elsewhere").exists());
    }

    #[test]
    fn a_file_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        create(&path, b"one").expect("make");
        for open in [0o604, 0o640, 0o620, 0o602] {
            fs::set_permissions(&path, PermissionsExt::from_mode(open)).expect("chmod");
            let error = read(&path, 9).err().expect("refused");
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        assert!(matches!(read(folder.path(), 9), Err(ReadError::NotAFile { .. })));
    }
}
