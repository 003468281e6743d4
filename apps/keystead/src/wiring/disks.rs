//! The disks under store and log.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use keystead_model::world::Disk;
use keystead_store::disk::{FileDisk, MemoryDisk};

/// Where store and log are kept.
pub struct Disks {
    /// For the store.
    pub store: Arc<dyn Disk>,
    /// For the audit log.
    pub audit: Arc<dyn Disk>,
    /// Locks the folder as a whole, for as long as this lives.
    _whole: Option<FileDisk>,
}

impl Disks {
    /// In a data folder, which is made if it is not there and locked against other servers.
    pub fn in_folder(data: &Path) -> anyhow::Result<Self> {
        refuse_folder_of_another(data)?;
        let whole = FileDisk::open(data)?;
        Ok(Self {
            store: Arc::new(FileDisk::open(&store_in(data))?),
            audit: Arc::new(FileDisk::open(&audit_in(data))?),
            _whole: Some(whole),
        })
    }

    /// In memory.
    pub fn passing() -> Self {
        Self { store: Arc::new(MemoryDisk::new()), audit: Arc::new(MemoryDisk::new()), _whole: None }
    }
}

/// Whether a server has ever been in this folder.
pub fn is_data_folder(data: &Path) -> bool {
    store_in(data).is_dir() && audit_in(data).is_dir()
}

fn store_in(data: &Path) -> PathBuf {
    data.join("store")
}

fn audit_in(data: &Path) -> PathBuf {
    data.join("audit")
}

/// Root may open any folder, and would leave files in it that the server's own user then cannot open.
fn refuse_folder_of_another(data: &Path) -> anyhow::Result<()> {
    let me = rustix::process::geteuid().as_raw();
    match data.metadata() {
        Ok(metadata) if metadata.uid() != me => bail!(
            "{} belongs to user {owner}, and this is user {me}; run this as that user, such as with `sudo -u '#{owner}'`",
            data.display(),
            owner = metadata.uid(),
        ),
        _ => Ok(()),
    }
}
