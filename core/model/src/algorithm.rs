//! What can be done with a key: the algorithms, and which of them go with which key spec.

use std::fmt;

use crate::key::spelled;
use crate::{EncryptionAlgorithm, KeySpec, KeyUsage};

spelled! {
    /// How a message is signed.
    SigningAlgorithm {
        /// RSASSA-PSS of RFC 8017 with SHA-256, the salt as long as the digest.
        RsassaPssSha256 = 1 "RSASSA_PSS_SHA_256",
        /// RSASSA-PSS with SHA-384.
        RsassaPssSha384 = 2 "RSASSA_PSS_SHA_384",
        /// RSASSA-PSS with SHA-512.
        RsassaPssSha512 = 3 "RSASSA_PSS_SHA_512",
        /// RSASSA-PKCS1-v1_5 of RFC 8017 with SHA-256.
        RsassaPkcs1Sha256 = 4 "RSASSA_PKCS1_V1_5_SHA_256",
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        RsassaPkcs1Sha384 = 5 "RSASSA_PKCS1_V1_5_SHA_384",
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        RsassaPkcs1Sha512 = 6 "RSASSA_PKCS1_V1_5_SHA_512",
        /// ECDSA of FIPS 186-5 with SHA-256; signatures in DER.
        EcdsaSha256 = 7 "ECDSA_SHA_256",
        /// ECDSA with SHA-384.
        EcdsaSha384 = 8 "ECDSA_SHA_384",
        /// ECDSA with SHA-512.
        EcdsaSha512 = 9 "ECDSA_SHA_512",
        /// SM2 signatures of GB/T 32918.
        Sm2Dsa = 10 "SM2DSA",
        /// ML-DSA of FIPS 204 with an empty context string.
        MlDsaShake256 = 11 "ML_DSA_SHAKE_256",
        /// Ed25519 of RFC 8032: over the message itself.
        Ed25519Sha512 = 12 "ED25519_SHA_512",
        /// Ed25519ph of RFC 8032: over the message's SHA-512 digest.
        Ed25519PhSha512 = 13 "ED25519_PH_SHA_512",
    }
}

spelled! {
    /// How a message authentication code is made: HMAC of FIPS 198-1.
    MacAlgorithm {
        /// With SHA-224.
        HmacSha224 = 1 "HMAC_SHA_224",
        /// With SHA-256.
        HmacSha256 = 2 "HMAC_SHA_256",
        /// With SHA-384.
        HmacSha384 = 3 "HMAC_SHA_384",
        /// With SHA-512.
        HmacSha512 = 4 "HMAC_SHA_512",
    }
}

spelled! {
    /// How two parties agree on a secret.
    KeyAgreementAlgorithm {
        /// Elliptic curve Diffie-Hellman of SP 800-56A: the raw x coordinate.
        Ecdh = 1 "ECDH",
    }
}

spelled! {
    /// How a secret is encapsulated to a public key.
    EncapsulationAlgorithm {
        /// ML-KEM of FIPS 203.
        MlKem = 1 "ML_KEM",
    }
}

spelled! {
    /// What the bytes handed to a signing algorithm are.
    MessageType {
        /// The message itself.
        Raw = 1 "RAW",
        /// Its digest.
        Digest = 2 "DIGEST",
        /// The 64-byte mu of FIPS 204 section 6.2, computed outside.
        ExternalMu = 3 "EXTERNAL_MU",
    }
}

spelled! {
    /// How key material is wrapped to be imported.
    WrappingAlgorithm {
        /// RSA-OAEP with SHA-1 over the material itself.
        RsaesOaepSha1 = 1 "RSAES_OAEP_SHA_1",
        /// RSA-OAEP with SHA-256 over the material itself.
        RsaesOaepSha256 = 2 "RSAES_OAEP_SHA_256",
        /// An AES key under RSA-OAEP with SHA-1, then the material under AES key wrap with padding (RFC 5649).
        RsaAesKeyWrapSha1 = 3 "RSA_AES_KEY_WRAP_SHA_1",
        /// The same with SHA-256.
        RsaAesKeyWrapSha256 = 4 "RSA_AES_KEY_WRAP_SHA_256",
        /// SM2 encryption.
        Sm2Pke = 5 "SM2PKE",
    }
}

spelled! {
    /// The key that material is wrapped under to be imported.
    WrappingKeySpec {
        /// RSA with a modulus of 2,048 bits.
        Rsa2048 = 1 "RSA_2048",
        /// RSA with a modulus of 3,072 bits.
        Rsa3072 = 2 "RSA_3072",
        /// RSA with a modulus of 4,096 bits.
        Rsa4096 = 3 "RSA_4096",
        /// SM2.
        Sm2 = 4 "SM2",
    }
}

