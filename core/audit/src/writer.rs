//! The writer: takes what waits, writes it, syncs it, wakes everyone, again.

use std::io;
use std::sync::Arc;
use std::thread;

use keystead_model::world::{Disk, DiskFile};

use crate::Options;
use crate::desk::{Desk, Work};
use crate::files::Files;
use crate::frame::{Chain, FRAME_HEAD_BYTES, LogId, MARK_BYTES, Mark, Place};
use crate::gathering::Gathering;
use crate::reader::Segments;
use crate::resume::Resume;
use crate::segment::{self, Header, SPARE_NAME};

/// Runs until the log is closed.
pub(crate) fn run(desk: &Desk) {
    desk.begin_writing();
    let mut lately = 0;
    loop {
        match desk.wait_for_work(&mut lately) {
            Work::Write => {
                gather(desk, lately);
                lately = desk.write();
            }
            Work::Heal => desk.heal(),
            Work::End => return desk.leave(),
        }
    }
}

/// Lets a busy log's next batch grow. `lately` is the size of the one before.
fn gather(desk: &Desk, lately: u64) {
    let Some(mut gathering) = Gathering::begin(desk.gather_wait(), lately, desk.sight()) else { return };
    while let Some(nap) = gathering.nap(desk.sight()) {
        thread::sleep(nap);
    }
}

/// The segment that is being written, and how far it is known to be synced.
pub(crate) struct Tail {
    pub file: Arc<dyn DiskFile>,
    pub len: u64,
    pub header: Header,
    pub place: Place,
}

/// The one that writes. Everything before `tail.place` is synced; nothing after it is relied on.
pub(crate) struct Pen {
    disk: Arc<dyn Disk>,
    options: Options,
    log: LogId,
    tail: Tail,
    files: Arc<Files>,
    segments: Arc<Segments>,
    /// Bytes written since the last resume point.
    since_resume: u64,
}

impl Pen {
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        options: Options,
        log: LogId,
        tail: Tail,
        files: Arc<Files>,
        segments: Arc<Segments>,
    ) -> Self {
        Self { disk, options, log, tail, files, segments, since_resume: 0 }
    }

    /// Position of the next record; all before it are durable.
    pub(crate) fn position(&self) -> u64 {
        self.tail.place.position
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Writes a batch, whose first bytes are room for its mark, and syncs it. Answers how many records it held.
    pub(crate) fn write(&mut self, bytes: &mut [u8]) -> io::Result<u64> {
        if self.tail.len - self.tail.place.offset < bytes.len() as u64 {
            self.turn_page()?;
        }
        let Place { offset, position, link } = self.tail.place;
        bytes[..MARK_BYTES].copy_from_slice(&Mark { position, link }.encode(self.log));
        self.tail.file.write_at(offset, bytes)?;
        self.tail.file.sync()?;
        let mut chain = Chain::resume(link);
        let records = add_leaves(&mut chain, &bytes[MARK_BYTES..]);
        chain.close();
        self.tail.place =
            Place { offset: offset + bytes.len() as u64, position: position + records, link: *chain.link() };
        self.look_ahead(bytes.len() as u64);
        Ok(records)
    }

    /// Hands to the helper what is due: a spare segment, a resume point.
    fn look_ahead(&mut self, written: u64) {
        if self.tail.place.offset > self.tail.len / 4 {
            self.files.want_spare(self.options.segment_after(self.tail.len));
        }
        self.since_resume += written;
        if self.since_resume >= self.options.resume_bytes {
            self.leave();
        }
    }

    /// Has the place written down up to which everything is synced.
    pub(crate) fn leave(&mut self) {
        self.since_resume = 0;
        let (segment, place) = (self.tail.header.first, self.tail.place);
        self.files.note(|turn| Resume { log: self.log, turn, segment, place });
    }

    /// Goes on in the next segment. After a failed write or sync this is also the way back to work: what the old
    /// segment holds past the last good sync is left behind, where nobody reads it, because the next segment begins
    /// before it; and the new file owes nothing to pages that the failed sync may have dropped.
    pub(crate) fn turn_page(&mut self) -> io::Result<()> {
        let Tail { header: before, place, len, .. } = &self.tail;
        let replaced = before.first == place.position;
        let header = Header {
            log: self.log,
            ordinal: if replaced { before.ordinal } else { before.ordinal + 1 },
            first: place.position,
            link: place.link,
        };
        self.files.take_spare(self.options.segment_after(*len))?;
        self.tail = start_segment(&*self.disk, header)?;
        self.segments.add(header.first);
        self.leave();
        Ok(())
    }
}

/// Gives the spare its name and its header. Once this returns both are durable.
pub(crate) fn start_segment(disk: &dyn Disk, header: Header) -> io::Result<Tail> {
    let name = segment::name(header.first);
    disk.rename(SPARE_NAME, &name)?;
    disk.sync_names()?;
    let file = disk.open(&name)?;
    file.write_at(0, &header.encode())?;
    file.sync()?;
    Ok(Tail { len: file.len()?, file, header, place: header.start() })
}

/// Takes a batch's leaf hashes into the chain; answers how many there were.
fn add_leaves(chain: &mut Chain, mut frames: &[u8]) -> u64 {
    let mut records = 0;
    while let Some((head, rest)) = frames.split_first_chunk::<FRAME_HEAD_BYTES>() {
        let (len, leaf) = head.split_first_chunk().expect("a head begins with a length");
        chain.add(leaf.try_into().expect("a head ends with a hash"));
        frames = &rest[u32::from_be_bytes(*len) as usize..];
        records += 1;
    }
    records
}
