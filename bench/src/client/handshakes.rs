//! New TLS connections, one after the other: connect, shake hands, close, see the server close.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::task::{JoinSet, LocalSet};
use tokio_rustls::TlsConnector;

use super::loaded::share_of;
use super::{Peer, threads};

/// How many connections a second a server takes from so many clients at once, counted for so long after a tenth of
/// that to warm up.
///
/// # Errors
/// Any connection that is not taken.
pub fn handshakes(peer: &Peer, clients: usize, duration: Duration) -> Result<f64> {
    let count = threads(clients);
    let begin = Instant::now() + duration / 10;
    let end = begin + duration;
    let sums: Vec<Result<u64>> = std::thread::scope(|scope| {
        let run = |thread| move || run(peer, share_of(clients, thread, count), begin, end);
        let begun: Vec<_> = (0..count).map(|thread| scope.spawn(run(thread))).collect();
        begun.into_iter().map(|thread| thread.join().expect("a load thread does not panic")).collect()
    });
    let mut all = 0;
    for sum in sums {
        all += sum?;
    }
    Ok(all as f64 / duration.as_secs_f64())
}

fn run(peer: &Peer, clients: usize, begin: Instant, end: Instant) -> Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = JoinSet::new();
        for _ in 0..clients {
            tasks.spawn_local(greet_until_end(peer.clone(), begin, end));
        }
        let mut all = 0;
        while let Some(ended) = tasks.join_next().await {
            all += ended.context("a load task panicked")??;
        }
        Ok(all)
    })
}

async fn greet_until_end(peer: Peer, begin: Instant, end: Instant) -> Result<u64> {
    let connector = TlsConnector::from(peer.tls.clone());
    let mut count = 0;
    loop {
        tokio::time::timeout(WAIT_MAX, greet(&peer, &connector))
            .await
            .context("the server does not answer")??;
        let now = Instant::now();
        if now >= end {
            return Ok(count);
        }
        count += u64::from(now >= begin);
    }
}

async fn greet(peer: &Peer, connector: &TlsConnector) -> Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((source(), 0)))?;
    let stream = socket.connect(peer.address).await.context("no connection")?;
    stream.set_nodelay(true)?;
    let mut stream = connector.connect(peer.name(), stream).await.context("no TLS connection")?;
    stream.shutdown().await?;
    // The end comes once the server has finished its side of the handshake and closed.
    match stream.read(&mut [0; 64]).await {
        Ok(0) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(()),
        Ok(_) => anyhow::bail!("the server sent something nobody asked for"),
        Err(error) => Err(error).context("the server broke the connection"),
    }
}

/// Another loopback address each time: a closed connection keeps its port for a minute, and one address has only
/// some thirty thousand.
fn source() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed) % 250;
    Ipv4Addr::new(127, 0, 1, 2 + u8::try_from(next).unwrap_or(0))
}

const WAIT_MAX: Duration = Duration::from_secs(30);
