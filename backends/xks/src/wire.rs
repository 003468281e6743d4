//! The bodies of requests and answers, with every limit of the specification.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::StatusCode;
use keystead_crypto::{
    Asked, ExternalKey, PROXY_METADATA_BYTES_MAX, ProxyError, ProxyHealth, ProxySealed, SecretBytes,
    equal_in_constant_time, sha256,
};
use serde::{Deserialize, Serialize};

/// Key managers a proxy may list, and usages a key may have.
const LISTED_MAX: usize = 10;
/// Longest error message a proxy may send, in bytes.
const MESSAGE_BYTES_MAX: usize = 512;
const ALGORITHM: &str = "AES_GCM";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    aws_principal_arn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
    kms_operation: &'a str,
    kms_request_id: String,
}

impl<'a> Metadata<'a> {
    fn of(asked: &'a Asked) -> Self {
        Self {
            aws_principal_arn: asked.principal.as_deref(),
            kms_key_arn: asked.key.as_ref().map(ToString::to_string),
            kms_operation: asked.operation,
            kms_request_id: asked.request.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plain<'a> {
    request_metadata: Metadata<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToEncrypt<'a> {
    request_metadata: Metadata<'a>,
    additional_authenticated_data: String,
    plaintext: String,
    encryption_algorithm: &'a str,
    ciphertext_data_integrity_value_algorithm: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToDecrypt<'a> {
    request_metadata: Metadata<'a>,
    additional_authenticated_data: String,
    encryption_algorithm: &'a str,
    ciphertext: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ciphertext_metadata: Option<String>,
    initialization_vector: String,
    authentication_tag: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    xks_proxy_fleet_size: u64,
    #[serde(rename = "xksProxyVendor")]
    _xks_proxy_vendor: String,
    #[serde(rename = "xksProxyModel")]
    _xks_proxy_model: String,
    #[serde(rename = "ekmVendor")]
    _ekm_vendor: String,
    ekm_fleet_details: Vec<Manager>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manager {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "model")]
    _model: String,
    health_status: ManagerHealth,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum ManagerHealth {
    Active,
    Degraded,
    Unavailable,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    key_spec: String,
    key_usage: Vec<String>,
    key_status: KeyStatus,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum KeyStatus {
    Enabled,
    Disabled,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Encrypted {
    ciphertext: String,
    ciphertext_metadata: Option<String>,
    initialization_vector: String,
    authentication_tag: String,
    ciphertext_data_integrity_value: String,
}

#[derive(Deserialize)]
struct Decrypted {
    plaintext: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    error_name: String,
    error_message: Option<String>,
}

fn body(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("requests are texts and structures, which are JSON")
}

/// The body of a request for health or metadata.
pub(crate) fn plain(asked: &Asked) -> Vec<u8> {
    body(&Plain { request_metadata: Metadata::of(asked) })
}

pub(crate) fn to_encrypt(asked: &Asked, plaintext: &[u8], bound_to: &[u8]) -> Vec<u8> {
    body(&ToEncrypt {
        request_metadata: Metadata::of(asked),
        additional_authenticated_data: BASE64.encode(bound_to),
        plaintext: BASE64.encode(plaintext),
        encryption_algorithm: ALGORITHM,
        ciphertext_data_integrity_value_algorithm: "SHA_256",
    })
}

pub(crate) fn to_decrypt(asked: &Asked, sealed: &ProxySealed, bound_to: &[u8]) -> Vec<u8> {
    let metadata = Some(&sealed.metadata).filter(|metadata| !metadata.is_empty());
    body(&ToDecrypt {
        request_metadata: Metadata::of(asked),
        additional_authenticated_data: BASE64.encode(bound_to),
        encryption_algorithm: ALGORITHM,
        ciphertext: BASE64.encode(&sealed.ciphertext),
        ciphertext_metadata: metadata.map(|metadata| BASE64.encode(metadata)),
        initialization_vector: BASE64.encode(&sealed.iv),
        authentication_tag: BASE64.encode(sealed.tag),
    })
}

fn read<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, ProxyError> {
    serde_json::from_slice(text).map_err(|_| ProxyError::Malformed)
}

fn bytes(text: &str) -> Result<Vec<u8>, ProxyError> {
    BASE64.decode(text).map_err(|_| ProxyError::Malformed)
}

fn within<T>(holds: bool, value: T) -> Result<T, ProxyError> {
    if holds { Ok(value) } else { Err(ProxyError::Malformed) }
}

pub(crate) fn health(text: &[u8]) -> Result<ProxyHealth, ProxyError> {
    let Health { xks_proxy_fleet_size, ekm_fleet_details, .. } = read(text)?;
    let any_serves =
        ekm_fleet_details.iter().any(|manager| manager.health_status != ManagerHealth::Unavailable);
    let listed = (1..=LISTED_MAX).contains(&ekm_fleet_details.len());
    within(xks_proxy_fleet_size > 0 && listed, ProxyHealth { any_serves })
}

pub(crate) fn metadata(text: &[u8]) -> Result<ExternalKey, ProxyError> {
    let Key { key_spec, key_usage, key_status } = read(text)?;
    let can = |usage: &str| key_usage.iter().any(|word| word == usage);
    let key = ExternalKey {
        is_aes_256: key_spec == "AES_256",
        encrypts: can("ENCRYPT"),
        decrypts: can("DECRYPT"),
        is_enabled: key_status == KeyStatus::Enabled,
    };
    within(key_usage.len() <= LISTED_MAX, key)
}

/// What came of [`to_encrypt`], compared with the proxy's own checksum of it.
pub(crate) fn encrypted(
    text: &[u8],
    plaintext_len: usize,
    bound_to: &[u8],
) -> Result<ProxySealed, ProxyError> {
    let answer: Encrypted = read(text)?;
    let ciphertext = bytes(&answer.ciphertext)?;
    let metadata = answer.ciphertext_metadata.as_deref().map(bytes).transpose()?.unwrap_or_default();
    let iv = bytes(&answer.initialization_vector)?;
    let tag = bytes(&answer.authentication_tag)?.try_into().map_err(|_| ProxyError::Malformed)?;
    let sealed = ProxySealed { iv: iv.into(), metadata: metadata.into(), tag, ciphertext: ciphertext.into() };
    let lengths = matches!(sealed.iv.len(), 12 | 16)
        && sealed.metadata.len() <= PROXY_METADATA_BYTES_MAX
        && sealed.ciphertext.len() == plaintext_len;
    let checksum = bytes(&answer.ciphertext_data_integrity_value)?;
    within(lengths && equal_in_constant_time(&checksum, &integrity(&sealed, bound_to)), sealed)
}

/// The ciphertext data integrity value: SHA-256 over all that a later decryption depends on.
fn integrity(sealed: &ProxySealed, bound_to: &[u8]) -> [u8; 32] {
    let ProxySealed { iv, metadata, tag, ciphertext } = sealed;
    sha256(&[bound_to, metadata, iv, ciphertext, tag].concat())
}

pub(crate) fn decrypted(text: &[u8], ciphertext_len: usize) -> Result<SecretBytes, ProxyError> {
    let answer: Decrypted = read(text)?;
    let plaintext = SecretBytes::new(bytes(&answer.plaintext)?);
    within(plaintext.len() == ciphertext_len, plaintext)
}

/// Why a proxy refused, and what it said. The name decides; a name nobody knows, or none, is no answer.
pub(crate) fn refused(status: StatusCode, text: &[u8]) -> (ProxyError, String) {
    let Ok(Refused { error_name, error_message }) = read(text) else {
        return (ProxyError::Malformed, format!("status {status} without an error name"));
    };
    let error = match error_name.as_str() {
        "ValidationException" => ProxyError::Validation,
        "InvalidStateException" => ProxyError::InvalidState,
        "InvalidCiphertextException" => ProxyError::InvalidCiphertext,
        "InvalidKeyUsageException" => ProxyError::InvalidKeyUsage,
        "AuthenticationFailedException" => ProxyError::AuthenticationFailed,
        "AccessDeniedException" => ProxyError::AccessDenied,
        "KeyNotFoundException" => ProxyError::KeyNotFound,
        "InvalidUriPathException" => ProxyError::InvalidUriPath,
        "ThrottlingException" => ProxyError::Throttled,
        "UnsupportedOperationException" => ProxyError::Unsupported,
        "DependencyTimeoutException" => ProxyError::DependencyTimedOut,
        "InternalException" => ProxyError::Internal,
        _ => ProxyError::Malformed,
    };
    (error, printable(&format!("{error_name}: {}", error_message.unwrap_or_default())))
}

/// Printable ASCII, and not too much of it: the proxy's words go into our log.
fn printable(text: &str) -> String {
    text.chars().take(MESSAGE_BYTES_MAX).map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's appendix C.
    const EXAMPLE: &str = r#"{"authenticationTag": "vBxN2ncH1oEkR8WVXpmyYQ==", "ciphertext": "ghxkK1txeDNn3q8Y",
        "ciphertextDataIntegrityValue": "qHA/ImC9h5HsLRXqCyPmWgYx7tzyoTplzILbP0fPXsc=",
        "ciphertextMetadata": "a2V5X3ZlcnNpb249MQ==", "initializationVector": "HMrlRw85cAJUd5Ax"}"#;
    const BOUND_TO: &[u8] = b"project=nile,department=marketing";

    #[test]
    fn the_specifications_example_holds() {
        let sealed = encrypted(EXAMPLE.as_bytes(), 12, BOUND_TO).expect("it is right");
        assert_eq!(&*sealed.metadata, b"key_version=1");
        assert_eq!(sealed.iv.len(), 12);
    }

    #[test]
    fn an_answer_that_contradicts_itself_is_no_answer() {
        let cases = [
            (EXAMPLE.to_owned(), 13, BOUND_TO),
            (EXAMPLE.to_owned(), 12, b"other".as_slice()),
            (EXAMPLE.replace("ghxk", "ghxl"), 12, BOUND_TO),
            (EXAMPLE.replace("vBxN2ncH1oEkR8WVXpmyYQ==", "vBxN"), 12, BOUND_TO),
            (EXAMPLE.replace("HMrlRw85cAJUd5Ax", "HMrlRw85cAJUd5"), 12, BOUND_TO),
            (EXAMPLE.replace("a2V5X3ZlcnNpb249MQ==", &BASE64.encode([0; 21])), 12, BOUND_TO),
            (EXAMPLE.replace("\"ciphertext\"", "\"cipher\""), 12, BOUND_TO),
            (EXAMPLE.replace("\"ciphertextDataIntegrityValue\"", "\"cdiv\""), 12, BOUND_TO),
            (String::new(), 12, BOUND_TO),
        ];
        for (text, len, bound_to) in cases {
            assert_eq!(encrypted(text.as_bytes(), len, bound_to), Err(ProxyError::Malformed), "{text}");
        }
    }

    #[test]
    fn health_has_one_to_ten_managers() {
        let of = |size: i64, states: &[&str]| {
            let managers: Vec<String> = states
                .iter()
                .map(|s| format!(r#"{{"id": "1", "model": "m", "healthStatus": "{s}"}}"#))
                .collect();
            let text = format!(
                r#"{{"xksProxyFleetSize": {size}, "xksProxyVendor": "v", "xksProxyModel": "m", "ekmVendor": "e",
                    "ekmFleetDetails": [{}]}}"#,
                managers.join(",")
            );
            health(text.as_bytes()).map(|health| health.any_serves)
        };
        assert_eq!(of(1, &["ACTIVE"]), Ok(true));
        assert_eq!(of(1, &["UNAVAILABLE", "DEGRADED"]), Ok(true));
        assert_eq!(of(1, &["UNAVAILABLE"; 10]), Ok(false));
        for (size, states) in
            [(0, &["ACTIVE"][..]), (-1, &["ACTIVE"]), (1, &[]), (1, &["ACTIVE"; 11]), (1, &["FINE"])]
        {
            assert_eq!(of(size, states), Err(ProxyError::Malformed), "{size} {states:?}");
        }
    }

    #[test]
    fn a_key_says_what_it_is() {
        let text = br#"{"keySpec": "AES_256", "keyUsage": ["ENCRYPT", "WRAP"], "keyStatus": "DISABLED"}"#;
        let expected = ExternalKey { is_aes_256: true, encrypts: true, decrypts: false, is_enabled: false };
        assert_eq!(metadata(text), Ok(expected));
        let text = br#"{"keySpec": "AES_256", "keyUsage": [], "keyStatus": "BROKEN"}"#;
        assert_eq!(metadata(text), Err(ProxyError::Malformed));
        let usages = ["\"ENCRYPT\""; 11].join(",");
        let text = format!(r#"{{"keySpec": "RSA", "keyUsage": [{usages}], "keyStatus": "ENABLED"}}"#);
        assert_eq!(metadata(text.as_bytes()), Err(ProxyError::Malformed));
    }

    #[test]
    fn a_plaintext_is_as_long_as_its_ciphertext() {
        assert_eq!(decrypted(br#"{"plaintext": "AAAA"}"#, 3).expect("right").expose(), [0; 3]);
        for text in [r#"{"plaintext": "AAAA"}"#, r#"{"plaintext": "!"}"#, "{}"] {
            assert_eq!(decrypted(text.as_bytes(), 4).err(), Some(ProxyError::Malformed));
        }
    }

    #[test]
    fn refusals_are_told_by_name() {
        let of = |text: &str| refused(StatusCode::BAD_REQUEST, text.as_bytes());
        let (error, said) =
            of(r#"{"errorName": "KeyNotFoundException", "errorMessage": "no\u001b[31m key"}"#);
        assert_eq!((error, said.as_str()), (ProxyError::KeyNotFound, "KeyNotFoundException: no?[31m key"));
        assert_eq!(of(r#"{"errorName": "Whatever"}"#).0, ProxyError::Malformed);
        assert_eq!(of("<html>").0, ProxyError::Malformed);
        let long = format!(r#"{{"errorName": "InternalException", "errorMessage": "{}"}}"#, "a".repeat(4096));
        assert_eq!(of(&long).1.len(), MESSAGE_BYTES_MAX);
    }

    #[test]
    fn requests_say_who_asks() {
        let asked = Asked {
            request: keystead_model::RequestId([0xab; 16]),
            operation: "Encrypt",
            principal: Some("arn:aws:iam::111122223333:user/ada".into()),
            key: None,
        };
        let value: serde_json::Value =
            serde_json::from_slice(&to_encrypt(&asked, b"hi", b"aad")).expect("JSON");
        assert_eq!(
            value,
            serde_json::json!({
                "requestMetadata": {
                    "awsPrincipalArn": "arn:aws:iam::111122223333:user/ada", "kmsOperation": "Encrypt",
                    "kmsRequestId": "abababab-abab-abab-abab-abababababab",
                },
                "additionalAuthenticatedData": "YWFk", "plaintext": "aGk=", "encryptionAlgorithm": "AES_GCM",
                "ciphertextDataIntegrityValueAlgorithm": "SHA_256",
            })
        );
    }
}
