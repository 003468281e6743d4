//! The server on real sockets, with a handler that does what the path says.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use http::StatusCode;

use super::*;

/// Answers the body, waits, or panics.
struct Echo;

impl Handler for Echo {
    async fn answer(&self, request: &Received) -> Answer {
        match request.head.uri.path() {
            "/panic" => panic!("as asked"),
            "/wait" => tokio::time::sleep(Duration::from_millis(300)).await,
            _ => {}
        }
        Response::new(Full::new(request.body.clone()))
    }

    async fn trouble(&self, _: &Received, trouble: Trouble) -> Answer {
        let mut answer = Response::new(Full::new(Bytes::from(format!("{trouble:?}"))));
        *answer.status_mut() = StatusCode::IM_A_TEAPOT;
        answer
    }
}

fn config(limits: Limits) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().expect("an address"),
        tls: None,
        threads: 2,
        name: "test",
        limits,
        stop: Stop::new(),
        metrics: Arc::new(Metrics::new()),
    }
}

fn start(limits: Limits) -> Server {
    Server::start(config(limits), Arc::new(Echo)).expect("a free port")
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address()).expect("a listener");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    stream
}

/// Sends bytes, and reads until the server closes.
fn talk(server: &Server, request: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an end");
    answer
}

#[test]
fn a_request_is_answered() {
    let server = start(Limits::default());
    let answer =
        talk(&server, "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello"), "{answer}");
    let chunked = "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n\
                   3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    assert!(talk(&server, chunked).ends_with("\r\n\r\nhello"));
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_panic_is_trouble_and_the_server_lives() {
    let server = start(Limits::default());
    for _ in 0..3 {
        let answer = talk(&server, "GET /panic HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(answer.ends_with("Panicked"), "{answer}");
    }
}

#[test]
fn a_long_body_is_refused_told_or_not() {
    let server = start(Limits { body_bytes_max: 4, ..Limits::default() });
    let told = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello";
    assert!(talk(&server, told).ends_with("BodyTooLong"));
    let untold =
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    assert!(talk(&server, untold).ends_with("BodyTooLong"));
}

#[test]
fn a_slow_body_and_a_slow_head_are_not_waited_for() {
    let limits = Limits { body_wait_ms_max: 100, head_wait_ms_max: 100, ..Limits::default() };
    let server = start(limits);
    let answer = talk(&server, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhel");
    assert!(answer.ends_with("BodyTooSlow"), "{answer}");
    let answer = talk(&server, "POST / HTTP/1.1\r\nhost:");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let server = start(Limits { idle_ms_max: 100, head_wait_ms_max: 60_000, ..Limits::default() });
    assert_eq!(talk(&server, ""), "");
}

#[test]
fn a_long_head_is_refused() {
    let server = start(Limits { head_bytes_max: 8192, ..Limits::default() });
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(20_000));
    let answer = talk(&server, &long);
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(100));
    assert!(talk(&server, &many).starts_with("HTTP/1.1 431"));
}

#[test]
fn past_the_limits_the_answer_is_throttling_and_then_nothing() {
    let server = start(Limits { connections_max: 1, connections_hard_max: 2, ..Limits::default() });
    let mut first = connect(&server);
    first.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    let mut answer = [0; 16];
    first.read_exact(&mut answer).expect("answered");
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    assert!(talk_open(&server).ends_with("Busy"));
    let _second = connect(&server);
    std::thread::sleep(Duration::from_millis(100));
    let mut third = connect(&server);
    let mut rest = Vec::new();
    let _ = third.read_to_end(&mut rest);
    assert!(rest.is_empty());
}

fn talk_open(server: &Server) -> String {
    talk(server, "GET / HTTP/1.1\r\nhost: x\r\n\r\n")
}

#[test]
fn too_many_requests_at_once_are_throttled() {
    let server = start(Limits { requests_max: 1, ..Limits::default() });
    let mut busy = connect(&server);
    busy.write_all(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(100));
    assert!(talk_open(&server).ends_with("Busy"));
}

#[test]
fn bodies_of_all_together_have_a_limit() {
    let server = start(Limits { bodies_bytes_max: 8, ..Limits::default() });
    let mut slow = connect(&server);
    slow.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nhello").expect("sent");
    std::thread::sleep(Duration::from_millis(100));
    let request = "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello";
    assert!(talk(&server, request).ends_with("Busy"));
    slow.write_all(b"!").expect("sent");
    let mut answer = [0; 15];
    slow.read_exact(&mut answer).expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    std::thread::sleep(Duration::from_millis(100));
    assert!(talk(&server, request).ends_with("hello"));
}

#[test]
fn stopping_lets_requests_finish_and_closes_idle_connections() {
    let server = start(Limits::default());
    let mut idle = connect(&server);
    let mut busy = connect(&server);
    busy.write_all(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(100));
    let address = server.address();
    assert_eq!(server.stop(), 0);
    let mut answer = String::new();
    busy.read_to_string(&mut answer).expect("an end");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(idle.read(&mut [0; 1]).expect("an end"), 0);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn what_does_not_finish_in_time_is_cut_off() {
    let server = start(Limits { drain_ms_max: 50, ..Limits::default() });
    let mut busy = connect(&server);
    busy.write_all(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(server.stop(), 1);
}

#[test]
fn plain_http_is_for_loopback_only() {
    let mut config = config(Limits::default());
    config.listen = "0.0.0.0:0".parse().expect("an address");
    assert!(matches!(Server::start(config, Arc::new(Echo)), Err(StartError::PlainNotOnLoopback(_))));
}

#[test]
fn an_address_in_use_is_told() {
    let server = start(Limits::default());
    let mut again = config(Limits::default());
    again.listen = server.address();
    assert!(matches!(Server::start(again, Arc::new(Echo)), Err(StartError::AddressInUse(_))));
}

#[test]
fn http2_is_told_by_its_first_bytes() {
    let server = start(Limits::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let local = LocalSet::new();
    local.block_on(&runtime, async {
        let stream = tokio::net::TcpStream::connect(server.address()).await.expect("a listener");
        let io = hyper_util::rt::TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(connection::Local, io).await.expect("HTTP/2");
        tokio::task::spawn_local(connection);
        let body = Full::new(Bytes::from(vec![7; 100_000]));
        let request = http::Request::post("http://x/").body(body).expect("a request");
        let answer = sender.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let body = http_body_util::BodyExt::collect(answer.into_body()).await.expect("a body");
        assert_eq!(body.to_bytes().len(), 100_000);
    });
    drop(local);
    assert_eq!(server.stop(), 0);
}
