//! Every request once, as fast as it goes: to fill a store, to warm one up, to gather answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::{JoinSet, LocalSet};

use super::connection::Connection;
use super::loaded::{Loaded, finish, share_of};
use super::{Peer, Requests, threads};

/// Sends `count` requests over so many connections, each once and from the first again past the last, and gathers
/// what `read` makes of the answers' bodies, in the order of the requests.
///
/// # Errors
/// Any answer that is not a 200, any connection that breaks, and whatever `read` refuses.
pub fn each<T: Send + 'static>(
    peer: &Peer,
    requests: &Arc<Requests>,
    count: usize,
    connections: usize,
    read: impl Fn(usize, &[u8]) -> Result<T> + Send + Sync + 'static,
) -> Result<Vec<T>> {
    let work = Arc::new(Work {
        requests: Arc::clone(requests),
        count,
        next: AtomicUsize::new(0),
        read,
        found: Mutex::new(Vec::with_capacity(count)),
    });
    let threads = threads(connections);
    std::thread::scope(|scope| {
        let begun: Vec<_> = (0..threads)
            .map(|thread| {
                let (work, share) = (Arc::clone(&work), share_of(connections, thread, threads));
                scope.spawn(move || run(peer, share, work))
            })
            .collect();
        begun.into_iter().try_for_each(|thread| thread.join().expect("a load thread does not panic"))
    })?;
    let mut found = std::mem::take(&mut *work.found.lock().unwrap_or_else(PoisonError::into_inner));
    found.sort_unstable_by_key(|(index, _)| *index);
    Ok(found.into_iter().map(|(_, value)| value).collect())
}

/// What all connections do together.
struct Work<T, F> {
    requests: Arc<Requests>,
    count: usize,
    next: AtomicUsize,
    read: F,
    found: Mutex<Vec<(usize, T)>>,
}

fn run<T, F>(peer: &Peer, share: usize, work: Arc<Work<T, F>>) -> Result<()>
where
    T: Send + 'static,
    F: Fn(usize, &[u8]) -> Result<T> + Send + Sync + 'static,
{
    let Loaded { runtime, connections } = Loaded::open(peer, share)?;
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = JoinSet::new();
        for connection in connections {
            tasks.spawn_local(ask_what_is_left(connection, Arc::clone(&work)));
        }
        tokio::time::timeout(WAIT_MAX, finish(&mut tasks)).await.context("the server does not answer")?
    })
}

async fn ask_what_is_left<T, F>(mut connection: Connection, work: Arc<Work<T, F>>) -> Result<()>
where
    F: Fn(usize, &[u8]) -> Result<T>,
{
    loop {
        let index = work.next.fetch_add(1, Ordering::Relaxed);
        if index >= work.count {
            return Ok(());
        }
        let value = (work.read)(index, connection.ask(work.requests.at(index)).await?)?;
        work.found.lock().unwrap_or_else(PoisonError::into_inner).push((index, value));
    }
}

/// Longest that one call of [`each`] may take: as long as a signature is good for.
const WAIT_MAX: Duration = Duration::from_secs(300);
