//! Which requests share a rate, and what that rate is at AWS: the request quotas of the AWS KMS Developer Guide.

use keystead_model::{Action, KeySpec};

/// The groups, and how many requests a second AWS takes of each by default, in one account and location. Operations
/// on keys share by the kind of key; the others are groups of their own.
const CLASSES: [(&str, u32); 55] = [
    ("symmetric", 10_000),
    ("rsa", 1_000),
    ("ecc", 1_000),
    ("ml-dsa", 1_000),
    // AWS publishes no rate for these; they cost as much as the signatures of the same family.
    ("ml-kem", 1_000),
    ("GenerateDataKeyPair(ECC_NIST_P256)", 100),
    ("GenerateDataKeyPair(ECC_NIST_P384)", 100),
    ("GenerateDataKeyPair(ECC_NIST_P521)", 100),
    ("GenerateDataKeyPair(ECC_SECG_P256K1)", 100),
    ("GenerateDataKeyPair(ECC_NIST_EDWARDS25519)", 100),
    ("GenerateDataKeyPair(RSA_2048)", 20),
    ("GenerateDataKeyPair(RSA_3072)", 4),
    ("GenerateDataKeyPair(RSA_4096)", 1),
    ("GenerateDataKeyPair(SM2)", 25),
    ("CancelKeyDeletion", 5),
    ("ConnectCustomKeyStore", 5),
    ("CreateAlias", 5),
    ("CreateCustomKeyStore", 5),
    ("CreateGrant", 50),
    ("CreateKey", 5),
    ("DeleteAlias", 15),
    ("DeleteCustomKeyStore", 5),
    ("DeleteImportedKeyMaterial", 15),
    ("DescribeCustomKeyStores", 5),
    ("DescribeKey", 2_000),
    ("DisableKey", 5),
    ("DisableKeyRotation", 5),
    ("DisconnectCustomKeyStore", 5),
    ("EnableKey", 5),
    ("EnableKeyRotation", 15),
    ("GetKeyLastUsage", 5),
    ("GetKeyPolicy", 1_000),
    ("GetKeyRotationStatus", 1_000),
    ("GetParametersForImport", 1),
    ("GetPublicKey", 2_000),
    ("ImportKeyMaterial", 15),
    ("ListAliases", 500),
    ("ListGrants", 100),
    ("ListKeyPolicies", 100),
    ("ListKeyRotations", 100),
    ("ListKeys", 500),
    ("ListResourceTags", 2_000),
    ("ListRetirableGrants", 100),
    ("PutKeyPolicy", 15),
    ("ReplicateKey", 5),
    ("RetireGrant", 50),
    ("RevokeGrant", 50),
    ("RotateKeyOnDemand", 5),
    ("ScheduleKeyDeletion", 15),
    ("TagResource", 10),
    ("UntagResource", 5),
    ("UpdateAlias", 5),
    ("UpdateCustomKeyStore", 5),
    ("UpdateKeyDescription", 5),
    ("UpdatePrimaryRegion", 5),
];

/// One group of requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Class(u8);

impl Class {
    /// How many there are.
    pub const COUNT: usize = CLASSES.len();

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).filter_map(|place| u8::try_from(place).ok().map(Self))
    }

    /// The group of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|class| class.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        CLASSES[self.place()].0
    }

    /// Requests a second that AWS takes by default.
    pub fn aws_per_second(self) -> u32 {
        CLASSES[self.place()].1
    }

    /// Its place among all.
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// The group of a request: `key` is what its key is, if that is known, and `pair` the kind of key pair it asks for.
    /// `None` for what is never held back: questions about the server itself, and what nobody asked for.
    pub fn of(action: Action, key: Option<KeySpec>, pair: Option<KeySpec>) -> Option<Self> {
        use Action::*;
        match action {
            Encrypt
            | Decrypt
            | ReEncryptFrom
            | ReEncryptTo
            | GenerateDataKey
            | GenerateDataKeyWithoutPlaintext
            | GenerateRandom
            | GenerateMac
            | VerifyMac
            | Sign
            | Verify
            | DeriveSharedSecret
            | Encapsulate
            | Decapsulate => Some(Self(Self::of_key(key.unwrap_or(KeySpec::SymmetricDefault)))),
            GenerateDataKeyPair | GenerateDataKeyPairWithoutPlaintext => Self::of_pair(pair?),
            other => Self::named(other.verb()).filter(|_| other.as_str().starts_with("kms:")),
        }
    }

    /// The place of the group that all work with such a key is in.
    fn of_key(spec: KeySpec) -> u8 {
        use KeySpec::*;
        match spec {
            SymmetricDefault | Hmac224 | Hmac256 | Hmac384 | Hmac512 => 0,
            Rsa2048 | Rsa3072 | Rsa4096 => 1,
            EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1 | EccNistEdwards25519 | Sm2 => 2,
            MlDsa44 | MlDsa65 | MlDsa87 => 3,
            MlKem512 | MlKem768 | MlKem1024 => 4,
        }
    }

    fn of_pair(spec: KeySpec) -> Option<Self> {
        Self::all().find(|class| {
            let inner =
                class.name().strip_prefix("GenerateDataKeyPair(").and_then(|rest| rest.strip_suffix(')'));
            inner == Some(spec.as_str())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(action: Action, key: Option<KeySpec>) -> Option<&'static str> {
        Class::of(action, key, None).map(Class::name)
    }

    #[test]
    fn work_with_keys_shares_a_rate_by_the_kind_of_key() {
        for (key, class) in [
            (None, "symmetric"),
            (Some(KeySpec::SymmetricDefault), "symmetric"),
            (Some(KeySpec::Hmac384), "symmetric"),
            (Some(KeySpec::Rsa3072), "rsa"),
            (Some(KeySpec::EccNistEdwards25519), "ecc"),
            (Some(KeySpec::MlDsa87), "ml-dsa"),
            (Some(KeySpec::MlKem768), "ml-kem"),
        ] {
            assert_eq!(name(Action::Sign, key), Some(class));
            assert_eq!(name(Action::Decrypt, key), Some(class));
        }
    }

    #[test]
    fn every_action_of_the_service_has_a_rate_and_the_servers_own_have_none() {
        let never = [
            Action::DeleteKey,
            Action::RotateKey,
            Action::ExpireKeyMaterial,
            Action::SynchronizeMultiRegionKey,
            Action::Unknown,
        ];
        for action in Action::ALL {
            let class = Class::of(*action, None, Some(KeySpec::Rsa2048));
            let is_limited = action.as_str().starts_with("kms:") && !never.contains(action);
            assert_eq!(class.is_some(), is_limited, "{action}");
        }
    }

    #[test]
    fn every_kind_of_key_pair_has_a_rate_of_its_own() {
        let pair = |spec| Class::of(Action::GenerateDataKeyPair, None, Some(spec)).map(Class::name);
        assert_eq!(pair(KeySpec::Rsa4096), Some("GenerateDataKeyPair(RSA_4096)"));
        assert_eq!(pair(KeySpec::EccNistP521), Some("GenerateDataKeyPair(ECC_NIST_P521)"));
        assert_eq!(pair(KeySpec::Hmac256), None);
    }

    #[test]
    fn names_are_found_again() {
        for class in Class::all() {
            assert_eq!(Class::named(class.name()), Some(class));
        }
        assert_eq!(Class::named("Encrypt"), None);
    }
}
