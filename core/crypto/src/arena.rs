//! Locked memory for keys: never swapped, never in a core dump or a forked child, wiped when freed.
//!
//! Root, key-encryption and signing keys are 32 bytes each and live here, in slots. Pages come from anonymous
//! maps that are locked (`mlock`) and marked `MADV_DONTDUMP` and `MADV_DONTFORK`. A use copies a slot to the
//! stack, into a place that wipes itself, for the length of one closure.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use memmap2::{Advice, MmapMut};
use parking_lot::RwLock;
use zeroize::{Zeroize, Zeroizing};

/// Bytes a slot holds.
pub const SLOT_BYTES: usize = 32;

/// Slots are spread over this many locks, so that threads seldom meet at one.
const SHARDS: usize = 16;
/// Bytes mapped and locked at a time: 16 slots' worth of pages, 512 slots.
const CHUNK_BYTES: usize = 16 * 1024;
const CHUNK_SLOTS: usize = CHUNK_BYTES / SLOT_BYTES;

/// Locked memory, in slots of [`SLOT_BYTES`].
pub struct Arena {
    shards: [RwLock<Shard>; SHARDS],
    next: AtomicUsize,
    used: AtomicUsize,
    slots_max: usize,
    unlocked: AtomicBool,
}

#[derive(Default)]
struct Shard {
    chunks: Vec<MmapMut>,
    free: Vec<u32>,
}

/// No room: the arena holds as many keys as it may, or the system gave no memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the locked memory for keys is full")]
pub struct ArenaFull;

impl Arena {
    /// Slots an arena has unless told otherwise: 4 MiB, half of the usual 8 MiB lock limit.
    pub const SLOTS_DEFAULT: usize = 131_072;

    /// An arena of at most this many slots. Memory is taken as slots are used.
    pub fn new(slots_max: usize) -> Arc<Self> {
        Arc::new(Self {
            shards: Default::default(),
            next: AtomicUsize::new(0),
            used: AtomicUsize::new(0),
            slots_max,
            unlocked: AtomicBool::new(false),
        })
    }

    /// Puts 32 bytes into a slot. Wiping `bytes` stays the caller's duty.
    ///
    /// # Errors
    /// [`ArenaFull`] past `slots_max`, or if the system gives no memory.
    pub fn put(self: &Arc<Self>, bytes: &[u8; SLOT_BYTES]) -> Result<Slot, ArenaFull> {
        if self.used.fetch_add(1, Ordering::Relaxed) >= self.slots_max {
            self.used.fetch_sub(1, Ordering::Relaxed);
            return Err(ArenaFull);
        }
        let shard = self.next.fetch_add(1, Ordering::Relaxed) % SHARDS;
        match self.put_in(shard, bytes) {
            Ok(index) => Ok(Slot { arena: Arc::clone(self), shard: shard as u32, index }),
            Err(full) => {
                self.used.fetch_sub(1, Ordering::Relaxed);
                Err(full)
            }
        }
    }

    /// Whether every page is locked. If not, the process' lock limit (`ulimit -l`) is too small for what is
    /// in use, and keys may reach the swap device.
    pub fn is_locked(&self) -> bool {
        !self.unlocked.load(Ordering::Relaxed)
    }

    /// Slots in use.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    fn put_in(&self, shard: usize, bytes: &[u8; SLOT_BYTES]) -> Result<u32, ArenaFull> {
        let mut shard = self.shards[shard].write();
        if shard.free.is_empty() {
            let chunk = self.map_chunk()?;
            let first = (shard.chunks.len() * CHUNK_SLOTS) as u32;
            shard.chunks.push(chunk);
            shard.free.extend((first..first + CHUNK_SLOTS as u32).rev());
        }
        let index = shard.free.pop().ok_or(ArenaFull)?;
        shard.slot_mut(index).copy_from_slice(bytes);
        Ok(index)
    }

    fn map_chunk(&self) -> Result<MmapMut, ArenaFull> {
        let chunk = MmapMut::map_anon(CHUNK_BYTES).map_err(|_| ArenaFull)?;
        let guarded = chunk.advise(Advice::DontDump).is_ok() && chunk.advise(Advice::DontFork).is_ok();
        if chunk.lock().is_err() || !guarded {
            self.unlocked.store(true, Ordering::Relaxed);
        }
        Ok(chunk)
    }
}

impl Shard {
    fn place(index: u32) -> (usize, usize) {
        let index = index as usize;
        (index / CHUNK_SLOTS, index % CHUNK_SLOTS * SLOT_BYTES)
    }

    fn slot(&self, index: u32) -> &[u8] {
        let (chunk, at) = Self::place(index);
        &self.chunks[chunk][at..at + SLOT_BYTES]
    }

    fn slot_mut(&mut self, index: u32) -> &mut [u8] {
        let (chunk, at) = Self::place(index);
        &mut self.chunks[chunk][at..at + SLOT_BYTES]
    }
}

/// 32 bytes in locked memory. Dropping it wipes and frees them.
pub struct Slot {
    arena: Arc<Arena>,
    shard: u32,
    index: u32,
}

impl Slot {
    /// Lends the bytes to `work`, as a copy on the stack that is wiped afterwards.
    pub fn expose<R>(&self, work: impl FnOnce(&[u8; SLOT_BYTES]) -> R) -> R {
        let mut copy = Zeroizing::new([0u8; SLOT_BYTES]);
        copy.copy_from_slice(self.arena.shards[self.shard as usize].read().slot(self.index));
        work(&copy)
    }

    /// The arena it is in.
    pub fn arena(&self) -> &Arc<Arena> {
        &self.arena
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut shard = self.arena.shards[self.shard as usize].write();
        shard.slot_mut(self.index).zeroize();
        shard.free.push(self.index);
        drop(shard);
        self.arena.used.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_hold_what_was_put_and_are_wiped_when_freed() {
        let arena = Arena::new(2000);
        let slots: Vec<Slot> = (0..2000u16)
            .map(|n| {
                let mut bytes = [0u8; SLOT_BYTES];
                bytes[..2].copy_from_slice(&n.to_be_bytes());
                arena.put(&bytes).expect("there is room")
            })
            .collect();
        for (n, slot) in slots.iter().enumerate() {
            slot.expose(|bytes| assert_eq!(u16::from_be_bytes([bytes[0], bytes[1]]) as usize, n));
        }
        assert!(matches!(arena.put(&[1; SLOT_BYTES]), Err(ArenaFull)));
        drop(slots);
        assert_eq!(arena.used(), 0);
        for shard in &arena.shards {
            assert!(shard.read().chunks.iter().all(|chunk| chunk.iter().all(|byte| *byte == 0)));
        }
    }

    #[test]
    fn a_freed_slot_is_used_again() {
        let arena = Arena::new(1);
        for n in 0..100u8 {
            let slot = arena.put(&[n; SLOT_BYTES]).expect("the one slot is free");
            slot.expose(|bytes| assert_eq!(bytes, &[n; SLOT_BYTES]));
        }
        assert!(arena.shards.iter().all(|shard| shard.read().chunks.len() <= 1));
    }
}
