//! A disk that is gone with the process.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use keystead_model::world::{Disk, DiskFile};
use parking_lot::{Mutex, RwLock};

use super::{check_name, not_found, read_slice, resize, too_long, write_slice};

/// A folder in memory, for servers that keep nothing and for tests. Syncing does nothing and succeeds.
#[derive(Default)]
pub struct MemoryDisk {
    files: Mutex<BTreeMap<String, Arc<MemoryFile>>>,
}

impl MemoryDisk {
    /// An empty folder.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Disk for MemoryDisk {
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        check_name(name)?;
        Ok(Arc::clone(self.files.lock().entry(name.to_owned()).or_default()) as Arc<dyn DiskFile>)
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.files.lock().keys().cloned().collect())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        check_name(name)?;
        self.files.lock().remove(name).map(drop).ok_or_else(|| not_found(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        check_name(from)?;
        check_name(to)?;
        let mut files = self.files.lock();
        let file = files.remove(from).ok_or_else(|| not_found(from))?;
        files.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Default)]
struct MemoryFile(RwLock<Vec<u8>>);

impl DiskFile for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.read().len() as u64)
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        read_slice(&self.0.read(), offset, out)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        write_slice(&mut self.0.write(), offset, bytes)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        resize(&mut self.0.write(), usize::try_from(len).map_err(|_| too_long())?)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
