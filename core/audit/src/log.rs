//! The log as the engine sees it: append, wait, read.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use keystead_model::world::{Disk, Entropy};
use parking_lot::Mutex;

use crate::desk::{Desk, Expected};
use crate::files::Files;
use crate::frame::{BATCH_BYTES_MAX, FRAME_HEAD_BYTES, Hash, MARK_BYTES, prefix, sha256};
use crate::reader::Reader;
use crate::recovery::{self, LogError, Recovery};
use crate::segment::HEADER_BYTES;
use crate::writer::{self, Pen};
use crate::{Appending, Entry, RECORD_BYTES_MAX, Record, RecordError, Verified};

/// How a log uses its disk and memory.
#[derive(Clone, Debug)]
pub struct Options {
    /// Length of a segment, in bytes; 64 MiB by default. The first few of a log are shorter, so that a new log
    /// starts at once. At least [`Options::buffer_bytes_max`] and 4 KiB more.
    pub segment_bytes: u64,
    /// Most bytes that may wait for the disk, and so the longest batch; 2 MiB by default, 36 KiB to 4 MiB.
    /// Past it, [`Log::append`] answers [`AppendError::Full`](crate::AppendError::Full).
    pub buffer_bytes_max: usize,
    /// How many bytes are written between two resume points, and so about how much a start after a crash has to
    /// hash; 4 MiB by default.
    pub resume_bytes: u64,
    /// How long the writer leaves the processor to others at a time before the next batch of a busy log, so that it
    /// grows and a busy server spends less on syncs. Busy means eight records or more, in the batch before, or in it,
    /// waiting and [expected](Log::expect) together. Up to six times: for as long as each time brings an eighth more,
    /// or records are expected; each time that brings less is followed by one twice as long, up to eight times this. 50
    /// µs by default, which makes 1.6 ms at most (the system adds about 50 µs each time); zero for never.
    pub gather_wait: Duration,
    /// How long a log that failed waits before it tries to get back to work; 500 ms by default.
    pub heal_wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 64 * 1024 * 1024,
            buffer_bytes_max: 2 * 1024 * 1024,
            resume_bytes: 4 * 1024 * 1024,
            gather_wait: Duration::from_micros(50),
            heal_wait: Duration::from_millis(500),
        }
    }
}

impl Options {
    fn check(&self) -> Result<(), LogError> {
        if !(BUFFER_BYTES_LEAST..=BATCH_BYTES_MAX).contains(&self.buffer_bytes_max) {
            return Err(LogError::Options("the audit log's buffer must be 36 KiB to 4 MiB long"));
        }
        if self.segment_bytes < self.shortest_segment() {
            return Err(LogError::Options(
                "the audit log's segments must be 4 KiB longer than its buffer, or more",
            ));
        }
        Ok(())
    }

    /// Length of a segment that follows one of `before` bytes; 0 for the first.
    pub(crate) fn segment_after(&self, before: u64) -> u64 {
        let least = FIRST_SEGMENT_BYTES.max(self.shortest_segment());
        before.saturating_mul(2).max(least).min(self.segment_bytes)
    }

    /// One that holds any batch.
    fn shortest_segment(&self) -> u64 {
        (self.buffer_bytes_max + SEGMENT_EXTRA_BYTES) as u64
    }
}

