//! The work itself: large files one after the other on all cores, small ones side by side.

use std::fs::File;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use keystead_sdk::kms::Client;
use keystead_sdk::{OpenOptions, SealOptions, Sink, Source};
use rustix::fs::{Mode, OFlags};

use super::beside::Draft;
use super::job::{Direction, Job, Place, Plan};
use super::meter::Meter;
use super::{interrupt, reason};

/// Files below this many bytes are done side by side: the key service and the disk then set the pace.
const SMALL_BYTES: u64 = 4 << 20;
/// Small files under way at once.
const SIDE_BY_SIDE: usize = 8;

/// Seal or open, with which options.
pub(super) enum How {
    Seal(SealOptions<'static>),
    Open(OpenOptions<'static>),
}

/// How everything is to be done.
pub(super) struct Work<'a> {
    pub force: bool,
    pub quiet: bool,
    pub client: &'a Client,
    pub how: How,
}

impl Work<'_> {
    /// Does everything that can be done; an error if anything could not.
    pub(super) fn run(&self, plan: Plan) -> Result<()> {
        interrupt::watch().context("signals cannot be watched")?;
        let meter = Meter::new(plan.jobs.iter().map(|job| job.bytes).sum(), self.quiet);
        plan.passed_over.iter().for_each(|line| meter.say(&reason::printable(line)));
        plan.failed.iter().for_each(|line| meter.say(&reason::printable(line)));
        if let ([job], []) = (plan.jobs.as_slice(), plan.failed.as_slice()) {
            let outcome = self.one(job, None, &meter);
            meter.finish();
            return outcome;
        }
        if plan.jobs.is_empty() && plan.failed.is_empty() {
            bail!("there is nothing to {}", self.verb());
        }
        let failed = self.many(&plan.jobs, &meter) + plan.failed.len();
        meter.finish();
        match failed {
            0 => Ok(()),
            _ => bail!("{failed} of {} could not be {}", plan.jobs.len() + plan.failed.len(), self.done()),
        }
    }

    /// How many failed.
    fn many(&self, jobs: &[Job], meter: &Meter) -> usize {
        let (small, large): (Vec<&Job>, Vec<&Job>) =
            jobs.iter().partition(|job| job.bytes < SMALL_BYTES && matches!(job.from, Place::File(_)));
        let failed = Mutex::new(0);
        let attempt = |job: &Job, workers| {
            if let Err(error) = self.one(job, workers, meter) {
                meter.say(&format!("{error:#}"));
                *failed.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            }
        };
        large.iter().for_each(|job| attempt(job, None));
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..SIDE_BY_SIDE.min(small.len()) {
                scope.spawn(|| {
                    while let Some(job) = small.get(next.fetch_add(1, Ordering::Relaxed)) {
                        attempt(job, NonZeroUsize::new(1));
                    }
                });
            }
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// One file; whatever names and reasons say, the terminal is not steered by them.
    fn one(&self, job: &Job, workers: Option<NonZeroUsize>, meter: &Meter) -> Result<()> {
        self.attempt(job, workers, meter).map_err(|error| anyhow!(reason::printable(&format!("{error:#}"))))
    }

    fn attempt(&self, job: &Job, workers: Option<NonZeroUsize>, meter: &Meter) -> Result<()> {
        let name = match &job.from {
            Place::File(path) => path.display().to_string(),
            Place::Standard => "standard input".to_owned(),
        };
        let source = read_from(job).with_context(|| name.clone())?;
        let facts = source.metadata().with_context(|| name.clone())?;
        if facts.is_dir() {
            bail!("{name} is a folder");
        }
        match &job.to {
            Place::File(to) => {
                let draft = Draft::new(to, self.force)?;
                self.transfer(job, &source, Sink::File(draft.file()), workers, meter, &name)?;
                draft.publish(self.mode(job, facts.mode()))
            }
            Place::Standard => {
                let mut out = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
                if self.direction() == Direction::Seal && out.is_terminal() {
                    bail!("a sealed file is not for a terminal; say with -o where it is to be written");
                }
                self.transfer(job, &source, Sink::Stream(&mut out), workers, meter, &name)
            }
        }
    }

    fn transfer(
        &self,
        job: &Job,
        source: &File,
        sink: Sink<'_>,
        workers: Option<NonZeroUsize>,
        meter: &Meter,
        name: &str,
    ) -> Result<()> {
        let mut stream = source;
        let source = match job.from {
            Place::File(_) => Source::File(source),
            Place::Standard => Source::Stream(&mut stream),
        };
        let tell = |bytes| meter.add(bytes);
        let outcome = match &self.how {
            How::Seal(options) => {
                let options = SealOptions { workers, progress: Some(&tell), ..options.clone() };
                keystead_sdk::seal(source, sink, &options, self.client).map(drop)
            }
            How::Open(options) => {
                let options = OpenOptions { workers, progress: Some(&tell), ..options.clone() };
                keystead_sdk::open(source, sink, &options, self.client).map(drop)
            }
        };
        outcome.map_err(|error| anyhow!("{name}: {}", reason::of(&error)))
    }

    /// A sealed file is as readable as its original was. An opened file is its owner's alone: who may read the
    /// sealed one says nothing about who may read what is in it.
    fn mode(&self, job: &Job, source_mode: u32) -> u32 {
        match (&job.from, self.direction()) {
            (Place::File(_), Direction::Seal) => source_mode & 0o777,
            (Place::File(_), Direction::Open) => 0o600 | source_mode & 0o100,
            (Place::Standard, _) => 0o600,
        }
    }

    fn direction(&self) -> Direction {
        match self.how {
            How::Seal(_) => Direction::Seal,
            How::Open(_) => Direction::Open,
        }
    }

    fn verb(&self) -> &'static str {
        match self.direction() {
            Direction::Seal => "seal",
            Direction::Open => "open",
        }
    }

    fn done(&self) -> &'static str {
        match self.direction() {
            Direction::Seal => "sealed",
            Direction::Open => "opened",
        }
    }
}

fn read_from(job: &Job) -> Result<File> {
    match &job.from {
        Place::Standard => Ok(File::from(std::io::stdin().as_fd().try_clone_to_owned()?)),
        Place::File(path) if job.is_found => without_following(path),
        Place::File(path) => Ok(File::open(path)?),
    }
}

/// A file found in a folder may have become a link meanwhile.
fn without_following(path: &Path) -> Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(std::io::Error::from)?);
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => bail!("it is no regular file any more"),
    }
}
