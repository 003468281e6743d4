//! One line of the report: what was found, and what was to be reached.

use crate::series::Series;

/// What a number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// So many times the thing it is compared with.
    Times,
    /// Microseconds.
    Microseconds,
    /// Milliseconds.
    Milliseconds,
    /// A second.
    PerSecond,
    /// Millions of bytes.
    Megabytes,
    /// Millions of bytes a second.
    MegabytesPerSecond,
}

impl Unit {
    /// A number with its unit.
    pub fn show(self, value: f64) -> String {
        if !value.is_finite() {
            return "?".into();
        }
        match self {
            Self::Times if value >= 10.0 => format!("{value:.1} ×"),
            Self::Times => format!("{value:.2} ×"),
            Self::Microseconds => format!("{value:.2} µs"),
            Self::Milliseconds if value < 1.0 => format!("{value:.3} ms"),
            Self::Milliseconds if value < 100.0 => format!("{value:.2} ms"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::MegabytesPerSecond => format!("{} MB/s", grouped(value)),
        }
    }

    /// How it is called where programs read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Times => "times",
            Self::Microseconds => "µs",
            Self::Milliseconds => "ms",
            Self::PerSecond => "per second",
            Self::Megabytes => "MB",
            Self::MegabytesPerSecond => "MB/s",
        }
    }
}

/// Whole digits in groups of three.
pub fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Which way is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// The larger the better.
    More,
    /// The smaller the better.
    Less,
}

/// What is to be reached.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Target {
    /// Which way is better.
    pub better: Better,
    /// What must be reached.
    pub floor: f64,
    /// What is aimed at; never easier than the floor.
    pub goal: f64,
}

impl Target {
    /// At least so much.
    pub const fn at_least(floor: f64, goal: f64) -> Self {
        Self { better: Better::More, floor, goal }
    }

    /// At most so much.
    pub const fn at_most(floor: f64, goal: f64) -> Self {
        Self { better: Better::Less, floor, goal }
    }

    /// The same with a goal that was found in this run.
    pub fn with_goal(self, goal: f64) -> Self {
        let goal = match self.better {
            Better::More => goal.max(self.floor),
            Better::Less => goal.min(self.floor),
        };
        Self { goal, ..self }
    }

    /// A value as a share of the goal: 1 where it is just reached, more where it is better.
    pub fn share(&self, value: f64) -> f64 {
        match self.better {
            Better::More => value / self.goal,
            Better::Less => self.goal / value,
        }
    }
}

/// What came of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The goal is reached.
    Goal,
    /// The floor is reached.
    Floor,
    /// Not even the floor.
    Below,
    /// Nothing was set.
    None,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Goal => "goal",
            Self::Floor => "floor",
            Self::Below => "BELOW",
            Self::None => "",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is.
    pub what: String,
    /// What the numbers count.
    pub unit: Unit,
    /// What is to be reached, if anything was set.
    pub target: Option<Target>,
    /// What was found.
    pub found: Series,
    /// What it was compared with, or what else is to be said.
    pub note: String,
}

impl Figure {
    /// With nothing to reach.
    pub fn new(what: impl Into<String>, unit: Unit, found: Series) -> Self {
        Self { what: what.into(), unit, target: None, found, note: String::new() }
    }

    /// With something to reach.
    pub fn against(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// With a word about it.
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Judged by the median.
    pub fn verdict(&self) -> Verdict {
        let Some(target) = &self.target else { return Verdict::None };
        let found = self.found.median();
        let reaches = |aim: f64| match target.better {
            Better::More => found >= aim,
            Better::Less => found <= aim,
        };
        match (reaches(target.goal), reaches(target.floor)) {
            (true, _) => Verdict::Goal,
            (false, true) => Verdict::Floor,
            (false, false) => Verdict::Below,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(target: Target, found: f64) -> Verdict {
        Figure::new("x", Unit::Times, Series(vec![found])).against(target).verdict()
    }

    #[test]
    fn a_figure_is_judged_in_its_own_direction() {
        let throughput = Target::at_least(0.40, 0.60);
        assert_eq!(verdict(throughput, 0.60), Verdict::Goal);
        assert_eq!(verdict(throughput, 0.59), Verdict::Floor);
        assert_eq!(verdict(throughput, 0.39), Verdict::Below);
        let latency = Target::at_most(6.0, 3.0);
        assert_eq!(verdict(latency, 3.0), Verdict::Goal);
        assert_eq!(verdict(latency, 4.0), Verdict::Floor);
        assert_eq!(verdict(latency, 6.1), Verdict::Below);
        assert_eq!(verdict(latency, f64::NAN), Verdict::Below);
    }

    #[test]
    fn a_goal_found_in_the_run_never_undercuts_the_floor() {
        assert_eq!(Target::at_most(2.0, 2.0).with_goal(9.0).goal, 2.0);
        assert_eq!(Target::at_most(2.0, 2.0).with_goal(0.9).goal, 0.9);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(Unit::PerSecond.show(78_123.4), "78,123/s");
        assert_eq!(Unit::PerSecond.show(1_078_123.0), "1,078,123/s");
        assert_eq!(Unit::PerSecond.show(123.0), "123/s");
        assert_eq!(Unit::Times.show(0.618), "0.62 ×");
        assert_eq!(Unit::Milliseconds.show(0.1134), "0.113 ms");
        assert_eq!(Unit::Times.show(f64::NAN), "?");
    }
}
