//! Where a development server keeps what it keeps.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use keystead_model::world::Entropy;

/// The folder for this user, from the environment variables that name it.
pub fn of_this_user(variable: impl Fn(&str) -> Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    if let Some(data) = absolute("XDG_DATA_HOME") {
        return Ok(data.join("keystead/dev"));
    }
    match absolute("HOME") {
        Some(home) => Ok(home.join(".local/share/keystead/dev")),
        None => bail!("neither XDG_DATA_HOME nor HOME is set; say where to keep state with --data FOLDER"),
    }
}

/// The files of a development folder.
pub struct Place(PathBuf);

impl Place {
    /// The files in this folder.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        std::path::absolute(folder).map(Self)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The root key file.
    pub fn root_key(&self) -> PathBuf {
        self.0.join("root.key")
    }

    /// The root access key.
    pub fn access_key(&self) -> PathBuf {
        self.0.join("access-key")
    }

    /// The private key of the certificate authority.
    pub fn authority_key(&self) -> PathBuf {
        self.0.join("ca.key")
    }

    /// The certificate to trust.
    pub fn authority(&self) -> PathBuf {
        self.0.join("ca.pem")
    }
}

/// A folder that goes with the process: where `--ephemeral` puts the one file that clients have to read.
pub struct Passing(PathBuf);

impl Passing {
    /// A new folder of mode 0700 under a name nobody could have foreseen.
    pub fn make(entropy: &dyn Entropy) -> anyhow::Result<Self> {
        let mut random = [0; 8];
        entropy.fill(&mut random);
        let path = std::env::temp_dir().join(format!("keystead-dev-{}", hex::encode(random)));
        DirBuilder::new().mode(0o700).create(&path).with_context(|| {
            format!("cannot make the folder {}; set TMPDIR to one that can be written to", path.display())
        })?;
        Ok(Self(path))
    }

    /// The certificate to trust.
    pub fn authority(&self) -> PathBuf {
        self.0.join("ca.pem")
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // Best effort: what stays behind is a public certificate.
        let _ = fs::remove_file(self.authority());
        let _ = fs::remove_dir(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
        of_this_user(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_folder_is_where_the_user_keeps_data() {
        let home = ("HOME", "/home/x");
        assert_eq!(of(&[home]).expect("found"), Path::new("/home/x/.local/share/keystead/dev"));
        assert_eq!(of(&[home, ("XDG_DATA_HOME", "/d")]).expect("found"), Path::new("/d/keystead/dev"));
        let relative = ("XDG_DATA_HOME", "d");
        assert_eq!(of(&[home, relative]).expect("found"), Path::new("/home/x/.local/share/keystead/dev"));
        assert!(of(&[]).is_err());
    }

    #[test]
    fn a_passing_folder_goes() {
        let passing = Passing::make(&*crate::world::system().entropy).expect("made");
        fs::write(passing.authority(), "x").expect("write");
        let path = passing.0.clone();
        assert!(path.is_dir());
        drop(passing);
        assert!(!path.exists());
    }
}
