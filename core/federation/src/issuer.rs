//! Who issues tokens, for whom, and which certificates its server may have.

use std::fmt;
use std::sync::Arc;

/// The URL of an issuer: `https://`, a host, perhaps a port and a path, [`Issuer::BYTES_MAX`] bytes at most. Without user,
/// query and fragment (OpenID Connect Core 1.0, section 2). Issuers are the same if their texts are, byte for byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Issuer(Arc<str>);

impl Issuer {
    /// Longest URL, in bytes, as in the IAM service model.
    pub const BYTES_MAX: usize = 255;

    /// Reads a URL; `None` if it breaks a rule.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://").filter(|_| text.len() <= Self::BYTES_MAX)?;
        let (authority, path) = split_path(rest);
        let in_path = |b: u8| b.is_ascii_graphic() && !b"?#\\\"<>^`{|}".contains(&b);
        let is_plain = |segment: &str| segment != "." && segment != "..";
        let fits = is_authority(authority) && path.bytes().all(in_path) && path.split('/').all(is_plain);
        fits.then(|| Self(text.into()))
    }

    /// Reads the name of a provider, which is its URL without the scheme; `None` if it breaks a rule.
    pub fn of_provider(name: &str) -> Option<Self> {
        Self::parse(&format!("https://{name}"))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL without its scheme: what ARNs and condition keys call the provider.
    pub fn provider(&self) -> &str {
        &self.0[SCHEME_BYTES..]
    }

    /// The host, and the port if one is written.
    pub fn authority(&self) -> &str {
        split_path(self.provider()).0
    }

    /// The URL of its discovery document (OpenID Connect Discovery 1.0, section 4).
    pub fn discovery(&self) -> String {
        let base = self.0.strip_suffix('/').unwrap_or(&self.0);
        format!("{base}/.well-known/openid-configuration")
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const SCHEME_BYTES: usize = "https://".len();

fn split_path(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

fn is_authority(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0);
    !host.is_empty() && host.bytes().all(is_host) && port.is_none_or(is_port)
}

/// Whom tokens are for, also known as a client id: 1 to [`Audience::BYTES_MAX`] bytes without control characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Audience(Box<str>);

impl Audience {
    /// Longest audience, in bytes, as in the IAM service model.
    pub const BYTES_MAX: usize = 255;

    /// Reads one; `None` if it breaks a rule.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=Self::BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control);
        fits.then(|| Self(text.into()))
    }

    /// The audience as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-1 digest of a certificate, as IAM has it. It picks out one certificate that is known already, so that a
/// collision is of no use to anybody; nothing is signed with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint(pub [u8; 20]);

impl Thumbprint {
    /// Reads 40 hexadecimal digits, of either case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 40 {
            return None;
        }
        let mut bytes = [0; 20];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// The thumbprint of a certificate, DER.
    pub fn of(certificate: &[u8]) -> Self {
        use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
        let mut bytes = [0; 20];
        bytes.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate).as_ref());
        Self(bytes)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_url_without_user_query_and_fragment() {
        for (text, authority, discovery) in [
            ("https://idp.example", "idp.example", "https://idp.example/.well-known/openid-configuration"),
            ("https://idp.example/", "idp.example", "https://idp.example/.well-known/openid-configuration"),
            (
                "https://idp.example:8443/realms/a%20b",
                "idp.example:8443",
                "https://idp.example:8443/realms/a%20b/.well-known/openid-configuration",
            ),
            (
                "https://10.0.0.7:6443",
                "10.0.0.7:6443",
                "https://10.0.0.7:6443/.well-known/openid-configuration",
            ),
        ] {
            let issuer = Issuer::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((issuer.as_str(), issuer.authority()), (text, authority));
            assert_eq!(issuer.discovery(), discovery);
            assert_eq!(Issuer::of_provider(issuer.provider()), Some(issuer));
        }
        let long = format!("https://a/{}", "a".repeat(246));
        for text in [
            "",
            "https://",
            "https:///a",
            "http://idp.example",
            "HTTPS://idp.example",
            "https://user@idp.example",
            "https://user:word@idp.example",
            "https://idp.example?a",
            "https://idp.example/?a=b",
            "https://idp.example/#a",
            "https://idp.example/a b",
            "https://idp.example/../b",
            "https://idp.example/.",
            "https://idp.example\\@other",
            "https://idp.example:",
            "https://idp.example:0",
            "https://idp.example:65536",
            "https://idp.example:+1",
            "https://[::1]/",
            "https://idp.example/\u{e9}",
            "https://idp.example\r\nhost: a",
            &long,
        ] {
            assert_eq!(Issuer::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_audience_has_a_length() {
        assert!(Audience::parse("sts.amazonaws.com").is_some());
        assert!(Audience::parse(&"a".repeat(255)).is_some());
        for text in ["", "a\nb", &"a".repeat(256)] {
            assert_eq!(Audience::parse(text), None);
        }
    }

    #[test]
    fn a_thumbprint_has_forty_digits() {
        let text = "a9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(Thumbprint::parse(text), Some(Thumbprint::of(b"abc")));
        assert_eq!(Thumbprint::parse(&text.to_uppercase()), Some(Thumbprint::of(b"abc")));
        assert_eq!(Thumbprint::of(b"abc").to_string(), text);
        for text in
            ["", &text[1..], &text.replace('a', "g"), &format!("{text}0"), &text.replace('a', "\u{e9}")]
        {
            assert_eq!(Thumbprint::parse(text), None, "{text}");
        }
    }
}
