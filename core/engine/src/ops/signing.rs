//! Sign messages and verify signatures; hand out public keys.

use keystead_crypto::{Message, SecretBytes};
use keystead_model::{Action, Error, KeyArn, KeyRef, KeySpec, KeyUsage, MessageType, SigningAlgorithm};
use keystead_policy::{ConditionKey, Value, Visit};

use super::usable::{dry_run, fits, usable};
use super::{Operation, state};
use crate::authority::{Found, Subject};
use crate::keys::{Key, Keys, provider_error};

/// Sign a message with the private half of a key.
pub struct Sign {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 4,096 bytes.
    pub message: SecretBytes,
    /// What those bytes are.
    pub kind: MessageType,
    /// How.
    pub algorithm: SigningAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`Sign`] answers.
pub struct Signed {
    /// The key that signed.
    pub key: KeyArn,
    /// DER for ECDSA (RFC 3279 section 2.2.3), raw for the others; at most 6,144 bytes.
    pub signature: Vec<u8>,
    /// How.
    pub algorithm: SigningAlgorithm,
}

/// Verify a signature with the public half of a key. A signature that is not valid is an error,
/// [`Error::InvalidSignature`], so that nobody takes an answer for a yes.
pub struct Verify {
    /// Which key.
    pub key: KeyRef,
    /// 1 to 4,096 bytes.
    pub message: SecretBytes,
    /// What those bytes are.
    pub kind: MessageType,
    /// 1 to 6,144 bytes.
    pub signature: Box<[u8]>,
    /// How.
    pub algorithm: SigningAlgorithm,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
    /// Decide only.
    pub dry_run: bool,
}

/// What [`Verify`] answers: the signature is that key's over that message.
pub struct Verified {
    /// The key.
    pub key: KeyArn,
    /// How.
    pub algorithm: SigningAlgorithm,
}

/// Hand out the public half of a key; answers [`PublicHalf`].
pub struct GetPublicKey {
    /// Which key.
    pub key: KeyRef,
    /// Grants to be taken into account, 10 at most.
    pub grant_tokens: Vec<Box<str>>,
}

/// What [`GetPublicKey`] answers.
pub struct PublicHalf {
    /// The key.
    pub key: KeyArn,
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// DER `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
    pub spki: Box<[u8]>,
}

/// Length of the mu of FIPS 204 section 6.2, in bytes.
const MU_BYTES: usize = 64;

impl Sign {
    pub(crate) fn run(self, keys: &Keys, found: &Found) -> Result<Signed, Error> {
        let key = found.key();
        signing(key, Self::ACTION, self.algorithm)?;
        let message = message(key.spec, self.algorithm, self.kind, self.message.expose())?;
        dry_run(self.dry_run)?;
        let signature = keys.current(key)?.sign(self.algorithm, message);
        let signature = signature.map_err(|error| provider_error(&error))?;
        Ok(Signed { key: key.arn.clone(), signature, algorithm: self.algorithm })
    }
}

impl Verify {
    pub(crate) fn run(self, found: &Found) -> Result<Verified, Error> {
        let key = found.key();
        signing(key, Self::ACTION, self.algorithm)?;
        let message = message(key.spec, self.algorithm, self.kind, self.message.expose())?;
        let public = key.public_key()?;
        // Whatever is wrong with it, a signature that does not verify is not valid.
        public.verify(self.algorithm, message, &self.signature).map_err(|_| Error::InvalidSignature)?;
        dry_run(self.dry_run)?;
        Ok(Verified { key: key.arn.clone(), algorithm: self.algorithm })
    }
}

impl GetPublicKey {
    pub(crate) fn run(self, found: &Found) -> Result<PublicHalf, Error> {
        let key = found.key();
        state::check(Self::ACTION, &key.arn, key.state)?;
        if !key.spec.is_asymmetric() {
            let why = format!("keys of spec {} have no public half", key.spec);
            return Err(Error::Unsupported(why.into()));
        }
        let spki = key.public.clone().ok_or_else(|| key.without_material())?;
        Ok(PublicHalf { key: key.arn.clone(), spec: key.spec, usage: key.usage, spki })
    }
}

fn signing(key: &Key, action: Action, algorithm: SigningAlgorithm) -> Result<(), Error> {
    usable(key, action, KeyUsage::SignVerify)?;
    fits(key.spec, key.spec.signing_algorithms(), &algorithm, algorithm.as_str())
}

