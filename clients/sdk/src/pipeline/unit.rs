//! A unit of work: some whole frames in one buffer, sealed and opened where they lie.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::message::{FINAL_HEAD_BYTES, FormatError, FrameCipher, Layout, REGULAR_HEAD_BYTES, TAG_BYTES};

/// Units hold as many frames as fit into this; a larger frame is a unit by itself.
const UNIT_BYTES: u64 = 1 << 20;

const REGULAR_OVERHEAD: usize = REGULAR_HEAD_BYTES + TAG_BYTES;
const FINAL_EXTRA: usize = FINAL_HEAD_BYTES - REGULAR_HEAD_BYTES;

/// How a message is cut into units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cut {
    /// Bytes of plaintext in a regular frame.
    pub frame_bytes: usize,
    /// Frames in every unit but the last.
    pub frames: u32,
}

impl Cut {
    pub(crate) fn new(frame_bytes: u32) -> Self {
        let regular = u64::from(frame_bytes) + REGULAR_OVERHEAD as u64;
        let frames = u32::try_from(UNIT_BYTES / regular).unwrap_or(u32::MAX).max(1);
        Self { frame_bytes: frame_bytes as usize, frames }
    }

    /// The same with no more frames than a message has, so that short messages take little memory.
    pub(crate) fn shortened(self, layout: &Layout) -> Self {
        let frame_bytes = match layout.frames {
            1 => layout.final_bytes as usize,
            _ => self.frame_bytes,
        };
        Self { frame_bytes: frame_bytes.max(1), frames: self.frames.min(layout.frames) }
    }

    /// Bytes of plaintext in a full unit.
    pub(crate) fn plain_bytes(&self) -> usize {
        self.frame_bytes * self.frames as usize
    }

    /// Room for a full unit, final frame or not.
    pub(crate) fn buffer_bytes(&self) -> usize {
        (self.frame_bytes + REGULAR_OVERHEAD) * self.frames as usize + FINAL_EXTRA
    }

    /// Where plaintext is put to be sealed. Every frame then moves towards the front, or stays; behind the plaintext
    /// there has to be room for one tag.
    pub(crate) fn plain_at(&self) -> usize {
        (self.frames as usize - 1) * REGULAR_OVERHEAD + FINAL_HEAD_BYTES
    }
}

/// A buffer on its way from reader to worker to writer. Wiped on drop: it holds plaintext at one end of the way.
pub(crate) struct Unit {
    /// The buffer.
    pub buffer: Zeroizing<Vec<u8>>,
    /// Number of the first frame, from 1.
    pub first: u32,
    /// How many frames there are.
    pub frames: u32,
    /// Whether the last of them is the final frame.
    pub is_last: bool,
    /// What a step has put into the buffer for the next one.
    pub filled: Range<usize>,
}

impl Unit {
    pub(crate) fn new(buffer_bytes: usize) -> Self {
        let buffer = Zeroizing::new(vec![0; buffer_bytes]);
        Self { buffer, first: 1, frames: 0, is_last: false, filled: 0..0 }
    }

    /// Makes the buffer at least this long. What was in it is moved and wiped, not left behind.
    pub(crate) fn grow_to(&mut self, len: usize) {
        if len > self.buffer.len() {
            let mut larger = Zeroizing::new(vec![0; len]);
            larger[..self.buffer.len()].copy_from_slice(&self.buffer);
            self.buffer = larger;
        }
    }

    /// Bytes of plaintext in a sealed unit.
    pub(crate) fn plain_bytes(&self) -> u64 {
        let overhead = REGULAR_OVERHEAD * self.frames as usize + if self.is_last { FINAL_EXTRA } else { 0 };
        (self.filled.len() - overhead) as u64
    }

    /// Seals what is `filled`: plaintext from [`Cut::plain_at`] on. `filled` is then the sealed frames.
    pub(crate) fn seal(&mut self, cipher: &FrameCipher, cut: &Cut) {
        let (from, plain_bytes) = (self.filled.start, self.filled.len());
        // A unit without a final frame begins later, so that its last frame need not move at all.
        let base = if self.is_last { 0 } else { FINAL_EXTRA };
        let regular = if self.is_last { self.frames - 1 } else { self.frames };
        let regular_len = cut.frame_bytes + REGULAR_OVERHEAD;
        let mut end = base;
        for i in 0..regular as usize {
            let at = base + i * regular_len;
            end = at + regular_len;
            let data = from + i * cut.frame_bytes;
            self.shift(data..data + cut.frame_bytes, at + REGULAR_HEAD_BYTES);
            cipher.seal_regular(self.first + i as u32, &mut self.buffer[at..end]);
        }
        if self.is_last {
            let done = regular as usize * cut.frame_bytes;
            let (at, rest) = (end, plain_bytes - done);
            end = at + FINAL_HEAD_BYTES + rest + TAG_BYTES;
            self.shift(from + done..from + plain_bytes, at + FINAL_HEAD_BYTES);
            cipher.seal_final(self.first + regular, &mut self.buffer[at..end]);
        }
        self.filled = base..end;
    }

    /// Opens what is `filled`: whole frames from the buffer's beginning on. `filled` is then their plaintext.
    pub(crate) fn open(&mut self, cipher: &FrameCipher, cut: &Cut) -> Result<(), FormatError> {
        let regular = if self.is_last { self.frames - 1 } else { self.frames };
        let regular_len = cut.frame_bytes + REGULAR_OVERHEAD;
        let start = if regular == 0 { FINAL_HEAD_BYTES } else { REGULAR_HEAD_BYTES };
        let mut plain_end = start;
        for i in 0..regular as usize {
            let at = i * regular_len;
            cipher.open_regular(self.first + i as u32, &mut self.buffer[at..at + regular_len])?;
            let data = at + REGULAR_HEAD_BYTES;
            self.shift(data..data + cut.frame_bytes, plain_end);
            plain_end += cut.frame_bytes;
        }
        if self.is_last {
            let at = regular as usize * regular_len;
            cipher.open_final(self.first + regular, &mut self.buffer[at..self.filled.end])?;
            let data = at + FINAL_HEAD_BYTES..self.filled.end - TAG_BYTES;
            let len = data.len();
            self.shift(data, plain_end);
            plain_end += len;
        }
        self.filled = start..plain_end;
        Ok(())
    }

    /// Moves bytes within the buffer. Those of a unit with one frame are where they belong already.
    fn shift(&mut self, from: Range<usize>, to: usize) {
        if from.start != to {
            self.buffer.copy_within(from, to);
        }
    }

    /// The bytes a step has put there for the next one.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.filled.clone()]
    }
}
