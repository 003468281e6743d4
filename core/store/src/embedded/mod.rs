//! The store in a single file: redb over one of our disks; beside it a second file for what must leave no trace
//! ([`erasable`]).
//!
//! Every commit is redb's two-phase kind with quick repair, so that a file found after a crash opens at once and
//! without a scan. redb shuts a database after the first I/O error; the store then opens the file anew by itself,
//! which tells whether the commit under way had happened, and lets reads go on when a disk is merely full.
//! redb checks its page checksums only on request and may panic on a damaged page: panics are caught here and told
//! as [`StoreError::Corrupt`], and from the first sign of damage on nothing is written any more.

mod adapter;
mod erasable;
mod rows;

use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keystead_model::world::{Disk, DiskFile};
use parking_lot::{Mutex, MutexGuard, RwLock};
use redb::{Database, Durability, ReadableTable, WriteTransaction};

use crate::contract::{
    CHANGES_KEPT, Changes, Record, RecordId, Revision, Store, StoreError, Transaction, Write, check_changes,
    check_scan,
};
use adapter::Adapter;
use erasable::{Moves, POOL, SPARE, UNITS};
use rows::{ABOUT, Apart, CHANGES, FORMAT, FORMAT_NEWEST, RECORDS, Row, begin_read, newest, stored};

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
    /// The second file. Held shared by whoever reads an erasable record, from before its row is looked up until its
    /// bytes have been read; so nobody is left with an old row once this has been held alone.
    erasable: RwLock<Arc<dyn DiskFile>>,
    /// Held through a commit.
    writer: Mutex<Writer>,
}

