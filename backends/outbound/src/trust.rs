//! Which certificates others may show, and which one a client shows.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// Longest file of certificates read, in bytes.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Whom a client believes, and who it says it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trust {
    /// Certificate authorities, PEM; those of the operating system if absent.
    pub authorities: Option<PathBuf>,
    /// The client's own certificate chain and private key, PEM, for servers that ask for one.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file cannot be read.
    #[error("cannot read {} ({source})", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} does not hold {what} in PEM", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// No certificate authority is known.
    #[error("the operating system has no file of certificate authorities; name one in ca_file")]
    NoAuthorities,
    /// The key does not fit the certificate, or TLS cannot use them.
    #[error("TLS cannot be set up ({0})")]
    Unusable(#[from] rustls::Error),
}

impl Trust {
    /// The terms of a client: TLS 1.2 and 1.3, certificates of the authorities, HTTP/1.1.
    ///
    /// # Errors
    /// [`TrustError`]: a file cannot be read or is of no use.
    pub fn config(&self) -> Result<Arc<ClientConfig>, TrustError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = self.verifier()?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_webpki_verifier(verifier);
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let content = |what| TrustError::Content { path: key.clone(), what };
                let private =
                    PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| content("a private key"))?;
                builder.with_client_auth_cert(certificates(certificate)?, private)?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// What verifies certificates against the authorities.
    ///
    /// # Errors
    /// [`TrustError`]: there are no authorities, or their file is of no use.
    pub fn verifier(&self) -> Result<Arc<WebPkiServerVerifier>, TrustError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(self.roots()?), provider);
        builder.build().map_err(|_| TrustError::NoAuthorities)
    }

    fn roots(&self) -> Result<RootCertStore, TrustError> {
        let path = match &self.authorities {
            Some(path) => path.clone(),
            None => {
                let known = SYSTEM_FILES.iter().map(PathBuf::from).find(|path| path.exists());
                known.ok_or(TrustError::NoAuthorities)?
            }
        };
        let mut roots = RootCertStore::empty();
        // Bundles of operating systems hold certificates that are no good today; the good ones count.
        let (taken, _) = roots.add_parsable_certificates(certificates(&path)?);
        match taken {
            0 => Err(TrustError::Content { path, what: "a certificate authority" }),
            _ => Ok(roots),
        }
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let pem = read(path)?;
    match CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>() {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(TrustError::Content { path: path.into(), what: "a certificate" }),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TrustError> {
    use std::io::Read;
    let failed = |source| TrustError::Read { path: path.into(), source };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Where operating systems keep the certificate authorities they trust.
const SYSTEM_FILES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
