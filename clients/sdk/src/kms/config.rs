//! Where the service is and who calls, read from the environment as the AWS SDKs read it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::Credentials;
use http::Uri;

/// How to reach the service.
pub struct Config {
    pub(super) endpoint: Uri,
    pub(super) region: String,
    pub(super) credentials: Credentials,
    pub(super) authorities: Authorities,
    /// Longest wait for a connection, TLS included. Default 10 s.
    pub connect_timeout: Duration,
    /// Longest wait for the beginning of an answer, and then for its end unless it is streamed. Default 30 s.
    pub answer_timeout: Duration,
}

/// Whose word is taken for the endpoint's certificate.
pub(super) enum Authorities {
    /// Those in this file.
    File(PathBuf),
    /// Those the operating system trusts.
    System,
    /// None are needed: plain HTTP on loopback.
    None,
}

/// What is missing or wrong in the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable has to be set.
    #[error("{name} is not set; `keystead dev` prints the lines that set it")]
    Missing {
        /// Which.
        name: &'static str,
    },
    /// A variable has a value that cannot be used.
    #[error("{name} cannot be used: {reason}")]
    Invalid {
        /// Which.
        name: &'static str,
        /// Why.
        reason: String,
    },
    /// A file of certificates cannot be used.
    #[error("the certificates in {path} cannot be used: {reason}")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// No file of trusted certificates is where operating systems keep it.
    #[error("this system has no file of trusted certificates; set AWS_CA_BUNDLE")]
    NoSystemCertificates,
}

impl Config {
    /// Reads `AWS_ENDPOINT_URL_KMS` (else `AWS_ENDPOINT_URL`, else `https://kms.<region>.amazonaws.com`),
    /// `AWS_REGION` (else `AWS_DEFAULT_REGION`), `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`
    /// and `AWS_CA_BUNDLE`. Plain HTTP is taken to loopback addresses only.
    ///
    /// # Errors
    /// One [`ConfigError`] a variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// The same with the variables handed in. An empty value counts as not set.
    ///
    /// # Errors
    /// One [`ConfigError`] a variable.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| variable(name).ok_or(ConfigError::Missing { name });
        let region = variable("AWS_REGION")
            .or_else(|| variable("AWS_DEFAULT_REGION"))
            .ok_or(ConfigError::Missing { name: "AWS_REGION" })?;
        check_region(&region)?;
        let endpoint = endpoint(&variable, &region)?;
        let authorities = match (endpoint.scheme_str(), variable("AWS_CA_BUNDLE")) {
            (Some("http"), _) => Authorities::None,
            (_, Some(path)) => Authorities::File(path.into()),
            (_, None) => Authorities::System,
        };
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        Ok(Self {
            endpoint,
            region,
            credentials,
            authorities,
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(30),
        })
    }
}

/// A region becomes part of a host name and of what is signed.
fn check_region(region: &str) -> Result<(), ConfigError> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    match region.len() <= 32 && region.bytes().all(allowed) {
        true => Ok(()),
        false => Err(ConfigError::Invalid {
            name: "AWS_REGION",
            reason: "a region is at most 32 bytes out of a-z, 0-9 and -, such as eu-central-1".into(),
        }),
    }
}

fn endpoint(variable: &impl Fn(&str) -> Option<String>, region: &str) -> Result<Uri, ConfigError> {
    let given = ["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL"]
        .into_iter()
        .find_map(|name| Some((name, variable(name)?)));
    let (name, text) = given.unwrap_or_else(|| ("AWS_REGION", format!("https://kms.{region}.amazonaws.com")));
    let invalid = |reason: &str| ConfigError::Invalid { name, reason: format!("{reason}: {text}") };
    let uri: Uri = text.parse().map_err(|_| invalid("it is not a URL"))?;
    let authority = uri.authority().ok_or_else(|| invalid("it has no host"))?;
    if authority.as_str().contains('@') {
        return Err(ConfigError::Invalid { name, reason: "user and password do not belong into it".into() });
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(invalid("it has a path or a query"));
    }
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if is_loopback(authority.host()) => Ok(uri),
        Some("http") => Err(invalid("plain HTTP is used to loopback addresses only; use https")),
        _ => Err(invalid("it does not begin with https://")),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let base = [
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "eu-central-1"),
        ];
        Config::from_lookup(|name| {
            let found = pairs.iter().chain(&base).find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn endpoint_of(pairs: &[(&str, &str)]) -> Option<String> {
        config(pairs).ok().map(|config| config.endpoint.to_string())
    }

    #[test]
    fn the_most_particular_endpoint_counts() {
        assert_eq!(endpoint_of(&[]).as_deref(), Some("https://kms.eu-central-1.amazonaws.com/"));
        let general = ("AWS_ENDPOINT_URL", "https://keys.example:8443");
        assert_eq!(endpoint_of(&[general]).as_deref(), Some("https://keys.example:8443/"));
        let own = ("AWS_ENDPOINT_URL_KMS", "https://localhost:7");
        assert_eq!(endpoint_of(&[general, own]).as_deref(), Some("https://localhost:7/"));
    }

    #[test]
    fn plain_http_goes_to_loopback_only() {
        for good in ["http://127.0.0.1:9", "http://[::1]:9", "http://localhost:9", "http://127.9.9.9"] {
            assert!(config(&[("AWS_ENDPOINT_URL", good)]).is_ok(), "{good}");
        }
        for bad in [
            "http://10.0.0.1",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://127.0.0.1",
            "127.0.0.1",
            "https://user:word@host",
            "https://host/path",
            "",
        ] {
            let refused = config(&[("AWS_ENDPOINT_URL", bad)]).is_err();
            assert_eq!(refused, !bad.is_empty(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] {
            assert_eq!(config(&[(name, "")]).err(), Some(ConfigError::Missing { name }));
        }
        assert!(config(&[("AWS_REGION", "eu/../central")]).is_err());
    }
}
