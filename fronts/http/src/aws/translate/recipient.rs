//! The recipient that an answer is sealed to, and a secret in an answer: plain, or sealed.

use keystead_engine::ops::HandedOut;

use super::super::kms_model::RecipientInfo;
use super::super::wire::Writer;
use super::Taken;
use crate::door::Refusal;

/// The attestation document of a recipient. Of the algorithm there is one only, and the reader has refused others;
/// whether the document is true is the engine's to say.
pub(super) fn recipient(wire: Option<RecipientInfo<'_>>) -> Taken<Option<Box<[u8]>>> {
    let Some(RecipientInfo { attestation_document, key_encryption_algorithm }) = wire else {
        return Ok(None);
    };
    let missing = |member: &str| {
        Err(Refusal::Validation(format!(
            "1 validation error detected: Value null at 'recipient.{member}' failed to satisfy constraint: Member \
             must not be null"
        )))
    };
    match (attestation_document, key_encryption_algorithm) {
        (Some(document), Some(_)) => Ok(Some(document)),
        (None, _) => missing("attestationDocument"),
        (_, None) => missing("keyEncryptionAlgorithm"),
    }
}

/// The one of both members that the answer has.
pub(super) fn handed_out(writer: &mut Writer, plain: &str, secret: &HandedOut) {
    match secret {
        HandedOut::Plain(secret) => writer.secret(plain, secret),
        HandedOut::ForRecipient(sealed) => writer.blob("CiphertextForRecipient", sealed),
    };
}

#[cfg(test)]
mod tests {
    use keystead_engine::ops::{DataKey, Decrypted};
    use keystead_model::{EncryptionAlgorithm, KeyRef, MaterialId};

    use super::super::{data_key, decrypt, decrypted, generate_data_key, generate_random, random};
    use super::*;
    use crate::aws::wire::{self, Written};

    const FULL: &str = r#"{"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": "AQI="}"#;

    fn bytes(recipient: &str) -> Result<Option<Box<[u8]>>, Refusal> {
        let body = format!(r#"{{"NumberOfBytes": 8, "Recipient": {recipient}}}"#);
        wire::read(body.as_bytes()).and_then(generate_random).map(|op| op.recipient)
    }

    #[test]
    fn a_recipient_has_a_document_and_the_one_algorithm() {
        assert_eq!(bytes(FULL), Ok(Some([1, 2].into())));
        assert_eq!(bytes("null"), Ok(None));
        for (recipient, wrong) in [
            ("{}", "attestationDocument"),
            (r#"{"AttestationDocument": "AQI="}"#, "keyEncryptionAlgorithm"),
            (r#"{"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256"}"#, "attestationDocument"),
            (
                r#"{"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_1", "AttestationDocument": "AQI="}"#,
                "keyEncryptionAlgorithm",
            ),
            (
                r#"{"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": ""}"#,
                "attestationDocument",
            ),
        ] {
            let refused = bytes(recipient).expect_err("refused");
            assert!(matches!(&refused, Refusal::Validation(why) if why.contains(wrong)), "{refused:?}");
        }
    }

    #[test]
    fn every_operation_that_answers_recipients_reads_them() {
        let document = Some(Box::from([1, 2]));
        let body = format!(r#"{{"CiphertextBlob": "AQI=", "Recipient": {FULL}}}"#);
        assert_eq!(wire::read(body.as_bytes()).and_then(decrypt).expect("taken").recipient, document);
        let body = format!(r#"{{"KeyId": "k", "KeySpec": "AES_256", "Recipient": {FULL}}}"#);
        assert_eq!(
            wire::read(body.as_bytes()).and_then(generate_data_key).expect("taken").recipient,
            document
        );
    }

    #[test]
    fn what_is_sealed_leaves_no_plaintext_member() {
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let Ok(KeyRef::Arn(key)) = KeyRef::parse(arn) else { panic!("an ARN") };
        let material = MaterialId([7; 32]);
        let sealed = || HandedOut::ForRecipient(vec![0xff; 3]);
        let decrypted = decrypted(Decrypted {
            key: key.clone(),
            material: Some(material),
            plaintext: sealed(),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
        });
        let data_key = data_key(DataKey { key, material, plaintext: sealed(), ciphertext: vec![1] });
        for answer in [decrypted, data_key, random(sealed())] {
            let Written::Open(body) = answer else { panic!("nothing in it is a secret") };
            let value: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(value["CiphertextForRecipient"], "////");
            assert!(value.get("Plaintext").is_none() && value.get("KeyMaterialId").is_none());
        }
    }
}
