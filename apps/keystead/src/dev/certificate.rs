//! The development certificate authority: it vouches for names on this machine only, and its private key never
//! leaves the development folder.
//!
//! What lasts is the authority's private key. Its certificate and the server's are made anew at each start, so
//! neither expires under a folder that is used now and then; a copy of the authority's certificate that somebody
//! trusted before keeps working, because name and key stay.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::civil::Date;
use keystead_crypto::SecretBytes;
use keystead_model::Timestamp;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
    PKCS_ECDSA_P256_SHA256, SanType, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Days for which the authority's certificate is good, counted from a start.
pub const AUTHORITY_DAYS: u32 = 3650;
/// Days for which the server's certificate is good, counted from a start.
pub const SERVER_DAYS: u32 = 397;

/// The authority: a P-256 key that signs certificates for `localhost`, 127.0.0.0/8 and ::1.
pub struct Authority {
    params: CertificateParams,
    key: KeyPair,
    certificate: Certificate,
    now: Timestamp,
}

/// What a server shows and proves.
pub struct ServerIdentity {
    /// The server's certificate. The authority's is not sent: who does not have it would not trust it.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its private key.
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    /// Draws a new authority.
    pub fn generate(now: Timestamp) -> Result<Self, CertificateError> {
        Self::of(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?, now)
    }

    /// The authority whose key was kept; `pem` is what [`Authority::private_pem`] gave.
    pub fn restore(pem: &SecretBytes, now: Timestamp) -> Result<Self, CertificateError> {
        let text = std::str::from_utf8(pem.expose()).map_err(|_| CertificateError::NotText)?;
        Self::of(KeyPair::from_pkcs8_pem_and_sign_algo(text, &PKCS_ECDSA_P256_SHA256)?, now)
    }

    fn of(key: KeyPair, now: Timestamp) -> Result<Self, CertificateError> {
        let params = authority_params(now);
        let certificate = params.self_signed(&key)?;
        Ok(Self { params, key, certificate, now })
    }

    /// The private key, to be kept where only its owner can read.
    pub fn private_pem(&self) -> SecretBytes {
        SecretBytes::new(self.key.serialize_pem().into_bytes())
    }

    /// The certificate that clients are to trust.
    pub fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    /// A fresh server certificate for this machine's own names, and for `listen` if it is another loopback
    /// address.
    pub fn issue(&self, listen: IpAddr) -> Result<ServerIdentity, CertificateError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = server_params(self.now, listen)?.signed_by(&key, &issuer)?;
        Ok(ServerIdentity {
            chain: vec![certificate.der().clone()],
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        })
    }
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The kept key is not text.
    #[error("the key is not PEM text")]
    NotText,
    /// The kept key does not parse, or signing failed.
    #[error("{0}")]
    Rcgen(#[from] rcgen::Error),
}

fn authority_params(now: Timestamp) -> CertificateParams {
    let subnet =
        |address: IpAddr, prefix| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, prefix));
    let mut params = valid_for(now, AUTHORITY_DAYS);
    params.distinguished_name = name("Keystead development authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".into()),
            subnet(Ipv4Addr::LOCALHOST.into(), 8),
            subnet(Ipv6Addr::LOCALHOST.into(), 128),
        ],
        excluded_subtrees: Vec::new(),
    });
    params
}

fn server_params(now: Timestamp, listen: IpAddr) -> Result<CertificateParams, CertificateError> {
    let mut addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    if !addresses.contains(&listen) {
        addresses.push(listen);
    }
    let mut params = valid_for(now, SERVER_DAYS);
    params.distinguished_name = name("Keystead development server");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.subject_alt_names = vec![SanType::DnsName("localhost".try_into()?)];
    params.subject_alt_names.extend(addresses.into_iter().map(SanType::IpAddress));
    Ok(params)
}

/// From the day before, because clocks of containers and hosts differ, for `days`. The serial number is random, so
/// that two certificates of one authority never share it.
fn valid_for(now: Timestamp, days: u32) -> CertificateParams {
    let mut serial = [0; 16];
    aws_lc_rs::rand::fill(&mut serial).unwrap_or_else(|_| std::process::abort());
    serial[0] &= 0x7f;
    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    let day = |timestamp| {
        let date = date_of(timestamp);
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = day(Timestamp(now.0.saturating_sub(Timestamp::DAY_MS)));
    params.not_after = day(now.plus_days(days));
    params
}

/// The UTC day an instant falls on; a clock beyond the year 9000 reads as that, where certificates end anyway.
fn date_of(at: Timestamp) -> Date {
    let latest = jiff::civil::date(9000, 1, 1);
    i64::try_from(at.0)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .map_or(latest, |at| at.to_zoned(jiff::tz::TimeZone::UTC).date().min(latest))
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Keystead");
    name.push(DnType::CommonName, common);
    name
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier;
    use rustls::pki_types::{ServerName, UnixTime, pem::PemObject};

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn trusted(bundle: &str, identity: &ServerIdentity, name: &str, at: Timestamp) -> bool {
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(bundle.as_bytes()) {
            roots.add(certificate.expect("PEM")).expect("an authority");
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().expect("roots");
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let at = UnixTime::since_unix_epoch(Duration::from_millis(at.0));
        verifier.verify_server_cert(&identity.chain[0], &[], &name, &[], at).is_ok()
    }

    #[test]
    fn the_server_is_trusted_under_the_names_of_this_machine_only() {
        let authority = Authority::generate(NOW).expect("made");
        let identity = authority.issue("127.0.0.2".parse().expect("an address")).expect("issued");
        let bundle = authority.certificate_pem();
        for name in ["localhost", "127.0.0.1", "127.0.0.2", "::1"] {
            assert!(trusted(&bundle, &identity, name, NOW), "{name}");
        }
        for name in ["example.org", "127.0.0.3", "192.0.2.1"] {
            assert!(!trusted(&bundle, &identity, name, NOW), "{name}");
        }
    }

    #[test]
    fn the_authority_cannot_vouch_for_the_outside() {
        let authority = Authority::generate(NOW).expect("made");
        let identity = authority.issue("192.0.2.1".parse().expect("an address")).expect("issued");
        assert!(!trusted(&authority.certificate_pem(), &identity, "192.0.2.1", NOW));
    }

    #[test]
    fn a_bundle_trusted_before_trusts_the_next_start() {
        let first = Authority::generate(NOW).expect("made");
        let later = NOW.plus_days(1000);
        let second = Authority::restore(&first.private_pem(), later).expect("restored");
        let identity = second.issue(Ipv4Addr::LOCALHOST.into()).expect("issued");
        assert!(trusted(&first.certificate_pem(), &identity, "localhost", later));
        assert!(trusted(&second.certificate_pem(), &identity, "localhost", later));
        assert!(!trusted(
            &second.certificate_pem(),
            &identity,
            "localhost",
            later.plus_days(SERVER_DAYS + 1)
        ));
    }

    #[test]
    fn a_damaged_key_is_an_error() {
        let pem = Authority::generate(NOW).expect("made").private_pem();
        let half = SecretBytes::copy_from(&pem.expose()[..pem.len() / 2]);
        assert!(Authority::restore(&half, NOW).is_err());
        assert!(Authority::restore(&SecretBytes::new(vec![0xff; 40]), NOW).is_err());
    }
}
