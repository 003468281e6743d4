//! Signing, sending, reading: the same for every operation.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{HeaderMap, Request};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};
use zeroize::{Zeroize, Zeroizing};

use super::config::{Authorities, Config};
use super::{CallError, ConfigError, ServiceError};

/// Longest answer read into memory, in bytes. Streamed answers have no limit.
pub const RESPONSE_BYTES_MAX: usize = 1 << 20;
/// How often one call is tried before its error is handed on.
pub const ATTEMPTS_MAX: u32 = 4;

const BACK_OFF_MS: u64 = 100;
const FIRST_READ_BYTES: usize = 16 * 1024;

/// One request, before it is signed.
pub(super) struct Call<'a> {
    /// For messages: the operation or the path.
    pub name: &'a str,
    /// The service in the signature's scope.
    pub service: &'a str,
    pub method: &'a str,
    pub path_and_query: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

/// An answer whose body has not been read yet.
pub struct Response {
    /// HTTP status; 200 to 299, since anything else is an error.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it arrives. Has no limit: the caller reads what it wants.
    pub body: Box<dyn Read + Send>,
}

/// A connection pool towards one endpoint, with what is needed to sign for it.
pub(super) struct Transport {
    agent: Agent,
    config: Config,
}

impl Transport {
    pub(super) fn new(config: Config) -> Result<Self, ConfigError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::new_with_certs(&trusted(&config.authorities)?))
            .build();
        let mut agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("keystead-sdk/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(config.connect_timeout))
            .timeout_connect(Some(config.connect_timeout))
            .timeout_send_request(Some(config.answer_timeout))
            .timeout_send_body(Some(config.answer_timeout))
            .timeout_recv_response(Some(config.answer_timeout));
        if matches!(config.authorities, Authorities::None) {
            // WHY: plain HTTP is meant for this machine and must not travel to a proxy.
            agent = agent.proxy(None);
        }
        Ok(Self { agent: agent.build().new_agent(), config })
    }

    /// Sends, reads the whole answer, and tries again where that may help.
    pub(super) fn call(&self, call: &Call<'_>) -> Result<Zeroizing<Vec<u8>>, CallError> {
        self.persist(|| {
            let (_, mut body) = self.exchange(call, Some(self.config.answer_timeout))?;
            self.read_all(call, &mut body)
        })
    }

    /// Sends, and hands over the answer to be read as it arrives.
    pub(super) fn stream(&self, call: &Call<'_>) -> Result<Response, CallError> {
        self.persist(|| {
            let (head, body) = self.exchange(call, None)?;
            Ok(Response {
                status: head.status.as_u16(),
                headers: head.headers,
                body: Box::new(body.into_reader()),
            })
        })
    }

    fn persist<T>(&self, attempt: impl Fn() -> Result<T, CallError>) -> Result<T, CallError> {
        let mut attempts = 1;
        loop {
            match attempt() {
                Err(CallError::Service(error)) if error.may_retry() && attempts < ATTEMPTS_MAX => {
                    std::thread::sleep(back_off(attempts));
                    attempts += 1;
                }
                other => return other,
            }
        }
    }

    /// One attempt: signed anew, since a signature is for one instant.
    fn exchange(
        &self,
        call: &Call<'_>,
        body_timeout: Option<Duration>,
    ) -> Result<(http::response::Parts, Body), CallError> {
        let request = self.signed_request(call)?;
        let request = self.agent.configure_request(request).timeout_recv_body(body_timeout).build();
        let answer = self.agent.run(request).map_err(|error| self.not_reached(error))?;
        let (head, mut body) = answer.into_parts();
        if head.status.is_success() {
            return Ok((head, body));
        }
        let text = self.read_all(call, &mut body)?;
        Err(CallError::Service(refusal(call, &head, &text)))
    }

    fn signed_request<'a>(&self, call: &Call<'a>) -> Result<Request<&'a [u8]>, CallError> {
        let made = |error: &dyn std::fmt::Display| CallError::Request(error.to_string());
        let url = self.url(call.path_and_query);
        let mut request = Request::builder().method(call.method).uri(&url);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(call.body).map_err(|error| made(&error))?;
        let identity = self.config.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.config.region)
            .name(call.service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| made(&error))?
            .into();
        let signable = SignableRequest::new(
            call.method,
            url,
            call.headers.iter().copied(),
            SignableBody::Bytes(call.body),
        )
        .map_err(|error| made(&error))?;
        let (instructions, _) = sign(signable, &parameters).map_err(|error| made(&error))?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    fn url(&self, path_and_query: &str) -> String {
        let endpoint = self.config.endpoint.to_string();
        format!("{}{path_and_query}", endpoint.trim_end_matches('/'))
    }

    /// Reads an answer within its limit; wipes every buffer it outgrows.
    fn read_all(&self, call: &Call<'_>, body: &mut Body) -> Result<Zeroizing<Vec<u8>>, CallError> {
        let expected =
            body.content_length().and_then(|len| usize::try_from(len).ok()).unwrap_or(FIRST_READ_BYTES);
        let mut text = Zeroizing::new(vec![0; expected.clamp(1, RESPONSE_BYTES_MAX)]);
        let mut reader = body.as_reader();
        let mut filled = 0;
        loop {
            if filled == text.len() {
                let mut larger = Zeroizing::new(vec![0; (text.len() * 2).min(RESPONSE_BYTES_MAX + 1)]);
                larger[..filled].copy_from_slice(&text);
                text = larger;
            }
            match reader.read(&mut text[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.not_reached(ureq::Error::from(error))),
            }
            if filled > RESPONSE_BYTES_MAX {
                let operation = call.name.to_owned();
                return Err(CallError::Answer { operation, reason: "it is longer than 1 MiB" });
            }
        }
        text[filled..].zeroize();
        text.truncate(filled);
        Ok(text)
    }

    fn not_reached(&self, error: ureq::Error) -> CallError {
        let endpoint = self.config.endpoint.to_string().trim_end_matches('/').to_owned();
        match error {
            ureq::Error::Timeout(_) => CallError::Timeout { endpoint },
            ureq::Error::Rustls(error) => tls_failed(endpoint, &error),
            ureq::Error::Io(error) => {
                match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    Some(error) => tls_failed(endpoint, error),
                    None if error.kind() == io::ErrorKind::TimedOut => CallError::Timeout { endpoint },
                    None => CallError::Unreachable { endpoint, reason: error.to_string() },
                }
            }
            other => CallError::Unreachable { endpoint, reason: other.to_string() },
        }
    }
}

