//! What the server takes on at most. Each limit has a name, and a default that the program may change.

/// What a server takes on at most. Times are in milliseconds.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections at which requests on further ones are answered with the protocol's throttling error.
    pub connections_max: usize,
    /// Open connections at which further ones are closed at once.
    pub connections_hard_max: usize,
    /// Requests being answered at which further ones get the protocol's throttling error.
    pub requests_max: usize,
    /// Longest request head over HTTP/1.1, and longest header list over HTTP/2, in bytes.
    pub head_bytes_max: usize,
    /// Most headers of one HTTP/1.1 request.
    pub headers_max: usize,
    /// Longest request body, in bytes. The largest body AWS KMS allows holds a policy of 131,072 characters,
    /// each of which may be written as six.
    pub body_bytes_max: usize,
    /// Most bytes of bodies held at once on the whole server; past it a request gets the throttling error. Keeps
    /// strangers from filling the memory with bodies that are never signed for.
    pub bodies_bytes_max: usize,
    /// Longest wait for a TLS handshake to end.
    pub handshake_wait_ms_max: u64,
    /// Longest wait for the head of an HTTP/1.1 request, counted from the end of the one before; so it is also
    /// how long such a connection may be idle.
    pub head_wait_ms_max: u64,
    /// Longest time between two requests on a connection of any kind.
    pub idle_ms_max: u64,
    /// Longest wait for a body to arrive whole.
    pub body_wait_ms_max: u64,
    /// Longest wait for requests in flight once the server stops.
    pub drain_ms_max: u64,
    /// Most requests at once on one HTTP/2 connection.
    pub streams_max: u32,
    /// Most HTTP/2 streams that a peer may open and reset before the connection is closed.
    pub resets_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 10_000,
            connections_hard_max: 11_000,
            requests_max: 10_000,
            head_bytes_max: 32 * 1024,
            headers_max: 64,
            body_bytes_max: 1024 * 1024,
            bodies_bytes_max: 128 * 1024 * 1024,
            handshake_wait_ms_max: 10_000,
            head_wait_ms_max: 60_000,
            idle_ms_max: 120_000,
            body_wait_ms_max: 15_000,
            drain_ms_max: 10_000,
            streams_max: 128,
            resets_max: 20,
        }
    }
}
