//! The sealed side of the store: rows go in and come out as plain bytes, and whoever holds the file can neither
//! read, forge, swap nor replay them.
//!
//! Every value is sealed under the records key with its row id and version as associated data (`docs/formats/records.md`).
//! Reads happen on the caller's thread. Writes go through one thread that merges whatever waits into one store
//! commit ([`writer`]); a change of state carries its audit record into the same commit as an outbox row.

mod freshness;
mod writer;

use std::collections::HashMap;
use std::sync::Arc;

use keystead_audit::{Appending, Log};
use keystead_crypto::{ArenaFull, RootKey, SealingKey, SecretBytes};
use keystead_model::world::Entropy;
use keystead_store::{Record, RecordId, Sealed, Store, StoreError};
use parking_lot::{Mutex, RwLock};

use crate::entry::AuditEntry;
use crate::records::{GrantRow, RecordError, record_id, spell};
use freshness::{Chunk, Newest, Place, Root, chunk_of};
use writer::{Refused, WriterThread};

/// Longest page of a scan, in rows.
const SCAN_ROWS_MAX: usize = 1024;

/// Why the vault did not do as asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// A row is not what was last written: edited, swapped, replayed, deleted or brought back. Holds which.
    #[error("{0} is not what was last written there: the store was changed from outside")]
    Tampered(Box<str>),
    /// The root key is not the one this store was made with, or its head row was changed from outside.
    #[error(
        "the root key does not open this store: it belongs to another store, or the store was changed from outside"
    )]
    WrongRoot,
    /// The store is older than the log: it was put back to an earlier state.
    #[error("the store is older than the audit log, which knows change {logged}; the store ends at {stored}")]
    RolledBack {
        /// The newest change in the log.
        logged: u64,
        /// The newest change in the store.
        stored: u64,
    },
    /// Another change to the same row came first.
    #[error("another change came first")]
    Conflict,
    /// A row of a newer format.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// No locked memory left.
    #[error(transparent)]
    Arena(#[from] ArenaFull),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A commit failed and left its outcome unknown; the program has to be started again.
    #[error("the store failed earlier and has to be opened again")]
    Failed,
    /// The log did not take a record that the store holds.
    #[error("the audit log cannot be read or written: {0}")]
    Log(Box<str>),
}

/// A row as read: its version, and its bytes.
pub struct Plain {
    /// 1 for a new row, one more with every change.
    pub version: u64,
    /// What was written.
    pub bytes: SecretBytes,
}

/// What must be there before a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expect {
    /// No row.
    Absent,
    /// A row of this version.
    Version(u64),
    /// Whatever is there. For rows that say only where to look.
    Any,
}

/// One change to one row.
pub struct Change {
    /// Which row.
    pub id: RecordId,
    /// What must be there before.
    pub expect: Expect,
    /// What is there after; `None` deletes.
    pub put: Option<SecretBytes>,
}

impl Change {
    /// Makes a row.
    pub fn make(id: RecordId, bytes: Vec<u8>) -> Self {
        Self { id, expect: Expect::Absent, put: Some(SecretBytes::new(bytes)) }
    }

    /// Replaces a row.
    pub fn replace(id: RecordId, version: u64, bytes: Vec<u8>) -> Self {
        Self { id, expect: Expect::Version(version), put: Some(SecretBytes::new(bytes)) }
    }

    /// Makes or replaces a row, whatever is there.
    pub fn put(id: RecordId, bytes: Vec<u8>) -> Self {
        Self { id, expect: Expect::Any, put: Some(SecretBytes::new(bytes)) }
    }

    /// Deletes a row if it is there.
    pub fn clear(id: RecordId) -> Self {
        Self { id, expect: Expect::Any, put: None }
    }

    /// Deletes a row.
    pub fn delete(id: RecordId, version: u64) -> Self {
        Self { id, expect: Expect::Version(version), put: None }
    }
}

