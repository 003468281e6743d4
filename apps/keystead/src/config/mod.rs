//! The configuration file of `keystead serve`: strict TOML, where an unknown word is an error and every setting
//! is explained by its own doc comment (see [`sample`]).

mod check;
mod sample;
mod settings;

use std::io::Read;
use std::path::{Path, PathBuf};

use check::Meaning;
pub use check::{Config, Listener};
pub use sample::{sample, sample_for};
pub use settings::{LogFormat, LogLevel};

/// Longest configuration file read, in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`], with the line where there is one.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let failed = |source| ConfigError::Read { path: path.into(), source };
        let file = std::fs::File::open(path).map_err(failed)?;
        let mut text = String::new();
        file.take(FILE_BYTES_MAX as u64 + 1).read_to_string(&mut text).map_err(failed)?;
        if text.len() > FILE_BYTES_MAX {
            return Err(ConfigError::TooLong { path: path.into() });
        }
        Self::parse(&text).map_err(|error| match error {
            ParseError::Form(why) => ConfigError::Form { path: path.into(), why },
            ParseError::Meaning(why) => ConfigError::Meaning { path: path.into(), why },
        })
    }

    fn parse(text: &str) -> Result<Self, ParseError> {
        let settings: settings::Settings = toml::from_str(text)?;
        Ok(Config::try_from(settings)?)
    }
}

/// Why a configuration file was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The operating system said no, or the file is not text.
    #[error("cannot read the configuration {} ({source})", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// Longer than [`FILE_BYTES_MAX`].
    #[error("the configuration {} is longer than {FILE_BYTES_MAX} bytes; check the path", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// Not TOML, an unknown word or a value of the wrong type; the text names line and column.
    #[error("the configuration {}: {why}\n`keystead sample-config` prints every setting", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        why: toml::de::Error,
    },
    /// Well formed, and it makes no sense.
    #[error("the configuration {}: {why}", path.display())]
    Meaning {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: Meaning,
    },
}

#[derive(Debug, thiserror::Error)]
enum ParseError {
    #[error("{0}")]
    Form(#[from] toml::de::Error),
    #[error("{0}")]
    Meaning(#[from] Meaning),
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "[data]\nfolder = \"/d\"\n[root_key]\nfile = \"/k\"\n[[listen]]\naddress = \"127.0.0.1:1\"\nplain = true\n";

    fn refusal(text: &str) -> String {
        match Config::parse(text) {
            Ok(_) => panic!("accepted:\n{text}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_sample_loads_and_says_nothing_but_defaults() {
        let from_sample = Config::parse(&sample()).expect("the sample is a configuration");
        let least = "[data]\nfolder = \"/var/lib/keystead\"\n[root_key]\nfile = \"/etc/keystead/root.key\"\n\
             [[listen]]\naddress = \"0.0.0.0:8443\"\ntls_certificate = \"/etc/keystead/tls.crt\"\n\
             tls_key = \"/etc/keystead/tls.key\"\n";
        assert_eq!(from_sample, Config::parse(least).expect("the least configuration"));
    }

    #[test]
    fn every_line_that_the_sample_leaves_out_may_be_put_in() {
        let all: Vec<String> = sample()
            .lines()
            .map(|line| {
                line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned()
            })
            .collect();
        Config::parse(&all.join("\n")).expect("every example is valid");
    }

    #[test]
    fn the_committed_sample_is_the_one_printed() {
        let committed = include_str!("../../../../docs/operating/keystead.sample.toml");
        assert!(
            committed == sample(),
            "run `keystead sample-config > docs/operating/keystead.sample.toml`; expected:\n{}",
            sample()
        );
    }

    #[test]
    fn an_unknown_word_is_refused_with_its_line() {
        let why = refusal(&format!("{LEAST}[limits]\nconections_max = 5\n"));
        assert!(why.contains("line 9") && why.contains("conections_max"), "{why}");
        let why = refusal(&format!("{LEAST}[extra]\n"));
        assert!(why.contains("line 8") && why.contains("extra"), "{why}");
    }

    #[test]
    fn what_must_be_there_is_asked_for_by_name() {
        assert!(refusal("").contains("data.folder"));
        assert!(refusal("[data]\nfolder = \"/d\"\n").contains("root_key.file"));
        let why = refusal("[data]\nfolder = \"/d\"\n[root_key]\nfile = \"/k\"\n");
        assert!(why.contains("[[listen]]"), "{why}");
        assert!(refusal(&LEAST.replace("address = \"127.0.0.1:1\"\n", "")).contains("address"));
    }

    #[test]
    fn plain_http_stays_on_loopback() {
        let why = refusal(&LEAST.replace("127.0.0.1:1", "192.0.2.1:80"));
        assert!(why.contains("192.0.2.1:80") && why.contains("loopback"), "{why}");
        let why = refusal(&format!("{LEAST}[metrics]\naddress = \"0.0.0.0:9464\"\n"));
        assert!(why.contains("loopback"), "{why}");
    }

    #[test]
    fn a_listener_has_tls_or_says_that_it_has_not() {
        let why = refusal(&LEAST.replace("plain = true\n", ""));
        assert!(why.contains("tls_certificate") && why.contains("tls_key"), "{why}");
        let both = LEAST.replace("plain = true", "plain = true\ntls_key = \"/k\"\ntls_certificate = \"/c\"");
        assert!(refusal(&both).contains("plain"));
    }

    #[test]
    fn a_gate_for_clients_needs_tls_and_a_list_needs_a_gate() {
        let tls = LEAST.replace("plain = true", "tls_key = \"/k\"\ntls_certificate = \"/c\"");
        Config::parse(&format!("{tls}client_ca_file = \"/a\"\nclient_crl_file = \"/l\"\n")).expect("a gate");
        assert!(refusal(&format!("{tls}client_crl_file = \"/l\"\n")).contains("client_ca_file"));
        assert!(refusal(&format!("{LEAST}client_ca_file = \"/a\"\n")).contains("client_ca_file"));
    }

    #[test]
    fn numbers_have_ranges() {
        for line in [
            "[limits]\nconnections_max = 0",
            "[audit]\nsegment_bytes = 1",
            "[attestation]\ndocument_age_seconds_max = 0",
            "[attestation]\ndocument_age_seconds_max = 10801",
            "[limits]\ndrain_seconds = 100000",
            "[limits]\nconnections_max = -1",
            "[server]\nlocations = []",
            "[server]\nlocations = [\"EU\"]",
            "[server]\nlocations = [\"a\", \"a\"]",
            "[identity_providers]\nhosts = [\"https://a\"]",
            "[identity_providers]\nhosts = [\"a:0\"]",
            "[identity_providers]\nhosts = [\"a\", \"A:443\"]",
            "[identity_providers]\nkey_files = { \"http://a\" = \"/f\" }",
            "[identity_providers]\nkey_files = { \"a\" = \"/f\" }",
            "[log]\nlevel = \"loud\"",
            "[throttle]\npreset = \"gcp\"",
            "[throttle]\nper_second = { Encrypt = 5 }",
            "[throttle]\nper_second = { CreateKey = 1000001 }",
            "[throttle]\nper_second = { CreateKey = -1 }",
        ] {
            refusal(&format!("{LEAST}{line}\n"));
        }
    }
}
