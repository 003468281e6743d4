//! A file of one of our disks, as redb wants its storage.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keystead_model::world::DiskFile;
use redb::StorageBackend;

/// Passes every call on. Locks are not offered: the disk is locked as a whole by whoever opened it, and the store
/// opens its file once.
pub(super) struct Adapter {
    pub(super) file: Arc<dyn DiskFile>,
    /// Once set, nothing is written any more, not even by closing.
    pub(super) damaged: Arc<AtomicBool>,
}

impl Adapter {
    fn may_write(&self) -> io::Result<()> {
        match self.damaged.load(Ordering::Acquire) {
            true => Err(io::Error::other("the store is damaged; nothing more is written")),
            false => Ok(()),
        }
    }
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file of a disk")
    }
}

impl StorageBackend for Adapter {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read_at(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.may_write()?;
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.may_write()?;
        self.file.write_at(offset, data)
    }
}