struct Writer {
    /// Of the last commit known to be durable.
    revision: Revision,
    /// The pool of the second file, all of it zero. `None` from a failure until the pool has been overwritten.
    pool: Option<Vec<u32>>,
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
        let (pool, units) = guarded(|| erasable::pool(&database))?;
        let file = place.open_erasable(units)?;
        erasable::overwrite_leftovers(&*file, &pool)?;
        Ok(RedbStore {
            place,
            changes_kept,
            database: RwLock::new(Some(database)),
            erasable: RwLock::new(file),
            writer: Mutex::new(Writer { revision, pool: Some(pool) }),
        })
    }

    /// Checks every page of the file against its checksum, that every erasable record is in its place, and that
    /// nothing is left of those that went. Nothing else is answered meanwhile; it reads both files whole.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if a page is damaged; [`StoreError::Io`].
    pub fn verify(&self) -> Result<(), StoreError> {
        let _turn = self.overwritten()?;
        let file = Arc::clone(&*self.erasable.read());
        let result = {
            let mut slot = self.database.write();
            match slot.take() {
                Some(database) => self.place.check_pages(slot.insert(database)),
                None => self.place.open().and_then(|database| self.place.check_pages(slot.insert(database))),
            }
        };
        result
            .and_then(|()| self.read(|database| erasable::verify(database, &*file)))
            .inspect_err(|error| self.note(error))
    }

    /// The writer's turn, once nothing is left to be overwritten.
    fn overwritten(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let mut writer = self.writer.lock();
        if writer.pool.is_none() {
            let (pool, units) = self.read(erasable::pool)?;
            let mut file = self.erasable.write();
            // A file whose sync failed once is of no use any more.
            *file = self.place.open_erasable(units)?;
            erasable::overwrite_leftovers(&**file, &pool)?;
            writer.pool = Some(pool);
        }
        Ok(writer)
    }

    /// Looks rows up, and once more with the second file if that is where they point to.
    fn look<T>(
        &self,
        look: impl Fn(&Database, Option<&dyn DiskFile>) -> Result<Looked<T>, StoreError>,
    ) -> Result<T, StoreError> {
        if let Looked::Found(found) = self.read(|database| look(database, None))? {
            return Ok(found);
        }
        let file = self.erasable.read();
        match self.read(|database| look(database, Some(&**file)))? {
            Looked::Found(found) => Ok(found),
            Looked::Apart => unreachable!("with the second file at hand, every record can be read"),
        }
    }

    /// Writes the erasable records of a transaction into units of the pool, durably.
    fn write_apart(
        &self,
        pool: &mut Vec<u32>,
        transaction: &Transaction,
        revision: Revision,
    ) -> Result<Vec<Option<Apart>>, StoreError> {
        let length = |write: &Write| write.put.as_ref().filter(|_| write.erasable).map(|bytes| bytes.len());
        let wanted: usize = transaction.0.iter().filter_map(length).map(erasable::units_for).sum();
        if wanted == 0 {
            return Ok(vec![None; transaction.0.len()]);
        }
        let file = Arc::clone(&*self.erasable.read());
        if wanted > pool.len() {
            let missing = wanted - pool.len();
            let (_, units) = self.read(erasable::pool)?;
            grow(&*file, erasable::units_after_fill(units, missing)?)?;
            let mut added = self.with(|database| {
                let writing = begin_write(database)?;
                let added = erasable::fill(&writing, missing)?;
                writing.commit().map_err(stored)?;
                Ok(added)
            })?;
            added.append(pool);
            *pool = added;
        }
        let mut placed = Vec::with_capacity(transaction.0.len());
        for write in &transaction.0 {
            let Some(bytes) = write.put.as_ref().filter(|_| write.erasable) else {
                placed.push(None);
                continue;
            };
            let units = pool.split_off(pool.len() - erasable::units_for(bytes.len()));
            erasable::write(&*file, &units, revision, bytes)?;
            let length = u32::try_from(bytes.len()).expect("a record has at most 1 MiB");
            placed.push(Some(Apart { revision, length, units }));
        }
        file.sync()?;
        Ok(placed)
    }

    /// Overwrites what a commit has freed, before its caller learns of it.
    fn erase(&self, freed: &[u32]) -> Result<(), StoreError> {
        if freed.is_empty() {
            return Ok(());
        }
        // Whoever still reads by an older row comes to an end here.
        let file = Arc::clone(&*self.erasable.write());
        Ok(erasable::overwrite(&*file, freed)?)
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

    /// A commit that stands although what it freed is still there.
    fn not_overwritten(&self, error: &StoreError) {
        tracing::error!(
            file = %self.place.name, %error,
            "what was erased could not be overwritten yet; nothing is committed until it is"
        );
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
        self.look(|database, file| {
            let records = begin_read(database)?.open_table(RECORDS).map_err(stored)?;
            let Some(row) = records.get(id.as_bytes()).map_err(stored)? else {
                return Ok(Looked::Found(None));
            };
            Ok(match record(row.value(), file)? {
                Looked::Found(record) => Looked::Found(Some(record)),
                Looked::Apart => Looked::Apart,
            })
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
        self.look(|database, file| {
            let records = begin_read(database)?.open_table(RECORDS).map_err(stored)?;
            let range = records.range::<&[u8]>((start, Bound::Unbounded)).map_err(stored)?;
            let mut found = Vec::new();
            for row in range.take(limit) {
                let (id, row) = row.map_err(stored)?;
                if !id.value().starts_with(prefix) {
                    break;
                }
                let Looked::Found(record) = record(row.value(), file)? else { return Ok(Looked::Apart) };
                found.push((rows::decode_id(id.value())?, record));
            }
            Ok(Looked::Found(found))
        })
    }

    fn commit(&self, transaction: Transaction) -> Result<Revision, StoreError> {
        transaction.check()?;
        if self.place.damaged.load(Ordering::Acquire) {
            return Err(StoreError::Corrupt("damage was seen earlier".into()));
        }
        let mut writer = self.overwritten()?;
        let before = self.read(|database| check_expectations(database, &transaction))?;
        // One more than last known is a commit whose outcome was unknown until now.
        if before != writer.revision && before != writer.revision.next() {
            return Err(self.lost(writer.revision, before));
        }
        writer.revision = before;
        if transaction.0.is_empty() {
            return Ok(before);
        }
        // Put back when all has gone well; after anything else the next commit first overwrites what may be left.
        let mut pool = writer.pool.take().expect("it is there once nothing is left to be overwritten");
        let placed = self.write_apart(&mut pool, &transaction, before.next())?;
        let spared = erasable::surplus(&mut pool);
        let commit =
            Commit { transaction: &transaction, placed: &placed, spared: &spared, revision: before.next() };
        match self.with(|database| commit.write(database, self.changes_kept)) {
            Ok(freed) => {
                writer.revision = commit.revision;
                match self.erase(&freed) {
                    Ok(()) => {
                        pool.extend(freed);
                        writer.pool = Some(pool);
                    }
                    Err(error) => self.not_overwritten(&error),
                }
            }
            Err(error @ (StoreError::Io(_) | StoreError::Full)) => {
                writer.revision = self.settle(before, error)?;
                drop(writer);
                self.overwritten().map(drop).unwrap_or_else(|error| self.not_overwritten(&error));
            }
            Err(error) => return Err(error),
        }
        Ok(commit.revision)
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
        let second = self.disk.open(&self.erasable_name())?;
        if !second.is_empty()? {
            return Err(std::io::Error::new(
                std::io::ErrorKind::NotFound,
                "the store's file is gone, and its second file is there",
            )
            .into());
        }
        second.sync()?;
        // Else the first file's name could outlive a cut, and the second's not.
        self.disk.sync_names()?;
        let unfinished = format!("{}.new", self.name);
        let file = self.disk.open(&unfinished)?;
        file.set_len(0)?;
        let database = self.database(Arc::clone(&file))?;
        guarded(|| {
            let transaction = begin_write(&database)?;
            {
                transaction.open_table(RECORDS).map_err(stored)?;
                transaction.open_table(CHANGES).map_err(stored)?;
                transaction.open_table(ABOUT).map_err(stored)?;
            }
            make_newest(transaction)
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
        let checked = guarded(|| self.check_format(&database)).and_then(|format| match format {
            FORMAT_NEWEST => Ok(()),
            // The second file came with format 2. Its name is durable before the database says that it is there.
            _ => {
                self.disk.open(&self.erasable_name())?.sync()?;
                self.disk.sync_names()?;
                guarded(|| make_newest(begin_write(&database)?))
            }
        });
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

    fn erasable_name(&self) -> String {
        format!("{}.erasable", self.name)
    }

    /// Opens the second file, with room for so many units.
    fn open_erasable(&self, units: u64) -> Result<Arc<dyn DiskFile>, StoreError> {
        let name = self.erasable_name();
        if !self.disk.list()?.contains(&name) {
            return Err(StoreError::Corrupt(format!("its second file {name} is gone").into()));
        }
        let file = self.disk.open(&name)?;
        grow(&*file, units)?;
        Ok(file)
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

    /// The format of a database of ours that can be read.
    fn check_format(&self, database: &Database) -> Result<u64, StoreError> {
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
                Ok(found)
            }
            Some(found) => Err(StoreError::Version { found, known: FORMAT_NEWEST }),
        }
    }

    fn foreign(&self, found: &str) -> StoreError {
        StoreError::Foreign { name: self.name.as_str().into(), found: found.into() }
    }
}

/// What came of looking rows up without the second file at hand, or with it.
enum Looked<T> {
    Found(T),
    /// A record is in the second file.
    Apart,
}

fn record(row: &[u8], file: Option<&dyn DiskFile>) -> Result<Looked<Record>, StoreError> {
    Ok(match (rows::decode_row(row)?, file) {
        (Row::Here(revision, bytes), _) => Looked::Found(Record { revision, bytes: bytes.into() }),
        (Row::Apart(_), None) => Looked::Apart,
        (Row::Apart(row), Some(file)) => {
            Looked::Found(Record { revision: row.revision, bytes: erasable::read(file, &row)? })
        }
    })
}

/// Sees to it that the second file has room for so many units.
fn grow(file: &dyn DiskFile, units: u64) -> Result<(), StoreError> {
    let length = units * erasable::UNIT_BYTES as u64;
    if file.len()? < length {
        file.set_len(length)?;
    }
    Ok(())
}

/// Answers the revision at which the expectations hold, or which of them does not.
fn check_expectations(database: &Database, transaction: &Transaction) -> Result<Revision, StoreError> {
    let read = begin_read(database)?;
    let records = read.open_table(RECORDS).map_err(stored)?;
    for Write { id, expect, put: _, erasable: _ } in &transaction.0 {
        let row = records.get(id.as_bytes()).map_err(stored)?;
        let found = row.map(|row| rows::decode_row(row.value()).map(|row| row.revision())).transpose()?;
        if !expect.holds(found) {
            return Err(StoreError::Conflict { id: id.clone(), found });
        }
    }
    newest(&read)
}

/// All that one commit writes.
struct Commit<'a> {
    transaction: &'a Transaction,
    /// For each write, where its record has been put if it is erasable.
    placed: &'a [Option<Apart>],
    spared: &'a [u32],
    revision: Revision,
}

impl Commit<'_> {
    /// Writes all rows, trims the changes, and syncs. Answers the units that went out of use.
    fn write(&self, database: &Database, changes_kept: u64) -> Result<Vec<u32>, StoreError> {
        let Self { transaction, placed, spared, revision } = self;
        let writing = begin_write(database)?;
        let used = placed.iter().flatten().flat_map(|row| &row.units).copied().collect();
        let mut moves = Moves { used, freed: Vec::new(), spared: spared.to_vec() };
        {
            let mut records = writing.open_table(RECORDS).map_err(stored)?;
            for (Write { id, put, expect: _, erasable: _ }, placed) in transaction.0.iter().zip(*placed) {
                let row = match (put, placed) {
                    (Some(_), Some(row)) => Some(rows::encode_apart(row)),
                    (Some(bytes), None) => Some(rows::encode_record(*revision, bytes)),
                    (None, _) => None,
                };
                let before = match row {
                    Some(row) => records.insert(id.as_bytes(), &*row).map_err(stored)?,
                    None => records.remove(id.as_bytes()).map_err(stored)?,
                };
                if let Some(before) = before
                    && let Row::Apart(row) = rows::decode_row(before.value())?
                {
                    moves.freed.extend(row.units);
                }
            }
            let mut changes = writing.open_table(CHANGES).map_err(stored)?;
            changes.insert(revision.0, &*rows::encode_change(transaction)).map_err(stored)?;
            let trimmed_to = revision.0.saturating_sub(changes_kept);
            while changes.first().map_err(stored)?.is_some_and(|(oldest, _)| oldest.value() <= trimmed_to) {
                changes.pop_first().map_err(stored)?;
            }
        }
        moves.write(&writing)?;
        writing.commit().map_err(stored)?;
        Ok(moves.freed)
    }
}

/// Makes what the newest format has and older ones have not, and says so.
fn make_newest(writing: WriteTransaction) -> Result<(), StoreError> {
    {
        writing.open_table(POOL).map_err(stored)?;
        writing.open_table(SPARE).map_err(stored)?;
        let mut about = writing.open_table(ABOUT).map_err(stored)?;
        about.insert(UNITS, 0).map_err(stored)?;
        about.insert(FORMAT, FORMAT_NEWEST).map_err(stored)?;
    }
    writing.commit().map_err(stored)
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
