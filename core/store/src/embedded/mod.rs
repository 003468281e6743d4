//! The store in a single file: redb over one of our disks.
//!
//! Every commit is redb's two-phase kind with quick repair, so that a file found after a crash opens at once and
//! without a scan. redb shuts a database after the first I/O error; the store then opens the file anew by itself,
//! which tells whether the commit under way had happened, and lets reads go on when a disk is merely full.
//! redb checks its page checksums only on request and may panic on a damaged page: panics are caught here and told
//! as [`StoreError::Corrupt`], and from the first sign of damage on nothing is written any more.

mod adapter;
mod rows;

use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keystead_model::world::{Disk, DiskFile};
use parking_lot::{Mutex, RwLock};
use redb::{Database, Durability, ReadableTable, WriteTransaction};

use crate::contract::{
    CHANGES_KEPT, Changes, Record, RecordId, Revision, Store, StoreError, Transaction, Write, check_changes,
    check_scan,
};
use adapter::Adapter;
use rows::{ABOUT, CHANGES, FORMAT, FORMAT_NEWEST, RECORDS, begin_read, newest, stored};

/// How the embedded store uses memory.
#[derive(Clone, Copy, Debug)]
pub struct RedbOptions {
    /// Most bytes of pages kept in memory, between reads and within a commit. The default is 16 MiB; the operating
    /// system caches the file beside it.
    pub cache_bytes: usize,
}

impl Default for RedbOptions {
    fn default() -> Self {
        Self { cache_bytes: 16 << 20 }
    }
}

/// A [`Store`] in one file.
pub struct RedbStore {
    place: Place,
    changes_kept: u64,
    /// The open database; `None` between an I/O error and the next successful opening. Readers and the writer hold
    /// the read side while they use it, so that two databases never share the file.
    database: RwLock<Option<Database>>,
    /// Held through a commit. Owns the revision of the last commit known to be durable.
    writer: Mutex<Revision>,
}

impl RedbStore {
    /// Opens the store in the file `name` of a disk, making it if there is no such file.
    ///
    /// # Errors
    /// [`StoreError::Foreign`] if the file is something else, [`StoreError::Version`] if a newer Keystead made it,
    /// [`StoreError::Corrupt`] if it is damaged, [`StoreError::Io`] and [`StoreError::Full`] from the disk.
    pub fn open(disk: &Arc<dyn Disk>, name: &str, options: RedbOptions) -> Result<RedbStore, StoreError> {
        Self::open_keeping(disk, name, options, CHANGES_KEPT)
    }

    fn open_keeping(
        disk: &Arc<dyn Disk>,
        name: &str,
        options: RedbOptions,
        changes_kept: u64,
    ) -> Result<RedbStore, StoreError> {
        let place = Place { disk: Arc::clone(disk), name: name.to_owned(), options, damaged: Arc::default() };
        place.make_if_absent()?;
        let database = place.open()?;
        let revision = guarded(|| newest(&begin_read(&database)?))?;
        Ok(RedbStore {
            place,
            changes_kept,
            database: RwLock::new(Some(database)),
            writer: Mutex::new(revision),
        })
    }

    /// Checks every page of the file against its checksum. Nothing else is answered meanwhile; it reads the whole
    /// file.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if a page is damaged; [`StoreError::Io`].
    pub fn verify(&self) -> Result<(), StoreError> {
        let _turn = self.writer.lock();
        let result = {
            let mut slot = self.database.write();
            match slot.take() {
                Some(database) => self.place.check_pages(slot.insert(database)),
                None => self.place.open().and_then(|database| self.place.check_pages(slot.insert(database))),
            }
        };
        result.inspect_err(|error| self.note(error))
    }

