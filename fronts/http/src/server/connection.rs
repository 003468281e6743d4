//! One connection: handshake, requests one after the other or side by side, and its end.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use super::{Answer, Handler, Limits, Load, Place, Received, Trouble, Worker};

/// Runs tasks on the thread that makes them.
#[derive(Clone)]
pub(super) struct Local;

impl<F: Future<Output: 'static> + 'static> hyper::rt::Executor<F> for Local {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// HTTP within its limits.
pub(super) fn http(limits: &Limits) -> Builder<Local> {
    let mut builder = Builder::new(Local);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.head_wait_ms_max))
        .max_headers(limits.headers_max)
        .max_buf_size(limits.head_bytes_max.max(8192))
        .half_close(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams_max)
        .max_pending_accept_reset_streams(limits.resets_max)
        .max_local_error_reset_streams(limits.resets_max)
        .max_header_list_size(u32::try_from(limits.head_bytes_max).unwrap_or(u32::MAX))
        .max_frame_size(16 * 1024)
        .max_send_buf_size(64 * 1024)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024)
        .keep_alive_interval(None);
    builder
}

/// Sees a connection through from its first byte to its last.
pub(super) async fn serve<H: Handler>(
    worker: Rc<Worker<H>>,
    stream: TcpStream,
    peer: SocketAddr,
    place: Place<H>,
) {
    // An answer waits for nothing. If the socket is gone already, the next read says so.
    let _ = stream.set_nodelay(true);
    let source = peer.ip().to_canonical();
    let Some(acceptor) = worker.tls.clone() else {
        return drive(worker, stream, source, false, place).await;
    };
    let wait = Duration::from_millis(worker.limits.handshake_wait_ms_max);
    match tokio::time::timeout(wait, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => drive(worker, stream, source, true, place).await,
        Ok(Err(_)) | Err(_) => {
            worker.metrics.tls_failures.inc();
        }
    }
}

/// What the requests of one connection share.
struct Shared<H: Handler> {
    worker: Rc<Worker<H>>,
    source: IpAddr,
    secure: bool,
    is_spare: bool,
    in_flight: Cell<usize>,
    last: Cell<Instant>,
}

async fn drive<H: Handler, S: AsyncRead + AsyncWrite + Unpin + 'static>(
    worker: Rc<Worker<H>>,
    stream: S,
    source: IpAddr,
    secure: bool,
    place: Place<H>,
) {
    let shared = Rc::new(Shared {
        worker: worker.clone(),
        source,
        secure,
        is_spare: place.is_spare,
        in_flight: Cell::new(0),
        last: Cell::new(Instant::now()),
    });
    let for_requests = shared.clone();
    let service = service_fn(move |request| {
        let shared = for_requests.clone();
        async move { Ok::<_, Infallible>(shared.answer(request).await) }
    });
    let mut connection = pin!(worker.http.serve_connection(TokioIo::new(stream), service));
    let mut begun = pin!(worker.stop.begun());
    let idle = Duration::from_millis(worker.limits.idle_ms_max);
    let drain = Duration::from_millis(worker.limits.drain_ms_max);
    let mut is_ending = false;
    let mut check = pin!(tokio::time::sleep(idle));
    loop {
        tokio::select! {
            biased;
            // What went wrong is between the client and its network.
            _ = connection.as_mut() => return,
            () = &mut begun, if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
                check.as_mut().reset(tokio::time::Instant::now() + drain);
            }
            () = &mut check => {
                if is_ending {
                    worker.cut.set(worker.cut.get() + 1);
                    return;
                }
                let quiet = shared.last.get().elapsed();
                if shared.in_flight.get() == 0 && quiet >= idle {
                    is_ending = true;
                    connection.as_mut().graceful_shutdown();
                    check.as_mut().reset(tokio::time::Instant::now() + drain);
                } else {
                    let wait = idle.saturating_sub(quiet).max(Duration::from_secs(1));
                    check.as_mut().reset(tokio::time::Instant::now() + wait);
                }
            }
        }
    }
}

/// Counts a request as in flight until dropped.
struct InFlight<'s, H: Handler>(&'s Shared<H>);

impl<'s, H: Handler> InFlight<'s, H> {
    /// Counts it, and says how many there were before on the whole server.
    fn begin(shared: &'s Shared<H>) -> (Self, usize) {
        let before = shared.worker.load.requests.fetch_add(1, Ordering::Relaxed);
        shared.worker.metrics.in_flight.inc();
        shared.in_flight.set(shared.in_flight.get() + 1);
        (Self(shared), before)
    }
}

impl<H: Handler> Drop for InFlight<'_, H> {
    fn drop(&mut self) {
        let shared = self.0;
        shared.worker.load.requests.fetch_sub(1, Ordering::Relaxed);
        shared.worker.metrics.in_flight.dec();
        shared.in_flight.set(shared.in_flight.get() - 1);
        shared.last.set(Instant::now());
    }
}

