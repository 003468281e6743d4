//! The client against issuers that do as they should, and against some that do not, over real sockets and real TLS.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use keystead_federation::{IdentityProviders, Issuer, KeySet, ProviderError, Thumbprint};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::client::WAITING_MAX;
use crate::entry::Pace;
use crate::{OidcClient, Options, Route, StartError, Trust};

const ISSUER: &str = "https://idp.test/realm";

/// What an issuer does with a request.
#[derive(Clone)]
enum Deed {
    /// Answers.
    Say(u16, String),
    /// Says this, whatever it is, and closes.
    Raw(String),
    /// Says this one byte at a time, and does not end.
    Drip(String),
    /// Reads and says nothing.
    Silence,
}

/// What it does at each path, and what it was asked.
#[derive(Default)]
struct Site {
    deeds: Mutex<BTreeMap<String, Deed>>,
    asked: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

impl Site {
    fn put(&self, path: &str, deed: Deed) {
        self.deeds.lock().expect("held by nobody").insert(path.into(), deed);
    }

    /// The discovery document, pointing there.
    fn discovery(&self, jwks_uri: &str) {
        let text = format!(
            r#"{{"issuer":"{ISSUER}","jwks_uri":"{jwks_uri}","response_types_supported":["id_token"]}}"#
        );
        self.put("/realm/.well-known/openid-configuration", Deed::Say(200, text));
    }

    fn keys(&self, ids: &[&str]) {
        self.put("/keys?v=1", Deed::Say(200, set(ids)));
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("held by nobody").clone()
    }
}

fn set(ids: &[&str]) -> String {
    let point = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let key = |id: &&str| format!(r#"{{"kid":"{id}","kty":"EC","crv":"P-256","x":"{point}","y":"{point}"}}"#);
    format!(r#"{{"keys":[{}]}}"#, ids.iter().map(key).collect::<Vec<_>>().join(","))
}

/// A site that knows its keys.
fn site(ids: &[&str]) -> Arc<Site> {
    let site = Arc::new(Site::default());
    site.discovery("https://idp.test/keys?v=1");
    site.keys(ids);
    site
}

/// Serves a site over TLS with this chain, or without TLS.
fn serve(site: &Arc<Site>, tls: Option<Arc<ServerConfig>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let site = Arc::clone(site);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            site.connections.fetch_add(1, Ordering::SeqCst);
            let (site, tls) = (Arc::clone(&site), tls.clone());
            std::thread::spawn(move || match tls {
                None => answer(stream, &site),
                Some(terms) => {
                    let connection = ServerConnection::new(terms).expect("a connection");
                    answer(StreamOwned::new(connection, stream), &site);
                }
            });
        }
    });
    address
}

fn answer(mut stream: impl Read + Write, site: &Site) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).expect("a head is text");
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    site.asked.lock().expect("held by nobody").push(head.to_lowercase());
    let deed = site.deeds.lock().expect("held by nobody").get(&path).cloned();
    let sent = match deed.unwrap_or(Deed::Say(404, "{}".into())) {
        Deed::Say(status, text) => {
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{text}", text.len())
        }
        Deed::Raw(text) => stream.write_all(text.as_bytes()),
        Deed::Silence => {
            std::thread::sleep(Duration::from_secs(5));
            Ok(())
        }
        Deed::Drip(text) => text.bytes().cycle().try_for_each(|byte| {
            std::thread::sleep(Duration::from_millis(20));
            stream.write_all(&[byte]).and_then(|()| stream.flush())
        }),
    };
    // Whoever is gone has given up, as it may.
    let _ = sent.and_then(|()| stream.flush());
}

