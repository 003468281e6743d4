//! Where sealed records are kept: the Store contract, its suite, a store in memory, a store in a single file, and
//! the disks under it and under the audit log.
//!
//! The store holds sealed bytes under ids and answers no policy question. It never sees a plaintext, a caller or a
//! clock. Why it is made so is in `docs/decisions/0001-store.md`; how the file is laid out is in
//! `docs/formats/store.md`.

mod contract;
pub mod disk;
mod embedded;
mod memory;
#[cfg(any(test, feature = "suite"))]
pub mod suite;

pub use contract::{
    CHANGES_KEPT, CHANGES_MAX, Change, Changes, Expect, Limit, RECORD_BYTES_MAX, Record, RecordId,
    RecordIdError, Revision, SCAN_RECORDS_MAX, Sealed, Store, StoreError, TRANSACTION_BYTES_MAX, Transaction,
    WRITES_MAX, Write,
};
pub use embedded::{RedbOptions, RedbStore};
pub use memory::MemoryStore;
