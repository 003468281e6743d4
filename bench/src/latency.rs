//! How long answers took.

use std::time::Duration;

/// Times of single answers, ascending, in nanoseconds. A time over 4.29 s counts as that.
#[derive(Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    /// From times in any order.
    pub fn new(mut nanoseconds: Vec<u32>) -> Self {
        nanoseconds.sort_unstable();
        Self(nanoseconds)
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time, in microseconds, that a share of the answers (0.5 for half of them) took at most. Not a number
    /// without any.
    pub fn within(&self, share: f64) -> f64 {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).map_or(f64::NAN, |ns| f64::from(*ns) / 1e3)
    }
}

/// A time as it is kept.
pub fn nanoseconds(time: Duration) -> u32 {
    u32::try_from(time.as_nanos()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_time_within_which_that_share_was_answered() {
        let times = Latencies::new((1..=1000).rev().map(|us| us * 1000).collect());
        assert_eq!((times.within(0.5), times.within(0.99), times.within(0.999)), (500.0, 990.0, 999.0));
        assert_eq!((times.within(0.0), times.within(1.0)), (1.0, 1000.0));
        assert!(Latencies::default().within(0.5).is_nan());
    }
}
