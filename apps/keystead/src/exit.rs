//! How the program ends: every failure with its reason on standard error and its own exit code.

use std::process::ExitCode;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub enum Failure {
    /// It failed: exit code 1.
    Failed(anyhow::Error),
    /// The command line or the configuration is wrong: exit code 2.
    Usage(anyhow::Error),
    /// A second signal said not to wait for accepted requests: exit code 3.
    Forced,
    /// Whoever was reading the output has gone, which is how `| head` ends a command: exit code 0.
    NobodyReads,
}

impl Failure {
    /// Tells the user, and gives the exit code.
    pub fn report(self) -> ExitCode {
        match self {
            Self::Failed(error) => {
                eprintln!("keystead: {error:#}");
                ExitCode::from(1)
            }
            Self::Usage(error) => {
                eprintln!("keystead: {error:#}");
                ExitCode::from(2)
            }
            Self::Forced => {
                eprintln!("keystead: stopped by force; some accepted requests were not answered");
                ExitCode::from(3)
            }
            Self::NobodyReads => ExitCode::SUCCESS,
        }
    }

    /// The command line, the configuration or the environment is wrong.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::Usage(error.into())
    }

    /// A failure of writing to standard output.
    pub fn output(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Failed(anyhow::Error::new(error).context("cannot write to standard output")),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}
