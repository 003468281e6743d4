//! What stands in a segment after its header: batches, each a mark and the frames of its records.
//!
//! A frame is `length u32 | leaf hash | record`. A mark is `word u32 | position u64 | link | check` and begins the
//! bytes that went out in one write and one sync. Marks link: each holds a hash over the link before it and the leaf
//! hashes of the batch before it, so that nothing can be taken out, put in or moved without a later mark noticing.
//! A valid mark also proves that everything before it had been synced when it was written. All numbers are
//! big-endian. See `docs/formats/audit-segments.md`.

use std::io;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use keystead_model::world::DiskFile;

use crate::RECORD_BYTES_MAX;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a record as a leaf of an RFC 6962 tree: SHA-256 of a zero byte and the record.
pub fn leaf_hash(record: &[u8]) -> Hash {
    let mut input = Vec::with_capacity(1 + record.len());
    input.push(prefix::LEAF);
    input.extend_from_slice(record);
    sha256(&input)
}

pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// Appends a frame. `leaf` is the record's leaf hash.
pub(crate) fn write_frame(out: &mut Vec<u8>, leaf: &Hash, record: &[u8]) {
    out.extend_from_slice(&(record.len() as u32).to_be_bytes());
    out.extend_from_slice(leaf);
    out.extend_from_slice(record);
}

/// Sixteen random bytes that name one log and keep marks of one log from passing in another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LogId(pub [u8; 16]);

/// The hash chain over all batches, as it stands while a batch is being read or written.
#[derive(Clone)]
pub(crate) struct Chain {
    link: Hash,
    /// The input of the next link: prefix, link, leaf hashes so far.
    open: Vec<u8>,
}

impl Chain {
    /// The chain of a log that has no batch yet.
    pub(crate) fn begin(log: LogId) -> Self {
        Self::resume(sha256(&[&[prefix::CHAIN][..], &log.0].concat()))
    }

    /// The chain at a place where its link is known.
    pub(crate) fn resume(link: Hash) -> Self {
        let mut chain = Self { link, open: Vec::new() };
        chain.reopen();
        chain
    }

    /// The link at the last place between two batches.
    pub(crate) fn link(&self) -> &Hash {
        &self.link
    }

    /// Takes in one record of the batch.
    pub(crate) fn add(&mut self, leaf: &Hash) {
        self.open.extend_from_slice(leaf);
    }

    /// Ends a batch; one without records changes nothing.
    pub(crate) fn close(&mut self) {
        if self.open.len() > 1 + self.link.len() {
            self.link = sha256(&self.open);
            self.reopen();
        }
    }

    fn reopen(&mut self) {
        self.open.clear();
        self.open.push(prefix::LINK);
        self.open.extend_from_slice(&self.link);
    }
}

/// What begins a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mark {
    /// Position of the batch's first record.
    pub position: u64,
    /// The chain's link before the batch.
    pub link: Hash,
}

impl Mark {
    pub(crate) fn encode(&self, log: LogId) -> [u8; MARK_BYTES] {
        let mut out = [0; MARK_BYTES];
        out[..4].copy_from_slice(&MARK_WORD.to_be_bytes());
        out[4..12].copy_from_slice(&self.position.to_be_bytes());
        out[12..44].copy_from_slice(&self.link);
        let check = sha256(&[&[prefix::MARK][..], &log.0, &out[4..44]].concat());
        out[44..].copy_from_slice(&check[..MARK_BYTES - 44]);
        out
    }

    /// Reads a mark of this log; nothing if the bytes are none.
    pub(crate) fn decode(log: LogId, bytes: &[u8; MARK_BYTES]) -> Option<Self> {
        let position = u64::from_be_bytes(bytes[4..12].try_into().ok()?);
        let mark = Self { position, link: bytes[12..44].try_into().ok()? };
        (mark.encode(log) == *bytes).then_some(mark)
    }
}

/// Whether a valid mark of this log stands anywhere in the bytes.
pub(crate) fn holds_mark(log: LogId, bytes: &[u8]) -> bool {
    let word = MARK_WORD.to_be_bytes();
    bytes.windows(MARK_BYTES).any(|window| {
        window.starts_with(&word) && window.try_into().is_ok_and(|bytes| Mark::decode(log, bytes).is_some())
    })
}

