//! How long the disk takes to make a few hundred bytes durable: what nothing durable can beat.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use keystead_model::world::{Disk, DiskFile};
use keystead_store::disk::FileDisk;

use crate::latency::{Latencies, nanoseconds};

/// A file as the audit log has it: written full once, so that a sync has no new blocks to note down.
pub struct Syncs {
    file: Arc<dyn DiskFile>,
    at: u64,
}

impl Syncs {
    /// Makes the file in a folder of its own.
    pub fn in_folder(folder: &std::path::Path) -> Result<Self> {
        let disk = FileDisk::open(folder)?;
        let file = disk.open("syncs")?;
        let zeros = vec![0; 1 << 20];
        (0..FILE_BYTES >> 20).try_for_each(|mib| file.write_at(mib << 20, &zeros))?;
        file.sync()?;
        disk.sync_names()?;
        Ok(Self { file, at: 0 })
    }

    /// Writes a record after the other, each with a sync, for so long.
    pub fn measure(&mut self, duration: Duration) -> Result<Latencies> {
        let begun = Instant::now();
        let mut times = Vec::new();
        while begun.elapsed() < duration {
            let sent = Instant::now();
            self.file.write_at(self.at, &[0x5a; RECORD_BYTES])?;
            self.file.sync()?;
            times.push(nanoseconds(sent.elapsed()));
            self.at = (self.at + RECORD_BYTES as u64) % (FILE_BYTES - RECORD_BYTES as u64);
        }
        Ok(Latencies::new(times))
    }
}

const FILE_BYTES: u64 = 16 << 20;
/// About what a batch of one record of Encrypt takes in the log.
const RECORD_BYTES: usize = 512;
