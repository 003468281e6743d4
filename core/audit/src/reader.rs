//! Reading durable records back, forwards and backwards, while the writer goes on.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;

use keystead_model::world::{Disk, DiskFile};
use parking_lot::{Mutex, RwLock};

use crate::Entry;
use crate::frame::{Hop, LogId, Place, Step, Walk};
use crate::recovery::{LogError, damaged, open_segment};
use crate::segment;

/// What [`Log::verify`](crate::Log::verify) has checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// Records.
    pub records: u64,
    /// Segments.
    pub segments: u64,
    /// Bytes of headers, marks and frames.
    pub bytes: u64,
}

/// The first positions of all segments, ascending; never empty.
pub(crate) struct Segments(RwLock<Vec<u64>>);

impl Segments {
    /// Adds a segment at the end, before anything in it is durable.
    pub(crate) fn add(&self, first: u64) {
        let mut firsts = self.0.write();
        if firsts.last() != Some(&first) {
            firsts.push(first);
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.0.read().len()
    }

    /// The segment that a position is in, and the first position past it if another segment follows.
    fn around(&self, position: u64) -> Option<(u64, Option<u64>)> {
        let firsts = self.0.read();
        let at = firsts.partition_point(|first| *first <= position).checked_sub(1)?;
        Some((firsts[at], firsts.get(at + 1).copied()))
    }
}

/// Reads the segments of one log.
pub(crate) struct Reader {
    disk: Arc<dyn Disk>,
    log: LogId,
    segments: Arc<Segments>,
    /// Places in segments, by the segments' first positions, about one in [`INDEX_STEP_BYTES`]; made when first
    /// needed.
    index: Mutex<BTreeMap<u64, Vec<Place>>>,
}

impl Reader {
    pub(crate) fn new(disk: Arc<dyn Disk>, log: LogId, segments: Vec<u64>) -> Self {
        let segments = Arc::new(Segments(RwLock::new(segments)));
        Self { disk, log, segments, index: Mutex::default() }
    }

    pub(crate) fn segments(&self) -> Arc<Segments> {
        Arc::clone(&self.segments)
    }

    pub(crate) fn read(
        &self,
        from: u64,
        end: u64,
        visit: &mut dyn FnMut(u64, &Entry) -> ControlFlow<()>,
    ) -> Result<u64, LogError> {
        let mut next = from;
        while next < end {
            let stretch = self.stretch(next, end)?;
            let flow = self.walk(&stretch, next, &mut |position, entry| {
                next = position + 1;
                visit(position, &entry)
            })?;
            if flow.is_break() {
                break;
            }
        }
        Ok(next)
    }

    pub(crate) fn read_back(
        &self,
        end: u64,
        visit: &mut dyn FnMut(u64, &Entry) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        let mut end = end;
        while let Some(newest) = end.checked_sub(1) {
            let stretch = self.stretch(newest, end)?;
            let mut kept = VecDeque::new();
            let _all = self.walk(&stretch, stretch.from.position, &mut |position, entry| {
                if kept.len() == READ_BACK_MAX {
                    kept.pop_front();
                }
                kept.push_back((position, entry));
                ControlFlow::Continue(())
            })?;
            for (position, entry) in kept.iter().rev() {
                if visit(*position, entry).is_break() {
                    return Ok(());
                }
            }
            end = kept.front().map_or(0, |(position, _)| *position);
        }
        Ok(())
    }

    pub(crate) fn verify(&self, end: u64) -> Result<Verified, LogError> {
        let mut done = Verified { records: 0, segments: 0, bytes: 0 };
        let mut link = None;
        // An empty log has a first segment too.
        while done.records < end || done.segments == 0 {
            let (first, next) = self.segments.around(done.records).ok_or_else(gone)?;
            let (file, header) = open_segment(&*self.disk, first)?;
            let fits = header.log == self.log
                && header.ordinal == done.segments
                && first == done.records
                && link.is_none_or(|link| link == header.link);
            if !fits {
                return Err(damaged(first, 0, "the header does not fit the segment before"));
            }
            let stop = next.map_or(end, |next| next.min(end));
            let mut walk = self.start(file, first, header.start())?;
            while walk.position() < stop {
                step(&mut walk, first)?;
            }
            link = Some(walk.place().link);
            done = Verified { records: stop, segments: done.segments + 1, bytes: done.bytes + walk.offset() };
        }
        Ok(done)
    }

