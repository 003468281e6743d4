//! From names to addresses to connections.

use std::collections::HashMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::route::may_be_resolved_to;

/// Addresses of a name that are tried at most.
const ADDRESSES_MAX: usize = 4;
/// How long a name's addresses are believed, in seconds.
const NAME_SECONDS_MAX: u64 = 30;
/// Names looked up at the same time. The system's resolver can hang for seconds, and nothing stops it.
pub const LOOKUPS_MAX: usize = 4;

/// When a name was looked up, and what it led to.
type Resolved = (Instant, Vec<SocketAddr>);
/// By name and port.
type Known = HashMap<(Box<str>, u16), Resolved>;

/// The addresses of names, as far as they have been looked up. Names are those of routes, so there are not many.
pub struct Names {
    known: Arc<Mutex<Known>>,
    lookups: Arc<Semaphore>,
}

impl Default for Names {
    fn default() -> Self {
        Self { known: Arc::default(), lookups: Arc::new(Semaphore::new(LOOKUPS_MAX)) }
    }
}

impl Names {
    /// The addresses of a name that may be connected to; `None` if there is none, or too many names are being looked up.
    /// A lookup that comes too late for whoever asked still serves the next one. To be awaited in a runtime of tokio's.
    pub async fn resolve(&self, host: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let name = (Box::from(host), port);
        if let Some((since, known)) = self.known.lock().get(&name)
            && since.elapsed() < Duration::from_secs(NAME_SECONDS_MAX)
        {
            return Some(known.clone());
        }
        let place = Arc::clone(&self.lookups).try_acquire_owned().ok()?;
        let names = Arc::clone(&self.known);
        let looking = tokio::task::spawn_blocking(move || {
            let found = (&*name.0, name.1).to_socket_addrs().ok()?;
            let found = found.filter(|address| may_be_resolved_to(address.ip())).take(ADDRESSES_MAX);
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() {
                return None;
            }
            names.lock().insert(name, (Instant::now(), found.clone()));
            drop(place);
            Some(found)
        });
        looking.await.ok().flatten()
    }
}

/// The first address that answers, each within `limit`.
pub async fn reach(addresses: &[SocketAddr], limit: Duration) -> Option<TcpStream> {
    for address in addresses {
        if let Ok(Ok(stream)) = tokio::time::timeout(limit, TcpStream::connect(address)).await {
            // WHY: a socket that cannot be told to hurry still works.
            let _ = stream.set_nodelay(true);
            return Some(stream);
        }
    }
    None
}
