//! Signatures, codes, shared secrets, public keys and data key pairs.

use keystead_engine::ops;
use keystead_model::{
    EncapsulationAlgorithm, KeyAgreementAlgorithm, KeySpec, MacAlgorithm, MessageType, SigningAlgorithm,
};

use super::super::kms_model::*;
use super::super::rules::Text;
use super::super::wire::{Writer, Written};
use super::{Taken, algorithms, context, given, grant_tokens, handed_out, key, material, recipient, writer};
use crate::door::Refusal;

/// A required word out of one of the model's lists, which are ours too: the reader has refused every other.
fn word<T>(text: Option<Text<'_>>, parse: impl Fn(&str) -> Option<T>) -> Taken<T> {
    let text = given(text)?;
    parse(&text).ok_or_else(|| Refusal::Validation(format!("{text} is not known")))
}

fn message_type(text: Option<Text<'_>>) -> MessageType {
    text.and_then(|text| MessageType::parse(&text)).unwrap_or(MessageType::Raw)
}

// --- Requests ----------------------------------------------------------------------------------------------

pub(in crate::aws) fn sign(wire: SignRequest<'_>) -> Taken<ops::Sign> {
    let SignRequest { dry_run, grant_tokens: tokens, key_id, message, message_type: kind, signing_algorithm } =
        wire;
    Ok(ops::Sign {
        key: key(key_id)?,
        message: given(message)?,
        kind: message_type(kind),
        algorithm: word(signing_algorithm, SigningAlgorithm::parse)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn verify_signature(wire: VerifyRequest<'_>) -> Taken<ops::Verify> {
    let VerifyRequest {
        dry_run,
        grant_tokens: tokens,
        key_id,
        message,
        message_type: kind,
        signature,
        signing_algorithm,
    } = wire;
    Ok(ops::Verify {
        key: key(key_id)?,
        message: given(message)?,
        kind: message_type(kind),
        signature: given(signature)?,
        algorithm: word(signing_algorithm, SigningAlgorithm::parse)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn get_public_key(wire: GetPublicKeyRequest<'_>) -> Taken<ops::GetPublicKey> {
    let GetPublicKeyRequest { grant_tokens: tokens, key_id } = wire;
    Ok(ops::GetPublicKey { key: key(key_id)?, grant_tokens: grant_tokens(tokens) })
}

pub(in crate::aws) fn generate_mac(wire: GenerateMacRequest<'_>) -> Taken<ops::GenerateMac> {
    let GenerateMacRequest { dry_run, grant_tokens: tokens, key_id, mac_algorithm, message } = wire;
    Ok(ops::GenerateMac {
        key: key(key_id)?,
        message: given(message)?,
        algorithm: word(mac_algorithm, MacAlgorithm::parse)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn verify_mac(wire: VerifyMacRequest<'_>) -> Taken<ops::VerifyMac> {
    let VerifyMacRequest { dry_run, grant_tokens: tokens, key_id, mac, mac_algorithm, message } = wire;
    Ok(ops::VerifyMac {
        key: key(key_id)?,
        message: given(message)?,
        mac: given(mac)?,
        algorithm: word(mac_algorithm, MacAlgorithm::parse)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn derive_shared_secret(
    wire: DeriveSharedSecretRequest<'_>,
) -> Taken<ops::DeriveSharedSecret> {
    let DeriveSharedSecretRequest {
        dry_run,
        grant_tokens: tokens,
        key_agreement_algorithm,
        key_id,
        public_key,
        recipient: attested,
    } = wire;
    Ok(ops::DeriveSharedSecret {
        key: key(key_id)?,
        algorithm: word(key_agreement_algorithm, KeyAgreementAlgorithm::parse)?,
        peer: given(public_key)?,
        grant_tokens: grant_tokens(tokens),
        recipient: recipient(attested)?,
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn encapsulate(wire: EncapsulateRequest<'_>) -> Taken<ops::Encapsulate> {
    let EncapsulateRequest { dry_run, encapsulation_algorithm, grant_tokens: tokens, key_id } = wire;
    Ok(ops::Encapsulate {
        key: key(key_id)?,
        algorithm: word(encapsulation_algorithm, EncapsulationAlgorithm::parse)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn decapsulate(wire: DecapsulateRequest<'_>) -> Taken<ops::Decapsulate> {
    let DecapsulateRequest {
        dry_run,
        encapsulation_algorithm,
        grant_tokens: tokens,
        key_id,
        shared_secret_ciphertext_blob,
    } = wire;
    Ok(ops::Decapsulate {
        key: key(key_id)?,
        ciphertext: given(shared_secret_ciphertext_blob)?,
        algorithm: word(encapsulation_algorithm, EncapsulationAlgorithm::parse)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn generate_data_key_pair(
    wire: GenerateDataKeyPairRequest<'_>,
) -> Taken<ops::GenerateDataKeyPair> {
    let GenerateDataKeyPairRequest {
        dry_run,
        encryption_context,
        grant_tokens: tokens,
        key_id,
        key_pair_spec,
        recipient: attested,
    } = wire;
    Ok(ops::GenerateDataKeyPair {
        key: key(key_id)?,
        spec: word(key_pair_spec, KeySpec::parse)?,
        context: context(encryption_context)?,
        grant_tokens: grant_tokens(tokens),
        recipient: recipient(attested)?,
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(in crate::aws) fn generate_data_key_pair_without_plaintext(
    wire: GenerateDataKeyPairWithoutPlaintextRequest<'_>,
) -> Taken<ops::GenerateDataKeyPairWithoutPlaintext> {
    let GenerateDataKeyPairWithoutPlaintextRequest {
        dry_run,
        encryption_context,
        grant_tokens: tokens,
        key_id,
        key_pair_spec,
    } = wire;
    Ok(ops::GenerateDataKeyPairWithoutPlaintext {
        key: key(key_id)?,
        spec: word(key_pair_spec, KeySpec::parse)?,
        context: context(encryption_context)?,
        grant_tokens: grant_tokens(tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

// --- Answers -----------------------------------------------------------------------------------------------

pub(in crate::aws) fn signed(answer: ops::Signed) -> Written {
    let ops::Signed { key, signature, algorithm } = answer;
    let mut writer = writer(signature.len());
    writer.plain("KeyId", key).blob("Signature", &signature);
    writer.text("SigningAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(in crate::aws) fn verified(answer: ops::Verified) -> Written {
    let ops::Verified { key, algorithm } = answer;
    let mut writer = writer(0);
    writer.plain("KeyId", key).boolean("SignatureValid", true);
    writer.text("SigningAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(in crate::aws) fn mac(answer: ops::Mac) -> Written {
    let ops::Mac { key, mac, algorithm } = answer;
    let mut writer = writer(mac.len());
    writer.plain("KeyId", key).blob("Mac", &mac).text("MacAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(in crate::aws) fn verified_mac(answer: ops::VerifiedMac) -> Written {
    let ops::VerifiedMac { key, algorithm } = answer;
    let mut writer = writer(0);
    writer.plain("KeyId", key).boolean("MacValid", true).text("MacAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(in crate::aws) fn public_half(answer: ops::PublicHalf) -> Written {
    let ops::PublicHalf { key, spec, usage, spki } = answer;
    let mut writer = writer(spki.len());
    writer.plain("KeyId", key).blob("PublicKey", &spki);
    writer.text("CustomerMasterKeySpec", spec.as_str()).text("KeySpec", spec.as_str());
    writer.text("KeyUsage", usage.as_str());
    algorithms(&mut writer, spec, usage);
    writer.finish()
}

pub(in crate::aws) fn shared_secret(answer: ops::SharedSecret) -> Written {
    let ops::SharedSecret { key, secret, algorithm, origin } = answer;
    let mut writer = writer(secret.expose().len());
    writer.plain("KeyId", key);
    handed_out(&mut writer, "SharedSecret", &secret);
    writer.text("KeyAgreementAlgorithm", algorithm.as_str()).text("KeyOrigin", origin.as_str());
    writer.finish()
}

pub(in crate::aws) fn encapsulated(answer: ops::Encapsulated) -> Written {
    let ops::Encapsulated { key, secret, ciphertext, algorithm } = answer;
    let mut writer = writer(secret.len() + ciphertext.len());
    writer.plain("KeyId", key).secret("SharedSecret", &secret);
    writer.blob("SharedSecretCiphertextBlob", &ciphertext);
    writer.text("EncapsulationAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(in crate::aws) fn decapsulated(answer: ops::Decapsulated) -> Written {
    let ops::Decapsulated { key, secret, algorithm } = answer;
    let mut writer = writer(secret.len());
    writer.plain("KeyId", key).secret("SharedSecret", &secret);
    writer.text("EncapsulationAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(in crate::aws) fn data_key_pair(answer: ops::DataKeyPair) -> Written {
    let ops::DataKeyPair { private, wrapped } = answer;
    let mut writer = pair_writer(&wrapped, private.expose().len());
    handed_out(&mut writer, "PrivateKeyPlaintext", &private);
    wrapped_pair(writer, wrapped)
}

pub(in crate::aws) fn wrapped_data_key_pair(answer: ops::WrappedDataKeyPair) -> Written {
    wrapped_pair(pair_writer(&answer, 0), answer)
}

fn pair_writer(wrapped: &ops::WrappedDataKeyPair, more: usize) -> Writer {
    writer(wrapped.ciphertext.len() + wrapped.public.len() + more)
}

fn wrapped_pair(mut writer: Writer, wrapped: ops::WrappedDataKeyPair) -> Written {
    let ops::WrappedDataKeyPair { key, material: version, spec, ciphertext, public } = wrapped;
    writer.blob("PrivateKeyCiphertextBlob", &ciphertext).blob("PublicKey", &public);
    writer.plain("KeyId", key).text("KeyPairSpec", spec.as_str());
    material(&mut writer, "KeyMaterialId", &version);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use keystead_engine::SecretBytes;
    use keystead_engine::ops::HandedOut;
    use keystead_model::{KeyUsage, MaterialId, Origin};

    use super::super::tests::{arn, json, refusal};
    use super::*;
    use crate::aws::wire;

    #[test]
    fn a_message_is_raw_unless_the_caller_says_otherwise() {
        let body = br#"{"KeyId": "k", "Message": "aGk=", "SigningAlgorithm": "ECDSA_SHA_256"}"#;
        let request = wire::read(body).and_then(sign).expect("taken");
        assert_eq!((request.kind, request.algorithm), (MessageType::Raw, SigningAlgorithm::EcdsaSha256));
        assert_eq!(request.message.expose(), b"hi");
        let body = br#"{"KeyId": "k", "Message": "aGk=", "SigningAlgorithm": "ML_DSA_SHAKE_256", "Signature": "AA==",
            "MessageType": "EXTERNAL_MU", "DryRun": true}"#;
        let request = wire::read(body).and_then(verify_signature).expect("taken");
        assert_eq!(request.kind, MessageType::ExternalMu);
        assert!(request.dry_run);
    }

    #[test]
    fn what_is_required_is_asked_for() {
        let says = |refusal: Refusal, member: &str| match refusal {
            Refusal::Validation(message) => assert!(message.contains(member), "{message}"),
            other => panic!("{other:?}"),
        };
        says(refusal(r#"{"KeyId": "k", "Message": "aGk="}"#, sign), "'signingAlgorithm'");
        says(refusal(r#"{"KeyId": "k", "Message": "aGk="}"#, generate_mac), "'macAlgorithm'");
        says(refusal(r#"{"KeyId": "k"}"#, encapsulate), "'encapsulationAlgorithm'");
        says(refusal(r#"{"KeyId": "k"}"#, generate_data_key_pair), "'keyPairSpec'");
        says(
            refusal(r#"{"KeyId": "k", "KeyPairSpec": "HMAC_256"}"#, generate_data_key_pair),
            "enum value set: [RSA_2048",
        );
    }

    #[test]
    fn answers_have_members_of_the_model_and_secrets_are_secret() {
        let open = |operation, written: Written| {
            assert!(matches!(written, Written::Open(_)), "{operation:?}");
            json(operation, written)
        };
        let secret = |operation, written: Written| {
            assert!(matches!(written, Written::Secret(_)), "{operation:?}");
            json(operation, written)
        };
        let algorithm = SigningAlgorithm::EcdsaSha256;
        open(Operation::Sign, signed(ops::Signed { key: arn(), signature: vec![1], algorithm }));
        let answer = open(Operation::Verify, verified(ops::Verified { key: arn(), algorithm }));
        assert_eq!(answer["SignatureValid"], true);
        let algorithm = MacAlgorithm::HmacSha256;
        open(Operation::GenerateMac, mac(ops::Mac { key: arn(), mac: vec![1], algorithm }));
        let answer = open(Operation::VerifyMac, verified_mac(ops::VerifiedMac { key: arn(), algorithm }));
        assert_eq!(answer["MacValid"], true);
        let half = ops::PublicHalf {
            key: arn(),
            spec: KeySpec::MlKem768,
            usage: KeyUsage::EncapsulateDecapsulate,
            spki: [1].into(),
        };
        let answer = open(Operation::GetPublicKey, public_half(half));
        assert_eq!(answer["EncapsulationAlgorithms"], serde_json::json!(["ML_KEM"]));
        let answer = ops::SharedSecret {
            key: arn(),
            secret: HandedOut::Plain(SecretBytes::zeroed(32)),
            algorithm: KeyAgreementAlgorithm::Ecdh,
            origin: Origin::AwsKms,
        };
        assert_eq!(secret(Operation::DeriveSharedSecret, shared_secret(answer))["KeyOrigin"], "AWS_KMS");
        let algorithm = EncapsulationAlgorithm::MlKem;
        let answer =
            ops::Encapsulated { key: arn(), secret: SecretBytes::zeroed(32), ciphertext: vec![1], algorithm };
        secret(Operation::Encapsulate, encapsulated(answer));
        let answer = ops::Decapsulated { key: arn(), secret: SecretBytes::zeroed(32), algorithm };
        secret(Operation::Decapsulate, decapsulated(answer));
    }

    #[test]
    fn a_data_key_pair_is_secret_only_with_its_private_half() {
        let wrapped = || ops::WrappedDataKeyPair {
            key: arn(),
            material: MaterialId([7; 32]),
            spec: KeySpec::EccNistP256,
            ciphertext: vec![1],
            public: [2].into(),
        };
        let private = HandedOut::Plain(SecretBytes::copy_from(b"hi"));
        let answer = data_key_pair(ops::DataKeyPair { private, wrapped: wrapped() });
        assert!(matches!(answer, Written::Secret(_)));
        let value = json(Operation::GenerateDataKeyPair, answer);
        assert_eq!(value["PrivateKeyPlaintext"], "aGk=");
        assert_eq!(value["KeyMaterialId"], "07".repeat(32));
        let private = HandedOut::ForRecipient(vec![3]);
        let answer = data_key_pair(ops::DataKeyPair { private, wrapped: wrapped() });
        assert!(matches!(answer, Written::Open(_)));
        let value = json(Operation::GenerateDataKeyPair, answer);
        assert_eq!(value["CiphertextForRecipient"], "Aw==");
        assert!(value.get("PrivateKeyPlaintext").is_none());
        let answer = wrapped_data_key_pair(wrapped());
        assert!(matches!(answer, Written::Open(_)));
        let value = json(Operation::GenerateDataKeyPairWithoutPlaintext, answer);
        assert_eq!(value["KeyPairSpec"], "ECC_NIST_P256");
    }
}
