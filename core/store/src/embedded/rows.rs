//! The tables of the file and the bytes of their rows, as written down in `docs/formats/store.md`.

use redb::{ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition};

use crate::contract::{Change, Record, RecordId, Revision, StoreError, Transaction};

/// Record id → revision of its last write, 8 bytes big-endian, then the record's bytes.
pub(super) const RECORDS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("records");
/// Revision → ids written, each after its length, 2 bytes big-endian.
pub(super) const CHANGES: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("changes");
/// Facts about the file.
pub(super) const ABOUT: TableDefinition<'static, &str, u64> = TableDefinition::new("about");
/// The row of [`ABOUT`] that says how to read the others.
pub(super) const FORMAT: &str = "keystead-store-format";
/// The format written here, and the newest that can be read.
pub(super) const FORMAT_NEWEST: u64 = 1;

const REVISION_BYTES: usize = 8;
const LENGTH_BYTES: usize = 2;

pub(super) fn encode_record(revision: Revision, bytes: &[u8]) -> Vec<u8> {
    [revision.0.to_be_bytes().as_slice(), bytes].concat()
}

pub(super) fn decode_revision(row: &[u8]) -> Result<(Revision, &[u8]), StoreError> {
    let (revision, bytes) = row
        .split_first_chunk::<REVISION_BYTES>()
        .ok_or_else(|| StoreError::Corrupt("a record is shorter than its revision".into()))?;
    Ok((Revision(u64::from_be_bytes(*revision)), bytes))
}

pub(super) fn decode_record(row: &[u8]) -> Result<Record, StoreError> {
    let (revision, bytes) = decode_revision(row)?;
    Ok(Record { revision, bytes: bytes.into() })
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
        let write = |id: &RecordId| Write { id: id.clone(), expect: Expect::Any, put: None };
        let row = encode_change(&Transaction(ids.iter().map(write).collect()));
        assert_eq!(&row[..3], b"\0\x01a");
        assert_eq!(
            decode_change(9, &row).expect("well formed"),
            Change { revision: Revision(9), ids: ids.into() }
        );

        let row = encode_record(Revision(258), b"xy");
        assert_eq!(row, b"\0\0\0\0\0\0\x01\x02xy");
        let record = decode_record(&row).expect("well formed");
        assert_eq!((record.revision, &*record.bytes), (Revision(258), b"xy".as_slice()));
    }

    #[test]
    fn damaged_rows_are_named_as_such() {
        for row in [&b"\0"[..], b"\0\x02a", b"\0\0", b"\xff\xffa", b"\0\x01a\0"] {
            assert!(matches!(decode_change(1, row), Err(StoreError::Corrupt(_))), "{row:?}");
        }
        assert!(matches!(decode_record(b"1234567"), Err(StoreError::Corrupt(_))));
    }
}
