//! From file to file: each worker takes the next unit, reads it, works on it and writes it, all by position.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::Effort;
use super::unit::{Cut, Unit};
use crate::Error;
use crate::message::{FrameCipher, Layout};

/// One message between two files.
pub(crate) struct Files<'a> {
    pub source: &'a File,
    pub sink: &'a File,
    /// Length of the header, in the file that is sealed.
    pub header_bytes: u64,
    pub layout: Layout,
}

impl Files<'_> {
    /// Seals the whole source behind a header that is already written.
    pub(crate) fn seal(&self, cipher: &FrameCipher, effort: &Effort<'_>) -> Result<(), Error> {
        self.sink.set_len(self.header_bytes + self.layout.body_bytes())?;
        let cut = Cut::new(self.layout.frame_bytes).shortened(&self.layout);
        self.all_units(&cut, effort, |unit, place| {
            let from = cut.plain_at();
            unit.filled = from..from + place.plain_bytes;
            read_exact_at(self.source, &mut unit.buffer[unit.filled.clone()], place.plain_at)?;
            unit.seal(cipher, &cut);
            self.sink.write_all_at(unit.bytes(), place.sealed_at)?;
            Ok(())
        })?;
        match self.source.metadata()?.len() == self.layout.plain_bytes() {
            true => Ok(()),
            false => Err(Error::SourceChanged),
        }
    }

    /// Opens all frames. Their layout has been checked against the file's length and final frame.
    pub(crate) fn open(&self, cipher: &FrameCipher, effort: &Effort<'_>) -> Result<(), Error> {
        self.sink.set_len(self.layout.plain_bytes())?;
        let cut = Cut::new(self.layout.frame_bytes).shortened(&self.layout);
        self.all_units(&cut, effort, |unit, place| {
            unit.filled = 0..place.sealed_bytes;
            read_exact_at(self.source, &mut unit.buffer[..place.sealed_bytes], place.sealed_at)?;
            unit.open(cipher, &cut)?;
            self.sink.write_all_at(unit.bytes(), place.plain_at)?;
            Ok(())
        })
    }

    fn all_units(
        &self,
        cut: &Cut,
        effort: &Effort<'_>,
        work: impl Fn(&mut Unit, &Place) -> Result<(), Error> + Sync,
    ) -> Result<(), Error> {
        let units = u64::from(self.layout.frames).div_ceil(u64::from(cut.frames));
        let workers = effort.workers(cut.buffer_bytes()).min(usize::try_from(units).unwrap_or(usize::MAX));
        let turn = Turn::default();
        let worker = || {
            let mut unit = Unit::new(cut.buffer_bytes());
            while let Some(index) = turn.next(units) {
                let place = self.place(cut, index, &mut unit);
                match work(&mut unit, &place) {
                    Ok(()) => effort.tell(place.plain_bytes as u64),
                    Err(error) => turn.fail(index, error),
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..workers {
                scope.spawn(worker);
            }
            worker();
        });
        turn.outcome()
    }

    fn place(&self, cut: &Cut, index: u64, unit: &mut Unit) -> Place {
        let layout = &self.layout;
        let before = index * u64::from(cut.frames);
        let frames_left = u64::from(layout.frames) - before;
        unit.first = u32::try_from(before + 1).expect("frame numbers have 32 bits");
        unit.frames = u32::try_from(frames_left).unwrap_or(u32::MAX).min(cut.frames);
        unit.is_last = frames_left == u64::from(unit.frames);
        let plain_at = before * u64::from(layout.frame_bytes);
        let sealed_at = before * layout.regular_len();
        let (plain, sealed) = match unit.is_last {
            true => (layout.plain_bytes() - plain_at, layout.body_bytes() - sealed_at),
            false => {
                let frames = u64::from(unit.frames);
                (frames * u64::from(layout.frame_bytes), frames * layout.regular_len())
            }
        };
        Place {
            plain_at,
            plain_bytes: usize::try_from(plain).expect("a unit fits into memory"),
            sealed_at: self.header_bytes + sealed_at,
            sealed_bytes: usize::try_from(sealed).expect("a unit fits into memory"),
        }
    }
}

/// Where a unit lies in both files.
struct Place {
    plain_at: u64,
    plain_bytes: usize,
    sealed_at: u64,
    sealed_bytes: usize,
}

/// Whose turn it is, and the first thing that went wrong, counted by position in the file.
#[derive(Default)]
struct Turn {
    next: AtomicU64,
    stop: AtomicBool,
    failed: Mutex<Option<(u64, Error)>>,
}

impl Turn {
    fn next(&self, units: u64) -> Option<u64> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        (index < units).then_some(index)
    }

    fn fail(&self, index: u64, error: Error) {
        self.stop.store(true, Ordering::Relaxed);
        let mut failed = self.failed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if failed.as_ref().is_none_or(|(first, _)| index < *first) {
            *failed = Some((index, error));
        }
    }

    fn outcome(self) -> Result<(), Error> {
        match self.failed.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }
}

fn read_exact_at(file: &File, out: &mut [u8], at: u64) -> Result<(), Error> {
    file.read_exact_at(out, at).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::SourceChanged,
        _ => Error::Io(error),
    })
}
