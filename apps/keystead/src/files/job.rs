//! What is to be done: each file and where its result goes, folders unfolded.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// What sealed files are called.
pub(super) const EXTENSION: &str = ".sealed";

/// Which way bytes go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Direction {
    Seal,
    Open,
}

/// Where a file is read or written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    File(PathBuf),
    /// Standard input or standard output.
    Standard,
}

/// One file and where its result goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Job {
    pub from: Place,
    pub to: Place,
    /// Length of the source when it was looked at; 0 if nobody knows.
    pub bytes: u64,
    /// Found in a folder, where links are not followed.
    pub is_found: bool,
}

/// Everything to be done, and what was passed over and has to be said.
#[derive(Default, Debug)]
pub(super) struct Plan {
    pub jobs: Vec<Job>,
    /// Not taken, and why: no failure.
    pub passed_over: Vec<String>,
    /// Could not be looked at: a failure.
    pub failed: Vec<String>,
}

impl Plan {
    pub(super) fn new(direction: Direction, paths: &[PathBuf], output: Option<&Path>) -> Result<Self> {
        if output.is_some() && paths.len() > 1 {
            bail!(
                "-o names one output, but {} inputs are given; leave it out to write beside each",
                paths.len()
            );
        }
        let mut plan = Self::default();
        for path in paths {
            match plan.add(direction, path, output) {
                // With one path, what is wrong with it is what is wrong.
                Err(error) if paths.len() == 1 => return Err(error),
                Err(error) => plan.failed.push(format!("{error:#}")),
                Ok(()) => {}
            }
        }
        Ok(plan)
    }

    fn add(&mut self, direction: Direction, path: &Path, output: Option<&Path>) -> Result<()> {
        if path == Path::new("-") {
            let to = output.map_or(Place::Standard, place);
            self.jobs.push(Job { from: Place::Standard, to, bytes: 0, is_found: false });
            return Ok(());
        }
        let facts = fs::metadata(path).with_context(|| path.display().to_string())?;
        if !facts.is_dir() {
            let to = match output {
                Some(output) => place(output),
                None => Place::File(beside(direction, path)?),
            };
            self.jobs.push(Job { from: Place::File(path.into()), to, bytes: facts.len(), is_found: false });
            return Ok(());
        }
        match output {
            Some(_) => bail!("{} is a folder; leave -o out to write beside each file in it", path.display()),
            None => self.unfold(direction, path),
        }
        Ok(())
    }

    /// Folders in folders, in the order of their names.
    fn unfold(&mut self, direction: Direction, folder: &Path) {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let mut entries = match fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
                Ok(entries) => entries,
                Err(error) => {
                    self.failed.push(format!("{}: {error}", folder.display()));
                    continue;
                }
            };
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in &entries {
                if let Some(folder) = self.add_entry(direction, entry) {
                    folders.push(folder);
                }
            }
        }
    }

    /// Gives the path back if it is a folder.
    fn add_entry(&mut self, direction: Direction, entry: &fs::DirEntry) -> Option<PathBuf> {
        let path = entry.path();
        let facts = match entry.metadata() {
            Ok(facts) => facts,
            Err(error) => {
                self.failed.push(format!("{}: {error}", path.display()));
                return None;
            }
        };
        if facts.is_dir() {
            return Some(path);
        }
        let is_sealed = strip(&path).is_some();
        if facts.is_symlink() {
            self.passed_over.push(format!("{} is a symbolic link and is not followed", path.display()));
        } else if !facts.is_file() {
            self.passed_over.push(format!("{} is no regular file", path.display()));
        } else if direction == Direction::Seal && is_sealed {
            self.passed_over.push(format!("{} is sealed already", path.display()));
        } else if is_sealed == (direction == Direction::Open) {
            match beside(direction, &path) {
                Ok(to) => {
                    let (from, to) = (Place::File(path), Place::File(to));
                    self.jobs.push(Job { from, to, bytes: facts.len(), is_found: true });
                }
                Err(error) => self.failed.push(format!("{error:#}")),
            }
        }
        None
    }
}

fn place(path: &Path) -> Place {
    match path == Path::new("-") {
        true => Place::Standard,
        false => Place::File(path.into()),
    }
}

/// `X` and `X.sealed`.
fn beside(direction: Direction, path: &Path) -> Result<PathBuf> {
    match direction {
        Direction::Seal => {
            let mut name =
                path.file_name().map(OsString::from).with_context(|| path.display().to_string())?;
            name.push(EXTENSION);
            Ok(path.with_file_name(name))
        }
        Direction::Open => strip(path).with_context(|| {
            format!("{} does not end in {EXTENSION}; say with -o where it is to be written", path.display())
        }),
    }
}

/// The path without [`EXTENSION`]; `None` if it does not end so, or if nothing else is in the name.
fn strip(path: &Path) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let name = path.file_name()?.as_bytes().strip_suffix(EXTENSION.as_bytes())?;
    (!name.is_empty()).then(|| path.with_file_name(OsStr::from_bytes(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_file_has_its_own_name() {
        let sealed = beside(Direction::Seal, Path::new("a/b.dump")).expect("a name");
        assert_eq!(sealed, Path::new("a/b.dump.sealed"));
        assert_eq!(beside(Direction::Open, &sealed).expect("a name"), Path::new("a/b.dump"));
        assert!(beside(Direction::Open, Path::new("a/b.dump")).is_err());
        assert!(beside(Direction::Open, Path::new("a/.sealed")).is_err());
        assert!(beside(Direction::Seal, Path::new("..")).is_err());
    }

    #[test]
    fn folders_are_unfolded_and_links_in_them_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("inner")).expect("a folder");
        for name in ["b", "a", "inner/c", "old.sealed"] {
            fs::write(at(name), name).expect("a file");
        }
        std::os::unix::fs::symlink("a", at("link")).expect("a link");
        std::os::unix::fs::symlink(".", at("inner/loop")).expect("a link");
        let plan = Plan::new(Direction::Seal, &[folder.path().into()], None).expect("a plan");
        let from = |job: &Job| job.from.clone();
        let files = ["a", "b", "inner/c"].map(|name| Place::File(at(name)));
        assert_eq!(plan.jobs.iter().map(from).collect::<Vec<_>>(), files);
        assert_eq!(plan.passed_over.len(), 3, "{:?}", plan.passed_over);
        let plan = Plan::new(Direction::Open, &[folder.path().into()], None).expect("a plan");
        assert_eq!(plan.jobs.iter().map(|job| job.to.clone()).collect::<Vec<_>>(), [Place::File(at("old"))]);
    }

    #[test]
    fn one_output_takes_one_file() {
        let two = [PathBuf::from("a"), PathBuf::from("b")];
        assert!(Plan::new(Direction::Seal, &two, Some(Path::new("c"))).is_err());
        assert!(Plan::new(Direction::Seal, &["/".into()], Some(Path::new("c"))).is_err());
        let plan = Plan::new(Direction::Seal, &["-".into()], None).expect("a plan");
        assert_eq!((plan.jobs[0].from.clone(), plan.jobs[0].to.clone()), (Place::Standard, Place::Standard));
    }
}