/// Told the ids of rows that changed, before anyone is told that they did.
pub type OnChange = Box<dyn Fn(&RecordId) + Send + Sync>;

/// The sealed side of the store.
pub struct Vault {
    shared: Arc<Shared>,
    writer: WriterThread,
}

/// What readers and the writer share.
struct Shared {
    store: Arc<dyn Store>,
    key: SealingKey,
    entropy: Arc<dyn Entropy>,
    table: RwLock<Table>,
    /// Held by the writer from the store's commit until the table has followed; a reader that sees the two apart
    /// waits here and looks again.
    commit: Mutex<()>,
}

struct Table {
    root: Root,
    chunks: HashMap<usize, Chunk>,
}

impl Vault {
    const DOMAIN: &'static str = "keystead/records/v1";

    /// Opens the vault over a store, brings into the log what a crash left in the outbox, and starts the writer.
    ///
    /// # Errors
    /// [`VaultError::WrongRoot`], [`VaultError::RolledBack`], or what the store or log answers.
    pub fn open(
        store: Arc<dyn Store>,
        root: &RootKey,
        entropy: Arc<dyn Entropy>,
        log: &Arc<Log>,
        on_change: OnChange,
    ) -> Result<Self, VaultError> {
        let key = root.sealing_key(Self::DOMAIN, b"")?;
        let table = Table { root: read_root(&*store, &key)?, chunks: HashMap::new() };
        let shared = Shared { store, key, entropy, table: RwLock::new(table), commit: Mutex::new(()) };
        let shared = Arc::new(shared);
        let outbox = writer::recover(&shared, log)?;
        let writer = WriterThread::start(Arc::clone(&shared), Arc::clone(log), outbox, on_change);
        Ok(Self { shared, writer })
    }

    /// The newest version of a row.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] by name, or what the store answers.
    pub fn get(&self, id: &RecordId) -> Result<Option<Plain>, VaultError> {
        self.shared.get(id)
    }

    /// Rows whose ids begin with `prefix` and come after `after`, ascending, 1,024 at most. Fewer than `limit`
    /// means that there are no more.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub fn scan(
        &self,
        prefix: &[u8],
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Plain)>, VaultError> {
        let rows = self.shared.store.scan(prefix, after, limit.min(SCAN_ROWS_MAX))?;
        let mut found = Vec::with_capacity(rows.len());
        for (id, record) in rows {
            if let Some(plain) = self.shared.check(&id, Some(record))? {
                found.push((id, plain));
            }
        }
        Ok(found)
    }

    /// A keyed hash of a row's id: the same every time, and unknown to whoever holds only the file.
    pub fn name(&self, id: &RecordId) -> [u8; 16] {
        self.shared.place(id)
    }

    /// Opens every row there is, and answers the first that is not what was last written, or how many there are.
    ///
    /// A row that was deleted from outside is missed only if it had never been changed since it was made.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub fn verify(&self) -> Result<u64, VaultError> {
        let (mut count, mut after) = (0, None);
        loop {
            let rows = self.shared.store.scan(b"", after.as_ref(), SCAN_ROWS_MAX)?;
            let full = rows.len() == SCAN_ROWS_MAX;
            after = rows.last().map(|(id, _)| id.clone());
            for (id, record) in rows {
                // The table's own rows are checked as they are loaded.
                if !id.as_bytes().starts_with(TABLE) {
                    self.shared.check(&id, Some(record))?;
                    count += 1;
                }
            }
            if !full {
                return Ok(count);
            }
        }
    }

    /// Applies all changes or none, together with the audit record of `entry`, which then holds that the request
    /// succeeded. Answers what to wait for before the request is answered.
    ///
    /// # Errors
    /// [`Refused`]: [`VaultError::Conflict`], or what the store answers. After [`VaultError::Failed`] the outcome is
    /// unknown.
    pub async fn commit(&self, changes: Vec<Change>, entry: Box<AuditEntry>) -> Result<Appending, Refused> {
        self.writer.submit(changes, entry).await
    }

    /// Applies changes that are no change of state and need no record, such as what the log already says. They expect
    /// nothing, and are to rows that are not guarded.
    ///
    /// # Errors
    /// What the store answers; [`VaultError::Failed`] if the vault takes nothing any more.
    pub async fn note(&self, changes: Vec<Change>) -> Result<(), VaultError> {
        self.writer.note(changes).await
    }

    /// As [`Vault::note`], without waiting for what comes of it.
    pub fn note_unasked(&self, changes: Vec<Change>) {
        self.writer.note_unasked(changes);
    }

    /// Writes the head row if the log has run far ahead of it, so that the next start has little to read.
    pub fn keep_up(&self, log: &Log) {
        self.writer.keep_up(log.durable(), self.shared.table.read().root.log_position);
    }

    /// Waits until whatever the writer is at is done, and whoever is told of changes has been told.
    pub fn rest(&self) {
        drop(self.shared.commit.lock());
    }

    /// Whether the writer takes changes.
    pub fn is_healthy(&self) -> bool {
        self.writer.is_healthy()
    }

    /// Ends the writer once what waits is done.
    pub fn close(&self) {
        self.writer.close();
    }
}

