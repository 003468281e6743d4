//! Envelope encryption on the caller's side: files sealed with the AWS Encryption SDK message format, version 2,
//! under keys that never leave the key manager.
//!
//! The data key of each message comes from any endpoint that speaks the AWS KMS protocol (Keystead, or AWS
//! itself); the bytes of the file never go there. What this crate writes, every AWS Encryption SDK opens, and the
//! other way round, as long as the algorithm suite commits to its key (0x0478 or 0x0578).
//!
//! ```no_run
//! use keystead_sdk::{kms, open, seal, OpenOptions, SealOptions, Sink, Source};
//! use std::fs::File;
//!
//! # fn main() -> Result<(), keystead_sdk::Error> {
//! let client = kms::Client::new(kms::Config::from_env()?)?;
//! let (plain, sealed) = (File::open("report.pdf")?, File::create_new("report.pdf.sealed")?);
//! let mut options = SealOptions::new(["alias/customer"]);
//! options.context.insert("tenant", "7");
//! seal(Source::File(&plain), Sink::File(&sealed), &options, &client)?;
//!
//! let (sealed, mut restored) = (File::open("report.pdf.sealed")?, Vec::new());
//! let mut options = OpenOptions::new();
//! options.required.insert("tenant", "7");
//! open(Source::File(&sealed), Sink::Stream(&mut restored), &options, &client)?;
//! # Ok(())
//! # }
//! ```
//!
//! Everything that is read is bounded by a named limit, and each way in which a file can be wrong has its own
//! error: see [`FormatError`]. The format is written down byte by byte in `docs/formats/sealed-file.md`.

pub mod kms;
pub mod message;

mod error;
mod inspect;
mod open;
mod pipeline;
mod seal;
mod transfer;

pub use error::Error;
pub use inspect::{Inspection, inspect};
pub use message::{Context, EncryptedDataKey, FormatError, Header, Suite};
pub use open::{OpenOptions, Opened, open};
pub use pipeline::{MEMORY_BYTES, Progress};
pub use seal::{FRAME_BYTES, FRAME_BYTES_MAX, SealOptions, Sealed, seal};
pub use transfer::{Sink, Source};
