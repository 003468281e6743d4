//! A thread's runtime with its connections open.

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::Peer;
use super::connection::{Connection, WAIT_MAX};

/// What a thread needs to load a server.
pub struct Loaded {
    /// The thread's own.
    pub runtime: Runtime,
    /// Open, with hands shaken.
    pub connections: Vec<Connection>,
}

impl Loaded {
    /// Opens so many connections.
    pub fn open(peer: &Peer, count: usize) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let connections = runtime.block_on(async {
            let mut connections = Vec::with_capacity(count);
            for _ in 0..count {
                let opened = tokio::time::timeout(WAIT_MAX, Connection::open(peer)).await;
                connections.push(opened.context("the server does not take a connection")??);
            }
            anyhow::Ok(connections)
        })?;
        Ok(Self { runtime, connections })
    }
}

/// So many of `connections` belong to one of the threads.
pub fn share_of(connections: usize, thread: usize, threads: usize) -> usize {
    connections / threads + usize::from(thread < connections % threads)
}

/// Waits for all tasks, or for the first that fails.
pub async fn finish(tasks: &mut JoinSet<Result<()>>) -> Result<()> {
    while let Some(ended) = tasks.join_next().await {
        ended.context("a load task panicked")??;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_belongs_to_one_thread() {
        for (connections, threads) in [(1, 1), (64, 2), (7, 3), (256, 5)] {
            let sum: usize = (0..threads).map(|thread| share_of(connections, thread, threads)).sum();
            assert_eq!(sum, connections);
        }
    }
}