    /// Where to begin to find a position, and where its segment or the durable part ends.
    fn stretch(&self, position: u64, end: u64) -> Result<Stretch, LogError> {
        let (first, next) = self.segments.around(position).ok_or_else(gone)?;
        let stop = next.map_or(end, |next| next.min(end));
        let (file, header) = open_segment(&*self.disk, first)?;
        if header.log != self.log {
            return Err(damaged(first, 0, "the header is of another log"));
        }
        let places = self.places(&file, first, header.start(), stop)?;
        let at = places.partition_point(|place| place.position <= position).saturating_sub(1);
        Ok(Stretch { file, first, from: places[at], stop })
    }

    /// Places in a segment before `stop`, ascending, the first being the segment's start.
    fn places(
        &self,
        file: &Arc<dyn DiskFile>,
        first: u64,
        start: Place,
        stop: u64,
    ) -> Result<Vec<Place>, LogError> {
        let mut places = self.index.lock().get(&first).cloned().unwrap_or_else(|| vec![start]);
        let mut last = places[places.len() - 1];
        let mut hop =
            Hop::new(Arc::clone(file), self.log, last.offset).map_err(|source| failed(first, source))?;
        while let Some(place) = hop.next_mark().map_err(|source| failed(first, source))? {
            if place.position >= stop {
                break;
            }
            if place.offset - last.offset >= INDEX_STEP_BYTES {
                places.push(place);
                last = place;
            }
        }
        let mut index = self.index.lock();
        index.insert(first, places.clone());
        if index.len() > INDEXED_SEGMENTS_MAX {
            // Whoever reads on reads on from here; the one furthest away is missed least.
            match index.keys().next().is_some_and(|lowest| *lowest != first) {
                true => index.pop_first(),
                false => index.pop_last(),
            };
        }
        Ok(places)
    }

    fn walk(
        &self,
        stretch: &Stretch,
        from: u64,
        visit: &mut dyn FnMut(u64, Entry) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, LogError> {
        let mut walk = self.start(Arc::clone(&stretch.file), stretch.first, stretch.from)?;
        while walk.position() < stretch.stop {
            let position = step(&mut walk, stretch.first)?;
            if position >= from {
                let entry =
                    Entry::decode(walk.record()).map_err(|source| LogError::Record { position, source })?;
                if visit(position, entry).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn start(&self, file: Arc<dyn DiskFile>, first: u64, from: Place) -> Result<Walk, LogError> {
        Walk::new(file, self.log, from).map_err(|source| failed(first, source))
    }
}

/// A part of one segment.
struct Stretch {
    file: Arc<dyn DiskFile>,
    /// First position of the segment.
    first: u64,
    from: Place,
    /// First position past the part.
    stop: u64,
}

/// The next record of a part that is known to be durable: anything else there is damage.
fn step(walk: &mut Walk, first: u64) -> Result<u64, LogError> {
    let offset = walk.offset();
    match walk.step().map_err(|source| failed(first, source))? {
        Step::Record { position } => Ok(position),
        Step::End => Err(damaged(first, offset, "the segment ends before its last record")),
        Step::Bad(why) => Err(damaged(first, offset, why)),
    }
}

fn failed(first: u64, source: std::io::Error) -> LogError {
    LogError::io(segment::name(first), source)
}

fn gone() -> LogError {
    LogError::Missing { segment: segment::name(0) }
}

/// Distance between two places of the index, in bytes.
const INDEX_STEP_BYTES: u64 = 256 * 1024;
/// Most segments whose places are kept: some 12 KB each.
const INDEXED_SEGMENTS_MAX: usize = 64;
/// Most entries held while reading backwards.
const READ_BACK_MAX: usize = 16 * 1024;
