//! Other programs that seal files, where they are installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::figure::Target;
use crate::report::Report;
use crate::targets;

/// One such program, with the key it is to use.
pub enum Peer {
    /// `age` or `rage`, which have the same command line.
    Age {
        /// Which of the two.
        name: &'static str,
        /// Whom to seal for.
        recipient: String,
    },
    /// GnuPG, with a passphrase and AES-256, and without compression.
    Gpg {
        /// Its own folder.
        home: PathBuf,
    },
}

/// Those that are installed; those that are not are skipped with a word.
pub fn installed(folder: &Path, report: &mut Report) -> Result<Vec<Peer>> {
    let mut peers = Vec::new();
    for name in ["age", "rage"] {
        match is_installed(name) {
            true => peers.push(Peer::Age { name, recipient: recipient(name)? }),
            false => report.skipped(format!("{name} is not installed")),
        }
    }
    match is_installed("gpg") {
        true => peers.push(Peer::Gpg { home: make_home(folder)? }),
        false => report.skipped("gpg is not installed".into()),
    }
    Ok(peers)
}

impl Peer {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Age { name, .. } => name,
            Self::Gpg { .. } => "gpg",
        }
    }

    /// How much faster `keystead seal` is to be.
    pub fn target(&self) -> Target {
        match self.name() {
            "age" => targets::AGE,
            "rage" => targets::RAGE,
            _ => targets::GPG,
        }
    }

    /// The command that seals a file.
    pub fn seal(&self, from: &Path, to: &Path) -> Command {
        match self {
            Self::Age { name, recipient } => {
                let mut command = Command::new(name);
                command.args(["--encrypt", "--recipient", recipient, "--output"]).arg(to).arg(from);
                command
            }
            Self::Gpg { home } => {
                let mut command = Command::new("gpg");
                command.args(["--batch", "--yes", "--quiet", "--no-options", "--homedir"]).arg(home);
                command.args(["--pinentry-mode", "loopback", "--passphrase", "keystead"]);
                command.args(["--symmetric", "--cipher-algo", "AES256", "--compress-level", "0", "--output"]);
                command.arg(to).arg(from);
                command
            }
        }
    }
}

impl Drop for Peer {
    /// GnuPG leaves an agent behind.
    fn drop(&mut self) {
        if let Self::Gpg { home } = self {
            let mut command = Command::new("gpgconf");
            command.arg("--homedir").arg(home).args(["--kill", "all"]);
            // It ends by itself, too, once its folder is gone.
            let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
}

fn is_installed(name: &str) -> bool {
    let mut command = Command::new(name);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A new recipient, whose private half is thrown away.
fn recipient(name: &str) -> Result<String> {
    let output = Command::new(format!("{name}-keygen")).stdin(Stdio::null()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let found = text.lines().find_map(|line| line.strip_prefix("# public key: "));
    found
        .map(|recipient| recipient.trim().to_owned())
        .with_context(|| format!("{name}-keygen told no public key"))
}

fn make_home(folder: &Path) -> Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let home = folder.join("gpg");
    std::fs::DirBuilder::new().mode(0o700).create(&home)?;
    Ok(home)
}
