//! A clock that can be set, moved and stopped, so that what takes days elsewhere takes a moment in a test.

use std::sync::{Arc, Mutex, PoisonError};

use keystead_engine::{Done, Engine};
use keystead_http::ClockMove;
use keystead_model::world::Clock;
use keystead_model::{Error, Timestamp};

/// Instants at which something comes due that one move stops at; at the last one it stays.
const STOPS_MAX: usize = 10_000;

/// The clock of a server for development.
pub struct DevClock {
    real: Arc<dyn Clock>,
    shown: Mutex<Shown>,
    /// Held while the clock is on its way, so that moves come one after the other.
    moving: tokio::sync::Mutex<()>,
}

/// What the clock shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shown {
    /// So much later than it is, or earlier, in milliseconds.
    Running(i64),
    /// Always this.
    Frozen(Timestamp),
}

impl DevClock {
    /// A clock that begins at `from`, or else with the real one, and runs unless it is frozen.
    pub fn new(real: Arc<dyn Clock>, from: Option<Timestamp>, frozen: bool) -> Self {
        let clock =
            Self { real, shown: Mutex::new(Shown::Running(0)), moving: tokio::sync::Mutex::default() };
        let from = from.unwrap_or_else(|| clock.now());
        clock.show(from, frozen);
        clock
    }

    /// Whether it stands still.
    pub fn is_frozen(&self) -> bool {
        matches!(self.shown(), Shown::Frozen(_))
    }

    /// Makes a move, and has the engine do what came due by it. On its way forward the clock stops wherever something
    /// is due, so that a key which rotates every year has rotated three times after three years.
    ///
    /// # Errors
    /// The store cannot be read; the clock then stands where it had come to.
    pub async fn make(&self, change: &ClockMove, engine: &Engine) -> Result<(), Error> {
        let _moving = self.moving.lock().await;
        let ClockMove { set, advance_ms, freeze } = *change;
        let freeze = freeze.unwrap_or_else(|| self.is_frozen());
        let target = set.unwrap_or_else(|| self.now()).plus_ms(advance_ms.unwrap_or(0));
        if set.is_none() && advance_ms.is_none() {
            self.show(self.now(), freeze);
        } else {
            self.stop_on_the_way(target, engine).await?;
            self.show(target, freeze);
        }
        engine.tick().await?;
        Ok(())
    }

    /// Stands still wherever something is due, until it is done.
    async fn stop_on_the_way(&self, target: Timestamp, engine: &Engine) -> Result<(), Error> {
        for _ in 0..STOPS_MAX {
            let Some(due) = engine.next_due()?.filter(|due| *due <= target) else { break };
            self.show(due.max(self.now()).min(target), true);
            let done = engine.tick().await?;
            // What cannot be done stays due; it must not hold the clock up.
            let is_stuck = done == Done::default() && engine.next_due()? == Some(due);
            if is_stuck || done.failed > 0 {
                break;
            }
        }
        Ok(())
    }

    fn show(&self, at: Timestamp, frozen: bool) {
        let shown = match frozen {
            true => Shown::Frozen(at),
            false => Shown::Running(signed(at).saturating_sub(signed(self.real.now()))),
        };
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    fn shown(&self) -> Shown {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for DevClock {
    fn now(&self) -> Timestamp {
        match self.shown() {
            Shown::Frozen(at) => at,
            Shown::Running(ahead) => {
                let ms = signed(self.real.now()).saturating_add(ahead);
                Timestamp(u64::try_from(ms).unwrap_or(0))
            }
        }
    }
}

/// Milliseconds since 1970; the end of time is the end of this type.
fn signed(at: Timestamp) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    struct Real(AtomicU64);

    impl Clock for Real {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }
    }

    fn clock(from: Option<u64>, frozen: bool) -> (Arc<Real>, DevClock) {
        let real = Arc::new(Real(AtomicU64::new(1_000)));
        let clock = DevClock::new(real.clone(), from.map(Timestamp), frozen);
        (real, clock)
    }

    #[test]
    fn a_clock_begins_where_it_is_told_and_runs() {
        for (from, shown) in [(None, 1_000), (Some(50), 50), (Some(9_000), 9_000)] {
            let (real, clock) = clock(from, false);
            assert_eq!(clock.now(), Timestamp(shown));
            real.0.fetch_add(7, Ordering::Relaxed);
            assert_eq!(clock.now(), Timestamp(shown + 7));
            assert!(!clock.is_frozen());
        }
    }

    #[test]
    fn a_frozen_clock_shows_the_same_until_it_is_let_go() {
        let (real, clock) = clock(Some(50), true);
        real.0.fetch_add(7, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(50));
        clock.show(clock.now(), false);
        real.0.fetch_add(2, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(52));
    }

    #[test]
    fn a_clock_at_the_ends_of_time_stays_there() {
        let (real, clock) = clock(Some(0), false);
        real.0.store(0, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(0));
        clock.show(Timestamp(u64::MAX), true);
        assert_eq!(clock.now(), Timestamp(u64::MAX));
    }
}