impl Shared {
    fn get(&self, id: &RecordId) -> Result<Option<Plain>, VaultError> {
        let record = self.store.get(id)?;
        self.check(id, record)
    }

    /// Opens a row and compares it with the table; where the two differ, looks again while the writer rests.
    fn check(&self, id: &RecordId, record: Option<Record>) -> Result<Option<Plain>, VaultError> {
        if self.chunk_is_missing(id) {
            let _settled = self.commit.lock();
            self.load_chunk(chunk_of(&self.place(id)))?;
        }
        match self.check_once(id, record) {
            Err(VaultError::Tampered(_)) => {
                let _settled = self.commit.lock();
                self.check_once(id, self.store.get(id)?)
            }
            settled => settled,
        }
    }

    fn check_once(&self, id: &RecordId, record: Option<Record>) -> Result<Option<Plain>, VaultError> {
        let tampered = || VaultError::Tampered(spell(id).into());
        let newest = self.newest(id);
        let Some(record) = record else {
            return match newest {
                Newest::Live(_) => Err(tampered()),
                Newest::FirstIfAny | Newest::AnyIfAny | Newest::Deleted(_) => Ok(None),
            };
        };
        let version = row_version(&record).ok_or_else(tampered)?;
        let expected = match newest {
            Newest::FirstIfAny => 1,
            Newest::AnyIfAny => version,
            Newest::Live(version) => version,
            Newest::Deleted(_) => return Err(tampered()),
        };
        if version != expected {
            return Err(tampered());
        }
        let bytes = open_row(&self.key, id, &record).ok_or_else(tampered)?;
        Ok(Some(Plain { version, bytes }))
    }

    fn chunk_is_missing(&self, id: &RecordId) -> bool {
        if !is_guarded(id) {
            return false;
        }
        let number = chunk_of(&self.place(id));
        let table = self.table.read();
        table.root.chunks[number] != 0 && !table.chunks.contains_key(&number)
    }

    /// What the table says of a row whose chunk has been loaded. Chunks are never unloaded.
    fn newest(&self, id: &RecordId) -> Newest {
        if is_rewritten(id) {
            return Newest::AnyIfAny;
        }
        if !is_guarded(id) {
            return Newest::FirstIfAny;
        }
        let place = self.place(id);
        let table = self.table.read();
        table.chunks.get(&chunk_of(&place)).map_or(Newest::FirstIfAny, |chunk| chunk.newest(&place))
    }

    fn place(&self, id: &RecordId) -> Place {
        self.key.name(id.as_bytes())
    }