    /// Works with the open database, opening it anew first if an I/O error shut it.
    fn with<T>(&self, work: impl Fn(&Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let result = {
            let mut slot = self.database.read();
            if slot.is_none() {
                drop(slot);
                self.reopen()?;
                slot = self.database.read();
            }
            match slot.as_ref() {
                Some(database) => guarded(|| work(database)),
                None => {
                    return Err(
                        std::io::Error::other("the store's file was shut by another I/O error").into()
                    );
                }
            }
        };
        if let Err(error) = &result {
            self.note(error);
        }
        result
    }

    /// As [`Self::with`], tried once more when an earlier I/O error was in the way. For work without effects.
    fn read<T>(&self, work: impl Fn(&Database) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self.with(&work) {
            Err(StoreError::Io(_) | StoreError::Full) => self.with(&work),
            result => result,
        }
    }

    /// Remembers what an error says about the file.
    fn note(&self, error: &StoreError) {
        match error {
            StoreError::Io(_) | StoreError::Full => {
                tracing::warn!(file = %self.place.name, %error, "the store's file is shut and will be opened anew");
                shut(self.database.write().take());
            }
            StoreError::Corrupt(_) => {
                tracing::error!(file = %self.place.name, %error, "the store is damaged; nothing more is written");
                self.place.damaged.store(true, Ordering::Release);
            }
            _ => {}
        }
    }

    fn reopen(&self) -> Result<(), StoreError> {
        let mut slot = self.database.write();
        if slot.is_none() {
            *slot = Some(self.place.open()?);
        }
        Ok(())
    }

    /// Finds out, after an error of the disk, whether the commit after `before` happened. What the file shows once
    /// it is open again is durable, since opening it syncs it.
    fn settle(&self, before: Revision, error: StoreError) -> Result<Revision, StoreError> {
        match self.with(|database| newest(&begin_read(database)?)) {
            Ok(found) if found == before => Err(error),
            Ok(found) if found == before.next() => Ok(found),
            Ok(found) => Err(self.lost(before, found)),
            Err(StoreError::Full) => {
                Err(std::io::Error::other("the disk is full, and the outcome unknown").into())
            }
            Err(unreachable) => Err(unreachable),
        }
    }

    /// The file shows another history than the one that was acknowledged.
    fn lost(&self, known: Revision, found: Revision) -> StoreError {
        let error =
            StoreError::Corrupt(format!("revision {known} was committed and {found} is found").into());
        self.note(&error);
        error
    }
}

impl Store for RedbStore {
    fn get(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.read(|database| {
            let records = begin_read(database)?.open_table(RECORDS).map_err(stored)?;
            let row = records.get(id.as_bytes()).map_err(stored)?;
            row.map(|row| rows::decode_record(row.value())).transpose()
        })
    }

    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, StoreError> {
        check_scan(limit)?;
        let start = match after.map(RecordId::as_bytes) {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        self.read(|database| {
            let records = begin_read(database)?.open_table(RECORDS).map_err(stored)?;
            let range = records.range::<&[u8]>((start, Bound::Unbounded)).map_err(stored)?;
            let mut found = Vec::new();
            for row in range.take(limit) {
                let (id, record) = row.map_err(stored)?;
                if !id.value().starts_with(prefix) {
                    break;
                }
                found.push((rows::decode_id(id.value())?, rows::decode_record(record.value())?));
            }
            Ok(found)
        })
    }

    fn commit(&self, transaction: Transaction) -> Result<Revision, StoreError> {
        transaction.check()?;
        let mut last = self.writer.lock();
        if self.place.damaged.load(Ordering::Acquire) {
            return Err(StoreError::Corrupt("damage was seen earlier".into()));
        }
        let before = self.read(|database| check_expectations(database, &transaction))?;
        // One more than last known is a commit whose outcome was unknown until now.
        if before != *last && before != last.next() {
            return Err(self.lost(*last, before));
        }
        *last = before;
        if transaction.0.is_empty() {
            return Ok(before);
        }
        let revision =
            match self.with(|database| write(database, &transaction, before.next(), self.changes_kept)) {
                Err(error @ (StoreError::Io(_) | StoreError::Full)) => self.settle(before, error)?,
                result => result?,
            };
        *last = revision;
        Ok(revision)
    }

    fn changes(&self, after: Revision, limit: usize) -> Result<Changes, StoreError> {
        self.read(|database| {
            let transaction = begin_read(database)?;
            let newest = newest(&transaction)?;
            let changes = transaction.open_table(CHANGES).map_err(stored)?;
            let oldest = changes.first().map_err(stored)?.map(|(revision, _)| Revision(revision.value()));
            check_changes(after, limit, oldest, newest)?;
            let mut commits = Vec::new();
            for row in
                changes.range((Bound::Excluded(after.0), Bound::Unbounded)).map_err(stored)?.take(limit)
            {
                let (revision, ids) = row.map_err(stored)?;
                commits.push(rows::decode_change(revision.value(), ids.value())?);
            }
            Ok(Changes { commits, newest })
        })
    }

    fn revision(&self) -> Result<Revision, StoreError> {
        self.read(|database| newest(&begin_read(database)?))
    }
}

impl Drop for RedbStore {
    fn drop(&mut self) {
        shut(self.database.get_mut().take());
    }
}

/// Where the file is and how it is opened.
struct Place {
    disk: Arc<dyn Disk>,
    name: String,
    options: RedbOptions,
    /// Set for good at the first sign of damage; [`Adapter`] writes nothing from then on.
    damaged: Arc<AtomicBool>,
}

impl Place {
    /// Makes an empty store under another name and puts it in place when it is whole, so that a file under the
    /// store's own name is always a store: an empty one there is damage, not a beginning.
    fn make_if_absent(&self) -> Result<(), StoreError> {
        if self.disk.list()?.contains(&self.name) {
            return Ok(());
        }
        let unfinished = format!("{}.new", self.name);
        let file = self.disk.open(&unfinished)?;
        file.set_len(0)?;
        let database = self.database(Arc::clone(&file))?;
        guarded(|| {
            let transaction = begin_write(&database)?;
            {
                transaction.open_table(RECORDS).map_err(stored)?;
                transaction.open_table(CHANGES).map_err(stored)?;
                let mut about = transaction.open_table(ABOUT).map_err(stored)?;
                about.insert(FORMAT, FORMAT_NEWEST).map_err(stored)?;
            }
            transaction.commit().map_err(stored)
        })?;
        guarded(|| database.close().map_err(stored))?;
        file.sync()?;
        self.disk.rename(&unfinished, &self.name)?;
        Ok(self.disk.sync_names()?)
    }

