//! The contract: an ordered map of records, four verbs and a revision.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::sync::Arc;

use zeroize::Zeroize;

/// An ordered, durable map from [`RecordId`] to sealed bytes.
///
/// Every commit gets the next [`Revision`], the first is 1. A read sees every commit that returned before the
/// read began, and all of a commit or none of it; one scan sees one instant. Calls block: for microseconds when
/// they read, for the disk's sync when they commit. Who serves many callers merges their waiting transactions
/// into one commit; the store itself never waits for company.
pub trait Store: Send + Sync {
    /// The newest record under `id`.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Corrupt`].
    fn get(&self, id: &RecordId) -> Result<Option<Record>, StoreError>;

    /// The records whose ids begin with `prefix` and come after `after`, ascending by bytes, `limit` at most.
    /// Fewer than `limit` means that there are no more. `after` need not be there, nor begin with `prefix`.
    ///
    /// # Errors
    /// [`StoreError::Limit`] if `limit` is over [`SCAN_RECORDS_MAX`]; [`StoreError::Io`], [`StoreError::Corrupt`].
    fn scan(
        &self,
        prefix: &[u8],
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, StoreError>;

    /// Applies all writes or none. When it returns `Ok`, the commit survives a power cut. A transaction without
    /// writes changes nothing and answers the revision as it is.
    ///
    /// What an erasable record held before it was replaced or deleted is then gone for good: overwritten wherever
    /// this store had put it, on the disk and in memory. Should a disk fail between the commit and the overwriting,
    /// the commit is still acknowledged, and nothing else is committed until the overwriting is done, also when the
    /// store is opened again.
    ///
    /// # Errors
    /// After [`StoreError::Conflict`], [`StoreError::Limit`] and [`StoreError::Full`] nothing was written. After
    /// [`StoreError::Io`] the outcome is unknown until the store answers again: read before relying on either.
    fn commit(&self, transaction: Transaction) -> Result<Revision, StoreError>;

    /// What was written after a revision, oldest first, `limit` commits at most; fewer means that there are no more.
    /// The newest [`CHANGES_KEPT`] commits can be asked for.
    ///
    /// # Errors
    /// [`StoreError::TooOld`] when a commit after `after` is no longer kept; [`StoreError::Ahead`] when `after`
    /// has not happened; [`StoreError::Limit`] if `limit` is over [`CHANGES_MAX`]; [`StoreError::Io`],
    /// [`StoreError::Corrupt`].
    fn changes(&self, after: Revision, limit: usize) -> Result<Changes, StoreError>;

    /// The revision of the newest commit.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Corrupt`].
    fn revision(&self) -> Result<Revision, StoreError>;
}

/// Most bytes in one record: 1 MiB.
pub const RECORD_BYTES_MAX: usize = 1 << 20;
/// Most writes in one transaction.
pub const WRITES_MAX: usize = 8192;
/// Most bytes in one transaction, ids and records together: 64 MiB.
pub const TRANSACTION_BYTES_MAX: usize = 64 << 20;
/// Most records answered by one scan.
pub const SCAN_RECORDS_MAX: usize = 65_536;
/// Most commits answered by one call of [`Store::changes`].
pub const CHANGES_MAX: usize = 4096;
/// How many of the newest commits [`Store::changes`] can tell of.
pub const CHANGES_KEPT: u64 = 65_536;

/// Names a record: 1 to 512 bytes of any value, ordered as bytes are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(Box<[u8]>);

/// The bytes are no record id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record id is 1 to 512 bytes long, not {bytes}")]
pub struct RecordIdError {
    /// The length found.
    pub bytes: usize,
}

impl RecordId {
    /// Longest id, in bytes.
    pub const BYTES_MAX: usize = 512;