/// An authority, and what it certifies.
struct Authority {
    folder: tempfile::TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("made");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).expect("written");
        Self { folder, issuer }
    }

    fn trust(&self) -> Trust {
        Trust { authorities: Some(self.folder.path().join("ca.pem")), identity: None }
    }

    fn thumbprint(&self) -> Thumbprint {
        Thumbprint::of(self.issuer.der())
    }

    /// Terms for a server of this name; the authority's certificate is sent along if asked for.
    fn certify(&self, name: &str, with_authority: bool) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let leaf = params.signed_by(&key, &self.issuer).expect("signed");
        let mut chain = vec![leaf.der().clone()];
        chain.extend(with_authority.then(|| self.issuer.der().clone()));
        terms(chain, &key)
    }
}

fn terms(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = builder.expect("versions").with_no_client_auth().with_single_cert(chain, key);
    Arc::new(config.expect("a pair"))
}

/// Asks again at once, and does not wait long.
const QUICK: Pace = Pace {
    fresh: Duration::from_secs(3600),
    stale: Duration::from_secs(7200),
    again: Duration::ZERO,
    limit: Duration::from_millis(1500),
};

fn client(route: &str, trust: Trust, pace: Pace) -> OidcClient {
    let routes = vec![Route::parse_with_port(route).expect("a route")];
    OidcClient::paced(Options { routes, trust, files: BTreeMap::new() }, (pace, pace)).expect("it starts")
}

fn issuer() -> Issuer {
    Issuer::parse(ISSUER).expect("an issuer")
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

fn ask(client: &OidcClient, thumbprints: &[Thumbprint], id: &str) -> Result<Arc<KeySet>, ProviderError> {
    wait(client.keys(&issuer(), thumbprints, Some(id)))
}

/// What is answered to a question for a key, in a word.
fn word(client: &OidcClient, thumbprints: &[Thumbprint], id: &str) -> String {
    match ask(client, thumbprints, id) {
        Ok(set) if set.has(Some(id)) => "has it".into(),
        Ok(_) => "has it not".into(),
        Err(error) => format!("{error:?}"),
    }
}

/// A site over plain HTTP on loopback, with a client of it.
fn plain(site: &Arc<Site>) -> OidcClient {
    let address = serve(site, None);
    client(&format!("idp.test=http://{address}"), some_trust().clone(), QUICK)
}

/// Authorities that nobody meets.
fn some_trust() -> &'static Trust {
    static MADE: std::sync::OnceLock<Authority> = std::sync::OnceLock::new();
    static TRUST: std::sync::OnceLock<Trust> = std::sync::OnceLock::new();
    TRUST.get_or_init(|| MADE.get_or_init(Authority::new).trust())
}

#[test]
fn keys_are_asked_for_once_and_again_when_the_issuer_has_exchanged_them() {
    let (authority, site) = (Authority::new(), site(&["1"]));
    let address = serve(&site, Some(authority.certify("idp.test", false)));
    let client = client(&format!("idp.test={address}"), authority.trust(), QUICK);
    for _ in 0..5 {
        assert_eq!(word(&client, &[], "1"), "has it");
    }
    let asked = site.asked();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[0].starts_with("get /realm/.well-known/openid-configuration http/1.1\r\n"), "{asked:?}");
    assert!(asked[1].starts_with("get /keys?v=1 http/1.1\r\n") && asked[1].contains("host: idp.test\r\n"));
    site.keys(&["1", "2"]);
    assert_eq!(word(&client, &[], "2"), "has it");
    assert_eq!(word(&client, &[], "1"), "has it");
    assert_eq!(site.asked().len(), 4);
    site.keys(&["2"]);
    assert_eq!(word(&client, &[], "3"), "has it not");
    assert_eq!(ask(&client, &[], "2").expect("keys").len(), 1);
}

#[test]
fn unknown_keys_do_not_make_the_server_ask_without_end() {
    let (authority, site) = (Authority::new(), site(&["1"]));
    let address = serve(&site, Some(authority.certify("idp.test", false)));
    let client = client(&format!("idp.test={address}"), authority.trust(), Pace::WEB);
    for id in ["a", "b", "c", "d", "1", ""] {
        assert!(ask(&client, &[], id).is_ok());
    }
    assert_eq!(site.asked().len(), 2);
}

