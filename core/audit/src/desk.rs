//! Where appending threads meet the writer: the records that wait, under one short lock, and the pen, under another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::Waker;
use std::thread::{self, Thread};
use std::time::Duration;

use parking_lot::Mutex;

use crate::appending::Batch;
use crate::frame::{FRAME_HEAD_BYTES, Hash, MARK_BYTES, write_frame};
use crate::gathering::Sight;
use crate::writer::Pen;
use crate::{AppendError, Appending, Health, Options};

/// What appending threads and the writer share. Locks are taken in the order hand, front; a batch's own lock last.
pub(crate) struct Desk {
    front: Mutex<Front>,
    hand: Mutex<Hand>,
    durable: AtomicU64,
    /// How many [`Expected`] there are.
    expected: AtomicU64,
    writer: OnceLock<Thread>,
    batches: AtomicU64,
    bytes: AtomicU64,
    failures: AtomicU64,
    /// Records that were durable when the log was opened.
    found: u64,
    options: Options,
}

/// The records that wait.
struct Front {
    /// Room for a mark, then frames.
    bytes: Vec<u8>,
    /// Position of the next record.
    next: u64,
    /// Those who wait for what is in `bytes`.
    batch: Arc<Batch>,
    /// Those who wait for what is being written.
    writing: Option<Arc<Batch>>,
    /// Whether the writer sleeps, and nobody has set out to wake it or to do its work.
    idle: bool,
    failed: Option<String>,
    closed: bool,
}

/// A record that the holder works towards, without waiting for anything, for longer than most: a busy log's next batch
/// waits for it, within bounds. To be dropped once the record is appended.
pub struct Expected(Arc<Desk>);

/// What it takes to write: held for the length of a batch, by the writer or by a thread that writes for itself.
struct Hand {
    pen: Pen,
    /// The other buffer: exchanged for the one in front.
    bytes: Vec<u8>,
    /// Emptied room for the next batch's wakers.
    room: Vec<Waker>,
}

/// What the writer is to do next.
pub(crate) enum Work {
    Write,
    Heal,
    End,
}

impl Desk {
    pub(crate) fn new(pen: Pen) -> Self {
        let (position, options) = (pen.position(), pen.options().clone());
        let front = Front {
            bytes: vec![0; MARK_BYTES],
            next: position,
            batch: Batch::with_room(Vec::new()),
            writing: None,
            idle: false,
            failed: None,
            closed: false,
        };
        Self {
            front: Mutex::new(front),
            hand: Mutex::new(Hand { pen, bytes: Vec::new(), room: Vec::new() }),
            durable: AtomicU64::new(position),
            expected: AtomicU64::new(0),
            writer: OnceLock::new(),
            batches: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            found: position,
            options,
        }
    }

    /// Adds a record to what waits. Wakes the writer only if it sleeps, or, with `here`, does its work.
    pub(crate) fn join(&self, leaf: &Hash, record: &[u8], here: bool) -> Appending {
        let mut front = self.front.lock();
        if let Some(error) = front.refusal(record.len(), self.options.buffer_bytes_max) {
            return Appending::refused(error);
        }
        write_frame(&mut front.bytes, leaf, record);
        let appending = Appending::waiting(Arc::clone(&front.batch), front.next);
        front.next += 1;
        let idle = std::mem::take(&mut front.idle);
        drop(front);
        if idle && !(here && self.write_here()) {
            self.wake_writer();
        }
        appending
    }

    /// Writes what waits on this thread while the writer sleeps; no if someone else is writing.
    fn write_here(&self) -> bool {
        let Some(mut hand) = self.hand.try_lock() else { return false };
        self.write_waiting(&mut hand);
        drop(hand);
        let mut front = self.front.lock();
        // Who came in between found the writer neither idle nor awake.
        let more = front.has_work();
        front.idle = !more;
        drop(front);
        if more {
            self.wake_writer();
        }
        true
    }

    /// Writes a batch on the writer's thread; answers how many records it had.
    pub(crate) fn write(&self) -> u64 {
        self.write_waiting(&mut self.hand.lock())
    }

    /// Takes what waits, writes and syncs it, and tells everyone together.
    fn write_waiting(&self, hand: &mut Hand) -> u64 {
        let Hand { pen, bytes, room } = hand;
        let Some(batch) = self.take(bytes, room) else { return 0 };
        match catch_unwind(AssertUnwindSafe(|| pen.write(bytes))) {
            Ok(Ok(records)) => {
                self.durable.store(pen.position(), Ordering::Release);
                self.batches.fetch_add(1, Ordering::Relaxed);
                self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                *room = batch.settle(true);
                records
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the audit log cannot be written; requests are refused until it can");
                self.fail(error.to_string());
                0
            }
            Err(_) => {
                self.stop("the log's writer met a broken invariant; restart the server");
                0
            }
        }
    }

