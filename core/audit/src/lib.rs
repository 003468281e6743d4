//! The record of every decision: an append-only log that is durable before the answer it describes leaves.
//!
//! Owns the binary record (`docs/formats/audit-record.md`), the segment files
//! (`docs/formats/audit-segments.md`), their recovery, and the searching and printing of records. Leaf hashes are
//! those of RFC 6962 section 2.1 from the first record on, so that a tree built later covers all of history.
//!
//! Never opens a socket, reads a clock or asks for randomness: disk and entropy are handed in. Why the log is built
//! as it is: `docs/decisions/0002-audit-log.md`.

#![forbid(unsafe_code)]

mod record;

mod entry;

mod log;

mod appending;

mod desk;

mod writer;

mod gathering;

mod files;

mod frame;

mod segment;

mod resume;

mod recovery;

mod reader;

mod render;

mod search;

pub use appending::{AppendError, Appending};
pub use desk::Expected;
pub use entry::{DecodeError, Entry};
pub use frame::{Hash, leaf_hash};
pub use log::{Health, Log, Options};
pub use reader::Verified;
pub use record::{Decision, Outcome, RECORD_BYTES_MAX, Record, RecordError};
pub use recovery::{Cut, LogError, Recovery};
pub use render::{json_line, text_line};
pub use search::{Filter, FilterError};
