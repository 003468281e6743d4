//! A disk whose plug can be pulled.
//!
//! Kept in memory. Each file has two versions: what readers see, and what is on the platter; the writes between
//! them wait for a sync. When power returns, what was synced is there, and each waiting write has survived in
//! whole, in part or not at all, in any order, as the dice say. Names of files go the same way.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keystead_model::world::{Disk, DiskFile};
use parking_lot::Mutex;

use super::{check_name, not_found, read_slice, resize, too_long, write_slice};

/// A disk for crash tests. Clones are handles to the same disk.
///
/// Everything it does follows from its seeds and the operations asked of it, so a failure can be replayed.
/// As with [`FileDisk`](super::FileDisk), once a sync of an open file has failed, every later sync through that
/// open file fails too; and the bytes of a failed sync are on the platter as the dice say, for good.
#[derive(Clone)]
pub struct TornDisk(Arc<Mutex<Platter>>);

impl TornDisk {
    /// An empty disk with its dice.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Platter { dice: Dice(seed), ..Platter::default() })))
    }

    /// Arms a power cut at the `operations`-th mutating operation from now, counted from 1; 0 cuts at once.
    ///
    /// Mutating are: making a file, write, set_len, sync, rename, remove and sync_names. The operation at the cut
    /// fails, though what it wrote may be found after the restart; every operation after it fails, reads too.
    pub fn cut_after(&self, operations: u64) {
        let mut platter = self.0.lock();
        platter.left = Some(operations);
        platter.cut |= operations == 0;
    }

    /// Whether power is gone.
    pub fn is_cut(&self) -> bool {
        self.0.lock().cut
    }

    /// Mutating operations asked for so far, failed ones included.
    pub fn operations(&self) -> u64 {
        self.0.lock().operations
    }

    /// The disk as found after a power cut and a return of power, with nothing armed. This one is dead from here.
    pub fn restart(&self, seed: u64) -> TornDisk {
        TornDisk(Arc::new(Mutex::new(self.die().found_after_power_cut(Dice(seed)))))
    }

    /// The disk as found by the next process after this one was killed: power stayed, so every write is there,
    /// synced or not, and what was not synced still waits. This one is dead from here.
    pub fn killed(&self) -> TornDisk {
        TornDisk(Arc::new(Mutex::new(Platter { cut: false, left: None, ..self.die() })))
    }

    /// Leaves nothing behind but the end of power, and answers what was there.
    fn die(&self) -> Platter {
        let mut platter = self.0.lock();
        let operations = platter.operations;
        std::mem::replace(&mut platter, Platter { cut: true, operations, ..Platter::default() })
    }

    /// While on, every sync (of files and of names) fails with an I/O error.
    pub fn fail_syncs(&self, on: bool) {
        self.0.lock().fail_syncs = on;
    }

    /// While on, every sync answers that it succeeded and does nothing, as a drive with a dishonest cache does. For
    /// showing that a crash test would notice.
    pub fn ignore_syncs(&self, on: bool) {
        self.0.lock().ignore_syncs = on;
    }

    /// Leaves this many bytes for files to grow by; past it, operations fail with
    /// [`io::ErrorKind::StorageFull`], after writing the part that fits. Shrinking and removing give bytes back.
    /// `None` lifts the limit.
    pub fn set_free(&self, bytes: Option<u64>) {
        self.0.lock().free = bytes;
    }

    /// Turns one bit of what readers see and of what is on the platter, as a failing medium does.
    ///
    /// # Errors
    /// When there is no such file or no such byte.
    pub fn flip_bit(&self, name: &str, byte: u64, bit: u8) -> io::Result<()> {
        let mut platter = self.0.lock();
        let id = *platter.names.get(name).ok_or_else(|| not_found(name))?;
        let file = platter.file(id);
        let at = usize::try_from(byte).map_err(|_| too_long())?;
        *file.seen.get_mut(at).ok_or_else(too_long)? ^= 1 << (bit % 8);
        if let Some(on_platter) = file.durable.get_mut(at) {
            *on_platter ^= 1 << (bit % 8);
        }
        Ok(())
    }
}

impl Disk for TornDisk {
    fn open(&self, name: &str) -> io::Result<Arc<dyn DiskFile>> {
        check_name(name)?;
        let mut platter = self.0.lock();
        platter.powered()?;
        let id = match platter.names.get(name) {
            Some(id) => *id,
            None => platter.make(name)?,
        };
        Ok(Arc::new(TornFile { disk: self.clone(), id, sync_failed: AtomicBool::new(false) }))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let platter = self.0.lock();
        platter.powered()?;
        Ok(platter.names.keys().cloned().collect())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        check_name(name)?;
        let mut platter = self.0.lock();
        platter.powered()?;
        let id = platter.names.get(name).copied().ok_or_else(|| not_found(name))?;
        let last = platter.count();
        platter.change_names(NameChange::Remove { name: name.to_owned() });
        let freed = platter.file(id).seen.len() as u64;
        platter.give_back(freed);
        last
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        check_name(from)?;
        check_name(to)?;
        let mut platter = self.0.lock();
        platter.powered()?;
        let id = platter.names.get(from).copied().ok_or_else(|| not_found(from))?;
        let last = platter.count();
        platter.change_names(NameChange::Rename { to: to.to_owned(), id });
        last
    }

