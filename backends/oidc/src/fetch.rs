//! One question to an issuer: its discovery document, then the keys it points to.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use keystead_federation::{Issuer, KEY_SET_BYTES_MAX, KeySet, ProviderError, Thumbprint, jwks_uri};
use keystead_outbound::{At, Names, Route, reach};
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use crate::vouched;

/// How long an issuer may take in all, in milliseconds: both documents, with names, connections and TLS. As AWS has it.
pub const FETCH_MS_MAX: u64 = 5_000;
/// How long one address is tried before the next, in milliseconds.
const ADDRESS_MS_MAX: u64 = 1_000;
/// Longest discovery document, in bytes.
const DISCOVERY_BYTES_MAX: usize = 64 * 1024;
/// Longest head of an answer, in bytes.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Most headers of an answer.
const HEADERS_MAX: usize = 64;
/// Longest URL that a discovery document may point to, in bytes.
const URL_BYTES_MAX: usize = 2048;

/// What went wrong, and a word for whoever runs the server.
pub(crate) type Outcome<T> = Result<T, (ProviderError, String)>;

fn because<T>(error: ProviderError, why: impl Into<String>) -> Outcome<T> {
    Err((error, why.into()))
}

/// Asks issuers.
pub(crate) struct Fetcher {
    routes: HashMap<(Box<str>, u16), At>,
    /// `None` without a host to speak to over TLS.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    names: Names,
}

impl Fetcher {
    pub(crate) fn new(routes: Vec<Route>, authorities: Option<Arc<WebPkiServerVerifier>>) -> Self {
        let routes = routes.into_iter().map(|Route { host, port, at }| ((host, port), at));
        Self { routes: routes.collect(), authorities, names: Names::default() }
    }

    /// Whether the issuer's own host may be asked.
    pub(crate) fn allows(&self, issuer: &Issuer) -> bool {
        self.target(&issuer.discovery()).is_ok()
    }

    /// The keys of an issuer.
    pub(crate) async fn keys(&self, issuer: &Issuer, thumbprints: &[Thumbprint]) -> Outcome<KeySet> {
        let document = self.get(&issuer.discovery(), thumbprints, DISCOVERY_BYTES_MAX).await?;
        let Some(url) = jwks_uri(&document, issuer) else {
            return because(ProviderError::Malformed, "no discovery document of this issuer with a jwks_uri");
        };
        let set = self.get(&url, thumbprints, KEY_SET_BYTES_MAX).await?;
        read(&set)
    }

    /// One document. A redirect is an answer that is not understood: it may lead anywhere.
    async fn get(&self, url: &str, thumbprints: &[Thumbprint], bytes_max: usize) -> Outcome<Bytes> {
        let Target { host, port, at, path, authority } = self.target(url)?;
        let addresses = match at {
            At::Tls(address) | At::Plain(address) => vec![address],
            At::Name => match self.names.resolve(&host, port).await {
                Some(addresses) => addresses,
                None => return because(ProviderError::Unreachable, format!("{host} leads nowhere")),
            },
        };
        let Some(stream) = reach(&addresses, Duration::from_millis(ADDRESS_MS_MAX)).await else {
            return because(ProviderError::Unreachable, format!("{authority} cannot be reached"));
        };
        let request = Request::get(path)
            .header(header::HOST, authority)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "keystead")
            .header(header::CONNECTION, "close")
            .body(Empty::new());
        let Ok(request) = request else { return because(ProviderError::Malformed, "not a path") };
        if matches!(at, At::Plain(_)) {
            return exchange(stream, request, bytes_max).await;
        }
        let terms = self.authorities.as_ref().and_then(|known| vouched::terms(known, thumbprints).ok());
        let (Some(terms), Ok(name)) = (terms, ServerName::try_from(host.into_string())) else {
            return because(ProviderError::Tls, "TLS cannot be set up");
        };
        match TlsConnector::from(terms).connect(name, stream).await {
            Ok(stream) => exchange(stream, request, bytes_max).await,
            Err(error) => because(ProviderError::Tls, error.to_string()),
        }
    }

    /// Where a URL leads, if it is one of HTTPS at a host that may be spoken to.
    fn target(&self, url: &str) -> Outcome<Target> {
        let parsed =
            Some(url).filter(|url| url.len() <= URL_BYTES_MAX).and_then(|url| url.parse::<Uri>().ok());
        let Some(uri) = parsed.filter(|uri| uri.scheme_str() == Some("https")) else {
            return because(
                ProviderError::Malformed,
                format!("{:.200} is no URL of HTTPS", url.escape_debug()),
            );
        };
        let (Some(authority), Some(path)) = (uri.authority(), uri.path_and_query()) else {
            return because(ProviderError::Malformed, "a URL without a host");
        };
        // `port()` is `None` also for a port that is no number: what was written must be host and port and no more.
        let host: Box<str> = authority.host().to_ascii_lowercase().into();
        let port = authority.port_u16();
        let spelled = port.map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        let key = (host, port.unwrap_or(Route::HTTPS));
        match self.routes.get(&key) {
            Some(at) if authority.as_str().eq_ignore_ascii_case(&spelled) => {
                let path = path.as_str().to_owned();
                Ok(Target { host: key.0, port: key.1, at: *at, path, authority: spelled })
            }
            _ => because(
                ProviderError::NotAllowed,
                format!("{spelled:.200} is not named in identity_providers.hosts"),
            ),
        }
    }
}

/// Reads a set of keys. One that can verify nothing is no set: better to keep the one before.
pub(crate) fn read(bytes: &[u8]) -> Outcome<KeySet> {
    match KeySet::parse(bytes) {
        Ok(set) if set.is_empty() => {
            because(ProviderError::Malformed, "the set has no key that verifies signatures")
        }
        Ok(set) => Ok(set),
        Err(error) => because(ProviderError::Malformed, error.to_string()),
    }
}

/// Reads a set of keys from a file.
pub(crate) fn read_file(path: &Path) -> Outcome<KeySet> {
    use std::io::Read;
    let failed = |error: std::io::Error| {
        (ProviderError::Unreachable, format!("cannot read {} ({error})", path.display()))
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(KEY_SET_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    read(&bytes).map_err(|(error, why)| (error, format!("{}: {why}", path.display())))
}

struct Target {
    host: Box<str>,
    port: u16,
    at: At,
    path: String,
    /// Host and port as URLs write them.
    authority: String,
}

async fn exchange<S>(stream: S, request: Request<Empty<Bytes>>, bytes_max: usize) -> Outcome<Bytes>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new();
    builder.max_headers(HEADERS_MAX).max_buf_size(HEAD_BYTES_MAX);
    let (mut link, connection) = match builder.handshake(TokioIo::new(stream)).await {
        Ok(both) => both,
        Err(error) => return because(ProviderError::Unreachable, error.to_string()),
    };
    // It ends with this exchange, however that ends: dropping the set aborts what is in it.
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(connection);
    let answer = match link.send_request(request).await {
        Ok(answer) => answer,
        Err(error) if error.is_parse() => return because(ProviderError::Malformed, error.to_string()),
        Err(error) => return because(ProviderError::Unreachable, error.to_string()),
    };
    if answer.status() != StatusCode::OK {
        return because(ProviderError::Malformed, format!("status {}", answer.status().as_u16()));
    }
    match Limited::new(answer.into_body(), bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) => because(ProviderError::Malformed, error.to_string()),
    }
}