/// A place between two batches of one segment, and the chain's link there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Bytes from the start of the file.
    pub offset: u64,
    /// Position of the next record.
    pub position: u64,
    /// The chain's link.
    pub link: Hash,
}

/// One record or the end of a walk. The record's bytes are [`Walk::record`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// A record, whose leaf hash was checked.
    Record {
        /// Its position.
        position: u64,
    },
    /// Zero bytes or the file's end: nothing was written here.
    End,
    /// Bytes that are neither a frame nor a mark that fits here.
    Bad(&'static str),
}

/// A walk over the records of one segment, forward from a place between two batches, checking every hash.
pub(crate) struct Walk {
    bytes: Window,
    log: LogId,
    chain: Chain,
    position: u64,
    /// Where the batch begins that is being walked, and its first position.
    batch: Option<Place>,
    record: std::ops::Range<usize>,
}

impl Walk {
    /// Begins at a place; the caller vouches for its link.
    pub(crate) fn new(file: Arc<dyn DiskFile>, log: LogId, from: Place) -> io::Result<Self> {
        Ok(Self {
            bytes: Window::new(file, from.offset)?,
            log,
            chain: Chain::resume(from.link),
            position: from.position,
            batch: None,
            record: 0..0,
        })
    }

    /// The next record, or why there is none. After anything but a record, the walk is over.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        loop {
            let Some(word) = self.bytes.word()? else { return Ok(Step::End) };
            match word {
                0 => return Ok(Step::End),
                MARK_WORD => match self.pass_mark()? {
                    None => continue,
                    Some(why) => return Ok(Step::Bad(why)),
                },
                len if len as usize <= RECORD_BYTES_MAX => return self.pass_frame(len as usize),
                _ => return Ok(Step::Bad("a length out of range")),
            }
        }
    }

    fn pass_mark(&mut self) -> io::Result<Option<&'static str>> {
        self.chain.close();
        let place = self.place();
        let Some(bytes) = self.bytes.peek(MARK_BYTES)? else { return Ok(Some("a mark that ends early")) };
        let Some(mark) = bytes.try_into().ok().and_then(|bytes| Mark::decode(self.log, bytes)) else {
            return Ok(Some("a mark that does not check"));
        };
        if (mark.position, &mark.link) != (place.position, &place.link) {
            return Ok(Some("a mark of another place"));
        }
        if self.batch.is_some_and(|batch| batch.position == place.position) {
            return Ok(Some("a batch without records"));
        }
        self.batch = Some(place);
        self.bytes.pass(MARK_BYTES);
        Ok(None)
    }

    fn pass_frame(&mut self, len: usize) -> io::Result<Step> {
        if self.batch.is_none() {
            return Ok(Step::Bad("a record before the first mark"));
        }
        let Some(frame) = self.bytes.peek(FRAME_HEAD_BYTES + len)? else {
            return Ok(Step::Bad("a record that ends early"));
        };
        let (leaf, record) = frame[4..].split_first_chunk().expect("a frame's head holds a hash");
        if leaf_hash(record) != *leaf {
            return Ok(Step::Bad("a record that does not match its hash"));
        }
        self.chain.add(leaf);
        self.record = self.bytes.pass(FRAME_HEAD_BYTES + len);
        self.record.start += FRAME_HEAD_BYTES;
        let position = self.position;
        self.position += 1;
        Ok(Step::Record { position })
    }

    /// The bytes of the record that the last step passed.
    pub(crate) fn record(&self) -> &[u8] {
        &self.bytes.buffer[self.record.clone()]
    }

    /// Where the walk stands now, as if the batch ended here.
    pub(crate) fn place(&self) -> Place {
        let mut chain = self.chain.clone();
        chain.close();
        Place { offset: self.bytes.offset(), position: self.position, link: *chain.link() }
    }

    /// Position of the next record.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Where in the file the walk stands.
    pub(crate) fn offset(&self) -> u64 {
        self.bytes.offset()
    }

    /// Where the batch begins that the walk is in, if it has passed a mark.
    pub(crate) fn batch(&self) -> Option<Place> {
        self.batch
    }
}

