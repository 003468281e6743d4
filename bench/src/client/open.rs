//! Open loop: requests fall due at a fixed rate, whether or not earlier ones have been answered, and each answer's time
//! counts from when its request was due. So a server that stalls is charged for everyone it kept waiting.
//!
//! Each connection has a thread of its own that sleeps until its next request is due: timers of a runtime tick in
//! milliseconds, those of the operating system in microseconds.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::connection::Blocking;
use super::{Peer, Requests, Run};
use crate::latency::{Latencies, nanoseconds};

/// Loads a server with so many requests a second in all for so long, after a tenth of that to warm up.
///
/// # Errors
/// Any answer that is not a 200, and any connection that breaks.
pub fn open(
    peer: &Peer,
    requests: &Requests,
    connections: u32,
    per_second: u32,
    duration: Duration,
) -> Result<Run> {
    let mut lanes =
        (0..connections).map(|first| Ok((first, Blocking::open(peer)?))).collect::<Result<Vec<_>>>()?;
    let begin = Instant::now() + LEAD;
    let pace = &Pace {
        begin,
        between: Duration::from_secs(1) / per_second.max(1),
        step: connections,
        counted_from: begin + duration / 10,
        end: begin + duration / 10 + duration,
    };
    let results: Vec<Result<Vec<u32>>> = std::thread::scope(|scope| {
        let begun: Vec<_> = lanes
            .drain(..)
            .map(|(first, connection)| {
                let body = move || run(connection, requests, first, pace);
                std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, body)
            })
            .collect();
        let join = |thread: std::io::Result<std::thread::ScopedJoinHandle<'_, _>>| {
            thread.context("a thread does not start")?.join().expect("a load thread does not panic")
        };
        begun.into_iter().map(join).collect()
    });
    let mut all = Vec::new();
    for result in results {
        all.extend(result?);
    }
    Ok(Run { per_second: all.len() as f64 / duration.as_secs_f64(), latencies: Latencies::new(all) })
}

/// When requests fall due: one every `between`, of which a connection takes every `step`th.
struct Pace {
    begin: Instant,
    between: Duration,
    step: u32,
    counted_from: Instant,
    end: Instant,
}

fn run(mut connection: Blocking, requests: &Requests, first: u32, pace: &Pace) -> Result<Vec<u32>> {
    // Sleeps end within microseconds of their time instead of fifty. Where that cannot be had, both sides of a
    // comparison do without.
    let _ = rustix::thread::set_current_timer_slack(NonZeroU64::new(1));
    let mut times = Vec::new();
    for number in (first..u32::MAX).step_by(pace.step as usize) {
        let due = pace.begin + pace.between * number;
        if due >= pace.end {
            break;
        }
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        connection.ask(requests.at(number as usize))?;
        if due >= pace.counted_from {
            times.push(nanoseconds(due.elapsed()));
        }
    }
    Ok(times)
}

/// Time for all threads to start, before the first request is due.
const LEAD: Duration = Duration::from_millis(50);
/// TLS needs little; two hundred threads should not take more.
const STACK_BYTES: usize = 512 * 1024;
