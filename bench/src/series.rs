//! One number a round.

/// What was found, one number a round, in the order of rounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series(pub Vec<f64>);

impl Series {
    /// Adds a round.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The value in the middle; of an even number, the mean of the two. Not a number if there is none.
    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
        match (sorted.get(low), sorted.get(high)) {
            (Some(low), Some(high)) => (low + high) / 2.0,
            _ => f64::NAN,
        }
    }

    /// The smallest.
    pub fn least(&self) -> f64 {
        self.sorted().first().copied().unwrap_or(f64::NAN)
    }

    /// The largest.
    pub fn most(&self) -> f64 {
        self.sorted().last().copied().unwrap_or(f64::NAN)
    }

    /// Round by round, this over that: what the machine's drift did to one round it did to both.
    pub fn over(&self, that: &Series) -> Series {
        Series(self.0.iter().zip(&that.0).map(|(this, that)| this / that).collect())
    }

    /// Round by round, the sum.
    pub fn plus(&self, that: &Series) -> Series {
        Series(self.0.iter().zip(&that.0).map(|(this, that)| this + that).collect())
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(Series(vec![9.0, 1.0, 5.0]).median(), 5.0);
        assert_eq!(Series(vec![4.0, 1.0, 2.0, 9.0]).median(), 3.0);
        assert!(Series::default().median().is_nan());
    }

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        let (ours, theirs) = (Series(vec![30.0, 60.0, 45.0]), Series(vec![50.0, 100.0, 90.0]));
        assert_eq!(ours.over(&theirs), Series(vec![0.6, 0.6, 0.5]));
        assert_eq!((ours.over(&theirs).least(), ours.over(&theirs).most()), (0.5, 0.6));
    }
}
