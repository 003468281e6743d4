//! The root access key of the development account, kept so that clients configured once stay configured.

use std::path::Path;

use anyhow::{Context, bail};
use keystead_crypto::SecretBytes;
use keystead_model::AccessKeyId;

use crate::private_file;

/// An access key: its id and its secret.
pub struct AccessKey {
    /// What requests name.
    pub id: AccessKeyId,
    /// What signs them: visible ASCII.
    pub secret: SecretBytes,
}

/// Longest file read, in bytes.
const FILE_BYTES_MAX: usize = 512;

impl AccessKey {
    /// Reads the file that [`AccessKey::keep`] wrote; `None` if there is none.
    pub fn kept(path: &Path) -> anyhow::Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let bytes = private_file::read(path, FILE_BYTES_MAX)?;
        match Self::decode(bytes.expose()) {
            Some(key) => Ok(Some(key)),
            None => bail!("{} is damaged; remove its folder to begin anew", path.display()),
        }
    }

    /// Writes the file: id, a space, secret, a line feed.
    pub fn keep(&self, path: &Path) -> anyhow::Result<()> {
        let mut line = SecretBytes::zeroed(self.id.as_str().len() + 1 + self.secret.len() + 1);
        let (id, rest) = line.expose_mut().split_at_mut(self.id.as_str().len());
        id.copy_from_slice(self.id.as_str().as_bytes());
        rest[0] = b' ';
        rest[1..=self.secret.len()].copy_from_slice(self.secret.expose());
        rest[1 + self.secret.len()] = b'\n';
        private_file::replace(path, line.expose()).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The secret as text.
    pub fn secret_text(&self) -> &str {
        std::str::from_utf8(self.secret.expose()).expect("a secret is ASCII")
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let line = bytes.strip_suffix(b"\n")?;
        let space = line.iter().position(|b| *b == b' ')?;
        let id = AccessKeyId::parse(std::str::from_utf8(&line[..space]).ok()?)?;
        let secret = &line[space + 1..];
        let visible = !secret.is_empty() && secret.iter().all(u8::is_ascii_graphic);
        visible.then(|| Self { id, secret: SecretBytes::copy_from(secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_is_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("access-key");
        assert!(AccessKey::kept(&path).expect("none").is_none());
        let id = AccessKeyId::parse("AKIAEXAMPLE").expect("an id");
        AccessKey { id: id.clone(), secret: SecretBytes::copy_from(b"a/secret+text") }
            .keep(&path)
            .expect("kept");
        let again = AccessKey::kept(&path).expect("whole").expect("there");
        assert_eq!((again.id.clone(), again.secret_text()), (id, "a/secret+text"));
    }

    #[test]
    fn a_damaged_file_says_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("access-key");
        for text in ["", "\n", "AKIA\n", "AKIA \n", "AKIA two words\n", "AKIA secret", "AK-IA secret\n"] {
            private_file::replace(&path, text.as_bytes()).expect("write");
            let error = AccessKey::kept(&path).err().expect("refused").to_string();
            assert!(error.contains("begin anew"), "{text:?}: {error}");
        }
    }
}
