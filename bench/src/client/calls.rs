//! The calls that are measured, as bodies of the KMS API, and what is read off their answers.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Requests;
use super::sign::{Credentials, Signer};

/// One call.
pub struct Call {
    /// Its name in the API.
    pub operation: &'static str,
    /// Its body.
    pub body: String,
}

/// `Encrypt` of 32 bytes that depend on `number`, with one pair of encryption context.
pub fn encrypt(key: &str, number: usize) -> Call {
    let body = format!(
        r#"{{"KeyId":"{key}","Plaintext":"{}","EncryptionContext":{{"tenant":"7"}}}}"#,
        STANDARD.encode(plaintext(number))
    );
    Call { operation: "Encrypt", body }
}

/// `Decrypt` of what [`encrypt`] answered.
pub fn decrypt(ciphertext: &str) -> Call {
    let body = format!(r#"{{"CiphertextBlob":"{ciphertext}","EncryptionContext":{{"tenant":"7"}}}}"#);
    Call { operation: "Decrypt", body }
}

/// `GenerateDataKey` of 256 bits, with one pair of encryption context.
pub fn generate_data_key(key: &str) -> Call {
    let body = format!(r#"{{"KeyId":"{key}","KeySpec":"AES_256","EncryptionContext":{{"tenant":"7"}}}}"#);
    Call { operation: "GenerateDataKey", body }
}

/// `CreateKey`, everything by default but a description.
pub fn create_key() -> Call {
    Call { operation: "CreateKey", body: r#"{"Description":"customer data"}"#.into() }
}

/// `CreateKey` of a key that signs.
pub fn create_signing_key(spec: &str) -> Call {
    Call { operation: "CreateKey", body: format!(r#"{{"KeySpec":"{spec}","KeyUsage":"SIGN_VERIFY"}}"#) }
}

/// `Sign` of a SHA-256 digest that depends on `number`.
pub fn sign(key: &str, algorithm: &str, number: usize) -> Call {
    let body = format!(
        r#"{{"KeyId":"{key}","Message":"{}","MessageType":"DIGEST","SigningAlgorithm":"{algorithm}"}}"#,
        STANDARD.encode(plaintext(number))
    );
    Call { operation: "Sign", body }
}

/// `PutKeyPolicy`: lets `principal` do everything with a key but `action`.
pub fn keep_from(key: &str, principal: &str, action: &str) -> Call {
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "AWS": principal },
        "NotAction": action,
        "Resource": "*",
    });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    Call { operation: "PutKeyPolicy", body: json!({ "KeyId": key, "Policy": policy }).to_string() }
}

/// `CreateGrant` of Decrypt, where the encryption context has a pair.
pub fn create_grant(key: &str, grantee: &str, (name, value): (&str, &str)) -> Call {
    let body = json!({
        "KeyId": key,
        "GranteePrincipal": grantee,
        "Operations": ["Decrypt"],
        "Constraints": { "EncryptionContextSubset": { name: value } },
    });
    Call { operation: "CreateGrant", body: body.to_string() }
}

/// `DescribeKey`.
pub fn describe_key(key: &str) -> Call {
    Call { operation: "DescribeKey", body: format!(r#"{{"KeyId":"{key}"}}"#) }
}

/// `ListKeys`: a page of so many keys, after the one named.
pub fn list_keys(limit: usize, after: &str) -> Call {
    Call { operation: "ListKeys", body: format!(r#"{{"Limit":{limit},"Marker":"{after}"}}"#) }
}

/// Signs calls for now.
pub fn signed(
    credentials: &Credentials,
    host: String,
    calls: impl Iterator<Item = Call>,
) -> Result<Requests> {
    let signer = Signer::now(credentials, host)?;
    let mut requests = Requests::default();
    for call in calls {
        requests.add(|out| signer.write(call.operation, &call.body, out));
    }
    Ok(requests)
}

/// The bytes that [`encrypt`] of `number` seals.
pub fn plaintext(number: usize) -> [u8; 32] {
    let mut bytes = [0x2a; 32];
    bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
    bytes
}

/// Whether an answer of `Decrypt` holds the bytes that [`encrypt`] of `number` sealed.
pub fn holds_plaintext(answer: &[u8], number: usize) -> Result<bool> {
    Ok(text_at(answer, "/Plaintext")? == STANDARD.encode(plaintext(number)))
}

/// A text in an answer, at a JSON pointer.
pub fn text_at(answer: &[u8], pointer: &str) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer).context("an answer is not JSON")?;
    let text = answer.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned).with_context(|| format!("an answer has no {pointer}: {answer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_is_json() {
        let calls = [
            encrypt("k", 3),
            decrypt("AAAA"),
            generate_data_key("k"),
            create_key(),
            create_signing_key("RSA_2048"),
            sign("k", "ECDSA_SHA_256", 3),
            keep_from("k", "p", "a"),
            create_grant("k", "p", ("a", "b")),
            describe_key("k"),
            list_keys(9, "k"),
        ];
        for call in calls {
            serde_json::from_str::<Value>(&call.body)
                .unwrap_or_else(|error| panic!("{}: {error}", call.body));
        }
    }

    #[test]
    fn a_plaintext_is_known_again() {
        let answer = format!(r#"{{"Plaintext":"{}"}}"#, STANDARD.encode(plaintext(7)));
        assert!(holds_plaintext(answer.as_bytes(), 7).expect("JSON"));
        assert!(!holds_plaintext(answer.as_bytes(), 8).expect("JSON"));
        assert!(holds_plaintext(b"{}", 8).is_err());
    }
}
