//! One thread that writes: it takes whatever waits, merges it into one store commit, and tells everyone.
//!
//! ```text
//! submit ─► queue ─► [check versions ► seal ► one commit ► table follows ► caches follow ► records to the log] ─► answers
//! ```
//!
//! A change of state and its audit record are one commit: the record is an outbox row until the log has it durably,
//! and is deleted with a later commit. After a crash, what is in the outbox and not in the log goes to the log.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use keystead_audit::{Appending, Entry, Health, Log};
use keystead_crypto::SecretBytes;
use keystead_store::{RecordId, Revision, StoreError, Transaction, Write};
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use super::freshness::{Newest, Root, chunk_of};
use super::{
    Change, Chunk, Expect, OUTBOX, OnChange, Shared, VaultError, chunk_id, is_erasable, is_guarded, open_row,
    outbox_id, root_id, row_version,
};
use crate::entry::AuditEntry;

/// Requests merged into one commit at most.
const BATCH_MAX: usize = 512;
/// Requests that may wait; past it the vault answers at once that it is full.
const QUEUE_MAX: usize = 16_384;
/// Notes that may wait; past it a note is refused.
const NOTES_MAX: usize = 64;
/// Outbox rows deleted with one commit at most.
const FLUSH_MAX: usize = 2048;
/// How long logged outbox rows may stay when nothing else is written.
const FLUSH_IDLE: Duration = Duration::from_millis(500);
/// Log records past the head row's position before the head row is written for their sake alone.
const LOG_LAG_MAX: u64 = 50_000;

struct Pending {
    changes: Vec<Change>,
    entry: Box<AuditEntry>,
    done: oneshot::Sender<Result<Appending, Refused>>,
}

/// Why a change was not made, with its audit entry, to be closed with another outcome.
pub type Refused = (VaultError, Option<Box<AuditEntry>>);

/// Changes that nobody asked for, which are no change of state and have no record.
struct Note {
    changes: Vec<Change>,
    /// Absent if nobody waits.
    done: Option<oneshot::Sender<Result<(), VaultError>>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Pending>,
    notes: VecDeque<Note>,
    /// Write the head row even if nothing waits.
    touch: bool,
    closed: bool,
}

/// What the writer takes at once.
struct Work {
    batch: Vec<Pending>,
    notes: VecDeque<Note>,
    touch: bool,
}

struct Inbox {
    queue: Mutex<Queue>,
    bell: Condvar,
    failed: AtomicBool,
}

