//! The environment that AWS SDKs and Keystead's own commands read, as lines for a shell.

use std::path::Path;

/// What a client needs to know of a development server.
pub struct Exports<'a> {
    /// Where it listens, such as `https://localhost:8443`.
    pub endpoint: &'a str,
    /// The root access key's id.
    pub access_key_id: &'a str,
    /// The root access key's secret.
    pub secret_access_key: &'a str,
    /// The location that keys are made in.
    pub region: &'a str,
    /// The file with the certificate to trust; absent over plain HTTP.
    pub ca_bundle: Option<&'a Path>,
}

impl Exports<'_> {
    /// Lines for any POSIX shell. What an earlier session may have left in the environment and would spoil
    /// requests is unset first.
    pub fn shell(&self) -> String {
        let Self { endpoint, access_key_id, secret_access_key, region, ca_bundle } = self;
        let mut lines = String::from(
            "unset AWS_SESSION_TOKEN AWS_PROFILE AWS_ENDPOINT_URL_KMS AWS_ENDPOINT_URL_IAM AWS_ENDPOINT_URL_STS\n",
        );
        let mut export = |name: &str, value: &str| {
            lines.push_str(&format!("export {name}={}\n", quoted(value)));
        };
        export("AWS_ENDPOINT_URL", endpoint);
        export("AWS_ACCESS_KEY_ID", access_key_id);
        export("AWS_SECRET_ACCESS_KEY", secret_access_key);
        export("AWS_REGION", region);
        // Some SDKs read only the older name.
        export("AWS_DEFAULT_REGION", region);
        if let Some(path) = ca_bundle {
            export("AWS_CA_BUNDLE", &path.to_string_lossy());
        }
        lines
    }
}

/// The text as one word of a POSIX shell.
pub fn quoted(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_./:@%+=,-".contains(&b);
    match !text.is_empty() && text.bytes().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_every_value() {
        let folder = tempfile::tempdir().expect("a folder");
        let odd = "it's $HOME; `id` \"x\"\\";
        let exports = Exports {
            endpoint: "https://localhost:8443",
            access_key_id: "AKIA",
            secret_access_key: odd,
            region: "us-east-1",
            ca_bundle: Some(Path::new("/a b/ca.pem")),
        };
        let path = folder.path().join("env");
        std::fs::write(&path, exports.shell()).expect("write");
        let script =
            ". \"$0\"; printf '%s\\n' \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_CA_BUNDLE\" \"${AWS_PROFILE-none}\"";
        let output = std::process::Command::new("sh")
            .args(["-c", script])
            .arg(&path)
            .env("AWS_PROFILE", "left over")
            .output()
            .expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{odd}\n/a b/ca.pem\nnone\n"));
    }

    #[test]
    fn plain_words_stay_plain() {
        assert_eq!(quoted("https://localhost:8443"), "https://localhost:8443");
        assert_eq!(quoted(""), "''");
    }
}