impl<H: Handler> Shared<H> {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let (_in_flight, before) = InFlight::begin(self);
        let worker = &*self.worker;
        let (head, body) = request.into_parts();
        let mut received = Received {
            head,
            body: Bytes::new(),
            source: self.source,
            secure: self.secure,
            began: Instant::now(),
        };
        if before >= worker.limits.requests_max || self.is_spare {
            let trouble =
                if before >= worker.limits.requests_max * 2 { Trouble::Flooded } else { Trouble::Busy };
            return self.trouble(&received, trouble).await;
        }
        let mut held = Held { load: &worker.load, bytes: 0 };
        match read(body, &worker.limits, &mut held).await {
            Ok(body) => received.body = body,
            Err(trouble) => return self.trouble(&received, trouble).await,
        }
        match caught(worker.handler.answer(&received)).await {
            Some(answer) => {
                wipe(received.body);
                answer
            }
            None => {
                worker.metrics.panics.inc();
                tracing::error!("a request handler panicked; this is a bug");
                self.trouble(&received, Trouble::Panicked).await
            }
        }
    }

    async fn trouble(&self, received: &Received, trouble: Trouble) -> Answer {
        let mut answer = match caught(self.worker.handler.trouble(received, trouble)).await {
            Some(answer) => answer,
            None => {
                self.worker.metrics.panics.inc();
                let mut answer = Response::new(Full::new(Bytes::new()));
                *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                answer
            }
        };
        // The rest of the body, if there is one, is not waited for. HTTP/2 has no such header and drops it.
        if received.head.version <= http::Version::HTTP_11 && trouble != Trouble::Panicked {
            answer.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
        }
        answer
    }
}

/// Bytes of a body that count towards what the server holds, until dropped.
struct Held<'l> {
    load: &'l Load,
    bytes: usize,
}

impl Held<'_> {
    fn more(&mut self, bytes: usize, bytes_max: usize) -> Result<(), Trouble> {
        let before = self.load.body_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        if before.saturating_add(bytes) > bytes_max { Err(Trouble::Busy) } else { Ok(()) }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.load.body_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Reads a body whole. One that has arrived already, as most have, costs no copy and no timer.
async fn read(mut body: Incoming, limits: &Limits, held: &mut Held<'_>) -> Result<Bytes, Trouble> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > limits.body_bytes_max as u64 {
        return Err(Trouble::BodyTooLong);
    }
    let mut reading = pin!(gather(&mut body, limits, held));
    let at_once = poll_fn(|context| match reading.as_mut().poll(context) {
        Poll::Ready(read) => Poll::Ready(Some(read)),
        Poll::Pending => Poll::Ready(None),
    });
    if let Some(read) = at_once.await {
        return read;
    }
    let wait = Duration::from_millis(limits.body_wait_ms_max);
    tokio::time::timeout(wait, reading).await.unwrap_or(Err(Trouble::BodyTooSlow))
}

async fn gather(body: &mut Incoming, limits: &Limits, held: &mut Held<'_>) -> Result<Bytes, Trouble> {
    let bytes_max = limits.body_bytes_max;
    let mut first = Bytes::new();
    let mut rest: Option<Zeroizing<Vec<u8>>> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Trouble::BodyBroken)?;
        // Trailers say nothing to any of the protocols.
        let Ok(data) = frame.into_data() else { continue };
        let so_far = rest.as_ref().map_or(first.len(), |rest| rest.len());
        if data.len() > bytes_max.saturating_sub(so_far) {
            return Err(Trouble::BodyTooLong);
        }
        held.more(data.len(), limits.bodies_bytes_max)?;
        match &mut rest {
            None if first.is_empty() => first = data,
            None => {
                let hint = usize::try_from(body.size_hint().lower()).unwrap_or(0).min(bytes_max);
                let mut all = Zeroizing::new(Vec::with_capacity(first.len() + data.len() + hint));
                all.extend_from_slice(&first);
                append(&mut all, &data);
                rest = Some(all);
            }
            Some(all) => append(all, &data),
        }
        if body.is_end_stream() {
            break;
        }
    }
    Ok(match rest {
        Some(all) => Bytes::from_owner(all),
        None => first,
    })
}

/// Appends, and leaves no copy behind if the buffer has to move: there may be a plaintext in it.
fn append(all: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    if all.capacity() - all.len() < data.len() {
        let mut bigger = Zeroizing::new(Vec::with_capacity((all.len() + data.len()) * 2));
        bigger.extend_from_slice(all);
        *all = bigger;
    }
    all.extend_from_slice(data);
}

/// Wipes a body that nobody else holds. One that is part of the connection's read buffer is overwritten by
/// what the connection reads next.
fn wipe(body: Bytes) {
    if let Ok(mut body) = body.try_into_mut() {
        zeroize::Zeroize::zeroize(body.as_mut());
    }
}

/// Runs a future to its end; `None` if it panicked.
async fn caught<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(move |context| {
        let future: Pin<&mut _> = future.as_mut();
        // The future is never polled again after a panic, so no broken state of it is seen.
        match catch_unwind(AssertUnwindSafe(|| future.poll(context))) {
            Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(None),
        }
    })
    .await
}
