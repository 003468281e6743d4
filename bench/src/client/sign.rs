//! Signs requests with AWS Signature Version 4, header form, with the signing key worked out once.

use anyhow::{Context, Result};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, Tag, sign};

/// Who signs, and for where.
#[derive(Clone)]
pub struct Credentials {
    /// The access key's id.
    pub access_key: String,
    /// Its secret.
    pub secret: String,
    /// The region of the scope.
    pub region: String,
}

/// Signs requests of one instant to one host. A server takes them for five minutes.
pub struct Signer {
    host: String,
    date: String,
    scope: String,
    access_key: String,
    key: Key,
}

impl Signer {
    /// For now.
    pub fn now(credentials: &Credentials, host: String) -> Result<Self> {
        let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
        let date =
            jiff::fmt::strtime::format("%Y%m%dT%H%M%SZ", &now).context("the clock cannot be written down")?;
        Ok(Self::at(credentials, host, date))
    }

    /// For a date such as `20261121T080000Z`.
    fn at(credentials: &Credentials, host: String, date: String) -> Self {
        let Credentials { access_key, secret, region } = credentials;
        let day = date.get(..8).unwrap_or_default();
        let first = Key::new(HMAC_SHA256, format!("AWS4{secret}").as_bytes());
        let key = [day, region, SERVICE, "aws4_request"].iter().fold(first, |key, word| derived(&key, word));
        let scope = format!("{day}/{region}/{SERVICE}/aws4_request");
        Self { host, date, scope, access_key: access_key.clone(), key }
    }

    /// Appends a signed call of the KMS API to `out`.
    pub fn write(&self, operation: &str, body: &str, out: &mut Vec<u8>) {
        let Self { host, date, scope, access_key, .. } = self;
        let hash = hex::encode(digest(&SHA256, body.as_bytes()));
        let canonical = format!(
            "POST\n/\n\ncontent-type:{TYPE}\nhost:{host}\nx-amz-date:{date}\nx-amz-target:{TARGET}.{operation}\n\n{SIGNED}\n{hash}"
        );
        let hash = hex::encode(digest(&SHA256, canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}");
        let signature = hex::encode(sign(&self.key, to_sign.as_bytes()));
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {host}\r\nuser-agent: keystead-bench\r\ncontent-type: {TYPE}\r\n\
             x-amz-target: {TARGET}.{operation}\r\nx-amz-date: {date}\r\nauthorization: AWS4-HMAC-SHA256 \
             Credential={access_key}/{scope}, SignedHeaders={SIGNED}, Signature={signature}\r\n\
             content-length: {length}\r\n\r\n",
            length = body.len(),
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(body.as_bytes());
    }
}

fn derived(key: &Key, word: &str) -> Key {
    let tag: Tag = sign(key, word.as_bytes());
    Key::new(HMAC_SHA256, tag.as_ref())
}

const SERVICE: &str = "kms";
const TARGET: &str = "TrentService";
const TYPE: &str = "application/x-amz-json-1.1";
const SIGNED: &str = "content-type;host;x-amz-date;x-amz-target";

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials {
            access_key: "AKIDEXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1".into(),
        }
    }

    /// What botocore signs for the same request, date and credentials.
    #[test]
    fn a_signature_is_what_other_signers_make() {
        let signer = Signer::at(&credentials(), "127.0.0.1:8443".into(), "20261121T080000Z".into());
        let mut out = Vec::new();
        signer.write("ListKeys", "{}", &mut out);
        let text = String::from_utf8(out).expect("ASCII");
        assert!(text.starts_with("POST / HTTP/1.1\r\nhost: 127.0.0.1:8443\r\n"), "{text}");
        assert!(text.ends_with("content-length: 2\r\n\r\n{}"), "{text}");
        assert!(
            text.contains("Signature=27b8ff65096de3fc96279da106aa046e77b0d8d6ecf470e94597e65b30e630e7\r\n"),
            "{text}"
        );
    }
}
