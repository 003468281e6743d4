//! A result in the making: in the folder of its place, without a name until it is complete.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::interrupt;

/// A file that becomes the result when it is published, and nothing at all when it is dropped before.
///
/// Where the file system can, it has no name until then, so that not even a power cut leaves it behind; elsewhere it
/// has a name of its own, removed on failure and when the command is interrupted.
pub(super) struct Draft {
    file: File,
    /// Its own name, if it needs one.
    named: Option<PathBuf>,
    /// The name it will have.
    to: PathBuf,
    force: bool,
}

impl Draft {
    /// Begins a file, mode 0600.
    pub(super) fn new(to: &Path, force: bool) -> Result<Self> {
        if !force && to.symlink_metadata().is_ok() {
            return Err(exists(to));
        }
        let (file, named) = begin(to).with_context(|| format!("{} cannot be written", to.display()))?;
        Ok(Self { file, named, to: to.to_owned(), force })
    }

    /// Where to write.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Gives the file its mode and its name. Durable, name included, on return; never replaces a file that is
    /// there, however late it came, unless that was asked for.
    pub(super) fn publish(mut self, mode: u32) -> Result<()> {
        let place = || format!("{} cannot be written", self.to.display());
        self.file.set_permissions(Permissions::from_mode(mode)).with_context(place)?;
        self.file.sync_all().with_context(place)?;
        // WHY: no interrupt may come between the last name and the register that knows what to remove.
        let mut register = interrupt::register();
        if self.force && self.named.is_none() {
            let name = beside_name(&self.to).with_context(place)?;
            link(&self.file, &name).with_context(place)?;
            register.push(name.clone());
            self.named = Some(name);
        }
        let outcome = match (&self.named, self.force) {
            (None, _) => link(&self.file, &self.to),
            (Some(named), true) => std::fs::rename(named, &self.to),
            (Some(named), false) => rename_to_nothing(named, &self.to),
        };
        match outcome {
            Ok(()) => {
                register.retain(|path| Some(path) != self.named.as_ref());
                self.named = None;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(exists(&self.to)),
            Err(error) => return Err(error).with_context(place),
        }
        drop(register);
        File::open(folder_of(&self.to)).and_then(|folder| folder.sync_all()).with_context(place)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(named) = self.named.take() {
            // WHY: nothing more can be done; the file is not the result and is readable by its owner only.
            let _ = std::fs::remove_file(&named);
            if let Some(mut register) = interrupt::try_register() {
                register.retain(|path| *path != named);
            }
        }
    }
}

fn exists(to: &Path) -> anyhow::Error {
    anyhow!("{} is there already and is kept; use --force to replace it", to.display())
}

fn begin(to: &Path) -> Result<(File, Option<PathBuf>)> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(folder_of(to), flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => {
            let file = File::from(file);
            if can_be_named(&file) {
                return Ok((file, None));
            }
        }
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOSYS) => {}
        Err(error) => return Err(io::Error::from(error).into()),
    }
    let name = beside_name(to)?;
    let mut register = interrupt::register();
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&name)?;
    register.push(name.clone());
    Ok((file, Some(name)))
}

/// A file without a name gets one through its entry in `/proc`, if that is mounted and can be followed.
fn can_be_named(file: &File) -> bool {
    let same = |own: std::fs::Metadata, entry: std::fs::Metadata| {
        (own.dev(), own.ino()) == (entry.dev(), entry.ino())
    };
    file.metadata().is_ok_and(|own| std::fs::metadata(entry(file)).is_ok_and(|entry| same(own, entry)))
}

fn entry(file: &File) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

fn link(file: &File, to: &Path) -> io::Result<()> {
    Ok(rustix::fs::linkat(CWD, entry(file), CWD, to, AtFlags::SYMLINK_FOLLOW)?)
}

/// Renames unless there is something under the new name.
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS) => {
            std::fs::hard_link(from, to)?;
            std::fs::remove_file(from)
        }
        other => Ok(other?),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name in the same folder that nobody can guess.
fn beside_name(to: &Path) -> Result<PathBuf> {
    let mut dice = [0; 12];
    if aws_lc_rs::rand::fill(&mut dice).is_err() {
        bail!("the system has no random bytes");
    }
    Ok(folder_of(to).join(format!(".keystead-{}", hex::encode(dice))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    /// The way of file systems where a file cannot be without a name.
    fn named(to: &Path, force: bool) -> Draft {
        let name = beside_name(to).expect("dice");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name).expect("a file");
        Draft { file, named: Some(name), to: to.to_owned(), force }
    }

    type Begin = fn(&Path, bool) -> Draft;
    const WAYS: [Begin; 2] = [|to, force| Draft::new(to, force).expect("a draft"), named];

    #[test]
    fn a_draft_has_its_name_when_it_is_published_and_not_before() {
        for begin in WAYS {
            let folder = tempfile::tempdir().expect("a folder");
            let to = folder.path().join("result");
            let draft = begin(&to, false);
            draft.file().write_all(b"text").expect("room");
            assert!(!to.exists());
            draft.publish(0o640).expect("published");
            assert_eq!(std::fs::read(&to).expect("the result"), b"text");
            assert_eq!(to.metadata().expect("facts").mode() & 0o777, 0o640);
            assert_eq!(names(folder.path()), ["result"]);
        }
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_nothing() {
        for begin in WAYS {
            let folder = tempfile::tempdir().expect("a folder");
            drop(begin(&folder.path().join("result"), true));
            assert!(names(folder.path()).is_empty());
        }
    }

    #[test]
    fn a_file_that_came_meanwhile_is_kept() {
        for begin in WAYS {
            let folder = tempfile::tempdir().expect("a folder");
            let to = folder.path().join("result");
            let draft = begin(&to, false);
            std::fs::write(&to, "first").expect("a file");
            assert!(draft.publish(0o600).expect_err("kept").to_string().contains("--force"));
            assert_eq!(std::fs::read(&to).expect("the file"), b"first");
            assert_eq!(names(folder.path()), ["result"]);
            assert!(Draft::new(&to, false).is_err());
        }
    }

    #[test]
    fn force_replaces() {
        for begin in WAYS {
            let folder = tempfile::tempdir().expect("a folder");
            let to = folder.path().join("result");
            std::fs::write(&to, "first").expect("a file");
            let draft = begin(&to, true);
            draft.file().write_all(b"second").expect("room");
            draft.publish(0o600).expect("published");
            assert_eq!(std::fs::read(&to).expect("the file"), b"second");
            assert_eq!(names(folder.path()), ["result"]);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let error = Draft::new(Path::new("/nowhere/at/all"), false).err().expect("refused");
        assert!(format!("{error:#}").contains("/nowhere/at/all"), "{error:#}");
    }
}
