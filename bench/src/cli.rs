//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::parts::Part;

/// Measures Keystead, and prints a table.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
pub struct Cli {
    /// What to measure; everything if nothing is named
    #[arg(value_name = "PART")]
    named: Vec<Part>,
    /// See only that everything runs: few rounds, short ones, small stores and files
    #[arg(long)]
    pub quick: bool,
    /// How many rounds; each figure is the median over them [default: 5, quick: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: Option<u32>,
    /// How long one measurement under load takes, in milliseconds [default: 2000, quick: 200]
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(50..=600_000))]
    milliseconds: Option<u64>,
    /// How many keys the largest store has [default: 1000000, quick: 2000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
    keys: Option<u32>,
    /// How long the file is that is sealed and opened, in MiB [default: 4096, quick: 64]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    size: Option<u64>,
    /// Where that file lies; room for three times its length is needed
    #[arg(long, value_name = "FOLDER", default_value = "/dev/shm")]
    pub files_in: PathBuf,
    /// Measure this program instead of building `keystead` first
    #[arg(long, value_name = "FILE")]
    pub keystead: Option<PathBuf>,
    /// Where scratch files and the large stores are kept; on the disk whose syncs are to be measured
    /// [default: target/bench]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Write all that was found, each round by itself, to this file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Draw the figures into this file [default: docs/benchmarks.svg when everything is measured in full]
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Cli {
    /// What is to be measured, each part once.
    pub fn parts(&self) -> Vec<Part> {
        let wanted = |part: &Part| self.named.is_empty() || self.named.contains(part) || self.names_all();
        Part::EACH.into_iter().filter(wanted).collect()
    }

    fn names_all(&self) -> bool {
        self.named.contains(&Part::All)
    }

    /// Rounds; at least 1.
    pub fn rounds(&self) -> usize {
        self.rounds.map_or(if self.quick { 2 } else { 5 }, |rounds| rounds as usize)
    }

    /// Length of one measurement under load.
    pub fn duration(&self) -> std::time::Duration {
        let ms = self.milliseconds.unwrap_or(if self.quick { 200 } else { 2000 });
        std::time::Duration::from_millis(ms)
    }

    /// Keys of the largest store.
    pub fn keys_most(&self) -> usize {
        self.keys.map_or(if self.quick { 2000 } else { 1_000_000 }, |keys| keys as usize)
    }

    /// Length of the file to seal, in bytes.
    pub fn file_bytes(&self) -> u64 {
        self.size.unwrap_or(if self.quick { 64 } else { 4096 }) << 20
    }

    /// The scratch folder, made if need be.
    pub fn folder(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| checkout().join("target/bench"))
    }

    /// Where the drawing goes, if anywhere.
    pub fn svg_path(&self) -> Option<PathBuf> {
        let whole = !self.quick && self.parts().len() == Part::EACH.len();
        self.svg.clone().or_else(|| whole.then(|| checkout().join("docs/benchmarks.svg")))
    }
}

/// The root of the checkout this was built from.
pub fn checkout() -> PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_path_buf(), std::path::Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(words: &[&str]) -> Cli {
        Cli::parse_from([&["bench"], words].concat())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nothing_named_means_everything() {
        assert_eq!(parsed(&[]).parts(), Part::EACH);
        assert_eq!(parsed(&["all"]).parts(), Part::EACH);
        assert_eq!(parsed(&["tls", "kms", "tls"]).parts(), [Part::Kms, Part::Tls]);
    }

    #[test]
    fn the_drawing_in_docs_is_only_replaced_by_a_whole_run() {
        assert!(parsed(&[]).svg_path().is_some());
        assert!(parsed(&["--quick"]).svg_path().is_none());
        assert!(parsed(&["kms"]).svg_path().is_none());
        assert_eq!(parsed(&["kms", "--svg", "x"]).svg_path(), Some("x".into()));
    }
}