impl KeySpec {
    /// The purposes a key of this spec can serve; it serves one of them.
    pub fn usages(self) -> &'static [KeyUsage] {
        use KeySpec::*;
        use KeyUsage::*;
        match self {
            SymmetricDefault => &[EncryptDecrypt],
            Rsa2048 | Rsa3072 | Rsa4096 => &[EncryptDecrypt, SignVerify],
            EccNistP256 | EccNistP384 | EccNistP521 => &[SignVerify, KeyAgreement],
            EccSecgP256k1 | EccNistEdwards25519 => &[SignVerify],
            Hmac224 | Hmac256 | Hmac384 | Hmac512 => &[GenerateVerifyMac],
            Sm2 => &[EncryptDecrypt, SignVerify, KeyAgreement],
            MlDsa44 | MlDsa65 | MlDsa87 => &[SignVerify],
            MlKem512 | MlKem768 | MlKem1024 => &[EncapsulateDecapsulate],
        }
    }

    /// How a key of this spec encrypts, if that is its purpose.
    pub fn encryption_algorithms(self) -> &'static [EncryptionAlgorithm] {
        use EncryptionAlgorithm as How;
        match self {
            Self::SymmetricDefault => &[How::SymmetricDefault],
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => &[How::RsaesOaepSha1, How::RsaesOaepSha256],
            Self::Sm2 => &[How::Sm2Pke],
            _ => &[],
        }
    }

    /// The most bytes that a key of this spec encrypts with `algorithm`; 0 if it does not. RSA-OAEP: RFC 8017
    /// section 7.1.1.
    pub fn plaintext_bytes_max(self, algorithm: EncryptionAlgorithm) -> usize {
        let modulus = match self {
            Self::SymmetricDefault if algorithm == EncryptionAlgorithm::SymmetricDefault => return 4096,
            Self::Rsa2048 => 256,
            Self::Rsa3072 => 384,
            Self::Rsa4096 => 512,
            _ => return 0,
        };
        match algorithm {
            EncryptionAlgorithm::RsaesOaepSha1 => modulus - 2 * 20 - 2,
            EncryptionAlgorithm::RsaesOaepSha256 => modulus - 2 * 32 - 2,
            EncryptionAlgorithm::SymmetricDefault | EncryptionAlgorithm::Sm2Pke => 0,
        }
    }

    /// How a key of this spec signs, if that is its purpose.
    pub fn signing_algorithms(self) -> &'static [SigningAlgorithm] {
        use KeySpec::*;
        use SigningAlgorithm::*;
        match self {
            Rsa2048 | Rsa3072 | Rsa4096 => &[
                RsassaPkcs1Sha256,
                RsassaPkcs1Sha384,
                RsassaPkcs1Sha512,
                RsassaPssSha256,
                RsassaPssSha384,
                RsassaPssSha512,
            ],
            EccNistP256 | EccSecgP256k1 => &[EcdsaSha256],
            EccNistP384 => &[EcdsaSha384],
            EccNistP521 => &[EcdsaSha512],
            EccNistEdwards25519 => &[Ed25519Sha512, Ed25519PhSha512],
            Sm2 => &[Sm2Dsa],
            MlDsa44 | MlDsa65 | MlDsa87 => &[MlDsaShake256],
            _ => &[],
        }
    }

    /// How a key of this spec makes message authentication codes, if that is its purpose.
    pub fn mac_algorithms(self) -> &'static [MacAlgorithm] {
        match self {
            Self::Hmac224 => &[MacAlgorithm::HmacSha224],
            Self::Hmac256 => &[MacAlgorithm::HmacSha256],
            Self::Hmac384 => &[MacAlgorithm::HmacSha384],
            Self::Hmac512 => &[MacAlgorithm::HmacSha512],
            _ => &[],
        }
    }

    /// How a key of this spec agrees on secrets, if that is its purpose.
    pub fn key_agreement_algorithms(self) -> &'static [KeyAgreementAlgorithm] {
        match self.usages().contains(&KeyUsage::KeyAgreement) {
            true => &[KeyAgreementAlgorithm::Ecdh],
            false => &[],
        }
    }

    /// How secrets are encapsulated to a key of this spec, if that is its purpose.
    pub fn encapsulation_algorithms(self) -> &'static [EncapsulationAlgorithm] {
        match self.usages().contains(&KeyUsage::EncapsulateDecapsulate) {
            true => &[EncapsulationAlgorithm::MlKem],
            false => &[],
        }
    }

    /// The names of all that a key of this spec does for `usage`; none if it does not serve it.
    pub fn algorithms(self, usage: KeyUsage) -> Vec<&'static str> {
        fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|one| name(*one)).collect()
        }
        match usage {
            KeyUsage::EncryptDecrypt => names(self.encryption_algorithms(), EncryptionAlgorithm::as_str),
            KeyUsage::SignVerify => names(self.signing_algorithms(), SigningAlgorithm::as_str),
            KeyUsage::GenerateVerifyMac => names(self.mac_algorithms(), MacAlgorithm::as_str),
            KeyUsage::KeyAgreement => names(self.key_agreement_algorithms(), KeyAgreementAlgorithm::as_str),
            KeyUsage::EncapsulateDecapsulate => {
                names(self.encapsulation_algorithms(), EncapsulationAlgorithm::as_str)
            }
        }
    }

    /// Whether a key of this spec has a public half.
    pub fn is_asymmetric(self) -> bool {
        use KeySpec::*;
        !matches!(self, SymmetricDefault | Hmac224 | Hmac256 | Hmac384 | Hmac512)
    }

    /// Whether making a key of this spec takes long enough (RSA: up to seconds) to be kept off request threads.
    pub fn is_slow_to_make(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }

    /// Whether what the private half does takes several times as long as all that surrounds it (RSA: a quarter of a
    /// millisecond and more).
    pub fn is_slow_to_use(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }
}