    /// From its bytes.
    ///
    /// # Errors
    /// [`RecordIdError`] if there are none, or more than [`RecordId::BYTES_MAX`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordIdError> {
        match bytes.len() {
            1..=Self::BYTES_MAX => Ok(Self(bytes.into())),
            bytes => Err(RecordIdError { bytes }),
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for RecordId {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// Counts the commits of one store. 0 is before the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Revision(pub u64);

impl Revision {
    /// Before the first commit.
    pub const ZERO: Revision = Revision(0);

    /// The revision of the next commit.
    ///
    /// # Panics
    /// After 2^64 - 1 commits, which no store lives to see.
    #[must_use]
    pub fn next(self) -> Revision {
        Revision(self.0.checked_add(1).expect("a store sees fewer than 2^64 commits"))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The bytes of a record, sealed before they come here. Wiped when dropped: what was erased is not to stay in
/// memory either.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sealed(Box<[u8]>);

impl Sealed {
    /// This many zero bytes, to be filled.
    pub(crate) fn zeroed(len: usize) -> Self {
        Self(vec![0; len].into())
    }

    pub(crate) fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl Deref for Sealed {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<&[u8]> for Sealed {
    /// A copy; wiping the original is up to its owner.
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for Sealed {
    /// Takes over bytes. What has spare capacity is copied once and its old place wiped.
    fn from(mut bytes: Vec<u8>) -> Self {
        if bytes.len() == bytes.capacity() {
            return Self(bytes.into_boxed_slice());
        }
        let kept = Self(bytes.as_slice().into());
        bytes.zeroize();
        kept
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// What is stored under an id.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The commit that last wrote it.
    pub revision: Revision,
    /// At most [`RECORD_BYTES_MAX`] bytes.
    pub bytes: Sealed,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of revision {}", self.bytes.len(), self.revision)
    }
}

/// What must be there before a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expect {
    /// No record.
    Absent,
    /// A record last written by this revision.
    At(Revision),
    /// Whatever is there.
    Any,
}

impl Expect {
    /// Whether a record of the revision found (`None` for no record) is what was expected.
    pub fn holds(self, found: Option<Revision>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::At(revision) => found == Some(revision),
            Self::Any => true,
        }
    }
}

/// One write of a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// Which record.
    pub id: RecordId,
    /// What must be there before.
    pub expect: Expect,
    /// What is there after; `None` deletes. Deleting what is not there is no error unless `expect` says so.
    pub put: Option<Sealed>,
    /// Whether what is put must leave no trace once it is replaced or deleted. It costs a sync more to write and to
    /// delete; without it, old bytes stay wherever the store has put them until their place is used again.
    pub erasable: bool,
}

/// Writes that happen together: at most [`WRITES_MAX`], each of another record.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Transaction(pub Vec<Write>);

impl Transaction {
    /// Checks what can be told without the store. Every implementation begins its commit with this.
    ///
    /// # Errors
    /// [`StoreError::Limit`].
    pub fn check(&self) -> Result<(), StoreError> {
        if self.0.len() > WRITES_MAX {
            return Err(Limit::Writes { found: self.0.len() }.into());
        }
        let mut ids = HashSet::with_capacity(self.0.len());
        let mut total = 0;
        for Write { id, put, expect: _, erasable: _ } in &self.0 {
            let bytes = put.as_ref().map_or(0, |bytes| bytes.len());
            if bytes > RECORD_BYTES_MAX {
                return Err(Limit::RecordBytes { id: id.clone(), found: bytes }.into());
            }
            if !ids.insert(id) {
                return Err(Limit::Twice { id: id.clone() }.into());
            }
            total += id.as_bytes().len() + bytes;
        }
        match total <= TRANSACTION_BYTES_MAX {
            true => Ok(()),
            false => Err(Limit::TransactionBytes { found: total }.into()),
        }
    }
}

/// One commit, as told to those who follow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Its revision.
    pub revision: Revision,
    /// The ids it wrote or deleted, in the order of its transaction.
    pub ids: Vec<RecordId>,
}

/// An answer of [`Store::changes`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changes {
    /// The commits, oldest first; their revisions follow one another without a gap.
    pub commits: Vec<Change>,
    /// The revision of the newest commit at the instant of the answer.
    pub newest: Revision,
}

/// Why the store did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A write met something else than it expected; the first such, in the order of the transaction.
    #[error("record {id} is not as expected: {}", found_text(*.found))]
    Conflict {
        /// Which record.
        id: RecordId,
        /// The revision that last wrote it; `None` if it is not there.
        found: Option<Revision>,
    },
    /// The changes asked for are no longer kept; read everything anew.
    #[error("changes are kept from revision {oldest} on; read everything anew and follow from there")]
    TooOld {
        /// The oldest commit kept.
        oldest: Revision,
    },
    /// The revision asked for has not happened: the store was put back to an earlier state.
    #[error(
        "the store is at revision {newest}, before the one asked for; it was put back to an earlier state"
    )]
    Ahead {
        /// The newest commit.
        newest: Revision,
    },
    /// What was asked is larger than the contract allows.
    #[error(transparent)]
    Limit(#[from] Limit),
    /// There is no room on the disk. Nothing was written; reads go on.
    #[error("the disk that holds the store is full; free some space")]
    Full,
    /// The file was not made by this kind of store.
    #[error("{name} is not a Keystead store ({found}); choose another data folder, or restore a backup")]
    Foreign {
        /// The file.
        name: Box<str>,
        /// What it is instead.
        found: Box<str>,
    },
    /// The file was made by a newer Keystead.
    #[error(
        "the store has format {found} and this Keystead knows formats up to {known}; run a newer Keystead"
    )]
    Version {
        /// The format found.
        found: u64,
        /// The newest format known.
        known: u64,
    },
    /// What is stored cannot be right. Commits are refused from here on.
    #[error("the store is damaged ({0}); stop, keep a copy of the file, and restore a backup")]
    Corrupt(Box<str>),
    /// The disk or the network failed. A commit may have happened or not.
    #[error("the store cannot be reached: {0}")]
    Io(Arc<io::Error>),
}

