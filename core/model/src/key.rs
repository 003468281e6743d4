//! Keys, what they are made of and what they may do.

use std::fmt;
use std::str::FromStr;

/// Names one key within a location: a UUID, or for a multi-Region key `mrk-` and 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    bytes: [u8; 16],
    multi_region: bool,
}

impl KeyId {
    /// A single-Region id out of 16 random bytes, of which the version and variant bits of RFC 9562
    /// section 5.4 (UUID version 4) are overwritten.
    pub fn from_random(mut random: [u8; 16]) -> Self {
        random[6] = (random[6] & 0x0f) | 0x40;
        random[8] = (random[8] & 0x3f) | 0x80;
        Self { bytes: random, multi_region: false }
    }

    /// From the parts that [`KeyId::bytes`] and [`KeyId::is_multi_region`] answer.
    pub fn from_parts(bytes: [u8; 16], multi_region: bool) -> Self {
        Self { bytes, multi_region }
    }

    /// The sixteen bytes that the digits spell.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    /// Whether the id is of the `mrk-` form.
    pub fn is_multi_region(&self) -> bool {
        self.multi_region
    }

    /// The text form in a fixed array: 36 bytes either way.
    pub fn text(&self) -> [u8; 36] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut out = [0u8; 36];
        let mut at = 0;
        if self.multi_region {
            out[..4].copy_from_slice(b"mrk-");
            at = 4;
        }
        for (index, byte) in self.bytes.iter().enumerate() {
            if !self.multi_region && matches!(index, 4 | 6 | 8 | 10) {
                out[at] = b'-';
                at += 1;
            }
            out[at] = DIGITS[usize::from(byte >> 4)];
            out[at + 1] = DIGITS[usize::from(byte & 15)];
            at += 2;
        }
        out
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.text()).expect("key ids are spelled in ASCII"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is neither a lower-case UUID nor `mrk-` and 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key id is a lower-case UUID, or mrk- and 32 lower-case hexadecimal digits")]
pub struct ParseKeyIdError;

impl FromStr for KeyId {
    type Err = ParseKeyIdError;

    fn from_str(text: &str) -> Result<Self, ParseKeyIdError> {
        let text = text.as_bytes();
        if text.len() != 36 {
            return Err(ParseKeyIdError);
        }
        let multi_region = text.starts_with(b"mrk-");
        let mut bytes = [0u8; 16];
        let mut at = if multi_region { 4 } else { 0 };
        for (index, byte) in bytes.iter_mut().enumerate() {
            if !multi_region && matches!(index, 4 | 6 | 8 | 10) {
                if text[at] != b'-' {
                    return Err(ParseKeyIdError);
                }
                at += 1;
            }
            *byte = nibble(text[at])? << 4 | nibble(text[at + 1])?;
            at += 2;
        }
        Ok(Self { bytes, multi_region })
    }
}

fn nibble(digit: u8) -> Result<u8, ParseKeyIdError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(ParseKeyIdError),
    }
}

/// Names one version of a key's bytes: 32 bytes, spelled as 64 lower-case hexadecimal digits.
///
/// It is random and says nothing about the bytes it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaterialId(pub [u8; 32]);

impl fmt::Display for MaterialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for MaterialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for MaterialId {
    type Err = ParseKeyIdError;

