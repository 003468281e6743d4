//! The outside world, handed in: clock, entropy and disk.
//!
//! `core` never reads a clock, never asks the operating system for randomness on its own account and
//! reaches files only through [`Disk`], so that a test can stop time, repeat the dice, tear the disk and pull
//! the plug through the same code as an ordinary day. Randomness that makes key bytes is the business of the
//! key provider in `core/crypto`; [`Entropy`] serves identifiers, salts and tokens too.

use std::io;
use std::sync::Arc;

use crate::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now. May jump either way, as operating system clocks do.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes fit for keys.
pub trait Entropy: Send + Sync {
    /// Fills the whole slice. Never fails: an implementation that cannot deliver aborts the process.
    fn fill(&self, out: &mut [u8]);
}

/// A folder of named files, as the log and the embedded store see it.
///
/// Names are single path components. What was written but not synced may survive a power cut in whole, in
/// part, or not at all, in any order; the contract below is what a caller may rely on.
pub trait Disk: Send + Sync {
    /// Opens a file for reading and writing, making it (empty) if it is not there. A file that was made is
    /// durable, as a directory entry, once [`Disk::sync_names`] has returned.
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>>;
    /// The names of all files, ascending.
    fn list(&self) -> io::Result<Vec<String>>;
    /// Deletes a file. Durable once [`Disk::sync_names`] has returned; deleting what is not there is an error.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Puts `from` in the place of `to`, at once and whole. Durable once [`Disk::sync_names`] has returned.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Returns when every making, removal and renaming before it will survive a power cut.
    fn sync_names(&self) -> io::Result<()>;
}

/// One open file.
pub trait DiskFile: Send + Sync {
    /// Length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Whether the file has no bytes.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Fills the whole slice from `offset`; an error if the file ends before.
    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    /// Writes the whole slice at `offset`, growing the file as needed.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts or grows the file, with zero bytes, to a length.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Returns when every write and change of length before it will survive a power cut. Once it has failed, it
    /// fails for good on this open file: what was not synced may be lost, and only opening the file again shows
    /// what is there.
    fn sync(&self) -> io::Result<()>;
}

/// What is handed in together.
#[derive(Clone)]
pub struct World {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub entropy: Arc<dyn Entropy>,
}
