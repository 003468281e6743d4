//! Folders that go with this run, however it ends: gigabytes in memory must not stay behind.
//!
//! At the end of a run they are dropped; a signal that ends it removes them first; and what a run that was killed
//! left behind, the next one removes.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

/// A folder that goes when it is dropped, or when a signal ends the program.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes one in `parent`, after removing those of programs that do not run any more. One program has one in each
    /// parent.
    pub fn make_in(parent: &Path) -> Result<Self> {
        let failed = || format!("{} cannot be used", parent.display());
        remove_leftovers(parent).with_context(failed)?;
        let path = parent.join(format!("{PREFIX}{}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&path).with_context(failed)?;
        there().push(path.clone());
        Ok(Self(path))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        there().retain(|path| *path != self.0);
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays behind: {error}", self.0.display());
        }
    }
}

/// From here on, signals that end this program remove its folders first.
pub fn watch_signals() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let inside = runtime.enter();
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let mut signals = kinds.into_iter().map(signal).collect::<std::io::Result<Vec<_>>>()?;
    let ended = async move {
        let [interrupt, terminate, hangup] = signals.as_mut_slice() else { return };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    };
    drop(inside);
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(ended);
        for path in there().iter() {
            // It is ending anyway; the next run tries again.
            let _ = fs::remove_dir_all(path);
        }
        std::process::exit(ENDED_BY_SIGNAL);
    })?;
    Ok(())
}

fn remove_leftovers(parent: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn there() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    static THERE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    THERE.lock().unwrap_or_else(PoisonError::into_inner)
}

const PREFIX: &str = "keystead-bench-";
/// The exit code after a signal.
const ENDED_BY_SIGNAL: i32 = 130;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_and_so_do_those_of_the_dead() {
        let parent = tempfile::tempdir().expect("a folder");
        // No process has a number this high.
        let dead = parent.path().join(format!("{PREFIX}4294967294"));
        let other = parent.path().join("keystead-bench-notes");
        fs::create_dir(&dead).expect("made");
        fs::create_dir(&other).expect("made");
        let scratch = Scratch::make_in(parent.path()).expect("made");
        fs::write(scratch.path().join("file"), "x").expect("written");
        assert!(!dead.exists() && other.exists());
        let path = scratch.path().to_owned();
        drop(scratch);
        assert!(!path.exists());
    }
}
