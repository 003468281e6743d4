//! Sealing and opening frames on all cores, in constant memory.
//!
//! Frames are independent, so work is cut into units of as many whole frames as fit into 1 MiB. Where both sides
//! are files, each core reads, works and writes by position ([`positioned`]); otherwise a reader, the cores and a
//! writer pass units along in order ([`ordered`]).

pub(crate) mod ordered;
pub(crate) mod positioned;
pub(crate) mod unit;

use std::num::NonZeroUsize;

/// Memory that buffers may take by default, in bytes. A frame has to fit: it is released only when it is whole.
pub const MEMORY_BYTES: usize = 32 << 20;

/// Told, from whichever core, how many bytes of plaintext were done since it was last told.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// More workers than this gain nothing: pages are copied by the kernel, under one lock a file.
const WORKERS_MAX: usize = 8;

/// How much of the machine may be used.
#[derive(Clone, Copy)]
pub(crate) struct Effort<'a> {
    pub workers: Option<NonZeroUsize>,
    pub memory_bytes: usize,
    pub progress: Option<Progress<'a>>,
}

impl Effort<'_> {
    /// How many workers share buffers of this size: each needs at least one.
    pub(crate) fn workers(&self, buffer_bytes: usize) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(WORKERS_MAX);
        let wanted = self.workers.map_or_else(cores, NonZeroUsize::get);
        wanted.min(self.buffers_max(buffer_bytes)).max(1)
    }

    /// How many buffers of this size fit into the memory allowed. At least 1.
    pub(crate) fn buffers_max(&self, buffer_bytes: usize) -> usize {
        (self.memory_bytes / buffer_bytes.max(1)).max(1)
    }

    pub(crate) fn tell(&self, plain_bytes: u64) {
        if let Some(progress) = self.progress {
            progress(plain_bytes);
        }
    }
}
