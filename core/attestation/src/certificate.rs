//! One certificate of a document (RFC 5280), and what can be said of it without its neighbours.

use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1, UnparsedPublicKey};
use keystead_model::Timestamp;
use x509_cert::certificate::Version;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::spki::AlgorithmIdentifierOwned;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SECP384R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_WITH_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// Length of an uncompressed point of P-384, in bytes.
const POINT_BYTES: usize = 97;
/// Its first byte.
const UNCOMPRESSED: u8 = 0x04;

/// What is wrong with a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// It is not a certificate in DER.
    #[error("is not an X.509 certificate in DER")]
    NotDer,
    /// It is of version 1 or 2.
    #[error("is not of X.509 version 3")]
    Version,
    /// Its key is not of P-384.
    #[error("does not hold an uncompressed P-384 key")]
    Key,
    /// It is signed with something else than ECDSA with SHA-384.
    #[error("is not signed with ECDSA and SHA-384")]
    Algorithm,
    /// It has the same extension twice.
    #[error("has an extension twice")]
    ExtensionTwice,
    /// It has a critical extension whose meaning is not known here.
    #[error("has a critical extension that is not known here")]
    CriticalExtension,
    /// Its basic constraints or key usage do not parse.
    #[error("has an extension that does not parse")]
    Extension,
    /// It is not valid yet.
    #[error("is not valid yet: check the clocks")]
    NotYetValid,
    /// It has expired.
    #[error("has expired")]
    Expired,
    /// It stands where an authority is needed and is none.
    #[error("is not that of an authority")]
    NotAuthority,
    /// Its key may not sign certificates.
    #[error("may not sign certificates")]
    NoCertificateSigning,
    /// More authorities follow it than it allows.
    #[error("allows fewer authorities below it")]
    PathLength,
    /// It signs a document and says that it is an authority.
    #[error("is that of an authority")]
    Authority,
    /// Its key may not sign documents.
    #[error("may not sign")]
    NoSigning,
    /// It names another issuer than the certificate before it.
    #[error("was issued by another name")]
    Issuer,
    /// It was not signed by the certificate before it.
    #[error("was not signed by its issuer")]
    Signature,
}

/// A certificate that parses, with a key and a signature of the kinds taken.
pub struct Certificate<'a> {
    signed: &'a [u8],
    parsed: x509_cert::Certificate,
    constraints: Option<BasicConstraints>,
    usage: Option<KeyUsage>,
}

impl<'a> Certificate<'a> {
    pub fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| Fault::NotDer)?;
        let signed = signed_part(der).map_err(|_| Fault::NotDer)?;
        let tbs = parsed.tbs_certificate();
        if tbs.version() != Version::V3 {
            return Err(Fault::Version);
        }
        if parsed.signature_algorithm() != tbs.signature() || !is_ecdsa_sha384(tbs.signature()) {
            return Err(Fault::Algorithm);
        }
        extensions_are_known(&parsed)?;
        let constraints = tbs.get_extension().map_err(|_| Fault::Extension)?;
        let usage = tbs.get_extension().map_err(|_| Fault::Extension)?;
        let certificate = Self {
            signed,
            constraints: constraints.map(|(_, constraints)| constraints),
            usage: usage.map(|(_, usage)| usage),
            parsed,
        };
        match certificate.is_p384() {
            true => Ok(certificate),
            false => Err(Fault::Key),
        }
    }

    /// The key, as an uncompressed point of P-384.
    pub fn key(&self) -> &[u8] {
        self.parsed.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes()
    }

    fn is_p384(&self) -> bool {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        let curve = info.algorithm.parameters.as_ref().and_then(|curve| curve.decode_as().ok());
        let point = info.subject_public_key.as_bytes();
        info.algorithm.oid == EC_PUBLIC_KEY
            && curve == Some(SECP384R1)
            && point.is_some_and(|point| point.len() == POINT_BYTES && point[0] == UNCOMPRESSED)
    }

    /// Its time has begun and has not ended; both ends belong to it.
    pub fn is_current(&self, now: Timestamp) -> Result<(), Fault> {
        let validity = self.parsed.tbs_certificate().validity();
        let now = now.seconds();
        if now < validity.not_before.to_unix_duration().as_secs() {
            return Err(Fault::NotYetValid);
        }
        match now > validity.not_after.to_unix_duration().as_secs() {
            true => Err(Fault::Expired),
            false => Ok(()),
        }
    }

    /// It may sign certificates, with this many authorities following it.
    pub fn may_certify(&self, authorities_below: usize) -> Result<(), Fault> {
        let Some(BasicConstraints { ca: true, path_len_constraint }) = &self.constraints else {
            return Err(Fault::NotAuthority);
        };
        if !self.usage.as_ref().is_some_and(KeyUsage::key_cert_sign) {
            return Err(Fault::NoCertificateSigning);
        }
        match path_len_constraint {
            Some(most) if usize::from(*most) < authorities_below => Err(Fault::PathLength),
            _ => Ok(()),
        }
    }

    /// It may sign documents, and nothing that others stand on.
    pub fn may_sign(&self) -> Result<(), Fault> {
        if let Some(BasicConstraints { ca, path_len_constraint }) = &self.constraints
            && (*ca || path_len_constraint.is_some())
        {
            return Err(Fault::Authority);
        }
        match self.usage.as_ref().is_some_and(KeyUsage::digital_signature) {
            true => Ok(()),
            false => Err(Fault::NoSigning),
        }
    }

    /// It was issued and signed by `issuer`.
    pub fn is_issued_by(&self, issuer: &Certificate<'_>) -> Result<(), Fault> {
        if self.parsed.tbs_certificate().issuer() != issuer.parsed.tbs_certificate().subject() {
            return Err(Fault::Issuer);
        }
        let signature = self.parsed.signature().as_bytes().ok_or(Fault::Signature)?;
        let key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, issuer.key());
        key.verify(self.signed, signature).map_err(|_| Fault::Signature)
    }
}

fn is_ecdsa_sha384(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.oid == ECDSA_WITH_SHA384 && algorithm.parameters.is_none()
}

/// The signed part as it came: what was signed is these bytes, not what they mean.
fn signed_part(der: &[u8]) -> x509_cert::der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    let signed = reader.sequence(|inside| {
        let signed = inside.tlv_bytes()?;
        inside.tlv_bytes()?;
        inside.tlv_bytes()?;
        Ok::<_, x509_cert::der::Error>(signed)
    })?;
    reader.finish()?;
    Ok(signed)
}

fn extensions_are_known(certificate: &x509_cert::Certificate) -> Result<(), Fault> {
    let extensions = certificate.tbs_certificate().extensions().map_or(&[][..], |all| all.as_slice());
    for (at, extension) in extensions.iter().enumerate() {
        let known = [BasicConstraints::OID, KeyUsage::OID].contains(&extension.extn_id);
        if extension.critical && !known {
            return Err(Fault::CriticalExtension);
        }
        if extensions[..at].iter().any(|before| before.extn_id == extension.extn_id) {
            return Err(Fault::ExtensionTwice);
        }
    }
    Ok(())
}