#[test]
fn many_who_ask_at_once_are_answered_by_one_question() {
    let site = site(&["1"]);
    let client = Arc::new(plain(&site));
    let barrier = Arc::new(Barrier::new(16));
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let (client, barrier) = (Arc::clone(&client), Arc::clone(&barrier));
            std::thread::spawn(move || {
                barrier.wait();
                word(&client, &[], "1")
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic"), "has it");
    }
    assert_eq!(site.asked().len(), 2);
}

#[test]
fn a_server_that_nobody_vouches_for_is_not_believed() {
    let (authority, other, site) = (Authority::new(), Authority::new(), site(&["1"]));
    let expired = {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec!["idp.test".to_owned()]).expect("parameters");
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        let leaf = params.signed_by(&key, &authority.issuer).expect("signed");
        terms(vec![leaf.der().clone(), authority.issuer.der().clone()], &key)
    };
    for (why, served, trust) in [
        ("an unknown authority", other.certify("idp.test", true), authority.trust()),
        ("another name", authority.certify("other.test", true), authority.trust()),
        ("its time is over", expired, authority.trust()),
    ] {
        let address = serve(&site, Some(served));
        let client = client(&format!("idp.test={address}"), trust, QUICK);
        assert_eq!(word(&client, &[], "1"), "Tls", "{why}");
    }
    assert!(site.asked().is_empty());
}

#[test]
fn a_thumbprint_vouches_for_a_chain_whose_authority_is_not_known() {
    let (authority, known, site) = (Authority::new(), Authority::new(), site(&["1"]));
    let start = |served| {
        let address = serve(&site, Some(served));
        client(&format!("idp.test={address}"), known.trust(), QUICK)
    };
    let client = start(authority.certify("idp.test", true));
    let (right, wrong) = ([authority.thumbprint()], [known.thumbprint()]);
    assert_eq!(word(&client, &wrong, "1"), "Tls");
    assert_eq!(word(&client, &right, "1"), "has it");
    // What was learned by a thumbprint is nobody else's.
    assert_eq!(word(&client, &[], "1"), "Tls");
    assert_eq!(word(&client, &wrong, "1"), "Tls");
    assert_eq!(word(&client, &[right[0], wrong[0], right[0]], "1"), "has it");
    // It vouches for no other name, and for no certificate that it did not sign.
    assert_eq!(word(&start(authority.certify("other.test", true)), &right, "1"), "Tls");
    let liar = Authority::new();
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["idp.test".to_owned()]).expect("parameters");
    let leaf = params.signed_by(&key, &liar.issuer).expect("signed");
    let chain = vec![leaf.der().clone(), authority.issuer.der().clone()];
    assert_eq!(word(&start(terms(chain, &key)), &right, "1"), "Tls");
}

#[test]
fn a_thumbprint_vouches_for_a_certificate_that_signed_itself() {
    let site = site(&["1"]);
    let made = rcgen::generate_simple_self_signed(vec!["idp.test".to_owned()]).expect("made");
    let thumbprint = Thumbprint::of(made.cert.der());
    let address = serve(&site, Some(terms(vec![made.cert.der().clone()], &made.signing_key)));
    let client = client(&format!("idp.test={address}"), some_trust().clone(), QUICK);
    assert_eq!(word(&client, &[], "1"), "Tls");
    assert_eq!(word(&client, &[thumbprint], "1"), "has it");
}