/// The marks of a segment, found by hopping over records without hashing them. What it finds is true, because
/// marks check themselves; it may find fewer than there are.
pub(crate) struct Hop {
    bytes: Window,
    log: LogId,
}

impl Hop {
    pub(crate) fn new(file: Arc<dyn DiskFile>, log: LogId, offset: u64) -> io::Result<Self> {
        Ok(Self { bytes: Window::new(file, offset)?, log })
    }

    /// The place of the next mark, if one can be reached.
    pub(crate) fn next_mark(&mut self) -> io::Result<Option<Place>> {
        loop {
            match self.bytes.word()? {
                Some(MARK_WORD) => {
                    let offset = self.bytes.offset();
                    let Some(bytes) = self.bytes.peek(MARK_BYTES)? else { return Ok(None) };
                    let mark = bytes.try_into().ok().and_then(|bytes| Mark::decode(self.log, bytes));
                    self.bytes.pass(MARK_BYTES);
                    return Ok(mark.map(|mark| Place { offset, position: mark.position, link: mark.link }));
                }
                Some(len) if len != 0 && len as usize <= RECORD_BYTES_MAX => {
                    self.bytes.pass(FRAME_HEAD_BYTES + len as usize);
                }
                _ => return Ok(None),
            }
        }
    }
}

/// A file seen through a window that moves forward.
struct Window {
    file: Arc<dyn DiskFile>,
    /// Length of the file.
    end: u64,
    buffer: Vec<u8>,
    /// Where in the file the buffer begins.
    base: u64,
    /// Where in the buffer the window stands. May lie past its end after a hop.
    at: usize,
}

impl Window {
    fn new(file: Arc<dyn DiskFile>, offset: u64) -> io::Result<Self> {
        Ok(Self { end: file.len()?, file, buffer: Vec::new(), base: offset, at: 0 })
    }

    fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    fn word(&mut self) -> io::Result<Option<u32>> {
        let word = self.peek(4)?.and_then(|bytes| bytes.try_into().ok());
        Ok(word.map(u32::from_be_bytes))
    }

    /// The next `len` bytes, or nothing if the file ends before.
    fn peek(&mut self, len: usize) -> io::Result<Option<&[u8]>> {
        if self.buffer.len() < self.at + len {
            let offset = self.offset();
            let left = self.end.saturating_sub(offset);
            if left < len as u64 {
                return Ok(None);
            }
            let take = left.min(len.max(WINDOW_BYTES) as u64) as usize;
            self.buffer.resize(take, 0);
            (self.base, self.at) = (offset, 0);
            self.file.read_at(offset, &mut self.buffer)?;
        }
        Ok(Some(&self.buffer[self.at..self.at + len]))
    }

    /// Moves on; answers where in the buffer the passed bytes stand.
    fn pass(&mut self, len: usize) -> std::ops::Range<usize> {
        self.at += len;
        self.at - len..self.at
    }
}

/// First bytes of what is hashed, so that no hash of one kind passes for another. RFC 6962 keeps 0 for leaves and 1
/// for the nodes of a tree.
pub(crate) mod prefix {
    pub const LEAF: u8 = 0;
    pub const CHAIN: u8 = 2;
    pub const LINK: u8 = 3;
    pub const MARK: u8 = 4;
    pub const HEADER: u8 = 5;
    pub const RESUME: u8 = 6;
}