fn found_text(found: Option<Revision>) -> String {
    found.map_or_else(
        || "it is not there".to_owned(),
        |revision| format!("it was last written by revision {revision}"),
    )
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(Arc::new(error)),
        }
    }
}

/// Which limit of the contract was passed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Limit {
    /// More than [`WRITES_MAX`].
    #[error("a transaction has at most {WRITES_MAX} writes, not {found}")]
    Writes {
        /// The number found.
        found: usize,
    },
    /// More than [`RECORD_BYTES_MAX`].
    #[error("a record has at most {RECORD_BYTES_MAX} bytes, and {id} has {found}")]
    RecordBytes {
        /// Which record.
        id: RecordId,
        /// The length found.
        found: usize,
    },
    /// More than [`TRANSACTION_BYTES_MAX`].
    #[error("a transaction has at most {TRANSACTION_BYTES_MAX} bytes, not {found}")]
    TransactionBytes {
        /// The sum found.
        found: usize,
    },
    /// Two writes of one record.
    #[error("a transaction writes {id} twice")]
    Twice {
        /// Which record.
        id: RecordId,
    },
    /// More than [`SCAN_RECORDS_MAX`].
    #[error("a scan answers at most {SCAN_RECORDS_MAX} records, not {asked}")]
    Scan {
        /// The number asked for.
        asked: usize,
    },
    /// More than [`CHANGES_MAX`].
    #[error("one call answers at most {CHANGES_MAX} commits, not {asked}")]
    Changes {
        /// The number asked for.
        asked: usize,
    },
}

/// Refuses a scan of more than [`SCAN_RECORDS_MAX`] records.
pub(crate) fn check_scan(limit: usize) -> Result<(), StoreError> {
    if limit > SCAN_RECORDS_MAX { Err(Limit::Scan { asked: limit }.into()) } else { Ok(()) }
}

/// Refuses a question about changes that cannot be answered. `oldest` is the oldest commit kept, `None` if there
/// was none yet.
pub(crate) fn check_changes(
    after: Revision,
    limit: usize,
    oldest: Option<Revision>,
    newest: Revision,
) -> Result<(), StoreError> {
    if limit > CHANGES_MAX {
        return Err(Limit::Changes { asked: limit }.into());
    }
    if after > newest {
        return Err(StoreError::Ahead { newest });
    }
    match oldest {
        Some(oldest) if after < newest && after.next() < oldest => Err(StoreError::TooOld { oldest }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_id_has_1_to_512_bytes() {
        assert_eq!(RecordId::parse(b""), Err(RecordIdError { bytes: 0 }));
        assert_eq!(RecordId::parse(&[0; 513]), Err(RecordIdError { bytes: 513 }));
        assert_eq!(RecordId::parse(&[0xff; 512]).expect("the longest").as_bytes(), [0xff; 512]);
    }

    #[test]
    fn printing_a_record_shows_none_of_its_bytes() {
        let record = Record { revision: Revision(7), bytes: b"secret".as_slice().into() };
        assert_eq!(format!("{record:?}"), "6 bytes of revision 7");
    }

    #[test]
    fn a_transaction_is_bounded_as_a_whole() {
        let write = |n: usize| Write {
            id: RecordId::parse(&n.to_be_bytes()).expect("8 bytes"),
            expect: Expect::Any,
            put: Some(vec![0; RECORD_BYTES_MAX].into()),
            erasable: false,
        };
        let transaction = Transaction((0..64).map(write).collect());
        assert!(matches!(
            transaction.check(),
            Err(StoreError::Limit(Limit::TransactionBytes { found })) if found == TRANSACTION_BYTES_MAX + 64 * 8
        ));
    }

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        assert!(matches!(StoreError::from(io::Error::from(io::ErrorKind::StorageFull)), StoreError::Full));
        assert!(matches!(StoreError::from(io::Error::from(io::ErrorKind::Other)), StoreError::Io(_)));
    }
}