    /// Loads a chunk of the table. The caller is the writer, or holds `commit`.
    fn load_chunk(&self, number: usize) -> Result<(), VaultError> {
        let version = self.table.read().root.chunks[number];
        if version == 0 || self.table.read().chunks.contains_key(&number) {
            return Ok(());
        }
        let id = chunk_id(number);
        let record = self.store.get(&id)?.filter(|record| row_version(record) == Some(version));
        let bytes = record.and_then(|record| open_row(&self.key, &id, &record));
        let bytes = bytes.ok_or_else(|| VaultError::Tampered(spell(&id).into()))?;
        let chunk = Chunk::read(bytes.expose())?;
        self.table.write().chunks.insert(number, chunk);
        Ok(())
    }

    fn seal(&self, id: &RecordId, version: u64, plain: &[u8]) -> Sealed {
        let sealed = Sealed::from(self.key.seal(&*self.entropy, &associated_data(id, version), plain));
        // Of the right size from the start: what is erasable must not stay where a vector grew out of.
        let mut out = Vec::with_capacity(VERSION_BYTES + sealed.len());
        out.extend_from_slice(&version.to_be_bytes());
        out.extend_from_slice(&sealed);
        out.into()
    }
}

/// A stored value: version (8 bytes, big-endian), then what the records key sealed.
fn row_version(record: &Record) -> Option<u64> {
    record.bytes.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

fn open_row(key: &SealingKey, id: &RecordId, record: &Record) -> Option<SecretBytes> {
    let (version, sealed) = record.bytes.split_first_chunk::<VERSION_BYTES>()?;
    key.open(&associated_data(id, u64::from_be_bytes(*version)), sealed).ok()
}

/// Version (8 bytes), then the row id.
fn associated_data(id: &RecordId, version: u64) -> Vec<u8> {
    [&version.to_be_bytes(), id.as_bytes()].concat()
}

fn read_root(store: &dyn Store, key: &SealingKey) -> Result<Root, VaultError> {
    let id = root_id();
    let Some(record) = store.get(&id)? else {
        return match store.scan(b"", None, 1)?.is_empty() {
            true => Ok(Root::empty()),
            false => Err(VaultError::WrongRoot),
        };
    };
    let bytes = open_row(key, &id, &record).ok_or(VaultError::WrongRoot)?;
    let root = Root::read(bytes.expose())?;
    match row_version(&record) == Some(root.generation) {
        true => Ok(root),
        false => Err(VaultError::WrongRoot),
    }
}

fn root_id() -> RecordId {
    record_id(b"!root")
}

fn chunk_id(number: usize) -> RecordId {
    let number = u16::try_from(number).expect("there are 1,024 chunks").to_be_bytes();
    record_id(&[b'!', b'f', number[0], number[1]])
}

/// `o` and the number, big-endian: ascending in time.
fn outbox_id(number: u64) -> RecordId {
    record_id(&[b"o".as_slice(), &number.to_be_bytes()].concat())
}

const OUTBOX: &[u8] = b"o";
/// Bytes of the version before what is sealed.
const VERSION_BYTES: usize = 8;
/// What the ids of the table's rows begin with.
const TABLE: &[u8] = b"!";

/// Outbox rows have numbers that are never given again, and due rows (`d`, `e`) only say where to look: an old one put
/// back does nothing. Usage rows repeat what the log says. Grants are borne out by their summaries. All others are in the
/// table.
fn is_guarded(id: &RecordId) -> bool {
    !matches!(id.as_bytes()[0], b'o' | b'd' | b'e' | b'u') && !GrantRow::is_borne_out(id)
}

/// Rows that are not guarded and are written again and again; the others that are not guarded are written once.
fn is_rewritten(id: &RecordId) -> bool {
    id.as_bytes()[0] == b'u'
}

/// Rows of key material: nothing is to be left of them once they are replaced or deleted.
fn is_erasable(id: &RecordId) -> bool {
    id.as_bytes()[0] == b'm'
}