    fn sync_names(&self) -> io::Result<()> {
        let mut platter = self.0.lock();
        platter.powered()?;
        platter.count()?;
        platter.syncs_work()?;
        if platter.ignore_syncs {
            return Ok(());
        }
        platter.durable_names = platter.names.clone();
        platter.waiting_names.clear();
        Ok(())
    }
}

struct TornFile {
    disk: TornDisk,
    id: u64,
    sync_failed: AtomicBool,
}

impl DiskFile for TornFile {
    fn len(&self) -> io::Result<u64> {
        let mut platter = self.disk.0.lock();
        platter.powered()?;
        Ok(platter.file(self.id).seen.len() as u64)
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut platter = self.disk.0.lock();
        platter.powered()?;
        read_slice(&platter.file(self.id).seen, offset, out)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.disk.0.lock();
        platter.powered()?;
        let last = platter.count();
        let end = offset.checked_add(bytes.len() as u64).ok_or_else(too_long)?;
        let fits_to = platter.length_that_fits(self.id, end);
        let fitting = fits_to.saturating_sub(offset).min(bytes.len() as u64) as usize;
        if fitting > 0 || bytes.is_empty() {
            platter.change(self.id, Change::Write { offset, bytes: bytes[..fitting].into() })?;
        }
        last?;
        if fitting < bytes.len() { Err(full()) } else { Ok(()) }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut platter = self.disk.0.lock();
        platter.powered()?;
        let last = platter.count();
        if platter.length_that_fits(self.id, len) < len {
            return Err(full());
        }
        platter.change(self.id, Change::SetLen(len))?;
        last
    }

    fn sync(&self) -> io::Result<()> {
        let mut platter = self.disk.0.lock();
        platter.powered()?;
        platter.count()?;
        if self.sync_failed.load(Ordering::Acquire) {
            return Err(io::Error::other("an earlier sync of this file failed"));
        }
        let result = platter.syncs_work();
        match result {
            Ok(()) if platter.ignore_syncs => {}
            Ok(()) => platter.file(self.id).settle(),
            Err(_) => {
                self.sync_failed.store(true, Ordering::Release);
                let mut dice = platter.dice;
                platter.file(self.id).settle_by_chance(&mut dice);
                platter.dice = dice;
            }
        }
        result
    }
}

/// The state of the whole disk.
#[derive(Default)]
struct Platter {
    files: BTreeMap<u64, FileBytes>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    waiting_names: Vec<NameChange>,
    dice: Dice,
    operations: u64,
    left: Option<u64>,
    cut: bool,
    fail_syncs: bool,
    ignore_syncs: bool,
    free: Option<u64>,
}

impl Platter {
    fn powered(&self) -> io::Result<()> {
        if self.cut { Err(no_power()) } else { Ok(()) }
    }

    /// Counts one mutating operation; an error if this is the one at which power goes.
    fn count(&mut self) -> io::Result<()> {
        self.operations += 1;
        if let Some(left) = &mut self.left {
            *left -= 1;
            self.cut = *left == 0;
        }
        self.powered()
    }

    fn syncs_work(&self) -> io::Result<()> {
        if self.fail_syncs {
            Err(io::Error::other("the disk reports an error while syncing"))
        } else {
            Ok(())
        }
    }

    /// Ids are given once and files are never forgotten, so an open file is always there.
    fn file(&mut self, id: u64) -> &mut FileBytes {
        self.files.entry(id).or_default()
    }

    fn make(&mut self, name: &str) -> io::Result<u64> {
        let last = self.count();
        let id = self.files.keys().next_back().map_or(0, |id| id + 1);
        self.files.insert(id, FileBytes::default());
        self.change_names(NameChange::Make { name: name.to_owned(), id });
        last.map(|()| id)
    }

    /// The length, `len` at most, to which the file may grow with what is free.
    fn length_that_fits(&mut self, id: u64, len: u64) -> u64 {
        let seen = self.file(id).seen.len() as u64;
        self.free.map_or(len, |free| len.min(seen.saturating_add(free)))
    }

    fn give_back(&mut self, bytes: u64) {
        if let Some(free) = &mut self.free {
            *free = free.saturating_add(bytes);
        }
    }