fn tls_failed(endpoint: String, error: &rustls::Error) -> CallError {
    match error {
        rustls::Error::InvalidCertificate(_) => CallError::Untrusted { endpoint, reason: error.to_string() },
        _ => CallError::Unreachable { endpoint, reason: error.to_string() },
    }
}

/// 100 ms, 200 ms, 400 ms, each up to half as much longer, so that many callers do not come back at once.
fn back_off(attempts: u32) -> Duration {
    let mut dice = [0; 1];
    // WHY: without dice every caller waits equally long, which is only less good.
    let _ = aws_lc_rs::rand::fill(&mut dice);
    let base = BACK_OFF_MS << (attempts - 1).min(6);
    Duration::from_millis(base + base * u64::from(dice[0]) / 512)
}

/// The service's words, wherever its protocol keeps them.
fn refusal(call: &Call<'_>, head: &http::response::Parts, text: &[u8]) -> ServiceError {
    let json: serde_json::Value = serde_json::from_slice(text).unwrap_or_default();
    let member = |names: &[&str]| names.iter().find_map(|name| json.get(name)?.as_str().map(str::to_owned));
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let code = member(&["__type", "code"]).or_else(|| header("x-amzn-errortype")).unwrap_or_default();
    let code = code.rsplit('#').next().unwrap_or_default();
    let code = code.split(':').next().unwrap_or_default().to_owned();
    ServiceError {
        operation: call.name.to_owned(),
        status: head.status.as_u16(),
        code,
        message: member(&["message", "Message"]).unwrap_or_default(),
        request_id: header("x-amzn-requestid"),
    }
}

fn trusted(authorities: &Authorities) -> Result<Vec<Certificate<'static>>, ConfigError> {
    match authorities {
        Authorities::None => Ok(Vec::new()),
        Authorities::File(path) => certificates(path),
        Authorities::System => {
            let path = SYSTEM_FILES.iter().map(PathBuf::from).find(|path| path.exists());
            certificates(&path.ok_or(ConfigError::NoSystemCertificates)?)
        }
    }
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, ConfigError> {
    let unusable = |reason: String| ConfigError::Certificates { path: path.to_owned(), reason };
    let text = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let mut found = Vec::new();
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| unusable(error.to_string()))? {
            found.push(certificate);
        }
    }
    match found.is_empty() {
        true => Err(unusable("there is no certificate in it".into())),
        false => Ok(found),
    }
}

/// Where Linux distributions and other systems keep the certificates they trust.
const SYSTEM_FILES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