    /// Opens a file that is there, whatever state it was left in.
    ///
    /// Syncs it first: what a killed process wrote and did not sync must not be shown and then lost with power.
    fn open(&self) -> Result<Database, StoreError> {
        if !self.disk.list()?.contains(&self.name) {
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, "the store's file is gone").into());
        }
        self.disk.sync_names()?;
        let file = self.disk.open(&self.name)?;
        file.sync()?;
        self.check_magic(&*file)?;
        let database = self.database(file)?;
        let checked = guarded(|| self.check_format(&database));
        match checked {
            Ok(()) => Ok(database),
            Err(error) => {
                shut(Some(database));
                Err(error)
            }
        }
    }

    fn database(&self, file: Arc<dyn DiskFile>) -> Result<Database, StoreError> {
        let mut builder = Database::builder();
        builder.set_cache_size(self.options.cache_bytes);
        let name = self.name.clone();
        builder.set_repair_callback(
            move |_| tracing::warn!(file = %name, "scanning the whole store to repair it"),
        );
        let adapter = Adapter { file, damaged: Arc::clone(&self.damaged) };
        guarded(move || builder.create_with_backend(adapter).map_err(stored))
    }

    fn check_pages(&self, database: &mut Database) -> Result<(), StoreError> {
        match guarded(|| database.check_integrity().map_err(stored))? {
            true => Ok(()),
            false => Err(StoreError::Corrupt("the pages in use and the pages marked as used differ".into())),
        }
    }

    fn check_magic(&self, file: &dyn DiskFile) -> Result<(), StoreError> {
        let mut found = [0; MAGIC.len()];
        if file.len()? < MAGIC.len() as u64 {
            return Err(self.foreign("it is empty or cut short"));
        }
        file.read_at(0, &mut found)?;
        if found == *MAGIC { Ok(()) } else { Err(self.foreign("it does not begin like one")) }
    }

