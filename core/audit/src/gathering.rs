//! How long the writer waits for a batch to grow. A sync costs the processor as much as twenty requests, so on a busy
//! log fewer and longer batches are better for everyone.

use std::time::Duration;

/// What the writer sees of the records to come.
#[derive(Clone, Copy)]
pub(crate) struct Sight {
    /// Records that wait.
    pub waiting: u64,
    /// Records that slow work under way ends with.
    pub expected: u64,
    /// Whether waiting any longer would harm: the buffer fills up, or the log is to end.
    pub is_pressing: bool,
}

/// The naps before one batch: one after the other for as long as records keep coming or slow work is under way. Where
/// few come, naps become longer, so that the work is seldom interrupted.
pub(crate) struct Gathering {
    least: Duration,
    nap: Duration,
    naps: u32,
    before: u64,
}

impl Gathering {
    /// Begins if the log is busy; `None` says to write at once. `least` is the first nap, zero for never; `lately` the
    /// size of the batch before, since who has just got an answer is about to ask again.
    pub(crate) fn begin(least: Duration, lately: u64, sight: Sight) -> Option<Self> {
        let in_sight = lately + sight.waiting + sight.expected;
        let busy = !least.is_zero() && in_sight >= FROM_RECORDS;
        busy.then_some(Self { least, nap: least, naps: 0, before: sight.waiting })
    }

    /// The next nap; `None` once it is time to write.
    pub(crate) fn nap(&mut self, sight: Sight) -> Option<Duration> {
        let grew = self.naps == 0 || sight.waiting > self.before + self.before / 8;
        if self.naps == NAPS_MAX || sight.is_pressing || !(grew || sight.expected > 0) {
            return None;
        }
        if !grew {
            self.nap = (self.nap * 2).min(self.least * NAP_TIMES_MAX);
        }
        self.naps += 1;
        self.before = sight.waiting;
        Some(self.nap)
    }
}

/// Records in sight from which on the writer waits for more: with fewer, waiting costs more than a sync.
const FROM_RECORDS: u64 = 8;
/// Most naps before one batch.
const NAPS_MAX: u32 = 6;
/// How many times as long as the first a nap can become.
const NAP_TIMES_MAX: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: Duration = Duration::from_micros(50);

    fn sight(waiting: u64, expected: u64) -> Sight {
        Sight { waiting, expected, is_pressing: false }
    }

    /// In units of the first one, if what is in sight before each is this, and stays as it is after the last.
    fn naps(lately: u64, seen: &[Sight]) -> Vec<u32> {
        let Some(mut gathering) = Gathering::begin(LEAST, lately, seen[0]) else { return Vec::new() };
        let last = seen.last().into_iter().cycle();
        let naps = seen.iter().chain(last).map_while(|sight| gathering.nap(*sight));
        naps.map(|nap| (nap.as_micros() / LEAST.as_micros()) as u32).collect()
    }

    #[test]
    fn a_quiet_log_is_written_at_once() {
        assert!(naps(0, &[sight(1, 0)]).is_empty());
        assert!(naps(3, &[sight(1, 3)]).is_empty());
        assert!(Gathering::begin(Duration::ZERO, 100, sight(100, 100)).is_none(), "zero is never");
    }

    #[test]
    fn a_batch_before_records_waiting_or_expected_make_a_log_busy() {
        for (lately, waiting, expected) in [(7, 1, 0), (0, 8, 0), (0, 1, 7), (4, 2, 2)] {
            assert!(!naps(lately, &[sight(waiting, expected)]).is_empty());
        }
    }

    #[test]
    fn naps_go_on_while_each_brings_an_eighth_more() {
        assert_eq!(naps(30, &[sight(1, 0), sight(9, 0), sight(16, 0), sight(18, 0)]), [1, 1, 1]);
        let growing: Vec<_> = (1..20).map(|turn| sight(turn * 10, 0)).collect();
        assert_eq!(naps(30, &growing), [1; 6]);
    }

    #[test]
    fn slow_work_is_waited_for_in_longer_and_longer_naps_but_not_for_ever() {
        assert_eq!(naps(30, &[sight(1, 2)]), [1, 2, 4, 8, 8, 8]);
        assert_eq!(naps(30, &[sight(1, 2), sight(1, 2), sight(9, 1), sight(9, 0)]), [1, 2, 2]);
    }

    #[test]
    fn a_buffer_that_fills_up_is_not_waited_with() {
        let full = Sight { is_pressing: true, ..sight(90, 2) };
        assert!(naps(30, &[full]).is_empty());
        assert_eq!(naps(30, &[sight(10, 2), full]), [1]);
    }
}