#[test]
fn an_issuer_that_misbehaves_is_given_up_in_time() {
    let big = format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024));
    let discovery = "/realm/.well-known/openid-configuration";
    for (why, path, deed, expected) in [
        ("says nothing", discovery, Deed::Silence, "TimedOut"),
        ("says nothing later", "/keys?v=1", Deed::Silence, "TimedOut"),
        ("drips a head", discovery, Deed::Drip("HTTP/1.1 200 X\r\na: b\r\n".into()), "TimedOut"),
        (
            "drips a body",
            "/keys?v=1",
            Deed::Drip("HTTP/1.1 200 X\r\ncontent-length: 9000\r\n\r\n                  ".into()),
            "TimedOut",
        ),
        ("is huge", discovery, Deed::Say(200, big.clone()), "Malformed"),
        ("has a huge set", "/keys?v=1", Deed::Say(200, big), "Malformed"),
        (
            "has endless headers",
            discovery,
            Deed::Raw(format!("HTTP/1.1 200 X\r\n{}", "a: b\r\n".repeat(9_000))),
            "Malformed",
        ),
        ("is not there", discovery, Deed::Say(404, "{}".into()), "Malformed"),
        ("is broken", "/keys?v=1", Deed::Say(500, set(&["1"])), "Malformed"),
        ("is no HTTP", discovery, Deed::Raw("nonsense\r\n\r\n".into()), "Malformed"),
        (
            "stops half way",
            "/keys?v=1",
            Deed::Raw("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{".into()),
            "Malformed",
        ),
        ("is no JSON", discovery, Deed::Say(200, "<html>".into()), "Malformed"),
        ("has no set", "/keys?v=1", Deed::Say(200, "{}".into()), "Malformed"),
        ("has an empty set", "/keys?v=1", Deed::Say(200, set(&[])), "Malformed"),
    ] {
        let site = site(&["1"]);
        site.put(path, deed);
        assert_eq!(word(&plain(&site), &[], "1"), expected, "{why}");
    }
}

#[test]
fn what_was_known_holds_while_an_issuer_is_broken() {
    let site = site(&["1"]);
    let client = plain(&site);
    assert_eq!(word(&client, &[], "1"), "has it");
    for deed in [Deed::Say(500, String::new()), Deed::Say(200, set(&[])), Deed::Say(200, "{".into())] {
        site.put("/keys?v=1", deed);
        assert_eq!(word(&client, &[], "2"), "has it not");
        assert_eq!(word(&client, &[], "1"), "has it");
    }
}