/// What is to be signed. The algorithm is one of the spec's.
fn message(
    spec: KeySpec,
    algorithm: SigningAlgorithm,
    kind: MessageType,
    bytes: &[u8],
) -> Result<Message<'_>, Error> {
    use SigningAlgorithm::{Ed25519PhSha512, Ed25519Sha512, MlDsaShake256};
    let refuse = |why: String| Err(Error::Invalid(why.into()));
    let unfit_for_algorithm =
        || refuse(format!("Message type {kind} is incompatible with algorithm {algorithm}."));
    let unfit_for_spec = || refuse(format!("Message type {kind} is incompatible with key spec {spec}."));
    let has_length = |bytes_wanted: usize, what: &str| match bytes.len() == bytes_wanted {
        true => Ok(()),
        false => Err(Error::Invalid(format!("{what} is invalid length for algorithm {algorithm}.").into())),
    };
    match (algorithm, kind) {
        (MlDsaShake256, MessageType::ExternalMu) => {
            has_length(MU_BYTES, "External Mu")?;
            Ok(Message::ExternalMu(bytes))
        }
        (MlDsaShake256, MessageType::Digest) | (_, MessageType::ExternalMu) => unfit_for_spec(),
        (Ed25519Sha512, MessageType::Digest) | (Ed25519PhSha512, MessageType::Raw) => unfit_for_algorithm(),
        (Ed25519PhSha512, MessageType::Digest) => {
            has_length(64, "Digest")?;
            // AWS hashes what it is given once more, as its reference says under MessageType: to the algorithm, the
            // digest is the message.
            Ok(Message::Raw(bytes))
        }
        (_, MessageType::Raw) => Ok(Message::Raw(bytes)),
        (_, MessageType::Digest) => match algorithm.digest_bytes() {
            Some(wanted) => has_length(wanted, "Digest").map(|()| Message::Digest(bytes)),
            None => unfit_for_algorithm(),
        },
    }
}

fn facts(algorithm: SigningAlgorithm, kind: MessageType, name: &ConditionKey, visit: &mut Visit<'_>) {
    match name {
        ConditionKey::KmsSigningAlgorithm => visit(Value::Text(algorithm.as_str())),
        ConditionKey::KmsMessageType => visit(Value::Text(kind.as_str())),
        _ => {}
    }
}

impl Operation for Sign {
    const ACTION: Action = Action::Sign;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        facts(self.algorithm, self.kind, name, visit);
    }
}

impl Operation for Verify {
    const ACTION: Action = Action::Verify;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        facts(self.algorithm, self.kind, name, visit);
    }
}

impl Operation for GetPublicKey {
    const ACTION: Action = Action::GetPublicKey;

    fn subject(&self) -> Subject<'_> {
        Subject::Key(&self.key)
    }

    fn grant_tokens(&self) -> &[Box<str>] {
        &self.grant_tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(spec: KeySpec, algorithm: SigningAlgorithm, kind: MessageType, bytes: usize) -> String {
        let bytes = vec![0; bytes];
        match message(spec, algorithm, kind, &bytes) {
            Ok(Message::Raw(_)) => "raw".into(),
            Ok(Message::Digest(_)) => "digest".into(),
            Ok(Message::ExternalMu(_)) => "mu".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_algorithm_takes_its_own_kinds_of_message() {
        use KeySpec::{EccNistEdwards25519 as Ed, EccNistP256 as P256, MlDsa44 as Ml, Rsa2048 as Rsa};
        use MessageType::*;
        use SigningAlgorithm::*;
        for (spec, algorithm, of, bytes, said) in [
            (P256, EcdsaSha256, Raw, 4096, "raw"),
            (P256, EcdsaSha256, Digest, 32, "digest"),
            (P256, EcdsaSha256, Digest, 33, "Digest is invalid length for algorithm ECDSA_SHA_256."),
            (
                P256,
                EcdsaSha256,
                ExternalMu,
                64,
                "Message type EXTERNAL_MU is incompatible with key spec ECC_NIST_P256.",
            ),
            (Rsa, RsassaPssSha384, Digest, 48, "digest"),
            (
                Rsa,
                RsassaPkcs1Sha512,
                Digest,
                48,
                "Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_512.",
            ),
            (Ed, Ed25519Sha512, Raw, 1, "raw"),
            (
                Ed,
                Ed25519Sha512,
                Digest,
                64,
                "Message type DIGEST is incompatible with algorithm ED25519_SHA_512.",
            ),
            (
                Ed,
                Ed25519PhSha512,
                Raw,
                1,
                "Message type RAW is incompatible with algorithm ED25519_PH_SHA_512.",
            ),
            (Ed, Ed25519PhSha512, Digest, 64, "raw"),
            (Ed, Ed25519PhSha512, Digest, 63, "Digest is invalid length for algorithm ED25519_PH_SHA_512."),
            (Ml, MlDsaShake256, Raw, 1, "raw"),
            (Ml, MlDsaShake256, ExternalMu, 64, "mu"),
            (
                Ml,
                MlDsaShake256,
                ExternalMu,
                32,
                "External Mu is invalid length for algorithm ML_DSA_SHAKE_256.",
            ),
            (Ml, MlDsaShake256, Digest, 64, "Message type DIGEST is incompatible with key spec ML_DSA_44."),
        ] {
            assert_eq!(kind(spec, algorithm, of, bytes), said, "{spec} {algorithm} {of} {bytes}");
        }
    }
}