/// The append-only log of every decision.
///
/// Appending threads encode and hash their record, copy it into the shared buffer and wait; one writer thread takes
/// whatever waits, writes and syncs it, and wakes them together.
pub struct Log {
    desk: Arc<Desk>,
    files: Arc<Files>,
    reader: Reader,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Log {
    /// Opens the log in a folder, or begins one if there is none; `entropy` then names it. Blocks for as long as
    /// recovery takes: at most one resume interval is hashed after a crash, nothing after an orderly close.
    ///
    /// # Errors
    /// [`LogError`] where the disk fails or holds what a crash cannot explain. Nothing is repaired then.
    pub fn open(
        disk: Arc<dyn Disk>,
        entropy: &dyn Entropy,
        options: Options,
    ) -> Result<(Arc<Log>, Recovery), LogError> {
        options.check()?;
        let found = recovery::recover(&disk, entropy, &options)?;
        let files = Arc::new(Files::new(Arc::clone(&disk), found.resume_turn));
        let reader = Reader::new(Arc::clone(&disk), found.log, found.segments);
        let pen = Pen::new(disk, options, found.log, found.tail, Arc::clone(&files), reader.segments());
        let desk = Arc::new(Desk::new(pen));
        let (writing, helping) = (Arc::clone(&desk), Arc::clone(&files));
        let helper = spawn("audit-files", move || helping.run())?;
        let writer = spawn("audit-writer", move || writer::run(&writing)).inspect_err(|_| files.close())?;
        let threads = Mutex::new(vec![writer, helper]);
        Ok((Arc::new(Log { desk, files, reader, threads }), found.recovery))
    }

    /// Puts a record into the log. Never blocks on the disk; the answer tells when the record is durable.
    pub fn append(&self, record: &Record<'_>) -> Appending {
        with_leaf(record, |leaf, record| self.desk.join(leaf, record, false))
    }

    /// As [`Log::append`], but if nothing else is being written, the calling thread writes and syncs by itself, and
    /// the record is durable, or refused, on return. Spares a lone request two changes of threads; blocks for one
    /// sync. For callers who know that hardly anything else waits for their thread.
    pub fn append_here(&self, record: &Record<'_>) -> Appending {
        with_leaf(record, |leaf, record| self.desk.join(leaf, record, true))
    }

    /// Says that the caller has begun work that takes longer than most, on this thread and without waiting for
    /// anything, and ends with a record. A busy log waits a little for it with its next batch: see
    /// [`Options::gather_wait`].
    pub fn expect(&self) -> Expected {
        Expected::at(&self.desk)
    }

    /// Puts a record that was read before into the log, as recovery does with one that never got there.
    pub fn append_entry(&self, entry: &Entry) -> Appending {
        let mut scratch = vec![prefix::LEAF];
        entry.encode(&mut scratch);
        self.desk.join(&sha256(&scratch), &scratch[1..], false)
    }

    /// How many records are durable: positions 0 up to, but without, this one.
    pub fn durable(&self) -> u64 {
        self.desk.durable()
    }

    /// Visits durable records from a position on, until the visitor breaks or no durable one is left. Answers the
    /// position to go on from. Every hash on the way is checked.
    ///
    /// # Errors
    /// [`LogError`] where the disk fails, or a segment is missing or holds what was not written to it.
    pub fn read(
        &self,
        from: u64,
        visit: &mut dyn FnMut(u64, &Entry) -> ControlFlow<()>,
    ) -> Result<u64, LogError> {
        self.reader.read(from, self.durable(), visit)
    }

    /// Visits durable records newest first, beginning with the one before `before` (`u64::MAX` for the newest of
    /// all), until the visitor breaks or none is left. Memory is bounded by one batch.
    ///
    /// # Errors
    /// As [`Log::read`].
    pub fn read_back(
        &self,
        before: u64,
        visit: &mut dyn FnMut(u64, &Entry) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        self.reader.read_back(before.min(self.durable()), visit)
    }

    /// Checks every byte of every durable record, and the chain over all of them.
    ///
    /// # Errors
    /// As [`Log::read`]; the error names the first segment and offset that is not as it was written.
    pub fn verify(&self) -> Result<Verified, LogError> {
        self.reader.verify(self.durable())
    }

    /// How the log is doing.
    pub fn health(&self) -> Health {
        Health {
            segments: self.reader.segments().count(),
            spare_ready: self.files.spare_is_ready(),
            ..self.desk.health()
        }
    }

    /// Takes no further record, makes durable what waits, and ends the log's threads. Later calls do nothing.
    pub fn close(&self) {
        self.desk.close();
        let threads = std::mem::take(&mut *self.threads.lock());
        let mut threads = threads.into_iter();
        // The writer first: it hands its last place to the helper. Neither panics past its own guard.
        threads.next().map(JoinHandle::join);
        self.files.close();
        threads.next().map(JoinHandle::join);
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.close();
    }
}

/// Numbers about a log, for metrics and for readiness.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// Why the log takes no records, if it takes none.
    pub failed: Option<Box<str>>,
    /// Durable records in all.
    pub records: u64,
    /// Bytes that wait for the next batch.
    pub waiting_bytes: usize,
    /// Records made durable since the log was opened.
    pub appended: u64,
    /// Batches since the log was opened; each is one write and one sync.
    pub batches: u64,
    /// Bytes written in batches since the log was opened.
    pub bytes: u64,
    /// Batches and attempts to heal that failed since the log was opened.
    pub failures: u64,
    /// Segments of the log.
    pub segments: usize,
    /// Whether the next segment lies ready. Not having one is no failure before the present one is a quarter full.
    pub spare_ready: bool,
}

/// Encodes and hashes a record on the caller's thread, outside every lock.
fn with_leaf(record: &Record<'_>, join: impl FnOnce(&Hash, &[u8]) -> Appending) -> Appending {
    thread_local!(static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
    SCRATCH.with_borrow_mut(|scratch| match prepare(record, scratch) {
        Ok(leaf) => join(&leaf, &scratch[1..]),
        Err(error) => Appending::refused(error.into()),
    })
}

/// Fills `scratch` with the input of the record's leaf hash, a zero byte and the record, and hashes it.
fn prepare(record: &Record<'_>, scratch: &mut Vec<u8>) -> Result<Hash, RecordError> {
    scratch.clear();
    scratch.push(prefix::LEAF);
    record.encode(scratch)?;
    Ok(sha256(scratch))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, LogError> {
    thread::Builder::new().name(name.into()).spawn(work).map_err(|source| LogError::io("a thread", source))
}

/// Length of a new log's first segment, in bytes, unless segments are shorter. Each next one is twice as long, up
/// to [`Options::segment_bytes`].
const FIRST_SEGMENT_BYTES: u64 = 4 * 1024 * 1024;
/// What a segment is longer than the longest batch, at least.
const SEGMENT_EXTRA_BYTES: usize = 4096;
/// Shortest buffer: it holds a mark and the longest record.
const BUFFER_BYTES_LEAST: usize = 36 * 1024;
const _: () = assert!(BUFFER_BYTES_LEAST >= MARK_BYTES + FRAME_HEAD_BYTES + RECORD_BYTES_MAX);
const _: () = assert!(SEGMENT_EXTRA_BYTES >= HEADER_BYTES);
