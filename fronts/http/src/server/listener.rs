//! Listeners: several on one address, and none where another program listens.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use super::StartError;

/// Connections that may wait to be accepted, per listener.
const BACKLOG: i32 = 1024;

/// Opens so many listeners on one address, among which the system spreads connections.
///
/// The first one binds without leave to share, so it fails if anyone listens there, this program included;
/// only then does it take that leave, so that the others may join it.
pub(super) fn open(address: SocketAddr, count: usize) -> Result<Vec<TcpListener>, StartError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::AddressInUse(address),
        _ => StartError::Listen { address, source },
    };
    let first = bind(address, false).map_err(failed)?;
    let bound = first.local_addr().ok().and_then(|a| a.as_socket()).unwrap_or(address);
    let mut sockets = vec![first];
    for _ in 1..count {
        sockets.push(bind(bound, true).map_err(failed)?);
    }
    sockets
        .into_iter()
        .map(|socket| {
            socket.listen(BACKLOG)?;
            Ok(socket.into())
        })
        .collect::<io::Result<_>>()
        .map_err(failed)
}

fn bind(address: SocketAddr, shares: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Lets a restart have the port of connections that are still being closed.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(shares)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.set_reuse_port(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_listen_together_and_a_stranger_does_not() {
        let address: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        let ours = open(address, 3).expect("a free port");
        let bound = ours[0].local_addr().expect("bound");
        assert!(ours.iter().all(|l| l.local_addr().ok() == Some(bound)));
        assert!(matches!(open(bound, 2), Err(StartError::AddressInUse(at)) if at == bound));
        drop(ours);
        assert!(open(bound, 2).is_ok());
    }
}
