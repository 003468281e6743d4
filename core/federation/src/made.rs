//! Issuers for tests: keys that sign, and the sets that publish them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) enum Signer {
    Rsa(RsaKeyPair),
    /// The curve's name, and the key.
    Ec(&'static str, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    pub(crate) fn rsa(size: KeySize) -> Self {
        Self::Rsa(RsaKeyPair::generate(size).expect("a key"))
    }

    pub(crate) fn ec(curve: &'static str) -> Self {
        let algorithm = match curve {
            "P-256" => &ECDSA_P256_SHA256_FIXED_SIGNING,
            "P-384" => &ECDSA_P384_SHA384_FIXED_SIGNING,
            _ => &ECDSA_P521_SHA512_FIXED_SIGNING,
        };
        Self::Ec(curve, EcdsaKeyPair::generate(algorithm).expect("a key"))
    }

    pub(crate) fn ed25519() -> Self {
        Self::Ed25519(Ed25519KeyPair::generate().expect("a key"))
    }

    /// The members of its public key, without braces.
    pub(crate) fn members(&self) -> String {
        match self {
            Self::Rsa(pair) => {
                // SEQUENCE { INTEGER n, INTEGER 65537 }, n with a leading zero.
                let der = pair.public_key().as_ref();
                let n = &der[9..der.len() - 5];
                format!(r#""kty":"RSA","n":"{}","e":"AQAB""#, b64(n))
            }
            Self::Ec(curve, pair) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                format!(r#""kty":"EC","crv":"{curve}","x":"{}","y":"{}""#, b64(x), b64(y))
            }
            Self::Ed25519(pair) => {
                format!(r#""kty":"OKP","crv":"Ed25519","x":"{}""#, b64(pair.public_key().as_ref()))
            }
        }
    }

    /// A token with this header and payload, whatever they are.
    pub(crate) fn token(&self, algorithm: &str, header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", b64(header.as_bytes()), b64(payload.as_bytes()));
        let signature = self.sign(algorithm, signed.as_bytes());
        format!("{signed}.{}", b64(&signature))
    }

    fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let encoding: &'static dyn RsaEncoding = match algorithm {
                    "RS256" => &RSA_PKCS1_SHA256,
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    _ => &RSA_PSS_SHA512,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut signature).expect("it signs");
                signature
            }
            Self::Ec(_, pair) => pair.sign(&random, message).expect("it signs").as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}
