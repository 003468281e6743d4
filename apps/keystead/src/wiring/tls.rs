//! Which certificate a listener shows, and how it is exchanged while the server runs. How TLS is spoken is the
//! front's business.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use keystead_http::tls::server_config_for;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ClientHello, NoClientAuth, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::clients::{ClientFiles, Clients};
use crate::dev::ServerIdentity;
use crate::private_file::{self, ReadError};

/// Longest certificate or key file read, in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;

/// The certificate a listener shows; it can be replaced while the server runs.
pub struct Identity {
    files: Option<(PathBuf, PathBuf)>,
    terms: Arc<ServerConfig>,
    clients: Option<Arc<Clients>>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Identity {
    /// Reads a chain and its private key, and which clients are let in; all are if nothing says which.
    pub fn read(
        certificate: &Path,
        key: &Path,
        clients: Option<&ClientFiles>,
    ) -> Result<Arc<Self>, TlsError> {
        let (chain, private) = load(certificate, key)?;
        let clients = clients.map(Clients::read).transpose()?;
        let of = |source| mismatch(certificate, key, source);
        let (terms, current) = Self::of(chain, private, clients.as_ref()).map_err(of)?;
        let files = Some((certificate.into(), key.into()));
        Ok(Arc::new(Self { files, terms, clients, current: RwLock::new(Arc::new(current)) }))
    }

    /// Takes a certificate made by this process.
    pub fn made(identity: ServerIdentity) -> Result<Arc<Self>, TlsError> {
        let ServerIdentity { chain, key } = identity;
        let (terms, current) = Self::of(chain, key, None).map_err(TlsError::Made)?;
        Ok(Arc::new(Self { files: None, terms, clients: None, current: RwLock::new(Arc::new(current)) }))
    }

    fn of(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        clients: Option<&Arc<Clients>>,
    ) -> Result<(Arc<ServerConfig>, CertifiedKey), rustls::Error> {
        let clients: Arc<dyn ClientCertVerifier> = match clients {
            Some(clients) => Arc::clone(clients) as _,
            None => Arc::new(NoClientAuth),
        };
        let terms = server_config_for(chain.clone(), key.clone_key(), clients)?;
        Ok((terms, CertifiedKey::from_der(chain, key, &default_provider())?))
    }

    /// Reads the files again. New connections get what they hold now; if they cannot be used, what was shown so far
    /// stays.
    pub fn reload(&self) -> Result<(), TlsError> {
        if let Some(clients) = &self.clients {
            clients.reload()?;
        }
        if let Some((certificate, key)) = &self.files {
            let (chain, private) = load(certificate, key)?;
            let fresh = CertifiedKey::from_der(chain, private, &default_provider())
                .map_err(|source| mismatch(certificate, key, source))?;
            let fresh = Arc::new(fresh);
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(())
    }
}

/// The terms of the front, with this certificate.
pub fn terms(identity: Arc<Identity>) -> Arc<ServerConfig> {
    let mut config = ServerConfig::clone(&identity.terms);
    config.cert_resolver = Arc::new(Shown(identity));
    Arc::new(config)
}

/// Why TLS cannot be offered.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file could not be read.
    #[error("cannot read {} ({source})", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file holds no certificate, or more than anybody needs.
    #[error("{} does not hold a certificate chain in PEM", path.display())]
    NoChain {
        /// The file.
        path: PathBuf,
    },
    /// The private key file could not be read, or others can read it.
    #[error("the TLS key: {0}")]
    Key(#[from] ReadError),
    /// The file holds no private key.
    #[error("{} does not hold a private key in PEM", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is of no use with the certificate.
    #[error("the key {} cannot be used with the certificate {} ({source})", key.display(), certificate.display())]
    Mismatch {
        /// The certificate file.
        certificate: PathBuf,
        /// The key file.
        key: PathBuf,
        /// What TLS said.
        source: rustls::Error,
    },
    /// The files that say which clients are let in.
    #[error("{} does not say which clients are let in ({why})", path.display())]
    Clients {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The certificate this process made is of no use: a broken invariant.
    #[error("the development certificate cannot be used ({0})")]
    Made(rustls::Error),
}

/// Shows the same certificate to everybody.
#[derive(Debug)]
struct Shown(Arc<Identity>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("files", &self.files).finish_non_exhaustive()
    }
}

type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn load(certificate: &Path, key: &Path) -> Result<Pair, TlsError> {
    let chain = chain(certificate)?;
    let private = private_file::read(key, FILE_BYTES_MAX)?;
    match PrivateKeyDer::from_pem_slice(private.expose()) {
        Ok(private) => Ok((chain, private)),
        Err(_) => Err(TlsError::NoKey { path: key.into() }),
    }
}

fn mismatch(certificate: &Path, key: &Path, source: rustls::Error) -> TlsError {
    TlsError::Mismatch { certificate: certificate.into(), key: key.into(), source }
}

/// What a file of certificates holds.
pub(super) fn pem(path: &Path) -> Result<Vec<u8>, TlsError> {
    pem_of_at_most(path, FILE_BYTES_MAX)
}

/// The same, of a file that may be longer. One that is longer still is an error: half a list is not a list.
pub(super) fn pem_of_at_most(path: &Path, bytes_max: usize) -> Result<Vec<u8>, TlsError> {
    use std::io::Read;
    let failed = |source| TlsError::Certificate { path: path.into(), source };
    let mut pem = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(bytes_max as u64 + 1).read_to_end(&mut pem).map_err(failed)?;
    match pem.len() > bytes_max {
        true => Err(failed(std::io::Error::other(format!("it is longer than {bytes_max} bytes")))),
        false => Ok(pem),
    }
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    match CertificateDer::pem_slice_iter(&pem(path)?).collect::<Result<Vec<_>, _>>() {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err(TlsError::NoChain { path: path.into() }),
    }
}

#[cfg(test)]
mod tests {
    use keystead_model::Timestamp;

    use super::*;
    use crate::dev::Authority;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Self {
            let files = Self { folder: tempfile::tempdir().expect("a folder") };
            files.write(&Authority::generate(NOW).expect("made"));
            files
        }

        fn write(&self, authority: &Authority) {
            private_file::replace(&self.key(), authority.private_pem().expose()).expect("write");
            std::fs::write(self.certificate(), authority.certificate_pem()).expect("write");
        }

        fn certificate(&self) -> PathBuf {
            self.folder.path().join("tls.crt")
        }

        fn key(&self) -> PathBuf {
            self.folder.path().join("tls.key")
        }
    }

    #[test]
    fn renewed_files_are_shown_after_a_reload_and_bad_ones_never() {
        let files = Files::new();
        let identity = Identity::read(&files.certificate(), &files.key(), None).expect("a pair");
        let shown = || identity.current.read().expect("held by nobody").cert[0].clone();
        let first = shown();
        files.write(&Authority::generate(NOW).expect("made"));
        identity.reload().expect("a pair");
        let second = shown();
        assert_ne!(first, second);
        std::fs::write(files.certificate(), "half a cert").expect("write");
        assert!(matches!(identity.reload(), Err(TlsError::NoChain { .. })));
        assert_eq!(second, shown());
        terms(identity);
    }

    #[test]
    fn a_key_must_fit_its_certificate() {
        let files = Files::new();
        let other = Authority::generate(NOW).expect("made");
        private_file::replace(&files.key(), other.private_pem().expose()).expect("write");
        let error = Identity::read(&files.certificate(), &files.key(), None).expect_err("refused");
        assert!(matches!(error, TlsError::Mismatch { .. }), "{error}");
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let files = Files::new();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        std::fs::set_permissions(files.key(), open).expect("chmod");
        assert!(matches!(Identity::read(&files.certificate(), &files.key(), None), Err(TlsError::Key(_))));
    }
}
