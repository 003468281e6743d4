//! What all measurements are given: how long, how often, where, and which program.

use std::cell::OnceCell;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cli::{Cli, checkout};
use crate::scratch::{Scratch, watch_signals};
use crate::server::{Keystead, Nothing};

/// What all measurements are given.
pub struct House {
    /// Rounds.
    pub rounds: usize,
    /// Length of one measurement under load.
    pub duration: Duration,
    /// Keys of the largest store.
    pub keys_most: usize,
    /// Length of the file to seal, in bytes.
    pub file_bytes: u64,
    /// Where that file lies.
    pub files_in: PathBuf,
    /// Where large stores are kept from run to run.
    pub kept: PathBuf,
    scratch: Scratch,
    given: Option<PathBuf>,
    program: OnceCell<PathBuf>,
    _alone: File,
}

impl House {
    /// Makes the folders.
    ///
    /// # Errors
    /// Another benchmark runs in the same folder.
    pub fn prepare(cli: &Cli) -> Result<Self> {
        let kept = cli.folder();
        let failed = || format!("{} cannot be used", kept.display());
        DirBuilder::new().recursive(true).mode(0o700).create(&kept).with_context(failed)?;
        let alone = File::create(kept.join("lock")).with_context(failed)?;
        match alone.try_lock() {
            Ok(()) => watch_signals()?,
            Err(TryLockError::WouldBlock) => bail!("another benchmark runs in {}", kept.display()),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let scratch = Scratch::make_in(&kept)?;
        Ok(Self {
            rounds: cli.rounds(),
            duration: cli.duration(),
            keys_most: cli.keys_most(),
            file_bytes: cli.file_bytes(),
            files_in: cli.files_in.clone(),
            kept,
            scratch,
            given: cli.keystead.clone(),
            program: OnceCell::new(),
            _alone: alone,
        })
    }

    /// A folder that goes with this run.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// `keystead`, built as users build it, unless one was given.
    pub fn program(&self) -> Result<&Path> {
        if let Some(program) = self.program.get() {
            return Ok(program);
        }
        let program = match &self.given {
            Some(given) => std::path::absolute(given)?,
            None => build()?,
        };
        if !program.is_file() {
            bail!("{} is not there", program.display());
        }
        Ok(self.program.get_or_init(|| program))
    }

    /// A server with a new data folder, named for what it is for.
    pub fn keystead(&self, name: &str) -> Result<Keystead> {
        Keystead::start(self.program()?, &self.scratch().join(name), self.scratch())
    }

    /// A server that does nothing.
    pub fn nothing(&self) -> Result<Nothing> {
        Nothing::start(self.scratch())
    }
}

/// Builds the release program; it lies beside this one.
fn build() -> Result<PathBuf> {
    eprintln!("building keystead");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let words = ["build", "--release", "--quiet", "--package", "keystead"];
    let status = Command::new(cargo).args(words).current_dir(checkout()).status();
    match status.context("cargo does not start; name a program with --keystead")? {
        status if status.success() => {}
        status => bail!("keystead cannot be built ({status})"),
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| checkout().join("target"), PathBuf::from);
    Ok(checkout().join(target).join("release/keystead"))
}

/// Writes a file, and its folder if need be.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.with_context(|| format!("{} cannot be written", path.display()))
}