    fn check_format(&self, database: &Database) -> Result<(), StoreError> {
        let transaction = begin_read(database)?;
        let about = match transaction.open_table(ABOUT) {
            Err(redb::TableError::Storage(error)) => return Err(stored(error)),
            Err(_) => return Err(self.foreign("it is a database of another program")),
            Ok(about) => about,
        };
        let format = about.get(FORMAT).map_err(stored)?.map(|row| row.value());
        match format {
            None => Err(self.foreign("it is a database of another program")),
            Some(0) => Err(StoreError::Corrupt("its format is 0".into())),
            Some(found @ 1..=FORMAT_NEWEST) => {
                tracing::debug!(format = found, "the store is open");
                Ok(())
            }
            Some(found) => Err(StoreError::Version { found, known: FORMAT_NEWEST }),
        }
    }

    fn foreign(&self, found: &str) -> StoreError {
        StoreError::Foreign { name: self.name.as_str().into(), found: found.into() }
    }
}

/// Answers the revision at which the expectations hold, or which of them does not.
fn check_expectations(database: &Database, transaction: &Transaction) -> Result<Revision, StoreError> {
    let read = begin_read(database)?;
    let records = read.open_table(RECORDS).map_err(stored)?;
    for Write { id, expect, put: _ } in &transaction.0 {
        let row = records.get(id.as_bytes()).map_err(stored)?;
        let found =
            row.map(|row| rows::decode_revision(row.value()).map(|(revision, _)| revision)).transpose()?;
        if !expect.holds(found) {
            return Err(StoreError::Conflict { id: id.clone(), found });
        }
    }
    newest(&read)
}

/// Writes all rows of a commit, trims the changes, and syncs.
fn write(
    database: &Database,
    transaction: &Transaction,
    revision: Revision,
    changes_kept: u64,
) -> Result<Revision, StoreError> {
    let writing = begin_write(database)?;
    {
        let mut records = writing.open_table(RECORDS).map_err(stored)?;
        for Write { id, put, expect: _ } in &transaction.0 {
            match put {
                Some(bytes) => {
                    records.insert(id.as_bytes(), &*rows::encode_record(revision, bytes)).map_err(stored)?
                }
                None => records.remove(id.as_bytes()).map_err(stored)?,
            };
        }
        let mut changes = writing.open_table(CHANGES).map_err(stored)?;
        changes.insert(revision.0, &*rows::encode_change(transaction)).map_err(stored)?;
        let trimmed_to = revision.0.saturating_sub(changes_kept);
        while changes.first().map_err(stored)?.is_some_and(|(oldest, _)| oldest.value() <= trimmed_to) {
            changes.pop_first().map_err(stored)?;
        }
    }
    writing.commit().map_err(stored)?;
    Ok(revision)
}

/// The only way a write begins here: durable on return, in two phases, openable without a scan after a crash.
fn begin_write(database: &Database) -> Result<WriteTransaction, StoreError> {
    let mut writing = database.begin_write().map_err(stored)?;
    writing.set_durability(Durability::Immediate).map_err(stored)?;
    writing.set_two_phase_commit(true);
    writing.set_quick_repair(true);
    Ok(writing)
}

/// Closes a database. What closing would tell is known already, or will be when the file is opened again.
fn shut(database: Option<Database>) {
    if let Err(error) = guarded(|| database.map_or(Ok(()), Database::close).map_err(stored)) {
        tracing::debug!(%error, "closing the store's file");
    }
}

/// Runs what may panic on a damaged file.
///
/// Going on after the panic is sound: the caller marks the store as damaged, and redb, which poisons its own locks,
/// refuses further work.
fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text =
            panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(StoreError::Corrupt(text.unwrap_or("reading it failed").into()))
    })
}

/// What every redb file begins with.
const MAGIC: &[u8; 9] = b"redb\x1a\x0a\xa9\x0d\x0a";

#[cfg(test)]
mod crash;
#[cfg(test)]
mod tests;
