//! Segment files: their names, their headers, and how one is made.

use std::io;

use keystead_model::world::{Disk, DiskFile};

use crate::frame::{Hash, LogId, Place, prefix, sha256};

/// What stands at the start of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Header {
    /// The log.
    pub log: LogId,
    /// Which segment of the log this is, from 0, without gaps.
    pub ordinal: u64,
    /// Position of its first record.
    pub first: u64,
    /// The chain's link at the end of the segment before.
    pub link: Hash,
}

impl Header {
    pub(crate) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut out = [0; HEADER_BYTES];
        out[..8].copy_from_slice(MAGIC);
        out[8..24].copy_from_slice(&self.log.0);
        out[24..32].copy_from_slice(&self.ordinal.to_be_bytes());
        out[32..40].copy_from_slice(&self.first.to_be_bytes());
        out[40..72].copy_from_slice(&self.link);
        let check = sha256(&[&[prefix::HEADER][..], &out[..72]].concat());
        out[72..].copy_from_slice(&check);
        out
    }

    /// Reads a header; nothing if the bytes are none.
    pub(crate) fn decode(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let number = |at: usize| bytes[at..at + 8].try_into().map(u64::from_be_bytes).ok();
        let header = Self {
            log: LogId(bytes[8..24].try_into().ok()?),
            ordinal: number(24)?,
            first: number(32)?,
            link: bytes[40..72].try_into().ok()?,
        };
        let sane = header.ordinal < POSITION_END && header.first < POSITION_END;
        (sane && header.encode() == *bytes).then_some(header)
    }

    /// Reads the header of a file; nothing if it has none.
    pub(crate) fn read(file: &dyn DiskFile) -> io::Result<Option<Self>> {
        let mut bytes = [0; HEADER_BYTES];
        if file.len()? < HEADER_BYTES as u64 {
            return Ok(None);
        }
        file.read_at(0, &mut bytes)?;
        Ok(Self::decode(&bytes))
    }

    /// Where the segment's first batch begins.
    pub(crate) fn start(&self) -> Place {
        Place { offset: HEADER_BYTES as u64, position: self.first, link: self.link }
    }
}

/// The name of the segment whose first record has this position.
pub(crate) fn name(first: u64) -> String {
    format!("{first:020}{SUFFIX}")
}

/// The position in a segment's name; nothing if it is no segment's name.
pub(crate) fn first_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(SUFFIX)?;
    let plain = digits.len() == 20 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// Makes the spare segment: as many zero bytes, written out and synced, so that syncing what is later written over
/// them has no lengths or block lists to sync.
///
/// They go out in pieces, each synced, so that a sync of the log that comes between waits for one piece at most. After
/// each piece `rest` leaves the disk to the log for a while, and says whether to stop.
pub(crate) fn make_spare(disk: &dyn Disk, len: u64, rest: &dyn Fn() -> bool) -> io::Result<()> {
    let made = write_zeros(disk, len, rest);
    if made.is_err() {
        // Whoever runs out of space must not keep the half that fitted; if even that fails, the error stands.
        let _ = disk.remove(SPARE_NAME);
    }
    made
}

fn write_zeros(disk: &dyn Disk, len: u64, rest: &dyn Fn() -> bool) -> io::Result<()> {
    let file = disk.open(SPARE_NAME)?;
    file.set_len(0)?;
    let piece = vec![0; PIECE_BYTES];
    let mut at = 0;
    while at < len && !rest() {
        let take = (len - at).min(PIECE_BYTES as u64);
        file.write_at(at, &piece[..take as usize])?;
        file.sync()?;
        at += take;
    }
    disk.sync_names()
}

/// Positions and other counts stay below this, so that adding to one that was read cannot overflow.
pub(crate) const POSITION_END: u64 = 1 << 62;
/// Length of a header, in bytes.
pub(crate) const HEADER_BYTES: usize = 104;
/// The name under which the next segment waits.
pub(crate) const SPARE_NAME: &str = "spare";
const SUFFIX: &str = ".segment";
/// Format and version.
const MAGIC: &[u8; 8] = b"KSAUDIT\x01";
const PIECE_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_back_and_a_changed_one_does_not() {
        let header = Header { log: LogId([1; 16]), ordinal: 2, first: 300, link: [4; 32] };
        let bytes = header.encode();
        assert_eq!(Header::decode(&bytes), Some(header));
        for at in 0..HEADER_BYTES {
            let mut changed = bytes;
            changed[at] ^= 0x10;
            assert_eq!(Header::decode(&changed), None, "byte {at}");
        }
    }

    #[test]
    fn a_name_has_one_spelling() {
        assert_eq!(first_of(&name(42)), Some(42));
        assert_eq!(first_of(&name(u64::MAX)), Some(u64::MAX));
        for text in ["42.segment", "+0000000000000000042.segment", "00000000000000000042", SPARE_NAME] {
            assert_eq!(first_of(text), None, "{text}");
        }
    }
}