/// The thread, and the way to it.
pub struct WriterThread {
    inbox: Arc<Inbox>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl WriterThread {
    pub fn start(shared: Arc<Shared>, log: Arc<Log>, outbox: Outbox, on_change: OnChange) -> Self {
        let inbox = Inbox { queue: Mutex::default(), bell: Condvar::new(), failed: AtomicBool::new(false) };
        let inbox = Arc::new(inbox);
        let writer = Writer { shared, log, inbox: Arc::clone(&inbox), on_change, outbox };
        let guarded = Arc::clone(&inbox);
        let work = move || {
            if catch_unwind(AssertUnwindSafe(|| writer.run())).is_err() {
                tracing::error!("the store's writer met a broken invariant; restart the server");
                guarded.fail();
            }
        };
        let thread = std::thread::Builder::new().name("keystead-store".into()).spawn(work);
        Self { inbox, thread: Mutex::new(Some(thread.expect("the system starts one more thread"))) }
    }

    pub async fn submit(&self, changes: Vec<Change>, entry: Box<AuditEntry>) -> Result<Appending, Refused> {
        let (done, answer) = oneshot::channel();
        {
            let mut queue = self.inbox.queue.lock();
            if queue.closed || self.inbox.failed.load(Ordering::Acquire) {
                return Err((VaultError::Failed, Some(entry)));
            }
            if queue.waiting.len() >= QUEUE_MAX {
                return Err((VaultError::Store(StoreError::Full), Some(entry)));
            }
            queue.waiting.push_back(Pending { changes, entry, done });
        }
        self.inbox.bell.notify_one();
        // A writer that fell takes what it was writing with it.
        answer.await.unwrap_or(Err((VaultError::Failed, None)))
    }

    pub async fn note(&self, changes: Vec<Change>) -> Result<(), VaultError> {
        let (done, answer) = oneshot::channel();
        self.push(Note { changes, done: Some(done) });
        answer.await.unwrap_or(Err(VaultError::Failed))
    }

    pub fn note_unasked(&self, changes: Vec<Change>) {
        self.push(Note { changes, done: None });
    }

    /// A note that is not taken is dropped, and its sender with it.
    fn push(&self, note: Note) {
        let mut queue = self.inbox.queue.lock();
        if !queue.closed && !self.inbox.failed.load(Ordering::Acquire) && queue.notes.len() < NOTES_MAX {
            queue.notes.push_back(note);
            self.inbox.bell.notify_one();
        }
    }

    pub fn keep_up(&self, durable: u64, noted: u64) {
        if durable.saturating_sub(noted) > LOG_LAG_MAX {
            self.inbox.queue.lock().touch = true;
            self.inbox.bell.notify_one();
        }
    }

    pub fn is_healthy(&self) -> bool {
        !self.inbox.failed.load(Ordering::Acquire)
    }

    pub fn close(&self) {
        self.inbox.queue.lock().closed = true;
        self.inbox.bell.notify_one();
        if let Some(thread) = self.thread.lock().take() {
            // It ends by itself, whatever became of it.
            drop(thread.join());
        }
    }
}

impl Drop for WriterThread {
    fn drop(&mut self) {
        self.close();
    }
}

/// Outbox rows that are still in the store.
#[derive(Default)]
pub struct Outbox {
    /// Given to the log: number, and the position the record has there once durable.
    logged: VecDeque<(u64, u64)>,
    /// Durable in the log: their rows may go.
    settled: Vec<u64>,
    /// The position the newest record was given, and how often the log had failed before that.
    last: Option<(u64, u64)>,
    /// How often the log had failed when the rows were last known to agree with it.
    failures: u64,
    /// The log failed since, so nobody knows which of the rows it holds: they stay until that is sorted out.
    frozen: bool,
}

impl Outbox {
    fn settle(&mut self, durable: u64, failures: u64) {
        self.frozen |= failures != self.failures;
        if self.frozen {
            self.logged.clear();
            return;
        }
        while self.logged.front().is_some_and(|(_, position)| *position < durable) {
            self.settled.extend(self.logged.pop_front().map(|(number, _)| number));
        }
    }

    fn given(&mut self, number: u64, position: Option<u64>, failures: u64) {
        let Some(position) = position else {
            self.frozen = true;
            return;
        };
        self.last = Some((position, failures));
        if !self.frozen {
            self.logged.push_back((number, position));
        }
    }

    /// Whether the log works again and holds, or will never hold, all it was given: it has come as far as the newest
    /// record, or has failed since that was given and forgotten it.
    fn can_be_sorted_out(&self, health: &Health) -> bool {
        let fate_is_known = |(position, failures)| health.records > position || health.failures != failures;
        self.frozen && health.failed.is_none() && self.last.is_none_or(fate_is_known)
    }
}

/// A row as it is, and as it will be after the commit.
struct Staged {
    version: u64,
    there: bool,
    /// What the store holds now.
    revision: Option<Revision>,
    write: Written,
}

enum Written {
    Nothing,
    Put(SecretBytes),
    Deleted,
}

struct Writer {
    shared: Arc<Shared>,
    log: Arc<Log>,
    inbox: Arc<Inbox>,
    on_change: OnChange,
    outbox: Outbox,
}

impl Writer {
    fn run(mut self) {
        while let Some(Work { batch, notes, touch }) = self.wait() {
            let health = self.log.health();
            self.outbox.settle(health.records, health.failures);
            if self.outbox.can_be_sorted_out(&health) {
                self.sort_out();
            }
            if let Some(why) = &health.failed {
                // What could not be recorded in time is better not done.
                let refuse =
                    |pending: Pending| (pending.done, (VaultError::Log(why.clone()), Some(pending.entry)));
                batch.into_iter().map(refuse).for_each(|(done, refused)| drop(done.send(Err(refused))));
                continue;
            }
            if !batch.is_empty() || touch || !self.outbox.settled.is_empty() {
                self.commit(batch);
            }
            notes.into_iter().for_each(|note| self.write_note(note));
        }
    }

