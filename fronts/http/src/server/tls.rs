//! How TLS is spoken: 1.3 preferred, 1.2 allowed, the hybrid post-quantum key exchange first.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoClientAuth, NoServerSessionStorage};

/// The server side of TLS for a certificate chain and its key. Clients are asked for no certificate.
///
/// # Errors
/// If the key does not fit the certificate, or is of a kind that is not taken.
pub fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    server_config_for(chain, key, Arc::new(NoClientAuth))
}

/// The same, and which clients are let in.
///
/// Sessions are not resumed: that saves the server no time worth having, and the secrets of ended sessions
/// would stay in memory.
///
/// # Errors
/// If the key does not fit the certificate, or is of a kind that is not taken.
pub fn server_config_for(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    clients: Arc<dyn ClientCertVerifier>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut provider = default_provider();
    provider.kx_groups =
        vec![kx_group::X25519MLKEM768, kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1];
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
    use rustls::{
        ClientConfig, ClientConnection, NamedGroup, ProtocolVersion, RootCertStore, ServerConnection,
    };
    use rustls::{StreamOwned, SupportedProtocolVersion};

    use super::*;

    /// Shakes hands over a socket; answers the version, the key exchange and the protocol agreed on.
    fn handshake(
        versions: &[&'static SupportedProtocolVersion],
    ) -> (Option<ProtocolVersion>, Option<NamedGroup>, Option<Vec<u8>>) {
        let made = rcgen::generate_simple_self_signed(["localhost".into()]).expect("a certificate");
        let certificate = made.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let server = server_config(vec![certificate.clone()], key.into()).expect("a configuration");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("bound");
        let serving = std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a connection");
            let session = ServerConnection::new(server).expect("a session");
            let mut stream = StreamOwned::new(session, stream);
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a byte");
            stream.write_all(&byte).expect("the byte back");
        });
        let mut roots = RootCertStore::empty();
        roots.add(certificate).expect("a root");
        let mut client = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.alpn_protocols = vec![b"h2".to_vec()];
        let name = ServerName::try_from("localhost").expect("a name");
        let session = ClientConnection::new(Arc::new(client), name).expect("a session");
        let mut stream = StreamOwned::new(session, TcpStream::connect(address).expect("a listener"));
        stream.write_all(b"x").expect("sent");
        stream.read_exact(&mut [0]).expect("an echo");
        serving.join().expect("the server's end");
        let group = stream.conn.negotiated_key_exchange_group().map(|group| group.name());
        (stream.conn.protocol_version(), group, stream.conn.alpn_protocol().map(<[u8]>::to_vec))
    }

    #[test]
    fn the_newest_version_and_the_hybrid_key_exchange_come_first() {
        let (version, group, protocol) = handshake(&[&rustls::version::TLS13, &rustls::version::TLS12]);
        assert_eq!(version, Some(ProtocolVersion::TLSv1_3));
        assert_eq!(group, Some(NamedGroup::X25519MLKEM768));
        assert_eq!(protocol.as_deref(), Some(b"h2".as_slice()));
    }

    #[test]
    fn the_version_before_is_still_taken() {
        let (version, _, _) = handshake(&[&rustls::version::TLS12]);
        assert_eq!(version, Some(ProtocolVersion::TLSv1_2));
    }
}