#[test]
fn redirects_are_not_followed() {
    let (site, elsewhere) = (site(&["1"]), site(&["1"]));
    let address = serve(&elsewhere, None);
    for status in [301, 302, 303, 307, 308] {
        let head =
            format!("HTTP/1.1 {status} X\r\nlocation: http://{address}/keys\r\ncontent-length: 0\r\n\r\n");
        site.put("/realm/.well-known/openid-configuration", Deed::Raw(head));
        assert_eq!(word(&plain(&site), &[], "1"), "Malformed", "{status}");
    }
    assert_eq!(elsewhere.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn a_discovery_document_leads_to_named_hosts_only() {
    let elsewhere = site(&["1"]);
    let address = serve(&elsewhere, None);
    for (url, expected) in [
        (format!("https://{address}/keys"), "NotAllowed"),
        ("https://localhost/keys".into(), "NotAllowed"),
        ("https://idp.test:8443/keys".into(), "NotAllowed"),
        ("https://idp.test.evil.test/keys".into(), "NotAllowed"),
        ("https://user@idp.test/keys".into(), "NotAllowed"),
        ("https://evil.test#@idp.test/keys".into(), "NotAllowed"),
        ("https://[::1]/keys".into(), "NotAllowed"),
        (format!("http://{address}/keys"), "Malformed"),
        ("file:///etc/passwd".into(), "Malformed"),
        ("/keys".into(), "Malformed"),
        ("https://idp.test/a b".into(), "Malformed"),
        (format!("https://idp.test/{}", "a".repeat(2048)), "Malformed"),
    ] {
        let site = site(&["1"]);
        site.discovery(&url);
        assert_eq!(word(&plain(&site), &[], "1"), expected, "{url}");
    }
    assert_eq!(elsewhere.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn a_discovery_document_of_somebody_else_is_a_lie() {
    let site = site(&["1"]);
    let text = r#"{"issuer":"https://idp.test/other","jwks_uri":"https://idp.test/keys?v=1"}"#;
    site.put("/realm/.well-known/openid-configuration", Deed::Say(200, text.into()));
    assert_eq!(word(&plain(&site), &[], "1"), "Malformed");
    assert_eq!(site.asked().len(), 1);
}

#[test]
fn nobody_is_asked_who_was_not_named() {
    let site = site(&["1"]);
    let client = plain(&site);
    for text in
        ["https://other.test", "https://idp.test:8443/realm", "https://127.0.0.1/realm", "https://idp.test."]
    {
        let issuer = Issuer::parse(text).expect("an issuer");
        assert!(!client.allows(&issuer), "{text}");
        assert_eq!(wait(client.keys(&issuer, &[], None)).err(), Some(ProviderError::NotAllowed), "{text}");
    }
    assert!(client.allows(&issuer()));
    assert_eq!(site.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn a_name_that_leads_home_is_not_followed() {
    // Every resolver knows this one, and it leads to loopback.
    let client = client("localhost", some_trust().clone(), QUICK);
    let issuer = Issuer::parse("https://localhost").expect("an issuer");
    assert_eq!(wait(client.keys(&issuer, &[], None)).err(), Some(ProviderError::Unreachable));
}

#[test]
fn so_many_wait_for_an_issuer_and_no_more() {
    let site = site(&["1"]);
    site.put("/realm/.well-known/openid-configuration", Deed::Silence);
    let client = plain(&site);
    let waiting: Vec<_> = (0..WAITING_MAX).map(|_| client.keys(&issuer(), &[], Some("1"))).collect();
    assert_eq!(word(&client, &[], "1"), "Throttled");
    drop(waiting);
}

/// Writes a set of keys and answers where.
fn file(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("keys.json");
    std::fs::write(&path, text).expect("written");
    path
}

#[test]
fn keys_in_a_file_need_no_network_and_are_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = BTreeMap::from([(issuer(), file(folder.path(), &set(&["1"])))]);
    let options = Options { files, ..Options::default() };
    let always = Pace { fresh: Duration::ZERO, ..QUICK };
    let client = OidcClient::paced(options, (QUICK, always)).expect("it starts without authorities");
    assert!(client.allows(&issuer()));
    // Nobody has to vouch for a file.
    assert_eq!(word(&client, &[Thumbprint([7; 20])], "1"), "has it");
    file(folder.path(), &set(&["2"]));
    assert_eq!((word(&client, &[], "2"), word(&client, &[], "1")), ("has it".into(), "has it not".into()));
    // Half a file takes nothing away.
    file(folder.path(), r#"{"keys":["#);
    assert_eq!(word(&client, &[], "2"), "has it");
    let other = Issuer::parse("https://idp.test/other").expect("an issuer");
    assert_eq!(wait(client.keys(&other, &[], None)).err(), Some(ProviderError::NotAllowed));
}

#[test]
fn a_file_that_is_no_set_of_keys_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, word) in
        [("{", "JSON"), (r#"{"keys":[]}"#, "no key that verifies"), (&*" ".repeat(300_000), "bytes at most")]
    {
        let files = BTreeMap::from([(issuer(), file(folder.path(), text))]);
        let error = OidcClient::start(Options { files, ..Options::default() }).err().expect("refused");
        assert!(matches!(&error, StartError::Keys { .. }) && error.to_string().contains(word), "{error}");
    }
    let files = BTreeMap::from([(issuer(), folder.path().join("absent.json"))]);
    assert!(OidcClient::start(Options { files, ..Options::default() }).is_err());
}

#[test]
fn a_closed_port_and_a_server_without_tls_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port");
    assert_eq!(
        word(&client(&format!("idp.test={closed}"), some_trust().clone(), QUICK), &[], "1"),
        "Unreachable"
    );
    let talker = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = talker.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in talker.incoming().flatten() {
            let _ = TcpStream::write_all(&mut stream, b"HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n");
        }
    });
    assert_eq!(word(&client(&format!("idp.test={address}"), some_trust().clone(), QUICK), &[], "1"), "Tls");
}
