//! A rate, and how it is held without a lock: the generic cell rate algorithm (ITU-T I.371, Annex A), one word a
//! bucket. The word is the instant at which the bucket would be full again if nothing more were taken.

use std::sync::atomic::{AtomicU64, Ordering};

use keystead_model::Timestamp;

/// How many requests in a second. What was not used in a second can be used in the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Time for one request, in nanoseconds.
    interval_ns: u64,
}

impl Rate {
    /// Highest rate, in requests a second.
    pub const PER_SECOND_MAX: u32 = 1_000_000;

    /// So many requests a second, 1 to [`Rate::PER_SECOND_MAX`]; `None` for any other number.
    pub fn per_second(requests: u32) -> Option<Self> {
        let interval_ns = SECOND_NS.checked_div(requests.into())?;
        (requests <= Self::PER_SECOND_MAX).then_some(Self { interval_ns })
    }
}

/// What is left of a rate.
#[derive(Default)]
pub struct Bucket {
    full_at_ns: AtomicU64,
    recorded_at_ms: AtomicU64,
    unrecorded: AtomicU64,
}

impl Bucket {
    /// Takes one request out, if there is one left.
    pub fn take(&self, rate: Rate, now: Timestamp) -> bool {
        let Rate { interval_ns } = rate;
        let now_ns = now.0.saturating_mul(1_000_000);
        let longest = SECOND_NS.max(interval_ns);
        let taken = self.full_at_ns.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            // Further ahead than any request puts it: the clock went back.
            let full_at = if full_at > now_ns.saturating_add(longest) { now_ns } else { full_at.max(now_ns) };
            let after = full_at.saturating_add(interval_ns);
            (after - now_ns <= longest).then_some(after)
        });
        taken.is_ok()
    }

    /// Whether a refusal is to be recorded: one each [`RECORD_EVERY_MS`], which then answers for how many there were
    /// since the last one that left no record.
    pub fn should_record(&self, now: Timestamp) -> Option<u64> {
        let due = |at: u64| (now.0.abs_diff(at) >= RECORD_EVERY_MS).then_some(now.0.max(1));
        match self.recorded_at_ms.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due) {
            Ok(_) => Some(self.unrecorded.swap(0, Ordering::Relaxed)),
            Err(_) => {
                self.unrecorded.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }
}

const SECOND_NS: u64 = 1_000_000_000;
/// How often refusals of one kind are recorded, in milliseconds.
pub const RECORD_EVERY_MS: u64 = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_790_000_000_000);

    fn taken(bucket: &Bucket, rate: Rate, now: Timestamp, tries: usize) -> usize {
        (0..tries).filter(|_| bucket.take(rate, now)).count()
    }

    #[test]
    fn a_bucket_gives_a_seconds_worth_at_once_and_then_what_flows_in() {
        let (bucket, rate) = (Bucket::default(), Rate::per_second(5).expect("a rate"));
        assert_eq!(taken(&bucket, rate, NOON, 100), 5);
        assert_eq!(taken(&bucket, rate, NOON.plus_ms(199), 100), 0);
        assert_eq!(taken(&bucket, rate, NOON.plus_ms(200), 100), 1);
        assert_eq!(taken(&bucket, rate, NOON.plus_ms(1000), 100), 4);
        assert_eq!(taken(&bucket, rate, NOON.plus_ms(100_000), 100), 5);
    }

    #[test]
    fn the_rate_holds_over_time_at_both_ends_of_the_range() {
        for per_second in [1, 3, 1_000, 100_000] {
            let (bucket, rate) = (Bucket::default(), Rate::per_second(per_second).expect("a rate"));
            let tries = per_second as usize / 100 + 1;
            let total: usize = (0..10_000).map(|ms| taken(&bucket, rate, NOON.plus_ms(ms), tries)).sum();
            let allowed = per_second as usize * 11;
            assert!((allowed * 9 / 10..=allowed).contains(&total), "{per_second}: {total}");
        }
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out() {
        let (bucket, rate) = (Bucket::default(), Rate::per_second(2).expect("a rate"));
        assert_eq!(taken(&bucket, rate, NOON.plus_ms(3_600_000), 9), 2);
        assert_eq!(taken(&bucket, rate, NOON, 9), 2);
        assert_eq!(taken(&bucket, rate, NOON.plus_ms(500), 9), 1);
    }

    #[test]
    fn no_rate_is_zero_or_beyond_the_range() {
        assert_eq!(Rate::per_second(0), None);
        assert_eq!(Rate::per_second(Rate::PER_SECOND_MAX + 1), None);
    }

    #[test]
    fn one_refusal_a_second_is_recorded_and_tells_of_the_others() {
        let bucket = Bucket::default();
        assert_eq!(bucket.should_record(NOON), Some(0));
        for ms in 0..999 {
            assert_eq!(bucket.should_record(NOON.plus_ms(ms)), None);
        }
        assert_eq!(bucket.should_record(NOON.plus_ms(1000)), Some(999));
        assert_eq!(bucket.should_record(NOON.plus_ms(5000)), Some(0));
    }

    #[test]
    fn threads_share_what_there_is() {
        let (bucket, rate) = (Bucket::default(), Rate::per_second(1000).expect("a rate"));
        let total: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| taken(&bucket, rate, NOON, 1000))).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).sum()
        });
        assert_eq!(total, 1000);
    }
}