    /// Writes what nobody asked for, in a commit of its own: it waits for nothing, and nothing waits for it.
    fn write_note(&self, note: Note) {
        let root = self.shared.table.read().root.clone();
        let mut staged = HashMap::new();
        let result = match self.stage(&note.changes, &mut staged) {
            Ok(()) => {
                note.changes.into_iter().for_each(|change| apply(change, &mut staged));
                self.write(root, staged).inspect_err(|error| self.fail(error, Vec::new()))
            }
            refused => refused,
        };
        if let Some(done) = note.done {
            // Whoever has gone away need not know.
            drop(done.send(result));
        }
    }

    /// After a failure of the log: does what the next start would do with the rows that are left.
    fn sort_out(&mut self) {
        match recover(&self.shared, &self.log) {
            Ok(outbox) => self.outbox = outbox,
            Err(error) => {
                tracing::warn!(%error, "records that the audit log missed could not be brought to it yet")
            }
        }
    }

    /// Whatever waits; empty after [`FLUSH_IDLE`] without work; `None` once closed and drained.
    fn wait(&self) -> Option<Work> {
        let mut queue = self.inbox.queue.lock();
        let is_idle = |queue: &Queue| queue.waiting.is_empty() && queue.notes.is_empty();
        if is_idle(&queue) && !queue.touch && !queue.closed {
            self.inbox.bell.wait_for(&mut queue, FLUSH_IDLE);
        }
        if is_idle(&queue) && queue.closed {
            return None;
        }
        let count = queue.waiting.len().min(BATCH_MAX);
        let touch = std::mem::take(&mut queue.touch);
        let notes = std::mem::take(&mut queue.notes);
        Some(Work { batch: queue.waiting.drain(..count).collect(), notes, touch })
    }

    fn commit(&mut self, batch: Vec<Pending>) {
        let mut root = self.shared.table.read().root.clone();
        let mut staged = HashMap::new();
        let mut taken = Vec::with_capacity(batch.len());
        for pending in batch {
            match self.stage(&pending.changes, &mut staged) {
                Ok(()) => {
                    root.outbox += 1;
                    taken.push((root.outbox, pending));
                }
                // An asker that has gone away needs no answer; its entry is closed as abandoned on drop.
                Err(error) => drop(pending.done.send(Err((error, Some(pending.entry))))),
            }
        }
        for (number, pending) in &mut taken {
            for change in std::mem::take(&mut pending.changes) {
                apply(change, &mut staged);
            }
            let mut bytes = Vec::with_capacity(512);
            pending.entry.encode_success(*number, &mut bytes);
            let write = Written::Put(SecretBytes::new(bytes));
            staged.insert(outbox_id(*number), Staged { version: 1, there: true, revision: None, write });
        }
        let flushed = self.flush(&mut root, &mut staged);
        match self.write(root, staged) {
            Ok(()) => {
                self.outbox.settled.drain(..flushed);
                taken.into_iter().for_each(|(number, pending)| self.answer(number, pending));
            }
            Err(error) => self.fail(&error, taken),
        }
    }

