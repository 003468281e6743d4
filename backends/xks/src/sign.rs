//! Signature Version 4 towards proxies: the headers `host` and `x-amz-date`, the whole body, service `kms-xks-proxy`.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request};
use http_body_util::Full;
use keystead_crypto::{Proxy, ProxyError};

const SERVICE: &str = "kms-xks-proxy";
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const AGENT: HeaderValue = HeaderValue::from_static(concat!("keystead-xks/", env!("CARGO_PKG_VERSION")));

/// A request to `path`, signed at `now`.
pub(crate) fn signed(
    proxy: &Proxy,
    path: &str,
    body: Bytes,
    now: SystemTime,
) -> Result<Request<Full<Bytes>>, ProxyError> {
    // What a proxy's settings are made of was checked when they were set, so none of this fails.
    let broken = |what: &dyn std::fmt::Display| {
        tracing::error!(%what, "a request to an external key store proxy cannot be made");
        ProxyError::Unreachable
    };
    let url = format!("https://{}{path}", proxy.host);
    let secret = std::str::from_utf8(proxy.secret_access_key.expose()).map_err(|error| broken(&error))?;
    let identity = Credentials::from_keys(&*proxy.access_key_id, secret, None).into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(proxy.location.as_str())
        .name(SERVICE)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| broken(&error))?
        .into();
    let signable = SignableRequest::new("POST", &url, std::iter::empty(), SignableBody::Bytes(&body));
    let signable = signable.map_err(|error| broken(&error))?;
    let (instructions, _) = sign(signable, &parameters).map_err(|error| broken(&error))?.into_parts();
    // The origin form goes out; the signature was made over the same path and host.
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, &*proxy.host)
        .header(CONTENT_TYPE, JSON)
        .header(ACCEPT, JSON)
        .header(USER_AGENT, AGENT)
        .body(Full::new(body))
        .map_err(|error| broken(&error))?;
    for (name, value) in instructions.headers() {
        let value = HeaderValue::from_str(value).map_err(|error| broken(&error))?;
        let name: http::HeaderName = name.parse().map_err(|error| broken(&error))?;
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use keystead_crypto::{SecretBytes, hmac_sha256, sha256};

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_request_is_signed_over_host_date_and_body() {
        let proxy = Proxy {
            host: "xks.example.com".into(),
            path: "/a/kms/xks/v1".into(),
            access_key_id: "ABCDEFGHIJKLMNOPQRST".into(),
            secret_access_key: SecretBytes::copy_from(b"0123456789012345678901234567890123456789abc"),
            location: "eu-central-1".parse().expect("a location"),
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let request = signed(&proxy, "/a/kms/xks/v1/health", Bytes::from_static(b"{}"), now).expect("signed");
        assert_eq!(request.headers()["host"], "xks.example.com");
        assert_eq!(request.headers()["x-amz-date"], "20231114T221320Z");
        let scope = "20231114/eu-central-1/kms-xks-proxy/aws4_request";
        let canonical = format!(
            "POST\n/a/kms/xks/v1/health\n\nhost:xks.example.com\nx-amz-date:20231114T221320Z\n\nhost;x-amz-date\n{}",
            hex(&sha256(b"{}"))
        );
        let text =
            format!("AWS4-HMAC-SHA256\n20231114T221320Z\n{scope}\n{}", hex(&sha256(canonical.as_bytes())));
        let mut key = [b"AWS4".as_slice(), proxy.secret_access_key.expose()].concat();
        for part in scope.split('/') {
            key = hmac_sha256(&key, &[part.as_bytes()]).to_vec();
        }
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=ABCDEFGHIJKLMNOPQRST/{scope}, SignedHeaders=host;x-amz-date, Signature={}",
            hex(&hmac_sha256(&key, &[text.as_bytes()]))
        );
        assert_eq!(request.headers()["authorization"], expected.as_str());
    }
}
