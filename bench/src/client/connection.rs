//! One keep-alive connection, asynchronous for closed loops and blocking for exact due times.

use std::io::{Read, Write};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustls::{ClientConnection, StreamOwned};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Peer;
use super::wire::{ANSWER_BYTES_MAX, Head};

/// Longest wait for an answer, or for a connection.
pub const WAIT_MAX: Duration = Duration::from_secs(30);

/// A connection on a runtime.
pub struct Connection {
    stream: TlsStream<tokio::net::TcpStream>,
    inbox: Box<[u8]>,
}

impl Connection {
    /// Connects and shakes hands.
    pub async fn open(peer: &Peer) -> Result<Self> {
        let socket = tokio::net::TcpStream::connect(peer.address).await.context("no connection")?;
        socket.set_nodelay(true)?;
        let connector = TlsConnector::from(peer.tls.clone());
        let stream = connector.connect(peer.name(), socket).await.context("no TLS connection")?;
        Ok(Self { stream, inbox: inbox() })
    }

    /// Sends a request and reads the answer, which must be a 200. Answers the body.
    pub async fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await.context("a request cannot be sent")?;
        self.stream.flush().await.context("a request cannot be sent")?;
        let (mut filled, mut head) = (0, None);
        loop {
            if let Some(head) = whole(&self.inbox[..filled], &mut head)? {
                return body(&self.inbox[..filled], head);
            }
            match self.stream.read(&mut self.inbox[filled..]).await.context("an answer cannot be read")? {
                0 => bail!("the server closed the connection"),
                more => filled += more,
            }
        }
    }
}

/// A connection on a thread of its own.
pub struct Blocking {
    stream: StreamOwned<ClientConnection, std::net::TcpStream>,
    inbox: Box<[u8]>,
}

impl Blocking {
    /// Connects and shakes hands.
    pub fn open(peer: &Peer) -> Result<Self> {
        let socket =
            std::net::TcpStream::connect_timeout(&peer.address, WAIT_MAX).context("no connection")?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(WAIT_MAX))?;
        socket.set_write_timeout(Some(WAIT_MAX))?;
        let mut stream = StreamOwned::new(ClientConnection::new(peer.tls.clone(), peer.name())?, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).context("no TLS connection")?;
        }
        Ok(Self { stream, inbox: inbox() })
    }

    /// Sends a request and reads the answer, which must be a 200. Answers the body.
    pub fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).context("a request cannot be sent")?;
        let (mut filled, mut head) = (0, None);
        loop {
            if let Some(head) = whole(&self.inbox[..filled], &mut head)? {
                return body(&self.inbox[..filled], head);
            }
            match self.stream.read(&mut self.inbox[filled..]).context("an answer cannot be read")? {
                0 => bail!("the server closed the connection"),
                more => filled += more,
            }
        }
    }
}

fn inbox() -> Box<[u8]> {
    vec![0; ANSWER_BYTES_MAX].into_boxed_slice()
}

/// The head, once the answer is there whole.
fn whole(bytes: &[u8], head: &mut Option<Head>) -> Result<Option<Head>> {
    if head.is_none() {
        *head = Head::read(bytes)?;
    }
    Ok(head.filter(|head| bytes.len() >= head.answer_bytes()))
}

fn body(bytes: &[u8], head: Head) -> Result<&[u8]> {
    let body = &bytes[head.head_bytes..];
    if head.answer_bytes() != bytes.len() {
        bail!("the server sent more than its answer");
    }
    match head.status {
        200 => Ok(body),
        status => bail!("the server answered {status}: {}", String::from_utf8_lossy(body)),
    }
}