    /// Checks what a request expects against the store and what the batch has staged before it.
    fn stage(&self, changes: &[Change], staged: &mut HashMap<RecordId, Staged>) -> Result<(), VaultError> {
        for change in changes {
            if !staged.contains_key(&change.id) {
                let now = self.now(&change.id)?;
                staged.insert(change.id.clone(), now);
            }
            let now = &staged[&change.id];
            let met = match change.expect {
                Expect::Absent => !now.there,
                Expect::Version(version) => now.there && now.version == version,
                Expect::Any => true,
            };
            if !met {
                return Err(VaultError::Conflict);
            }
        }
        // Later requests of the batch see this one as done.
        for change in changes {
            let now = staged.get_mut(&change.id).expect("it was put there above");
            now.version += 1;
            now.there = change.put.is_some();
        }
        Ok(())
    }

    /// A row as it is, without its bytes.
    fn now(&self, id: &RecordId) -> Result<Staged, VaultError> {
        let record = self.shared.store.get(id)?;
        if is_guarded(id) {
            self.shared.load_chunk(chunk_of(&self.shared.place(id)))?;
        }
        let newest = self.shared.newest(id);
        let version = match (&record, newest) {
            (Some(record), _) => row_version(record).unwrap_or(0),
            (None, Newest::Live(version) | Newest::Deleted(version)) => version,
            (None, Newest::FirstIfAny | Newest::AnyIfAny) => 0,
        };
        let revision = record.as_ref().map(|record| record.revision);
        Ok(Staged { version, there: record.is_some(), revision, write: Written::Nothing })
    }

    /// Stages the deletion of outbox rows that the log holds; answers how many.
    fn flush(&mut self, root: &mut Root, staged: &mut HashMap<RecordId, Staged>) -> usize {
        let count = self.outbox.settled.len().min(FLUSH_MAX);
        for number in &self.outbox.settled[..count] {
            let id = outbox_id(*number);
            if let Ok(now) = self.now(&id)
                && now.there
            {
                staged.insert(id, Staged { write: Written::Deleted, ..now });
            }
        }
        // Everything with an outbox number that has left the store is before this position.
        if count == self.outbox.settled.len() && self.outbox.logged.is_empty() && !self.outbox.frozen {
            root.log_position = self.log.durable();
        }
        count
    }

    /// Writes what is staged, with the table and the head row, and lets the table and the caches follow.
    fn write(&self, mut root: Root, staged: HashMap<RecordId, Staged>) -> Result<(), VaultError> {
        let mut chunks = HashMap::new();
        let mut writes = Vec::with_capacity(staged.len() + 2);
        let mut changed = Vec::with_capacity(staged.len());
        for (id, row) in staged {
            let put = match &row.write {
                Written::Nothing => continue,
                Written::Put(bytes) => Some(self.shared.seal(&id, row.version, bytes.expose())),
                Written::Deleted if row.revision.is_none() => continue,
                Written::Deleted => None,
            };
            if is_guarded(&id) && (row.version > 1 || put.is_none()) {
                self.follow(&id, &row, &mut chunks)?;
            }
            let expect = row.revision.map_or(keystead_store::Expect::Absent, keystead_store::Expect::At);
            changed.push(id.clone());
            let erasable = put.is_some() && is_erasable(&id);
            writes.push(Write { id, expect, put, erasable });
        }
        for (number, chunk) in &chunks {
            root.chunks[*number] += 1;
            let id = chunk_id(*number);
            let put = self.shared.seal(&id, root.chunks[*number], &chunk.write());
            writes.push(Write { id, expect: keystead_store::Expect::Any, put: Some(put), erasable: false });
        }
        root.generation += 1;
        let id = root_id();
        let put = self.shared.seal(&id, root.generation, &root.write());
        writes.push(Write { id, expect: keystead_store::Expect::Any, put: Some(put), erasable: false });

        let _settling = self.shared.commit.lock();
        self.shared.store.commit(Transaction(writes))?;
        let mut table = self.shared.table.write();
        table.root = root;
        table.chunks.extend(chunks);
        drop(table);
        changed.iter().for_each(|id| (self.on_change)(id));
        Ok(())
    }

