//! The load generator: as cheap as it can be made, because it shares the cores with what it measures.
//!
//! Requests are built and signed ahead of time; a measured request is one write, one read and a glance at the head
//! of the answer.

pub mod calls;
pub mod closed;
pub mod each;
pub mod handshakes;
pub mod open;
pub mod requests;
pub mod sign;
pub mod tls;

pub mod connection;
mod loaded;
mod wire;

pub use closed::closed;
pub use each::each;
pub use handshakes::handshakes;
pub use open::open;
pub use requests::Requests;

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::ServerName;

use crate::latency::Latencies;

/// A server, and how to greet it.
#[derive(Clone)]
pub struct Peer {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whom to trust, and which key exchange to offer.
    pub tls: Arc<rustls::ClientConfig>,
}

impl Peer {
    /// The name its certificate is for.
    fn name(&self) -> ServerName<'static> {
        ServerName::IpAddress(self.address.ip().into())
    }
}

/// What one measurement under load found.
pub struct Run {
    /// Answers a second.
    pub per_second: f64,
    /// How long each took.
    pub latencies: Latencies,
}

/// How many threads share the connections: one a core, but never one without a connection.
fn threads(connections: usize) -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(connections).max(1)
}