impl SigningAlgorithm {
    /// Length of the digest the algorithm signs, in bytes; `None` where it takes the message itself.
    pub fn digest_bytes(self) -> Option<usize> {
        use SigningAlgorithm::*;
        match self {
            RsassaPssSha256 | RsassaPkcs1Sha256 | EcdsaSha256 | Sm2Dsa => Some(32),
            RsassaPssSha384 | RsassaPkcs1Sha384 | EcdsaSha384 => Some(48),
            RsassaPssSha512 | RsassaPkcs1Sha512 | EcdsaSha512 | Ed25519PhSha512 => Some(64),
            MlDsaShake256 | Ed25519Sha512 => None,
        }
    }
}

impl MacAlgorithm {
    /// Length of a code, in bytes.
    pub fn mac_bytes(self) -> usize {
        match self {
            Self::HmacSha224 => 28,
            Self::HmacSha256 => 32,
            Self::HmacSha384 => 48,
            Self::HmacSha512 => 64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rsa_encrypts_what_rfc_8017_leaves_room_for() {
        use EncryptionAlgorithm::*;
        for (spec, sha_1, sha_256) in
            [(KeySpec::Rsa2048, 214, 190), (KeySpec::Rsa3072, 342, 318), (KeySpec::Rsa4096, 470, 446)]
        {
            assert_eq!(spec.plaintext_bytes_max(RsaesOaepSha1), sha_1, "{spec}");
            assert_eq!(spec.plaintext_bytes_max(RsaesOaepSha256), sha_256, "{spec}");
            assert_eq!(spec.plaintext_bytes_max(SymmetricDefault), 0, "{spec}");
        }
        assert_eq!(KeySpec::SymmetricDefault.plaintext_bytes_max(SymmetricDefault), 4096);
        assert_eq!(KeySpec::Hmac256.plaintext_bytes_max(RsaesOaepSha1), 0);
    }

    #[test]
    fn a_key_is_told_to_do_what_its_usage_lets_it_do() {
        assert_eq!(
            KeySpec::Rsa2048.algorithms(KeyUsage::EncryptDecrypt),
            ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
        );
        assert_eq!(KeySpec::EccNistP384.algorithms(KeyUsage::SignVerify), ["ECDSA_SHA_384"]);
        assert_eq!(KeySpec::EccNistP384.algorithms(KeyUsage::KeyAgreement), ["ECDH"]);
        assert_eq!(KeySpec::MlKem512.algorithms(KeyUsage::EncapsulateDecapsulate), ["ML_KEM"]);
        for spec in KeySpec::ALL {
            for usage in KeyUsage::ALL {
                assert_eq!(
                    spec.algorithms(*usage).is_empty(),
                    !spec.usages().contains(usage),
                    "{spec} {usage}"
                );
            }
        }
    }

    #[test]
    fn every_spec_has_an_algorithm_for_every_usage_and_none_beside() {
        for spec in KeySpec::ALL {
            let has = |usage| spec.usages().contains(&usage);
            assert_eq!(has(KeyUsage::EncryptDecrypt), !spec.encryption_algorithms().is_empty(), "{spec}");
            assert_eq!(has(KeyUsage::SignVerify), !spec.signing_algorithms().is_empty(), "{spec}");
            assert_eq!(has(KeyUsage::GenerateVerifyMac), !spec.mac_algorithms().is_empty(), "{spec}");
            assert!(!spec.usages().is_empty(), "{spec}");
        }
    }
}