    /// Exchanges the waiting bytes for the emptied buffer.
    fn take(&self, bytes: &mut Vec<u8>, room: &mut Vec<Waker>) -> Option<Arc<Batch>> {
        bytes.clear();
        bytes.resize(MARK_BYTES, 0);
        let mut front = self.front.lock();
        if front.bytes.len() == MARK_BYTES {
            return None;
        }
        std::mem::swap(&mut front.bytes, bytes);
        let batch = std::mem::replace(&mut front.batch, Batch::with_room(std::mem::take(room)));
        front.writing = Some(Arc::clone(&batch));
        Some(batch)
    }

    /// To be called on the writer's thread before anything else.
    pub(crate) fn begin_writing(&self) {
        self.writer.get_or_init(thread::current);
    }

    /// Blocks the writer until there is something to do. If that takes a while, `lately` becomes 0.
    pub(crate) fn wait_for_work(&self, lately: &mut u64) -> Work {
        loop {
            let mut front = self.front.lock();
            match () {
                () if front.failed.is_some() && !front.closed => return Work::Heal,
                () if front.bytes.len() > MARK_BYTES => return Work::Write,
                () if front.closed => return Work::End,
                () => front.idle = true,
            }
            drop(front);
            if *lately == 0 {
                thread::park();
                continue;
            }
            thread::park_timeout(LATELY);
            // Whoever wakes the writer takes this away.
            if self.front.lock().idle {
                *lately = 0;
            }
        }
    }

    /// Tries to get a failed log back to work.
    pub(crate) fn heal(&self) {
        let turned = self.hand.lock().pen.turn_page();
        match turned {
            Ok(()) => {
                tracing::warn!("the audit log can be written again");
                self.front.lock().failed = None;
            }
            Err(error) => {
                self.fail(error.to_string());
                thread::park_timeout(self.options.heal_wait);
            }
        }
    }

    /// The last thing the writer does.
    pub(crate) fn leave(&self) {
        self.hand.lock().pen.leave();
        self.stop("the log is closed");
    }

    /// Refuses everything that waits or is being written, and all that comes until the log heals.
    fn fail(&self, why: String) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.refuse(why);
    }

    /// Refuses everything from here on.
    fn stop(&self, why: &str) {
        self.front.lock().closed = true;
        self.refuse(why.into());
    }

    fn refuse(&self, why: String) {
        let mut front = self.front.lock();
        front.failed = Some(why);
        front.bytes.truncate(MARK_BYTES);
        // What failed was never acknowledged; its positions are given out again.
        front.next = self.durable();
        let waiting = std::mem::replace(&mut front.batch, Batch::with_room(Vec::new()));
        let writing = front.writing.take();
        drop(front);
        for batch in writing.into_iter().chain([waiting]) {
            batch.settle(false);
        }
    }

    pub(crate) fn close(&self) {
        self.front.lock().closed = true;
        self.wake_writer();
    }

    pub(crate) fn durable(&self) -> u64 {
        self.durable.load(Ordering::Acquire)
    }

    /// What the desk knows of the log's health.
    pub(crate) fn health(&self) -> Health {
        let front = self.front.lock();
        let records = self.durable();
        Health {
            failed: front.failed.as_deref().map(Into::into),
            records,
            waiting_bytes: front.bytes.len() - MARK_BYTES,
            appended: records - self.found,
            batches: self.batches.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            segments: 0,
            spare_ready: false,
        }
    }

    /// What is to be seen of the next batch.
    pub(crate) fn sight(&self) -> Sight {
        let front = self.front.lock();
        Sight {
            waiting: front.next - self.durable(),
            expected: self.expected.load(Ordering::Relaxed),
            is_pressing: front.closed || front.bytes.len() > self.options.buffer_bytes_max / 2,
        }
    }

    pub(crate) fn gather_wait(&self) -> Duration {
        self.options.gather_wait
    }

    fn wake_writer(&self) {
        if let Some(writer) = self.writer.get() {
            writer.unpark();
        }
    }
}

impl Expected {
    pub(crate) fn at(desk: &Arc<Desk>) -> Self {
        desk.expected.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(desk))
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.0.expected.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Front {
    fn refusal(&self, record_bytes: usize, bytes_max: usize) -> Option<AppendError> {
        match () {
            () if self.closed => Some(AppendError::Closed),
            () if self.failed.is_some() => Some(AppendError::Failed),
            () if self.bytes.len() + FRAME_HEAD_BYTES + record_bytes > bytes_max => Some(AppendError::Full),
            () => None,
        }
    }

    /// Whether the writer has to wake up.
    fn has_work(&self) -> bool {
        self.bytes.len() > MARK_BYTES || self.failed.is_some() || self.closed
    }
}

/// How long the writer remembers the size of the last batch while nothing comes.
const LATELY: Duration = Duration::from_millis(5);
