//! The client against a proxy that misbehaves on command, over real sockets.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keystead_crypto::{Asked, ExternalKeys, Proxy, ProxyError, SecretBytes};
use keystead_model::RequestId;

use crate::{ANSWER_MS_MAX, Options, Route, Trust, XksClient};

const HEALTHY: &str = r#"{"xksProxyFleetSize": 1, "xksProxyVendor": "v", "xksProxyModel": "m", "ekmVendor": "e",
    "ekmFleetDetails": [{"id": "1", "model": "m", "healthStatus": "ACTIVE"}]}"#;

/// What the proxy does with a request.
#[derive(Clone)]
enum Deed {
    /// Answers.
    Say(u16, String),
    /// The same, and closes the connection.
    SayAndClose(u16, String),
    /// Reads and says nothing.
    Silence,
    /// Closes instead of answering.
    HangUp,
    /// Says this, whatever it is.
    Raw(String),
}

struct Fake {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
    deed: Arc<Mutex<Deed>>,
}

impl Fake {
    fn start(deed: Deed) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let fake = Self {
            address: listener.local_addr().expect("an address"),
            connections: Arc::default(),
            heads: Arc::default(),
            deed: Arc::new(Mutex::new(deed)),
        };
        let (connections, heads, deed) =
            (Arc::clone(&fake.connections), Arc::clone(&fake.heads), Arc::clone(&fake.deed));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (heads, deed) = (Arc::clone(&heads), Arc::clone(&deed));
                std::thread::spawn(move || serve(stream, &heads, &deed));
            }
        });
        fake
    }

    fn client(&self) -> XksClient {
        client(&format!("xks.test=http://{}", self.address))
    }
}

fn serve(mut stream: TcpStream, heads: &Mutex<Vec<String>>, deed: &Mutex<Deed>) {
    while let Some(head) = request(&mut stream) {
        heads.lock().expect("held by nobody").push(head);
        let deed = deed.lock().expect("held by nobody").clone();
        let sent = match &deed {
            Deed::Say(status, text) | Deed::SayAndClose(status, text) => {
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{text}", text.len());
                stream.write_all(answer.as_bytes())
            }
            Deed::Raw(text) => stream.write_all(text.as_bytes()),
            Deed::Silence => {
                std::thread::sleep(Duration::from_secs(2));
                Ok(())
            }
            Deed::HangUp => return,
        };
        if sent.is_err() || matches!(deed, Deed::SayAndClose(..) | Deed::Raw(_)) {
            return;
        }
    }
}

/// The head of the next request; its body is read and passed over.
fn request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        read.push(byte[0]);
    }
    let head = String::from_utf8(read).ok()?;
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(head)
}

fn client(route: &str) -> XksClient {
    let routes = vec![Route::parse(route).expect("a route")];
    XksClient::start(Options { routes, trust: authorities().1.clone() }).expect("it starts")
}

/// A certificate authority that nobody else knows, in a file that lives as long as the test program.
fn authorities() -> &'static (tempfile::TempDir, Trust) {
    static MADE: std::sync::OnceLock<(tempfile::TempDir, Trust)> = std::sync::OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(vec!["other.test".to_owned()]).expect("made");
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, made.cert.pem()).expect("written");
        (folder, Trust { authorities: Some(path), identity: None })
    })
}

fn proxy(host: &str) -> Arc<Proxy> {
    Arc::new(Proxy {
        host: host.into(),
        path: "/kms/xks/v1".into(),
        access_key_id: "ABCDEFGHIJKLMNOPQRST".into(),
        secret_access_key: SecretBytes::copy_from(b"0123456789012345678901234567890123456789abc"),
        location: "eu-central-1".parse().expect("a location"),
    })
}

fn asked() -> Asked {
    Asked { request: RequestId([1; 16]), operation: "ConnectCustomKeyStore", principal: None, key: None }
}

