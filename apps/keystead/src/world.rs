//! The outside world of a real process: the operating system's clock and its random bytes.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use keystead_model::Timestamp;
use keystead_model::world::{Clock, Entropy, World};

/// The world as the operating system tells it.
pub fn system() -> World {
    World { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy(SystemRandom::new())) }
}

/// The wall clock.
struct SystemClock;

impl Clock for SystemClock {
    /// A clock set before 1970 reads as 1970; one past the year 584 million reads as that.
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The random generator of aws-lc, which the operating system seeds.
struct SystemEntropy(SystemRandom);

impl Entropy for SystemEntropy {
    /// Ends the process if there is no randomness: every key made after that would be worth nothing.
    fn fill(&self, out: &mut [u8]) {
        if self.0.fill(out).is_err() {
            eprintln!("keystead: the operating system gives no random bytes; stopping at once");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_past_the_day_this_was_written() {
        assert!(system().clock.now() > Timestamp::from_seconds(1_763_600_000));
    }

    #[test]
    fn two_draws_differ() {
        let (mut a, mut b) = ([0; 32], [0; 32]);
        let world = system();
        world.entropy.fill(&mut a);
        world.entropy.fill(&mut b);
        assert_ne!(a, b);
    }
}
