//! The two servers that are measured, each in a process of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::client::sign::Credentials;
use crate::client::tls::{self, Exchange};
use crate::client::{Peer, Requests, calls};
use crate::nothing;
use crate::process::{Running, guarded};

/// A started `keystead dev`. Killed when dropped.
pub struct Keystead {
    /// The process.
    pub running: Running,
    /// Where it answers.
    pub peer: Peer,
    /// What it said about itself.
    pub known: Known,
}

/// What clients of a data folder need, the same at every start.
#[derive(Clone)]
pub struct Known {
    /// Who may do everything.
    pub credentials: Credentials,
    /// The lines it wrote for shells, as pairs.
    pub exports: Vec<(String, String)>,
    /// The certificates to trust.
    pub certificates: Vec<u8>,
}

impl Keystead {
    /// Starts it on a free port, and waits until it answers.
    pub fn start(program: &Path, data: &Path, scratch: &Path) -> Result<Self> {
        let env_file = scratch.join("exports");
        remove_if_there(&env_file)?;
        let mut running = spawn(program, data, scratch, 0, Some(&env_file))?;
        let begun = Instant::now();
        while !env_file.exists() {
            still_runs(&mut running, scratch)?;
            if begun.elapsed() > START_WAIT_MAX {
                bail!("keystead does not answer");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let known = Known::read(&env_file)?;
        let endpoint = known.export("AWS_ENDPOINT_URL")?;
        let address = endpoint.strip_prefix("https://").context("keystead does not speak TLS")?;
        let tls = tls::config(&known.certificates, Exchange::Hybrid)?;
        let peer = Peer { address: address.parse().context("no address")?, tls };
        Ok(Self { running, peer, known })
    }

    /// Starts it on a port that is thought to be free, and returns at once.
    pub fn spawn_at(program: &Path, data: &Path, scratch: &Path, port: u16) -> Result<Running> {
        spawn(program, data, scratch, port, None)
    }

    /// Signs calls for it.
    pub fn signed(&self, calls: impl Iterator<Item = calls::Call>) -> Result<Arc<Requests>> {
        self.known.signed(&self.peer, calls)
    }

    /// Another `keystead` that talks to it.
    pub fn command(&self, program: &Path) -> Result<Command> {
        let mut command = guarded(program)?;
        command.env_clear().envs(self.known.exports.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        Ok(command)
    }
}

impl Known {
    fn read(env_file: &Path) -> Result<Self> {
        let text = fs::read_to_string(env_file)?;
        let exports: Vec<_> = text.lines().filter_map(export).collect();
        let mut known = Self {
            credentials: Credentials {
                access_key: String::new(),
                secret: String::new(),
                region: String::new(),
            },
            exports,
            certificates: Vec::new(),
        };
        known.credentials = Credentials {
            access_key: known.export("AWS_ACCESS_KEY_ID")?,
            secret: known.export("AWS_SECRET_ACCESS_KEY")?,
            region: known.export("AWS_REGION")?,
        };
        known.certificates = fs::read(known.export("AWS_CA_BUNDLE")?)?;
        Ok(known)
    }

    fn export(&self, name: &str) -> Result<String> {
        let found = self.exports.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).with_context(|| format!("keystead does not export {name}"))
    }

    /// Signs calls for a server of this data folder.
    pub fn signed(&self, peer: &Peer, calls: impl Iterator<Item = calls::Call>) -> Result<Arc<Requests>> {
        Ok(Arc::new(calls::signed(&self.credentials, peer.address.to_string(), calls)?))
    }
}

fn spawn(program: &Path, data: &Path, scratch: &Path, port: u16, env_file: Option<&Path>) -> Result<Running> {
    let mut command = guarded(program)?;
    command.arg("dev").arg("--listen").arg(format!("127.0.0.1:{port}")).arg("--data").arg(data);
    if let Some(path) = env_file {
        command.arg("--env-file").arg(path);
    }
    let complaints = File::create(complaints_in(scratch))?;
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(complaints);
    Running::spawn(&mut command, "keystead dev")
}

/// An error, with what it complained of, if it has ended.
pub fn still_runs(running: &mut Running, scratch: &Path) -> Result<()> {
    match running.ended()? {
        None => Ok(()),
        Some(status) => {
            let complaints = fs::read_to_string(complaints_in(scratch)).unwrap_or_default();
            bail!("keystead dev ended with {status}: {}", complaints.trim())
        }
    }
}

fn complaints_in(scratch: &Path) -> PathBuf {
    scratch.join("keystead.stderr")
}

/// The server that does nothing. Killed when dropped.
pub struct Nothing {
    /// The process.
    pub running: Running,
    /// Where it answers.
    pub peer: Peer,
}

impl Nothing {
    /// Starts it, and waits until it listens.
    pub fn start(scratch: &Path) -> Result<Self> {
        let certificate = scratch.join("nothing.pem");
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(nothing::ROLE).arg(&certificate);
        command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = Running::spawn(&mut command, "the do-nothing server")?;
        let output = running.child().stdout.take().context("no pipe")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse().context("the do-nothing server does not start")?;
        let tls = tls::config(&fs::read(&certificate)?, Exchange::Hybrid)?;
        Ok(Self { running, peer: Peer { address, tls } })
    }
}

fn export(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
    Some((name.to_owned(), unquoted(value)))
}

/// One word of a shell, as `keystead` writes it: plain, or between single quotes.
fn unquoted(word: &str) -> String {
    match word.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace(r"'\''", "'"),
        None => word.to_owned(),
    }
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

const START_WAIT_MAX: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_read_back() {
        assert_eq!(export("export A=b"), Some(("A".into(), "b".into())));
        assert_eq!(export(r"export A='it'\''s $x'"), Some(("A".into(), "it's $x".into())));
        assert_eq!(export("unset A"), None);
    }
}