/// Awaits without any runtime, as the engine may.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Wake(std::thread::Thread);
    impl std::task::Wake for Wake {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Wake(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(answer) => return answer,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

fn health(client: &XksClient) -> Result<bool, ProxyError> {
    wait(client.health(&proxy("xks.test"), asked())).map(|health| health.any_serves)
}

#[test]
fn a_connection_is_used_again_and_replaced_when_it_was_closed() {
    let fake = Fake::start(Deed::Say(200, HEALTHY.into()));
    let client = fake.client();
    for _ in 0..3 {
        assert_eq!(health(&client), Ok(true));
    }
    assert_eq!(fake.connections.load(Ordering::SeqCst), 1);
    *fake.deed.lock().expect("held by nobody") = Deed::SayAndClose(200, HEALTHY.into());
    for _ in 0..3 {
        assert_eq!(health(&client), Ok(true));
    }
    assert!(fake.connections.load(Ordering::SeqCst) >= 3);
    let head = fake.heads.lock().expect("held by nobody")[0].to_lowercase();
    for expected in
        ["post /kms/xks/v1/health http/1.1", "host: xks.test\r\n", "content-type: application/json\r\n"]
    {
        assert!(head.contains(expected), "{head}");
    }
}

#[test]
fn whatever_a_proxy_does_there_is_an_answer_in_time() {
    let big = "x".repeat(70_000);
    let endless = format!("HTTP/1.1 200 X\r\n{}", "a: b\r\n".repeat(10_000));
    for (deed, expected) in [
        (Deed::Silence, ProxyError::TimedOut),
        (Deed::HangUp, ProxyError::Unreachable),
        (Deed::Say(200, "{}".into()), ProxyError::Malformed),
        (Deed::Say(200, big.clone()), ProxyError::Malformed),
        (Deed::Say(302, HEALTHY.into()), ProxyError::Malformed),
        (Deed::Say(503, "<html>".into()), ProxyError::Malformed),
        (Deed::Raw("nonsense\r\n\r\n".into()), ProxyError::Malformed),
        (Deed::Raw(endless), ProxyError::Malformed),
        (Deed::Raw("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{".into()), ProxyError::Malformed),
        (
            Deed::Say(401, r#"{"errorName": "AuthenticationFailedException"}"#.into()),
            ProxyError::AuthenticationFailed,
        ),
        (Deed::Say(429, r#"{"errorName": "ThrottlingException"}"#.into()), ProxyError::Throttled),
    ] {
        let fake = Fake::start(deed);
        let began = Instant::now();
        assert_eq!(health(&fake.client()), Err(expected));
        assert!(
            began.elapsed() < Duration::from_millis(8 * ANSWER_MS_MAX),
            "{expected}: {:?}",
            began.elapsed()
        );
    }
}

#[test]
fn nobody_is_spoken_to_who_was_not_named() {
    let fake = Fake::start(Deed::Say(200, HEALTHY.into()));
    let client = fake.client();
    for host in ["other.test", "127.0.0.1", "xks.test.", "localhost"] {
        assert_eq!(wait(client.health(&proxy(host), asked())), Err(ProxyError::NotAllowed), "{host}");
    }
    assert_eq!(fake.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn a_name_that_leads_home_is_not_followed() {
    // Every resolver knows this one, and it leads to loopback.
    assert_eq!(wait(client("localhost").health(&proxy("localhost"), asked())), Err(ProxyError::Unreachable));
}

#[test]
fn a_closed_port_and_a_server_without_tls_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port");
    assert_eq!(health(&client(&format!("xks.test={closed}"))), Err(ProxyError::Unreachable));
    let fake = Fake::start(Deed::Say(200, HEALTHY.into()));
    let error = health(&client(&format!("xks.test={}", fake.address)));
    assert!(matches!(error, Err(ProxyError::Tls | ProxyError::TimedOut)), "{error:?}");
}