    fn follow(
        &self,
        id: &RecordId,
        row: &Staged,
        chunks: &mut HashMap<usize, Chunk>,
    ) -> Result<(), VaultError> {
        let place = self.shared.place(id);
        let number = chunk_of(&place);
        if let std::collections::hash_map::Entry::Vacant(vacant) = chunks.entry(number) {
            self.shared.load_chunk(number)?;
            vacant.insert(self.shared.table.read().chunks.get(&number).cloned().unwrap_or_default());
        }
        let newest = if row.there { Newest::Live(row.version) } else { Newest::Deleted(row.version) };
        chunks.get_mut(&number).expect("it was put there above").set(place, newest);
        Ok(())
    }

    fn answer(&mut self, number: u64, pending: Pending) {
        let appending = pending.entry.append_success(number);
        self.outbox.given(number, appending.position(), self.log.health().failures);
        // An asker that has gone away needs no answer; its record is in the log all the same.
        drop(pending.done.send(Ok(appending)));
    }

    /// After a commit whose outcome is unknown nothing is written any more.
    fn fail(&self, error: &VaultError, taken: Vec<(u64, Pending)>) {
        tracing::error!(%error, "the store did not take a commit");
        let refused = matches!(
            error,
            VaultError::Store(StoreError::Conflict { .. } | StoreError::Limit(_) | StoreError::Full)
        );
        for (_, pending) in taken {
            drop(pending.done.send(Err((error.clone(), Some(pending.entry)))));
        }
        if !refused {
            self.inbox.fail();
        }
    }
}

impl Inbox {
    /// Takes nothing more, and refuses what waits.
    fn fail(&self) {
        let mut queue = self.queue.lock();
        self.failed.store(true, Ordering::Release);
        queue.notes.clear();
        for pending in queue.waiting.drain(..) {
            drop(pending.done.send(Err((VaultError::Failed, Some(pending.entry)))));
        }
    }
}

fn apply(change: Change, staged: &mut HashMap<RecordId, Staged>) {
    let row = staged.get_mut(&change.id).expect("every change taken was staged");
    row.write = change.put.map_or(Written::Deleted, Written::Put);
}

/// Compares the store with the log and brings into the log what a crash left in the outbox.
///
/// # Errors
/// [`VaultError::RolledBack`] if the log knows changes that the store does not.
pub fn recover(shared: &Shared, log: &Arc<Log>) -> Result<Outbox, VaultError> {
    let root = shared.table.read().root.clone();
    let mut logged = BTreeSet::new();
    log.read(root.log_position, &mut |_, entry: &Entry| {
        logged.extend(entry.change);
        std::ops::ControlFlow::Continue(())
    })
    .map_err(|error| VaultError::Log(error.to_string().into()))?;
    if let Some(newest) = logged.last().filter(|newest| **newest > root.outbox) {
        return Err(VaultError::RolledBack { logged: *newest, stored: root.outbox });
    }
    let mut outbox = Outbox { failures: log.health().failures, ..Outbox::default() };
    let mut missing = Vec::new();
    let mut after = None;
    loop {
        let rows = shared.store.scan(OUTBOX, after.as_ref(), FLUSH_MAX)?;
        for (id, record) in &rows {
            let tampered = || VaultError::Tampered(crate::records::spell(id).into());
            let number = id.as_bytes()[1..].try_into().map(u64::from_be_bytes).map_err(|_| tampered())?;
            let bytes =
                open_row(&shared.key, id, record).filter(|_| number <= root.outbox).ok_or_else(tampered)?;
            if !logged.contains(&number) {
                let entry = Entry::decode(bytes.expose())
                    .map_err(|error| VaultError::Log(error.to_string().into()))?;
                missing.push(log.append_entry(&entry));
            }
            outbox.settled.push(number);
        }
        match rows.len() < FLUSH_MAX {
            true => break,
            false => after = rows.last().map(|(id, _)| id.clone()),
        }
    }
    for appending in missing {
        appending.wait().map_err(|error| VaultError::Log(error.to_string().into()))?;
    }
    Ok(outbox)
}
