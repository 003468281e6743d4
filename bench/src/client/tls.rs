//! The client's side of TLS: version 1.3 only, no resumption, HTTP/1.1.

use std::sync::Arc;

use anyhow::{Context, Result};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Which key exchange to offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exchange {
    /// X25519 together with ML-KEM-768.
    Hybrid,
    /// X25519 alone.
    Classic,
}

/// Trusts the certificates in `pem`, and offers one key exchange only.
pub fn config(pem: &[u8], exchange: Exchange) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.context("a certificate to trust is broken")?)?;
    }
    let mut provider = default_provider();
    provider.kx_groups = match exchange {
        Exchange::Hybrid => vec![kx_group::X25519MLKEM768],
        Exchange::Classic => vec![kx_group::X25519],
    };
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}
