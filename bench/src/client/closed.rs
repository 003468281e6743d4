//! Closed loop: each connection sends its next request when it has the answer to the one before.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::{JoinSet, LocalSet};

use super::connection::{Connection, WAIT_MAX};
use super::loaded::{Loaded, finish, share_of};
use super::{Peer, Requests, Run, threads};
use crate::latency::{Latencies, nanoseconds};

/// Loads a server over so many connections for so long, after a tenth of that to warm up.
///
/// # Errors
/// Any answer that is not a 200, and any connection that breaks.
pub fn closed(peer: &Peer, requests: &Arc<Requests>, connections: usize, duration: Duration) -> Result<Run> {
    let count = threads(connections);
    let barrier = Barrier::new(count);
    let results: Vec<Result<Vec<u32>>> = std::thread::scope(|scope| {
        let begun: Vec<_> = (0..count)
            .map(|thread| {
                let share =
                    Share { thread, threads: count, connections: share_of(connections, thread, count) };
                let barrier = &barrier;
                scope.spawn(move || run(peer, requests, share, duration, barrier))
            })
            .collect();
        begun.into_iter().map(|thread| thread.join().expect("a load thread does not panic")).collect()
    });
    let mut all = Vec::new();
    for result in results {
        all.extend(result?);
    }
    Ok(Run { per_second: all.len() as f64 / duration.as_secs_f64(), latencies: Latencies::new(all) })
}

/// What one thread does of the whole.
struct Share {
    thread: usize,
    threads: usize,
    connections: usize,
}

/// What the connections of one thread share.
struct Shared {
    next: Cell<usize>,
    step: usize,
    begin: Instant,
    end: Instant,
    times: RefCell<Vec<u32>>,
}

fn run(
    peer: &Peer,
    requests: &Arc<Requests>,
    share: Share,
    duration: Duration,
    barrier: &Barrier,
) -> Result<Vec<u32>> {
    let opened = Loaded::open(peer, share.connections);
    // Those who failed come to the barrier too, or the others would wait for ever.
    barrier.wait();
    let Loaded { runtime, connections } = opened?;
    let begin = Instant::now() + duration / 10;
    let shared = Rc::new(Shared {
        next: Cell::new(share.thread),
        step: share.threads,
        begin,
        end: begin + duration,
        times: RefCell::new(Vec::with_capacity(1 << 16)),
    });
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = JoinSet::new();
        for connection in connections {
            tasks.spawn_local(ask_until_end(connection, Arc::clone(requests), Rc::clone(&shared)));
        }
        let all = finish(&mut tasks);
        tokio::time::timeout(duration * 2 + WAIT_MAX, all).await.context("the server does not answer")?
    })?;
    Ok(shared.times.take())
}

async fn ask_until_end(
    mut connection: Connection,
    requests: Arc<Requests>,
    shared: Rc<Shared>,
) -> Result<()> {
    loop {
        let index = shared.next.get();
        shared.next.set(index + shared.step);
        let sent = Instant::now();
        connection.ask(requests.at(index)).await?;
        let answered = Instant::now();
        if answered >= shared.end {
            return Ok(());
        }
        if answered >= shared.begin {
            shared.times.borrow_mut().push(nanoseconds(answered - sent));
        }
    }
}
