//! Finding the end of the log after a start, and telling a torn tail from damage.
//!
//! A crash can leave one batch torn: the last. It was acknowledged to nobody, so it is cut where it stops verifying.
//! Anything else that does not verify was once synced, and is damage: the log refuses to open and names the place.

use std::io;
use std::sync::Arc;

use keystead_model::world::{Disk, DiskFile, Entropy};

use crate::frame::{BATCH_BYTES_MAX, Chain, LogId, MARK_BYTES, Place, Step, Walk, holds_mark};
use crate::resume::{self, Resume};
use crate::segment::{self, HEADER_BYTES, Header};
use crate::writer::{Tail, start_segment};
use crate::{DecodeError, Options};

/// Why a log cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The disk failed.
    #[error("the audit log's file {what} cannot be used: {source}")]
    Io {
        /// The file, or what was done.
        what: String,
        /// What the disk said.
        source: io::Error,
    },
    /// A file holds what was not written to it.
    #[error("the audit log's segment {segment} is damaged at byte {offset}: {why}; restore it from a backup")]
    Corrupt {
        /// The file.
        segment: String,
        /// Bytes from its start.
        offset: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// A segment is not there.
    #[error("the audit log's segment {segment} is missing; restore it from a backup")]
    Missing {
        /// The file's name, or what is known of it.
        segment: String,
    },
    /// A record is whole but of a form this program does not read.
    #[error("the record at position {position} cannot be read: {source}")]
    Record {
        /// Its position.
        position: u64,
        /// Why.
        source: DecodeError,
    },
    /// Options that contradict each other.
    #[error("{0}")]
    Options(&'static str),
}

impl LogError {
    pub(crate) fn io(what: impl Into<String>, source: io::Error) -> Self {
        Self::Io { what: what.into(), source }
    }
}

/// What opening found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recovery {
    /// Whether a new log was begun.
    pub began: bool,
    /// Durable records.
    pub records: u64,
    /// Segments.
    pub segments: usize,
    /// Records that had to be hashed, because no resume point covered them.
    pub scanned_records: u64,
    /// Bytes of them.
    pub scanned_bytes: u64,
    /// What was cut off, if a batch was torn.
    pub cut: Option<Cut>,
}

/// The torn rest of a batch that was acknowledged to nobody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The segment's file name.
    pub segment: String,
    /// Where the cut is, in bytes from the file's start.
    pub offset: u64,
    /// How many bytes from there to the last one that was not zero.
    pub bytes: u64,
}

/// What the log goes on with.
pub(crate) struct Found {
    pub log: LogId,
    pub tail: Tail,
    pub segments: Vec<u64>,
    pub resume_turn: u64,
    pub recovery: Recovery,
}

/// Finds the end of the log, or begins one. Once this returns, all that was found is durable.
pub(crate) fn recover(
    disk: &Arc<dyn Disk>,
    entropy: &dyn Entropy,
    options: &Options,
) -> Result<Found, LogError> {
    let names = disk.list().map_err(|source| LogError::io("list", source))?;
    let mut segments: Vec<u64> = names.iter().filter_map(|name| segment::first_of(name)).collect();
    let resume = match names.iter().any(|name| name == resume::NAME) {
        true => Resume::load(&**disk).map_err(|source| LogError::io(resume::NAME, source))?,
        false => None,
    };
    let vouched = resume.filter(Resume::vouches);
    if let Some(resume) = vouched.filter(|resume| !segments.contains(&resume.segment)) {
        return Err(LogError::Missing { segment: segment::name(resume.segment) });
    }
    drop_unstarted(&**disk, &mut segments, vouched)?;
    let resume_turn = resume.map_or(0, |resume| resume.turn + 1);
    let Some(last) = segments.last() else {
        return begin(
            disk,
            resume.map_or_else(|| draw_id(entropy), |resume| resume.log),
            resume_turn,
            options,
        );
    };
    let (file, header) = open_segment(&**disk, *last)?;
    check_complete(&**disk, &segments, &header)?;
    let len = file.len().map_err(|source| LogError::io(segment::name(*last), source))?;
    let from = match resume {
        Some(resume) if resume.log != header.log => {
            return Err(damaged(*last, 0, "the resume point is of another log"));
        }
        Some(resume) if resume.segment == *last && !resume.fits(len) => {
            return Err(damaged(*last, len, "the segment ends before the place that was synced last"));
        }
        Some(resume) if resume.segment == *last => resume.place,
        _ => header.start(),
    };
    let (place, recovery) = mend_tail(&file, &header, from).map_err(|error| error.named(*last))?;
    Ok(Found {
        log: header.log,
        tail: Tail { file, len, header, place },
        recovery: Recovery { segments: segments.len(), ..recovery },
        segments,
        resume_turn,
    })
}