/// Length and leaf hash of a frame, in bytes.
pub(crate) const FRAME_HEAD_BYTES: usize = 4 + 32;
/// Length of a mark, in bytes.
pub(crate) const MARK_BYTES: usize = 4 + 8 + 32 + 16;
/// Longest batch, mark included, in bytes. Recovery looks this far past the first bad frame.
pub(crate) const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What stands where a length would: `KSBM`, far above any record's length.
const MARK_WORD: u32 = u32::from_be_bytes(*b"KSBM");
const WINDOW_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use keystead_model::world::Disk;
    use keystead_store::disk::MemoryDisk;

    use super::*;
    use crate::resume::Resume;
    use crate::segment::{HEADER_BYTES, Header};

    const VECTOR: &str = include_str!("../vectors/segment.txt");

    fn values(names: &[&str]) -> Vec<Vec<u8>> {
        let lines = VECTOR.lines().filter_map(|line| line.split_once('='));
        let wanted = lines.filter(|(name, _)| names.contains(&name.trim()));
        wanted.map(|(_, value)| hex::decode(value.trim()).expect("hexadecimal digits")).collect()
    }

    fn value<const N: usize>(name: &str) -> [u8; N] {
        values(&[name])[0].as_slice().try_into().expect("of this length")
    }

    fn segment() -> Arc<dyn DiskFile> {
        let file = MemoryDisk::new().open("a").expect("opens");
        file.set_len(4096).expect("grows");
        file.write_at(0, &values(&["header", "mark", "frame"]).concat()).expect("writes");
        file
    }

    #[test]
    fn the_segment_of_the_vector_is_walked_and_written_the_same() {
        let log = LogId(value("log"));
        let header = Header::decode(&value("header")).expect("a header");
        assert_eq!((header.log, header.ordinal, header.first), (log, 0, 0));
        assert_eq!(header.link, *Chain::begin(log).link());
        let mut walk = Walk::new(segment(), log, header.start()).expect("begins");
        for position in 0..3 {
            assert_eq!(walk.step().expect("reads"), Step::Record { position });
            assert_eq!(
                crate::Entry::decode(walk.record()).expect("a record").request.0,
                [position as u8 + 1; 16]
            );
        }
        assert_eq!(walk.step().expect("reads"), Step::End);
        assert_eq!(walk.place().link, value("link"));
        let batch = walk.batch().expect("a batch");
        let mark = Mark { position: 2, link: batch.link };
        assert_eq!(mark.encode(log).as_slice(), values(&["mark"])[1]);
        let next = Header { log, ordinal: 1, first: 3, link: walk.place().link };
        assert_eq!(next.encode(), value::<HEADER_BYTES>("next"));
        let disk = MemoryDisk::new();
        let resume = Resume { log, turn: 1, segment: 0, place: batch };
        resume.write(&disk).expect("writes");
        let mut slot = vec![0; values(&["resume"])[0].len()];
        disk.open("resume").expect("opens").read_at(4096, &mut slot).expect("reads");
        assert_eq!(slot, values(&["resume"])[0]);
        assert_eq!(Resume::load(&disk).expect("reads"), Some(resume));
    }

    #[test]
    fn a_walk_finds_any_changed_bit() {
        let log = LogId(value("log"));
        let start = Header::decode(&value("header")).expect("a header").start();
        let file = segment();
        let end = start.offset + values(&["mark", "frame"]).concat().len() as u64;
        for at in start.offset..end {
            let mut byte = [0];
            file.read_at(at, &mut byte).expect("reads");
            file.write_at(at, &[byte[0] ^ 1 << (at % 8)]).expect("writes");
            let mut walk = Walk::new(Arc::clone(&file), log, start).expect("begins");
            let found = (0..3).any(|_| !matches!(walk.step().expect("reads"), Step::Record { .. }));
            assert!(found, "byte {at}");
            file.write_at(at, &byte).expect("writes");
        }
    }

    #[test]
    fn hopping_finds_the_marks_that_walking_passes() {
        let log = LogId(value("log"));
        let start = Header::decode(&value("header")).expect("a header").start();
        let mut hop = Hop::new(segment(), log, start.offset).expect("begins");
        let mut places = Vec::new();
        while let Some(place) = hop.next_mark().expect("reads") {
            places.push((place.position, place.offset));
        }
        let second = start.offset + (MARK_BYTES + 2 * values(&["frame"])[0].len()) as u64;
        assert_eq!(places, [(0, start.offset), (2, second)]);
        let other = LogId([0; 16]);
        assert!(
            Hop::new(segment(), other, start.offset).expect("begins").next_mark().expect("reads").is_none()
        );
    }
}
