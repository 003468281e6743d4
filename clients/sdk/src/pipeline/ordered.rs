//! In order: a reader fills units, workers seal or open them, a writer takes them in the order they were read.
//!
//! Unit `i` goes to worker `i mod n` and comes back from it, so the order needs no sorting; a fixed number of
//! buffers goes round, so memory does not grow with the file.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::Effort;
use super::unit::Unit;
use crate::Error;

/// Buffers per worker: one being filled, one worked on, one being written, and some slack.
const BUFFERS_PER_WORKER: usize = 3;

/// Buffers begin with this length and grow to what is needed, so that a short message costs little.
const FIRST_BYTES: usize = 64 * 1024;

/// Runs a message through `read`, `work` and `write`.
///
/// `read` fills a unit and says whether another follows. The first error, in the order of the message, stops
/// everything; `write` has then seen exactly the units before it.
pub(crate) fn run(
    effort: &Effort<'_>,
    buffer_bytes: usize,
    read: impl FnMut(&mut Unit) -> Result<bool, Error> + Send,
    work: impl Fn(&mut Unit) -> Result<(), Error> + Sync,
    write: impl FnMut(&Unit) -> Result<(), Error>,
) -> Result<(), Error> {
    let workers = effort.workers(buffer_bytes);
    let buffers = effort.buffers_max(buffer_bytes).min(workers * BUFFERS_PER_WORKER);
    let (free_in, free_out) = sync_channel(buffers);
    for _ in 0..buffers {
        free_in.send(None).expect("the channel holds every buffer");
    }
    let work = &work;
    // WHY: what moves into the closure hangs up when the writer is done, and that is what stops the reader.
    std::thread::scope(move |scope| {
        let mut to_workers = Vec::new();
        let mut from_workers = Vec::new();
        for _ in 0..workers {
            let (to_worker, of_reader) = sync_channel::<Item>(buffers);
            let (to_writer, from_worker) = sync_channel::<Item>(buffers);
            scope.spawn(move || work_on(&of_reader, &to_writer, work));
            to_workers.push(to_worker);
            from_workers.push(from_worker);
        }
        let first_bytes = buffer_bytes.min(FIRST_BYTES);
        scope.spawn(move || read_all(&free_out, &to_workers, first_bytes, read));
        write_all(&from_workers, &free_in, write)
    })
}

/// A unit, or what kept it from being one: errors travel in order, too.
type Item = Result<Unit, Error>;

/// Ends when there is nothing more to read or nobody to read for. Buffers are made when they are first needed.
fn read_all(
    free: &Receiver<Option<Unit>>,
    to_workers: &[SyncSender<Item>],
    first_bytes: usize,
    mut read: impl FnMut(&mut Unit) -> Result<bool, Error>,
) {
    for worker in to_workers.iter().cycle() {
        let Ok(free) = free.recv() else { return };
        let mut unit = free.unwrap_or_else(|| Unit::new(first_bytes));
        let (item, more) = match read(&mut unit) {
            Ok(more) => (Ok(unit), more),
            Err(error) => (Err(error), false),
        };
        if worker.send(item).is_err() || !more {
            return;
        }
    }
}

fn work_on(from: &Receiver<Item>, to: &SyncSender<Item>, work: &impl Fn(&mut Unit) -> Result<(), Error>) {
    for item in from {
        let item = item.and_then(|mut unit| work(&mut unit).map(|()| unit));
        if to.send(item).is_err() {
            return;
        }
    }
}

/// A worker that hangs up in its turn has nothing more, and neither have the others.
fn write_all(
    from_workers: &[Receiver<Item>],
    free: &SyncSender<Option<Unit>>,
    mut write: impl FnMut(&Unit) -> Result<(), Error>,
) -> Result<(), Error> {
    for worker in from_workers.iter().cycle() {
        let Ok(item) = worker.recv() else { break };
        let unit = item?;
        write(&unit)?;
        // WHY: the reader may be done and gone; then the buffer is not needed.
        let _ = free.send(Some(unit));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::FormatError;
    use std::num::NonZeroUsize;

    fn effort(workers: usize) -> Effort<'static> {
        Effort { workers: NonZeroUsize::new(workers), memory_bytes: 1 << 20, progress: None }
    }

    /// Runs `units` units whose number is in `first`; gives what the writer saw.
    fn pass(workers: usize, units: u32, bad: Option<u32>) -> (Vec<u32>, Result<(), Error>) {
        let (mut next, mut seen) = (0, Vec::new());
        let read = |unit: &mut Unit| {
            next += 1;
            unit.first = next;
            Ok(next < units)
        };
        let work = |unit: &mut Unit| match Some(unit.first) == bad {
            true => Err(FormatError::FrameTag { number: unit.first }.into()),
            false => Ok(()),
        };
        let outcome = run(&effort(workers), 16, read, work, |unit| {
            seen.push(unit.first);
            Ok(())
        });
        (seen, outcome)
    }

    #[test]
    fn units_are_written_in_the_order_they_were_read() {
        for workers in 1..5 {
            for units in [1, 2, 3, 100, 1001] {
                let (seen, outcome) = pass(workers, units, None);
                assert!(outcome.is_ok());
                assert_eq!(seen, (1..=units).collect::<Vec<_>>(), "{workers} {units}");
            }
        }
    }

    #[test]
    fn what_comes_before_an_error_is_written_and_nothing_else() {
        for workers in 1..5 {
            let (seen, outcome) = pass(workers, 1000, Some(17));
            assert!(matches!(outcome, Err(Error::Format(FormatError::FrameTag { number: 17 }))));
            assert_eq!(seen, (1..17).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_writer_that_gives_up_stops_the_rest() {
        let outcome = run(
            &effort(3),
            16,
            |_| Ok(true),
            |_| Ok(()),
            |_| Err(Error::Io(std::io::ErrorKind::BrokenPipe.into())),
        );
        assert!(matches!(outcome, Err(Error::Io(_))));
    }
}