fn draw_id(entropy: &dyn Entropy) -> LogId {
    let mut id = [0; 16];
    entropy.fill(&mut id);
    LogId(id)
}

fn begin(disk: &Arc<dyn Disk>, log: LogId, resume_turn: u64, options: &Options) -> Result<Found, LogError> {
    let header = Header { log, ordinal: 0, first: 0, link: *Chain::begin(log).link() };
    let tail = segment::make_spare(&**disk, options.segment_after(0), &|| false)
        .and_then(|()| start_segment(&**disk, header))
        .map_err(|source| LogError::io(segment::name(0), source))?;
    let recovery =
        Recovery { began: true, records: 0, segments: 1, scanned_records: 0, scanned_bytes: 0, cut: None };
    Ok(Found { log, tail, segments: vec![0], resume_turn, recovery })
}

/// A segment gets its header, synced, before its first batch: one without a header holds nothing, and goes.
fn drop_unstarted(disk: &dyn Disk, segments: &mut Vec<u64>, vouched: Option<Resume>) -> Result<(), LogError> {
    let Some(last) = segments.last().copied() else { return Ok(()) };
    let name = segment::name(last);
    let failed = |source| LogError::io(name.clone(), source);
    let file = disk.open(&name).map_err(failed)?;
    if Header::read(&*file).map_err(failed)?.is_some() {
        return Ok(());
    }
    let started = vouched.is_some_and(|resume| resume.segment == last);
    if started || !leftovers(&*file, HEADER_BYTES as u64).map_err(failed)?.is_empty() {
        return Err(damaged(last, 0, "the header does not check"));
    }
    disk.remove(&name).and_then(|()| disk.sync_names()).map_err(failed)?;
    segments.pop();
    Ok(())
}

/// Opens a segment of which the name is known to be there, and checks its header against the name.
pub(crate) fn open_segment(disk: &dyn Disk, first: u64) -> Result<(Arc<dyn DiskFile>, Header), LogError> {
    let name = segment::name(first);
    let failed = |source| LogError::io(name.clone(), source);
    let file = disk.open(&name).map_err(failed)?;
    let header = Header::read(&*file).map_err(failed)?;
    match header {
        Some(header) if header.first == first => Ok((file, header)),
        Some(_) => Err(damaged(first, 0, "the header is of another segment")),
        None => Err(damaged(first, 0, "the header does not check")),
    }
}

/// Segments are counted, so that the first and the last one tell whether any is missing between them. Only if one is,
/// all headers are read, to name it.
fn check_complete(disk: &dyn Disk, segments: &[u64], last: &Header) -> Result<(), LogError> {
    let (_, first) = open_segment(disk, segments[0])?;
    if first.ordinal == 0 && first.log == last.log && last.ordinal == segments.len() as u64 - 1 {
        return Ok(());
    }
    for (expected, at) in segments.iter().enumerate() {
        let (_, header) = open_segment(disk, *at)?;
        if header.log != last.log {
            return Err(damaged(*at, 0, "the header is of another log"));
        }
        if header.ordinal > expected as u64 {
            return Err(LogError::Missing {
                segment: format!("number {expected}, before {},", segment::name(*at)),
            });
        }
        if header.ordinal < expected as u64 {
            return Err(damaged(*at, 0, "the segment is there twice"));
        }
    }
    Ok(())
}