    fn from_str(text: &str) -> Result<Self, ParseKeyIdError> {
        if text.len() != 64 {
            return Err(ParseKeyIdError);
        }
        let mut bytes = [0u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

/// An enumeration with one text spelling and one stored number a value.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The spelling the field uses.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The value of a spelling, if there is one.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }

            /// The number stored for it. Numbers are never used again for something else.
            pub fn code(self) -> u8 {
                match self { $($name::$variant => $code),+ }
            }

            /// The value of a stored number, if there is one.
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
pub(crate) use spelled;

spelled! {
    /// The algorithm and size of a key.
    KeySpec {
        /// AES-256, used through the ciphertext format of `docs/formats/ciphertext.md`.
        SymmetricDefault = 1 "SYMMETRIC_DEFAULT",
        /// RSA with a modulus of 2,048 bits.
        Rsa2048 = 2 "RSA_2048",
        /// RSA with a modulus of 3,072 bits.
        Rsa3072 = 3 "RSA_3072",
        /// RSA with a modulus of 4,096 bits.
        Rsa4096 = 4 "RSA_4096",
        /// NIST P-256.
        EccNistP256 = 5 "ECC_NIST_P256",
        /// NIST P-384.
        EccNistP384 = 6 "ECC_NIST_P384",
        /// NIST P-521.
        EccNistP521 = 7 "ECC_NIST_P521",
        /// secp256k1 of SEC 2.
        EccSecgP256k1 = 8 "ECC_SECG_P256K1",
        /// Ed25519.
        EccNistEdwards25519 = 9 "ECC_NIST_EDWARDS25519",
        /// HMAC with SHA-224.
        Hmac224 = 10 "HMAC_224",
        /// HMAC with SHA-256.
        Hmac256 = 11 "HMAC_256",
        /// HMAC with SHA-384.
        Hmac384 = 12 "HMAC_384",
        /// HMAC with SHA-512.
        Hmac512 = 13 "HMAC_512",
        /// SM2 of GB/T 32918.
        Sm2 = 14 "SM2",
        /// ML-DSA-44 of FIPS 204.
        MlDsa44 = 15 "ML_DSA_44",
        /// ML-DSA-65 of FIPS 204.
        MlDsa65 = 16 "ML_DSA_65",
        /// ML-DSA-87 of FIPS 204.
        MlDsa87 = 17 "ML_DSA_87",
        /// ML-KEM-512 of FIPS 203.
        MlKem512 = 18 "ML_KEM_512",
        /// ML-KEM-768 of FIPS 203.
        MlKem768 = 19 "ML_KEM_768",
        /// ML-KEM-1024 of FIPS 203.
        MlKem1024 = 20 "ML_KEM_1024",
    }
}

spelled! {
    /// The one purpose a key serves.
    KeyUsage {
        /// Encrypt and decrypt.
        EncryptDecrypt = 1 "ENCRYPT_DECRYPT",
        /// Sign and verify.
        SignVerify = 2 "SIGN_VERIFY",
        /// Make and verify message authentication codes.
        GenerateVerifyMac = 3 "GENERATE_VERIFY_MAC",
        /// Agree on a shared secret.
        KeyAgreement = 4 "KEY_AGREEMENT",
        /// Encapsulate and decapsulate a shared secret.
        EncapsulateDecapsulate = 5 "ENCAPSULATE_DECAPSULATE",
    }
}

spelled! {
    /// How bytes are sealed under a key.
    EncryptionAlgorithm {
        /// The symmetric format of `docs/formats/ciphertext.md`.
        SymmetricDefault = 1 "SYMMETRIC_DEFAULT",
        /// RSA-OAEP of RFC 8017 with SHA-1.
        RsaesOaepSha1 = 2 "RSAES_OAEP_SHA_1",
        /// RSA-OAEP of RFC 8017 with SHA-256.
        RsaesOaepSha256 = 3 "RSAES_OAEP_SHA_256",
        /// SM2 encryption of GB/T 32918.
        Sm2Pke = 4 "SM2PKE",
    }
}

spelled! {
    /// Where the key's bytes come from.
    Origin {
        /// Made here.
        AwsKms = 1 "AWS_KMS",
        /// Imported by its owner.
        External = 2 "EXTERNAL",
        /// Held in a PKCS#11 module.
        AwsCloudHsm = 3 "AWS_CLOUDHSM",
        /// Held by another key manager.
        ExternalKeyStore = 4 "EXTERNAL_KEY_STORE",
    }
}

spelled! {
    /// Who looks after the key.
    KeyManager {
        /// A service, on its users' behalf.
        Aws = 1 "AWS",
        /// The owner of the account.
        Customer = 2 "CUSTOMER",
    }
}

spelled! {
    /// What a key may be used for at the moment.
    KeyState {
        /// Being made.
        Creating = 1 "Creating",
        /// In use.
        Enabled = 2 "Enabled",
        /// Kept, but refusing every use until enabled again.
        Disabled = 3 "Disabled",
        /// To be destroyed at a set time; refusing every use.
        PendingDeletion = 4 "PendingDeletion",
        /// Waiting for its owner to import bytes.
        PendingImport = 5 "PendingImport",
        /// A multi-Region primary that waits for its replicas to go first.
        PendingReplicaDeletion = 6 "PendingReplicaDeletion",
        /// Held by a store that does not answer.
        Unavailable = 7 "Unavailable",
        /// Changing its primary Region.
        Updating = 8 "Updating",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_key_id_read_back() {
        for text in ["1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab"] {
            assert_eq!(text.parse::<KeyId>().expect("well formed").to_string(), text);
        }
    }

    #[test]
    fn a_second_spelling_of_a_key_id_is_refused() {
        for text in [
            "1234ABCD-12ab-34cd-56ef-1234567890ab",
            "1234abcd12ab34cd56ef1234567890ab",
            "mrk-1234abcd-12ab-34cd-56ef-12345678",
            "1234abcd-12ab-34cd-56ef-1234567890a",
            "1234abcd-12ab-34cd-56ef-1234567890abc",
            "1234abcd-12ab-34cd-56ef-1234567890é",
        ] {
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_random_id_is_a_version_4_uuid() {
        let text = KeyId::from_random([0xff; 16]).to_string();
        assert_eq!(text, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn spellings_and_numbers_lead_back() {
        for spec in KeySpec::ALL {
            assert_eq!(KeySpec::parse(spec.as_str()), Some(*spec));
            assert_eq!(KeySpec::from_code(spec.code()), Some(*spec));
        }
        assert_eq!(KeyState::parse("enabled"), None);
    }
}
