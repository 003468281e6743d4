//! A disk whose syncs take longer.

use std::io;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use keystead_model::world::{Disk, DiskFile};

/// Another disk, with a wait before every sync: for measuring what depends on the speed of syncs.
pub struct SlowDisk {
    inner: Arc<dyn Disk>,
    delay: Duration,
}

impl SlowDisk {
    /// Slows each sync of `inner`, of files and of names, by `delay`.
    pub fn new(inner: Arc<dyn Disk>, delay: Duration) -> Self {
        Self { inner, delay }
    }
}

impl Disk for SlowDisk {
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(SlowFile { inner: self.inner.open(name)?, delay: self.delay }))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        self.inner.list()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.inner.remove(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn sync_names(&self) -> io::Result<()> {
        sleep(self.delay);
        self.inner.sync_names()
    }
}

struct SlowFile {
    inner: Arc<dyn DiskFile>,
    delay: Duration,
}

impl DiskFile for SlowFile {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read_at(offset, out)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_at(offset, bytes)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.inner.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        sleep(self.delay);
        self.inner.sync()
    }
}