/// Walks to the end of the last segment, cuts what is torn, and makes sure that what stays is on the disk.
fn mend_tail(file: &Arc<dyn DiskFile>, header: &Header, from: Place) -> Result<(Place, Recovery), TailError> {
    let mut walk = Walk::new(Arc::clone(file), header.log, from)?;
    let why = loop {
        match walk.step()? {
            Step::Record { .. } => {}
            Step::End => break "zero bytes",
            Step::Bad(why) => break why,
        }
    };
    let (mut end, mut own_mark) = (walk.place(), 0);
    if let Some(batch) = walk.batch().filter(|batch| batch.position == end.position) {
        // A mark without a record is cut with the rest of its batch.
        (end, own_mark) = (batch, MARK_BYTES);
    }
    let torn = leftovers(&**file, end.offset)?;
    // A mark is written only when everything before it is synced: what does not verify before one is no torn write.
    if holds_mark(header.log, torn.get(own_mark..).unwrap_or_default()) {
        return Err(TailError::Damage(end.offset, why));
    }
    if let Some(batch) = walk.batch() {
        // Nobody knows whether the last sync of the process before succeeded. If it failed, the kernel may have
        // dropped the bytes and still show them, so they are written again, not just synced.
        rewrite(&**file, batch.offset, end.offset)?;
    }
    // The same goes for a header that nothing stands behind yet: it has to be durable before the first batch is.
    let bare = walk.batch().is_none() && end.offset == HEADER_BYTES as u64;
    if bare {
        file.write_at(0, &header.encode())?;
    }
    file.write_at(end.offset, &vec![0; torn.len()])?;
    if bare || walk.batch().is_some() || !torn.is_empty() {
        file.sync()?;
    }
    let cut = (!torn.is_empty()).then(|| Cut {
        segment: segment::name(header.first),
        offset: end.offset,
        bytes: torn.len() as u64,
    });
    let recovery = Recovery {
        began: false,
        records: end.position,
        segments: 0,
        scanned_records: end.position - from.position,
        scanned_bytes: end.offset - from.offset,
        cut,
    };
    Ok((end, recovery))
}

enum TailError {
    Io(io::Error),
    Damage(u64, &'static str),
}

impl From<io::Error> for TailError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl TailError {
    fn named(self, first: u64) -> LogError {
        match self {
            Self::Io(source) => LogError::io(segment::name(first), source),
            Self::Damage(offset, why) => damaged(first, offset, why),
        }
    }
}

fn rewrite(file: &dyn DiskFile, from: u64, to: u64) -> io::Result<()> {
    let mut bytes = vec![0; usize::try_from(to - from).map_err(io::Error::other)?];
    file.read_at(from, &mut bytes)?;
    file.write_at(from, &bytes)
}

/// What was written from an offset on, as far as the longest batch could reach, without the zeros at its end.
fn leftovers(file: &dyn DiskFile, offset: u64) -> io::Result<Vec<u8>> {
    let end = file.len()?.min(offset.saturating_add(BATCH_BYTES_MAX as u64));
    let mut piece = vec![0; LOOK_BYTES];
    let (mut at, mut used_end) = (offset, offset);
    while at < end {
        let take = (end - at).min(LOOK_BYTES as u64) as usize;
        file.read_at(at, &mut piece[..take])?;
        match used(&piece[..take]).len() as u64 {
            0 => {}
            len => used_end = at + len,
        }
        at += take as u64;
    }
    let mut bytes = vec![0; (used_end - offset) as usize];
    if !bytes.is_empty() {
        file.read_at(offset, &mut bytes)?;
    }
    Ok(bytes)
}

/// The bytes without the zeros at their end.
fn used(bytes: &[u8]) -> &[u8] {
    const ZEROS: [u8; 4096] = [0; 4096];
    let mut left = bytes;
    while let Some((rest, block)) = left.split_last_chunk::<4096>()
        && *block == ZEROS
    {
        left = rest;
    }
    let len = left.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    &left[..len]
}

pub(crate) fn damaged(first: u64, offset: u64, why: &'static str) -> LogError {
    LogError::Corrupt { segment: segment::name(first), offset, why }
}

/// How much is looked through at a time.
const LOOK_BYTES: usize = 128 * 1024;
