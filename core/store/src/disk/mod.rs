//! Disks: the folder of files that the log and the embedded store are given, and doubles of it that run out of
//! power, of space or of patience on command.
//!
//! [`FileDisk`] is the only one that touches a real file system.

mod file;
mod memory;
mod slow;
mod torn;

use std::io;

pub use file::{DiskError, FileDisk};
pub use memory::MemoryDisk;
pub use slow::SlowDisk;
pub use torn::TornDisk;

/// Longest file name taken by any disk, in bytes.
pub const NAME_BYTES_MAX: usize = 255;

/// The name under which [`FileDisk`] keeps its lock. No disk opens, lists, renames or removes it.
pub const LOCK_NAME: &str = "lock";

/// Refuses every name that is not one plain path component.
fn check_name(name: &str) -> io::Result<()> {
    let plain = !matches!(name, "" | "." | ".." | LOCK_NAME)
        && name.len() <= NAME_BYTES_MAX
        && !name.bytes().any(|b| b == b'/' || b == 0);
    match plain {
        true => Ok(()),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "{name:?} is not a file name of a disk: one path component of 1 to 255 bytes, not {LOCK_NAME:?}"
            ),
        )),
    }
}

fn not_found(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("there is no file {name:?} on this disk"))
}

fn ends_early() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends before the bytes asked for")
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "the position lies past what this disk can address")
}

/// Copies `offset..offset + out.len()` out of a file held in memory.
fn read_slice(bytes: &[u8], offset: u64, out: &mut [u8]) -> io::Result<()> {
    let start = usize::try_from(offset).map_err(|_| ends_early())?;
    let end = start.checked_add(out.len()).ok_or_else(ends_early)?;
    out.copy_from_slice(bytes.get(start..end).ok_or_else(ends_early)?);
    Ok(())
}

/// Puts `new` at `offset` of a file held in memory, growing it with zero bytes as needed.
fn write_slice(bytes: &mut Vec<u8>, offset: u64, new: &[u8]) -> io::Result<()> {
    let start = usize::try_from(offset).map_err(|_| too_long())?;
    let end = start.checked_add(new.len()).ok_or_else(too_long)?;
    if end > bytes.len() {
        resize(bytes, end)?;
    }
    bytes[start..end].copy_from_slice(new);
    Ok(())
}

/// Cuts or grows a file held in memory; a length that memory cannot hold is an error, not an abort.
fn resize(bytes: &mut Vec<u8>, len: usize) -> io::Result<()> {
    if let Some(more) = len.checked_sub(bytes.len()) {
        bytes.try_reserve(more).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    }
    bytes.resize(len, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use keystead_model::world::Disk;

    use super::*;

    /// What every disk promises on an ordinary day.
    fn check(disk: &dyn Disk) {
        assert_eq!(disk.list().expect("list"), Vec::<String>::new());
        let file = disk.open("a").expect("open makes the file");
        assert!(file.is_empty().expect("len"));
        file.write_at(3, b"xyz").expect("a write past the end grows the file");
        let mut six = [9; 6];
        file.read_at(0, &mut six).expect("read");
        assert_eq!(&six, b"\0\0\0xyz");
        assert!(file.read_at(1, &mut six).is_err(), "a read past the end is an error");
        assert!(file.read_at(u64::MAX, &mut six).is_err());
        file.set_len(4).expect("cut");
        file.set_len(6).expect("grow");
        file.read_at(0, &mut six).expect("read");
        assert_eq!(&six, b"\0\0\0x\0\0", "what grows back is zero");
        file.sync().expect("sync");

        let same = disk.open("a").expect("open again");
        same.write_at(0, b"!").expect("write");
        file.read_at(0, &mut six).expect("both handles see one file");
        assert_eq!(six[0], b'!');

        disk.open("b").expect("open").write_at(0, b"b").expect("write");
        assert_eq!(disk.list().expect("list"), ["a", "b"]);
        disk.rename("b", "a").expect("rename");
        assert_eq!(disk.list().expect("list"), ["a"]);
        assert_eq!(disk.open("a").expect("open").len().expect("len"), 1);
        assert_eq!(file.len().expect("an open file outlives its name"), 6);
        disk.sync_names().expect("sync names");
        disk.remove("a").expect("remove");
        for error in [disk.remove("a"), disk.rename("a", "b")] {
            assert_eq!(error.expect_err("nothing is there").kind(), io::ErrorKind::NotFound);
        }
        for name in ["", ".", "..", "a/b", "/a", "a\0", LOCK_NAME, &"n".repeat(256)] {
            assert!(disk.open(name).is_err(), "{name:?}");
            assert!(disk.remove(name).is_err(), "{name:?}");
            assert!(disk.rename("a", name).is_err(), "{name:?}");
        }
        assert_eq!(disk.list().expect("list"), Vec::<String>::new());
    }

    #[test]
    fn a_real_folder_keeps_the_promises() {
        let folder = tempfile::tempdir().expect("a folder");
        check(&FileDisk::open(&folder.path().join("data")).expect("open"));
    }

    #[test]
    fn a_disk_in_memory_keeps_the_promises() {
        check(&MemoryDisk::new());
    }

    #[test]
    fn a_torn_disk_keeps_the_promises_while_power_lasts() {
        check(&TornDisk::new(1));
    }

    #[test]
    fn a_slow_disk_keeps_the_promises() {
        check(&SlowDisk::new(Arc::new(MemoryDisk::new()), Duration::from_millis(1)));
    }
}
