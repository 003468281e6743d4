//! A started server, and what tests do with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keystead_sdk::kms::{Client, Config};
use rustix::process::{Pid, Signal, kill_process};
use rustls::DigitallySignedStruct;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use serde_json::{Value, json};

/// Longest wait for a start or a stop.
const WAIT: Duration = Duration::from_secs(30);

/// A server of this test. Killed when dropped.
pub struct Running {
    child: Child,
    exports: Vec<(String, String)>,
    env_file: Option<PathBuf>,
    _folder: tempfile::TempDir,
}

impl Running {
    /// `keystead dev` on a free port, once it answers.
    pub fn dev(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let env_file = folder.path().join("env");
        let child = command()
            .args(["dev", "--listen", "127.0.0.1:0", "--env-file"])
            .arg(&env_file)
            .args(args)
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut server = Self { child, exports: Vec::new(), env_file: Some(env_file), _folder: folder };
        server.await_until(|server| server.env_file.as_ref().is_some_and(|path| path.exists()));
        server.exports = exports(&server.env_text());
        server
    }

    /// `keystead serve`, once it answers in plain HTTP on `address`.
    pub fn serve(config: &str, address: &str, credentials: &(String, String)) -> Self {
        let child = command()
            .args(["serve", "--config", config])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let exports = [
            ("AWS_ENDPOINT_URL", format!("http://{address}")),
            ("AWS_ACCESS_KEY_ID", credentials.0.clone()),
            ("AWS_SECRET_ACCESS_KEY", credentials.1.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ];
        let exports = exports.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Self { child, exports, env_file: None, _folder: folder };
        let address: SocketAddr = address.parse().expect("an address");
        server.await_until(|_| TcpStream::connect(address).is_ok());
        server
    }

    fn await_until(&mut self, there: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !there(self) {
            if let Some(status) = self.child.try_wait().expect("a child") {
                panic!("the server ended early: {status}");
            }
            assert!(begun.elapsed() < WAIT, "the server does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// One of the exported values.
    pub fn env(&self, name: &str) -> String {
        let found = self.exports.iter().find(|(key, _)| key == name);
        found.unwrap_or_else(|| panic!("{name} is not exported")).1.clone()
    }

    /// The exports as written.
    pub fn env_text(&self) -> String {
        std::fs::read_to_string(self.env_file.as_ref().expect("dev writes one")).expect("readable")
    }

    /// A signed call of the KMS API.
    pub fn call(&self, target: &str, body: &Value) -> Value {
        let lookup =
            |name: &str| self.exports.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let config = Config::from_lookup(lookup).expect("the exports are a configuration");
        Client::new(config)
            .expect("a client")
            .call(target, body)
            .unwrap_or_else(|error| panic!("{target}: {error}"))
    }

    /// Makes a key and answers its id.
    pub fn create_key(&self) -> String {
        let created = self.call("TrentService.CreateKey", &json!({}));
        created["KeyMetadata"]["KeyId"].as_str().expect("an id").to_owned()
    }

    /// Another `keystead` that talks to this server.
    pub fn keystead(&self, args: &[&str]) -> Output {
        let exports = self.exports.iter().map(|(name, value)| (name, value));
        command().args(args).envs(exports).output().expect("the program runs")
    }

    /// `keystead audit tail --follow`, beginning with the newest record.
    pub fn follow(&self) -> Follower {
        let exports = self.exports.iter().map(|(name, value)| (name, value));
        let args = ["audit", "tail", "--follow", "-n", "1"];
        let mut child = command().args(args).envs(exports).stdout(Stdio::piped()).spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Follower { child, lines }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits until something has come true.
    pub fn until(&self, there: impl Fn() -> bool) {
        let begun = Instant::now();
        while !there() {
            assert!(begun.elapsed() < WAIT, "it does not come true");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// An unsigned GET: status and answer.
    pub fn get(&self, path: &str) -> (u16, String) {
        let endpoint = self.env("AWS_ENDPOINT_URL");
        match endpoint.split_once("://").expect("a URL") {
            ("https", address) => {
                let socket = TcpStream::connect(address).expect("it listens");
                exchange(rustls::StreamOwned::new(self.tls(), socket), address, path)
            }
            (_, address) => plain_get(address, path),
        }
    }

    fn tls(&self) -> rustls::ClientConnection {
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(self.env("AWS_CA_BUNDLE")).expect("a bundle") {
            roots.add(certificate.expect("PEM")).expect("an authority");
        }
        let config = client_terms().with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        rustls::ClientConnection::new(Arc::new(config), name).expect("a connection")
    }

    /// SIGTERM, then the exit code and what was printed.
    pub fn stop(mut self) -> (Option<i32>, String) {
        self.signal(Signal::TERM);
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(begun.elapsed() < WAIT, "the server does not stop");
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut printed = String::new();
        self.child.stdout.take().expect("piped").read_to_string(&mut printed).expect("text");
        (status.code(), printed)
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a child");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the program to its end.
pub fn keystead(args: &[&str]) -> Output {
    command().args(args).output().expect("the program runs")
}

/// What it printed.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it complained of.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A loopback address nobody listens on at this moment.
pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").to_string()
}

/// The program, with nothing in its environment that points anywhere.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keystead"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// An unsigned GET in plain HTTP: status and answer.
pub fn plain_get(address: &str, path: &str) -> (u16, String) {
    exchange(TcpStream::connect(address).expect("it listens"), address, path)
}

fn exchange(mut stream: impl Read + Write, address: &str, path: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("written");
    let mut answer = Vec::new();
    // A server may close without saying goodbye in TLS; what came before counts.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
    (status, answer)
}

/// Writes a new certificate for localhost with its key, and answers its bytes.
pub fn certificate(chain: &Path, key: &Path) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("made");
    std::fs::write(key, made.signing_key.serialize_pem()).expect("written");
    std::fs::set_permissions(key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("allowed");
    std::fs::write(chain, made.cert.pem()).expect("written");
    made.cert.der().to_vec()
}

/// The certificate that a server shows.
pub fn shown(address: &str) -> Vec<u8> {
    let seen = Arc::new(Seen::default());
    let config = client_terms().dangerous().with_custom_certificate_verifier(Arc::clone(&seen) as _);
    let name = ServerName::try_from("localhost").expect("a name");
    let mut connection =
        rustls::ClientConnection::new(Arc::new(config.with_no_client_auth()), name).expect("a connection");
    let mut socket = TcpStream::connect(address).expect("it listens");
    connection.complete_io(&mut socket).expect("a handshake");
    seen.0.lock().expect("held by nobody").clone()
}

fn client_terms() -> rustls::ConfigBuilder<rustls::ClientConfig, rustls::WantsVerifier> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    builder.with_safe_default_protocol_versions().expect("versions")
}

/// Takes any certificate and remembers it: it is what the test wants to look at.
#[derive(Debug, Default)]
struct Seen(Mutex<Vec<u8>>);

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().expect("held by nobody") = certificate.to_vec();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// A follower of the log. Ended when dropped.
pub struct Follower {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Follower {
    /// The next line; waits for it.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("text");
        line
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn exports(text: &str) -> Vec<(String, String)> {
    let pair = |line: &str| {
        let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
        Some((name.to_owned(), value.trim_matches('\'').to_owned()))
    };
    text.lines().filter_map(pair).collect()
}