    fn change(&mut self, id: u64, change: Change) -> io::Result<()> {
        let file = self.file(id);
        let before = file.seen.len() as u64;
        change.apply(&mut file.seen)?;
        let after = file.seen.len() as u64;
        file.waiting.push(change);
        self.free = self.free.map(|free| free.saturating_add(before).saturating_sub(after));
        Ok(())
    }

    fn change_names(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.waiting_names.push(change);
    }

    fn found_after_power_cut(mut self, mut dice: Dice) -> Platter {
        let mut names = self.durable_names;
        for change in &self.waiting_names {
            if dice.one_in(2) {
                change.apply(&mut names);
            }
        }
        let mut files = BTreeMap::new();
        for id in names.values() {
            let mut file = self.files.remove(id).unwrap_or_default();
            file.settle_by_chance(&mut dice);
            let FileBytes { durable, .. } = file;
            files.insert(*id, FileBytes { seen: durable.clone(), durable, waiting: Vec::new() });
        }
        Platter { files, durable_names: names.clone(), names, dice, free: self.free, ..Platter::default() }
    }
}

#[derive(Default)]
struct FileBytes {
    seen: Vec<u8>,
    durable: Vec<u8>,
    waiting: Vec<Change>,
}

impl FileBytes {
    /// Everything that waits is on the platter now.
    fn settle(&mut self) {
        for change in self.waiting.drain(..) {
            change.apply(&mut self.durable).expect("it was applied to what readers see before");
        }
    }

    /// What waits reaches the platter in any order, each in whole, in part or not at all; then nothing waits.
    fn settle_by_chance(&mut self, dice: &mut Dice) {
        let mut waiting = std::mem::take(&mut self.waiting);
        dice.shuffle(&mut waiting);
        for change in waiting {
            for part in change.torn(dice) {
                part.apply(&mut self.durable).expect("the whole was applied to what readers see before");
            }
        }
    }
}

enum Change {
    Write { offset: u64, bytes: Box<[u8]> },
    SetLen(u64),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Write { offset, bytes: new } => write_slice(bytes, *offset, new),
            Self::SetLen(len) => resize(bytes, usize::try_from(*len).map_err(|_| too_long())?),
        }
    }

    /// The parts that reach the platter.
    fn torn(self, dice: &mut Dice) -> Vec<Change> {
        let (offset, bytes) = match self {
            Self::SetLen(_) if dice.one_in(2) => return vec![self],
            Self::SetLen(_) => return Vec::new(),
            Self::Write { offset, bytes } => (offset, bytes),
        };
        match dice.below(4) {
            0 => Vec::new(),
            1 => vec![Self::Write { offset, bytes }],
            2 => sectors(offset, &bytes).into_iter().filter(|_| dice.one_in(2)).collect(),
            _ => {
                let kept = dice.below(bytes.len() as u64 + 1) as usize;
                vec![Self::Write { offset, bytes: bytes[..kept].into() }]
            }
        }
    }
}

/// A write, cut where the disk's sectors begin.
fn sectors(offset: u64, mut bytes: &[u8]) -> Vec<Change> {
    let mut offset = offset;
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let room = (SECTOR_BYTES - offset % SECTOR_BYTES) as usize;
        let (part, rest) = bytes.split_at(room.min(bytes.len()));
        parts.push(Change::Write { offset, bytes: part.into() });
        offset += part.len() as u64;
        bytes = rest;
    }
    parts
}

enum NameChange {
    Make { name: String, id: u64 },
    Remove { name: String },
    Rename { to: String, id: u64 },
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<String, u64>) {
        match self {
            Self::Make { name, id } => drop(names.insert(name.clone(), *id)),
            Self::Remove { name } => drop(names.remove(name)),
            // A file has one name, also when a renaming before this one was lost.
            Self::Rename { to, id } => {
                names.retain(|_, held| held != id);
                names.insert(to.clone(), *id);
            }
        }
    }
}

/// Dice that fall the same way for the same seed (SplitMix64). For tests only, never for keys.
#[derive(Clone, Copy, Default)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

fn no_power() -> io::Error {
    io::Error::other("the power is gone")
}

fn full() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "no space left on this disk")
}

