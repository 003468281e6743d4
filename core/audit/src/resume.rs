//! The resume point: how far the log is known to be synced, so that recovery need not read from the start of a
//! segment. A hint that is allowed to be old, torn or missing; recovery then reads more.
//!
//! Two slots in one file are written in turn, so that a write torn by a power cut leaves the other. A slot is
//! written only after the sync it tells of.

use std::io;

use keystead_model::world::Disk;

use crate::frame::{LogId, Place, prefix, sha256};
use crate::segment::{HEADER_BYTES, POSITION_END};

/// A place that is known to be synced, and the segment it is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Resume {
    /// The log.
    pub log: LogId,
    /// Grows with every write, and chooses the slot.
    pub turn: u64,
    /// First position of the segment.
    pub segment: u64,
    /// Where in it.
    pub place: Place,
}

impl Resume {
    fn encode(&self) -> [u8; SLOT_BYTES] {
        let mut out = [0; SLOT_BYTES];
        out[..8].copy_from_slice(MAGIC);
        out[8..24].copy_from_slice(&self.log.0);
        out[24..32].copy_from_slice(&self.turn.to_be_bytes());
        out[32..40].copy_from_slice(&self.segment.to_be_bytes());
        out[40..48].copy_from_slice(&self.place.offset.to_be_bytes());
        out[48..56].copy_from_slice(&self.place.position.to_be_bytes());
        out[56..88].copy_from_slice(&self.place.link);
        let check = sha256(&[&[prefix::RESUME][..], &out[..88]].concat());
        out[88..].copy_from_slice(&check);
        out
    }

    fn decode(bytes: &[u8; SLOT_BYTES]) -> Option<Self> {
        let number = |at: usize| bytes[at..at + 8].try_into().map(u64::from_be_bytes).ok();
        let link = bytes[56..88].try_into().ok()?;
        let resume = Self {
            log: LogId(bytes[8..24].try_into().ok()?),
            turn: number(24)?,
            segment: number(32)?,
            place: Place { offset: number(40)?, position: number(48)?, link },
        };
        let sane = resume.turn.max(resume.place.offset).max(resume.place.position) < POSITION_END;
        (sane && resume.encode() == *bytes).then_some(resume)
    }

    /// Whether its place can be in a segment of this length.
    pub(crate) fn fits(&self, len: u64) -> bool {
        (HEADER_BYTES as u64..=len).contains(&self.place.offset) && self.place.position >= self.segment
    }

    /// Whether it vouches for records in its segment. A segment without any may yet be replaced or dropped.
    pub(crate) fn vouches(&self) -> bool {
        self.place.position > self.segment
    }

    /// Writes it into its slot and syncs.
    pub(crate) fn write(&self, disk: &dyn Disk) -> io::Result<()> {
        let file = disk.open(NAME)?;
        file.write_at((self.turn % SLOTS) * SLOT_STRIDE, &self.encode())?;
        file.sync()
    }

    /// The newest that reads, if any does.
    pub(crate) fn load(disk: &dyn Disk) -> io::Result<Option<Self>> {
        let file = disk.open(NAME)?;
        let mut newest: Option<Self> = None;
        for slot in 0..SLOTS {
            let mut bytes = [0; SLOT_BYTES];
            if file.len()? < slot * SLOT_STRIDE + SLOT_BYTES as u64 {
                continue;
            }
            file.read_at(slot * SLOT_STRIDE, &mut bytes)?;
            newest = newest.into_iter().chain(Self::decode(&bytes)).max_by_key(|resume| resume.turn);
        }
        Ok(newest)
    }
}

pub(crate) const NAME: &str = "resume";
const MAGIC: &[u8; 8] = b"KSRESUM\x01";
const SLOT_BYTES: usize = 120;
const SLOTS: u64 = 2;
/// Slots lie in disk sectors of their own.
const SLOT_STRIDE: u64 = 4096;
