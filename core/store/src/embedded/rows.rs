//! The tables of the file and the bytes of their rows, as written down in `docs/formats/store.md`.

use redb::{ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition};

use crate::contract::{Change, RecordId, Revision, StoreError, Transaction};

/// Record id → revision of its last write, 8 bytes big-endian, then the record's bytes; or, with the highest bit of
/// the revision set, where in the second file they are.
pub(super) const RECORDS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("records");
/// Revision → ids written, each after its length, 2 bytes big-endian.
pub(super) const CHANGES: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("changes");
/// Facts about the file.
pub(super) const ABOUT: TableDefinition<'static, &str, u64> = TableDefinition::new("about");
/// The row of [`ABOUT`] that says how to read the others.
pub(super) const FORMAT: &str = "keystead-store-format";
/// The format written here, and the newest that can be read.
pub(super) const FORMAT_NEWEST: u64 = 2;

const REVISION_BYTES: usize = 8;
const LENGTH_BYTES: usize = 2;
/// The bit of a revision that says that the bytes are in the second file. Revisions do not come that far.
const APART: u64 = 1 << 63;

/// A row of [`RECORDS`].
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Row<'a> {
    /// The record itself.
    Here(Revision, &'a [u8]),
    /// Where it is.
    Apart(Apart),
}

/// Where in the second file an erasable record is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Apart {
    pub revision: Revision,
    /// Of the record, in bytes.
    pub length: u32,
    /// In the order of the record's bytes.
    pub units: Vec<u32>,
}

impl Row<'_> {
    pub(super) fn revision(&self) -> Revision {
        match self {
            Self::Here(revision, _) | Self::Apart(Apart { revision, .. }) => *revision,
        }
    }
}

pub(super) fn encode_record(revision: Revision, bytes: &[u8]) -> Vec<u8> {
    [revision.0.to_be_bytes().as_slice(), bytes].concat()
}

pub(super) fn encode_apart(row: &Apart) -> Vec<u8> {
    let mut out = (row.revision.0 | APART).to_be_bytes().to_vec();
    out.extend_from_slice(&row.length.to_be_bytes());
    row.units.iter().for_each(|unit| out.extend_from_slice(&unit.to_be_bytes()));
    out
}

pub(super) fn decode_row(row: &[u8]) -> Result<Row<'_>, StoreError> {
    let (revision, rest) = row
        .split_first_chunk::<REVISION_BYTES>()
        .ok_or_else(|| StoreError::Corrupt("a record is shorter than its revision".into()))?;
    let revision = u64::from_be_bytes(*revision);
    if revision & APART == 0 {
        return Ok(Row::Here(Revision(revision), rest));
    }
    match rest.as_chunks::<4>() {
        ([length, units @ ..], []) => Ok(Row::Apart(Apart {
            revision: Revision(revision & !APART),
            length: u32::from_be_bytes(*length),
            units: units.iter().map(|unit| u32::from_be_bytes(*unit)).collect(),
        })),
        _ => Err(StoreError::Corrupt("a row that says where its record is ends within a number".into())),
    }
}

pub(super) fn decode_id(key: &[u8]) -> Result<RecordId, StoreError> {
    RecordId::parse(key).map_err(|error| StoreError::Corrupt(error.to_string().into()))
}

pub(super) fn encode_change(transaction: &Transaction) -> Vec<u8> {
    let mut row = Vec::new();
    for write in &transaction.0 {
        let id = write.id.as_bytes();
        let length = u16::try_from(id.len()).expect("an id has at most 512 bytes");
        row.extend_from_slice(&length.to_be_bytes());
        row.extend_from_slice(id);
    }
    row
}

pub(super) fn decode_change(revision: u64, mut row: &[u8]) -> Result<Change, StoreError> {
    let torn = || StoreError::Corrupt(format!("the row of change {revision} ends within an id").into());
    let mut ids = Vec::new();
    while !row.is_empty() {
        let (length, rest) = row.split_first_chunk::<LENGTH_BYTES>().ok_or_else(torn)?;
        let (id, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or_else(torn)?;
        ids.push(decode_id(id)?);
        row = rest;
    }
    Ok(Change { revision: Revision(revision), ids })
}

/// The revision of the newest commit: the last key of the changes, of which at least one is always kept.
pub(super) fn newest(transaction: &ReadTransaction) -> Result<Revision, StoreError> {
    let changes = transaction.open_table(CHANGES).map_err(stored)?;
    let last = changes.last().map_err(stored)?;
    Ok(last.map_or(Revision::ZERO, |(revision, _)| Revision(revision.value())))
}

pub(super) fn begin_read(database: &redb::Database) -> Result<ReadTransaction, StoreError> {
    database.begin_read().map_err(stored)
}

/// What redb says, in the words of the contract.
pub(super) fn stored(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Io(error) => error.into(),
        error @ (redb::Error::PreviousIo | redb::Error::DatabaseClosed) => {
            std::io::Error::other(error.to_string()).into()
        }
        error => StoreError::Corrupt(error.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Expect, Write};

    #[test]
    fn rows_are_read_as_they_were_written() {
        let id = |bytes: &[u8]| RecordId::parse(bytes).expect("an id");
        let ids = [id(b"a"), id(&[0xff; 512]), id(b"\0")];
        let write = |id: &RecordId| Write { id: id.clone(), expect: Expect::Any, put: None, erasable: false };
        let row = encode_change(&Transaction(ids.iter().map(write).collect()));
        assert_eq!(&row[..3], b"\0\x01a");
        assert_eq!(
            decode_change(9, &row).expect("well formed"),
            Change { revision: Revision(9), ids: ids.into() }
        );

        let row = encode_record(Revision(258), b"xy");
        assert_eq!(row, b"\0\0\0\0\0\0\x01\x02xy");
        assert_eq!(decode_row(&row).expect("well formed"), Row::Here(Revision(258), b"xy"));

        let apart = Apart { revision: Revision(258), length: 600, units: vec![7, 0x01_00_00_00] };
        let row = encode_apart(&apart);
        assert_eq!(row, b"\x80\0\0\0\0\0\x01\x02\0\0\x02\x58\0\0\0\x07\x01\0\0\0");
        assert_eq!(decode_row(&row).expect("well formed"), Row::Apart(apart));
    }

    #[test]
    fn damaged_rows_are_named_as_such() {
        for row in [&b"\0"[..], b"\0\x02a", b"\0\0", b"\xff\xffa", b"\0\x01a\0"] {
            assert!(matches!(decode_change(1, row), Err(StoreError::Corrupt(_))), "{row:?}");
        }
        for row in [&b"1234567"[..], b"\x801234567", b"\x8012345678", b"\x801234567\0\0\0\x01\0"] {
            assert!(matches!(decode_row(row), Err(StoreError::Corrupt(_))), "{row:?}");
        }
    }
}