const SECTOR_BYTES: u64 = 512;

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(disk: &TornDisk, name: &str) -> Vec<u8> {
        let file = disk.open(name).expect("open");
        let mut bytes = vec![0; file.len().expect("len") as usize];
        file.read_at(0, &mut bytes).expect("read");
        bytes
    }

    #[test]
    fn what_was_synced_survives_every_cut() {
        for seed in 0..200 {
            let disk = TornDisk::new(seed);
            let file = disk.open("a").expect("open");
            file.write_at(0, &[1; 2000]).expect("write");
            file.sync().expect("sync");
            disk.sync_names().expect("sync names");
            file.write_at(2000, &[2; 2000]).expect("write");
            let found = read_all(&disk.restart(seed), "a");
            assert_eq!(&found[..2000], &[1; 2000], "seed {seed}");
            assert!(found[2000..].iter().all(|b| matches!(b, 0 | 2)), "seed {seed}");
            assert!(file.len().is_err(), "the old handle is dead");
        }
    }

    #[test]
    fn what_was_not_synced_survives_in_whole_in_part_or_not_at_all() {
        let (mut whole, mut part, mut nothing) = (0, 0, 0);
        for seed in 0..400 {
            let disk = TornDisk::new(seed);
            let file = disk.open("a").expect("open");
            file.set_len(2048).expect("grow");
            file.sync().expect("sync");
            disk.sync_names().expect("sync names");
            file.write_at(100, &[7; 1500]).expect("write");
            match read_all(&disk.restart(seed), "a").iter().filter(|b| **b == 7).count() {
                0 => nothing += 1,
                1500 => whole += 1,
                _ => part += 1,
            }
        }
        assert!(whole > 50 && part > 50 && nothing > 50, "{whole} {part} {nothing}");
    }

    #[test]
    fn unsynced_names_survive_or_not() {
        let (mut kept, mut lost) = (0, 0);
        for seed in 0..100 {
            let disk = TornDisk::new(seed);
            disk.open("a").expect("open").sync().expect("sync");
            match disk.restart(seed).list().expect("list").len() {
                0 => lost += 1,
                _ => kept += 1,
            }
        }
        assert!(kept > 20 && lost > 20, "{kept} {lost}");
    }

    #[test]
    fn a_file_renamed_twice_has_one_name_and_its_bytes() {
        for seed in 0..100 {
            let disk = TornDisk::new(seed);
            let file = disk.open("a").expect("open");
            file.write_at(0, b"x").expect("write");
            file.sync().expect("sync");
            disk.sync_names().expect("sync names");
            disk.rename("a", "b").expect("rename");
            disk.rename("b", "c").expect("rename");
            let found = disk.restart(seed);
            let names = found.list().expect("list");
            assert_eq!(names.len(), 1, "seed {seed}: {names:?}");
            assert_eq!(read_all(&found, &names[0]), b"x", "seed {seed}");
        }
    }

    #[test]
    fn the_nth_operation_is_the_last() {
        let disk = TornDisk::new(1);
        let file = disk.open("a").expect("open");
        disk.cut_after(2);
        file.write_at(0, b"x").expect("the first");
        assert!(file.sync().is_err(), "the second");
        assert!(disk.is_cut());
        assert!(disk.list().is_err());
        assert!(disk.open("b").is_err());
        assert_eq!(disk.operations(), 3);
    }

    #[test]
    fn the_same_seeds_give_the_same_disk() {
        let run = || {
            let disk = TornDisk::new(5);
            let file = disk.open("a").expect("open");
            disk.sync_names().expect("sync names");
            for n in 0..50_u8 {
                file.write_at(u64::from(n) * 100, &[n + 1; 300]).expect("write");
            }
            read_all(&disk.restart(6), "a")
        };
        assert_eq!(run(), run());
    }

    #[test]
    fn a_failed_sync_is_not_made_good_by_a_later_one() {
        let disk = TornDisk::new(1);
        let file = disk.open("a").expect("open");
        disk.fail_syncs(true);
        file.write_at(0, b"x").expect("write");
        assert!(file.sync().is_err());
        assert!(disk.sync_names().is_err());
        disk.fail_syncs(false);
        assert!(file.sync().is_err());
        disk.open("a").expect("open again").sync().expect("a new handle starts anew");
    }

    #[test]
    fn a_full_disk_refuses_to_grow() {
        let disk = TornDisk::new(1);
        let file = disk.open("a").expect("open");
        disk.set_free(Some(10));
        file.write_at(0, &[1; 8]).expect("fits");
        let error = file.write_at(4, &[2; 8]).expect_err("two bytes too many");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(read_all(&disk, "a"), [1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
        file.write_at(0, &[3; 10]).expect("overwriting needs no room");
        file.set_len(0).expect("shrink");
        file.set_len(10).expect("what was given back can be used");
        assert!(file.set_len(11).is_err());
    }

    #[test]
    fn a_killed_process_leaves_its_writes_behind() {
        let disk = TornDisk::new(1);
        disk.open("a").expect("open").write_at(0, b"x").expect("write");
        let next = disk.killed();
        assert_eq!(read_all(&next, "a"), b"x");
        assert!(disk.list().is_err());
    }
}
