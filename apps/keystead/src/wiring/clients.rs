//! Which clients a listener lets in at all: those with a certificate of the operator's authorities, where the operator
//! has named some. What they may do then is said by their signatures.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, RootCertStore, SignatureScheme};

use super::tls::{TlsError, pem, pem_of_at_most};

/// Longest file of revocation lists read, in bytes.
const REVOKED_BYTES_MAX: usize = 16 << 20;

/// The files that say which clients are let in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientFiles {
    /// Certificate authorities, PEM.
    pub authorities: PathBuf,
    /// Revocation lists of theirs, PEM.
    pub revoked: Option<PathBuf>,
}

/// Lets clients in; the files can be exchanged while the server runs.
#[derive(Debug)]
pub struct Clients {
    files: ClientFiles,
    current: RwLock<Arc<dyn ClientCertVerifier>>,
}

impl Clients {
    /// Reads the files.
    pub fn read(files: &ClientFiles) -> Result<Arc<Self>, TlsError> {
        let current = RwLock::new(verifier(files)?);
        Ok(Arc::new(Self { files: files.clone(), current }))
    }

    /// Reads the files again. If they cannot be used, what they held so far stays in force.
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = verifier(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    fn now(&self) -> Arc<dyn ClientCertVerifier> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ClientCertVerifier for Clients {
    /// None: they are part of what can be exchanged. A client chooses by itself among several certificates.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.now().verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.now().verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.now().verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.now().supported_verify_schemes()
    }
}

/// Every certificate of the authorities' file must be of use: a gate that lets nobody in should say why. Without a list
/// nothing is revoked; with one, what no list speaks of is not let in.
fn verifier(files: &ClientFiles) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let ClientFiles { authorities, revoked } = files;
    let unusable = |path: &Path, why: &dyn std::fmt::Display| TlsError::Clients {
        path: path.into(),
        why: why.to_string(),
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem(authorities)?) {
        let certificate = certificate.map_err(|_| unusable(authorities, &"it is not PEM"))?;
        roots.add(certificate).map_err(|error| unusable(authorities, &error))?;
    }
    if roots.is_empty() {
        return Err(unusable(authorities, &"it holds no certificate in PEM"));
    }
    let mut builder =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()));
    if let Some(path) = revoked {
        let bytes = pem_of_at_most(path, REVOKED_BYTES_MAX)?;
        let lists: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(&bytes).collect();
        match lists {
            Ok(lists) if !lists.is_empty() => builder = builder.with_crls(lists),
            _ => return Err(unusable(path, &"it holds no revocation list in PEM")),
        }
    }
    builder.build().map_err(|error| unusable(revoked.as_ref().unwrap_or(authorities), &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dev::Authority;

    #[test]
    fn files_that_let_nobody_in_are_refused_and_leave_what_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let authorities = folder.path().join("ca.crt");
        let files = ClientFiles { authorities: authorities.clone(), revoked: None };
        assert!(matches!(Clients::read(&files), Err(TlsError::Certificate { .. })));
        for text in ["", "not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&authorities, text).expect("written");
            assert!(matches!(Clients::read(&files), Err(TlsError::Clients { .. })), "{text}");
        }
        let made = Authority::generate(keystead_model::Timestamp(1_790_000_000_000)).expect("made");
        std::fs::write(&authorities, made.certificate_pem()).expect("written");
        let clients = Clients::read(&files).expect("of use");
        let before = clients.now();
        std::fs::write(&authorities, "").expect("written");
        assert!(clients.reload().is_err());
        assert!(Arc::ptr_eq(&before, &clients.now()));
        let both = ClientFiles { authorities: authorities.clone(), revoked: Some(authorities.clone()) };
        std::fs::write(&authorities, made.certificate_pem()).expect("written");
        assert!(matches!(Clients::read(&both), Err(TlsError::Clients { .. })), "a certificate is no list");
    }
}
