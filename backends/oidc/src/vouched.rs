//! Who vouches for an issuer's server: a certificate authority, or the thumbprints of the provider as IAM has them.

use std::sync::Arc;

use keystead_federation::Thumbprint;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// Certificates of a chain that are looked at. Chains are three or four long.
const CHAIN_MAX: usize = 8;

/// The terms of a connection to an issuer whose provider has these thumbprints.
pub(crate) fn terms(
    authorities: &Arc<WebPkiServerVerifier>,
    thumbprints: &[Thumbprint],
) -> Result<Arc<ClientConfig>, Error> {
    let verifier = Vouched {
        authorities: Arc::clone(authorities),
        thumbprints: thumbprints.into(),
        provider: Arc::new(default_provider()),
    };
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&verifier.provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Believes the authorities; and where they know nothing, a certificate of the chain that a thumbprint picks out. Either
/// way the server's certificate must be for its name, in its time, and signed by whoever is believed.
#[derive(Debug)]
struct Vouched {
    authorities: Arc<WebPkiServerVerifier>,
    thumbprints: Box<[Thumbprint]>,
    provider: Arc<CryptoProvider>,
}

impl Vouched {
    /// The certificate that a thumbprint picks out, as the one authority there is.
    fn picked_out(&self, chain: &[&CertificateDer<'_>]) -> Option<Arc<WebPkiServerVerifier>> {
        let known =
            |certificate: &&&CertificateDer<'_>| self.thumbprints.contains(&Thumbprint::of(certificate));
        let certificate = chain.iter().take(CHAIN_MAX).find(known)?;
        let mut roots = RootCertStore::empty();
        roots.add((*certificate).clone().into_owned()).ok()?;
        let builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.provider));
        builder.build().ok()
    }
}

impl ServerCertVerifier for Vouched {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let refused = match verify(&self.authorities) {
            Ok(verified) => return Ok(verified),
            Err(error) => error,
        };
        let chain: Vec<&CertificateDer<'_>> = intermediates.iter().chain([end_entity]).collect();
        match self.picked_out(&chain) {
            Some(verifier) => verify(&verifier),
            None => Err(refused),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}
