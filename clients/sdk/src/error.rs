//! What can go wrong when a file is sealed, opened or looked at.

use std::io;

use crate::kms;
use crate::message::FormatError;

/// Why sealing, opening or inspecting did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sealed file is not what it should be.
    #[error("{0}")]
    Format(#[from] FormatError),
    /// The key service did not answer, or said no.
    #[error("{0}")]
    Service(#[from] kms::CallError),
    /// The environment does not say how to reach the key service.
    #[error("{0}")]
    Config(#[from] kms::ConfigError),
    /// None of the data keys in the file could be opened. One line a data key that was tried.
    #[error("none of the file's {count} wrapped data keys could be opened")]
    NoDataKey {
        /// How many wrapped data keys the header holds.
        count: usize,
        /// The key and the reason, for each that was tried.
        tried: Vec<(String, kms::CallError)>,
        /// The keys that were passed over, and why.
        passed_over: Vec<String>,
    },
    /// The caller's required pair is not in the file's encryption context.
    #[error(
        "wrong context: the file was not sealed with {key}={value}{}",
        found.as_ref().map(|found| format!(" but with {key}={found}")).unwrap_or_default()
    )]
    WrongContext {
        /// The required name.
        key: String,
        /// The required value.
        value: String,
        /// The value the file has under that name, if it has one.
        found: Option<String>,
    },
    /// An option is outside its range.
    #[error("{0}")]
    Option(String),
    /// The message would need more frames than their 32-bit number can count.
    #[error("{bytes} bytes need more than 4,294,967,295 frames of {frame_bytes} bytes; choose larger frames")]
    TooManyFrames {
        /// Bytes to seal, or those seen until the limit was reached.
        bytes: u64,
        /// The frame size that was asked for.
        frame_bytes: u32,
    },
    /// A frame is larger than the memory that may be used: it cannot be authenticated before it is released.
    #[error(
        "a frame of {frame_bytes} bytes does not fit into the {memory_bytes} bytes of memory allowed; allow more"
    )]
    FrameMemory {
        /// Size of the frame.
        frame_bytes: u64,
        /// The limit in force.
        memory_bytes: u64,
    },
    /// The file got longer or shorter while it was being read.
    #[error("the file changed while it was being read; try again when nothing writes to it")]
    SourceChanged,
    /// The operating system said no.
    #[error("{0}")]
    Io(#[from] io::Error),
}
