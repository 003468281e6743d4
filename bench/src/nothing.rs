//! The server that does nothing, on the HTTP and TLS stack of the product: what the rest is measured against.
//!
//! It runs in a process of its own, as the product does: this program, started by itself in this role. It reads
//! a request whole and answers a fixed body as long as an answer of `Encrypt`. It ends when its standard input does.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::Full;
use keystead_http::metrics::Metrics;
use keystead_http::server::{Answer, Config, Handler, Limits, Received, Server, Stop, Trouble, tls};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The word on the command line that means this role. After it comes the file to write the certificate to.
pub const ROLE: &str = "do-nothing-server";

/// Serves on a free loopback port, whose address it prints in one line, until standard input ends.
pub fn run(words: &[OsString]) -> Result<ExitCode> {
    let certificate = words.first().context("no file to write the certificate to")?;
    let identity = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    std::fs::write(certificate, identity.cert.pem())?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.signing_key.serialize_der()));
    let config = Config {
        listen: "127.0.0.1:0".parse()?,
        tls: Some(tls::server_config(vec![identity.cert.der().clone()], key)?),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        name: "nothing",
        limits: Limits::default(),
        stop: Stop::new(),
        metrics: Arc::new(Metrics::new()),
    };
    let server = Server::start(config, Arc::new(Nothing))?;
    println!("{}", server.address());
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    server.stop();
    Ok(ExitCode::SUCCESS)
}

struct Nothing;

impl Handler for Nothing {
    async fn answer(&self, _: &Received) -> Answer {
        let mut answer = Response::new(Full::new(Bytes::from_static(&BODY)));
        let kind = HeaderValue::from_static("application/x-amz-json-1.1");
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer
    }

    async fn trouble(&self, _: &Received, _: Trouble) -> Answer {
        let mut answer = Response::new(Full::new(Bytes::new()));
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        answer
    }
}

/// About as long as an answer of `Encrypt`.
static BODY: [u8; 400] = [b' '; 400];
